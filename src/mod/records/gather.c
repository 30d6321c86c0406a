/* gather.c -- see gather.h: a class's marks, comments, conduct, absences, exemptions; terms and year rated. */
#include "mod/records/gather.h"
#include "mod/records/carried.h"
#include "mod/records/rating.h"

#define ROW struct class_row
static const struct shape class_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) },
	{ COL(grade), .pick = grades }, { COL(year_id) }, { COL(year) }, { COL(name) },
	{ COL(year_code) }, END } };
#undef ROW
#define ROW struct book_row
static const struct shape book_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(code) },
	{ COL(comment_only) }, { COL(entries) }, { COL(subject) }, { COL(name) }, { COL(lessons) }, END } };
#undef ROW
struct term_row { int64_t pupil, course; pick term; score average; str comment; };
#define ROW struct term_row
static const struct shape term_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(course) },
	{ COL(term), .pick = mark_terms }, { COL(average) }, { COL(comment) }, END } };
#undef ROW
#define ROW struct person_row
static const struct shape person_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(hk1) }, { COL(hk2) },
	{ COL(entered) }, { COL(summer) }, { COL(qualities) }, { COL(id) }, { COL(rev) },
	{ COL(scheme) }, { COL(r1) }, { COL(r2) }, { COL(level) }, { COL(conduct) }, { COL(standing) }, { COL(title) },
	{ COL(averages) }, { COL(why) }, { COL(positions) }, { COL(retests) }, { COL(overall) },
	{ COL(absences) }, { COL(came) }, { COL(qualities1) }, { COL(verdict), .pick = verdicts }, END } };
#undef ROW
struct absent_row { int64_t pupil, n, first; };
#define ROW struct absent_row
static const struct shape absent_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(n) }, { COL(first) }, END } };
#undef ROW
struct exempt_row { int64_t pupil; str code, covers, kind; };
#define ROW struct exempt_row
static const struct shape exempt_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(code) },
	{ COL(covers) }, { COL(kind) }, END } };
#undef ROW

int64_t gathered_pupil(const struct gathered *g, int64_t pupil_)
{
	int64_t low = 0, high = g->n_people;

	while (low < high) {
		int64_t middle = (low + high) / 2;
		if (g->people[middle].pupil < pupil_)
			low = middle + 1;
		else
			high = middle;
	}
	return low < g->n_people && g->people[low].pupil == pupil_ ? low : -1;
}

static int index_of(const struct words *list, int n, str code)
{
	for (int i = 0; i < n; i++)
		if (str_eq(list[i].code, code))
			return i;
	return -1;
}

static void place_marks(struct gathered *g, const struct term_row *t, int64_t n)
{
	for (int64_t i = 0; i < n; i++) {
		int64_t at = gathered_pupil(g, t[i].pupil);
		int b = 0;
		while (b < g->n_books && g->books[b].id != t[i].course)
			b++;
		if (at < 0 || b == g->n_books)
			continue;
		struct subject_given *s = &g->given[at][t[i].term][b];
		s->word = (int8_t)index_of(g->scheme->words, g->scheme->n_words, t[i].comment);
		*(g->scheme->n_columns ? &s->average : &s->test) = t[i].average.v;
	}
}

/* The conduct of a term that an earlier class rated stands until this one rates it (TT 22/2021 Điều 8). */
static void bring_conduct(struct gathered *g, const struct carried_conduct *x)
{
	int64_t at = gathered_pupil(g, x->pupil);
	struct person_row *p = (struct person_row *)(uintptr_t)&g->people[at < 0 ? 0 : at];
	str *level = x->term == TERM_1 ? &p->hk1 : x->term == TERM_2 ? &p->hk2 : &p->entered;

	if (at < 0 || x->term > TERM_YEAR)
		return;
	if (!level->n || str_is(*level, "none"))
		*level = x->level;
	if (x->term == TERM_1 && !p->qualities1.n)
		p->qualities1 = x->qualities;
	if (x->term == TERM_2 && !p->qualities.n)
		p->qualities = x->qualities;
	if (x->term == TERM_YEAR && (!p->summer.n || str_is(p->summer, "none")))
		p->summer = x->summer;
}

/* Of pupils who changed class or school within the year: every mark of a term counts, whichever class it was given in
 * (TT 22/2021 Điều 9.1: of all regular marks, the mid-term and the end of the term). */
static enum rc bring(struct ctx *c, struct gathered *g, const struct book_in *in)
{
	bool any = false;
	items got;

