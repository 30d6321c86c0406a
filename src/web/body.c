#include "web/body.h"
#include "base/viet.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- forms ------------------------------------------------------------------------------- */

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = (char)(ch | 32);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static bool decode(struct arena *a, str raw, str *ret)
{
	char *to = arena_alloc(a, (size_t)raw.n + 1, 1);
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < raw.n; i++) {
		char ch = raw.p[i];
		if (ch == '+') {
			ch = ' ';
		} else if (ch == '%') {
			int hi = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1, lo = i + 2 < raw.n ? hex_digit(raw.p[i + 2]) : -1;
			if (hi < 0 || lo < 0)
				return false;
			ch = (char)(hi << 4 | lo);
			i += 2;
		}
		to[n++] = ch;
	}
	*ret = (str){ to, n };
	return true;
}

/* Line ends as \n: a textarea sends \r\n. */
static str one_line_end(struct arena *a, str s)
{
	if (!memchr(s.p, '\r', (size_t)s.n))
		return s;
	char *to = arena_alloc(a, (size_t)s.n, 1);
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
			continue;
		to[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
	}
	return (str){ to, n };
}

bool form_clean(struct arena *a, str s, str *ret)
{
	bool ascii = true, plain = true;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		ascii &= ch < 0x80;
		plain &= ch >= ' ' && ch != 0x7F;
	}
	*ret = s;
	if (s.n == 0 || (ascii && plain))
		return true;
	return viet_clean(a, one_line_end(a, s), ret);
}

/* The bytes of a control character at i that a paste may bring (C0, DEL, and C1 as UTF-8), 0: another. */
static int control_at(str s, ptrdiff_t i)
{
	unsigned char ch = (unsigned char)s.p[i], next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
	if (ch == 0xC2 && next >= 0x80 && next < 0xA0)
		return 2;
	return (ch < ' ' && ch != '\n' && ch != '\r' && ch != '\t') || ch == 0x7F;
}

bool form_value(struct arena *a, str s, str *ret)
{
	char *to = NULL;
	ptrdiff_t n = 0, run = 0;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		int wide = control_at(s, i);
		if (!wide)
			continue;
		if (!to)
			to = arena_alloc(a, (size_t)s.n, 1);
		if (i > run)
			memcpy(to + n, s.p + run, (size_t)(i - run));
		n += i - run;
		if (s.p[i] == '\v' || s.p[i] == '\f')
			to[n++] = ' ';
		run = i + wide;
		i = run - 1;
	}
	if (to) {
		memcpy(to + n, s.p + run, (size_t)(s.n - run));
		s = (str){ to, n + s.n - run };
	}
	return form_clean(a, s, ret);
}

bool pairs_add(struct arena *a, struct pairs *to, str name, str value)
{
	if (to->n >= PARAMS_MAX)
		return false;
	if (to->n == to->cap) {
		int cap = to->cap ? to->cap * 2 : 16;
		struct pair *p = NEWS(a, struct pair, cap);
		if (to->n)
			memcpy(p, to->p, sizeof *p * (size_t)to->n);
		to->p = p;
		to->cap = cap;
	}
	to->p[to->n++] = (struct pair){ name, value };
	return true;
}

static int pairs_read(struct arena *a, str text, bool (*clean)(struct arena *, str, str *), struct pairs *to)
{
	str item, name, value;
	while (text.n) {
		str_cut(text, '&', &item, &text);
		if (!item.n)
			continue;
		str_cut(item, '=', &name, &value);
		if (!decode(a, name, &name) || !decode(a, value, &value) || !form_clean(a, name, &name) ||
			!clean(a, value, &value))
			return 400;
		if (!pairs_add(a, to, name, value))
			return 413;
	}
	return 0;
}

int form_read(struct arena *a, str text, struct pairs *to) { return pairs_read(a, text, form_clean, to); }
int form_body_read(struct arena *a, str text, struct pairs *to) { return pairs_read(a, text, form_value, to); }

/* ---- multipart/form-data (RFC 7578) -------------------------------------------------------- */

enum { BOUNDARY_MAX = 70, PART_HEAD_MAX = 4096, STEP = 16384 };
enum mp_state { MP_BEGIN, MP_AFTER, MP_HEAD, MP_DATA, MP_DONE };

struct multipart {
	struct arena *mem;
	char mark[BOUNDARY_MAX + 5]; size_t n_mark;  /* "\r\n--boundary"                                       */
	enum mp_state state;
	char hold[PART_HEAD_MAX + STEP]; size_t n_hold;
	struct part parts[PARTS_MAX]; int n;
	struct buf data;                             /* of the part being read                                 */
	size_t memory_left;
	bool file;                                   /* the part being read has a filename                     */
	bool skip;                                   /* ... which is empty: no file was chosen                 */
};

