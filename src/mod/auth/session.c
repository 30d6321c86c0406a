/* session.c -- who asks: sessions and tokens as actors, their beginning and end. */
#include "base/hash.h"
#include "mod/auth/auth_in.h"

#define MINUTE_MS 60000LL
#define HOUR_MS (60 * MINUTE_MS)
#define SEEN_MS (5 * MINUTE_MS)                              /* how exactly the time of rest is kept */
#define TOKEN_MARK "khue_"

static const struct tr
	MSG_in_person = { "Việc này chỉ chính chủ tài khoản làm được, sau khi tự đăng nhập.",
		"Only the owner of the account can do this, after signing in." },
	MSG_ended = { "Đã kết thúc phiên.", "The session has ended." },
	MSG_ended_all = { "Đã kết thúc mọi phiên khác.", "All other sessions have ended." };

struct digest_in { str digest; };
/* The session (or token), a line for each seat of its account; lent: others have lent it seats. */
struct session_row { int64_t id, account; instant seen, ends; int64_t idle; bool mfa; int64_t must, impersonator;
	person_id person; str name, login, lang, role; org_id org; day since, until; bool ended, lent; };
struct lent_row { str role; org_id org; day since, until; bool ended; int64_t lender; };
struct account_in { int64_t account, id, must; bool mfa; };
struct added { int64_t id, org, account; str digest; instant ends; int64_t idle; bool mfa;
	int64_t must, impersonator, parent; str reason, agent, address; };
#define ROW struct digest_in
static const struct shape digest_in = { sizeof(ROW), FIELDS{ { COL(digest) }, END } };
#undef ROW
#define ROW struct session_row
static const struct shape session_row = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(account) }, { COL(seen) },
	{ COL(ends) }, { COL(idle) }, { COL(mfa) }, { COL(must) }, { COL(impersonator) }, { REF(person, person) },
	{ COL(name) }, { COL(login) }, { COL(lang) },
	{ COL(role) }, { REF(org, org) }, { COL(since) }, { COL(until) }, { COL(ended) }, { COL(lent) }, END } };
#undef ROW
#define ROW struct lent_row
static const struct shape lent_row = { sizeof(ROW), FIELDS{ { COL(role) }, { REF(org, org) }, { COL(since) },
	{ COL(until) }, { COL(ended) }, { COL(lender) }, END } };
#undef ROW
#define ROW struct account_in
static const struct shape account_in = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(id) }, { COL(must) },
	{ COL(mfa) }, END } };
#undef ROW
#define ROW struct seat_now
static const struct shape seat_now = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(role) }, { REF(org, org) },
	{ COL(since) }, { COL(until) }, { COL(lent) }, END } };
#undef ROW
#define ROW struct added
static const struct shape added = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(org) }, { COL(account) }, { COL(digest) },
	{ COL(ends) }, { COL(idle) }, { COL(mfa) },
	{ COL(must) }, { COL(impersonator) }, { COL(parent) }, { COL(reason) }, { COL(agent) }, { COL(address) }, END } };
#undef ROW

static str digest_of(struct ctx *c, str token)
{
	digest d = hash_of(token);

	return hex_of(c->mem, d.b, sizeof d.b);
}

enum { SEATS_MOST = 200 };

enum rc seats_of(struct ctx *c, int64_t account_, bool all, items *ret)
{
	struct account_in in = { .account = account_ };

	return query(c, all ? "auth/seats_given" : "auth/seats", &account_in, &in, &seat_now, ret, SEATS_MOST);
}

/* ---- the actor of a request --------------------------------------------------------------- */

/* A seat as the core knows it; of a token only that of an API client. */
static void take_seat(struct ctx *c, struct actor *a, struct seat *seats, str role, struct seat s)
{
	s.role = registry_role(c->app->registry, role);
	if (s.role && (!a->token || s.role == &api_client))
		seats[a->n_seats++] = s;
}

