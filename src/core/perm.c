/* perm.c -- see perm.h, and has_role, allowed and may of ctx.h. */
#include "core/perm.h"
#include "core/data.h"
#include "core/plan.h"
#include "core/roles.h"
#include "core/row.h"

bool perm_any(const struct ctx *c, const struct entity *e, uint32_t verbs)
{
	struct rights r;
	for (uint32_t bit = 1; bit <= verbs; bit <<= 1) {
		if (!(verbs & bit))
			continue;
		rights_of(c, table_for(c, e), e->grants, bit, &r);
		if (!rights_none(&r))
			return true;
	}
	return false;
}

struct cols perm_hidden(const struct ctx *c, const struct entity *e, uint32_t verb)
{
	const struct table *t = table_for(c, e);
	struct cols hidden = { 0 };
	struct rights r;
	rights_of(c, t, e->grants, verb, &r);
	for (int i = BASE_COLUMNS; i < t->n; i++)
		if (t->columns[i]->is & SECRET || rights_hide(&r, t->columns[i]))
			cols_add(&hidden, i);
	return hidden;
}

bool perm_guards(const struct ctx *c, const struct entity *e, uint32_t flag)
{
	struct rights r;
	rights_of(c, table_for(c, e), e->grants, READ, &r);
	for (int i = 0; i < r.n; i++)
		for (int k = 0; k < (int)COUNT(r.at[i].g->hide) && r.at[i].g->hide[k]; k++)
			if (field_at(e->fields, r.at[i].g->hide[k])->is & flag)
				return true;
	return false;
}

bool perm_grants(const struct ctx *c, const struct grant *grants)
{
	struct rights r;
	rights_of(c, NULL, grants, 0, &r);
	return !rights_none(&r);
}

org_id perm_ended(const struct ctx *c, const struct entity *e, uint32_t verbs, org_id at)
{
	for (const struct grant *g = e->grants; g && g->to; g++)
		for (int i = 0; g->may & verbs && i < c->who->n_seats; i++) {
			const struct seat *s = &c->who->seats[i];

			if (s->ended && s->role == g->to && (at.v == 0 || at.v == s->org.v))
				return s->org;
		}
	return (org_id){ 0 };
}

/* ---- the predicate held against a row in memory --------------------------------------------- */

static int64_t anchor_of(const struct table *t, const void *row, uint8_t on)
{
	col at = t->e->anchor[on];
	const struct base *base = row;
	if (at == ITSELF)
		return base->id;
	if (at == 0)
		return on == ON_ORG ? base->org.v : 0;
	return *(const int64_t *)(const void *)((const char *)row + at);
}

enum verdict { NO, YES, ASK };

/* The scopes that need no query; ASK for the others. */
static enum verdict right_quick(const struct ctx *c, const struct right *r, int64_t at)
{
	const struct scope *s = r->g->in;
	if (scope_is_all(s))
		return YES;
	if (at == 0)
		return NO;
	if (s == &at_org)
		return at == r->seat ? YES : NO;
	if (s == &in_tree)
		return at == r->seat ? YES : r->seat ? ASK : NO;
	if (s == &own)
		return at == c->who->person.v ? YES : NO;
	return ASK;
}

bool perm_row(struct ctx *c, const struct entity *e, const struct grant *grants, uint32_t verb, const void *row)
{
	const struct table *t = table_for(c, e);
	struct rights r, ask;
	struct val args[RIGHTS_MAX];
	rights_of(c, t, grants, verb, &r);
	if (r.system)
		return true;
	ask = (struct rights){ .t = t, .grants = grants };
	for (int i = 0; i < r.n; i++) {
		int64_t at = anchor_of(t, row, r.at[i].g->in->on);
		enum verdict v = right_quick(c, &r.at[i], at);
		if (v == YES)
			return true;
		if (v == ASK) {
			args[ask.n] = v_int(at);
			ask.at[ask.n++] = r.at[i];
		}
	}
	if (ask.n == 0)
		return false;
	struct plan_key key = { .n = 0 };
	key_byte(&key, 'P');
	key_two(&key, t->meta->index);
	key_rights(&key, &ask);
	const struct plan *p = plan_get(c, &key);
	if (!p) {
		struct draft *d = NEW(c->mem, struct draft);
		draft_begin(d, c->mem);
		d->few = true;
		put_z(&d->sql, "SELECT 1 WHERE ");
		for (int i = 0; i < ask.n; i++) {
			put_z(&d->sql, i ? " OR " : "");
			draft_scope(d, ask.at[i].g->in, "", NULL, i, i);
		}
		p = plan_put(c, &key, d);
	}
	int64_t found = 0;
	const struct rights *const sets[] = { &ask };
	return db_int(c->db, p->sql, plan_bind(c, p, sets, 1, args, ask.n), p->n, &found) == OK && found == 1;
}

