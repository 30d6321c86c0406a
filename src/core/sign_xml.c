/* sign_xml.c -- XAdES, written in canonical form at once: what is digested is a piece of what is written, but for
 * declarations of namespaces that stand on its first element when it is looked at alone. */
#include "core/sign_in.h"

#include <openssl/bn.h>
#include <openssl/ec.h>

#define DS_NS "http://www.w3.org/2000/09/xmldsig#"
#define DS " xmlns:ds=\"" DS_NS "\""
#define XADES_NS "http://uri.etsi.org/01903/v1.3.2#"
#define XADES " xmlns:xades=\"" XADES_NS "\""
#define C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"
enum { XML_MAX = 1 << 16 };

str sign_base64(struct arena *a, str bytes)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	ptrdiff_t n = (bytes.n + 2) / 3 * 4;
	char *to = NEWS(a, char, n + 1);
	const unsigned char *p = (const unsigned char *)bytes.p;

	for (ptrdiff_t i = 0, o = 0; i < bytes.n; i += 3) {
		unsigned v = (unsigned)p[i] << 16 | (i + 1 < bytes.n ? (unsigned)p[i + 1] << 8 : 0) |
			(i + 2 < bytes.n ? p[i + 2] : 0);
		to[o++] = set[v >> 18];
		to[o++] = set[v >> 12 & 63];
		to[o++] = i + 1 < bytes.n ? set[v >> 6 & 63] : '=';
		to[o++] = i + 2 < bytes.n ? set[v & 63] : '=';
	}
	return (str){ to, n };
}

str sign_inner(struct arena *a, str canonical, str declaration)
{
	struct buf b;
	ptrdiff_t at;

	buf_init(&b, a, (size_t)canonical.n + 1);
	at = str_find(canonical, declaration);
	put(&b, at < 0 ? canonical : str_sub(canonical, 0, at));
	if (at >= 0)
		put(&b, str_sub(canonical, at + declaration.n, -1));
	return buf_str(&b);
}

static str without_all(struct arena *a, str text, str declaration)
{
	while (str_find(text, declaration) >= 0)
		text = sign_inner(a, text, declaration);
	return text;
}

static str digest64(struct arena *a, digest d)
{
	return sign_base64(a, (str){ (const char *)d.b, sizeof d.b });
}

/* IssuerSerialV2: the DER of RFC 5035's IssuerSerial is left out: the digest names the certificate. */
static str properties(struct ctx *c, const struct sign_key *k, const struct sign_xml *ask)
{
	return TEXT(c, "<xades:SignedProperties" XADES " Id=\"%.*s-sp\"><xades:SignedSignatureProperties>"
		"<xades:SigningTime>%.*s</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
		"<ds:DigestMethod" DS " Algorithm=\"" SHA256 "\"></ds:DigestMethod><ds:DigestValue" DS ">%.*s</ds:DigestValue>"
		"</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>"
		"</xades:SignedProperties>", FMT(ask->id), FMT(instant_iso(c->mem, ask->at)),
		FMT(digest64(c->mem, hash_sha256(k->certificate))));
}

static void put_reference(struct buf *b, str id, str uri, const char *type, bool enveloped, str value)
{
	put_fmt(b, "<ds:Reference");
	if (id.n)
		put_fmt(b, " Id=\"%.*s\"", FMT(id));
	if (type)
		put_fmt(b, " Type=\"%s\"", type);
	put_fmt(b, " URI=\"%.*s\"><ds:Transforms>", FMT(uri));
	if (enveloped)
		put_z(b, "<ds:Transform Algorithm=\"" DS_NS "enveloped-signature\"></ds:Transform>");
	put_z(b, "<ds:Transform Algorithm=\"" C14N "\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"" SHA256
		"\"></ds:DigestMethod><ds:DigestValue>");
	put(b, value);
	put_z(b, "</ds:DigestValue></ds:Reference>");
}

static str signed_info(struct ctx *c, const struct sign_key *k, const struct sign_xml *ask, str props)
{
	struct buf b;

	buf_init(&b, c->mem, XML_MAX);
	put_z(&b, "<ds:SignedInfo" DS "><ds:CanonicalizationMethod Algorithm=\"" C14N "\"></ds:CanonicalizationMethod>"
		"<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#");
	put_z(&b, k->kind == SIGN_RSA ? "rsa-sha256" : "ecdsa-sha256");
	put_z(&b, "\"></ds:SignatureMethod>");
	put_reference(&b, TEXT(c, "%.*s-ref", FMT(ask->id)), ask->uri, NULL, ask->uri.n == 0,
		digest64(c->mem, ask->sha256));
	put_reference(&b, (str){ 0 }, TEXT(c, "#%.*s-sp", FMT(ask->id)), "http://uri.etsi.org/01903#SignedProperties",
		false, digest64(c->mem, hash_sha256(props)));
	put_z(&b, "</ds:SignedInfo>");
	return buf_str(&b);
}

/* XML has r and s side by side, 32 bytes each, not their DER. */
static bool plain_signature(struct arena *a, str der, str *ret)
{
	const unsigned char *p = (const unsigned char *)der.p;
	ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)der.n);
	unsigned char both[64];
	bool good = s && BN_bn2binpad(ECDSA_SIG_get0_r(s), both, 32) == 32 &&
		BN_bn2binpad(ECDSA_SIG_get0_s(s), both + 32, 32) == 32;

	ECDSA_SIG_free(s);
	*ret = str_copy(a, (str){ (const char *)both, sizeof both });
	return good;
}

enum rc sign_xml(struct ctx *c, const struct sign_key *k, const struct sign_xml *ask, str *ret)
{
	struct arena *a = c->mem;
	str props = properties(c, k, ask), info = signed_info(c, k, ask, props), signature;
	struct buf b;

	TRY(sign_digest(c, k, hash_sha256(info), &signature));
	if (k->kind == SIGN_EC256 && !plain_signature(a, signature, &signature))
		return E_FAULT;
	buf_init(&b, a, XML_MAX);
	put_fmt(&b, "<ds:Signature" DS " Id=\"%.*s\">", FMT(ask->id));
	put(&b, sign_inner(a, info, S(DS)));
	put_fmt(&b, "<ds:SignatureValue>%.*s</ds:SignatureValue><ds:KeyInfo><ds:X509Data>", FMT(sign_base64(a, signature)));
	put_fmt(&b, "<ds:X509Certificate>%.*s</ds:X509Certificate>", FMT(sign_base64(a, k->certificate)));
	put_fmt(&b, "</ds:X509Data></ds:KeyInfo><ds:Object><xades:QualifyingProperties" XADES " Target=\"#%.*s\">",
		FMT(ask->id));
	put(&b, sign_inner(a, without_all(a, props, S(DS)), S(XADES)));
	put_z(&b, "</xades:QualifyingProperties></ds:Object></ds:Signature>");
	*ret = buf_str(&b);
	return OK;
}
