/* registers_test.c -- the term's end on both engines: gaps, closing, retests, summer, ratings by the form teacher. */
#include "mod/records/registers_world.h"
#include "mod/school/promote.h"

static void result_is(struct school_end *k, int who, const char *level, const char *standing, const char *retests)
{
	struct world *w = k->w;
	struct year_result r;

	OKAY(find_one(as_khue(w), &year_result, &r, IS({ offsetof(struct year_result, pupil), v_int(k->pupils[who].v) })));
	assert_text(r.level, level);
	assert_text(r.standing, standing);
	assert_text(r.retests, retests);
}

static enum rc retest(struct school_end *k, int what, int who, const char *to)
{
	return retest_post(mine(k), &(struct retest_in){ k->w->class_a, k->subjects[what], k->pupils[who], { 0 },
		str_of(to), { 0 } }, NULL);
}

/* TT 22/2021 Điều 13: who may be tested again, in which subjects; the retest replaces the year's average there. */
static void tested_again(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	int64_t n, courses, entries, seals;
	struct ledger_fault fault;

	fill_year(&k);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	result_is(&k, 0, "kha", "promoted", "");
	result_is(&k, WEAK, "chua_dat", "retest", "toan khtn");
	/* not in a subject that was passed, not by whom nobody sends back, not what is no mark */
	assert_int_equal(retest(&k, 1, WEAK, "8"), E_INVALID);
	assert_int_equal(retest(&k, 0, 0, "8"), E_INVALID);
	assert_int_equal(retest(&k, 0, WEAK, "12"), E_INVALID);
	OKAY(retest(&k, 0, WEAK, "6,5"));
	result_is(&k, WEAK, "dat", "promoted", "toan khtn");             /* khtn alone is left: Điều 9.3 raises to Đạt */
	OKAY(retest(&k, 3, WEAK, "5"));
	result_is(&k, WEAK, "kha", "promoted", "toan khtn");            /* Điều 9.2b: all from 5, six from 6,5 */
	/* in the ledger like every mark */
	assert_int_equal(count(w, "SELECT count(*) FROM mark WHERE term = 'year' AND cells = 'ktl=6.5' AND average = 650"),
		1);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry WHERE term = 'year' AND lines LIKE '% ktl - 6.5'"), 1);
	OKAY(ledger_verify(as_khue(w), &courses, &entries, &seals, &fault));
	assert_int_equal(db_exec(w->db, "UPDATE mark SET cells = 'ktl=9' WHERE term = 'year' AND average = 650", NULL, 0,
		NULL), OK);
	assert_int_equal(ledger_verify(as_khue(w), &courses, &entries, &seals, &fault), E_STATE);
	close_end(&k);
}

/* What the results say is chosen on the page of promotion: nobody goes up by an oversight. */
static void promotion_follows_the_results(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct promote_in in = { .class = w->class_a };
	struct promote_view page;
	int64_t n, waits = 0, ups = 0;

	page = (struct promote_view){ 0 };
	OKAY(promote_class(as(w, &clerk, w->a, (person_id){ 0 }), &in, &page));
	assert_false(page.rated || ((const struct promote_pupil *)page.pupils.p)->leave);
	fill_year(&k);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	page = (struct promote_view){ 0 };
	OKAY(promote_class(as(w, &clerk, w->a, (person_id){ 0 }), &in, &page));
	assert_true(page.rated);
	for (int64_t i = 0; i < page.pupils.n; i++) {
		const struct promote_pupil *p = (const struct promote_pupil *)page.pupils.p + i;
		ups += p->pupil == k.pupils[0].v && !p->leave && !p->repeat && str_is(p->standing, "Promoted");
		waits += p->pupil == k.pupils[WEAK].v && p->leave && !p->repeat && str_is(p->standing, "Retest in summer");
	}
	assert_int_equal(ups, 1);
	assert_int_equal(waits, 1);
	OKAY(db_exec(w->db, "UPDATE year_result SET standing = 'repeats'", NULL, 0, NULL));
	OKAY(promote_class(as(w, &clerk, w->a, (person_id){ 0 }), &in, &page));
	assert_true(((const struct promote_pupil *)page.pupils.p)->repeat);
	close_end(&k);
}

