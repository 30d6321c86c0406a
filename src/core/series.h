/* series.h -- numbers that documents carry: one counter for each combination of the .per columns.
 *
 * Table series(name, last); a name is "entity/value/value". A gapless number is drawn in the row's own transaction: it
 * comes back when that fails, and whoever draws next waits for its end. Any other is drawn at once on a connection
 * of its own (PostgreSQL): nobody waits, a failure leaves a gap. SQLite has one writer at a time, so all are drawn
 * in place. */
#ifndef KHUE_SERIES_H
#define KHUE_SERIES_H
#include "core/ctx.h"
#include "core/table.h"
/* Sets row's .series.field when it is empty. A number column gets the number; a text column the .format: %d, %04d
 * for the number, {name} for another column as field_code writes it, {yy} {yyyy} for the year. */
enum rc series_next(struct ctx *c, const struct table *t, void *row);
#endif
