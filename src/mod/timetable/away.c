/* away.c -- a teacher who is away for some days: every lesson of those days with who could take it, saved together. */
#include "mod/timetable/timetable_rules.h"

static const struct tr
	MSG_order = { "Ngày cuối phải từ ngày đầu trở đi.", "The last day is not before the first." },
	MSG_long = { "Mỗi lần xếp nhiều nhất {1} ngày.", "At most {1} days at a time." },
	MSG_taker = { "Chọn lại người dạy thay.", "Choose again who takes the lesson." },
	MSG_not_here = { "Giáo viên này không dạy ở trường.", "This teacher does not teach at the school." },
	MSG_saved = { "Đã xếp {1} tiết.", "{1} lessons arranged." },
	MSG_left = { "Đã xếp {1} tiết, còn {2} tiết chưa có người.", "{1} lessons arranged, {2} are left." },
	MSG_covers = { "Bạn được phân công dạy thay {1} tiết của {2}, từ {3}.", "You take {1} lessons of {2}, from {3}." },
	MSG_covered_for = { "Nhà trường đã xếp {1} tiết của bạn từ {2} cho người khác dạy hoặc nghỉ.",
		"The school has given {1} of your lessons from {2} to others, or cancelled them." };
enum { AWAY_DAYS = 31, AWAY_LESSONS = 80, FREE_MOST = 200 };

#define ROW struct away_cell
static const struct shape away_cell_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { COL(held), .is = NEEDED, .label = { "Ngày", "Day" } },
	{ COL(slot), .is = NEEDED, .min = 1, .max = SLOTS_DAY, .label = { "Tiết", "Lesson" } },
	{ COL(taker), .max = 20, .label = { "Giáo viên dạy", "Teacher" } }, END } };
#undef ROW
#define ROW struct away_in
const struct shape away_in_shape = { sizeof(ROW), FIELDS{ { REF(teacher, person),
	.label = { "Giáo viên nghỉ", "Teacher away" } }, { COL(first), .label = { "Nghỉ từ ngày", "First day" } },
	{ COL(last), .label = { "Đến hết ngày", "Last day" } },
	{ REF(by, person), .label = { "Người dạy thay", "Substitute" } },
	{ COL(reason), .max = 300, .label = { "Lý do", "Reason" } },
	{ MANY(cells, away_cell_shape), .max = AWAY_LESSONS, .label = { "Các tiết", "Lessons" } }, END } };
#undef ROW
#define ROW struct away_option
static const struct shape away_option_shape = { sizeof(ROW), FIELDS{ { COL(value) }, { COL(label) }, { COL(chosen) },
	END } };
#undef ROW
#define ROW struct away_line
static const struct shape away_line_shape = { sizeof(ROW), FIELDS{ { COL(i) }, { COL(class) }, { COL(slot) },
	{ COL(held) }, { COL(when) }, { COL(slot_name) }, { COL(class_name) }, { COL(subject) }, { COL(note) },
	{ COL(off) }, { MANY(options, away_option_shape) }, END } };
#undef ROW
#define ROW struct away_view
const struct shape away_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(first) }, { COL(last) }, { COL(reason) },
	{ COL(wrong) }, { COL(teacher) }, { COL(by) }, { COL(asked) }, { COL(none) }, { COL(n) },
	{ MANY(teachers, away_option_shape) },
	{ MANY(takers, away_option_shape) }, { MANY(lines, away_line_shape) }, END } };
#undef ROW

struct person_row { int64_t id; str name, more; };
#define ROW struct person_row
static const struct shape person_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(more) }, END } };
#undef ROW

static str id_text(struct ctx *c, int64_t id) { return TEXT(c, "%lld", (long long)id); }

static org_id office_of(struct ctx *c)
{
	return c->here.org.v ? c->here.org : seat_org(c, &clerk).v ? seat_org(c, &clerk)
		: seat_org(c, &principal).v ? seat_org(c, &principal) : seat_org(c, &deputy);
}

