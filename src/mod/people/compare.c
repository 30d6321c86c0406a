/* compare.c -- GET /person_pair/{pair}/compare: two records that look like one person, beside each other. */
#include "mod/people/people_rules.h"
#include "core/perm.h"
#include "core/query.h"
#include "core/row.h"

#define ROW struct compare_in
const struct shape compare_in_shape = { sizeof(ROW), FIELDS{ { REF(pair, person_pair), .is = NEEDED,
	.label = { "Hồ sơ nghi trùng", "Possible duplicate" } }, END } };
#undef ROW
#define ROW struct compare_line
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(a) }, { COL(b) },
	{ COL(differs) }, END } };
#undef ROW
#define ROW struct compare_step
static const struct shape step_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(label) }, { COL(main) },
	{ COL(second) }, END } };
#undef ROW
#define ROW struct compare_view
const struct shape compare_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(rev) }, { COL(a) },
	{ COL(b) }, { COL(why) }, { COL(undo) }, { COL(half) }, { MANY(lines, line_shape) },
	{ MANY(steps, step_shape) }, END } };
#undef ROW

static str text_of(struct ctx *c, const struct list_answer *got, const struct field *f, const struct person *p)
{
	int64_t id;

	if (!p->base.id)
		return S("");
	if (f->type != T_REF)
		return field_text(f, p, c->lang, c->mem);
	memcpy(&id, (const char *)p + f->at, sizeof id);
	return list_title(got, f, id);
}

/* What at least one of the two says, of what the actor may see. */
static items lines_of(struct ctx *c, const struct list_answer *got, const struct person *a, const struct person *b)
{
	struct compare_line *v = NEWS(c->mem, struct compare_line, 64);
	int n = 0;

	for (const struct field *f = person.fields; f->name && n < 64; f++) {
		if (f->is & SECRET || f->type == T_FILE)
			continue;
		str x = text_of(c, got, f, a), y = text_of(c, got, f, b);
		if (x.n || y.n)
			v[n++] = (struct compare_line){ say(c, &f->label), x, y, !str_eq(x, y) };
	}
	return (items){ v, n };
}

/* second: it is the second record that is suggested to stay. */
static items steps_of(struct ctx *c, const struct person_pair *pair, bool second)
{
	uint64_t can = perm_steps(c, &person_pair, pair);
	struct compare_step *v = NEWS(c->mem, struct compare_step, 8);
	int n = 0;

	for (int i = 0; person_pair.flow.steps[i].name && n < 8; i++)
		if (can >> i & 1)
			v[n++] = (struct compare_step){ str_of(person_pair.flow.steps[i].name),
				say(c, &person_pair.flow.steps[i].label), i == 0, second };
	return (items){ v, n };
}

/* Nothing when the merge belongs to a unit the reader may not look at. */
static enum rc undo_of(struct ctx *c, const struct person_pair *pair, str *ret)
{
	struct person_merge m;
	const bool second = pair->keep == KEEP_B;
	const struct is is[] = { { offsetof(struct person_merge, kept), v_int(second ? pair->b.v : pair->a.v) },
		{ offsetof(struct person_merge, dropped), v_int(second ? pair->a.v : pair->b.v) },
		{ offsetof(struct person_merge, undone), v_int(0) } };
	if (pair->state != PAIR_SAME)
		return OK;
	enum rc rc = find_one(c, &person_merge, &m, is, COUNT(is));
	if (rc == OK)
		*ret = link_to(c, "/person_merge/%lld/undo", (long long)m.base.id);
	return rc == E_MISSING ? OK : rc;
}

enum rc pair_compare(struct ctx *c, const void *in_, void *out_)
{
	const struct compare_in *in = in_;
	struct compare_view *out = out_;
	struct person_pair pair;
	struct list_answer got;

	TRY(find(c, &person_pair, in->pair.v, &pair));
	int64_t ids[] = { pair.a.v, pair.b.v };
	TRY(list_rows(c, &(struct list_ask){ .e = &person, .ids = ids, .n_ids = 2, .wide = true, .titles = true }, &got));
	const struct person nobody = { 0 }, *p = got.rows.p, *side[2] = { &nobody, &nobody };
	for (int64_t i = 0; i < got.rows.n; i++)
		side[p[i].base.id == pair.b.v] = &p[i];
	out->title = title_of(c, &person_pair, pair.base.id);
	out->id = pair.base.id;
	out->rev = pair.base.rev;
	out->a = pair.a.v;
	out->b = pair.b.v;
	out->why = pair.why;
	TRY(undo_of(c, &pair, &out->undo));
	out->half = got.rows.n < 2;
	out->lines = lines_of(c, &got, side[0], side[1]);
	out->steps = steps_of(c, &pair, (out->half ? pair.keep : pair_suggests(side[0], side[1])) == KEEP_B);
	return OK;
}
