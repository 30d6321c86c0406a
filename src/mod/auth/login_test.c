/* login_test.c -- passwords, guessing, sessions: who gets in, who does not, and for how long. */
#include "auth_world.h"
#include <sodium.h>

/* ---- passwords --------------------------------------------------------------------------------- */

static void passwords_that_are_refused(void **state)
{
	static const char *const bad[] = { "hocsinh123", "HocSinh@2014", "matkhau1", "12345678", "87654321", "aaaaaaaa",
		"abababab", "abcabcabc", "password",
		"P@ssword", "qwertyuiop", "1q2w3e4r", "nguyenvanan", "Nguyễn Văn An 2014", "an.nv2026", "annv1234",
		"10091983", "100983100983", "nguyendu2026", "ngắn quá", "0123456789" };
	static const char *const good[] = { "mười hai con cò trắng", "cá rô phi 3 con", "tre già măng mọc",
		"xe đạp cũ màu xanh", "correct horse battery", "k7#pQ2vLx9" };
	const str context[] = { S("an.nv"), S("Nguyễn Văn An"), S("Trường THCS Nguyễn Du"), S("10091983"), S("100983") };
	struct arena a;
	char long_one[300];
	uint64_t seed = 1;

	arena_init(&a, 1 << 22);
	for (int i = 0; i < COUNT(bad); i++)
		if (!password_flaw(&a, str_of(bad[i]), i == 19 ? 15 : 8, context, (int)COUNT(context)))
			fail_msg("let pass: %s", bad[i]);
	for (int i = 0; i < COUNT(good); i++)
		if (password_flaw(&a, str_of(good[i]), 8, context, (int)COUNT(context)))
			fail_msg("refused: %s: %s", good[i], password_flaw(&a, str_of(good[i]), 8, context,
				(int)COUNT(context))->en);
	assert_non_null(password_flaw(&a, S("cá rô phi 3 co"), 15, context, 0));
	for (int i = 0; i < 299; i++)
		long_one[i] = (char)('a' + next_number(&seed) % 23);
	long_one[64] = 0;
	assert_null(password_flaw(&a, str_of(long_one), 8, context, 0));
	long_one[64] = 'x';
	long_one[299] = 0;
	assert_non_null(password_flaw(&a, str_of(long_one), 8, context, 0));
	for (int i = 1; i < auth_common_count; i++)
		if (strcmp(auth_common[i - 1], auth_common[i]) >= 0)
			fail_msg("out of order: %s", auth_common[i]);
	arena_free(&a);
}

static void a_password_needs_the_installation(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	bool right, old;
	str kept, again;

	assert_int_equal(password_hash(c, S("tre già măng mọc"), &kept), OK);
	assert_int_equal(password_hash(c, S("tre già măng mọc"), &again), OK);
	assert_true(str_starts(kept, S("$argon2id$v=19$m=19456,t=2,p=1$")) && !str_eq(kept, again));
	assert_int_equal(password_matches(c, kept, S("tre già măng mọc"), &right, &old), OK);
	assert_true(right && !old);
	assert_int_equal(password_matches(c, kept, S("tre già măng mọ"), &right, &old), OK);
	assert_false(right);
	assert_int_equal(password_matches(c, S(""), S("tre già măng mọc"), &right, &old), OK);
	assert_false(right);
	w->app.secret[3] ^= 1;
	assert_int_equal(password_matches(c, kept, S("tre già măng mọc"), &right, &old), OK);
	assert_false(right);
	world_close(w);
}

/* A hash of weaker settings opens the door once more and is replaced. */
static void an_old_hash_is_made_anew(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	char weak[crypto_pwhash_STRBYTES], sql[300];
	digest key;
	str hex;

	memcpy(key.b, w->app.secret, 32);
	key = hash_keyed(hash_keyed(key, S("khue password pepper")), S(PASSWORD));
	hex = hex_of(c->mem, key.b, 32);
	assert_int_equal(crypto_pwhash_str_alg(weak, hex.p, (unsigned long long)hex.n, 1, 8192 * 1024,
		crypto_pwhash_ALG_ARGON2ID13), 0);
	snprintf(sql, sizeof sql, "UPDATE credential SET hash = '%s' WHERE account = %lld", weak, (long long)w->teacher);
	must(w, sql);
	login(w, "an.nv");
	assert_int_equal(number(w,
		"SELECT count(*) FROM credential WHERE account = ?1 AND hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'",
		w->teacher), 1);
	login(w, "an.nv");
	world_close(w);
}

