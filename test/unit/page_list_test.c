/* Lists, search, bulk actions and the pages around them, on both engines: what is asked in the address is what is
 * answered. */
#include "pages.h"
#include "core/job.h"

static void add_books(struct site *s, int n)
{
	static const char *const names[] = { "An", "Bình", "Đông", "Dung", "Ánh", "Yến", "Ổi" };
	char body[300];
	for (int i = 0; i < n; i++) {
		snprintf(body, sizeof body,
			"{\"title\":\"Sách %s %03d\",\"author\":\"Nguyễn Văn %s\",\"kind\":\"%s\",\"year\":%d,\"price\":%d}",
			names[i % 7], i,
			names[(i * 3) % 7], i % 3 == 0 ? "text" : i % 3 == 1 ? "ref" : "story", 1990 + i % 30, 1000 * (i % 11));
		assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON, body), 201);
	}
}

/* Walks a list by its keys, forwards then backwards, and gives the titles in order. */
static int walk(struct site *s, const char *query, str *titles, bool back)
{
	char address[2000];
	int n = 0;
	str key = S("");
	for (int page_no = 0; page_no < 100; page_no++) {
		snprintf(address, sizeof address, "/lib_book?limit=7%s%s%.*s", query, key.n == 0 ? "" : back ? "&before="
			: "&after=", FMT(key));
		assert_status(s, ask(s, ":librarian", GET, address, JSON, NULL), 200);
		str left = page(s);
		int first = n;
		for (ptrdiff_t i = str_find(left, S("\"title\":\"")); i >= 0; i = str_find(left, S("\"title\":\""))) {
			left = str_sub(left, i + 9, -1);
			titles[n++] = str_copy(&s->w->mem, str_sub(left, 0, str_find(left, S("\""))));
		}
		if (back)
			for (int i = 0; i < (n - first) / 2; i++) {
				str t = titles[first + i];
				titles[first + i] = titles[n - 1 - i];
				titles[n - 1 - i] = t;
			}
		key = str_copy(&s->w->mem, back ? between(s, "\"before\":\"", "\"") : between(s, "\"after\":\"", "\""));
		if (key.n == 0)
			break;
	}
	return n;
}

static void pages_follow_one_another_without_gap_or_repeat(void **state)
{
	static const char *const orders[] = { "", "&sort=-title", "&sort=author", "&sort=-author", "&sort=year",
		"&sort=-year", "&sort=kind",
		"&kind=ref", "&year.from=2000&year.to=2010", "&q=binh", "&sort=-year&kind=story" };
	struct site *s = site_open(state);
	str on[80], off[80];
	add_books(s, 61);
	for (int i = 0; i < COUNT(orders); i++) {
		int n = walk(s, orders[i], on, false);
		str count = between(s, "\"count\":", ",");
		int64_t counted;
		assert_true(str_to_int(count, &counted));
		assert_int_equal(counted, n);
		for (int a = 0; a < n; a++)
			for (int b = 0; b < a; b++)
				assert_false(str_eq(on[a], on[b]));
		if (n < 8)
			continue;
		/* from the last page back to the first: the same rows the other way */
		char last[600];
		snprintf(last, sizeof last, "%s&after=x", orders[i]);
		assert_status(s, ask(s, ":librarian", GET, str_z(&s->w->mem, str_fmt(&s->w->mem, "/lib_book?limit=7%s",
			last)), JSON, NULL), 422);
		assert_status(s, ask(s, ":librarian", GET, str_z(&s->w->mem, str_fmt(&s->w->mem, "/lib_book?limit=%d%s",
			n - 1, orders[i])), JSON, NULL), 200);
		str key = str_copy(&s->w->mem, between(s, "\"after\":\"", "\""));
		assert_true(key.n > 0);
		char address[1200];
		snprintf(address, sizeof address, "/lib_book?limit=500%s&after=%.*s", orders[i], FMT(key));
		assert_status(s, ask(s, ":librarian", GET, address, JSON, NULL), 200);
		key = str_copy(&s->w->mem, between(s, "\"before\":\"", "\""));
		assert_true(key.n > 0);
		int m = 0;
		for (str k = key; k.n; k = str_copy(&s->w->mem, between(s, "\"before\":\"", "\""))) {
			snprintf(address, sizeof address, "/lib_book?limit=7%s&before=%.*s", orders[i], FMT(k));
			assert_status(s, ask(s, ":librarian", GET, address, JSON, NULL), 200);
			str left = page(s);
			str some[10];
			int here = 0;
			for (ptrdiff_t j = str_find(left, S("\"title\":\"")); j >= 0; j = str_find(left, S("\"title\":\""))) {
				left = str_sub(left, j + 9, -1);
				some[here++] = str_copy(&s->w->mem, str_sub(left, 0, str_find(left, S("\""))));
			}
			while (here > 0)
				off[m++] = some[--here];
		}
		assert_int_equal(m, n - 1);
		for (int a = 0; a < m; a++)
			assert_true(str_eq(off[a], on[m - 1 - a]));
	}
	site_close(s);
}

