/* retest.c -- who is tested again or trains conduct in summer, and the marks of the retest
 * (TT 22/2021 Điều 13, 14; TT 58/2011 Điều 16, 17). A retest mark is a cell of the year in the subject's own book: its
 * ledger, its locks and its history are those of every mark. */
#include "mod/records/carried.h"
#include "mod/records/class_sheet.h"
#include "mod/records/results_page.h"

struct retest_row { int64_t pupil; str codes; };
#define ROW struct retest_row
static const struct shape retest_row_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(codes) }, END } };
#undef ROW

static bool has_code(str codes, str code)
{
	for (str one; codes.n; ) {
		str_cut(codes, ' ', &one, &codes);
		if (str_eq(one, code))
			return true;
	}
	return false;
}

enum rc retests_bar(struct ctx *c, struct grid *g)
{
	items got;

	TRY(query(c, "records/retests", &book_in_shape, &(struct book_in){ .class = g->head.class }, &retest_row_shape,
		&got, PUPILS_MAX));
	for (int64_t i = 0; i < g->n; i++) {
		g->rows[i].barred = true;
		for (int64_t k = 0; k < got.n; k++) {
			const struct retest_row *r = (const struct retest_row *)got.p + k;
			if (r->pupil == g->rows[i].pupil.v && has_code(r->codes, g->head.code))
				g->rows[i].barred = false;
		}
	}
	return OK;
}

/* ---- GET /records/summer ------------------------------------------------------------------------------------ */

struct summer_row { int64_t class; str class_name; org_id org; int64_t pupil; str name, standing, retests;
	bool whole /* may see more of the class than a subject they teach */; };
#define ROW struct summer_row
static const struct shape summer_row_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(class_name) },
	{ REF(org, org) }, { COL(pupil) }, { COL(name) }, { COL(standing) }, { COL(retests) },
	{ COL(whole) }, END } };
#undef ROW
struct again_row { int64_t class, pupil, subject; str code, name, cells; bool mine; };
#define ROW struct again_row
static const struct shape again_row_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(pupil) }, { COL(subject) },
	{ COL(code) }, { COL(name) }, { COL(cells) }, { COL(mine) }, END } };
#undef ROW
struct again_view { str name, value; int64_t class, subject, pupil; bool mine; };
#define ROW struct again_view
static const struct shape again_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(value) }, { COL(class) },
	{ COL(subject) }, { COL(pupil) }, { COL(mine) }, END } };
#undef ROW
struct summer_line { int64_t class, pupil; str class_name, name, standing; bool conduct, support;
	items subjects; };
#define ROW struct summer_line
static const struct shape summer_line_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(pupil) },
	{ COL(class_name) }, { COL(name) }, { COL(standing) }, { COL(conduct) }, { COL(support) },
	{ MANY(subjects, again_shape) }, END } };
#undef ROW
struct summer_view { str title, year; bool none, tests; items lines; int64_t n; };
#define ROW struct summer_view
const struct shape summer_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(year) }, { COL(none) },
	{ COL(tests) }, { MANY(lines, summer_line_shape) }, { COL(n) }, END } };
#undef ROW

/* *left: how many of them have no mark yet. */
static items subjects_of(struct ctx *c, const struct summer_row *r, const items *again, const items *brought,
	int64_t *left)
{
	struct again_view *v = NEWS(c->mem, struct again_view, BOOKS_MAX);
	str key, value;
	score mark_;
	int n = 0;

	for (int64_t i = 0; i < again->n && n < BOOKS_MAX; i++) {
		const struct again_row *a = (const struct again_row *)again->p + i;
		if (a->class != r->class || a->pupil != r->pupil || !has_code(r->retests, a->code))
			continue;
		v[n] = (struct again_view){ .name = a->name, .class = a->class, .subject = a->subject, .pupil = a->pupil,
			.mine = a->mine };
		str cells = a->cells;
		for (int64_t k = 0; k < brought->n && !cells.n; k++) {
			const struct carried_row *b = (const struct carried_row *)brought->p + k;
			if (b->term == TERM_YEAR && b->pupil == a->pupil && b->class == a->class && b->subject == a->subject)
				cells = b->cells;
		}
		if (str_cut(cells, '=', &key, &value))
			v[n].value = str_is(value, "dat") || str_is(value, "chua_dat") ? word_brief(c->mem, value)
				: score_read(value, &mark_) ? score_text(c->mem, mark_) : value;
		*left += v[n++].value.n == 0;
	}
	return (items){ v, n };
}

