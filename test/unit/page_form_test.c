/* The default pages of an entity as people and programs use them, on both engines. */
#include "pages.h"

static int64_t add_book(struct site *s, const char *who, const char *title)
{
	char body[400];
	int64_t id = 0;
	snprintf(body, sizeof body,
		"{\"title\":\"%s\",\"kind\":\"story\",\"year\":1941,\"price\":45000,\"note\":\"dưới gầm bàn\"}", title);
	char bearer[40];
	snprintf(bearer, sizeof bearer, ":%s", who);
	assert_status(s, ask(s, bearer, POST, "/lib_book", JSON, body), 201);
	str_to_int(between(s, "\"id\":", ","), &id);
	assert_true(id > 0);
	return id;
}

static const char *at(struct site *s, const char *fmt, int64_t id)
{
	static char address[200];
	(void)s;
	snprintf(address, sizeof address, fmt, (long long)id);
	return address;
}

static void a_form_makes_a_row(void **state)
{
	struct site *s = site_open(state);
	assert_status(s, ask(s, "librarian", GET, "/lib_book/new", NULL, NULL), 200);
	assert_has(s, "<form class=\"don\" method=\"post\" action=\"/lib_book\"");
	assert_has(s, "name=\"title\"");
	assert_hasnt(s, "name=\"token\" value");
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL,
		"title=D%E1%BA%BF+M%C3%A8n&kind=story&year=1941&price=45.000&_key=k1"), 303);
	str where = str_copy(&s->w->mem, sent_header(s, "Location"));
	assert_true(str_starts(where, S("/lib_book/")));
	assert_int_equal(rows_in(s->w, "lib_book"), 1);
	assert_int_equal(rows_in(s->w, "audit"), 1);
	/* the same form again: the same answer, no second row */
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL,
		"title=D%E1%BA%BF+M%C3%A8n&kind=story&year=1941&price=45.000&_key=k1"), 303);
	assert_true(str_eq(sent_header(s, "Location"), where));
	assert_int_equal(rows_in(s->w, "lib_book"), 1);
	/* the key with other input is refused */
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, "title=Khac&kind=story&_key=k1"), 409);
	assert_int_equal(rows_in(s->w, "lib_book"), 1);
	assert_status(s, ask(s, "librarian", GET, str_z(&s->w->mem, where), NULL, NULL), 200);
	assert_has(s, "<h1>Dế Mèn</h1>");
	assert_has(s, "45.000");
	assert_has(s, "History");
	site_close(s);
}

static void what_is_wrong_stands_at_the_field_and_input_is_kept(void **state)
{
	struct site *s = site_open(state);
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL,
		"title=&isbn=12&year=1066&author=T%C3%B4+Ho%C3%A0i&price=abc"), 422);
	assert_has(s, "role=\"alert\"");
	assert_has(s, "href=\"#f-isbn\"");
	assert_has(s, "An ISBN has 13 digits.");
	assert_has(s, "value=\"Tô Hoài\"");
	assert_has(s, "value=\"abc\"");
	assert_has(s, "value=\"1066\"");
	assert_has(s, "aria-invalid=\"true\"");
	assert_int_equal(rows_in(s->w, "lib_book"), 0);
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON,
		"{\"title\":\"\",\"isbn\":\"12\",\"kind\":\"story\"}"), 422);
	assert_has(s, "\"field\":\"isbn\"");
	assert_text(s->p.type, "application/problem+json");
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON, "{\"title\":\"a\",\"wrong\":1}"), 422);
	assert_has(s, "wrong");
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON, "{\"title\":"), 422);
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON, "{\"title\":\"a\",\"title\":\"b\"}"), 422);
	assert_int_equal(rows_in(s->w, "lib_book"), 0);
	site_close(s);
}

