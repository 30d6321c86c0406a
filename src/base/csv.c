/* csv.c -- comma, semicolon or tab separated text. */
#include "base/csv.h"

#include <ctype.h>

enum { CELL_CHARS = 32767, LINES_LOOKED_AT = 6 };
static const char separators[] = ",;\t";

/* Counts each separator outside quotes in the record at the start of *s and moves on. */
static void count_separators(str *s, int counts[3])
{
	bool quoted = false;
	ptrdiff_t i = 0;

	for (; i < s->n; i++) {
		char c = s->p[i];
		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '\n' || c == '\r'))
			break;
		else if (!quoted)
			for (int k = 0; k < 3; k++)
				counts[k] += c == separators[k];
	}
	while (i < s->n && (s->p[i] == '\n' || s->p[i] == '\r'))
		i++;
	*s = str_sub(*s, i, -1);
}

/* The separator most lines agree on with the first one; the more frequent of two that agree equally. */
static char guess_separator(str text)
{
	int first[3] = { 0 }, agree[3] = { 0 }, best = 0;
	str s = str_sub(text, 0, 1 << 20);

	count_separators(&s, first);
	for (int line = 1; line < LINES_LOOKED_AT && s.n; line++) {
		int here[3] = { 0 };
		count_separators(&s, here);
		for (int k = 0; k < 3; k++)
			agree[k] += first[k] > 0 && here[k] == first[k];
	}
	for (int k = 1; k < 3; k++)
		if (first[k] && (!first[best] || agree[k] > agree[best] || (agree[k] == agree[best] && first[k] > first[best])))
			best = k;
	return separators[best];
}

void csv_open(struct csv *c, str text)
{
	*c = (struct csv){ .line = 0, .next = 1 };
	if (str_starts(text, S("\xEF\xBB\xBF")))
		text = str_sub(text, 3, -1);
	if (str_starts(text, S("sep=")) && text.n > 5 && memchr(",;\t|", text.p[4], 4) &&
			(text.p[5] == '\n' || text.p[5] == '\r')) {
		c->sep = text.p[4];
		c->next = 2;
		text = str_sub(text, text.p[5] == '\r' && text.n > 6 && text.p[6] == '\n' ? 7 : 6, -1);
	} else {
		c->sep = guess_separator(text);
	}
	c->left = text;
}

/* ---- encodings --------------------------------------------------------------------------- */

static uint32_t unit_at(str s, ptrdiff_t i, bool big)
{
	const unsigned char *p = (const unsigned char *)s.p + i;

	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static str from_utf16(struct arena *a, str s, bool big)
{
	struct buf b;

	buf_init(&b, a, (size_t)s.n * 2 + 4);
	for (ptrdiff_t i = 2; i + 1 < s.n; i += 2) {
		uint32_t c = unit_at(s, i, big), low;
		if (c >= 0xD800 && c < 0xE000) {
			low = c < 0xDC00 && i + 3 < s.n ? unit_at(s, i + 2, big) : 0;
			if (low >= 0xDC00 && low < 0xE000) {
				c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
				i += 2;
			} else {
				c = 0xFFFD;
			}
		}
		put_char(&b, c);
	}
	return buf_str(&b);
}

static str from_1252(struct arena *a, str s)
{
	static const uint16_t high[32] = { 0x20AC, 0xFFFD, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030,
		0x160, 0x2039,
		0x152, 0xFFFD, 0x17D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122,
		0x161,
		0x203A, 0x153, 0xFFFD, 0x17E, 0x178 };
	struct buf b;

	buf_init(&b, a, (size_t)s.n * 3 + 4);
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		put_char(&b, c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c);
	}
	return buf_str(&b);
}

str csv_utf8(struct arena *a, str bytes)
{
	if (str_starts(bytes, S("\xFF\xFE")))
		return from_utf16(a, bytes, false);
	if (str_starts(bytes, S("\xFE\xFF")))
		return from_utf16(a, bytes, true);
	return str_is_utf8(bytes) ? bytes : from_1252(a, bytes);
}

/* ---- reading ----------------------------------------------------------------------------- */

static bool at_end_of_line(const struct csv *c)
{
	return c->left.n == 0 || c->left.p[0] == '\n' || c->left.p[0] == '\r';
}

static void pass_end_of_line(struct csv *c)
{
	ptrdiff_t n = 0;

	if (c->left.n && c->left.p[0] == '\r')
		n++;
	if (c->left.n > n && c->left.p[n] == '\n')
		n++;
	if (n)
		c->next++;
	c->left = str_sub(c->left, n, -1);
}