static void names_stand_in_vietnamese_order(void **state)
{
	struct site *s = site_open(state);
	str on[80];
	add_books(s, 7);
	assert_int_equal(walk(s, "", on, false), 7);
	const char *want[] = { "Sách An 000", "Sách Ánh 004", "Sách Bình 001", "Sách Dung 003", "Sách Đông 002",
		"Sách Ổi 006", "Sách Yến 005" };
	for (int i = 0; i < 7; i++)
		assert_text(on[i], want[i]);
	site_close(s);
}

static void a_long_list_says_why_it_keeps_its_order(void **state)
{
	struct site *s = site_open(state);
	add_books(s, 1);
	many_units(s->w);
	copy_book(s->w, 1, 20000);
	assert_status(s, ask(s, "officer", GET, "/lib_book?sort=-year", NULL, NULL), 200);
	assert_has(s, "The list is too long for that order.");
	assert_has(s, "href=\"/lib_book?sort=-title\"");
	assert_hasnt(s, "sort=year");
	assert_hasnt(s, "sort=-year");
	assert_status(s, ask(s, "officer", GET, "/lib_book?sort=-year", JSON, NULL), 422);
	assert_status(s, ask(s, "librarian", GET, "/lib_book?sort=-year", NULL, NULL), 200);
	assert_hasnt(s, "too long");
	assert_has(s, "aria-sort=\"descending\"");
	site_close(s);
}

static void the_page_of_a_list(void **state)
{
	struct site *s = site_open(state);
	add_books(s, 55);
	assert_status(s, ask(s, "librarian", GET, "/lib_book", NULL, NULL), 200);
	assert_has(s, "55 books");
	assert_has(s, "rel=\"next\"");
	assert_has(s, "aria-sort=\"ascending\"");
	assert_has(s, "href=\"/lib_book?sort=-title\"");
	assert_has(s, "href=\"/lib_book/export?format=xlsx\"");
	assert_has(s, "href=\"/lib_book/new\"");
	assert_has(s, "value=\"retire\"");
	assert_status(s, ask(s, "teacher", GET, "/lib_book", NULL, NULL), 200);
	assert_hasnt(s, "/lib_book/new");
	assert_hasnt(s, "/lib_book/export");
	assert_hasnt(s, "value=\"retire\"");
	assert_status(s, ask(s, "librarian", GET, "/lib_book?kind=ref&sort=-year&q=sach", NULL, NULL), 200);
	assert_has(s, "<option value=\"ref\" selected>");
	assert_has(s, "kind=ref");
	assert_has(s, "name=\"sort\" value=\"-year\"");
	assert_status(s, ask(s, "librarian", GET, "/lib_book?q=khongcogi", NULL, NULL), 200);
	assert_has(s, "No book matches the filters");
	assert_status(s, ask(s, "librarian", GET, "/lib_book?sort=note", NULL, NULL), 422);
	assert_status(s, ask(s, "pupil", GET, "/lib_book?sort=price", NULL, NULL), 422);
	assert_status(s, ask(s, "librarian", GET, "/lib_book?kind=nothing", NULL, NULL), 422);
	assert_status(s, ask(s, "librarian", GET, "/lib_book?year.from=abc", NULL, NULL), 422);
	site_close(s);
}

