/* draft.c -- a class's year becomes parts of its pupils' transcripts, from what records computed and teachers wrote. */
#include "mod/transcript/transcript_rules.h"
#include "base/hash.h"
#include "mod/people/lists.h"
#include <stdlib.h>

enum { PUPILS_MAX = 120, MARKS_MAX = 120 * 40 * 3, TEACHERS_MAX = 60 };
struct class_row { int64_t id; org_id org; str name; pick grade; int64_t year_id; str year; int64_t first;
	str school_code,
	school, place, province, teacher, head; };
struct pupil_row { int64_t pupil; str name; day born; str sex, sector_id; pick ethnicity; str birthplace; org_id keeper;
	str scheme, hk1, hk2, level, conduct, standing, title, averages; int64_t absences; str conduct1, conduct2,
		summer, qualities,
	remark, remark2; int64_t transcript, part, rev, version; str state; };
/* exempt: a row that stands for a subject of the pupil's, before its marks */
struct mark_row { int64_t pupil; str code, name; pick term; score average; str comment, remark; int64_t subject;
	bool exempt; };
struct teacher_row { str code, name; };

#define ROW struct id_in
const struct shape id_in_shape = { sizeof(ROW), FIELDS{ { COL(id), .label = { "Mã", "Id" } }, END } };
#undef ROW
#define ROW struct id_row
const struct shape id_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, END } };
#undef ROW
#define ROW struct class_key
const struct shape class_key_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, END } };
#undef ROW
#define ROW struct class_row
static const struct shape class_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(name) },
	{ COL(grade), .pick = grades }, { COL(year_id) }, { COL(year) }, { COL(first) }, { COL(school_code) }, {
		COL(school) },
	{ COL(place) }, { COL(province) }, { COL(teacher) }, { COL(head) }, END } };
#undef ROW
#define ROW struct pupil_row
static const struct shape pupil_row_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(born) },
	{ COL(sex) }, { COL(sector_id) }, { COL(ethnicity), .pick = ethnic_groups }, { COL(birthplace) },
	{ REF(keeper, org) }, { COL(scheme) }, { COL(hk1) }, { COL(hk2) }, { COL(level) }, { COL(conduct) }, {
		COL(standing) },
	{ COL(title) }, { COL(averages) }, { COL(absences) }, { COL(conduct1) }, { COL(conduct2) }, { COL(summer) },
	{ COL(qualities) },
	{ COL(remark) }, { COL(remark2) }, { COL(transcript) }, { COL(part) }, { COL(rev) }, { COL(version) }, {
		COL(state) },
	END } };
#undef ROW
#define ROW struct mark_row
static const struct shape mark_row_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(code) }, { COL(name) },
	{ COL(term), .pick = mark_terms }, { COL(average) }, { COL(comment) }, { COL(remark) },
	{ COL(subject) }, { COL(exempt) }, END } };
#undef ROW
#define ROW struct teacher_row
static const struct shape teacher_row_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(name) }, END } };
#undef ROW
struct draft_key { school_class_id class; int64_t year; pick level; int64_t pupil /* 0: all of the class */; };
#define ROW struct draft_key
static const struct shape draft_key_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, { COL(year) },
	{ COL(level), .pick = transcript_levels }, { COL(pupil) }, END } };
#undef ROW

int level_of(pick grade)
{
	return grade < GRADE_1 ? -1 : grade < GRADE_6 ? LEVEL_PRIMARY : grade < GRADE_10 ? LEVEL_LOWER : LEVEL_UPPER;
}

struct class_year { struct ctx *c; struct class_row class; const struct scheme *scheme; items pupils, marks, teachers;
	pick level; };

static str score_words(struct arena *a, score v)
{
	return v.v < 0 ? (str){ 0 } : str_fmt(a, "%d.%d", (int)(v.v / 100), (int)(v.v % 100 / 10));
}

