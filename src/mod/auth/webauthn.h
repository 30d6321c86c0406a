/* webauthn.h -- what a browser brings back from an authenticator (W3C Web Authentication, level 2), verified. Pure:
 * no database, no clock. Who asked for it, and whether the challenge was used before, the caller knows. */
#ifndef KHUE_WEBAUTHN_H
#define KHUE_WEBAUTHN_H
#include "base/base.h"

enum { WEBAUTHN_ID_MAX = 1023, WEBAUTHN_KEY_MAX = 1100, WEBAUTHN_CLIENT_MAX = 2000, WEBAUTHN_DATA_MAX = 4000 };

/* What was asked for. challenge: as it stands in the client data (base64url). origin: https://host[:port]. rp: host. */
struct ceremony { str challenge, origin, rp; bool verified; /* the authenticator must have known its user */ };

enum webauthn_flaw { WEBAUTHN_GOOD, WEBAUTHN_CLIENT, WEBAUTHN_TYPE, WEBAUTHN_CHALLENGE, WEBAUTHN_ORIGIN,
	WEBAUTHN_DATA, WEBAUTHN_RP, WEBAUTHN_ABSENT, WEBAUTHN_UNVERIFIED, WEBAUTHN_KEY, WEBAUTHN_STATEMENT,
	WEBAUTHN_SIGNATURE };

/* id and key (COSE) are views into the arena. count: of signatures, 0 where the authenticator keeps none. */
struct webauthn_key { str id, key; int64_t count; bool verified; };
struct webauthn_use { int64_t count; bool verified; };

/* The challenge the client data answers, for the caller to hold against what it gave out; empty: none. */
str webauthn_challenge(struct arena *mem, str client);
/* A new credential. object: the attestation object; statements "none" and "packed" without certificates. Keys: ES256,
 * Ed25519, RS256. */
enum webauthn_flaw webauthn_made(struct arena *mem, const struct ceremony *asked, str client, str object,
	struct webauthn_key *ret);
/* An assertion by the credential of that key. data: the authenticator data. */
enum webauthn_flaw webauthn_shown(struct arena *mem, const struct ceremony *asked, str client, str data, str signature,
	str key, struct webauthn_use *ret);
/* Is this a key of one of the three kinds? */
bool webauthn_key_ok(str key);
#endif
