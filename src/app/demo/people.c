/* people.c -- a school's staff, classes, pupils and their guardians, and the last days' roll calls. */
#include "app/demo/demo.h"
#include "core/many.h"
#include "mod/records/records.h"

enum { ROLL_DAYS = 6 };

/* Rows of one school while they are gathered. */
struct harvest {
	struct person *people; int64_t n_people;
	struct guardianship *bonds; int64_t n_bonds;
	struct school_class *classes; int64_t n_classes;
	struct enrolment *enrolments; int64_t n_enrolments;
	struct teaching *teaching; int64_t n_teaching;
	struct roll *rolls; int64_t n_rolls;
	struct absence *absences; int64_t n_absences;
	int64_t first_teacher, n_teachers;               /* in people                                            */
	struct { int64_t father, mother; str name; } family[64]; int n_families;   /* of the latest pupils, for siblings */
};

/* ---- persons ------------------------------------------------------------------------------------- */

static struct person *new_person(struct demo *d, struct demo_school *s, struct harvest *h, bool male, day born,
	str family, enum people group)
{
	static const pick ethnic[] = { [KINH] = 1, [TAY] = 2, [EDE] = 12, [MNONG] = 20, [HMONG] = 8 };
	struct ctx *c = d->c;
	struct person *p = &h->people[h->n_people++];

	row_zero(&person, p);
	p->base.id = new_id(c);
	p->base.org = s->org;
	p->sex = male ? SEX_MALE : SEX_FEMALE;
	p->born = born;
	p->ethnicity = ethnic[group];
	p->name = name_of(d->names, &d->rng, c->mem, group, male, family);
	p->commune = s->commune->unit;
	p->address = TEXT(c, "Thôn %lld, %.*s", (long long)(1 + rng_below(&d->rng, 14)), FMT(s->commune->name));
	p->old_address = TEXT(c, "%.*s, huyện An Bình", FMT(p->address));
	return p;
}

/* Numbers that can belong to nobody: 003, 005, 007 and 009 are no province's code of birth registration (a million
 * numbers each); 010 is no telephone prefix. */
static str made_up_id(struct demo *d, const struct person *p)
{
	static const int nowhere[] = { 3, 5, 7, 9 };
	struct ymd b = day_ymd(p->born);
	int digit = (b.y >= 2000 ? 2 : 0) + (p->sex == SEX_FEMALE);
	int64_t n = ++d->serial;
	return TEXT(d->c, "%03d%d%02d%06lld", nowhere[n / 1000000 % COUNT(nowhere)], digit, b.y % 100,
		(long long)(n % 1000000));
}

static str made_up_phone(struct demo *d) { return TEXT(d->c, "010%07lld", (long long)rng_below(&d->rng, 10000000)); }

static day born_about(struct demo *d, int64_t years_before, int64_t spread_days)
{
	struct ymd t = day_ymd(d->c->today);
	day mid;
	day_of((int)(t.y - years_before), 6, 30, &mid);
	mid.v += (int32_t)rng_near(&d->rng, 0, spread_days);
	return mid;
}

static enum people group_here(struct demo *d, const struct commune *k)
{
	return rng_chance(&d->rng, k->minority_1000) ? k->minority : KINH;
}

/* ---- staff ----------------------------------------------------------------------------------------- */

static struct person *new_staff(struct demo *d, struct demo_school *s, struct harvest *h, pick post, bool male,
	int64_t age)
{
	struct person *p = new_person(d, s, h, male, born_about(d, age, 1500), (str){ 0 }, rng_chance(&d->rng, 900) ? KINH
		: group_here(d, s->commune));

	p->staff = true;
	p->post = post;
	p->phone = made_up_phone(d);
	p->national_id = made_up_id(d, p);
	p->sector_id = TEXT(d->c, "97%08lld", (long long)++d->serial);
	p->joined = p->born;
	p->joined.v += 24 * 365;
	return p;
}

