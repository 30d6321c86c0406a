/* past.c -- transcripts of years before: a pupil of grade 8 who came from another school, and the primary school of
 * the pupil with an account. The classes of those years hold nobody else. */
#include "app/demo/demo.h"
#include "core/many.h"
#include "core/sign.h"
#include "mod/org/org.h"
#include "mod/people/lists.h"
#include "mod/transcript/issue.h"

enum { YEARS_BACK = 2, SUBJECTS_MAX = 40, LEVEL_MARK = 760 };
struct past { struct demo *d; struct demo_school *at, *keeper; struct person who; person_id teacher; pick grade;
	int64_t first; school_year_id year; transcript_id of; str result; };

static struct demo_school *another(struct demo *d, enum kind_of_school kind, const struct demo_school *but)
{
	for (int i = 0; i < d->n_schools; i++)
		if (d->schools[i].kind == kind && &d->schools[i] != but && d->schools[i].form_teacher.v)
			return &d->schools[i];
	return NULL;
}

/* ---- what a year says ------------------------------------------------------------------------------------------- */

static bool in_list(const str *list, int n, str code)
{
	for (int i = 0; i < n; i++)
		if (str_eq(list[i], code))
			return true;
	return false;
}

static bool has_test(const struct scheme *s, pick grade, str code)
{
	for (int i = 0; i < s->n_tests; i++)
		if (!s->tests[i].mid && s->tests[i].first <= grade && grade <= s->tests[i].last &&
			in_list(s->tests[i].codes, s->tests[i].n, code))
			return true;
	return false;
}

static str mark_code(struct arena *a, int32_t v) { return str_fmt(a, "%d.%d", v / 100, v % 100 / 10); }

static void subject_of(struct past *k, const struct scheme *s, int i, struct part_subject *p, struct subject_given *g)
{
	static const char *const said[] = { "Chăm học, làm bài đầy đủ.", "Tiếp thu nhanh, mạnh dạn phát biểu.",
		"Có tiến bộ trong học kì II." };
	struct arena *a = k->d->c->mem;
	struct rng *r = &k->d->rng;
	str code = k->d->subject_codes[i];
	int32_t one = (int32_t)rng_near(r, LEVEL_MARK, 90) / 10 * 10, two = one + 30;

	*p = (struct part_subject){ .code = code, .name = subject_in_grade(code, k->d->subject_names[i], k->grade),
		.remark = rng_chance(r, 300) ? str_of(said[rng_below(r, 3)]) : (str){ 0 } };
	*g = (struct subject_given){ code, -1, -1, -1, -1, -1, false, false };
	if (s->n_columns && !in_list(s->comment_only, s->n_comment_only, code)) {
		g->average = year_average(s, one, two);
		p->hk1 = mark_code(a, one);
		p->hk2 = mark_code(a, two);
		p->year = mark_code(a, g->average);
		return;
	}
	g->word = s->n_columns ? 0 : (int8_t)rng_chance(r, 250);
	p->hk1 = p->hk2 = p->year = s->words[g->word].code;
	if (has_test(s, k->grade, code)) {
		g->test = g->word ? 700 : 800 + 100 * (int32_t)rng_below(r, 3);
		p->year = str_fmt(a, "%.*s:%d", FMT(p->year), g->test / 100);
	}
}

static int subjects_of(struct past *k, const struct scheme *s, struct part_subject *p, struct subject_given *g)
{
	const struct programme *all = schemes(k->d->c)->programme;
	int n = 0;

	for (int x = 0; x < all->n; x++)
		for (int i = 0; i < k->d->n_subjects && n < SUBJECTS_MAX; i++)
			if (all->subjects[x].place[k->grade] == COMPULSORY &&
				str_eq(all->subjects[x].is.code, k->d->subject_codes[i])) {
				subject_of(k, s, i, &p[n], &g[n]);
				n++;
			}
	return n;
}

