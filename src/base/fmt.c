#include "base/fmt.h"

struct out { char *to; size_t n, cap; };

static bool add(struct out *o, const char *p, size_t n)
{
	if (n > o->cap - o->n)
		return false;
	memcpy(o->to + o->n, p, n);
	o->n += n;
	return true;
}

static bool add_number(struct out *o, uint64_t u, bool negative)
{
	char digits[21];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (negative)
		digits[--at] = '-';
	return add(o, digits + at, sizeof digits - at);
}

static bool add_signed(struct out *o, int64_t v)
{
	return add_number(o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
}

/* What a conversion begins with says how wide its argument is; all of them are 4 or 8 bytes here. */
static bool wide(const char **p)
{
	if (**p == 'l') {
		*p += (*p)[1] == 'l' ? 2 : 1;
		return true;
	}
	if (**p == 't' || **p == 'z') {
		++*p;
		return true;
	}
	return false;
}

_Static_assert(sizeof(long) == 8 && sizeof(long long) == 8 && sizeof(size_t) == 8 && sizeof(ptrdiff_t) == 8, "LP64");

/* The conversion at *p, behind its %. */
static bool convert(struct out *o, const char **p, va_list *args)
{
	const char *s;
	int most;
	bool eight = wide(p);

	switch (*(*p)++) {
	case '%': return !eight && add(o, "%", 1);
	case 'c':
		most = eight ? 0 : va_arg(*args, int);
		return !eight && add(o, (const char[]){ (char)most }, 1);
	case 's':
		s = eight ? NULL : va_arg(*args, const char *);
		return s && add(o, s, strlen(s));
	case '.':
		if (eight || (*p)[0] != '*' || (*p)[1] != 's')
			return false;
		*p += 2;
		most = va_arg(*args, int);
		s = va_arg(*args, const char *);
		return most == 0 || (most > 0 && s && add(o, s, strnlen(s, (size_t)most)));
	case 'd': return add_signed(o, eight ? va_arg(*args, int64_t) : va_arg(*args, int));
	case 'u': return add_number(o, eight ? va_arg(*args, uint64_t) : va_arg(*args, unsigned), false);
	default: return false;
	}
}

int fmt_quick(char *to, size_t cap, const char *fmt, va_list given)
{
	struct out o = { to, 0, cap };
	const char *p = fmt;
	va_list args;
	bool good = true;

	va_copy(args, given);
	while (*p && good) {
		size_t run = strcspn(p, "%");
		good = add(&o, p, run);
		p += run;
		if (*p && good) {
			p++;
			good = convert(&o, &p, &args);
		}
	}
	va_end(args);
	return good ? (int)o.n : -1;
}
