/* read.c -- a timetable out of a file: FET's own format, or a sheet with a column for each class as schools print it.
 * FET's is parsed in the sandbox here, the sheet in core/sheet.h's. */
#include "core/sandbox.h"
#include "core/sheet.h"
#include "core/xml.h"
#include "mod/timetable/timetable_rules.h"

/* "Thứ 2", "2", "Hai", "T2", "Monday": 0 for Monday; -1: none. */
static int weekday_read(struct arena *mem, str text)
{
	static const char *const words[] = { "hai", "ba", "tu", "nam", "sau", "bay", "chu nhat" };
	str s = viet_fold(mem, str_trim(text));
	int64_t n;

	if (str_starts(s, S("thu")))
		s = str_trim(str_sub(s, 3, -1));
	else if (s.n == 2 && s.p[0] == 't')
		s = str_sub(s, 1, -1);
	if (str_is(s, "cn"))
		return 6;
	if (str_to_int(s, &n))
		return n >= 2 && n <= 8 ? (int)n - 2 : -1;
	for (int i = 0; i < (int)COUNT(words); i++)
		if (str_is(s, words[i]))
			return i;
	return -1;
}

/* ---- FET ------------------------------------------------------------------------------------------------------ */

enum { FET_NAMES = 60, FET_TEXT = 200 };
#define FET_RESULT "the file is a result of FET"
/* classes: the sets of pupils, n_classes of struct fet's from there on. */
struct activity { str subject, teacher, room; int64_t classes; int n_classes, day, hour; int64_t id, duration;
	bool off; };
/* weekday, late, slot: what the names say, see days_mean and hours_mean. within: where the reader stands in the list of
 * pupils: year, group, subgroup. */
struct fet { struct arena *mem; struct xml x; str rest; struct activity *all; int64_t n, cap;
	str *classes; int64_t n_classes; struct read_set *sets; int64_t n_sets; str within[3];
	str days[FET_NAMES], hours[FET_NAMES]; int n_days, n_hours; const char *bad;
	int weekday[FET_NAMES], slot[FET_NAMES]; bool late[FET_NAMES]; };

static ptrdiff_t take(void *arg, char *p, ptrdiff_t n)
{
	struct fet *f = arg;

	n = n < f->rest.n ? n : f->rest.n;
	memcpy(p, f->rest.p, (size_t)n);
	f->rest = str_sub(f->rest, n, -1);
	return n;
}

/* The text of the element just opened. */
static str text_of(struct fet *f)
{
	int depth = f->x.depth;
	struct buf b;

	buf_init(&b, f->mem, FET_TEXT);
	for (;;) {
		enum xml_event e = xml_next(&f->x);
		if (e == XML_TEXT)
			xml_put_text(&b, f->x.text, f->x.cdata);
		else if (e == XML_BAD || e == XML_DONE || (e == XML_CLOSE && f->x.depth < depth))
			return str_trim(buf_str(&b));
	}
}

static struct activity *activity_by(struct fet *f, int64_t id)
{
	for (int64_t i = 0; i < f->n; i++)
		if (f->all[i].id == id)
			return &f->all[i];
	return NULL;
}

static int index_of(const str *names, int n, str name)
{
	for (int i = 0; i < n; i++)
		if (str_eq(names[i], name))
			return i;
	return -1;
}

/* Calls fn with each child of the element just opened: its name, its text. */
typedef void child_fn(struct fet *f, void *arg, str name, str text);
static void children(struct fet *f, child_fn *fn, void *arg)
{
	int depth = f->x.depth;

	for (;;) {
		enum xml_event e = xml_next(&f->x);
		if (e == XML_BAD || e == XML_DONE || (e == XML_CLOSE && f->x.depth < depth))
			return;
		if (e == XML_OPEN) {
			str name = str_copy(f->mem, f->x.name);
			fn(f, arg, name, text_of(f));
		}
	}
}

static void activity_child(struct fet *f, void *arg, str name, str text)
{
	struct activity *a = arg;

	if (str_is(name, "Teacher") && a->teacher.n == 0)
		a->teacher = text;
	else if (str_is(name, "Teacher") && a->teacher.n + text.n + S(READ_AND).n <= FET_TEXT)
		a->teacher = str_fmt(f->mem, "%.*s" READ_AND "%.*s", FMT(a->teacher), FMT(text));
	else if (str_is(name, "Subject"))
		a->subject = text;
	else if (str_is(name, "Students") && f->n_classes < READ_MOST)
		f->classes[f->n_classes++] = text, a->n_classes++;
	else if (str_is(name, "Id"))
		str_to_int(text, &a->id);
	else if (str_is(name, "Duration"))
		str_to_int(text, &a->duration);
	else if (str_is(name, "Active"))
		a->off = str_is(text, "false");
}

