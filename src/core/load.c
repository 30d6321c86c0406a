/* load.c -- see dump.h: writing. Keys and indexes are taken away while rows come in (core/bare.h). */
#include "core/dump.h"
#include "core/ddl.h"
#include "core/migrate.h"
#include "core/planner.h"
#include <stdio.h>

enum { VALUES_AT_ONCE = 40000, ROWS_AT_ONCE = 2000, BATCH_BYTES = 8 << 20 };

static const struct tr
	MSG_not_empty = { "nơi đến đã có dữ liệu ({1})", "the target already holds data ({1})" },
	MSG_newer = { "bản sao lưu của một phiên bản mới hơn chương trình này: có {1}",
		"made by a newer program than this one: it has {1}" },
	MSG_changed = { "bước di trú {1} của bản sao lưu khác với của chương trình này",
		"migration {1} is not the one this program has" },
	MSG_migrate = { "không dựng được bảng: {1}", "cannot make the tables: {1}" },
	MSG_table = { "bảng {1} của bản sao lưu không khớp với lược đồ", "table {1} does not fit the schema" },
	MSG_row = { "không ghi được một dòng của bảng {1}", "cannot write a row of table {1}" },
	MSG_mend = { "dữ liệu không qua được khóa hoặc chỉ mục: {1}", "the rows do not pass a key or index: {1}" },
	MSG_sum = { "bảng {1} đọc lại không giống bản gốc", "table {1} reads back differently" },
	MSG_database = { "cơ sở dữ liệu báo lỗi: {1}", "the database says: {1}" };

static enum rc stop(struct load *l, enum rc rc, const struct tr *why, str what)
{
	l->why = why;
	l->what = str_copy(l->mem, what);
	return rc;
}

static enum rc broke(struct load *l, enum rc rc)
{
	return rc == OK || l->why ? rc : stop(l, rc, &MSG_database, str_of(db_why(l->d)));
}

static enum rc run(struct load *l, const char *sql)
{
	return broke(l, db_script(l->d, str_of(sql)));
}

/* ---- beginning --------------------------------------------------------------------------------------- */

enum rc load_is_empty(struct db *d, bool *ret)
{
	struct arena mem;
	struct dumped *t;
	const char *why;
	int n = 1;
	arena_init(&mem, (size_t)64 << 20);
	enum rc rc = dump_tables(d, &mem, &t, &n, &why);
	*ret = rc == OK && n == 0;
	arena_free(&mem);
	return rc == E_STATE ? OK : rc;
}

static enum rc put_aside(struct load *l, const char *aside)
{
	struct rows r;
	str schema = S("");
	TRY(db_query(l->d, "SELECT current_schema()::text", NULL, 0, &r));
	if (rows_next(&r))
		schema = str_copy(l->mem, rows_text(&r, 0));
	TRY(rows_end(&r));
	struct buf b;
	buf_init(&b, l->mem, 4096);
	put_fmt(&b, "ALTER SCHEMA \"%.*s\" RENAME TO \"%s\"; CREATE SCHEMA \"%.*s\"", FMT(schema), aside, FMT(schema));
	return db_script(l->d, buf_str(&b));
}

enum rc load_begin(struct load *l, struct db *d, struct arena *mem, const struct registry *r, const char *aside)
{
	bool empty = false;
	*l = (struct load){ .d = d, .mem = mem, .registry = r, .max_ran = 4096, .max_loaded = 2000 };
	l->ran = NEWS(mem, struct migration_image, l->max_ran);
	l->loaded = NEWS(mem, struct loaded, l->max_loaded);
	l->values = NEWS(mem, struct val, VALUES_AT_ONCE);
	arena_init(&l->batch, (size_t)4 * RECORD_MAX);
	if (db_kind(d) == DB_SQLITE)                     /* until load_commit nobody relies on the file */
		TRY(run(l, "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY"));
	TRY(broke(l, db_begin(d)));
	l->begun = true;
	if (aside)
		TRY(broke(l, put_aside(l, aside)));
	TRY(broke(l, load_is_empty(d, &empty)));
	return empty ? OK : stop(l, E_STATE, &MSG_not_empty, db_kind(d) == DB_SQLITE ? S("SQLite") : S("PostgreSQL"));
}