/* "toan=8.2 gdtc=dat tieng_viet=t:9": the value of a subject; a mark has the scheme's decimals. */
static str average_of(struct arena *a, const struct scheme *s, str averages, str code)
{
	str word, rest = averages, name, value;
	score number;

	while (rest.n) {
		str_cut(rest, ' ', &word, &rest);
		if (str_cut(word, '=', &name, &value) && str_eq(name, code))
			return score_read(value, &number) ? average_text(a, s, number.v, true) : value;
	}
	return (str){ 0 };
}

/* Primary: the subject's word and, with it, the whole mark of its test: "t:9" (TT 27/2020 Điều 7). */
static str mark_text(struct arena *a, const struct scheme *s, const struct mark_row *m)
{
	str number = average_text(a, s, m->average.v, true);

	return !number.n ? m->comment : s->n_columns || !m->comment.n ? number
		: str_fmt(a, "%.*s:%.*s", FMT(m->comment), FMT(number));
}

static str teacher_of(const struct class_year *k, str code)
{
	const struct teacher_row *t = k->teachers.p;

	for (int64_t i = 0; i < k->teachers.n; i++)
		if (str_eq(t[i].code, code))
			return t[i].name;
	return (str){ 0 };
}

/* The year's results hold what a retest gave; the year itself stands beside it (TT 22/2021 Điều 13). */
static void before_retest(const struct class_year *k, struct part_subject *s)
{
	score one, two;

	if (s->retest.n == 0)
		return;
	s->year = score_read(s->hk1, &one) && score_read(s->hk2, &two)
		? score_words(k->c->mem, (score){ year_average(k->scheme, one.v, two.v) }) : s->hk2;
}

/* Marks come by pupil, then subject; of a subject the pupil is exempt from they do not count. */
static void subjects_of(const struct class_year *k, const struct pupil_row *p, struct year_part *ret)
{
	struct part_subject *list = NEWS(k->c->mem, struct part_subject, 40), *s = NULL;
	const struct mark_row *m = k->marks.p;

	for (int64_t i = 0; i < k->marks.n; i++) {
		if (m[i].pupil != p->pupil)
			continue;
		if (!s || !str_eq(s->code, m[i].code)) {
			if (ret->n_subjects == 40)
				break;
			s = &list[ret->n_subjects++];
			*s = (struct part_subject){ .code = m[i].code,
				.name = subject_in_grade(m[i].code, m[i].name, k->class.grade),
				.year = average_of(k->c->mem, k->scheme, p->averages, m[i].code),
				.teacher = teacher_of(k, m[i].code) };
			if (m[i].exempt)
				s->hk1 = s->hk2 = s->year = S(PART_EXEMPT);
		}
		if (str_is(s->year, PART_EXEMPT))
			continue;
		*(m[i].term == TERM_1 ? &s->hk1 : m[i].term == TERM_2 ? &s->hk2 : &s->retest) = mark_text(k->c->mem,
			k->scheme, &m[i]);
		if (m[i].remark.n)
			s->remark = m[i].remark;
	}
	ret->subjects = list;
	for (int64_t i = 0; i < ret->n_subjects; i++)
		before_retest(k, &list[i]);
}

static void qualities_of(const struct class_year *k, const struct pupil_row *p, struct year_part *ret)
{
	struct part_quality *list = NEWS(k->c->mem, struct part_quality, QUALITIES);
	str rest = p->qualities, word;

	for (int i = 0; i < k->scheme->n_qualities && rest.n; i++) {
		str_cut(rest, ' ', &word, &rest);
		list[ret->n_qualities++] = (struct part_quality){ k->scheme->qualities[i].code, k->scheme->qualities[i].vi,
			word };
	}
	ret->qualities = list;
}

static str none_as_empty(str code)
{
	return str_is(code, "none") ? (str){ 0 } : code;
}

/* Whoever was tested again stood, before it, at the level that is tested again. */
static void after_summer(const struct class_year *k, const struct pupil_row *p, struct year_part *v)
{
	bool again = false;

	for (int64_t i = 0; i < v->n_subjects; i++)
		again = again || v->subjects[i].retest.n;
	v->conduct_after = none_as_empty(p->summer);
	if (!again || !k->scheme->retest.set || str_is(p->standing, "retest"))
		return;
	v->learn_after = v->learn;
	v->learn = k->scheme->levels[k->scheme->retest.learning].is.code;
}

