/* print_test.c -- the school's documents and forms through the dispatcher, on both engines: who may, what stands on the
 * paper, many at once. */
#include "core/job.h"
#include "core/reads.h"
#include "core/dispatch.h"
#include "web/body.h"
#include "domain.h"
#include <stdio.h>
#include <unistd.h>

struct desk { struct world *w; struct arena mem; struct reply p; char dir[64]; };

/* Sessions: "clerk" and "clerk-b" of the two schools, "pupil". */
static enum rc actor_of(struct ctx *c, str session, str bearer, struct actor *ret)
{
	struct world *w = c->app->arg;
	struct seat *s = NEW(c->mem, struct seat);
	*s = (struct seat){ str_is(session, "pupil") ? &pupil : &clerk, str_is(session, "clerk-b") ? w->b : w->a, { 0 },
		{ 99999 } };
	*ret = (struct actor){ .user = { 77 }, .person = w->pupil_a, .name = S("Người In"), .seats = s, .n_seats = 1,
		.mfa = true };
	(void)bearer;
	return OK;
}

static struct desk *desk_open(void **state)
{
	struct desk *d = calloc(1, sizeof *d);
	char why[256] = "";
	d->w = world_open(state);
	strcpy(d->dir, "/tmp/khue-school.XXXXXX");
	assert_non_null(mkdtemp(d->dir));
	arena_init(&d->mem, (size_t)256 << 20);
	d->w->app.data = d->dir;
	d->w->app.actor_of = actor_of;
	d->w->app.test = true;
	if (!pages_open(&d->w->app, why))
		fail_msg("%s", why);
	enrol(d->w, d->w->pupil_a, d->w->class_a);
	return d;
}

static void desk_close(struct desk *d)
{
	char command[100];
	pages_close(&d->w->app);
	arena_free(&d->mem);
	world_close(d->w);
	snprintf(command, sizeof command, "rm -rf %s", d->dir);
	assert_int_equal(system(command), 0);
	free(d);
}

static int get(struct desk *d, const char *who, const char *address)
{
	struct pair *headers = NEWS(&d->mem, struct pair, 2);
	struct request r = { .mem = &d->mem, .verb = GET, .headers = headers, .n_headers = 2, .remote = S("127.0.0.1"),
		.id = "0123456789abcdef" };
	struct pairs all = { 0 };
	headers[0] = (struct pair){ S("cookie"), str_fmt(&d->mem, "khue=%s", who) };
	headers[1] = (struct pair){ S("accept"), S("text/html") };
	str_cut(str_copy(&d->mem, str_of(address)), '?', &r.path, &r.query);
	assert_int_equal(form_read(&d->mem, r.query, &all), 0);
	r.params = all.p;
	r.n_params = all.n;
	d->p = (struct reply){ .fd = -1 };
	dispatch(&d->w->app, &r, &d->p);
	return d->p.status;
}

/* The text of a PDF that was answered. */
static str paper(struct desk *d)
{
	static char text[1 << 20];
	char command[200], path[] = "/tmp/khue-paper.XXXXXX", bytes[4096];
	int fd = mkstemp(path);
	ssize_t n;
	assert_true(d->p.fd >= 0 && fd >= 0);
	assert_true(str_is(d->p.type, "application/pdf"));
	for (off_t at = 0; (n = pread(d->p.fd, bytes, sizeof bytes, at)) > 0; at += n)
		assert_int_equal(write(fd, bytes, (size_t)n), n);
	close(d->p.fd);
	close(fd);
	snprintf(command, sizeof command, "pdftotext -layout %s -", path);
	FILE *f = popen(command, "r");
	size_t got = fread(text, 1, sizeof text - 1, f);
	assert_int_equal(pclose(f), 0);
	unlink(path);
	return str_copy(&d->mem, (str){ text, (ptrdiff_t)got });
}

static bool holds(str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}

static const char *at(struct desk *d, const char *what, int64_t id, const char *rest)
{
	return str_z(&d->mem, str_fmt(&d->mem, "/%s/%lld/print/%s", what, (long long)id, rest));
}

static void a_class_list(void **state)
{
	struct desk *d = desk_open(state);
	int64_t id = d->w->class_a.v;
	assert_int_equal(get(d, "clerk", at(d, "school_class", id, "list")), 200);
	str page = buf_str(&d->p.body);
	assert_true(holds(page, "<div class=\"giay giay-297\">"));
	assert_true(holds(page, "Trần Văn Bình"));
	assert_true(holds(page, "?format=pdf"));
	assert_int_equal(get(d, "clerk", at(d, "school_class", id, "list?format=pdf")), 200);
	str text = paper(d);
	assert_true(holds(text, "DANH SÁCH HỌC SINH LỚP 7A"));
	assert_true(holds(text, "TRƯỜNG THCS NGUYỄN TRÃI"));
	assert_true(holds(text, "Trần Văn Bình") && holds(text, "02/03/2014"));
	assert_true(holds(text, "1/1") && holds(text, "Người In"));
	assert_int_equal(get(d, "clerk-b", at(d, "school_class", id, "list")), 404);
	assert_int_equal(get(d, "pupil", at(d, "school_class", id, "list")), 404);
	assert_int_equal(get(d, "clerk", at(d, "school_class", id, "nothing")), 404);
	assert_int_equal(get(d, "clerk", at(d, "enrolment", id, "list")), 404);
	assert_int_equal(get(d, "clerk", at(d, "school_class", d->w->class_up.v, "list?format=pdf")), 200);
	assert_true(holds(paper(d), "Lớp chưa có học sinh"));
	desk_close(d);
}

