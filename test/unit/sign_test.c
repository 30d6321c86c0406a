/* sign_test.c -- signatures held against other programs: xmlsec1 for XAdES, pdfsig and openssl for PAdES. Each judge
 * must also refuse what was changed by a byte, or its word is worth nothing. */
#include "engines.h"
#undef fail
#undef fail_msg
#define fail_msg(...) do { print_error(__VA_ARGS__); _fail(__FILE__, __LINE__); } while (0)
#include "core/app.h"
#include "core/print.h"
#include "core/sign_in.h"
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct desk { struct arena mem; struct app app; struct ctx c; char dir[64]; };

static void draw(void *arg, void *p, size_t n) { (void)arg; random_bytes(p, n); }
static instant clock_of(void *arg) { (void)arg; return (instant){ (int64_t)time(NULL) * 1000 }; }

static struct desk *desk_open(void)
{
	struct desk *d = calloc(1, sizeof *d);
	assert_true(hash_init());
	arena_init(&d->mem, (size_t)512 << 20);
	strcpy(d->dir, "/tmp/khue_sign_XXXXXX");
	assert_non_null(mkdtemp(d->dir));
	d->app = (struct app){ .data = d->dir, .random = draw, .clock = clock_of };
	ctx_start(&d->c, &d->app, &d->mem);
	d->c.lang = EN;
	return d;
}

static void desk_close(struct desk *d)
{
	char cmd[100];
	snprintf(cmd, sizeof cmd, "rm -rf %s", d->dir);
	assert_int_equal(system(cmd), 0);
	arena_free(&d->mem);
	free(d);
}

static char *path_in(struct desk *d, const char *name) { return str_z(&d->mem, str_fmt(&d->mem, "%s/%s", d->dir,
	name)); }

static void write_to(const char *path, str bytes)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, (size_t)bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

static str read_from(struct desk *d, const char *path)
{
	FILE *f = fopen(path, "r");
	char *p = arena_alloc(&d->mem, 4 << 20, 1);
	assert_non_null(f);
	size_t n = fread(p, 1, 4 << 20, f);
	fclose(f);
	return (str){ p, (ptrdiff_t)n };
}

/* What a judge prints, errors too; *ret its exit code. */
static str judge(struct desk *d, int *ret, const char *fmt, ...)
{
	char cmd[600], *out = arena_alloc(&d->mem, 1 << 16, 1);
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(cmd, sizeof cmd - 10, fmt, args);
	va_end(args);
	strcpy(cmd + len, " 2>&1");
	FILE *f = popen(cmd, "r");
	assert_non_null(f);
	size_t n = fread(out, 1, 1 << 16, f);
	*ret = pclose(f);
	return (str){ out, (ptrdiff_t)n };
}

/* A key of a kind: EC is our own, RSA comes by PKCS#12. */
static struct sign_key key_of(struct desk *d, enum sign_kind kind)
{
	struct sign_key k;
	int rc;

	if (kind == SIGN_EC256) {
		assert_int_equal(sign_make(&d->c, S("org-1"), S("Trường THCS Nguyễn Du"), S("Sở GD&ĐT An Bình")), OK);
	} else {
		judge(d, &rc, "cd %s && openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 30 -subj "
			"'/CN=Hieu truong' && openssl pkcs12 -export -inkey k.pem -in c.pem -out k.p12 -passout pass:abc", d->dir);
		assert_int_equal(rc, 0);
		d->c.now.v = instant_now().v + 1000;     /* the certificate is valid from this second on            */
		assert_int_equal(sign_import(&d->c, S("org-1"), read_from(d, path_in(d, "k.p12")), S("wrong")), E_INVALID);
		assert_int_equal(sign_import(&d->c, S("org-1"), read_from(d, path_in(d, "k.p12")), S("abc")), OK);
	}
	assert_int_equal(sign_open(&d->c, S("org-1"), &k), OK);
	assert_int_equal(k.kind, kind);
	return k;
}

