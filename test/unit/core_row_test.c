/* The row codec: what people type, what machines write, JSON, SQL, and back, for every type and for random rows. */
#include "library.h"
#include <cjson/cJSON.h>

static const struct field *sample(const char *name)
{
	const struct field *f = field_named(lib_sample.fields, str_of(name));
	assert_non_null(f);
	return f;
}

static bool reads(struct ctx *c, const char *field, const char *text, struct lib_sample *s)
{
	struct flaw bad = { 0 };
	bool good = field_read(sample(field), str_of(text), c->today, c->mem, s, &bad);
	assert_true(good == (bad.text == NULL));
	return good;
}

/* A text's codes have names for people; what has none is shown as it is, and machines get the code. */
static void codes_of_a_text_have_names(void **state)
{
	static const struct choice names[] = { { "tot", { "Tốt", "Excellent" } }, END };
	struct world *w = world_open(state);
	struct field f = *sample("text");
	struct lib_sample s;

	row_zero(&lib_sample, &s);
	f.pick = names;
	s.text = S("tot");
	assert_text(field_text(&f, &s, VI, w->c.mem), "Tốt");
	assert_text(field_text(&f, &s, EN, w->c.mem), "Excellent");
	assert_text(field_code(&f, &s, w->c.mem), "tot");
	s.text = S("gioi");
	assert_text(field_text(&f, &s, VI, w->c.mem), "gioi");
	world_close(w);
}

static void people_type_as_they_like(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	struct lib_sample s;
	row_zero(&lib_sample, &s);
	static const struct { const char *field, *typed, *code, *shown; } good[] = {
		{ "text", "  Hòa\tBình \n", "Hòa Bình", "Hòa Bình" }, { "longer", " a\nb ", "a\nb", "a\nb" },
		{ "text", "Ho\xcc\x80" "a", "Hòa", "Hòa" },
		{ "number", " 12 ", "12", "12" }, { "number", "-3", "-3", "-3" }, { "number", "1.250", "1250", "1250" },
		{ "number", "", "0", "0" },
		{ "yes", "Có", "1", "Có" }, { "yes", "không", "0", "Không" }, { "yes", "x", "1", "Có" },
		{ "yes", "", "0", "Không" },
		{ "since", "5/9/14", "2014-09-05", "05/09/2014" }, { "since", "2014-09-05", "2014-09-05", "05/09/2014" },
		{ "since", "", "", "" },
		{ "cost", "594.000 đ", "594000", "594.000 đ" }, { "mark", "7,5", "7.5", "7,5" }, { "mark", "10", "10", "10" },
		{ "mark", "", "", "" },
		{ "kind", "ref", "ref", "Sách tham khảo" }, { "kind", "SACH THAM KHAO", "ref", "Sách tham khảo" },
		{ "kind", "Story", "story", "Truyện" }, { "kind", "Sách tham-khảo", "ref", "Sách tham khảo" },
		{ "kind", "", "text", "Sách giáo khoa" }, { "book", "12", "12", "" }, { "book", "", "", "" },
		{ "seen_at", "05/09/2014 14:30", "2014-09-05T14:30:00+07:00", NULL } };
	for (int i = 0; i < (int)COUNT(good); i++) {
		const struct field *f = sample(good[i].field);
		if (!reads(c, good[i].field, good[i].typed, &s))
			fail_msg("%s: %s is refused\n", good[i].field, good[i].typed);
		assert_text(field_code(f, &s, c->mem), good[i].code);
		if (good[i].shown)
			assert_text(field_text(f, &s, VI, c->mem), good[i].shown);
	}
	static const struct { const char *field, *typed; } bad[] = {
		{ "number", "12a" }, { "number", "9223372036854775808" }, { "number", "1,5" }, { "yes", "maybe" },
		{ "since", "31/02/2014" }, { "since", "hôm qua" },
		{ "cost", "12,5" }, { "mark", "7,555" }, { "mark", "tám" }, { "kind", "novel" }, { "book", "-1" },
		{ "book", "abc" }, { "seen_at", "25:00" },
		{ "text", "a\x01" }, { "text", "\xff" }, { "text", "\xed\xa0\x80" } };
	for (int i = 0; i < (int)COUNT(bad); i++) {
		struct lib_sample before = s;
		if (reads(c, bad[i].field, bad[i].typed, &s))
			fail_msg("%s: %s is taken\n", bad[i].field, bad[i].typed);
		assert_memory_equal(&before, &s, sizeof s);
	}
	world_close(w);
}

