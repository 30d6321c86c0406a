/* week.c -- the lessons of a class, a teacher or a room on the days of a week, with what differs on each day. */
#include "mod/timetable/timetable_rules.h"

#include <stdlib.h>

enum { LESSONS_MOST = 600, COVERS_MOST = 400, LINKS_MOST = 300 };

struct force_row { int64_t id; day since, until; };
#define ROW struct force_row
static const struct shape force_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(since) }, { COL(until) },
	END } };
#undef ROW
struct lesson_row { pick weekday; int64_t slot, class; str class_name; int64_t subject; str subject_name;
	int64_t teacher; str teacher_name, room; };
#define ROW struct lesson_row
static const struct shape lesson_row_shape = { sizeof(ROW), FIELDS{ { COL(weekday), .pick = weekdays }, { COL(slot) },
	{ COL(class) }, { COL(class_name) }, { COL(subject) }, { COL(subject_name) }, { COL(teacher) },
	{ COL(teacher_name) }, { COL(room) }, END } };
#undef ROW
struct cover_row { day held; int64_t slot, class; str class_name, kind; int64_t subject; str subject_name;
	int64_t teacher; str teacher_name; int64_t room; str room_name, reason; };
#define ROW struct cover_row
static const struct shape cover_row_shape = { sizeof(ROW), FIELDS{ { COL(held) }, { COL(slot) }, { COL(class) },
	{ COL(class_name) }, { COL(kind) }, { COL(subject) }, { COL(subject_name) }, { COL(teacher) },
	{ COL(teacher_name) }, { COL(room) }, { COL(room_name) }, { COL(reason) }, END } };
#undef ROW
#define ROW struct bell_row
static const struct shape bell_row_shape = { sizeof(ROW), FIELDS{ { COL(slot) }, { COL(begins) }, { COL(ends) },
	END } };
#undef ROW

day monday_of(day d) { return (day){ d.v - (day_week(d) - 1) }; }

str slot_text(struct ctx *c, int64_t slot)
{
	return slot >= 1 && slot <= SLOTS_DAY ? say(c, &slot_names[slot - 1].label) : (str){ 0 };
}

enum rc school_bells(struct ctx *c, int64_t school, items *ret)
{
	return query(c, "timetable/bells", &tt_in_shape, &(struct tt_in){ .school = school }, &bell_row_shape, ret,
		SLOTS_DAY);
}

/* ---- lessons of the days -------------------------------------------------------------------------------------- */

struct days { struct ctx *c; const struct week_ask *ask; struct week_lesson *out; int64_t n; items covers; };

static const struct cover_row *covered(const struct days *w, const struct lesson_row *l, day held)
{
	for (int64_t i = 0; i < w->covers.n; i++) {
		const struct cover_row *x = (const struct cover_row *)w->covers.p + i;
		if (x->held.v == held.v && x->slot == l->slot && x->class == l->class)
			return x;
	}
	return NULL;
}

/* In the week of who takes the lesson, without the name. */
static str note_of(const struct days *w, const struct cover_row *x)
{
	static const struct tr off = { "Nghỉ", "Cancelled" }, by = { "{1} dạy thay", "Taught by {1}" },
		more = { "Dạy bù", "Extra" }, own_ = { "Dạy thay", "As a substitute" };
	struct ctx *c = w->c;
	str what = str_is(x->kind, "cancelled") ? say(c, &off) : str_is(x->kind, "extra") ? say(c, &more)
		: w->ask->teacher == x->teacher ? say(c, &own_) : sayf(c, &by, ARGS(x->teacher_name));

	return x->reason.n ? TEXT(c, "%.*s: %.*s", FMT(what), FMT(x->reason)) : what;
}

