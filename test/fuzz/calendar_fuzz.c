/* calendar_fuzz.c -- dates, marks and amounts as people type them; what is read must be written and read again the
 * same. */
#include <assert.h>
#include "base/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str s = { (const char *)data, (ptrdiff_t)size };
	struct arena a;
	day d, again;
	score v, v2;
	money m, m2;
	instant t;

	arena_init(&a, 1 << 20);
	if (day_read(s, (day){ 20000 }, &d))
		assert(day_read(day_iso(&a, d), (day){ 20000 }, &again) && again.v == d.v);
	if (score_read(s, &v))
		assert(score_read(score_text(&a, v), &v2) && v.v == v2.v);
	if (money_read(s, &m))
		assert(money_read(money_text(&a, m), &m2) && m.v == m2.v);
	if (instant_read(s, &t))
		instant_iso(&a, t);
	arena_free(&a);
	return 0;
}