static void a_list_is_asked_for_gaps_and_for_several_states(void **state)
{
	static const struct { const char *q, *count; } asks[] = { { "author.none=1", ">1 book<" },
		{ "author.none=0", "6 books" }, { "kind=text,ref", "5 books" }, { "kind=ref,story", "4 books" },
		{ "kind=ref,story&author.none=1", "No book matches the filters" } };
	struct site *s = site_open(state);
	add_books(s, 6);                                         /* two of each kind */
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON,
		"{\"title\":\"Không ai viết\",\"kind\":\"text\",\"year\":2000}"), 201);
	for (int i = 0; i < COUNT(asks); i++) {
		assert_status(s, ask(s, "librarian", GET, str_z(&s->w->mem, str_fmt(&s->w->mem, "/lib_book?%s",
			asks[i].q)), NULL, NULL), 200);
		assert_has(s, asks[i].count);
	}
	/* what narrows the list is seen in the form, and goes along when another filter is added */
	assert_has(s, "<option value=\"ref,story\" selected>");
	assert_has(s, "name=\"author.none\"");
	assert_has(s, "<option value=\"1\" selected>Missing");
	assert_status(s, ask(s, "librarian", GET, "/lib_book?author.none=2", NULL, NULL), 422);
	assert_status(s, ask(s, "librarian", GET, "/lib_book?kind=text,nothing", NULL, NULL), 422);
	site_close(s);
}

static void a_few_letters_find_the_row(void **state)
{
	struct site *s = site_open(state);
	struct ctx *c = as_librarian(s->w, SCHOOL_A);
	struct reader r = { 0 };
	const char *names[] = { "Nguyễn Văn An", "Nguyễn Thị Ánh", "Trần Văn Bình" };
	for (int i = 0; i < 3; i++) {
		row_zero(&reader, &r);
		r.name = str_of(names[i]);
		assert_int_equal(create(c, &reader, &r), OK);
		assert_int_equal(search_change(c, &reader, NULL, &r), OK);
	}
	const struct { const char *q; int hits; const char *has;
		} asks[] = { { "nva", 1, "Nguyễn Văn An" }, { "nguyen", 2, "Nguyễn Thị Ánh" },
		{ "van%20b", 1, "Trần Văn Bình" }, { "an", 2, "Nguyễn Văn An" }, { "nguyen%20an", 2, "Nguyễn Văn An" },
		{ "B%C3%ACnh", 1, "Trần Văn Bình" },
		{ "khong", 0, "Nothing found" }, { "a", 0, "" } };
	for (int i = 0; i < COUNT(asks); i++) {
		assert_status(s, ask(s, "librarian", GET, str_z(&s->w->mem, str_fmt(&s->w->mem, "/tim?q=%s", asks[i].q)),
			NULL, NULL), 200);
		assert_has(s, asks[i].has);
		str left = page(s);
		int n = 0;
		for (ptrdiff_t j = str_find(left, S("href=\"/reader/")); j >= 0; j = str_find(left, S("href=\"/reader/"))) {
			left = str_sub(left, j + 5, -1);
			n++;
		}
		assert_int_equal(n, asks[i].hits);
		/* another school finds none of them */
		assert_status(s, ask(s, "librarian-b", GET, str_z(&s->w->mem, str_fmt(&s->w->mem, "/tim?q=%s", asks[i].q)),
			JSON, NULL), 200);
		assert_hasnt(s, "/reader/");
	}
	/* the department finds the pupils of its schools */
	assert_status(s, ask(s, "officer", GET, "/tim?q=nguyen", JSON, NULL), 200);
	assert_has(s, "/reader/");
	/* functions too, and a fragment for the palette */
	assert_status(s, ask(s, "librarian", GET, "/tim?q=book&manh=1", NULL, NULL), 200);
	assert_has(s, "href=\"/lib_book\"");
	assert_hasnt(s, "<!doctype");
	/* a row that goes is no longer found */
	c = as_librarian(s->w, SCHOOL_A);
	assert_int_equal(search_change(c, &reader, &r, NULL), OK);
	assert_status(s, ask(s, "librarian", GET, "/tim?q=binh", JSON, NULL), 200);
	assert_hasnt(s, "/reader/");
	site_close(s);
}

