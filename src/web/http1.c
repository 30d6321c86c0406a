#include "web/http1.h"
#include "web/route.h"

int head_end(str bytes)
{
	const char *p = bytes.p, *end = bytes.p + bytes.n, *line = p;
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			break;
		if (nl == bytes.p || nl[-1] != '\r')
			return -400;
		if (nl - 1 == line)
			return line == bytes.p ? -400 : nl + 1 - bytes.p > HEAD_MAX ? -431 : (int)(nl + 1 - bytes.p);
		p = line = nl + 1;
	}
	if (line == bytes.p && bytes.n > TARGET_MAX + 32)
		return -414;
	return bytes.n >= HEAD_MAX ? -431 : 0;
}

static bool token_char(unsigned char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
		(ch && strchr("!#$%&'*+-.^_`|~", ch));
}

/* One line without its CRLF, taken off the front. A CR inside is left for the caller's checks to refuse. */
static str line_take(str *left)
{
	ptrdiff_t i = str_find(*left, S("\r\n"));
	str line = str_sub(*left, 0, i);
	*left = (str){ left->p + i + 2, left->n - i - 2 };
	return line;
}

static int request_line(str line, struct head *h)
{
	str verb, rest, version;
	if (!str_cut(line, ' ', &verb, &rest) || !str_cut(rest, ' ', &h->target, &version) || !verb.n)
		return 400;
	for (ptrdiff_t i = 0; i < verb.n; i++)
		if (!token_char((unsigned char)verb.p[i]))
			return 400;
	if (!str_is(version, "HTTP/1.1") && !str_is(version, "HTTP/1.0"))
		return version.n == 8 && str_starts(version, S("HTTP/")) ? 505 : 400;
	h->keep = version.p[7] == '1';
	if (h->target.n > TARGET_MAX)
		return 414;
	for (ptrdiff_t i = 0; i < h->target.n; i++)
		if ((unsigned char)h->target.p[i] <= ' ' || h->target.p[i] == 0x7F || h->target.p[i] == '#')
			return 400;
	if (!verb_of(verb, &h->verb))
		return 501;
	if (str_is(h->target, "*") && h->verb == OPTIONS)
		return 0;
	return h->target.n && h->target.p[0] == '/' ? 0 : 400;
}

static int header_line(char *p, ptrdiff_t n, struct pair *ret)
{
	ptrdiff_t colon = 0;
	for (; colon < n && p[colon] != ':'; colon++) {
		if (!token_char((unsigned char)p[colon]))
			return 400;
		if (p[colon] >= 'A' && p[colon] <= 'Z')
			p[colon] = (char)(p[colon] | 32);
	}
	if (colon == 0 || colon == n)
		return 400;
	str value = { p + colon + 1, n - colon - 1 };
	while (value.n && (*value.p == ' ' || *value.p == '\t'))
		value.p++, value.n--;
	while (value.n && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
		value.n--;
	bool plain = true;
	for (ptrdiff_t i = 0; i < value.n; i++) {
		unsigned char ch = (unsigned char)value.p[i];
		if ((ch < ' ' && ch != '\t') || ch == 0x7F)
			return 400;
		plain &= ch < 0x80;
	}
	if (!plain && !str_is_utf8(value))
		return 400;
	*ret = (struct pair){ { p, colon }, value };
	return 0;
}

static bool same_word(str a, const char *lower)
{
	ptrdiff_t n = (ptrdiff_t)strlen(lower);
	for (ptrdiff_t i = 0; i < n && i < a.n; i++) {
		char ch = a.p[i] >= 'A' && a.p[i] <= 'Z' ? (char)(a.p[i] | 32) : a.p[i];
		if (ch != lower[i])
			return false;
	}
	return a.n == n;
}

static bool list_has(str list, const char *word)
{
	str item;
	while (list.n) {
		str_cut(list, ',', &item, &list);
		if (same_word(str_trim(item), word))
			return true;
	}
	return false;
}

static int length_read(str v, int64_t *ret)
{
	if (v.n < 1 || v.n > 15)
		return 400;
	for (ptrdiff_t i = 0; i < v.n; i++)
		if (v.p[i] < '0' || v.p[i] > '9')
			return 400;
	return str_to_int(v, ret) ? 0 : 400;
}

/* What the headers say about the connection and the length of the body. */
static int framing(struct head *h, bool old)
{
	int hosts = 0, lengths = 0, encodings = 0, status;
	for (int i = 0; i < h->n_headers; i++) {
		str name = h->headers[i].name, value = h->headers[i].value;
		if (str_is(name, "host")) {
			hosts++;
		} else if (str_is(name, "content-length")) {
			if ((status = length_read(value, &h->length)) != 0 || ++lengths > 1)
				return 400;
		} else if (str_is(name, "transfer-encoding")) {
			if (++encodings > 1)
				return 400;
			if (!same_word(value, "chunked"))
				return list_has(value, "chunked") ? 400 : 501;
			h->chunked = true;
		} else if (str_is(name, "connection")) {
			if (list_has(value, "close"))
				h->keep = false;
			else if (old && list_has(value, "keep-alive"))
				h->keep = true;
		} else if (str_is(name, "expect")) {
			if (!same_word(value, "100-continue"))
				return 417;
			h->expect = !old;
		}
	}
	if (hosts > 1 || (hosts == 0 && !old) || (lengths && encodings) || (encodings && old))
		return 400;
	return 0;
}

int head_read(char *bytes, size_t n, struct head *ret)
{
	str left = { bytes, (ptrdiff_t)n };
	int status;
	ret->n_headers = 0;
	ret->length = 0;
	ret->chunked = ret->keep = ret->expect = false;
	if (!str_ends(left, S("\r\n\r\n")))
		return 400;
	if ((status = request_line(line_take(&left), ret)) != 0)
		return status;
	bool old = !ret->keep;
	for (;;) {
		str line = line_take(&left);
		if (!line.n)
			break;
		if (ret->n_headers == HEADERS_MAX)
			return 431;
		if ((status = header_line(bytes + (line.p - bytes), line.n, &ret->headers[ret->n_headers])) != 0)
			return status;
		ret->n_headers++;
	}
	return left.n ? 400 : framing(ret, old);
}

/* ---- the path ---------------------------------------------------------------------------- */

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = (char)(ch | 32);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static bool segments_ok(str path)
{
	str rest = str_sub(path, 1, path.n), head;
	if (path.n < 1 || path.p[0] != '/')
		return false;
	while (rest.n) {
		bool more = str_cut(rest, '/', &head, &rest);
		if (str_is(head, ".") || str_is(head, "..") || (more && !head.n))
			return false;
	}
	return true;
}

bool path_read(struct arena *a, str raw, str *ret)
{
	char *to = arena_alloc(a, (size_t)raw.n + 1, 1);
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < raw.n; i++) {
		char ch = raw.p[i];
		if (ch == '%') {
			int hi = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1, lo = i + 2 < raw.n ? hex_digit(raw.p[i + 2]) : -1;
			if (hi < 0 || lo < 0)
				return false;
			ch = (char)(hi << 4 | lo);
			i += 2;
			if (ch == '/')
				return false;
		}
		if ((unsigned char)ch < ' ' || ch == 0x7F || ch == '\\')
			return false;
		to[n++] = ch;
	}
	*ret = (str){ to, n };
	return segments_ok(*ret) && str_is_utf8(*ret);
}

