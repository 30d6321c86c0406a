/* chart.c -- SVG by integers: coordinates are tenths of a pixel until they are written. */
#include "core/chart.h"
#include "base/calendar.h"

enum { SERIES = 6, MARKUP_MAX = 4 << 20, LETTER = 66 /* tenths of a px a letter of 12 px takes, about */ };

struct look { const char *fill, *dash; };
/* Dark enough on paper (3:1 and more) and told apart by people who do not see red from green; lines also by dashes. */
static const struct look looks[SERIES] = { { "#2e3990", "" }, { "#c05c00", "6 3" }, { "#1b7f5c", "2 2" },
	{ "#8a3ffc", "8 2 2 2" },
	{ "#5d6470", "1 3" }, { "#a11d5b", "10 4" } };
static const char low_fill[] = "#b3261e";

struct frame {
	const struct chart *c; struct buf *b; struct arena *mem;
	int left, top, right, bottom;            /* the drawing area, in tenths of a px            */
	int64_t max, step;                       /* the axis of values                             */
};

str chart_number(struct arena *a, int64_t v, int decimals)
{
	int64_t unit = 1, rest;
	char digits[8] = "";
	int n = decimals;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	rest = v % unit;
	for (int i = decimals - 1; i >= 0; i--, rest /= 10)
		digits[i] = (char)('0' + (rest < 0 ? -rest : rest) % 10);
	while (n > 0 && digits[n - 1] == '0')
		n--;
	str whole = int_text(a, v / unit);
	if (!n)
		return whole;
	char *p = arena_alloc(a, (size_t)(whole.n + 1 + n), 1);
	memcpy(p, whole.p, (size_t)whole.n);
	p[whole.n] = ',';
	memcpy(p + whole.n + 1, digits, (size_t)n);
	return (str){ p, whole.n + 1 + n };
}

static void put_tenths(struct buf *b, int64_t v)
{
	put_int(b, v / 10);
	if (v % 10) {
		put_c(b, '.');
		put_c(b, (char)('0' + (v % 10 < 0 ? -(v % 10) : v % 10)));
	}
}

static void put_at(struct buf *b, const char *name, int64_t tenths)
{
	put_fmt(b, " %s=\"", name);
	put_tenths(b, tenths);
	put_c(b, '"');
}

static void put_text(struct frame *f, int64_t x, int64_t y, const char *anchor, str text)
{
	put_z(f->b, "<text");
	put_at(f->b, "x", x);
	put_at(f->b, "y", y);
	put_fmt(f->b, " text-anchor=\"%s\">", anchor);
	put_html(f->b, text);
	put_z(f->b, "</text>");
}

static void put_line(struct frame *f, const char *kind, int64_t x1, int64_t y1, int64_t x2, int64_t y2)
{
	put_fmt(f->b, "<line class=\"%s\"", kind);
	put_at(f->b, "x1", x1);
	put_at(f->b, "y1", y1);
	put_at(f->b, "x2", x2);
	put_at(f->b, "y2", y2);
	put_z(f->b, " stroke=\"currentColor\" stroke-opacity=\".2\"/>");
}

static int64_t value_at(const struct chart *c, int series, int i)
{
	int64_t v = c->series[series].values[i];

	return v < 0 ? (v == CHART_NONE ? CHART_NONE : 0) : v;
}

/* ---- the axis of values ---------------------------------------------------------------------- */

static int64_t largest(const struct chart *c)
{
	int64_t max = 0;

	for (int i = 0; i < c->n; i++) {
		int64_t sum = 0;
		for (int s = 0; s < c->n_series; s++) {
			int64_t v = value_at(c, s, i);
			sum = c->kind == CHART_STACKED && v > 0 ? sum + v : v > sum ? v : sum;
		}
		if (sum > max)
			max = sum;
	}
	return max;
}

