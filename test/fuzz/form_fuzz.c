/* form_fuzz.c -- urlencoded forms: what was read, encoded again, reads the same. */
#include <assert.h>
#include "web/body.h"
#include "web/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str s = { (const char *)data, (ptrdiff_t)size };
	struct pairs p = { 0 }, q = { 0 };
	struct arena a;
	struct buf b;
	if (size > 65536)
		return 0;
	arena_init(&a, 64 << 20);
	if (form_read(&a, s, &p) == 0) {
		buf_init(&b, &a, 1 << 20);
		for (int i = 0; i < p.n; i++) {
			assert(str_is_utf8(p.p[i].name) && str_is_utf8(p.p[i].value));
			put_url(&b, p.p[i].name);
			put_c(&b, '=');
			put_url(&b, p.p[i].value);
			put_c(&b, '&');
		}
		assert(form_read(&a, buf_str(&b), &q) == 0 && q.n == p.n);
		for (int i = 0; i < p.n; i++)
			assert(str_eq(p.p[i].name, q.p[i].name) && str_eq(p.p[i].value, q.p[i].value));
	}
	arena_free(&a);
	return 0;
}
