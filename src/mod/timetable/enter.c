/* enter.c -- writing a draft: a class's week as choices, the whole school as a board, a new version from an old one. */
#include "mod/timetable/timetable_rules.h"
#include "core/many.h"

static const struct tr
	MSG_saved = { "Đã lưu thời khóa biểu lớp {1}.", "Timetable of {1} saved." },
	MSG_unknown = { "Môn và giáo viên này không có trong phân công của lớp.",
		"The class has no such subject and teacher." },
	MSG_no_room = { "Chọn một phòng trong danh sách.", "Choose a room of the list." },
	MSG_locked = { "Thời khóa biểu đã ban hành. Mở lại, hoặc sao thành bản mới rồi sửa.",
		"The timetable is published. Reopen it, or copy it and change the copy." },
	MSG_moved = { "Đã lưu lớp {1}, trừ ô người khác vừa xếp khác: {2}. Ô ấy giữ như người kia xếp; xem lại rồi "
		"đổi nếu cần.",
		"{1} is saved but for what somebody else has just entered: {2}. It stays as entered; look at it and "
		"change it if need be." },
	MSG_copied = { "Đã sao {1} tiết sang bản mới.", "{1} lessons copied." };
enum { DAYS_SHOWN = 6, CHOICES_MOST = 60, LESSONS_MOST = 4000, ROOMS_MOST = 400 };

/* ---- /timetable/{timetable}/class/{class} ------------------------------------------------------------------ */

struct enter_in { timetable_id timetable; school_class_id class; };
#define ROW struct enter_in
const struct shape enter_in_shape = { sizeof(ROW), FIELDS{ { REF(timetable, timetable), .is = NEEDED,
	.label = { "Thời khóa biểu", "Timetable" } }, { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, END } };
#undef ROW
struct choice_row { int64_t subject; str subject_name; int64_t teacher; str teacher_name; int64_t lessons; };
#define ROW struct choice_row
static const struct shape choice_row_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(subject_name) },
	{ COL(teacher) }, { COL(teacher_name) }, { COL(lessons) }, END } };
#undef ROW
struct option_view { str value, label; bool chosen; };
#define ROW struct option_view
static const struct shape option_shape = { sizeof(ROW), FIELDS{ { COL(value) }, { COL(label) }, { COL(chosen) },
	END } };
#undef ROW
/* seen: what the page shows there; busy: the class that the lesson's teacher has at that time too. */
struct slot_cell { int64_t i, slot; str weekday, label, seen, busy; items options; };
#define ROW struct slot_cell
static const struct shape slot_cell_shape = { sizeof(ROW), FIELDS{ { COL(i) }, { COL(slot) }, { COL(weekday) },
	{ COL(label) }, { COL(seen) }, { COL(busy) }, { MANY(options, option_shape) }, END } };
#undef ROW
struct slot_row { str label; bool afternoon; items cells; };
#define ROW struct slot_row
static const struct shape slot_row_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(afternoon) },
	{ MANY(cells, slot_cell_shape) }, END } };
#undef ROW
/* seen: the room of all its lessons, "0" none, "-" several. */
struct need_view { str subject, teacher; int64_t i, subject_id, teacher_id, has, needs; bool right; str seen, room;
	items options; };
#define ROW struct need_view
static const struct shape need_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(teacher) }, { COL(i) },
	{ COL(subject_id) }, { COL(teacher_id) }, { COL(has) }, { COL(needs) }, { COL(right) }, { COL(seen) },
	{ COL(room) }, { MANY(options, option_shape) }, END } };
#undef ROW
struct room_row { int64_t id; str name, more; };
#define ROW struct room_row
static const struct shape room_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(more) }, END } };
#undef ROW
struct day_name { str label; };
#define ROW struct day_name
static const struct shape day_name_shape = { sizeof(ROW), FIELDS{ { COL(label) }, END } };
#undef ROW
struct enter_view { str title, name; int64_t timetable, class; bool open, none, has_rooms; items days, slots, needs; };
#define ROW struct enter_view
const struct shape enter_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(timetable) },
	{ COL(class) }, { COL(open) }, { COL(none) }, { COL(has_rooms) }, { MANY(days, day_name_shape) },
	{ MANY(slots, slot_row_shape) },
	{ MANY(needs, need_shape) }, END } };
