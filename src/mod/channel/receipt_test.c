/* receipt_test.c -- what gateways call back with: read, proven, written once; through the dispatcher, on both
 * engines. */
#include "mod/channel/channel_in.h"
#include "core/dispatch.h"
#include "core/pages.h"
#include "web/body.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_auth, &mod_channel
#include "domain.h"
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

static void a_call_is_read(void **state)
{
	const struct receipt_fields json = { .ref = S("data.id"), .state = S("data.status"), .good = S("delivered, 1"),
		.bad = S("failed"), .why = S("data.error") },
		form = { .id = S("RequestId"), .state = S("SendStatus"), .good = S("5"), .bad = S("2,3") };
	const struct pair sent[] = { { S("RequestId"), S("77") }, { S("SendStatus"), S("3") } };
	struct arena mem;
	struct receipt r;

	(void)state;
	arena_init(&mem, 4 << 20);
	assert_true(receipt_parse(&mem, &json, S("application/json"), S("{\"data\":{\"id\":\"n-7\",\"status\":1}}"),
		NULL, 0, &r));
	assert_true(str_is(r.ref, "n-7") && r.what == TOLD_ARRIVED);
	assert_true(receipt_parse(&mem, &json, S("application/json"),
		S("{\"data\":{\"id\":9,\"status\":\"failed\",\"error\":\"no such number\"}}"), NULL, 0, &r));
	assert_true(str_is(r.ref, "9") && r.what == TOLD_FAILED && str_is(r.why, "no such number"));
	assert_true(receipt_parse(&mem, &json, S("application/json"), S("{\"data\":{\"id\":9,\"status\":\"queued\"}}"),
		NULL, 0, &r));
	assert_int_equal(r.what, TOLD_NOTHING);
	assert_false(receipt_parse(&mem, &json, S("application/json"), S("{\"data\":[1]}"), NULL, 0, &r));
	assert_false(receipt_parse(&mem, &json, S("application/json"), S("{\"data\":"), NULL, 0, &r));
	assert_false(receipt_parse(&mem, &json, S("application/json"), S("{}"), sent, 2, &r));
	assert_true(receipt_parse(&mem, &form, S(""), S(""), sent, 2, &r));
	assert_true(r.id == 77 && r.what == TOLD_FAILED && str_is(r.why, "3"));
	arena_free(&mem);
}

