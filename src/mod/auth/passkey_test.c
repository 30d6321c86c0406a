/* passkey_test.c -- passkeys and remembered devices: what is accepted, and every way of lying that is not. */
#include "auth_world.h"
#include "authenticator.h"
#include "mod/auth/cbor.h"
#include "mod/auth/webauthn.h"

#define ORIGIN "http://khue.test"
#define DAY_MS INT64_C(86400000)
#define PASSWORD_FORM "password=m%C6%B0%E1%BB%9Di+hai+con+c%C3%B2+tr%E1%BA%AFng"

/* ---- the verifier alone --------------------------------------------------------------------------- */

struct trial { struct arena mem; struct ceremony asked; struct authenticator key; struct webauthn_key made; };

static void trial_open(struct trial *t, enum key_kind kind, bool packed)
{
	assert_true(hash_init());
	arena_init(&t->mem, (size_t)16 << 20);
	t->asked = (struct ceremony){ S("Y2hhbGxlbmdl"), S(ORIGIN), S("khue.test"), true };
	t->key = authenticator_new(kind, 7);
	t->key.packed = packed;
}

static void trial_close(struct trial *t)
{
	EVP_PKEY_free(t->key.pair);
	arena_free(&t->mem);
}

static enum webauthn_flaw make(struct trial *t, const char *type, const char *challenge, const char *origin,
	const char *rp)
{
	str client = client_data(&t->mem, type, str_of(challenge), origin), data = auth_data(&t->mem, &t->key, rp, true);

	return webauthn_made(&t->mem, &t->asked, client, attestation(&t->mem, &t->key, data, client), &t->made);
}

static enum webauthn_flaw show(struct trial *t, const char *type, const char *challenge, const char *origin,
	const char *rp, struct webauthn_use *use)
{
	str client = client_data(&t->mem, type, str_of(challenge), origin), data = auth_data(&t->mem, &t->key, rp, false);

	return webauthn_shown(&t->mem, &t->asked, client, data, signature_of(&t->mem, &t->key, data, client), t->made.key,
		use);
}

#define MAKE(t) make((t), "webauthn.create", "Y2hhbGxlbmdl", ORIGIN, "khue.test")
#define SHOW(t, use) show((t), "webauthn.get", "Y2hhbGxlbmdl", ORIGIN, "khue.test", (use))

static void three_kinds_of_keys(void **state)
{
	struct webauthn_use use;
	struct trial t;

	(void)state;
	for (int kind = KEY_ES256; kind <= KEY_RS256; kind++)
		for (int packed = 0; packed < 2; packed++) {
			trial_open(&t, (enum key_kind)kind, packed);
			assert_int_equal(MAKE(&t), WEBAUTHN_GOOD);
			assert_int_equal(t.made.id.n, 32);
			assert_true(t.made.verified);
			t.key.count = 41;
			assert_int_equal(SHOW(&t, &use), WEBAUTHN_GOOD);
			assert_int_equal(use.count, 41);
			trial_close(&t);
		}
}

