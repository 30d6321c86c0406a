/* print_lay.c -- blocks from top to bottom; pages end between lines, never inside what is kept together. Tables:
 * print_table.c. */
#include "core/print_in.h"
#include "base/log.h"

/* a text in what is kept together has no more lines: "…" */
enum { KEPT_LINES = 8 };
static const double PARAGRAPH = 6, COLUMN_GAP = 4 * MM, SIGN_ROOM = 24 * MM, HEADING_LEFT = 0.415, HEADING_GAP = 2 * MM;

void print_need(struct print_sheets *p, double h)
{
	if (p->whole || p->y + h <= p->bottom || p->y <= p->top)
		return;
	print_new_leaf(p);
	if (p->table)
		print_table_head(p);
}

static struct print_style style_of(const struct print_sheets *p, const struct print_node *n)
{
	struct print_style t = { .size = p->small ? 11 : 13, .spaced = !p->whole };
	if (n->tag == TAG_H1)
		t = (struct print_style){ .size = p->small ? 13 : 14, .bold = true, .side = PANGO_ALIGN_CENTER };
	else if (n->tag == TAG_H2)
		t.bold = true;
	if (n->is & (IS_SMALL | IS_TINY))
		t.size = n->is & IS_TINY ? 9 : 11;
	if (n->is & IS_NAME)
		t.bold = true;
	if (n->is & (IS_CENTER | IS_LINE | IS_SHORT) || (p->whole && !(n->is & (IS_LEFT | IS_RIGHT))))
		t.side = PANGO_ALIGN_CENTER;
	else if (n->is & IS_RIGHT)
		t.side = PANGO_ALIGN_RIGHT;
	else if (n->tag == TAG_P && !(n->is & (IS_LEFT | IS_DOTS)))
		t.justify = true;
	return t;
}

/* The line below a motto or a unit's name, and the dots that wait to be written on. */
static void rules(struct print_sheets *p, const struct print_node *n, PangoLayout *l, double x, double w)
{
	struct print_mark m = { .kind = MARK_RULE, .y = p->y + 2 };
	PangoRectangle all;
	int wide, tall;
	if (n->is & (IS_LINE | IS_SHORT)) {
		pango_layout_get_size(l, &wide, &tall);
		m.w = n->is & IS_SHORT ? w * 0.36 : (double)wide / PANGO_SCALE;
		m.x = x + (w - m.w) / 2;
		print_put(p, p->n - 1, &m);
		p->y += 4;
	}
	if (n->is & IS_DOTS) {
		PangoLayoutLine *last = pango_layout_get_line_readonly(l, pango_layout_get_line_count(l) - 1);
		pango_layout_line_get_extents(last, NULL, &all);
		m.kind = MARK_DOTS;
		m.x = x + (double)all.width / PANGO_SCALE + 3;
		m.w = x + w - m.x;
		m.y = p->y - 3;
		if (m.w > 10)
			print_put(p, p->n - 1, &m);
	}
}

/* A heading does not stand alone at the foot; in the lower part of a page it goes along with a table that a new page
 * holds whole. */
static double below_heading(struct print_sheets *p, const struct print_node *n)
{
	enum { FOOT = 40, TABLE_FOOT = 90 /* a table does not begin with less below it */ };
	const double page = p->bottom - p->top;

	if (!n->next || n->next->tag != TAG_TABLE)
		return FOOT;
	if (!(n->next->is & IS_FIT) || p->y - p->top < page / 3)
		return TABLE_FOOT;
	double least = print_fit_least(p, n->next);
	return least < page - FOOT ? least : TABLE_FOOT;
}

static void text_block(struct print_sheets *p, const struct print_node *n, double x, double w)
{
	struct print_style t = style_of(p, n);
	PangoLayout *l = print_layout(p, n, w, &t);
	int from = 0, all;
	if (p->whole) {
		pango_layout_set_height(l, -KEPT_LINES);
		pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
		print_put(p, p->n - 1, &(struct print_mark){ .kind = MARK_TEXT, .x = x, .y = p->y, .text = l, .to = -1 });
		p->y += print_height(l);
		rules(p, n, l, x, w);
		return;
	}
	if (n->tag == TAG_H2)
		p->y += p->y > p->top ? 6 : 0;
	if (n->tag != TAG_P)
		print_need(p, print_height(l) + below_heading(p, n));
	all = pango_layout_get_line_count(l);
	do {
		double h;
		int fit = print_lines_fit(l, from, p->bottom - p->y, &h);
		if (fit == 0 && p->y > p->top) {
			print_new_leaf(p);
			continue;
		}
		if (fit == 0)
			fit = 1;
		print_put(p, p->n - 1, &(struct print_mark){ .kind = MARK_TEXT, .x = x, .y = p->y, .text = g_object_ref(l),
			.from = from, .to = from + fit });
		from += fit;
		p->y += h;
	} while (from < all);
	rules(p, n, l, x, w);
	g_object_unref(l);
	p->y += n->is & IS_SMALL ? PARAGRAPH / 2 : PARAGRAPH;
}

