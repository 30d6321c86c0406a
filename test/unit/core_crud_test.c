/* Rows are created, found, changed and retired; what is wrong is told at its field; history follows. */
#include "library.h"
#include "core/search.h"

static void a_row_comes_back(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("Dế Mèn phiêu lưu ký"), got;

	b.author = S("Tô Hoài");
	b.year = 1941;
	b.kind = 2;
	b.price.v = 45000;
	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_true(b.base.id > 0 && b.base.id < INT64_C(1) << 53);
	assert_int_equal(b.base.rev, 1);
	assert_int_equal(b.base.org.v, SCHOOL_A);
	assert_int_equal(b.base.made_by.v, 110);
	assert_int_equal(find(c, &lib_book, b.base.id, &got), OK);
	assert_text(got.title, "Dế Mèn phiêu lưu ký");
	assert_text(got.author, "Tô Hoài");
	assert_int_equal(got.year, 1941);
	assert_int_equal(got.kind, 2);
	assert_int_equal(got.price.v, 45000);
	assert_int_equal(got.base.made.v, w->time);
	assert_text(title_of(c, &lib_book, b.base.id), "Dế Mèn phiêu lưu ký");
	assert_int_equal(rows_in(w, "audit"), 1);
	world_close(w);
}

static void wrong_values_are_told_at_their_fields(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("");
	char longest[400];

	b.isbn = S("12");
	b.year = 1066;
	b.price.v = 100000001;
	b.kind = 9;
	assert_int_equal(create(c, &lib_book, &b), E_INVALID);
	assert_string_equal(problem_at(c, offsetof(struct lib_book, title)), "A value is missing; enter one.");
	assert_string_equal(problem_at(c, offsetof(struct lib_book, isbn)), "An ISBN has 13 digits.");
	assert_string_equal(problem_at(c, offsetof(struct lib_book, year)), "Must be at least 1800.");
	assert_string_not_equal(problem_at(c, offsetof(struct lib_book, price)), "");
	assert_string_not_equal(problem_at(c, offsetof(struct lib_book, kind)), "");
	assert_int_equal(c->n_problems, 5);
	assert_int_equal(rows_in(w, "lib_book"), 0);
	assert_int_equal(rows_in(w, "audit"), 0);

	/* 300 characters fit although they are 600 bytes; one more does not */
	c = as_librarian(w, SCHOOL_A);
	for (int i = 0; i < 300; i++)
		memcpy(longest + i, "x", 1);
	b = book_of("");
	b.title = (str){ longest, 300 };
	struct buf wide;
	buf_init(&wide, c->mem, 4000);
	for (int i = 0; i < 300; i++)
		put(&wide, S("ế"));
	b.title = buf_str(&wide);
	assert_int_equal(create(c, &lib_book, &b), OK);
	put(&wide, S("x"));
	struct lib_book b2 = book_of("");
	b2.title = buf_str(&wide);
	assert_int_equal(create(c, &lib_book, &b2), E_INVALID);

	c = as_librarian(w, SCHOOL_A);
	c->lang = VI;
	b = book_of("unlucky");
	assert_int_equal(create(c, &lib_book, &b), E_INVALID);
	assert_string_equal(problem_at(c, offsetof(struct lib_book, title)), "Không được lấy nhan đề này.");
	world_close(w);
}

static void a_stale_save_is_a_conflict(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("A"), mine, theirs;

	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_int_equal(find(c, &lib_book, b.base.id, &mine), OK);
	theirs = mine;
	theirs.title = S("B");
	assert_int_equal(update(c, &lib_book, &theirs), OK);
	assert_int_equal(theirs.base.rev, 2);
	mine.title = S("C");
	assert_int_equal(update(c, &lib_book, &mine), E_CONFLICT);
	assert_int_equal(find(c, &lib_book, b.base.id, &mine), OK);
	assert_text(mine.title, "B");

	/* saving what stands is no change and no line of history */
	int64_t lines = rows_in(w, "audit");
	assert_int_equal(update(c, &lib_book, &mine), OK);
	assert_int_equal(mine.base.rev, 2);
	assert_int_equal(rows_in(w, "audit"), lines);
	world_close(w);
}

static void a_clash_is_told_at_the_field(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("A"), again = book_of("B"), other = book_of("C");

	b.isbn = again.isbn = other.isbn = S("9786042000000");
	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_int_equal(create(c, &lib_book, &again), E_INVALID);
	assert_string_equal(problem_at(c, offsetof(struct lib_book, isbn)),
		"There is already a book with this ISBN (9786042000000); check it.");

	/* another school may have it, and an empty one clashes with nothing */
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(create(c, &lib_book, &other), OK);
	struct lib_book e1 = book_of("E1"), e2 = book_of("E2");
	assert_int_equal(create(c, &lib_book, &e1), OK);
	assert_int_equal(create(c, &lib_book, &e2), OK);

	/* a retired row gives its key free; coming back then clashes */
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(retire(c, &lib_book, other.base.id, 1), OK);
	struct lib_book next = book_of("D");
	next.isbn = S("9786042000000");
	assert_int_equal(create(c, &lib_book, &next), OK);
	assert_int_equal(unretire(c, &lib_book, other.base.id), E_INVALID);
	world_close(w);
}

