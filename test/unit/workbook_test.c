/* workbook_test.c -- workbooks filled in place: what is put is there, what is not named is as it was,
	byte for byte. */
#include "test.h"
#include "xlsx_make.h"
#include "core/workbook_in.h"
#include <sys/mman.h>

#define HEAD "<?xml version=\"1.0\"?>\n<worksheet xmlns=\"m\"><sheetPr/><cols><col min=\"2\" max=\"2\" width=\"9\" " \
	"hidden=\"1\"/><col min=\"4\" max=\"5\" style=\"3\" width=\"5.5\"/></cols>"
#define TAIL "<mergeCells count=\"1\"><mergeCell ref=\"A1:C1\"/></mergeCells><dataValidations count=\"1\">" \
	"<dataValidation type=\"decimal\" sqref=\"D2:E9\"><formula1>0</formula1></dataValidation></dataValidations>" \
	"</worksheet>"
#define SHEET(rows) HEAD "<sheetData>" rows "</sheetData>" TAIL

static str put_into(struct arena *a, const char *xml, const struct wb_put *puts, int64_t n, bool recompute)
{
	struct file_fault why = { 0 };
	str got = { 0 };

	if (wb_sheet_put(a, str_of(xml), puts, n, recompute, &got, &why) != OK)
		fail_msg("%s", why.detail);
	return got;
}

#define PUTS(...) (const struct wb_put[]){ __VA_ARGS__ }, \
	(int64_t)(sizeof((const struct wb_put[]){ __VA_ARGS__ }) / sizeof(struct wb_put))
#define NUMBER(r, k, t) { 0, r, k, true, S_INIT(t) }
#define WORDS(r, k, t) { 0, r, k, false, S_INIT(t) }

/* Every way a cell may stand in a sheet, and what becomes of it. */
static void cells(void **state)
{
	struct arena a;

	arena_init(&a, (size_t)256 << 20);
	/* no puts: the same bytes */
	static const char plain[] = SHEET("<row r=\"1\" ht=\"20\"><c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c></row>"
		"<!-- x --><row r=\"3\"/>");
	assert_text(put_into(&a, plain, NULL, 0, false), plain);
	/* replaced: style kept, type by the value; comments and what stands around stay */
	assert_text(put_into(&a, SHEET("<row r=\"2\" spans=\"1:5\" ht=\"20\"><c r=\"A2\" s=\"4\" t=\"s\"><v>7</v>"
		"</c><!--k--><c r='B2' t='b' s='5'/>"
		"<c r=\"C2\"><v>1</v></c></row>"), PUTS(NUMBER(1, 0, "7.5"), WORDS(1, 1, "Đ & <b>")), false),
		SHEET("<row r=\"2\" ht=\"20\"><c r=\"A2\" s=\"4\"><v>7.5</v></c><!--k--><c r='B2' s='5' "
			"t=\"inlineStr\"><is><t "
		"xml:space=\"preserve\">Đ &amp; &lt;b&gt;</t></is></c><c r=\"C2\"><v>1</v></c></row>"));
	/* emptied; new cells before, between and after, in the style of their column or row; new rows */
	assert_text(put_into(&a, SHEET("<row r=\"2\"><c r=\"C2\" s=\"4\"><v>7</v></c></row><row r=\"4\" s=\"8\" "
		"customFormat=\"1\"/>"),
		PUTS(NUMBER(0, 0, "1"), WORDS(1, 2, ""), NUMBER(1, 3, "2"), NUMBER(2, 5, "3"), NUMBER(3, 4, "4"),
			NUMBER(9, 27, "5")), false),
		SHEET("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"C2\" s=\"4\"/><c r=\"D2\" "
			"s=\"3\"><v>2</v></c></row>"
		"<row r=\"3\"><c r=\"F3\"><v>3</v></c></row><row r=\"4\" s=\"8\" customFormat=\"1\"><c r=\"E4\" "
		"s=\"8\"><v>4</v></c></row>"
		"<row r=\"10\"><c r=\"AB10\"><v>5</v></c></row>"));
	/* an empty cell put where there is none adds nothing */
	assert_text(put_into(&a, SHEET("<row r=\"2\"><c r=\"C2\"/></row>"), PUTS(WORDS(1, 3, "")), false),
		SHEET("<row r=\"2\"><c r=\"C2\"/></row>"));
	/* no rows at all */
	assert_text(put_into(&a, HEAD "<sheetData/>" TAIL, PUTS(NUMBER(1, 1, "9")), false),
		SHEET("<row r=\"2\"><c r=\"B2\"><v>9</v></c></row>"));
	/* rows and cells without addresses keep their places */
	assert_text(put_into(&a, SHEET("<row><c><v>1</v></c><c t=\"str\"><v>x</v></c></row><row><c/></row>"),
		PUTS(NUMBER(0, 1, "2"), NUMBER(0, 3, "4")), false),
		SHEET("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>2</v></c><c r=\"D1\" s=\"3\"><v>4</v></c>"
			"</row><row r=\"2\"><c/></row>"));
	/* a prefix is kept */
	assert_text(put_into(&a, "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\"/></x:row>"
		"</x:sheetData></x:worksheet>",
		PUTS(NUMBER(0, 0, "1"), WORDS(0, 1, "b"), NUMBER(1, 0, "2")), false),
		"<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c><x:c r=\"B1\" "
		"t=\"inlineStr\"><x:is><x:t "
		"xml:space=\"preserve\">b</x:t></x:is></x:c></x:row><x:row r=\"2\"><x:c r=\"A2\"><x:v>2</x:v></x:c>"
		"</x:row></x:sheetData></x:worksheet>");
	/* what Excel reads as an escape stays what it is; control characters go */
	assert_text(put_into(&a, SHEET("<row r=\"2\"/>"), PUTS(WORDS(1, 0, "a_x000D_\x01\n")), false),
		SHEET("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">a_x005F_x000D_\n</t>"
			"</is></c></row>"));
	arena_free(&a);
	(void)state;
}

