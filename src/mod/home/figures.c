/* figures.c -- a unit and all below it in numbers: each figure one click from its list, with its definition beside
 * it. */
#include "mod/home/home.h"
#include "core/chart.h"
#include "core/perm.h"

#define ROW struct number_view
static const struct shape number_shape = { sizeof(ROW), FIELDS{ { COL(label), .label = { "Chỉ số", "Figure" } },
	{ COL(value), .label = { "Giá trị", "Value" } }, { COL(href) },
	{ COL(how), .label = { "Cách tính", "Definition" } }, { COL(note) }, END } };
#undef ROW
#define ROW struct grade_row
static const struct shape grade_shape = { sizeof(ROW), FIELDS{ { COL(grade), .label = { "Khối", "Grade" } },
	{ COL(classes), .label = { "Lớp", "Classes" } }, { COL(pupils), .label = { "Học sinh", "Pupils" } },
	{ COL(href) }, END } };
#undef ROW
#define ROW struct day_row
static const struct shape day_shape = { sizeof(ROW), FIELDS{ { COL(held), .label = { "Ngày", "Day" } },
	{ COL(present), .label = { "Có mặt", "Present" } }, { COL(absent), .label = { "Vắng", "Absent" } },
	{ COL(late), .label = { "Muộn", "Late" } },
	{ COL(rate), .label = { "Tỉ lệ vắng", "Absence" } }, { COL(href) }, { COL(absent_href) }, END } };
#undef ROW
#define ROW struct commune_row
static const struct shape commune_shape = { sizeof(ROW), FIELDS{ { COL(unit) },
	{ COL(name), .label = { "Xã, phường", "Commune" } }, { COL(schools), .label = { "Trường", "Schools" } },
	{ COL(pupils), .label = { "Học sinh", "Pupils" } }, END } };
#undef ROW
#define ROW struct figures_view
const struct shape figures_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(scope) }, { COL(year) },
	{ COL(when) }, { MANY(numbers, number_shape) }, { MANY(grades, grade_shape) }, { MANY(days, day_shape) },
	{ MANY(communes, commune_shape) },
	{ COL(chart_grades) }, { COL(chart_days) }, { COL(map) }, { COL(none) },
	{ COL(has_grades) }, { COL(has_days) }, { COL(has_map) },
	END } };
#undef ROW

struct figures_in { int64_t school, year; day since; };
#define ROW struct figures_in
static const struct shape in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) }, { COL(since) }, END } };
#undef ROW
struct totals { int64_t schools, classes, pupils, staff, called, to_call, absent, moves; };
#define ROW struct totals
static const struct shape totals_shape = { sizeof(ROW), FIELDS{ { COL(schools) }, { COL(classes) }, { COL(pupils) },
	{ COL(staff) }, { COL(called) }, { COL(to_call) }, { COL(absent) }, { COL(moves) }, END } };
#undef ROW
struct grade_sum { pick grade; int64_t classes, pupils; };
#define ROW struct grade_sum
static const struct shape grade_sum_shape = { sizeof(ROW), FIELDS{ { COL(grade), .pick = grades }, { COL(classes) },
	{ COL(pupils) }, END } };
#undef ROW
struct day_sum { day held; int64_t present, absent, late; };
#define ROW struct day_sum
static const struct shape day_sum_shape = { sizeof(ROW), FIELDS{ { COL(held) }, { COL(present) }, { COL(absent) },
	{ COL(late) }, END } };
#undef ROW
/* beyond: it has schools, none of them in reach. */
struct area_row { int64_t unit; str name, ring; int64_t schools, pupils; bool beyond; };
#define ROW struct area_row
static const struct shape area_shape = { sizeof(ROW), FIELDS{ { COL(unit) }, { COL(name) }, { COL(ring) },
	{ COL(schools) }, { COL(pupils) }, { COL(beyond) }, END } };
#undef ROW
struct dot_row { int64_t id, x, y; str name, slug; bool preschool, primary_, lower, upper; };
#define ROW struct dot_row
static const struct shape dot_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(x) }, { COL(y) }, { COL(name) },
	{ COL(slug) }, { COL(preschool) }, { COL(primary_) }, { COL(lower) }, { COL(upper) }, END } };
#undef ROW

/* ---- numbers ---------------------------------------------------------------------------------------- */

