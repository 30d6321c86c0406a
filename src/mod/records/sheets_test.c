/* sheets_test.c -- workbooks of marks held against the books of a class, on both engines: what would change, what is
 * wrong, what is written, and what a filled workbook holds. */
#include "mod/records/records_world.h"
#include "core/files.h"
#include "mod/records/sheets.h"
#include "xlsx_make.h"
#include <sys/stat.h>

/* A workbook of lines, cells parted by |; a number is one, = begins a formula. Sheets by name and text. */
struct made_sheet { const char *name, *lines; };

static str sheet_xml(struct arena *a, const char *text)
{
	struct buf b;
	str line, one, rest = str_of(text);
	int64_t row = 0, n;

	buf_init(&b, a, 1 << 20);
	put_z(&b, "<worksheet><sheetData>");
	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		put_fmt(&b, "<row r=\"%lld\">", (long long)++row);
		for (int k = 0; line.n; k++) {
			str_cut(line, '|', &one, &line);
			str whole, part;
			bool number = str_cut(one, '.', &whole, &part) ? str_to_int(whole, &n) && str_to_int(part, &n)
				: str_to_int(one, &n);
			put_fmt(&b, "<c r=\"%c%lld\"", 'A' + k, (long long)row);
			if (str_is(one, "TRUE"))
				put_z(&b, " t=\"b\"><v>1</v></c>");
			else if (one.n && one.p[0] == '=')
				put_fmt(&b, "><f>%.*s</f><v>0</v></c>", FMT(str_sub(one, 1, -1)));
			else if (number)
				put_fmt(&b, "><v>%.*s</v></c>", FMT(one));
			else if (one.n)
				put_fmt(&b, " t=\"inlineStr\"><is><t>%.*s</t></is></c>", FMT(one));
			else
				put_z(&b, "/>");
		}
		put_z(&b, "</row>");
	}
	put_z(&b, "</sheetData></worksheet>");
	return buf_str(&b);
}

static file_id send(struct world *w, struct ctx *c, const struct made_sheet *sheets, int n)
{
	struct made_entry e[12];
	struct buf names, rels;
	file_id id;

	buf_init(&names, c->mem, 4000);
	buf_init(&rels, c->mem, 4000);
	for (int i = 0; i < n; i++) {
		put_fmt(&names, "<sheet name=\"%s\" r:id=\"r%d\"/>", sheets[i].name, i);
		put_fmt(&rels, "<Relationship Id=\"r%d\" Type=\"x/worksheet\" Target=\"s%d.xml\"/>", i, i);
		e[i] = (struct made_entry){ str_z(c->mem, TEXT(c, "xl/s%d.xml", i)), sheet_xml(c->mem,
			sheets[i].lines), 0, 0 };
	}
	e[n] = (struct made_entry){ "xl/workbook.xml", TEXT(c, "<workbook><sheets>%.*s</sheets></workbook>",
		FMT(buf_str(&names))), 0, 0 };
	e[n + 1] = (struct made_entry){ "xl/_rels/workbook.xml.rels", TEXT(c, "<Relationships>%.*s</Relationships>",
		FMT(buf_str(&rels))), 0, 0 };
	OKAY(file_own(c, w->a, S("so.xlsx"), S(WB_TYPE), made_zip(c->mem, e, n + 2, false), (instant){ 0 },
		stamp_free("a test"), &id));
	return id;
}

/* "tx1 new 8;tx2 wrong;" of a line: its columns that do something. */
static str line_text(struct ctx *c, const struct sheets *s, const struct sheet *x, int64_t at)
{
	static const char *const words[] = { "blank", "same", "new", "changed", "wrong" };
	struct buf b;

	buf_init(&b, c->mem, 4000);
	put_fmt(&b, "%.*s:", FMT(x->lines[at].how));
	for (int k = 0; k < x->lines[at].n_cells; k++) {
		const struct xl_cell *cell = &x->lines[at].cells[k];
		int is = x->is[cell->column];
		if (cell->what > SHEET_SAME)
			put_fmt(&b, " %s %s %.*s;", is == SHEET_REMARK ? "remark" : x->g.layout.slots[is].key, words[cell->what],
				FMT(cell->shown));
	}
	(void)s;
	return buf_str(&b);
}

static void open_as(struct ctx *c, struct class_of *k, file_id file, struct sheets *s,
	const struct sheets_given *given)
{
	struct world *w = k->w;
	struct sheets_ask ask = { w->class_a, k->subjects[0], TERM_1, file };

	OKAY(sheets_open(c, &ask, 0, s));
	OKAY(sheets_read(s, given ? given : &(struct sheets_given){ 0 }));
}

