/* rating.c -- what the form teacher rates: conduct (TT 22/2021 Điều 8, TT 58/2011 Điều 4), the qualities and
 * competences of primary pupils (TT 27/2020 Điều 8), the indices five-year-olds meet (TT 23/2010 Điều 3); a whole class
 * on one page, with a remark each. */
#include "mod/records/carried.h"
#include "mod/records/class_sheet.h"
#include "mod/records/rating.h"
#include "mod/records/results_page.h"
#include "base/viet.h"

static const struct tr
	MSG_word = { "{1}: mỗi phẩm chất, năng lực ghi {2}.", "{1}: each quality takes {2}." },
	MSG_domain = { "{1}: số chỉ số đạt từ 0 đến {2}.", "{1}: indices met are 0 to {2}." };

const struct choice rating_terms[] = { [TERM_1] = { "hk1", { "Học kì I", "Term I" } },
	[TERM_2] = { "hk2", { "Học kì II", "Term II" } }, [TERM_YEAR] = { "year", { "Cả năm", "Year" } },
	[RATED_MID_1] = { "gk1", { "Giữa học kì I", "Middle of term I" } },
	[RATED_MID_2] = { "gk2", { "Giữa học kì II", "Middle of term II" } }, END };
#define ROW struct rating_ask
static const struct shape rating_ask_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { COL(term), .pick = rating_terms, .label = { "Học kì", "Term" } }, END } };
#undef ROW
struct rating_row { int64_t pupil; str name; int64_t id, rev; pick level, summer; str qualities, remark; bool came;
	pick verdict; str from; };
#define ROW struct rating_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(id) }, { COL(rev) },
	{ COL(level), .pick = conduct_levels }, { COL(summer), .pick = conduct_levels }, { COL(qualities) },
	{ COL(remark) }, { COL(came) }, { COL(verdict), .pick = verdicts }, END } };
#undef ROW
struct option_view { str code, label; bool on; };
#define ROW struct option_view
static const struct shape option_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(label) }, { COL(on) }, END } };
#undef ROW
struct quality_view { str label, value; int64_t i, most; str group /* that begins here */; };
#define ROW struct quality_view
static const struct shape quality_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(value) }, { COL(i) },
	{ COL(most) }, { COL(group) }, END } };
#undef ROW
struct rating_line { int64_t i, n, pupil; str name, from, level_text, summer_text, year_text, verdict_text,
	remark, given /* qualities, in the text box */; bool trains, judged; items levels, summers, verdicts, qualities; };
#define ROW struct rating_line
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(i) }, { COL(n) }, { COL(pupil) }, { COL(name) },
	{ COL(from) }, { COL(level_text) }, { COL(summer_text) }, { COL(year_text) }, { COL(remark) }, { COL(given) },
	{ COL(verdict_text) }, { COL(trains) }, { COL(judged) }, { MANY(levels, option_shape) },
	{ MANY(summers, option_shape) }, { MANY(verdicts, option_shape) }, { MANY(qualities, quality_shape) }, END } };
#undef ROW
struct rating_view { str title, class_name, term, term_code, results_term, scheme, words; int64_t class;
	bool is_hk1, is_hk2,
	is_year, is_mid1, is_mid2, has_middle, has_levels, has_summer, has_qualities, has_domains, has_verdict,
	primary_, may_write, closed, none; items heads, lines; };
#define ROW struct rating_view
const struct shape rating_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(class_name) }, { COL(term) },
	{ COL(term_code) }, { COL(results_term) }, { COL(scheme) }, { COL(words) }, { COL(class) },
	{ COL(is_hk1) }, { COL(is_hk2) },
	{ COL(is_year) }, { COL(is_mid1) }, { COL(is_mid2) }, { COL(has_middle) },
	{ COL(has_levels) }, { COL(has_summer) }, { COL(has_qualities) }, { COL(has_domains) }, { COL(has_verdict) },
	{ .name = "primary", .at = AT(primary_), .type = T_BOOL }, { COL(may_write) },
	{ COL(closed) }, { COL(none) }, { MANY(heads, quality_shape) }, { MANY(lines, line_shape) }, END } };
#undef ROW

/* ---- a class as it is rated ------------------------------------------------------------------------------- */

struct rated { struct school_class class; const struct scheme *scheme; const struct rating_row *rows; int64_t n;
	bool closed; };

static pick level_at(str code)
{
	for (int i = 0; conduct_levels[i].code; i++)
		if (str_is(code, conduct_levels[i].code))
			return (pick)i;
	return CONDUCT_NONE;
}

