/* sms.c -- what a text is in short messages: letters of the GSM alphabet (3GPP TS 23.038) or UCS-2, and its parts. */
#include "mod/channel/channel_in.h"
#include "base/hash.h"

enum { PLAIN_ONE = 160, PLAIN_MORE = 153, WIDE_ONE = 70, WIDE_MORE = 67 };

/* Septets a letter takes in the GSM alphabet, of ASCII only, which the table shares; 0: not in it. */
static int septets(uint32_t c)
{
	if (c == '\n' || c == '\r')
		return 1;
	if (c < 32 || c > 126 || c == '`')
		return 0;
	return strchr("^{}\\[~]|", (int)c) ? 2 : 1;
}

bool sms_is_plain(str text)
{
	for (ptrdiff_t i = 0; i < text.n;)
		if (!septets(str_next(text, &i)))
			return false;
	return true;
}

/* How many of its letters from `from` fit into `room`; never half of one. */
static ptrdiff_t fits(str text, ptrdiff_t from, bool wide, int room)
{
	ptrdiff_t i = from, end = from;
	int n = 0;

	while (i < text.n) {
		uint32_t c = str_next(text, &i);
		n += wide ? (c > 0xFFFF ? 2 : 1) : septets(c);
		if (n > room)
			break;
		end = i;
	}
	return end - from;
}

int sms_cut(str text, struct sms_part ret[static SMS_PARTS_MAX])
{
	bool wide = !sms_is_plain(text);
	int n = 0;

	if (fits(text, 0, wide, wide ? WIDE_ONE : PLAIN_ONE) == text.n) {
		ret[0] = (struct sms_part){ text, wide };
		return text.n > 0;
	}
	for (ptrdiff_t at = 0; at < text.n; n++) {
		ptrdiff_t k = fits(text, at, wide, wide ? WIDE_MORE : PLAIN_MORE);
		if (n == SMS_PARTS_MAX)
			return n + 1;
		ret[n] = (struct sms_part){ str_sub(text, at, at + k), wide };
		at += k;
	}
	return n;
}

int sms_parts(str text)
{
	struct sms_part cut[SMS_PARTS_MAX];
	return sms_cut(text, cut);
}

/* The extension's second septet; 0: a letter of the main table, whose number is given by `main_code`. */
static int extended(uint32_t c)
{
	static const struct { char c; int code; } more[] = { { '^', 0x14 }, { '{', 0x28 }, { '}', 0x29 }, { '\\', 0x2F },
		{ '[', 0x3C }, { '~', 0x3D }, { ']', 0x3E }, { '|', 0x40 } };

	for (int i = 0; i < (int)COUNT(more); i++)
		if ((uint32_t)more[i].c == c)
			return more[i].code;
	return 0;
}

static char main_code(uint32_t c)
{
	return c == '@' ? 0 : c == '$' ? 2 : c == '_' ? 0x11 : (char)c;
}

str sms_octets(struct arena *mem, const struct sms_part *p)
{
	struct buf b;

	buf_init(&b, mem, 1024);
	for (ptrdiff_t i = 0; i < p->text.n;) {
		uint32_t c = str_next(p->text, &i);
		if (p->wide && c > 0xFFFF) {
			uint32_t high = 0xD800 + ((c - 0x10000) >> 10), low = 0xDC00 + ((c - 0x10000) & 0x3FF);
			put_c(&b, (char)(high >> 8));
			put_c(&b, (char)high);
			c = low;
		}
		if (p->wide)
			put_c(&b, (char)(c >> 8));
		else if (extended(c))
			put_c(&b, 0x1B);
		put_c(&b, p->wide ? (char)c : extended(c) ? (char)extended(c) : main_code(c));
	}
	return buf_str(&b);
}

/* Without marks, capitals kept: word by word what the fold for search makes of it. */
static str without_marks(struct ctx *c, str text)
{
	struct buf b;

	buf_init(&b, c->mem, (size_t)text.n + 64);
	for (ptrdiff_t i = 0; i < text.n;) {
		ptrdiff_t from = i;
		str_next(text, &i);
		str one = str_sub(text, from, i);
		if (one.n == 1) {
			put(&b, one);
			continue;
		}
		str plain = viet_fold(c->mem, one), high = viet_upper(c->mem, one);
		if (str_eq(one, S("“")) || str_eq(one, S("”")))
			plain = S("\"");
		else if (str_eq(one, S("–")) || str_eq(one, S("—")))
			plain = S("-");
		else if (str_eq(one, S("…")))
			plain = S("...");
		else if (str_eq(one, high) && plain.n == 1 && plain.p[0] >= 'a' && plain.p[0] <= 'z')
			plain = viet_upper(c->mem, plain);
		put(&b, sms_is_plain(plain) ? plain : S("?"));
	}
	return buf_str(&b);
}

str sms_text(struct ctx *c, org_id at, str text)
{
	return str_is(setting(c, &mod_channel, "sms_letters", at), "plain") ? without_marks(c, text) : text;
}

money sms_price(struct ctx *c, org_id at)
{
	return (money){ setting_int(c, &mod_channel, "sms_price", at, 0) };
}

bool sms_ready(struct ctx *c)
{
	struct arena mem;
	struct gateway g;
	const char *why;

	(void)c;
	arena_init(&mem, (size_t)1 << 20);
	bool good = gateway_read(&mem, &g, &why);
	arena_wipe(&mem);
	arena_free(&mem);
	return good;
}
