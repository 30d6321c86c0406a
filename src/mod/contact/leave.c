/* leave.c -- leave requests: who may ask for which days, and what a decision does to the roll. */
#include "mod/contact/contact_in.h"
#include "mod/auth/auth.h"

static const struct tr
MSG_order = { "Ngày cuối phải từ ngày đầu trở đi.", "The last day is not before the first." },
MSG_past = { "Chỉ xin nghỉ được từ {1} ngày trước trở đi.", "Leave can be asked for from {1} days ago on." },
MSG_long = { "Một đơn nhiều nhất {1} ngày; nghỉ dài hơn xin gặp nhà trường.",
	"One request covers {1} days at most; for longer leave please see the school." },
MSG_same = { "Đã có đơn xin nghỉ trùng ngày này.", "There is a request for these days already." },
MSG_same_one = { "Xem đơn {1} đã gửi lúc {2}.", "See the request that {1} sent at {2}." },
MSG_no_lesson = { "Những ngày và buổi này lớp {1} không có tiết học nào, không cần xin nghỉ.",
	"Class {1} has no lessons on these days and parts of the day; no leave is needed." },
MSG_answer = { "Hãy viết lý do không duyệt để gia đình biết.", "Say why, for the family to know." },
MSG_not_studying = { "Học sinh đang không học lớp nào.", "The pupil is in no class." };

enum { DAYS_BACK = 3, DAYS_MOST = 15 };
#define IN(m) offsetof(struct leave_request, m)

#define ROW struct key_in
const struct shape key_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(pupil, person) }, { REF(class, school_class) },
	{ COL(since) }, { COL(until) }, { COL(words) }, { COL(after) }, { REF(school, org) }, END } };
#undef ROW
struct studies { school_class_id class; org_id school; };
#define ROW struct studies
static const struct shape studies_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, { REF(school, org) },
	END } };
#undef ROW
struct held_in { pick session; str name; };
#define ROW struct held_in
static const struct shape held_in_shape = { sizeof(ROW), FIELDS{ { COL(session), .pick = sessions }, { COL(name) },
	END } };
#undef ROW
struct same_row { int64_t id; person_id asker; instant made; };
#define ROW struct same_row
static const struct shape same_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(asker, person) }, { COL(made) },
	END } };
#undef ROW
struct led_by { person_id teacher; org_id school; };
#define ROW struct led_by
static const struct shape led_shape = { sizeof(ROW), FIELDS{ { REF(teacher, person) }, { REF(school, org) }, END } };
#undef ROW

enum rc class_of(struct ctx *c, person_id child, school_class_id *ret, org_id *ret_school)
{
	struct studies at;

	TRY(query_one(c, "contact/studies", &key_shape, &(struct key_in){ .pupil = child }, &studies_shape, &at));
	*ret = at.class;
	*ret_school = at.school;
	return OK;
}

user_id account_of(struct ctx *c, person_id p)
{
	int64_t id = 0;

	if (p.v == 0 || query_int(c, "contact/account", &key_shape, &(struct key_in){ .pupil = p }, &id) != OK)
		id = 0;
	return (user_id){ id };
}

/* Whether the class has lessons in this half of this day, and the request asks for it. */
static bool half_asked(const struct leave_request *r, pick class_session, day d, pick half)
{
	return !day_off(d) && (class_session == 2 || class_session == half) &&
		(r->part == PART_DAY || r->part == half + PART_MORNING);
}

/* Leave from nothing would be agreed to, and then no roll would show it. */
static enum rc has_lessons(struct ctx *c, const struct leave_request *r)
{
	struct held_in k;

	TRY(query_one(c, "contact/session", &key_shape, &(struct key_in){ .class = r->class }, &held_in_shape, &k));
	for (day d = r->first_day; d.v <= r->last_day.v; d.v++)
		for (pick half = 0; half < 2; half++)
			if (half_asked(r, k.session, d, half))
				return OK;
	return FAILF(c, E_INVALID, r->part == PART_DAY ? IN(first_day) : IN(part), &MSG_no_lesson, k.name);
}

