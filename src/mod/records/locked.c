/* locked.c -- registers locked on time, school by school: a target of the sector's plans is that classes have their
 * marks locked when the term says so.
 *
 * A class's register of a period is locked from the day its term was closed or its school's lock took hold, whichever
 * came first. On time: on the day the term says (term.due, term.mid_due) or before. Who had locked on time and opened
 * again later, with a reason, stays on time. */
#include "core/chart.h"
#include "mod/records/results_page.h"

enum { SCHOOLS = 2000, CLASSES = 400, UNITS = 400, YEARS = 12, SHOWN = 20, LOW_PERCENT = 70, ALL_PERCENT = 100 };
enum period { PERIOD_MID_1, PERIOD_TERM_1, PERIOD_MID_2, PERIOD_TERM_2, PERIODS };

static const struct choice periods[] = { [PERIOD_MID_1] = { "gk1", { "Giữa kì I", "Middle of term I" } },
	[PERIOD_TERM_1] = { "hk1", { "Học kì I", "Term I" } }, [PERIOD_MID_2] = { "gk2", { "Giữa kì II",
	"Middle of term II" } }, [PERIOD_TERM_2] = { "hk2", { "Học kì II", "Term II" } }, END };
static const struct choice asked_periods[] = { { "now", { "Hiện nay", "Now" } }, { "gk1", { "Giữa kì I",
	"Middle of term I" } }, { "hk1", { "Học kì I", "Term I" } }, { "gk2", { "Giữa kì II", "Middle of term II" } },
	{ "hk2", { "Học kì II", "Term II" } }, END };
enum lock_end { LOCKED_ON_TIME, LOCKED_LATE, LOCKED_NOT, LOCKED_WAITS };
static const struct choice lock_ends[] = { [LOCKED_ON_TIME] = { "on_time", { "Đúng hạn", "On time" } },
	[LOCKED_LATE] = { "late", { "Muộn", "Late" } }, [LOCKED_NOT] = { "open", { "Quá hạn, chưa khóa",
	"Overdue, not locked" } }, [LOCKED_WAITS] = { "waiting", { "Chưa đến hạn", "Not yet due" } }, END };

/* ---- the day of a lock ------------------------------------------------------------------------------------------ */

enum rc lock_day(struct ctx *c, void *row)
{
	((struct mark_lock *)row)->locked_on = c->today;
	return OK;
}

enum rc unlock_day(struct ctx *c, void *row)
{
	(void)c;
	((struct mark_lock *)row)->locked_on = NO_DAY;
	return OK;
}

enum rc close_day(struct ctx *c, void *row)
{
	struct class_close *x = row;
	int64_t due = 0;

	enum rc rc = query_int(c, "records/class_due", &book_in_shape, &(struct book_in){ .class = x->class.v,
		.term = x->term }, &due);
	if (rc != OK && rc != E_MISSING)                 /* no such term: nothing is due */
		return rc;
	bool kept = rc == OK && x->locked_on.v != NO_DAY.v && x->opened_on.v != NO_DAY.v && x->locked_on.v <= due &&
		x->opened_on.v > due;
	if (!kept)
		x->locked_on = c->today;
	return OK;
}

enum rc reopen_day(struct ctx *c, void *row)
{
	((struct class_close *)row)->opened_on = c->today;
	return OK;
}

/* ---- what is asked ----------------------------------------------------------------------------------------------- */

/* unit: a school, or whose schools: those that stand directly under it. */
struct locked_in { school_year_id year; pick period; org_id unit; };
#define ROW struct locked_in
const struct shape locked_in_shape = { sizeof(ROW), FIELDS{ { REF(year, school_year), .is = NEEDED,
	.label = { "Năm học", "School year" }, .fill = year_now }, { COL(period), .pick = periods,
	.label = { "Kì", "Period" } }, { REF(unit, org), .label = { "Đơn vị", "Unit" } }, END } };
#undef ROW
/* year: 2026, 0: that of the address or of today. */
struct locked_ask { int64_t year; pick period; org_id unit, school; };
#define ROW struct locked_ask
const struct shape locked_ask_shape = { sizeof(ROW), FIELDS{ { COL(year), .max = 3000,
	.label = { "Năm học", "School year" } }, { COL(period), .pick = asked_periods, .label = { "Kì", "Period" } },
	{ REF(unit, org), .label = { "Đơn vị", "Unit" } }, { REF(school, org), .label = { "Trường", "School" } }, END } };
