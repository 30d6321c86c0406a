/* Heads, paths, chunks, ranges, forms and multipart as pure functions. The refusals are in
 * test/http/hostile_test.py. */
#include "test.h"
#include "web/body.h"
#include "web/http1.h"

static int head_status(const char *text, struct head *h)
{
	static char bytes[4096];
	size_t n = strlen(text);
	memcpy(bytes, text, n);
	int end = head_end((str){ bytes, (ptrdiff_t)n });
	if (end <= 0)
		return -end;
	return end == (int)n ? head_read(bytes, n, h) : 1;
}

static void heads(void **state)
{
	static struct head h;
	assert_int_equal(head_status("POST /a?b HTTP/1.1\r\nHost: x\r\nCONTENT-Length:  12 \r\nX-Tên: v\r\n\r\n", &h), 400);
	assert_int_equal(head_status("POST /a?b HTTP/1.1\r\nHost: x\r\nCONTENT-Length:  12 \r\nX-A: Hà\r\n\r\n", &h), 0);
	assert_int_equal(h.verb, POST);
	assert_text(h.target, "/a?b");
	assert_int_equal(h.length, 12);
	assert_true(h.keep);
	assert_int_equal(h.n_headers, 3);
	assert_text(h.headers[1].name, "content-length");
	assert_text(h.headers[2].value, "Hà");
	assert_int_equal(head_status("GET / HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n", &h), 0);
	assert_false(h.keep);
	assert_int_equal(head_status("GET / HTTP/1.0\r\n\r\n", &h), 0);
	assert_false(h.keep);
	assert_int_equal(head_status("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &h), 0);
	assert_true(h.keep);
	assert_int_equal(
		head_status("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n\r\n", &h), 0);
	assert_true(h.chunked && h.expect);
	assert_int_equal(head_status("GET / HTTP/1.1\r\nHost: x\r\n", &h), 0);      /* head_end: not there yet */
	assert_int_equal(head_end(S("GET / HTTP/1.1\r\nHost: x\r\n\r")), 0);
	assert_int_equal(head_end(S("GET / HTTP/1.1\r\nHost: x\r\n\r\nmore")), 27);
	assert_int_equal(head_end(S("GET / HTTP/1.1\n")), -400);
}

static void paths(void **state)
{
	static const struct { const char *raw, *want; } cases[] = {
		{ "/", "/" }, { "/a/b", "/a/b" }, { "/a/", "/a/" }, { "/tra-cuu/%E1%BA%BF", "/tra-cuu/ế" },
		{ "/a%20b", "/a b" }, { "/a+b", "/a+b" },
		{ "/%41", "/A" }, { "/...", "/..." }, { "/.well-known", "/.well-known" },
		{ "", NULL }, { "a", NULL }, { "//", NULL }, { "/a//b", NULL }, { "/..", NULL }, { "/a/..", NULL },
		{ "/a/../b", NULL }, { "/.", NULL },
		{ "/%2e%2E/a", NULL }, { "/a%2fb", NULL }, { "/a%5Cb", NULL }, { "/a\\b", NULL }, { "/%", NULL },
		{ "/%4", NULL }, { "/%4g", NULL },
		{ "/%00", NULL }, { "/%7f", NULL }, { "/%0a", NULL }, { "/%c0%af", NULL }, { "/%ff", NULL },
		{ "/%E1%BA", NULL },
	};
	struct arena a;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < COUNT(cases); i++) {
		str got = { 0 };
		if (path_read(&a, str_of(cases[i].raw), &got) != (cases[i].want != NULL))
			fail_msg("%s", cases[i].raw);
		if (cases[i].want)
			assert_text(got, cases[i].want);
	}
	arena_free(&a);
}

static int unchunk(const char *text, size_t step, struct buf *to)
{
	struct chunks c = { 0 };
	str all = str_of(text);
	for (ptrdiff_t at = 0; at < all.n;) {
		str in = str_sub(all, at, at + (ptrdiff_t)step < all.n ? at + (ptrdiff_t)step : all.n), data;
		at += in.n;
		while (in.n) {
			int done = chunks_read(&c, &in, &data);
			put(to, data);
			if (done)
				return done;
		}
	}
	return 0;
}

static void chunked(void **state)
{
	struct arena a;
	struct buf b;
	arena_init(&a, 1 << 20);
	for (size_t step = 1; step < 30; step++) {
		buf_init(&b, &a, 4096);
		assert_int_equal(unchunk("4\r\nabcd\r\n0A\r\n0123456789\r\n000\r\n\r\n", step, &b), 1);
		assert_text(buf_str(&b), "abcd0123456789");
	}
	assert_int_equal(unchunk("4\r\nabcd\r\n", 3, &b), 0);
	assert_int_equal(unchunk("123456789\r\n", 3, &b), -1);
	assert_int_equal(unchunk("\r\n", 3, &b), -1);
	arena_free(&a);
}

static void ranges(void **state)
{
	static const struct { const char *header; int64_t size; enum ranged want; int64_t from, n; } cases[] = {
		{ "bytes=0-0", 10, RANGE_PART, 0, 1 }, { "bytes=3-", 10, RANGE_PART, 3, 7 },
		{ "bytes=-3", 10, RANGE_PART, 7, 3 },
		{ "bytes=-30", 10, RANGE_PART, 0, 10 }, { "bytes=5-99", 10, RANGE_PART, 5, 5 },
		{ "bytes=10-", 10, RANGE_BEYOND, 0, 0 },
		{ "bytes=0-", 0, RANGE_BEYOND, 0, 0 }, { "bytes=-5", 0, RANGE_BEYOND, 0, 0 },
		{ "bytes=-0", 10, RANGE_BEYOND, 0, 0 },
		{ "bytes=5-3", 10, RANGE_NONE, 0, 0 }, { "bytes=", 10, RANGE_NONE, 0, 0 },
		{ "bytes=-", 10, RANGE_NONE, 0, 0 }, { "", 10, RANGE_NONE, 0, 0 },
		{ "bytes=1-2,4-5", 10, RANGE_NONE, 0, 0 }, { "bytes=--1", 10, RANGE_NONE, 0, 0 },
		{ "bytes=99999999999999999999-", 10, RANGE_NONE, 0, 0 },
	};
	for (int i = 0; i < COUNT(cases); i++) {
		int64_t from = 0, n = 0;
		if (range_read(str_of(cases[i].header), cases[i].size, &from, &n) != cases[i].want || from != cases[i].from ||
			n != cases[i].n)
			fail_msg("%s", cases[i].header);
	}
}

static void forms(void **state)
{
	struct arena a;
	struct pairs p = { 0 };
	arena_init(&a, 64 << 20);
	assert_int_equal(form_read(&a, S("t%C3%AAn=H%C3%A0+N%E1%BB%99i&&b&c=&=d&e=1%0D%0A2%0D3&f=a%CC%81"), &p), 0);
	assert_int_equal(p.n, 6);
	assert_text(p.p[0].name, "tên");
	assert_text(p.p[0].value, "Hà Nội");
	assert_text(p.p[1].name, "b");
	assert_text(p.p[4].value, "1\n2\n3");
	assert_text(p.p[5].value, "á");
	assert_int_equal(form_read(&a, S("a=%f"), &p), 400);
	assert_int_equal(form_read(&a, S("a=%00"), &p), 400);
	assert_int_equal(form_read(&a, S("%ff=1"), &p), 400);
	/* what a paste brings along is dropped from the values of a form, not from addresses and names */
	p = (struct pairs){ 0 };
	assert_int_equal(form_body_read(&a, S("a=Nguy%E1%BB%85n%0BAn%01%0C%00+%C2%85B%7F&b=%0B&c=%C2%A0d%0A%09e"), &p), 0);
	assert_text(p.p[0].value, "Nguyễn An  B");
	assert_text(p.p[1].value, " ");
	assert_text(p.p[2].value, "\u00A0d\n\te");
	assert_int_equal(form_body_read(&a, S("a%01=b"), &p), 400);
	assert_int_equal(form_body_read(&a, S("a=%ff"), &p), 400);
	assert_int_equal(form_body_read(&a, S("a=%C2"), &p), 400);
	assert_int_equal(form_read(&a, S("a=%0B"), &p), 400);
	struct buf b;
	buf_init(&b, &a, 1 << 20);
	for (int i = 0; i <= PARAMS_MAX; i++)
		put(&b, S("a=1&"));
	p = (struct pairs){ 0 };
	assert_int_equal(form_read(&a, buf_str(&b), &p), 413);
	arena_free(&a);
}

static void multiparts(void **state)
{
	str body =
		S("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--y\r\n--x\r\ncontent-disposition: "
			"FORM-DATA; name=f; filename=\"a;b.txt\"\r\n"
	             "Content-Type: Text/Plain; charset=x\r\n\r\n\r\n\r\n-\r\n--\r\n--x--\r\n");
	struct arena a;
	arena_init(&a, 16 << 20);
	for (ptrdiff_t step = 1; step <= body.n; step++) {
		struct multipart *m = multipart_new(&a, S("multipart/form-data; charset=u; boundary=x"), 1000);
		int n;
		for (ptrdiff_t at = 0; at < body.n; at += step)
			assert_int_equal(multipart_feed(m, str_sub(body, at, at + step < body.n ? at + step : body.n)), 0);
		assert_int_equal(multipart_end(m), 0);
		struct part *p = multipart_parts(m, &n);
		assert_int_equal(n, 2);
		assert_text(p[0].name, "a");
		assert_text(p[0].data, "\r\n--y");
		assert_text(p[1].filename, "a;b.txt");
		assert_text(p[1].type, "text/plain");
		assert_text(p[1].data, "\r\n\r\n-\r\n--");
	}
	assert_null(multipart_new(&a, S("multipart/form-data"), 1000));
	assert_null(multipart_new(&a, S("multipart/form-data; boundary=\"\""), 1000));
	assert_null(multipart_new(&a, S("multipart/form-data; boundary=a; boundary=b"), 1000));
	assert_null(multipart_new(&a, S("multipart/form-data; boundary=\"unclosed"), 1000));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads), cmocka_unit_test(paths), cmocka_unit_test(chunked), cmocka_unit_test(ranges),
			cmocka_unit_test(forms),
		cmocka_unit_test(multiparts),
	};
	return cmocka_run_group_tests_name("web http1", tests, NULL, NULL);
}
