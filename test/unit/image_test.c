/* image_test.c -- pictures come out as they were, without what the camera noted, what hides behind them, or bombs. */
#include "core/image.h"
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <jpeglib.h>
#include <cmocka.h>

enum { W = 64, H = 48 };
/* Exif of a telephone: big-endian, upright by turning (6), and a place in words where a reader would look for it. */
static const char EXIF[] = "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
	"GPS 16.0544 108.2022 may cua co Lan";
static const char BEHIND[] = "<script>alert(1)</script>PK\3\4";

static bool holds(struct image_made m, const char *what, size_t n)
{
	return memmem(m.p, m.n, what, n) != NULL;
}

static struct image_made jpeg_with(bool exif)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr e;
	unsigned char *p = NULL, row[W * 3];
	unsigned long n = 0;
	JSAMPROW rows[1] = { row };

	c.err = jpeg_std_error(&e);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &p, &n);
	c.image_width = W;
	c.image_height = H;
	c.input_components = 3;
	c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	jpeg_start_compress(&c, TRUE);
	if (exif)
		jpeg_write_marker(&c, JPEG_APP0 + 1, (const JOCTET *)EXIF, sizeof EXIF - 1);
	jpeg_write_marker(&c, JPEG_COM, (const JOCTET *)"may cua co Lan", 14);
	for (int y = 0; y < H; y++) {
		for (int x = 0; x < W * 3; x++)
			row[x] = (unsigned char)(x * y / 7 + x % 3 * 60);
		jpeg_write_scanlines(&c, rows, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	struct image_made m = { malloc(n + sizeof BEHIND), n + sizeof BEHIND };
	memcpy(m.p, p, n);
	memcpy(m.p + n, BEHIND, sizeof BEHIND);
	free(p);
	return m;
}

/* The points of a JPEG as libjpeg shows them. */
static void points_of(struct image_made m, unsigned char ret[H][W * 3])
{
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr e;

	d.err = jpeg_std_error(&e);
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, (unsigned char *)m.p, (unsigned long)m.n);
	jpeg_read_header(&d, TRUE);
	jpeg_start_decompress(&d);
	assert_int_equal(d.output_width, W);
	for (int y = 0; y < H; y++) {
		JSAMPROW rows[1] = { ret[y] };
		jpeg_read_scanlines(&d, rows, 1);
	}
	jpeg_finish_decompress(&d);
	jpeg_destroy_decompress(&d);
}

static struct image_made cleaned(const char *type, struct image_made m)
{
	struct image_made out;

	assert_true(image_clean(type, (str){ m.p, (ptrdiff_t)m.n }, &out));
	return out;
}

static void a_photo_forgets_where_it_was_taken(void **state)
{
	static unsigned char before[H][W * 3], after[H][W * 3];
	struct image_made in = jpeg_with(true), out = cleaned("image/jpeg", in);

	(void)state;
	assert_true(holds(in, "GPS", 3) && holds(in, "co Lan", 6) && holds(in, "<script>", 8));      /* the control */
	assert_false(holds(out, "GPS", 3));
	assert_false(holds(out, "co Lan", 6));
	assert_false(holds(out, "<script>", 8));
	assert_true(holds(out, "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06", 20));          /* which way is up */
	points_of(in, before);
	points_of(out, after);
	assert_memory_equal(before, after, sizeof before);
	struct image_made again = cleaned("image/jpeg", out);
	assert_int_equal(again.n, out.n);
	assert_memory_equal(again.p, out.p, out.n);
	struct image_made plain = jpeg_with(false), upright = cleaned("image/jpeg", plain);
	assert_false(holds(upright, "Exif", 4));
	free(in.p);
	free(out.p);
	free(again.p);
	free(plain.p);
	free(upright.p);
}

static void png_error_quiet(png_structp p, png_const_charp why)
{
	(void)why;
	png_longjmp(p, 1);
}

static void png_gather(png_structp p, png_bytep from, size_t n)
{
	struct image_made *to = png_get_io_ptr(p);

	to->p = realloc(to->p, to->n + n);
	memcpy(to->p + to->n, from, n);
	to->n += n;
}

