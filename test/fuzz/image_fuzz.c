/* image_fuzz.c -- pictures written anew: the first byte says which kind. What comes out is such a picture again, no
 * longer changes, and holds no note of the camera. */
#include "core/image.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const TYPES[] = { "image/jpeg", "image/png", "image/webp", "image/gif" };

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
	if (image_clean(type, (str){ p, (ptrdiff_t)size - 1 }, &out)) {
		str made = { out.p, (ptrdiff_t)out.n };
		if (!image_clean(type, made, &again) || again.n != out.n || memcmp(again.p, out.p, out.n) != 0)
			abort();
		if ((data[0] & 3) == 0 && memmem(out.p, out.n, "Exif\0\0II", 8))
			abort();                 /* ours is written big-endian                                     */
		free(again.p);
		free(out.p);
	}
	free(p);
	return 0;
}
