/* many.c -- see many.h. */
#include "core/many.h"
#include "core/audit.h"
#include "core/data.h"
#include "core/perm.h"
#include "core/search.h"
#include "core/store.h"

enum { ROWS_AT_ONCE = 2000 };

/* The rows alone, without history and search. */
static enum rc insert_rows(struct ctx *c, const struct table *t, const void *const *rows, int64_t n)
{
	int columns = t->n + t->meta->fold + t->meta->sort;
	struct val *args = NEWS(c->mem, struct val, (n < ROWS_AT_ONCE ? n : ROWS_AT_ONCE) * columns);
	struct buf names;

	buf_init(&names, c->mem, 1 << 14);
	store_columns(&names, t);
	put_c(&names, 0);
	for (int64_t i = 0; i < n;) {
		int64_t k = n - i < ROWS_AT_ONCE ? n - i : ROWS_AT_ONCE;
		for (int64_t r = 0; r < k; r++)
			store_args(c, t, rows[i + r], args + r * columns);
		TRY(store_clash(c, t, db_insert(c->db, t->e->name, names.p, args, columns, k), rows[i]));
		i += k;
	}
	return OK;
}

static void complete(struct ctx *c, struct base *row)
{
	if (row->id == 0)
		row->id = new_id(c);
	row->rev = 1;
	row->made = row->changed = c->now;
	row->made_by = c->who->user;
}

static enum rc audit_many(struct ctx *c, const struct table *t, const char *rows, int64_t n)
{
	int64_t from = 0;

	for (int64_t i = 1; i <= n; i++) {
		const struct base *here = (const struct base *)(const void *)(rows + from * t->e->size);
		if (i < n && ((const struct base *)(const void *)(rows + i * t->e->size))->org.v == here->org.v)
			continue;
		TRY(audit(c, here->org, t->e->name, here->id, "create_many", TEXT(c, "%lld", (long long)(i - from))));
		from = i;
	}
	return OK;
}

enum rc write_many(struct ctx *c, const struct entity *e, const void *const *rows, int64_t n)
{
	const struct table *t = table_for(c, e);

	TRY(insert_rows(c, t, rows, n));
	TRY(audit_rows(c, t, "create", rows, n));
	return search_add(c, e, rows, n);
}

enum rc create_many(struct ctx *c, const struct entity *e, void *rows_, int64_t n)
{
	const struct table *t = table_for(c, e);
	const void **at = NEWS(c->mem, const void *, n + 1);
	char *rows = rows_;
	bool own;

	if (!c->who->system && !perm_any(c, e, CREATE | IMPORT))
		return E_DENIED;
	for (int64_t i = 0; i < n; i++) {
		complete(c, (struct base *)(void *)(rows + i * e->size));
		at[i] = rows + i * e->size;
	}
	TRY(store_begin(c, &own));
	enum rc rc = insert_rows(c, t, at, n);
	if (rc == OK)
		rc = search_add(c, e, at, n);
	if (rc == OK && n)
		rc = audit_many(c, t, rows, n);
	return store_end(c, own, rc);
}
