/* db_test.c -- the promises of db.h, on both engines. */
#include "engines.h"
#include <signal.h>
#include <time.h>
#include "db/engine.h"

static const char tables[] =
	"CREATE TABLE book (id BIGINT PRIMARY KEY, title TEXT NOT NULL, code TEXT, price BIGINT, cover BYTEA);\n"
	"CREATE UNIQUE INDEX book_code ON book (code, price);\n"
	"CREATE TABLE loan (id BIGINT  PRIMARY\n KEY, book BIGINT NOT NULL REFERENCES book (id)); -- BYTEA; stays\n";
#define INSERT "INSERT INTO book (id, title, code, price, cover) VALUES (?1, ?2, ?3, ?4, ?5)"

static struct db *with_tables(void **state)
{
	struct db *d = engine_db(state);

	assert_int_equal(db_script(d, str_of(tables)), OK);
	return d;
}

static enum rc add(struct db *d, int64_t id, const char *code)
{
	return db_exec(d, INSERT, VALS(v_int(id), v_text(S("Dế Mèn")), code ? v_text(str_of(code)) : v_null(), v_int(id),
		v_null()), NULL);
}

static int64_t books(struct db *d)
{
	int64_t n = -1;

	assert_int_equal(db_int(d, "SELECT count(*) FROM book", NULL, 0, &n), OK);
	return n;
}

static void values_come_back(void **state)
{
	struct db *d = with_tables(state);
	static const char bytes[] = { 0, 1, (char)0xff, '\'', '\\', 0 };
	struct rows r;

	assert_int_equal(db_exec(d, INSERT, VALS(v_int(INT64_MIN), v_text(S("Đất rừng phương Nam")), v_null(),
		v_int(INT64_MAX),
		v_blob((str){ bytes, sizeof bytes })), NULL), OK);
	assert_int_equal(db_exec(d, INSERT, VALS(v_int(2), v_text(S("")), v_text(S("?1 'x' --")), v_null(),
		v_blob(S(""))), NULL), OK);
	assert_int_equal(db_query(d, "SELECT id, title, code, price, cover FROM book ORDER BY id", NULL, 0, &r), OK);
	assert_true(rows_next(&r));
	assert_int_equal(rows_cols(&r), 5);
	assert_true(rows_int(&r, 0) == INT64_MIN && rows_int(&r, 3) == INT64_MAX);
	assert_text(rows_text(&r, 1), "Đất rừng phương Nam");
	assert_true(rows_null(&r, 2) && rows_text(&r, 2).n == 0 && rows_int(&r, 2) == 0);
	assert_true(str_eq(rows_blob(&r, 4), (str){ bytes, sizeof bytes }));
	assert_true(rows_next(&r));
	assert_false(rows_null(&r, 1));
	assert_text(rows_text(&r, 1), "");
	assert_text(rows_text(&r, 2), "?1 'x' --");
	assert_true(rows_null(&r, 3) && !rows_null(&r, 4) && rows_blob(&r, 4).n == 0);
	assert_text(rows_text(&r, 0), "2");
	assert_false(rows_next(&r));
	assert_false(rows_next(&r));
	assert_int_equal(rows_end(&r), OK);
	assert_int_equal(rows_end(&r), OK);
}

/* sum() of BIGINT is numeric on PostgreSQL, a comparison boolean, a small literal int4. */
static void computed_numbers_are_numbers(void **state)
{
	struct db *d = with_tables(state);
	struct rows r;

	for (int i = 1; i <= 3; i++)
		assert_int_equal(add(d, i * 4000000000000, NULL), OK);
	assert_int_equal(db_query(d,
		"SELECT sum(price), sum(0 - price), 7, sum(price) > 5, sum(price) < 5, min(title), sum(price) * 0"
		" FROM book", NULL, 0, &r), OK);
	assert_true(rows_next(&r));
	assert_true(rows_int(&r, 0) == 24000000000000 && rows_int(&r, 1) == -24000000000000 && rows_int(&r, 2) == 7);
	assert_true(rows_int(&r, 3) == 1 && rows_int(&r, 4) == 0 && rows_int(&r, 6) == 0);
	assert_text(rows_text(&r, 0), "24000000000000");
	assert_int_equal(rows_end(&r), OK);
}