/* The columns stand in another order, beside strange ones; the names of three pupils. */
#define HEAD "SỔ ĐIỂM\nLớp: %.*s Môn: Toán\nHọc kì I\nSTT|Mã định danh|Ghi chú|Họ và tên|Ngày sinh|ĐĐGck|ĐĐGtx1|" \
	"ĐĐGtx2|ĐĐGgk|ĐTBmhk|Nhận xét|ĐĐGtx9\n"

static str class_name(struct arena *a, struct class_of *k)
{
	struct world *w = k->w;
	struct school_class g;

	OKAY(find(as_khue(w), &school_class, w->class_a.v, &g));
	return str_copy(a, g.name);
}

static void changes(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;
	struct person p;
	struct arena a;

	arena_init(&a, 1 << 20);
	save_one(&k, "tx1", "", "7", CELL_SAVED);
	str class_ = class_name(&a, &k);
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	const char *lines = str_z(&a, str_fmt(&a, HEAD "1|||%.*s||8,5|7|12|85|=1|Ngoan|5\n2|||Lê An||-1|8.33|tốt|v|0||\n"
		"3|||Người Lạ||8||||||\n4|||Phạm Yến||0|6.5|7,0|10|||\n|||Cộng||||||||\n", FMT(class_), FMT(p.name)));
	struct ctx *c = mine(&k);
	open_as(c, &k, send(w, c, &(struct made_sheet){ "Trang 1", lines }, 1), &s, NULL);
	assert_int_equal(s.n, 1);
	struct sheet *x = s.at[0];
	assert_int_equal(x->g.head.class, w->class_a.v);
	assert_int_equal(x->n_lines, 4);
	assert_text(line_text(c, &s, x, 0), "name: ck new 8,5; tx2 wrong 12; gk wrong 85; remark new Ngoan;");
	assert_text(line_text(c, &s, x, 1), "name: ck wrong -1; tx1 wrong 8,33; tx2 wrong tốt; gk new v;");
	assert_text(line_text(c, &s, x, 2), "unknown:");
	assert_text(line_text(c, &s, x, 3), "name: ck new 0; tx1 new 6,5; tx2 new 7; gk new 10;");
	assert_int_equal(x->counts[SHEET_SAME], 1);
	assert_int_equal(x->unknown, 1);
	assert_true(str_find(buf_str(&x->notes), S("ĐĐGtx9")) >= 0);
	assert_true(x->trouble.n == 0);
	/* whoever does not teach it sees the changes and writes none */
	c = as(w, &principal, w->a, w->teacher_a);
	open_as(c, &k, send(w, c, &(struct made_sheet){ "Trang 1", lines }, 1), &s, NULL);
	assert_true(s.n == 1 && s.at[0]->trouble.n > 0);
	arena_free(&a);
	close_class(&k);
}

/* What a sheet is silent about stays and is told; a truth value is no 1; junk behind a number is not about decimals. */
static void silent(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct ctx *c = mine(&k);
	struct sheets s;

	save_one(&k, "tx1", "", "7", CELL_SAVED);
	struct person p;
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	const char *lines = str_z(c->mem, TEXT(c, "Họ và tên|TX1|TX2|GK\n%.*s|||8;5\nPhạm Yến|TRUE|8,333|8,\n",
		FMT(p.name)));
	open_as(c, &k, send(w, c, &(struct made_sheet){ "Toán", lines }, 1), &s, NULL);
	struct sheet *x = s.at[0];
	assert_text(line_text(c, &s, x, 0), "name: gk wrong 8;5;");
	assert_text(x->lines[0].cells[0].was, "7");
	assert_true(str_find(x->lines[0].cells[2].why, S("a number from 0 to 10")) >= 0);
	assert_text(line_text(c, &s, x, 1), "name: tx1 wrong TRUE; tx2 wrong 8,333; gk wrong 8,;");
	assert_true(str_find(x->lines[1].cells[0].why, S("truth value")) >= 0);
	assert_true(str_find(x->lines[1].cells[1].why, S("one decimal")) >= 0);
	assert_true(str_find(buf_str(&x->notes), S("1 cells of the book are empty on this sheet")) >= 0);
	assert_true(str_find(buf_str(&x->notes), S("pupils of the class are not on this sheet")) >= 0);
	assert_true(str_find(buf_str(&x->notes), S("Lê An")) >= 0);
	close_class(&k);
}

/* Marks one column off look right but for the average beside them. */
static void averages_tell_of_shifted_columns(void **state)
{
	static const char *const cells[] = { "8|8|8|8|8|9|8,3", "|8|8|8|8|8|8", "8|8|8|8|9|8|8,5" };
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;

	for (int i = 0; i < COUNT(cells); i++) {
		struct ctx *c = mine(&k);
		const char *lines = str_z(c->mem, TEXT(c, "Họ và tên|TX1|TX2|TX3|TX4|GK|CK|ĐTBmhkI\nLê An|%s\n", cells[i]));
		open_as(c, &k, send(w, c, &(struct made_sheet){ "Toán", lines }, 1), &s, NULL);
		bool told = str_find(buf_str(&s.at[0]->notes), S("1 rows (row 2: 8,5, computed 8,2)")) >= 0;
		assert_true(told == (i == 2));
		assert_true((str_find(buf_str(&s.at[0]->notes), S("averages")) >= 0) == (i == 2));
	}
	close_class(&k);
}

