/* rows_test.c -- the circulars' tables row by row, where scheme_test.c does not walk them: subjects and their lessons,
 * what is assessed by comment, tests of primary grades, the year from two terms. Each case cites its article. */
#include "mod/records/scheme_world.h"
#include "mod/records/gather.h"

/* ---- subjects ------------------------------------------------------------------------------------------------ */

struct taught { const char *code; int16_t lessons[12]; };
enum { O = 10000, E = 20000 };                         /* may be taken besides; one of those to choose from           */

/* CT GDPT 2018: TT 32/2018/TT-BGDĐT, with TT 20/2021, TT 13/2022 (Lịch sử in 10 to 12) and TT 17/2025. */
static const struct taught programme_rows[] = {
	{ "tieng_viet", { 420, 350, 245, 245, 245 } },
	{ "toan", { 105, 175, 175, 175, 175, 140, 140, 140, 140, 105, 105, 105 } },
	{ "ngu_van", { 0, 0, 0, 0, 0, 140, 140, 140, 140, 105, 105, 105 } },
	{ "ngoai_ngu_1", { O + 70, O + 70, 140, 140, 140, 105, 105, 105, 105, 105, 105, 105 } },
	{ "dao_duc", { 35, 35, 35, 35, 35 } },
	{ "gdcd", { 0, 0, 0, 0, 0, 35, 35, 35, 35 } },
	{ "tnxh", { 70, 70, 70 } },
	{ "ls_dl", { 0, 0, 0, 70, 70, 105, 105, 105, 105 } },
	{ "khoa_hoc", { 0, 0, 0, 70, 70 } },
	{ "khtn", { 0, 0, 0, 0, 0, 140, 140, 140, 140 } },
	{ "th_cn", { 0, 0, 70, 70, 70 } },
	{ "cong_nghe", { 0, 0, 0, 0, 0, 35, 35, 52, 52, E + 70, E + 70, E + 70 } },
	{ "tin_hoc", { 0, 0, 0, 0, 0, 35, 35, 35, 35, E + 70, E + 70, E + 70 } },
	{ "gdtc", { 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70 } },
	{ "nghe_thuat", { 70, 70, 70, 70, 70, 70, 70, 70, 70 } },
	{ "hdtn", { 105, 105, 105, 105, 105, 105, 105, 105, 105, 105, 105, 105 } },
	{ "gddp", { 0, 0, 0, 0, 0, 35, 35, 35, 35, 35, 35, 35 } },
	{ "lich_su", { 0, 0, 0, 0, 0, 0, 0, 0, 0, 52, 52, 52 } },
	{ "gdqp", { 0, 0, 0, 0, 0, 0, 0, 0, 0, 35, 35, 35 } },
	{ "dia_li", { 0, 0, 0, 0, 0, 0, 0, 0, 0, E + 70, E + 70, E + 70 } },
	{ "ktpl", { 0, 0, 0, 0, 0, 0, 0, 0, 0, E + 70, E + 70, E + 70 } },
	{ "vat_li", { 0, 0, 0, 0, 0, 0, 0, 0, 0, E + 70, E + 70, E + 70 } },
	{ "hoa_hoc", { 0, 0, 0, 0, 0, 0, 0, 0, 0, E + 70, E + 70, E + 70 } },
	{ "sinh_hoc", { 0, 0, 0, 0, 0, 0, 0, 0, 0, E + 70, E + 70, E + 70 } },
	{ "am_nhac", { 0, 0, 0, 0, 0, 0, 0, 0, 0, E + 70, E + 70, E + 70 } },
	{ "mi_thuat", { 0, 0, 0, 0, 0, 0, 0, 0, 0, E + 70, E + 70, E + 70 } },
	{ "tieng_dtts", { O + 70, O + 70, O + 70, O + 70, O + 70, O + 105, O + 105, O + 105, O + 105, O + 105, O + 105,
		O + 105 } },
	{ "ngoai_ngu_2", { 0, 0, 0, 0, 0, O + 105, O + 105, O + 105, O + 105, O + 105, O + 105, O + 105 } } };

static int grade(int g) { return grade_read(str_fmt(&mem, "%d", g)); }

