/* papers_test.c -- the registers on paper, on both engines. */
#include "mod/records/registers_world.h"
#include "core/dispatch.h"
#include "core/print.h"
#include <stdio.h>
#include <unistd.h>

static void add_guardian(struct world *w, person_id pupil_, const char *name, pick relation, const char *phone)
{
	struct guardianship g;
	struct person p;
	person_id who = add_person(w, w->a, name, false, false);

	OKAY(find(as_khue(w), &person, who.v, &p));
	p.phone = str_of(phone);
	p.occupation = relation == REL_FATHER ? S("Thợ mộc") : S("");
	OKAY(update(&w->c, &person, &p));
	row_zero(&guardianship, &g);
	g.base.org = w->a;
	g.pupil = pupil_;
	g.guardian = who;
	g.relation = relation;
	OKAY(create(as_khue(w), &guardianship, &g));
}

/* What a paper of a class says to somebody. */
static str paper_said(struct school_end *k, struct ctx *c, school_class_id of, const char *name)
{
	const struct print *p = records_prints;
	struct world *w = k->w;
	struct school_class class;

	while (strcmp(p->name, name) != 0)
		p++;
	void *out = arena_alloc(c->mem, p->out->size, 16);
	OKAY(find(c, &school_class, of.v, &class));
	OKAY(p->run(c, &class, NULL, out));
	return page_json(c, p->out, out);
}

/* The text of a paper of a class, as the PDF has it. */
static str paper_text(struct school_end *k, school_class_id of, const char *name)
{
	char path[] = "/tmp/khue-register.XXXXXX", cmd[100];
	int fd = mkstemp(path);
	const struct print *p = records_prints;
	struct ctx *c = head(k);
	struct print_sheets *sheets;
	struct school_class class;

	while (strcmp(p->name, name) != 0)
		p++;
	c->lang = VI;
	void *in = p->in ? arena_alloc(c->mem, p->in->size, 16) : NULL, *out = arena_alloc(c->mem, p->out->size, 16);
	assert_int_equal(find(c, &school_class, of.v, &class), OK);
	assert_int_equal(p->run(c, &class, in, out), OK);
	assert_int_equal(print_begin(c, str_of(p->paper), S("thử"), S("chân"), fd, &sheets), OK);
	assert_int_equal(print_add(sheets, p->page, p->out, out), OK);
	assert_int_equal(print_end(sheets, NULL), OK);
	close(fd);
	snprintf(cmd, sizeof cmd, "pdftotext -layout %s -", path);
	FILE *f = popen(cmd, "r");
	assert_non_null(f);
	char *text = arena_alloc(c->mem, 1 << 20, 1);
	size_t n = fread(text, 1, 1 << 20, f);
	assert_int_equal(pclose(f), 0);
	unlink(path);
	return (str){ text, (ptrdiff_t)n };
}

static int times_in(str text, const char *word)
{
	int n = 0;

	for (ptrdiff_t at; (at = str_find(text, str_of(word))) >= 0; n++)
		text = str_sub(text, at + 1, -1);
	return n;
}

/* A class without pupils and form teacher says so in every part instead of showing heads of tables alone; the form
 * teacher's book says what a year came to once, and is signed. Preschool has children, and no books. */