	for (int64_t i = 0; i < g->n_people; i++)
		any = any || g->people[i].came;
	if (!any)
		return OK;
	TRY(carried_terms(c, in, &got));
	struct term_row *whole = NEWS(c->mem, struct term_row, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct carried_term *r = (const struct carried_term *)got.p + i;
		whole[i] = (struct term_row){ r->pupil, r->course, r->term, r->average, r->comment };
	}
	place_marks(g, whole, got.n);
	TRY(carried_conducts(c, in, &got));
	for (int64_t i = got.n; i-- > 0; )
		bring_conduct(g, (const struct carried_conduct *)got.p + i);
	return OK;
}

static enum rc gather_rest(struct ctx *c, struct gathered *g, const struct book_in *in)
{
	items got;

	TRY(query(c, "records/class_marks", &book_in_shape, in, &term_shape, &got, (int64_t)PUPILS_MAX * BOOKS_MAX * 3));
	place_marks(g, got.p, got.n);
	TRY(bring(c, g, in));
	TRY(query(c, "records/class_absences", &book_in_shape, in, &absent_shape, &got, PUPILS_MAX));
	for (int64_t i = 0; i < got.n; i++) {
		const struct absent_row *a = (const struct absent_row *)got.p + i;
		int64_t at = gathered_pupil(g, a->pupil);
		if (at < 0)
			continue;
		g->absent[at][TERM_1] = (int32_t)a->first;
		g->absent[at][TERM_2] = (int32_t)(a->n - a->first);
		g->absent[at][TERM_YEAR] = (int32_t)a->n;
	}
	TRY(query(c, "records/class_exemptions", &book_in_shape, in, &exempt_shape, &got, PUPILS_MAX * BOOKS_MAX));
	for (int64_t i = 0; i < got.n; i++) {
		const struct exempt_row *x = (const struct exempt_row *)got.p + i;
		int64_t at = gathered_pupil(g, x->pupil);
		for (int b = 0; at >= 0 && b < g->n_books; b++)
			if (str_eq(g->books[b].code, x->code)) {
				g->given[at][0][b].exempt |= !str_is(x->covers, "none");
				g->given[at][1][b].exempt |= str_is(x->covers, "both");
				g->given[at][0][b].left = g->given[at][1][b].left = str_is(x->kind, "not_chosen");
			}
	}
	return OK;
}

enum rc gather(struct ctx *c, school_class_id class, const struct scheme *as, struct gathered *g)
{
	struct book_in in = { .class = class.v };
	struct buf positions;
	items got;

	memset(g, 0, sizeof *g);
	TRY(query_one(c, "records/class_of_results", &book_in_shape, &in, &class_row_shape, &g->class));
	g->scheme = as ? as : scheme_at(c, g->class.org, g->class.grade, g->class.year);
	if (!g->scheme)
		return E_MISSING;
	TRY(query(c, "records/class_books", &book_in_shape, &in, &book_shape, &got, BOOKS_MAX));
	g->books = got.p;
	g->n_books = got.n;
	TRY(query(c, "records/class_people", &book_in_shape, &in, &person_shape, &got, PUPILS_MAX));
	g->people = got.p;
	g->n_people = got.n;
	g->given = (void *)NEWS(c->mem, struct subject_given, (got.n + 1) * 3 * BOOKS_MAX);
	g->absent = (void *)NEWS(c->mem, int32_t, (got.n + 1) * 3);
	buf_init(&positions, c->mem, 4096);
	for (int b = 0; b < g->n_books; b++) {
		put_fmt(&positions, "%s%lld", b ? "," : "", (long long)g->books[b].entries);
		for (int64_t i = 0; i < g->n_people; i++)
			for (int t = 0; t <= TERM_YEAR; t++)
				g->given[i][t][b] = (struct subject_given){ g->books[b].code, -1, -1, -1, -1, -1, false, false };
	}
	g->positions = buf_str(&positions);
	return gather_rest(c, g, &in);
}

/* ---- one pupil ---------------------------------------------------------------------------------------------- */

void year_of(const struct gathered *g, int64_t i, struct subject_given *year, bool retests)
{
	const struct parameter *alone = scheme_parameter(g->scheme, S("missing_hk1"));
	bool second_alone = alone && str_is(alone->value, "hk2");

	for (int b = 0; b < g->n_books; b++) {
		const struct subject_given *one = &g->given[i][0][b], *two = &g->given[i][1][b];
		year[b] = *two;
		/* who was exempt in the first term only, or chose the subject after it, has the year of the second */
		bool alone_ = (second_alone && one->average < 0) || (one->exempt && !two->exempt);
		if (g->scheme->n_columns)
			year[b].average = alone_ ? two->average : year_average(g->scheme, one->average, two->average);
		if (retests) {
			year[b].retest = g->given[i][TERM_YEAR][b].average;
			year[b].retest_word = g->given[i][TERM_YEAR][b].word;
		}
	}
}