static void every_subject_has_its_lessons(void **state)
{
	static const int totals[12] = { 875, 875, 980, 1050, 1050, 1015, 1015, 1032, 1032, 997, 997, 997 };
	const struct programme_subject *cluster = programme_find(set.programme, S("chuyen_de"));

	(void)state;
	assert_int_equal(COUNT(programme_rows) + 1, set.programme->n);
	for (int g = 1; g <= 12; g++) {
		int sum = 0;
		for (int i = 0; i < COUNT(programme_rows); i++) {
			const struct programme_subject *s = programme_find(set.programme, str_of(programme_rows[i].code));
			int want = programme_rows[i].lessons[g - 1];
			assert_non_null(s);
			assert_int_equal(s->lessons[grade(g)], want % O);
			assert_int_equal(s->place[grade(g)], want >= E ? ELECTIVE : want >= O ? OPTIONAL : want ? COMPULSORY
				: NOT_TAUGHT);
			sum += want < O ? want : 0;
		}
		if (g >= 10)                                 /* four electives and three clusters                        */
			sum += 4 * 70 + cluster->times * cluster->lessons[grade(g)];
		assert_int_equal(sum, totals[g - 1]);
	}
}

/* TT 22/2021 Điều 6.2b, for the subjects of the programme. */
static void regular_marks_of_each_subject(void **state)
{
	static const struct { const char *code; int grade, times; } rows[] = { { "gdcd", 6, 2 }, { "tin_hoc", 9, 2 },
		{ "cong_nghe", 6, 2 }, { "cong_nghe", 7, 2 }, { "gdqp", 12, 2 }, { "cong_nghe", 8, 3 }, { "cong_nghe", 9, 3 },
		{ "lich_su", 10, 3 }, { "dia_li", 10, 3 }, { "vat_li", 11, 3 }, { "tin_hoc", 12, 3 }, { "toan", 6, 4 },
		{ "ngu_van", 9, 4 }, { "ngoai_ngu_1", 12, 4 }, { "khtn", 8, 4 }, { "ls_dl", 7, 4 } };

	(void)state;
	for (int i = 0; i < COUNT(rows); i++) {
		const struct programme_subject *s = programme_find(set.programme, str_of(rows[i].code));
		assert_int_equal(scheme_times(scheme("tt22"), s->lessons[grade(rows[i].grade)]), rows[i].times);
	}
}

/* TT 22/2021 Điều 5.3a, TT 58/2011 Điều 6.1: these by comment only, every other subject by marks. */
static void assessed_by_comment_only(void **state)
{
	static const char *const only[] = { "gdtc", "nghe_thuat", "am_nhac", "mi_thuat", "gddp", "hdtn" };
	static const char *const schemes_of[] = { "tt22", "tt58-26", "tt58" };

	(void)state;
	for (int k = 0; k < COUNT(schemes_of); k++)
		for (int i = 0; i < set.programme->n; i++) {
			str code = set.programme->subjects[i].is.code, besides = str_is(code, "toan") ? S("ngu_van") : S("toan");
			bool comment = false;
			for (int c = 0; c < COUNT(only); c++)
				comment = comment || str_is(code, only[c]);
			rate_is(schemes_of[k], str_z(&mem, str_fmt(&mem,
				"{\"subjects\":[{\"code\":\"%.*s\",\"average\":8},{\"code\":\"%.*s\",\"comment\":\"dat\"}]}",
				FMT(besides), FMT(code))), comment ? "\"level\"" : NULL);
			rate_is(schemes_of[k], str_z(&mem, str_fmt(&mem,
				"{\"subjects\":[{\"code\":\"%.*s\",\"average\":8},{\"code\":\"%.*s\",\"average\":8}]}", FMT(besides),
				FMT(code))), comment ? NULL : "\"level\"");
		}
}

/* ---- cells that are no mark ------------------------------------------------------------------------------------ */

