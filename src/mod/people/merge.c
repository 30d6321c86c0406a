/* merge.c -- two records of one person become one, and can become two again. Works on every entity of the program that
 * refers to a person: what later modules add is merged with no word said here. */
#include "mod/people/people_rules.h"
#include "core/app.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/table.h"

static const struct tr
MSG_gone = { "Một trong hai hồ sơ đã bị bỏ: tải lại trang.", "One of the two records is gone: load the page again." },
MSG_two_ids = { "Hai hồ sơ có số định danh cá nhân khác nhau: không thể là một người.",
	"The two have different national ids: they cannot be one person." },
MSG_clash = { "Không hợp nhất được vì {1} của hai hồ sơ mâu thuẫn nhau.",
	"They cannot be merged: their {1} contradict each other." },
MSG_undone = { "Lần hợp nhất này đã được hoàn tác.", "This merge has been undone." },
MSG_restored = { "Đã tách lại thành hai hồ sơ.", "The records are two again." };

struct merging { struct ctx *c; int64_t from, into; struct buf moved; };

static int64_t *ref_in(void *row, const struct field *f) { return (int64_t *)(void *)((char *)row + f->at); }

/* Ends what db_begin began, as rc says. twice: there is a row with a key of this one already. */
static enum rc closed(struct ctx *c, enum rc rc, bool *ret_twice)
{
	*ret_twice = rc != OK && db_clash(c->db)[0];
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}

/* Rows of one entity that refer to the dropped person now refer to the kept one; a row that would then exist twice is
 * retired. Each is noted as "entity field id r|m" for the way back. */
static enum rc move_refs(struct merging *m, const struct entity *e, const struct field *f)
{
	struct ctx *c = m->c;
	items rows;

	TRY(find_all(c, e, &rows, 5000, IS({ f->at, v_int(m->from) })));
	for (int64_t i = 0; i < rows.n; i++) {
		void *row = (char *)(uintptr_t)rows.p + i * (int64_t)e->size;
		int64_t id = ((struct base *)row)->id, rev = ((struct base *)row)->rev;
		int had = c->n_problems;
		*ref_in(row, f) = m->into;
		bool twice;
		TRY(db_begin(c->db));
		enum rc rc = closed(c, update(c, e, row), &twice);
		if (twice) {
			c->n_problems = had;
			c->rc = OK;
			rc = retire(c, e, id, rev);
			put_fmt(&m->moved, "%s %s %lld r\n", e->name, f->name, (long long)id);
		} else if (rc == OK) {
			put_fmt(&m->moved, "%s %s %lld m\n", e->name, f->name, (long long)id);
		}
		if (rc != OK)
			return FAILF(c, E_CONFLICT, 0, &MSG_clash, say(c, &e->label));
	}
	return OK;
}

static enum rc move_all(struct merging *m)
{
	const struct registry *g = m->c->app->registry;

	for (int i = 0; i < g->n_entities; i++) {
		const struct entity *e = g->metas[i].e;
		if (e == &person || e == &person_pair || e == &person_merge)
			continue;
		for (const struct field *f = e->fields; f->name; f++)
			if (f->type == T_REF && f->ref == &person)
				TRY(move_refs(m, e, f));
	}
	return OK;
}

/* What the kept record lacks it takes from the other. */
static void fill_gaps(struct person *kept, const struct person *dropped)
{
	str code = kept->school_code;

	for (const struct field *f = person.fields; f->name; f++) {
		str *mine = (str *)(void *)((char *)kept + f->at);
		const str *other = (const str *)(const void *)((const char *)dropped + f->at);
		if (f->type == T_TEXT && mine->n == 0)
			*mine = *other;
	}
	if (kept->born.v == NO_DAY.v) kept->born = dropped->born;
	if (!kept->sex) kept->sex = dropped->sex;
	if (!kept->ethnicity) kept->ethnicity = dropped->ethnicity;
	if (!kept->commune.v) kept->commune = dropped->commune;
	if (kept->base.org.v != dropped->base.org.v)     /* another school's code is none of this one */
		kept->school_code = code;
	kept->pupil |= dropped->pupil;
	kept->staff |= dropped->staff;
	kept->guardian |= dropped->guardian;
}

