/* base_calendar_test.c -- dates, instants, marks and money. */
#include "test.h"
#include "base/calendar.h"

static const day today_2026 = { 20454 };                 /* 2026-01-01 */

static void days_without_school(void **state)
{
	static const int off[][3] = { { 2026, 11, 22 }, { 2027, 1, 1 }, { 2027, 4, 30 }, { 2027, 5, 1 }, { 2026, 9, 2 } },
		on[][3] = { { 2026, 11, 21 }, { 2026, 11, 23 }, { 2026, 9, 1 }, { 2027, 5, 3 } };
	day d;

	for (int i = 0; i < COUNT(off); i++)
		assert_true(day_of(off[i][0], off[i][1], off[i][2], &d) && day_off(d));
	for (int i = 0; i < COUNT(on); i++)
		assert_true(day_of(on[i][0], on[i][1], on[i][2], &d) && !day_off(d));
	(void)state;
}

static void every_day_of_300_years_comes_back(void **state)
{
	struct arena a;
	day d, back, first, last;
	int week;

	assert_true(day_of(1850, 1, 1, &first) && day_of(2150, 12, 31, &last));
	arena_init(&a, 1 << 20);
	week = day_week(first);
	for (d = first; d.v <= last.v; d.v++) {
		struct ymd t = day_ymd(d);
		assert_true(day_of(t.y, t.m, t.d, &back) && back.v == d.v);
		assert_int_equal(day_week(d), week);
		assert_true(day_read(day_text(&a, d), today_2026, &back) && back.v == d.v);
		assert_true(day_read(day_iso(&a, d), today_2026, &back) && back.v == d.v);
		week = week % 7 + 1;
		arena_reset(&a);
	}
	arena_free(&a);
}

static void known_days(void **state)
{
	day d;

	assert_true(day_of(1970, 1, 1, &d) && d.v == 0 && day_week(d) == 4);
	assert_true(day_of(2026, 1, 1, &d) && d.v == today_2026.v);
	assert_true(day_of(2025, 7, 1, &d) && day_week(d) == 2);
	assert_true(day_of(2000, 2, 29, &d) && day_of(1, 1, 1, &d) && day_of(9999, 12, 31, &d));
	assert_false(day_of(1900, 2, 29, &d) || day_of(2025, 2, 29, &d) || day_of(2025, 4, 31, &d) ||
		day_of(2025, 0, 1, &d) ||
		day_of(2025, 13, 1, &d) || day_of(2025, 1, 0, &d) || day_of(0, 1, 1, &d) || day_of(10000, 1, 1, &d));
}

static void dates_as_people_write_them(void **state)
{
	static const char *const good[] = { "05/09/2014", "5/9/14", "5-9-2014", "5.9.2014", "05092014", "2014-09-05",
		" 05/09/2014 " };
	static const char *const bad[] = { "", "5/9", "31/2/2014", "5/9/201", "5/9-2014", "2014/09/05", "05/09/2014x",
		"0509201", "5/13/2014",
		"-5/9/2014", "5//2014", "99999999", "2014-9-5", "05/09/20145" };
	day want, d;

	assert_true(day_of(2014, 9, 5, &want));
	for (ptrdiff_t i = 0; i < COUNT(good); i++)
		assert_true(day_read(str_of(good[i]), today_2026, &d) && d.v == want.v);
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_false(day_read(str_of(bad[i]), today_2026, &d));
	assert_true(day_read(S("1/1/36"), today_2026, &d) && day_ymd(d).y == 2036);
	assert_true(day_read(S("1/1/37"), today_2026, &d) && day_ymd(d).y == 1937);
}

