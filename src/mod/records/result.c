/* result.c -- from marks, comments, conduct and absences to the results of terms and year. */
#include "mod/records/records_rules.h"
#include "core/put.h"

enum { BOOKS_MAX = 40, PUPILS_MAX = 120 };

struct class_row { int64_t id; org_id org; pick grade; int64_t year_id, year; };
#define ROW struct class_row
static const struct shape class_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) },
	{ COL(grade), .pick = grades }, { COL(year_id) }, { COL(year) }, END } };
#undef ROW
struct book_row { int64_t id; org_id org; str code; bool comment_only; int64_t entries; };
#define ROW struct book_row
static const struct shape book_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(code) },
	{ COL(comment_only) }, { COL(entries) }, END } };
#undef ROW
struct term_row { int64_t pupil, course; pick term; score average; str comment; };
#define ROW struct term_row
static const struct shape term_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(course) },
	{ COL(term), .pick = mark_terms }, { COL(average) }, { COL(comment) }, END } };
#undef ROW
struct person_row { int64_t pupil; str hk1, hk2, entered, summer, qualities; int64_t id, rev;
	str scheme, r1, r2, level, conduct, standing, title, averages, why, positions; score overall; int64_t absences; };
#define ROW struct person_row
static const struct shape person_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(hk1) }, { COL(hk2) },
	{ COL(entered) }, { COL(summer) }, { COL(qualities) }, { COL(id) }, { COL(rev) },
	{ COL(scheme) }, { COL(r1) }, { COL(r2) }, { COL(level) }, { COL(conduct) }, { COL(standing) }, { COL(title) },
	{ COL(averages) }, { COL(why) }, { COL(positions) }, { COL(overall) },
	{ COL(absences) }, END } };
#undef ROW
struct count_row { int64_t pupil, n; };
#define ROW struct count_row
static const struct shape count_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(n) }, END } };
#undef ROW
struct exempt_row { int64_t pupil; str code; };
#define ROW struct exempt_row
static const struct shape exempt_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(code) }, END } };
#undef ROW

/* A class with all its results come from. given[pupil][term][book]. */
struct gathered {
	struct class_row class; const struct scheme *scheme;
	const struct book_row *books; int64_t n_books;
	const struct person_row *people; int64_t n_people;
	struct subject_given (*given)[2][BOOKS_MAX];
	int32_t *absences;
	str positions;
};

static int64_t place_of(const struct gathered *g, int64_t pupil_)
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
		int64_t at = place_of(g, t[i].pupil);
		int b = 0;
		while (b < g->n_books && g->books[b].id != t[i].course)
			b++;
		if (at < 0 || b == g->n_books || t[i].term > TERM_2)
			continue;
		struct subject_given *s = &g->given[at][t[i].term][b];
		s->word = (int8_t)index_of(g->scheme->words, g->scheme->n_words, t[i].comment);
		*(g->scheme->n_columns ? &s->average : &s->test) = t[i].average.v;
	}
}

static enum rc gather_rest(struct ctx *c, struct gathered *g, const struct book_in *in)
{
	items got;

	TRY(query(c, "records/class_marks", &book_in_shape, in, &term_shape, &got, (int64_t)PUPILS_MAX * BOOKS_MAX * 2));
	place_marks(g, got.p, got.n);
	TRY(query(c, "records/class_absences", &book_in_shape, in, &count_shape, &got, PUPILS_MAX));
	for (int64_t i = 0; i < got.n; i++) {
		const struct count_row *a = (const struct count_row *)got.p + i;
		int64_t at = place_of(g, a->pupil);
		if (at >= 0)
			g->absences[at] = (int32_t)a->n;
	}
	TRY(query(c, "records/class_exemptions", &book_in_shape, in, &exempt_shape, &got, PUPILS_MAX * BOOKS_MAX));
	for (int64_t i = 0; i < got.n; i++) {
		const struct exempt_row *x = (const struct exempt_row *)got.p + i;
		int64_t at = place_of(g, x->pupil);
		for (int b = 0; at >= 0 && b < g->n_books; b++)
			if (str_eq(g->books[b].code, x->code))
				g->given[at][0][b].exempt = g->given[at][1][b].exempt = true;
	}
	return OK;
}

