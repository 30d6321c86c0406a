/* print.c -- see print.h. Pages are kept as recordings until the last one is known, so that each can say "x/y". Lengths are
 * points (1/72 inch), as cairo has them. */
#include "core/print.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <unistd.h>

#define MM (72.0 / 25.4)
enum { COLUMNS = 64, PAGES = 10000 };
static const double TOP = 20 * MM, BOTTOM = 20 * MM, LEFT = 30 * MM, RIGHT = 15 * MM, PAD = 1.2 * MM, LINE = 0.5;
static const char SERIF[] = "Liberation Serif, Times New Roman, DejaVu Serif";

struct table { struct print_column at[COLUMNS]; double x[COLUMNS + 1]; int n; double size; bool open; };
struct print_doc {
	struct ctx *c;
	double width, height, y;
	str foot;
	cairo_surface_t **pages; int n, cap;             /* recordings; the last one is being drawn            */
	cairo_t *cr;
	PangoContext *pango;
	struct table table;
};

enum paper paper_named(str name)
{
	bool wide = str_ends(name, S("ngang")) || str_ends(name, S("wide"));
	return str_starts(name, S("A3")) ? wide ? PAPER_A3_WIDE : PAPER_A3 : wide ? PAPER_A4_WIDE : PAPER_A4;
}

static void free_doc(void *arg)
{
	struct print_doc *p = arg;
	if (p->cr)
		cairo_destroy(p->cr);
	for (int i = 0; i < p->n; i++)
		cairo_surface_destroy(p->pages[i]);
	if (p->pango)
		g_object_unref(p->pango);
	*p = (struct print_doc){ .c = p->c };
}

/* ---- text --------------------------------------------------------------------------------------- */

struct style { double size; bool bold, italic; enum print_side side; };

