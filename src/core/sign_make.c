/* sign_make.c -- keys as files: our own authority for tests and trials, and keys from outside. */
#include "core/sign_in.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AUTHORITY_YEARS = 20, KEY_YEARS = 5, NAMES_MAX = 100000 };
static const char authority[] = "authority";
static const struct tr
MSG_write = { "Không ghi được khóa ký số vào {1}.", "The signing key cannot be written to {1}." },
MSG_make = { "Không tạo được khóa ký số {1}.", "The signing key {1} could not be made." },
MSG_name = { "Tên khóa \"{1}\" chỉ gồm chữ thường, số và dấu -.",
	"The name of a key \"{1}\" has small letters, digits and - only." },
MSG_p12 = { "Không mở được tệp PKCS#12: sai mật khẩu, hỏng, hoặc không có khóa.",
	"The PKCS#12 file cannot be opened: wrong password, damaged, or without a key." };

struct fresh { EVP_PKEY *key; X509 *own; X509 *by; };

static void forget(struct fresh *f)
{
	EVP_PKEY_free(f->key);
	X509_free(f->own);
	X509_free(f->by);
	ERR_clear_error();
}

/* ---- certificates ------------------------------------------------------------------------------------------- */

static bool add_name(X509_NAME *n, const char *what, str text)
{
	str cut = str_sub(text, 0, 64);

	while (cut.n > 0 && !str_is_utf8(cut))
		cut.n--;                                 /* ub-common-name is 64; between characters           */
	return !cut.n || X509_NAME_add_entry_by_txt(n, what, MBSTRING_UTF8, (const unsigned char *)cut.p, (int)cut.n,
		-1, 0);
}

static bool add_extension(X509 *x, X509 *by, int nid, const char *value)
{
	X509V3_CTX v;
	X509_EXTENSION *e;

	X509V3_set_ctx_nodb(&v);
	X509V3_set_ctx(&v, by, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &v, nid, value);
	bool good = e && X509_add_ext(x, e, -1) == 1;
	X509_EXTENSION_free(e);
	return good;
}

static bool add_serial(struct ctx *c, X509 *x)
{
	unsigned char bytes[16];
	BIGNUM *b;

	fresh_bytes(c, bytes, sizeof bytes);
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40);
	b = BN_bin2bn(bytes, sizeof bytes, NULL);
	bool good = b && BN_to_ASN1_INTEGER(b, X509_get_serialNumber(x)) != NULL;
	BN_free(b);
	return good;
}

