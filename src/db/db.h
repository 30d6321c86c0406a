/* db.h -- one interface over SQLite and PostgreSQL.
 *
 * SQL is the portable subset (doc/why/storage.md): parameters written ?1 ?2 ... (translated to $1 for
 * PostgreSQL), three storage classes: BIGINT, TEXT, BYTEA (BLOB on SQLite). A connection belongs to one process and
 * one thread. Statements are prepared once and kept by their text. After a lost PostgreSQL connection the next call
 * outside a transaction reconnects and prepares again; inside one it answers E_BUSY until rolled back.
 *
 * A statement that fails inside a transaction spoils it on both engines: every later call answers E_FAULT until the
 * innermost db_begin is rolled back. Whoever wants to go on after E_CONFLICT begins an inner transaction first.
 * A value has one type everywhere: a V_INT for a BIGINT column, a V_TEXT for TEXT (PostgreSQL refuses others). */
#ifndef KHUE_DB_H
#define KHUE_DB_H
#include "base/base.h"

enum db_kind { DB_SQLITE, DB_POSTGRES };
enum { DB_READ_ONLY = 1, DB_BULK = 2 /* import: larger cache, still durable */,
       DB_SERVE = 4 /* a serving process: rows only. No statement changes the schema or attaches a file, and the history
                       (audit) is only added to. PostgreSQL: by the role's grants, see db_grant */,
       DB_PROMPT = 8 /* answers requests: PostgreSQL ends its transaction after 4 s without a statement, not 30, so
                        that a machine that stands still does not hold its locks */,
       DB_STANDBY = 16 /* a copy that others can do without: given up after two seconds without an answer */ };
struct db;

enum val_type { V_NULL, V_INT, V_TEXT, V_BLOB };
struct val { enum val_type type; int64_t i; str s; };
static inline struct val v_null(void)      { return (struct val){ V_NULL, 0, { 0, 0 } }; }
static inline struct val v_int(int64_t i)  { return (struct val){ V_INT, i, { 0, 0 } }; }
static inline struct val v_text(str s)     { return (struct val){ V_TEXT, 0, s }; }
static inline struct val v_blob(str s)     { return (struct val){ V_BLOB, 0, s }; }
#define VALS(...) (const struct val[]){ __VA_ARGS__ }, (int)(sizeof((const struct val[]){ __VA_ARGS__ }) \
	/ sizeof(struct val))

/* where: a folder's file path (SQLite) or postgres://... SQLite: WAL, synchronous=FULL, foreign keys on,
 * busy wait 5 s, trusted_schema off, cell_size_check on. On failure *ret is NULL and why (static or in db) says so. */
enum rc db_open(struct db **ret, const char *where, unsigned flags, char why[static 256]);
void db_close(struct db *d);
enum db_kind db_kind(const struct db *d);
/* The engine's own words about the last failure, for the log; never shown to a user. */
const char *db_why(const struct db *d);
/* For E_CONFLICT: the constraint or columns that clashed ("person.national_id" or an index name), else "". */
const char *db_clash(const struct db *d);

/* Where the last failure on this connection came from, beyond its rc; DB_FINE again with the next statement outside a
 * transaction. DB_DOUBT: a COMMIT was sent and did not come back as durable, so that the transaction may or may not
 * be there (a failed fsync, a lost connection, a standby that did not confirm). Nobody may be told "saved" or "not
 * saved" then. */
enum db_trouble { DB_FINE, DB_FULL, DB_STORAGE, DB_CORRUPT, DB_MEMORY, DB_AWAY, DB_DOUBT };
enum db_trouble db_trouble(const struct db *d);
/* How many calls failed by such a trouble since the connection opened, and the last one's kind: whoever answers from
 * several reads sees by the difference that one of them was not answered. */
uint64_t db_troubles(const struct db *d, enum db_trouble *ret_last);
/* True once a COMMIT failed in SQLite's file. The system may have dropped what it could not write, so that trying again
 * would succeed falsely: this process answers and ends, the next one recovers from the log. */
bool db_spent(const struct db *d);

/* Statements run since the connection opened, without BEGIN and COMMIT: a request's budget is a difference of two. */
uint64_t db_count(const struct db *d);

/* Runs a statement that returns no rows. *ret_changed (may be NULL): rows touched.
 * Errors: E_CONFLICT unique or foreign key, E_BUSY locked or connection lost, E_LIMIT disk full, E_FAULT others. */