void print_figure(struct print_sheets *p, const struct print_node *n, int leaf, double x, double y, double side)
{
	struct print_mark m = { .kind = MARK_QR, .x = x, .y = y, .w = side };

	if (print_qr(&p->mem, n->text, &m.qr))
		print_put(p, leaf, &m);
}

static void figure(struct print_sheets *p, const struct print_node *n, double x, double w)
{
	double side = (n->width ? n->width : PRINT_QR_MM) * MM, gap = 3 * MM;
	PangoLayout *l = print_layout(p, n, w - side - gap, &(struct print_style){ .size = 11 });
	double h = print_height(l);
	h = h > side ? h : side;
	print_need(p, h);
	print_figure(p, n, p->n - 1, x, p->y, side);
	print_put(p, p->n - 1, &(struct print_mark){ .kind = MARK_TEXT, .x = x + side + gap, .y = p->y, .text = l,
		.to = -1 });
	p->y += h + PARAGRAPH;
}

void print_image(struct print_sheets *p, const struct print_node *n, int leaf, double x, double y)
{
	enum { PAPER_DPI = 300 };
	struct print_mark m = { .kind = MARK_IMAGE, .x = x, .y = y, .w = n->width * MM, .h = n->height * MM,
		.image = p->files ? print_picture(p->files, n, PAPER_DPI) : NULL };

	if (m.image) {
		print_put(p, leaf, &m);
		return;
	}
	m.kind = MARK_BOX;
	print_put(p, leaf, &m);
	struct print_node words = { .tag = TAG_TEXT, .text = n->text }, line = { .tag = TAG_P, .first = &words };
	PangoLayout *l = print_layout(p, &line, m.w - 4, &(struct print_style){ .size = 9, .side = PANGO_ALIGN_CENTER });
	pango_layout_set_height(l, (int)(m.h * PANGO_SCALE));
	pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
	double h = print_height(l);
	print_put(p, leaf, &(struct print_mark){ .kind = MARK_TEXT, .x = x + 2, .y = h < m.h ? y + (m.h - h) / 2 : y,
		.text = l, .to = -1 });
}

const struct print_node *print_fitted(struct print_sheets *p, const struct print_node *n, double w, double h)
{
	struct print_node *own = NEW(&p->mem, struct print_node);

	*own = *n;
	own->width = n->width * MM > w ? (int)(w / MM) : n->width;
	own->height = n->height * MM > h ? (int)(h / MM) : n->height;
	return own;
}

static void image_block(struct print_sheets *p, const struct print_node *n, double x, double w)
{
	n = print_fitted(p, n, w, p->bottom - p->top);
	double wide = n->width * MM, h = n->height * MM;
	bool center = n->is & IS_CENTER || (p->whole && !(n->is & (IS_LEFT | IS_RIGHT)));

	print_need(p, h);
	print_image(p, n, p->n - 1, n->is & IS_RIGHT ? x + w - wide : center ? x + (w - wide) / 2 : x, p->y);
	p->y += h + PARAGRAPH;
}

/* ---- side by side ---------------------------------------------------------------------------------------- */

static void blocks(struct print_sheets *p, const struct print_node *in, double x, double w);

static void one_column(struct print_sheets *p, const struct print_node *column, bool is_signed, double x, double w)
{
	for (const struct print_node *k = column->first; k; k = k->next) {
		if (is_signed && k->is & IS_NAME)
			p->y += SIGN_ROOM;
		if (k->tag == TAG_FIGURE)
			figure(p, k, x, w);
		else if (k->tag == TAG_IMG)
			image_block(p, k, x, w);
		else
			text_block(p, k, x, w);
	}
}

/* What was drawn on this page after a mark goes to a new page. */
static void carry_over(struct print_sheets *p, int leaf, struct print_mark *after, double from)
{
	struct print_leaf *old = &p->leaves[leaf];
	struct print_mark *moved = after ? after->next : old->first;
	struct print_mark *last = old->last;
	if (!moved)
		return;
	if (after)
		after->next = NULL;
	else
		old->first = NULL;
	old->last = after;
	print_new_leaf(p);
	for (struct print_mark *m = moved; m; m = m->next)
		m->y += p->top - from;
	p->leaves[p->n - 1] = (struct print_leaf){ moved, last };
}

