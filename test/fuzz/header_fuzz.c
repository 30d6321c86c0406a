/* header_fuzz.c -- cookies and the Accept headers: any bytes may stand there. */
#include <assert.h>
#include "web/accept.h"
#include "web/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const langs[] = { "vi", "en" }, *const types[] = { "text/html", "application/json" };
	str s = { (const char *)data, (ptrdiff_t)size };
	struct pair headers[] = { { S("cookie"), s }, { S("accept"), s } };
	struct request r = { .headers = headers, .n_headers = 2 };
	struct reply p = { 0 };
	struct arena a;
	if (size > 32768)
		return 0;
	arena_init(&a, 1 << 20);
	str sid = req_cookie(&r, "sid");
	assert(sid.n <= s.n && str_find(sid, S(";")) < 0);
	reply_cookie(&p, &a, S("sid"), sid, 60, true);
	if (p.n_headers)
		for (ptrdiff_t i = 0; i < p.headers[0].value.n; i++)
			assert(p.headers[0].value.p[i] >= ' ' && p.headers[0].value.p[i] <= '~');
	int lang = accept_pick(s, langs, 2), type = accept_pick(s, types, 2);
	assert(lang >= -1 && lang < 2 && type >= -1 && type < 2);
	reply_header(&p, S("X"), s);
	arena_free(&a);
	return 0;
}