/* "Xã Long Lâm, tỉnh An Bình", as the form asks for. */
static str place_of(struct ctx *c, const struct class_row *k)
{
	char first = k->province.n ? k->province.p[0] : 0;

	return !k->place.n || !k->province.n ? k->place : TEXT(c, "%.*s, %c%.*s", FMT(k->place),
		first >= 'A' && first <= 'Z' ? first + 'a' - 'A' : first, FMT(str_sub(k->province, 1, -1)));
}

static struct year_part year_of_pupil(const struct class_year *k, const struct pupil_row *p, int64_t version)
{
	struct ctx *c = k->c;
	struct year_part v = { .id = TEXT(c, "n%lld-%lld", (long long)k->class.first, (long long)version), .year =
		k->class.year,
		.version = version, .pupil_code = p->sector_id, .name = p->name, .born = day_iso(c->mem, p->born),
		.sex = str_is(p->sex, "male") ? S("Nam") : str_is(p->sex, "female") ? S("Nữ") : (str){ 0 },
		.ethnicity = p->ethnicity ? str_of(ethnic_groups[p->ethnicity].label.vi) : (str){ 0 }, .birthplace =
			p->birthplace,
		.school_code = k->class.school_code, .school = k->class.school, .place = place_of(c, &k->class),
		.grade = TEXT(c, "%d", k->class.grade - GRADE_1 + 1), .class_name = k->class.name, .scheme = p->scheme,
		.form_teacher = k->class.teacher, .principal = k->class.head, .learn_hk1 = p->hk1, .learn_hk2 = p->hk2,
		.learn = p->level, .conduct_hk1 = none_as_empty(p->conduct1), .conduct_hk2 = none_as_empty(p->conduct2),
		.conduct = p->conduct, .standing = p->standing, .award = p->title,
		.absences = TEXT(c, "%lld", (long long)p->absences), .remark = p->remark.n ? p->remark : p->remark2 };

	subjects_of(k, p, &v);
	qualities_of(k, p, &v);
	after_summer(k, p, &v);
	return v;
}

static str level_words(const struct scheme *s, str code)
{
	for (int i = 0; i < s->n_levels; i++)
		if (str_eq(s->levels[i].is.code, code))
			return s->levels[i].is.vi;
	return code;
}

static enum rc transcript_for(const struct class_year *k, const struct pupil_row *p, transcript_id *ret)
{
	struct transcript t;

	ret->v = p->transcript;
	if (ret->v)
		return OK;
	row_zero(&transcript, &t);
	t.base.org = p->keeper;
	t.pupil.v = p->pupil;
	t.level = k->level;
	TRY(create(k->c, &transcript, &t));
	ret->v = t.base.id;
	return OK;
}

static enum rc one_part(const struct class_year *k, const struct pupil_row *p, int64_t *ret_n)
{
	struct ctx *c = k->c;
	struct transcript_part row;
	const struct year_part v = year_of_pupil(k, p, p->part ? p->version : 1);
	str xml = part_xml(c->mem, &v);
	digest sha = hash_sha256(xml);
	str hex = hex_of(c->mem, sha.b, 32);

	if (p->part) {
		if (!str_is(p->state, "draft"))
			return OK;
		TRY(find(c, &transcript_part, p->part, &row));
		if (str_eq(row.digest, hex))
			return OK;
	} else {
		row_zero(&transcript_part, &row);
		TRY(transcript_for(k, p, &row.transcript));
		row.base.org = k->class.org;             /* until it is signed, also of whom another school keeps now */
		row.version = 1;
	}
	row.pupil.v = p->pupil;
	row.class.v = k->class.id;
	row.year.v = k->class.year_id;
	row.school = k->class.org;
	row.grade = k->class.grade;
	row.class_name = k->class.name;
	row.result = p->level.n ? level_words(k->scheme, p->level) : str_is(p->standing, "repeats") ? S("Ở lại lớp")
		: (str){ 0 };
	row.digest = hex;
	row.content = xml;
	++*ret_n;
	return p->part ? update(c, &transcript_part, &row) : create(c, &transcript_part, &row);
}

