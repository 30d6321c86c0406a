/* Escaping, strict JSON, cookies, and what the client prefers. */
#include "test.h"
#include "web/accept.h"
#include "web/html.h"
#include "web/http.h"
#include "web/json.h"

static void escapes(void **state)
{
	struct arena a;
	struct buf b;
	arena_init(&a, 1 << 20);
	assert_text(html_of(&a, S("<a href=\"x\">'Hà' & \xF0\x9F\x90\xAF</a>")).s,
	            "&lt;a href=&quot;x&quot;&gt;&#39;Hà&#39; &amp; \xF0\x9F\x90\xAF&lt;/a&gt;");
	assert_text(html_of(&a, S("")).s, "");
	buf_init(&b, &a, 4096);
	put_json(&b, S("a\"\\\n\t\x01\x7F</script>\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA6ế"));
	assert_text(buf_str(&b), "\"a\\\"\\\\\\n\\t\\u0001\\u007f\\u003c/script>\\u2028\\u2029\xE2\x80\xA6ế\"");
	b.n = 0;
	put_json(&b, S("\xE2\x80"));
	assert_text(buf_str(&b), "\"\xE2\x80\"");
	b.n = 0;
	put_url(&b, S("Hà Nội/a?b=c&~-_.%"));
	assert_text(buf_str(&b), "H%C3%A0%20N%E1%BB%99i%2Fa%3Fb%3Dc%26~-_.%25");
	arena_free(&a);
}

static void json_accepts(void **state)
{
	static const char *const good[] = { "{}", "[]", "null", "true", "-0", "1.5e+3", "\"\\u00e9\\ud83d\\ude00\"",
		" [1,2 , {\"a\":[]}]\r\n",
		"{\"a\":1,\"A\":2}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" };
	struct arena a;
	const char *bad;
	ptrdiff_t at;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < COUNT(good); i++) {
		if (!json_read(&a, str_of(good[i]), &bad, &at))
			fail_msg("%s: %s", good[i], bad);
	}
	arena_free(&a);
}

static void json_refuses(void **state)
{
	static const char *const wrong[] = { "", " ", "{", "[1,]", "[,1]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "'a'", "01",
		"1.", ".5", "+1", "-", "1e", "0x1",
		"NaN", "Infinity", "1e999", "-1e999", "tru", "nulls", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u0000\"",
		"\"\\ud800\"", "\"\\udc00\"",
		"\"\\ud800\\u0041\"", "\"\t\"", "[1] 2", "{\"a\":1,\"a\":2}", "[{\"b\":{\"x\":1,\"\\u0078\":2}}]", "/**/1",
		"\xEF\xBB\xBF{}", "\"\xFF\"", "\"\xC0\x80\"",
		"\f1", "[1\v]", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" };
	struct arena a;
	const char *bad;
	ptrdiff_t at;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < COUNT(wrong); i++) {
		if (json_read(&a, str_of(wrong[i]), &bad, &at))
			fail_msg("accepted: %s", wrong[i]);
		assert_non_null(bad);
		assert_string_not_equal(json_bad_vi(bad), bad);          /* every reason has its words in Vietnamese     */
	}
	assert_null(json_read(&a, (str){ "1\0", 2 }, &bad, &at));
	assert_null(json_read(&a, S("[1, x]"), &bad, &at));
	assert_int_equal(at, 4);
	arena_free(&a);
}

static void json_limits_members(void **state)
{
	struct arena a;
	struct buf b;
	const char *bad;
	ptrdiff_t at;
	arena_init(&a, 8 << 20);
	for (int n = JSON_KEYS; n <= JSON_KEYS + 1; n++) {
		buf_init(&b, &a, 1 << 20);
		for (int i = 0; i < n; i++)
			put_fmt(&b, "%s\"k%d\":%d", i ? "," : "{", i, i);
		put_c(&b, '}');
		assert_int_equal(json_read(&a, buf_str(&b), &bad, &at) != NULL, n == JSON_KEYS);
	}
	arena_free(&a);
}