enum rc summer_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Sau năm học: kiểm tra lại, rèn luyện hè",
		"After the year: retests, training in summer" },
		support = { "Sau năm học: giúp đỡ thêm, xét lên lớp", "After the year: support, promotion" },
		waits = { "Đang chờ thi lại: còn {1} môn", "Waiting for retests: {1} to come" };
	struct summer_view *out = out_;
	struct book_in in = { .school = office_here(c).v };
	struct year_row year;
	items got, again, brought = { 0 };
	int64_t n = 0, supported = 0;
	bool tests = false;

	TRY(year_find(c, ((const struct results_ask *)in_)->year, &year));
	in.year = year.id;
	TRY(query(c, "records/summer", &book_in_shape, &in, &summer_row_shape, &got, 2000));
	TRY(query(c, "records/summer_marks", &book_in_shape, &in, &again_row_shape, &again, 20000));
	if (again.n)
		TRY(carried_marks(c, &in, &brought));
	struct summer_line *v = NEWS(c->mem, struct summer_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct summer_row *r = (const struct summer_row *)got.p + i;
		int64_t left = 0;
		items subjects = subjects_of(c, r, &again, &brought, &left);
		str standing = !r->whole ? (str){ 0 } : str_is(r->standing, "retest") && left
			? sayf(c, &waits, ARGS(TEXT(c, "%lld", (long long)left))) : standing_text(c, r->standing);
		if (!r->whole && !subjects.n)
			continue;
		v[n++] = (struct summer_line){ r->class, r->pupil, r->class_name, r->name, standing,
			r->whole && str_is(r->standing, "summer"), r->whole && str_is(r->standing, "support"), subjects };
		supported += str_is(r->standing, "support");
		tests = tests || subjects.n;
	}
	/* primary schools test nobody again: the principal decides after more help (TT 27/2020 Điều 11) */
	*out = (struct summer_view){ say(c, n && supported == n ? &support : &title), year.code, n == 0, tests, { v, n },
		n };
	return OK;
}

/* ---- POST /records/retest ------------------------------------------------------------------------------------- */

#define ROW struct retest_in
const struct shape retest_in_shape = { sizeof(ROW), FIELDS{
	{ REF(class, school_class), .is = NEEDED, .label = { "Lớp", "Class" } },
	{ REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ REF(pupil, person), .is = NEEDED, .label = { "Học sinh", "Pupil" } },
	{ COL(was), .max = 20, .label = { "Trước", "Before" } },
	{ COL(to), .max = 20, .label = { "Kết quả kiểm tra lại", "Retest" } },
	{ COL(reason), .max = 500, .label = { "Lý do", "Reason" } }, END } };
#undef ROW

enum rc retest_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã ghi kết quả kiểm tra lại và tính lại kết quả năm học.",
		"The retest is written and the year's result computed again." }, refused = { "{1}", "{1}" };
	const struct retest_in *in = in_;
	struct cell_edit edit = { in->pupil.v, S("ktl"), in->was, in->to };
	struct save_ask ask = { in->class, in->subject, TERM_YEAR, &edit, 1, false, in->reason };
	struct save_told told;
	int64_t n;

	(void)out;
	TRY(marks_save(c, &ask, &told));
	const struct cell_told *t = told.cells.p;
	if (t->end >= CELL_WRONG)
		return FAILF(c, t->end == CELL_CONFLICT ? E_CONFLICT : E_INVALID, offsetof(struct retest_in, to), &refused,
			t->why);
	TRY(results_of_class(c, in->class, &n));
	return go_to(c, link_to(c, "/records/summer"), &said);
}