/* ---- XML ------------------------------------------------------------------------------------------------------ */

#define PART "<namHoc xmlns=\"urn:khue:hoc-ba:1\" Id=\"n1\"><hoTen>Nguyễn &amp; An</hoTen></namHoc>"
#define DECLARED " xmlns=\"urn:khue:hoc-ba:1\""

static int xml_verdict(struct desk *d, str document, const char *which)
{
	const char *root = access(path_in(d, "keys/sign/authority.crt"), F_OK) == 0 ? "keys/sign/authority.crt" : "c.pem";
	int rc;

	write_to(path_in(d, "d.xml"), document);
	str said = judge(d, &rc, "xmlsec1 --verify --trusted-pem %s --id-attr:Id namHoc --id-attr:Id SignedProperties "
		"--node-xpath \"//*[@Id='%s']\" %s", path_in(d, root), which, path_in(d, "d.xml"));
	if (getenv("KHUE_SIGN_SAYS"))
		print_message("%.*s\n", FMT(said));
	return rc;
}

static str a_document(struct desk *d, const struct sign_key *k)
{
	struct arena *a = &d->mem;
	str one, two, head = S("<hocBa xmlns=\"urn:khue:hoc-ba:1\">"), part = sign_inner(a, S(PART), S(DECLARED));
	struct sign_xml ask = { S("s1"), S("#n1"), hash_sha256(S(PART)), d->c.now };

	assert_int_equal(sign_xml(&d->c, k, &ask, &one), OK);
	str before = str_fmt(a, "%.*s%.*s%.*s", FMT(head), FMT(part), FMT(one));
	ask = (struct sign_xml){ S("s2"), S(""), hash_sha256(str_fmt(a, "%.*s</hocBa>", FMT(before))), d->c.now };
	assert_int_equal(sign_xml(&d->c, k, &ask, &two), OK);
	return str_fmt(a, "%.*s%.*s</hocBa>", FMT(before), FMT(two));
}

/* The same text with the byte at the needle's end raised by one. */
static str spoiled(struct desk *d, str text, const char *needle)
{
	str copy = str_copy(&d->mem, text);
	ptrdiff_t at = str_find(copy, str_of(needle));
	assert_true(at >= 0);
	((char *)(uintptr_t)copy.p)[at + (ptrdiff_t)strlen(needle) - 1]++;
	return copy;
}

static void xml_of(enum sign_kind kind)
{
	struct desk *d = desk_open();
	struct sign_key k = key_of(d, kind);
	str doc = a_document(d, &k);
	int rc;

	assert_int_equal(xml_verdict(d, doc, "s1"), 0);
	assert_int_equal(xml_verdict(d, doc, "s2"), 0);
	assert_int_not_equal(xml_verdict(d, spoiled(d, doc, "<hoTen>N"), "s1"), 0);
	assert_int_not_equal(xml_verdict(d, spoiled(d, doc, "<hoTen>N"), "s2"), 0);
	assert_int_not_equal(xml_verdict(d, spoiled(d, doc, "<xades:SigningTime>2"), "s1"), 0);
	assert_int_not_equal(xml_verdict(d, spoiled(d, doc, "Id=\"s1-re"), "s1"), 0);
	assert_int_not_equal(xml_verdict(d, spoiled(d, doc, "Id=\"s1-re"), "s2"), 0);  /* the whole holds the first too */
	write_to(path_in(d, "d.xml"), doc);
	assert_true(str_eq(judge(d, &rc, "xmllint --exc-c14n %s", path_in(d, "d.xml")), doc));
	desk_close(d);
}

static void xml_ec(void **state) { (void)state; xml_of(SIGN_EC256); }
static void xml_rsa(void **state) { (void)state; xml_of(SIGN_RSA); }

/* ---- PDF ------------------------------------------------------------------------------------------------------- */

