/* str.c -- views of text. */
#include "base/base.h"
#include "base/fmt.h"

#include <stdio.h>

int str_cmp(str a, str b)
{
	ptrdiff_t n = a.n < b.n ? a.n : b.n;
	int r = n > 0 ? memcmp(a.p, b.p, (size_t)n) : 0;

	if (r)
		return r;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(str s, str prefix)
{
	return s.n >= prefix.n && str_eq((str){ s.p, prefix.n }, prefix);
}

bool str_ends(str s, str suffix)
{
	return s.n >= suffix.n && str_eq((str){ suffix.n ? s.p + (s.n - suffix.n) : s.p, suffix.n }, suffix);
}

ptrdiff_t str_find(str hay, str needle)
{
	const char *at;

	if (needle.n == 0)
		return 0;
	if (hay.n < needle.n)
		return -1;
	at = memmem(hay.p, (size_t)hay.n, needle.p, (size_t)needle.n);
	return at ? at - hay.p : -1;
}

str str_sub(str s, ptrdiff_t from, ptrdiff_t to)
{
	if (to < 0 || to > s.n)
		to = s.n;
	if (from < 0)
		from = 0;
	if (from > to)
		from = to;
	return (str){ from ? s.p + from : s.p, to - from };
}

/* Length of the white space a text begins with, one character at most. */
static ptrdiff_t space_first(str s)
{
	if (s.n && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
		return 1;
	return s.n >= 2 && s.p[0] == '\xC2' && s.p[1] == '\xA0' ? 2 : 0;
}

static ptrdiff_t space_last(str s)
{
	if (s.n && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r')))
		return 1;
	return s.n >= 2 && s.p[s.n - 2] == '\xC2' && s.p[s.n - 1] == '\xA0' ? 2 : 0;
}

str str_trim(str s)
{
	ptrdiff_t k;

	while ((k = space_first(s)) > 0)
		s = (str){ s.p + k, s.n - k };
	while ((k = space_last(s)) > 0)
		s.n -= k;
	return s;
}

bool str_cut(str s, char sep, str *head, str *tail)
{
	const char *at = s.n ? memchr(s.p, sep, (size_t)s.n) : NULL;

	if (!at) {
		*head = s;
		*tail = (str){ s.n ? s.p + s.n : s.p, 0 };
		return false;
	}
	*head = (str){ s.p, at - s.p };
	*tail = (str){ at + 1, s.n - head->n - 1 };
	return true;
}

ptrdiff_t str_chars(str s)
{
	ptrdiff_t count = 0;

	for (ptrdiff_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return count;
}

/* Length of the well-formed sequence at p (1..4) or 0. Ranges as in the Unicode Standard, table 3-7. */
static ptrdiff_t utf8_length(const unsigned char *p, ptrdiff_t left)
{
	unsigned char low = 0x80, high = 0xBF;
	ptrdiff_t n;

	if (p[0] < 0x80)
		return p[0] != 0;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (left < n)
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (ptrdiff_t i = 2; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return n;
}

/* Eight bytes of ASCII, none of them NUL; also false where it takes a closer look. */
static bool plain_word(const unsigned char *p)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	uint64_t w;

	memcpy(&w, p, sizeof w);
	return ((w | (w - ones)) & tops) == 0;
}

bool str_is_utf8(str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	ptrdiff_t i = 0, k;

	while (i < s.n) {
		k = s.n - i >= 8 && plain_word(p + i) ? 8 : utf8_length(p + i, s.n - i);
		if (!k)
			return false;
		i += k;
	}
	return true;
}

uint32_t str_next(str s, ptrdiff_t *i)
{
	const unsigned char *p = (const unsigned char *)s.p + *i;
	ptrdiff_t n = utf8_length(p, s.n - *i);

	*i += n ? n : 1;
	switch (n) {
	case 1: return p[0];
	case 2: return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	case 3: return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	case 4: return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
	default: return p[0] ? 0xFFFD : 0;
	}
}

bool str_to_int(str s, int64_t *ret)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (s.n == minus)
		return false;
	for (ptrdiff_t i = minus; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, (int64_t)10, &v) || __builtin_sub_overflow(v, (int64_t)(s.p[i] - '0'), &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*ret = minus ? v : -v;
	return true;
}

str str_copy(struct arena *a, str s)
{
	char *p;

	if (s.n == 0)
		return (str){ "", 0 };
	p = arena_alloc(a, (size_t)s.n, 1);
	memcpy(p, s.p, (size_t)s.n);
	return (str){ p, s.n };
}

char *str_z(struct arena *a, str s)
{
	char *p = arena_alloc(a, (size_t)s.n + 1, 1);

	if (s.n)
		memcpy(p, s.p, (size_t)s.n);
	return p;
}

str str_fmt(struct arena *a, const char *fmt, ...)
{
	char small[256], *p;
	va_list args;
	int n;

	va_start(args, fmt);
	n = fmt_quick(small, sizeof small - 1, fmt, args);
	if (n < 0)
		n = vsnprintf(small, sizeof small, fmt, args);
	va_end(args);
	if (n < 0)
		return (str){ "", 0 };
	if ((size_t)n < sizeof small)
		return str_copy(a, (str){ small, n });
	p = arena_alloc(a, (size_t)n + 1, 1);
	va_start(args, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, args);
	va_end(args);
	return (str){ p, n };
}

str str_lower(struct arena *a, str s)
{
	char *p = arena_alloc(a, (size_t)s.n, 1);

	for (ptrdiff_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	return (str){ p, s.n };
}

/* FNV-1a with a final mix, so that the low bits alone can choose a slot. */
uint64_t str_hash(str s)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (ptrdiff_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001B3u;
	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93u;
	return h ^ (h >> 32);
}
