/* sign.h -- signatures that other programs verify: a digest signed by a named key, and what is built on it: XAdES
 * (ETSI EN 319 132-1, B-B without a policy) and PAdES (ETSI EN 319 142-1, B-B).
 *
 * Everything is assembled here around 32 bytes that a signer signs; so a card (PKCS#11) or a signing service takes the
 * place of the files by filling struct signer, and a time-stamp is one more attribute. Keys are named "org-ID" (a
 * unit's seal) and "person-ID". Files: DATA/keys/sign/NAME.key (PKCS#8, PEM, 0600) and NAME.crt (PEM, the key's own
 * certificate first). Only ECDSA P-256 and RSA from 2048 bits, with SHA-256. */
#ifndef KHUE_SIGN_H
#define KHUE_SIGN_H
#include "core/ctx.h"
#include "base/hash.h"

enum sign_kind { SIGN_EC256, SIGN_RSA };
enum { SIGN_CHAIN = 4 };
struct sign_key {
	str name, subject;                               /* subject: the common name of the certificate            */
	enum sign_kind kind;
	str certificate, issuer, serial;                 /* DER: the certificate; of it: Name, INTEGER             */
	str chain[SIGN_CHAIN]; int n_chain;              /* DER: who issued it, up to the root                     */
	day until;                                       /* the last day the certificate is valid                  */
	const struct signer *by; void *handle;           /* the signer's own; ends with c                          */
};
/* A place where keys are. open: E_MISSING when it has none of that name. digest: RSA: PKCS#1 v1.5; EC: the DER of
 * r and s. */
struct signer { const char *name;
	enum rc (*open)(struct ctx *c, str name, struct sign_key *ret);
	enum rc (*digest)(struct ctx *c, const struct sign_key *k, digest sha256, str *ret); };
extern const struct signer file_signer;

/* "org-12", "person-34". */
str     sign_name_org(struct ctx *c, org_id at);
str     sign_name_person(struct ctx *c, person_id who);
/* Is there a key of that name? Nothing is opened. */
bool    sign_there(struct ctx *c, str name);
/* E_MISSING: no such key. E_STATE: its certificate is not valid today, or does not belong to the key. E_FAULT: the
 * files cannot be read, or others may read them. Each with its words, at the whole. */
enum rc sign_open(struct ctx *c, str name, struct sign_key *ret);
enum rc sign_digest(struct ctx *c, const struct sign_key *k, digest sha256, str *ret);

/* ---- XML --------------------------------------------------------------------------------------------------- */
/* What is referred to: uri "#ID" with the digest of that element's exclusive canonical form, or "" for the whole
 * document without this signature (enveloped). */
struct sign_xml { str id, uri; digest sha256; instant at; };
/* <ds:Signature> in exclusive canonical form, to be placed into a canonical document. id must be a name. */
enum rc sign_xml(struct ctx *c, const struct sign_key *k, const struct sign_xml *ask, str *ret);
/* An element's canonical form without the one declaration that its ancestors make again: how it stands in a
 * document. */
str     sign_inner(struct arena *a, str canonical, str declaration);

/* ---- PDF --------------------------------------------------------------------------------------------------- */
/* reason, place: shown by viewers. */
struct sign_pdf { str reason, place; instant at; };
/* Appends a signature to a PDF that this program made (print.h), signed already or not: everything before it stays as
 * it is. E_INVALID: not such a file. */
enum rc sign_pdf(struct ctx *c, const struct sign_key *k, str pdf, const struct sign_pdf *ask, str *ret);
/* A detached CMS of a digest with ESS signing-certificate-v2 (RFC 5652, 5035): the Contents of a PDF signature. */
enum rc sign_cms(struct ctx *c, const struct sign_key *k, digest sha256, str *ret);

/* ---- keys as files ------------------------------------------------------------------------------------------- */
/* A key and certificate of this installation's own authority, made at first need: for tests, demos and trials, trusted
 * by nobody else. unit: organisation (may be empty). An existing key is kept. */
enum rc sign_make(struct ctx *c, str name, str subject, str unit);
/* A key and certificates from outside: PKCS#12 bytes. E_INVALID: not readable with that password, no key in it, or a
 * kind that is not taken. Replaces what has that name. */
enum rc sign_import(struct ctx *c, str name, str p12, str password);
/* Names of the keys there are, sorted. */
enum rc sign_names(struct ctx *c, items *ret /* str */);
#endif
