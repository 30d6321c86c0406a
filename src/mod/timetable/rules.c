/* rules.c -- what rows of this module must hold. */
#include "mod/timetable/timetable_rules.h"

static const struct tr
	MSG_time = { "Giờ viết như 07:00.", "Write the time as 07:00." },
	MSG_order = { "Giờ hết tiết phải sau giờ vào tiết.", "A lesson ends after it begins." },
	MSG_since = { "Ngày áp dụng phải nằm trong năm học.", "The day must lie in the school year." },
	MSG_clash = { "{1}, {2}: {3} có hai lớp cùng lúc ({4}, {5}). Sửa rồi ban hành lại.",
		"{1}, {2}: {3} has two classes at once ({4}, {5}). Mend it, then publish." },
	MSG_none = { "Thời khóa biểu chưa có tiết nào.", "The timetable has no lesson yet." },
	MSG_locked = { "Thời khóa biểu đã ban hành thì không sửa: mở lại, hoặc sao thành bản mới.",
		"A published timetable is not changed: reopen it, or copy it to a new one." },
	MSG_class = { "Lớp không thuộc trường và năm học của thời khóa biểu.",
		"The class is not of the timetable's school and year." },
	MSG_needs = { "Cần chọn giáo viên và môn cho tiết này.", "Choose a teacher and a subject for this lesson." },
	MSG_needs_free = { "Cần chọn giáo viên dạy tiết này. Đang trống tiết: {1}.",
		"Choose who takes this lesson. Free then: {1}." },
	MSG_teaches = { "{1} đã dạy lớp {2} {3} ngày {4}.", "{1} already teaches class {2}: {3} on {4}." },
	MSG_teaches_free = { "{1} đã dạy lớp {2} {3} ngày {4}. Đang trống tiết: {5}.",
		"{1} already teaches class {2}: {3} on {4}. Free then: {5}." },
	MSG_sunday = { "Ngày {1} là Chủ nhật: lớp không có tiết nào.", "{1} is a Sunday: the class has no lesson." },
	MSG_holiday = { "Ngày {1} là ngày nghỉ lễ: lớp không có tiết nào. Thêm tiết thì chọn "
		"“Dạy bù, dạy thêm tiết” và môn.",
		"{1} is a public holiday: the class has no lesson. For one more, choose an extra lesson and a subject." },
	MSG_no_table = { "Ngày {1} chưa có thời khóa biểu nào được ban hành.", "No timetable is in force on {1}." },
	MSG_no_day = { "{1} ngày {2} lớp không có tiết nào trong thời khóa biểu.",
		"{1}, {2}: the class has no lesson in the timetable." },
	MSG_day_has = { "Lớp không có {1} vào {2} ngày {3}; ngày ấy có: {4}. Thêm tiết thì chọn "
		"“Dạy bù, dạy thêm tiết” và môn.",
		"The class has no {1} on {2}, {3}; it has: {4}. For one more, choose an extra lesson and a subject." },
	MSG_instead = { "Tiết của bạn ngày {1}, {2}, lớp {3}: {4} dạy thay.",
		"Your lesson on {1}, {2}, class {3}: {4} takes it." },
	MSG_off = { "Tiết của bạn ngày {1}, {2}, lớp {3} nghỉ.", "Your lesson on {1}, {2}, class {3} is cancelled." },
	MSG_uncovered = { "Bạn không còn phải dạy thay ngày {1}, {2}, lớp {3}.",
		"You no longer take the lesson on {1}, {2}, class {3}." },
	MSG_covered = { "Bạn được phân công dạy {1}, {2}, lớp {3}.", "You are to teach on {1}, {2}, class {3}." };

#define ROW struct tt_in
const struct shape tt_in_shape = { sizeof(ROW), FIELDS{ { COL(timetable) }, { COL(class) }, { COL(teacher) },
	{ COL(room) }, { COL(school) }, { COL(year) }, { COL(subject) }, { COL(slot) },
	{ COL(weekday), .pick = weekdays }, { COL(first) }, { COL(last) }, END } };
#undef ROW
#define ROW struct tt_n
const struct shape tt_n_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(org) }, END } };
#undef ROW
#define ROW struct lesson_class
static const struct shape lesson_class_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(year) },
	{ COL(name) }, END } };
#undef ROW