/* of: what is counted; list: what its link shows. */
struct figure { struct tr label, how; const struct entity *of, *list; str path; int64_t value; str note; };

static enum rc numbers(struct ctx *c, const struct totals *t, struct figures_view *out)
{
	const str held = day_text(c->mem, c->today);
	const struct figure list[] = {
		{ { "Trường", "Schools" }, { "Cơ sở giáo dục đang hoạt động trong phạm vi của bạn, hôm nay.",
			"Schools active today in your reach." }, &org, &org, S("/org?kind=school&state=active"), t->schools,
			{ 0 } },
		{ { "Lớp", "Classes" }, { "Lớp của năm học hiện tại.", "Classes of the present school year." },
			&school_class, &school_class, S("/school_class"), t->classes, { 0 } },
		{ { "Học sinh", "Pupils" }, { "Tổng sĩ số các lớp năm học hiện tại: lượt ghi danh đang học.",
			"Sum of class sizes this year: enrolments in force." }, &school_class, &enrolment,
			S("/enrolment?state=studying"), t->pupils, { 0 } },
		{ { "Nhân viên", "Staff" }, { "Hồ sơ được đánh dấu là nhân viên của đơn vị trong phạm vi.",
			"Records marked as staff of units in reach." }, &person, &person, S("/person?staff=1"), t->staff, { 0 } },
		{ { "Lớp đã điểm danh hôm nay", "Classes called today" },
			{ "Lớp đã được điểm danh hôm nay, buổi sáng hay buổi chiều, trên tổng số lớp.",
				"Classes whose roll was called today, morning or afternoon, of all." }, &roll, &roll,
			TEXT(c, "/roll?held.from=%.*s&held.to=%.*s", FMT(held), FMT(held)), t->called,
			t->to_call ? TEXT(c, "/ %.*s", FMT(int_text(c->mem, t->to_call))) : (str){ 0 } },
		{ { "Lượt vắng hôm nay", "Absent today" },
			{ "Học sinh vắng (có phép và không phép) trong các lần điểm danh hôm nay.",
				"Pupils absent, excused or not, in today's rolls." }, &roll, &absence,
			TEXT(c, "/absence?kind=excused,unexcused&held.from=%.*s&held.to=%.*s", FMT(held), FMT(held)),
			t->absent, { 0 } },
		{ { "Đơn chuyển trường đang giải quyết", "Moves under way" },
			{ "Đơn đã gửi, đã được đồng ý hoặc đã cho chuyển, chưa tiếp nhận.",
				"Asked, accepted or released, not yet received." }, &move, &move,
			S("/move?state=asked,accepted,released"), t->moves, { 0 } } };
	struct number_view *v = NEWS(c->mem, struct number_view, COUNT(list));

	int64_t n = 0;
	for (int i = 0; i < COUNT(list); i++)
		if (perm_any(c, list[i].of, READ))           /* a nought that only says "not for you" would be a lie */
			v[n++] = (struct number_view){ .label = say(c, &list[i].label), .value = int_text(c->mem, list[i].value),
				.href = perm_any(c, list[i].list, READ) ? link_to(c, "%.*s", FMT(list[i].path)) : S(""),
				.how = say(c, &list[i].how), .note = list[i].note };
	out->numbers = (items){ v, n };
	return OK;
}

/* ---- charts ------------------------------------------------------------------------------------------- */

static enum rc by_grade(struct ctx *c, const struct figures_in *in, struct figures_view *out)
{
	static const struct tr title = { "Học sinh theo khối", "Pupils by grade" },
		desc = { "Số học sinh đang học của từng khối.", "Pupils studying in each grade." };
	items got;

	TRY(query(c, "home/by_grade", &in_shape, in, &grade_sum_shape, &got, 30));
	struct grade_row *rows = NEWS(c->mem, struct grade_row, got.n + 1);
	str *labels = NEWS(c->mem, str, got.n + 1);
	int64_t *values = NEWS(c->mem, int64_t, got.n + 1);
	int n = 0;
	for (pick g = 0; grades[g].code; g++)            /* the query sorts by code: here by grade */
		for (int64_t i = 0; i < got.n; i++) {
			const struct grade_sum *s = (const struct grade_sum *)got.p + i;
			if (s->grade != g)
				continue;
			rows[n] = (struct grade_row){ say(c, &grades[g].label), s->classes, s->pupils,
				link_to(c, "/school_class?grade=%s&year=%lld", grades[g].code, (long long)in->year) };
			labels[n] = g < GRADE_1 ? str_of(grades[g].code) : TEXT(c, "%d", g - GRADE_1 + 1);
			values[n++] = s->pupils;
		}
	out->grades = (items){ rows, n };
	out->has_grades = n > 0;
	struct chart_series series = { say(c, &title), values };
	out->chart_grades = chart_draw(c->mem, &(struct chart){ .kind = CHART_COLUMN, .id = S("khoi"),
		.title = say(c, &title), .desc = say(c, &desc), .labels = labels, .n = n, .series = &series, .n_series = 1 });
	return OK;
}

