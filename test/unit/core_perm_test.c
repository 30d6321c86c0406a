/* Who sees what: rows in and out of scope, columns hidden, the SQL of a scope against its twin in C. */
#include "library.h"

static int64_t put_book(struct world *w, int64_t org, const char *title, const char *note, int64_t price)
{
	struct ctx *c = as_librarian(w, org);
	struct lib_book b = book_of(title);
	b.note = str_of(note);
	b.price.v = price;
	assert_int_equal(create(c, &lib_book, &b), OK);
	return b.base.id;
}

static struct list_answer books(struct ctx *c)
{
	struct list_answer a;
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .count = true }, &a), OK);
	return a;
}

static void scopes_bound_what_is_found(void **state)
{
	struct world *w = world_open(state);
	int64_t a = put_book(w, SCHOOL_A, "In A", "", 1), b = put_book(w, SCHOOL_B, "In B", "", 2);
	struct lib_book got;
	struct ctx *c = as_librarian(w, SCHOOL_A);

	assert_int_equal(find(c, &lib_book, a, &got), OK);
	assert_int_equal(find(c, &lib_book, b, &got), E_MISSING);
	assert_int_equal(books(c).rows.n, 1);
	assert_int_equal(books(c).count, 1);
	assert_int_equal(find_one(c, &lib_book, &got, IS({ offsetof(struct lib_book, title), v_text(S("In B")) })),
		E_MISSING);
	assert_int_equal(retire(c, &lib_book, b, 1), E_MISSING);
	got = book_of("x");
	got.base.id = b;
	got.base.rev = 1;
	assert_int_equal(update(c, &lib_book, &got), E_MISSING);

	/* the department reads both, changes none */
	c = AS(w, 2, 2, { &dept_officer, { DEPT }, { 0 }, { 99999 } });
	assert_int_equal(books(c).rows.n, 2);
	assert_int_equal(find(c, &lib_book, b, &got), OK);
	assert_int_equal(retire(c, &lib_book, b, 1), E_DENIED);
	c->here.org.v = SCHOOL_B;
	assert_int_equal(books(c).rows.n, 1);
	assert_int_equal(books(c).count, 1);
	struct lib_book fresh = book_of("from above");
	assert_int_equal(create(c, &lib_book, &fresh), E_DENIED);

	/* two seats: the union */
	c = AS(w, 3, 3, { &librarian, { SCHOOL_A }, { 0 }, { 99999 } }, { &teacher, { SCHOOL_B }, { 0 }, { 99999 } });
	assert_int_equal(books(c).rows.n, 2);
	assert_int_equal(retire(c, &lib_book, b, 1), E_DENIED);
	assert_int_equal(retire(c, &lib_book, a, 1), OK);

	/* deny is the zero value */
	c = as_nobody(w);
	assert_int_equal(books(c).rows.n, 0);
	assert_int_equal(find(c, &lib_book, b, &got), E_MISSING);
	assert_false(perm_any(c, &lib_book, READ | CREATE | UPDATE));
	c = AS(w, 4, 4, { &auditor, { DEPT }, { 0 }, { 99999 } });
	assert_int_equal(books(c).rows.n, 0);
	fresh = book_of("nobody's");
	assert_int_equal(create(c, &lib_book, &fresh), E_DENIED);

	/* update needs to read too */
	c = AS(w, 5, 5, { &form_teacher, { SCHOOL_B }, { 0 }, { 99999 } });
	got.base.id = b;
	got.base.rev = 1;
	assert_int_equal(update(c, &lib_book, &got), E_MISSING);
	world_close(w);
}

static void a_row_stays_where_its_writer_may_write(void **state)
{
	struct world *w = world_open(state);
	int64_t a = put_book(w, SCHOOL_A, "In A", "", 1);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book got, fresh = book_of("smuggled");

	assert_int_equal(find(c, &lib_book, a, &got), OK);
	got.base.org.v = SCHOOL_B;
	assert_int_equal(update(c, &lib_book, &got), E_DENIED);
	fresh.base.org.v = SCHOOL_B;
	assert_int_equal(create(c, &lib_book, &fresh), E_DENIED);
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(books(c).rows.n, 0);
	world_close(w);
}

