/* cbor.h -- reading CBOR (RFC 8949) as authenticators send it: the canonical form of CTAP2, in which every length is
 * definite and every number the shortest. Anything else is refused. */
#ifndef KHUE_CBOR_H
#define KHUE_CBOR_H
#include "base/base.h"

enum { CBOR_DEPTH = 8, CBOR_ITEMS = 64 /* most in one array or map */ };
/* The major types, numbered as on the wire. */
enum cbor_kind { CBOR_UINT, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_TAG, CBOR_SIMPLE };
/* n: the number itself, the length of bytes and text, how many items an array or how many pairs a map has. */
struct cbor_item { enum cbor_kind kind; int64_t n; str bytes; };
struct cbor { const uint8_t *p, *end; };

struct cbor cbor_of(str bytes);
/* The head of the next item, with its bytes if it has any; the items of an array or map follow. */
bool cbor_next(struct cbor *c, struct cbor_item *ret);
/* One whole item with all that is in it. */
bool cbor_skip(struct cbor *c);
#endif
