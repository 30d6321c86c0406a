/* viet.c -- Vietnamese text by ICU: normal form, folding, order. */
#include "base/viet.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

struct text16 { UChar *p; int32_t n; };

/* The twelve vowel letters with their six tones: level, grave, hook, tilde, acute, dot below. */
static const uint16_t vowels[12][6] = {
	{ 0x61, 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1 }, { 0x103, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0x1EB7 },
	{ 0xE2, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD }, { 0x65, 0xE8, 0x1EBB, 0x1EBD, 0xE9, 0x1EB9 },
	{ 0xEA, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7 }, { 0x69, 0xEC, 0x1EC9, 0x129, 0xED, 0x1ECB },
	{ 0x6F, 0xF2, 0x1ECF, 0xF5, 0xF3, 0x1ECD }, { 0xF4, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9 },
	{ 0x1A1, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3 }, { 0x75, 0xF9, 0x1EE7, 0x169, 0xFA, 0x1EE5 },
	{ 0x1B0, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1 }, { 0x79, 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5 } };

static struct text16 to_utf16(struct arena *a, str s)
{
	UErrorCode e = U_ZERO_ERROR;
	struct text16 t = { NEWS(a, UChar, s.n + 1), 0 };

	if (s.n > INT32_MAX / 4)
		s.n = INT32_MAX / 4;
	u_strFromUTF8WithSub(t.p, (int32_t)s.n + 1, &t.n, s.n ? s.p : "", (int32_t)s.n, 0xFFFD, NULL, &e);
	return t;
}

static str to_utf8(struct arena *a, struct text16 t)
{
	UErrorCode e = U_ZERO_ERROR;
	char *p = arena_alloc(a, (size_t)t.n * 3 + 1, 1);
	int32_t n = 0;

	u_strToUTF8WithSub(p, t.n * 3 + 1, &n, t.p, t.n, 0xFFFD, NULL, &e);
	return (str){ p, n };
}

static struct text16 normal(struct arena *a, const UNormalizer2 *form, struct text16 t)
{
	int32_t cap = t.n + t.n / 2 + 8;
	struct text16 r;

	for (;;) {
		UErrorCode e = U_ZERO_ERROR;
		r.p = NEWS(a, UChar, cap);
		r.n = unorm2_normalize(form, t.p, t.n, r.p, cap, &e);
		if (e != U_BUFFER_OVERFLOW_ERROR)
			return U_SUCCESS(e) ? r : t;
		cap = r.n + 1;
	}
}

static struct text16 nfc(struct arena *a, struct text16 t)
{
	UErrorCode e = U_ZERO_ERROR;

	return normal(a, unorm2_getNFCInstance(&e), t);
}

