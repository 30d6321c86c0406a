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
MSG_split_kind = { "{1} và {2} khác loại đơn vị: chia tách chỉ giao cho đơn vị cùng loại.",
	"{1} and {2} are units of different kinds: a division gives to units of its kind only." },
MSG_level = { "{1} không dạy cấp {2} của {3}: bổ sung cấp học cho đơn vị tiếp nhận trước.",
	"{1} does not teach {2} as {3} does: add that level to the receiving unit first." },
MSG_circle = { "{1} đang trực thuộc {2}: không nhận được đơn vị cấp trên của mình.",
	"{1} stands under {2}: it cannot receive the unit above it." },
MSG_whole = { "{1} quản lý cả ngành: không chia tách, không giải thể ở đây.",
	"{1} manages the whole sector: it is not divided or closed here." },
MSG_tier = { "{1} không phải là một cấp trung gian: chỉ bỏ phòng GD&ĐT hoặc UBND xã, phường.",
	"{1} is no tier: only a bureau or a commune office is dropped." },
MSG_no_manager = { "{1} không quản lý được {2}: chọn đơn vị cấp trên (Sở, phòng, UBND xã, phường).",
	"{1} cannot manage {2}: choose a unit above it (department, bureau, commune office)." },
MSG_is_subject = { "{1} chính là đơn vị thay đổi: chọn đơn vị khác.",
	"{1} is the unit that changes: choose another one." },
MSG_is_target = { "{1} đã là đơn vị tiếp nhận: chọn đơn vị khác.",
	"{1} is the receiving unit already: choose another one." },
MSG_twice = { "{1} đã có trong các đơn vị tham gia.", "{1} is among the units concerned already." },
MSG_takes_none = { "Chỉ sáp nhập và chia tách có thêm đơn vị tham gia.",
	"Only a merger and a division have further units." },
MSG_existing = { "Chọn đơn vị cùng sáp nhập.", "Choose the unit that merges too." },
MSG_one_of = { "Chọn đơn vị đã có hoặc nhập tên đơn vị mới.", "Choose an existing unit or enter a new one's name." },
MSG_both = { "Đã chọn đơn vị có sẵn thì để trống tên mới.", "With an existing unit chosen, leave the new name empty." },
MSG_before = { "{1} có từ ngày {2}: ngày hiệu lực không thể trước ngày ấy.",
	"{1} is there since {2}: the change cannot take effect before." },
MSG_placed = { "{1} thuộc đơn vị quản lý hiện nay từ ngày {2}: ngày hiệu lực không thể trước ngày ấy.",
	"{1} stands where it does since {2}: the change cannot take effect before." },
MSG_bounds = { "Ngày hiệu lực phải trong khoảng từ {1} đến {2}.", "The day of effect lies between {1} and {2}." },
MSG_decided = { "Ngày quyết định không thể sau hôm nay ({1}): quyết định đã ký mới ghi số và ngày.",
	"The day of the decision is not after today ({1}): number and day are written once it is signed." },
MSG_decided_before = { "Ngày quyết định không thể trước {1}.", "The day of the decision is not before {1}." },
MSG_approved = { "Quyết định đã duyệt: chọn “Sửa lại” trước khi thay đổi đơn vị tham gia.",
	"The reorganisation is approved: reopen it before changing its units." },
MSG_below = { "Còn {1} đơn vị trực thuộc đang hoạt động: chuyển sang đơn vị quản lý khác trước.",
	"{1} active units stand under it: put them under another unit first." },
MSG_pupils = { "Còn {1} học sinh đang học: chuyển trường cho học sinh trước khi giải thể.",
	"{1} pupils still study there: move them to other schools first." };

#define IN(m) offsetof(struct org_change, m)
#define PART(m) offsetof(struct org_change_part, m)

struct kin_in { org_id home, unit; };
#define ROW struct kin_in
static const struct shape kin_shape = { sizeof(ROW), FIELDS{ { REF(home, org) }, { REF(unit, org) }, END } };
#undef ROW

enum rc change_parts(struct ctx *c, const struct org_change *k, items *ret)
{
	return find_all(c, &org_change_part, ret, 60, IS({ offsetof(struct org_change_part, change), v_int(k->base.id) }));
}

/* Not before there was a ministry to decide it (2 September 1945), and two years ahead, as plans of a network of
 * schools name their years: what lies beyond is a slip of the pen. */
enum { FIRST_DAY = -8887, AHEAD_DAYS = 731 };

static enum rc day_fits(struct ctx *c, const struct org_change *k)
{
	const day first = { FIRST_DAY }, last = { c->today.v + AHEAD_DAYS };

	return k->effective.v >= first.v && k->effective.v <= last.v ? OK
		: FAILF(c, E_INVALID, IN(effective), &MSG_bounds, day_text(c->mem, first), day_text(c->mem, last));
}

