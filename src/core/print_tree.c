/* print_tree.c -- from a template to the tree of a document, and from the tree to markup for the screen. */
#include "core/print_in.h"
#include "base/log.h"
#include "core/app.h"
#include "core/view.h"
#include "core/xml.h"
#include <qrencode.h>
#include <stdio.h>

enum { MARKUP_MAX = 16 << 20, SPAN_MAX = 64, IMAGE_MM = 200 };

/* Which tags a tag may stand in, and whether it goes on within a line. */
#define IN(t) (1u << TAG_##t)
#define FLOW (IN(ARTICLE) | IN(DIV))
#define INLINE (IN(H1) | IN(H2) | IN(P) | IN(TH) | IN(TD) | IN(B) | IN(I) | IN(U) | IN(FIGURE))
static const struct { const char *name; uint32_t in; } tags[TAGS] = {
	[TAG_DOC] = { "in", 0 }, [TAG_ARTICLE] = { "article", IN(DOC) }, [TAG_H1] = { "h1", FLOW },
	[TAG_H2] = { "h2", FLOW }, [TAG_P] = { "p", FLOW },
	[TAG_DIV] = { "div", FLOW }, [TAG_TABLE] = { "table", IN(ARTICLE) }, [TAG_COLGROUP] = { "colgroup", IN(TABLE) },
	[TAG_COL] = { "col", IN(COLGROUP) },
	[TAG_THEAD] = { "thead", IN(TABLE) }, [TAG_TBODY] = { "tbody", IN(TABLE) },
	[TAG_TR] = { "tr", IN(THEAD) | IN(TBODY) },
	[TAG_TH] = { "th", IN(TR) }, [TAG_TD] = { "td", IN(TR) }, [TAG_B] = { "b", INLINE }, [TAG_I] = { "i", INLINE },
	[TAG_U] = { "u", INLINE },
	[TAG_BR] = { "br", INLINE }, [TAG_HR] = { "hr", IN(ARTICLE) }, [TAG_FIGURE] = { "figure", FLOW | IN(TD) | IN(TH) },
	[TAG_IMG] = { "img", FLOW | IN(TD) | IN(TH) },
	[TAG_TEXT] = { "text", INLINE } };
static const struct { const char *name; uint32_t is; } classes[] = { { "giua", IS_CENTER }, { "phai", IS_RIGHT },
	{ "trai", IS_LEFT }, { "nho", IS_SMALL },
	{ "be", IS_TINY }, { "tron", IS_BARE }, { "gach", IS_LINE }, { "gach-ngan", IS_SHORT }, { "cham", IS_DOTS },
	{ "cot", IS_COLUMNS },
	{ "quoc-hieu", IS_COLUMNS | IS_HEADING }, { "ky", IS_COLUMNS | IS_SIGNED }, { "ten", IS_NAME },
	{ "xam", IS_SHADED }, { "dung", IS_TURNED }, { "hoa", IS_UPPER },
	{ "vua", IS_FIT } };

/* ---- parsing ----------------------------------------------------------------------------------------- */

struct source { str left; bool begun, ended; };

/* The markup inside one root element; control characters that XML has no place for become blanks. */
static ptrdiff_t source_read(void *arg, char *p, ptrdiff_t n)
{
	struct source *s = arg;
	if (!s->begun) {
		s->begun = true;
		memcpy(p, "<in>", 4);
		return 4;
	}
	if (s->left.n == 0) {
		bool end = s->ended || n < 5;
		s->ended = true;
		memcpy(p, "</in>", end ? 0 : 5);
		return end ? 0 : 5;
	}
	n = n < s->left.n ? n : s->left.n;
	for (ptrdiff_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)s->left.p[i];
		p[i] = ch < 0x20 && ch != '\n' && ch != '\t' && ch != '\r' ? ' ' : (char)ch;
	}
	s->left = str_sub(s->left, n, -1);
	return n;
}

static bool class_read(str text, uint32_t *ret)
{
	str word;
	while (text.n) {
		bool known = false;
		str_cut(text, ' ', &word, &text);
		for (ptrdiff_t i = 0; i < COUNT(classes) && !known; i++)
			if (str_is(word, classes[i].name)) {
				*ret |= classes[i].is;
				known = true;
			}
		if (!known && word.n)
			return false;
	}
	return true;
}

