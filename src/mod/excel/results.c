/* results.c -- the Ministry's sheet of results of primary pupils (KQHT). They are computed here from the books of
 * marks, so that a sheet is filled, or compared, never read in. */
#include "mod/excel/excel_in.h"

static const struct tr
	MSG_nobody = { "Không tìm thấy học sinh này trong năm học đang xem.",
		"This pupil is not in the school year in view." },
	MSG_absent = { "Lớp {1}: tệp không có dòng của em này.", "Class {1}: the file has no line of this pupil." };

/* ---- filling --------------------------------------------------------------------------------------------- */

/* An X in the sheet says that the pupil is not rated there: it stays. */
static enum rc put_result(struct opened *o, int row, const struct placed *p, const struct year_results *y, int column)
{
	const char *name = o->t.map[o->t.columns[column].at].name;
	str there = said_at(o, row, name), value;
	bool number;

	if (!year_column(name) || (strncmp(name, "w.", 2) == 0 && (str_is(there, "X") || str_is(there, "x"))))
		return OK;
	value = year_value(o->c, y, p, str_of(name), &number);
	return number ? put_number(o, row, name, value) : put_text(o, row, name, value);
}

static enum rc put_year(struct opened *o, int row, const struct placed *p, void *arg)
{
	if (said_at(o, row, "name").n == 0) {
		TRY(put_text(o, row, "class.name", p->class_name));
		TRY(put_text(o, row, "sector_id", p->p->sector_id));
		TRY(put_text(o, row, "school_code", p->p->school_code));
		TRY(put_text(o, row, "name", p->p->name));
		TRY(put_day(o, row, "born", p->p->born));
	}
	for (int k = 0; k < o->t.n; k++)
		if (o->t.columns[k].at >= 0)
			TRY(put_result(o, row, p, arg, k));
	return OK;
}

static bool has(const struct opened *o, const char *column)
{
	return tm_column(&o->t, column, 0) >= 0;
}

/* The sheet of grades 4 and 5 has Lịch sử và Địa lí, that of grade 3 a test in Công nghệ, that of 1 and 2 neither. */
static void grades_of(const struct opened *o, pick *first, pick *last)
{
	bool high = has(o, "w.ls_dl") || has(o, "w.khoa_hoc"),
		third = !high && (has(o, "w.cong_nghe") || has(o, "w.th_cn") || has(o, "q.cong_nghe"));

	*first = high ? GRADE_1 + 3 : third ? GRADE_1 + 2 : GRADE_1;
	*last = high ? GRADE_1 + 4 : third ? GRADE_1 + 2 : GRADE_1 + 1;
}

static enum rc primary_pupils(struct opened *o, bool of_the_sheet, struct roster *ret)
{
	pick first = GRADE_1, last = GRADE_6 - 1;
	int64_t kept = 0;

	if (of_the_sheet)
		grades_of(o, &first, &last);
	TRY(pupils_of(o->c, false, ret));
	for (int64_t i = 0; i < ret->n; i++)
		if (ret->at[i].grade >= first && ret->at[i].grade <= last)
			ret->at[kept++] = ret->at[i];
	ret->n = kept;
	return OK;
}

enum rc fill_year(struct opened *o, const struct fill_ask *ask, struct filled *ret)
{
	struct year_results *y;
	struct roster r;

	TRY(year_load(o->c, ask->at, &y));
	TRY(primary_pupils(o, ask->add || rows_held(o) == 0, &r));
	return fill_rows(o, &r, ask->add, put_year, y, ret);
}

/* ---- comparing --------------------------------------------------------------------------------------------- */

static str heading_of(struct ctx *c, const struct tm_at *at)
{
	return at->n_heads > 1 ? TEXT(c, "%.*s · %.*s", FMT(at->head[at->n_heads - 2]), FMT(at->head[at->n_heads - 1]))
		: at->head[0];
}

/* "h" is H and "6,0" is 6; X says that the pupil is not rated. */
static bool says_same(struct ctx *c, str there, str here, bool number)
{
	score a, b;

	there = str_trim(there);
	if (number && score_read(there, &a) && score_read(here, &b))
		return a.v == b.v;
	there = viet_upper(c->mem, there);
	return str_eq(there, viet_upper(c->mem, here)) || (str_is(there, "X") && here.n == 0);
}

static void compare_row(struct opened *o, const struct year_results *y, const struct placed *p, int row,
	struct diff *d)
{
	bool same = true, number;

	for (int k = 0; k < o->t.n; k++) {
		const struct tm_at *at = &o->t.columns[k];
		const char *name = at->at < 0 ? "" : o->t.map[at->at].name;
		if (!year_column(name) || tm_column(&o->t, name, 0) != k)
			continue;
		str there = said_at(o, row, name), here = year_value(o->c, y, p, str_of(name), &number);
		if (says_same(o->c, there, here, number))
			continue;
		struct diff_line *l = diff_add(o->c, d, OUT_CHANGED, row + 1);
		l->who = p->p->name;
		l->field = heading_of(o->c, at);
		l->old = there;
		l->now = here;
		same = false;
	}
	if (same)
		diff_add(o->c, d, OUT_SAME, row + 1)->who = p->p->name;
}

/* Pupils of a class of the file who have no line in it. */
static void tell_absent(struct opened *o, const struct roster *r, const bool *met, struct diff *d)
{
	for (int64_t i = 0; i < r->n; i++) {
		bool class_there = false;
		for (int64_t k = 0; k < r->n && !class_there; k++)
			class_there = met[k] && r->at[k].class == r->at[i].class;
		if (met[i] || !class_there)
			continue;
		struct diff_line *l = diff_add(o->c, d, OUT_WRONG, 0);
		l->who = r->at[i].p->name;
		l->why = sayf(o->c, &MSG_absent, ARGS(r->at[i].class_name));
	}
}

enum rc diff_year(struct opened *o, pick at_, struct diff *ret)
{
	struct year_results *y;
	struct roster r;

	*ret = (struct diff){ 0 };
	TRY(year_load(o->c, at_, &y));
	TRY(primary_pupils(o, false, &r));
	bool *met = NEWS(o->c->mem, bool, r.n + 1);
	for (int row = o->t.first; row < o->t.end; row++) {
		if (!row_holds(o, row))
			continue;
		int64_t at = whose_row(o, &r, row);
		if (at >= 0) {
			met[at] = true;
			compare_row(o, y, &r.at[at], row, ret);
			continue;
		}
		struct diff_line *l = diff_add(o->c, ret, OUT_WRONG, row + 1);
		l->who = said_at(o, row, "name");
		l->why = say(o->c, &MSG_nobody);
	}
	tell_absent(o, &r, met, ret);
	diff_count(ret);
	return OK;
}