/* A doubt brings the form again: exactly what was doubted may be confirmed, by people and by programs. */
static void a_doubt_is_asked_about(void **state)
{
	struct site *s = site_open(state);
	char body[300];
	add_book(s, "librarian", "twice");
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, "title=twice&kind=story&year=1941&author=An"), 422);
	assert_has(s, "This may be the same book: twice.");
	assert_has(s, "<a class=\"nut phu gon\" href=\"/lib_book/");
	assert_has(s, "value=\"An\"");
	assert_has(s, "This record may be there already");
	assert_has(s, "Save the new record all the same");
	assert_hasnt(s, "Not saved");
	str token = str_copy(&s->w->mem, between(s, "name=\"_confirm\" value=\"", "\""));
	assert_true(token.n > 8);
	assert_int_equal(rows_in(s->w, "lib_book"), 1);
	/* what is wrong besides is told too, and then there is nothing to confirm */
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, "title=twice&kind=story&isbn=12"), 422);
	assert_has(s, "An ISBN has 13 digits.");
	assert_has(s, "Not saved");
	assert_hasnt(s, "name=\"_confirm\"");
	add_book(s, "librarian", "twice over");
	snprintf(body, sizeof body, "title=twice+over&kind=story&_confirm=%.*s", FMT(token));
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, body), 422);   /* another doubt than was answered */
	snprintf(body, sizeof body, "title=twice&kind=story&_confirm=%.*s", FMT(token));
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, body), 303);
	assert_int_equal(rows_in(s->w, "lib_book"), 3);
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, "title=once&kind=story"), 303);
	/* programs */
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON,
		"{\"title\":\"twice over\",\"kind\":\"story\"}"), 422);
	assert_has(s, "\"code\":\"confirm\"");
	assert_has(s, "\"doubt\":true,\"href\":\"/lib_book/");
	token = str_copy(&s->w->mem, between(s, "\"confirm\":\"", "\""));
	snprintf(body, sizeof body, "{\"title\":\"twice over\",\"kind\":\"story\",\"_confirm\":\"%.*s\"}", FMT(token));
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON, body), 201);
	assert_int_equal(rows_in(s->w, "lib_book"), 5);
	site_close(s);
}

static void a_forged_post_changes_nothing(void **state)
{
	struct site *s = site_open(state);
	s->csrf = S("");
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, "title=a&kind=story"), 403);
	take_token(s, "librarian");
	str mine = s->csrf;
	assert_status(s, ask(s, "librarian-b", POST, "/lib_book", NULL, "title=a&kind=story"), 403);
	assert_true(str_eq(mine, s->csrf));
	assert_status(s, ask(s, "librarian", POST, "/lib_book", NULL, "title=a&kind=story"), 303);
	/* JSON with a cookie needs the token too; a bearer token does not */
	assert_status(s, ask(s, "librarian", POST, "/lib_book", JSON, "{\"title\":\"b\",\"kind\":\"story\"}"), 403);
	assert_status(s, ask(s, ":librarian", POST, "/lib_book", JSON, "{\"title\":\"b\",\"kind\":\"story\"}"), 201);
	assert_int_equal(rows_in(s->w, "lib_book"), 2);
	site_close(s);
}

static void two_people_save_at_once(void **state)
{
	struct site *s = site_open(state);
	int64_t id = add_book(s, "librarian", "Đất rừng phương Nam");
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", GET, at(s, "/lib_book/%lld/edit", id), NULL, NULL), 200);
	assert_has(s, "name=\"rev\" value=\"1\"");
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_book/%lld", id), NULL,
		"rev=1&title=M%E1%BB%99t&kind=story"), 303);
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_book/%lld", id), NULL, "rev=1&title=Hai&kind=story"), 409);
	assert_has(s, "Somebody saved first");
	assert_has(s, ">Một</td>");
	assert_has(s, ">Hai</td>");
	assert_has(s, "name=\"rev\" value=\"2\"");
	assert_status(s, ask(s, ":librarian", PATCH, at(s, "/lib_book/%lld", id), JSON, "{\"rev\":1,\"title\":\"Ba\"}"),
		409);
	assert_status(s, ask(s, ":librarian", PATCH, at(s, "/lib_book/%lld", id), JSON, "{\"rev\":2,\"title\":\"Ba\"}"),
		200);
	assert_has(s, "\"title\":\"Ba\"");
	site_close(s);
}

