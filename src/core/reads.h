/* reads.h -- who looked at whose personal data: table seen(id, at, user_id, impersonator, session, org, entity,
 * item, verb, n, items). A row that shows PRIVATE columns is noted by find, list_rows and what stands on them; one
 * line a query, with the ids of a list's rows.
 *
 * Reading must not cost a durable write each: lines wait in the worker and are written together, at most 2 s or 200
 * lines later. What a crash of the worker can lose is those 2 s; an export is written at once. */
#ifndef KHUE_READS_H
#define KHUE_READS_H
#include "core/ctx.h"
#include "core/table.h"

/* ids of the rows of t that were shown. verb: READ, EXPORT, PRINT. stamp: of the file they leave in (stamp.h), or 0.
 * The system's own reads are not noted. */
void reads_note(struct ctx *c, const struct table *t, uint32_t verb, const int64_t *ids, int n, int64_t stamp);
/* Writes what waits when it is old or much enough, or in any case (now). Outside a transaction: the dispatcher calls it
 * after the reply, the worker when it stops. */
enum rc reads_write(struct ctx *c, bool now);
/* The same outside any request: a worker calls it while idle and, with now, when it stops. */
void reads_flush(const struct app *app, bool now);
/* Lines about one row, newest first, for "who looked at this pupil": items of struct read_line. Permission is the
 * caller's. */
struct read_line { instant at; user_id user, impersonator; str verb; int64_t n; };
enum rc reads_of(struct ctx *c, const struct entity *e, int64_t id, int max, items *ret);
#endif
