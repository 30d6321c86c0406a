/* away_test.c -- a pupil absent on more than 45 days, without marks, from the register to the transcript, on both
 * engines. */
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records, &mod_results, &mod_transcript
#include "mod/results/results.h"
#include "mod/transcript/transcript_rules.h"
#include "mod/records/registers_world.h"
#include "core/dispatch.h"
#include "mod/school/promote.h"
#include "mod/transcript/paper.h"

static void stay_away(struct school_end *k, int who, int from, int days)
{
	struct world *w = k->w;
	struct school_year y;
	struct absence a;

	OKAY(find(as_khue(w), &school_year, w->year.v, &y));
	for (int i = from; i < from + days; i++) {
		row_zero(&absence, &a);
		a.base.org = w->a;
		a.class = w->class_a;
		a.pupil = k->pupils[who];
		a.held.v = y.since.v + 20 + i;
		a.kind = i % 2 ? ABS_EXCUSED : ABS_UNEXCUSED;    /* with leave or without: TT 22/2021 Điều 12               */
		OKAY(create(as_khue(w), &absence, &a));
	}
}

/* The first pupil has everything; of the second there is one term of one subject. */
static struct school_end open_away(void **state)
{
	struct school_end k = open_end(state);

	for (pick t = TERM_1; t <= TERM_2; t++) {
		for (int s = 0; s < N_SUBJECTS; s++)
			fill_term(&k, s, t, 0, "7");
		rate_conduct(&k, t, 0, CONDUCT_TOT, CONDUCT_NONE, OK);
	}
	fill_term(&k, 1, TERM_1, WEAK, "6");
	return k;
}

static struct year_result result_of_weak(struct school_end *k)
{
	struct year_result r;
	struct world *w = k->w;

	OKAY(find_one(as_khue(w), &year_result, &r, IS({ offsetof(struct year_result, pupil),
		v_int(k->pupils[WEAK].v) })));
	return r;
}

static void term_closes(struct school_end *k, pick term_)
{
	struct world *w = k->w;
	void *page = calloc(1, close_shape.size);

	assert_non_null(page);
	OKAY(close_get(head(k), &(struct results_ask){ .term = term_ + 1 }, page));
	SHOWS(w, close_shape, page, "1 absent on more than 45 days: they repeat the year");
	SHOWS(w, close_shape, page, "\"has_gaps\":false");
	free(page);
	OKAY(close_job(as_khue(w), &(struct close_job){ w->a, w->year, term_, w->class_a }));
	assert_int_equal(count(w, "SELECT count(*) FROM class_close WHERE state = 'closed' AND missing > 0"), 0);
}

/* Absences alone decide (TT 22/2021 Điều 12, TT 58/2011 Điều 15): neither marks nor conduct need be there. Primary
 * schools look at none (TT 27/2020 Điều 11). */
static void absences_alone(void **state)
{
	static const struct { const char *code; int absences; enum standing want; } cases[] = {
		{ "tt22", 45, STANDING_UNKNOWN }, { "tt22", 46, STANDING_REPEATS }, { "tt58", 46, STANDING_REPEATS },
		{ "tt58-26", 45, STANDING_UNKNOWN }, { "tt58-26", 46, STANDING_REPEATS }, { "tt27", 100, STANDING_UNKNOWN },
		{ "tt30-22", 100, STANDING_UNKNOWN }, { "tt23-2010", 100, STANDING_UNKNOWN } };
	struct school_end k = open_end(state);
	struct ctx *c = head(&k);
	struct rating *r = NEW(c->mem, struct rating);

	for (int i = 0; i < COUNT(cases); i++) {
		const struct scheme *s = scheme_named(schemes(c), str_of(cases[i].code));
		struct subject_given blank = { S("toan"), -1, -1, -1, -1, -1, false, false };
		scheme_rate(s, &(struct pupil_given){ .subjects = &blank, .n = 1, .conduct = -1, .summer_conduct = -1,
			.absences = cases[i].absences, .whole = true }, r);
		assert_int_equal(r->standing, cases[i].want);
		assert_true(r->level < 0 && r->title < 0);
		if (cases[i].want == STANDING_UNKNOWN)
			continue;
		assert_text(why_text(c->mem, s, NULL, &r->why[0], false), "Ở lại lớp: nghỉ 46 buổi, nhiều nhất 45");
		assert_int_equal(r->n_why, 1);                   /* the marks that are missing are no reason            */
		/* marks without conduct: the same */
		blank.average = 900;
		scheme_rate(s, &(struct pupil_given){ .subjects = &blank, .n = 1, .conduct = -1, .summer_conduct = -1,
			.absences = cases[i].absences, .whole = true }, r);
		assert_int_equal(r->standing, STANDING_REPEATS);
	}
	close_end(&k);
}

/* TT 22/2021 Điều 12: who was absent on more than 45 days of the year does not go up. No mark is needed for that, so
 * none is a gap; the verdict stands in the results, on the list of promotion and in the transcript, with blanks. */