static void what_was_not_asked_is_refused(void **state)
{
	static const char ok[] = "Y2hhbGxlbmdl";
	struct webauthn_use use;
	struct trial t;

	(void)state;
	trial_open(&t, KEY_ES256, false);
	assert_int_equal(make(&t, "webauthn.get", ok, ORIGIN, "khue.test"), WEBAUTHN_TYPE);
	assert_int_equal(make(&t, "webauthn.create", "b3RoZXI", ORIGIN, "khue.test"), WEBAUTHN_CHALLENGE);
	assert_int_equal(make(&t, "webauthn.create", ok, "http://khue.test.evil.vn", "khue.test"), WEBAUTHN_ORIGIN);
	assert_int_equal(make(&t, "webauthn.create", ok, "https://khue.test", "khue.test"), WEBAUTHN_ORIGIN);
	assert_int_equal(make(&t, "webauthn.create", ok, ORIGIN, "evil.vn"), WEBAUTHN_RP);
	t.key.flags = 4;
	assert_int_equal(MAKE(&t), WEBAUTHN_ABSENT);
	t.key.flags = 1;
	assert_int_equal(MAKE(&t), WEBAUTHN_UNVERIFIED);
	t.asked.verified = false;
	assert_int_equal(MAKE(&t), WEBAUTHN_GOOD);
	assert_false(t.made.verified);
	t.asked.verified = true;
	assert_int_equal(SHOW(&t, &use), WEBAUTHN_UNVERIFIED);
	t.key.flags = 5;
	assert_int_equal(SHOW(&t, &use), WEBAUTHN_GOOD);
	assert_int_equal(show(&t, "webauthn.create", ok, ORIGIN, "khue.test", &use), WEBAUTHN_TYPE);
	assert_int_equal(show(&t, "webauthn.get", "b3RoZXI", ORIGIN, "khue.test", &use), WEBAUTHN_CHALLENGE);
	assert_int_equal(show(&t, "webauthn.get", "", ORIGIN, "khue.test", &use), WEBAUTHN_CHALLENGE);
	assert_int_equal(show(&t, "webauthn.get", ok, "http://evil.vn", "khue.test", &use), WEBAUTHN_ORIGIN);
	assert_int_equal(show(&t, "webauthn.get", ok, ORIGIN, "evil.vn", &use), WEBAUTHN_RP);
	struct authenticator other = authenticator_new(KEY_ES256, 7), mine = t.key;
	t.key = other;
	assert_int_equal(SHOW(&t, &use), WEBAUTHN_SIGNATURE);
	t.key = mine;
	EVP_PKEY_free(other.pair);
	trial_close(&t);
}

/* One bit anywhere: nothing that was changed is accepted as it was. */
static void every_bit_counts(void **state)
{
	struct webauthn_use use;
	struct trial t;
	int accepted = 0;

	(void)state;
	for (int kind = KEY_ES256; kind <= KEY_ED25519; kind++) {
		trial_open(&t, (enum key_kind)kind, true);
		str client = client_data(&t.mem, "webauthn.create", t.asked.challenge, ORIGIN);
		str object = attestation(&t.mem, &t.key, auth_data(&t.mem, &t.key, "khue.test", true), client);
		assert_int_equal(webauthn_made(&t.mem, &t.asked, client, object, &t.made), WEBAUTHN_GOOD);
		struct webauthn_key again;
		for (ptrdiff_t i = 0; i < object.n; i++) {
			((char *)(uintptr_t)object.p)[i] ^= (char)(1 << (i % 8));
			accepted += webauthn_made(&t.mem, &t.asked, client, object, &again) == WEBAUTHN_GOOD;
			((char *)(uintptr_t)object.p)[i] ^= (char)(1 << (i % 8));
		}
		client = client_data(&t.mem, "webauthn.get", t.asked.challenge, ORIGIN);
		str data = auth_data(&t.mem, &t.key, "khue.test", false), sign = signature_of(&t.mem, &t.key, data, client);
		str parts[] = { client, data, sign };
		for (int p = 0; p < 3; p++)
			for (ptrdiff_t i = 0; i < parts[p].n; i++) {
				((char *)(uintptr_t)parts[p].p)[i] ^= (char)(1 << (i % 8));
				accepted += webauthn_shown(&t.mem, &t.asked, client, data, sign, t.made.key, &use) == WEBAUTHN_GOOD;
				((char *)(uintptr_t)parts[p].p)[i] ^= (char)(1 << (i % 8));
			}
		assert_int_equal(webauthn_shown(&t.mem, &t.asked, client, data, sign, t.made.key, &use), WEBAUTHN_GOOD);
		trial_close(&t);
	}
	assert_int_equal(accepted, 0);
}

static bool whole(const char *bytes, ptrdiff_t n)
{
	struct cbor c = cbor_of((str){ bytes, n });

	return cbor_skip(&c) && c.p == c.end;
}
#define WHOLE(lit) whole(lit, (ptrdiff_t)sizeof(lit) - 1)

