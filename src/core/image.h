/* image.h -- pictures that people send, written anew: without what the camera noted (place, owner, time), without
 * anything hidden beside or behind the picture, and no larger than a browser can take. */
#ifndef KHUE_IMAGE_H
#define KHUE_IMAGE_H
#include "base/base.h"

/* Width times height; of a WebP without loss or with clear parts; all of an animation together are so many times the
 * first. */
enum { IMAGE_POINTS = 40000000, IMAGE_LOSSLESS = 20000000, IMAGE_TIMES = 4 };
struct image_made { char *p; size_t n; };                /* malloc                                             */
/* Is it a media type that image_clean reads: image/jpeg, image/png, image/webp, image/gif? */
bool image_known(const char *type);
/* The picture in bytes, decoded and written anew; false: not such a picture, broken, or too many points. JPEG keeps its
 * quality and which way is up; PNG its points (the first picture of several); GIF its points and its animation; WebP
 * its animation, its points where they were kept without loss, and is compressed again where they were not. Reads
 * untrusted bytes with libraries: call it in a sandbox (sandbox.h). */
bool image_clean(const char *type, str bytes, struct image_made *ret);

/* A JPEG or PNG no larger than most_w times most_h points, upright, on white: its points, three bytes each, in rows,
 * and of a JPEG the same as JPEG. false: as image_clean, and a JPEG of inks (CMYK). In a sandbox too. */
struct image_small { int width, height; uint8_t *points; char *jpeg; size_t n_jpeg; };
bool image_small(const char *type, str bytes, int most_w, int most_h, struct image_small *ret);
void image_small_free(struct image_small *s);
#endif