static int by_pupil(const void *a, const void *b)
{
	const struct mark_row *x = a, *y = b;

	return x->pupil != y->pupil ? (x->pupil > y->pupil) - (x->pupil < y->pupil)
		: x->subject != y->subject ? (x->subject > y->subject) - (x->subject < y->subject)
		: x->exempt != y->exempt ? y->exempt - x->exempt : x->term - y->term;
}

static void add_rows(struct class_year *k, const items *more)
{
	struct mark_row *v = NEWS(k->c->mem, struct mark_row, k->marks.n + more->n + 1);

	if (!more->n)
		return;
	memcpy(v, k->marks.p, sizeof *v * (size_t)k->marks.n);
	memcpy(v + k->marks.n, more->p, sizeof *v * (size_t)more->n);
	k->marks = (items){ v, k->marks.n + more->n };
	qsort(v, (size_t)k->marks.n, sizeof *v, by_pupil);
}

/* Who came from another class or school within the year: a term is of all its marks, in whichever class
 * (TT 22/2021 Điều 9.1). */
static enum rc bring_marks(struct class_year *k)
{
	items got;

	TRY(terms_brought(k->c, (school_class_id){ k->class.id }, &got));
	if (!got.n)
		return OK;
	struct mark_row *v = NEWS(k->c->mem, struct mark_row, k->marks.n + got.n);
	int64_t n = k->marks.n;
	memcpy(v, k->marks.p, sizeof *v * (size_t)n);
	for (int64_t i = 0; i < got.n; i++) {
		const struct carried_term *t = (const struct carried_term *)got.p + i;
		int64_t at = 0;
		while (at < n && (v[at].pupil != t->pupil || v[at].subject != t->subject || v[at].term != t->term))
			at++;
		str remark = at < n && v[at].remark.n ? v[at].remark : t->remark;
		v[at] = (struct mark_row){ t->pupil, t->code, t->name, t->term, t->average, t->comment, remark, t->subject };
		n += at == n;
	}
	qsort(v, (size_t)n, sizeof *v, by_pupil);
	k->marks = (items){ v, n };
	return OK;
}

/* Of who stays down for absences, the subjects without a mark stand there too, blank. */
static enum rc add_blank(struct class_year *k, const struct draft_key *ask)
{
	items got;

	TRY(query(k->c, "transcript/blank", &draft_key_shape, ask, &mark_row_shape, &got, MARKS_MAX));
	add_rows(k, &got);
	return OK;
}

/* A subject the pupil is exempt from stands in the transcript without marks, "Miễn học". */
static enum rc add_exempt(struct class_year *k, const struct draft_key *ask)
{
	items got;

	TRY(query(k->c, "transcript/exempt", &draft_key_shape, ask, &mark_row_shape, &got, MARKS_MAX));
	add_rows(k, &got);
	return OK;
}

static void bring_rating(struct pupil_row *p, const struct carried_conduct *x)
{
	str *level = x->term == TERM_1 ? &p->conduct1 : x->term == TERM_2 ? &p->conduct2 : &p->summer,
		*remark = x->term == TERM_2 ? &p->remark2 : x->term == TERM_YEAR ? &p->remark : NULL;

	if (x->term > TERM_YEAR)
		return;
	if (!none_as_empty(*level).n)
		*level = x->term == TERM_YEAR ? x->summer : x->level;
	if (remark && !remark->n)
		*remark = x->remark;
	if (x->term == TERM_2 && !p->qualities.n)
		p->qualities = x->qualities;
}

static enum rc bring_ratings(struct class_year *k)
{
	items got;

	TRY(conduct_brought(k->c, (school_class_id){ k->class.id }, &got));
	if (!got.n)
		return OK;
	struct pupil_row *v = NEWS(k->c->mem, struct pupil_row, k->pupils.n + 1);
	memcpy(v, k->pupils.p, sizeof *v * (size_t)k->pupils.n);
	for (int64_t i = got.n; i-- > 0; )               /* the latest first */
		for (int64_t p = 0; p < k->pupils.n; p++)
			if (v[p].pupil == ((const struct carried_conduct *)got.p)[i].pupil)
				bring_rating(&v[p], (const struct carried_conduct *)got.p + i);
	k->pupils.p = v;
	return OK;
}