static void parameters_repeat_and_hide_in_quotes(void **state)
{
	struct db *d = with_tables(state);
	int64_t n = 0;

	assert_int_equal(add(d, 12, "a"), OK);
	assert_int_equal(db_int(d,
		"SELECT count(*) FROM book WHERE id = ?2 AND (code = ?1 OR title = ?1) AND '?9' <> ?1 /* ?8 */ -- ?7",
		VALS(v_text(S("a")), v_int(12)), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(db_int(d, "SELECT id FROM book WHERE id = ?1", VALS(v_int(99)), &n), E_MISSING);
	assert_int_equal(db_int(d, "SELECT id FROM book WHERE id = ?1", NULL, 0, &n), E_FAULT);
	assert_int_equal(db_int(d, "SELECT id FROM book WHERE id = ?1", VALS(v_int(12), v_int(12)), &n), E_FAULT);
}

/* A first NULL must not fix the type that later values have. */
static void null_first_then_a_value(void **state)
{
	struct db *d = with_tables(state);
	int64_t n = 0;
	static const char *const sql = "SELECT count(*) FROM book WHERE (?1 IS NULL OR price = ?1)";

	assert_int_equal(db_exec(d, INSERT, VALS(v_int(1), v_text(S("x")), v_null(), v_null(), v_null()), NULL), OK);
	assert_int_equal(add(d, 5000000000, "b"), OK);
	assert_int_equal(db_exec(d, INSERT, VALS(v_int(3), v_text(S("x")), v_null(), v_null(), v_blob(S("\1"))), NULL), OK);
	assert_int_equal(db_int(d, sql, VALS(v_null()), &n), OK);
	assert_int_equal(n, 3);
	assert_int_equal(db_int(d, sql, VALS(v_int(5000000000)), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 4, NULL), OK);
	assert_int_equal(db_int(d, "SELECT count(*) FROM book WHERE (?1 IS NULL OR title = ?1)", VALS(v_null()), &n), OK);
	assert_int_equal(n, 4);
	assert_int_equal(db_int(d, "SELECT count(*) FROM book WHERE (?1 IS NULL OR title = ?1)", VALS(v_text(S("x"))),
		&n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(books(d), 4);
}

static void clashes_name_their_columns(void **state)
{
	struct db *d = with_tables(state);

	assert_int_equal(add(d, 1, "a"), OK);
	assert_int_equal(add(d, 1, "b"), E_CONFLICT);
	assert_string_equal(db_clash(d), "book.id");
	assert_int_equal(db_exec(d, INSERT, VALS(v_int(2), v_text(S("x")), v_text(S("a")), v_int(1), v_null()), NULL),
		E_CONFLICT);
	assert_string_equal(db_clash(d), "book.code, book.price");
	assert_int_equal(db_exec(d, "INSERT INTO loan (id, book) VALUES (?1, ?2)", VALS(v_int(1), v_int(77)), NULL),
		E_CONFLICT);
	assert_string_equal(db_clash(d), "");
	assert_true(db_why(d)[0] != 0);
	assert_int_equal(db_exec(d, INSERT, VALS(v_int(3), v_null(), v_null(), v_null(), v_null()), NULL), E_FAULT);
	assert_int_equal(db_exec(d, "SELEC 1", NULL, 0, NULL), E_FAULT);
	assert_int_equal(books(d), 1);
}

static void returning_and_upsert(void **state)
{
	struct db *d = with_tables(state);
	static const char *const sql = "INSERT INTO book (id, title, price) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (id) DO UPDATE SET price = book.price + excluded.price RETURNING price";
	int64_t n = 0, changed = -1;

	assert_int_equal(db_int(d, sql, VALS(v_int(1), v_text(S("x")), v_int(5)), &n), OK);
	assert_int_equal(n, 5);
	assert_int_equal(db_int(d, sql, VALS(v_int(1), v_text(S("x")), v_int(6)), &n), OK);
	assert_int_equal(n, 11);
	assert_int_equal(add(d, 2, NULL), OK);
	assert_int_equal(db_exec(d, "UPDATE book SET title = ?1", VALS(v_text(S("y"))), &changed), OK);
	assert_int_equal(changed, 2);
	assert_int_equal(db_exec(d, "DELETE FROM book WHERE id = ?1", VALS(v_int(9)), &changed), OK);
	assert_int_equal(changed, 0);
}

static void transactions_nest(void **state)
{
	struct db *d = with_tables(state);

	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 1, NULL), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 2, NULL), OK);
	assert_int_equal(db_depth(d), 2);
	db_rollback(d);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 3, NULL), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(db_depth(d), 0);
	assert_int_equal(books(d), 2);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 4, NULL), OK);
	db_rollback(d);
	db_rollback(d);
	assert_int_equal(books(d), 2);
}

