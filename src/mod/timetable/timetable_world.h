/* timetable_world.h -- a school with two classes, two teachers and a draft, for the tests of this module. */
#ifndef KHUE_TIMETABLE_WORLD_H
#define KHUE_TIMETABLE_WORLD_H
#include "mod/auth/auth.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_auth, &mod_timetable
#include "mod/timetable/timetable_rules.h"
#include "domain.h"

struct site { struct world *w; subject_id maths, music; person_id other; school_class_id second; };

static inline void teach_it(struct world *w, person_id who, school_class_id class, subject_id what)
{
	struct teaching t;

	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class = class;
	t.teacher = who;
	t.subject = what;
	OKAY(create(as_khue(w), &teaching, &t));
}

static inline void add_login(struct world *w, person_id who, const char *login)
{
	struct account a;

	row_zero(&account, &a);
	a.base.org = w->a;
	a.login = a.name = str_of(login);
	a.person = who;
	OKAY(create(as_khue(w), &account, &a));
}

static inline struct site site_open(void **state)
{
	struct site s = { .w = world_open(state) };

	s.maths = add_subject(s.w, "toan", "Toán");
	s.music = add_subject(s.w, "nghe_thuat", "Nghệ thuật");
	s.other = add_person(s.w, s.w->a, "Ngô Văn Lâm", false, true);
	s.second = add_class(s.w, s.w->a, s.w->year, "7C", GRADE_6 + 1);
	teach_it(s.w, s.w->teacher_a, s.w->class_a, s.maths);
	teach_it(s.w, s.w->teacher_a, s.second, s.maths);
	teach_it(s.w, s.other, s.w->class_a, s.music);
	enrol(s.w, s.w->pupil_a, s.w->class_a);
	add_login(s.w, s.w->teacher_a, "giao.vien");
	add_login(s.w, s.w->parent_a, "phu.huynh");
	return s;
}

static inline timetable_id add_timetable(struct world *w, const char *name, int since)
{
	struct timetable t;

	row_zero(&timetable, &t);
	t.base.org = w->a;
	t.year = w->year;
	t.name = str_of(name);
	t.since = (day){ as_khue(w)->today.v + since };
	OKAY(create(as_khue(w), &timetable, &t));
	return (timetable_id){ t.base.id };
}
#endif
