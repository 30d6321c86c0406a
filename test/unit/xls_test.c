/* xls_test.c -- what .xls workbooks mean, whoever wrote them, and that hostile ones are refused with words. */
#include "test.h"
#include "xls_make.h"
#include "core/sheet.h"
#include "core/workbook.h"
#include "core/xls.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

static bool note(void *arg, int64_t number, const struct cell *cells, int n)
{
	static const char *const kinds[] = { "-", "t", "n", "d", "m", "c", "b", "e" };

	put_fmt(arg, "%lld", (long long)number);
	for (int i = 0; i < n; i++)
		put_fmt(arg, "|%s:%.*s", kinds[cells[i].kind], FMT(cells[i].text));
	put_c(arg, '\n');
	return true;
}

static enum rc read_xls(struct arena *a, str bytes, int sheet, str *ret, struct file_fault *why)
{
	struct buf b;
	struct xls *x;

	buf_init(&b, a, 64 << 20);
	TRY(xls_open(a, bytes, &x, why));
	TRY(xls_rows(x, sheet, note, &b, why));
	*ret = buf_str(&b);
	return OK;
}

static str vector(struct arena *a, const char *name)
{
	char path[256];
	struct stat st;
	snprintf(path, sizeof path, KHUE_ROOT "/test/vectors/xls/%s", name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	char *p = arena_alloc(a, (size_t)st.st_size, 1);
	assert_int_equal(read(fd, p, (size_t)st.st_size), st.st_size);
	close(fd);
	return (str){ p, st.st_size };
}

/* ---- files of other programs ------------------------------------------------------------------------ */

#define COMMON "2|t:STT|t:Mã học sinh|t:Họ và tên|t:Ngày sinh|t:Điểm\n" \
	"3|n:1|t:HS001|t:Nguyễn Thị Ánh|d:2014-09-05|n:8.75\n" \
	"4|n:2|t:HS002|t:Trần Văn Bình|m:2014-09-05T07:30:00|n:10\n" \
	"5|n:3|t:HS003|t:Y Ŏng Niê 😀|c:06:00:00|n:-0.5\n"

static void of_other_programs(void **state)
{
	static const struct { const char *name, *last; } files[] = {
		{ "xlwt.xls", "6|-:|b:1|t:đậm nhạt\n" },         /* xlwt computes nothing: no result is saved */
		{ "office.xls", "6|n:18.25|b:1|t:Nguyễn Thị Ánh – HS001|e:#DIV/0!|b:1\n" } };
	struct arena a;

	arena_init(&a, 256 << 20);
	for (int i = 0; i < (int)COUNT(files); i++) {
		str bytes = vector(&a, files[i].name), got;
		struct file_fault why = { 0 };
		struct xls *x;
		struct xlsx_range merged[4];
		int n = 0;
		assert_int_equal(read_xls(&a, bytes, 0, &got, &why), OK);
		assert_true(str_starts(got, S("1|t:DANH SÁCH")));
		assert_true(str_find(got, S(COMMON)) > 0);
		if (!str_ends(got, str_of(files[i].last)))
			print_error("%s: %.*s", files[i].name, FMT(got));
		assert_true(str_ends(got, str_of(files[i].last)));
		assert_int_equal(xls_open(&a, bytes, &x, &why), OK);
		assert_int_equal(xls_sheets(x), 2);
		assert_text(xls_sheet_name(x, 1), "Danh mục");
		assert_true(!xls_sheet_hidden(x, 0) && xls_sheet_hidden(x, 1) && !xls_has_programs(x));
		assert_int_equal(xls_merged(x, 0, merged, 4, &n, &why), OK);
		assert_true(n == 1 && merged[0].row == 0 && merged[0].row_end == 0 && merged[0].col_end == 4);
	}
	/* texts that run over the edge of a record, in one byte a letter and in two */
	str got, bytes = vector(&a, "xlwt.xls");
	struct file_fault why;
	assert_int_equal(read_xls(&a, bytes, 1, &got, &why), OK);
	assert_true(str_starts(got, S("1|t:xxxx")) && str_find(got, S("\n60|t:mục 59 ơơơ")) > 9000);
	assert_int_equal(got.n, 33473);
	arena_free(&a);
	(void)state;
}

static int sent(str bytes)
{
	int fd = memfd_create("xls", MFD_CLOEXEC);

	assert_true(fd >= 0 && write(fd, bytes.p, (size_t)bytes.n) == bytes.n);
	return fd;
}

/* Through the sandbox: as rows of an import, and as a grid that can be read and not written. */
static void through_the_sandbox(void **state)
{
	struct arena a;
	struct sheet_told told;
	struct file_fault why = { 0 };
	struct buf b;
	struct workbook *w;

	arena_init(&a, 256 << 20);
	int fd = sent(vector(&a, "office.xls"));
	buf_init(&b, &a, 1 << 20);
	struct sheet_ask ask = { .fd = fd, .sheet = -1, .merged = true };
	assert_int_equal(sheet_read(&a, &ask, note, &b, &told, &why), OK);
	assert_true(str_find(buf_str(&b), S(COMMON)) > 0 && told.workbook && told.n_names == 2 && told.n_merged == 1);
	assert_true(told.rows == 6 && told.hidden[1]);
	assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), OK);
	assert_true(w->old && w->n_sheets == 2 && w->sheets[0].n_merged == 1);
	assert_true(w->sheets[0].hidden_columns[1] && !w->sheets[0].hidden_columns[2]);
	assert_true(w->sheets[0].rows[4].hidden && !w->sheets[0].rows[3].hidden);
	assert_true(wb_cell(w, 0, 5, 0)->formula && !wb_cell(w, 0, 4, 0)->formula);
	assert_text(wb_text(w, 0, 2, 2), "Nguyễn Thị Ánh");
	assert_int_equal(wb_put(w, 0, 2, 4, true, S("9")), OK);
	int out = memfd_create("out", MFD_CLOEXEC);
	assert_int_equal(wb_write(w, fd, (str){ 0 }, out, &why), E_INVALID);
	assert_non_null(strstr(why.vi, ".xlsx"));
	assert_int_equal(lseek(out, 0, SEEK_END), 0);
	close(out);
	close(fd);
	arena_free(&a);
	(void)state;
}

