/* back_test.c -- lists of the Excel bridge read back as a difference, on both engines. */
#include "excel_site.h"
#include "core/sheet.h"

static int64_t imported_of(str address)
{
	int64_t id = 0;
	ptrdiff_t at = str_find(address, S("/person/import/"));

	assert_true(at >= 0 && str_to_int(str_sub(address, at + 15, -1), &id));
	return id;
}

/* New, changed old to new, same and wrong: tried, and nothing is written before somebody says so. */
static void a_list_is_read_as_a_difference(void **state)
{
	struct site s;
	struct opened o;
	struct imported at;
	struct kept_line l[4];
	str address, passed;
	int n;

	site_open(state, &s);
	struct world *w = s.w;
	int64_t people = count(w, "SELECT count(*) FROM person");
	struct ctx *c = as_office(&s, &clerk);
	OKAY(open_sent(c, sent_template(c, "c1-hocsinh.xlsx"), 0, &o));
	static const char *const rows[][4] = { { "0123456789", "Nguyễn Thị An", "01/05/2020", "Mường" },
		{ "", "Lê Thị Bình", "02/09/2019", "Kinh" }, { "0123456790", "Vũ Thị Chi", "03/03/2020", "Mông" },
		{ "0123456791", "Hà Thị Dung", "31/02/2020", "Kinh" } };
	for (int i = 0; i < 4; i++) {
		write_in(&o, i + 1, "sector_id", rows[i][0]);
		write_in(&o, i + 1, "name", rows[i][1]);
		write_in(&o, i + 1, "born", rows[i][2]);
		write_in(&o, i + 1, "ethnicity", rows[i][3]);
		write_in(&o, i + 1, "class.name", "1A");
	}
	write_in(&o, 1, "policy", "Con hộ cận nghèo");
	write_in(&o, 1, "native.commune", "Xã Ea Kao");
	write_in(&o, 1, "native.province", "Đắk Lắk");
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(import_people(&o, &address, &passed));
	assert_true(str_is(passed, "3"));                /* found by name, without a code: no second record is made of it */
	OKAY(imported_read(c, imported_of(address), &at));
	assert_true(str_is(at.state, "tried"));
	assert_int_equal(at.counts.n[IMPORT_NEW], 1);
	assert_int_equal(at.counts.n[IMPORT_CHANGED], 1);
	assert_int_equal(at.counts.n[IMPORT_REFUSED], 1);
	OKAY(kept_read(c, at.id, "changed", 0, 4, l, &n));
	assert_int_equal(n, 1);
	assert_int_equal(l[0].line, 2);                  /* as the workbook counts */
	assert_true(str_find(l[0].detail, S("ethnicity\tKinh\tMường")) >= 0);
	assert_true(str_find(l[0].detail, S("policy\tHộ nghèo\tHộ cận nghèo")) >= 0 ||
		str_find(l[0].detail, S("near")) >= 0 || str_find(l[0].detail, S("Near-poor")) >= 0);
	assert_true(str_find(l[0].detail, S("Xã Ea Kao, Đắk Lắk")) >= 0);
	OKAY(kept_read(c, at.id, "refused", 0, 4, l, &n));
	assert_int_equal(l[0].line, 5);
	assert_int_equal(count(w, "SELECT count(*) FROM person"), people);
	OKAY(import_apply(c, &at));
	assert_int_equal(count(w, "SELECT count(*) FROM person"), people + 1);
	assert_int_equal(count(w,
		"SELECT count(*) FROM person WHERE name = 'Vũ Thị Chi' AND pupil = 1 AND ethnicity = '08'"),
		1);
	int64_t undone;
	OKAY(import_undo(c, &person, at.id, &undone));
	assert_int_equal(undone, 2);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE name = 'Vũ Thị Chi' AND gone = 0"), 0);
	site_close(&s);
}