/* ---- the door ---------------------------------------------------------------------------------- */

static void in_and_out(void **state)
{
	struct world *w = world_open(state);
	char old[96];

	assert_status(w, get(w, "/tai-khoan"), 303);
	login(w, "an.nv");
	assert_true(str_find(sent_header(w, "Set-Cookie"), S("HttpOnly; SameSite=Lax")) >= 0);
	assert_true(str_find(sent_header(w, "Set-Cookie"), S("Max-Age=43200")) >= 0);
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "Nguyễn Văn An");
	assert_has(w, "Firefox, Linux");
	assert_has(w, "Trường THCS Nguyễn Du");
	strcpy(old, w->cookie);
	assert_int_equal(number(w, "SELECT count(*) FROM session WHERE account = ?1 AND gone = 0", w->teacher), 1);
	assert_status(w, post_from(w, "/tai-khoan", "/dang-xuat", ""), 303);
	assert_text(str_of(w->cookie), "");
	strcpy(w->cookie, old);
	assert_status(w, get(w, "/tai-khoan"), 303);             /* the old cookie replayed */
	world_close(w);
}

/* The table does not open the door: it holds digests. A new sign-in has a new id and ends the session it came with. */
static void sessions_are_kept_as_digests(void **state)
{
	struct world *w = world_open(state);
	char first[96];
	int64_t n = -1;

	login(w, "an.nv");
	strcpy(first, w->cookie);
	assert_int_equal(strlen(first), 43);
	assert_int_equal(db_int(w->db, "SELECT count(*) FROM session WHERE digest = ?1", VALS(v_text(str_of(first))), &n),
		OK);
	assert_int_equal(n, 0);
	w->secure = true;
	assert_status(w, login_with(w, "an.nv", PASSWORD), 303);
	assert_true(str_starts(sent_header(w, "Set-Cookie"), S("__Host-khue=")) && str_find(sent_header(w, "Set-Cookie"),
		S("; Secure")) >= 0);
	assert_true(strcmp(first, w->cookie) != 0);
	world_close(w);
}

static void the_same_answer_for_unknown_names(void **state)
{
	struct world *w = world_open(state);
	str known, unknown;

	assert_status(w, login_with(w, "an.nv", "sai hoàn toàn rồi"), 422);
	known = str_copy(&w->mem, between(w, "<ul><li>", "</ul>"));
	assert_true(known.n > 0 && !w->cookie[0]);
	assert_hasnt(w, "sai hoàn");
	assert_status(w, login_with(w, "khong.co", "sai hoàn toàn rồi"), 422);
	unknown = between(w, "<ul><li>", "</ul>");
	assert_true(str_eq(known, unknown));
	assert_status(w, login_with(w, "an.nv'--", "x"), 422);
	assert_status(w, login_with(w, "", ""), 422);
	assert_status(w, login_with(w, "AN.NV", PASSWORD), 303);
	world_close(w);
}

static void a_form_without_its_token_is_refused(void **state)
{
	struct world *w = world_open(state);

	assert_status(w, ask(w, "/dang-nhap", "login=an.nv&password=x", NULL), 403);
	login(w, "an.nv");
	assert_status(w, ask(w, "/dang-xuat", "", NULL), 403);
	assert_status(w, get(w, "/tai-khoan"), 200);
	world_close(w);
}

/* From the fifth failure on each wait is twice the last, up to a quarter of an hour; never for good, never for
 * others. */
static void guessing_gets_slower(void **state)
{
	struct world *w = world_open(state);
	const char *names[] = { "an.nv", "khong.co" };

	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < 5; i++)
			assert_status(w, login_with(w, names[k], "sai"), 422);
		assert_status(w, login_with(w, names[k], "sai"), 429);
		assert_has(w, "Wait 2 seconds");
		assert_true(str_eq(sent_header(w, "Retry-After"), S("2")));
		assert_status(w, login_with(w, names[k], PASSWORD), 429);
		w->time += 2000;
		assert_status(w, login_with(w, names[k], "sai"), 422);
		w->time += 2500;
		assert_status(w, login_with(w, names[k], "sai"), 429);
	}
	login(w, "binh.tt");                                     /* a neighbour at the same address is not held up */
	w->time += 2000;
	login(w, "an.nv");                                       /* and success forgets */
	assert_status(w, login_with(w, "an.nv", "sai"), 422);
	login(w, "an.nv");
	for (int i = 0; i < 30; i++) {
		login_with(w, "an.nv", "sai");
		w->time += 901000;
	}
	login(w, "an.nv");                                       /* 30 failures later: 15 minutes of patience are enough */
	world_close(w);
}

