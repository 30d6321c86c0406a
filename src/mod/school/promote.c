/* promote.c -- at the turn of the year: every pupil of a school goes up, repeats or finishes, class by class, as one
 * job.
 * What the results of the marks module say, when it is there, is chosen already; the office decides for each pupil. */
#include "mod/school/promote.h"
#include "core/app.h"
#include "core/registry.h"
#include "core/row.h"

static const struct tr
MSG_same_year = { "Năm học mới phải sau năm học cũ.", "The new year comes after the old one." },
MSG_class_year = { "Lớp mới phải thuộc năm học mới.", "The new class is of the new year." },
MSG_class_grade = { "Lớp {1} không đúng khối: học sinh lên khối {2}.",
	"Class {1} is of the wrong grade: pupils go up to {2}." },
MSG_stranger = { "Có học sinh không còn học lớp này: tải lại trang.",
	"A pupil here has left this class: load the page again." },
MSG_early = { "Năm học chưa xong: chỉ xét lên lớp từ ngày {1}, ngày kết thúc học kì cuối.",
	"The year is not over: promotion begins on {1}, the last day of the last term." },
MSG_need_class = { "Chọn lớp năm học mới cho học sinh lên lớp hoặc ở lại.",
	"Choose the new class for those who go up or repeat." },
MSG_why = { "{1}: quyết định khác kết quả cả năm ({2}), cần ghi lý do.",
	"{1}: this goes against the year's results ({2}) and needs a reason." },
MSG_none = { "Chưa có kết quả", "No result yet" },
MSG_done = { "Lớp {1}: {2} lên lớp, {3} ở lại, {4} hoàn thành cấp học.",
	"Class {1}: {2} go up, {3} repeat, {4} finish." };

static const struct choice fates[] = { { "up", { "Lên lớp", "Goes up" } }, { "repeat", { "Ở lại lớp", "Repeats" } },
	{ "finish", { "Hoàn thành cấp học", "Finishes" } }, { "leave", { "Chưa quyết định", "Undecided" } }, END };
enum { FATE_UP, FATE_REPEAT, FATE_FINISH, FATE_LEAVE };

#define ROW struct fate_in
static const struct shape fate_shape = { sizeof(ROW), FIELDS{ { REF(enrolment, enrolment), .is = NEEDED,
	.label = { "Học sinh", "Pupil" } }, { COL(fate), .pick = fates, .label = { "Kết quả", "Result" } },
	{ COL(why), .max = 300, .label = { "Lý do", "Reason" } }, END } };
#undef ROW
#define ROW struct promote_in
const struct shape promote_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } },
	{ REF(up_to, school_class), .label = { "Lớp mới (lên lớp)", "New class (going up)" } },
	{ REF(back_to, school_class), .label = { "Lớp mới (ở lại)", "New class (repeating)" } },
	{ MANY(fates, fate_shape), .max = 120, .label = { "Học sinh", "Pupils" } }, END } };
#undef ROW

/* ---- GET /school/promote ---------------------------------------------------------------------------- */

#define ROW struct promote_class
static const struct shape promote_class_shape = { sizeof(ROW),
	FIELDS{ { COL(id) }, { COL(name), .label = { "Lớp", "Class" } },
		{ COL(grade), .pick = grades, .label = { "Khối", "Grade" } },
		{ COL(studying), .label = { "Đang học", "Studying" } },
	{ COL(decided), .label = { "Đã quyết định", "Decided" } }, END } };
#undef ROW
#define ROW struct promotes_view
const struct shape promotes_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(year) }, { COL(none) },
	{ MANY(classes, promote_class_shape) }, END } };
#undef ROW
#define ROW struct promotes_in
const struct shape promotes_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) }, END } };
#undef ROW

