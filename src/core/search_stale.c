/* search_stale.c -- lines written again, in a database where an older version wrote them: see search.h. */
#include "core/search.h"
#include "core/app.h"
#include "core/job.h"
#include "core/query.h"
#include "core/store.h"

enum { PIECE = 500 };

enum rc search_is_stale(struct ctx *c, bool *ret)
{
	int64_t marks = 0;

	TRY(db_int(c->db, "SELECT count(*) FROM search_stale", NULL, 0, &marks));
	*ret = marks > 0;
	return OK;
}

/* all: every line of the rows is missing; otherwise only rows whose words have changed get theirs. */
static enum rc rows_anew(struct ctx *c, const struct entity *e, const int64_t *ids, int n, bool all)
{
	struct list_ask ask = { .e = e, .ids = ids, .n_ids = n, .limit = PIECE, .wide = true };
	const void **rows = NEWS(c->mem, const void *, PIECE);
	struct list_answer got;

	TRY(list_rows(c, &ask, &got));
	for (int64_t i = 0; i < got.rows.n; i++) {
		bool other;

		rows[i] = (const char *)got.rows.p + (size_t)i * e->size;
		TRY(store_fold(c, e, rows[i], &other));
		if (other && !all)
			TRY(search_change(c, e, NULL, rows[i]));
	}
	return all ? search_add(c, e, rows, got.rows.n) : OK;
}

/* The next rows after *after, in a transaction of their own unless all are of one. *ret_n 0: that was the last. */
static enum rc piece(struct ctx *c, const struct entity *e, bool all, int64_t *after, int *ret_n)
{
	int64_t *ids = NEWS(c->mem, int64_t, PIECE);
	struct rows r;
	struct buf sql;

	*ret_n = 0;
	buf_init(&sql, c->mem, 400);
	put_z(&sql, "SELECT id FROM ");
	put_z(&sql, e->name);
	put_z(&sql, " WHERE id > ?1 AND gone = 0 ORDER BY id LIMIT 500");
	put_c(&sql, '\0');
	TRY(db_query(c->db, sql.p, VALS(v_int(*after)), &r));
	while (*ret_n < PIECE && rows_next(&r))
		ids[(*ret_n)++] = rows_int(&r, 0);
	TRY(rows_end(&r));
	if (*ret_n == 0)
		return OK;
	*after = ids[*ret_n - 1];
	if (all)
		return rows_anew(c, e, ids, *ret_n, true);
	TRY(db_begin(c->db));
	enum rc rc = rows_anew(c, e, ids, *ret_n, false);
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}

/* Memory of its own, which every piece begins anew. */
struct stretch { struct ctx c; struct arena mem; };

static void end_stretch(void *arg)
{
	arena_free(&((struct stretch *)arg)->mem);
}

static struct stretch *stretch_begin(struct ctx *c)
{
	struct stretch *p = NEW(c->mem, struct stretch);

	arena_init(&p->mem, (size_t)64 << 20);
	p->mem.full = c->mem->full;
	arena_at_end(c->mem, end_stretch, p);
	return p;
}

static enum rc entity_anew(struct ctx *c, struct stretch *p, const struct entity *e, bool all)
{
	int64_t after = 0;
	enum rc rc = OK;
	int n = 0;

	do {
		p->c = *c;
		p->c.mem = &p->mem;
		p->c.more = NULL;
		p->c.job = NULL;
		p->c.problems = NULL;
		as_system(&p->c, "search lines of every row are brought up to date");
		rc = piece(&p->c, e, all, &after, &n);
		arena_reset(&p->mem);
	} while (rc == OK && n > 0 && !job_cancelled(c));
	return rc;
}

enum rc search_refresh(struct ctx *c, void *in)
{
	const struct registry *r = c->app->registry;
	bool stale;
	enum rc rc = search_is_stale(c, &stale);

	(void)in;
	if (rc != OK || !stale)
		return rc;
	struct stretch *p = stretch_begin(c);
	for (int i = 0; i < r->n_entities && rc == OK && !job_cancelled(c); i++)
		if (r->metas[i].fold)
			rc = entity_anew(c, p, r->metas[i].e, false);
	return rc == OK && !job_cancelled(c) ? db_exec(c->db, "DELETE FROM search_stale", NULL, 0, NULL) : rc;
}

enum rc search_rebuild(struct ctx *c, const struct entity *e)
{
	TRY(db_exec(c->db, "DELETE FROM search WHERE entity = ?1", VALS(v_text(str_of(e->name))), NULL));
	return entity_anew(c, stretch_begin(c), e, true);
}
