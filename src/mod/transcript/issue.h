/* issue.h -- issuing: the whole of a transcript's signed years, sealed by the school that keeps it. */
#ifndef KHUE_TRANSCRIPT_ISSUE_H
#define KHUE_TRANSCRIPT_ISSUE_H
#include "core/sign.h"
#include "mod/transcript/transcript_rules.h"

/* site: where the QR codes lead. */
struct issue_keys { struct sign_key seal, head; bool headed; uint8_t statement[64]; str site; };
/* The school's seal, and the actor's own key when they are its principal; the school's public address. */
enum rc issue_keys_open(struct ctx *c, org_id at, struct issue_keys *ret);
/* Issues one transcript as it stands. *ret_done false: it has no year that waits to be issued. */
enum rc transcript_issue_one(struct ctx *c, const struct issue_keys *k, int64_t id, bool *ret_done);
/* keys.c: the secret that signs statements; the public keys that are believed and the first as text. */
enum rc statement_secret(struct ctx *c, uint8_t ret[static 64]);
int     statement_keys(struct ctx *c, uint8_t *ret, str *ret_first);
/* done: how many it has issued; site: where the principal asked, for a job has no address of its own. */
struct issue_in { org_id at; school_year_id year; int64_t done; str site; };
#endif
