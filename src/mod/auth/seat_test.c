/* seat_test.c -- second factors, who gives which role, keepers, acting as somebody, loans, tokens. */
#include "auth_world.h"
#include <liboath/oath.h>

/* ---- the second factor --------------------------------------------------------------------------- */

/* The code of the app at a moment, by the key of the enrolment page. */
static void app_code(struct world *w, const char *key, int64_t at_ms, char ret[8])
{
	char *secret = NULL, plain[80];
	size_t n = 0, k = 0;

	for (const char *p = key; *p; p++)
		if (*p != ' ')
			plain[k++] = *p;
	assert_int_equal(oath_base32_decode(plain, k, &secret, &n), OATH_OK);
	assert_int_equal(oath_totp_generate(secret, n, (time_t)(at_ms / 1000), 30, 0, 6, ret), OATH_OK);
	(void)w;
	free(secret);
}

static void enrol(struct world *w, const char *name, char key[80], char code[8])
{
	char form[40];

	login(w, name);
	assert_status(w, get(w, "/tai-khoan/xac-thuc"), 200);
	assert_has(w, "<svg class=\"qr\"");
	snprintf(key, 80, "%.*s", FMT(between(w, "<span class=\"ma\">", "</span>")));
	assert_int_equal(strlen(key), 39);
	assert_status(w, post(w, "/tai-khoan/xac-thuc", "code=000000"), 422);
	assert_has(w, key);                                      /* the same picture again */
	app_code(w, key, w->time, code);
	snprintf(form, sizeof form, "code=%s", code);
	assert_status(w, post(w, "/tai-khoan/xac-thuc", form), 200);
}

static int second_step(struct world *w, const char *name, const char *code)
{
	char form[900];

	assert_status(w, login_with(w, name, PASSWORD), 200);
	assert_true(w->cookie[0] == 0);
	assert_has(w, "One step to go");
	snprintf(form, sizeof form, "ticket=%.*s&code=%s", FMT(between(w, "name=\"ticket\" value=\"", "\"")), code);
	return post(w, "/dang-nhap", form);
}

static void codes_count_once(void **state)
{
	struct world *w = world_open(state);
	char key[80], code[8], other[8];

	enrol(w, "hieutruong", key, code);
	assert_int_equal(number(w, "SELECT count(*) FROM recovery WHERE account = ?1", w->principal), 10);
	assert_int_equal(number(w, "SELECT count(*) FROM credential WHERE account = ?1 AND length(totp) > 40",
		w->principal), 1);
	assert_status(w, second_step(w, "hieutruong", code), 422);       /* the code of the enrolment, replayed */
	w->time += 30000;
	app_code(w, key, w->time, code);
	assert_status(w, second_step(w, "hieutruong", code), 303);
	assert_status(w, second_step(w, "hieutruong", code), 422);
	app_code(w, key, w->time + 30000, code);                         /* a phone half a minute ahead */
	assert_status(w, second_step(w, "hieutruong", code), 303);
	w->time += 120000;
	app_code(w, key, w->time - 60000, other);
	assert_status(w, second_step(w, "hieutruong", other), 422);
	app_code(w, key, w->time + 60000, other);
	assert_status(w, second_step(w, "hieutruong", other), 422);
	assert_status(w, login_with(w, "hieutruong", "sai"), 422);       /* the code alone is not enough */
	world_close(w);
}

static void recovery_codes_count_once(void **state)
{
	struct world *w = world_open(state);
	char key[80], code[8], spare[20];

	enrol(w, "hieutruong", key, code);
	snprintf(spare, sizeof spare, "%.*s", FMT(between(w, "<li class=\"ma\">", "</li>")));
	assert_int_equal(strlen(spare), 14);
	assert_status(w, second_step(w, "hieutruong", "xxxx-xxxx-xxxx"), 422);
	assert_status(w, second_step(w, "hieutruong", spare), 303);
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "recovery codes left: 9");
	assert_status(w, second_step(w, "hieutruong", spare), 422);
	world_close(w);
}

static void a_ticket_is_for_one_account_and_five_minutes(void **state)
{
	struct world *w = world_open(state);
	char key[80], code[8], form[900];

	enrol(w, "hieutruong", key, code);
	w->time += 60000;
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);
	app_code(w, key, w->time, code);
	snprintf(form, sizeof form, "ticket=%.*sAA&code=%s", FMT(between(w, "name=\"ticket\" value=\"", "\"")), code);
	assert_status(w, post(w, "/dang-nhap", form), 422);
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);
	snprintf(form, sizeof form, "ticket=%.*s&code=", FMT(between(w, "name=\"ticket\" value=\"", "\"")));
	w->time += 5 * MINUTE + 1000;
	app_code(w, key, w->time, code);
	strcat(form, code);
	assert_status(w, post(w, "/dang-nhap", form), 422);
	assert_has(w, "Sign in again");
	world_close(w);
}

