/* gateway.c -- the SMS gateway the administrator configured: its file, and gateways that speak HTTP. What the files of
 * other services share stands here too. */
#include "mod/channel/channel_in.h"
#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 16384, ANSWER_BYTES = 16384, ASK_BYTES = 1 << 20, CONNECT_S = 5, ANSWER_S = 20 };

/* ---- files of the administrator ---------------------------------------------------------------------------------- */

bool secret_file(struct arena *mem, const char *variable, const char *credential, str *ret, const char **why)
{
	const char *path = getenv(variable), *credentials = getenv("CREDENTIALS_DIRECTORY");
	char *text = arena_alloc(mem, FILE_BYTES, 1);
	struct stat st;

	*why = "none is configured";
	if ((!path || !*path) && credentials)
		path = str_z(mem, str_fmt(mem, "%s/%s", credentials, credential));
	int fd = path && *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	*why = fd < 0 && path && *path ? "its file cannot be opened" : *why;
	if (fd < 0)
		return false;
	bool alone = fstat(fd, &st) == 0 && (st.st_mode & 077) == 0;
	ssize_t n = alone ? read(fd, text, FILE_BYTES) : -1;
	close(fd);
	*why = "its file may be read by others (chmod 0600)";
	*ret = (str){ text, n > 0 ? n : 0 };
	return n > 0;
}

bool file_lines(struct arena *mem, str text, const struct file_line *all, int n, const char **why)
{
	str rest = str_copy(mem, text), line, name, value;

	*why = NULL;
	while (rest.n && !*why) {
		int i = 0;
		str_cut(rest, '\n', &line, &rest);
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		*why = str_cut(line, ':', &name, &value) ? NULL : "unknown line";
		name = str_trim(name);
		while (i < n && (!str_is(name, all[i].name) || all[i].at->n))
			i++;
		if (i == n)
			*why = "unknown line";
		if (!*why)
			*all[i].at = str_trim(value);
	}
	return !*why;
}

/* ---- the gateway's ----------------------------------------------------------------------------------------------- */

/* What it says of receipts: wanted at all, then with a proof and the names of number and state. */
static const char *receipts_flaw(const struct receipt_fields *r)
{
	if (!r->secret.n)
		return NULL;
	return r->secret.n < RECEIPT_SECRET_MIN ? "receipt must have at least 16 letters"
		: !r->ref.n && !r->id.n ? "receipt-ref or receipt-id must name a field"
		: !r->state.n || !r->good.n ? "receipt-state and receipt-good are missing" : NULL;
}

bool gateway_parse(struct arena *mem, str text, struct gateway *ret, const char **why)
{
	*ret = (struct gateway){ .url = { 0 } };
	struct receipt_fields *r = &ret->receipts;
	const struct file_line all[] = { { "url", &ret->url }, { "secret", &ret->secret }, { "user", &ret->user },
		{ "from", &ret->from }, { "type", &ret->type }, { "body", &ret->body }, { "good", &ret->good },
		{ "ref", &ret->ref }, { "number", &ret->number }, { "receipt", &r->secret }, { "receipt-hmac", &r->hmac },
		{ "receipt-ref", &r->ref }, { "receipt-id", &r->id }, { "receipt-state", &r->state },
		{ "receipt-good", &r->good }, { "receipt-bad", &r->bad }, { "receipt-why", &r->why },
		{ "header", &ret->headers[0] }, { "header", &ret->headers[1] }, { "header", &ret->headers[2] },
		{ "header", &ret->headers[3] }, { "header", &ret->headers[4] }, { "header", &ret->headers[5] },
		{ "header", &ret->headers[6] }, { "header", &ret->headers[7] } };

	if (!file_lines(mem, text, all, (int)COUNT(all), why))
		return false;
	ret->number = ret->number.n ? ret->number : S("0");
	ret->type = ret->type.n ? ret->type : S("form");
	while (ret->n_headers < HEADERS_MAX && ret->headers[ret->n_headers].n)
		ret->n_headers++;
	bool http = str_starts(ret->url, S("https://")) || str_starts(ret->url, S("http://"));
	*why = !http && !str_starts(ret->url, S("smpp://")) ? "url must begin with https:// or smpp://"
		: !str_is(ret->type, "json") && !str_is(ret->type, "form") && !str_is(ret->type, "xml")
			? "type must be json, form or xml" : receipts_flaw(r);
	return !*why;
}

bool gateway_read(struct arena *mem, struct gateway *ret, const char **why)
{
	str text;

	return secret_file(mem, "KHUE_SMS_FILE", "sms", &text, why) && gateway_parse(mem, text, ret, why);
}

str phone_number(struct arena *mem, str prefix, str phone)
{
	struct buf b;
	str digits;

	buf_init(&b, mem, 64);
	for (ptrdiff_t i = 0; i < phone.n; i++)
		if (phone.p[i] >= '0' && phone.p[i] <= '9')
			put_c(&b, phone.p[i]);
	digits = buf_str(&b);
	if (str_starts(digits, S("84")) && phone.p[0] == '+')
		digits = str_sub(digits, 2, -1);
	else if (str_starts(digits, S("0")))
		digits = str_sub(digits, 1, -1);
	else
		return digits;                           /* 1800 and 1900 services */
	return str_fmt(mem, "%.*s%.*s", FMT(prefix), FMT(digits));
}