/* What PostgreSQL refuses after an error, SQLite refuses too: a test on either finds it. */
static void an_error_spoils_its_transaction(void **state)
{
	struct db *d = with_tables(state);

	assert_int_equal(add(d, 1, NULL), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 2, NULL), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 1, NULL), E_CONFLICT);
	assert_int_equal(add(d, 3, NULL), E_FAULT);
	db_rollback(d);
	assert_int_equal(add(d, 4, NULL), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(books(d), 3);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 5, NULL), OK);
	assert_int_equal(add(d, 1, NULL), E_CONFLICT);
	assert_int_equal(db_commit(d), E_FAULT);
	assert_int_equal(db_depth(d), 0);
	assert_int_equal(books(d), 3);
	assert_int_equal(add(d, 6, NULL), OK);
}

static void the_same_statement_runs_inside_itself(void **state)
{
	struct db *d = with_tables(state);
	static const char *const sql = "SELECT id FROM book ORDER BY id";
	struct rows a, b;
	int pairs = 0;

	for (int i = 1; i <= 4; i++)
		assert_int_equal(add(d, i, NULL), OK);
	assert_int_equal(db_query(d, sql, NULL, 0, &a), OK);
	while (rows_next(&a)) {
		assert_int_equal(db_query(d, sql, NULL, 0, &b), OK);
		while (rows_next(&b))
			pairs++;
		assert_int_equal(rows_end(&b), OK);
	}
	assert_int_equal(rows_end(&a), OK);
	assert_int_equal(pairs, 16);
}

static void a_rollback_ends_forgotten_cursors(void **state)
{
	struct db *d = with_tables(state), *other = engine_again(state);
	struct rows r;

	for (int i = 1; i <= 3; i++)
		assert_int_equal(add(d, i, NULL), OK);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(db_begin(d), OK);
		assert_int_equal(db_query(d, "SELECT id FROM book", NULL, 0, &r), OK);
		assert_true(rows_next(&r));
		db_rollback(d);
	}
	assert_false(rows_next(&r));
	assert_int_equal(rows_end(&r), E_STATE);
	assert_int_equal(add(other, 4, NULL), OK);
	assert_int_equal(books(d), 4);
	db_close(other);
}

static void old_statements_make_room(void **state)
{
	struct db *d = with_tables(state);
	char sql[80];
	int64_t n;

	assert_int_equal(add(d, 1, NULL), OK);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < DB_STATEMENTS + 40; i++) {
			snprintf(sql, sizeof sql, "SELECT id + %d FROM book WHERE id = ?1", i);
			assert_int_equal(db_int(d, sql, VALS(v_int(1)), &n), OK);
			assert_int_equal(n, i + 1);
		}
	assert_true(d->n_cached <= DB_STATEMENTS);
}

static void statements_are_counted(void **state)
{
	struct db *d = with_tables(state);
	uint64_t before = db_count(d);

	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 1, NULL), OK);
	assert_int_equal(books(d), 1);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(db_count(d) - before, 2);
	assert_true(db_has_table(d, "book"));
	assert_false(db_has_table(d, "bok"));
}

