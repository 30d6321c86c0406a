/* result.c -- from marks, comments, conduct and absences to the results of terms and year. */
#include "mod/records/result.h"
#include "mod/records/results_page.h"
#include "core/put.h"

static str level_code(const struct scheme *s, int level)
{
	return level < 0 ? (str){ 0 } : s->levels[level].is.code;
}

static str averages_text(struct arena *a, const struct gathered *g, const struct subject_given *year)
{
	struct buf b;

	buf_init(&b, a, 1000);
	for (int k = 0; k < g->n_books; k++) {
		int32_t v = !g->scheme->n_columns ? year[k].test : year[k].retest >= 0 ? year[k].retest : year[k].average;
		int word = year[k].retest_word >= 0 ? year[k].retest_word : year[k].word;
		if (year[k].exempt || (v < 0 && word < 0))
			continue;
		put_fmt(&b, "%s%.*s=", b.n ? " " : "", FMT(year[k].code));
		if (word >= 0)
			put(&b, g->scheme->words[word].code);
		if (v >= 0)
			put_fmt(&b, "%s%.*s", word >= 0 ? ":" : "", FMT(score_json(a, (score){ v })));
	}
	return buf_str(&b);
}

static str codes_text(struct arena *a, const str *codes, int n)
{
	struct buf b;

	buf_init(&b, a, 1000);
	for (int i = 0; i < n; i++)
		put_fmt(&b, "%s%.*s", i ? " " : "", FMT(codes[i]));
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

void result_of(struct ctx *c, const struct gathered *g, int64_t i, struct year_result *ret)
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
		rate_term(g, i, t, r);
		*(t ? &ret->hk2 : &ret->hk1) = level_code(s, r->level);
	}
	year_of(g, i, year, true);
	rate_year(g, i, year, &conduct_level, r);
	ret->level = level_code(s, r->level);
	ret->conduct = conduct_level < 0 ? (str){ 0 } : s->conducts[conduct_level].code;
	ret->standing = str_of(standing_codes[r->standing]);
	ret->title = r->title < 0 ? (str){ 0 } : s->titles[r->title].is.code;
	ret->averages = averages_text(c->mem, g, year);
	ret->why = why_codes(c->mem, r);
	ret->retests = codes_text(c->mem, r->retest, r->n_retest);
	ret->positions = g->positions;
	ret->overall.v = r->overall;
	ret->absences = g->absent[i][TERM_YEAR];
}

static bool same_result(const struct person_row *p, const struct year_result *r)
{
	return p->id && str_eq(p->scheme, r->scheme) && str_eq(p->r1, r->hk1) && str_eq(p->r2, r->hk2) &&
		str_eq(p->level, r->level) && str_eq(p->conduct, r->conduct)
	       && str_eq(p->standing, r->standing) && str_eq(p->title, r->title) && str_eq(p->averages, r->averages) &&
		str_eq(p->why, r->why) && str_eq(p->retests, r->retests)
	       && str_eq(p->positions, r->positions) && p->overall.v == r->overall.v && p->absences == r->absences;
}

struct left_row { int64_t id, rev; };
#define ROW struct left_row
static const struct shape left_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, END } };
#undef ROW

/* Who changed class or school has his year's result in the class of now. */
static enum rc retire_left(struct ctx *c, school_class_id class)
{
	items left;
	enum rc rc = OK;

	TRY(query(c, "records/results_left", &book_in_shape, &(struct book_in){ .class = class.v }, &left_shape, &left,
		PUPILS_MAX));
	const struct actor *who = as_system(c, "results of pupils who left the class");
	for (int64_t i = 0; i < left.n && rc == OK; i++) {
		const struct left_row *r = (const struct left_row *)left.p + i;
		rc = retire(c, &year_result, r->id, r->rev);
	}
	as_actor(c, who);
	return rc;
}

static enum rc compute(struct ctx *c, school_class_id class, int64_t *ret)
{
	static const col written[] = { offsetof(struct year_result, scheme), offsetof(struct year_result, hk1),
		offsetof(struct year_result, hk2), offsetof(struct year_result, level),
		offsetof(struct year_result, conduct), offsetof(struct year_result, standing),
		offsetof(struct year_result, title), offsetof(struct year_result, averages),
		offsetof(struct year_result, why), offsetof(struct year_result, retests),
		offsetof(struct year_result, positions),
		offsetof(struct year_result, overall), offsetof(struct year_result, absences), 0 };
	struct gathered g;
	int64_t n = 0;

	*ret = 0;
	enum rc rc = gather(c, class, NULL, &g);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	struct year_result *rows = NEWS(c->mem, struct year_result, g.n_people + 1);
	for (int64_t i = 0; i < g.n_people && (g.n_books || g.scheme->n_domains); i++) {
		result_of(c, &g, i, &rows[n]);
		n += !same_result(&g.people[i], &rows[n]);
	}
	*ret = g.n_people;
	return n ? put_rows(c, &year_result, rows, n, written) : OK;
}

