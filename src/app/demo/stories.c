/* stories.c -- what makes a province look lived in: a merger decided, a pupil between two schools, two records of
 * one child, a family with children at two schools. */
#include "app/demo/demo.h"

static struct demo_school *nth(struct demo *d, enum kind_of_school kind, int n)
{
	for (int i = 0; i < d->n_schools; i++)
		if (d->schools[i].kind == kind && n-- == 0)
			return &d->schools[i];
	return NULL;
}

/* The third lower secondary goes into the first on the first day of the next month. */
static enum rc make_merger(struct demo *d)
{
	struct ctx *c = d->c;
	struct demo_school *from = nth(d, LOWER, 2), *into = nth(d, LOWER, 0);
	struct org_change k;

	if (!from)
		return OK;
	struct ymd t = day_ymd(c->today);
	row_zero(&org_change, &k);
	k.base.org = d->dept;
	k.kind = CHANGE_MERGE;
	k.subject = from->org;
	k.target = into->org;
	k.decision = S("1204/QĐ-UBND");
	k.decided = c->today;
	k.decided.v -= 9;
	day_of(t.m == 12 ? t.y + 1 : t.y, t.m == 12 ? 1 : t.m + 1, 1, &k.effective);
	k.note = S("Sáp nhập theo đề án sắp xếp mạng lưới trường, lớp học của tỉnh.");
	TRY(create(c, &org_change, &k));
	return step(c, &org_change, &k, "approve");
}

/* Accepted by the school the family moves to, waiting for the school it leaves. */
static enum rc make_move(struct demo *d)
{
	struct ctx *c = d->c;
	struct demo_school *from = nth(d, LOWER, 0), *to = nth(d, LOWER, 1);
	struct move m;
	items classes, pupils;

	if (!to || !from->a_class.v)
		return OK;
	TRY(find_all(c, &enrolment, &pupils, 12, IS({ offsetof(struct enrolment, class), v_int(from->a_class.v) })));
	TRY(find_all(c, &school_class, &classes, 40, IS({ offsetof(struct base, org), v_int(to->org.v) })));
	row_zero(&move, &m);
	m.pupil = ((const struct enrolment *)pupils.p)[pupils.n > 7 ? 7 : 0].pupil;
	m.to_org = to->org;
	m.note = S("Gia đình chuyển chỗ ở, xin cho cháu học gần nhà.");
	TRY(create(c, &move, &m));
	for (int64_t i = 0; i < classes.n; i++) {
		const struct school_class *k = (const struct school_class *)classes.p + i;
		if (k->grade == m.grade && k->size < k->most) {
			m.to_class.v = k->base.id;
			m.answer = S("Trường còn chỗ, đồng ý tiếp nhận.");
			return step(c, &move, &m, "accept");
		}
	}
	return OK;
}

/* The same child entered twice, once without numbers. */
static enum rc make_twin(struct demo *d)
{
	struct ctx *c = d->c;
	struct demo_school *s = nth(d, LOWER, 0);
	struct person p;
	struct person_pair pair;
	items pupils;

	if (!s || !s->a_class.v)
		return OK;
	TRY(find_all(c, &enrolment, &pupils, 30, IS({ offsetof(struct enrolment, class), v_int(s->a_class.v) })));
	if (pupils.n < 20)
		return OK;
	TRY(find(c, &person, ((const struct enrolment *)pupils.p)[19].pupil.v, &p));
	row_zero(&person_pair, &pair);
	pair.base.org = s->org;
	pair.a.v = p.base.id;
	p.base = (struct base){ .org = s->org };
	p.national_id = p.sector_id = p.school_code = (str){ 0 };
	TRY(create(c, &person, &p));
	pair.b.v = p.base.id;
	pair.score = 90;
	pair.why = S("Cùng họ tên, ngày sinh, nơi ở");
	return create(c, &person_pair, &pair);
}

/* The younger sister of the pupil who has an account goes to a primary school: a parent with children at two
 * schools. */
static enum rc make_sister(struct demo *d)
{
	struct ctx *c = d->c;
	struct demo_school *lower = nth(d, LOWER, 0), *primary_school = nth(d, PRIMARY, 0);
	struct person elder, sister;
	struct enrolment e;
	items bonds, classes;

	if (!lower || !primary_school || !lower->pupil.v)
		return OK;
	row_zero(&enrolment, &e);
	TRY(find_all(c, &school_class, &classes, 40, IS({ offsetof(struct base, org), v_int(primary_school->org.v) })));
	for (int64_t i = 0; i < classes.n && !e.class.v; i++) {
		const struct school_class *k = (const struct school_class *)classes.p + i;
		if (k->grade == GRADE_1 && k->size < k->most)
			e.class.v = k->base.id;
	}
	if (!e.class.v)
		return OK;
	TRY(find(c, &person, lower->pupil.v, &elder));
	row_zero(&person, &sister);
	sister.base.org = primary_school->org;
	sister.name = name_of(d->names, &d->rng, c->mem, KINH, false, family_of(elder.name));
	sister.sex = SEX_FEMALE;
	sister.ethnicity = elder.ethnicity;
	sister.pupil = true;
	sister.address = elder.address;
	day_of((int)d->first_year - 6, 5, 19, &sister.born);
	TRY(create(c, &person, &sister));
	e.pupil.v = sister.base.id;
	e.since = d->year_since;
	e.until = FOREVER;
	TRY(create(c, &enrolment, &e));
	TRY(find_all(c, &guardianship, &bonds, 4, IS({ offsetof(struct guardianship, pupil), v_int(elder.base.id) })));
	for (int64_t i = 0; i < bonds.n; i++) {
		struct guardianship g = ((const struct guardianship *)bonds.p)[i];
		g.base = (struct base){ .org = primary_school->org };
		g.pupil.v = sister.base.id;
		TRY(create(c, &guardianship, &g));
	}
	return OK;
}

enum rc demo_stories(struct demo *d)
{
	TRY(make_merger(d));
	TRY(make_move(d));
	TRY(make_twin(d));
	return make_sister(d);
}
