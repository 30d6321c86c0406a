/* locked_test.c -- registers locked on time: counted against the term's deadline, each tier its own schools. */
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records
#include "mod/records/records.h"
#include "domain.h"
#include "mod/records/results_page.h"

enum { MS_A_DAY = 86400000 };
/* What the page and the reports read; as locked.c has it. */
struct asks { school_year_id year; pick period; org_id unit; };
struct line { int64_t id; str school, unit; day due; int64_t classes, on_time, late, open, gaps, share; };
struct class_line { int64_t id; str school, unit, class; pick state; day due, locked; int64_t days, gaps;
	bool opened; };
enum { MID_1, TERM_ONE };
enum { ON_TIME, LATE, NOT, NOT_YET };
struct site { struct world *w; school_class_id second; day due; };

static void at_day(struct world *w, int32_t d) { w->time = (int64_t)d * MS_A_DAY + MS_A_DAY / 4; }

/* A school of two classes and one of one, term I due on 22 January 2027. */
static struct site open_place(void **state)
{
	struct site p = { .w = world_open(state) };
	struct world *w = p.w;
	struct term t;

	row_zero(&term, &t);
	t.year = w->year;
	t.code = S("hk1");
	t.name = S("Học kì I");
	day_of(2026, 9, 5, &t.since);
	day_of(2027, 1, 15, &t.until);
	OKAY(create(as_khue(w), &term, &t));
	p.second = add_class(w, w->a, w->year, "7C", GRADE_6 + 1);
	day_of(2027, 1, 22, &p.due);
	return p;
}

static void close_on(struct site *p, school_class_id class, int32_t on, const char *verb)
{
	struct world *w = p->w;
	struct class_close x;

	at_day(w, on);
	if (find_one(as_khue(w), &class_close, &x, IS({ offsetof(struct class_close, class), v_int(class.v) })) != OK) {
		row_zero(&class_close, &x);
		x.base.org = w->a;
		x.class = class;
		x.year = w->year;
		OKAY(create(as_khue(w), &class_close, &x));
	}
	x.reason = S("Vào nhầm điểm");
	OKAY(step(as_khue(w), &class_close, &x, verb));
}

static items lines_of(struct site *p, const struct role *r, org_id at, pick period, const char *name,
	const struct shape *shape)
{
	struct world *w = p->w;
	struct ctx *c = r ? as(w, r, at, (person_id){ 0 }) : as_khue(w);
	items got;

	OKAY(query(c, name, &locked_in_shape, &(struct asks){ w->year, period, { 0 } }, shape, &got, 100));
	return got;
}

static struct line line_of(struct site *p, const struct role *r, org_id at, pick period, org_id school)
{
	items got = lines_of(p, r, at, period, "records/locked", &locked_row_shape);

	for (int64_t i = 0; i < got.n; i++)
		if (((const struct line *)got.p)[i].id == school.v)
			return ((const struct line *)got.p)[i];
	return (struct line){ 0 };
}

static void holds(struct line l, int64_t classes, int64_t on_time, int64_t late, int64_t open)
{
	assert_int_equal(l.classes, classes);
	assert_int_equal(l.on_time, on_time);
	assert_int_equal(l.late, late);
	assert_int_equal(l.open, open);
}

static void classes_are_held_against_the_deadline(void **state)
{
	struct site p = open_place(state);
	struct world *w = p.w;

	close_on(&p, w->class_a, p.due.v, "close");
	close_on(&p, p.second, p.due.v + 3, "close");
	struct line l = line_of(&p, NULL, w->a, TERM_ONE, w->a);
	holds(l, 2, 1, 1, 0);
	assert_int_equal(l.due.v, p.due.v);
	assert_int_equal(l.share, 50);
	holds(line_of(&p, NULL, w->a, TERM_ONE, w->b), 1, 0, 0, 1);
	items late = lines_of(&p, &dept_officer, w->dept, TERM_ONE, "records/locked_late", &locked_class_shape);
	assert_int_equal(late.n, 2);                                     /* and the one of the other school */
	const struct class_line *k = late.p;
	int i = str_is(k[0].class, "7C") ? 0 : 1;
	assert_true(str_is(k[i].class, "7C") && k[i].state == LATE && k[i].days == 3);
	assert_true(k[!i].state == NOT && k[!i].days == 3 && k[!i].locked.v == NO_DAY.v);
	/* the day before it is due nothing is late */
	at_day(w, p.due.v - 1);
	assert_int_equal(lines_of(&p, NULL, w->a, TERM_ONE, "records/locked_late", &locked_class_shape).n, 1);
	world_close(w);
}

