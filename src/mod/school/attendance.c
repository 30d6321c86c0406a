/* attendance.c -- calling the roll on a phone: the classes of today, then one tile a pupil.
 * Nobody is present before somebody says so: the roll's row is what makes the others present. */
#include "mod/school/attendance.h"

static const struct tr
MSG_future = { "Chưa thể điểm danh cho ngày sau hôm nay.", "The roll of a day to come cannot be called." },
MSG_old = { "Chỉ sửa được điểm danh trong {1} ngày gần đây.", "The roll can be changed for the last {1} days only." },
MSG_stranger = { "Có học sinh không thuộc lớp này: tải lại trang.",
	"A pupil here is not of this class: load the page again." },
MSG_not_yours = { "Bạn không được phân công lớp này.", "You are not assigned to this class." },
MSG_saved = { "Đã lưu điểm danh lớp {1}: vắng {2}, muộn {3}.", "Roll of {1} saved: {2} absent, {3} late." };
/* how long a roll may be corrected; later the office does, on the absence */
enum { ROLL_DAYS = 7 };

/* which roll is asked for: the choices of rolls_in.session */
static const struct choice asked_sessions[] = { { "own", { "Buổi học của lớp", "The class's own" } },
	{ "morning", { "Buổi sáng", "Morning" } }, { "afternoon", { "Buổi chiều", "Afternoon" } },
	{ "both", { "Cả ngày", "Whole day" } }, END };
enum { OWN_SESSION, MORNING = 0, AFTERNOON };

static pick own_session(const struct school_class *k) { return k->session == AFTERNOON ? AFTERNOON : MORNING; }

static pick session_of(const struct school_class *k, pick asked)
{
	return asked == OWN_SESSION ? own_session(k) : (pick)(asked - 1);
}

/* ---- GET /attendance ---------------------------------------------------------------------------- */

#define ROW struct roll_view
static const struct shape roll_view_shape = { sizeof(ROW), FIELDS{ { COL(id) },
	{ COL(name), .label = { "Lớp", "Class" } }, { COL(size), .label = { "Sĩ số", "Pupils" } },
	{ COL(session) }, { COL(afternoon) },
	{ COL(called) }, { COL(absent), .label = { "Vắng", "Absent" } }, { COL(late), .label = { "Muộn", "Late" } },
	{ COL(called_at) }, END } };
#undef ROW
#define ROW struct rolls_in
const struct shape rolls_in_shape = { sizeof(ROW), FIELDS{ { COL(on_day), .label = { "Ngày", "Day" } },
	{ COL(session), .label = { "Buổi", "Session" }, .pick = asked_sessions },
	{ COL(school) }, END } };
#undef ROW
#define ROW struct rolls_view
const struct shape rolls_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(day_text) }, { COL(day_iso) },
	{ COL(day_input) }, { COL(session) }, { COL(morning) }, { COL(afternoon) }, { MANY(classes, roll_view_shape) },
	{ COL(none) }, { COL(n) }, { COL(n_called) }, END } };
#undef ROW

static str weekday_text(struct ctx *c, day d)
{
	static const struct tr names[] = { { "Thứ Hai", "Monday" }, { "Thứ Ba", "Tuesday" }, { "Thứ Tư", "Wednesday" },
		{ "Thứ Năm", "Thursday" },
		{ "Thứ Sáu", "Friday" }, { "Thứ Bảy", "Saturday" }, { "Chủ nhật", "Sunday" } };
	return TEXT(c, "%.*s %.*s", FMT(say(c, &names[day_week(d) - 1])), FMT(day_text(c->mem, d)));
}

enum rc attendance_classes(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Điểm danh", "Attendance" };
	struct rolls_in in = *(const struct rolls_in *)in_;
	struct rolls_view *out = out_;

	if (in.on_day.v == NO_DAY.v)
		in.on_day = c->today;
	in.school = c->here.org.v;
	TRY(query(c, "school/rolls", &rolls_in_shape, &in, &roll_view_shape, &out->classes, 400));
	out->title = say(c, &title);
	out->day_text = weekday_text(c, in.on_day);
	out->day_iso = day_iso(c->mem, in.on_day);
	out->day_input = day_text(c->mem, in.on_day);
	out->session = in.session;
	out->morning = in.session == 1 + MORNING;
	out->afternoon = in.session == 1 + AFTERNOON;
	out->n = out->classes.n;
	out->none = out->classes.n == 0;
	for (int64_t i = 0; i < out->classes.n; i++)
		out->n_called += ((const struct roll_view *)out->classes.p)[i].called;
	return OK;
}

/* ---- GET /attendance/{class} ---------------------------------------------------------------------- */

#define ROW struct mark_view
static const struct shape mark_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(sex_male) },
	{ COL(kind) }, { COL(note) }, { COL(i) },
	{ COL(present) }, { COL(excused) }, { COL(unexcused) }, { COL(late) }, END } };
#undef ROW
/* what the query gives of a pupil: the first four and the kind as a code */
#define ROW struct mark_row
static const struct shape mark_row_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(male) },
	{ COL(kind) }, { COL(note) }, END } };
