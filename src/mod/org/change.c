/* change.c -- reorganisation by decision: merge, split, rename, move, close, drop a tier; on a day, with a preview.
 * What follows a school into another is said by each module, in named queries that begin with org_moves_; what is
 * noted of it before, in org_leaves_; what follows a class or a person wherever these have gone, in org_follows_;
 * which of it has a name or code that the other has too, in org_clashes_; what a preview counts, in org_counts_; what
 * holds a unit that would close, in org_holds_; which rows' own history tells of it, in org_tells_; an entity's name
 * follows. Past years stay with the old unit, which stays in the tree: after a merger under the unit that received it,
 * after a division where it stood, for no part of it stands above it. Who may do it to whom: change_rules.c. */
#include "mod/org/change.h"
#include "core/app.h"
#include "core/page.h"
#include "core/query.h"
#include "core/row.h"
#include "core/search.h"

#include <stdlib.h>

static const struct tr
MSG_ended = { "Đơn vị {1} đã chấm dứt hoạt động.", "The unit {1} has already ended." };

#define IN(m) offsetof(struct org_change, m)

/* ---- application ------------------------------------------------------------------------------------ */

/* Ends the unit's present place in the tree and gives it another from `since` on. */
static enum rc put_under(struct ctx *c, org_id child, org_id under, day since, str decision)
{
	struct tree_edge in = { child, under, since, TREE_FOREVER };
	struct org_link l;

	TRY(execute(c, "org/end_link", &tree_edge_shape, &in, NULL));
	row_zero(&org_link, &l);
	l.base.org = child;
	l.child = child;
	l.parent = under;
	l.since = since;
	l.until = TREE_FOREVER;
	l.decision = decision;
	TRY(create(c, &org_link, &l));
	return execute(c, "org/show_parent", &tree_edge_shape, &in, NULL);
}

struct moving { struct ctx *c; struct moves_in in; enum rc rc; };
struct clash { int64_t id; };
#define ROW struct clash
static const struct shape clashing_shape = { sizeof(ROW), FIELDS{ { COL(id) }, END } };
#undef ROW

static void execute_all(struct moving *m, str name, str beginning)
{
	if (m->rc == OK && str_find(name, beginning) > 0)
		m->rc = execute(m->c, str_z(m->c->mem, name), &moves_shape, &m->in, NULL);
}

static void leave_rows(void *arg, str name, str text, str open)
{
	(void)text, (void)open;
	execute_all(arg, name, S("/org_leaves_"));
}

static void move_rows(void *arg, str name, str text, str open)
{
	struct moving *m = arg;
	ptrdiff_t at = str_find(name, S("/org_moves_"));

	(void)text, (void)open;
	if (at <= 0 || m->rc != OK)
		return;
	const struct meta *of = registry_entity(m->c->app->registry, str_sub(name, at + 11, -1));
	m->rc = of ? execute(m->c, str_z(m->c->mem, name), &moves_shape, &m->in, NULL) : E_FAULT;
	if (m->rc == OK)
		m->rc = search_follow(m->c, of->e, m->in.old_org, m->in.new_org);
}

static void follow_rows(void *arg, str name, str text, str open)
{
	(void)text, (void)open;
	execute_all(arg, name, S("/org_follows_"));
}

/* What is about a class or a person that went, and what of it is of no single one. */
static enum rc rows_follow(struct moving *m)
{
	queries_each(m->c->app->registry, follow_rows, m);
	for (const struct module *const *mod = m->c->app->modules; *mod && m->rc == OK; mod++)
		if ((*mod)->came)
			m->rc = (*mod)->came(m->c, m->in.old_org, m->in.new_org);
	return m->rc;
}

/* Whether a row of this unit has the unique key that `row` has. */
static enum rc name_taken(struct ctx *c, const struct entity *e, const col *key, const void *row, org_id at, bool *ret)
{
	struct is want[COUNT(e->unique[0])];
	void *other = arena_alloc(c->mem, e->size, 16);
	int n = 0;