static void one_lesson(struct days *w, const struct lesson_row *l, day held)
{
	const struct cover_row *x = covered(w, l, held);

	if (w->n == LESSONS_MOST)
		return;
	w->out[w->n++] = (struct week_lesson){ .held = held, .slot = l->slot, .class = l->class, .teacher = l->teacher,
		.subject = x && x->subject ? x->subject : l->subject, .taker = !x ? l->teacher
		: str_is(x->kind, "cancelled") ? 0 : x->teacher, .class_name = l->class_name,
		.taker_name = !x ? l->teacher_name : str_is(x->kind, "cancelled") ? (str){ 0 } : x->teacher_name,
		.subject_name = x && x->subject ? x->subject_name : l->subject_name, .teacher_name = l->teacher_name,
		.room = l->room, .note = x ? note_of(w, x) : (str){ 0 },
		.off = x && (str_is(x->kind, "cancelled") || (w->ask->teacher && x->teacher != w->ask->teacher)),
		.changed = x != NULL };
}

/* What stands in no timetable: extra lessons, and those a teacher takes for another. */
static void more_lessons(struct days *w)
{
	for (int64_t i = 0; i < w->covers.n; i++) {
		const struct cover_row *x = (const struct cover_row *)w->covers.p + i;
		const struct week_ask *a = w->ask;
		bool extra = str_is(x->kind, "extra"), known = false;
		if (str_is(x->kind, "cancelled") || w->n == LESSONS_MOST || !(a->teacher ? x->teacher == a->teacher
			: extra && (a->class || x->room == a->room)))
			continue;
		for (int64_t j = 0; j < w->n && !known; j++)
			known = w->out[j].held.v == x->held.v && w->out[j].slot == x->slot && w->out[j].class == x->class;
		if (!known)
			w->out[w->n++] = (struct week_lesson){ .held = x->held, .slot = x->slot, .class = x->class,
				.subject = x->subject, .teacher = x->teacher, .taker = x->teacher, .class_name = x->class_name,
				.subject_name = x->subject_name, .teacher_name = x->teacher_name, .taker_name = x->teacher_name,
				.room = x->room_name,
				.note = note_of(w, x), .changed = true };
	}
}

static int64_t in_force(const struct force_row *all, int64_t n, day on_day)
{
	for (int64_t i = 0; i < n; i++)
		if (all[i].since.v <= on_day.v)
			return all[i].until.v >= on_day.v ? all[i].id : 0;
	return 0;
}

/* A Sunday may have lessons, a public holiday has none. */
bool holiday(day d) { return day_off(d) && day_week(d) != 7; }

