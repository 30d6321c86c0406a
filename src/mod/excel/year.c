/* year.c -- results of primary pupils by TT 27/2020/TT-BGDĐT as the Ministry's sheet has them: levels of subjects
 * (T, H, C: Điều 7.1), periodic tests (Điều 7.2), competences and qualities (T, Đ, C: Điều 8), the ratings of the
 * year (Điều 9). */
#include "mod/excel/excel_data.h"
#include "mod/records/records.h"
#include <stdlib.h>

enum { MARKS_MOST = 100000, PUPILS_MOST = 10000, CLASSES_MOST = 400 };

struct mark_row { int64_t pupil; str code; score average; str comment; };
#define ROW struct mark_row
static const struct shape mark_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(code) }, { COL(average) },
	{ COL(comment) }, END } };
#undef ROW
struct quality_row { int64_t pupil; str words; };
#define ROW struct quality_row
static const struct shape quality_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(words) }, END } };
#undef ROW
struct result_row { int64_t pupil; str level, standing; };
#define ROW struct result_row
static const struct shape result_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(level) }, { COL(standing) },
	END } };
#undef ROW

struct class_row { school_class_id class; };
#define ROW struct class_row
static const struct shape class_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, END } };
#undef ROW

struct year_results { pick at; items marks, qualities, results; const struct scheme *schemes[GRADES]; };