static void a_month(void **state)
{
	struct desk *d = desk_open(state);
	struct world *w = d->w;
	struct absence a;
	row_zero(&absence, &a);
	a.base.org = w->a;
	a.class = w->class_a;
	a.pupil = w->pupil_a;
	a.kind = ABS_UNEXCUSED;
	day_of(2026, 10, 31, &a.held);
	OKAY(create(as_khue(w), &absence, &a));
	assert_int_equal(get(d, "clerk", at(d, "school_class", w->class_a.v, "month?on_day=15/10/2026&format=pdf")), 200);
	str text = paper(d);
	assert_true(holds(text, "SỔ ĐIỂM DANH THÁNG 10/2026 – LỚP 7A"));
	assert_true(holds(text, "31") && holds(text, " K"));
	/* one absence without leave; no other column says 0 */
	row_zero(&absence, &a);
	a.base.org = w->a;
	a.class = w->class_a;
	a.pupil = w->pupil_a;
	a.kind = ABS_UNEXCUSED;
	day_of(2026, 11, 3, &a.held);
	OKAY(create(as_khue(w), &absence, &a));
	assert_int_equal(get(d, "clerk", at(d, "school_class", w->class_a.v, "month?on_day=15/11/2026&format=pdf")), 200);
	text = paper(d);
	str row = str_sub(text, str_find(text, S("Trần Văn Bình")), -1);
	row = str_sub(row, 0, str_find(row, S("\n")));
	assert_true(str_find(row, S("K")) > 0 && str_find(row, S("1")) > 0 && str_find(row, S("0")) < 0);
	assert_true(holds(text, "(Ký, đóng dấu, ghi rõ họ tên)"));
	assert_int_equal(get(d, "clerk", at(d, "school_class", w->class_a.v, "month?on_day=tháng+hai")), 422);
	assert_true(holds(buf_str(&d->p.body), "Chưa thực hiện được") && !holds(buf_str(&d->p.body), "Chưa lưu được"));
	assert_int_equal(get(d, "clerk", at(d, "school_class", w->class_a.v, "month?on_day=15/02/2027")), 200);
	str page = buf_str(&d->p.body);
	assert_true(holds(page, "THÁNG 2/2027") && !holds(page, "<th>29</th>"));
	assert_int_equal(get(d, "clerk", at(d, "school_class", w->class_a.v, "month?on_day=32/10/2026")), 422);
	assert_true(holds(buf_str(&d->p.body), "on_day"));
	desk_close(d);
}

static void papers_of_a_move(void **state)
{
	struct desk *d = desk_open(state);
	struct world *w = d->w;
	struct move m;
	row_zero(&move, &m);
	m.pupil = w->pupil_a;
	m.to_org = w->b;
	m.note = S("Ghi chú </p></article><script>alert(1)</script>");
	OKAY(create(as_khue(w), &move, &m));
	assert_int_equal(get(d, "clerk", at(d, "move", m.base.id, "request?format=pdf")), 200);
	str text = paper(d);
	assert_true(holds(text, "ĐƠN XIN CHUYỂN TRƯỜNG") && holds(text, "Trần Văn Bình"));
	assert_true(holds(text, "<script>alert(1)</script>"));
	/* whoever asks signs first, with the day in one line; then the schools say */
	ptrdiff_t asks = str_find(text, S("NGƯỜI LÀM ĐƠN"));
	assert_true(asks > 0 && holds(str_sub(text, asks, -1), "Ý KIẾN CỦA TRƯỜNG ĐẾN"));
	assert_int_equal(get(d, "clerk", at(d, "move", m.base.id, "request")), 200);
	assert_false(holds(buf_str(&d->p.body), "<script>alert"));
	/* not before the pupil may go */
	assert_int_equal(get(d, "clerk", at(d, "move", m.base.id, "referral")), 409);
	/* the school he goes to reads it */
	assert_int_equal(get(d, "clerk-b", at(d, "move", m.base.id, "request")), 200);
	assert_int_equal(get(d, "pupil", at(d, "move", m.base.id, "request")), 404);
	assert_int_equal(db_exec(w->db, "UPDATE move SET state = 'released'", NULL, 0, NULL), OK);
	assert_int_equal(get(d, "clerk", at(d, "move", m.base.id, "referral?format=pdf")), 200);
	assert_true(holds(paper(d), "GIẤY GIỚI THIỆU CHUYỂN TRƯỜNG"));
	desk_close(d);
}