enum rc promote_classes(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Lên lớp hàng loạt", "Promotion" };
	struct promotes_view *out = out_;
	struct promotes_in ask = { c->here.org.v ? c->here.org.v : seat_org(c, &clerk).v, 0 };
	enum rc rc;

	(void)in;
	rc = query_int(c, c->here.year ? "school/year_chosen" : "school/year_now", &here_shape,
		&(struct here_in){ c->here.year, c->today }, &ask.year);
	if (rc != OK && rc != E_MISSING)
		return rc;
	out->title = say(c, &title);
	out->year = title_of(c, &school_year, ask.year);
	TRY(query(c, "school/promote_classes", &promotes_in_shape, &ask, &promote_class_shape, &out->classes, 200));
	out->none = out->classes.n == 0;
	return OK;
}

/* ---- GET /school/promote/{class} --------------------------------------------------------------------- */

#define ROW struct class_option
static const struct shape class_option_shape = { sizeof(ROW),
	FIELDS{ { COL(id) }, { COL(name) }, { COL(grade), .pick = grades }, { COL(year) }, { COL(size) }, { COL(most) },
		{ COL(chosen) }, END } };
#undef ROW
#define ROW struct promote_pupil
static const struct shape pupil_shape = { sizeof(ROW), FIELDS{ { COL(enrolment) }, { COL(pupil) }, { COL(name) },
	{ COL(absences) }, { COL(i) }, { COL(last) }, { COL(repeat) }, { COL(leave) }, { COL(standing) }, { COL(why) },
	{ COL(against_up) }, { COL(against_repeat) }, END } };
#undef ROW
#define ROW struct promote_row
static const struct shape pupil_row = { sizeof(ROW), FIELDS{ { COL(enrolment) }, { COL(pupil) }, { COL(name) },
	{ COL(absences) }, END } };
#undef ROW
#define ROW struct promote_view
const struct shape promote_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(class) }, { COL(name) },
	{ COL(early) }, { COL(none) }, { COL(last) }, { COL(no_class) }, { COL(rated) }, { MANY(ups, class_option_shape) },
	{ MANY(backs, class_option_shape) },
	{ MANY(pupils, pupil_shape) }, END } };
#undef ROW

static bool last_grade(pick grade) { return grade == GRADE_K5 || grade == GRADE_6 - 1 || grade == GRADE_10 - 1 ||
	grade == GRADE_12; }

/* The day from which a year's pupils go up. */
static enum rc promoted_from(struct ctx *c, school_year_id year, day *ret)
{
	struct taught_view y;

	TRY(query_one(c, "school/year_taught", &taught_in_shape, &(struct taught_in){ year }, &taught_shape, &y));
	*ret = y.last.v == NO_DAY.v ? y.until : y.last;
	return OK;
}

struct rated { items rows; const struct entity *of; col pupil; const struct field *standing; };

/* The results of the year, where there is a module that makes them. */
static enum rc rated_of(struct ctx *c, school_class_id class, struct rated *ret)
{
	const struct meta *m = registry_entity(c->app->registry, S("year_result"));

	*ret = (struct rated){ 0 };
	if (!m)
		return OK;
	ret->of = m->e;
	ret->pupil = field_named(m->e->fields, S("pupil"))->at;
	ret->standing = field_named(m->e->fields, S("standing"));
	return find_all(c, m->e, &ret->rows, 200, IS({ field_named(m->e->fields, S("class"))->at, v_int(class.v) }));
}

/* Who goes up, and who does not, is what the results say (TT 22/2021 Điều 12-14, TT 27/2020 Điều 11) until somebody
 * decides otherwise; who waits for a test or the summer waits here. Of a class without results nothing is presumed. */
static void stand(struct ctx *c, const struct rated *r, struct promote_pupil *p)
{
	p->leave = r->rows.n > 0;
	for (int64_t i = 0; i < r->rows.n; i++) {
		const char *row = (const char *)r->rows.p + i * (int64_t)r->of->size;
		str code = *(const str *)(const void *)(row + r->standing->at);
		if (*(const int64_t *)(const void *)(row + r->pupil) != p->pupil)
			continue;
		p->standing = field_text(r->standing, row, c->lang, c->mem);
		p->repeat = str_is(code, "repeats");
		p->leave = !p->repeat && !str_is(code, "promoted");
		break;
	}
	if (r->rows.n > 0 && !p->standing.n)
		p->standing = say(c, &MSG_none);
	p->against_up = p->repeat || p->leave;
	p->against_repeat = r->rows.n > 0 && !p->repeat;
}

