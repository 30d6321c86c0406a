/* class_sheet.c -- see class_sheet.h. */
#include "mod/records/class_sheet.h"
#include "core/chart.h"

#define ROW struct said_view
const struct shape said_shape = { sizeof(ROW), FIELDS{ { COL(text) }, END } };
#undef ROW
#define ROW struct sheet_head
const struct shape sheet_head_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(name) }, { COL(brief) },
	{ COL(subject) }, END } };
#undef ROW
#define ROW struct sheet_cell
static const struct shape cell_shape = { sizeof(ROW), FIELDS{ { COL(value) }, { COL(low) }, { COL(exempt) },
	{ COL(again) }, END } };
#undef ROW
#define ROW struct sheet_line
const struct shape sheet_line_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(pupil) }, { COL(name) },
	{ MANY(cells, cell_shape) }, { COL(overall) }, { COL(level) }, { COL(conduct) }, { COL(title) },
	{ COL(standing) }, { COL(promoted) }, { COL(failed) }, { COL(stale) }, { COL(none) }, { COL(absences) },
	{ MANY(why, said_shape) }, { COL(remark) }, { MANY(qualities, said_shape) },
	{ COL(qualities_brief) }, END } };
#undef ROW
#define ROW struct share_view
const struct shape share_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(share) }, { COL(n) }, END } };
#undef ROW
#define ROW struct band_view
static const struct shape band_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(mean) }, { COL(b0) }, { COL(b1) },
	{ COL(b2) }, { COL(b3) }, { COL(b4) }, { COL(n) }, END } };
#undef ROW
#define ROW struct class_sheet
const struct shape class_sheet_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(class_name) }, { COL(term) },
	{ COL(year) }, { COL(scheme) }, { COL(term_code) },
	{ COL(teacher) }, { COL(class) }, { COL(n) }, { COL(rated) }, { COL(stale) },
	{ COL(is_year) }, { COL(is_hk1) }, { COL(is_hk2) }, { COL(none) }, { COL(has_overall) }, { COL(has_levels) },
	{ COL(primary) }, { COL(rates) }, { COL(has_conduct) }, { COL(has_qualities) },
	{ COL(domains) }, { COL(has_marks) }, { COL(may_set) }, { COL(unset) },
	{ COL(may_compute) }, { COL(may_retest) }, { COL(retests) },
	{ MANY(subjects, sheet_head_shape) }, { MANY(lines, sheet_line_shape) }, { MANY(levels, share_shape) },
	{ MANY(bands, band_shape) }, { MANY(qualities, said_shape) }, { COL(chart_levels) }, { COL(chart_bands) }, END } };
#undef ROW

str word_brief(struct arena *a, str code)
{
	if (str_is(code, "dat"))
		return S("Đ");
	if (str_is(code, "chua_dat"))
		return S("CĐ");
	if (str_is(code, "d"))
		return S("Đ");
	return code.n == 1 ? str_fmt(a, "%c", code.p[0] - 32) : code;
}

const struct choice standings[] = { { "promoted", { "Được lên lớp, hoàn thành", "Promoted" } },
	{ "retest", { "Kiểm tra lại trong hè", "Retest in summer" } },
	{ "summer", { "Rèn luyện trong hè", "Train conduct in summer" } },
	{ "repeats", { "Ở lại lớp", "Repeats the year" } },
	{ "support", { "Giúp đỡ thêm, hiệu trưởng xét", "Extra support, the principal decides" } }, END };

str standing_text(struct ctx *c, str code)
{
	for (int i = 0; standings[i].code; i++)
		if (str_is(code, standings[i].code))
			return say(c, &standings[i].label);
	return (str){ 0 };
}

str words_name(const struct ctx *c, const struct words *list, int n, str code)
{
	for (int i = 0; i < n; i++)
		if (str_eq(list[i].code, code))
			return c->lang == VI ? list[i].vi : list[i].en;
	return code;
}

bool may_see_class(struct ctx *c, org_id org_, int64_t class)
{
	struct year_result row;

	row_zero(&year_result, &row);
	row.base.org = org_;
	row.class.v = class;
	return may(c, &year_result, READ, &row);
}

/* ---- one pupil -------------------------------------------------------------------------------------------- */

