/* excel_test.c -- the Excel bridge on both engines: templates recognised, filled in place; assignments and results.
 * What is read back of people and classes: back_test.c. */
#include "excel_site.h"
#include "core/reads.h"

static str sheet_xml(struct ctx *c, file_id id)
{
	struct file_info info;
	struct zip_stat st;
	zip_error_t why;
	str bytes;

	assert_int_equal(file_get(c, id, &info, &bytes), OK);
	zip_error_init(&why);
	zip_source_t *source = zip_source_buffer_create(bytes.p, (zip_uint64_t)bytes.n, 0, &why);
	zip_t *z = zip_open_from_source(source, ZIP_RDONLY, &why);
	assert_non_null(z);
	assert_int_equal(zip_stat(z, "xl/worksheets/sheet1.xml", 0, &st), 0);
	char *p = arena_alloc(c->mem, (size_t)st.size + 1, 1);
	zip_file_t *f = zip_fopen(z, "xl/worksheets/sheet1.xml", 0);
	assert_int_equal(zip_fread(f, p, st.size), st.size);
	zip_fclose(f);
	zip_close(z);
	return (str){ p, (ptrdiff_t)st.size };
}

/* ---- recognised ------------------------------------------------------------------------------------------------- */

static void templates_are_known_by_their_headings(void **state)
{
	static const struct { const char *name; int kind, head, first; } of[] = { { "c1-hocsinh.xlsx", KIND_PUPILS, 0, 1 },
		{ "csdl-giaovien.xlsx", KIND_STAFF, 0, 1 }, { "kqht-khoi12.xlsx", KIND_YEAR, 0, 3 },
		{ "pcgd.xlsx", KIND_TEACHING, 0, 1 } };
	struct site s;

	struct opened o;

	site_open(state, &s);
	struct ctx *c = as_office(&s, &clerk);
	for (ptrdiff_t i = 0; i < COUNT(of); i++) {
		assert_int_equal(open_sent(c, sent_template(c, of[i].name), 0, &o), OK);
		if (o.kind != of[i].kind || o.t.head != of[i].head || o.t.first != of[i].first)
			fail_msg("%s: kind %d, head %d, first %d", of[i].name, o.kind, o.t.head, o.t.first);
	}
	/* every column of the 35 of grades 1 and 2 but the last, which has no name */
	assert_int_equal(open_sent(c, sent_template(c, "kqht-khoi12.xlsx"), 0, &o), OK);
	assert_int_equal(o.t.n, 34);
	for (int k = 0; k < o.t.n; k++)
		if (o.t.columns[k].at < 0)
			fail_msg("column %d (%.*s) is not known", k, FMT(o.t.columns[k].head[0]));
	assert_int_equal(tm_column(&o.t, "w.toan", 0), 5);
	assert_int_equal(tm_column(&o.t, "t.toan", 0), 6);
	assert_int_equal(tm_column(&o.t, "q.khoa_hoc", 0), 23);
	assert_int_equal(tm_column(&o.t, "level", 0), 33);
	/* grades 4 and 5, where the mark stands before the level */
	assert_int_equal(open_sent(c, sent_template(c, "kqht-khoi45.xlsx"), 0, &o), OK);
	for (int k = 0; k < o.t.n; k++)
		if (o.t.columns[k].at < 0)
			fail_msg("column %d (%.*s) is not known", k, FMT(o.t.columns[k].head[0]));
	assert_int_equal(tm_column(&o.t, "t.toan", 0), 5);
	assert_int_equal(tm_column(&o.t, "w.toan", 0), 6);
	assert_int_equal(tm_column(&o.t, "w.ls_dl", 0), 11);
	assert_int_equal(tm_column(&o.t, "w.khoa_hoc", 0), 17);
	assert_int_equal(tm_column(&o.t, "q.khoa_hoc", 0), 30);
	assert_int_equal(tm_column(&o.t, "q.tin_hoc", 0), 32);
	/* a needed column under another name: nobody's template */
	assert_int_equal(open_sent(c, sent_template(c, "c1-hocsinh.xlsx"), 0, &o), OK);
	assert_int_equal(wb_put(o.w, 0, 0, tm_column(&o.t, "sector_id", 0), false, S("Cột lạ")), OK);
	assert_int_equal(open_sent(c, sent_on(&o), 0, &o), OK);
	assert_int_equal(o.kind, -1);
	assert_int_equal(open_kind(c, sent_template(c, "pcgd.xlsx"), 0, KIND_PUPILS, &o), E_INVALID);
	/* what one has sent is nobody else's */
	file_id mine = sent_template(c, "pcgd.xlsx");
	s.w->actor.user.v = 78;
	assert_int_equal(open_sent(c, mine, 0, &o), E_MISSING);
	site_close(&s);
}

