/* enrol.c -- pupils in classes: who may be enrolled, how an enrolment ends, changing class. */
#include "mod/school/class.h"

static const struct tr
MSG_studies = { "Học sinh đang học lớp {1}. Chuyển lớp thay vì ghi danh lần nữa.",
	"The pupil already studies in class {1}. Change the class instead." },
MSG_full = { "Lớp {1} đã đủ {2} học sinh.", "Class {1} already has {2} pupils." },
MSG_not_pupil = { "Người này chưa được đánh dấu là học sinh.", "This person is not marked as a pupil." },
MSG_class_school = { "Lớp mới phải cùng trường và cùng năm học.", "The new class is of the same school and year." },
MSG_same_class = { "Học sinh đang học chính lớp này.", "The pupil is in this class already." };

#define IN(m) offsetof(struct enrolment, m)

enum rc enrolment_today(struct ctx *c, void *row)   { ((struct enrolment *)row)->since = c->today; return OK; }
enum rc enrolment_forever(struct ctx *c, void *row) { (void)c; ((struct enrolment *)row)->until = FOREVER; return OK; }

/* The class of an enrolment, read as the installation: the row's own rights decide. */
static enum rc class_of(struct ctx *c, school_class_id id, struct school_class *ret)
{
	const struct actor *who = as_system(c, "the class a pupil is enrolled in");
	enum rc rc = find(c, &school_class, id.v, ret);
	as_actor(c, who);
	return rc;
}

enum rc enrolment_year(struct ctx *c, void *row)
{
	struct enrolment *e = row;
	struct school_class k;

	if (e->class.v == 0)
		return OK;
	TRY(class_of(c, e->class, &k));
	e->year = k.year;
	return OK;
}

enum rc enrolment_makes_sense(struct ctx *c, const void *row)
{
	const struct enrolment *e = row;
	struct enrolled_view at = { 0 };
	struct person p;

	if (e->state != ENR_STUDYING || e->pupil.v == 0)
		return OK;
	const struct actor *who = as_system(c, "only a pupil is enrolled, and once");
	enum rc rc = find(c, &person, e->pupil.v, &p);
	as_actor(c, who);
	TRY(rc);
	if (!p.pupil)
		return FAIL(c, E_INVALID, IN(pupil), &MSG_not_pupil);
	rc = query_one(c, "school/studies_in", &enrolled_in_shape, &(struct enrolled_in){ e->pupil, e->year, e->base.id },
		&enrolled_shape, &at);
	if (rc == OK)
		return FAILF(c, E_CONFLICT, IN(pupil), &MSG_studies, at.name);
	return rc == E_MISSING ? OK : rc;
}

/* A form or an import may name another class: the one that is left is counted without the pupil. */
static enum rc leave_class(struct ctx *c, const struct enrolment *e)
{
	struct enrolment old;

	TRY(find(c, &enrolment, e->base.id, &old));
	return old.class.v == e->class.v ? OK
		: execute(c, "school/recount", &recount_shape, &(struct recount_in){ old.class, e->base.id, 0 }, NULL);
}

/* A new enrolment belongs to its class's school, and the class has room. */
enum rc enrolment_before(struct ctx *c, void *row)
{
	struct enrolment *e = row;
	struct school_class k;

	if (e->base.rev > 0)
		return leave_class(c, e);
	TRY(class_of(c, e->class, &k));
	e->base.org = k.base.org;
	e->year = k.year;
	if (k.most > 0 && k.size >= k.most)
		return FAILF(c, E_STATE, IN(class), &MSG_full, k.name, TEXT(c, "%lld", (long long)k.most));
	return OK;
}

enum rc enrolment_after(struct ctx *c, void *row)
{
	const struct enrolment *e = row;
	return execute(c, "school/recount", &recount_shape, &(struct recount_in){ e->class, 0, 0 }, NULL);
}

/* Effects of steps: the row is written after them, so the class is counted without it. */
enum rc enrolment_ends(struct ctx *c, void *row)
{
	struct enrolment *e = row;

	e->until = c->today;
	return execute(c, "school/recount", &recount_shape, &(struct recount_in){ e->class, e->base.id, 0 }, NULL);
}

/* Who goes up, repeats or finishes stays in the class to the end of its year. */
enum rc enrolment_year_ends(struct ctx *c, void *row)
{
	struct enrolment *e = row;
	struct taught_view y;

