/* image_in.h -- between image.c (pictures written anew) and image_small.c (pictures made small). */
#ifndef KHUE_IMAGE_IN_H
#define KHUE_IMAGE_IN_H
#include "core/image.h"
#include <stdio.h>
#include <jpeglib.h>

/* At most IMAGE_POINTS. */
bool image_fits(uint64_t width, uint64_t height);
/* Which way is up, as Exif tells: 1 to 8. Behind jpeg_read_header, with APP1 kept. */
int  image_orientation(const struct jpeg_decompress_struct *src);
#endif
