/* print_draw.c -- the paper and the pen: see print.h. Pages of one article are lists of marks until the last is
 * known, so that each can say "x/y"; then they are drawn and forgotten. */
#include "core/print_in.h"
#include <unistd.h>

static const double LINE = 0.5;
static const struct print_style SMALL = { .size = 9 }, NUMBER = { .size = 13, .side = PANGO_ALIGN_CENTER };

/* ---- paper -------------------------------------------------------------------------------------------- */

bool print_paper(str text, struct print_paper *ret)
{
	static const struct { const char *name; int narrow, tall;
		} sizes[] = { { "A4", 210, 297 }, { "A3", 297, 420 }, { "A5", 148, 210 } };
	str word, left;
	bool found = false;
	int *margins[] = { &ret->top, &ret->bottom, &ret->left, &ret->right }, n = 0;

	str_cut(text, ' ', &word, &left);
	*ret = (struct print_paper){ .top = 20, .bottom = 20, .left = 30, .right = 15 };
	for (ptrdiff_t i = 0; i < COUNT(sizes); i++)
		if (str_is(word, sizes[i].name)) {
			ret->width = sizes[i].narrow;
			ret->height = sizes[i].tall;
			found = true;
		}
	if (str_starts(left, S("ngang"))) {
		int tall = ret->height;
		ret->height = ret->width;
		ret->width = tall;
		str_cut(left, ' ', &word, &left);
	}
	while (left.n) {
		int64_t v;
		str_cut(left, ' ', &word, &left);
		if (n == COUNT(margins) || !str_to_int(word, &v) || v < 5 || v > 60)
			return false;
		*margins[n++] = (int)v;
	}
	return found && (n == 0 || n == COUNT(margins));
}

/* ---- text --------------------------------------------------------------------------------------------- */