/* ---- HTTP -------------------------------------------------------------------------------------------------------- */

static void put_escaped(struct buf *b, enum escape at, str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		bool word = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');

		if (at == IN_URL || at == IN_FORM)
			word || strchr("-._~", ch) ? put_c(b, (char)ch) : put_fmt(b, "%%%02X", ch);
		else if (at == IN_HEADER)
			put_c(b, ch < ' ' ? ' ' : (char)ch);
		else if (at == IN_JSON && (ch < ' ' || ch == '"' || ch == '\\'))
			put_fmt(b, "\\u%04x", ch);
		else if (at == IN_XML && (ch == '<' || ch == '>' || ch == '&' || ch == '"' || ch == '\''))
			put_fmt(b, "&#%d;", ch);
		else
			put_c(b, (char)ch);
	}
}

str blanks_filled(struct arena *mem, const struct blank *all, int n, str pattern, enum escape at)
{
	struct buf b;

	buf_init(&b, mem, ASK_BYTES);
	while (pattern.n) {
		int i = 0;
		while (i < n && !str_starts(pattern, str_of(all[i].name)))
			i++;
		if (i < n)
			put_escaped(&b, at, all[i].value);
		else
			put_c(&b, pattern.p[0]);
		pattern = str_sub(pattern, i < n ? (ptrdiff_t)strlen(all[i].name) : 1, -1);
	}
	return buf_str(&b);
}

static size_t keep_answer(char *p, size_t size, size_t n, void *arg)
{
	put(arg, (str){ p, (ptrdiff_t)(size * n) });
	return size * n;
}

/* What stands behind `before`, up to a quote, comma, bracket or blank. */
static str behind(struct arena *mem, str answer, str before)
{
	ptrdiff_t at = before.n ? str_find(answer, before) : -1, end;

	if (at < 0)
		return S("");
	for (end = at += before.n; end < answer.n && !strchr("\"',}<> \r\n", answer.p[end]); end++)
		continue;
	return str_copy(mem, str_sub(answer, at, end));
}

/* What HTTP alone tells. */
static enum outcome judged(struct arena *mem, CURLcode got, long status, str *ret_why)
{
	*ret_why = str_fmt(mem, "HTTP %ld", status);
	if (got != CURLE_OK) {
		*ret_why = str_of(curl_easy_strerror(got));
		return got == CURLE_COULDNT_CONNECT || got == CURLE_COULDNT_RESOLVE_HOST || got == CURLE_SSL_CONNECT_ERROR ||
			got == CURLE_PEER_FAILED_VERIFICATION ? AWAY : LOST;
	}
	if (status == 429 || status == 503)
		return AWAY;
	if (status < 200 || status > 299)
		return REFUSED_BY;
	*ret_why = S("");
	return TAKEN;
}

enum outcome http_ask(struct arena *mem, const struct http_ask *ask, str *ret_answer, str *ret_why)
{
	struct curl_slist *headers = NULL;
	struct buf answer;
	long status = 0;
	CURL *h = curl_easy_init();

	*ret_answer = *ret_why = (str){ 0 };
	if (!h)
		return AWAY;
	buf_init(&answer, mem, ANSWER_BYTES);
	for (int i = 0; i < ask->n_headers; i++)
		headers = curl_slist_append(headers, str_z(mem, ask->headers[i]));
	curl_easy_setopt(h, CURLOPT_URL, str_z(mem, ask->url));
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	if (ask->body.n) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)ask->body.n);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, ask->body.p);
	}
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, keep_answer);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, &answer);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)ANSWER_S);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	CURLcode got = curl_easy_perform(h);
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(h);
	curl_slist_free_all(headers);
	*ret_answer = buf_str(&answer);
	return judged(mem, got, status, ret_why);
}

enum outcome http_sms(struct arena *mem, const struct gateway *g, const struct sms *m, str *ret_ref, str *ret_why)
{
	enum escape place = str_is(g->type, "json") ? IN_JSON : str_is(g->type, "xml") ? IN_XML : IN_FORM;
	const struct blank all[] = { { "{to}", m->to }, { "{text}", m->text },
		{ "{id}", str_fmt(mem, "%lld", (long long)m->id) }, { "{from}", g->from }, { "{secret}", g->secret } };
	str headers[HEADERS_MAX + 1], answer;
	struct http_ask ask = { .url = blanks_filled(mem, all, (int)COUNT(all), g->url, IN_URL),
		.body = blanks_filled(mem, all, (int)COUNT(all), g->body, place), .headers = headers };

	*ret_ref = (str){ 0 };
	if (place != IN_FORM)
		headers[ask.n_headers++] = place == IN_JSON ? S("Content-Type: application/json")
			: S("Content-Type: application/xml");
	for (int i = 0; i < g->n_headers; i++)
		headers[ask.n_headers++] = blanks_filled(mem, all, (int)COUNT(all), g->headers[i], IN_HEADER);
	enum outcome what = http_ask(mem, &ask, &answer, ret_why);
	if (what == TAKEN && g->good.n && str_find(answer, g->good) < 0) {
		*ret_why = S("the answer does not say it was taken");
		return REFUSED_BY;
	}
	if (what == TAKEN)
		*ret_ref = behind(mem, answer, g->ref);
	return what;
}