/* E_MISSING: no scheme for the grade, nothing to rate. */
static enum rc gather(struct ctx *c, school_class_id class, const struct scheme *as, struct gathered *g)
{
	struct book_in in = { .class = class.v };
	struct buf positions;
	items got;

	memset(g, 0, sizeof *g);
	TRY(query_one(c, "records/class_of_results", &book_in_shape, &in, &class_row_shape, &g->class));
	g->scheme = as ? as : scheme_at(c, g->class.org, g->class.grade, g->class.year);
	if (!g->scheme || g->scheme->n_domains)
		return E_MISSING;
	TRY(query(c, "records/class_books", &book_in_shape, &in, &book_shape, &got, BOOKS_MAX));
	g->books = got.p;
	g->n_books = got.n;
	TRY(query(c, "records/class_people", &book_in_shape, &in, &person_shape, &got, PUPILS_MAX));
	g->people = got.p;
	g->n_people = got.n;
	g->given = (void *)NEWS(c->mem, struct subject_given, (got.n + 1) * 2 * BOOKS_MAX);
	g->absences = NEWS(c->mem, int32_t, got.n + 1);
	buf_init(&positions, c->mem, 4096);
	for (int b = 0; b < g->n_books; b++) {
		put_fmt(&positions, "%s%lld", b ? "," : "", (long long)g->books[b].entries);
		for (int64_t i = 0; i < g->n_people; i++)
			for (int t = 0; t < 2; t++)
				g->given[i][t][b] = (struct subject_given){ g->books[b].code, -1, -1, -1, -1, -1, false, false };
	}
	g->positions = buf_str(&positions);
	return gather_rest(c, g, &in);
}

/* ---- one pupil ---------------------------------------------------------------------------------------------- */

