/* bearer.c -- see bearer.h. */
#include "mod/transcript/bearer.h"
#include "core/ctx.h"
#include "mod/people/people.h"
#include "mod/transcript/part.h"

enum { GUARDIANS_MAX = 20 };

static str vietnamese(const struct entity *e, const char *field, pick at)
{
	for (const struct field *f = e->fields; f->name; f++)
		if (str_is(str_of(f->name), field))
			return str_of(f->pick[at].label.vi);
	return (str){ 0 };
}

static enum rc add_guardian(struct ctx *c, const struct guardianship *g, struct bearer *ret)
{
	bool father = g->relation == REL_FATHER, mother = g->relation == REL_MOTHER;
	str *name = father ? &ret->father : mother ? &ret->mother : &ret->guardian;
	struct person who;

	if (name->n || g->barred)
		return OK;
	TRY(find(c, &person, g->guardian.v, &who));
	*name = who.name;
	*(father ? &ret->father_work : mother ? &ret->mother_work : &ret->guardian_work) = who.occupation;
	return OK;
}

enum rc bearer_of(struct ctx *c, person_id pupil_, struct bearer *ret)
{
	struct person p;
	items got;

	TRY(find(c, &person, pupil_.v, &p));
	*ret = (struct bearer){ .photo = p.photo.v ? TEXT(c, "%lld", (long long)p.photo.v) : (str){ 0 },
		.address = p.address, .policy = p.policy ? vietnamese(&person, "policy", p.policy) : (str){ 0 } };
	TRY(find_all(c, &guardianship, &got, GUARDIANS_MAX, IS({ offsetof(struct guardianship, pupil),
		v_int(pupil_.v) })));
	for (int64_t i = 0; i < got.n; i++)
		TRY(add_guardian(c, (const struct guardianship *)got.p + i, ret));
	return OK;
}

static void put_one(struct buf *b, const char *name, str text, str work)
{
	if (!text.n)
		return;
	put_fmt(b, "<%s", name);
	if (work.n) {
		put_z(b, " ngheNghiep=\"");
		put_xml(b, work, true);
		put_c(b, '"');
	}
	put_c(b, '>');
	put_xml(b, text, false);
	put_fmt(b, "</%s>", name);
}

void put_bearer(struct buf *b, const struct bearer *v)
{
	const str none = { 0 };

	if (!v->address.n && !v->policy.n && !v->father.n && !v->mother.n && !v->guardian.n)
		return;
	put_z(b, "<lyLich>");
	put_one(b, "choO", v->address, none);
	put_one(b, "doiTuong", v->policy, none);
	put_one(b, "cha", v->father, v->father_work);
	put_one(b, "me", v->mother, v->mother_work);
	put_one(b, "nguoiGiamHo", v->guardian, v->guardian_work);
	put_z(b, "</lyLich>");
}
