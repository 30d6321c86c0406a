/* takeout_test.c -- many records of people leave only when a second person agrees, and every file says who took it. */
#include "auth_world.h"
#include "core/export.h"
#include "core/files.h"
#include "core/job.h"
#include "core/reads.h"
#include <sys/stat.h>

enum { PUPILS = TAKE_ALONE + 20 };

static void add_pupils(struct world *w)
{
	for (int i = 0; i < PUPILS; i++) {
		struct ctx *c = as_khue(w);
		struct person p;

		row_zero(&person, &p);
		p.base.org.v = w->school_a;
		p.name = str_of(i < 30 ? "Lê Văn Hiếm" : "Nguyễn Văn Số");
		p.born = (day){ 15000 + i };
		p.pupil = true;
		assert_int_equal(create(c, &person, &p), OK);
	}
	login(w, "hieutruong");
}

static str sent_file(struct world *w)
{
	struct stat st;
	char *p;

	assert_true(w->p.fd >= 0);
	assert_int_equal(fstat(w->p.fd, &st), 0);
	p = arena_alloc(&w->page_mem, (size_t)st.st_size + 1, 1);
	assert_int_equal(pread(w->p.fd, p, (size_t)st.st_size, 0), st.st_size);
	close(w->p.fd);
	w->p.fd = -1;
	return (str){ p, st.st_size };
}

static int64_t code_in(str text)
{
	ptrdiff_t at = str_find(text, S("KX-"));
	int64_t stamp = 0;

	if (at < 0 || !stamp_read(str_sub(text, at, at + 16), &stamp))
		fail_msg("no code in %.*s", FMT(str_sub(text, 0, 300)));
	return stamp;
}

static void codes_are_read_back(void **state)
{
	struct arena mem;
	int64_t id;

	(void)state;
	arena_init(&mem, 1 << 16);
	for (int64_t want = 1; want < (INT64_C(1) << 53); want = want * 3 + 1) {
		assert_true(stamp_read(stamp_code(&mem, want), &id));
		assert_true(id == want);
		arena_reset(&mem);
	}
	assert_false(stamp_read(S("KX-0000-0000-00"), &id));
	assert_false(stamp_read(S("KX-0000-0000-00U"), &id));
	assert_false(stamp_read(S("KX-0000-0000-0011"), &id));
	assert_false(stamp_read(S(""), &id));
	arena_free(&mem);
}

/* A few rows leave at once, and say by whom; the log of reads knows the code. */
static void a_file_says_who_took_it(void **state)
{
	struct world *w = world_open(state);

	add_pupils(w);
	assert_status(w, get(w, "/person/export?format=csv&q=hiem"), 200);
	str csv = sent_file(w), last = str_sub(csv, csv.n - 300, -1), line;
	ptrdiff_t at = str_find(last, S("\n\""));
	line = str_sub(last, at + 2, -1);
	assert_true(at > 0 && stamp_is_line(line));
	assert_false(stamp_is_line(S("Xuất bởi Lê An, mã tệp KX-12")) || stamp_is_line(S("KX-06Y7-8NP8-0R0")));
	assert_true(str_find(last, S("(hieutruong)")) > 0);
	int64_t stamp = code_in(last);
	assert_true(str_find(sent_header(w, "Content-Disposition"), stamp_code(&w->page_mem, stamp)) > 0);
	reads_flush(&w->app, true);
	assert_int_equal(number(w, "SELECT SUM(n) FROM seen WHERE stamp = ?1", stamp), 30);
	assert_int_equal(number(w, "SELECT user_id FROM seen WHERE stamp = ?1", stamp), w->principal);
	/* another download has another code; json has it in its name */
	assert_status(w, get(w, "/person/export?format=json&q=hiem"), 200);
	assert_int_not_equal(code_in(sent_header(w, "Content-Disposition")), stamp);
	sent_file(w);
	/* rows that are about nobody have none */
	login(w, "chuyenvien");
	assert_status(w, get(w, "/org/export?format=csv"), 200);
	assert_true(str_find(sent_file(w), S("KX-")) < 0);
	world_close(w);
}

static int64_t ask_for_all(struct world *w)
{
	char form[400], address[] = "/xin-xuat?list=person&format=csv&every=1&ask=sex%3Dunknown";

	snprintf(form, sizeof form, "list=person&format=csv&every=1&ask=sex%%3Dunknown&reason=%s",
		"B%C3%A1o c%C3%A1o \xC4\x91\xE1\xBA\xA7u n\xC4\x83m");
	assert_status(w, post_from(w, address, "/xin-xuat", form), 303);
	return number(w, "SELECT MAX(id) FROM takeout WHERE 0 < ?1", 1);
}

static int do_step(struct world *w, int64_t id, const char *word)
{
	char page_[64], address[80];

	snprintf(page_, sizeof page_, "/takeout/%lld", (long long)id);
	snprintf(address, sizeof address, "/takeout/%lld/do/%s", (long long)id, word);
	return post_from(w, page_, address, "why=");
}