/* Steps of 1, 2 or 5 times a power of ten, five at most. */
static void choose_axis(struct frame *f)
{
	int64_t max = f->c->top > 0 ? f->c->top : largest(f->c), step = 1;

	if (max < 1)
		max = 1;
	if (max > INT64_MAX / 100)
		max = INT64_MAX / 100;
	for (int k = 0; step * 5 < max; k++)
		step = k % 3 == 1 ? step / 2 * 5 : step * 2;
	f->step = step;
	f->max = f->c->top > 0 ? max : (max + step - 1) / step * step;
}

/* length is some thousands: 2^40 times that fits. */
static int64_t scaled(const struct frame *f, int64_t v, int64_t length)
{
	int64_t max = f->max;

	if (v <= 0)
		return 0;
	if (v >= max)
		return length;
	for (; max > INT64_C(1) << 40; max >>= 1)
		v >>= 1;
	return v * length / max;
}

static int64_t y_of(const struct frame *f, int64_t v)
{
	return f->bottom - scaled(f, v, f->bottom - f->top);
}

static void value_axis(struct frame *f)
{
	for (int64_t v = 0; v <= f->max; v += f->step) {
		put_line(f, "chart-grid", f->left, y_of(f, v), f->right, y_of(f, v));
		put_text(f, f->left - 60, y_of(f, v) + 40, "end", chart_number(f->mem, v, f->c->decimals));
	}
}

/* ---- the axis of categories -------------------------------------------------------------------- */

static int label_every(const struct frame *f)
{
	ptrdiff_t longest = 1;
	int room;

	if (f->c->every > 0)
		return f->c->every;
	for (int i = 0; i < f->c->n; i++)
		if (str_chars(f->c->labels[i]) > longest)
			longest = str_chars(f->c->labels[i]);
	room = (f->right - f->left) / (int)(longest * LETTER + 60);
	return room < 1 ? f->c->n : (f->c->n + room - 1) / room;
}

static int64_t x_of(const struct frame *f, int i)
{
	return f->left + (int64_t)(f->right - f->left) * (2 * i + 1) / (2 * f->c->n);
}

static void category_axis(struct frame *f)
{
	int every = label_every(f);

	for (int i = 0; i < f->c->n; i += every)
		put_text(f, x_of(f, i), f->bottom + 160, "middle", f->c->labels[i]);
	put_line(f, "chart-axis", f->left, f->bottom, f->right, f->bottom);
}

static void titles(struct frame *f, int height)
{
	if (f->c->y_title.n)
		put_text(f, 20, f->top - 100, "start", f->c->y_title);
	if (f->c->x_title.n)
		put_text(f, f->right, height - 30, "end", f->c->x_title);
}

static void legend(struct frame *f)
{
	int64_t x = f->left;

	for (int s = 0; s < f->c->n_series && f->c->n_series > 1; s++) {
		put_fmt(f->b, "<rect class=\"chart-s%d\" fill=\"%s\" width=\"10\" height=\"10\"", s, looks[s].fill);
		put_at(f->b, "x", x);
		put_z(f->b, " y=\"4\"/>");
		put_text(f, x + 150, 130, "start", f->c->series[s].label);
		x += 150 + (int64_t)str_chars(f->c->series[s].label) * LETTER + 160;
	}
}

/* ---- shapes ------------------------------------------------------------------------------------ */

/* Ends the mark that was begun, with what it stands for. */
static void put_name(struct frame *f, int series, int i)
{
	put_z(f->b, "><title>");
	put_html(f->b, f->c->labels[i]);
	if (f->c->n_series > 1) {
		put_z(f->b, ", ");
		put_html(f->b, f->c->series[series].label);
	}
	put_z(f->b, ": ");
	put_html(f->b, chart_number(f->mem, value_at(f->c, series, i), f->c->decimals));
	put_z(f->b, "</title></rect>");
}

