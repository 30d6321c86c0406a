/* records_world.h -- a class with its books of marks, for the tests of this module. */
#ifndef KHUE_RECORDS_WORLD_H
#define KHUE_RECORDS_WORLD_H
#include "mod/records/books_world.h"

struct class_of { struct world *w; subject_id subjects[8]; person_id pupils[4]; char *folder; };
static const char *const codes[] = { "toan", "ngu_van", "ngoai_ngu_1", "khtn", "ls_dl", "gdcd", "gdtc" };
enum { N_SUBJECTS = 7, N_PUPILS = 3 };

static inline struct class_of open_class(void **state)
{
	static const char *const names[] = { "Lê An", "Phạm Yến" };
	struct class_of k = { .w = world_open(state) };
	struct world *w = k.w;
	int64_t n;

	k.folder = folder_begin(w);
	open_books(w, codes, N_SUBJECTS, add_person(w, w->a, "Ngô Văn Lâm", false, true), k.subjects, names, N_PUPILS,
		k.pupils);
	OKAY(courses_open(as_khue(w), w->a, w->year, &n));
	assert_int_equal(n, 0);
	return k;
}

static inline void close_class(struct class_of *k) { folder_end(k->w, k->folder); }

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
