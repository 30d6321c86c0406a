/* fill.c -- rows of a workbook and people of the school brought together, for every map that is about people. */
#include "mod/excel/excel_in.h"

static const struct tr MSG_long = { "Tệp không còn chỗ cho {1} người nữa.", "The workbook has no room for {1} more." };

static enum rc put_number_of_row(struct opened *o, int row, int64_t n)
{
	return put_number(o, row, "row.number", TEXT(o->c, "%lld", (long long)n));
}

/* Those who stand in no row, one after the other behind the last. */
static enum rc add_rest(struct opened *o, const struct roster *r, const bool *seen, put_row_fn *put_one, void *arg,
	struct filled *ret)
{
	int row = rows_held(o) ? o->t.end : o->t.first;
	int64_t number = rows_held(o), rest = 0;

	for (int64_t i = 0; i < r->n; i++)
		rest += !seen[i] && r->at[i].p;
	if (row + rest > WB_ROWS)
		return FAILF(o->c, E_LIMIT, 0, &MSG_long, TEXT(o->c, "%lld", (long long)rest));
	for (int64_t i = 0; i < r->n; i++) {
		if (seen[i] || !r->at[i].p)
			continue;
		TRY(put_number_of_row(o, row, ++number));
		TRY(put_one(o, row++, &r->at[i], arg));
		ret->added++;
	}
	return OK;
}

/* Whose each row is; a person the sheet has twice counts once. */
static int64_t *rows_matched(const struct opened *o, const struct roster *r, bool *seen)
{
	int64_t *whose = NEWS(o->c->mem, int64_t, o->t.end + 1);

	for (int row = o->t.first; row < o->t.end; row++) {
		whose[row] = row_holds(o, row) ? whose_row(o, r, row) : -1;
		if (whose[row] >= 0 && seen[whose[row]])
			whose[row] = -1;
		if (whose[row] >= 0)
			seen[whose[row]] = true;
	}
	return whose;
}

enum rc fill_rows(struct opened *o, struct roster *r, bool add, put_row_fn *put_one, void *arg, struct filled *ret)
{
	bool *seen = NEWS(o->c->mem, bool, r->n + 1), everybody = add || rows_held(o) == 0;
	const int64_t *whose = rows_matched(o, r, seen);
	int64_t leaving = 0;

	*ret = (struct filled){ 0 };
	for (int64_t i = 0; i < r->n; i++)
		leaving += everybody || seen[i];
	TRY(take_out(o->c, &excel_takes[0], NULL, leaving, &o->stamp));
	TRY(load_whole(o->c, r, everybody ? NULL : seen, o->stamp.id));
	for (int row = o->t.first; row < o->t.end; row++) {
		if (!row_holds(o, row))
			continue;
		if (whose[row] < 0 || !r->at[whose[row]].p) {
			ret->unmatched++;
			continue;
		}
		TRY(put_one(o, row, &r->at[whose[row]], arg));
		ret->people++;
	}
	if (everybody)
		TRY(add_rest(o, r, seen, put_one, arg, ret));
	ret->cells = o->filled;
	ret->passed = o->passed;
	return OK;
}