enum rc leave_makes_sense(struct ctx *c, const void *row)
{
	const struct leave_request *r = row;
	struct same_row same;

	if (r->base.rev > 0)
		return OK;
	if (r->last_day.v < r->first_day.v)
		return FAIL(c, E_INVALID, IN(last_day), &MSG_order);
	if (r->first_day.v < c->today.v - DAYS_BACK)
		return FAILF(c, E_INVALID, IN(first_day), &MSG_past, TEXT(c, "%d", DAYS_BACK));
	if (r->last_day.v - r->first_day.v >= DAYS_MOST)
		return FAILF(c, E_INVALID, IN(last_day), &MSG_long, TEXT(c, "%d", DAYS_MOST));
	enum rc rc = query_one(c, "contact/leave_same", &key_shape,
		&(struct key_in){ .pupil = r->pupil, .since = r->first_day, .until = r->last_day }, &same_shape, &same);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	FAIL(c, E_CONFLICT, IN(first_day), &MSG_same);
	int n = c->n_problems;
	FAILF(c, E_CONFLICT, 0, &MSG_same_one, title_of(c, &person, same.asker.v), instant_text(c->mem, same.made));
	if (c->n_problems > n)
		c->problems[n].href = link_to(c, "/leave_request/%lld", (long long)same.id);
	return E_CONFLICT;
}

/* Today, or the first day after it that is no day off. */
enum rc leave_today(struct ctx *c, void *row)
{
	day at = c->today;

	while (day_off(at))
		at.v++;
	((struct leave_request *)row)->first_day = at;
	return OK;
}

enum rc leave_one_day(struct ctx *c, void *row)
{
	struct leave_request *r = row;

	(void)c;
	r->last_day = r->first_day;
	return OK;
}

enum rc leave_before(struct ctx *c, void *row)
{
	struct leave_request *r = row;

	if (r->base.rev > 0)
		return OK;
	enum rc rc = class_of(c, r->pupil, &r->class, &r->base.org);
	if (rc == E_MISSING)
		return FAIL(c, E_INVALID, IN(pupil), &MSG_not_studying);
	TRY(rc);
	r->asker = c->who->person;
	return has_lessons(c, r);
}

static str days_text(struct ctx *c, const struct leave_request *r)
{
	return r->first_day.v == r->last_day.v ? day_text(c->mem, r->first_day)
		: TEXT(c, "%.*s – %.*s", FMT(day_text(c->mem, r->first_day)), FMT(day_text(c->mem, r->last_day)));
}

static str link_of(struct ctx *c, const struct leave_request *r)
{
	return TEXT(c, "/leave_request/%lld", (long long)r->base.id);
}

static enum rc tell(struct ctx *c, const struct leave_request *r, person_id who, const struct tr *told)
{
	return note(c, &(struct note){ .to = account_of(c, who), .org = r->base.org, .kind = NOTE_LEAVE }, told,
		ARGS(title_of(c, &person, r->pupil.v), days_text(c, r)), link_of(c, r));
}

/* The form teacher; where nobody would read it there, whoever else decides. */
static enum rc tell_school(struct ctx *c, const struct leave_request *r, const struct tr *told)
{
	struct led_by k;

	TRY(query_one(c, "contact/form_teacher", &key_shape, &(struct key_in){ .class = r->class }, &led_shape, &k));
	if (account_of(c, k.teacher).v)
		return tell(c, r, k.teacher, told);
	str who = title_of(c, &person, r->pupil.v), days = days_text(c, r), link = link_of(c, r);
	TRY(notify_role(c, &principal, r->base.org, told, ARGS(who, days), link));
	return notify_role(c, &clerk, r->base.org, told, ARGS(who, days), link);
}

