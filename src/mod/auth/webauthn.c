/* webauthn.c -- see webauthn.h. Sections cited are those of the W3C recommendation of 8 April 2021. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include "base/hash.h"
#include "mod/auth/cbor.h"
#include "mod/auth/webauthn.h"
#include "web/json.h"

enum { FLAG_PRESENT = 1, FLAG_VERIFIED = 4, FLAG_KEY = 64, FLAG_MORE = 128, HEAD = 37, AAGUID = 16 };
enum { ES256 = -7, EDDSA = -8, RS256 = -257 };

/* ---- client data (5.8.1) -------------------------------------------------------------------- */

str webauthn_challenge(struct arena *mem, str client)
{
	const cJSON *o;
	const char *bad;
	ptrdiff_t at;

	if (client.n > WEBAUTHN_CLIENT_MAX || !(o = json_read(mem, client, &bad, &at)))
		return S("");
	return json_text(json_get(o, "challenge"));
}

static enum webauthn_flaw client_is(struct arena *mem, const struct ceremony *asked, str client, const char *type)
{
	const cJSON *o, *cross;
	const char *bad;
	ptrdiff_t at;

	if (client.n > WEBAUTHN_CLIENT_MAX || !(o = json_read(mem, client, &bad, &at)) || !cJSON_IsObject(o))
		return WEBAUTHN_CLIENT;
	if (!str_is(json_text(json_get(o, "type")), type))
		return WEBAUTHN_TYPE;
	if (!asked->challenge.n || !same_secret(json_text(json_get(o, "challenge")), asked->challenge))
		return WEBAUTHN_CHALLENGE;
	cross = json_get(o, "crossOrigin");
	if (!asked->origin.n || !str_eq(json_text(json_get(o, "origin")), asked->origin) || json_get(o, "topOrigin") ||
		(cross && !cJSON_IsFalse(cross)))
		return WEBAUTHN_ORIGIN;
	return WEBAUTHN_GOOD;
}

/* ---- keys (COSE, RFC 9053) -------------------------------------------------------------------- */

struct cose { int64_t kty, alg, curve; str x, y; };      /* of RSA: x the modulus, y the exponent */

static bool cose_member(struct cbor *c, struct cose *k)
{
	struct cbor_item name, v;

	if (!cbor_next(c, &name) || (name.kind != CBOR_UINT && name.kind != CBOR_NEGATIVE) || !cbor_next(c, &v))
		return false;
	bool number = v.kind == CBOR_UINT || v.kind == CBOR_NEGATIVE, bytes = v.kind == CBOR_BYTES;
	switch (name.n) {
	case 1: k->kty = v.n; return number;
	case 3: k->alg = v.n; return number;
	case -1:
		if (bytes)
			k->x = v.bytes;
		else
			k->curve = v.n;
		return bytes || number;
	case -2:
		if (k->kty == 3)
			k->y = v.bytes;
		else
			k->x = v.bytes;
		return bytes;
	case -3: k->y = v.bytes; return bytes;
	default: return false;
	}
}

/* Reads one key and nothing more; the canonical order of its members puts the kind first. */
static bool cose_read(struct cbor *c, struct cose *k)
{
	struct cbor_item map;

	*k = (struct cose){ 0 };
	if (!cbor_next(c, &map) || map.kind != CBOR_MAP)
		return false;
	for (int64_t i = 0; i < map.n; i++)
		if (!cose_member(c, k))
			return false;
	if (k->alg == ES256)
		return k->kty == 2 && map.n == 5 && k->curve == 1 && k->x.n == 32 && k->y.n == 32;
	if (k->alg == EDDSA)
		return k->kty == 1 && map.n == 4 && k->curve == 6 && k->x.n == 32;
	/* 2048 to 4096 bits, the exponent odd and above 2^16 */
	return k->alg == RS256 && k->kty == 3 && map.n == 4 && k->x.n >= 256 && k->x.n <= 512 && (k->x.p[0] & 0xff) &&
		k->y.n >= 3 && k->y.n <= 4 && (k->y.p[k->y.n - 1] & 1) && (k->y.p[0] & 0xff);
}

