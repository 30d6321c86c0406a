/* family.c -- the page of a family: a child's day, newest marks, remarks, notices, leave. It reads and writes
 * nothing. */
#include "mod/contact/contact_in.h"
#include "mod/records/records.h"
#include "mod/timetable/timetable.h"

enum { CHILDREN = 12, SUBJECTS = 40, MARKS = 6, REMARKS = 3, NOTICES = 5, LEAVES = 4 };

struct family_in { person_id child; };
#define ROW struct family_in
const struct shape family_in_shape = { sizeof(ROW), FIELDS{ { REF(child, person), .label = { "Học sinh", "Pupil" } },
	END } };
#undef ROW
struct child_row { int64_t id; str name; int64_t class; str class_name; int64_t org; str school, school_long;
	instant called; str kind; };
#define ROW struct child_row
static const struct shape child_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(class) },
	{ COL(class_name) }, { COL(org) }, { COL(school) }, { COL(school_long) }, { COL(called) }, { COL(kind) }, END } };
#undef ROW
struct child_pill { int64_t id; str name, initials, where; bool current; };
#define ROW struct child_pill
static const struct shape pill_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(initials) },
	{ COL(where) }, { COL(current) }, END } };
#undef ROW
struct mark_row { str subject, cells; score average; str comment, remark; instant changed; pick term, grade;
	int64_t year; };
#define ROW struct mark_row
const struct shape family_mark_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(cells) }, { COL(average) },
	{ COL(comment) }, { COL(remark) }, { COL(changed) }, { COL(term), .pick = mark_terms },
	{ COL(grade), .pick = grades }, { COL(year) }, END } };
#undef ROW
struct mark_chip { str value, what; bool low; };
#define ROW struct mark_chip
static const struct shape chip_shape = { sizeof(ROW), FIELDS{ { COL(value) }, { COL(what) }, { COL(low) }, END } };
#undef ROW
struct mark_line { str subject, term, average, when; items chips; };
#define ROW struct mark_line
static const struct shape mark_line_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(term) },
	{ COL(average) }, { COL(when) },
	{ MANY(chips, chip_shape) }, END } };
#undef ROW
struct remark_line { str subject, text; };
#define ROW struct remark_line
static const struct shape remark_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(text) }, END } };
#undef ROW
struct notice_line { int64_t id; str title, body; instant sent, seen; str pupil; bool recalled, asks; };
#define ROW struct notice_line
static const struct shape notice_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(title) }, { COL(body) },
	{ COL(sent) }, { COL(seen) }, { COL(pupil) }, { COL(recalled) }, { COL(asks) }, END } };
#undef ROW
struct leave_row { int64_t id; day since, until; str reason, state; };
#define ROW struct leave_row
static const struct shape leave_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(since) }, { COL(until) },
	{ COL(reason) }, { COL(state) }, END } };
#undef ROW
struct leave_line { int64_t id; str days, reason, state; bool asked, approved; };
#define ROW struct leave_line
static const struct shape leave_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(days) }, { COL(reason) },
	{ COL(state) }, { COL(asked) }, { COL(approved) }, END } };
#undef ROW
/* present, absent, late, unknown: exactly one; lessons: no day of lessons when false */
struct family_view { str title, date; bool none, many, guardian, studies; int64_t child; str name, class_name, school;
	bool present, excused, absent, late, unknown, free; str called_at; int64_t unread;
	items children, marks, remarks, notices, leaves; bool has_marks, has_remarks, has_notices, has_leaves;
	int64_t class; str next_day; items lessons, next; bool has_lessons, has_next; };
#define ROW struct family_view
const struct shape family_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(date) }, { COL(none) }, { COL(many) },
	{ COL(guardian) }, { COL(studies) }, { COL(child) }, { COL(name) }, { COL(class_name) }, { COL(school) },
	{ COL(present) }, { COL(excused) }, { COL(absent) }, { COL(late) }, { COL(unknown) }, { COL(free) },
	{ COL(called_at) }, { COL(unread) }, { MANY(children, pill_shape) }, { MANY(marks, mark_line_shape) },
	{ MANY(remarks, remark_shape) }, { MANY(notices, notice_line_shape) }, { MANY(leaves, leave_line_shape) },
	{ COL(has_marks) }, { COL(has_remarks) }, { COL(has_notices) }, { COL(has_leaves) }, { COL(class) },
	{ COL(next_day) }, { MANY(lessons, lesson_view_shape) }, { MANY(next, lesson_view_shape) }, { COL(has_lessons) },
	{ COL(has_next) }, END } };
#undef ROW

/* ---- children --------------------------------------------------------------------------------------------------- */