static void random_row(struct world *w, uint64_t *seed, struct lib_sample *s)
{
	static const char *const texts[] = { "", "a", "Nguyễn", "\"quoted\" & <b>", "dòng 1\ndòng 2",
		"'); DROP TABLE x;--", "𝒳 💡", "0", "null", "-1", "%_\\" };
	struct ctx *c = &w->c;
	row_zero(&lib_sample, s);
	s->text = viet_fold(c->mem, str_of(texts[next_number(seed) % COUNT(texts)]));
	s->longer = str_of(texts[next_number(seed) % COUNT(texts)]);
	int64_t wide = (int64_t)next_number(seed);
	s->number = next_number(seed) % 4 ? wide % 1000000 : wide;
	s->yes = next_number(seed) % 2;
	if (next_number(seed) % 4)
		s->since.v = (int32_t)(next_number(seed) % 80000) - 20000;
	if (next_number(seed) % 4)
		s->seen_at.v = (int64_t)(next_number(seed) % 4000000000u) * 1000 + 1000;
	s->cost.v = (int64_t)(next_number(seed) % 10000000000000u);
	if (next_number(seed) % 4)
		s->mark.v = (int32_t)(next_number(seed) % 1001);
	s->kind = (pick)(next_number(seed) % 3);
	if (next_number(seed) % 2)
		s->file.v = (int64_t)(next_number(seed) >> 11);
}

static void same_row(const struct lib_sample *a, const struct lib_sample *b, const char *where)
{
	for (const struct field *f = lib_sample.fields; f->name; f++)
		if (!field_same(f, a, b))
			fail_msg("%s changes %s\n", where, f->name);
}

/* form -> row -> database -> JSON -> row */
static void random_rows_survive_the_round(void **state)
{
	struct world *w = world_open(state);
	uint64_t seed = 2026;
	for (int i = 0; i < 300; i++) {
		struct ctx *c = as_librarian(w, SCHOOL_A);
		struct lib_sample s, typed, stored, json;
		struct pair pairs[16];
		int n = 0;
		random_row(w, &seed, &s);
		for (const struct field *f = lib_sample.fields; f->name; f++)
			pairs[n++] = (struct pair){ str_of(f->name), i % 2 ? field_input(f, &s, c->mem)
				: field_code(f, &s, c->mem) };
		if (i % 2)
			s.seen_at.v -= s.seen_at.v % 60000;
		struct input in = { .fields = lib_sample.fields, .flags = INPUT_NEW,
			.table = table_of(w->app.registry, &lib_sample) };
		row_zero(&lib_sample, &typed);
		assert_int_equal(input_read(c, &in, pairs, n, &typed), OK);
		same_row(&s, &typed, "the form");
		const struct actor *who = as_system(c, "a number at random names nobody's file");
		assert_int_equal(create(c, &lib_sample, &typed), OK);
		as_actor(c, who);
		assert_int_equal(find(c, &lib_sample, typed.base.id, &stored), OK);
		same_row(&s, &stored, "the database");
		struct buf b;
		buf_init(&b, c->mem, 1 << 20);
		row_json(&b, in.table, &stored, NULL);
		row_zero(&lib_sample, &json);
		if (input_body(c, &in, buf_str(&b), &json) != OK)
			fail_msg("%.*s\n", FMT(buf_str(&b)));
		same_row(&s, &json, "JSON");
		/* and once more through shape_json, as a route's view */
		b.n = 0;
		shape_json(&b, lib_sample.fields, &stored, NULL);
		cJSON *v = cJSON_ParseWithLength(b.p, b.n);
		assert_non_null(v);
		assert_int_equal(cJSON_GetArraySize(v), fields_count(lib_sample.fields));
		cJSON_Delete(v);
	}
	world_close(w);
}