static EVP_PKEY *from_params(const char *kind, OSSL_PARAM_BLD *b)
{
	EVP_PKEY_CTX *how = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
	EVP_PKEY *key = NULL;

	if (!how || !params || EVP_PKEY_fromdata_init(how) != 1 ||
		EVP_PKEY_fromdata(how, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(how);
	return key;
}

static EVP_PKEY *ec_key(const struct cose *k)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	uint8_t point[65] = { 4 };
	EVP_PKEY *key = NULL;

	memcpy(point + 1, k->x.p, 32);
	memcpy(point + 33, k->y.p, 32);
	if (b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
		OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point))
		key = from_params("EC", b);
	OSSL_PARAM_BLD_free(b);
	return key;
}

static EVP_PKEY *rsa_key(const struct cose *k)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_bin2bn((const uint8_t *)k->x.p, (int)k->x.n, NULL),
		*e = BN_bin2bn((const uint8_t *)k->y.p, (int)k->y.n, NULL);
	EVP_PKEY *key = NULL;

	if (b && n && e && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) &&
		OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e))
		key = from_params("RSA", b);
	OSSL_PARAM_BLD_free(b);
	BN_free(n);
	BN_free(e);
	return key;
}

static EVP_PKEY *key_open(const struct cose *k)
{
	if (k->alg == ES256)
		return ec_key(k);
	if (k->alg == RS256)
		return rsa_key(k);
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const uint8_t *)k->x.p, (size_t)k->x.n);
}

static bool cose_whole(str bytes, struct cose *k)
{
	struct cbor c = cbor_of(bytes);

	return bytes.n <= WEBAUTHN_KEY_MAX && cose_read(&c, k) && c.p == c.end;
}

bool webauthn_key_ok(str key)
{
	struct cose k;
	EVP_PKEY *p = cose_whole(key, &k) ? key_open(&k) : NULL;

	EVP_PKEY_free(p);
	return p != NULL;
}