/* A whole number 1..most, with or without "%"; absent: otherwise. */
static bool number_read(str text, int most, int otherwise, int *ret)
{
	int64_t v;
	*ret = otherwise;
	if (text.n == 0)
		return true;
	if (str_ends(text, S("%")))
		text = str_sub(text, 0, text.n - 1);
	if (!str_to_int(text, &v) || v < 1 || v > most)
		return false;
	*ret = (int)v;
	return true;
}

static str plain(struct arena *mem, str raw, bool cdata)
{
	struct buf b;
	buf_init(&b, mem, MARKUP_MAX);
	xml_put_text(&b, raw, cdata);
	return buf_str(&b);
}

static bool attributes_read(struct arena *mem, const struct xml *x, struct print_node *n)
{
	for (int i = 0; i < x->n_attrs; i++) {
		str name = x->attrs[i].name, value = x->attrs[i].value;
		bool cell = n->tag == TAG_TD || n->tag == TAG_TH, good = false;
		if (str_is(name, "class"))
			good = class_read(value, &n->is);
		else if (str_is(name, "width"))
			good = n->tag == TAG_IMG ? number_read(value, IMAGE_MM, 0, &n->width)
				: (n->tag == TAG_COL || n->tag == TAG_FIGURE) && number_read(value, 1000, 0, &n->width);
		else if (str_is(name, "height"))
			good = n->tag == TAG_IMG && number_read(value, IMAGE_MM, 0, &n->height);
		else if (str_is(name, "src") || str_is(name, "alt"))
			good = n->tag == TAG_IMG;
		else if (str_is(name, "colspan"))
			good = cell && number_read(value, SPAN_MAX, 1, &n->across);
		else if (str_is(name, "rowspan"))
			good = cell && number_read(value, 1000, 1, &n->down);
		else if (str_is(name, "data-qr"))
			good = n->tag == TAG_FIGURE;
		if (!good)
			return false;
	}
	if (n->tag == TAG_FIGURE)
		n->text = plain(mem, xml_attr(x, "data-qr"), false);
	if (n->tag == TAG_IMG) {
		n->source = plain(mem, xml_attr(x, "src"), false);
		n->text = plain(mem, xml_attr(x, "alt"), false);
	}
	return n->tag != TAG_IMG || (n->width > 0 && n->height > 0);
}

static bool blank(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\n' && s.p[i] != '\t' && s.p[i] != '\r')
			return false;
	return true;
}

static struct print_node *node_add(struct arena *mem, struct print_node *in, enum print_tag tag)
{
	struct print_node *n = NEW(mem, struct print_node);
	*n = (struct print_node){ .tag = tag, .across = 1, .down = 1 };
	if (in->last)
		in->last->next = n;
	else
		in->first = n;
	in->last = n;
	return n;
}

static bool wrong(char why[static 256], const char *what, str name, str in)
{
	snprintf(why, 256, "%s <%.*s> in <%.*s>", what, (int)(name.n > 60 ? 60 : name.n), name.p,
		(int)(in.n > 60 ? 60 : in.n), in.p);
	return false;
}

static bool open_tag(struct arena *mem, const struct xml *x, struct print_node **stack, int depth, char why[static 256])
{
	struct print_node *in = stack[depth - 1];
	str within = str_of(tags[in->tag].name);
	for (int t = TAG_ARTICLE; t < TAG_TEXT; t++) {
		if (!str_is(x->name, tags[t].name))
			continue;
		if (!(tags[t].in & 1u << in->tag))
			return wrong(why, "no place for", x->name, within);
		stack[depth] = node_add(mem, in, (enum print_tag)t);
		return attributes_read(mem, x, stack[depth]) || wrong(why, "an attribute that is not known on", x->name,
			within);
	}
	return wrong(why, "not in the vocabulary:", x->name, within);
}

/* U+FFFE and U+FFFF may stand in what people type, but not in XML. */
static str without_noncharacters(struct arena *mem, str s)
{
	char *copy = NULL;
	for (ptrdiff_t i = 0; i + 2 < s.n; i++) {
		if ((unsigned char)s.p[i] != 0xEF || (unsigned char)s.p[i + 1] != 0xBF || (unsigned char)s.p[i + 2] < 0xBE)
			continue;
		if (!copy)
			copy = str_z(mem, s);
		memset(copy + i, ' ', 3);
	}
	return copy ? (str){ copy, s.n } : s;
}