/* What the form teacher of an earlier class wrote stands until this one writes otherwise, as in the results; it is
 * written here only when something of the pupil is changed. */
static enum rc bring(struct ctx *c, const struct rating_ask *in, struct rating_row *rows, int64_t n)
{
	bool any = false;
	items got;

	for (int64_t i = 0; i < n; i++)
		any = any || rows[i].came;
	if (!any)
		return OK;
	TRY(carried_conducts(c, &(struct book_in){ .class = in->class.v }, &got));
	for (int64_t k = got.n; k-- > 0; ) {
		const struct carried_conduct *x = (const struct carried_conduct *)got.p + k;
		struct rating_row *r = NULL;
		for (int64_t i = 0; i < n && x->term == in->term; i++)
			r = rows[i].pupil == x->pupil ? &rows[i] : r;
		if (!r || r->from.n)
			continue;
		bool level = r->level == CONDUCT_NONE && level_at(x->level) != CONDUCT_NONE;
		bool summer = r->summer == CONDUCT_NONE && level_at(x->summer) != CONDUCT_NONE;
		bool qualities = !r->qualities.n && x->qualities.n, remark = !r->remark.n && x->remark.n;
		r->level = level ? level_at(x->level) : r->level;
		r->summer = summer ? level_at(x->summer) : r->summer;
		r->qualities = qualities ? x->qualities : r->qualities;
		r->remark = remark ? x->remark : r->remark;
		if (level || summer || qualities || remark)
			r->from = carried_from_class(c, x->class_name, x->school);
	}
	return OK;
}

static enum rc load(struct ctx *c, const struct rating_ask *in, struct rated *r)
{
	struct book_in key = { .class = in->class.v, .term = term_of_rating(in->term) };
	struct school_year year;
	items got;
	int64_t closed;

	TRY(find(c, &school_class, in->class.v, &r->class));
	TRY(find(c, &school_year, r->class.year.v, &year));
	r->scheme = scheme_for(schemes(c), r->class.grade, (int)year.year);
	if (!r->scheme || (in->term != key.term && !r->scheme->n_qualities))
		return E_MISSING;
	TRY(query(c, "records/ratings", &rating_ask_shape, in, &row_shape, &got, PUPILS_MAX));
	TRY(query_int(c, "records/closed", &book_in_shape, &key, &closed));
	struct rating_row *rows = NEWS(c->mem, struct rating_row, got.n + 1);
	memcpy(rows, got.p, sizeof *rows * (size_t)got.n);
	TRY(bring(c, in, rows, got.n));
	r->rows = rows;
	r->n = got.n;
	r->closed = closed > 0;
	return OK;
}

/* Whom the year's conduct sends to train in summer: index of conduct by pupil, those first who are asked for. */
static const struct rating_row *summer_first(struct ctx *c, const struct rated *r, const struct gathered *g)
{
	struct rating_row *v = NEWS(c->mem, struct rating_row, r->n + 1);
	int64_t n = 0;

	for (int first = 1; first >= 0; first--)
		for (int64_t i = 0; i < r->n; i++)
			if (trains_in_summer(c, g, r->rows[i].pupil, NULL) == (bool)first)
				v[n++] = r->rows[i];
	return v;
}

static bool may_rate(struct ctx *c, const struct school_class *k)
{
	struct conduct row;

	row_zero(&conduct, &row);
	row.base.org = k->base.org;
	row.class.v = k->base.id;
	return may(c, &conduct, CREATE, &row);
}

static items levels_of(struct ctx *c, const struct scheme *s, pick now, str *ret_text)
{
	struct option_view *v = NEWS(c->mem, struct option_view, s->n_conducts + 1);

	*ret_text = (str){ 0 };
	for (int i = 0; i < s->n_conducts; i++) {
		bool on = str_is(s->conducts[i].code, conduct_levels[now].code);
		v[i] = (struct option_view){ s->conducts[i].code, c->lang == VI ? s->conducts[i].vi : s->conducts[i].en, on };
		if (on)
			*ret_text = v[i].label;
	}
	return (items){ v, s->n_conducts };
}

/* TT 27/2020/TT-BGDĐT Điều 4. */
static str group_of(struct ctx *c, str code)
{
	static const struct tr qualities = { "Phẩm chất chủ yếu", "Qualities" },
		general = { "Năng lực chung", "General competences" }, special = { "Năng lực đặc thù", "Special competences" };

	return str_is(code, "yeu_nuoc") ? say(c, &qualities) : str_is(code, "tu_chu") ? say(c, &general)
		: str_is(code, "ngon_ngu") ? say(c, &special) : (str){ 0 };
}

