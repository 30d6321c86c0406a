/* audit_hash.h -- one line of the history and its hash. For audit.c and audit_verify.c. */
#ifndef KHUE_AUDIT_HASH_H
#define KHUE_AUDIT_HASH_H
#include "core/ctx.h"
#include "base/hash.h"
struct audit_line { int64_t org, seq; instant at; user_id user, impersonator; str entity; int64_t item;
	str verb, detail, reason; digest hash; };
/* Of the line, after the line whose hash is `before`. */
digest audit_hash(struct arena *mem, const digest *before, const struct audit_line *l);
#endif
