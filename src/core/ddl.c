/* ddl.c -- see ddl.h. A unique key's index is ENTITY_uN; another index is named after its columns. */
#include "core/ddl.h"
#include "base/hash.h"

enum { NAME_MAX_BYTES = 60, INDEXES_MAX = 64 };       /* PostgreSQL cuts names at 63 bytes */

struct index { str name, columns, sql; };
struct indexes { struct index at[INDEXES_MAX]; int n; };
struct column { const char *name, *type, *rest; };

const char *ddl_type(const struct field *f)
{
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: case T_PICK: return "TEXT";
	case T_INT:
	case T_BOOL:
	case T_DAY:
	case T_TIME:
	case T_MONEY:
	case T_SCORE:
	case T_FILE:
	case T_REF:
	case T_LIST: break;
	}
	return "BIGINT";
}

/* What follows the type: values that are never empty say so, with the default that old rows get. A reference to a table
 * that is made later (two tables that refer to each other) goes without its key: khue check --db looks for orphans. */
static str column_rest(const struct registry *r, struct arena *mem, const struct meta *m, const struct field *f)
{
	const struct meta *to = f->type == T_REF && f->ref ? registry_meta(r, f->ref) : NULL;
	switch ((enum type)f->type) {
	case T_INT: case T_BOOL: case T_MONEY: return S(" NOT NULL DEFAULT 0");
	case T_PICK: return str_fmt(mem, " NOT NULL DEFAULT '%s'", f->pick && f->pick[0].code ? f->pick[0].code : "");
	case T_REF:  return to && to->index <= m->index ? str_fmt(mem, " REFERENCES %s (id)", to->e->name) : (str){ 0 };
	case T_TEXT: case T_HTML: case T_DAY: case T_TIME: case T_SCORE: case T_FILE: case T_LIST: break;
	}
	return (str){ 0 };
}

static const struct column base_columns[] = {
	{ "id", "BIGINT", " PRIMARY KEY" }, { "rev", "BIGINT", " NOT NULL DEFAULT 1" },
	{ "org", "BIGINT", " NOT NULL DEFAULT 0" },
	{ "made_by", "BIGINT", " NOT NULL DEFAULT 0" }, { "made", "BIGINT", " NOT NULL DEFAULT 0" },
	{ "changed", "BIGINT", " NOT NULL DEFAULT 0" }, { "gone", "BIGINT", " NOT NULL DEFAULT 0" },
};

/* All columns of an entity in order, in the arena; *ret_n of them. */
static struct column *columns_of(const struct registry *r, struct arena *mem, const struct meta *m, int *ret_n)
{
	struct column *c = NEWS(mem, struct column, COUNT(base_columns) + m->n_fields + 2);
	int n = 0;
	for (; n < (int)COUNT(base_columns); n++)
		c[n] = base_columns[n];
	for (const struct field *f = m->e->fields; f && f->name; f++)
		if (field_stored(f))
			c[n++] = (struct column){ f->name, ddl_type(f), str_z(mem, column_rest(r, mem, m, f)) };
	if (m->fold)
		c[n++] = (struct column){ "_fold", "TEXT", "" };
	if (m->sort)
		c[n++] = (struct column){ "_sort", "BYTEA", "" };
	*ret_n = n;
	return c;
}

/* ---- indexes -------------------------------------------------------------------------------- */

/* table_col_col_idx; too long: cut, with a digest of the whole. */
static str index_name(struct arena *mem, const char *table, const char *const *cols, int n)
{
	struct buf b;
	buf_init(&b, mem, 4096);
	put_z(&b, table);
	for (int i = 0; i < n; i++)
		put_fmt(&b, "_%s", cols[i][0] == '_' ? cols[i] + 1 : cols[i]);
	put_z(&b, "_idx");
	str whole = buf_str(&b);
	if (whole.n <= NAME_MAX_BYTES)
		return whole;
	digest d = hash_of(whole);
	str hex = hex_of(mem, d.b, 4);
	return str_fmt(mem, "%.*s_%.*s", FMT(str_sub(whole, 0, NAME_MAX_BYTES - 9)), FMT(hex));
}

