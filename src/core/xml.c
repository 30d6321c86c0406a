/* xml.c -- see xml.h. One pass over a sliding window; a tag is scanned again from its `<` after a refill. */
#include "core/xml.h"

enum { WINDOW = 256 << 10, TOKEN_MAX = 8 << 20 };
enum { START = 1, NAME = 2, SPACE = 4 };
enum scan { SCAN_OK, SCAN_MORE, SCAN_BAD };

static uint8_t class_of(unsigned char ch)
{
	if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == ':')
		return START | NAME;
	if ((ch >= '0' && ch <= '9') || ch == '-' || ch == '.')
		return NAME;
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' ? SPACE : 0;
}

void xml_init(struct xml *x, struct arena *mem, xml_read_fn *read, void *arg)
{
	memset(x, 0, offsetof(struct xml, names));
	x->read = read;
	x->arg = arg;
	x->mem = mem;
	x->cap = WINDOW;
	x->p = arena_alloc(mem, WINDOW + 1, 1);
}

int64_t xml_place(const struct xml *x, const char *p)
{
	return x->gone + (p - x->p);
}

int64_t xml_behind(const struct xml *x)
{
	return x->gone + x->at;
}

static enum xml_event bad(struct xml *x, const char *why)
{
	if (!x->bad)
		x->bad = why;
	return XML_BAD;
}

/* Brings more bytes behind what is unread, moving it to the front. False: end of input or an error. */
static bool more(struct xml *x)
{
	if (x->eof)
		return false;
	if (x->at > 0) {
		memmove(x->p, x->p + x->at, (size_t)(x->end - x->at));
		x->end -= x->at;
		x->gone += x->at;
		x->at = 0;
	} else if (x->end == x->cap) {
		if (x->cap >= TOKEN_MAX) {
			bad(x, "a tag or text is too long");
			return false;
		}
		char *wider = arena_alloc(x->mem, (size_t)x->cap * 2 + 1, 1);
		memcpy(wider, x->p, (size_t)x->end);
		x->p = wider;
		x->cap *= 2;
	}
	ptrdiff_t n = x->read(x->arg, x->p + x->end, x->cap - x->end);
	if (n < 0) {
		bad(x, "the data is damaged");
		return false;
	}
	x->eof = n == 0;
	x->end += n;
	x->p[x->end] = 0;
	return n > 0;
}

/* Characters XML allows, for text and attribute values. */
static bool chars_ok(const char *p, ptrdiff_t n)
{
	bool high = false;
	for (ptrdiff_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)p[i];
		if (ch >= 0x80)
			high = true;
		else if (ch < 0x20 && !(class_of(ch) & SPACE))
			return false;
	}
	if (!high)
		return true;
	for (ptrdiff_t i = 0; i + 2 < n; i++)
		if ((unsigned char)p[i] == 0xEF && (unsigned char)p[i + 1] == 0xBF && (unsigned char)p[i + 2] >= 0xBE)
			return false;
	return str_is_utf8((str){ p, n });
}

/* The length of a reference at p ("&amp;", "&#1234;") and its code point; 0 when malformed. */
static ptrdiff_t reference(const char *p, ptrdiff_t n, uint32_t *ret)
{
	static const struct { const char *name; uint8_t size; char ch; } known[] = {
		{ "&lt;", 4, '<' }, { "&gt;", 4, '>' }, { "&amp;", 5, '&' }, { "&quot;", 6, '"' }, { "&apos;", 6, '\'' } };
	for (ptrdiff_t i = 0; i < COUNT(known); i++)
		if (n >= known[i].size && memcmp(p, known[i].name, known[i].size) == 0) {
			*ret = (unsigned char)known[i].ch;
			return known[i].size;
		}
	if (n < 4 || p[1] != '#')
		return 0;
	uint32_t base = p[2] == 'x' ? 16 : 10, v = 0;
	ptrdiff_t i = p[2] == 'x' ? 3 : 2, from = i;
	for (; i < n && p[i] != ';'; i++) {
		int lower = p[i] | 32;
		uint32_t d = p[i] >= '0' && p[i] <= '9' ? (uint32_t)(p[i] - '0') :
		             base == 16 && lower >= 'a' && lower <= 'f' ? (uint32_t)(lower - 'a') + 10 : 99;
		if (d >= base || v > 0x10FFFF)
			return 0;
		v = v * base + d;
	}
	bool allowed = v == 9 || v == 10 || v == 13 || (v >= 0x20 && v <= 0x10FFFF && v != 0xFFFE && v != 0xFFFF &&
		(v < 0xD800 || v > 0xDFFF));
	if (i == n || i == from || !allowed)
		return 0;
	*ret = v;
	return i + 1;
}

