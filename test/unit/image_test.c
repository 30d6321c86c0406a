/* image_test.c -- pictures come out as they were, without what the camera noted, what hides behind them, or bombs. */
#include "core/image_in.h"
#include "core/sandbox.h"
#include <gif_lib.h>
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <jpeglib.h>
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>
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
static str bytes_of(struct image_made m)
{
	return (str){ m.p, (ptrdiff_t)m.n };
}

static void more(struct image_made *m, const char *p, size_t n)
{
	m->p = realloc(m->p, m->n + n);
	memcpy(m->p + m->n, p, n);
	m->n += n;
}

/* ---- GIF ------------------------------------------------------------------------------------------------ */

static int gif_give(GifFileType *f, const GifByteType *p, int n)
{
	more(f->UserData, (const char *)p, (size_t)n);
	return n;
}

static int gif_take(GifFileType *f, GifByteType *p, int n)
{
	str *left = f->UserData;

	n = n > left->n ? (int)left->n : n;
	memcpy(p, left->p, (size_t)n);
	*left = str_sub(*left, n, -1);
	return n;
}

/* Three pictures: all of it; a part with colours of its own, partly clear; lines in four rounds. Notes between them,
 * something behind. */
static struct image_made gif_that_moves(void)
{
	static const GifColorType colours[4] = { { 1, 2, 3 }, { 250, 0, 0 }, { 0, 250, 0 }, { 9, 9, 250 } };
	const char control[] = "\xE7\x0a\0\2";               /* with bits that mean nothing */
	struct image_made m = { NULL, 0 };
	int why;
	GifFileType *f = EGifOpen(&m, gif_give, &why);
	ColorMapObject *four = GifMakeMapObject(4, colours), *two = GifMakeMapObject(2, colours + 2);
	GifPixelType line[W];

	EGifSetGifVersion(f, true);
	EGifPutScreenDesc(f, W, H, 8, 3, four);
	EGifPutComment(f, "may cua co Lan");
	EGifPutExtensionLeader(f, APPLICATION_EXT_FUNC_CODE);
	EGifPutExtensionBlock(f, 11, "NETSCAPE2.0");
	EGifPutExtensionBlock(f, 3, "\1\5\0");
	EGifPutExtensionTrailer(f);
	for (int i = 0; i < 3; i++) {
		int w = i == 1 ? W / 2 : W, h = i == 1 ? H / 2 : H;
		EGifPutExtension(f, GRAPHICS_EXT_FUNC_CODE, 4, control);
		EGifPutExtension(f, APPLICATION_EXT_FUNC_CODE, 11, "XMP DataGPS");
		GifFreeMapObject(f->Image.ColorMap);     /* the library would lose it */
		f->Image.ColorMap = NULL;
		EGifPutImageDesc(f, i == 1 ? 5 : 0, i == 1 ? 7 : 0, w, h, i == 2, i == 1 ? two : NULL);
		for (int y = 0; y < h; y++) {
			for (int x = 0; x < w; x++)
				line[x] = (GifPixelType)((x * y / 9 + x + i) % (i == 1 ? 2 : 4));
			EGifPutLine(f, line, w);
		}
	}
	EGifCloseFile(f, &why);
	GifFreeMapObject(four);
	GifFreeMapObject(two);
	more(&m, BEHIND, sizeof BEHIND);
	return m;
}

static GifFileType *gif_read(str *bytes)
{
	int why;
	GifFileType *f = DGifOpen(bytes, gif_take, &why);

	assert_non_null(f);
	assert_int_equal(DGifSlurp(f), GIF_OK);
	return f;
}

static void assert_same_colours(const ColorMapObject *a, const ColorMapObject *b)
{
	assert_true(!a == !b);
	if (a) {
		assert_int_equal(a->ColorCount, b->ColorCount);
		assert_memory_equal(a->Colors, b->Colors, (size_t)a->ColorCount * sizeof *a->Colors);
	}
}