/* "T=Tốt|Đ=Đạt|C=Cần cố gắng" */
static str words_told(struct ctx *c, const struct scheme *s)
{
	struct buf b;

	buf_init(&b, c->mem, 400);
	for (int i = 0; i < s->n_quality_words; i++)
		put_fmt(&b, "%s%.*s=%.*s", i ? "|" : "", FMT(word_brief(c->mem, s->quality_words[i].code)),
			FMT(c->lang == VI ? s->quality_words[i].vi : s->quality_words[i].en));
	return buf_str(&b);
}

/* Primary: the words of the qualities; preschool: the indices met of each domain. */
static items qualities_of(struct ctx *c, const struct scheme *s, str text)
{
	int n = s->n_domains ? s->n_domains : s->n_qualities;
	struct quality_view *v = NEWS(c->mem, struct quality_view, n + 1);
	str one;

	for (int i = 0; i < n; i++) {
		const struct words *w = s->n_domains ? &s->domains[i].is : &s->qualities[i];
		v[i] = (struct quality_view){ c->lang == VI ? w->vi : w->en, { 0 }, i, s->n_domains ? s->domains[i].of : 0,
			group_of(c, w->code) };
		if (!text.n)
			continue;
		str_cut(text, ' ', &one, &text);
		v[i].value = s->n_domains ? one : word_brief(c->mem, one);
	}
	return (items){ v, n };
}

static str given_of(struct ctx *c, const items *qualities)
{
	struct buf b;

	buf_init(&b, c->mem, 400);
	for (int64_t i = 0; i < qualities->n; i++) {
		str v = ((const struct quality_view *)qualities->p)[i].value;
		put_fmt(&b, "%s%.*s", b.n && v.n ? " " : "", FMT(v));
	}
	return buf_str(&b);
}

/* A class that was refused for one pupil loses nothing: every box as it was typed. */
static const struct rating_one *typed_of(const struct rating_in *in, struct rating_row *p)
{
	for (int64_t i = 0; i < in->rows.n; i++) {
		const struct rating_one *x = (const struct rating_one *)in->rows.p + i;
		if (x->pupil.v != p->pupil)
			continue;
		p->level = x->level;
		p->summer = in->term == TERM_YEAR ? x->summer : p->summer;
		p->verdict = in->term == TERM_YEAR ? x->verdict : p->verdict;
		p->remark = x->remark;
		return x;
	}
	return NULL;
}

/* Asked only of whom it concerns; what is written stays to be seen, and to be taken back. */
static void show_summer(struct ctx *c, const struct gathered *g, const struct rating_row *p, struct rating_line *l)
{
	l->trains = trains_in_summer(c, g, p->pupil, &l->year_text) || p->summer != CONDUCT_NONE;
	if (l->trains)
		l->summers = levels_of(c, g->scheme, p->summer, &l->summer_text);
}

/* Primary: the class recognises whom the title asks it of (TT 27/2020/TT-BGDĐT Điều 13.1a); of who has not completed
 * the grade the principal decides, after more help (Điều 11). Others are not asked about. */
static void show_verdict(struct ctx *c, const struct gathered *g, const struct rating_row *p, struct rating_line *l)
{
	const struct scheme *s = g->scheme;
	struct option_view *v = NEWS(c->mem, struct option_view, 4);
	struct subject_given year[BOOKS_MAX];
	struct rating *r = NEW(c->mem, struct rating);
	int64_t i = gathered_pupil(g, p->pupil);
	int conduct_level, n = 0;
	bool honour = false;

	if (i < 0)
		return;
	year_of(g, i, year, true);
	rate_year(g, i, year, &conduct_level, r);
	l->year_text = r->level < 0 ? (str){ 0 } : c->lang == VI ? s->levels[r->level].is.vi : s->levels[r->level].is.en;
	for (int t = 0; t < s->n_titles && r->level >= 0; t++)
		honour = honour || (s->titles[t].recognised && r->level <= s->titles[t].learning);
	honour = honour && (r->title < 0 || s->titles[r->title].recognised);
	for (int k = VERDICT_RECOGNISED; k <= VERDICT_REPEATS; k++)
		if (k == VERDICT_RECOGNISED ? honour : s->promotion.support && r->level > s->promotion.learning)
			v[n++] = (struct option_view){ str_of(verdicts[k].code), say(c, &verdicts[k].label),
				p->verdict == (pick)k };
	l->verdicts = (items){ v, n };
	l->judged = n > 0 || p->verdict != VERDICT_NONE;
	l->verdict_text = say(c, &verdicts[p->verdict].label);
}