enum rc load_migration(struct load *l, const struct migration_image *m)
{
	if (l->n_ran == l->max_ran)
		return E_LIMIT;
	l->ran[l->n_ran++] = (struct migration_image){ .module = str_copy(l->mem, m->module), .number = m->number,
		.name = str_copy(l->mem, m->name),
		.digest = str_copy(l->mem, m->digest) };
	return OK;
}

/* ---- the tables --------------------------------------------------------------------------------------- */

static str named(struct load *l, const struct migration_image *m)
{
	return str_fmt(l->mem, "%.*s/%03lld-%.*s", FMT(m->module), (long long)m->number, FMT(m->name));
}

/* The program's migrations that had run where the rows come from, in the program's order. */
static enum rc those_that_ran(struct load *l, struct migration **ret, int *ret_n)
{
	const struct migration *all;
	int n = migrations_embedded(l->mem, l->registry, &all), found = 0;
	*ret = NEWS(l->mem, struct migration, n + 1);
	*ret_n = 0;
	for (int i = 0; i < l->n_ran; i++) {
		const struct migration_image *m = &l->ran[i];
		int k = 0;
		while (k < n && !(str_eq(all[k].module, m->module) && all[k].number == m->number))
			k++;
		if (k == n)
			return stop(l, E_STATE, &MSG_newer, named(l, m));
		digest d = hash_of(all[k].sql);
		if (!str_eq(hex_of(l->mem, d.b, sizeof d.b), m->digest))
			return stop(l, E_STATE, &MSG_changed, named(l, m));
		found++;
	}
	for (int k = 0; k < n && *ret_n < found; k++)
		for (int i = 0; i < l->n_ran; i++)
			if (str_eq(all[k].module, l->ran[i].module) && all[k].number == l->ran[i].number)
				(*ret)[(*ret_n)++] = all[k];
	return OK;
}

/* Migrations may bring rows of their own; those that come are the whole. */
static enum rc emptied(struct load *l)
{
	struct dumped *t;
	const char *why;
	int n;
	TRY(dump_tables(l->d, l->mem, &t, &n, &why));
	for (int i = 0; i < n; i++) {
		struct buf b;
		buf_init(&b, l->mem, 256);
		put_fmt(&b, "DELETE FROM \"%.*s\"", FMT(t[i].image.name));
		TRY(db_script(l->d, buf_str(&b)));
	}
	return OK;
}

static enum rc make_ready(struct load *l, instant now)
{
	struct migration *list;
	char why[256] = "";
	int n;
	TRY(those_that_ran(l, &list, &n));
	enum rc rc = migrate_run(l->d, l->mem, list, n, now, NULL, NULL, why);
	if (rc != OK)
		return stop(l, rc, &MSG_migrate, str_of(why));
	TRY(broke(l, bare_all(&l->bare, l->d, l->mem)));
	l->ready = true;
	return broke(l, emptied(l));
}

/* Whether the database's table has exactly these columns. */
static enum rc same_columns(struct load *l, const struct table_image *t, bool *ret)
{
	enum { MOST = TABLE_COLUMNS_MAX };
	struct ddl_has *has = NEWS(l->mem, struct ddl_has, MOST);
	int n = 0;
	TRY(ddl_columns(l->d, l->mem, str_z(l->mem, t->name), has, MOST, &n));
	*ret = n == t->n;
	for (int i = 0; i < t->n && *ret; i++) {
		int k = 0;
		const char *type = t->columns[i].type == 'i' ? "BIGINT" : t->columns[i].type == 't' ? "TEXT" : "BYTEA";
		while (k < n && !str_eq(has[k].name, t->columns[i].name))
			k++;
		*ret = k < n && str_is(has[k].type, type);
	}
	return OK;
}

static const char *quoted_columns(struct load *l)
{
	struct buf b;

	buf_init(&b, l->mem, 64 << 10);
	for (int i = 0; i < l->table.n; i++)
		put_fmt(&b, "%s\"%.*s\"", i ? ", " : "", FMT(l->table.columns[i].name));
	return str_z(l->mem, buf_str(&b));
}