/* A name on two lines: one may be of another class; a sheet with a column of classes says so. */
static void of_a_whole_school(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct ctx *c = mine(&k);
	struct sheets s;

	file_id two = send(w, c, &(struct made_sheet){ "Toán", "Họ và tên|TX1\nPhạm Yến|8\nTrần Văn Bình|7\n"
		"PHẠM YẾN|2\nPhạm Yến|3\n" }, 1);
	open_as(c, &k, two, &s, NULL);
	assert_text(line_text(c, &s, s.at[0], 0), "both:");
	assert_text(line_text(c, &s, s.at[0], 1), "name: tx1 new 7;");
	assert_text(line_text(c, &s, s.at[0], 2), "both:");
	assert_text(line_text(c, &s, s.at[0], 3), "both:");
	assert_int_equal(s.at[0]->counts[SHEET_NEW], 1);
	assert_int_equal(s.at[0]->unknown, 3);
	struct sheet_chosen third = { 0, 3, k.pupils[2].v };
	open_as(c, &k, two, &s, &(struct sheets_given){ &third, 1, NULL, 0 });
	assert_text(line_text(c, &s, s.at[0], 2), "chosen: tx1 new 2;");
	assert_int_equal(s.at[0]->counts[SHEET_NEW], 2);
	two = send(w, c, &(struct made_sheet){ "Toán", "Lớp|Họ và tên|TX1\n99Z|Phạm Yến|8\n|Trần Văn Bình|7\n" }, 1);
	open_as(c, &k, two, &s, NULL);
	assert_int_equal(s.at[0]->n_lines, 1);
	assert_true(str_find(buf_str(&s.at[0]->notes), S("1 rows of another class")) >= 0);
	close_class(&k);
}

/* Two of one name are asked for, unless the day of birth says who; a code beats a name; a line twice is none. */
static void who(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;
	person_id twin = add_person(w, w->a, "Lê An", true, false);
	struct person p;
	struct arena a;

	arena_init(&a, 1 << 20);
	enrol(w, twin, w->class_a);
	struct ctx *c = as_khue(w);
	OKAY(find(c, &person, twin.v, &p));
	p.born = (day){ 15000 };
	p.sector_id = S("0123456789");
	OKAY(update(c, &person, &p));
	str born = day_text(c->mem, p.born);
	const char *lines = str_z(&a, str_fmt(&a, "Họ và tên|Ngày sinh|Mã định danh|TX1\nLê An|||8\nLê "
		"An|%.*s||7\nLê An|01/01/1999||6\n"
		"Ai đó||0123456789|9\nPhạm Yến||999|5\n", FMT(born)));
	c = mine(&k);
	file_id file = send(w, c, &(struct made_sheet){ "Toán", lines }, 1);
	open_as(c, &k, file, &s, NULL);
	struct sheet *x = s.at[0];
	assert_int_equal(x->n_lines, 5);
	assert_text(line_text(c, &s, x, 0), "several:");
	assert_int_equal(x->lines[0].n_choices, 2);
	assert_text(line_text(c, &s, x, 1), "name: tx1 new 7;");
	assert_int_equal(x->roster.rows[x->lines[1].at].pupil, twin.v);
	assert_text(line_text(c, &s, x, 2), "several:");
	assert_text(line_text(c, &s, x, 3), "unlike:");
	assert_text(line_text(c, &s, x, 4), "name: tx1 new 5;");       /* another programme's code says nothing */
	/* the school's own code, beside that of the sector and in its place */
	assert_int_equal(db_exec(w->db, "UPDATE person SET school_code = '007HS' WHERE id = ?1", VALS(v_int(twin.v)), NULL),
		OK);
	file_id coded = send(w, c, &(struct made_sheet){ "Toán", "Mã định danh|Mã học sinh|Họ và tên|TX1\n|007HS|Lê "
		"An|8\n" }, 1);
	open_as(c, &k, coded, &s, NULL);
	assert_int_equal(s.at[0]->is[1], SHEET_OWN);
	assert_text(line_text(c, &s, s.at[0], 0), "code: tx1 new 8;");
	assert_int_equal(s.at[0]->roster.rows[s.at[0]->lines[0].at].pupil, twin.v);
	coded = send(w, c, &(struct made_sheet){ "Toán", "Mã học sinh|Họ và tên|TX1\n007HS|Lê An|8\n" }, 1);
	open_as(c, &k, coded, &s, NULL);
	assert_text(line_text(c, &s, s.at[0], 0), "code: tx1 new 8;");
	/* chosen */
	struct sheet_chosen chosen = { 0, 1, k.pupils[1].v };
	open_as(c, &k, file, &s, &(struct sheets_given){ &chosen, 1, NULL, 0 });
	assert_text(line_text(c, &s, s.at[0], 0), "chosen: tx1 new 8;");
	/* nobody outside the class can be chosen */
	chosen.pupil = w->teacher_a.v;
	open_as(c, &k, file, &s, &(struct sheets_given){ &chosen, 1, NULL, 0 });
	assert_text(line_text(c, &s, s.at[0], 0), "several:");
	arena_free(&a);
	close_class(&k);
}

