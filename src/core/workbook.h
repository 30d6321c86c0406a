/* workbook.h -- an .xlsx that people keep: read whole as a grid, filled in place, returned otherwise as it was.
 *
 * The file is read and rewritten in the sandbox (sandbox.h) with the limits of xlsx.h. What a fill does not name stays
 * byte for byte: every other part of the archive, and in a sheet that is written every other cell, style, width,
 * hidden column, validation and merged range. A formula is never overwritten; where a workbook has formulas,
	the saved
 * results of the sheets written are dropped and it asks to be computed anew when it is opened. Texts are written
 * inline.
 * An .xls is read the same way and never written. Rows and columns count from 0 here: A1 is (0, 0). */
#ifndef KHUE_WORKBOOK_H
#define KHUE_WORKBOOK_H
#include "core/xlsx.h"

enum { WB_SHEETS = 64, WB_ROWS = 20000, WB_COLUMNS = 256, WB_CELLS = 500000, WB_MERGED = 4096 };

/* The custom property of a workbook that left with a stamp. */
#define WB_MARK "khue.stamp"

/* kind and text as in xlsx.h; formula: computed, the text is its saved result. */
struct wb_cell { enum cell_kind kind; bool formula; str text; };
struct wb_row { struct wb_cell *cells; int n; bool hidden; };
struct wb_sheet {
	str name; bool hidden;
	struct wb_row *rows; int n_rows;                 /* up to the last that holds anything                 */
	bool hidden_columns[WB_COLUMNS];
	struct xlsx_range *merged; int n_merged;
};
struct wb_put { int sheet, row, column; bool number; str text; };
struct workbook {
	struct wb_sheet *sheets; int n_sheets;
	bool old;                                        /* an .xls: wb_write refuses it                       */
	/* private */
	struct arena *mem;
	struct wb_put *puts; int64_t n_puts, cap;
	str mark;                                        /* see wb_to_file; empty: none                        */
};

/* Reads every sheet. fd: the file, open for reading; wipe: secrets the child clears (sandbox.h). E_INVALID: no
 * workbook, damaged, hostile, or with macros or embedded programs; E_LIMIT: larger than the limits above or too slow;
 * E_FAULT: no sandbox. why in mem. */
enum rc wb_open(struct arena *mem, int fd, str wipe, struct workbook **ret, struct file_fault *why);
/* Never NULL: an empty cell where there is none. */
const struct wb_cell *wb_cell(const struct workbook *w, int sheet, int row, int column);
/* The text of a cell, trimmed; of a cell within a merged range that of its first cell. */
str wb_text(const struct workbook *w, int sheet, int row, int column);
/* What wb_write writes there; the last put of a cell holds. number: text is decimal with a dot ("7.5"),
	else E_INVALID.
 * An empty text empties the cell and keeps its style. E_STATE: the cell is computed, or the inner part of a merged
 * range. E_LIMIT: outside the limits. */
enum rc wb_put(struct workbook *w, int sheet, int row, int column, bool number, str text);
/* The file at fd with the puts, to fd out (at its end). Errors as wb_open; E_INVALID for an .xls. */
extern const struct file_fault wb_only_read;
enum rc wb_write(const struct workbook *w, int fd, str wipe, int out, struct file_fault *why);

/* ---- within the sandbox, and for the fuzz target ---------------------------------------------------------- */
/* The XML of a sheet with the puts (sorted by row, then column, each cell once). recompute: saved results of formulas
 * are dropped. E_INVALID: malformed, with why. */
enum rc wb_sheet_put(struct arena *mem, str xml, const struct wb_put *puts, int64_t n, bool recompute, str *ret,
	struct file_fault *why);
/* The whole file with the puts; mark: not empty, a custom property of the workbook (WB_MARK) holds it, in place
 * of an older one. */
enum rc wb_file_put(struct arena *mem, str bytes, const struct wb_put *puts, int64_t n, str mark, str *ret,
	struct file_fault *why);
#endif
