/* views.c -- the shapes of views.h, and how the pages write their figures. */
#include "mod/results/views.h"

#define ROW struct exam_line
static const struct shape exam_line_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(name) }, { COL(href) },
	{ COL(published) }, { COL(by) },
	{ COL(count) }, { COL(year) }, END } };
#undef ROW
#define ROW struct gone_line
static const struct shape gone_line_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(by) }, { COL(withdrawn) },
	{ COL(reason) }, END } };
#undef ROW
#define ROW struct index_view
const struct shape index_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { MANY(exams, exam_line_shape) },
	{ MANY(gone, gone_line_shape) },
	{ COL(none) }, { COL(sbd) },
	{ COL(problem) }, END } };
#undef ROW
#define ROW struct subject_line
static const struct shape subject_line_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(label) }, { COL(href) },
	{ COL(count) }, { COL(mean) },
	{ COL(below) }, { COL(good) }, { COL(tens) }, { COL(spark) }, END } };
#undef ROW
#define ROW struct exam_view
const struct shape exam_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(code) }, { COL(name) }, { COL(year) },
	{ COL(published) }, { COL(by) },
	{ COL(count) }, { COL(sbd) }, { COL(problem) }, { COL(href) }, { COL(dist_href) }, { COL(verify_href) },
	{ COL(key) }, { COL(root) },
	{ MANY(subjects, subject_line_shape) }, END } };
#undef ROW
#define ROW struct mark_line
static const struct shape mark_line_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(label) }, { COL(value) },
	{ COL(note) }, { COL(better) },
	{ COL(href) }, { COL(low) }, END } };
#undef ROW
#define ROW struct result_view
const struct shape result_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(href) },
	{ COL(number) }, { COL(place) },
	{ COL(published) }, { COL(by) }, { COL(count) }, { COL(index) }, { COL(verify_href) }, { COL(missing) },
	{ COL(few) },
	{ MANY(marks, mark_line_shape) }, END } };
#undef ROW
#define ROW struct step_line
static const struct shape step_line_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(value) }, END } };
#undef ROW
#define ROW struct verify_view
const struct shape verify_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(href) }, { COL(proof) },
	{ COL(words) }, { COL(leaf) },
	{ COL(key) }, { COL(asked) }, { COL(good) }, { MANY(steps, step_line_shape) }, END } };
#undef ROW
#define ROW struct figure
static const struct shape figure_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(value) }, END } };
#undef ROW
#define ROW struct bin_line
static const struct shape bin_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(count) }, { COL(share) },
	{ COL(low) }, END } };
#undef ROW
#define ROW struct place_line
static const struct shape place_line_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(href) }, { COL(count) },
	{ COL(mean) }, { COL(below) },
	{ COL(good) }, { COL(current) }, END } };
#undef ROW
#define ROW struct year_line
static const struct shape year_line_shape = { sizeof(ROW), FIELDS{ { COL(year) }, { COL(name) }, { COL(href) },
	{ COL(count) }, { COL(mean) },
	{ COL(below) }, { COL(good) }, END } };
#undef ROW
#define ROW struct dist_view
const struct shape dist_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(href) }, { COL(subject) },
	{ COL(place) },
	{ COL(place_label) }, { COL(all_href) }, { MANY(subjects, link_shape) }, { MANY(figures, figure_shape) },
	{ MANY(bins, bin_shape) },
	{ MANY(places, place_line_shape) }, { MANY(years, year_line_shape) }, { COL(chart) }, { COL(places_chart) },
	{ COL(years_chart) },
	{ COL(one_place) }, { COL(many_places) }, { COL(many_years) }, END } };
#undef ROW
#define ROW struct dists_view
const struct shape dists_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(href) },
	{ MANY(subjects, subject_line_shape) },
	{ COL(chart) }, END } };
#undef ROW

#define ROW struct marks_view
const struct shape marks_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(exam) }, { COL(job) },
	{ MANY(exams, option_shape) }, END } };
#undef ROW

str percent(struct arena *a, int thousandths)
{
	struct buf b;

	buf_init(&b, a, 32);
	put_int(&b, thousandths / 10);
	if (thousandths % 10) {
		put_c(&b, ',');
		put_c(&b, (char)('0' + thousandths % 10));
	}
	put_c(&b, '%');
	return buf_str(&b);
}

str mark_text(struct arena *a, int mark)
{
	return score_text(a, (score){ mark });
}

int column_of(const struct shard *s, int subject)
{
	for (int k = 0; k < s->n_subjects && subject >= 0; k++)
		if (s->subject[k] == subject)
			return k;
	return -1;
}

str place_name(const struct live *l, int group)
{
	str code = shard_group(&l->shard, group);
	const char *name = province_name(code, l->issue.year);

	return name ? str_of(name) : code;
}

str look_href(struct ctx *c, str exam, const char *next, str last)
{
	struct buf b;

	buf_init(&b, c->mem, 400);
	put(&b, S("/tra-cuu/"));
	put(&b, exam);
	put_z(&b, next);
	put(&b, last);
	return buf_str(&b);
}
