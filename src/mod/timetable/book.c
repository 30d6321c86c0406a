/* book.c -- the class register of lessons, sổ đầu bài: each lesson of a week, what was taught, who was absent, how the
 * class worked (Thông tư 32/2020/TT-BGDĐT, Điều 21: one of the school's books). Written by who taught it. */
#include "mod/timetable/timetable_rules.h"

#include <stdlib.h>

static const struct tr
	MSG_saved = { "Đã ghi sổ đầu bài.", "Lesson recorded." },
	MSG_not_yours = { "Tiết này không do bạn dạy.", "This lesson is not yours." },
	MSG_not_today = { "Hôm nay bạn không dạy tiết nào của lớp này, nên không điểm danh được.",
		"You take no lesson of this class today, so you cannot call its roll." },
	MSG_future = { "Chưa thể ghi sổ đầu bài cho ngày sau hôm nay.", "A lesson to come cannot be recorded." },
	MSG_old = { "Chỉ ghi được sổ đầu bài trong {1} ngày gần đây.", "Lessons of the last {1} days can be recorded." },
	MSG_title = { "Sổ đầu bài lớp {1}", "Lesson record of {1}" };
enum { RECORDS_MOST = 200, RECORD_DAYS = 14, LINE_TEXT = 500, LINE_TYPED = 4000 };

/* Behind on_day: a line that was written and refused, which is shown again with its words, too many of them too. */
struct book_in { school_class_id class; day on_day, held; int64_t slot, number; str content, absentees, remark,
	grade; };
#define ROW struct book_in
const struct shape register_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { COL(on_day), .label = { "Ngày", "Day" } },
	{ COL(held), .label = { "Ngày", "Day" } }, { COL(slot), .label = { "Tiết", "Lesson" } },
	{ COL(number), .label = { "Tiết theo kế hoạch", "Number in the plan" } },
	{ COL(content), .max = LINE_TYPED, .label = { "Nội dung, tên bài", "Content" } },
	{ COL(absentees), .max = LINE_TYPED, .label = { "Học sinh vắng", "Absent" } },
	{ COL(remark), .max = LINE_TYPED, .label = { "Nhận xét", "Remark" } },
	{ COL(grade), .max = 10, .label = { "Xếp loại", "Rating" } }, END } };
#undef ROW
struct record_row { int64_t id, rev; day held; int64_t slot, subject; str subject_name, teacher_name; int64_t number;
	str content, absentees, remark, grade; };
#define ROW struct record_row
static const struct shape record_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, { COL(held) },
	{ COL(slot) }, { COL(subject) }, { COL(subject_name) }, { COL(teacher_name) }, { COL(number) }, { COL(content) },
	{ COL(absentees) }, { COL(remark) }, { COL(grade) }, END } };
#undef ROW
#define ROW struct line_view
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(day_text) }, { COL(day_iso) }, { COL(slot_name) },
	{ COL(subject) }, { COL(teacher) }, { COL(note) }, { COL(content) }, { COL(absentees) }, { COL(remark) },
	{ COL(grade) }, { COL(id_text) }, { COL(slot) }, { COL(subject_id) }, { COL(id) }, { COL(number) }, { COL(span) },
	{ COL(first) },
	{ COL(written) }, { COL(may_write) }, { COL(off) }, { COL(typed) }, { COL(is_a) }, { COL(is_b) }, { COL(is_c) },
	{ COL(is_d) }, END } };
#undef ROW
#define ROW struct book_view
const struct shape book_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(week) }, { COL(before) }, { COL(after) },
	{ COL(monday) }, { COL(name) }, { COL(form_teacher) }, { COL(class) }, { COL(n) }, { COL(n_written) },
	{ COL(none) }, { MANY(lines, line_shape) }, END } };
#undef ROW

