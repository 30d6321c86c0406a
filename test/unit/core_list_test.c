/* Lists: order, pages, filters, words, titles; and the named queries of modules. */
#include "library.h"

static int64_t put_book(struct ctx *c, const char *title, const char *author, int64_t year)
{
	struct lib_book b = book_of(title);
	b.author = str_of(author);
	b.year = year;
	assert_int_equal(create(c, &lib_book, &b), OK);
	return b.base.id;
}

static const struct lib_book *book_at(const struct list_answer *a, int64_t i)
{
	assert_true(i < a->rows.n);
	return (const struct lib_book *)a->rows.p + i;
}

static void names_sort_as_vietnamese_do(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	const char *titles[] = { "Đèn", "Dế", "Ăn", "An", "Ân", "Zebra", "Em", "Ông" };
	const char *want[] = { "An", "Ăn", "Ân", "Dế", "Đèn", "Em", "Ông", "Zebra" };
	struct list_answer a;

	for (int i = 0; i < (int)COUNT(titles); i++)
		put_book(c, titles[i], "", 2000);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book }, &a), OK);
	assert_int_equal(a.rows.n, COUNT(want));
	for (int i = 0; i < (int)COUNT(want); i++)
		assert_text(book_at(&a, i)->title, want[i]);

	/* people by given name */
	const char *people[] = { "Trần Văn Bình", "Lê Thị An", "Nguyễn Văn An", "Phạm Ánh" };
	const char *order[] = { "Lê Thị An", "Nguyễn Văn An", "Phạm Ánh", "Trần Văn Bình" };
	for (int i = 0; i < (int)COUNT(people); i++) {
		struct reader r;
		row_zero(&reader, &r);
		r.name = str_of(people[i]);
		assert_int_equal(create(c, &reader, &r), OK);
	}
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &reader }, &a), OK);
	for (int i = 0; i < (int)COUNT(order); i++)
		assert_text(((const struct reader *)a.rows.p)[i].name, order[i]);
	world_close(w);
}

/* The words of a column's filter stand in that column, whatever else the row says. */
static void a_word_filter_is_of_its_column(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct list_answer a;
	const struct list_filter title = { offsetof(struct lib_book, title), LIST_LIKE, v_text(S("binh")) },
		author = { offsetof(struct lib_book, author), LIST_LIKE, v_text(S("nguyen binh")) };

	put_book(c, "Hòa bình", "Nguyễn Văn An", 2000);
	put_book(c, "Chiến tranh", "Nguyễn Thị Bình", 2001);
	put_book(c, "Bình minh", "Nguyễn Bình", 2002);
	for (int i = 0; i < 60; i++)                     /* more than a page that the index finds and the column has not */
		put_book(c, "Sách", "Trần Bình", 1950);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = &title, .n_filters = 1 }, &a), OK);
	assert_int_equal(a.rows.n, 2);
	assert_text(book_at(&a, 0)->title, "Bình minh");
	assert_text(book_at(&a, 1)->title, "Hòa bình");
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = &author, .n_filters = 1 }, &a), OK);
	assert_int_equal(a.rows.n, 2);
	assert_text(book_at(&a, 0)->title, "Bình minh");
	const struct list_filter both[] = { title, author };
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = both, .n_filters = 2 }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("binh"), .limit = 100 }, &a), OK);
	assert_int_equal(a.rows.n, 63);
	world_close(w);
}

