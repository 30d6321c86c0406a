/* book.h -- a workbook of either kind, told apart by its first bytes: .xlsx (xlsx.h) or .xls (xls.h). */
#ifndef KHUE_BOOK_H
#define KHUE_BOOK_H
#include "core/xls.h"

struct book { struct xlsx *xlsx; struct xls *xls; };     /* one of them                                       */
bool    book_is(str bytes);
enum rc book_open(struct arena *mem, str bytes, struct book *ret, struct file_fault *why);
int     book_sheets(const struct book *b);
str     book_sheet_name(const struct book *b, int i);
bool    book_sheet_hidden(const struct book *b, int i);
enum rc book_rows(const struct book *b, int sheet, row_fn *fn, void *arg, struct file_fault *why);
enum rc book_merged(const struct book *b, int sheet, struct xlsx_range *ret, int max, int *n, struct file_fault *why);
#endif
