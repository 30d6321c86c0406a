/* school_bench -- a school's year end on both engines: the results of 34 classes of 45 with twelve subjects and both
 * terms, computed first, again, and after a parameter of the circular changed; then a thousand transcripts drawn up,
 * signed and issued as one job, whose process is killed in the middle.
 * usage: school_bench [TRANSCRIPTS, default 1000]. A line of JSON a figure. */
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records, &mod_results, &mod_transcript
#include "mod/results/results.h"
#include "mod/transcript/transcript_rules.h"
#include "mod/transcript/issue.h"
#include "core/dispatch.h"
#include "core/many.h"
#include "cut.h"
#include <stdio.h>

enum { PUPILS = 45, CLASSES = 34, SUBJECTS = 12 };
struct bench { void **state; struct world *w; school_class_id classes[CLASSES]; const char *engine; int64_t transcripts;
	char folder[40]; };
struct spent { double wall, cpu; };

static struct spent now(void)
{
	struct rusage u;
	struct timespec t;
	getrusage(RUSAGE_SELF, &u);
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct spent){ (double)t.tv_sec + (double)t.tv_nsec / 1e9, (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6 };
}

static double cpu_of(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) + (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec)
		/ 1e6;
}

static void told(const struct bench *b, const char *what, int64_t n, struct spent from, struct spent to)
{
	printf("{\"engine\":\"%s\",\"what\":\"%s\",\"n\":%lld,\"seconds\":%.3f,\"cpu\":%.3f}\n", b->engine, what,
		(long long)n, to.wall - from.wall, to.cpu - from.cpu);
	fflush(stdout);
}

/* ---- a school --------------------------------------------------------------------------------------------- */

struct subject_of { int64_t id; bool words; };

/* No two of a school alike, so that the search for duplicates, which the clock starts meanwhile, finds none. */
static str a_name(struct ctx *c, int i)
{
	static const char *const family[] = { "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng" },
		*const middle[] = { "Thị Thanh", "Hoàng", "Minh", "Quốc", "Ngọc" },
		*const given[] = { "An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khôi", "Lan", "Nam", "Oanh", "Phúc", "Quân" };
	return TEXT(c, "%s %s %s %s", family[i % COUNT(family)], middle[i / 7 % COUNT(middle)],
		given[i / 35 % COUNT(given)], given[i / 420 % COUNT(given)]);
}

static void fill_people(struct bench *b, school_class_id class, struct person *p)
{
	static int all;
	struct world *w = b->w;
	struct ctx *c = &w->c;
	struct enrolment *e = NEWS(c->mem, struct enrolment, PUPILS);
	struct conduct *x = NEWS(c->mem, struct conduct, PUPILS * 2);
	for (int i = 0; i < PUPILS; i++) {
		p[i] = a_person(w, w->a, "");
		p[i].name = a_name(c, all++);
		p[i].base.id = new_id(c);
		p[i].pupil = true;
		row_zero(&enrolment, &e[i]);
		e[i].base.org = w->a;
		e[i].pupil.v = p[i].base.id;
		e[i].class = class;
		e[i].year = w->year;
		e[i].since = (day){ 20000 };
		e[i].until = FOREVER;
		for (int t = 0; t < 2; t++) {
			row_zero(&conduct, &x[i * 2 + t]);
			x[i * 2 + t].base.org = w->a;
			x[i * 2 + t].class = class;
			x[i * 2 + t].pupil.v = p[i].base.id;
			x[i * 2 + t].term = (pick)t;
			x[i * 2 + t].level = CONDUCT_TOT;
		}
	}
	OKAY(create_many(c, &person, p, PUPILS));
	OKAY(create_many(c, &enrolment, e, PUPILS));
	OKAY(create_many(c, &conduct, x, PUPILS * 2));
}

