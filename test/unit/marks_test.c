/* marks_test.c -- which transactions leave a mark that rights have changed (db_mark), and writes that are sent ahead
 * (db_later). */
#include "engines.h"
#include "db/engine.h"

static const char tables[] = "CREATE TABLE rights_mark (id BIGINT PRIMARY KEY);"
	"CREATE TABLE course (id BIGINT PRIMARY KEY, class BIGINT, entries BIGINT, head TEXT, rev BIGINT DEFAULT 1);"
	"CREATE TABLE pupil (id BIGINT PRIMARY KEY, class BIGINT REFERENCES course (id));"
	"INSERT INTO course (id, class, entries) VALUES (1, 5, 0), (2, 5, 0), (9, 5, 0)";
static const char *const marked[] = { "teaching", "course", NULL }, *const columns[] = { "id", "class", "gone", NULL };

static struct db *with_tables(void **state)
{
	struct db *d = engine_db(state);

	assert_int_equal(db_script(d, str_of(tables)), OK);
	db_mark(d, marked, columns);
	return d;
}

static int64_t number(struct db *d, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(db_int(d, sql, NULL, 0, &n), OK);
	return n;
}

/* Marks that a transaction with this statement leaves. */
static int64_t marks_of(struct db *d, const char *sql, bool later)
{
	int64_t before = number(d, "SELECT count(*) FROM rights_mark");

	assert_int_equal(db_begin(d), OK);
	assert_int_equal(later ? db_later(d, sql, NULL, 0) : db_exec(d, sql, NULL, 0, NULL), OK);
	assert_int_equal(db_commit(d), OK);
	return number(d, "SELECT count(*) FROM rights_mark") - before;
}

static void writes_that_decide_leave_a_mark(void **state)
{
	static const struct { const char *sql; bool mark; } cases[] = {
		{ "INSERT INTO course (id, class) VALUES (3, 5)", true },
		{ "DELETE FROM course WHERE id = 9", true },
		{ "UPDATE course SET class = 6 WHERE id = 1", true },
		{ "UPDATE course SET entries = 3, class = 7 WHERE id = 1", true },
		{ "UPDATE course SET head = ', x', class = 7 WHERE id = 1", true },
		{ "UPDATE course SET entries = (SELECT max(id) FROM pupil), class = 7 WHERE id = 1", true },
		{ "WITH v(id, class) AS (VALUES (1, 8), (2, 8)) UPDATE course SET rev = rev + 1, class = v.class FROM v"
			" WHERE course.id = v.id", true },
		{ "WITH v(id, class) AS (VALUES (7, 8)) INSERT INTO course (id, class) SELECT id, class FROM v", true },
		/* not understood: then as if it did */
		{ "UPDATE course AS k SET entries = 4 WHERE k.id = 1", true },
		/* what nobody's rights depend on */
		{ "UPDATE course SET entries = 2, head = 'x' WHERE id = 1", false },
		{ "UPDATE course SET head = 'a, class = 5', entries = 4 WHERE id = 1", false },
		{ "UPDATE course SET rev = rev + 1, entries = (SELECT max(class) FROM pupil) WHERE class = 5", false },
		{ "WITH v(id, entries) AS (VALUES (1, 8), (2, 8)) UPDATE course SET rev = rev + 1, entries = v.entries FROM v"
			" WHERE course.id = v.id", false },
		{ "INSERT INTO pupil (id, class) VALUES (1, 1)", false },
		{ "UPDATE pupil SET class = 2", false },
		{ "DELETE FROM pupil", false } };
	struct db *d = with_tables(state);
	bool lite = db_kind(d) == DB_SQLITE;     /* it has no standbys */

	for (int i = 0; i < COUNT(cases); i++)
		if (marks_of(d, cases[i].sql, i % 2) != (!lite && cases[i].mark))
			fail_msg("%s: a mark %s", cases[i].sql, cases[i].mark ? "is missing" : "too many");
}

static void rows_that_come_by_thousands_leave_a_mark(void **state)
{
	struct db *d = with_tables(state);
	const struct val two[] = { v_int(21), v_int(22) };

	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "pupil", "id", two, 1, 2), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(number(d, "SELECT count(*) FROM rights_mark"), 0);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "course", "id", two, 1, 2), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(number(d, "SELECT count(*) FROM rights_mark"), db_kind(d) == DB_POSTGRES);
	/* what is rolled back leaves none, and the next transaction does not leave it instead */
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "course", "id", (const struct val[]){ v_int(31) }, 1, 1), OK);
	db_rollback(d);
	assert_int_equal(marks_of(d, "UPDATE pupil SET class = 1", false), 0);
}

