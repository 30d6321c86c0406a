/* json_fuzz.c -- what the strict reader accepts, cJSON's writer prints, and the reader accepts again. */
#include <assert.h>
#include <stdlib.h>
#include "web/html.h"
#include "web/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct arena *a, const cJSON *v, int depth)
{
	int64_t i;
	assert(depth <= JSON_DEPTH);
	for (; v; v = v->next) {
		assert(str_is_utf8(json_scalar(a, v)) && str_is_utf8(json_text(v)));
		if (json_int(v, &i) && cJSON_IsNumber(v))
			assert(i <= 9007199254740992 && i >= -9007199254740992);
		walk(a, v->child, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str s = { (const char *)data, (ptrdiff_t)size };
	struct arena a;
	struct buf b;
	const char *bad = NULL;
	ptrdiff_t at;
	if (size > 65536)
		return 0;
	arena_init(&a, 64 << 20);
	const cJSON *v = json_read(&a, s, &bad, &at);
	assert((v == NULL) == (bad != NULL) && at >= 0 && at <= s.n);
	if (v) {
		walk(&a, v, 0);
		char *text = cJSON_PrintUnformatted(v);
		assert(text && json_read(&a, str_of(text), &bad, &at));
		free(text);
	}
	if (str_is_utf8(s)) {                        /* what put_json writes, json_read reads back */
		buf_init(&b, &a, 1 << 20);
		put_json(&b, s);
		const cJSON *back = json_read(&a, buf_str(&b), &bad, &at);
		assert(back && str_eq(json_text(back), s));
	}
	arena_free(&a);
	return 0;
}