static void the_owner_turns_it_off_with_the_password(void **state)
{
	struct world *w = world_open(state);
	char key[80], code[8];

	enrol(w, "hieutruong", key, code);
	app_code(w, key, w->time + 30000, code);
	assert_status(w, second_step(w, "hieutruong", code), 303);
	assert_status(w, post_from(w, "/tai-khoan/xac-thuc", "/tai-khoan/xac-thuc/tat", "password=sai"), 422);
	assert_status(w, post_from(w, "/tai-khoan/xac-thuc", "/tai-khoan/xac-thuc/tat",
		"password=m%C6%B0%E1%BB%9Di+hai+con+c%C3%B2+tr%E1%BA%AFng"), 303);
	login(w, "hieutruong");
	assert_int_equal(number(w, "SELECT count(*) FROM recovery WHERE account = ?1", w->principal), 0);
	/* again at once: a code of the new key is not an old one */
	enrol(w, "hieutruong", key, code);
	app_code(w, key, w->time + 30000, code);
	assert_status(w, second_step(w, "hieutruong", code), 303);
	world_close(w);
}

/* Where the unit says so, staff see nothing of their roles before they enrol. */
static void a_reset_keeps_the_second_step(void **state)
{
	struct world *w = world_open(state);
	char key[80], code[8], fresh[32];
	str made;

	enrol(w, "hieutruong", key, code);
	for (int too = 0; too < 2; too++) {
		assert_int_equal(auth_reset(as_khue(w), w->principal, too, &made), OK);
		snprintf(fresh, sizeof fresh, "%.*s", FMT(made));
		assert_status(w, login_with(w, "hieutruong", fresh), too ? 303 : 200);      /* one step of two */
	}
	world_close(w);
}

static void a_unit_can_make_it_compulsory(void **state)
{
	struct world *w = world_open(state);
	char key[80], code[8], form[40];

	assert_int_equal(setting_put(as_khue(w), &mod_auth, "staff_totp", (org_id){ w->dept }, S("1")), OK);
	login(w, "hieutruong");
	assert_text(sent_header(w, "Location"), "/tai-khoan/xac-thuc");
	assert_status(w, get(w, "/seat/new"), 303);              /* led to what must be done first */
	assert_text(sent_header(w, "Location"), "/tai-khoan/xac-thuc");
	get(w, "/tai-khoan/xac-thuc");
	snprintf(key, sizeof key, "%.*s", FMT(between(w, "<span class=\"ma\">", "</span>")));
	app_code(w, key, w->time, code);
	snprintf(form, sizeof form, "code=%s", code);
	assert_status(w, post(w, "/tai-khoan/xac-thuc", form), 200);
	assert_status(w, get(w, "/seat/new"), 200);
	login(w, "an.nv");                                       /* a teacher may go on without */
	assert_text(sent_header(w, "Location"), "/");
	world_close(w);
}

/* ---- giving roles ---------------------------------------------------------------------------------- */

/* By hand from product.md 1c and the rule that nobody gives what is not below him: rows give, columns are given.
 * o anywhere in reach, . nowhere. */
static void who_gives_which_role(void **state)
{
	static const struct role *const given[] = { &operator_, &ministry, &dept_leader, &dept_officer, &dept_clerk,
		&dept_inspector, &bureau_leader, &commune_officer,
		&principal, &clerk, &it_officer, &librarian, &accountant, &teacher, &form_teacher, &pupil, &parent, &auditor,
		&api_client };
	static const struct { const struct role *giver; const char *may; } oracle[] = {
		{ &operator_,       "ooooooooooooooooooo" }, { &dept_officer,   "....o.ooooooooooo.o" },
		{ &dept_leader,     "...o.o...........o." },
		{ &principal,       ".........oooooooo.." }, { &it_officer,     "...........o.oooo.." },
		{ &clerk,           "..................." },
		{ &teacher,         "..................." }, { &pupil,          "..................." },
		{ &parent,          "..................." },
		{ &ministry,        "..................." }, { &commune_officer,"..................." },
		{ &auditor,         "..................." },
		{ &api_client,      "..................." }, { &dept_inspector, "..................." },
		{ &bureau_leader,   "..................." } };
	struct world *w = world_open(state);

	for (int i = 0; i < COUNT(oracle); i++)
		for (int k = 0; k < COUNT(given); k++) {
			bool school = oracle[i].giver->seat == &at_org;
			struct ctx *c = as_account(w, 5, oracle[i].giver, school ? w->school_a : w->dept);
			bool may_here = seat_may_give(c, given[k], (org_id){ w->school_a });
			bool may_there = seat_may_give(c, given[k], (org_id){ w->school_b });
			bool want = oracle[i].may[k] == 'o';

			if (may_here != want || may_there != (want && !school))
				fail_msg("%s gives %s: %d here, %d there\n", oracle[i].giver->name, given[k]->name, may_here,
					may_there);
		}
	for (int i = 0; all_roles[i]; i++) {
		int at = -1;
		for (int k = 0; seat_roles[k].code; k++)
			if (strcmp(seat_roles[k].code, all_roles[i]->name) == 0)
				at = k;
		assert_int_equal(at < 0, all_roles[i] == &anyone || all_roles[i] == &signed_in);
		if (at >= 0)
			assert_string_equal(seat_roles[at].label.vi, all_roles[i]->label.vi);
	}
	assert_string_equal(seat_roles[0].code, "pupil");        /* what an unfilled row would be */
	world_close(w);
}