/* A code beats a name only where the two agree: a column of codes that slipped by a row gives nobody the neighbour's
 * marks. How a name is spelt is no disagreement. */
static void codes_against_names(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;
	struct person p;

	OKAY(db_exec(w->db, "UPDATE person SET school_code = 'HS1', born = 15000, name = 'Lê Thúy Vy' WHERE id = ?1",
		VALS(v_int(k.pupils[1].v)), NULL));
	OKAY(db_exec(w->db, "UPDATE person SET school_code = 'HS2', born = 15001 WHERE id = ?1",
		VALS(v_int(k.pupils[2].v)), NULL));
	OKAY(find(as_khue(w), &person, k.pupils[1].v, &p));
	struct ctx *c = mine(&k);
	str born = day_text(c->mem, p.born);
	const char *lines = str_z(c->mem, TEXT(c, "Mã học sinh|Họ và tên|Ngày sinh|TX1\nHS2|Lê Thúy Vy|%.*s|8\n"
		"HS1|Phạm Yến||7\nHS2|Phạm Yến|%.*s|6\nHS1|LE  THUÝ VI|%.*s|5\n", FMT(born), FMT(born), FMT(born)));
	open_as(c, &k, send(w, c, &(struct made_sheet){ "Toán", lines }, 1), &s, NULL);
	struct sheet *x = s.at[0];
	assert_int_equal(x->n_lines, 4);
	assert_text(line_text(c, &s, x, 0), "unlike:");
	assert_text(x->lines[0].given, "Lê Thúy Vy");
	assert_int_equal(x->lines[0].n_choices, 2);
	assert_int_equal(x->lines[0].choices[0].pupil, k.pupils[2].v);
	assert_text(line_text(c, &s, x, 1), "unlike:");
	assert_text(line_text(c, &s, x, 2), "unlike:");             /* the name agrees, the birthday does not */
	assert_text(line_text(c, &s, x, 3), "code: tx1 new 5;");
	assert_int_equal(x->unknown, 3);
	/* split accents, the given name alone, no name at all */
	file_id again = send(w, c, &(struct made_sheet){ "Toán",
		"Mã học sinh|Tên|TX1\nHS1|Vy\xCC\x83|8\nHS2|Yê\xCC\x81n|7\n" }, 1);
	open_as(c, &k, again, &s, NULL);
	assert_text(line_text(c, &s, s.at[0], 0), "code: tx1 new 8;");
	assert_text(line_text(c, &s, s.at[0], 1), "code: tx1 new 7;");
	again = send(w, c, &(struct made_sheet){ "Toán", "Mã định danh|Mã học sinh|Họ và tên|TX1\n|HS1||8\n" }, 1);
	open_as(c, &k, again, &s, NULL);
	assert_text(line_text(c, &s, s.at[0], 0), "code: tx1 new 8;");
	/* a person looked at both names and says who it is */
	struct sheet_chosen chosen = { 0, 1, k.pupils[1].v };
	again = send(w, c, &(struct made_sheet){ "Toán", lines }, 1);
	open_as(c, &k, again, &s, &(struct sheets_given){ &chosen, 1, NULL, 0 });
	assert_text(line_text(c, &s, s.at[0], 0), "chosen: tx1 new 8;");
	close_class(&k);
}

/* Several sheets: each is the book it says; of others' books and what is no book is told. */
static void several(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;
	struct ctx *c = mine(&k);
	const struct made_sheet sheets[] = { { "Toan", "Họ và tên|TX1\nLê An|8\n" }, { "Ngu van", "Họ và "
		"tên|TX1\nLê An|8\n" },
		{ "Tờ 3", "Môn Toán - Học kỳ II\nHọ và tên|TX1\nLê An|6\n" }, { "Toan 2", "Họ và tên|TX1\nLê An|7\n" },
		{ "Ghi chú", "Nội dung\nx\n" }, { "Tờ 6", "Họ và tên|TX1\nLê An|8\n" } };

	open_as(c, &k, send(w, c, sheets, COUNT(sheets)), &s, NULL);
	assert_int_equal(s.n, 2);
	assert_true(s.at[0]->g.term == TERM_1 && s.at[1]->g.term == TERM_2 && s.at[1]->sheet == 2);
	str notes = buf_str(&s.notes);
	assert_true(str_find(notes, S("“Ngu van”")) >= 0 && str_find(notes, S("“Toan 2”")) >= 0 &&
		str_find(notes, S("“Ghi chú”")) >= 0 && str_find(notes, S("“Tờ 6”")) >= 0);
	close_class(&k);
}

