/* sign_cms.c -- a detached CMS SignedData, written as DER from the inside out. What is signed are its attributes:
 * content type, digest, and which certificate signed (RFC 5652 5.4, RFC 5035 3). PAdES has no signing-time here
 * (EN 319 142-1, 6.3): the signature dictionary tells it. */
#include "core/sign_in.h"

#define OID(name, ...) static const unsigned char name[] = { 0x06, __VA_ARGS__ }
OID(oid_signed, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2);
OID(oid_data, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1);
OID(oid_content_type, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3);
OID(oid_message_digest, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4);
OID(oid_certificate_v2, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47);
OID(oid_sha256, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1);
OID(oid_rsa, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1);
OID(oid_ecdsa_sha256, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2);
#define RAW(oid) ((str){ (const char *)(oid), (ptrdiff_t)sizeof(oid) })

enum { SEQUENCE = 0x30, SET = 0x31, OCTETS = 0x04, TAG_0 = 0xa0, DIRECTORY_NAME = 0xa4, DER_MAX = 1 << 17 };

/* tag, length, then the parts one after another. */
static str wrap(struct arena *a, int tag, const str *parts, int n)
{
	struct buf b;
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += (size_t)parts[i].n;
	buf_init(&b, a, DER_MAX);
	put_c(&b, (char)tag);
	if (len > 0xff)
		put_fmt(&b, "%c%c%c", (char)0x82, (char)(len >> 8), (char)(len & 0xff));
	else if (len > 0x7f)
		put_fmt(&b, "%c%c", (char)0x81, (char)len);
	else
		put_c(&b, (char)len);
	for (int i = 0; i < n; i++)
		put(&b, parts[i]);
	return buf_str(&b);
}
#define WRAP(a, tag, ...) wrap((a), (tag), (const str[]){ __VA_ARGS__ }, \
	(int)(sizeof((const str[]){ __VA_ARGS__ }) / sizeof(str)))

static const unsigned char null_bytes[] = { 5, 0 }, one_bytes[] = { 2, 1, 1 };

static str attribute(struct arena *a, str oid, str value)
{
	return WRAP(a, SEQUENCE, oid, WRAP(a, SET, value));
}

/* ESSCertIDv2 with SHA-256, the default, so unsaid. */
static str which_certificate(struct arena *a, const struct sign_key *k)
{
	digest d = hash_sha256(k->certificate);
	str names = WRAP(a, SEQUENCE, WRAP(a, DIRECTORY_NAME, k->issuer));
	str id = WRAP(a, SEQUENCE, WRAP(a, OCTETS, (str){ (const char *)d.b, 32 }),
		WRAP(a, SEQUENCE, names, k->serial));

	return WRAP(a, SEQUENCE, WRAP(a, SEQUENCE, id));
}

/* In the order DER sorts a SET OF: by their bytes, so here by length. */
static void attributes(struct arena *a, const struct sign_key *k, digest sha256, str ret[static 3])
{
	ret[0] = attribute(a, RAW(oid_content_type), RAW(oid_data));
	ret[1] = attribute(a, RAW(oid_message_digest), WRAP(a, OCTETS, (str){ (const char *)sha256.b, 32 }));
	ret[2] = attribute(a, RAW(oid_certificate_v2), which_certificate(a, k));
}

enum rc sign_cms(struct ctx *c, const struct sign_key *k, digest sha256, str *ret)
{
	struct arena *a = c->mem;
	str all[SIGN_CHAIN + 1] = { k->certificate }, told[3], signature;
	str hash_alg = WRAP(a, SEQUENCE, RAW(oid_sha256), RAW(null_bytes));
	str key_alg = k->kind == SIGN_RSA ? WRAP(a, SEQUENCE, RAW(oid_rsa), RAW(null_bytes))
		: WRAP(a, SEQUENCE, RAW(oid_ecdsa_sha256));

	for (int i = 0; i < k->n_chain; i++)
		all[i + 1] = k->chain[i];
	attributes(a, k, sha256, told);
	TRY(sign_digest(c, k, hash_sha256(wrap(a, SET, told, 3)), &signature));
	str signer = WRAP(a, SEQUENCE, RAW(one_bytes), WRAP(a, SEQUENCE, k->issuer, k->serial), hash_alg,
		wrap(a, TAG_0, told, 3), key_alg, WRAP(a, OCTETS, signature));
	str body = WRAP(a, SEQUENCE, RAW(one_bytes), WRAP(a, SET, hash_alg), WRAP(a, SEQUENCE, RAW(oid_data)),
		wrap(a, TAG_0, all, k->n_chain + 1), WRAP(a, SET, signer));
	*ret = WRAP(a, SEQUENCE, RAW(oid_signed), WRAP(a, TAG_0, body));
	return OK;
}
