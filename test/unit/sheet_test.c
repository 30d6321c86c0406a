/* sheet_test.c -- tables of every kind through the sandbox: the same rows, or words. */
#include "test.h"
#include "xlsx_make.h"
#include "core/sheet.h"
#include <lzma.h>
#include <sys/mman.h>

static bool note(void *arg, int64_t number, const struct cell *cells, int n)
{
	put_fmt(arg, "%lld", (long long)number);
	for (int i = 0; i < n; i++)
		put_fmt(arg, "|%.*s", FMT(cells[i].text));
	put_c(arg, '\n');
	return true;
}

static enum rc read_bytes(struct arena *a, str bytes, int64_t rows, str *ret, struct sheet_told *told,
	struct file_fault *why)
{
	struct buf b;
	int fd = memfd_create("sheet", MFD_CLOEXEC);
	assert_true(fd >= 0 && write(fd, bytes.p, (size_t)bytes.n) == bytes.n);
	buf_init(&b, a, 64 << 20);
	enum rc rc = sheet_read(a, &(struct sheet_ask){ .fd = fd, .sheet = -1, .rows = rows, .merged = true }, note, &b,
		told, why);
	close(fd);
	*ret = buf_str(&b);
	return rc;
}

static str gz(struct arena *a, str s)
{
	z_stream z = { 0 };
	char *out = arena_alloc(a, (size_t)s.n + 1000, 1);
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)s.p;
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)s.n + 1000;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	str got = { out, (ptrdiff_t)z.total_out };
	deflateEnd(&z);
	return got;
}

static str xz(struct arena *a, str s)
{
	size_t n = 0, max = (size_t)s.n + 1000;
	uint8_t *out = arena_alloc(a, max, 1);
	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, (const uint8_t *)s.p, (size_t)s.n, out, &n,
		max), LZMA_OK);
	return (str){ (const char *)out, (ptrdiff_t)n };
}

static void every_kind(void **state)
{
	struct arena a;
	struct sheet_told told;
	struct file_fault why;
	str got, text = S("tên;lớp\nAn;8A2\nBình;8A3\n");
	arena_init(&a, 256 << 20);
	const str kinds[] = { text, gz(&a, text), xz(&a, text), S("\xEF\xBB\xBFtên\tlớp\nAn\t8A2\nBình\t8A3\n"),
		S("\xFF\xFEt\0\xEA\0n\0,\0l\0\xDB\x1Ep\0\n\0A\0n\0,\0" "8\0A\0" "2\0\n\0") };
	for (int i = 0; i < (int)COUNT(kinds); i++) {
		assert_int_equal(read_bytes(&a, kinds[i], 0, &got, &told, &why), OK);
		assert_true(str_starts(got, S("1|tên|lớp\n2|An|8A2\n")));
		assert_false(told.workbook);
	}
	str book = made_book(&a, "",
		"<worksheet><sheetData><row r=\"3\"><c t=\"inlineStr\"><is><t>x</t></is></c></row><row "
			"r=\"4\"><c><v>5</v></c></row></sheetData>"
		"<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>", NULL, NULL);
	assert_int_equal(read_bytes(&a, book, 0, &got, &told, &why), OK);
	assert_text(got, "3|x\n4|5\n");
	assert_true(told.workbook && told.n_names == 1 && told.n_merged == 1 && told.rows == 2);
	assert_text(told.names[0], "Học sinh");
	assert_int_equal(read_bytes(&a, text, 1, &got, &told, &why), OK);
	assert_text(got, "1|tên|lớp\n");
	arena_free(&a);
	(void)state;
}

static void bad_kinds(void **state)
{
	struct arena a;
	struct sheet_told told;
	arena_init(&a, (size_t)512 << 20);
	char *zeros = arena_alloc(&a, (size_t)220 << 20, 1);
	str text = S("tên,lớp\nAn,8A2\n"), packed = gz(&a, text), packed_xz = xz(&a, text);
	memset(zeros, 'a', (size_t)220 << 20);
	const str bad[] = { S(""), S("PK\3\4"), S("\xD0\xCF\x11\xE0\0\0\0\0 old xls"), str_sub(packed, 0, packed.n - 6),
		str_sub(packed_xz, 0, packed_xz.n - 6),
		S("a,\"never closed\nb,c\n"), xz(&a, (str){ zeros, (ptrdiff_t)220 << 20 }) };
	for (int i = 0; i < (int)COUNT(bad); i++) {
		str got;
		struct file_fault why = { 0 };
		enum rc rc = read_bytes(&a, bad[i], 0, &got, &told, &why);
		if (rc == OK)
			print_error("case %d\n", i);
		assert_true(rc == E_INVALID || rc == E_LIMIT);
		assert_true(why.vi && strlen(why.vi) > 5 && why.en && strlen(why.en) > 5);
	}
	arena_free(&a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_kind), cmocka_unit_test(bad_kinds) };
	return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