static void a_gif_still_moves(void **state)
{
	struct image_made in = gif_that_moves(), out = cleaned("image/gif", in), again = cleaned("image/gif", out);
	str from = bytes_of(in), to = bytes_of(out);
	GifFileType *a = gif_read(&from), *b = gif_read(&to);
	int why;

	(void)state;
	assert_true(holds(in, "GPS", 3) && holds(in, "co Lan", 6) && holds(in, "<script>", 8) && holds(in, "\xE7\x0a", 2));
	assert_false(holds(out, "GPS", 3) || holds(out, "co Lan", 6) || holds(out, "<script>", 8) || holds(out,
		"\xE7\x0a", 2));
	assert_true(holds(out, "\x0bNETSCAPE2.0\3\1\5\0", 17) && out.p[out.n - 1] == ';');
	assert_true(again.n == out.n && memcmp(again.p, out.p, out.n) == 0);
	assert_true(a->ImageCount == 3 && b->ImageCount == 3 && b->SWidth == W && b->SHeight == H);
	assert_same_colours(a->SColorMap, b->SColorMap);
	for (int i = 0; i < 3; i++) {
		const GifImageDesc *p = &a->SavedImages[i].ImageDesc, *q = &b->SavedImages[i].ImageDesc;
		GraphicsControlBlock g;
		assert_true(p->Left == q->Left && p->Top == q->Top && p->Width == q->Width && p->Height == q->Height);
		assert_int_equal(q->Interlace, i == 2);
		assert_same_colours(p->ColorMap, q->ColorMap);
		assert_memory_equal(a->SavedImages[i].RasterBits, b->SavedImages[i].RasterBits,
			(size_t)(p->Width * p->Height));
		assert_int_equal(DGifSavedExtensionToGCB(b, i, &g), GIF_OK);
		assert_true(g.DelayTime == 10 && g.TransparentColor == 2 && g.DisposalMode == 1 && !g.UserInputFlag);
	}
	DGifCloseFile(a, &why);
	DGifCloseFile(b, &why);
	free(in.p);
	free(out.p);
	free(again.p);
}

/* ---- WebP ------------------------------------------------------------------------------------------------- */

static void paint(uint8_t *rgba, int w, int h, int turn)
{
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++, rgba += 4) {
			rgba[0] = (uint8_t)(x * 255 / w);
			rgba[1] = (uint8_t)(y * 255 / h);
			rgba[2] = (uint8_t)(turn * 40);
			rgba[3] = (x / 8 + y / 8 + turn) % 5 ? 255 : 90;
		}
}

/* With Exif and a place in it, if so, and something behind. */
static struct image_made webp_of(int w, int h, bool lossless, bool notes)
{
	uint8_t *rgba = malloc((size_t)w * (size_t)h * 4), *p = NULL;
	struct image_made m = { NULL, 0 };

	paint(rgba, w, h, 1);
	size_t n = lossless ? WebPEncodeLosslessRGBA(rgba, w, h, w * 4, &p) : WebPEncodeRGBA(rgba, w, h, w * 4, 80, &p);
	WebPData one = { p, n }, exif = { (const uint8_t *)EXIF, sizeof EXIF - 1 }, all;
	WebPMux *mux = WebPMuxCreate(&one, 1);
	if (notes)
		WebPMuxSetChunk(mux, "EXIF", &exif, 1);
	assert_int_equal(WebPMuxAssemble(mux, &all), WEBP_MUX_OK);
	more(&m, (const char *)all.bytes, all.size);
	more(&m, BEHIND, sizeof BEHIND);
	WebPDataClear(&all);
	WebPMuxDelete(mux);
	WebPFree(p);
	free(rgba);
	return m;
}

/* How far the points of two are apart on average, in hundredths. */
static int64_t apart(struct image_made a, struct image_made b, int w, int h)
{
	int aw, ah, bw, bh;
	uint8_t *p = WebPDecodeRGBA((const uint8_t *)a.p, a.n, &aw, &ah), *q = WebPDecodeRGBA((const uint8_t *)b.p, b.n,
		&bw, &bh);
	int64_t sum = 0;

	assert_true(p && q && aw == w && ah == h && bw == w && bh == h);
	for (int i = 0; i < w * h * 4; i++)
		sum += abs(p[i] - q[i]);
	WebPFree(p);
	WebPFree(q);
	return sum * 100 / ((int64_t)w * h * 4);
}