/* Two writers: whoever comes second waits, and sees what the first has written. */
static void writers_take_turns(void **state)
{
	struct engine_state *e = *state;
	struct db *d = with_tables(state);
	enum { WRITERS = 4, WRITES = 25 };
	int status;

	assert_int_equal(add(d, 1, NULL), OK);
	assert_int_equal(db_exec(d, "UPDATE book SET price = 0", NULL, 0, NULL), OK);
	for (int w = 0; w < WRITERS; w++)
		if (fork() == 0) {
			struct db *mine;
			char why[256];
			int bad = db_open(&mine, e->where, 0, why) != OK;
			for (int i = 0; i < WRITES && !bad; i++) {
				int64_t v = 0;
				bad = db_begin(mine) != OK || db_int(mine, db_kind(mine) == DB_POSTGRES
					? "SELECT price FROM book WHERE id = 1 FOR UPDATE" : "SELECT price FROM book WHERE id = 1", NULL,
					0, &v) != OK
					|| db_exec(mine, "UPDATE book SET price = ?1 WHERE id = 1", VALS(v_int(v + 1)), NULL) != OK
					|| db_commit(mine) != OK;
			}
			_exit(bad);
		}
	for (int w = 0; w < WRITERS; w++)
		assert_true(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	int64_t v = 0;
	assert_int_equal(db_int(d, "SELECT price FROM book WHERE id = 1", NULL, 0, &v), OK);
	assert_int_equal(v, WRITERS * WRITES);
}

/* Which of four statements: one that is being read, or is not prepared yet, waits for what is ahead of it. */
static enum rc price(struct db *d, int which, int64_t id, struct rows *r)
{
	static const char *const texts[] = { "SELECT price FROM book WHERE id = ?1", "SELECT price FROM book WHERE ?1 = id",
		"SELECT price AS first FROM book WHERE id = ?1", "SELECT price AS second FROM book WHERE id = ?1" };

	return db_ahead(d, texts[which], VALS(v_int(id)), r);
}

/* Reads sent ahead stand between the writes around them, come in any order, and may be left. */
static void reads_go_ahead(void **state)
{
	struct db *d = with_tables(state);
	struct rows first, left, second, none;

	assert_int_equal(price(d, 0, 9, &none), OK);
	assert_false(rows_next(&none));
	assert_int_equal(rows_end(&none), OK);
	for (int64_t id = 1; id <= 2; id++) {
		assert_int_equal(db_begin(d), OK);
		assert_int_equal(add(d, id, NULL), OK);
		assert_int_equal(db_later(d, "UPDATE book SET price = 7 WHERE id = ?1", VALS(v_int(id))), OK);
		assert_int_equal(price(d, 0, id, &first), OK);
		assert_int_equal(price(d, 1, id, &left), OK);
		assert_int_equal(rows_end(&left), OK);
		assert_int_equal(db_later(d, "UPDATE book SET price = 8 WHERE id = ?1", VALS(v_int(id))), OK);
		assert_int_equal(price(d, 2, id, &second), OK);
		assert_int_equal(price(d, 3, 9, &none), OK);
		assert_true(rows_next(&second));
		assert_int_equal(rows_int(&second, 0), 8);
		assert_false(rows_next(&second));
		if (db_kind(d) == DB_POSTGRES) {             /* on SQLite a row is read where it is looked at */
			assert_true(rows_next(&first));
			assert_int_equal(rows_int(&first, 0), 7);
		}
		assert_false(rows_next(&none));
		assert_int_equal(rows_end(&first) | rows_end(&second) | rows_end(&none), OK);
		assert_int_equal(db_commit(d), OK);
	}
	assert_int_equal(books(d), 2);
}

/* Whether another connection finds the row of a book locked, within five seconds. */
static bool is_locked(struct db *other, int64_t id)
{
	struct rows r;
	bool found = true;

	for (int i = 0; i < 500 && found; i++) {
		assert_int_equal(db_query(other, "SELECT 1 FROM book WHERE id = ?1 FOR UPDATE SKIP LOCKED", VALS(v_int(id)),
			&r), OK);
		found = rows_next(&r);
		assert_int_equal(rows_end(&r), OK);
		usleep(10000);
	}
	return !found;
}

/* The server does not wait with it until its answer is wanted. */
static void what_is_sent_ahead_is_worked_on(void **state)
{
	static const char put[] = "UPDATE book SET price = 7 WHERE id = ?1";
	struct engine_state *e = *state;
	struct db *d = with_tables(state), *other;
	char why[256];

	if (db_kind(d) != DB_POSTGRES)
		return;
	assert_int_equal(add(d, 1, NULL), OK);
	assert_int_equal(db_exec(d, put, VALS(v_int(2)), NULL), OK);           /* it is prepared */
	assert_int_equal(db_open(&other, e->where, 0, why), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_later(d, put, VALS(v_int(1))), OK);
	assert_true(is_locked(other, 1));
	assert_int_equal(db_commit(d), OK);
	db_close(other);
}

/* The same outside of a transaction: waited for once, left, and followed by anything. */
static void reads_go_ahead_of_anything(void **state)
{
	struct db *d = with_tables(state);
	struct rows first, left, none;
	int64_t v = 0;

	assert_int_equal(add(d, 1, NULL), OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(price(d, 0, 1, &first), OK);
		assert_int_equal(price(d, 1, 1, &left), OK);
		assert_int_equal(price(d, 2, 9, &none), OK);
		assert_int_equal(rows_end(&left), OK);
		assert_false(rows_next(&none));
		assert_true(rows_next(&first));
		assert_int_equal(rows_end(&first) | rows_end(&none), OK);
		assert_int_equal(price(d, 3, 1, &left), OK);
		assert_int_equal(rows_end(&left), OK);
		assert_int_equal(db_begin(d), OK);
		assert_int_equal(db_int(d, "SELECT count(*) FROM book", NULL, 0, &v), OK);
		assert_int_equal(v, 1 + i);
		assert_int_equal(add(d, 2 + i, NULL), OK);
		assert_int_equal(price(d, 0, 2 + i, &left), OK);
		assert_true(rows_next(&left));
		assert_int_equal(rows_end(&left), OK);
		assert_int_equal(db_commit(d), OK);
	}
	/* one that fails, fails with those behind it, and nothing else does */
	if (db_kind(d) == DB_POSTGRES) {
		assert_int_equal(db_ahead(d, "SELECT 1 / price FROM book WHERE id < ?1", VALS(v_int(0)), &left), OK);
		assert_int_equal(rows_end(&left), OK);
		assert_int_equal(db_exec(d, "UPDATE book SET price = 0", NULL, 0, NULL), OK);
		assert_int_equal(db_ahead(d, "SELECT 1 / price FROM book WHERE id < ?1", VALS(v_int(9)), &left), OK);
		assert_int_equal(price(d, 0, 1, &first), OK);
		assert_false(rows_next(&first) || rows_next(&left));
		assert_int_not_equal(rows_end(&first), OK);
		assert_int_not_equal(rows_end(&left), OK);
	}
	assert_int_equal(price(d, 0, 1, &first), OK);
	assert_true(rows_next(&first));
	assert_int_equal(rows_end(&first), OK);
	assert_int_equal(books(d), 4);
}

/* What failed ahead of a read is told where its rows are looked at, and nothing of the transaction is kept. */
static void a_failure_ahead_is_told(void **state)
{
	struct db *d = with_tables(state);
	struct rows r, other;

	assert_int_equal(add(d, 1, NULL), OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(price(d, i, 1, &r), OK);
		assert_int_equal(rows_end(&r), OK);
	}
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 2, NULL), OK);
	enum rc rc = db_later(d, "INSERT INTO book (id, title, price) VALUES (1, 'b', 1)", NULL, 0);
	if (db_kind(d) == DB_SQLITE) {
		assert_int_equal(rc, E_CONFLICT);
	} else {
		assert_int_equal(rc, OK);
		assert_int_equal(price(d, 0, 1, &r), OK);
		assert_int_equal(price(d, 1, 2, &other), OK);
		assert_false(rows_next(&r));
		assert_int_equal(rows_end(&r), E_CONFLICT);
		assert_false(rows_next(&other));
		assert_int_not_equal(rows_end(&other), OK);
	}
	assert_int_not_equal(db_query(d, "SELECT 1", NULL, 0, &r), OK);
	assert_int_not_equal(db_commit(d), OK);
	assert_int_equal(books(d), 1);
	assert_int_equal(db_begin(d), OK);                   /* rows nobody took end with their transaction */
	assert_int_equal(price(d, 0, 1, &r), OK);
	db_rollback(d);
	assert_int_equal(books(d), 1);
}

