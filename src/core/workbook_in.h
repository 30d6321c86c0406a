/* workbook_in.h -- between workbook.c (the grid), workbook_look.c (what a sheet's XML says about its cells) and
 * workbook_put.c (the sheets rewritten), workbook_zip.c (the archive). */
#ifndef KHUE_WORKBOOK_IN_H
#define KHUE_WORKBOOK_IN_H
#include "core/book.h"
#include "core/workbook.h"
#include "core/xlsx_in.h"

/* What xlsx_rows does not tell. formulas: row * XLSX_COLUMNS + column. Sorted. */
struct wb_places { int64_t *at, n, cap; };
struct wb_about {
	bool hidden_columns[WB_COLUMNS];
	struct wb_places hidden_rows, formulas;
	struct xlsx_range *merged; int n_merged;
};
/* E_LIMIT: more merged ranges than WB_MERGED. */
enum rc wb_look(struct arena *mem, const struct book *b, int sheet, struct wb_about *ret, struct file_fault *why);
/* E_INVALID: macros, embedded programs, links that start programs. */
enum rc wb_no_programs(const struct book *b, struct file_fault *why);
enum rc wb_harmless(struct xlsx *x, struct file_fault *why);
extern const struct file_fault wb_too_many;
enum rc wb_damaged(struct file_fault *why, const char *detail);
/* A part as a whole; E_MISSING: no such part. */
enum rc wb_part(struct xlsx *x, str path, str *ret, struct file_fault *why);
/* The archive with other contents in these parts; one it has not is added. */
struct wb_new { str path, bytes; };
/* The parts that hold a custom property (workbook_mark.c), appended to parts: at most WB_MARK_PARTS. */
enum { WB_MARK_PARTS = 3 };
enum rc wb_mark(struct xlsx *x, str mark, struct wb_new *parts, int *n, struct file_fault *why);
enum rc wb_repack(struct xlsx *x, const struct wb_new *parts, int n, str *ret, struct file_fault *why);
/* Reads a str by pieces: arg of xml_init's reader. */
ptrdiff_t wb_feed(void *left, char *p, ptrdiff_t n);
#endif