	for (int i = 0; i < COUNT(e->unique[0]) && key[i]; i++)
		want[n++] = (struct is){ key[i], key[i] == offsetof(struct base, org) ? v_int(at.v)
			: field_val(field_at(e->fields, key[i]), row) };
	enum rc rc = find_one(c, e, other, want, n);
	*ret = rc != E_MISSING;
	return rc == E_MISSING || rc == E_STATE ? OK : rc;
}

/* The key of a unit's own names, and the last text in it: the name. False: there is none. */
static bool own_name(const struct entity *e, const col **ret_key, const struct field **ret_name)
{
	*ret_name = NULL;
	for (ptrdiff_t k = 0; k < COUNT(e->unique) && !*ret_name; k++) {
		bool of_unit = false;

		for (ptrdiff_t i = 0; i < COUNT(e->unique[k]) && e->unique[k][i]; i++)
			of_unit = of_unit || e->unique[k][i] == offsetof(struct base, org);
		for (ptrdiff_t i = 0; of_unit && i < COUNT(e->unique[k]) && e->unique[k][i]; i++) {
			const struct field *f = field_at(e->fields, e->unique[k][i]);

			if (f && f->type == T_TEXT) {
				*ret_key = e->unique[k];
				*ret_name = f;
			}
		}
	}
	return *ret_name != NULL;
}

/* A second 6A becomes 6A (2): the schools rename it afterwards as they like. What need not have a name, as the code of
 * a pupil, has none then. */
static enum rc give_free_name(struct ctx *c, const struct entity *e, int64_t id, const struct moves_in *in)
{
	const struct field *f;
	const col *key;
	str *name, was;
	char *row = arena_alloc(c->mem, e->size, 16);
	bool there = true, here = false;

	TRY(find(c, e, id, row));
	if (!own_name(e, &key, &f))
		return E_FAULT;
	name = (str *)(void *)(row + f->at);
	was = *name;
	if (!(f->is & NEEDED)) {
		*name = (str){ 0 };
		return amend(c, e, row);
	}
	for (int n = 2; there || here; n++) {
		*name = TEXT(c, "%.*s (%d)", FMT(was), n);
		TRY(name_taken(c, e, key, row, in->new_org, &there));
		TRY(name_taken(c, e, key, row, in->old_org, &here));
	}
	return amend(c, e, row);
}

static void free_names(void *arg, str name, str text, str open)
{
	enum { AT_ONCE = 200 };
	struct moving *m = arg;
	ptrdiff_t at = str_find(name, S("/org_clashes_"));
	items ids = { .n = AT_ONCE };

	(void)text, (void)open;
	if (at <= 0 || m->rc != OK)
		return;
	const struct meta *of = registry_entity(m->c->app->registry, str_sub(name, at + 13, -1));
	m->rc = of ? OK : E_FAULT;
	while (m->rc == OK && ids.n == AT_ONCE) {        /* a row with a free name is no longer among them */
		m->rc = query(m->c, str_z(m->c->mem, name), &moves_shape, &m->in, &clashing_shape, &ids, AT_ONCE);
		for (int64_t i = 0; m->rc == OK && i < ids.n; i++)
			m->rc = give_free_name(m->c, of->e, ((const struct clash *)ids.p)[i].id, &m->in);
	}
}

/* Everything of the present year that belongs to `from` belongs to `into`. */
static enum rc carry_rows(struct ctx *c, org_id from, org_id into)
{
	struct moving m = { c, { from, into }, OK };

	queries_each(c->app->registry, free_names, &m);
	queries_each(c->app->registry, leave_rows, &m);
	queries_each(c->app->registry, move_rows, &m);
	return rows_follow(&m);
}

/* ---- the history of what went -------------------------------------------------------------------------- */

/* A class or a person: rows whose own history says when, and by which decision, they came to another unit. */
struct told { str entity; int64_t id; org_id was; };
struct telling { struct ctx *c; struct moves_in in; struct told *at; int64_t n; const struct org_change *k;
	enum rc rc; };