static str last_words(str name, int words)
{
	ptrdiff_t i = name.n;

	while (i > 0 && !(name.p[i - 1] == ' ' && --words == 0))
		i--;
	return str_sub(name, i, -1);
}

static ptrdiff_t first_char(str s)
{
	ptrdiff_t n = s.n ? 1 : 0;

	while (n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n++;
	return n;
}

static str initials(struct ctx *c, str name)
{
	str two = last_words(name, 2), one = last_words(name, 1);

	return TEXT(c, "%.*s%.*s", FMT(str_sub(two, 0, first_char(two))),
		FMT(two.n > one.n ? str_sub(one, 0, first_char(one)) : S("")));
}

static const struct child_row *choose(const items *list, int64_t wanted)
{
	const struct child_row *at = list->p;

	for (int64_t i = 0; i < list->n; i++)
		if (at[i].id == wanted)
			return at + i;
	return wanted || !list->n ? NULL : at;
}

static void show_children(struct ctx *c, const items *list, int64_t chosen, struct family_view *out)
{
	struct child_pill *pills = NEWS(c->mem, struct child_pill, list->n + 1);

	for (int64_t i = 0; i < list->n; i++) {
		const struct child_row *k = (const struct child_row *)list->p + i;
		pills[i] = (struct child_pill){ .id = k->id, .name = last_words(k->name, 2), .initials = initials(c, k->name),
			.where = k->class ? TEXT(c, "%.*s · %.*s", FMT(k->class_name), FMT(k->school)) : (str){ 0 },
			.current = k->id == chosen };
	}
	out->children = (items){ pills, list->n };
	out->many = list->n > 1;
}

static str day_words(struct ctx *c, day on_day)
{
	static const struct tr names[] = { { "Thứ Hai", "Monday" }, { "Thứ Ba", "Tuesday" }, { "Thứ Tư", "Wednesday" },
		{ "Thứ Năm", "Thursday" }, { "Thứ Sáu", "Friday" }, { "Thứ Bảy", "Saturday" }, { "Chủ nhật", "Sunday" } };
	struct ymd d = day_ymd(on_day);
	str name = say(c, &names[day_week(on_day) - 1]);

	return TEXT(c, "%.*s, %d/%d", FMT(name), d.d, d.m);
}

static enum rc show_lessons(struct ctx *c, const struct child_row *k, struct family_view *out)
{
	struct lessons_ahead ahead;

	out->class = k->class;
	if (!k->class)
		return OK;
	TRY(class_ahead(c, (org_id){ k->org }, (school_class_id){ k->class }, &ahead));
	out->lessons = ahead.today;
	out->next = ahead.next;
	out->has_lessons = ahead.today.n > 0;
	out->has_next = ahead.next.n > 0;
	if (out->has_next)
		out->next_day = day_words(c, ahead.next_day);
	return OK;
}

static void show_day(struct ctx *c, const struct child_row *k, struct family_view *out)
{
	out->date = day_words(c, c->today);
	out->free = day_off(c->today) && !k->called.v;
	out->excused = str_is(k->kind, "excused");
	out->absent = str_is(k->kind, "unexcused");
	out->late = str_is(k->kind, "late");
	out->present = k->called.v && !k->kind.n;
	out->unknown = !k->called.v && !k->kind.n && !out->free;
	if (k->called.v)
		out->called_at = str_sub(instant_text(c->mem, k->called), 0, 5);
}

/* ---- marks ------------------------------------------------------------------------------------------------------- */

static str column_name(struct ctx *c, str key)
{
	static const struct tr regular = { "thường xuyên {1}", "regular {1}" }, middle = { "giữa kì", "mid-term" },
		end = { "cuối kì", "end of term" };

	if (str_starts(key, S("tx")))
		return sayf(c, &regular, ARGS(str_sub(key, 2, -1)));
	return str_starts(key, S("gk")) ? say(c, &middle) : str_starts(key, S("ck")) ? say(c, &end) : key;
}

static str chip_text(struct ctx *c, str v)
{
	static const struct { const char *code; struct tr as; } words[] = { { "dat", { "Đạt", "Pass" } },
		{ "chua_dat", { "Chưa đạt", "Not yet" } }, { "v", { "vắng", "absent" } }, { "m", { "miễn", "exempt" } } };
	score s;

	for (ptrdiff_t i = 0; i < COUNT(words); i++)
		if (str_is(v, words[i].code))
			return say(c, &words[i].as);
	return score_read(v, &s) ? score_text(c->mem, s) : v;
}

static void show_cells(struct ctx *c, str cells, struct mark_line *line)
{
	struct mark_chip *chips = NEWS(c->mem, struct mark_chip, SLOTS + 1);
	int64_t n = 0;
	str cell, key, v;
	score s;

	while (cells.n && n < SLOTS) {
		str_cut(cells, ' ', &cell, &cells);
		if (!str_cut(cell, '=', &key, &v))
			continue;
		chips[n++] = (struct mark_chip){ chip_text(c, v), column_name(c, key), score_read(v, &s) && s.v < 500 };
	}
	line->chips = (items){ chips, n };
}

/* The same words about the same subject, of another term. */
static bool said_before(const struct remark_line *list, int64_t n, const struct mark_row *m)
{
	for (int64_t i = 0; i < n; i++)
		if (str_eq(list[i].subject, m->subject) && str_eq(list[i].text, m->remark))
			return true;
	return false;
}

static enum rc show_marks(struct ctx *c, const struct child_row *k, struct family_view *out)
{
	struct mark_line *lines = NEWS(c->mem, struct mark_line, MARKS);
	struct remark_line *said = NEWS(c->mem, struct remark_line, REMARKS);
	items got;
	int64_t n = 0, r = 0;

	TRY(query(c, "contact/marks", &key_shape,
		&(struct key_in){ .pupil = { k->id }, .class = { k->class } }, &family_mark_shape, &got, SUBJECTS));
	for (int64_t i = 0; i < got.n; i++) {
		const struct mark_row *m = (const struct mark_row *)got.p + i;
		const struct scheme *s = scheme_for(schemes(c), m->grade, (int)m->year);
		if (m->cells.n && n < MARKS) {
			lines[n] = (struct mark_line){ .subject = m->subject, .term = say(c, &mark_terms[m->term].label),
				.when = day_text(c->mem, day_at(m->changed)),
				.average = s ? average_text(c->mem, s, m->average.v, false) : (str){ 0 } };
			show_cells(c, m->cells, &lines[n++]);
		}
		if (m->remark.n && r < REMARKS && !said_before(said, r, m))
			said[r++] = (struct remark_line){ m->subject, m->remark };
	}
	out->marks = (items){ lines, n };
	out->remarks = (items){ said, r };
	out->has_marks = n > 0;
	out->has_remarks = r > 0;
	return OK;
}

/* ---- leave and notices
 * ---------------------------------------------------------------------------------------------- */

static enum rc show_leaves(struct ctx *c, const struct child_row *k, struct family_view *out)
{
	items got;

	TRY(query(c, "contact/leaves", &key_shape,
		&(struct key_in){ .pupil = { k->id }, .since = { c->today.v - 14 } }, &leave_row_shape, &got, LEAVES));
	struct leave_line *lines = NEWS(c->mem, struct leave_line, got.n + 1);
	const struct field *state = leave_request.fields;
	while (state->at != offsetof(struct leave_request, state))
		state++;
	for (int64_t i = 0; i < got.n; i++) {
		const struct leave_row *r = (const struct leave_row *)got.p + i;
		int s = 0;
		while (state->pick[s + 1].code && !str_is(r->state, state->pick[s].code))
			s++;
		lines[i] = (struct leave_line){ r->id, r->since.v == r->until.v ? day_text(c->mem, r->since)
			: TEXT(c, "%.*s – %.*s", FMT(day_text(c->mem, r->since)), FMT(day_text(c->mem, r->until))),
			r->reason, say(c, &state->pick[s].label), s == LEAVE_ASKED, s == LEAVE_APPROVED };
	}
	out->leaves = (items){ lines, got.n };
	out->has_leaves = got.n > 0;
	return OK;
}

enum rc family_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Sổ liên lạc", "Contact book" };
	const struct family_in *in = in_;
	struct family_view *out = out_;
	items list;

	out->title = say(c, &title);
	TRY(query(c, "contact/children", NULL, NULL, &child_row_shape, &list, CHILDREN));
	const struct child_row *k = choose(&list, in->child.v);
	if (!k && in->child.v)
		return E_MISSING;
	out->none = !k;
	if (!k)
		return OK;
	show_children(c, &list, k->id, out);
	out->child = k->id;
	out->name = k->name;
	out->class_name = k->class_name;
	out->school = k->school_long;
	out->studies = k->class != 0;
	out->guardian = k->id != c->who->person.v;
	show_day(c, k, out);
	TRY(show_lessons(c, k, out));
	TRY(show_marks(c, k, out));
	TRY(show_leaves(c, k, out));
	TRY(query(c, "contact/notices", &key_shape, &(struct key_in){ .pupil = { k->id } }, &notice_line_shape,
		&out->notices, NOTICES));
	out->has_notices = out->notices.n > 0;
	return query_int(c, "contact/unread", NULL, NULL, &out->unread);
}
