/* chart_page.c -- phổ điểm: the distribution of a subject, by province and over the years, drawn and in tables. */
#include "mod/results/stats.h"
#include "mod/results/views.h"
#include "core/chart.h"

#include <stdlib.h>

static const struct tr
	MSG_no_subject = { "Kỳ thi này không có môn “{1}”.", "This exam has no subject “{1}”." },
	MSG_no_place = { "Không có thí sinh nào thi môn này ở “{1}”.", "Nobody sat this subject in “{1}”." },
	MSG_title = { "Phổ điểm môn {1}", "Score distribution: {1}" },
	MSG_all_title = { "Phổ điểm", "Score distributions" },
	MSG_desc = { "{1} bài thi, điểm trung bình {2}, trung vị {3}; {4} dưới 5, {5} từ 8 trở lên.",
		"{1} papers, mean {2}, median {3}; {4} below 5, {5} at 8 or above." },
	MSG_mark = { "Điểm", "Mark" }, MSG_papers = { "Số bài thi", "Papers" },
	MSG_mean = { "Điểm trung bình", "Mean mark" },
	MSG_places = { "Điểm trung bình theo tỉnh, cụm thi", "Mean mark by province or cluster" },
	MSG_places_desc = { "Cao nhất: {1} ({2}); thấp nhất: {3} ({4}).", "Highest: {1} ({2}); lowest: {3} ({4})." },
	MSG_years = { "Điểm trung bình qua các năm", "Mean mark over the years" },
	MSG_years_desc = { "Từ {1} ({2}) đến {3} ({4}).", "From {1} ({2}) to {3} ({4})." },
	MSG_means = { "Điểm trung bình các môn", "Mean marks of the subjects" },
	MSG_means_desc = { "Điểm trung bình của {1} môn thi, thang 10.", "Mean marks of {1} subjects, out of 10." };

static str number(struct ctx *c, int64_t v)
{
	return int_text(c->mem, v);
}

/* ---- one subject: figures and histogram ------------------------------------------------------------ */

static void figures_of(struct ctx *c, const struct mark_stats *s, items *ret)
{
	static const struct tr labels[] = { { "Số bài thi", "Papers" }, { "Điểm trung bình", "Mean" },
		{ "Trung vị", "Median" },
		{ "Độ lệch chuẩn", "Standard deviation" }, { "Mức điểm nhiều bài nhất", "Most frequent mark" },
		{ "Dưới 5", "Below 5" },
		{ "Từ 8 trở lên", "8 or above" }, { "Từ 1 trở xuống", "1 or below" }, { "Điểm 10", "Marks of 10" },
		{ "Thấp nhất – cao nhất", "Lowest – highest" } };
	const str values[] = { number(c, s->n), mark_text(c->mem, s->mean), mark_text(c->mem, s->median),
		mark_text(c->mem, s->deviation),
		mark_text(c->mem, s->mode), TEXT(c, "%.*s (%.*s)", FMT(number(c, s->below_five)),
			FMT(percent(c->mem, share(s->below_five, s->n)))),
		TEXT(c, "%.*s (%.*s)", FMT(number(c, s->from_eight)), FMT(percent(c->mem, share(s->from_eight, s->n)))),
		number(c, s->to_one),
		number(c, s->ten), TEXT(c, "%.*s – %.*s", FMT(mark_text(c->mem, s->least)), FMT(mark_text(c->mem, s->most))) };
	struct figure *f = NEWS(c->mem, struct figure, COUNT(labels));

	for (int i = 0; i < COUNT(labels); i++)
		f[i] = (struct figure){ say(c, &labels[i]), values[i] };
	*ret = (items){ f, COUNT(labels) };
}

static void histogram(struct ctx *c, const struct dist *d, const struct mark_stats *s, str title, struct dist_view *out)
{
	int64_t *bins = NEWS(c->mem, int64_t, BINS_MAX);
	int n = stats_bins(d, s->step, bins);
	str *labels = NEWS(c->mem, str, n);
	struct bin_line *lines = NEWS(c->mem, struct bin_line, n);
	struct chart_series series = { S(""), bins };
	struct chart chart = { .kind = CHART_HISTOGRAM, .id = S("pho-diem"), .title = title, .x_title = say(c, &MSG_mark),
		.y_title = say(c, &MSG_papers), .labels = labels, .n = n, .every = 100 / s->step, .series = &series,
		.n_series = 1,
		.low = 500 / s->step, .width = 880, .height = 340 };

	for (int i = 0; i < n; i++) {
		labels[i] = mark_text(c->mem, i * s->step);
		lines[i] = (struct bin_line){ labels[i], number(c, bins[i]), percent(c->mem, share(bins[i], s->n)),
			i * s->step < 500 };
	}
	chart.desc = sayf(c, &MSG_desc, ARGS(number(c, s->n), mark_text(c->mem, s->mean), mark_text(c->mem, s->median),
		percent(c->mem, share(s->below_five, s->n)), percent(c->mem, share(s->from_eight, s->n))));
	out->chart = chart_draw(c->mem, &chart);
	out->bins = (items){ lines, n };
}