struct drawing { struct ctx *c; const struct gathered *g; struct class_sheet *out; pick term;
	int order[BOOKS_MAX] /* of the books, as they are shown */;
	int64_t level_count[LEVELS], band_count[BOOKS_MAX][5], sum[BOOKS_MAX]; };

int band_of(int32_t v) { return v < 350 ? 0 : v < 500 ? 1 : v < 650 ? 2 : v < 800 ? 3 : 4; }

static struct sheet_cell cell_of(struct drawing *d, const struct subject_given *s, int b)
{
	const struct scheme *scheme = d->g->scheme;
	int32_t v = s->retest >= 0 ? s->retest : scheme->n_columns ? s->average : s->test;
	int word = s->retest_word >= 0 ? s->retest_word : s->word;
	struct arena *a = d->c->mem;
	str said = word >= 0 ? word_brief(a, scheme->words[word].code) : (str){ 0 };

	if (s->exempt)
		return (struct sheet_cell){ .value = s->left ? S("–") : d->c->lang == VI ? S("M") : S("Ex"), .exempt = true };
	if (v >= 0) {
		str mark_ = average_text(a, scheme, v, d->c->lang == EN);
		d->band_count[b][band_of(v)]++;
		d->sum[b] += v;
		said = said.n ? str_fmt(a, "%.*s %.*s", FMT(said), FMT(mark_)) : mark_;
	}
	return (struct sheet_cell){ said, (v >= 0 && v < 500) || (word >= 0 && word == scheme->n_words - 1), false,
		s->retest >= 0 || s->retest_word >= 0 };
}

static items why_of(struct drawing *d, const struct rating *r)
{
	struct said_view *v = NEWS(d->c->mem, struct said_view, r->n_why + 1);
	const struct programme *p = schemes(d->c)->programme;

	for (int i = 0; i < r->n_why; i++) {
		str said = why_text(d->c->mem, d->g->scheme, p, &r->why[i], d->c->lang == EN);
		v[i].text = r->why[i].article.n ? TEXT(d->c, "%.*s (%.*s)", FMT(said), FMT(r->why[i].article)) : said;
	}
	return (items){ v, r->n_why };
}

static bool is_stale(const struct gathered *g, const struct person_row *p, const struct rating *r, str conduct_)
{
	str level = r->level < 0 ? (str){ 0 } : g->scheme->levels[r->level].is.code;

	return !p->id || !str_eq(p->level, level) || !str_eq(p->conduct, conduct_) ||
		!str_eq(p->standing, str_of(standing_codes[r->standing])) || !str_eq(p->positions, g->positions);
}

/* The law leaves a bound open and nobody has set it: said once, above the class, with the line that sets it. */
static void tell_unset(struct drawing *d, const struct parameter *p)
{
	static const struct tr said = { "Chưa xếp mức được: {1} chưa được đặt; văn bản không nêu. Hiệu trưởng đặt ở "
		"Cài đặt, mục Sổ điểm, bằng một dòng {2}.", "No level yet: {1} is not set, and the circular does not "
		"say. The principal sets it under Settings, Marks, by a line {2}." };
	struct ctx *c = d->c;
	str line = TEXT(c, "%.*s.%.*s=…", FMT(d->g->scheme->is.code), FMT(p->is.code));

	d->out->unset = sayf(c, &said, ARGS(c->lang == VI ? p->is.vi : p->is.en, line));
	d->out->may_set = has_role(c, &principal, d->g->class.org);
}

/* The last grade of a level of school is completed; the others go up (TT 22/2021 Điều 12, TT 27/2020 Điều 11). */
static str fate_of(struct drawing *d, enum standing is)
{
	static const struct tr up = { "Được lên lớp", "Promoted" },
		primary = { "Hoàn thành chương trình tiểu học", "Primary school completed" },
		lower = { "Hoàn thành chương trình THCS", "Lower secondary completed" },
		upper = { "Hoàn thành chương trình THPT", "Upper secondary completed" };

	if (is != STANDING_PROMOTED || d->g->class.grade < GRADE_1)
		return standing_text(d->c, str_of(standing_codes[is]));
	switch (d->g->class.grade - GRADE_1 + 1) {
	case 5: return say(d->c, &primary);
	case 9: return say(d->c, &lower);
	case 12: return say(d->c, &upper);
	default: return say(d->c, &up);
	}
}

