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
	MSG_no_lesson = { "Lớp không có tiết này trong thời khóa biểu; chọn môn nếu vẫn muốn ghi.",
		"The timetable has no such lesson; choose a subject to note it all the same." },
	MSG_covered = { "Bạn được phân công dạy {1}, {2}, lớp {3}.", "You are to teach on {1}, {2}, class {3}." };

#define ROW struct tt_in
const struct shape tt_in_shape = { sizeof(ROW), FIELDS{ { COL(timetable) }, { COL(class) }, { COL(teacher) },
	{ COL(room) }, { COL(school) }, { COL(year) }, { COL(slot) }, { COL(weekday), .pick = weekdays }, { COL(first) },
	{ COL(last) }, END } };
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
		: seat_org(c, &principal).v;
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

/* ---- covers ----------------------------------------------------------------------------------------------- */

enum rc cover_makes_sense(struct ctx *c, const void *row)
{
	const struct cover *x = row;

	if (x->kind != COVER_CANCELLED && x->teacher.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct cover, teacher), &MSG_needs);
	if (x->kind == COVER_EXTRA && x->subject.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct cover, subject), &MSG_needs);
	return OK;
}

/* The lesson that the timetable has then; subject 0: none. */
static enum rc lesson_then(struct ctx *c, const struct cover *x, org_id school, struct week_lesson *ret)
{
	struct week_ask ask = { .school = school.v, .class = x->class.v, .monday = x->held, .days = 1 };
	items all;
	bool none;

	*ret = (struct week_lesson){ 0 };
	TRY(week_lessons(c, &ask, &all, &none));
	for (int64_t i = 0; i < all.n; i++)
		if (((const struct week_lesson *)all.p)[i].slot == x->slot && ((const struct week_lesson *)all.p)[i].teacher)
			*ret = ((const struct week_lesson *)all.p)[i];
	return OK;
}

enum rc cover_org(struct ctx *c, void *row)
{
	struct cover *x = row;
	struct week_lesson l;
	struct lesson_class k;

	TRY(lesson_class(c, x->class, &k));
	x->base.org = k.org;
	if (x->kind == COVER_EXTRA || x->subject.v)
		return OK;
	TRY(lesson_then(c, x, k.org, &l));
	if (!l.subject)
		return FAIL(c, E_INVALID, offsetof(struct cover, slot), &MSG_no_lesson);
	x->subject.v = l.subject;
	return OK;
}

/* Who is to teach hears of it. */
enum rc cover_tell(struct ctx *c, void *row)
{
	const struct cover *x = row;
	struct tt_n to = { 0 };

	if (x->kind == COVER_CANCELLED || x->teacher.v == 0)
		return OK;
	enum rc rc = query_one(c, "timetable/account_of", &tt_in_shape, &(struct tt_in){ .teacher = x->teacher.v },
		&tt_n_shape, &to);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	return notify(c, (user_id){ to.n }, &MSG_covered, ARGS(day_text(c->mem, x->held), slot_text(c, x->slot),
		title_of(c, &school_class, x->class.v)), TEXT(c, "/schedule/teacher/%lld?on_day=%.*s",
		(long long)x->teacher.v, FMT(day_iso(c->mem, x->held))));
}