/* TT 22/2021 Điều 7.4: who was absent and not tested later has 0, or Chưa đạt. */
static void absent_and_not_tested(void **state)
{
	struct cell_layout marks, words;
	int32_t cells[SLOTS];
	score average;
	str comment;

	(void)state;
	layout_make(&mem, scheme("tt22"), (pick)grade(6), S("gdcd"), false, 35, &marks);
	cells_read(&marks, S("tx1=8 tx2=8 gk=8 ck=v"), cells);
	cells_result(&marks, cells, &average, &comment);
	assert_int_equal(average.v, 460);                  /* (8 + 8 + 2·8 + 3·0) / 7 = 4,571 */
	cells_read(&marks, S("tx1=8 tx2=8 gk=8"), cells);
	cells_result(&marks, cells, &average, &comment);
	assert_int_equal(average.v, NO_SCORE.v);           /* a mark that is still to come is no 0 */
	layout_make(&mem, scheme("tt22"), (pick)grade(6), S("gdtc"), true, 70, &words);
	cells_read(&words, S("tx1=dat tx2=dat gk=dat ck=v"), cells);
	cells_result(&words, cells, &average, &comment);
	assert_text(comment, "chua_dat");
	cells_read(&words, S("tx1=dat tx2=dat gk=dat ck=dat"), cells);
	cells_result(&words, cells, &average, &comment);
	assert_text(comment, "dat");
}

/* ---- the year from two terms ------------------------------------------------------------------------------------ */

static struct subject_given year_from(const char *code, int32_t one, int32_t two, int word_1, int word_2, bool exempt_1)
{
	struct subject_given (*given)[3][BOOKS_MAX] = (void *)NEWS(&mem, struct subject_given, 3 * BOOKS_MAX),
		year[BOOKS_MAX];
	const struct book_row book = { .code = S_INIT("x") };
	struct gathered g = { .scheme = scheme(code), .books = &book, .n_books = 1, .n_people = 1, .given = given };

	given[0][0][0] = (struct subject_given){ S("x"), one, -1, -1, (int8_t)word_1, -1, exempt_1, false };
	given[0][1][0] = (struct subject_given){ S("x"), two, -1, -1, (int8_t)word_2, -1, false, false };
	year_of(&g, 0, year, false);
	return year[0];
}

static void the_year_of_a_subject(void **state)
{
	static const char *const schemes_of[] = { "tt22", "tt58-26", "tt58" };

	(void)state;
	for (int i = 0; i < COUNT(schemes_of); i++) {
		const char *code = schemes_of[i];
		/* TT 22/2021 Điều 9.1b, TT 58/2011 Điều 11: (I + 2·II) / 3, from the rounded averages */
		assert_int_equal(year_from(code, 740, 800, -1, -1, false).average, 780);
		assert_int_equal(year_from(code, 640, 650, -1, -1, false).average, 650);
		assert_int_equal(year_from(code, 640, -1, -1, -1, false).average, -1);
		/* TT 22/2021 Điều 9.1a: as term II; TT 58/2011 Điều 10: Đ both times, or CĐ then Đ */
		assert_int_equal(year_from(code, -1, -1, 0, 0, false).word, 0);
		assert_int_equal(year_from(code, -1, -1, 1, 0, false).word, 0);
		assert_int_equal(year_from(code, -1, -1, 0, 1, false).word, 1);
		assert_int_equal(year_from(code, -1, -1, 1, 1, false).word, 1);
		/* no term I: nobody guesses, unless the unit has said so; exempt in term I: term II alone */
		assert_int_equal(year_from(code, -1, 800, -1, -1, false).average, -1);
		assert_int_equal(year_from(code, -1, 800, -1, -1, true).average, 800);
		assert_true(scheme_set(scheme(code), S("missing_hk1"), S("hk2")));
		assert_int_equal(year_from(code, -1, 800, -1, -1, false).average, 800);
		assert_int_equal(year_from(code, 740, 800, -1, -1, false).average, 780);
		assert_true(scheme_set(scheme(code), S("missing_hk1"), S("none")));
		assert_int_equal(year_from(code, -1, 800, -1, -1, false).average, -1);
	}
}

/* ---- levels ------------------------------------------------------------------------------------- */

