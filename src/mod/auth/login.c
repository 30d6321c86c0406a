/* login.c -- signing in: the same answer, in the same time, whether the name exists or not. */
#include "mod/auth/auth_in.h"

#define TICKET_MS 300000LL
enum { GRACE_DAYS = 14 };

static const struct tr
	MSG_title = { "Đăng nhập", "Sign in" },
	MSG_wrong =
	{ "Tên đăng nhập hoặc mật khẩu không đúng. Quên mật khẩu thì nhờ quản trị tài khoản của trường hoặc đơn vị cấp "
		"lại.",
	              "The login or the password is wrong. If you forgot it, ask the account keeper of your school or "
		"unit for a new one." },
	MSG_locked = { "Tài khoản này đang tạm khóa, đặt lại mật khẩu không mở được. Hỏi hiệu trưởng hoặc quản trị tài "
		"khoản của đơn vị để biết lý do và được mở lại.",
		"This account is suspended; a new password does not open it. Ask the head or the account keeper of your unit "
		"why, and to open it again." },
	MSG_wait = { "Đã thử sai nhiều lần. Hãy đợi {1} giây rồi thử lại.",
		"Too many wrong tries. Wait {1} seconds, then try again." },
	MSG_code = { "Mã xác thực không đúng hoặc đã dùng rồi. Mở ứng dụng, đợi mã mới rồi nhập lại.",
		"The code is wrong or was used before. Wait for the next one in your app." },
	MSG_expired = { "Mã cấp lại mật khẩu đã hết hạn. Hãy nhờ cấp mã mới.",
		"The reset code has expired. Ask for a new one." },
	MSG_ticket = { "Quá lâu chưa nhập mã. Hãy đăng nhập lại từ đầu.",
		"That took too long. Sign in again from the start." },
	MSG_must = { "Hãy đặt mật khẩu của riêng bạn để dùng tiếp.", "Set a password of your own to go on." },
	MSG_soon = { "Từ ngày {1} vai trò của bạn cần xác thực hai bước. Hãy bật trong trang tài khoản.",
		"From {1} your role needs two-step sign-in. Turn it on in your account's page." },
	MSG_must_totp = { "Vai trò của bạn cần xác thực hai bước. Hãy bật để dùng tiếp.",
		"Your role needs two-step sign-in. Turn it on to go on." };

struct last_in { int64_t account; };
#define ROW struct last_in
static const struct shape last_in = { sizeof(ROW), FIELDS{ { COL(account) }, END } };
#undef ROW

enum rc login_page(struct ctx *c, const void *in_, void *out_)
{
	const struct login_in *in = in_;
	struct login_out *out = out_;

	if (c->who->user.v && !c->who->token)
		return go_to(c, return_address(c, in->ve), NULL);
	out->title = say(c, &MSG_title);
	out->ve = in->ve;
	return passkey_ask(c, 0, &out->challenge);
}

/* ---- what was shown --------------------------------------------------------------------------- */

struct attempt { const struct login_in *in; struct login_out *out; struct guess guess; struct proof p; bool known; };

/* Counts the failure for good, then refuses. */
static enum rc refuse(struct ctx *c, struct attempt *a, const struct tr *why)
{
	int64_t failures;

	TRY(guess_failed(c, &a->guess, &failures));
	if (a->known && failures == 5)
		TRY(audit(c, (org_id){ a->p.org }, "account", a->p.account, "login_failing", S("")));
	TRY(settle(c));
	return FAIL(c, E_INVALID, 0, why);
}

static enum rc wait_first(struct ctx *c, struct attempt *a)
{
	int64_t seconds;

	TRY(guess_wait(c, &a->guess, &seconds));
	if (seconds == 0)
		return OK;
	return FAILF(c, E_BUSY, 0, &MSG_wait, TEXT(c, "%lld", (long long)seconds));
}

/* The reset code is typed by hand: its form is forgiven. */
static str as_kept(struct ctx *c, const struct attempt *a)
{
	return a->known && a->p.code_until.v ? code_read(c->mem, a->in->password) : a->in->password;
}

static enum rc show_password(struct ctx *c, struct attempt *a)
{
	bool right = false, old = false;

	TRY(settle(c));
	TRY(password_matches(c, a->known ? a->p.hash : S(""), as_kept(c, a), &right, &old));
	if (right && str_is(a->p.state, "suspended"))        /* only who knows the password learns it */
		return refuse(c, a, &MSG_locked);
	if (!right || !str_is(a->p.state, "active"))
		return refuse(c, a, &MSG_wrong);
	if (a->p.code_until.v && a->p.code_until.v < c->now.v)
		return refuse(c, a, &MSG_expired);
	if (old)
		TRY(password_put(c, a->p.account, (org_id){ a->p.org }, as_kept(c, a), a->p.must_change, a->p.code_until));
	return OK;
}

/* account, end of the five minutes, and when the password was set: a new password voids the ticket. */
static str ticket_make(struct ctx *c, const struct proof *p)
{
	return sealed(c, "ticket", TEXT(c, "%lld %lld %lld", (long long)p->account, (long long)(c->now.v + TICKET_MS),
		(long long)p->changed.v));
}

static enum rc ticket_read(struct ctx *c, struct attempt *a)
{
	str text, account_, ends, changed;
	int64_t id, until, when;