static void many_need_a_second_person(void **state)
{
	struct world *w = world_open(state);

	add_pupils(w);
	/* the list, its documents, its paper: nothing leaves, and the way to ask is shown */
	assert_status(w, get(w, "/person/export?format=csv&sex=unknown"), 303);
	assert_true(str_find(sent_header(w, "Location"), S("/xin-xuat?list=person&format=csv&every=0&ask=sex%3D")) >= 0);
	assert_status(w, get(w, "/person/print"), 303);
	reads_flush(&w->app, true);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM seen WHERE verb <> 'read' AND n > ?1", 1), 0);
	/* what needs nobody's word cannot be asked for; a reason is wanted */
	assert_status(w, get(w, "/xin-xuat?list=person&format=csv&ask=q%3Dhiem"), 409);
	assert_status(w, get(w, "/xin-xuat?list=org&format=csv"), 404);
	assert_status(w, post_from(w, "/xin-xuat?list=person&format=csv", "/xin-xuat",
		"list=person&format=csv&reason=x"), 422);
	assert_has(w, "name=\"reason\"");
	int64_t id = ask_for_all(w);
	assert_int_equal(number(w, "SELECT rows FROM takeout WHERE id = ?1", id), PUPILS);
	assert_true(number(w, "SELECT COUNT(*) FROM notice WHERE account = ?1", w->officer) >= 1);
	/* not by himself, not before */
	assert_status(w, do_step(w, id, "agree"), 409);
	assert_status(w, do_step(w, id, "make"), 409);
	login(w, "an.nv");
	assert_int_not_equal(do_step(w, id, "agree"), 303);
	login(w, "chuyenvien");
	assert_status(w, do_step(w, id, "agree"), 303);
	/* what he does not see is as it was asked for */
	assert_int_equal(number(w, "SELECT COUNT(*) FROM takeout WHERE every = 1 AND id = ?1", id), 1);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM takeout WHERE ask IS NOT NULL AND rows > 0 AND id = ?1", id), 1);
	assert_int_not_equal(do_step(w, id, "make"), 303);       /* it is not his */
	login(w, "hieutruong");
	assert_status(w, do_step(w, id, "make"), 303);
	assert_status(w, do_step(w, id, "make"), 409);           /* once */
	assert_int_equal(jobs_run_due(&w->app) > 0, true);
	int64_t job = number(w, "SELECT MAX(id) FROM job WHERE name = 'core/export' AND state = 'done' AND 0 < ?1", 1);
	char address[64];
	snprintf(address, sizeof address, "/tep/%lld", (long long)number(w, "SELECT file FROM job WHERE id = ?1", job));
	assert_status(w, get(w, address), 200);
	str csv = sent_file(w);
	int64_t stamp = code_in(str_sub(csv, csv.n - 300, -1));
	assert_true(code_in(sent_header(w, "Content-Disposition")) == stamp);
	struct takeout t;
	assert_int_equal(find(as_khue(w), &takeout, id, &t), OK);
	assert_true(str_eq(t.code, stamp_code(w->c.mem, stamp)));
	assert_int_equal(number(w, "SELECT SUM(n) FROM seen WHERE stamp = ?1", stamp), PUPILS);
	world_close(w);
}

/* A word that was given holds for a week and for about as many rows; a job without one makes nothing. */
static void a_word_does_not_stretch(void **state)
{
	struct world *w = world_open(state);
	struct export_in in = { S("person"), S("csv"), S("sex\tunknown\n"), false, w->school_a, 0, 0 };

	add_pupils(w);
	int64_t id = ask_for_all(w);
	login(w, "chuyenvien");
	assert_status(w, do_step(w, id, "agree"), 303);
	assert_int_equal(db_exec(w->db, "UPDATE takeout SET rows = 501 WHERE id = ?1", VALS(v_int(id)), NULL), OK);
	login(w, "hieutruong");
	assert_int_equal(db_exec(w->db, "UPDATE takeout SET rows = 400 WHERE id = ?1", VALS(v_int(id)), NULL), OK);
	assert_status(w, do_step(w, id, "make"), 409);           /* the list has grown by a third */
	assert_int_equal(db_exec(w->db, "UPDATE takeout SET rows = 501 WHERE id = ?1", VALS(v_int(id)), NULL), OK);
	w->time += 8 * 24 * 60 * MINUTE;
	login(w, "hieutruong");
	assert_status(w, do_step(w, id, "make"), 409);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM job WHERE name = 'core/export' AND 0 < ?1", 1), 0);
	/* as if the page had let it through */
	struct ctx *c = as_khue(w);
	struct seat chair = { &principal, { w->school_a }, { 0 }, { 99999 } };
	struct actor head = { .user = { w->principal }, .name = S("Mai"), .seats = &chair, .n_seats = 1 };
	int64_t job;
	c->who = &head;
	assert_int_equal(job_add_core(c, "export", (org_id){ w->school_a }, &in, &job), OK);
	in.stamp = 77;
	assert_int_equal(job_add_core(c, "export", (org_id){ w->school_a }, &in, NULL), OK);
	jobs_run_due(&w->app);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM job WHERE state = 'failed' AND id = ?1", job), 1);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM job WHERE name = 'core/export' AND state = 'done' AND id > ?1",
		1), 1);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(codes_are_read_back), ON_BOTH(a_file_says_who_took_it),
		ON_BOTH(many_need_a_second_person), ON_BOTH(a_word_does_not_stretch) };

	(void)argc;
	need_postgres(argv);
	hash_init();
	return cmocka_run_group_tests_name("takeout", tests, NULL, NULL);
}
