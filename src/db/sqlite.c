/* sqlite.c -- the engine of one school or one district: a file beside the program. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "db/engine.h"
#include "db/sums.h"

enum { BUSY_MS = 5000, STATEMENT_MS = 30000, PROGRESS_STEPS = 200000 };

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum rc rc_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK: case SQLITE_ROW: case SQLITE_DONE:
		return OK;
	case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_INTERRUPT: case SQLITE_NOMEM:
		return E_BUSY;
	case SQLITE_FULL: case SQLITE_TOOBIG:
		return E_LIMIT;
	case SQLITE_CONSTRAINT:
		switch (code) {
		case SQLITE_CONSTRAINT_UNIQUE: case SQLITE_CONSTRAINT_PRIMARYKEY:
		case SQLITE_CONSTRAINT_ROWID: case SQLITE_CONSTRAINT_FOREIGNKEY:
			return E_CONFLICT;
		default:
			return E_FAULT;
		}
	default:
		return E_FAULT;
	}
}

static enum db_trouble trouble_of(int code)
{
	if (code == SQLITE_IOERR_NOMEM)
		return DB_MEMORY;
	switch (code & 0xff) {
	case SQLITE_FULL:
		return DB_FULL;
	case SQLITE_IOERR:
		return code == SQLITE_IOERR_DATA ? DB_CORRUPT : DB_STORAGE;
	case SQLITE_READONLY: case SQLITE_CANTOPEN:
		return DB_STORAGE;
	case SQLITE_CORRUPT: case SQLITE_NOTADB:
		return DB_CORRUPT;
	case SQLITE_NOMEM:
		return DB_MEMORY;
	default:
		return DB_FINE;
	}
}

/* "UNIQUE constraint failed: person.national_id" or "...: index 'person_by_code'" names what clashed. */
static void read_clash(struct db *d, const char *message)
{
	static const char mark[] = "UNIQUE constraint failed: ";
	const char *at = strstr(message, mark);

	if (!at)
		return;
	at += sizeof mark - 1;
	if (strncmp(at, "index '", 7) == 0)
		snprintf(d->clash, sizeof d->clash, "%.*s", (int)strcspn(at + 7, "'"), at + 7);
	else
		snprintf(d->clash, sizeof d->clash, "%s", at);
}

static enum rc broke(struct db *d, int code)
{
	const char *message = d->conn ? sqlite3_errmsg(d->conn) : sqlite3_errstr(code);
	int full = d->conn ? sqlite3_extended_errcode(d->conn) : code;
	enum rc rc = rc_of(full & 0xff ? full : code);

	d->trouble = trouble_of(full & 0xff ? full : code);
	if ((full & 0xff) == SQLITE_READONLY && d->flags & DB_READ_ONLY)
		d->trouble = DB_FINE;                    /* the caller's fault, not the disk's */
	if ((d->trouble == DB_STORAGE && (full & 0xff) == SQLITE_IOERR) || d->trouble == DB_MEMORY)
		rc = E_BUSY;
	if (rc == E_CONFLICT)
		read_clash(d, message);
	if (full == SQLITE_IOERR_DATA)
		message = "a page of the file does not fit its checksum";
	return db_says(d, rc == OK ? E_FAULT : rc, "sqlite %d: %s", full, message);
}

/* Who has waited longest asks most often, so that a crowd of newcomers does not starve it. */
static int wait_turn(void *arg, int tries)
{
	struct db *d = arg;
	struct timespec nap = { 0, 0 };
	int64_t now = now_ms(), waited;

	if (tries == 0)
		d->deadline_ms = now + BUSY_MS;
	waited = BUSY_MS - (d->deadline_ms - now);
	if (waited >= BUSY_MS)
		return 0;
	nap.tv_nsec = waited < 50 ? 1500000 : waited < 500 ? 700000 : 300000;
	nanosleep(&nap, NULL);
	return 1;
}

static int too_long(void *arg)
{
	const struct db *d = arg;

	return now_ms() > d->stop_ms;
}

/* sqliteInt.h, 3.38 and later. Where a million rows are joined, SQLite would first read the whole table into a Bloom
 * filter, were it only to look sixty rows up (doc/why/planner.md); test/unit/plans_test.c fails where one is built. */
enum { BLOOM_FILTERS = 0x00080000 };

/* The file is mapped as far as SQLite allows: rows of a province lie far apart, and a page out of the system's cache
 * costs half of what reading it into our own does. */
static enum rc set_up(struct db *d)
{
	static const char *const common =
		"PRAGMA foreign_keys = ON; PRAGMA secure_delete = OFF; PRAGMA trusted_schema = OFF;"
		"PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 2147418112;";
	static const char *const write = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 2000;";
	char cache[64];
	int code;