static void a_lost_connection_comes_back(void **state)
{
	struct db *d = with_tables(state), *other = engine_again(state);
	static const char *const kill_sql =
		"SELECT count(*) FROM pg_stat_activity WHERE pid = ?1 AND pg_terminate_backend(CAST(?1 AS INTEGER))";
	int64_t pid = 0, n = 0;

	if (db_kind(d) == DB_SQLITE) {
		db_close(other);
		skip();
	}
	assert_int_equal(add(d, 1, NULL), OK);
	assert_int_equal(db_int(d, "SELECT pg_backend_pid()", NULL, 0, &pid), OK);
	assert_int_equal(db_int(other, kill_sql, VALS(v_int(pid)), &n), OK);
	usleep(50000);
	assert_int_equal(books(d), 1);                       /* a read is asked again by itself */
	assert_int_equal(db_int(d, "SELECT pg_backend_pid()", NULL, 0, &pid), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 2, NULL), OK);
	assert_int_equal(db_int(other, kill_sql, VALS(v_int(pid)), &n), OK);
	usleep(50000);
	assert_int_equal(add(d, 3, NULL), E_BUSY);
	assert_int_equal(db_query(d, "SELECT 1", NULL, 0, &(struct rows){ 0 }), E_BUSY);
	assert_int_equal(db_commit(d), E_BUSY);
	assert_int_equal(db_depth(d), 0);
	assert_int_equal(books(d), 1);
	assert_int_equal(add(d, 4, NULL), OK);
	db_close(other);
}

static void read_only_refuses_writes(void **state)
{
	struct engine_state *e = *state;
	struct db *d = with_tables(state), *reader;
	char why[256];

	assert_int_equal(add(d, 1, NULL), OK);
	assert_int_equal(db_open(&reader, e->where, DB_READ_ONLY, why), OK);
	assert_int_equal(books(reader), 1);
	assert_int_equal(db_begin(reader), OK);
	assert_int_equal(books(reader), 1);
	assert_int_equal(add(reader, 2, NULL), E_FAULT);
	db_rollback(reader);
	db_close(reader);
	assert_int_equal(db_open(&reader, "/nowhere/at/all.db", 0, why), E_FAULT);
	assert_null(reader);
	assert_true(why[0]);
	assert_int_equal(db_open(&reader, "postgres://nobody@%2Fnowhere/none", 0, why), E_BUSY);
}

