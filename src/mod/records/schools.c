/* schools.c -- results school by school, for the tiers above: how many classes are closed, how many pupils reach each
 * level. Only results that were computed are counted, by an index that holds all it asks of them; no mark is read. */
#include "core/chart.h"
#include "mod/records/class_sheet.h"
#include "mod/records/results_page.h"
#include <stdlib.h>

enum { SCHOOLS = 2000, COUNTS = 40000, SCHEMES_MOST = 8, SHOWN = 20, UNITS = 400, YEARS = 12 };

/* unit: a school, or whose schools: those that stand directly under it. */
struct schools_in { int64_t year; pick term; org_id unit; };
#define ROW struct schools_in
static const struct shape schools_in_shape = { sizeof(ROW), FIELDS{ { COL(year) }, { COL(term), .pick = mark_terms },
	{ REF(unit, org) }, END } };
#undef ROW
#define ROW struct schools_ask
const struct shape schools_ask_shape = { sizeof(ROW), FIELDS{ { COL(year), .max = 3000,
	.label = { "Năm học", "School year" } }, { COL(term), .pick = asked_terms, .label = { "Học kì", "Term" } },
	{ REF(unit, org), .label = { "Đơn vị", "Unit" } }, END } };
#undef ROW
struct school_row { int64_t id; str name, slug, unit; int64_t classes, closed; };
#define ROW struct school_row
static const struct shape school_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(slug) },
	{ COL(unit) }, { COL(classes) }, { COL(closed) }, END } };
#undef ROW
struct count_row { int64_t org; str scheme, level; int64_t n; };
#define ROW struct count_row
static const struct shape count_row_shape = { sizeof(ROW), FIELDS{ { COL(org) }, { COL(scheme) }, { COL(level) },
	{ COL(n) }, END } };
#undef ROW
struct named_row { int64_t id; str name; };
#define ROW struct named_row
static const struct shape named_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
#undef ROW

struct share { int64_t n; str share, label; };
#define ROW struct share
static const struct shape level_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(share) }, { COL(label) }, END } };
#undef ROW
struct school_line { int64_t id; str school, unit, href; int64_t classes, closed, rated; bool whole; items levels; };
#define ROW struct school_line
static const struct shape school_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(school) }, { COL(unit) },
	{ COL(href) }, { COL(classes) }, { COL(closed) }, { COL(rated) }, { COL(whole) }, { MANY(levels, level_shape) },
	END } };
#undef ROW
struct part_view { str name, chart_title; int64_t n; bool charted; html chart; items levels, lines; };
#define ROW struct part_view
static const struct shape part_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(chart_title) }, { COL(n) },
	{ COL(charted) },
	{ COL(chart) }, { MANY(levels, level_shape) }, { MANY(lines, school_line_shape) }, END } };
#undef ROW
struct option { int64_t id; str name; bool chosen; };
#define ROW struct option
static const struct shape option_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(chosen) }, END } };
#undef ROW
struct schools_view { str title, year, term, term_code, closed, all_closed; int64_t year_n, unit; bool is_hk1, is_hk2,
	is_year, none, has_units, has_rest; items parts, rest, years, units; };
#define ROW struct schools_view
const struct shape schools_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(year) }, { COL(term) },
	{ COL(term_code) }, { COL(closed) }, { COL(all_closed) }, { COL(year_n) }, { COL(unit) }, { COL(is_hk1) },
	{ COL(is_hk2) }, { COL(is_year) }, { COL(none) }, { COL(has_units) }, { COL(has_rest) },
	{ MANY(parts, part_shape) }, { MANY(rest, school_line_shape) }, { MANY(years, option_shape) },
	{ MANY(units, option_shape) }, END } };
#undef ROW

/* count: LEVELS numbers a school of the list; sum: of all. */
struct part { const struct scheme *scheme; int64_t *count, sum[LEVELS], rated; };
struct board { struct ctx *c; const struct school_row *schools; int64_t n, *by_id;
	struct part parts[SCHEMES_MOST]; int n_parts; bool links; str year; const char *term; };

/* ---- counting ---------------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* by_id: pairs of id and place in the list, in order of ids. */
static void sort_ids(struct board *b)
{
	b->by_id = NEWS(b->c->mem, int64_t, 2 * b->n + 2);
	for (int64_t i = 0; i < b->n; i++) {
		b->by_id[2 * i] = b->schools[i].id;
		b->by_id[2 * i + 1] = i;
	}
	qsort(b->by_id, (size_t)b->n, 2 * sizeof *b->by_id, by_number);
}

static int64_t place_of(const struct board *b, int64_t school)
{
	const int64_t *found = b->n ? bsearch(&school, b->by_id, (size_t)b->n, 2 * sizeof *b->by_id, by_number) : NULL;

	return found ? found[1] : -1;
}