/* Every row exactly once, forward and back, for every order, with empty and equal values among them. */
static void pages_hold_every_row_once(void **state)
{
	struct world *w = world_open(state);
	const col sorts[] = { 0, offsetof(struct lib_sample, since), offsetof(struct lib_sample, mark),
		offsetof(struct lib_sample, number),
		offsetof(struct lib_sample, text), offsetof(struct base, changed), offsetof(struct lib_sample, book) };
	const int64_t books[] = { put_book(as_librarian(w, SCHOOL_A), "Đất rừng phương Nam", "", 1957),
		put_book(as_librarian(w, SCHOOL_A), "Dế Mèn phiêu lưu ký", "", 1941), 0 };
	uint64_t seed = 9;
	enum { N = 37 };

	for (int i = 0; i < N; i++) {
		struct ctx *c = as_librarian(w, SCHOOL_A);
		struct lib_sample s;
		row_zero(&lib_sample, &s);
		s.since.v = next_number(&seed) % 3 ? (int32_t)(next_number(&seed) % 4) : s.since.v;
		s.mark.v = next_number(&seed) % 2 ? (int32_t)(next_number(&seed) % 3) : s.mark.v;
		s.number = (int64_t)(next_number(&seed) % 5) - 2;
		s.text = next_number(&seed) % 3 ? S("x") : S("");
		s.book.v = books[next_number(&seed) % COUNT(books)];
		assert_int_equal(create(c, &lib_sample, &s), OK);
	}
	for (int k = 0; k < (int)COUNT(sorts) * 2; k++) {
		int64_t ids[N], n = 0;
		char after[900] = "", first[20][900];
		int pages = 0;
		struct list_answer a;
		do {
			struct ctx *c = as_librarian(w, SCHOOL_A);
			struct list_ask ask = { .e = &lib_sample, .sort = sorts[k / 2], .down = k % 2, .limit = 5,
				.after = str_of(after), .count = true };
			assert_int_equal(list_rows(c, &ask, &a), OK);
			assert_int_equal(a.count, N);
			assert_int_equal(a.before, pages > 0);
			assert_true(a.rows.n == 5 || !a.more);
			for (int64_t i = 0; i < a.rows.n; i++)
				ids[n++] = ((const struct lib_sample *)a.rows.p)[i].base.id;
			snprintf(after, sizeof after, "%.*s", FMT(a.last));
			snprintf(first[pages++], sizeof first[0], "%.*s", FMT(a.first));
		} while (a.more);
		assert_int_equal(n, N);
		for (int i = 0; i < N; i++)
			for (int j = 0; j < i; j++)
				assert_true(ids[i] != ids[j]);
		/* back from each page's first row: the page before it */
		for (int p = 1; p < pages; p++) {
			struct ctx *c = as_librarian(w, SCHOOL_A);
			struct list_ask ask = { .e = &lib_sample, .sort = sorts[k / 2], .down = k % 2, .limit = 5,
				.after = str_of(first[p]), .back = true };
			assert_int_equal(list_rows(c, &ask, &a), OK);
			assert_int_equal(a.rows.n, 5);
			assert_int_equal(a.before, p > 1);
			assert_true(a.more);
			for (int i = 0; i < 5; i++)
				assert_int_equal(((const struct lib_sample *)a.rows.p)[i].base.id, ids[5 * (p - 1) + i]);
		}
	}
	world_close(w);
}

/* By a reference: in the order of the other's list (D before Đ, as Vietnamese has them), down as well; what the reader
 * may not see of it neither orders the list nor stands in the key of a page. */