static void a_seat_is_checked_when_it_is_written(void **state)
{
	struct world *w = world_open(state);

	assert_int_equal(give(as_account(w, w->keeper, &it_officer, w->school_a), w->form, "teacher", w->school_a), OK);
	assert_int_equal(give(as_account(w, w->keeper, &it_officer, w->school_a), w->form, "principal", w->school_a),
		E_DENIED);
	assert_int_equal(give(as_account(w, w->keeper, &it_officer, w->school_a), w->keeper, "librarian", w->school_a),
		E_DENIED);
	assert_true(give(as_account(w, w->keeper, &it_officer, w->school_a), w->form, "teacher", w->school_b) != OK);
	assert_true(give(as_account(w, w->keeper, &it_officer, w->school_a), w->teacher_b, "teacher", w->school_a) != OK);
	assert_true(give(as_account(w, w->teacher, &teacher, w->school_a), w->form, "teacher", w->school_a) != OK);
	assert_int_equal(give(as_account(w, w->officer, &dept_officer, w->dept), w->teacher_b, "principal", w->school_b),
		OK);
	assert_int_equal(give(as_account(w, w->officer, &dept_officer, w->dept), w->officer, "principal", w->school_b),
		E_DENIED);
	assert_int_equal(number(w, "SELECT count(*) FROM seat WHERE account = ?1", w->form), 2);
	world_close(w);
}

/* By hand: what stands at each kind of unit. A role of another tier is neither offered there nor taken. */
static void a_role_is_given_at_its_own_tier(void **state)
{
	static const char *const school[] = { "principal", "deputy", "clerk", "it_officer", "librarian", "accountant",
		"teacher", "form_teacher", "pupil", "parent" }, *const dept[] = { "dept_clerk" };
	struct world *w = world_open(state);
	const int64_t commune = add_org(w, ORG_COMMUNE, "UBND xã Tân Phú", w->dept, "99010"),
		bureau = add_org(w, ORG_BUREAU, "Phòng GD&ĐT An Bình", w->dept, "99020");
	const int64_t at[] = { w->dept, bureau, commune, w->school_b };
	const struct org_kinds { const char *role; bool may[4]; } table[] = { { "dept_clerk", { true } },
		{ "bureau_leader", { false, true } }, { "commune_officer", { [2] = true } },
		{ "principal", { [3] = true } }, { "teacher", { [3] = true } }, { "pupil", { [3] = true } },
		{ "api_client", { true, true, true, true } } };

	for (int i = 0; i < COUNT(table); i++)
		for (int k = 0; k < 4; k++) {
			enum rc rc = give(as_account(w, w->officer, &dept_officer, w->dept), w->form, table[i].role, at[k]);
			if (rc != (table[i].may[k] ? OK : E_INVALID))
				fail_msg("%s at %d: %d\n", table[i].role, k, (int)rc);
		}
	assert_int_equal(give(as_account(w, w->operator_, &operator_, w->dept), w->form, "operator", w->school_b),
		E_INVALID);
	assert_true(str_find(w->c.problems[0].text, S("System operator")) >= 0);
	assert_int_equal(give(as_account(w, w->operator_, &operator_, w->dept), w->form, "ministry", w->school_b),
		E_INVALID);
	login(w, "chuyenvien");
	for (int page = 0; page < 2; page++) {
		assert_status(w, get(w, page ? "/t/truong-thcs-le-loi/seat/new?role=principal" : "/seat/new"), 200);
		str form = between(w, "<select id=\"f-role\"", "</select>");
		for (int i = 0; seat_roles[i].code; i++) {
			bool want = strcmp(seat_roles[i].code, "api_client") == 0;
			for (int k = 0; k < (page ? COUNT(school) : COUNT(dept)); k++)
				want = want || strcmp(seat_roles[i].code, page ? school[k] : dept[k]) == 0;
			str option = str_fmt(&w->mem, "<option value=\"%s\"", seat_roles[i].code);
			if ((str_find(form, option) >= 0) != want)
				fail_msg("%s %s offered on page %d\n", seat_roles[i].code, want ? "is not" : "is", page);
		}
		/* nothing is chosen for anybody, but what the link of a reorganisation names */
		assert_true(str_find(form, page ? S("value=\"principal\" selected") : S("value=\"\">")) >= 0);
	}
	login(w, "hieutruong");
	assert_status(w, get(w, "/seat/new"), 200);
	assert_hasnt(w, "value=\"principal\"");
	assert_hasnt(w, "value=\"operator\"");
	assert_has(w, "value=\"clerk\"");
	world_close(w);
}

