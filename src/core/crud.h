/* crud.h -- what the page engines need beside find, create, update, retire and step of ctx.h. */
#ifndef KHUE_CRUD_H
#define KHUE_CRUD_H
#include "core/ctx.h"
#include "core/table.h"

/* find, by the grants of another verb (UPDATE for an edit form, PRINT ..), and which columns this row hides from the
 * actor (ret_hidden may be NULL): leave them out of pages and JSON, and give them to struct input as .hidden. */
enum rc row_find(struct ctx *c, const struct entity *e, uint32_t verb, int64_t id, void *ret_row,
	struct cols *ret_hidden);
/* An empty row for a form: owner, first state and the defaults of .fill are set, nothing is checked or written. */
enum rc row_fresh(struct ctx *c, const struct entity *e, void *row);
/* Everything create or update would refuse, without writing: the dry run of an import. row.base.id 0: a new row.
 * Unique keys are not among it: the database keeps them. */
enum rc row_try(struct ctx *c, const struct entity *e, void *row);
/* The first half of create, up to the writing: fills, checks and completes a new row, for write_many (many.h).
 * *ret_asked: a hook of the entity asked the database, so that rows waiting to be written should have been there
 * before. */
enum rc row_new(struct ctx *c, const struct entity *e, void *row, bool *ret_asked);
/* The step of this name; NULL: none. A page runs only steps whose bit perm_steps (perm.h) sets: those without .by
 * belong to code. */
const struct step *step_named(const struct entity *e, str name);
/* Of several steps of this name the one that leaves this row's state; else the first. */
const struct step *step_from(const struct entity *e, str name, const void *row);
#endif
