/* prove.c -- khue check --ledger beyond the marks: conduct is what its history last said, results what they come to. */
#include "mod/records/gather.h"
#include "mod/records/rating.h"
#include "mod/records/result.h"

#include <cjson/cJSON.h>

struct prove_in { int64_t after, class; };
#define ROW struct prove_in
static const struct shape prove_in_shape = { sizeof(ROW), FIELDS{ { COL(after) }, { COL(class) }, END } };
#undef ROW

static const struct tr
	WHAT_conduct = { "dòng rèn luyện không phải điều lịch sử của nó nói",
		"a row of conduct is not what its history says" },
	WHAT_result = { "kết quả không phải điều các sổ tính ra", "a result is not what the marks come to" },
	WHAT_none = { "thiếu kết quả của một học sinh trong lớp đã tính",
		"a pupil of a class that was rated has no result" },
	WHAT_short = { "sổ ngắn hơn lúc tính kết quả của lớp", "the book is shorter than when the class was rated" },
	WHAT_fewer = { "lớp có ít sổ hơn lúc tính kết quả", "the class has fewer books than when it was rated" };

static enum rc wrong(struct ledger_fault *f, int64_t id, int64_t class, int64_t pupil_, const struct tr *what)
{
	*f = (struct ledger_fault){ 0, id, what, .class = class, .pupil = pupil_ };
	return E_STATE;
}

/* ---- conduct ------------------------------------------------------------------------------------------------ */

enum { SAID_LEVEL, SAID_SUMMER, SAID_QUALITIES, SAID_REMARK, SAID_TERM, SAID_VERDICT, SAIDS };
struct told_row { int64_t id; str said[SAIDS]; int64_t class, pupil; str detail; };
#define ROW struct told_row
static const struct shape told_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(said[SAID_LEVEL]) },
	{ COL(said[SAID_SUMMER]) }, { COL(said[SAID_QUALITIES]) }, { COL(said[SAID_REMARK]) }, { COL(said[SAID_TERM]) },
	{ COL(said[SAID_VERDICT]) }, { COL(class) }, { COL(pupil) }, { COL(detail) }, END } };
#undef ROW
enum { TOLD_MAX = 20000 };

/* A row's history as far as it is read: of a row that it does not begin with, only what was changed is known. */
struct history { str last[SAIDS]; bool known[SAIDS]; };

/* {"field":value} of a new row, {"field":[old,new]} of a change. */
static void learn(struct ctx *c, struct history *h, str detail)
{
	static const char *const names[] = { "level", "summer", "qualities", "remark", "term", "verdict" };
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
		if (i == SAID_TERM && !v)
			h->last[i] = str_of(rating_terms[0].code);       /* the first choice counts as empty             */
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
			return wrong(f, t->id, t->class, t->pupil, &WHAT_conduct);
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
	/* days absent change behind the books: who stays down for them is rated anew with the class, as is who is not
	 * rated yet */
	return str_eq(p->r1, r->hk1) && str_eq(p->r2, r->hk2) && str_eq(p->level, r->level) &&
		str_eq(p->conduct, r->conduct) && str_eq(p->averages, r->averages) && p->overall.v == r->overall.v &&
		(p->absences != r->absences || (!p->level.n && !p->standing.n) ||
		(str_eq(p->standing, r->standing) && str_eq(p->title, r->title) &&
		str_eq(p->retests, r->retests) && str_eq(p->why, r->why)));
}

/* Ledgers only grow, and no book of a class goes away: each is at least as long as when the class was rated. */
static enum rc books_grew(const struct gathered *g, struct ledger_fault *f)
{
	for (int64_t i = 0; i < g->n_people; i++) {
		int64_t b = 0, v;
		for (str one, rest = g->people[i].positions; rest.n; b++) {
			str_cut(rest, ',', &one, &rest);
			if (!g->people[i].id || !str_to_int(one, &v))
				continue;
			if (b >= g->n_books)
				return wrong(f, g->people[i].id, g->class.id, 0, &WHAT_fewer);
			if (v > g->books[b].entries) {
				*f = (struct ledger_fault){ g->books[b].id, g->books[b].entries, &WHAT_short };
				return E_STATE;
			}
		}
	}
	return OK;
}

/* Who was in the class when it was last rated was rated with it. */
static enum rc all_rated(const struct gathered *g, const items *since, struct ledger_fault *f)
{
	bool after = false;

