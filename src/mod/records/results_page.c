/* results_page.c -- results of a class and of a school on screen: levels, conduct, titles, promotion, each with its
 * reasons, and the same in charts with the numbers beside them. */
#include "mod/records/class_sheet.h"
#include "mod/records/results_page.h"
#include "core/chart.h"
#include "mod/records/away.h"
#include "mod/records/carried.h"

/* ---- which year, which school ----------------------------------------------------------------------------- */

#define ROW struct results_ask
const struct choice asked_terms[] = { { "now", { "Hiện nay", "Now" } }, { "hk1", { "Học kì I", "Term I" } },
	{ "hk2", { "Học kì II", "Term II" } }, { "year", { "Cả năm", "Year" } }, END };
const struct shape results_ask_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class),
	.label = { "Lớp", "Class" } }, { COL(term), .pick = asked_terms, .label = { "Học kì", "Term" } },
	{ COL(year), .max = 3000, .label = { "Năm học", "School year" } }, END } };
#undef ROW
#define ROW struct year_row
const struct shape year_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(year) }, { COL(code) }, { COL(since) },
	{ COL(until) }, END } };
#undef ROW

enum rc year_find(struct ctx *c, int64_t year, struct year_row *ret)
{
	/* the address's year is an id; one that is asked for by name is a calendar year */
	struct book_in in = { .year = year, .course = year ? 0 : c->here.year };

	return query_one(c, "records/year_at", &book_in_shape, &in, &year_row_shape, ret);
}

org_id office_here(struct ctx *c)
{
	static const struct role *const roles[] = { &principal, &deputy, &clerk, &form_teacher, &teacher };
	org_id at = c->here.org;

	for (int i = 0; i < COUNT(roles) && !at.v; i++)
		at = seat_org(c, roles[i]);
	return at;
}

/* Term II begins after the middle of January. */
pick term_asked(const struct ctx *c, pick asked)
{
	struct ymd d = day_ymd(c->today);

	if (asked)
		return (pick)(asked - 1);
	if (c->here.term_code.n)
		return str_is(c->here.term_code, "hk2") ? TERM_2 : TERM_1;
	return d.m >= 6 && d.m <= 8 ? TERM_YEAR : d.m >= 9 || (d.m == 1 && d.d <= 15) ? TERM_1 : TERM_2;
}

/* ---- GET /records/class/{class} ----------------------------------------------------------------------------- */

static enum rc class_held(struct ctx *c, int64_t class, struct school_class *ret)
{
	const struct actor *who = as_system(c, "the class whose results are asked for");
	enum rc rc = find(c, &school_class, class, ret);

	as_actor(c, who);
	TRY(rc);
	return may_see_class(c, ret->base.org, class) ? OK : E_MISSING;
}

static bool may_compute(struct ctx *c, const struct school_class *k)
{
	struct year_result row;

	row_zero(&year_result, &row);
	row.base.org = k->base.org;
	row.class.v = k->base.id;
	return may(c, &year_result, PRINT, &row);
}

enum rc class_get(struct ctx *c, const void *in_, void *out_)
{
	const struct results_ask *in = in_;
	struct class_sheet *out = out_;
	struct school_class k;

	TRY(class_held(c, in->class.v, &k));
	TRY(class_sheet(c, in->class, term_asked(c, in->term), 0, out));
	out->may_compute = may_compute(c, &k);
	return OK;
}

enum rc class_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã tính kết quả của {1} học sinh.", "Results of {1} pupils are computed." };
	const struct results_ask *in = in_;
	struct school_class k;
	int64_t n;

	(void)out;
	TRY(class_held(c, in->class.v, &k));
	if (!may_compute(c, &k))
		return E_MISSING;
	TRY(results_of_class(c, in->class, &n));
	c->said = sayf(c, &said, ARGS(TEXT(c, "%lld", (long long)n)));
	c->go = link_to(c, "/records/class/%lld?term=%s", (long long)in->class.v, asked_terms[in->term].code);
	return OK;
}

/* ---- GET /records: the school --------------------------------------------------------------------------------- */

enum { RANKS = 6 };
struct class_told { int64_t id; str name; pick grade; int64_t size; };
#define ROW struct class_told
static const struct shape class_told_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) },
	{ COL(grade), .pick = grades }, { COL(size) }, END } };
#undef ROW
struct level_told { int64_t class; str scheme, level, standing, title; int64_t n; };
#define ROW struct level_told
static const struct shape level_told_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(scheme) }, { COL(level) },
	{ COL(standing) }, { COL(title) }, { COL(n) }, END } };
