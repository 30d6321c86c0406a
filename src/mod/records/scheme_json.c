/* scheme_json.c -- see scheme_json.h. */
#include "mod/records/scheme_json.h"
#include "base/calendar.h"
#include "web/html.h"
#include "web/json.h"

enum { GIVEN_MAX = 60, MARKS_MAX = 60 };

static bool wrong(struct bad_json *bad, str field, const char *vi, const char *en, str what)
{
	*bad = (struct bad_json){ field, { vi, en }, what };
	return false;
}

static const cJSON *read_object(struct arena *a, str json, struct bad_json *bad)
{
	const char *why;
	ptrdiff_t at;
	const cJSON *root = json_read(a, json, &why, &at);

	if (!root)
		wrong(bad, S("json"), str_z(a, str_fmt(a, "không phải JSON hợp lệ: %s (byte {1})", json_bad_vi(why))),
			str_z(a, str_fmt(a, "not valid JSON: %s (byte {1})", why)), str_fmt(a, "%td", at));
	else if (!cJSON_IsObject(root)) {
		wrong(bad, S("json"), "cần một đối tượng JSON {…}", "a JSON object {…} is needed", (str){ 0 });
		root = NULL;
	}
	return root;
}

/* 0 to 10, at most that many decimals. */
static bool a_mark(struct arena *a, const cJSON *item, str field, int32_t least, int decimals, int32_t *ret,
	struct bad_json *bad)
{
	str text = json_scalar(a, item);
	score v;

	if (!item || cJSON_IsNull(item))
		return wrong(bad, field, "thiếu điểm này", "this mark is missing", (str){ 0 });
	if (!score_read(text, &v))
		return wrong(bad, field, "\"{1}\" không phải điểm", "\"{1}\" is not a mark", cJSON_IsArray(item) ||
			cJSON_IsObject(item) ? S("[…]") : text);
	if (v.v < least || v.v > 1000)
		return wrong(bad, field, least ? "điểm {1} không nằm trong khoảng từ 1 đến 10"
			: "điểm {1} không nằm trong khoảng từ 0 đến 10", least ? "mark {1} is not within 1 to 10"
			: "mark {1} is not within 0 to 10", text);
	if (v.v % (decimals == 0 ? 100 : decimals == 1 ? 10 : 1))
		return wrong(bad, field, decimals ? "điểm {1}: lấy đến một chữ số thập phân" : "điểm {1}: phải là số nguyên",
			decimals ? "mark {1}: one decimal at most" : "mark {1}: must be a whole number", text);
	*ret = v.v;
	return true;
}

static int index_of(const struct words *list, int n, str code)
{
	for (int i = 0; i < n; i++)
		if (str_eq(list[i].code, code))
			return i;
	return -1;
}

/* A word by its code; T, H, C and "hoan_thanh_tot"…, Đ, D, CĐ, CD as people and registers write them. */
static int word_of(const struct words *list, int n, str text, bool quality)
{
	static const struct { const char *other, *code; } same[] = { { "T", "t" }, { "H", "h" }, { "C", "c" },
		{ "hoan_thanh_tot", "t" }, { "hoan_thanh", "h" },
		{ "chua_hoan_thanh", "c" }, { "tot", "t" }, { "can_co_gang", "c" }, { "Đ", "dat" }, { "D", "dat" },
		{ "CĐ", "chua_dat" }, { "CD", "chua_dat" }, { "đ", "dat" }, { "d", "dat" }, { "cđ", "chua_dat" },
		{ "cd", "chua_dat" },
		{ "dat", "h" }, { "chua_dat", "c" } };
	static const struct { const char *other, *code; } of_qualities[] = { { "Đ", "d" }, { "D", "d" }, { "dat", "d" } };
	int found = index_of(list, n, text);

	for (int i = 0; quality && found < 0 && i < COUNT(of_qualities); i++)
		if (str_is(text, of_qualities[i].other))
			found = index_of(list, n, str_of(of_qualities[i].code));
	for (int i = 0; found < 0 && i < COUNT(same); i++)
		if (str_is(text, same[i].other))
			found = index_of(list, n, str_of(same[i].code));
	return found;
}

static bool no_word(struct arena *a, const struct scheme *s, str field, str text, struct bad_json *bad)
{
	struct buf words;

	buf_init(&words, a, 400);
	for (int i = 0; i < s->n_words; i++)
		put_fmt(&words, "%s%.*s", i ? ", " : "", FMT(s->words[i].code));
	str list = buf_str(&words);
	return wrong(bad, field, str_z(a, str_fmt(a, "\"{1}\" không phải lời đánh giá của quy chế; dùng %.*s", FMT(list))),
		str_z(a, str_fmt(a, "\"{1}\" is no word of this scheme; use %.*s", FMT(list))), text);
}

