/* hash.h -- digests, keyed digests, random bytes, text forms. libsodium does the work; call hash_init once. */
#ifndef KHUE_HASH_H
#define KHUE_HASH_H
#include "base/base.h"
typedef struct { uint8_t b[32]; } digest;
bool   hash_init(void);
digest hash_of(str data);                            /* BLAKE2b-256                                    */
digest hash_keyed(digest key, str data);
digest hash_sha256(str data);
struct hasher { _Alignas(64) uint8_t state[384]; };  /* BLAKE2b-256, piece by piece                    */
void   hash_begin(struct hasher *h);
void   hash_add(struct hasher *h, str data);
void   hash_add_sized(struct hasher *h, str data);   /* length-prefixed: no two field lists collide    */
digest hash_end(struct hasher *h);
str    hex_of(struct arena *a, const void *p, size_t n);
bool   hex_read(str s, void *ret, size_t n);
str    base64url_of(struct arena *a, const void *p, size_t n);
bool   base64url_read(struct arena *a, str s, str *ret);
void   random_bytes(void *p, size_t n);              /* only main and ctx call this                    */
bool   same_secret(str a, str b);                    /* constant time for equal lengths                */
#endif