/* On the day of effect the unit is there, and where it stands now if its place is what changes. */
static enum rc was_there(struct ctx *c, const struct org_change *k, const struct org *o, col at)
{
	const bool is_target = o->base.id == k->target.v, tier = k->kind == CHANGE_DROP_TIER,
		placed = !is_target && k->kind != CHANGE_RENAME && k->kind != CHANGE_CLOSE;
	struct tree_edge edge = { .child = { o->base.id }, .parent = { tier ? o->base.id : 0 } };
	int64_t since = TREE_BEGINNING.v;

	if (o->since.v != NO_DAY.v && k->effective.v < o->since.v)
		return FAILF(c, E_INVALID, at, &MSG_before, o->name, day_text(c->mem, o->since));
	if (placed)
		TRY(query_int(c, "org/placed_since", &tree_edge_shape, &edge, &since));
	return k->effective.v >= since ? OK : FAILF(c, E_INVALID, at, &MSG_placed, o->name,
		day_text(c->mem, (day){ (int32_t)since }));
}

/* A unit in the reach of whoever decides, of the department that the reorganisation belongs to, still at work, and
 * there on the day of effect; `when`: the field to say that at. */
static enum rc unit_open(struct ctx *c, const struct org_change *k, org_id unit, col at, col when, struct org *ret)
{
	static const struct grant deciding[] = { { &dept_officer, &in_tree }, { &dept_leader, &in_tree }, { 0 } };
	int64_t kin = 0;

	TRY(find(c, &org, unit.v, ret));
	TRY(query_int(c, "org/under_one_department", &kin_shape, &(struct kin_in){ k->base.org, unit }, &kin));
	if (!kin || !allowed(c, deciding, unit))
		return FAILF(c, E_INVALID, at, &MSG_beyond, ret->name);
	if (ret->state != ORG_ACTIVE || ret->base.gone)
		return FAILF(c, E_INVALID, at, &MSG_ended, ret->name);
	return was_there(c, k, ret, when);
}

/* Nothing goes into what stands below it. */
static enum rc no_circle(struct ctx *c, const struct org *from, const struct org *into, col at)
{
	struct moves_in in = { { from->base.id }, { into->base.id } };
	int64_t circle = 0;

	TRY(query_int(c, "org/preview_circle", &moves_shape, &in, &circle));
	return circle ? FAILF(c, E_INVALID, at, &MSG_circle, into->name, from->name) : OK;
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
	return no_circle(c, from, into, at);
}

static bool wants_target(const struct org_change *k)
{
	return k->kind == CHANGE_MERGE || k->kind == CHANGE_MOVE || k->kind == CHANGE_DROP_TIER;
}

static enum rc subject_fits(struct ctx *c, const struct org_change *k, const struct org *from)
{
	if ((k->kind == CHANGE_SPLIT || k->kind == CHANGE_CLOSE) && from->kind <= ORG_DEPARTMENT)
		return FAILF(c, E_INVALID, IN(subject), &MSG_whole, from->name);
	if (k->kind == CHANGE_DROP_TIER && from->kind != ORG_BUREAU && from->kind != ORG_COMMUNE)
		return FAILF(c, E_INVALID, IN(subject), &MSG_tier, from->name);
	return OK;
}

/* A merger's target receives; otherwise it manages what is put under it: the subject, or the tier's units. */
static enum rc target_fits(struct ctx *c, const struct org_change *k, const struct org *from, const struct org *into)
{
	const pick above = k->kind == CHANGE_DROP_TIER ? ORG_SCHOOL : from->kind;

	if (k->kind == CHANGE_MERGE)
		return may_receive(c, from, into, IN(target));
	TRY(no_circle(c, from, into, IN(target)));
	return into->kind < above ? OK : FAILF(c, E_INVALID, IN(target), &MSG_no_manager, into->name, from->name);
}

/* The subject and, where the kind wants one, the target. */
struct concerned { struct org from, into; };

static enum rc units_fit(struct ctx *c, const struct org_change *k, struct concerned *ret)
{
	TRY(day_fits(c, k));
	TRY(unit_open(c, k, k->subject, IN(subject), IN(effective), &ret->from));
	TRY(subject_fits(c, k, &ret->from));
	if (!wants_target(k))
		return OK;
	TRY(unit_open(c, k, k->target, IN(target), IN(effective), &ret->into));
	return target_fits(c, k, &ret->from, &ret->into);
}

static bool same_part(const struct org_change_part *a, const struct org_change_part *b)
{
	return a->part.v ? a->part.v == b->part.v : !b->part.v && str_eq(a->new_name, b->new_name);
}

/* A unit beside subject and target: no third role for one of them, nor the same one twice; it gives to the target
 * of a merger, and takes from the subject of a division. */