enum rc lesson_class(struct ctx *c, school_class_id class, struct lesson_class *ret)
{
	return query_one(c, "timetable/class_of", &tt_in_shape, &(struct tt_in){ .class = class.v },
		&lesson_class_shape, ret);
}

/* Minutes since midnight of "07:00" or "7:00"; -1: not a time. */
static int64_t minutes(str s)
{
	str h, m;
	int64_t hours, rest;

	if (!str_cut(s, ':', &h, &m) || m.n != 2 || h.n < 1 || h.n > 2 || !str_to_int(h, &hours) || !str_to_int(m, &rest))
		return -1;
	return hours >= 0 && hours < 24 && rest >= 0 && rest < 60 ? hours * 60 + rest : -1;
}

enum rc bell_makes_sense(struct ctx *c, const void *row)
{
	const struct bell *b = row;

	if (minutes(b->begins) < 0)
		return FAIL(c, E_INVALID, offsetof(struct bell, begins), &MSG_time);
	if (minutes(b->ends) < 0)
		return FAIL(c, E_INVALID, offsetof(struct bell, ends), &MSG_time);
	return minutes(b->begins) < minutes(b->ends) ? OK : FAIL(c, E_INVALID, offsetof(struct bell, ends), &MSG_order);
}

enum rc timetable_year(struct ctx *c, void *row)
{
	struct timetable *t = row;
	struct tt_n y = { 0 };
	enum rc rc = query_one(c, "timetable/year_now", NULL, NULL, &tt_n_shape, &y);

	if (rc == OK && t->year.v == 0)
		t->year.v = y.n;
	return rc == E_MISSING ? OK : rc;
}

enum rc timetable_makes_sense(struct ctx *c, const void *row)
{
	const struct timetable *t = row;
	struct school_year y;

	TRY(find(c, &school_year, t->year.v, &y));
	if (t->since.v < y.since.v || t->since.v > y.until.v)
		return FAIL(c, E_INVALID, offsetof(struct timetable, since), &MSG_since);
	return OK;
}

struct clash_row { str who; pick weekday; int64_t slot; str one, other; };
#define ROW struct clash_row
static const struct shape clash_shape = { sizeof(ROW), FIELDS{ { COL(who) }, { COL(weekday), .pick = weekdays },
	{ COL(slot) }, { COL(one) }, { COL(other) }, END } };
#undef ROW

enum rc timetable_fits(struct ctx *c, const void *row)
{
	const struct timetable *t = row;
	struct tt_in in = { .timetable = t->base.id };
	struct tt_n n = { 0 };
	items got;

	TRY(query_one(c, "timetable/lessons_of", &tt_in_shape, &in, &tt_n_shape, &n));
	if (n.n == 0)
		return FAIL(c, E_STATE, 0, &MSG_none);
	TRY(query(c, "timetable/clashes", &tt_in_shape, &in, &clash_shape, &got, 5));
	for (int64_t i = 0; i < got.n; i++) {
		const struct clash_row *k = (const struct clash_row *)got.p + i;
		FAILF(c, E_STATE, 0, &MSG_clash, say(c, &weekdays[k->weekday].label), slot_text(c, k->slot), k->who, k->one,
			k->other);
	}
	return got.n ? E_STATE : OK;
}

/* ---- lessons --------------------------------------------------------------------------------------------- */

/* Where a row names none, an import say: the school's newest draft. */
enum rc lesson_draft(struct ctx *c, void *row)
{
	struct lesson *l = row;
	struct tt_n t = { 0 };
	int64_t school = c->here.org.v ? c->here.org.v : seat_org(c, &clerk).v ? seat_org(c, &clerk).v
		: seat_org(c, &principal).v ? seat_org(c, &principal).v : seat_org(c, &deputy).v;
	enum rc rc = query_one(c, "timetable/draft", &tt_in_shape, &(struct tt_in){ .school = school }, &tt_n_shape, &t);

	if (rc == OK)
		l->timetable.v = t.n;
	return rc == E_MISSING ? OK : rc;
}

enum rc lesson_makes_sense(struct ctx *c, const void *row)
{
	const struct lesson *l = row;
	struct timetable t;
	struct lesson_class k;

	TRY(find(c, &timetable, l->timetable.v, &t));
	TRY(lesson_class(c, l->class, &k));
	if (t.state != TIMETABLE_DRAFT)
		return FAIL(c, E_STATE, offsetof(struct lesson, timetable), &MSG_locked);
	if (k.org.v != t.base.org.v || k.year != t.year.v)
		return FAIL(c, E_INVALID, offsetof(struct lesson, class), &MSG_class);
	return OK;
}