	snprintf(cache, sizeof cache, "PRAGMA cache_size = %d;", d->flags & DB_BULK ? -65536 : -16384);
	sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, d->conn, BLOOM_FILTERS);
	code = sqlite3_exec(d->conn, common, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(d->conn, cache, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(d->conn, d->flags & DB_READ_ONLY ? "PRAGMA query_only = ON;" : write, NULL, NULL, NULL);
	return code == SQLITE_OK ? OK : broke(d, code);
}

/* What a serving process may ask for: rows. Whatever an attacker smuggled into a statement, the schema stays, no
 * other file is opened, and no line of the history is changed or taken away. */
static int rows_only(void *arg, int what, const char *one, const char *two, const char *base, const char *trigger)
{
	static const char *const pragmas[] = { "table_info", "index_info", "index_list", "quick_check", "wal_checkpoint",
		"cache_size", "mmap_size" };

	(void)base, (void)trigger;
	if (((const struct db *)arg)->declaring)
		return SQLITE_OK;
	switch (what) {
	case SQLITE_SELECT: case SQLITE_READ: case SQLITE_TRANSACTION: case SQLITE_SAVEPOINT: case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_INSERT:
		return strncmp(one, "sqlite_", 7) == 0 || strcmp(one, "schema_version") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_UPDATE: case SQLITE_DELETE:
		return strncmp(one, "sqlite_", 7) == 0 || strcmp(one, "schema_version") == 0 ||
			db_only_grows(str_of(one)) ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_FUNCTION:
		return strcmp(two, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
		for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
			if (strcmp(one, pragmas[i]) == 0)
				return SQLITE_OK;
		return SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static enum rc lite_open(struct db *d)
{
	int how = d->flags & DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, code;
	int reserved = SUM_BYTES;
	const char *vfs;
	sqlite3 *conn = NULL;

	/* One thread a process: no mutexes, no shared counters. Refused, harmlessly, once the library is in use. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (!(vfs = sums_vfs()))
		return db_no_memory(d);
	code = sqlite3_open_v2(d->where, &conn, how | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
	d->conn = conn;
	if (code != SQLITE_OK)
		return broke(d, code);
	sqlite3_file_control(conn, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);      /* of a new file */
	sqlite3_busy_handler(conn, wait_turn, d);
	if (!(d->flags & DB_BULK))
		sqlite3_progress_handler(conn, PROGRESS_STEPS, too_long, d);
	d->stop_ms = INT64_MAX;
	code = db_sqlite_feed(d);
	if (code != SQLITE_OK)
		return broke(d, code);
	sqlite3_db_config(conn, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(conn, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(conn, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	enum rc rc = set_up(d);
	if (rc == OK && d->flags & DB_SERVE)
		sqlite3_set_authorizer(conn, rows_only, d);
	return rc;
}

static void lite_close(struct db *d)
{
	sqlite3_close(d->conn);
}

static enum rc lite_prepare(struct db *d, struct stmt *s, const struct val *args, int n)
{
	sqlite3_stmt *stmt = NULL;
	const char *tail = NULL;
	int code;

	(void)args, (void)n;
	if (s->handle)
		return OK;
	code = sqlite3_prepare_v3(d->conn, s->sql, (int)s->n, s->alone ? 0 : SQLITE_PREPARE_PERSISTENT, &stmt, &tail);
	if (code != SQLITE_OK)
		return broke(d, code);
	if (!stmt || tail[strspn(tail, " \t\r\n;")]) {
		sqlite3_finalize(stmt);
		return db_says(d, E_FAULT, "not exactly one statement: %.200s", s->sql);
	}
	s->handle = stmt;
	s->params = sqlite3_bind_parameter_count(stmt);
	return OK;
}

static void lite_drop(struct db *d, struct stmt *s)
{
	(void)d;
	sqlite3_finalize(s->handle);
	s->handle = NULL;
}

static enum rc bind(struct db *d, struct stmt *s, const struct val *args, int n, sqlite3_destructor_type copy)
{
	int code = SQLITE_OK;

	d->stop_ms = now_ms() + STATEMENT_MS;
	for (int i = 0; i < n && code == SQLITE_OK; i++) {
		const struct val *v = &args[i];
		switch (v->type) {
		case V_NULL:
			code = sqlite3_bind_null(s->handle, i + 1);
			break;
		case V_INT:
			code = sqlite3_bind_int64(s->handle, i + 1, v->i);
			break;
		case V_TEXT:
			code = sqlite3_bind_text64(s->handle, i + 1, v->s.n ? v->s.p : "", (sqlite3_uint64)v->s.n, copy,
				SQLITE_UTF8);
			break;
		case V_BLOB:
			code = sqlite3_bind_blob64(s->handle, i + 1, v->s.n ? v->s.p : "", (sqlite3_uint64)v->s.n, copy);
			break;
		}
	}
	return code == SQLITE_OK ? OK : broke(d, code);
}

static enum rc lite_exec(struct db *d, struct stmt *s, const struct val *args, int n, int64_t *ret_changed)
{
	enum rc rc = bind(d, s, args, n, SQLITE_STATIC);
	int code;

	if (rc != OK)
		return rc;
	do
		code = sqlite3_step(s->handle);
	while (code == SQLITE_ROW);
	if (code == SQLITE_DONE)
		*ret_changed = sqlite3_stmt_readonly(s->handle) ? 0 : sqlite3_changes64(d->conn);
	else
		rc = broke(d, code);
	sqlite3_reset(s->handle);
	sqlite3_clear_bindings(s->handle);
	return rc;
}

static enum rc lite_insert(struct db *d, struct stmt *s, const char *table, const char *columns)
{
	int64_t changed;

	(void)table, (void)columns;
	return lite_exec(d, s, NULL, 0, &changed);
}

static enum rc lite_query(struct db *d, struct stmt *s, const struct val *args, int n, struct rows *r)
{
	enum rc rc = bind(d, s, args, n, SQLITE_TRANSIENT);
	int code;

	if (rc != OK)
		return rc;
	code = sqlite3_step(s->handle);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return broke(d, code);
	r->count = code == SQLITE_ROW;
	return OK;
}

static sqlite3_stmt *stmt_of(const struct rows *r)
{
	return rows_cursor(r)->stmt->handle;
}

static bool lite_next(struct rows *r)
{
	int code;

	if (r->at++ < 0 || !r->count)
		return r->count > 0;
	code = sqlite3_step(stmt_of(r));
	if (code == SQLITE_ROW)
		return true;
	r->count = 0;
	if (code != SQLITE_DONE)
		r->rc = broke(r->d, code);
	return false;
}

static void lite_end(struct db *d, struct cursor *c)
{
	(void)d;
	if (c->stmt->handle) {
		sqlite3_reset(c->stmt->handle);
		sqlite3_clear_bindings(c->stmt->handle);
	}
}

static int lite_cols(const struct rows *r)
{
	return sqlite3_column_count(stmt_of(r));
}

static bool lite_null(const struct rows *r, int col)
{
	return sqlite3_column_type(stmt_of(r), col) == SQLITE_NULL;
}

static int64_t lite_number(const struct rows *r, int col)
{
	return sqlite3_column_int64(stmt_of(r), col);
}

static str lite_text(const struct rows *r, int col)
{
	const void *p = sqlite3_column_blob(stmt_of(r), col);

	return p ? (str){ p, sqlite3_column_bytes(stmt_of(r), col) } : (str){ "", 0 };
}

static enum rc lite_script(struct db *d, const char *sql)
{
	int code;

	d->stop_ms = INT64_MAX;
	code = sqlite3_exec(d->conn, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? OK : broke(d, code);
}

/* Rarer checkpoints: a page of an index that many rows touch goes home once. Nothing is mapped: what one long job
 * reads of the file would stand in this process beside the cache. */
static enum rc lite_bulk(struct db *d, bool on)
{
	sqlite3_wal_autocheckpoint(d->conn, on ? 32000 : 2000);
	return lite_script(d, on ? "PRAGMA cache_size = -49152; PRAGMA mmap_size = 0;"
		: "PRAGMA cache_size = -16384; PRAGMA mmap_size = 2147418112; PRAGMA wal_checkpoint(PASSIVE);");
}

static enum rc lite_control(struct db *d, const char *sql)
{
	if (str_is(str_of(sql), "ROLLBACK") && sqlite3_get_autocommit(d->conn))
		return OK;                               /* a full disk or an I/O error has rolled back already */
	return lite_script(d, sql);
}

/* A full disk is found out while the commit's pages are written, before its mark; any other fault may come after it. */
static enum db_trouble lite_doubt(const struct db *d)
{
	return d->trouble == DB_STORAGE ? DB_DOUBT : d->trouble;
}

const struct engine db_sqlite = {
	lite_open, lite_close, lite_prepare, lite_drop, lite_exec, NULL, NULL, lite_insert, lite_query, lite_next, lite_end,
		lite_cols, lite_null,
	lite_number, lite_text, lite_script, lite_bulk, lite_control, lite_doubt, "BEGIN IMMEDIATE", "BEGIN",
	"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1",
};