/* A locked column is told at the cell and not written, whatever the file says; the open one beside it is. */
static void locked(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;
	struct mark_lock lock;

	row_zero(&mark_lock, &lock);
	lock.base.org = w->a;
	lock.year = w->year;
	lock.term = TERM_1;
	lock.part = PART_MIDDLE;
	lock.on_day = (day){ 10000 };
	OKAY(create(as_khue(w), &mark_lock, &lock));
	struct ctx *c = mine(&k);
	open_as(c, &k, send(w, c, &(struct made_sheet){ "Toán", "Họ và tên|TX1|ĐĐGgk\nLê An|8|9\n" }, 1), &s, NULL);
	assert_text(line_text(c, &s, s.at[0], 0), "name: tx1 new 8; gk wrong 9;");
	assert_true(s.at[0]->lines[0].cells[1].why.n > 0);
	/* a remark goes with the whole book */
	static const char remark[] = "Họ và tên|TX1|Nhận xét\nLê An|8|Lười\n";
	open_as(c, &k, send(w, c, &(struct made_sheet){ "Toán", remark }, 1), &s, NULL);
	assert_text(line_text(c, &s, s.at[0], 0), "name: tx1 new 8; remark new Lười;");
	lock.base.id = 0;
	lock.part = PART_ALL;
	OKAY(create(as_khue(w), &mark_lock, &lock));
	c = mine(&k);
	open_as(c, &k, send(w, c, &(struct made_sheet){ "Toán", remark }, 1), &s, NULL);
	assert_text(line_text(c, &s, s.at[0], 0), "name: tx1 wrong 8; remark wrong Lười;");
	assert_true(s.at[0]->lines[0].cells[1].why.n > 0);
	close_class(&k);
}

static enum rc post_all(struct ctx *c, struct class_of *k, const char *act, file_id file, int64_t form,
	const char *seen, const char *reason, void *out)
{
	const struct field *f = excel_in.fields;
	char *in = arena_alloc(c->mem, excel_in.size, 16);

	for (; f->name; f++) {
		char *at = in + f->at;
		if (strcmp(f->name, "class") == 0)
			memcpy(at, &k->w->class_a, sizeof k->w->class_a);
		else if (strcmp(f->name, "subject") == 0)
			memcpy(at, &k->subjects[0], sizeof k->subjects[0]);
		else if (strcmp(f->name, "file") == 0)
			memcpy(at, &file, sizeof file);
		else if (strcmp(f->name, "form") == 0)
			memcpy(at, &form, sizeof form);
		else if (strcmp(f->name, "seen") == 0)
			*(str *)(void *)at = str_of(seen);
		else if (strcmp(f->name, "reason") == 0)
			*(str *)(void *)at = str_of(reason);
		else if (strcmp(f->name, "act") == 0)
			for (pick i = 0; f->pick[i].code; i++)
				if (strcmp(f->pick[i].code, act) == 0)
					*(pick *)at = i;
	}
	return excel_post(c, in, out);
}

static enum rc post(struct ctx *c, struct class_of *k, const char *act, file_id file, const char *seen, void *out)
{
	return post_all(c, k, act, file, 0, seen, "", out);
}

static enum rc post_form(struct ctx *c, struct class_of *k, int64_t form)
{
	return post_all(c, k, "fill", (file_id){ 0 }, form, "", "", NULL);
}