/* None while something must be done first. What was lent was lent to a person, not to whoever acts as them. */
static enum rc take_seats(struct ctx *c, const struct session_row *s, int64_t n, struct actor *a)
{
	struct account_in in = { .account = s->account };
	items lent = { 0 };

	if (s->must != MUST_NOTHING)
		return OK;
	if (s->lent && !s->impersonator)
		TRY(query(c, "auth/seats_lent", &account_in, &in, &lent_row, &lent, SEATS_MOST));
	struct seat *seats = NEWS(c->mem, struct seat, n + lent.n);
	for (int64_t i = 0; i < n; i++)
		take_seat(c, a, seats, s[i].role, (struct seat){ NULL, s[i].org, s[i].since, s[i].until, s[i].ended, { 0 } });
	for (int64_t i = 0; i < lent.n; i++) {
		const struct lent_row *l = (const struct lent_row *)lent.p + i;
		take_seat(c, a, seats, l->role, (struct seat){ NULL, l->org, l->since, l->until, l->ended, { l->lender } });
	}
	a->seats = seats;
	return OK;
}

static enum rc keep_awake(struct ctx *c, const struct session_row *s)
{
	struct account_in in = { .id = s->id };

	if (c->now.v - s->seen.v < SEEN_MS && c->now.v >= s->seen.v)
		return OK;
	return execute(c, "auth/session_seen", &account_in, &in, NULL);
}

enum rc auth_actor(struct ctx *c, str session, str bearer, struct actor *ret)
{
	bool token = bearer.n > 0;
	struct digest_in in = { digest_of(c, token ? bearer : session) };
	const struct session_row *s;
	struct actor a;
	items got;

	if (token ? !str_starts(bearer, S(TOKEN_MARK)) : session.n != 43)
		return E_MISSING;
	TRY(query(c, token ? "auth/token_by_digest" : "auth/session_by_digest", &digest_in, &in, &session_row, &got,
		SEATS_MOST));
	s = got.p;
	if (got.n == 0)
		return E_MISSING;
	a = (struct actor){ .user = { s->account }, .person = s->person, .name = s->name, .login = s->login,
		.lang = token || s->impersonator ? S("") : s->lang, .session = token ? 0 : s->id,
		.impersonator = { s->impersonator }, .mfa = s->mfa, .token = token,
		.must_go = s->must == MUST_CHANGE ? "/tai-khoan/mat-khau" : s->must == MUST_TOTP ? "/tai-khoan/xac-thuc"
		: NULL };
	TRY(take_seats(c, s, got.n, &a));
	if (!token)
		TRY(keep_awake(c, s));
	*ret = a;
	return OK;
}

enum rc only_in_person(struct ctx *c)
{
	if (c->who->user.v && c->who->session && !c->who->token && !c->who->impersonator.v)
		return OK;
	return FAIL(c, E_DENIED, 0, &MSG_in_person);
}

/* ---- beginning ---------------------------------------------------------------------------- */

str agent_words(struct ctx *c)
{
	str agent = client_agent(c), clean;

	if (agent.n > 200)
		agent.n = 200;
	while (agent.n && !str_is_utf8(agent))
		agent.n--;
	return viet_clean(c->mem, agent, &clean) ? clean : S("");
}

static enum rc end_present(struct ctx *c, int64_t but)
{
	struct account_in in = { .account = c->who->user.v, .id = c->who->session };

	if (!in.id || in.id == but)
		return OK;
	return execute(c, "auth/session_end", &account_in, &in, NULL);
}

enum rc session_start(struct ctx *c, const struct new_session *s, str *ret_token)
{
	uint8_t bits[32];
	int64_t hours = setting_int(c, &mod_auth, "session_hours", s->org, 12),
		idle = setting_int(c, &mod_auth, "staff_idle_min", s->org, 30);
	int64_t longest = c->now.v + hours * HOUR_MS;
	struct added in = { .id = new_id(c), .org = s->org.v, .account = s->account, .mfa = s->mfa, .must = s->must,
		.impersonator = s->impersonator,
	                    .parent = s->parent, .reason = s->reason, .agent = agent_words(c),
	.address = client_address(c) };
	str token;