#undef ROW

static items day_names(struct ctx *c)
{
	struct day_name *v = NEWS(c->mem, struct day_name, DAYS_SHOWN);

	for (int d = 0; d < DAYS_SHOWN; d++)
		v[d].label = say(c, &weekdays[d].label);
	return (items){ v, DAYS_SHOWN };
}

static const struct lesson *lesson_at(const items *all, pick weekday, int64_t slot)
{
	for (int64_t i = 0; i < all->n; i++) {
		const struct lesson *l = (const struct lesson *)all->p + i;
		if (l->weekday == weekday && l->slot == slot)
			return l;
	}
	return NULL;
}

/* The subject; with the teacher where two teach it to the class: a cell is narrow, and the table below names
 * everybody. */
static str choice_label(struct ctx *c, const items *choices, const struct choice_row *x)
{
	int64_t same = 0;

	for (int64_t i = 0; i < choices->n; i++)
		same += ((const struct choice_row *)choices->p)[i].subject == x->subject;
	return same > 1 ? TEXT(c, "%.*s – %.*s", FMT(x->subject_name), FMT(x->teacher_name)) : x->subject_name;
}

/* Teachers who stand in other classes of the same timetable. */
struct busy_row { int64_t teacher; pick weekday; int64_t slot; str class; };
#define ROW struct busy_row
static const struct shape busy_shape = { sizeof(ROW), FIELDS{ { COL(teacher) }, { COL(weekday), .pick = weekdays },
	{ COL(slot) }, { COL(class) }, END } };
#undef ROW

static str busy_in(const items *busy, int64_t who, pick weekday, int64_t slot)
{
	for (int64_t i = 0; who && i < busy->n; i++) {
		const struct busy_row *x = (const struct busy_row *)busy->p + i;
		if (x->teacher == who && x->weekday == weekday && x->slot == slot)
			return x->class;
	}
	return (str){ 0 };
}

static str value_of(struct ctx *c, int64_t subject_, int64_t teacher_)
{
	return TEXT(c, "%lld-%lld", (long long)subject_, (long long)teacher_);
}

/* What stands in a cell; "-": nothing. */
static str value_at(struct ctx *c, const struct lesson *l)
{
	return l ? value_of(c, l->subject.v, l->teacher.v) : S("-");
}

static items options_of(struct ctx *c, const items *choices, const items *busy, pick weekday, int64_t slot,
	const struct lesson *l)
{
	static const struct tr taken = { "{1} (bận {2})", "{1} (busy {2})" };
	struct option_view *v = NEWS(c->mem, struct option_view, choices->n + 1);
	bool found = l == NULL;
	int64_t n = 0;

	for (int64_t i = 0; i < choices->n; i++) {
		const struct choice_row *x = (const struct choice_row *)choices->p + i;
		bool chosen = l && l->subject.v == x->subject && l->teacher.v == x->teacher;
		found = found || chosen;
		str label = choice_label(c, choices, x), at = busy_in(busy, x->teacher, weekday, slot);
		v[n++] = (struct option_view){ value_of(c, x->subject, x->teacher),
			at.n ? sayf(c, &taken, ARGS(label, at)) : label, chosen };
	}
	if (!found)
		v[n++] = (struct option_view){ value_at(c, l),
			title_of(c, &subject, l->subject.v), true };
	return (items){ v, n };
}

static bool is_of(const struct lesson *l, int64_t subject_, int64_t teacher_)
{
	return l->subject.v == subject_ && l->teacher.v == teacher_;
}

/* The room of a class's lessons in a subject: its id, "0" none, "-" several. */
static str room_seen(struct ctx *c, const items *lessons, int64_t subject_, int64_t teacher_)
{
	int64_t room = -1;

	for (int64_t i = 0; i < lessons->n; i++) {
		const struct lesson *l = (const struct lesson *)lessons->p + i;
		if (!is_of(l, subject_, teacher_))
			continue;
		if (room >= 0 && room != l->room.v)
			return S("-");
		room = l->room.v;
	}
	return TEXT(c, "%lld", (long long)(room < 0 ? 0 : room));
}