/* What was decided for the pupil before it was refused stands before what the results say. */
static void decided(const struct promote_in *in, struct promote_pupil *p)
{
	for (int64_t i = 0; i < in->fates.n; i++) {
		const struct fate_in *f = (const struct fate_in *)in->fates.p + i;
		if (f->enrolment.v != p->enrolment)
			continue;
		p->repeat = f->fate == FATE_REPEAT;
		p->leave = f->fate == FATE_LEAVE;
		p->why = f->why;
	}
}

enum rc promote_class(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Lên lớp: lớp {1}", "Promotion: class {1}" };
	const struct promote_in *in = in_;
	struct promote_view *out = out_;
	struct school_class k;
	struct rated rated;
	day from;
	items got;

	TRY(find(c, &school_class, in->class.v, &k));
	TRY(promoted_from(c, k.year, &from));
	if (c->today.v < from.v)
		out->early = sayf(c, &MSG_early, ARGS(day_text(c->mem, from)));
	struct option_in ask = { in->class, (pick)(k.grade + 1), k.grade, in->up_to };
	TRY(query(c, "school/next_classes", &option_in_shape, &ask, &class_option_shape, &out->ups, 60));
	ask.grade = k.grade;
	ask.chosen = in->back_to;
	TRY(query(c, "school/next_classes", &option_in_shape, &ask, &class_option_shape, &out->backs, 60));
	TRY(query(c, "school/promote_pupils", &promote_in_shape, in, &pupil_row, &got, 120));
	TRY(rated_of(c, in->class, &rated));
	out->rated = rated.rows.n > 0;
	struct promote_pupil *list = NEWS(c->mem, struct promote_pupil, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct promote_row *r = (const struct promote_row *)got.p + i;
		list[i] = (struct promote_pupil){ .enrolment = r->enrolment, .pupil = r->pupil, .name = r->name,
			.absences = r->absences, .i = i, .last = last_grade(k.grade) };
		stand(c, &rated, &list[i]);
		decided(in, &list[i]);
	}
	out->pupils = (items){ list, got.n };
	out->title = sayf(c, &title, ARGS(k.name));
	out->class = in->class.v;
	out->name = k.name;
	out->last = last_grade(k.grade);
	out->none = got.n == 0;
	out->no_class = out->ups.n == 0 && !out->last;
	return OK;
}

/* ---- POST /school/promote/{class} -------------------------------------------------------------------- */

static enum rc target_ok(struct ctx *c, const struct school_class *from, school_class_id to, pick grade, col at,
	struct school_class *ret)
{
	struct school_year old, new;

	TRY(find(c, &school_class, to.v, ret));
	TRY(find(c, &school_year, from->year.v, &old));
	TRY(find(c, &school_year, ret->year.v, &new));
	if (new.year <= old.year)
		return FAIL(c, E_INVALID, at, &MSG_same_year);
	if (ret->base.org.v != from->base.org.v)
		return FAIL(c, E_INVALID, at, &MSG_class_year);
	if (ret->grade != grade)
		return FAILF(c, E_INVALID, at, &MSG_class_grade, ret->name, say(c, &grades[grade].label));
	return OK;
}