static int by_day(const void *a_, const void *b_)
{
	const struct week_lesson *a = a_, *b = b_;

	if (a->held.v != b->held.v)
		return a->held.v < b->held.v ? -1 : 1;
	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

enum rc week_lessons(struct ctx *c, const struct week_ask *ask, items *ret, bool *ret_none)
{
	struct tt_in in = { .school = ask->school, .class = ask->class, .teacher = ask->teacher, .room = ask->room,
		.first = ask->monday, .last = { ask->monday.v + ask->days - 1 } };
	struct days w = { c, ask, NEWS(c->mem, struct week_lesson, LESSONS_MOST), 0, { 0 } };
	items versions, rows = { 0 };
	int64_t read = 0;

	TRY(query(c, "timetable/in_force", &tt_in_shape, &in, &force_shape, &versions, 8));
	TRY(query(c, "timetable/week_covers", &tt_in_shape, &in, &cover_row_shape, &w.covers, COVERS_MOST));
	*ret_none = versions.n == 0;
	for (int d = 0; d < ask->days; d++) {
		day held = { ask->monday.v + d };
		in.timetable = in_force(versions.p, versions.n, held);
		if (in.timetable == 0 || holiday(held))
			continue;
		if (in.timetable != read)
			TRY(query(c, "timetable/week_lessons", &tt_in_shape, &in, &lesson_row_shape, &rows, LESSONS_MOST));
		read = in.timetable;
		for (int64_t i = 0; i < rows.n; i++) {
			const struct lesson_row *l = (const struct lesson_row *)rows.p + i;
			if (l->weekday == day_week(held) - 1)
				one_lesson(&w, l, held);
		}
	}
	more_lessons(&w);
	qsort(w.out, (size_t)w.n, sizeof *w.out, by_day);
	*ret = (items){ w.out, w.n };
	return OK;
}

/* ---- who may look ------------------------------------------------------------------------------------------------ */

enum rc class_seen(struct ctx *c, school_class_id class, struct lesson_class *ret)
{
	struct school_class k;
	struct tt_n n = { 0 };
	enum rc rc = find(c, &school_class, class.v, &k);

	if (rc == E_MISSING) {
		TRY(query_one(c, "timetable/class_family", &tt_in_shape, &(struct tt_in){ .class = class.v }, &tt_n_shape, &n));
		rc = n.n ? OK : E_MISSING;
	}
	return rc == OK ? lesson_class(c, class, ret) : rc;
}

/* Where the actor works; 0: nowhere. */
static int64_t school_of(struct ctx *c)
{
	static const struct role *const staff[] = { &principal, &deputy, &clerk, &teacher, &form_teacher };

	for (int i = 0; i < (int)COUNT(staff); i++)
		if (seat_org(c, staff[i]).v)
			return seat_org(c, staff[i]).v;
	return 0;
}

enum rc teacher_seen(struct ctx *c, person_id who, org_id *ret)
{
	struct tt_n n = { 0 };
	bool self = who.v == c->who->person.v && who.v;

	TRY(query_one(c, self ? "timetable/own_school" : "timetable/teacher_school", &tt_in_shape,
		&(struct tt_in){ .teacher = who.v }, &tt_n_shape, &n));
	ret->v = n.n || !self ? n.org : school_of(c);        /* who only stands in for others has no class assigned */
	return n.n || (self && ret->v) ? OK : E_MISSING;
}

/* ---- pages: /schedule, /schedule/class|teacher|room/{id}
 * ------------------------------------------------------------ */

struct schedule_in { school_class_id class; person_id teacher; facility_id room; day on_day; };
#define ROW struct schedule_in
const struct shape schedule_in_shape = { sizeof(ROW), FIELDS{
	{ REF(class, school_class), .label = { "Lớp", "Class" } }, { REF(teacher, person),
		.label = { "Giáo viên", "Teacher" } }, { REF(room, facility), .label = { "Phòng", "Room" } },
	{ COL(on_day), .label = { "Ngày", "Day" } }, END } };
#undef ROW
#define ROW struct lesson_view
const struct shape lesson_view_shape = { sizeof(ROW), FIELDS{ { COL(slot) }, { COL(time) }, { COL(subject) },
	{ COL(who) }, { COL(room) }, { COL(note) }, { COL(cover) }, { COL(book) }, { COL(roll) }, { COL(off) },
	{ COL(changed) }, END } };
#undef ROW
struct cell_view { bool today; items lessons; };
#define ROW struct cell_view
static const struct shape cell_shape = { sizeof(ROW), FIELDS{ { COL(today) }, { MANY(lessons, lesson_view_shape) },
	END } };
#undef ROW
struct day_view { str label, date; bool today, free, holiday; items lessons; };
#define ROW struct day_view
static const struct shape day_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(date) }, { COL(today) },
	{ COL(free) }, { COL(holiday) }, { MANY(lessons, lesson_view_shape) }, END } };
#undef ROW
struct slot_view { str label, time; bool first; items cells; };
#define ROW struct slot_view
static const struct shape slot_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(time) }, { COL(first) },
	{ MANY(cells, cell_shape) }, END } };
#undef ROW
/* away: of a teacher's week, where the office has it taken by others. */
struct week_view { str title, week, before, after, path, feed, monday, away; bool none, empty, may_print;
	int64_t class; items days, slots; };
#define ROW struct week_view
const struct shape week_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(week) }, { COL(before) }, { COL(after) },
	{ COL(path) }, { COL(feed) }, { COL(monday) }, { COL(away) },
	{ COL(none) }, { COL(empty) }, { COL(may_print) }, { COL(class) },
	{ MANY(days, day_shape) },
	{ MANY(slots, slot_shape) }, END } };
#undef ROW

static str time_of(struct ctx *c, const items *bells, int64_t slot)
{
	for (int64_t i = 0; i < bells->n; i++) {
		const struct bell_row *b = (const struct bell_row *)bells->p + i;
		if (b->slot == slot)
			return TEXT(c, "%.*s–%.*s", FMT(b->begins), FMT(b->ends));
	}
	return (str){ 0 };
}