/* ---- chunks ------------------------------------------------------------------------------ */

enum { C_SIZE, C_SIZE_LF, C_DATA, C_DATA_CR, C_DATA_LF, C_LAST_CR, C_LAST_LF, C_DONE };

/* The bytes around the data, one at a time. */
static bool chunk_byte(struct chunks *c, char ch)
{
	int v;
	switch (c->state) {
	case C_SIZE:
		if (ch == '\r' && c->digits) {
			c->state = C_SIZE_LF;
			return true;
		}
		if ((v = hex_digit(ch)) < 0 || ++c->digits > 8)
			return false;
		c->left = c->left << 4 | v;
		return true;
	case C_SIZE_LF:
		c->state = c->left ? C_DATA : C_LAST_CR;
		return ch == '\n';
	case C_DATA_CR: c->state = C_DATA_LF; return ch == '\r';
	case C_DATA_LF:
		c->state = C_SIZE;
		c->digits = 0;
		return ch == '\n';
	case C_LAST_CR: c->state = C_LAST_LF; return ch == '\r';
	default: c->state = C_DONE; return ch == '\n';
	}
}

int chunks_read(struct chunks *c, str *in, str *data)
{
	*data = (str){ in->p, 0 };
	while (in->n && c->state != C_DONE) {
		if (c->state == C_DATA) {
			ptrdiff_t n = in->n < c->left ? in->n : (ptrdiff_t)c->left;
			*data = (str){ in->p, n };
			*in = (str){ in->p + n, in->n - n };
			c->left -= n;
			if (!c->left)
				c->state = C_DATA_CR;
			return 0;
		}
		char ch = *in->p;
		*in = (str){ in->p + 1, in->n - 1 };
		if (!chunk_byte(c, ch))
			return -1;
	}
	return c->state == C_DONE;
}

/* ---- ranges ------------------------------------------------------------------------------ */

static bool range_number(str s, int64_t *ret)
{
	return s.n > 0 && s.n <= 15 && s.p[0] >= '0' && s.p[0] <= '9' && str_to_int(s, ret);
}

enum ranged range_read(str header, int64_t size, int64_t *from, int64_t *n)
{
	str spec, first, last;
	int64_t a = 0, b = 0;
	if (!str_starts(header, S("bytes=")))
		return RANGE_NONE;
	spec = str_trim(str_sub(header, 6, header.n));
	if (!str_cut(spec, '-', &first, &last))
		return RANGE_NONE;
	if (!first.n) {
		if (!range_number(last, &b))
			return RANGE_NONE;
		if (b == 0 || size == 0)
			return RANGE_BEYOND;
		*n = b < size ? b : size;
		*from = size - *n;
		return RANGE_PART;
	}
	if (!range_number(first, &a) || (last.n && (!range_number(last, &b) || b < a)))
		return RANGE_NONE;
	if (a >= size)
		return RANGE_BEYOND;
	if (!last.n || b >= size)
		b = size - 1;
	*from = a;
	*n = b - a + 1;
	return RANGE_PART;
}
