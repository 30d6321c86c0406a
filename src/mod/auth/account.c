/* account.c -- rules of accounts, and what proves that somebody owns one. */
#include "core/once.h"
#include "mod/auth/auth_in.h"

enum { CODE_LETTERS = 12, LOGINS_MAX = 100000 };
#define CODE_LASTS_MS (72 * 3600000LL)

static const struct tr
	MSG_login =
	{ "Tên đăng nhập gồm chữ thường không dấu, số, dấu chấm, gạch ngang, gạch dưới; bắt đầu bằng chữ hoặc số.",
	              "A login has small letters without marks, digits, dots, hyphens, underscores; it begins with a "
		"letter or digit." },
	MSG_above =
	{ "Không thực hiện được: tài khoản này là của chính bạn hoặc có vai trò mà bạn không được giao cho người khác.",
	              "Not possible: the account is your own, or holds a role that you may not give." };

struct proof_in { int64_t account; str login; };
struct put_in { int64_t account, org; str hash; bool must_change; instant code_until; };
#define ROW struct proof_in
static const struct shape proof_in = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(login) }, END } };
#undef ROW
#define ROW struct proof
static const struct shape proof_out = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(org) }, { COL(state) },
	{ COL(name) }, { COL(login) }, { REF(person, person) },
	{ COL(hash) }, { COL(must_change) }, { COL(code_until) }, { COL(totp) }, { COL(totp_step) }, { COL(changed) },
	{ COL(last_login) }, { COL(made) }, { COL(passkeys) }, END } };
#undef ROW
#define ROW struct put_in
static const struct shape put_in = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(org) }, { COL(hash) },
	{ COL(must_change) }, { COL(code_until) }, END } };
#undef ROW

/* ---- rows --------------------------------------------------------------------------------- */

enum rc account_name_ok(struct ctx *c, const void *row)
{
	return visible_name(c, offsetof(struct account, name), ((const struct account *)row)->name);
}

enum rc account_login_ok(struct ctx *c, const void *row)
{
	const struct account *a = row;

	for (ptrdiff_t i = 0; i < a->login.n; i++) {
		char ch = a->login.p[i];
		bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');

		if (!plain && (i == 0 || (ch != '.' && ch != '-' && ch != '_')))
			return FAIL(c, E_INVALID, offsetof(struct account, login), &MSG_login);
	}
	return OK;
}

enum rc account_name(struct ctx *c, void *row)
{
	struct account *a = row;

	if (a->person.v)
		a->name = title_of(c, &person, a->person.v);
	return OK;
}

bool account_below(struct ctx *c, int64_t account_)
{
	items found;

	if (c->who->system)
		return true;
	if (account_ == c->who->user.v || c->who->impersonator.v || seats_of(c, account_, true, &found) != OK)
		return false;
	for (int64_t i = 0; i < found.n; i++) {
		const struct seat_now *s = (const struct seat_now *)found.p + i;
		const struct role *r = registry_role(c->app->registry, s->role);

		if (!r || !seat_may_give(c, r, s->org))
			return false;
	}
	return true;
}

enum rc account_is_below(struct ctx *c, const void *row)
{
	const struct account *a = row;

	return account_below(c, a->base.id) ? OK : FAIL(c, E_DENIED, 0, &MSG_above);
}

/* Where it is no use the button is not there. */
bool account_turns(struct ctx *c, const void *row) { return account_below(c, ((const struct account *)row)->base.id); }

/* Whose rows an account opens hangs on its person: nobody changes that of his own account or of one above him. */
enum rc account_is_kept(struct ctx *c, void *row)
{
	const struct account *a = row;

	return a->base.rev > 0 ? account_is_below(c, row) : OK;
}

enum rc account_end_sessions(struct ctx *c, void *row)
{
	const struct account *a = row;

	return auth_revoke(c, a->base.id, false, NULL);
}

/* ---- proofs ------------------------------------------------------------------------------- */

enum rc settle(struct ctx *c)
{
	if (db_depth(c->db) != 1)
		return OK;
	TRY(once_drop(c));
	TRY(db_commit(c->db));
	return db_begin(c->db);
}