/* A cell without quotes, up to the separator or the end of the line. */
static str plain_cell(struct csv *c)
{
	ptrdiff_t i = 0;
	str cell;

	while (i < c->left.n && c->left.p[i] != c->sep && c->left.p[i] != '\n' && c->left.p[i] != '\r')
		i++;
	cell = str_sub(c->left, 0, i);
	c->left = str_sub(c->left, i, -1);
	return cell;
}

/* A cell that begins with a quote. What stands between the closing quote and the separator belongs to it. */
static str quoted_cell(struct csv *c, struct arena *a, const char **bad)
{
	str s = str_sub(c->left, 1, -1), cell, rest;
	ptrdiff_t i = 0, doubled = 0;
	char *p;

	for (; i < s.n; i++) {
		if (s.p[i] == '\n' || (s.p[i] == '\r' && (i + 1 == s.n || s.p[i + 1] != '\n')))
			c->next++;
		if (s.p[i] != '"')
			continue;
		if (i + 1 == s.n || s.p[i + 1] != '"')
			break;
		doubled++;
		i++;
	}
	cell = str_sub(s, 0, i);
	if (i == s.n)
		*bad = "unclosed quote";
	c->left = str_sub(s, i + 1, -1);
	rest = plain_cell(c);
	if (!doubled && !rest.n)
		return cell;
	p = arena_alloc(a, (size_t)(cell.n + rest.n), 1);
	i = 0;
	for (ptrdiff_t k = 0; k < cell.n; k++) {
		p[i++] = cell.p[k];
		k += cell.p[k] == '"';
	}
	if (rest.n)
		memcpy(p + i, rest.p, (size_t)rest.n);
	return (str){ p, i + rest.n };
}

bool csv_next(struct csv *c, struct arena *a, str *cells, int max, int *n, const char **bad)
{
	bool more;

	*n = 0;
	*bad = NULL;
	while (c->left.n && at_end_of_line(c))
		pass_end_of_line(c);
	if (c->left.n == 0)
		return false;
	c->line = c->next;
	do {
		str cell = c->left.n && c->left.p[0] == '"' ? quoted_cell(c, a, bad) : plain_cell(c);
		if (cell.n > CELL_CHARS && str_chars(cell) > CELL_CHARS)
			*bad = "cell too long";
		if (*n < max)
			cells[(*n)++] = cell;
		else
			*bad = "too many cells";
		more = !at_end_of_line(c);
		if (more)
			c->left = str_sub(c->left, 1, -1);
	} while (more);
	pass_end_of_line(c);
	return true;
}

/* ---- writing ----------------------------------------------------------------------------- */

static bool is_number(str s)
{
	ptrdiff_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), points = 0, digits = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '.' || s.p[i] == ',')
			points++;
		else if (isdigit((unsigned char)s.p[i]))
			digits++;
		else
			return false;
	}
	return digits > 0 && points <= 1;
}

/* Could a program that parts cells elsewhere take what stands at `at` for the beginning of a formula? Excel in
 * Vietnamese parts by semicolon whatever the file was written with, and then quotes hold nothing together. */
static bool begins_formula(str cell, ptrdiff_t at)
{
	ptrdiff_t before = at, end = at;

	if (!memchr("=+-@", cell.p[at], 4))
		return at == 0 && (cell.p[0] == '\t' || cell.p[0] == '\r');
	while (before > 0 && memchr(" \"'", cell.p[before - 1], 3))
		before--;
	if (before > 0 && !memchr(";|\t\n\r", cell.p[before - 1], 5))
		return false;
	while (end < cell.n && (before == 0 || !memchr(";|\t\n\r", cell.p[end], 5)))
		end++;
	return !is_number(str_trim(str_sub(cell, at, end)));
}

void csv_put(struct buf *b, str cell, bool last, char sep)
{
	bool quote = cell.n && (cell.p[0] == ' ' || cell.p[cell.n - 1] == ' ');

	for (ptrdiff_t i = 0; i < cell.n && !quote; i++)
		quote = cell.p[i] == sep || cell.p[i] == '"' || cell.p[i] == '\n' || cell.p[i] == '\r';
	if (quote)
		put_c(b, '"');
	for (ptrdiff_t i = 0; i < cell.n; i++) {
		if (begins_formula(cell, i))
			put_c(b, '\'');
		if (cell.p[i] == '"')
			put_c(b, '"');
		put_c(b, cell.p[i]);
	}
	if (quote)
		put_c(b, '"');
	put_z(b, last ? "\r\n" : (const char[]){ sep, '\0' });
}
