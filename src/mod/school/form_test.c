/* form_test.c -- a class goes from one form teacher to the next in the middle of a year; on both engines. */
#include "domain.h"

static struct school_class class_now(struct world *w)
{
	struct school_class k;
	OKAY(find(as_khue(w), &school_class, w->class_a.v, &k));
	return k;
}

static struct teaching form_since(struct world *w, person_id who, int days)
{
	struct teaching t = form_row(w, who);
	t.since = (day){ as_khue(w)->today.v + days };
	return t;
}

static bool leads(struct world *w, person_id who)
{
	struct enrolment e;
	int64_t id = count(w, "SELECT max(id) FROM enrolment");
	return find(as(w, &form_teacher, w->a, who), &enrolment, id, &e) == OK;
}

/* One row says both whose form it is and who teaches a subject: the subject stays with its teacher. */
static void who_hands_a_form_over_keeps_the_subject(void **state)
{
	struct world *w = world_open(state);
	person_id other = add_person(w, w->a, "Phan Thu", false, true);
	struct teaching t = form_since(w, w->teacher_a, -60);

	enrol(w, w->pupil_a, w->class_a);
	t.subject = add_subject(w, "cong_nghe", "Công nghệ");
	t.lessons = 2;
	OKAY(create(as_khue(w), &teaching, &t));
	assert_int_equal(class_now(w).form_teacher.v, w->teacher_a.v);
	struct school_class k = class_now(w);
	k.form_teacher = other;
	OKAY(update(&w->c, &school_class, &k));
	assert_true(leads(w, other));
	assert_false(leads(w, w->teacher_a));
	assert_int_equal(count(w, "SELECT count(*) FROM teaching WHERE subject IS NOT NULL AND form = 0 AND lessons = 2 "
		"AND gone = 0 AND until > 100000"), 1);
	/* a class changed otherwise says nothing about it */
	k = class_now(w);
	k.most = 40;
	OKAY(update(&w->c, &school_class, &k));
	assert_int_equal(count(w, "SELECT count(*) FROM teaching WHERE gone = 0"), 3);
	/* the same day, named by mistake */
	k = class_now(w);
	k.form_teacher = w->teacher_a;
	OKAY(update(&w->c, &school_class, &k));
	assert_true(leads(w, w->teacher_a));
	assert_false(leads(w, other));
	k = class_now(w);
	k.form_teacher.v = 0;
	OKAY(update(&w->c, &school_class, &k));
	assert_false(leads(w, w->teacher_a));
	assert_int_equal(class_now(w).form_teacher.v, 0);
	world_close(w);
}

/* In the list of assignments, in whichever order the office writes it: a class has one form teacher a day and shows
 * that one. */
static void a_class_has_one_form_teacher_a_day(void **state)
{
	struct world *w = world_open(state);
	person_id other = add_person(w, w->a, "Phan Thu", false, true), third = add_person(w, w->a, "Vũ An", false, true);
	struct teaching a = form_since(w, w->teacher_a, -60), b = form_since(w, other, 0), late = form_since(w, third, -10);

	enrol(w, w->pupil_a, w->class_a);
	OKAY(create(as_khue(w), &teaching, &a));
	OKAY(create(as(w, &principal, w->a, (person_id){ 9 }), &teaching, &b));
	assert_true(leads(w, other));
	assert_false(leads(w, w->teacher_a));
	assert_int_equal(class_now(w).form_teacher.v, other.v);
	/* whose row of the past is written again is not shown for that */
	OKAY(find(as_khue(w), &teaching, a.base.id, &a));
	assert_int_equal(a.until.v, b.since.v);
	a.lessons = 3;
	OKAY(update(as(w, &principal, w->a, (person_id){ 9 }), &teaching, &a));
	assert_int_equal(class_now(w).form_teacher.v, other.v);
	REFUSED(create(as(w, &principal, w->a, (person_id){ 9 }), &teaching, &late), E_INVALID, teaching, until);
	OKAY(find(as_khue(w), &teaching, b.base.id, &b));
	OKAY(retire(as(w, &principal, w->a, (person_id){ 9 }), &teaching, b.base.id, b.base.rev));
	assert_int_equal(class_now(w).form_teacher.v, 0);
	world_close(w);
}

/* Assigned from a day to come: who has the class until then is shown and has its rights until then. */
static void who_begins_later_is_shown_on_the_day(void **state)
{
	struct world *w = world_open(state);
	person_id other = add_person(w, w->a, "Phan Thu", false, true);
	struct teaching a = form_since(w, w->teacher_a, -60), b = form_since(w, other, 7);

	enrol(w, w->pupil_a, w->class_a);
	OKAY(create(as_khue(w), &teaching, &a));
	OKAY(create(as(w, &principal, w->a, (person_id){ 9 }), &teaching, &b));
	assert_int_equal(class_now(w).form_teacher.v, w->teacher_a.v);
	assert_true(leads(w, w->teacher_a));
	assert_false(leads(w, other));
	w->time += INT64_C(7) * 86400000;
	OKAY(mod_school.jobs[0].run(as_khue(w), NULL));
	assert_int_equal(class_now(w).form_teacher.v, other.v);
	assert_true(leads(w, other));
	assert_false(leads(w, w->teacher_a));
	world_close(w);
}

/* A paper of earlier days names who had the class then. */
static void a_paper_names_who_had_the_class(void **state)
{
	struct world *w = world_open(state);
	person_id other = add_person(w, w->a, "Phan Thu", false, true);
	struct teaching a = form_since(w, w->teacher_a, -60), b = form_since(w, other, 0);
	str who;

	OKAY(create(as_khue(w), &teaching, &a));
	struct school_class k = class_now(w);
	OKAY(form_teachers(&w->c, &k, &who));
	assert_true(str_is(who, "Lê Thị Hoa"));
	OKAY(create(as_khue(w), &teaching, &b));
	for (int i = -1; i < 1; i++) {
		k = class_now(w);
		OKAY(form_teacher_on(&w->c, &k, (day){ w->c.today.v + i }, &who));
		assert_true(str_is(who, i ? "Lê Thị Hoa" : "Phan Thu"));
	}
	world_close(w);
}

/* NĐ 30/2020/NĐ-CP, Phụ lục I, II.4: 05/02 is "ngày 05 tháng 02", 20/09 "ngày 20 tháng 9". */
static void a_paper_is_dated(void **state)
{
	static const struct { int m, d; const char *said; } days[] = { { 2, 5, "ngày 05 tháng 02 năm 2026" },
		{ 9, 20, "ngày 20 tháng 9 năm 2026" }, { 12, 1, "ngày 01 tháng 12 năm 2026" } };
	struct world *w = world_open(state);
	items head;

	for (int i = 0; i < COUNT(days); i++) {
		struct ctx *c = as_khue(w);
		day_of(2026, days[i].m, days[i].d, &c->today);
		OKAY(org_letterhead(c, w->a, &head));
		assert_true(str_find(((const struct letterhead *)head.p)->dated, str_of(days[i].said)) >= 0);
	}
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(who_hands_a_form_over_keeps_the_subject),
		ON_BOTH(a_class_has_one_form_teacher_a_day), ON_BOTH(who_begins_later_is_shown_on_the_day),
		ON_BOTH(a_paper_names_who_had_the_class),
		ON_BOTH(a_paper_is_dated) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