static void year_of(const struct gathered *g, int64_t i, struct subject_given *year)
{
	const struct parameter *alone = scheme_parameter(g->scheme, S("missing_hk1"));
	bool second_alone = alone && str_is(alone->value, "hk2");

	for (int b = 0; b < g->n_books; b++) {
		const struct subject_given *one = &g->given[i][0][b], *two = &g->given[i][1][b];
		year[b] = *two;
		if (g->scheme->n_columns)
			year[b].average = one->average < 0 && second_alone ? two->average : year_average(g->scheme, one->average,
				two->average);
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

static void rate_year(const struct gathered *g, int64_t i, const struct subject_given *year, int *ret_conduct,
	struct rating *ret)
{
	const struct person_row *p = &g->people[i];
	const struct scheme *s = g->scheme;
	int8_t qualities[QUALITIES];
	struct pupil_given given = { .subjects = year, .n = (int)g->n_books, .qualities = qualities,
		.absences = g->absences[i], .whole = true };

	*ret_conduct = conduct_of_year(s, conduct_at(s, p->hk1), conduct_at(s, p->hk2));
	if (*ret_conduct < 0)
		*ret_conduct = conduct_at(s, p->entered);
	given.conduct = *ret_conduct;
	given.summer_conduct = conduct_at(s, p->summer);
	given.n_qualities = qualities_of(s, p->qualities, qualities);
	scheme_rate(s, &given, ret);
}

static str level_code(const struct scheme *s, int level)
{
	return level < 0 ? (str){ 0 } : s->levels[level].is.code;
}

static str averages_text(struct arena *a, const struct gathered *g, const struct subject_given *year)
{
	struct buf b;

	buf_init(&b, a, 1000);
	for (int k = 0; k < g->n_books; k++) {
		int32_t v = g->scheme->n_columns ? year[k].average : year[k].test;
		if (year[k].exempt || (v < 0 && year[k].word < 0))
			continue;
		put_fmt(&b, "%s%.*s=", b.n ? " " : "", FMT(year[k].code));
		if (year[k].word >= 0)
			put(&b, g->scheme->words[year[k].word].code);
		if (v >= 0)
			put_fmt(&b, "%s%.*s", year[k].word >= 0 ? ":" : "", FMT(score_json(a, (score){ v })));
	}
	return buf_str(&b);
}

static str why_codes(struct arena *a, const struct rating *r)
{
	struct buf b;

	buf_init(&b, a, 1000);
	for (int i = 0; i < r->n_why; i++)
		put_fmt(&b, "%s%s%s%.*s", i ? " " : "", why_name(r->why[i].code), r->why[i].subject.n ? ":" : "",
			FMT(r->why[i].subject));
	return buf_str(&b);
}

static void result_of(struct ctx *c, const struct gathered *g, int64_t i, struct year_result *ret)
{
	struct subject_given year[BOOKS_MAX];
	struct rating *r = NEW(c->mem, struct rating);
	const struct scheme *s = g->scheme;
	int conduct_level;

	row_zero(&year_result, ret);
	ret->base.id = g->people[i].id;
	ret->base.org = g->class.org;
	ret->class.v = g->class.id;
	ret->pupil.v = g->people[i].pupil;
	ret->year.v = g->class.year_id;
	ret->scheme = s->is.code;
	for (int t = 0; t < 2 && s->n_columns; t++) {
		scheme_rate(s, &(struct pupil_given){ .subjects = g->given[i][t], .n = (int)g->n_books, .conduct = -1,
			.summer_conduct = -1, .absences = -1, .whole = true }, r);
		*(t ? &ret->hk2 : &ret->hk1) = level_code(s, r->level);
	}
	year_of(g, i, year);
	rate_year(g, i, year, &conduct_level, r);
	ret->level = level_code(s, r->level);
	ret->conduct = conduct_level < 0 ? (str){ 0 } : s->conducts[conduct_level].code;
	ret->standing = str_of(standing_codes[r->standing]);
	ret->title = r->title < 0 ? (str){ 0 } : s->titles[r->title].is.code;
	ret->averages = averages_text(c->mem, g, year);
	ret->why = why_codes(c->mem, r);
	ret->positions = g->positions;
	ret->overall.v = r->overall;
	ret->absences = g->absences[i];
}

static bool same_result(const struct person_row *p, const struct year_result *r)
{
	return p->id && str_eq(p->scheme, r->scheme) && str_eq(p->r1, r->hk1) && str_eq(p->r2, r->hk2) &&
		str_eq(p->level, r->level) && str_eq(p->conduct, r->conduct)
	       && str_eq(p->standing, r->standing) && str_eq(p->title, r->title) && str_eq(p->averages, r->averages) &&
		str_eq(p->why, r->why)
	       && str_eq(p->positions, r->positions) && p->overall.v == r->overall.v && p->absences == r->absences;
}

enum rc results_of_class(struct ctx *c, school_class_id class, int64_t *ret)
{
	static const col written[] = { offsetof(struct year_result, scheme), offsetof(struct year_result, hk1),
		offsetof(struct year_result, hk2), offsetof(struct year_result, level),
		offsetof(struct year_result, conduct), offsetof(struct year_result, standing),
		offsetof(struct year_result, title), offsetof(struct year_result, averages),
		offsetof(struct year_result, why), offsetof(struct year_result, positions),
		offsetof(struct year_result, overall), offsetof(struct year_result, absences), 0 };
	struct gathered g;
	int64_t n = 0;

	*ret = 0;
	enum rc rc = gather(c, class, NULL, &g);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	struct year_result *rows = NEWS(c->mem, struct year_result, g.n_people + 1);
	for (int64_t i = 0; i < g.n_people && g.n_books; i++) {
		result_of(c, &g, i, &rows[n]);
		n += !same_result(&g.people[i], &rows[n]);
	}
	*ret = g.n_people;
	return n ? put_rows(c, &year_result, rows, n, written) : OK;
}

/* ---- many classes --------------------------------------------------------------------------------------------- */

struct step_in { int64_t school, year, after; };
#define ROW struct step_in
static const struct shape step_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) }, { COL(after) },
	END } };
