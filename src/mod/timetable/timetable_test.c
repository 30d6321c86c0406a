/* timetable_test.c -- timetables on both engines: publishing, the one in force, covers, calendars, records. */
#include "mod/timetable/timetable_world.h"
#include "core/perm.h"
#include "core/row.h"

#include <fcntl.h>
#include <unistd.h>

static enum rc put_lesson(struct site *s, timetable_id t, school_class_id class, pick weekday, int64_t slot,
	subject_id what, person_id who)
{
	struct lesson l;

	row_zero(&lesson, &l);
	l.base.org = s->w->a;
	l.timetable = t;
	l.class = class;
	l.weekday = weekday;
	l.slot = slot;
	l.subject = what;
	l.teacher = who;
	return create(as(s->w, &clerk, s->w->a, (person_id){ 5 }), &lesson, &l);
}

static enum rc publish(struct site *s, timetable_id id)
{
	struct timetable t;
	struct world *w = s->w;
	struct ctx *c = as(s->w, &principal, s->w->a, (person_id){ 6 });

	OKAY(find(c, &timetable, id.v, &t));
	return step(c, &timetable, &t, "publish");
}

static struct week_lesson only(struct site *s, struct week_ask ask, int64_t n)
{
	struct world *w = s->w;
	items got;
	bool none;

	ask.school = s->w->a.v;
	ask.days = 7;
	OKAY(week_lessons(&s->w->c, &ask, &got, &none));
	assert_int_equal(got.n, n);
	return n ? *(const struct week_lesson *)got.p : (struct week_lesson){ 0 };
}

static void a_teacher_is_not_in_two_classes(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(s.w, "Học kì I", -30);

	assert_int_equal(publish(&s, t), E_STATE);                       /* nothing in it yet */
	assert_int_equal(put_lesson(&s, t, s.w->class_a, 0, 1, s.maths, s.w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, t, s.w->class_a, 0, 1, s.music, s.other), E_INVALID);
	assert_int_equal(put_lesson(&s, t, s.second, 0, 1, s.maths, s.w->teacher_a), OK);
	assert_int_equal(publish(&s, t), E_STATE);
	assert_true(str_find(s.w->c.problems[0].text, S("Lê Thị Hoa")) >= 0);
	assert_int_equal(put_lesson(&s, t, s.w->class_b, 0, 1, s.maths, s.other), E_INVALID);  /* of another school */
	struct lesson l;
	OKAY(find_one(as_khue(s.w), &lesson, &l, IS({ offsetof(struct lesson, class), v_int(s.second.v) })));
	l.slot = 2;
	OKAY(update(as_khue(s.w), &lesson, &l));
	OKAY(publish(&s, t));
	assert_int_equal(put_lesson(&s, t, s.w->class_a, 1, 1, s.maths, s.w->teacher_a), E_STATE);
	world_close(s.w);
}

static void the_latest_published_is_in_force(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	day monday = monday_of(as_khue(w)->today);
	timetable_id old = add_timetable(w, "Cũ", -60), new = add_timetable(w, "Mới", monday.v + 2 - w->c.today.v);

	assert_int_equal(put_lesson(&s, old, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, old, w->class_a, 2, 1, s.maths, w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, new, w->class_a, 0, 1, s.music, s.other), OK);
	assert_int_equal(put_lesson(&s, new, w->class_a, 2, 1, s.music, s.other), OK);
	only(&s, (struct week_ask){ .class = w->class_a.v, .monday = monday }, 0);     /* drafts are not seen */
	OKAY(publish(&s, old));
	OKAY(publish(&s, new));
	assert_int_equal(only(&s, (struct week_ask){ .class = w->class_a.v, .monday = monday }, 2).subject, s.maths.v);
	only(&s, (struct week_ask){ .teacher = w->teacher_a.v, .monday = monday }, 1);
	only(&s, (struct week_ask){ .teacher = s.other.v, .monday = monday }, 1);
	world_close(w);
}

