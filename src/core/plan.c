/* plan.c -- see plan.h. */
#include "core/data.h"
#include "core/plan.h"
#include "core/search.h"
#include <stdlib.h>

/* ---- rights -------------------------------------------------------------------------------- */

bool scope_is_all(const struct scope *s)
{
	return strcmp(s->where, "1 = 1") == 0;
}

static const char *anchor_name(const struct table *t, uint8_t on)
{
	col at = t->e->anchor[on];
	if (at == ITSELF)
		return "id";
	if (at == 0)
		return on == ON_ORG ? "org" : NULL;
	int i = column_at(t, at);
	return i >= 0 ? t->columns[i]->name : NULL;
}

static void right_add(struct rights *r, const struct grant *g, org_id seat)
{
	int64_t org = strstr(g->in->where, ":seat") ? seat.v : 0;
	if (r->n == RIGHTS_MAX)
		return;
	for (int i = r->n - 1; i >= 0 && r->at[i].g == g; i--)
		if (r->at[i].seat == org)
			return;
	r->at[r->n++] = (struct right){ g, org, false };
}

void rights_of(const struct ctx *c, const struct table *t, const struct grant *grants, uint32_t verb,
	struct rights *ret)
{
	ret->t = t;
	ret->grants = grants;
	ret->n = 0;
	ret->system = c->who->system;
	if (ret->system)
		return;
	for (const struct grant *g = grants; g && g->to; g++) {
		if (verb && !(g->may & verb))
			continue;
		if (t && !scope_is_all(g->in) && !anchor_name(t, g->in->on))
			continue;
		if (g->to->is & ROLE_ANYONE || (g->to->is & ROLE_SIGNED && c->who->user.v)) {
			right_add(ret, g, (org_id){ 0 });
			continue;
		}
		for (int i = 0; i < c->who->n_seats; i++)
			if (c->who->seats[i].role == g->to && !seat_shut(c, &c->who->seats[i], verb))
				right_add(ret, g, c->who->seats[i].org);
	}
}

static bool grant_hides(const struct grant *g, col at)
{
	for (int i = 0; i < (int)COUNT(g->hide) && g->hide[i]; i++)
		if (g->hide[i] == at)
			return true;
	return false;
}

bool rights_hide(const struct rights *r, const struct field *f)
{
	if (r->system)
		return false;
	if (f->is & SECRET)
		return true;
	for (int i = 0; i < r->n; i++)
		if (!grant_hides(r->at[i].g, f->at))
			return false;
	return true;
}

/* ---- drafts -------------------------------------------------------------------------------- */

void draft_begin(struct draft *d, struct arena *mem)
{
	buf_init(&d->sql, mem, (size_t)256 << 10);
	d->n = 0;
	d->seats = 0;
	d->few = false;
}

void draft_slot(struct draft *d, enum slot_kind kind, int index)
{
	int i = 0;
	while (i < d->n && !(d->slots[i].kind == kind && d->slots[i].index == index))
		i++;
	if (i == d->n) {
		if (d->n == SLOTS_MAX)
			abort();
		d->slots[d->n++] = (struct slot){ (uint8_t)kind, (int16_t)index };
	}
	put_c(&d->sql, '?');
	put_int(&d->sql, i + 1);
}

static const struct { const char *name; enum slot_kind kind; } words[] = {
	{ ":seat", SLOT_SEAT }, { ":person", SLOT_PERSON }, { ":user", SLOT_USER }, { ":today", SLOT_TODAY },
	{ ":now", SLOT_NOW }, { ":here", SLOT_HERE } };

static void draft_at(struct draft *d, const char *alias, const char *at, int arg)
{
	if (at) {
		put_z(&d->sql, alias);
		put_z(&d->sql, *alias ? "." : "");
		put_z(&d->sql, at);
	} else {
		draft_slot(d, SLOT_ARG, arg);
	}
}

