/* reached.c -- whom a notice that went out has reached, guardian by guardian, for whoever may read the notice: who read
 * it, who has it, whom it did not reach and why. */
#include "mod/contact/contact_in.h"

enum { GUARDIANS_SHOWN = 2500 };

struct copy_row { str name, pupil; instant delivered, seen; str problem; int64_t waits, accounts; str reply, said;
	instant replied; };
#define ROW struct copy_row
static const struct shape copy_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(pupil) }, { COL(delivered) },
	{ COL(seen) }, { COL(problem) }, { COL(waits) }, { COL(accounts) }, { COL(reply) },
	{ COL(said) }, { COL(replied) }, END } };
#undef ROW
#define ROW struct copy_line
static const struct shape copy_line_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(pupil) }, { COL(when) },
	{ COL(why) }, { COL(reply) }, { COL(said) }, { COL(read) }, { COL(has) },
	{ COL(late) }, END } };
#undef ROW
#define ROW struct reached_view
const struct shape reached_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(about) }, { COL(read) },
	{ COL(has) }, { COL(missing) }, { COL(yes) }, { COL(no) }, { COL(silent) }, { COL(none) },
	{ COL(asks) }, { MANY(lines, copy_line_shape) }, END } };
#undef ROW

bool announcement_went(struct ctx *c, const void *row)
{
	(void)c;
	return ((const struct announcement *)row)->state == ANN_SENT ||
		((const struct announcement *)row)->state == ANN_RECALLED;
}

/* Why a guardian has it not. */
static str why_not(struct ctx *c, const struct copy_row *r)
{
	static const struct tr waits = { "Đang chờ gửi", "Waits to be sent" },
		no_account = { "Chưa có tài khoản", "No account" },
		failed = { "Chưa có tài khoản; tin nhắn không gửi được: {1}", "No account; the message failed: {1}" };

	if (r->waits)
		return say(c, &waits);
	return r->problem.n ? sayf(c, &failed, ARGS(delivery_why(c, r->problem))) : say(c, &no_account);
}

struct reached_in { announcement_id announcement; };
enum rc reached_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Ai đã nhận, ai chưa", "Who has it and who has not" };
	const struct reached_in *in = in_;
	struct reached_view *out = out_;
	struct announcement a;
	int64_t n[3] = { 0 }, said[3] = { 0 };
	items got;

	TRY(find(c, &announcement, in->announcement.v, &a));
	TRY(query(c, "contact/reached", &key_shape, &(struct key_in){ .id = a.base.id }, &copy_shape, &got,
		GUARDIANS_SHOWN));
	struct copy_line *lines = NEWS(c->mem, struct copy_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct copy_row *r = (const struct copy_row *)got.p + i;
		bool read = r->seen.v > 0, has = !read && r->delivered.v > 0;
		lines[i] = (struct copy_line){ r->name, r->pupil,
			read || has ? instant_text(c->mem, read ? r->seen : r->delivered) : S(""),
			read || has ? S("") : why_not(c, r), S(""), r->said, read, has,
			r->replied.v && day_at(r->replied).v > a.answer_by.v };
		pick reply = str_is(r->reply, "yes") ? REPLY_YES : str_is(r->reply, "no") ? REPLY_NO : REPLY_NONE;
		lines[i].reply = reply ? say(c, &notice_replies[reply].label) : (str){ 0 };
		said[reply]++;
		n[read ? 0 : has ? 1 : 2]++;
	}
	out->title = say(c, &title);
	out->id = a.base.id;
	out->about = a.title;
	out->read = int_text(c->mem, n[0]);
	out->has = int_text(c->mem, n[1]);
	out->missing = int_text(c->mem, n[2]);
	out->asks = a.answer_by.v > 0;
	out->yes = int_text(c->mem, said[REPLY_YES]);
	out->no = int_text(c->mem, said[REPLY_NO]);
	out->silent = int_text(c->mem, said[REPLY_NONE]);
	out->lines = (items){ lines, got.n };
	out->none = got.n == 0;
	return OK;
}