#undef ROW
struct band_told { str name, code; int64_t band, n, sum; };
#define ROW struct band_told
static const struct shape band_told_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(code) }, { COL(band) },
	{ COL(n) }, { COL(sum) }, END } };
#undef ROW
struct came_told { str name, code; int64_t class, pupil, subject; score average; };
#define ROW struct came_told
static const struct shape came_told_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(code) }, { COL(class) },
	{ COL(pupil) }, { COL(subject) }, { COL(average) }, END } };
#undef ROW
struct number_view { int64_t n; };
#define ROW struct number_view
static const struct shape number_view_shape = { sizeof(ROW), FIELDS{ { COL(n) }, END } };
#undef ROW
/* unrated: whose conduct (or qualities) nobody has given; unrated_term: the first term of which */
struct class_line { int64_t id, size, rated, promoted, retest, summer, repeats, titled, unrated; str name,
	unrated_term; items levels; int64_t *count; bool is_grade; };
#define ROW struct class_line
static const struct shape class_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(size) }, { COL(rated) },
	{ COL(promoted) }, { COL(retest) }, { COL(summer) }, { COL(repeats) }, { COL(titled) }, { COL(unrated) },
	{ COL(name) }, { COL(unrated_term) }, { MANY(levels, number_view_shape) }, { COL(is_grade) }, END } };
#undef ROW
struct subject_line { str name, mean; int64_t n; items bands; };
#define ROW struct subject_line
static const struct shape subject_line_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(mean) }, { COL(n) },
	{ MANY(bands, number_view_shape) }, END } };
#undef ROW
struct results_view { str title, year, term, term_code; int64_t year_n, year_id; bool may_compute, none,
	is_year, is_hk1, is_hk2, many, charted, has_marks,
	only_years /* nobody is tested again, or trains conduct in summer */;
	str waiting /* how many in how many classes wait for conduct */; items waits /* the classes, when few */;
	int64_t n_ranks; items ranks, classes, grades, subjects; html chart_levels, chart_marks; };
#define ROW struct results_view
const struct shape results_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(year) }, { COL(term) },
	{ COL(term_code) }, { COL(year_n) }, { COL(year_id) }, { COL(may_compute) }, { COL(none) },
	{ COL(is_year) }, { COL(is_hk1) }, { COL(is_hk2) }, { COL(many) }, { COL(charted) }, { COL(has_marks) },
	{ COL(only_years) }, { COL(waiting) }, { MANY(waits, class_line_shape) }, { COL(n_ranks) },
	{ MANY(ranks, share_shape) }, { MANY(classes, class_line_shape) },
	{ MANY(grades, class_line_shape) }, { MANY(subjects, subject_line_shape) }, { COL(chart_levels) },
	{ COL(chart_marks) }, END } };
#undef ROW

/* levels of several schemes stand side by side by their rank: best first */
static const struct tr MSG_total = { "Tổng cộng", "Total" };
struct tally { struct ctx *c; struct class_line *classes, *grades; pick *grade_of; int64_t n; int n_grades;
	int64_t total[RANKS], rated; str labels[RANKS]; int n_ranks; };

static int rank_of(struct tally *t, str scheme_code, str level)
{
	const struct scheme *s = scheme_named(schemes(t->c), scheme_code);

	for (int i = 0; s && i < s->n_levels && i < RANKS; i++) {
		str label = t->c->lang == VI ? s->levels[i].is.vi : s->levels[i].is.en;
		if (!str_eq(s->levels[i].is.code, level))
			continue;
		t->n_ranks = s->n_levels > t->n_ranks ? s->n_levels : t->n_ranks;
		for (int k = 0; k < s->n_levels && k < RANKS; k++) {
			label = t->c->lang == VI ? s->levels[k].is.vi : s->levels[k].is.en;
			if (!t->labels[k].n)
				t->labels[k] = label;
		}
		return i;
	}
	return -1;
}

static void count_in(struct class_line *l, const struct level_told *r, int rank)
{
	if (rank >= 0) {
		l->count[rank] += r->n;
		l->rated += r->n;
	}
	l->promoted += str_is(r->standing, "promoted") ? r->n : 0;
	l->retest += str_is(r->standing, "retest") ? r->n : 0;
	l->summer += str_is(r->standing, "summer") ? r->n : 0;
	l->repeats += str_is(r->standing, "repeats") || str_is(r->standing, "support") ? r->n : 0;
	l->titled += r->title.n ? r->n : 0;
}