#undef ROW
struct due_row { str code; day mid, end; };
#define ROW struct due_row
static const struct shape due_row_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(mid) }, { COL(end) }, END } };
#undef ROW

/* ---- what is answered -------------------------------------------------------------------------------------------- */

struct locked_row { int64_t id; str school, unit; day due; int64_t classes, on_time, late, open, gaps, share; };
#define ROW struct locked_row
const struct shape locked_row_shape = { sizeof(ROW), FIELDS{ { COL(id), .is = SECRET, .label = { "Mã", "Id" } },
	{ COL(school), .label = { "Trường", "School" } }, { COL(unit), .label = { "Thuộc", "Under" } },
	{ COL(due), .label = { "Hạn", "Due" } }, { COL(classes), .label = { "Số lớp", "Classes" } },
	{ COL(on_time), .label = { "Đúng hạn", "On time" } }, { COL(late), .label = { "Muộn", "Late" } },
	{ COL(open), .label = { "Chưa khóa", "Not locked" } },
	{ COL(gaps), .label = { "Khóa khi còn thiếu", "Locked with gaps" } },
	{ COL(share), .label = { "% đúng hạn", "% on time" } }, END } };
#undef ROW
struct locked_class { int64_t id; str school, unit, class; pick state; day due, locked; int64_t days, gaps;
	bool opened; };
#define ROW struct locked_class
const struct shape locked_class_shape = { sizeof(ROW), FIELDS{ { COL(id), .is = SECRET, .label = { "Mã", "Id" } },
	{ COL(school), .label = { "Trường", "School" } }, { COL(unit), .label = { "Thuộc", "Under" } },
	{ COL(class), .label = { "Lớp", "Class" } },
	{ COL(state), .pick = lock_ends, .label = { "Tình trạng", "State" } },
	{ COL(due), .label = { "Hạn", "Due" } }, { COL(locked), .label = { "Khóa ngày", "Locked on" } },
	{ COL(days), .label = { "Số ngày muộn", "Days late" } },
	{ COL(gaps), .label = { "Chỗ còn thiếu khi khóa", "Gaps when locked" } },
	{ COL(opened), .label = { "Đã mở lại", "Opened again" } }, END } };
#undef ROW
struct option { int64_t id; str name; bool chosen; };
#define ROW struct option
static const struct shape option_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(chosen) }, END } };
#undef ROW
struct unit_row { int64_t id; str name; };
#define ROW struct unit_row
static const struct shape unit_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
#undef ROW
struct tab { str code, name; bool here; };
#define ROW struct tab
static const struct shape tab_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(name) }, { COL(here) }, END } };
#undef ROW
struct school_line { int64_t id; str school, unit; int64_t classes, on_time, late, open, gaps; str share;
	bool whole, low; };
#define ROW struct school_line
static const struct shape school_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(school) }, { COL(unit) },
	{ COL(classes) }, { COL(on_time) }, { COL(late) }, { COL(open) }, { COL(gaps) }, { COL(share) }, { COL(whole) },
	{ COL(low) }, END } };
#undef ROW
struct class_line { int64_t id; str class, state, locked; int64_t days, gaps; bool good, bad, waits, opened; };
#define ROW struct class_line
static const struct shape class_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(class) }, { COL(state) },
	{ COL(locked) }, { COL(days) }, { COL(gaps) }, { COL(good) }, { COL(bad) }, { COL(waits) }, { COL(opened) },
	END } };
#undef ROW
/* What both pages begin with. */
struct asked_view { str year, period, code, due; int64_t year_n, year_id, unit, left; bool past; };
#define ASKED { COL(year) }, { COL(period) }, { COL(code) }, { COL(due) }, { COL(year_n) }, { COL(year_id) }, \
	{ COL(unit) }, { COL(left) }, { COL(past) }
struct locked_view { str year, period, code, due; int64_t year_n, year_id, unit, left; bool past; str title, on_time,
	of_classes, schools, of_schools, late, open; bool none, has_units, has_unit, charted;
	html chart; items lines, tabs, years, units;
	int64_t n_lines; };
#define ROW struct locked_view
const struct shape locked_shape = { sizeof(ROW), FIELDS{ ASKED, { COL(title) }, { COL(on_time) }, { COL(of_classes) },
	{ COL(schools) }, { COL(of_schools) }, { COL(late) }, { COL(open) }, { COL(none) }, { COL(has_units) },
	{ COL(has_unit) }, { COL(charted) }, { COL(chart) }, { COL(n_lines) },
	{ MANY(lines, school_line_shape) }, { MANY(tabs, tab_shape) },
	{ MANY(years, option_shape) }, { MANY(units, option_shape) }, END } };
