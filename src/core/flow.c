/* flow.c -- step of ctx.h and step_named, step_from of crud.h: a row walks its workflow. */
#include "core/crud.h"
#include "core/data.h"
#include "core/search.h"
#include "core/store.h"

static const struct tr
	MSG_denied = { "Bạn không có quyền “{1}”.", "You may not “{1}” here." },
	MSG_state  = { "Không thể “{1}” khi đang ở trạng thái “{2}”.", "“{1}” is not possible while the state is “{2}”." },
	MSG_gone   = { "Dữ liệu này đã thôi dùng; hãy khôi phục trước.", "This row is retired; restore it first." };

const struct step *step_named(const struct entity *e, str name)
{
	for (const struct step *s = e->flow.steps; s && s->name; s++)
		if (str_is(name, s->name))
			return s;
	return NULL;
}

const struct step *step_from(const struct entity *e, str name, const void *row)
{
	pick state = *((const pick *)row + e->flow.state);
	for (const struct step *s = e->flow.steps; s && s->name; s++)
		if (str_is(name, s->name) && s->from >> state & 1)
			return s;
	return step_named(e, name);
}

static pick *state_at(const struct table *t, void *row)
{
	return (pick *)(void *)((char *)row + t->state->at);
}

/* What a step asks may be answered even where the reader could not see it before. */
static void allow_asked(const struct table *t, const struct step *s, struct stored *old)
{
	for (int i = 0; i < (int)COUNT(s->asks) && s->asks[i]; i++)
		if (column_at(t, s->asks[i]) >= 0)
			cols_add(&old->shown, column_at(t, s->asks[i]));
}

static enum rc may_step(struct ctx *c, const struct table *t, const struct step *s, const struct stored *old)
{
	pick state = *state_at(t, old->row);
	if (s->by && !old->may)
		return FAILF(c, E_DENIED, 0, &MSG_denied, say(c, &s->label));
	if (((const struct base *)old->row)->gone)
		return FAIL(c, E_STATE, 0, &MSG_gone);
	if (!(s->from >> state & 1))
		return FAILF(c, E_STATE, 0, &MSG_state, say(c, &s->label), say(c, &t->state->pick[state].label));
	return OK;
}

static enum rc walk(struct ctx *c, const struct table *t, const struct step *s, void *row)
{
	struct stored old;
	struct cols changed;
	TRY(store_load(c, t, ((const struct base *)row)->id, s->by, 0, &old));
	TRY(may_step(c, t, s, &old));
	allow_asked(t, s, &old);
	store_keep_hidden(t, &old, row);
	*state_at(t, row) = *state_at(t, old.row);
	if (s->guard)
		TRY(s->guard(c, row));
	*state_at(t, row) = s->to;
	if (s->effect)
		TRY(s->effect(c, row));
	TRY(store_check(c, t, old.row, row));
	TRY(store_check_derived(c, t, row));
	TRY(store_update(c, t, old.row, row, s->name, &changed));
	TRY(search_change(c, t->e, old.row, row));
	if (!s->tell)
		return OK;
	/* each in its own language, whoever acts */
	const struct tr told = { str_z(c->mem, TEXT(c, "%s: {1} – %s", t->e->label.vi, s->label.vi)),
		str_z(c->mem, TEXT(c, "%s: {1} – %s", t->e->label.en, s->label.en)) };
	const struct base *base = row;
	return notify_role(c, s->tell, base->org, &told, ARGS(row_title(c, t->e, row)),
		TEXT(c, "/%s/%lld", t->e->name, (long long)base->id));
}

enum rc step(struct ctx *c, const struct entity *e, void *row, const char *name)
{
	const struct table *t = table_for(c, e);
	const struct step *s = step_from(e, str_of(name), row);
	bool own;
	if (!s || !t->state)
		return E_MISSING;
	TRY(store_begin(c, &own));
	return store_end(c, own, walk(c, t, s, row));
}