static void count_levels(struct tally *t, const items *got)
{
	for (int64_t i = 0; i < got->n; i++) {
		const struct level_told *r = (const struct level_told *)got->p + i;
		int64_t at = 0;
		while (at < t->n && t->classes[at].id != r->class)
			at++;
		if (at == t->n)
			continue;
		int rank = rank_of(t, r->scheme, r->level);
		count_in(&t->classes[at], r, rank);
		count_in(&t->grades[t->grade_of[at]], r, rank);
		count_in(&t->grades[GRADES], r, rank);
		if (rank >= 0) {
			t->total[rank] += r->n;
			t->rated += r->n;
		}
	}
}

static items counts_of(struct ctx *c, const int64_t *of, int n)
{
	struct number_view *v = NEWS(c->mem, struct number_view, n + 1);

	for (int i = 0; i < n; i++)
		v[i].n = of[i];
	return (items){ v, n };
}

static enum rc load_classes(struct tally *t, const struct book_in *in, int64_t year)
{
	struct ctx *c = t->c;
	items got;

	TRY(query(c, "records/classes_seen", &book_in_shape, in, &class_told_shape, &got, 300));
	t->classes = NEWS(c->mem, struct class_line, got.n + 1);
	t->grades = NEWS(c->mem, struct class_line, GRADES + 1);         /* the last: all of them together           */
	t->grade_of = NEWS(c->mem, pick, got.n + 1);
	for (int i = 0; i <= GRADES; i++)
		t->grades[i] = (struct class_line){ .name = say(c, i < GRADES ? &grades[i].label : &MSG_total),
			.is_grade = true, .count = NEWS(c->mem, int64_t, RANKS) };
	for (int64_t i = 0; i < got.n; i++) {
		const struct class_told *k = (const struct class_told *)got.p + i;
		if (!scheme_for(schemes(c), k->grade, (int)year))        /* nursery: nothing is rated                      */
			continue;
		t->classes[t->n] = (struct class_line){ .id = k->id, .name = k->name, .size = k->size,
			.count = NEWS(c->mem, int64_t, RANKS) };
		t->grade_of[t->n++] = k->grade;
		t->grades[k->grade].size += k->size;
		t->grades[GRADES].size += k->size;
	}
	return OK;
}

static int n_of_grades(const struct tally *t)
{
	int n = 0;

	for (int i = 0; i < GRADES; i++)
		n += t->grades[i].size > 0;
	return n;
}

static void show_levels(struct tally *t, struct results_view *out)
{
	static const struct tr title = { "Kết quả học tập theo lớp", "Levels by class" },
		desc = { "Số học sinh ở mỗi mức, từng lớp.", "How many pupils reach each level, by class." };
	struct ctx *c = t->c;
	struct share_view *ranks = NEWS(c->mem, struct share_view, RANKS);
	struct chart_series series[RANKS];
	str *labels = NEWS(c->mem, str, t->n + 1);
	int n = 0;

	for (int k = 0; k < t->n_ranks; k++) {
		int64_t *values = NEWS(c->mem, int64_t, t->n + 1);
		for (int64_t i = 0; i < t->n; i++)
			values[i] = t->classes[i].count[k];
		series[k] = (struct chart_series){ t->labels[k], values };
		ranks[k] = (struct share_view){ t->labels[k], t->rated ? TEXT(c, "%.*s %%",
			FMT(chart_number(c->mem, (t->total[k] * 2000 + t->rated) / (2 * t->rated), 1))) : (str){ 0 }, t->total[k] };
	}
	for (int64_t i = 0; i < t->n; i++) {
		labels[i] = t->classes[i].name;
		t->classes[i].levels = counts_of(c, t->classes[i].count, t->n_ranks);
	}
	for (int i = 0; i < GRADES + (n_of_grades(t) > 1); i++)
		if (t->grades[i].size) {
			t->grades[n] = t->grades[i];
			t->grades[n].levels = counts_of(c, t->grades[n].count, t->n_ranks);
			n++;
		}
	out->grades = (items){ t->grades, n };
	out->ranks = (items){ ranks, t->n_ranks };
	out->n_ranks = t->n_ranks;
	out->charted = t->rated > 0;
	if (t->rated)
		out->chart_levels = chart_draw(c->mem, &(struct chart){ .kind = CHART_STACKED, .id = S("muc"),
			.title = say(c, &title), .desc = say(c, &desc), .labels = labels, .n = (int)t->n, .series = series,
			.n_series = t->n_ranks });
}

enum { BANDS = 5, CAME_MAX = 20000 };

