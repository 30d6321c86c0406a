/* timetable.c -- a school's bells, its timetable of the year, a cover this week, lesson records of one class. */
#include "app/demo/demo.h"
#include "core/many.h"
#include "mod/timetable/timetable.h"

enum { TEACHERS_MOST = 400, DAYS_A_WEEK = 6, PLACES = 6 * 100 + SLOTS_DAY + 1 };

struct busy { int64_t teacher; bool at[PLACES]; };
/* computers: the room that lessons of computing (Tin học, in primary schools Tin học và Công nghệ) go to, one class at
 * a time. */
struct plan_of_week { struct demo *d; struct demo_school *s; int64_t timetable; struct lesson *lessons; int64_t n;
	struct busy *busy; int n_busy; facility_id computers; int64_t computing[2]; bool used[PLACES]; };

static enum rc make_bells(struct demo *d, struct demo_school *s)
{
	struct bell *b = NEWS(d->c->mem, struct bell, 10);

	for (int i = 0; i < 10; i++) {
		int half = i / 5, in_half = i % 5, at = (half ? 13 * 60 + 15 : 7 * 60) + in_half * 50 + (in_half > 1) * 15;
		row_zero(&bell, &b[i]);
		b[i].base.org = s->org;
		b[i].slot = half * SLOTS_HALF + in_half + 1;
		b[i].begins = TEXT(d->c, "%02d:%02d", at / 60, at % 60);
		b[i].ends = TEXT(d->c, "%02d:%02d", (at + 45) / 60, (at + 45) % 60);
	}
	return create_many(d->c, &bell, b, 10);
}

static struct busy *busy_of(struct plan_of_week *p, int64_t teacher_)
{
	for (int i = 0; i < p->n_busy; i++)
		if (p->busy[i].teacher == teacher_)
			return &p->busy[i];
	if (p->n_busy == TEACHERS_MOST)
		return NULL;
	p->busy[p->n_busy].teacher = teacher_;
	return &p->busy[p->n_busy++];
}

/* The slots of a class's session: five in a half, or four and three for a whole day. */
static int slots_of(const struct school_class *k, int64_t ret[SLOTS_DAY])
{
	int n = 0;

	for (int64_t s = 1; s <= 4 + (k->session != 2); s++)
		if (k->session != 1)
			ret[n++] = s;
	for (int64_t s = 1; s <= (k->session == 2 ? 3 : 5); s++)
		if (k->session != 0)
			ret[n++] = SLOTS_HALF + s;
	return n;
}

/* Lessons go round the week, one of a subject a day where that fits. */
static void plan_class(struct plan_of_week *p, const struct school_class *k, const struct teaching *t, int64_t n_t)
{
	bool taken[PLACES] = { 0 };
	int64_t slots[SLOTS_DAY];
	int n = slots_of(k, slots);

	for (int64_t i = 0; i < n_t; i++) {
		struct busy *b = t[i].subject.v ? busy_of(p, t[i].teacher.v) : NULL;
		int64_t left = t[i].lessons < DAYS_A_WEEK ? t[i].lessons : DAYS_A_WEEK - 1;
		int from = (int)rng_below(&p->d->rng, DAYS_A_WEEK);
		for (int d = 0; b && d < DAYS_A_WEEK && left > 0; d++)
			for (int j = 0; j < n; j++) {
				int weekday = (from + d) % DAYS_A_WEEK;
				int64_t slot = slots[(j + from) % n], place = lesson_place((pick)weekday, slot);
				if (taken[place] || b->at[place])
					continue;
				struct lesson *l = &p->lessons[p->n++];
				row_zero(&lesson, l);
				l->base.org = p->s->org;
				l->timetable.v = p->timetable;
				l->class.v = k->base.id;
				l->weekday = (pick)weekday;
				l->slot = slot;
				l->place = place;
				l->subject = t[i].subject;
				l->teacher = t[i].teacher;
				if (p->computers.v && !p->used[place] && (l->subject.v == p->computing[0] ||
					l->subject.v == p->computing[1])) {
					l->room = p->computers;
					p->used[place] = true;
				}
				taken[place] = b->at[place] = true;
				left--;
				break;
			}
	}
}

static bool teaches_then(const struct plan_of_week *p, person_id who, const struct lesson *then)
{
	for (int64_t i = 0; i < p->n; i++)
		if (p->lessons[i].teacher.v == who.v && p->lessons[i].weekday == then->weekday &&
			p->lessons[i].slot == then->slot)
			return true;
	return false;
}