/* ---- records by hand --------------------------------------------------------------------------------- */

static void cells(void **state)
{
	static const struct { str sheet; const char *want; } at[] = {
		{ S_INIT("\x7E\2\x0A\0\0\0\0\0\0\0\x2A\0\0\0"), "1|n:10\n" },                       /* RK: an integer */
		{ S_INIT("\x7E\2\x0A\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF"), "1|n:-0.01\n" },              /* hundredths, negative */
		{ S_INIT("\x7E\2\x0A\0\0\0\1\0\0\0\0\0\xF0\x3F"), "1|-:|n:1\n" },                  /* half of a binary number */
		{ S_INIT("\xBD\0\x12\0\2\0\1\0\0\0\6\0\0\0\0\0\x0A\0\0\0\2\0"), "3|-:|n:1|n:2\n" }, /* MULRK */
		{ S_INIT("\4\2\x0B\0\0\0\0\0\0\0\2\0\0" "8A"), "1|t:8A\n" },
		{ S_INIT("\4\2\x0D\0\0\0\0\0\0\0\2\0\1\xA1\x1E" "c\0"), "1|t:ạc\n" },
		{ S_INIT("\5\2\x08\0\0\0\0\0\0\0\1\0\5\2\x08\0\0\0\1\0\0\0\x2A\1"), "1|b:1|e:#N/A\n" },
		{ S_INIT("\3\2\x0E\0\0\0\0\0\0\0\0\0\0\0\0\0\xF0\x7F"), "1|e:#NUM!\n" },             /* infinity */
		/* a formula, whose text comes in its own record; and one that gives an empty text */
		{ S_INIT("\6\0\x0E\0\0\0\0\0\0\0\0\0\0\0\0\0\xFF\xFF\7\2\6\0\3\0\0abc"), "1|t:abc\n" },
		{ S_INIT("\6\0\x0E\0\0\0\0\0\0\0\3\0\0\0\0\0\xFF\xFF\7\2\6\0\3\0\0abc"), "1|-:\n" },
		/* out of order, and one place twice: the later holds */
		{ S_INIT("\x7E\2\x0A\0\1\0\0\0\0\0\6\0\0\0\x7E\2\x0A\0\0\0\0\0\0\0\x0A\0\0\0\x7E\2\x0A\0\0\0\0\0\0\0\x0E\0\0\0"),
			"1|n:3\n2|n:1\n" },
		/* half of a pair, line ends, a control character */
		{ S_INIT("\4\2\x15\0\0\0\0\0\0\0\6\0\1\0\xD8" "a\0\x0D\0\x0A\0\7\0b\0"), "1|t:\xEF\xBF\xBD" "a\nb\n" } };
	struct arena a;

	arena_init(&a, 256 << 20);
	for (int i = 0; i < (int)COUNT(at); i++) {
		struct file_fault why = { "", "", "" };
		str got = { "", 0 };
		enum rc rc = read_xls(&a, made_xls(&a, S(""), at[i].sheet), 0, &got, &why);
		if (rc != OK || !str_is(got, at[i].want))
			print_error("case %d: %s, %.*s\n", i, why.detail, FMT(got));
		assert_int_equal(rc, OK);
		assert_text(got, at[i].want);
	}
	arena_free(&a);
	(void)state;
}