static bool references_ok(const char *p, ptrdiff_t n)
{
	const char *end = p + n;
	uint32_t v;
	while ((p = memchr(p, '&', (size_t)(end - p)))) {
		ptrdiff_t used = reference(p, end - p, &v);
		if (!used)
			return false;
		p += used;
	}
	return true;
}

static void put_utf8(struct buf *b, uint32_t v)
{
	if (v < 0x80) {
		put_c(b, (char)v);
	} else if (v < 0x800) {
		put_c(b, (char)(0xC0 | v >> 6));
		put_c(b, (char)(0x80 | (v & 63)));
	} else {
		if (v < 0x10000) {
			put_c(b, (char)(0xE0 | v >> 12));
		} else {
			put_c(b, (char)(0xF0 | v >> 18));
			put_c(b, (char)(0x80 | (v >> 12 & 63)));
		}
		put_c(b, (char)(0x80 | (v >> 6 & 63)));
		put_c(b, (char)(0x80 | (v & 63)));
	}
}

bool xml_put_text(struct buf *b, str raw, bool cdata)
{
	const char *p = raw.p, *end = raw.p + raw.n, *from = p;
	for (; p < end; p++) {
		if (*p == '\r') {
			put(b, (str){ from, p - from });
			put_c(b, '\n');
			if (p + 1 < end && p[1] == '\n')
				p++;
			from = p + 1;
		} else if (*p == '&' && !cdata) {
			uint32_t v;
			ptrdiff_t used = reference(p, end - p, &v);
			if (!used)
				return false;
			put(b, (str){ from, p - from });
			put_utf8(b, v);
			p += used - 1;
			from = p + 1;
		}
	}
	put(b, (str){ from, p - from });
	return true;
}

static str without_prefix(const char *p, ptrdiff_t n)
{
	const char *colon = memchr(p, ':', (size_t)n);
	return colon ? (str){ colon + 1, p + n - colon - 1 } : (str){ p, n };
}

str xml_attr(const struct xml *x, const char *name)
{
	size_t n = strlen(name);
	for (int i = 0; i < x->n_attrs; i++) {
		str a = x->attrs[i].name;
		if ((size_t)a.n == n && memcmp(a.p, name, n) == 0)
			return x->attrs[i].value;
	}
	for (int i = 0; i < x->n_attrs; i++) {
		str a = without_prefix(x->attrs[i].name.p, x->attrs[i].name.n);
		if ((size_t)a.n == n && memcmp(a.p, name, n) == 0)
			return x->attrs[i].value;
	}
	return (str){ "", 0 };
}

static const char *skip(const char *s, uint8_t classes)
{
	while (class_of((unsigned char)*s) & classes)
		s++;
	return s;
}

/* One attribute at s, which stands on its name's first byte. */
static enum scan scan_attr(struct xml *x, const char **at, const char *end)
{
	const char *s = *at, *name = s;
	if (!(class_of((unsigned char)*s) & START))
		return s == end ? SCAN_MORE : SCAN_BAD;
	s = skip(s, NAME);
	str n = { name, s - name };
	s = skip(s, SPACE);
	if (*s != '=')
		return s == end ? SCAN_MORE : SCAN_BAD;
	s = skip(s + 1, SPACE);
	if (*s != '"' && *s != '\'')
		return s == end ? SCAN_MORE : SCAN_BAD;
	const char *value = s + 1, *close = memchr(value, *s, (size_t)(end - value));
	if (!close)
		return SCAN_MORE;
	if (memchr(value, '<', (size_t)(close - value)) || !chars_ok(value, close - value) ||
		!references_ok(value, close - value))
		return SCAN_BAD;
	if (x->n_attrs == XML_ATTRS)
		return SCAN_BAD;
	for (int i = 0; i < x->n_attrs; i++)
		if (str_eq(x->attrs[i].name, n))
			return SCAN_BAD;
	x->attrs[x->n_attrs++] = (struct xml_attr){ n, { value, close - value } };
	*at = close + 1;
	return SCAN_OK;
}

/* The tag whose `<` is at x->at. On OK name and attributes are set, *ret_end is behind `>`. */
static enum scan scan_open(struct xml *x, const char **ret_end, str *ret_full)
{
	const char *s = x->p + x->at + 1, *end = x->p + x->end, *name = s;
	if (!(class_of((unsigned char)*s) & START))
		return s == end ? SCAN_MORE : SCAN_BAD;
	s = skip(s, NAME);
	*ret_full = (str){ name, s - name };
	x->n_attrs = 0;
	for (;;) {
		const char *before = s;
		s = skip(s, SPACE);
		if (s == end)
			return SCAN_MORE;
		if (*s == '>') {
			x->empty = false;
			*ret_end = s + 1;
			return SCAN_OK;
		}
		if (*s == '/') {
			if (s + 1 == end)
				return SCAN_MORE;
			x->empty = true;
			*ret_end = s + 2;
			return s[1] == '>' ? SCAN_OK : SCAN_BAD;
		}
		if (s == before)
			return SCAN_BAD;
		enum scan got = scan_attr(x, &s, end);
		if (got != SCAN_OK)
			return got;
	}
}