/* Who came within the year counts in the class of now, by all marks of the term; got has neither his earlier class's
 * average nor this one's. */
static enum rc add_came(struct ctx *c, const struct book_in *in, items *got)
{
	items came, terms;

	TRY(query(c, "records/bands_came", &book_in_shape, in, &came_told_shape, &came, CAME_MAX));
	if (!came.n)
		return OK;
	TRY(carried_terms(c, in, &terms));
	struct band_told *v = NEWS(c->mem, struct band_told, got->n + came.n + 1);
	memcpy(v, got->p, sizeof *v * (size_t)got->n);
	for (int64_t i = 0; i < came.n; i++) {
		const struct came_told *p = (const struct came_told *)came.p + i;
		int32_t average = p->average.v;
		for (int64_t k = 0; k < terms.n; k++) {
			const struct carried_term *t = (const struct carried_term *)terms.p + k;
			if (t->pupil == p->pupil && t->class == p->class && t->subject == p->subject &&
				t->term == (in->term == TERM_1 ? TERM_1 : TERM_2))
				average = t->average.v;
		}
		if (average >= 0)
			v[got->n++] = (struct band_told){ p->name, p->code, band_of(average), 1, average };
	}
	got->p = v;
	return OK;
}

static int64_t line_of(const struct subject_line *v, int n, str name)
{
	int64_t i = 0;

	while (i < n && !str_eq(v[i].name, name))
		i++;
	return i;
}

static enum rc show_marks(struct ctx *c, const struct book_in *in, struct results_view *out)
{
	static const struct tr title = { "Phân bố điểm trung bình theo môn", "Averages by subject" },
		desc = { "Số học sinh ở mỗi khoảng điểm, từng môn.", "How many pupils in each range, by subject." };
	static const char *const ranges[BANDS] = { "< 3,5", "3,5–4,9", "5,0–6,4", "6,5–7,9", "≥ 8,0" };
	struct chart_series series[BANDS];
	int64_t *values[BANDS];
	items got;
	int n = 0;

	TRY(query(c, "records/bands", &book_in_shape, in, &band_told_shape, &got, 400));
	TRY(add_came(c, in, &got));
	struct subject_line *v = NEWS(c->mem, struct subject_line, got.n + 1);
	str *labels = NEWS(c->mem, str, got.n + 1);
	int64_t *sum = NEWS(c->mem, int64_t, got.n + 1);
	for (int k = 0; k < BANDS; k++) {
		values[k] = NEWS(c->mem, int64_t, got.n + 1);
		series[k] = (struct chart_series){ str_of(ranges[k]), values[k] };
	}
	for (int64_t i = 0; i < got.n; i++) {
		const struct band_told *b = (const struct band_told *)got.p + i;
		int64_t at = line_of(v, n, b->name);
		if (at == n) {
			v[n].name = b->name;
			labels[n++] = subject_brief(b->code, b->name);
		}
		values[b->band][at] += b->n;
		v[at].n += b->n;
		sum[at] += b->sum;
	}
	for (int i = 0; i < n; i++) {
		int64_t of[BANDS];
		for (int k = 0; k < BANDS; k++)
			of[k] = values[k][i];
		v[i].bands = counts_of(c, of, BANDS);
		v[i].mean = score_tenths(c->mem, (score){ mark_round(sum[i], v[i].n, 1) }, c->lang == EN ? '.' : ',');
	}
	out->subjects = (items){ v, n };
	out->has_marks = n > 0;
	if (n)
		out->chart_marks = chart_draw(c->mem, &(struct chart){ .kind = CHART_STACKED, .id = S("mon"),
			.title = say(c, &title), .desc = say(c, &desc), .labels = labels, .n = n, .every = 1, .series = series,
			.n_series = BANDS });
	return OK;
}

/* ---- conduct still to be given ----------------------------------------------------------------------------- */

struct left_row { int64_t class; pick grade; int64_t pupil; pick term; };
#define ROW struct left_row
static const struct shape left_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(grade), .pick = grades },
	{ COL(pupil) }, { COL(term), .pick = mark_terms }, END } };
#undef ROW
enum { LEFT_MAX = 20000, FEW = 6 };

/* Conduct each term (TT 22/2021 Điều 8), the year's too where it is entered (TT 58/2011 Điều 4); qualities at the end
 * of each term (TT 27/2020 Điều 8); indices once a year (TT 23/2010). */
static bool asks_conduct(const struct scheme *s, pick term_)
{
	return s && (term_ == TERM_YEAR ? s->n_conducts && s->conduct_entered
		: s->n_conducts || s->n_qualities || (s->n_domains && term_ == TERM_2));
}

