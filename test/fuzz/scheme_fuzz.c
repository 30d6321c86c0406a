/* scheme_fuzz.c -- any bytes as a scheme or programme file, and as a pupil's results in JSON: a scheme that is
 * accepted rates any pupil within its levels. */
#include <assert.h>
#include "mod/records/scheme_json.h"

static void rate_some(struct arena *a, const struct scheme *s)
{
	struct subject_given g[4] = { { S_INIT("toan"), 650, 700, -1, -1, -1, false, false },
		{ S_INIT("gdtc"), -1, -1, -1, 0, -1, false, false },
		{ S_INIT("van"), 0, 1000, 1000, -1, -1, false, true }, { S_INIT("x"), -1, -1, -1, -1, -1, true, false } };
	struct rating r;

	scheme_rate(s, &(struct pupil_given){ .subjects = g, .n = 4, .conduct = s->n_conducts ? 0 : -1,
		.summer_conduct = -1, .absences = 3 }, &r);
	assert(r.level >= -1 && r.level < s->n_levels && r.title < s->n_titles && r.n_why <= COUNT(r.why));
	for (int i = 0; i < r.n_why; i++)
		assert(why_text(a, s, NULL, &r.why[i], i & 1).n >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scheme_set set;
	static struct arena kept;
	str text = { (const char *)data, (ptrdiff_t)size };
	struct bad_json bad;
	struct arena a;
	struct buf out;

	if (size > 65536)
		return 0;
	if (!set.n) {
		arena_init(&kept, (size_t)64 << 20);
		schemes_load(&kept, NULL, &set, NULL, NULL);
	}
	arena_init(&a, (size_t)256 << 20);
	struct reading *r = NEW(&a, struct reading);
	struct scheme *s = NEW(&a, struct scheme);
	r->mem = &a;
	if (scheme_read(r, text, s))
		rate_some(&a, s);
	else
		assert(r->n > 0);
	programme_read(r, text, NEW(&a, struct programme));
	for (int i = 0; i < set.n; i++) {
		buf_init(&out, &a, 1 << 20);
		rate_json(&a, set.at[i], set.programme, text, &out, &bad);
		average_json(&a, set.at[i], text, &out, &bad);
	}
	arena_free(&a);
	return 0;
}