enum rc rating_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Đánh giá của giáo viên chủ nhiệm – lớp {1}",
		"Ratings by the form teacher – {1}" };
	const struct rating_in *in = in_;
	struct rating_view *out = out_;
	struct rated r;

	TRY(load(c, &(struct rating_ask){ in->class, in->term }, &r));
	if (!may_see_class(c, r.class.base.org, r.class.base.id))
		return E_MISSING;
	const struct scheme *s = r.scheme;
	*out = (struct rating_view){ .title = sayf(c, &title, ARGS(r.class.name)), .class_name = r.class.name,
		.term = say(c, &rating_terms[in->term].label), .term_code = str_of(rating_terms[in->term].code),
		.results_term = str_of(mark_terms[term_of_rating(in->term)].code), .is_mid1 = in->term == RATED_MID_1,
		.is_mid2 = in->term == RATED_MID_2, .has_middle = s->n_qualities > 0, .primary_ = s->n_qualities > 0,
		.scheme = c->lang == VI ? s->is.vi : s->is.en, .class = in->class.v, .is_hk1 = in->term == TERM_1,
		.is_hk2 = in->term == TERM_2, .is_year = in->term == TERM_YEAR, .closed = r.closed,
		.has_levels = s->n_conducts && (in->term != TERM_YEAR || s->conduct_entered),
		.has_summer = s->summer.set && in->term == TERM_YEAR,
		.has_verdict = s->promotion.support && in->term == TERM_YEAR,
		.has_qualities = s->n_qualities && in->term != TERM_YEAR, .has_domains = s->n_domains && in->term == TERM_2,
		.may_write = !r.closed && may_rate(c, &r.class), .none = r.n == 0 };
	struct rating_line *v = NEWS(c->mem, struct rating_line, r.n + 1);
	struct gathered g;
	if (out->has_summer || out->has_verdict)
		TRY(gather(c, in->class, NULL, &g));
	if (out->has_summer)
		r.rows = summer_first(c, &r, &g);
	for (int64_t i = 0; i < r.n; i++) {
		struct rating_row row = r.rows[i], *p = &row;
		const struct rating_one *typed = typed_of(in, p);
		v[i] = (struct rating_line){ .i = i, .n = i + 1, .pupil = p->pupil, .name = p->name, .from = p->from,
			.remark = p->remark };
		if (out->has_levels)
			v[i].levels = levels_of(c, s, p->level, &v[i].level_text);
		if (out->has_summer)
			show_summer(c, &g, p, &v[i]);
		if (out->has_verdict)
			show_verdict(c, &g, p, &v[i]);
		if (out->has_qualities || out->has_domains)
			v[i].qualities = qualities_of(c, s, p->qualities);
		v[i].given = typed ? typed->qualities : given_of(c, &v[i].qualities);
	}
	if (out->has_qualities || out->has_domains)
		out->heads = qualities_of(c, s, (str){ 0 });
	if (out->has_qualities)
		out->words = words_told(c, s);
	out->lines = (items){ v, r.n };
	return OK;
}

/* ---- saved ------------------------------------------------------------------------------------------------------ */

#define ROW struct rating_one
static const struct shape one_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person), .is = NEEDED,
	.label = { "Học sinh", "Pupil" } }, { COL(level), .pick = conduct_levels, .label = { "Mức", "Level" } },
	{ COL(summer), .pick = conduct_levels, .label = { "Sau rèn luyện hè", "After summer" } },
	{ COL(qualities), .max = 200, .label = { "Phẩm chất, năng lực", "Qualities" } },
	{ COL(remark), .max = 1000, .label = { "Nhận xét", "Remark" } },
	{ COL(verdict), .pick = verdicts, .label = { "Xét cuối năm", "Verdict of the year" } }, END } };
#undef ROW
#define ROW struct rating_in
const struct shape rating_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { COL(term), .pick = rating_terms, .label = { "Học kì", "Term" } },
	{ MANY(rows, one_shape), .max = 120, .label = { "Học sinh", "Pupils" } }, END } };
#undef ROW

/* "T Đ C" or "24 30 29 27" as typed, to what is stored; empty: none. */
static enum rc qualities_typed(struct ctx *c, const struct scheme *s, str name, str typed, str *ret)
{
	struct buf b;
	int64_t v;
	int n = 0;