static void need_rooms(struct ctx *c, const items *rooms, struct need_view *v)
{
	static const struct tr several = { "Nhiều phòng", "Several rooms" }, nowhere = { "–", "–" };
	struct option_view *o = NEWS(c->mem, struct option_view, rooms->n + 2);
	bool found = str_is(v->seen, "-") || str_is(v->seen, "0");
	int64_t n = 0, id_seen;

	if (str_is(v->seen, "-"))
		o[n++] = (struct option_view){ S("-"), say(c, &several), true };
	o[n++] = (struct option_view){ S("0"), say(c, &nowhere), str_is(v->seen, "0") };
	for (int64_t i = 0; i < rooms->n; i++) {
		const struct room_row *r = (const struct room_row *)rooms->p + i;
		str id = TEXT(c, "%lld", (long long)r->id);
		found = found || str_eq(id, v->seen);
		o[n++] = (struct option_view){ id, r->name, str_eq(id, v->seen) };
	}
	/* a room of the school the class was at before */
	if (!found && str_to_int(v->seen, &id_seen))
		o[n++] = (struct option_view){ v->seen, title_of(c, &facility, id_seen), true };
	for (int64_t i = 0; i < n; i++)
		if (o[i].chosen && !str_is(v->seen, "0"))
			v->room = o[i].label;
	v->options = (items){ o, n };
}

static items needs_of(struct ctx *c, const items *choices, const items *lessons, const items *rooms)
{
	struct need_view *v = NEWS(c->mem, struct need_view, choices->n + 1);

	for (int64_t i = 0; i < choices->n; i++) {
		const struct choice_row *x = (const struct choice_row *)choices->p + i;
		v[i] = (struct need_view){ .subject = x->subject_name, .teacher = x->teacher_name, .i = i,
			.subject_id = x->subject, .teacher_id = x->teacher, .needs = x->lessons,
			.seen = room_seen(c, lessons, x->subject, x->teacher) };
		for (int64_t j = 0; j < lessons->n; j++)
			v[i].has += is_of((const struct lesson *)lessons->p + j, x->subject, x->teacher);
		v[i].right = x->lessons == 0 || v[i].has == x->lessons;
		need_rooms(c, rooms, &v[i]);
	}
	return (items){ v, choices->n };
}

/* Slots with a bell; without bells five in each half. A slot that has a lesson is there whatever the bells say. */
static enum rc slots_of(struct ctx *c, int64_t school, const items *lessons, int64_t slots[SLOTS_DAY], int *ret_n)
{
	bool shown[SLOTS_DAY + 1] = { 0 };
	items bells;

	*ret_n = 0;
	TRY(school_bells(c, school, &bells));
	for (int64_t i = 0; i < bells.n; i++)
		shown[((const struct bell_row *)bells.p)[i].slot] = true;
	for (int64_t i = 0; i < lessons->n; i++)
		shown[((const struct lesson *)lessons->p)[i].slot] = true;
	for (int64_t s = 1; s <= SLOTS_DAY; s++)
		if (shown[s] || (bells.n == 0 && (s - 1) % SLOTS_HALF < 5))
			slots[(*ret_n)++] = s;
	return OK;
}

static enum rc lessons_of_class(struct ctx *c, const struct enter_in *in, items *ret)
{
	return find_all(c, &lesson, ret, 100, IS({ offsetof(struct lesson, timetable), v_int(in->timetable.v) },
		{ offsetof(struct lesson, class), v_int(in->class.v) }));
}