static void make_staff(struct demo *d, struct demo_school *s, struct harvest *h, int classes)
{
	static const struct { pick post; int64_t age; } offices[] = { { 1, 50 }, { 2, 46 }, { 4, 35 }, { 5, 38 },
		{ 6, 36 }, { 7, 31 }, { 8, 34 } };
	int teachers = s->kind == PRESCHOOL ? classes * 2 : s->kind == PRIMARY ? classes * 3 / 2 : classes * 2;

	for (int i = 0; i < COUNT(offices); i++) {
		struct person *p = new_staff(d, s, h, offices[i].post, rng_chance(&d->rng, i < 2 ? 450 : 250), offices[i].age);
		if (i == 0) s->principal.v = p->base.id;
		if (i == 1) s->deputy.v = p->base.id;
		if (i == 2) s->clerk.v = p->base.id;
		if (i == 5) s->it.v = p->base.id;
	}
	h->first_teacher = h->n_people;
	h->n_teachers = teachers;
	for (int i = 0; i < teachers; i++) {
		struct person *p = new_staff(d, s, h, 3, rng_chance(&d->rng, s->kind == PRESCHOOL ? 15 : s->kind == PRIMARY
			? 220 : 340), 38);
		if (s->kind != PRESCHOOL)
			p->subject = d->subject_names[i % d->n_subjects];
	}
	struct person *head = &h->people[0];
	struct org o;
	if (find(d->c, &org, s->org.v, &o) == OK) {
		o.head = head->name;
		if (update(d->c, &org, &o) != OK)
			o.head = (str){ 0 };
	}
	d->count->staff += teachers + COUNT(offices);
}

/* ---- families --------------------------------------------------------------------------------------- */

static void new_bond(struct demo *d, struct demo_school *s, struct harvest *h, int64_t pupil_, int64_t guardian,
	pick relation, bool first)
{
	struct guardianship *g = &h->bonds[h->n_bonds++];

	(void)d;
	row_zero(&guardianship, g);
	g->base.org = s->org;
	g->pupil.v = pupil_;
	g->guardian.v = guardian;
	g->relation = relation;
	g->lives_with = true;
	g->contact_first = first;
}

/* By the birthday, so that nothing else of the demo is drawn otherwise. */
static str made_up_work(day born)
{
	static const char *const work[] = { "Nông dân", "Công nhân", "Buôn bán", "Giáo viên", "Lái xe", "Nội trợ",
		"Thợ xây", "Công chức", "Y tá", "Thợ may" };

	return str_of(work[(uint64_t)born.v % COUNT(work)]);
}

static int64_t new_parent(struct demo *d, struct demo_school *s, struct harvest *h, const struct person *child,
	bool father)
{
	struct person child_copy = *child;               /* people may not move, but keep the reader at ease */
	enum people group = child_copy.ethnicity == 1 ? KINH : s->commune->minority;
	struct ymd b = day_ymd(child_copy.born);
	day born;

	day_of(b.y - (int)(24 + rng_below(&d->rng, 14)), 1 + (int)rng_below(&d->rng, 12), 1 + (int)rng_below(&d->rng, 28),
		&born);
	struct person *p = new_person(d, s, h, father, born, father ? family_of(child_copy.name) : (str){ 0 }, group);
	p->guardian = true;
	p->phone = made_up_phone(d);
	p->occupation = made_up_work(born);
	p->address = child_copy.address;
	p->old_address = child_copy.old_address;
	d->count->guardians++;
	return p->base.id;
}

/* Some pupils have a brother or sister in the same school: a family of their father's name. */
static void make_family(struct demo *d, struct demo_school *s, struct harvest *h, const struct person *child)
{
	int64_t father = 0, mother = 0;

	bool share = child->ethnicity == 1 && rng_chance(&d->rng, 300);
	for (int i = 0; share && i < h->n_families && !father; i++) {
		if (!str_eq(h->family[i].name, family_of(child->name)) || rng_chance(&d->rng, 600))
			continue;
		father = h->family[i].father;
		mother = h->family[i].mother;
	}
	if (!father && !mother) {
		if (!rng_chance(&d->rng, 60))
			father = new_parent(d, s, h, child, true);
		if (!father || !rng_chance(&d->rng, 40))
			mother = new_parent(d, s, h, child, false);
		int at = h->n_families < COUNT(h->family) ? h->n_families++ : (int)rng_below(&d->rng, COUNT(h->family));
		h->family[at].father = father;
		h->family[at].mother = mother;
		h->family[at].name = child->ethnicity == 1 ? family_of(child->name) : (str){ 0 };
	}
	if (father)
		new_bond(d, s, h, child->base.id, father, REL_FATHER, false);
	if (mother)
		new_bond(d, s, h, child->base.id, mother, REL_MOTHER, true);
}