static void put_box(struct frame *f, int series, int i, int64_t x, int64_t y, int64_t w, int64_t h)
{
	bool low = i < f->c->low;

	if (w <= 0 || h <= 0)
		return;
	put_fmt(f->b, "<rect class=\"%s%d\" fill=\"%s\"", low ? "chart-low chart-s" : "chart-s", series,
		low ? low_fill : looks[series].fill);
	put_at(f->b, "x", x);
	put_at(f->b, "y", y);
	put_at(f->b, "width", w);
	put_at(f->b, "height", h);
	put_name(f, series, i);
}

static void columns(struct frame *f)
{
	const struct chart *c = f->c;
	int64_t slot = (f->right - f->left) / c->n;
	int64_t gap = c->kind == CHART_HISTOGRAM ? (slot > 30 ? 10 : 0) : slot / 4, wide = slot - gap;

	for (int i = 0; i < c->n; i++) {
		int64_t x = f->left + (int64_t)(f->right - f->left) * i / c->n + gap / 2, base = 0;
		for (int s = 0; s < c->n_series; s++) {
			int64_t v = value_at(c, s, i);
			if (v == CHART_NONE)
				continue;
			if (c->kind == CHART_STACKED) {
				put_box(f, s, i, x, y_of(f, base + v), wide, y_of(f, base) - y_of(f, base + v));
				base += v;
			} else {
				put_box(f, s, i, x + wide * s / c->n_series, y_of(f, v), wide * (s + 1) / c->n_series - wide * s
					/ c->n_series,
					f->bottom - y_of(f, v));
			}
		}
	}
}

/* ---- bars: as wide as the page, in hundredths of a percent ---------------------------------------- */

enum { BAR_LABEL = 17, BAR_GAP = 7, BAR_HEAD = 20 /* px */ };

static int bar_high(const struct chart *c) { return c->n_series > 1 ? 8 : 9; }
static int bar_row(const struct chart *c) { return BAR_LABEL + bar_high(c) * c->n_series + BAR_GAP; }

static void put_percent(struct buf *b, const char *name, int64_t hundredths)
{
	put_fmt(b, " %s=\"%lld.%02lld%%\"", name, (long long)(hundredths / 100), (long long)(hundredths % 100));
}

static void put_bar(struct frame *f, int series, int i, int y)
{
	const struct chart *c = f->c;
	int64_t v = value_at(c, series, i), wide = scaled(f, v, 10000);
	bool low = i < c->low;

	if (wide <= 0)
		return;
	put_fmt(f->b, "<rect class=\"%s%d\" fill=\"%s\" y=\"%d\" height=\"%d\"", low ? "chart-low chart-s" : "chart-s",
		series, low ? low_fill : looks[series].fill, y, bar_high(c));
	put_percent(f->b, "width", wide);
	put_name(f, series, i);
}

/* The label stands above its bars and a single value at the other end of its line: whatever the width, none is cut and
 * no bar ends where it is not seen. */
static void bars(struct frame *f)
{
	const struct chart *c = f->c;
	int top = c->n_series > 1 ? BAR_HEAD : 0;

	for (int i = 0; i < c->n; i++) {
		int y = top + bar_row(c) * i, foot = y + BAR_LABEL + bar_high(c) * c->n_series;

		put_fmt(f->b, "<text x=\"0\" y=\"%d\">", y + 13);
		put_html(f->b, c->labels[i]);
		put_z(f->b, "</text>");
		if (c->n_series == 1 && value_at(c, 0, i) != CHART_NONE) {
			put_fmt(f->b, "<text x=\"100%%\" y=\"%d\" text-anchor=\"end\">", y + 13);
			put_html(f->b, chart_number(f->mem, value_at(c, 0, i), c->decimals));
			put_z(f->b, "</text>");
		}
		put_fmt(f->b, "<line class=\"chart-grid\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\" stroke=\"currentColor\" "
			"stroke-opacity=\".2\"/>", foot, foot);
		for (int s = 0; s < c->n_series; s++)
			put_bar(f, s, i, y + BAR_LABEL + bar_high(c) * s);
	}
}

