/* webauthn_fuzz.c -- any bytes as what an authenticator sends: nothing breaks, and nothing is accepted that was not
 * asked for. A good answer of a fixed key with some bytes changed is not accepted either. */
#include <assert.h>
#include <openssl/evp.h>
#include "base/hash.h"
#include "mod/auth/cbor.h"
#include "mod/auth/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 37 };
static const struct ceremony asked = { S_INIT("Y2hhbGxlbmdl"), S_INIT("https://khue.test"), S_INIT("khue.test"), true };
#define CLIENT(type) S("{\"type\":\"" type "\",\"challenge\":\"Y2hhbGxlbmdl\",\"origin\":\"https://khue.test\"}")

/* Ed25519 of the seed 1, 1, 1 ..: signs the same each time. */
static EVP_PKEY *fixed_key(uint8_t cose[42])
{
	static const uint8_t head[] = { 0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32 };
	uint8_t seed[32];
	size_t n = 32;
	EVP_PKEY *pair;

	memset(seed, 1, sizeof seed);
	pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
	memcpy(cose, head, sizeof head);
	assert(pair && EVP_PKEY_get_raw_public_key(pair, cose + sizeof head, &n) == 1);
	return pair;
}

/* As a registration: what is taken names our host and was present and verified. */
static void as_object(struct arena *mem, str bytes)
{
	struct webauthn_key k;
	digest rp = hash_sha256(asked.rp);

	if (webauthn_made(mem, &asked, CLIENT("webauthn.create"), bytes, &k) != WEBAUTHN_GOOD)
		return;
	assert(k.verified && k.id.n > 0 && webauthn_key_ok(k.key));
	assert(str_find(bytes, (str){ (const char *)rp.b, sizeof rp.b }) >= 0);
}

/* The good answer, with the bytes laid over it from a place they name: taken only if nothing changed. */
static void as_change(struct arena *mem, const uint8_t *data, size_t size)
{
	str client = CLIENT("webauthn.get");
	digest d = hash_sha256(client), rp = hash_sha256(asked.rp);
	uint8_t cose[42], all[HEAD + 32], answer[HEAD + 64], good[HEAD + 64];
	struct webauthn_use use;
	size_t n = 64;
	EVP_PKEY *pair = fixed_key(cose);
	EVP_MD_CTX *how = EVP_MD_CTX_new();
	str key = { (const char *)cose, sizeof cose };

	memcpy(all, rp.b, 32);
	memcpy(all + 32, (const uint8_t[]){ 5, 0, 0, 0, 9 }, 5);
	memcpy(all + HEAD, d.b, 32);
	memcpy(good, all, HEAD);
	assert(EVP_DigestSignInit(how, NULL, NULL, NULL, pair) == 1 &&
		EVP_DigestSign(how, good + HEAD, &n, all, sizeof all) == 1);
	memcpy(answer, good, sizeof answer);
	for (size_t i = 1; i < size && i < 9; i++)
		answer[(data[0] + i) % sizeof answer] ^= data[i];
	bool same = memcmp(answer, good, sizeof answer) == 0;
	enum webauthn_flaw flaw = webauthn_shown(mem, &asked, client, (str){ (const char *)answer, HEAD },
		(str){ (const char *)answer + HEAD, 64 }, key, &use);
	assert((flaw == WEBAUTHN_GOOD) == same);
	webauthn_shown(mem, &asked, client, (str){ (const char *)data, (ptrdiff_t)size }, S(""), key, &use);
	EVP_MD_CTX_free(how);
	EVP_PKEY_free(pair);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str bytes = { (const char *)data, (ptrdiff_t)size };
	struct cbor c = cbor_of(bytes);
	struct webauthn_key k;
	struct arena mem;

	if (!size || size > 4096 || !hash_init())
		return 0;
	arena_init(&mem, (size_t)8 << 20);
	while (c.p < c.end && cbor_skip(&c))
		assert(c.p <= c.end);
	webauthn_key_ok(bytes);
	as_object(&mem, bytes);
	as_change(&mem, data, size);
	assert(webauthn_made(&mem, &asked, bytes, S(""), &k) != WEBAUTHN_GOOD);
	webauthn_challenge(&mem, bytes);
	arena_free(&mem);
	return 0;
}