/* Another decision than the results' (TT 22/2021 Điều 12-14) needs a reason, which stands in the history. */
static void against_the_results(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct fate_in f[2] = { { { 0 }, 0, { 0 } }, { { 0 }, 1, { 0 } } };      /* one goes up, one repeats */
	struct promote_in in = { w->class_a, w->class_up, add_class(w, w->a, w->next, "7C", GRADE_6 + 1), { f, 2 } };
	struct promote_view page = { 0 };
	int64_t n;

	fill_year(&k);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	OKAY(db_exec(w->db, "UPDATE year_result SET standing = 'repeats'", NULL, 0, NULL));
	w->time += INT64_C(280) * 86400000;
	OKAY(promote_class(as(w, &clerk, w->a, (person_id){ 0 }), &(struct promote_in){ .class = w->class_a }, &page));
	for (int i = 0; i < 2; i++) {
		const struct promote_pupil *p = (const struct promote_pupil *)page.pupils.p + i;
		assert_true(p->against_up && !p->against_repeat);
		f[i].enrolment.v = p->enrolment;
	}
	assert_int_equal(promote_post(as(w, &clerk, w->a, (person_id){ 9 }), &in, NULL), E_INVALID);
	assert_int_equal(w->c.n_problems, 1);
	assert_true(str_is(w->c.problems[0].field, "fates.0.why"));
	f[0].why = S("Quyết định 12/QĐ của hội đồng");
	f[1].why = S("đã chọn lại");
	page = (struct promote_view){ 0 };
	OKAY(promote_class(as(w, &clerk, w->a, (person_id){ 0 }), &in, &page));
	assert_true(str_eq(((const struct promote_pupil *)page.pupils.p)->why, f[0].why));     /* nothing typed is lost */
	OKAY(promote_post(as_khue(w), &in, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM audit WHERE entity = 'enrolment' AND verb = 'promote' AND "
		"reason = 'Quyết định 12/QĐ của hội đồng'"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM audit WHERE entity = 'enrolment' AND reason = 'đã chọn lại'"), 0);
	close_end(&k);
}

/* Whoever has failed in one subject and is not yet tested in the other waits; nobody repeats before both are in. */
static void retests_to_come(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	int64_t n;

	fill_year(&k);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	OKAY(retest(&k, 0, WEAK, "3"));
	result_is(&k, WEAK, "chua_dat", "retest", "toan khtn");
	OKAY(retest(&k, 3, WEAK, "v"));
	result_is(&k, WEAK, "chua_dat", "repeats", "toan khtn");
	close_end(&k);
}

/* TT 27/2020 Điều 8: qualities and competences four times a year; circulars without them have no such occasion. */
static void rated_in_the_middle(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct rating_one one = { k.pupils[0], CONDUCT_NONE, CONDUCT_NONE, S_INIT("TTTTT TTT TTTTTTĐ"), S_INIT("Chăm"),
		VERDICT_NONE };
	struct rating_in in = { w->class_a, RATED_MID_1, { &one, 1 } };

	assert_int_equal(rating_post(as(w, &form_teacher, w->a, w->teacher_a), &in, NULL), E_MISSING);
	assert_int_equal(db_exec(w->db, "UPDATE school_class SET grade = '4'", NULL, 0, NULL), OK);
	OKAY(rating_post(as(w, &form_teacher, w->a, w->teacher_a), &in, NULL));
	one.qualities = S("TTTTT");
	assert_int_equal(rating_post(as(w, &form_teacher, w->a, w->teacher_a), &in, NULL), E_INVALID);
	one.qualities = S("ĐĐĐĐĐ ĐĐĐ ĐĐĐĐĐĐĐ");
	in.term = TERM_1;
	OKAY(rating_post(as(w, &form_teacher, w->a, w->teacher_a), &in, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM conduct WHERE term = 'gk1' AND qualities LIKE 't t % d'"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM conduct WHERE term = 'hk1' AND qualities LIKE 'd d % d'"), 1);
	/* and on the class's sheet, each by itself */
	struct class_sheet sheet;
	OKAY(class_sheet(head(&k), w->class_a, TERM_1, 0, &sheet));
	assert_true(sheet.has_qualities);
	assert_int_equal(sheet.qualities.n, 15);
	for (int64_t i = 0; i < sheet.n; i++) {
		const struct sheet_line *l = (const struct sheet_line *)sheet.lines.p + i;
		assert_text(((const struct said_view *)l->qualities.p)[14].text, l->pupil == k.pupils[0].v ? "Đ" : "");
		assert_text(l->qualities_brief, l->pupil == k.pupils[0].v ? "15 Đ" : "");
	}
	close_end(&k);
}

/* TT 22/2021 Điều 14: conduct not passed, learning passed: training in summer, then rated again. */
static void trained_in_summer(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	int64_t n;

	fill_year(&k);
	rate_conduct(&k, TERM_2, 0, CONDUCT_CHUA_DAT, CONDUCT_NONE, OK);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	result_is(&k, 0, "kha", "summer", "");
	/* the page asks for whom it concerns, first; nobody else is rated after a summer */
	void *page = calloc(1, rating_shape.size);
	assert_non_null(page);
	OKAY(rating_get(head(&k), &(struct rating_in){ w->class_a, TERM_YEAR }, page));
	SHOWS(w, rating_shape, page, "\"lines\":[{\"i\":0,\"n\":1,\"pupil\":");
	SHOWS(w, rating_shape, page, "\"year_text\":\"Not yet\"");
	SHOWS(w, rating_shape, page, "\"trains\":true");
	free(page);
	rate_conduct(&k, TERM_YEAR, WEAK, CONDUCT_NONE, CONDUCT_DAT, E_INVALID);
	assert_true(str_find(w->c.problems[0].text, S("Phạm Yến")) >= 0);
	rate_conduct(&k, TERM_YEAR, 0, CONDUCT_NONE, CONDUCT_DAT, OK);
	result_is(&k, 0, "kha", "promoted", "");                         /* computed at once, as after a retest     */
	struct class_sheet sheet;
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, k.pupils[0].v, &sheet));
	assert_text(((const struct sheet_line *)sheet.lines.p)->standing, "Promoted");
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '9'")));
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, k.pupils[0].v, &sheet));
	assert_text(((const struct sheet_line *)sheet.lines.p)->standing, "Lower secondary completed");
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '7'")));
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, k.pupils[0].v, &sheet));
	str conduct_ = ((const struct sheet_line *)sheet.lines.p)->conduct;
	assert_true(str_find(conduct_, S("after summer")) > 0 || str_find(conduct_, S("sau hè")) > 0);
	rate_conduct(&k, TERM_YEAR, 0, CONDUCT_NONE, CONDUCT_NONE, OK);  /* taken back                              */
	result_is(&k, 0, "kha", "summer", "");
	close_end(&k);
}

