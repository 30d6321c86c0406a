/* calendar.c -- dates and times. Civil dates are proleptic Gregorian, years 1 to 9999. */
#include "base/calendar.h"

#include <time.h>

enum { ZONE_MS = 7 * 3600000 };
#define DAY_MS INT64_C(86400000)

static bool is_leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

bool day_of(int y, int m, int d, day *ret)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int era_year, shifted, of_year;

	if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > lengths[m - 1] + (m == 2 && is_leap(y)))
		return false;
	/* Years that begin on 1 March put the leap day last, so that days before a month follow one line. */
	shifted = m <= 2 ? y - 1 : y;
	of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	era_year = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400;
	ret->v = era_year + of_year - 719468;
	return true;
}

struct ymd day_ymd(day d)
{
	int64_t z = (int64_t)d.v + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int m = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct ymd){ (int)(yoe + era * 400) + (m <= 2), m, (int)(doy - (153 * mp + 2) / 5 + 1) };
}

int day_week(day d)
{
	int r = (int)(((int64_t)d.v + 3) % 7);               /* 1970-01-01 was a Thursday */

	return (r < 0 ? r + 7 : r) + 1;
}

/* Reads between `least` and `most` digits, moves *s on. */
static bool digits(str *s, int least, int most, int *ret)
{
	int n = 0, v = 0;

	while (n < most && n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		v = v * 10 + (s->p[n++] - '0');
	if (n < least)
		return false;
	*s = str_sub(*s, n, -1);
	*ret = v;
	return true;
}

static bool skip(str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_sub(*s, 1, -1);
	return true;
}

static int full_year(int yy, day around)
{
	return yy <= day_ymd(around).y % 100 + 10 ? 2000 + yy : 1900 + yy;
}

static bool all_digits(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* Reads a date at the start of *s and moves on. */
static bool take_day(str *s, day around, day *ret)
{
	str t = *s, year;
	int y, m, d;
	char sep;

	if (t.n >= 10 && t.p[4] == '-') {
		if (!digits(&t, 4, 4, &y) || !skip(&t, '-') || !digits(&t, 2, 2, &m) || !skip(&t, '-') || !digits(&t, 2, 2, &d))
			return false;
		*s = t;
		return day_of(y, m, d, ret);
	}
	if (!digits(&t, 1, 2, &d) || t.n == 0)
		return false;
	sep = t.p[0];
	if ((sep != '/' && sep != '-' && sep != '.') || !skip(&t, sep) || !digits(&t, 1, 2, &m) || !skip(&t, sep))
		return false;
	year = t;
	if (!digits(&t, 2, 4, &y))
		return false;
	if (year.n - t.n == 3)
		return false;
	if (year.n - t.n == 2)
		y = full_year(y, around);
	*s = t;
	return day_of(y, m, d, ret);
}

bool day_read(str s, day around, day *ret)
{
	day found;

	s = str_trim(s);
	if (s.n == 8 && all_digits(s)) {
		int d, m, y;
		if (!digits(&s, 2, 2, &d) || !digits(&s, 2, 2, &m) || !digits(&s, 4, 4, &y) || !day_of(y, m, d, &found))
			return false;
	} else if (!take_day(&s, around, &found) || s.n != 0) {
		return false;
	}
	*ret = found;
	return true;
}

str day_text(struct arena *a, day d)
{
	struct ymd t = day_ymd(d);

	return d.v == INT32_MIN ? S("") : str_fmt(a, "%02d/%02d/%04d", t.d, t.m, t.y);
}

str day_iso(struct arena *a, day d)
{
	struct ymd t = day_ymd(d);

	return d.v == INT32_MIN ? S("") : str_fmt(a, "%04d-%02d-%02d", t.y, t.m, t.d);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

day day_at(instant t)
{
	return (day){ (int32_t)floor_div(t.v + ZONE_MS, DAY_MS) };
}

/* hh:mm, hh:mm:ss or hh:mm:ss.mmm at the start of *s. */
static bool take_time(str *s, int64_t *ret_ms)
{
	int h, m, sec = 0, ms = 0, n = 0;

	if (!digits(s, 1, 2, &h) || !skip(s, ':') || !digits(s, 2, 2, &m))
		return false;
	if (skip(s, ':') && !digits(s, 2, 2, &sec))
		return false;
	if (skip(s, '.')) {
		for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; n++, *s = str_sub(*s, 1, -1))
			if (n < 3)
				ms = ms * 10 + (s->p[0] - '0');
		if (n == 0)
			return false;
		for (; n < 3; n++)
			ms *= 10;
	}
	if (h > 23 || m > 59 || sec > 59)
		return false;
	*ret_ms = ((h * 60 + m) * INT64_C(60) + sec) * 1000 + ms;
	return true;
}

/* Z, +07:00, +0700, +07; nothing: Viet Nam. */
static bool take_zone(str *s, int64_t *ret_ms)
{
	int h, m = 0;
	bool minus;

	*ret_ms = ZONE_MS;
	if (s->n == 0)
		return true;
	if (skip(s, 'Z') || skip(s, 'z')) {
		*ret_ms = 0;
		return true;
	}
	minus = s->p[0] == '-';
	if (!skip(s, minus ? '-' : '+') || !digits(s, 2, 2, &h))
		return false;
	skip(s, ':');
	if (s->n && !digits(s, 2, 2, &m))
		return false;
	if (h > 14 || m > 59)
		return false;
	*ret_ms = (h * INT64_C(60) + m) * 60000 * (minus ? -1 : 1);
	return true;
}

bool instant_read(str s, instant *ret)
{
	int64_t ms, zone;
	bool iso;
	day d;
	str t;

	t = s = str_trim(s);
	iso = s.n > 4 && s.p[4] == '-';
	if (!iso && take_time(&t, &ms) && skip(&t, ' ')) {
		if (!take_day(&t, NO_DAY, &d) || t.n)
			return false;
		zone = ZONE_MS;
	} else {
		if (!take_day(&s, NO_DAY, &d) || (!skip(&s, ' ') && !(iso && (skip(&s, 'T') || skip(&s, 't')))) ||
				!take_time(&s, &ms) || !take_zone(&s, &zone) || s.n)
			return false;
	}
	ret->v = d.v * DAY_MS + ms - zone;
	return true;
}

static int64_t local_ms(instant t)
{
	return t.v + ZONE_MS - floor_div(t.v + ZONE_MS, DAY_MS) * DAY_MS;
}

str instant_text(struct arena *a, instant t)
{
	struct ymd d = day_ymd(day_at(t));
	int min = (int)(local_ms(t) / 60000);

	return t.v == 0 ? S("") : str_fmt(a, "%02d:%02d %02d/%02d/%04d", min / 60, min % 60, d.d, d.m, d.y);
}

str instant_iso(struct arena *a, instant t)
{
	struct ymd d = day_ymd(day_at(t));
	int sec = (int)(local_ms(t) / 1000);

	return t.v == 0 ? S("") : str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d+07:00", d.y, d.m, d.d, sec / 3600,
		sec / 60 % 60, sec % 60);
}

instant instant_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (instant){ t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000 };
}

