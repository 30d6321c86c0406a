/* parts_test.c -- what is locked and what a permission opens, part by part, on both engines: marks and remarks, saved
 * cell by cell, as a page, pasted and from a workbook. */
#include "mod/records/records_world.h"
#include "core/query.h"
#include "core/row.h"
#include "mod/records/records_rules.h"

/* As books.c and book.c have them. */
struct reopen_ask { school_class_id class; subject_id subject; pick term, part; str reason; };
struct reopen_answer { mark_reopen_id id; pick answer; day until; str why; };
struct page_in { school_class_id class; subject_id subject; pick term; str column; };

static void lock_part(struct class_of *k, pick part)
{
	struct world *w = k->w;
	struct mark_lock lock;

	row_zero(&mark_lock, &lock);
	lock.base.org = w->a;
	lock.year = w->year;
	lock.part = part;
	lock.on_day = (day){ 10000 };
	OKAY(create(as_khue(w), &mark_lock, &lock));
}

static enum rc ask_part(struct class_of *k, pick part)
{
	return reopen_post(mine(k), &(struct reopen_ask){ k->w->class_a, k->subjects[0], TERM_1, part,
		S_INIT("Chấm nhầm bài") }, NULL);
}

static void approve_last(struct class_of *k)
{
	struct world *w = k->w;
	struct mark_reopen ask;

	struct ctx *c = as(w, &principal, w->a, (person_id){ 0 });
	OKAY(find(c, &mark_reopen, count(w, "SELECT max(id) FROM mark_reopen"), &ask));
	ask.until = w->c.today;
	OKAY(step(c, &mark_reopen, &ask, "approve"));
}

/* One cell of the first pupil; E_INVALID when a reason is missing. */
static enum rc write_one(struct class_of *k, const char *column, const char *was, const char *to, const char *reason,
	pick want)
{
	struct world *w = k->w;
	struct cell_edit e = edit(k, 0, column, was, to);
	struct save_told t;

	enum rc rc = save_as(mine(k), k, 0, TERM_1, &e, 1, reason, &t);
	if (rc == OK && want != end_of(&t, 0))
		fail_msg("%s: %d, not %d", column, (int)end_of(&t, 0), (int)want);
	if (rc == OK && want == CELL_LOCKED)
		assert_true(((const struct cell_told *)t.cells.p)->why.n > 0);
	(void)w;
	return rc;
}

static str page_of_book(struct class_of *k, const char *column)
{
	struct ctx *c = mine(k);
	struct world *w = k->w;
	void *view = arena_alloc(c->mem, book_page_out.size, 16);
	struct buf b;

	memset(view, 0, book_page_out.size);
	OKAY(book_page_get(c, &(struct page_in){ w->class_a, k->subjects[0], TERM_1, str_of(column) }, view));
	buf_init(&b, c->mem, 1 << 20);
	shape_json(&b, book_page_out.fields, view, NULL);
	return buf_str(&b);
}

static str my_books(struct class_of *k)
{
	struct world *w = k->w;
	struct ctx *c = mine(k);
	void *view = arena_alloc(c->mem, books_out.size, 16);
	struct { str term; } ask = { { 0 } };
	struct buf b;

	OKAY(books_get(c, &ask, view));
	buf_init(&b, c->mem, 1 << 20);
	shape_json(&b, books_out.fields, view, NULL);
	return buf_str(&b);
}

static bool shows(str page, const char *piece) { return str_find(page, str_of(piece)) >= 0; }

