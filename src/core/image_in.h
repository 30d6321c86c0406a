/* image_in.h -- between image.c, image_gif.c, image_webp.c (pictures written anew) and image_small.c (made small). */
#ifndef KHUE_IMAGE_IN_H
#define KHUE_IMAGE_IN_H
#include "core/image.h"
#include <stdio.h>
#include <jpeglib.h>

/* At most IMAGE_POINTS. */
bool image_fits(uint64_t width, uint64_t height);
/* One more picture of an animation: adds its points to *points. False: it alone, or all so far, are too many. */
bool image_room(uint64_t *points, uint64_t width, uint64_t height);
/* As image_clean, of one kind. */
bool image_gif(str bytes, struct image_made *ret);
bool image_webp(str bytes, struct image_made *ret);
/* Which way is up, as Exif tells: 1 to 8. Behind jpeg_read_header, with APP1 kept. */
int  image_orientation(const struct jpeg_decompress_struct *src);
#endif
