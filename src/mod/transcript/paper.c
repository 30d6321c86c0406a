/* paper.c -- see paper.h. */
#include "mod/transcript/paper.h"
#include "base/calendar.h"
#include "core/files.h"
#include "core/print.h"

#include <unistd.h>

enum { PDF_MAX = 32 << 20 };
struct subject_line { str name, hk1, hk2, year, retest, remark, teacher, level, test; };
struct quality_line { str group, name, mark; };
struct history_line { str year, class_name, school; };
struct year_view { str name, year, grade, class_name, school, place, form_teacher, principal, learn_hk1, learn_hk2,
	learn,
	conduct_hk1, conduct_hk2, conduct, learn_after, conduct_after, absences, fate, award, remark, form_by,
	form_at, head_by, head_as, head_at, version;
	items subjects, qualities; bool primary_, last, corrected, deputy; };
struct paper_view { str level, level_short, number, name, upper_name, born, sex, ethnicity, birthplace, school,
	place, head,
	qr, digest, issued, version, done; items bearer, history, years; };

#define ROW struct subject_line
static const struct shape subject_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(hk1) }, { COL(hk2) }, {
	COL(year) },
	{ COL(retest) }, { COL(remark) }, { COL(teacher) }, { COL(level) }, { COL(test) }, END } };
#undef ROW
#define ROW struct quality_line
static const struct shape quality_shape = { sizeof(ROW), FIELDS{ { COL(group) }, { COL(name) },
	{ COL(mark) }, END } };
#undef ROW
#define ROW struct history_line
static const struct shape history_shape = { sizeof(ROW), FIELDS{ { COL(year) }, { COL(class_name) }, { COL(school) },
	END } };
#undef ROW
#define ROW struct year_view
static const struct shape year_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(year) }, { COL(grade) },
	{ COL(class_name) }, { COL(school) }, { COL(place) }, { COL(form_teacher) }, { COL(principal) }, { COL(learn_hk1) },
	{ COL(learn_hk2) }, { COL(learn) }, { COL(conduct_hk1) }, { COL(conduct_hk2) }, { COL(conduct) },
	{ COL(learn_after) }, { COL(conduct_after) }, { COL(absences) },
	{ COL(fate) }, { COL(award) }, { COL(remark) }, { COL(form_by) }, { COL(form_at) }, { COL(head_by) },
	{ COL(head_as) }, { COL(head_at) }, { COL(version) }, { MANY(subjects, subject_shape) },
	{ MANY(qualities, quality_shape) },
	{ .name = "primary", .at = AT(primary_), .type = T_BOOL }, { COL(last) }, { COL(corrected) },
	{ COL(deputy) }, END } };
#undef ROW
#define ROW struct bearer
static const struct shape bearer_shape = { sizeof(ROW), FIELDS{ { COL(photo) }, { COL(address) }, { COL(policy) },
	{ COL(father) }, { COL(father_work) }, { COL(mother) }, { COL(mother_work) }, { COL(guardian) },
	{ COL(guardian_work) }, END } };
#undef ROW
#define ROW struct paper_view
static const struct shape paper_shape = { sizeof(ROW), FIELDS{ { COL(level) }, { COL(level_short) }, { COL(number) },
	{ COL(name) }, { COL(upper_name) }, { COL(born) }, { COL(sex) }, { COL(ethnicity) }, { COL(birthplace) },
	{ COL(school) }, { COL(place) }, { COL(head) }, { COL(qr) }, { COL(digest) }, { COL(issued) }, { COL(version) },
	{ COL(done) }, { MANY(bearer, bearer_shape) }, { MANY(history, history_shape) }, { MANY(years, year_shape) },
	END } };
#undef ROW

/* ---- words ---------------------------------------------------------------------------------------------------- */

static str word_in(const struct words *w, ptrdiff_t n, str code)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_eq(w[i].code, code))
			return w[i].vi;
	return code;
}

/* A mark as people write it, or a word of the scheme. */
static str mark_words(struct ctx *c, const struct scheme *s, str code)
{
	score v;

	if (str_is(code, PART_EXEMPT))
		return S("Miễn học");
	if (score_read(code, &v) && s && !s->n_columns && v.v % 100 == 0)
		return TEXT(c, "%d", (int)(v.v / 100));          /* tests of primary: TT 27/2020 Điều 7 */
	if (score_read(code, &v))
		return TEXT(c, "%d,%d", (int)(v.v / 100), (int)(v.v % 100 / 10));
	return s ? word_in(s->words, s->n_words, code) : code;
}

static str level_words(const struct scheme *s, str code)
{
	for (int i = 0; s && i < s->n_levels; i++)
		if (str_eq(s->levels[i].is.code, code))
			return s->levels[i].is.vi;
	return code;
}