/* Over the authenticator data and the digest of the client data (6.3.3). */
static bool signed_by(struct arena *mem, const struct cose *k, str data, str client, str signature)
{
	digest d = hash_sha256(client);
	size_t n = (size_t)data.n + sizeof d.b;
	uint8_t *p = arena_alloc(mem, n, 1);
	EVP_PKEY *key = key_open(k);
	EVP_MD_CTX *how = EVP_MD_CTX_new();
	bool good;

	memcpy(p, data.p, (size_t)data.n);
	memcpy(p + data.n, d.b, sizeof d.b);
	good = key && how && EVP_DigestVerifyInit(how, NULL, k->alg == EDDSA ? NULL : EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(how, (const uint8_t *)signature.p, (size_t)signature.n, p, n) == 1;
	EVP_MD_CTX_free(how);
	EVP_PKEY_free(key);
	return good;
}

/* ---- authenticator data (6.1) ------------------------------------------------------------------ */

struct seen { unsigned flags; int64_t count; str id, key; struct cose cose; };

static bool credential_read(struct cbor *c, struct seen *ret)
{
	const uint8_t *from;
	ptrdiff_t n;

	if (c->end - c->p < AAGUID + 2)
		return false;
	n = c->p[AAGUID] << 8 | c->p[AAGUID + 1];
	c->p += AAGUID + 2;
	if (n < 1 || n > WEBAUTHN_ID_MAX || n > c->end - c->p)
		return false;
	ret->id = (str){ (const char *)c->p, n };
	c->p += n;
	from = c->p;
	if (!cose_read(c, &ret->cose))
		return false;
	ret->key = (str){ (const char *)from, c->p - from };
	return ret->key.n <= WEBAUTHN_KEY_MAX;
}

static enum webauthn_flaw data_is(const struct ceremony *asked, str data, bool makes, struct seen *ret)
{
	const uint8_t *p = (const uint8_t *)data.p;
	digest rp = hash_sha256(asked->rp);
	struct cbor c = cbor_of(data);

	if (data.n < HEAD || data.n > WEBAUTHN_DATA_MAX)
		return WEBAUTHN_DATA;
	if (!asked->rp.n || memcmp(p, rp.b, sizeof rp.b) != 0)
		return WEBAUTHN_RP;
	*ret = (struct seen){ .flags = p[32],
		.count = (int64_t)p[33] << 24 | (int64_t)p[34] << 16 | (int64_t)p[35] << 8 | p[36] };
	c.p += HEAD;
	if (makes != !!(ret->flags & FLAG_KEY))
		return WEBAUTHN_DATA;
	if (makes && !credential_read(&c, ret))
		return WEBAUTHN_KEY;
	if (ret->flags & FLAG_MORE && !(c.p < c.end && *c.p >> 5 == CBOR_MAP && cbor_skip(&c)))
		return WEBAUTHN_DATA;
	if (c.p != c.end)
		return WEBAUTHN_DATA;
	if (!(ret->flags & FLAG_PRESENT))
		return WEBAUTHN_ABSENT;
	return asked->verified && !(ret->flags & FLAG_VERIFIED) ? WEBAUTHN_UNVERIFIED : WEBAUTHN_GOOD;
}

/* ---- registration (7.1) -------------------------------------------------------------------------- */

struct object { str format, data, signature; int64_t alg; int64_t members; };

static bool statement_read(struct cbor *c, struct object *o)
{
	struct cbor_item map, name, v;

	if (!cbor_next(c, &map) || map.kind != CBOR_MAP)
		return false;
	o->members = map.n;
	for (int64_t i = 0; i < map.n; i++) {
		if (!cbor_next(c, &name) || name.kind != CBOR_TEXT || !cbor_next(c, &v))
			return false;
		if (str_is(name.bytes, "alg") && v.kind == CBOR_NEGATIVE)
			o->alg = v.n;
		else if (str_is(name.bytes, "sig") && v.kind == CBOR_BYTES)
			o->signature = v.bytes;
		else
			return false;                    /* certificates: we ask for none */
	}
	return true;
}

static bool object_read(str bytes, struct object *o)
{
	struct cbor c = cbor_of(bytes);
	struct cbor_item item;

	if (bytes.n > WEBAUTHN_DATA_MAX || !cbor_next(&c, &item) || item.kind != CBOR_MAP || item.n != 3)
		return false;
	for (int i = 0; i < 3; i++) {
		if (!cbor_next(&c, &item) || item.kind != CBOR_TEXT)
			return false;
		str name = item.bytes;
		if (str_is(name, "attStmt")) {
			if (!statement_read(&c, o))
				return false;
			continue;
		}
		if (!cbor_next(&c, &item))
			return false;
		if (str_is(name, "fmt") && item.kind == CBOR_TEXT)
			o->format = item.bytes;
		else if (str_is(name, "authData") && item.kind == CBOR_BYTES)
			o->data = item.bytes;
		else
			return false;
	}
	return c.p == c.end;
}

enum webauthn_flaw webauthn_made(struct arena *mem, const struct ceremony *asked, str client, str object,
	struct webauthn_key *ret)
{
	struct object o = { 0 };
	struct seen seen;
	enum webauthn_flaw flaw = client_is(mem, asked, client, "webauthn.create");

	if (flaw)
		return flaw;
	if (!object_read(object, &o))
		return WEBAUTHN_STATEMENT;
	flaw = data_is(asked, o.data, true, &seen);
	if (flaw)
		return flaw;
	if (!webauthn_key_ok(seen.key))
		return WEBAUTHN_KEY;
	if (str_is(o.format, "packed")) {
		if (o.members != 2 || o.alg != seen.cose.alg)
			return WEBAUTHN_STATEMENT;
		if (!signed_by(mem, &seen.cose, o.data, client, o.signature))
			return WEBAUTHN_SIGNATURE;
	} else if (!str_is(o.format, "none") || o.members) {
		return WEBAUTHN_STATEMENT;
	}
	*ret = (struct webauthn_key){ str_copy(mem, seen.id), str_copy(mem, seen.key), seen.count,
		(seen.flags & FLAG_VERIFIED) != 0 };
	return WEBAUTHN_GOOD;
}

/* ---- assertion (7.2) ------------------------------------------------------------------------------- */

enum webauthn_flaw webauthn_shown(struct arena *mem, const struct ceremony *asked, str client, str data, str signature,
	str key, struct webauthn_use *ret)
{
	enum webauthn_flaw flaw = client_is(mem, asked, client, "webauthn.get");
	struct seen seen;
	struct cose k;

	if (flaw)
		return flaw;
	flaw = data_is(asked, data, false, &seen);
	if (flaw)
		return flaw;
	if (!cose_whole(key, &k))
		return WEBAUTHN_KEY;
	if (!signed_by(mem, &k, data, client, signature))
		return WEBAUTHN_SIGNATURE;
	*ret = (struct webauthn_use){ seen.count, (seen.flags & FLAG_VERIFIED) != 0 };
	return WEBAUTHN_GOOD;
}
