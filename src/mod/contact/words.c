/* words.c -- templates of messages: what may stand in braces, and what takes its place. */
#include "mod/contact/contact_in.h"

static const struct tr MSG_brace = { "Không có chỗ điền “{1}”. Dùng được: {học sinh}, {lớp}, {giáo viên}, {ngày}.",
	"Nothing is filled in for “{1}”. There are: {học sinh}, {lớp}, {giáo viên}, {ngày}." };
enum blank { BLANK_PUPIL, BLANK_CLASS, BLANK_TEACHER, BLANK_DAY, BLANKS };
static const char *const blanks[BLANKS] = { "{học sinh}", "{lớp}", "{giáo viên}", "{ngày}" };

/* Which blank stands at the beginning of s; BLANKS: none. */
static int blank_at(str s)
{
	int i = 0;

	while (i < BLANKS && !str_starts(s, str_of(blanks[i])))
		i++;
	return i;
}

enum rc template_ok(struct ctx *c, const void *row)
{
	const struct message_template *t = row;
	const struct { col at; str text; } all[] = { { offsetof(struct message_template, about), t->about },
		{ offsetof(struct message_template, body), t->body } };

	for (ptrdiff_t k = 0; k < COUNT(all); k++)
		for (ptrdiff_t i = 0; i < all[k].text.n; i++) {
			str rest = str_sub(all[k].text, i, -1);
			ptrdiff_t end = str_find(rest, S("}"));
			if (rest.p[0] == '{' && blank_at(rest) == BLANKS)
				return FAILF(c, E_INVALID, all[k].at, &MSG_brace, str_sub(rest, 0, end < 0 ? rest.n : end + 1));
		}
	return OK;
}

enum rc template_before(struct ctx *c, void *row)
{
	struct message_template *t = row;

	static const struct role *const writers[] = { &form_teacher, &teacher };

	if (t->base.rev > 0 || c->who->system)
		return OK;
	t->author = c->who->person;
	/* a teacher's is of the school he teaches at, whatever unit the address names */
	for (ptrdiff_t i = 0; i < COUNT(writers); i++)
		if (has_role(c, writers[i], t->base.org))
			return OK;
	for (ptrdiff_t i = 0; i < COUNT(writers); i++)
		if (seat_org(c, writers[i]).v) {
			t->base.org = seat_org(c, writers[i]);
			return OK;
		}
	return OK;
}

str words_filled(struct ctx *c, str text, person_id about, school_class_id class)
{
	struct buf b;

	if (str_find(text, S("{")) < 0)
		return text;
	buf_init(&b, c->mem, (size_t)text.n * 4 + 4096);
	while (text.n) {
		int k = blank_at(text);
		switch (k) {
		case BLANK_PUPIL: put(&b, about.v ? title_of(c, &person, about.v) : S("các con")); break;
		case BLANK_CLASS: put(&b, title_of(c, &school_class, class.v)); break;
		case BLANK_TEACHER: put(&b, c->who->name); break;
		case BLANK_DAY: put(&b, day_text(c->mem, c->today)); break;
		default: put_c(&b, text.p[0]);
		}
		text = str_sub(text, k < BLANKS ? str_of(blanks[k]).n : 1, -1);
	}
	return buf_str(&b);
}