enum rc enter_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Xếp thời khóa biểu lớp {1}", "Timetable of class {1}" };
	const struct enter_in *in = in_;
	struct enter_view *out = out_;
	struct timetable t;
	struct school_class k;
	items lessons, choices, busy, rooms;
	int64_t slots[SLOTS_DAY], i = 0;
	struct tt_in of = { .timetable = in->timetable.v, .class = in->class.v };
	int n;

	TRY(find(c, &timetable, in->timetable.v, &t));
	TRY(find(c, &school_class, in->class.v, &k));
	TRY(lessons_of_class(c, in, &lessons));
	TRY(query(c, "timetable/choices", &tt_in_shape, &of, &choice_row_shape, &choices, CHOICES_MOST));
	TRY(query(c, "timetable/busy", &tt_in_shape, &of, &busy_shape, &busy, LESSONS_MOST));
	of.school = t.base.org.v;
	TRY(query(c, "timetable/school_rooms", &tt_in_shape, &of, &room_row_shape, &rooms, ROOMS_MOST));
	TRY(slots_of(c, t.base.org.v, &lessons, slots, &n));
	struct slot_row *rows = NEWS(c->mem, struct slot_row, n);
	for (int s = 0; s < n; s++) {
		struct slot_cell *cells = NEWS(c->mem, struct slot_cell, DAYS_SHOWN);
		for (int d = 0; d < DAYS_SHOWN; d++) {
			const struct lesson *l = lesson_at(&lessons, (pick)d, slots[s]);
			cells[d] = (struct slot_cell){ i++, slots[s], str_of(weekdays[d].code), TEXT(c, "%.*s, %.*s",
				FMT(say(c, &weekdays[d].label)), FMT(slot_text(c, slots[s]))), value_at(c, l),
				l ? busy_in(&busy, l->teacher.v, (pick)d, slots[s]) : (str){ 0 },
				options_of(c, &choices, &busy, (pick)d, slots[s], l) };
		}
		rows[s] = (struct slot_row){ slot_text(c, slots[s]), s && slots[s] > SLOTS_HALF && slots[s - 1] <= SLOTS_HALF,
			{ cells, DAYS_SHOWN } };
	}
	*out = (struct enter_view){ .title = sayf(c, &title, ARGS(k.name)), .name = t.name, .timetable = t.base.id,
		.class = k.base.id, .open = t.state == TIMETABLE_DRAFT && may(c, &timetable, UPDATE, &t),
		.none = choices.n == 0, .has_rooms = rooms.n > 0, .days = day_names(c), .slots = { rows, n },
		.needs = needs_of(c, &choices, &lessons, &rooms) };
	return OK;
}

#define ROW struct cell_in
static const struct shape cell_in_shape = { sizeof(ROW), FIELDS{ { COL(weekday), .pick = weekdays,
	.label = { "Thứ", "Weekday" } }, { COL(slot), .is = NEEDED, .min = 1, .max = SLOTS_DAY,
	.label = { "Tiết", "Lesson" } }, { COL(what), .max = 40, .label = { "Môn – giáo viên", "Subject – teacher" } },
	{ COL(seen), .max = 40, .label = { "Đã thấy", "Seen" } }, END } };
#undef ROW
#define ROW struct place_in
static const struct shape place_in_shape = { sizeof(ROW), FIELDS{ { COL(subject), .label = { "Môn", "Subject" } },
	{ COL(teacher), .label = { "Giáo viên", "Teacher" } }, { COL(room), .max = 20, .label = { "Phòng", "Room" } },
	{ COL(seen), .max = 20, .label = { "Đã thấy", "Seen" } }, END } };
