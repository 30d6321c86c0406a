/* rules.c -- what rows of this module must hold: conduct, exemptions, requests to reopen, parameters; books opened. */
#include "mod/records/gather.h"
#include "mod/records/rating.h"
#include "core/many.h"

static const struct tr
	MSG_elective = { "Khối này không được chọn hay bỏ môn ấy: chỉ môn lựa chọn, tự chọn mới ghi như thế.",
		"This grade does not choose that subject: only electives and optional ones can be left out so." },
	MSG_verdict = { "Chỉ xét cuối năm như thế ở mầm non và tiểu học.",
		"Only preschools and primary schools decide so at the year's end." },
	MSG_conduct = { "Quy chế {1} không có mức rèn luyện này.", "Scheme {1} has no such level of conduct." },
	MSG_no_summer = { "{1}: rèn luyện cả năm{2} không phải rèn luyện trong hè.",
		"{1}: the year's conduct{2} asks for no training in summer." },
	MSG_not_class = { "Học sinh không học lớp này.", "The pupil is not of this class." },
	MSG_until = { "Ngày cho ghi phải từ hôm nay và không quá 30 ngày.",
		"The day must be from today on, 30 days ahead at most." },
	MSG_parameter = { "Dòng \"{1}\" không phải quy_chế.tham_số=giá_trị hợp lệ.",
		"The line \"{1}\" is not a right scheme.parameter=value." },
	MSG_closed = { "Học kì này của lớp đã chốt. Hiệu trưởng mở lại thì mới sửa được.",
		"This term of the class is closed. It can be changed once the principal reopens it." },
	MSG_exempt_closed = { "Lớp đã chốt, mà miễn học làm đổi kết quả đã chốt. Hiệu trưởng mở lại lớp thì mới sửa được.",
		"The class is closed, and an exemption changes its results. It can be changed once the principal reopens it." },
	MSG_close_first = { "Học kì này của lớp đã chốt: mở lại lớp ở trang chốt sổ trước, rồi mới cho mở sổ.",
		"This term of the class is closed: reopen the class on the page of closing first, then the book." },
	MSG_not_locked = { "Phần này không khóa nên không cần mở lại.", "This part is not locked." },
	MSG_asked = { "Đã có một đề nghị đang chờ duyệt.", "There is a request waiting already." },
	MSG_refused_why = { "Hãy viết lý do không duyệt để giáo viên biết.", "Say why, for the teacher to know." },
	MSG_reopen_why = { "Hãy ghi lý do mở lại.", "Say why it is reopened." };

struct of_class { int64_t id; org_id org; pick grade; int64_t year_id, year; str name, year_code; };
#define ROW struct of_class
static const struct shape of_class_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) },
	{ COL(grade), .pick = grades }, { COL(year_id) }, { COL(year) }, { COL(name) },
	{ COL(year_code) }, END } };
#undef ROW

static enum rc class_row(struct ctx *c, school_class_id class, struct of_class *ret)
{
	return query_one(c, "records/class_of_results", &book_in_shape, &(struct book_in){ .class = class.v },
		&of_class_shape, ret);
}

/* The pupil is or was in the class. */
static bool studied(struct ctx *c, school_class_id class, person_id pupil_)
{
	items got;
	const struct actor *who = as_system(c, "a row of a pupil belongs to the pupil's class");
	enum rc rc = find_all(c, &enrolment, &got, 1, IS({ offsetof(struct enrolment, class), v_int(class.v) },
		{ offsetof(struct enrolment, pupil), v_int(pupil_.v) }));

	as_actor(c, who);
	return rc == OK && got.n == 1;
}

/* Only whom the year's conduct sends there trains in summer and is rated after it. */
static enum rc summer_makes_sense(struct ctx *c, const struct conduct *x)
{
	struct conduct old;
	struct gathered g;
	str year = { 0 };