static str grade_text(struct ctx *c, str code)
{
	static const struct { const char *code; struct tr label; } all[] = { { "a", { "Tốt", "Good" } },
		{ "b", { "Khá", "Fair" } }, { "c", { "Trung bình", "Average" } }, { "d", { "Yếu", "Weak" } } };

	for (int i = 0; i < (int)COUNT(all); i++)
		if (str_is(code, all[i].code))
			return say(c, &all[i].label);
	return (str){ 0 };
}

static const struct record_row *record_at(const items *all, day held, int64_t slot)
{
	for (int64_t i = 0; i < all->n; i++) {
		const struct record_row *r = (const struct record_row *)all->p + i;
		if (r->held.v == held.v && r->slot == slot)
			return r;
	}
	return NULL;
}

static struct line_view line_of(struct ctx *c, const struct week_lesson *l, const struct record_row *r, day before)
{
	bool mine = l->taker == c->who->person.v && l->taker;
	struct line_view v = { .day_text = TEXT(c, "%.*s %.*s", FMT(say(c, &weekdays[day_week(l->held) - 1].label)),
		FMT(str_sub(day_text(c->mem, l->held), 0, 5))), .day_iso = day_iso(c->mem, l->held),
		.slot_name = slot_text(c, l->slot), .subject = l->subject_name, .teacher = l->taker_name.n ? l->taker_name
		: l->teacher_name, .note = l->note, .slot = l->slot, .subject_id = l->subject,
		.first = l->held.v != before.v, .off = l->off,
		.may_write = !r && !l->off && mine && l->held.v <= c->today.v && l->held.v > c->today.v - RECORD_DAYS,
		.id_text = TEXT(c, "%d-%lld", l->held.v, (long long)l->slot) };

	if (r) {
		v.subject = r->subject_name;
		v.teacher = r->teacher_name;
		v.content = r->content;
		v.absentees = r->absentees;
		v.remark = r->remark;
		v.grade = grade_text(c, r->grade);
		v.number = r->number;
		v.id = r->id;
		v.written = true;
	}
	return v;
}

static int by_place(const void *a_, const void *b_)
{
	const struct week_lesson *a = a_, *b = b_;

	return a->held.v != b->held.v ? (a->held.v < b->held.v ? -1 : 1) : a->slot < b->slot ? -1 : a->slot > b->slot;
}

/* The week's lessons, and what was recorded of lessons that a timetable of now no longer has: none is lost. */
static items lines_due(struct ctx *c, const items *lessons, const items *records)
{
	struct week_lesson *v = NEWS(c->mem, struct week_lesson, lessons->n + records->n + 1);
	int64_t n = lessons->n;

	memcpy(v, lessons->p, (size_t)lessons->n * sizeof *v);
	for (int64_t i = 0; i < records->n; i++) {
		const struct record_row *r = (const struct record_row *)records->p + i;
		bool known = false;
		for (int64_t j = 0; j < lessons->n && !known; j++)
			known = v[j].held.v == r->held.v && v[j].slot == r->slot;
		if (!known)
			v[n++] = (struct week_lesson){ .held = r->held, .slot = r->slot, .subject = r->subject };
	}
	qsort(v, (size_t)n, sizeof *v, by_place);
	return (items){ v, n };
}

enum rc book_fill(struct ctx *c, const struct lesson_class *k, day on_day, struct book_view *out)
{
	static const struct tr week = { "Tuần {1} – {2}", "Week {1} – {2}" };
	struct week_ask ask = { .school = k->org.v, .class = k->id, .days = 7,
		.monday = monday_of(on_day.v == NO_DAY.v ? c->today : on_day) };
	struct tt_in in = { .class = k->id, .first = ask.monday, .last = { ask.monday.v + 6 } };
	items lessons, records;
	bool none;
	day before = NO_DAY;
	int64_t first = 0;