/* Conduct written as a row of its own, by a form, a program or an import, counts at once as on the page of ratings. */
static void rated_by_the_row(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct conduct x;
	int64_t n;

	fill_year(&k);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	result_is(&k, 0, "kha", "promoted", "");
	struct ctx *c = as(w, &form_teacher, w->a, w->teacher_a);
	OKAY(find_one(c, &conduct, &x, IS({ offsetof(struct conduct, pupil), v_int(k.pupils[0].v) },
		{ offsetof(struct conduct, term), v_text(S("hk2")) })));
	x.level = CONDUCT_CHUA_DAT;
	OKAY(update(c, &conduct, &x));
	result_is(&k, 0, "kha", "summer", "");
	rate_conduct(&k, TERM_2, 0, CONDUCT_TOT, CONDUCT_NONE, OK);
	result_is(&k, 0, "kha", "promoted", "");
	c = as(w, &form_teacher, w->a, w->teacher_a);
	OKAY(find_one(c, &conduct, &x, IS({ offsetof(struct conduct, pupil), v_int(k.pupils[0].v) },
		{ offsetof(struct conduct, term), v_text(S("hk2")) })));
	OKAY(retire(as_khue(w), &conduct, x.base.id, x.base.rev));
	result_is(&k, 0, "kha", "", "");
	row_zero(&conduct, &x);
	x.class = w->class_a;
	x.pupil = k.pupils[0];
	x.term = TERM_2;
	x.level = CONDUCT_CHUA_DAT;
	OKAY(create(as(w, &form_teacher, w->a, w->teacher_a), &conduct, &x));
	result_is(&k, 0, "kha", "summer", "");
	close_end(&k);
}

/* TT 22/2021 Điều 12: days absent, in whichever class of the year, both halves of a day once. */
static void absences_count(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct school_year y;
	int64_t n;

	fill_year(&k);
	OKAY(find(as_khue(w), &school_year, w->year.v, &y));
	for (int i = 0; i < 46; i++)
		for (pick half = 0; half < 2; half++) {
			struct absence a;
			row_zero(&absence, &a);
			a.base.org = w->a;
			a.class = w->class_a;
			a.pupil = k.pupils[0];
			a.held.v = y.since.v + 40 + i;
			a.session = half;
			a.kind = ABS_EXCUSED;
			OKAY(create(as_khue(w), &absence, &a));
			if (i < 45 || half)
				continue;
			OKAY(results_of_class(as_khue(w), w->class_a, &n));
			result_is(&k, 0, "kha", "repeats", "");
		}
	assert_int_equal(count(w, "SELECT absences FROM year_result WHERE standing = 'repeats'"), 46);
	/* a term counts its own days: on paper, and for the family */
	struct term second;
	row_zero(&term, &second);
	second.year = w->year;
	second.code = S("hk2");
	second.name = S("Học kì II");
	second.since.v = y.since.v + 50;
	second.until = y.until;
	OKAY(create(as_khue(w), &term, &second));
	static const int64_t days[] = { 10, 36, 46 };
	for (pick t = TERM_1; t <= TERM_YEAR; t++) {
		struct class_sheet sheet;
		OKAY(class_sheet(head(&k), w->class_a, t, k.pupils[0].v, &sheet));
		assert_int_equal(((const struct sheet_line *)sheet.lines.p)->absences, days[t]);
	}
	/* a leave that was agreed to and is still to come is no absence yet */
	OKAY(db_exec(w->db, "UPDATE absence SET held = ?1 WHERE held = ?2", VALS(v_int(as_khue(w)->today.v + 1),
		v_int(y.since.v + 40)), NULL));
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	assert_int_equal(count(w, "SELECT max(absences) FROM year_result"), 45);
	close_end(&k);
}

