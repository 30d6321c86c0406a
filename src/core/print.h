/* print.h -- documents on paper: a template of a small fixed vocabulary, laid out by pango, drawn by cairo as PDF,
 * and the same document as HTML to look at before. doc/print.md lists the vocabulary.
 *
 * A template answers with one or more <article>, each beginning a page of its own and counted by itself.
 * Pages go out as soon as their article is laid out: memory does not grow with the number of articles. Type is a
 * Vietnamese serif in the measures of Times; sizes, margins (20/20/30/15 mm) and the national heading as Nghị định
 * 30/2020/NĐ-CP, Phụ lục I. */
#ifndef KHUE_PRINT_H
#define KHUE_PRINT_H
#include "core/stamp.h"

enum { PRINT_PAGES_MAX = 20000 };
/* Nghị định 30/2020/NĐ-CP, Phụ lục I asks for Times New Roman: the first has its measures. The last is there always. */
#define PRINT_FONT "Liberation Serif, Times New Roman, DejaVu Serif"
/* millimetres */
struct print_paper { int width, height, top, bottom, left, right; };
/* "A4", "A3 ngang", "A5 ngang 10 10 15 10": size, upright or across ("ngang"), margins top bottom left right. */
bool print_paper(str text, struct print_paper *ret);

struct print_sheets;
/* Begins a document on fd. title: for the viewer's window; foot: small at the foot of each page. Ends with c. */
enum rc print_begin(struct ctx *c, str paper, str title, str foot, int fd, struct print_sheets **ret);
/* The code in the file's own words about itself (keywords), beside the foot. */
void print_mark(struct print_sheets *p, struct stamp stamp);
/* Lays out what the template makes of a view. E_FAULT: the template's markup is wrong (the log says where). E_LIMIT:
 * more than PRINT_PAGES_MAX pages. */
enum rc print_add(struct print_sheets *p, const char *page, const struct shape *shape, const void *view);
/* The same for markup that is at hand. */
enum rc print_markup(struct print_sheets *p, str markup);
/* Writes the end. E_FAULT: it could not be written. *ret_pages may be NULL. A document without an article is one
 * empty page. */
enum rc print_end(struct print_sheets *p, int *ret_pages);

/* The document as markup for a page of ours: only the vocabulary passes, QR codes become drawings. */
enum rc print_screen(struct ctx *c, str paper, const char *page, const struct shape *shape, const void *view,
	html *ret);
enum rc print_screen_markup(struct ctx *c, str paper, str markup, html *ret);

/* The filtered list of an entity as the actor may print it: its .list columns as a table. E_LIMIT above 5,000 rows. */
struct list_ask;
enum rc print_list(struct ctx *c, const struct list_ask *ask, str paper, str title, struct stamp stamp, int fd,
	int *ret_pages);
/* "Trường THCS .. · in lúc 14:32 05/09/2014 · Nguyễn Văn A" */
str print_foot(struct ctx *c, struct stamp stamp);

/* Within a request: this document as a download, out of one view. For routes that make a document from what they
 * just did. */
enum rc print_answer(struct ctx *c, str name, str paper, const char *page, const struct shape *shape, const void *view,
	struct stamp stamp);
#endif
