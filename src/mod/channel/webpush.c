/* webpush.c -- see webpush.h. OpenSSL does the mathematics. */
#include "mod/channel/webpush.h"
#include "base/hash.h"
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

enum { SECRET_BYTES = 32, CEK = 16, NONCE = 12, TAG = 16, RECORD = 4096, HEAD = PUSH_SALT + 4 + 1 + PUSH_PUBLIC };

bool webpush_public(EVP_PKEY *key, uint8_t ret[static PUSH_PUBLIC])
{
	size_t n = 0;

	return EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, ret, PUSH_PUBLIC, &n) == 1 &&
		n == PUSH_PUBLIC && ret[0] == 4;
}

/* The public key of the other side; NULL: not a point of the curve. */
static EVP_PKEY *point_of(str raw)
{
	EVP_PKEY *key = NULL;
	char group[] = "prime256v1";
	OSSL_PARAM with[] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)raw.p, (size_t)raw.n),
		OSSL_PARAM_construct_end() };
	EVP_PKEY_CTX *x = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

	if (!x || EVP_PKEY_fromdata_init(x) != 1 || EVP_PKEY_fromdata(x, &key, EVP_PKEY_PUBLIC_KEY, with) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(x);
	return key;
}

static bool shared(EVP_PKEY *own, EVP_PKEY *peer, uint8_t ret[static SECRET_BYTES])
{
	size_t n = SECRET_BYTES;
	EVP_PKEY_CTX *x = EVP_PKEY_CTX_new(own, NULL);
	bool good = x && EVP_PKEY_derive_init(x) == 1 && EVP_PKEY_derive_set_peer(x, peer) == 1 &&
		EVP_PKEY_derive(x, ret, &n) == 1 && n == SECRET_BYTES;

	EVP_PKEY_CTX_free(x);
	return good;
}

static bool hkdf(str salt, str from, str info, uint8_t *ret, size_t n)
{
	char hash[] = "SHA256";
	EVP_KDF *kind = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *x = kind ? EVP_KDF_CTX_new(kind) : NULL;
	OSSL_PARAM with[] = { OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)(uintptr_t)salt.p, (size_t)salt.n),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)from.p, (size_t)from.n),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)info.p, (size_t)info.n),
		OSSL_PARAM_construct_end() };
	bool good = x && EVP_KDF_derive(x, ret, n, with) == 1;

	EVP_KDF_CTX_free(x);
	EVP_KDF_free(kind);
	return good;
}

#define RAW(a) ((str){ (const char *)(a), (ptrdiff_t)sizeof(a) })

/* RFC 8291 3.4: what both sides know and nobody else, as the input of RFC 8188. */
static bool keying(struct arena *mem, EVP_PKEY *own, const uint8_t own_public[static PUSH_PUBLIC], str key, str auth,
	uint8_t ret[static SECRET_BYTES])
{
	uint8_t agreed[SECRET_BYTES];
	struct buf info;
	EVP_PKEY *peer = point_of(key);
	bool good = peer && shared(own, peer, agreed);

	EVP_PKEY_free(peer);
	if (!good)
		return false;
	buf_init(&info, mem, 256);
	put(&info, (str){ "WebPush: info", 14 });        /* with its zero */
	put(&info, key);
	put(&info, (str){ (const char *)own_public, PUSH_PUBLIC });
	return hkdf(auth, RAW(agreed), buf_str(&info), ret, SECRET_BYTES);
}

static bool gcm(const uint8_t cek[static CEK], const uint8_t nonce[static NONCE], str plain, uint8_t *ret)
{
	static const uint8_t last = 2;                   /* RFC 8188 2: the last record */
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	int n = 0, m = 0, k = 0;
	bool good = x && EVP_EncryptInit_ex2(x, EVP_aes_128_gcm(), cek, nonce, NULL) == 1 &&
		EVP_EncryptUpdate(x, ret, &n, (const uint8_t *)plain.p, (int)plain.n) == 1 &&
		EVP_EncryptUpdate(x, ret + n, &m, &last, 1) == 1 && EVP_EncryptFinal_ex(x, ret + n + m, &k) == 1 &&
		EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_GET_TAG, TAG, ret + n + m) == 1;

	EVP_CIPHER_CTX_free(x);
	return good && n + m == plain.n + 1;
}

bool webpush_seal(struct arena *mem, EVP_PKEY *own, const uint8_t salt[static PUSH_SALT], str key, str auth, str plain,
	str *ret)
{
	uint8_t public_[PUSH_PUBLIC], ikm[SECRET_BYTES], cek[CEK], nonce[NONCE];
	str salt_ = { (const char *)salt, PUSH_SALT };
	size_t n = (size_t)HEAD + (size_t)plain.n + 1 + TAG;
	uint8_t *out = arena_alloc(mem, n, 1);

	if (key.n != PUSH_PUBLIC || auth.n != PUSH_AUTH || plain.n > PUSH_PLAIN_MAX || !webpush_public(own, public_) ||
		!keying(mem, own, public_, key, auth, ikm))
		return false;
	if (!hkdf(salt_, RAW(ikm), (str){ "Content-Encoding: aes128gcm", 28 }, cek, sizeof cek) ||
		!hkdf(salt_, RAW(ikm), (str){ "Content-Encoding: nonce", 24 }, nonce, sizeof nonce))
		return false;
	memcpy(out, salt, PUSH_SALT);
	out[16] = out[17] = 0;
	out[18] = RECORD >> 8;
	out[19] = RECORD & 255;
	out[20] = PUSH_PUBLIC;
	memcpy(out + 21, public_, PUSH_PUBLIC);
	if (!gcm(cek, nonce, plain, out + HEAD))
		return false;
	*ret = (str){ (const char *)out, (ptrdiff_t)n };
	return true;
}

/* ---- VAPID ------------------------------------------------------------------------------------------------------ */

/* ECDSA with SHA-256 as JOSE writes it (RFC 7518 3.4): r and s, 32 bytes each. */
static bool es256(EVP_PKEY *key, str text, uint8_t ret[static 64])
{
	uint8_t der[96];
	const uint8_t *p = der;
	size_t n = sizeof der;
	EVP_MD_CTX *x = EVP_MD_CTX_new();
	bool good = x && EVP_DigestSignInit(x, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestSign(x, der, &n, (const uint8_t *)text.p, (size_t)text.n) == 1;
	ECDSA_SIG *sig = good ? d2i_ECDSA_SIG(NULL, &p, (long)n) : NULL;

	good = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, 32) == 32 &&
		BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + 32, 32) == 32;
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(x);
	return good;
}

bool webpush_vapid(struct arena *mem, EVP_PKEY *key, str audience, str subject, int64_t ends, str *ret)
{
	static const str head = S_INIT("{\"typ\":\"JWT\",\"alg\":\"ES256\"}");
	uint8_t sig[64], public_[PUSH_PUBLIC];
	str claims = str_fmt(mem, "{\"aud\":\"%.*s\",\"exp\":%lld,\"sub\":\"%.*s\"}", FMT(audience), (long long)ends,
		FMT(subject));
	str a = base64url_of(mem, head.p, (size_t)head.n), b = base64url_of(mem, claims.p, (size_t)claims.n);
	str text = str_fmt(mem, "%.*s.%.*s", FMT(a), FMT(b));

	if (!webpush_public(key, public_) || !es256(key, text, sig))
		return false;
	str s = base64url_of(mem, sig, sizeof sig), k = base64url_of(mem, public_, sizeof public_);
	*ret = str_fmt(mem, "vapid t=%.*s.%.*s, k=%.*s", FMT(text), FMT(s), FMT(k));
	return true;
}