static bool is_ascii(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* ---- clean ------------------------------------------------------------------------------- */

static bool is_refused(uint32_t c)
{
	if (c < 0x20)
		return c != '\n' && c != '\t' && c != '\r';
	return c >= 0x7F && c < 0xA0;
}

/* Bidi_Control of Unicode: phones and Windows put these around copied numbers. Kept, they would make two texts that
 * read alike differ, or one text read as another. */
static bool is_direction_mark(uint32_t c)
{
	return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Looks over valid UTF-8. *plain: already NFC without anything to replace, judged by ranges alone. */
static bool look_over(str s, bool *plain)
{
	ptrdiff_t i = 0;

	*plain = true;
	while (i < s.n) {
		uint32_t c = str_next(s, &i);
		if (is_refused(c) || (c == '\r' && (i == s.n || s.p[i] != '\n')))
			return false;
		if (c == '\r' || c == 0xD0 || c == 0xF0 || (c >= 0x300 && (c < 0x1E00 || c > 0x1EFF)))
			*plain = false;
	}
	return true;
}

static bool has_vowel(str word)
{
	for (ptrdiff_t i = 0; i < word.n; ) {
		UChar32 c = u_tolower((UChar32)str_next(word, &i));
		for (int v = 0; v < 12; v++)
			for (int t = 0; t < 6; t++)
				if (c == vowels[v][t])
					return true;
	}
	return false;
}

/* Writes Đ for Ð in the word [from, to) when the result is a Vietnamese syllable or an abbreviation such as QĐ. */
static void mend_word(struct arena *a, struct text16 t, int32_t from, int32_t to)
{
	struct text16 w = { NEWS(a, UChar, to - from + 1), to - from };
	str word;
	bool any = false;

	for (int32_t i = 0; i < w.n; i++) {
		UChar c = t.p[from + i];
		w.p[i] = c == 0xD0 ? 0x110 : c == 0xF0 ? 0x111 : c;
		any |= w.p[i] != c;
	}
	if (!any)
		return;
	word = to_utf8(a, w);
	if (viet_is_syllable(word) || !has_vowel(word))
		u_memcpy(t.p + from, w.p, w.n);
}

static void mend_words(struct arena *a, struct text16 t)
{
	int32_t from = 0;

	for (int32_t i = 0; i <= t.n; i++) {
		if (i == t.n || !(u_isalpha(t.p[i]) || U16_IS_SURROGATE(t.p[i]))) {
			mend_word(a, t, from, i);
			from = i + 1;
		}
	}
}

bool viet_clean(struct arena *a, str s, str *ret)
{
	struct text16 t;
	int32_t n = 0;
	bool plain;

	if (s.n > INT32_MAX / 4 || !str_is_utf8(s) || !look_over(s, &plain))
		return false;
	if (plain) {
		*ret = str_copy(a, s);
		return true;
	}
	t = to_utf16(a, s);
	for (int32_t i = 0; i < t.n; i++)                /* before joining: a mark may stand between letter and tone */
		if (t.p[i] != '\r' && !is_direction_mark(t.p[i]))
			t.p[n++] = t.p[i];
	t.n = n;
	t = nfc(a, t);
	mend_words(a, t);
	*ret = to_utf8(a, t);
	return true;
}

/* Letters by their category that show nothing: the Hangul fillers. */
static bool is_filler(UChar32 c)
{
	return c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
}

/* The character at *i of valid UTF-8; *i goes on to the next. */
static UChar32 character_at(str s, ptrdiff_t *i)
{
	uint32_t first = (unsigned char)s.p[(*i)++], c = first;
	int more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;

	if (more)
		c &= 0x3Fu >> more;
	for (; more && *i < s.n; more--)
		c = c << 6 | ((unsigned char)s.p[(*i)++] & 0x3Fu);
	return (UChar32)c;
}

bool viet_is_name(str s)
{
	const uint32_t never = U_GC_C_MASK | U_GC_SO_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK | U_GC_ME_MASK;
	bool letter = false;

	if (!str_is_utf8(s))
		return false;
	for (ptrdiff_t i = 0; i < s.n; ) {
		UChar32 c = character_at(s, &i);

		if (U_GET_GC_MASK(c) & never || is_filler(c) || u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) ||
			u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) || c == 0x34F)
			return false;
		if (U_GET_GC_MASK(c) & U_GC_L_MASK)
			letter = true;
		else if (U_GET_GC_MASK(c) & U_GC_M_MASK && !letter)
			return false;                    /* a mark on nothing */
	}
	return letter;
}

/* ---- fold -------------------------------------------------------------------------------- */

/* The plain letter of one of the language's letters, of either case; 0: another character. */
static char vietnamese_letter(uint32_t c)
{
	static const char latin1[] = "aaaa\0\0\0\0eee\0ii\0\0\0\0oooo\0\0\0uu\0\0y\0";

	if (c >= 0xC0 && c <= 0xFE)
		return latin1[(c - 0xC0) & 31];
	if (c >= 0x1EA0 && c <= 0x1EF9)
		return c < 0x1EB8 ? 'a' : c < 0x1EC8 ? 'e' : c < 0x1ECC ? 'i' : c < 0x1EE4 ? 'o' : c < 0x1EF2 ? 'u' : 'y';
	switch (c) {
	case 0x102: case 0x103: return 'a';
	case 0x110: case 0x111: return 'd';
	case 0x128: case 0x129: return 'i';
	case 0x1A0: case 0x1A1: return 'o';
	case 0x168: case 0x169: case 0x1AF: case 0x1B0: return 'u';
	default: return 0;
	}
}

/* Texts of ASCII and composed Vietnamese letters, which is nearly all of them, without ICU. False: another
 * character. */
