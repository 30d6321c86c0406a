/* dump.h -- the rows of a whole database, read from one snapshot and written into another database of either engine.
 * For khue backup, restore and move. */
#ifndef KHUE_DUMP_H
#define KHUE_DUMP_H
#include "core/archive.h"
#include "core/bare.h"
#include "core/registry.h"

/* ---- out ------------------------------------------------------------------------------------------ */
enum { KEY_COLUMNS_MAX = 8 };
/* key: places in image.columns */
struct dumped { struct table_image image; int key[KEY_COLUMNS_MAX], n_key; };
/* Begins a transaction that sees one state of a connection opened with DB_READ_ONLY | DB_BULK, whatever is written
 * meanwhile. */
enum rc dump_begin(struct db *d);
/* Every table by name, in the arena. E_STATE and *why (static, English) when one has no primary key or a type of its
 * own. */
enum rc dump_tables(struct db *d, struct arena *mem, struct dumped **ret, int *ret_n, const char **why);
/* Hands every row to fn (NULL: only counts and sums), in the order of the key; stops at its first error. */
enum rc dump_rows(struct db *d, const struct dumped *t, enum rc (*fn)(void *arg, str row), void *arg,
	struct row_sum *ret);
/* The migrations recorded in a database. */
enum rc dump_migrations(struct db *d, struct arena *mem, struct migration_image **ret, int *ret_n);

/* ---- in ------------------------------------------------------------------------------------------- */
/* One transaction: nothing is there until the caller commits. In this order: load_begin, load_migration for each,
 * (load_table, load_row .., load_table_end) for each, load_end, then load_commit, or load_undo at any time. What
 * goes wrong is told by .why with .what. */
struct load {
	struct db *d; struct arena *mem; const struct registry *registry;
	struct migration_image *ran; int n_ran, max_ran;
	struct table_image table; struct arena batch;
	const char *name, *columns; struct val *values; int rows, rows_at_once;
	struct bare bare;
	struct loaded { str name; struct row_sum sum; } *loaded; int n_loaded, max_loaded;
	bool begun, ready; const struct tr *why; str what;
};
/* Into a database without tables (E_STATE else). d: opened with DB_BULK, no transaction open. aside (PostgreSQL):
 * not NULL:
 * the schema in use is first renamed so and a new one of its name made, in the same transaction. */
enum rc load_begin(struct load *l, struct db *d, struct arena *mem, const struct registry *r, const char *aside);
enum rc load_migration(struct load *l, const struct migration_image *m);
/* The first one makes the tables as they were after those migrations. E_STATE: made by a newer program. */
enum rc load_table(struct load *l, const struct table_image *t, instant now);
enum rc load_row(struct load *l, str row);
enum rc load_table_end(struct load *l, const struct row_sum *sum);
/* Indexes and foreign keys, held against the rows; every table is read back and its sum compared; then the
 * migrations that came later. */
enum rc load_end(struct load *l, instant now);
enum rc load_commit(struct load *l);
void    load_undo(struct load *l);
/* True when the database has no table of its own. */
enum rc load_is_empty(struct db *d, bool *ret);
#endif