static int said(const struct person *p)
{
	int n = 0;

	for (const struct field *f = person.fields; f->name; f++)
		n += f->type != T_BOOL && !field_empty(f, p);
	return n;
}

pick pair_suggests(const struct person *a, const struct person *b)
{
	const int x = said(a), y = said(b);

	return x != y ? (x < y ? KEEP_B : KEEP_A) : b->base.made.v < a->base.made.v ? KEEP_B : KEEP_A;
}

static enum rc merge(struct ctx *c, person_id kept_id, person_id dropped_id, int64_t *ret)
{
	struct person kept, dropped;
	struct person_merge record;
	struct merging m = { c, dropped_id.v, kept_id.v, { 0 } };

	if (find(c, &person, kept_id.v, &kept) != OK || find(c, &person, dropped_id.v, &dropped) != OK)
		return FAIL(c, E_STATE, 0, &MSG_gone);
	if (kept.national_id.n && dropped.national_id.n && !str_eq(kept.national_id, dropped.national_id))
		return FAIL(c, E_STATE, 0, &MSG_two_ids);
	buf_init(&m.moved, c->mem, 900000);
	TRY(move_all(&m));
	TRY(retire(c, &person, dropped.base.id, dropped.base.rev));
	TRY(find(c, &person, kept_id.v, &kept));
	fill_gaps(&kept, &dropped);
	TRY(update(c, &person, &kept));
	row_zero(&person_merge, &record);
	record.base.org = kept.base.org;
	record.kept = kept_id;
	record.dropped = dropped_id;
	record.moved = buf_str(&m.moved);
	TRY(create(c, &person_merge, &record));
	*ret = record.base.id;
	return OK;
}

enum rc pair_merge(struct ctx *c, void *row)
{
	const struct person_pair *p = row;
	const bool second = p->keep == KEEP_B;
	const struct actor *who = as_system(c, "a merge touches whatever refers to the person");
	int64_t made;
	enum rc rc = merge(c, second ? p->b : p->a, second ? p->a : p->b, &made);

	as_actor(c, who);
	TRY(rc);
	c->go = link_to(c, "/person_merge/%lld", (long long)made);     /* where it can be undone */
	return OK;
}

/* ---- POST /person_merge/{merge}/undo ------------------------------------------------------------------ */

static enum rc put_back(struct ctx *c, const struct person_merge *m, str line)
{
	str entity_name, field_name, id_text, how;
	int64_t id;

	str_cut(line, ' ', &entity_name, &line);
	str_cut(line, ' ', &field_name, &line);
	str_cut(line, ' ', &id_text, &how);
	const struct meta *meta = registry_entity(c->app->registry, entity_name);
	const struct field *f = meta ? field_named(meta->e->fields, field_name) : NULL;
	if (!f || !str_to_int(id_text, &id))
		return E_FAULT;
	if (str_is(how, "r")) {
		bool twice;
		const int had = c->n_problems;
		TRY(db_begin(c->db));
		enum rc rc = closed(c, unretire(c, meta->e, id), &twice);
		if (!twice)
			return rc;
		c->n_problems = had;                     /* written anew since: leave it */
		c->rc = OK;
		return OK;
	}
	void *row = arena_alloc(c->mem, meta->e->size, _Alignof(struct base));
	enum rc rc = find(c, meta->e, id, row);
	if (rc == E_MISSING || (rc == OK && *ref_in(row, f) != m->kept.v))
		return OK;                               /* removed or given to somebody else since: leave it */
	TRY(rc);
	*ref_in(row, f) = m->dropped.v;
	return update(c, meta->e, row);
}

#define ROW struct merge_in
const struct shape merge_in_shape = { sizeof(ROW), FIELDS{ { REF(merge, person_merge), .is = NEEDED,
	.label = { "Lần hợp nhất", "Merge" } }, END } };
