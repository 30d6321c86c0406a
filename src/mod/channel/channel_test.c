/* channel_test.c -- parts of an SMS, the vectors of RFC 8291, quiet hours; and on both engines what goes out to doubles
 * of gateways and push services. */
#include "mod/channel/channel_in.h"
#include "mod/channel/webpush.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_auth, &mod_channel
#include "domain.h"
#include "gateway_double.h"
#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/params.h>
#include <sys/stat.h>

/* ---- texts ------------------------------------------------------------------------------------------------------- */

static str many(struct arena *a, const char *letter, int n)
{
	struct buf b;

	buf_init(&b, a, 1 << 16);
	while (n--)
		put_z(&b, letter);
	return buf_str(&b);
}

static void texts_are_cut_as_the_standard_says(void **state)
{
	/* 3GPP TS 23.038 6.1.2.1 and TS 23.040 9.2.3.24.1 */
	static const struct { const char *letter; int n, parts; } cases[] = { { "a", 1, 1 }, { "a", 160, 1 },
		{ "a", 161, 2 }, { "a", 306, 2 }, { "a", 307, 3 }, { "[", 80, 1 }, { "[", 81, 2 }, { "ế", 70, 1 }, { "ế", 71,
			2 },
		{ "ế", 134, 2 }, { "ế", 135, 3 }, { "\xF0\x9F\x98\x80", 35, 1 }, { "\xF0\x9F\x98\x80", 36, 2 },
		{ "a", 153 * 6, 6 }, { "a", 153 * 6 + 1, 7 } };
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 20);
	for (ptrdiff_t i = 0; i < COUNT(cases); i++)
		if (sms_parts(many(&mem, cases[i].letter, cases[i].n)) != cases[i].parts)
			fail_msg("%d x %s", cases[i].n, cases[i].letter);
	assert_int_equal(sms_parts(S("")), 0);
	struct sms_part plain = { S("a@[$"), false }, wide = { S("ế\xF0\x9F\x98\x80"), true };
	assert_true(str_eq(sms_octets(&mem, &plain), (str){ "a\0\x1B\x3C\2", 5 }));
	assert_true(str_eq(sms_octets(&mem, &wide), (str){ "\x1E\xBF\xD8\x3D\xDE\x00", 6 }));
	arena_free(&mem);
}

static void quiet_hours_end(void **state)
{
	/* 2026-11-01 00:00 in Viet Nam */
	const int64_t day0 = INT64_C(1793466000000), min = 60000;
	static const struct { int at, since, until, out; } cases[] = { { 1290, 1290, 360, 1440 + 360 },
		{ 1289, 1290, 360, 1289 }, { 0, 1290, 360, 360 }, { 359, 1290, 360, 360 }, { 360, 1290, 360, 360 },
		{ 780, 720, 840, 840 }, { 840, 720, 840, 840 }, { 700, 720, 720, 700 } };

	(void)state;
	for (ptrdiff_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(quiet_ends((instant){ day0 + cases[i].at * min }, cases[i].since, cases[i].until).v,
			day0 + cases[i].out * min);
	int m;
	assert_true(hour_read(S("21:30"), &m) && m == 1290);
	assert_true(hour_read(S("6h05"), &m) && m == 365);
	assert_false(hour_read(S("24:00"), &m) || hour_read(S("7"), &m) || hour_read(S("-1:30"), &m) ||
		hour_read(S("12:5"), &m));
}

static void a_gateway_is_described_in_a_file(void **state)
{
	struct arena mem;
	struct gateway g;
	const char *why;

	(void)state;
	arena_init(&mem, 1 << 20);
	assert_true(gateway_parse(&mem, S("# x\nurl: https://sms.example.vn/send\nheader: A: b\nnumber: +84\n"), &g, &why));
	assert_true(str_is(g.headers[0], "A: b") && g.n_headers == 1);
	assert_true(str_is(phone_number(&mem, g.number, S("0912 345 678")), "+84912345678"));
	assert_true(str_is(phone_number(&mem, g.number, S("+84 912.345.678")), "+84912345678"));
	assert_true(str_is(phone_number(&mem, g.number, S("1900 1234")), "19001234"));
	assert_false(gateway_parse(&mem, S("url: file:///etc/passwd\n"), &g, &why));
	assert_false(gateway_parse(&mem, S("url: https://x/\ntype: yaml\n"), &g, &why));
	assert_false(gateway_parse(&mem, S("url: https://x/\npasswort: y\n"), &g, &why));
	arena_free(&mem);
}

/* ---- RFC 8291, RFC 8292 ------------------------------------------------------------------------------------------ */

static EVP_PKEY *pair_of(struct arena *mem, const char *private_, const char *public_)
{
	str d, q;
	uint8_t number[32];
	char group[] = "prime256v1";
	EVP_PKEY *key = NULL;
	EVP_PKEY_CTX *x = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

	assert_true(base64url_read(mem, str_of(private_), &d) && base64url_read(mem, str_of(public_), &q) && d.n == 32);
	for (int i = 0; i < 32; i++)                      /* OSSL_PARAM holds numbers little-endian here */
		number[i] = (uint8_t)d.p[31 - i];
	OSSL_PARAM with[] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)q.p, (size_t)q.n),
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, number, sizeof number), OSSL_PARAM_construct_end() };
	assert_int_equal(EVP_PKEY_fromdata_init(x), 1);
	assert_int_equal(EVP_PKEY_fromdata(x, &key, EVP_PKEY_KEYPAIR, with), 1);
	EVP_PKEY_CTX_free(x);
	return key;
}