static void a_body_is_signed(void **state)
{
	/* RFC 4231, test case 2 */
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 20);
	str key = S("Jefe"), body = S("what do ya want for nothing?");
	assert_true(receipt_signed(&mem, key, body, S("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
	assert_true(receipt_signed(&mem, key, body,
		S("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
	assert_true(receipt_signed(&mem, key, body, S("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=")));
	assert_false(receipt_signed(&mem, key, S("what do ya want for nothing!"),
		S("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
	assert_false(receipt_signed(&mem, key, body, S("")));
	arena_free(&mem);
}

/* ---- through the dispatcher -------------------------------------------------------------------------------------- */

static enum rc nobody(struct ctx *c, str session, str bearer, struct actor *ret)
{
	(void)c;
	(void)session;
	(void)bearer;
	(void)ret;
	return E_MISSING;
}

struct called { const char *address, *type, *body, *header, *value; };

static int called(struct world *w, enum verb verb, const struct called *at)
{
	struct pair headers[] = { { S("accept"), S("*/*") }, { S("host"), S("khue.test") },
		{ str_of(at->header ? at->header : "x-none"), str_of(at->value ? at->value : "") } };
	struct pairs all = { 0 };
	struct arena mem;
	str path, query;

	arena_init(&mem, (size_t)64 << 20);
	struct request r = { .mem = &mem, .verb = verb, .headers = headers, .n_headers = 3, .remote = S("127.0.0.1"),
		.id = "0123456789abcdef", .type = str_of(at->type ? at->type : ""), .body = str_of(at->body ? at->body : "") };
	struct reply p = { .fd = -1 };
	str_cut(str_of(at->address), '?', &path, &query);
	r.path = path;
	r.query = query;
	assert_int_equal(form_read(&mem, query, &all), 0);
	if (str_is(r.type, "application/x-www-form-urlencoded"))
		assert_int_equal(form_read(&mem, r.body, &all), 0);
	r.params = all.p;
	r.n_params = all.n;
	dispatch(&w->app, &r, &p);
	assert_int_equal(db_depth(w->db), 0);
	int status = p.status;
	arena_free(&mem);
	return status;
}

static void file_is(const char *folder, const char *variable, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, variable);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	setenv(variable, path, 1);
}

static void sent(struct world *w, int64_t id, const char *channel, const char *state, const char *ref)
{
	assert_int_equal(db_exec(w->db, "INSERT INTO delivery (id, org, channel, state, ref, parts, cost, ended, body)"
		" VALUES (?1, ?2, ?3, ?4, ?5, 2, 600, 1, 'x')", VALS(v_int(id), v_int(w->a.v), v_text(str_of(channel)),
		v_text(str_of(state)), v_text(str_of(ref))), NULL), OK);
}
#define ARE(sql) count(w, "SELECT count(*) FROM delivery WHERE " sql)
#define FORM "application/x-www-form-urlencoded"
#define GATEWAY "url: https://sms.example/send\nreceipt: mot-khoa-rat-dai-42\nreceipt-ref: id\nreceipt-id: our\n" \
	"receipt-state: state\nreceipt-good: ok\nreceipt-bad: no\n"
#define ADDRESS "/bao-phat/mot-khoa-rat-dai-42"

static void open_site(struct world *w, char *folder)
{
	char why[256] = "";

	assert_non_null(mkdtemp(folder));
	w->app.data = folder;
	w->app.actor_of = nobody;
	if (!pages_open(&w->app, why))
		fail_msg("%s", why);
}

static void a_gateway_reports(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-receipt-XXXXXX";
	const struct called good = { ADDRESS, FORM, "id=n-1&state=ok", NULL, NULL };

	open_site(w, folder);
	sent(w, 1, "sms", "sent", "n-1");
	sent(w, 2, "sms", "sent", "n-2");
	sent(w, 3, "sms", "failed", "");
	sent(w, 4, "zalo", "sent", "n-4");
	assert_int_equal(called(w, POST, &good), 404);            /* no gateway is configured */
	file_is(folder, "KHUE_SMS_FILE", "url: https://sms.example/send\n");
	assert_int_equal(called(w, POST, &good), 404);            /* one that reports nothing */
	file_is(folder, "KHUE_SMS_FILE", GATEWAY);
	/* a wrong secret, none, one letter short */
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat/mot-khoa-rat-dai-43", FORM, good.body, NULL, NULL }),
		404);
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat/mot-khoa-rat-dai-4", FORM, good.body, NULL, NULL }),
		404);
	assert_int_equal(ARE("state = 'arrived'"), 0);
	assert_int_equal(called(w, POST, &good), 200);
	assert_int_equal(ARE("state = 'arrived' AND id = 1 AND cost = 600 AND body IS NULL"), 1);
	/* again, and then the contrary: what arrived stays arrived, and the row as it was */
	int64_t rev = count(w, "SELECT rev FROM delivery WHERE id = 1");
	assert_int_equal(called(w, POST, &good), 200);
	assert_int_equal(called(w, POST, &(struct called){ ADDRESS, FORM, "id=n-1&state=no", NULL, NULL }), 200);
	assert_int_equal(count(w, "SELECT rev FROM delivery WHERE id = 1"), rev);
	/* unknown numbers, numbers of another channel, no number */
	assert_int_equal(called(w, POST, &(struct called){ ADDRESS, FORM, "id=n-9&state=ok", NULL, NULL }), 404);
	assert_int_equal(called(w, POST, &(struct called){ ADDRESS, FORM, "id=n-4&state=ok", NULL, NULL }), 404);
	assert_int_equal(called(w, POST, &(struct called){ ADDRESS, FORM, "state=ok", NULL, NULL }), 404);
	/* not yet; by JSON: it failed; by GET and our own number: one that was thought lost came after all */
	assert_int_equal(called(w, POST, &(struct called){ ADDRESS, FORM, "id=n-2&state=queued", NULL, NULL }), 200);
	assert_int_equal(ARE("state = 'sent' AND id = 2"), 1);
	assert_int_equal(called(w, POST, &(struct called){ ADDRESS, "application/json", "{\"id\":\"n-2\",\"state\":\"no\"}",
		NULL, NULL }), 200);
	assert_int_equal(ARE("state = 'failed' AND id = 2 AND problem = 'no'"), 1);
	assert_int_equal(called(w, GET, &(struct called){ ADDRESS "?our=3&state=ok", NULL, NULL, NULL, NULL }), 200);
	assert_int_equal(ARE("state = 'arrived' AND id = 3"), 1);
	unsetenv("KHUE_SMS_FILE");
	pages_close(&w->app);
	world_close(w);
}

static void a_signed_receipt(void **state)
{
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-receipt-XXXXXX", mac[65];
	crypto_auth_hmacsha256_state hmac;
	uint8_t out[32];
	const char *body = "id=n-1&state=ok";

	open_site(w, folder);
	sent(w, 1, "sms", "sent", "n-1");
	sent(w, 2, "sms", "sent", "n-2");
	file_is(folder, "KHUE_SMS_FILE", GATEWAY "receipt-hmac: X-Signature\n");
	crypto_auth_hmacsha256_init(&hmac, (const uint8_t *)"mot-khoa-rat-dai-42", 19);
	crypto_auth_hmacsha256_update(&hmac, (const uint8_t *)body, strlen(body));
	crypto_auth_hmacsha256_final(&hmac, out);
	sodium_bin2hex(mac, sizeof mac, out, sizeof out);
	/* the secret alone no longer opens; neither does a signature of other words, nor a query added to them */
	assert_int_equal(called(w, POST, &(struct called){ ADDRESS, FORM, body, NULL, NULL }), 404);
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat/sms", FORM, "id=n-2&state=ok", "x-signature", mac }),
		404);
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat/sms?id=n-2", FORM, body, "x-signature", mac }), 404);
	assert_int_equal(called(w, GET, &(struct called){ "/bao-phat/sms?id=n-2&state=ok", NULL, "", "x-signature", mac }),
		404);
	assert_int_equal(ARE("state = 'arrived'"), 0);
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat/sms", FORM, body, "x-signature", mac }), 200);
	assert_int_equal(ARE("state = 'arrived' AND id = 1"), 1);
	unsetenv("KHUE_SMS_FILE");
	pages_close(&w->app);
	world_close(w);
}

static void zalo_reports(void **state)
{
	static const char event[] = "{\"app_id\":\"123\",\"event_name\":\"user_received_message\",\"timestamp\":\"17\","
		"\"message\":{\"msg_id\":\"z-1\"}}", other[] = "{\"event_name\":\"follow\",\"timestamp\":\"17\"}";
	struct world *w = world_open(state);
	char folder[] = "/tmp/khue-receipt-XXXXXX", mac[80];

	open_site(w, folder);
	sent(w, 1, "zalo", "sent", "z-1");
	sent(w, 2, "sms", "sent", "z-1");
	file_is(folder, "KHUE_ZALO_FILE", "url: https://z.example/x\ntoken-url: https://z.example/t\napp: 123\nsecret: s\n"
		"refresh: r\ntemplate: 1\ndata: {\"a\":\"{title}\"}\nwebhook: khoa-cua-oa-0123456\n");
	as_khue(w);
	digest d = hash_sha256(str_fmt(w->c.mem, "123%s17khoa-cua-oa-0123456", event)),
		e = hash_sha256(str_fmt(w->c.mem, "123%s17khoa-cua-oa-0123456", other));
	snprintf(mac, sizeof mac, "mac=%s", str_z(w->c.mem, hex_of(w->c.mem, e.b, sizeof e.b)));
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat-zalo", "application/json", event,
		"x-zevent-signature", mac }), 404);
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat-zalo", "application/json", other,
		"x-zevent-signature", mac }), 200);              /* of no interest, but taken */
	assert_int_equal(ARE("state = 'arrived'"), 0);
	as_khue(w);
	snprintf(mac, sizeof mac, "mac=%s", str_z(w->c.mem, hex_of(w->c.mem, d.b, sizeof d.b)));
	assert_int_equal(called(w, POST, &(struct called){ "/bao-phat-zalo", "application/json", event,
		"x-zevent-signature", mac }), 200);
	assert_int_equal(ARE("state = 'arrived' AND id = 1"), 1);
	assert_int_equal(ARE("state = 'sent' AND id = 2"), 1);
	/* what is no callback still wants the token of a form */
	assert_int_equal(called(w, POST, &(struct called){ "/kich-hoat-khong-co", FORM, "a=1", NULL, NULL }), 404);
	assert_int_equal(called(w, POST, &(struct called){ "/dang-nhap", FORM, "login=a&password=b", NULL, NULL }), 403);
	unsetenv("KHUE_ZALO_FILE");
	pages_close(&w->app);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_call_is_read), cmocka_unit_test(a_body_is_signed),
		ON_BOTH(a_gateway_reports), ON_BOTH(a_signed_receipt), ON_BOTH(zalo_reports) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("receipt", tests, NULL, NULL);
}
