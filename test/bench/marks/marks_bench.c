/* marks_bench -- a column of 45 marks written and read, its ledger included, on both engines; on PostgreSQL beside
 * pgbench, which writes the same rows in one plain transaction; then the results of a school of 34 classes.
 * usage: marks_bench [SECONDS a path, default 1] */
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records
#include "mod/records/records.h"
#include "domain.h"
#include "core/many.h"
#include <sys/resource.h>
#include <time.h>

enum { PUPILS = 45, CLASSES = 34, SUBJECTS = 12 };
struct bench { struct world *w; subject_id subject; person_id pupils[PUPILS]; int round; double seconds;
	const char *engine; };

static double cpu_now(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec)
		/ 1e6;
}

static double wall_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum rc run_save(struct bench *b)
{
	struct ctx *c = as(b->w, &teacher, b->w->a, b->w->teacher_a);
	struct cell_edit edits[PUPILS];
	struct save_told told;
	str was = b->round ? TEXT(c, "%d.%d", (b->round - 1) % 10, (b->round - 1) / 10 % 10) : (str){ 0 },
		to = TEXT(c, "%d.%d", b->round % 10, b->round / 10 % 10);
	for (int i = 0; i < PUPILS; i++)
		edits[i] = (struct cell_edit){ b->pupils[i].v, S("tx1"), was, to };
	TRY(db_begin(b->w->db));
	TRY(marks_save(c, &(struct save_ask){ b->w->class_a, b->subject, TERM_1, edits, PUPILS, true, { 0 } }, &told));
	b->round++;
	return told.saved == PUPILS ? db_commit(b->w->db) : E_FAULT;
}

static enum rc run_load(struct bench *b)
{
	struct grid g;
	TRY(grid_load(as(b->w, &teacher, b->w->a, b->w->teacher_a), b->w->class_a, b->subject, TERM_1, &g));
	return g.n == PUPILS ? OK : E_FAULT;
}

static double measure(struct bench *b, const char *name, enum rc (*fn)(struct bench *))
{
	for (int i = 0; i < 20; i++)
		if (fn(b) != OK)
			fail_msg("%s: %s\n", name, db_why(b->w->db));
	uint64_t sql = db_count(b->w->db);
	double from = cpu_now(), wall = wall_now(), took;
	int n = 0;
	do {
		for (int i = 0; i < 10; i++, n++)
			if (fn(b) != OK)
				fail_msg("%s: %s\n", name, db_why(b->w->db));
		took = wall_now() - wall;
	} while (took < b->seconds);
	printf("%-9s %-14s %8.1f us CPU %5.1f statements %8.1f /s\n", b->engine, name, (cpu_now() - from) / n * 1e6,
		(double)(db_count(b->w->db) - sql) / n, n / took);
	return n / took;
}

static void fill(struct bench *b)
{
	struct world *w = b->w;
	struct teaching t;
	struct school_class k;
	int64_t n;

	assert_int_equal(db_begin(w->db), OK);
	OKAY(school_load_facts(as_khue(w)));
	struct subject s;
	OKAY(find_one(as_khue(w), &subject, &s, IS({ offsetof(struct subject, code), v_text(S("toan")) })));
	b->subject.v = s.base.id;
	OKAY(find(as_khue(w), &school_class, w->class_a.v, &k));
	for (int i = 0; i < PUPILS; i++) {
		char name[40];
		snprintf(name, sizeof name, "Nguyễn Văn %c%c", 'A' + i % 26, 'a' + i / 26);
		b->pupils[i] = add_person(w, w->a, name, true, false);
		enrol(w, b->pupils[i], w->class_a);
	}
	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class = w->class_a;
	t.teacher = w->teacher_a;
	t.subject = b->subject;
	OKAY(create(as_khue(w), &teaching, &t));
	OKAY(courses_open(as_khue(w), w->a, w->year, &n));
	assert_int_equal(db_commit(w->db), OK);
}

/* The rows that a save writes, as one prepared transaction of pgbench. */
static void beside_pgbench(struct bench *b, const char *where, double saves)
{
	char path[] = "/tmp/khue_marks_bench_XXXXXX", cmd[1200], line[300];
	FILE *f = fdopen(mkstemp(path), "w"), *out;
	items rows;
	double tps = 0;
	int64_t book = count(b->w, "SELECT id FROM course");
	const char *comma = "";

	assert_non_null(f);
	assert_int_equal(find_all(as_khue(b->w), &mark, &rows, 100, NULL, 0), OK);
	fprintf(f,
		"\\set v random(1, 99)\n\\set id random(1, 9000000000000)\nBEGIN;\nUPDATE mark SET rev = rev + 1, changed = "
			":id::bigint, cells = v.cells, average = v.average, comment = NULL, remark = NULL FROM (VALUES ");
	for (int64_t i = 0; i < rows.n; i++, comma = ", ")
		fprintf(f, "%s(%lld, 'tx1=' || :v::text, :v::bigint)", comma,
			(long long)((const struct mark *)rows.p)[i].base.id);
	fprintf(f,
		") AS v(id, cells, average) WHERE mark.id = v.id;\nINSERT INTO ledger_entry (id, rev, org, made_by, made, "
			"changed, gone, course, seq, at, author, impersonator, term, lines, hash)"
		" VALUES (:id::bigint + 9007000000, 1, %lld, 77, :id::bigint, :id::bigint, 0, %lld, :id::bigint + 1000000, "
			":id::bigint, 77, 0, 'hk1', repeat('1234567890123456 tx1 7.5 8.5;', 45), repeat('0123456789abcdef', 4));\n"
		"UPDATE course SET entries = entries + 1, head = repeat('0123456789abcdef', 4) WHERE id = %lld;\nCOMMIT;\n",
		(long long)b->w->a.v, (long long)book, (long long)book);
	fclose(f);
	snprintf(cmd, sizeof cmd,
		"PATH=$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH pgbench -n -M prepared -c 1 -T %d -f %s '%s' 2>&1",
		(int)(b->seconds + 1), path, where);
	out = popen(cmd, "r");
	while (out && fgets(line, sizeof line, out))
		if (strncmp(line, "tps = ", 6) == 0)
			tps = atof(line + 6);
		else if (strstr(line, "error") || strstr(line, "ERROR"))
			printf("%s", line);
	if (out)
		pclose(out);
	unlink(path);
	printf("%-9s %-14s %8.1f /s; a save is %.2f of it\n", "pgbench", "same rows", tps, tps > 0 ? saves / tps : 0);
}

