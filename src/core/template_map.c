/* template_map.c -- see template_map.h. Every first row and height of a heading is tried; the one that names most
 * columns holds. */
#include "core/template_map.h"
#include "base/viet.h"

enum { AREA = TM_FIRST_ROWS + TM_HEADS, HEAD_MOST = 300 };
/* The top of a sheet: texts and their keys, those of merged cells in every cell they cover. */
struct spot { str text, key; };
struct area { struct spot *at; int rows, columns; };

static struct spot *spot(const struct area *a, int row, int column)
{
	return &a->at[row * a->columns + column];
}

str tm_key(struct arena *mem, str heading)
{
	str folded = viet_fold(mem, heading);
	char *out = NEWS(mem, char, folded.n + 1);
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < folded.n; i++)
		if ((folded.p[i] >= 'a' && folded.p[i] <= 'z') || (folded.p[i] >= '0' && folded.p[i] <= '9'))
			out[n++] = folded.p[i];
	return (str){ out, n };
}

/* "tx#" fits tx1 to tx99. */
static bool fits(str pattern, str key, int *number)
{
	int64_t v;

	if (pattern.n == 0 || pattern.p[pattern.n - 1] != '#')
		return str_eq(pattern, key);
	pattern.n--;
	str rest = str_sub(key, pattern.n, -1);
	if (!str_starts(key, pattern) || rest.n < 1 || rest.n > 2 || !str_to_int(rest, &v) || v < 1)
		return false;
	*number = (int)v;
	return true;
}

bool tm_says(const char *alternatives, str key, int *number)
{
	str rest = str_of(alternatives ? alternatives : ""), one;

	*number = 0;
	while (rest.n > 0 && key.n > 0) {
		str_cut(rest, '|', &one, &rest);
		if (fits(one, key, number))
			return true;
	}
	return false;
}

static int named(const struct tm_column *map, str key, int *number)
{
	for (int i = 0; map[i].name; i++)
		if (tm_says(map[i].says, key, number))
			return i;
	return -1;
}

int tm_named(struct arena *mem, const struct tm_column *map, str heading, int *number)
{
	return named(map, tm_key(mem, heading), number);
}

/* ---- the top of a sheet ------------------------------------------------------------------------------ */

/* A merged cell's text in every cell it covers, as far as *left goes. */
static void spread(const struct area *a, const struct xlsx_range *m, int *left)
{
	if (m->row >= a->rows || m->col >= a->columns)
		return;
	struct spot from = *spot(a, m->row, m->col);
	for (int r = m->row; r <= m->row_end && r < a->rows; r++)
		for (int k = m->col; k <= m->col_end && k < a->columns && *left > 0; k++, --*left)
			*spot(a, r, k) = from;
}

static struct area *area_of(struct arena *mem, const struct workbook *w, int sheet)
{
	const struct wb_sheet *s = &w->sheets[sheet];
	struct area *a = NEW(mem, struct area);

	a->rows = s->n_rows < AREA ? s->n_rows : AREA;
	for (int r = 0; r < a->rows; r++)
		a->columns = s->rows[r].n > a->columns ? s->rows[r].n : a->columns;
	a->at = NEWS(mem, struct spot, a->rows * a->columns + 1);
	for (int r = 0; r < a->rows; r++)
		for (int k = 0; k < s->rows[r].n; k++) {
			str text = str_trim(s->rows[r].cells[k].text);
			*spot(a, r, k) = (struct spot){ text, text.n && text.n < HEAD_MOST ? tm_key(mem, text) : (str){ 0 } };
		}
	/* in a sound file ranges do not overlap: all of them together are no more than the area */
	int left = a->rows * a->columns;
	for (int i = 0; i < s->n_merged; i++)
		spread(a, &s->merged[i], &left);
	return a;
}

/* ---- one heading ------------------------------------------------------------------------------------- */

/* What stands above a cell: its own, or where it is empty that of a group to its left which is not closed. */
static str group_key(const struct area *a, int row, int below, int column, str *ret_text)
{
	int k = column;

	while (k > 0 && spot(a, row, k)->key.n == 0 && spot(a, below, k)->key.n > 0)
		k--;
	*ret_text = spot(a, row, k)->text;
	return spot(a, row, k)->key;
}

/* Which column of the map the last text of a heading means, beneath its group. */
static int meant(const struct tm_column *map, const str *keys, int n, int *number)
{
	int nothing;

	for (int i = 0; n > 1 && map[i].name; i++) {
		bool under = false;
		for (int g = 0; map[i].under && g + 1 < n && !under; g++)
			under = tm_says(map[i].under, keys[g], &nothing);
		if (under && tm_says(map[i].leaf, keys[n - 1], number))
			return i;
	}
	return named(map, keys[n - 1], number);
}