static struct image_made png_with_text(void)
{
	struct image_made m = { NULL, 0 };
	png_structp p = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, png_error_quiet, NULL);
	png_infop info = png_create_info_struct(p);
	png_text text = { .compression = PNG_TEXT_COMPRESSION_NONE, .key = (char[]){ "Author" },
		.text = (char[]){ "may cua co Lan" } };
	unsigned char row[W * 3];

	png_set_write_fn(p, &m, png_gather, NULL);
	png_set_IHDR(p, info, W, H, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	png_set_text(p, info, &text, 1);
	png_write_info(p, info);
	for (int y = 0; y < H; y++) {
		for (int x = 0; x < W * 3; x++)
			row[x] = (unsigned char)(x * 3 + y);
		png_write_row(p, row);
	}
	png_write_end(p, NULL);
	png_destroy_write_struct(&p, &info);
	return m;
}

static void a_drawing_keeps_its_points_only(void **state)
{
	struct image_made in = png_with_text(), out;
	png_image image = { .version = PNG_IMAGE_VERSION };
	unsigned char points[W * H * 3];

	(void)state;
	assert_true(holds(in, "co Lan", 6));
	out = cleaned("image/png", in);
	assert_false(holds(out, "co Lan", 6));
	assert_true(png_image_begin_read_from_memory(&image, out.p, out.n));
	image.format = PNG_FORMAT_RGB;
	assert_true(png_image_finish_read(&image, NULL, points, 0, NULL));
	assert_int_equal(points[W * 3 * 5 + 7], 7 * 3 + 5);
	/* a bomb: the same with a size in its head that no memory holds; its check sum is right */
	for (int i = 0; i < 2; i++) {
		struct image_made bomb = { malloc(in.n), in.n };
		uint32_t side = i ? 7000 : 60000, crc;
		memcpy(bomb.p, in.p, in.n);
		for (int k = 0; k < 4; k++)
			bomb.p[16 + k] = bomb.p[20 + k] = (char)(side >> 8 * (3 - k));
		crc = (uint32_t)crc32(0, (const Bytef *)bomb.p + 12, 17);
		for (int k = 0; k < 4; k++)
			bomb.p[29 + k] = (char)(crc >> 8 * (3 - k));
		struct image_made none;
		assert_false(image_clean("image/png", (str){ bomb.p, (ptrdiff_t)bomb.n }, &none));
		assert_null(none.p);
		free(bomb.p);
	}
	free(in.p);
	free(out.p);
}

#define BYTES(s) ((str){ s, sizeof(s) - 1 })
static void webp_and_gif_lose_their_notes(void **state)
{
	static const char webp[] = "RIFF\x3a\0\0\0WEBPVP8X\x0a\0\0\0\x0c\0\0\0\x07\0\0\x07\0\0VP8L\x05\0\0\0\x2f\x07\xc0\x01\0\0"
		"EXIF\x09\0\0\0GPS 16.05\0behind";
	static const char gif[] = "GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x05GPS 1\0"
		"!\xff\x0bXMP DataXMP\x03GPS\0"
		"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0,\0\0\0\0\x02\0\x02\0\0\x02\x03\x84\x51\x05\0;<script>";
	struct image_made out;

	(void)state;
	assert_true(image_clean("image/webp", BYTES(webp), &out));
	assert_false(holds(out, "GPS", 3) || holds(out, "EXIF", 4) || holds(out, "behind", 6));
	assert_int_equal(out.p[4], (int)out.n - 8);
	assert_int_equal(out.p[20] & 0x0c, 0);
	free(out.p);
	assert_true(image_clean("image/gif", BYTES(gif), &out));
	assert_false(holds(out, "GPS", 3) || holds(out, "<script>", 8));
	assert_true(holds(out, "NETSCAPE2.0", 11));
	assert_int_equal(out.p[out.n - 1], ';');
	free(out.p);
}

