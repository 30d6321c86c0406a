/* carried_test.c -- what follows a pupil who changed class or school within the year, on both engines. */
#include "mod/records/registers_world.h"
#include "core/files.h"
#include "core/row.h"
#include "core/workbook.h"
#include "mod/records/carried.h"
#include "mod/records/sheets.h"
#include <fcntl.h>
#include <unistd.h>

/* Another class of the school and year, with its book of one subject. */
static school_class_id class_with(struct school_end *k, int what)
{
	struct world *w = k->w;
	struct school_class row;
	struct teaching t;
	int64_t n;

	OKAY(find(as_khue(w), &school_class, w->class_a.v, &row));
	row.base = (struct base){ .org = w->a };
	row.name = S("7 mới");
	row.size = 0;
	OKAY(create(as_khue(w), &school_class, &row));
	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class.v = row.base.id;
	t.teacher = w->teacher_a;
	t.subject = k->subjects[what];
	OKAY(create(as_khue(w), &teaching, &t));
	OKAY(courses_open(as_khue(w), w->a, w->year, &n));
	return (school_class_id){ row.base.id };
}

/* ... of mathematics. */
static school_class_id class_beside(struct school_end *k) { return class_with(k, 0); }

static void change_to(struct school_end *k, int who, school_class_id class)
{
	struct world *w = k->w;
	struct enrolment e;

	OKAY(find_one(as_khue(w), &enrolment, &e, IS({ offsetof(struct enrolment, pupil), v_int(k->pupils[who].v) })));
	OKAY(change_class(as(w, &clerk, w->a, (person_id){ 0 }), &(struct change_class_in){ { e.base.id }, class },
		NULL));
}

static const struct grid_row *row_in(struct school_end *k, school_class_id class, struct grid *g)
{
	struct world *w = k->w;

	OKAY(grid_load(as_khue(w), class, k->subjects[0], TERM_1, g));
	assert_int_equal(g->n, 1);
	return &g->rows[0];
}

/* TT 22/2021 Điều 9.1: the average is of all marks of the term, in whichever class of the year they were
 * given; nothing is copied, and who left for no class brings nothing. */
static void marks_follow(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct cell_edit early[] = { { k.pupils[0].v, S_INIT("tx1"), { 0 }, S_INIT("6") },
		{ k.pupils[0].v, S_INIT("tx2"), { 0 }, S_INIT("7") } },
		late[] = { { k.pupils[0].v, S_INIT("tx3"), { 0 }, S_INIT("8") },
		{ k.pupils[0].v, S_INIT("tx4"), { 0 }, S_INIT("8") }, { k.pupils[0].v, S_INIT("gk"), { 0 }, S_INIT("8") },
		{ k.pupils[0].v, S_INIT("ck"), { 0 }, S_INIT("8") }, early[0] /* once more is no copy of it */ };
	struct save_told told;
	struct class_sheet sheet;
	struct ledger_fault fault;
	struct grid g;
	int64_t books, entries, seals;

	OKAY(marks_save(mine(&k), &(struct save_ask){ w->class_a, k.subjects[0], TERM_1, early, 2, true, { 0 } }, &told));
	rate_conduct(&k, TERM_1, 0, CONDUCT_TOT, CONDUCT_NONE, OK);
	school_class_id b = class_beside(&k);
	change_to(&k, 0, b);
	const struct grid_row *r = row_in(&k, b, &g);
	assert_true(r->came && r->old[0] && r->old[1] && !r->old[2] && !r->cells.n);
	assert_int_equal(r->cells_all[0], 600);
	assert_non_null(strstr(str_z(w->c.mem, r->from), "7A"));
	OKAY(grid_load(as_khue(w), b, k.subjects[0], TERM_2, &g));
	assert_false(g.rows[0].came);
	/* conduct came along; lacking are the rest of the regular marks, mid-term, end of term */
	assert_int_equal(close_gaps(head(&k), w->a, w->year, TERM_1, b), 3);
	OKAY(marks_save(mine(&k), &(struct save_ask){ b, k.subjects[0], TERM_1, late, COUNT(late), true, { 0 } }, &told));
	assert_int_equal(((const struct row_told *)told.rows.p)->average.v, 770);
	assert_int_equal(row_in(&k, b, &g)->average.v, 770);
	assert_int_equal(count(w, "SELECT count(*) FROM mark WHERE cells LIKE '%tx1=%'"), 1);
	assert_int_equal(close_gaps(head(&k), w->a, w->year, TERM_1, b), 0);
	OKAY(class_sheet(head(&k), b, TERM_1, 0, &sheet));
	const struct sheet_line *l = sheet.lines.p;
	assert_text(((const struct sheet_cell *)l->cells.p)->value, w->c.lang == EN ? "7.7" : "7,7");
	assert_true(l->conduct.n > 0);
	OKAY(ledger_verify(as_khue(w), &books, &entries, &seals, &fault));
	/* from another school once it was received; not from where the pupil dropped out */
	OKAY(db_script(w->db, S("UPDATE enrolment SET kind = 'moved_in' WHERE kind = 'class_change'; "
		"UPDATE enrolment SET state = 'moved' WHERE state = 'changed'")));
	assert_true(row_in(&k, b, &g)->came);
	OKAY(db_script(w->db, S("UPDATE enrolment SET state = 'dropped' WHERE state = 'moved'")));
	assert_false(row_in(&k, b, &g)->came);
	assert_int_equal(row_in(&k, b, &g)->average.v, NO_SCORE.v);
	close_end(&k);
}