/* "{at} IN (SELECT below FROM org_below WHERE ..)" as "EXISTS (SELECT 1 FROM org_below WHERE below = {at} AND ..)":
 * the set of a department's 700 schools costs more than one look. Returns where the rest of the scope's text goes
 * on. */
static const char *draft_exists(struct draft *d, const char *where, const char *alias, const char *at, int arg)
{
	static const char begin[] = "{at} IN (SELECT ";
	const char *name = where + sizeof begin - 1, *from, *cond;
	if (!d->few || strncmp(where, begin, sizeof begin - 1) != 0)
		return where;
	from = strstr(name, " FROM ");
	cond = from ? strstr(from, " WHERE ") : NULL;
	if (!cond || strchr(where, '(') != strrchr(where, '('))
		return where;
	put_z(&d->sql, "EXISTS (SELECT 1");
	put(&d->sql, (str){ from, cond - from });
	put_z(&d->sql, " WHERE ");
	put(&d->sql, (str){ name, from - name });
	put_z(&d->sql, " = ");
	draft_at(d, alias, at, arg);
	put_z(&d->sql, " AND ");
	return cond + 7;
}

void draft_scope(struct draft *d, const struct scope *s, const char *alias, const char *at, int arg, int seat)
{
	for (const char *p = draft_exists(d, s->where, alias, at, arg); *p;) {
		size_t took = 0;
		if (strncmp(p, "{at}", 4) == 0) {
			took = 4;
			draft_at(d, alias, at, arg);
		}
		for (int i = 0; !took && i < (int)COUNT(words); i++) {
			if (strncmp(p, words[i].name, strlen(words[i].name)) == 0) {
				took = strlen(words[i].name);
				draft_slot(d, words[i].kind, words[i].kind == SLOT_SEAT ? seat : 0);
			}
		}
		if (!took)
			put_c(&d->sql, *p);
		p += took ? took : 1;
	}
}

/* Ors the scopes of the rights that show f (NULL: all of them). False: nothing was written, everything is allowed. */
static bool draft_any(struct draft *d, const struct rights *r, const struct field *f, const char *alias)
{
	const char *glue = "(";
	for (int i = 0; i < r->n; i++)
		if ((r->at[i].all || scope_is_all(r->at[i].g->in)) && !(f && grant_hides(r->at[i].g, f->at)))
			return false;
	for (int i = 0; i < r->n; i++) {
		const struct scope *s = r->at[i].g->in;
		bool twice = f && grant_hides(r->at[i].g, f->at);
		for (int k = 0; !twice && k < i; k++)
			twice = r->at[k].g->in == s && r->at[k].seat == r->at[i].seat && !(f && grant_hides(r->at[k].g, f->at));
		if (twice)
			continue;
		put_z(&d->sql, glue);
		draft_scope(d, s, alias, anchor_name(r->t, s->on), 0, d->seats + i);
		glue = " OR ";
	}
	put_z(&d->sql, *glue == '(' ? "(0 = 1)" : ")");
	return true;
}

void draft_rights(struct draft *d, const struct rights *r, const char *alias)
{
	if (r->system || !draft_any(d, r, NULL, alias))
		put_z(&d->sql, "1 = 1");
}

void draft_reached(struct draft *d, const struct rights *r, const char *table)
{
	for (int i = 0; i < r->n; i++) {
		const struct scope *s = r->at[i].g->in;
		put_fmt(&d->sql, "%sSELECT d.id FROM %s d WHERE ", i ? " UNION " : "", table);
		draft_scope(d, s, "d", anchor_name(r->t, s->on), 0, d->seats + i);
	}
}

void draft_words(struct draft *d, int n, int first)
{
	for (int i = 0; i < n; i++) {
		put_z(&d->sql, " AND ' ' || a._fold LIKE ");
		draft_slot(d, SLOT_ARG, first + i);
		put_z(&d->sql, " ESCAPE '\\'");
	}
}