static void a_message_is_sealed_as_the_rfc_shows(void **state)
{
	/* RFC 8291, section 5 and appendix A */
	static const char out[] = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYW"
		"AmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
	struct arena mem;
	str salt, key, auth, got, long_;

	(void)state;
	arena_init(&mem, 1 << 20);
	EVP_PKEY *pair = pair_of(&mem, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
		"BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
	assert_true(base64url_read(&mem, S("DGv6ra1nlYgDCS1FRnbzlw"), &salt) && salt.n == PUSH_SALT);
	assert_true(base64url_read(&mem,
		S("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), &key));
	assert_true(base64url_read(&mem, S("BTBZMqHH6r4Tts7J_aSIgg"), &auth));
	str plain = S("When I grow up, I want to be a watermelon");
	assert_true(webpush_seal(&mem, pair, (const uint8_t *)salt.p, key, auth, plain, &got));
	assert_true(str_is(base64url_of(&mem, got.p, (size_t)got.n), out));
	/* not a point of the curve; too long */
	char *bent = str_z(&mem, key);
	memcpy(bent, key.p, (size_t)key.n);
	bent[40] ^= 1;
	assert_false(webpush_seal(&mem, pair, (const uint8_t *)salt.p, (str){ bent, key.n }, auth, plain, &got));
	long_ = many(&mem, "x", PUSH_PLAIN_MAX + 1);
	assert_false(webpush_seal(&mem, pair, (const uint8_t *)salt.p, key, auth, long_, &got));
	EVP_PKEY_free(pair);
	arena_free(&mem);
}

/* A signature of 64 bytes over text, as the push service checks it. */
static bool proves(EVP_PKEY *key, str text, str sig)
{
	uint8_t der[96], *p = der;
	ECDSA_SIG *s = ECDSA_SIG_new();
	EVP_MD_CTX *x = EVP_MD_CTX_new();

	ECDSA_SIG_set0(s, BN_bin2bn((const uint8_t *)sig.p, 32, NULL), BN_bin2bn((const uint8_t *)sig.p + 32, 32, NULL));
	int n = i2d_ECDSA_SIG(s, &p);
	bool good = EVP_DigestVerifyInit(x, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(x, der, (size_t)n, (const uint8_t *)text.p, (size_t)text.n) == 1;
	ECDSA_SIG_free(s);
	EVP_MD_CTX_free(x);
	return good;
}

static void the_sender_signs_who_it_is(void **state)
{
	struct arena mem;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	str word, token, rest, claims, sig, plain;

	(void)state;
	arena_init(&mem, 1 << 20);
	assert_true(webpush_vapid(&mem, key, S("https://push.example.net"), S("mailto:a@b.vn"), 1793500000, &word));
	assert_true(str_starts(word, S("vapid t=")));
	token = str_sub(word, 8, str_find(word, S(", k=")));
	ptrdiff_t last = token.n;
	while (token.p[last - 1] != '.')
		last--;
	assert_true(base64url_read(&mem, str_sub(token, last, -1), &sig) && sig.n == 64);
	assert_true(proves(key, str_sub(token, 0, last - 1), sig));
	assert_false(proves(key, str_sub(token, 0, last - 2), sig));
	str_cut(token, '.', &claims, &rest);
	str_cut(rest, '.', &claims, &rest);
	assert_true(base64url_read(&mem, claims, &plain));
	assert_true(str_is(plain, "{\"aud\":\"https://push.example.net\",\"exp\":1793500000,\"sub\":\"mailto:a@b.vn\"}"));
	EVP_PKEY_free(key);
	arena_free(&mem);
}

static void only_named_services_are_asked(void **state)
{
	(void)state;
	setenv("KHUE_PUSH", "https://push.example.net https://*.push.example.com", 1);
	assert_true(push_allowed(S("https://push.example.net/a/b")));
	assert_true(push_allowed(S("https://web.push.example.com/x")));
	static const char *const never[] = { "http://push.example.net/a", "https://push.example.net",
		"https://push.example.net.vn/a",
		"https://x@push.example.net/a", "https://push.example.com/a", "https://evilpush.example.com/a",
		"https://push.example.net\\@127.0.0.1/", "https://127.0.0.1/a", "file:///etc/passwd", "",
			"https://push.example.net:8443/a",
		"https://push.example.net/a\r\nX: y" };
	for (ptrdiff_t i = 0; i < COUNT(never); i++)
		if (push_allowed(str_of(never[i])))
			fail_msg("%s", never[i]);
	unsetenv("KHUE_PUSH");
	assert_false(push_allowed(S("https://push.example.net/a")));
}

/* ---- on both engines --------------------------------------------------------------------------------------------- */

static int64_t an_account(struct world *w, const char *email, const char *phone)
{
	struct person p;
	struct account a;

	OKAY(find(as_khue(w), &person, w->parent_a.v, &p));
	p.email = str_of(email);
	p.phone = str_of(phone);
	OKAY(update(&w->c, &person, &p));
	row_zero(&account, &a);
	a.base.org = w->a;
	a.login = S("phu.huynh");
	a.name = S("X");
	a.person = w->parent_a;
	OKAY(create(&w->c, &account, &a));
	return a.base.id;
}
static void told(struct world *w, const struct note *n)
{
	static const struct tr text = { "Họp “{1}”", "Meeting “{1}”" };

	as_khue(w);
	OKAY(note(&w->c, n, &text, ARGS(S("8 giờ")), S("/contact")));
}
static void carry_out(struct world *w) { OKAY(channel_spread(as_khue(w), NULL)); }

/* A file of a gateway with this text; its name lives in w's folder. */
static void gateway_is(const char *folder, const char *fmt, int port)
{
	char path[128], text[600];
	snprintf(path, sizeof path, "%s/sms", folder);
	snprintf(text, sizeof text, fmt, port);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	setenv("KHUE_SMS_FILE", path, 1);
}
static void nothing_is_configured(void)
{
	unsetenv("KHUE_SMS_FILE");
	unsetenv("KHUE_SMTP");
	unsetenv("KHUE_PUSH");
}

static const char http_gateway[] = "url: http://127.0.0.1:%d/send\nheader: Authorization: Bearer {secret}\ntype: json\n"
	"body: {\"to\":\"{to}\",\"text\":\"{text}\",\"id\":{id}}\ngood: \"ok\"\nref: \"number\":\"\nnumber: 84\n"
	"secret: kh0-bi-mat\n";

static void a_notice_waits_for_the_morning(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-channel-XXXXXX";
	int64_t user = an_account(w, "ph@example.vn", "0912 345 678");

	assert_non_null(mkdtemp(folder));
	gateway_is(folder, http_gateway, 1);
	setenv("KHUE_SMTP", "smtp://127.0.0.1:1", 1);
	w->time += INT64_C(13) * 3600000;                 /* 22:26 */
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .sms = S("Hop") });
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE spread = 1"), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery"), 2);       /* e-mail and SMS of the notice */
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'waiting'"), 2);
	assert_int_equal(count(w, "SELECT (min(due) / 60000 + 420) % 1440 FROM delivery"), 360);
	assert_int_equal(count(w, "SELECT count(*) FROM outbox"), 0);
	/* the reader's own hours; an urgent one; nobody twice */
	assert_int_equal(db_exec(w->db, "INSERT INTO channel_quiet (account, since, until, details) "
		"VALUES (?1, 780, 840, 0)", VALS(v_int(user)), NULL), OK);
	OKAY(setting_put(as_khue(w), &mod_org, "site", w->a, S("https://khue.example.vn")));
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM outbox"), 1);
	/* an address that opens from a letter */
	assert_int_equal(count(w, "SELECT count(*) FROM outbox WHERE body LIKE "
		"'%https://khue.example.vn/tai-khoan/bao-tin%'"), 1);
	assert_int_equal(db_exec(w->db, "DELETE FROM channel_quiet", NULL, 0, NULL), OK);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .urgent = true });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM outbox"), 2);
	/* the unit's hours */
	OKAY(setting_put(as_khue(w), &mod_channel, "quiet_since", w->a, S("23:00")));
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM outbox"), 3);
	/* chosen away */
	assert_int_equal(db_exec(w->db, "INSERT INTO channel_choice (account, kind, channels) VALUES (?1, 'notice', 0)",
		VALS(v_int(user)), NULL), OK);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .sms = S("Hop") });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery"), 5);
	/* the mail server took one, gave up another */
	assert_int_equal(db_exec(w->db, "UPDATE outbox SET sent = 9 WHERE id = (SELECT min(id) FROM outbox)", NULL, 0,
		NULL), OK);
	assert_int_equal(db_exec(w->db, "UPDATE outbox SET tries = 8 WHERE id = (SELECT max(id) FROM outbox)", NULL, 0,
		NULL), OK);
	carry_out(w);
	assert_int_equal(count(w,
		"SELECT count(*) FROM delivery WHERE state = 'sent' AND body IS NULL AND address IS NULL"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'failed'"), 1);
	nothing_is_configured();
	world_close(w);
}

static void one_bad_notice_holds_up_no_other(void **state)
{
	struct world *w = world_open(state);
	int64_t user = an_account(w, "ph@example.vn", "");
	char link[300];

	setenv("KHUE_SMTP", "smtp://127.0.0.1:1", 1);
	memset(link, 'x', sizeof link - 1);
	link[sizeof link - 1] = 0;
	assert_int_equal(db_exec(w->db,
		"INSERT INTO notice (id, account, vi, en, link, made, kind, spread) VALUES (1, ?1, 'A', 'A', "
		"?2, 1, 'notice', 0)", VALS(v_int(user), v_text(str_of(link))), NULL), OK);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE spread = 0"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery"), 1);
	nothing_is_configured();
	world_close(w);
}

