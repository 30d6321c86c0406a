/* titles.c -- what a row is called: title_of and row_title of ctx.h, titles_of of query.h. */
#include "core/query.h"
#include "core/data.h"
#include "core/plan.h"
#include "core/row.h"

enum { TITLE_DEPTH = 3, AT_ONCE = 256 };
static enum rc titles_deep(struct ctx *c, const struct entity *e, const int64_t *ids, int n, str *titles, int depth);

static int title_columns(const struct table *t, const struct field *ret[3])
{
	int n = 0;
	for (int i = 0; i < (int)COUNT(t->e->title) && t->e->title[i]; i++) {
		int k = column_at(t, t->e->title[i]);
		if (k > 0 && !(t->columns[k]->is & SECRET))
			ret[n++] = t->columns[k];
	}
	return n;
}

/* The parts that are not empty, joined. refs[k]: the title of part k where it is a reference. */
static str join(struct ctx *c, const struct field *const *f, int n, const void *row, const str *refs)
{
	struct buf b;
	buf_init(&b, c->mem, 4096);
	for (int i = 0; i < n; i++) {
		str part = f[i]->type == T_REF ? refs[i] : field_text(f[i], row, c->lang, c->mem);
		if (part.n && b.n)
			put_z(&b, " – ");
		put(&b, part);
	}
	return buf_str(&b);
}

static const struct plan *titles_plan(struct ctx *c, const struct table *t, const struct field *const *f, int n,
	int room)
{
	struct plan_key key = { .n = 0 };
	key_byte(&key, 'T');
	key_two(&key, t->meta->index);
	key_two(&key, room);
	const struct plan *p = plan_get(c, &key);
	if (p)
		return p;
	struct draft *d = NEW(c->mem, struct draft);
	draft_begin(d, c->mem);
	put_z(&d->sql, "SELECT id");
	for (int i = 0; i < n; i++)
		put_fmt(&d->sql, ", %s", f[i]->name);
	put_fmt(&d->sql, " FROM %s WHERE id IN (", t->e->name);
	for (int i = 0; i < room; i++) {
		put_z(&d->sql, i ? "," : "");
		draft_slot(d, SLOT_ARG, i);
	}
	put_c(&d->sql, ')');
	return plan_put(c, &key, d);
}

/* At most AT_ONCE ids: rows of t's struct with only the title columns set, rows[i] NULL where there is none. */
static enum rc titled_rows(struct ctx *c, const struct table *t, const struct field *const *f, int n_f,
	const int64_t *ids, int n, void **rows)
{
	struct val args[AT_ONCE];
	struct rows r;
	int room = 1;
	while (room < n)
		room *= 2;
	for (int i = 0; i < room; i++)
		args[i] = v_int(ids[i < n ? i : 0]);
	const struct plan *p = titles_plan(c, t, f, n_f, room);
	TRY(db_query(c->db, p->sql, plan_bind(c, p, NULL, 0, args, room), p->n, &r));
	while (rows_next(&r)) {
		void *row = arena_alloc(c->mem, t->e->size, 16);
		int64_t id = rows_int(&r, 0);
		row_zero(t->e, row);
		for (int k = 0; k < n_f; k++)
			field_load(f[k], &r, k + 1, row, c->mem);
		for (int i = 0; i < n; i++)
			if (ids[i] == id)
				rows[i] = row;
	}
	return rows_end(&r);
}

static enum rc titles_some(struct ctx *c, const struct table *t, const int64_t *ids, int n, str *titles, int depth)
{
	const struct field *f[3];
	void *rows[AT_ONCE] = { 0 };
	int n_f = title_columns(t, f);
	str *refs[3] = { 0 };
	TRY(titled_rows(c, t, f, n_f, ids, n, rows));
	for (int k = 0; k < n_f; k++) {
		if (f[k]->type != T_REF || !f[k]->ref)
			continue;
		int64_t *at = NEWS(c->mem, int64_t, n);
		refs[k] = NEWS(c->mem, str, n);
		for (int i = 0; i < n; i++)
			at[i] = rows[i] ? *(const int64_t *)(const void *)((const char *)rows[i] + f[k]->at) : 0;
		TRY(titles_deep(c, f[k]->ref, at, n, refs[k], depth + 1));
	}
	for (int i = 0; i < n; i++) {
		str parts[3] = { 0 };
		for (int k = 0; k < n_f; k++)
			parts[k] = refs[k] ? refs[k][i] : (str){ 0 };
		titles[i] = rows[i] ? join(c, f, n_f, rows[i], parts) : (str){ 0 };
	}
	return OK;
}

static enum rc titles_deep(struct ctx *c, const struct entity *e, const int64_t *ids, int n, str *titles, int depth)
{
	bool any = false;
	for (int i = 0; i < n; i++) {
		titles[i] = (str){ 0 };
		any = any || ids[i];
	}
	for (int i = 0; any && depth < TITLE_DEPTH && i < n; i += AT_ONCE)
		TRY(titles_some(c, table_for(c, e), ids + i, n - i < AT_ONCE ? n - i : AT_ONCE, titles + i, depth));
	return OK;
}

enum rc titles_of(struct ctx *c, const struct entity *e, const int64_t *ids, int n, str *titles)
{
	return titles_deep(c, e, ids, n, titles, 0);
}

str title_of(struct ctx *c, const struct entity *e, int64_t id)
{
	str title = { 0 };
	return titles_deep(c, e, &id, 1, &title, 0) == OK ? title : (str){ 0 };
}

str row_title(struct ctx *c, const struct entity *e, const void *row)
{
	const struct field *f[3];
	str refs[3] = { 0 };
	int n = title_columns(table_for(c, e), f);
	for (int i = 0; i < n; i++)
		if (f[i]->type == T_REF && f[i]->ref)
			refs[i] = title_of(c, f[i]->ref, *(const int64_t *)(const void *)((const char *)row + f[i]->at));
	return join(c, f, n, row, refs);
}