enum { TOLD_MOST = 60000 };

/* Those of a unit, by each named query that begins with org_tells_. */
static void gather_told(void *arg, str name, str text, str open)
{
	struct telling *t = arg;
	ptrdiff_t at = str_find(name, S("/org_tells_"));
	items ids;

	(void)text, (void)open;
	if (at <= 0 || t->rc != OK)
		return;
	t->rc = query(t->c, str_z(t->c->mem, name), &moves_shape, &t->in, &clashing_shape, &ids, TOLD_MOST);
	for (int64_t i = 0; t->rc == OK && i < ids.n && t->n < TOLD_MOST; i++)
		t->at[t->n++] = (struct told){ str_sub(name, at + 11, -1), ((const struct clash *)ids.p)[i].id, t->in.old_org };
}

static int by_id(const void *a_, const void *b_)
{
	const struct told *a = a_, *b = b_;

	return a->id < b->id ? -1 : a->id > b->id;
}

/* "15/QĐ-UBND, 23/11/2026 – Trường Tiểu học Chu Văn An": as every reader of the history sees it. */
static str told_text(struct ctx *c, const struct org_change *k, org_id was)
{
	str name = title_of(c, &org, was.v), on = k->decided.v == NO_DAY.v ? S("") : day_text(c->mem, k->decided);

	return TEXT(c, "%.*s%s%.*s – %.*s", FMT(k->decision), on.n ? ", " : "", FMT(on), FMT(name));
}

/* What the ended units had and this one has now. */
static enum rc tell_came(struct telling *was, org_id now)
{
	str text = { 0 };
	org_id of = { 0 };
	struct telling here = { .c = was->c, .in = { now, { 0 } }, .at = NEWS(was->c->mem, struct told, TOLD_MOST) };

	queries_each(was->c->app->registry, gather_told, &here);
	TRY(here.rc);
	for (int64_t i = 0; i < here.n; i++) {
		const struct told *t = bsearch(&here.at[i], was->at, (size_t)was->n, sizeof *was->at, by_id);

		if (!t || !str_eq(t->entity, here.at[i].entity))
			continue;
		if (of.v != t->was.v)
			text = told_text(was->c, was->k, t->was);
		of = t->was;
		TRY(audit(was->c, now, str_z(was->c->mem, t->entity), t->id, "came", text));
	}
	return OK;
}

static enum rc gather_ending(struct telling *t, const items *parts)
{
	t->at = NEWS(t->c->mem, struct told, TOLD_MOST);
	t->in.old_org = t->k->subject;
	queries_each(t->c->app->registry, gather_told, t);
	for (int64_t i = 0; t->k->kind == CHANGE_MERGE && i < parts->n; i++) {
		t->in.old_org = ((const struct org_change_part *)parts->p)[i].part;
		queries_each(t->c->app->registry, gather_told, t);
	}
	qsort(t->at, (size_t)t->n, sizeof *t->at, by_id);
	return t->rc;
}

static enum rc tell_all(struct telling *t)
{
	items parts;

	if (t->k->kind == CHANGE_MERGE)
		return tell_came(t, t->k->target);
	TRY(change_parts(t->c, t->k, &parts));           /* again: they were founded */
	for (int64_t i = 0; i < parts.n; i++)
		TRY(tell_came(t, ((const struct org_change_part *)parts.p)[i].part));
	return OK;
}

static enum rc end_unit(struct ctx *c, org_id id, const char *how, day on)
{
	struct org o;

	TRY(find(c, &org, id.v, &o));
	if (o.state != ORG_ACTIVE)
		return FAILF(c, E_STATE, IN(subject), &MSG_ended, o.name);
	o.until = on;
	TRY(update(c, &org, &o));
	TRY(find(c, &org, id.v, &o));
	return step(c, &org, &o, how);
}