static str title_words(const struct scheme *s, str code)
{
	for (int i = 0; s && i < s->n_titles; i++)
		if (str_eq(s->titles[i].is.code, code))
			return s->titles[i].is.vi;
	return code;
}

static str fate_words(struct ctx *c, const struct scheme *s, const struct signed_part *p)
{
	int64_t grade = 0, absent = 0;
	str code = p->v.standing;
	int most = s ? scheme_absences(s) : 0;           /* TT 22/2021 Điều 12, TT 58/2011 Điều 15                  */

	if (str_is(code, "repeats") && most && str_to_int(p->v.absences, &absent) && absent > most)
		return TEXT(c, "Không được lên lớp: nghỉ quá %d buổi học trong năm.", most);

	str_to_int(p->v.grade, &grade);
	if (str_is(code, "promoted") && (grade == 5 || grade == 9 || grade == 12))
		return TEXT(c, "Hoàn thành chương trình %s.", grade == 5 ? "tiểu học" : grade == 9 ? "trung học cơ sở"
			: "trung học phổ thông");
	if (str_is(code, "promoted"))
		return TEXT(c, "Được lên lớp %lld.", (long long)grade + 1);
	return str_is(code, "retest") ? S("Kiểm tra, đánh giá lại trong kì nghỉ hè.")
		: str_is(code, "summer") ? S("Rèn luyện trong kì nghỉ hè.") : str_is(code, "repeats") ? S("Không được lên lớp.")
		: str_is(code, "support") ? S("Được hướng dẫn, giúp đỡ thêm trước khi xét lên lớp.") : S("");
}

/* "2012-03-04" as 04/03/2012. */
static str born_words(struct ctx *c, str iso)
{
	return iso.n == 10 ? TEXT(c, "%.2s/%.2s/%.4s", iso.p + 8, iso.p + 5, iso.p) : iso;
}

/* ---- years ------------------------------------------------------------------------------------------------------ */

static items subject_lines(struct ctx *c, const struct scheme *s, const struct year_part *v)
{
	struct subject_line *list = NEWS(c->mem, struct subject_line, v->n_subjects + 1);
	int *order = NEWS(c->mem, int, v->n_subjects + 1);
	str *codes = NEWS(c->mem, str, v->n_subjects + 1);

	for (int64_t i = 0; i < v->n_subjects; i++)
		codes[i] = v->subjects[i].code;
	programme_sort(schemes(c)->programme, codes, (int)v->n_subjects, order);
	for (int64_t i = 0; i < v->n_subjects; i++) {
		const struct part_subject *p = &v->subjects[order[i]];
		str level = p->year, test = { 0 };
		score number;

		if (!str_cut(p->year, ':', &level, &test) && s && !s->n_columns && score_read(p->year, &number))
			test = p->year, level = (str){ 0 };
		list[i] = (struct subject_line){ p->name, mark_words(c, s, p->hk1), mark_words(c, s, p->hk2),
			mark_words(c, s, p->year), mark_words(c, s, p->retest), p->remark, p->teacher, mark_words(c, s, level),
				mark_words(c, s, test) };
	}
	return (items){ list, v->n_subjects };
}

/* The group that begins with a quality, as the form of the học bạ of TT 27/2020/TT-BGDĐT names and numbers them, and
 * the one of TT 22/2016/TT-BGDĐT before it. */
static str group_of(str code)
{
	return str_is(code, "yeu_nuoc") ? S("2. Những phẩm chất chủ yếu")
		: str_is(code, "tu_chu") ? S("3. Những năng lực cốt lõi – 3.1. Những năng lực chung")
		: str_is(code, "ngon_ngu") ? S("3.2. Những năng lực đặc thù")
		: str_is(code, "tu_phuc_vu") ? S("2. Năng lực") : str_is(code, "cham_hoc") ? S("3. Phẩm chất") : (str){ 0 };
}

static items quality_lines(struct ctx *c, const struct scheme *s, const struct year_part *v)
{
	struct quality_line *list = NEWS(c->mem, struct quality_line, v->n_qualities + 1);

	for (int64_t i = 0; i < v->n_qualities; i++)
		list[i] = (struct quality_line){ group_of(v->qualities[i].code), v->qualities[i].name,
			s ? word_in(s->quality_words, s->n_quality_words, v->qualities[i].mark) : v->qualities[i].mark };
	return (items){ list, v->n_qualities };
}