#undef ROW
#define ROW struct roll_ask
const struct shape roll_ask_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED },
	{ COL(on_day), .label = { "Ngày", "Day" } },
	{ COL(session), .label = { "Buổi", "Session" }, .pick = asked_sessions }, END } };
/* the same for the query: the session is known */
static const struct shape sheet_key_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, { COL(on_day) },
	{ COL(session), .pick = sessions }, END } };
#undef ROW
#define ROW struct roll_sheet
const struct shape roll_sheet_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(class) }, { COL(class_name) },
	{ COL(day_text) }, { COL(day_input) }, { COL(session) }, { COL(session_code) }, { COL(called_at) },
	{ COL(action) }, { COL(back) }, { COL(called) }, { COL(open) }, { COL(none) }, { COL(lent) }, { COL(n) },
	{ MANY(pupils, mark_shape) }, END } };
#undef ROW

static bool is_open(const struct ctx *c, day d) { return d.v <= c->today.v && d.v > c->today.v - ROLL_DAYS; }

/* A roll that was called makes the others present; before that nothing is said of them. */
static enum rc sheet_pupils(struct ctx *c, const struct roll_ask *in, bool called, items *ret)
{
	items got;

	TRY(query(c, "school/sheet", &sheet_key_shape, in, &mark_row_shape, &got, 80));
	struct mark_view *out = NEWS(c->mem, struct mark_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct mark_row *m = (const struct mark_row *)got.p + i;
		out[i] = (struct mark_view){ .pupil = m->pupil, .name = m->name, .sex_male = m->male, .kind = m->kind,
			.note = m->note, .i = i,
			.present = called && m->kind.n == 0, .excused = str_is(m->kind, "excused"),
			.unexcused = str_is(m->kind, "unexcused"), .late = str_is(m->kind, "late") };
	}
	*ret = (items){ out, got.n };
	return OK;
}

enum rc attendance_sheet(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Điểm danh lớp {1}", "Roll of class {1}" };
	struct roll_ask in = *(const struct roll_ask *)in_;
	struct roll_sheet *out = out_;
	struct school_class k;
	struct roll r;

	if (in.on_day.v == NO_DAY.v)
		in.on_day = c->today;
	TRY(find(c, &school_class, in.class.v, &k));
	in.session = session_of(&k, in.session);
	enum rc rc = find_one(c, &roll, &r, IS({ offsetof(struct roll, class), v_int(in.class.v) },
		{ offsetof(struct roll, held), v_int(in.on_day.v) },
		{ offsetof(struct roll, session), v_text(str_of(sessions[in.session].code)) }));
	if (rc != OK && rc != E_MISSING)
		return rc;
	out->called = rc == OK;
	TRY(sheet_pupils(c, &in, out->called, &out->pupils));
	out->called_at = rc == OK ? TEXT(c, "%.*s, %.*s", FMT(instant_text(c->mem, r.base.changed)),
		FMT(title_of(c, &person, r.caller.v))) : (str){ 0 };
	out->title = sayf(c, &title, ARGS(k.name));
	out->class = in.class.v;
	out->action = link_to(c, "/attendance/%lld", (long long)in.class.v);
	out->back = link_to(c, "/attendance");
	out->class_name = k.name;
	out->day_text = weekday_text(c, in.on_day);
	out->day_input = day_text(c->mem, in.on_day);
	out->session = say(c, &sessions[in.session].label);
	out->session_code = str_of(sessions[in.session].code);
	out->open = is_open(c, in.on_day);
	out->n = out->pupils.n;
	out->none = out->pupils.n == 0;
	return OK;
}

/* ---- POST /attendance/{class} --------------------------------------------------------------------- */

#define ROW struct mark_in
static const struct choice mark_kinds[] = { { "present", { "Có mặt", "Present" } },
	{ "excused", { "Vắng có phép", "Excused" } },
	{ "unexcused", { "Vắng không phép", "Unexcused" } }, { "late", { "Đi muộn", "Late" } }, END };
static const struct shape mark_in_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person), .is = NEEDED,
	.label = { "Học sinh", "Pupil" } }, { COL(kind), .pick = mark_kinds, .label = { "Chuyên cần", "Attendance" } },
	{ COL(note), .max = 300, .label = { "Lý do", "Reason" } }, END } };
#undef ROW
#define ROW struct call_in
const struct shape call_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { COL(on_day), .label = { "Ngày", "Day" } },
	{ COL(session), .pick = asked_sessions, .label = { "Buổi", "Session" } },
	{ MANY(marks, mark_in_shape), .label = { "Học sinh", "Pupils" }, .max = 80 }, END } };
#undef ROW

/* Every pupil named is of the class: one query for all. */
static enum rc known_pupils(struct ctx *c, const struct call_in *in, const struct roll_ask *key)
{
	items have;