static void what_is_not_all_says_so(void **state)
{
	struct site *s = site_open(state);
	struct ctx *c = as_librarian(s->w, SCHOOL_A);
	struct reader r = { 0 };
	for (int i = 0; i < 9; i++) {
		assert_status(s, ask(s, "librarian", GET, "/tim?q=nguyen", NULL, NULL), 200);
		assert_hasnt(s, "there are more");               /* up to eight are all */
		assert_hasnt(s, "/reader?q=nguyen");
		c = as_librarian(s->w, SCHOOL_A);
		row_zero(&reader, &r);
		r.name = str_fmt(&s->w->mem, "Nguyễn Văn %c", 'A' + i);
		assert_int_equal(create(c, &reader, &r), OK);
		assert_int_equal(search_change(c, &reader, NULL, &r), OK);
	}
	assert_status(s, ask(s, "librarian", GET, "/tim?q=nguyen", NULL, NULL), 200);
	assert_has(s, "The first 8 results for “nguyen”; there are more");
	assert_has(s, "href=\"/reader?q=nguyen\"");
	assert_status(s, ask(s, "librarian", GET, "/reader?q=nguyen", NULL, NULL), 200);
	assert_has(s, "9 readers");
	/* the word for a kind is skipped where nothing is called so */
	assert_status(s, ask(s, "librarian", GET, "/tim?q=l%E1%BB%9Bp%20van%20c", NULL, NULL), 200);
	assert_has(s, "Nguyễn Văn C");
	assert_status(s, ask(s, "librarian", GET, "/tim?q=xyz%20van%20c", NULL, NULL), 200);
	assert_hasnt(s, "Nguyễn Văn C");
	site_close(s);
}

static void many_rows_at_once(void **state)
{
	struct site *s = site_open(state);
	add_books(s, 5);
	assert_status(s, ask(s, ":librarian", GET, "/lib_book", JSON, NULL), 200);
	str ids[5], left = page(s);
	for (int i = 0; i < 5; i++) {
		left = str_sub(left, str_find(left, S("{\"id\":")) + 6, -1);
		ids[i] = str_copy(&s->w->mem, str_sub(left, 0, str_find(left, S(","))));
	}
	take_token(s, "librarian");
	char body[300];
	snprintf(body, sizeof body, "verb=retire&ids=%.*s&ids=%.*s", FMT(ids[0]), FMT(ids[1]));
	assert_status(s, ask(s, "librarian", POST, "/lib_book/bulk", NULL, body), 200);
	assert_has(s, "2 can, 0 cannot.");
	assert_has(s, "name=\"confirm\"");
	assert_status(s, ask(s, "librarian", GET, "/lib_book", JSON, NULL), 200);
	assert_has(s, "\"count\":5");
	snprintf(body, sizeof body, "verb=retire&confirm=1&ids=%.*s&ids=%.*s&_key=z1", FMT(ids[0]), FMT(ids[1]));
	assert_status(s, ask(s, "librarian", POST, "/lib_book/bulk", NULL, body), 303);
	assert_status(s, ask(s, "librarian", GET, "/lib_book", JSON, NULL), 200);
	assert_has(s, "\"count\":3");
	assert_status(s, ask(s, "librarian", POST, "/lib_book/bulk", NULL, "verb=retire"), 422);
	assert_status(s, ask(s, "librarian", POST, "/lib_book/bulk", NULL, "verb=nothing&ids=1"), 422);
	assert_status(s, ask(s, ":teacher", POST, "/lib_book/bulk", JSON,
		"{\"verb\":\"retire\",\"ids\":[1],\"confirm\":true}"), 422);
	/* rows of another school are not touched, whoever names them */
	snprintf(body, sizeof body, "{\"verb\":\"retire\",\"confirm\":true,\"ids\":[%.*s]}", FMT(ids[3]));
	assert_status(s, ask(s, ":librarian-b", POST, "/lib_book/bulk", JSON, body), 200);
	assert_has(s, "\"n_can\":0");
	assert_status(s, ask(s, "librarian", GET, "/lib_book", JSON, NULL), 200);
	assert_has(s, "\"count\":3");
	assert_status(s, ask(s, "librarian", POST, "/lib_book/bulk", NULL, "verb=retire&confirm=1&all=1&kind=ref"), 303);
	assert_status(s, ask(s, "librarian", GET, "/lib_book?kind=ref", JSON, NULL), 200);
	assert_has(s, "\"count\":0");
	site_close(s);
}

