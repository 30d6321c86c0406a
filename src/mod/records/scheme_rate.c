/* scheme_rate.c -- averages and ratings by a scheme. Every bar is compared with a whole number of hundredths. */
#include "mod/records/scheme.h"

/* ---- averages ------------------------------------------------------------------------------------------ */

int32_t mark_round(int64_t sum, int64_t parts, int decimals)
{
	int64_t unit = decimals == 0 ? 100 : decimals == 1 ? 10 : 1;

	return (int32_t)((2 * sum + parts * unit) / (2 * parts * unit) * unit);
}

int scheme_times(const struct scheme *s, int lessons)
{
	for (int i = 0; lessons > 0 && i < s->n_times; i++)
		if (s->times[i].lessons == 0 || lessons <= s->times[i].lessons)
			return s->times[i].times;
	return 0;
}

bool term_average(const struct scheme *s, const struct mark_given *m, int n, int lessons, int32_t *ret,
	struct missing *ret_missing)
{
	int64_t sum = 0, parts = 0;
	int has[COLUMNS] = { 0 };

	for (int i = 0; i < n; i++) {
		const struct column *c = &s->columns[m[i].column];
		sum += (int64_t)m[i].value * c->weight;
		parts += c->weight;
		has[c->with >= 0 ? c->with : m[i].column]++;
	}
	for (int k = 0; k < s->n_columns; k++) {
		const struct column *c = &s->columns[k];
		int asks = c->by_lessons ? scheme_times(s, lessons) : c->times;
		if (c->by_lessons && asks == 0)
			asks = 1;
		if (c->with < 0 && has[k] < asks) {
			*ret_missing = (struct missing){ k, has[k], asks };
			return false;
		}
	}
	if (parts == 0 || s->decimals < 0) {
		*ret_missing = (struct missing){ 0, 0, 1 };
		return false;
	}
	*ret = mark_round(sum, parts, s->decimals);
	return true;
}

int32_t year_average(const struct scheme *s, int32_t hk1, int32_t hk2)
{
	int w1 = s->year_weight[0], w2 = s->year_weight[1];

	return hk1 < 0 || hk2 < 0 ? -1 : mark_round((int64_t)hk1 * w1 + (int64_t)hk2 * w2, w1 + w2, s->decimals);
}

int term_comment(const struct scheme *s, const int8_t *words, int n)
{
	int passed = 0;

	if (n < s->comment_times || n < 1)
		return -1;
	for (int i = 0; i < n; i++)
		passed += words[i] == 0;
	bool good = passed * s->comment_share[1] >= n * s->comment_share[0] && (!s->comment_last || words[n - 1] == 0);
	return good ? 0 : s->n_words - 1;
}

int conduct_of_year(const struct scheme *s, int hk1, int hk2)
{
	bool known = !s->conduct_entered && hk1 >= 0 && hk2 >= 0 && hk1 < s->n_conducts && hk2 < s->n_conducts;

	return known ? s->conduct_year[hk2][hk1] - 1 : -1;
}

/* ---- what a level asks ------------------------------------------------------------------------------------ */

/* skip: a subject that is left out (substitute: taken as good enough); -1 none. */
struct looked { const struct scheme *s; const struct pupil_given *p; int32_t overall; int skip; bool substitute, few; };

static int32_t mark_of(const struct subject_given *g) { return g->retest >= 0 ? g->retest : g->average; }
static int word_of(const struct subject_given *g) { return g->retest_word >= 0 ? g->retest_word : g->word; }

static bool in_reference(const struct scheme *s, str code)
{
	for (int i = 0; i < s->n_reference; i++)
		if (str_eq(s->reference[i], code))
			return true;
	return false;
}

/* Every subject counted must reach the bound; the one furthest below it is told. */
static bool all_reach(const struct looked *k, const struct condition *c, struct why *w)
{
	int32_t lowest = c->bound;

	for (int i = 0; i < k->p->n; i++) {
		const struct subject_given *g = &k->p->subjects[i];
		int32_t v = c->kind == EVERY_TEST ? g->test : mark_of(g);
		if (g->exempt || i == k->skip || v < 0 || v >= lowest || (c->kind == SPECIALISED && !g->specialised))
			continue;
		lowest = v;
		w->subject = g->code;
		w->value = v;
	}
	return lowest == c->bound;
}

static bool enough_reach(const struct looked *k, const struct condition *c, struct why *w)
{
	int have = 0, marked = 0;

	for (int i = 0; i < k->p->n; i++) {
		const struct subject_given *g = &k->p->subjects[i];
		if (g->exempt || mark_of(g) < 0)
			continue;
		marked++;
		have += i == k->skip ? k->substitute : mark_of(g) >= c->bound;
	}
	w->value = have;
	return have >= (k->few && marked < c->n ? marked : c->n);
}