static void a_webp_keeps_what_it_shows(void **state)
{
	(void)state;
	for (int lossless = 0; lossless < 2; lossless++) {
		struct image_made in = webp_of(W, H, lossless, true), out = cleaned("image/webp", in);
		assert_true(holds(in, "GPS", 3) && holds(in, "EXIF", 4) && holds(in, "<script>", 8));
		assert_false(holds(out, "GPS", 3) || holds(out, "EXIF", 4) || holds(out, "<script>", 8));
		assert_true(holds(out, lossless ? "VP8L" : "VP8 ", 4));
		if (lossless)
			assert_int_equal(apart(in, out, W, H), 0);
		else
			assert_in_range(apart(in, out, W, H), 0, 150);
		free(in.p);
		free(out.p);
	}
}

static struct image_made webp_that_moves(void)
{
	WebPAnimEncoderOptions o;
	WebPAnimEncoder *e;
	WebPConfig how;
	WebPData all;
	struct image_made m = { NULL, 0 };
	uint8_t rgba[W * H * 4];

	assert_true(WebPAnimEncoderOptionsInit(&o) && WebPConfigInit(&how));
	o.anim_params.loop_count = 3;
	how.lossless = 1;
	e = WebPAnimEncoderNew(W, H, &o);
	for (int i = 0; i < 4; i++) {
		WebPPicture p;
		assert_true(WebPPictureInit(&p));
		p.use_argb = 1;
		p.width = W;
		p.height = H;
		paint(rgba, W, H, i);
		assert_true(WebPPictureImportRGBA(&p, rgba, W * 4) && WebPAnimEncoderAdd(e, &p, i * 120, &how));
		WebPPictureFree(&p);
	}
	assert_true(WebPAnimEncoderAdd(e, NULL, 480, NULL) && WebPAnimEncoderAssemble(e, &all));
	more(&m, (const char *)all.bytes, all.size);
	WebPDataClear(&all);
	WebPAnimEncoderDelete(e);
	return m;
}

static void a_webp_still_moves(void **state)
{
	struct image_made in = webp_that_moves(), out = cleaned("image/webp", in), again = cleaned("image/webp", out);
	const WebPData from = { (const uint8_t *)in.p, in.n }, to = { (const uint8_t *)out.p, out.n };
	WebPAnimDecoder *a = WebPAnimDecoderNew(&from, NULL), *b = WebPAnimDecoderNew(&to, NULL);
	WebPAnimInfo info;
	uint8_t *p, *q;
	int n = 0, then, now;

	(void)state;
	assert_true(a && b && WebPAnimDecoderGetInfo(b, &info));
	assert_true(info.frame_count == 4 && info.loop_count == 3 && info.canvas_width == W && info.canvas_height == H);
	for (; WebPAnimDecoderGetNext(a, &p, &then); n++) {
		assert_true(WebPAnimDecoderGetNext(b, &q, &now));
		assert_true(then == now && then == (n + 1) * 120);
		assert_memory_equal(p, q, (size_t)W * H * 4);
	}
	assert_int_equal(n, 4);
	assert_true(again.n == out.n && memcmp(again.p, out.p, out.n) == 0);
	WebPAnimDecoderDelete(a);
	WebPAnimDecoderDelete(b);
	free(in.p);
	free(out.p);
	free(again.p);
}

/* ---- in the sandbox ------------------------------------------------------------------------------------------ */

struct sent { const char *type; str bytes; };

static enum rc clean_there(void *arg, int fd, struct sandbox *out, str *say)
{
	const struct sent *s = arg;
	struct image_made made;

	(void)fd;
	(void)say;
	if (!image_clean(s->type, s->bytes, &made))
		return E_INVALID;
	sandbox_put(out, &made.n, sizeof made.n);
	return OK;
}