/* The word of a row is that of its own cells, also where those of an earlier class came to the same word before. */
static void words_stay_apart(void **state)
{
	enum { SPORT = 7 };
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct cell_edit early = { k.pupils[0].v, S_INIT("tx1"), { 0 }, S_INIT("v") }, late[SLOTS];
	struct save_told told;
	struct ledger_fault fault;
	struct grid g;
	int64_t books, entries, seals, n = 0;

	OKAY(marks_save(mine(&k), &(struct save_ask){ w->class_a, k.subjects[SPORT], TERM_1, &early, 1, true, { 0 } },
		&told));
	school_class_id b = class_with(&k, SPORT);
	change_to(&k, 0, b);
	OKAY(grid_load(as_khue(w), b, k.subjects[SPORT], TERM_1, &g));
	assert_true(g.rows[0].came && g.rows[0].old[0]);
	for (int i = 1; i < g.layout.n; i++)
		late[n++] = (struct cell_edit){ k.pupils[0].v, str_of(g.layout.slots[i].key), { 0 }, S("Đ") };
	OKAY(marks_save(mine(&k), &(struct save_ask){ b, k.subjects[SPORT], TERM_1, late, n, true, { 0 } }, &told));
	assert_text(((const struct row_told *)told.rows.p)->comment, "chua_dat");
	assert_int_equal(count(w, "SELECT count(*) FROM mark WHERE comment IS NOT NULL"), 0);
	OKAY(ledger_verify(as_khue(w), &books, &entries, &seals, &fault));
	/* written in the new class after all: the row's own word, though the page shows the same as before */
	late[0] = (struct cell_edit){ k.pupils[0].v, S("tx1"), { 0 }, S("CĐ") };
	OKAY(marks_save(mine(&k), &(struct save_ask){ b, k.subjects[SPORT], TERM_1, late, 1, true, { 0 } }, &told));
	assert_int_equal(told.saved, 1);
	assert_int_equal(count(w, "SELECT count(*) FROM mark WHERE comment = 'chua_dat'"), 1);
	/* an enrolment put right: nothing is brought any more, whatever this process remembers of the class */
	OKAY(db_script(w->db, S("UPDATE enrolment SET kind = 'new' WHERE kind = 'class_change'")));
	for (int i = 0; i < 2; i++) {
		late[0] = (struct cell_edit){ k.pupils[0].v, S("tx1"), i ? S("dat") : S("chua_dat"), i ? S("CĐ") : S("Đ") };
		OKAY(marks_save(mine(&k), &(struct save_ask){ b, k.subjects[SPORT], TERM_1, late, 1, true, { 0 } }, &told));
		assert_text(((const struct row_told *)told.rows.p)->comment, i ? "chua_dat" : "dat");
	}
	OKAY(ledger_verify(as_khue(w), &books, &entries, &seals, &fault));
	close_end(&k);
}