	buf_init(&b, c->mem, 400);
	for (str one; (typed = str_trim(typed)).n; n++) {
		if (s->n_domains) {
			str_cut(typed, ' ', &one, &typed);
			if (n >= s->n_domains || !str_to_int(one, &v) || v < 0 || v > s->domains[n].of)
				return FAILF(c, E_INVALID, 0, &MSG_domain, name, TEXT(c, "%d",
					n < s->n_domains ? s->domains[n].of : 0));
			put_fmt(&b, "%s%lld", b.n ? " " : "", (long long)v);
			continue;
		}
		/* letter by letter, with or without blanks; Đ is two bytes */
		ptrdiff_t bytes = (unsigned char)typed.p[0] < 0x80 || typed.n < 2 ? 1 : 2;
		str folded = viet_fold(c->mem, str_sub(typed, 0, bytes));
		int w = 0;
		typed = str_sub(typed, bytes, typed.n);
		while (w < s->n_quality_words && !str_eq(folded, s->quality_words[w].code))
			w++;
		if (w == s->n_quality_words || n >= s->n_qualities)
			return FAILF(c, E_INVALID, 0, &MSG_word, name, S("T, Đ, C"));
		put_fmt(&b, "%s%.*s", b.n ? " " : "", FMT(s->quality_words[w].code));
	}
	if (n && n != (s->n_domains ? s->n_domains : s->n_qualities))
		return s->n_domains ? FAILF(c, E_INVALID, 0, &MSG_domain, name, TEXT(c, "%d", s->domains[n].of))
			: FAILF(c, E_INVALID, 0, &MSG_word, name, S("T, Đ, C"));
	*ret = buf_str(&b);
	return OK;
}

static enum rc save_one(struct ctx *c, const struct rating_in *in, const struct rated *r, const struct rating_one *x,
	const struct rating_row *p, int64_t *saved, bool *summer)
{
	struct conduct row;
	str qualities = { 0 };

	if ((r->scheme->n_qualities && in->term != TERM_YEAR) || r->scheme->n_domains)
		TRY(qualities_typed(c, r->scheme, p->name, x->qualities, &qualities));
	*summer = *summer || (in->term == TERM_YEAR && (x->summer != p->summer || x->verdict != p->verdict));
	if (x->level == p->level && x->summer == p->summer && x->verdict == p->verdict &&
		str_eq(qualities, p->qualities) &&
		str_eq(str_trim(x->remark), p->remark))
		return OK;
	row_zero(&conduct, &row);
	if (p->id)
		TRY(find(c, &conduct, p->id, &row));
	row.class = in->class;
	row.pupil = x->pupil;
	row.term = in->term;
	row.level = x->level;
	row.summer = in->term == TERM_YEAR ? x->summer : p->summer;
	row.verdict = in->term == TERM_YEAR ? x->verdict : p->verdict;
	row.qualities = qualities;
	row.remark = str_trim(x->remark);
	++*saved;
	return p->id ? update(c, &conduct, &row) : create(c, &conduct, &row);
}

static enum rc save_all(struct ctx *c, const struct rating_in *in, const struct rated *r, int64_t *saved, bool *summer)
{
	for (int64_t i = 0; i < in->rows.n; i++) {
		const struct rating_one *x = (const struct rating_one *)in->rows.p + i;
		int64_t k = 0;
		while (k < r->n && r->rows[k].pupil != x->pupil.v)
			k++;
		if (k < r->n)
			TRY(save_one(c, in, r, x, &r->rows[k], saved, summer));
	}
	return OK;
}

enum rc rating_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã lưu {1} đánh giá.", "{1} ratings saved." },
		again = { "Đã lưu {1} đánh giá và tính lại kết quả năm học.",
			"{1} ratings saved and the year's results computed again." };
	const struct rating_in *in = in_;
	struct rated r;
	int64_t saved = 0, n;
	bool summer = false, computed = false;

	(void)out;
	TRY(load(c, &(struct rating_ask){ in->class, in->term }, &r));
	if (!may_rate(c, &r.class))
		return E_MISSING;
	ratings_together(c, in->class);
	enum rc rc = save_all(c, in, &r, &saved, &summer);
	ratings_together(c, (school_class_id){ 0 });
	TRY(rc);
	if (summer)
		TRY(results_of_class(c, in->class, &n));
	else if (saved)
		TRY(results_follow(c, in->class, &computed));
	c->said = sayf(c, summer || computed ? &again : &said, ARGS(TEXT(c, "%lld", (long long)saved)));
	c->go = link_to(c, "/records/rating/%lld?term=%s", (long long)in->class.v, rating_terms[in->term].code);
	return OK;
}