	if (x->summer == CONDUCT_NONE || c->who->system)
		return OK;
	if (x->base.id && find(c, &conduct, x->base.id, &old) == OK && old.summer == x->summer)
		return OK;
	TRY(gather(c, x->class, NULL, &g));
	if (x->term == TERM_YEAR && trains_in_summer(c, &g, x->pupil.v, &year))
		return OK;
	return FAILF(c, E_INVALID, offsetof(struct conduct, summer), &MSG_no_summer, title_of(c, &person, x->pupil.v),
		year.n ? TEXT(c, " (%.*s)", FMT(year)) : year);
}

enum rc conduct_makes_sense(struct ctx *c, const void *row)
{
	static const char *const codes[] = { "", "tot", "kha", "dat", "chua_dat", "trung_binh", "yeu" };
	const struct conduct *x = row;
	struct of_class k;

	TRY(class_row(c, x->class, &k));
	const struct scheme *s = scheme_for(schemes(c), k.grade, (int)k.year);
	if (!studied(c, x->class, x->pupil))
		return FAIL(c, E_INVALID, offsetof(struct conduct, pupil), &MSG_not_class);
	bool good = x->level == CONDUCT_NONE;
	for (int i = 0; s && i < s->n_conducts; i++)
		good = good || str_is(s->conducts[i].code, codes[x->level]);
	if (x->verdict != VERDICT_NONE && (x->term != TERM_YEAR || !s || !s->promotion.support))
		return FAIL(c, E_INVALID, offsetof(struct conduct, verdict), &MSG_verdict);
	if (!good)
		return FAILF(c, E_INVALID, offsetof(struct conduct, level), &MSG_conduct, s ? s->is.code : S("?"));
	return summer_makes_sense(c, x);
}

enum rc conduct_org(struct ctx *c, void *row)
{
	struct conduct *x = row;
	struct of_class k;
	int64_t closed;

	TRY(class_row(c, x->class, &k));
	x->base.org = k.org;
	TRY(query_int(c, "records/closed", &book_in_shape, &(struct book_in){ .class = x->class.v,
		.term = term_of_rating(x->term) }, &closed));
	/* what moves rows for the installation (a merge of two records) is not a rating */
	return closed && !c->who->system ? FAIL(c, E_STATE, 0, &MSG_closed) : OK;
}

/* ---- closed terms, the form teacher's book ---------------------------------------------------------------- */

enum rc reopen_says_why(struct ctx *c, const void *row)
{
	const struct class_close *x = row;

	return str_trim(x->reason).n ? OK : FAIL(c, E_INVALID, offsetof(struct class_close, reason), &MSG_reopen_why);
}

/* The book goes on with the class, each line stays its writer's: who takes the form over writes lines of their own. */
enum rc note_is_ones_own(struct ctx *c, const void *row)
{
	static const struct tr MSG_others = { "Ghi chép này của người khác viết: chỉ người viết sửa hoặc xóa được. Hãy ghi "
		"một dòng mới.", "Somebody else wrote this note and only they change or remove it. Write a new one." };
	const struct form_note *n = row;

	return n->base.rev == 0 || n->base.made_by.v == 0 || c->who->system || n->base.made_by.v == c->who->user.v
		? OK : FAIL(c, E_STATE, 0, &MSG_others);
}

enum rc note_turned(struct ctx *c, void *row)
{
	return note_is_ones_own(c, row);
}

enum rc note_today(struct ctx *c, void *row)
{
	((struct form_note *)row)->on_day = c->today;
	return OK;
}

enum rc note_of_class(struct ctx *c, const void *row)
{
	const struct form_note *x = row;

	return studied(c, x->class, x->pupil) ? OK : FAIL(c, E_INVALID, offsetof(struct form_note, pupil),
		&MSG_not_class);
}

enum rc note_org(struct ctx *c, void *row)
{
	struct form_note *x = row;
	struct of_class k;

	TRY(class_row(c, x->class, &k));
	x->base.org = k.org;
	return OK;
}

enum rc exemption_makes_sense(struct ctx *c, const void *row)
{
	const struct exemption *x = row;

	return studied(c, x->class, x->pupil) ? OK : FAIL(c, E_INVALID, offsetof(struct exemption, pupil), &MSG_not_class);
}