static void exempt_from(struct school_end *k, int who, int what)
{
	struct world *w = k->w;
	struct exemption x;

	row_zero(&exemption, &x);
	x.base.org = w->a;
	x.class = w->class_a;
	x.pupil = k->pupils[who];
	x.subject = k->subjects[what];
	x.reason = S("Khuyết tật");
	OKAY(create(head(k), &exemption, &x));
}

static void received_from_afar(struct school_end *k)
{
	struct world *w = k->w;

	OKAY(db_script(w->db, S("UPDATE enrolment SET kind = 'moved_in' WHERE kind = 'class_change'; "
		"UPDATE enrolment SET state = 'moved' WHERE state = 'changed'")));
}

/* TT 22/2021 Điều 11.3: what a pupil is exempt from does not change with the class. */
static void exemption_follows(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct class_sheet sheet;
	struct grid g;
	int64_t books, entries, seals, n;
	struct ledger_fault fault;

	exempt_from(&k, 0, 0);
	school_class_id b = class_beside(&k);
	change_to(&k, 0, b);
	for (int away = 0; away < 2; away++) {
		assert_true(row_in(&k, b, &g)->exempt);
		assert_int_equal(close_gaps(head(&k), w->a, w->year, TERM_1, b), 1);      /* conduct alone */
		OKAY(class_sheet(head(&k), b, TERM_1, 0, &sheet));
		const struct sheet_line *l = sheet.lines.p;
		assert_true(((const struct sheet_cell *)l->cells.p)->exempt);
		received_from_afar(&k);
	}
	/* lifted where it was granted, it is lifted; a result rated before is not called false */
	OKAY(results_of_class(as_khue(w), b, &n));
	w->time += 1000000000;
	OKAY(db_script(w->db, S("UPDATE exemption SET gone = 1, changed = 4102444800000000")));
	assert_false(row_in(&k, b, &g)->exempt);
	OKAY(ledger_verify(as_khue(w), &books, &entries, &seals, &fault));
	close_end(&k);
}

static void add_term(struct world *w, const char *code, int from_month, int from_day, int month, int day_)
{
	struct term t;

	row_zero(&term, &t);
	t.year = w->year;
	t.code = t.name = str_of(code);
	day_of(from_month > 6 ? 2026 : 2027, from_month, from_day, &t.since);
	day_of(2027, month, day_, &t.until);
	OKAY(create(as_khue(w), &term, &t));
}

static bool exempt_in(struct school_end *k, school_class_id class, pick term_)
{
	struct world *w = k->w;
	struct grid g;

	OKAY(grid_load(mine(k), class, k->subjects[0], term_, &g));
	for (int64_t i = 0; i < g.n; i++)
		if (g.rows[i].pupil.v == k->pupils[0].v)
			return g.rows[i].exempt;
	fail_msg("the pupil is not there");
	return false;
}

/* The class of now ends what an earlier class or school granted: a term that ends by then stays exempt, closed or not;
 * of the other one marks are asked, and the year is what it comes to. */