/* ---- by province ------------------------------------------------------------------------------------- */

struct placed { int group; struct mark_stats s; };

static int higher_mean(const void *a_, const void *b_)
{
	const struct placed *a = a_, *b = b_;

	return a->s.mean != b->s.mean ? (a->s.mean > b->s.mean ? -1 : 1) : a->group - b->group;
}

static int places_of(struct ctx *c, const struct live *l, int column, struct placed **ret)
{
	struct placed *p = NEWS(c->mem, struct placed, l->shard.n_groups + 1);
	int n = 0;

	for (int g = 0; g < l->shard.n_groups; g++) {
		struct dist d = shard_dist(&l->shard, column, g);
		stats_of(&d, &p[n].s);
		p[n].group = g;
		n += p[n].s.n > 0;
	}
	qsort(p, (size_t)n, sizeof *p, higher_mean);
	*ret = p;
	return n;
}

static str place_href(struct ctx *c, const struct live *l, int column, int group)
{
	struct buf b;

	buf_init(&b, c->mem, 1000);
	put_fmt(&b, "/tra-cuu/%.*s/pho-diem/%s?tinh=", FMT(l->issue.exam), subjects[l->shard.subject[column]].code);
	put_url(&b, shard_group(&l->shard, group));
	return buf_str(&b);
}

static void draw_places(struct ctx *c, const struct live *l, const struct placed *p, int n, struct dist_view *out)
{
	int64_t *means = NEWS(c->mem, int64_t, n);
	str *labels = NEWS(c->mem, str, n);
	struct chart_series series = { S(""), means };
	struct chart chart = { .kind = CHART_BAR, .id = S("theo-tinh"), .title = say(c, &MSG_places),
		.labels = labels, .n = n, .series = &series, .n_series = 1, .decimals = 2, .top = MARK_MAX };

	for (int i = 0; i < n; i++) {
		means[i] = p[i].s.mean;
		labels[i] = place_name(l, p[i].group);
	}
	chart.desc = sayf(c, &MSG_places_desc, ARGS(labels[0], mark_text(c->mem, p[0].s.mean), labels[n - 1],
		mark_text(c->mem, p[n - 1].s.mean)));
	out->places_chart = chart_draw(c->mem, &chart);
}

static void by_place(struct ctx *c, const struct live *l, int column, int group, struct dist_view *out)
{
	struct placed *p;
	int n = places_of(c, l, column, &p);
	struct place_line *lines = NEWS(c->mem, struct place_line, n + 1);

	for (int i = 0; i < n; i++)
		lines[i] = (struct place_line){ .label = place_name(l, p[i].group),
			.href = place_href(c, l, column, p[i].group),
			.count = number(c, p[i].s.n), .mean = mark_text(c->mem, p[i].s.mean),
			.below = percent(c->mem, share(p[i].s.below_five, p[i].s.n)),
			.good = percent(c->mem, share(p[i].s.from_eight, p[i].s.n)), .current = p[i].group == group };
	out->places = (items){ lines, n };
	out->many_places = n > 1;
	if (n > 1)
		draw_places(c, l, p, n, out);
}

/* ---- over the years ------------------------------------------------------------------------------------ */

static void draw_years(struct ctx *c, const struct year_line *lines, const int64_t *means, int n, struct dist_view *out)
{
	str *labels = NEWS(c->mem, str, n);
	struct chart_series series = { S(""), means };
	struct chart chart = { .kind = CHART_LINE, .id = S("qua-nam"), .title = say(c, &MSG_years),
		.y_title = say(c, &MSG_mean), .labels = labels,
		.n = n, .every = 1, .series = &series, .n_series = 1, .decimals = 2, .top = MARK_MAX, .width = 880,
		.height = 260 };

	for (int i = 0; i < n; i++)
		labels[i] = lines[i].year;
	chart.desc = sayf(c, &MSG_years_desc, ARGS(lines[0].year, lines[0].mean, lines[n - 1].year, lines[n - 1].mean));
	out->years_chart = chart_draw(c->mem, &chart);
}

/* Exams of the same kind, by the word before the year in their code: thptqg-2016, thptqg-2017. Without one: all. */
static str family_of(str code)
{
	ptrdiff_t n = code.n;

	while (n > 0 && ((code.p[n - 1] >= '0' && code.p[n - 1] <= '9') || code.p[n - 1] == '-'))
		n--;
	return str_sub(code, 0, n);
}

static bool comparable(str a, str b)
{
	str x = family_of(a), y = family_of(b);

	return str_eq(x, y) || (str_starts(x, S("thpt")) && str_starts(y, S("thpt")));
}