enum rc leave_after(struct ctx *c, void *row)
{
	static const struct tr told = { "{1} xin nghỉ học {2}.", "{1} asks for leave {2}." };
	const struct leave_request *r = row;

	return r->base.rev == 1 ? tell_school(c, r, &told) : OK;
}

/* answered: the same with the school's words at its end, where there are any. */
static enum rc tell_family(struct ctx *c, const struct leave_request *r, const struct tr *told,
	const struct tr *answered)
{
	return note(c, &(struct note){ .to = account_of(c, r->asker), .org = r->base.org, .kind = NOTE_LEAVE },
		r->answer.n ? answered : told, ARGS(title_of(c, &person, r->pupil.v), days_text(c, r), r->answer),
		link_of(c, r));
}

/* ---- the roll -------------------------------------------------------------------------------------------- */

struct half { const struct leave_request *r; day held; pick session; };

static enum rc absence_at(struct ctx *c, const struct half *h, struct absence *ret)
{
	return find_one(c, &absence, ret, IS({ offsetof(struct absence, pupil), v_int(h->r->pupil.v) },
		{ offsetof(struct absence, held), v_int(h->held.v) },
		{ offsetof(struct absence, session), v_text(str_of(sessions[h->session].code)) }));
}

static enum rc was_called(struct ctx *c, const struct half *h, bool *ret)
{
	struct roll called;
	enum rc rc = find_one(c, &roll, &called, IS({ offsetof(struct roll, class), v_int(h->r->class.v) },
		{ offsetof(struct roll, held), v_int(h->held.v) },
		{ offsetof(struct roll, session), v_text(str_of(sessions[h->session].code)) }));

	*ret = rc == OK;
	return rc == E_MISSING ? OK : rc;
}

/* An absence without leave becomes one with leave. Where the roll says present or late, the roll stands. */
static enum rc excuse(struct ctx *c, const struct half *h, bool *ret_kept)
{
	static const struct tr why = { "Đơn xin nghỉ: {1}", "Leave request: {1}" };
	struct absence a;
	enum rc rc = absence_at(c, h, &a);
	bool called;

	*ret_kept = false;
	if (rc == OK && a.kind == ABS_UNEXCUSED) {
		a.kind = ABS_EXCUSED;
		return update(c, &absence, &a);
	}
	if (rc == OK) {
		*ret_kept = a.kind == ABS_LATE;
		return OK;
	}
	if (rc != E_MISSING)
		return rc;
	TRY(was_called(c, h, &called));
	if (called) {
		*ret_kept = true;
		return OK;
	}
	row_zero(&absence, &a);
	a.base.org = h->r->base.org;
	a.class = h->r->class;
	a.pupil = h->r->pupil;
	a.held = h->held;
	a.session = h->session;
	a.kind = ABS_EXCUSED;
	a.note = sayf(c, &why, ARGS(h->r->reason));
	if (str_chars(a.note) > 300)
		a.note = say(c, &leave_request.label);
	return create(c, &absence, &a);
}

/* Nobody was there yet to see the pupil absent: the days that are still to be called are open again. A roll that was
 * called with the leave in it stands. */
static enum rc take_back(struct ctx *c, const struct half *h, bool *ret_kept)
{
	struct absence a;
	bool called;

	*ret_kept = false;
	TRY(was_called(c, h, &called));
	enum rc rc = absence_at(c, h, &a);
	if (rc == E_MISSING)
		return OK;
	TRY(rc);
	*ret_kept = called && a.kind == ABS_EXCUSED;
	if (called)
		return OK;
	return a.kind == ABS_EXCUSED ? retire(c, &absence, a.base.id, a.base.rev) : OK;
}

/* Every half day of the request on which the class has lessons; Sundays and holidays are left out. kept: the days
 * that the step left as they were. */