static int64_t gaps_now(struct school_end *k, pick term_)
{
	struct world *w = k->w;

	return close_gaps(head(k), w->a, w->year, term_, (school_class_id){ 0 });
}

/* What the page of one child says to whoever leads the school. */
static str child_said_to(struct school_end *k, person_id of, const char *term_)
{
	struct world *w = k->w;
	struct { int64_t pupil; pick term; int64_t year; } in = { of.v, str_is(str_of(term_), "hk2") ? 2 : 1, 0 };
	struct ctx *c = head(k);
	void *out = arena_alloc(c->mem, child_shape.size, 16);

	OKAY(child_get(c, &in, out));
	return page_json(c, &child_shape, out);
}

/* TT 22/2021 Điều 6.2, 7: what a term still lacks; nothing is written once it is closed, until it is reopened. */
static void closed(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct close_in in = { w->year, TERM_1, { 0 }, false, { 0 } };
	struct class_close row;
	struct save_told told;
	struct cell_edit late = { k.pupils[0].v, S_INIT("tx1"), S_INIT("7"), S_INIT("8") };

	/* two pupils: 7 subjects lack regular, mid, end; one lacks its comments; two have no conduct */
	assert_int_equal(gaps_now(&k, TERM_1), 2 * (7 * 3 + 1) + 2);
	assert_int_equal(close_post(head(&k), &in, NULL), E_INVALID);
	in.anyway = true;
	REFUSED(close_post(head(&k), &in, NULL), E_INVALID, close_in, reason);
	for (int i = 0; i < N_PUPILS; i++) {
		for (int s = 0; s < N_SUBJECTS; s++)
			fill_term(&k, s, TERM_1, i, "7");
		rate_conduct(&k, TERM_1, i, CONDUCT_TOT, CONDUCT_NONE, OK);
	}
	assert_int_equal(gaps_now(&k, TERM_1), 0);
	assert_true(str_find(child_said_to(&k, k.pupils[0], "hk1"), S("\"provisional\":true")) >= 0);
	OKAY(close_job(as_khue(w), &(struct close_job){ w->a, w->year, TERM_1, w->class_a }));
	assert_true(str_find(child_said_to(&k, k.pupils[0], "hk1"), S("\"provisional\":false")) >= 0);
	OKAY(close_job(as_khue(w), &(struct close_job){ w->a, w->year, TERM_1, w->class_a }));
	assert_int_equal(count(w, "SELECT count(*) FROM class_close WHERE state = 'closed' AND missing = 0"), 1);
	OKAY(marks_save(mine(&k), &(struct save_ask){ w->class_a, k.subjects[0], TERM_1, &late, 1, false, { 0 } }, &told));
	assert_int_equal(((const struct cell_told *)told.cells.p)->end, CELL_LOCKED);
	rate_conduct(&k, TERM_1, 0, CONDUCT_KHA, CONDUCT_NONE, E_STATE);
	/* the other term stays open */
	rate_conduct(&k, TERM_2, 0, CONDUCT_KHA, CONDUCT_NONE, OK);
	/* the principal alone opens it, and says why */
	OKAY(find_one(head(&k), &class_close, &row, IS({ offsetof(struct class_close, class), v_int(w->class_a.v) })));
	assert_int_equal(step(mine(&k), &class_close, &row, "reopen"), E_DENIED);
	REFUSED(step(head(&k), &class_close, &row, "reopen"), E_INVALID, class_close, reason);
	row.reason = S("Vào nhầm điểm Toán");
	OKAY(step(head(&k), &class_close, &row, "reopen"));
	OKAY(marks_save(mine(&k), &(struct save_ask){ w->class_a, k.subjects[0], TERM_1, &late, 1, false, { 0 } }, &told));
	assert_int_equal(((const struct cell_told *)told.cells.p)->end, CELL_SAVED);
	close_end(&k);
}

static void results_show(struct school_end *k, struct ctx *c, pick term_, const char *piece)
{
	void *page = calloc(1, results_shape.size);

	assert_non_null(page);
	assert_int_equal(results_get(c, &(struct results_ask){ .term = term_ + 1 }, page), OK);
	SHOWS(k->w, results_shape, page, piece);
	free(page);
}

/* The page of results tells head and form teacher whose conduct is to be given, and in which term's page (TT 22/2021
 * Điều 8); of primary pupils the qualities (TT 27/2020 Điều 8). */