static bool comments_pass(const struct looked *k, const struct condition *c, struct why *w)
{
	int failed = 0;

	for (int i = 0; i < k->p->n; i++) {
		const struct subject_given *g = &k->p->subjects[i];
		if (g->exempt || i == k->skip || word_of(g) != k->s->n_words - 1)
			continue;
		failed++;
		w->subject = g->code;
	}
	w->value = failed;
	return failed <= c->n;
}

static bool one_reaches(const struct looked *k, const struct condition *c)
{
	for (int i = 0; i < k->p->n; i++) {
		const struct subject_given *g = &k->p->subjects[i];
		if (!g->exempt && in_reference(k->s, g->code) && (i == k->skip ? k->substitute : mark_of(g) >= c->bound))
			return true;
	}
	return false;
}

static bool words_reach(const struct looked *k, const struct condition *c, struct why *w)
{
	for (int i = 0; c->kind == EVERY_WORD && i < k->p->n; i++)
		if (!k->p->subjects[i].exempt && word_of(&k->p->subjects[i]) > c->word) {
			w->subject = k->p->subjects[i].code;
			return false;
		}
	for (int i = 0; c->kind == EVERY_QUALITY && i < k->p->n_qualities; i++)
		if (k->p->qualities[i] > c->word) {
			w->subject = i < k->s->n_qualities ? k->s->qualities[i].code : (str){ 0 };
			return false;
		}
	return true;
}

static bool domains_reach(const struct looked *k, const struct condition *c, struct why *w)
{
	int64_t share = 100;

	str_to_int(scheme_parameter(k->s, c->parameter)->value, &share);
	w->bound = (int32_t)share;
	for (int i = 0; i < k->p->n_domains; i++) {
		w->subject = k->s->domains[i].is.code;
		w->value = k->p->domains[i];
		w->n = k->s->domains[i].of;
		if ((int64_t)k->p->domains[i] * 100 < share * k->s->domains[i].of)
			return false;
	}
	return true;
}

static bool meets(const struct looked *k, const struct condition *c, struct why *w)
{
	static const enum why_code codes[] = { [EVERY_MARK] = WHY_EVERY, [COUNT_MARK] = WHY_COUNT,
		[FAILED_COMMENTS] = WHY_COMMENTS, [OVERALL] = WHY_OVERALL,
		[ONE_OF] = WHY_ONE_OF, [SPECIALISED] = WHY_SPECIALISED, [EVERY_WORD] = WHY_WORD,
		[EVERY_QUALITY] = WHY_QUALITY, [EVERY_TEST] = WHY_TEST,
		[EVERY_DOMAIN] = WHY_DOMAIN };

	*w = (struct why){ .code = codes[c->kind], .value = -1, .bound = c->bound, .n = c->n };
	switch (c->kind) {
	case EVERY_MARK: case SPECIALISED: case EVERY_TEST: return all_reach(k, c, w);
	case COUNT_MARK: return enough_reach(k, c, w);
	case FAILED_COMMENTS: return comments_pass(k, c, w);
	case OVERALL: w->value = k->overall; return k->overall >= c->bound;
	case ONE_OF: return one_reaches(k, c);
	case EVERY_WORD: case EVERY_QUALITY: w->to = c->word; return words_reach(k, c, w);
	case EVERY_DOMAIN: return domains_reach(k, c, w);
	}
	return false;
}

static int level_of(const struct looked *k)
{
	struct why w;

	for (int i = 0; i < k->s->n_levels; i++) {
		bool good = true;
		for (int a = 0; a < k->s->levels[i].n && good; a++)
			good = meets(k, &k->s->levels[i].asks[a], &w);
		if (good)
			return i;
	}
	return k->s->n_levels - 1;
}

/* ---- the single subject -------------------------------------------------------------------------------------- */

static const struct adjust *adjustment(const struct scheme *s, int would_be, int level)
{
	for (int i = 0; i < s->n_adjusts; i++)
		if (s->adjusts[i].would_be == would_be && s->adjusts[i].dragged_to == level)
			return &s->adjusts[i];
	return NULL;
}

/* Exactly one subject whose leaving out would lift the level as the table has it. */
static const struct adjust *single_subject(const struct looked *k, int level, int *ret_subject)
{
	const struct parameter *how = scheme_parameter(k->s, S("adjust"));
	struct looked without = *k;
	const struct adjust *found = NULL;
	int n = 0;

	without.substitute = how && str_is(how->value, "substitute");
	for (int i = 0; k->s->n_adjusts && level > 0 && i < k->p->n; i++) {
		if (k->p->subjects[i].exempt)
			continue;
		without.skip = i;
		const struct adjust *a = adjustment(k->s, level_of(&without), level);
		if (!a)
			continue;
		found = a;
		*ret_subject = i;
		n++;
	}
	return n == 1 ? found : NULL;
}

