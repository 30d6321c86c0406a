/* sign_in.h -- what the files of sign.h share. */
#ifndef KHUE_SIGN_IN_H
#define KHUE_SIGN_IN_H
#include "core/sign.h"
#include <openssl/evp.h>
#include <openssl/x509.h>

/* sign.c */
char *sign_folder(struct ctx *c);
char *sign_path(struct ctx *c, str name, const char *ending);
bool sign_name_ok(str name);
/* Whether the key is of a kind that is taken and the certificate its own and valid today; ret->name is said. */
enum rc sign_fits(struct ctx *c, EVP_PKEY *key, X509 *own, struct sign_key *ret);
/* Base64 with = in one line. */
str  sign_base64(struct arena *a, str bytes);
#endif
