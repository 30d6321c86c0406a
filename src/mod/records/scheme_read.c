/* scheme_read.c -- a scheme file to struct scheme: one statement a line, each with its own reader. */
#include "mod/records/scheme_lines.h"
#include "base/calendar.h"

typedef void statement_fn(struct line *l, struct scheme *s);

static int a_level(struct line *l, const struct scheme *s)
{
	struct words names[LEVELS];

	for (int i = 0; i < s->n_levels; i++)
		names[i] = s->levels[i].is;
	return line_one_of(l, names, s->n_levels, "không có mức \"{1}\" ở trên", "there is no level \"{1}\" above");
}

static int a_conduct(struct line *l, const struct scheme *s)
{
	return line_one_of(l, s->conducts, s->n_conducts, "không có mức rèn luyện \"{1}\" ở trên",
		"there is no conduct \"{1}\" above");
}

static int a_word(struct line *l, const struct scheme *s)
{
	return line_one_of(l, s->words, s->n_words, "không có lời đánh giá \"{1}\" ở trên",
		"there is no word \"{1}\" above");
}

/* ---- what it is, whom it is for ---------------------------------------------------------------------- */

static void read_scheme(struct line *l, struct scheme *s)
{
	s->is = line_words(l);
}

static void read_source(struct line *l, struct scheme *s)
{
	str how = line_word(l);

	if (how.n == 1 && strchr("HML", how.p[0]))
		s->confidence = how.p[0];
	else
		line_bad(l, "độ tin cậy là H, M hoặc L, không phải \"{1}\"", "the confidence is H, M or L, not \"{1}\"", how);
	s->source = line_text(l, "source");
}

static void read_from(struct line *l, struct scheme *s)
{
	str text = line_word(l);

	if (!day_read(text, (day){ 20000 }, &s->from))
		line_bad(l, "\"{1}\" không phải ngày, ví dụ 2021-09-05", "\"{1}\" is not a date such as 2021-09-05", text);
}

static void read_applies(struct line *l, struct scheme *s)
{
	struct applies a = { .cohort = str_is(l->words[0], "cohort") };

	line_grades(l, &a.first, &a.last);
	if (!line_is(l, "from"))
		line_bad(l, "thiếu \"from NĂM HỌC\"", "\"from SCHOOL-YEAR\" is missing", (str){ 0 });
	a.year = line_year(l);
	if (line_is(l, "until"))
		a.until = line_year(l);
	if (a.until && a.until < a.year)
		line_bad(l, "năm kết thúc trước năm bắt đầu", "it ends before it begins", (str){ 0 });
	if (line_room(l, s->n_applies, COUNT(s->applies)))
		s->applies[s->n_applies++] = a;
}

/* ---- marks --------------------------------------------------------------------------------------------- */

static void read_column(struct line *l, struct scheme *s)
{
	struct column c = { .is = line_words(l), .with = -1, .weight = 1, .decimals = 1, .last = GRADES - 1 };

	while (l->at < l->n && !str_is(l->words[l->at], "article")) {
		if (line_is(l, "weight"))
			c.weight = line_number(l, 1, 9);
		else if (line_is(l, "decimals"))
			c.decimals = line_number(l, 0, 2);
		else if (line_is(l, "least"))
			c.least = line_mark(l);
		else if (line_is(l, "grades"))
			line_grades(l, &c.first, &c.last);
		else if (line_is(l, "times")) {
			c.by_lessons = line_is(l, "lessons");
			c.times = c.by_lessons ? 0 : line_number(l, 1, 20);
		} else if (line_is(l, "with")) {
			str to = line_word(l);
			for (int i = 0; i < s->n_columns; i++)
				if (str_eq(s->columns[i].is.code, to))
					c.with = i;
			if (c.with < 0 || s->columns[c.with].with >= 0)
				line_bad(l, "không có cột \"{1}\" ở trên", "there is no column \"{1}\" above", to);
		} else {
			line_end(l);
			return;
		}
	}
	c.article = line_article(l);
	if (line_room(l, s->n_columns, COLUMNS))
		s->columns[s->n_columns++] = c;
}

