/* leave_test.c -- leave and the roll, and the slips that open accounts; on both engines. */
#include "mod/contact/contact_world.h"

static void leave_feeds_the_roll(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	as_parent(w);
	struct leave_request r = a_request(w, 2);
	OKAY(create(&w->c, &leave_request, &r));
	assert_int_equal(r.class.v, w->class_a.v);
	assert_int_equal(count(w, "SELECT count(*) FROM absence"), 0);
	assert_int_not_equal(step(as_parent(w), &leave_request, &r, "approve"), OK);     /* not the family's to decide */
	OKAY(find(as_form(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "approve"));
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE kind = 'excused' AND gone = 0"), 2);
	OKAY(find(as_parent(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "withdraw"));
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE gone = 0"), 0);
	world_close(w);
}

static void a_called_roll_stands(void **state)
{
	struct world *w = world_open(state);
	struct roll called;
	struct absence a;

	family_of(w);
	as_khue(w);
	struct leave_request r = a_request(w, 2);
	row_zero(&roll, &called);
	called.base.org = w->a;
	called.class = w->class_a;
	called.held = r.first_day;
	OKAY(create(&w->c, &roll, &called));
	called.base = (struct base){ .org = w->a };
	called.held = r.last_day;
	OKAY(create(&w->c, &roll, &called));
	row_zero(&absence, &a);
	a.base.org = w->a;
	a.class = w->class_a;
	a.pupil = w->pupil_a;
	a.held = r.last_day;
	a.kind = ABS_UNEXCUSED;
	OKAY(create(&w->c, &absence, &a));
	OKAY(create(as_parent(w), &leave_request, &r));
	OKAY(find(as_form(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "approve"));
	/* present on the first day: the roll stands and the request says so; absent on the second: now with leave */
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE gone = 0"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE kind = 'excused' AND gone = 0"), 1);
	OKAY(find(as_form(w), &leave_request, r.base.id, &r));
	assert_true(str_find(r.kept, S("02/11/2026")) >= 0);
	assert_int_equal(str_find(r.kept, S("03/11/2026")), -1);
	world_close(w);
}

static void what_a_request_may_not_be(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	as_parent(w);
	struct leave_request r = a_request(w, 2);
	r.last_day.v = r.first_day.v - 1;
	REFUSED(create(&w->c, &leave_request, &r), E_INVALID, leave_request, last_day);
	as_parent(w);
	r = a_request(w, 40);
	REFUSED(create(&w->c, &leave_request, &r), E_INVALID, leave_request, last_day);
	as_parent(w);
	r = a_request(w, 2);
	r.first_day.v -= 10;
	REFUSED(create(&w->c, &leave_request, &r), E_INVALID, leave_request, first_day);
	as_parent(w);
	r = a_request(w, 2);
	OKAY(create(&w->c, &leave_request, &r));
	as_parent(w);
	r = a_request(w, 1);
	REFUSED(create(&w->c, &leave_request, &r), E_CONFLICT, leave_request, first_day);
	assert_true(str_starts(w->c.problems[1].href, S("/leave_request/")));       /* the one there is */
	/* without a day: the next one with lessons, for today is a Sunday; they asked for it already */
	as_parent(w);
	r = a_request(w, 1);
	r.first_day = r.last_day = NO_DAY;
	assert_int_equal(create(&w->c, &leave_request, &r), E_CONFLICT);
	assert_int_equal(r.first_day.v, w->c.today.v + 1);
	assert_int_equal(r.last_day.v, r.first_day.v);
	/* another family's child */
	person_id stranger = add_person(w, w->a, "Hồ Văn Lạ", false, false);
	as(w, &parent, w->a, stranger);
	r = a_request(w, 9);
	r.first_day.v += 5;
	assert_int_not_equal(create(&w->c, &leave_request, &r), OK);
	world_close(w);
}

/* Leave from no lesson would be agreed to and never seen in a roll. */
static void leave_is_from_lessons(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	as_parent(w);
	struct leave_request r = a_request(w, 1);
	r.part = PART_AFTERNOON;                                          /* class 7A has lessons in the morning */
	REFUSED(create(&w->c, &leave_request, &r), E_INVALID, leave_request, part);
	as_parent(w);
	r = a_request(w, 1);
	r.first_day = r.last_day = (day){ w->c.today.v + 7 };             /* a Sunday */
	REFUSED(create(&w->c, &leave_request, &r), E_INVALID, leave_request, first_day);
	as_parent(w);
	r.last_day.v++;
	OKAY(create(&w->c, &leave_request, &r));
	world_close(w);
}

/* A refusal says why, in the notice too; a roll called with the leave in it stands when the family withdraws. */
static void a_refusal_says_why(void **state)
{
	struct world *w = world_open(state);
	struct roll called;

	family_of(w);
	an_account(w, "phu.huynh", w->parent_a);
	as_parent(w);
	struct leave_request r = a_request(w, 1);
	OKAY(create(&w->c, &leave_request, &r));
	OKAY(find(as_form(w), &leave_request, r.base.id, &r));
	assert_int_equal(step(&w->c, &leave_request, &r, "refuse"), E_INVALID);
	OKAY(find(as_form(w), &leave_request, r.base.id, &r));
	r.answer = S("Hôm ấy lớp kiểm tra.");
	OKAY(step(&w->c, &leave_request, &r, "refuse"));
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE vi LIKE '%Hôm ấy lớp kiểm tra.'"), 1);
	as_parent(w);
	r = a_request(w, 1);
	OKAY(create(&w->c, &leave_request, &r));
	OKAY(find(as_form(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "approve"));
	as_khue(w);
	row_zero(&roll, &called);
	called.base.org = w->a;
	called.class = w->class_a;
	called.held = r.first_day;
	OKAY(create(&w->c, &roll, &called));
	OKAY(find(as_parent(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "withdraw"));
	OKAY(find(as_parent(w), &leave_request, r.base.id, &r));
	assert_true(str_find(r.kept, S("02/11/2026")) >= 0);
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE gone = 0"), 1);
	world_close(w);
}

/* Leave for days to come ends with the school that agreed to it; what is past stays. */
static void leave_ends_with_the_school(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	an_account(w, "phu.huynh", w->parent_a);
	as_parent(w);
	struct leave_request r = a_request(w, 2);
	OKAY(create(&w->c, &leave_request, &r));
	OKAY(find(as_form(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "approve"));
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE gone = 0"), 2);
	OKAY(leave_carry(as_khue(w), w->pupil_a, w->b, w->a));                  /* from elsewhere: not this one */
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE gone = 0"), 2);
	OKAY(leave_carry(as_khue(w), w->pupil_a, w->a, w->b));
	assert_int_equal(count(w, "SELECT count(*) FROM absence WHERE gone = 0"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM leave_request WHERE state = 'withdrawn' AND answer IS NOT NULL"),
		1);
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE vi LIKE '%hãy xin nghỉ ở trường mới.'"), 1);
	world_close(w);
}

static void a_code_opens_one_account(void **state)
{
	struct world *w = world_open(state);
	struct activation a;

	family_of(w);
	row_zero(&activation, &a);
	a.base.org = w->a;
	a.class = w->class_a;
	a.guardian = w->parent_a;
	a.pupil = w->pupil_a;
	a.code = S("00");
	a.until = (day){ w->c.today.v + 30 };
	OKAY(create(as_khue(w), &activation, &a));
	struct key_in key = { .words = S("00") };
	struct row { int64_t room[16]; } got;
	assert_int_equal(query_one(as_khue(w), "contact/code", &key_shape, &key, &activation_good_shape, &got), OK);
	/* a newer code voids it, and so does an account, and being barred */
	assert_int_equal(db_exec(w->db, "UPDATE guardianship SET barred = 1", NULL, 0, NULL), OK);
	assert_int_equal(query_one(as_khue(w), "contact/code", &key_shape, &key, &activation_good_shape, &got), E_MISSING);
	assert_int_equal(db_exec(w->db, "UPDATE guardianship SET barred = 0", NULL, 0, NULL), OK);
	OKAY(execute(as_khue(w), "contact/void_codes", &key_shape, &(struct key_in){ .pupil = w->parent_a }, NULL));
	assert_int_equal(query_one(as_khue(w), "contact/code", &key_shape, &key, &activation_good_shape, &got), E_MISSING);
	a.base = (struct base){ .org = w->a };
	OKAY(create(as_khue(w), &activation, &a));
	assert_int_equal(query_one(as_khue(w), "contact/code", &key_shape, &key, &activation_good_shape, &got), OK);
	an_account(w, "da.co", w->parent_a);
	assert_int_equal(query_one(as_khue(w), "contact/code", &key_shape, &key, &activation_good_shape, &got), E_MISSING);
	world_close(w);
}

/* A form teacher without an account reads nothing: whoever else decides is told, of the asking and of the taking
 * back. */
static void somebody_is_told(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	an_account(w, "hieu.truong", (person_id){ 0 });
	OKAY(db_exec(w->db, "INSERT INTO seat (id, org, account, role, since) SELECT 5, ?1, id, 'principal', 1"
		" FROM account",
		VALS(v_int(w->a.v)), NULL));
	struct leave_request r = a_request(w, 2);
	OKAY(create(as_parent(w), &leave_request, &r));
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE vi LIKE '%xin nghỉ học%'"), 1);
	OKAY(find(as_parent(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "withdraw"));
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE vi LIKE '%rút đơn%'"), 1);
	/* so is whoever the seat is lent to, for as long as it is */
	an_account(w, "pho", (person_id){ 0 });
	for (int until = 0; until <= 1; until++)
		OKAY(db_exec(w->db, "INSERT INTO delegation (id, org, seat, lender, borrower, since, until)"
			" SELECT ?1, ?2, 5, t.account, a.id, 1, ?3 FROM account a, seat t WHERE a.login = 'pho'",
			VALS(v_int(until + 7), v_int(w->a.v), v_int(until ? w->c.today.v : 2)), NULL));
	r = a_request(w, 2);
	OKAY(create(as_parent(w), &leave_request, &r));
	assert_int_equal(count(w, "SELECT count(*) FROM notice n JOIN account a ON a.id = n.account WHERE a.login = 'pho'"),
		1);
	OKAY(find(as_parent(w), &leave_request, r.base.id, &r));
	OKAY(step(&w->c, &leave_request, &r, "withdraw"));
	OKAY(db_exec(w->db, "DELETE FROM notice", NULL, 0, NULL));
	/* one who has an account is told alone */
	an_account(w, "chu.nhiem", w->teacher_a);
	r = a_request(w, 2);
	OKAY(create(as_parent(w), &leave_request, &r));
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE vi LIKE '%xin nghỉ học%'"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM notice n JOIN account a ON a.id = n.account"
		" WHERE a.login = 'chu.nhiem'"), 1);
	world_close(w);
}

/* A new slip takes the old ones of its class and of its child away; those of a sibling elsewhere go with the
 * account. */
static void a_slip_voids_its_own_kind(void **state)
{
	struct world *w = world_open(state);
	person_id sister = add_person(w, w->b, "Trần Thị Nga", true, false);
	struct { school_class_id class; person_id pupil; const char *code; } old[3] = { { .code = "0" },
		{ .code = "1" }, { .code = "2" } };
	struct activation a;

	family_of(w);
	guard(w, sister, w->parent_a, false);
	old[0].class = w->class_a, old[0].pupil = w->pupil_a;
	old[1].class = w->class_b, old[1].pupil = sister;
	old[2].class = w->class_b, old[2].pupil = w->pupil_a;             /* the child's, before it changed class */
	for (int i = 0; i < 3; i++) {
		row_zero(&activation, &a);
		a.base.org = w->a;
		a.class = old[i].class;
		a.guardian = w->parent_a;
		a.pupil = old[i].pupil;
		a.code = str_of(old[i].code);
		a.until = (day){ w->c.today.v + 30 };
		OKAY(create(as_khue(w), &activation, &a));
	}
	OKAY(execute(as_khue(w), "contact/void_slips", &key_shape, &(struct key_in){ .pupil = w->parent_a,
		.class = w->class_a, .id = w->pupil_a.v }, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM activation WHERE gone = 0"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM activation WHERE gone = 0 AND code = '1'"), 1);
	OKAY(execute(as_khue(w), "contact/void_codes", &key_shape, &(struct key_in){ .pupil = w->parent_a }, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM activation WHERE gone = 0"), 0);
	world_close(w);
}

/* The marks of a class the child left within the year stay on the family's page; those of another year do not come. */
static void marks_follow_the_child(void **state)
{
	static const char *const made[] = {
		"INSERT INTO subject (id, code, name) VALUES (7, 'toan', 'Toán')",
		"INSERT INTO course (id, org, class, subject) SELECT 8, org, id, 7 FROM school_class WHERE id = ?1",
		("INSERT INTO mark (id, org, class, course, pupil, term, cells, changed) SELECT id, org, id, 8, ?2, "
			"CASE WHEN id = ?1 THEN 'hk1' ELSE 'hk2' END, '8', 1 FROM school_class WHERE id IN (?1, ?3)") };
	struct world *w = world_open(state);
	items got;

	family_of(w);
	for (int i = 0; i < COUNT(made); i++) {
		const struct val args[] = { v_int(w->class_a.v), v_int(w->pupil_a.v), v_int(w->class_up.v) };
		if (db_exec(w->db, made[i], args, i == 2 ? 3 : i, NULL) != OK)
			fail_msg("%s", db_why(w->db));
	}
	/* class 7B of the same year, at the other school */
	OKAY(query(as_parent(w), "contact/marks", &key_shape, &(struct key_in){ .pupil = w->pupil_a, .class = w->class_b },
		&family_mark_shape, &got, 10));
	assert_int_equal(got.n, 1);
	OKAY(query(as_parent(w), "contact/marks", &key_shape, &(struct key_in){ .pupil = w->pupil_a, .class = w->class_up },
		&family_mark_shape, &got, 10));
	assert_int_equal(got.n, 1);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(leave_feeds_the_roll), ON_BOTH(a_called_roll_stands),
		ON_BOTH(what_a_request_may_not_be), ON_BOTH(leave_is_from_lessons), ON_BOTH(a_refusal_says_why),
		ON_BOTH(leave_ends_with_the_school), ON_BOTH(somebody_is_told),
		ON_BOTH(a_code_opens_one_account), ON_BOTH(a_slip_voids_its_own_kind),
		ON_BOTH(marks_follow_the_child) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("leave", tests, NULL, NULL);
}
