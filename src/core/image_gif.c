/* image_gif.c -- a GIF read into points and written from them, line by line: its pictures, how long each is shown and
 * what becomes of it, how often they come round. Nothing else that was in the file. */
#include "core/image_in.h"
#include <gif_lib.h>
#include <stdlib.h>

enum { FRAMES_MAX = 10000, CONTROL = 4 };
struct source { str bytes; ptrdiff_t at; };
struct sink { struct image_made made; size_t cap; };
struct gif { GifFileType *in, *out; struct source from; struct sink to; GifPixelType *line;
	uint8_t control[CONTROL]; bool controlled, looped; uint64_t points; int frames; };

static int take(GifFileType *f, GifByteType *to, int n)
{
	struct source *s = f->UserData;
	ptrdiff_t left = s->bytes.n - s->at;

	n = n > left ? (int)left : n;
	if (n > 0)
		memcpy(to, s->bytes.p + s->at, (size_t)n);
	s->at += n;
	return n;
}

static int give(GifFileType *f, const GifByteType *from, int n)
{
	struct sink *s = f->UserData;

	if (n <= 0)
		return 0;
	if (s->cap - s->made.n < (size_t)n) {
		size_t cap = (s->cap + (size_t)n) * 2;
		char *more = realloc(s->made.p, cap);
		if (!more)
			return 0;
		s->made.p = more;
		s->cap = cap;
	}
	memcpy(s->made.p + s->made.n, from, (size_t)n);
	s->made.n += (size_t)n;
	return n;
}

/* ---- what stands between the pictures ---------------------------------------------------------------- */

/* How often: once in a file, 1 and two bytes. */
static bool put_loop(struct gif *g, const GifByteType *said)
{
	if (g->looped || said[0] != 3 || said[1] != 1)
		return true;
	g->looped = true;
	return EGifPutExtensionLeader(g->out, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
		EGifPutExtensionBlock(g->out, 11, "NETSCAPE2.0") == GIF_OK &&
		EGifPutExtensionBlock(g->out, 3, said + 1) == GIF_OK && EGifPutExtensionTrailer(g->out) == GIF_OK;
}

static bool extension(struct gif *g)
{
	GifByteType *said;
	int kind;
	bool loop = false;

	if (DGifGetExtension(g->in, &kind, &said) != GIF_OK)
		return false;
	for (int i = 0; said; i++) {
		if (kind == GRAPHICS_EXT_FUNC_CODE && i == 0 && said[0] == CONTROL) {
			memcpy(g->control, said + 1, CONTROL);
			g->control[0] &= 0x1D;               /* what becomes of it, and whether a colour is clear */
			g->controlled = true;
		} else if (kind == APPLICATION_EXT_FUNC_CODE && i == 0) {
			loop = said[0] == 11 && memcmp(said + 1, "NETSCAPE2.0", 11) == 0;
		} else if (loop && i == 1 && !put_loop(g, said)) {
			return false;
		}
		if (DGifGetExtensionNext(g->in, &said) != GIF_OK)
			return false;
	}
	return true;
}

/* ---- pictures -------------------------------------------------------------------------------------------- */

/* The lines stand in the order of the file, the same in both: of an interlaced picture too. */
static bool picture(struct gif *g)
{
	const GifImageDesc *d = &g->in->Image;

	if (++g->frames > FRAMES_MAX || DGifGetImageDesc(g->in) != GIF_OK || d->Width <= 0 || d->Height <= 0 ||
		!image_room(&g->points, (uint64_t)d->Width, (uint64_t)d->Height))
		return false;
	if (g->controlled &&
		EGifPutExtension(g->out, GRAPHICS_EXT_FUNC_CODE, CONTROL, g->control) != GIF_OK)
		return false;
	g->controlled = false;
	GifFreeMapObject(g->out->Image.ColorMap);        /* the library would lose it for one without its own */
	g->out->Image.ColorMap = NULL;
	if (EGifPutImageDesc(g->out, d->Left, d->Top, d->Width, d->Height, d->Interlace, d->ColorMap) != GIF_OK)
		return false;
	for (int y = 0; y < d->Height; y++)
		if (DGifGetLine(g->in, g->line, d->Width) != GIF_OK || EGifPutLine(g->out, g->line, d->Width) != GIF_OK)
			return false;
	return true;
}

/* Many programs leave out the last byte, which says that nothing follows. */
static bool next_record(struct gif *g, GifRecordType *ret)
{
	if (g->from.at == g->from.bytes.n) {
		*ret = TERMINATE_RECORD_TYPE;
		return true;
	}
	return DGifGetRecordType(g->in, ret) == GIF_OK;
}

static bool copy(struct gif *g)
{
	const GifFileType *in = g->in;
	GifRecordType is;

	if (in->SWidth <= 0 || in->SHeight <= 0 || !image_fits((uint64_t)in->SWidth, (uint64_t)in->SHeight))
		return false;
	EGifSetGifVersion(g->out, true);
	if (EGifPutScreenDesc(g->out, in->SWidth, in->SHeight, in->SColorResolution, in->SBackGroundColor,
		in->SColorMap) != GIF_OK)
		return false;
	do {
		if (!next_record(g, &is) || (is == IMAGE_DESC_RECORD_TYPE && !picture(g)) ||
			(is == EXTENSION_RECORD_TYPE && !extension(g)))
			return false;
	} while (is != TERMINATE_RECORD_TYPE);
	return g->frames > 0;
}

bool image_gif(str bytes, struct image_made *ret)
{
	struct gif *g = calloc(1, sizeof *g);
	int why;
	bool good = false;

	if (!g)
		return false;
	g->from.bytes = bytes;
	g->line = malloc(65536);
	g->in = g->line ? DGifOpen(&g->from, take, &why) : NULL;
	g->out = g->in ? EGifOpen(&g->to, give, &why) : NULL;
	good = g->out && copy(g);
	if (g->out)
		good = EGifCloseFile(g->out, &why) == GIF_OK && good;
	if (g->in)
		DGifCloseFile(g->in, &why);
	if (good)
		*ret = g->to.made;
	else
		free(g->to.made.p);
	free(g->line);
	free(g);
	return good;
}
