/* import_test.c -- tables of people into rows: headings, dry run, writing, corrections, taking back; on both
 * engines. */
#include "library.h"
#include "core/import.h"
#include "core/job.h"
#include <sys/mman.h>

static int file_of(const char *text)
{
	int fd = memfd_create("import", MFD_CLOEXEC);
	size_t n = strlen(text);
	assert_true(fd >= 0 && write(fd, text, n) == (ssize_t)n);
	return fd;
}

struct told { struct arena *mem; struct buf b; };

/* "2 new; 3 refused isbn=An ISBN has 13 digits.;" */
static enum rc tell(struct ctx *c, const struct import_line *l, void *arg)
{
	struct told *t = arg;
	(void)c;
	put_fmt(&t->b, "%lld %s", (long long)l->number, import_whats[l->what]);
	for (int i = 0; i < l->n_flaws; i++)
		put_fmt(&t->b, " %s=%.*s", l->flaws[i].f ? l->flaws[i].f->name : "row", FMT(l->flaws[i].text));
	put_z(&t->b, "; ");
	return OK;
}

struct outcome { enum rc rc; struct import_counts counts; struct told told; };

static struct outcome go(struct world *w, struct ctx *c, const struct entity *e, int fd, bool dry, bool whole,
	int64_t record)
{
	struct outcome o = { .rc = OK };
	struct import_plan *plan = NEW(c->mem, struct import_plan);
	struct import_look *look = NEW(c->mem, struct import_look);
	*plan = (struct import_plan){ .e = e, .org = { c->who->seats[0].org.v }, .sheet = -1, .whole = whole };
	buf_init(&o.told.b, c->mem, 1 << 20);
	o.rc = import_look(c, fd, plan, look);
	if (o.rc != OK)
		return o;
	struct import_run run = { .plan = plan, .fd = fd, .dry = dry, .record = record, .tell = tell, .arg = &o.told };
	o.rc = import_run(c, &run, &o.counts);
	(void)w;
	return o;
}

static const char books[] =
	"DANH MỤC SÁCH,,,,\n"
	",,,,\n"
	"STT,Tên nhan đề,Tác giả (*),ISBN,Loại sách,Năm XB,Giá bìa\n"
	"1,Dế Mèn phiêu lưu ký,Tô Hoài,9786042000001,Truyện,2020,45.000 đ\n"
	"2,Toán 6,Bộ GD&ĐT,9786042000002,sach giao khoa,2021,\"18,000\"\n"
	"3,Sai số hiệu,Ai đó,123,Truyện,2020,1000\n"
	"4,Trùng,Ai đó,9786042000001,Truyện,2020,1000\n"
	"\n"
	"5,unlucky,,9786042000005,Tham khảo,1500,x\n";

static void dry_run_writes_nothing(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct outcome o = go(w, c, &lib_book, file_of(books), true, false, 0);
	assert_int_equal(o.rc, OK);
	assert_int_equal(o.counts.rows, 5);
	assert_int_equal(o.counts.n[IMPORT_NEW], 1);
	assert_int_equal(o.counts.n[IMPORT_REFUSED], 4);
	if (str_find(buf_str(&o.told.b), S("6 refused isbn=An ISBN has 13 digits.")) < 0)
		fail_msg("%.*s", FMT(buf_str(&o.told.b)));
	assert_true(str_find(buf_str(&o.told.b), S("7 refused row=The same as row 4")) >= 0);
	assert_int_equal(rows_in(w, "lib_book"), 0);
	assert_int_equal(rows_in(w, "audit"), 0);
	assert_int_equal(db_begin(c->db), OK);           /* the wizard tries a short list within its own request */
	o = go(w, as_librarian(w, SCHOOL_A), &lib_book, file_of(books), true, false, 0);
	assert_int_equal(o.rc, OK);
	assert_int_equal(o.counts.n[IMPORT_NEW], 1);
	assert_int_equal(db_commit(c->db), OK);
	assert_int_equal(rows_in(w, "lib_book"), 0);
	world_close(w);
}