	fresh_bytes(c, bits, sizeof bits);
	token = base64url_of(c->mem, bits, sizeof bits);
	in.digest = digest_of(c, token);
	in.ends.v = s->ends.v && s->ends.v < longest ? s->ends.v : longest;
	in.idle = s->staff ? idle * MINUTE_MS : hours * HOUR_MS;
	TRY(end_present(c, s->parent));
	TRY(execute(c, "auth/session_add", &added, &in, NULL));
	session_cookie(c, token, (in.ends.v - c->now.v) / 1000);
	if (ret_token)
		*ret_token = token;
	return OK;
}

/* ---- end ---------------------------------------------------------------------------------- */

enum rc session_shown(struct ctx *c, int64_t must)
{
	struct account_in in = { .account = c->who->user.v, .id = c->who->session, .must = must, .mfa = true };

	return execute(c, "auth/session_must", &account_in, &in, NULL);
}

enum rc session_end(struct ctx *c, const void *in_, void *out)
{
	const struct session_in *in = in_;
	struct account_in q = { .account = c->who->user.v, .id = in->id ? in->id : c->who->session };
	int64_t n = 0;

	(void)out;
	TRY(only_in_person(c));
	TRY(execute(c, in->id ? "auth/session_end" : "auth/sessions_end", &account_in, &q, &n));
	return go_to(c, S("/tai-khoan"), in->id ? &MSG_ended : &MSG_ended_all);
}

enum rc logout_page(struct ctx *c, const void *in, void *out_)
{
	struct empty_out *out = out_;

	(void)in;
	out->title = say(c, &(struct tr){ "Đăng xuất", "Sign out" });
	return OK;
}

enum rc logout(struct ctx *c, const void *in, void *out)
{
	(void)in, (void)out;
	TRY(end_present(c, 0));
	session_cookie(c, S(""), 0);
	forget_device(c);
	return go_to(c, S("/dang-nhap"), NULL);
}

enum rc auth_revoke(struct ctx *c, int64_t account_, bool tokens, int64_t *ret_n)
{
	struct account_in in = { .account = account_ };

	TRY(execute(c, account_ ? "auth/sessions_end" : "auth/sessions_end_all", &account_in, &in, ret_n));
	TRY(trust_end(c, account_));
	return tokens ? execute(c, "auth/tokens_end", &account_in, &in, NULL) : OK;
}

struct tidy_in { instant before; };
#define ROW struct tidy_in
static const struct shape tidy_in = { sizeof(ROW), FIELDS{ { COL(before) }, END } };
#undef ROW

/* Sessions stay 30 days after their end for whoever asks what happened. */
enum rc auth_tidy(struct ctx *c, void *row)
{
	struct tidy_in month = { { c->now.v - 30 * 24 * HOUR_MS } }, yesterday = { { c->now.v - 24 * HOUR_MS } };

	(void)row;
	TRY(execute(c, "auth/tidy_sessions", &tidy_in, &month, NULL));
	TRY(execute(c, "auth/tidy_trusted", &tidy_in, &month, NULL));
	TRY(execute(c, "auth/tidy_challenge", &tidy_in, &yesterday, NULL));
	TRY(reads_forget(c));
	return execute(c, "auth/tidy_throttle", &tidy_in, &yesterday, NULL);
}

/* ---- the language of a person ------------------------------------------------------------- */

struct lang_in { int64_t account; str lang; };
#define ROW struct lang_in
static const struct shape lang_in = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(lang) }, END } };
#undef ROW

enum rc auth_keep_lang(struct ctx *c, enum lang lang)
{
	struct lang_in in = { c->who->user.v, lang == EN ? S("en") : S("vi") };

	if (!in.account || c->who->impersonator.v || c->who->token)
		return OK;
	return execute(c, "auth/lang_put", &lang_in, &in, NULL);
}
