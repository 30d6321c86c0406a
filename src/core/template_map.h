/* template_map.h -- finds the columns of a workbook others made by what their headings say, wherever they stand.
 *
 * A map is a table of columns. Headings are compared by their letters and digits only, folded: "Mã định danh (Bộ
 * GD&ĐT)" is madinhdanhbogddt. Alternatives are separated by |; # at the end stands for a number 1 to 99. A heading
 * takes one to three rows; a group stands in a merged cell (or one with empty cells to its right) above its columns. */
#ifndef KHUE_TEMPLATE_MAP_H
#define KHUE_TEMPLATE_MAP_H
#include "core/workbook.h"

enum { TM_HEADS = 3, TM_FIRST_ROWS = 25 /* where a heading is looked for */ };
enum { TM_NEEDED = 1 };                                  /* without this column the sheet is another's             */
struct tm_column {
	const char *name;                                /* what code calls it; NULL ends a map                    */
	const char *says;                                /* the heading alone, whatever stands above; or NULL       */
	const char *under, *leaf;                        /* the group above, and the heading below it; or NULL      */
	uint32_t is;
};
/* A column of the sheet. at: index into the map, -1 none; number: what # stood for, 0 none; head: the heading's texts
 * from the top, as written, each once; n_heads of them. */
struct tm_at { int at, number; str head[TM_HEADS]; int n_heads; };
struct tm_sheet {
	const struct tm_column *map; int sheet;
	int head, heads;                                 /* first row of the heading, how many rows it takes        */
	int first;                                       /* first row of data: a row of column numbers is passed    */
	int end;                                         /* behind the last row that holds anything                 */
	struct tm_at columns[WB_COLUMNS]; int n;
	int found;                                       /* columns of the map that were found; two columns of the  */
	                                                 /* sheet may mean the same: tm_column tells the first     */
};
/* False: no heading that has every needed column and at least two. */
bool tm_find(struct arena *mem, const struct workbook *w, int sheet, const struct tm_column *map,
	struct tm_sheet *ret);
/* The column of that name (and number, when not 0); -1: the sheet has none. */
int  tm_column(const struct tm_sheet *t, const char *name, int number);
/* Two columns of one name: one whose heading says `says` becomes the map's column `other`, if the sheet has none of
 * that name and another one stays. "Mã học sinh" beside "Mã định danh Bộ GD&ĐT" is the school's own code; alone it
 * may be either. */
void tm_apart(struct arena *mem, struct tm_sheet *t, const char *name, const char *says, const char *other);
/* Letters and digits only, folded. */
str  tm_key(struct arena *mem, str heading);
/* Does a key fit one of the alternatives? *number: what # stood for, 0. */
bool tm_says(const char *alternatives, str key, int *number);
/* Which column of the map a lone heading names; -1 none. */
int  tm_named(struct arena *mem, const struct tm_column *map, str heading, int *number);
#endif