struct spot { int64_t id; str day, hour, room; bool off; };
static void place_child(struct fet *f, void *arg, str name, str text)
{
	struct spot *p = arg;

	(void)f;
	if (str_is(name, "Activity_Id"))
		str_to_int(text, &p->id);
	else if (str_is(name, "Preferred_Day"))
		p->day = text;
	else if (str_is(name, "Preferred_Hour"))
		p->hour = text;
	else if (str_is(name, "Room"))
		p->room = text;
	else if (str_is(name, "Active"))
		p->off = str_is(text, "false");
}

static void name_child(struct fet *f, void *arg, str name, str text)
{
	(void)f;
	if (str_is(name, "Name"))
		*(str *)arg = text;
}

static void one_activity(struct fet *f)
{
	struct activity a = { .day = -1, .hour = -1, .duration = 1, .classes = f->n_classes };

	children(f, activity_child, &a);
	if (f->n == f->cap) {
		f->bad = "there are too many activities";
		return;
	}
	f->all[f->n++] = a;
}

static void one_place(struct fet *f)
{
	struct spot p = { 0 };
	struct activity *a;

	children(f, place_child, &p);
	if (p.off || !(a = activity_by(f, p.id)))
		return;
	if (p.room.n)
		a->room = p.room;
	if (p.day.n && p.hour.n) {
		a->day = index_of(f->days, f->n_days, p.day);
		a->hour = index_of(f->hours, f->n_hours, p.hour);
	}
}

/* A year, a group or a subgroup begins; its name is the next element of that name. */
static void one_set(struct fet *f, int level)
{
	int depth = f->x.depth;

	for (enum xml_event e = xml_next(&f->x); e != XML_BAD && e != XML_DONE; e = xml_next(&f->x)) {
		if (e == XML_CLOSE && f->x.depth < depth)
			return;
		if (e != XML_OPEN)
			continue;
		if (level < 2 && str_is(f->x.name, level == 0 ? "Group" : "Subgroup")) {
			one_set(f, level + 1);
		} else if (str_is(f->x.name, "Name")) {
			f->within[level] = text_of(f);
			if (level && f->n_sets < READ_SETS)
				f->sets[f->n_sets++] = (struct read_set){ f->within[level], f->within[level - 1] };
		}
	}
}

static void one_element(struct fet *f)
{
	str name = f->x.name;
	bool listed = f->x.depth == 3;                   /* in the list of days or hours; constraints name them too */

	if (f->x.depth == 1 && str_ends(name, S("_Timetable")))
		f->bad = FET_RESULT;
	else if (str_is(name, "Year"))
		one_set(f, 0);
	else if (listed && str_is(name, "Day") && f->n_days < FET_NAMES)
		children(f, name_child, &f->days[f->n_days++]);
	else if (listed && str_is(name, "Hour") && f->n_hours < FET_NAMES)
		children(f, name_child, &f->hours[f->n_hours++]);
	else if (str_is(name, "Activity"))
		one_activity(f);
	else if (str_is(name, "ConstraintActivityPreferredStartingTime") || str_is(name, "ConstraintActivityPreferredRoom"))
		one_place(f);
}

/* ---- what the names of days and hours mean ----------------------------------------------------------------------- */

static bool is_late(str folded, bool *ret)
{
	bool early = str_find(folded, S("sang")) >= 0, late = str_find(folded, S("chieu")) >= 0;

	if (!early && !late && folded.n > 1 && folded.p[1] >= '0' && folded.p[1] <= '9') {
		early = folded.p[0] == 's';
		late = folded.p[0] == 'c';
	}
	*ret = late;
	return early != late;
}

/* "Thứ 3" is a Tuesday wherever it stands in the list, and "Thứ 3 chiều" its afternoon. Names that mean nothing here
 * count from Monday. False: a name says no half of the day. */