bool score_read(str s, score *ret)
{
	int whole, part = 0;

	s = str_trim(s);
	if (!digits(&s, 1, 6, &whole))
		return false;
	if (s.n) {
		ptrdiff_t n = s.n - 1;
		if ((!skip(&s, ',') && !skip(&s, '.')) || !digits(&s, 1, 2, &part) || s.n)
			return false;
		if (n == 1)
			part *= 10;
	}
	ret->v = whole * 100 + part;
	return true;
}

static str score_with(struct arena *a, score v, char point)
{
	char text[16];
	int at = (int)sizeof text, whole = v.v / 100, rest = v.v % 100;

	if (v.v < 0)
		return S("");
	if (rest % 10)
		text[--at] = (char)('0' + rest % 10);
	if (rest) {
		text[--at] = (char)('0' + rest / 10);
		text[--at] = point;
	}
	do
		text[--at] = (char)('0' + whole % 10);
	while ((whole /= 10) != 0);
	return str_copy(a, (str){ text + at, (ptrdiff_t)sizeof text - at });
}

str score_text(struct arena *a, score v)
{
	return score_with(a, v, ',');
}

str score_json(struct arena *a, score v)
{
	return score_with(a, v, '.');
}

str score_tenths(struct arena *a, score v, char point)
{
	return v.v < 0 || v.v % 100 ? score_with(a, v, point) : str_fmt(a, "%d%c0", (int)(v.v / 100), point);
}

/* Digits, plain or in groups of three behind dots. */
static bool grouped(str s, int64_t *ret)
{
	char plain[20];
	str head, tail, rest = s;
	int n = 0;
	bool more, dotted = str_find(s, S(".")) >= 0;

	do {
		more = str_cut(rest, '.', &head, &tail);
		if (!all_digits(head) || n + head.n > (ptrdiff_t)sizeof plain - 1)
			return false;
		if (dotted && (rest.p == s.p ? head.n > 3 : head.n != 3))
			return false;
		memcpy(plain + n, head.p, (size_t)head.n);
		n += (int)head.n;
		rest = tail;
	} while (more);
	return str_to_int((str){ plain, n }, ret);
}

bool money_read(str s, money *ret)
{
	static const char *const units[] = { "đồng", "VNĐ", "VND", "vnđ", "vnd", "đ", "₫" };
	bool minus;
	int64_t v;

	s = str_trim(s);
	for (ptrdiff_t i = 0; i < COUNT(units); i++) {
		if (str_ends(s, str_of(units[i]))) {
			s = str_trim(str_sub(s, 0, s.n - str_of(units[i]).n));
			break;
		}
	}
	minus = skip(&s, '-');
	if (!grouped(s, &v))
		return false;
	ret->v = minus ? -v : v;
	return true;
}

str int_text(struct arena *a, int64_t v)
{
	char text[32];
	int at = (int)sizeof text, n = 0;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do {
		if (n && n % 3 == 0)
			text[--at] = '.';
		text[--at] = (char)('0' + u % 10);
		n++;
	} while ((u /= 10) != 0);
	if (v < 0)
		text[--at] = '-';
	return str_copy(a, (str){ text + at, (ptrdiff_t)sizeof text - at });
}

str money_text(struct arena *a, money v)
{
	return str_fmt(a, "%.*s đ", FMT(int_text(a, v.v)));
}

bool day_off(day d)
{
	struct ymd at = day_ymd(d);

	return day_week(d) == 7 || (at.d == 1 && (at.m == 1 || at.m == 5)) || (at.d == 30 && at.m == 4) ||
		(at.d == 2 && at.m == 9);
}