static enum rc merge_units(struct ctx *c, struct org_change *k, const items *parts)
{
	TRY(end_unit(c, k->subject, "merge", k->effective));
	TRY(carry_rows(c, k->subject, k->target));
	TRY(put_under(c, k->subject, k->target, k->effective, k->decision));
	for (int64_t i = 0; i < parts->n; i++) {
		org_id part = ((const struct org_change_part *)parts->p)[i].part;
		TRY(end_unit(c, part, "merge", k->effective));
		TRY(carry_rows(c, part, k->target));
		TRY(put_under(c, part, k->target, k->effective, k->decision));
	}
	return OK;
}

#define ROW struct share_in
static const struct shape share_shape = { sizeof(ROW), FIELDS{ { REF(part, org_change_part) }, { REF(old_org, org) },
	END } };
#undef ROW
struct founded { org_change_part_id part; org_id unit; };
#define ROW struct founded
static const struct shape founded_shape = { sizeof(ROW), FIELDS{ { REF(part, org_change_part) }, { REF(unit, org) },
	END } };
#undef ROW

/* What was chosen for a further part goes on to it from the first, and then what follows that. */
static enum rc share_out(struct ctx *c, int64_t part, org_id old, org_id first, org_id to)
{
	struct moving m = { c, { first, to }, OK };

	for (const struct module *const *mod = c->app->modules; *mod; mod++)
		if ((*mod)->share)
			TRY((*mod)->share(c, part, old, first, to));
	return rows_follow(&m);
}

/* The new units stand where the old one stood; the first receives what it has, and the others their share of that. */
static enum rc split_unit(struct ctx *c, struct org_change *k, const items *parts)
{
	struct org old, fresh;
	org_id first = { 0 }, *at = NEWS(c->mem, org_id, parts->n + 1);

	TRY(find(c, &org, k->subject.v, &old));
	for (int64_t i = 0; i < parts->n; i++) {
		const struct org_change_part *p = (const struct org_change_part *)parts->p + i;
		org_id id = p->part;
		if (id.v == 0) {
			fresh = old;
			fresh.base = (struct base){ 0 };
			fresh.name = p->new_name;
			fresh.slug = fresh.code = fresh.short_name = (str){ 0 };
			fresh.head = fresh.phone = fresh.email = fresh.website = (str){ 0 };
			fresh.since = k->effective;
			TRY(create(c, &org, &fresh));
			id.v = fresh.base.id;
			TRY(execute(c, "org/part_founded", &founded_shape, &(struct founded){ { p->base.id }, id }, NULL));
		}
		at[i] = id;
		if (!first.v)
			first = id;
	}
	TRY(end_unit(c, k->subject, "split", k->effective));
	TRY(carry_rows(c, k->subject, first));
	for (int64_t i = 1; i < parts->n; i++)
		TRY(share_out(c, ((const struct org_change_part *)parts->p)[i].base.id, k->subject, first, at[i]));
	return OK;
}

static enum rc rename_unit(struct ctx *c, struct org_change *k)
{
	struct org o;

	TRY(find(c, &org, k->subject.v, &o));
	o.name = k->new_name;
	return update(c, &org, &o);
}

/* Every unit below the tier goes under the target; the tier itself ends but stays for the years it governed. */
static enum rc drop_tier(struct ctx *c, struct org_change *k)
{
	items below;

	TRY(find_all(c, &org, &below, 2000, IS({ offsetof(struct org, parent), v_int(k->subject.v) })));
	for (int64_t i = 0; i < below.n; i++)
		TRY(put_under(c, (org_id){ ((const struct org *)below.p)[i].base.id }, k->target, k->effective, k->decision));
	return end_unit(c, k->subject, "close", k->effective);
}

static enum rc keep_moved(struct ctx *c, const struct org_change *k, const items *parts);

static enum rc apply_kind(struct ctx *c, struct org_change *k)
{
	items parts;