static enum rc by_day(struct ctx *c, const struct figures_in *in, struct figures_view *out)
{
	static const struct tr title = { "Tỉ lệ vắng theo ngày (%)", "Absence by day (%)" },
		desc = { "Phần trăm học sinh vắng trong các lớp đã điểm danh, từng ngày.",
			"Per cent absent of the pupils called, by day." };
	items got;

	TRY(query(c, "home/by_day", &in_shape, in, &day_sum_shape, &got, 15));
	struct day_row *rows = NEWS(c->mem, struct day_row, got.n + 1);
	str *labels = NEWS(c->mem, str, got.n + 1);
	int64_t *values = NEWS(c->mem, int64_t, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct day_sum *s = (const struct day_sum *)got.p + i;
		int64_t all = s->present + s->absent;
		values[i] = all ? (s->absent * 100000 / all + 5) / 10 : 0;
		str held = day_text(c->mem, s->held);
		rows[i] = (struct day_row){ s->held, s->present, s->absent, s->late,
			TEXT(c, "%.*s %%", FMT(chart_number(c->mem, values[i], 2))),
			link_to(c, "/roll?held.from=%.*s&held.to=%.*s", FMT(held), FMT(held)), { 0 } };
		if (perm_any(c, &absence, READ))
			rows[i].absent_href = link_to(c, "/absence?kind=excused,unexcused&held.from=%.*s&held.to=%.*s", FMT(held),
				FMT(held));
		labels[i] = str_sub(day_text(c->mem, s->held), 0, 5);
	}
	out->days = (items){ rows, got.n };
	out->has_days = got.n > 0;
	struct chart_series series = { say(c, &title), values };
	if (got.n > 1)
		out->chart_days = chart_draw(c->mem, &(struct chart){ .kind = CHART_LINE, .id = S("ngay"),
			.title = say(c, &title), .desc = say(c, &desc), .labels = labels, .n = (int)got.n, .series = &series,
			.n_series = 1, .decimals = 2 });
	return OK;
}

/* ---- map ---------------------------------------------------------------------------------------------- */

static int64_t dot_kind(const struct dot_row *d) { return d->upper ? 3 : d->lower ? 2 : d->primary_ ? 1 : d->preschool
	? 0 : 4; }

static enum rc by_place(struct ctx *c, const struct figures_in *in, struct figures_view *out)
{
	static const struct tr title = { "Bản đồ trường học theo xã, phường", "Schools by commune" },
	                       desc = { "Màu đậm hơn: nhiều học sinh hơn. Mỗi chấm là một trường.",
		"Darker: more pupils. Each dot is a school." },
	                       area_name = { "{1}: {2} trường, {3} học sinh", "{1}: schools {2}, pupils {3}" };
	items areas, dots;

	TRY(query(c, "home/areas", &in_shape, in, &area_shape, &areas, 400));
	TRY(query(c, "home/dots", &in_shape, in, &dot_shape, &dots, 1200));
	struct map_area *a = NEWS(c->mem, struct map_area, areas.n + 1);
	struct map_dot *d = NEWS(c->mem, struct map_dot, dots.n + 1);
	struct commune_row *rows = NEWS(c->mem, struct commune_row, areas.n + 1);
	int64_t n = 0;
	for (int64_t i = 0; i < areas.n; i++) {
		const struct area_row *r = (const struct area_row *)areas.p + i;
		a[i] = (struct map_area){ .name = r->name, .ring = r->ring };
		if (r->beyond)
			continue;
		rows[n++] = (struct commune_row){ r->unit, r->name, r->schools, r->pupils };
		a[i] = (struct map_area){ sayf(c, &area_name, ARGS(r->name, int_text(c->mem, r->schools),
			int_text(c->mem, r->pupils))),
			link_to(c, "/org?kind=school&commune=%lld", (long long)r->unit), r->ring, r->pupils };
	}
	for (int64_t i = 0; i < dots.n; i++) {
		const struct dot_row *r = (const struct dot_row *)dots.p + i;
		d[i] = (struct map_dot){ r->name, TEXT(c, "/t/%.*s/org/%lld", FMT(r->slug), (long long)r->id), r->x, r->y,
			dot_kind(r) };
	}
	out->communes = (items){ rows, n };
	out->map = map_draw(c, say(c, &title), say(c, &desc), a, areas.n, d, dots.n);
	out->has_map = areas.n > 0 || dots.n > 0;
	return OK;
}

