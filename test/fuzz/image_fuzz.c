/* image_fuzz.c -- pictures written anew: the first byte says which kind. What comes out is such a picture again, no
 * longer changes (unless WebP compresses it with loss), and holds no note of the camera; made small it is no larger
 * than asked for. */
#include "core/image.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const TYPES[] = { "image/jpeg", "image/png", "image/webp", "image/gif" };

/* Up to its first scan a JPEG has tables, its frame, JFIF, Adobe's word on colours and our 32 bytes of Exif. */
static bool no_notes(const uint8_t *p, size_t n)
{
	for (size_t at = 2; at + 4 <= n && p[at] == 0xFF && p[at + 1] != 0xDA;) {
		uint8_t is = p[at + 1];
		size_t length = (size_t)p[at + 2] << 8 | p[at + 3];
		bool note = (is >= 0xE0 && is <= 0xEF) || is == 0xFE;
		if (note && is != 0xE0 && is != 0xEE && !(is == 0xE1 && length == 34))
			return false;
		at += 2 + length;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_made out, again;

	if (size < 1 || size > 65536)
		return 0;
	const char *type = TYPES[data[0] & 3];
	char *p = malloc(size);                          /* exact, so that one byte too far is seen            */
	if (!p)
		return 0;
	memcpy(p, data + 1, size - 1);
	struct image_small s;
	int most = 1 + data[0] / 4;
	if (image_small(type, (str){ p, (ptrdiff_t)size - 1 }, most, most + 7, &s)) {
		uint64_t sum = 0;
		if (s.width < 1 || s.height < 1 || s.width > most || s.height > most + 7 || !s.points ||
			(s.n_jpeg > 0) != ((data[0] & 3) == 0))
			abort();
		for (size_t i = 0; i < (size_t)s.width * (size_t)s.height * 3; i++)
			sum += s.points[i];
		if (sum > UINT32_MAX)
			abort();
		image_small_free(&s);
	}
	if (image_clean(type, (str){ p, (ptrdiff_t)size - 1 }, &out)) {
		str made = { out.p, (ptrdiff_t)out.n };
		bool loses = (data[0] & 3) == 2 && memmem(out.p, out.n, "VP8 ", 4);
		if (!image_clean(type, made, &again) ||
			(!loses && (again.n != out.n || memcmp(again.p, out.p, out.n) != 0)))
			abort();
		if ((data[0] & 3) == 0 && !no_notes((const uint8_t *)out.p, out.n))
			abort();
		free(again.p);
		free(out.p);
	}
	free(p);
	return 0;
}
