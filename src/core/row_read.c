/* row_read.c -- see row.h: text as people type it, into a member. */
#include "core/row.h"

static const struct tr
	MSG_text   = { "Có ký tự không hợp lệ; hãy gõ lại hoặc dán dưới dạng văn bản thường.",
	               "It holds characters that are not allowed; type it again or paste it as plain text." },
	MSG_long   = { "Dài quá {1} ký tự; hãy rút gọn (đang có {2}).",
		"Longer than {1} characters; shorten it (there are {2})." },
	MSG_int    = { "“{1}” không phải số nguyên; hãy nhập chữ số, ví dụ 12.",
		"“{1}” is not a whole number; enter digits, such as 12." },
	MSG_bool   = { "“{1}” không rõ nghĩa; hãy nhập Có hoặc Không.", "“{1}” is not clear; enter Yes or No." },
	MSG_day    = { "“{1}” không phải ngày có thật; hãy nhập ngày/tháng/năm, ví dụ 05/09/2014.",
	               "“{1}” is not a date that exists; enter day/month/year, such as 05/09/2014." },
	MSG_time   = { "“{1}” không phải thời điểm; hãy nhập ngày và giờ, ví dụ 05/09/2014 14:30.",
	               "“{1}” is not a time; enter date and time, such as 05/09/2014 14:30." },
	MSG_money  = { "“{1}” không phải số tiền; hãy nhập số đồng, ví dụ 594.000.",
		"“{1}” is not an amount; enter whole đồng, such as 594.000." },
	MSG_score  = { "“{1}” không phải điểm; hãy nhập số có tối đa hai chữ số lẻ, ví dụ 7,5.",
	               "“{1}” is not a mark; enter a number with at most two decimals, such as 7.5." },
	MSG_pick   = { "“{1}” không có trong danh sách; hãy chọn: {2}.", "“{1}” is not in the list; choose one of: {2}." },
	MSG_ref    = { "“{1}” không phải mã số; hãy chọn từ danh sách gợi ý.",
		"“{1}” is not an id; choose from the suggestions." },
	MSG_needed = { "Chưa có giá trị; hãy nhập.", "A value is missing; enter one." },
	MSG_list   = { "Mục này là một danh sách, không phải một giá trị.", "This is a list, not one value." };

enum { PICKS_SAID = 300 };               /* bytes of a list of choices in an error */

static bool flawed(struct flaw *ret, const struct tr *text, str a, str b)
{
	*ret = (struct flaw){ text, { a, b }, 2 };
	return false;
}

