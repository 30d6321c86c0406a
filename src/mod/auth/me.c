/* me.c -- the pages of one's own account: what I am, where I am signed in, my password. */
#include "mod/auth/auth_in.h"

static const struct tr
	MSG_title = { "Tài khoản của tôi", "My account" },
	MSG_change = { "Đổi mật khẩu", "Change the password" },
	MSG_rule = { "Ít nhất {1} ký tự. Dán được. Không cần chữ hoa, số hay ký hiệu.",
		"At least {1} characters. Pasting works. No capitals, digits or signs are needed." },
	MSG_old = { "Mật khẩu đang dùng không đúng.", "The present password is wrong." },
	MSG_again = { "Hai lần nhập mật khẩu mới không giống nhau.", "The two new passwords differ." },
	MSG_same = { "Mật khẩu mới phải khác mật khẩu đang dùng.", "The new password must differ from the present one." },
	MSG_wait = { "Đã thử sai nhiều lần. Hãy đợi {1} giây rồi thử lại.",
		"Too many wrong tries. Wait {1} seconds, then try again." },
	MSG_changed = { "Đã đổi mật khẩu. Các phiên khác đã kết thúc.",
		"The password is changed. Other sessions have ended." },
	MSG_open_end = { "từ {1}", "from {1}" },
	MSG_never = { "chưa có", "never" };

struct of_account { int64_t account, id, must; bool mfa; };
struct session_row { int64_t id; instant made, seen; str agent, address, actor, reason; };
struct words { str person; day born; str org; };
#define ROW struct of_account
static const struct shape of_account = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(id) }, { COL(must) },
	{ COL(mfa) }, END } };
#undef ROW
#define ROW struct session_row
static const struct shape session_row = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(made) }, { COL(seen) },
	{ COL(agent) }, { COL(address) }, { COL(actor) },
	{ COL(reason) }, END } };
#undef ROW
#define ROW struct words
static const struct shape words_out = { sizeof(ROW), FIELDS{ { COL(person) }, { COL(born) }, { COL(org) }, END } };
#undef ROW

/* "Chrome, Android": enough to know one's own phone again. */
str device_words(struct ctx *c, str agent)
{
	static const char *const browsers[] = { "Edg/", "Edge", "OPR/", "Opera", "CriOS", "Chrome", "FxiOS", "Firefox",
		"Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari" };
	static const char *const systems[] = { "Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux" };
	const char *browser = NULL, *system_ = NULL;

	for (ptrdiff_t i = 0; i + 1 < COUNT(browsers) && !browser; i += 2)
		if (str_find(agent, str_of(browsers[i])) >= 0)
			browser = browsers[i + 1];
	for (ptrdiff_t i = 0; i < COUNT(systems) && !system_; i++)
		if (str_find(agent, str_of(systems[i])) >= 0)
			system_ = systems[i];
	if (!browser)
		return str_sub(agent, 0, agent.n < 40 ? agent.n : 40);
	return TEXT(c, "%s%s%s", browser, system_ ? ", " : "", system_ ? system_ : "");
}

static enum rc fill_sessions(struct ctx *c, struct me_out *out)
{
	struct of_account in = { .account = c->who->user.v };
	items found;
	struct session_view *v;

	TRY(query(c, "auth/sessions_of", &of_account, &in, &session_row, &found, 50));
	v = NEWS(c->mem, struct session_view, found.n + 1);
	for (int64_t i = 0; i < found.n; i++) {
		const struct session_row *s = (const struct session_row *)found.p + i;

		v[i] = (struct session_view){ TEXT(c, "%lld", (long long)s->id), instant_text(c->mem, s->made),
			instant_text(c->mem, s->seen),
			device_words(c, s->agent), s->address, s->actor, s->id == c->who->session };
	}
	out->sessions = (items){ v, found.n };
	out->many = found.n > 1;
	return OK;
}

static enum rc fill_seats(struct ctx *c, struct me_out *out)
{
	items found;
	struct seat_view *v;
	int64_t ids[200];
	str names[200];

	TRY(seats_of(c, c->who->user.v, false, &found));
	v = NEWS(c->mem, struct seat_view, found.n + 1);
	for (int64_t i = 0; i < found.n; i++)
		ids[i] = ((const struct seat_now *)found.p + i)->org.v;
	TRY(titles_of(c, &org, ids, (int)found.n, names));
	for (int64_t i = 0; i < found.n; i++) {
		const struct seat_now *s = (const struct seat_now *)found.p + i;
		const struct role *r = registry_role(c->app->registry, s->role);
		str from = day_text(c->mem, s->since);

		v[i] = (struct seat_view){ r ? say(c, &r->label) : s->role, names[i], s->until.v == NO_DAY.v
			? sayf(c, &MSG_open_end, ARGS(from))
			: TEXT(c, "%.*s – %.*s", FMT(from), FMT(day_text(c->mem, s->until))), s->lent };
	}
	out->seats = (items){ v, found.n };
	return OK;
}

enum rc me_page(struct ctx *c, const void *in, void *out_)
{
	struct me_out *out = out_;
	struct of_account q = { .account = c->who->user.v };
	struct proof p;

