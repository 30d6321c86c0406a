/* sheet.c -- the sheet of new accounts: for people who never signed in, a fresh one-time code each, on paper to be
 * cut and handed out. A code is on that paper only: it is neither stored nor shown again. */
#include "core/once.h"
#include "core/print.h"
#include "mod/auth/auth_in.h"

static const struct tr
	MSG_title = { "Phiếu tài khoản mới", "Sheet of new accounts" },
	MSG_none_chosen = { "Chọn ít nhất một tài khoản.", "Choose at least one account." },
	MSG_above = { "Không thực hiện được: {1} là chính bạn hoặc có vai trò mà bạn không được giao cho người khác.",
	              "Not possible: {1} is you, or holds a role that you may not give." },
	MSG_used = { "{1} đã đăng nhập rồi: hãy dùng “Cấp lại mật khẩu”.",
		"{1} has signed in already: use “Reset a password”." };

struct new_in  { int64_t unit; };
struct new_row { int64_t id; str name, login; int64_t i; };
struct slip    { str name, login, code, until; };
struct slips   { items slips; };
struct sheet_paper { items head, rows; };
#define ROW struct new_in
static const struct shape new_in_shape = { sizeof(ROW), FIELDS{ { COL(unit) }, END } };
#undef ROW
#define ROW struct new_row
static const struct shape new_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(login) },
	{ COL(i) }, END } };
#undef ROW
#define ROW struct new_out
const struct shape new_out_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) },
	{ MANY(accounts, new_row_shape) }, END } };
#undef ROW
#define ROW struct chosen
static const struct shape chosen_shape = { sizeof(ROW), FIELDS{ { COL(account), .label = { "Tài khoản", "Account" },
	.min = 0, .max = INT64_MAX }, { COL(on), .label = { "Chọn", "Choose" } }, END } };
#undef ROW
#define ROW struct chosen_in
const struct shape chosen_in_shape = { sizeof(ROW), FIELDS{ { MANY(chosen, chosen_shape),
	.label = { "Tài khoản", "Accounts" }, .max = NEW_ACCOUNTS }, END } };
#undef ROW
#define ROW struct slip
static const struct shape slip_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(login) }, { COL(code) },
	{ COL(until) }, END } };
#undef ROW
#define ROW struct slips
static const struct shape slips_shape = { sizeof(ROW), FIELDS{ { MANY(slips, slip_shape) }, END } };
#undef ROW
#define ROW struct sheet_paper
const struct shape sheet_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) },
	{ MANY(rows, slips_shape) }, END } };
#undef ROW

/* Who never signed in and holds no code that is still good. */
enum rc new_accounts(struct ctx *c, const void *in, void *out_)
{
	struct new_out *out = out_;
	struct new_in of = { c->here.org.v };
	items found;

	(void)in;
	TRY(only_in_person(c));
	TRY(query(c, "auth/new_accounts", &new_in_shape, &of, &new_row_shape, &found, NEW_ACCOUNTS));
	struct new_row *rows = NEWS(c->mem, struct new_row, found.n + 1);
	int64_t n = 0;
	for (int64_t i = 0; i < found.n; i++) {
		const struct new_row *r = (const struct new_row *)found.p + i;
		if (!account_below(c, r->id))
			continue;
		rows[n] = *r;
		rows[n].i = n;
		n++;
	}
	out->title = say(c, &MSG_title);
	out->accounts = (items){ rows, n };
	out->none = n == 0;
	return OK;
}

static enum rc chosen_ok(struct ctx *c, int64_t id, struct account *ret)
{
	struct proof p;

	TRY(find(c, &account, id, ret));
	if (!may(c, &account, UPDATE, ret))
		return E_MISSING;
	if (!account_below(c, id))
		return FAILF(c, E_DENIED, 0, &MSG_above, ret->name);
	TRY(proof_of(c, id, S(""), &p));
	return p.last_login.v ? FAILF(c, E_STATE, 0, &MSG_used, ret->name) : OK;
}

/* All are asked before the first code is made. Each code is kept by itself, so that nobody waits for the write lock
 * while passwords are hashed: a sheet that fails half way is simply asked for again. */
enum rc new_accounts_print(struct ctx *c, const void *in_, void *out)
{
	const struct chosen_in *in = in_;
	const struct chosen *list = in->chosen.p;
	struct slip *slips = NEWS(c->mem, struct slip, in->chosen.n + 1);
	struct account *rows = NEWS(c->mem, struct account, in->chosen.n + 1);
	struct sheet_paper paper;
	struct stamp stamp;
	struct proof p;
	int64_t n = 0, *ids = NEWS(c->mem, int64_t, in->chosen.n + 1);

	(void)out;
	TRY(only_in_person(c));
	for (int64_t i = 0; i < in->chosen.n; i++)
		if (list[i].on) {
			ids[n] = list[i].account;
			TRY(chosen_ok(c, list[i].account, &rows[n++]));
		}
	if (n == 0)
		return FAIL(c, E_INVALID, offsetof(struct chosen_in, chosen), &MSG_none_chosen);
	TRY(take_out(c, &auth_takes[0], ids, n, &stamp));
	TRY(once_drop(c));
	for (int64_t i = 0; i < n; i++) {
		TRY(settle(c));
		TRY(auth_reset(c, rows[i].base.id, false, &slips[i].code));
		TRY(proof_of(c, rows[i].base.id, S(""), &p));
		slips[i].name = rows[i].name;
		slips[i].login = rows[i].login;
		slips[i].until = instant_text(c->mem, p.code_until);
	}
	struct slips *pairs = NEWS(c->mem, struct slips, n / 2 + 1);
	for (int64_t i = 0; i < n; i += 2)
		pairs[i / 2].slips = (items){ &slips[i], i + 1 < n ? 2 : 1 };
	paper.rows = (items){ pairs, (n + 1) / 2 };
	TRY(org_letterhead(c, rows[0].base.org, &paper.head));
	return print_answer(c, S("Phiếu tài khoản"), S("A4 12 15 15 15"), "auth/print-accounts", &sheet_paper_shape,
		&paper, stamp);
}