static void by_what_is_referred_to(void **state)
{
	static const char *const titles[] = { "Đất rừng phương Nam", "Dế Mèn phiêu lưu ký", "Tắt đèn", "Dấu chân" };
	static const int in_order[] = { 3, 1, 0, 2 };
	struct world *w = world_open(state);
	int64_t ids[COUNT(titles)];
	struct list_answer a;

	for (int i = 0; i < (int)COUNT(titles); i++) {
		struct ctx *c = as_librarian(w, SCHOOL_A);
		struct lib_sample s;
		row_zero(&lib_sample, &s);
		s.book.v = put_book(c, titles[i], "", 1950);
		assert_int_equal(create(c, &lib_sample, &s), OK);
		ids[i] = s.base.id;
	}
	for (int down = 0; down < 2; down++) {
		struct list_ask ask = { .e = &lib_sample, .sort = offsetof(struct lib_sample, book), .down = down };
		assert_int_equal(list_rows(as_librarian(w, SCHOOL_A), &ask, &a), OK);
		assert_int_equal(a.rows.n, COUNT(titles));
		for (int i = 0; i < (int)COUNT(titles); i++)
			assert_int_equal(((const struct lib_sample *)a.rows.p)[down ? (int)COUNT(titles) - 1 - i : i].base.id,
				ids[in_order[i]]);
		assert_true(a.last.n > 40);
	}
	/* a pupil's own loans, of copies that only their school's readers may see: by id, and no barcode in the key */
	struct reader who;
	row_zero(&reader, &who);
	who.name = S("An");
	assert_int_equal(create(as_librarian(w, SCHOOL_A), &reader, &who), OK);
	for (int i = 0; i < 2; i++) {
		struct ctx *c = as_librarian(w, SCHOOL_A);
		struct lib_copy copy;
		struct lib_loan loan;
		row_zero(&lib_copy, &copy);
		copy.book.v = put_book(c, "Sách", "", 1950);
		copy.barcode = i ? S("KHO-0001") : S("KHO-0002");
		assert_int_equal(create(c, &lib_copy, &copy), OK);
		row_zero(&lib_loan, &loan);
		loan.copy.v = copy.base.id;
		loan.reader.v = who.base.id;
		loan.who.v = 31;
		assert_int_equal(create(c, &lib_loan, &loan), OK);
		ids[i] = loan.base.id;
	}
	for (int mine = 0; mine < 2; mine++) {
		struct list_ask ask = { .e = &lib_loan, .sort = offsetof(struct lib_loan, copy) };
		assert_int_equal(list_rows(mine ? AS(w, 31, 31, { &pupil, { SCHOOL_B }, { 0 }, { 99999 } })
			: as_librarian(w, SCHOOL_A), &ask, &a), OK);
		assert_int_equal(a.rows.n, 2);
		assert_int_equal(((const struct lib_loan *)a.rows.p)[0].base.id, ids[mine ? 0 : 1]);
		assert_int_equal(a.last.n < 20, mine);
	}
	world_close(w);
}

static void filters_and_words_narrow(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct list_answer a;
	int64_t de_men = put_book(c, "Dế Mèn phiêu lưu ký", "Tô Hoài", 1941);
	put_book(c, "Tắt đèn", "Ngô Tất Tố", 1937);
	put_book(c, "100%_thật\\", "", 0);
	struct list_filter year[] = { { offsetof(struct lib_book, year), LIST_FROM, v_int(1940) },
		{ offsetof(struct lib_book, year), LIST_TO, v_int(1950) } };
	struct list_filter none[] = { { offsetof(struct lib_book, author), LIST_NONE, v_null() } };
	struct list_filter kind[] = { { offsetof(struct lib_book, kind), LIST_IS, v_text(S("text")) } },
		first[] = { { offsetof(struct lib_book, kind), LIST_AMONG, v_int(1) } },
		others[] = { { offsetof(struct lib_book, kind), LIST_AMONG, v_int(2 | 4) } };

	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("de men TO") }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	assert_int_equal(book_at(&a, 0)->base.id, de_men);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("đèn") }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	/* a word is found from its beginning, not from within */
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("hieu to") }, &a), OK);
	assert_int_equal(a.rows.n, 0);
	/* signs that LIKE knows mean themselves */
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("100%_t") }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("100%_that\\") }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("1%t") }, &a), OK);
	assert_int_equal(a.rows.n, 0);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .words = S("d%n") }, &a), OK);
	assert_int_equal(a.rows.n, 0);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = year, .n_filters = 2,
		.count = true }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	assert_int_equal(a.count, 1);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = none, .n_filters = 1 }, &a), OK);
	assert_int_equal(a.rows.n, 1);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = kind, .n_filters = 1 }, &a), OK);
	assert_int_equal(a.rows.n, 3);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = first, .n_filters = 1 }, &a), OK);
	assert_int_equal(a.rows.n, 3);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .filters = others, .n_filters = 1 }, &a), OK);
	assert_int_equal(a.rows.n, 0);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .ids = &de_men, .n_ids = 1 }, &a), OK);
	assert_int_equal(a.rows.n, 1);

	/* keys from elsewhere are refused */
	const char *bad[] = { "x", "AAAA", "____", "!!!", "AQAAAAAAAAAAAAAAAAAAAA", "AX8CAAAAAAAAAP8AAAAAAAAAAA" };
	for (int i = 0; i < (int)COUNT(bad); i++) {
		c = as_librarian(w, SCHOOL_A);
		assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .after = str_of(bad[i]) }, &a), E_INVALID);
	}
	world_close(w);
}

