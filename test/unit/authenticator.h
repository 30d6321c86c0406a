/* authenticator.h -- an authenticator in software: what a browser and a key bring back, written by hand from the W3C
 * recommendation, so that tests can bend every byte of it. */
#ifndef KHUE_TEST_AUTHENTICATOR_H
#define KHUE_TEST_AUTHENTICATOR_H
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include "base/hash.h"

enum key_kind { KEY_ES256, KEY_ED25519, KEY_RS256 };
/* flags: 1 present, 4 verified. packed: signs its own registration. */
struct authenticator { enum key_kind kind; EVP_PKEY *pair; uint8_t id[32]; uint32_t count; unsigned flags;
	bool packed; };

static inline struct authenticator authenticator_new(enum key_kind kind, uint8_t name)
{
	struct authenticator k = { .kind = kind, .count = 1, .flags = 5 };

	memset(k.id, name, sizeof k.id);
	k.pair = kind == KEY_ES256 ? EVP_EC_gen("P-256") : kind == KEY_RS256 ? EVP_RSA_gen(2048) :
		EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	return k;
}

/* ---- CBOR, written ---------------------------------------------------------------------------- */

static inline void cb(struct buf *b, unsigned kind, uint64_t n)
{
	unsigned low = n < 24 ? (unsigned)n : n < 256 ? 24 : 25;

	put_c(b, (char)(kind << 5 | low));
	if (low == 25)
		put_c(b, (char)(n >> 8));
	if (low >= 24)
		put_c(b, (char)n);
}
static inline void cb_str(struct buf *b, unsigned kind, str s) { cb(b, kind, (uint64_t)s.n); put(b, s); }
static inline void cb_text(struct buf *b, const char *z) { cb_str(b, 3, str_of(z)); }
static inline void cb_bytes(struct buf *b, const void *p, size_t n) { cb_str(b, 2, (str){ p, (ptrdiff_t)n }); }
static inline void cb_int(struct buf *b, int64_t v) { cb(b, v < 0, v < 0 ? (uint64_t)(-1 - v) : (uint64_t)v); }

static inline void key_number(struct buf *b, EVP_PKEY *pair, const char *name, size_t n)
{
	BIGNUM *v = NULL;
	uint8_t bytes[512];

	EVP_PKEY_get_bn_param(pair, name, &v);
	cb_bytes(b, bytes, (size_t)BN_bn2binpad(v, bytes, (int)(n ? n : (size_t)BN_num_bytes(v))));
	BN_free(v);
}

static inline void put_key(struct buf *b, const struct authenticator *k)
{
	static const int members[] = { 5, 4, 4 }, kty[] = { 2, 1, 3 }, alg[] = { -7, -8, -257 };
	uint8_t raw[32];
	size_t n = sizeof raw;

	cb(b, 5, (uint64_t)members[k->kind]);
	cb_int(b, 1), cb_int(b, kty[k->kind]), cb_int(b, 3), cb_int(b, alg[k->kind]), cb_int(b, -1);
	if (k->kind == KEY_RS256) {
		key_number(b, k->pair, OSSL_PKEY_PARAM_RSA_N, 0);
		cb_int(b, -2);
		key_number(b, k->pair, OSSL_PKEY_PARAM_RSA_E, 0);
	} else if (k->kind == KEY_ED25519) {
		cb_int(b, 6), cb_int(b, -2);
		EVP_PKEY_get_raw_public_key(k->pair, raw, &n);
		cb_bytes(b, raw, n);
	} else {
		cb_int(b, 1), cb_int(b, -2);
		key_number(b, k->pair, OSSL_PKEY_PARAM_EC_PUB_X, 32);
		cb_int(b, -3);
		key_number(b, k->pair, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
	}
}

static inline str auth_data(struct arena *mem, const struct authenticator *k, const char *rp, bool makes)
{
	digest d = hash_sha256(str_of(rp));
	struct buf b;

	buf_init(&b, mem, 2000);
	put(&b, (str){ (const char *)d.b, 32 });
	put_c(&b, (char)(k->flags | (makes ? 64u : 0)));
	for (int i = 24; i >= 0; i -= 8)
		put_c(&b, (char)(k->count >> i));
	if (makes) {
		for (int i = 0; i < 16; i++)
			put_c(&b, 0);
		put_c(&b, 0), put_c(&b, sizeof k->id);
		put(&b, (str){ (const char *)k->id, sizeof k->id });
		put_key(&b, k);
	}
	return buf_str(&b);
}

static inline str client_data(struct arena *mem, const char *type, str challenge, const char *origin)
{
	return str_fmt(mem, "{\"type\":\"%s\",\"challenge\":\"%.*s\",\"origin\":\"%s\",\"crossOrigin\":false}", type,
		FMT(challenge), origin);
}

static inline str signature_of(struct arena *mem, const struct authenticator *k, str data, str client)
{
	digest d = hash_sha256(client);
	uint8_t out[600], *p = arena_alloc(mem, 4000, 1);
	size_t n = sizeof out;
	EVP_MD_CTX *how = EVP_MD_CTX_new();

	memcpy(p, data.p, (size_t)data.n);
	memcpy(p + data.n, d.b, 32);
	EVP_DigestSignInit(how, NULL, k->kind == KEY_ED25519 ? NULL : EVP_sha256(), NULL, k->pair);
	EVP_DigestSign(how, out, &n, p, (size_t)data.n + 32);
	EVP_MD_CTX_free(how);
	return str_copy(mem, (str){ (const char *)out, (ptrdiff_t)n });
}

static inline str attestation(struct arena *mem, const struct authenticator *k, str data, str client)
{
	static const int alg[] = { -7, -8, -257 };
	struct buf b;

	buf_init(&b, mem, 4000);
	cb(&b, 5, 3);
	cb_text(&b, "fmt"), cb_text(&b, k->packed ? "packed" : "none");
	cb_text(&b, "attStmt"), cb(&b, 5, k->packed ? 2 : 0);
	if (k->packed) {
		cb_text(&b, "alg"), cb_int(&b, alg[k->kind]);
		cb_text(&b, "sig"), cb_str(&b, 2, signature_of(mem, k, data, client));
	}
	cb_text(&b, "authData"), cb_str(&b, 2, data);
	return buf_str(&b);
}
#endif