/* ---- reasons ---------------------------------------------------------------------------------------------------- */

static struct why *add_why(struct rating *r, enum why_code code, str article)
{
	struct why *w = &r->why[r->n_why < COUNT(r->why) ? r->n_why++ : COUNT(r->why) - 1];

	*w = (struct why){ .code = code, .value = -1, .level = -1, .article = article };
	return w;
}

/* Why not the level above: each of its conditions that is not met. */
static void tell_level(const struct looked *k, struct rating *r)
{
	int level = r->before;
	struct why w;

	add_why(r, WHY_LEVEL, k->s->levels[level].article)->level = level;
	for (int a = 0; level > 0 && a < k->s->levels[level - 1].n; a++) {
		if (meets(k, &k->s->levels[level - 1].asks[a], &w))
			continue;
		w.level = level - 1;
		w.article = k->s->levels[level - 1].article;
		if (r->n_why < COUNT(r->why))
			r->why[r->n_why++] = w;
	}
}

/* ---- what must be there
 * -------------------------------------------------------------------------------------------- */

static bool asks_for(const struct scheme *s, enum condition_kind kind)
{
	for (int i = 0; i < s->n_levels; i++)
		for (int k = 0; k < s->levels[i].n; k++)
			if (s->levels[i].asks[k].kind == kind)
				return true;
	return false;
}

static void need(struct rating *r, const struct parameter *p)
{
	r->needs = p;
	add_why(r, WHY_PARAMETER, p->source)->subject = p->is.code;
}

static bool all_there(const struct scheme *s, const struct pupil_given *p, struct rating *r)
{
	bool words = asks_for(s, EVERY_WORD);
	int marked = 0, exempt = 0, before = r->n_why;

	for (int i = 0; i < p->n; i++) {
		const struct subject_given *g = &p->subjects[i];
		exempt += g->exempt && !g->left;
		marked += !g->exempt && mark_of(g) >= 0;
		if (g->exempt || (words ? word_of(g) >= 0 : mark_of(g) >= 0 || word_of(g) >= 0))
			continue;
		add_why(r, words && !p->whole ? WHY_NOT_ASKED : WHY_MISSING, (str){ 0 })->subject = g->code;
		before += words && !p->whole;
	}
	if (p->n == 0 && !s->n_domains)
		add_why(r, WHY_MISSING, (str){ 0 });
	/* no mark at all: neither an overall average nor a count of subjects says anything of the pupil */
	if (r->n_why == before && p->n && !marked && asks_for(s, EVERY_MARK) && (s->has_overall || !exempt))
		add_why(r, WHY_MISSING, (str){ 0 })->n = 1;
	if ((s->n_domains && p->n_domains < s->n_domains) || (p->whole && s->n_qualities &&
		p->n_qualities < s->n_qualities))
		add_why(r, WHY_MISSING, s->quality_article);
	if (r->n_why > before)
		return false;
	const struct parameter *few = scheme_parameter(s, S("few_subjects"));
	if (few && exempt && marked < 6 && !few->value.n)
		need(r, few);
	for (int i = 0; i < s->n_levels; i++)
		for (int k = 0; k < s->levels[i].n; k++) {
			const struct parameter *by = s->levels[i].asks[k].parameter.n
				? scheme_parameter(s, s->levels[i].asks[k].parameter) : NULL;
			if (by && !by->value.n)
				need(r, by);
		}
	return r->needs == NULL;
}

static int32_t overall_of(const struct scheme *s, const struct pupil_given *p)
{
	int64_t sum = 0, n = 0;

	for (int i = 0; s->has_overall && i < p->n; i++) {
		if (p->subjects[i].exempt || mark_of(&p->subjects[i]) < 0)
			continue;
		sum += mark_of(&p->subjects[i]);
		n++;
	}
	return n ? mark_round(sum, n, s->decimals) : -1;
}

/* ---- the year's end
 * --------------------------------------------------------------------------------------------------- */

static void list_retests(const struct scheme *s, const struct pupil_given *p, struct rating *r)
{
	for (int i = 0; i < p->n && r->n_retest < CODES; i++) {
		const struct subject_given *g = &p->subjects[i];
		bool low = mark_of(g) >= 0 ? mark_of(g) < s->retest.below : s->n_words && word_of(g) == s->n_words - 1;
		if (!g->exempt && low)
			r->retest[r->n_retest++] = g->code;
	}
}