	TRY(week_lessons(c, &ask, &lessons, &none));
	TRY(query(c, "timetable/records", &tt_in_shape, &in, &record_row_shape, &records, RECORDS_MOST));
	lessons = lines_due(c, &lessons, &records);
	struct line_view *v = NEWS(c->mem, struct line_view, lessons.n + 1);
	for (int64_t i = 0; i < lessons.n; i++) {
		const struct week_lesson *l = (const struct week_lesson *)lessons.p + i;
		v[i] = line_of(c, l, record_at(&records, l->held, l->slot), before);
		before = l->held;
		first = v[i].first ? i : first;
		v[first].span++;
		out->n_written += v[i].written;
		out->n += !l->off;
	}
	out->lines = (items){ v, lessons.n };
	out->none = lessons.n == 0;
	out->class = k->id;
	out->name = k->name;
	out->monday = day_iso(c->mem, ask.monday);
	out->week = sayf(c, &week, ARGS(day_text(c->mem, ask.monday), day_text(c->mem, in.last)));
	out->before = day_iso(c->mem, (day){ ask.monday.v - 7 });
	out->after = day_iso(c->mem, (day){ ask.monday.v + 7 });
	return OK;
}

/* What was typed into the line before it was refused. */
static void typed_again(struct ctx *c, const struct book_in *in, struct line_view *v)
{
	if (!v->may_write || v->slot != in->slot || in->held.v == NO_DAY.v ||
		!str_eq(v->day_iso, day_iso(c->mem, in->held)))
		return;
	v->typed = true;
	v->number = in->number;
	v->content = in->content;
	v->absentees = in->absentees;
	v->remark = in->remark;
	v->is_a = str_is(in->grade, "a");
	v->is_b = str_is(in->grade, "b");
	v->is_c = str_is(in->grade, "c");
	v->is_d = str_is(in->grade, "d");
}

enum rc book_get(struct ctx *c, const void *in_, void *out_)
{
	const struct book_in *in = in_;
	struct book_view *out = out_;
	struct school_class row;
	struct lesson_class k;

	TRY(find(c, &school_class, in->class.v, &row));
	TRY(lesson_class(c, in->class, &k));
	out->title = sayf(c, &MSG_title, ARGS(k.name));
	TRY(book_fill(c, &k, in->on_day.v != NO_DAY.v ? in->on_day : in->held, out));
	for (int64_t i = 0; i < out->lines.n; i++)
		typed_again(c, in, (struct line_view *)(uintptr_t)out->lines.p + i);
	return OK;
}

/* ---- one line written ----------------------------------------------------------------------------------------- */

#define ROW struct book_post
static const struct choice grades_in[] = { { "none", { "Chưa xếp loại", "Not rated" } }, { "a", { "Tốt", "Good" } },
	{ "b", { "Khá", "Fair" } }, { "c", { "Trung bình", "Average" } }, { "d", { "Yếu", "Weak" } }, END };
const struct shape book_post_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { COL(held), .is = NEEDED, .label = { "Ngày", "Day" } },
	{ COL(slot), .is = NEEDED, .min = 1, .max = SLOTS_DAY, .label = { "Tiết", "Lesson" } },
	{ REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(number), .max = 1000, .label = { "Tiết theo kế hoạch", "Number in the plan" } },
	{ COL(content), .is = NEEDED, .max = LINE_TEXT, .label = { "Nội dung, tên bài", "Content" } },
	{ COL(absentees), .max = LINE_TEXT, .label = { "Học sinh vắng", "Absent" } },
	{ COL(remark), .max = LINE_TEXT, .label = { "Nhận xét", "Remark" } },
	{ COL(grade), .pick = grades_in, .label = { "Xếp loại", "Rating" } }, END } };
#undef ROW

/* A line is put right as long as it could be written; after that the book stands as the head of the school saw it. */
enum rc record_in_time(struct ctx *c, const void *row)
{
	const struct lesson_record *r = row;