static bool days_mean(struct fet *f)
{
	static const char *const halves[] = { "buoi", "sang", "chieu" };
	bool all = f->n_days > 0, halved = f->n_days > 0;

	for (int i = 0; i < f->n_days; i++) {
		str day_ = viet_fold(f->mem, f->days[i]);
		halved = is_late(day_, &f->late[i]) && halved;
		for (int k = 0; k < (int)COUNT(halves); k++) {
			ptrdiff_t at = str_find(day_, str_of(halves[k]));
			if (at >= 0)
				day_ = str_trim(str_fmt(f->mem, "%.*s%.*s", FMT(str_sub(day_, 0, at)),
					FMT(str_sub(day_, at + (ptrdiff_t)strlen(halves[k]), -1))));
		}
		f->weekday[i] = weekday_read(f->mem, day_);
		all = all && f->weekday[i] >= 0;
	}
	for (int i = 0; i < f->n_days && !all; i++)
		f->weekday[i] = i < 7 ? i : -1;
	return all && halved;
}

/* "S3", "Tiết 3 sáng": the third of the morning; "C1", "Chiều 1": the first of the afternoon. Where they do not all say
 * so, lessons count from the first hour on; more hours than a half of the day holds are a morning and an afternoon. */
static void hours_mean(struct fet *f, bool halved, bool afternoon)
{
	int morning = f->n_hours > SLOTS_HALF ? (f->n_hours + 1) / 2 : SLOTS_HALF;
	bool all = f->n_hours > 0 && !halved;

	for (int i = 0; i < f->n_hours; i++) {
		bool late = false;
		str hour = viet_fold(f->mem, f->hours[i]), digits;
		int64_t n = 0;
		ptrdiff_t from = 0, end;
		while (from < hour.n && (hour.p[from] < '0' || hour.p[from] > '9'))
			from++;
		for (end = from; end < hour.n && hour.p[end] >= '0' && hour.p[end] <= '9';)
			end++;
		digits = str_sub(hour, from, end);
		all = all && is_late(hour, &late) && str_to_int(digits, &n) && n >= 1 && n <= SLOTS_HALF;
		f->slot[i] = (int)n + (late ? SLOTS_HALF : 0);
	}
	for (int i = 0; i < f->n_hours && !all; i++)
		f->slot[i] = i >= morning ? i - morning + 1 + SLOTS_HALF
			: i + 1 + (afternoon && !halved && f->n_hours <= SLOTS_HALF ? SLOTS_HALF : 0);
}

static void fet_lessons(struct fet *f, bool afternoon, struct read_told *ret)
{
	bool halved = days_mean(f);
	struct buf odd;

	hours_mean(f, halved, afternoon);
	buf_init(&odd, f->mem, FET_TEXT);
	ret->lessons = NEWS(f->mem, struct read_lesson, READ_MOST);
	for (int64_t i = 0; i < f->n; i++) {
		const struct activity *a = &f->all[i];
		bool fits = a->day >= 0 && a->hour >= 0 && f->weekday[a->day] >= 0;
		int64_t half = fits && halved && f->late[a->day] ? SLOTS_HALF : 0;
		ret->unplaced += !a->off && a->n_classes && (a->day < 0 || a->hour < 0);
		for (int64_t d = 0; !a->off && fits && d < a->duration && d < SLOTS_DAY; d++) {
			fits = a->hour + d < f->n_hours && f->slot[a->hour + d] + half <= (halved ? half + SLOTS_HALF : SLOTS_DAY);
			for (int k = 0; fits && k < a->n_classes && ret->n < READ_MOST; k++)
				ret->lessons[ret->n++] = (struct read_lesson){ f->classes[a->classes + k], a->subject, a->teacher,
					a->room, f->weekday[a->day], f->slot[a->hour + d] + half, a->id };
		}
		if (!a->off && !fits && a->day >= 0 && a->hour >= 0 && odd.n < FET_TEXT - 24)
			put_fmt(&odd, "%s%lld", odd.n ? ", " : "", (long long)a->id);
	}
	ret->odd = buf_str(&odd);
	ret->sets = f->sets;
	ret->n_sets = f->n_sets;
}

enum rc fet_read(struct arena *mem, str bytes, bool afternoon, struct read_told *ret)
{
	struct fet *f = NEW(mem, struct fet);