static void good_rows_are_written(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	static const char text[] = "Nhan đề;Tác giả;ISBN;Loại sách;Năm xuất bản\n"
		"Một;Nguyễn A;9786042000001;Truyện;2020\nHai;Trần B;9786042000002;Truyện;2021\n;Thiếu "
			"tên;9786042000003;Truyện;2021\n";
	struct outcome o = go(w, c, &lib_book, file_of(text), false, false, 7);
	assert_int_equal(o.rc, OK);
	assert_int_equal(o.counts.n[IMPORT_NEW], 2);
	assert_int_equal(o.counts.n[IMPORT_REFUSED], 1);
	assert_int_equal(rows_in(w, "lib_book"), 2);
	assert_int_equal(rows_in(w, "import_row"), 2);
	int64_t lines;
	struct audit_fault fault;
	assert_int_equal(audit_verify(w->db, &w->mem, &lines, &fault), OK);
	assert_int_equal(lines, 2);
	/* again: the same; with a change: changed; empty cells leave what is there */
	c = as_librarian(w, SCHOOL_A);
	o = go(w, c, &lib_book, file_of(text), false, false, 8);
	assert_int_equal(o.counts.n[IMPORT_SAME], 2);
	static const char again[] =
		"Nhan đề,Tác giả,ISBN\nMột (tái bản),,9786042000001\nHai,Trần B,9786042000002\nBa,,9786042000009\n"
		"\"Xuất bởi Lê An (an.l) lúc 09:26 01/11/2026, mã tệp KX-06Y7-8NP8-0R0. Có dữ liệu cá nhân.\"\n";
	o = go(w, c, &lib_book, file_of(again), false, false, 9);    /* its last line is no row: it says who exported it */
	assert_int_equal(o.rc, OK);
	assert_int_equal(o.counts.rows, 3);
	assert_int_equal(o.counts.n[IMPORT_CHANGED], 1);
	assert_int_equal(o.counts.n[IMPORT_SAME], 1);
	assert_int_equal(o.counts.n[IMPORT_NEW], 1);
	struct lib_book b;
	assert_int_equal(find_one(c, &lib_book, &b, IS({ offsetof(struct lib_book, isbn), v_text(S("9786042000001")) })),
		OK);
	assert_text(b.title, "Một (tái bản)");
	assert_text(b.author, "Nguyễn A");
	world_close(w);
}

static void undo_takes_everything_back(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct outcome o = go(w, c, &lib_book, file_of("Nhan đề,ISBN\nMột,9786042000001\nHai,9786042000002\n"), false,
		false, 1);
	assert_int_equal(o.counts.n[IMPORT_NEW], 2);
	c = as_librarian(w, SCHOOL_A);
	o = go(w, c, &lib_book, file_of("Nhan đề,ISBN\nMột sửa,9786042000001\nBa,9786042000003\n"), false, false, 2);
	assert_int_equal(o.counts.n[IMPORT_CHANGED], 1);
	c = as_librarian(w, SCHOOL_A);
	int64_t rows;
	struct lib_book b;
	assert_int_equal(import_undo(c, &lib_book, 2, &rows), OK);
	assert_int_equal(rows, 2);
	assert_int_equal(find_one(c, &lib_book, &b, IS({ offsetof(struct lib_book, isbn), v_text(S("9786042000001")) })),
		OK);
	assert_text(b.title, "Một");
	assert_int_equal(find_one(c, &lib_book, &b, IS({ offsetof(struct lib_book, isbn), v_text(S("9786042000003")) })),
		E_MISSING);
	/* somebody touched a row of the first import: nothing is taken back */
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(import_undo(c, &lib_book, 1, &rows), E_STATE);
	assert_int_equal(find_one(c, &lib_book, &b, IS({ offsetof(struct lib_book, isbn), v_text(S("9786042000002")) })),
		OK);
	world_close(w);
}