str like_word(struct arena *mem, str word)
{
	struct buf b;
	buf_init(&b, mem, 1024);
	put_z(&b, "% ");
	for (int i = 0; i < word.n; i++) {
		if (word.p[i] == '%' || word.p[i] == '_' || word.p[i] == '\\')
			put_c(&b, '\\');
		put_c(&b, word.p[i]);
	}
	put_c(&b, '%');
	return buf_str(&b);
}

void draft_in_key(struct draft *d, enum db_kind kind, int n, int first)
{
	const char *open = kind == DB_SQLITE ? "instr(s.key, " : "position(";
	const char *close = kind == DB_SQLITE ? ")" : " IN s.key)";
	if (n == 0)
		return;
	put_z(&d->sql, " AND ((");
	for (int i = 0; i <= n; i++) {
		put_z(&d->sql, i == 0 ? "" : i < n ? " AND " : ") OR ");
		put_z(&d->sql, open);
		draft_slot(d, SLOT_ARG, first + i);
		put_z(&d->sql, close);
		put_z(&d->sql, i < n ? " > 0" : " = 0");
	}
	put_fmt(&d->sql, " OR length(s.key) > %d)", SEARCH_KEY - 4);
}

static bool always_shown(const struct rights *r, const struct field *f)
{
	if (r->system)
		return true;
	for (int i = 0; i < r->n; i++)
		if (grant_hides(r->at[i].g, f->at))
			return false;
	return true;
}

void draft_column(struct draft *d, const struct rights *r, const struct field *f, const char *alias)
{
	if (rights_hide(r, f)) {
		put_z(&d->sql, "NULL");
		return;
	}
	bool guarded = false;
	if (!always_shown(r, f)) {
		size_t mark = d->sql.n;
		put_z(&d->sql, "CASE WHEN ");
		guarded = draft_any(d, r, f, alias);
		if (guarded)
			put_z(&d->sql, " THEN ");
		else
			d->sql.n = mark;
	}
	put_z(&d->sql, alias);
	put_z(&d->sql, *alias ? "." : "");
	put_z(&d->sql, f->name);
	if (guarded)
		put_z(&d->sql, " END");
}

void draft_shows(struct draft *d, const struct rights *r, const struct field *f, const char *alias)
{
	if (rights_hide(r, f)) {
		put_z(&d->sql, "0");
		return;
	}
	size_t mark = d->sql.n;
	put_z(&d->sql, "CASE WHEN ");
	if (!always_shown(r, f) && draft_any(d, r, f, alias)) {
		put_z(&d->sql, " THEN 1 ELSE 0 END");
	} else {
		d->sql.n = mark;
		put_c(&d->sql, '1');
	}
}

struct plan draft_end(struct draft *d, struct arena *mem)
{
	if (d->sql.over)
		abort();
	struct slot *slots = NEWS(mem, struct slot, d->n + 1);
	memcpy(slots, d->slots, sizeof *slots * (size_t)d->n);
	return (struct plan){ str_z(mem, buf_str(&d->sql)), slots, d->n };
}

/* ---- cache --------------------------------------------------------------------------------- */

enum { PLANS = 8192, PLANS_FULL = 4096 };
struct kept { const uint8_t *key; int n; uint32_t hash; struct plan plan; };
struct plan_cache { struct arena *mem; struct kept *at; int n; };

struct plan_cache *plan_cache_new(struct arena *mem)
{
	struct plan_cache *x = NEW(mem, struct plan_cache);
	x->mem = mem;
	x->at = NEWS(mem, struct kept, PLANS);
	return x;
}

void key_pointer(struct plan_key *k, const void *p)
{
	uintptr_t v = (uintptr_t)p;
	for (size_t i = 0; i < sizeof v; i++)
		key_byte(k, (int)(v >> (8 * i) & 255));
}

