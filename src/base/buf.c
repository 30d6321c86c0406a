/* buf.c -- text under construction. A buf without an arena never grows: its cap is its end, and one put_fmt
 * into it is at most 511 bytes. */
#include "base/base.h"
#include "base/fmt.h"

#include <stdio.h>

void buf_init(struct buf *b, struct arena *mem, size_t max)
{
	*b = (struct buf){ .mem = mem, .max = max };
}

static size_t grow(struct buf *b, size_t more)
{
	size_t cap;
	char *p;

	if (more > b->max - b->n) {
		b->over = true;
		more = b->max - b->n;
	}
	if (more <= b->cap - b->n)
		return more;
	if (!b->mem) {
		b->over = true;
		return b->cap - b->n;
	}
	cap = b->cap ? b->cap : b->max < 256 ? b->max : 256;
	while (cap < b->n + more)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	p = arena_alloc(b->mem, cap, 1);
	if (b->n)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return more;
}

/* Makes room for `more` bytes; returns how many of them fit. */
static inline size_t room(struct buf *b, size_t more)
{
	return more <= b->cap - b->n ? more : grow(b, more);
}

void put(struct buf *b, str s)
{
	size_t n = room(b, (size_t)s.n);

	if (n)
		memcpy(b->p + b->n, s.p, n);
	b->n += n;
}

void put_z(struct buf *b, const char *z)
{
	put(b, str_of(z));
}

void put_c(struct buf *b, char c)
{
	if (room(b, 1))
		b->p[b->n++] = c;
}

void put_char(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		put_c(b, (char)c);
	} else if (c < 0x800) {
		put_c(b, (char)(0xC0 | c >> 6));
		put_c(b, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		put_c(b, (char)(0xE0 | c >> 12));
		put_c(b, (char)(0x80 | (c >> 6 & 63)));
		put_c(b, (char)(0x80 | (c & 63)));
	} else {
		put_c(b, (char)(0xF0 | c >> 18));
		put_c(b, (char)(0x80 | (c >> 12 & 63)));
		put_c(b, (char)(0x80 | (c >> 6 & 63)));
		put_c(b, (char)(0x80 | (c & 63)));
	}
}

void put_int(struct buf *b, int64_t v)
{
	char digits[20];
	int at = (int)sizeof digits;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do
		digits[--at] = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (v < 0)
		put_c(b, '-');
	put(b, (str){ digits + at, (ptrdiff_t)sizeof digits - at });
}

void put_fmt(struct buf *b, const char *fmt, ...)
{
	char small[512];
	va_list args;
	char *p;
	int n;

	va_start(args, fmt);
	n = fmt_quick(small, sizeof small - 1, fmt, args);
	if (n < 0)
		n = vsnprintf(small, sizeof small, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n < sizeof small) {
		put(b, (str){ small, n });
		return;
	}
	if (!b->mem) {
		b->over = true;
		put(b, (str){ small, (ptrdiff_t)sizeof small - 1 });
		return;
	}
	p = arena_alloc(b->mem, (size_t)n + 1, 1);
	va_start(args, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, args);
	va_end(args);
	put(b, (str){ p, n });
}