	TRY(query_one(c, "school/year_taught", &taught_in_shape, &(struct taught_in){ e->year }, &taught_shape, &y));
	e->until.v = (y.until.v > e->since.v ? y.until.v : e->since.v) + 1;
	return OK;
}

enum rc enrolment_reopens(struct ctx *c, void *row)
{
	struct enrolment *e = row;

	e->until = FOREVER;
	return execute(c, "school/recount", &recount_shape, &(struct recount_in){ e->class, e->base.id, 1 }, NULL);
}

/* ---- /enrolment/{enrolment}/class: another class of the same school and year ---------------------- */

#define ROW struct enrolment_in
const struct shape enrolment_in_shape = { sizeof(ROW), FIELDS{ { REF(enrolment, enrolment),
	.label = { "Học sinh", "Pupil" }, .is = NEEDED }, END } };
#undef ROW
#define ROW struct other_class
static const struct shape other_class_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(size) },
	{ COL(most) }, { COL(full) }, END } };
#undef ROW
#define ROW struct change_page
const struct shape change_page_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(pupil) }, { COL(class) },
	{ COL(enrolment) }, { COL(none) }, { MANY(classes, other_class_shape) }, END } };
#undef ROW
#define ROW struct class_in
static const struct shape old_class_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, END } };
#undef ROW

enum rc change_class_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Chuyển lớp", "Change class" };
	const struct enrolment_in *in = in_;
	struct change_page *out = out_;
	struct enrolment e;

	TRY(find(c, &enrolment, in->enrolment.v, &e));
	*out = (struct change_page){ .title = say(c, &title), .enrolment = e.base.id,
		.pupil = title_of(c, &person, e.pupil.v), .class = title_of(c, &school_class, e.class.v) };
	if (e.state == ENR_STUDYING)
		TRY(query(c, "school/other_classes", &old_class_shape, &(struct class_in){ .class = e.class },
			&other_class_shape, &out->classes, 100));
	out->none = out->classes.n == 0;
	return OK;
}


#define ROW struct change_class_in
const struct shape change_class_shape = { sizeof(ROW), FIELDS{ { REF(enrolment, enrolment),
	.label = { "Học sinh", "Pupil" }, .is = NEEDED },
	{ REF(class, school_class), .label = { "Lớp mới", "New class" }, .is = NEEDED }, END } };
#undef ROW

enum rc change_class(struct ctx *c, const void *in_, void *out)
{
	static const struct tr why = { "Chuyển lớp", "Change of class" };
	const struct change_class_in *in = in_;
	struct enrolment was, now;
	struct school_class k;
	const str reason = c->reason;

	(void)out;
	TRY(find(c, &enrolment, in->enrolment.v, &was));
	TRY(find(c, &school_class, in->class.v, &k));
	if (k.base.org.v != was.base.org.v || k.year.v != was.year.v)
		return FAIL(c, E_INVALID, offsetof(struct change_class_in, class), &MSG_class_school);
	if (was.class.v == in->class.v)
		return FAIL(c, E_INVALID, offsetof(struct change_class_in, class), &MSG_same_class);
	c->reason = say(c, &why);
	now = was;
	TRY(step(c, &enrolment, &was, "change"));
	now.base = (struct base){ .org = was.base.org };
	now.class = in->class;
	now.number = 0;
	now.since = c->today;
	now.until = FOREVER;
	now.kind = KIND_CLASS;
	now.state = ENR_STUDYING;
	TRY(create(c, &enrolment, &now));
	c->reason = reason;
	static const struct tr said = { "Đã chuyển lớp.", "The class is changed." };
	return go_to(c, link_to(c, "/school_class/%lld/pupils", (long long)in->class.v), &said);
}

#define ROW struct enrolled_in
const struct shape enrolled_in_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { REF(year, school_year) },
	{ COL(but) }, END } };
#undef ROW
#define ROW struct enrolled_view
const struct shape enrolled_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
#undef ROW
#define ROW struct recount_in
const struct shape recount_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, { COL(but) }, { COL(plus) },
	END } };
#undef ROW
#define ROW struct taught_in
const struct shape taught_in_shape = { sizeof(ROW), FIELDS{ { REF(year, school_year) }, END } };
#undef ROW
#define ROW struct taught_view
const struct shape taught_shape = { sizeof(ROW), FIELDS{ { COL(last) }, { COL(until) }, END } };
#undef ROW