static void exemption_ends(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct exemption x;

	add_term(w, "hk1", 9, 5, 1, 15);
	add_term(w, "hk2", 1, 16, 5, 25);
	exempt_from(&k, 0, 0);
	school_class_id b = class_beside(&k);
	change_to(&k, 0, b);
	received_from_afar(&k);
	assert_true(exempt_in(&k, b, TERM_1) && exempt_in(&k, b, TERM_2));
	row_zero(&exemption, &x);
	x.class = b;
	x.pupil = k.pupils[0];
	x.subject = k.subjects[0];
	x.reason = S("Đã khỏi bệnh");
	day_of(2027, 1, 31, &x.until);
	struct exemption late = x, early = x;
	day_of(2026, 11, 30, &early.until);
	OKAY(db_exec(w->db, "INSERT INTO class_close (id, org, class, year, term, state) VALUES (9, ?1, ?2, ?3, 'hk1',"
		" 'closed')", VALS(v_int(w->a.v), v_int(b.v), v_int(w->year.v)), NULL));
	assert_int_equal(create(head(&k), &exemption, &early), E_STATE);    /* would ask marks of the closed term */
	OKAY(create(head(&k), &exemption, &x));
	assert_true(exempt_in(&k, b, TERM_1));
	assert_false(exempt_in(&k, b, TERM_2));
	assert_int_equal(count(w, "SELECT count(*) FROM exemption WHERE covers = 'hk1'"), 1);
	static const char *const columns[] = { "tx1", "tx2", "tx3", "tx4", "gk", "ck" };
	struct cell_edit edits[COUNT(columns)];
	struct save_told told;
	for (int i = 0; i < COUNT(columns); i++)
		edits[i] = (struct cell_edit){ k.pupils[0].v, str_of(columns[i]), { 0 }, S_INIT("8") };
	OKAY(marks_save(mine(&k), &(struct save_ask){ b, k.subjects[0], TERM_2, edits, COUNT(columns), true, { 0 } },
		&told));
	struct class_sheet sheet;
	OKAY(class_sheet(head(&k), b, TERM_YEAR, 0, &sheet));
	const struct sheet_cell *cell = ((const struct sheet_line *)sheet.lines.p)->cells.p;
	assert_text(cell->value, w->c.lang == EN ? "8.0" : "8,0");
	/* the second term closed: nothing of it is changed any more */
	OKAY(retire(as_khue(w), &exemption, x.base.id, x.base.rev));
	OKAY(db_script(w->db, S("UPDATE class_close SET term = 'hk2'")));
	assert_int_equal(create(head(&k), &exemption, &late), E_STATE);
	close_end(&k);
}

static void fill_half(struct school_end *k)
{
	struct world *w = k->w;
	struct cell_edit early[] = { { k->pupils[0].v, S_INIT("tx1"), { 0 }, S_INIT("6") },
		{ k->pupils[0].v, S_INIT("tx2"), { 0 }, S_INIT("7") } };
	struct save_told told;

	OKAY(marks_save(mine(k), &(struct save_ask){ w->class_a, k->subjects[0], TERM_1, early, 2, true, { 0 } }, &told));
}

static void fill_rest(struct school_end *k, school_class_id class)
{
	struct world *w = k->w;
	struct cell_edit late[] = { { k->pupils[0].v, S_INIT("tx3"), { 0 }, S_INIT("8") },
		{ k->pupils[0].v, S_INIT("tx4"), { 0 }, S_INIT("8") }, { k->pupils[0].v, S_INIT("gk"), { 0 }, S_INIT("8") },
		{ k->pupils[0].v, S_INIT("ck"), { 0 }, S_INIT("8") } };
	struct save_told told;

	OKAY(marks_save(mine(k), &(struct save_ask){ class, k->subjects[0], TERM_1, late, 4, true, { 0 } }, &told));
}

/* The workbook of the new class holds the marks that came. */
static void taken_out(struct school_end *k, school_class_id class)
{
	struct world *w = k->w;
	struct sheet_book book = { 0, class.v, k->subjects[0].v, S_INIT("7"), S_INIT("Toán"), S_INIT("toan") };
	struct stamp stamp = { 0 };
	struct file_fault why;
	struct workbook *made;
	char path[80];

	snprintf(path, sizeof path, "%s/book.xlsx", k->folder);
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	OKAY(sheets_make(mine(k), &book, 1, TERM_1, &stamp, fd));
	OKAY(wb_open(w->c.mem, fd, (str){ 0 }, &made, &why));
	assert_text(wb_text(made, 0, 7, 4), "6");
	assert_text(wb_text(made, 0, 7, 5), "7");
	assert_text(wb_text(made, 0, 7, 6), "");
	close(fd);
}