#undef ROW
#define ROW struct enter_post
const struct shape enter_post_shape = { sizeof(ROW), FIELDS{ { REF(timetable, timetable), .is = NEEDED,
	.label = { "Thời khóa biểu", "Timetable" } }, { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { MANY(cells, cell_in_shape), .max = 100, .label = { "Các tiết", "Lessons" } },
	{ MANY(places, place_in_shape), .max = CHOICES_MOST, .label = { "Phòng học", "Rooms" } }, END } };
#undef ROW

static bool choice_of(const items *choices, str what, int64_t *ret_subject, int64_t *ret_teacher)
{
	str a, b;

	if (!str_cut(what, '-', &a, &b) || !str_to_int(a, ret_subject) || !str_to_int(b, ret_teacher))
		return false;
	for (int64_t i = 0; i < choices->n; i++) {
		const struct choice_row *x = (const struct choice_row *)choices->p + i;
		if (x->subject == *ret_subject && x->teacher == *ret_teacher)
			return true;
	}
	return false;
}

/* moved: cells that others filled otherwise since the page was made; they stay. */
static enum rc enter_cell(struct ctx *c, const struct enter_post *in, int64_t i, const items *lessons,
	const items *choices, struct buf *moved)
{
	const struct cell_in *x = (const struct cell_in *)in->cells.p + i;
	const struct lesson *was = lesson_at(lessons, x->weekday, x->slot);
	int64_t subject_, teacher_;
	struct lesson l;

	str now = value_at(c, was), want = x->what.n ? x->what : S("-");
	if (str_eq(want, now) || str_eq(want, x->seen))
		return OK;                       /* a cell this page did not touch stays as others wrote it */
	if (x->seen.n && !str_eq(x->seen, now)) {
		put_fmt(moved, "%s%.*s, %.*s", moved->n ? "; " : "", FMT(say(c, &weekdays[x->weekday].label)),
			FMT(slot_text(c, x->slot)));
		return OK;
	}
	if (x->what.n == 0)
		return was ? retire(c, &lesson, was->base.id, was->base.rev) : OK;
	if (!choice_of(choices, x->what, &subject_, &teacher_))
		return fail_item(c, E_INVALID, "cells", i, "what", &MSG_unknown, NULL, 0);
	if (was)
		l = *was;
	else
		row_zero(&lesson, &l);
	if (l.subject.v != subject_)
		l.room = (facility_id){ 0 };             /* the room was the former subject's                          */
	l.timetable = in->timetable;
	l.class = in->class;
	l.weekday = x->weekday;
	l.slot = x->slot;
	l.subject.v = subject_;
	l.teacher.v = teacher_;
	return was ? update(c, &lesson, &l) : create(c, &lesson, &l);
}

/* The rooms of subjects, where the page was told another one than it showed, and of lessons the page has just put
 * there. */
static enum rc enter_places(struct ctx *c, const struct enter_post *in)
{
	items lessons;

	if (in->places.n == 0)
		return OK;
	TRY(lessons_of_class(c, &(struct enter_in){ in->timetable, in->class }, &lessons));
	for (int64_t i = 0; i < in->places.n; i++) {
		const struct place_in *x = (const struct place_in *)in->places.p + i;
		bool told = !str_eq(x->room, x->seen);
		int64_t room;
		if (str_is(x->room, "-") || !x->room.n)
			continue;
		if (!str_to_int(x->room, &room) || room < 0)
			return fail_item(c, E_INVALID, "places", i, "room", &MSG_no_room, NULL, 0);
		for (int64_t j = 0; j < lessons.n; j++) {
			struct lesson l = ((const struct lesson *)lessons.p)[j];
			if (!is_of(&l, x->subject, x->teacher) || l.room.v == room || (!told && l.room.v))
				continue;
			l.room.v = room;
			TRY(update(c, &lesson, &l));
		}
	}
	return OK;
}

enum rc enter_post(struct ctx *c, const void *in_, void *out)
{
	const struct enter_post *in = in_;
	struct timetable t;
	struct school_class k;
	items lessons, choices;

	(void)out;
	TRY(find(c, &timetable, in->timetable.v, &t));
	TRY(find(c, &school_class, in->class.v, &k));
	if (t.state != TIMETABLE_DRAFT)
		return FAIL(c, E_STATE, 0, &MSG_locked);
	TRY(lessons_of_class(c, &(struct enter_in){ in->timetable, in->class }, &lessons));
	TRY(query(c, "timetable/choices", &tt_in_shape, &(struct tt_in){ .class = in->class.v }, &choice_row_shape,
		&choices,
		CHOICES_MOST));
	struct buf moved;
	buf_init(&moved, c->mem, 10000);
	for (int64_t i = 0; i < in->cells.n; i++)
		TRY(enter_cell(c, in, i, &lessons, &choices, &moved));
	TRY(enter_places(c, in));
	c->said = sayf(c, moved.n ? &MSG_moved : &MSG_saved, ARGS(k.name, buf_str(&moved)));
	c->go = moved.n ? link_to(c, "/timetable/%lld/class/%lld", (long long)t.base.id, (long long)k.base.id)
		: link_to(c, "/timetable/%lld/board", (long long)t.base.id);
	return OK;
}

/* ---- /timetable/{timetable}/board: every class beside the others ----------------------------------------------- */

struct board_in { timetable_id timetable; };
#define ROW struct board_in
const struct shape board_in_shape = { sizeof(ROW), FIELDS{ { REF(timetable, timetable), .is = NEEDED,
	.label = { "Thời khóa biểu", "Timetable" } }, END } };
#undef ROW
#define ROW struct board_class
static const struct shape board_class_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(more) }, END } };
#undef ROW
struct board_row { pick weekday; int64_t slot, class; str subject, code, teacher; };
#define ROW struct board_row
static const struct shape board_row_shape = { sizeof(ROW), FIELDS{ { COL(weekday), .pick = weekdays }, { COL(slot) },
	{ COL(class) }, { COL(subject) }, { COL(code) }, { COL(teacher) }, END } };