	(void)in;
	TRY(only_in_person(c));
	TRY(proof_of(c, c->who->user.v, S(""), &p));
	out->title = say(c, &MSG_title);
	out->name = p.name;
	out->login = p.login;
	out->totp_on = p.totp.n > 0;
	out->second = has_second(&p);
	out->passkeys = p.passkeys;
	out->last = p.last_login.v ? instant_text(c->mem, p.last_login) : say(c, &MSG_never);
	out->password_age = p.changed.v ? instant_text(c->mem, p.changed) : say(c, &MSG_never);
	if (out->second)
		TRY(query_int(c, "auth/recovery_left", &of_account, &q, &out->codes_left));
	struct person me;
	if (c->who->person.v && find(c, &person, c->who->person.v, &me) == OK)
		out->record = me.base.id;
	TRY(fill_seats(c, out));
	TRY(trust_list(c, &out->devices));
	return fill_sessions(c, out);
}

/* ---- the password ---------------------------------------------------------------------------------- */

static enum rc least(struct ctx *c, const struct proof *p, int *ret)
{
	bool staff;

	TRY(is_staff(c, p->account, &staff));
	*ret = staff && !has_second(p) ? (int)setting_int(c, &mod_auth, "staff_password_min", (org_id){ p->org },
		PASSWORD_STAFF_MIN) : PASSWORD_MIN;
	if (*ret < PASSWORD_MIN)
		*ret = PASSWORD_MIN;
	return OK;
}

static enum rc begin(struct ctx *c, struct change_out *out, struct proof *p, int *min)
{
	TRY(only_in_person(c));
	TRY(proof_of(c, c->who->user.v, S(""), p));
	TRY(least(c, p, min));
	out->title = say(c, &MSG_change);
	out->login = p->login;
	out->must = p->must_change;
	out->rule = sayf(c, &MSG_rule, ARGS(TEXT(c, "%d", *min)));
	return OK;
}

enum rc change_page(struct ctx *c, const void *in, void *out)
{
	struct proof p;
	int min;

	(void)in;
	return begin(c, out, &p, &min);
}

static enum rc fresh_is_good(struct ctx *c, const struct proof *p, const struct change_in *in, int min)
{
	struct of_account q = { .account = p->account };
	struct words w = { .born = NO_DAY };
	str context[6] = { p->login, p->name };
	const struct tr *flaw;
	struct ymd b;
	enum rc rc = query_one(c, "auth/person_words", &of_account, &q, &words_out, &w);

	if (rc != OK && rc != E_MISSING)
		return rc;
	context[2] = w.person;
	context[3] = w.org;
	if (w.born.v != NO_DAY.v) {
		b = day_ymd(w.born);
		context[4] = TEXT(c, "%02d%02d%04d", b.d, b.m, b.y);
		context[5] = TEXT(c, "%02d%02d%02d", b.d, b.m, b.y % 100);
	}
	flaw = password_flaw(c->mem, in->fresh, min, context, (int)COUNT(context));
	if (flaw)
		return FAILF(c, E_INVALID, offsetof(struct change_in, fresh), flaw, TEXT(c, "%d", min));
	if (!str_eq(in->fresh, in->again))
		return FAIL(c, E_INVALID, offsetof(struct change_in, again), &MSG_again);
	if (str_eq(in->fresh, in->old))
		return FAIL(c, E_INVALID, offsetof(struct change_in, fresh), &MSG_same);
	return OK;
}

static enum rc old_is_right(struct ctx *c, const struct proof *p, str old_password)
{
	struct guess g = guess_of(c, p->login);
	int64_t seconds, failures;
	bool right, old;

	TRY(guess_wait(c, &g, &seconds));
	if (seconds)
		return FAILF(c, E_BUSY, 0, &MSG_wait, TEXT(c, "%lld", (long long)seconds));
	TRY(settle(c));
	TRY(password_matches(c, p->hash, p->code_until.v ? code_read(c->mem, old_password) : old_password, &right, &old));
	if (right)
		return OK;
	TRY(guess_failed(c, &g, &failures));
	TRY(settle(c));
	return FAIL(c, E_INVALID, offsetof(struct change_in, old), &MSG_old);
}

enum rc change_save(struct ctx *c, const void *in_, void *out)
{
	const struct change_in *in = in_;
	struct of_account q = { .account = c->who->user.v, .id = c->who->session };
	struct new_session s = { .account = c->who->user.v, .mfa = c->who->mfa };
	struct proof p;
	bool due;
	day from;
	int min;

	TRY(begin(c, out, &p, &min));
	TRY(fresh_is_good(c, &p, in, min));
	TRY(old_is_right(c, &p, in->old));
	TRY(password_put(c, p.account, (org_id){ p.org }, in->fresh, false, (instant){ 0 }));
	TRY(execute(c, "auth/sessions_end", &of_account, &q, NULL));
	TRY(trust_end(c, p.account));
	s.org.v = p.org;
	TRY(is_staff(c, p.account, &s.staff));
	TRY(totp_is_due(c, &p, s.staff, &due, &from));
	if (due)
		s.must = MUST_TOTP;
	TRY(session_start(c, &s, NULL));
	TRY(audit(c, s.org, "account", p.account, "password", S("")));
	return go_to(c, s.must ? S("/tai-khoan/xac-thuc") : S("/"), &MSG_changed);
}