	if (!unsealed(c, "ticket", a->in->ticket, &text) || !str_cut(text, ' ', &account_, &text) ||
		!str_cut(text, ' ', &ends, &changed)
		|| !str_to_int(account_, &id) || !str_to_int(ends, &until) || !str_to_int(changed, &when) || until < c->now.v
		|| proof_of(c, id, S(""), &a->p) != OK || a->p.changed.v != when || !str_is(a->p.state, "active"))
		return FAIL(c, E_INVALID, 0, &MSG_ticket);
	a->known = true;
	a->guess = guess_of(c, a->p.login);
	return wait_first(c, a);
}

/* ---- the session -------------------------------------------------------------------------------- */

enum rc totp_is_due(struct ctx *c, const struct proof *p, bool staff, bool *ret, day *ret_from)
{
	org_id at = { p->org };
	bool now = setting_int(c, &mod_auth, "staff_totp", at, 0) != 0;
	int64_t days = now ? 0 : setting_int(c, &mod_auth, "staff_totp_days", at, c->app->demo ? -1 : GRACE_DAYS);

	*ret = false;
	*ret_from = NO_DAY;
	if (!staff || has_second(p) || days < 0)
		return OK;
	ret_from->v = (int32_t)(day_at(p->made).v + days);
	*ret = ret_from->v <= c->today.v;
	return OK;
}

/* by: the second factor, for the history; empty: none. */
static enum rc enter(struct ctx *c, struct attempt *a, str by)
{
	struct new_session s = { .account = a->p.account, .org = { a->p.org }, .mfa = by.n > 0 };
	struct last_in last = { a->p.account };
	bool due;
	day from;

	TRY(is_staff(c, s.account, &s.staff));
	TRY(totp_is_due(c, &a->p, s.staff, &due, &from));
	s.must = a->p.must_change ? MUST_CHANGE : due ? MUST_TOTP : MUST_NOTHING;
	TRY(guess_right(c, &a->guess));
	TRY(session_start(c, &s, NULL));
	TRY(execute(c, "auth/credential_login", &last_in, &last, NULL));
	TRY(audit(c, s.org, "account", s.account, "login", by));
	if (a->in->trust && by.n && !str_is(by, "device"))
		TRY(trust_begin(c, &a->p));
	if (s.must == MUST_CHANGE)
		return go_to(c, S("/tai-khoan/mat-khau"), &MSG_must);
	if (s.must == MUST_TOTP)
		return go_to(c, S("/tai-khoan/xac-thuc"), &MSG_must_totp);
	if (from.v != NO_DAY.v)
		c->said = sayf(c, &MSG_soon, ARGS(day_text(c->mem, from)));
	return go_to(c, return_address(c, a->in->ve), NULL);
}

static enum rc ask_code(struct ctx *c, struct attempt *a)
{
	a->out->ask_code = true;
	a->out->ticket = ticket_make(c, &a->p);
	a->out->by_key = a->p.passkeys > 0;
	a->out->by_code = a->p.totp.n > 0;
	TRY(trust_days(c, &a->p, &a->out->trust_days));
	TRY(passkey_names(c, a->p.account, &a->out->keys));
	return passkey_ask(c, a->p.account, &a->out->challenge);
}

/* Alone, or as the second step of the account the ticket is for. */
static enum rc by_passkey(struct ctx *c, struct attempt *a)
{
	const struct tr *flaw;
	int64_t id;

	if (a->in->ticket.n) {
		TRY(ticket_read(c, a));
	} else {
		a->guess = guess_of(c, a->in->key);
		TRY(wait_first(c, a));
	}
	TRY(passkey_proves(c, a->in, a->known ? a->p.account : 0, &id, &flaw));
	if (!a->known && id) {
		TRY(proof_of(c, id, S(""), &a->p));
		a->known = true;
		a->guess = guess_of(c, a->p.login);
		TRY(wait_first(c, a));
	}
	if (flaw || !a->known || !str_is(a->p.state, "active"))
		return refuse(c, a, flaw ? flaw : &MSG_wrong);
	return enter(c, a, S("passkey"));
}

static enum rc by_password(struct ctx *c, struct attempt *a)
{
	str login = str_lower(c->mem, str_trim(a->in->login));
	bool right = false;
	enum rc rc;

	if (a->in->ticket.n) {
		TRY(ticket_read(c, a));
	} else {
		a->guess = guess_of(c, login);
		TRY(wait_first(c, a));
		rc = proof_of(c, 0, login, &a->p);
		if (rc != OK && rc != E_MISSING)
			return rc;
		a->known = rc == OK;
		TRY(show_password(c, a));
		if (!has_second(&a->p))
			return enter(c, a, S(""));
		TRY(trust_known(c, &a->p, &right));
		if (right)
			return enter(c, a, S("device"));
	}
	if (a->in->code.n == 0)
		return ask_code(c, a);
	TRY(second_factor(c, &a->p, a->in->code, &right));
	return right ? enter(c, a, S("mfa")) : refuse(c, a, &MSG_code);
}

enum rc login_try(struct ctx *c, const void *in_, void *out_)
{
	const struct login_in *in = in_;
	struct login_out *out = out_;
	struct attempt a = { .in = in, .out = out };

	out->title = say(c, &MSG_title);
	out->ve = in->ve;
	return in->key.n ? by_passkey(c, &a) : by_password(c, &a);
}
