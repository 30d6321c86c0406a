/* image_webp.c -- a WebP read into points and written from them, picture by picture: one alone, or those of an
 * animation with their places, times and ways to follow one another. What was kept without loss stays without loss. */
#include "core/image_in.h"
#include <stdlib.h>
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a point is read as bytes and written as a number");
/* Of what had lost something already: it loses no more that an eye could see. EFFORT: the work of that writer. The one
 * without loss takes up to 30 bytes a point, 20 where it is told to work less: the sandbox has 512 MiB. */
enum { FRAMES_MAX = 10000, LOSSY = 1, LOSSLESS = 2, QUALITY = 90, EFFORT = 3, LESS_WORK_FROM = 12000000 };

/* The points of one picture: of a lossy one as they were kept, in brightness and two colours. */
static bool read_points(const WebPData *from, WebPPicture *p, bool lossless, bool clear)
{
	WebPDecoderConfig d;

	if (!WebPInitDecoderConfig(&d))
		return false;
	p->use_argb = lossless;
	p->colorspace = clear ? WEBP_YUV420A : WEBP_YUV420;
	if (!WebPPictureAlloc(p))
		return false;
	d.output.is_external_memory = 1;
	if (lossless) {
		d.output.colorspace = MODE_BGRA;
		d.output.u.RGBA = (WebPRGBABuffer){ (uint8_t *)p->argb, p->argb_stride * 4,
			(size_t)p->argb_stride * 4 * (size_t)p->height };
	} else {
		size_t small = (size_t)p->uv_stride * (size_t)((p->height + 1) / 2);
		d.output.colorspace = clear ? MODE_YUVA : MODE_YUV;
		d.output.u.YUVA = (WebPYUVABuffer){ p->y, p->u, p->v, p->a, p->y_stride, p->uv_stride, p->uv_stride,
			p->a_stride, (size_t)p->y_stride * (size_t)p->height, small, small,
			clear ? (size_t)p->a_stride * (size_t)p->height : 0 };
	}
	return WebPDecode(from->bytes, from->size, &d) == VP8_STATUS_OK;
}

static bool write_points(WebPPicture *p, bool lossless, WebPMemoryWriter *to)
{
	WebPConfig how;

	if (!WebPConfigInit(&how))
		return false;
	how.quality = QUALITY;
	how.method = EFFORT;
	if (lossless && !WebPConfigLosslessPreset(&how, p->width * p->height < LESS_WORK_FROM))
		return false;
	p->writer = WebPMemoryWrite;
	p->custom_ptr = to;
	return WebPEncode(&how, p);
}

/* A whole WebP file of one picture, in `to`, which the caller clears. */
static bool picture_anew(const WebPData *from, uint64_t *points, WebPMemoryWriter *to)
{
	WebPBitstreamFeatures is;
	WebPPicture p;

	if (WebPGetFeatures(from->bytes, from->size, &is) != VP8_STATUS_OK || is.has_animation ||
		(is.format != LOSSY && is.format != LOSSLESS) || is.width <= 0 || is.height <= 0 ||
		!image_room(points, (uint64_t)is.width, (uint64_t)is.height) || !WebPPictureInit(&p))
		return false;
	p.width = is.width;
	p.height = is.height;
	bool lossless = is.format == LOSSLESS;
	if ((lossless || is.has_alpha) && is.width * is.height > IMAGE_LOSSLESS)
		return false;
	bool good = read_points(from, &p, lossless, is.has_alpha) && write_points(&p, lossless, to);
	WebPPictureFree(&p);
	return good;
}

static bool add_frame(WebPMux *mux, const WebPIterator *at, uint64_t *points)
{
	WebPMemoryWriter one;

	WebPMemoryWriterInit(&one);
	bool good = at->complete && picture_anew(&at->fragment, points, &one);
	if (good) {
		WebPMuxFrameInfo info = { .bitstream = { one.mem, one.size }, .x_offset = at->x_offset,
			.y_offset = at->y_offset, .duration = at->duration, .id = WEBP_CHUNK_ANMF,
			.dispose_method = at->dispose_method, .blend_method = at->blend_method };
		good = WebPMuxPushFrame(mux, &info, 1) == WEBP_MUX_OK;
	}
	WebPMemoryWriterClear(&one);
	return good;
}

static bool add_frames(WebPMux *mux, const WebPDemuxer *from)
{
	WebPMuxAnimParams how = { WebPDemuxGetI(from, WEBP_FF_BACKGROUND_COLOR),
		(int)WebPDemuxGetI(from, WEBP_FF_LOOP_COUNT) };
	WebPIterator at;
	uint64_t points = 0;

	if (WebPDemuxGetI(from, WEBP_FF_FRAME_COUNT) > FRAMES_MAX || !WebPDemuxGetFrame(from, 1, &at))
		return false;
	bool good = true;
	do {
		good = add_frame(mux, &at, &points);
	} while (good && WebPDemuxNextFrame(&at));
	WebPDemuxReleaseIterator(&at);
	return good && WebPMuxSetAnimationParams(mux, &how) == WEBP_MUX_OK &&
		WebPMuxSetCanvasSize(mux, (int)WebPDemuxGetI(from, WEBP_FF_CANVAS_WIDTH),
			(int)WebPDemuxGetI(from, WEBP_FF_CANVAS_HEIGHT)) == WEBP_MUX_OK;
}

static bool made_of(const uint8_t *p, size_t n, struct image_made *ret)
{
	*ret = (struct image_made){ malloc(n + 1), n };
	if (ret->p)
		memcpy(ret->p, p, n);
	return ret->p != NULL;
}

static bool animation_anew(const WebPDemuxer *from, struct image_made *ret)
{
	WebPMux *mux = WebPMuxNew();
	WebPData all = { NULL, 0 };
	bool good = mux && add_frames(mux, from) && WebPMuxAssemble(mux, &all) == WEBP_MUX_OK &&
		made_of(all.bytes, all.size, ret);

	WebPDataClear(&all);
	WebPMuxDelete(mux);
	return good;
}

static bool still_anew(const WebPDemuxer *from, struct image_made *ret)
{
	WebPMemoryWriter to;
	WebPIterator at;
	uint64_t points = 0;

	if (!WebPDemuxGetFrame(from, 1, &at))
		return false;
	WebPMemoryWriterInit(&to);
	bool good = at.complete && picture_anew(&at.fragment, &points, &to) && made_of(to.mem, to.size, ret);
	WebPMemoryWriterClear(&to);
	WebPDemuxReleaseIterator(&at);
	return good;
}

bool image_webp(str bytes, struct image_made *ret)
{
	const WebPData all = { (const uint8_t *)bytes.p, (size_t)bytes.n };
	WebPDemuxer *from = WebPDemux(&all);
	bool good = from && image_fits(WebPDemuxGetI(from, WEBP_FF_CANVAS_WIDTH),
		WebPDemuxGetI(from, WEBP_FF_CANVAS_HEIGHT));

	if (good)
		good = WebPDemuxGetI(from, WEBP_FF_FORMAT_FLAGS) & ANIMATION_FLAG ? animation_anew(from, ret)
			: still_anew(from, ret);
	WebPDemuxDelete(from);
	return good;
}