static void references_have_titles_in_one_query(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct list_answer a;
	int64_t book[3];

	for (int i = 0; i < 3; i++)
		book[i] = put_book(c, (const char *[]){ "Một", "Hai", "Ba" }[i], "", 2000);
	for (int i = 0; i < 45; i++) {
		struct lib_copy x;
		row_zero(&lib_copy, &x);
		x.book.v = book[i % 3];
		x.barcode = TEXT(c, "B%02d", i);
		assert_int_equal(create(c, &lib_copy, &x), OK);
	}
	c = as_librarian(w, SCHOOL_A);
	uint64_t before = db_count(w->db);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_copy, .titles = true, .limit = 45 }, &a), OK);
	assert_int_equal(db_count(w->db) - before, 2);
	assert_int_equal(a.rows.n, 45);
	const struct lib_copy *x = a.rows.p;
	assert_text(x[4].barcode, "B04");
	assert_text(list_title(&a, &lib_copy.fields[0], x[4].book.v), "Hai");
	assert_text(list_title(&a, &lib_copy.fields[0], 99), "");
	/* only the columns asked for are fetched */
	const col show[] = { offsetof(struct lib_copy, shelf), 0 };
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_copy, .show = show }, &a), OK);
	x = a.rows.p;
	assert_int_equal(x[0].barcode.n, 0);
	world_close(w);
}

static enum rc count_row(struct ctx *c, const void *row, void *arg)
{
	(void)c;
	return ++*(int *)arg == 1200 && ((const struct base *)row)->id == 0 ? E_STATE : OK;
}

static void exports_walk_every_row(void **state)
{
	struct world *w = world_open(state);
	int n = 0;
	assert_int_equal(db_begin(w->db), OK);
	for (int i = 0; i < 1100; i++) {
		struct ctx *c = as_librarian(w, SCHOOL_A);
		struct lib_sample s;
		row_zero(&lib_sample, &s);
		s.number = i % 3;
		assert_int_equal(create(c, &lib_sample, &s), OK);
	}
	assert_int_equal(db_commit(w->db), OK);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	assert_int_equal(list_each(c, &(struct list_ask){ .e = &lib_sample }, count_row, &n), OK);
	assert_int_equal(n, 1100);
	world_close(w);
}

/* ---- named queries --------------------------------------------------------------------------- */

struct by_kind { str kind; int64_t n; };
#define ROW struct by_kind
static const struct shape by_kind = { sizeof(ROW), FIELDS{ { COL(kind), .label = { "a", "a" } },
	{ COL(n), .label = { "b", "b" } }, END } };
#undef ROW
struct since_in { int64_t year; str author; pick kind; };
#define ROW struct since_in
static const struct shape since_in = { sizeof(ROW), FIELDS{ { COL(year) }, { COL(author) },
	{ COL(kind), .pick = kinds }, END } };
#undef ROW

static const char sql[] =
	"-- how many of each kind: what a comment says, :nothing and {nothing}\n"
	"-- name: kinds\n"
	"SELECT b.kind, COUNT(*) FROM lib_book b -- :remark\n"
	"WHERE b.year >= :year AND b.title <> ':user' AND b.gone = 0 AND {can:lib_book b}\n"
	"GROUP BY b.kind ORDER BY b.kind;\n"
	"\n"
	"-- name: mine\n-- open: counts only the asker's own rows\n"
	"SELECT COUNT(*) FROM lib_book WHERE made_by = :user AND changed <= :now AND :person > 0 AND :today > 0 AND "
		":here = 0\n"
	"-- name: both\n"
	"SELECT COUNT(*) FROM lib_copy c JOIN lib_book b ON b.id = c.book WHERE {can:lib_copy c} AND {can:lib_book b} "
		"AND b.kind = :kind\n"
	"-- name: empty_author\n-- open: test\nSELECT COUNT(*) FROM lib_book WHERE (:author IS NULL OR author = :author)\n"
	"-- name: lift\nUPDATE lib_book SET price = price + 1 WHERE {can:lib_book lib_book}\n";

