/* log.c -- one JSON object a line. A line is whole in one write(2) of at most 4 kB: lines of several processes do not
 * mix, not in a pipe either. */
#include "base/log.h"
#include "base/calendar.h"

#include <unistd.h>

enum { LINE_BYTES = 4096 };
struct place { enum log_level most; int fd; pid_t holds; size_t n; char held[LINE_BYTES]; };

/* Where lines go belongs to the process, as its standard error does. */
static struct place *place(void)
{
	static struct place here = { .most = LOG_INFO, .fd = STDERR_FILENO };

	return &here;
}

void log_set(enum log_level most, int fd)
{
	place()->most = most;
	place()->fd = fd;
}

void log_hold(void)
{
	place()->holds = getpid();
	place()->n = 0;
}

static void write_out(const char *bytes, size_t n)
{
	ssize_t wrote = write(place()->fd, bytes, n);

	(void)wrote;                         /* a log that cannot be written must not stop the work */
}

void log_flush(void)
{
	struct place *p = place();
	size_t n = p->n;

	p->n = 0;
	if (n && p->holds == getpid())
		write_out(p->held, n);
}

static void put_quoted(struct buf *b, str s)
{
	ptrdiff_t run = 0;
	int valid = -1;                      /* asked for at the first byte that is not ASCII */

	put_c(b, '"');
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x80 && valid < 0)
			valid = str_is_utf8(s);
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && (c < 0x80 || valid))
			continue;
		put(b, (str){ s.p + run, i - run });
		run = i + 1;
		if (c == '"' || c == '\\') {
			put_c(b, '\\');
			put_c(b, (char)c);
		} else if (c < 0x80) {
			put_fmt(b, "\\u%04x", c);
		} else {
			put_c(b, '?');
		}
	}
	put(b, (str){ s.p + run, s.n - run });
	put_c(b, '"');
}

/* The last `digits` digits, and what stands after them. */
static void put_part(struct buf *b, int64_t v, int digits, char after)
{
	char text[20];

	for (int i = digits; i-- > 0; v /= 10)
		text[i] = (char)('0' + v % 10);
	text[digits] = after;
	put(b, (str){ text, digits + 1 });
}

static void line_begin(struct buf *b, enum log_level level, const char *event)
{
	static const char *const words[] = { "error", "warn", "info", "debug" };
	instant now = instant_now();
	struct ymd d = day_ymd(day_at(now));
	int64_t ms = (now.v + 7 * 3600000) % 86400000;

	put(b, S("{\"t\":\""));
	put_part(b, d.y, 4, '-');
	put_part(b, d.m, 2, '-');
	put_part(b, d.d, 2, 'T');
	put_part(b, ms / 3600000, 2, ':');
	put_part(b, ms / 60000 % 60, 2, ':');
	put_part(b, ms / 1000 % 60, 2, '.');
	put_part(b, ms % 1000, 3, '+');
	put(b, S("07:00\",\"level\":\""));
	put_z(b, words[level]);
	put(b, S("\",\"event\":"));
	put_quoted(b, str_of(event));
}

static void put_pair(struct buf *b, const char *key, str value)
{
	put_c(b, ',');
	put_quoted(b, str_of(key));
	put_c(b, ':');
	put_quoted(b, value);
}

static void line_end(struct buf *b, bool hold)
{
	struct place *p = place();

	b->cap = LINE_BYTES;
	put_z(b, "}\n");
	if (p->n && (!hold || p->n + b->n > sizeof p->held))
		log_flush();
	if (!hold || !p->holds) {
		write_out(b->p, b->n);
		return;
	}
	memcpy(p->held + p->n, b->p, b->n);
	p->n += b->n;
}

/* The last bytes of a line are kept for its end; a pair that does not fit is left out whole. */
static struct buf line_buf(char *bytes)
{
	return (struct buf){ .p = bytes, .cap = LINE_BYTES - 4, .max = LINE_BYTES };
}

void log_line(enum log_level level, const char *event, ...)
{
	char bytes[LINE_BYTES];
	struct buf b = line_buf(bytes);
	const char *key, *value;
	va_list args;

	if (level > place()->most)
		return;
	line_begin(&b, level, event);
	va_start(args, event);
	while ((key = va_arg(args, const char *)) != NULL) {
		size_t before = b.n;
		value = va_arg(args, const char *);
		put_pair(&b, key, str_of(value));
		if (b.over) {
			b.n = before;
			break;
		}
	}
	va_end(args);
	line_end(&b, false);
}

void log_request(str id, const char *verb, const char *route, int status, int64_t us, size_t bytes, unsigned sql)
{
	char line[LINE_BYTES];
	struct buf b = line_buf(line);

	if (place()->most < LOG_INFO)
		return;
	line_begin(&b, LOG_INFO, "request");
	put_pair(&b, "id", id);
	put_pair(&b, "verb", str_of(verb));
	put_pair(&b, "route", str_of(route));
	put(&b, S(",\"status\":"));
	put_int(&b, status);
	put(&b, S(",\"ms\":"));
	put_int(&b, us / 1000);
	put_c(&b, '.');
	put_part(&b, us % 1000, 3, ',');
	put(&b, S("\"bytes\":"));
	put_int(&b, (int64_t)bytes);
	put(&b, S(",\"sql\":"));
	put_int(&b, sql);
	line_end(&b, us < 10000);            /* what took long is told before the next may take longer */
}
