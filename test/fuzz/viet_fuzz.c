/* viet_fuzz.c -- any bytes as Vietnamese text: cleaning and folding twice is once, and no function reads outside. */
#include <assert.h>
#include "base/viet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str s = { (const char *)data, (ptrdiff_t)size }, once, twice, family, middle, given;
	struct arena a;

	if (size > 4096)
		return 0;
	arena_init(&a, 64 << 20);
	if (viet_clean(&a, s, &once)) {
		assert(str_is_utf8(once));
		assert(viet_clean(&a, once, &twice) && str_eq(once, twice));
	}
	once = viet_fold(&a, s);
	assert(str_eq(viet_fold(&a, once), once));
	viet_name_parts(s, &family, &middle, &given);
	assert(family.n + middle.n + given.n <= s.n);
	viet_name_key(&a, s);
	viet_initials(&a, s);
	viet_slug(&a, s);
	viet_is_syllable(s);
	viet_same_tone(&a, s);
	for (int from = VIET_UNICODE; from <= VIET_1258; from++)
		viet_from(&a, (enum viet_encoding)from, s);
	viet_guess(&s, 1);
	arena_free(&a);
	return 0;
}