static void json_values(void **state)
{
	struct arena a;
	const char *bad;
	ptrdiff_t at;
	int64_t i;
	arena_init(&a, 1 << 20);
	const cJSON *o = json_read(&a,
		S("{\"id\":\"9223372036854775807\",\"n\":9007199254740993,\"d\":8.75,\"i\":-12,\"t\":true,\"s\":\"ế\",\"z\":null}"), &bad, &at);
	assert_non_null(o);
	assert_true(json_int(json_get(o, "id"), &i) && i == INT64_MAX);
	assert_true(json_int(json_get(o, "i"), &i) && i == -12);
	assert_false(json_int(json_get(o, "d"), &i));
	assert_false(json_int(json_get(o, "t"), &i));
	assert_null(json_get(o, "ID"));
	assert_text(json_scalar(&a, json_get(o, "d")), "8.75");
	assert_text(json_scalar(&a, json_get(o, "t")), "true");
	assert_text(json_scalar(&a, json_get(o, "i")), "-12");
	assert_text(json_scalar(&a, json_get(o, "z")), "");
	assert_text(json_text(json_get(o, "s")), "ế");
	assert_text(json_text(json_get(o, "i")), "");
	arena_free(&a);
}

static str cookie_of(const char *header, const char *name)
{
	static struct pair h[1];
	struct request r = { .headers = h, .n_headers = 1 };
	h[0] = (struct pair){ S("cookie"), str_of(header) };
	return req_cookie(&r, name);
}

static void cookies(void **state)
{
	assert_text(cookie_of("a=1; sid=abc; b=2", "sid"), "abc");
	assert_text(cookie_of("sid=\"abc\"", "sid"), "abc");
	assert_text(cookie_of(" sid = a=b ", "sid"), "a=b");
	assert_text(cookie_of("xsid=1; sidx=2", "sid"), "");
	assert_text(cookie_of("sid=1; sid=1", "sid"), "");
	assert_text(cookie_of(";;=;sid", "sid"), "");
	struct reply p = { 0 };
	struct arena a;
	arena_init(&a, 1 << 20);
	reply_cookie(&p, &a, S("sid"), S("abc"), 0, false);
	assert_text(p.headers[0].value, "sid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
	reply_cookie(&p, &a, S("sid"), S("abc"), -1, true);
	assert_text(p.headers[1].value, "sid=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
	reply_cookie(&p, &a, S("sid"), S("a;b"), -1, true);
	reply_cookie(&p, &a, S("s=d"), S("a"), -1, true);
	reply_header(&p, S("X"), S("a\nb"));
	reply_header(&p, S("X\r"), S("a"));
	assert_int_equal(p.n_headers, 2);
	for (int i = 0; i < 30; i++)
		reply_header(&p, S("X"), S("a"));
	assert_int_equal(p.n_headers, COUNT(p.headers));
	arena_free(&a);
}

static void preferences(void **state)
{
	static const char *const langs[] = { "vi", "en" }, *const types[] = { "text/html", "application/json" };
	static const struct { const char *header; int lang; } cases[] = {
		{ "vi-VN,vi;q=0.9,en;q=0.8", 0 }, { "en-US,en;q=0.9", 1 }, { "", -1 }, { "fr", -1 }, { "*", 0 },
		{ "en;q=0.5, vi;q=0.4", 1 },
		{ "vi;q=0, en;q=0.1", 1 }, { "fr, *;q=0.1", 0 }, { "EN", 1 }, { "vi;q=x", -1 }, { "vi;q=0.001, en;q=0", 0 },
		{ ",,;;,", -1 }, { "*, vi;q=0", 1 },
	};
	for (int i = 0; i < COUNT(cases); i++) {
		int got = accept_pick(str_of(cases[i].header), langs, 2);
		if (got != cases[i].lang)
			fail_msg("%s: %d", cases[i].header, got);
	}
	assert_int_equal(accept_pick(S("application/json"), types, 2), 1);
	assert_int_equal(accept_pick(S("text/html,application/xhtml+xml,*/*;q=0.8"), types, 2), 0);
	assert_int_equal(accept_pick(S("application/*;q=0.5, text/*;q=0.4"), types, 2), 1);
	assert_int_equal(accept_pick(S("image/png"), types, 2), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes), cmocka_unit_test(json_accepts), cmocka_unit_test(json_refuses),
			cmocka_unit_test(json_limits_members),
		cmocka_unit_test(json_values), cmocka_unit_test(cookies), cmocka_unit_test(preferences),
	};
	return cmocka_run_group_tests_name("web text", tests, NULL, NULL);
}