PangoLayout *print_layout(struct print_sheets *p, const struct print_node *n, double width, const struct print_style *t)
{
	PangoLayout *l = pango_layout_new(p->pango);
	PangoAttrList *attrs = pango_attr_list_new();
	str text = print_text(&p->mem, n, attrs);

	pango_font_description_set_absolute_size(p->font, t->size * PANGO_SCALE);
	pango_font_description_set_weight(p->font, t->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_style(p->font, t->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
	pango_layout_set_font_description(l, p->font);
	if (width > 0)
		pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(l, t->side);
	pango_layout_set_justify(l, t->justify);
	if (t->spaced)
		pango_layout_set_line_spacing(l, 1.15F);
	pango_layout_set_text(l, text.n ? text.p : "", (int)text.n);
	/* Vietnamese has none */
	pango_attr_list_insert(attrs, pango_attr_insert_hyphens_new(false));
	pango_layout_set_attributes(l, attrs);
	pango_attr_list_unref(attrs);
	return l;
}

static PangoLayout *words(struct print_sheets *p, str text, double width, const struct print_style *t)
{
	struct print_node leaf = { .tag = TAG_TEXT, .text = text }, n = { .tag = TAG_P, .first = &leaf, .last = &leaf };
	return print_layout(p, &n, width, t);
}

double print_height(PangoLayout *l)
{
	int w, h;
	pango_layout_get_size(l, &w, &h);
	return (double)h / PANGO_SCALE;
}

int print_lines_fit(PangoLayout *l, int from, double h, double *ret_h)
{
	PangoLayoutIter *at = pango_layout_get_iter(l);
	int i = 0, n = 0, top = 0, y0, y1;

	*ret_h = 0;
	do {
		if (i++ < from)
			continue;
		pango_layout_iter_get_line_yrange(at, &y0, &y1);
		if (n == 0)
			top = y0;
		if ((double)(y1 - top) / PANGO_SCALE > h)
			break;
		*ret_h = (double)(y1 - top) / PANGO_SCALE;
		n++;
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
	return n;
}

/* ---- marks ---------------------------------------------------------------------------------------------- */

struct print_mark *print_put(struct print_sheets *p, int leaf, const struct print_mark *m)
{
	struct print_mark *own = NEW(&p->mem, struct print_mark);
	struct print_leaf *at = &p->leaves[leaf];

	*own = *m;
	own->next = NULL;
	if (at->last)
		at->last->next = own;
	else
		at->first = own;
	at->last = own;
	return own;
}

void print_new_leaf(struct print_sheets *p)
{
	if (p->n == p->cap) {
		int cap = p->cap ? p->cap * 2 : 8;
		struct print_leaf *wider = NEWS(&p->mem, struct print_leaf, cap);
		if (p->n)
			memcpy(wider, p->leaves, sizeof *wider * (size_t)p->n);
		p->leaves = wider;
		p->cap = cap;
	}
	p->leaves[p->n++] = (struct print_leaf){ NULL, NULL };
	p->y = p->top;
}

void print_cut(struct print_sheets *p, int leaf)
{
	for (int i = leaf; i < p->n; i++)
		for (struct print_mark *m = p->leaves[i].first; m; m = m->next) {
			if (m->text)
				g_object_unref(m->text);
			if (m->image)
				cairo_surface_destroy(m->image);
		}
	p->n = leaf < p->n ? leaf : p->n;
}

void print_forget(struct print_sheets *p)
{
	print_cut(p, 0);
	p->leaves = NULL;
	p->n = p->cap = 0;
	p->table = NULL;
	p->whole = false;
	arena_reset(&p->mem);
}

/* ---- the pen ---------------------------------------------------------------------------------------------- */

static void draw_lines(cairo_t *cr, const struct print_mark *m)
{
	PangoLayoutIter *at = pango_layout_get_iter(m->text);
	int i = 0, top = 0, y0, y1;

	do {
		PangoRectangle all;
		if (i < m->from)
			continue;
		if (i == m->to)
			break;
		pango_layout_iter_get_line_yrange(at, &y0, &y1);
		if (i == m->from)
			top = y0;
		pango_layout_iter_get_line_extents(at, NULL, &all);
		cairo_move_to(cr, m->x + (double)all.x / PANGO_SCALE,
			m->y + (double)(pango_layout_iter_get_baseline(at) - top) / PANGO_SCALE);
		pango_cairo_show_layout_line(cr, pango_layout_iter_get_line_readonly(at));
	} while (i++, pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
}

static void draw_text(cairo_t *cr, const struct print_mark *m)
{
	if (m->to >= 0) {
		draw_lines(cr, m);
		return;
	}
	cairo_move_to(cr, m->x, m->y);
	pango_cairo_show_layout(cr, m->text);
}

/* Reads from below upwards. */
static void draw_turned(cairo_t *cr, const struct print_mark *m)
{
	cairo_save(cr);
	cairo_translate(cr, m->x, m->y + m->h);
	cairo_rotate(cr, -3.14159265358979 / 2);
	cairo_move_to(cr, 0, 0);
	pango_cairo_show_layout(cr, m->text);
	cairo_restore(cr);
}

static void draw_qr(cairo_t *cr, const struct print_mark *m)
{
	double one = m->w / m->qr.side;
	for (int i = 0; i < m->qr.side * m->qr.side; i++)
		if (m->qr.at[i])
			cairo_rectangle(cr, m->x + i % m->qr.side * one, m->y + i / m->qr.side * one, one, one);
	cairo_fill(cr);
}

/* The whole picture in the middle of its frame. */
static void draw_image(cairo_t *cr, const struct print_mark *m)
{
	double w = cairo_image_surface_get_width(m->image), h = cairo_image_surface_get_height(m->image);
	double by = m->w / w < m->h / h ? m->w / w : m->h / h;

	cairo_save(cr);
	cairo_translate(cr, m->x + (m->w - w * by) / 2, m->y + (m->h - h * by) / 2);
	cairo_scale(cr, by, by);
	cairo_set_source_surface(cr, m->image, 0, 0);
	cairo_paint(cr);
	cairo_restore(cr);
}

static void draw_rule(cairo_t *cr, const struct print_mark *m)
{
	static const double dots[] = { 0.6, 2.2 };
	cairo_save(cr);
	if (m->kind == MARK_DOTS)
		cairo_set_dash(cr, dots, 2, 0);
	cairo_move_to(cr, m->x, m->y);
	cairo_line_to(cr, m->x + m->w, m->y);
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void draw(cairo_t *cr, const struct print_mark *m)
{
	switch (m->kind) {
	case MARK_TEXT: draw_text(cr, m); return;
	case MARK_TURNED: draw_turned(cr, m); return;
	case MARK_QR: draw_qr(cr, m); return;
	case MARK_IMAGE: draw_image(cr, m); return;
	case MARK_RULE: case MARK_DOTS: draw_rule(cr, m); return;
	case MARK_BOX:
		cairo_rectangle(cr, m->x, m->y, m->w, m->h);
		cairo_stroke(cr);
		return;
	case MARK_SHADE:
		cairo_set_source_rgb(cr, 0.93, 0.93, 0.93);
		cairo_rectangle(cr, m->x, m->y, m->w, m->h);
		cairo_fill(cr);
		cairo_set_source_rgb(cr, 0, 0, 0);
		return;
	}
}

/* Below, small, where the page comes from. The number of the page stands once: above from the second on (NĐ 30/2020,
 * Phụ lục I, phần I, mục II.8); of lists and registers, in smaller type, below as "x/y". */
static void draw_margins(struct print_sheets *p, int i)
{
	double w = p->right - p->left, y = p->bottom + 6 * MM;
	PangoLayout *l;
	int wide, tall;
	if (i > 0 && !p->small) {
		l = words(p, str_fmt(&p->mem, "%d", i + 1), w, &NUMBER);
		cairo_move_to(p->cr, p->left, p->top - 10 * MM);
		pango_cairo_show_layout(p->cr, l);
		g_object_unref(l);
	}
	if (p->foot.n == 0)
		return;
	l = words(p, p->foot, w * 0.85, &SMALL);
	cairo_move_to(p->cr, p->left, y);
	pango_cairo_show_layout(p->cr, l);
	g_object_unref(l);
	if (!p->small)
		return;
	l = words(p, str_fmt(&p->mem, "%d/%d", i + 1, p->n), 0, &SMALL);
	pango_layout_get_size(l, &wide, &tall);
	cairo_move_to(p->cr, p->right - (double)wide / PANGO_SCALE, y);
	pango_cairo_show_layout(p->cr, l);
	g_object_unref(l);
}

enum rc print_out(struct print_sheets *p)
{
	for (int i = 0; i < p->n; i++) {
		for (const struct print_mark *m = p->leaves[i].first; m; m = m->next)
			draw(p->cr, m);
		draw_margins(p, i);
		cairo_show_page(p->cr);
	}
	p->pages += p->n;
	print_forget(p);
	return p->failed || cairo_status(p->cr) != CAIRO_STATUS_SUCCESS ? E_FAULT : OK;
}

/* ---- a document --------------------------------------------------------------------------------------------- */

static cairo_status_t sink_write(void *arg, const unsigned char *bytes, unsigned n)
{
	struct print_sheets *p = arg;
	while (n > 0 && !p->failed) {
		ssize_t did = write(p->fd, bytes, n);
		p->failed = did <= 0;
		if (did > 0) {
			bytes += did;
			n -= (unsigned)did;
		}
	}
	return p->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void let_go(void *arg)
{
	struct print_sheets *p = arg;
	print_forget(p);
	if (p->cr)
		cairo_destroy(p->cr);
	if (p->pdf) {
		p->failed = true;                        /* given up half way: nothing more is written                     */
		cairo_surface_destroy(p->pdf);
	}
	if (p->pango)
		g_object_unref(p->pango);
	if (p->font)
		pango_font_description_free(p->font);
	arena_free(&p->mem);
	*p = (struct print_sheets){ .c = p->c };
}

/* Widths as the font has them: rounded to whole points, as for a screen, small type would stand with gaps. */
static void exact_widths(PangoContext *context)
{
	cairo_font_options_t *o = cairo_font_options_create();

	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, o);
	pango_context_set_round_glyph_positions(context, false);
	cairo_font_options_destroy(o);
}

enum rc print_begin(struct ctx *c, str paper, str title, str foot, int fd, struct print_sheets **ret)
{
	struct print_paper size;
	struct print_sheets *p = NEW(c->mem, struct print_sheets);

	if (!print_paper(paper, &size))
		return E_FAULT;
	*p = (struct print_sheets){ .c = c, .fd = fd, .foot = str_copy(c->mem, foot), .width = size.width * MM,
		.height = size.height * MM,
		.top = size.top * MM, .bottom = (size.height - size.bottom) * MM, .left = size.left * MM,
		.right = (size.width - size.right) * MM };
	arena_init(&p->mem, (size_t)256 << 20);
	p->mem.full = c->mem->full;
	arena_at_end(c->mem, let_go, p);
	p->pango = pango_font_map_create_context(pango_cairo_font_map_get_default());
	if (!p->pango)
		return E_FAULT;
	pango_context_set_language(p->pango, pango_language_from_string("vi"));
	exact_widths(p->pango);
	p->font = pango_font_description_from_string(PRINT_FONT);
	p->pdf = cairo_pdf_surface_create_for_stream(sink_write, p, p->width, p->height);
	cairo_pdf_surface_set_metadata(p->pdf, CAIRO_PDF_METADATA_TITLE, str_z(c->mem, title));
	cairo_pdf_surface_set_metadata(p->pdf, CAIRO_PDF_METADATA_CREATE_DATE,
		str_z(c->mem, TEXT(c, "%.*sT00:00:00", FMT(day_iso(c->mem, c->today)))));
	p->cr = cairo_create(p->pdf);
	cairo_set_line_width(p->cr, LINE);
	*ret = p;
	return OK;
}

void print_mark(struct print_sheets *p, struct stamp stamp)
{
	if (stamp.id)
		cairo_pdf_surface_set_metadata(p->pdf, CAIRO_PDF_METADATA_KEYWORDS, str_z(p->c->mem, stamp.code));
}

enum rc print_end(struct print_sheets *p, int *ret_pages)
{
	if (p->pages == 0)
		cairo_show_page(p->cr);
	bool good = cairo_status(p->cr) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(p->cr);
	p->cr = NULL;
	cairo_surface_finish(p->pdf);
	good = good && cairo_surface_status(p->pdf) == CAIRO_STATUS_SUCCESS && !p->failed;
	cairo_surface_destroy(p->pdf);
	p->pdf = NULL;
	if (ret_pages)
		*ret_pages = p->pages ? p->pages : 1;
	let_go(p);
	return good ? OK : E_FAULT;
}