static str joined(struct arena *mem, const char *const *cols, int n)
{
	struct buf b;
	buf_init(&b, mem, 4096);
	for (int i = 0; i < n; i++)
		put_fmt(&b, "%s%s", i ? ", " : "", cols[i]);
	return buf_str(&b);
}

static void index_add(struct indexes *to, struct arena *mem, const char *table, const char *const *cols, int n)
{
	str name = index_name(mem, table, cols, n), list = joined(mem, cols, n);
	for (int i = 0; i < to->n; i++)
		if (str_eq(to->at[i].name, name))
			return;
	if (to->n < INDEXES_MAX)
		to->at[to->n++] =
			(struct index){ name, list,
					str_fmt(mem, "CREATE INDEX %.*s ON %s (%.*s)", FMT(name), table, FMT(list)) };
}

static int unique_columns(const struct entity *e, int i, const char *cols[static 4])
{
	int n = 0;
	for (; i < (int)COUNT(e->unique) && n < 4 && e->unique[i][n]; n++) {
		const char *name = column_name(e, e->unique[i][n]);
		if (!name)
			return 0;
		cols[n] = name;
	}
	return n;
}

/* A unique key binds rows in force only; an empty part is NULL, which equals nothing. */
static void unique_add(struct indexes *to, struct arena *mem, const struct entity *e, int i)
{
	const char *cols[4];
	int n = unique_columns(e, i, cols);
	if (n == 0)
		return;
	str name = ddl_unique_name(mem, e, i), list = joined(mem, cols, n);
	to->at[to->n++] = (struct index){ name, list,
		str_fmt(mem, "CREATE UNIQUE INDEX %.*s ON %s (%.*s) WHERE gone = 0", FMT(name), e->name, FMT(list)) };
}

static void sort_add(struct indexes *to, struct arena *mem, const struct meta *m)
{
	const char *cols[6] = { "org",
				"gone" }; /* with gone in it, a count of the rows in force reads only the index */
	int n = 2;
	if (m->sort) {
		cols[n++] = "_sort";
	} else {
		for (int i = 0; i < 3 && m->e->sort[i]; i++) {
			const char *name = column_name(m->e, m->e->sort[i]);
			if (name)
				cols[n++] = name;
		}
	}
	cols[n++] = "id";
	index_add(to, mem, m->e->name, cols, n);
	if (n > 3)                                       /* lists of the whole province run in this order */
		index_add(to, mem, m->e->name, cols + 1, n - 1);
}

static bool wants_index(const struct entity *e, const struct field *f)
{
	if (!field_stored(f))
		return false;
	if (f->type == T_REF)
		return true;
	for (int i = 0; i < (int)COUNT(e->anchor); i++)
		if (e->anchor[i] == f->at)
			return true;
	/* a choice or a yes/no parts the rows too coarsely for an index to help */
	return (f->is & FILTER) && f->type != T_PICK && f->type != T_BOOL;
}

static void indexes_of(struct indexes *to, struct arena *mem, const struct meta *m)
{
	to->n = 0;
	for (int i = 0; i < (int)COUNT(m->e->unique); i++)
		unique_add(to, mem, m->e, i);
	sort_add(to, mem, m);
	for (const struct field *f = m->e->fields; f && f->name; f++)
		if (wants_index(m->e, f))
			index_add(to, mem, m->e->name, &f->name, 1);
}

str ddl_unique_name(struct arena *mem, const struct entity *e, int i)
{
	const char *cols[4];
	return unique_columns(e, i, cols) ? str_fmt(mem, "%s_u%d", e->name, i) : (str){ 0 };
}

int ddl_unique_clash(struct arena *mem, const struct entity *e, str clash)
{
	for (int i = 0; i < (int)COUNT(e->unique); i++) {
		const char *cols[4];
		struct buf b;
		int n = unique_columns(e, i, cols);
		if (n == 0)
			continue;
		buf_init(&b, mem, 1024);
		for (int k = 0; k < n; k++)
			put_fmt(&b, "%s%s.%s", k ? ", " : "", e->name, cols[k]);
		if (str_eq(clash, buf_str(&b)) || str_eq(clash, ddl_unique_name(mem, e, i)))
			return i;
	}
	return -1;
}