static void formulas(void **state)
{
	static const char sheet[] = SHEET("<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" s=\"2\" t=\"str\"><f>"
		"A2&amp;\"x\"</f><v>1x</v></c><c r=\"C2\">"
		"<f t=\"shared\" si=\"0\"/><v>3</v></c></row>");
	struct arena a;

	arena_init(&a, (size_t)256 << 20);
	/* never written over; the saved results go where something else is computed now */
	assert_text(put_into(&a, sheet, PUTS(NUMBER(1, 1, "9")), false), sheet);
	assert_text(put_into(&a, sheet, PUTS(NUMBER(1, 0, "2"), NUMBER(1, 1, "9")), true),
		SHEET("<row r=\"2\"><c r=\"A2\"><v>2</v></c><c r=\"B2\" s=\"2\" t=\"str\"><f>A2&amp;\"x\"</f></c><c "
			"r=\"C2\"><f t=\"shared\" si=\"0\"/></c></row>"));
	arena_free(&a);
	(void)state;
}

static void malformed(void **state)
{
	static const char *const bad[] = { SHEET("<row r=\"2\"/><row r=\"2\"/>"), SHEET("<row r=\"3\"/><row r=\"2\"/>"),
		SHEET("<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row>"), SHEET("<row r=\"1\"><c r=\"XFE1\"/></row>"),
			SHEET("<row r=\"x\"/>"),
		SHEET("<row r=\"0\"/>"), SHEET("<row r=\"99999999999\"/>"), HEAD "<sheetData><row>", "<worksheet/>", "" };
	struct arena a;
	struct file_fault why;
	str got;

	arena_init(&a, (size_t)256 << 20);
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(wb_sheet_put(&a, str_of(bad[i]), PUTS(NUMBER(1, 0, "2")), true, &got, &why), E_INVALID);
	arena_free(&a);
	(void)state;
}

/* ---- the file ---------------------------------------------------------------------------------------------- */

static int file_of(str bytes)
{
	int fd = memfd_create("book", MFD_CLOEXEC);

	assert_true(fd >= 0 && write(fd, bytes.p, (size_t)bytes.n) == bytes.n);
	return fd;
}

static str bytes_of(struct arena *a, int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	char *p = arena_alloc(a, (size_t)st.st_size + 1, 1);
	assert_true(pread(fd, p, (size_t)st.st_size, 0) == st.st_size);
	return (str){ p, st.st_size };
}

