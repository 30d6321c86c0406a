/* zalo_test.c -- the file of an official account, what goes to it, what its answers mean; on both engines messages and
 * tokens against a double of Zalo, and the events it calls back with. */
#include "mod/channel/channel_in.h"
#include "core/seal.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_auth, &mod_channel
#include "domain.h"
#include "gateway_double.h"
#include <fcntl.h>
#include <sodium.h>

#define ACCOUNT "app: 123\nsecret: app-secret\nrefresh: R0\ntemplate: 7895\n" \
	"data: {\"truong\":\"{school}\",\"viec\":\"{title}\",\"loi\":\"{text}\"}\nmost: 20\nwebhook: khoa-cua-oa-0123456\n"
#define BENT "app: 1\nsecret: 2\nrefresh: 3\ntemplate: 4\ndata: {\"x\":}\n"
static const char local[] = "url: http://127.0.0.1:%d/message\ntoken-url: http://127.0.0.1:%d/token\n" ACCOUNT;

static void an_account_is_described_in_a_file(void **state)
{
	static const char *const bad[] = { "url: http://zalo.example/x\ntoken-url: https://zalo.example/t\n" ACCOUNT,
		"url: https://zalo.example/x\n" ACCOUNT, "url: https://z.example/x\ntoken-url: https://z.example/t\n",
		"url: https://z.example/x\ntoken-url: https://z.example/t\n" ACCOUNT "tmplate: 8\n",
		"url: https://z.example/x\ntoken-url: https://z.example/t\n" ACCOUNT "most: 5\n",
		("url: https://z.example/x\ntoken-url: https://z.example/t\n" BENT) };
	struct arena mem;
	struct zalo z;
	const char *why;

	(void)state;
	arena_init(&mem, 16 << 20);
	assert_true(zalo_parse(&mem, S("url: https://z.example/x\ntoken-url: https://z.example/t\n" ACCOUNT), &z, &why));
	str body = zalo_body(&mem, &z, 42, S("84912345678"),
		S("THCS Nguyễn Trãi\nHọp \"phụ huynh\"\nTám giờ Chủ nhật tuần này"), S("/x"));
	assert_string_equal(str_z(&mem, body), "{\"phone\":\"84912345678\",\"template_id\":\"7895\",\"template_data\":"
		"{\"truong\":\"THCS Nguyễn Trãi\",\"viec\":\"Họp \\u0022phụ huynh\\u0022\",\"loi\":\"Tám giờ Chủ nhật tu…\"},"
		"\"tracking_id\":\"42\"}");
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		if (zalo_parse(&mem, str_of(bad[i]), &z, &why))
			fail_msg("%s", bad[i]);
	arena_free(&mem);
}

static void an_answer_is_taken_refused_or_later(void **state)
{
	static const struct { const char *answer; enum outcome what; bool expired; } cases[] = {
		{ "{\"error\":0,\"message\":\"Success\",\"data\":{\"msg_id\":\"a1\"}}", TAKEN, false },
		{ "{\"error\":-118,\"message\":\"Zalo account not existed\"}", REFUSED_BY, false },
		{ "{\"error\":-108,\"message\":\"Phone number invalid\"}", REFUSED_BY, false },
		{ "{\"error\":-124,\"message\":\"Access token invalid\"}", AWAY, true },
		{ "{\"error\":-144,\"message\":\"x\"}", AWAY, false }, { "{\"error\":-104}", AWAY, false },
		{ "<html>", LOST, false }, { "{}", LOST, false }, { "", LOST, false } };
	struct arena mem;
	struct zalo z;
	const char *why;

	(void)state;
	arena_init(&mem, 16 << 20);
	assert_true(zalo_parse(&mem, S("url: https://z.example/x\ntoken-url: https://z.example/t\n" ACCOUNT), &z, &why));
	for (ptrdiff_t i = 0; i < COUNT(cases); i++) {
		bool expired;
		str ref, said;
		if (zalo_judged(&mem, &z, str_of(cases[i].answer), &expired, &ref, &said) != cases[i].what ||
			expired != cases[i].expired || str_is(ref, "a1") != (cases[i].what == TAKEN))
			fail_msg("%s", cases[i].answer);
	}
	/* as the operator says: this account's -118 waits */
	assert_true(zalo_parse(&mem, S("url: https://z.example/x\ntoken-url: https://z.example/t\nlater: -118\n" ACCOUNT),
		&z, &why));
	bool expired;
	str ref, said;
	assert_int_equal(zalo_judged(&mem, &z, S("{\"error\":-118}"), &expired, &ref, &said), AWAY);
	arena_free(&mem);
}

/* ---- on both engines --------------------------------------------------------------------------------------------- */

static int64_t an_account(struct world *w)
{
	struct person p;
	struct account a;

	OKAY(find(as_khue(w), &person, w->parent_a.v, &p));
	p.phone = S("0912 345 678");
	OKAY(update(&w->c, &person, &p));
	row_zero(&account, &a);
	a.base.org = w->a;
	a.login = S("phu.huynh");
	a.name = S("X");
	a.person = w->parent_a;
	OKAY(create(&w->c, &account, &a));
	return a.base.id;
}