static void hidden_columns_are_nowhere(void **state)
{
	struct site *s = site_open(state);
	int64_t id = add_book(s, "librarian", "Số đỏ");
	const char *who[] = { "teacher", "pupil" };
	for (int i = 0; i < 2; i++) {
		assert_status(s, ask(s, who[i], GET, at(s, "/lib_book/%lld", id), NULL, NULL), 200);
		assert_hasnt(s, "dưới gầm bàn");
		assert_hasnt(s, "Note");
		assert_status(s, ask(s, who[i], GET, at(s, "/lib_book/%lld", id), JSON, NULL), 200);
		assert_hasnt(s, "\"note\"");
		assert_hasnt(s, "token");
		assert_status(s, ask(s, who[i], GET, "/lib_book", JSON, NULL), 200);
		assert_hasnt(s, "\"note\"");
		assert_status(s, ask(s, who[i], GET, at(s, "/lib_book/%lld/history", id), NULL, NULL), 200);
		assert_hasnt(s, "dưới gầm bàn");
	}
	assert_status(s, ask(s, "pupil", GET, "/lib_book?price=45000", NULL, NULL), 200);
	assert_status(s, ask(s, "librarian-b", GET, at(s, "/lib_book/%lld", id), NULL, NULL), 404);
	str other = str_copy(&s->w->mem, page(s));
	assert_status(s, ask(s, "librarian-b", GET, at(s, "/lib_book/%lld", id - 1), NULL, NULL), 404);
	assert_int_equal(other.n, page(s).n);
	assert_status(s, ask(s, "librarian-b", GET, at(s, "/lib_book/%lld/edit", id), NULL, NULL), 404);
	assert_status(s, ask(s, "teacher", GET, at(s, "/lib_book/%lld/edit", id), NULL, NULL), 404);
	assert_status(s, ask(s, NULL, GET, "/lib_book", NULL, NULL), 303);
	assert_true(str_starts(sent_header(s, "Location"), S("/dang-nhap?ve=")));
	assert_status(s, ask(s, NULL, GET, "/lib_book", JSON, NULL), 401);
	/* a form sent without a session: nothing is promised, and signing in leads to the form, not to the list */
	assert_status(s, ask(s, NULL, POST, "/lib_book", NULL, "title=x"), 401);
	assert_has(s, "/dang-nhap?ve=%2Flib_book%2Fnew\"");
	assert_has(s, "data-chua-luu=\"401\"");
	assert_has(s, "data-giu=");
	assert_status(s, ask(s, NULL, POST, at(s, "/lib_book/%lld", id), NULL, "rev=1&title=x"), 401);
	assert_has(s, "%2Fedit\"");
	site_close(s);
}

static void steps_are_buttons(void **state)
{
	struct site *s = site_open(state);
	int64_t book = add_book(s, "librarian", "Vang bóng một thời"), id = 0;
	char body[200];
	snprintf(body, sizeof body, "{\"book\":%lld,\"barcode\":\"B-001\",\"shelf\":\"A1\"}", (long long)book);
	assert_status(s, ask(s, ":librarian", POST, "/lib_copy", JSON, body), 201);
	assert_has(s, "\"_titles\":{\"book\":\"Vang bóng một thời\"}");
	assert_has(s, "\"_steps\":[\"repair\",\"lose\"]");
	str_to_int(between(s, "\"id\":", ","), &id);
	assert_status(s, ask(s, "librarian", GET, at(s, "/lib_copy/%lld", id), NULL, NULL), 200);
	assert_has(s, "/do/repair");
	assert_hasnt(s, "/do/lend");
	assert_has(s, "<span class=\"nhan vang\">On the shelf</span>");
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_copy/%lld/do/lend", id), NULL, "rev=1"), 404);
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_copy/%lld/do/repair", id), NULL, "rev=1"), 303);
	assert_status(s, ask(s, "librarian", GET, at(s, "/lib_copy/%lld", id), NULL, NULL), 200);
	assert_has(s, "In repair");
	assert_has(s, "name=\"shelf\"");
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_copy/%lld/do/shelve", id), NULL, "rev=2&shelf=B7"), 303);
	assert_status(s, ask(s, "librarian", GET, at(s, "/lib_copy/%lld", id), JSON, NULL), 200);
	assert_has(s, "\"shelf\":\"B7\"");
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_copy/%lld/do/shelve", id), NULL, "rev=3&shelf=C"), 409);
	site_close(s);
}