static int64_t copies(struct site *s, const char *code)
{
	int64_t n = -1;
	assert_int_equal(db_int(s->w->db, "SELECT count(*) FROM lib_copy WHERE state = ?1 AND gone = 0",
		VALS(v_text(str_of(code))), &n), OK);
	return n;
}

/* 260 copies; ten of them are lost. Gives the id of one that is free. */
static int64_t add_copies(struct site *s)
{
	struct ctx *c = as_librarian(s->w, SCHOOL_A);
	struct lib_book book = book_of("");
	struct lib_copy x;
	book.title = S("Dế Mèn");
	assert_int_equal(create(c, &lib_book, &book), OK);
	for (int i = 0; i < 260; i++) {
		row_zero(&lib_copy, &x);
		x.book.v = book.base.id;
		x.barcode = TEXT(c, "C%04d", i);
		assert_int_equal(create(c, &lib_copy, &x), OK);
		if (i < 10)
			assert_int_equal(step(c, &lib_copy, &x, "lose"), OK);
	}
	return x.base.id;
}

struct job_at { char z[60]; };

static struct job_at job_address(struct site *s)
{
	struct job_at at;
	assert_true(str_starts(sent_header(s, "Location"), S("/viec/")));
	snprintf(at.z, sizeof at.z, "%.*s", FMT(sent_header(s, "Location")));
	return at;
}

/* The preview and its confirmation, by the same form. */
static struct job_at begin_bulk(struct site *s, const char *verb, const char *more, const char *says)
{
	char body[300];
	snprintf(body, sizeof body, "verb=%s&all=1", verb);
	assert_status(s, ask(s, "librarian", POST, "/lib_copy/bulk", NULL, body), 200);
	assert_has(s, says);
	char id[40];
	snprintf(id, sizeof id, "%.*s", FMT(between(s, "name=\"bulk\" value=\"", "\"")));
	assert_true(id[0] != 0);
	snprintf(body, sizeof body, "verb=%s&confirm=1&bulk=%s%s", verb, id, more);
	assert_status(s, ask(s, ":librarian-b", POST, "/lib_copy/bulk", JSON, body), 404);
	assert_status(s, ask(s, "librarian", POST, "/lib_copy/bulk", NULL, body), 303);
	struct job_at job = job_address(s);
	assert_status(s, ask(s, "librarian", POST, "/lib_copy/bulk", NULL, body), 404);      /* once */
	return job;
}

static void undo_bulk(struct site *s, struct job_at job, const char *says)
{
	char address[100];
	snprintf(address, sizeof address, "%s/undo", job.z);
	assert_status(s, ask(s, ":librarian-b", POST, address, JSON, ""), 404);
	assert_status(s, ask(s, "librarian", POST, address, NULL, ""), 303);
	struct job_at undo = job_address(s);
	jobs_run_due(&s->w->app);
	assert_status(s, ask(s, "librarian", GET, undo.z, NULL, NULL), 200);
	assert_has(s, says);
}

