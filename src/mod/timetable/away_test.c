/* away_test.c -- a teacher who is away, on both engines: all lessons of some days arranged at once; who takes one calls
 * the roll of that class on that day alone. */
#include "mod/timetable/timetable_world.h"
#include "core/row.h"

enum { MORNING_1 = 1 };

static void until_monday(struct world *w)
{
	while (day_week(as_khue(w)->today) != 1)
		w->time += INT64_C(86400000);
}

/* Lessons of teacher_a in class_a from Monday to Wednesday, in force. */
static void three_lessons(struct site *s)
{
	struct world *w = s->w;
	timetable_id id = add_timetable(w, "Học kì I", -60);
	struct timetable t;

	for (pick d = 0; d < 3; d++) {
		struct lesson l;
		row_zero(&lesson, &l);
		l.base.org = w->a;
		l.timetable = id;
		l.class = w->class_a;
		l.weekday = d;
		l.slot = MORNING_1;
		l.subject = s->maths;
		l.teacher = w->teacher_a;
		OKAY(create(as_khue(w), &lesson, &l));
	}
	struct ctx *c = as(w, &principal, w->a, (person_id){ 6 });
	OKAY(find(c, &timetable, id.v, &t));
	OKAY(step(c, &timetable, &t, "publish"));
}

static int64_t told(struct world *w, const char *login)
{
	int64_t n = 0;

	OKAY(db_int(w->db, "SELECT count(*) FROM notice WHERE account = (SELECT id FROM account WHERE login = ?1)",
		VALS(v_text(str_of(login))), &n));
	return n;
}

/* id: its text, which outlives a request. */
static struct away_cell cell_of(struct site *s, day held, const char *id)
{
	return (struct away_cell){ s->w->class_a, held, MORNING_1, str_of(id) };
}