static void results_of(const struct scheme *s, const struct subject_given *g, int n, struct year_part *v)
{
	struct part_quality *q = (struct part_quality *)(uintptr_t)v->qualities;
	int8_t marks[QUALITIES] = { 0 };
	struct rating r;

	for (int i = 0; i < s->n_qualities; i++) {
		marks[i] = (int8_t)(i % 5 == 2);
		q[i] = (struct part_quality){ s->qualities[i].code, s->qualities[i].vi, s->quality_words[marks[i]].code };
	}
	v->n_qualities = s->n_qualities;
	scheme_rate(s, &(struct pupil_given){ .subjects = g, .n = n, .qualities = marks, .n_qualities = s->n_qualities,
		.conduct = s->n_conducts ? 0 : -1, .summer_conduct = -1, .absences = 2, .whole = true }, &r);
	v->learn = r.level < 0 ? (str){ 0 } : s->levels[r.level].is.code;
	if (s->n_columns)
		v->learn_hk1 = v->learn_hk2 = v->learn;
	if (s->n_conducts)
		v->conduct_hk1 = v->conduct_hk2 = v->conduct = s->conducts[0].code;
	v->standing = str_of(standing_codes[r.standing]);
	v->award = r.title < 0 ? (str){ 0 } : s->titles[r.title].is.code;
	v->absences = S("2");
	v->remark = S("Ngoan, hòa đồng với bạn bè, có ý thức giúp đỡ bạn.");
}