/* ---- the whole table ------------------------------------------------------------------------ */

static str create_table(const struct registry *r, struct arena *mem, const struct meta *m)
{
	struct buf b;
	int n;
	const struct column *c = columns_of(r, mem, m, &n);
	buf_init(&b, mem, 1 << 16);
	put_fmt(&b, "CREATE TABLE %s (\n", m->e->name);
	for (int i = 0; i < n; i++)
		put_fmt(&b, "\t%s %s%s%s\n", c[i].name, c[i].type, c[i].rest, i + 1 < n ? "," : "");
	put_c(&b, ')');
	return buf_str(&b);
}

void ddl_entity(const struct registry *r, struct buf *b, struct arena *mem, const struct meta *m)
{
	struct indexes *x = NEW(mem, struct indexes);
	put_fmt(b, "%.*s;\n", FMT(create_table(r, mem, m)));
	indexes_of(x, mem, m);
	for (int i = 0; i < x->n; i++)
		put_fmt(b, "%.*s;\n", FMT(x->at[i].sql));
}

/* ---- comparing with a database -------------------------------------------------------------- */

enum rc ddl_columns(struct db *d, struct arena *mem, const char *table, struct ddl_has *ret, int max, int *ret_n)
{
	struct rows r;
	const char *sql = db_kind(d) == DB_SQLITE
		? "SELECT name, upper(type) FROM pragma_table_info(?1)"
		: "SELECT column_name::text, upper(data_type::text) FROM information_schema.columns "
		  "WHERE table_schema = current_schema() AND table_name = ?1 ORDER BY ordinal_position";
	TRY(db_query(d, sql, VALS(v_text(str_of(table))), &r));
	for (*ret_n = 0; *ret_n < max && rows_next(&r); (*ret_n)++) {
		str type = str_copy(mem, rows_text(&r, 1));
		if (str_is(type, "INTEGER"))
			type = S("BIGINT");
		if (str_is(type, "BLOB"))
			type = S("BYTEA");
		ret[*ret_n] = (struct ddl_has){ str_copy(mem, rows_text(&r, 0)), type };
	}
	return rows_end(&r);
}

/* name and, as type, the columns ("org, code") of each index. */
static enum rc read_indexes(struct db *d, struct arena *mem, const char *table, struct ddl_has *ret, int max,
	int *ret_n)
{
	struct rows r;
	const char *sql =
		db_kind(d) == DB_SQLITE
			? "SELECT m.name, (SELECT group_concat(name, ', ') FROM (SELECT name FROM "
			  "pragma_index_info(m.name) ORDER BY seqno)) "
			  "FROM sqlite_master m WHERE m.type = 'index' AND m.tbl_name = ?1"
			: "SELECT c.relname::text, string_agg(a.attname, ', ' ORDER BY k.place) FROM pg_index i "
			  "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
			  "JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = current_schema() "
			  "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) "
			  "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number WHERE t.relname = ?1 "
			  "GROUP BY c.relname";
	TRY(db_query(d, sql, VALS(v_text(str_of(table))), &r));
	for (*ret_n = 0; *ret_n < max && rows_next(&r); (*ret_n)++)
		ret[*ret_n] = (struct ddl_has){ str_copy(mem, rows_text(&r, 0)), str_copy(mem, rows_text(&r, 1)) };
	return rows_end(&r);
}

static void compare_columns(const struct registry *r, const struct meta *m, struct arena *mem,
	const struct ddl_has *has,
			    int n_has, ddl_found *found, void *arg)
{
	int n;
	const char *table = m->e->name;
	const struct column *want = columns_of(r, mem, m, &n);
	for (int i = 0; i < n; i++) {
		int k = 0;
		while (k < n_has && !str_is(has[k].name, want[i].name))
			k++;
		if (k == n_has)
			found(arg, str_fmt(mem, "column %s.%s is missing", table, want[i].name),
			      str_fmt(mem, "ALTER TABLE %s ADD COLUMN %s %s%s", table, want[i].name, want[i].type,
				      want[i].rest));
		else if (!str_is(has[k].type, want[i].type))
			found(arg,
			      str_fmt(mem, "column %s.%s is %.*s, declared as %s", table, want[i].name,
				      FMT(has[k].type), want[i].type),
			      (str){ 0 });
	}
	for (int k = 0; k < n_has; k++) {
		int i = 0;
		while (i < n && !str_is(has[k].name, want[i].name))
			i++;
		if (i == n)
			found(arg, str_fmt(mem, "column %s.%.*s is declared nowhere", table, FMT(has[k].name)),
			      (str){ 0 });
	}
}

