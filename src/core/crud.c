/* crud.c -- create, update, amend, retire and unretire of ctx.h, and crud.h. */
#include "core/crud.h"
#include "core/data.h"
#include "core/ended.h"
#include "core/perm.h"
#include "core/row.h"
#include "core/search.h"
#include "core/series.h"
#include "core/store.h"

static const struct tr
	MSG_denied = { "Bạn không có quyền làm việc này với {1}.", "You may not do this to this {1}." },
	MSG_locked = { "{1} đang ở trạng thái “{2}” nên không sửa được nữa.",
		"{1} is “{2}” and can no longer be changed." },
	MSG_gone   = { "Dữ liệu này đã thôi dùng; hãy khôi phục trước khi sửa.",
		"This row is retired; restore it before changing it." },
	MSG_living = { "Dữ liệu này đang dùng, không cần khôi phục.", "This row is in use; there is nothing to restore." };

static enum rc denied(struct ctx *c, const struct entity *e)
{
	return FAILF(c, E_DENIED, 0, &MSG_denied, str_lower(c->mem, say(c, &e->label)));
}

/* ---- new rows -------------------------------------------------------------------------------- */

/* Where a new row belongs: the organisation of the address, or the first seat that may create. */
static org_id owner_of(const struct ctx *c, const struct entity *e)
{
	if (c->here.org.v)
		return c->here.org;
	for (const struct grant *g = e->grants; g && g->to; g++)
		if (g->may & CREATE && seat_org(c, g->to).v)
			return seat_org(c, g->to);
	return c->who->n_seats ? c->who->seats[0].org : (org_id){ 0 };
}

/* A number or a choice counts as empty while it is 0: then .fill may set it. */
static bool unset(const struct field *f, const void *row)
{
	const char *at = (const char *)row + f->at;
	switch ((enum type)f->type) {
	case T_INT: case T_MONEY: return *(const int64_t *)(const void *)at == 0;
	case T_PICK: return *(const pick *)(const void *)at == 0;
	case T_BOOL: return !*(const bool *)(const void *)at;
	default: return field_empty(f, row);
	}
}

/* Counts the statements a hook runs. */
static enum rc hook_done(struct ctx *c, uint64_t before, enum rc rc)
{
	work_of(c)->asked += db_count(c->db) - before;
	return rc;
}

static enum rc before_write(struct ctx *c, const struct table *t, void *row)
{
	uint64_t count = db_count(c->db);
	return t->e->before ? hook_done(c, count, t->e->before(c, row)) : OK;
}

static enum rc fill(struct ctx *c, const struct table *t, void *row)
{
	struct base *base = row;
	if (base->org.v == 0)
		base->org = owner_of(c, t->e);
	if (t->state && unset(t->state, row))
		*(pick *)(void *)((char *)row + t->state->at) = (pick)t->initial;
	for (const struct field *f = t->e->fields; f->name; f++)
		if (f->fill && unset(f, row)) {
			uint64_t count = db_count(c->db);
			TRY(hook_done(c, count, f->fill(c, row)));
		}
	return OK;
}

enum rc row_fresh(struct ctx *c, const struct entity *e, void *row)
{
	row_zero(e, row);
	return fill(c, table_for(c, e), row);
}

static enum rc create_checked(struct ctx *c, const struct table *t, void *row)
{
	struct base *base = row;
	if (base->id == 0)
		base->id = new_id(c);
	base->rev = 0;                           /* 0 through .check and .before: how a hook knows a new row */
	base->gone = false;
	base->made = base->changed = c->now;
	base->made_by = c->who->user;
	TRY(fill(c, t, row));
	TRY(store_check(c, t, NULL, row));
	TRY(before_write(c, t, row));
	if (!perm_row(c, t->e, t->e->grants, CREATE | work_of(c)->also, row))
		return denied(c, t->e);
	return unit_takes(c, base->org);
}

enum rc row_new(struct ctx *c, const struct entity *e, void *row, bool *ret_asked)
{
	const struct table *t = table_for(c, e);
	uint64_t asked = work_of(c)->asked;
	enum rc rc = create_checked(c, t, row);
	if (rc == OK)
		rc = store_check_derived(c, t, row);
	if (rc == OK)
		((struct base *)row)->rev = 1;
	*ret_asked = work_of(c)->asked != asked;
	return rc;
}

enum rc create(struct ctx *c, const struct entity *e, void *row)
{
	const struct table *t = table_for(c, e);
	bool own;
	TRY(store_begin(c, &own));
	enum rc rc = create_checked(c, t, row);
	if (rc == OK && e->series.field)
		rc = series_next(c, t, row);
	if (rc == OK)
		rc = store_check_derived(c, t, row);
	if (rc == OK) {
		((struct base *)row)->rev = 1;
		rc = store_insert(c, t, row);
	}
	if (rc == OK)
		rc = search_change(c, e, NULL, row);
	if (rc == OK && e->after)
		rc = e->after(c, row);
	return store_end(c, own, rc);
}

