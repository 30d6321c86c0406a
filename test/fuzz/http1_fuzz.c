/* http1_fuzz.c -- heads, chunked bodies, paths and ranges. A head is understood the same when it is read twice;
 * decoded paths hold nothing that a route must never see; a chunked body is the same however it is cut. */
#include <assert.h>
#include <stdlib.h>
#include "web/http1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_path(struct arena *a, str raw)
{
	str path;
	if (!path_read(a, raw, &path))
		return;
	assert(path.n > 0 && path.p[0] == '/' && str_is_utf8(path));
	assert(str_find(path, S("/../")) < 0 && !str_ends(path, S("/..")) && str_find(path, S("//")) < 0 &&
		str_find(path, S("\\")) < 0);
	assert(!memchr(path.p, 0, (size_t)path.n) && !memchr(path.p, '\n', (size_t)path.n));
}

static int unchunk(str in, size_t step, struct buf *to)
{
	struct chunks c = { 0 };
	while (in.n) {
		str piece = str_sub(in, 0, (ptrdiff_t)step < in.n ? (ptrdiff_t)step : in.n), data;
		in = str_sub(in, piece.n, in.n);
		while (piece.n) {
			int done = chunks_read(&c, &piece, &data);
			put(to, data);
			if (done)
				return done;
		}
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct head h, again;
	str s = { (const char *)data, (ptrdiff_t)size };
	struct arena a;
	struct buf one, two;
	int64_t from = 0, n = 0;
	if (size > 65536)
		return 0;
	arena_init(&a, 8 << 20);
	int end = head_end(s);
	assert(end <= (int)size && end <= HEAD_MAX);
	if (end > 0) {
		char *copy = malloc((size_t)end);
		memcpy(copy, data, (size_t)end);
		if (head_read(copy, (size_t)end, &h) == 0) {
			assert(!(h.chunked && h.length) && h.length >= 0);
			assert(head_read(copy, (size_t)end, &again) == 0 && again.n_headers == h.n_headers &&
				again.length == h.length);
			try_path(&a, h.target);
			for (int i = 0; i < h.n_headers; i++)
				assert(h.headers[i].name.n > 0 && !memchr(h.headers[i].value.p, '\n', (size_t)h.headers[i].value.n));
		}
		free(copy);
	}
	try_path(&a, s);
	if (range_read(s, 1000, &from, &n) == RANGE_PART)
		assert(from >= 0 && n > 0 && from + n <= 1000);
	buf_init(&one, &a, 1 << 20);
	buf_init(&two, &a, 1 << 20);
	assert(unchunk(s, size + 1, &one) == unchunk(s, 3, &two) && str_eq(buf_str(&one), buf_str(&two)));
	arena_free(&a);
	return 0;
}
