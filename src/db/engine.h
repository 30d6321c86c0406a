/* engine.h -- what sqlite.c and postgres.c give to db.c; nobody else includes it. */
#ifndef KHUE_DB_ENGINE_H
#define KHUE_DB_ENGINE_H
#include <sys/types.h>
#include "db/db.h"

enum { DB_STATEMENTS = 512, DB_BUCKETS = 1024, DB_CURSORS = 64, DB_NUMBERS = 64, DB_AHEAD = 16 };

/* A prepared statement, found by its text. .busy: a cursor is reading it, another run needs a copy. */
struct stmt {
	char *sql; size_t n; uint64_t hash;
	void *handle;                                    /* sqlite3_stmt *; PostgreSQL: none               */
	unsigned name;                                   /* PostgreSQL: khue_<name> on the server; 0: none  */
	unsigned *types; int n_types;                    /* PostgreSQL: types it was prepared with          */
	int params;                                      /* highest ?N                                      */
	bool busy, alone;                                /* alone: not in the cache, ends with its cursor   */
	int16_t newer, older, chain;                     /* places in the cache, -1: none                   */
	const char *const *marked; bool marks;           /* whether it leaves a mark where these tables do  */
};
struct cursor { struct stmt *stmt; void *result; };
/* The rows of the db_insert that is running. */
enum { FEED_COLUMNS = 160 };
struct feed { const struct val *args; int n; int64_t rows; };

struct db {
	enum db_kind kind; unsigned flags; pid_t pid;
	void *conn;                                      /* sqlite3 *, PGconn *                             */
	char *where;
	uint64_t count, generation;
	int depth, failed;                               /* failed: depth whose transaction cannot go on    */
	bool lost, sent, warned, silent;                 /* PostgreSQL: to be connected again; COMMIT was sent, warned;
	                                                    lost because nobody answered in time */
	bool spoken;                                     /* PostgreSQL: BEGIN and COMMIT are prepared       */
	bool replans;                                    /* ... db_bulk is on                               */
	int64_t again_ms;                                /* ... not to be tried before                      */
	int queued; enum rc owed;                        /* PostgreSQL: sent, not yet answered; what of it failed */
	struct cursor *ahead[DB_AHEAD];                  /* ... whose rows each of them is; NULL: nobody's          */
	enum db_trouble trouble, last_trouble; uint64_t troubles; bool spent;
	int64_t deadline_ms, stop_ms;                    /* SQLite: end of waiting for a lock; of a statement */
	struct stmt cache[DB_STATEMENTS]; int16_t bucket[DB_BUCKETS], newest, oldest; int n_cached;
	struct cursor cursors[DB_CURSORS];
	char numbers[DB_NUMBERS][24]; unsigned number;   /* texts of numbers, for rows_text                 */
	void *scratch; size_t scratch_size; unsigned names, dead_names;
	struct feed feed; bool declaring;                /* SQLite: what khue_rows holds; its columns are being told */
	const char *const *marked, *const *marked_columns;       /* db_mark                                 */
	bool mark_due;                                   /* this transaction wrote one of them              */
	char why[512], clash[160];
};

struct engine {
	enum rc (*open)(struct db *d);
	void    (*close)(struct db *d);
	enum rc (*prepare)(struct db *d, struct stmt *s, const struct val *args, int n);
	void    (*drop)(struct db *d, struct stmt *s);
	/* Runs to the end. */
	enum rc (*exec)(struct db *d, struct stmt *s, const struct val *args, int n, int64_t *ret_changed);
	/* Sends together with what comes after it; NULL: exec does it. */
	enum rc (*later)(struct db *d, struct stmt *s, const struct val *args, int n);
	/* The same for rows that are looked at later; NULL: query does it. */
	enum rc (*ahead)(struct db *d, struct stmt *s, const struct val *args, int n, struct rows *r);
	/* s: SQLite's INSERT over d->feed; NULL on PostgreSQL. */
	enum rc (*insert)(struct db *d, struct stmt *s, const char *table, const char *columns);
	/* Runs up to the first row: r->count tells whether there is one. */
	enum rc (*query)(struct db *d, struct stmt *s, const struct val *args, int n, struct rows *r);
	bool    (*next)(struct rows *r);
	void    (*end)(struct db *d, struct cursor *c);
	int     (*cols)(const struct rows *r);
	bool    (*null)(const struct rows *r, int col);
	int64_t (*number)(const struct rows *r, int col);
	str     (*text)(const struct rows *r, int col);
	enum rc (*script)(struct db *d, const char *sql);
	enum rc (*bulk)(struct db *d, bool on);
	/* BEGIN, COMMIT, SAVEPOINT..; not counted, not cached. */
	enum rc (*control)(struct db *d, const char *sql);
	/* After a COMMIT that failed: DB_DOUBT unless it is certain that nothing was kept. */
	enum db_trouble (*doubt)(const struct db *d);
	const char *begin, *begin_read, *table_sql;
};
extern const struct engine db_sqlite, db_postgres;

/* marks.c: whether this statement (or, with one, an insert into this table) writes a marked table; leaves the mark. */
bool db_marks(const struct db *d, str sql, const char *table);
enum rc db_leave_mark(struct db *d, const struct engine *e);
/* Out of memory: says so and returns E_BUSY. */
enum rc db_no_memory(struct db *d);
/* Copies a message into d->why and returns rc. */
enum rc db_says(struct db *d, enum rc rc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* At least size bytes that last until the next call; NULL: out of memory, said. */
void *db_scratch(struct db *d, size_t size);
/* SQL with ?N as prefix+N; malloc'ed; *ret_params the highest N. NULL: ? without a number (*ret_params -1), or out
 * of memory. */
char *db_translate(const char *sql, size_t n, char prefix, int *ret_params);
/* SQL types of the portable subset as SQLite has them: BIGINT PRIMARY KEY is the row id, BYTEA is BLOB, a
 * comment "sqlite: .." is what it says. malloc'ed; NULL: out of memory. */
char *db_sqlite_types(str sql);
/* Makes d->feed a table named khue_rows; SQLite's code. */
int db_sqlite_feed(struct db *d);
str db_number_text(struct db *d, int64_t v);
/* Reads decimal digits with an optional minus up to the first other character. */
int64_t db_text_number(const char *p, size_t n);
static inline struct cursor *rows_cursor(const struct rows *r) { return r->stmt; }
/* Tables a serving process adds to and never changes: what proves who did what. */
bool db_only_grows(str table);
#endif