/* ---- average ------------------------------------------------------------------------------------------- */

struct term { struct mark_given marks[MARKS_MAX]; int n; int64_t lessons; };

static bool add_marks(struct arena *a, const struct scheme *s, int column, const cJSON *item, struct term *t,
	struct bad_json *bad)
{
	const struct column *c = &s->columns[column];
	bool list = cJSON_IsArray(item);

	for (const cJSON *m = list ? item->child : item; m; m = list ? m->next : NULL) {
		if (t->n == MARKS_MAX || (!list && c->by_lessons))
			return wrong(bad, c->is.code, "cần một dãy điểm [8, 9, …]", "a list of marks [8, 9, …] is needed",
				(str){ 0 });
		t->marks[t->n].column = column;
		if (!a_mark(a, m, c->is.code, c->least, c->decimals, &t->marks[t->n].value, bad))
			return false;
		t->n++;
	}
	return true;
}

static bool read_term(struct arena *a, const struct scheme *s, const cJSON *root, struct term *t, struct bad_json *bad)
{
	int has[COLUMNS] = { 0 };

	for (const cJSON *m = root->child; m; m = m->next) {
		str key = str_of(m->string);
		int column = 0;
		if (str_is(key, "lessons")) {
			if (!json_int(m, &t->lessons) || t->lessons < 1 || t->lessons > 1000)
				return wrong(bad, key, "số tiết một năm phải từ 1 đến 1000", "the lessons a year must be 1 to 1000",
					(str){ 0 });
			continue;
		}
		while (column < s->n_columns && !str_eq(s->columns[column].is.code, key))
			column++;
		if (column == s->n_columns)
			return wrong(bad, key, "quy chế này không có cột \"{1}\"", "this scheme has no column \"{1}\"", key);
		int before = t->n;
		if (!add_marks(a, s, column, m, t, bad))
			return false;
		has[column] = t->n - before;
		if (s->columns[column].times && has[column] > s->columns[column].times)
			return wrong(bad, key, "cột \"{1}\" có quá nhiều điểm", "too many marks in column \"{1}\"", key);
	}
	return true;
}

static bool average_of_year(struct arena *a, const struct scheme *s, const cJSON *root, struct buf *out,
	struct bad_json *bad)
{
	int32_t hk[2];
	const char *const names[] = { "hk1", "hk2" };

	for (int i = 0; i < 2; i++)
		if (!a_mark(a, json_get(root, names[i]), str_of(names[i]), 0, s->decimals, &hk[i], bad))
			return false;
	for (const cJSON *m = root->child; m; m = m->next)
		if (strcmp(m->string, "hk1") != 0 && strcmp(m->string, "hk2") != 0)
			return wrong(bad, str_of(m->string), "không hiểu \"{1}\"", "do not understand \"{1}\"", str_of(m->string));
	put_fmt(out, "{\"average\":%.*s}", FMT(score_json(a, (score){ year_average(s, hk[0], hk[1]) })));
	return true;
}

static bool comment_of_term(struct arena *a, const struct scheme *s, const cJSON *list, struct buf *out,
	struct bad_json *bad)
{
	int8_t words[MARKS_MAX];
	int n = 0;

	for (const cJSON *m = list->child; m; m = m->next) {
		int w = word_of(s->words, s->n_words, json_text(m), false);
		if (w < 0 || n == MARKS_MAX)
			return no_word(a, s, S("comments"), json_text(m), bad);
		words[n++] = (int8_t)w;
	}
	int word = s->comment_times ? term_comment(s, words, n) : -1;
	if (word < 0)
		return wrong(bad, S("comments"), "chưa đủ số lần đánh giá", "not assessed often enough", (str){ 0 });
	put_fmt(out, "{\"comment\":\"%.*s\"}", FMT(s->words[word].code));
	return true;
}

bool average_json(struct arena *a, const struct scheme *s, str json, struct buf *out, struct bad_json *bad)
{
	const cJSON *root = read_object(a, json, bad);
	struct term *t = NEW(a, struct term);
	struct missing lack;
	int32_t average;

	if (!root)
		return false;
	if (cJSON_IsArray(json_get(root, "comments")) && root->child->next == NULL)
		return comment_of_term(a, s, json_get(root, "comments"), out, bad);
	if (s->decimals < 0)
		return wrong(bad, (str){ 0 }, "quy chế {1} không có điểm trung bình", "scheme {1} has no average", s->is.code);
	if (json_get(root, "hk1") || json_get(root, "hk2"))
		return average_of_year(a, s, root, out, bad);
	if (!read_term(a, s, root, t, bad))
		return false;
	if (!term_average(s, t->marks, t->n, (int)t->lessons, &average, &lack))
		return wrong(bad, s->columns[lack.column].is.code,
			str_z(a, str_fmt(a, "chưa tính được: cần %d điểm, mới có {1}", lack.asks)),
			str_z(a, str_fmt(a, "cannot be computed: %d needed, {1} there", lack.asks)), str_fmt(a, "%d", lack.has));
	put_fmt(out, "{\"average\":%.*s}", FMT(score_json(a, (score){ average })));
	return true;
}

