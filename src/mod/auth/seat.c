/* seat.c -- who may give which role where, and lending one's own seat. */
#include "mod/auth/auth_in.h"

enum { LEND_DAYS = 92, POSTS_MOST = 50 };

static const struct tr
	MSG_title = { "Ủy quyền", "Delegate" },
	MSG_until = { "Ngày kết thúc phải từ ngày bắt đầu trở đi.", "The last day must not be before the first." },
	MSG_may_not = { "Bạn không được giao vai trò này ở đơn vị này.", "You may not give this role at this unit." },
	MSG_tier = { "Vai trò {1} không có ở {2}, chỉ có ở: {3}.",
		"There is no role {1} at {2}; it is given at: {3}." },
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
	MSG_not_staff = { "{1} không làm việc tại {2} hay đơn vị cấp trên, nên không nhận ủy quyền này được.",
		"{1} works neither at {2} nor at a unit above it, and cannot be lent this seat." },
	MSG_ask = { "{1} ({2}) sẽ xem và làm được mọi việc của vai trò {3} tại {4}, từ {5} đến hết {6}.",
		"{1} ({2}) will see and do whatever {3} at {4} may, from {5} through {6}." },
	MSG_sees = { "Trong đó có hồ sơ về từng người: {1}.", "That includes records of persons: {1}." },
	MSG_agree = { "Ủy quyền cho {1}", "Lend to {1}" },
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
/* ... and at units of which kind: what a role may do is meant for its own tier. A principal of the department, or an
 * officer of the department at a school, would reach what neither ever should. */
enum { AT_TOP = 1 << ORG_MINISTRY | 1 << ORG_DEPARTMENT, AT_DEPT = 1 << ORG_DEPARTMENT, AT_BUREAU = 1 << ORG_BUREAU,
       AT_COMMUNE = 1 << ORG_COMMUNE, AT_SCHOOL = 1 << ORG_SCHOOL | 1 << ORG_SITE,
       ANYWHERE = AT_TOP | AT_BUREAU | AT_COMMUNE | AT_SCHOOL };
static const struct giver { const struct role *role; const struct grant *by; uint32_t at; } givers[] = {
	{ &operator_, by_operator, AT_TOP }, { &ministry, by_operator, AT_TOP }, { &dept_leader, by_operator, AT_DEPT },
	{ &dept_officer, by_leaders, AT_DEPT }, { &auditor, by_leaders, AT_TOP },
	{ &dept_inspector, by_leaders, AT_DEPT }, { &dept_clerk, by_dept, AT_DEPT },
	{ &bureau_leader, by_dept, AT_BUREAU }, { &commune_officer, by_dept, AT_COMMUNE },
	{ &principal, by_dept, AT_SCHOOL }, { &deputy, by_dept, AT_SCHOOL }, { &api_client, by_dept, ANYWHERE },
	{ &clerk, by_school, AT_SCHOOL }, { &it_officer, by_school, AT_SCHOOL }, { &librarian, by_keeper, AT_SCHOOL },
	{ &accountant, by_school, AT_SCHOOL }, { &teacher, by_keeper, AT_SCHOOL },
	{ &form_teacher, by_keeper, AT_SCHOOL }, { &pupil, by_keeper, AT_SCHOOL }, { &parent, by_keeper, AT_SCHOOL } };

static const struct giver *giver_of(const struct role *r)
{
	for (ptrdiff_t i = 0; i < COUNT(givers); i++)
		if (givers[i].role == r)
			return &givers[i];
	return NULL;
}

bool seat_may_give(struct ctx *c, const struct role *r, org_id at)
{
	if (c->who->system)
		return true;
	if (c->who->token || c->who->impersonator.v)
		return false;
	const struct giver *g = giver_of(r);
	return g && allowed(c, g->by, at);
}

static const struct role *role_of(struct ctx *c, pick role)
{
	return registry_role(c->app->registry, str_of(seat_roles[role].code));
}

/* The form of a new seat: what this actor gives at this unit. Roles that the same people give are asked of once. */
uint64_t seat_roles_here(struct ctx *c, const void *row)
{
	const struct grant *asked[COUNT(givers)];
	const org_id at = ((const struct seat_row *)row)->base.org;
	bool gives[COUNT(givers)];
	uint64_t among = 0;
	struct org o;
	int n = 0;

	if (find(c, &org, at.v, &o) != OK)
		return UINT64_MAX;
	for (int i = 0; seat_roles[i].code; i++) {
		const struct giver *g = giver_of(role_of(c, (pick)i));
		int k = 0;

		if (!g || !(g->at >> o.kind & 1))
			continue;
		while (k < n && asked[k] != g->by)
			k++;
		if (k == n) {
			asked[n] = g->by;
			gives[n++] = seat_may_give(c, g->role, at);
		}
		if (gives[k])
			among |= UINT64_C(1) << i;
	}
	return among;
}

static enum rc fits_tier(struct ctx *c, const struct role *r, org_id at)
{
	const struct choice *kinds = field_at(org.fields, offsetof(struct org, kind))->pick;
	const struct giver *g = giver_of(r);
	struct org o;
	struct buf b;