static str a_pdf(struct desk *d)
{
	struct print_sheets *p;
	char *path = path_in(d, "a.pdf");
	FILE *f = fopen(path, "w+");
	str markup = S("<article><h1>HỌC BẠ</h1><p>Nguyễn Thị Ánh</p></article><article><p>Trang hai</p></article>");

	assert_non_null(f);
	assert_int_equal(print_begin(&d->c, S("A4"), S("Học bạ"), S("chân"), fileno(f), &p), OK);
	assert_int_equal(print_markup(p, markup), OK);
	assert_int_equal(print_end(p, NULL), OK);
	fclose(f);
	return read_from(d, path);
}

static int count_of(str hay, const char *needle)
{
	int n = 0;
	for (ptrdiff_t at; (at = str_find(hay, str_of(needle))) >= 0; n++)
		hay = str_sub(hay, at + (ptrdiff_t)strlen(needle), -1);
	return n;
}

static str pdf_verdict(struct desk *d, str pdf)
{
	int rc;
	write_to(path_in(d, "b.pdf"), pdf);
	str said = judge(d, &rc, "pdfsig -nocert %s", path_in(d, "b.pdf"));
	if (getenv("KHUE_SIGN_SAYS"))
		print_message("%.*s\n", FMT(said));
	return said;
}

/* openssl reads our DER and finds that the attributes carry this digest. */
static void cms_verdict(struct desk *d, str pdf)
{
	int64_t r[4] = { 0 };
	ptrdiff_t at = str_find(pdf, S("/ByteRange ["));
	int rc;

	assert_int_equal(sscanf(pdf.p + at, "/ByteRange [%lld %lld %lld %lld]", (long long *)&r[0], (long long *)&r[1],
		(long long *)&r[2], (long long *)&r[3]), 4);
	str hex = str_sub(pdf, r[1] + 1, r[2] - 1);
	char *cms = arena_alloc(&d->mem, (size_t)hex.n / 2, 1), *content = arena_alloc(&d->mem, (size_t)(r[1] + r[3]), 1);
	memcpy(content, pdf.p, (size_t)r[1]);
	memcpy(content + r[1], pdf.p + r[2], (size_t)r[3]);
	assert_true(hex_read(hex, cms, (size_t)hex.n / 2));
	write_to(path_in(d, "s.der"), (str){ cms, hex.n / 2 });
	write_to(path_in(d, "s.bin"), (str){ content, r[1] + r[3] });
	str said = judge(d, &rc,
		"openssl cms -verify -cades -binary -inform DER -in %s -content %s -CAfile %s -purpose any "
		"-out /dev/null", path_in(d, "s.der"), path_in(d, "s.bin"), path_in(d, "keys/sign/authority.crt"));
	if (rc)
		print_message("%.*s\n", FMT(said));
	assert_true(str_find(said, S("CAdES Verification successful")) >= 0);
	assert_int_equal(rc, 0);
}

static void pdf_of(enum sign_kind kind)
{
	struct desk *d = desk_open();
	struct sign_key k = key_of(d, kind);
	struct sign_pdf ask = { S("Xác nhận học bạ"), S("An Bình"), d->c.now };
	str pdf = a_pdf(d), once, twice, said;

	assert_int_equal(sign_pdf(&d->c, &k, pdf, &ask, &once), OK);
	assert_true(str_starts(once, pdf));                  /* nothing before the update is touched                */
	said = pdf_verdict(d, once);
	assert_int_equal(count_of(said, "Signature is Valid"), 1);
	assert_true(str_find(said, S("ETSI.CAdES.detached")) >= 0);
	if (kind == SIGN_EC256)
		cms_verdict(d, once);
	assert_int_equal(sign_pdf(&d->c, &k, once, &ask, &twice), OK);
	assert_true(str_starts(twice, once));
	said = pdf_verdict(d, twice);
	assert_int_equal(count_of(said, "Signature is Valid"), 2);
	assert_int_equal(count_of(said, "Total document signed"), 1);
	said = pdf_verdict(d, spoiled(d, once, "/Type /Catalog"));
	assert_int_equal(count_of(said, "Signature is Valid"), 0);
	said = pdf_verdict(d, spoiled(d, twice, "/Type /Font"));
	assert_int_equal(count_of(said, "Signature is Valid"), 0);
	desk_close(d);
}

