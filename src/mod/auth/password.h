/* password.h -- what a password may be and how it is kept. */
#ifndef KHUE_AUTH_PASSWORD_H
#define KHUE_AUTH_PASSWORD_H
#include "core/ctx.h"

enum { PASSWORD_MIN = 8, PASSWORD_STAFF_MIN = 15, PASSWORD_MAX = 256 /* characters */ };

/* What is wrong with a new password, or NULL. context: words of the account (login, names, date of birth, unit) that
 * must not be all there is to it. No rules of composition and no forced change: length and not being guessable are
 * what counts (OWASP ASVS 5.0 V6.2). *ret_min: the number to say. */
const struct tr *password_flaw(struct arena *mem, str password, int min, const str *context, int n);

/* argon2id, m = 19 MiB, t = 2, p = 1 over an HMAC of the password keyed by the installation: a stolen database alone
 * cannot be guessed at. At most two at a time on a machine (one where there are two cores), a queue
 * that leaves two workers to others, E_BUSY beyond it or after 3 s. */
enum rc password_hash(struct ctx *c, str password, str *ret);
/* kept empty: does the same work and answers false, so that an unknown name takes as long. *ret_old: made by weaker
 * settings, to be made again. */
enum rc password_matches(struct ctx *c, str kept, str password, bool *ret, bool *ret_old);

/* A code that people read aloud and type: n letters and digits without look-alikes, in groups of four. */
str code_make(struct ctx *c, int n);
/* What was meant: small letters, no blanks or hyphens. */
str code_read(struct arena *mem, str typed);

extern const char *const auth_common[];      /* sorted bytewise */
extern const int auth_common_count;
#endif