static void add_cover(struct site *s, pick kind, day held, int64_t slot, person_id who)
{
	struct cover x;
	struct world *w = s->w;

	row_zero(&cover, &x);
	x.class = s->w->class_a;
	x.held = held;
	x.slot = slot;
	x.kind = kind;
	x.teacher = who;
	x.subject = kind == COVER_EXTRA ? s->music : (subject_id){ 0 };
	OKAY(create(as_khue(s->w), &cover, &x));
}

/* A number with names is shown and read by either. */
static void a_period_goes_by_its_name(void **state)
{
	struct world *w = world_open(state);
	const struct field *f = cover.fields;
	struct flaw bad;
	struct cover x;

	row_zero(&cover, &x);
	while (f->at != offsetof(struct cover, slot))
		f++;
	x.slot = 12;
	assert_text(field_text(f, &x, VI, &w->mem), "Tiết 5 chiều");
	assert_text(field_text(f, &x, EN, &w->mem), "Lesson 5, afternoon");
	x.slot = 99;
	assert_text(field_text(f, &x, VI, &w->mem), "99");
	assert_true(field_read(f, S("tiet 2 sang"), w->c.today, &w->mem, &x, &bad));
	assert_int_equal(x.slot, 2);
	assert_true(field_read(f, S("13"), w->c.today, &w->mem, &x, &bad));
	assert_int_equal(x.slot, 13);
	assert_false(field_read(f, S("Tiết 9 chiều"), w->c.today, &w->mem, &x, &bad));
	world_close(w);
}

static void covers_lie_over_the_week(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	day monday = monday_of(w->c.today);

	for (pick d = 0; d < 3; d++)
		assert_int_equal(put_lesson(&s, t, w->class_a, d, 1, s.maths, w->teacher_a), OK);
	OKAY(publish(&s, t));
	add_cover(&s, COVER_TAUGHT, monday, 1, s.other);
	add_cover(&s, COVER_CANCELLED, (day){ monday.v + 1 }, 1, (person_id){ 0 });
	add_cover(&s, COVER_EXTRA, (day){ monday.v + 4 }, 8, s.other);
	struct week_lesson l = only(&s, (struct week_ask){ .class = w->class_a.v, .monday = monday }, 4);
	assert_true(l.changed && !l.off && l.taker == s.other.v);
	l = only(&s, (struct week_ask){ .teacher = w->teacher_a.v, .monday = monday }, 3);
	assert_true(l.off);                                              /* another takes it */
	l = only(&s, (struct week_ask){ .teacher = s.other.v, .monday = monday }, 2);
	assert_int_equal(l.subject, s.maths.v);
	struct cover bad;
	row_zero(&cover, &bad);
	bad.class = w->class_a;
	bad.held = monday;
	bad.slot = 3;
	REFUSED(create(as_khue(w), &cover, &bad), E_INVALID, cover, teacher);
	bad.teacher = s.other;
	REFUSED(create(as_khue(w), &cover, &bad), E_INVALID, cover, slot);
	world_close(w);
}

/* Nobody is in two classes at once: not for a lesson of one's own, nor for another's twice. */
static void one_cover_at_a_time(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	day monday = monday_of(w->c.today);
	struct cover x;

	person_id third = add_person(w, w->a, "Đỗ Thu Cúc", false, true);
	teach_it(w, third, s.second, s.music);
	assert_int_equal(put_lesson(&s, t, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, t, s.second, 0, 1, s.music, third), OK);
	OKAY(publish(&s, t));
	row_zero(&cover, &x);
	x.class = w->class_a;
	x.held = monday;
	x.slot = 1;
	x.kind = COVER_TAUGHT;
	REFUSED(create(as_khue(w), &cover, &x), E_INVALID, cover, teacher);     /* nobody: who is free is told      */
	assert_true(str_find(w->c.problems[0].text, S("Ngô Văn Lâm")) >= 0);
	x.teacher = third;                                               /* has 7C then                             */
	REFUSED(create(as_khue(w), &cover, &x), E_INVALID, cover, teacher);
	assert_true(str_find(w->c.problems[0].text, S("7C")) >= 0);
	assert_true(str_find(w->c.problems[0].text, S("Ngô Văn Lâm")) >= 0);            /* who is free             */
	x.teacher = s.other;
	OKAY(create(as_khue(w), &cover, &x));
	OKAY(update(as_khue(w), &cover, &x));                            /* not in one's own way                    */
	row_zero(&cover, &x);
	x.class = s.second;
	x.held = monday;
	x.slot = 1;
	x.kind = COVER_TAUGHT;
	x.teacher = s.other;                                             /* takes 7A already                        */
	REFUSED(create(as_khue(w), &cover, &x), E_INVALID, cover, teacher);
	x.teacher = w->teacher_a;                                        /* whose own lesson another takes          */
	OKAY(create(as_khue(w), &cover, &x));
	/* why there is no lesson */
	row_zero(&cover, &x);
	x.class = w->class_a;
	x.slot = 1;
	x.kind = COVER_TAUGHT;
	x.teacher = s.other;
	x.held.v = monday.v + 6;
	REFUSED(create(as_khue(w), &cover, &x), E_INVALID, cover, held);
	assert_true(str_find(w->c.problems[0].text, S("Sunday")) >= 0 ||
		str_find(w->c.problems[0].text, S("Chủ nhật")) >= 0);
	x.held.v = monday.v - 2000;
	REFUSED(create(as_khue(w), &cover, &x), E_INVALID, cover, held);
	x.held = monday;
	x.slot = 12;
	REFUSED(create(as_khue(w), &cover, &x), E_INVALID, cover, slot);
	world_close(w);
}

