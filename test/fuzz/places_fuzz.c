/* places_fuzz.c -- any text as an address over a small country; answers are places of it, each once. */
#include <assert.h>
#include "mod/org/places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const str units =
	S_INIT("P\t24\tBắc Giang\tTỉnh\t\t24\to\nD\t218\tLục Nam\tHuyện\t24\t24\to\nC\t07453\tĐông "
		"Phú\tXã\t218\t24\to\nC\t07454\t5\tPhường\t218\t24\to\n"
	"P\t24\tBắc Ninh\tTỉnh\t\t24\tn\nC\t07450\tĐông Phú\tXã\t24\t24\tn\nC\t07444\tLục Nam\tXã\t24\t24\tn\n"),
	maps = S_INIT("07450\t07453\t1\t\n07450\t07454\t0\t\n07444\t07454\t0\t\n");

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct locality found[PLACES_MAX];
	struct arena a;
	bool more;
	str rest, text = { (const char *)data, (ptrdiff_t)size };
	if (size > 600)
		return 0;
	arena_init(&a, 64 << 20);
	const struct places *p = places_make(&a, units, maps);
	assert(p);
	int n = str_is_utf8(text) ? places_find(p, &a, text, found, &more, &rest) : 0;
	assert(n >= 0 && n <= 2);
	for (int i = 0; i < n; i++)
		assert(str_is(found[i].code, "07450") || str_is(found[i].code, "07444"));
	assert(n < 2 || !str_eq(found[0].code, found[1].code));
	arena_free(&a);
	return 0;
}
