/* csv_fuzz.c -- any bytes as a table; the cells that come out, written and read again, are the same (but for the guard
 * against formulas). */
#include <assert.h>
#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Apostrophes were put in, and only before what begins a formula. */
static bool same_but_guards(str written, str was)
{
	ptrdiff_t k = 0;
	for (ptrdiff_t i = 0; i < written.n; i++) {
		bool same = k < was.n && written.p[i] == was.p[k];
		if (!same && (written.p[i] != '\'' || i + 1 == written.n || !memchr("=+-@\t\r", written.p[i + 1], 6)))
			return false;
		k += same;
	}
	return k == was.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static str cells[64], back[64];
	str s = { (const char *)data, (ptrdiff_t)size };
	const char *bad = NULL;
	struct arena a;
	struct csv c, d;
	struct buf b;
	int n, k;
	if (size > 65536)
		return 0;
	arena_init(&a, 256 << 20);
	str text = csv_utf8(&a, s);
	csv_open(&c, text);
	for (int64_t line = 0; csv_next(&c, &a, cells, 64, &n, &bad) && !bad; line = c.line) {
		assert(n >= 0 && n <= 64 && c.line >= line);
		buf_init(&b, &a, 1 << 20);
		for (int i = 0; i < n; i++)
			csv_put(&b, cells[i], i + 1 == n, ',');
		csv_open(&d, buf_str(&b));
		d.sep = ',';
		/* A second byte order mark in front would be skipped as the first was. */
		if (!n || str_starts(cells[0], S("\xEF\xBB\xBF")) || !csv_next(&d, &a, back, 64, &k, &bad))
			continue;
		assert(!bad && k == n);
		for (int i = 0; i < n; i++)
			assert(same_but_guards(back[i], cells[i]));
	}
	arena_free(&a);
	return 0;
}
