/* answer.c -- what a family answers to a notice that asks for it, until the day and after it; a notice taken back. */
#include "mod/contact/contact_in.h"

static const struct tr
	MSG_why = { "Hãy viết lý do thu hồi để gia đình biết.", "Say why it is recalled, for families to know." },
	MSG_choose = { "Chọn Có hoặc Không.", "Choose yes or no." },
	MSG_asks_none = { "Thông báo này không cần trả lời nữa.", "This notice needs no answer any more." };
enum { READERS_MOST = 5000 };

#define ROW struct reply_in
const struct shape reply_in_shape = { sizeof(ROW), FIELDS{ { REF(announcement, announcement), .is = NEEDED },
	{ COL(reply), .pick = notice_replies, .label = { "Trả lời", "Answer" } },
	{ COL(said), .max = REPLY_TEXT, .label = { "Ghi thêm", "In words" } }, END } };
#undef ROW

/* One answer a guardian, about every child it came for; the last one holds. Late ones are taken, and told as late. */
enum rc told_answer(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã gửi câu trả lời cho nhà trường.", "The school has your answer." };
	const struct reply_in *in = in_;
	struct notice_view at = { 0 };

	(void)out;
	TRY(told_page(c, &in->announcement, &at));
	if (!at.asks)
		return FAIL(c, E_STATE, 0, &MSG_asks_none);
	if (in->reply == REPLY_NONE)
		return FAIL(c, E_INVALID, offsetof(struct reply_in, reply), &MSG_choose);
	TRY(execute(c, "contact/notice_answer", &reply_in_shape, in, NULL));
	TRY(execute(c, "contact/notice_seen", &key_shape, &(struct key_in){ .id = in->announcement.v }, NULL));
	return go_to(c, link_to(c, "/contact/notices/%lld", (long long)in->announcement.v), &said);
}

/* ---- taken back ------------------------------------------------------------------------------------ */

enum rc announcement_recall_why(struct ctx *c, const void *row)
{
	return str_trim(((const struct announcement *)row)->recalled).n ? OK
		: FAIL(c, E_INVALID, offsetof(struct announcement, recalled), &MSG_why);
}

/* What has not gone out yet does not go; whoever has it is told by a job, for they may be thousands. */
enum rc announcement_recall(struct ctx *c, void *row)
{
	const struct announcement *a = row;
	int64_t id;

	TRY(execute(c, "contact/recall_waiting", &key_shape, &(struct key_in){ .id = a->base.id }, NULL));
	return job_add(c, &contact_jobs[JOB_ANNOUNCE], a->base.org, &(struct announce_in){ { a->base.id } }, &id);
}

struct reader_row { person_id person; int64_t account; };
#define ROW struct reader_row
static const struct shape reader_shape = { sizeof(ROW), FIELDS{ { REF(person, person) }, { COL(account) }, END } };
#undef ROW

enum rc recall_told(struct ctx *c, announcement_id id)
{
	static const struct tr told = { "Nhà trường thu hồi thông báo “{1}”: {2}",
		"The school takes the notice “{1}” back: {2}" };
	const struct actor *who = as_system(c, "whoever has a notice hears that it is taken back");
	struct announcement a;
	items got = { 0 };
	enum rc rc = find(c, &announcement, id.v, &a);

	if (rc == OK && a.state == ANN_RECALLED)
		rc = query(c, "contact/readers", &key_shape, &(struct key_in){ .id = id.v }, &reader_shape, &got, READERS_MOST);
	for (int64_t i = 0; rc == OK && i < got.n; i++) {
		const struct reader_row *r = (const struct reader_row *)got.p + i;
		rc = note(c, &(struct note){ .to = { r->account }, .person = r->person, .org = a.base.org, .kind = NOTE_NOTICE,
			.urgent = a.urgent.n > 0 }, &told, ARGS(a.title, a.recalled),
			TEXT(c, "/contact/notices/%lld", (long long)id.v));
	}
	as_actor(c, who);
	return rc;
}