static void a_seat_ends_with_its_term(void **state)
{
	struct world *w = world_open(state);
	char sql[200];

	login(w, "hieutruong");
	assert_status(w, get(w, "/seat/new"), 200);
	snprintf(sql, sizeof sql, "UPDATE seat SET until = %d WHERE account = %lld", day_at((instant){ w->time }).v,
		(long long)w->principal);
	must(w, sql);
	assert_status(w, get(w, "/seat/new"), 200);              /* its last day counts */
	snprintf(sql, sizeof sql, "UPDATE seat SET until = %d WHERE account = %lld", day_at((instant){ w->time }).v - 1,
		(long long)w->principal);
	must(w, sql);
	assert_status(w, get(w, "/seat/new"), 404);              /* on the very next request */
	snprintf(sql, sizeof sql, "UPDATE seat SET until = NULL, since = %d WHERE account = %lld",
		day_at((instant){ w->time }).v + 1, (long long)w->principal);
	must(w, sql);
	assert_status(w, get(w, "/seat/new"), 404);
	world_close(w);
}

/* ---- keepers ------------------------------------------------------------------------------------------ */

static int keep(struct world *w, const char *what, int64_t id, const char *form)
{
	char address[64];

	snprintf(address, sizeof address, "%s/%lld", what, (long long)id);
	return post_from(w, "/tai-khoan/mat-khau", address, form);
}

static void a_keeper_resets_what_is_below_him(void **state)
{
	struct world *w = world_open(state);
	char code[32];

	login(w, "tin.hoc");
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->teacher, ""), 200);
	snprintf(code, sizeof code, "%.*s", FMT(between(w, "id=\"code\"><b>", "</b>")));
	assert_int_equal(strlen(code), 14);
	assert_int_equal(number(w, "SELECT count(*) FROM once WHERE body LIKE '%-____-%' AND at > ?1", 0), 0);
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->principal, ""), 403);
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->keeper, ""), 403);
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->teacher_b, ""), 404);
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->operator_, ""), 404);
	assert_status(w, keep(w, "/cap-lai-mat-khau", 12345, ""), 404);
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 303);
	assert_status(w, login_with(w, "an.nv", code), 303);
	login(w, "binh.tt");
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->teacher, ""), 404);
	login(w, "chuyenvien");
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->principal, ""), 200);
	assert_status(w, keep(w, "/cap-lai-mat-khau", w->operator_, ""), 403);
	world_close(w);
}

/* Who never signed in gets a code on paper, which opens the door once; who has a password of his own does not. */
static void a_sheet_of_new_accounts(void **state)
{
	struct world *w = world_open(state);
	char form[200];

	must(w, "UPDATE credential SET hash = NULL WHERE account = (SELECT id FROM account WHERE login = 'an.nv')");
	must(w, "UPDATE credential SET hash = NULL WHERE account = (SELECT id FROM account WHERE login = 'em.b')");
	must(w, "UPDATE credential SET hash = NULL WHERE account = (SELECT id FROM account WHERE login = 'hieutruong')");
	login(w, "tin.hoc");
	assert_status(w, get(w, "/phieu-tai-khoan"), 200);
	str shown = buf_str(&w->p.body);
	assert_true(str_find(shown, S("an.nv")) > 0 && str_find(shown, S("em.b")) < 0 && str_find(shown, S("hieutruong"))
		< 0 && str_find(shown, S("binh.tt")) < 0);
	snprintf(form, sizeof form, "chosen.0.account=%lld&chosen.0.on=1&chosen.1.account=%lld&chosen.1.on=1",
		(long long)w->teacher, (long long)w->principal);
	assert_status(w, post_from(w, "/phieu-tai-khoan", "/phieu-tai-khoan", form), 403);
	assert_int_equal(number(w, "SELECT count(*) FROM credential WHERE account = ?1 AND hash IS NOT NULL", w->teacher),
		0);
	snprintf(form, sizeof form, "chosen.0.account=%lld&chosen.0.on=1", (long long)w->teacher_b);
	assert_status(w, post_from(w, "/phieu-tai-khoan", "/phieu-tai-khoan", form), 404);
	snprintf(form, sizeof form, "chosen.0.account=%lld&chosen.0.on=0", (long long)w->teacher);
	assert_status(w, post_from(w, "/phieu-tai-khoan", "/phieu-tai-khoan", form), 422);
	snprintf(form, sizeof form, "chosen.0.account=%lld&chosen.0.on=1", (long long)w->teacher);
	assert_status(w, post_from(w, "/phieu-tai-khoan", "/phieu-tai-khoan", form), 200);
	assert_true(str_is(w->p.type, "application/pdf") && w->p.size > 2000);
	char code[32] = "", command[200], path[] = "/tmp/khue-sheet.XXXXXX", bytes[65536], line[400];
	int fd = mkstemp(path);
	ssize_t n = pread(w->p.fd, bytes, sizeof bytes, 0);
	assert_int_equal(write(fd, bytes, (size_t)n), n);
	close(fd);
	close(w->p.fd);
	snprintf(command, sizeof command, "pdftotext -layout %s -", path);
	FILE *f = popen(command, "r");
	while (fgets(line, sizeof line, f))
		if (strstr(line, "Mã dùng một lần: "))
			sscanf(strstr(line, "Mã dùng một lần: ") + strlen("Mã dùng một lần: "), "%31s", code);
	assert_int_equal(pclose(f), 0);
	unlink(path);
	assert_int_equal(strlen(code), 14);
	assert_int_equal(number(w, "SELECT count(*) FROM once WHERE body LIKE '%-____-%' AND at > ?1", 0), 0);
	assert_status(w, get(w, "/phieu-tai-khoan"), 200);
	assert_true(str_find(buf_str(&w->p.body), S("an.nv")) < 0);          /* holds a code now                          */
	assert_status(w, login_with(w, "an.nv", code), 303);
	login(w, "tin.hoc");
	assert_status(w, post_from(w, "/phieu-tai-khoan", "/phieu-tai-khoan", form), 409);
	login(w, "binh.tt");
	assert_status(w, get(w, "/phieu-tai-khoan"), 404);
	world_close(w);
}