	*ret = (struct read_told){ 0 };
	f->mem = mem;
	f->rest = str_starts(bytes, S("\xEF\xBB\xBF")) ? str_sub(bytes, 3, -1) : bytes;
	f->cap = READ_MOST;
	f->all = NEWS(mem, struct activity, f->cap);
	f->classes = NEWS(mem, str, READ_MOST);
	f->sets = NEWS(mem, struct read_set, READ_SETS);
	xml_init(&f->x, mem, take, f);
	for (enum xml_event e = xml_next(&f->x); e != XML_DONE; e = xml_next(&f->x)) {
		if (e == XML_BAD || f->bad) {
			ret->why = str_of(f->bad ? f->bad : f->x.bad);
			ret->result = f->bad && str_is(ret->why, FET_RESULT);
			return E_INVALID;
		}
		if (e == XML_OPEN)
			one_element(f);
	}
	fet_lessons(f, afternoon, ret);
	return OK;
}

/* ---- FET in the sandbox ----------------------------------------------------------------------------------------- */

struct fet_work { struct arena *mem; str bytes; bool afternoon; struct read_told *ret; };

static void send_text(struct sandbox *out, str s)
{
	uint16_t n = (uint16_t)(s.n < FET_TEXT ? s.n : FET_TEXT);

	sandbox_put(out, &n, sizeof n);
	sandbox_put(out, s.p, n);
}

enum { FRAME_LESSON = 'L', FRAME_SET = 'S', FRAME_REST = 'R' };
static void send_kind(struct sandbox *out, char kind) { sandbox_put(out, &kind, 1); }

static enum rc fet_child(void *arg, int fd, struct sandbox *out, str *say_)
{
	struct fet_work *w = arg;
	struct read_told told;
	enum rc rc = fet_read(w->mem, w->bytes, w->afternoon, &told);

	(void)fd;
	*say_ = told.why;
	for (int64_t i = 0; i < told.n_sets; i++) {
		send_kind(out, FRAME_SET);
		send_text(out, told.sets[i].name);
		send_text(out, told.sets[i].within);
		sandbox_send(out);
	}
	send_kind(out, FRAME_REST);
	sandbox_put(out, &told.unplaced, sizeof told.unplaced);
	send_text(out, told.odd);
	sandbox_send(out);
	for (int64_t i = 0; i < told.n; i++) {
		const struct read_lesson *l = &told.lessons[i];
		uint8_t at[2] = { (uint8_t)l->weekday, (uint8_t)l->slot };
		send_kind(out, FRAME_LESSON);
		sandbox_put(out, at, sizeof at);
		sandbox_put(out, &l->row, sizeof l->row);
		send_text(out, l->class);
		send_text(out, l->subject);
		send_text(out, l->teacher);
		send_text(out, l->room);
		sandbox_send(out);
	}
	return rc;
}

static bool take_text(struct arena *mem, str *frame, str *ret)
{
	uint16_t n;
	str clean;

	if (frame->n < (ptrdiff_t)sizeof n)
		return false;
	memcpy(&n, frame->p, sizeof n);
	if (n > FET_TEXT || (ptrdiff_t)sizeof n + n > frame->n)
		return false;
	if (!viet_clean(mem, str_sub(*frame, sizeof n, (ptrdiff_t)sizeof n + n), &clean))
		return false;
	*ret = str_copy(mem, clean);
	*frame = str_sub(*frame, (ptrdiff_t)sizeof n + n, -1);
	return true;
}

static bool lesson_frame(struct fet_work *w, str frame)
{
	struct read_lesson l = { 0 };

	if (frame.n < (ptrdiff_t)(2 + sizeof l.row) || w->ret->n == READ_MOST)
		return false;
	l.weekday = (uint8_t)frame.p[0];
	l.slot = (uint8_t)frame.p[1];
	memcpy(&l.row, frame.p + 2, sizeof l.row);
	frame = str_sub(frame, 2 + sizeof l.row, -1);
	if (l.weekday > 6 || l.slot < 1 || l.slot > SLOTS_DAY || !take_text(w->mem, &frame, &l.class) ||
		!take_text(w->mem, &frame, &l.subject) || !take_text(w->mem, &frame, &l.teacher) ||
		!take_text(w->mem, &frame, &l.room))
		return false;
	w->ret->lessons[w->ret->n++] = l;
	return true;
}