enum rc load_table(struct load *l, const struct table_image *t, instant now)
{
	bool same = false;
	if (!l->ready)
		TRY(make_ready(l, now));
	TRY(broke(l, same_columns(l, t, &same)));
	if (!same || l->n_loaded == l->max_loaded)
		return stop(l, E_STATE, &MSG_table, t->name);
	l->table = (struct table_image){ str_copy(l->mem, t->name), NEWS(l->mem, struct column_image, t->n), t->n };
	for (int i = 0; i < t->n; i++)
		l->table.columns[i] = (struct column_image){ str_copy(l->mem, t->columns[i].name), t->columns[i].type };
	l->rows_at_once = VALUES_AT_ONCE / t->n;
	l->rows_at_once = l->rows_at_once > ROWS_AT_ONCE ? ROWS_AT_ONCE : l->rows_at_once < 1 ? 1 : l->rows_at_once;
	l->name = str_z(l->mem, str_fmt(l->mem, "\"%.*s\"", FMT(l->table.name)));
	l->columns = quoted_columns(l);
	l->rows = 0;
	return OK;
}

static enum rc flush(struct load *l)
{
	enum rc rc = l->rows ? db_insert(l->d, l->name, l->columns, l->values, l->table.n, l->rows) : OK;

	l->rows = 0;
	arena_reset(&l->batch);
	return rc == OK ? OK : stop(l, rc, &MSG_row, str_fmt(l->mem, "%.*s: %s", FMT(l->table.name), db_why(l->d)));
}

enum rc load_row(struct load *l, str row)
{
	if (!row_image_read(str_copy(&l->batch, row), &l->table, l->values + l->rows * l->table.n))
		return stop(l, E_INVALID, &MSG_table, l->table.name);
	l->rows++;
	return l->rows == l->rows_at_once || l->batch.used > BATCH_BYTES ? flush(l) : OK;
}

enum rc load_table_end(struct load *l, const struct row_sum *sum)
{
	TRY(flush(l));
	l->loaded[l->n_loaded++] = (struct loaded){ l->table.name, *sum };
	return OK;
}

/* ---- the end --------------------------------------------------------------------------------------------- */

static enum rc keys_hold(struct load *l)
{
	struct rows r;
	str bad = S("");
	if (db_kind(l->d) != DB_SQLITE)
		return OK;                               /* PostgreSQL looked when the keys were put back */
	TRY(db_query(l->d, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1", NULL, 0, &r));
	if (rows_next(&r))
		bad = str_copy(l->mem, rows_text(&r, 0));
	TRY(rows_end(&r));
	return bad.n ? stop(l, E_STATE, &MSG_mend, bad) : OK;
}

static enum rc as_sent(struct load *l, const struct dumped *t)
{
	struct row_sum sum, none = { 0 };
	const struct row_sum *want = &none;
	for (int i = 0; i < l->n_loaded; i++)
		if (str_eq(l->loaded[i].name, t->image.name))
			want = &l->loaded[i].sum;
	TRY(dump_rows(l->d, t, NULL, NULL, &sum));
	return row_sum_same(&sum, want) ? OK : stop(l, E_STATE, &MSG_sum, t->image.name);
}

enum rc load_end(struct load *l, instant now)
{
	struct dumped *t;
	const struct migration *all;
	const char *why = "";
	char said[256] = "";
	int n;
	if (!l->ready)
		TRY(make_ready(l, now));
	if (bare_back(&l->bare) != OK)
		return stop(l, E_STATE, &MSG_mend, str_of(db_why(l->d)));
	TRY(broke(l, keys_hold(l)));
	TRY(broke(l, dump_tables(l->d, l->mem, &t, &n, &why)));
	for (int i = 0; i < n; i++)
		TRY(broke(l, as_sent(l, &t[i])));
	n = migrations_embedded(l->mem, l->registry, &all);
	enum rc rc = migrate_run(l->d, l->mem, all, n, now, NULL, NULL, said);
	if (rc != OK)
		return stop(l, rc, &MSG_migrate, str_of(said));
	return broke(l, planner_tell(l->registry, l->d, l->mem));
}

enum rc load_commit(struct load *l)
{
	l->begun = false;
	arena_free(&l->batch);
	TRY(broke(l, db_commit(l->d)));
	if (db_kind(l->d) == DB_POSTGRES)
		return run(l, "ANALYZE");
	return run(l, "PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON");
}

void load_undo(struct load *l)
{
	if (l->begun) {
		db_rollback(l->d);
		arena_free(&l->batch);
	}
	l->begun = false;
}