enum rc elective_only(struct ctx *c, const void *row)
{
	const struct exemption *x = row;
	const struct actor *who = as_system(c, "which subjects a grade may choose is no secret");
	struct of_class k;
	struct subject s;
	const struct programme_subject *p = NULL;

	enum rc rc = x->kind == EXEMPT_NOT_CHOSEN ? class_row(c, x->class, &k) : E_MISSING;
	if (rc == OK)
		rc = find(c, &subject, x->subject.v, &s);
	if (rc == OK)
		p = programme_find(schemes(c)->programme, s.code);
	as_actor(c, who);
	if (x->kind != EXEMPT_NOT_CHOSEN || (rc != OK && rc != E_MISSING))
		return x->kind != EXEMPT_NOT_CHOSEN ? OK : rc;
	return p && (p->place[k.grade] == ELECTIVE || p->place[k.grade] == OPTIONAL) ? OK
		: FAIL(c, E_INVALID, offsetof(struct exemption, kind), &MSG_elective);
}

struct term_end { str code; day until; };
#define ROW struct term_end
static const struct shape term_end_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(until) }, END } };
#undef ROW

/* Which terms end by the day. */
static enum rc terms_covered(struct ctx *c, const struct of_class *k, struct exemption *x)
{
	items got;

	x->covers = EXEMPT_BOTH;
	if (x->until.v == NO_DAY.v)
		return OK;
	x->covers = EXEMPT_NONE;
	TRY(query(c, "records/term_ends", &book_in_shape, &(struct book_in){ .year = k->year_id }, &term_end_shape, &got,
		10));
	for (int64_t i = 0; i < got.n; i++) {
		const struct term_end *t = (const struct term_end *)got.p + i;
		if (t->until.v > x->until.v || x->covers == EXEMPT_BOTH)
			continue;
		x->covers = str_is(t->code, "hk2") ? EXEMPT_BOTH : str_is(t->code, "hk1") ? EXEMPT_TERM_1 : x->covers;
	}
	return OK;
}

struct exempt_in { int64_t class, pupil, subject; };
#define ROW struct exempt_in
static const struct shape exempt_in_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(pupil) }, { COL(subject) },
	END } };
#undef ROW

/* An exemption counts in both terms and the year: none of them may be closed. Ending what an earlier class granted
 * leaves the terms it covers as they are. */
enum rc exemption_org(struct ctx *c, void *row)
{
	struct exemption *x = row;
	struct book_in in = { .class = x->class.v };
	int64_t closed, before = 0, year = 0;
	struct of_class k;

	TRY(class_row(c, x->class, &k));
	x->base.org = k.org;
	TRY(terms_covered(c, &k, x));
	if (x->base.rev == 0 && x->covers == EXEMPT_TERM_1)
		TRY(query_int(c, "records/exempt_before", &exempt_in_shape, &(struct exempt_in){ x->class.v, x->pupil.v,
			x->subject.v }, &before));
	if (before) {
		in.term = TERM_2;
		TRY(query_int(c, "records/closed", &book_in_shape, &in, &closed));
		in.term = TERM_YEAR;
		TRY(query_int(c, "records/closed", &book_in_shape, &in, &year));
		closed += year;
	} else {
		TRY(query_int(c, "records/closed_terms", &book_in_shape, &in, &closed));
	}
	return closed && !c->who->system ? FAIL(c, E_STATE, 0, &MSG_exempt_closed) : OK;
}

/* ---- requests to reopen -------------------------------------------------------------------------------- */

/* What is open, or asked for already, is not asked for again: the head would answer what nobody needs. */
enum rc reopen_makes_sense(struct ctx *c, const void *row)
{
	const struct mark_reopen *x = row;
	struct course_head head;
	bool locked = false;
	struct course k;
	struct grid g;