#undef ROW
struct locked_school_view { str year, period, code, due; int64_t year_n, year_id, unit, left; bool past; str title;
	int64_t school, classes, on_time, late, open; bool may_results; items lines, tabs; };
#define ROW struct locked_school_view
const struct shape locked_school_shape = { sizeof(ROW), FIELDS{ ASKED, { COL(title) }, { COL(school) },
	{ COL(classes) }, { COL(on_time) }, { COL(late) }, { COL(open) }, { COL(may_results) },
	{ MANY(lines, class_line_shape) }, { MANY(tabs, tab_shape) }, END } };
#undef ROW

/* The year and period asked for; when none is, the period of the year whose deadline passed last. */
static enum rc ask_of(struct ctx *c, const struct locked_ask *in, struct locked_in *ret, struct asked_view *out,
	items *ret_tabs)
{
	day dues[PERIODS] = { NO_DAY, NO_DAY, NO_DAY, NO_DAY };
	struct tab *tabs = NEWS(c->mem, struct tab, PERIODS);
	struct year_row y;
	items got;

	TRY(year_find(c, in->year, &y));
	TRY(query(c, "records/dues", &locked_in_shape, &(struct locked_in){ .year = { y.id } }, &due_row_shape, &got, 4));
	for (int64_t i = 0; i < got.n; i++) {
		const struct due_row *r = (const struct due_row *)got.p + i;
		int at = str_is(r->code, "hk2") ? PERIOD_MID_2 : PERIOD_MID_1;
		dues[at] = r->mid;
		dues[at + 1] = r->end;
	}
	*ret = (struct locked_in){ { y.id }, PERIOD_MID_1, in->unit };
	for (int i = 0; i < PERIODS && in->period == 0; i++)
		if (dues[i].v != NO_DAY.v && dues[i].v < c->today.v)
			ret->period = (pick)i;
	if (in->period)
		ret->period = (pick)(in->period - 1);
	for (int i = 0; i < PERIODS; i++)
		tabs[i] = (struct tab){ str_of(periods[i].code), say(c, &periods[i].label), i == ret->period };
	*ret_tabs = (items){ tabs, PERIODS };
	day due = dues[ret->period];
	*out = (struct asked_view){ .year = y.code, .period = say(c, &periods[ret->period].label),
		.code = str_of(periods[ret->period].code), .due = due.v == NO_DAY.v ? S("–") : day_text(c->mem, due),
		.year_n = y.year, .year_id = y.id, .unit = in->unit.v, .past = due.v < c->today.v,
		.left = due.v >= c->today.v ? due.v - c->today.v : 0 };
	return OK;
}

static str share_of(struct ctx *c, int64_t n, int64_t of)
{
	int64_t tenths = of ? n * 1000 / of : 0;

	return TEXT(c, "%lld,%lld%%", (long long)(tenths / 10), (long long)(tenths % 10));
}

static str of_all(struct ctx *c, int64_t n, int64_t of)
{
	str a = int_text(c->mem, n), b = int_text(c->mem, of);

	return TEXT(c, "%.*s/%.*s", FMT(a), FMT(b));
}

/* The schools that lock least on time, worst first: those below LOW_PERCENT in the colour of low marks. */
static void draw(struct ctx *c, const items *rows, struct locked_view *out)
{
	static const struct tr title = { "Phần trăm lớp khóa sổ đúng hạn, trường thấp nhất đứng trên",
		"Percent of classes locked on time, the lowest school on top" },
		desc = { "Mỗi thanh là một trường; dưới 70% có màu của điểm thấp",
			"A bar a school; below 70% in the colour of low marks" },
		share = { "% đúng hạn", "% on time" };
	int64_t n = rows->n < SHOWN ? rows->n : SHOWN, *values = NEWS(c->mem, int64_t, n + 1);
	str *labels = NEWS(c->mem, str, n + 1);
	int low = 0;

	for (int64_t i = 0; i < n; i++) {
		const struct locked_row *r = (const struct locked_row *)rows->p + i;
		values[i] = r->share;
		labels[i] = r->school;
		low += r->share < LOW_PERCENT;
	}
	const struct chart_series series[] = { { say(c, &share), values } };
	out->charted = n > 1;
	if (out->charted)
		out->chart = chart_draw(c->mem, &(struct chart){ .kind = CHART_BAR, .id = S("dung-han"),
			.title = say(c, &title),
			.desc = say(c, &desc), .labels = labels, .n = (int)n, .series = series, .n_series = 1, .top = ALL_PERCENT,
			.low = out->past ? low : 0 });
}