/* ---- sent ahead -------------------------------------------------------------------------------- */

static enum rc add_pupil(struct db *d, int64_t id, int64_t class)
{
	return db_later(d, "INSERT INTO pupil (id, class) VALUES (?1, ?2)", VALS(v_int(id), v_int(class)));
}

static void what_is_sent_ahead_is_there(void **state)
{
	struct db *d = with_tables(state);

	assert_int_equal(add_pupil(d, 1, 1), OK);        /* outside of a transaction: at once */
	assert_int_equal(number(d, "SELECT count(*) FROM pupil"), 1);
	for (int round = 0; round < 2; round++) {        /* the second time everything is prepared */
		assert_int_equal(db_begin(d), OK);
		for (int64_t i = 0; i < 40; i++)         /* more than are sent at once */
			assert_int_equal(add_pupil(d, 100 * (round + 1) + i, 1 + i % 2), OK);
		assert_int_equal(number(d, "SELECT count(*) FROM pupil"), 1 + round + 40 * (round + 1));
		assert_int_equal(add_pupil(d, 1000 + round, 2), OK);
		assert_int_equal(db_commit(d), OK);
		assert_int_equal(db_begin(d), OK);
		assert_int_equal(add_pupil(d, 5000, 2), OK);
		db_rollback(d);
	}
	assert_int_equal(number(d, "SELECT count(*) FROM pupil"), 83);
	assert_int_equal(number(d, "SELECT count(*) FROM pupil WHERE id = 5000"), 0);
}

/* It may be told at once or later; the transaction holds nothing in any case, and the connection goes on. */
static void what_fails_ahead_fails_the_transaction(void **state)
{
	struct db *d = with_tables(state);

	assert_int_equal(add_pupil(d, 1, 1), OK);
	for (int how = 0; how < 4; how++) {
		assert_int_equal(db_begin(d), OK);
		assert_int_equal(add_pupil(d, 2, 1), OK);
		enum rc rc = add_pupil(d, 1, 1), next = OK, end;
		if (rc == OK && how == 0)
			next = db_exec(d, "UPDATE pupil SET class = 2", NULL, 0, NULL);
		else if (rc == OK && how == 1)
			next = add_pupil(d, 3, 1);
		else if (rc == OK && how == 2)
			next = db_begin(d);
		if (how == 3 || next == OK)
			end = db_commit(d);
		else {
			end = next;
			db_rollback(d);
		}
		assert_true(rc == E_CONFLICT || end == E_CONFLICT);
		assert_int_equal(db_depth(d), 0);
		assert_int_equal(number(d, "SELECT count(*) FROM pupil"), 1);
		assert_int_equal(number(d, "SELECT count(*) FROM pupil WHERE class = 1"), 1);
	}
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add_pupil(d, 2, 1), OK);
	assert_int_equal(db_commit(d), OK);
}

static void a_connection_lost_ahead_comes_back(void **state)
{
	struct db *d = with_tables(state), *other;

	if (db_kind(d) == DB_SQLITE)
		skip();
	other = engine_again(state);
	assert_int_equal(add_pupil(d, 1, 1), OK);
	assert_int_equal(db_begin(d), OK);
	int64_t pid = number(d, "SELECT pg_backend_pid()");
	assert_int_equal(add_pupil(d, 2, 1), OK);
	int64_t ended = 0;
	assert_int_equal(db_int(other, "SELECT CASE WHEN pg_terminate_backend(CAST(?1 AS INTEGER)) THEN 1 ELSE 0 END",
		VALS(v_int(pid)), &ended), OK);
	assert_int_equal(ended, 1);
	for (int64_t there = 1; there; )
		assert_int_equal(db_int(other, "SELECT count(*) FROM pg_stat_activity WHERE pid = ?1", VALS(v_int(pid)),
			&there), OK);
	enum rc rc = add_pupil(d, 3, 1);
	assert_int_equal(db_commit(d), rc == OK ? E_BUSY : rc);
	/* the COMMIT was not sent */
	assert_int_not_equal(db_trouble(d), DB_DOUBT);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add_pupil(d, 4, 1), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(number(d, "SELECT count(*) FROM pupil"), 2);
	db_close(other);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(writes_that_decide_leave_a_mark),
		ON_BOTH(rows_that_come_by_thousands_leave_a_mark), ON_BOTH(what_is_sent_ahead_is_there),
		ON_BOTH(what_fails_ahead_fails_the_transaction), ON_BOTH(a_connection_lost_ahead_comes_back) };

	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("marks", tests, NULL, NULL);
}