static PangoLayout *lay_out(struct print_doc *p, str text, double width, const struct style *t)
{
	static const PangoAlignment sides[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
	PangoLayout *l = pango_layout_new(p->pango);
	PangoFontDescription *f = pango_font_description_from_string(SERIF);
	pango_font_description_set_absolute_size(f, t->size * PANGO_SCALE);
	pango_font_description_set_weight(f, t->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_style(f, t->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
	pango_layout_set_font_description(l, f);
	pango_font_description_free(f);
	if (width > 0)
		pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(l, sides[t->side]);
	pango_layout_set_text(l, text.n ? text.p : "", (int)text.n);
	return l;
}

static double height_of(PangoLayout *l)
{
	int w, h;
	pango_layout_get_size(l, &w, &h);
	return (double)h / PANGO_SCALE;
}

static double width_of(PangoLayout *l)
{
	int w, h;
	pango_layout_get_size(l, &w, &h);
	return (double)w / PANGO_SCALE;
}

/* Draws and lets go of a layout; returns its height. */
static double show(cairo_t *cr, PangoLayout *l, double x, double y)
{
	double h = height_of(l);
	cairo_move_to(cr, x, y);
	pango_cairo_show_layout(cr, l);
	g_object_unref(l);
	return h;
}

static double text_at(struct print_doc *p, str text, double x, double y, double width, const struct style *t)
{
	return show(p->cr, lay_out(p, text, width, t), x, y);
}

static void rule(cairo_t *cr, double x1, double y1, double x2, double y2)
{
	cairo_set_line_width(cr, LINE);
	cairo_move_to(cr, x1, y1);
	cairo_line_to(cr, x2, y2);
	cairo_stroke(cr);
}

/* ---- pages ---------------------------------------------------------------------------------------- */

static double text_width(const struct print_doc *p)
{
	return p->width - LEFT - RIGHT;
}

void print_new_page(struct print_doc *p)
{
	if (p->n == PAGES)
		return;
	if (p->n == p->cap) {
		int cap = p->cap ? p->cap * 2 : 16;
		cairo_surface_t **wider = NEWS(p->c->mem, cairo_surface_t *, cap);
		if (p->n)
			memcpy(wider, p->pages, sizeof *wider * (size_t)p->n);
		p->pages = wider;
		p->cap = cap;
	}
	if (p->cr)
		cairo_destroy(p->cr);
	cairo_rectangle_t all = { 0, 0, p->width, p->height };
	p->pages[p->n] = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &all);
	p->cr = cairo_create(p->pages[p->n++]);
	p->y = TOP;
}

static void draw_head_row(struct print_doc *p);

/* Begins a new page unless h fits on this one. True: it did. */
static bool need(struct print_doc *p, double h)
{
	if (p->y + h <= p->height - BOTTOM || p->y <= TOP)
		return false;
	print_new_page(p);
	if (p->table.open)
		draw_head_row(p);
	return true;
}

/* ---- heading ----------------------------------------------------------------------------------------- */

static void underline(struct print_doc *p, double x, double width, double part)
{
	rule(p->cr, x + width * (1 - part) / 2, p->y + 2, x + width * (1 + part) / 2, p->y + 2);
}

static void draw_heading(struct print_doc *p, const struct print_head *h)
{
	const struct style plain = { 12, false, false, SIDE_CENTER }, bold = { 12, true, false, SIDE_CENTER }, motto = { 13, true, false, SIDE_CENTER },
		slanted = { 13, false, true, SIDE_CENTER };
	double w = text_width(p), left = w * 0.42, right = w * 0.58, top = p->y, x = LEFT + left;
	if (h->above.n)
		p->y += text_at(p, h->above, LEFT, p->y, left, &plain);
	p->y += text_at(p, h->org, LEFT, p->y, left, &bold);
	underline(p, LEFT, left, 0.4);
	if (h->number.n)
		p->y += 8 + text_at(p, h->number, LEFT, p->y + 8, left, &plain);
	double under_left = p->y;
	p->y = top;
	p->y += text_at(p, S("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), x, p->y, right, &bold);
	PangoLayout *l = lay_out(p, S("Độc lập - Tự do - Hạnh phúc"), right, &motto);
	int ink_width;
	pango_layout_get_pixel_size(l, &ink_width, NULL);
	p->y += show(p->cr, l, x, p->y);
	underline(p, x, right, right > 0 ? ink_width / right : 0);
	if (h->date.v != NO_DAY.v) {
		struct ymd d = day_ymd(h->date);
		str when = TEXT(p->c, "%.*s%sngày %02d tháng %02d năm %d", FMT(h->place), h->place.n ? ", " : "", d.d, d.m, d.y);
		p->y += 8 + text_at(p, when, x, p->y + 8, right, &slanted);
	}
	if (p->y < under_left)
		p->y = under_left;
	p->y += 14;
}

enum rc print_begin(struct ctx *c, enum paper paper, const struct print_head *head, str title, str subtitle, str foot, struct print_doc **ret)
{
	bool a3 = paper == PAPER_A3 || paper == PAPER_A3_WIDE, wide = paper == PAPER_A4_WIDE || paper == PAPER_A3_WIDE;
	double narrow = (a3 ? 297 : 210) * MM, tall = (a3 ? 420 : 297) * MM;
	struct print_doc *p = NEW(c->mem, struct print_doc);
	*p = (struct print_doc){ .c = c, .width = wide ? tall : narrow, .height = wide ? narrow : tall, .foot = str_copy(c->mem, foot) };
	p->pango = pango_font_map_create_context(pango_cairo_font_map_get_default());
	if (!p->pango)
		return E_FAULT;
	pango_context_set_language(p->pango, pango_language_from_string("vi"));
	arena_at_end(c->mem, free_doc, p);
	print_new_page(p);
	if (head && head->org.n)
		draw_heading(p, head);
	if (title.n)
		p->y += text_at(p, title, LEFT, p->y, text_width(p), &(struct style){ 14, true, false, SIDE_CENTER });
	if (subtitle.n)
		p->y += text_at(p, subtitle, LEFT, p->y, text_width(p), &(struct style){ 13, false, true, SIDE_CENTER });
	if (title.n)
		p->y += 10;
	*ret = p;
	return OK;
}

void print_paragraph(struct print_doc *p, str text, enum print_side side, bool bold, bool italic)
{
	PangoLayout *l = lay_out(p, text, text_width(p), &(struct style){ 13, bold, italic, side });
	if (side == SIDE_LEFT)
		pango_layout_set_justify(l, true);
	PangoLayoutIter *at = pango_layout_get_iter(l);
	do {                                             /* line by line: a long text may cross pages          */
		PangoRectangle all;
		pango_layout_iter_get_line_extents(at, NULL, &all);
		double h = (double)all.height / PANGO_SCALE * 1.15;
		need(p, h);
		cairo_move_to(p->cr, LEFT + (double)all.x / PANGO_SCALE, p->y + h * 0.8);
		pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(at));
		p->y += h;
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
	g_object_unref(l);
	p->y += 6;
}

void print_heading(struct print_doc *p, str text)
{
	PangoLayout *l = lay_out(p, text, text_width(p), &(struct style){ 13, true, false, SIDE_LEFT });
	need(p, height_of(l) + 30);
	p->y += 6;
	p->y += show(p->cr, l, LEFT, p->y) + 4;
}

void print_space(struct print_doc *p, int mm)
{
	p->y += mm * MM;
}

/* ---- tables --------------------------------------------------------------------------------------------- */

static double row_height(struct print_doc *p, const str *cells, bool bold, PangoLayout **layouts)
{
	double most = 0;
	for (int i = 0; i < p->table.n; i++) {
		struct style t = { p->table.size, bold, false, p->table.at[i].side };
		layouts[i] = lay_out(p, cells[i], p->table.x[i + 1] - p->table.x[i] - 2 * PAD, &t);
		double h = height_of(layouts[i]);
		most = h > most ? h : most;
	}
	return most + 2 * PAD;
}

static void draw_row(struct print_doc *p, PangoLayout **layouts, double h)
{
	const struct table *t = &p->table;
	for (int i = 0; i < t->n; i++) {
		cairo_save(p->cr);
		cairo_rectangle(p->cr, t->x[i], p->y, t->x[i + 1] - t->x[i], h);
		cairo_clip(p->cr);
		show(p->cr, layouts[i], t->x[i] + PAD, p->y + PAD);
		cairo_restore(p->cr);
	}
	for (int i = 0; i <= t->n; i++)
		rule(p->cr, t->x[i], p->y, t->x[i], p->y + h);
	rule(p->cr, t->x[0], p->y, t->x[t->n], p->y);
	rule(p->cr, t->x[0], p->y + h, t->x[t->n], p->y + h);
	p->y += h;
}

static void draw_head_row(struct print_doc *p)
{
	PangoLayout *layouts[COLUMNS];
	str heads[COLUMNS];
	struct table *t = &p->table;
	enum print_side sides[COLUMNS];
	for (int i = 0; i < t->n; i++) {
		heads[i] = t->at[i].head;
		sides[i] = t->at[i].side;
		t->at[i].side = SIDE_CENTER;
	}
	double h = row_height(p, heads, true, layouts);
	cairo_save(p->cr);
	cairo_set_source_rgb(p->cr, 0.93, 0.93, 0.93);
	cairo_rectangle(p->cr, t->x[0], p->y, t->x[t->n] - t->x[0], h);
	cairo_fill(p->cr);
	cairo_restore(p->cr);
	draw_row(p, layouts, h);
	for (int i = 0; i < t->n; i++)
		t->at[i].side = sides[i];
}

void print_table_begin(struct print_doc *p, const struct print_column *columns, int n)
{
	struct table *t = &p->table;
	int64_t all = 0;
	*t = (struct table){ .n = n < COLUMNS ? n : COLUMNS, .size = n > 10 ? 9 : n > 6 ? 10 : 11 };
	for (int i = 0; i < t->n; i++)
		all += columns[i].weight > 0 ? columns[i].weight : 1;
	t->x[0] = LEFT;
	for (int i = 0; i < t->n; i++) {
		t->at[i] = columns[i];
		t->at[i].head = str_copy(p->c->mem, columns[i].head);
		t->x[i + 1] = t->x[i] + text_width(p) * (columns[i].weight > 0 ? columns[i].weight : 1) / (double)all;
	}
	need(p, 60);
	t->open = true;
	draw_head_row(p);
}

void print_row(struct print_doc *p, const str *cells, bool bold)
{
	PangoLayout *layouts[COLUMNS];
	double page = p->height - TOP - BOTTOM - 60, h = row_height(p, cells, bold, layouts);
	if (h > page)
		h = page;                                /* taller than a page: cut                            */
	need(p, h);
	draw_row(p, layouts, h);
}

void print_table_end(struct print_doc *p)
{
	p->table.open = false;
	p->y += 8;
}

/* ---- signatures, QR --------------------------------------------------------------------------------------- */

void print_signatures(struct print_doc *p, const struct print_signature *at, int n)
{
	n = n > 4 ? 4 : n;
	if (n < 1)
		return;
	double w = text_width(p) / n;
	need(p, 120);
	p->y += 10;
	for (int i = 0; i < n; i++) {
		double y = p->y, x = LEFT + w * i;
		y += text_at(p, at[i].by, x, y, w, &(struct style){ 13, true, false, SIDE_CENTER });
		text_at(p, at[i].note, x, y, w, &(struct style){ 12, false, true, SIDE_CENTER });
		text_at(p, at[i].name, x, p->y + 88, w, &(struct style){ 13, true, false, SIDE_CENTER });
	}
	p->y += 110;
}

void print_qr(struct print_doc *p, str text, str caption, int mm)
{
	double side = mm * MM;
	QRcode *q = QRcode_encodeString8bit(str_z(p->c->mem, text), 0, QR_ECLEVEL_M);
	if (!q)
		return;
	need(p, side);
	double one = side / q->width;
	for (int y = 0; y < q->width; y++)
		for (int x = 0; x < q->width; x++)
			if (q->data[y * q->width + x] & 1)
				cairo_rectangle(p->cr, LEFT + x * one, p->y + y * one, one, one);
	cairo_fill(p->cr);
	QRcode_free(q);
	text_at(p, caption, LEFT + side + 3 * MM, p->y, text_width(p) - side - 3 * MM, &(struct style){ 11, false, false, SIDE_LEFT });
	p->y += side + 6;
}

/* ---- the end -------------------------------------------------------------------------------------------------- */

struct sink { int fd; bool failed; };

static cairo_status_t sink_write(void *arg, const unsigned char *bytes, unsigned n)
{
	struct sink *s = arg;
	while (n > 0 && !s->failed) {
		ssize_t did = write(s->fd, bytes, n);
		s->failed = did <= 0;
		if (did > 0) {
			bytes += did;
			n -= (unsigned)did;
		}
	}
	return s->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void draw_margins(struct print_doc *p, cairo_t *cr, int i)
{
	const struct style small = { 9, false, false, SIDE_LEFT }, number = { 13, false, false, SIDE_CENTER };
	double w = text_width(p), y = p->height - BOTTOM + 6 * MM;
	cairo_set_source_rgb(cr, 0, 0, 0);
	if (i > 0)
		show(cr, lay_out(p, TEXT(p->c, "%d", i + 1), w, &number), LEFT, TOP - 10 * MM);
	show(cr, lay_out(p, p->foot, w * 0.85, &small), LEFT, y);
	PangoLayout *l = lay_out(p, TEXT(p->c, "%d/%d", i + 1, p->n), 0, &small);
	show(cr, l, LEFT + w - width_of(l), y);
}

enum rc print_end(struct print_doc *p, int fd, int *ret_pages)
{
	struct sink s = { fd, false };
	cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(sink_write, &s, p->width, p->height);
	cairo_t *cr = cairo_create(pdf);
	for (int i = 0; i < p->n; i++) {
		cairo_set_source_surface(cr, p->pages[i], 0, 0);
		cairo_paint(cr);
		draw_margins(p, cr, i);
		cairo_show_page(cr);
	}
	bool good = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_finish(pdf);
	good = good && cairo_surface_status(pdf) == CAIRO_STATUS_SUCCESS && !s.failed;
	cairo_surface_destroy(pdf);
	if (ret_pages)
		*ret_pages = p->n;
	free_doc(p);
	return good ? OK : E_FAULT;
}