static void instants(void **state)
{
	static const char *const same[] = { "2014-09-05T14:32:00+07:00", "2014-09-05T07:32:00Z", "2014-09-05T07:32Z",
		"05/09/2014 14:32",
		"14:32 05/09/2014", "2014-09-05T14:32", "2014-09-05T02:32:00-0500", "2014-09-05T14:32:00.000+07",
		"5/9/2014 14:32:00" };
	static const char *const bad[] = { "2014-09-05", "2014-09-05T25:00Z", "2014-09-05T14:60Z",
		"2014-09-05T14:32:00+7", "14:32", "",
		"2014-09-05T14:32:00+07:00x", "05/09/2014T14:32" };
	struct arena a;
	instant t, want = { INT64_C(1409902320000) };

	arena_init(&a, 1 << 20);
	for (ptrdiff_t i = 0; i < COUNT(same); i++)
		assert_true(instant_read(str_of(same[i]), &t) && t.v == want.v);
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_false(instant_read(str_of(bad[i]), &t));
	assert_text(instant_text(&a, want), "14:32 05/09/2014");
	assert_text(instant_iso(&a, want), "2014-09-05T14:32:00+07:00");
	assert_text(instant_text(&a, (instant){ 0 }), "");
	assert_text(day_iso(&a, day_at((instant){ INT64_C(1409936399999) })), "2014-09-05");
	assert_text(day_iso(&a, day_at((instant){ INT64_C(1409936400000) })), "2014-09-06");
	assert_text(day_iso(&a, day_at((instant){ -INT64_C(25200001) })), "1969-12-31");
	arena_free(&a);
}

static void marks(void **state)
{
	static const char *const bad[] = { "", "7,", ",5", "7,555", "7,500", "-1", "7 5", "7.5.5", "a", "7,5a", "1e1",
		"12345678" };
	struct arena a;
	score v;

	arena_init(&a, 1 << 22);
	assert_true(score_read(S("7,5"), &v) && v.v == 750);
	assert_true(score_read(S("7.25"), &v) && v.v == 725);
	assert_true(score_read(S(" 10 "), &v) && v.v == 1000);
	assert_true(score_read(S("0.05"), &v) && v.v == 5);
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_false(score_read(str_of(bad[i]), &v));
	for (int32_t k = 0; k <= 2000; k++) {
		assert_true(score_read(score_text(&a, (score){ k }), &v) && v.v == k);
		assert_true(score_read(score_json(&a, (score){ k }), &v) && v.v == k);
	}
	assert_text(score_text(&a, (score){ 875 }), "8,75");
	assert_text(score_text(&a, (score){ 805 }), "8,05");
	assert_text(score_json(&a, (score){ 750 }), "7.5");
	assert_text(score_text(&a, NO_SCORE), "");
	assert_text(score_tenths(&a, (score){ 700 }, ','), "7,0");
	assert_text(score_tenths(&a, (score){ 1000 }, '.'), "10.0");
	assert_text(score_tenths(&a, (score){ 0 }, ','), "0,0");
	assert_text(score_tenths(&a, (score){ 650 }, ','), "6,5");
	assert_text(score_tenths(&a, NO_SCORE, ','), "");
	arena_free(&a);
}

static void amounts(void **state)
{
	static const char *const bad[] = { "", "đ", "1.00", "1.0000", ".100", "1..000", "abc", "1.000.00",
		"99999999999999999999", "1234.567" };
	struct arena a;
	money v;

	arena_init(&a, 1 << 20);
	assert_true(money_read(S("594.000"), &v) && v.v == 594000);
	assert_true(money_read(S("594000"), &v) && v.v == 594000);
	assert_true(money_read(S("594.000 đ"), &v) && v.v == 594000);
	assert_true(money_read(S("1.594.000 đồng"), &v) && v.v == 1594000);
	assert_true(money_read(S("-5.000đ"), &v) && v.v == -5000);
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_false(money_read(str_of(bad[i]), &v));
	assert_text(money_text(&a, (money){ 594000 }), "594.000 đ");
	assert_text(int_text(&a, 268450), "268.450");
	assert_text(int_text(&a, -1000), "-1.000");
	assert_text(int_text(&a, 999), "999");
	assert_text(int_text(&a, INT64_MIN), "-9.223.372.036.854.775.808");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(days_without_school),
		cmocka_unit_test(every_day_of_300_years_comes_back), cmocka_unit_test(known_days),
		cmocka_unit_test(dates_as_people_write_them), cmocka_unit_test(instants), cmocka_unit_test(marks),
		cmocka_unit_test(amounts) };

	return cmocka_run_group_tests_name("base_calendar", tests, NULL, NULL);
}
