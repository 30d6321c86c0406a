/* sign.c -- see sign.h: keys in files, and the opening of any key. */
#include "core/sign_in.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_FILE_MAX = 1 << 16 };
static const struct tr
MSG_no_key = { "Chưa có khóa ký số {1}. Quản trị hệ thống cấp bằng lệnh khue key.",
	"There is no signing key {1}. The system operator issues it with the command khue key." },
MSG_open_to_others = { "Khóa ký số {1} phải là tệp chỉ chủ sở hữu đọc được (chmod 0600).",
	"The signing key {1} must be a file that only its owner reads (chmod 0600)." },
MSG_unreadable = { "Không đọc được khóa ký số hoặc chứng thư {1}.",
	"The signing key or certificate {1} cannot be read." },
MSG_not_its = { "Chứng thư {1} không thuộc khóa của nó.", "The certificate {1} does not belong to its key." },
MSG_not_valid = { "Chứng thư số {1} hết hạn hoặc chưa có hiệu lực.",
	"The certificate {1} has expired or is not valid yet." },
MSG_kind = { "Khóa {1} không phải ECDSA P-256 hay RSA từ 2048 bit.",
	"The key {1} is neither ECDSA P-256 nor RSA of 2048 bits or more." };

char *sign_folder(struct ctx *c)
{
	return str_z(c->mem, TEXT(c, "%s/keys/sign", data_folder(c)));
}

char *sign_path(struct ctx *c, str name, const char *ending)
{
	return str_z(c->mem, TEXT(c, "%s/keys/sign/%.*s%s", data_folder(c), FMT(name), ending));
}

/* A name is a file's name: letters, digits and - only. */
bool sign_name_ok(str name)
{
	for (ptrdiff_t i = 0; i < name.n; i++) {
		char ch = name.p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-'))
			return false;
	}
	return name.n > 0 && name.n <= 64;
}

str sign_name_org(struct ctx *c, org_id at) { return TEXT(c, "org-%lld", (long long)at.v); }
str sign_name_person(struct ctx *c, person_id who) { return TEXT(c, "person-%lld", (long long)who.v); }

bool sign_there(struct ctx *c, str name)
{
	return sign_name_ok(name) && access(sign_path(c, name, ".key"), F_OK) == 0;
}

/* A private file; what it holds is the key in the clear, so it goes through no buffer of ours. */
static enum rc read_key(struct ctx *c, str name, EVP_PKEY **ret)
{
	int fd = open(sign_path(c, name, ".key"), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return FAILF(c, E_MISSING, 0, &MSG_no_key, name);
	FILE *f = fdopen(fd, "r");
	if (!f || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
		if (f)
			fclose(f);
		else
			close(fd);
		return FAILF(c, E_FAULT, 0, &MSG_open_to_others, name);
	}
	char inside[1024];
	setvbuf(f, inside, _IOFBF, sizeof inside);
	*ret = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	sodium_memzero(inside, sizeof inside);
	ERR_clear_error();
	return *ret ? OK : FAILF(c, E_FAULT, 0, &MSG_unreadable, name);
}

/* What i2d made, in the arena; n: what it returned. *der is freed. */
static str taken(struct arena *a, int n, unsigned char **der)
{
	str s = n > 0 ? str_copy(a, (str){ (const char *)*der, n }) : (str){ 0 };

	OPENSSL_free(*der);
	*der = NULL;
	return s;
}

static void subject_of(struct ctx *c, X509 *x, struct sign_key *ret)
{
	X509_NAME *n = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(n, NID_commonName, -1);
	unsigned char *text = NULL;
	int len = at < 0 ? -1 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(n, at)));

	ret->subject = len > 0 ? str_copy(c->mem, (str){ (const char *)text, len }) : ret->name;
	OPENSSL_free(text);
}

static str der_certificate(struct arena *a, X509 *x)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);

	return taken(a, n, &der);
}