/* Strings that break software elsewhere come back byte for byte (after NFC), or are refused at the field. */
static void naughty_strings_survive(void **state)
{
	struct world *w = world_open(state);
	struct arena mem;
	str file, line;
	int kept = 0, refused = 0;
	arena_init(&mem, (size_t)64 << 20);
	if (shared_file(&mem, "hostile-inputs/strings/blns.txt", &file)) {
		while (file.n) {
			str_cut(file, '\n', &line, &file);
			if (line.n == 0 || line.p[0] == '#')
				continue;
			struct ctx *c = as_librarian(w, SCHOOL_A);
			struct lib_sample s, got;
			struct flaw bad;
			row_zero(&lib_sample, &s);
			if (!field_read(sample("longer"), line, c->today, c->mem, &s, &bad) ||
				!field_read(sample("text"), line, c->today, c->mem, &s, &bad)) {
				refused++;
				continue;
			}
			assert_int_equal(create(c, &lib_sample, &s), OK);
			assert_int_equal(find(c, &lib_sample, s.base.id, &got), OK);
			assert_true(str_eq(got.longer, s.longer) && str_eq(got.text, s.text));
			str clean;
			assert_true(viet_clean(c->mem, line, &clean));
			assert_true(str_eq(got.longer, str_trim(clean)));
			struct buf b;
			buf_init(&b, c->mem, 1 << 20);
			row_json(&b, table_of(w->app.registry, &lib_sample), &got, NULL);
			cJSON *v = cJSON_ParseWithLength(b.p, b.n);
			assert_non_null(v);
			assert_text(got.longer, cJSON_GetObjectItem(v, "longer")->valuestring);
			cJSON_Delete(v);
			kept++;
		}
		assert_true(kept > 400);
		assert_true(refused < 20);
	}
	arena_free(&mem);
	world_close(w);
}

static void input_sets_only_what_it_may(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	const struct table *t = table_of(w->app.registry, &lib_copy);
	struct lib_copy x;
	const struct pair all[] = { { S("id"), S("7") }, { S("org"), S("20") }, { S("rev"), S("9") },
		{ S("gone"), S("1") }, { S("made_by"), S("1") },
		{ S("book"), S("5") }, { S("barcode"), S("one") }, { S("barcode"), S("two") }, { S("state"), S("lost") },
		{ S("_csrf"), S("z") } };
	struct input in = { .fields = lib_copy.fields, .flags = INPUT_NEW, .table = t };

	row_zero(&lib_copy, &x);
	assert_int_equal(input_read(c, &in, all, COUNT(all), &x), OK);
	assert_int_equal(x.base.id + x.base.org.v + x.base.rev + x.base.gone + x.base.made_by.v, 0);
	assert_int_equal(x.book.v, 5);
	assert_text(x.barcode, "two");
	assert_int_equal(x.state, COPY_FREE);

	/* FIXED once set; what a step asks even when DERIVED; nothing that is hidden */
	in.flags = 0;
	row_zero(&lib_copy, &x);
	assert_int_equal(input_read(c, &in, all, COUNT(all), &x), OK);
	assert_int_equal(x.book.v, 0);
	const col only[] = { offsetof(struct lib_copy, state), 0 };
	in.only = only;
	assert_int_equal(input_read(c, &in, all, COUNT(all), &x), OK);
	assert_int_equal(x.state, COPY_LOST);
	in.only = NULL;
	struct cols hidden = { 0 };
	cols_add(&hidden, column_at(t, offsetof(struct lib_copy, barcode)));
	in.hidden = &hidden;
	row_zero(&lib_copy, &x);
	assert_int_equal(input_read(c, &in, all, COUNT(all), &x), OK);
	assert_int_equal(x.barcode.n, 0);
	world_close(w);
}

struct mark_in { int64_t pupil; score score; str note; };
#define ROW struct mark_in
static const struct shape mark_in = { sizeof(ROW), FIELDS{ { COL(pupil), .label = { "Học sinh", "Pupil" },
	.is = NEEDED, .min = 1, .max = 99 },
	{ COL(score), .label = { "Điểm", "Score" }, .is = NEEDED, .max = 1000 },
	{ COL(note), .label = { "Ghi chú", "Note" }, .max = 5 }, END } };
#undef ROW
struct sheet_in { str title; items marks, ids; };
#define ROW struct sheet_in
static const struct shape sheet_in = { sizeof(ROW), FIELDS{ { COL(title), .label = { "Tên", "Title" }, .is = NEEDED,
	.max = 20 },
	{ MANY(marks, mark_in), .label = { "Điểm", "Marks" } },
	{ .name = "ids", .at = offsetof(ROW, ids), .type = T_LIST, .label = { "Mã", "Ids" } }, END } };
#undef ROW

