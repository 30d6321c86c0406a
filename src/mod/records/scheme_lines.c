/* scheme_lines.c -- see scheme_lines.h. */
#include "mod/records/scheme_lines.h"
#include "base/calendar.h"

static str replaced(struct arena *mem, const char *text, str what)
{
	str all = str_of(text);
	ptrdiff_t at = str_find(all, S("{1}"));

	return at < 0 ? all : str_fmt(mem, "%.*s%.*s%.*s", FMT(str_sub(all, 0, at)), FMT(str_sub(what, 0, 60)),
		FMT(str_sub(all, at + 3, -1)));
}

void mistake(struct reading *r, int line, const char *vi, const char *en, str what)
{
	if (r->n < PROBLEMS)
		r->found[r->n++] = (struct mistake){ line, replaced(r->mem, vi, what), replaced(r->mem, en, what) };
}

void line_bad(struct line *l, const char *vi, const char *en, str what)
{
	mistake(l->r, l->number, vi, en, what);
}

/* Cuts a line into words; false after a mistake. */
static bool cut_words(struct line *l, str text)
{
	l->n = l->at = 0;
	for (ptrdiff_t i = 0; i < text.n; ) {
		ptrdiff_t from = i;
		if (text.p[i] == ' ' || text.p[i] == '\t' || text.p[i] == '\r') {
			i++;
			continue;
		}
		if (text.p[i] == '#')
			break;
		bool quoted = text.p[i] == '"';
		if (l->n == COUNT(l->words)) {
			line_bad(l, "dòng có quá nhiều từ", "too many words in a line", (str){ 0 });
			return false;
		}
		for (i += quoted; i < text.n && (quoted ? text.p[i] != '"' : text.p[i] != ' ' && text.p[i] != '\t' &&
			text.p[i] != '\r'); )
			i++;
		if (quoted && i == text.n) {
			line_bad(l, "thiếu dấu ngoặc kép đóng", "a quotation mark is not closed", (str){ 0 });
			return false;
		}
		l->words[l->n++] = str_sub(text, from + quoted, i);
		i += quoted;
	}
	return l->n > 0;
}

bool line_next(struct line *l, str *text)
{
	while (text->n) {
		str head, rest;
		str_cut(*text, '\n', &head, &rest);
		*text = rest;
		l->number++;
		if (cut_words(l, head))
			return true;
	}
	return false;
}

str line_word(struct line *l)
{
	return l->at < l->n ? l->words[l->at++] : (str){ 0 };
}

bool line_is(struct line *l, const char *word)
{
	if (l->at >= l->n || !str_is(l->words[l->at], word))
		return false;
	l->at++;
	return true;
}

str line_text(struct line *l, const char *what)
{
	str s = line_word(l);

	if (!s.n)
		line_bad(l, "thiếu {1}", "{1} is missing", str_of(what));
	else if (s.n > 400)
		line_bad(l, "{1} quá dài", "{1} is too long", str_of(what));
	return str_sub(s, 0, 400);
}

str line_code(struct line *l, const char *what)
{
	str s = line_word(l);
	bool good = s.n > 0 && s.n <= 32;

	for (ptrdiff_t i = 0; good && i < s.n; i++)
		good = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_' || s.p[i] == '-';
	if (good)
		return s;
	line_bad(l, "{1}: cần mã gồm chữ thường không dấu, chữ số, _ hoặc -",
		"{1}: a code of small letters, digits, _ or - is needed", str_of(what));
	return S("?");
}

static str line_name(struct line *l, bool english)
{
	if (l->at < l->n && l->words[l->at].n)
		return line_text(l, "name");
	line_bad(l, english ? "thiếu tên tiếng Anh" : "thiếu tên tiếng Việt",
		english ? "the English name is missing" : "the Vietnamese name is missing", (str){ 0 });
	return (str){ 0 };
}

struct words line_words(struct line *l)
{
	struct words w = { .code = line_code(l, "code") };

	w.vi = line_name(l, false);
	w.en = line_name(l, true);
	return w;
}

int line_number(struct line *l, int least, int most)
{
	str s = line_word(l);
	int64_t v;

	if (str_to_int(s, &v) && v >= least && v <= most)
		return (int)v;
	line_bad(l, "\"{1}\" không phải số hợp lệ ở đây", "\"{1}\" is not a number that fits here", s);
	return least;
}

int32_t line_mark(struct line *l)
{
	str s = line_word(l);
	score v;

	if (score_read(s, &v) && v.v <= 1000)
		return v.v;
	line_bad(l, "\"{1}\" không phải điểm từ 0 đến 10", "\"{1}\" is not a mark from 0 to 10", s);
	return 0;
}

int line_year(struct line *l)
{
	str s = line_word(l), a, b;
	int64_t from, to;

	if (str_cut(s, '-', &a, &b) && str_to_int(a, &from) && str_to_int(b, &to) && from >= 1990 && from <= 2200 &&
		to == from + 1)
		return (int)from;
	line_bad(l, "\"{1}\" không phải năm học, ví dụ 2021-2022", "\"{1}\" is not a school year such as 2021-2022", s);
	return 2000;
}

bool line_grades(struct line *l, int *first, int *last)
{
	str s = line_word(l), a = s, b = s;

	str_cut(s, '-', &a, &b);
	*first = grade_read(a);
	*last = b.n ? grade_read(b) : *first;
	if (*first >= 0 && *last >= *first)
		return true;
	line_bad(l, "\"{1}\" không phải khối lớp, ví dụ 6-9", "\"{1}\" is no range of grades such as 6-9", s);
	*first = *last = 0;
	return false;
}

str line_article(struct line *l)
{
	return line_is(l, "article") ? line_text(l, "article") : (str){ 0 };
}

int line_one_of(struct line *l, const struct words *list, int n, const char *vi, const char *en)
{
	str s = line_word(l);

	for (int i = 0; i < n; i++)
		if (str_eq(s, list[i].code))
			return i;
	line_bad(l, vi, en, s);
	return 0;
}

void line_end(struct line *l)
{
	if (l->at < l->n)
		line_bad(l, "không hiểu \"{1}\"", "do not understand \"{1}\"", l->words[l->at]);
}

bool line_room(struct line *l, int n, int most)
{
	if (n < most)
		return true;
	line_bad(l, "quá nhiều dòng \"{1}\"", "too many lines of \"{1}\"", l->words[0]);
	return false;
}

static const char *const codes[GRADES] = { "nt", "mg3", "mg4", "mg5", "1", "2", "3", "4", "5", "6", "7", "8", "9",
	"10", "11", "12" };

int grade_read(str text)
{
	for (int i = 0; i < GRADES; i++)
		if (str_is(text, codes[i]))
			return i;
	return -1;
}

str grade_code(int grade)
{
	return grade >= 0 && grade < GRADES ? str_of(codes[grade]) : (str){ 0 };
}