	return r->base.rev == 0 || r->held.v > c->today.v - RECORD_DAYS ? OK
		: FAILF(c, E_STATE, 0, &MSG_old, TEXT(c, "%d", RECORD_DAYS));
}

/* The lesson stands in the timetable of that day as the actor's, or he covers it. */
static enum rc is_mine(struct ctx *c, const struct book_post *in, const struct lesson_class *k)
{
	struct week_ask ask = { .school = k->org.v, .class = k->id, .monday = in->held, .days = 1 };
	items all;
	bool none;

	TRY(week_lessons(c, &ask, &all, &none));
	for (int64_t i = 0; i < all.n; i++) {
		const struct week_lesson *l = (const struct week_lesson *)all.p + i;
		if (l->slot == in->slot && l->taker == c->who->person.v && l->taker)
			return OK;
	}
	return FAIL(c, E_DENIED, 0, &MSG_not_yours);
}

/* ---- the roll of a class taken for another ------------------------------------------------------------------- */

static const char lent_why[] = "a substitute has no assignment to the class; today's lesson was held against the actor";

/* The half of today in which the actor takes a lesson of the class, the one asked for if there are both; on any other
 * day the right has ended. */
static enum rc lent_today(struct ctx *c, school_class_id class, day on, pick asked, pick *ret)
{
	struct week_ask ask = { .class = class.v, .monday = c->today, .days = 1 };
	struct lesson_class k;
	items all;
	bool none, found = false;

	TRY(lesson_class(c, class, &k));
	ask.school = k.org.v;
	if (on.v == NO_DAY.v || on.v == c->today.v)
		TRY(week_lessons(c, &ask, &all, &none));
	else
		all.n = 0;
	for (int64_t i = 0; i < all.n; i++) {
		const struct week_lesson *l = (const struct week_lesson *)all.p + i;
		pick half = 1 + (l->slot > SLOTS_HALF);
		if (l->taker != c->who->person.v || !l->taker || (found && half != asked))
			continue;
		*ret = half;
		found = true;
	}
	return found ? OK : FAIL(c, E_DENIED, 0, &MSG_not_today);
}

enum rc lent_sheet(struct ctx *c, const void *in_, void *out_)
{
	struct roll_ask in = *(const struct roll_ask *)in_;
	struct roll_sheet *out = out_;

	TRY(lent_today(c, in.class, in.on_day, in.session, &in.session));
	in.on_day = c->today;
	const struct actor *who = as_system(c, lent_why);
	enum rc rc = attendance_sheet(c, &in, out);
	as_actor(c, who);
	out->lent = true;
	out->action = link_to(c, "/lessonbook/%lld/roll", (long long)in.class.v);
	out->back = link_to(c, "/schedule/teacher/%lld", (long long)c->who->person.v);
	return rc;
}

enum rc lent_call(struct ctx *c, const void *in_, void *out)
{
	struct call_in in = *(const struct call_in *)in_;

	TRY(lent_today(c, in.class, in.on_day, in.session, &in.session));
	in.on_day = c->today;
	const struct actor *who = as_system(c, lent_why);
	enum rc rc = attendance_call(c, &in, out);
	as_actor(c, who);
	c->go = link_to(c, "/schedule/teacher/%lld", (long long)c->who->person.v);
	return rc;
}

enum rc book_post(struct ctx *c, const void *in_, void *out)
{
	const struct book_post *in = in_;
	struct lesson_record r;
	struct lesson_class k;