/* The person of an account decides whose rows it opens. */
static void a_keeper_changes_no_account_above_him(void **state)
{
	struct world *w = world_open(state);
	int64_t ids[] = { w->keeper, w->principal, w->teacher };
	struct account a;

	for (int i = 0; i < 3; i++) {
		struct ctx *c = as_account(w, w->keeper, &it_officer, w->school_a);
		assert_int_equal(find(c, &account, ids[i], &a), OK);
		a.person.v = number(w, "SELECT person FROM account WHERE id = ?1", w->pupil);
		assert_int_equal(update(c, &account, &a), i < 2 ? E_DENIED : OK);
		assert_int_equal(find(c, &account, ids[i], &a), OK);
		assert_int_equal(account_turns(c, &a), i == 2);                  /* the button stands where it works */
		assert_int_equal(step(c, &account, &a, "suspend"), i < 2 ? E_DENIED : OK);
		assert_int_equal(retire(c, &account, ids[i], a.base.rev) == OK, false);
	}
	world_close(w);
}

static void acting_as_somebody(void **state)
{
	struct world *w = world_open(state);
	char mine[96];

	login(w, "tin.hoc");
	strcpy(mine, w->cookie);
	assert_status(w, keep(w, "/dong-vai", w->teacher, "reason=ngan"), 422);
	assert_status(w, keep(w, "/dong-vai", w->principal, "reason=xem+giup+so+diem+lop+8A"), 403);
	assert_status(w, keep(w, "/dong-vai", w->teacher_b, "reason=xem+giup+so+diem+lop+8A"), 404);
	assert_status(w, keep(w, "/dong-vai", w->teacher, "reason=xem+giup+so+diem+lop+8A"), 303);
	assert_true(strcmp(mine, w->cookie) != 0);
	get(w, "/all");
	assert_has(w, "action=\"/thoi-dong-vai\"");               /* the banner, and the way back */
	assert_has(w, "Nguyễn Văn An");
	assert_status(w, get(w, "/tai-khoan"), 403);
	assert_status(w, get(w, "/tai-khoan/mat-khau"), 403);
	assert_status(w, get(w, "/seat/new"), 404);
	assert_int_equal(number(w,
		"SELECT count(*) FROM audit WHERE entity = 'account' AND item = ?1 "
			"AND verb = 'act_as' AND detail LIKE '%8A%'", w->teacher), 1);
	assert_int_equal(number(w, "SELECT count(*) FROM notice WHERE account = ?1", w->teacher), 1);
	assert_status(w, post_from(w, "/dang-xuat", "/thoi-dong-vai", ""), 303);
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "Phạm Văn Long");
	assert_status(w, keep(w, "/dong-vai", w->teacher, "reason=xem+giup+so+diem+lop+8A"), 303);
	w->time += 31 * MINUTE;
	get(w, "/all");
	assert_hasnt(w, "Nguyễn Văn An");                        /* half an hour is all there is */
	world_close(w);
}

/* ---- loans ----------------------------------------------------------------------------------------------- */

static int lend(struct world *w, int64_t of, const char *to, const char *since, const char *until)
{
	char form[200];

	snprintf(form, sizeof form, "seat=%lld&login=%s&since=%s&until=%s&reason=di+tap+huan",
		(long long)number(w, "SELECT min(id) FROM seat WHERE account = ?1", of), to, since, until);
	return post(w, "/tai-khoan/uy-quyen", form);
}