static void read_times(struct line *l, struct scheme *s)
{
	int lessons = line_is(l, "more") ? 0 : line_number(l, 1, 1000), n = line_number(l, 1, 20);
	str article = line_article(l);

	if (article.n)
		s->times_article = article;
	if (s->n_times && s->times[s->n_times - 1].lessons == 0) {
		line_bad(l, "sau \"times more\" không còn dòng nào", "nothing follows \"times more\"", (str){ 0 });
		return;
	}
	if (s->n_times && lessons && lessons <= s->times[s->n_times - 1].lessons) {
		line_bad(l, "số tiết phải tăng dần", "the lessons must rise from line to line", (str){ 0 });
		return;
	}
	if (!line_room(l, s->n_times, TIMES))
		return;
	s->times[s->n_times].lessons = lessons;
	s->times[s->n_times++].times = n;
}

static void read_absent(struct line *l, struct scheme *s)
{
	s->has_absent = true;
	s->absent_mark = line_mark(l);
	s->absent_article = line_article(l);
}

static void read_average(struct line *l, struct scheme *s)
{
	if (!line_is(l, "decimals"))
		line_bad(l, "cần \"decimals N\"", "\"decimals N\" is needed", (str){ 0 });
	s->decimals = line_number(l, 0, 2);
	s->average_article = line_article(l);
}

static void read_year(struct line *l, struct scheme *s)
{
	s->year_weight[0] = line_number(l, 0, 9);
	s->year_weight[1] = line_number(l, 1, 9);
	s->year_article = line_article(l);
}

static void read_overall(struct line *l, struct scheme *s)
{
	s->has_overall = true;
	s->overall_article = line_article(l);
}

static void read_reference(struct line *l, struct scheme *s)
{
	while (l->at < l->n)
		if (line_room(l, s->n_reference, COUNT(s->reference)))
			s->reference[s->n_reference++] = line_code(l, "subject");
		else
			return;
}

/* ---- comments, words, qualities, tests, domains ------------------------------------------------------------ */

static void add_words(struct line *l, struct words *list, int *n, int most)
{
	struct words w = line_words(l);

	for (int i = 0; i < *n; i++)
		if (str_eq(list[i].code, w.code)) {
			line_bad(l, "mã \"{1}\" lặp lại", "the code \"{1}\" is there twice", w.code);
			return;
		}
	if (line_room(l, *n, most))
		list[(*n)++] = w;
}

static void read_word(struct line *l, struct scheme *s) { add_words(l, s->words, &s->n_words, COUNT(s->words)); }
static void read_quality(struct line *l, struct scheme *s) { add_words(l, s->qualities, &s->n_qualities, QUALITIES); }
static void read_quality_word(struct line *l, struct scheme *s) { add_words(l, s->quality_words, &s->n_quality_words,
	COUNT(s->quality_words)); }
static void read_quality_article(struct line *l, struct scheme *s) { s->quality_article = line_text(l, "article"); }
static void read_conduct(struct line *l, struct scheme *s) { add_words(l, s->conducts, &s->n_conducts,
	COUNT(s->conducts)); }

static void read_comments(struct line *l, struct scheme *s)
{
	while (l->at < l->n && !str_is(l->words[l->at], "article") && line_room(l, s->n_comment_only, CODES))
		s->comment_only[s->n_comment_only++] = line_code(l, "subject");
	s->comment_article = line_article(l);
}

static void read_comment_times(struct line *l, struct scheme *s)
{
	s->comment_times = line_number(l, 1, 20);
	line_article(l);
}

static void read_comment_term(struct line *l, struct scheme *s)
{
	str share = line_word(l), a, b;
	int64_t of[2];

	if (!str_cut(share, '/', &a, &b) || !str_to_int(a, &of[0]) || !str_to_int(b, &of[1]) || of[0] < 0 || of[1] < 1 ||
		of[0] > of[1] || of[1] > 100) {
		line_bad(l, "\"{1}\" không phải phần như 2/3", "\"{1}\" is not a share such as 2/3", share);
		return;
	}
	s->comment_share[0] = (int)of[0];
	s->comment_share[1] = (int)of[1];
	s->comment_last = line_is(l, "last");
	line_article(l);
}

static void read_test(struct line *l, struct scheme *s)
{
	struct test_of t = { .mid = line_is(l, "mid") };

	if (!t.mid && !line_is(l, "end"))
		line_bad(l, "cần \"mid\" hoặc \"end\"", "\"mid\" or \"end\" is needed", (str){ 0 });
	line_grades(l, &t.first, &t.last);
	while (l->at < l->n && line_room(l, t.n, CODES))
		t.codes[t.n++] = line_code(l, "subject");
	if (line_room(l, s->n_tests, COUNT(s->tests)))
		s->tests[s->n_tests++] = t;
}

