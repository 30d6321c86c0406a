/* Hostile text in every place a request has: an answer below 500, nothing left open, nothing half written, nothing
 * unescaped. */
#include "pages.h"
#include "web/html.h"

static str encoded(struct site *s, str text)
{
	struct buf b;
	buf_init(&b, &s->w->mem, 1 << 20);
	put_url(&b, text);
	return buf_str(&b);
}

static str as_json(struct site *s, str text)
{
	struct buf b;
	buf_init(&b, &s->w->mem, 1 << 20);
	put_json(&b, text);
	return buf_str(&b);
}

/* A page may hold the text only escaped: none of its elements came alive. */
static void no_markup_came_through(struct site *s, str text)
{
	static const char *const marks[] = { "<script>alert", "<img src=x", "<svg onload", "<iframe", "<IMG", "<SCRIPT",
		"<body onload", "\" onmouseover=" };
	if (!str_starts(s->p.type, S("text/html")))
		return;
	for (int i = 0; i < COUNT(marks); i++)
		if (str_find(page(s), str_of(marks[i])) >= 0)
			fail_msg("unescaped %s of %.*s", marks[i], FMT(text));
}

static void answered(struct site *s, int status, const char *where, str text)
{
	static const int good[] = { 200, 201, 204, 303, 400, 401, 403, 404, 405, 409, 413, 422 };
	for (int i = 0; i < COUNT(good); i++)
		if (status == good[i]) {
			no_markup_came_through(s, text);
			return;
		}
	fail_msg("%s with \"%.*s\": %d", where, FMT(text), status);
}

static void try_queries(struct site *s, str text)
{
	static const char *const places[] = { "/lib_book?q=%s", "/lib_book?kind=%s", "/lib_book?sort=%s",
		"/lib_book?after=%s", "/lib_book?before=%s",
		"/lib_book?year.from=%s", "/lib_book?author=%s", "/lib_book/pick?q=%s", "/tim?q=%s", "/all?q=%s", "/doi?q=%s",
		"/lib_loan?reader=%s",
		"/lib_loan?due.to=%s&reader.text=x", "/ngon-ngu?lang=en&ve=%s", "/lib_book/new?title=%s", "/lib_book?%s=1" };
	const char *e = str_z(&s->w->mem, encoded(s, text));
	for (int i = 0; i < COUNT(places); i++) {
		char *address = malloc(strlen(e) + 200);
		snprintf(address, strlen(e) + 200, places[i], e);
		answered(s, ask(s, "librarian", GET, address, i % 2 ? JSON : NULL, NULL), places[i], text);
		free(address);
	}
}

/* As the server hands it over: decoded, valid UTF-8, without NUL, "..", "//". */
static void try_paths(struct site *s, str text)
{
	static const char *const places[] = { "/%s", "/lib_book/%s", "/lib_book/%s/edit", "/t/%s/lib_book", "/a/%s",
		"/lib_copy/1/do/%s" };
	if (str_find(text, S("?")) >= 0 || str_find(text, S("..")) >= 0 || str_find(text, S("//")) >= 0)
		return;
	for (int i = 0; i < COUNT(places); i++) {
		const char *z = str_z(&s->w->mem, text);
		char *address = malloc(strlen(z) + 100);
		snprintf(address, strlen(z) + 100, places[i], z);
		answered(s, ask(s, "librarian", i == 5 ? POST : GET, address, NULL, i == 5 ? "rev=1" : NULL), places[i], text);
		free(address);
	}
}

static void try_bodies(struct site *s, str text)
{
	const char *e = str_z(&s->w->mem, encoded(s, text)), *j = str_z(&s->w->mem, as_json(s, text));
	size_t n = strlen(e) * 6 + strlen(j) * 4 + 300;
	char *body = malloc(n);
	snprintf(body, n, "title=%s&author=%s&year=%s&kind=story&price=%s&isbn=", e, e, e, e);
	answered(s, ask(s, "librarian", POST, "/lib_book", NULL, body), "form", text);
	snprintf(body, n, "text=%s&longer=%s&book.text=%s&since=%s&mark=1", e, e, e, e);
	answered(s, ask(s, "librarian", POST, "/lib_sample", NULL, body), "sample", text);
	snprintf(body, n, "title=%s&author=%s&kind=story&_key=%s", e, e, e);
	answered(s, ask(s, "librarian", POST, "/lib_book", NULL, body), "text only", text);
	snprintf(body, n, "verb=%s&ids=%s&confirm=1", e, e);
	answered(s, ask(s, "librarian", POST, "/lib_book/bulk", NULL, body), "bulk", text);
	snprintf(body, n, "{\"title\":%s,\"author\":%s,\"kind\":%s}", j, j, j);
	answered(s, ask(s, ":librarian", POST, "/lib_book", JSON, body), "json", text);
	snprintf(body, n, "{%s:1,\"title\":%s,\"year\":%s}", j, j, j);
	answered(s, ask(s, ":librarian", POST, "/lib_book", JSON, body), "json names", text);
	if (text.n > 0 && text.p[0] == '{')
		answered(s, ask(s, ":librarian", POST, "/lib_book", JSON, str_z(&s->w->mem, text)), "raw json", text);
	free(body);
}

