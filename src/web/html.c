#include "web/html.h"

/* What each byte that must not stand as it is becomes. */
static const str ESCAPED[256] = { ['&'] = S_INIT("&amp;"), ['<'] = S_INIT("&lt;"), ['>'] = S_INIT("&gt;"),
	['"'] = S_INIT("&quot;"),
	['\''] = S_INIT("&#39;") };

/* Copies runs of plain bytes at once: most text holds nothing to escape. */
void put_html(struct buf *b, str text)
{
	const char *run = text.n ? text.p : "", *end = run + text.n;     /* an empty text may be nowhere */
	for (const char *p = run; p < end; p++) {
		const str *as = &ESCAPED[(unsigned char)*p];
		if (!as->n)
			continue;
		put(b, (str){ run, p - run });
		put(b, *as);
		run = p + 1;
	}
	if (end > run)
		put(b, (str){ run, end - run });
}

html html_of(struct arena *a, str text)
{
	struct buf b;
	buf_init(&b, a, SIZE_MAX);
	put_html(&b, text);
	return (html){ buf_str(&b) };
}

static void put_json_byte(struct buf *b, unsigned char ch)
{
	static const char hex[] = "0123456789abcdef";
	switch (ch) {
	case '"': put(b, S("\\\"")); return;
	case '\\': put(b, S("\\\\")); return;
	case '\n': put(b, S("\\n")); return;
	case '\r': put(b, S("\\r")); return;
	case '\t': put(b, S("\\t")); return;
	default:
		put(b, S("\\u00"));
		put_c(b, hex[ch >> 4]);
		put_c(b, hex[ch & 15]);
	}
}

void put_json(struct buf *b, str text)
{
	const char *run = text.n ? text.p : "", *end = run + text.n;     /* an empty text may be nowhere */
	put_c(b, '"');
	for (const char *p = run; p < end; p++) {
		unsigned char ch = (unsigned char)*p;
		bool line = ch == 0xE2 && end - p >= 3 && p[1] == '\x80' && (p[2] == '\xA8' || p[2] == '\xA9');
		if (ch >= 0x20 && ch != '"' && ch != '\\' && ch != '<' && ch != 0x7F && !line)
			continue;
		if (p > run)
			put(b, (str){ run, p - run });
		if (line) {
			put_z(b, p[2] == '\xA8' ? "\\u2028" : "\\u2029");
			p += 2;
		} else {
			put_json_byte(b, ch);
		}
		run = p + 1;
	}
	if (end > run)
		put(b, (str){ run, end - run });
	put_c(b, '"');
}

void put_url(struct buf *b, str text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (ptrdiff_t i = 0; i < text.n; i++) {
		unsigned char ch = (unsigned char)text.p[i];
		bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
		             ch == '-' || ch == '.' || ch == '_' || ch == '~';
		if (plain) {
			put_c(b, (char)ch);
			continue;
		}
		put_c(b, '%');
		put_c(b, hex[ch >> 4]);
		put_c(b, hex[ch & 15]);
	}
}