static void of_year(struct drawing *d, int64_t i, const struct subject_given *given, struct rating *r,
	struct sheet_line *l)
{
	const struct scheme *s = d->g->scheme;
	int conduct_level;

	static const struct tr after = { "{1}, sau hè: {2}", "{1}, after summer: {2}" };
	const str summer = words_name(d->c, s->conducts, s->n_conducts, d->g->people[i].summer);

	rate_year(d->g, i, given, &conduct_level, r);
	str code = conduct_level < 0 ? (str){ 0 } : s->conducts[conduct_level].code;
	l->conduct = words_name(d->c, s->conducts, s->n_conducts, code);
	if (s->summer.set && conduct_level >= s->summer.conduct && summer.n && !str_is(summer, "none"))
		l->conduct = sayf(d->c, &after, ARGS(l->conduct, summer));
	l->title = r->title < 0 ? (str){ 0 } : d->c->lang == VI ? s->titles[r->title].is.vi : s->titles[r->title].is.en;
	l->standing = fate_of(d, r->standing);
	l->promoted = r->standing == STANDING_PROMOTED;
	l->failed = r->standing > STANDING_PROMOTED;
	l->stale = is_stale(d->g, &d->g->people[i], r, code);
	d->out->retests = d->out->retests || r->n_retest;
	if (r->needs && !d->out->unset.n)
		tell_unset(d, r->needs);
}

/* TT 23/2010: "25/26 · 31/34", the indices met of each domain. */
static str domains_brief(struct drawing *d, str text)
{
	struct buf b;
	str one;

	buf_init(&b, d->c->mem, 400);
	for (int i = 0; text.n && i < d->g->scheme->n_domains; i++) {
		str_cut(text, ' ', &one, &text);
		put_fmt(&b, "%s%.*s/%d", i ? " · " : "", FMT(one), d->g->scheme->domains[i].of);
	}
	return buf_str(&b);
}

/* TT 27/2020 Điều 8: each quality and competence by itself; the year has those of its end. */
static void draw_qualities(struct drawing *d, int64_t i, struct sheet_line *l)
{
	const struct scheme *s = d->g->scheme;
	str text = d->term == TERM_1 ? d->g->people[i].qualities1 : d->g->people[i].qualities, one;
	struct said_view *v = NEWS(d->c->mem, struct said_view, s->n_qualities + 1);
	int64_t counts[QUALITIES] = { 0 };
	struct buf b;

	for (int k = 0; k < s->n_qualities; k++) {
		str_cut(text, ' ', &one, &text);
		v[k].text = one.n ? word_brief(d->c->mem, one) : (str){ 0 };
		for (int w = 0; w < s->n_quality_words; w++)
			counts[w] += str_eq(one, s->quality_words[w].code);
	}
	buf_init(&b, d->c->mem, 400);
	for (int w = 0; w < s->n_quality_words; w++)
		if (counts[w])
			put_fmt(&b, "%s%lld %.*s", b.n ? ", " : "", (long long)counts[w], FMT(word_brief(d->c->mem,
				s->quality_words[w].code)));
	l->qualities = (items){ v, s->n_qualities };
	l->qualities_brief = buf_str(&b);
}