static void fill_class(struct bench *b, int k, const struct subject_of *of)
{
	struct world *w = b->w;
	struct ctx *c = as_khue(w);
	char name[16];
	snprintf(name, sizeof name, "8K%d", k);
	b->classes[k] = add_class(w, w->a, w->year, name, GRADE_6 + 2);
	c = as_khue(w);
	struct person *p = NEWS(c->mem, struct person, PUPILS);
	struct course *books = NEWS(c->mem, struct course, SUBJECTS);
	struct mark *m = NEWS(c->mem, struct mark, PUPILS * SUBJECTS * 2);
	struct teaching *t = NEW(c->mem, struct teaching);
	fill_people(b, b->classes[k], p);
	for (int s = 0; s < SUBJECTS; s++) {
		row_zero(&course, &books[s]);
		books[s].base.id = new_id(c);
		books[s].base.org = w->a;
		books[s].class = b->classes[k];
		books[s].subject.v = of[s].id;
		for (int i = 0; i < PUPILS * 2; i++) {
			struct mark *x = &m[s * PUPILS * 2 + i];
			row_zero(&mark, x);
			x->base.org = w->a;
			x->course.v = books[s].base.id;
			x->class = b->classes[k];
			x->pupil.v = p[i / 2].base.id;
			x->term = (pick)(i % 2);
			x->average.v = of[s].words ? -1 : 300 + (i * 37 + s * 91 + k * 13) % 70 * 10;
			x->comment = of[s].words ? S("dat") : (str){ 0 };
			x->remark = i % 5 == 1 ? S("Có cố gắng, cần luyện tập thêm ở nhà.") : (str){ 0 };
		}
	}
	OKAY(create_many(c, &course, books, SUBJECTS));
	OKAY(create_many(c, &mark, m, PUPILS * SUBJECTS * 2));
	row_zero(&teaching, t);
	t->base.org = w->a;
	t->class = b->classes[k];
	t->teacher = w->teacher_a;
	t->form = true;
	t->since = (day){ 20000 };
	t->until = FOREVER;
	OKAY(create_many(c, &teaching, t, 1));
}

static void fill(struct bench *b)
{
	struct world *w = b->w;
	struct subject_of of[SUBJECTS];
	items subjects;
	assert_int_equal(db_begin(w->db), OK);
	OKAY(school_load_facts(as_khue(w)));
	OKAY(find_all(as_khue(w), &subject, &subjects, SUBJECTS, NULL, 0));
	for (int s = 0; s < SUBJECTS; s++)
		of[s] = (struct subject_of){ ((const struct subject *)subjects.p)[s].base.id,
			((const struct subject *)subjects.p)[s].comment_only };
	for (int k = 0; k < CLASSES; k++)
		fill_class(b, k, of);
	OKAY(sign_make(as_khue(w), sign_name_org(&w->c, w->a), S("Trường A"), S("Trường A")));
	OKAY(sign_make(as_khue(w), sign_name_person(&w->c, w->teacher_a), S("Cô Giáo"), S("Trường A")));
	OKAY(sign_make(as_khue(w), sign_name_person(&w->c, w->parent_a), S("Thầy Hiệu Trưởng"), S("Trường A")));
	assert_int_equal(db_commit(w->db), OK);
}

/* ---- results ---------------------------------------------------------------------------------------------- */

