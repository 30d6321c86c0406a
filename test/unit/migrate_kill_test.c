/* migrate_kill_test.c -- a migration cut down at each of its statements, on both engines: the database is as it was
 * or as it should become, never between, and the next run completes it. The control runs the same statements without
 * a transaction and must be found out.
 *
 * SQLite: the process gets SIGKILL when the statement begins. PostgreSQL: the server process of the connection is
 * ended after the statement, by an event trigger in a database of its own, felt by connections with khue.die_at set. */
#include "engines.h"
#include "core/migrate.h"
#include "db/engine.h"
#include <signal.h>
#include <sqlite3.h>

#define M(module, number, word, sql) { S_INIT(module), S_INIT(word), number, S_INIT(sql) }
/* As a release brings them: a table, columns and indexes for an old one, rows moved over, a table made anew. */
static const struct migration list[] = {
	M("core", 1, "old",
		"CREATE TABLE a (id BIGINT PRIMARY KEY, name TEXT); INSERT INTO a VALUES (1, 'x'); INSERT INTO a VALUES (2, "
			"'y')"),
	M("core", 2, "more",
		"ALTER TABLE a ADD COLUMN size BIGINT NOT NULL DEFAULT 0; CREATE TABLE b (id BIGINT PRIMARY KEY, a BIGINT "
			"REFERENCES a (id));"
		"INSERT INTO b SELECT id + 10, id FROM a; CREATE INDEX b_a_idx ON b (a); UPDATE a SET size = 7; CREATE "
			"TABLE c (id BIGINT)"),
	M("books", 1, "again-breaks",
		"CREATE TABLE d (id BIGINT PRIMARY KEY, name TEXT); INSERT INTO d SELECT id, name FROM a; DROP TABLE c;"
		"CREATE INDEX d_name_idx ON d (name); ALTER TABLE a DROP COLUMN size; CREATE TABLE e (id BIGINT)"),
};
enum { LAST = COUNT(list), STATEMENTS_MAX = 60 };

struct killer { int left; };

static int at_statement(unsigned what, void *arg, void *stmt, void *sql)
{
	struct killer *k = arg;
	(void)what, (void)stmt, (void)sql;
	if (k->left-- == 0)
		raise(SIGKILL);
	return 0;
}

/* Statement by statement, each for itself: what migrate_run must not do. */
static enum rc careless(struct db *d, struct arena *mem)
{
	char why[256];
	TRY(migrate_run(d, mem, list, 1, (instant){ 1 }, NULL, NULL, why));
	for (int i = 1; i < LAST; i++) {
		str rest = list[i].sql, one;
		bool more = true;
		while (more) {
			more = str_cut(rest, ';', &one, &rest);
			TRY(db_script(d, one));
		}
	}
	return OK;
}