enum rc lesson_org(struct ctx *c, void *row)
{
	struct lesson *l = row;
	struct lesson_class k;

	TRY(lesson_class(c, l->class, &k));
	l->base.org = k.org;
	l->place = lesson_place(l->weekday, l->slot);
	return OK;
}

#define ROW struct free_row
static const struct shape free_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(alike) }, END } };
#undef ROW

/* ---- covers ----------------------------------------------------------------------------------------------- */

static bool taken(const struct cover *x) { return x->kind != COVER_CANCELLED && x->teacher.v; }

/* Who teaches the subject comes first. */
enum rc free_then(struct ctx *c, org_id school, const struct week_lesson *l, items *ret, int64_t max)
{
	struct tt_in in = { .school = school.v, .first = l->held, .slot = l->slot, .subject = l->subject,
		.weekday = (pick)(day_week(l->held) - 1) };

	return query(c, "timetable/free", &tt_in_shape, &in, &free_shape, ret, max);
}

/* Teachers of the school who take no lesson in that slot, as many as a message holds. */
static enum rc who_is_free(struct ctx *c, const struct cover *x, str *ret)
{
	struct week_lesson at = { .held = x->held, .slot = x->slot, .subject = x->subject.v };
	items got;
	struct buf b;

	buf_init(&b, c->mem, 4000);
	TRY(free_then(c, x->base.org, &at, &got, 12));
	for (int64_t i = 0; i < got.n; i++)
		put_fmt(&b, "%s%.*s", i ? ", " : "", FMT(((const struct free_row *)got.p)[i].name));
	*ret = buf_str(&b);
	return OK;
}

enum rc cover_makes_sense(struct ctx *c, const void *row)
{
	const struct cover *x = row;
	struct cover at = *x;
	struct lesson_class k;
	str free_ = { 0 };

	if (x->kind != COVER_CANCELLED && x->teacher.v == 0) {
		TRY(lesson_class(c, x->class, &k));
		at.base.org = k.org;
		TRY(who_is_free(c, &at, &free_));
		return free_.n ? FAILF(c, E_INVALID, offsetof(struct cover, teacher), &MSG_needs_free, free_)
			: FAIL(c, E_INVALID, offsetof(struct cover, teacher), &MSG_needs);
	}
	if (x->kind == COVER_EXTRA && x->subject.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct cover, subject), &MSG_needs);
	return OK;
}

/* Why the class has no such lesson that day. */
static enum rc no_lesson(struct ctx *c, const struct cover *x, const items *all, bool none)
{
	str date = day_text(c->mem, x->held), weekday = say(c, &weekdays[day_week(x->held) - 1].label);
	struct buf b;

	buf_init(&b, c->mem, 2000);
	for (int64_t i = 0; i < all->n; i++)
		if (((const struct week_lesson *)all->p)[i].teacher || ((const struct week_lesson *)all->p)[i].subject)
			put_fmt(&b, "%s%.*s", b.n ? ", " : "", FMT(slot_text(c, ((const struct week_lesson *)all->p)[i].slot)));
	if (b.n)
		return FAILF(c, E_INVALID, offsetof(struct cover, slot), &MSG_day_has, slot_text(c, x->slot), weekday, date,
			buf_str(&b));
	if (none)
		return FAILF(c, E_INVALID, offsetof(struct cover, held), &MSG_no_table, date);
	if (holiday(x->held))
		return FAILF(c, E_INVALID, offsetof(struct cover, held), &MSG_holiday, date);
	if (day_week(x->held) == 7)
		return FAILF(c, E_INVALID, offsetof(struct cover, held), &MSG_sunday, date);
	return FAILF(c, E_INVALID, offsetof(struct cover, held), &MSG_no_day, weekday, date);
}

/* The lesson that the timetable has then. */
static enum rc lesson_then(struct ctx *c, const struct cover *x, org_id school, struct week_lesson *ret)
{
	struct week_ask ask = { .school = school.v, .class = x->class.v, .monday = x->held, .days = 1 };
	items all;
	bool none;

	TRY(week_lessons(c, &ask, &all, &none));
	for (int64_t i = 0; i < all.n; i++)
		if (((const struct week_lesson *)all.p)[i].slot == x->slot && ((const struct week_lesson *)all.p)[i].teacher) {
			*ret = ((const struct week_lesson *)all.p)[i];
			return OK;
		}
	return no_lesson(c, x, &all, none);
}