/* A book of the import has a copy by now: nothing is taken back, and the reason says what and how many. */
static void undo_leaves_what_is_in_use(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct outcome o = go(w, c, &lib_book, file_of("Nhan đề,ISBN\nMột,9786042000001\nHai,9786042000002\n"), false,
		false, 1);
	struct lib_book b;
	struct lib_copy copy;
	int64_t rows, left;

	assert_int_equal(o.counts.n[IMPORT_NEW], 2);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(find_one(c, &lib_book, &b, IS({ offsetof(struct lib_book, isbn), v_text(S("9786042000002")) })),
		OK);
	row_zero(&lib_copy, &copy);
	copy.book.v = b.base.id;
	copy.barcode = S("K-1");
	assert_int_equal(create(c, &lib_copy, &copy), OK);
	c->n_problems = 0;
	assert_int_equal(import_undo(c, &lib_book, 1, &rows), E_STATE);
	assert_true(c->n_problems == 1 && str_find(c->problems[0].text, S(": 1 ")) > 0);
	assert_int_equal(db_int(w->db, "SELECT count(*) FROM lib_book WHERE gone = 0", NULL, 0, &left), OK);
	assert_int_equal(left, 2);
	/* once the copy is gone, so may the import */
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(retire(c, &lib_copy, copy.base.id, copy.base.rev), OK);
	assert_int_equal(import_undo(c, &lib_book, 1, &rows), OK);
	assert_int_equal(rows, 2);
	world_close(w);
}

static void all_or_nothing(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct outcome o = go(w, c, &lib_book, file_of("Nhan đề,ISBN\nMột,9786042000001\nHai,12\n"), false, true, 1);
	assert_int_equal(o.rc, E_INVALID);
	assert_int_equal(rows_in(w, "lib_book"), 0);
	c = as_librarian(w, SCHOOL_A);
	o = go(w, c, &lib_book, file_of("Nhan đề,ISBN\nMột,9786042000001\nHai,9786042000002\n"), false, true, 1);
	assert_int_equal(o.rc, OK);
	assert_int_equal(rows_in(w, "lib_book"), 2);
	world_close(w);
}

static void references_by_title(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	go(w, c, &lib_book,
		file_of("Nhan đề,ISBN\nHoà bình,9786042000001\nSinh đôi,9786042000002\nSinh đôi,9786042000003\n"), false,
		false, 0);
	c = as_librarian(w, SCHOOL_B);
	go(w, c, &lib_book, file_of("Nhan đề,ISBN\nSách trường B,9786042000009\n"), false, false, 0);
	c = as_librarian(w, SCHOOL_A);
	struct outcome o = go(w, c, &lib_copy,
		file_of("Mã vạch,Đầu sách,Giá kệ\nB1,Hòa Bình,K1\nB2,9786042000002,K1\nB3,Sinh đôi,K1\n"
		"B4,Không có,K1\nB5,Sách trường B,K1\n"), false, false, 0);
	assert_int_equal(o.rc, OK);
	assert_int_equal(o.counts.n[IMPORT_NEW], 2);
	assert_int_equal(o.counts.n[IMPORT_REFUSED], 3);
	assert_true(str_find(buf_str(&o.told.b), S("4 refused book=Several")) >= 0);
	assert_true(str_find(buf_str(&o.told.b), S("5 refused book=“Không có” was not found")) >= 0);
	assert_true(str_find(buf_str(&o.told.b), S("6 refused book=")) >= 0);
	world_close(w);
}

static void rights_hold(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_B);
	go(w, c, &lib_book, file_of("Nhan đề,ISBN\nCủa B,9786042000001\n"), false, false, 0);
	/* a teacher may read only; a pupil neither */
	c = AS(w, 5, 6, { &teacher, { SCHOOL_A }, { 0 }, { 99999 } });
	struct outcome o = go(w, c, &lib_book, file_of("Nhan đề,ISBN\nMột,9786042000003\n"), false, false, 0);
	assert_int_equal(o.counts.n[IMPORT_NEW], 0);
	assert_int_equal(o.counts.n[IMPORT_REFUSED], 1);
	assert_int_equal(rows_in(w, "lib_book"), 1);
	/* the accountant may change, but not columns hidden from him, and not make new rows */
	c = as_librarian(w, SCHOOL_A);
	go(w, c, &lib_book, file_of("Nhan đề,ISBN,Ghi chú\nMột,9786042000003,kín\n"), false, false, 0);
	c = AS(w, 7, 8, { &accountant, { SCHOOL_A }, { 0 }, { 99999 } });
	o = go(w, c, &lib_book, file_of("ISBN,Giá bìa,Ghi chú\n9786042000003,5000,lộ\n"), false, false, 0);
	assert_int_equal(o.counts.n[IMPORT_CHANGED], 1);
	struct lib_book b;
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(find_one(c, &lib_book, &b, IS({ offsetof(struct lib_book, isbn), v_text(S("9786042000003")) })),
		OK);
	assert_text(b.note, "kín");
	assert_int_equal(b.price.v, 5000);
	world_close(w);
}