static bool told(void *arg, str frame)
{
	memcpy(arg, frame.p, sizeof(size_t));
	return true;
}

/* Every call that the libraries make is one of the few that the sandbox knows, for large pictures too. */
static void in_the_sandbox(void **state)
{
	struct image_made made[] = { gif_that_moves(), webp_that_moves(), webp_of(W, H, false, true),
		webp_of(1400, 1000, true, false), webp_of(2000, 1500, false, false) };
	const struct sandbox_limits limits = { .cpu_s = 20, .wait_s = 60 };
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < COUNT(made); i++) {
		struct sent s = { i ? "image/webp" : "image/gif", bytes_of(made[i]) };
		enum rc rc = E_FAULT;
		size_t n = 0;
		str say;
		assert_int_equal(sandbox_run(&a, &limits, S(""), -1, clean_there, &s, told, &n, &rc, &say), SANDBOX_DONE);
		assert_int_equal(rc, OK);
		assert_true(n > 50);
		free(made[i].p);
	}
	arena_free(&a);
}

/* A large animation is bounded as a whole, and each of its pictures. */
static void animations_have_a_measure(void **state)
{
	uint64_t points = 0;

	(void)state;
	assert_false(image_room(&points, 8001, 5000));
	for (int i = 0; i < IMAGE_TIMES; i++)
		assert_true(image_room(&points, 8000, 5000));
	assert_false(image_room(&points, 1, 1));
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
		/* a head of 8 by 8 points and nothing of them; 60000 by 60000 */
		{ "image/webp", { "RIFF\x11\0\0\0WEBPVP8L\x05\0\0\0\x2f\x07\xc0\x01\0\0", 26 } },
		{ "image/webp", { "RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x5f\xea\0\x5f\xea\0", 30 } },
		{ "image/gif", { "GIF89a\2\0\2\0\x80\0\0\0\0\0\1\1\1,\0\0\0\0\xff\xff\xff\xff\0\2\1\4\0;", 34 } },
		/* a picture without any colours; one that is cut off */
		{ "image/gif", { "GIF89a\2\0\2\0\0\0\0,\0\0\0\0\2\0\2\0\0\2\3\x84\x51\5\0;", 30 } },
		{ "image/gif", { "GIF89a\2\0\2\0\x80\0\0\0\0\0\1\1\1,\0\0\0\0\2\0\2\0\0\2\3\x84", 32 } },
		{ "image/svg+xml", { "<svg/>", 6 } } };
	struct { const char *type; struct image_made made; size_t step; } whole[] = { { "image/jpeg", jpeg_with(true), 3 },
		{ "image/gif", gif_that_moves(), 3 }, { "image/webp", webp_that_moves(), 7 },
		{ "image/webp", webp_of(W, H, false, true), 7 } };
	struct image_made out;

	(void)state;
	for (int i = 0; i < COUNT(bad); i++)
		if (image_clean(bad[i].type, bad[i].bytes, &out))
			fail_msg("%d is taken", i);
	/* cut anywhere, changed anywhere: a picture or a refusal */
	for (int i = 0; i < COUNT(whole); i++) {
		struct image_made m = whole[i].made;
		for (size_t n = 0; n < m.n; n += whole[i].step) {
			if (image_clean(whole[i].type, (str){ m.p, (ptrdiff_t)n }, &out))
				free(out.p);
			m.p[n] = (char)(m.p[n] ^ 0x55);
			if (image_clean(whole[i].type, bytes_of(m), &out))
				free(out.p);
			m.p[n] = (char)(m.p[n] ^ 0x55);
		}
		free(m.p);
	}
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
		cmocka_unit_test(small_ones_stand_upright), cmocka_unit_test(a_gif_still_moves),
		cmocka_unit_test(a_webp_keeps_what_it_shows), cmocka_unit_test(a_webp_still_moves),
		cmocka_unit_test(in_the_sandbox), cmocka_unit_test(animations_have_a_measure),
		cmocka_unit_test(broken_ones_are_refused) };

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