static void pdf_ec(void **state) { (void)state; pdf_of(SIGN_EC256); }
static void pdf_rsa(void **state) { (void)state; pdf_of(SIGN_RSA); }

/* Whatever is not a PDF of ours is refused, at every cut and for every byte of the part that is read. */
static void foreign_pdfs(void **state)
{
	struct desk *d = desk_open();
	struct sign_key k = key_of(d, SIGN_EC256);
	struct sign_pdf ask = { S(""), S(""), d->c.now };
	str pdf = a_pdf(d), out;
	(void)state;

	assert_int_equal(sign_pdf(&d->c, &k, S(""), &ask, &out), E_INVALID);
	assert_int_equal(sign_pdf(&d->c, &k, S("%PDF-1.5\n%%EOF"), &ask, &out), E_INVALID);
	for (ptrdiff_t i = pdf.n - 400; i < pdf.n - 6; i += 7) {
		str bad = str_copy(&d->mem, pdf);
		((char *)(uintptr_t)bad.p)[i] ^= 0x15;
		sign_pdf(&d->c, &k, bad, &ask, &out);           /* refused or not: it reads nothing outside             */
		assert_int_not_equal(sign_pdf(&d->c, &k, str_sub(pdf, 0, i), &ask, &out), OK);
	}
	desk_close(d);
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static void keys(void **state)
{
	struct desk *d = desk_open();
	struct sign_key k;
	struct stat st;
	items names;
	(void)state;

	assert_int_equal(sign_open(&d->c, S("org-9"), &k), E_MISSING);
	assert_int_equal(sign_open(&d->c, S("../secret"), &k), E_MISSING);
	assert_int_equal(sign_make(&d->c, S("../x"), S("x"), S("")), E_INVALID);
	assert_int_equal(sign_make(&d->c, S("authority"), S("x"), S("")), E_INVALID);
	assert_int_equal(sign_make(&d->c, S("person-2"),
		S("Nguyễn Thị Hoàng Anh Thư Trần Lê Phạm Vũ Đặng Bùi Đỗ Hồ Ngô Dương"),
		S("")), OK);
	assert_int_equal(sign_open(&d->c, S("person-2"), &k), OK);
	assert_true(str_is_utf8(k.subject));
	assert_int_equal(k.n_chain, 1);
	assert_int_equal(stat(path_in(d, "keys/sign/person-2.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(sign_names(&d->c, &names), OK);
	assert_int_equal(names.n, 2);
	/* others may read it: it is not a secret any more */
	assert_int_equal(chmod(path_in(d, "keys/sign/person-2.key"), 0640), 0);
	assert_int_equal(sign_open(&d->c, S("person-2"), &k), E_FAULT);
	assert_int_equal(chmod(path_in(d, "keys/sign/person-2.key"), 0600), 0);
	/* a certificate of another key, an expired one */
	d->c.now.v += INT64_C(6) * 366 * 86400000;
	assert_int_equal(sign_open(&d->c, S("person-2"), &k), E_STATE);
	d->c.now.v -= INT64_C(6) * 366 * 86400000;
	assert_int_equal(sign_make(&d->c, S("person-3"), S("b"), S("")), OK);
	assert_int_equal(rename(path_in(d, "keys/sign/person-3.crt"), path_in(d, "keys/sign/person-2.crt")), 0);
	assert_int_equal(sign_open(&d->c, S("person-2"), &k), E_STATE);
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(xml_ec), cmocka_unit_test(xml_rsa), cmocka_unit_test(pdf_ec),
		cmocka_unit_test(pdf_rsa), cmocka_unit_test(foreign_pdfs), cmocka_unit_test(keys) };
	return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