static void columns(struct print_sheets *p, const struct print_node *n, double x, double w)
{
	bool is_signed = n->is & IS_SIGNED;
	int count = 0, i = 0, leaf = p->n - 1;
	struct print_mark *after = p->leaves[leaf].last;
	if (is_signed)
		p->y += 10;
	double top = p->y, end = top;
	for (const struct print_node *k = n->first; k; k = k->next)
		count++;
	if (count == 0)
		return;
	p->whole = true;
	for (const struct print_node *k = n->first; k; k = k->next, i++) {
		bool head = n->is & IS_HEADING && count == 2;
		double room = w - (head ? HEADING_GAP : COLUMN_GAP) * (count - 1);
		double wide = room * (!head ? 1.0 / count : i ? 1 - HEADING_LEFT : HEADING_LEFT);
		p->y = top;
		one_column(p, k, is_signed, i && head ? x + w - wide : x + i * (wide + COLUMN_GAP), wide);
		end = p->y > end ? p->y : end;
	}
	p->whole = false;
	p->y = end;
	if (end > p->bottom && top > p->top) {
		carry_over(p, leaf, after, top);
		p->y = p->top + end - top;
	}
	p->y += n->is & IS_HEADING ? 14 : PARAGRAPH;
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static void block(struct print_sheets *p, const struct print_node *k, double x, double w)
{
	switch (k->tag) {
	case TAG_DIV:
		if (k->is & IS_COLUMNS)
			columns(p, k, x, w);
		else
			blocks(p, k, x, w);
		break;
	case TAG_TABLE: print_table(p, k); break;
	case TAG_FIGURE: figure(p, k, x, w); break;
	case TAG_IMG: image_block(p, k, x, w); break;
	case TAG_HR: print_new_leaf(p); break;
	default: text_block(p, k, x, w); break;
	}
}

static void blocks(struct print_sheets *p, const struct print_node *in, double x, double w)
{
	for (const struct print_node *k = in->first; k; k = k->next)
		block(p, k, x, w);
}

static bool belongs(const struct print_node *k)
{
	return k->tag == TAG_P || k->tag == TAG_FIGURE || k->tag == TAG_IMG || (k->tag == TAG_DIV && k->is & IS_COLUMNS);
}

/* Laid out on a page as long as it takes, which is then forgotten. */
double print_tail(struct print_sheets *p, const struct print_node *table)
{
	const double y = p->y, bottom = p->bottom;
	const int leaf = p->n;

	print_new_leaf(p);
	p->bottom = 1e9;
	for (const struct print_node *k = table->next; k && belongs(k); k = k->next)
		block(p, k, p->left, p->right - p->left);
	double h = p->y - p->top;
	print_cut(p, leaf);
	p->y = y;
	p->bottom = bottom;
	return h;
}

enum rc print_article(struct print_sheets *p, const struct print_node *article)
{
	p->small = article->is & IS_SMALL;
	print_new_leaf(p);
	blocks(p, article, p->left, p->right - p->left);
	if (p->pages + p->n > PRINT_PAGES_MAX) {
		print_forget(p);
		return E_LIMIT;
	}
	return print_out(p);
}

static enum rc add_tree(struct print_sheets *p, struct arena *mem, str markup)
{
	static const struct tr MSG_long = { "Bản in quá dài: tối đa {1} trang.",
		"The document is too long: at most {1} pages." };
	struct print_files files;
	char why[256] = "";
	const struct print_node *top = print_tree(mem, markup, why);
	enum rc rc = OK;
	if (!top) {
		log_line(LOG_ERROR, "print", "why", why, NULL);
		return E_FAULT;
	}
	TRY(print_files_find(p->c, mem, top, &files));
	p->files = &files;
	for (const struct print_node *a = top->first; a && rc == OK; a = a->next)
		rc = print_article(p, a);
	p->files = NULL;
	return rc == E_LIMIT ? FAILF(p->c, rc, 0, &MSG_long, TEXT(p->c, "%d", PRINT_PAGES_MAX)) : rc;
}

static void free_arena(void *mem)
{
	arena_free(mem);
}

/* Markup and tree live in an arena of their own, which ends before the next document of a job. */
static struct arena *own_arena(struct ctx *c)
{
	struct arena *mem = NEW(c->mem, struct arena);
	arena_init(mem, (size_t)256 << 20);
	mem->full = c->mem->full;
	arena_at_end(c->mem, free_arena, mem);
	return mem;
}

enum rc print_markup(struct print_sheets *p, str markup)
{
	struct arena *mem = own_arena(p->c);
	enum rc rc = add_tree(p, mem, markup);
	arena_free(mem);
	return rc;
}

enum rc print_add(struct print_sheets *p, const char *page, const struct shape *shape, const void *view)
{
	struct arena *mem = own_arena(p->c);
	str markup;
	enum rc rc = print_render(p->c, mem, page, shape, view, &markup);
	if (rc == OK)
		rc = add_tree(p, mem, markup);
	arena_free(mem);
	return rc;
}