#undef ROW
struct board_cell { str subject, teacher; };
#define ROW struct board_cell
static const struct shape board_cell_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(teacher) }, END } };
#undef ROW
struct board_line { str weekday, slot; bool first; int64_t span; items cells; };
#define ROW struct board_line
static const struct shape board_line_shape = { sizeof(ROW), FIELDS{ { COL(weekday) }, { COL(slot) }, { COL(first) },
	{ COL(span) }, { MANY(cells, board_cell_shape) }, END } };
#undef ROW
struct clash_view { str who; pick weekday; int64_t slot; str one, other, when; };
#define ROW struct clash_view
static const struct shape clash_view_shape = { sizeof(ROW), FIELDS{ { COL(who) }, { COL(weekday), .pick = weekdays },
	{ COL(slot) }, { COL(one) }, { COL(other) }, { COL(when) }, END } };
static const struct shape clash_row_shape = { sizeof(ROW), FIELDS{ { COL(who) }, { COL(weekday), .pick = weekdays },
	{ COL(slot) }, { COL(one) }, { COL(other) }, END } };
#undef ROW
struct board_view { str title, since, state; int64_t timetable, rev, n; bool draft, may_write, none;
	items classes, lines, clashes; };
#define ROW struct board_view
const struct shape board_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(since) }, { COL(state) },
	{ COL(timetable) }, { COL(rev) }, { COL(n) }, { COL(draft) }, { COL(may_write) }, { COL(none) },
	{ MANY(classes, board_class_shape) }, { MANY(lines, board_line_shape) }, { MANY(clashes, clash_view_shape) },
	END } };
#undef ROW

/* "Võ Thanh Nhi" as "V.T.Nhi": a board has no room for more. */
static str short_name(struct ctx *c, str name)
{
	str family, middle, given;
	struct buf b;

	viet_name_parts(name, &family, &middle, &given);
	buf_init(&b, c->mem, 200);
	for (ptrdiff_t i = 0, at = 0; i < name.n - given.n; i = at) {
		bool begins = i == 0 || name.p[i - 1] == ' ';
		at = i;
		str_next(name, &at);
		if (begins && name.p[i] != ' ')
			put_fmt(&b, "%.*s.", FMT(str_sub(name, i, at)));
	}
	put(&b, given);
	return buf_str(&b);
}

static items board_cells(struct ctx *c, const items *classes, const items *rows, pick weekday, int64_t slot)
{
	struct board_cell *v = NEWS(c->mem, struct board_cell, classes->n + 1);

	for (int64_t i = 0; i < rows->n; i++) {
		const struct board_row *r = (const struct board_row *)rows->p + i;
		if (r->weekday != weekday || r->slot != slot)
			continue;
		for (int64_t k = 0; k < classes->n; k++)
			if (((const struct board_class *)classes->p)[k].id == r->class)
				v[k] = (struct board_cell){ r->subject, short_name(c, r->teacher) };
	}
	return (items){ v, classes->n };
}

static bool slot_used(const items *rows, int64_t slot)
{
	for (int64_t i = 0; i < rows->n; i++)
		if (((const struct board_row *)rows->p)[i].slot == slot)
			return true;
	return false;
}