static void read_test_marks(struct line *l, struct scheme *s)
{
	if (line_is(l, "least"))
		s->test_least = line_mark(l);
	if (line_is(l, "decimals"))
		s->test_decimals = line_number(l, 0, 2);
}

static void read_domain(struct line *l, struct scheme *s)
{
	struct domain d = { .is = line_words(l) };

	d.standards = line_number(l, 1, 100);
	d.of = line_number(l, 1, 1000);
	if (line_room(l, s->n_domains, COUNT(s->domains)))
		s->domains[s->n_domains++] = d;
}

/* ---- levels ---------------------------------------------------------------------------------------------- */

static void read_level(struct line *l, struct scheme *s)
{
	struct words w = line_words(l);

	for (int i = 0; i < s->n_levels; i++)
		if (str_eq(s->levels[i].is.code, w.code)) {
			line_bad(l, "mã \"{1}\" lặp lại", "the code \"{1}\" is there twice", w.code);
			return;
		}
	if (!line_room(l, s->n_levels, LEVELS))
		return;
	struct level *to = &s->levels[s->n_levels++];
	to->is = w;
	if (line_is(l, "alike"))
		while (to->n_alike < COUNT(to->alike) && l->at < l->n && !str_is(l->words[l->at], "article"))
			to->alike[to->n_alike++] = line_code(l, "code");
	to->article = line_article(l);
}

static void read_ask(struct line *l, struct scheme *s)
{
	static const struct { const char *word; enum condition_kind kind; char takes;
		} kinds[] = { { "every", EVERY_MARK, 'm' }, { "count", COUNT_MARK, 'c' },
		{ "comments", FAILED_COMMENTS, 'n' }, { "overall", OVERALL, 'm' }, { "one-of", ONE_OF, 'm' },
		{ "specialised", SPECIALISED, 'm' },
		{ "words", EVERY_WORD, 'w' }, { "qualities", EVERY_QUALITY, 'q' }, { "tests", EVERY_TEST, 'm' },
		{ "share", EVERY_DOMAIN, 'p' } };
	str word = line_word(l);
	struct level *to = s->n_levels ? &s->levels[s->n_levels - 1] : NULL;
	struct condition c = { 0 };
	int k = 0;

	while (k < COUNT(kinds) && !str_is(word, kinds[k].word))
		k++;
	if (k == COUNT(kinds)) {
		line_bad(l, "không có điều kiện \"{1}\"", "there is no condition \"{1}\"", word);
		return;
	}
	if (!to) {
		line_bad(l, "\"ask\" đứng trước mọi \"level\"", "\"ask\" before any \"level\"", (str){ 0 });
		return;
	}
	c.kind = kinds[k].kind;
	if (kinds[k].takes == 'c' || kinds[k].takes == 'n')
		c.n = line_number(l, 0, 30);
	if (kinds[k].takes == 'm' || kinds[k].takes == 'c')
		c.bound = line_mark(l);
	if (kinds[k].takes == 'w')
		c.word = a_word(l, s);
	if (kinds[k].takes == 'q')
		c.word = line_one_of(l, s->quality_words, s->n_quality_words, "không có lời \"{1}\" ở trên",
			"there is no word \"{1}\" above");
	if (kinds[k].takes == 'p') {
		str by = line_word(l);
		c.parameter = str_starts(by, S("$")) ? str_sub(by, 1, -1) : (str){ 0 };
		if (!c.parameter.n)
			line_bad(l, "cần tên tham số sau $, không phải \"{1}\"",
				"a parameter's name after $ is needed, not \"{1}\"", by);
	}
	if (line_room(l, to->n, CONDITIONS))
		to->asks[to->n++] = c;
}

static void read_adjust(struct line *l, struct scheme *s)
{
	struct adjust a = { .would_be = a_level(l, s) };

	a.dragged_to = a_level(l, s);
	a.result = a_level(l, s);
	a.article = line_article(l);
	if (a.would_be >= a.result || a.result >= a.dragged_to)
		line_bad(l, "mức điều chỉnh phải nằm giữa hai mức kia", "the adjusted level must lie between the other two",
			(str){ 0 });
	if (line_room(l, s->n_adjusts, ADJUSTS))
		s->adjusts[s->n_adjusts++] = a;
}

