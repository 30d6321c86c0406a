/* change_rules.c -- what must hold of a reorganisation: whose units it may touch, which of them fit each other, and
 * when it may be approved and applied. Held against the draft as it is written, and again at both steps: between them
 * units end, move and close. */
#include "mod/org/change.h"
#include "core/app.h"
#include "core/query.h"

static const struct tr
MSG_target = { "Chọn đơn vị tiếp nhận.", "Choose the receiving unit." },
MSG_same = { "Đơn vị tiếp nhận phải khác đơn vị bị thay đổi.",
	"The receiving unit differs from the one that changes." },
MSG_parts = { "Thêm các đơn vị tham gia trước khi duyệt.", "Add the units concerned before approval." },
MSG_new_name = { "Nhập tên mới.", "Enter the new name." },
MSG_early = { "Ngày hiệu lực là {1}: chưa thể thực hiện.", "It takes effect on {1}: too early." },
MSG_number = { "Nhập số quyết định và ngày quyết định trước khi duyệt.",
	"Enter the decision's number and day before approval." },
MSG_beyond = { "{1} không thuộc phạm vi quản lý của bạn.", "{1} is outside what you manage." },
MSG_ended = { "{1} đã chấm dứt hoạt động.", "{1} has already ended." },
MSG_kind = { "{1} và {2} khác loại đơn vị nên không sáp nhập được.", "{1} and {2} are units of different kinds." },
MSG_level = { "{1} không dạy cấp {2} của {3}: bổ sung cấp học cho đơn vị tiếp nhận trước.",
	"{1} does not teach {2} as {3} does: add that level to the receiving unit first." },
MSG_approved = { "Quyết định đã duyệt: chọn “Sửa lại” trước khi thay đổi đơn vị tham gia.",
	"The reorganisation is approved: reopen it before changing its units." },
MSG_below = { "Còn {1} đơn vị trực thuộc đang hoạt động: chuyển sang đơn vị quản lý khác trước.",
	"{1} active units stand under it: put them under another unit first." },
MSG_pupils = { "Còn {1} học sinh đang học: chuyển trường cho học sinh trước khi giải thể.",
	"{1} pupils still study there: move them to other schools first." };

#define IN(m) offsetof(struct org_change, m)

struct kin_in { org_id home, unit; };
#define ROW struct kin_in
static const struct shape kin_shape = { sizeof(ROW), FIELDS{ { REF(home, org) }, { REF(unit, org) }, END } };
#undef ROW

enum rc change_parts(struct ctx *c, const struct org_change *k, items *ret)
{
	return find_all(c, &org_change_part, ret, 60, IS({ offsetof(struct org_change_part, change), v_int(k->base.id) }));
}

/* A unit in the reach of whoever decides, of the department that the reorganisation belongs to, and still at work. */
static enum rc unit_open(struct ctx *c, org_id home, org_id unit, col at, struct org *ret)
{
	static const struct grant deciding[] = { { &dept_officer, &in_tree }, { &dept_leader, &in_tree }, { 0 } };
	int64_t kin = 0;

	TRY(find(c, &org, unit.v, ret));
	TRY(query_int(c, "org/under_one_department", &kin_shape, &(struct kin_in){ home, unit }, &kin));
	if (!kin || !allowed(c, deciding, unit))
		return FAILF(c, E_INVALID, at, &MSG_beyond, ret->name);
	return ret->state == ORG_ACTIVE && !ret->base.gone ? OK : FAILF(c, E_INVALID, at, &MSG_ended, ret->name);
}

/* What ends goes into a unit of its kind (a site also into a school) that teaches every level it teaches. */
static enum rc may_receive(struct ctx *c, const struct org *from, const struct org *into, col at)
{
	static const col levels[] = { offsetof(struct org, preschool), offsetof(struct org, primary_),
		offsetof(struct org, lower), offsetof(struct org, upper), offsetof(struct org, continuing) };

	if (from->kind != into->kind && !(from->kind == ORG_SITE && into->kind == ORG_SCHOOL))
		return FAILF(c, E_INVALID, at, &MSG_kind, from->name, into->name);
	for (int i = 0; i < COUNT(levels); i++)
		if (*(const bool *)((const char *)from + levels[i]) && !*(const bool *)((const char *)into + levels[i]))
			return FAILF(c, E_INVALID, at, &MSG_level, into->name, say(c, &field_at(org.fields, levels[i])->label),
				from->name);
	return OK;
}

static bool wants_target(const struct org_change *k)
{
	return k->kind == CHANGE_MERGE || k->kind == CHANGE_MOVE || k->kind == CHANGE_DROP_TIER;
}