static bool fold_quick(struct arena *a, str s, str *ret)
{
	char *p = arena_alloc(a, (size_t)s.n + 1, 1);
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < s.n; ) {
		char c = s.p[i];
		if ((unsigned char)c >= 0x80)
			c = vietnamese_letter(str_next(s, &i));
		else
			i++;
		if (c == 0 && s.p[i - 1] != 0)
			return false;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (c <= ' ' || c == 0x7F) {
			if (n && p[n - 1] != ' ')
				p[n++] = ' ';
		} else {
			p[n++] = c == '`' ? '\'' : c;
		}
	}
	*ret = (str){ p, n && p[n - 1] == ' ' ? n - 1 : n };
	return true;
}

static UChar32 plain_letter(UChar32 c)
{
	switch (c) {
	case 0x111: case 0xF0: case 0x256:
		return 'd';
	case 0x2018: case 0x2019: case 0x2BC: case 0x2B9: case '`': case 0xB4:
		return '\'';
	default:
		return c;
	}
}

static struct text16 fold_once(struct arena *a, struct text16 t)
{
	UErrorCode e = U_ZERO_ERROR;
	struct text16 r = normal(a, unorm2_getNFKCCasefoldInstance(&e), t);
	int32_t n = 0;

	r = normal(a, unorm2_getNFKDInstance(&e), r);
	for (int32_t i = 0; i < r.n; ) {
		UChar32 c = r.p[i++];
		int8_t type;
		if (u_charType(c) == U_SURROGATE && i < r.n && U16_IS_TRAIL(r.p[i]))
			c = U16_GET_SUPPLEMENTARY(c, r.p[i++]);
		type = u_charType(c);
		if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK)
			continue;
		if (u_isUWhiteSpace(c) || type == U_CONTROL_CHAR) {
			if (n && r.p[n - 1] != ' ')
				r.p[n++] = ' ';
			continue;
		}
		c = plain_letter(c);
		if (U_IS_BMP(c)) {
			r.p[n++] = (UChar)c;
		} else {
			r.p[n++] = U16_LEAD(c);
			r.p[n++] = U16_TRAIL(c);
		}
	}
	r.n = n && r.p[n - 1] == ' ' ? n - 1 : n;
	return r;
}

str viet_fold(struct arena *a, str s)
{
	struct text16 t, again;
	str quick;

	if (fold_quick(a, s, &quick))
		return quick;
	t = fold_once(a, to_utf16(a, s));
	/* A mark taken away can let its neighbours fold further (rare scripts only): until nothing changes. */
	for (int round = 0; round < 4; round++) {
		bool latin = true;
		for (int32_t i = 0; i < t.n; i++)
			latin &= t.p[i] < 0x80;
		if (latin)
			break;
		again = fold_once(a, t);
		if (again.n == t.n && u_memcmp(again.p, t.p, t.n) == 0)
			break;
		t = again;
	}
	return to_utf8(a, t);
}

static bool is_letter_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The bytes from i on of an apostrophe with a blank before or behind it, between a letter that stands alone and another
 * word ("h' rin", "h 'rin"), or 0. */
static int loose_joint_at(str f, ptrdiff_t i)
{
	ptrdiff_t at = i;

	if (i == 0 || !is_letter_byte(f.p[i - 1]) || (i > 1 && f.p[i - 2] != ' '))
		return 0;
	at += f.p[at] == ' ';
	if (at >= f.n || f.p[at] != '\'')
		return 0;
	at++;
	at += at < f.n && f.p[at] == ' ';
	return at - i > 1 && at < f.n && is_letter_byte(f.p[at]) ? (int)(at - i) : 0;
}

/* The bytes of the hyphen or apostrophe at i between two letters of a folded text, or 0. */
static int joint_at(str f, ptrdiff_t i)
{
	/* U+2010, U+2011: what NFKC leaves of the hyphens */
	int n = f.p[i] == '\'' || f.p[i] == '-' ? 1
		: i + 3 <= f.n && memcmp(f.p + i, "\xE2\x80", 2) == 0 && ((unsigned char)f.p[i + 2] & 0xFE) == 0x90 ? 3 : 0;

	if (n && i > 0 && i + n < f.n && is_letter_byte(f.p[i - 1]) && is_letter_byte(f.p[i + n]))
		return n;
	return loose_joint_at(f, i);
}

