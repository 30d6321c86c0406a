/* xlsx_test.c -- what workbooks mean, and that hostile ones are refused with words. */
#include "test.h"
#include "xlsx_make.h"
#include "core/sheet.h"
#include <dirent.h>

struct seen { struct buf b; };

static bool note(void *arg, int64_t number, const struct cell *cells, int n)
{
	static const char *const kinds[] = { "-", "t", "n", "d", "m", "c", "b", "e" };
	struct seen *s = arg;
	put_fmt(&s->b, "%lld", (long long)number);
	for (int i = 0; i < n; i++)
		put_fmt(&s->b, "|%s:%.*s", kinds[cells[i].kind], FMT(cells[i].text));
	put_c(&s->b, '\n');
	return true;
}

static enum rc read_book(struct arena *a, str book, str *ret, struct file_fault *why)
{
	struct seen s;
	struct xlsx *x;
	buf_init(&s.b, a, 64 << 20);
	TRY(xlsx_open(a, book, &x, why));
	TRY(xlsx_rows(x, 0, note, &s, why));
	*ret = buf_str(&s.b);
	return OK;
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
static const char strings[] =
	"<sst><si><t>Nguy\xE1\xBB\x85n</t></si><si><r><t>A</t></r><r><t xml:space=\"preserve\"> "
		"B</t></r><rPh><t>x</t></rPh></si>"
	"<si><t>a_x000A_b_x005F_x000D__x0007_</t></si><si><t/></si></sst>";
static const char styles[] =
	"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/><numFmt numFmtId=\"165\" "
	"formatCode=\"#,##0&quot;d&quot;\"/><numFmt numFmtId=\"166\" formatCode=\"[h]:mm\"/><numFmt numFmtId=\"167\" "
		"formatCode=\"[Red]General\"/></numFmts>"
	"<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
	"<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf "
		"numFmtId=\"22\"/><xf numFmtId=\"166\"/>"
	"<xf numFmtId=\"167\"/></cellXfs></styleSheet>";

static void cells(void **state)
{
	static const struct { const char *rows, *want; } at[] = {
		{ "<row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c><c t=\"s\"><v> 1 </v></c></row>", "2|-:|t:Nguyễn|t:A B\n" },
		{ "<row><c t=\"s\"><v>2</v></c><c t=\"s\"><v>3</v></c></row>", "1|t:a\nb_x000D_|t:\n" },
		{ "<row><c t=\"inlineStr\"><is><t>x &lt; y</t></is></c><c t=\"str\"><f>A1</f><v>z</v></c><c "
			"t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row>",
			"1|t:x < y|t:z|b:1|e:#N/A\n" },
		{
			"<row><c><v>7.5</v></c><c><v>0.30000000000000004</v></c><c><v>1E+3</v></c><c><v>12345678901</v></c><c><v>-0.5</v></c><c><v>1.0</v></c></row>",
			"1|n:7.5|n:0.3|n:1000|n:12345678901|n:-0.5|n:1\n" },
		{ "<row><c><v>1e300</v></c><c><v>0x10</v></c><c><v>nan</v></c><c><v>2e-7</v></c></row>", NULL },
		{ "<row><c s=\"1\"><v>41887</v></c><c s=\"2\"><v>41887.5</v></c><c s=\"3\"><v>41887</v></c><c "
			"s=\"4\"><v>41887.312512</v></c><c s=\"5\"><v>0.25</v></c></row>",
			"1|d:2014-09-05|m:2014-09-05T12:00:00|n:41887|m:2014-09-05T07:30:01|c:06:00:00\n" },
		{ "<row><c s=\"1\"><v>1</v></c><c s=\"1\"><v>59</v></c><c s=\"1\"><v>61</v></c><c s=\"6\"><v>5</v></c><c "
			"s=\"1\"><v>-3</v></c><c s=\"99\"><v>4</v></c></row>",
			"1|d:1900-01-01|d:1900-02-28|d:1900-03-01|n:5|n:-3|n:4\n" },
		{ "<row><c t=\"d\"><v>2014-09-05T00:00:00Z</v></c><c t=\"d\"><v>2014-09-05T07:30:00</v></c></row>",
			"1|d:2014-09-05|m:2014-09-05T07:30:00\n" },
		{ "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row><row r=\"7\"/><row r=\"9\"><c r=\"A9\"/></row>", NULL },
	};
	struct arena a;
	arena_init(&a, 512 << 20);
	for (ptrdiff_t i = 0; i < COUNT(at); i++) {
		struct file_fault why;
		str got, sheet = str_fmt(&a, SHEET("%s"), at[i].rows);
		assert_int_equal(read_book(&a, made_book(&a, "", sheet.p ? str_z(&a, sheet) : "", strings, styles), &got,
			&why), OK);
		if (at[i].want)
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
	str book = made_book(&a, "<workbookPr date1904=\"1\"/>",
		SHEET("<row><c s=\"1\"><v>40425</v></c><c s=\"1\"><v>1</v></c></row>"), NULL, styles);
	assert_int_equal(read_book(&a, book, &got, &why), OK);
	assert_text(got, "1|d:2014-09-05|d:1904-01-02\n");
	arena_free(&a);
	(void)state;
}

static void merged(void **state)
{
	struct arena a;
	struct file_fault why;
	struct xlsx *x;
	struct xlsx_range r[4];
	int n;
	arena_init(&a, 64 << 20);
	str book = made_book(&a, "",
		"<worksheet><sheetData/><mergeCells><mergeCell ref=\"A1:C2\"/><mergeCell ref=\"D4\"/><mergeCell ref=\"C1:A1\"/>"
		"</mergeCells></worksheet>", NULL, NULL);
	assert_int_equal(xlsx_open(&a, book, &x, &why), OK);
	assert_text(xlsx_sheet_name(x, 0), "Học sinh");
	assert_int_equal(xlsx_merged(x, 0, r, 4, &n, &why), OK);
	assert_int_equal(n, 2);
	assert_int_equal(r[0].row_end, 1);
	assert_int_equal(r[0].col_end, 2);
	assert_int_equal(r[1].row, 3);
	arena_free(&a);
	(void)state;
}

static void assert_refused(struct arena *a, str book, const char *detail)
{
	struct file_fault why = { "", "", "" };
	str got;
	assert_int_equal(read_book(a, book, &got, &why), E_INVALID);
	assert_true(strlen(why.vi) > 10 && strlen(why.en) > 10);
	if (detail)
		assert_string_equal(why.detail, detail);
}

static void hostile_sheets(void **state)
{
	static const struct { const char *sheet, *detail; } at[] = {
		{ "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet>&b;</worksheet>",
			"a DOCTYPE is not allowed" },
		{ SHEET("<row><c t=\"s\"><v>4</v></c></row>"), "a cell names a shared string that does not exist" },
		{ SHEET("<row><c t=\"s\"><v>-1</v></c></row>"), "a cell names a shared string that does not exist" },
		{ SHEET("<row><c r=\"XFE1\"><v>1</v></c></row>"), "a cell has a wrong address" },
		{ SHEET("<row><c r=\"1\"><v>1</v></c></row>"), "a cell has a wrong address" },
		{ SHEET("<row r=\"0\"/>"), "a row has a wrong number" }, { SHEET("<row r=\"99999999999999999999\"/>"),
			"a row has a wrong number" },
		{ SHEET("<row><c><v>1</c></row>"), "elements are not closed in order" }, { "", "the data ends too early" },
	};
	struct arena a;
	arena_init(&a, 512 << 20);
	for (ptrdiff_t i = 0; i < COUNT(at); i++)
		assert_refused(&a, made_book(&a, "", at[i].sheet, strings, styles), at[i].detail);
	struct buf deep;
	buf_init(&deep, &a, 1 << 20);
	for (int i = 0; i < 5000; i++)
		put_z(&deep, "<a>");
	assert_refused(&a, made_book(&a, "", str_z(&a, buf_str(&deep)), NULL, NULL), "elements are nested too deeply");
	arena_free(&a);
	(void)state;
}

static void hostile_archives(void **state)
{
	struct arena a;
	arena_init(&a, (size_t)900 << 20);
	struct made_entry climbs[] = { { "xl/../../etc/passwd", S("x"), 0, 0 } },
		absolute[] = { { "/etc/passwd", S("x"), 0, 0 } };
	struct made_entry twice[] = { { "a.xml", S("x"), 0, 0 }, { "A.xml", S("x"), 0, 0 } },
		inner[] = { { "x/b.zip", S("x"), 0, 0 } };
	struct made_entry over[] = { { "a.xml", S("xx"), 0, 0 }, { "a.xml", S("xx"), 0, 0 } };
	struct made_entry backslash[] = { { "xl\\..\\a", S("x"), 0, 0 } };
	assert_refused(&a, made_zip(&a, climbs, 1, false), "an entry has a forbidden name");
	assert_refused(&a, made_zip(&a, absolute, 1, false), "an entry has a forbidden name");
	assert_refused(&a, made_zip(&a, backslash, 1, false), "an entry has a forbidden name");
	assert_refused(&a, made_zip(&a, inner, 1, false), "an entry has a forbidden name");
	assert_refused(&a, made_zip(&a, twice, 2, false), "two entries have one name");
	assert_refused(&a, made_zip(&a, over, 2, true), NULL);
	struct made_entry *many = NEWS(&a, struct made_entry, XLSX_ENTRIES + 1);
	for (int i = 0; i <= XLSX_ENTRIES; i++)
		many[i] = (struct made_entry){ str_z(&a, str_fmt(&a, "e%d", i)), S("x"), 0, 0 };
	assert_refused(&a, made_zip(&a, many, XLSX_ENTRIES + 1, false), "the archive has more than 2,000 entries");
	/* 20 MB of zeros in 20 kB */
	size_t size = 20 << 20;
	uLongf packed = compressBound(size);
	char *zeros = arena_alloc(&a, size, 1), *out = arena_alloc(&a, packed, 1);
	assert_int_equal(compress2((Bytef *)out, &packed, (const Bytef *)zeros, size, 9), Z_OK);
	struct made_entry bomb[] = { { "xl/workbook.xml", { out + 2, (ptrdiff_t)packed - 6 }, (uint32_t)size, 8 } };
	assert_refused(&a, made_zip(&a, bomb, 1, false), "an entry unpacks to more than 100 times its size");
	struct made_entry large[] = { { "a", S("x"), 150u << 20, 8 }, { "b", S("x"), 150u << 20, 8 } };
	assert_refused(&a, made_zip(&a, large, 2, false), NULL);
	assert_refused(&a, S(""), "not a zip archive");
	assert_refused(&a, S("PK\3\4 and then nothing at all, really"), "the archive is damaged");
	arena_free(&a);
	(void)state;
}

/* A part that unpacks to more than it declares is stopped where the declaration ends. */
static void lying_sizes(void **state)
{
	struct arena a;
	arena_init(&a, (size_t)64 << 20);
	struct buf sheet;
	buf_init(&sheet, &a, 8 << 20);
	put_z(&sheet, "<worksheet><sheetData>");
	uint64_t seed = 3;
	for (int i = 0; i < 20000; i++)
		put_fmt(&sheet, "<row><c><v>%u</v></c></row>", (unsigned)next_number(&seed));
	put_z(&sheet, "</sheetData></worksheet>");
	uLongf packed = compressBound(sheet.n);
	char *out = arena_alloc(&a, packed, 1);
	assert_int_equal(compress2((Bytef *)out, &packed, (const Bytef *)sheet.p, sheet.n, 9), Z_OK);
	struct made_entry e[] = {
		{ "_rels/.rels", S("<Relationships/>"), 0, 0 },
		{ "xl/workbook.xml", S("<workbook><sheet name=\"a\" r:id=\"r\"/></workbook>"), 0, 0 },
		{ "xl/_rels/workbook.xml.rels",
			S("<Relationships><Relationship Id=\"r\" Type=\"/worksheet\" Target=\"s.xml\"/></Relationships>"), 0, 0 },
		{ "xl/s.xml", { out + 2, (ptrdiff_t)packed - 6 }, 1000, 8 } };
	assert_refused(&a, made_zip(&a, e, 4, false), "the data is damaged");
	arena_free(&a);
	(void)state;
}

/* Every file of the shared collection of hostile archives and workbooks ends in rows or in words. */
static void shared_hostile(void **state)
{
	static const char *const folders[] = { "hostile-inputs/zip", "hostile-inputs/xlsx", "hostile-inputs/pdf",
		"hostile-inputs/image" };
	const char *top = getenv("KHUE_SHARED");
	struct arena a;
	arena_init(&a, (size_t)1 << 30);
	for (ptrdiff_t i = 0; i < COUNT(folders); i++) {
		DIR *d = opendir(str_z(&a, str_fmt(&a, "%s/data/%s", top && *top ? top : KHUE_SHARED_DEFAULT, folders[i])));
		struct dirent *e;
		if (!d) {
			print_message("skipped: %s is not there\n", folders[i]);
			continue;
		}
		while ((e = readdir(d))) {
			str bytes, got;
			struct file_fault why = { "", "", "" };
			if (e->d_name[0] == '.' || !shared_file(&a, str_z(&a, str_fmt(&a, "%s/%s", folders[i], e->d_name)), &bytes))
				continue;
			enum rc rc = read_book(&a, bytes, &got, &why);
			assert_true(rc == OK || (rc == E_INVALID && *why.vi && *why.en));
			assert_true(rc != OK || i == 1);
			for (ptrdiff_t cut = 1; cut < bytes.n; cut += bytes.n / 7 + 1)
				assert_true(read_book(&a, str_sub(bytes, 0, cut), &got, &why) == E_INVALID);
			arena_reset(&a);
		}
		closedir(d);
	}
	arena_free(&a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(dates_of_1904),
		cmocka_unit_test(merged),
		cmocka_unit_test(hostile_sheets), cmocka_unit_test(hostile_archives), cmocka_unit_test(lying_sizes),
		cmocka_unit_test(shared_hostile) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