static void named_queries_are_permitted(void **state)
{
	struct world *w = world_open(state);
	char why[256] = "";
	items got;
	int64_t n;
	if (!queries_add(w->app.registry, S("library"), str_of(sql), why))
		fail_msg("%s", why);
	assert_true(queries_prove(w->app.registry, w->db, why));
	struct ctx *c = as_librarian(w, SCHOOL_A);
	put_book(c, "a", "x", 2000);
	put_book(c, "b", "", 2001);
	struct lib_book old = book_of("old");
	old.year = 1900;
	assert_int_equal(create(c, &lib_book, &old), OK);
	c = as_librarian(w, SCHOOL_B);
	struct lib_book story = book_of("s");
	story.year = 2000;
	story.kind = 2;
	assert_int_equal(create(c, &lib_book, &story), OK);

	struct since_in in = { .year = 1950 };
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(query(c, "library/kinds", &since_in, &in, &by_kind, &got, 10), OK);
	assert_int_equal(got.n, 1);
	assert_text(((const struct by_kind *)got.p)->kind, "text");
	assert_int_equal(((const struct by_kind *)got.p)->n, 2);
	assert_int_equal(query_int(c, "library/mine", NULL, NULL, &n), OK);
	assert_int_equal(n, 3);
	assert_int_equal(query_int(c, "library/both", &since_in, &in, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(query_int(c, "library/empty_author", &since_in, &in, &n), OK);
	assert_int_equal(n, 4);
	in.author = S("x");
	assert_int_equal(query_int(c, "library/empty_author", &since_in, &in, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(execute(c, "library/lift", NULL, NULL, &n), OK);
	assert_int_equal(n, 3);

	c = AS(w, 2, 2, { &dept_officer, { DEPT }, { 0 }, { 99999 } });
	assert_int_equal(query(c, "library/kinds", &since_in, &in, &by_kind, &got, 10), OK);
	assert_int_equal(got.n, 2);
	struct by_kind one;
	assert_int_equal(query_one(c, "library/kinds", &since_in, &in, &by_kind, &one), OK);
	c = as_nobody(w);
	assert_int_equal(query(c, "library/kinds", &since_in, &in, &by_kind, &got, 10), OK);
	assert_int_equal(got.n, 0);
	assert_int_equal(query_one(c, "library/kinds", &since_in, &in, &by_kind, &one), E_MISSING);
	assert_int_equal(query_int(c, "library/nothing", NULL, NULL, &n), E_FAULT);
	assert_int_equal(query_int(c, "library/kinds", NULL, NULL, &n), E_FAULT);
	world_close(w);
}

static void malformed_queries_are_refused(void **state)
{
	struct world *w = world_open(state);
	const char *bad[] = { "-- name: a\nSELECT 1\n", "-- name: a\n-- open: x\n", "-- name: a\nSELECT {can:nothing x}\n",
		"-- name: a\nSELECT {can:lib_book b\n",
		"-- name: a\n-- open: x\nSELECT 1\n-- name: a\n-- open: x\nSELECT 1\n" };
	char why[256];
	for (int i = 0; i < (int)COUNT(bad); i++) {
		char module[16];
		snprintf(module, sizeof module, "m%d", i);
		why[0] = 0;
		assert_false(queries_add(w->app.registry, str_of(module), str_of(bad[i]), why));
		assert_string_not_equal(why, "");
	}
	assert_true(queries_add(w->app.registry, S("broken"), S("-- name: x\n-- open: y\nSELECT nothing FROM nowhere\n"),
		why));
	assert_false(queries_prove(w->app.registry, w->db, why));
	assert_non_null(strstr(why, "broken/x"));
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(names_sort_as_vietnamese_do), ON_BOTH(a_word_filter_is_of_its_column),
			ON_BOTH(pages_hold_every_row_once), ON_BOTH(by_what_is_referred_to), ON_BOTH(filters_and_words_narrow),
		ON_BOTH(references_have_titles_in_one_query), ON_BOTH(exports_walk_every_row),
		ON_BOTH(named_queries_are_permitted),
		ON_BOTH(malformed_queries_are_refused) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