static void more_rows_than_a_request_should_do(void **state)
{
	struct site *s = site_open(state);
	int64_t free_id = add_copies(s), lines;
	struct audit_fault fault;
	struct lib_copy x;
	take_token(s, "librarian");
	struct job_at job = begin_bulk(s, "repair", "", "250 can, 10 cannot.");
	assert_int_equal(copies(s, "free"), 250);
	struct ctx *c = as_librarian(s->w, SCHOOL_A);
	assert_int_equal(find(c, &lib_copy, free_id, &x), OK);
	assert_int_equal(step(c, &lib_copy, &x, "lend"), OK);        /* between the preview and the deed */
	jobs_run_due(&s->w->app);
	assert_int_equal(copies(s, "repair"), 249);
	assert_status(s, ask(s, "librarian", GET, job.z, NULL, NULL), 200);
	assert_has(s, "249 rows done, 11 refused");
	assert_has(s, "/tep/");
	undo_bulk(s, job, "249 rows were taken back.");
	assert_int_equal(copies(s, "repair"), 0);
	assert_int_equal(copies(s, "free"), 249);
	char again[100];
	snprintf(again, sizeof again, "%s/undo", job.z);
	assert_status(s, ask(s, "librarian", POST, again, NULL, ""), 409);
	/* what the step asks for is written to every row, and taken back; nothing is, once somebody changed a row */
	job = begin_bulk(s, "repair", "", "249 can, 11 cannot.");
	jobs_run_due(&s->w->app);
	job = begin_bulk(s, "shelve", "&shelf=K7", "249 can, 11 cannot.");
	jobs_run_due(&s->w->app);
	assert_int_equal(db_int(s->w->db, "SELECT count(*) FROM lib_copy WHERE shelf = 'K7' AND state = 'free'", NULL, 0,
		&lines), OK);
	assert_int_equal(lines, 249);
	must(s->w, "UPDATE lib_copy SET rev = rev + 1 WHERE barcode = 'C0100'");
	undo_bulk(s, job, "1 rows were changed since");
	assert_int_equal(copies(s, "free"), 249);
	must(s->w, "UPDATE lib_copy SET rev = rev - 1 WHERE barcode = 'C0100'");
	undo_bulk(s, job, "249 rows were taken back.");
	assert_int_equal(copies(s, "repair"), 249);
	job = begin_bulk(s, "retire", "", "250 can, 10 cannot.");
	jobs_run_due(&s->w->app);
	assert_int_equal(copies(s, "repair"), 0);
	undo_bulk(s, job, "250 rows were taken back.");
	assert_int_equal(copies(s, "repair"), 249);
	assert_int_equal(audit_verify(s->w->db, &s->w->mem, &lines, &fault), OK);
	site_close(s);
}

