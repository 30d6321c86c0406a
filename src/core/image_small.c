/* image_small.c -- a picture as small as it is shown: see image.h. */
#include "core/image_in.h"
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

enum { QUALITY = 90 };
struct points { uint8_t *at; int w, h; };                /* three bytes a point                                    */

/* ---- scaled and turned --------------------------------------------------------------------------------- */

/* The mean of the points that fall into each new one. Never larger. */
static bool shrink(struct points *p, int most_w, int most_h)
{
	double by = (double)p->w / most_w > (double)p->h / most_h ? (double)p->w / most_w : (double)p->h / most_h;

	if (by <= 1)
		return true;
	struct points to = { NULL, (int)(p->w / by), (int)(p->h / by) };
	to.w = to.w < 1 ? 1 : to.w;
	to.h = to.h < 1 ? 1 : to.h;
	to.at = malloc((size_t)to.w * (size_t)to.h * 3);
	if (!to.at)
		return false;
	for (int y = 0; y < to.h; y++)
		for (int x = 0; x < to.w; x++) {
			int x0 = (int)((int64_t)x * p->w / to.w), x1 = (int)(((int64_t)x + 1) * p->w / to.w);
			int y0 = (int)((int64_t)y * p->h / to.h), y1 = (int)(((int64_t)y + 1) * p->h / to.h);
			uint64_t sum[3] = { 0 }, n = (uint64_t)(x1 - x0) * (uint64_t)(y1 - y0);
			for (int b = y0; b < y1; b++)
				for (int a = x0; a < x1; a++)
					for (int k = 0; k < 3; k++)
						sum[k] += p->at[((size_t)b * (size_t)p->w + (size_t)a) * 3 + (size_t)k];
			for (int k = 0; k < 3; k++)
				to.at[((size_t)y * (size_t)to.w + (size_t)x) * 3 + (size_t)k] = (uint8_t)((sum[k] + n / 2) / n);
		}
	free(p->at);
	*p = to;
	return true;
}

/* up as Exif has it: 1 as it stands, 3 upside down, 6 a quarter turn clockwise to be done, 8 the other way; the even
 * ones of 1 to 4 and the odd ones of 5 to 8 are mirrored. */
static bool turn(struct points *p, int up)
{
	struct points to = { NULL, up > 4 ? p->h : p->w, up > 4 ? p->w : p->h };

	if (up <= 1 || up > 8)
		return true;
	to.at = malloc((size_t)to.w * (size_t)to.h * 3);
	if (!to.at)
		return false;
	for (int y = 0; y < to.h; y++)
		for (int x = 0; x < to.w; x++) {
			int a = up > 4 ? y : x, b = up > 4 ? x : y;
			if (up == 2 || up == 3 || up == 7 || up == 8)
				a = p->w - 1 - a;
			if (up == 3 || up == 4 || up == 6 || up == 7)
				b = p->h - 1 - b;
			memcpy(to.at + ((size_t)y * (size_t)to.w + (size_t)x) * 3,
				p->at + ((size_t)b * (size_t)p->w + (size_t)a) * 3, 3);
		}
	free(p->at);
	*p = to;
	return true;
}

/* ---- JPEG ------------------------------------------------------------------------------------------------ */

struct trouble { struct jpeg_error_mgr mgr; jmp_buf back; };
struct reading { struct jpeg_decompress_struct src; struct trouble trouble; struct points out; int up; };
struct writing { struct jpeg_compress_struct dst; struct trouble trouble; unsigned char *p; unsigned long n; };

static void leave(j_common_ptr any)
{
	longjmp(((struct trouble *)(void *)any->err)->back, 1);
}

static void quiet(j_common_ptr any, int level)
{
	(void)any;
	(void)level;
}

static struct jpeg_error_mgr *silent(struct trouble *t)
{
	struct jpeg_error_mgr *mgr = jpeg_std_error(&t->mgr);

	mgr->error_exit = leave;
	mgr->emit_message = quiet;
	return mgr;
}