/* ---- rows that stand ------------------------------------------------------------------------- */

static enum rc open_for(struct ctx *c, const struct table *t, uint32_t verb, int64_t id, struct stored *ret)
{
	TRY(store_load(c, t, id, t->e->grants, verb | work_of(c)->also, ret));
	if (!ret->may)
		return denied(c, t->e);
	if (t->state && !c->who->system) {
		pick state = *(const pick *)(const void *)((const char *)ret->row + t->state->at);
		if (t->state->pick[state].is & LOCKED)
			return FAILF(c, E_STATE, 0, &MSG_locked, say(c, &t->e->label), say(c, &t->state->pick[state].label));
	}
	return OK;
}

static enum rc update_checked(struct ctx *c, const struct table *t, const struct stored *s, void *row)
{
	if (((const struct base *)s->row)->gone)
		return FAIL(c, E_STATE, 0, &MSG_gone);
	store_keep_hidden(t, s, row);
	if (((struct base *)row)->org.v == 0)
		((struct base *)row)->org = ((const struct base *)s->row)->org;
	TRY(store_check(c, t, s->row, row));
	TRY(before_write(c, t, row));
	/* nobody moves a row out of his own reach, or to where he may not write */
	if (!perm_row(c, t->e, t->e->grants, UPDATE | work_of(c)->also, row))
		return denied(c, t->e);
	return store_check_derived(c, t, row);
}

static enum rc amend_checked(struct ctx *c, const struct table *t, const struct stored *s, void *row)
{
	if (((const struct base *)s->row)->gone)
		return FAIL(c, E_STATE, 0, &MSG_gone);
	store_keep_hidden(t, s, row);
	return store_check_changed(c, t, s->row, row);
}

typedef enum rc checked_fn(struct ctx *, const struct table *, const struct stored *, void *row);

static enum rc change(struct ctx *c, const struct entity *e, void *row, checked_fn *checked)
{
	const struct table *t = table_for(c, e);
	struct stored s;
	struct cols changed = { 0 };
	bool own;
	TRY(store_begin(c, &own));
	enum rc rc = open_for(c, t, UPDATE, ((const struct base *)row)->id, &s);
	if (rc == OK)
		rc = checked(c, t, &s, row);
	if (rc == OK)
		rc = store_update(c, t, s.row, row, "update", &changed);
	if (rc == OK && !cols_none(&changed))
		rc = search_change(c, e, s.row, row);
	if (rc == OK && !cols_none(&changed) && e->after)
		rc = e->after(c, row);
	return store_end(c, own, rc);
}

enum rc update(struct ctx *c, const struct entity *e, void *row)
{
	return change(c, e, row, update_checked);
}

enum rc amend(struct ctx *c, const struct entity *e, void *row)
{
	return c->who->system ? change(c, e, row, amend_checked) : denied(c, e);
}

enum rc row_try(struct ctx *c, const struct entity *e, void *row)
{
	const struct table *t = table_for(c, e);
	struct stored s;
	struct base *base = row;
	if (base->id == 0) {
		enum rc rc = create_checked(c, t, row);
		base->id = 0;
		return rc;
	}
	TRY(open_for(c, t, UPDATE, base->id, &s));
	return update_checked(c, t, &s, row);
}

static enum rc set_gone(struct ctx *c, const struct entity *e, int64_t id, const int64_t *rev, bool gone)
{
	static const struct tr stale = { "Có người vừa sửa trước; hãy xem lại nội dung mới.",
		"Somebody saved first; look at the new content." };
	const struct table *t = table_for(c, e);
	struct stored s;
	TRY(open_for(c, t, RETIRE, id, &s));
	struct base *base = s.row;
	if (base->gone == gone)
		return FAIL(c, E_STATE, 0, gone ? &MSG_gone : &MSG_living);
	if (rev && *rev != base->rev)
		return FAIL(c, E_CONFLICT, 0, &stale);
	if (gone)
		TRY(row_held(c, t, s.row));
	TRY(store_gone(c, t, s.row, gone));
	TRY(search_change(c, e, gone ? s.row : NULL, gone ? NULL : s.row));
	return e->turned ? e->turned(c, s.row) : OK;
}

enum rc retire(struct ctx *c, const struct entity *e, int64_t id, int64_t rev)
{
	bool own;
	TRY(store_begin(c, &own));
	return store_end(c, own, set_gone(c, e, id, &rev, true));
}

enum rc unretire(struct ctx *c, const struct entity *e, int64_t id)
{
	bool own;
	TRY(store_begin(c, &own));
	return store_end(c, own, set_gone(c, e, id, NULL, false));
}