static void hidden_columns_are_empty_and_stay(void **state)
{
	struct world *w = world_open(state);
	int64_t a = put_book(w, SCHOOL_A, "In A", "kín", 5000);
	struct lib_book got;
	struct cols hidden;
	struct ctx *c = AS(w, 6, PUPIL_A, { &pupil, { SCHOOL_A }, { 0 }, { 99999 } });
	const struct table *t = table_of(w->app.registry, &lib_book);
	int price = column_at(t, offsetof(struct lib_book, price)), note = column_at(t, offsetof(struct lib_book, note));

	assert_int_equal(row_find(c, &lib_book, READ, a, &got, &hidden), OK);
	assert_int_equal(got.price.v, 0);
	assert_int_equal(got.note.n, 0);
	assert_true(cols_has(&hidden, price) && cols_has(&hidden, note));
	hidden = perm_hidden(c, &lib_book, READ);
	assert_true(cols_has(&hidden, price));
	struct list_answer list = books(c);
	assert_int_equal(((const struct lib_book *)list.rows.p)->price.v, 0);
	assert_true(cols_has(&list.hidden, price));

	/* neither filtered nor sorted by, nor found through */
	struct list_filter f[] = { { offsetof(struct lib_book, price), LIST_FROM, v_int(4000) } };
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = f, .n_filters = 1 }, &list),
		E_INVALID);
	c = AS(w, 6, PUPIL_A, { &pupil, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .sort = offsetof(struct lib_book, price) },
		&list), E_INVALID);
	c = AS(w, 6, PUPIL_A, { &pupil, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("kin"), .count = true }, &list), OK);
	assert_int_equal(list.rows.n, 0);
	assert_int_equal(list.count, -1);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("kin"), .count = true }, &list), OK);
	assert_int_equal(list.rows.n, 1);

	/* the accountant may write but not see the note: it survives his save */
	c = AS(w, 7, 7, { &accountant, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(find(c, &lib_book, a, &got), OK);
	assert_int_equal(got.note.n, 0);
	got.price.v = 6000;
	got.note = S("forged");
	assert_int_equal(update(c, &lib_book, &got), OK);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(find(c, &lib_book, a, &got), OK);
	assert_text(got.note, "kín");
	assert_int_equal(got.price.v, 6000);
	world_close(w);
}

static void a_column_shows_where_one_grant_shows_it(void **state)
{
	struct world *w = world_open(state);
	int64_t a = put_book(w, SCHOOL_A, "In A", "ghi a", 1), b = put_book(w, SCHOOL_B, "In B", "ghi b", 2);
	struct lib_book got;
	struct cols hidden;
	struct list_answer list;
	const struct table *t = table_of(w->app.registry, &lib_book);
	int note = column_at(t, offsetof(struct lib_book, note));
	struct ctx *c = AS(w, 8, 8, { &librarian, { SCHOOL_A }, { 0 }, { 99999 } },
		{ &teacher, { SCHOOL_B }, { 0 }, { 99999 } });

	assert_int_equal(row_find(c, &lib_book, READ, a, &got, &hidden), OK);
	assert_text(got.note, "ghi a");
	assert_false(cols_has(&hidden, note));
	assert_int_equal(row_find(c, &lib_book, READ, b, &got, &hidden), OK);
	assert_int_equal(got.note.n, 0);
	assert_true(cols_has(&hidden, note));
	hidden = perm_hidden(c, &lib_book, READ);
	assert_false(cols_has(&hidden, note));

	/* a search that would betray a hidden note finds only the row whose note may be seen */
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("ghi") }, &list), OK);
	assert_int_equal(list.rows.n, 1);
	assert_int_equal(((const struct base *)list.rows.p)->id, a);
	world_close(w);
}

