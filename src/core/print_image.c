/* print_image.c -- pictures of the file store on paper and on the screen. They were written anew when they came
 * (image.h); here they are made as small as they are shown, in the sandbox, and this process decodes nothing. */
#include "core/print_in.h"
#include "core/app.h"
#include "core/image.h"
#include "core/sandbox.h"
#include "core/sign_in.h"
#include <stdlib.h>
#include <unistd.h>

enum { DOTS_MOST = 1600, PIECE = 1 << 19, FILE_MOST = 64 << 20 };

/* ---- the child ---- */

struct wanted { const char *type; int width, height; };
struct head { int32_t width, height; uint32_t n_jpeg; };

static void send_all(struct sandbox *out, const void *p, size_t n)
{
	for (size_t at = 0; at < n; at += PIECE) {
		sandbox_put(out, (const char *)p + at, n - at < PIECE ? n - at : PIECE);
		sandbox_send(out);
	}
}

static enum rc shrink_there(void *arg, int fd, struct sandbox *out, str *say)
{
	const struct wanted *w = arg;
	struct image_small small;
	off_t size = lseek(fd, 0, SEEK_END);
	char *all = size > 0 && size <= FILE_MOST ? malloc((size_t)size) : NULL;

	(void)say;
	if (!all || pread(fd, all, (size_t)size, 0) != size ||
		!image_small(w->type, (str){ all, size }, w->width, w->height, &small))
		return E_INVALID;
	struct head head = { small.width, small.height, (uint32_t)small.n_jpeg };
	sandbox_put(out, &head, sizeof head);
	sandbox_send(out);
	send_all(out, small.points, (size_t)small.width * (size_t)small.height * 3);
	send_all(out, small.jpeg, small.n_jpeg);
	return OK;
}

/* ---- the parent: the head, the points, perhaps the same as JPEG; trusting nothing ---- */

struct coming { struct head head; char *p; size_t n, all; };

static bool came(void *arg, str frame)
{
	struct coming *k = arg;

	if (!k->p) {
		if (frame.n != (ptrdiff_t)sizeof k->head)
			return false;
		memcpy(&k->head, frame.p, sizeof k->head);
		if (k->head.width < 1 || k->head.height < 1 || k->head.width > DOTS_MOST || k->head.height > DOTS_MOST ||
			k->head.n_jpeg > 4u << 20)
			return false;
		k->all = (size_t)k->head.width * (size_t)k->head.height * 3 + k->head.n_jpeg;
		return (k->p = malloc(k->all)) != NULL;
	}
	if ((size_t)frame.n > k->all - k->n)
		return false;
	memcpy(k->p + k->n, frame.p, (size_t)frame.n);
	k->n += (size_t)frame.n;
	return true;
}

static void free_bytes(void *p)
{
	free(p);
}

/* cairo takes its own copies. */
static cairo_surface_t *surface_of(const struct coming *k, int64_t id)
{
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, k->head.width, k->head.height);
	char name[64];

	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(s);
		return NULL;
	}
	unsigned char *to = cairo_image_surface_get_data(s);
	int stride = cairo_image_surface_get_stride(s);
	for (int y = 0; y < k->head.height; y++)
		for (int x = 0; x < k->head.width; x++) {
			const unsigned char *from = (const unsigned char *)k->p +
				((size_t)y * (size_t)k->head.width + (size_t)x) * 3;
			uint32_t dot = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
			memcpy(to + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4, &dot, 4);
		}
	cairo_surface_mark_dirty(s);
	/* once in a document, however often it is shown */
	int n = snprintf(name, sizeof name, "khue-%lld-%dx%d", (long long)id, k->head.width, k->head.height);
	unsigned char *own = malloc((size_t)n), *jpeg = k->head.n_jpeg ? malloc(k->head.n_jpeg) : NULL;
	if (own) {
		memcpy(own, name, (size_t)n);
		if (cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_UNIQUE_ID, own, (unsigned long)n, free_bytes, own) != 0)
			free(own);
	}
	if (jpeg) {
		memcpy(jpeg, k->p + k->all - k->head.n_jpeg, k->head.n_jpeg);
		if (cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, jpeg, k->head.n_jpeg, free_bytes, jpeg) != 0)
			free(jpeg);
	}
	return s;
}

static int dots(int mm, int dpi)
{
	int n = mm * dpi * 10 / 254;
	return n < 1 ? 1 : n > DOTS_MOST ? DOTS_MOST : n;
}