static void a_reference_is_found_by_its_words(void **state)
{
	struct site *s = site_open(state);
	add_book(s, "librarian", "Tắt đèn");
	add_book(s, "librarian", "Tắt lửa lòng");
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", GET, "/lib_book/pick?q=tat", JSON, NULL), 200);
	assert_has(s, "Tắt đèn");
	assert_has(s, "Tắt lửa lòng");
	assert_status(s, ask(s, "librarian", POST, "/lib_copy", NULL, "book=&book.text=tat&barcode=B1"), 422);
	assert_has(s, "name=\"book.choice\"");
	assert_has(s, "Several match");
	assert_status(s, ask(s, "librarian", POST, "/lib_copy", NULL, "book=&book.text=zzz&barcode=B1"), 422);
	assert_has(s, "Nothing matches");
	assert_status(s, ask(s, "librarian", POST, "/lib_copy", NULL, "book=&book.text=tat+den&barcode=B1"), 303);
	assert_int_equal(rows_in(s->w, "lib_copy"), 1);
	site_close(s);
}

/* An id in an address or a form says nobody's name to whoever may not read them. */
static void an_id_says_no_name(void **state)
{
	struct site *s = site_open(state);
	int64_t book = add_book(s, "librarian", "Tắt đèn");
	struct reader r;

	struct ctx *c = as_librarian(s->w, SCHOOL_A);
	row_zero(&reader, &r);
	r.name = S("Vừ Thị Dua");
	assert_int_equal(create(c, &reader, &r), OK);
	assert_status(s, ask(s, "librarian", GET, at(s, "/lib_loan?reader=%lld", r.base.id), NULL, NULL), 200);
	assert_has(s, "Vừ Thị Dua");
	assert_status(s, ask(s, "pupil", GET, at(s, "/lib_loan?reader=%lld", r.base.id), NULL, NULL), 200);
	assert_hasnt(s, "Vừ Thị Dua");
	/* of another school, in a form to begin with and in a refused one */
	assert_status(s, ask(s, "librarian", GET, at(s, "/lib_copy/new?book=%lld", book), NULL, NULL), 200);
	assert_has(s, "Tắt đèn");
	assert_status(s, ask(s, "librarian-b", GET, at(s, "/lib_copy/new?book=%lld", book), NULL, NULL), 200);
	assert_hasnt(s, "Tắt đèn");
	take_token(s, "librarian-b");
	assert_status(s, ask(s, "librarian-b", POST, "/lib_copy", NULL, at(s, "book=%lld&barcode=B1", book)), 422);
	assert_hasnt(s, "Tắt đèn");
	site_close(s);
}

static void what_is_retired_can_come_back(void **state)
{
	struct site *s = site_open(state);
	int64_t id = add_book(s, "librarian", "Bỉ vỏ");
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_book/%lld/retire", id), NULL, "rev=1"), 303);
	assert_true(str_find(sent_header(s, "Set-Cookie"), S("said=")) >= 0);
	assert_status(s, ask(s, "librarian", GET, "/lib_book", NULL, NULL), 200);
	assert_hasnt(s, "Bỉ vỏ");
	assert_has(s, "No book yet");
	assert_status(s, ask(s, "librarian", GET, "/lib_book?gone=1", NULL, NULL), 200);
	assert_has(s, "Bỉ vỏ");
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_book/%lld/restore", id), NULL, ""), 303);
	assert_status(s, ask(s, "librarian", GET, "/lib_book", NULL, NULL), 200);
	assert_has(s, "Bỉ vỏ");
	site_close(s);
}

