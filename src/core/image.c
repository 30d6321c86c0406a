/* image.c -- see image.h. */
#include "core/image_in.h"
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
enum { POINTS_MAX = 250000 };                            /* small ones find as much, a hundred times as often     */
#else
enum { POINTS_MAX = IMAGE_POINTS };
#endif

bool image_fits(uint64_t width, uint64_t height)
{
	return width > 0 && height > 0 && width <= 65535 && height <= 65535 && width * height <= POINTS_MAX;
}

bool image_room(uint64_t *points, uint64_t width, uint64_t height)
{
	if (!image_fits(width, height))
		return false;
	*points += width * height;
	return *points <= (uint64_t)POINTS_MAX * IMAGE_TIMES;
}

static uint32_t number_at(str s, ptrdiff_t at, int bytes, bool big)
{
	uint32_t v = 0;
	for (int i = 0; i < bytes; i++)
		v |= (uint32_t)(uint8_t)s.p[at + i] << 8 * (big ? bytes - 1 - i : i);
	return v;
}

/* ---- JPEG: its coefficients are kept, its entropy code is made anew ------------------------------------- */

struct trouble { struct jpeg_error_mgr mgr; jmp_buf back; };

static void leave(j_common_ptr any)
{
	longjmp(((struct trouble *)(void *)any->err)->back, 1);
}

static void quiet(j_common_ptr any, int level)
{
	(void)any;
	(void)level;
}

/* The tag of the first directory that says which way is up: 1 .. 8; 1 when there is none. */
static int orientation(str exif)
{
	if (exif.n < 14 || memcmp(exif.p, "Exif\0\0", 6) != 0)
		return 1;
	str tiff = str_sub(exif, 6, -1);
	bool big = tiff.p[0] == 'M';
	uint32_t at = number_at(tiff, 4, 4, big);
	if (at > (uint32_t)tiff.n || tiff.n - (ptrdiff_t)at < 2)
		return 1;
	uint32_t n = number_at(tiff, (ptrdiff_t)at, 2, big);
	for (ptrdiff_t tag = (ptrdiff_t)at + 2; n > 0 && tag + 12 <= tiff.n; n--, tag += 12)
		if (number_at(tiff, tag, 2, big) == 0x112) {
			uint32_t v = number_at(tiff, tag + 8, 2, big);
			return v >= 1 && v <= 8 ? (int)v : 1;
		}
	return 1;
}

int image_orientation(const struct jpeg_decompress_struct *src)
{
	for (jpeg_saved_marker_ptr m = src->marker_list; m; m = m->next) {
		int up = orientation((str){ (const char *)m->data, (ptrdiff_t)m->data_length });
		if (m->marker == JPEG_APP0 + 1 && up != 1)
			return up;
	}
	return 1;
}

static void put_orientation(struct jpeg_compress_struct *dst, int up)
{
	const JOCTET exif[] = { 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0,
		(JOCTET)up, 0, 0, 0, 0, 0, 0 };
	if (up != 1)
		jpeg_write_marker(dst, JPEG_APP0 + 1, exif, sizeof exif);
}

struct jpeg { struct jpeg_decompress_struct src; struct jpeg_compress_struct dst; struct trouble trouble;
	unsigned char *p; unsigned long n; };

static bool copy_jpeg(struct jpeg *j, str bytes)
{
	if (setjmp(j->trouble.back) != 0)
		return false;
	jpeg_create_decompress(&j->src);
	jpeg_create_compress(&j->dst);
	jpeg_mem_src(&j->src, (const unsigned char *)bytes.p, (unsigned long)bytes.n);
	jpeg_save_markers(&j->src, JPEG_APP0 + 1, 0xFFFF);
	if (jpeg_read_header(&j->src, TRUE) != JPEG_HEADER_OK || !image_fits(j->src.image_width, j->src.image_height))
		return false;
	jvirt_barray_ptr *points = jpeg_read_coefficients(&j->src);
	jpeg_copy_critical_parameters(&j->src, &j->dst);
	j->dst.optimize_coding = TRUE;
	jpeg_mem_dest(&j->dst, &j->p, &j->n);
	jpeg_write_coefficients(&j->dst, points);
	put_orientation(&j->dst, image_orientation(&j->src));
	jpeg_finish_compress(&j->dst);
	return true;
}

static bool clean_jpeg(str bytes, struct image_made *ret)
{
	struct jpeg *j = calloc(1, sizeof *j);
	if (!j)
		return false;
	j->src.err = j->dst.err = jpeg_std_error(&j->trouble.mgr);
	j->trouble.mgr.error_exit = leave;
	j->trouble.mgr.emit_message = quiet;
	bool good = copy_jpeg(j, bytes);
	jpeg_destroy_compress(&j->dst);
	jpeg_destroy_decompress(&j->src);
	if (good)
		*ret = (struct image_made){ (char *)j->p, j->n };
	else
		free(j->p);
	free(j);
	return good;
}

/* ---- PNG: read into points and written from them ----------------------------------------------------------- */

static bool clean_png(str bytes, struct image_made *ret)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	char *points = NULL, *colours = NULL, *made = NULL;
	png_alloc_size_t n = 0;
	bool good = png_image_begin_read_from_memory(&image, bytes.p, (size_t)bytes.n) &&
		image_fits(image.width, image.height);
	if (good) {
		image.format &= PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_COLORMAP;
		n = PNG_IMAGE_PNG_SIZE_MAX(image);
		points = malloc(PNG_IMAGE_SIZE(image));
		colours = malloc(PNG_IMAGE_COLORMAP_SIZE(image) + 1);
		made = malloc(n);
	}
	good = good && points && colours && made && png_image_finish_read(&image, NULL, points, 0, colours) &&
		png_image_write_to_memory(&image, made, &n, 0, points, 0, colours);
	png_image_free(&image);
	free(points);
	free(colours);
	if (good)
		*ret = (struct image_made){ made, n };
	else
		free(made);
	return good;
}

bool image_known(const char *type)
{
	return strcmp(type, "image/jpeg") == 0 || strcmp(type, "image/png") == 0 || strcmp(type, "image/webp") == 0 ||
		strcmp(type, "image/gif") == 0;
}

bool image_clean(const char *type, str bytes, struct image_made *ret)
{
	*ret = (struct image_made){ NULL, 0 };
	if (strcmp(type, "image/jpeg") == 0)
		return clean_jpeg(bytes, ret);
	if (strcmp(type, "image/png") == 0)
		return clean_png(bytes, ret);
	if (strcmp(type, "image/webp") == 0)
		return image_webp(bytes, ret);
	return strcmp(type, "image/gif") == 0 && image_gif(bytes, ret);
}