/* Slots from..to. */
static items board_lines(struct ctx *c, const items *classes, const items *rows, int64_t from, int64_t to)
{
	struct board_line *v = NEWS(c->mem, struct board_line, DAYS_SHOWN * SLOTS_DAY);
	int64_t n = 0, used = 0;

	for (int64_t s = from; s <= to; s++)
		used += slot_used(rows, s);
	for (int d = 0; d < DAYS_SHOWN; d++) {
		bool first = true;
		for (int64_t s = from; s <= to; s++) {
			if (!slot_used(rows, s))
				continue;
			v[n++] = (struct board_line){ say(c, &weekdays[d].label), TEXT(c, "%s%lld",
				s > SLOTS_HALF ? "C" : "S", (long long)(s > SLOTS_HALF ? s - SLOTS_HALF : s)), first, used,
				board_cells(c, classes, rows, (pick)d, s) };
			first = false;
		}
	}
	return (items){ v, n };
}

static enum rc board_clashes(struct ctx *c, const struct tt_in *in, items *ret)
{
	TRY(query(c, "timetable/clashes", &tt_in_shape, in, &clash_row_shape, ret, 50));
	for (int64_t i = 0; i < ret->n; i++) {
		struct clash_view *x = (struct clash_view *)(uintptr_t)ret->p + i;
		x->when = TEXT(c, "%.*s, %.*s", FMT(say(c, &weekdays[x->weekday].label)), FMT(slot_text(c, x->slot)));
	}
	return OK;
}

enum rc board_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr states[] = { { "Đang soạn", "Draft" }, { "Đã ban hành", "Published" } };
	const struct board_in *in = in_;
	struct board_view *out = out_;
	struct timetable t;
	items rows;

	TRY(find(c, &timetable, in->timetable.v, &t));
	struct tt_in q = { .timetable = t.base.id, .school = t.base.org.v, .year = t.year.v };
	TRY(query(c, "timetable/classes", &tt_in_shape, &q, &board_class_shape, &out->classes, 200));
	TRY(query(c, "timetable/board_lessons", &tt_in_shape, &q, &board_row_shape, &rows, LESSONS_MOST));
	TRY(board_clashes(c, &q, &out->clashes));
	out->lines = board_lines(c, &out->classes, &rows, 1, SLOTS_DAY);
	out->title = t.name;
	out->since = day_text(c->mem, t.since);
	out->state = say(c, &states[t.state]);
	out->timetable = t.base.id;
	out->rev = t.base.rev;
	out->n = rows.n;
	out->draft = t.state == TIMETABLE_DRAFT;
	out->may_write = may(c, &timetable, CREATE, &t);
	out->none = rows.n == 0;
	return OK;
}

/* ---- POST /timetable/{timetable}/copy
 * ------------------------------------------------------------------------------- */

struct copy_in { timetable_id timetable; str name; day since; };
#define ROW struct copy_in
const struct shape copy_in_shape = { sizeof(ROW), FIELDS{ { REF(timetable, timetable), .is = NEEDED,
	.label = { "Thời khóa biểu", "Timetable" } }, { COL(name), .is = NEEDED, .max = 100, .label = { "Tên", "Name" } },
	{ COL(since), .is = NEEDED, .label = { "Áp dụng từ ngày", "In force from" } }, END } };
#undef ROW
struct copy_row { int64_t class; pick weekday; int64_t slot, subject, teacher, room; };
#define ROW struct copy_row
const struct shape copy_row_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(weekday), .pick = weekdays },
	{ COL(slot) }, { COL(subject) }, { COL(teacher) }, { COL(room) }, END } };
#undef ROW

struct lesson *lessons_of_rows(struct ctx *c, const items *rows, org_id school, timetable_id into)
{
	struct lesson *l = NEWS(c->mem, struct lesson, rows->n + 1);

	for (int64_t i = 0; i < rows->n; i++) {
		const struct copy_row *r = (const struct copy_row *)rows->p + i;
		row_zero(&lesson, &l[i]);
		l[i].base.org = school;
		l[i].timetable = into;
		l[i].class.v = r->class;
		l[i].weekday = r->weekday;
		l[i].slot = r->slot;
		l[i].place = lesson_place(r->weekday, r->slot);
		l[i].subject.v = r->subject;
		l[i].teacher.v = r->teacher;
		l[i].room.v = r->room;
	}
	return l;
}

