/* dump.c -- see dump.h: reading. */
#include "core/dump.h"
#include "core/ddl.h"

enum rc dump_begin(struct db *d)
{
	TRY(db_begin(d));
	if (db_kind(d) == DB_POSTGRES)
		return db_script(d, S("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
	/* SQLite's snapshot begins with the first read */
	int64_t n;
	return db_int(d, "SELECT count(*) FROM sqlite_master", NULL, 0, &n);
}

static enum rc names(struct db *d, struct arena *mem, const char *sql, str table, str *ret, int max, int *ret_n)
{
	struct rows r;
	TRY(db_query(d, sql, VALS(v_text(table)), &r));
	for (*ret_n = 0; *ret_n < max && rows_next(&r); ++*ret_n)
		ret[*ret_n] = str_copy(mem, rows_text(&r, 0));
	return rows_end(&r);
}

static const char *tables_sql(struct db *d)
{
	return db_kind(d) == DB_SQLITE
		? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE ?1 || '%' ORDER BY name"
		: "SELECT c.relname::text FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = "
			"current_schema() "
		  "WHERE c.relkind IN ('r', 'p') AND c.relname::text <> ?1 ORDER BY 1";
}

static const char *key_sql(struct db *d)
{
	return db_kind(d) == DB_SQLITE
		? "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk"
		: "SELECT a.attname::text FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
		  "JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = current_schema() "
		  "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) "
		  "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number WHERE t.relname = ?1 AND "
			"i.indisprimary ORDER BY k.place";
}

static char letter_of(str type)
{
	return str_is(type, "BIGINT") ? 'i' : str_is(type, "TEXT") ? 't' : str_is(type, "BYTEA") ? 'b' : 0;
}

static enum rc read_table(struct db *d, struct arena *mem, str name, struct dumped *ret, const char **why)
{
	enum { MOST = 256 };
	struct ddl_has *has = NEWS(mem, struct ddl_has, MOST);
	str keys[KEY_COLUMNS_MAX];
	int n, n_keys;
	*ret = (struct dumped){ .image = { .name = name } };
	TRY(ddl_columns(d, mem, str_z(mem, name), has, MOST, &n));
	ret->image.columns = NEWS(mem, struct column_image, n);
	ret->image.n = n;
	for (int i = 0; i < n; i++) {
		ret->image.columns[i] = (struct column_image){ has[i].name, letter_of(has[i].type) };
		if (!ret->image.columns[i].type) {
			*why = str_z(mem, str_fmt(mem, "column %.*s.%.*s is %.*s", FMT(name), FMT(has[i].name), FMT(has[i].type)));
			return E_STATE;
		}
	}
	TRY(names(d, mem, key_sql(d), name, keys, KEY_COLUMNS_MAX, &n_keys));
	for (int k = 0; k < n_keys; k++)
		for (int i = 0; i < n; i++)
			if (str_eq(ret->image.columns[i].name, keys[k]))
				ret->key[ret->n_key++] = i;
	if (ret->n_key)
		return OK;
	*why = str_z(mem, str_fmt(mem, "table %.*s has no primary key", FMT(name)));
	return E_STATE;
}

enum rc dump_tables(struct db *d, struct arena *mem, struct dumped **ret, int *ret_n, const char **why)
{
	enum { MOST = 2000 };
	str *list = NEWS(mem, str, MOST);
	*why = "";
	TRY(names(d, mem, tables_sql(d), S("sqlite_"), list, MOST, ret_n));
	*ret = NEWS(mem, struct dumped, *ret_n + 1);
	for (int i = 0; i < *ret_n; i++)
		TRY(read_table(d, mem, list[i], &(*ret)[i], why));
	return OK;
}

/* ---- rows ------------------------------------------------------------------------------------------ */

/* SELECT every column .. [WHERE the key lies behind ?1 ..] ORDER BY the key LIMIT ?n */
static const char *page_sql(struct arena *mem, const struct dumped *t, bool first)
{
	struct buf b;
	buf_init(&b, mem, 1 << 16);
	put_z(&b, "SELECT ");
	for (int i = 0; i < t->image.n; i++)
		put_fmt(&b, "%s\"%.*s\"", i ? ", " : "", FMT(t->image.columns[i].name));
	put_fmt(&b, " FROM \"%.*s\"", FMT(t->image.name));
	for (int part = first ? 2 : 0; part < 3; part++) {
		put_z(&b, part == 0 ? " WHERE (" : part == 1 ? ") > (" : first ? " ORDER BY " : ") ORDER BY ");
		for (int k = 0; k < t->n_key; k++) {
			put_z(&b, k ? ", " : "");
			if (part == 1)
				put_fmt(&b, "?%d", k + 1);
			else
				put_fmt(&b, "\"%.*s\"", FMT(t->image.columns[t->key[k]].name));
		}
	}
	put_fmt(&b, " LIMIT ?%d", first ? 1 : t->n_key + 1);
	return str_z(mem, buf_str(&b));
}

static struct val value_at(const struct rows *r, int i, char type)
{
	if (rows_null(r, i))
		return v_null();
	return type == 'i' ? v_int(rows_int(r, i)) : type == 't' ? v_text(rows_text(r, i)) : v_blob(rows_blob(r, i));
}

struct paging { const struct dumped *t; struct arena row, key; struct val *after; int64_t limit, n, bytes; };

/* One row out; what its key was stays in p->after for the next page. */
static enum rc one_row(struct paging *p, const struct rows *r, enum rc (*fn)(void *arg, str row), void *arg,
	struct row_sum *sum)
{
	const struct dumped *t = p->t;
	struct buf b;
	arena_reset(&p->row);
	struct val *at = NEWS(&p->row, struct val, t->image.n);
	for (int i = 0; i < t->image.n; i++)
		at[i] = value_at(r, i, t->image.columns[i].type);
	buf_init(&b, &p->row, RECORD_MAX);
	row_image(&b, at, t->image.n);
	if (b.over)
		return E_LIMIT;
	arena_reset(&p->key);
	p->after = NEWS(&p->key, struct val, t->n_key + 1);
	for (int k = 0; k < t->n_key; k++) {
		p->after[k] = at[t->key[k]];
		p->after[k].s = str_copy(&p->key, p->after[k].s);
	}
	p->n++;
	p->bytes += (int64_t)b.n;
	row_sum_add(sum, buf_str(&b));
	return fn ? fn(arg, buf_str(&b)) : OK;
}

/* About 4 MiB a page: PostgreSQL hands a page over whole. */
static void next_limit(struct paging *p)
{
	int64_t each = p->n ? p->bytes / p->n + 1 : 1;
	p->limit = (4 << 20) / each;
	p->limit = p->limit < 16 ? 16 : p->limit > 20000 ? 20000 : p->limit;
}

static enum rc all_pages(struct db *d, struct paging *p, const char *const sql[2], enum rc (*fn)(void *arg, str row),
	void *arg, struct row_sum *sum)
{
	enum rc rc = OK;
	int64_t got = p->limit;
	for (bool first = true; rc == OK && got == p->limit; first = false) {
		struct rows r;
		struct val args[KEY_COLUMNS_MAX + 1];
		int n = 0;
		if (!first)
			next_limit(p);
		for (; !first && n < p->t->n_key; n++)
			args[n] = p->after[n];
		args[n++] = v_int(p->limit);
		TRY(db_query(d, sql[!first], args, n, &r));
		for (got = 0; rc == OK && rows_next(&r); got++)
			rc = one_row(p, &r, fn, arg, sum);
		enum rc end = rows_end(&r);
		rc = rc != OK ? rc : end;
	}
	return rc;
}

enum rc dump_rows(struct db *d, const struct dumped *t, enum rc (*fn)(void *arg, str row), void *arg,
	struct row_sum *ret)
{
	struct arena mem;
	struct paging p = { .t = t, .limit = 256 };
	arena_init(&mem, (size_t)1 << 20);
	arena_init(&p.row, (size_t)4 * RECORD_MAX);
	arena_init(&p.key, (size_t)RECORD_MAX);
	*ret = (struct row_sum){ 0 };
	enum rc rc = all_pages(d, &p, (const char *const[2]){ page_sql(&mem, t, true), page_sql(&mem, t, false) }, fn,
		arg, ret);
	arena_free(&p.row);
	arena_free(&p.key);
	arena_free(&mem);
	return rc;
}

enum rc dump_migrations(struct db *d, struct arena *mem, struct migration_image **ret, int *ret_n)
{
	enum { MOST = 4096 };
	struct rows r;
	*ret = NEWS(mem, struct migration_image, MOST);
	TRY(db_query(d, "SELECT module, number, name, digest FROM schema_version ORDER BY module, number", NULL, 0, &r));
	for (*ret_n = 0; *ret_n < MOST && rows_next(&r); ++*ret_n)
		(*ret)[*ret_n] = (struct migration_image){ .module = str_copy(mem, rows_text(&r, 0)), .number = rows_int(&r, 1),
			.name = str_copy(mem, rows_text(&r, 2)), .digest = str_copy(mem, rows_text(&r, 3)) };
	return rows_end(&r);
}
