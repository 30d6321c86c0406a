/* base_csv_test.c -- separated text, and the embedded files. */
#include "test.h"
#include "base/csv.h"
#include "base/embed.h"

enum { MAX = 16 };

static void reads_what_excel_writes(void **state)
{
	struct arena a;
	struct csv c;
	str cells[MAX];
	const char *bad;
	int n;

	arena_init(&a, 1 << 20);
	csv_open(&c,
		S("\xEF\xBB\xBFHọ tên;Toán;Ghi chú\r\n\"Nguyễn \"\"Tèo\"\"; An\";8,5;\r\n\n\"hai\ndòng\";7,5;x\nlast;;"));
	assert_int_equal(c.sep, ';');
	assert_true(csv_next(&c, &a, cells, MAX, &n, &bad) && n == 3 && !bad && c.line == 1);
	assert_text(cells[0], "Họ tên");
	assert_true(csv_next(&c, &a, cells, MAX, &n, &bad) && n == 3 && !bad && c.line == 2);
	assert_text(cells[0], "Nguyễn \"Tèo\"; An");
	assert_text(cells[1], "8,5");
	assert_text(cells[2], "");
	assert_true(csv_next(&c, &a, cells, MAX, &n, &bad) && n == 3 && !bad && c.line == 4);
	assert_text(cells[0], "hai\ndòng");
	assert_true(csv_next(&c, &a, cells, MAX, &n, &bad) && n == 3 && !bad && c.line == 6);
	assert_text(cells[0], "last");
	assert_false(csv_next(&c, &a, cells, MAX, &n, &bad));
	arena_free(&a);
}

static void guesses_the_separator(void **state)
{
	static const struct { str text; char sep; } cases[] = { { S_INIT("a,b\n1,2\n"), ',' },
		{ S_INIT("a\tb\n1\t2"), '\t' },
		{ S_INIT("ten;toan\nAn;8,5\nBi;7,5\n"), ';' }, { S_INIT("one\ntwo"), ',' },
		{ S_INIT("\"a;b;c\",d\n1,2\n"), ',' },
		{ S_INIT("sep=;\na,b;c\n"), ';' }, { S_INIT(""), ',' } };
	struct csv c;

	for (ptrdiff_t i = 0; i < COUNT(cases); i++) {
		csv_open(&c, cases[i].text);
		assert_int_equal(c.sep, cases[i].sep);
	}
}

static void says_what_is_bad(void **state)
{
	struct arena a;
	struct csv c;
	struct buf b;
	str cells[MAX];
	const char *bad;
	int n;

	arena_init(&a, 1 << 22);
	csv_open(&c, S("1,2,3,4\n5,6\n"));
	assert_true(csv_next(&c, &a, cells, 3, &n, &bad) && n == 3);
	assert_string_equal(bad, "too many cells");
	assert_true(csv_next(&c, &a, cells, 3, &n, &bad) && n == 2 && !bad);
	csv_open(&c, S("a,\"open\nb,c\n"));
	assert_true(csv_next(&c, &a, cells, MAX, &n, &bad));
	assert_string_equal(bad, "unclosed quote");
	assert_false(csv_next(&c, &a, cells, MAX, &n, &bad));
	buf_init(&b, &a, 1 << 20);
	for (int i = 0; i < 32768; i++)
		put_c(&b, 'x');
	csv_open(&c, buf_str(&b));
	assert_true(csv_next(&c, &a, cells, MAX, &n, &bad));
	assert_string_equal(bad, "cell too long");
	arena_free(&a);
}

static void other_encodings(void **state)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	assert_text(csv_utf8(&a, S("\xFF\xFEN\0\xC5\x1E" "\x3D\xD8\0\xDE")), "Nễ😀");
	assert_text(csv_utf8(&a, S("\xFE\xFF\0N\x1E\xC5")), "Nễ");
	assert_text(csv_utf8(&a, S("\xFF\xFE\0\xD8")), "\xEF\xBF\xBD");
	assert_text(csv_utf8(&a, S("caf\xE9 \x93x\x94")), "café “x”");
	assert_text(csv_utf8(&a, S("Nguyễn")), "Nguyễn");
	arena_free(&a);
}

