/* sqlite_rows.c -- the values of a db_insert as a table that SQLite reads (khue_rows: c0, c1 ..), so that one
 * INSERT .. SELECT keeps its cursors from row to row: half the cost of a statement a row. */
#include <sqlite3.h>
#include <stdio.h>
#include "db/engine.h"

struct rows_table { sqlite3_vtab base; struct db *d; };
struct rows_cursor { sqlite3_vtab_cursor base; const struct feed *feed; int64_t at; };

static int rows_connect(sqlite3 *conn, void *arg, int argc, const char *const *argv, sqlite3_vtab **ret, char **why)
{
	char sql[32 + 8 * FEED_COLUMNS];
	int n = snprintf(sql, sizeof sql, "CREATE TABLE x (c0"), rc;
	struct rows_table *t = sqlite3_malloc(sizeof *t);

	(void)argc, (void)argv, (void)why;
	if (!t)
		return SQLITE_NOMEM;
	*t = (struct rows_table){ .d = arg };
	for (int i = 1; i < FEED_COLUMNS; i++)
		n += snprintf(sql + n, sizeof sql - (size_t)n, ", c%d", i);
	snprintf(sql + n, sizeof sql - (size_t)n, ")");
	t->d->declaring = true;                          /* SQLite asks the authorizer as if it made a table */
	rc = sqlite3_declare_vtab(conn, sql);
	t->d->declaring = false;
	if (rc != SQLITE_OK)
		sqlite3_free(t);
	else
		*ret = &t->base;
	return rc;
}

static int rows_disconnect(sqlite3_vtab *t)
{
	sqlite3_free(t);
	return SQLITE_OK;
}

static int rows_plan(sqlite3_vtab *t, sqlite3_index_info *info)
{
	(void)t;
	info->estimatedCost = 1000000;
	return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *t, sqlite3_vtab_cursor **ret)
{
	struct rows_cursor *c = sqlite3_malloc(sizeof *c);

	if (!c)
		return SQLITE_NOMEM;
	*c = (struct rows_cursor){ .feed = &((struct rows_table *)(void *)t)->d->feed };
	*ret = &c->base;
	return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *c)
{
	sqlite3_free(c);
	return SQLITE_OK;
}

static struct rows_cursor *cursor(sqlite3_vtab_cursor *c)
{
	return (struct rows_cursor *)(void *)c;
}

static int rows_first(sqlite3_vtab_cursor *c, int plan, const char *name, int n, sqlite3_value **args)
{
	(void)plan, (void)name, (void)n, (void)args;
	cursor(c)->at = 0;
	return SQLITE_OK;
}

static int rows_step(sqlite3_vtab_cursor *c)
{
	cursor(c)->at++;
	return SQLITE_OK;
}

static int rows_eof(sqlite3_vtab_cursor *c)
{
	return cursor(c)->at >= cursor(c)->feed->rows;
}

static int rows_column(sqlite3_vtab_cursor *c, sqlite3_context *to, int i)
{
	const struct feed *f = cursor(c)->feed;
	const struct val *v = i < f->n ? &f->args[cursor(c)->at * f->n + i] : NULL;

	if (!v || v->type == V_NULL)
		sqlite3_result_null(to);
	else if (v->type == V_INT)
		sqlite3_result_int64(to, v->i);
	else if (v->type == V_TEXT)
		sqlite3_result_text64(to, v->s.n ? v->s.p : "", (sqlite3_uint64)v->s.n, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_result_blob64(to, v->s.n ? v->s.p : "", (sqlite3_uint64)v->s.n, SQLITE_STATIC);
	return SQLITE_OK;
}

static int rows_id(sqlite3_vtab_cursor *c, sqlite3_int64 *ret)
{
	*ret = cursor(c)->at;
	return SQLITE_OK;
}

int db_sqlite_feed(struct db *d)
{
	static const sqlite3_module rows = { .xConnect = rows_connect, .xBestIndex = rows_plan,
		.xDisconnect = rows_disconnect,
		.xOpen = rows_open, .xClose = rows_close, .xFilter = rows_first, .xNext = rows_step, .xEof = rows_eof,
		.xColumn = rows_column, .xRowid = rows_id };

	return sqlite3_create_module_v2(d->conn, "khue_rows", &rows, d, NULL);
}