enum rc results_of_class(struct ctx *c, school_class_id class, int64_t *ret)
{
	TRY(compute(c, class, ret));
	return retire_left(c, class);
}

enum rc results_follow(struct ctx *c, school_class_id class, bool *ret_computed)
{
	int64_t n = 0;

	TRY(query_int(c, "records/results_there", &book_in_shape, &(struct book_in){ .class = class.v }, &n));
	*ret_computed = n > 0;
	return n ? results_of_class(c, class, &n) : OK;
}

enum rc conduct_counts(struct ctx *c, void *row)
{
	const struct conduct *x = row;
	bool computed;

	return rated_together(c, x->class) ? OK : results_follow(c, x->class, &computed);
}

enum rc exemption_counts(struct ctx *c, void *row)
{
	bool computed;

	return results_follow(c, ((const struct exemption *)row)->class, &computed);
}

enum rc exemption_turned(struct ctx *c, void *row)
{
	TRY(exemption_org(c, row));
	return exemption_counts(c, row);
}

/* ---- many classes --------------------------------------------------------------------------------------------- */

struct step_in { int64_t school, year, after; };
#define ROW struct step_in
static const struct shape step_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) }, { COL(after) },
	END } };
#undef ROW
#define ROW struct results_in
static const struct shape results_in_shape = { sizeof(ROW), FIELDS{ { REF(at, org),
	.label = { "Đơn vị", "Organisation" } }, { REF(year, school_year), .label = { "Năm học", "School year" } },
	{ COL(after), .label = { "Đã tính đến lớp", "Computed up to class" } },
	{ COL(classes), .label = { "Số lớp đã tính", "Classes computed" } },
	{ COL(pupils), .label = { "Số học sinh đã tính", "Pupils computed" } }, END } };
#undef ROW

/* A class's rows live until it is done. */
static enum rc one_class(struct ctx *c, struct arena *room, int64_t class, int64_t *ret)
{
	struct arena *mem = c->mem;

	room->full = mem->full;
	c->mem = room;
	enum rc rc = compute(c, (school_class_id){ class }, ret);
	c->mem = mem;
	arena_reset(room);
	return rc == OK ? retire_left(c, (school_class_id){ class }) : rc;
}

static void end_room(void *room)
{
	arena_free(room);
}

/* Every progress commits the classes that are done and how far it came: the job goes on where it was cut. */
static enum rc results_job(struct ctx *c, void *in_)
{
	static const struct tr doing = { "Tính kết quả các lớp", "Results of the classes" },
		told = { "Đã tính kết quả của {1} học sinh, {2} lớp.", "Results of {1} pupils in {2} classes computed." };
	struct results_in *in = in_;
	struct step_in at = { in->at.v, in->year.v, in->after };
	struct arena *room = NEW(c->mem, struct arena);
	int64_t left = 0, n;
	items classes;

	job_keep(c, in);
	arena_init(room, (size_t)256 << 20);
	arena_at_end(c->mem, end_room, room);
	TRY(query_int(c, "records/classes_count", &step_in_shape, &at, &left));
	const int64_t total = in->classes + left;
	do {
		at.after = in->after;
		TRY(query(c, "records/classes_to_rate", &step_in_shape, &at, &number_shape, &classes, 100));
		for (int64_t i = 0; i < classes.n; i++) {
			int64_t class = ((const struct number_row *)classes.p)[i].n;
			TRY(one_class(c, room, class, &n));
			in->after = class;
			in->classes++;
			in->pupils += n;
			job_progress(c, in->classes, total, &doing);
			if (job_cancelled(c))
				return OK;
		}
	} while (classes.n);
	return job_result(c, (file_id){ 0 }, sayf(c, &told, ARGS(int_text(c->mem, in->pupils),
		int_text(c->mem, in->classes))));
}

enum rc results_queue(struct ctx *c, int64_t year, int64_t *ret_job)
{
	static const struct tr none = { "Không có năm học {1}.", "There is no school year {1}." };
	struct year_row of;
	enum rc rc = year_find(c, year, &of);

	if (rc == E_MISSING)
		return FAILF(c, rc, 0, &none, TEXT(c, "%lld", (long long)year));
	TRY(rc);
	return job_add(c, &records_jobs[JOB_RESULTS], (org_id){ 0 }, &(struct results_in){ .year = { of.id } }, ret_job);
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
		.at_s = HM(1, 20), .limit_s = 3600, .tries = 3, .run = seal_job },
	[JOB_CLOSE] = { .name = "close", .label = { "Chốt sổ", "Close a term" }, .limit_s = 3600, .tries = 3,
		.in = &close_job_shape, .run = close_job }, END };

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

	year_of(g, i, year, true);
	rate_year(g, i, year, &conduct_level, r);
	if (r->level < 0 && g->scheme->n_columns)
		rate_term(g, i, 0, r);
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
		if (!scheme_alike(s[0], a, s[1], b))
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