static enum rc part_fits(struct ctx *c, const struct org_change *k, const struct concerned *u, const items *parts,
	const struct org_change_part *p, col at)
{
	struct org part = { .name = p->new_name };

	for (int64_t i = 0; i < parts->n; i++) {
		const struct org_change_part *other = (const struct org_change_part *)parts->p + i;

		if (other->base.id != p->base.id && same_part(other, p))
			return FAILF(c, E_INVALID, at, &MSG_twice, p->part.v ? title_of(c, &org, p->part.v) : p->new_name);
	}
	if (p->part.v == 0)
		return k->kind == CHANGE_MERGE ? FAIL(c, E_INVALID, at, &MSG_existing) : OK;
	TRY(unit_open(c, k, p->part, at, at, &part));
	if (p->part.v == k->subject.v)
		return FAILF(c, E_INVALID, at, &MSG_is_subject, part.name);
	if (k->kind == CHANGE_MERGE)
		return p->part.v == k->target.v ? FAILF(c, E_INVALID, at, &MSG_is_target, part.name)
			: may_receive(c, &part, &u->into, at);
	if (k->kind != CHANGE_SPLIT)
		return OK;
	return part.kind == u->from.kind ? may_receive(c, &u->from, &part, at)
		: FAILF(c, E_INVALID, at, &MSG_split_kind, u->from.name, part.name);
}

static enum rc all_fit(struct ctx *c, const struct org_change *k, col at, items *ret_parts)
{
	struct concerned u;

	TRY(units_fit(c, k, &u));
	TRY(change_parts(c, k, ret_parts));
	for (int64_t i = 0; i < ret_parts->n; i++)
		TRY(part_fits(c, k, &u, ret_parts, (const struct org_change_part *)ret_parts->p + i, at));
	return OK;
}

enum rc change_decided_ok(struct ctx *c, const void *row)
{
	const struct org_change *k = row;

	if (k->decided.v > c->today.v)
		return FAILF(c, E_INVALID, IN(decided), &MSG_decided, day_text(c->mem, c->today));
	return k->decided.v >= FIRST_DAY ? OK
		: FAILF(c, E_INVALID, IN(decided), &MSG_decided_before, day_text(c->mem, (day){ FIRST_DAY }));
}

enum rc change_name_ok(struct ctx *c, const void *row)
{
	return visible_name(c, offsetof(struct org_change, new_name), ((const struct org_change *)row)->new_name);
}

enum rc change_part_name_ok(struct ctx *c, const void *row)
{
	return visible_name(c, offsetof(struct org_change_part, new_name), ((const struct org_change_part *)row)->new_name);
}

enum rc change_makes_sense(struct ctx *c, const void *row)
{
	const struct org_change *k = row;
	struct concerned u;
	items parts;

	if (wants_target(k) && k->target.v == 0)
		return FAIL(c, E_INVALID, IN(target), &MSG_target);
	if (wants_target(k) && k->target.v == k->subject.v)
		return FAIL(c, E_INVALID, IN(target), &MSG_same);
	if (k->kind == CHANGE_RENAME && k->new_name.n == 0)
		return FAIL(c, E_INVALID, IN(new_name), &MSG_new_name);
	/* what is approved was held against the units by the steps; what is applied has changed them */
	if (k->state != CHANGE_DRAFT)
		return OK;
	return k->base.rev > 0 ? all_fit(c, k, wants_target(k) ? IN(target) : IN(subject), &parts) : units_fit(c, k, &u);
}

enum rc change_part_makes_sense(struct ctx *c, const void *row)
{
	const struct org_change_part *p = row;
	struct org_change k;
	struct concerned u;
	items parts;

	TRY(find(c, &org_change, p->change.v, &k));
	if (k.state != CHANGE_DRAFT)
		return FAIL(c, E_STATE, PART(change), &MSG_approved);
	if (k.kind != CHANGE_MERGE && k.kind != CHANGE_SPLIT)
		return FAIL(c, E_INVALID, PART(change), &MSG_takes_none);
	if (k.kind == CHANGE_SPLIT && !p->part.v && !p->new_name.n)
		return FAIL(c, E_INVALID, PART(part), &MSG_one_of);
	if (p->part.v && p->new_name.n)
		return FAIL(c, E_INVALID, PART(new_name), &MSG_both);
	TRY(find(c, &org, k.subject.v, &u.from));
	if (k.kind == CHANGE_MERGE)
		TRY(find(c, &org, k.target.v, &u.into));
	TRY(change_parts(c, &k, &parts));
	return part_fits(c, &k, &u, &parts, p, p->part.v || k.kind == CHANGE_MERGE ? PART(part) : PART(new_name));
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

enum rc change_may_be_approved(struct ctx *c, const void *row)
{
	const struct org_change *k = row;
	items parts;

	if (k->decision.n == 0 || k->decided.v == NO_DAY.v)
		return FAIL(c, E_INVALID, IN(decision), &MSG_number);
	TRY(all_fit(c, k, IN(subject), &parts));
	return k->kind != CHANGE_SPLIT || parts.n >= 2 ? OK : FAIL(c, E_STATE, 0, &MSG_parts);
}

enum rc change_may_be_applied(struct ctx *c, const void *row)
{
	const struct org_change *k = row;
	items parts;

	if (k->effective.v > c->today.v)
		return FAILF(c, E_STATE, IN(effective), &MSG_early, day_text(c->mem, k->effective));
	TRY(all_fit(c, k, IN(subject), &parts));
	return k->kind == CHANGE_CLOSE ? may_close(c, k) : OK;
}