const struct print_node *print_tree(struct arena *mem, str markup, char why[static 256])
{
	struct source s = { .left = without_noncharacters(mem, markup) };
	struct xml *x = NEW(mem, struct xml);
	struct print_node *top = NEW(mem, struct print_node), *stack[XML_DEPTH + 2] = { top };
	int depth = 0;
	top->tag = TAG_DOC;
	xml_init(x, mem, source_read, &s);
	for (;;) {
		switch (xml_next(x)) {
		case XML_OPEN:
			if (depth > 0 && !open_tag(mem, x, stack, depth, why))
				return NULL;
			depth++;
			break;
		case XML_CLOSE:
			depth--;
			break;
		case XML_TEXT:
			if (tags[TAG_TEXT].in & 1u << stack[depth - 1]->tag)
				node_add(mem, stack[depth - 1], TAG_TEXT)->text = plain(mem, x->text, x->cdata);
			else if (!blank(x->text))
				return wrong(why, "text stands outside a paragraph:", str_sub(x->text, 0, 40),
					str_of(tags[stack[depth - 1]->tag].name)), NULL;
			break;
		case XML_DONE:
			return top;
		case XML_BAD:
			snprintf(why, 256, "%s", x->bad);
			return NULL;
		}
	}
}

enum rc print_render(struct ctx *c, struct arena *mem, const char *page, const struct shape *shape, const void *view,
	str *ret)
{
	/* a document knows nothing of the frame around pages */
	static const struct shell shell;
	struct view_source source;
	struct buf b;
	char why[256];
	str name = str_of(page);
	if (str_ends(name, S(".html")))
		name = str_sub(name, 0, name.n - 5);
	const struct template *t = template_get(c->app->pages[c->lang], name, why);
	if (!t) {
		log_line(LOG_ERROR, "template", "page", page, "why", why, NULL);
		return E_FAULT;
	}
	view_source(&source, c, &shell);
	buf_init(&b, mem, MARKUP_MAX);
	TRY(template_render(t, &source.source, view_of(view, shape), mem, &b));
	if (b.over)
		return E_LIMIT;
	*ret = buf_str(&b);
	return OK;
}

/* ---- text within a line ------------------------------------------------------------------------------- */

struct line_text { struct buf b; struct arena *mem; PangoAttrList *attrs; bool gap, upper; };

static void put_words(struct line_text *t, str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r') {
			t->gap = true;
			continue;
		}
		if (t->gap && t->b.n && t->b.p[t->b.n - 1] != '\n')
			put_c(&t->b, ' ');
		t->gap = false;
		put_c(&t->b, ch);
	}
}

static void put_runs(struct line_text *t, const struct print_node *n)
{
	for (const struct print_node *k = n->first; k; k = k->next) {
		PangoAttribute *a = NULL;
		if (k->tag == TAG_TEXT) {
			put_words(t, t->upper ? viet_upper(t->mem, k->text) : k->text);
			continue;
		}
		if (k->tag == TAG_BR) {
			put_c(&t->b, '\n');
			t->gap = false;
			continue;
		}
		size_t from = t->b.n;
		put_runs(t, k);
		if (!t->attrs)
			continue;
		if (k->tag == TAG_B)
			a = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
		else if (k->tag == TAG_I)
			a = pango_attr_style_new(PANGO_STYLE_ITALIC);
		else if (k->tag == TAG_U)
			a = pango_attr_underline_new(PANGO_UNDERLINE_SINGLE);
		if (!a)
			continue;
		a->start_index = (guint)from;
		a->end_index = (guint)t->b.n;
		pango_attr_list_insert(t->attrs, a);
	}
}

str print_text(struct arena *mem, const struct print_node *n, PangoAttrList *attrs)
{
	struct line_text t = { .mem = mem, .attrs = attrs, .upper = n->is & IS_UPPER };
	buf_init(&t.b, mem, MARKUP_MAX);
	put_runs(&t, n);
	return buf_str(&t.b);
}