static void read_parameter(struct line *l, struct scheme *s)
{
	struct parameter p = { .is = line_words(l) };

	if (line_is(l, "range")) {
		p.least = line_number(l, 0, 100000);
		p.most = line_number(l, 0, 100000);
	} else if (line_is(l, "choices")) {
		while (l->at < l->n && !str_is(l->words[l->at], "value") && line_room(l, p.n_choices, COUNT(p.choices)))
			p.choices[p.n_choices++] = line_code(l, "choice");
	}
	if (!line_is(l, "value"))
		line_bad(l, "cần \"value GIÁ_TRỊ\", hoặc \"value ?\" khi chưa ai định",
			"\"value V\" is needed, or \"value ?\" when nobody has set it", (str){ 0 });
	str v = line_word(l), how = line_word(l);
	p.confidence = how.n == 1 && strchr("HML", how.p[0]) ? how.p[0] : 0;
	if (!p.confidence)
		line_bad(l, "độ tin cậy là H, M hoặc L, không phải \"{1}\"", "the confidence is H, M or L, not \"{1}\"", how);
	p.source = line_text(l, "source");
	if (!line_room(l, s->n_parameters, PARAMETERS))
		return;
	s->parameters[s->n_parameters++] = p;
	if (!str_is(v, "?") && !scheme_set(s, p.is.code, v))
		line_bad(l, "tham số không nhận giá trị \"{1}\"", "the parameter does not take the value \"{1}\"", v);
}

/* ---- conduct, promotion, titles ------------------------------------------------------------------------------ */

static void read_conduct_year(struct line *l, struct scheme *s)
{
	if (line_is(l, "entered")) {
		s->conduct_entered = true;
		s->conduct_article = line_article(l);
		return;
	}
	int second = a_conduct(l, s);
	for (int first = 0; first < s->n_conducts; first++)
		s->conduct_year[second][first] = (int8_t)(1 + a_conduct(l, s));
	str article = line_article(l);
	if (article.n)
		s->conduct_article = article;
}

static void read_promote(struct line *l, struct scheme *s)
{
	struct promotion p = { .set = true, .learning = -1, .conduct = -1 };

	while (l->at < l->n && !str_is(l->words[l->at], "article")) {
		if (line_is(l, "learning"))
			p.learning = a_level(l, s);
		else if (line_is(l, "conduct"))
			p.conduct = a_conduct(l, s);
		else if (line_is(l, "support"))
			p.support = true;
		else if (!line_is(l, "absences")) {
			line_end(l);
			return;
		} else if (l->at < l->n && str_starts(l->words[l->at], S("$")))
			p.absences_by = str_sub(line_word(l), 1, -1);
		else
			p.absences = line_number(l, 1, 366);
	}
	p.article = line_article(l);
	if (p.learning < 0)
		line_bad(l, "thiếu \"learning MỨC\"", "\"learning LEVEL\" is missing", (str){ 0 });
	s->promotion = p;
}

static void read_retest(struct line *l, struct scheme *s)
{
	struct retest r = { .set = true };
	bool whole = line_is(l, "learning");

	r.learning = whole ? a_level(l, s) : 0;
	whole = whole && line_is(l, "conduct");
	r.conduct = whole ? a_conduct(l, s) : 0;
	whole = whole && line_is(l, "below");
	r.below = whole ? line_mark(l) : 0;
	r.article = line_article(l);
	if (!whole)
		line_bad(l, "cần \"learning MỨC conduct MỨC below ĐIỂM\"",
			"\"learning LEVEL conduct LEVEL below MARK\" is needed", (str){ 0 });
	s->retest = r;
}

static void read_summer(struct line *l, struct scheme *s)
{
	struct summer r = { .set = true };
	bool whole = line_is(l, "conduct");

	r.conduct = whole ? a_conduct(l, s) : 0;
	whole = whole && line_is(l, "learning");
	r.learning = whole ? a_level(l, s) : 0;
	whole = whole && line_is(l, "cleared");
	r.cleared = whole ? a_conduct(l, s) : 0;
	r.article = line_article(l);
	if (!whole)
		line_bad(l, "cần \"conduct MỨC learning MỨC cleared MỨC\"",
			"\"conduct LEVEL learning LEVEL cleared LEVEL\" is needed", (str){ 0 });
	s->summer = r;
}