static void by_year(struct ctx *c, const struct live *l, int subject, struct dist_view *out)
{
	const struct live *const *all;
	struct year_line *lines;
	int64_t *means;
	int n, count = 0;

	live_list(c, &all, &n);
	lines = NEWS(c->mem, struct year_line, n + 1);
	means = NEWS(c->mem, int64_t, n + 1);
	for (int i = n - 1; i >= 0; i--) {
		int column = column_of(&all[i]->shard, subject);
		struct dist d = shard_dist(&all[i]->shard, column, -1);
		struct mark_stats s;
		stats_of(&d, &s);
		if (column < 0 || s.n == 0 || !comparable(all[i]->issue.exam, l->issue.exam))
			continue;
		means[count] = s.mean;
		lines[count] = (struct year_line){ .year = TEXT(c, "%lld", (long long)all[i]->issue.year),
			.name = all[i]->issue.name,
			.href = TEXT(c, "/tra-cuu/%.*s/pho-diem/%s", FMT(all[i]->issue.exam), subjects[subject].code),
			.count = number(c, s.n),
			.mean = mark_text(c->mem, s.mean), .below = percent(c->mem, share(s.below_five, s.n)),
			.good = percent(c->mem, share(s.from_eight, s.n)) };
		count++;
	}
	out->years = (items){ lines, count };
	out->many_years = count > 1;
	if (count > 1)
		draw_years(c, lines, means, count, out);
}

/* ---- pages --------------------------------------------------------------------------------------------- */

static void subject_links(struct ctx *c, const struct live *l, int subject, items *ret)
{
	struct link_view *links = NEWS(c->mem, struct link_view, SUBJECTS);
	int n = 0;

	for (int i = 0; subjects[i].code; i++)
		if (column_of(&l->shard, i) >= 0)
			links[n++] = (struct link_view){ .href = TEXT(c, "/tra-cuu/%.*s/pho-diem/%s", FMT(l->issue.exam),
				subjects[i].code),
				.label = say(c, &subjects[i].label), .current = i == subject };
	*ret = (items){ links, n };
}

static int group_named(const struct live *l, str name)
{
	for (int g = 0; g < l->shard.n_groups; g++)
		if (str_eq(shard_group(&l->shard, g), name))
			return g;
	return -1;
}

enum rc dist_page(struct ctx *c, const void *in_, void *out_)
{
	const struct dist_in *in = in_;
	struct dist_view *out = out_;
	int subject = subject_named(in->subject), column, group = -1;
	const struct live *l;
	struct mark_stats s;
	struct dist d;

	TRY(exam_wanted(c, in->exam, &l));
	column = column_of(&l->shard, subject);
	if (column < 0)
		return FAILF(c, E_MISSING, 0, &MSG_no_subject, in->subject);
	if (in->tinh.n && (group = group_named(l, in->tinh)) < 0)
		return FAILF(c, E_MISSING, 0, &MSG_no_place, in->tinh);
	d = shard_dist(&l->shard, column, group);
	stats_of(&d, &s);
	if (s.n == 0)
		return FAILF(c, E_MISSING, 0, &MSG_no_place, in->tinh);
	out->subject = say(c, &subjects[subject].label);
	out->title = sayf(c, &MSG_title, &out->subject, 1);
	out->name = l->issue.name;
	out->href = TEXT(c, "/tra-cuu/%.*s", FMT(l->issue.exam));
	out->all_href = TEXT(c, "/tra-cuu/%.*s/pho-diem/%s", FMT(l->issue.exam), subjects[subject].code);
	out->one_place = group >= 0;
	out->place = in->tinh;
	out->place_label = place_name(l, group);
	figures_of(c, &s, &out->figures);
	histogram(c, &d, &s, out->title, out);
	subject_links(c, l, subject, &out->subjects);
	by_place(c, l, column, group, out);
	by_year(c, l, subject, out);
	return OK;
}

enum rc dists_page(struct ctx *c, const void *in_, void *out_)
{
	const struct dist_in *in = in_;
	struct dists_view *out = out_;
	int64_t *means = NEWS(c->mem, int64_t, SUBJECTS);
	str *labels = NEWS(c->mem, str, SUBJECTS), count;
	struct chart_series series = { S(""), means };
	struct chart chart = { .kind = CHART_BAR, .id = S("cac-mon"), .title = say(c, &MSG_means),
		.labels = labels, .series = &series, .n_series = 1, .decimals = 2, .top = MARK_MAX };
	const struct live *l;

	TRY(exam_wanted(c, in->exam, &l));
	for (int i = 0; subjects[i].code; i++) {
		struct dist d = shard_dist(&l->shard, column_of(&l->shard, i), -1);
		struct mark_stats s;
		stats_of(&d, &s);
		if (s.n == 0)
			continue;
		means[chart.n] = s.mean;
		labels[chart.n++] = say(c, &subjects[i].label);
	}
	count = number(c, chart.n);
	chart.desc = sayf(c, &MSG_means_desc, &count, 1);
	out->title = say(c, &MSG_all_title);
	out->name = l->issue.name;
	out->href = TEXT(c, "/tra-cuu/%.*s", FMT(l->issue.exam));
	out->chart = chart_draw(c->mem, &chart);
	subject_lines(c, l, &out->subjects);
	return OK;
}