static void who_may_read_a_row_may_speak(void **state)
{
	struct site *s = site_open(state);
	int64_t book = add_book(s, "librarian", "Lão Hạc"), id = 0;
	char body[200];
	snprintf(body, sizeof body, "{\"book\":%lld,\"barcode\":\"B-002\"}", (long long)book);
	assert_status(s, ask(s, ":librarian", POST, "/lib_copy", JSON, body), 201);
	str_to_int(between(s, "\"id\":", ","), &id);
	take_token(s, "librarian");
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_copy/%lld/comment", id), NULL,
		"text=R%C3%A1ch+b%C3%ACa+%3Cb%3E"), 303);
	assert_status(s, ask(s, "librarian", POST, at(s, "/lib_copy/%lld/comment", id), NULL, "text=++"), 422);
	assert_has(s, "Write something");
	assert_status(s, ask(s, ":pupil", POST, at(s, "/lib_copy/%lld/comment", id), JSON, "{\"text\":\"Em thấy rồi\"}"),
		201);
	assert_status(s, ask(s, ":librarian-b", POST, at(s, "/lib_copy/%lld/comment", id), JSON, "{\"text\":\"x\"}"), 404);
	assert_status(s, ask(s, "teacher", GET, at(s, "/lib_copy/%lld", id), NULL, NULL), 200);
	assert_has(s, "Rách bìa &lt;b&gt;");
	assert_has(s, "Em thấy rồi");
	str many = str_fmt(&s->w->mem, "{\"text\":\"%0*d\"}", 700, 0);              /* long ones are folded */
	assert_status(s, ask(s, ":librarian", POST, at(s, "/lib_copy/%lld/comment", id), JSON,
		str_z(&s->w->mem, many)), 201);
	assert_status(s, ask(s, "teacher", GET, at(s, "/lib_copy/%lld", id), NULL, NULL), 200);
	assert_has(s, "<details><summary>0000");
	assert_status(s, ask(s, ":librarian", POST, at(s, "/lib_book/%lld/comment", book), JSON, "{\"text\":\"x\"}"), 404);
	assert_int_equal(rows_in(s->w, "comment"), 3);
	site_close(s);
}

static void a_setting_holds_for_all_below(void **state)
{
	struct site *s = site_open(state);
	const org_id school = { SCHOOL_A }, dept = { DEPT };
	assert_status(s, ask(s, "librarian", GET, "/cai-dat", NULL, NULL), 404);
	assert_status(s, ask(s, "officer", GET, "/cai-dat", NULL, NULL), 200);
	assert_has(s, "name=\"library.days\"");
	str token = str_copy(&s->w->mem, between(s, "name=\"_csrf\" value=\"", "\""));
	char kept[128];
	memcpy(kept, token.p, (size_t)token.n);
	s->csrf = (str){ kept, token.n };
	assert_status(s, ask(s, "officer", POST, "/cai-dat", NULL, "library.days=14&library.fine=2.000&library.open="),
		303);
	struct ctx *c = as_khue(s->w);
	assert_int_equal(setting_int(c, &mod_library, "days", school, 7), 14);
	assert_int_equal(setting_int(c, &mod_library, "fine", school, 7), 2000);
	assert_int_equal(setting_int(c, &mod_library, "open", school, 7), 7);
	assert_int_equal(setting_put(c, &mod_library, "days", school, S("21")), OK);
	assert_int_equal(setting_int(c, &mod_library, "days", school, 7), 21);
	assert_int_equal(setting_int(c, &mod_library, "days", dept, 7), 14);
	assert_int_equal(setting_put(c, &mod_library, "days", school, S("")), OK);
	assert_int_equal(setting_int(c, &mod_library, "days", school, 7), 14);
	assert_status(s, ask(s, "officer", POST, "/cai-dat", NULL, "library.days=61&library.fine=abc"), 422);
	assert_has(s, "href=\"#f-library.days\"");
	assert_has(s, "href=\"#f-library.fine\"");
	assert_has(s, "value=\"61\"");
	c = as_khue(s->w);
	assert_int_equal(setting_int(c, &mod_library, "days", school, 7), 14);
	site_close(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_form_makes_a_row),
		ON_BOTH(what_is_wrong_stands_at_the_field_and_input_is_kept),
		ON_BOTH(a_doubt_is_asked_about),
		ON_BOTH(a_forged_post_changes_nothing), ON_BOTH(two_people_save_at_once), ON_BOTH(hidden_columns_are_nowhere),
		ON_BOTH(steps_are_buttons), ON_BOTH(a_reference_is_found_by_its_words), ON_BOTH(an_id_says_no_name),
		ON_BOTH(what_is_retired_can_come_back),
		ON_BOTH(who_may_read_a_row_may_speak), ON_BOTH(a_setting_holds_for_all_below) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("page_form", tests, NULL, NULL);
}