static void what_is_not_there(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	char why[256] = "";
	str text;

	assert_true(pages_open(&w->app, why));
	OKAY(db_exec(w->db, "UPDATE org SET preschool = 1", NULL, 0, NULL));
	school_class_id empty = add_class(w, w->a, w->year, "6Z", GRADE_6), young = add_class(w, w->a, w->year, "Lá 1",
		GRADE_1 - 1);
	text = paper_text(&k, empty, "register");
	assert_true(in_text(text, "Giáo viên chủ nhiệm: (chưa phân công)"));
	assert_true(in_text(text, "II. Theo dõi học sinh nghỉ học\n"));
	assert_true(in_text(text, "Lớp chưa có sổ điểm"));
	assert_int_equal(times_in(text, "Lớp chưa có học sinh"), 4);         /* part I, two terms, the year              */
	assert_int_equal(times_in(text, "Học tập"), 0);
	assert_int_equal(times_in(paper_text(&k, empty, "form_book"), "Lớp chưa có học sinh"), 4);
	fill_year(&k);
	text = paper_text(&k, w->class_a, "form_book");
	assert_int_equal(times_in(text, "Buổi vắng"), 3);
	assert_int_equal(times_in(text, "Lên lớp, danh hiệu"), 1);
	assert_true(in_text(text, "(Duyệt, ký, ghi rõ họ tên)"));
	text = paper_text(&k, empty, "promotion");
	assert_true(in_text(text, "chưa có kết quả để lập danh sách"));
	/* who goes up comes first; who is tested again, with the subjects */
	text = paper_text(&k, w->class_a, "promotion");
	assert_true(str_find(text, S("Được lên lớp: 1 học sinh")) > 0);
	text = str_sub(text, str_find(text, S("Được lên lớp: 1 học sinh")), -1);
	assert_true(in_text(text, "Kiểm tra lại trong hè: 1 học sinh"));
	assert_true(in_text(text, "Toán: 3,0") && in_text(text, "Danh sách này có 2 học sinh."));
	text = paper_text(&k, young, "register");
	assert_true(in_text(text, "SỔ THEO DÕI VÀ ĐÁNH GIÁ TRẺ"));
	assert_true(in_text(text, "III. Kết quả đánh giá trẻ"));
	assert_false(in_text(text, "sổ điểm"));
	pages_close(&w->app);
	close_end(&k);
}

/* The class went to another form teacher after the first term: who answers for which term, and both on the cover. */
static void two_form_teachers_on_paper(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	person_id other = add_person(w, w->a, "Phan Thu", false, true);
	struct school_year y;
	struct term first;
	struct teaching t;

	fill_year(&k);
	OKAY(find(as_khue(w), &school_year, w->year.v, &y));
	row_zero(&term, &first);
	first.year = w->year;
	first.code = S("hk1");
	first.name = S("Học kì I");
	first.since = y.since;
	first.until.v = w->c.today.v - 10;
	OKAY(create(&w->c, &term, &first));
	OKAY(db_exec(w->db, "UPDATE teaching SET since = ?1", VALS(v_int(w->c.today.v - 60)), NULL));
	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class = w->class_a;
	t.teacher = other;
	t.form = true;
	OKAY(create(as_khue(w), &teaching, &t));
	str said = paper_said(&k, as(w, &principal, w->a, other), w->class_a, "register");
	assert_true(in_text(said, "\"teachers\":\"Lê Thị Hoa (until 31/10/2026), Phan Thu (from 01/11/2026)\""));
	assert_true(in_text(said, "\"term_code\":\"hk1\",\"teacher\":\"Lê Thị Hoa\""));
	assert_true(in_text(said, "\"term_code\":\"hk2\",\"teacher\":\"Phan Thu\""));
	close_end(&k);
}

/* The printed book says M in the terms an exemption covers, in those only. */
static void exempt_on_paper(void **state)
{
	static const char *const covers[] = { "both", "hk1", "none" };
	struct school_end k = open_end(state);
	struct world *w = k.w;
	int said[3] = { 0 };

	OKAY(db_exec(w->db, "INSERT INTO exemption (id, org, class, pupil, subject) VALUES (9, ?1, ?2, ?3, ?4)",
		VALS(v_int(w->a.v), v_int(w->class_a.v), v_int(k.pupils[0].v), v_int(k.subjects[0].v)), NULL));
	for (int i = 0; i < 3; i++) {
		OKAY(db_exec(w->db, "UPDATE exemption SET covers = ?1", VALS(v_text(str_of(covers[i]))), NULL));
		str paper = paper_said(&k, head(&k), w->class_a, "register");
		for (ptrdiff_t at; (at = str_find(paper, S("\"M\""))) >= 0; said[i]++)
			paper = str_sub(paper, at + 3, -1);
	}
	assert_true(said[1] > 0 && said[0] == 2 * said[1] && said[2] == 0);
	close_end(&k);
}

/* The register's first half: each pupil once with the family, namesakes apart, who left at the end; the months.
 * Families are for the form teacher and the office. */