static const char strings[] = "<sst><si><t>Họ và tên</t></si></sst>";
static const char styles[] = "<styleSheet><cellXfs><xf/><xf/></cellXfs></styleSheet>";

/* Every part of a that b has too, the same bytes: those that differ, by name. */
static str differ(struct arena *a, str one, str two)
{
	struct file_fault why;
	struct xlsx *x, *y;
	struct buf b;

	buf_init(&b, a, 4000);
	assert_int_equal(xlsx_open(a, one, &x, &why), OK);
	assert_int_equal(xlsx_open(a, two, &y, &why), OK);
	for (zip_int64_t i = zip_get_num_entries(x->zip, 0); i < zip_get_num_entries(y->zip, 0); i++)
		put_fmt(&b, "+%s ", zip_get_name(y->zip, (zip_uint64_t)i, 0));
	for (zip_uint64_t i = 0; i < (zip_uint64_t)zip_get_num_entries(x->zip, 0); i++) {
		str p, q, name = str_of(zip_get_name(x->zip, i, 0));
		assert_true(str_eq(name, str_of(zip_get_name(y->zip, i, 0))));
		assert_int_equal(wb_part(x, name, &p, &why), OK);
		assert_int_equal(wb_part(y, name, &q, &why), OK);
		if (!str_eq(p, q))
			put_fmt(&b, "%.*s ", FMT(name));
	}
	return str_trim(buf_str(&b));
}

static void file(void **state)
{
	static const char sheet[] = SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\" "
		"hidden=\"1\"><c r=\"A2\"><v>7.5</v></c>"
		"<c r=\"B2\" t=\"inlineStr\"><is><t> id </t></is></c><c r=\"C2\"><f>A2*2</f><v>15</v></c></row>");
	struct arena a;
	struct workbook *w;
	struct file_fault why = { 0 };

	arena_init(&a, (size_t)512 << 20);
	str book = made_book(&a, "<calcPr calcId=\"1\"/>", sheet, strings, styles);
	int fd = file_of(book), out = memfd_create("out", MFD_CLOEXEC);
	assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), OK);
	assert_int_equal(w->n_sheets, 1);
	assert_text(w->sheets[0].name, "Học sinh");
	assert_int_equal(w->sheets[0].n_rows, 2);
	assert_true(w->sheets[0].hidden_columns[1] && !w->sheets[0].hidden_columns[0] && w->sheets[0].rows[1].hidden);
	assert_text(wb_text(w, 0, 0, 2), "Họ và tên");                /* of the merged range's first */
	assert_text(wb_text(w, 0, 1, 1), "id");
	assert_int_equal(wb_cell(w, 0, 1, 0)->kind, CELL_NUMBER);
	assert_text(wb_cell(w, 0, 1, 0)->text, "7.5");
	assert_true(wb_cell(w, 0, 1, 2)->formula && !wb_cell(w, 0, 1, 0)->formula);
	assert_int_equal(wb_cell(w, 0, 99, 99)->kind, CELL_BLANK);
	assert_int_equal(wb_put(w, 0, 1, 2, true, S("1")), E_STATE);
	assert_int_equal(wb_put(w, 0, 0, 1, true, S("1")), E_STATE);
	assert_int_equal(wb_put(w, 0, 1, 0, true, S("8,5")), E_INVALID);
	assert_int_equal(wb_put(w, 0, 1, 0, true, S("1e5")), E_INVALID);
	assert_int_equal(wb_put(w, 1, 1, 0, true, S("8")), E_LIMIT);
	assert_int_equal(wb_put(w, 0, 1, WB_COLUMNS, true, S("8")), E_LIMIT);
	assert_int_equal(wb_put(w, 0, 1, 0, true, S("8")), OK);
	assert_int_equal(wb_put(w, 0, 1, 0, true, S("-0.25")), OK);   /* the last holds */
	assert_int_equal(wb_put(w, 0, 4, 3, false, S("Ngoan")), OK);
	assert_int_equal(wb_write(w, fd, (str){ 0 }, out, &why), OK);
	str made = bytes_of(&a, out);
	assert_text(differ(&a, book, made), "xl/workbook.xml xl/worksheets/sheet1.xml");
	struct xlsx *x;
	str part;
	assert_int_equal(xlsx_open(&a, made, &x, &why), OK);
	assert_int_equal(wb_part(x, S("xl/workbook.xml"), &part, &why), OK);
	assert_true(str_find(part, S("<calcPr calcId=\"1\" fullCalcOnLoad=\"1\"/>")) > 0);
	struct workbook *again;
	assert_int_equal(wb_open(&a, out, (str){ 0 }, &again, &why), OK);
	assert_text(wb_text(again, 0, 1, 0), "-0.25");
	assert_text(wb_text(again, 0, 4, 3), "Ngoan");
	assert_true(wb_cell(again, 0, 1, 2)->formula && wb_cell(again, 0, 1, 2)->text.n == 0);
	close(fd);
	close(out);
	arena_free(&a);
	(void)state;
}

