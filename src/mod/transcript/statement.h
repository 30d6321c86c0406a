/* statement.h -- what the QR code of an issued transcript says, signed, so that paper verifies without the database.
 *
 * Bytes, in base64url: format (1), issue (8, big-endian), version (2), level (1), day of issue (4: days since 1970),
 * first and last year (2 each), then length and bytes of: the pupil's initials, the school's name; SHA-256 of the XML
 * without its seal (32); Ed25519 signature (64) over "khue-transcript-1\n" and all bytes before it. No name, no
 * number, no mark: what else a reader learns is on the paper they hold. */
#ifndef KHUE_TRANSCRIPT_STATEMENT_H
#define KHUE_TRANSCRIPT_STATEMENT_H
#include "base/base.h"

enum { STATEMENT_TEXT_MAX = 120, STATEMENT_KEYS_MAX = 8 };
struct statement { int64_t issue, version, first, last; int level; day issued; str initials, school;
	uint8_t sha256[32]; };
/* The signed text. False: a text is too long. */
bool statement_write(struct arena *a, const struct statement *s, const uint8_t secret[static 64], str *ret);
enum statement_end { STATEMENT_GOOD, STATEMENT_UNREADABLE, STATEMENT_FORGED };
/* keys: n public keys of 32 bytes; any of them is believed. Never reads outside text, whatever it is. */
enum statement_end statement_read(struct arena *a, str text, const uint8_t *keys, int n, struct statement *ret);
/* "Nguyễn Thị Minh Khuê": "N.T.M.K." */
str  initials_of(struct arena *a, str name);
#endif