static void the_day_ahead(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	struct lessons_ahead ahead;

	for (pick d = 0; d < 6; d++)
		assert_int_equal(put_lesson(&s, t, w->class_a, d, 1, s.maths, w->teacher_a), OK);
	OKAY(class_ahead(as_khue(w), w->a, w->class_a, &ahead));
	assert_int_equal(ahead.today.n + ahead.next.n, 0);               /* a draft is nobody's week                */
	OKAY(publish(&s, t));
	OKAY(class_ahead(as_khue(w), w->a, w->class_a, &ahead));
	assert_int_equal(ahead.today.n, day_week(w->c.today) < 7);
	assert_int_equal(ahead.next.n, 1);
	assert_int_equal(ahead.next_day.v - w->c.today.v, day_week(w->c.today) == 6 ? 2 : 1);
	assert_false(((const struct lesson_view *)ahead.next.p)->changed);
	add_cover(&s, COVER_TAUGHT, ahead.next_day, 1, s.other);
	OKAY(class_ahead(as_khue(w), w->a, w->class_a, &ahead));
	assert_true(((const struct lesson_view *)ahead.next.p)->changed);
	world_close(w);
}

static void a_family_sees_its_own_class(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	struct lesson_class k;

	add_kin(w, w->pupil_a, w->parent_a);
	OKAY(class_seen(as(w, &parent, w->a, w->parent_a), w->class_a, &k));
	assert_int_equal(class_seen(as(w, &parent, w->a, w->parent_a), s.second, &k), E_MISSING);
	OKAY(class_seen(as(w, &pupil, w->a, w->pupil_a), w->class_a, &k));
	assert_int_equal(class_seen(as(w, &teacher, w->b, (person_id){ 9 }), w->class_a, &k), E_MISSING);
	org_id school;
	assert_int_equal(teacher_seen(as(w, &parent, w->a, w->parent_a), w->teacher_a, &school), E_MISSING);
	OKAY(teacher_seen(as(w, &teacher, w->a, s.other), w->teacher_a, &school));
	assert_int_equal(school.v, w->a.v);
	world_close(w);
}

/* ---- the lesson record ------------------------------------------------------------------------------------------- */

static enum rc record(struct site *s, person_id who, day held, int64_t slot)
{
	struct book_post in = { .class = s->w->class_a, .held = held, .slot = slot, .subject = s->maths,
		.content = S("Số hữu tỉ") };

	return book_post(as(s->w, &teacher, s->w->a, who), &in, NULL);
}

