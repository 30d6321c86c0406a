/* push.c -- notices in browsers: the key of this installation, which push services may be asked, one message out. The
 * key is DATA/keys/push.key (PKCS#8, PEM, 0400), drawn when it is first needed; whoever loses it loses the browsers. */
#include "mod/channel/channel_in.h"
#include "mod/channel/webpush.h"
#include "base/hash.h"
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_BYTES = 1024, CONNECT_S = 5, ANSWER_S = 20, GOOD_FOR_S = 86400, VAPID_S = 12 * 3600 };
static const struct tr MSG_key = { "Không đọc hoặc ghi được khóa {1} (chmod 0400).",
	"The key {1} cannot be read or written (chmod 0400)." };

/* ---- which services ---------------------------------------------------------------------------------------------- */

/* scheme://host[:port] of an address. */
static str origin_of(str address)
{
	ptrdiff_t at = str_find(address, S("://"));

	for (at = at < 0 ? 0 : at + 3; at < address.n && address.p[at] != '/'; at++)
		continue;
	return str_sub(address, 0, at);
}

static bool origin_fits(str origin, str rule)
{
	ptrdiff_t star = str_find(rule, S("//*."));
	str host, tail;

	if (star < 0)
		return str_eq(origin, rule);
	tail = str_sub(rule, star + 3, -1);              /* .push.example.com */
	host = str_sub(origin, star + 2, -1);
	return str_starts(origin, str_sub(rule, 0, star + 2)) && str_ends(host, tail) && host.n > tail.n;
}

bool push_allowed(str endpoint)
{
	str rules = str_of(getenv("KHUE_PUSH")), rule, origin = origin_of(endpoint);

	/* nothing that a server reads another way than this: names, passwords, blanks, control characters */
	for (ptrdiff_t i = 0; i < endpoint.n; i++)
		if (endpoint.p[i] <= ' ' || endpoint.p[i] == 0x7F || endpoint.p[i] == '\\' || endpoint.p[i] == '@' ||
			(unsigned char)endpoint.p[i] > 0x7E)
			return false;
	while (rules.n) {
		str_cut(rules, ' ', &rule, &rules);
		if (rule.n && endpoint.n > origin.n && origin_fits(origin, rule))
			return true;
	}
	return false;
}

bool push_on(void)
{
	return str_trim(str_of(getenv("KHUE_PUSH"))).n > 0;
}

/* ---- the key ----------------------------------------------------------------------------------------------------- */

static EVP_PKEY *key_read(const char *path)
{
	char text[KEY_BYTES];
	struct stat st;
	EVP_PKEY *key = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) == 0
		? read(fd, text, sizeof text) : -1;

	if (fd >= 0)
		close(fd);
	BIO *b = n > 0 ? BIO_new_mem_buf(text, (int)n) : NULL;
	if (b)
		key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
	BIO_free(b);
	explicit_bzero(text, sizeof text);
	return key;
}

/* Beside, synced, then linked under its name: of two that draw at once the first stays. */
static bool key_make(struct ctx *c, const char *path)
{
	char *half = str_z(c->mem, TEXT(c, "%s.%ld", path, (long)getpid())), *text = NULL;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *b = BIO_new(BIO_s_mem());
	bool good = key && b && PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1;
	long n = good ? BIO_get_mem_data(b, &text) : 0;
	int fd = good ? open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0400) : -1;

	good = fd >= 0 && write(fd, text, (size_t)n) == n && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	good = good && (link(half, path) == 0 || errno == EEXIST);
	if (fd >= 0)
		unlink(half);
	if (text)
		explicit_bzero(text, (size_t)n);
	BIO_free(b);
	EVP_PKEY_free(key);
	return good;
}

static void free_key(void *key)
{
	EVP_PKEY_free(key);
}

