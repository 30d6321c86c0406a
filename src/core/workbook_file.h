/* workbook_file.h -- workbooks of a module's pages: out of a file that was sent, back as a file to be fetched. */
#ifndef KHUE_WORKBOOK_FILE_H
#define KHUE_WORKBOOK_FILE_H
#include "core/ctx.h"
#include "core/workbook.h"

#define WB_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
enum { WB_KEEP_MS = 86400000 };                          /* how long a file made here can be fetched              */
/* E_INVALID, told at `at`: the workbook is an .xls, which is only read. */
enum rc wb_fillable(struct ctx *c, const struct workbook *w, col at);
/* Opens a file the actor may open. Refusals are told at `at`. */
enum rc wb_of_file(struct ctx *c, file_id id, col at, struct workbook **ret);
/* The same file with the workbook's puts, kept for a day under that name ("….xlsx"); fetched at /tep/{id}. The stamp
 * stands in the name and as a custom property, which no sheet shows. */
enum rc wb_to_file(struct ctx *c, struct workbook *w, file_id from, org_id org, str name, col at, struct stamp stamp,
	file_id *ret);
#endif