	for (int64_t i = 0; i < since->n; i++) {
		const struct since_row *s = (const struct since_row *)since->p + i;
		after = after || s->enrolment.v < s->rated.v;
	}
	for (int64_t i = 0; after && i < g->n_people; i++)
		if (!g->people[i].id)
			return wrong(f, 0, g->class.id, g->people[i].pupil, &WHAT_none);
	return OK;
}

/* A school's own parameters may have been others when it rated; where it has none, results must come out the same. */
static enum rc class_fits(struct ctx *c, int64_t class, struct ledger_fault *f)
{
	struct prove_in in = { .class = class };
	struct gathered g;
	items since;

	enum rc rc = gather(c, (school_class_id){ class }, NULL, &g);
	if (rc == OK)
		TRY(books_grew(&g, f));
	if (rc == E_MISSING || (rc == OK && setting(c, &mod_records, "parameters", g.class.org).n))
		return OK;
	TRY(rc);
	TRY(query(c, "records/rated_since", &prove_in_shape, &in, &since_shape, &since, PUPILS_MAX * 2));
	TRY(all_rated(&g, &since, f));
	for (int64_t i = 0; i < g.n_people; i++) {
		const struct person_row *p = &g.people[i];
		struct year_result r;
		if (!p->id || !str_eq(p->scheme, g.scheme->is.code) || !is_fresh(&g, p, &since))
			continue;
		result_of(c, &g, i, &r);
		if (!result_fits(p, &r))
			return wrong(f, p->id, class, p->pupil, &WHAT_result);
	}
	return OK;
}

/* The results could not be read for all classes together: of the first whose own cannot be read, the fault is told. */
static void name_unread(struct ctx *c, struct ledger_fault *f)
{
	struct prove_in at = { 0 };
	int64_t n;
	items got = { 0 };

	do {
		if (query(c, "records/classes_after", &prove_in_shape, &at, &number_shape, &got, 200) != OK)
			return;
		for (int64_t i = 0; i < got.n; i++) {
			at.after = at.class = ((const struct number_row *)got.p)[i].n;
			if (query_int(c, "records/results_read", &prove_in_shape, &at, &n) != OK) {
				f->class = at.class;
				return;
			}
		}
	} while (got.n);
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
			if (rc != OK && rc != E_STATE)
				f->class = at.after;
			c->mem = mem;
			arena_reset(&room);
		}
	} while (rc == OK && got.n);
	arena_free(&room);
	if (rc != OK && rc != E_STATE && !f->class)
		name_unread(c, f);
	return rc;
}

enum rc ratings_verify(struct ctx *c, struct ledger_fault *fault)
{
	TRY(conduct_verify(c, fault));
	return results_verify(c, fault);
}

/* ---- told ---------------------------------------------------------------------------------------------------- */

str ledger_where(struct ctx *c, const struct ledger_fault *f)
{
	static const struct tr book = { "Sổ điểm {1} (môn {2}, lớp {3}, {4})",
			"The book of marks {1} ({2}, class {3}, {4})" },
		class_ = { "Kết quả lớp {1} ({2})", "The results of class {1} ({2})" },
		school = { "Sổ điểm của {1}", "The books of marks of {1}" }, of = { "{1}, học sinh {2}", "{1}, pupil {2}" },
		all = { "Sổ điểm", "The books of marks" };
	struct course k = { .class = { f->class }, .subject = { f->subject }, .base = { .org = { f->school } } };
	struct school_class g;
	str where = say(c, &all);

	if (f->course && find(c, &course, f->course, &k) != OK)
		k = (struct course){ .class = { f->class }, .subject = { f->subject }, .base = { .org = { f->school } } };
	if (!k.base.org.v && k.class.v && find(c, &school_class, k.class.v, &g) == OK)
		k.base.org = g.base.org;
	str at = title_of(c, &org, k.base.org.v), of_class = title_of(c, &school_class, k.class.v);
	if (f->course)
		where = sayf(c, &book, ARGS(TEXT(c, "%lld", (long long)f->course), title_of(c, &subject, k.subject.v), of_class,
			at));
	else if (f->class)
		where = sayf(c, &class_, ARGS(of_class, at));
	else if (f->school)
		where = sayf(c, &school, ARGS(at));
	return f->pupil ? sayf(c, &of, ARGS(where, title_of(c, &person, f->pupil))) : where;
}