static enum rc each_half(struct ctx *c, const struct leave_request *r, pick class_session,
	enum rc one(struct ctx *, const struct half *, bool *), struct buf *kept)
{
	for (day d = r->first_day; d.v <= r->last_day.v; d.v++) {
		for (pick s = 0; s < 2; s++) {
			bool stands;
			if (!half_asked(r, class_session, d, s))
				continue;
			TRY(one(c, &(struct half){ r, d, s }, &stands));
			if (stands)
				put_fmt(kept, "%s%.*s (%s)", kept->n ? ", " : "", FMT(day_text(c->mem, d)),
					s ? "chiều" : "sáng");
		}
	}
	return OK;
}

static enum rc over_days(struct ctx *c, struct leave_request *r,
	enum rc one(struct ctx *, const struct half *, bool *))
{
	const struct actor *who = as_system(c, "a leave request and the roll");
	struct school_class k;
	struct buf kept;

	buf_init(&kept, c->mem, 4096);
	enum rc rc = find(c, &school_class, r->class.v, &k);
	if (rc == OK)
		rc = each_half(c, r, k.session, one, &kept);
	as_actor(c, who);
	TRY(rc);
	r->kept = str_chars(buf_str(&kept)) > 500 ? str_sub(buf_str(&kept), 0, 480) : buf_str(&kept);
	return OK;
}

enum rc leave_approve(struct ctx *c, void *row)
{
	static const struct tr told = { "Nhà trường đồng ý cho {1} nghỉ học {2}.",
		"The school approves the leave of {1}, {2}." },
		answered = { "Nhà trường đồng ý cho {1} nghỉ học {2}: {3}", "The school approves the leave of {1}, {2}: {3}" };
	struct leave_request *r = row;

	TRY(over_days(c, r, excuse));
	return tell_family(c, r, &told, &answered);
}

enum rc leave_answered(struct ctx *c, const void *row)
{
	return str_trim(((const struct leave_request *)row)->answer).n ? OK : FAIL(c, E_INVALID, IN(answer), &MSG_answer);
}

enum rc leave_refuse(struct ctx *c, void *row)
{
	static const struct tr told = { "Nhà trường chưa đồng ý đơn xin nghỉ của {1}, {2}: {3}",
		"The school does not approve the leave of {1}, {2}: {3}" };

	return tell_family(c, row, &told, &told);
}

enum rc leave_withdraw(struct ctx *c, void *row)
{
	static const struct tr told = { "Gia đình rút đơn xin nghỉ của {1}, {2}.",
		"The family withdraws the leave of {1}, {2}." };
	struct leave_request *r = row;

	TRY(over_days(c, r, take_back));
	return tell_school(c, r, &told);
}

/* ---- another school --------------------------------------------------------------------------------------------- */

/* What the old school was asked, or agreed to, for days to come ends there: its rolls will not call the pupil, and the
 * new school has not been asked. The family is told to ask it. */
enum rc leave_carry(struct ctx *c, person_id who, org_id from, org_id to)
{
	static const struct tr why = { "Em chuyển trường; những ngày còn lại xin nghỉ ở trường mới.",
		"The pupil changed school; for the days to come the new school is asked." },
		told = { "{1} chuyển trường nên đơn xin nghỉ {2} hết hiệu lực: hãy xin nghỉ ở trường mới.",
		"{1} changed school, so the leave of {2} ends: please ask the new school." };
	items got;

	(void)to;
	TRY(find_all(c, &leave_request, &got, 50, IS({ offsetof(struct leave_request, pupil), v_int(who.v) })));
	for (int64_t i = 0; i < got.n; i++) {
		struct leave_request r = ((const struct leave_request *)got.p)[i];
		if (r.base.org.v != from.v || r.last_day.v <= c->today.v ||
			(r.state != LEAVE_ASKED && r.state != LEAVE_APPROVED))
			continue;
		TRY(over_days(c, &r, take_back));
		r.state = LEAVE_WITHDRAWN;
		r.answer = say(c, &why);
		TRY(amend(c, &leave_request, &r));
		TRY(tell(c, &r, r.asker, &told));
	}
	return OK;
}