static struct part *part_of(struct board *b, str code)
{
	for (int i = 0; i < b->n_parts; i++)
		if (str_eq(b->parts[i].scheme->is.code, code))
			return &b->parts[i];
	const struct scheme *s = scheme_named(schemes(b->c), code);
	if (!s || b->n_parts == SCHEMES_MOST)
		return NULL;
	struct part *p = &b->parts[b->n_parts++];
	*p = (struct part){ .scheme = s, .count = NEWS(b->c->mem, int64_t, b->n * LEVELS + 1) };
	return p;
}

/* sign -1: who has left the class since is taken away again */
static void count_rows(struct board *b, const items *got, int sign)
{
	for (int64_t i = 0; i < got->n; i++) {
		const struct count_row *r = (const struct count_row *)got->p + i;
		struct part *p = part_of(b, r->scheme);
		int64_t at = place_of(b, r->org);
		for (int k = 0; p && at >= 0 && k < p->scheme->n_levels; k++)
			if (str_eq(p->scheme->levels[k].is.code, r->level)) {
				p->count[at * LEVELS + k] += sign * r->n;
				p->sum[k] += sign * r->n;
				p->rated += sign * r->n;
			}
	}
}

/* ---- showing ----------------------------------------------------------------------------------------------------- */

static str level_name(const struct ctx *c, const struct part *p, int k)
{
	return c->lang == VI ? p->scheme->levels[k].is.vi : p->scheme->levels[k].is.en;
}

static items shares_of(struct ctx *c, const struct part *p, const int64_t *count, int64_t rated)
{
	struct share *v = NEWS(c->mem, struct share, LEVELS);

	for (int k = 0; k < p->scheme->n_levels; k++)
		v[k] = (struct share){ count[k], rated ? TEXT(c, "%.*s %%",
			FMT(chart_number(c->mem, (count[k] * 2000 + rated) / (2 * rated), 1))) : (str){ 0 }, level_name(c, p, k) };
	return (items){ v, p->scheme->n_levels };
}

static struct school_line line_of(const struct board *b, int64_t at)
{
	const struct school_row *s = &b->schools[at];

	return (struct school_line){ .id = s->id, .school = s->name, .unit = s->unit, .classes = s->classes,
		.closed = s->closed, .whole = s->closed == s->classes, .href = b->links ? TEXT(b->c,
		"/t/%.*s/%.*s/records?term=%s", FMT(s->slug), FMT(b->year), b->term) : (str){ 0 } };
}

static int64_t rated_at(const struct part *p, int64_t at)
{
	int64_t n = 0;

	for (int k = 0; k < p->scheme->n_levels; k++)
		n += p->count[at * LEVELS + k];
	return n;
}

/* The schools with the largest share at the lowest level; ties stay in the order of the list. */
static int worst_of(const struct part *p, int64_t n, int64_t *ret)
{
	int found = 0, last = p->scheme->n_levels - 1;

	for (int64_t i = 0; i < n; i++) {
		int64_t rated = rated_at(p, i), low = p->count[i * LEVELS + last];
		int at = found;
		if (rated <= 0)
			continue;
		while (at > 0 && low * rated_at(p, ret[at - 1]) > p->count[ret[at - 1] * LEVELS + last] * rated)
			at--;
		if (at == SHOWN)
			continue;
		memmove(ret + at + 1, ret + at, sizeof *ret * (size_t)((found < SHOWN ? found : SHOWN - 1) - at));
		ret[at] = i;
		found += found < SHOWN;
	}
	return found;
}

static void draw(const struct board *b, const struct part *p, int at, struct part_view *out)
{
	static const struct tr title = { "% học sinh ở mức {1}, trường nhiều nhất đứng trên",
		"% of pupils at the level {1}, schools with most on top" },
		desc = { "Mỗi thanh là một trường", "A bar a school" };
	struct ctx *c = b->c;
	int last = p->scheme->n_levels - 1;
	int64_t first[SHOWN + 1], *values = NEWS(c->mem, int64_t, SHOWN);
	str labels[SHOWN], level = level_name(c, p, last);
	int n = worst_of(p, b->n, first);

	for (int i = 0; i < n; i++) {
		int64_t rated = rated_at(p, first[i]);
		labels[i] = b->schools[first[i]].name;
		values[i] = (p->count[first[i] * LEVELS + last] * 2000 + rated) / (2 * rated);
	}
	const struct chart_series series[] = { { level, values } };
	out->chart_title = sayf(c, &title, ARGS(level));
	out->charted = n > 1;
	if (out->charted)
		out->chart = chart_draw(c->mem, &(struct chart){ .kind = CHART_BAR, .id = TEXT(c, "truong-%d", at),
			.title = out->chart_title, .desc = say(c, &desc), .labels = labels, .n = n, .series = series,
			.n_series = 1, .decimals = 1, .low = n });
}