static void an_sms_goes_to_the_gateway(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-channel-XXXXXX";
	int64_t user = an_account(w, "", "0912 345 678");
	struct gateway_double d = double_open(http_once, 200);

	assert_non_null(mkdtemp(folder));
	gateway_is(folder, http_gateway, d.port);
	strcpy(d.heard->answer, "{\"ok\":1,\"number\":\"n-77\"}");
	OKAY(setting_put(as_khue(w), &mod_channel, "sms_price", w->a, S("300")));
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE,
		.sms = S("Nói \"chào\"\nHọp phụ huynh lúc 8 giờ Chủ nhật tuần này tại phòng học của lớp, kính mời.") });
	carry_out(w);
	assert_int_equal(d.heard->n, 1);
	assert_non_null(strstr(d.heard->last, "Authorization: Bearer kh0-bi-mat\r\n"));
	assert_non_null(strstr(d.heard->last, "{\"to\":\"84912345678\",\"text\":\"Nói \\u0022chào\\u0022\\u000aHọp"));
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'sent' AND ref = 'n-77' AND parts = 2"
		" AND cost = 600 AND body IS NULL AND address IS NULL"), 1);
	/* refused: not again, and not paid */
	d.heard->status = 400;
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .sms = S("A") });
	carry_out(w);
	carry_out(w);
	assert_int_equal(d.heard->n, 2);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'failed' AND cost = 0"), 1);
	/* busy, then not there at all: it waits, and goes when the gateway is back */
	d.heard->status = 503;
	told(w, &(struct note){ .person = w->parent_a, .org = w->a, .kind = NOTE_NOTICE, .sms = S("B") });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'waiting' AND account = 0"), 1);
	d.heard->status = 200;
	carry_out(w);
	assert_int_equal(d.heard->n, 3);                  /* not yet due */
	w->time += 150000;
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'sent'"), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE account = 0 AND seen = 0"), 0);
	/* what a dead process had in hand is never sent twice */
	assert_int_equal(db_exec(w->db, "UPDATE delivery SET state = 'sending', due = 1 WHERE state = 'sent'", NULL, 0,
		NULL), OK);
	carry_out(w);
	assert_int_equal(d.heard->n, 4);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE problem = 'interrupted'"), 2);
	double_close(&d);
	nothing_is_configured();
	world_close(w);
}