/* A parameter of a header value: name=token or name="quoted". */
static bool parameter(str value, const char *name, str *ret)
{
	str rest, key;
	bool found = false;
	if (!str_cut(value, ';', &key, &rest))
		return false;
	while (rest.n) {
		ptrdiff_t i = 0;
		while (i < rest.n && rest.p[i] != '=' && rest.p[i] != ';')
			i++;
		key = str_trim(str_sub(rest, 0, i));
		if (i == rest.n || rest.p[i] == ';') {
			rest = str_sub(rest, i < rest.n ? i + 1 : i, rest.n);
			continue;
		}
		ptrdiff_t from = ++i, to;
		if (i < rest.n && rest.p[i] == '"') {
			for (from = ++i; i < rest.n && rest.p[i] != '"'; i++)
				;
			if (i == rest.n)
				return false;
			to = i++;
			while (i < rest.n && rest.p[i] != ';')
				i++;
		} else {
			while (i < rest.n && rest.p[i] != ';')
				i++;
			to = i;
		}
		if (str_is(key, name)) {
			if (found)
				return false;
			*ret = (str){ rest.p + from, to - from };
			found = true;
		}
		rest = str_sub(rest, i < rest.n ? i + 1 : i, rest.n);
	}
	return found;
}

struct multipart *multipart_new(struct arena *a, str type, size_t memory_max)
{
	str boundary;
	if (!parameter(type, "boundary", &boundary))
		return NULL;
	if (boundary.n < 1 || boundary.n > BOUNDARY_MAX || boundary.p[boundary.n - 1] == ' ')
		return NULL;
	for (ptrdiff_t i = 0; i < boundary.n; i++)
		if ((unsigned char)boundary.p[i] < ' ' || (unsigned char)boundary.p[i] > '~')
			return NULL;
	struct multipart *m = NEW(a, struct multipart);
	m->mem = a;
	m->memory_left = memory_max;
	memcpy(m->mark, "\r\n--", 4);
	memcpy(m->mark + 4, boundary.p, (size_t)boundary.n);
	m->n_mark = 4 + (size_t)boundary.n;
	/* The first boundary has no line before it: as if the body began with one. */
	memcpy(m->hold, "\r\n", 2);
	m->n_hold = 2;
	return m;
}

static void close_fd(void *arg)
{
	close((int)(intptr_t)arg);
}

static int temp_file(struct arena *a)
{
	const char *dir = getenv("TMPDIR");
	int fd = open(dir && *dir ? dir : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		char *name = str_z(a, str_fmt(a, "%s/khue-XXXXXX", dir && *dir ? dir : "/tmp"));
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
	}
	if (fd >= 0)
		arena_at_end(a, close_fd, (void *)(intptr_t)fd);
	return fd;
}

static int write_whole(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, (size_t)bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 507;
		bytes = (str){ bytes.p + n, bytes.n - n };
	}
	return 0;
}

/* Bytes of the part being read. */
static int part_data(struct multipart *m, str bytes)
{
	struct part *part = &m->parts[m->n - 1];
	if (!bytes.n)
		return 0;
	if (m->skip)
		return 400;
	if (part->fd >= 0)
		return write_whole(part->fd, bytes);
	if (!m->file || m->data.n + (size_t)bytes.n <= PART_MEMORY) {
		if (!m->file && (size_t)bytes.n > m->memory_left)
			return 413;
		m->memory_left -= m->file ? 0 : (size_t)bytes.n;
		put(&m->data, bytes);
		return m->data.over ? 413 : 0;
	}
	part->fd = temp_file(m->mem);
	if (part->fd < 0)
		return 507;
	int status = write_whole(part->fd, buf_str(&m->data));
	return status ? status : write_whole(part->fd, bytes);
}

static void part_end(struct multipart *m)
{
	if (!m->n)
		return;
	struct part *part = &m->parts[m->n - 1];
	if (m->skip)
		m->n--;
	else if (part->fd < 0)
		part->data = buf_str(&m->data);
}