/* Nobody teaches two classes at once: not a lesson of one's own, nor another that one takes. */
static enum rc taker_is_free(struct ctx *c, const struct cover *x)
{
	struct week_ask ask = { .school = x->base.org.v, .teacher = x->teacher.v, .monday = x->held, .days = 1 };
	str free_ = { 0 };
	items all;
	bool none;

	if (x->kind == COVER_CANCELLED || x->teacher.v == 0)
		return OK;
	TRY(week_lessons(c, &ask, &all, &none));
	for (int64_t i = 0; i < all.n; i++) {
		const struct week_lesson *l = (const struct week_lesson *)all.p + i;
		if (l->slot != x->slot || l->taker != x->teacher.v || l->class == x->class.v)
			continue;
		TRY(who_is_free(c, x, &free_));
		return FAILF(c, E_INVALID, offsetof(struct cover, teacher), free_.n ? &MSG_teaches_free : &MSG_teaches,
			title_of(c, &person, x->teacher.v), l->class_name, slot_text(c, x->slot), day_text(c->mem, x->held), free_);
	}
	return OK;
}

enum rc cover_org(struct ctx *c, void *row)
{
	struct cover *x = row, was;
	struct week_lesson l = { 0 };
	struct lesson_class k;

	TRY(lesson_class(c, x->class, &k));
	x->base.org = k.org;
	if (x->base.rev) {
		TRY(find(c, &cover, x->base.id, &was));
		if (taken(&was) && (was.teacher.v != x->teacher.v || was.held.v != x->held.v || was.slot != x->slot))
			TRY(cover_turned(c, &(struct cover){ .base.gone = true, .class = was.class, .held = was.held,
				.slot = was.slot, .kind = was.kind, .teacher = was.teacher }));
	}
	if (x->kind != COVER_EXTRA && !x->subject.v) {
		TRY(lesson_then(c, x, k.org, &l));
		x->subject.v = l.subject;
	}
	return taker_is_free(c, x);
}

user_id login_of(struct ctx *c, int64_t teacher_)
{
	struct tt_n to = { 0 };

	if (teacher_ == 0 || query_one(c, "timetable/account_of", &tt_in_shape, &(struct tt_in){ .teacher = teacher_ },
		&tt_n_shape, &to) != OK)
		to.n = 0;
	return (user_id){ to.n };
}

/* To a teacher's account, with the week of that day; whoever arranges it oneself knows. */
static enum rc tell_teacher(struct ctx *c, const struct cover *x, int64_t who, const struct tr *text)
{
	user_id to = login_of(c, who);

	if (to.v == 0 || to.v == c->who->user.v)
		return OK;
	return notify(c, to, text, ARGS(day_text(c->mem, x->held), slot_text(c, x->slot),
		title_of(c, &school_class, x->class.v), title_of(c, &person, x->teacher.v)),
		TEXT(c, "/schedule/teacher/%lld?on_day=%.*s", (long long)who, FMT(day_iso(c->mem, x->held))));
}

/* Who is to teach hears of it, who no longer is, and who stands in the timetable. */
enum rc cover_tell(struct ctx *c, void *row)
{
	const struct cover *x = row;
	struct week_ask ask = { .school = x->base.org.v, .class = x->class.v, .monday = x->held, .days = 1 };
	items all;
	bool none;

	if (c->who->system)                      /* who writes several at once tells of them together */
		return OK;
	if (taken(x))
		TRY(tell_teacher(c, x, x->teacher.v, &MSG_covered));
	if (x->kind == COVER_EXTRA)
		return OK;
	TRY(week_lessons(c, &ask, &all, &none));
	for (int64_t i = 0; i < all.n; i++) {
		const struct week_lesson *l = (const struct week_lesson *)all.p + i;
		if (l->slot == x->slot && l->teacher && l->teacher != x->teacher.v)
			return tell_teacher(c, x, l->teacher, taken(x) ? &MSG_instead : &MSG_off);
	}
	return OK;
}

enum rc cover_turned(struct ctx *c, void *row)
{
	const struct cover *x = row;

	return taken(x) ? tell_teacher(c, x, x->teacher.v, x->base.gone ? &MSG_uncovered : &MSG_covered) : OK;
}