static void a_gateways_file_is_private(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-channel-XXXXXX";

	assert_non_null(mkdtemp(folder));
	gateway_is(folder, http_gateway, 1);
	assert_true(sms_ready(as_khue(w)));
	assert_int_equal(chmod(getenv("KHUE_SMS_FILE"), 0640), 0);
	assert_false(sms_ready(as_khue(w)));
	nothing_is_configured();
	assert_false(sms_ready(as_khue(w)));
	world_close(w);
}

static void an_sms_goes_by_smpp(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-channel-XXXXXX";
	int64_t user = an_account(w, "", "0912 345 678");
	struct gateway_double d = double_open(smpp_once, 0);

	assert_non_null(mkdtemp(folder));
	gateway_is(folder, "url: smpp://127.0.0.1:%d\nuser: khue\nsecret: bimat\nfrom: KHUE\nnumber: 84\n", d.port);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .sms = many(w->c.mem, "ế", 100) });
	carry_out(w);
	assert_int_equal(d.heard->n, 2);                  /* two parts */
	const char *first = d.heard->last, *second = first + be32(first);
	assert_non_null(memmem(first, be32(first), "84912345678", 12));
	assert_non_null(memmem(first, be32(first), "\5\0\3\1\2\1\x1E\xBF", 8));
	assert_non_null(memmem(second, be32(second), "\5\0\3\1\2\2\x1E\xBF", 8));
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'arrived' AND ref = 'K2'"), 1);
	/* throttled: later; an unknown user: later, too, for it is a fault of the configuration */
	d.heard->status = 0x58;
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .sms = S("A") });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'waiting'"), 1);
	d.heard->status = 0x0B;                           /* no such number */
	w->time += 150000;
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'failed' AND problem LIKE 'SMPP 11:%'"),
		1);
	gateway_is(folder, "url: smpp://127.0.0.1:%d\nuser: lạ\nsecret: bimat\n", d.port);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .sms = S("B") });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'waiting' AND tries = 0"), 1);
	double_close(&d);
	nothing_is_configured();
	world_close(w);
}

