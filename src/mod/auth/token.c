/* token.c -- API tokens: shown once, kept as a digest, for other systems only. */
#include "base/hash.h"
#include "core/once.h"
#include "mod/auth/auth_in.h"

enum { TOKEN_DAYS = 366 };

static const struct tr
	MSG_title = { "Cấp mã kết nối", "Issue an API token" },
	MSG_login = { "Không có tài khoản đang dùng nào mang tên đăng nhập này trong phạm vi của bạn.",
		"There is no active account of this login within your reach." },
	MSG_no_seat = { "Tài khoản này chưa có vai trò Phần mềm kết nối. Hãy giao vai trò đó trước.",
		"This account has no seat as API client. Give it one first." },
	MSG_above = { "Bạn không được giao vai trò mà mã này mang theo.",
		"You may not give the role that this token would carry." },
	MSG_until = { "Hạn dùng từ ngày mai đến nhiều nhất {1} ngày.", "It ends between tomorrow and {1} days from now." };

enum rc issue_page(struct ctx *c, const void *in, void *out_)
{
	struct issue_out *out = out_;

	(void)in;
	TRY(only_in_person(c));
	out->title = say(c, &MSG_title);
	out->until = day_text(c->mem, (day){ c->today.v + 365 });
	return OK;
}

static enum rc may_issue(struct ctx *c, const struct account *a)
{
	items found;
	bool any = false;

	TRY(seats_of(c, a->base.id, true, &found));
	for (int64_t i = 0; i < found.n; i++) {
		const struct seat_now *s = (const struct seat_now *)found.p + i;

		if (!str_is(s->role, api_client.name))
			continue;
		if (!seat_may_give(c, &api_client, s->org))
			return FAIL(c, E_DENIED, 0, &MSG_above);
		any = true;
	}
	return any ? OK : FAIL(c, E_STATE, offsetof(struct issue_in, login), &MSG_no_seat);
}

enum rc issue_do(struct ctx *c, const void *in_, void *out_)
{
	const struct issue_in *in = in_;
	struct issue_out *out = out_;
	const struct actor *who;
	struct account a;
	struct api_token t;
	uint8_t bits[32];
	digest d;
	enum rc rc;

	TRY(issue_page(c, NULL, out));
	if (auth_find(c, str_trim(in->login), &a) != OK || a.state != ACCOUNT_ACTIVE)
		return FAIL(c, E_INVALID, offsetof(struct issue_in, login), &MSG_login);
	if (in->until.v <= c->today.v || in->until.v > c->today.v + TOKEN_DAYS)
		return FAILF(c, E_INVALID, offsetof(struct issue_in, until), &MSG_until, TEXT(c, "%d", TOKEN_DAYS));
	TRY(may_issue(c, &a));
	TRY(once_drop(c));
	row_zero(&api_token, &t);
	fresh_bytes(c, bits, sizeof bits);
	out->token = TEXT(c, "khue_%.*s", FMT(base64url_of(c->mem, bits, sizeof bits)));
	d = hash_of(out->token);
	t.base.org = a.base.org;
	t.account.v = a.base.id;
	t.label = in->label;
	t.prefix = str_sub(out->token, 0, 11);
	t.digest = hex_of(c->mem, d.b, sizeof d.b);
	t.until = in->until;
	who = as_system(c, "tokens are made here only, after the keeper was held against the seat they carry");
	rc = create(c, &api_token, &t);
	as_actor(c, who);
	TRY(rc);
	out->done = true;
	return OK;
}