static void conduct_to_give(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;

	results_show(&k, head(&k), TERM_1, "\"unrated\":2,\"name\":\"7A\",\"unrated_term\":\"hk1\"");
	results_show(&k, head(&k), TERM_1,
		"\"waiting\":\"2 pupils of 1 classes wait for their form teacher's rating (conduct; qualities).\"");
	rate_conduct(&k, TERM_1, 0, CONDUCT_TOT, CONDUCT_NONE, OK);
	results_show(&k, as(w, &form_teacher, w->a, w->teacher_a), TERM_1, "\"unrated\":1");
	rate_conduct(&k, TERM_1, WEAK, CONDUCT_KHA, CONDUCT_NONE, OK);
	results_show(&k, head(&k), TERM_1, "\"waiting\":\"\"");
	/* the year lacks who lacks a term */
	results_show(&k, head(&k), TERM_YEAR, "\"unrated\":2,\"name\":\"7A\",\"unrated_term\":\"hk2\"");
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '4'; DELETE FROM conduct")));
	results_show(&k, head(&k), TERM_YEAR, "\"unrated\":2,\"name\":\"7A\",\"unrated_term\":\"hk1\"");
	/* five-year-olds once a year; below, nobody */
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = 'mg5'")));
	results_show(&k, head(&k), TERM_YEAR, "\"unrated\":2,\"name\":\"7A\",\"unrated_term\":\"hk2\"");
	close_end(&k);
}

static void saved(struct school_end *k, const struct save_ask *ask, enum cell_end want)
{
	struct world *w = k->w;
	struct save_told told;

	OKAY(marks_save(mine(k), ask, &told));
	assert_int_equal(((const struct cell_told *)told.cells.p)->end, want);
}

/* A close ends what the principal allowed before it; neither that nor an exemption changes closed results, until the
 * class is opened again, and then only what is allowed anew goes behind a lock. */
static void a_close_ends_permissions(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct cell_edit late = { k.pupils[0].v, S_INIT("tx1"), S_INIT(""), S_INIT("8") };
	struct save_ask ask = { w->class_a, k.subjects[0], TERM_1, &late, 1, false, S_INIT("Nhầm") };
	struct mark_reopen given, later;
	struct class_close row;
	struct exemption free_;
	struct mark_lock lock;

	row_zero(&mark_lock, &lock);
	lock.base.org = w->a;
	lock.year = w->year;
	lock.on_day = (day){ 10000 };
	OKAY(create(as_khue(w), &mark_lock, &lock));
	row_zero(&mark_reopen, &given);
	given.course.v = count(w, "SELECT k.id FROM course k JOIN subject s ON s.id = k.subject WHERE s.code = 'toan'");
	given.reason = S("Chấm nhầm bài");
	later = given;
	OKAY(create(mine(&k), &mark_reopen, &given));
	given.until = w->c.today;
	OKAY(step(head(&k), &mark_reopen, &given, "approve"));
	saved(&k, &ask, CELL_SAVED);
	row_zero(&exemption, &free_);
	free_.class = w->class_a;
	free_.pupil = k.pupils[0];
	free_.subject = k.subjects[1];
	free_.reason = S("Bệnh án");
	OKAY(create(head(&k), &exemption, &free_));

	OKAY(close_job(as_khue(w), &(struct close_job){ w->a, w->year, TERM_1, w->class_a }));
	late.was = S("8");
	late.to = S("9");
	saved(&k, &ask, CELL_LOCKED);
	OKAY(create(mine(&k), &mark_reopen, &later));
	later.until = w->c.today;
	assert_int_equal(step(head(&k), &mark_reopen, &later, "approve"), E_STATE);
	assert_int_equal(retire(head(&k), &exemption, free_.base.id, free_.base.rev), E_STATE);
	struct exemption more;
	row_zero(&exemption, &more);
	more.class = w->class_a;
	more.pupil = k.pupils[0];
	more.subject = k.subjects[2];
	more.reason = S("Bệnh án");
	assert_int_equal(create(head(&k), &exemption, &more), E_STATE);

	OKAY(find_one(head(&k), &class_close, &row, IS({ offsetof(struct class_close, class), v_int(w->class_a.v) })));
	row.reason = S("Vào nhầm điểm Toán");
	w->time += 1000;
	OKAY(step(head(&k), &class_close, &row, "reopen"));
	saved(&k, &ask, CELL_LOCKED);
	OKAY(create(head(&k), &exemption, &more));
	w->time += 1000;
	OKAY(find(head(&k), &mark_reopen, later.base.id, &later));
	later.until = w->c.today;
	OKAY(step(&w->c, &mark_reopen, &later, "approve"));
	saved(&k, &ask, CELL_SAVED);
	close_end(&k);
}

static void altered(struct school_end *k, const char *alter, const char *back, const char *what)
{
	struct world *w = k->w;
	struct ledger_fault f = { 0 };
	int64_t books, entries, seals;

	assert_int_equal(db_script(w->db, str_of(alter)), OK);
	assert_int_equal(ledger_verify(as_khue(w), &books, &entries, &seals, &f), E_STATE);
	assert_string_equal(f.what->en, what);
	assert_int_equal(db_script(w->db, str_of(back)), OK);
	assert_int_equal(ledger_verify(as_khue(w), &books, &entries, &seals, &f), OK);
}