static void put_browser(struct world *w, int64_t user, int port)
{
	char endpoint[64];

	snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d/to/1", port);
	assert_int_equal(db_exec(w->db, "INSERT INTO push_browser (id, account, endpoint, p256dh, auth, agent, made) "
		"VALUES (7, ?1, ?2, ?3, ?4, 'Chrome', 1)", VALS(v_int(user), v_text(str_of(endpoint)),
		v_text(S("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")),
		v_text(S("BTBZMqHH6r4Tts7J_aSIgg"))), NULL), OK);
}

/* Whoever had the account for a while and asked to be told is told no more after a new password, nor whoever is
 * locked. */
static void a_new_password_ends_what_browsers_are_told(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-channel-XXXXXX", rule[64];
	int64_t user = an_account(w, "", "");
	struct gateway_double d = double_open(http_once, 201);

	w->app.data = mkdtemp(folder);
	snprintf(rule, sizeof rule, "http://127.0.0.1:%d", d.port);
	setenv("KHUE_PUSH", rule, 1);
	put_browser(w, user, d.port);
	assert_int_equal(db_exec(w->db, "INSERT INTO credential (account, org, changed, must_change, totp_step) "
		"VALUES (?1, ?2, 5, 0, 0)", VALS(v_int(user), v_int(w->a.v)), NULL), OK);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(d.heard->n, 0);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE channel = 'push'"), 0);
	assert_int_equal(db_exec(w->db, "UPDATE credential SET changed = 0", NULL, 0, NULL), OK);
	assert_int_equal(db_exec(w->db, "UPDATE account SET state = 'suspended'", NULL, 0, NULL), OK);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(d.heard->n, 0);
	assert_int_equal(db_exec(w->db, "UPDATE account SET state = 'active'", NULL, 0, NULL), OK);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(d.heard->n, 1);
	double_close(&d);
	nothing_is_configured();
	world_close(w);
}

