/* print_in.h -- within the print engine: the tree of a document, and what layout hands to the pen. Lengths are points
 * (1/72 inch), as cairo has them. */
#ifndef KHUE_PRINT_IN_H
#define KHUE_PRINT_IN_H
#include "core/files.h"
#include "core/print.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define MM (72.0 / 25.4)
enum { PRINT_QR_MM = 25 /* a code's side when it says none */ };

/* ---- the tree (print_tree.c) ---------------------------------------------------------------------- */
enum print_tag { TAG_DOC, TAG_ARTICLE, TAG_H1, TAG_H2, TAG_P, TAG_DIV, TAG_TABLE, TAG_COLGROUP, TAG_COL, TAG_THEAD,
	TAG_TBODY, TAG_TR, TAG_TH, TAG_TD,
                 TAG_B, TAG_I, TAG_U, TAG_BR, TAG_HR, TAG_FIGURE, TAG_IMG, TAG_TEXT, TAGS };
enum { IS_CENTER = 1, IS_RIGHT = 2, IS_LEFT = 4, IS_SMALL = 8, IS_BARE = 16, IS_LINE = 32, IS_SHORT = 64,
	IS_DOTS = 128, IS_COLUMNS = 256,
       IS_HEADING = 512, IS_SIGNED = 1024, IS_NAME = 2048, IS_SHADED = 4096, IS_TURNED = 8192, IS_TINY = 16384,
IS_UPPER = 32768, IS_FIT = 65536 };
struct print_node {
	enum print_tag tag;
	uint32_t is;                         /* its classes                                                            */
	int width, across, down;             /* a column's share; colspan, rowspan; a QR code's side in mm (width)     */
	int height;                          /* TAG_IMG: width and height are mm                                       */
	str text;                            /* TAG_TEXT: white space as written; TAG_FIGURE: what the code says;
	                                        TAG_IMG: what stands in its place when there is none                   */
	str source;                          /* TAG_IMG: the id of a file                                              */
	struct print_node *first, *last, *next;
};
/* Parses markup into mem. NULL: why says what is wrong, in English. */
const struct print_node *print_tree(struct arena *mem, str markup, char why[static 256]);
/* Renders a template into mem: the markup of print_tree. */
enum rc print_render(struct ctx *c, struct arena *mem, const char *page, const struct shape *shape, const void *view,
	str *ret);
/* What stands in a node in a line: white space as one blank, <br/> as a line end; styled runs as attributes (may be
 * NULL). */
str print_text(struct arena *mem, const struct print_node *n, PangoAttrList *attrs);
/* The modules of a QR code, one byte each, 1: dark. NULL: too long for a code. */
struct print_qr { const uint8_t *at; int side; };
bool print_qr(struct arena *mem, str text, struct print_qr *ret);

/* ---- pictures (print_image.c) ------------------------------------------------------------------------ */
enum { PRINT_IMAGES = 500 /* of one document */ };
/* The files a document's pictures are. */
struct print_files { struct ctx *c; int64_t *ids; struct file_info *at; int n; };
/* Looks all of them up. E_FAULT: the database. */
enum rc print_files_find(struct ctx *c, struct arena *mem, const struct print_node *top, struct print_files *ret);
/* The picture of a TAG_IMG, not larger than its frame at so many dots an inch; destroyed by the caller. NULL: no such
 * file, not a picture. */
cairo_surface_t *print_picture(const struct print_files *files, const struct print_node *n, int dpi);
/* The same as markup for the screen: the picture, or a frame of its size. */
void print_put_image(struct buf *b, const struct print_files *files, const struct print_node *n);

/* ---- what is drawn (print_draw.c) --------------------------------------------------------------------- */
enum mark_kind { MARK_TEXT, MARK_TURNED, MARK_BOX, MARK_SHADE, MARK_RULE, MARK_DOTS, MARK_QR, MARK_IMAGE };
struct print_mark {
	enum mark_kind kind;
	double x, y, w, h;
	PangoLayout *text; int from, to;     /* lines of it; to -1: all                                                */
	struct print_qr qr;
	cairo_surface_t *image;              /* owned by it                                                            */
	struct print_mark *next;
};
struct print_leaf { struct print_mark *first, *last; };
struct print_sheets {
	struct ctx *c;
	double width, height, top, bottom, left, right;  /* bottom: where text ends, from the top; right: its right end */
	str foot;
	int fd; bool failed;
	cairo_surface_t *pdf; cairo_t *cr;
	PangoContext *pango;
	PangoFontDescription *font;
	int pages;                                       /* written                                                */
	struct arena mem;                                /* of the article being laid out                          */
	struct print_leaf *leaves; int n, cap;           /* its pages                                              */
	double y;
	bool whole;                                      /* inside what stays together: no page ends here          */
	bool small;                                      /* the article's type                                     */
	const struct print_files *files;                 /* of the document being laid out                         */
	struct print_table *table;                       /* whose head is repeated on a new page                   */
};
struct print_style { double size; bool bold, italic; PangoAlignment side; bool justify, spaced; };
PangoLayout *print_layout(struct print_sheets *p, const struct print_node *n, double width,
	const struct print_style *t);
double print_height(PangoLayout *l);
/* A mark on a page; text is owned by it. */
struct print_mark *print_put(struct print_sheets *p, int leaf, const struct print_mark *m);
void print_new_leaf(struct print_sheets *p);
/* Forgets the pages from that one on, as if they had never been begun. */
void print_cut(struct print_sheets *p, int leaf);
/* Draws the article's pages and forgets them. */
enum rc print_out(struct print_sheets *p);
void print_forget(struct print_sheets *p);

/* ---- layout (print_lay.c, print_table.c) ---------------------------------------------------------------- */
enum rc print_article(struct print_sheets *p, const struct print_node *article);
/* Begins a new page unless h fits on this one. */
void print_need(struct print_sheets *p, double h);
/* How high is what belongs to a table: what stands after it as far as the next heading, table or page. */
double print_tail(struct print_sheets *p, const struct print_node *table);
void print_table(struct print_sheets *p, const struct print_node *table);
/* How high a table that fits (IS_FIT) and what belongs to it are at least. */
double print_fit_least(struct print_sheets *p, const struct print_node *table);
/* The head again, on a page that continues a table. */
void print_table_head(struct print_sheets *p);
/* A TAG_IMG no larger than this room. */
const struct print_node *print_fitted(struct print_sheets *p, const struct print_node *n, double w, double h);
/* The picture of a TAG_IMG, or its frame, with its upper left corner there. */
void print_image(struct print_sheets *p, const struct print_node *n, int leaf, double x, double y);
/* A TAG_FIGURE's code, with its upper left corner there. */
void print_figure(struct print_sheets *p, const struct print_node *n, int leaf, double x, double y, double side);
/* How many lines from `from` on fit into h; *ret_h: their height. */
int  print_lines_fit(PangoLayout *l, int from, double h, double *ret_h);
#endif