static items people(struct ctx *c, const items *all, int64_t chosen, int64_t but)
{
	struct away_option *v = NEWS(c->mem, struct away_option, all->n + 1);
	int64_t n = 0;

	for (int64_t i = 0; i < all->n; i++) {
		const struct person_row *p = (const struct person_row *)all->p + i;
		if (p->id != but)
			v[n++] = (struct away_option){ id_text(c, p->id), p->name, p->id == chosen };
	}
	return (items){ v, n };
}

/* What stands chosen for a lesson: what was typed, else what was arranged, else the one who takes all if free. */
static str chosen_for(struct ctx *c, const struct away_in *in, const struct week_lesson *l, const items *free_)
{
	for (int64_t i = 0; i < in->cells.n; i++) {
		const struct away_cell *x = (const struct away_cell *)in->cells.p + i;
		if (x->class.v == l->class && x->held.v == l->held.v && x->slot == l->slot)
			return x->taker;
	}
	if (l->changed)
		return l->off && l->taker == 0 ? S("off") : l->taker != in->teacher.v ? id_text(c, l->taker) : S("");
	for (int64_t i = 0; i < free_->n; i++)
		if (((const struct free_row *)free_->p)[i].id == in->by.v)
			return id_text(c, in->by.v);
	return S("");
}

static enum rc options_for(struct ctx *c, const struct away_in *in, org_id school, const struct week_lesson *l,
	items *ret)
{
	static const struct tr open_ = { "– Chưa xếp –", "– Not yet –" }, off = { "Nghỉ tiết", "Cancelled" },
		alike = { "{1} (cùng môn)", "{1} (same subject)" };
	struct away_option *v;
	items free_;
	int64_t n = 0;

	TRY(free_then(c, school, l, &free_, FREE_MOST));
	str want = chosen_for(c, in, l, &free_);
	v = NEWS(c->mem, struct away_option, free_.n + 3);
	v[n++] = (struct away_option){ S(""), say(c, &open_), want.n == 0 };
	v[n++] = (struct away_option){ S("off"), say(c, &off), str_is(want, "off") };
	bool found = want.n == 0 || str_is(want, "off");
	for (int64_t i = 0; i < free_.n; i++) {
		const struct free_row *f = (const struct free_row *)free_.p + i;
		str id = id_text(c, f->id);
		if (f->id == in->teacher.v)
			continue;
		v[n++] = (struct away_option){ id, f->alike ? sayf(c, &alike, ARGS(f->name)) : f->name, str_eq(id, want) };
		found = found || str_eq(id, want);
	}
	if (!found && l->taker && str_eq(id_text(c, l->taker), want))      /* takes it, and so is not free */
		v[n++] = (struct away_option){ want, l->taker_name, true };
	*ret = (items){ v, n };
	return OK;
}

/* What is wrong with the days; NULL: nothing. */
static const struct tr *range_wrong(const struct away_in *in)
{
	return in->last.v < in->first.v ? &MSG_order : in->last.v - in->first.v >= AWAY_DAYS ? &MSG_long : NULL;
}

/* The lessons of those days that the teacher has in the timetable or has taken on. */
static enum rc lessons_away(struct ctx *c, const struct away_in *in, org_id school, items *ret)
{
	struct week_ask ask = { .school = school.v, .teacher = in->teacher.v, .monday = in->first,
		.days = in->last.v - in->first.v + 1 };
	bool none;

	return week_lessons(c, &ask, ret, &none);
}

static enum rc away_lines(struct ctx *c, const struct away_in *in, org_id school, struct away_view *out)
{
	items all;

