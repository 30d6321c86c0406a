/* print.h -- documents on paper as PDF: A4 or A3, margins 20/20/30/15 mm and the national heading as Nghị định 30/2020/NĐ-CP,
 * Phụ lục I has them; Vietnamese serif type in the measures of Times. A document is drawn from top to bottom; pages break
 * by themselves, table heads repeat, every page says "page x/y". */
#ifndef KHUE_PRINT_H
#define KHUE_PRINT_H
#include "core/ctx.h"

enum paper { PAPER_A4, PAPER_A4_WIDE, PAPER_A3, PAPER_A3_WIDE };
enum print_side { SIDE_LEFT, SIDE_CENTER, SIDE_RIGHT };
/* "A4", "A4 ngang", "A3", "A3 ngang" (or "wide"); others: A4. */
enum paper paper_named(str name);

/* What stands above the title. Empty parts are left out; org empty: no heading at all. */
struct print_head {
	str above, org;                  /* the governing body; who issues it                                  */
	str number;                      /* "Số: 12/QĐ-THCS"                                                   */
	str place; day date;             /* "Hà Nội", ngày .. tháng .. năm ..                                  */
};
struct print_column { str head; int weight; enum print_side side; };     /* weight: share of the width            */
struct print_signature { str by, note, name; };          /* "HIỆU TRƯỞNG", "(Ký, đóng dấu)", a name below      */

struct print_doc;
/* foot: what stands small at the foot of each page (school, time, user). In mem of c; ends with it. */
enum rc print_begin(struct ctx *c, enum paper paper, const struct print_head *head, str title, str subtitle, str foot, struct print_doc **ret);
void print_paragraph(struct print_doc *p, str text, enum print_side side, bool bold, bool italic);
void print_heading(struct print_doc *p, str text);
void print_space(struct print_doc *p, int mm);
/* Rows between begin and end; cells: as many as columns. A row is never split, its text wraps. */
void print_table_begin(struct print_doc *p, const struct print_column *columns, int n);
void print_row(struct print_doc *p, const str *cells, bool bold);
void print_table_end(struct print_doc *p);
/* Side by side, at most 4, kept together on a page. */
void print_signatures(struct print_doc *p, const struct print_signature *at, int n);
/* A square of `mm` with its caption beside it. */
void print_qr(struct print_doc *p, str text, str caption, int mm);
void print_new_page(struct print_doc *p);
/* Writes the whole document to fd. E_FAULT: it could not be written. *ret_pages may be NULL. */
enum rc print_end(struct print_doc *p, int fd, int *ret_pages);

/* A class list: number, family and middle name, given name, date of birth, sex, then `blanks` empty columns to write in
 * (their heads in blank_heads) and a note. */
struct print_pupil { str name, born, sex, note; };
enum rc print_class_list(struct ctx *c, enum paper paper, const struct print_head *head, str title, str subtitle, str foot,
                         const struct print_pupil *at, int n, const str *blank_heads, int blanks,
                         const struct print_signature *signatures, int n_signatures, int fd);
/* The filtered list of an entity as the actor may print it: its .list columns as a table. E_LIMIT above 5,000 rows. */
struct list_ask;
enum rc print_list(struct ctx *c, const struct list_ask *ask, enum paper paper, str title, str foot, int fd);
/* "Trường THCS .. · in lúc 14:32 05/09/2014 · Nguyễn Văn A" */
str print_foot(struct ctx *c);
#endif
