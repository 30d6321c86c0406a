/* many.h -- many new rows at once, for facts, imports and the demo: checks and hooks are the caller's. */
#ifndef KHUE_MANY_H
#define KHUE_MANY_H
#include "core/ctx.h"
/* Writes n rows of e's struct by db_insert, in the current transaction. A base.id of 0 gets a new id; rev becomes 1,
 * made and changed now, made_by the actor; fold, sort and search are kept as create keeps them. One line of history for
 * each organisation says how many. Only as_system or with CREATE or IMPORT by some grant. E_CONFLICT: a unique key. */
enum rc create_many(struct ctx *c, const struct entity *e, void *rows, int64_t n);
/* New rows that row_new (crud.h) has let pass, as create writes them: each with its line of history and what search
 * needs. For entities without .after and .series. Only within a transaction; after an error roll the innermost one
 * back. free: nobody has yet seen the rows' ids. They are then written, and rows[] is put, in the order of their lists,
 * and ids go up in that order: rows that follow each other touch the same pages of the indexes. */
enum rc write_many(struct ctx *c, const struct entity *e, void **rows, int64_t n, bool free);
#endif