static void a_browser_is_told(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-channel-XXXXXX", rule[64], path[64];
	int64_t user = an_account(w, "", "");
	struct gateway_double d = double_open(http_once, 201);
	struct stat st;

	w->app.data = mkdtemp(folder);
	snprintf(rule, sizeof rule, "http://127.0.0.1:%d", d.port);
	setenv("KHUE_PUSH", rule, 1);
	put_browser(w, user, d.port);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(d.heard->n, 1);
	assert_non_null(strstr(d.heard->last, "POST /to/1 HTTP/1.1\r\n"));
	assert_non_null(strstr(d.heard->last, "Content-Encoding: aes128gcm\r\n"));
	assert_non_null(strstr(d.heard->last, "Authorization: vapid t="));
	assert_null(memmem(d.heard->last, d.heard->bytes, "Khuê", 5));                /* sealed */
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE channel = 'push' AND state = 'sent'"), 1);
	snprintf(path, sizeof path, "%s/keys/push.key", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0400);
	/* words only for whoever allowed it */
	w->time += INT64_C(13) * 3600000;
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'waiting' AND body IS NULL"), 1);
	assert_int_equal(db_exec(w->db, "INSERT INTO channel_quiet (account, since, until, details) VALUES (?1, -1, -1, 1)",
		VALS(v_int(user)), NULL), OK);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'waiting' AND body LIKE 'Họp%'"), 1);
	/* a browser that is no more is forgotten */
	d.heard->status = 410;
	w->time += INT64_C(12) * 3600000;
	carry_out(w);
	assert_int_equal(count(w, "SELECT count(*) FROM push_browser"), 0);
	assert_int_equal(d.heard->n, 2);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'failed'"), 2);
	/* a service that is no longer allowed is not asked */
	put_browser(w, user, d.port);
	setenv("KHUE_PUSH", "https://push.example.net", 1);
	told(w, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_MESSAGE });
	carry_out(w);
	assert_int_equal(d.heard->n, 2);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'failed'"), 3);
	double_close(&d);
	nothing_is_configured();
	world_close(w);
}

/* As the account that has this number. */
static struct ctx *as_user(struct world *w, int64_t user)
{
	as(w, &parent, w->a, w->parent_a);
	w->actor.user.v = user;
	return &w->c;
}

struct browser_test { str endpoint, key, auth, agent; };
static void a_browser_is_its_owners(void **state)
{
	struct world *w = world_open(state);
	struct browser_test in = { S("https://push.example.net/a"),
		S("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
		S("BTBZMqHH6r4Tts7J_aSIgg"), S("Chrome Android") };
	int64_t id;

	setenv("KHUE_PUSH", "https://push.example.net", 1);
	in.endpoint = S("https://169.254.169.254/latest");
	assert_int_equal(browser_add(as_user(w, 1), &in, NULL), E_INVALID);
	in.endpoint = S("https://push.example.net/a");
	in.auth = S("AAAA");
	assert_int_equal(browser_add(as_user(w, 1), &in, NULL), E_INVALID);
	in.auth = S("BTBZMqHH6r4Tts7J_aSIgg");
	assert_int_equal(count(w, "SELECT count(*) FROM push_browser"), 0);
	OKAY(browser_add(as_user(w, 1), &in, NULL));
	/* on a shared computer the next one who asks has it alone; the first cannot end it any more */
	OKAY(browser_add(as_user(w, 2), &in, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM push_browser WHERE account = 2"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM push_browser"), 1);
	id = count(w, "SELECT id FROM push_browser");
	OKAY(browser_end(as_user(w, 1), &id, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM push_browser"), 1);
	OKAY(browser_end(as_user(w, 2), &id, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM push_browser"), 0);
	nothing_is_configured();
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(texts_are_cut_as_the_standard_says),
		cmocka_unit_test(quiet_hours_end), cmocka_unit_test(a_gateway_is_described_in_a_file),
		cmocka_unit_test(a_message_is_sealed_as_the_rfc_shows), cmocka_unit_test(the_sender_signs_who_it_is),
		cmocka_unit_test(only_named_services_are_asked), ON_BOTH(a_notice_waits_for_the_morning),
			ON_BOTH(one_bad_notice_holds_up_no_other),
		ON_BOTH(an_sms_goes_to_the_gateway), ON_BOTH(a_gateways_file_is_private), ON_BOTH(an_sms_goes_by_smpp),
		ON_BOTH(a_browser_is_told),
		ON_BOTH(a_new_password_ends_what_browsers_are_told), ON_BOTH(a_browser_is_its_owners) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
