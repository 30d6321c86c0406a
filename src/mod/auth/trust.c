/* trust.c -- devices on which a second factor was shown and that need none for a while: the password is still asked. */
#include "base/hash.h"
#include "mod/auth/auth_in.h"

#define DAY_MS INT64_C(86400000)
enum { DAYS_LONGEST = 90 };

const struct choice trust_choices[] = {
	{ "not_keepers", { "Mọi người, trừ quản trị hệ thống và quản trị tài khoản",
		"Everybody but operators and keepers of accounts" }, INITIAL },
	{ "everybody", { "Mọi người", "Everybody" } },
	{ "not_staff", { "Chỉ người không có vai trò phải bảo vệ kỹ",
		"Only those without a role that must be well guarded" } },
	{ "nobody", { "Không ai", "Nobody" } }, END };

static const struct tr
	MSG_ended = { "Thiết bị sẽ phải xác thực hai bước ở lần đăng nhập tới.",
		"The device will be asked for the second step again." };

struct trust_args { int64_t id, org, account; str digest, agent, address; instant ends, since; };
struct trust_row { int64_t id; instant made, seen, ends; str agent, address; };
#define ROW struct trust_args
static const struct shape trust_args = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(org) }, { COL(account) },
	{ COL(digest) }, { COL(agent) }, { COL(address) }, { COL(ends) }, { COL(since) }, END } };
#undef ROW
#define ROW struct trust_row
static const struct shape trust_row = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(made) }, { COL(seen) }, { COL(ends) },
	{ COL(agent) }, { COL(address) }, END } };
#undef ROW

/* Roles that open other people's accounts. */
static bool keeps_accounts(const struct role *r)
{
	return r == &operator_ || r == &it_officer || r == &dept_officer;
}

static enum rc forbidden(struct ctx *c, const struct proof *p, bool *ret)
{
	str whom = setting(c, &mod_auth, "trust_whom", (org_id){ p->org });
	items found;

	*ret = str_is(whom, "nobody");
	if (*ret || str_is(whom, "everybody"))
		return OK;
	TRY(seats_of(c, p->account, false, &found));
	for (int64_t i = 0; i < found.n; i++) {
		const struct role *r = registry_role(c->app->registry, ((const struct seat_now *)found.p + i)->role);

		*ret = *ret || !r || (str_is(whom, "not_staff") ? r->is & ROLE_MFA : keeps_accounts(r));
	}
	return OK;
}

enum rc trust_days(struct ctx *c, const struct proof *p, int64_t *ret)
{
	bool no;

	*ret = setting_int(c, &mod_auth, "trust_days", (org_id){ p->org }, DAYS_LONGEST);
	if (*ret > 0)
		TRY(forbidden(c, p, &no));
	if (*ret > 0 && no)
		*ret = 0;
	return OK;
}

static str device_digest(struct ctx *c, str token)
{
	digest d = hash_of(token);

	return hex_of(c->mem, d.b, sizeof d.b);
}

enum rc trust_begin(struct ctx *c, const struct proof *p)
{
	uint8_t bits[32];
	struct trust_args in = { .id = new_id(c), .org = p->org, .account = p->account, .agent = agent_words(c),
		.address = client_address(c) };
	int64_t days;
	str token;

	TRY(trust_days(c, p, &days));
	if (days <= 0)
		return OK;
	fresh_bytes(c, bits, sizeof bits);
	token = base64url_of(c->mem, bits, sizeof bits);
	in.digest = device_digest(c, token);
	in.ends.v = c->now.v + days * DAY_MS;
	TRY(execute(c, "auth/trusted_add", &trust_args, &in, NULL));
	other_cookie(c, "may", token, days * DAY_MS / 1000);
	return audit(c, (org_id){ p->org }, "account", p->account, "device_on", device_words(c, in.agent));
}

/* What the setting says now counts, not what it said when the device was remembered. */
enum rc trust_known(struct ctx *c, const struct proof *p, bool *ret)
{
	struct trust_args in = { .account = p->account };
	str token = other_cookie_of(c, "may");
	int64_t days, n = 0;

	*ret = false;
	if (token.n != 43)
		return OK;
	TRY(trust_days(c, p, &days));
	if (days <= 0)
		return OK;
	in.digest = device_digest(c, token);
	in.since.v = c->now.v - days * DAY_MS;
	TRY(execute(c, "auth/trusted_use", &trust_args, &in, &n));
	*ret = n == 1;
	return OK;
}

enum rc trust_end(struct ctx *c, int64_t account_)
{
	struct trust_args in = { .account = account_ };

	return execute(c, account_ ? "auth/trusted_end" : "auth/trusted_end_all", &trust_args, &in, NULL);
}

enum rc trust_list(struct ctx *c, items *ret)
{
	struct trust_args in = { .account = c->who->user.v };
	struct device_view *v;
	items found;

	TRY(query(c, "auth/trusted_of", &trust_args, &in, &trust_row, &found, 50));
	v = NEWS(c->mem, struct device_view, found.n + 1);
	for (int64_t i = 0; i < found.n; i++) {
		const struct trust_row *r = (const struct trust_row *)found.p + i;

		v[i] = (struct device_view){ TEXT(c, "%lld", (long long)r->id), device_words(c, r->agent), r->address,
			instant_text(c->mem, r->made), instant_text(c->mem, r->seen), instant_text(c->mem, r->ends) };
	}
	*ret = (items){ v, found.n };
	return OK;
}

enum rc device_end(struct ctx *c, const void *in_, void *out)
{
	struct trust_args in = { .account = c->who->user.v, .id = ((const struct session_in *)in_)->id };
	struct proof p;
	int64_t n = 0;

	(void)out;
	TRY(only_in_person(c));
	TRY(proof_of(c, c->who->user.v, S(""), &p));
	TRY(execute(c, "auth/trusted_end", &trust_args, &in, &n));
	if (n)
		TRY(audit(c, (org_id){ p.org }, "account", p.account, "device_off", S("")));
	return go_to(c, S("/tai-khoan"), &MSG_ended);
}