static enum xml_event open_tag(struct xml *x)
{
	const char *end;
	str full;
	enum scan got;
	while ((got = scan_open(x, &end, &full)) == SCAN_MORE)
		if (!more(x))
			return bad(x, "the data ends inside a tag");
	if (got == SCAN_BAD)
		return bad(x, "a tag is malformed");
	if (x->depth == 0 && x->rooted)
		return bad(x, "there is more than one root element");
	if (x->depth == XML_DEPTH)
		return bad(x, "elements are nested too deeply");
	ptrdiff_t from = x->ends[x->depth];
	if (full.n > XML_NAMES - from)
		return bad(x, "a name is too long");
	memcpy(x->names + from, full.p, (size_t)full.n);
	x->ends[++x->depth] = (uint16_t)(from + full.n);
	x->rooted = true;
	x->from = x->gone + x->at;
	x->at = end - x->p;
	x->name = without_prefix(full.p, full.n);
	return XML_OPEN;
}

static enum xml_event pop(struct xml *x)
{
	ptrdiff_t from = x->ends[--x->depth];
	x->name = without_prefix(x->names + from, x->ends[x->depth + 1] - from);
	x->empty = false;
	return XML_CLOSE;
}

static enum xml_event close_tag(struct xml *x)
{
	for (;;) {
		const char *s = x->p + x->at + 2, *end = x->p + x->end;
		if (x->depth > 0) {
			ptrdiff_t from = x->ends[x->depth - 1], n = x->ends[x->depth] - from;
			if (end - s > n) {
				if (memcmp(s, x->names + from, (size_t)n) != 0)
					return bad(x, "elements are not closed in order");
				s = skip(s + n, SPACE);
				if (s < end) {
					if (*s != '>')
						return bad(x, "a tag is malformed");
					x->from = x->gone + x->at;
					x->at = s + 1 - x->p;
					return pop(x);
				}
			}
		} else {
			return bad(x, "an element is closed that is not open");
		}
		if (!more(x))
			return bad(x, "the data ends inside a tag");
	}
}

/* Finds `mark` at or after x->at + skip; *ret: its place in the window. */
static bool find_mark(struct xml *x, ptrdiff_t skipped, const char *mark, ptrdiff_t *ret)
{
	size_t n = strlen(mark);
	ptrdiff_t done = skipped;
	for (;;) {
		const char *from = x->p + x->at + done, *end = x->p + x->end;
		const char *hit = end > from ? memmem(from, (size_t)(end - from), mark, n) : NULL;
		if (hit) {
			*ret = hit - x->p;
			return true;
		}
		ptrdiff_t have = x->end - x->at;
		if (have - (ptrdiff_t)n > done)
			done = have - (ptrdiff_t)n;
		if (!more(x)) {
			bad(x, "the data ends inside a comment or section");
			return false;
		}
	}
}

static bool skip_comment(struct xml *x)
{
	ptrdiff_t hit;
	if (!find_mark(x, 4, "--", &hit))
		return false;
	while (hit + 2 >= x->end && x->at + 4 <= hit) {
		ptrdiff_t back = hit - x->at;
		if (!more(x)) {
			bad(x, "the data ends inside a comment or section");
			return false;
		}
		hit = x->at + back;
	}
	if (x->p[hit + 2] != '>' || !chars_ok(x->p + x->at + 4, hit - x->at - 4)) {
		bad(x, "a comment is malformed");
		return false;
	}
	x->at = hit + 3;
	return true;
}

/* In <?xml ...?>: the encoding must be UTF-8 or its subset. */
static bool declaration_ok(str s)
{
	ptrdiff_t at = str_find(s, S("encoding"));
	if (at < 0)
		return true;
	const char *p = skip(s.p + at + 8, SPACE), *end = s.p + s.n;
	if (p >= end || *p != '=')
		return false;
	p = skip(p + 1, SPACE);
	if (end - p < 7 || (*p != '"' && *p != '\''))
		return false;
	return strncasecmp(p + 1, "utf-8", 5) == 0 ? p[6] == *p :
	       end - p > 9 && strncasecmp(p + 1, "us-ascii", 8) == 0 && p[9] == *p;
}