/* The first row of a pupil in rows sorted by it; every row begins with the pupil. */
static int64_t first_of(items rows, size_t size, int64_t pupil_)
{
	int64_t low = 0, high = rows.n;

	while (low < high) {
		int64_t middle = (low + high) / 2;
		int64_t at;
		memcpy(&at, (const char *)rows.p + (size_t)middle * size, sizeof at);
		if (at < pupil_)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct mark_row *mark_of(const struct year_results *y, int64_t pupil_, str code)
{
	const struct mark_row *m = y->marks.p;

	for (int64_t i = first_of(y->marks, sizeof *m, pupil_); i < y->marks.n && m[i].pupil == pupil_; i++)
		if (str_eq(m[i].code, code))
			return &m[i];
	return NULL;
}

static str level_word(str code)
{
	return str_is(code, "t") ? S("T") : str_is(code, "h") ? S("H") : str_is(code, "c") ? S("C") : S("");
}

static str quality_word(str code)
{
	return str_is(code, "t") ? S("T") : str_is(code, "d") ? S("Đ") : str_is(code, "c") ? S("C") : S("");
}

static str quality_of(const struct year_results *y, const struct placed *p, str code)
{
	const struct quality_row *q = y->qualities.p;
	const struct scheme *s = p->grade < GRADES ? y->schemes[p->grade] : NULL;
	int64_t at = first_of(y->qualities, sizeof *q, p->id);

	if (at >= y->qualities.n || q[at].pupil != p->id || !s)
		return S("");
	str left = q[at].words, word;
	for (int i = 0; i < s->n_qualities && left.n > 0; i++) {
		str_cut(left, ' ', &word, &left);
		if (str_eq(s->qualities[i].code, code))
			return quality_word(word);
	}
	return S("");
}

/* HTXS, HTT, HT, CHT: as the sheet has the ratings of Điều 9.2. */
static str rating_word(str code)
{
	static const char *const words[][2] = { { "hoan_thanh_xuat_sac", "HTXS" }, { "hoan_thanh_tot", "HTT" },
		{ "hoan_thanh", "HT" }, { "chua_hoan_thanh", "CHT" } };

	for (ptrdiff_t i = 0; i < COUNT(words); i++)
		if (str_is(code, words[i][0]))
			return str_of(words[i][1]);
	return S("");
}

static str ending_of(const struct year_results *y, const struct placed *p, str column)
{
	const struct result_row *r = y->results.p;
	int64_t at = first_of(y->results, sizeof *r, p->id);

	if (at >= y->results.n || r[at].pupil != p->id || y->at == AT_TERM_1)
		return S("");
	str rating = rating_word(r[at].level);
	if (str_is(column, "level"))
		return rating;
	if (str_is(column, "promoted"))
		return str_is(r[at].standing, "promoted") ? S("x") : S("");
	return rating.n && !str_is(rating, "CHT") ? S("x") : S("");
}

/* What a column of the map holds for a pupil; empty: nothing is known here. */
str year_value(struct ctx *c, const struct year_results *y, const struct placed *p, str column, bool *ret_number)
{
	const struct mark_row *m;

	*ret_number = str_starts(column, S("t."));
	if (str_starts(column, S("q.")))
		return quality_of(y, p, str_sub(column, 2, -1));
	if (str_starts(column, S("w.")) || *ret_number) {
		m = mark_of(y, p->id, str_sub(column, 2, -1));
		if (!m)
			return S("");
		if (!*ret_number)
			return level_word(m->comment);
		/* a test has whole marks only (Điều 7.2c) */
		return m->average.v < 0 || m->average.v == NO_SCORE.v ? S("") : TEXT(c, "%d", m->average.v / 100);
	}
	return ending_of(y, p, column);
}

bool year_column(const char *name)
{
	return strncmp(name, "w.", 2) == 0 || strncmp(name, "t.", 2) == 0 || strncmp(name, "q.", 2) == 0 ||
		strcmp(name, "done") == 0 || strcmp(name, "promoted") == 0 || strcmp(name, "level") == 0;
}

/* ---- who came within the year ------------------------------------------------------------------------------- */

/* Rows begin with the pupil. */
static int by_pupil(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

/* Puts n rows before those of the same pupils in rows, which the first of a pupil's decides. */
static void put_before(struct ctx *c, items *rows, size_t size, const void *first, int64_t n)
{
	char *v = arena_alloc(c->mem, size * (size_t)(rows->n + n + 1), 16);
	const char *held = rows->p;
	int64_t at = 0, from = 0;

	for (int64_t i = 0; i < n; i++) {
		const char *one = (const char *)first + (size_t)i * size;
		while (from < rows->n && by_pupil(held + (size_t)from * size, one) < 0)
			memcpy(v + (size_t)at++ * size, held + (size_t)from++ * size, size);
		memcpy(v + (size_t)at++ * size, one, size);
	}
	if (from < rows->n)
		memcpy(v + (size_t)at * size, held + (size_t)from * size, (size_t)(rows->n - from) * size);
	*rows = (items){ v, rows->n + n };
}

/* A term is of all its marks, in whichever class they were given (as the results have them: records, carried.h). */
static enum rc class_brought(struct ctx *c, struct year_results *y, school_class_id class)
{
	const pick term_ = y->at == AT_TERM_1 ? TERM_1 : TERM_2;
	items got;
	int64_t n = 0;

	TRY(terms_brought(c, class, &got));
	struct mark_row *marks = NEWS(c->mem, struct mark_row, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct carried_term *t = (const struct carried_term *)got.p + i;
		if (t->term == term_)
			marks[n++] = (struct mark_row){ t->pupil, t->code, t->average, t->comment };
	}
	qsort(marks, (size_t)n, sizeof *marks, by_pupil);
	put_before(c, &y->marks, sizeof *marks, marks, n);
	TRY(conduct_brought(c, class, &got));
	for (int64_t i = got.n; i-- > 0; ) {             /* the latest first                                          */
		const struct carried_conduct *q = (const struct carried_conduct *)got.p + i;
		const struct quality_row said = { q->pupil, q->qualities };
		int64_t at = first_of(y->qualities, sizeof said, q->pupil);
		bool has = at < y->qualities.n && ((const struct quality_row *)y->qualities.p)[at].pupil == q->pupil;
		if (q->term == term_ && q->qualities.n && !has)
			put_before(c, &y->qualities, sizeof said, &said, 1);
	}
	return OK;
}

enum rc year_load(struct ctx *c, pick at, struct year_results **ret)
{
	struct year_results *y = NEW(c->mem, struct year_results);
	struct school_in in = school_here(c);
	struct school_year year;
	items classes;

	y->at = in.term = at;
	TRY(find(c, &school_year, c->here.year, &year));
	for (pick g = GRADE_1; g < GRADE_6; g++)
		y->schemes[g] = scheme_at(c, c->here.org, g, year.year);
	TRY(query(c, "excel/marks", &school_in_shape, &in, &mark_shape, &y->marks, MARKS_MOST));
	TRY(query(c, "excel/qualities", &school_in_shape, &in, &quality_shape, &y->qualities, PUPILS_MOST));
	TRY(query(c, "excel/results", &school_in_shape, &in, &result_shape, &y->results, PUPILS_MOST));
	TRY(query(c, "excel/classes_joined", &school_in_shape, &in, &class_shape, &classes, CLASSES_MOST));
	for (int64_t i = 0; i < classes.n; i++)
		TRY(class_brought(c, y, ((const struct class_row *)classes.p)[i].class));
	*ret = y;
	return OK;
}