/* 34 classes of 45 with twelve books, both terms. */
static void fill_school(struct world *w)
{
	struct ctx *c = as_khue(w);
	items subjects;
	struct { int64_t id; bool words; } of[SUBJECTS];
	OKAY(find_all(c, &subject, &subjects, SUBJECTS, NULL, 0));
	for (int s = 0; s < SUBJECTS; s++) {
		of[s].id = ((const struct subject *)subjects.p)[s].base.id;
		of[s].words = ((const struct subject *)subjects.p)[s].comment_only;
	}
	assert_int_equal(db_begin(w->db), OK);
	for (int k = 0; k < CLASSES; k++) {
		char name[16];
		snprintf(name, sizeof name, "8K%d", k);
		school_class_id class = add_class(w, w->a, w->year, name, GRADE_6 + 2);
		c = as_khue(w);
		struct person *p = NEWS(c->mem, struct person, PUPILS);
		struct enrolment *e = NEWS(c->mem, struct enrolment, PUPILS);
		struct course *books = NEWS(c->mem, struct course, SUBJECTS);
		struct mark *m = NEWS(c->mem, struct mark, PUPILS * SUBJECTS * 2);
		for (int i = 0; i < PUPILS; i++) {
			p[i] = a_person(w, w->a, "Lê Minh");
			p[i].base.id = new_id(c);
			p[i].pupil = true;
			row_zero(&enrolment, &e[i]);
			e[i].base.org = w->a;
			e[i].pupil.v = p[i].base.id;
			e[i].class = class;
			e[i].year = w->year;
			e[i].since = (day){ 20000 };
			e[i].until = FOREVER;
		}
		for (int s = 0; s < SUBJECTS; s++) {
			row_zero(&course, &books[s]);
			books[s].base.id = new_id(c);
			books[s].base.org = w->a;
			books[s].class = class;
			books[s].subject.v = of[s].id;
			for (int i = 0; i < PUPILS * 2; i++) {
				struct mark *x = &m[s * PUPILS * 2 + i];
				row_zero(&mark, x);
				x->base.org = w->a;
				x->course.v = books[s].base.id;
				x->class = class;
				x->pupil.v = p[i / 2].base.id;
				x->term = (pick)(i % 2);
				x->average.v = of[s].words ? -1 : 300 + (i * 37 + s * 91 + k * 13) % 70 * 10;
				x->comment = of[s].words ? S("dat") : (str){ 0 };
			}
		}
		OKAY(create_many(c, &person, p, PUPILS));
		OKAY(create_many(c, &enrolment, e, PUPILS));
		OKAY(create_many(c, &course, books, SUBJECTS));
		OKAY(create_many(c, &mark, m, PUPILS * SUBJECTS * 2));
	}
	assert_int_equal(db_commit(w->db), OK);
}

static void recompute(struct bench *b, const char *name)
{
	items classes;
	assert_int_equal(find_all(as_khue(b->w), &school_class, &classes, 100,
		IS({ offsetof(struct school_class, grade), v_text(S("8")) })), OK);
	int64_t ids[100], n = 0, total = 0;
	for (int64_t i = 0; i < classes.n; i++)
		ids[n++] = ((const struct school_class *)classes.p)[i].base.id;
	double wall = wall_now(), cpu = cpu_now();
	assert_int_equal(db_begin(b->w->db), OK);
	for (int64_t i = 0; i < n; i++) {
		int64_t pupils;
		assert_int_equal(results_of_class(as_khue(b->w), (school_class_id){ ids[i] }, &pupils), OK);
		total += pupils;
	}
	assert_int_equal(db_commit(b->w->db), OK);
	printf("%-9s %-14s %8.0f ms, %.0f ms CPU, %lld pupils\n", b->engine, name, (wall_now() - wall) * 1e3,
		(cpu_now() - cpu) * 1e3, (long long)total);
}

static void marks(void **state)
{
	const char *seconds = getenv("BENCH_SECONDS");
	struct bench b = { .w = world_open(state), .seconds = seconds ? atof(seconds) : 1 };
	bool postgres = db_kind(b.w->db) == DB_POSTGRES;
	b.engine = postgres ? "postgres" : "sqlite";
	fill(&b);
	double saves = measure(&b, "save column", run_save);
	measure(&b, "load page", run_load);
	if (postgres)
		beside_pgbench(&b, ((struct engine_state *)*state)->where, saves);
	fill_school(b.w);
	recompute(&b, "results");
	recompute(&b, "results again");
	world_close(b.w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(marks) };
	if (argc > 1)
		setenv("BENCH_SECONDS", argv[1], 1);
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("marks", tests, NULL, NULL);
}
