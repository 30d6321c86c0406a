/* unseen.c -- see unseen.h. */
#include "unseen.h"
#include "inputs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* %E the entity, %I the row, %F the column, %V the value that stands there. */
static const char *const probes[] = { "/%E?limit=500", "/%E?limit=500&%F=%V", "/%E?limit=500&%F.from=%V",
	"/%E?limit=500&%F.to=%V", "/%E?limit=500&%F.none=1", "/%E?limit=500&%F.none=0", "/%E?limit=500&sort=%F",
	"/%E?limit=500&sort=-%F", "/%E?limit=1&sort=%F", "/%E/export?format=csv&all=1&sort=%F", "/%E/%I", "/%E/pick?q=",
	NULL };

struct unseen { struct world *w; const struct player *who; const struct meta *m; const struct fact *row;
	const struct field *f; str value; };

static void address(const struct unseen *u, const char *probe, char ret[static 600])
{
	size_t n = 0;
	for (const char *p = probe; *p && n < 500; p++) {
		if (*p != '%')
			ret[n++] = *p;
		else if (*++p == 'E')
			n += (size_t)snprintf(ret + n, 600 - n, "%s", u->m->e->name);
		else if (*p == 'I')
			n += (size_t)snprintf(ret + n, 600 - n, "%lld", (long long)u->row->id);
		else if (*p == 'F')
			n += (size_t)snprintf(ret + n, 600 - n, "%s", u->f->name);
		else
			n += (size_t)snprintf(ret + n, 600 - n, "%.*s", (int)(u->value.n < 60 ? u->value.n : 60), u->value.p);
	}
	ret[n] = 0;
}

enum change { AS_IT_STANDS, ANOTHER, EMPTY };

/* False: the column does not take it. */
static bool change(const struct unseen *u, enum change to)
{
	char sql[200];
	if (to == ANOTHER && u->f->type != T_TEXT)
		return false;
	snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s WHERE id = ?1", u->m->e->name, u->f->name,
		to == ANOTHER ? "'zzzzzz'" : "NULL");
	if (db_begin(u->w->app.db) != OK)
		abort();
	return db_exec(u->w->app.db, sql, VALS(v_int(u->row->id)), NULL) == OK;
}

struct said { int status; digest body; };

/* Status 0: the column does not take it. */
static struct said asked(const struct unseen *u, const char *path, bool stale, enum change to)
{
	bool file = strstr(path, "/export");
	struct request *r = ask_draft(u->w, u->who, stale ? POST : GET, path, file ? "text/csv" : "application/json");
	if (stale) {
		r->type = S("application/x-www-form-urlencoded");
		r->params[r->n_params++] = (struct pair){ S("rev"), S("999") };
	}
	if (to && !change(u, to))
		return (struct said){ 0 };
	struct answer a = ask_send(u->w, r);
	if (file)                                /* a refusal is a page with a token, a file ends with its code */
		a.body = a.status == 200 ? str_sub(a.body, 0, str_find(a.body, S("Xuất bởi"))) : S("");
	return (struct said){ a.status, hash_of(a.body) };
}

static void compare(const struct unseen *u, const char *probe, bool stale)
{
	char path[600];
	address(u, probe, path);
	struct said before = asked(u, path, stale, AS_IT_STANDS);
	for (enum change to = ANOTHER; to <= EMPTY; to++) {
		struct said after = asked(u, path, stale, to);
		u->w->cells++;
		if (after.status &&
			(before.status != after.status || memcmp(before.body.b, after.body.b, sizeof before.body.b) != 0))
			wrong(u->w, "%s: %s %s: what stands in %s of row %lld makes a difference (%d, %d)", u->who->role->name,
			      stale ? "POST" : "GET", path, u->f->name, (long long)u->row->id, before.status, after.status);
	}
}

void unseen_check(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	if (!(province_may(&w->p, who, m->e, row) & READ))
		return;
	for (const struct field *f = m->e->fields; f->name; f++) {
		struct unseen u = { w, who, m, row, f, { 0 } };
		if (f->type == T_LIST || f->type == T_FILE || province_shows(&w->p, who, m->e, row, f, READ))
			continue;
		ask_undo(w);
		u.value = input_value(&w->p, m, f, row->id);
		for (int i = 0; probes[i]; i++)
			compare(&u, probes[i], false);
		compare(&u, "/%E/%I", true);
	}
	ask_undo(w);
}
