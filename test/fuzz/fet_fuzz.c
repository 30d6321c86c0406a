/* fet_fuzz.c -- any bytes as a file of FET: what comes out are lessons within a week and a day, with names that end. */
#include <assert.h>
#include "mod/timetable/timetable_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct read_told told;
	struct arena a;

	if (size > 65536)
		return 0;
	arena_init(&a, (size_t)256 << 20);
	if (fet_read(&a, (str){ (const char *)data, (ptrdiff_t)size }, size & 1, &told) == OK)
		for (int64_t i = 0; i < told.n; i++) {
			const struct read_lesson *l = &told.lessons[i];
			assert(l->weekday >= 0 && l->weekday < 7 && l->slot >= 1 && l->slot <= SLOTS_DAY);
			assert(l->class.n >= 0 && l->subject.n <= 200 && l->teacher.n <= 200);
		}
	else
		assert(told.why.n > 0);
	arena_free(&a);
	return 0;
}