static void read_title(struct line *l, struct scheme *s)
{
	struct title t = { .is = line_words(l), .learning = -1, .conduct = -1, .word = -1, .tests = -1 };

	while (l->at < l->n && !str_is(l->words[l->at], "article")) {
		if (line_is(l, "learning"))
			t.learning = a_level(l, s);
		else if (line_is(l, "conduct"))
			t.conduct = a_conduct(l, s);
		else if (line_is(l, "words"))
			t.word = a_word(l, s);
		else if (line_is(l, "tests"))
			t.tests = line_mark(l);
		else if (line_is(l, "recognised"))
			t.recognised = true;
		else if (line_is(l, "count")) {
			t.count = line_number(l, 1, 30);
			t.bound = line_mark(l);
		} else {
			line_end(l);
			return;
		}
	}
	t.article = line_article(l);
	if (t.learning < 0)
		line_bad(l, "thiếu \"learning MỨC\"", "\"learning LEVEL\" is missing", (str){ 0 });
	if (line_room(l, s->n_titles, TITLES))
		s->titles[s->n_titles++] = t;
}

/* ---- the whole file -------------------------------------------------------------------------------------------- */

static const struct { const char *word; statement_fn *read; bool once;
	} statements[] = { { "scheme", read_scheme, true }, { "source", read_source, true },
	{ "from", read_from, true }, { "grades", read_applies }, { "cohort", read_applies }, { "column", read_column },
	{ "times", read_times },
	{ "absent", read_absent, true }, { "average", read_average, true }, { "year", read_year, true },
	{ "overall", read_overall, true },
	{ "reference", read_reference, true }, { "word", read_word }, { "comments", read_comments, true },
	{ "comment-times", read_comment_times, true },
	{ "comment-term", read_comment_term, true }, { "quality", read_quality }, { "quality-word", read_quality_word },
	{ "quality-article", read_quality_article, true }, { "test", read_test }, { "test-marks", read_test_marks, true },
	{ "domain", read_domain },
	{ "level", read_level }, { "ask", read_ask }, { "adjust", read_adjust }, { "parameter", read_parameter },
	{ "conduct", read_conduct },
	{ "conduct-year", read_conduct_year }, { "promote", read_promote, true }, { "retest", read_retest, true },
	{ "summer", read_summer, true },
	{ "title", read_title } };

static void read_line(struct line *l, struct scheme *s, uint64_t *seen)
{
	str word = line_word(l);

	for (int i = 0; i < COUNT(statements); i++) {
		if (!str_is(word, statements[i].word))
			continue;
		if (statements[i].once && *seen >> i & 1)
			line_bad(l, "\"{1}\" chỉ viết một lần", "\"{1}\" is written once only", word);
		*seen |= UINT64_C(1) << i;
		int before = l->r->n;
		statements[i].read(l, s);
		if (l->r->n == before)
			line_end(l);
		return;
	}
	line_bad(l, "không có lệnh \"{1}\"", "there is no statement \"{1}\"", word);
}

static bool same_bar(const struct condition *a, const struct condition *b)
{
	return a->kind == b->kind && (a->kind != COUNT_MARK || a->n == b->n);
}

/* A lower level that asked more than a higher one would turn the order of levels round. */
static void check_order(struct reading *r, const struct scheme *s)
{
	for (int i = 1; i < s->n_levels; i++) {
		const struct level *high = &s->levels[i - 1], *low = &s->levels[i];
		for (int k = 0; k < low->n; k++) {
			bool covered = false;
			for (int h = 0; h < high->n && !covered; h++)
				covered = same_bar(&high->asks[h], &low->asks[k]) && high->asks[h].bound >= low->asks[k].bound &&
					high->asks[h].word <= low->asks[k].word
				          && (high->asks[h].kind != FAILED_COMMENTS || high->asks[h].n <= low->asks[k].n);
			if (!covered)
				mistake(r, 0, "mức \"{1}\" đòi điều mà mức trên nó không đòi",
					"level \"{1}\" asks what the level above it does not", low->is.code);
		}
	}
}

