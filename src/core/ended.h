/* ended.h -- a unit that was merged, divided or closed: its people read, print and export what it has; nothing new is
 * written there. Whoever manages it from above may still correct its rows. */
#ifndef KHUE_ENDED_H
#define KHUE_ENDED_H
#include "core/ctx.h"

struct successor { str name, slug; };
struct ended { org_id unit; str name; day on; struct successor *now; int n; };   /* on: the first day it was no more */

/* Whether the unit has ended, and what stands in its place; in mem. E_MISSING: it has not. */
enum rc unit_ended(struct ctx *c, struct arena *mem, org_id unit, struct ended *ret);
/* E_STATE with what has become of the unit, where a new row would belong to one that has ended. Who has a seat there is
 * not asked about: the seat has said it. */
enum rc unit_takes(struct ctx *c, org_id unit);
/* Of a LIVING reference: E_INVALID at that field, with the same day and successors, where the unit has ended. */
enum rc ended_chosen(struct ctx *c, org_id unit, col at);
/* The same sentence for somebody whose seat at an ended unit was refused a write. */
enum rc ended_refuses(struct ctx *c, org_id unit);
/* "Trường X đã kết thúc hoạt động từ ngày …" */
str ended_text(struct ctx *c, const struct ended *e);
#endif
