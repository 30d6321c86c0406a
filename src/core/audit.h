/* audit.h -- the history of every row: one line a change, in the transaction of the change, chained by hash per
 * organisation.
 *
 * Table audit(org, seq, at, user_id, impersonator, entity, item, verb, detail, reason, hash). hash = BLAKE2b-256
 * over the hash of line seq - 1 of that org (32 zero bytes before line 1) and the length-prefixed columns in this
 * order, numbers as decimal text. audit_head(org, seq, hash) is the end of each chain; a write that is not at the
 * end waits or tries again.
 * detail is JSON: {"field":value,..} of a new row, {"field":[old,new],..} of a change; SECRET fields are never in
 * it. "@": the account whose lent seat alone gave the right to it. */
#ifndef KHUE_AUDIT_H
#define KHUE_AUDIT_H
#include "core/ctx.h"
#include "core/table.h"
#include "base/hash.h"

/* One line about a row. old NULL: a new row. changed: columns that differ; NULL: every one that is not empty. */
enum rc audit_row(struct ctx *c, const struct table *t, const char *verb, const void *old, const void *row,
	const struct cols *changed);

/* The lines of n new rows, as audit_row writes each. Within a transaction. */
enum rc audit_rows(struct ctx *c, const struct table *t, const char *verb, const void *const *rows, int64_t n);

struct audit_change { str field, label, old, now; };                 /* as people of c->lang read them           */
struct audit_event  { int64_t org, seq; instant at; user_id user, impersonator, lender; str verb, label, reason, note;
/* label: of the verb or the step; changes: struct audit_change */
                      items changes; };
/* The history of a row, newest first, at most max, those before `before` (0: from the end). For whoever may READ the
 * row (else E_MISSING); columns hidden from the actor are left out. Items of struct audit_event. */
enum rc audit_of(struct ctx *c, const struct entity *e, int64_t id, instant before, int max, items *ret);

/* While an import writes thousands of rows of one organisation: the chain's end is kept in memory and written by
 * audit_release, which must come before the commit. Not across a rollback to a savepoint: audit_release first. */
void audit_hold(struct ctx *c);
enum rc audit_release(struct ctx *c);

/* What khue check --audit prints. org, seq: the first line that does not fit; what: static text in English. */
struct audit_fault { int64_t org, seq; const char *what; };
/* Walks every chain. OK: all fit, *ret_lines of them. E_STATE: *ret names the first broken line. */
enum rc audit_verify(struct db *d, struct arena *mem, int64_t *ret_lines, struct audit_fault *ret);
#endif
