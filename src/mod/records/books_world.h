/* books_world.h -- a class with its pupils, teachers and books of marks, for the tests of this module: what
 * records_world.h (marks) and registers_world.h (ratings, results, papers) stand on. */
#ifndef KHUE_BOOKS_WORLD_H
#define KHUE_BOOKS_WORLD_H
#ifndef DOMAIN_MODULES
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records
#endif
#include "mod/records/records.h"
#include "domain.h"

static inline subject_id subject_named(struct world *w, const char *code)
{
	struct subject s;
	OKAY(find_one(as_khue(w), &subject, &s, IS({ offsetof(struct subject, code), v_text(str_of(code)) })));
	return (subject_id){ s.base.id };
}

/* what 0 and form: the form teacher */
static inline void teach_subject(struct world *w, person_id who, subject_id what, bool form)
{
	struct teaching t;
	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class = w->class_a;
	t.teacher = who;
	t.subject = what;
	t.form = form;
	OKAY(create(as_khue(w), &teaching, &t));
}

/* A folder of its own for files, gone with folder_end. */
static inline char *folder_begin(struct world *w)
{
	char *at = strdup("/tmp/khue_records_XXXXXX");
	assert_non_null(mkdtemp(at));
	w->app.data = at;
	return at;
}

static inline void folder_end(struct world *w, char *at)
{
	char cmd[80];
	snprintf(cmd, sizeof cmd, "rm -rf %s", at);
	world_close(w);
	assert_int_equal(system(cmd), 0);
	free(at);
}

/* The subjects of codes, the first taught by the world's teacher and the others by `others`; the first pupil is the
 * world's, the rest get these names. All are in class A, whose books are opened. */
static inline void open_books(struct world *w, const char *const *codes_, int n, person_id others, subject_id *subjects,
	const char *const *names, int n_pupils, person_id *pupils)
{
	int64_t opened;

	OKAY(school_load_facts(as_khue(w)));
	for (int i = 0; i < n; i++) {
		subjects[i] = subject_named(w, codes_[i]);
		teach_subject(w, i == 0 ? w->teacher_a : others, subjects[i], false);
	}
	pupils[0] = w->pupil_a;
	for (int i = 1; i < n_pupils; i++)
		pupils[i] = add_person(w, w->a, names[i - 1], true, false);
	for (int i = 0; i < n_pupils; i++)
		enrol(w, pupils[i], w->class_a);
	OKAY(courses_open(as_khue(w), w->a, w->year, &opened));
	assert_int_equal(opened, n);
}
#endif