#undef ROW
#define ROW struct results_in
static const struct shape results_in_shape = { sizeof(ROW), FIELDS{ { REF(at, org),
	.label = { "Đơn vị", "Organisation" } }, { REF(year, school_year), .label = { "Năm học", "School year" } }, END } };
#undef ROW

/* A class's rows live until it is done. */
static enum rc one_class(struct ctx *c, struct arena *room, int64_t class, int64_t *ret)
{
	struct arena *mem = c->mem;

	room->full = mem->full;
	c->mem = room;
	enum rc rc = results_of_class(c, (school_class_id){ class }, ret);
	c->mem = mem;
	arena_reset(room);
	return rc;
}

static void end_room(void *room)
{
	arena_free(room);
}

/* Progress commits what was done, and a result that stands is not written again: the job goes on where it was cut. */
static enum rc results_job(struct ctx *c, void *in_)
{
	static const struct tr doing = { "Tính kết quả các lớp", "Results of the classes" };
	const struct results_in *in = in_;
	struct step_in at = { in->at.v, in->year.v, 0 };
	struct arena *room = NEW(c->mem, struct arena);
	int64_t total = 0, done = 0;
	items classes;

	arena_init(room, (size_t)256 << 20);
	arena_at_end(c->mem, end_room, room);
	TRY(query_int(c, "records/classes_count", &step_in_shape, &at, &total));
	do {
		TRY(query(c, "records/classes_to_rate", &step_in_shape, &at, &number_shape, &classes, 100));
		for (int64_t i = 0; i < classes.n; i++) {
			int64_t n;
			at.after = ((const struct number_row *)classes.p)[i].n;
			TRY(one_class(c, room, at.after, &n));
			job_progress(c, ++done, total, &doing);
			if (job_cancelled(c))
				return OK;
		}
	} while (classes.n);
	return OK;
}

static enum rc seal_job(struct ctx *c, void *in)
{
	int64_t n;

	(void)in;
	return ledger_seal_all(c, &n);
}

const struct job records_jobs[] = {
	[JOB_RESULTS] = { .name = "results", .label = { "Tính kết quả học tập", "Compute results" }, .limit_s = 3600,
		.tries = 3, .in = &results_in_shape, .run = results_job },
	[JOB_SEAL] = { .name = "seal", .label = { "Niêm phong sổ điểm", "Seal the ledgers" }, .every_s = DAYS(1),
		.at_s = HM(1, 20), .limit_s = 3600, .tries = 3, .run = seal_job }, END };

/* ---- two schemes ------------------------------------------------------------------------------------------------- */

struct class_told { int64_t id; org_id org; pick grade; str name, school; };
#define ROW struct class_told
static const struct shape class_told_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) },
	{ COL(grade), .pick = grades }, { COL(name) }, { COL(school) }, END } };
#undef ROW
struct name_row { int64_t pupil; str name; };
#define ROW struct name_row
static const struct shape name_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, END } };
#undef ROW

static str name_in(const struct name_row *n, int64_t count, int64_t pupil_)
{
	for (int64_t i = 0; i < count; i++)
		if (n[i].pupil == pupil_)
			return n[i].name;
	return S("?");
}