/* ---- filled ---------------------------------------------------------------------------- */

static void an_empty_list_gets_the_school_and_the_rest_stays(void **state)
{
	struct site s;
	struct opened o;
	struct filled f;

	site_open(state, &s);
	struct world *w = s.w;
	struct guardianship g;
	row_zero(&guardianship, &g);
	g.base.org = s.school;
	g.pupil = s.an;
	g.guardian = add_person(w, s.school, "Nguyễn Văn Ân", false, false);
	assert_int_equal(db_exec(w->db, "UPDATE person SET occupation = 'Nông dân' WHERE id = ?1",
		VALS(v_int(g.guardian.v)), NULL), OK);
	g.relation = REL_FATHER;
	OKAY(create(as_khue(w), &guardianship, &g));
	struct ctx *c = as_office(&s, &clerk);
	file_id before = sent_template(c, "c1-hocsinh.xlsx");
	OKAY(open_sent(c, before, 0, &o));
	OKAY(fill_pupils(&o, &(struct fill_ask){ 0 }, &f));
	assert_int_equal(f.added, 2);
	file_id made = sent_on(&o);
	OKAY(open_sent(c, made, 0, &o));
	TEXT_IS(&o, 1, "row.number", "1");
	TEXT_IS(&o, 1, "class.name", "1A");
	TEXT_IS(&o, 1, "name", "Nguyễn Thị An");
	TEXT_IS(&o, 1, "sector_id", "0123456789");
	TEXT_IS(&o, 1, "born", "01/05/2020");
	TEXT_IS(&o, 1, "sex", "Nữ");
	TEXT_IS(&o, 1, "ethnicity", "Kinh");
	TEXT_IS(&o, 1, "policy", "Hộ nghèo");
	TEXT_IS(&o, 1, "state", "Đang học");
	TEXT_IS(&o, 1, "father.name", "Nguyễn Văn Ân");
	TEXT_IS(&o, 1, "father.year", "2014");
	TEXT_IS(&o, 1, "father.work", "Nông dân");
	TEXT_IS(&o, 2, "class.name", "2B");
	TEXT_IS(&o, 2, "name", "Lê Thị Bình");
	TEXT_IS(&o, 2, "father.name", "");
	/* what the fill does not name: the hidden column and its value, the list of choices, the formula, the frozen
	 * pane */
	str was = sheet_xml(c, before), is = sheet_xml(c, made);
	static const char *const kept[] = { "<dataValidation ", "hidden=\"1\"", "<pane ", "IF(D2=" };
	for (ptrdiff_t i = 0; i < COUNT(kept); i++)
		if (str_find(was, str_of(kept[i])) < 0 || str_find(is, str_of(kept[i])) < 0)
			fail_msg("%s is lost", kept[i]);
	OKAY(open_sent(c, made, 0, &o));
	assert_true(o.w->sheets[0].hidden_columns[11]);
	assert_true(str_is(wb_text(o.w, 0, 1, 11), "giữ nguyên"));
	assert_true(wb_cell(o.w, 0, 1, o.t.n - 1)->formula);
	assert_int_equal(o.w->n_sheets, 2);
	site_close(&s);
}

/* A row is found by code, else by name and birthday; nobody's row stays; whoever is missing is added only when
 * asked. */
