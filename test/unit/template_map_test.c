/* template_map_test.c -- columns found by their headings, wherever a sheet puts them. */
#include "test.h"
#include "core/template_map.h"

static const struct tm_column map[] = { { "code", "madinhdanh|madinhdanhbogddt", NULL, NULL, 0 },
	{ "name", "hovaten|hoten", NULL, NULL, TM_NEEDED }, { "tx", "tx#|ddgtx#", "ddgtx|tx", "#|lan#", 0 },
	{ "gk", "gk|ddggk", NULL, NULL, 0 }, { "ck", "ck|ddgck", NULL, NULL, 0 }, { 0 } };

/* A sheet of lines, cells parted by |; ranges of merged cells given as row, first and last column, last row. */
static struct workbook *sheet_of(struct arena *a, const char *text, const struct xlsx_range *merged, int n)
{
	struct workbook *w = NEW(a, struct workbook);
	str line, rest = str_of(text);

	w->mem = a;
	w->n_sheets = 1;
	w->sheets = NEW(a, struct wb_sheet);
	w->sheets->rows = NEWS(a, struct wb_row, 100);
	w->sheets->merged = NEWS(a, struct xlsx_range, n + 1);
	if (n)
		memcpy(w->sheets->merged, merged, sizeof *merged * (size_t)n);
	w->sheets->n_merged = n;
	while (rest.n) {
		struct wb_row *r = &w->sheets->rows[w->sheets->n_rows++];
		str_cut(rest, '\n', &line, &rest);
		r->cells = NEWS(a, struct wb_cell, WB_COLUMNS);
		for (str one; line.n; r->n++) {
			str_cut(line, '|', &one, &line);
			r->cells[r->n] = (struct wb_cell){ one.n ? CELL_TEXT : CELL_BLANK, false, one };
		}
	}
	return w;
}

/* "name number" of each column, "-" where it is none. */
static str columns(struct arena *a, const struct tm_sheet *t)
{
	struct buf b;

	buf_init(&b, a, 4000);
	for (int k = 0; k < t->n; k++)
		put_fmt(&b, "%s%s%.*d ", t->columns[k].at < 0 ? "-" : t->map[t->columns[k].at].name, "",
			t->columns[k].number > 0, t->columns[k].number);
	return str_trim(buf_str(&b));
}

#define RANGES(...) (const struct xlsx_range[]){ __VA_ARGS__ }, \
	(int)(sizeof((const struct xlsx_range[]){ __VA_ARGS__ }) / sizeof(struct xlsx_range))

static void headings(void **state)
{
	struct arena a;
	struct tm_sheet t;

	arena_init(&a, (size_t)64 << 20);
	/* one row, the columns shifted and strange ones between */
	assert_true(tm_find(&a, sheet_of(&a, "Trường THCS\n||Ghi chú|ĐĐGck|Họ và tên|TX1|TX 2|Mã định danh (Bộ "
		"GD&ĐT)\n|||8|An|7|8|123\n", NULL, 0), 0,
		map, &t));
	assert_text(columns(&a, &t), "- - - ck name tx1 tx2 code");
	assert_int_equal(t.head, 1);
	assert_int_equal(t.heads, 1);
	assert_int_equal(t.first, 2);
	assert_int_equal(tm_column(&t, "tx", 2), 6);
	assert_int_equal(tm_column(&t, "tx", 3), -1);
	assert_int_equal(tm_column(&t, "ck", 0), 3);
	/* two rows, a merged group above numbers, others merged downwards, a row of column numbers below */
	assert_true(tm_find(&a, sheet_of(&a, "SỔ ĐIỂM\n\n"
		"STT|Họ tên|ĐĐGtx|||ĐĐGgk|ĐĐGck\n||1|2|3||\n(1)|(2)|(3)|(4)|(5)|(6)|(7)\n1|An|7|8|9|8|7\n",
		RANGES({ 2, 0, 3, 0 }, { 2, 1, 3, 1 }, { 2, 2, 2, 4 }, { 2, 5, 3, 5 }, { 2, 6, 3, 6 })), 0, map, &t));
	assert_text(columns(&a, &t), "- name tx1 tx2 tx3 gk ck");
	assert_int_equal(t.heads, 2);
	assert_int_equal(t.first, 5);
	assert_text(t.columns[3].head[0], "ĐĐGtx");
	assert_text(t.columns[3].head[1], "2");
	/* the same without merged cells: a group reaches as far as nothing else stands beside it */
	assert_true(tm_find(&a, sheet_of(&a, "STT|Họ tên|ĐĐGtx|||ĐĐGgk|ĐĐGck\n||1|2|3||\n1|An|7|8|9|8|7\n", NULL,
		0), 0, map, &t));
	assert_text(columns(&a, &t), "- name tx1 tx2 tx3 gk ck");
	assert_int_equal(t.first, 2);
	/* three rows; both terms: two columns mean the same, and what stands above tells them apart */
	assert_true(tm_find(&a, sheet_of(&a, "Họ tên|Học kì I||Học kì II|\n|ĐĐGtx|ĐĐGck|ĐĐGtx|ĐĐGck\n|Lần 1||Lần "
		"1|\nAn|7|8|9|8\n",
		RANGES({ 0, 0, 2, 0 }, { 0, 1, 0, 2 }, { 0, 3, 0, 4 }, { 1, 2, 2, 2 }, { 1, 4, 2, 4 })), 0, map, &t));
	assert_text(columns(&a, &t), "name tx1 ck tx1 ck");
	assert_int_equal(t.first, 3);
	assert_text(t.columns[3].head[0], "Học kì II");
	assert_int_equal(tm_column(&t, "ck", 0), 2);
	arena_free(&a);
	(void)state;
}

static void others(void **state)
{
	struct arena a;
	struct tm_sheet t;
	int number;

	arena_init(&a, (size_t)64 << 20);
	assert_false(tm_find(&a, sheet_of(&a, "", NULL, 0), 0, map, &t));
	assert_false(tm_find(&a, sheet_of(&a, "Họ và tên\nAn\nBình\n", NULL, 0), 0, map,
		&t));            /* one column is none */
	assert_false(tm_find(&a, sheet_of(&a, "TX1|TX2|ĐĐGgk\n7|8|9\n", NULL, 0), 0, map,
		&t));           /* the needed one is not there */
	assert_false(tm_find(&a, sheet_of(&a, "Tháng|Thu|Chi\n1|2|3\n", NULL, 0), 0, map, &t));
	/* ranges beyond the sheet, over one another, upside down in number: no harm */
	assert_true(tm_find(&a, sheet_of(&a, "Họ tên|TX1\nAn|7\n", RANGES({ 0, 0, 9999, 9999 }, { 0, 0, 9999,
		9999 }, { 50, 3, 60, 4 })), 0, map,
		&t) || t.found < 2);
	assert_text(tm_key(&a, S(" Mã định danh (Bộ GD&ĐT)* ")), "madinhdanhbogddt");
	assert_true(tm_says("a|tx#|b", S("tx12"), &number) && number == 12);
	assert_false(tm_says("tx#", S("tx"), &number));
	assert_false(tm_says("tx#", S("tx0"), &number));
	assert_false(tm_says("tx#", S("tx123"), &number));
	assert_false(tm_says(NULL, S("tx1"), &number));
	assert_int_equal(tm_named(&a, map, S("ĐĐGtx 3"), &number), 2);
	assert_int_equal(number, 3);
	arena_free(&a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(headings), cmocka_unit_test(others) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