static void who_taught_records(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	day monday = monday_of(w->c.today);

	for (pick d = 0; d < 3; d++)
		assert_int_equal(put_lesson(&s, t, w->class_a, d, 1, s.maths, w->teacher_a), OK);
	OKAY(publish(&s, t));
	add_cover(&s, COVER_TAUGHT, (day){ monday.v + 1 }, 1, s.other);
	assert_int_equal(record(&s, s.other, monday, 1), E_DENIED);
	assert_int_equal(record(&s, w->teacher_a, monday, 2), E_DENIED);
	OKAY(record(&s, w->teacher_a, monday, 1));
	assert_int_equal(record(&s, w->teacher_a, monday, 1), E_INVALID);
	assert_int_equal(record(&s, w->teacher_a, (day){ monday.v + 1 }, 1), E_DENIED);
	OKAY(record(&s, s.other, (day){ monday.v + 1 }, 1));
	assert_int_equal(record(&s, w->teacher_a, (day){ monday.v + 7 }, 1), E_INVALID);       /* to come */
	assert_int_equal(record(&s, w->teacher_a, (day){ monday.v - 14 }, 1), E_INVALID);      /* too long ago */
	struct books_view v = { 0 };
	OKAY(book_home(as(w, &teacher, w->a, w->teacher_a), NULL, &v));
	assert_int_equal(v.n_due, 4);                                    /* three of last week, Wednesday of this */
	world_close(w);
}

/* A public holiday has no lesson but one that was put on it; nor has a day after the school year. */
static void no_lessons_on_holidays(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -1);
	day off = w->c.today;
	struct school_year y;
	struct cover x;

	while (!holiday(off))
		off.v++;
	day monday = monday_of(off);
	for (pick d = 0; d < 6; d++)
		assert_int_equal(put_lesson(&s, t, w->class_a, d, 1, s.maths, w->teacher_a), OK);
	OKAY(publish(&s, t));
	OKAY(find(as_khue(w), &school_year, w->year.v, &y));
	int64_t n = y.until.v >= monday.v + 5 ? 5 : 0;
	only(&s, (struct week_ask){ .class = w->class_a.v, .monday = monday }, n);
	row_zero(&cover, &x);
	x.class = w->class_a, x.held = off, x.slot = 1, x.kind = COVER_CANCELLED;
	assert_int_equal(create(as(w, &clerk, w->a, (person_id){ 5 }), &cover, &x), E_INVALID);
	add_cover(&s, COVER_EXTRA, off, 2, s.other);
	only(&s, (struct week_ask){ .class = w->class_a.v, .monday = monday }, n + 1);
	only(&s, (struct week_ask){ .class = w->class_a.v, .monday = monday_of((day){ y.until.v + 8 }) }, 0);
	world_close(w);
}

/* What was recorded of a lesson stays in the book when the timetable no longer has it; a cover is told. */
static void a_record_outlives_its_lesson(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	day monday = monday_of(w->c.today);
	struct lesson l;
	struct book_view v = { 0 };

	for (pick d = 0; d < 2; d++)
		assert_int_equal(put_lesson(&s, t, w->class_a, d, 1, s.maths, w->teacher_a), OK);
	OKAY(publish(&s, t));
	add_cover(&s, COVER_TAUGHT, (day){ monday.v + 1 }, 1, s.other);
	OKAY(record(&s, w->teacher_a, monday, 1));
	OKAY(find_one(as_khue(w), &lesson, &l, IS({ offsetof(struct lesson, weekday), v_text(S("mon")) })));
	OKAY(db_exec(w->db, "UPDATE lesson SET slot = 3, place = 3 WHERE id = ?1", VALS(v_int(l.base.id)), NULL));
	struct lesson_class k = { w->class_a.v, w->a, w->year.v, S("7A") };
	OKAY(book_fill(as(w, &principal, w->a, (person_id){ 6 }), &k, monday, &v));
	const struct line_view *line = v.lines.p;
	assert_int_equal(v.lines.n, 3);
	assert_true(line[0].written && line[0].slot == 1 && !line[1].written && line[1].slot == 3);
	assert_true(line[2].note.n && str_is(line[2].teacher, "Ngô Văn Lâm"));
	world_close(w);
}

