/* xlsx.h -- reads .xlsx workbooks of untrusted origin as rows of cells, in one pass with little memory.
 *
 * Runs in the sandbox (sandbox.h). Before anything is inflated the archive is measured: at most 2,000 entries, 200 MiB
 * in all, 100 times its packed size; no absolute or climbing name, no duplicate, overlapping, encrypted or linked
 * entry, no archive inside. Formulas are never computed: a cell is the value that was saved. */
#ifndef KHUE_XLSX_H
#define KHUE_XLSX_H
#include "base/base.h"

enum { XLSX_ENTRIES = 2000, XLSX_RATIO = 100, XLSX_COLUMNS = 16384, XLSX_CELL_MAX = 32767 };
#define XLSX_TOTAL (200LL << 20)

/* What a cell holds. text: NUMBER in decimal without exponent ("7.5"), DAY "2014-09-05", MOMENT "2014-09-05T07:30:00",
 * CLOCK "07:30:00", BOOL "1" or "0", ERROR "#N/A". Line ends in TEXT are \n. */
enum cell_kind { CELL_BLANK, CELL_TEXT, CELL_NUMBER, CELL_DAY, CELL_MOMENT, CELL_CLOCK, CELL_BOOL, CELL_ERROR };
struct cell { enum cell_kind kind; str text; };
/* A row, numbered as in the sheet (from 1); cells[0] is column A. Valid during the call. False: stop reading. */
typedef bool row_fn(void *arg, int64_t number, const struct cell *cells, int n);

/* What was wrong, for the person who sent the file; detail: for the log and in brackets, may be empty. */
struct file_fault { const char *vi, *en; const char *detail; };

struct xlsx;
/* bytes: the whole file; must outlive *ret, which lives in mem and is closed with it. */
enum rc xlsx_open(struct arena *mem, str bytes, struct xlsx **ret, struct file_fault *why);
int     xlsx_sheets(const struct xlsx *x);               /* worksheets, in the order of the tabs               */
str     xlsx_sheet_name(const struct xlsx *x, int i);
bool    xlsx_sheet_hidden(const struct xlsx *x, int i);
/* Calls fn for every row that has a cell. Rows come in the order of the file. */
enum rc xlsx_rows(struct xlsx *x, int sheet, row_fn *fn, void *arg, struct file_fault *why);
/* Merged ranges of a sheet, from 0, ends included; at most max are stored, *n counts them. */
struct xlsx_range { int row, col, row_end, col_end; };
enum rc xlsx_merged(struct xlsx *x, int sheet, struct xlsx_range *ret, int max, int *n, struct file_fault *why);
#endif
