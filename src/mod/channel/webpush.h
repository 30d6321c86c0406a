/* webpush.h -- a message for a browser, readable by it alone (RFC 8291 over RFC 8188, aes128gcm), and the sender's
 * signed word who it is (VAPID, RFC 8292). Pure: no clock, no chance, no network. */
#ifndef KHUE_WEBPUSH_H
#define KHUE_WEBPUSH_H
#include "base/base.h"
#include <openssl/evp.h>

enum { PUSH_PUBLIC = 65, PUSH_AUTH = 16, PUSH_SALT = 16, PUSH_PLAIN_MAX = 3993 };
/* The uncompressed point of a P-256 key. */
bool webpush_public(EVP_PKEY *key, uint8_t ret[static PUSH_PUBLIC]);
/* key, auth: of the browser, raw. own: a pair drawn for this message only. False: not a point, or too long. */
bool webpush_seal(struct arena *mem, EVP_PKEY *own, const uint8_t salt[static PUSH_SALT], str key, str auth, str plain,
	str *ret);
/* The value of Authorization. audience: the origin of the endpoint; ends: seconds since 1970. */
bool webpush_vapid(struct arena *mem, EVP_PKEY *key, str audience, str subject, int64_t ends, str *ret);
#endif
