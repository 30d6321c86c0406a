/* register.c -- see register.h. */
#include "mod/records/register.h"
#include "mod/people/people.h"
#include "mod/records/gather.h"
#include "mod/records/records_rules.h"
#include "mod/school/month.h"

#define ROW struct register_pupil
const struct shape register_pupil_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(name) }, { COL(born) }, { COL(sex) },
	{ COL(ethnicity) }, { COL(birthplace) }, { COL(address) }, { COL(father) }, { COL(father_work) },
	{ COL(father_phone) }, { COL(mother) }, { COL(mother_work) }, { COL(mother_phone) }, { COL(guardian) },
	{ COL(guardian_work) }, { COL(guardian_phone) }, { COL(group) }, { COL(note) }, END } };
#undef ROW

/* A row for each guardian of a pupil, one with an empty relation for who has none. */
struct pupil_told { int64_t pupil; str name; day born; str sex, ethnicity, birthplace, address, policy, disability,
	kind, state; day since, until; str relation, guardian, phone, work; };
#define ROW struct pupil_told
static const struct shape pupil_told_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(born) },
	{ COL(sex) }, { COL(ethnicity) }, { COL(birthplace) }, { COL(address) }, { COL(policy) }, { COL(disability) },
	{ COL(kind) }, { COL(state) }, { COL(since) }, { COL(until) }, { COL(relation) }, { COL(guardian) },
	{ COL(phone) }, { COL(work) }, END } };
#undef ROW

str choice_label(struct ctx *c, const struct entity *e, const char *field, str code)
{
	for (const struct field *f = e->fields; f->name; f++)
		for (const struct choice *p = str_is(str_of(f->name), field) ? f->pick : NULL; p && p->code; p++)
			if (str_is(code, p->code))
				return say(c, &p->label);
	return code;
}

/* How somebody came during the year, or why and when they left. */
static str note_of(struct ctx *c, const struct pupil_told *r)
{
	static const char *const left[] = { "moved", "dropped", "suspended", "changed" };
	static const char *const came[] = { "moved_in", "returned", "class_change" };

	for (int i = 0; i < COUNT(left); i++)
		if (str_is(r->state, left[i]))
			return TEXT(c, "%.*s %.*s", FMT(choice_label(c, &enrolment, "state", r->state)),
				FMT(day_text(c->mem, r->until)));
	for (int i = 0; i < COUNT(came); i++)
		if (str_is(r->kind, came[i]))
			return TEXT(c, "%.*s %.*s", FMT(choice_label(c, &enrolment, "kind", r->kind)),
				FMT(day_text(c->mem, r->since)));
	return str_is(r->kind, "repeated") ? choice_label(c, &enrolment, "kind", r->kind) : (str){ 0 };
}

static void add_guardian(struct ctx *c, const struct pupil_told *r, struct register_pupil *p)
{
	bool is_father = str_is(r->relation, "father"), is_mother = str_is(r->relation, "mother");
	str *who = is_father ? &p->father : is_mother ? &p->mother : &p->guardian;
	str *phone = is_father ? &p->father_phone : is_mother ? &p->mother_phone : &p->guardian_phone;
	str *work = is_father ? &p->father_work : is_mother ? &p->mother_work : &p->guardian_work;

	if (!r->relation.n || who->n)
		return;
	*work = r->work;
	*phone = r->phone;
	*who = is_father || is_mother ? r->guardian
		: TEXT(c, "%.*s (%.*s)", FMT(r->guardian), FMT(choice_label(c, &guardianship, "relation", r->relation)));
}

static struct register_pupil pupil_of(struct ctx *c, const struct pupil_told *r, int64_t n)
{
	str policy = str_is(r->policy, "none") ? (str){ 0 } : choice_label(c, &person, "policy", r->policy);
	str disability = str_is(r->disability, "none") ? (str){ 0 } : choice_label(c, &person, "disability", r->disability);

	return (struct register_pupil){ .n = n, .name = r->name, .born = day_text(c->mem, r->born),
		.sex = str_is(r->sex, "unknown") ? (str){ 0 } : choice_label(c, &person, "sex", r->sex),
		.ethnicity = choice_label(c, &person, "ethnicity", r->ethnicity), .birthplace = r->birthplace,
		.address = r->address, .group = !disability.n ? policy : policy.n
			? TEXT(c, "%.*s; khuyết tật: %.*s", FMT(policy), FMT(disability))
			: TEXT(c, "Khuyết tật: %.*s", FMT(disability)),
		.note = note_of(c, r) };
}

enum rc register_pupils(struct ctx *c, int64_t class, items *ret)
{
	items got;
	int64_t n = 0;

	TRY(query(c, "records/register_pupils", &book_in_shape, &(struct book_in){ .class = class }, &pupil_told_shape,
		&got, PUPILS_MAX * 4));
	struct register_pupil *v = NEWS(c->mem, struct register_pupil, got.n + 1);
	int64_t *ids = NEWS(c->mem, int64_t, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct pupil_told *r = (const struct pupil_told *)got.p + i;
		int64_t at = 0;
		while (at < n && ids[at] != r->pupil)
			at++;
		if (at == n) {
			v[n] = pupil_of(c, r, n + 1);
			ids[n++] = r->pupil;
		}
		add_guardian(c, r, &v[at]);
	}
	*ret = (items){ v, n };
	return OK;
}

enum rc register_months(struct ctx *c, const struct school_class *k, items *ret)
{
	enum { MONTHS = 12 };
	struct month_paper *v = NEWS(c->mem, struct month_paper, MONTHS);
	struct school_year y;
	int n = 0;

	TRY(find(c, &school_year, k->year.v, &y));
	for (day d = y.since; n < MONTHS && d.v <= y.until.v && d.v <= c->today.v;) {
		struct ymd in = day_ymd(d);
		TRY(month_of_class(c, k, d, &v[n]));
		n += !v[n].none;
		day_of(in.m == 12 ? in.y + 1 : in.y, in.m == 12 ? 1 : in.m + 1, 1, &d);
	}
	*ret = (items){ v, n };
	return OK;
}