static void compute(struct bench *b, const char *what)
{
	struct world *w = b->w;
	int64_t id;
	OKAY(job_add(as_khue(w), &records_jobs[JOB_RESULTS], w->a,
		&(struct results_in){ .at = w->a, .year = w->year }, &id));
	struct spent from = now();
	jobs_run_due(&w->app);
	told(b, what, count(w, "SELECT count(*) FROM year_result"), from, now());
	assert_int_equal(count(w, "SELECT count(*) FROM job WHERE state <> 'done'"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM year_result WHERE level IS NOT NULL"), PUPILS * CLASSES);
}

/* ---- transcripts -------------------------------------------------------------------------------------------- */

static void draw_up(struct bench *b)
{
	struct world *w = b->w;
	struct spent from = now();
	int64_t n, all = 0;
	for (int k = 0; k < CLASSES && all < b->transcripts; k++) {
		assert_int_equal(db_begin(w->db), OK);
		OKAY(transcript_draft(as_khue(w), b->classes[k], &n));
		assert_int_equal(db_commit(w->db), OK);
		all += n;
	}
	told(b, "draft", all, from, now());
}

/* A class at a time, as the pages do. */
static void sign_all(struct bench *b, bool head)
{
	struct world *w = b->w;
	struct spent from = now();
	int64_t all = 0;
	for (items got = { NULL, 1 }; got.n && all < b->transcripts; all += got.n) {
		struct ctx *c = head ? as(w, &principal, w->a, w->parent_a) : as(w, &form_teacher, w->a, w->teacher_a);
		int64_t most = b->transcripts - all < PUPILS ? b->transcripts - all : PUPILS;
		OKAY(find_all(c, &transcript_part, &got, most, IS({ offsetof(struct transcript_part, state),
			v_text(head ? S("signed") : S("draft")) })));
		assert_int_equal(db_begin(w->db), OK);
		for (int64_t i = 0; i < got.n; i++) {
			struct transcript_part x = ((const struct transcript_part *)got.p)[i];
			OKAY(step(c, &transcript_part, &x, head ? "confirm" : "sign"));
		}
		assert_int_equal(db_commit(w->db), OK);
	}
	told(b, head ? "confirm" : "sign", all, from, now());
}

/* Half of it in a process that ends without a word, the rest in the next. */
static void issue_all(struct bench *b)
{
	struct world *w = b->w;
	int64_t id, from = 0;
	OKAY(job_add(as(w, &principal, w->a, w->parent_a), &transcript_jobs[0], w->a, &(struct issue_in){ .at = w->a,
		.year = w->year }, &id));
	int64_t most = 1 + b->transcripts / 5;           /* ten commits a second: about the middle                  */
	for (struct cut x = { 0 }; !x.ended; from = x.done, most = 0) {
		struct spent begin = now();
		x = cut_before(b->state, w, id, most);
		printf("{\"engine\":\"%s\",\"what\":\"%s\",\"n\":%lld,\"seconds\":%.3f,\"cpu\":%.3f,\"rss\":%.1f}\n", b->engine,
			x.ended ? "issue" : "issue until killed", (long long)(x.done - from), now().wall - begin.wall,
			cpu_of(&x.used), (double)x.used.ru_maxrss / 1024);
	}
	assert_int_equal(from, b->transcripts);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_issue"), b->transcripts);
	assert_int_equal(count(w, "SELECT count(DISTINCT transcript) FROM transcript_issue WHERE state = 'valid'"),
		b->transcripts);
	assert_int_equal(count(w, "SELECT count(*) FROM file"), 2 * b->transcripts);
}

static void year_end(void **state)
{
	const char *transcripts = getenv("BENCH_TRANSCRIPTS");
	struct bench b = { .state = state, .w = world_open(state), .transcripts = transcripts ? atoll(transcripts) : 1000,
		.folder = "/tmp/khue_school_XXXXXX" };
	struct world *w = b.w;
	char why[256] = "", cmd[80];
	b.engine = db_kind(b.w->db) == DB_POSTGRES ? "postgres" : "sqlite";
	assert_non_null(mkdtemp(b.folder));
	b.w->app.data = b.folder;
	assert_true(pages_open(&b.w->app, why));
	fill(&b);
	compute(&b, "results");
	compute(&b, "results again");
	OKAY(setting_put(as_khue(w), &mod_records, "parameters", w->a, S("tt22.adjust=substitute")));
	compute(&b, "results of a changed parameter");
	draw_up(&b);
	sign_all(&b, false);
	sign_all(&b, true);
	issue_all(&b);
	pages_close(&b.w->app);
	world_close(b.w);
	snprintf(cmd, sizeof cmd, "rm -rf %s", b.folder);
	assert_int_equal(system(cmd), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(year_end) };
	if (argc > 1)
		setenv("BENCH_TRANSCRIPTS", argv[1], 1);
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("school", tests, NULL, NULL);
}
