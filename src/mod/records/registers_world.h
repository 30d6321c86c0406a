/* registers_world.h -- a class with its books, ratings and results, for the tests of this module. */
#ifndef KHUE_REGISTERS_WORLD_H
#define KHUE_REGISTERS_WORLD_H
#include "mod/records/books_world.h"
#include "core/row.h"
#include "mod/records/class_sheet.h"
#include "mod/records/rating.h"
#include "mod/records/results_page.h"
#include "mod/school/class.h"

enum { N_SUBJECTS = 8, N_PUPILS = 2, WEAK = 1 };
static const char *const codes[] = { "toan", "ngu_van", "ngoai_ngu_1", "khtn", "ls_dl", "gdcd", "tin_hoc", "gdtc" };
struct school_end { struct world *w; subject_id subjects[N_SUBJECTS]; person_id pupils[N_PUPILS]; char *folder; };

static inline struct ctx *mine(struct school_end *k) { return as(k->w, &teacher, k->w->a, k->w->teacher_a); }
static inline struct ctx *head(struct school_end *k) { return as(k->w, &principal, k->w->a, (person_id){ 0 }); }

/* Whole terms: every occasion of the subject, as typed. */
static inline void fill_term(struct school_end *k, int what, pick term_, int who, const char *typed)
{
	struct world *w = k->w;
	struct cell_edit e[SLOTS];
	struct save_told told;
	struct grid g;
	int n = 0;

	OKAY(grid_load(mine(k), w->class_a, k->subjects[what], term_, &g));
	for (int i = 0; i < g.layout.n; i++)
		if (!str_is(str_of(g.layout.slots[i].key), "cd"))
			e[n++] = (struct cell_edit){ k->pupils[who].v, str_of(strdup(g.layout.slots[i].key)), { 0 },
				str_of(g.layout.slots[i].word ? "Đ" : typed) };
	OKAY(marks_save(mine(k), &(struct save_ask){ w->class_a, k->subjects[what], term_, e, n, true, { 0 } }, &told));
	for (int i = 0; i < n; i++)
		free((void *)(uintptr_t)e[i].column.p);
}

static inline struct school_end open_end(void **state)
{
	static const char *const names[] = { "Phạm Yến" };
	struct school_end k = { .w = world_open(state) };
	struct world *w = k.w;

	k.folder = folder_begin(w);
	open_books(w, codes, N_SUBJECTS, w->teacher_a, k.subjects, names, N_PUPILS, k.pupils);
	teach_subject(w, w->teacher_a, (subject_id){ 0 }, true);
	return k;
}

static inline void close_end(struct school_end *k) { folder_end(k->w, k->folder); }

static inline void rate_conduct(struct school_end *k, pick term_, int who, pick level, pick summer, enum rc want)
{
	struct world *w = k->w;
	struct rating_one one = { k->pupils[who], level, summer, { 0 }, S_INIT("Ngoan"), VERDICT_NONE };
	struct ctx *c = as(w, &form_teacher, w->a, w->teacher_a);

	assert_int_equal(rating_post(c, &(struct rating_in){ w->class_a, term_, { &one, 1 } }, NULL), want);
}

/* Both terms; the second pupil has 3 in mathematics and natural science: two subjects, so Điều 9.3 does not raise. */
static inline void fill_year(struct school_end *k)
{
	for (pick t = TERM_1; t <= TERM_2; t++)
		for (int i = 0; i < N_PUPILS; i++) {
			for (int s = 0; s < N_SUBJECTS; s++)
				fill_term(k, s, t, i, i == WEAK && (s == 0 || s == 3) ? "3" : "7");
			rate_conduct(k, t, i, CONDUCT_TOT, CONDUCT_NONE, OK);
		}
}
static inline bool in_text(str text, const char *piece)
{
	for (ptrdiff_t i = 0, n = (ptrdiff_t)strlen(piece); i + n <= text.n; i++)
		if (memcmp(text.p + i, piece, (size_t)n) == 0)
			return true;
	return false;
}

/* A page as programs get it. */
static inline str page_json(struct ctx *c, const struct shape *s, const void *view)
{
	struct buf b;

	buf_init(&b, c->mem, 1 << 20);
	shape_json(&b, s->fields, view, NULL);
	return buf_str(&b);
}

#define SHOWS(w, shape, view, piece) do { str json_ = page_json(&(w)->c, &(shape), (view)); \
	if (!in_text(json_, (piece))) fail_msg("no %s in %.*s", (piece), FMT(json_)); } while (0)
#define HIDES(w, shape, view, piece) do { str json_ = page_json(&(w)->c, &(shape), (view)); \
	if (in_text(json_, (piece))) fail_msg("%s in %.*s", (piece), FMT(json_)); } while (0)
#endif