static struct lesson_view lesson_view(struct ctx *c, const struct week_ask *ask, const items *bells,
	const struct week_lesson *l)
{
	bool mine = l->taker && l->taker == c->who->person.v && l->held.v == c->today.v;

	return (struct lesson_view){ .slot = slot_text(c, l->slot), .time = time_of(c, bells, l->slot),
		.subject = l->subject_name, .who = ask->class ? l->teacher_name : ask->teacher ? l->class_name
		: TEXT(c, "%.*s · %.*s", FMT(l->class_name), FMT(l->teacher_name)),
		.room = ask->room ? (str){ 0 } : l->room, .note = l->note, .off = l->off, .changed = l->changed,
		.cover = ask->office && !l->changed && l->held.v >= c->today.v ? TEXT(c,
		"/cover/new?class=%lld&held=%.*s&slot=%lld", (long long)l->class, FMT(day_iso(c->mem, l->held)),
		(long long)l->slot) : (str){ 0 },
		.book = mine ? TEXT(c, "/lessonbook/%lld?on_day=%.*s", (long long)l->class, FMT(day_iso(c->mem, l->held)))
		: (str){ 0 }, .roll = mine && l->changed ? TEXT(c, "/lessonbook/%lld/roll?session=%s", (long long)l->class,
		l->slot > SLOTS_HALF ? "afternoon" : "morning") : (str){ 0 } };
}

/* Those of one day, and of one slot unless slot is 0. */
static items pick_lessons(struct ctx *c, const struct week_ask *ask, const items *bells, const items *all, day held,
	int64_t slot)
{
	int64_t n = 0, k = 0;
	const struct week_lesson *l = all->p;

	for (int64_t i = 0; i < all->n; i++)
		n += l[i].held.v == held.v && (slot == 0 || l[i].slot == slot);
	struct lesson_view *v = NEWS(c->mem, struct lesson_view, n + 1);
	for (int64_t i = 0; i < all->n; i++)
		if (l[i].held.v == held.v && (slot == 0 || l[i].slot == slot))
			v[k++] = lesson_view(c, ask, bells, &l[i]);
	return (items){ v, n };
}

static bool slot_used(const items *all, int64_t slot)
{
	for (int64_t i = 0; i < all->n; i++)
		if (((const struct week_lesson *)all->p)[i].slot == slot)
			return true;
	return false;
}

static void week_slots(struct ctx *c, const struct week_ask *ask, const items *bells, const items *all, int days,
	struct week_view *out)
{
	struct slot_view *v = NEWS(c->mem, struct slot_view, SLOTS_DAY);
	int64_t n = 0, last = 0;

	for (int64_t s = 1; s <= SLOTS_DAY; s++) {
		if (!slot_used(all, s))
			continue;
		struct cell_view *cells = NEWS(c->mem, struct cell_view, days);
		for (int d = 0; d < days; d++)
			cells[d] = (struct cell_view){ ask->monday.v + d == c->today.v,
				pick_lessons(c, ask, bells, all, (day){ ask->monday.v + d }, s) };
		v[n++] = (struct slot_view){ slot_text(c, s), time_of(c, bells, s), last && last <= SLOTS_HALF &&
			s > SLOTS_HALF,
			{ cells, days } };
		last = s;
	}
	out->slots = (items){ v, n };
}

static enum rc week_fill(struct ctx *c, struct week_ask *ask, day on_day, struct week_view *out)
{
	static const struct tr week = { "Tuần {1} – {2}", "Week {1} – {2}" };
	day d = on_day.v == NO_DAY.v ? c->today : on_day;
	items all, bells;
	int days = 6;