static void cbor_is_read_strictly(void **state)
{
	char deep[20];

	(void)state;
	assert_true(WHOLE("\x00"));
	assert_true(WHOLE("\x18\x18"));
	assert_true(WHOLE("\xa1\x61" "a\x82\x01\x20"));
	assert_true(WHOLE("\xf5"));
	assert_false(WHOLE("\x18\x17"));                 /* 23 in two bytes */
	assert_false(WHOLE("\x19\x00\xff"));
	assert_false(WHOLE("\x9f\x01\xff"));             /* no end told */
	assert_false(WHOLE("\x5f\x41\x00\xff"));
	assert_false(WHOLE("\x42\x00"));                 /* cut off */
	assert_false(WHOLE("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"));
	assert_false(WHOLE("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"));
	assert_false(WHOLE("\x62\xc0\x80"));             /* not UTF-8 */
	assert_false(WHOLE("\xc0\x00"));                 /* a tag */
	assert_false(WHOLE("\xf9\x3c\x00"));             /* a float */
	assert_false(WHOLE(""));
	memset(deep, '\x81', sizeof deep);
	deep[sizeof deep - 1] = 0;
	assert_false(whole(deep, sizeof deep));
}

/* ---- over the whole program ------------------------------------------------------------------------ */

static str data_of(struct world *w, const char *name)
{
	char before[60];

	snprintf(before, sizeof before, "data-%s=\"", name);
	return str_copy(&w->mem, between(w, before, "\""));
}

static str b64(struct world *w, str s) { return base64url_of(&w->mem, s.p, (size_t)s.n); }

static const char *registration(struct world *w, const struct authenticator *k, str challenge)
{
	str client = client_data(&w->mem, "webauthn.create", challenge, ORIGIN);
	str object = attestation(&w->mem, k, auth_data(&w->mem, k, "khue.test", true), client);

	return str_z(&w->mem, str_fmt(&w->mem, "%s&label=USB&client=%.*s&object=%.*s", PASSWORD_FORM,
		FMT(b64(w, client)), FMT(b64(w, object))));
}

static const char *assertion(struct world *w, const struct authenticator *k, str challenge, str ticket)
{
	str client = client_data(&w->mem, "webauthn.get", challenge, ORIGIN);
	str data = auth_data(&w->mem, k, "khue.test", false);
	str sign = b64(w, signature_of(&w->mem, k, data, client));

	return str_z(&w->mem, str_fmt(&w->mem, "ticket=%.*s&key=%.*s&client=%.*s&data=%.*s&sign=%.*s", FMT(ticket),
		FMT(b64(w, (str){ (const char *)k->id, 32 })), FMT(b64(w, client)), FMT(b64(w, data)),
		FMT(sign)));
}

#define KEYS "/tai-khoan/khoa-truy-cap"

static void add_key(struct world *w, const char *login_, const struct authenticator *k, int status)
{
	login(w, login_);
	assert_status(w, get(w, KEYS), 200);
	assert_status(w, post(w, KEYS, registration(w, k, data_of(w, "challenge"))), status);
}

/* Without a password. */
static int enter_by(struct world *w, struct authenticator *k)
{
	leave(w);
	assert_status(w, get(w, "/dang-nhap"), 200);
	k->count++;
	return post(w, "/dang-nhap", assertion(w, k, data_of(w, "challenge"), S("")));
}

static void a_key_signs_in_alone(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_ES256, 3);

	add_key(w, "hieutruong", &k, 200);
	assert_has(w, "Recovery codes");
	assert_int_equal(number(w, "SELECT count(*) FROM recovery WHERE account = ?1", w->principal), 10);
	assert_status(w, enter_by(w, &k), 303);
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "Trần Thị Mai");
	assert_int_equal(number(w, "SELECT count(*) FROM session WHERE account = ?1 AND gone = 0 AND mfa = 1",
		w->principal), 2);
	k.flags = 1;                                             /* whoever holds the key, but not who */
	assert_status(w, enter_by(w, &k), 422);
	assert_has(w, "has not checked its user");
	k.flags = 5;
	assert_status(w, enter_by(w, &k), 303);
	must(w, "UPDATE account SET state = 'suspended' WHERE login = 'hieutruong'");
	assert_status(w, enter_by(w, &k), 422);
	EVP_PKEY_free(k.pair);
	world_close(w);
}

