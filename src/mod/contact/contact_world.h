/* contact_world.h -- a family, its pupil of class 7A and the form teacher, for the tests of this module. */
#ifndef KHUE_CONTACT_WORLD_H
#define KHUE_CONTACT_WORLD_H
#include "mod/auth/auth.h"
#include "mod/contact/contact_in.h"
#include "mod/records/records.h"
#include "mod/timetable/timetable.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records, &mod_auth, &mod_channel, &mod_timetable, \
	&mod_contact
#include "domain.h"

/* the pupil of class 7A, a parent with the right to know, the form teacher */
static inline void guard(struct world *w, person_id child, person_id who, bool barred)
{
	struct guardianship g;

	row_zero(&guardianship, &g);
	g.base.org = w->a;
	g.pupil = child;
	g.guardian = who;
	g.barred = barred;
	OKAY(create(as_khue(w), &guardianship, &g));
}
static inline void family_of(struct world *w)
{
	enrol(w, w->pupil_a, w->class_a);
	guard(w, w->pupil_a, w->parent_a, false);
	lead(w, w->teacher_a);
}
static inline struct ctx *as_parent(struct world *w) { return as(w, &parent, w->a, w->parent_a); }
static inline struct ctx *as_form(struct world *w) { return as(w, &form_teacher, w->a, w->teacher_a); }

static inline void an_account(struct world *w, const char *login, person_id who)
{
	struct account a;

	row_zero(&account, &a);
	a.base.org = w->a;
	a.login = str_of(login);
	a.name = S("X");
	a.person = who;
	OKAY(create(as_khue(w), &account, &a));
}

/* 1 November 2026 is a Sunday: leave from Monday on */
static inline struct leave_request a_request(struct world *w, int days)
{
	struct leave_request r;

	row_zero(&leave_request, &r);
	r.pupil = w->pupil_a;
	r.first_day = (day){ w->c.today.v + 1 };
	r.last_day = (day){ w->c.today.v + days };
	r.reason = S("Cháu bị sốt");
	return r;
}
#endif