static void told(struct world *w, int64_t user, bool urgent)
{
	static const struct tr text = { "Họp", "Meeting" };
	as_khue(w);
	OKAY(note(&w->c, &(struct note){ .to = { user }, .org = w->a, .kind = NOTE_NOTICE, .urgent = urgent,
		.zalo = zalo_words(&w->c, S("THCS Nguyễn Trãi"), S("Họp"), S("Tám giờ\n\nChủ nhật")) }, &text, NULL, 0,
		S("/contact")));
}
static void carry_out(struct world *w) { OKAY(channel_spread(as_khue(w), NULL)); }

static void zalo_is(const char *folder, const char *refresh, int port)
{
	char path[128], text[1000], *at;
	snprintf(path, sizeof path, "%s/zalo", folder);
	snprintf(text, sizeof text, local, port, port);
	at = strstr(text, "refresh: ");
	memcpy(at + 9, refresh, 2);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	setenv("KHUE_ZALO_FILE", path, 1);
}

#define STATES(sql) count(w, "SELECT count(*) FROM delivery WHERE channel = 'zalo' AND " sql)

static void a_notice_goes_by_zalo(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-zalo-XXXXXX";
	int64_t user = an_account(w);

	assert_non_null(mkdtemp(folder));
	told(w, user, false);
	carry_out(w);                                     /* nothing is configured: nothing goes, nothing waits */
	assert_int_equal(count(w, "SELECT count(*) FROM delivery"), 0);
	struct gateway_double d = double_open(zalo_once, 200);
	zalo_is(folder, "R0", d.port);
	OKAY(setting_put(as_khue(w), &mod_channel, "zalo_price", w->a, S("200")));
	told(w, user, false);
	carry_out(w);
	assert_int_equal(d.heard->n, 1);
	assert_int_equal(d.heard->tokens, 1);
	assert_non_null(strstr(d.heard->last, "\"template_data\":{\"truong\":\"THCS Nguyễn Trãi\",\"viec\":\"Họp\","
		"\"loi\":\"Tám giờ Chủ nhật\"}"));
	assert_non_null(strstr(d.heard->last, "{\"phone\":\"84912345678\",\"template_id\":\"7895\""));
	assert_int_equal(STATES("state = 'sent' AND ref = 'z-1' AND cost = 200 AND parts = 1 AND body IS NULL"), 1);
	/* the token is kept, and nothing of it lies open */
	assert_int_equal(count(w, "SELECT count(*) FROM channel_token WHERE box LIKE '%A1%' OR box LIKE '%R1%'"), 0);
	told(w, user, false);
	carry_out(w);
	assert_int_equal(d.heard->tokens, 1);
	/* no account at Zalo: not again, not paid */
	d.heard->error = -118;
	told(w, user, false);
	carry_out(w);
	assert_int_equal(STATES("state = 'failed' AND cost = 0 AND problem = 'Zalo -118: double says so'"), 1);
	/* the day's quota is used up: it waits; and the family's choice */
	d.heard->error = -144;
	told(w, user, false);
	carry_out(w);
	assert_int_equal(STATES("state = 'waiting'"), 1);
	d.heard->error = 0;
	w->time += 150000;
	carry_out(w);
	assert_int_equal(STATES("state = 'sent'"), 3);
	assert_int_equal(db_exec(w->db, "INSERT INTO channel_choice (account, kind, channels) VALUES (?1, 'notice', 7)",
		VALS(v_int(user)), NULL), OK);
	told(w, user, false);
	carry_out(w);
	assert_int_equal(STATES("1 = 1"), 4);
	/* quiet hours hold it, unless it is urgent */
	assert_int_equal(db_exec(w->db, "DELETE FROM channel_choice", NULL, 0, NULL), OK);
	w->time += INT64_C(13) * 3600000;                 /* 22:26 */
	told(w, user, false);
	carry_out(w);
	assert_int_equal(STATES("state = 'waiting'"), 1);
	told(w, user, true);
	carry_out(w);
	assert_int_equal(STATES("state = 'sent'"), 4);
	double_close(&d);
	unsetenv("KHUE_ZALO_FILE");
	world_close(w);
}

/* Not a batch each half minute. */
static void a_school_is_told_in_one_go(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-zalo-XXXXXX";
	struct gateway_double d = double_open(zalo_once, 200);

	assert_non_null(mkdtemp(folder));
	zalo_is(folder, "R0", d.port);
	OKAY(db_begin(w->db));
	for (int64_t i = 1; i <= 205; i++)
		assert_int_equal(db_exec(w->db, "INSERT INTO delivery (id, org, channel, state, due, made, address, body)"
			" VALUES (?1, ?2, 'zalo', 'waiting', 1, ?3, '0912345678', 'A')", VALS(v_int(i), v_int(w->a.v),
			v_int(w->time)), NULL), OK);
	OKAY(db_commit(w->db));
	carry_out(w);
	assert_int_equal(STATES("state = 'sent'"), 205);
	double_close(&d);
	unsetenv("KHUE_ZALO_FILE");
	world_close(w);
}