/* E_MISSING: the class has no transcripts. */
static enum rc class_load(struct class_year *k, school_class_id class, int64_t only)
{
	struct ctx *c = k->c;
	struct class_key key = { class };
	struct draft_key ask = { .class = class, .pupil = only };

	TRY(query_one(c, "transcript/class", &class_key_shape, &key, &class_row_shape, &k->class));
	if (level_of(k->class.grade) < 0 || !(k->scheme = scheme_at(c, k->class.org, k->class.grade, k->class.first)))
		return E_MISSING;
	k->level = ask.level = (pick)level_of(k->class.grade);
	ask.year = k->class.year_id;
	TRY(query(c, "transcript/pupils", &draft_key_shape, &ask, &pupil_row_shape, &k->pupils, PUPILS_MAX));
	TRY(query(c, "transcript/marks", &draft_key_shape, &ask, &mark_row_shape, &k->marks, MARKS_MAX));
	TRY(add_blank(k, &ask));
	TRY(bring_marks(k));
	TRY(add_exempt(k, &ask));
	TRY(bring_ratings(k));
	return query(c, "transcript/teachers", &class_key_shape, &key, &teacher_row_shape, &k->teachers, TEACHERS_MAX);
}

static enum rc class_parts(struct ctx *c, school_class_id class, int64_t *ret)
{
	struct class_year k = { .c = c };
	enum rc rc = class_load(&k, class, 0);

	for (int64_t i = 0; i < k.pupils.n && rc == OK; i++)
		rc = one_part(&k, (const struct pupil_row *)k.pupils.p + i, ret);
	return rc == E_MISSING ? OK : rc;
}

enum rc transcript_draft(struct ctx *c, school_class_id class, int64_t *ret)
{
	const struct actor *who = as_system(c, "a class's year is drawn up from every mark and result of it");
	enum rc rc;

	*ret = 0;
	rc = class_parts(c, class, ret);
	as_actor(c, who);
	return rc;
}

/* ---- what a draft or a signature rests on -------------------------------------------------------------------- */

/* Who leads the school or teaches the subject today, and how the pupil's record is written today, is no reason to
 * sign again: only the results are compared. */
static bool same_results(struct arena *a, str content, struct year_part *now)
{
	struct part_subject *list = NEWS(a, struct part_subject, now->n_subjects + 1);
	struct year_part was;

	if (!part_read(a, content, &was) || was.n_subjects != now->n_subjects)
		return false;
	for (int64_t i = 0; i < was.n_subjects; i++) {
		list[i] = now->subjects[i];
		list[i].name = was.subjects[i].name;
		list[i].teacher = was.subjects[i].teacher;
	}
	now->subjects = list;
	now->pupil_code = was.pupil_code;
	now->name = was.name;
	now->born = was.born;
	now->sex = was.sex;
	now->ethnicity = was.ethnicity;
	now->birthplace = was.birthplace;
	now->school_code = was.school_code;
	now->school = was.school;
	now->place = was.place;
	now->class_name = was.class_name;
	now->form_teacher = was.form_teacher;
	now->principal = was.principal;
	return str_eq(part_xml(a, now), part_xml(a, &was));
}

static enum rc one_source(const struct class_year *k, const struct pupil_row *p, struct part_source *ret)
{
	struct year_part now = year_of_pupil(k, p, p->version);
	struct transcript_part x;

	*ret = (struct part_source){ .part = p->part, .name = p->name,
		.waits = str_is(p->standing, "retest") || str_is(p->standing, "summer") || str_is(p->standing, "support") };
	if (!p->part || str_is(p->state, "issued"))
		return OK;
	TRY(find(k->c, &transcript_part, p->part, &x));
	ret->changed = x.state == PART_DRAFT ? !str_eq(part_xml(k->c->mem, &now), x.content)
		: !same_results(k->c->mem, x.content, &now);
	return OK;
}