static void draw_line(struct drawing *d, int64_t i, str name, struct sheet_line *l)
{
	const struct gathered *g = d->g;
	const struct scheme *s = g->scheme;
	struct subject_given given[BOOKS_MAX];
	struct sheet_cell *cells = NEWS(d->c->mem, struct sheet_cell, g->n_books + 1);
	struct rating *r = NEW(d->c->mem, struct rating);

	*l = (struct sheet_line){ .pupil = g->people[i].pupil, .name = name, .absences = g->absent[i][d->term] };
	if (d->term == TERM_YEAR)
		year_of(g, i, given, true);
	else
		memcpy(given, g->given[i][d->term], sizeof given);
	for (int k = 0; k < g->n_books; k++)
		cells[k] = cell_of(d, &given[d->order[k]], d->order[k]);
	if (d->term == TERM_YEAR) {
		of_year(d, i, given, r, l);
	} else {
		rate_term(g, i, d->term, r);
		l->conduct = words_name(d->c, s->conducts, s->n_conducts, d->term ? g->people[i].hk2 : g->people[i].hk1);
	}
	if (str_is(l->conduct, "none"))
		l->conduct = (str){ 0 };
	/* primary schools rate the year, not the term (TT 27/2020 Điều 9) */
	if (!s->n_columns && d->term != TERM_YEAR)
		r->level = -1, r->n_why = 0;
	draw_qualities(d, i, l);
	if (s->n_domains)
		l->qualities_brief = domains_brief(d, g->people[i].qualities);
	l->cells = (items){ cells, g->n_books };
	l->level = r->level < 0 ? (str){ 0 } : d->c->lang == VI ? s->levels[r->level].is.vi : s->levels[r->level].is.en;
	l->overall = average_text(d->c->mem, s, r->overall, d->c->lang == EN);
	l->none = r->level < 0;
	l->why = why_of(d, r);
	if (r->level >= 0)
		d->level_count[r->level]++;
	d->out->rated += r->level >= 0;
	d->out->stale += l->stale;
}

/* ---- the class in numbers ----------------------------------------------------------------------------------- */

static str share_text(struct ctx *c, int64_t n, int64_t of)
{
	return of ? TEXT(c, "%.*s %%", FMT(chart_number(c->mem, (n * 2000 + of) / (2 * of), 1))) : (str){ 0 };
}

static void draw_levels(struct drawing *d)
{
	static const struct tr title = { "Kết quả học tập của lớp", "Levels of the class" },
		desc = { "Số học sinh ở mỗi mức.", "How many pupils reach each level." };
	struct ctx *c = d->c;
	const struct scheme *s = d->g->scheme;
	struct share_view *v = NEWS(c->mem, struct share_view, s->n_levels + 1);
	str *labels = NEWS(c->mem, str, s->n_levels + 1);

	for (int i = 0; i < s->n_levels; i++) {
		labels[i] = c->lang == VI ? s->levels[i].is.vi : s->levels[i].is.en;
		v[i] = (struct share_view){ labels[i], share_text(c, d->level_count[i], d->out->rated), d->level_count[i] };
	}
	d->out->levels = (items){ v, s->n_levels };
	d->out->has_levels = d->out->rated > 0;
	struct chart_series series = { say(c, &title), d->level_count };
	if (d->out->rated)
		d->out->chart_levels = chart_draw(c->mem, &(struct chart){ .kind = CHART_COLUMN, .id = S("muc"),
			.title = say(c, &title), .desc = say(c, &desc), .labels = labels, .n = s->n_levels, .series = &series,
			.n_series = 1, .width = 420, .height = 240 });
}

static void draw_bands(struct drawing *d)
{
	static const struct tr title = { "Phân bố điểm theo môn", "Marks by subject" },
		desc = { "Số học sinh ở mỗi khoảng điểm, từng môn.", "How many pupils in each range of marks, by subject." };
	static const char *const ranges[] = { "< 3,5", "3,5–4,9", "5,0–6,4", "6,5–7,9", "≥ 8,0" };
	struct ctx *c = d->c;
	struct band_view *v = NEWS(c->mem, struct band_view, d->g->n_books + 1);
	str *labels = NEWS(c->mem, str, d->g->n_books + 1);
	int64_t *values[5];
	struct chart_series series[5];
	int n = 0;

	for (int k = 0; k < 5; k++) {
		values[k] = NEWS(c->mem, int64_t, d->g->n_books + 1);
		series[k] = (struct chart_series){ str_of(ranges[k]), values[k] };
	}
	for (int i = 0; i < d->g->n_books; i++) {
		int b = d->order[i];
		const int64_t *of = d->band_count[b];
		int64_t all = of[0] + of[1] + of[2] + of[3] + of[4];
		if (!all)
			continue;
		for (int k = 0; k < 5; k++)
			values[k][n] = of[k];
		labels[n] = subject_brief(d->g->books[b].code, d->g->books[b].name);
		v[n++] = (struct band_view){ d->g->books[b].name, score_tenths(c->mem, (score){ mark_round(d->sum[b], all, 1) },
			c->lang == EN ? '.' : ','),
			of[0], of[1], of[2], of[3], of[4], all };
	}
	d->out->bands = (items){ v, n };
	d->out->chart_bands = chart_draw(c->mem, &(struct chart){ .kind = CHART_STACKED, .id = S("mon"),
		.title = say(c, &title), .desc = say(c, &desc), .labels = labels, .n = n, .every = 1, .series = series,
		.n_series = 5 });
}

