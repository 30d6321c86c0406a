/* mark.c -- the steps of a year: the form teacher signs, the principal signs, each with a key of their own, over the
 * same bytes; and what goes back to be written again. */
#include "mod/transcript/transcript_rules.h"
#include "core/sign.h"

static const struct tr
MSG_no_person = { "Tài khoản này không gắn với người nào nên không ký được.",
	"This account belongs to no person, so it cannot sign." },
MSG_changed = { "Nội dung năm học này không còn khớp mã băm của nó: không ký.",
	"The content of this year does not fit its digest: not signed." },
MSG_other_school = { "Năm học này do trường khác lập và xác nhận.",
	"This year was drawn up and is confirmed by another school." };

/* Ids within one document: of the year, then who. */
static enum rc mark_of(struct ctx *c, const struct transcript_part *x, const char *role_, str *ret, str *ret_by)
{
	struct sign_key key;
	struct year_part v;
	digest sha = hash_sha256(x->content);

	if (!c->who->person.v)
		return FAIL(c, E_DENIED, 0, &MSG_no_person);
	if (!str_eq(hex_of(c->mem, sha.b, 32), x->digest) || !part_read(c->mem, x->content, &v))
		return FAIL(c, E_STATE, 0, &MSG_changed);
	TRY(sign_open(c, sign_name_person(c, c->who->person), &key));
	struct sign_xml ask = { TEXT(c, "%s-%.*s", role_, FMT(v.id)), TEXT(c, "#%.*s", FMT(v.id)), sha, c->now };
	*ret_by = key.subject;
	return sign_xml(c, &key, &ask, ret);
}

enum rc part_sign(struct ctx *c, void *row)
{
	struct transcript_part *x = row;

	x->form_at = c->now;
	return mark_of(c, x, "cn", &x->form_mark, &x->form_by);
}

enum rc part_own(struct ctx *c, const void *row)
{
	const struct transcript_part *x = row;

	return x->school.v == x->base.org.v ? OK : FAIL(c, E_STATE, 0, &MSG_other_school);
}

enum rc part_confirm(struct ctx *c, void *row)
{
	struct transcript_part *x = row;

	x->head_at = c->now;
	return mark_of(c, x, "ht", &x->head_mark, &x->head_by);
}

enum rc part_release(struct ctx *c, void *row)
{
	struct transcript_part *x = row;

	(void)c;
	x->form_mark = x->head_mark = x->form_by = x->head_by = (str){ 0 };
	x->form_at = x->head_at = (instant){ 0 };
	return OK;
}