static void broken_ones_are_refused(void **state)
{
	static const struct { const char *type; str bytes; } bad[] = {
		{ "image/jpeg", { "\xFF\xD8\xFF\xE0", 4 } }, { "image/jpeg", { "", 0 } },
		{ "image/jpeg", { "\xFF\xD8\xFF\xC0\0\x0b\x08\xFF\xFF\xFF\xFF\x01\x01\x11\0", 15 } },   /* 65535 x 65535 */
		{ "image/png", { "\x89PNG\r\n\x1A\n", 8 } }, { "image/gif", { "GIF89a\xff\xff\xff\xff\0\0\0;", 14 } },
		{ "image/gif", { "GIF89a\1\0\1\0\0\0\0;", 14 } },
		{ "image/webp", { "RIFF\x04\0\0\0WEBP", 12 } },
		{ "image/webp", { "RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff", 20 } },
		{ "image/svg+xml", { "<svg/>", 6 } } };
	struct image_made out, whole = jpeg_with(true);

	(void)state;
	for (int i = 0; i < COUNT(bad); i++)
		if (image_clean(bad[i].type, bad[i].bytes, &out))
			fail_msg("%d is taken", i);
	/* cut anywhere, changed anywhere: a picture or a refusal, and never more than it was */
	for (size_t n = 0; n < whole.n; n += 3) {
		str cut = { whole.p, (ptrdiff_t)n };
		if (image_clean("image/jpeg", cut, &out))
			free(out.p);
		whole.p[n] = (char)(whole.p[n] ^ 0x55);
		if (image_clean("image/jpeg", (str){ whole.p, (ptrdiff_t)whole.n }, &out))
			free(out.p);
		whole.p[n] = (char)(whole.p[n] ^ 0x55);
	}
	free(whole.p);
}

/* A turned photo stands upright and is no larger than asked for; what is clear in a drawing becomes white. */
static void small_ones_stand_upright(void **state)
{
	static unsigned char before[H][W * 3];
	struct image_made in = jpeg_with(true), plain = jpeg_with(false), drawing = png_with_text();
	struct image_small s;

	(void)state;
	points_of(in, before);
	/* turned by a quarter: its lower left corner comes to the upper left */
	assert_true(image_small("image/jpeg", (str){ in.p, (ptrdiff_t)in.n }, 1000, 1000, &s));
	assert_true(s.width == H && s.height == W && s.n_jpeg > 100 && memcmp(s.jpeg, "\xFF\xD8", 2) == 0);
	assert_memory_equal(s.points, before[H - 1], 3);
	assert_memory_equal(s.points + ((size_t)H - 1) * 3, before[0], 3);
	assert_memory_equal(s.points + (((size_t)W - 1) * H) * 3, before[H - 1] + (W - 1) * 3, 3);
	image_small_free(&s);
	assert_true(image_small("image/jpeg", (str){ in.p, (ptrdiff_t)in.n }, 12, 1000, &s));
	assert_true(s.width == 12 && s.height == 16);
	assert_null(memmem(s.jpeg, s.n_jpeg, "GPS", 3));
	image_small_free(&s);
	assert_true(image_small("image/jpeg", (str){ plain.p, (ptrdiff_t)plain.n }, 32, 1000, &s));
	assert_true(s.width == 32 && s.height == 24);
	image_small_free(&s);
	assert_true(image_small("image/png", (str){ drawing.p, (ptrdiff_t)drawing.n }, 1000, 1000, &s));
	assert_true(s.width == W && s.height == H && !s.jpeg);
	assert_int_equal(s.points[W * 3 * 5 + 7], 7 * 3 + 5);
	image_small_free(&s);
	png_image clear = { .version = PNG_IMAGE_VERSION, .width = 2, .height = 1, .format = PNG_FORMAT_RGBA };
	const unsigned char dots[8] = { 200, 0, 0, 255, 0, 200, 0, 0 };
	char made[1000];
	png_alloc_size_t n = sizeof made;
	assert_true(png_image_write_to_memory(&clear, made, &n, 0, dots, 0, NULL));
	assert_true(image_small("image/png", (str){ made, (ptrdiff_t)n }, 10, 10, &s));
	assert_memory_equal(s.points, "\xC8\0\0\xFF\xFF\xFF", 6);
	image_small_free(&s);
	/* what is neither, or broken */
	assert_false(image_small("image/gif", BYTES("GIF89a"), 10, 10, &s));
	assert_false(image_small("image/jpeg", (str){ in.p, 200 }, 10, 10, &s));
	assert_false(image_small("image/png", (str){ drawing.p, 60 }, 10, 10, &s));
	assert_true(!s.points && !s.jpeg);
	free(in.p);
	free(plain.p);
	free(drawing.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_photo_forgets_where_it_was_taken),
		cmocka_unit_test(a_drawing_keeps_its_points_only),
		cmocka_unit_test(small_ones_stand_upright), cmocka_unit_test(webp_and_gif_lose_their_notes),
		cmocka_unit_test(broken_ones_are_refused) };

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