bool may(struct ctx *c, const struct entity *e, uint32_t verb, const void *row)
{
	const struct table *t = table_for(c, e);
	const struct base *base = row;
	if (verb & UPDATE && base->gone)
		return false;
	if (verb & (UPDATE | RETIRE) && t->state) {
		pick state = *(const pick *)(const void *)((const char *)row + t->state->at);
		if (t->state->pick[state].is & LOCKED && !c->who->system)
			return false;
	}
	return perm_row(c, e, e->grants, verb, row);
}

user_id perm_lender(struct ctx *c, const struct entity *e, const struct grant *grants, uint32_t verb, const void *row)
{
	const struct actor *who = c->who;
	struct actor as = *who;
	struct seat *own_ = NEWS(c->mem, struct seat, who->n_seats + 1);
	user_id found = { 0 };
	as.system = false;
	as.seats = own_;
	as.n_seats = 0;
	for (int i = 0; i < who->n_seats; i++)
		if (who->seats[i].lender.v == 0)
			own_[as.n_seats++] = who->seats[i];
	if (as.n_seats == who->n_seats)
		return found;
	c->who = &as;
	bool by_own = perm_row(c, e, grants, verb, row);
	as.n_seats = 1;
	for (int i = 0; i < who->n_seats && !by_own && found.v == 0; i++) {
		as.seats = &who->seats[i];
		if (who->seats[i].lender.v && perm_row(c, e, grants, verb, row))
			found = who->seats[i].lender;
	}
	c->who = who;
	return found;
}

uint64_t perm_steps(struct ctx *c, const struct entity *e, const void *row)
{
	const struct table *t = table_for(c, e);
	uint64_t found = 0;
	if (!t->state || ((const struct base *)row)->gone)
		return 0;
	pick state = *(const pick *)(const void *)((const char *)row + t->state->at);
	for (int i = 0; i < 64 && e->flow.steps[i].name; i++) {
		const struct step *s = &e->flow.steps[i];
		if (s->by && s->from >> state & 1 && perm_row(c, e, s->by, 0, row))
			found |= (uint64_t)1 << i;
	}
	return found;
}

/* ---- routes -------------------------------------------------------------------------------- */

bool org_within(const struct ctx *c, int64_t top, int64_t at)
{
	int64_t found = 0;
	if (top == at)
		return true;
	return top && db_int(c->db, "SELECT 1 FROM org_below WHERE top = ?1 AND below = ?2 AND since <= ?3 AND ?3 < until",
		VALS(v_int(top), v_int(at), v_int(c->today.v)), &found) == OK && found == 1;
}

static bool seat_covers(const struct ctx *c, const struct scope *s, int64_t seat, org_id at)
{
	if (at.v == 0 || s->on != ON_ORG || scope_is_all(s))
		return true;
	return s == &in_tree ? org_within(c, seat, at.v) : seat == at.v;
}

bool allowed(struct ctx *c, const struct grant *grants, org_id at)
{
	struct rights r;
	rights_of(c, NULL, grants, 0, &r);
	for (int i = 0; i < r.n; i++)
		if (seat_covers(c, r.at[i].g->in, r.at[i].seat, at))
			return true;
	return r.system;
}

/* A seat of that role, in force, that covers `at` (0: anywhere). */
static bool seat_is(const struct ctx *c, const struct seat *s, const struct role *r, org_id at)
{
	return s->role == r && !seat_shut(c, s, 0) && (at.v == 0 || seat_covers(c, r->seat, s->org.v, at));
}

bool has_role(const struct ctx *c, const struct role *r, org_id at)
{
	if (r->is & ROLE_ANYONE || (r->is & ROLE_SIGNED && c->who->user.v))
		return true;
	for (int i = 0; i < c->who->n_seats; i++)
		if (seat_is(c, &c->who->seats[i], r, at))
			return true;
	return false;
}

user_id lender_of(const struct ctx *c, const struct role *r, org_id at)
{
	user_id found = { 0 };
	for (int i = 0; i < c->who->n_seats; i++) {
		const struct seat *s = &c->who->seats[i];
		if (!seat_is(c, s, r, at))
			continue;
		if (s->lender.v == 0)
			return (user_id){ 0 };
		found = s->lender;
	}
	return found;
}