static void read_own(struct ctx *c, X509 *x, struct sign_key *ret)
{
	unsigned char *der = NULL;
	int n = i2d_X509_NAME(X509_get_issuer_name(x), &der);

	ret->certificate = der_certificate(c->mem, x);
	ret->issuer = taken(c->mem, n, &der);
	n = i2d_ASN1_INTEGER(X509_get_serialNumber(x), &der);
	ret->serial = taken(c->mem, n, &der);
	subject_of(c, x, ret);
}

static bool valid_now(const struct ctx *c, X509 *x, day *ret_until)
{
	time_t now = (time_t)(c->now.v / 1000);
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
		return false;
	day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, ret_until);
	return X509_cmp_time(X509_get0_notBefore(x), &now) < 0 && X509_cmp_time(X509_get0_notAfter(x), &now) > 0;
}

static bool kind_of(EVP_PKEY *key, enum sign_kind *ret)
{
	char group[32];
	size_t n = 0;

	*ret = SIGN_RSA;
	if (EVP_PKEY_is_a(key, "RSA"))
		return EVP_PKEY_get_bits(key) >= 2048;
	*ret = SIGN_EC256;
	return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1 &&
		strcmp(group, "prime256v1") == 0;
}

static void free_key(void *key) { EVP_PKEY_free(key); }

enum rc sign_fits(struct ctx *c, EVP_PKEY *key, X509 *own, struct sign_key *ret)
{
	if (!kind_of(key, &ret->kind))
		return FAILF(c, E_STATE, 0, &MSG_kind, ret->name);
	if (X509_check_private_key(own, key) != 1) {
		ERR_clear_error();
		return FAILF(c, E_STATE, 0, &MSG_not_its, ret->name);
	}
	return valid_now(c, own, &ret->until) ? OK : FAILF(c, E_STATE, 0, &MSG_not_valid, ret->name);
}

static enum rc read_certificates(struct ctx *c, EVP_PKEY *key, struct sign_key *ret)
{
	FILE *f = fopen(sign_path(c, ret->name, ".crt"), "re");
	X509 *own = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL, *next;
	enum rc rc;

	if (own) {
		read_own(c, own, ret);
		while (ret->n_chain < SIGN_CHAIN && (next = PEM_read_X509(f, NULL, NULL, NULL)) != NULL) {
			ret->chain[ret->n_chain++] = der_certificate(c->mem, next);
			X509_free(next);
		}
	}
	if (f)
		fclose(f);
	ERR_clear_error();
	rc = own ? sign_fits(c, key, own, ret) : FAILF(c, E_FAULT, 0, &MSG_unreadable, ret->name);
	X509_free(own);
	return rc;
}

static enum rc file_open(struct ctx *c, str name, struct sign_key *ret)
{
	EVP_PKEY *key = NULL;

	if (!sign_name_ok(name))
		return FAILF(c, E_MISSING, 0, &MSG_no_key, name);
	TRY(read_key(c, name, &key));
	arena_at_end(c->mem, free_key, key);
	*ret = (struct sign_key){ .name = str_copy(c->mem, name), .by = &file_signer, .handle = key };
	return read_certificates(c, key, ret);
}

static enum rc file_digest(struct ctx *c, const struct sign_key *k, digest sha256, str *ret)
{
	EVP_PKEY_CTX *p = EVP_PKEY_CTX_new(k->handle, NULL);
	unsigned char out[1024];
	size_t n = sizeof out;
	bool good = p && EVP_PKEY_sign_init(p) == 1 && EVP_PKEY_CTX_set_signature_md(p, EVP_sha256()) == 1 &&
		EVP_PKEY_sign(p, out, &n, sha256.b, sizeof sha256.b) == 1;

	EVP_PKEY_CTX_free(p);
	ERR_clear_error();
	if (!good)
		return FAILF(c, E_FAULT, 0, &MSG_unreadable, k->name);
	*ret = str_copy(c->mem, (str){ (const char *)out, (ptrdiff_t)n });
	return OK;
}

const struct signer file_signer = { "file", file_open, file_digest };

enum rc sign_open(struct ctx *c, str name, struct sign_key *ret)
{
	return file_signer.open(c, name, ret);
}

enum rc sign_digest(struct ctx *c, const struct sign_key *k, digest sha256, str *ret)
{
	return k->by->digest(c, k, sha256, ret);
}