/* Written through the ledger: the right cells and no others; what others wrote since is not written over. */
static void written(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct grid g;
	const char *lines = "Họ và tên|TX1|TX2|Nhận xét\nLê An|8|12|Chăm\nPhạm Yến|7||\n";
	struct ctx *c = mine(&k);
	file_id file = send(w, c, &(struct made_sheet){ "Toán", lines }, 1);
	void *out = arena_alloc(c->mem, excel_out.size, 16);
	struct save_told t;

	OKAY(post(c, &k, "look", file, "", out));
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 0);
	/* looked at when the ledger was empty; then another page writes one of the cells */
	OKAY(grid_load(mine(&k), w->class_a, k.subjects[0], TERM_1, &g));
	char seen[40];
	snprintf(seen, sizeof seen, "%lld:0:0 ", (long long)g.head.id);
	struct cell_edit other = edit(&k, 2, "tx1", "", "5");
	OKAY(save_as(mine(&k), &k, 0, TERM_1, &other, 1, "", &t));
	c = mine(&k);
	out = arena_alloc(c->mem, excel_out.size, 16);
	OKAY(post(c, &k, "write", file, seen, out));
	OKAY(grid_load(mine(&k), w->class_a, k.subjects[0], TERM_1, &g));
	for (int64_t i = 0; i < g.n; i++)
		if (g.rows[i].pupil.v == k.pupils[1].v) {
			assert_text(g.rows[i].cells, "tx1=8");
			assert_text(g.rows[i].remark, "Chăm");
		} else if (g.rows[i].pupil.v == k.pupils[2].v) {
			assert_text(g.rows[i].cells, "tx1=5");
		}
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 2);
	/* nothing is left that could be written: nothing is appended */
	c = mine(&k);
	out = arena_alloc(c->mem, excel_out.size, 16);
	OKAY(post(c, &k, "write", file, seen, out));
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 2);
	close_class(&k);
}

/* Behind a lock that the principal opened a reason is asked for: without it nothing is written, with it it stands in
 * the ledger. */
static void reopened(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct mark_lock lock;
	struct mark_reopen ask;

	row_zero(&mark_lock, &lock);
	lock.base.org = w->a;
	lock.year = w->year;
	lock.term = TERM_1;
	lock.on_day = (day){ 10000 };
	OKAY(create(as_khue(w), &mark_lock, &lock));
	row_zero(&mark_reopen, &ask);
	ask.course.v = count(w, "SELECT k.id FROM course k JOIN subject s ON s.id = k.subject WHERE s.code = 'toan'");
	ask.reason = S("Chấm nhầm bài");
	OKAY(create(mine(&k), &mark_reopen, &ask));
	ask.until = w->c.today;
	OKAY(step(as(w, &principal, w->a, (person_id){ 0 }), &mark_reopen, &ask, "approve"));
	struct ctx *c = mine(&k);
	file_id file = send(w, c, &(struct made_sheet){ "Toán", "Họ và tên|TX1\nLê An|8\n" }, 1);
	OKAY(post_all(c, &k, "write", file, 0, "", " ", arena_alloc(c->mem, excel_out.size, 16)));
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 0);
	c = mine(&k);
	OKAY(post_all(c, &k, "write", file, 0, "", "Chấm nhầm bài", arena_alloc(c->mem, excel_out.size, 16)));
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry WHERE reason = 'Excel: so.xlsx – Chấm nhầm bài'"), 1);
	close_class(&k);
}

/* The imports of the actor in the book of the first term: how many; *ret: the latest. */
static int64_t imports(struct ctx *c, struct class_of *k, struct sheet_import *ret)
{
	struct world *w = k->w;
	struct course_head head;
	items got;

	OKAY(course_find(c, w->class_a, k->subjects[0], &head));
	OKAY(sheets_imports(c, &head, TERM_1, &got));
	if (got.n)
		*ret = *(const struct sheet_import *)got.p;
	return got.n;
}

static str cells_now(struct class_of *k, int who, str *ret_remark)
{
	struct world *w = k->w;
	struct grid g;

	OKAY(grid_load(mine(k), w->class_a, k->subjects[0], TERM_1, &g));
	for (int64_t i = 0; i < g.n; i++)
		if (g.rows[i].pupil.v == k->pupils[who].v) {
			*ret_remark = g.rows[i].remark;
			return g.rows[i].cells;
		}
	return S("?");
}