	ask->office = ask->school && (seat_org(c, &clerk).v == ask->school || seat_org(c, &principal).v == ask->school ||
		seat_org(c, &deputy).v == ask->school);
	ask->monday = monday_of(d);
	ask->days = 7;
	TRY(week_lessons(c, ask, &all, &out->none));
	TRY(school_bells(c, ask->school, &bells));
	for (int64_t i = 0; i < all.n; i++)
		if (((const struct week_lesson *)all.p)[i].held.v == ask->monday.v + 6)
			days = 7;
	struct day_view *v = NEWS(c->mem, struct day_view, days);
	for (int i = 0; i < days; i++) {
		day held = { ask->monday.v + i };
		v[i] = (struct day_view){ .label = say(c, &weekdays[i].label), .date = str_sub(day_text(c->mem, held), 0, 5),
			.today = held.v == c->today.v, .lessons = pick_lessons(c, ask, &bells, &all, held, 0) };
		v[i].free = v[i].lessons.n == 0;
		v[i].holiday = holiday(held);
	}
	out->days = (items){ v, days };
	week_slots(c, ask, &bells, &all, days, out);
	out->empty = all.n == 0 && !out->none;
	out->week = sayf(c, &week, ARGS(day_text(c->mem, ask->monday), day_text(c->mem, (day){ ask->monday.v + 6 })));
	out->before = day_iso(c->mem, (day){ ask->monday.v - 7 });
	out->after = day_iso(c->mem, (day){ ask->monday.v + 7 });
	out->class = ask->class;
	out->monday = day_iso(c->mem, ask->monday);
	if (ask->office && ask->teacher && ask->monday.v + 6 >= c->today.v)
		out->away = TEXT(c, "/schedule/away?teacher=%lld&first=%.*s", (long long)ask->teacher,
			FMT(day_iso(c->mem, ask->monday.v > c->today.v ? ask->monday : c->today)));
	out->may_print = ask->class && all.n && school_of(c);
	return OK;
}

enum rc schedule_class(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Thời khóa biểu lớp {1}", "Timetable of class {1}" };
	const struct schedule_in *in = in_;
	struct week_view *out = out_;
	struct lesson_class k;

	TRY(class_seen(c, in->class, &k));
	out->title = sayf(c, &title, ARGS(k.name));
	out->path = TEXT(c, "/schedule/class/%lld", (long long)in->class.v);
	return week_fill(c, &(struct week_ask){ .school = k.org.v, .class = k.id }, in->on_day, out);
}

struct week_paper { items head, weeks; };
#define ROW struct week_paper
const struct shape week_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) },
	{ MANY(weeks, week_shape) }, END } };
#undef ROW

enum rc week_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct week_paper *out = out_;
	struct week_view *v = NEW(c->mem, struct week_view);

	TRY(org_letterhead(c, k->base.org, &out->head));
	TRY(week_fill(c, &(struct week_ask){ .school = k->base.org.v, .class = k->base.id },
		((const struct paper_in *)in)->on_day, v));
	v->title = k->name;
	out->weeks = (items){ v, 1 };
	return OK;
}

enum rc schedule_teacher(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Lịch dạy của {1}", "Lessons of {1}" };
	const struct schedule_in *in = in_;
	struct week_view *out = out_;
	org_id school;

	TRY(teacher_seen(c, in->teacher, &school));
	out->title = sayf(c, &title, ARGS(title_of(c, &person, in->teacher.v)));
	out->path = TEXT(c, "/schedule/teacher/%lld", (long long)in->teacher.v);
	return week_fill(c, &(struct week_ask){ .school = school.v, .teacher = in->teacher.v }, in->on_day, out);
}

enum rc schedule_room(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Lịch sử dụng: {1}", "Lessons in {1}" };
	const struct schedule_in *in = in_;
	struct week_view *out = out_;
	struct facility f;

	TRY(find(c, &facility, in->room.v, &f));
	out->title = sayf(c, &title, ARGS(f.name));
	out->path = TEXT(c, "/schedule/room/%lld", (long long)in->room.v);
	return week_fill(c, &(struct week_ask){ .school = f.base.org.v, .room = in->room.v }, in->on_day, out);
}

/* ---- /schedule: where to look
 * ------------------------------------------------------------------------------------------ */

struct link_row { int64_t id; str name, more; };
#define ROW struct link_row
static const struct shape link_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(more) }, END } };
#undef ROW
struct home_view { str title; int64_t teacher, has_feeds; bool teaches, none, has_classes, has_teachers, has_rooms;
	items family, classes, teachers, rooms; };