/* What was written in the lesson record is put right for two weeks, by its writer; then it stands. */
static void a_record_stands_after_two_weeks(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	day monday = monday_of(w->c.today);
	struct lesson_record r;
	int64_t id;

	assert_int_equal(put_lesson(&s, t, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	OKAY(publish(&s, t));
	OKAY(record(&s, w->teacher_a, monday, 1));
	id = count(w, "SELECT id FROM lesson_record");
	for (int i = 0; i < 2; i++) {
		struct ctx *c = as(w, &teacher, w->a, w->teacher_a);
		OKAY(find(c, &lesson_record, id, &r));
		r.number = 7 + i;
		assert_int_equal(update(c, &lesson_record, &r), i ? E_STATE : OK);
		w->time += INT64_C(15) * 86400000;
	}
	world_close(w);
}

/* ---- files
 * ---------------------------------------------------------------------------------------------------------- */

/* ---- calendars
 * -------------------------------------------------------------------------------------------------------- */

static void an_address_is_a_calendar(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	struct feed_view v = { 0 };
	struct feed_post in = { 0 };

	assert_int_equal(put_lesson(&s, t, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	OKAY(publish(&s, t));
	OKAY(setting_put(as_khue(w), &mod_org, "site", w->dept, S("https://khue.example.vn")));
	OKAY(feed_post(as(w, &teacher, w->a, w->teacher_a), &in, &v));
	assert_true(str_starts(v.address, S("https://khue.example.vn/lich/")));
	char path[200];
	snprintf(path, sizeof path, "%.*s", FMT(v.path));
	struct feed_in key = { str_of(strrchr(path, '/') + 1) };
	OKAY(feed_get(as_khue(w), &key, NULL));
	/* whose account is locked reads nothing by an address either */
	OKAY(db_exec(w->db, "UPDATE account SET state = 'suspended' WHERE login = 'giao.vien'", NULL, 0, NULL));
	assert_int_equal(feed_get(as_khue(w), &key, NULL), E_MISSING);
	OKAY(db_exec(w->db, "UPDATE account SET state = 'active'", NULL, 0, NULL));
	OKAY(feed_get(as_khue(w), &key, NULL));
	path[strlen(path) - 6] ^= 1;
	assert_int_equal(feed_get(as_khue(w), &key, NULL), E_MISSING);
	path[strlen(path) - 6] ^= 1;
	OKAY(feed_post(as(w, &teacher, w->a, w->teacher_a), &in, &v));
	assert_int_equal(feed_get(as_khue(w), &key, NULL), E_MISSING);  /* a new address voids the old one */
	/* a family's address goes as far as the child is in the class */
	add_kin(w, w->pupil_a, w->parent_a);
	in.class = w->class_a.v;
	OKAY(feed_post(as(w, &parent, w->a, w->parent_a), &in, &v));
	snprintf(path, sizeof path, "%.*s", FMT(v.path));
	key.secret = str_of(strrchr(path, '/') + 1);
	OKAY(feed_get(as_khue(w), &key, NULL));
	OKAY(db_exec(w->db, "UPDATE enrolment SET until = ?1 WHERE class = ?2", VALS(v_int(as_khue(w)->today.v),
		v_int(w->class_a.v)), NULL));
	assert_int_equal(feed_get(as_khue(w), &key, NULL), E_MISSING);
	in.class = s.second.v;
	assert_int_equal(feed_post(as(w, &parent, w->a, w->parent_a), &in, &v), E_MISSING);
	world_close(w);
}

/* ---- paper ---- */

/* A sheet for each half of the day, with the classes that have lessons then; the document itself is made. */
static void the_board_is_printed(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id id = add_timetable(w, "Học kì I", -30);
	struct timetable t;
	struct board_paper v = { 0 };

	assert_int_equal(put_lesson(&s, id, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, id, w->class_a, 0, 2, s.music, s.other), OK);
	assert_int_equal(put_lesson(&s, id, s.second, 0, 8, s.maths, w->teacher_a), OK);
	OKAY(find(as(w, &clerk, w->a, (person_id){ 5 }), &timetable, id.v, &t));
	OKAY(board_paper(&w->c, &t, NULL, &v));
	assert_int_equal(v.sheets.n, 2);
	const struct board_sheet *sheet_ = v.sheets.p;
	assert_true(sheet_[0].classes.n == 1 && sheet_[0].lines.n == 6 * 2);
	assert_true(sheet_[1].classes.n == 1 && sheet_[1].lines.n == 6);
	assert_true(str_is(((const struct board_class *)sheet_[1].classes.p)[0].name, "7C"));
	world_close(w);
}

/* ---- reorganisations ------------------------------------------------------------------------------------------ */

static struct org_change decided(struct world *w, pick kind, org_id target)
{
	struct org_change k;

	row_zero(&org_change, &k);
	k.base.org = w->dept, k.kind = kind, k.subject = w->a, k.target = target, k.decision = S("12/QĐ-UBND");
	k.decided = k.effective = w->c.today;
	OKAY(create(as_khue(w), &org_change, &k));
	return k;
}

static void carry_out(struct world *w, struct org_change *k)
{
	OKAY(step(as_khue(w), &org_change, k, "approve"));
	OKAY(step(as_khue(w), &org_change, k, "apply"));
}

static void ring(struct world *w, org_id at, int64_t slot, const char *begins, const char *ends)
{
	struct bell b;

	row_zero(&bell, &b);
	b.base.org = at, b.slot = slot, b.begins = str_of(begins), b.ends = str_of(ends);
	OKAY(create(as_khue(w), &bell, &b));
}

/* What a class, or a teacher, has in the week of that day at a school: how many lessons. */
static int64_t lessons_then(struct world *w, org_id at, school_class_id class, person_id who, int ago)
{
	struct week_ask ask = { .school = at.v, .class = class.v, .teacher = who.v, .days = 7,
		.monday = monday_of((day){ as_khue(w)->today.v - ago }) };
	items got;
	bool none;

	OKAY(week_lessons(&w->c, &ask, &got, &none));
	return got.n;
}

/* Weeks of before and after show the lessons they showed, at the school that has the classes now. */
static void a_merger_joins_the_timetables(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id old = add_timetable(w, "Học kì I", -60), later = add_timetable(w, "Học kì I", -20),
		draft = add_timetable(w, "Nháp", 5), theirs;
	person_id stays = add_person(w, w->b, "Phan Thị Ở", false, true);
	struct feed_view v = { 0 };
	items got;

	assert_int_equal(put_lesson(&s, old, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, later, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, later, w->class_a, 1, 8, s.music, s.other), OK);
	assert_int_equal(put_lesson(&s, draft, w->class_a, 1, 2, s.music, s.other), OK);
	OKAY(publish(&s, old));
	OKAY(publish(&s, later));
	ring(w, w->a, 1, "07:00", "07:45"), ring(w, w->a, 8, "13:00", "13:45"), ring(w, w->b, 1, "07:15", "08:00");
	struct timetable t;
	row_zero(&timetable, &t);
	t.base.org = w->b, t.year = w->year, t.name = S("Học kì I"), t.since.v = w->c.today.v - 40;
	OKAY(create(as_khue(w), &timetable, &t));
	theirs.v = t.base.id;
	struct lesson l;
	row_zero(&lesson, &l);
	l.base.org = w->b, l.timetable = theirs, l.class = w->class_b, l.slot = 1, l.subject = s.maths, l.teacher = stays;
	OKAY(create(as_khue(w), &lesson, &l));
	OKAY(step(as_khue(w), &timetable, &t, "publish"));
	OKAY(feed_post(as(w, &teacher, w->a, w->teacher_a), &(struct feed_post){ 0 }, &v));

	struct org_change k = decided(w, CHANGE_MERGE, w->b);
	carry_out(w, &k);
	assert_int_equal(lessons_then(w, w->b, w->class_a, (person_id){ 0 }, 50), 1);  /* the first of A alone */
	assert_int_equal(lessons_then(w, w->b, w->class_b, (person_id){ 0 }, 50), 0);
	assert_int_equal(lessons_then(w, w->b, w->class_a, (person_id){ 0 }, 30), 1);  /* B's own, with A's first */
	assert_int_equal(lessons_then(w, w->b, w->class_b, (person_id){ 0 }, 30), 1);
	assert_int_equal(lessons_then(w, w->b, w->class_a, (person_id){ 0 }, -7), 2);  /* A's second, with B's own */
	assert_int_equal(lessons_then(w, w->b, w->class_b, (person_id){ 0 }, -7), 1);
	assert_int_equal(lessons_then(w, w->b, (school_class_id){ 0 }, s.other, -7), 1);
	OKAY(school_bells(as_khue(w), w->b.v, &got));
	assert_int_equal(got.n, 2);                                      /* its own first lesson, and the afternoon's */
	assert_true(str_is(((const struct bell_row *)got.p)[0].begins, "07:15"));
	OKAY(find_all(as_khue(w), &timetable, &got, 9, IS({ offsetof(struct timetable, base.org), v_int(w->a.v) })));
	assert_int_equal(got.n, 0);
	OKAY(find_all(as_khue(w), &lesson, &got, 9, IS({ offsetof(struct lesson, base.org), v_int(w->a.v) })));
	assert_int_equal(got.n, 0);
	OKAY(find_all(as_khue(w), &timetable, &got, 9, IS({ offsetof(struct timetable, state), v_text(S("draft")) })));
	assert_int_equal(got.n, 1);
	assert_int_equal(((const struct timetable *)got.p)[0].base.org.v, w->b.v);
	OKAY(find_all(as_khue(w), &calendar_feed, &got, 9, NULL, 0));
	assert_int_equal(((const struct calendar_feed *)got.p)[0].base.org.v, w->b.v);
	world_close(w);
}

/* Each new school has the lessons of its classes, and bells. */
static void a_division_shares_the_timetable(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -60);
	items got;

	assert_int_equal(put_lesson(&s, t, w->class_a, 0, 1, s.maths, w->teacher_a), OK);
	assert_int_equal(put_lesson(&s, t, s.second, 0, 2, s.maths, w->teacher_a), OK);
	OKAY(publish(&s, t));
	ring(w, w->a, 1, "07:00", "07:45");
	struct org_change k = decided(w, CHANGE_SPLIT, (org_id){ 0 });
	for (int i = 0; i < 2; i++) {
		struct org_change_part p;
		row_zero(&org_change_part, &p);
		p.base.org = w->dept, p.change.v = k.base.id, p.new_name = i ? S("Trường B") : S("Trường A");
		OKAY(create(as_khue(w), &org_change_part, &p));
		if (i)
			OKAY(db_exec(w->db, "INSERT INTO split_class (change, class, part) VALUES (?1, ?2, ?3)",
				VALS(v_int(k.base.id), v_int(s.second.v), v_int(p.base.id)), NULL));
	}
	carry_out(w, &k);
	OKAY(find_all(as_khue(w), &timetable, &got, 9, NULL, 0));
	assert_int_equal(got.n, 2);
	const org_id schools[] = { ((const struct timetable *)got.p)[0].base.org,
		((const struct timetable *)got.p)[1].base.org };
	for (int i = 0; i < 2; i++) {
		org_id at = schools[i];
		struct school_class k7;
		OKAY(find(as_khue(w), &school_class, w->class_a.v, &k7));
		bool first = k7.base.org.v == at.v;
		items bells;
		assert_int_equal(lessons_then(w, at, w->class_a, (person_id){ 0 }, 30), first ? 1 : 0);
		assert_int_equal(lessons_then(w, at, s.second, (person_id){ 0 }, 30), first ? 0 : 1);
		OKAY(school_bells(as_khue(w), at.v, &bells));
		assert_int_equal(bells.n, 1);
	}
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_teacher_is_not_in_two_classes),
		ON_BOTH(the_latest_published_is_in_force), ON_BOTH(a_period_goes_by_its_name), 
		ON_BOTH(covers_lie_over_the_week), ON_BOTH(one_cover_at_a_time),
		ON_BOTH(the_day_ahead),
		ON_BOTH(a_family_sees_its_own_class), ON_BOTH(who_taught_records),
		ON_BOTH(no_lessons_on_holidays), ON_BOTH(a_record_outlives_its_lesson),
		ON_BOTH(an_address_is_a_calendar), ON_BOTH(a_merger_joins_the_timetables), ON_BOTH(the_board_is_printed),
		ON_BOTH(a_record_stands_after_two_weeks),
		ON_BOTH(a_division_shares_the_timetable) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("timetable", tests, NULL, NULL);
}