/* What is written at the database behind conduct and results is found, as behind marks. */
static void altered_results(struct school_end *k)
{
	struct world *w = k->w;
	int64_t n;

	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	altered(k, "UPDATE mark SET average = 900 WHERE average = 300",
		"UPDATE mark SET average = 300 WHERE average = 900", "an average is not what the marks come to");
	altered(k, "UPDATE mark SET comment = 'chua_dat' WHERE comment = 'dat'",
		"UPDATE mark SET comment = 'dat' WHERE comment = 'chua_dat'", "an average is not what the marks come to");
	altered(k, "UPDATE conduct SET level = 'dat' WHERE term = 'hk1'",
		"UPDATE conduct SET level = 'tot' WHERE level = 'dat'", "a row of conduct is not what its history says");
	altered(k, "UPDATE year_result SET level = 'tot' WHERE level = 'kha'",
		"UPDATE year_result SET level = 'kha' WHERE level = 'tot'", "a result is not what the marks come to");
	altered(k, "UPDATE year_result SET standing = 'promoted' WHERE standing = 'retest'",
		"UPDATE year_result SET standing = 'retest' WHERE level = 'chua_dat'",
		"a result is not what the marks come to");
}

/* The sheet people read: levels in words, the reasons with their articles, an exemption. */
static void read_by_people(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct class_sheet s;
	bool cited = false, tenths = false;

	fill_year(&k);
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, 0, &s));
	assert_int_equal(s.n, 2);
	assert_int_equal(s.rated, 2);
	assert_true(s.retests);
	for (int64_t i = 0; i < s.lines.n; i++) {
		const struct sheet_line *l = (const struct sheet_line *)s.lines.p + i;
		assert_true(l->level.n > 0 && l->why.n > 0);
		for (int64_t x = 0; x < l->cells.n; x++)
			tenths = tenths || str_is(((const struct sheet_cell *)l->cells.p)[x].value,
				w->c.lang == EN ? "7.0" : "7,0");
		for (int64_t y = 0; y < l->why.n; y++)
			cited = cited || strstr(str_z(w->c.mem, ((const struct said_view *)l->why.p)[y].text), "Điều 13");
	}
	assert_true(cited && tenths);
	/* teaching one subject there is no right to the whole class */
	assert_false(may_see_class(as(w, &teacher, w->a, w->teacher_a), w->a, w->class_a.v));
	assert_true(may_see_class(as(w, &form_teacher, w->a, w->teacher_a), w->a, w->class_a.v));
	assert_false(may_see_class(as(w, &principal, w->b, (person_id){ 0 }), w->a, w->class_a.v));
	altered_results(&k);
	close_end(&k);
}

/* An elective of upper secondary schools that a pupil of the class did not choose: not asked for, not counted, no
 * exemption (TT 32/2018/TT-BGDĐT: four of nine; TT 22/2021 Điều 9.2). */
static void an_elective_not_chosen(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct exemption x;
	struct class_sheet sheet;
	int64_t n;

	fill_year(&k);
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '10'")));
	row_zero(&exemption, &x);
	x.class = w->class_a;
	x.pupil = k.pupils[0];
	x.reason = S("Chọn Vật lí");
	x.kind = EXEMPT_NOT_CHOSEN;
	x.subject = k.subjects[0];                       /* mathematics is for everybody                            */
	assert_int_equal(create(as(w, &clerk, w->a, (person_id){ 0 }), &exemption, &x), E_INVALID);
	x.subject = k.subjects[6];
	OKAY(create(as(w, &clerk, w->a, (person_id){ 0 }), &exemption, &x));
	OKAY(db_script(w->db, S("UPDATE mark SET gone = 1 WHERE course IN (SELECT c.id FROM course c JOIN subject s ON "
		"s.id = c.subject WHERE s.code IN ('tin_hoc', 'khtn'))")));
	OKAY(db_script(w->db, S("UPDATE course SET gone = 1 WHERE subject IN (SELECT id FROM subject WHERE "
		"code = 'khtn')")));
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, k.pupils[0].v, &sheet));
	const struct sheet_line *l = sheet.lines.p;
	assert_text(l->level, "Not yet");                /* five marked subjects; no parameter is asked for         */
	assert_text(((const struct sheet_cell *)l->cells.p)[sheet.subjects.n - 2].value, "–");
	close_end(&k);
}

/* Who changes an elective within the year is assessed in the new one (TT 22/2021, electives of TT 32/2018, 13/2022):
 * not chosen until the end of term I, so the second term is the year. */
