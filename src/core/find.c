/* find.c -- find, find_one and find_all of ctx.h, row_find of crud.h. */
#include "core/crud.h"
#include "core/data.h"
#include "core/plan.h"
#include "core/reads.h"
#include "core/row.h"

enum { IS_MAX = 12 };
struct finding { struct ctx *c; const struct table *t; struct rights rights; const struct is *is; int n;
	bool one, shows; };

static const struct plan *find_plan(struct finding *f)
{
	struct plan_key key = { .n = 0 };
	key_byte(&key, 'F');
	key_two(&key, f->t->meta->index);
	key_rights(&key, &f->rights);
	key_byte(&key, f->n << 2 | f->one << 1 | f->shows);
	for (int i = 0; i < f->n; i++) {
		key_two(&key, f->is[i].at);
		key_byte(&key, f->is[i].v.type == V_NULL);
	}
	const struct plan *p = plan_get(f->c, &key);
	if (p)
		return p;
	struct draft *d = NEW(f->c->mem, struct draft);
	bool by_id = false, by_gone = false;
	draft_begin(d, f->c->mem);
	d->few = f->one;
	for (int i = 0; i < f->t->n; i++) {
		put_z(&d->sql, i ? ", " : "SELECT ");
		if (i < BASE_COLUMNS)
			put_fmt(&d->sql, "a.%s", f->t->columns[i]->name);
		else
			draft_column(d, &f->rights, f->t->columns[i], "a");
	}
	for (int i = BASE_COLUMNS; f->shows && i < f->t->n; i++) {
		put_z(&d->sql, ", ");
		draft_shows(d, &f->rights, f->t->columns[i], "a");
	}
	put_fmt(&d->sql, " FROM %s a WHERE ", f->t->e->name);
	for (int i = 0; i < f->n; i++) {
		int k = column_at(f->t, f->is[i].at);
		by_id = by_id || k == 0;
		by_gone = by_gone || (k >= 0 && f->t->columns[k]->at == offsetof(struct base, gone));
		put_fmt(&d->sql, "a.%s", f->t->columns[k]->name);
		if (f->is[i].v.type == V_NULL) {
			put_z(&d->sql, " IS NULL AND ");
		} else {
			put_z(&d->sql, " = ");
			draft_slot(d, SLOT_ARG, i);
			put_z(&d->sql, " AND ");
		}
	}
	put_z(&d->sql, by_id || by_gone ? "" : "a.gone = 0 AND ");
	draft_rights(d, &f->rights, "a");
	if (!f->one) {
		put_z(&d->sql, " ORDER BY ");
		if (f->t->meta->sort)
			put_z(&d->sql, "a._sort, ");
		for (int i = 0; !f->t->meta->sort && i < f->t->n_order; i++)
			put_fmt(&d->sql, "a.%s, ", f->t->order[i]->name);
		put_z(&d->sql, "a.id");
	}
	return plan_put(f->c, &key, d);
}

static void note(const struct finding *f, const int64_t *ids, int n)
{
	if (!n || !f->t->meta->private_data)
		return;
	for (int i = BASE_COLUMNS; i < f->t->n; i++) {
		if (f->t->columns[i]->is & PRIVATE && !rights_hide(&f->rights, f->t->columns[i])) {
			reads_note(f->c, f->t, READ, ids, n, 0);
			return;
		}
	}
}

static enum rc find_rows(struct finding *f, struct rows *r)
{
	struct val args[IS_MAX];
	const struct rights *const sets[] = { &f->rights };
	for (int i = 0; i < f->n; i++)
		args[i] = f->is[i].v;
	const struct plan *p = find_plan(f);
	return db_query(f->c->db, p->sql, plan_bind(f->c, p, sets, 1, args, f->n), p->n, r);
}

static void load(const struct finding *f, const struct rows *r, void *row)
{
	row_zero(f->t->e, row);
	for (int i = 0; i < f->t->n; i++)
		field_load(f->t->columns[i], r, i, row, f->c->mem);
}

static void begin(struct ctx *c, const struct entity *e, uint32_t verb, const struct is *is, int n, struct finding *ret)
{
	*ret = (struct finding){ .c = c, .t = table_for(c, e), .is = is, .n = n < IS_MAX ? n : IS_MAX };
	rights_of(c, ret->t, e->grants, verb, &ret->rights);
}

enum rc row_find(struct ctx *c, const struct entity *e, uint32_t verb, int64_t id, void *ret_row,
	struct cols *ret_hidden)
{
	struct finding f;
	struct rows r;
	struct cols hidden = { 0 };
	const struct is by_id[] = { { 0, v_int(id) } };
	begin(c, e, verb, by_id, 1, &f);
	f.one = true;
	f.shows = ret_hidden != NULL;
	if (id == 0 || rights_none(&f.rights))
		return E_MISSING;
	TRY(find_rows(&f, &r));
	void *row = arena_alloc(c->mem, e->size, 16);
	bool found = rows_next(&r);
	if (found) {
		load(&f, &r, row);
		for (int i = BASE_COLUMNS; f.shows && i < f.t->n; i++)
			if (!rows_int(&r, f.t->n + i - BASE_COLUMNS) || f.t->columns[i]->is & SECRET)
				cols_add(&hidden, i);
	}
	TRY(rows_end(&r));
	if (!found)
		return E_MISSING;
	note(&f, &id, 1);
	memcpy(ret_row, row, e->size);
	if (ret_hidden)
		*ret_hidden = hidden;
	return OK;
}

enum rc find(struct ctx *c, const struct entity *e, int64_t id, void *ret_row)
{
	return row_find(c, e, READ, id, ret_row, NULL);
}

enum rc find_one(struct ctx *c, const struct entity *e, void *ret_row, const struct is *is, int n)
{
	struct finding f;
	struct rows r;
	begin(c, e, READ, is, n, &f);
	f.one = true;
	if (rights_none(&f.rights))
		return E_MISSING;
	TRY(find_rows(&f, &r));
	void *row = arena_alloc(c->mem, e->size, 16);
	bool found = rows_next(&r);
	if (found)
		load(&f, &r, row);
	bool several = found && rows_next(&r);
	TRY(rows_end(&r));
	if (!found || several)
		return found ? E_STATE : E_MISSING;
	note(&f, &((const struct base *)row)->id, 1);
	memcpy(ret_row, row, e->size);
	return OK;
}

enum rc find_all(struct ctx *c, const struct entity *e, items *ret, int64_t max, const struct is *is, int n)
{
	struct finding f;
	struct rows r;
	int64_t k = 0, cap = 16;
	begin(c, e, READ, is, n, &f);
	*ret = (items){ 0 };
	if (rights_none(&f.rights))
		return OK;
	char *p = arena_alloc(c->mem, e->size * (size_t)cap, 16);
	TRY(find_rows(&f, &r));
	while (k < max && rows_next(&r)) {
		if (k == cap) {
			char *more = arena_alloc(c->mem, e->size * (size_t)cap * 2, 16);
			memcpy(more, p, e->size * (size_t)cap);
			p = more;
			cap *= 2;
		}
		load(&f, &r, p + e->size * (size_t)k++);
	}
	TRY(rows_end(&r));
	int64_t *ids = NEWS(c->mem, int64_t, k + 1);
	for (int64_t i = 0; i < k; i++)
		ids[i] = ((const struct base *)(const void *)(p + e->size * (size_t)i))->id;
	note(&f, ids, (int)k);
	*ret = (items){ p, k };
	return OK;
}