static void a_permission_covers_its_part(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;

	lock_part(&k, PART_REGULAR);
	lock_part(&k, PART_MIDDLE);
	assert_true(shows(page_of_book(&k, "gk"), "{\"code\":\"gk\",\"label\":\"Mid-term\",\"chosen\":true}"));
	assert_true(shows(page_of_book(&k, "gk"), "\"code\":\"all\""));
	assert_int_equal(ask_part(&k, PART_END), E_STATE);
	OKAY(ask_part(&k, PART_MIDDLE));
	assert_int_equal(ask_part(&k, PART_MIDDLE), E_STATE);
	assert_false(shows(page_of_book(&k, "gk"), "\"code\":\"gk\",\"label\""));
	OKAY(write_one(&k, "gk", "", "6", "Nhầm", CELL_LOCKED));
	approve_last(&k);
	assert_true(shows(page_of_book(&k, "gk"), "Mid-term: open again until the end of"));
	assert_true(shows(page_of_book(&k, "gk"), "Regular: locked"));
	assert_false(shows(page_of_book(&k, "gk"), "Mid-term: locked"));
	OKAY(write_one(&k, "tx1", "", "8", "Nhầm", CELL_LOCKED));
	assert_int_equal(write_one(&k, "gk", "", "6", "", CELL_SAVED), E_INVALID);
	OKAY(write_one(&k, "gk", "", "6", "Nhầm", CELL_SAVED));
	OKAY(write_one(&k, "ck", "", "7", "", CELL_SAVED));
	/* another part is another request; one from before parts opens everything, as it did */
	OKAY(ask_part(&k, PART_REGULAR));
	OKAY(write_one(&k, "tx1", "", "8", "Nhầm", CELL_LOCKED));
	approve_last(&k);
	OKAY(write_one(&k, "tx1", "", "8", "Nhầm", CELL_SAVED));
	OKAY(db_exec(w->db, "DELETE FROM mark_reopen WHERE part = 'tx'", NULL, 0, NULL));
	OKAY(write_one(&k, "tx1", "8", "9", "Nhầm", CELL_LOCKED));
	OKAY(db_exec(w->db, "INSERT INTO mark_reopen (id, org, course, term, until, state) SELECT 7, org, course, term,"
		" until, state FROM mark_reopen WHERE part = 'gk'", NULL, 0, NULL));
	OKAY(write_one(&k, "tx1", "8", "9", "Nhầm", CELL_SAVED));
	close_class(&k);
}

/* The form of the request itself: term and part must be said, the whole book is no choice of it; who approves without a
 * day gives today. */
static void a_request_makes_sense(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct mark_reopen ask;
	struct flaw flaw;

	/* whose book is chosen by the words of its subject and class */
	struct list_answer found;
	OKAY(list_choices(mine(&k), (struct list_ask){ .e = &course, .words = S("toan"), .wide = true }, &found));
	assert_int_equal(found.rows.n, 1);
	OKAY(list_choices(mine(&k), (struct list_ask){ .e = &course, .words = S("toan xyz"), .wide = true }, &found));
	assert_int_equal(found.rows.n, 0);
	lock_part(&k, PART_MIDDLE);
	row_zero(&mark_reopen, &ask);
	for (int i = 0; mark_reopen.fields[i].name; i++)
		if (strcmp(mark_reopen.fields[i].name, "part") == 0 || strcmp(mark_reopen.fields[i].name, "term") == 0)
			assert_false(field_read(&mark_reopen.fields[i], (str){ 0 }, w->c.today, w->c.mem, &ask, &flaw));
	ask.course.v = count(w, "SELECT k.id FROM course k JOIN subject s ON s.id = k.subject WHERE s.code = 'toan'");
	ask.reason = S("Chấm nhầm bài");
	ask.part = PART_MIDDLE;
	assert_false(reopen_among(mine(&k), &ask) >> PART_ALL & 1);
	OKAY(create(mine(&k), &mark_reopen, &ask));
	OKAY(step(as(w, &principal, w->a, (person_id){ 0 }), &mark_reopen, &ask, "approve"));
	assert_int_equal(ask.until.v, w->c.today.v);
	OKAY(write_one(&k, "gk", "", "6", "Nhầm", CELL_SAVED));
	/* the day after, it is told that it is over */
	assert_true(shows(my_books(&k), "\"approved\":true,\"over\":false"));
	OKAY(db_exec(w->db, "UPDATE mark_reopen SET until = until - 1", NULL, 0, NULL));
	assert_true(shows(my_books(&k), "\"approved\":false,\"over\":true"));
	close_class(&k);
}

/* A remark goes with the whole book: locked with it, or with the last of its columns; asked for by itself. */
static void remarks_are_locked_with_the_book(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;

	OKAY(write_one(&k, "remark", "", "Ngoan", "", CELL_SAVED));
	lock_part(&k, PART_REGULAR);
	lock_part(&k, PART_MIDDLE);
	OKAY(write_one(&k, "remark", "Ngoan", "Rất ngoan", "", CELL_SAVED));
	lock_part(&k, PART_END);
	OKAY(write_one(&k, "remark", "Rất ngoan", "Lười", "", CELL_LOCKED));
	OKAY(write_one(&k, "remark", "Rất ngoan", "Rất ngoan", "", CELL_SAME));
	assert_true(shows(page_of_book(&k, ""), "\"remark_open\":false"));
	OKAY(ask_part(&k, PART_REMARK));
	approve_last(&k);
	OKAY(write_one(&k, "tx1", "", "8", "Nhầm", CELL_LOCKED));
	assert_int_equal(write_one(&k, "remark", "Rất ngoan", "Lười", "", CELL_SAVED), E_INVALID);
	OKAY(write_one(&k, "remark", "Rất ngoan", "Lười", "Nhầm em", CELL_SAVED));
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry WHERE reason = 'Nhầm em'"), 1);
	close_class(&k);
}