static int64_t hits(struct world *w, const char *word)
{
	struct hits found;
	struct ctx *c = as_librarian(w, SCHOOL_A);
	assert_int_equal(search_rows(c, str_of(word), 10, &found), OK);
	return found.n;
}

/* Code may mend one column of a row whose others would no longer pass; what it changes must be right. */
static void amending_asks_only_what_changed(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("A");

	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_int_equal(db_exec(w->db, "UPDATE lib_book SET isbn = '12' WHERE id = ?1", VALS(v_int(b.base.id)), NULL), OK);
	c = as_khue(w);
	assert_int_equal(find(c, &lib_book, b.base.id, &b), OK);
	b.author = S("Tô Hoài");
	assert_int_equal(update(c, &lib_book, &b), E_INVALID);
	assert_int_equal(amend(c, &lib_book, &b), OK);
	assert_int_equal(b.base.rev, 2);
	assert_int_equal(hits(w, "hoai"), 1);
	assert_int_equal(amend(&w->c, &lib_book, &b), E_DENIED);         /* the librarian; only the installation may */
	c = as_khue(w);
	assert_int_equal(find(c, &lib_book, b.base.id, &b), OK);
	b.isbn = S("123");
	assert_int_equal(amend(c, &lib_book, &b), E_INVALID);
	assert_int_equal(c->problems[0].at, offsetof(struct lib_book, isbn));
	b.isbn = S("12");
	b.title = (str){ 0 };
	assert_int_equal(amend(c, &lib_book, &b), E_INVALID);
	b.title = S("B");
	b.base.rev = 1;
	assert_int_equal(amend(c, &lib_book, &b), E_CONFLICT);
	world_close(w);
}

static void retiring_keeps_the_row(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("A"), got;
	struct list_answer a;

	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_int_equal(retire(c, &lib_book, b.base.id, 7), E_CONFLICT);
	assert_int_equal(retire(c, &lib_book, b.base.id, 1), OK);
	assert_int_equal(retire(c, &lib_book, b.base.id, 2), E_STATE);
	assert_int_equal(find(c, &lib_book, b.base.id, &got), OK);
	assert_true(got.base.gone);
	assert_true(may(c, &lib_book, RETIRE, &got) && !may(c, &lib_book, UPDATE, &got));
	got.title = S("B");
	assert_int_equal(update(c, &lib_book, &got), E_STATE);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book }, &a), OK);
	assert_int_equal(a.rows.n, 0);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .gone = true }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	assert_int_equal(unretire(c, &lib_book, b.base.id), OK);
	assert_int_equal(unretire(c, &lib_book, b.base.id), E_STATE);
	assert_int_equal(find(c, &lib_book, b.base.id, &got), OK);
	assert_false(got.base.gone);
	assert_int_equal(got.base.rev, 3);
	world_close(w);
}

static void a_reference_must_be_in_sight(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_B);
	struct lib_book theirs = book_of("Theirs"), ours = book_of("Ours");
	struct lib_copy copy;

	assert_int_equal(create(c, &lib_book, &theirs), OK);
	int64_t far = theirs.base.id;
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(create(c, &lib_book, &ours), OK);
	row_zero(&lib_copy, &copy);
	copy.barcode = S("1");
	copy.book.v = far;
	assert_int_equal(create(c, &lib_copy, &copy), E_INVALID);
	assert_string_equal(problem_at(c, offsetof(struct lib_copy, book)),
		"The chosen book was not found; choose again from the list.");
	c = as_librarian(w, SCHOOL_A);
	copy.book.v = 12345;
	assert_int_equal(create(c, &lib_copy, &copy), E_INVALID);
	c = as_librarian(w, SCHOOL_A);
	copy.book.v = ours.base.id;
	copy.base.id = 0;
	assert_int_equal(create(c, &lib_copy, &copy), OK);
	assert_text(row_title(c, &lib_copy, &copy), "1 – Ours");

	/* what the installation was found to see, the actor does not see for that */
	copy.base.id = 0;
	copy.barcode = S("2");
	copy.book.v = far;
	const struct actor *who = as_system(c, "test");
	assert_int_equal(create(c, &lib_copy, &copy), OK);
	as_actor(c, who);
	copy.base.id = 0;
	copy.barcode = S("3");
	assert_int_equal(create(c, &lib_copy, &copy), E_INVALID);
	world_close(w);
}