static void dates_of_1904(void **state)
{
	struct arena a;
	struct file_fault why;
	str got;

	arena_init(&a, 64 << 20);
	/* DATEMODE 1, one style of format 14 */
	assert_int_equal(read_xls(&a, made_xls(&a, S("\x22\0\2\0\1\0\xE0\0\4\0\0\0\x0E\0"),
		S("\x7E\2\x0A\0\0\0\0\0\0\0\xA6\x77\2\0")), 0, &got, &why), OK);
	assert_text(got, "1|d:2014-09-05\n");
	arena_free(&a);
	(void)state;
}

/* ---- hostile files -------------------------------------------------------------------------------------- */

static void assert_refused(struct arena *a, str bytes, const char *part)
{
	struct file_fault why = { "", "", "" };
	str got;
	enum rc rc = read_xls(a, bytes, 0, &got, &why);

	assert_true(rc == E_INVALID || rc == E_LIMIT);
	assert_true(strlen(why.vi) > 10 && strlen(why.en) > 10);
	if (!strstr(why.detail, part) && !strstr(why.en, part))
		print_error("%s: %s %s\n", part, why.en, why.detail);
	assert_true(strstr(why.detail, part) || strstr(why.en, part));
}

static void hostile_records(void **state)
{
	static const struct { str before, sheet; const char *part; } at[] = {
		{ S_INIT("\x2F\0\2\0\0\0"), S_INIT(""), "password" },
		{ S_INIT("\xFC\0\x08\0\0\0\0\0\xFF\xFF\xFF\x7F"), S_INIT(""), "the table of texts is cut off" },
		{ S_INIT("\xFC\0\x0B\0\1\0\0\0\1\0\0\0\xFF\xFF\0"), S_INIT(""), "the table of texts is cut off" },
		{ S_INIT(""), S_INIT("\xFD\0\x0A\0\0\0\0\0\0\0\0\0\0\0"), "a cell names a text that does not exist" },
		{ S_INIT(""), S_INIT("\3\2\4\0\0\0\0\0"), "a record is too short" },
		{ S_INIT(""), S_INIT("\6\0\6\0\0\0\0\0\0\0"), "a record is too short" },
		{ S_INIT(""), S_INIT("\x7E\2\x0A\0\0\0\0\1\0\0\6\0\0\0"), "a cell has a wrong address" },
		{ S_INIT(""), S_INIT("\xBD\0\x12\0\2\0\xFF\0\0\0\6\0\0\0\0\0\x0A\0\0\0\2\0"), "a cell has a wrong address" },
		{ S_INIT(""), S_INIT("\4\2\x0B\0\0\0\0\0\0\0\x10\0\0" "8A"), "a text is cut off" },
		{ S_INIT(""), S_INIT("\3\2\xFF\xFF"), "a sheet is cut off" },
		{ S_INIT(""), S_INIT("\x09\x08\x10\0\0\6\x20\0\0\0\0\0\0\0\0\0\0\0\0\0"), "a sheet is cut off" } };
	struct arena a;

	arena_init(&a, 256 << 20);
	for (int i = 0; i < (int)COUNT(at); i++)
		assert_refused(&a, made_xls(&a, at[i].before, at[i].sheet), at[i].part);
	arena_free(&a);
	(void)state;
}

