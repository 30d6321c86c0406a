/* xlsx_in.h -- between xlsx.c (package, workbook, strings, styles), xlsx_zip.c (archive) and xlsx_sheet.c (rows). */
#ifndef KHUE_XLSX_IN_H
#define KHUE_XLSX_IN_H
#include "core/xlsx.h"
#include "core/xml.h"
#include <zip.h>

enum { STRING_PAGE = 4096, STRING_PAGES = 1024 };
struct xlsx_sheet { str name, path; bool hidden; };
struct xlsx {
	struct arena *mem;
	zip_t *zip;
	str path;                                        /* of the workbook's own part                        */
	struct xlsx_sheet *sheets; int n_sheets;
	bool from_1904;
	str **strings; int64_t n_strings;                /* shared strings, in pages                          */
	enum cell_kind *styles; int n_styles;            /* what a number of that style is                    */
};
/* An entry being inflated: what more than it declares is refused. */
struct xlsx_part { zip_file_t *file; int64_t left; };

enum rc xlsx_fault(struct file_fault *why, const char *vi, const char *en, const char *detail);
/* The text of the <si> or <is> just opened, runs joined, phonetics left out; raw is scratch. False: malformed, too
 * long. */
bool xlsx_put_rich(struct xml *x, struct buf *b, struct buf *raw);
/* "AB12" -> column 27; -1 when it is no reference. */
int xlsx_column_of(str ref);
/* "A1:C2"; "B3" alone is one cell. */
bool xlsx_range_of(str ref, struct xlsx_range *ret);
/* xlsx_zip.c */
enum rc xlsx_zip_open(struct arena *mem, str bytes, zip_t **ret, struct file_fault *why);
/* Its place in the archive, exactly so named or but for case; -1: no such entry. */
int64_t xlsx_part_index(struct xlsx *x, str path);
/* E_MISSING: no such entry (why untouched). The part closes with x->mem or by xlsx_part_close. */
enum rc xlsx_part_open(struct xlsx *x, str path, struct xlsx_part *ret, struct file_fault *why);
ptrdiff_t xlsx_part_read(void *part, char *p, ptrdiff_t n);
void xlsx_part_close(struct xlsx_part *part);
#endif
