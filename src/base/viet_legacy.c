/* viet_legacy.c -- the encodings before Unicode: TCVN3 (TCVN 5712:1993, the .VnTime fonts), VNI, and Windows-1258, in
 * which a Vietnamese Windows keeps what is not Unicode. Texts of all three reach us as Windows-1252 letters. */
#include "base/viet.h"

#include <unicode/uchar.h>

/* Bytes A1..FE; 0: not a letter. Toned letters have no capitals of their own: .VnTimeH draws them as capitals. */
static const uint16_t tcvn3[] = {
	/* A1 */ 0x102, 0xC2, 0xCA, 0xD4, 0x1A0, 0x1AF, 0x110, 0x103, 0xE2, 0xEA, 0xF4, 0x1A1, 0x1B0, 0x111, 0,
	/* B0 */ 0, 0, 0, 0, 0, 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1, 0, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0,
	/* C0 */ 0, 0, 0, 0, 0, 0, 0x1EB7, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0xE8, 0, 0x1EBB, 0x1EBD,
	/* D0 */ 0xE9, 0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7, 0xEC, 0x1EC9, 0, 0, 0, 0x129, 0xED, 0x1ECB, 0xF2,
	/* E0 */ 0, 0x1ECF, 0xF5, 0xF3, 0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB,
	         0x1EE3, 0xF9,
	/* F0 */ 0, 0x1EE7, 0x169, 0xFA, 0x1EE5, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1, 0x1EF3, 0x1EF7, 0x1EF9, 0xFD,
	         0x1EF5 };

/* VNI: a vowel is followed by a letter that stands for its marks; a few letters stand alone. */
enum { ON_TONED = 1 /* a e o u y and the horned ô ö */, ON_HATTED = 2 /* a e o */, ON_A = 4 };
struct vni_mark { uint16_t letter; uint8_t on; uint16_t marks[2]; };
static const struct vni_mark vni_marks[] = {
	{ 0xF9, ON_TONED, { 0x301 } }, { 0xF8, ON_TONED, { 0x300 } }, { 0xFB, ON_TONED, { 0x309 } },
	{ 0xF5, ON_TONED, { 0x303 } }, { 0xEF, ON_TONED, { 0x323 } },
	{ 0xE2, ON_HATTED, { 0x302 } }, { 0xE1, ON_HATTED, { 0x302, 0x301 } }, { 0xE0, ON_HATTED, { 0x302, 0x300 } },
	{ 0xE5, ON_HATTED, { 0x302, 0x309 } }, { 0xE3, ON_HATTED, { 0x302, 0x303 } }, { 0xE4, ON_HATTED, { 0x302, 0x323 } },
	{ 0xEA, ON_A, { 0x306 } }, { 0xE9, ON_A, { 0x306, 0x301 } }, { 0xE8, ON_A, { 0x306, 0x300 } },
	{ 0xFA, ON_A, { 0x306, 0x309 } }, { 0xFC, ON_A, { 0x306, 0x303 } }, { 0xEB, ON_A, { 0x306, 0x323 } } };
static const uint16_t vni_letters[][2] = { { 0xF1, 0x111 }, { 0xF4, 0x1A1 }, { 0xF6, 0x1B0 }, { 0xE6, 0x1EC9 },
	{ 0xF3, 0x129 }, { 0xF2, 0x1ECB }, { 0xEE, 0x1EF5 } };

/* Where Windows-1258 differs from 1252: letters of its own, and tones that follow their vowel. */
static const uint16_t w1258[][2] = { { 0xC3, 0x102 }, { 0xE3, 0x103 }, { 0xD0, 0x110 }, { 0xF0, 0x111 },
	{ 0xD5, 0x1A0 }, { 0xF5, 0x1A1 }, { 0xDD, 0x1AF }, { 0xFD, 0x1B0 }, { 0xCC, 0x300 }, { 0xEC, 0x301 },
	{ 0xDE, 0x303 }, { 0xD2, 0x309 }, { 0xF2, 0x323 }, { 0xFE, 0x20AB } };

static uint32_t lower(uint32_t c)
{
	return (uint32_t)u_tolower((UChar32)c);
}

static uint32_t upper(uint32_t c)
{
	return (uint32_t)u_toupper((UChar32)c);
}

static bool is_break(uint32_t c)
{
	return c <= ' ' || c == 0xA0 || (c < 0x80 && strchr(",.()-/\";:", (int)c));
}

/* True when the word's own ASCII letters are capitals, at least two: one alone (Hä) only begins a name. */
static bool is_capital(str word)
{
	int large = 0, small = 0;

	for (ptrdiff_t i = 0; i < word.n; i++) {
		large += word.p[i] >= 'A' && word.p[i] <= 'Z';
		small += word.p[i] >= 'a' && word.p[i] <= 'z';
	}
	return large > 1 && small == 0;
}

