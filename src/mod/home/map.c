/* map.c -- a map as SVG: presentation attributes only, a title on every area and dot, links that work without
 * script. */
#include "mod/home/home.h"

enum { WIDTH = 720, MARGIN = 12, STEPS_OF_COLOUR = 5, POINTS_MAX = 20000 };
static const char *const shades[STEPS_OF_COLOUR] = { "#eef0fb", "#c9cff1", "#9aa4e0", "#5e6bc4", "#2e3990" };
static const char *const dots_of[6] = { "#f2b632", "#0f6b45", "#2e3990", "#b3261e", "#0b4f7d", "#7a4f00" };

struct frame { int64_t x0, y0, x1, y1, width, height; };

/* Reads "x,y x,y ..": false at the end or where the text is no pair. */
static bool next_point(str *left, int64_t *x, int64_t *y)
{
	str pair, a, b;

	str_cut(*left, ' ', &pair, left);
	return str_cut(pair, ',', &a, &b) && str_to_int(a, x) && str_to_int(b, y);
}

static void widen(struct frame *f, int64_t x, int64_t y)
{
	if (x < f->x0) f->x0 = x;
	if (x > f->x1) f->x1 = x;
	if (y < f->y0) f->y0 = y;
	if (y > f->y1) f->y1 = y;
}

/* A degree of longitude is shorter than one of latitude: at the latitudes of Viet Nam (8-23) about 0.96. */
static struct frame frame_of(const struct map_area *areas, int64_t n, const struct map_dot *dots, int64_t n_dots)
{
	struct frame f = { INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN, WIDTH, WIDTH };
	int64_t x, y;

	for (int64_t i = 0; i < n; i++)
		for (str rings = areas[i].ring, left; rings.n;) {
			str_cut(rings, ';', &left, &rings);
			while (next_point(&left, &x, &y))
				widen(&f, x, y);
		}
	for (int64_t i = 0; i < n_dots; i++)
		widen(&f, dots[i].x, dots[i].y);
	if (f.x1 <= f.x0) f.x1 = f.x0 + 1;
	if (f.y1 <= f.y0) f.y1 = f.y0 + 1;
	f.height = (WIDTH - 2 * MARGIN) * (f.y1 - f.y0) / ((f.x1 - f.x0) * 96 / 100 + 1) + 2 * MARGIN;
	if (f.height > 2 * WIDTH)
		f.height = 2 * WIDTH;
	return f;
}

static int64_t at_x(const struct frame *f, int64_t x) { return MARGIN + (f->width - 2 * MARGIN) * (x - f->x0)
	/ (f->x1 - f->x0); }
static int64_t at_y(const struct frame *f, int64_t y) { return MARGIN + (f->height - 2 * MARGIN) * (f->y1 - y)
	/ (f->y1 - f->y0); }

static void open_link(struct buf *b, str href)
{
	if (href.n == 0)
		return;
	put_z(b, "<a href=\"");
	put_html(b, href);
	put_z(b, "\">");
}

static void draw_area(struct buf *b, const struct frame *f, const struct map_area *a, int shade)
{
	int64_t x, y;
	int n = 0;

	open_link(b, a->href);
	put_fmt(b, "<path class=\"vung v%d\" fill=\"%s\" fill-rule=\"evenodd\" stroke=\"#fff\" stroke-width=\"1.5\" d=\"",
		shade, shades[shade]);
	for (str rings = a->ring, left; rings.n;) {
		const char *word = "M";
		str_cut(rings, ';', &left, &rings);
		for (; n < POINTS_MAX && next_point(&left, &x, &y); n++, word = " ")
			put_fmt(b, "%s%lld,%lld", word, (long long)at_x(f, x), (long long)at_y(f, y));
		put_z(b, *word == ' ' ? "Z" : "");
	}
	put_z(b, "\"><title>");
	put_html(b, a->name);
	put_z(b, "</title></path>");
	if (a->href.n)
		put_z(b, "</a>");
}

static void draw_dot(struct buf *b, const struct frame *f, const struct map_dot *d)
{
	open_link(b, d->href);
	put_fmt(b,
		"<circle class=\"cham c%d\" fill=\"%s\" stroke=\"#fff\" stroke-width=\"1\" cx=\"%lld\" cy=\"%lld\" "
			"r=\"5\"><title>", (int)d->kind, dots_of[d->kind % 6],
		(long long)at_x(f, d->x), (long long)at_y(f, d->y));
	put_html(b, d->name);
	put_z(b, "</title></circle>");
	if (d->href.n)
		put_z(b, "</a>");
}

html map_draw(struct ctx *c, str title, str desc, const struct map_area *areas, int64_t n, const struct map_dot *dots,
	int64_t n_dots)
{
	struct buf b;
	int64_t most = 1;

	if (n == 0 && n_dots == 0)
		return (html){ { NULL, 0 } };
	struct frame f = frame_of(areas, n, dots, n_dots);
	for (int64_t i = 0; i < n; i++)
		if (areas[i].value > most)
			most = areas[i].value;
	buf_init(&b, c->mem, (size_t)4 << 20);
	put_fmt(&b,
		"<svg class=\"ban-do\" viewBox=\"0 0 %lld %lld\" role=\"group\" aria-labelledby=\"bd-t bd-d\"><title "
			"id=\"bd-t\">", (long long)f.width, (long long)f.height);
	put_html(&b, title);
	put_z(&b, "</title><desc id=\"bd-d\">");
	put_html(&b, desc);
	put_z(&b, "</desc>");
	for (int64_t i = 0; i < n; i++)
		draw_area(&b, &f, &areas[i], (int)(areas[i].value * (STEPS_OF_COLOUR - 1) / most));
	for (int64_t i = 0; i < n_dots; i++)
		draw_dot(&b, &f, &dots[i]);
	put_z(&b, "</svg>");
	return html_made(buf_str(&b), "a map of our own making; every text escaped");
}
