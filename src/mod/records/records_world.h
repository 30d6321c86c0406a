/* records_world.h -- a class with its books of marks, for the tests of this module. */
#ifndef KHUE_RECORDS_WORLD_H
#define KHUE_RECORDS_WORLD_H
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records
#include "mod/records/records.h"
#include "domain.h"
#include "mod/school/school.h"

struct class_of { struct world *w; subject_id subjects[8]; person_id pupils[4]; char *folder; };
static const char *const codes[] = { "toan", "ngu_van", "ngoai_ngu_1", "khtn", "ls_dl", "gdcd", "gdtc" };
enum { N_SUBJECTS = 7, N_PUPILS = 3 };

static inline subject_id subject_named(struct world *w, const char *code)
{
	struct subject s;
	OKAY(find_one(as_khue(w), &subject, &s, IS({ offsetof(struct subject, code), v_text(str_of(code)) })));
	return (subject_id){ s.base.id };
}

static inline void teach_subject(struct world *w, person_id who, subject_id what)
{
	struct teaching t;
	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class = w->class_a;
	t.teacher = who;
	t.subject = what;
	OKAY(create(as_khue(w), &teaching, &t));
}

static inline struct class_of open_class(void **state)
{
	struct class_of k = { .w = world_open(state) };
	struct world *w = k.w;
	int64_t n;

	k.folder = strdup("/tmp/khue_records_XXXXXX");
	assert_non_null(mkdtemp(k.folder));
	w->app.data = k.folder;
	OKAY(school_load_facts(as_khue(w)));
	person_id other = add_person(w, w->a, "Ngô Văn Lâm", false, true);
	for (int i = 0; i < N_SUBJECTS; i++) {
		k.subjects[i] = subject_named(w, codes[i]);
		teach_subject(w, i == 0 ? w->teacher_a : other, k.subjects[i]);
	}
	k.pupils[0] = w->pupil_a;
	k.pupils[1] = add_person(w, w->a, "Lê An", true, false);
	k.pupils[2] = add_person(w, w->a, "Phạm Yến", true, false);
	for (int i = 0; i < N_PUPILS; i++)
		enrol(w, k.pupils[i], w->class_a);
	OKAY(courses_open(as_khue(w), w->a, w->year, &n));
	assert_int_equal(n, N_SUBJECTS);
	OKAY(courses_open(as_khue(w), w->a, w->year, &n));
	assert_int_equal(n, 0);
	return k;
}

static inline void close_class(struct class_of *k)
{
	char cmd[80];
	snprintf(cmd, sizeof cmd, "rm -rf %s", k->folder);
	world_close(k->w);
	assert_int_equal(system(cmd), 0);
	free(k->folder);
}

/* The teacher of mathematics. */
static inline struct ctx *mine(struct class_of *k) { return as(k->w, &teacher, k->w->a, k->w->teacher_a); }

static inline struct cell_edit edit(const struct class_of *k, int who, const char *column, const char *was,
	const char *to)
{
	return (struct cell_edit){ k->pupils[who].v, str_of(column), str_of(was), str_of(to) };
}

static inline enum rc save_as(struct ctx *c, struct class_of *k, int what, pick term_, const struct cell_edit *e,
	int64_t n,
	const char *reason, struct save_told *told)
{
	return marks_save(c, &(struct save_ask){ k->w->class_a, k->subjects[what], term_, e, n, false, str_of(reason) },
		told);
}

static inline pick end_of(const struct save_told *t, int i) { return ((const struct cell_told *)t->cells.p)[i].end; }
static inline str stored_of(const struct save_told *t,
	int i) { return ((const struct cell_told *)t->cells.p)[i].stored; }

static inline void save_one(struct class_of *k, const char *column, const char *was, const char *to, enum cell_end want)
{
	struct world *w = k->w;
	struct save_told t;
	struct cell_edit e = edit(k, 0, column, was, to);
	OKAY(save_as(mine(k), k, 0, TERM_1, &e, 1, "", &t));
	assert_int_equal(end_of(&t, 0), want);
}
#endif