	(void)out;
	if (in->held.v > c->today.v)
		return FAIL(c, E_INVALID, offsetof(struct book_post, held), &MSG_future);
	if (in->held.v <= c->today.v - RECORD_DAYS)
		return FAILF(c, E_INVALID, offsetof(struct book_post, held), &MSG_old, TEXT(c, "%d", RECORD_DAYS));
	TRY(lesson_class(c, in->class, &k));
	TRY(is_mine(c, in, &k));
	row_zero(&lesson_record, &r);
	r.base.org = k.org;
	r.class = in->class;
	r.held = in->held;
	r.slot = in->slot;
	r.subject = in->subject;
	r.number = in->number;
	r.content = in->content;
	r.absentees = in->absentees;
	r.remark = in->remark;
	r.grade = in->grade;
	const struct actor *who = as_system(c,
		"a substitute has no assignment to the class; the lesson was held against the actor");
	r.teacher = who->person;
	enum rc rc = create(c, &lesson_record, &r);
	as_actor(c, who);
	c->said = say(c, &MSG_saved);
	c->go = link_to(c, "/lessonbook/%lld?on_day=%.*s", (long long)k.id, FMT(day_iso(c->mem, in->held)));
	return rc;
}

/* ---- /lessonbook: whose books, how far -------------------------------------------------------------------------- */

struct count_row { int64_t class, n; };
#define ROW struct count_row
static const struct shape count_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(n) }, END } };
#undef ROW
struct mine_row { int64_t class; day held; int64_t slot; };
#define ROW struct mine_row
static const struct shape mine_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(held) }, { COL(slot) }, END } };
#undef ROW
struct class_link { int64_t id; str name, more; };
#define ROW struct class_link
static const struct shape class_link_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(more) }, END } };
#undef ROW
struct book_line { int64_t id; str name, more; int64_t written; };
#define ROW struct book_line
static const struct shape book_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(more) },
	{ COL(written) }, END } };
#undef ROW
struct due_view { int64_t class; str class_name, subject, when, day_iso; };
#define ROW struct due_view
static const struct shape due_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(class_name) }, { COL(subject) },
	{ COL(when) }, { COL(day_iso) }, END } };
#undef ROW
#define ROW struct books_view
const struct shape books_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) }, { COL(n_due) },
	{ MANY(due, due_shape) }, { MANY(classes, book_line_shape) }, END } };
#undef ROW

/* The actor's lessons since Monday of last week that nobody recorded. */
static enum rc books_due(struct ctx *c, struct books_view *out)
{
	struct week_ask ask = { .teacher = c->who->person.v, .monday = { monday_of(c->today).v - 7 } };
	struct tt_in in = { .first = ask.monday, .last = c->today };
	items lessons, have;
	bool none;
	org_id school;

	if (teacher_seen(c, c->who->person, &school) != OK)
		return OK;
	ask.school = school.v;
	ask.days = c->today.v - ask.monday.v + 1;
	TRY(week_lessons(c, &ask, &lessons, &none));
	TRY(query(c, "timetable/records_of", &tt_in_shape, &in, &mine_shape, &have, RECORDS_MOST));
	struct due_view *v = NEWS(c->mem, struct due_view, lessons.n + 1);
	for (int64_t i = 0; i < lessons.n; i++) {
		const struct week_lesson *l = (const struct week_lesson *)lessons.p + i;
		bool done = l->off;
		for (int64_t j = 0; j < have.n && !done; j++) {
			const struct mine_row *m = (const struct mine_row *)have.p + j;
			done = m->class == l->class && m->held.v == l->held.v && m->slot == l->slot;
		}
		if (!done)
			v[out->n_due++] = (struct due_view){ l->class, l->class_name, l->subject_name, TEXT(c, "%.*s %.*s, %.*s",
				FMT(say(c, &weekdays[day_week(l->held) - 1].label)), FMT(str_sub(day_text(c->mem, l->held), 0, 5)),
				FMT(slot_text(c, l->slot))), day_iso(c->mem, l->held) };
	}
	out->due = (items){ v, out->n_due };
	return OK;
}