	TRY(change_parts(c, k, &parts));
	struct telling told = { .c = c, .k = k };
	if (k->kind == CHANGE_MERGE || k->kind == CHANGE_SPLIT) {
		TRY(keep_moved(c, k, &parts));
		TRY(gather_ending(&told, &parts));
	}
	switch ((enum change_kind)k->kind) {
	case CHANGE_MERGE:     TRY(merge_units(c, k, &parts)); break;
	case CHANGE_SPLIT:     TRY(split_unit(c, k, &parts)); break;
	case CHANGE_RENAME:    return rename_unit(c, k);
	case CHANGE_MOVE:      TRY(put_under(c, k->subject, k->target, k->effective, k->decision)); break;
	case CHANGE_CLOSE:     TRY(end_unit(c, k->subject, "close", k->effective)); break;
	case CHANGE_DROP_TIER: TRY(drop_tier(c, k)); break;
	}
	if (told.n)
		TRY(tell_all(&told));
	return org_rebuild_tree(c);
}

enum rc change_apply(struct ctx *c, void *row)
{
	struct org_change *k = row;
	const struct actor *who = as_system(c, "an approved reorganisation touches units beyond the actor's own");
	enum rc rc = apply_kind(c, k);

	as_actor(c, who);
	TRY(rc);
	k->applied = c->now;
	return audit(c, k->subject, "org", k->subject.v, "reorganised", k->decision);
}

/* What may not be done on its day is told to the officers and waits; it holds up no other. */
static enum rc apply_or_tell(struct ctx *c, struct org_change *k)
{
	static const struct tr waits = { "Chưa thực hiện được: {1}. {2}", "Not done: {1}. {2}" };
	int known = c->n_problems;
	enum rc was = c->rc;

	if (change_may_be_applied(c, k) == OK)
		return step(c, &org_change, k, "apply");
	str why = c->n_problems > known ? c->problems[known].text : (str){ 0 };
	c->n_problems = known;
	c->rc = was;
	return notify_role(c, &dept_officer, k->base.org, &waits, ARGS(row_title(c, &org_change, k), why),
		TEXT(c, "/org_change/%lld", (long long)k->base.id));
}

/* Approved changes whose day has come are applied by themselves. */
static enum rc apply_due(struct ctx *c, void *row)
{
	const struct actor *who = as_system(c, "approved reorganisations take effect on their day");
	items due;
	enum rc rc = find_all(c, &org_change, &due, 200, IS({ IN(state), v_text(S("approved")) }));

	(void)row;
	for (int64_t i = 0; rc == OK && i < due.n; i++) {
		struct org_change k = ((const struct org_change *)due.p)[i];
		if (k.effective.v <= c->today.v)
			rc = apply_or_tell(c, &k);
	}
	as_actor(c, who);
	return rc;
}

/* ---- preview ---------------------------------------------------------------------------------------- */

/* How many rows of an entity go: of all, part 0, or to a part of a division. */
struct moved { int64_t change, i, part; str entity; int64_t n; };
#define ROW struct moved
static const struct shape moved_shape = { sizeof(ROW), FIELDS{ { COL(change) }, { COL(i) }, { COL(part) },
	{ COL(entity) }, { COL(n) }, END } };
#undef ROW
enum { KINDS_MOST = 40 };
struct counting { struct ctx *c; struct moves_in in; struct share_in share; struct moved *to; int64_t from, n;
	enum rc rc; };

/* Kinds of rows come in the same order for every unit: the numbers of several units add up. */
static void count_rows(void *arg, str name, str text, str open)
{
	struct counting *k = arg;
	ptrdiff_t at = str_find(name, S("/org_counts_"));
	int64_t n = 0;

	(void)text, (void)open;
	if (at <= 0 || k->rc != OK || k->n == KINDS_MOST)
		return;
	k->rc = query_int(k->c, str_z(k->c->mem, name), &moves_shape, &k->in, &n);
	k->to[k->n].entity = str_sub(name, at + 12, -1);
	k->to[k->n++].n += n;
}

/* Of one kind of rows: how many a part receives that is not the first. */
static void count_shares(void *arg, str name, str text, str open)
{
	struct counting *k = arg;
	ptrdiff_t at = str_find(name, S("/org_shares_"));
	struct moved *m = &k->to[k->n];

	(void)text, (void)open;
	if (at <= 0 || k->rc != OK)
		return;
	*m = (struct moved){ .part = k->share.part.v, .entity = str_sub(name, at + 12, -1) };
	k->rc = query_int(k->c, str_z(k->c->mem, name), &share_shape, &k->share, &m->n);
	k->n++;
}