/* What was typed, short enough to say back. */
static str quoted(struct arena *mem, str s)
{
	ptrdiff_t n = 0, chars = 0;
	while (n < s.n && chars < 40) {
		n++;
		while (n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
			n++;
		chars++;
	}
	return n < s.n ? str_fmt(mem, "%.*s…", (int)n, s.p) : s;
}

static str one_line(struct arena *mem, str s)
{
	bool clean = true;
	for (ptrdiff_t i = 0; i < s.n && clean; i++)
		clean = s.p[i] != '\n' && s.p[i] != '\t';
	if (clean)
		return s;
	char *p = NEWS(mem, char, s.n);
	for (ptrdiff_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == '\n' || s.p[i] == '\t' ? ' ' : s.p[i];
	return (str){ p, s.n };
}

/* The folded text without what people join words by: "Ê Đê", "Ê-đê" and "êđê" are one name. */
static str letters_of(struct arena *mem, str s)
{
	str folded = viet_fold(mem, s);
	char *p = NEWS(mem, char, folded.n);
	ptrdiff_t n = 0;
	for (ptrdiff_t i = 0; i < folded.n; i++) {
		unsigned char ch = (unsigned char)folded.p[i];
		if (ch >= 0x80 || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9'))
			p[n++] = folded.p[i];
	}
	return (str){ p, n };
}

/* The only choice with these letters; -1 for none or several. */
static int pick_alike(const struct field *f, str s, struct arena *mem)
{
	str letters = letters_of(mem, s);
	int found = -1;
	for (int i = 0; letters.n && f->pick && f->pick[i].code; i++) {
		const struct choice *x = &f->pick[i];
		if (!str_eq(letters, letters_of(mem, str_of(x->label.vi)))
		    && !str_eq(letters, letters_of(mem, str_of(x->label.en))))
			continue;
		if (found >= 0)
			return -1;
		found = i;
	}
	return found;
}

static bool pick_read(const struct field *f, str s, struct arena *mem, pick *ret, struct flaw *bad)
{
	struct buf list;
	bool more = false;
	buf_init(&list, mem, 400);
	for (int i = 0; f->pick && f->pick[i].code; i++) {
		if (str_is(s, f->pick[i].code)) {
			*ret = (pick)i;
			return true;
		}
	}
	str folded = viet_fold(mem, s);
	for (int i = 0; f->pick && f->pick[i].code; i++) {
		const struct choice *x = &f->pick[i];
		if (str_eq(folded, viet_fold(mem, str_of(x->label.vi))) || str_eq(folded, viet_fold(mem, str_of(x->label.en)))
		    || str_eq(folded, viet_fold(mem, str_of(x->code)))) {
			*ret = (pick)i;
			return true;
		}
		if (list.n < PICKS_SAID)
			put_fmt(&list, "%s%s", i ? ", " : "", x->label.vi);
		else
			more = true;
	}
	if (more)
		put_z(&list, ", …");
	int alike = pick_alike(f, s, mem);
	if (alike >= 0) {
		*ret = (pick)alike;
		return true;
	}
	return flawed(bad, &MSG_pick, quoted(mem, s), buf_str(&list));
}

static bool bool_read(str s, struct arena *mem, bool *ret)
{
	static const char *const yes[] = { "1", "true", "on", "co", "yes", "x", "y", "dung", "✓", "✔" };
	static const char *const no[] = { "", "0", "false", "off", "khong", "no", "n", "sai", "-" };
	str folded = viet_fold(mem, s);
	for (int i = 0; i < (int)COUNT(yes); i++)
		if (str_is(folded, yes[i]))
			return *ret = true;
	for (int i = 0; i < (int)COUNT(no); i++) {
		if (str_is(folded, no[i])) {
			*ret = false;
			return true;
		}
	}
	return false;
}

static bool int_read(str s, int64_t *ret)
{
	money grouped;
	if (str_to_int(s, ret))
		return true;
	for (ptrdiff_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return false;
	if (!money_read(s, &grouped))
		return false;
	*ret = grouped.v;
	return true;
}

/* A number that has a name is read by either. */
static bool named_int_read(const struct field *f, str s, struct arena *mem, int64_t *ret)
{
	struct flaw none;
	pick at;

	if (int_read(s, ret))
		return true;
	return f->pick && pick_read(f, s, mem, &at, &none) && str_to_int(str_of(f->pick[at].code), ret);
}

static bool text_read(const struct field *f, str s, struct arena *mem, str *ret, struct flaw *bad)
{
	s = str_trim(f->is & LONG ? s : one_line(mem, s));
	ptrdiff_t chars = str_chars(s);
	if (f->max && chars > f->max)
		return flawed(bad, &MSG_long, int_text(mem, f->max), int_text(mem, chars));
	*ret = s;
	return true;
}

static bool value_read(const struct field *f, str s, day today, struct arena *mem, void *row, struct flaw *ret)
{
	void *at = (char *)row + f->at;
	int64_t v;
	switch ((enum type)f->type) {
	case T_TEXT: return text_read(f, s, mem, at, ret);
	case T_INT:  return named_int_read(f, s, mem, at) || flawed(ret, &MSG_int, quoted(mem, s), S(""));
	case T_BOOL: return bool_read(s, mem, at) || flawed(ret, &MSG_bool, quoted(mem, s), S(""));
	case T_DAY:  return day_read(s, today, at) || flawed(ret, &MSG_day, quoted(mem, s), S(""));
	case T_TIME: return instant_read(s, at) || flawed(ret, &MSG_time, quoted(mem, s), S(""));
	case T_MONEY: return money_read(s, at) || flawed(ret, &MSG_money, quoted(mem, s), S(""));
	case T_SCORE: return score_read(s, at) || flawed(ret, &MSG_score, quoted(mem, s), S(""));
	case T_PICK: return pick_read(f, s, mem, at, ret);
	case T_FILE: case T_REF:
		if (!str_to_int(s, &v) || v < 0)
			return flawed(ret, &MSG_ref, quoted(mem, s), S(""));
		*(int64_t *)at = v;
		return true;
	case T_HTML: case T_LIST: break;
	}
	return flawed(ret, &MSG_list, S(""), S(""));
}

static void empty_put(const struct field *f, void *row)
{
	void *at = (char *)row + f->at;
	switch ((enum type)f->type) {
	case T_TEXT:  *(str *)at = (str){ 0 }; break;
	case T_DAY:   *(day *)at = NO_DAY; break;
	case T_SCORE: *(score *)at = NO_SCORE; break;
	case T_PICK:  *(pick *)at = 0; break;
	case T_BOOL:  *(bool *)at = false; break;
	case T_INT: case T_TIME: case T_MONEY: case T_FILE: case T_REF: *(int64_t *)at = 0; break;
	case T_LIST: case T_HTML: break;
	}
}

bool field_read(const struct field *f, str text, day today, struct arena *mem, void *row, struct flaw *ret)
{
	str s;
	if (!viet_clean(mem, text, &s))
		return flawed(ret, &MSG_text, S(""), S(""));
	if (f->type != T_TEXT)
		s = str_trim(s);
	if (s.n || f->type == T_LIST || f->type == T_HTML)
		return value_read(f, s, today, mem, row, ret);
	/* a number or a choice has no empty value that a later check could find */
	if (f->is & NEEDED && (f->type == T_PICK || f->type == T_INT || f->type == T_MONEY))
		return flawed(ret, &MSG_needed, S(""), S(""));
	empty_put(f, row);
	return true;
}
