/* bulk_work.h -- one thing done to more rows than a request should: kept with its rows when its preview is shown,
 * done by a job in pieces that can be taken up again, and taken back as a whole for a day where the thing can be
 * taken back. */
#ifndef KHUE_BULK_WORK_H
#define KHUE_BULK_WORK_H
#include "core/app.h"

enum { BULK_NOW = 200 /* rows done within the request */, BULK_MOST = 20000, BULK_UNDO_MS = 86400000 };
struct bulk_line { int64_t row; str title, why; };       /* why: not empty, it cannot be done                       */
/* Keeps what the preview showed, for the actor alone. step NULL: retire. */
enum rc bulk_keep(struct ctx *c, const struct entity *e, const struct step *step, const struct bulk_line *at,
	int64_t n, int64_t *ret_id);
/* Queues the job. asks: a row of e that holds what the step asks for. E_MISSING: not the actor's, another entity,
 * already begun. */
enum rc bulk_start(struct ctx *c, const struct entity *e, const struct step *step, int64_t id, const void *asks,
	int64_t *ret_job);
/* May what this job did be taken back now? Retiring, and steps without an effect of their own; by whom it was done,
 * for a day. */
enum rc bulk_can_undo(struct ctx *c, int64_t job, bool *ret);
enum rc bulk_undo(struct ctx *c, int64_t job, int64_t *ret_job);
struct bulk_in { int64_t bulk; bool undo; };
extern const struct shape bulk_in_shape;
enum rc bulk_job(struct ctx *c, void *in);
/* Forgets previews nobody confirmed in two days, and the rest after 90 days. */
enum rc bulk_sweep(struct ctx *c);
#endif
