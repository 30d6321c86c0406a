/* transcript_fuzz.c -- what a QR code says, and the XML of a year: read from whatever bytes. What is read and written
 * again is read as the same. */
#include "base/hash.h"
#include "mod/transcript/part.h"
#include "mod/transcript/statement.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str text = { (const char *)data, (ptrdiff_t)size };
	uint8_t keys[64] = { 0 };
	struct statement s;
	struct year_part v, again;
	struct arena a;

	if (!hash_init())
		abort();
	arena_init(&a, (size_t)256 << 20);
	if (statement_read(&a, text, keys, 2, &s) == STATEMENT_GOOD)
		abort();                                 /* nobody signed it with a key of noughts            */
	if (part_read(&a, text, &v)) {
		str xml = part_xml(&a, &v);

		if (!part_read(&a, xml, &again) || !str_eq(part_xml(&a, &again), xml))
			abort();
	}
	arena_free(&a);
	return 0;
}