static void an_answer_counts_once_and_here(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_ED25519, 3);
	char door[96];
	const char *form;

	add_key(w, "hieutruong", &k, 200);
	leave(w);
	get(w, "/dang-nhap");
	k.count++;
	form = assertion(w, &k, data_of(w, "challenge"), S(""));
	memcpy(door, w->door, sizeof door);
	w->door[0] = 0;                                          /* carried to another browser */
	assert_status(w, post(w, "/dang-nhap", form), 422);
	memcpy(w->door, door, sizeof door);
	assert_status(w, post(w, "/dang-nhap", form), 303);
	leave(w);
	assert_status(w, post(w, "/dang-nhap", form), 422);      /* again */
	get(w, "/dang-nhap");
	form = assertion(w, &k, data_of(w, "challenge"), S(""));
	w->time += 11 * MINUTE;
	assert_status(w, post(w, "/dang-nhap", form), 422);
	assert_has(w, "That took too long");
	k.count++;
	assert_status(w, post(w, "/dang-nhap", assertion(w, &k, S("Y2hhbGxlbmdl"), S(""))), 422);   /* of its own making */
	EVP_PKEY_free(k.pair);
	world_close(w);
}

static void a_key_is_the_second_step(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_RS256, 3), other = authenticator_new(KEY_ES256, 4);
	char spare[20], form[900];

	add_key(w, "an.nv", &other, 200);
	add_key(w, "hieutruong", &k, 200);
	snprintf(spare, sizeof spare, "%.*s", FMT(between(w, "<li class=\"ma\">", "</li>")));
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);
	assert_true(w->cookie[0] == 0);
	str ticket = str_copy(&w->mem, between(w, "name=\"ticket\" value=\"", "\"")), asks = data_of(w, "challenge");
	assert_text(data_of(w, "keys"), str_z(&w->mem, b64(w, (str){ (const char *)k.id, 32 })));
	assert_status(w, post(w, "/dang-nhap", assertion(w, &other, asks, ticket)), 422);   /* another person's */
	k.flags = 1;
	k.count++;
	assert_status(w, post(w, "/dang-nhap", assertion(w, &k, asks, ticket)), 303);
	/* a browser without script takes one of the spare codes */
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);
	snprintf(form, sizeof form, "ticket=%.*s&code=%s", FMT(between(w, "name=\"ticket\" value=\"", "\"")), spare);
	assert_status(w, post(w, "/dang-nhap", form), 303);
	EVP_PKEY_free(k.pair);
	EVP_PKEY_free(other.pair);
	world_close(w);
}

static void a_copied_key_is_stopped(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_ES256, 3);

	add_key(w, "hieutruong", &k, 200);
	k.count = 50;
	assert_status(w, enter_by(w, &k), 303);
	k.count = 20;                                            /* the copy was made at 20 */
	assert_status(w, enter_by(w, &k), 422);
	assert_has(w, "copied");
	assert_int_equal(number(w, "SELECT count(*) FROM passkey WHERE account = ?1 AND gone = 2", w->principal), 1);
	assert_int_equal(number(w, "SELECT count(*) FROM audit WHERE item = ?1 AND verb = 'passkey_copied'",
		w->principal), 1);
	assert_true(number(w, "SELECT count(*) FROM notice WHERE account = ?1", w->principal) >= 1);
	assert_true(number(w, "SELECT count(*) FROM notice WHERE account = ?1", w->keeper) >= 1);
	k.count = 90;
	assert_status(w, enter_by(w, &k), 422);
	/* those that do not count are not suspected */
	struct authenticator still = authenticator_new(KEY_ES256, 5);
	still.count = 0;
	add_key(w, "an.nv", &still, 200);
	for (int i = 0; i < 2; i++) {
		still.count = UINT32_MAX;
		assert_status(w, enter_by(w, &still), 303);
	}
	EVP_PKEY_free(k.pair);
	EVP_PKEY_free(still.pair);
	world_close(w);
}

