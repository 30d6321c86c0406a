/* put.c -- see put.h. */
#include "core/put.h"
#include "core/data.h"
#include "core/row.h"
#include "core/store.h"
#include "base/log.h"

enum { ROWS_AT_ONCE = 64 };

static enum rc run(struct ctx *c, struct buf *sql, const struct val *args, int n)
{
	put_c(sql, 0);
	enum rc rc = db_later(c->db, sql->p, args, n);
	if (rc == E_FAULT)
		log_line(LOG_ERROR, "put_failed", "why", db_why(c->db), NULL);
	return rc;
}

static void put_tuple(struct buf *b, bool comma, int *arg, int n)
{
	put_z(b, comma ? ", (" : "(");
	for (int i = 0; i < n; i++)
		put_fmt(b, "%s?%d", i ? ", " : "", ++*arg);
	put_c(b, ')');
}

/* The bulk way in costs more than a statement for one row. */
static enum rc insert_one(struct ctx *c, const struct table *t, const struct val *args, int columns)
{
	struct buf b;
	int arg = 0;

	buf_init(&b, c->mem, 1 << 14);
	put_z(&b, "INSERT INTO ");
	put_z(&b, t->e->name);
	put_z(&b, " (");
	store_columns(&b, t);
	put_z(&b, ") VALUES ");
	put_tuple(&b, false, &arg, columns);
	return run(c, &b, args, columns);
}

static enum rc insert(struct ctx *c, const struct table *t, void **rows, int n)
{
	int columns = t->n + t->meta->fold + t->meta->sort;
	struct val *args = NEWS(c->mem, struct val, n * columns);
	struct buf names;

	for (int i = 0; i < n; i++) {
		struct base *row = rows[i];
		row->id = new_id(c);
		row->rev = 1;
		row->made = row->changed = c->now;
		row->made_by = c->who->user;
		store_args(c, t, row, args + i * columns);
	}
	if (n == 1)
		return insert_one(c, t, args, columns);
	buf_init(&names, c->mem, 1 << 14);
	store_columns(&names, t);
	put_c(&names, 0);
	return db_insert(c->db, t->e->name, names.p, args, columns, n);
}

/* The first row of VALUES says the types. */
static void put_typed(struct buf *b, const struct table *t, const col *columns, int *arg)
{
	put_fmt(b, "(CAST(?%d AS BIGINT)", ++*arg);
	for (int k = 0; columns[k]; k++) {
		enum type type = (enum type)t->columns[column_at(t, columns[k])]->type;
		put_fmt(b, ", CAST(?%d AS ", ++*arg);
		put_z(b, type == T_TEXT || type == T_PICK || type == T_HTML ? "TEXT)" : "BIGINT)");
	}
	put_c(b, ')');
}

static enum rc update_rows(struct ctx *c, const struct table *t, void **rows, int n, const col *columns)
{
	struct val *args = NEWS(c->mem, struct val, n * 16 + 1);
	struct buf b;
	int arg = 1, filled = 0, width = 1;

	buf_init(&b, c->mem, (size_t)1 << 20);
	put_z(&b, "WITH v(id");
	for (int k = 0; columns[k]; k++, width++) {
		put_z(&b, ", ");
		put_z(&b, t->columns[column_at(t, columns[k])]->name);
	}
	put_z(&b, ") AS (VALUES ");
	args[filled++] = v_int(c->now.v);
	for (int i = 0; i < n; i++) {
		if (i)
			put_tuple(&b, true, &arg, width);
		else
			put_typed(&b, t, columns, &arg);
		args[filled++] = v_int(((const struct base *)rows[i])->id);
		for (int k = 0; columns[k]; k++)
			args[filled++] = field_val(t->columns[column_at(t, columns[k])], rows[i]);
	}
	put_z(&b, ") UPDATE ");
	put_z(&b, t->e->name);
	put_z(&b, " SET rev = rev + 1, changed = ?1");
	for (int k = 0; columns[k]; k++) {
		const char *name = t->columns[column_at(t, columns[k])]->name;
		put_z(&b, ", ");
		put_z(&b, name);
		put_z(&b, " = v.");
		put_z(&b, name);
	}
	put_z(&b, " FROM v WHERE ");
	put_z(&b, t->e->name);
	put_z(&b, ".id = v.id");
	return run(c, &b, args, filled);
}

static enum rc put_all(struct ctx *c, const struct entity *e, void *rows_, int64_t n, const col *columns)
{
	const struct table *t = table_for(c, e);
	void *fresh[ROWS_AT_ONCE], *known[ROWS_AT_ONCE];
	char *rows = rows_;

	for (int64_t i = 0; i < n; ) {
		int n_fresh = 0, n_known = 0;
		for (; i < n && n_fresh < ROWS_AT_ONCE && n_known < ROWS_AT_ONCE; i++) {
			struct base *row = (struct base *)(void *)(rows + i * e->size);
			if (row->id)
				known[n_known++] = row;
			else
				fresh[n_fresh++] = row;
		}
		if (n_fresh)
			TRY(insert(c, t, fresh, n_fresh));
		if (n_known && columns[0])
			TRY(update_rows(c, t, known, n_known, columns));
	}
	return OK;
}

enum rc put_rows(struct ctx *c, const struct entity *e, void *rows, int64_t n, const col *columns)
{
	bool own_;

	TRY(store_begin(c, &own_));
	return store_end(c, own_, put_all(c, e, rows, n, columns));
}
