/* chart_test.c -- charts: what is drawn, where, and that text cannot become markup. */
#include "test.h"
#include "core/chart.h"

static const str three[] = { S_INIT("<Toán>"), S_INIT("Văn"), S_INIT("Anh & Pháp") };
static const int64_t values[] = { 10, 40, 25 }, others[] = { 5, CHART_NONE, 50 };
static const struct chart_series one[] = { { S_INIT("2025"), values } }, two[] = { { S_INIT("2025"), values },
	{ S_INIT("2026"), others } };

static int count(str hay, const char *needle)
{
	int n = 0;
	ptrdiff_t at;

	while ((at = str_find(hay, str_of(needle))) >= 0) {
		n++;
		hay = str_sub(hay, at + 1, -1);
	}
	return n;
}

static struct chart sample(enum chart_kind kind)
{
	return (struct chart){ .kind = kind, .id = S("c1"), .title = S("Phổ \"điểm\""), .desc = S("a<b"), .labels = three,
		.n = 3,
		.series = two, .n_series = 2, .x_title = S("Môn"), .y_title = S("Thí sinh") };
}

static void every_kind_is_well_formed(void **state)
{
	struct arena a;

	arena_init(&a, 16 << 20);
	for (int k = CHART_BAR; k <= CHART_SPARK; k++) {
		struct chart c = sample((enum chart_kind)k);
		str s = chart_draw(&a, &c).s;
		assert_true(str_starts(s, S("<svg class=\"chart")) && str_ends(s, S("</svg>")));
		assert_int_equal(count(s, "style"), 0);
		assert_int_equal(count(s, "<b"), 0);
		assert_int_equal(count(s, "<To"), 0);
		assert_true(count(s, "Phổ &quot;điểm&quot;</title>") + count(s, "Phổ &#34;điểm&#34;</title>") == 1);
		assert_int_equal(count(s, "a&lt;b</desc>"), 1);
		assert_int_equal(count(s, "<rect"), count(s, "<rect class"));
		assert_int_equal(count(s, "<text"), count(s, "</text>"));
		assert_int_equal(count(s, "--"), 0);
	}
	arena_free(&a);
}

static void columns_reach_their_value(void **state)
{
	struct arena a;
	struct chart c = sample(CHART_COLUMN);
	str s;

	arena_init(&a, 16 << 20);
	c.series = one;
	c.n_series = 1;
	c.top = 50;
	c.x_title = c.y_title = S("");
	c.height = 130;              /* 130 - 8 above - 22 below: 100 px for 50 */
	s = chart_draw(&a, &c).s;
	assert_int_equal(count(s, "<rect"), 3);
	assert_int_equal(count(s, " height=\"20\">"), 1);
	assert_int_equal(count(s, " height=\"80\">"), 1);
	assert_int_equal(count(s, " height=\"50\">"), 1);
	assert_int_equal(count(s, "<title>Văn: 40</title>"), 1);
	arena_free(&a);
}

static void bars_fit_any_width(void **state)
{
	struct arena a;
	struct chart c = sample(CHART_BAR);
	str s;

	arena_init(&a, 16 << 20);
	c.series = one;
	c.n_series = 1;
	c.top = 50;
	s = chart_draw(&a, &c).s;
	assert_int_equal(count(s, "viewBox"), 0); /* nothing is scaled or scrolled: letters keep their size */
	assert_int_equal(count(s, "<svg class=\"chart chart-flat\""), 1);
	assert_int_equal(count(s, "w3.org/2000/svg\" width=\"100%\""), 1);
	assert_int_equal(count(s, "<text x=\"0\""), 3); /* labels begin at the edge ... */
	assert_int_equal(count(s, "<text x=\"100%\""), 3); /* ... and values end at the other one */
	assert_int_equal(count(s, " text-anchor=\"end\">40</text>"), 1);
	assert_int_equal(count(s, " width=\"20.00%\""), 1);
	assert_int_equal(count(s, " width=\"80.00%\""), 1);
	assert_int_equal(count(s, " width=\"50.00%\""), 1);
	arena_free(&a);
}

static void no_value_breaks_a_line(void **state)
{
	struct arena a;
	struct chart c = sample(CHART_LINE);
	str s;

	arena_init(&a, 16 << 20);
	s = chart_draw(&a, &c).s;
	assert_int_equal(count(s, "<path"), 2);
	/* one path whole, one in two pieces; and the title "Môn" has one */
	assert_int_equal(count(s, "M"), 1 + 2 + 1);
	assert_int_equal(count(s, "<title>Văn, 2026"), 0);
	arena_free(&a);
}

static void low_categories_have_their_colour(void **state)
{
	struct arena a;
	struct chart c = sample(CHART_HISTOGRAM);

	arena_init(&a, 16 << 20);
	c.series = one;
	c.n_series = 1;
	c.low = 2;
	assert_int_equal(count(chart_draw(&a, &c).s, "chart-low"), 2);
	arena_free(&a);
}

static void odd_input_draws_or_is_empty(void **state)
{
	static const int64_t wild[] = { INT64_MAX, -5, 0 };
	static const struct chart_series s[] = { { S_INIT(""), wild } };
	struct arena a;
	struct chart c = sample(CHART_STACKED);

	arena_init(&a, 16 << 20);
	c.series = s;
	c.n_series = 1;
	for (int k = CHART_BAR; k <= CHART_SPARK; k++) {
		c.kind = (enum chart_kind)k;
		assert_true(chart_draw(&a, &c).s.n > 0);
	}
	c.n = 0;
	assert_int_equal(chart_draw(&a, &c).s.n, 0);
	c.n = 3;
	c.n_series = 7;
	assert_int_equal(chart_draw(&a, &c).s.n, 0);
	arena_free(&a);
}

static void numbers_as_people_write_them(void **state)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	assert_text(chart_number(&a, 268450, 0), "268.450");
	assert_text(chart_number(&a, 725, 2), "7,25");
	assert_text(chart_number(&a, 700, 2), "7");
	assert_text(chart_number(&a, 705, 2), "7,05");
	assert_text(chart_number(&a, 5, 1), "0,5");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_kind_is_well_formed),
		cmocka_unit_test(columns_reach_their_value),
		cmocka_unit_test(bars_fit_any_width),
		cmocka_unit_test(no_value_breaks_a_line), cmocka_unit_test(low_categories_have_their_colour),
		cmocka_unit_test(odd_input_draws_or_is_empty), cmocka_unit_test(numbers_as_people_write_them) };

	return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