/* ... and says yes to what the page asks. */
static int lend_sure(struct world *w, int64_t of, const char *to, const char *since, const char *until)
{
	char form[400];
	int status = lend(w, of, to, since, until);

	if (status != 200)
		return status;
	str agree = between(w, "name=\"agree\" value=\"", "\"");
	snprintf(form, sizeof form, "seat=%lld&login=%s&since=%s&until=%s&reason=di+tap+huan&agree=%.*s",
		(long long)number(w, "SELECT min(id) FROM seat WHERE account = ?1", of), to, since, until, FMT(agree));
	return post(w, "/tai-khoan/uy-quyen", form);
}

/* A head's seat goes to staff of the school or above, after the lender saw to whom: not to a family, not next door. */
static void who_a_seat_is_lent_to(void **state)
{
	static const char *const not_near[] = { "hs001", "phu.huynh", "em.b", "tin.b", "quantri", "vnedu", "kiem.toan" };
	struct world *w = world_open(state);

	add_account(w, "phu.huynh", "Lê Văn Cha", w->school_a, &parent);
	add_account(w, "kiem.toan", "Ngô Thị Soát", w->dept, &auditor);
	login(w, "hieutruong");
	for (int i = 0; i < COUNT(not_near); i++) {
		assert_status(w, lend_sure(w, w->principal, not_near[i], "02/11/2026", "06/11/2026"), 422);
		assert_has(w, "works neither at Trường THCS Nguyễn Du nor");
	}
	assert_status(w, lend(w, w->principal, "binh.tt", "02/11/2026", "06/11/2026"), 200);     /* asked first */
	assert_has(w, "Trần Thị Bình (");
	assert_has(w, "Trường THCS Nguyễn Du may, from 02/11/2026");
	assert_has(w, "records of persons: ");
	assert_int_equal(number(w, "SELECT count(*) FROM delegation WHERE ?1 = 0", 0), 0);
	str agree = str_copy(&w->mem, between(w, "name=\"agree\" value=\"", "\""));
	char form[300];
	snprintf(form, sizeof form, "seat=%lld&login=an.nv&since=02/11/2026&until=06/11/2026&reason=x&agree=%.*s",
		(long long)number(w, "SELECT min(id) FROM seat WHERE account = ?1", w->principal), FMT(agree));
	assert_status(w, post(w, "/tai-khoan/uy-quyen", form), 200);     /* a yes to something else is none */
	assert_int_equal(number(w, "SELECT count(*) FROM delegation WHERE ?1 = 0", 0), 0);
	assert_status(w, lend_sure(w, w->principal, "binh.tt", "02/11/2026", "06/11/2026"), 303);
	assert_status(w, lend_sure(w, w->principal, "chuyenvien", "02/11/2026", "06/11/2026"), 303);     /* from above */
	login(w, "chuyenvien");
	assert_status(w, lend_sure(w, w->officer, "hieutruong", "02/11/2026", "06/11/2026"), 422);     /* not downward */
	assert_int_equal(number(w, "SELECT count(*) FROM delegation WHERE ?1 = 0", 0), 2);
	world_close(w);
}

static void a_seat_is_lent_and_comes_back(void **state)
{
	struct world *w = world_open(state);
	struct account a;

	login(w, "hieutruong");
	assert_status(w, lend_sure(w, w->principal, "binh.tt", "02/11/2026", "06/11/2026"), 303);
	get(w, "/tai-khoan/uy-quyen");
	assert_has(w, "Trần Thị Bình");
	login(w, "binh.tt");
	assert_status(w, get(w, "/seat/new"), 404);              /* not yet */
	w->time += 24 * 60 * MINUTE;
	login(w, "binh.tt");
	assert_status(w, get(w, "/seat/new"), 200);
	assert_status(w, lend(w, w->principal, "an.nv", "03/11/2026", "04/11/2026"), 403);       /* not hers to lend on */
	find(as_khue(w), &account, w->principal, &a);
	assert_int_equal(step(&w->c, &account, &a, "suspend"), OK);
	assert_status(w, get(w, "/seat/new"), 404);              /* gone with its lender */
	find(as_khue(w), &account, w->principal, &a);
	assert_int_equal(step(&w->c, &account, &a, "restore"), OK);
	assert_status(w, get(w, "/seat/new"), 200);
	w->time += 5 * 24 * 60 * MINUTE;
	login(w, "binh.tt");
	assert_status(w, get(w, "/seat/new"), 404);
	world_close(w);
}

/* Who acts as somebody has no seat that was lent to them, though the loan came after the acting began. */
static void acting_brings_no_lent_seat(void **state)
{
	struct world *w = world_open(state);
	char acting[96];

	login(w, "tin.hoc");
	assert_status(w, keep(w, "/dong-vai", w->teacher, "reason=xem+giup+so+diem+lop+8A"), 303);
	strcpy(acting, w->cookie);
	login(w, "hieutruong");
	assert_status(w, lend_sure(w, w->principal, "an.nv", "01/11/2026", "06/11/2026"), 303);
	strcpy(w->cookie, acting);
	assert_status(w, get(w, "/seat/new"), 404);
	get(w, "/all");
	assert_has(w, "action=\"/thoi-dong-vai\"");               /* still acting */
	login(w, "an.nv");
	assert_status(w, get(w, "/seat/new"), 200);
	world_close(w);
}