	TRY(lessons_away(c, in, school, &all));
	struct away_line *v = NEWS(c->mem, struct away_line, AWAY_LESSONS);
	for (int64_t i = 0; i < all.n && i < AWAY_LESSONS; i++) {
		const struct week_lesson *l = (const struct week_lesson *)all.p + i;
		v[i] = (struct away_line){ .i = i, .class = l->class, .slot = l->slot, .held = day_iso(c->mem, l->held),
			.when = TEXT(c, "%.*s %.*s", FMT(say(c, &weekdays[day_week(l->held) - 1].label)),
				FMT(str_sub(day_text(c->mem, l->held), 0, 5))), .slot_name = slot_text(c, l->slot),
			.class_name = l->class_name, .subject = l->subject_name, .note = l->note };
		TRY(options_for(c, in, school, l, &v[i].options));
		out->n++;
	}
	out->lines = (items){ v, out->n };
	out->none = out->n == 0;
	return OK;
}

enum rc away_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Xếp dạy thay nhiều tiết", "Substitutes for several lessons" };
	struct away_in in = *(const struct away_in *)in_;
	struct away_view *out = out_;
	org_id school = office_of(c);
	items all;

	if (in.first.v == NO_DAY.v)
		in.first = c->today;
	if (in.last.v == NO_DAY.v)
		in.last = (day){ monday_of(in.first).v + 5 < in.first.v ? in.first.v : monday_of(in.first).v + 5 };
	out->title = say(c, &title);
	out->first = day_text(c->mem, in.first);
	out->last = day_text(c->mem, in.last);
	out->reason = in.reason;
	out->teacher = in.teacher.v;
	out->by = in.by.v;
	TRY(query(c, "timetable/teachers", &tt_in_shape, &(struct tt_in){ .school = school.v }, &person_row_shape, &all,
		FREE_MOST));
	out->teachers = people(c, &all, in.teacher.v, 0);
	out->takers = people(c, &all, in.by.v, in.teacher.v);
	const struct tr *wrong = range_wrong(&in);
	out->wrong = wrong ? sayf(c, wrong, ARGS(TEXT(c, "%d", AWAY_DAYS))) : (str){ 0 };
	out->asked = in.teacher.v && !wrong;
	return out->asked ? away_lines(c, &in, school, out) : OK;
}

/* ---- saving ----------------------------------------------------------------------------------------------------- */

struct away_count { int64_t taker, n; };

static void counted(struct away_count *all, int64_t taker)
{
	while (all->n && all->taker != taker)
		all++;
	all->taker = taker;
	all->n++;
}

static enum rc cover_at(struct ctx *c, const struct away_cell *x, struct cover *ret)
{
	return find_one(c, &cover, ret, IS({ offsetof(struct cover, class), v_int(x->class.v) },
		{ offsetof(struct cover, held), v_int(x->held.v) }, { offsetof(struct cover, slot), v_int(x->slot) }));
}

/* Left open: what was arranged for it before is taken back. */
static enum rc away_open(struct ctx *c, const struct away_in *in, const struct away_cell *x,
	const struct week_lesson *l)
{
	struct cover row;

	if (!l->changed || l->taker == in->teacher.v)
		return OK;
	TRY(cover_at(c, x, &row));
	return retire(c, &cover, row.base.id, row.base.rev);
}