static void sqlite_is_set_for_safety(void **state)
{
	struct db *d = engine_db(state);
	struct rows r;
	int64_t v;

	if (db_kind(d) != DB_SQLITE)
		skip();
	assert_int_equal(db_query(d, "PRAGMA journal_mode", NULL, 0, &r), OK);
	assert_true(rows_next(&r));
	assert_text(rows_text(&r, 0), "wal");
	rows_end(&r);
	assert_int_equal(db_int(d, "PRAGMA synchronous", NULL, 0, &v), OK);
	assert_int_equal(v, 2);
	assert_int_equal(db_int(d, "PRAGMA foreign_keys", NULL, 0, &v), OK);
	assert_int_equal(v, 1);
	assert_int_equal(db_int(d, "PRAGMA trusted_schema", NULL, 0, &v), OK);
	assert_int_equal(v, 0);
	assert_int_equal(db_int(d, "PRAGMA cell_size_check", NULL, 0, &v), OK);
	assert_int_equal(v, 1);
}

/* What a serving process may not ask for, whatever got into its statements. */
static const char *const not_rows[] = { "CREATE TABLE evil (id BIGINT PRIMARY KEY)",
	"ALTER TABLE pupil ADD COLUMN evil TEXT", "DROP TABLE pupil",
	"CREATE INDEX evil ON pupil (name)", "UPDATE audit SET detail = 'x'", "DELETE FROM audit",
	"DELETE FROM schema_version", "UPDATE ledger_entry SET lines = 'x'", "DELETE FROM ledger_entry",
	"UPDATE ledger_seal SET department = 'x'", "DELETE FROM ledger_seal" };

static void make_tables(struct db *d)
{
	assert_int_equal(db_script(d,
		S("CREATE TABLE pupil (id BIGINT PRIMARY KEY, name TEXT); CREATE TABLE audit (seq BIGINT, detail TEXT);"
		"CREATE TABLE ledger_entry (seq BIGINT, lines TEXT); CREATE TABLE ledger_seal (seq BIGINT, department TEXT);"
		"CREATE TABLE schema_version (number BIGINT); INSERT INTO pupil VALUES (1, 'An'); INSERT INTO audit VALUES "
			"(1, 'a');")), OK);
}

static void only_rows(struct db *d)
{
	int64_t n = 0;

	for (size_t i = 0; i < sizeof not_rows / sizeof *not_rows; i++) {
		assert_true(db_script(d, str_of(not_rows[i])) != OK);
		assert_true(db_exec(d, not_rows[i], NULL, 0, NULL) != OK);
	}
	assert_int_equal(db_exec(d, "INSERT INTO audit (seq, detail) VALUES (2, 'b')", NULL, 0, NULL), OK);
	assert_int_equal(db_exec(d, "INSERT INTO ledger_entry (seq, lines) VALUES (1, 'b')", NULL, 0, NULL), OK);
	assert_int_equal(db_exec(d, "INSERT INTO ledger_seal (seq, department) VALUES (1, 'b')", NULL, 0, NULL), OK);
	assert_int_equal(db_bulk(d, true), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "audit", "seq, detail", VALS(v_int(3), v_text(S("c"))), 1), OK);
	db_rollback(d);
	assert_int_equal(db_bulk(d, false), OK);
	assert_int_equal(db_exec(d, "UPDATE pupil SET name = ?1 WHERE id = 1", VALS(v_text(S("Bình"))), NULL), OK);
	assert_int_equal(db_exec(d, "DELETE FROM pupil WHERE id = 1", NULL, 0, NULL), OK);
	assert_int_equal(db_int(d, "SELECT count(*) FROM audit WHERE detail IN ('a', 'b')", NULL, 0, &n), OK);
	assert_int_equal(n, 2);
}

static void serving_is_rows_only_sqlite(void **state)
{
	struct engine_state *e = *state;
	struct db *d;
	char why[256], attach[700];

	make_tables(e->db);
	assert_int_equal(db_open(&d, e->where, DB_SERVE, why), OK);
	only_rows(d);
	snprintf(attach, sizeof attach, "ATTACH '%s.evil' AS evil", e->where);
	assert_true(db_script(d, str_of(attach)) != OK);
	assert_true(db_script(d, S("PRAGMA writable_schema = ON")) != OK);
	assert_true(db_script(d, S("PRAGMA journal_mode = OFF")) != OK);
	assert_true(db_script(d, S("DELETE FROM sqlite_sequence")) != OK);
	db_close(d);
	for (size_t i = 1; i < sizeof not_rows / sizeof *not_rows; i++)  /* without the flag each of them would do it */
		if (i != 2)
			assert_int_equal(db_script(e->db, str_of(not_rows[i])), OK);
	assert_int_equal(db_script(e->db, str_of(attach)), OK);
}