/* My books: what came counts as written, what stayed behind does not; who is exempt lacks nothing. */
static void counted_in_my_books(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	void *out = calloc(1, books_out.size);
	items got;

	fill_half(&k);
	school_class_id b = class_beside(&k);
	change_to(&k, 0, b);
	struct { str term; } ask = { S("hk1") };
	OKAY(books_get(mine(&k), &ask, out));
	SHOWS(w, books_out, out, "TX3 lacks 1, TX4 lacks 1, GK lacks 1, CK lacks 1\"");
	SHOWS(w, books_out, out, "TX1 lacks 1, TX2 lacks 1, TX3 lacks 1");            /* of the class he left */
	exempt_from(&k, WEAK, 0);
	OKAY(books_get(mine(&k), &ask, out));
	SHOWS(w, books_out, out, "\"filled\":0,\"wanted\":0,\"missing\":0,\"class_name\":\"7A\"");
	free(out);
	taken_out(&k, b);
	/* the newcomer's name links to a history, of the earlier class at first; nobody else's does */
	OKAY(mark_history(mine(&k), b, k.subjects[0], TERM_1, k.pupils[0], (str){ 0 }, &got));
	assert_int_equal(got.n, 2);
	assert_text(((const struct cell_event *)got.p)->class_from, "from class 7A");
	fill_rest(&k, b);
	OKAY(mark_history(mine(&k), b, k.subjects[0], TERM_1, k.pupils[0], S("gk"), &got));
	assert_int_equal(got.n, 1);
	assert_text(((const struct cell_event *)got.p)->class_from, "");
	assert_int_equal(mark_history(mine(&k), b, k.subjects[0], TERM_1, k.pupils[WEAK], (str){ 0 }, &got), E_MISSING);
	close_end(&k);
}

