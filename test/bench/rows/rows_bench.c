/* rows_bench -- CPU time of the data engines' hot paths, on both engines: a list of 45 rows with the titles of what
 * they refer to, a row by its id, a change with its history. Prints one line a path: engine, path, microseconds,
 * statements.
 * usage: rows_bench [SECONDS of CPU time a path, default 0.5 [PATH]] */
#include "library.h"
#include <sys/resource.h>

static double cpu_now(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec)
		/ 1e6;
}

struct bench { struct world *w; int64_t copy, book; int round; double seconds; const char *engine; };

static enum rc run_list(struct bench *b)
{
	struct list_answer a;
	struct ctx *c = as_librarian(b->w, SCHOOL_A);
	struct list_ask ask = { .e = &lib_copy, .titles = true, .limit = 45 };
	enum rc rc = list_rows(c, &ask, &a);
	return rc == OK && a.rows.n == 45 ? OK : E_FAULT;
}

static enum rc run_list_above(struct bench *b)
{
	struct list_answer a;
	struct ctx *c = AS(b->w, 2, 2, { &dept_officer, { DEPT }, { 0 }, { 99999 } });
	c->here.org.v = SCHOOL_A;
	struct list_ask ask = { .e = &lib_book, .limit = 45 };
	enum rc rc = list_rows(c, &ask, &a);
	return rc == OK && a.rows.n == 45 ? OK : E_FAULT;
}

static enum rc run_find(struct bench *b)
{
	struct lib_copy x;
	return find(as_librarian(b->w, SCHOOL_A), &lib_copy, b->copy, &x);
}

static enum rc run_update(struct bench *b)
{
	struct ctx *c = as_librarian(b->w, SCHOOL_A);
	struct lib_book x;
	TRY(find(c, &lib_book, b->book, &x));
	x.year = 1900 + b->round % 100;
	x.title = TEXT(c, "Nhan đề %d", b->round++);
	return update(c, &lib_book, &x);
}

static enum rc run_may(struct bench *b)
{
	struct ctx *c = as_librarian(b->w, SCHOOL_A);
	struct lib_book x;
	row_zero(&lib_book, &x);
	x.base.org.v = SCHOOL_A;
	return may(c, &lib_book, UPDATE, &x) && perm_any(c, &lib_book, CREATE) ? OK : E_FAULT;
}

static void measure(struct bench *b, const char *name, enum rc (*fn)(struct bench *))
{
	const char *only = getenv("BENCH_ONLY");
	if (only && strcmp(only, name) != 0)
		return;
	for (int i = 0; i < 20; i++)
		if (fn(b) != OK)
			fail_msg("%s: %s\n", name, db_why(b->w->db));
	uint64_t sql = db_count(b->w->db);
	double from = cpu_now(), took;
	int n = 0;
	do {
		for (int i = 0; i < 50; i++, n++)
			if (fn(b) != OK)
				fail_msg("%s: %s\n", name, db_why(b->w->db));
		took = cpu_now() - from;
	} while (took < b->seconds);
	printf("%-9s %-12s %8.1f us %5.1f statements\n", b->engine, name, took / n * 1e6,
		(double)(db_count(b->w->db) - sql) / n);
}

static void fill(struct bench *b)
{
	int64_t book[500];
	if (db_begin(b->w->db) != OK)
		fail_msg("%s\n", db_why(b->w->db));
	for (int i = 0; i < 1000; i++) {
		struct ctx *c = as_librarian(b->w, i % 2 ? SCHOOL_A : SCHOOL_B);
		struct lib_book x = book_of("");
		struct lib_copy y;
		x.title = TEXT(c, "Nhan đề %d", i * 7919 % 1000);
		x.author = S("Nguyễn Thị Minh Hạnh");
		if (create(c, &lib_book, &x) != OK)
			fail_msg("book %d\n", i);
		book[i / 2] = x.base.id;
		row_zero(&lib_copy, &y);
		y.book.v = book[i / 2];
		y.barcode = TEXT(c, "B%05d", i);
		if (create(c, &lib_copy, &y) != OK)
			fail_msg("copy %d\n", i);
		b->copy = y.base.id;
		b->book = x.base.id;
	}
	for (int i = 0; i < 700; i++) {
		char sql[100];
		snprintf(sql, sizeof sql, "INSERT INTO org_below VALUES (1, %d, 0, 99999)", 1000 + i);
		must(b->w, sql);
	}
	must(b->w, "CREATE INDEX org_below_top_idx ON org_below (top, below)");
	if (db_commit(b->w->db) != OK)
		fail_msg("%s\n", db_why(b->w->db));
}

static void both_paths(void **state)
{
	const char *seconds = getenv("BENCH_SECONDS");
	struct bench b = { .w = world_open(state), .seconds = seconds ? atof(seconds) : 0.5 };
	b.engine = db_kind(b.w->db) == DB_SQLITE ? "sqlite" : "postgres";
	fill(&b);
	measure(&b, "list", run_list);
	measure(&b, "list-above", run_list_above);
	measure(&b, "find", run_find);
	measure(&b, "may", run_may);
	must(b.w, db_kind(b.w->db) == DB_SQLITE ? "PRAGMA synchronous = OFF" : "SET synchronous_commit = off");
	measure(&b, "update", run_update);
	world_close(b.w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(both_paths) };
	if (argc > 1)
		setenv("BENCH_SECONDS", argv[1], 1);
	if (argc > 2)
		setenv("BENCH_ONLY", argv[2], 1);
	need_postgres(argv);
	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