static void lines(struct frame *f, bool points)
{
	const struct chart *c = f->c;

	for (int s = 0; s < c->n_series; s++) {
		bool open = false;
		put_fmt(f->b, "<path class=\"chart-s%d\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"", s, looks[s].fill);
		if (looks[s].dash[0])
			put_fmt(f->b, " stroke-dasharray=\"%s\"", looks[s].dash);
		put_z(f->b, " d=\"");
		for (int i = 0; i < c->n; i++) {
			int64_t v = value_at(c, s, i);
			if (v != CHART_NONE) {
				put_c(f->b, open ? 'L' : 'M');
				put_tenths(f->b, x_of(f, i));
				put_c(f->b, ' ');
				put_tenths(f->b, y_of(f, v));
			}
			open = v != CHART_NONE;
		}
		put_z(f->b, "\"/>");
		for (int i = 0; i < c->n && points; i++)
			if (value_at(c, s, i) != CHART_NONE)
				put_box(f, s, i, x_of(f, i) - 35, y_of(f, value_at(c, s, i)) - 35, 70, 70);
	}
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static void open_svg(struct frame *f, int w, int h)
{
	const struct chart *c = f->c;

	if (c->kind == CHART_BAR)
		put_fmt(f->b, "<svg class=\"chart chart-flat\" xmlns=\"http://www.w3.org/2000/svg\" width=\"100%%\" "
			"height=\"%d\"", h);
	else
		put_fmt(f->b, "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
			"height=\"%d\"", w, h, w, h);
	put_fmt(f->b, " role=\"img\" aria-labelledby=\"%.*s-t %.*s-d\" font-family=\"system-ui,sans-serif\" "
		"font-size=\"12\" fill=\"currentColor\"><title id=\"%.*s-t\">", FMT(c->id), FMT(c->id), FMT(c->id));
	put_html(f->b, c->title);
	put_fmt(f->b, "</title><desc id=\"%.*s-d\">", FMT(c->id));
	put_html(f->b, c->desc);
	put_z(f->b, "</desc>");
}

static void place_frame(struct frame *f, int w, int h)
{
	const struct chart *c = f->c;
	ptrdiff_t widest = str_chars(chart_number(f->mem, f->max, c->decimals));

	f->left = (int)widest * LETTER + 110;
	if (f->left > w * 5)
		f->left = w * 5;
	f->right = w * 10 - 100;
	f->top = (c->n_series > 1 ? 260 : 80) + (c->y_title.n ? 160 : 0);
	f->bottom = h * 10 - 220 - (c->x_title.n ? 160 : 0);
}

static void draw(struct frame *f, int w, int h)
{
	const struct chart *c = f->c;

	if (c->kind == CHART_SPARK) {
		f->left = 20, f->top = 30, f->right = w * 10 - 20, f->bottom = h * 10 - 30;
		lines(f, false);
		return;
	}
	if (c->kind == CHART_BAR) {
		legend(f);
		bars(f);
		return;
	}
	place_frame(f, w, h);
	value_axis(f);
	legend(f);
	titles(f, h * 10);
	category_axis(f);
	if (c->kind == CHART_LINE)
		lines(f, true);
	else
		columns(f);
}

html chart_draw(struct arena *a, const struct chart *c)
{
	struct buf b;
	struct frame f = { .c = c, .b = &b, .mem = a };
	int w = c->width, h = c->height;

	if (c->n <= 0 || c->n_series <= 0 || c->n_series > SERIES)
		return html_made(S(""), "nothing to draw");
	if (w <= 0)
		w = c->kind == CHART_SPARK ? 96 : 640;
	if (h <= 0)
		h = c->kind == CHART_SPARK ? 24 : 280;
	if (c->kind == CHART_BAR)
		h = (c->n_series > 1 ? BAR_HEAD : 0) + c->n * bar_row(c);
	buf_init(&b, a, MARKUP_MAX);
	choose_axis(&f);
	open_svg(&f, w, h);
	draw(&f, w, h);
	put_z(&b, "</svg>");
	return html_made(buf_str(&b), "drawn by chart.c: every text went through put_html");
}