/* What was taught in the class of the demo's accounts since last Monday, and who stands in for whom. */
static enum rc make_days(struct plan_of_week *p)
{
	static const char *const contents[] = { "Luyện tập chung", "Bài mới và bài tập vận dụng", "Thực hành theo nhóm",
		"Ôn tập và kiểm tra bài cũ", "Chữa bài kiểm tra thường xuyên" };
	struct lesson_record *r = NEWS(p->d->c->mem, struct lesson_record, 200);
	day today = p->d->c->today, held = { today.v - (day_week(today) - 1) - 7 };
	struct cover x;
	int64_t n = 0;
	bool covered = false;

	for (; held.v <= today.v; held.v++)
		for (int64_t i = 0; i < p->n && n < 200; i++) {
			const struct lesson *l = &p->lessons[i];
			if (l->class.v != p->s->a_class.v || l->weekday != day_week(held) - 1 || day_off(held))
				continue;
			if (!covered && held.v > today.v - day_week(today)) {
				row_zero(&cover, &x);
				x.class = l->class;
				x.held = held;
				x.slot = l->slot;
				x.subject = l->subject;
				x.teacher = p->s->form_teacher;
				x.reason = S("Giáo viên đi tập huấn");
				covered = !teaches_then(p, p->s->form_teacher, l);
				if (covered)
					TRY(create(p->d->c, &cover, &x));
				continue;
			}
			if (held.v == today.v || rng_chance(&p->d->rng, 80))
				continue;
			row_zero(&lesson_record, &r[n]);
			r[n].base.org = p->s->org;
			r[n].class = l->class;
			r[n].held = held;
			r[n].slot = l->slot;
			r[n].subject = l->subject;
			r[n].teacher = l->teacher;
			r[n].number = 20 + rng_below(&p->d->rng, 30);
			r[n].content = str_of(contents[rng_below(&p->d->rng, 5)]);
			r[n].remark = rng_chance(&p->d->rng, 250) ? S("Lớp sôi nổi, chuẩn bị bài tốt.") : (str){ 0 };
			r[n].grade = rng_chance(&p->d->rng, 700) ? 1 : 2;
			n++;
		}
	return create_many(p->d->c, &lesson_record, r, n);
}

static enum rc find_computers(struct plan_of_week *p)
{
	const struct demo *d = p->d;
	struct facility f;
	enum rc rc = find_one(d->c, &facility, &f, IS({ offsetof(struct facility, base.org), v_int(p->s->org.v) },
		{ offsetof(struct facility, name), v_text(S("Phòng Tin học")) }));

	for (int i = 0; i < d->n_subjects; i++) {
		if (str_is(d->subject_codes[i], "tin_hoc"))
			p->computing[0] = d->subjects[i].v;
		if (str_is(d->subject_codes[i], "th_cn"))
			p->computing[1] = d->subjects[i].v;
	}
	if (rc == OK)
		p->computers.v = f.base.id;
	return rc == E_MISSING ? OK : rc;
}

enum rc demo_timetable(struct demo *d, struct demo_school *s, const struct school_class *k, int64_t n,
	const struct teaching *t, int64_t n_t)
{
	struct plan_of_week p = { .d = d, .s = s, .lessons = NEWS(d->c->mem, struct lesson, n * 60 + 1),
		.busy = NEWS(d->c->mem, struct busy, TEACHERS_MOST) };
	struct timetable whole;
	int64_t first = 0;

	if (s->kind == PRESCHOOL)
		return OK;
	TRY(make_bells(d, s));
	TRY(find_computers(&p));
	row_zero(&timetable, &whole);
	whole.base.org = s->org;
	whole.base.id = p.timetable = new_id(d->c);
	whole.year = d->year;
	whole.name = S("Thời khóa biểu học kì I");
	whole.since = d->year_since;
	whole.state = TIMETABLE_PUBLISHED;
	TRY(create_many(d->c, &timetable, &whole, 1));
	for (int64_t i = 0; i < n; i++) {
		int64_t m = 0;
		while (first + m < n_t && t[first + m].class.v == k[i].base.id)
			m++;
		plan_class(&p, &k[i], t + first, m);
		first += m;
	}
	TRY(create_many(d->c, &lesson, p.lessons, p.n));
	return d->ask->size >= DEMO_PROVINCE ? OK : make_days(&p);
}