static void an_elective_changed(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct class_sheet sheet;
	struct exemption x;
	struct school_year y;
	struct term t;

	OKAY(find(as_khue(w), &school_year, w->year.v, &y));
	for (int i = 0; i < 2; i++) {
		row_zero(&term, &t);
		t.year = w->year;
		t.code = t.name = i ? S("hk2") : S("hk1");
		t.since.v = y.since.v + i * 150;
		t.until.v = t.since.v + 149;
		OKAY(create(as_khue(w), &term, &t));
	}
	fill_year(&k);
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '10'; UPDATE mark SET average = 900 WHERE term = 'hk2' "
		"AND course IN (SELECT c.id FROM course c JOIN subject s ON s.id = c.subject WHERE s.code = 'tin_hoc')")));
	row_zero(&exemption, &x);
	x.class = w->class_a;
	x.pupil = k.pupils[0];
	x.reason = S("Chuyển từ Địa lí sang Tin học từ học kì II");
	x.kind = EXEMPT_NOT_CHOSEN;
	x.subject = k.subjects[6];
	x.until.v = y.since.v + 149;
	OKAY(create(as(w, &clerk, w->a, (person_id){ 0 }), &exemption, &x));
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, k.pupils[0].v, &sheet));
	const struct sheet_line *l = sheet.lines.p;
	for (int64_t i = 0; i < sheet.subjects.n; i++)
		if (str_is(((const struct sheet_head *)sheet.subjects.p)[i].code, "tin_hoc"))
			assert_text(((const struct sheet_cell *)l->cells.p)[i].value, "9.0");
	assert_text(l->level, "Good");
	close_end(&k);
}

static void judge(struct school_end *k, int who, pick verdict, enum rc want)
{
	struct rating_one one = { .pupil = k->pupils[who], .verdict = verdict };
	struct world *w = k->w;

	assert_int_equal(rating_post(as(w, &form_teacher, w->a, w->teacher_a),
		&(struct rating_in){ w->class_a, TERM_YEAR, { &one, 1 } }, NULL), want);
}

static void stands(struct school_end *k, int who, const char *standing, const char *title)
{
	struct world *w = k->w;
	struct year_result r;

	OKAY(find_one(as_khue(w), &year_result, &r, IS({ offsetof(struct year_result, pupil), v_int(k->pupils[who].v) })));
	assert_text(r.standing, standing);
	assert_text(r.title, title);
}

/* TT 27/2020/TT-BGDĐT Điều 13.1a: the title that asks the class's word; Điều 11: of who has not completed the grade the
 * principal decides, and the year is not closed before. */
static void judged_in_primary(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	char sql[200];
	int64_t n;

	fill_year(&k);
	judge(&k, 0, VERDICT_RECOGNISED, E_INVALID);                     /* not in a secondary school               */
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '2'; UPDATE mark SET comment = 't', average = 800; "
		"UPDATE conduct SET level = 'none', qualities = 't t t t t t t t t t t t t t t'")));
	snprintf(sql, sizeof sql, "UPDATE mark SET comment = 'c' WHERE pupil = %lld", (long long)k.pupils[WEAK].v);
	OKAY(db_script(w->db, str_of(sql)));
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	stands(&k, 0, "promoted", "");
	stands(&k, WEAK, "support", "");
	void *school_ = calloc(1, results_shape.size);
	assert_non_null(school_);
	struct ctx *c = head(&k);
	OKAY(results_get(c, &(struct results_ask){ .term = 0 }, school_));   /* a term says nothing here             */
	assert_true(str_ends(c->go, S("/records?term=year")));
	free(school_);
	int64_t gaps = close_gaps(head(&k), w->a, w->year, TERM_YEAR, w->class_a);
	judge(&k, 0, VERDICT_RECOGNISED, OK);
	judge(&k, WEAK, VERDICT_UP, OK);
	stands(&k, 0, "promoted", "tieu_bieu");
	stands(&k, WEAK, "promoted", "");
	assert_int_equal(close_gaps(head(&k), w->a, w->year, TERM_YEAR, w->class_a), gaps - 1);
	judge(&k, WEAK, VERDICT_REPEATS, OK);
	stands(&k, WEAK, "repeats", "");
	judge(&k, WEAK, VERDICT_RECOGNISED, OK);                         /* has no bearing on this level            */
	stands(&k, WEAK, "support", "");
	void *page = calloc(1, rating_shape.size);
	assert_non_null(page);
	OKAY(rating_get(head(&k), &(struct rating_in){ w->class_a, TERM_YEAR }, page));
	SHOWS(w, rating_shape, page, "\"has_verdict\":true");
	SHOWS(w, rating_shape, page, "{\"code\":\"repeats\",\"label\":\"Repeats\",\"on\":false}");
	free(page);
	close_end(&k);
}

