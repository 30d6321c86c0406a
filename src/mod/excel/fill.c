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
		rest += !seen[i];
	if (row + rest > WB_ROWS)
		return FAILF(o->c, E_LIMIT, 0, &MSG_long, TEXT(o->c, "%lld", (long long)rest));
	for (int64_t i = 0; i < r->n; i++) {
		if (seen[i])
			continue;
		TRY(put_number_of_row(o, row, ++number));
		TRY(put_one(o, row++, &r->at[i], arg));
		ret->added++;
	}
	return OK;
}

enum rc fill_rows(struct opened *o, const struct roster *r, bool add, put_row_fn *put_one, void *arg,
	struct filled *ret)
{
	bool *seen = NEWS(o->c->mem, bool, r->n + 1), empty = rows_held(o) == 0;

	*ret = (struct filled){ 0 };
	for (int row = o->t.first; row < o->t.end; row++) {
		if (!row_holds(o, row))
			continue;
		int64_t at = whose_row(o, r, row);
		if (at < 0 || seen[at]) {
			ret->unmatched++;
			continue;
		}
		seen[at] = true;
		TRY(put_one(o, row, &r->at[at], arg));
		ret->people++;
	}
	if (add || empty)
		TRY(add_rest(o, r, seen, put_one, arg, ret));
	ret->cells = o->filled;
	ret->passed = o->passed;
	return OK;
}