static void history_tells_old_and_new(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("A");
	items events;

	b.token = S("hidden-token");
	b.note = S("ghi chú riêng");
	assert_int_equal(create(c, &lib_book, &b), OK);
	int64_t id = b.base.id;
	w->time += 1000;
	c = as_librarian(w, SCHOOL_A);
	c->reason = S("sai bìa");
	assert_int_equal(find(c, &lib_book, id, &b), OK);
	assert_int_equal(b.token.n, 0);
	b.title = S("B");
	b.kind = 1;
	assert_int_equal(update(c, &lib_book, &b), OK);
	assert_int_equal(audit_of(c, &lib_book, id, (instant){ 0 }, 10, &events), OK);
	assert_int_equal(events.n, 2);
	const struct audit_event *ev = events.p;
	const struct audit_change *ch = ev[0].changes.p;
	assert_text(ev[0].label, "Changed");
	assert_text(ev[0].reason, "sai bìa");
	assert_int_equal(ev[0].changes.n, 2);
	assert_text(ch[0].label, "Title");
	assert_text(ch[0].old, "A");
	assert_text(ch[0].now, "B");
	assert_text(ch[1].old, "Textbook");
	assert_text(ch[1].now, "Reference");
	assert_text(ev[1].verb, "create");

	/* the secret is in the row but in no history; the update did not lose it */
	int64_t n;
	assert_int_equal(db_int(w->db, "SELECT COUNT(*) FROM audit WHERE detail LIKE '%hidden%'", NULL, 0, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(db_int(w->db, "SELECT COUNT(*) FROM lib_book WHERE token = 'hidden-token'", NULL, 0, &n), OK);
	assert_int_equal(n, 1);

	/* a teacher does not see the note's history either; another school sees nothing */
	c = AS(w, 5, 5, { &teacher, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(audit_of(c, &lib_book, id, (instant){ 0 }, 10, &events), OK);
	ev = events.p;
	for (int64_t i = 0; i < ev[1].changes.n; i++)
		assert_string_not_equal(str_z(c->mem, ((const struct audit_change *)ev[1].changes.p)[i].field), "note");
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(audit_of(c, &lib_book, id, (instant){ 0 }, 10, &events), E_MISSING);
	world_close(w);
}

static void search_keeps_step(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("Dế Mèn");

	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_int_equal(hits(w, "men"), 1);
	c = as_librarian(w, SCHOOL_A);
	b.title = S("Tắt đèn");
	b.author = (str){ 0 };
	assert_int_equal(update(c, &lib_book, &b), OK);
	assert_int_equal(hits(w, "men"), 0);
	assert_int_equal(hits(w, "tat d"), 1);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(retire(c, &lib_book, b.base.id, 2), OK);
	assert_int_equal(hits(w, "tat"), 0);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(unretire(c, &lib_book, b.base.id), OK);
	assert_int_equal(hits(w, "tat"), 1);
	world_close(w);
}

static void ids_grow_and_never_repeat(void **state)
{
	struct world *w = world_open(state);
	int64_t last = 0;
	for (int i = 0; i < 3000; i++) {
		struct ctx *c = as_khue(w);
		int64_t id = new_id(c);
		assert_true(id > last && id < INT64_C(1) << 53);
		last = id;
		w->time += i % 7 == 0 ? 20 : 0;
	}
	world_close(w);
}

static void several_errors_leave_nothing(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("A");

	assert_int_equal(db_begin(w->db), OK);
	assert_int_equal(create(c, &lib_book, &b), OK);
	db_rollback(w->db);
	assert_int_equal(rows_in(w, "lib_book") + rows_in(w, "audit") + rows_in(w, "audit_head"), 0);

	/* the next line finds the chain where the rollback left it */
	struct lib_book again = book_of("B");
	assert_int_equal(create(c, &lib_book, &again), OK);
	int64_t lines;
	struct audit_fault fault;
	assert_int_equal(audit_verify(w->db, c->mem, &lines, &fault), OK);
	assert_int_equal(lines, 1);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_row_comes_back), ON_BOTH(wrong_values_are_told_at_their_fields), ON_BOTH(a_stale_save_is_a_conflict),
		ON_BOTH(a_clash_is_told_at_the_field), ON_BOTH(amending_asks_only_what_changed),
		ON_BOTH(retiring_keeps_the_row), ON_BOTH(a_reference_must_be_in_sight),
		ON_BOTH(history_tells_old_and_new), ON_BOTH(search_keeps_step), ON_BOTH(ids_grow_and_never_repeat),
		ON_BOTH(several_errors_leave_nothing) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("crud", tests, NULL, NULL);
}