str viet_words(struct arena *a, str s)
{
	str f = viet_fold(a, s);
	char *p = NULL;
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < f.n; ) {
		int k = joint_at(f, i);
		if (k && !p) {
			p = arena_alloc(a, (size_t)f.n, 1);
			memcpy(p, f.p, (size_t)i);
		}
		if (p)
			p[n] = k ? ' ' : f.p[i];
		n++;
		i += k ? k : 1;
	}
	return p ? (str){ p, n } : f;
}

str viet_joined(struct arena *a, str s)
{
	str f = viet_fold(a, s);
	char *p = arena_alloc(a, (size_t)f.n + 1, 1);
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < f.n; ) {
		int k = joint_at(f, i);
		bool alone = f.p[i] == ' ' && i > 0 && is_letter_byte(f.p[i - 1]) && (i == 1 || f.p[i - 2] == ' ') &&
			i + 1 < f.n && is_letter_byte(f.p[i + 1]);
		if (!k && !alone)
			p[n++] = f.p[i];
		i += k ? k : 1;
	}
	return (str){ p, n < f.n ? n : 0 };
}

str viet_slug(struct arena *a, str s)
{
	str f = viet_fold(a, s);
	char *p = arena_alloc(a, (size_t)f.n + 1, 1);
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < f.n; i++) {
		char c = f.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			p[n++] = c;
		else if (n && p[n - 1] != '-')
			p[n++] = '-';
	}
	return (str){ p, n && p[n - 1] == '-' ? n - 1 : n };
}

/* ---- order ------------------------------------------------------------------------------- */

/* One collator a process, opened at the first use and never changed. */
static const UCollator *order(struct arena *a)
{
	static UCollator *vi;
	UErrorCode e = U_ZERO_ERROR;

	if (!vi) {
		vi = ucol_open("vi", &e);
		if (!vi || U_FAILURE(e)) {
			vi = NULL;
			arena_out(a);
		}
	}
	return vi;
}

str viet_key(struct arena *a, str s)
{
	struct text16 t = to_utf16(a, s);
	int32_t cap = t.n * 4 + 16, n;
	uint8_t *p;

	for (;;) {
		p = arena_alloc(a, (size_t)cap, 1);
		n = ucol_getSortKey(order(a), t.p, t.n, p, cap);
		if (n <= cap)
			return (str){ (const char *)p, n > 0 ? n - 1 : 0 };      /* without the closing NUL */
		cap = n;
	}
}

static str lower(struct arena *a, str s)
{
	struct text16 t = to_utf16(a, s), r;
	UErrorCode e = U_ZERO_ERROR;

	r.p = NEWS(a, UChar, t.n * 2 + 8);
	r.n = u_strToLower(r.p, t.n * 2 + 8, t.p, t.n, "", &e);
	return U_SUCCESS(e) ? to_utf8(a, r) : s;
}

str viet_part_key(struct arena *a, str part)
{
	return part.n ? viet_key(a, viet_same_tone(a, lower(a, part))) : part;
}

str viet_name_key(struct arena *a, str name)
{
	str part[3];
	struct buf b;

	viet_name_parts(name, &part[1], &part[2], &part[0]);
	buf_init(&b, a, (size_t)name.n * 32 + 256);
	for (int i = 0; i < 3; i++) {
		put(&b, viet_part_key(a, part[i]));
		put_c(&b, '\0');                     /* below every byte of a key: a shorter name comes first */
	}
	return buf_str(&b);
}

/* ---- names ------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void viet_name_parts(str name, str *family, str *middle, str *given)
{
	ptrdiff_t first = 0, last;

	name = str_trim(name);
	last = name.n;
	while (first < name.n && !is_blank(name.p[first]))
		first++;
	while (last > 0 && !is_blank(name.p[last - 1]))
		last--;
	*given = str_sub(name, last, name.n);
	*family = last ? str_sub(name, 0, first) : (str){ name.p, 0 };
	*middle = last > first ? str_trim(str_sub(name, first, last)) : (str){ name.p, 0 };
}

str viet_initials(struct arena *a, str name)
{
	str f = viet_fold(a, name);
	char *p = arena_alloc(a, (size_t)f.n + 1, 1);
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < f.n; i++) {
		if (i && f.p[i - 1] != ' ')
			continue;
		do
			p[n++] = f.p[i];
		while (i + 1 < f.n && ((unsigned char)f.p[i + 1] & 0xC0) == 0x80 && ++i);
	}
	return (str){ p, n };
}

/* The tone (1..5) of a toned o or u and its level form, or 0. Keeps the case. */
static int tone_of(UChar32 c, UChar32 *ret_level)
{
	static const int rows[] = { 6, 9 };

	for (int k = 0; k < 2; k++) {
		for (int t = 1; t < 6; t++) {
			const uint16_t *row = vowels[rows[k]];
			if (c == row[t] || c == u_toupper(row[t])) {
				*ret_level = c == row[t] ? row[0] : u_toupper(row[0]);
				return t;
			}
		}
	}
	return 0;
}