/* Without one mark there is neither an overall average nor a count: no level, and why. */
static void nothing_to_rate_by(void **state)
{
	static const char *const schemes_of[] = { "tt22", "tt58-26", "tt58" };
	const char *json = "{\"subjects\":[{\"code\":\"gdtc\",\"comment\":\"dat\"},"
			"{\"code\":\"hdtn\",\"comment\":\"dat\"}]}",
		*exempt = "{\"subjects\":[{\"code\":\"toan\",\"exempt\":true},{\"code\":\"gdtc\",\"comment\":\"dat\"}]}";
	struct bad_json bad;
	struct buf out;

	(void)state;
	buf_init(&out, &mem, 1000);
	for (int i = 0; i < COUNT(schemes_of); i++) {
		assert_false(rate_json(&mem, scheme(schemes_of[i]), set.programme, str_of(json), &out, &bad));
		assert_string_equal(bad.text.vi, "Chưa có môn nào có điểm để xếp mức");
		assert_string_equal(bad.text.en, "No subject has a mark: nothing to rate by");
		rate_is(schemes_of[i], exempt, NULL);
	}
	/* TT 22/2021 Điều 11: who is exempt from all of them, where the unit has said how such are rated */
	assert_true(scheme_set(scheme("tt22"), S("few_subjects"), S("all")));
	rate_is("tt22", exempt, "\"level\"");
	rate_is("tt22", json, NULL);
	for (int i = 0; i < scheme("tt22")->n_parameters; i++)
		if (str_is(scheme("tt22")->parameters[i].is.code, "few_subjects"))
			scheme("tt22")->parameters[i].value = (str){ 0 };
	/* TT 27/2020 knows no marks but those of tests */
	rate_is("tt27", "{\"subjects\":[{\"code\":\"gdtc\",\"comment\":\"H\"}]}", "\"level\":\"hoan_thanh\"");
}

/* TT 58/2011 Điều 13: pupils of a specialised class need the level's bound in their own subject too. */
static void specialised_classes(void **state)
{
	/* other: where it is no subject of theirs. A drag of two levels by one subject is raised by one (Điều 13.6) */
	static const struct { const char *mark, *level, *other; } rows[] = { { "8", "gioi", "gioi" },
		{ "7.9", "kha", "gioi" }, { "6.5", "kha", "gioi" }, { "6.4", "kha", "kha" }, { "5", "kha", "kha" },
		{ "4.9", "trung_binh", "kha" } };
	const char *json = "{\"subjects\":[{\"code\":\"toan\",\"average\":9.9},{\"code\":\"ngu_van\",\"average\":9.9},"
		"{\"code\":\"hoa_hoc\",\"average\":9.9},{\"code\":\"sinh_hoc\",\"average\":9.9},"
		"{\"code\":\"vat_li\",\"average\":%s%s}]}";

	(void)state;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (int i = 0; i < COUNT(rows); i++) {
		char text[500], want[60];
		snprintf(text, sizeof text, json, rows[i].mark, ",\"specialised\":true");
		snprintf(want, sizeof want, "\"level\":\"%s\"", rows[i].level);
		rate_is("tt58-26", text, want);
		snprintf(text, sizeof text, json, rows[i].mark, "");
		snprintf(want, sizeof want, "\"level\":\"%s\"", rows[i].other);
		rate_is("tt58-26", text, want);
	}
#pragma GCC diagnostic pop
}

/* TT 58/2011 Điều 15 to 17: after the retests of summer, and after its training of conduct. */
static void after_summer_58(void **state)
{
	const char *json = "{\"subjects\":[{\"code\":\"toan\",\"average\":4%s},{\"code\":\"ngu_van\",\"average\":4.9},"
		"{\"code\":\"gdtc\",\"comment\":\"dat\"}],\"absences\":0,\"conduct\":\"%s\"%s}";
	static const struct { const char *retest, *conduct, *summer, *want; } rows[] = {
		{ "", "trung_binh", "", "\"standing\":\"retest\"" },
		{ ",\"retest\":5", "trung_binh", "", "\"overall\":5,\"standing\":\"promoted\"" },   /* 4,95: 5,0 */
		{ ",\"retest\":4.8", "trung_binh", "", "\"standing\":\"repeats\"" },
		{ ",\"retest\":5", "yeu", "", "\"standing\":\"summer\"" },
		{ ",\"retest\":5", "yeu", ",\"summer_conduct\":\"trung_binh\"", "\"standing\":\"promoted\"" },
		{ ",\"retest\":5", "yeu", ",\"summer_conduct\":\"yeu\"", "\"standing\":\"repeats\"" },
		{ "", "yeu", "", "\"standing\":\"repeats\"" } };

	(void)state;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (int i = 0; i < COUNT(rows); i++) {
		char text[500];
		snprintf(text, sizeof text, json, rows[i].retest, rows[i].conduct, rows[i].summer);
		rate_is("tt58-26", text, rows[i].want);
	}
#pragma GCC diagnostic pop
}