static void standing_rows_are_filled_by_whose_they_are(void **state)
{
	struct site s;
	struct opened o;
	struct filled f;

	site_open(state, &s);
	struct world *w = s.w;
	struct ctx *c = as_office(&s, &principal);
	OKAY(open_sent(c, sent_template(c, "c1-hocsinh.xlsx"), 0, &o));
	write_in(&o, 1, "name", "Người Lạ");
	write_in(&o, 1, "born", "01/01/2020");
	write_in(&o, 2, "name", "LÊ THỊ BÌNH");
	write_in(&o, 2, "born", "2/9/2019");
	write_in(&o, 2, "ethnicity", "Kinh");
	file_id file = sent_on(&o);
	OKAY(open_sent(c, file, 0, &o));
	OKAY(fill_pupils(&o, &(struct fill_ask){ 0 }, &f));
	/* the export of the one who is in the sheet is noted, and nobody else's */
	OKAY(reads_write(c, true));
	assert_int_equal(count(w, "SELECT sum(n) FROM seen WHERE entity = 'person'"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM seen WHERE verb = 'export' AND entity = 'person' AND stamp > 0"),
		1);
	assert_int_equal(f.people, 1);
	assert_int_equal(f.unmatched, 1);
	assert_int_equal(f.added, 0);
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	TEXT_IS(&o, 1, "class.name", "");
	TEXT_IS(&o, 2, "class.name", "2B");
	TEXT_IS(&o, 2, "name", "Lê Thị Bình");
	OKAY(fill_pupils(&o, &(struct fill_ask){ .add = true }, &f));
	assert_int_equal(f.added, 1);
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	TEXT_IS(&o, 3, "name", "Nguyễn Thị An");
	TEXT_IS(&o, 3, "row.number", "3");
	site_close(&s);
}

/* More people than one may take alone leave only when a second person agreed to such a list, to about as many,
 * lately. */
static void many_leave_with_a_second_persons_word(void **state)
{
	const struct take *people = &excel_takes[0];
	struct site s;
	struct stamp got;
	struct account a;
	struct takeout t;

	site_open(state, &s);
	struct world *w = s.w;
	row_zero(&account, &a);
	a.base.org = s.school;
	a.login = S("giaovu");
	a.name = S("Tester");
	a.person = s.mai;
	OKAY(create(as_khue(w), &account, &a));
	assert_int_equal(db_exec(w->db, "UPDATE account SET id = 77 WHERE id = ?1", VALS(v_int(a.base.id)), NULL), OK);
	struct ctx *c = as_office(&s, &clerk);
	w->actor.person = s.mai;
	OKAY(take_out(c, people, NULL, TAKE_ALONE, &got));
	assert_true(got.id > 0);
	assert_int_equal(take_out(c, people, NULL, TAKE_ALONE + 1, &got), E_STATE);
	row_zero(&takeout, &t);
	t.base.org = s.school;
	t.account.v = 77;
	t.person = s.mai;
	t.rows = TAKE_ALONE + 100;
	t.list = S("excel/people");
	t.format = S("tep");
	t.place = s.school.v;
	t.decided = c->now;
	const struct actor *who = as_system(c, "a request as the page makes it");
	OKAY(create(c, &takeout, &t));
	as_actor(c, who);
	assert_int_equal(take_out(c, people, NULL, TAKE_ALONE + 1, &got), E_STATE);       /* asked, not agreed */
	assert_int_equal(db_exec(w->db, "UPDATE takeout SET state = 'agreed' WHERE id = ?1", VALS(v_int(t.base.id)), NULL),
		OK);
	c->now.v += INT64_C(8) * 86400000;               /* too late */
	assert_int_equal(take_out(c, people, NULL, TAKE_ALONE + 100, &got), E_STATE);
	c->now.v -= INT64_C(8) * 86400000;
	assert_int_equal(take_out(c, people, NULL, 2 * TAKE_ALONE, &got), E_STATE);       /* more than agreed to */
	assert_int_equal(take_out(c, &excel_takes[1], NULL, TAKE_ALONE + 1, &got), E_STATE);     /* another file */
	c->here.org.v++;                                 /* of another school */
	assert_int_equal(take_out(c, people, NULL, TAKE_ALONE + 1, &got), E_STATE);
	c->here.org.v--;
	OKAY(take_out(c, people, NULL, TAKE_ALONE + 100, &got));
	assert_int_equal(count(w, "SELECT count(*) FROM takeout WHERE state = 'made' AND code IS NOT NULL"), 1);
	assert_int_equal(take_out(c, people, NULL, TAKE_ALONE + 1, &got), E_STATE);       /* once */
	assert_true(str_is(stamp_name(c, S("a-KX-0000-0000-000.xlsx"), &(struct stamp){ .id = 1,
		.code = S("KX-1111-1111-111") }), "a-KX-1111-1111-111.xlsx"));
	site_close(&s);
}

/* A teacher has no EXPORT of people: nothing is filled for him. The office fills the list of staff. */
static void who_may_export_fills(void **state)
{
	struct site s;
	struct opened o;
	struct filled f;

	site_open(state, &s);
	struct world *w = s.w;
	struct ctx *c = as_office(&s, &teacher);
	OKAY(open_sent(c, sent_template(c, "c1-hocsinh.xlsx"), 0, &o));
	OKAY(fill_pupils(&o, &(struct fill_ask){ 0 }, &f));
	assert_int_equal(f.added, 0);
	OKAY(open_sent(c, sent_template(c, "csdl-giaovien.xlsx"), 0, &o));
	OKAY(fill_staff(&o, &(struct fill_ask){ 0 }, &f));
	assert_int_equal(f.added, 0);
	struct person p;
	OKAY(find(as_khue(w), &person, s.hoa.v, &p));
	p.post = 2;
	p.subject = S("Toán");
	p.email = S("hoa@example.edu.vn");
	OKAY(update(&w->c, &person, &p));
	c = as_office(&s, &clerk);
	OKAY(open_sent(c, sent_template(c, "csdl-giaovien.xlsx"), 0, &o));
	OKAY(fill_staff(&o, &(struct fill_ask){ 0 }, &f));
	assert_int_equal(f.added, 2);
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	TEXT_IS(&o, 1, "name", "Phạm Thị Hoa");
	TEXT_IS(&o, 1, "post", "Phó hiệu trưởng");
	TEXT_IS(&o, 1, "position", "Cán bộ quản lý");
	TEXT_IS(&o, 1, "email", "hoa@example.edu.vn");
	TEXT_IS(&o, 1, "subject", "Toán");
	TEXT_IS(&o, 2, "name", "Đỗ Thị Mai");
	site_close(&s);
}

/* ---- teaching ---------------------------------------------------------------------------------------------------- */

static void assign(struct site *s, person_id who, school_class_id class, subject_id what, int64_t lessons, int since)
{
	struct world *w = s->w;
	struct teaching t;

	row_zero(&teaching, &t);
	t.base.org = s->school;
	t.class = class;
	t.teacher = who;
	t.subject = what;
	t.lessons = lessons;
	t.since = (day){ as_khue(w)->today.v + since };
	OKAY(create(&w->c, &teaching, &t));
}

static void an_assignment_goes_out_and_comes_back(void **state)
{
	struct site s;
	struct opened o;
	struct filled f;
	struct diff d;
	int64_t rows;

	site_open(state, &s);
	struct world *w = s.w;
	assign(&s, s.hoa, s.first, s.maths, 3, -30);
	assign(&s, s.hoa, s.second, s.maths, 5, -30);
	assign(&s, s.mai, s.first, s.vietnamese, 12, -30);
	struct ctx *c = as_office(&s, &principal);
	OKAY(open_sent(c, sent_template(c, "pcgd.xlsx"), 0, &o));
	OKAY(fill_teaching(&o, &(struct fill_ask){ 0 }, &f));
	assert_int_equal(f.added, 2);
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	TEXT_IS(&o, 1, "teacher", "Phạm Thị Hoa");
	TEXT_IS(&o, 1, "subject", "Toán học");           /* as MONVNEDU calls it */
	TEXT_IS(&o, 1, "classes", "1A(3), 2B(5)");
	TEXT_IS(&o, 2, "classes", "1A(12)");
	OKAY(diff_teaching(&o, &d));
	assert_int_equal(d.counts[OUT_SAME], 3);
	assert_int_equal(d.n, 3);

	write_in(&o, 1, "classes", "1A(4), 9Z(2), 1A(4), 2B(x)");
	write_in(&o, 2, "teacher", "Phạm Thị Hoa");
	write_in(&o, 3, "teacher", "Đỗ Thị Mai");
	write_in(&o, 3, "subject", "Tiếng Việt");
	write_in(&o, 3, "classes", "2B(10)");
	write_in(&o, 4, "teacher", "Ai Đó");
	write_in(&o, 4, "subject", "Toán");
	write_in(&o, 4, "classes", "1A(1)");
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(diff_teaching(&o, &d));
	assert_int_equal(d.counts[OUT_CHANGED], 2);      /* lessons of 1A; another teacher of 1A's Tiếng Việt */
	assert_int_equal(d.counts[OUT_NEW], 1);
	assert_int_equal(d.counts[OUT_WRONG], 4);        /* no class 9Z, 1A twice, brackets, nobody of that name */
	OKAY(apply_teaching(c, &d, &rows));
	assert_int_equal(rows, 3);
	assert_int_equal(count(w, "SELECT lessons FROM teaching WHERE lessons IN (3, 4)"), 4);
	assert_int_equal(count(w, "SELECT count(*) FROM teaching WHERE lessons = 12"), 2);   /* Mai's ended, Hoa's began */
	OKAY(diff_teaching(&o, &d));
	assert_int_equal(d.counts[OUT_NEW] + d.counts[OUT_CHANGED], 0);
	site_close(&s);
}

/* What a school really exchanged: recognised whole, and each cell of it is read or told why not. */
static void a_real_assignment_is_understood(void **state)
{
	const char *shared = getenv("KHUE_SHARED");
	char path[512];
	struct site s;
	struct opened o;
	struct diff d;
	int fd;

	snprintf(path, sizeof path, "%s/data/excel-templates/vnedu_pccm_assignment.xlsx", shared ? shared
		: KHUE_SHARED_DEFAULT);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		skip();
	site_open(state, &s);
	struct world *w = s.w;
	struct ctx *c = as_office(&s, &principal);
	str bytes = bytes_of_file(c->mem, fd);
	close(fd);
	OKAY(open_sent(c, sent(c, "vnedu_pccm_assignment.xlsx", bytes), 0, &o));
	assert_int_equal(o.kind, KIND_TEACHING);
	assert_int_equal(rows_held(&o), 115);
	OKAY(diff_teaching(&o, &d));
	assert_true(d.n > 200);
	assert_int_equal(d.counts[OUT_WRONG], d.n);      /* none of its teachers works here */
	site_close(&s);
}

/* ---- results of TT 27 -------------------------------------------------------------------------------------------- */

static void give_mark(struct site *s, person_id who, school_class_id class, subject_id what, int test,
	const char *level)
{
	struct world *w = s->w;
	struct course k;
	struct mark m;

	row_zero(&course, &k);
	k.base.org = s->school;
	k.class = class;
	k.subject = what;
	k.lessons = 105;
	OKAY(create(as_khue(w), &course, &k));
	row_zero(&mark, &m);
	m.base.org = s->school;
	m.course.v = k.base.id;
	m.class = class;
	m.pupil = who;
	m.term = TERM_2;
	m.average.v = test * 100;
	m.comment = str_of(level);
	OKAY(create(&w->c, &mark, &m));
}

static void give_year(struct site *s, person_id who, school_class_id class, const char *level, const char *standing)
{
	struct world *w = s->w;
	struct year_result r;
	struct conduct q;

	row_zero(&conduct, &q);
	q.base.org = s->school;
	q.class = class;
	q.pupil = who;
	q.term = TERM_2;
	q.qualities = S("t d t t t d c t t t t t t t d");
	OKAY(create(as_khue(w), &conduct, &q));
	row_zero(&year_result, &r);
	r.base.org = s->school;
	r.class = class;
	r.pupil = who;
	r.year = w->year;
	r.scheme = S("tt27");
	r.level = str_of(level);
	r.standing = str_of(standing);
	OKAY(create(&w->c, &year_result, &r));
}

/* Levels, whole tests, qualities in the scheme's order, rating: as Điều 7, 8 and 9 of TT 27/2020 name them. */
static void results_are_filled_and_compared(void **state)
{
	struct site s;
	struct opened o;
	struct filled f;
	struct diff d;

	site_open(state, &s);
	struct world *w = s.w;
	give_mark(&s, s.an, s.first, s.maths, 9, "t");
	give_mark(&s, s.an, s.first, s.vietnamese, 7, "h");
	give_year(&s, s.an, s.first, "hoan_thanh", "promoted");
	struct ctx *c = as_office(&s, &principal);
	OKAY(open_sent(c, sent_template(c, "kqht-khoi12.xlsx"), 0, &o));
	OKAY(fill_year(&o, &(struct fill_ask){ AT_YEAR, false }, &f));
	assert_int_equal(f.added, 2);
	file_id made = sent_on(&o);
	OKAY(open_sent(c, made, 0, &o));
	TEXT_IS(&o, 3, "name", "Nguyễn Thị An");
	TEXT_IS(&o, 3, "sector_id", "0123456789");
	TEXT_IS(&o, 3, "w.toan", "T");
	TEXT_IS(&o, 3, "t.toan", "9");
	TEXT_IS(&o, 3, "w.tieng_viet", "H");
	TEXT_IS(&o, 3, "t.tieng_viet", "7");
	TEXT_IS(&o, 3, "w.dao_duc", "");
	TEXT_IS(&o, 3, "q.yeu_nuoc", "T");
	TEXT_IS(&o, 3, "q.nhan_ai", "Đ");
	TEXT_IS(&o, 3, "q.tu_chu", "Đ");
	TEXT_IS(&o, 3, "q.giao_tiep", "C");
	TEXT_IS(&o, 3, "q.the_chat", "Đ");
	TEXT_IS(&o, 3, "done", "x");
	TEXT_IS(&o, 3, "promoted", "x");
	TEXT_IS(&o, 3, "level", "HT");
	TEXT_IS(&o, 4, "name", "Lê Thị Bình");
	TEXT_IS(&o, 4, "level", "");
	assert_int_equal(wb_cell(o.w, 0, 3, 6)->kind, CELL_NUMBER);
	assert_int_equal(o.w->sheets[0].n_merged > 10, true);
	OKAY(diff_year(&o, AT_YEAR, &d));
	assert_int_equal(d.counts[OUT_SAME], 2);
	write_in(&o, 3, "t.toan", "10");
	write_in(&o, 4, "w.toan", "X");
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(diff_year(&o, AT_YEAR, &d));
	assert_int_equal(d.counts[OUT_CHANGED], 1);
	assert_true(str_is(d.at[0].old, "10") && str_is(d.at[0].now, "9"));
	OKAY(fill_year(&o, &(struct fill_ask){ AT_YEAR, false }, &f));
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	TEXT_IS(&o, 3, "t.toan", "9");
	TEXT_IS(&o, 4, "w.toan", "X");
	/* at the end of the first term there is no rating of the year */
	OKAY(open_sent(c, sent_template(c, "kqht-khoi12.xlsx"), 0, &o));
	OKAY(fill_year(&o, &(struct fill_ask){ AT_TERM_1, false }, &f));
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	TEXT_IS(&o, 3, "w.toan", "");
	TEXT_IS(&o, 3, "level", "");
	site_close(&s);
}

/* A pupil of the second term who came from another school: what was given there stands in the sheet, what this school
 * gave as well, as in the results (records, carried.h). */
static void who_came_brings_marks(void **state)
{
	struct site s;
	struct opened o;
	struct filled f;
	struct diff d;

	site_open(state, &s);
	struct world *w = s.w;
	struct site old = s;
	old.school = primary_school(w);
	school_class_id there = add_class(w, old.school, w->year, "1X", GRADE_1);
	person_id lan = add_pupil(&s, "Nguyễn Hoàng Lan", "0123456799", 2020, 2, 3);
	struct enrolment e;
	struct conduct q;
	enrol(w, lan, there);
	give_mark(&old, lan, there, s.maths, 9, "t");
	give_mark(&old, lan, there, s.vietnamese, 8, "t");
	give_mark(&s, s.an, s.first, s.maths, 7, "h");
	OKAY(db_script(w->db, S("UPDATE mark SET cells = 'ck=t ktck=8' WHERE average = 800; "
		"UPDATE mark SET cells = 'ck=t ktck=9' WHERE average = 900; "
		"UPDATE mark SET cells = 'ck=h ktck=7' WHERE average = 700; "
		"UPDATE enrolment SET state = 'moved', until = since + 5 "
		"WHERE class = (SELECT id FROM school_class WHERE name = '1X')")));
	row_zero(&conduct, &q);
	q.base.org = old.school;
	q.class = there;
	q.pupil = lan;
	q.term = TERM_2;
	q.qualities = S("t d t t t d c t t t t t t t d");
	OKAY(create(as_khue(w), &conduct, &q));
	row_zero(&enrolment, &e);
	e.base.org = s.school;
	e.pupil = lan;
	e.class = s.first;
	e.year = w->year;
	e.since = (day){ w->c.today.v };
	OKAY(create(as_khue(w), &enrolment, &e));
	OKAY(db_script(w->db, S("UPDATE enrolment SET kind = 'moved_in' WHERE class = (SELECT id FROM school_class WHERE "
		"name = '1A') AND pupil = (SELECT id FROM person WHERE name = 'Nguyễn Hoàng Lan')")));
	struct ctx *c = as_office(&s, &principal);
	OKAY(open_sent(c, sent_template(c, "kqht-khoi12.xlsx"), 0, &o));
	OKAY(fill_year(&o, &(struct fill_ask){ AT_YEAR, false }, &f));
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	int row = str_is(said_at(&o, 3, "name"), "Nguyễn Hoàng Lan") ? 3 : 4;
	TEXT_IS(&o, row, "name", "Nguyễn Hoàng Lan");
	TEXT_IS(&o, row, "w.toan", "T");
	TEXT_IS(&o, row, "t.toan", "9");
	TEXT_IS(&o, row, "w.tieng_viet", "T");
	TEXT_IS(&o, row, "t.tieng_viet", "8");
	TEXT_IS(&o, row, "q.nhan_ai", "Đ");
	TEXT_IS(&o, 7 - row, "t.toan", "7");
	OKAY(diff_year(&o, AT_YEAR, &d));
	assert_int_equal(d.counts[OUT_CHANGED], 0);
	site_close(&s);
}

/* As people write it: nothing differs; a pupil of the class without a line is told. */
static void results_as_people_write_them(void **state)
{
	struct site s;
	struct opened o;
	struct filled f;
	struct diff d;

	site_open(state, &s);
	struct world *w = s.w;
	give_mark(&s, s.an, s.first, s.maths, 9, "t");
	enrol(w, add_pupil(&s, "Nguyễn Hoàng Lan", "0123456799", 2020, 2, 3), s.first);
	struct ctx *c = as_office(&s, &principal);
	OKAY(open_sent(c, sent_template(c, "kqht-khoi12.xlsx"), 0, &o));
	OKAY(fill_year(&o, &(struct fill_ask){ AT_YEAR, false }, &f));
	assert_int_equal(f.added, 3);
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	int lan = str_is(said_at(&o, 3, "name"), "Nguyễn Hoàng Lan") ? 3 : 4;
	write_in(&o, 7 - lan, "t.toan", "9,0");
	write_in(&o, 7 - lan, "w.toan", "t");
	write_in(&o, lan, "name", "");
	OKAY(open_sent(c, sent_on(&o), 0, &o));
	OKAY(diff_year(&o, AT_YEAR, &d));
	assert_int_equal(d.counts[OUT_CHANGED], 0);
	assert_int_equal(d.counts[OUT_SAME], 2);
	assert_int_equal(d.counts[OUT_WRONG], 1);
	assert_text(d.at[2].who, "Nguyễn Hoàng Lan");
	assert_true(d.at[2].line == 0 && str_find(d.at[2].why, S("no line of this pupil")) >= 0);
	site_close(&s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(templates_are_known_by_their_headings),
		ON_BOTH(an_empty_list_gets_the_school_and_the_rest_stays), ON_BOTH(standing_rows_are_filled_by_whose_they_are),
		ON_BOTH(who_may_export_fills), ON_BOTH(many_leave_with_a_second_persons_word),
		ON_BOTH(an_assignment_goes_out_and_comes_back),
		ON_BOTH(a_real_assignment_is_understood), ON_BOTH(results_are_filled_and_compared),
		ON_BOTH(results_as_people_write_them),
		ON_BOTH(who_came_brings_marks) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("excel", tests, NULL, NULL);
}