static void show_parts(struct board *b, struct schools_view *out)
{
	struct ctx *c = b->c;
	struct part_view *v = NEWS(c->mem, struct part_view, SCHEMES_MOST);
	struct school_line *rest = NEWS(c->mem, struct school_line, b->n + 1);
	int64_t n = 0, n_rest = 0;

	for (int i = 0; i < b->n_parts; i++) {
		struct part *p = &b->parts[i];
		struct school_line *lines = NEWS(c->mem, struct school_line, b->n + 1);
		int64_t m = 0;
		for (int64_t at = 0; at < b->n; at++) {
			int64_t rated = rated_at(p, at);
			if (rated <= 0)
				continue;
			lines[m] = line_of(b, at);
			lines[m].rated = rated;
			lines[m++].levels = shares_of(c, p, p->count + at * LEVELS, rated);
		}
		if (!m)
			continue;
		v[n] = (struct part_view){ .name = c->lang == VI ? p->scheme->is.vi : p->scheme->is.en, .n = p->rated,
			.levels = shares_of(c, p, p->sum, p->rated), .lines = { lines, m } };
		draw(b, p, i, &v[n++]);
	}
	for (int64_t at = 0; at < b->n; at++) {
		bool rated = false;
		for (int i = 0; i < b->n_parts; i++)
			rated = rated || rated_at(&b->parts[i], at) > 0;
		if (!rated)
			rest[n_rest++] = line_of(b, at);
	}
	out->parts = (items){ v, n };
	out->rest = (items){ rest, n_rest };
	out->has_rest = n_rest > 0;
}

static enum rc choices_of(struct ctx *c, const struct schools_in *in, struct schools_view *out)
{
	items got;

	TRY(query(c, "records/years_had", NULL, NULL, &year_row_shape, &got, YEARS));
	struct option *years = NEWS(c->mem, struct option, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct year_row *y = (const struct year_row *)got.p + i;
		years[i] = (struct option){ y->year, y->code, y->id == in->year };
	}
	out->years = (items){ years, got.n };
	TRY(query(c, "records/locked_units", NULL, NULL, &named_row_shape, &got, UNITS));
	struct option *units = NEWS(c->mem, struct option, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct named_row *u = (const struct named_row *)got.p + i;
		units[i] = (struct option){ u->id, u->name, u->id == in->unit.v };
	}
	out->units = (items){ units, got.n };
	out->has_units = got.n > 1;
	return OK;
}

/* Whose seat leads to a school's own page of results. */
static bool may_enter(const struct ctx *c)
{
	return has_role(c, &dept_officer, (org_id){ 0 }) || has_role(c, &dept_leader, (org_id){ 0 })
		|| has_role(c, &dept_inspector, (org_id){ 0 });
}

enum rc schools_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Kết quả theo trường", "Results by school" };
	const struct schools_ask *ask = in_;
	struct schools_view *out = out_;
	struct board b = { .c = c, .links = may_enter(c) };
	int64_t classes = 0, closed = 0;
	struct year_row year;
	items got, counts, left;

	TRY(year_find(c, ask->year, &year));
	pick term_ = term_asked(c, ask->term);
	struct schools_in in = { year.id, term_, ask->unit };
	*out = (struct schools_view){ .title = say(c, &title), .year = year.code, .year_n = year.year,
		.unit = ask->unit.v, .term = say(c, &mark_terms[term_].label), .term_code = str_of(mark_terms[term_].code),
		.is_year = term_ == TERM_YEAR, .is_hk1 = term_ == TERM_1, .is_hk2 = term_ == TERM_2 };
	TRY(query(c, "records/schools_closed", &schools_in_shape, &in, &school_row_shape, &got, SCHOOLS));
	TRY(query(c, "records/schools_levels", &schools_in_shape, &in, &count_row_shape, &counts, COUNTS));
	TRY(query(c, "records/schools_left", &schools_in_shape, &in, &count_row_shape, &left, COUNTS));
	b.schools = got.p;
	b.n = got.n;
	b.year = year.code;
	b.term = mark_terms[term_].code;
	sort_ids(&b);
	count_rows(&b, &counts, 1);
	count_rows(&b, &left, -1);
	for (int64_t i = 0; i < b.n; i++)
		classes += b.schools[i].classes, closed += b.schools[i].closed;
	out->closed = TEXT(c, "%.*s/%.*s", FMT(int_text(c->mem, closed)), FMT(int_text(c->mem, classes)));
	out->all_closed = classes ? TEXT(c, "%lld %%", (long long)(closed * 100 / classes)) : (str){ 0 };
	out->none = b.n == 0;
	show_parts(&b, out);
	return choices_of(c, &in, out);
}
