/* cell.h -- what a number in the cell of a spreadsheet means: both kinds of workbook (xlsx.h, xls.h) keep a binary
 * number and the number of a format. */
#ifndef KHUE_CELL_H
#define KHUE_CELL_H
#include "core/xlsx.h"

/* What a format shows of a number: NUMBER, DAY, MOMENT or CLOCK. code: as Excel writes it ("dd/mm/yyyy"). */
enum cell_kind cell_format(str code);
/* The same of the formats that every Excel knows by number. */
enum cell_kind cell_format_built_in(int64_t id);
/* In decimal, without exponent, as people typed it: 15 digits. */
void cell_put_number(struct buf *b, double v);
/* A serial number of days as shown: a date, a moment or a time of day; NUMBER where no calendar has it. */
enum cell_kind cell_put_serial(struct buf *b, double v, enum cell_kind shown, bool from_1904);
#endif