static void a_thousand_tries_get_nowhere(void **state)
{
	struct world *w = world_open(state);
	int tried = 0;

	must(w, "UPDATE throttle SET failures = 0");
	for (int i = 0; i < 1000; i++) {
		tried += login_with(w, "hs001", "sai") == 422;
		w->time += 3480;                                 /* 1,000 in an hour */
	}
	assert_in_range(tried, 5, 20);
	world_close(w);
}

static void an_address_has_a_budget(void **state)
{
	struct world *w = world_open(state);

	login_with(w, "hs001", "sai");
	must(w, "UPDATE throttle SET failures = 300 WHERE key LIKE 'i:%'");
	assert_status(w, login_with(w, "hs999", "sai"), 422);
	assert_status(w, login_with(w, "an.nv", PASSWORD), 429);
	w->address = "10.0.0.2";
	login(w, "an.nv");
	w->address = "10.0.0.1";
	w->time += 21000;
	login(w, "binh.tt");
	world_close(w);
}

/* ---- how long ------------------------------------------------------------------------------------ */

static void staff_rest_half_an_hour(void **state)
{
	struct world *w = world_open(state);

	login(w, "hieutruong");
	for (int i = 0; i < 10; i++) {
		w->time += 25 * MINUTE;
		assert_status(w, get(w, "/tai-khoan"), 200);
	}
	w->time += 31 * MINUTE;
	assert_status(w, get(w, "/tai-khoan"), 303);
	login(w, "hs001");
	w->time += 31 * MINUTE;
	assert_status(w, get(w, "/tai-khoan"), 200);
	world_close(w);
}

static void nobody_stays_longer_than_half_a_day(void **state)
{
	struct world *w = world_open(state);

	login(w, "an.nv");
	for (int i = 0; i < 47; i++) {
		w->time += 15 * MINUTE;
		assert_status(w, get(w, "/tai-khoan"), 200);
	}
	w->time += 16 * MINUTE;
	assert_status(w, get(w, "/tai-khoan"), 303);
	world_close(w);
}

static void an_actor_costs_one_statement(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c;
	struct actor a;
	uint64_t before;
	char cookie[96];

	login(w, "hieutruong");
	strcpy(cookie, w->cookie);
	c = as_khue(w);
	c->who = &actor_nobody;
	before = db_count(w->db);
	assert_int_equal(auth_actor(c, str_of(cookie), S(""), &a), OK);
	assert_int_equal(db_count(w->db) - before, 1);
	assert_true(a.user.v == w->principal && a.n_seats == 1 && a.seats[0].role == &principal &&
		a.seats[0].org.v == w->school_a && !a.token);
	before = db_count(w->db);
	assert_int_equal(auth_actor(c, S("khue"), S(""), &a), E_MISSING);
	assert_int_equal(db_count(w->db) - before, 0);
	world_close(w);
}

static void marked(struct world *w, const char *address, char ret[static 40])
{
	get(w, address);
	snprintf(ret, 40, "%.*s", FMT(sent_header(w, "Khue-Session")));
}

/* Every answer of a session bears the same mark, pages, refusals and writes; no other session's does. */
static void answers_say_whose_they_are(void **state)
{
	struct world *w = world_open(state);
	char first[40], other[40], mark[40];

	marked(w, "/dang-nhap", mark);
	assert_string_equal(mark, "");
	login(w, "an.nv");
	marked(w, "/tai-khoan", first);
	assert_int_equal(strlen(first), 16);
	assert_null(strstr(w->cookie, first));
	marked(w, "/nowhere", mark);
	assert_int_equal(w->p.status, 404);
	assert_string_equal(mark, first);
	post_from(w, "/tai-khoan", "/thong-bao", "");
	assert_true(str_is(sent_header(w, "Khue-Session"), first));
	login(w, "an.nv");                               /* the same person in another browser */
	marked(w, "/tai-khoan", other);
	assert_true(strlen(other) == 16 && strcmp(other, first) != 0);
	login(w, "binh.tt");
	marked(w, "/tai-khoan", mark);
	assert_true(strcmp(mark, first) != 0 && strcmp(mark, other) != 0);
	leave(w);
	marked(w, "/dang-nhap", mark);
	assert_string_equal(mark, "");
	world_close(w);
}