static bool fet_frame(void *arg, str frame)
{
	struct fet_work *w = arg;
	struct read_told *ret = w->ret;
	struct read_set one = { 0 };
	char kind = frame.n ? frame.p[0] : 0;

	frame = str_sub(frame, 1, -1);
	if (kind == FRAME_LESSON)
		return lesson_frame(w, frame);
	if (kind == FRAME_SET) {
		if (ret->n_sets == READ_SETS || !take_text(w->mem, &frame, &one.name) ||
			!take_text(w->mem, &frame, &one.within))
			return false;
		ret->sets[ret->n_sets++] = one;
		return true;
	}
	if (kind != FRAME_REST || frame.n < (ptrdiff_t)sizeof ret->unplaced)
		return false;
	memcpy(&ret->unplaced, frame.p, sizeof ret->unplaced);
	frame = str_sub(frame, sizeof ret->unplaced, -1);
	return ret->unplaced >= 0 && take_text(w->mem, &frame, &ret->odd);
}

static enum rc fet_safely(struct ctx *c, str bytes, bool afternoon, struct read_told *ret)
{
	struct fet_work w = { c->mem, bytes, afternoon, ret };
	enum rc rc = E_INVALID;

	ret->lessons = NEWS(c->mem, struct read_lesson, READ_MOST);
	ret->sets = NEWS(c->mem, struct read_set, READ_SETS);
	enum sandbox_end end = sandbox_run(c->mem, &(struct sandbox_limits){ 0 }, S(""), -1, fet_child, &w, fet_frame, &w,
		&rc, &ret->why);
	ret->result = str_is(ret->why, FET_RESULT);
	return end == SANDBOX_DONE ? rc : end == SANDBOX_FAILED ? E_FAULT : E_INVALID;
}

/* ---- a sheet: weekday, lesson, then a column for each class
 * ---------------------------------------------------------- */

/* session: the column "Buổi", -1: none; late: what it said last. */
struct sheet { struct ctx *c; struct read_told *ret; str names[SHEET_COLUMNS]; int n_names, first, slot, session;
	int weekday; bool afternoon, late; struct buf odd; const struct sheet_told *told; int half; };

/* "3", "Tiết 3", "T3", "S3", "C2": the afternoon's are told by C or by the page. 0: none. */
static int64_t slot_read(struct sheet *s, str text)
{
	str f = viet_fold(s->c->mem, str_trim(text));
	bool late = s->session >= 0 ? s->late : s->half ? s->half == 2 : s->afternoon || str_starts(f, S("c"));
	int64_t n;

	while (f.n && (f.p[0] < '0' || f.p[0] > '9'))
		f = str_sub(f, 1, -1);
	if (!str_to_int(f, &n) || n < 1 || n > (s->session >= 0 ? SLOTS_HALF : SLOTS_DAY))
		return 0;
	return late && n <= SLOTS_HALF ? n + SLOTS_HALF : n;
}

/* The row of headings: "Thứ", perhaps "Buổi", "Tiết", then the classes. */
static bool sheet_head(struct sheet *s, const struct cell *cells, int n)
{
	for (int i = 0; i + 2 < n; i++) {
		bool session = str_is(viet_fold(s->c->mem, str_trim(cells[i + 1].text)), "buoi");
		int slot = i + 1 + session;
		if (!str_is(viet_fold(s->c->mem, str_trim(cells[i].text)), "thu") || slot + 1 >= n ||
			!str_starts(viet_fold(s->c->mem, str_trim(cells[slot].text)), S("tiet")))
			continue;
		s->first = i;
		s->slot = slot;
		s->session = session ? i + 1 : -1;
		for (int k = slot + 1; k < n && k < SHEET_COLUMNS; k++)
			s->names[k] = str_copy(s->c->mem, str_trim(cells[k].text));
		s->n_names = n < SHEET_COLUMNS ? n : SHEET_COLUMNS;
		return true;
	}
	return false;
}

/* "Toán - Lan", "Toán\nLan", "Toán (Lan)", "Toán". */
static void cell_read(struct ctx *c, str text, str *ret_subject, str *ret_teacher)
{
	ptrdiff_t at = str_find(text, S(" - "));
	str s = str_trim(text), rest = { 0 };

	if (at >= 0)
		s = str_sub(text, 0, at), rest = str_sub(text, at + 3, -1);
	else if (str_find(text, S(" – ")) >= 0)
		at = str_find(text, S(" – ")), s = str_sub(text, 0, at), rest = str_sub(text, at + 5, -1);
	else if (str_cut(str_trim(text), '\n', &s, &rest) || str_cut(str_trim(text), '(', &s, &rest))
		rest = str_ends(rest, S(")")) ? str_sub(rest, 0, rest.n - 1) : rest;
	*ret_subject = str_copy(c->mem, str_trim(s));
	*ret_teacher = str_copy(c->mem, str_trim(rest));
}