enum rc copy_post(struct ctx *c, const void *in_, void *out)
{
	const struct copy_in *in = in_;
	struct timetable t, fresh;
	items rows;

	(void)out;
	TRY(find(c, &timetable, in->timetable.v, &t));
	TRY(query(c, "timetable/copy_lessons", &tt_in_shape, &(struct tt_in){ .timetable = t.base.id }, &copy_row_shape,
		&rows, LESSONS_MOST));
	row_zero(&timetable, &fresh);
	fresh.base.org = t.base.org;
	fresh.year = t.year;
	fresh.name = in->name;
	fresh.since = in->since;
	TRY(create(c, &timetable, &fresh));
	TRY(create_many(c, &lesson, lessons_of_rows(c, &rows, t.base.org, (timetable_id){ fresh.base.id }),
		rows.n));
	c->said = sayf(c, &MSG_copied, ARGS(TEXT(c, "%lld", (long long)rows.n)));
	c->go = link_to(c, "/timetable/%lld/board", (long long)fresh.base.id);
	return OK;
}

/* ---- the board on paper: a sheet for each half of the day and so many classes ---------------------------------- */

enum { CLASSES_A_SHEET = 12 };
#define ROW struct board_sheet
static const struct shape board_sheet_shape = { sizeof(ROW), FIELDS{ { COL(half) },
	{ MANY(classes, board_class_shape) }, { MANY(lines, board_line_shape) }, END } };
#undef ROW
#define ROW struct board_paper
const struct shape board_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) },
	{ MANY(sheets, board_sheet_shape) }, { COL(name) }, { COL(since) }, { COL(year) }, END } };
#undef ROW

static bool has_lessons(const items *rows, int64_t class, int64_t from, int64_t to)
{
	for (int64_t i = 0; i < rows->n; i++) {
		const struct board_row *r = (const struct board_row *)rows->p + i;
		if (r->class == class && r->slot >= from && r->slot <= to)
			return true;
	}
	return false;
}

enum rc board_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	static const char *const halves[] = { "Buổi sáng", "Buổi chiều" };
	const struct timetable *t = row;
	struct board_paper *out = out_;
	struct tt_in q = { .timetable = t->base.id, .school = t->base.org.v, .year = t->year.v };
	items classes, rows;
	int64_t n = 0;

	(void)in;
	TRY(query(c, "timetable/classes", &tt_in_shape, &q, &board_class_shape, &classes, 200));
	TRY(query(c, "timetable/board_lessons", &tt_in_shape, &q, &board_row_shape, &rows, LESSONS_MOST));
	TRY(org_letterhead(c, t->base.org, &out->head));
	for (int64_t i = 0; i < rows.n; i++) {
		struct board_row *r = (struct board_row *)(uintptr_t)rows.p + i;
		r->subject = subject_brief(r->code, r->subject);
	}
	struct board_sheet *v = NEWS(c->mem, struct board_sheet, 2 * (classes.n / CLASSES_A_SHEET + 1) + 1);
	for (int half = 0; half < 2; half++) {
		const int64_t from = 1 + half * SLOTS_HALF, to = from + SLOTS_HALF - 1;
		struct board_class *of = NEWS(c->mem, struct board_class, classes.n + 1);
		int64_t k = 0;
		for (int64_t i = 0; i < classes.n; i++)
			if (has_lessons(&rows, ((const struct board_class *)classes.p)[i].id, from, to))
				of[k++] = ((const struct board_class *)classes.p)[i];
		for (int64_t i = 0; i < k; i += CLASSES_A_SHEET) {
			items some = { of + i, k - i < CLASSES_A_SHEET ? k - i : CLASSES_A_SHEET };
			v[n++] = (struct board_sheet){ str_of(halves[half]), some, board_lines(c, &some, &rows, from, to) };
		}
	}
	out->sheets = (items){ v, n };
	out->name = t->name;
	out->since = day_text(c->mem, t->since);
	out->year = title_of(c, &school_year, t->year.v);
	return OK;
}