static void a_week_is_arranged_at_once(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	struct away_view v = { 0 };
	char id[24];

	snprintf(id, sizeof id, "%lld", (long long)s.other.v);
	until_monday(w);
	three_lessons(&s);
	add_login(w, s.other, "lam");
	day monday = w->c.today;
	struct away_in in = { .teacher = w->teacher_a, .first = monday, .last = { monday.v + 5 }, .by = s.other,
		.reason = S("Nghỉ ốm") };
	OKAY(away_get(as(w, &clerk, w->a, (person_id){ 5 }), &in, &v));
	assert_int_equal(v.n, 3);
	const struct away_line *line = v.lines.p;
	const struct away_option *o = line[0].options.p;
	assert_int_equal(line[0].options.n, 3);                          /* open, cancelled, the one who is free */
	assert_true(o[2].chosen && str_is(o[2].label, "Ngô Văn Lâm"));
	struct away_cell cells[] = { cell_of(&s, monday, id), cell_of(&s, (day){ monday.v + 1 }, id),
		{ w->class_a, { monday.v + 2 }, MORNING_1, S("off") } };
	in.cells = (items){ cells, 3 };
	int64_t before = told(w, "lam"), own_ = told(w, "giao.vien");
	OKAY(away_post(as(w, &clerk, w->a, (person_id){ 5 }), &in, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM cover WHERE kind = 'taught' AND reason = 'Nghỉ ốm'"), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM cover WHERE kind = 'cancelled'"), 1);
	assert_int_equal(told(w, "lam"), before + 1);                    /* of both lessons at once */
	assert_int_equal(told(w, "giao.vien"), own_ + 1);
	/* the week of who takes them does not tell their own name */
	struct week_ask week = { .school = w->a.v, .teacher = s.other.v, .monday = monday, .days = 1 };
	items taken;
	bool none;
	OKAY(week_lessons(as_khue(w), &week, &taken, &none));
	assert_int_equal(taken.n, 1);
	assert_true(str_is(((const struct week_lesson *)taken.p)->note, "As a substitute: Nghỉ ốm"));
	/* again: nothing differs, nobody is told; then one is open again and its substitute hears of it */
	OKAY(away_post(as(w, &clerk, w->a, (person_id){ 5 }), &in, NULL));
	assert_int_equal(told(w, "lam"), before + 1);
	cells[0].taker = S("");
	OKAY(away_post(as(w, &clerk, w->a, (person_id){ 5 }), &in, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM cover WHERE kind = 'taught' AND gone = 0"), 1);
	assert_int_equal(told(w, "lam"), before + 2);
	/* refused: a teacher of another school, days the wrong way round, and nobody's word but the office's */
	in.last.v = monday.v - 1;
	assert_int_equal(away_post(as(w, &clerk, w->a, (person_id){ 5 }), &in, NULL), E_INVALID);
	in.last.v = monday.v + 5;
	cells[0].taker = S("99");
	assert_int_not_equal(away_post(as(w, &clerk, w->b, (person_id){ 5 }), &in, NULL), OK);
	world_close(w);
}

static void the_roll_is_lent_for_the_day(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	person_id third = add_person(w, w->a, "Đỗ Thu Cúc", false, true);
	struct cover x;
	struct roll_sheet v = { 0 };
	struct roll_ask ask = { .class = w->class_a, .on_day = NO_DAY };
	struct mark_in { person_id pupil; pick kind; str note; } mark = { w->pupil_a, 1, S("") };
	struct call_in in = { w->class_a, NO_DAY, 0, { &mark, 1 } };

	until_monday(w);
	three_lessons(&s);
	assert_int_equal(lent_sheet(as(w, &teacher, w->a, third), &ask, &v), E_DENIED);
	row_zero(&cover, &x);
	x.class = w->class_a;
	x.held = w->c.today;
	x.slot = MORNING_1;
	x.teacher = third;
	OKAY(create(as_khue(w), &cover, &x));
	assert_int_equal(attendance_call(as(w, &teacher, w->a, third), &in, NULL), E_DENIED);       /* not assigned */
	OKAY(lent_sheet(as(w, &teacher, w->a, third), &ask, &v));
	assert_int_equal(v.n, 1);
	assert_true(str_is(v.session_code, "morning") && v.lent);
	OKAY(lent_call(as(w, &teacher, w->a, third), &in, NULL));
	assert_int_equal(count(w, "SELECT caller FROM roll"), third.v);
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE kind = 'excused'"), 1);
	/* the page left open until tomorrow; who is away; another school's teacher */
	in.on_day = w->c.today;
	assert_int_equal(lent_call(as(w, &teacher, w->a, w->teacher_a), &in, NULL), E_DENIED);
	w->time += INT64_C(86400000);
	assert_int_equal(lent_call(as(w, &teacher, w->a, third), &in, NULL), E_DENIED);
	in.on_day = NO_DAY;
	assert_int_equal(lent_call(as(w, &teacher, w->a, third), &in, NULL), E_DENIED);
	world_close(w);
}

/* Who takes a lesson hears when it is another's, or is no longer taken; who stands in the timetable hears too. */
static void whoever_it_touches_hears(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	struct cover x;

	until_monday(w);
	three_lessons(&s);
	add_login(w, s.other, "lam");
	person_id third = add_person(w, w->a, "Đỗ Thu Cúc", false, true);
	add_login(w, third, "cuc");
	row_zero(&cover, &x);
	x.class = w->class_a;
	x.held = w->c.today;
	x.slot = MORNING_1;
	x.teacher = s.other;
	int64_t own_ = told(w, "giao.vien");
	OKAY(create(as(w, &clerk, w->a, (person_id){ 5 }), &cover, &x));
	assert_int_equal(told(w, "lam"), 1);
	assert_int_equal(told(w, "giao.vien"), own_ + 1);
	x.teacher = third;
	OKAY(update(as(w, &clerk, w->a, (person_id){ 5 }), &cover, &x));
	assert_int_equal(told(w, "lam"), 2);
	assert_int_equal(told(w, "cuc"), 1);
	OKAY(retire(as(w, &clerk, w->a, (person_id){ 5 }), &cover, x.base.id, x.base.rev));
	assert_int_equal(told(w, "cuc"), 2);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_week_is_arranged_at_once), ON_BOTH(the_roll_is_lent_for_the_day),
		ON_BOTH(whoever_it_touches_hears) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("timetable_away", tests, NULL, NULL);
}