/* A key may be met by an index that begins with its columns: one the less to keep. */
static bool longer_index(const struct index *x, struct arena *mem, const struct ddl_has *has, int n_has)
{
	str begin = str_fmt(mem, "%.*s, ", FMT(x->columns));
	if (str_find(x->sql, S(" UNIQUE ")) >= 0)
		return false;
	for (int k = 0; k < n_has; k++)
		if (str_starts(has[k].type, begin))
			return true;
	return false;
}

static void compare_indexes(const struct meta *m, struct arena *mem, const struct ddl_has *has, int n_has,
	ddl_found *found,
			    void *arg)
{
	struct indexes *want = NEW(mem, struct indexes);
	indexes_of(want, mem, m);
	for (int i = 0; i < want->n; i++) {
		const struct index *x = &want->at[i];
		int k = 0;
		while (k < n_has && !str_eq(has[k].name, x->name))
			k++;
		if (k == n_has && !longer_index(x, mem, has, n_has))
			found(arg, str_fmt(mem, "index %.*s is missing", FMT(x->name)), x->sql);
		else if (k == n_has)
			continue;
		else if (!str_eq(has[k].type, x->columns))
			found(arg,
			      str_fmt(mem, "index %.*s is on (%.*s), declared on (%.*s)", FMT(x->name),
				      FMT(has[k].type), FMT(x->columns)),
			      str_fmt(mem, "DROP INDEX %.*s;\n%.*s", FMT(x->name), FMT(x->sql)));
	}
}

static enum rc compare_entity(const struct registry *r, const struct meta *m, struct db *d, struct arena *mem,
			      ddl_found *found, void *arg)
{
	enum { MOST = 256 };
	if (!d || !db_has_table(d, m->e->name)) {
		found(arg, str_fmt(mem, "table %s is missing", m->e->name), create_table(r, mem, m));
		compare_indexes(m, mem, NULL, 0, found, arg);
		return OK;
	}
	struct ddl_has *has = NEWS(mem, struct ddl_has, MOST);
	int n;
	TRY(ddl_columns(d, mem, m->e->name, has, MOST, &n));
	compare_columns(r, m, mem, has, n, found, arg);
	TRY(read_indexes(d, mem, m->e->name, has, MOST, &n));
	compare_indexes(m, mem, has, n, found, arg);
	return OK;
}

enum rc ddl_compare(const struct registry *r, const struct module *module, struct db *d, struct arena *mem,
                    ddl_found *found, void *arg)
{
	for (int i = 0; i < r->n_entities; i++)
		if (!module || r->metas[i].module == module)
			TRY(compare_entity(r, &r->metas[i], d, mem, found, arg));
	return OK;
}

enum rc ddl_orphans(const struct registry *r, struct db *d, struct arena *mem, ddl_found *found, void *arg)
{
	for (int i = 0; i < r->n_entities; i++) {
		const struct entity *e = r->metas[i].e;
		for (const struct field *f = e->fields; f && f->name; f++) {
			int64_t n = 0;
			if (f->type != T_REF || !f->ref)
				continue;
			str sql = str_fmt(mem,
					  "SELECT count(*) FROM %s a WHERE a.%s IS NOT NULL AND a.%s <> 0 "
					  "AND NOT EXISTS (SELECT 1 FROM %s b WHERE b.id = a.%s)",
					  e->name, f->name, f->name, f->ref->name, f->name);
			TRY(db_int(d, str_z(mem, sql), NULL, 0, &n));
			if (n)
				found(arg,
				      str_fmt(mem, "%lld rows of %s have a %s that does not exist", (long long)n,
					      e->name, f->name),
				      (str){ 0 });
		}
	}
	return OK;
}