static void from_tcvn3(struct buf *b, str word)
{
	bool capital = is_capital(word);

	for (ptrdiff_t i = 0; i < word.n; ) {
		uint32_t c = str_next(word, &i);
		if (c >= 0xA1 && c <= 0xFE && tcvn3[c - 0xA1])
			c = capital ? upper(tcvn3[c - 0xA1]) : tcvn3[c - 0xA1];
		put_char(b, c);
	}
}

/* What a VNI mark may stand on, of the letter before it. */
static uint8_t carries(uint32_t c)
{
	switch (lower(c)) {
	case 'a': return ON_TONED | ON_HATTED | ON_A;
	case 'e': case 'o': return ON_TONED | ON_HATTED;
	case 'u': case 'y': case 0x1A1: case 0x1B0: return ON_TONED;
	default: return 0;
	}
}

static void from_vni(struct buf *b, str word)
{
	uint32_t before = 0;

	for (ptrdiff_t i = 0; i < word.n; ) {
		uint32_t c = str_next(word, &i), low = lower(c);
		bool done = false;
		for (ptrdiff_t k = 0; k < COUNT(vni_marks) && !done; k++) {
			if (vni_marks[k].letter != low || !(carries(before) & vni_marks[k].on))
				continue;
			for (int m = 0; m < 2 && vni_marks[k].marks[m]; m++)
				put_char(b, vni_marks[k].marks[m]);
			before = 0;
			done = true;
		}
		if (done)
			continue;
		for (ptrdiff_t k = 0; k < COUNT(vni_letters); k++) {
			if (low == vni_letters[k][0]) {
				c = c == low ? vni_letters[k][1] : upper(vni_letters[k][1]);
				break;
			}
		}
		put_char(b, c);
		before = c;
	}
}

static void from_1258(struct buf *b, str word)
{
	for (ptrdiff_t i = 0; i < word.n; ) {
		uint32_t c = str_next(word, &i);
		for (ptrdiff_t k = 0; k < COUNT(w1258); k++)
			if (c == w1258[k][0]) {
				c = w1258[k][1];
				break;
			}
		put_char(b, c);
	}
}

str viet_from(struct arena *a, enum viet_encoding from, str s)
{
	struct buf b;
	str made, cleaned;
	ptrdiff_t i = 0, start = 0, end;

	if (!str_is_utf8(s))
		return s;
	buf_init(&b, a, (size_t)s.n * 6 + 16);
	if (from == VIET_UNICODE || from == VIET_UNICODE_SPLIT) {
		put(&b, s);
	} else {
		while (start < s.n) {
			end = i;
			if (i < s.n && !is_break(str_next(s, &i)))
				continue;
			(from == VIET_TCVN3 ? from_tcvn3 : from == VIET_VNI ? from_vni : from_1258)(&b, str_sub(s, start, end));
			put(&b, str_sub(s, end, i));
			start = i;
		}
	}
	made = buf_str(&b);
	return viet_clean(a, made, &cleaned) ? cleaned : made;
}

static bool has_combining(str s)
{
	for (ptrdiff_t i = 0; i < s.n; ) {
		uint32_t c = str_next(s, &i);
		if (c >= 0x300 && c <= 0x323)
			return true;
	}
	return false;
}

/* Words with marks that read as Vietnamese count for an encoding, the others against it. */
static int plausible(struct arena *a, str s, enum viet_encoding as)
{
	str text = viet_from(a, as, s);
	int points = 0;
	ptrdiff_t i = 0, start = 0, end;

	while (start < text.n) {
		str word;
		bool marked = false;
		end = i;
		if (i < text.n && !is_break(str_next(text, &i)))
			continue;
		word = str_sub(text, start, end);
		for (ptrdiff_t k = 0; k < word.n; k++)
			marked |= (unsigned char)word.p[k] >= 0x80;
		if (marked)
			points += viet_is_syllable(word) ? 1 : -1;
		start = i;
	}
	return points;
}

enum viet_encoding viet_guess(const str *samples, int n)
{
	static const enum viet_encoding guesses[] = { VIET_UNICODE, VIET_TCVN3, VIET_VNI, VIET_1258 };
	int points[COUNT(guesses)] = { 0 }, best = 0;
	bool split = false;
	struct arena a;

	arena_init(&a, 16u << 20);
	for (int i = 0; i < n; i++) {
		str s = str_sub(samples[i], 0, 4096);
		while (s.n && !str_is_utf8(s))
			s = s.n == 4096 || s.n > 4092 ? str_sub(s, 0, s.n - 1) : str_sub(s, 0, 0);
		split |= has_combining(s);
		for (int g = 0; g < COUNT(guesses); g++)
			points[g] += plausible(&a, s, guesses[g]);
		arena_reset(&a);
	}
	arena_free(&a);
	for (int g = 1; g < COUNT(guesses); g++)
		if (points[g] > points[best])
			best = g;
	return best == 0 && split ? VIET_UNICODE_SPLIT : guesses[best];
}