static enum rc promote_one(struct ctx *c, const struct fate_in *f, const struct promote_in *in,
	const struct school_class *up, const struct school_class *back)
{
	static const char *const steps[] = { "promote", "repeat", "finish" };
	static const pick kinds[] = { KIND_PROMOTED, KIND_REPEATED };
	struct enrolment e, next;
	struct school_year y;

	TRY(find(c, &enrolment, f->enrolment.v, &e));
	if (e.class.v != in->class.v || e.state != ENR_STUDYING)
		return FAIL(c, E_STATE, 0, &MSG_stranger);
	c->reason = f->why;
	TRY(step(c, &enrolment, &e, steps[f->fate]));
	c->reason = (str){ 0 };
	if (f->fate == FATE_FINISH)
		return OK;
	const struct school_class *to = f->fate == FATE_UP ? up : back;
	TRY(find(c, &school_year, to->year.v, &y));
	row_zero(&enrolment, &next);
	next.pupil = e.pupil;
	next.class.v = to->base.id;
	next.since = y.since;
	next.until = FOREVER;
	next.kind = kinds[f->fate];
	return create(c, &enrolment, &next);
}

/* A decision against the results stands in the history with its reason. */
static enum rc reasons_given(struct ctx *c, const struct promote_in *in)
{
	struct rated rated;
	items got;
	enum rc rc = OK;

	TRY(query(c, "school/promote_pupils", &promote_in_shape, in, &pupil_row, &got, 120));
	TRY(rated_of(c, in->class, &rated));
	for (int64_t i = 0; i < in->fates.n; i++) {
		struct fate_in *f = (struct fate_in *)in->fates.p + i;
		struct promote_pupil p = { 0 };
		for (int64_t k = 0; k < got.n; k++) {
			const struct promote_row *r = (const struct promote_row *)got.p + k;
			if (r->enrolment == f->enrolment.v)
				p = (struct promote_pupil){ .pupil = r->pupil, .name = r->name };
		}
		stand(c, &rated, &p);
		if (f->fate == FATE_LEAVE || !(f->fate == FATE_REPEAT ? p.against_repeat : p.against_up))
			f->why = (str){ 0 };                     /* hidden, and of another choice                           */
		else if (f->why.n == 0)
			rc = fail_item(c, E_INVALID, "fates", i, "why", &MSG_why, ARGS(p.name, p.standing));
	}
	return rc;
}

enum rc promote_post(struct ctx *c, const void *in_, void *out)
{
	const struct promote_in *in = in_;
	struct school_class k, up = { 0 }, back = { 0 };
	int64_t n[4] = { 0 };
	day from;

	(void)out;
	for (int64_t i = 0; i < in->fates.n; i++)
		n[((const struct fate_in *)in->fates.p)[i].fate]++;
	TRY(find(c, &school_class, in->class.v, &k));
	TRY(promoted_from(c, k.year, &from));
	if (c->today.v < from.v)
		return FAILF(c, E_STATE, 0, &MSG_early, day_text(c->mem, from));
	if (n[FATE_UP] && !in->up_to.v)
		return FAIL(c, E_INVALID, offsetof(struct promote_in, up_to), &MSG_need_class);
	if (n[FATE_REPEAT] && !in->back_to.v)
		return FAIL(c, E_INVALID, offsetof(struct promote_in, back_to), &MSG_need_class);
	if (n[FATE_UP])
		TRY(target_ok(c, &k, in->up_to, (pick)(k.grade + 1), offsetof(struct promote_in, up_to), &up));
	if (n[FATE_REPEAT])
		TRY(target_ok(c, &k, in->back_to, k.grade, offsetof(struct promote_in, back_to), &back));
	TRY(reasons_given(c, in));
	for (int64_t i = 0; i < in->fates.n; i++) {
		const struct fate_in *f = (const struct fate_in *)in->fates.p + i;
		if (f->fate != FATE_LEAVE)
			TRY(promote_one(c, f, in, &up, &back));
	}
	c->said = sayf(c, &MSG_done, ARGS(k.name, TEXT(c, "%lld", (long long)n[0]), TEXT(c, "%lld", (long long)n[1]),
		TEXT(c, "%lld", (long long)n[2])));
	c->go = link_to(c, "/school/promote");
	return OK;
}

#define ROW struct option_in
const struct shape option_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) },
	{ COL(grade), .pick = grades }, { COL(now), .pick = grades }, { REF(chosen, school_class) }, END } };
#undef ROW