static void sessions_are_listed_and_ended(void **state)
{
	struct world *w = world_open(state);
	char phone[96], form[64];
	int64_t id = 0;

	login(w, "an.nv");
	strcpy(phone, w->cookie);
	login(w, "an.nv");
	assert_int_equal(db_int(w->db,
		"SELECT max(id) FROM session WHERE account = ?1 AND gone = 0 AND id < (SELECT max(id) FROM session WHERE "
			"account = ?1)", VALS(v_int(w->teacher)), &id), OK);
	login(w, "binh.tt");
	snprintf(form, sizeof form, "id=%lld", (long long)id);
	post_from(w, "/tai-khoan", "/tai-khoan/phien", form);    /* somebody else's session */
	strcpy(w->cookie, phone);
	assert_status(w, get(w, "/tai-khoan"), 200);
	login(w, "an.nv");
	post_from(w, "/tai-khoan", "/tai-khoan/phien", form);
	char desk[96];
	strcpy(desk, w->cookie);
	strcpy(w->cookie, phone);
	assert_status(w, get(w, "/tai-khoan"), 303);
	login(w, "an.nv");
	post_from(w, "/tai-khoan", "/tai-khoan/phien", "");
	assert_status(w, get(w, "/tai-khoan"), 200);
	strcpy(w->cookie, desk);
	assert_status(w, get(w, "/tai-khoan"), 303);
	world_close(w);
}

/* ---- changing it ----------------------------------------------------------------------------------- */

static void the_owner_changes_the_password(void **state)
{
	struct world *w = world_open(state);
	char other[96];

	login(w, "an.nv");
	strcpy(other, w->cookie);
	login(w, "an.nv");
	assert_status(w, post(w, "/tai-khoan/mat-khau", "old=sai&fresh=tre+gia+mang+moc&again=tre+gia+mang+moc"), 422);
	assert_has(w, "present password is wrong");
	assert_status(w,
		post(w, "/tai-khoan/mat-khau",
			"old=m%C6%B0%E1%BB%9Di+hai+con+c%C3%B2+tr%E1%BA%AFng&fresh=hocsinh123&again=hocsinh123"), 422);
	assert_has(w, "everybody tries first");
	assert_hasnt(w, "hocsinh123");
	assert_status(w,
		post(w, "/tai-khoan/mat-khau",
			"old=m%C6%B0%E1%BB%9Di+hai+con+c%C3%B2+tr%E1%BA%AFng&fresh=tre+gia+mang+moc&again=tre+gia+mang+mo"), 422);
	assert_status(w,
		post(w, "/tai-khoan/mat-khau",
			"old=m%C6%B0%E1%BB%9Di+hai+con+c%C3%B2+tr%E1%BA%AFng&fresh=tre+gia+mang+moc&again=tre+gia+mang+moc"), 303);
	assert_status(w, get(w, "/tai-khoan"), 200);
	strcpy(w->cookie, other);
	assert_status(w, get(w, "/tai-khoan"), 303);
	assert_status(w, login_with(w, "an.nv", PASSWORD), 422);
	assert_status(w, login_with(w, "an.nv", "tre gia mang moc"), 303);
	login(w, "hieutruong");                                  /* staff without a second factor: 15 characters */
	assert_status(w,
		post(w, "/tai-khoan/mat-khau",
			"old=m%C6%B0%E1%BB%9Di+hai+con+c%C3%B2+tr%E1%BA%AFng&fresh=tre+gia+mang+m&again=tre+gia+mang+m"), 422);
	assert_has(w, "at least 15");
	world_close(w);
}

/* A one-time code lets in only to set a password: no seat counts before. */
static void a_reset_code_leads_to_a_new_password(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	char code[32];
	str made;

	assert_int_equal(auth_reset(c, w->principal, false, &made), OK);
	snprintf(code, sizeof code, "%.*s", FMT(made));
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 422);
	for (char *p = code; *p; p++)                            /* typed by hand */
		*p = *p == '-' ? ' ' : (char)(*p >= 'a' ? *p - 32 : *p);
	assert_status(w, login_with(w, "hieutruong", code), 303);
	assert_text(sent_header(w, "Location"), "/tai-khoan/mat-khau");
	assert_status(w, get(w, "/seat/new"), 303);              /* led back to what must be done first */
	assert_text(sent_header(w, "Location"), "/tai-khoan/mat-khau");
	char form[200];
	for (char *p = code; *p; p++)
		*p = *p == ' ' ? '+' : *p;
	snprintf(form, sizeof form, "old=%s&fresh=con+trau+di+truoc+cai+cay&again=con+trau+di+truoc+cai+cay", code);
	assert_status(w, post(w, "/tai-khoan/mat-khau", form), 303);
	assert_status(w, get(w, "/seat/new"), 200);
	assert_status(w, login_with(w, "hieutruong", code), 422);
	c = as_khue(w);
	assert_int_equal(auth_reset(c, w->principal, false, &made), OK);
	snprintf(code, sizeof code, "%.*s", FMT(made));
	w->time += 73 * 60 * MINUTE;
	assert_status(w, login_with(w, "hieutruong", code), 422);
	assert_has(w, "expired");
	world_close(w);
}