/* A process of its own that dies at statement k; true when it lived to the end. */
static bool run_until(const char *where, int k, bool carefully)
{
	pid_t pid = fork();
	int status = 0;
	if (pid == 0) {
		struct arena mem;
		struct db *d;
		struct killer killer = { k };
		char why[256];
		arena_init(&mem, (size_t)16 << 20);
		if (db_open(&d, where, 0, why) != OK)
			_exit(2);
		if (db_kind(d) == DB_SQLITE)
			sqlite3_trace_v2(d->conn, SQLITE_TRACE_STMT, at_statement, &killer);
		enum rc rc = carefully ? migrate_run(d, &mem, list, LAST, (instant){ 1 }, NULL, NULL, why) : careless(d, &mem);
		_exit(rc == OK ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int64_t count(struct db *d, const char *sql)
{
	int64_t n = -1;
	return db_int(d, sql, NULL, 0, &n) == OK ? n : -1;
}

static bool has(struct db *d, const char *table) { return db_has_table(d, table); }

/* Which of the schemas 0 .. LAST stands there; -1: none of them. */
static int state_of(struct db *d)
{
	int64_t recorded = has(d, "schema_version") ? count(d, "SELECT count(*) FROM schema_version") : 0;
	bool a = has(d, "a"), b = has(d, "b"), c = has(d, "c"), dd = has(d, "d"), e = has(d, "e");
	bool size = count(d, "SELECT count(size) FROM a") == 2;
	if (!a && !b && !c && !dd && !e)
		return recorded == 0 ? 0 : -1;
	if (a && !b && !c && !dd && !e && !size)
		return recorded == 1 && count(d, "SELECT count(*) FROM a") == 2 ? 1 : -1;
	if (a && b && c && !dd && !e && size)
		return recorded == 2 && count(d, "SELECT count(*) FROM b") == 2 &&
			count(d, "SELECT count(*) FROM a WHERE size = 7") == 2 ? 2 : -1;
	if (a && b && !c && dd && e && !size)
		return recorded == 3 && count(d, "SELECT count(*) FROM d") == 2 ? 3 : -1;
	return -1;
}

static void clear(struct db *d)
{
	static const char *const tables[] = { "b", "e", "d", "c", "a", "schema_version" };
	char sql[64];
	for (int i = 0; i < (int)COUNT(tables); i++) {
		snprintf(sql, sizeof sql, "DROP TABLE IF EXISTS %s", tables[i]);
		assert_int_equal(db_script(d, str_of(sql)), OK);
	}
}

struct victim { struct db *db; char where[700], name[64]; };

/* PostgreSQL: a database of its own, since an event trigger is of a whole database. */
static void victim_new(void **state, struct victim *v)
{
	struct engine_state *e = *state;
	char sql[128], why[256];
	*v = (struct victim){ .db = engine_db(state) };
	strcpy(v->where, e->where);
	if (db_kind(v->db) == DB_SQLITE)
		return;
	snprintf(v->name, sizeof v->name, "kill_%s", e->schema);
	snprintf(sql, sizeof sql, "CREATE DATABASE %s", v->name);
	assert_int_equal(db_script(e->db, str_of(sql)), OK);
	const char *end = strchr(e->where, '?'), *slash = end;
	while (*slash != '/')
		slash--;
	snprintf(v->where, sizeof v->where, "%.*s/%s?options=", (int)(slash - e->where), e->where, v->name);
	assert_int_equal(db_open(&v->db, v->where, 0, why), OK);
	assert_int_equal(db_script(v->db,
		S("CREATE SEQUENCE died; CREATE FUNCTION die() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
		"IF coalesce(current_setting('khue.die_at', true), '') <> '' THEN IF nextval('died') > "
			"current_setting('khue.die_at')::bigint THEN "
		"PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END IF; END $$;"
		"CREATE EVENT TRIGGER die ON ddl_command_end EXECUTE FUNCTION die()")), OK);
}

static void victim_end(void **state, struct victim *v)
{
	struct engine_state *e = *state;
	char sql[128];
	if (db_kind(v->db) == DB_SQLITE)
		return;
	db_close(v->db);
	snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", v->name);
	assert_int_equal(db_script(e->db, str_of(sql)), OK);
}

static const char *deadly(const struct victim *v, int k, char *to, size_t n)
{
	if (db_kind(v->db) == DB_SQLITE)
		return v->where;
	assert_int_equal(db_script(v->db, S("ALTER SEQUENCE died RESTART")), OK);
	snprintf(to, n, "%s-ckhue.die_at%%3D%d", v->where, k);
	return to;
}

/* Kills at each statement; returns how many of the states found were none that may be, and in *ret_kills how many
 * kills. */
static int cut_everywhere(struct victim *e, bool carefully, int *ret_kills, bool seen[static LAST + 1])
{
	char where[900];
	int between = 0;
	for (*ret_kills = 0; *ret_kills < STATEMENTS_MAX; ++*ret_kills) {
		clear(e->db);
		bool whole = run_until(deadly(e, *ret_kills, where, sizeof where), *ret_kills, carefully);
		int state = state_of(e->db);
		between += state < 0;
		if (state >= 0)
			seen[state] = true;
		if (whole)
			break;
		if (!carefully)
			continue;
		assert_true(run_until(e->where, -1, true));
		assert_int_equal(state_of(e->db), LAST);
	}
	return between;
}

static void cut_anywhere_it_is_the_old_or_the_new(void **state)
{
	struct victim v;
	bool seen[LAST + 1] = { false };
	int kills;
	victim_new(state, &v);
	assert_int_equal(cut_everywhere(&v, true, &kills, seen), 0);
	assert_true(kills >= 10 && kills < STATEMENTS_MAX);
	for (int i = 0; i <= LAST; i++)
		assert_true(seen[i]);
	victim_end(state, &v);
}

static void without_transactions_it_is_found_between(void **state)
{
	struct victim v;
	bool seen[LAST + 1] = { false };
	int kills;
	victim_new(state, &v);
	assert_true(cut_everywhere(&v, false, &kills, seen) >= 5);
	victim_end(state, &v);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(cut_anywhere_it_is_the_old_or_the_new),
		ON_BOTH(without_transactions_it_is_found_between) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("migrate_kill", tests, NULL, NULL);
}