static bool skip_instruction(struct xml *x, bool first)
{
	ptrdiff_t hit;
	if (!find_mark(x, 2, "?>", &hit))
		return false;
	str s = { x->p + x->at + 2, hit - x->at - 2 };
	const char *e = skip(s.p, NAME);
	bool named = s.n > 0 && class_of((unsigned char)*s.p) & START &&
		(e == s.p + s.n || class_of((unsigned char)*e) & SPACE);
	bool xml = e - s.p == 3 && strncasecmp(s.p, "xml", 3) == 0;
	if (!named || !chars_ok(s.p, s.n) || (xml && (!first || memcmp(s.p, "xml", 3) != 0))) {
		bad(x, "a processing instruction is malformed");
		return false;
	}
	if (xml && !declaration_ok(s)) {
		bad(x, "the encoding is not UTF-8");
		return false;
	}
	x->at = hit + 2;
	return true;
}

static enum xml_event cdata(struct xml *x)
{
	ptrdiff_t hit;
	if (!find_mark(x, 9, "]]>", &hit))
		return XML_BAD;
	x->text = (str){ x->p + x->at + 9, hit - x->at - 9 };
	x->cdata = true;
	if (!chars_ok(x->text.p, x->text.n))
		return bad(x, "a character is not allowed");
	x->at = hit + 3;
	return XML_TEXT;
}

static enum xml_event text(struct xml *x)
{
	ptrdiff_t done = 0;
	for (;;) {
		const char *from = x->p + x->at + done;
		const char *hit = memchr(from, '<', (size_t)(x->p + x->end - from));
		if (hit) {
			done = hit - x->p - x->at;
			break;
		}
		done = x->end - x->at;
		if (!more(x)) {
			if (x->bad)
				return XML_BAD;
			break;
		}
	}
	x->text = (str){ x->p + x->at, done };
	x->cdata = false;
	if (!chars_ok(x->text.p, done) || !references_ok(x->text.p, done) || memmem(x->text.p, (size_t)done, "]]>", 3))
		return bad(x, "a character is not allowed");
	x->at += done;
	return XML_TEXT;
}

/* Makes n bytes available at x->at, unless the input ends first. */
static bool need(struct xml *x, ptrdiff_t n)
{
	while (x->end - x->at < n)
		if (!more(x))
			return false;
	return true;
}

static bool begin(struct xml *x)
{
	x->begun = true;
	need(x, 3);
	if (x->end - x->at >= 3 && memcmp(x->p, "\xEF\xBB\xBF", 3) == 0)
		x->at = 3;
	else if (x->end >= 2 && ((unsigned char)x->p[0] >= 0xFE || x->p[0] == 0 || x->p[1] == 0))
		bad(x, "the encoding is not UTF-8");
	if (!x->bad && need(x, 6) && memcmp(x->p + x->at, "<?xml", 5) == 0 &&
		class_of((unsigned char)x->p[x->at + 5]) & SPACE)
		return skip_instruction(x, true);
	return !x->bad;
}

/* What begins with `<!` or `<?`. XML_DONE: passed over, go on. */
static enum xml_event special(struct xml *x)
{
	if (x->p[x->at + 1] == '?')
		return skip_instruction(x, false) ? XML_DONE : XML_BAD;
	if (need(x, 4) && memcmp(x->p + x->at, "<!--", 4) == 0)
		return skip_comment(x) ? XML_DONE : XML_BAD;
	if (x->depth > 0 && need(x, 9) && memcmp(x->p + x->at, "<![CDATA[", 9) == 0)
		return cdata(x);
	return bad(x, x->p[x->at + 2] == 'D' ? "a DOCTYPE is not allowed" : "a tag is malformed");
}

enum xml_event xml_next(struct xml *x)
{
	if (x->bad || (!x->begun && !begin(x)))
		return XML_BAD;
	if (x->empty)
		return pop(x);
	for (;;) {
		if (x->at == x->end && !more(x)) {
			if (!x->bad && x->depth == 0 && x->rooted)
				return XML_DONE;
			return bad(x, "the data ends too early");
		}
		if (x->p[x->at] != '<') {
			if (text(x) == XML_BAD)
				return XML_BAD;
			if (x->depth > 0)
				return XML_TEXT;
			const char *s = x->text.p;
			if (skip(s, SPACE) < s + x->text.n)
				return bad(x, "there is text outside the root element");
			continue;
		}
		if (!need(x, 3))
			return bad(x, "the data ends inside a tag");
		char ch = x->p[x->at + 1];
		if (ch == '/')
			return close_tag(x);
		if (ch != '!' && ch != '?')
			return open_tag(x);
		enum xml_event got = special(x);
		if (got != XML_DONE)
			return got;
	}
}

bool xml_skip(struct xml *x)
{
	int until = x->depth - 1;
	while (x->depth > until) {
		enum xml_event ev = xml_next(x);
		if (ev == XML_BAD || ev == XML_DONE)
			return false;
	}
	return true;
}