static void families_see_their_own(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("B");
	struct lib_copy copy;
	struct reader who;
	struct lib_loan loan[2];

	assert_int_equal(create(c, &lib_book, &b), OK);
	row_zero(&lib_copy, &copy);
	copy.book.v = b.base.id;
	copy.barcode = S("1");
	assert_int_equal(create(c, &lib_copy, &copy), OK);
	row_zero(&reader, &who);
	who.name = S("Nguyễn Thị Minh Hạnh");
	assert_int_equal(create(c, &reader, &who), OK);
	for (int i = 0; i < 2; i++) {
		row_zero(&lib_loan, &loan[i]);
		loan[i].copy.v = copy.base.id;
		loan[i].reader.v = who.base.id;
		loan[i].who.v = i ? PUPIL_B : PUPIL_A;
		loan[i].fine.v = 9000;
		assert_int_equal(create(c, &lib_loan, &loan[i]), OK);
	}
	struct lib_loan got;
	int64_t first = loan[0].base.id, second = loan[1].base.id;
	c = AS(w, 11, PUPIL_A, { &pupil, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(find(c, &lib_loan, first, &got), OK);
	assert_int_equal(got.fine.v, 0);
	assert_int_equal(find(c, &lib_loan, second, &got), E_MISSING);
	assert_true(may(c, &lib_loan, READ, &loan[0]));
	assert_false(may(c, &lib_loan, READ, &loan[1]));
	c = AS(w, 12, PARENT_A, { &parent, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(find(c, &lib_loan, first, &got), OK);
	assert_int_equal(got.fine.v, 9000);
	assert_int_equal(find(c, &lib_loan, second, &got), E_MISSING);
	assert_true(may(c, &lib_loan, READ, &loan[0]));
	assert_false(may(c, &lib_loan, READ, &loan[1]));
	/* a court takes the access away: from the next question on */
	must(w, "UPDATE guardianship SET barred = 1");
	assert_int_equal(find(c, &lib_loan, first, &got), E_MISSING);
	assert_false(may(c, &lib_loan, READ, &loan[0]));
	/* a stranger with no person sees nothing: nobody is not everybody without an anchor */
	must(w, "UPDATE lib_loan SET who = NULL");
	loan[0].who.v = 0;
	c = AS(w, 13, 0, { &pupil, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(find(c, &lib_loan, first, &got), E_MISSING);
	assert_false(may(c, &lib_loan, READ, &loan[0]));
	world_close(w);
}

/* Random rows, random actors: what may() says of a row in memory is what the SQL finds. */
static void the_predicate_and_its_twin_agree(void **state)
{
	struct world *w = world_open(state);
	const struct role *roles[] = { &librarian, &teacher, &pupil, &parent, &dept_officer, &accountant, &auditor };
	const int64_t orgs[] = { DEPT, SCHOOL_A, SCHOOL_B }, people[] = { PUPIL_A, PUPIL_B, PARENT_A, 7 };
	struct { int64_t id; const struct entity *e; } rows[12];
	uint64_t seed = 42;
	int agreed = 0, seen = 0;

	struct ctx *c = as_khue(w);
	for (int i = 0; i < 12; i++) {
		struct lib_book b = book_of("t");
		b.base.org.v = orgs[next_number(&seed) % 3];
		assert_int_equal(create(c, &lib_book, &b), OK);
		rows[i].id = b.base.id;
		rows[i].e = &lib_book;
	}
	for (int i = 0; i < 300; i++) {
		struct seat seats[3];
		int n = (int)(next_number(&seed) % 4);
		for (int k = 0; k < n; k++)
			seats[k] = (struct seat){ roles[next_number(&seed) % COUNT(roles)], { orgs[next_number(&seed) % 3] },
				{ 0 }, { 99999 } };
		int64_t person = people[next_number(&seed) % COUNT(people)];
		size_t k = next_number(&seed) % COUNT(rows);
		struct lib_book row, got;
		c = as_khue(w);
		assert_int_equal(find(c, rows[k].e, rows[k].id, &row), OK);
		int64_t org = row.base.org.v;
		c = as_person(w, 50, person, seats, n);
		row_zero(&lib_book, &row);
		row.base.id = rows[k].id;
		row.base.org.v = org;
		bool in_sql = find(c, rows[k].e, rows[k].id, &got) == OK;
		assert_int_equal(in_sql, may(c, rows[k].e, READ, &row));
		agreed++;
		seen += in_sql;
	}
	assert_int_equal(agreed, 300);
	assert_true(seen > 50 && seen < 250);
	world_close(w);
}

static void routes_ask_for_roles_at_a_place(void **state)
{
	struct world *w = world_open(state);
	static const struct grant desk[] = { { &librarian, &at_org }, { &dept_officer, &in_tree }, END };
	struct ctx *c = as_librarian(w, SCHOOL_A);

	assert_true(allowed(c, desk, (org_id){ SCHOOL_A }));
	assert_false(allowed(c, desk, (org_id){ SCHOOL_B }));
	assert_true(allowed(c, desk, (org_id){ 0 }));
	assert_true(has_role(c, &librarian, (org_id){ 0 }));
	assert_false(has_role(c, &librarian, (org_id){ SCHOOL_B }));
	assert_int_equal(seat_org(c, &librarian).v, SCHOOL_A);
	c = AS(w, 2, 2, { &dept_officer, { DEPT }, { 0 }, { 99999 } });
	assert_true(allowed(c, desk, (org_id){ SCHOOL_B }));
	assert_false(allowed(c, desk, (org_id){ 777 }));
	assert_true(has_role(c, &dept_officer, (org_id){ SCHOOL_B }));
	c = as_nobody(w);
	assert_false(allowed(c, desk, (org_id){ 0 }));
	assert_true(allowed(c, for_anyone, (org_id){ 0 }));
	assert_false(allowed(c, for_signed, (org_id){ 0 }));
	world_close(w);
}

static void the_system_is_the_only_way_round(void **state)
{
	struct world *w = world_open(state);
	int64_t a = put_book(w, SCHOOL_A, "In A", "kín", 1);
	struct lib_book got;
	struct ctx *c = as_nobody(w);

	assert_int_equal(find(c, &lib_book, a, &got), E_MISSING);
	const struct actor *who = as_system(c, "test");
	assert_int_equal(find(c, &lib_book, a, &got), OK);
	assert_text(got.note, "kín");
	as_actor(c, who);
	assert_int_equal(find(c, &lib_book, a, &got), E_MISSING);

	/* the history names who was at work */
	c = AS(w, 77, 7, { &teacher, { SCHOOL_B }, { 0 }, { 99999 } });
	who = as_system(c, "test");
	assert_int_equal(find(c, &lib_book, a, &got), OK);
	got.title = S("Changed");
	assert_int_equal(update(c, &lib_book, &got), OK);
	as_actor(c, who);
	int64_t lines;
	assert_int_equal(db_int(w->db, "SELECT COUNT(*) FROM audit WHERE user_id = 77", NULL, 0, &lines), OK);
	assert_int_equal(lines, 1);
	assert_int_equal(update(c, &lib_book, &got), E_MISSING);
	world_close(w);
}

static void looks_at_personal_data_are_written_down(void **state)
{
	struct world *w = world_open(state);
	int64_t a = put_book(w, SCHOOL_A, "In A", "kín", 1);
	struct lib_book got;
	items lines;
	struct ctx *c = AS(w, 6, PUPIL_A, { &pupil, { SCHOOL_A }, { 0 }, { 99999 } });

	/* the pupil does not see the private column: nothing to note */
	assert_int_equal(find(c, &lib_book, a, &got), OK);
	assert_int_equal(reads_write(c, true), OK);
	assert_int_equal(rows_in(w, "seen"), 0);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(find(c, &lib_book, a, &got), OK);
	assert_int_equal(find(c, &lib_book, a, &got), OK);
	assert_int_equal(reads_write(c, false), OK);
	assert_int_equal(rows_in(w, "seen"), 0);
	reads_flush(&w->app, false);
	assert_int_equal(rows_in(w, "seen"), 0);
	w->time += 3000;
	c = as_librarian(w, SCHOOL_A);
	put_book(w, SCHOOL_A, "Also", "kín", 1);
	c = as_librarian(w, SCHOOL_A);
	books(c);
	assert_int_equal(reads_write(c, false), OK);
	assert_int_equal(rows_in(w, "seen"), 2);
	assert_int_equal(reads_of(c, &lib_book, a, 10, &lines), OK);
	assert_int_equal(lines.n, 2);
	assert_int_equal(((const struct read_line *)lines.p)->user.v, 110);
	assert_int_equal(((const struct read_line *)lines.p)->n, 2);
	books(c);
	reads_flush(&w->app, true);
	assert_int_equal(rows_in(w, "seen"), 3);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(scopes_bound_what_is_found), ON_BOTH(a_row_stays_where_its_writer_may_write),
			ON_BOTH(hidden_columns_are_empty_and_stay),
		ON_BOTH(a_column_shows_where_one_grant_shows_it), ON_BOTH(families_see_their_own),
		ON_BOTH(the_predicate_and_its_twin_agree),
		ON_BOTH(routes_ask_for_roles_at_a_place), ON_BOTH(the_system_is_the_only_way_round),
		ON_BOTH(looks_at_personal_data_are_written_down) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("perm", tests, NULL, NULL);
}