static void serving_is_rows_only_postgres(void **state)
{
	struct engine_state *e = *state;
	struct arena mem;
	char sql[200], role[64];
	struct db *d = engine_db(state);

	arena_init(&mem, 8 << 20);
	make_tables(d);
	snprintf(role, sizeof role, "r_%s", e->schema);
	snprintf(sql, sizeof sql, "CREATE ROLE %s", role);
	assert_int_equal(db_script(d, str_of(sql)), OK);
	assert_int_equal(db_grant(d, &mem, "x; DROP TABLE pupil"), E_INVALID);
	assert_int_equal(db_grant(d, &mem, role), OK);
	snprintf(sql, sizeof sql, "SET ROLE %s", role);
	assert_int_equal(db_script(d, str_of(sql)), OK);
	only_rows(d);
	assert_true(db_script(d, S("TRUNCATE audit")) != OK);
	assert_int_equal(db_script(d, S("RESET ROLE")), OK);
	assert_int_equal(db_script(d, S("UPDATE audit SET detail = 'x'")), OK);
	snprintf(sql, sizeof sql, "DROP OWNED BY %s; DROP ROLE %s", role, role);
	assert_int_equal(db_script(d, str_of(sql)), OK);
	arena_free(&mem);
}

#define COLUMNS "id, title, code, price, cover"

static void many_rows_come_back(void **state)
{
	struct db *d = with_tables(state);
	enum { ROWS = 5000 };
	static const char bytes[] = { 0, 1, (char)0xff, '\'', '\\', 0 };
	struct val *args = calloc(ROWS * 5, sizeof *args);
	char *large = malloc(700000);
	int64_t n = 0;

	memset(large, 'x', 700000);
	for (int i = 0; i < ROWS; i++) {
		args[i * 5] = v_int(i - 7);
		args[i * 5 + 1] = i == 9 ? v_text((str){ large, 700000 }) : v_text(i % 2 ? S("Đất rừng") : S(""));
		args[i * 5 + 2] = i % 3 ? v_text(S("?1 'x' \\N\t--")) : v_null();
		args[i * 5 + 3] = i == 5 ? v_int(INT64_MIN) : v_int(i);
		args[i * 5 + 4] = i % 5 ? v_null() : v_blob((str){ bytes, i % 2 ? sizeof bytes : 0 });
	}
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "book", COLUMNS, args, 5, ROWS), OK);
	assert_int_equal(db_insert(d, "book", COLUMNS, args, 5, 0), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(books(d), ROWS);
	assert_int_equal(db_int(d, "SELECT count(*) FROM book WHERE title = 'Đất rừng' AND id + 7 = price", NULL, 0, &n),
		OK);
	assert_int_equal(n, ROWS / 2 - 2);
	assert_int_equal(db_int(d, "SELECT count(*) FROM book WHERE code IS NULL", NULL, 0, &n), OK);
	assert_int_equal(n, (ROWS + 2) / 3);
	assert_int_equal(db_int(d, "SELECT count(*) FROM book WHERE cover = ?1",
		VALS(v_blob((str){ bytes, sizeof bytes })), &n), OK);
	assert_int_equal(n, ROWS / 10);
	assert_int_equal(db_int(d, "SELECT length(title) FROM book WHERE id = 2", NULL, 0, &n), OK);
	assert_int_equal(n, 700000);
	assert_int_equal(db_int(d, "SELECT price FROM book WHERE id = -2", NULL, 0, &n), OK);
	assert_true(n == INT64_MIN);
	free(args);
	free(large);
}

/* While plans are made anew (db_bulk), those of the keys are kept; rows are held against them all the same. */
static void bulk_holds_keys(void **state)
{
	struct db *d = with_tables(state);
	const struct val loans[][2] = { { v_int(1), v_int(1) }, { v_int(2), v_int(999) }, { v_int(3), v_int(1) } };
	struct rows r;

	assert_int_equal(db_bulk(d, true), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 1, "kept"), OK);
	assert_int_equal(db_insert(d, "loan", "id, book", loans[0], 2, 1), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "loan", "id, book", loans[1], 2, 1), E_CONFLICT);
	db_rollback(d);
	assert_int_equal(db_insert(d, "loan", "id, book", loans[2], 2, 1), OK);
	if (db_kind(d) == DB_POSTGRES) {
		assert_int_equal(db_query(d, "SHOW plan_cache_mode", NULL, 0, &r), OK);
		assert_true(rows_next(&r));
		assert_true(str_is(rows_text(&r, 0), "force_custom_plan"));
		rows_end(&r);
	}
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(db_bulk(d, false), OK);
}