	if (c->who->system || !g)
		return OK;
	TRY(find(c, &org, at.v, &o));
	if (g->at >> o.kind & 1)
		return OK;
	buf_init(&b, c->mem, 1000);
	for (int i = 0; kinds[i].code; i++)
		if (g->at >> i & 1) {
			put_z(&b, b.n ? ", " : "");
			put(&b, say(c, &kinds[i].label));
		}
	return FAILF(c, E_INVALID, offsetof(struct seat_row, role), &MSG_tier, say(c, &r->label), o.name, buf_str(&b));
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
	if (s->base.rev == 0)                            /* one that stands is still ended by whoever gives it */
		TRY(fits_tier(c, r, s->base.org));
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
struct post_row { str role; org_id org; };
#define ROW struct post_row
static const struct shape post_row = { sizeof(ROW), FIELDS{ { COL(role) }, { REF(org, org) }, END } };
#undef ROW
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

/* Roles that are no post of staff, or whose holder must stay apart: never lent, and no reason to be lent anything. */
static bool is_post(const struct role *r)
{
	return r && r != &operator_ && r != &api_client && r != &pupil && r != &parent && r != &auditor && r != &ministry;
}

/* The post for which this account may be lent a seat of that unit: its own, not lent, in force, there or above.
 * NULL: none. */
static enum rc post_near(struct ctx *c, int64_t borrower, org_id at, const struct role **ret, org_id *ret_org)
{
	struct by_account in = { borrower, at.v };
	items found;

	*ret = NULL;
	TRY(query(c, "auth/posts_near", &by_account, &in, &post_row, &found, POSTS_MOST));
	for (int64_t i = 0; i < found.n && !*ret; i++) {
		const struct post_row *p = (const struct post_row *)found.p + i;
		const struct role *r = registry_role(c->app->registry, p->role);

		if (is_post(r)) {
			*ret = r;
			*ret_org = p->org;
		}
	}
	return OK;
}

static enum rc borrower_may(struct ctx *c, const struct delegation *d, org_id at)
{
	const struct role *r;
	org_id where;
	struct account a;
	const struct actor *who = as_system(c, "who borrows is weighed against the seat that is lent");
	enum rc rc = find(c, &account, d->borrower.v, &a);

	if (rc == OK)
		rc = post_near(c, d->borrower.v, at, &r, &where);
	str name = rc == OK ? title_of(c, &org, at.v) : S("");
	as_actor(c, who);
	TRY(rc);
	return r ? OK : FAILF(c, E_INVALID, offsetof(struct delegation, borrower), &MSG_not_staff, a.name, name);
}

/* The seat as it stands: the loan may not outlive it, and goes only one hand further. */
enum rc delegation_turned(struct ctx *c, void *row)
{
	const struct delegation *d = row;

	if (d->base.gone && d->lender.v == c->who->user.v)
		c->go = S("/tai-khoan/uy-quyen");
	return OK;
}

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
	if (d->base.rev == 0)
		TRY(borrower_may(c, d, s.base.org));
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

/* The names of what this role reads about persons, wherever it is declared. */
static str seen_by(struct ctx *c, const struct role *r)
{
	const struct registry *all = c->app->registry;
	struct buf b;

	buf_init(&b, c->mem, 8000);
	for (int i = 0; i < all->n_entities; i++) {
		const struct entity *e = all->metas[i].e;
		const struct grant *g = e->grants;

		while (g && g->to && !(g->to == r && g->may & READ))
			g++;
		if (!g || !g->to || (!e->anchor[ON_PERSON] && !all->metas[i].private_data))
			continue;
		if (b.n)
			put_z(&b, ", ");
		put(&b, say(c, &e->label));
	}
	return buf_str(&b);
}

/* Nothing is lent before the lender has seen to whom, and what that lets them see. The answer names what was asked. */
static enum rc lend_ask(struct ctx *c, const struct lend_in *in, const struct delegation *d, const struct proof *p,
	struct lend_out *out)
{
	const struct actor *who = as_system(c, "the lender is told whom and what he lends; the rules let him just now");
	const struct role *post, *lent;
	struct seat_row s;
	org_id at;
	str sees;

	enum rc rc = find(c, &seat, d->seat.v, &s);
	if (rc == OK)
		rc = post_near(c, d->borrower.v, s.base.org, &post, &at);
	as_actor(c, who);
	TRY(rc);
	lent = role_of(c, s.role);
	sees = seen_by(c, lent);
	out->ask = sayf(c, &MSG_ask, ARGS(p->name, TEXT(c, "%.*s, %.*s", FMT(say(c, &post->label)), FMT(org_name(c, at))),
		say(c, &lent->label), org_name(c, s.base.org), day_text(c->mem, d->since), day_text(c->mem, d->until)));
	out->sees = sees.n ? sayf(c, &MSG_sees, ARGS(sees)) : S("");
	out->agree_label = sayf(c, &MSG_agree, ARGS(p->name));
	out->seat = TEXT(c, "%lld", (long long)in->seat.v);
	return OK;
}

enum rc lend_save(struct ctx *c, const void *in_, void *out_)
{
	const struct lend_in *in = in_;
	struct lend_out *out = out_;
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
	out->agree = TEXT(c, "%lld-%lld-%d-%d", (long long)d.seat.v, (long long)d.borrower.v, d.since.v, d.until.v);
	if (!str_eq(in->agree, out->agree))
		return lend_ask(c, in, &d, &p, out);
	who = as_system(c, "a holder lends his own seat; the rules were checked against him just now");
	rc = create(c, &delegation, &d);
	as_actor(c, who);
	TRY(rc);
	TRY(notify(c, (user_id){ p.account }, &(struct tr){ "{1} ủy quyền cho bạn.", "{1} lent you a seat." },
		ARGS(c->who->name), S("/tai-khoan")));
	return go_to(c, S("/tai-khoan/uy-quyen"), &MSG_lent);
}