static bool read_jpeg(struct reading *r, str bytes, int most_w, int most_h)
{
	int most = most_w > most_h ? most_w : most_h;       /* it may stand on its side */

	if (setjmp(r->trouble.back) != 0)
		return false;
	jpeg_create_decompress(&r->src);
	jpeg_mem_src(&r->src, (const unsigned char *)bytes.p, (unsigned long)bytes.n);
	jpeg_save_markers(&r->src, JPEG_APP0 + 1, 0xFFFF);
	if (jpeg_read_header(&r->src, TRUE) != JPEG_HEADER_OK || !image_fits(r->src.image_width, r->src.image_height))
		return false;
	r->src.out_color_space = JCS_RGB;
	r->src.scale_num = 1;
	for (r->src.scale_denom = 8; r->src.scale_denom > 1; r->src.scale_denom /= 2)
		if (r->src.image_width / r->src.scale_denom >= (unsigned)most &&
			r->src.image_height / r->src.scale_denom >= (unsigned)most)
			break;
	r->up = image_orientation(&r->src);
	jpeg_start_decompress(&r->src);
	r->out.w = (int)r->src.output_width;
	r->out.h = (int)r->src.output_height;
	r->out.at = malloc((size_t)r->out.w * (size_t)r->out.h * 3);
	while (r->out.at && r->src.output_scanline < r->src.output_height) {
		JSAMPROW row = r->out.at + (size_t)r->src.output_scanline * (size_t)r->out.w * 3;
		jpeg_read_scanlines(&r->src, &row, 1);
	}
	return r->out.at != NULL;
}

static bool write_jpeg(struct writing *w, const struct points *p)
{
	if (setjmp(w->trouble.back) != 0)
		return false;
	jpeg_create_compress(&w->dst);
	jpeg_mem_dest(&w->dst, &w->p, &w->n);
	w->dst.image_width = (JDIMENSION)p->w;
	w->dst.image_height = (JDIMENSION)p->h;
	w->dst.input_components = 3;
	w->dst.in_color_space = JCS_RGB;
	jpeg_set_defaults(&w->dst);
	jpeg_set_quality(&w->dst, QUALITY, TRUE);
	jpeg_start_compress(&w->dst, TRUE);
	while (w->dst.next_scanline < w->dst.image_height) {
		JSAMPROW row = p->at + (size_t)w->dst.next_scanline * (size_t)p->w * 3;
		jpeg_write_scanlines(&w->dst, &row, 1);
	}
	jpeg_finish_compress(&w->dst);
	return true;
}

static bool pack(const struct points *p, struct image_small *ret)
{
	struct writing *w = calloc(1, sizeof *w);

	if (!w)
		return false;
	w->dst.err = silent(&w->trouble);
	bool good = write_jpeg(w, p);
	jpeg_destroy_compress(&w->dst);
	if (good)
		*ret = (struct image_small){ p->w, p->h, p->at, (char *)w->p, w->n };
	else
		free(w->p);
	free(w);
	return good;
}

static bool small_jpeg(str bytes, int most_w, int most_h, struct image_small *ret)
{
	struct reading *r = calloc(1, sizeof *r);

	if (!r)
		return false;
	r->src.err = silent(&r->trouble);
	bool good = read_jpeg(r, bytes, most_w, most_h);
	jpeg_destroy_decompress(&r->src);
	bool lies = r->up > 4;
	good = good && shrink(&r->out, lies ? most_h : most_w, lies ? most_w : most_h) && turn(&r->out, r->up) &&
		pack(&r->out, ret);
	if (!good)
		free(r->out.at);
	free(r);
	return good;
}

/* ---- PNG: on white ------------------------------------------------------------------------------------------ */

static bool small_png(str bytes, int most_w, int most_h, struct image_small *ret)
{
	static const png_color white = { 255, 255, 255 };
	png_image image = { .version = PNG_IMAGE_VERSION };
	struct points p = { 0 };
	bool good = png_image_begin_read_from_memory(&image, bytes.p, (size_t)bytes.n) &&
		image_fits(image.width, image.height);

	if (good) {
		image.format = PNG_FORMAT_RGB;
		p = (struct points){ malloc(PNG_IMAGE_SIZE(image)), (int)image.width, (int)image.height };
	}
	good = good && p.at && png_image_finish_read(&image, &white, p.at, 0, NULL) && shrink(&p, most_w, most_h);
	png_image_free(&image);
	if (good)
		*ret = (struct image_small){ .width = p.w, .height = p.h, .points = p.at };
	else
		free(p.at);
	return good;
}

bool image_small(const char *type, str bytes, int most_w, int most_h, struct image_small *ret)
{
	*ret = (struct image_small){ 0 };
	if (strcmp(type, "image/jpeg") == 0)
		return small_jpeg(bytes, most_w, most_h, ret);
	return strcmp(type, "image/png") == 0 && small_png(bytes, most_w, most_h, ret);
}

void image_small_free(struct image_small *s)
{
	free(s->points);
	free(s->jpeg);
	*s = (struct image_small){ 0 };
}
