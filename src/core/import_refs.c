/* import_refs.c -- what texts refer to. A table of up to SMALL rows is read whole, once; of a larger one only the
 * texts of each batch are asked for, 100 at a time. Rights are not asked here: create and update refuse what may not
 * be read. */
#include "core/import_in.h"
#include "core/registry.h"

enum { SMALL = 20000, PIECE = 200, COLUMNS = 6, SEVERAL = -1 };

struct ref_field {
	const struct field *f;
	const char *columns[COLUMNS]; int n;             /* text columns that name a row: titles and codes     */
	bool whole;                                      /* everything is in the maps                          */
	str where;                                       /* rows that may be meant                             */
	struct text_map exact, folded;
};
struct refs { struct arena *mem; struct ref_field at[IMPORT_COLUMNS]; int n; };

/* ---- a map of texts ---- */

static struct text_at *slot_of(struct text_map *m, str key)
{
	uint64_t i = str_hash(key);
	for (;; i++) {
		struct text_at *s = &m->at[i & (uint64_t)(m->cap - 1)];
		if (!s->key.n || str_eq(s->key, key))
			return s;
	}
}

int64_t *text_map_get(struct text_map *m, str key)
{
	if (m->cap == 0 || key.n == 0)
		return NULL;
	struct text_at *s = slot_of(m, key);
	return s->key.n ? &s->value : NULL;
}

int64_t *text_map_put(struct text_map *m, str key, int64_t value, bool *ret_new)
{
	if (m->n * 2 >= m->cap) {
		struct text_map wider = { m->mem, NULL, m->n, m->cap ? m->cap * 2 : 1024 };
		wider.at = NEWS(m->mem, struct text_at, wider.cap);
		for (int64_t i = 0; i < m->cap; i++)
			if (m->at[i].key.n)
				*slot_of(&wider, m->at[i].key) = m->at[i];
		*m = wider;
	}
	struct text_at *s = slot_of(m, key);
	*ret_new = !s->key.n;
	if (!s->key.n) {
		*s = (struct text_at){ str_copy(m->mem, key), value };
		m->n++;
	}
	return &s->value;
}

/* ---- what names a row ---- */

static void name_column(struct ref_field *r, const struct entity *e, col at)
{
	const struct field *f = field_at(e->fields, at);
	if (!f || f->type != T_TEXT || f->is & (SECRET | LONG) || r->n == COLUMNS)
		return;
	for (int i = 0; i < r->n; i++)
		if (r->columns[i] == f->name)
			return;
	r->columns[r->n++] = f->name;
}

static void name_columns(struct ref_field *r, const struct entity *e)
{
	for (int u = 0; u < COUNT(e->unique); u++)
		for (int i = 0; i < COUNT(e->unique[u]) && e->unique[u][i]; i++)
			name_column(r, e, e->unique[u][i]);
	for (int i = 0; i < COUNT(e->title) && e->title[i]; i++)
		name_column(r, e, e->title[i]);
	if (r->n == 0)
		for (const struct field *f = e->fields; f->name; f++)
			if (f->is & SEARCH)
				name_column(r, e, f->at);
}

/* Rows of the importing organisation and of those above and below it, or of everybody; of the school year in view. */
static str where_of(struct ctx *c, const struct import_plan *p, const struct entity *e)
{
	struct buf b;
	buf_init(&b, c->mem, 4000);
	put_z(&b, "gone = 0");
	const struct field *year = field_named(e->fields, S("year"));
	if (year && year->type == T_REF && p->year)
		put_fmt(&b, " AND year = %lld", (long long)p->year);
	if (e->keeps & SHARED || !p->org.v)
		return buf_str(&b);
	if (db_has_table(c->db, "org_below"))
		put_fmt(&b, " AND (org IN (SELECT below FROM org_below WHERE top = %lld AND since <= %d AND %d < until)"
			" OR org IN (SELECT top FROM org_below WHERE below = %lld AND since <= %d AND %d < until))",
			(long long)p->org.v, c->today.v, c->today.v, (long long)p->org.v, c->today.v, c->today.v);
	else
		put_fmt(&b, " AND org = %lld", (long long)p->org.v);
	return buf_str(&b);
}

static void remember(struct text_map *m, str key, int64_t id)
{
	bool fresh;
	if (key.n == 0)
		return;
	int64_t *v = text_map_put(m, key, id, &fresh);
	if (!fresh && *v != id)
		*v = SEVERAL;
}