/* The form teacher's book goes on with the class; what the one before wrote stays as written. */
static void a_note_stays_its_writers(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct form_note n;

	row_zero(&form_note, &n);
	n.class = w->class_a;
	n.text = S("Gặp gia đình");
	struct ctx *c = as(w, &form_teacher, w->a, w->teacher_a);
	OKAY(create(c, &form_note, &n));
	n.text = S("Gặp gia đình lúc 17 giờ");
	OKAY(update(c, &form_note, &n));
	c = as(w, &form_teacher, w->a, w->teacher_a);
	w->actor.user.v++;
	OKAY(find(c, &form_note, n.base.id, &n));
	n.text = S("Không gặp");
	assert_int_equal(update(c, &form_note, &n), E_STATE);
	assert_int_equal(retire(c, &form_note, n.base.id, n.base.rev), E_STATE);
	close_end(&k);
}

/* TT 23/2010 names no share of indices: the sheet says so to whoever may set it; then five-year-olds are rated, once a
 * year. A term of primary has no level (TT 27/2020 Điều 9). */
static void five_year_olds(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct rating_one counts[] = { { k.pupils[0], CONDUCT_NONE, CONDUCT_NONE, S_INIT("25 31 27 29"), { 0 },
		VERDICT_NONE },
		{ k.pupils[WEAK], CONDUCT_NONE, CONDUCT_NONE, S_INIT("18 30 28 26"), { 0 }, VERDICT_NONE } };
	struct class_sheet sheet;
	bool met = false, behind = false;

	OKAY(db_script(w->db, S("UPDATE course SET gone = 1; UPDATE school_class SET grade = 'mg5'")));
	OKAY(rating_post(as(w, &form_teacher, w->a, w->teacher_a), &(struct rating_in){ w->class_a, TERM_2,
		{ counts, COUNT(counts) } }, NULL));
	OKAY(class_sheet(as(w, &form_teacher, w->a, w->teacher_a), w->class_a, TERM_YEAR, 0, &sheet));
	assert_true(str_find(sheet.unset, S("tt23-2010.share=")) >= 0);
	assert_false(sheet.may_set);
	OKAY(class_sheet(head(&k), w->class_a, TERM_1, 0, &sheet));
	assert_true(sheet.may_set && sheet.domains && sheet.is_year && !sheet.has_conduct && !sheet.has_marks);
	assert_int_equal(sheet.rated, 0);
	OKAY(setting_put(as_khue(w), &mod_records, "parameters", w->a, S("tt23-2010.share=70")));
	OKAY(class_sheet(head(&k), w->class_a, TERM_YEAR, 0, &sheet));
	assert_int_equal(sheet.unset.n, 0);
	assert_int_equal(sheet.rated, COUNT(counts));
	for (int64_t i = 0; i < sheet.lines.n; i++) {
		const struct sheet_line *l = (const struct sheet_line *)sheet.lines.p + i;
		met = met || (str_is(l->level, "Met") && str_starts(l->qualities_brief, S("25/26")));
		behind = behind || (str_is(l->level, "Not yet") && str_starts(l->qualities_brief, S("18/26")));
	}
	assert_true(met && behind);
	int64_t n;
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	stands(&k, WEAK, "support", "");                                 /* who is behind is not left without a word */
	judge(&k, WEAK, VERDICT_UP, OK);
	stands(&k, WEAK, "promoted", "");
	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '5'")));
	OKAY(class_sheet(head(&k), w->class_a, TERM_1, 0, &sheet));
	assert_true(sheet.primary && sheet.has_qualities && !sheet.rates && !sheet.has_conduct && !sheet.domains);
	/* the family of a primary pupil reads the words of each quality and what the form teacher wrote, no "conduct" */
	OKAY(db_exec(w->db, "UPDATE conduct SET qualities = ?1, remark = ?2 WHERE pupil = ?3 AND term = 'hk2'",
		VALS(v_text(S("t d c t t t t t t t t t t t t")), v_text(S("Chăm ngoan")), v_int(k.pupils[0].v)), NULL));
	str said = child_said_to(&k, k.pupils[0], "hk2");
	assert_true(in_text(said, "\"mark\":\"Good\"") && in_text(said, "\"mark\":\"Pass\"") &&
		in_text(said, "\"mark\":\"Needs effort\"") && in_text(said, "\"said\":\"Chăm ngoan\""));
	assert_true(in_text(said, "\"has_conduct\":false") && in_text(said, "\"rates\":false"));
	close_end(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(tested_again), ON_BOTH(promotion_follows_the_results),
		ON_BOTH(against_the_results),
		ON_BOTH(retests_to_come),
		ON_BOTH(rated_in_the_middle), ON_BOTH(trained_in_summer), ON_BOTH(rated_by_the_row), ON_BOTH(absences_count),
		ON_BOTH(closed), ON_BOTH(a_close_ends_permissions), ON_BOTH(read_by_people),
		ON_BOTH(five_year_olds),
		ON_BOTH(judged_in_primary), ON_BOTH(conduct_to_give), ON_BOTH(a_note_stays_its_writers),
		ON_BOTH(an_elective_not_chosen), ON_BOTH(an_elective_changed) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("registers", tests, NULL, NULL);
}
