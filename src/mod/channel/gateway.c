/* gateway.c -- the SMS gateway the administrator configured: its file, and gateways that speak HTTP. */
#include "mod/channel/channel_in.h"
#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 16384, ANSWER_BYTES = 16384, CONNECT_S = 5, ANSWER_S = 20 };

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static bool set(struct gateway *g, str name, str value)
{
	struct { const char *name; str *at; } all[] = { { "url", &g->url }, { "secret", &g->secret }, { "user", &g->user },
		{ "from", &g->from }, { "type", &g->type }, { "body", &g->body }, { "good", &g->good }, { "ref", &g->ref },
		{ "number", &g->number } };

	if (str_is(name, "header") && g->n_headers < HEADERS_MAX) {
		g->headers[g->n_headers++] = value;
		return true;
	}
	for (ptrdiff_t i = 0; i < COUNT(all); i++)
		if (str_is(name, all[i].name)) {
			*all[i].at = value;
			return true;
		}
	return false;
}

bool gateway_parse(struct arena *mem, str text, struct gateway *ret, const char **why)
{
	str all = str_copy(mem, text), line, name, value;

	*ret = (struct gateway){ .number = S("0"), .type = S("form") };
	while (all.n) {
		str_cut(all, '\n', &line, &all);
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!str_cut(line, ':', &name, &value) || !set(ret, str_trim(name), str_trim(value))) {
			*why = "unknown line";
			return false;
		}
	}
	bool http = str_starts(ret->url, S("https://")) || str_starts(ret->url, S("http://"));
	*why = !http && !str_starts(ret->url, S("smpp://")) ? "url must begin with https:// or smpp://"
		: !str_is(ret->type, "json") && !str_is(ret->type, "form") && !str_is(ret->type, "xml")
			? "type must be json, form or xml" : NULL;
	return !*why;
}

bool gateway_read(struct arena *mem, struct gateway *ret, const char **why)
{
	const char *path = getenv("KHUE_SMS_FILE"), *credentials = getenv("CREDENTIALS_DIRECTORY");
	char *text = arena_alloc(mem, FILE_BYTES, 1);
	struct stat st;

	*why = "none is configured";
	if ((!path || !*path) && credentials)
		path = str_z(mem, str_fmt(mem, "%s/sms", credentials));
	int fd = path && *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	*why = fd < 0 && path && *path ? "its file cannot be opened" : *why;
	if (fd < 0)
		return false;
	bool alone = fstat(fd, &st) == 0 && (st.st_mode & 077) == 0;
	ssize_t n = alone ? read(fd, text, FILE_BYTES) : -1;
	close(fd);
	*why = "its file may be read by others (chmod 0600)";
	return n > 0 && gateway_parse(mem, (str){ text, n }, ret, why);
}

str gateway_number(struct arena *mem, const struct gateway *g, str phone)
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
	return str_fmt(mem, "%.*s%.*s", FMT(g->number), FMT(digits));
}

/* ---- HTTP -------------------------------------------------------------------------------------------------------- */

enum escape { IN_URL, IN_JSON, IN_FORM, IN_XML, IN_HEADER };

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

static str filled(struct arena *mem, const struct gateway *g, const struct sms *m, str pattern, enum escape at)
{
	str id = str_fmt(mem, "%lld", (long long)m->id);
	struct buf b;

	const struct { str name, value; } all[] = { { S("{to}"), m->to }, { S("{text}"), m->text }, { S("{id}"), id },
		{ S("{from}"), g->from }, { S("{secret}"), g->secret } };
	buf_init(&b, mem, (size_t)pattern.n + (size_t)m->text.n * 8 + 4096);
	while (pattern.n) {
		ptrdiff_t i = 0;
		while (i < COUNT(all) && !str_starts(pattern, all[i].name))
			i++;
		if (i < COUNT(all))
			put_escaped(&b, at, all[i].value);
		else
			put_c(&b, pattern.p[0]);
		pattern = str_sub(pattern, i < COUNT(all) ? all[i].name.n : 1, -1);
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

static enum outcome judged(struct arena *mem, const struct gateway *g, CURLcode got, long status, str answer,
	str *ret_ref,
	str *ret_why)
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
	if (g->good.n && str_find(answer, g->good) < 0) {
		*ret_why = S("the answer does not say it was taken");
		return REFUSED_BY;
	}
	*ret_ref = behind(mem, answer, g->ref);
	*ret_why = S("");
	return TAKEN;
}

enum outcome http_sms(struct arena *mem, const struct gateway *g, const struct sms *m, str *ret_ref, str *ret_why)
{
	enum escape body_place = str_is(g->type, "json") ? IN_JSON : str_is(g->type, "xml") ? IN_XML : IN_FORM;
	str body = filled(mem, g, m, g->body, body_place);
	struct curl_slist *headers = NULL;
	struct buf answer;
	long status = 0;
	CURL *h = curl_easy_init();

	*ret_ref = *ret_why = (str){ 0 };
	if (!h)
		return AWAY;
	buf_init(&answer, mem, ANSWER_BYTES);
	if (body_place != IN_FORM)
		headers = curl_slist_append(headers, body_place == IN_JSON ? "Content-Type: application/json"
			: "Content-Type: application/xml");
	for (int i = 0; i < g->n_headers; i++)
		headers = curl_slist_append(headers, str_z(mem, filled(mem, g, m, g->headers[i], IN_HEADER)));
	curl_easy_setopt(h, CURLOPT_URL, str_z(mem, filled(mem, g, m, g->url, IN_URL)));
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	if (body.n) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)body.n);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, body.p);
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
	return judged(mem, g, got, status, buf_str(&answer), ret_ref, ret_why);
}
