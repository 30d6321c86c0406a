/* once.h -- idempotency keys: the same write sent twice has one effect and one answer.
 *
 * The key is kept in the write's own transaction, so it is there exactly when the effect is. A second request with
 * the same key waits for the first and gets its answer again. Keys of different users never meet. */
#ifndef KHUE_ONCE_H
#define KHUE_ONCE_H
#include "core/ctx.h"
#include "base/hash.h"
/* What the first request answered. body: JSON, or empty for a browser, which gets go and said. */
struct once { int status; str go, said, body; };
/* Inside the transaction, before the work: asks for c->key (empty: always new) for this input (a digest of method,
 * address and body), ahead of what is sent before once_take. E_INVALID: the key is over 100 characters or not
 * printable. */
struct once_asked { struct rows r; digest input; };
enum rc once_ask(struct ctx *c, digest input, struct once_asked *ret);
/* *ret_again: it was here before; then *ret is its answer and nothing may be done again. E_CONFLICT with a message: the
 * key came with other input. */
enum rc once_take(struct ctx *c, struct once_asked *a, bool *ret_again, struct once *ret);
/* After the work, before the commit: keeps the answer. */
enum rc once_keep(struct ctx *c, const struct once *answer);
/* This request will not be remembered: its answer holds a password or a code that must not be stored, or it settles
 * something before it is refused. Sent again, it is done again. */
enum rc once_drop(struct ctx *c);
/* Forgets keys older than this; returns how many. The daily job calls it with two days ago. */
enum rc once_forget(struct ctx *c, instant before, int64_t *ret_n);
#endif