enum rc book_home(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Sổ đầu bài", "Lesson records" };
	struct books_view *out = out_;
	struct tt_n year = { 0 };
	items classes, counts;

	(void)in_;
	out->title = say(c, &title);
	enum rc rc = query_one(c, "timetable/year_now", NULL, NULL, &tt_n_shape, &year);
	if (rc != OK && rc != E_MISSING)
		return rc;
	org_id at = c->here.org.v ? c->here.org : seat_org(c, &principal).v ? seat_org(c, &principal)
		: seat_org(c, &deputy).v ? seat_org(c, &deputy)
		: seat_org(c, &clerk).v ? seat_org(c, &clerk) : seat_org(c, &teacher).v ? seat_org(c, &teacher)
		: seat_org(c, &form_teacher);
	struct tt_in in = { .school = at.v, .year = year.n, .first = monday_of(c->today), .last = c->today };
	TRY(books_due(c, out));
	TRY(query(c, "timetable/classes", &tt_in_shape, &in, &class_link_shape, &classes, RECORDS_MOST));
	TRY(query(c, "timetable/record_counts", &tt_in_shape, &in, &count_shape, &counts, RECORDS_MOST));
	struct book_line *v = NEWS(c->mem, struct book_line, classes.n + 1);
	for (int64_t i = 0; i < classes.n; i++) {
		const struct class_link *k = (const struct class_link *)classes.p + i;
		v[i] = (struct book_line){ k->id, k->name, k->more, 0 };
		for (int64_t j = 0; j < counts.n; j++)
			if (((const struct count_row *)counts.p)[j].class == k->id)
				v[i].written = ((const struct count_row *)counts.p)[j].n;
	}
	out->classes = (items){ v, classes.n };
	out->none = classes.n == 0 && out->n_due == 0;
	return OK;
}

/* ---- the week on paper ------------------------------------------------------------------------------------------- */

#define ROW struct paper_in
static enum rc paper_today(struct ctx *c, void *in)
{
	((struct paper_in *)in)->on_day = c->today;
	return OK;
}
static const struct shape paper_in_shape = { sizeof(ROW), FIELDS{ { COL(on_day), .is = NEEDED,
	.label = { "Tuần có ngày", "Week that has the day" }, .fill = paper_today }, END } };
#undef ROW
struct book_paper { items head, books; };
#define ROW struct book_paper
static const struct shape book_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) },
	{ MANY(books, book_shape) }, END } };
#undef ROW

static enum rc book_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct book_paper *out = out_;
	struct book_view *v = NEW(c->mem, struct book_view);
	struct lesson_class of;

	TRY(lesson_class(c, (school_class_id){ k->base.id }, &of));
	TRY(org_letterhead(c, k->base.org, &out->head));
	TRY(book_fill(c, &of, ((const struct paper_in *)in)->on_day, v));
	day sunday = { monday_of(((const struct paper_in *)in)->on_day).v + 6 };
	TRY(form_teacher_on(c, k, sunday.v < c->today.v ? sunday : c->today, &v->form_teacher));
	out->books = (items){ v, 1 };
	return OK;
}

static const struct grant printers[] = { { &clerk, &at_org, READ }, { &principal, &at_org, READ },
	{ &deputy, &at_org, READ },
	{ &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }, { 0 } };
const struct print timetable_prints[] = {
	{ "lessonbook", { "Sổ đầu bài tuần", "Lesson record of a week" }, &school_class, "timetable/print-book",
		"A4 ngang 12 12 15 12", &paper_in_shape, &book_paper_shape, book_paper, printers,
		.people = "school/people_of_class" },
	{ "board", { "Thời khóa biểu toàn trường", "Timetable of the school" }, &timetable, "timetable/print-board",
		"A3 12 12 15 12", NULL, &board_paper_shape, board_paper, printers,
		.people = ABOUT_NOBODY },
	{ "week", { "Thời khóa biểu lớp", "Timetable of a class" }, &school_class, "timetable/print-week",
		"A4 ngang 15 15 15 15", &paper_in_shape, &week_paper_shape, week_paper, printers,
		.people = ABOUT_NOBODY }, END };
