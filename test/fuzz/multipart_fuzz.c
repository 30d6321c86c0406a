/* multipart_fuzz.c -- the first line is the Content-Type, the rest the body: the same parts however the bytes are
 * cut. */
#include <assert.h>
#include <unistd.h>
#include "web/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int feed(struct arena *a, str type, str body, ptrdiff_t step, struct multipart **ret)
{
	struct multipart *m = *ret = multipart_new(a, type, 20000);
	if (!m)
		return 400;
	for (ptrdiff_t at = 0; at < body.n; at += step) {
		int status = multipart_feed(m, str_sub(body, at, at + step < body.n ? at + step : body.n));
		if (status)
			return status;
	}
	return multipart_end(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str s = { (const char *)data, (ptrdiff_t)size }, type, body;
	struct multipart *m, *k;
	struct arena a;
	int n, n2;
	if (size > 200000 || !str_cut(s, '\n', &type, &body))
		return 0;
	arena_init(&a, 64 << 20);
	int whole = feed(&a, type, body, size ? (ptrdiff_t)size : 1, &m), cut = feed(&a, type, body, 7, &k);
	assert((whole == 0) == (cut == 0));
	if (whole == 0) {
		struct part *p = multipart_parts(m, &n), *q = multipart_parts(k, &n2);
		assert(n == n2 && n <= PARTS_MAX);
		for (int i = 0; i < n; i++) {
			assert(str_eq(p[i].name, q[i].name) && str_eq(p[i].filename, q[i].filename) &&
				str_eq(p[i].data, q[i].data));
			assert(str_is_utf8(p[i].name) && str_is_utf8(p[i].filename) && (p[i].fd >= 0) == (q[i].fd >= 0));
			assert(str_find(p[i].filename, S("/")) < 0);
			assert(p[i].fd < 0 || lseek(p[i].fd, 0, SEEK_END) == lseek(q[i].fd, 0, SEEK_END));
		}
	}
	arena_free(&a);
	return 0;
}