	TRY(query(c, "school/sheet", &sheet_key_shape, key, &mark_row_shape, &have, 80));
	for (int64_t i = 0; i < in->marks.n; i++) {
		const struct mark_in *m = (const struct mark_in *)in->marks.p + i;
		bool found = false;
		for (int64_t j = 0; j < have.n && !found; j++)
			found = ((const struct mark_row *)have.p)[j].pupil == m->pupil.v;
		if (!found)
			return FAIL(c, E_INVALID, offsetof(struct call_in, marks), &MSG_stranger);
	}
	return OK;
}

static enum rc write_roll(struct ctx *c, const struct call_in *in, const struct school_class *k, int64_t absent,
	int64_t late)
{
	struct roll r;
	enum rc rc = find_one(c, &roll, &r, IS({ offsetof(struct roll, class), v_int(in->class.v) },
		{ offsetof(struct roll, held), v_int(in->on_day.v) },
		{ offsetof(struct roll, session), v_text(str_of(sessions[in->session].code)) }));

	if (rc != OK && rc != E_MISSING)
		return rc;
	if (rc == E_MISSING) {
		row_zero(&roll, &r);
		r.base.org = k->base.org;
		r.class = in->class;
		r.held = in->on_day;
		r.session = in->session;
	}
	r.caller = c->who->person;
	r.absent = absent;
	r.late = late;
	r.present = k->size - absent;
	return rc == OK ? update(c, &roll, &r) : create(c, &roll, &r);
}

/* Absences of that day and session become exactly those sent; each change is a line of history. */
static enum rc write_absences(struct ctx *c, const struct call_in *in, const struct school_class *k)
{
	items have;
	TRY(find_all(c, &absence, &have, 80, IS({ offsetof(struct absence, class), v_int(in->class.v) },
		{ offsetof(struct absence, held), v_int(in->on_day.v) },
		{ offsetof(struct absence, session), v_text(str_of(sessions[in->session].code)) })));
	for (int64_t i = 0; i < in->marks.n; i++) {
		const struct mark_in *m = (const struct mark_in *)in->marks.p + i;
		struct absence *was = NULL, a;
		for (int64_t j = 0; j < have.n && !was; j++)
			if (((const struct absence *)have.p)[j].pupil.v == m->pupil.v)
				a = ((const struct absence *)have.p)[j], was = &a;
		if (m->kind == 0) {
			if (was)
				TRY(retire(c, &absence, was->base.id, was->base.rev));
			continue;
		}
		/* the page asks for no note: the reason of a leave request stays with the absence it excused */
		if (was && was->kind == m->kind - 1 && (!m->note.n || str_eq(was->note, m->note)))
			continue;
		if (!was)
			row_zero(&absence, &a);
		a.base.org = k->base.org;
		a.class = in->class;
		a.pupil = m->pupil;
		a.held = in->on_day;
		a.session = in->session;
		a.kind = (pick)(m->kind - 1);
		a.note = m->note;
		TRY(was ? update(c, &absence, &a) : create(c, &absence, &a));
	}
	return OK;
}

enum rc attendance_call(struct ctx *c, const void *in_, void *out)
{
	struct call_in in = *(const struct call_in *)in_;
	struct school_class k;
	int64_t absent = 0, late = 0;

	(void)out;
	if (in.on_day.v == NO_DAY.v)
		in.on_day = c->today;
	if (in.on_day.v > c->today.v)
		return FAIL(c, E_INVALID, offsetof(struct call_in, on_day), &MSG_future);
	if (!is_open(c, in.on_day))
		return FAILF(c, E_STATE, offsetof(struct call_in, on_day), &MSG_old, TEXT(c, "%d", ROLL_DAYS));
	TRY(find(c, &school_class, in.class.v, &k));
	in.session = session_of(&k, in.session);
	struct roll wanted = { .base.org = k.base.org, .class = in.class };
	if (!may(c, &roll, CREATE, &wanted))
		return FAIL(c, E_DENIED, 0, &MSG_not_yours);
	TRY(known_pupils(c, &in, &(struct roll_ask){ in.class, in.on_day, in.session }));
	for (int64_t i = 0; i < in.marks.n; i++) {
		pick kind = ((const struct mark_in *)in.marks.p)[i].kind;
		absent += kind == 1 || kind == 2;
		late += kind == 3;
	}
	TRY(write_roll(c, &in, &k, absent, late));
	TRY(write_absences(c, &in, &k));
	c->said = sayf(c, &MSG_saved, ARGS(k.name, TEXT(c, "%lld", (long long)absent), TEXT(c, "%lld", (long long)late)));
	c->go = in.session == own_session(&k) ? link_to(c, "/attendance?on_day=%.*s", FMT(day_iso(c->mem, in.on_day)))
		: link_to(c, "/attendance?on_day=%.*s&session=%s", FMT(day_iso(c->mem, in.on_day)),
			sessions[in.session].code);
	return OK;
}

enum rc attendance_go(struct ctx *c, const void *in, void *out)
{
	(void)in, (void)out;
	c->go = link_to(c, "/attendance");
	return OK;
}