static enum rc read_rows(struct ctx *c, struct refs *all, struct ref_field *r, const char *sql,
	const struct val *args, int n)
{
	struct rows rows;
	TRY(db_query(c->db, sql, args, n, &rows));
	while (rows_next(&rows)) {
		int64_t id = rows_int(&rows, 0);
		for (int i = 0; i < r->n; i++) {
			str s = rows_text(&rows, i + 1);
			remember(&r->exact, s, id);
			if (s.n)
				remember(&r->folded, viet_fold(all->mem, s), id);
		}
	}
	return rows_end(&rows);
}

static void put_columns(struct buf *b, const struct ref_field *r)
{
	put_z(b, "SELECT id");
	for (int i = 0; i < r->n; i++)
		put_fmt(b, ", %s", r->columns[i]);
	put_fmt(b, " FROM %s", r->f->ref->name);
}

static enum rc open_field(struct ctx *c, struct refs *all, struct ref_field *r, const struct import_plan *p)
{
	int64_t n = 0;
	struct buf b;
	name_columns(r, r->f->ref);
	r->where = where_of(c, p, r->f->ref);
	r->exact.mem = r->folded.mem = all->mem;
	if (r->n == 0)
		return OK;
	buf_init(&b, c->mem, 8000);
	put_fmt(&b, "SELECT count(*) FROM (SELECT 1 FROM %s WHERE %.*s LIMIT %d) x", r->f->ref->name, FMT(r->where),
		SMALL + 1);
	TRY(db_int(c->db, str_z(c->mem, buf_str(&b)), NULL, 0, &n));
	r->whole = n <= SMALL;
	if (!r->whole)
		return OK;
	b.n = 0;
	put_columns(&b, r);
	put_fmt(&b, " WHERE %.*s", FMT(r->where));
	return read_rows(c, all, r, str_z(c->mem, buf_str(&b)), NULL, 0);
}

struct refs *refs_new(struct ctx *c, const struct import_plan *p)
{
	struct refs *all = NEW(c->mem, struct refs);
	all->mem = c->mem;
	for (int i = 0; i < p->n; i++) {
		if (!p->at[i] || p->at[i]->type != T_REF || !p->at[i]->ref)
			continue;
		all->at[all->n] = (struct ref_field){ .f = p->at[i] };
		if (open_field(c, all, &all->at[all->n], p) == OK)
			all->n++;
	}
	return all;
}

static struct ref_field *of_field(struct refs *all, const struct field *f)
{
	for (int i = 0; i < all->n; i++)
		if (all->at[i].f == f)
			return &all->at[i];
	return NULL;
}

/* Texts as rows to join, so that every engine looks each of them up in the column's index. */
static enum rc ask_column(struct ctx *c, struct refs *all, struct ref_field *r, const char *column,
	const struct val *args)
{
	struct buf b;
	buf_init(&b, c->mem, 1 << 16);
	put_z(&b, "WITH k (key_text) AS (VALUES ");
	for (int j = 1; j <= PIECE; j++)
		put_fmt(&b, "%s(CAST(?%d AS TEXT))", j > 1 ? ", " : "", j);
	put_z(&b, ") ");
	put_columns(&b, r);
	put_fmt(&b, " JOIN k ON %s = k.key_text WHERE %.*s", column, FMT(r->where));
	return read_rows(c, all, r, str_z(c->mem, buf_str(&b)), args, PIECE);
}

enum rc refs_learn(struct ctx *c, struct refs *all, const struct field *f, const str *texts, int n)
{
	struct ref_field *r = of_field(all, f);
	struct val args[PIECE];
	if (!r || r->whole || r->n == 0)
		return OK;
	for (int from = 0; from < n;) {
		int k = 0;
		for (; from < n && k < PIECE; from++)
			if (texts[from].n && !text_map_get(&r->exact, texts[from]))
				args[k++] = v_text(texts[from]);
		if (k == 0)
			continue;
		while (k < PIECE) {                      /* always the same statement */
			args[k] = args[k - 1];
			k++;
		}
		for (int i = 0; i < r->n; i++)
			TRY(ask_column(c, all, r, r->columns[i], args));
	}
	return OK;
}

enum ref_found refs_find(struct ctx *c, struct refs *all, const struct field *f, str text, int64_t *ret_id)
{
	struct ref_field *r = of_field(all, f);
	if (!r)
		return REF_NONE;
	int64_t *id = text_map_get(&r->exact, text);
	if (!id)
		id = text_map_get(&r->folded, viet_fold(c->mem, text));
	if (!id)
		return REF_NONE;
	if (*id == SEVERAL)
		return REF_SEVERAL;
	*ret_id = *id;
	return REF_ONE;
}