static void guards_against_formulas(void **state)
{
	static const char *const pairs[][2] = { { "=1+1", "'=1+1," }, { "-5,5", "\"-5,5\"," }, { "-5", "-5," },
		{ "+84 91", "'+84 91," },
		{ "@x", "'@x," }, { "\tx", "'\tx," }, { "a\"b", "\"a\"\"b\"," }, { " x", "\" x\"," }, { "-", "'-," },
		{ "a;=1+1", "a;'=1+1," }, { "a; -5", "a; -5," }, { "a\n=x", "\"a\n'=x\"," }, { "x - y, -z", "\"x - y, -z\"," },
		{ "a\";=1", "\"a\"\";'=1\"," }, { " =1", "\" '=1\"," }, { "a@b.vn", "a@b.vn," }, { "", "," } };
	struct arena a;

	arena_init(&a, 1 << 20);
	for (ptrdiff_t i = 0; i < COUNT(pairs); i++) {
		struct buf b;
		buf_init(&b, &a, 1000);
		csv_put(&b, str_of(pairs[i][0]), false, ',');
		assert_text(buf_str(&b), pairs[i][1]);
	}
	arena_free(&a);
}

static str random_cell(struct arena *a, uint64_t *seed)
{
	static const char letters[] = "ab ,;\t\"\n\r1x";
	struct buf b;
	int n = (int)(next_number(seed) % 8);

	buf_init(&b, a, 100);
	put_c(&b, 'c');
	for (int i = 0; i < n; i++)
		put_c(&b, letters[next_number(seed) % (sizeof letters - 1)]);
	return buf_str(&b);
}

static void what_is_written_is_read(void **state)
{
	static const char separators[] = ",;\t";
	struct arena a;
	uint64_t seed = 9;

	arena_init(&a, 1 << 24);
	for (int round = 0; round < 3000; round++) {
		str table[6][5], cells[MAX];
		struct buf b;
		struct csv c;
		const char *bad;
		int n;
		char sep = separators[round % 3];
		buf_init(&b, &a, 100000);
		for (int r = 0; r < 6; r++)
			for (int k = 0; k < 5; k++) {
				table[r][k] = random_cell(&a, &seed);
				csv_put(&b, table[r][k], k == 4, sep);
			}
		csv_open(&c, buf_str(&b));
		c.sep = sep;
		for (int r = 0; r < 6; r++) {
			assert_true(csv_next(&c, &a, cells, MAX, &n, &bad));
			assert_null(bad);
			assert_int_equal(n, 5);
			for (int k = 0; k < 5; k++)
				assert_true(str_eq(cells[k], table[r][k]));
		}
		assert_false(csv_next(&c, &a, cells, MAX, &n, &bad));
		arena_reset(&a);
	}
	arena_free(&a);
}

static void any_bytes_end(void **state)
{
	static const char letters[] = "\",\n\r;a\t";
	struct arena a;
	uint64_t seed = 5;
	char text[64];

	arena_init(&a, 1 << 24);
	for (int round = 0; round < 20000; round++) {
		str cells[4];
		struct csv c;
		const char *bad;
		int n, records = 0;
		size_t size = next_number(&seed) % sizeof text;
		for (size_t i = 0; i < size; i++)
			text[i] = letters[next_number(&seed) % (sizeof letters - 1)];
		csv_open(&c, (str){ text, (ptrdiff_t)size });
		while (csv_next(&c, &a, cells, 4, &n, &bad))
			assert_true(++records <= 64 && n >= 1 && n <= 4);
		arena_reset(&a);
	}
	arena_free(&a);
}

static bool count_names(void *arg, str name, str bytes)
{
	str *last = arg;

	assert_true(str_cmp(*last, name) < 0);
	assert_true(bytes.n >= 0);
	*last = name;
	return true;
}

static void embedded_files_are_sorted_and_found(void **state)
{
	str last = S(""), bytes;

	embedded_each(S(""), count_names, &last);
	for (size_t i = 0; i < embedded_count; i++) {
		assert_true(embedded_get(str_of(embedded_files[i].name), &bytes));
		assert_int_equal(bytes.p[embedded_files[i].n], 0);
	}
	assert_null(embedded_files[embedded_count].name);
	assert_false(embedded_get(S("page/core/no-such-page.html"), &bytes));
	assert_false(embedded_get(S(""), &bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads_what_excel_writes),
		cmocka_unit_test(guesses_the_separator),
		cmocka_unit_test(says_what_is_bad), cmocka_unit_test(other_encodings),
		cmocka_unit_test(guards_against_formulas),
		cmocka_unit_test(what_is_written_is_read), cmocka_unit_test(any_bytes_end),
		cmocka_unit_test(embedded_files_are_sorted_and_found) };

	return cmocka_run_group_tests_name("base_csv", tests, NULL, NULL);
}