#define ROW struct home_view
const struct shape places_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(teacher) }, { COL(has_feeds) },
	{ COL(teaches) },
	{ COL(none) },
	{ MANY(family, link_shape) }, { MANY(classes, link_shape) }, { MANY(teachers, link_shape) },
	{ MANY(rooms, link_shape) }, { COL(has_classes) }, { COL(has_teachers) }, { COL(has_rooms) }, END } };
#undef ROW

enum rc schedule_home(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Thời khóa biểu", "Timetable" };
	struct home_view *out = out_;
	struct tt_in in = { .school = c->here.org.v ? c->here.org.v : school_of(c) };
	struct tt_n year = { 0 }, own_ = { 0 };

	(void)in_;
	out->title = say(c, &title);
	out->teacher = c->who->person.v;
	TRY(query_int(c, "timetable/feeds_mine", NULL, NULL, &out->has_feeds));
	TRY(query(c, "timetable/family_classes", &tt_in_shape, &in, &link_shape, &out->family, 20));
	TRY(query_one(c, "timetable/own_school", &tt_in_shape, &in, &tt_n_shape, &own_));
	out->teaches = own_.n > 0 || seat_org(c, &teacher).v || seat_org(c, &form_teacher).v;
	enum rc rc = query_one(c, "timetable/year_now", NULL, NULL, &tt_n_shape, &year);
	if (rc != OK && rc != E_MISSING)
		return rc;
	in.year = year.n;
	if (in.school) {
		TRY(query(c, "timetable/classes", &tt_in_shape, &in, &link_shape, &out->classes, LINKS_MOST));
		TRY(query(c, "timetable/teachers", &tt_in_shape, &in, &link_shape, &out->teachers, LINKS_MOST));
		TRY(query(c, "timetable/rooms", &tt_in_shape, &in, &link_shape, &out->rooms, LINKS_MOST));
	}
	out->has_classes = out->classes.n > 0;
	out->has_teachers = out->teachers.n > 0;
	out->has_rooms = out->rooms.n > 0;
	out->none = !out->teaches && out->family.n == 0 && !out->has_classes;
	return OK;
}

/* ---- what a family packs the bag for -------------------------------------------------------------------------- */

enum rc class_ahead(struct ctx *c, org_id school, school_class_id class, struct lessons_ahead *ret)
{
	struct week_ask ask = { .school = school.v, .class = class.v, .monday = c->today, .days = 7 };
	items all, bells;
	bool none;

	*ret = (struct lessons_ahead){ .next_day = NO_DAY };
	TRY(week_lessons(c, &ask, &all, &none));
	TRY(school_bells(c, school.v, &bells));
	for (int64_t i = 0; i < all.n && ret->next_day.v == NO_DAY.v; i++)
		if (((const struct week_lesson *)all.p)[i].held.v > c->today.v)
			ret->next_day = ((const struct week_lesson *)all.p)[i].held;
	ret->today = pick_lessons(c, &ask, &bells, &all, c->today, 0);
	if (ret->next_day.v != NO_DAY.v)
		ret->next = pick_lessons(c, &ask, &bells, &all, ret->next_day, 0);
	return OK;
}

/* ---- card: my lessons today
 * ------------------------------------------------------------------------------------------------ */

struct today_view { int64_t n, teacher; items lessons; };
#define ROW struct today_view
const struct shape today_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(teacher) },
	{ MANY(lessons, lesson_view_shape) }, END } };
#undef ROW

enum rc card_today(struct ctx *c, const void *in, void *out_)
{
	struct today_view *out = out_;
	struct week_ask ask = { .teacher = c->who->person.v, .monday = c->today, .days = 1 };
	items all, bells;
	bool none;
	org_id school;

	(void)in;
	out->teacher = ask.teacher;
	if (teacher_seen(c, c->who->person, &school) != OK)
		return OK;
	ask.school = school.v;
	TRY(week_lessons(c, &ask, &all, &none));
	TRY(school_bells(c, school.v, &bells));
	out->lessons = pick_lessons(c, &ask, &bells, &all, c->today, 0);
	out->n = all.n;
	return OK;
}