static int gather_ids(const struct print_node *n, int64_t *ids, int have)
{
	int64_t id;

	for (; n; n = n->next) {
		if (n->tag == TAG_IMG && have < PRINT_IMAGES && str_to_int(n->source, &id) && id > 0)
			ids[have++] = id;
		have = gather_ids(n->first, ids, have);
	}
	return have;
}

enum rc print_files_find(struct ctx *c, struct arena *mem, const struct print_node *top, struct print_files *ret)
{
	int64_t ids[PRINT_IMAGES];
	int n = c->db ? gather_ids(top->first, ids, 0) : 0;

	*ret = (struct print_files){ .c = c, .ids = NEWS(mem, int64_t, n + 1), .at = NEWS(mem, struct file_info, n + 1),
		.n = n };
	if (n == 0)
		return OK;
	memcpy(ret->ids, ids, sizeof *ids * (size_t)n);
	return files_own(c, ret->ids, n, ret->at);
}

/* A file of a kind that is drawn. Without one nothing is said: a frame is drawn. */
static int open_file(const struct print_files *files, str source, const struct file_info **ret)
{
	int64_t id;
	int at = -1;

	for (int i = 0; i < files->n && at < 0 && str_to_int(source, &id); i++)
		at = files->ids[i] == id ? i : -1;
	if (at < 0)
		return -1;
	*ret = &files->at[at];
	return str_is((*ret)->type, "image/jpeg") || str_is((*ret)->type, "image/png") ? file_at(files->c, *ret) : -1;
}

cairo_surface_t *print_picture(const struct print_files *files, const struct print_node *n, int dpi)
{
	static const struct sandbox_limits LIMITS = { .cpu_s = 20, .wait_s = 25 };
	struct ctx *c = files->c;
	const struct file_info *info;
	struct coming k = { .p = NULL };
	cairo_surface_t *made = NULL;
	enum rc rc = OK;
	str say;
	int fd = open_file(files, n->source, &info);

	if (fd < 0)
		return NULL;
	struct wanted w = { str_z(c->mem, info->type), dots(n->width, dpi), dots(n->height, dpi) };
	str secret = { (const char *)c->app->secret, sizeof c->app->secret };
	enum sandbox_end end = sandbox_run(c->mem, &LIMITS, secret, fd, shrink_there, &w, came, &k, &rc, &say);
	close(fd);
	if (end == SANDBOX_DONE && rc == OK && k.p && k.n == k.all)
		made = surface_of(&k, info->id.v);
	free(k.p);
	return made;
}

/* ---- on the screen ---- */

static cairo_status_t gather(void *arg, const unsigned char *bytes, unsigned n)
{
	struct buf *b = arg;

	put(b, (str){ (const char *)bytes, (ptrdiff_t)n });
	return b->over ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void put_frame(struct buf *b, const struct print_node *n)
{
	int w = n->width * 10, h = n->height * 10;

	put_fmt(b, "<svg class=\"anh-in\" role=\"img\" width=\"%dmm\" height=\"%dmm\" viewBox=\"0 0 %d %d\" aria-label=\"",
		n->width, n->height, w, h);
	put_html(b, n->text);
	put_fmt(b, "\"><path d=\"M2 2H%dV%dH2z\"/><text x=\"%d\" y=\"%d\">", w - 2, h - 2, w / 2, h / 2);
	put_html(b, n->text);
	put_z(b, "</text></svg>");
}

void print_put_image(struct buf *b, const struct print_files *files, const struct print_node *n)
{
	enum { SCREEN_DPI = 150, PNG_MOST = 8 << 20 };
	const unsigned char *jpeg = NULL;
	unsigned long size = 0;
	cairo_surface_t *s = print_picture(files, n, SCREEN_DPI);
	struct buf png;

	if (!s) {
		put_frame(b, n);
		return;
	}
	cairo_surface_get_mime_data(s, CAIRO_MIME_TYPE_JPEG, &jpeg, &size);
	str bytes = { (const char *)jpeg, (ptrdiff_t)size };
	if (!jpeg) {
		buf_init(&png, files->c->mem, PNG_MOST);
		cairo_surface_write_to_png_stream(s, gather, &png);
		bytes = buf_str(&png);
	}
	put_fmt(b, "<img class=\"anh-in\" width=\"%d\" height=\"%d\" alt=\"", n->width * 960 / 254, n->height * 960 / 254);
	put_html(b, n->text);
	put_fmt(b, "\" src=\"data:image/%s;base64,", jpeg ? "jpeg" : "png");
	put(b, sign_base64(files->c->mem, bytes));
	put_z(b, "\">");
	cairo_surface_destroy(s);
}