enum rc class_sources(struct ctx *c, school_class_id class, person_id only, items *ret)
{
	const struct actor *who = as_system(c, "what was drawn up is held against every mark and result of the class");
	struct class_year k = { .c = c };
	enum rc rc = class_load(&k, class, only.v);
	struct part_source *v = NEWS(c->mem, struct part_source, k.pupils.n + 1);

	for (int64_t i = 0; i < k.pupils.n && rc == OK; i++)
		rc = one_source(&k, (const struct pupil_row *)k.pupils.p + i, &v[i]);
	as_actor(c, who);
	*ret = (items){ v, rc == OK ? k.pupils.n : 0 };
	return rc == E_MISSING ? OK : rc;
}

enum rc part_source(struct ctx *c, int64_t part, school_class_id class, person_id pupil_, struct part_source *ret)
{
	items got;

	*ret = (struct part_source){ .part = part };
	TRY(class_sources(c, class, pupil_, &got));
	for (int64_t i = 0; i < got.n; i++)
		if (((const struct part_source *)got.p)[i].part == part)
			*ret = ((const struct part_source *)got.p)[i];
	return OK;
}

/* ---- corrections ------------------------------------------------------------------------------------------------- */

static const struct tr
MSG_not_signed = { "Chỉ sửa năm học đã có hai chữ ký; bản dự thảo thì lập lại.",
	"Only a year with both signatures is corrected; a draft is drawn up again." },
MSG_ended_elsewhere = { "Học sinh học hết năm này ở trường khác; trường ấy sửa.",
	"The pupil ended this year at another school, which corrects it." },
MSG_corrected = { "Năm học này đã có bản sửa mới hơn.", "This year already has a newer correction." };

/* A year is corrected where the pupil ended it: those results are there, and nobody else can sign for them. */
struct ended_row { school_class_id class; org_id org; };
#define ROW struct ended_row
static const struct shape ended_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, { REF(org, org) }, END } };
#undef ROW

static enum rc old_version(struct ctx *c, transcript_part_id part, struct transcript_part *ret, struct ended_row *at)
{
	enum rc rc = find(c, &transcript_part, part.v, ret);

	if (rc == OK)
		rc = query_one(c, "transcript/ended_in", &id_in_shape, &(struct id_in){ part.v }, &ended_shape, at);
	return rc;
}

static enum rc next_version(struct ctx *c, const struct transcript_part *old, const struct ended_row *at, str reason)
{
	struct transcript_part row = *old;
	int64_t n;

	row.base = (struct base){ .org = at->org };
	row.class = at->class;
	row.version = old->version + 1;
	row.reason = reason;
	row.state = PART_DRAFT;
	row.digest = row.content = row.form_mark = row.head_mark = row.form_by = row.head_by =
		row.head_as = (str){ 0 };
	row.form_at = row.head_at = (instant){ 0 };
	TRY(create(c, &transcript_part, &row));
	return transcript_draft(c, at->class, &n);
}

enum rc transcript_correct(struct ctx *c, transcript_part_id part, str reason, int64_t *ret_class)
{
	struct transcript_part old;
	struct ended_row at;
	int64_t newer = 0;
	const struct actor *who = as_system(c, "a year may be kept by another school by now");
	enum rc rc = old_version(c, part, &old, &at);

	as_actor(c, who);
	TRY(rc);
	if (!has_role(c, &principal, at.org))
		return has_role(c, &principal, old.base.org) ? FAIL(c, E_STATE, 0, &MSG_ended_elsewhere) : E_MISSING;
	if (old.state != PART_ISSUED && old.state != PART_CONFIRMED)
		return FAIL(c, E_STATE, 0, &MSG_not_signed);
	TRY(query_int(c, "transcript/newer", &id_in_shape, &(struct id_in){ part.v }, &newer));
	if (newer)
		return FAIL(c, E_CONFLICT, 0, &MSG_corrected);
	*ret_class = at.class.v;
	as_system(c, "a correction is a row of the program's own, after the principal was asked");
	rc = next_version(c, &old, &at, reason);
	as_actor(c, who);
	return rc;
}