static void the_owner_keeps_the_keys(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_ES256, 3), b = authenticator_new(KEY_ES256, 4);
	char form[200];
	str id, code;

	add_key(w, "hieutruong", &k, 200);
	add_key(w, "an.nv", &k, 409);                            /* a key is one person's */
	login(w, "an.nv");
	get(w, KEYS);
	str asks = data_of(w, "challenge");
	login(w, "binh.tt");
	assert_status(w, post(w, KEYS, registration(w, &b, asks)), 422);  /* somebody else's page */
	get(w, KEYS);
	const char *good = registration(w, &b, data_of(w, "challenge"));
	assert_status(w, post(w, KEYS, str_z(&w->mem, str_fmt(&w->mem, "password=sai&%s", strchr(good, '&') + 1))), 422);
	assert_status(w, post(w, KEYS, good), 200);
	assert_status(w, enter_by(w, &k), 303);
	get(w, KEYS);
	id = str_copy(&w->mem, between(w, "name=\"id\" value=\"", "\""));
	snprintf(form, sizeof form, "id=%.*s&password=sai", FMT(id));
	assert_status(w, post_from(w, KEYS, KEYS "/bo", form), 422);
	snprintf(form, sizeof form, "id=%.*s&%s", FMT(id), PASSWORD_FORM);
	assert_status(w, login_with(w, "binh.tt", PASSWORD), 200);       /* asks for the second step */
	assert_status(w, enter_by(w, &b), 303);
	assert_status(w, post_from(w, KEYS, KEYS "/bo", form), 404);
	assert_status(w, enter_by(w, &k), 303);
	assert_status(w, post_from(w, KEYS, KEYS "/bo", form), 303);
	assert_status(w, enter_by(w, &k), 422);
	login(w, "hieutruong");                                  /* one step again, and no spare codes */
	assert_int_equal(number(w, "SELECT count(*) FROM recovery WHERE account = ?1", w->principal), 0);
	/* the keeper's reset forgets them too */
	assert_int_equal(auth_reset(as_khue(w), w->form, true, &code), OK);
	assert_status(w, enter_by(w, &b), 422);
	EVP_PKEY_free(k.pair);
	EVP_PKEY_free(b.pair);
	world_close(w);
}

/* ---- remembered devices -------------------------------------------------------------------------------- */

static int by_key_and_trust(struct world *w, const char *login_, struct authenticator *k)
{
	assert_status(w, login_with(w, login_, PASSWORD), 200);
	k->count++;
	str ticket = str_copy(&w->mem, between(w, "name=\"ticket\" value=\"", "\""));
	const char *form = assertion(w, k, data_of(w, "challenge"), ticket);

	return post(w, "/dang-nhap", str_z(&w->mem, str_fmt(&w->mem, "%s&trust=1", form)));
}

