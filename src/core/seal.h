/* seal.h -- short texts that leave the program and come back (a ticket, a challenge) or lie in the database enciphered
 * (a second factor, a token of another service): XSalsa20-Poly1305 under a key that the installation's secret and the
 * purpose give, so that what was sealed for one purpose opens for no other. */
#ifndef KHUE_SEAL_H
#define KHUE_SEAL_H
#include "core/ctx.h"
#include "base/hash.h"

enum { SEALED_MAX = 8192 };                                              /* a longer box does not open              */
digest seal_key(struct ctx *c, const char *purpose);
str  sealed(struct ctx *c, const char *purpose, str plain);              /* secretbox, base64url; in c's arena      */
/* False: sealed for something else, by another installation, or bent. */
bool unsealed(struct ctx *c, const char *purpose, str box, str *ret);
#endif
