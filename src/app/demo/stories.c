/* stories.c -- what makes a province look lived in: a merger decided, a pupil between two schools, two records of
 * one child, a family with children at two schools, a pupil who changed class with marks in both. */
#include "app/demo/demo.h"
#include "core/many.h"
#include "mod/records/records.h"
#include "mod/school/school_rules.h"

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

/* A subject's marks of the second term, as its own teacher writes them. */
static enum rc marks_of_newcomer(struct demo *d, const struct school_class *class, const struct course *k,
	person_id who)
{
	struct ctx *c = d->c;
	const struct actor *before = c->who;
	const struct scheme *scheme = scheme_for(schemes(c), class->grade, (int)d->first_year);
	struct seat seat = { &teacher, class->base.org, { 0 }, FOREVER };
	struct save_ask ask = { .class = { class->base.id }, .subject = k->subject, .term = TERM_2, .base = -1 };
	struct cell_edit edits[SLOTS];
	struct save_told told;
	struct teaching t;
	struct cell_layout l;
	str code = { 0 };
	bool words = false;

	for (int i = 0; i < d->n_subjects; i++)
		if (d->subjects[i].v == k->subject.v)
			code = d->subject_codes[i];
	for (int i = 0; i < scheme->n_comment_only; i++)
		words = words || str_eq(scheme->comment_only[i], code);
	layout_make(c->mem, scheme, class->grade, code, words, (int)k->lessons, &l);
	for (int i = 0; i < l.n; i++)
		if (!str_is(str_of(l.slots[i].key), "cd"))
			edits[ask.n++] = (struct cell_edit){ who.v, str_of(l.slots[i].key), S(""), l.slots[i].word ? S("Đ")
				: l.slots[i].part == PART_REGULAR ? S("8") : S("7,5") };
	ask.edits = edits;
	TRY(find_one(c, &teaching, &t, IS({ offsetof(struct teaching, class), v_int(class->base.id) },
		{ offsetof(struct teaching, subject), v_int(k->subject.v) })));
	struct actor a = { .user = before->user, .person = t.teacher, .name = S("demo"), .seats = &seat, .n_seats = 1 };
	c->who = &a;
	enum rc rc = marks_save(c, &ask, &told);
	c->who = before;
	return rc;
}

/* The second term in the new class: every book, and conduct. */
static enum rc term_of_newcomer(struct demo *d, const struct school_class *class, person_id who)
{
	struct conduct x;
	items books;

	TRY(find_all(d->c, &course, &books, 40, IS({ offsetof(struct course, class), v_int(class->base.id) })));
	for (int64_t i = 0; i < books.n; i++)
		TRY(marks_of_newcomer(d, class, (const struct course *)books.p + i, who));
	row_zero(&conduct, &x);
	x.base.org = class->base.org;
	x.class.v = class->base.id;
	x.pupil = who;
	x.term = TERM_2;
	x.level = CONDUCT_TOT;
	return create_many(d->c, &conduct, &x, 1);
}

/* Three weeks ago a pupil came from the next class to the one whose form teacher has an account. */
static enum rc make_change(struct demo *d)
{
	enum { DAYS_AGO = 21, PLACE = 4 };
	struct ctx *c = d->c;
	struct demo_school *s = nth(d, LOWER, 0);
	struct school_class to, from = { 0 };
	struct enrolment was, now;
	items classes, pupils;
	int64_t rated;

	if (!s || !s->a_class.v)
		return OK;
	TRY(find(c, &school_class, s->a_class.v, &to));
	TRY(find_all(c, &school_class, &classes, 60, IS({ offsetof(struct base, org), v_int(s->org.v) },
		{ offsetof(struct school_class, year), v_int(to.year.v) })));
	for (int64_t i = classes.n; i-- > 0;)
		if (((const struct school_class *)classes.p)[i].grade == to.grade
			&& ((const struct school_class *)classes.p)[i].base.id != to.base.id)
			from = ((const struct school_class *)classes.p)[i];
	if (!from.base.id || to.size >= to.most)
		return OK;
	TRY(find_all(c, &enrolment, &pupils, 30, IS({ offsetof(struct enrolment, class), v_int(from.base.id) })));
	if (pupils.n <= PLACE)
		return OK;
	was = ((const struct enrolment *)pupils.p)[PLACE];
	TRY(change_class(c, &(struct change_class_in){ { was.base.id }, s->a_class }, NULL));
	TRY(find(c, &enrolment, was.base.id, &was));
	TRY(find_one(c, &enrolment, &now, IS({ offsetof(struct enrolment, class), v_int(s->a_class.v) },
		{ offsetof(struct enrolment, pupil), v_int(was.pupil.v) })));
	was.until.v = now.since.v = c->today.v - DAYS_AGO > was.since.v ? c->today.v - DAYS_AGO : c->today.v;
	TRY(amend(c, &enrolment, &was));
	TRY(amend(c, &enrolment, &now));
	TRY(term_of_newcomer(d, &to, was.pupil));
	TRY(results_of_class(c, (school_class_id){ from.base.id }, &rated));
	return results_of_class(c, s->a_class, &rated);
}

enum rc demo_stories(struct demo *d)
{
	TRY(make_merger(d));
	TRY(make_move(d));
	TRY(make_twin(d));
	TRY(make_sister(d));
	return d->ask->size == DEMO_METROPOLIS ? OK : make_change(d);        /* it has no marks */
}