static void a_device_is_remembered(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_ES256, 3), b = authenticator_new(KEY_ES256, 4);
	char device[96], form[80];

	add_key(w, "hieutruong", &k, 200);
	assert_status(w, by_key_and_trust(w, "hieutruong", &k), 303);
	assert_int_equal(strlen(w->device), 43);
	assert_int_equal(number(w, "SELECT count(*) FROM trusted WHERE account = ?1 AND length(digest) = 64",
		w->principal), 1);
	login(w, "hieutruong");                                  /* the password is enough here */
	assert_int_equal(number(w, "SELECT count(*) FROM audit WHERE item = ?1 AND detail LIKE '%device%'",
		w->principal) > 0, 1);
	memcpy(device, w->device, sizeof device);
	w->device[0] = 0;
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);    /* elsewhere it is not */
	memcpy(w->device, device, sizeof device);
	assert_status(w, login_with(w, "hieutruong", "sai"), 422);       /* and it is no password */
	add_key(w, "an.nv", &b, 200);
	assert_status(w, login_with(w, "an.nv", PASSWORD), 200);         /* it is one account's */
	login(w, "hieutruong");
	assert_status(w, get(w, "/tai-khoan"), 200);
	assert_has(w, "Remembered device");
	str rest = str_sub(page(w), str_find(page(w), S("/tai-khoan/thiet-bi")), -1);
	rest = str_sub(rest, str_find(rest, S("name=\"id\" value=\"")) + 17, -1);
	snprintf(form, sizeof form, "id=%.*s", (int)str_find(rest, S("\"")), rest.p);
	assert_status(w, post_from(w, "/tai-khoan", "/tai-khoan/thiet-bi", form), 303);
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);
	/* ninety days, whatever happens */
	assert_status(w, by_key_and_trust(w, "hieutruong", &k), 303);
	w->time += 89 * DAY_MS;
	login(w, "hieutruong");
	w->time += 2 * DAY_MS;
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);
	EVP_PKEY_free(k.pair);
	EVP_PKEY_free(b.pair);
	world_close(w);
}

static void a_new_password_forgets_devices(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_ES256, 3);

	add_key(w, "hieutruong", &k, 200);
	assert_status(w, by_key_and_trust(w, "hieutruong", &k), 303);
	assert_status(w, post(w, "/tai-khoan/mat-khau", "old=m%C6%B0%E1%BB%9Di+hai+con+c%C3%B2+tr%E1%BA%AFng"
		"&fresh=b%E1%BB%91n+con+v%E1%BB%8Bt+xanh&again=b%E1%BB%91n+con+v%E1%BB%8Bt+xanh"), 303);
	assert_status(w, login_with(w, "hieutruong", "bốn con vịt xanh"), 200);
	assert_has(w, "One step to go");
	assert_int_equal(number(w, "SELECT count(*) FROM trusted WHERE account = ?1 AND gone = 0", w->principal), 0);
	EVP_PKEY_free(k.pair);
	world_close(w);
}

static void units_say_whose_devices(void **state)
{
	struct world *w = world_open(state);
	struct authenticator k = authenticator_new(KEY_ES256, 3), b = authenticator_new(KEY_ES256, 4);

	add_key(w, "tin.hoc", &k, 200);
	assert_status(w, by_key_and_trust(w, "tin.hoc", &k), 303);       /* a keeper of accounts */
	assert_int_equal(w->device[0], 0);
	add_key(w, "hieutruong", &b, 200);
	assert_status(w, by_key_and_trust(w, "hieutruong", &b), 303);
	assert_int_not_equal(w->device[0], 0);
	login(w, "hieutruong");
	assert_int_equal(setting_put(as_khue(w), &mod_auth, "trust_whom", (org_id){ w->school_a }, S("not_staff")), OK);
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);    /* at once, also for devices of yesterday */
	assert_int_equal(setting_put(as_khue(w), &mod_auth, "trust_whom", (org_id){ w->school_a }, S("everybody")), OK);
	login(w, "hieutruong");
	assert_int_equal(setting_put(as_khue(w), &mod_auth, "trust_days", (org_id){ w->school_a }, S("0")), OK);
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 200);
	assert_hasnt(w, "name=\"trust\"");
	EVP_PKEY_free(k.pair);
	EVP_PKEY_free(b.pair);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_kinds_of_keys),
		cmocka_unit_test(what_was_not_asked_is_refused),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(cbor_is_read_strictly),
		ON_BOTH(a_key_signs_in_alone),
		ON_BOTH(an_answer_counts_once_and_here),
		ON_BOTH(a_key_is_the_second_step),
		ON_BOTH(a_copied_key_is_stopped),
		ON_BOTH(the_owner_keeps_the_keys),
		ON_BOTH(a_device_is_remembered),
		ON_BOTH(a_new_password_forgets_devices),
		ON_BOTH(units_say_whose_devices),
	};

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("auth_passkey", tests, NULL, NULL);
}
