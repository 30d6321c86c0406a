/* prove.c -- khue check --ledger beyond the marks: conduct is what its history last said, results what they come to. */
#include "mod/records/gather.h"
#include "mod/records/result.h"

#include <cjson/cJSON.h>

struct prove_in { int64_t after, class; };
#define ROW struct prove_in
static const struct shape prove_in_shape = { sizeof(ROW), FIELDS{ { COL(after) }, { COL(class) }, END } };
#undef ROW

static enum rc wrong(struct ledger_fault *f, int64_t id, const char *what)
{
	*f = (struct ledger_fault){ 0, id, what };
	return E_STATE;
}

/* ---- conduct ------------------------------------------------------------------------------------------------ */

enum { SAID_LEVEL, SAID_SUMMER, SAID_QUALITIES, SAIDS };
struct told_row { int64_t id; str said[SAIDS], detail; };
#define ROW struct told_row
static const struct shape told_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(said[SAID_LEVEL]) },
	{ COL(said[SAID_SUMMER]) }, { COL(said[SAID_QUALITIES]) }, { COL(detail) }, END } };
#undef ROW
enum { TOLD_MAX = 20000 };

/* A row's history as far as it is read: of a row that it does not begin with, only what was changed is known. */
struct history { str last[SAIDS]; bool known[SAIDS]; };

/* {"field":value} of a new row, {"field":[old,new]} of a change. */
static void learn(struct ctx *c, struct history *h, str detail)
{
	static const char *const names[] = { "level", "summer", "qualities" };
	cJSON *j = cJSON_ParseWithLength(detail.p, (size_t)detail.n);
	const cJSON *class_ = j ? cJSON_GetObjectItemCaseSensitive(j, "class") : NULL;
	bool fresh = class_ && !cJSON_IsArray(class_);

	for (int i = 0; i < SAIDS; i++) {
		const cJSON *v = j ? cJSON_GetObjectItemCaseSensitive(j, names[i]) : NULL;
		if (v && cJSON_IsArray(v))
			v = cJSON_GetArrayItem(v, 1);
		if (!v && !fresh)
			continue;
		h->known[i] = true;
		h->last[i] = v && cJSON_IsString(v) ? str_copy(c->mem, str_of(v->valuestring)) : (str){ 0 };
	}
	cJSON_Delete(j);
}

static bool same_said(str a, str b)
{
	return str_eq(str_is(a, "none") ? (str){ 0 } : a, str_is(b, "none") ? (str){ 0 } : b);
}

static enum rc conduct_fits(const struct told_row *t, const struct history *h, struct ledger_fault *f)
{
	for (int i = 0; i < SAIDS; i++)
		if (h->known[i] && !same_said(h->last[i], t->said[i]))
			return wrong(f, t->id, "a row of conduct is not what its history says");
	return OK;
}

static enum rc conduct_verify(struct ctx *c, struct ledger_fault *f)
{
	struct prove_in at = { 0 };
	items ids, got;

	for (;;) {
		TRY(query(c, "records/ratings_after", &prove_in_shape, &at, &number_shape, &ids, 200));
		if (ids.n == 0)
			return OK;
		TRY(query(c, "records/ratings_told", &prove_in_shape, &at, &told_shape, &got, TOLD_MAX));
		struct history h = { 0 };
		for (int64_t i = 0; i < got.n; i++) {
			const struct told_row *t = (const struct told_row *)got.p + i;
			learn(c, &h, t->detail);
			if (i + 1 < got.n && t[1].id == t->id)
				continue;
			TRY(conduct_fits(t, &h, f));
			h = (struct history){ 0 };
		}
		at.after = ((const struct number_row *)ids.p)[ids.n - 1].n;
	}
}

/* ---- results ------------------------------------------------------------------------------------------------ */

struct since_row { int64_t pupil; instant rated, conduct, exemption, enrolment; };
#define ROW struct since_row
static const struct shape since_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(rated) }, { COL(conduct) },
	{ COL(exemption) }, { COL(enrolment) }, END } };
#undef ROW

/* Nothing it comes from has changed since: books, conduct, exemptions, the class. */
static bool is_fresh(const struct gathered *g, const struct person_row *p, const items *since)
{
	for (int64_t i = 0; i < since->n; i++) {
		const struct since_row *s = (const struct since_row *)since->p + i;
		if (s->pupil == p->pupil)
			return str_eq(p->positions, g->positions) && s->conduct.v <= s->rated.v &&
				s->exemption.v <= s->rated.v && s->enrolment.v <= s->rated.v;
	}
	return false;
}

static bool result_fits(const struct person_row *p, const struct year_result *r)
{
	/* days absent change behind the books: who stays down for them is rated anew with the class */
	return str_eq(p->r1, r->hk1) && str_eq(p->r2, r->hk2) && str_eq(p->level, r->level) &&
		str_eq(p->conduct, r->conduct) && str_eq(p->averages, r->averages) && p->overall.v == r->overall.v &&
		(p->absences != r->absences || (str_eq(p->standing, r->standing) && str_eq(p->title, r->title)));
}

/* A school's own parameters may have been others when it rated; where it has none, results must come out the same. */
static enum rc class_fits(struct ctx *c, int64_t class, struct ledger_fault *f)
{
	struct prove_in in = { .class = class };
	struct gathered g;
	items since;

	enum rc rc = gather(c, (school_class_id){ class }, NULL, &g);
	if (rc == E_MISSING || (rc == OK && setting(c, &mod_records, "parameters", g.class.org).n))
		return OK;
	TRY(rc);
	TRY(query(c, "records/rated_since", &prove_in_shape, &in, &since_shape, &since, PUPILS_MAX * 2));
	for (int64_t i = 0; i < g.n_people; i++) {
		const struct person_row *p = &g.people[i];
		struct year_result r;
		if (!p->id || !str_eq(p->scheme, g.scheme->is.code) || !is_fresh(&g, p, &since))
			continue;
		result_of(c, &g, i, &r);
		if (!result_fits(p, &r))
			return wrong(f, p->id, "a result is not what the marks come to");
	}
	return OK;
}

static enum rc results_verify(struct ctx *c, struct ledger_fault *f)
{
	struct prove_in at = { 0 };
	struct arena *mem = c->mem, room;
	enum rc rc = OK;
	items got;

	arena_init(&room, (size_t)1 << 30);
	room.full = mem->full;
	do {
		rc = query(c, "records/rated_classes", &prove_in_shape, &at, &number_shape, &got, 200);
		for (int64_t i = 0; rc == OK && i < got.n; i++) {
			at.after = ((const struct number_row *)got.p)[i].n;
			c->mem = &room;
			rc = class_fits(c, at.after, f);
			c->mem = mem;
			arena_reset(&room);
		}
	} while (rc == OK && got.n);
	arena_free(&room);
	return rc;
}

enum rc ratings_verify(struct ctx *c, struct ledger_fault *fault)
{
	TRY(conduct_verify(c, fault));
	return results_verify(c, fault);
}