/* Excel keeps a telephone and an identity number as numbers: the zeros it took come back. */
static void zeros_come_back(void **state)
{
	struct site s;
	struct opened o;
	struct imported at;
	str address, passed;

	site_open(state, &s);
	struct world *w = s.w;
	struct ctx *c = as_office(&s, &clerk);
	OKAY(open_sent(c, sent_template(c, "c1-hocsinh.xlsx"), 0, &o));
	write_in(&o, 1, "name", "Vũ Thị Chi");
	write_in(&o, 1, "born", "03/03/2020");
	write_in(&o, 1, "class.name", "1A");
	static const char *const numbers[][2] = { { "national_id", "1320005661" }, { "phone", "912345678" } };
	for (int i = 0; i < 2; i++)
		OKAY(wb_put(o.w, o.t.sheet, 1, tm_column(&o.t, numbers[i][0], 0), true, str_of(numbers[i][1])));
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(import_people(&o, &address, &passed));
	OKAY(imported_read(c, imported_of(address), &at));
	assert_int_equal(at.counts.n[IMPORT_NEW], 1);
	OKAY(import_apply(c, &at));
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE national_id = '001320005661' AND "
		"phone = '0912345678'"), 1);
	site_close(&s);
}

struct wanted { const char *text[2]; int seen[2]; };

static bool look_for(void *arg, int64_t number, const struct cell *cells, int n)
{
	struct wanted *x = arg;

	(void)number;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < 2; k++)
			x->seen[k] += str_is(cells[i].text, x->text[k]);
	return true;
}

/* Who is found by name gets a key for the import, which goes back to the sender where the row is refused: the sector id
 * that lists show, not the number that is private. */
static void a_row_gets_no_private_key(void **state)
{
	struct wanted x = { { "0123456789", "001320004321" }, { 0 } };
	struct site s;
	struct opened o;
	struct imported at;
	struct sheet_told told;
	struct file_fault why;
	struct file_info info;
	str address, passed;
	int fd;

	site_open(state, &s);
	struct world *w = s.w;
	OKAY(db_exec(w->db, "UPDATE person SET national_id = ?2 WHERE id = ?1", VALS(v_int(s.an.v),
		v_text(str_of(x.text[1]))), NULL));
	struct ctx *c = as_office(&s, &clerk);
	OKAY(open_sent(c, sent_template(c, "c1-hocsinh.xlsx"), 0, &o));
	write_in(&o, 1, "name", "Nguyễn Thị An");
	write_in(&o, 1, "born", "01/05/2020");
	write_in(&o, 1, "class.name", "1A");
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(import_people(&o, &address, &passed));
	assert_int_equal(passed.n, 0);
	OKAY(imported_read(c, imported_of(address), &at));
	OKAY(file_open_own(c, at.file, &info, &fd));
	OKAY(sheet_read(c->mem, &(struct sheet_ask){ .fd = fd, .sheet = -1 }, look_for, &x, &told, &why));
	close(fd);
	assert_int_equal(x.seen[0], 1);
	assert_int_equal(x.seen[1], 0);
	site_close(&s);
}

/* The school's own codes beside empty sector ids: they say who it is before the name does, and are read. */
static void an_old_workbook_is_read_and_not_filled(void **state)
{
	struct site s;
	struct opened o;
	struct imported at;
	str address, passed;

	site_open(state, &s);
	struct world *w = s.w;
	OKAY(db_exec(w->db, "UPDATE person SET school_code = 'HS02' WHERE id = ?1", VALS(v_int(s.binh.v)), NULL));
	struct ctx *c = as_office(&s, &clerk);
	OKAY(open_sent(c, sent_template(c, "../xls/danh-sach.xls"), 0, &o));
	assert_true(o.kind == KIND_PUPILS && o.w->old && o.t.head == 2);
	TEXT_IS(&o, 3, "school_code", "HS01");
	OKAY(import_people(&o, &address, &passed));
	OKAY(imported_read(c, imported_of(address), &at));
	assert_true(passed.n == 0 && at.counts.n[IMPORT_NEW] == 1 && at.counts.n[IMPORT_CHANGED] == 2);
	OKAY(import_apply(c, &at));
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE (school_code = 'HS01' AND sector_id = '0123456789') "
		"OR school_code || name IN ('HS02Lê Thị Thanh Bình', 'HS03Vũ Thị Chi')"), 3);
	assert_int_equal(wb_fillable(c, o.w, 0), E_INVALID);
	site_close(&s);
}