/* What is chosen for no other part is the first one's. */
static void first_share(struct counting *k, int64_t first, int64_t kinds, int64_t parts_from)
{
	const int64_t per = kinds;

	for (int64_t i = 0; i < per; i++) {
		struct moved *m = &k->to[k->n];

		*m = (struct moved){ .part = first, .entity = k->to[parts_from + i].entity };
		for (int64_t t = 0; t < parts_from; t++)
			if (str_eq(k->to[t].entity, m->entity))
				m->n = k->to[t].n;
		for (int64_t j = parts_from; j < k->n; j++)
			if (str_eq(k->to[j].entity, m->entity) && k->to[j].part != first)
				m->n -= k->to[j].n;
		k->n++;
	}
}

/* What goes: the rows of the unit that changes and, in a merger, of the others that end with it. Of a division also
 * what each part receives. */
static enum rc count_all(struct ctx *c, const struct org_change *k, const items *parts, items *ret)
{
	const struct org_change_part *p = parts->p;
	struct counting n = { c, { k->subject, k->target }, { { 0 }, k->subject },
		NEWS(c->mem, struct moved, KINDS_MOST * (parts->n + 2)), 0, 0, OK };

	queries_each(c->app->registry, count_rows, &n);
	for (int64_t i = 0; k->kind == CHANGE_MERGE && i < parts->n && n.rc == OK; i++) {
		n.in.old_org = p[i].part;
		n.n = 0;
		queries_each(c->app->registry, count_rows, &n);
	}
	const int64_t totals = n.n;
	int64_t kinds = 0;
	for (int64_t i = 1; k->kind == CHANGE_SPLIT && i < parts->n && n.rc == OK; i++) {
		n.share.part.v = p[i].base.id;
		queries_each(c->app->registry, count_shares, &n);
		kinds = i == 1 ? n.n - totals : kinds;
	}
	if (kinds && n.rc == OK)
		first_share(&n, p[0].base.id, kinds, totals);
	*ret = (items){ n.to, n.n };
	return n.rc;
}

static enum rc keep_moved(struct ctx *c, const struct org_change *k, const items *parts)
{
	items got;

	TRY(count_all(c, k, parts, &got));
	for (int64_t i = 0; i < got.n; i++) {
		struct moved *m = (struct moved *)got.p + i;
		m->change = k->base.id;
		m->i = i;
		TRY(execute(c, "org/keep_moved", &moved_shape, m, NULL));
	}
	return OK;
}

static str label_of_kind(struct ctx *c, str entity)
{
	const struct meta *m = registry_entity(c->app->registry, entity);

	return m ? label_many(c, m->e) : entity;
}

/* The numbers of all, and of each part beside its name. */
static void tell_moved(struct ctx *c, const items *moved, struct part_view *v, int64_t n_parts, items *ret_counts)
{
	struct count_view *counts = NEWS(c->mem, struct count_view, moved->n + 1);
	int64_t n = 0;

	for (int64_t i = 0; i < moved->n; i++) {
		const struct moved *m = (const struct moved *)moved->p + i;
		str what = label_of_kind(c, m->entity), text = int_text(c->mem, m->n);

		if (m->part == 0)
			counts[n++] = (struct count_view){ what, m->n, text };
		for (int64_t j = 0; m->part && j < n_parts; j++)
			if (v[j].id == m->part)
				v[j].shares = TEXT(c, "%.*s%s%.*s: %.*s", FMT(v[j].shares), v[j].shares.n ? " · " : "", FMT(what),
					FMT(text));
	}
	*ret_counts = (items){ counts, n };
}

static struct part_view *part_views(struct ctx *c, const items *parts)
{
	struct part_view *v = NEWS(c->mem, struct part_view, parts->n + 1);
	struct org unit;