str viet_same_tone(struct arena *a, str s)
{
	struct text16 t;

	if (is_ascii(s))
		return s;
	t = nfc(a, to_utf16(a, s));
	for (int32_t i = 0; i + 1 < t.n; i++) {
		UChar32 level, next = t.p[i + 1], low = u_tolower(next);
		int tone = tone_of(t.p[i], &level), row;
		bool o = u_tolower(level) == 'o';
		if (!tone || (o ? low != 'a' && low != 'e' : low != 'y') || (i + 2 < t.n && u_isalpha(t.p[i + 2])))
			continue;
		row = low == 'a' ? 0 : low == 'e' ? 3 : 11;
		t.p[i] = (UChar)level;
		t.p[i + 1] = next == low ? vowels[row][tone] : (UChar)u_toupper(vowels[row][tone]);
	}
	return to_utf8(a, t);
}

/* ---- syllables --------------------------------------------------------------------------- */

static bool among(str s, const char *const *list)
{
	for (; *list; list++)
		if (str_is(s, *list))
			return true;
	return false;
}

/* The word in lower case without tones. False: a letter the language does not have, or two tones. */
static bool toneless(str word, struct buf *b)
{
	int tones = 0;

	for (ptrdiff_t i = 0; i < word.n; ) {
		UChar32 c = u_tolower((UChar32)str_next(word, &i));
		for (int v = 0; v < 12; v++)
			for (int t = 1; t < 6; t++)
				if (c == vowels[v][t]) {
					c = vowels[v][0];
					tones++;
				}
		put_char(b, (uint32_t)c);
	}
	return tones <= 1 && !b->over;
}

bool viet_is_syllable(str word)
{
	static const char *const onsets[] = { "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m",
		"n", "ng",
		"ngh", "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x", NULL };
	static const char *const codas[] = { "", "c", "ch", "k", "m", "n", "ng", "nh", "p", "t", NULL };
	static const char *const nuclei[] = { "a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ai", "ao",
		"au", "ay",
		"âu", "ây", "eo", "êu", "ia", "iê", "iu", "oa", "oă", "oe", "oi", "oo", "ôi", "ơi", "ua", "uâ", "uê", "ui",
		"uô",
		"uơ", "uy", "ưa", "ưi", "ươ", "ưu", "yê", "iêu", "oai", "oao", "oay", "oeo", "uây", "uôi", "uya", "uyê", "uyu",
		"ươi", "ươu", "yêu", NULL };
	char bytes[32];
	struct buf b = { .p = bytes, .cap = sizeof bytes, .max = sizeof bytes };

	if (word.n == 0 || word.n > (ptrdiff_t)sizeof bytes || !toneless(word, &b))
		return false;
	for (int i = 0; onsets[i]; i++) {
		str rest = buf_str(&b);
		if (!str_starts(rest, str_of(onsets[i])))
			continue;
		rest = str_sub(rest, (ptrdiff_t)strlen(onsets[i]), -1);
		for (int k = 0; codas[k]; k++)
			if (str_ends(rest, str_of(codas[k])) && among(str_sub(rest, 0, rest.n - (ptrdiff_t)strlen(codas[k])),
				nuclei))
				return true;
	}
	return false;
}

str viet_upper(struct arena *a, str s)
{
	struct buf b;

	buf_init(&b, a, SIZE_MAX);
	for (ptrdiff_t i = 0; i < s.n;)
		put_char(&b, (uint32_t)u_toupper((UChar32)str_next(s, &i)));
	return buf_str(&b);
}