static void lists_have_items(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	struct input in = { .fields = sheet_in.fields, .flags = INPUT_SHAPE };
	struct sheet_in s;
	const struct pair sent[] = { { S("title"), S("x") }, { S("marks.7.pupil"), S("12") },
		{ S("marks.2.pupil"), S("5") }, { S("marks.2.score"), S("7,5") },
		{ S("marks.7.score"), S("tám") }, { S("marks.7.note"), S("quá dài") }, { S("ids"), S("3") },
		{ S("ids"), S("") }, { S("ids"), S("1") }, { S("marks"), S("x") } };
	fields_zero(sheet_in.fields, sheet_in.size, &s);
	assert_int_equal(input_read(c, &in, sent, COUNT(sent), &s), E_INVALID);
	assert_int_equal(s.marks.n, 2);
	const struct mark_in *m = s.marks.p;
	assert_int_equal(m[0].pupil, 5);
	assert_int_equal(m[0].score.v, 750);
	assert_int_equal(m[1].pupil, 12);
	assert_int_equal(s.ids.n, 2);
	assert_int_equal(((const int64_t *)s.ids.p)[1], 1);
	assert_int_equal(c->n_problems, 2);
	assert_text(c->problems[0].field, "marks.1.score");
	assert_int_equal(c->problems[0].item, 1);
	assert_text(c->problems[1].field, "marks.1.note");

	/* the declaration's bounds, item by item; one problem a field */
	struct mark_in bad[] = { { 0, NO_SCORE, { 0 } }, { 5, { 1001 }, { 0 } } };
	struct sheet_in t = { .marks = { bad, 2 } };
	c = as_khue(w);
	assert_int_equal(fields_check(c, sheet_in.fields, &t), E_INVALID);
	assert_int_equal(c->n_problems, 4);
	assert_text(c->problems[3].field, "marks.1.score");
	world_close(w);
}

static void lists_come_as_strict_json(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	struct input in = { .fields = sheet_in.fields, .flags = INPUT_SHAPE };
	struct sheet_in s;
	assert_int_equal(input_body(c, &in,
		S("{\"title\":\"t\",\"marks\":[{\"pupil\":5,\"score\":7.5},{\"pupil\":6,\"score\":10,\"note\":null}],\"ids\":[1,\"9007199254740993\"]}"), &s), OK);
	assert_int_equal(s.marks.n, 2);
	const struct mark_in *m = s.marks.p;
	assert_int_equal(m[0].score.v, 750);
	assert_true(((const int64_t *)s.ids.p)[1] == INT64_C(9007199254740993));
	const char *refused[] = { "", "{", "[]", "null", "{\"title\":\"a\"}x", "{\"title\":\"a\\u0000b\"}",
		"{\"titel\":\"a\"}", "{\"marks\":{}}", "{\"marks\":[1]}",
		"{\"marks\":[{\"pupil\":\"x\"}]}", "{\"marks\":[{\"score\":7.555}]}", "{\"title\":1}", "{\"title\":[]}",
		"{\"title\":{}}", "{\"ids\":[1.5]}", "{\"title\":\"\xff\"}",
		"{\"title\":true}", "{'title':'a'}" };
	for (int i = 0; i < (int)COUNT(refused); i++) {
		c = as_khue(w);
		if (input_body(c, &in, str_of(refused[i]), &s) != E_INVALID || c->n_problems == 0)
			fail_msg("%s is taken\n", refused[i]);
	}
	struct buf deep;
	c = as_khue(w);
	buf_init(&deep, c->mem, 10000);
	for (int i = 0; i < 900; i++)
		put_z(&deep, "{\"title\":");
	put_z(&deep, "1");
	for (int i = 0; i < 900; i++)
		put_c(&deep, '}');
	assert_int_equal(input_body(c, &in, buf_str(&deep), &s), E_INVALID);
	world_close(w);
}

static void secrets_are_not_in_json(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	struct lib_book b = book_of("x");
	struct buf out;
	struct cols hidden = { 0 };
	const struct table *t = table_of(w->app.registry, &lib_book);
	b.token = S("secret");
	b.base.id = INT64_C(9007199254740993);
	buf_init(&out, c->mem, 10000);
	cols_add(&hidden, column_at(t, offsetof(struct lib_book, note)));
	row_json(&out, t, &b, &hidden);
	assert_true(str_find(buf_str(&out), S("secret")) < 0);
	assert_true(str_find(buf_str(&out), S("note")) < 0);
	assert_true(str_find(buf_str(&out), S("\"id\":\"9007199254740993\"")) > 0);
	assert_true(str_find(buf_str(&out), S("\"kind\":\"text\"")) > 0);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(codes_of_a_text_have_names), ON_BOTH(people_type_as_they_like),
		ON_BOTH(random_rows_survive_the_round), ON_BOTH(naughty_strings_survive),
		ON_BOTH(input_sets_only_what_it_may), ON_BOTH(lists_have_items), ON_BOTH(lists_come_as_strict_json),
		ON_BOTH(secrets_are_not_in_json) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("row", tests, NULL, NULL);
}