	for (int64_t i = 0; i < parts->n; i++) {
		const struct org_change_part *p = (const struct org_change_part *)parts->p + i;
		v[i].id = p->base.id;
		v[i].what = p->new_name;
		if (p->part.v && find(c, &org, p->part.v, &unit) == OK) {
			v[i].what = unit.name;
			v[i].slug = unit.slug;
		}
	}
	return v;
}

#define ROW struct count_view
static const struct shape count_shape = { sizeof(ROW), FIELDS{ { COL(what) }, { COL(n) }, { COL(text) }, END } };
#undef ROW
#define ROW struct part_view
static const struct shape part_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(what) }, { COL(slug) },
	{ COL(shares) }, END } };
#undef ROW
#define ROW struct preview_view
const struct shape preview_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(subject) },
	{ COL(target) }, { COL(kind) }, { COL(effective) }, { COL(decision) }, { COL(circle) },
	{ COL(founds) }, { COL(carries) }, { COL(closes) }, { COL(may_part) }, { COL(done) }, { COL(counted) },
	{ COL(n_parts) }, { MANY(parts, part_shape) }, { MANY(counts, count_shape) }, { MANY(below, count_shape) }, END } };
#undef ROW
#define ROW struct preview_in
const struct shape preview_in_shape = { sizeof(ROW), FIELDS{ { REF(change, org_change), .is = NEEDED }, END } };
#undef ROW

enum rc change_preview(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Xem trước: {1}", "Preview: {1}" },
		done = { "Đã thực hiện: {1}", "Carried out: {1}" };
	const struct preview_in *in = in_;
	struct preview_view *out = out_;
	struct org_change k;
	items parts, moved;

	TRY(find(c, &org_change, in->change.v, &k));
	TRY(change_parts(c, &k, &parts));
	out->done = k.state == CHANGE_APPLIED;
	if (out->done)                           /* what went is no longer there to be counted */
		TRY(query(c, "org/kept_moved", &moved_shape, &(struct moved){ .change = k.base.id }, &moved_shape, &moved,
			KINDS_MOST * 60));
	else
		TRY(count_all(c, &k, &parts, &moved));
	struct part_view *v = part_views(c, &parts);
	tell_moved(c, &moved, v, parts.n, &out->counts);
	out->counted = out->counts.n > 0;
	out->parts = (items){ v, parts.n };
	out->n_parts = parts.n;
	out->founds = k.kind == CHANGE_SPLIT;
	out->carries = k.kind == CHANGE_SPLIT || k.kind == CHANGE_MERGE;
	out->closes = k.kind == CHANGE_CLOSE;
	out->may_part = k.state == CHANGE_DRAFT && (k.kind == CHANGE_SPLIT || k.kind == CHANGE_MERGE) &&
		may(c, &org_change, UPDATE, &k);
	out->title = sayf(c, out->done ? &done : &title, ARGS(title_of(c, &org, k.subject.v)));
	out->id = k.base.id;
	out->subject = title_of(c, &org, k.subject.v);
	out->target = title_of(c, &org, k.target.v);
	out->kind = say(c, &change_kinds[k.kind].label);
	out->effective = k.effective;
	out->decision = k.decision;
	TRY(query(c, "org/preview_below", &moves_shape, &(struct moves_in){ k.subject, k.target }, &count_shape,
		&out->below, 200));
	int64_t circle = 0;
	TRY(query_int(c, "org/preview_circle", &moves_shape, &(struct moves_in){ k.subject, k.target }, &circle));
	out->circle = circle > 0;
	return OK;
}

#define ROW struct moves_in
const struct shape moves_shape = { sizeof(ROW), FIELDS{ { REF(old_org, org) }, { REF(new_org, org) }, END } };
#undef ROW

const struct job org_jobs[] = { { "apply_changes", { "Thực hiện sáp nhập, chia tách đến ngày",
	"Apply reorganisations that are due" }, DAYS(1), HM(0, 20), 600, 3, .run = apply_due }, END };