/* An import is taken back as a save of its own: cells are as before but those written since; the ledger holds. */
static void taken_back(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheet_import x = { 0 };
	struct save_told t;
	struct ledger_fault fault;
	int64_t n, lost, books, entries, seals;
	str remark;
	struct cell_edit before[] = { edit(&k, 1, "tx1", "", "6"), edit(&k, 2, "tx2", "", "v") };

	OKAY(save_as(mine(&k), &k, 0, TERM_1, before, COUNT(before), "", &t));
	struct ctx *c = mine(&k);
	assert_int_equal(imports(c, &k, &x), 0);                          /* what was typed is no import */
	file_id file = send(w, c, &(struct made_sheet){ "Toán", "Họ và tên|TX1|TX2|Nhận xét\nLê An|8|9|Chăm\n"
		"Phạm Yến|7|10|\n" }, 1);
	OKAY(post(c, &k, "write", file, "", arena_alloc(c->mem, excel_out.size, 16)));
	struct cell_edit since = edit(&k, 2, "tx1", "7", "7,5");
	OKAY(save_as(mine(&k), &k, 0, TERM_1, &since, 1, "", &t));
	c = mine(&k);
	assert_int_equal(imports(c, &k, &x), 1);
	assert_text(x.file, "so.xlsx");
	assert_true(x.cells == 4 && x.lost == 1 && x.books == 1);
	/* nobody else's, and not behind a lock */
	int64_t key = x.key;
	c = mine(&k);
	w->actor.user.v = 78;
	assert_int_equal(imports(c, &k, &x), 0);
	assert_int_equal(sheets_undo(c, key, &n, &lost), E_STATE);
	struct mark_lock lock;
	row_zero(&mark_lock, &lock);
	lock.base.org = w->a;
	lock.year = w->year;
	lock.term = TERM_1;
	lock.on_day = (day){ 10000 };
	OKAY(create(as_khue(w), &mark_lock, &lock));
	assert_int_equal(sheets_undo(mine(&k), key, &n, &lost), E_STATE);
	OKAY(retire(as_khue(w), &mark_lock, lock.base.id, lock.base.rev));
	assert_text(cells_now(&k, 1, &remark), "tx1=8 tx2=9");

	OKAY(sheets_undo(mine(&k), key, &n, &lost));
	assert_true(n == 4 && lost == 1);
	assert_text(cells_now(&k, 1, &remark), "tx1=6");
	assert_text(remark, "");
	assert_text(cells_now(&k, 2, &remark), "tx1=7.5 tx2=v");
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry WHERE reason LIKE '%Excel: so.xlsx'"), 2);
	assert_int_equal(imports(mine(&k), &k, &x), 0);                   /* once */
	assert_int_equal(sheets_undo(mine(&k), key, &n, &lost), E_STATE);
	OKAY(ledger_verify(as_khue(w), &books, &entries, &seals, &fault));
	close_class(&k);
}

/* Of two imports the later is taken back first: then nothing is left of either. */
static void taken_back_in_turn(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheet_import x = { 0 };
	struct save_told t;
	int64_t n, lost;
	str remark;
	struct cell_edit before = edit(&k, 1, "tx1", "", "6");

	OKAY(save_as(mine(&k), &k, 0, TERM_1, &before, 1, "", &t));
	for (int i = 0; i < 2; i++) {
		struct ctx *c = mine(&k);
		w->c.now.v += 1000;
		file_id file = send(w, c, &(struct made_sheet){ "Toán", i ? "Họ và tên|GK\nLê An|9\n"
			: "Họ và tên|GK\nLê An|8\n" }, 1);
		OKAY(post(c, &k, "write", file, "", arena_alloc(c->mem, excel_out.size, 16)));
	}
	assert_text(cells_now(&k, 1, &remark), "tx1=6 gk=9");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(imports(mine(&k), &k, &x), 1);
		OKAY(sheets_undo(mine(&k), x.key, &n, &lost));
		assert_text(cells_now(&k, 1, &remark), i ? "tx1=6" : "tx1=6 gk=8");
	}
	close_class(&k);
}

static struct workbook *fetched(struct world *w, struct ctx *c)
{
	struct workbook *ret;
	int64_t id = 0;

	assert_true(str_starts(c->go, S("/tep/")) && str_to_int(str_sub(c->go, 5, -1), &id));
	OKAY(wb_of_file(c, (file_id){ id }, 0, &ret));
	return ret;
}

/* A form that was sent comes back with the marks in its columns; formulas and strange columns stay. Our own form is
 * read again as it was written: nothing differs. */
static void filled(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;
	struct save_told t;
	struct cell_edit edits[] = { edit(&k, 1, "tx1", "", "8,5"), edit(&k, 1, "gk", "", "v"), edit(&k, 2, "tx2",
		"", "10"),
		edit(&k, 2, "remark", "", "Tiến bộ") };

	OKAY(save_as(mine(&k), &k, 0, TERM_1, edits, COUNT(edits), "", &t));
	struct ctx *c = mine(&k);
	file_id file = send(w, c, &(struct made_sheet){ "Toán", "Nhận xét|X|Họ và "
		"tên|TX2|TX1|ĐĐGgk|ĐTBmhk\n|giữ|Lê An|3|||=A1\n|5|Phạm Yến||2||=A2\n" },
		1);
	OKAY(post(c, &k, "fill", file, "", NULL));
	struct workbook *b = fetched(w, c);
	assert_text(wb_text(b, 0, 1, 1), "giữ");
	assert_text(wb_text(b, 0, 1, 4), "8.5");
	assert_int_equal(wb_cell(b, 0, 1, 4)->kind, CELL_NUMBER);
	assert_text(wb_text(b, 0, 1, 5), "v");
	assert_text(wb_text(b, 0, 1, 3), "");                         /* the book has no mark there */
	assert_text(wb_text(b, 0, 2, 3), "10");
	assert_text(wb_text(b, 0, 2, 0), "Tiến bộ");
	assert_true(wb_cell(b, 0, 2, 6)->formula);
	/* a form without pupils gets them */
	c = mine(&k);
	OKAY(post(c, &k, "fill", send(w, c, &(struct made_sheet){ "Toán", "STT|Họ và tên|TX1\n" }, 1), "", NULL));
	b = fetched(w, c);
	assert_int_equal(b->sheets[0].n_rows, 1 + N_PUPILS);
	assert_text(wb_text(b, 0, 1, 0), "1");
	/* our own */
	c = mine(&k);
	OKAY(post(c, &k, "fill", (file_id){ 0 }, "", NULL));
	int64_t id = 0;
	assert_true(str_to_int(str_sub(c->go, 5, -1), &id));
	open_as(c, &k, (file_id){ id }, &s, NULL);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.at[0]->n_lines, N_PUPILS);
	assert_int_equal(s.at[0]->counts[SHEET_SAME], 4);
	assert_int_equal(s.at[0]->counts[SHEET_NEW] + s.at[0]->counts[SHEET_CHANGED] + s.at[0]->counts[SHEET_WRONG], 0);
	assert_true(s.w->sheets[0].hidden_columns[1]);
	/* who took a book out is written down */
	assert_int_equal(count(w, "SELECT count(*) FROM audit WHERE entity = 'course' AND verb = 'export'"), 3);
	close_class(&k);
}