static int qualities_of(const struct scheme *s, str text, int8_t *ret)
{
	int n = 0;

	for (str one; text.n && n < QUALITIES; n++) {
		str_cut(text, ' ', &one, &text);
		int w = index_of(s->quality_words, s->n_quality_words, one);
		ret[n] = (int8_t)(w < 0 ? s->n_quality_words - 1 : w);
	}
	return n;
}

static int conduct_at(const struct scheme *s, str code)
{
	return index_of(s->conducts, s->n_conducts, code);
}

void rate_term(const struct gathered *g, int64_t i, int term_, struct rating *ret)
{
	scheme_rate(g->scheme, &(struct pupil_given){ .subjects = g->given[i][term_], .n = (int)g->n_books, .conduct = -1,
		.summer_conduct = -1, .absences = -1, .whole = true }, ret);
}

/* Preschool: how many indices of each domain were met, in the scheme's order (TT 23/2010). */
static int domains_of(const struct scheme *s, str text, int32_t *ret)
{
	int n = 0;
	int64_t v;

	for (str one; text.n && n < s->n_domains; n++) {
		str_cut(text, ' ', &one, &text);
		ret[n] = str_to_int(one, &v) && v >= 0 && v <= s->domains[n].of ? (int32_t)v : 0;
	}
	return n;
}

static bool retests_wait(const struct gathered *g, const struct rating *r, const struct subject_given *year)
{
	for (int k = 0; k < r->n_retest; k++)
		for (int b = 0; b < g->n_books; b++)
			if (str_eq(year[b].code, r->retest[k]) && year[b].retest < 0 && year[b].retest_word < 0)
				return true;
	return false;
}

void rate_year(const struct gathered *g, int64_t i, const struct subject_given *year, int *ret_conduct,
	struct rating *ret)
{
	const struct person_row *p = &g->people[i];
	const struct scheme *s = g->scheme;
	struct subject_given before[BOOKS_MAX];
	int8_t qualities[QUALITIES];
	int32_t domains[COUNT(s->domains)];
	struct pupil_given given = { .subjects = before, .n = (int)g->n_books, .qualities = qualities, .domains = domains,
		.absences = g->absent[i][TERM_YEAR], .whole = true };
	bool again = false;

	*ret_conduct = conduct_of_year(s, conduct_at(s, p->hk1), conduct_at(s, p->hk2));
	if (*ret_conduct < 0)
		*ret_conduct = conduct_at(s, p->entered);
	given.conduct = *ret_conduct;
	given.summer_conduct = conduct_at(s, p->summer);
	given.verdict = (enum verdict)p->verdict;
	given.recognised = p->verdict == VERDICT_RECOGNISED;
	given.n_qualities = s->n_domains ? 0 : qualities_of(s, p->qualities, qualities);
	given.n_domains = s->n_domains ? domains_of(s, p->qualities, domains) : 0;
	for (int b = 0; b < g->n_books; b++) {
		before[b] = year[b];
		before[b].retest = before[b].retest_word = -1;
		again = again || year[b].retest >= 0 || year[b].retest_word >= 0;
	}
	scheme_rate(s, &given, ret);
	/* a retest counts only for whom the law lets be tested again */
	if (!again || ret->standing != STANDING_RETEST)
		return;
	struct rating first = *ret;
	given.subjects = year;
	scheme_rate(s, &given, ret);
	if (ret->standing != STANDING_PROMOTED && retests_wait(g, &first, year)) {
		*ret = first;                            /* who has a subject to be tested in yet does not repeat        */
		return;
	}
	memcpy(ret->retest, first.retest, sizeof ret->retest);
	ret->n_retest = first.n_retest;
}

bool trains_in_summer(struct ctx *c, const struct gathered *g, int64_t pupil_, str *ret_year)
{
	const struct scheme *s = g->scheme;
	int64_t i = gathered_pupil(g, pupil_);
	int level = i < 0 ? -1 : conduct_of_year(s, conduct_at(s, g->people[i].hk1), conduct_at(s, g->people[i].hk2));

	if (level < 0 && i >= 0)
		level = conduct_at(s, g->people[i].entered);
	if (ret_year)
		*ret_year = level < 0 ? (str){ 0 } : c->lang == VI ? s->conducts[level].vi : s->conducts[level].en;
	return s->summer.set && level >= 0 && level >= s->summer.conduct;
}
