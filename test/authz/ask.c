/* ask.c -- see ask.h. */
#include "ask.h"
#include "core/dispatch.h"
#include "core/reads.h"
#include <stdlib.h>
#include <unistd.h>

static str file_text(struct arena *a, int fd)
{
	struct buf b;
	char block[65536];
	buf_init(&b, a, (size_t)64 << 20);
	lseek(fd, 0, SEEK_SET);
	for (ssize_t n; (n = read(fd, block, sizeof block)) > 0; )
		put(&b, (str){ block, n });
	close(fd);
	return buf_str(&b);
}

struct answer ask_send(struct world *w, struct request *r)
{
	static _Alignas(16) struct reply reply;
	reply = (struct reply){ .fd = -1 };
	dispatch(&w->app, r, &reply);
	if (reply.fd >= 0)
		return (struct answer){ reply.status, file_text(&w->request, reply.fd) };
	return (struct answer){ reply.status, reply.memory.p ? reply.memory : buf_str(&reply.body) };
}

void ask_undo(struct world *w)
{
	arena_reset(&w->request);
	while (db_depth(w->app.db))
		db_rollback(w->app.db);
}

/* path may hold a query, already encoded plainly: name=value&name=value. */
struct request *ask_draft(struct world *w, const struct player *who, enum verb verb, const char *path,
			  const char *accept)
{
	ask_undo(w);
	struct arena *a = &w->request;
	struct request *r = NEW(a, struct request);
	str query;
	*r = (struct request){ .mem = a, .verb = verb, .remote = S("127.0.0.1"), .id = "authz" };
	str_cut(str_copy(a, str_of(path)), '?', &r->path, &query);
	r->query = query;
	r->headers = NEWS(a, struct pair, 8);
	r->headers[r->n_headers++] = (struct pair){ S("accept"), str_of(accept) };
	r->headers[r->n_headers++] = (struct pair){ S("host"), S("localhost") };
	if (who->user)
		r->headers[r->n_headers++] =
			(struct pair){ S("authorization"), str_fmt(a, "Bearer %s", who->role->name) };
	r->params = NEWS(a, struct pair, 64);
	for (str one; query.n; ) {
		str_cut(query, '&', &one, &query);
		str_cut(one, '=', &r->params[r->n_params].name, &r->params[r->n_params].value);
		r->n_params++;
	}
	return r;
}

struct answer ask_as(struct world *w, const struct player *who, const char *path, const char *accept)
{
	return ask_send(w, ask_draft(w, who, GET, path, accept));
}

struct answer ask(struct world *w, const struct player *who, const char *path)
{
	return ask_as(w, who, path, "application/json");
}

struct answer send_form(struct world *w, const struct player *who, const char *path, const struct pair *pairs, int n)
{
	struct request *r = ask_draft(w, who, POST, path, "application/json");
	r->type = S("application/x-www-form-urlencoded");
	for (int i = 0; i < n && r->n_params < 64; i++)
		r->params[r->n_params++] = pairs[i];
	if (db_begin(w->app.db) != OK)
		abort();
	return ask_send(w, r);
}

/* ---- the digest --------------------------------------------------------------------------------------- */

static bool may_change_by_reading(str table)
{
	return str_is(table, "seen");
}

static void add_table(struct world *w, struct hasher *h, str table)
{
	struct db *d = w->app.db;
	struct arena *a = &w->request;
	struct rows r;
	struct buf sql;
	buf_init(&sql, a, 1 << 16);
	put_z(&sql, "SELECT ");
	const char *names = db_kind(d) == DB_SQLITE
				    ? "SELECT name FROM pragma_table_info(?1)"
				    : "SELECT column_name::text FROM information_schema.columns WHERE table_schema = "
				      "current_schema() AND table_name = ?1 ORDER BY ordinal_position";
	int n = 0;
	if (db_query(d, names, VALS(v_text(table)), &r) != OK)
		abort();
	for (; rows_next(&r); n++)
		put_fmt(&sql, "%sCAST(%.*s AS TEXT)", n ? ", " : "", FMT(rows_text(&r, 0)));
	rows_end(&r);
	put_fmt(&sql, " FROM %.*s ORDER BY %s", FMT(table), n > 1 ? "1, 2" : "1");
	if (db_query(d, str_z(a, buf_str(&sql)), NULL, 0, &r) != OK)
		abort();
	while (rows_next(&r))
		for (int i = 0; i < n; i++)
			hash_add_sized(h, rows_text(&r, i));
	rows_end(&r);
}

digest database_digest(struct world *w)
{
	struct hasher h;
	struct rows r;
	str tables[256];
	int n = 0;
	ask_undo(w);
	const char *sql = db_kind(w->app.db) == DB_SQLITE
				  ? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
				  : "SELECT table_name::text FROM information_schema.tables WHERE table_schema = "
				    "current_schema() ORDER BY table_name";
	hash_begin(&h);
	if (db_query(w->app.db, sql, NULL, 0, &r) != OK)
		abort();
	while (n < 256 && rows_next(&r))
		tables[n++] = str_copy(&w->request, rows_text(&r, 0));
	rows_end(&r);
	for (int i = 0; i < n; i++)
		if (!may_change_by_reading(tables[i]))
			add_table(w, &h, tables[i]);
	return hash_end(&h);
}