/* ---- classes and pupils -------------------------------------------------------------------------------- */

/* The youngest grade a kind of school teaches, and how many. */
static void grades_of(enum kind_of_school kind, pick *first, int *n)
{
	static const struct { pick first; int n; } of[] = { [PRESCHOOL] = { GRADE_NURSERY, 4 },
		[PRIMARY] = { GRADE_1, 5 }, [LOWER] = { GRADE_6, 4 },
		[UPPER] = { GRADE_10, 3 }, [BOARDING] = { GRADE_6, 7 }, [CONTINUING] = { GRADE_10, 3 },
		[PRIMARY_LOWER] = { GRADE_1, 9 } };
	*first = of[kind].first;
	*n = of[kind].n;
}

static int64_t age_of(pick grade) { return grade < GRADE_1 ? 2 + grade : 6 + grade - GRADE_1; }

static str class_name(struct demo *d, enum kind_of_school kind, pick grade, int i)
{
	static const char *const groups[] = { "Nhà trẻ", "Mầm", "Chồi", "Lá" };
	if (grade < GRADE_1)
		return TEXT(d->c, "%s %d", groups[grade], i + 1);
	return TEXT(d->c, "%d%c%s", grade - GRADE_1 + 1, kind == PRIMARY || i < 26 ? 'A' + i % 26 : 'Z', kind == UPPER &&
		i >= 26 ? "2" : "");
}

static struct person *new_pupil(struct demo *d, struct demo_school *s, struct harvest *h, pick grade)
{
	bool late = rng_chance(&d->rng, 25);
	struct person *p = new_person(d, s, h, rng_chance(&d->rng, 519), born_about(d, age_of(grade) + late, 182),
		(str){ 0 }, group_here(d, s->commune));

	p->pupil = true;
	p->national_id = rng_chance(&d->rng, 965) ? made_up_id(d, p) : (str){ 0 };
	p->sector_id = TEXT(d->c, "97%08lld", (long long)++d->serial);
	p->school_code = TEXT(d->c, "HS%06lld", (long long)d->serial);
	p->birthplace = TEXT(d->c, "%.*s", FMT(s->commune->name));
	p->policy = rng_chance(&d->rng, s->commune->minority_1000 > 300 ? 140 : 25) ? (pick)(1 + rng_below(&d->rng, 2)) : 0;
	p->disability = rng_chance(&d->rng, 8) ? (pick)(1 + rng_below(&d->rng, 6)) : 0;
	d->count->pupils++;
	return p;
}

static void new_enrolment(struct demo *d, struct harvest *h, const struct school_class *k, int64_t pupil_)
{
	struct enrolment *e = &h->enrolments[h->n_enrolments++];

	row_zero(&enrolment, e);
	e->base.id = new_id(d->c);
	e->base.org = k->base.org;
	e->pupil.v = pupil_;
	e->class.v = k->base.id;
	e->year = k->year;
	e->since = d->year_since;
	e->until = FOREVER;
	e->kind = KIND_PROMOTED;
}

static void new_teaching(struct demo *d, struct demo_school *s, struct harvest *h, const struct school_class *k,
	int64_t who, int subject_at, bool form, int64_t lessons)
{
	struct teaching *t = &h->teaching[h->n_teaching++];

	row_zero(&teaching, t);
	t->base.org = s->org;
	t->class.v = k->base.id;
	t->teacher.v = who;
	if (subject_at >= 0)
		t->subject = d->subjects[subject_at];
	t->form = form;
	t->lessons = lessons;
	t->since = d->year_since;
	t->until = FOREVER;
}

