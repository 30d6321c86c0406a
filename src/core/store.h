/* store.h -- the steps that create, update, retire and the flow share. For crud.c and flow.c. */
#ifndef KHUE_STORE_H
#define KHUE_STORE_H
#include "core/ctx.h"
#include "core/table.h"

/* A row as it stands, loaded whole (hidden columns too) to be changed. */
struct stored { void *row; bool may; struct cols shown; };   /* may: the grants asked for reach it                    */
/* E_MISSING when there is no such row or the actor may not read it. grants NULL: as code does, no right asked. */
enum rc store_load(struct ctx *c, const struct table *t, int64_t id, const struct grant *grants, uint32_t verb,
	struct stored *ret);
/* The values of an INSERT in the order of store_columns: the table's columns, then _fold and _sort where there are.
 * Returns how many; args has room for COLUMNS_MAX + 2. */
int store_args(struct ctx *c, const struct table *t, const void *row, struct val *args);
/* What stands in _sort, of a table that has it. */
str store_sort(struct ctx *c, const struct table *t, const void *row);
/* "id, rev, .., _fold, _sort" */
void store_columns(struct buf *b, const struct table *t);
/* The words of a living row of an entity with SEARCH fields, written again where they differ: *ret_other. */
enum rc store_fold(struct ctx *c, const struct entity *e, const void *row, bool *ret_other);
enum rc store_insert(struct ctx *c, const struct table *t, const void *row);
/* Writes the columns that differ; E_CONFLICT when the row is no longer at old's revision. Raises rev, sets changed.
 * *ret_changed: the columns, none when nothing differed (and nothing was written). verb and reason: for the history. */
enum rc store_update(struct ctx *c, const struct table *t, const void *old, void *row, const char *verb,
	struct cols *ret_changed);
/* E_STATE, naming what and how many: rows that are in force HOLD this one. */
enum rc row_held(struct ctx *c, const struct table *t, const void *row);
enum rc store_gone(struct ctx *c, const struct table *t, void *row, bool gone);
/* OK: a living row that the actor may read. E_MISSING: there is none. Else the database did not say. */
enum rc ref_known(struct ctx *c, const struct table *to, int64_t id);
/* Every value, reference and the entity's .check. old NULL: a new row. fresh: DERIVED fields too. */
enum rc store_check(struct ctx *c, const struct table *t, const void *old, const void *row);
/* Only the columns that differ from the stored row, DERIVED ones too; not the entity's .check. */
enum rc store_check_changed(struct ctx *c, const struct table *t, const void *old, const void *row);
/* DERIVED fields are held against their declaration last, when code has set them. */
enum rc store_check_derived(struct ctx *c, const struct table *t, const void *row);
/* Columns of a row kept from the reader keep their stored value. */
void store_keep_hidden(const struct table *t, const struct stored *s, void *row);
/* A transaction of its own when there is none. */
enum rc store_begin(struct ctx *c, bool *ret_own);
enum rc store_end(struct ctx *c, bool own, enum rc rc);
/* Tells a conflict of a unique key at its field. Other outcomes pass. */
enum rc store_clash(struct ctx *c, const struct table *t, enum rc rc, const void *row);
#endif
