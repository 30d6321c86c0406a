/* month.h -- the attendance of a class in a month, as registers have it: a line a pupil, a column a day. The grid is
 * the template school/print-month-grid. */
#ifndef KHUE_SCHOOL_MONTH_H
#define KHUE_SCHOOL_MONTH_H
#include "mod/school/school.h"

/* a day of the month, or how many were absent on it; off: no school */
struct month_day { int64_t n; bool off; };
struct month_cell { str mark; bool off; };
struct month_line { int64_t n; str name; items cells; int64_t excused, unexcused, late; };
/* head, teacher and year are the document's own: the caller fills them. */
struct month_paper { items head; str name, teacher, month, year; items days, lines, absent; int64_t n_days, columns;
	bool none; };
extern const struct shape month_paper_shape;
/* Of the month that has this day; what the reader may see of it. */
enum rc month_of_class(struct ctx *c, const struct school_class *k, day within, struct month_paper *ret);
#endif