/* What the programme has a grade learn: everything compulsory, and the first four electives. */
static int subjects_of(struct demo *d, pick grade, int ret[static 40])
{
	const struct programme *p = schemes(d->c)->programme;
	int n = 0, electives = 0;

	for (int i = 0; i < d->n_subjects && n < 40; i++) {
		const struct programme_subject *s = programme_find(p, d->subject_codes[i]);
		bool elective = s && s->place[grade] == ELECTIVE && electives < 4;
		electives += elective;
		if (elective || (s && s->place[grade] == COMPULSORY))
			ret[n++] = i;
	}
	return n;
}

/* Lessons a week of a subject: a 35th of the programme's of the year, rounded up. */
static int64_t weekly(struct demo *d, pick grade, int subject_at)
{
	const struct programme_subject *s = programme_find(schemes(d->c)->programme, d->subject_codes[subject_at]);

	return s && s->lessons[grade] ? (s->lessons[grade] + 34) / 35 : 1;
}

static void staff_class(struct demo *d, struct demo_school *s, struct harvest *h, struct school_class *k, int at)
{
	struct person *teachers = h->people + h->first_teacher;
	int64_t form = teachers[at % h->n_teachers].base.id;
	int of[40], subjects = subjects_of(d, k->grade, of);

	k->form_teacher.v = form;
	new_teaching(d, s, h, k, form, subjects ? of[0] : -1, true, subjects ? weekly(d, k->grade, of[0]) : 8);
	for (int i = 1; i < subjects; i++) {
		/* in a primary school the form teacher gives most lessons */
		bool other = k->grade >= GRADE_6 || i % 4 == 1;
		new_teaching(d, s, h, k, other ? teachers[(at + i * 3 + 1) % h->n_teachers].base.id : form, of[i], false,
			weekly(d, k->grade, of[i]));
	}
	if (at == 1 || (at == 0 && h->n_classes == 1)) {
		s->a_class.v = k->base.id;
		s->form_teacher.v = form;
		s->teacher.v = teachers[(at + 4) % h->n_teachers].base.id;
	}
}

static void make_class(struct demo *d, struct demo_school *s, struct harvest *h, pick grade, int i)
{
	struct school_class *k = &h->classes[h->n_classes];
	int64_t pupils = rng_near(&d->rng, s->pupils_a_class, s->pupils_a_class / 8);
	static const int64_t charter[] = { 25, 25, 30, 35 };
	int64_t most = grade < GRADE_1 ? charter[grade] : grade < GRADE_6 ? 35 : 45;

	row_zero(&school_class, k);
	k->base.id = new_id(d->c);
	k->base.org = s->org;
	k->year = d->year;
	k->name = class_name(d, s->kind, grade, i);
	k->grade = grade;
	k->session = s->kind == PRESCHOOL || s->kind == PRIMARY ? 2 : (pick)(grade % 2);
	k->most = most;
	k->size = pupils < most ? pupils : most;
	staff_class(d, s, h, k, (int)h->n_classes);
	h->n_classes++;
	for (int64_t n = 0; n < k->size; n++) {
		int64_t at = h->n_people;
		new_pupil(d, s, h, grade);
		new_enrolment(d, h, k, h->people[at].base.id);
		if (s->kind == PRESCHOOL || s->kind == PRIMARY || s->kind == LOWER || rng_chance(&d->rng, 880))
			make_family(d, s, h, &h->people[at]);
		if (k->base.id == s->a_class.v && n == 3 && h->n_bonds > 0 && h->bonds[h->n_bonds - 1].pupil.v
			== h->people[at].base.id) {
			s->pupil.v = h->people[at].base.id;
			s->parent = h->bonds[h->n_bonds - 1].guardian;
		}
	}
	d->count->classes++;
}

/* ---- the last days ------------------------------------------------------------------------------------- */

