/* held.c -- what keeps a row from being retired: living rows that name it in a field that HOLDS. */
#include "core/app.h"
#include "core/registry.h"
#include "core/store.h"

enum { HOLDERS_MAX = 32 };
struct holder { const struct table *t; const struct field *f; };

static const struct tr MSG_held = { "{1} đang được dùng: {2}. Hãy kết thúc hoặc bỏ những dữ liệu đó trước.",
	"{1} is in use: {2}. End or remove those first." };

static int holders_of(const struct ctx *c, const struct entity *e, struct holder *ret)
{
	const struct registry *g = c->app->registry;
	int n = 0;

	for (int i = 0; i < g->n_entities; i++)
		for (const struct field *f = g->metas[i].e->fields; f->name; f++)
			if (f->is & HOLDS && f->type == T_REF && f->ref == e && n < HOLDERS_MAX)
				ret[n++] = (struct holder){ table_of(g, g->metas[i].e), f };
	return n;
}

/* Rows that are over hold nothing: in a final state, or past their day. Returns whether ?2, today, is asked. */
static bool put_holder(struct buf *sql, const struct holder *h, int i)
{
	const struct field *until = field_named(h->t->e->fields, S("until"));

	put_fmt(sql, "%sSELECT %d AS holder, count(*) AS n FROM %s WHERE %s = ?1 AND gone = 0", i ? " UNION ALL " : "", i,
		h->t->e->name, h->f->name);
	for (const struct choice *s = h->t->state ? h->t->state->pick : NULL; s && s->code; s++)
		if (s->is & FINAL)
			put_fmt(sql, " AND %s <> '%s'", h->t->state->name, s->code);
	if (until && until->type == T_DAY)
		put_fmt(sql, " AND (until IS NULL OR until > ?2)");
	return until && until->type == T_DAY;
}

enum rc row_held(struct ctx *c, const struct table *t, const void *row)
{
	struct holder at[HOLDERS_MAX];
	struct buf sql, what;
	struct rows r;
	int n = holders_of(c, t->e, at);
	bool today = false;
	const struct val values[] = { v_int(((const struct base *)row)->id), v_int(c->today.v) };

	if (n == 0)
		return OK;
	buf_init(&sql, c->mem, 4000);
	buf_init(&what, c->mem, 4000);
	for (int i = 0; i < n; i++)
		today |= put_holder(&sql, &at[i], i);
	TRY(db_query(c->db, str_z(c->mem, buf_str(&sql)), values, today ? 2 : 1, &r));
	while (rows_next(&r)) {
		const struct entity *e = at[rows_int(&r, 0)].t->e;
		str count = int_text(c->mem, rows_int(&r, 1)), label = str_lower(c->mem, say(c, &e->label));

		if (rows_int(&r, 1))
			put_fmt(&what, "%s%.*s %.*s", buf_str(&what).n ? ", " : "", FMT(count), FMT(label));
	}
	TRY(rows_end(&r));
	str told = buf_str(&what);
	return told.n ? FAILF(c, E_STATE, 0, &MSG_held, row_title(c, t->e, row), told) : OK;
}
