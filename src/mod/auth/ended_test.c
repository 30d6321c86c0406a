/* ended_test.c -- accounts and roles of a unit that was merged, and what is still offered there to whom. */
#include "auth_world.h"

static void merge_a_into_b(struct world *w)
{
	struct ctx *c = as_khue(w);
	struct org_change k;

	row_zero(&org_change, &k);
	k.base.org.v = w->dept;
	k.kind = CHANGE_MERGE;
	k.subject.v = w->school_a;
	k.target.v = w->school_b;
	k.decision = S("12/QĐ-UBND");
	k.decided = k.effective = c->today;
	assert_int_equal(create(c, &org_change, &k), OK);
	assert_int_equal(step(c, &org_change, &k, "approve"), OK);
	assert_int_equal(step(c, &org_change, &k, "apply"), OK);
}

static void teachers_go_along_and_heads_are_appointed_anew(void **state)
{
	struct world *w = world_open(state);
	char address[60];

	merge_a_into_b(w);
	assert_int_equal(number(w, "SELECT org FROM seat WHERE account = ?1", w->teacher), w->school_b);
	assert_int_equal(number(w, "SELECT org FROM account WHERE id = ?1", w->teacher), w->school_b);
	assert_int_equal(number(w, "SELECT org FROM account WHERE id = ?1", w->principal), w->school_b);
	assert_int_equal(number(w, "SELECT org FROM seat WHERE account = ?1", w->principal), w->school_a);
	login(w, "tin.b");
	snprintf(address, sizeof address, "/cap-lai-mat-khau/%lld", (long long)w->teacher);
	assert_status(w, get(w, address), 200);                                  /* the new school's keeper helps him now */
	world_close(w);
}

/* The office above finds nothing offered there that saving would refuse; a row that was left over stays to be
 * mended. */
static void nothing_begins_from_above(struct world *w)
{
	static const char *const forms[] = { "/account/new", "/seat/new", "/account/import", "/seat/import" };
	char address[80];
	str address_of_left;

	login(w, "chuyenvien");
	for (int i = 0; i < COUNT(forms); i++) {
		snprintf(address, sizeof address, "/t/truong-thcs-nguyen-du%s", forms[i]);
		assert_status(w, get(w, address), 409);
		assert_has(w, "<h1>The unit has ended</h1>");
		assert_has(w, "/t/truong-thcs-le-loi/\">Open ");
		snprintf(address, sizeof address, "/t/truong-thcs-le-loi%s", forms[i]);
		assert_status(w, get(w, address), 200);
	}
	assert_status(w, get(w, "/t/truong-thcs-nguyen-du/seat"), 200);
	assert_hasnt(w, "/seat/new");
	assert_hasnt(w, "/seat/import");
	assert_status(w, get(w, "/t/truong-thcs-nguyen-du/account"), 200);
	assert_hasnt(w, "/account/bulk");
	assert_status(w, post(w, "/t/truong-thcs-nguyen-du/account/bulk", "verb=suspend&ids=1"), 409);
	assert_status(w, get(w, "/t/truong-thcs-le-loi/seat"), 200);
	assert_has(w, "/seat/new");
	address_of_left = str_fmt(&w->mem, "/t/truong-thcs-nguyen-du/seat/%lld/edit",
		(long long)number(w, "SELECT id FROM seat WHERE account = ?1", w->principal));
	assert_status(w, get(w, str_z(&w->mem, address_of_left)), 200);
	assert_has(w, " ended on ");
	/* lists are asked for what was there; a choice that is to be written is of today */
	assert_status(w, get(w, "/org/pick?q=nguyen+du"), 200);
	assert_has(w, "data-text=\"Trường THCS Nguyễn Du\"");
	assert_has(w, "<small class=\"nhat\">Merged</small>");
	assert_status(w, get(w, "/org/pick?living=1&q=nguyen+du"), 200);
	assert_hasnt(w, "Nguyễn Du</li>");
	assert_hasnt(w, "data-value");
	assert_status(w, get(w, "/org_change/new"), 200);
	assert_has(w, "/org/pick?living=1");
	assert_status(w, get(w, "/org_change"), 200);
	assert_hasnt(w, "pick?living");
	assert_status(w, get(w, "/org_change?subject.text=Trường+THCS+Nguyễn+Du"), 200);
	/* its name written by hand, without a script: what followed it */
	assert_status(w, post(w, "/org_change", "kind=close&effective=01%2F12%2F2026&subject.text=Nguyễn+Du"), 422);
	assert_has(w, "Nguyễn Du ended on ");
	assert_has(w, "Today: Trường THCS Lê Lợi");
}

/* A seat at a unit that has ended only reads; nobody, not even from above, begins anything there. */
static void an_ended_unit_is_only_read(void **state)
{
	struct world *w = world_open(state);
	struct seat_row s;

	login(w, "tin.hoc");
	assert_status(w, post(w, "/facility", "name=P101&kind=class"), 303);     /* as long as it is at work */
	assert_int_equal(give(as_account(w, w->officer, &dept_officer, w->dept), w->teacher_b, "librarian", w->school_a),
		OK);
	assert_status(w, get(w, "/facility/new"), 200);
	assert_hasnt(w, " ended on ");
	merge_a_into_b(w);
	w->time += 20000;                                        /* names of units are kept for ten seconds */
	assert_status(w, get(w, "/facility"), 200);
	assert_has(w, " ended on ");
	assert_has(w, "/t/");
	/* the form says what saving would, with a way to the school of today; what she never could is not there */
	assert_status(w, get(w, "/facility/new"), 409);
	assert_has(w, "<h1>The unit has ended</h1>");
	assert_has(w, " ended on ");
	assert_has(w, "<a class=\"nut\" href=\"/t/truong-thcs-le-loi/\">Open ");
	assert_status(w, get(w, "/org_change/new"), 404);
	assert_status(w, get(w, "/account/import"), 409);
	assert_status(w, post(w, "/facility", "name=P102&kind=class"), 409);
	assert_has(w, " ended on ");
	assert_status(w, post(w, "/account", "name=An&login=an.moi"), 409);
	assert_int_equal(number(w, "SELECT count(*) FROM facility WHERE gone = ?1", 0), 1);
	assert_status(w, post(w, "/dang-xuat", ""), 303);        /* one's own things are no matter of the unit */
	assert_int_equal(give(as_account(w, w->officer, &dept_officer, w->dept), w->teacher_b, "clerk", w->school_a),
		E_STATE);
	assert_int_equal(give(as_account(w, w->officer, &dept_officer, w->dept), w->teacher_b, "clerk", w->school_b), OK);
	nothing_begins_from_above(w);
	/* what is left over is put right from above */
	struct ctx *c = as_account(w, w->officer, &dept_officer, w->dept);
	int64_t left = number(w, "SELECT id FROM seat WHERE account = ?1", w->principal);
	assert_int_equal(find(c, &seat, left, &s), OK);
	s.until = c->today;
	assert_int_equal(update(c, &seat, &s), OK);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(teachers_go_along_and_heads_are_appointed_anew),
		ON_BOTH(an_ended_unit_is_only_read) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("auth_ended", tests, NULL, NULL);
}