/* Who stays down for absences is rated by nobody's need (Điều 12), as on the page of closing. */
static enum rc show_unrated(struct tally *t, const struct book_in *in, int64_t year, struct results_view *out)
{
	static const struct tr said = { "{1} học sinh của {2} lớp chưa được giáo viên chủ nhiệm đánh giá "
		"(rèn luyện; phẩm chất, năng lực).",
		"{1} pupils of {2} classes wait for their form teacher's rating (conduct; qualities)." };
	struct ctx *c = t->c;
	int64_t pupils = 0, of = 0, class = 0, pupil_ = 0;
	struct away away;
	items got;

	TRY(query(c, "records/conduct_left", &book_in_shape, in, &left_shape, &got, LEFT_MAX));
	TRY(away_find(c, in, year, &away));
	for (int64_t i = 0, at; i < got.n; i++) {
		const struct left_row *r = (const struct left_row *)got.p + i;
		if (!asks_conduct(scheme_for(schemes(c), r->grade, (int)year), r->term) ||
			is_away(&away, r->class, r->pupil))
			continue;
		for (at = 0; at < t->n && t->classes[at].id != r->class; at++)
			;
		if (at == t->n || (class == r->class && pupil_ == r->pupil))
			continue;
		class = r->class;
		pupil_ = r->pupil;
		struct class_line *l = &t->classes[at];
		of += !l->unrated++;
		if (!l->unrated_term.n || r->term == TERM_1)
			l->unrated_term = str_of(mark_terms[r->term].code);
		t->grades[t->grade_of[at]].unrated++;
		t->grades[GRADES].unrated++;
		pupils++;
	}
	struct class_line *v = NEWS(c->mem, struct class_line, FEW);
	for (int64_t i = 0; i < t->n && of <= FEW; i++)
		if (t->classes[i].unrated)
			v[out->waits.n++] = t->classes[i];
	out->waits.p = v;
	if (pupils)
		out->waiting = sayf(c, &said, ARGS(int_text(c->mem, pupils), int_text(c->mem, of)));
	return OK;
}

/* Primary schools and preschools rate the year alone (TT 27/2020/TT-BGDĐT Điều 9, TT 23/2010). */
static bool rates_only_years(const struct tally *t, int64_t year)
{
	for (int64_t i = 0; i < t->n; i++)
		if (scheme_for(schemes(t->c), t->grade_of[i], (int)year)->n_columns)
			return false;
	return t->n > 0;
}

enum rc results_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Kết quả học tập và rèn luyện", "Results" };
	const struct results_ask *in = in_;
	struct results_view *out = out_;
	struct tally t = { .c = c };
	struct year_row year;
	items got;

	TRY(year_find(c, in->year, &year));
	pick term_ = term_asked(c, in->term);
	struct book_in ask = { .school = office_here(c).v, .year = year.id, .term = term_ };
	*out = (struct results_view){ .title = say(c, &title), .year = year.code, .year_n = year.year,
		.term = say(c, &mark_terms[term_].label), .term_code = str_of(mark_terms[term_].code),
		.is_year = term_ == TERM_YEAR, .is_hk1 = term_ == TERM_1, .is_hk2 = term_ == TERM_2 };
	TRY(load_classes(&t, &ask, year.year));
	out->only_years = rates_only_years(&t, year.year);
	if (!in->term && term_ != TERM_YEAR && !wants_json(c) && out->only_years) {
		c->go = link_to(c, "/records?term=year");
		return OK;
	}
	TRY(query(c, "records/levels", &book_in_shape, &ask, &level_told_shape, &got, 20000));
	count_levels(&t, &got);
	TRY(show_unrated(&t, &ask, year.year, out));
	show_levels(&t, out);
	TRY(show_marks(c, &ask, out));
	if (t.n == 0 && !wants_json(c) && (has_role(c, &dept_officer, (org_id){ 0 }) || has_role(c, &dept_leader,
		(org_id){ 0 }) || has_role(c, &dept_inspector, (org_id){ 0 })))      /* above schools: school by school */
		c->go = link_to(c, "/records/schools?term=%s", mark_terms[term_].code);
	out->classes = (items){ t.classes, t.n };
	out->none = t.n == 0;
	out->many = t.n > 1;
	out->year_id = year.id;
	out->may_compute = t.n > 0 && (has_role(c, &principal, office_here(c)) || has_role(c, &deputy, office_here(c))
		|| has_role(c, &clerk, office_here(c)));
	return OK;
}