/* What somebody may do by a lent seat alone is written down as that: who, and whose seat. */
static void the_history_says_whose_seat_it_was(void **state)
{
	static const char *const lent = "SELECT count(*) FROM audit WHERE entity = 'seat' AND verb = 'create' AND "
		"detail LIKE '{\"@\":' || CAST(?1 AS TEXT) || ',%'";
	struct world *w = world_open(state);
	char form[120], path[80];

	login(w, "hieutruong");
	assert_status(w, lend_sure(w, w->principal, "binh.tt", "02/11/2026", "06/11/2026"), 303);
	w->time += 24 * 60 * MINUTE;
	login(w, "binh.tt");
	snprintf(form, sizeof form, "account=%lld&role=librarian&since=03%%2F11%%2F2026", (long long)w->teacher);
	assert_status(w, post_from(w, "/seat/new", "/seat", form), 303);
	assert_int_equal(number(w, lent, w->principal), 1);
	snprintf(path, sizeof path, "/seat/%lld/history", (long long)number(w,
		"SELECT id FROM seat WHERE account = ?1 AND role = 'librarian'", w->teacher));
	login(w, "hieutruong");
	assert_status(w, get(w, path), 200);
	assert_has(w, "<b>Trần Thị Bình – binh.tt</b> (by a seat that Trần Thị Mai – hieutruong lent)");
	snprintf(form, sizeof form, "account=%lld&role=form_teacher&since=03%%2F11%%2F2026", (long long)w->teacher);
	assert_status(w, post_from(w, "/seat/new", "/seat", form), 303);
	assert_int_equal(number(w, lent, w->principal), 1);        /* by one's own: nothing to say */
	world_close(w);
}

static void what_cannot_be_lent(void **state)
{
	struct world *w = world_open(state);

	login(w, "hieutruong");
	assert_status(w, lend(w, w->teacher, "binh.tt", "02/11/2026", "06/11/2026"), 403);
	assert_status(w, lend(w, w->principal, "hieutruong", "02/11/2026", "06/11/2026"), 422);
	assert_status(w, lend(w, w->principal, "khong.co", "02/11/2026", "06/11/2026"), 422);
	assert_has(w, "no active account");
	assert_status(w, lend(w, w->principal, "binh.tt", "02/11/2026", "01/11/2026"), 422);
	assert_status(w, lend(w, w->principal, "binh.tt", "02/11/2026", "06/11/2027"), 422);
	assert_status(w, lend(w, w->principal, "binh.tt", "02/10/2026", "06/11/2026"), 422);
	assert_status(w, lend(w, w->principal, "binh.tt", "31/02/2026", "06/11/2026"), 422);
	login(w, "quantri");
	assert_status(w, lend(w, w->operator_, "binh.tt", "02/11/2026", "06/11/2026"), 422);
	login(w, "hs001");
	assert_status(w, lend(w, w->pupil, "binh.tt", "02/11/2026", "06/11/2026"), 422);
	assert_int_equal(number(w, "SELECT count(*) FROM delegation WHERE ?1 = 0", 0), 0);
	world_close(w);
}

/* Who asks is known after one statement, who lent them a seat after another: each says itself which seats count. */
static const char in_force[] = "t.gone + 0 = 0 AND t.since <= :today AND (t.until IS NULL OR t.until >= :today)",
	lent_now[] = "d.gone = 0 AND d.since <= :today AND d.until >= :today AND t.account = d.lender AND ";
struct judged { int own, lent; };

static void take_judge(void *arg, str name, str text, str open)
{
	static const char *const of_own[] = { "auth/session_by_digest", "auth/token_by_digest", "auth/seats" },
		*const of_lent[] = { "auth/seats_lent", "auth/seats" };
	struct judged *j = arg;

	(void)open;
	for (int i = 0; i < COUNT(of_own); i++)
		j->own += str_is(name, of_own[i]) && str_find(text, str_of(in_force)) > 0;
	for (int i = 0; i < COUNT(of_lent); i++) {
		ptrdiff_t at = str_is(name, of_lent[i]) ? str_find(text, str_of(lent_now)) : -1;
		str rest = at < 0 ? S("") : str_sub(text, at + (ptrdiff_t)strlen(lent_now), -1);
		j->lent += str_starts(rest, str_of(in_force)) &&
			str_find(rest, S(" AND l.gone = 0 AND l.state = 'active'")) > 0;
	}
}