	if (x->base.rev > 0)
		return OK;
	TRY(find(c, &course, x->course.v, &k));
	TRY(course_find(c, k.class, k.subject, &head));
	if (!scheme_for(schemes(c), head.grade, (int)head.year))
		return OK;                       /* no circular says which columns it has                      */
	TRY(grid_load(c, k.class, k.subject, x->term, &g));
	for (int s = 0; s <= SLOT_REMARK; s++)
		locked = locked || (!slot_open(&g, s) && (x->part == PART_ALL || x->part == slot_part(&g, s)));
	if (!locked)
		return FAIL(c, E_STATE, offsetof(struct mark_reopen, part), &MSG_not_locked);
	return g.asked[x->part] || g.asked[PART_ALL] ? FAIL(c, E_STATE, offsetof(struct mark_reopen, part), &MSG_asked)
		: OK;
}

/* One part, chosen; the whole book is asked for on its own page, where it is seen what is locked. */
uint64_t reopen_among(struct ctx *c, const void *row)
{
	(void)c;
	(void)row;
	return UINT64_MAX & ~((uint64_t)1 << PART_ALL);
}

static pick term_of_today(struct ctx *c)
{
	int64_t second = 0;

	return query_int(c, "records/in_second_term", NULL, NULL, &second) == OK && second ? TERM_2 : TERM_1;
}

enum rc lock_term(struct ctx *c, void *row)
{
	((struct mark_lock *)row)->term = term_of_today(c);
	return OK;
}

enum rc reopen_term(struct ctx *c, void *row)
{
	((struct mark_reopen *)row)->term = term_of_today(c);
	return OK;
}

enum rc reopen_org(struct ctx *c, void *row)
{
	struct mark_reopen *x = row;
	struct course k;

	TRY(find(c, &course, x->course.v, &k));
	x->base.org = k.base.org;
	return OK;
}

enum rc reopen_tell(struct ctx *c, void *row)
{
	const struct mark_reopen *x = row;
	struct course k;

	if (x->base.rev != 1)
		return OK;
	TRY(find(c, &course, x->course.v, &k));
	str who = c->who->person.v ? title_of(c, &person, c->who->person.v) : c->who->name;
	const struct choice *part = &reopen_parts[x->part], *of = &mark_terms[x->term];
	const struct tr asked = { str_z(c->mem, TEXT(c, "{1} đề nghị mở sổ điểm môn {2}, lớp {3}, %s: %s.", of->label.vi,
		part->label.vi)), str_z(c->mem, TEXT(c, "{1} asks to reopen the book of {2}, class {3}, %s: %s.", of->label.en,
		part->label.en)) };
	str of_what = title_of(c, &subject, k.subject.v), of_whom = title_of(c, &school_class, k.class.v);
	str link = link_to(c, "/mark_reopen/%lld", (long long)x->base.id);
	TRY(notify_role(c, &principal, x->base.org, &asked, ARGS(who, of_what, of_whom), link));
	return notify_role(c, &deputy, x->base.org, &asked, ARGS(who, of_what, of_whom), link);
}

enum rc reopen_guard(struct ctx *c, const void *row)
{
	const struct mark_reopen *x = row;
	struct course k;
	int64_t closed;

	if (x->until.v != NO_DAY.v && (x->until.v < c->today.v || x->until.v > c->today.v + 30))
		return FAIL(c, E_INVALID, offsetof(struct mark_reopen, until), &MSG_until);
	TRY(find(c, &course, x->course.v, &k));
	TRY(query_int(c, "records/closed", &book_in_shape, &(struct book_in){ .class = k.class.v, .term = x->term },
		&closed));
	return closed ? FAIL(c, E_STATE, 0, &MSG_close_first) : OK;
}

enum rc reopen_answered(struct ctx *c, const void *row)
{
	return str_trim(((const struct mark_reopen *)row)->answer).n ? OK
		: FAIL(c, E_INVALID, offsetof(struct mark_reopen, answer), &MSG_refused_why);
}

/* Who asked hears of the answer, in either language, wherever it was given. */
static enum rc tell_asker(struct ctx *c, const struct mark_reopen *x, const char *vi, const char *en, str more)
{
	const struct choice *part = &reopen_parts[x->part];
	struct course k;