/* The language chosen on one device is that of the next; another site cannot choose it. */
static void the_language_follows_the_person(void **state)
{
	struct world *w = world_open(state);

	w->app.keep_lang = auth_keep_lang;
	assert_status(w, login_with(w, "an.nv", PASSWORD), 303);
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "<html lang=\"en\"");              /* as the browser asks, until chosen */
	/* an address that another site, or nobody knows who, had the browser open says nothing of the person */
	static const char *const elsewhere[][2] = { { "cross-site", NULL }, { "same-site", "http://khue.test/tai-khoan" },
		{ NULL, NULL }, { NULL, "http://evil.test/" }, { NULL, "http://khue.test.evil.test/" } };
	for (int i = 0; i < COUNT(elsewhere); i++) {
		w->site = elsewhere[i][0], w->from = elsewhere[i][1];
		assert_status(w, get(w, "/ngon-ngu?lang=vi&ve=/tai-khoan"), 303);
		assert_int_equal(number(w, "SELECT count(*) FROM credential WHERE account = ?1 AND lang = 'vi'", w->teacher),
			0);
	}
	w->site = NULL, w->from = "http://khue.test/tai-khoan";
	assert_status(w, get(w, "/ngon-ngu?lang=vi&ve=/tai-khoan"), 303);
	w->site = w->from = NULL;
	w->cookie[0] = 0;                                /* another device: no cookie of the language either */
	assert_status(w, get(w, "/dang-nhap"), 200);
	assert_has(w, "<html lang=\"en\"");
	assert_status(w, login_with(w, "an.nv", PASSWORD), 303);
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "<html lang=\"vi\"");
	assert_status(w, login_with(w, "binh.tt", PASSWORD), 303);
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "<html lang=\"en\"");
	world_close(w);
}

static void a_suspended_account_is_out_at_once(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c;
	struct account a;

	login(w, "an.nv");
	c = as_khue(w);
	assert_int_equal(find(c, &account, w->teacher, &a), OK);
	assert_int_equal(step(c, &account, &a, "suspend"), OK);
	assert_status(w, get(w, "/tai-khoan"), 303);
	assert_status(w, login_with(w, "an.nv", PASSWORD), 422);
	assert_has(w, "is suspended");
	assert_status(w, login_with(w, "an.nv", "không phải mật khẩu này"), 422);
	assert_hasnt(w, "is suspended");                      /* nobody else learns it */
	assert_int_equal(find(as_khue(w), &account, w->teacher, &a), OK);
	assert_int_equal(step(&w->c, &account, &a, "restore"), OK);
	login(w, "an.nv");
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_that_are_refused),
		ON_BOTH(a_password_needs_the_installation), ON_BOTH(an_old_hash_is_made_anew), ON_BOTH(in_and_out),
		ON_BOTH(sessions_are_kept_as_digests),
		ON_BOTH(the_same_answer_for_unknown_names), ON_BOTH(a_form_without_its_token_is_refused),
		ON_BOTH(guessing_gets_slower),
		ON_BOTH(a_thousand_tries_get_nowhere), ON_BOTH(an_address_has_a_budget), ON_BOTH(staff_rest_half_an_hour),
		ON_BOTH(nobody_stays_longer_than_half_a_day), ON_BOTH(an_actor_costs_one_statement),
		ON_BOTH(answers_say_whose_they_are), ON_BOTH(sessions_are_listed_and_ended),
		ON_BOTH(the_owner_changes_the_password), ON_BOTH(a_reset_code_leads_to_a_new_password),
		ON_BOTH(a_suspended_account_is_out_at_once), ON_BOTH(the_language_follows_the_person),
	};

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("auth_login", tests, NULL, NULL);
}