/* Lives as long as c. */
static enum rc push_key(struct ctx *c, EVP_PKEY **ret)
{
	char *folder = str_z(c->mem, TEXT(c, "%s/keys", data_folder(c))),
		*path = str_z(c->mem, TEXT(c, "%s/push.key", folder));

	*ret = key_read(path);
	if (!*ret && access(path, F_OK) != 0 && (mkdir(folder, 0700) == 0 || errno == EEXIST) && key_make(c, path))
		*ret = key_read(path);
	if (!*ret)
		return FAILF(c, E_FAULT, 0, &MSG_key, str_of(path));
	arena_at_end(c->mem, free_key, *ret);
	return OK;
}

enum rc push_public(struct ctx *c, str *ret)
{
	uint8_t point[PUSH_PUBLIC];
	EVP_PKEY *key;

	TRY(push_key(c, &key));
	if (!webpush_public(key, point))
		return E_FAULT;
	*ret = base64url_of(c->mem, point, sizeof point);
	return OK;
}

/* ---- one message out --------------------------------------------------------------------------------------------- */

static size_t ignore(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

static bool sealed_for(struct ctx *c, const struct push_to *to, str payload, str *ret)
{
	uint8_t salt[PUSH_SALT];
	str key, auth;
	EVP_PKEY *pair = EVP_EC_gen("P-256");

	fresh_bytes(c, salt, sizeof salt);
	bool good = pair && base64url_read(c->mem, to->key, &key) && base64url_read(c->mem, to->auth, &auth) &&
		webpush_seal(c->mem, pair, salt, key, auth, payload, ret);
	EVP_PKEY_free(pair);
	return good;
}

static CURLcode post(struct ctx *c, const char *url, str body, str authorization, bool urgent, long *ret_status)
{
	struct curl_slist *headers = NULL;
	CURL *h = curl_easy_init();

	if (!h)
		return CURLE_COULDNT_CONNECT;
	headers = curl_slist_append(headers, str_z(c->mem, TEXT(c, "Authorization: %.*s", FMT(authorization))));
	headers = curl_slist_append(headers, "Content-Encoding: aes128gcm");
	headers = curl_slist_append(headers, "Content-Type: application/octet-stream");
	headers = curl_slist_append(headers, str_z(c->mem, TEXT(c, "TTL: %d", GOOD_FOR_S)));
	headers = curl_slist_append(headers, urgent ? "Urgency: high" : "Urgency: normal");
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)body.n);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, body.p);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)ANSWER_S);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	CURLcode got = curl_easy_perform(h);
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, ret_status);
	curl_easy_cleanup(h);
	curl_slist_free_all(headers);
	return got;
}

enum outcome push_send(struct ctx *c, const struct push_to *to, str payload, bool urgent, bool *ret_gone, str *ret_why)
{
	const char *contact = getenv("KHUE_PUSH_CONTACT");
	str body, word;
	EVP_PKEY *key;
	long status = 0;

	*ret_gone = false;
	*ret_why = S("");
	if (!push_allowed(to->endpoint)) {
		*ret_why = S("this push service is not allowed");
		return REFUSED_BY;
	}
	if (push_key(c, &key) != OK)
		return AWAY;
	if (!sealed_for(c, to, payload, &body) || !webpush_vapid(c->mem, key, origin_of(to->endpoint),
		str_of(contact && *contact ? contact : "mailto:khue@localhost"), c->now.v / 1000 + VAPID_S, &word)) {
		*ret_gone = true;                        /* its key is no key */
		*ret_why = S("the browser's key is no key");
		return REFUSED_BY;
	}
	CURLcode got = post(c, str_z(c->mem, to->endpoint), body, word, urgent, &status);
	*ret_why = got == CURLE_OK ? TEXT(c, "HTTP %ld", status) : str_of(curl_easy_strerror(got));
	*ret_gone = status == 404 || status == 410;
	if (got != CURLE_OK || status == 429 || status >= 500)
		return AWAY;
	return status >= 200 && status < 300 ? TAKEN : REFUSED_BY;
}