/* by, signer NULL: its own. */
static X509 *certify(struct ctx *c, EVP_PKEY *key, str subject, str unit, X509 *by, EVP_PKEY *signer)
{
	X509 *x = X509_new();
	X509_NAME *n = x ? X509_get_subject_name(x) : NULL;
	long now = (long)(c->now.v / 1000), years = by ? KEY_YEARS : AUTHORITY_YEARS;
	time_t zero = 0;
	bool good = x && X509_set_version(x, 2) && add_serial(c, x) && X509_set_pubkey(x, key) &&
		X509_time_adj_ex(X509_getm_notBefore(x), (int)(now / 86400) - 1, 0, &zero) &&
		X509_time_adj_ex(X509_getm_notAfter(x), (int)(now / 86400 + years * 365), 0, &zero) &&
		add_name(n, "C", S("VN")) && add_name(n, "O", unit) && add_name(n, "CN", subject) &&
		X509_set_issuer_name(x, by ? X509_get_subject_name(by) : n) &&
		add_extension(x, by ? by : x, NID_basic_constraints, by ? "critical,CA:FALSE" : "critical,CA:TRUE,pathlen:0") &&
		add_extension(x, by ? by : x, NID_key_usage, by ? "critical,digitalSignature,nonRepudiation"
			: "critical,keyCertSign,cRLSign") &&
		add_extension(x, by ? by : x, NID_subject_key_identifier, "hash") &&
		add_extension(x, by ? by : x, NID_authority_key_identifier, "keyid") &&
		X509_sign(x, signer ? signer : key, EVP_sha256()) > 0;

	if (!good) {
		X509_free(x);
		return NULL;
	}
	return x;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static enum rc no_write(struct ctx *c)
{
	return FAILF(c, E_FAULT, 0, &MSG_write, str_of(sign_folder(c)));
}

static enum rc folder_there(struct ctx *c)
{
	char *up = str_z(c->mem, TEXT(c, "%s/keys", data_folder(c)));

	if ((mkdir(up, 0700) != 0 && errno != EEXIST) || (mkdir(sign_folder(c), 0700) != 0 && errno != EEXIST))
		return no_write(c);
	return OK;
}

/* The key first: a key without its certificate is found at once, a certificate without its key only when signing. */
static enum rc write_files(struct ctx *c, str name, EVP_PKEY *key, X509 *const *chain, int n)
{
	char *half = sign_path(c, name, ".key.new"), *cert = sign_path(c, name, ".crt.new");
	int fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	bool good = f && PEM_write_PKCS8PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1 && fflush(f) == 0 &&
		fsync(fd) == 0;

	if (f)
		good = fclose(f) == 0 && good;
	f = good ? fopen(cert, "we") : NULL;
	good = f != NULL;
	for (int i = 0; good && i < n; i++)
		good = PEM_write_X509(f, chain[i]) == 1;
	if (f)
		good = fflush(f) == 0 && fsync(fileno(f)) == 0 && fclose(f) == 0 && good;
	if (good && rename(half, sign_path(c, name, ".key")) == 0 && rename(cert, sign_path(c, name, ".crt")) == 0)
		return OK;
	unlink(half);
	unlink(cert);
	return no_write(c);
}

/* ---- our own authority ------------------------------------------------------------------------------------------- */

static enum rc authority_there(struct ctx *c)
{
	struct fresh f = { 0 };
	enum rc rc = E_FAULT;

	if (sign_there(c, str_of(authority)))
		return OK;
	f.key = EVP_EC_gen("P-256");
	f.own = f.key ? certify(c, f.key, S("Khuê - chứng thực thử nghiệm"), S("Khuê"), NULL, NULL) : NULL;
	if (f.own)
		rc = write_files(c, str_of(authority), f.key, &f.own, 1);
	forget(&f);
	return rc == OK ? OK : FAILF(c, E_FAULT, 0, &MSG_make, str_of(authority));
}

enum rc sign_make(struct ctx *c, str name, str subject, str unit)
{
	struct sign_key by;
	struct fresh f = { 0 };
	enum rc rc = E_FAULT;
	const unsigned char *der;

	if (!sign_name_ok(name) || str_is(name, authority))
		return FAILF(c, E_INVALID, 0, &MSG_name, name);
	if (sign_there(c, name))
		return OK;
	TRY(folder_there(c));
	TRY(authority_there(c));
	TRY(sign_open(c, str_of(authority), &by));
	der = (const unsigned char *)by.certificate.p;
	f.by = d2i_X509(NULL, &der, (long)by.certificate.n);
	f.key = EVP_EC_gen("P-256");
	f.own = f.by && f.key ? certify(c, f.key, subject, unit, f.by, by.handle) : NULL;
	if (f.own)
		rc = write_files(c, name, f.key, (X509 *const[]){ f.own, f.by }, 2);
	forget(&f);
	return rc == OK ? OK : FAILF(c, E_FAULT, 0, &MSG_make, name);
}

/* ---- from outside ---------------------------------------------------------------------- */

static enum rc import_chain(struct ctx *c, str name, EVP_PKEY *key, X509 *own, STACK_OF(X509) *others)
{
	struct sign_key told = { .name = name };
	X509 *chain[SIGN_CHAIN + 1] = { own };
	int n = 1;

	TRY(sign_fits(c, key, own, &told));
	for (int i = 0; others && i < sk_X509_num(others) && n < SIGN_CHAIN + 1; i++)
		chain[n++] = sk_X509_value(others, i);
	TRY(folder_there(c));
	return write_files(c, name, key, chain, n);
}

enum rc sign_import(struct ctx *c, str name, str p12, str password)
{
	const unsigned char *p = (const unsigned char *)p12.p;
	PKCS12 *box;
	EVP_PKEY *key = NULL;
	X509 *own = NULL;
	STACK_OF(X509) *others = NULL;
	enum rc rc;

	if (!sign_name_ok(name) || str_is(name, authority))
		return FAILF(c, E_INVALID, 0, &MSG_name, name);
	box = d2i_PKCS12(NULL, &p, (long)p12.n);
	if (!box || PKCS12_parse(box, str_z(c->mem, password), &key, &own, &others) != 1 || !key || !own)
		rc = FAIL(c, E_INVALID, 0, &MSG_p12);
	else
		rc = import_chain(c, name, key, own, others);
	PKCS12_free(box);
	EVP_PKEY_free(key);
	X509_free(own);
	sk_X509_pop_free(others, X509_free);
	ERR_clear_error();
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

enum rc sign_names(struct ctx *c, items *ret)
{
	DIR *d = opendir(sign_folder(c));
	struct dirent *e;
	int64_t n = 0, room = 64;
	str *list = NEWS(c->mem, str, room), name;

	while (d && (e = readdir(d)) != NULL && n < NAMES_MAX) {
		name = str_of(e->d_name);
		if (!str_ends(name, S(".key")))
			continue;
		if (n == room) {
			str *more = NEWS(c->mem, str, room * 2);
			memcpy(more, list, sizeof *list * (size_t)n);
			list = more;
			room *= 2;
		}
		list[n++] = str_copy(c->mem, str_sub(name, 0, name.n - 4));
	}
	if (d)
		closedir(d);
	qsort(list, (size_t)n, sizeof *list, by_name);
	*ret = (items){ list, n };
	return OK;
}
