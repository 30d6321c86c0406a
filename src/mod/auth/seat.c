/* seat.c -- who may give which role where, and lending one's own seat. */
#include "mod/auth/auth_in.h"

enum { LEND_DAYS = 92 };

static const struct tr
	MSG_title = { "Ủy quyền", "Delegate" },
	MSG_until = { "Ngày kết thúc phải từ ngày bắt đầu trở đi.", "The last day must not be before the first." },
	MSG_may_not = { "Bạn không được giao vai trò này ở đơn vị này.", "You may not give this role at this unit." },
	MSG_self = { "Không ai tự giao vai trò cho chính mình.", "Nobody gives a role to himself." },
	MSG_account = { "Tài khoản này không còn hoặc bạn không được xem.",
		"There is no such account, or you may not see it." },
	MSG_not_yours = { "Chỉ ủy quyền được vai trò đang được giao cho chính bạn.",
		"You can only lend a seat that is yours." },
	MSG_never_lent = { "Vai trò này không ủy quyền được.", "This role cannot be lent." },
	MSG_long = { "Ủy quyền nhiều nhất {1} ngày và trong thời hạn của vai trò.",
		"At most {1} days, within the term of the seat." },
	MSG_borrower = { "Không có tài khoản đang dùng nào mang tên đăng nhập này.",
		"There is no active account of this login." },
	MSG_to_self = { "Không ủy quyền cho chính mình.", "You cannot lend to yourself." },
	MSG_in_past = { "Ngày bắt đầu không được ở quá khứ.", "The first day must not be in the past." },
	MSG_lent = { "Đã ủy quyền.", "The seat is lent." };

/* ---- giving ----------------------------------------------------------------------------------- */

/* Who gives a role: only from above, so that nobody raises himself or a friend to what he is not. Each entry reaches
 * as far as the giver's own seat does. */
static const struct grant
	by_operator[] = { { &operator_, &everywhere, READ }, { 0 } },
	by_leaders[]  = { { &operator_, &everywhere, READ }, { &dept_leader, &in_tree, READ }, { 0 } },
	by_dept[]     = { { &operator_, &everywhere, READ }, { &dept_officer, &in_tree, READ }, { 0 } },
	by_school[]   = { { &operator_, &everywhere, READ }, { &dept_officer, &in_tree, READ },
		{ &principal, &at_org, READ }, { 0 } },
	by_keeper[]   = { { &operator_, &everywhere, READ }, { &dept_officer, &in_tree, READ },
		{ &principal, &at_org, READ }, { &it_officer, &at_org, READ }, { 0 } };
static const struct { const struct role *role; const struct grant *by; } givers[] = {
	{ &operator_, by_operator }, { &ministry, by_operator }, { &dept_leader, by_operator },
	{ &dept_officer, by_leaders }, { &auditor, by_leaders },
	{ &dept_inspector, by_leaders }, { &dept_clerk, by_dept }, { &bureau_leader, by_dept },
	{ &commune_officer, by_dept }, { &principal, by_dept },
	{ &api_client, by_dept }, { &clerk, by_school }, { &it_officer, by_school }, { &librarian, by_keeper },
	{ &accountant, by_school },
	{ &teacher, by_keeper }, { &form_teacher, by_keeper }, { &pupil, by_keeper }, { &parent, by_keeper } };

bool seat_may_give(struct ctx *c, const struct role *r, org_id at)
{
	if (c->who->system)
		return true;
	if (c->who->token || c->who->impersonator.v)
		return false;
	for (ptrdiff_t i = 0; i < COUNT(givers); i++)
		if (givers[i].role == r)
			return allowed(c, givers[i].by, at);
	return false;
}

static const struct role *role_of(struct ctx *c, pick role)
{
	return registry_role(c->app->registry, str_of(seat_roles[role].code));
}

enum rc seat_since_today(struct ctx *c, void *row)
{
	((struct seat_row *)row)->since = c->today;
	return OK;
}

enum rc seat_makes_sense(struct ctx *c, const void *row)
{
	const struct seat_row *s = row;

	if (s->until.v != NO_DAY.v && s->until.v < s->since.v)
		return FAIL(c, E_INVALID, offsetof(struct seat_row, until), &MSG_until);
	return OK;
}

enum rc seat_is_given(struct ctx *c, void *row)
{
	struct seat_row *s = row;
	const struct role *r = role_of(c, s->role);
	struct account a;

	if (!r || !seat_may_give(c, r, s->base.org))
		return FAIL(c, E_DENIED, offsetof(struct seat_row, role), &MSG_may_not);
	if (!c->who->system && s->account.v == c->who->user.v)
		return FAIL(c, E_DENIED, offsetof(struct seat_row, account), &MSG_self);
	if (find(c, &account, s->account.v, &a) != OK)
		return FAIL(c, E_INVALID, offsetof(struct seat_row, account), &MSG_account);
	s->person = a.person;
	return OK;
}

/* ---- lending ---------------------------------------------------------------------------------- */

struct loan_row { int64_t id, rev; str lender, borrower, role, org; day since, until; str reason; bool mine; };
struct by_account { int64_t account; int64_t org; };
#define ROW struct loan_row
static const struct shape loan_row = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, { COL(lender) },
	{ COL(borrower) }, { COL(role) }, { COL(org) },
	{ COL(since) }, { COL(until) }, { COL(reason) }, { COL(mine) }, END } };
#undef ROW
#define ROW struct by_account
static const struct shape by_account = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(org) }, END } };
#undef ROW