/* A few at once are a download; many are a job of the one who asked. */
static void many_classes(void **state)
{
	struct desk *d = desk_open(state);
	struct world *w = d->w;
	assert_int_equal(get(d, "clerk", "/school_class/print?print=list&grade=7"), 200);
	assert_true(holds(paper(d), "LỚP 7A"));
	assert_int_equal(get(d, "clerk", "/school_class/print?print=list&grade=12"), 409);
	assert_int_equal(get(d, "clerk", "/school_class/print?print=nothing"), 404);
	assert_int_equal(get(d, "clerk", "/school_class/print"), 200);
	str list = paper(d);
	assert_true(holds(list, "Lớp 7") && holds(list, "TRƯỜNG THCS NGUYỄN TRÃI"));
	for (int i = 0; i < 25; i++)
		add_class(w, w->a, w->year, str_z(&d->mem, str_fmt(&d->mem, "9A%d", i)), GRADE_6 + 3);
	add_class(w, w->b, w->year, "9B", GRADE_6 + 3);
	assert_int_equal(get(d, "clerk", "/school_class/print?print=list&grade=9"), 303);
	assert_int_equal(jobs_run_due(&w->app), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM job WHERE state = 'done' AND note LIKE '25 %25 %'"), 1);
	desk_close(d);
}

/* A person who works at one unit stands there, in the year of today, whatever the address leaves out; a pupil does
 * not. */
static void an_address_without_a_unit(void **state)
{
	struct desk *d = desk_open(state);
	assert_int_equal(get(d, "clerk", "/school_class"), 200);
	assert_true(holds(buf_str(&d->p.body), "href=\"/t/truong-thcs-nguyen-trai/2026-2027/school_class/"));
	assert_false(holds(buf_str(&d->p.body), "Choose a unit") || holds(buf_str(&d->p.body), "Chọn đơn vị"));
	assert_int_equal(get(d, "clerk-b", "/school_class"), 200);
	assert_true(holds(buf_str(&d->p.body), "href=\"/t/truong-thcs-hoa-hung/2026-2027/school_class/"));
	assert_int_equal(get(d, "pupil", "/all"), 200);
	assert_false(holds(buf_str(&d->p.body), "/t/truong-thcs"));
	assert_int_equal(get(d, "clerk", "/t/truong-thcs-hoa-hung/2027-2028/school_class"), 200);
	assert_true(holds(buf_str(&d->p.body), "/t/truong-thcs-hoa-hung/2027-2028/school_class"));
	desk_close(d);
}

/* A class list stands for the pupils on it: more than 500 leave only with a second person's word, on one paper or on
 * many. Each document carries a code, and the log of reads knows its class by it. */
static void documents_count_people(void **state)
{
	struct desk *d = desk_open(state);
	int64_t n = -1, id = d->w->class_a.v;
	assert_int_equal(get(d, "clerk", at(d, "school_class", id, "list?format=pdf")), 200);
	assert_true(holds(paper(d), "KX-"));
	reads_flush(&d->w->app, true);
	assert_int_equal(db_int(d->w->db, "SELECT COUNT(*) FROM seen WHERE stamp > 0 AND verb = 'print' AND entity = "
		"'school_class' AND item = ?1", VALS(v_int(id)), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(get(d, "clerk", "/school_class/print?print=list"), 200);
	paper(d);
	assert_int_equal(db_script(d->w->db,
		S("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
		"INSERT INTO person (id, name) SELECT 9000000 + i, 'Nguyễn Văn Số' FROM n")), OK);
	assert_int_equal(db_exec(d->w->db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
		"INSERT INTO enrolment (id, org, pupil, class, since) SELECT 9000000 + i, ?1, 9000000 + i, ?2, 20000 FROM n",
		VALS(v_int(d->w->a.v), v_int(id)), NULL), OK);
	assert_int_equal(get(d, "clerk", at(d, "school_class", id, "list?format=pdf")), 409);
	assert_int_equal(get(d, "clerk", "/school_class/print?print=list"), 303);
	for (int i = 0; i < d->p.n_headers; i++)
		if (str_is(d->p.headers[i].name, "Location"))
			assert_true(str_find(d->p.headers[i].value, S("/xin-xuat?list=school_class&format=list")) >= 0);
	desk_close(d);
}

/* An assignment without a last day shows none in its form, not the year 9999. */
static void no_last_day_to_type_over(void **state)
{
	struct desk *d = desk_open(state);
	struct world *w = d->w;
	struct teaching t = form_row(w, w->teacher_a);

	OKAY(create(as_khue(w), &teaching, &t));
	char path[80];
	snprintf(path, sizeof path, "/teaching/%lld/edit", (long long)t.base.id);
	assert_int_equal(get(d, "clerk", path), 200);
	str page = buf_str(&d->p.body);
	assert_true(holds(page, "name=\"until\"") && !holds(page, "9999"));
	desk_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_class_list), ON_BOTH(a_month), ON_BOTH(papers_of_a_move),
		ON_BOTH(many_classes), ON_BOTH(documents_count_people), ON_BOTH(an_address_without_a_unit),
		ON_BOTH(no_last_day_to_type_over) };
	(void)argc;
	need_postgres(argv);
	hash_init();
	return cmocka_run_group_tests_name("school_print", tests, NULL, NULL);
}