static void seats_are_judged_alike_everywhere(void **state)
{
	struct world *w = world_open(state);
	struct judged j = { 0 };

	queries_each(w->app.registry, take_judge, &j);
	assert_int_equal(j.own, 3);
	assert_int_equal(j.lent, 2);
	world_close(w);
}

/* ---- tokens ------------------------------------------------------------------------------------------------ */

static void a_token_is_no_person(void **state)
{
	struct world *w = world_open(state);
	char token[64];

	login(w, "chuyenvien");
	/* has no seat as API client */
	assert_status(w, post(w, "/ma-ket-noi", "login=an.nv&label=x&until=01%2F12%2F2026"), 409);
	assert_status(w, post(w, "/ma-ket-noi", "login=vnedu&label=vnEdu&until=01%2F12%2F2029"), 422);
	assert_status(w, post(w, "/ma-ket-noi", "login=vnedu&label=vnEdu&until=01%2F12%2F2026"), 200);
	snprintf(token, sizeof token, "%.*s", FMT(between(w, "id=\"token\"><b>", "</b>")));
	assert_int_equal(strlen(token), 48);
	assert_int_equal(number(w, "SELECT count(*) FROM api_token WHERE length(digest) = 64 AND ?1 = 0", 0), 1);
	assert_int_equal(give(as_khue(w), w->client, "principal", w->school_a), OK);
	assert_status(w, ask(w, "/person", NULL, token), 200);
	assert_status(w, ask(w, "/seat/new", NULL, token), 404);         /* the account's other seat is not the token's */
	assert_status(w, ask(w, "/tai-khoan", NULL, token), 403);
	snprintf(w->cookie, sizeof w->cookie, "%s", token);
	assert_status(w, get(w, "/tai-khoan"), 303);                     /* a token is no cookie */
	login(w, "chuyenvien");
	assert_status(w, ask(w, "/person", NULL, w->cookie), 401);       /* and a cookie no token */
	w->time += 31 * 24 * 60 * MINUTE;
	assert_status(w, ask(w, "/person", NULL, token), 401);
	world_close(w);
}

static void revoking_ends_sessions_and_tokens(void **state)
{
	struct world *w = world_open(state);
	char token[64];
	int64_t n = 0;

	login(w, "chuyenvien");
	assert_status(w, post(w, "/ma-ket-noi", "login=vnedu&label=vnEdu&until=01%2F12%2F2026"), 200);
	snprintf(token, sizeof token, "%.*s", FMT(between(w, "id=\"token\"><b>", "</b>")));
	assert_status(w, ask(w, "/person", NULL, token), 200);
	assert_int_equal(auth_revoke(as_khue(w), 0, true, &n), OK);
	assert_int_equal(n, 1);
	assert_status(w, get(w, "/tai-khoan"), 303);
	assert_status(w, ask(w, "/person", NULL, token), 401);
	world_close(w);
}

/* What proves identity is on no page and in no JSON, for whoever may see most. */
static void secrets_stay_inside(void **state)
{
	struct world *w = world_open(state);
	char address[64];

	login(w, "chuyenvien");
	for (int i = 0; i < 3; i++) {
		snprintf(address, sizeof address, i == 0 ? "/account" : i == 1 ? "/account/%lld" : "/account/%lld/history",
			(long long)w->teacher);
		assert_status(w, get(w, address), 200);
		assert_hasnt(w, "argon2");
		assert_hasnt(w, "digest");
	}
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(codes_count_once), ON_BOTH(recovery_codes_count_once),
			ON_BOTH(a_ticket_is_for_one_account_and_five_minutes),
		ON_BOTH(the_owner_turns_it_off_with_the_password), ON_BOTH(a_reset_keeps_the_second_step),
			ON_BOTH(a_unit_can_make_it_compulsory),
		ON_BOTH(who_gives_which_role),
		ON_BOTH(a_role_is_given_at_its_own_tier),
		ON_BOTH(a_seat_is_checked_when_it_is_written), ON_BOTH(a_seat_ends_with_its_term),
		ON_BOTH(a_keeper_resets_what_is_below_him), ON_BOTH(a_sheet_of_new_accounts),
		ON_BOTH(a_keeper_changes_no_account_above_him), ON_BOTH(acting_as_somebody),
		ON_BOTH(a_seat_is_lent_and_comes_back),
		ON_BOTH(who_a_seat_is_lent_to), ON_BOTH(the_history_says_whose_seat_it_was),
		ON_BOTH(acting_brings_no_lent_seat),
		{ "seats_are_judged_alike_everywhere", seats_are_judged_alike_everywhere, engine_sqlite, engine_close, NULL },
		 ON_BOTH(what_cannot_be_lent), ON_BOTH(a_token_is_no_person),
		ON_BOTH(revoking_ends_sessions_and_tokens), ON_BOTH(secrets_stay_inside),
	};

	(void)argc;
	if (!hash_init() || oath_init() != OATH_OK)
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("auth_seat", tests, NULL, NULL);
}
