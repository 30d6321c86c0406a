/* engines.h -- runs a test on both engines: an empty SQLite file, and an empty schema of the PostgreSQL that
 * KHUE_TEST_PG names. Without that variable the program starts a private instance for itself through tool/pg.
 *
 *   static void rows_come_back(void **state) { struct db *d = engine_db(state); ... }
 *   const struct CMUnitTest tests[] = { ON_BOTH(rows_come_back) };
 * int main(int argc, char **argv) { need_postgres(argv); return cmocka_run_group_tests_name("x", tests, NULL, NULL);
 * } */
#ifndef KHUE_ENGINES_H
#define KHUE_ENGINES_H
#include "test.h"
#include <ftw.h>
#include <sys/wait.h>
#include <time.h>
#include "db/db.h"

struct engine_state { struct db *db; char where[600], dir[64], schema[48]; };

#define ON_BOTH(f) { #f " (sqlite)", f, engine_sqlite, engine_close, NULL }, \
                   { #f " (postgres)", f, engine_postgres, engine_close, NULL }

/* Runs the program again under tool/pg when no instance is given. Only without PostgreSQL's programs it goes on
 * alone. */
static inline void need_postgres(char **argv)
{
	pid_t pid;
	int status = 0;

	if (getenv("KHUE_TEST_PG"))
		return;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		execl(KHUE_TOOL_PG, "pg", "run", argv[0], (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 77)
		exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	print_message("skipped: PostgreSQL is not installed\n");
	setenv("KHUE_TEST_PG", "", 1);
}

static inline struct engine_state *engine_open(struct engine_state *e)
{
	char why[256];

	if (db_open(&e->db, e->where, 0, why) != OK) {
		print_error("%s: %s\n", e->where, why);
		return NULL;
	}
	return e;
}

static inline int engine_sqlite(void **state)
{
	struct engine_state *e = calloc(1, sizeof *e);

	strcpy(e->dir, "/tmp/khue-test.XXXXXX");
	if (!mkdtemp(e->dir))
		return -1;
	snprintf(e->where, sizeof e->where, "%s/khue.db", e->dir);
	*state = engine_open(e);
	return *state ? 0 : -1;
}

static inline int engine_postgres(void **state)
{
	const char *url = getenv("KHUE_TEST_PG");
	struct engine_state *e = calloc(1, sizeof *e);
	struct timespec now;
	char sql[96];

	*state = e;
	if (!url || !*url)
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(e->where, sizeof e->where, "%s", url);
	snprintf(e->schema, sizeof e->schema, "t_%d_%ld", (int)getpid(), now.tv_nsec);
	if (!engine_open(e))
		return -1;
	snprintf(sql, sizeof sql, "CREATE SCHEMA %s", e->schema);
	if (db_script(e->db, str_of(sql)) != OK)
		return -1;
	db_close(e->db);
	snprintf(e->where, sizeof e->where, "%s%coptions=-csearch_path%%3D%s", url, strchr(url, '?') ? '&' : '?',
		e->schema);
	return engine_open(e) ? 0 : -1;
}

static inline int engine_remove(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static inline int engine_close(void **state)
{
	struct engine_state *e = *state;
	char sql[96];

	if (e->db && e->schema[0]) {
		while (db_depth(e->db))
			db_rollback(e->db);
		snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE", e->schema);
		db_script(e->db, str_of(sql));
	}
	db_close(e->db);
	if (e->dir[0])
		nftw(e->dir, engine_remove, 8, FTW_DEPTH | FTW_PHYS);
	free(e);
	return 0;
}

static inline struct db *engine_db(void **state)
{
	struct engine_state *e = *state;

	if (!e->db)
		skip();
	return e->db;
}

/* A second connection to the same data. */
static inline struct db *engine_again(void **state)
{
	struct engine_state *e = *state;
	struct db *d;
	char why[256];

	if (!e->db)
		skip();
	if (db_open(&d, e->where, 0, why) != OK)
		fail_msg("%s", why);
	return d;
}
#endif