static void read_column(const struct area *a, const struct tm_column *map, int head, int heads, int column,
	struct tm_at *ret)
{
	str keys[TM_HEADS];
	int n = 0;

	*ret = (struct tm_at){ .at = -1 };
	for (int r = head; r < head + heads && r < a->rows; r++) {
		str text = spot(a, r, column)->text, key = spot(a, r, column)->key;
		if (key.n == 0 && r + 1 < head + heads && r + 1 < a->rows)
			key = group_key(a, r, r + 1, column, &text);
		if (key.n == 0 || (n > 0 && str_eq(keys[n - 1], key)))
			continue;
		ret->head[n] = text;
		keys[n++] = key;
	}
	ret->n_heads = n;
	if (n)
		ret->at = meant(map, keys, n, &ret->number);
}

static bool is_again(const struct tm_sheet *t, int column)
{
	for (int k = 0; k < column; k++)
		if (t->columns[k].at == t->columns[column].at && t->columns[k].number == t->columns[column].number)
			return true;
	return false;
}

static void try_heading(const struct area *a, struct tm_sheet *t)
{
	t->n = a->columns;
	t->found = 0;
	for (int k = 0; k < t->n; k++)
		read_column(a, t->map, t->head, t->heads, k, &t->columns[k]);
	for (int k = 0; k < t->n; k++)
		t->found += t->columns[k].at >= 0 && !is_again(t, k);
	for (int i = 0; t->map[i].name; i++)
		if (t->map[i].is & TM_NEEDED && tm_column(t, t->map[i].name, 0) < 0)
			t->found = 0;
}

/* A heading begins in a row of which the map knows a column or a group. */
static bool may_begin(const struct area *a, const struct tm_column *map, int row)
{
	int number;

	for (int k = 0; k < a->columns; k++) {
		str key = spot(a, row, k)->key;
		if (key.n == 0 || (k > 0 && str_eq(key, spot(a, row, k - 1)->key)))
			continue;
		for (int i = 0; map[i].name; i++)
			if (tm_says(map[i].says, key, &number) || tm_says(map[i].under, key, &number))
				return true;
	}
	return false;
}

/* "1", "(2)", "A": a row that numbers the columns and is no data. */
static bool numbers_columns(const struct area *a, int row)
{
	int n = 0;
	int64_t v, last = 0;

	if (row >= a->rows)
		return false;
	for (int k = 0; k < a->columns; k++) {
		str key = spot(a, row, k)->key;
		bool letter = key.n == 1 && key.p[0] >= 'a' && key.p[0] <= 'z';
		if (key.n == 0)
			continue;
		if (!letter && (!str_to_int(key, &v) || v != last + 1))
			return false;
		last = letter ? last + 1 : v;
		n++;
	}
	return n > 3;
}

int tm_column(const struct tm_sheet *t, const char *name, int number)
{
	for (int k = 0; k < t->n; k++)
		if (t->columns[k].at >= 0 && strcmp(t->map[t->columns[k].at].name, name) == 0 &&
			(number == 0 || t->columns[k].number == number))
			return k;
	return -1;
}

void tm_apart(struct arena *mem, struct tm_sheet *t, const char *name, const char *says, const char *other)
{
	int to = 0, stay = 0, found = -1, number;

	for (int k = 0; k < t->n; k++) {
		const struct tm_at *at = &t->columns[k];
		if (at->at < 0 || strcmp(t->map[at->at].name, name) != 0)
			continue;
		if (tm_says(says, tm_key(mem, at->head[at->n_heads - 1]), &number))
			found = k;
		else
			stay++;
	}
	while (t->map[to].name && strcmp(t->map[to].name, other) != 0)
		to++;
	if (found < 0 || stay == 0 || !t->map[to].name || tm_column(t, other, 0) >= 0)
		return;
	t->columns[found].at = to;
	t->found++;
}

bool tm_find(struct arena *mem, const struct workbook *w, int sheet, const struct tm_column *map,
	struct tm_sheet *ret)
{
	struct area *a = area_of(mem, w, sheet);
	struct tm_sheet *try = NEW(mem, struct tm_sheet);

	memset(ret, 0, sizeof *ret);
	for (int head = 0; head < a->rows && head < TM_FIRST_ROWS; head++)
		for (int heads = 1; heads <= TM_HEADS && may_begin(a, map, head); heads++) {
			try->map = map;
			try->sheet = sheet;
			try->head = head;
			try->heads = heads;
			try_heading(a, try);
			if (try->found > ret->found)
				*ret = *try;
		}
	if (ret->found < 2)
		return false;
	ret->first = ret->head + ret->heads;
	ret->first += numbers_columns(a, ret->first);
	ret->end = w->sheets[sheet].n_rows;
	return true;
}
