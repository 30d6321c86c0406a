/* follow.c -- the timetable of classes that went to another school in a merger or a division. Both schools have had
 * their versions, each from its own days on: the school the classes came to has from then on, for every day on which
 * either changed, one version with its own lessons and theirs, so that every week, past or to come, shows the same
 * lessons as before. Drafts come as drafts; bells for the slots that have none there. */
#include "core/crud.h"
#include "core/many.h"
#include "mod/timetable/timetable_rules.h"

enum { VERSIONS_MOST = 200, LESSONS_MOST = 4000 };

struct version { int64_t id, rev; school_year_id year; str name; day since; bool draft; };
#define ROW struct version
static const struct shape version_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, { REF(year, school_year) },
	{ COL(name) }, { COL(since) }, { COL(draft) }, END } };
#undef ROW

/* bring: those of the school the classes left; there: published ones of the school they came to. By day, downwards. */
struct following { struct ctx *c; org_id from, to; items bring, there; };

static enum rc bells_follow(const struct following *f)
{
	items had, has;
	int64_t n = 0;

	TRY(school_bells(f->c, f->from.v, &had));
	TRY(school_bells(f->c, f->to.v, &has));
	struct bell *b = NEWS(f->c->mem, struct bell, had.n + 1);
	for (int64_t i = 0; i < had.n; i++) {
		const struct bell_row *r = (const struct bell_row *)had.p + i;
		bool known = false;
		for (int64_t j = 0; j < has.n; j++)
			known = known || ((const struct bell_row *)has.p)[j].slot == r->slot;
		if (known)
			continue;
		row_zero(&bell, &b[n]);
		b[n].base.org = f->to;
		b[n].slot = r->slot;
		b[n].begins = r->begins;
		b[n++].ends = r->ends;
	}
	return n ? create_many(f->c, &bell, b, n) : OK;
}

/* Lessons of one version's classes that are at the school now are written again, into another of its versions. */
static enum rc put_lessons(const struct following *f, int64_t from, int64_t into)
{
	struct tt_in in = { .timetable = from, .school = f->to.v };
	items rows;

	TRY(query(f->c, "timetable/came_lessons", &tt_in_shape, &in, &copy_row_shape, &rows, LESSONS_MOST));
	struct lesson *l = lessons_of_rows(f->c, &rows, f->to, (timetable_id){ into });
	return rows.n ? create_many(f->c, &lesson, l, rows.n) : OK;
}

static enum rc put_version(const struct following *f, const struct version *v, int64_t *ret)
{
	struct timetable t, other;

	row_zero(&timetable, &t);
	t.base.org = f->to;
	t.year = v->year;
	t.name = v->name;
	t.since = v->since;
	t.state = v->draft ? TIMETABLE_DRAFT : TIMETABLE_PUBLISHED;
	enum rc rc = find_one(f->c, &timetable, &other, IS({ offsetof(struct timetable, base.org), v_int(f->to.v) },
		{ offsetof(struct timetable, since), v_int(v->since.v) },
		{ offsetof(struct timetable, name), v_text(v->name) }));
	if (rc == OK || rc == E_STATE)
		t.name = TEXT(f->c, "%.*s – %.*s", FMT(v->name), FMT(title_of(f->c, &org, f->from.v)));
	else if (rc != E_MISSING)
		return rc;
	TRY(create_many(f->c, &timetable, &t, 1));
	*ret = t.base.id;
	return OK;
}

/* Of published versions, by day downwards, the one in force that day. */
static const struct version *in_force(const items *all, day on)
{
	for (int64_t i = 0; i < all->n; i++) {
		const struct version *v = (const struct version *)all->p + i;
		if (!v->draft && v->since.v <= on.v)
			return v;
	}
	return NULL;
}

/* The day `on`, on which either school changed its timetable. Later days are done: the versions in force before have
 * their own lessons only. */
static enum rc join_day(const struct following *f, day on)
{
	const struct version *brought = in_force(&f->bring, on), *there = in_force(&f->there, on);
	int64_t into = there ? there->id : 0;

	if (!brought)
		return OK;
	if (!there || there->since.v != on.v) {
		TRY(put_version(f, brought, &into));
		if (there)
			TRY(put_lessons(f, there->id, into));
	}
	return put_lessons(f, brought->id, into);
}

static enum rc join_all(const struct following *f)
{
	const struct version *a = f->bring.p, *b = f->there.p;
	day done = { INT32_MAX };
	int64_t i = 0, j = 0, into;

	while (i < f->bring.n || j < f->there.n) {
		bool first = j == f->there.n || (i < f->bring.n && a[i].since.v >= b[j].since.v);
		const struct version *v = first ? &a[i++] : &b[j++];
		if (v->draft) {
			TRY(put_version(f, v, &into));
			TRY(put_lessons(f, v->id, into));
		} else if (v->since.v != done.v) {
			TRY(join_day(f, v->since));
			done = v->since;
		}
	}
	return OK;
}

/* What was written again goes from where it was; a version without a lesson left goes too. */
static enum rc clear_old(const struct following *f)
{
	for (int64_t i = 0; i < f->bring.n; i++) {
		const struct version *v = (const struct version *)f->bring.p + i;
		struct tt_in in = { .timetable = v->id, .school = f->to.v };
		struct tt_n left = { 0 };

		TRY(execute(f->c, "timetable/came_clear", &tt_in_shape, &in, NULL));
		TRY(query_one(f->c, "timetable/lessons_of", &tt_in_shape, &in, &tt_n_shape, &left));
		if (left.n == 0)
			TRY(retire(f->c, &timetable, v->id, v->rev));
	}
	return OK;
}

enum rc timetable_came(struct ctx *c, org_id from, org_id to)
{
	struct following f = { c, from, to, { 0 }, { 0 } };
	struct tt_in in = { .school = from.v, .class = to.v };

	TRY(query(c, "timetable/came_versions", &tt_in_shape, &in, &version_shape, &f.bring, VERSIONS_MOST));
	TRY(query(c, "timetable/versions_there", &tt_in_shape, &(struct tt_in){ .school = to.v }, &version_shape, &f.there,
		VERSIONS_MOST));
	TRY(bells_follow(&f));
	if (f.bring.n == 0)
		return OK;
	TRY(join_all(&f));
	return clear_old(&f);
}