/* What a byte of a file was, changed. */
static str with(struct arena *a, str bytes, ptrdiff_t at, str instead)
{
	char *p = arena_alloc(a, (size_t)bytes.n, 1);

	memcpy(p, bytes.p, (size_t)bytes.n);
	memcpy(p + at, instead.p, (size_t)instead.n);
	return (str){ p, bytes.n };
}

static void hostile_sectors(void **state)
{
	struct arena a;
	arena_init(&a, (size_t)512 << 20);
	str good = made_xls(&a, S(""), S("\x7E\2\x0A\0\0\0\0\0\0\0\x2A\0\0\0")), got;
	str stream = made_stream(&a, S(""), S(""));
	struct file_fault why;
	ptrdiff_t table = 512;

	assert_int_equal(read_xls(&a, good, 0, &got, &why), OK);
	ptrdiff_t directory = 512 * (1 + (ptrdiff_t)(unsigned char)good.p[44]);
	assert_refused(&a, with(&a, good, 30, S("\x05")), "not one of a compound file");
	assert_refused(&a, with(&a, good, 44, S("\xFF\xFF\xFF\x7F")), "larger than the file");
	assert_refused(&a, with(&a, good, 76, S("\0\0\xFF\0")), "the file is cut off");
	assert_refused(&a, with(&a, good, 48, S("\0\0\xFF\0")), "the directory cannot be read");
	/* a directory whose chain goes in a circle */
	assert_refused(&a, with(&a, good, table + 4 * (directory / 512 - 1), S("\2\0\0\0")),
		"the directory cannot be read");
	/* the stream: its chain ends early, a sector outside, longer than its chain, longer than the file, cut off */
	assert_refused(&a, with(&a, good, table + 4 * (directory / 512), S("\x7F\0\0\0")), "the file is cut off");
	assert_refused(&a, str_sub(good, 0, good.n - 600), "the file is cut off");
	assert_refused(&a, with(&a, good, directory + 128 + 116, S("\0\0\xFF\0")), "the file is cut off");
	assert_refused(&a, with(&a, good, directory + 128 + 120, S("\0\x20\0\0")), "the file is cut off");
	assert_refused(&a, with(&a, good, directory + 128 + 120, S("\xFF\xFF\xFF\x7F")), "the file is cut off");
	/* a small stream without a place for small streams */
	assert_refused(&a, with(&a, good, directory + 128 + 120, S("\x20\0\0\0")), "the file is cut off");
	assert_refused(&a, with(&a, good, directory + 66, S("\2")), "no root");
	assert_refused(&a, with(&a, good, directory + 76, S("\x77\0\0\0")), "not an Excel workbook");
	assert_refused(&a, made_ole(&a, "Book", stream, NULL), "Excel 95");
	assert_refused(&a, made_ole(&a, "Workbook", S("\x09\x08\x04\0\0\5\5\0"), NULL), "Excel 95");
	assert_refused(&a, made_ole(&a, "WordDocument", stream, NULL), "not an Excel workbook");
	assert_refused(&a, made_ole(&a, "EncryptedPackage", stream, NULL), "password");
	arena_free(&a);
	(void)state;
}

/* However short it is cut and whatever byte is wrong, a file ends in rows or in words. */
static void cut_and_scratched(void **state)
{
	static const char *const names[] = { "xlwt.xls", "office.xls" };
	struct arena a;
	uint64_t seed = 7;

	arena_init(&a, (size_t)256 << 20);
	for (int i = 0; i < (int)COUNT(names); i++)
		for (int k = 0; k < 200; k++) {
			struct file_fault why = { "", "", "" };
			str bytes = vector(&a, names[i]), got;
			ptrdiff_t at = (ptrdiff_t)(next_number(&seed) % (uint64_t)(bytes.n - 4));
			uint32_t junk = (uint32_t)next_number(&seed);
			str bad = k % 4 == 0 ? str_sub(bytes, 0, at) : with(&a, bytes, k % 4 == 1 ? at % 1024 : at,
				(str){ (const char *)&junk, 4 });
			enum rc rc = read_xls(&a, bad, 0, &got, &why);
			assert_true(rc == OK || ((rc == E_INVALID || rc == E_LIMIT) && *why.vi && *why.en));
			arena_reset(&a);
		}
	arena_free(&a);
	(void)state;
}