static enum rc choices_of(struct ctx *c, const struct locked_in *in, struct locked_view *out)
{
	items got;

	TRY(query(c, "records/years_had", NULL, NULL, &year_row_shape, &got, YEARS));
	struct option *years = NEWS(c->mem, struct option, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct year_row *y = (const struct year_row *)got.p + i;
		years[i] = (struct option){ y->year, y->code, y->id == in->year.v };
	}
	out->years = (items){ years, got.n };
	TRY(query(c, "records/locked_units", NULL, NULL, &unit_row_shape, &got, UNITS));
	struct option *units = NEWS(c->mem, struct option, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct unit_row *u = (const struct unit_row *)got.p + i;
		units[i] = (struct option){ u->id, u->name, u->id == in->unit.v };
	}
	out->units = (items){ units, got.n };
	out->has_units = got.n > 1;
	out->has_unit = in->unit.v != 0;
	return OK;
}

enum rc locked_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Khóa sổ đúng hạn", "Registers locked on time" };
	struct locked_view *out = out_;
	struct asked_view asked;
	struct locked_in in;
	int64_t classes = 0, on_time = 0, late = 0, open = 0, whole = 0;
	items got;

	TRY(ask_of(c, in_, &in, &asked, &out->tabs));
	memcpy(out, &asked, sizeof asked);
	TRY(query(c, "records/locked", &locked_in_shape, &in, &locked_row_shape, &got, SCHOOLS));
	struct school_line *lines = NEWS(c->mem, struct school_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct locked_row *r = (const struct locked_row *)got.p + i;
		lines[i] = (struct school_line){ r->id, r->school, r->unit, r->classes, r->on_time, r->late, r->open, r->gaps,
			TEXT(c, "%lld%%", (long long)r->share), r->on_time == r->classes, asked.past && r->share < LOW_PERCENT };
		classes += r->classes, on_time += r->on_time, late += r->late, open += r->open;
		whole += r->on_time == r->classes;
	}
	out->title = say(c, &title);
	out->on_time = share_of(c, on_time, classes);
	out->of_classes = of_all(c, on_time, classes);
	out->schools = share_of(c, whole, got.n);
	out->of_schools = of_all(c, whole, got.n);
	out->late = int_text(c->mem, late);
	out->open = int_text(c->mem, open);
	out->lines = (items){ lines, got.n };
	out->n_lines = got.n;
	out->none = got.n == 0;
	draw(c, &got, out);
	return choices_of(c, &in, out);
}

enum rc locked_school_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct role *const readers[] = { &principal, &deputy, &clerk, &dept_officer, &dept_leader,
		&dept_inspector };
	static const struct tr title = { "{1}: khóa sổ từng lớp", "{1}: registers class by class" };
	const struct locked_ask *ask = in_;
	struct locked_school_view *out = out_;
	struct asked_view asked;
	struct locked_in in;
	items got;

	TRY(ask_of(c, ask, &in, &asked, &out->tabs));
	memcpy(out, &asked, sizeof asked);
	in.unit = ask->school;
	TRY(query(c, "records/locked_classes", &locked_in_shape, &in, &locked_class_shape, &got, CLASSES));
	if (got.n == 0)
		return E_MISSING;
	struct class_line *lines = NEWS(c->mem, struct class_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct locked_class *r = (const struct locked_class *)got.p + i;
		lines[i] = (struct class_line){ r->id, r->class, say(c, &lock_ends[r->state].label),
			r->locked.v == NO_DAY.v ? S("–") : day_text(c->mem, r->locked), r->days, r->gaps,
			r->state == LOCKED_ON_TIME, r->state == LOCKED_LATE || r->state == LOCKED_NOT, r->state == LOCKED_WAITS,
			r->opened };
		out->on_time += r->state == LOCKED_ON_TIME;
		out->late += r->state == LOCKED_LATE;
		out->open += r->state == LOCKED_NOT || r->state == LOCKED_WAITS;
	}
	out->classes = got.n;
	out->school = ask->school.v;
	out->title = sayf(c, &title, ARGS(((const struct locked_class *)got.p)->school));
	for (int i = 0; i < COUNT(readers); i++)
		out->may_results = out->may_results || has_role(c, readers[i], (org_id){ 0 });
	out->lines = (items){ lines, got.n };
	return OK;
}