/* By the last term that is there: the year when both are, else the first. */
static int level_by(struct arena *a, const struct gathered *g, int64_t i)
{
	struct subject_given year[BOOKS_MAX];
	struct rating *r = NEW(a, struct rating);
	int conduct_level;

	year_of(g, i, year);
	rate_year(g, i, year, &conduct_level, r);
	if (r->level < 0 && g->scheme->n_columns)
		scheme_rate(g->scheme, &(struct pupil_given){ .subjects = g->given[i][0], .n = (int)g->n_books, .conduct = -1,
			.summer_conduct = -1, .absences = -1, .whole = true }, r);
	return r->level;
}

static enum rc class_differs(struct ctx *c, const struct class_told *k, const struct scheme *const s[2],
	differ_fn *tell, void *arg, int64_t *pupils)
{
	struct gathered g[2];
	items names;

	for (int i = 0; i < 2; i++)
		TRY(gather(c, (school_class_id){ k->id }, s[i], &g[i]));
	TRY(query(c, "records/names_of_class", &book_in_shape, &(struct book_in){ .class = k->id }, &name_shape, &names,
		PUPILS_MAX));
	for (int64_t i = 0; i < g[0].n_people; i++) {
		int a = level_by(c->mem, &g[0], i), b = level_by(c->mem, &g[1], i);
		if (a < 0 || b < 0)
			continue;
		++*pupils;
		str one = level_code(s[0], a), two = level_code(s[1], b);
		if (!str_eq(one, two))
			tell(arg, k->school, k->name, name_in(names.p, names.n, g[0].people[i].pupil), one, two);
	}
	return OK;
}

static bool same_kind(const struct scheme *a, const struct scheme *b) { return (a->n_columns > 0)
	== (b->n_columns > 0); }

enum rc results_differ(struct ctx *c, const struct scheme *a, const struct scheme *b, int64_t year, differ_fn *tell,
	void *arg, int64_t *ret_pupils)
{
	static const struct tr other = { "Hai quy chế không cùng loại: một chấm điểm, một không.",
		"The two schemes are of different kinds: one has marks, the other not." };
	const struct scheme *const both[2] = { a, b };
	struct step_in at = { 0, year, 0 };
	struct arena *mem = c->mem, *room = NEW(c->mem, struct arena);
	items classes;

	*ret_pupils = 0;
	if (!same_kind(a, b))
		return FAIL(c, E_INVALID, 0, &other);
	arena_init(room, (size_t)256 << 20);
	arena_at_end(mem, end_room, room);
	do {
		TRY(query(c, "records/classes_of_year", &step_in_shape, &at, &class_told_shape, &classes, 200));
		for (int64_t i = 0; i < classes.n; i++) {
			const struct class_told *k = (const struct class_told *)classes.p + i;
			const struct scheme *own_ = scheme_for(schemes(c), k->grade, (int)year);
			at.after = k->id;
			if (!own_ || own_->n_domains || !same_kind(own_, a))
				continue;
			room->full = mem->full;
			c->mem = room;
			enum rc rc = class_differs(c, k, both, tell, arg, ret_pupils);
			c->mem = mem;
			arena_reset(room);
			TRY(rc);
		}
	} while (classes.n);
	return OK;
}

enum rc results_of_all(struct ctx *c, int64_t year, int64_t *ret_classes, int64_t *ret_pupils)
{
	struct step_in at = { 0, year, 0 };
	struct arena *room = NEW(c->mem, struct arena);
	items classes;

	*ret_classes = *ret_pupils = 0;
	arena_init(room, (size_t)256 << 20);
	arena_at_end(c->mem, end_room, room);
	do {
		TRY(query(c, "records/classes_of_year", &step_in_shape, &at, &class_told_shape, &classes, 200));
		for (int64_t i = 0; i < classes.n; i++) {
			int64_t n;
			at.after = ((const struct class_told *)classes.p)[i].id;
			TRY(one_class(c, room, at.after, &n));
			*ret_pupils += n;
			++*ret_classes;
		}
	} while (classes.n);
	return OK;
}