/* ---- the sheet -------------------------------------------------------------------------------------------------- */

struct name_row { int64_t pupil; str name; };
#define ROW struct name_row
static const struct shape name_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, END } };
#undef ROW

static enum rc draw_lines(struct drawing *d, int64_t only)
{
	struct ctx *c = d->c;
	items names;
	int64_t n = 0;

	TRY(query(c, "records/names_of_class", &book_in_shape, &(struct book_in){ .class = d->g->class.id }, &name_shape,
		&names, PUPILS_MAX));
	struct sheet_line *lines = NEWS(c->mem, struct sheet_line, names.n + 1);
	for (int64_t k = 0; k < names.n; k++) {
		const struct name_row *p = (const struct name_row *)names.p + k;
		int64_t i = gathered_pupil(d->g, p->pupil);
		if (i < 0 || (only && p->pupil != only))
			continue;
		draw_line(d, i, p->name, &lines[n]);
		lines[n].n = n + 1;
		n++;
	}
	d->out->lines = (items){ lines, n };
	d->out->n = n;
	return OK;
}

static void order_books(struct drawing *d)
{
	str codes[BOOKS_MAX];

	for (int b = 0; b < d->g->n_books; b++)
		codes[b] = d->g->books[b].code;
	programme_sort(schemes(d->c)->programme, codes, (int)d->g->n_books, d->order);
}

enum rc class_sheet(struct ctx *c, school_class_id class, pick term_, int64_t only, struct class_sheet *ret)
{
	static const struct tr title = { "Kết quả lớp {1}", "Results of class {1}" };
	struct gathered g;
	struct drawing *d = NEW(c->mem, struct drawing);

	TRY(gather(c, class, NULL, &g));
	if (g.scheme->n_domains)                         /* five-year-olds are rated once a year                    */
		term_ = TERM_YEAR;
	*ret = (struct class_sheet){ .title = sayf(c, &title, ARGS(g.class.name)), .class_name = g.class.name,
		.term = say(c, &mark_terms[term_].label), .year = g.class.year_code,
		.term_code = str_of(mark_terms[term_].code),
		.scheme = c->lang == VI ? g.scheme->is.vi : g.scheme->is.en, .class = class.v, .is_year = term_ == TERM_YEAR,
		.is_hk1 = term_ == TERM_1, .is_hk2 = term_ == TERM_2, .has_overall = g.scheme->has_overall,
		.primary = !g.scheme->n_columns, .rates = g.scheme->n_columns || term_ == TERM_YEAR,
		.has_conduct = g.scheme->n_conducts > 0, .domains = g.scheme->n_domains > 0,
		.has_qualities = g.scheme->n_qualities > 0 };
	struct said_view *names = NEWS(c->mem, struct said_view, g.scheme->n_qualities + 1);
	for (int i = 0; i < g.scheme->n_qualities; i++)
		names[i].text = c->lang == VI ? g.scheme->qualities[i].vi : g.scheme->qualities[i].en;
	ret->qualities = (items){ names, g.scheme->n_qualities };
	ret->by = g.scheme;
	*d = (struct drawing){ .c = c, .g = &g, .out = ret, .term = term_ };
	order_books(d);
	struct sheet_head *heads = NEWS(c->mem, struct sheet_head, g.n_books + 1);
	for (int k = 0; k < g.n_books; k++) {
		const struct book_row *b = &g.books[d->order[k]];
		heads[k] = (struct sheet_head){ b->code, b->name, subject_brief(b->code, b->name), b->subject };
	}
	ret->subjects = (items){ heads, g.n_books };
	TRY(draw_lines(d, only));
	ret->none = ret->n == 0;
	draw_levels(d);
	draw_bands(d);
	ret->has_marks = ret->bands.n > 0;
	return OK;
}