/* ---- rate ------------------------------------------------------------------------------------------------ */

static bool code_ok(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_'))
			return false;
	return s.n > 0 && s.n <= 32;
}

static bool comment_only(const struct scheme *s, str code)
{
	for (int i = 0; i < s->n_comment_only; i++)
		if (str_eq(s->comment_only[i], code))
			return true;
	return false;
}

static bool a_word(struct arena *a, const struct scheme *s, const cJSON *item, str code, int8_t *ret,
	struct bad_json *bad)
{
	int w = word_of(s->words, s->n_words, json_text(item), false);

	if (w < 0)
		return no_word(a, s, code, json_text(item), bad);
	*ret = (int8_t)w;
	return true;
}

/* A number or null. Marks that were averaged have the scheme's decimals; tests those of tests. */
static bool a_number(struct arena *a, const struct scheme *s, const cJSON *item, str code, int32_t *ret,
	struct bad_json *bad)
{
	bool test = s->decimals < 0;

	return cJSON_IsNull(item) || a_mark(a, item, code, test ? s->test_least : 0, test ? s->test_decimals
		: s->decimals, ret, bad);
}

/* A scheme without averages: what is written as one has no bearing there. It is taken for a test's mark, whole and
 * beside the word (TT 27/2020 Điều 7), or, where it is a mere average, left out: the reasons tell of the subject. */
static bool an_average_there(struct arena *a, const cJSON *of, const cJSON *item, struct subject_given *g,
	struct bad_json *bad, bool *ret_left)
{
	bool word = json_get(of, "comment") || json_get(of, "word");
	score v;
	int32_t any;

	*ret_left = !word && !cJSON_IsNull(item) && score_read(json_scalar(a, item), &v) && v.v % 100;
	if (*ret_left)
		return a_mark(a, item, g->code, 0, 1, &any, bad);
	if (word && score_read(json_scalar(a, item), &v) && v.v % 100)
		return wrong(bad, g->code, "{1}: quy chế này không có điểm trung bình; điểm bài kiểm tra là số nguyên 1–10, "
			"kèm mức T, H hoặc C", "{1}: this scheme has no averages; the mark of a test is a whole number, 1 to 10, "
			"beside T, H or C", json_scalar(a, item));
	return true;
}

static bool read_member(struct arena *a, const struct scheme *s, const cJSON *m, struct subject_given *g,
	const cJSON *of, struct bad_json *bad)
{
	str key = str_of(m->string);
	bool left = false;

	if (str_is(key, "code"))
		return true;
	if (str_is(key, "average") && s->decimals < 0 && (!an_average_there(a, of, m, g, bad, &left) || left))
		return left && !bad->field.n;
	if (str_is(key, "average") || str_is(key, "test"))
		return a_number(a, s, m, g->code, s->decimals < 0 ? &g->test : &g->average, bad);
	if (str_is(key, "comment") || str_is(key, "word"))
		return cJSON_IsNull(m) || a_word(a, s, m, g->code, &g->word, bad);
	if (str_is(key, "retest"))
		return cJSON_IsString(m) ? a_word(a, s, m, g->code, &g->retest_word, bad)
			: a_number(a, s, m, g->code, &g->retest, bad);
	if (!str_is(key, "exempt") && !str_is(key, "specialised"))
		return wrong(bad, g->code, "không hiểu \"{1}\"", "do not understand \"{1}\"", key);
	if (!cJSON_IsBool(m))
		return wrong(bad, g->code, "\"{1}\" là true hoặc false", "\"{1}\" is true or false", key);
	*(str_is(key, "exempt") ? &g->exempt : &g->specialised) = cJSON_IsTrue(m);
	return true;
}

static bool read_subject(struct arena *a, const struct scheme *s, const struct programme *p, const cJSON *item,
	struct subject_given *g, struct bad_json *bad)
{
	str code = json_text(json_get(item, "code"));