static void year_of(struct ctx *c, const struct paper_ask *ask, int64_t i, struct year_view *ret)
{
	const struct signed_part *p = &ask->parts[i];
	const struct year_part *v = &p->v;
	const struct scheme *s = scheme_named(schemes(c), v->scheme);
	const struct words *conducts = s ? s->conducts : NULL;
	ptrdiff_t n = s ? s->n_conducts : 0;

	*ret = (struct year_view){ .name = v->name, .year = v->year, .grade = v->grade, .class_name = v->class_name,
		.school = v->school, .place = v->place, .form_teacher = v->form_teacher, .principal = v->principal,
		.learn_hk1 = level_words(s, v->learn_hk1), .learn_hk2 = level_words(s, v->learn_hk2),
		.learn = level_words(s, v->learn), .conduct_hk1 = word_in(conducts, n, v->conduct_hk1),
		.conduct_hk2 = word_in(conducts, n, v->conduct_hk2), .conduct = word_in(conducts, n, v->conduct),
		.learn_after = level_words(s, v->learn_after), .conduct_after = word_in(conducts, n, v->conduct_after),
		.absences = v->absences, .fate = fate_words(c, s, p), .award = title_words(s, v->award), .remark = v->remark,
		.form_by = p->form_by, .form_at = instant_text(c->mem, p->form_at), .head_by = p->head_by,
		.head_as = p->head_as,
		.head_at = instant_text(c->mem, p->head_at), .version = TEXT(c, "%lld", (long long)v->version),
		.subjects = subject_lines(c, s, v), .qualities = quality_lines(c, s, v), .primary_ = ask->level ==
			LEVEL_PRIMARY,
		.last = i + 1 == ask->n, .corrected = v->version > 1, .deputy = str_starts(p->head_as, S("KT.")) };
}

static void view_of(struct ctx *c, const struct paper_ask *ask, struct paper_view *out)
{
	static const char *const titles[] = { "TIỂU HỌC", "TRUNG HỌC CƠ SỞ", "TRUNG HỌC PHỔ THÔNG" },
		*const shorts[] = { "TH", "THCS", "THPT" };
	struct year_view *years = NEWS(c->mem, struct year_view, ask->n);
	struct history_line *history = NEWS(c->mem, struct history_line, ask->n);
	const struct year_part *v = &ask->parts[ask->n - 1].v;

	for (int64_t i = 0; i < ask->n; i++) {
		const struct year_part *p = &ask->parts[i].v;
		year_of(c, ask, i, &years[i]);
		history[i] = (struct history_line){ p->year, p->class_name,
			p->place.n ? TEXT(c, "%.*s – %.*s", FMT(p->school), FMT(p->place)) : p->school };
	}
	*out = (struct paper_view){ .level = str_of(titles[ask->level]), .level_short = str_of(shorts[ask->level]),
		.number = TEXT(c, "%lld", (long long)ask->number), .name = v->name, .upper_name = v->name,
		.born = born_words(c, v->born), .sex = v->sex, .ethnicity = v->ethnicity, .birthplace = v->birthplace,
		.school = v->school, .place = v->place, .head = v->principal, .qr = ask->qr, .digest = ask->digest,
		.issued = instant_text(c->mem, ask->issued), .version = TEXT(c, "%lld", (long long)ask->version),
		.bearer = { &ask->bearer, 1 }, .history = { history, ask->n }, .years = { years, ask->n } };
}

static enum rc read_back(struct ctx *c, int fd, str *ret)
{
	off_t size = lseek(fd, 0, SEEK_END), at = 0;
	char *p;

	if (size <= 0 || size > PDF_MAX)
		return E_FAULT;
	p = NEWS(c->mem, char, size);
	while (at < size) {
		ssize_t n = pread(fd, p + at, (size_t)(size - at), at);
		if (n <= 0)
			return E_FAULT;
		at += n;
	}
	*ret = (str){ p, size };
	return OK;
}

enum rc paper_pdf(struct ctx *c, const struct paper_ask *ask, str *ret)
{
	struct paper_view *v = NEW(c->mem, struct paper_view);
	struct print_sheets *p;
	enum lang lang = c->lang;
	enum rc rc;
	int fd;

	if (ask->n == 0)
		return E_STATE;
	c->lang = VI;
	view_of(c, ask, v);
	rc = file_temp(c, &fd);
	if (rc != OK)
		return rc;
	rc = print_begin(c, S("A4 15 15 20 15"), TEXT(c, "Học bạ %.*s", FMT(v->name)),
		TEXT(c, "Học bạ số %.*s/%.*s · bản %.*s · phát hành %.*s", FMT(v->number), FMT(v->level_short), FMT(v->version),
		FMT(v->issued)), fd, &p);
	if (rc == OK)
		rc = print_add(p, "transcript/paper", &paper_shape, v);
	if (rc == OK)
		rc = print_end(p, NULL);
	c->lang = lang;
	return rc == OK ? read_back(c, fd, ret) : rc;
}