/* Without formulas only the sheet is written; without puts nothing is. */
static void untouched(void **state)
{
	struct arena a;
	struct file_fault why = { 0 };
	str got;

	arena_init(&a, (size_t)512 << 20);
	str book = made_book(&a, "", SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"), strings, styles);
	assert_int_equal(wb_file_put(&a, book, NULL, 0, S(""), &got, &why), OK);
	assert_text(differ(&a, book, got), "");
	assert_int_equal(wb_file_put(&a, book, PUTS(NUMBER(5, 0, "2")), S(""), &got, &why), OK);
	assert_text(differ(&a, book, got), "xl/worksheets/sheet1.xml");
	arena_free(&a);
	(void)state;
}

static int words_in(str s, const char *word)
{
	int n = 0;

	for (ptrdiff_t at; (at = str_find(s, str_of(word))) >= 0; n++)
		s = str_sub(s, at + 1, -1);
	return n;
}

/* custom: its part of custom properties; NULL: none. */
static str with_properties(struct arena *a, const char *custom)
{
	const struct made_entry e[] = { { "[Content_Types].xml",
		S("<Types xmlns=\"t\"><Default Extension=\"xml\"/></Types>"),
		0, 0 }, { "_rels/.rels", str_fmt(a, "<Relationships><Relationship Id=\"r1\" Type=\"x/officeDocument\" "
		"Target=\"xl/workbook.xml\"/>%s</Relationships>", custom ? "<Relationship Id=\"r2\" Type=\"http://schemas."
		"openxmlformats.org/officeDocument/2006/relationships/custom-properties\" Target=\"docProps/custom.xml\"/>" : ""),
		0, 0 }, { "xl/workbook.xml", S("<workbook><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets>"
		"</workbook>"), 0, 0 }, { "xl/_rels/workbook.xml.rels", S("<Relationships><Relationship Id=\"r1\" "
		"Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"), 0, 0 },
		{ "xl/worksheets/sheet1.xml", S("<worksheet><sheetData/></worksheet>"), 0, 0 },
		{ "docProps/custom.xml", str_of(custom ? custom : ""), 0, 0 } };

	return made_zip(a, e, custom ? COUNT(e) : COUNT(e) - 1, false);
}

/* A mark is a property of the file: its sheets and styles stay as they were, and a later mark takes its place. */
static void marked(void **state)
{
	static const char *const old[] = { "<Properties xmlns=\"c\" xmlns:vt=\"v\"><property fmtid=\"{D}\" pid=\"7\" "
		"name=\"Lop\"><vt:lpwstr>6A</vt:lpwstr></property></Properties>", "<Properties xmlns=\"c\"/>" };
	struct arena a;
	struct file_fault why = { 0 };
	struct xlsx *x;
	str got, again, part;

	arena_init(&a, (size_t)512 << 20);
	str book = with_properties(&a, NULL);
	assert_int_equal(wb_file_put(&a, book, NULL, 0, S("KX-1"), &got, &why), OK);
	assert_text(differ(&a, book, got), "+docProps/custom.xml [Content_Types].xml _rels/.rels");
	assert_int_equal(xlsx_open(&a, got, &x, &why), OK);
	assert_int_equal(wb_part(x, S("docProps/custom.xml"), &part, &why), OK);
	assert_int_equal(words_in(part, "name=\"khue.stamp\"><vt:lpwstr"), 1);
	assert_int_equal(words_in(part, ">KX-1<"), 1);
	assert_int_equal(wb_file_put(&a, got, NULL, 0, S("KX-2"), &again, &why), OK);
	assert_text(differ(&a, got, again), "docProps/custom.xml");
	assert_int_equal(xlsx_open(&a, again, &x, &why), OK);
	assert_int_equal(wb_part(x, S("docProps/custom.xml"), &part, &why), OK);
	assert_int_equal(words_in(part, "KX-1") * 10 + words_in(part, "KX-2"), 1);
	for (int i = 0; i < COUNT(old); i++) {
		book = with_properties(&a, old[i]);
		assert_int_equal(wb_file_put(&a, book, NULL, 0, S("KX-3"), &got, &why), OK);
		assert_text(differ(&a, book, got), "docProps/custom.xml");
		assert_int_equal(xlsx_open(&a, got, &x, &why), OK);
		assert_int_equal(wb_part(x, S("docProps/custom.xml"), &part, &why), OK);
		assert_int_equal(words_in(part, ">KX-3<"), 1);
		assert_int_equal(words_in(part, "pid=\"8\"") * 10 + words_in(part, ">6A<"), i == 0 ? 11 : 0);
	}
	arena_free(&a);
	(void)state;
}

static void refused(void **state)
{
	static const struct { const char *part, *text; bool bad; } parts[] = { { "xl/vbaProject.bin", "x", true },
		{ "xl/embeddings/oleObject1.bin", "x", true }, { "xl/activeX/activeX1.xml", "<x/>", true },
			{ "xl/connections.xml", "<x/>", true },
		{ "xl/externalLinks/externalLink1.xml", "<externalLink><ddeLink ddeService=\"cmd\"/></externalLink>", true },
		{ "xl/externalLinks/externalLink1.xml", "<externalLink><externalBook/></externalLink>", false },
		{ "docProps/app.xml", "<x/>", false } };
	struct arena a;
	struct workbook *w;

	arena_init(&a, (size_t)512 << 20);
	for (ptrdiff_t i = 0; i < COUNT(parts); i++) {
		struct file_fault why = { 0 };
		struct made_entry e[] = { { "xl/workbook.xml", S("<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/>"
			"</sheets></workbook>"), 0, 0 },
			{ "xl/_rels/workbook.xml.rels", S("<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" "
				"Target=\"s.xml\"/></Relationships>"), 0, 0 },
			{ "xl/s.xml", S("<worksheet><sheetData/></worksheet>"), 0, 0 }, { parts[i].part,
				str_of(parts[i].text), 0, 0 } };
		int fd = file_of(made_zip(&a, e, COUNT(e), false));
		assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), parts[i].bad ? E_INVALID : OK);
		assert_true(!parts[i].bad || (strstr(why.vi, "macro") && strstr(why.en, "macros")));
		close(fd);
	}
	static const char *const others[] = { "STT;Ten\n1;An\n", "\xD0\xCF\x11\xE0old xls", "PK\3\4 broken" };
	for (ptrdiff_t i = 0; i < COUNT(others); i++) {
		struct file_fault why = { 0 };
		int fd = file_of(str_of(others[i]));
		assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), E_INVALID);
		assert_true(why.vi && why.en && *why.vi);
		close(fd);
	}
	arena_free(&a);
	(void)state;
}

static void too_large(void **state)
{
	struct arena a;
	struct workbook *w;
	struct file_fault why = { 0 };

	arena_init(&a, (size_t)512 << 20);
	int fd = file_of(made_book(&a, "", SHEET("<row r=\"20001\"><c r=\"A20001\"><v>1</v></c></row>"), NULL, NULL));
	assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), E_LIMIT);
	assert_non_null(strstr(why.vi, "20.000"));
	close(fd);
	/* styled but empty: nobody's limit */
	fd = file_of(made_book(&a, "", SHEET("<row r=\"20001\"><c r=\"A20001\" s=\"1\"/></row>"), NULL, NULL));
	assert_int_equal(wb_open(&a, fd, (str){ 0 }, &w, &why), OK);
	assert_int_equal(w->sheets[0].n_rows, 0);
	close(fd);
	arena_free(&a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(formulas),
		cmocka_unit_test(malformed),
		cmocka_unit_test(file), cmocka_unit_test(untouched), cmocka_unit_test(marked), cmocka_unit_test(refused),
			cmocka_unit_test(too_large) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