/* A file of n books, the first of Nguyễn Đình Thi, in letters of another encoding. */
static void comes_readable(void **state, const char *table, int64_t n)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct outcome o = go(w, c, &lib_book, file_of(table), false, false, 0);
	assert_int_equal(o.rc, OK);
	assert_int_equal(o.counts.n[IMPORT_NEW], n);
	struct lib_book b;
	assert_int_equal(find_one(c, &lib_book, &b, IS({ offsetof(struct lib_book, isbn), v_text(S("9786042000001")) })),
		OK);
	assert_text(b.title, "Văn học Việt Nam");
	assert_text(b.author, "Nguyễn Đình Thi");
	world_close(w);
}

/* .VnTime: the bytes of TCVN3 as Windows-1252 letters. */
static void legacy_letters(void **state)
{
	comes_readable(state, "Title,Author,ISBN\nV¨n häc ViÖt Nam,NguyÔn §×nh Thi,9786042000001\n"
		"To¸n häc vµ tuæi trÎ,TrÇn ThÞ Hång,9786042000002\nTiÕng ViÖt líp n¨m,Bé Gi¸o dôc,9786042000003\n", 3);
}

/* A csv in Windows-1258: the same bytes read as Windows-1252 letters. */
static void letters_of_windows(void **state)
{
	comes_readable(state, "Nhan ðêÌ,Author,ISBN\n"
		"Vãn hoòc Viêòt Nam,NguyêÞn ÐiÌnh Thi,9786042000001\n"
		"Toaìn hoòc vaÌ tuôÒi treÒ,TrâÌn Thiò HôÌng,9786042000002\n", 2);
}

static void many_rows(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	int fd = memfd_create("many", MFD_CLOEXEC);
	FILE *f = fdopen(dup(fd), "w");
	fputs("Nhan đề,ISBN,Năm xuất bản\n", f);
	for (int i = 0; i < 3500; i++)
		fprintf(f, "Sách %d,%s%07d,%d\n", i, i % 1000 == 999 ? "99" : "978604", i, 1900 + i % 100);
	fclose(f);
	struct outcome o = go(w, c, &lib_book, fd, false, false, 3);
	assert_int_equal(o.rc, OK);
	assert_int_equal(o.counts.n[IMPORT_NEW], 3497);
	assert_int_equal(o.counts.n[IMPORT_REFUSED], 3);
	assert_int_equal(rows_in(w, "lib_book"), 3497);
	assert_int_equal(rows_in(w, "import_row"), 3497);
	int64_t lines, undone;
	struct audit_fault fault;
	assert_int_equal(audit_verify(w->db, &w->mem, &lines, &fault), OK);
	assert_int_equal(lines, 3497);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(import_undo(c, &lib_book, 3, &undone), OK);
	assert_int_equal(undone, 3497);
	assert_int_equal(audit_verify(w->db, &w->mem, &lines, &fault), OK);
	world_close(w);
}

enum { MANY_SAMPLES = 3000 };

/* The samples 0..2999; those that odd() names get the text it gives. */
static int samples(const char *(*odd)(int i), int (*number)(int i))
{
	int fd = memfd_create("samples", MFD_CLOEXEC);
	FILE *f = fdopen(dup(fd), "w");
	fputs("Chữ,Số,Ngày\n", f);
	for (int i = 0; i < MANY_SAMPLES; i++) {
		const char *text = odd(i);
		fprintf(f, "%s%.0d,%d,05/09/2026\n", text ? text : "Mẫu ", text ? 0 : i + 1, number(i));
	}
	fclose(f);
	return fd;
}

static const char *never(int i) { return NULL; }
static int own_number(int i) { return i; }
static int two_clash(int i) { return i == 1234 ? 7 : i == 2999 ? 2100 : i; }
static const char *thrice(int i) { return i == 10 || i == 1500 || i == 2998 ? "only this" : NULL; }