	*g = (struct subject_given){ .average = -1, .test = -1, .retest = -1, .word = -1, .retest_word = -1 };
	if (!code_ok(code))
		return wrong(bad, S("subjects"), "mã môn \"{1}\" không đúng", "the subject code \"{1}\" is not right", code);
	g->code = p ? programme_code(p, code) : code;
	if (p && !programme_find(p, g->code) && !comment_only(s, g->code))
		return wrong(bad, S("subjects"), "không có môn nào mã \"{1}\"", "there is no subject with the code \"{1}\"",
			code);
	for (const cJSON *m = item->child; m; m = m->next)
		if (!read_member(a, s, m, g, item, bad))
			return false;
	if (g->exempt)
		return true;
	if (g->average >= 0 && g->word >= 0)
		return wrong(bad, g->code, "một môn có điểm hoặc nhận xét, không có cả hai",
			"a subject has a mark or a comment, not both", (str){ 0 });
	if (g->average >= 0 && comment_only(s, g->code))
		return wrong(bad, g->code, "môn này chỉ đánh giá bằng nhận xét", "this subject is assessed by comment only",
			(str){ 0 });
	if (s->decimals >= 0 && g->word >= 0 && !comment_only(s, g->code) && p && programme_find(p, g->code))
		return wrong(bad, g->code, "môn này đánh giá bằng điểm", "this subject is assessed by marks", (str){ 0 });
	if (s->decimals >= 0 && g->average < 0 && g->word < 0)
		return wrong(bad, g->code, "môn này chưa có kết quả (average hoặc comment)",
			"this subject has no result (average or comment)", (str){ 0 });
	return true;
}

static bool read_subjects(struct arena *a, const struct scheme *s, const struct programme *p, const cJSON *list,
	struct pupil_given *to, struct bad_json *bad)
{
	struct subject_given *given = NEWS(a, struct subject_given, GIVEN_MAX);

	to->subjects = given;
	if (s->n_domains && !list)
		return true;
	if (!cJSON_IsArray(list) || !list->child)
		return wrong(bad, S("subjects"), "cần danh sách môn học", "a list of subjects is needed", (str){ 0 });
	for (const cJSON *item = list->child; item; item = item->next) {
		if (to->n == GIVEN_MAX || !cJSON_IsObject(item))
			return wrong(bad, S("subjects"), "mỗi môn là một đối tượng, nhiều nhất 60 môn",
				"each subject is an object, 60 at most", (str){ 0 });
		if (!read_subject(a, s, p, item, &given[to->n], bad))
			return false;
		for (int i = 0; i < to->n; i++)
			if (str_eq(given[i].code, given[to->n].code))
				return wrong(bad, S("subjects"), "môn {1} có hai lần", "subject {1} is there twice", given[i].code);
		to->n++;
	}
	return true;
}

/* A conduct's code, else -1 and what is wrong. */
static bool read_conduct(const struct scheme *s, const cJSON *item, str field, int *ret, struct bad_json *bad)
{
	*ret = -1;
	if (!item)
		return true;
	*ret = index_of(s->conducts, s->n_conducts, json_text(item));
	return *ret >= 0 || wrong(bad, field, "\"{1}\" không phải mức rèn luyện của quy chế",
		"\"{1}\" is no conduct of this scheme", json_text(item));
}

static bool read_qualities(struct arena *a, const struct scheme *s, const cJSON *list, struct pupil_given *to,
	struct bad_json *bad)
{
	int8_t *words = NEWS(a, int8_t, QUALITIES);

	to->qualities = words;
	for (const cJSON *m = list ? list->child : NULL; m; m = m->next) {
		str text = json_text(cJSON_IsObject(m) ? json_get(m, "level") : m);
		int w = word_of(s->quality_words, s->n_quality_words, text, true);
		if (w < 0 || to->n_qualities == QUALITIES)
			return wrong(bad, S("qualities"), "\"{1}\" không phải mức của phẩm chất, năng lực",
				"\"{1}\" is no level of a quality", text);
		words[to->n_qualities++] = (int8_t)w;
	}
	return true;
}

static bool read_domains(struct arena *a, const struct scheme *s, const cJSON *object, struct pupil_given *to,
	struct bad_json *bad)
{
	int32_t *met = NEWS(a, int32_t, COUNT(s->domains));

	to->domains = met;
	for (int i = 0; i < s->n_domains; i++) {
		int64_t v;
		if (!json_int(json_get(object, str_z(a, s->domains[i].is.code)), &v) || v < 0 || v > s->domains[i].of)
			return wrong(bad, S("domains"), "số chỉ số đạt của {1} không đúng",
				"the number of indices met of {1} is not right", s->domains[i].is.code);
		met[i] = (int32_t)v;
		to->n_domains++;
	}
	return true;
}