enum rc home_figures(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Toàn cảnh", "Overview" };
	struct figures_view *out = out_;
	struct figures_in ask = { .school = c->here.org.v, .since = { c->today.v - 14 } };
	struct totals t;

	(void)in;
	out->title = say(c, &title);
	out->scope = c->here.org_name;
	out->when = instant_text(c->mem, c->now);
	enum rc rc = c->here.year ? OK : query_int(c, "school/year_now", NULL, NULL, &ask.year);
	if (c->here.year)
		ask.year = c->here.year;
	if (rc == E_MISSING) {
		out->none = true;
		return OK;
	}
	TRY(rc);
	out->year = title_of(c, &school_year, ask.year);
	TRY(query_one(c, "home/totals", &in_shape, &ask, &totals_shape, &t));
	if (t.classes == 0)
		t.called = t.absent = 0;        /* rolls stay with the unit they were of, when its classes go to another */
	TRY(numbers(c, &t, out));
	TRY(by_grade(c, &ask, out));
	TRY(by_day(c, &ask, out));
	return by_place(c, &ask, out);
}

/* ---- the public's figures: counts and places only ---------------------------------------------------------- */

enum rc home_public(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Bản đồ trường học theo xã, phường", "Schools by commune" },
		desc = { "Màu đậm hơn: nhiều học sinh hơn. Mỗi chấm là một trường.",
			"Darker: more pupils. Each dot is a school." },
	                       labels[4] = { { "Trường", "Schools" }, { "Lớp", "Classes" }, { "Học sinh", "Pupils" },
		{ "Xã, phường", "Communes" } };
	struct figures_view *out = out_;
	struct figures_in ask = { 0 };
	struct totals t = { 0 };
	items areas, dots;
	enum rc rc = query_int(c, "school/year_now", NULL, NULL, &ask.year);

	(void)in;
	TRY(rc);
	TRY(query_one(c, "home/public_totals", &in_shape, &ask, &totals_shape, &t));
	TRY(query(c, "home/public_areas", &in_shape, &ask, &area_shape, &areas, 400));
	TRY(query(c, "home/public_dots", &in_shape, &ask, &dot_shape, &dots, 1200));
	const int64_t values[4] = { t.schools, t.classes, t.pupils, areas.n };
	struct number_view *v = NEWS(c->mem, struct number_view, 4);
	struct map_area *a = NEWS(c->mem, struct map_area, areas.n + 1);
	struct map_dot *d = NEWS(c->mem, struct map_dot, dots.n + 1);
	struct commune_row *rows = NEWS(c->mem, struct commune_row, areas.n + 1);
	for (int i = 0; i < 4; i++)
		v[i] = (struct number_view){ .label = say(c, &labels[i]), .value = int_text(c->mem, values[i]) };
	for (int64_t i = 0; i < areas.n; i++) {
		const struct area_row *r = (const struct area_row *)areas.p + i;
		rows[i] = (struct commune_row){ r->unit, r->name, r->schools, r->pupils };
		a[i] = (struct map_area){ r->name, { 0 }, r->ring, r->pupils };
	}
	for (int64_t i = 0; i < dots.n; i++) {
		const struct dot_row *r = (const struct dot_row *)dots.p + i;
		d[i] = (struct map_dot){ r->name, { 0 }, r->x, r->y, dot_kind(r) };
	}
	out->title = say(c, &title);
	out->year = title_of(c, &school_year, ask.year);
	out->numbers = (items){ v, 4 };
	out->communes = (items){ rows, areas.n };
	out->map = map_draw(c, say(c, &title), say(c, &desc), a, areas.n, d, dots.n);
	out->has_map = areas.n > 0;
	return OK;
}