/* The page of ratings shows what the earlier form teacher wrote, and writes it again only when it is changed. */
static void rating_follows(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct rating_one one = { k.pupils[0], CONDUCT_TOT, CONDUCT_NONE, { 0 }, S_INIT("Ngoan"), VERDICT_NONE };
	void *out = calloc(1, rating_shape.size);
	struct class_sheet sheet;

	rate_conduct(&k, TERM_1, 0, CONDUCT_TOT, CONDUCT_NONE, OK);
	school_class_id b = class_beside(&k);
	change_to(&k, 0, b);
	for (int away = 0; away < 2; away++) {
		OKAY(rating_get(head(&k), &(struct rating_in){ b, TERM_1 }, out));
		SHOWS(w, rating_shape, out, "from class 7A");
		SHOWS(w, rating_shape, out, "Ngoan");
		SHOWS(w, rating_shape, out, "{\"code\":\"tot\",\"label\":\"Excellent\",\"on\":true}");
		received_from_afar(&k);
	}
	OKAY(rating_post(as_khue(w), &(struct rating_in){ b, TERM_1, { &one, 1 } }, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM conduct"), 1);
	one.level = CONDUCT_KHA;
	OKAY(rating_post(as_khue(w), &(struct rating_in){ b, TERM_1, { &one, 1 } }, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM conduct"), 2);
	OKAY(rating_get(head(&k), &(struct rating_in){ b, TERM_1 }, out));
	HIDES(w, rating_shape, out, "from class");
	OKAY(class_sheet(head(&k), b, TERM_1, 0, &sheet));
	assert_text(((const struct sheet_line *)sheet.lines.p)->conduct, "Good");
	free(out);
	close_end(&k);
}

struct report_ask { school_year_id year; pick term; };

/* The report's rows as text. */
static str report_of(struct school_end *k, int which)
{
	struct world *w = k->w;
	const struct report *r = &records_reports[which];
	struct report_ask ask = { w->year, TERM_1 };
	struct ctx *c = head(k);
	struct buf b;
	items got;

	OKAY(query(c, r->query, r->in, &ask, r->out, &got, 100));
	if (r->more)
		OKAY(r->more(c, &ask, &got));
	buf_init(&b, c->mem, 1 << 20);
	for (int64_t i = 0; i < got.n; i++)
		shape_json(&b, r->out->fields, (const char *)got.p + (size_t)i * r->out->size, NULL);
	return buf_str(&b);
}

/* Averages are read with a decimal place; the first and the last mean of the report are looked for. */
static void mean_as_read(struct school_end *k, const char *one, const char *two)
{
	struct world *w = k->w;
	const struct report *r = &records_reports[1];
	struct report_ask ask = { w->year, TERM_1 };
	struct ctx *c = head(k);
	bool found[2] = { false };
	items got;
	int n = 0;

	OKAY(query(c, r->query, r->in, &ask, r->out, &got, 100));
	if (r->more)
		OKAY(r->more(c, &ask, &got));
	while (r->out->fields[n].type != T_SCORE)
		n++;
	for (int64_t i = 0; i < got.n; i++) {
		str said = field_text(&r->out->fields[n], (const char *)got.p + (size_t)i * r->out->size, c->lang, c->mem);
		found[0] = found[0] || str_is(said, one);
		found[1] = found[1] || str_is(said, two);
	}
	assert_true(found[0] && found[1]);
}

/* Statistics: once, in the class of now, by all marks of the term; the old result is no more. */
static void counted_once(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct results_ask ask = { { 0 }, TERM_1 + 1, 0 };
	void *out = calloc(1, results_shape.size);
	int64_t n;

	fill_year(&k);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	assert_int_equal(count(w, "SELECT count(*) FROM year_result WHERE gone = 0"), 2);
	OKAY(results_get(head(&k), &ask, out));
	SHOWS(w, results_shape, out, "\"name\":\"Toán\",\"mean\":\"5.0\",\"n\":2");
	school_class_id b = class_beside(&k);
	change_to(&k, 0, b);
	OKAY(results_get(head(&k), &ask, out));
	SHOWS(w, results_shape, out, "\"name\":\"Toán\",\"mean\":\"5.0\",\"n\":2");
	SHOWS(w, results_shape, out, "\"rated\":1");
	HIDES(w, results_shape, out, "\"rated\":2");      /* the old class's stale row is not counted */
	str report = report_of(&k, 1);
	assert_true(in_text(report, "\"class\":\"7 mới\",\"subject\":\"Toán\",\"pupils\":1,"
		"\"under3\":0,\"under5\":0,\"under6\":0,\"under8\":1"));
	assert_true(in_text(report, "\"class\":\"7A\",\"subject\":\"Toán\",\"pupils\":1,\"under3\":1"));
	assert_false(in_text(report_of(&k, 0), "\"pupils\":2"));
	mean_as_read(&k, "7.0", "3.0");
	OKAY(results_of_class(as_khue(w), b, &n));
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	assert_int_equal(count(w, "SELECT count(*) FROM year_result WHERE gone = 0"), 2);
	OKAY(results_get(head(&k), &ask, out));
	SHOWS(w, results_shape, out, "\"mean\":\"5.0\",\"n\":2");
	free(out);
	close_end(&k);
}

/* A term split in two is one average of the new class. */
static void split_term_counts(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct results_ask ask = { { 0 }, TERM_1 + 1, 0 };
	void *out = calloc(1, results_shape.size);

	fill_half(&k);
	school_class_id b = class_beside(&k);
	change_to(&k, 0, b);
	OKAY(results_get(head(&k), &ask, out));
	HIDES(w, results_shape, out, "Toán");
	fill_rest(&k, b);
	OKAY(results_get(head(&k), &ask, out));
	SHOWS(w, results_shape, out, "\"name\":\"Toán\",\"mean\":\"7.7\",\"n\":1");
	assert_true(in_text(report_of(&k, 1), "\"class\":\"7 mới\",\"subject\":\"Toán\",\"pupils\":1,"
		"\"under3\":0,\"under5\":0,\"under6\":0,\"under8\":1,\"above\":0,\"mean\":7.7"));
	assert_false(in_text(report_of(&k, 1), "\"class\":\"7A\",\"subject\":\"Toán\""));
	received_from_afar(&k);
	OKAY(results_get(head(&k), &ask, out));
	SHOWS(w, results_shape, out, "\"name\":\"Toán\",\"mean\":\"7.7\",\"n\":1");
	free(out);
	close_end(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(marks_follow), ON_BOTH(words_stay_apart),
		ON_BOTH(exemption_follows), ON_BOTH(exemption_ends),
		ON_BOTH(counted_in_my_books), ON_BOTH(rating_follows), ON_BOTH(counted_once), ON_BOTH(split_term_counts) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("carried", tests, NULL, NULL);
}