	if (x->base.made_by.v == 0)
		return OK;
	TRY(find(c, &course, x->course.v, &k));
	str link = TEXT(c, "/gradebook/%lld/%lld?term=%s", (long long)k.class.v, (long long)k.subject.v,
		mark_terms[x->term].code);
	bool yes = x->state == REOPEN_APPROVED;
	const char *what_vi = yes ? "Sổ điểm" : "Đề nghị mở sổ điểm", *end = yes ? "." : "",
		*what_en = yes ? "The book" : "The request to reopen the book";
	const struct tr told = {
		str_z(c->mem, TEXT(c, "%s môn {1}, lớp {2} (%s) %s {3}%s", what_vi, part->label.vi, vi, end)),
		str_z(c->mem, TEXT(c, "%s of {1}, class {2} (%s) %s {3}%s", what_en, part->label.en, en, end)) };
	return notify(c, x->base.made_by, &told, ARGS(title_of(c, &subject, k.subject.v), title_of(c, &school_class,
		k.class.v), more), link);
}

/* Nobody has said until when: today. The lock closes again by itself after the day. */
enum rc reopen_approve(struct ctx *c, void *row)
{
	struct mark_reopen *x = row;

	x->until = x->until.v == NO_DAY.v ? c->today : x->until;
	return tell_asker(c, x, "được mở lại đến hết ngày", "is open again until the end of", day_text(c->mem, x->until));
}

enum rc reopen_refuse(struct ctx *c, void *row)
{
	const struct mark_reopen *x = row;

	return tell_asker(c, x, "không được duyệt:", "was refused:", str_trim(x->answer));
}

/* ---- parameters ------------------------------------------------------------------------------------------ */

struct records_settings { str parameters; };

static bool parameter_ok(struct ctx *c, str line)
{
	str name, value, code;
	const struct scheme *s = NULL;

	if (str_cut(line, '=', &name, &value) && str_cut(str_trim(name), '.', &code, &name))
		s = scheme_named(schemes(c), code);
	if (!s)
		return false;
	struct scheme *copy = NEW(c->mem, struct scheme);
	*copy = *s;
	return scheme_set(copy, str_trim(name), str_trim(value));
}

enum rc parameters_ok(struct ctx *c, const void *row)
{
	const struct records_settings *s = row;

	for (str line, rest = s->parameters; rest.n; ) {
		str_cut(rest, '\n', &line, &rest);
		if (str_trim(line).n && !parameter_ok(c, line))
			return FAILF(c, E_INVALID, offsetof(struct records_settings, parameters), &MSG_parameter, str_trim(line));
	}
	return OK;
}

/* ---- books ----------------------------------------------------------------------------------------------- */

struct wanted_row { int64_t class, subject; org_id org; pick grade; str code; };
#define ROW struct wanted_row
static const struct shape wanted_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(subject) }, { REF(org, org) },
	{ COL(grade), .pick = grades }, { COL(code) }, END } };
#undef ROW

enum rc courses_open(struct ctx *c, org_id at, school_year_id year, int64_t *ret)
{
	const struct programme *p = schemes(c)->programme;
	items got;

	TRY(query(c, "records/books_missing", &book_in_shape, &(struct book_in){ .school = at.v, .year = year.v },
		&wanted_shape, &got, 5000));
	struct course *rows = NEWS(c->mem, struct course, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct wanted_row *w = (const struct wanted_row *)got.p + i;
		const struct programme_subject *s = p ? programme_find(p, w->code) : NULL;
		row_zero(&course, &rows[i]);
		rows[i].base.org = w->org;
		rows[i].class.v = w->class;
		rows[i].subject.v = w->subject;
		rows[i].lessons = s ? s->lessons[w->grade] : 0;
	}
	*ret = got.n;
	const struct actor *who = as_system(c, "books of marks for what is taught");
	enum rc rc = got.n ? create_many(c, &course, rows, got.n) : OK;
	as_actor(c, who);
	return rc == OK && got.n ? books_told(c, at, rows, got.n) : rc;
}