/* A form the school keeps must be one; a teacher of the school may use it, and nobody of another. */
static void forms(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct mark_template x;
	struct ctx *c = as(w, &clerk, w->a, w->teacher_a);

	row_zero(&mark_template, &x);
	x.base.org = w->a;
	x.name = S("vnEdu");
	x.file = send(w, c, &(struct made_sheet){ "Thu", "Tháng|Thu\n1|2\n" }, 1);
	REFUSED(create(c, &mark_template, &x), E_INVALID, mark_template, file);
	c = as(w, &clerk, w->a, w->teacher_a);
	x.file = send(w, c, &(struct made_sheet){ "Sổ", "Lớp: ….. Môn học: ….. Học kỳ I\nSTT|Họ và tên|TX1\n" }, 1);
	OKAY(create(c, &mark_template, &x));
	c = mine(&k);
	w->actor.user.v = 78;                                /* who did not send the file */
	OKAY(post_form(c, &k, x.base.id));
	assert_int_equal(fetched(w, c)->sheets[0].n_rows, 2 + N_PUPILS);
	c = as(w, &teacher, w->b, w->teacher_a);
	w->actor.user.v = 78;
	assert_int_equal(find(c, &mark_template, x.base.id, &x), E_MISSING);
	close_class(&k);
}

/* What stands above the table goes before the sheet's name; a book of another year is none of this one's. */
static void another_book(void **state)
{
	static const char *const heads[] = { "Lớp: 7A Môn: Tin học", "Lớp: 9Z Môn: Toán", "Năm học 2019-2020" };
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct sheets s;
	struct arena a;

	arena_init(&a, 1 << 20);
	str class_ = class_name(&a, &k);
	const char *name = str_z(&a, str_fmt(&a, "%.*s Toán", FMT(class_)));
	for (int i = 0; i < COUNT(heads); i++) {
		const char *lines = str_z(&a, str_fmt(&a, "%s\nHọc kì I\nSTT|Họ và tên|ĐĐGtx1|ĐĐGck\n1|Lê An|3|3\n", heads[i]));
		struct ctx *c = mine(&k);
		open_as(c, &k, send(w, c, &(struct made_sheet){ name, lines }, 1), &s, NULL);
		assert_int_equal(s.n, 0);
		assert_true(str_find(buf_str(&s.notes), i == 2 ? S("2019-2020") : i ? S("9Z") : S("Tin")) >= 0);
	}
	struct ctx *c = mine(&k);
	const char *lines = str_z(&a, str_fmt(&a, "Lớp: %.*s Môn: Toán học\nNăm học %lld\nSTT|Họ và tên|ĐĐGtx1|ĐĐGck\n"
		"1|Lê An|3|3\n", FMT(class_), (long long)count(w, "SELECT min(year) FROM school_year")));
	open_as(c, &k, send(w, c, &(struct made_sheet){ name, lines }, 1), &s, NULL);
	assert_int_equal(s.n, 1);
	arena_free(&a);
	close_class(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(changes), ON_BOTH(who), ON_BOTH(codes_against_names),
		ON_BOTH(several), ON_BOTH(another_book), ON_BOTH(silent), ON_BOTH(averages_tell_of_shifted_columns),
		ON_BOTH(of_a_whole_school), ON_BOTH(locked),
		ON_BOTH(written), ON_BOTH(reopened), ON_BOTH(taken_back),
		ON_BOTH(taken_back_in_turn),
		ON_BOTH(filled),
		ON_BOTH(forms) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("sheets", tests, NULL, NULL);
}