static bool read_pupil(struct arena *a, const struct scheme *s, const struct programme *p, str json,
	struct pupil_given *to, struct bad_json *bad)
{
	static const char *const known[] = { "subjects", "qualities", "domains", "conduct", "summer_conduct", "absences",
		"recognised" };
	const cJSON *root = read_object(a, json, bad), *absences;
	int64_t v = -1;

	*to = (struct pupil_given){ .conduct = -1, .summer_conduct = -1, .absences = -1 };
	if (!root)
		return false;
	for (const cJSON *m = root->child; m; m = m->next) {
		bool found = false;
		for (int i = 0; i < COUNT(known) && !found; i++)
			found = strcmp(m->string, known[i]) == 0;
		if (!found)
			return wrong(bad, str_of(m->string), "không hiểu \"{1}\"", "do not understand \"{1}\"", str_of(m->string));
	}
	absences = json_get(root, "absences");
	if (absences && (!json_int(absences, &v) || v < 0 || v > 1000))
		return wrong(bad, S("absences"), "số buổi nghỉ phải từ 0 đến 1000", "the absences must be 0 to 1000",
			(str){ 0 });
	to->absences = (int)v;
	to->recognised = cJSON_IsTrue(json_get(root, "recognised"));
	return read_conduct(s, json_get(root, "conduct"), S("conduct"), &to->conduct, bad) &&
		read_conduct(s, json_get(root, "summer_conduct"), S("summer_conduct"), &to->summer_conduct, bad)
	       && read_subjects(a, s, p, json_get(root, "subjects"), to, bad) &&
		read_qualities(a, s, json_get(root, "qualities"), to, bad)
	       && read_domains(a, s, json_get(root, "domains"), to, bad);
}

static void put_why(struct arena *a, const struct scheme *s, const struct programme *p, const struct why *w,
	struct buf *out)
{
	put_fmt(out, "{\"code\":\"%s\"", why_name(w->code));
	if (w->subject.n) {
		put_z(out, ",\"subject\":");
		put_json(out, w->subject);
	}
	put_z(out, ",\"vi\":");
	put_json(out, why_text(a, s, p, w, false));
	put_z(out, ",\"en\":");
	put_json(out, why_text(a, s, p, w, true));
	put_z(out, ",\"article\":");
	put_json(out, w->article.n ? str_fmt(a, "%.*s, %.*s", FMT(w->article), FMT(s->is.vi)) : s->is.vi);
	put_c(out, '}');
}

static void put_rating(struct arena *a, const struct scheme *s, const struct programme *p, const struct rating *r,
	struct buf *out)
{
	put_fmt(out, "{\"level\":\"%.*s\"", FMT(s->levels[r->level].is.code));
	if (r->overall >= 0 && r->standing)
		put_fmt(out, ",\"overall\":%.*s", FMT(score_json(a, (score){ r->overall })));
	if (r->standing)
		put_fmt(out, ",\"standing\":\"%s\"", standing_codes[r->standing]);
	for (int i = 0; i < r->n_retest; i++) {
		put_z(out, i ? "," : ",\"retest\":[");
		put_json(out, r->retest[i]);
		put_z(out, i + 1 == r->n_retest ? "]" : "");
	}
	if (r->title >= 0)
		put_fmt(out, ",\"title\":\"%.*s\"", FMT(s->titles[r->title].is.code));
	put_z(out, ",\"why\":[");
	for (int i = 0; i < r->n_why; i++) {
		if (i)
			put_c(out, ',');
		put_why(a, s, p, &r->why[i], out);
	}
	put_z(out, "]}");
}

bool rate_given(struct arena *a, const struct scheme *s, const struct programme *p, str json, struct rating *ret,
	struct bad_json *bad)
{
	struct pupil_given given;

	if (!read_pupil(a, s, p, json, &given, bad))
		return false;
	scheme_rate(s, &given, ret);
	if (ret->level >= 0)
		return true;
	*bad = (struct bad_json){ ret->needs ? S("parameter") : S("subjects"), { NULL, NULL }, { 0 } };
	const struct why *w = &ret->why[ret->n_why - 1];
	bad->text.vi = str_z(a, why_text(a, s, p, w, false));
	bad->text.en = str_z(a, why_text(a, s, p, w, true));
	return false;
}

bool rate_json(struct arena *a, const struct scheme *s, const struct programme *p, str json, struct buf *out,
	struct bad_json *bad)
{
	struct rating *r = NEW(a, struct rating);

	if (!rate_given(a, s, p, json, r, bad))
		return false;
	put_rating(a, s, p, r, out);
	return true;
}