/* An arrangement that stands is left alone. */
static enum rc away_cell(struct ctx *c, const struct away_in *in, int64_t i, org_id school,
	const struct week_lesson *l, struct away_count *counts)
{
	const struct away_cell *x = (const struct away_cell *)in->cells.p + i;
	struct cover row;
	int64_t who = 0;

	if (x->taker.n == 0)
		return away_open(c, in, x, l);
	if (!str_is(x->taker, "off") && (!str_to_int(x->taker, &who) || who == in->teacher.v))
		return fail_item(c, E_INVALID, "cells", i, "taker", &MSG_taker, NULL, 0);
	enum rc rc = cover_at(c, x, &row);
	bool had = rc == OK;
	if (rc != OK && rc != E_MISSING)
		return rc;
	if (!had)
		row_zero(&cover, &row);
	pick kind = who == 0 ? COVER_CANCELLED : had && row.kind == COVER_EXTRA ? COVER_EXTRA : COVER_TAUGHT;
	if (had && row.teacher.v == who && row.kind == kind)
		return OK;
	row.base.org = school;
	row.class = x->class;
	row.held = x->held;
	row.slot = x->slot;
	row.subject.v = l->subject;
	row.kind = kind;
	row.teacher.v = who;
	row.reason = in->reason.n ? in->reason : row.reason;
	if (!may(c, &cover, had ? UPDATE : CREATE, &row))
		return E_DENIED;
	const struct actor *office = as_system(c, "several covers, which the actor may write, are told of together");
	rc = had ? update(c, &cover, &row) : create(c, &cover, &row);
	as_actor(c, office);
	if (rc == OK)
		counted(counts, who);
	return rc;
}

static enum rc away_tell(struct ctx *c, const struct away_in *in, const struct away_count *counts, int64_t n)
{
	str first = day_text(c->mem, in->first), iso = day_iso(c->mem, in->first);
	user_id to;

	for (const struct away_count *k = counts; k->n; k++)
		if ((to = login_of(c, k->taker)).v && to.v != c->who->user.v)
			TRY(notify(c, to, &MSG_covers, ARGS(int_text(c->mem, k->n), title_of(c, &person, in->teacher.v), first),
				TEXT(c, "/schedule/teacher/%lld?on_day=%.*s", (long long)k->taker, FMT(iso))));
	to = login_of(c, in->teacher.v);
	return n && to.v && to.v != c->who->user.v ? notify(c, to, &MSG_covered_for, ARGS(int_text(c->mem, n), first),
		TEXT(c, "/schedule/teacher/%lld?on_day=%.*s", (long long)in->teacher.v, FMT(iso))) : OK;
}

static const struct week_lesson *lesson_of(const items *all, const struct away_cell *x)
{
	for (int64_t i = 0; i < all->n; i++) {
		const struct week_lesson *l = (const struct week_lesson *)all->p + i;
		if (l->class == x->class.v && l->held.v == x->held.v && l->slot == x->slot)
			return l;
	}
	return NULL;
}

enum rc away_post(struct ctx *c, const void *in_, void *out)
{
	const struct away_in *in = in_;
	struct away_count *counts = NEWS(c->mem, struct away_count, AWAY_LESSONS + 1);
	struct tt_n at = { 0 };
	int64_t n = 0, left = 0;
	items all;

	(void)out;
	if (range_wrong(in))
		return FAILF(c, E_INVALID, offsetof(struct away_in, last), range_wrong(in), TEXT(c, "%d", AWAY_DAYS));
	TRY(query_one(c, "timetable/teacher_school", &tt_in_shape, &(struct tt_in){ .teacher = in->teacher.v }, &tt_n_shape,
		&at));
	if (at.n == 0)
		return FAIL(c, E_INVALID, offsetof(struct away_in, teacher), &MSG_not_here);
	TRY(lessons_away(c, in, (org_id){ at.org }, &all));
	for (int64_t i = 0; i < in->cells.n; i++) {
		const struct away_cell *x = (const struct away_cell *)in->cells.p + i;
		const struct week_lesson *l = lesson_of(&all, x);
		left += !l || x->taker.n == 0;
		if (l)
			TRY(away_cell(c, in, i, (org_id){ at.org }, l, counts));
	}
	for (const struct away_count *k = counts; k->n; k++)
		n += k->n;
	TRY(away_tell(c, in, counts, n));
	c->said = sayf(c, left ? &MSG_left : &MSG_saved, ARGS(int_text(c->mem, n), int_text(c->mem, left)));
	c->go = link_to(c, "/schedule/teacher/%lld?on_day=%.*s", (long long)in->teacher.v, FMT(day_iso(c->mem, in->first)));
	return OK;
}