/* The name of an uploaded file without the folders some browsers send. */
static str base_name(str s)
{
	for (ptrdiff_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
			return str_sub(s, i, s.n);
	return s;
}

static bool disposition(struct multipart *m, struct part *part, str value)
{
	str kind, rest, name, file;
	str_cut(value, ';', &kind, &rest);
	if (!str_is(str_lower(m->mem, str_trim(kind)), "form-data") || !parameter(value, "name", &name))
		return false;
	if (!form_clean(m->mem, str_copy(m->mem, name), &part->name) || !part->name.n)
		return false;
	m->file = parameter(value, "filename", &file);
	m->skip = m->file && !file.n;
	return !m->file || form_clean(m->mem, str_copy(m->mem, base_name(file)), &part->filename);
}

static int part_head(struct multipart *m, str text)
{
	bool named = false;
	if (m->n == PARTS_MAX)
		return 413;
	struct part *part = &m->parts[m->n++];
	*part = (struct part){ .fd = -1 };
	m->file = m->skip = false;
	while (text.n) {
		str line, name, value;
		ptrdiff_t i = str_find(text, S("\r\n"));
		line = i < 0 ? text : str_sub(text, 0, i);
		text = str_sub(text, i < 0 ? text.n : i + 2, text.n);
		if (!str_cut(line, ':', &name, &value))
			return 400;
		name = str_lower(m->mem, str_trim(name));
		if (str_is(name, "content-disposition")) {
			if (named || !disposition(m, part, str_trim(value)))
				return 400;
			named = true;
		} else if (str_is(name, "content-type")) {
			str type, rest;
			str_cut(value, ';', &type, &rest);
			part->type = str_lower(m->mem, str_trim(type));
			if (!str_is_utf8(part->type))
				return 400;
		}
	}
	if (m->file && !m->skip && !part->filename.n)
		part->filename = S("file");
	buf_init(&m->data, m->mem, m->file ? PART_MEMORY : m->memory_left + 1);
	return named ? 0 : 400;
}

static void forget(struct multipart *m, size_t n)
{
	memmove(m->hold, m->hold + n, m->n_hold - n);
	m->n_hold -= n;
}

/* One step of the machine on what is held. 0: stepped; -1: needs more bytes; else a status. */
static int step(struct multipart *m)
{
	char *at;
	int status;
	switch (m->state) {
	case MP_BEGIN:
		if (m->n_hold < m->n_mark)
			return -1;
		if (memcmp(m->hold, m->mark, m->n_mark) != 0)
			return 400;
		forget(m, m->n_mark);
		m->state = MP_AFTER;
		return 0;
	case MP_AFTER:
		if (m->n_hold < 2)
			return -1;
		if (memcmp(m->hold, "--", 2) != 0 && memcmp(m->hold, "\r\n", 2) != 0)
			return 400;
		m->state = m->hold[0] == '-' ? MP_DONE : MP_HEAD;
		forget(m, 2);
		return 0;
	case MP_HEAD:
		at = memmem(m->hold, m->n_hold, "\r\n\r\n", 4);
		if ((at ? (size_t)(at - m->hold) : m->n_hold) > PART_HEAD_MAX)
			return 413;
		if (!at)
			return -1;
		if ((status = part_head(m, (str){ m->hold, at - m->hold })) != 0)
			return status;
		forget(m, (size_t)(at - m->hold) + 4);
		m->state = MP_DATA;
		return 0;
	case MP_DATA: {
		at = memmem(m->hold, m->n_hold, m->mark, m->n_mark);
		size_t n = at ? (size_t)(at - m->hold) : m->n_hold >= m->n_mark ? m->n_hold - m->n_mark + 1 : 0;
		if ((status = part_data(m, (str){ m->hold, (ptrdiff_t)n })) != 0)
			return status;
		forget(m, at ? n + m->n_mark : n);
		if (!at)
			return -1;
		part_end(m);
		m->state = MP_AFTER;
		return 0;
	}
	case MP_DONE: break;
	}
	m->n_hold = 0;                               /* an epilogue means nothing */
	return -1;
}

int multipart_feed(struct multipart *m, str bytes)
{
	while (bytes.n) {
		size_t room = sizeof m->hold - m->n_hold, n = (size_t)bytes.n < room ? (size_t)bytes.n : room;
		memcpy(m->hold + m->n_hold, bytes.p, n);
		m->n_hold += n;
		bytes = (str){ bytes.p + n, bytes.n - (ptrdiff_t)n };
		int status;
		while ((status = step(m)) == 0)
			;
		if (status > 0)
			return status;
	}
	return 0;
}

int multipart_end(const struct multipart *m)
{
	return m->state == MP_DONE ? 0 : 400;
}

struct part *multipart_parts(const struct multipart *m, int *n)
{
	*n = m->n;
	return (struct part *)(uintptr_t)m->parts;
}