static void check_whole(struct reading *r, const struct scheme *s)
{
	if (!s->is.code.n || !s->source.n || s->from.v == NO_DAY.v || !s->n_applies)
		mistake(r, 0, "thiếu scheme, source, from hoặc grades/cohort",
			"scheme, source, from or grades/cohort is missing", (str){ 0 });
	if (s->n_levels < 2)
		mistake(r, 0, "cần ít nhất hai mức", "at least two levels are needed", (str){ 0 });
	else if (s->levels[s->n_levels - 1].n)
		mistake(r, 0, "mức cuối \"{1}\" phải nhận mọi học sinh còn lại, không có \"ask\"",
			"the last level \"{1}\" takes all who are left, so it has no \"ask\"", s->levels[s->n_levels - 1].is.code);
	if (s->n_columns && (s->decimals < 0 || !s->year_weight[1]))
		mistake(r, 0, "có cột điểm thì cần \"average\" và \"year\"",
			"with columns of marks \"average\" and \"year\" are needed", (str){ 0 });
	if (s->n_comment_only && (s->n_words != 2 || !s->comment_share[1] || !s->comment_times))
		mistake(r, 0, "môn nhận xét cần hai \"word\", \"comment-times\" và \"comment-term\"",
			"comment subjects need two \"word\", \"comment-times\" and \"comment-term\"", (str){ 0 });
	for (int i = 0; i < s->n_columns; i++)
		if (s->columns[i].by_lessons && (!s->n_times || s->times[s->n_times - 1].lessons))
			mistake(r, 0, "cột \"{1}\" theo số tiết cần các dòng \"times\" đến \"times more\"",
				"column \"{1}\" goes by lessons: lines of \"times\" up to \"times more\" are needed",
				s->columns[i].is.code);
	for (int i = 0; i < s->n_levels; i++)
		for (int k = 0; k < s->levels[i].n; k++)
			if (s->levels[i].asks[k].parameter.n && !scheme_parameter(s, s->levels[i].asks[k].parameter))
				mistake(r, 0, "không có tham số \"{1}\"", "there is no parameter \"{1}\"",
					s->levels[i].asks[k].parameter);
	if (s->promotion.absences_by.n && !scheme_parameter(s, s->promotion.absences_by))
		mistake(r, 0, "không có tham số \"{1}\"", "there is no parameter \"{1}\"", s->promotion.absences_by);
	for (int i = 0; i < s->n_conducts && !s->conduct_entered; i++)
		for (int k = 0; k < s->n_conducts; k++)
			if (!s->conduct_year[i][k]) {
				mistake(r, 0, "thiếu dòng \"conduct-year {1}\"", "the line \"conduct-year {1}\" is missing",
					s->conducts[i].code);
				break;
			}
	check_order(r, s);
}

bool scheme_read(struct reading *r, str text, struct scheme *ret)
{
	struct line l = { .r = r };
	uint64_t seen = 0;
	int before = r->n;

	memset(ret, 0, sizeof *ret);
	ret->from = NO_DAY;
	ret->decimals = -1;
	if (!str_is_utf8(text)) {
		mistake(r, 0, "tệp không phải UTF-8", "the file is not UTF-8", (str){ 0 });
		return false;
	}
	if (str_starts(text, S("\xEF\xBB\xBF")))
		text = str_sub(text, 3, -1);
	while (line_next(&l, &text))
		read_line(&l, ret, &seen);
	if (r->n == before)
		check_whole(r, ret);
	return r->n == before;
}

/* ---- parameters ------------------------------------------------------------------------------------------------- */

const struct parameter *scheme_parameter(const struct scheme *s, str code)
{
	for (int i = 0; i < s->n_parameters; i++)
		if (str_eq(s->parameters[i].is.code, code))
			return &s->parameters[i];
	return NULL;
}

bool scheme_set(struct scheme *s, str code, str value)
{
	int64_t v;

	for (int i = 0; i < s->n_parameters; i++) {
		struct parameter *p = &s->parameters[i];
		if (!str_eq(p->is.code, code))
			continue;
		bool good = p->n_choices == 0 && str_to_int(value, &v) && v >= p->least && v <= p->most;
		for (int k = 0; k < p->n_choices; k++)
			good = good || str_eq(p->choices[k], value);
		if (good)
			p->value = value;
		return good;
	}
	return false;
}