void key_rights(struct plan_key *k, const struct rights *r)
{
	key_pointer(k, r->grants);
	key_byte(k, r->system ? 255 : r->n);
	for (int i = 0; i < r->n; i++) {
		key_byte(k, (int)(r->at[i].g - r->grants));
		key_byte(k, r->at[i].all);
		/* the text repeats no scope of the same seat, so equal seats are part of the shape */
		int same = i;
		for (int j = 0; j < i; j++) {
			if (r->at[j].seat == r->at[i].seat && r->at[j].g->in == r->at[i].g->in) {
				same = j;
				break;
			}
		}
		key_byte(k, same);
	}
}

static struct kept *kept_find(struct plan_cache *x, const struct plan_key *k, uint32_t *ret_hash)
{
	uint32_t h = (uint32_t)str_hash((str){ (const char *)k->b, k->n });
	*ret_hash = h;
	for (uint32_t i = h & (PLANS - 1);; i = (i + 1) & (PLANS - 1)) {
		struct kept *e = &x->at[i];
		if (!e->key || (e->hash == h && e->n == k->n && memcmp(e->key, k->b, (size_t)k->n) == 0))
			return e;
	}
}

const struct plan *plan_get(const struct ctx *c, const struct plan_key *k)
{
	uint32_t h;
	struct kept *e = kept_find(data_of(c)->plans, k, &h);
	return e->key && k->n < (int)sizeof k->b ? &e->plan : NULL;
}

const struct plan *plan_put(struct ctx *c, const struct plan_key *k, struct draft *d)
{
	struct plan_cache *x = data_of(c)->plans;
	uint32_t h;
	if (k->n == (int)sizeof k->b || x->n >= PLANS_FULL || x->mem->max - x->mem->used < ((size_t)8 << 20)) {
		struct plan *p = NEW(c->mem, struct plan);
		*p = draft_end(d, c->mem);
		return p;
	}
	struct kept *e = kept_find(x, k, &h);
	x->mem->full = c->mem->full;             /* out of memory ends this request, not the process         */
	uint8_t *key = NEWS(x->mem, uint8_t, k->n + 1);
	memcpy(key, k->b, (size_t)k->n);
	struct plan plan = draft_end(d, x->mem);
	x->mem->full = NULL;
	*e = (struct kept){ key, k->n, h, plan };
	x->n++;
	return &e->plan;
}

void plans_each(const struct ctx *c, void (*fn)(void *arg, const char *sql, int n), void *arg)
{
	const struct plan_cache *x = data_of(c)->plans;
	for (int i = 0; i < PLANS; i++)
		if (x->at[i].key)
			fn(arg, x->at[i].plan.sql, x->at[i].plan.n);
}

static int64_t seat_of(const struct rights *const *rights, int n, int index)
{
	for (int i = 0; i < n; i++) {
		if (index < rights[i]->n)
			return rights[i]->at[index].seat;
		index -= rights[i]->n;
	}
	abort();
}

const struct val *plan_bind(struct ctx *c, const struct plan *p, const struct rights *const *rights, int n_rights,
                            const struct val *args, int n_args)
{
	struct val *v = NEWS(c->mem, struct val, p->n + 1);
	for (int i = 0; i < p->n; i++) {
		switch ((enum slot_kind)p->slots[i].kind) {
		case SLOT_ARG:
			if (p->slots[i].index >= n_args)
				abort();
			v[i] = args[p->slots[i].index];
			break;
		case SLOT_SEAT:   v[i] = v_int(seat_of(rights, n_rights, p->slots[i].index)); break;
		case SLOT_USER:   v[i] = v_int(c->who->user.v); break;
		case SLOT_PERSON: v[i] = v_int(c->who->person.v); break;
		case SLOT_TODAY:  v[i] = v_int(c->today.v); break;
		case SLOT_NOW:    v[i] = v_int(c->now.v); break;
		case SLOT_HERE:   v[i] = v_int(c->here.org.v); break;
		}
	}
	return v;
}