enum rc delegation_makes_sense(struct ctx *c, const void *row)
{
	const struct delegation *d = row;

	if (d->until.v < d->since.v)
		return FAIL(c, E_INVALID, offsetof(struct delegation, until), &MSG_until);
	return OK;
}

/* The seat as it stands: the loan may not outlive it, and goes only one hand further. */
enum rc delegation_is_lent(struct ctx *c, void *row)
{
	struct delegation *d = row;
	const struct actor *who = as_system(c, "a loan is weighed against the seat it lends");
	struct seat_row s;
	enum rc rc = find(c, &seat, d->seat.v, &s);
	const struct role *r;

	as_actor(c, who);
	if (rc != OK || (!c->who->system && (s.account.v != c->who->user.v || d->lender.v != c->who->user.v)) ||
		s.account.v != d->lender.v)
		return FAIL(c, E_DENIED, offsetof(struct delegation, seat), &MSG_not_yours);
	r = role_of(c, s.role);
	if (r == &operator_ || r == &api_client || r == &pupil || r == &parent)
		return FAIL(c, E_INVALID, offsetof(struct delegation, seat), &MSG_never_lent);
	if (d->borrower.v == d->lender.v)
		return FAIL(c, E_INVALID, offsetof(struct delegation, borrower), &MSG_to_self);
	if (d->base.rev == 0 && d->since.v < c->today.v)
		return FAIL(c, E_INVALID, offsetof(struct delegation, since), &MSG_in_past);
	if (d->until.v - d->since.v >= LEND_DAYS || d->since.v < s.since.v ||
		(s.until.v != NO_DAY.v && d->until.v > s.until.v))
		return FAILF(c, E_INVALID, offsetof(struct delegation, until), &MSG_long, TEXT(c, "%d", LEND_DAYS));
	d->person = s.person;
	d->base.org = s.base.org;
	return OK;
}

static str role_label(struct ctx *c, str name)
{
	const struct role *r = registry_role(c->app->registry, name);

	return r ? say(c, &r->label) : name;
}

static str org_name(struct ctx *c, org_id org_)
{
	return title_of(c, &org, org_.v);
}

static enum rc fill_seats(struct ctx *c, struct lend_out *out)
{
	items found;
	struct option *o;

	TRY(seats_of(c, c->who->user.v, true, &found));
	o = NEWS(c->mem, struct option, found.n + 1);
	for (int64_t i = 0; i < found.n; i++) {
		const struct seat_now *s = (const struct seat_now *)found.p + i;

		if (s->lent)
			continue;
		o[out->seats.n].value = TEXT(c, "%lld", (long long)s->id);
		o[out->seats.n].label = TEXT(c, "%.*s – %.*s", FMT(role_label(c, s->role)), FMT(org_name(c, s->org)));
		out->seats.n++;
	}
	out->seats.p = o;
	out->none = out->seats.n == 0;
	return OK;
}

static enum rc fill_loans(struct ctx *c, struct lend_out *out)
{
	struct by_account in = { .account = c->who->user.v };
	items found;
	struct loan_view *v;

	TRY(query(c, "auth/my_loans", &by_account, &in, &loan_row, &found, 100));
	v = NEWS(c->mem, struct loan_view, found.n + 1);
	for (int64_t i = 0; i < found.n; i++) {
		const struct loan_row *l = (const struct loan_row *)found.p + i;

		v[i] = (struct loan_view){ TEXT(c, "%lld", (long long)l->id), TEXT(c, "%lld", (long long)l->rev), l->lender,
			l->borrower, role_label(c, l->role),
			l->org, TEXT(c, "%.*s – %.*s", FMT(day_text(c->mem, l->since)), FMT(day_text(c->mem, l->until))),
			l->reason, l->mine };
	}
	out->loans = (items){ v, found.n };
	return OK;
}

enum rc lend_page(struct ctx *c, const void *in, void *out_)
{
	struct lend_out *out = out_;

	(void)in;
	TRY(only_in_person(c));
	out->title = say(c, &MSG_title);
	out->since = day_text(c->mem, c->today);
	TRY(fill_seats(c, out));
	return fill_loans(c, out);
}

enum rc lend_save(struct ctx *c, const void *in_, void *out_)
{
	const struct lend_in *in = in_;
	struct delegation d;
	struct proof p;
	const struct actor *who;
	enum rc rc;

	TRY(lend_page(c, NULL, out_));
	row_zero(&delegation, &d);
	if (proof_of(c, 0, str_lower(c->mem, str_trim(in->login)), &p) != OK || !str_is(p.state, "active"))
		return FAIL(c, E_INVALID, offsetof(struct lend_in, login), &MSG_borrower);
	d = (struct delegation){ .base = d.base, .seat = in->seat, .lender = { c->who->user.v },
		.borrower = { p.account }, .since = in->since,
	                         .until = in->until, .reason = in->reason };
	TRY(delegation_makes_sense(c, &d));
	TRY(delegation_is_lent(c, &d));
	who = as_system(c, "a holder lends his own seat; the rules were checked against him just now");
	rc = create(c, &delegation, &d);
	as_actor(c, who);
	TRY(rc);
	TRY(notify(c, (user_id){ p.account }, &(struct tr){ "{1} ủy quyền cho bạn.", "{1} lent you a seat." },
		ARGS(c->who->name), S("/tai-khoan")));
	return go_to(c, S("/tai-khoan/uy-quyen"), &MSG_lent);
}