/* Once the class is closed nothing of its book is written, nor by a form that sends the column all the same. */
static void a_closed_book_keeps_its_remarks(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct save_told t;

	OKAY(write_one(&k, "remark", "", "Ngoan", "", CELL_SAVED));
	OKAY(db_exec(w->db, "INSERT INTO class_close (id, org, class, year, term, state) VALUES (9, ?1, ?2, ?3, 'hk1',"
		" 'closed')", VALS(v_int(w->a.v), v_int(w->class_a.v), v_int(w->year.v)), NULL));
	OKAY(write_one(&k, "remark", "Ngoan", "Lười", "Nhầm", CELL_LOCKED));
	struct cell_edit e = edit(&k, 0, "remark", "", "Lười");
	OKAY(marks_save(mine(&k), &(struct save_ask){ .class = w->class_a, .subject = k.subjects[0], .edits = &e, .n = 1,
		.base = 1, .form = true }, &t));
	assert_int_equal(end_of(&t, 0), CELL_LOCKED);
	assert_int_equal(count(w, "SELECT count(*) FROM mark WHERE remark = 'Ngoan'"), 1);
	assert_true(shows(page_of_book(&k, "remark"), "\"any_open\":false"));
	close_class(&k);
}

/* Who asked reads which part of what is open until when, in the language of the reader, not of who answered. */
static void the_answer_names_the_part(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;

	lock_part(&k, PART_MIDDLE);
	OKAY(ask_part(&k, PART_MIDDLE));
	struct ctx *c = as(w, &principal, w->a, (person_id){ 0 });
	struct reopen_answer answer = { { count(w, "SELECT id FROM mark_reopen") }, 0, w->c.today, { 0 } };
	OKAY(reopen_answer_post(c, &answer, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE account = 77"
		" AND vi LIKE 'Sổ điểm môn Toán, lớp % (Giữa kì) được mở lại đến hết ngày %'"
		" AND en LIKE 'The book of Toán, class % (Mid-term) is open again until the end of %'"), 1);
	close_class(&k);
}

/* The answer is told wherever it is given; a refusal says why, and what is open or asked for is not asked for again. */
static void a_refusal_says_why(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct mark_reopen ask;

	row_zero(&mark_reopen, &ask);
	ask.course.v = count(w, "SELECT k.id FROM course k JOIN subject s ON s.id = k.subject WHERE s.code = 'toan'");
	ask.reason = S("Chấm nhầm bài");
	ask.part = PART_MIDDLE;
	struct mark_reopen again = ask;
	assert_int_equal(create(mine(&k), &mark_reopen, &ask), E_STATE);
	lock_part(&k, PART_MIDDLE);
	OKAY(create(mine(&k), &mark_reopen, &ask));
	assert_int_equal(create(mine(&k), &mark_reopen, &again), E_STATE);
	assert_int_equal(ask_part(&k, PART_MIDDLE), E_STATE);
	struct ctx *c = as(w, &deputy, w->a, (person_id){ 0 });
	assert_int_equal(reopen_answer_post(c, &(struct reopen_answer){ { ask.base.id }, 1, NO_DAY, S_INIT(" ") }, NULL),
		E_INVALID);
	ask.answer = S("Em xem lại bài đã.");
	OKAY(step(as(w, &deputy, w->a, (person_id){ 0 }), &mark_reopen, &ask, "refuse"));
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE account = 77"
		" AND vi LIKE '%(Giữa kì) không được duyệt: Em xem lại bài đã.' AND en LIKE '%was refused: Em xem%'"), 1);
	assert_true(shows(my_books(&k), "Em xem lại bài đã."));
	close_class(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_permission_covers_its_part), ON_BOTH(a_request_makes_sense),
		ON_BOTH(a_refusal_says_why),
		ON_BOTH(remarks_are_locked_with_the_book), ON_BOTH(a_closed_book_keeps_its_remarks),
		ON_BOTH(the_answer_names_the_part) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