static void call_day(struct demo *d, struct demo_school *s, struct harvest *h, day on, int64_t of_1000)
{
	const struct enrolment *e = h->enrolments, *end = e + h->n_enrolments;

	for (int64_t i = 0; i < h->n_classes; i++) {
		const struct school_class *k = &h->classes[i];
		bool called = rng_chance(&d->rng, of_1000);
		struct roll *r = &h->rolls[h->n_rolls];
		row_zero(&roll, r);
		for (; e < end && e->class.v == k->base.id; e++) {
			if (!called || !rng_chance(&d->rng, 24))
				continue;
			struct absence *a = &h->absences[h->n_absences++];
			row_zero(&absence, a);
			a->base.org = s->org;
			a->class = e->class;
			a->pupil = e->pupil;
			a->held = on;
			a->session = k->session == 1;      /* of the whole day: its morning */
			a->kind = rng_chance(&d->rng, 620) ? ABS_EXCUSED : rng_chance(&d->rng, 500) ? ABS_UNEXCUSED : ABS_LATE;
			a->note = a->kind == ABS_EXCUSED ? S("Bị ốm, phụ huynh đã xin phép") : (str){ 0 };
			*(a->kind == ABS_LATE ? &r->late : &r->absent) += 1;
		}
		if (!called)
			continue;
		r->base.org = s->org;
		r->class.v = k->base.id;
		r->held = on;
		r->session = k->session == 1;
		r->caller = k->form_teacher;
		r->present = k->size - r->absent;
		h->n_rolls++;
	}
}

static void call_rolls(struct demo *d, struct demo_school *s, struct harvest *h)
{
	int days = d->ask->size >= DEMO_PROVINCE ? 2 : ROLL_DAYS;
	day on = d->c->today;

	for (int n = 0; n < days; on.v--) {
		if (day_off(on))                         /* nobody calls a roll on a day without school                    */
			continue;
		call_day(d, s, h, on, on.v == d->c->today.v ? 720 : 985);
		n++;
	}
	d->count->absences += h->n_absences;
}

/* ---- all of a school -------------------------------------------------------------------------------------- */

static void make_room(struct demo *d, struct harvest *h, int classes, int a_class)
{
	struct arena *mem = d->c->mem;
	int64_t pupils = (int64_t)classes * (a_class * 9 / 8 + 2);

	h->people = NEWS(mem, struct person, pupils * 3 + classes * 3 + 40);
	h->bonds = NEWS(mem, struct guardianship, pupils * 2 + 10);
	h->classes = NEWS(mem, struct school_class, classes + 1);
	h->enrolments = NEWS(mem, struct enrolment, pupils + 10);
	h->teaching = NEWS(mem, struct teaching, classes * 20 + 10);
	h->rolls = NEWS(mem, struct roll, classes * (ROLL_DAYS + 1));
	h->absences = NEWS(mem, struct absence, pupils * (ROLL_DAYS + 1) / 4 + 200);
}

static enum rc write_all(struct demo *d, struct demo_school *s, struct harvest *h)
{
	struct ctx *c = d->c;

	TRY(create_many(c, &person, h->people, h->n_people));
	TRY(create_many(c, &guardianship, h->bonds, h->n_bonds));
	TRY(create_many(c, &school_class, h->classes, h->n_classes));
	TRY(create_many(c, &enrolment, h->enrolments, h->n_enrolments));
	TRY(create_many(c, &teaching, h->teaching, h->n_teaching));
	TRY(create_many(c, &roll, h->rolls, h->n_rolls));
	TRY(create_many(c, &absence, h->absences, h->n_absences));
	TRY(demo_timetable(d, s, h->classes, h->n_classes, h->teaching, h->n_teaching));
	if (d->ask->size == DEMO_METROPOLIS)
		return OK;
	return demo_marks(d, s, h->classes, h->n_classes, h->enrolments, h->n_enrolments, h->teaching, h->n_teaching);
}

enum rc demo_school_people(struct demo *d, struct demo_school *s)
{
	struct harvest *h = NEW(d->c->mem, struct harvest);
	pick first;
	int n;

	grades_of(s->kind, &first, &n);
	make_room(d, h, n * s->classes_a_grade, s->pupils_a_class);
	make_staff(d, s, h, n * s->classes_a_grade);
	for (int g = 0; g < n; g++)
		for (int i = 0; i < s->classes_a_grade; i++)
			make_class(d, s, h, (pick)(first + g), i);
	call_rolls(d, s, h);
	return write_all(d, s, h);
}