static str content_of(struct past *k, const struct scheme *s, const struct school_class *class, const struct org *o)
{
	struct ctx *c = k->d->c;
	struct part_subject *p = NEWS(c->mem, struct part_subject, SUBJECTS_MAX);
	struct subject_given g[SUBJECTS_MAX];
	struct year_part v = { .id = TEXT(c, "n%lld-1", (long long)k->first), .version = 1,
		.year = TEXT(c, "%lld-%lld", (long long)k->first, (long long)k->first + 1), .pupil_code = k->who.sector_id,
		.name = k->who.name, .born = day_iso(c->mem, k->who.born),
		.sex = k->who.sex == SEX_FEMALE ? S("Nữ") : S("Nam"), .birthplace = k->who.birthplace,
		.ethnicity = str_of(ethnic_groups[k->who.ethnicity].label.vi), .school_code = o->code, .school = o->name,
		.place = TEXT(c, "%.*s, tỉnh An Bình (mẫu)", FMT(title_of(c, &admin_unit, k->at->commune->unit.v))),
		.grade = TEXT(c, "%d", k->grade - GRADE_1 + 1), .class_name = class->name, .scheme = s->is.code,
		.form_teacher = title_of(c, &person, k->teacher.v), .principal = title_of(c, &person, k->at->principal.v),
		.subjects = p, .qualities = NEWS(c->mem, struct part_quality, QUALITIES) };

	v.n_subjects = subjects_of(k, s, p, g);
	for (int64_t i = 0; i < v.n_subjects; i++)
		p[i].teacher = v.form_teacher;
	results_of(s, g, (int)v.n_subjects, &v);
	for (int i = 0; i < s->n_levels; i++)
		if (str_eq(s->levels[i].is.code, v.learn))
			k->result = s->levels[i].is.vi;
	return part_xml(c->mem, &v);
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

static enum rc class_of_year(struct past *k, struct school_class *class)
{
	struct ctx *c = k->d->c;
	struct enrolment e;

	row_zero(&school_class, class);
	class->base.id = new_id(c);
	class->base.org = k->at->org;
	class->year = k->year;
	class->grade = k->grade;
	class->name = TEXT(c, "%dA", k->grade - GRADE_1 + 1);
	class->form_teacher = k->teacher;
	class->size = 1;
	class->most = 45;
	row_zero(&enrolment, &e);
	e.base.org = k->at->org;
	e.pupil.v = k->who.base.id;
	e.class.v = class->base.id;
	e.year = k->year;
	e.state = ENR_PROMOTED;
	e.kind = KIND_PROMOTED;
	day_of((int)k->first, 9, 5, &e.since);
	day_of((int)k->first + 1, 5, 31, &e.until);
	TRY(create_many(c, &school_class, class, 1));
	return create_many(c, &enrolment, &e, 1);
}

static enum rc signed_by(struct ctx *c, person_id who, apply_fn *sign, struct transcript_part *x)
{
	const struct actor *before = c->who;
	struct actor a = *before;

	a.person = who;
	c->who = &a;
	enum rc rc = sign(c, x);
	c->who = before;
	return rc;
}

/* A year of the pupil at a school, signed there by both. */
static enum rc a_year(struct past *k)
{
	struct ctx *c = k->d->c;
	const struct scheme *s = scheme_for(schemes(c), k->grade, (int)k->first);
	struct school_class class;
	struct transcript_part x;
	struct org o;

	k->teacher = k->at->form_teacher;
	TRY(find(c, &org, k->at->org.v, &o));
	TRY(sign_make(c, sign_name_person(c, k->teacher), title_of(c, &person, k->teacher.v), o.name));
	TRY(class_of_year(k, &class));
	row_zero(&transcript_part, &x);
	x.base.org = k->keeper->org;
	x.transcript = k->of;
	x.pupil.v = k->who.base.id;
	x.class.v = class.base.id;
	x.class_name = class.name;
	x.year = k->year;
	x.school = k->at->org;
	x.grade = k->grade;
	x.version = 1;
	x.content = content_of(k, s, &class, &o);
	digest sha = hash_sha256(x.content);
	x.digest = hex_of(c->mem, sha.b, sizeof sha.b);
	x.result = k->result;
	TRY(signed_by(c, k->teacher, part_sign, &x));
	TRY(signed_by(c, k->at->principal, part_confirm, &x));
	x.state = PART_CONFIRMED;
	return create_many(c, &transcript_part, &x, 1);
}

/* The years up to the one before this, the last at the last of the schools; then issued by that school. */
static enum rc years_of(struct demo *d, struct demo_school *keeper, person_id who, pick level, pick last,
	struct demo_school *const at[YEARS_BACK])
{
	struct past k = { .d = d, .keeper = keeper };
	struct ctx *c = d->c;
	struct issue_keys keys;
	struct transcript t;
	struct actor a = { .user = c->who->user, .person = at[YEARS_BACK - 1]->principal, .name = S("demo") };
	struct seat seat = { &principal, at[YEARS_BACK - 1]->org, { 0 }, FOREVER };
	const struct actor *before = c->who;
	bool done;

	TRY(find(c, &person, who.v, &k.who));
	row_zero(&transcript, &t);
	t.base.org = keeper->org;
	t.pupil = who;
	t.level = level;
	TRY(create(c, &transcript, &t));
	k.of.v = t.base.id;
	for (int i = 0; i < YEARS_BACK; i++) {
		struct school_year y;
		k.at = at[i];
		k.grade = (pick)(last - YEARS_BACK + 1 + i);
		k.first = d->first_year - YEARS_BACK + i;
		TRY(find_one(c, &school_year, &y, IS({ offsetof(struct school_year, year), v_int(k.first) })));
		k.year.v = y.base.id;
		TRY(a_year(&k));
	}
	a.seats = &seat;
	a.n_seats = 1;
	c->who = &a;
	enum rc rc = issue_keys_open(c, seat.org, &keys);
	c->who = before;
	return rc == OK ? transcript_issue_one(c, &keys, t.base.id, &done) : rc;
}

static enum rc the_year_before(struct demo *d)
{
	struct school_year y;

	row_zero(&school_year, &y);
	y.code = TEXT(d->c, "%lld-%lld", (long long)d->first_year - YEARS_BACK, (long long)d->first_year - YEARS_BACK + 1);
	day_of((int)d->first_year - YEARS_BACK, 8, 1, &y.since);
	day_of((int)d->first_year - YEARS_BACK + 1, 7, 31, &y.until);
	return create(d->c, &school_year, &y);
}

enum rc demo_past(struct demo *d, struct demo_school *s)
{
	struct demo_school *other = another(d, LOWER, s), *young = another(d, PRIMARY, s);
	struct ctx *c = d->c;
	items classes, pupils;

	if (!other || !young || !s->pupil.v)
		return OK;
	TRY(the_year_before(d));
	TRY(years_of(d, s, s->pupil, LEVEL_PRIMARY, GRADE_6 - 1, (struct demo_school *const[]){ young, young }));
	TRY(find_all(c, &school_class, &classes, 60, IS({ offsetof(struct base, org), v_int(s->org.v) })));
	for (int64_t i = 0; i < classes.n; i++) {
		const struct school_class *k = (const struct school_class *)classes.p + i;
		if (k->grade != GRADE_6 + 2)
			continue;
		TRY(find_all(c, &enrolment, &pupils, 1, IS({ offsetof(struct enrolment, class), v_int(k->base.id) })));
		return pupils.n ? years_of(d, s, ((const struct enrolment *)pupils.p)[0].pupil, LEVEL_LOWER, GRADE_6 + 1,
			(struct demo_school *const[]){ other, s }) : OK;
	}
	return OK;
}