static void all_but(struct world *w, struct outcome *o, int refused)
{
	struct audit_fault fault;
	int64_t lines;
	assert_int_equal(o->rc, OK);
	assert_int_equal(o->counts.n[IMPORT_REFUSED], refused);
	assert_int_equal(o->counts.n[IMPORT_NEW], MANY_SAMPLES - refused);
	assert_int_equal(rows_in(w, "lib_sample"), MANY_SAMPLES - refused);
	assert_int_equal(rows_in(w, "import_row"), MANY_SAMPLES - refused);
	assert_int_equal(audit_verify(w->db, &w->mem, &lines, &fault), OK);
	assert_int_equal(lines, MANY_SAMPLES - refused);
}

/* A clash that no declaration knows rolls a batch back; in halves the two lines are found, and nothing else is lost. */
static void a_clash_costs_its_line(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	must(w, "CREATE UNIQUE INDEX hidden ON lib_sample (number)");
	struct outcome o = go(w, c, &lib_sample, samples(never, two_clash), false, false, 5);
	all_but(w, &o, 2);
	str told = buf_str(&o.told.b);
	assert_true(str_find(told, S(" 1236 refused")) >= 0 && str_find(told, S(" 3001 refused")) >= 0);
	assert_true(str_find(told, S(" 1235 new")) >= 0 && str_find(told, S(" 3000 new")) >= 0);
	world_close(w);
}

/* A hook that asks sees the lines before its own, of its batch and of batches before. */
static void a_hook_that_asks_sees_the_lines_before(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct outcome o = go(w, c, &lib_sample, samples(thrice, own_number), false, false, 6);
	all_but(w, &o, 2);
	str told = buf_str(&o.told.b);
	assert_true(str_find(told, S(" 12 new")) >= 0);
	assert_true(str_find(told, S(" 1502 refused text=This text is there already.")) >= 0);
	assert_true(str_find(told, S(" 3000 refused text=This text is there already.")) >= 0);
	world_close(w);
}

static void not_a_table(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	assert_int_equal(go(w, c, &lib_book, file_of(""), true, false, 0).rc, E_INVALID);
	assert_true(c->n_problems > 0 && c->problems[0].text.n > 5);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(go(w, c, &lib_book, file_of("PK\3\4 no workbook"), true, false, 0).rc, E_INVALID);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(go(w, c, &lib_book, file_of("a,b\n1,2\n"), true, false, 0).rc, E_INVALID);
	assert_true(str_find(c->problems[0].text, S("No heading row")) >= 0);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(go(w, c, &lib_book, file_of("Nhan đề,ISBN\n\"never closed,1\n"), true, false, 0).rc, E_INVALID);
	world_close(w);
}

static void likeness(void **state)
{
	static const struct field name = { .name = "name", .label = { "Họ và tên", "Full name" },
		.also = "Họ tên|Họ tên học sinh" };
	static const struct { const char *heading; int least, most; } at[] = {
		{ "Họ và tên", 100, 100 }, { "HỌ VÀ TÊN (*)", 100, 100 }, { "ho va ten", 100, 100 }, { "name", 100, 100 },
		{ "Họ và tên HS", 70, 99 },
		{ "Họ tên học sinh", 100, 100 }, { "Họ vả tên", 100, 100 }, { "Hovaten", 60, 99 }, { "Ngày sinh", 0, 59 },
		{ "", 0, 0 }, { "Tên trường", 0, 75 } };
	struct arena a;
	arena_init(&a, 1 << 20);
	for (ptrdiff_t i = 0; i < COUNT(at); i++) {
		int got = import_likeness(&a, str_of(at[i].heading), &name);
		if (got < at[i].least || got > at[i].most)
			fail_msg("%s: %d", at[i].heading, got);
	}
	arena_free(&a);
	(void)state;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(likeness), ON_BOTH(dry_run_writes_nothing),
		ON_BOTH(good_rows_are_written),
		ON_BOTH(undo_takes_everything_back), ON_BOTH(undo_leaves_what_is_in_use),
		ON_BOTH(all_or_nothing), ON_BOTH(references_by_title),
		ON_BOTH(rights_hold), ON_BOTH(legacy_letters), ON_BOTH(letters_of_windows),
		ON_BOTH(many_rows), ON_BOTH(a_clash_costs_its_line), ON_BOTH(a_hook_that_asks_sees_the_lines_before),
		ON_BOTH(not_a_table) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