/* ---- primary ------------------------------------------------------------------------------------ */

static void tests_are(const char *code, bool mid, int g, const char *want)
{
	const struct scheme *s = scheme(code);
	struct buf b;

	buf_init(&b, &mem, 400);
	for (int t = 0; t < s->n_tests; t++)
		for (int i = 0; i < s->tests[t].n && s->tests[t].mid == mid && grade(g) >= s->tests[t].first &&
			grade(g) <= s->tests[t].last; i++)
			put_fmt(&b, "%s%.*s", b.n ? " " : "", FMT(s->tests[t].codes[i]));
	assert_text(buf_str(&b), want);
}

/* TT 27/2020 Điều 7.1; TT 30/2014 Điều 10 as amended by TT 22/2016: which subjects are tested, by grade. */
static void which_subjects_are_tested(void **state)
{
	static const char *const end[] = { "tieng_viet toan", "tieng_viet toan", "tieng_viet toan ngoai_ngu_1 th_cn",
		"tieng_viet toan ngoai_ngu_1 ls_dl khoa_hoc th_cn", "tieng_viet toan ngoai_ngu_1 ls_dl khoa_hoc th_cn" };

	(void)state;
	for (int g = 1; g <= 5; g++) {
		tests_are("tt27", false, g, end[g - 1]);
		tests_are("tt27", true, g, g >= 4 ? "tieng_viet toan" : "");
		tests_are("tt30-22", false, g, end[g - 1]);
		tests_are("tt30-22", true, g, g >= 4 ? "tieng_viet toan" : "");
	}
}

/* TT 27/2020 Điều 9.2 at its bounds; TT 30/2014 + 22/2016 Điều 14, 16 has two levels and two rewards. */
static void primary_bounds(void **state)
{
	static const struct { const char *scheme, *word, *test, *quality, *more, *want; } rows[] = {
		{ "tt27", "T", "9", "T", "", "\"level\":\"hoan_thanh_xuat_sac\"" },
		{ "tt27", "T", "8", "T", "", "\"level\":\"hoan_thanh_tot\"" },
		{ "tt27", "T", "7", "T", "", "\"level\":\"hoan_thanh_tot\"" },
		{ "tt27", "T", "6", "T", "", "\"level\":\"hoan_thanh\"" },
		{ "tt27", "H", "5", "Đ", "", "\"level\":\"hoan_thanh\"" },
		{ "tt27", "H", "4", "Đ", "", "\"level\":\"chua_hoan_thanh\"" },
		{ "tt27", "T", "10", "Đ", "", "\"level\":\"hoan_thanh\"" },
		{ "tt27", "C", "10", "T", "", "\"level\":\"chua_hoan_thanh\"" },
		{ "tt27", "T", "10", "C", "", "\"level\":\"chua_hoan_thanh\"" },
		{ "tt30-22", "H", "5", "Đ", "", "\"level\":\"hoan_thanh\"" },
		{ "tt30-22", "H", "4", "Đ", "", "\"level\":\"chua_hoan_thanh\"" },
		{ "tt30-22", "T", "9", "T", "", "\"title\":\"hoan_thanh_xuat_sac\"" },
		{ "tt30-22", "T", "8", "T", ",\"recognised\":true", "\"title\":\"vuot_troi\"" } };

	(void)state;
	for (int i = 0; i < COUNT(rows); i++)
		rate_is(rows[i].scheme, str_z(&mem, str_fmt(&mem, "{\"subjects\":[{\"code\":\"toan\",\"comment\":\"%s\","
			"\"test\":%s}],\"qualities\":[\"%s\"]%s}", rows[i].word, rows[i].test, rows[i].quality, rows[i].more)),
			rows[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_subject_has_its_lessons),
		cmocka_unit_test(regular_marks_of_each_subject), cmocka_unit_test(assessed_by_comment_only),
		cmocka_unit_test(absent_and_not_tested), cmocka_unit_test(the_year_of_a_subject),
		cmocka_unit_test(nothing_to_rate_by), cmocka_unit_test(specialised_classes),
		cmocka_unit_test(after_summer_58), cmocka_unit_test(which_subjects_are_tested),
		cmocka_unit_test(primary_bounds) };
	return cmocka_run_group_tests(tests, open_all, close_all);
}
