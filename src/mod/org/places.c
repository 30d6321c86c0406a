/* places.c -- see places.h. An address is cut into parts; each commune whose name is a part and whose district and
 * province explain every part right of it is a candidate. */
#include "mod/org/places.h"
#include "base/viet.h"
#include <stdlib.h>

enum level { PROVINCE = 1, DISTRICT = 2, COMMUNE = 4, ANY = 7 };
enum { PARTS = 12, WORDS = 24, FOUND = 400 };

/* above, province: index; -1 none */
struct unit { str code, name, key, tone, kind, full; int above, province; uint8_t level; bool now; };
struct named { str key; int unit; };
/* was -1: an old unit without a row */
struct link { str old_code, new_code; int was, now; bool whole; };
struct places { struct unit *units; int n; struct named *names; int n_names; struct link *links, *back; int n_links; };

/* ---- names ---------------------------------------------------------------------------------------------- */

/* Letters and digits, words parted by one blank, numbers without zeros in front: "Bà Rịa - Vũng Tàu", "P.05" -> "ba
 * ria vung tau", "p 5". */
static str key_of(struct arena *mem, str text)
{
	str folded = viet_fold(mem, text);
	char *p = arena_alloc(mem, (size_t)(2 * folded.n + 1), 1);
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < folded.n; i++) {
		char ch = folded.p[i];
		bool digit = ch >= '0' && ch <= '9', letter = (ch >= 'a' && ch <= 'z') || (unsigned char)ch >= 0x80;
		bool begins = n == 0 || p[n - 1] == ' ';
		if (ch == '\'' || (digit && ch == '0' && begins && i + 1 < folded.n && folded.p[i + 1] >= '0' &&
			folded.p[i + 1] <= '9'))
			continue;
		if (!digit && !letter) {
			if (!begins)
				p[n++] = ' ';
			continue;
		}
		if (digit && n == 1 && (p[0] == 'p' || p[0] == 'q' || p[0] == 'f'))
			p[n++] = ' ';                    /* P5, Q1                                                         */
		if (digit && n == 2 && ch == '0' && p[1] == ' ')
			continue;
		p[n++] = ch;
	}
	while (n && p[n - 1] == ' ')
		n--;
	return (str){ p, n };
}

/* The same text with its marks, to tell names apart that fold alike. */
static str toned(struct arena *mem, str text)
{
	return viet_same_tone(mem, viet_upper(mem, text));
}

static int by_key(const void *a, const void *b)
{
	return str_cmp(((const struct named *)a)->key, ((const struct named *)b)->key);
}

static int by_old(const void *a, const void *b)
{
	return str_cmp(((const struct link *)a)->old_code, ((const struct link *)b)->old_code);
}

static int by_new(const void *a, const void *b)
{
	return str_cmp(((const struct link *)a)->new_code, ((const struct link *)b)->new_code);
}

/* ---- the index --------------------------------------------------------------------------------------------- */