static void the_year_of_who_stayed_away(void **state)
{
	struct school_end k = open_away(state);
	struct world *w = k.w;
	struct promote_in in = { .class = w->class_a };
	struct promote_view page = { 0 };
	struct class_sheet sheet;
	struct ledger_fault fault;
	int64_t n, courses, entries, seals, down = 0;

	stay_away(&k, WEAK, 0, 45);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	assert_text(result_of_weak(&k).standing, "");
	assert_true(close_gaps(head(&k), w->a, w->year, TERM_2, (school_class_id){ 0 }) > 0);
	stay_away(&k, WEAK, 45, 1);
	/* not yet computed again: the class's page says so, and what the verdict is */
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, k.pupils[WEAK].v, &sheet));
	const struct sheet_line *l = sheet.lines.p;
	assert_true(l->stale && l->failed && l->none && !l->level.n);
	assert_text(l->standing, "Repeats the year");
	assert_text(((const struct said_view *)l->why.p)->text,
		"Repeats the year: absent 46 times, at most 45 (Điều 12)");
	term_closes(&k, TERM_1);
	term_closes(&k, TERM_2);
	assert_text(result_of_weak(&k).standing, "repeats");
	assert_text(result_of_weak(&k).level, "");
	assert_int_equal(close_gaps(head(&k), w->a, w->year, TERM_YEAR, (school_class_id){ 0 }), 0);
	OKAY(ledger_verify(as_khue(w), &courses, &entries, &seals, &fault));
	OKAY(promote_class(as(w, &clerk, w->a, (person_id){ 0 }), &in, &page));
	for (int64_t i = 0; i < page.pupils.n; i++) {
		const struct promote_pupil *p = (const struct promote_pupil *)page.pupils.p + i;
		down += p->repeat && p->pupil == k.pupils[WEAK].v;
	}
	assert_int_equal(down, 1);
	close_end(&k);
}

/* The transcript has every subject of the class, blank where there is no mark, and why the pupil stays down. */
static void on_the_transcript(void **state)
{
	struct school_end k = open_away(state);
	struct world *w = k.w;
	struct transcript_part x;
	struct year_part v;
	char why[256] = "";
	str pdf;
	int64_t n;

	stay_away(&k, WEAK, 0, 46);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 2);
	OKAY(find_one(as_khue(w), &transcript_part, &x, IS({ offsetof(struct transcript_part, pupil),
		v_int(k.pupils[WEAK].v) })));
	assert_text(x.result, "Ở lại lớp");
	assert_true(part_read(w->c.mem, x.content, &v));
	assert_int_equal(v.n_subjects, N_SUBJECTS);
	for (int64_t i = 0; i < v.n_subjects; i++) {
		assert_text(v.subjects[i].hk1, str_is(v.subjects[i].code, "ngu_van") ? "6.0" : "");
		assert_text(v.subjects[i].year, "");
	}
	assert_text(v.learn, "");
	assert_text(v.standing, "repeats");
	assert_text(v.absences, "46");
	assert_true(str_eq(part_xml(w->c.mem, &v), x.content));
	assert_true(pages_open(&w->app, why));
	struct signed_part page = { .v = v };
	OKAY(paper_pdf(&w->c, &(struct paper_ask){ .level = LEVEL_LOWER, .number = 1, .version = 1, .parts = &page,
		.n = 1, .qr = S("https://khue.test/x"), .digest = S("00") }, &pdf));
	pages_close(&w->app);
	/* nobody is rated for the year yet: nothing is drawn up of them alone */
	OKAY(db_exec(w->db, "UPDATE year_result SET level = NULL", NULL, 0, NULL));
	OKAY(db_exec(w->db, "DELETE FROM transcript_part", NULL, 0, NULL));
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 0);
	close_end(&k);
}

/* Terms closed with gaps leave who has no verdict among the gaps of the year, one click from why. */
static void no_verdict_is_a_gap(void **state)
{
	struct school_end k = open_away(state);
	struct world *w = k.w;

	assert_int_equal(close_gaps(head(&k), w->a, w->year, TERM_YEAR, (school_class_id){ 0 }), 2);     /* the terms  */
	for (pick t = TERM_1; t <= TERM_2; t++)
		OKAY(close_job(as_khue(w), &(struct close_job){ w->a, w->year, t, w->class_a }));
	assert_int_equal(close_gaps(head(&k), w->a, w->year, TERM_YEAR, (school_class_id){ 0 }), 1);     /* the pupil  */
	void *page = calloc(1, close_shape.size);
	assert_non_null(page);
	OKAY(close_get(head(&k), &(struct results_ask){ .term = TERM_YEAR + 1 }, page));
	SHOWS(w, close_shape, page, "no verdict yet: marks or ratings are missing");
	free(page);
	close_end(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(absences_alone), ON_BOTH(the_year_of_who_stayed_away),
		ON_BOTH(on_the_transcript), ON_BOTH(no_verdict_is_a_gap) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("away", tests, NULL, NULL);
}
