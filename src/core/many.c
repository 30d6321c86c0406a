/* many.c -- see many.h. */
#include "core/many.h"
#include "core/audit.h"
#include "core/data.h"
#include "core/perm.h"
#include "core/search.h"
#include "core/store.h"
#include <stdlib.h>

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

/* A row that refers to itself has shown its id. */
static bool names_itself(const struct table *t, void *const *rows, int64_t n)
{
	for (int k = BASE_COLUMNS; k < t->n; k++) {
		const struct field *f = t->columns[k];
		for (int64_t i = 0; i < n && f->type == T_REF && f->ref == t->e; i++)
			if (memcmp((const char *)rows[i] + f->at, &((const struct base *)rows[i])->id, sizeof(int64_t)) == 0)
				return true;
	}
	return false;
}

struct sorted { str key; struct base *row; };

static int by_sort(const void *a_, const void *b_)
{
	const struct sorted *a = a_, *b = b_;
	int order = str_cmp(a->key, b->key);

	return order ? order : (a->row->id > b->row->id) - (a->row->id < b->row->id);
}

static void put_in_order(struct ctx *c, const struct table *t, void **rows, int64_t n)
{
	struct sorted *all = NEWS(c->mem, struct sorted, n);
	int64_t *ids = NEWS(c->mem, int64_t, n);

	for (int64_t i = 0; i < n; i++) {
		all[i] = (struct sorted){ .key = store_sort(c, t, rows[i]), .row = rows[i] };
		ids[i] = all[i].row->id;
	}
	qsort(all, (size_t)n, sizeof *all, by_sort);
	for (int64_t i = 0; i < n; i++) {
		rows[i] = all[i].row;
		all[i].row->id = ids[i];
	}
}

enum rc write_many(struct ctx *c, const struct entity *e, void **rows, int64_t n, bool free)
{
	const struct table *t = table_for(c, e);
	const void *const *read = (const void *const *)rows;

	if (free && t->meta->sort && !names_itself(t, rows, n))
		put_in_order(c, t, rows, n);
	TRY(insert_rows(c, t, read, n));
	TRY(audit_rows(c, t, "create", read, n));
	return search_add(c, e, read, n);
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
