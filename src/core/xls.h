/* xls.h -- reads .xls workbooks (BIFF8, Excel 97 to 2003) of untrusted origin as rows of cells.
 *
 * Runs in the sandbox (sandbox.h). Nothing is packed in such a file, so what is read is bounded by its size: 64 MiB,
 * 4,000,000 cells a sheet. Formulas are never computed: a cell is the value that was saved. Refused with words of
 * their own: a password, a file older than Excel 97, a file that is not a workbook. */
#ifndef KHUE_XLS_H
#define KHUE_XLS_H
#include "core/xlsx.h"

enum { XLS_ROWS = 65536, XLS_COLUMNS = 256, XLS_CELLS = 4000000, XLS_SHEETS = 1024, XLS_MOST = 64 << 20 };

struct xls;
/* Does it begin as such a file does? So do .doc, and an .xlsx with a password. */
bool    xls_is(str bytes);
/* As their namesakes of xlsx.h. */
enum rc xls_open(struct arena *mem, str bytes, struct xls **ret, struct file_fault *why);
int     xls_sheets(const struct xls *x);
str     xls_sheet_name(const struct xls *x, int i);
bool    xls_sheet_hidden(const struct xls *x, int i);
enum rc xls_rows(struct xls *x, int sheet, row_fn *fn, void *arg, struct file_fault *why);
enum rc xls_merged(struct xls *x, int sheet, struct xlsx_range *ret, int max, int *n, struct file_fault *why);
/* Does it bring macros or embedded programs along? */
bool    xls_has_programs(const struct xls *x);
/* What xls_rows does not tell: places of formulas, hidden rows (column 0) and hidden columns (row 0), from 0. */
enum xls_place { XLS_FORMULA, XLS_HIDDEN_ROW, XLS_HIDDEN_COLUMN };
typedef void xls_place_fn(void *arg, enum xls_place what, int row, int column);
enum rc xls_places(struct xls *x, int sheet, xls_place_fn *fn, void *arg, struct file_fault *why);
#endif