/* "Nhân viên" does not take a librarian's post; "Phó hiệu trưởng" makes a vice principal. */
static void staff_are_read_back(void **state)
{
	struct site s;
	struct opened o;
	struct imported at;
	struct kept_line l[4];
	struct person p;
	str address, passed;
	int n;

	site_open(state, &s);
	struct world *w = s.w;
	OKAY(find(as_khue(w), &person, s.hoa.v, &p));
	p.post = 6;
	p.sector_id = S("7900000001");
	OKAY(update(&w->c, &person, &p));
	OKAY(find(as_khue(w), &person, s.mai.v, &p));
	p.post = 3;
	p.sector_id = S("7900000002");
	OKAY(update(&w->c, &person, &p));
	struct ctx *c = as_office(&s, &clerk);
	OKAY(open_sent(c, sent_template(c, "csdl-giaovien.xlsx"), 0, &o));
	write_in(&o, 1, "name", "Phạm Thị Hoa");
	write_in(&o, 1, "post", "Nhân viên");
	write_in(&o, 2, "name", "Đỗ Thị Mai");
	write_in(&o, 2, "post", "Phó hiệu trưởng");
	write_in(&o, 3, "name", "Người Đã Nghỉ");
	write_in(&o, 3, "post", "Giáo viên");
	write_in(&o, 3, "state", "Nghỉ hưu");
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(import_people(&o, &address, &passed));
	assert_true(str_is(passed, "4"));
	OKAY(imported_read(c, imported_of(address), &at));
	assert_int_equal(at.counts.n[IMPORT_SAME], 1);
	assert_int_equal(at.counts.n[IMPORT_CHANGED], 1);
	OKAY(kept_read(c, at.id, "changed", 0, 4, l, &n));
	assert_true(n == 1 && l[0].line == 3 && str_find(l[0].detail, S("post\tTeacher\tVice principal")) >= 0);
	site_close(&s);
}

static void classes_are_read_as_enrolments(void **state)
{
	struct site s;
	struct opened o;
	struct diff d;
	int64_t rows;

	site_open(state, &s);
	struct world *w = s.w;
	person_id chi = add_pupil(&s, "Vũ Thị Chi", "0123456790", 2020, 3, 3);
	struct ctx *c = as_office(&s, &clerk);
	OKAY(open_sent(c, sent_template(c, "c1-hocsinh.xlsx"), 0, &o));
	static const char *const list[][3] = { { "0123456789", "Nguyễn Thị An", "Lớp 1A" }, { "0123456790",
		"Vũ Thị Chi", "1a" },
		{ "0999999999", "Chưa Có", "1A" } };
	for (int i = 0; i < 3; i++) {
		write_in(&o, i + 1, "sector_id", list[i][0]);
		write_in(&o, i + 1, "name", list[i][1]);
		write_in(&o, i + 1, "class.name", list[i][2]);
	}
	write_in(&o, 4, "name", "Lê Thị Bình");
	write_in(&o, 4, "born", "02/09/2019");
	write_in(&o, 4, "class.name", "1A");
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(diff_classes(&o, &d));
	assert_int_equal(d.counts[OUT_SAME], 1);
	assert_int_equal(d.counts[OUT_NEW], 1);
	assert_int_equal(d.counts[OUT_WRONG], 2);        /* no record; studies in 2B */
	OKAY(apply_classes(c, &d, &rows));
	assert_int_equal(rows, 1);
	assert_int_equal(count(w, "SELECT count(*) FROM enrolment WHERE state = 'studying' AND until > 30000"), 3);
	(void)chi;
	OKAY(diff_classes(&o, &d));
	assert_int_equal(d.counts[OUT_NEW], 0);
	site_close(&s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_list_is_read_as_a_difference), ON_BOTH(zeros_come_back),
		ON_BOTH(a_row_gets_no_private_key),
		ON_BOTH(an_old_workbook_is_read_and_not_filled), ON_BOTH(staff_are_read_back),
		ON_BOTH(classes_are_read_as_enrolments) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("excel_back", tests, NULL, NULL);
}