/* Who opens again after the deadline, with a reason, was on time; who opens before it and is open then was not. */
static void a_reopening_counts_by_its_day(void **state)
{
	struct site p = open_place(state);
	struct world *w = p.w;

	close_on(&p, w->class_a, p.due.v - 5, "close");
	close_on(&p, w->class_a, p.due.v + 9, "reopen");
	holds(line_of(&p, NULL, w->a, TERM_ONE, w->a), 2, 1, 0, 1);
	close_on(&p, w->class_a, p.due.v + 12, "close");
	holds(line_of(&p, NULL, w->a, TERM_ONE, w->a), 2, 1, 0, 1);
	close_on(&p, p.second, p.due.v - 5, "close");
	close_on(&p, p.second, p.due.v - 1, "reopen");
	holds(line_of(&p, NULL, w->a, TERM_ONE, w->a), 2, 1, 0, 1);
	close_on(&p, p.second, p.due.v + 2, "close");
	holds(line_of(&p, NULL, w->a, TERM_ONE, w->a), 2, 1, 1, 0);
	world_close(w);
}

static void a_lock_of_the_school_is_of_all_its_classes(void **state)
{
	struct site p = open_place(state);
	struct world *w = p.w;
	struct mark_lock m;

	row_zero(&mark_lock, &m);
	m.base.org = w->a;
	m.year = w->year;
	m.part = PART_MIDDLE;
	OKAY(create(as_khue(w), &mark_lock, &m));
	struct line l = line_of(&p, NULL, w->a, MID_1, w->a);
	int32_t mid = l.due.v;
	holds(l, 2, 0, 0, 2);
	at_day(w, mid);
	OKAY(step(as_khue(w), &mark_lock, &m, "lock"));
	holds(line_of(&p, NULL, w->a, MID_1, w->a), 2, 2, 0, 0);
	holds(line_of(&p, NULL, w->a, TERM_ONE, w->a), 2, 0, 0, 2);      /* the middle alone */
	OKAY(step(as_khue(w), &mark_lock, &m, "unlock"));
	holds(line_of(&p, NULL, w->a, MID_1, w->a), 2, 0, 0, 2);
	m.on_day.v = mid + 4;
	OKAY(update(as_khue(w), &mark_lock, &m));
	at_day(w, mid + 20);                                             /* it locked by itself, four days late */
	holds(line_of(&p, NULL, w->a, MID_1, w->a), 2, 0, 2, 0);
	world_close(w);
}

static void each_tier_sees_its_schools(void **state)
{
	struct site p = open_place(state);
	struct world *w = p.w;
	org_id away = add_org(w, ORG_COMMUNE, "UBND xã Hòa Sơn", w->dept);

	assert_int_equal(lines_of(&p, &dept_officer, w->dept, TERM_ONE, "records/locked", &locked_row_shape).n, 2);
	assert_int_equal(lines_of(&p, &commune_officer, w->commune, TERM_ONE, "records/locked", &locked_row_shape).n, 2);
	assert_int_equal(lines_of(&p, &commune_officer, away, TERM_ONE, "records/locked", &locked_row_shape).n, 0);
	assert_int_equal(lines_of(&p, &bureau_leader, away, TERM_ONE, "records/locked_late", &locked_class_shape).n, 0);
	assert_int_equal(lines_of(&p, &principal, w->a, TERM_ONE, "records/locked", &locked_row_shape).n, 1);
	assert_int_equal(lines_of(&p, &parent, w->a, TERM_ONE, "records/locked", &locked_row_shape).n, 0);
	world_close(w);
}

/* What a school had locked on time stays so when it is merged; what it had not is late at the new one. */
static void locks_go_with_their_classes(void **state)
{
	struct site p = open_place(state);
	struct world *w = p.w;
	struct mark_lock m;
	struct org_change k;

	at_day(w, p.due.v - 1);
	row_zero(&mark_lock, &m);
	m.base.org = w->a;
	m.year = w->year;
	OKAY(create(as_khue(w), &mark_lock, &m));
	OKAY(step(as_khue(w), &mark_lock, &m, "lock"));
	at_day(w, p.due.v + 5);
	row_zero(&org_change, &k);
	k.base.org = w->dept, k.kind = CHANGE_MERGE, k.subject = w->a, k.target = w->b, k.decision = S("12/QĐ-UBND");
	k.decided = k.effective = as_khue(w)->today;
	OKAY(create(as_khue(w), &org_change, &k));
	OKAY(step(as_khue(w), &org_change, &k, "approve"));
	holds(line_of(&p, NULL, w->a, TERM_ONE, w->a), 2, 2, 0, 0);
	OKAY(step(as_khue(w), &org_change, &k, "apply"));
	holds(line_of(&p, NULL, w->b, TERM_ONE, w->b), 3, 2, 0, 1);
	holds(line_of(&p, NULL, w->b, TERM_ONE, w->a), 0, 0, 0, 0);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(classes_are_held_against_the_deadline),
		ON_BOTH(a_reopening_counts_by_its_day), ON_BOTH(a_lock_of_the_school_is_of_all_its_classes),
		ON_BOTH(each_tier_sees_its_schools),
		ON_BOTH(locks_go_with_their_classes) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("locked", tests, NULL, NULL);
}
