/* mark.c -- the steps of a year: the form teacher signs, the principal signs, each with a key of their own, over the
 * same bytes; and what goes back to be written again. */
#include "mod/transcript/transcript_rules.h"
#include "core/sign.h"

static const struct tr
MSG_no_person = { "Tài khoản này không gắn với người nào nên không ký được.",
	"This account belongs to no person, so it cannot sign." },
MSG_no_key = { "Bạn chưa có khóa ký số nên chưa ký được. Đề nghị quản trị hệ thống cấp khóa "
	"(lệnh khue key), rồi ký lại.",
	"You have no signing key yet. Ask the system operator to issue it (command khue key), then sign." },
MSG_changed = { "Nội dung năm học này không còn khớp mã băm của nó: không ký.",
	"The content of this year does not fit its digest: not signed." },
MSG_stale = { "{1}: số liệu của học bạ đã đổi sau khi lập (điểm, kiểm tra lại, rèn luyện hoặc hồ sơ). Hãy bấm "
	"“Lập học bạ từ kết quả năm học” rồi ký.",
	"{1}: what the transcript rests on has changed since it was drawn up (marks, retest, conduct, record). Draw it up "
	"again, then sign." },
MSG_stale_signed = { "{1}: kết quả năm học đã đổi sau khi chủ nhiệm ký. Hãy trả lại để lập và ký lại.",
	"{1}: the year's results have changed since the form teacher signed. Return it to be drawn up and signed again." },
MSG_other_school = { "Năm học này do trường khác lập và xác nhận.",
	"This year was drawn up and is confirmed by another school." };

/* A part that is not written yet has no source but itself. */
static enum rc mark_fits(struct ctx *c, const struct transcript_part *x)
{
	struct part_source s;

	if (!x->base.id)
		return OK;
	TRY(part_source(c, x->base.id, x->class, x->pupil, &s));
	return s.changed ? FAILF(c, E_STATE, 0, x->state == PART_DRAFT ? &MSG_stale : &MSG_stale_signed, s.name) : OK;
}

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
	TRY(mark_fits(c, x));
	if (!sign_there(c, sign_name_person(c, c->who->person)))
		return FAIL(c, E_STATE, 0, &MSG_no_key);
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

/* A year is signed where its class is, also when the class came there with its school (a merger). */
enum rc part_own(struct ctx *c, const void *row)
{
	const struct transcript_part *x = row;

	struct school_class k;
	const struct actor *who = as_system(c, "whose class it is is no secret to who reads its transcripts");
	enum rc rc = find(c, &school_class, x->class.v, &k);

	as_actor(c, who);
	TRY(rc);
	return k.base.org.v == x->base.org.v ? OK : FAIL(c, E_STATE, 0, &MSG_other_school);
}

/* Empty for the principal's own seat. By a lent one a deputy signs in the principal's place, "KT.", anybody else by
 * delegation, "TUQ." (Nghị định 30/2020/NĐ-CP Điều 13 and Phụ lục I: quyền hạn của người ký). */
static str signs_as(struct ctx *c, org_id at)
{
	if (lender_of(c, &principal, at).v == 0)
		return S("");
	return has_role(c, &deputy, at) && lender_of(c, &deputy, at).v == 0 ? S("KT. HIỆU TRƯỞNG") : S("TUQ. HIỆU TRƯỞNG");
}

enum rc part_confirm(struct ctx *c, void *row)
{
	struct transcript_part *x = row;

	struct transcript t;

	x->head_at = c->now;
	TRY(mark_of(c, x, "ht", &x->head_mark, &x->head_by));
	x->head_as = signs_as(c, x->base.org);
	const struct actor *who = as_system(c, "a year signed by both goes where the pupil's transcript is kept");
	enum rc rc = find(c, &transcript, x->transcript.v, &t);
	as_actor(c, who);
	if (rc == OK)
		x->base.org = t.base.org;
	return rc;
}

enum rc part_release(struct ctx *c, void *row)
{
	struct transcript_part *x = row;

	(void)c;
	x->form_mark = x->head_mark = x->form_by = x->head_by = x->head_as = (str){ 0 };
	x->form_at = x->head_at = (instant){ 0 };
	return OK;
}