#undef ROW

/* Whoever separates them says that they are two; the pair can be looked at again. */
static enum rc pair_is_two(struct ctx *c, const struct person_merge *m)
{
	struct person_pair p;
	enum rc rc = find_one(c, &person_pair, &p, IS({ offsetof(struct person_pair, a), v_int(m->kept.v) },
		{ offsetof(struct person_pair, b), v_int(m->dropped.v) }));

	if (rc == E_MISSING)
		rc = find_one(c, &person_pair, &p, IS({ offsetof(struct person_pair, a), v_int(m->dropped.v) },
			{ offsetof(struct person_pair, b), v_int(m->kept.v) }));
	if (rc == E_MISSING)
		return OK;
	TRY(rc);
	p.state = PAIR_DIFFERENT;
	return update(c, &person_pair, &p);
}

struct numbers { int64_t id; org_id org; str national_id, sector_id, school_code; };
#define ROW struct numbers
static const struct shape numbers_in_shape = { sizeof(ROW), FIELDS{ { COL(id) }, END } };
static const struct shape numbers_shape = { sizeof(ROW), FIELDS{ { REF(org, org) }, { COL(national_id) },
	{ COL(sector_id) }, { COL(school_code) }, END } };
#undef ROW

/* What the kept record took from the other goes back to it: a number is one record's. */
static enum rc give_back(struct ctx *c, const struct person_merge *m)
{
	struct person kept;
	struct numbers was = { .id = m->dropped.v };
	enum rc rc = find(c, &person, m->kept.v, &kept);

	if (rc == E_MISSING)
		return OK;
	TRY(rc);
	TRY(query_one(c, "people/numbers_of", &numbers_in_shape, &(struct numbers){ .id = m->dropped.v }, &numbers_shape,
		&was));
	if (str_eq(kept.national_id, was.national_id))
		kept.national_id = S("");
	if (str_eq(kept.sector_id, was.sector_id))
		kept.sector_id = S("");
	if (kept.base.org.v == was.org.v && str_eq(kept.school_code, was.school_code))
		kept.school_code = S("");
	return update(c, &person, &kept);
}

static enum rc undo(struct ctx *c, struct person_merge *m)
{
	str left = m->moved, line;

	TRY(give_back(c, m));
	TRY(unretire(c, &person, m->dropped.v));
	while (str_cut(left, '\n', &line, &left) || line.n)
		if (line.n)
			TRY(put_back(c, m, line));
	TRY(pair_is_two(c, m));
	m->undone = true;
	return update(c, &person_merge, m);
}

/* ---- GET /person_merge/{merge}/undo: what it will do ------------------------------------------------------ */

#define ROW struct undo_view
const struct shape undo_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(kept_id) }, { COL(kept) },
	{ COL(dropped) }, { COL(merged) }, { COL(undone) }, END } };
#undef ROW

enum rc merge_undo_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Hoàn tác hợp nhất", "Undo a merge" };
	const struct merge_in *in = in_;
	struct undo_view *out = out_;
	struct person_merge m;

	TRY(find(c, &person_merge, in->merge.v, &m));
	*out = (struct undo_view){ say(c, &title), m.base.id, m.kept.v, title_of(c, &person, m.kept.v),
		title_of(c, &person, m.dropped.v),
		instant_text(c->mem, m.base.made), m.undone };
	return OK;
}

enum rc merge_undo(struct ctx *c, const void *in_, void *out)
{
	const struct merge_in *in = in_;
	struct person_merge m;

	(void)out;
	TRY(find(c, &person_merge, in->merge.v, &m));
	if (m.undone)
		return FAIL(c, E_STATE, 0, &MSG_undone);
	const struct actor *who = as_system(c, "undoing a merge touches whatever it moved");
	enum rc rc = find(c, &person_merge, in->merge.v, &m);
	if (rc == OK)
		rc = undo(c, &m);
	as_actor(c, who);
	TRY(rc);
	return go_to(c, link_to(c, "/person/%lld", (long long)m.dropped.v), &MSG_restored);
}