static enum rc units_fit(struct ctx *c, const struct org_change *k, struct org *ret_target)
{
	struct org from;

	TRY(unit_open(c, k->base.org, k->subject, IN(subject), &from));
	if (!wants_target(k))
		return OK;
	TRY(unit_open(c, k->base.org, k->target, IN(target), ret_target));
	return k->kind == CHANGE_MERGE ? may_receive(c, &from, ret_target, IN(target)) : OK;
}

enum rc change_makes_sense(struct ctx *c, const void *row)
{
	const struct org_change *k = row;
	struct org target;

	if (wants_target(k) && k->target.v == 0)
		return FAIL(c, E_INVALID, IN(target), &MSG_target);
	if (wants_target(k) && k->target.v == k->subject.v)
		return FAIL(c, E_INVALID, IN(target), &MSG_same);
	if (k->kind == CHANGE_RENAME && k->new_name.n == 0)
		return FAIL(c, E_INVALID, IN(new_name), &MSG_new_name);
	/* what is approved was held against the units by the steps; what is applied has changed them */
	return k->state == CHANGE_DRAFT ? units_fit(c, k, &target) : OK;
}

static enum rc part_fits(struct ctx *c, const struct org_change *k, const struct org *target, org_id id, col at)
{
	struct org part;

	if (id.v == 0)
		return OK;
	TRY(unit_open(c, k->base.org, id, at, &part));
	return k->kind == CHANGE_MERGE ? may_receive(c, &part, target, at) : OK;
}

enum rc change_part_makes_sense(struct ctx *c, const void *row)
{
	const struct org_change_part *p = row;
	struct org_change k;
	struct org target;

	TRY(find(c, &org_change, p->change.v, &k));
	if (k.state != CHANGE_DRAFT)
		return FAIL(c, E_STATE, offsetof(struct org_change_part, change), &MSG_approved);
	if (k.kind == CHANGE_MERGE)
		TRY(find(c, &org, k.target.v, &target));
	return part_fits(c, &k, &target, p->part, offsetof(struct org_change_part, part));
}

struct held { struct ctx *c; struct moves_in in; int64_t n; enum rc rc; };

static void count_held(void *arg, str name, str text, str open)
{
	struct held *h = arg;
	int64_t n = 0;

	(void)text, (void)open;
	if (str_find(name, S("/org_holds_")) <= 0 || h->rc != OK)
		return;
	h->rc = query_int(h->c, str_z(h->c->mem, name), &moves_shape, &h->in, &n);
	h->n += n;
}

/* Nobody receives what a unit that closes still has. */
static enum rc may_close(struct ctx *c, const struct org_change *k)
{
	struct held h = { c, { k->subject, { 0 } }, 0, OK };
	int64_t below = 0;

	TRY(query_int(c, "org/active_below", &moves_shape, &h.in, &below));
	if (below)
		return FAILF(c, E_STATE, IN(subject), &MSG_below, int_text(c->mem, below));
	queries_each(c->app->registry, count_held, &h);
	TRY(h.rc);
	return h.n ? FAILF(c, E_STATE, IN(subject), &MSG_pupils, int_text(c->mem, h.n)) : OK;
}

static enum rc all_fit(struct ctx *c, const struct org_change *k, items *ret_parts)
{
	struct org target;

	TRY(units_fit(c, k, &target));
	TRY(change_parts(c, k, ret_parts));
	for (int64_t i = 0; i < ret_parts->n; i++)
		TRY(part_fits(c, k, &target, ((const struct org_change_part *)ret_parts->p)[i].part, IN(subject)));
	return OK;
}

enum rc change_may_be_approved(struct ctx *c, const void *row)
{
	const struct org_change *k = row;
	items parts;

	if (k->decision.n == 0 || k->decided.v == NO_DAY.v)
		return FAIL(c, E_INVALID, IN(decision), &MSG_number);
	TRY(all_fit(c, k, &parts));
	return k->kind != CHANGE_SPLIT || parts.n >= 2 ? OK : FAIL(c, E_STATE, 0, &MSG_parts);
}

enum rc change_may_be_applied(struct ctx *c, const void *row)
{
	const struct org_change *k = row;
	items parts;

	if (k->effective.v > c->today.v)
		return FAILF(c, E_STATE, IN(effective), &MSG_early, day_text(c->mem, k->effective));
	TRY(all_fit(c, k, &parts));
	return k->kind == CHANGE_CLOSE ? may_close(c, k) : OK;
}