static void a_clash_among_many_rolls_back(void **state)
{
	struct db *d = with_tables(state);
	const struct val args[] = { v_int(10), v_text(S("a")), v_text(S("A1")), v_int(5), v_null(), v_int(11),
		v_text(S("b")), v_text(S("A1")), v_int(5), v_null() };
	const struct val loan[] = { v_int(1), v_int(999) };

	assert_int_equal(db_begin(d), OK);
	assert_int_equal(add(d, 1, "kept"), OK);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "book", COLUMNS, args, 5, 2), E_CONFLICT);
	assert_string_equal(db_clash(d), "book.code, book.price");
	assert_int_equal(add(d, 2, "x"), E_FAULT);       /* spoilt until rolled back */
	db_rollback(d);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "loan", "id, book", loan, 2, 1), E_CONFLICT);
	db_rollback(d);
	assert_int_equal(db_begin(d), OK);
	assert_int_equal(db_insert(d, "no_such_table", "a", args, 1, 1), E_FAULT);
	db_rollback(d);
	assert_int_equal(db_insert(d, "book", COLUMNS, args, 5, 1), OK);
	assert_int_equal(db_commit(d), OK);
	assert_int_equal(books(d), 2);
}

static void translation(void **state)
{
	static const struct { const char *sql, *want; int params; } cases[] = {
		{ "SELECT ?1", "SELECT $1", 1 }, { "a = ?12 AND b = ?3", "a = $12 AND b = $3", 12 },
		{ "'it''s ?1' ?2", "'it''s ?1' $2", 2 }, { "\"odd ?1\" ?1", "\"odd ?1\" $1", 1 },
		{ "-- ?5\n?1", "-- ?5\n$1", 1 }, { "/* ?5 */ ?1", "/* ?5 */ $1", 1 }, { "'open ?1", "'open ?1", 0 },
		{ "", "", 0 },
		{ "/* open ?1", "/* open ?1", 0 } };
	static const char *const bad[] = { "?", "a = ? AND b", "?0", "?999999", "?x" };
	int params;
	char *p;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		p = db_translate(cases[i].sql, strlen(cases[i].sql), '$', &params);
		assert_string_equal(p, cases[i].want);
		assert_int_equal(params, cases[i].params);
		free(p);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_null(db_translate(bad[i], strlen(bad[i]), '$', &params));
	p = db_sqlite_types(S("a BIGINT PRIMARY  KEY, b BYTEA, c BIGINT, MYBYTEA BIGINT, 'BYTEA' -- BYTEA\nBYTEA"));
	assert_string_equal(p, "a INTEGER PRIMARY  KEY, b BLOB, c BIGINT, MYBYTEA BIGINT, 'BYTEA' -- BYTEA\nBLOB");
	free(p);
	p = db_sqlite_types(
		S("(a BIGINT, PRIMARY KEY (a)) /* sqlite: WITHOUT ROWID */; /* sqlite */ '/* sqlite: x */' /* sqlite: */"));
	assert_string_equal(p, "(a BIGINT, PRIMARY KEY (a)) WITHOUT ROWID; /* sqlite */ '/* sqlite: x */' /* sqlite: */");
	free(p);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(values_come_back), ON_BOTH(computed_numbers_are_numbers), ON_BOTH(parameters_repeat_and_hide_in_quotes),
		ON_BOTH(null_first_then_a_value), ON_BOTH(clashes_name_their_columns), ON_BOTH(returning_and_upsert),
		ON_BOTH(reads_go_ahead), ON_BOTH(reads_go_ahead_of_anything), ON_BOTH(what_is_sent_ahead_is_worked_on),
		ON_BOTH(a_failure_ahead_is_told),
		ON_BOTH(transactions_nest), ON_BOTH(an_error_spoils_its_transaction),
		ON_BOTH(the_same_statement_runs_inside_itself),
		ON_BOTH(a_rollback_ends_forgotten_cursors), ON_BOTH(old_statements_make_room), ON_BOTH(statements_are_counted),
		ON_BOTH(writers_take_turns), ON_BOTH(many_rows_come_back), ON_BOTH(bulk_holds_keys),
		ON_BOTH(a_clash_among_many_rolls_back),
		ON_BOTH(read_only_refuses_writes),
		{ "a_lost_connection_comes_back", a_lost_connection_comes_back, engine_postgres, engine_close, NULL },
		{ "sqlite_is_set_for_safety", sqlite_is_set_for_safety, engine_sqlite, engine_close, NULL },
		{ "serving_is_rows_only (sqlite)", serving_is_rows_only_sqlite, engine_sqlite, engine_close, NULL },
		{ "serving_is_rows_only (postgres)", serving_is_rows_only_postgres, engine_postgres, engine_close, NULL },
		cmocka_unit_test(translation),
	};

	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