static void what_stands_at_the_root(void **state)
{
	struct site *s = site_open(state);
	const struct { const char *path; const char *type, *has;
		} files[] = { { "/robots.txt", "text/plain; charset=utf-8", "Disallow" },
		{ "/healthz", "text/plain; charset=utf-8", "ok" }, { "/ngoai-tuyen", "text/html; charset=utf-8", "offline" },
		{ "/all", "text/html; charset=utf-8", "All functions" }, { "/tim", "text/html; charset=utf-8", "Search" },
		{ "/api/openapi.json", "application/json", "\"openapi\":\"3.1.0\"" } };
	for (int i = 0; i < COUNT(files); i++) {
		assert_status(s, ask(s, NULL, GET, files[i].path, i == 5 ? JSON : NULL, NULL), 200);
		assert_text(s->p.type, files[i].type);
		assert_has(s, files[i].has);
		assert_true(str_find(sent_header(s, "Content-Security-Policy"), S("default-src 'none'")) == 0);
		assert_text(sent_header(s, "X-Content-Type-Options"), "nosniff");
	}
	if (ask(s, NULL, GET, "/sw.js", NULL, NULL) == 200)          /* the interface was built */
		assert_text(s->p.type, "text/javascript; charset=utf-8");
	/* The tables of this world were made without recording a migration: the schema is not the program's. */
	assert_status(s, ask(s, NULL, GET, "/readyz", NULL, NULL), 503);
	assert_has(s, "schema");
	ask(s, NULL, GET, "/api/openapi.json", JSON, NULL);
	const char *bad = NULL;
	ptrdiff_t at = 0;
	const cJSON *api = json_read(&s->w->mem, page(s), &bad, &at);
	if (!api)
		fail_msg("openapi: %s at %td: %.*s", bad, at, FMT(str_sub(page(s), at > 80 ? at - 80 : 0, at + 40)));
	assert_non_null(json_get(json_get(api, "paths"), "/lib_book/{id}"));
	assert_non_null(json_get(json_get(json_get(api, "components"), "schemas"), "lib_loan"));
	assert_null(json_get(json_get(json_get(json_get(json_get(api, "components"), "schemas"), "reader"), "properties"),
		"token"));
	assert_status(s, ask(s, NULL, GET, "/ngon-ngu?lang=en&ve=/all", NULL, NULL), 303);
	assert_text(sent_header(s, "Location"), "/all");
	assert_status(s, ask(s, NULL, GET, "/ngon-ngu?lang=en&ve=//evil.test/", NULL, NULL), 303);
	assert_text(sent_header(s, "Location"), "/");
	assert_status(s, ask(s, NULL, GET, "/nothing", NULL, NULL), 404);
	assert_has(s, "0123456789abcdef");
	assert_status(s, ask(s, "librarian", DELETE, "/lib_book", NULL, NULL), 405);
	assert_text(sent_header(s, "Allow"), "GET, POST");
	assert_status(s, ask(s, NULL, GET, "/t/no-such-unit/lib_book", NULL, NULL), 404);
	site_close(s);
}

static unsigned sql_of(struct site *s, const char *who, const char *address)
{
	assert_status(s, ask(s, who, GET, address, NULL, NULL), 200);
	int64_t n = 0;
	assert_true(str_to_int(sent_header(s, "X-Khue-Sql"), &n));
	return (unsigned)n;
}

/* A page asks the database a fixed number of times, however many rows it shows. */
static void pages_keep_their_budgets(void **state)
{
	struct site *s = site_open(state);
	add_books(s, 3);
	assert_true(sql_of(s, "librarian", "/lib_book") <= 2);
	add_books(s, 60);
	unsigned many = sql_of(s, "librarian", "/lib_book");
	add_books(s, 60);
	assert_int_equal(sql_of(s, "librarian", "/lib_book"), many);
	assert_true(many <= 3);
	assert_true(sql_of(s, "librarian", "/lib_book/new") <= 2);
	assert_true(sql_of(s, "librarian", "/all") <= 1);
	assert_true(sql_of(s, "librarian", "/tim?q=sach") <= 6);
	assert_true(sql_of(s, "librarian", "/healthz") == 0);
	site_close(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(pages_follow_one_another_without_gap_or_repeat),
		ON_BOTH(names_stand_in_vietnamese_order),
		ON_BOTH(the_page_of_a_list), ON_BOTH(a_long_list_says_why_it_keeps_its_order),
		ON_BOTH(a_list_is_asked_for_gaps_and_for_several_states), ON_BOTH(a_few_letters_find_the_row),
		ON_BOTH(what_is_not_all_says_so),
		ON_BOTH(many_rows_at_once),
		ON_BOTH(more_rows_than_a_request_should_do), ON_BOTH(what_stands_at_the_root),
		ON_BOTH(pages_keep_their_budgets) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("page_list", tests, NULL, NULL);
}
