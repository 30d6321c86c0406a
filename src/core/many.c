/* many.c -- see many.h. */
#include "core/many.h"
#include "core/data.h"
#include "core/perm.h"
#include "core/search.h"
#include "core/store.h"

enum { ROWS_AT_ONCE = 40, ARGS_MAX = 32000 };    /* SQLite takes 32,766 parameters, PostgreSQL 65,535 */

static str insert_sql(struct ctx *c, const struct table *t, int columns, int rows)
{
	struct buf b;
	int arg = 0;

	buf_init(&b, c->mem, 1 << 20);
	store_insert_into(&b, t);
	for (int r = 0; r < rows; r++) {
		put_z(&b, r ? ", (" : "(");
		for (int i = 0; i < columns; i++)
			put_fmt(&b, "%s?%d", i ? ", " : "", ++arg);
		put_c(&b, ')');
	}
	put_c(&b, 0);
	return buf_str(&b);
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
		TRY(audit(c, here->org, t->e->name, here->id, "create_many", TEXT(c, "{\"rows\":%lld}", (long long)(i - from))));
		from = i;
	}
	return OK;
}

enum rc create_many(struct ctx *c, const struct entity *e, void *rows_, int64_t n)
{
	const struct table *t = table_for(c, e);
	char *rows = rows_;
	int columns = t->n + t->meta->fold + t->meta->sort, at_once = ARGS_MAX / columns < ROWS_AT_ONCE ? ARGS_MAX / columns : ROWS_AT_ONCE;
	struct val *args = NEWS(c->mem, struct val, at_once * columns);
	str many = insert_sql(c, t, columns, at_once), one = insert_sql(c, t, columns, 1);

	if (!c->who->system && !perm_any(c, e, CREATE | IMPORT))
		return E_DENIED;
	for (int64_t i = 0; i < n; ) {
		int k = n - i >= at_once ? at_once : 1;
		for (int r = 0; r < k; r++) {
			void *row = rows + (i + r) * e->size;
			complete(c, row);
			store_args(c, t, row, args + r * columns);
		}
		TRY(store_clash(c, t, db_exec(c->db, k > 1 ? many.p : one.p, args, k * columns, NULL), rows + i * e->size));
		i += k;
	}
	for (int64_t i = 0; i < n && t->meta->fold; i++)
		TRY(search_change(c, e, NULL, rows + i * e->size));
	return n ? audit_many(c, t, rows, n) : OK;
}