bool print_qr(struct arena *mem, str text, struct print_qr *ret)
{
	QRcode *q = text.n ? QRcode_encodeString8bit(str_z(mem, text), 0, QR_ECLEVEL_M) : NULL;
	if (!q)
		return false;
	uint8_t *at = NEWS(mem, uint8_t, q->width * q->width);
	for (int i = 0; i < q->width * q->width; i++)
		at[i] = q->data[i] & 1;
	*ret = (struct print_qr){ at, q->width };
	QRcode_free(q);
	return true;
}

/* ---- on the screen ---------------------------------------------------------------------------------------- */

static void put_qr(struct buf *b, struct arena *mem, str text)
{
	struct print_qr q;
	if (!print_qr(mem, text, &q))
		return;
	put_fmt(b, "<svg class=\"qr\" role=\"img\" aria-label=\"QR\" viewBox=\"-2 -2 %d %d\"><path d=\"", q.side + 4,
		q.side + 4);
	for (int i = 0; i < q.side * q.side; i++)
		if (q.at[i])
			put_fmt(b, "M%d %dh1v1h-1z", i % q.side, i / q.side);
	put_z(b, "\"/></svg>");
}

static void put_classes(struct buf *b, uint32_t is)
{
	const char *sep = " class=\"";
	/* from behind: "quoc-hieu" and "ky" hold "cot" */
	for (ptrdiff_t i = COUNT(classes); i-- > 0;) {
		if ((is & classes[i].is) != classes[i].is)
			continue;
		is &= ~classes[i].is;
		put_fmt(b, "%s%s", sep, classes[i].name);
		sep = " ";
	}
	if (*sep == ' ' && !sep[1])
		put_c(b, '"');
}

/* The page around has the first heading. */
static void put_node(struct buf *b, const struct print_files *files, const struct print_node *n)
{
	const char *name = n->tag == TAG_H1 ? "h2" : n->tag == TAG_H2 ? "h3" : tags[n->tag].name;
	if (n->tag == TAG_TEXT) {
		put_html(b, n->text);
		return;
	}
	if (n->tag == TAG_IMG) {
		print_put_image(b, files, n);
		return;
	}
	put_fmt(b, "<%s", name);
	put_classes(b, n->is);
	if (n->tag == TAG_COL && n->width)
		put_fmt(b, " width=\"%d%%\"", n->width);
	if (n->across > 1)
		put_fmt(b, " colspan=\"%d\"", n->across);
	if (n->down > 1)
		put_fmt(b, " rowspan=\"%d\"", n->down);
	put_c(b, '>');
	if (n->tag == TAG_COL || n->tag == TAG_BR || n->tag == TAG_HR)
		return;
	if (n->tag == TAG_FIGURE)
		put_qr(b, files->c->mem, n->text);
	for (const struct print_node *k = n->first; k; k = k->next)
		put_node(b, files, k);
	put_fmt(b, "</%s>", name);
}

enum rc print_screen_markup(struct ctx *c, str paper, str markup, html *ret)
{
	struct print_paper size;
	struct print_files files;
	struct buf b;
	char why[256] = "";
	const struct print_node *top = print_tree(c->mem, markup, why);
	if (!top || !print_paper(paper, &size)) {
		log_line(LOG_ERROR, "print", "why", top ? "unknown paper" : why, NULL);
		return E_FAULT;
	}
	TRY(print_files_find(c, c->mem, top, &files));
	buf_init(&b, c->mem, 2 * MARKUP_MAX);
	for (const struct print_node *a = top->first; a; a = a->next) {
		put_fmt(&b, "<div class=\"giay giay-%d%s\">", size.width < size.height ? size.height : size.width,
			size.width > size.height ? " ngang" : "");
		put_node(&b, &files, a);
		put_z(&b, "</div>\n");
	}
	if (b.over)
		return E_LIMIT;
	*ret = html_made(buf_str(&b), "the vocabulary of prints, every text escaped");
	return OK;
}

enum rc print_screen(struct ctx *c, str paper, const char *page, const struct shape *shape, const void *view, html *ret)
{
	str markup;
	TRY(print_render(c, c->mem, page, shape, view, &markup));
	return print_screen_markup(c, paper, markup, ret);
}