static void try_session(struct site *s, str text)
{
	char who[90];
	snprintf(who, sizeof who, "%.*s", (int)(text.n > 80 ? 80 : text.n), text.p);
	answered(s, ask(s, who, GET, "/lib_book", NULL, NULL), "session", text);
}

static void try_all(struct site *s, const char *file, int step)
{
	str all, line, clean;
	int n = 0;
	if (!shared_file(&s->w->mem, file, &all))
		return;
	while (all.n > 0) {
		str_cut(all, '\n', &line, &all);
		if (line.n == 0 || line.p[0] == '#' || line.n > 3000 || n++ % step)
			continue;
		try_queries(s, line);
		try_bodies(s, line);
		if (form_clean(&s->w->mem, line, &clean)) {
			try_paths(s, clean);
			try_session(s, clean);
		}
	}
	print_message("%s: %d lines\n", file, n);
}

static void hostile_text_is_answered(void **state)
{
	static const char *const files[] = { "hostile-inputs/strings/blns.txt", "hostile-inputs/strings/xss_xss-rsnake.txt",
		"hostile-inputs/strings/xss_XSSPolyglot.txt", "hostile-inputs/strings/sql-injection_detect_xplatform.txt",
		"hostile-inputs/strings/json_JSON_Fuzzing.txt",
		"hostile-inputs/strings/path-traversal_traversals-8-deep-exotic-encoding.txt",
		"hostile-inputs/strings/unicode_naughty-unicode.txt", "hostile-inputs/strings/http-protocol_crlf-injection.txt",
		"hostile-inputs/strings/format-strings_format-strings.txt",
		"hostile-inputs/strings/integer-overflow_integer-overflows.txt" };
	struct site *s = site_open(state);
	bool postgres = db_kind(s->w->db) == DB_POSTGRES;
	arena_free(&s->w->mem);
	arena_init(&s->w->mem, (size_t)1 << 30);
	take_token(s, "librarian");
	for (int i = 0; i < COUNT(files); i++)
		try_all(s, files[i], postgres ? 5 : 1);
	/* what was accepted is shown escaped */
	assert_status(s, ask(s, "librarian", GET, "/lib_book?limit=500", NULL, NULL), 200);
	no_markup_came_through(s, S("list"));
	assert_status(s, ask(s, "librarian", GET, "/lib_sample?limit=500", NULL, NULL), 200);
	no_markup_came_through(s, S("list"));
	site_close(s);
}

/* Numbers, sizes and shapes at and beyond every edge. */
static void edges_are_answered(void **state)
{
	static const char *const numbers[] = { "0", "-1", "9223372036854775807", "9223372036854775808",
		"-9223372036854775809", "1e9", "0x10", "٣", "１２",
		"99999999999999999999999999", "1.5", "1,5", "NaN", " 12 ", "+5", "--5", "00000000000000000000001" };
	struct site *s = site_open(state);
	char body[400];
	take_token(s, "librarian");
	for (int i = 0; i < COUNT(numbers); i++) {
		str n = str_of(numbers[i]);
		try_queries(s, n);
		try_paths(s, n);
		snprintf(body, sizeof body, "title=a&kind=story&year=%s&price=%s&rev=%s", numbers[i], numbers[i], numbers[i]);
		answered(s, ask(s, "librarian", POST, "/lib_book", NULL, body), "number", n);
		snprintf(body, sizeof body, "{\"title\":\"a\",\"kind\":\"story\",\"year\":%s}", numbers[i]);
		answered(s, ask(s, ":librarian", POST, "/lib_book", JSON, body), "json number", n);
		snprintf(body, sizeof body, "{\"rev\":%s,\"title\":\"a\"}", numbers[i]);
		answered(s, ask(s, ":librarian", PATCH, "/lib_book/1", JSON, body), "rev", n);
	}
	const char *bodies[] = { "{}", "{\"title\":null}", "{\"title\":[]}", "{\"title\":{}}", "{\"title\":true}",
		"{\"kind\":3}", "{\"year\":\"1999\"}",
		"{\"ids\":1}", "{\"ids\":[[]]}", "{\"ids\":null,\"verb\":null}", "{\"verb\":\"retire\",\"ids\":\"all\"}",
		"{\"rev\":{}}", "{\"text\":1}" };
	for (int i = 0; i < COUNT(bodies); i++) {
		answered(s, ask(s, ":librarian", POST, "/lib_book", JSON, bodies[i]), "shape", str_of(bodies[i]));
		answered(s, ask(s, ":librarian", POST, "/lib_book/bulk", JSON, bodies[i]), "bulk shape", str_of(bodies[i]));
		answered(s, ask(s, ":librarian", PATCH, "/lib_book/1", JSON, bodies[i]), "patch shape", str_of(bodies[i]));
	}
	site_close(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(hostile_text_is_answered), ON_BOTH(edges_are_answered) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("page_hostile", tests, NULL, NULL);
}
