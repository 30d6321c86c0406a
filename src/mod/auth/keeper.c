/* keeper.c -- what a unit's keeper of accounts does for others: a new password, and acting as somebody to help him. */
#include "core/once.h"
#include "mod/auth/auth_in.h"

#define ACT_MS (30 * 60000LL)

static const struct tr
	MSG_reset = { "Cấp lại mật khẩu", "Reset a password" },
	MSG_act = { "Đóng vai người khác", "Act as somebody" },
	MSG_above =
	{ "Không thực hiện được: tài khoản này là của chính bạn hoặc có vai trò mà bạn không được giao cho người khác.",
	              "Not possible: the account is your own, or holds a role that you may not give." },
	MSG_reason = { "Ghi rõ lý do (ít nhất 10 ký tự): người được đóng vai sẽ đọc được.",
		"Give the reason (at least 10 characters): the person will read it." },
	MSG_suspended = { "Tài khoản này đang tạm khóa.", "This account is suspended." },
	MSG_began = { "Đang đóng vai {1}. Mọi thao tác được ghi lại với tên của bạn.",
		"You are acting as {1}. Everything is logged with your name." },
	MSG_told = { "{1} đã đóng vai bạn. Lý do: {2}", "{1} acted as you. Reason: {2}" },
	MSG_not_acting = { "Bạn không đóng vai ai.", "You are not acting as anybody." },
	MSG_back = { "Đã thôi đóng vai.", "You are yourself again." };

struct own_session { int64_t id, account; instant ends; int64_t idle; bool mfa; int64_t must, org; };
struct of_session { int64_t id; };
#define ROW struct own_session
static const struct shape own_session = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(account) }, { COL(ends) },
	{ COL(idle) }, { COL(mfa) }, { COL(must) }, { COL(org) }, END } };
#undef ROW
#define ROW struct of_session
static const struct shape of_session = { sizeof(ROW), FIELDS{ { COL(id) }, END } };
#undef ROW

/* The account, if the actor may see it, change it and stands above it. To others it is not there. */
static enum rc target(struct ctx *c, int64_t id, const char *route_, const struct tr *title, struct keep_out *out,
	struct account *ret, struct proof *p)
{
	TRY(only_in_person(c));
	TRY(find(c, &account, id, ret));
	TRY(proof_of(c, id, S(""), p));
	if (!may(c, &account, UPDATE, ret))
		return E_MISSING;
	if (!account_below(c, id))
		return FAIL(c, E_DENIED, 0, &MSG_above);
	out->title = say(c, title);
	out->name = ret->name;
	out->login = ret->login;
	out->totp_on = has_second(p);
	out->action = TEXT(c, "%s/%lld", route_, (long long)id);
	out->back = TEXT(c, "/account/%lld", (long long)id);
	return OK;
}

enum rc reset_page(struct ctx *c, const void *in, void *out)
{
	struct account a;
	struct proof p;

	return target(c, ((const struct keep_in *)in)->account, "/cap-lai-mat-khau", &MSG_reset, out, &a, &p);
}

enum rc reset_do(struct ctx *c, const void *in_, void *out_)
{
	const struct keep_in *in = in_;
	struct keep_out *out = out_;
	struct account a;
	struct proof p;

	TRY(target(c, in->account, "/cap-lai-mat-khau", &MSG_reset, out, &a, &p));
	TRY(once_drop(c));
	TRY(auth_reset(c, a.base.id, in->totp, &out->code));
	TRY(proof_of(c, a.base.id, S(""), &p));
	out->until = instant_text(c->mem, p.code_until);
	out->done = true;
	return OK;
}

enum rc act_as_page(struct ctx *c, const void *in, void *out)
{
	struct account a;
	struct proof p;

	return target(c, ((const struct keep_in *)in)->account, "/dong-vai", &MSG_act, out, &a, &p);
}

enum rc act_as(struct ctx *c, const void *in_, void *out_)
{
	const struct keep_in *in = in_;
	struct account a;
	struct proof p;
	struct new_session s;

	TRY(target(c, in->account, "/dong-vai", &MSG_act, out_, &a, &p));
	if (str_chars(str_trim(in->reason)) < 10)
		return FAIL(c, E_INVALID, offsetof(struct keep_in, reason), &MSG_reason);
	if (a.state != ACCOUNT_ACTIVE)
		return FAIL(c, E_STATE, 0, &MSG_suspended);
	s = (struct new_session){ .account = a.base.id, .org = a.base.org, .mfa = c->who->mfa, .staff = true,
		.impersonator = c->who->user.v,
	                          .parent = c->who->session, .reason = str_trim(in->reason),
	.ends = { c->now.v + ACT_MS } };
	TRY(session_start(c, &s, NULL));
	TRY(audit(c, a.base.org, "account", a.base.id, "act_as", s.reason));
	TRY(notify(c, (user_id){ a.base.id }, &MSG_told, ARGS(c->who->name, s.reason), S("/tai-khoan")));
	c->said = sayf(c, &MSG_began, ARGS(a.name));
	return go_to(c, S("/"), NULL);
}

enum rc act_as_stop(struct ctx *c, const void *in, void *out)
{
	struct of_session q = { c->who->session };
	struct own_session own_;
	struct new_session s;
	bool staff = true;
	enum rc rc;

	(void)in, (void)out;
	if (!c->who->impersonator.v)
		return FAIL(c, E_STATE, 0, &MSG_not_acting);
	rc = query_one(c, "auth/session_parent", &of_session, &q, &own_session, &own_);
	if (rc == E_MISSING)
		return logout(c, NULL, NULL);            /* his own session has ended meanwhile */
	TRY(rc);
	TRY(is_staff(c, own_.account, &staff));
	s = (struct new_session){ .account = own_.account, .org = { own_.org }, .mfa = own_.mfa, .staff = staff,
		.must = own_.must, .ends = own_.ends };
	TRY(session_start(c, &s, NULL));
	return go_to(c, S("/account"), &MSG_back);
}
