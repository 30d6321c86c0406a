/* perm.h -- who may see and do what: an actor's seats, held against an entity's grants and their scopes, as SQL.
 *
 * The rights of an actor are the union over his seats; anyone and signed_in count as seats of everybody and of every
 * account. No grant, no right. as_system (ctx.h) is the only way round. */
#ifndef KHUE_PERM_H
#define KHUE_PERM_H
#include "core/ctx.h"
#include "core/table.h"

/* Does any grant reach the actor for any of these verbs, on whatever row? No query: for menus and buttons of lists. */
bool perm_any(const struct ctx *c, const struct entity *e, uint32_t verbs);
/* Columns no READ (or EXPORT ..) grant of the actor shows: left out of pages, JSON, exports and inputs. SECRET ones
 * are always among them. A column that only some grants show is not in the set: it reads as empty where it may not
 * be seen. */
struct cols perm_hidden(const struct ctx *c, const struct entity *e, uint32_t verb);
/* Does any READ grant of the actor hide a field with this flag? Then not every row that matches by it may be told. */
bool perm_guards(const struct ctx *c, const struct entity *e, uint32_t flag);
/* May the actor use one of these grants (of a step or route) on this row? The C twin of the predicate: scopes that need
 * the database cost one query. verb 0: whatever .may says. */
bool perm_row(struct ctx *c, const struct entity *e, const struct grant *grants, uint32_t verb, const void *row);
/* Whose lent seat alone lets the actor do this to the row; 0: a right of one's own does, or none. */
user_id perm_lender(struct ctx *c, const struct entity *e, const struct grant *grants, uint32_t verb, const void *row);
/* Steps of the flow the actor may take on this row now: bit i is steps[i]. Guards are not run. */
uint64_t perm_steps(struct ctx *c, const struct entity *e, const void *row);
/* A step or route whose grants name a role of the actor at all: no query. */
bool perm_grants(const struct ctx *c, const struct grant *grants);
/* A unit that has ended where the actor has a seat that would else give one of these verbs: at, where that is not 0.
 * 0: none. */
org_id perm_ended(const struct ctx *c, const struct entity *e, uint32_t verbs, org_id at);
/* Is `at` the organisation `top` or below it today? One query where they differ. */
bool org_within(const struct ctx *c, int64_t top, int64_t at);
#endif