static void tokens_are_renewed_once(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-zalo-XXXXXX";
	int64_t user = an_account(w);
	struct gateway_double d = double_open(zalo_once, 200);

	assert_non_null(mkdtemp(folder));
	zalo_is(folder, "R0", d.port);
	told(w, user, true);
	carry_out(w);
	assert_int_equal(d.heard->n, 1);
	/* over, by the clock: a new one before anything is sent, from the refresh token that came last */
	w->time += INT64_C(26) * 3600000;
	told(w, user, true);
	carry_out(w);
	assert_int_equal(d.heard->tokens, 2);
	assert_int_equal(d.heard->refused, 0);
	/* refused, though the clock says it holds: one new token, the message once more */
	assert_int_equal(db_exec(w->db, "UPDATE channel_token SET box = ?1", VALS(v_text(sealed(as_khue(w), "zalo token",
		S("A9\nR2")))), NULL), OK);
	told(w, user, true);
	carry_out(w);
	assert_int_equal(d.heard->refused, 1);
	assert_int_equal(d.heard->tokens, 3);
	assert_int_equal(STATES("state = 'sent'"), 3);
	/* while another process gets one, nobody asks; its lease ends by itself */
	assert_int_equal(db_exec(w->db, "UPDATE channel_token SET expires = 0, lease = ?1", VALS(v_int(w->time + 60000)),
		NULL), OK);
	told(w, user, true);
	carry_out(w);
	assert_int_equal(STATES("state = 'waiting' AND tries = 0"), 1);
	assert_int_equal(d.heard->tokens, 3);
	w->time += 150000;
	carry_out(w);
	assert_int_equal(d.heard->tokens, 4);
	assert_int_equal(STATES("state = 'sent'"), 4);
	/* the chain is broken: it waits until the operator writes a fresh token into the file */
	assert_int_equal(db_exec(w->db, "UPDATE channel_token SET expires = 0, box = ?1", VALS(v_text(sealed(as_khue(w),
		"zalo token", S("A0\nR0")))), NULL), OK);
	told(w, user, true);
	carry_out(w);
	assert_int_equal(STATES("state = 'waiting'"), 1);
	zalo_is(folder, "R4", d.port);
	w->time += 150000;
	carry_out(w);
	assert_int_equal(d.heard->tokens, 5);
	assert_int_equal(STATES("state = 'sent'"), 5);
	/* nothing to send for a month: renewed all the same, for a refresh token lapses */
	w->time += INT64_C(31) * 24 * 3600000;
	carry_out(w);
	carry_out(w);
	assert_int_equal(d.heard->tokens, 6);
	double_close(&d);
	unsetenv("KHUE_ZALO_FILE");
	world_close(w);
}

static void an_event_is_signed(void **state)
{
	static const char event[] = "{\"app_id\":\"123\",\"event_name\":\"user_received_message\",\"timestamp\":\"1793500000000\","
		"\"message\":{\"delivery_time\":\"1793500000000\",\"msg_id\":\"z-1\",\"tracking_id\":\"77\"}}";
	struct arena mem;
	struct zalo z;
	struct receipt r;
	const char *why;
	char mac[80] = "mac=";

	(void)state;
	arena_init(&mem, 16 << 20);
	assert_true(zalo_parse(&mem, S("url: https://z.example/x\ntoken-url: https://z.example/t\n" ACCOUNT), &z, &why));
	digest d = hash_sha256(str_fmt(&mem, "123%s1793500000000khoa-cua-oa-0123456", event));
	strcat(mac, str_z(&mem, hex_of(&mem, d.b, sizeof d.b)));
	assert_true(zalo_signed(&mem, &z, str_of(event), str_of(mac)));
	mac[8] = mac[8] == '0' ? '1' : '0';
	assert_false(zalo_signed(&mem, &z, str_of(event), str_of(mac)));
	assert_false(zalo_signed(&mem, &z, str_of(event), S("")));
	assert_true(zalo_event(&mem, str_of(event), &r));
	assert_true(str_is(r.ref, "z-1") && r.id == 77 && r.what == TOLD_ARRIVED);
	assert_false(zalo_event(&mem, S("{\"event_name\":\"follow\",\"timestamp\":\"1\"}"), &r));
	arena_free(&mem);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(an_account_is_described_in_a_file),
		cmocka_unit_test(an_answer_is_taken_refused_or_later), cmocka_unit_test(an_event_is_signed),
		ON_BOTH(a_notice_goes_by_zalo), ON_BOTH(tokens_are_renewed_once),
		cmocka_unit_test_setup_teardown(a_school_is_told_in_one_go, engine_sqlite, engine_close) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("zalo", tests, NULL, NULL);
}