static void told_by_name(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct enrolment e;
	struct absence a;
	person_id namesake = add_person(w, w->a, "Phạm Yến", true, false),
		left = add_person(w, w->a, "Bùi An", true, false);

	enrol(w, namesake, w->class_a);
	add_guardian(w, k.pupils[WEAK], "Phạm Văn Chín", REL_FATHER, "0912000001");
	add_guardian(w, k.pupils[WEAK], "Lò Thị Mười", REL_MOTHER, "0912000002");
	add_guardian(w, namesake, "Phạm Bà Hai", REL_GRANDPARENT, "0912000003");
	enrol(w, left, w->class_a);
	OKAY(find_one(as_khue(w), &enrolment, &e, IS({ offsetof(struct enrolment, pupil), v_int(left.v) })));
	OKAY(step(as(w, &clerk, w->a, (person_id){ 0 }), &enrolment, &e, "drop"));
	row_zero(&absence, &a);
	a.base.org = w->a;
	a.class = w->class_a;
	a.pupil = namesake;
	a.held = as_khue(w)->today;
	OKAY(create(&w->c, &absence, &a));
	str said = paper_said(&k, as(w, &form_teacher, w->a, w->teacher_a), w->class_a, "register");
	assert_true(in_text(said, "\"father\":\"Phạm Văn Chín\",\"father_work\":\"Thợ mộc\",\"father_phone\":"
		"\"0912000001\",\"mother\":\"Lò Thị "
		"Mười\""));
	assert_true(in_text(said, "\"guardian\":\"Phạm Bà Hai (Grandparent)\""));
	assert_true(in_text(said, "\"n\":4,\"name\":\"Bùi An\""));
	assert_true(in_text(said, "\"note\":\"Dropped out "));
	assert_true(in_text(said, "\"excused\":1,\"unexcused\":0"));
	assert_true(in_text(said, "\"closed\":false"));
	said = paper_said(&k, mine(&k), w->class_a, "register");
	assert_true(in_text(said, "\"closed\":true"));
	assert_false(in_text(said, "0912000001"));
	assert_true(in_text(said, "\"excused\":1,\"unexcused\":0"));
	said = paper_said(&k, as(w, &form_teacher, w->a, w->teacher_a), w->class_a, "form_book");
	assert_true(in_text(said, "\"span\":2,\"name\":\"Phạm Yến\""));
	assert_true(in_text(said, "\"span\":1,\"name\":\"Phạm Yến\""));
	assert_false(in_text(paper_said(&k, mine(&k), w->class_a, "form_book"), "0912000001"));
	OKAY(db_exec(w->db, "UPDATE enrolment SET kind = 'repeated' WHERE pupil = ?1", VALS(v_int(k.pupils[0].v)), NULL));
	assert_true(in_text(paper_said(&k, head(&k), w->class_a, "register"), "\"note\":\"Repeating\""));
	close_end(&k);
}

/* Marks of an earlier class stand in the register with a star; whose and from where is said once, below. */
static void brought_is_told_below(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct school_class to;
	struct enrolment e;
	struct course book;

	fill_term(&k, 0, TERM_1, 0, "7");
	fill_term(&k, 0, TERM_2, 0, "8");
	OKAY(find(as_khue(w), &school_class, w->class_a.v, &to));
	to.base = (struct base){ .org = w->a };
	to.name = S("7 mới");
	to.size = 0;
	OKAY(create(&w->c, &school_class, &to));
	row_zero(&course, &book);
	book.base.org = w->a;
	book.class.v = to.base.id;
	book.subject = k.subjects[0];
	book.lessons = 140;
	OKAY(create(as_khue(w), &course, &book));
	OKAY(find_one(as_khue(w), &enrolment, &e, IS({ offsetof(struct enrolment, pupil), v_int(k.pupils[0].v) })));
	OKAY(change_class(as(w, &clerk, w->a, (person_id){ 0 }), &(struct change_class_in){ { e.base.id },
		{ to.base.id } }, NULL));
	str said = paper_said(&k, head(&k), (school_class_id){ to.base.id }, "register");
	assert_true(in_text(said, "\"brought\":\"Trần Văn Bình from class 7A\""));
	assert_true(in_text(said, "\"name\":\"Trần Văn Bình *\",\"average1\":\"7"));
	said = paper_said(&k, head(&k), w->class_a, "register");
	assert_true(in_text(said, "\"brought\":\"\""));
	close_end(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(two_form_teachers_on_paper), ON_BOTH(exempt_on_paper),
		ON_BOTH(told_by_name), ON_BOTH(what_is_not_there), ON_BOTH(brought_is_told_below) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("papers", tests, NULL, NULL);
}