static bool was_retested(const struct pupil_given *p)
{
	for (int i = 0; i < p->n; i++)
		if (p->subjects[i].retest >= 0 || p->subjects[i].retest_word >= 0)
			return true;
	return false;
}

int scheme_absences(const struct scheme *s)
{
	const struct parameter *by = s->promotion.absences_by.n ? scheme_parameter(s, s->promotion.absences_by) : NULL;
	int64_t v = s->promotion.set ? s->promotion.absences : 0;

	if (by && !str_to_int(by->value, &v))
		v = 0;
	return (int)v;
}

/* Who was absent too often does not go up, whatever else is known of them (TT 22/2021 Điều 12, TT 58/2011 Điều 15). */
static bool absent_too_often(const struct scheme *s, const struct pupil_given *p, struct rating *r)
{
	int most = scheme_absences(s);

	if (!most || p->absences <= most)
		return false;
	struct why *w = add_why(r, WHY_ABSENT, s->promotion.article);
	w->value = p->absences;
	w->bound = most;
	r->standing = STANDING_REPEATS;
	return true;
}

static void stand(const struct scheme *s, const struct pupil_given *p, struct rating *r)
{
	const struct promotion *m = &s->promotion;
	int conduct = p->conduct;
	bool summer = s->summer.set && conduct >= s->summer.conduct;

	if (!m->set || absent_too_often(s, p, r) || (m->conduct >= 0 && p->conduct < 0) ||
		(scheme_absences(s) && p->absences < 0))
		return;
	if (summer && p->summer_conduct >= 0)
		conduct = p->summer_conduct;
	bool behaves = m->conduct < 0 || conduct <= m->conduct, learns = r->level <= m->learning;
	enum why_code code = WHY_REPEATS;
	str article = m->article;
	if (learns && behaves) {
		r->standing = STANDING_PROMOTED;
		code = WHY_PROMOTED;
	} else if (s->retest.set && r->level == s->retest.learning && behaves && !was_retested(p)) {
		r->standing = STANDING_RETEST;
		code = WHY_RETEST;
		article = s->retest.article;
		list_retests(s, p, r);
	} else if (summer && p->summer_conduct < 0 && r->level <= s->summer.learning) {
		r->standing = STANDING_SUMMER;
		code = WHY_SUMMER;
		article = s->summer.article;
	} else if (m->support && p->verdict == VERDICT_UP) {
		r->standing = STANDING_PROMOTED;
		code = WHY_PROMOTED;
	} else if (m->support && p->verdict != VERDICT_REPEATS) {
		r->standing = STANDING_SUPPORT;
		code = WHY_SUPPORT;
	} else {
		r->standing = STANDING_REPEATS;
	}
	add_why(r, code, article);
}

static void entitle(const struct looked *k, struct rating *r)
{
	for (int i = 0; i < k->s->n_titles; i++) {
		const struct title *t = &k->s->titles[i];
		struct why w;
		bool good = r->level <= t->learning && (t->conduct < 0 ||
			(k->p->conduct >= 0 && k->p->conduct <= t->conduct)) && (!t->recognised || k->p->recognised);
		good = good && (!t->count || meets(k, &(struct condition){ COUNT_MARK, .n = t->count, .bound = t->bound }, &w));
		good = good && (t->word < 0 || meets(k, &(struct condition){ EVERY_WORD, .word = t->word }, &w));
		good = good && (t->tests < 0 || meets(k, &(struct condition){ EVERY_TEST, .bound = t->tests }, &w));
		if (!good || was_retested(k->p))
			continue;
		r->title = i;
		add_why(r, WHY_TITLE, t->article)->level = i;
		return;
	}
}

void scheme_rate(const struct scheme *s, const struct pupil_given *p, struct rating *ret)
{
	const struct parameter *few = scheme_parameter(s, S("few_subjects"));
	int subject = 0;

	memset(ret, 0, sizeof *ret);
	ret->level = ret->before = ret->title = ret->overall = -1;
	if (!all_there(s, p, ret)) {
		int missing = ret->n_why;
		ret->n_why = 0;                          /* decided without marks: what is missing is no reason         */
		if (!absent_too_often(s, p, ret))
			ret->n_why = missing;
		return;
	}
	struct looked k = { s, p, overall_of(s, p), -1, false, few && str_is(few->value, "all") };
	ret->overall = k.overall;
	ret->level = ret->before = level_of(&k);
	tell_level(&k, ret);
	const struct adjust *a = single_subject(&k, ret->before, &subject);
	if (a) {
		ret->level = a->result;
		struct why *w = add_why(ret, WHY_ADJUST, a->article);
		w->level = a->would_be;
		w->to = a->result;
		w->subject = p->subjects[subject].code;
	}
	stand(s, p, ret);
	entitle(&k, ret);
}