/* More cells than a sheet may have, and macros. */
static void too_much(void **state)
{
	struct arena a;
	struct buf b;
	struct file_fault why = { 0 };
	struct workbook *w;
	char many[4 + 4 + 256 * 6 + 2];

	arena_init(&a, (size_t)512 << 20);
	buf_init(&b, &a, 64 << 20);
	memset(many, 0, sizeof many);
	memcpy(many, "\xBD\0\6\6", 4);
	many[sizeof many - 2] = (char)255;
	for (int i = 0; i <= XLS_CELLS / 256; i++)
		put(&b, (str){ many, sizeof many });
	str large = made_xls(&a, S(""), buf_str(&b));
	assert_refused(&a, large, "4 million cells");
	/* below that the grid has its own bound, in the sandbox too */
	int fd = sent(made_xls(&a, S(""), str_sub(buf_str(&b), 0, (ptrdiff_t)sizeof many * 2000)));
	assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), OK);      /* 2,000 times one row of 256 */
	assert_int_equal(w->sheets[0].n_rows, 1);
	close(fd);
	fd = sent(made_ole(&a, "Workbook", made_stream(&a, S(""), S("")), "_VBA_PROJECT_CUR"));
	assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), E_INVALID);
	assert_non_null(strstr(why.en, "macros"));
	close(fd);
	fd = sent(made_ole(&a, "Workbook", made_stream(&a, S(""), S("")), "Sheets"));
	assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), OK);
	close(fd);
	arena_free(&a);
	(void)state;
}

/* A cell takes as much memory as its text is long: many short ones, as a class list has, and a long one behind. */
static void short_texts_take_little(void **state)
{
	enum { CELLS = 20000, LONG = 8000 };
	struct arena a, beside;
	struct buf b, out;
	struct file_fault why;
	struct xls *x;

	arena_init(&a, (size_t)256 << 20);
	arena_init(&beside, (size_t)64 << 20);
	buf_init(&b, &beside, 16 << 20);
	buf_init(&out, &beside, 16 << 20);
	for (int i = 0; i < CELLS; i++) {
		char cell[] = "\4\2\x0B\0\0\0\0\0\0\0\2\0\0" "8A";
		cell[4] = (char)(i / 16 & 255);
		cell[5] = (char)(i / 16 >> 8);
		cell[6] = (char)(i % 16);
		put(&b, (str){ cell, sizeof cell - 1 });
	}
	put(&b, S("\4\2\x49\x1F\xFF\xFF\0\0\0\0\x40\x1F\0"));      /* LABEL of 8,000 letters in the last row */
	for (int i = 0; i < LONG; i++)
		put_c(&b, 'x');
	assert_int_equal(xls_open(&a, made_xls(&beside, S(""), buf_str(&b)), &x, &why), OK);
	size_t before = a.used;
	assert_int_equal(xls_rows(x, 0, note, &out, &why), OK);
	assert_true(str_starts(buf_str(&out), S("1|t:8A|t:8A|")) && str_ends(buf_str(&out), S("xxx\n")));
	size_t each = (a.used - before - 256 * 512) / CELLS;     /* beyond the room of one row of numbers */
	if (each > 128)
		fail_msg("a cell of two letters takes %zu bytes", each);
	arena_free(&beside);
	arena_free(&a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(of_other_programs), cmocka_unit_test(through_the_sandbox),
		cmocka_unit_test(cells), cmocka_unit_test(dates_of_1904), cmocka_unit_test(hostile_records),
		cmocka_unit_test(hostile_sectors), cmocka_unit_test(cut_and_scratched), cmocka_unit_test(too_much),
		cmocka_unit_test(short_texts_take_little) };
	return cmocka_run_group_tests_name("xls", tests, NULL, NULL);
}