static int lines_of(str text)
{
	int n = 1;
	for (ptrdiff_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

static bool cells_of(str line, str *cells, int n)
{
	for (int i = 0; i < n; i++)
		if (!str_cut(line, '\t', &cells[i], &line) && i < n - 1)
			return false;
	return true;
}

static int unit_by_code(const struct places *p, const int *order, str code, bool now, uint8_t level)
{
	int from = 0, to = p->n;
	while (from < to) {
		int mid = (from + to) / 2;
		if (str_cmp(p->units[order[mid]].code, code) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < p->n && str_eq(p->units[order[from]].code, code); from++)
		if (p->units[order[from]].now == now && p->units[order[from]].level == level)
			return order[from];
	return -1;
}

struct code_at { str code; int i; };
static int by_code(const void *a, const void *b)
{
	return str_cmp(((const struct code_at *)a)->code, ((const struct code_at *)b)->code);
}

static int *order_by_code(struct arena *mem, const struct places *p)
{
	struct code_at *all = NEWS(mem, struct code_at, p->n + 1);
	int *order = NEWS(mem, int, p->n + 1);
	for (int i = 0; i < p->n; i++)
		all[i] = (struct code_at){ p->units[i].code, i };
	qsort(all, (size_t)p->n, sizeof *all, by_code);
	for (int i = 0; i < p->n; i++)
		order[i] = all[i].i;
	return order;
}

static bool units_read(struct arena *mem, str text, struct places *p)
{
	str line, f[7], *above = NEWS(mem, str, lines_of(text)), *province = NEWS(mem, str, lines_of(text));
	p->units = NEWS(mem, struct unit, lines_of(text));
	p->names = NEWS(mem, struct named, lines_of(text));
	while (str_cut(text, '\n', &line, &text) || line.n) {
		if (!cells_of(line, f, COUNT(f)) || f[0].n != 1)
			return false;
		struct unit *u = &p->units[p->n];
		u->level = f[0].p[0] == 'P' ? PROVINCE : f[0].p[0] == 'D' ? DISTRICT : COMMUNE;
		u->code = f[1];
		u->name = f[2];
		u->full = f[3].n && f[3].p[0] == '=' ? str_sub(f[3], 1, -1) : str_fmt(mem, "%.*s %.*s", FMT(f[3]), FMT(f[2]));
		u->kind = key_of(mem, str_sub(u->full, 0, u->full.n > f[2].n ? u->full.n - f[2].n : 0));
		u->now = str_is(f[6], "n");
		above[p->n] = f[4];
		province[p->n] = f[5];
		u->key = key_of(mem, f[2]);
		u->tone = toned(mem, f[2]);
		p->names[p->n] = (struct named){ u->key, p->n };
		p->n++;
	}
	int *order = order_by_code(mem, p);
	for (int i = 0; i < p->n; i++) {
		struct unit *u = &p->units[i];
		u->province = unit_by_code(p, order, province[i], u->now, PROVINCE);
		u->above = u->level == COMMUNE && !u->now ? unit_by_code(p, order, above[i], false, DISTRICT) : -1;
	}
	p->n_names = p->n;
	qsort(p->names, (size_t)p->n_names, sizeof *p->names, by_key);
	return p->n > 0;
}

static bool maps_read(struct arena *mem, str text, struct places *p)
{
	str line, f[4];
	int *order = order_by_code(mem, p);
	p->links = NEWS(mem, struct link, lines_of(text));
	while (str_cut(text, '\n', &line, &text) || line.n) {
		if (!cells_of(line, f, COUNT(f)))
			return false;
		struct link *l = &p->links[p->n_links];
		*l = (struct link){ f[1], f[0], unit_by_code(p, order, f[1], false, COMMUNE),
			unit_by_code(p, order, f[0], true, COMMUNE), str_is(f[2], "1") };
		p->n_links += l->now >= 0;
	}
	p->back = NEWS(mem, struct link, p->n_links + 1);
	memcpy(p->back, p->links, sizeof *p->links * (size_t)p->n_links);
	qsort(p->links, (size_t)p->n_links, sizeof *p->links, by_old);
	qsort(p->back, (size_t)p->n_links, sizeof *p->back, by_new);
	return true;
}

const struct places *places_make(struct arena *mem, str units, str maps)
{
	struct places *p = NEW(mem, struct places);
	return units_read(mem, units, p) && maps_read(mem, maps, p) ? p : NULL;
}

static int first_link(const struct link *all, int n, str code, bool old)
{
	int from = 0, to = n;
	while (from < to) {
		int mid = (from + to) / 2;
		if (str_cmp(old ? all[mid].old_code : all[mid].new_code, code) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* ---- parts of an address ------------------------------------------------------------------------------------ */

/* What a part may be: by its marker, or anything without one. */
/* whole: key with the marker; tone: worked out by tone_of when a name fits */
struct part { str text, tone, key, kind; uint8_t levels; str whole; };
struct marker { const char *word, *toned, *kind; uint8_t levels; };
static const struct marker markers[] = {
	{ "thanh pho", "THÀNH PHỐ", "thanh pho", PROVINCE | DISTRICT }, { "thi tran", "THỊ TRẤN", "thi tran", COMMUNE },
	{ "thi xa", "THỊ XÃ", "thi xa", DISTRICT },
	{ "dac khu", "ĐẶC KHU", "dac khu", COMMUNE }, { "phuong", "PHƯỜNG", "phuong", COMMUNE },
	{ "huyen", "HUYỆN", "huyen", DISTRICT },
	{ "quan", "QUẬN", "quan", DISTRICT }, { "tinh", "TỈNH", "tinh", PROVINCE }, { "xa", "XÃ", "xa", COMMUNE },
	{ "tp", "TP", "thanh pho", PROVINCE | DISTRICT },
	{ "tx", "TX", "thi xa", DISTRICT }, { "tt", "TT", "thi tran", COMMUNE }, { "p", NULL, "phuong", COMMUNE },
	{ "f", NULL, "phuong", COMMUNE },
	{ "q", NULL, "quan", DISTRICT }, { "h", NULL, "huyen", DISTRICT }, { "x", NULL, "xa", COMMUNE },
	{ "t", NULL, "tinh", PROVINCE } };
static const struct { const char *as, *is; } aliases[] = { { "hcm", "ho chi minh" }, { "tphcm", "ho chi minh" },
	{ "tp hcm", "ho chi minh" }, { "sai gon", "ho chi minh" },
	{ "hn", "ha noi" }, { "hue", "thua thien hue" }, { "thua thien hue", "hue" } };

static bool begins_with(str key, const char *word, str *ret_left)
{
	str w = str_of(word);
	if (!str_starts(key, w) || key.n <= w.n || key.p[w.n] != ' ')
		return false;
	*ret_left = str_sub(key, w.n + 1, -1);
	return true;
}

static void part_set(struct arena *mem, struct part *p, str text)
{
	*p = (struct part){ .text = str_trim(text), .levels = ANY };
	p->whole = p->key = key_of(mem, text);
	for (ptrdiff_t i = 0; i < COUNT(markers); i++)
		if (begins_with(p->whole, markers[i].word, &p->key)) {
			p->levels = markers[i].levels;
			p->kind = str_of(markers[i].kind);
			return;
		}
	p->key = p->whole;
}

static bool is_country(str key)
{
	return str_is(key, "viet nam") || str_is(key, "vn") || str_is(key, "vietnam");
}

/* A marker and the beginning of what follows it. */
static str three_words(str text)
{
	ptrdiff_t end = 0;
	for (int words = 0; end < text.n && words < 3; end++)
		words += end > 0 && text.p[end] == ' ' && text.p[end - 1] != ' ';
	return str_sub(text, 0, end);
}

/* Where a marker begins within a text, after its first word: "xã A huyện B" has one before "huyện". loose: markers
 * without marks count too. -1: none. */
static ptrdiff_t next_marker(struct arena *mem, str text, bool loose)
{
	for (ptrdiff_t i = 1; i + 1 < text.n; i++) {
		if (text.p[i - 1] != ' ' && text.p[i - 1] != '-' && text.p[i - 1] != '.')
			continue;
		str tail = three_words(str_sub(text, i, -1)), key = key_of(mem, tail), left;
		for (int k = 0; k < 12; k++)
			if (begins_with(key, markers[k].word, &left) &&
				(loose || str_starts(toned(mem, tail), str_of(markers[k].toned))))
				return i;
	}
	return -1;
}

/* ret_cut: how many were cut off at a marker. */
static int parts_of(struct arena *mem, str text, int how, struct part *ret, int *ret_cut)
{
	int n = 0;
	*ret_cut = 0;
	while (text.n && n < PARTS) {
		ptrdiff_t end = 0, cut;
		while (end < text.n && text.p[end] != ',' && text.p[end] != ';' && text.p[end] != '\n')
			end++;
		str piece = str_trim(str_sub(text, 0, end));
		text = str_sub(text, end + 1, -1);
		while (how && n < PARTS - 1 && (cut = next_marker(mem, piece, how == 2)) > 0) {
			part_set(mem, &ret[n], str_sub(piece, 0, cut));
			++*ret_cut;
			n += ret[n].whole.n > 0;
			piece = str_sub(piece, cut, -1);
		}
		part_set(mem, &ret[n], piece);
		n += ret[n].whole.n > 0;
	}
	while (n && is_country(ret[n - 1].whole))
		n--;
	/* more parts than an address has */
	return text.n ? 0 : n;
}

/* ---- matching -------------------------------------------------------------------------------------------------- */

struct candidate { int unit; bool kind, tone; };
struct search { const struct places *p; struct arena *mem; struct part parts[PARTS]; int n;
	struct candidate found[FOUND]; int n_found, at; };

static bool same_name(str key, str name)
{
	if (str_eq(key, name))
		return true;
	for (ptrdiff_t i = 0; i < COUNT(aliases); i++)
		if (str_is(key, aliases[i].as) && str_is(name, aliases[i].is))
			return true;
	return false;
}

static str tone_of(struct search *s, struct part *part)
{
	if (!part->tone.p)
		part->tone = toned(s->mem, part->text);
	return part->tone;
}

static bool is_unit(struct search *s, struct part *part, int unit, bool *tone)
{
	const struct unit *u = unit >= 0 ? &s->p->units[unit] : NULL;
	if (!u || (!(part->levels & u->level && same_name(part->key, u->key)) && !same_name(part->whole, u->key)))
		return false;
	*tone = *tone && str_find(tone_of(s, part), u->tone) >= 0;
	return true;
}

/* The province of today, or one that what became this commune was in before. */
static bool is_province(struct search *s, struct part *part, const struct unit *u, bool *tone)
{
	const struct places *p = s->p;
	if (is_unit(s, part, u->province, tone))
		return true;
	for (int i = u->now ? first_link(p->back, p->n_links, u->code, false) : p->n_links;
		i < p->n_links && str_eq(p->back[i].new_code, u->code); i++)
		if (p->back[i].was >= 0 && is_unit(s, part, p->units[p->back[i].was].province, tone))
			return true;
	if (u->now)
		return false;
	for (int i = first_link(p->links, p->n_links, u->code, true);
		i < p->n_links && str_eq(p->links[i].old_code, u->code); i++)
		if (is_unit(s, part, p->units[p->links[i].now].province, tone))
			return true;
	return false;
}

/* Everything right of part `at` is the district or the province of the unit, from inside out. */
static bool explained(struct search *s, int at, const struct unit *u, bool *tone)
{
	int i = at + 1;
	if (i < s->n && is_unit(s, &s->parts[i], u->above, tone))
		i++;
	if (i < s->n && is_province(s, &s->parts[i], u, tone))
		i++;
	return i == s->n;
}

static void try_part(struct search *s, int at, str key, bool with_marker)
{
	const struct places *p = s->p;
	struct named want = { key, 0 };
	const struct named *hit = bsearch(&want, p->names, (size_t)p->n_names, sizeof *p->names, by_key);
	if (!hit || (with_marker && !(s->parts[at].levels & COMMUNE)))
		return;
	while (hit > p->names && str_eq(hit[-1].key, key))
		hit--;
	bool above = false;                           /* "Lục Nam, Bắc Giang" may be the district of before: no commune */
	for (const struct named *h = hit; s->parts[at].levels == ANY && h < p->names + p->n_names && str_eq(h->key, key);
		h++) {
		bool tone = true;
		above = above || (p->units[h->unit].level != COMMUNE && s->n > 1 && explained(s, at, &p->units[h->unit],
			&tone));
	}
	for (; hit < p->names + p->n_names && str_eq(hit->key, key) && s->n_found < FOUND; hit++) {
		const struct unit *u = &p->units[hit->unit];
		if (above && u->now)
			continue;
		bool tone = u->level == COMMUNE && str_find(tone_of(s, &s->parts[at]), u->tone) >= 0;
		if (u->level != COMMUNE || !explained(s, at, u, &tone))
			continue;
		s->found[s->n_found++] = (struct candidate){ hit->unit, with_marker && s->parts[at].kind.n &&
			str_eq(s->parts[at].kind, u->kind), tone };
		s->at = at;
	}
}

/* Only the best stay: what was written with its marks and its kind, if anything was. */
static void sift(struct search *s)
{
	for (int pass = 0; pass < 2; pass++) {
		int n = 0;
		bool any = false;
		for (int i = 0; i < s->n_found; i++)
			any = any || (pass ? s->found[i].kind : s->found[i].tone);
		for (int i = 0; i < s->n_found; i++)
			if (!any || (pass ? s->found[i].kind : s->found[i].tone))
				s->found[n++] = s->found[i];
		s->n_found = n;
	}
}

static str was_text(struct search *s, const struct unit *u)
{
	const struct unit *d = u->above >= 0 ? &s->p->units[u->above] : NULL, *v = u->province >= 0
		? &s->p->units[u->province] : NULL;
	return str_fmt(s->mem, "%.*s%s%.*s%s%.*s", FMT(u->full), d ? ", " : "", FMT(d ? d->full : (str){ 0 }), v ? ", "
		: "", FMT(v ? v->full : (str){ 0 }));
}

static void place_add(struct search *s, const struct unit *now, const struct unit *was, bool whole,
	struct locality *ret, int *n, bool *more)
{
	for (int i = 0; i < *n; i++)
		if (str_eq(ret[i].code, now->code)) {
			ret[i].whole = ret[i].whole || whole;
			return;
		}
	*more = *more || *n == PLACES_MAX;
	if (*n < PLACES_MAX)
		ret[(*n)++] = (struct locality){ now->code, now->full, now->province >= 0 ? s->p->units[now->province].full
			: (str){ 0 }, was ? was_text(s, was) : (str){ 0 }, whole };
}

static int places_out(struct search *s, struct locality *ret, bool *more)
{
	const struct places *p = s->p;
	int n = 0;
	for (int i = 0; i < s->n_found; i++) {
		const struct unit *u = &p->units[s->found[i].unit];
		if (u->now)
			place_add(s, u, NULL, true, ret, &n, more);
		for (int k = u->now ? p->n_links : first_link(p->links, p->n_links, u->code, true);
			k < p->n_links && str_eq(p->links[k].old_code, u->code); k++)
			place_add(s, &p->units[p->links[k].now], u, p->links[k].whole, ret, &n, more);
	}
	return n;
}

int places_find(const struct places *p, struct arena *mem, str text, struct locality ret[static PLACES_MAX],
	bool *ret_more, str *ret_rest)
{
	struct search at_hand, *s = &at_hand;            /* some thousand bytes: not of the caller's memory          */
	int cut = 0;
	*ret_more = false;
	*ret_rest = (str){ 0 };
	s->p = p;
	s->mem = mem;
	s->n_found = s->n = s->at = 0;
	if (text.n > PLACES_TEXT_MAX)
		return 0;
	/* commas only; markers with their marks; any marker */
	for (int how = 0; how < 3 && s->n_found == 0; how++) {
		s->n = parts_of(mem, text, how, s->parts, &cut);
		for (int i = 0; (how == 0 || cut) && i < s->n && s->n_found == 0; i++) {
			try_part(s, i, s->parts[i].key, true);
			if (s->n_found == 0 && !str_eq(s->parts[i].key, s->parts[i].whole))
				try_part(s, i, s->parts[i].whole, false);
		}
	}
	sift(s);
	for (int i = 0; s->n_found && i < s->at; i++)
		*ret_rest = str_fmt(mem, "%.*s%s%.*s", FMT(*ret_rest), i ? ", " : "", FMT(s->parts[i].text));
	return places_out(s, ret, ret_more);
}
