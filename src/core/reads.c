/* reads.c -- see reads.h. */
#include "core/reads.h"
#include "core/data.h"
#include "base/log.h"
#include <stdlib.h>

enum { LINES_MAX = 200, LINE_IDS = 500 /* of 20 digits at most: they fit */, ITEMS_TEXT = 12000, LATE_MS = 2000 };
struct line { int64_t id, at, user, impersonator, session, org, item, stamp;
	const char *entity, *verb; int n; char *items; };
struct read_log { struct line at[LINES_MAX]; int n; };

static const char *word_of(uint32_t verb)
{
	return verb == EXPORT ? "export" : verb == PRINT ? "print" : "read";
}

/* ",12,13," so that one id can be looked for. */
static char *items_text(struct ctx *c, const int64_t *ids, int n)
{
	char *p = malloc(ITEMS_TEXT);
	size_t at = 0;
	if (!p) {
		arena_out(c->mem);               /* no look without its line */
		return NULL;
	}
	p[at++] = ',';
	for (int i = 0; i < n && at + 24 < ITEMS_TEXT; i++) {
		char digits[24], *end = digits + sizeof digits, *d = end;
		uint64_t u = (uint64_t)ids[i];
		do
			*--d = (char)('0' + u % 10);
		while (u /= 10);
		memcpy(p + at, d, (size_t)(end - d));
		at += (size_t)(end - d);
		p[at++] = ',';
	}
	p[at] = 0;
	char *fit = realloc(p, at + 1);
	return fit ? fit : p;
}

void reads_note(struct ctx *c, const struct table *t, uint32_t verb, const int64_t *ids, int n, int64_t stamp)
{
	struct data *d = data_of(c);
	if (c->who->system || n == 0)
		return;
	for (; n > LINE_IDS; ids += LINE_IDS, n -= LINE_IDS)
		reads_note(c, t, verb, ids, LINE_IDS, stamp);
	if (!d->reads) {
		d->reads = calloc(1, sizeof *d->reads);
		if (!d->reads) {
			arena_out(c->mem);
			return;
		}
	}
	/* a request that shows the same row twice is one look */
	for (int i = d->reads->n - 1; n == 1 && stamp == 0 && i >= 0 && d->reads->at[i].at == c->now.v; i--)
		if (d->reads->at[i].item == ids[0] && d->reads->at[i].entity == t->e->name &&
			d->reads->at[i].user == c->who->user.v)
			return;
	/* more than fit within one piece of work: written at once, in its transaction */
	if (d->reads->n == LINES_MAX && reads_write(c, true) != OK)
		return;
	d->reads->at[d->reads->n++] = (struct line){ new_id(c), c->now.v, c->who->user.v, c->who->impersonator.v,
		c->who->session, c->here.org.v,
		n == 1 ? ids[0] : 0, stamp, t->e->name, word_of(verb), n, n == 1 ? NULL : items_text(c, ids, n) };
}

static enum rc write_lines(struct db *d, const struct read_log *log)
{
	for (int i = 0; i < log->n; i++) {
		const struct line *l = &log->at[i];
		TRY(db_exec(d,
			"INSERT INTO seen (id, at, user_id, impersonator, session, org, entity, item, verb, n, items, "
			"stamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
			VALS(v_int(l->id), v_int(l->at), v_int(l->user), v_int(l->impersonator), v_int(l->session), v_int(l->org),
				v_text(str_of(l->entity)),
				v_int(l->item), v_text(str_of(l->verb)), v_int(l->n), v_text(str_of(l->items ? l->items : "")),
				l->stamp ? v_int(l->stamp) : v_null()), NULL));
	}
	return OK;
}

void read_log_free(struct read_log *log)
{
	for (int i = 0; log && i < log->n; i++)
		free(log->at[i].items);
	free(log);
}

enum rc reads_write(struct ctx *c, bool now)
{
	struct read_log *log = data_of(c)->reads;
	if (!log || log->n == 0)
		return OK;
	if (!now && log->n < LINES_MAX / 2 && c->now.v - log->at[0].at < LATE_MS &&
		strcmp(log->at[log->n - 1].verb, "export") != 0)
		return OK;
	struct db *d = c->app->db;               /* a page may be reading from a standby: this is written where it counts */
	TRY(db_begin(d));
	enum rc rc = write_lines(d, log);
	if (rc != OK) {
		db_rollback(d);
		return rc;
	}
	TRY(db_commit(d));
	for (int i = 0; i < log->n; i++)
		free(log->at[i].items);
	log->n = 0;
	return OK;
}

void reads_flush(const struct app *app, bool now)
{
	const struct read_log *log = app->registry->data->reads;
	struct arena mem;
	struct ctx c;
	if (!log || log->n == 0)
		return;
	arena_init(&mem, (size_t)1 << 20);
	ctx_start(&c, app, &mem);
	if (reads_write(&c, now) != OK)
		log_line(LOG_WARN, "reads_flush", "why", db_why(app->db), NULL);
	arena_free(&mem);
}

enum rc reads_of(struct ctx *c, const struct entity *e, int64_t id, int max, items *ret)
{
	struct rows r;
	int n = 0;
	max = max < 1 ? 1 : max > 500 ? 500 : max;
	struct read_line *at = NEWS(c->mem, struct read_line, max);
	TRY(db_query(c->db,
		"SELECT at, user_id, impersonator, verb, n FROM seen WHERE entity = ?1 AND (item = ?2 OR (item = 0 AND "
			"items LIKE ?3)) "
		"ORDER BY at DESC LIMIT ?4",
		VALS(v_text(str_of(e->name)), v_int(id), v_text(TEXT(c, "%%,%lld,%%", (long long)id)), v_int(max)), &r));
	while (n < max && rows_next(&r))
		at[n++] = (struct read_line){ { rows_int(&r, 0) }, { rows_int(&r, 1) }, { rows_int(&r, 2) },
			str_copy(c->mem, rows_text(&r, 3)), rows_int(&r, 4) };
	TRY(rows_end(&r));
	*ret = (items){ at, n };
	return OK;
}