/* The half of the day a sheet's name says: 1 the morning, 2 the afternoon, 0 neither. */
static int half_said(struct ctx *c, str name)
{
	bool late = false;

	return is_late(viet_fold(c->mem, str_trim(name)), &late) ? late ? 2 : 1 : 0;
}

static bool sheet_row(void *arg, int64_t number, const struct cell *cells, int n)
{
	struct sheet *s = arg;
	int64_t slot;

	if (sheet_head(s, cells, n)) {
		s->weekday = -1;
		if (s->told->n_names && !s->half)
			s->half = half_said(s->c, s->told->names[s->told->sheet]);
		return true;
	}
	if (s->n_names == 0 || n <= s->slot)
		return true;
	if (cells[s->first].text.n)
		s->weekday = weekday_read(s->c->mem, cells[s->first].text);
	if (s->session >= 0 && cells[s->session].text.n)
		s->late = str_starts(viet_fold(s->c->mem, str_trim(cells[s->session].text)), S("c"));
	slot = slot_read(s, cells[s->slot].text);
	bool odd = false;
	for (int k = s->slot + 1; k < n && k < s->n_names; k++) {
		struct read_lesson l = { .class = s->names[k], .weekday = s->weekday, .slot = slot, .row = number };
		cell_read(s->c, cells[k].text, &l.subject, &l.teacher);
		odd = odd || (l.subject.n && l.class.n && (s->weekday < 0 || !slot));
		if (l.subject.n && l.class.n && s->weekday >= 0 && slot && s->ret->n < READ_MOST)
			s->ret->lessons[s->ret->n++] = l;
	}
	if (odd && s->odd.n < 400)
		put_fmt(&s->odd, "%s%lld", s->odd.n ? ", " : "", (long long)number);
	return s->ret->n < READ_MOST;
}

/* sheet -1: the first that is not hidden; half: as half_said, 0: as the page says. */
static enum rc one_sheet(struct sheet *s, int fd, int sheet_, int half, struct sheet_told *told)
{
	struct sheet_ask ask = { .fd = fd, .sheet = sheet_ };
	struct file_fault why = { 0 };

	s->n_names = 0;
	s->weekday = -1;
	s->session = -1;
	s->late = false;
	s->told = told;
	s->half = half;
	enum rc rc = sheet_read(s->c->mem, &ask, sheet_row, s, told, &why);
	if (rc != OK && why.vi)
		s->ret->why = str_of(s->c->lang == VI ? why.vi : why.en);
	return rc;
}

/* The first sheet; of the others only the one that its name says to be the other half of the day: the rest may be older
 * timetables or those of teachers, and is told. */
static enum rc sheet_safely(struct ctx *c, int fd, bool afternoon, struct read_told *ret)
{
	struct sheet *s = NEW(c->mem, struct sheet);
	struct sheet_told *told = NEW(c->mem, struct sheet_told), *other = NEW(c->mem, struct sheet_told);
	struct buf unread;
	bool second = false;

	s->c = c;
	s->ret = ret;
	s->afternoon = afternoon;
	buf_init(&s->odd, c->mem, 500);
	buf_init(&unread, c->mem, 4000);
	ret->lessons = NEWS(c->mem, struct read_lesson, READ_MOST);
	TRY(one_sheet(s, fd, -1, 0, told));
	int first = told->n_names ? half_said(c, told->names[told->sheet]) : 0;
	for (int i = 0; i < told->n_names; i++) {
		int half = half_said(c, told->names[i]);
		if (i == told->sheet || told->hidden[i])
			continue;
		if (first && half && half != first && !second) {
			second = true;
			TRY(one_sheet(s, fd, i, half, other));
		} else {
			put_fmt(&unread, "%s%.*s", unread.n ? ", " : "", FMT(told->names[i]));
		}
	}
	ret->odd = buf_str(&s->odd);
	ret->unread = buf_str(&unread);
	return OK;
}

enum rc read_timetable(struct ctx *c, int fd, str bytes, bool afternoon, struct read_told *ret)
{
	str head = str_trim(str_sub(str_starts(bytes, S("\xEF\xBB\xBF")) ? str_sub(bytes, 3, -1) : bytes, 0, 100));

	*ret = (struct read_told){ 0 };
	ret->fet = str_starts(head, S("<"));
	return ret->fet ? fet_safely(c, bytes, afternoon, ret) : sheet_safely(c, fd, afternoon, ret);
}