enum rc db_exec(struct db *d, const char *sql, const struct val *args, int n, int64_t *ret_changed);
/* db_exec for a write within a transaction whose failure nobody mends: PostgreSQL works on it while the caller goes
 * on, and it fails with what comes after it; db_commit at the latest. */
enum rc db_later(struct db *d, const char *sql, const struct val *args, int n);
/* PostgreSQL: a transaction that adds to one of these tables, takes from it, or changes one of these columns there
 * (both closed by NULL; they outlive d) adds a row to rights_mark: its time in ms << MARK_CHANCE, and chance. Whoever
 * holds the same marks has seen the same of these tables. */
enum { MARK_CHANCE = 20 };
void db_mark(struct db *d, const char *const *tables, const char *const *columns);
/* Many new rows at once, the way in for thousands: `rows` rows of n values each lie one after another in args, for the
 * columns "a, b, c" (at most 160). One statement that reads memory on SQLite, COPY on PostgreSQL. Only within a
 * transaction; after an error roll the innermost one back: part of the rows may be there. Errors as db_exec. */
enum rc db_insert(struct db *d, const char *table, const char *columns, const struct val *args, int n, int64_t rows);
/* While thousands of rows come into a connection that else serves people: a larger cache, rarer checkpoints; as
 * durable as ever. Not within a transaction. */
enum rc db_bulk(struct db *d, bool on);
/* Several statements separated by semicolons, no parameters: migrations. SQLite reads BIGINT PRIMARY KEY as INTEGER
 * PRIMARY KEY (the row id), BYTEA as BLOB, and what stands in a comment that begins with "sqlite: " (WITHOUT ROWID). */
enum rc db_script(struct db *d, str sql);

/* A cursor. Text and blobs are valid until the next rows_next or rows_end: copy what must live longer.
 * rows_end is safe to call twice and must be called before the next wait. At most 64 are open. A db_rollback of the
 * outermost transaction, also without one, ends those that a longjmp left behind. PostgreSQL's rows are all in
 * memory. */
struct rows { struct db *d; void *stmt; void *more[4]; int at, count; enum rc rc; };
enum rc db_query(struct db *d, const char *sql, const struct val *args, int n, struct rows *ret);
bool    rows_next(struct rows *r);                   /* false at the end or on error: see rows_end     */
int     rows_cols(const struct rows *r);
bool    rows_null(const struct rows *r, int col);
int64_t rows_int(const struct rows *r, int col);     /* NULL is 0                                      */
str     rows_text(const struct rows *r, int col);    /* NULL is empty                                  */
str     rows_blob(const struct rows *r, int col);
enum rc rows_end(struct rows *r);                    /* OK, or the error that stopped the rows         */
/* db_query for rows that are looked at later: PostgreSQL works on it while the caller goes on, and the first rows_next
 * of any of them waits for all. What went wrong is told there, at the latest by rows_end. Outside of a transaction only
 * for what reads; a connection that was lost is not tried again. */
enum rc db_ahead(struct db *d, const char *sql, const struct val *args, int n, struct rows *ret);
/* First column of the first row; E_MISSING without one. */
enum rc db_int(struct db *d, const char *sql, const struct val *args, int n, int64_t *ret);

/* Transactions nest: an inner one is a savepoint. On SQLite the outermost is BEGIN IMMEDIATE. db_commit ends the
 * transaction also when it fails: what it held is rolled back, unless db_trouble says DB_DOUBT.
 * db_commit returning OK means durable: on the disk, and at the standby where PostgreSQL waits for one. db_rollback
 * never fails from the caller's view. */
enum rc db_begin(struct db *d);
enum rc db_commit(struct db *d);
void    db_rollback(struct db *d);
int     db_depth(const struct db *d);
/* A statement failed: nothing more runs before the innermost db_begin is rolled back. */
bool    db_spoilt(const struct db *d);

/* PostgreSQL: lets a role read and write rows of every table and nothing more: no schema, no change to the history
 * (audit) or to the list of migrations. SQLite: OK, the flag DB_SERVE is enough. E_INVALID: not a plain name. */
enum rc db_grant(struct db *d, struct arena *mem, const char *role);

/* Reads the whole database as the engine sees it: every page with its checksum, every tree in order. E_STATE: why is
 * the first finding (PostgreSQL: that its cluster keeps no checksums; its pages are read by pg_amcheck and
 * pg_basebackup). */
enum rc db_verify(struct db *d, char why[static 256]);
/* True when the table exists. */
bool db_has_table(struct db *d, const char *table);
#endif
