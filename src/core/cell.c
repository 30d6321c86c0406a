/* cell.c -- see cell.h. */
#include "core/cell.h"
#include "base/calendar.h"
#include <math.h>
#include <stdio.h>

/* ---- which number formats show dates and times ---- */

enum { HAS_DAY = 1, HAS_CLOCK = 2 };

/* What a format code shows, outside quotes, escapes, colours and conditions. m is a month or minutes by its company. */
static int code_shows(str code)
{
	int shows = 0;
	bool m = false;
	for (ptrdiff_t i = 0; i < code.n && code.p[i] != ';'; i++) {
		char ch = code.p[i], close = ch == '"' ? '"' : ch == '[' ? ']' : 0;
		if (ch == '\\' || ch == '_' || ch == '*') {
			i++;
		} else if (close) {
			ptrdiff_t from = i + 1;
			for (i++; i < code.n && code.p[i] != close; i++)
				;
			int unit = close == ']' && from < code.n ? code.p[from] | 32 : 0;
			if ((unit == 'h' || unit == 'm' || unit == 's') && (from + 1 == i || (code.p[from + 1] | 32) == unit))
				shows |= HAS_CLOCK;
		} else if (ch == 'd' || ch == 'D' || ch == 'y' || ch == 'Y') {
			shows |= HAS_DAY;
		} else if (ch == 'h' || ch == 'H' || ch == 's' || ch == 'S') {
			shows |= HAS_CLOCK;
		} else if (ch == 'm' || ch == 'M') {
			m = true;
		} else if ((ch == 'G' || ch == 'g') && code.n - i >= 7 && strncasecmp(code.p + i, "General", 7) == 0) {
			i += 6;
		}
	}
	return m && !shows ? HAS_DAY : shows;
}

enum cell_kind cell_format(str code)
{
	int shows = code_shows(code);

	return shows == 0 ? CELL_NUMBER : shows == HAS_CLOCK ? CELL_CLOCK : shows == HAS_DAY ? CELL_DAY : CELL_MOMENT;
}

enum cell_kind cell_format_built_in(int64_t id)
{
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
		return CELL_DAY;
	if (id == 22)
		return CELL_MOMENT;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47))
		return CELL_CLOCK;
	return CELL_NUMBER;
}

/* ---- numbers ---- */

void cell_put_number(struct buf *b, double v)
{
	char t[512];
	int n = snprintf(t, sizeof t, "%.15g", v);
	if (strchr(t, 'e')) {
		n = snprintf(t, sizeof t, "%.*f", fabs(v) < 1 ? 20 : 0, v);
		while (strchr(t, '.') && n > 1 && (t[n - 1] == '0' || t[n - 1] == '.')) {
			bool dot = t[n - 1] == '.';
			t[--n] = 0;
			if (dot)
				break;
		}
	}
	put(b, (str){ t, n });
}

static void put_clock(struct buf *b, int64_t seconds)
{
	put_fmt(b, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

/* A serial number of days as a date, a moment or a time of day. Excel counts from 1900 with a 29 February that never
 * was. */
enum cell_kind cell_put_serial(struct buf *b, double v, enum cell_kind shown, bool from_1904)
{
	if (v < 0 || v >= 2958466) {
		cell_put_number(b, v);
		return CELL_NUMBER;
	}
	int64_t days = (int64_t)v, seconds = (int64_t)floor((v - (double)days) * 86400 + 0.5);
	if (v < 1 && shown != CELL_DAY && seconds < 86400) {
		put_clock(b, seconds);
		return CELL_CLOCK;
	}
	if (seconds == 86400) {
		days++;
		seconds = 0;
	}
	if (!from_1904 && days > 0 && days < 60)
		days++;
	struct ymd d = day_ymd((day){ (int32_t)(days + (from_1904 ? -24107 : -25569)) });
	put_fmt(b, "%04d-%02d-%02d", d.y, d.m, d.d);
	if (seconds == 0)
		return CELL_DAY;
	put_c(b, 'T');
	put_clock(b, seconds);
	return CELL_MOMENT;
}