enum rc proof_of(struct ctx *c, int64_t account_, str login, struct proof *ret)
{
	struct proof_in in = { account_, login };

	return query_one(c, "auth/proof", &proof_in, &in, &proof_out, ret);
}

static enum rc put_hash(struct ctx *c, int64_t account_, org_id at, str hash, bool must_change, instant code_until)
{
	struct put_in in = { account_, at.v, hash, must_change, code_until };

	TRY(execute(c, "auth/credential_add", &put_in, &in, NULL));
	return execute(c, "auth/credential_password", &put_in, &in, NULL);
}

enum rc password_put(struct ctx *c, int64_t account_, org_id at, str password, bool must_change, instant code_until)
{
	str hash;

	TRY(password_hash(c, password, &hash));
	return put_hash(c, account_, at, hash, must_change, code_until);
}

enum rc is_staff(struct ctx *c, int64_t account_, bool *ret)
{
	items found;
	bool staff = false;

	TRY(seats_of(c, account_, false, &found));
	for (int64_t i = 0; i < found.n; i++) {
		const struct role *r = registry_role(c->app->registry, ((const struct seat_now *)found.p + i)->role);
		staff = staff || (r && r->is & ROLE_MFA);
	}
	*ret = staff;
	return OK;
}

/* ---- for commands and the demo -------------------------------------------------------------- */

static int role_index(const struct role *r)
{
	for (int i = 0; seat_roles[i].code; i++)
		if (str_is(str_of(r->name), seat_roles[i].code))
			return i;
	return -1;
}

static enum rc add_one(struct ctx *c, const struct new_account *n, str hash, bool must_change, int64_t *ret_id)
{
	struct account a;
	struct seat_row s;

	row_zero(&account, &a);
	a.base.org = n->org;
	a.login = n->login;
	a.name = n->name;
	a.person = n->person;
	TRY(create(c, &account, &a));
	*ret_id = a.base.id;
	if (n->role) {
		row_zero(&seat, &s);
		s.base.org = n->at.v ? n->at : n->org;
		s.account.v = a.base.id;
		s.role = (pick)role_index(n->role);
		s.since = c->today;
		TRY(create(c, &seat, &s));
	}
	return put_hash(c, a.base.id, n->org, hash, must_change && hash.n, (instant){ 0 });
}

enum rc auth_demo(struct ctx *c, const struct new_account *at, int n, bool must_change, int64_t *ret_ids)
{
	str hash = { 0 }, of = { 0 };
	int64_t id;

	for (int i = 0; i < n; i++) {
		if (at[i].role && role_index(at[i].role) < 0)
			return E_INVALID;
		if (at[i].password.n && !str_eq(at[i].password, of))
			TRY(password_hash(c, of = at[i].password, &hash));
		TRY(add_one(c, &at[i], at[i].password.n ? hash : S(""), must_change, &id));
		if (ret_ids)
			ret_ids[i] = id;
	}
	return OK;
}

enum rc auth_find(struct ctx *c, str login, struct account *ret)
{
	return find_one(c, &account, ret, IS({ offsetof(struct account, login), v_text(str_lower(c->mem, login)) }));
}

enum rc auth_reset(struct ctx *c, int64_t account_, bool totp_too, str *ret_code)
{
	struct proof p;
	struct put_in in = { .account = account_ };
	str code = code_make(c, CODE_LETTERS);

	TRY(proof_of(c, account_, S(""), &p));
	TRY(password_put(c, account_, (org_id){ p.org }, code_read(c->mem, code), true,
		(instant){ c->now.v + CODE_LASTS_MS }));
	if (totp_too) {
		TRY(execute(c, "auth/totp_clear", &put_in, &in, NULL));
		TRY(execute(c, "auth/passkeys_end", &put_in, &in, NULL));
		TRY(recovery_end(c, account_));
	}
	TRY(auth_revoke(c, account_, false, NULL));
	TRY(audit(c, (org_id){ p.org }, "account", account_, totp_too ? "reset_totp" : "reset", S("")));
	*ret_code = code;
	return OK;
}
