/* put.h -- rows of one entity written in few statements, for a module that keeps the history of its rows itself. */
#ifndef KHUE_PUT_H
#define KHUE_PUT_H
#include "core/ctx.h"
/* Rows with base.id 0 are new: they get an id and are inserted whole. Of the others only `columns` (closed by 0), rev
 * and changed are written. No rights, checks, hooks, history or search: all of it is the caller's. A transaction of its
 * own when there is none. */
enum rc put_rows(struct ctx *c, const struct entity *e, void *rows, int64_t n, const col *columns);
#endif
