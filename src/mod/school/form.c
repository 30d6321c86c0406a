/* form.c -- whose form a class is (giáo viên chủ nhiệm: Điều lệ trường, TT 32/2020 and TT 28/2020/TT-BGDĐT), from one
 * teacher to the next. The rows of teaching say it day by day, and rights are read there; the class shows who has it
 * now. A class has one form teacher a day; who hands it over still teaches the subject of the same row. */
#include "mod/school/school_rules.h"
#include "core/app.h"
#include "core/registry.h"
#include "core/row.h"

static const struct tr
MSG_later = { "Lớp đã có giáo viên chủ nhiệm {1} từ ngày {2}: ghi “Đến ngày” không sau ngày ấy.",
	"From {2} on {1} is the form teacher: end this assignment by that day." },
MSG_taken = { "{1} làm chủ nhiệm lớp từ ngày {2}, thay {3}.", "{1} is the form teacher from {2}, after {3}." },
MSG_no_role = { "{1} chưa có vai trò Giáo viên chủ nhiệm nên chưa mở được việc của lớp: quản trị tài khoản trường giao "
	"vai trò ấy.", "{1} does not hold the role of form teacher and cannot open the class's work yet: the school's IT "
	"officer gives it." };

enum { TEACHING_MAX = 200, SEATS_MAX = 50, TURNS_MAX = 100000 };
struct form_in { int64_t class; person_id teacher; day on_day; };
#define ROW struct form_in
static const struct shape form_in_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { REF(teacher, person) },
	{ COL(on_day) }, END } };
#undef ROW
struct turn_row { int64_t class; };
#define ROW struct turn_row
static const struct shape turn_shape = { sizeof(ROW), FIELDS{ { COL(class) }, END } };
#undef ROW

static enum rc form_now(struct ctx *c, int64_t class, person_id *ret)
{
	struct form_in in = { .class = class, .on_day = c->today };
	enum rc rc = query_int(c, "school/form_now", &form_in_shape, &in, &ret->v);

	return rc == E_MISSING ? OK : rc;
}

/* The class shows its form teacher. */
static enum rc show(struct ctx *c, int64_t class)
{
	struct form_in in = { .class = class };

	TRY(form_now(c, class, &in.teacher));
	return execute(c, "school/show_form", &form_in_shape, &in, NULL);
}

/* The duty ends on that day; the subject of the same row goes on, unless the teacher has left. As the installation. */
static enum rc duty_ends(struct ctx *c, const struct teaching *was, day on_day)
{
	struct teaching t = *was, rest = *was;
	struct person p;

	if (t.since.v >= on_day.v && t.subject.v == 0)
		return retire(c, &teaching, t.base.id, t.base.rev);
	if (t.since.v >= on_day.v) {
		t.form = false;
		return amend(c, &teaching, &t);
	}
	t.until = on_day;
	TRY(amend(c, &teaching, &t));
	if (t.subject.v == 0)
		return OK;
	TRY(find(c, &person, t.teacher.v, &p));
	rest.base = (struct base){ .org = t.base.org };
	rest.form = false;
	rest.since = on_day;
	return p.staff ? create(c, &teaching, &rest) : OK;
}

/* Whoever else has the class within these days hands it over. As the installation. */
static enum rc others_end(struct ctx *c, const struct teaching *in, person_id *ret_before)
{
	items all;

	TRY(find_all(c, &teaching, &all, TEACHING_MAX, IS({ offsetof(struct teaching, class), v_int(in->class.v) })));
	for (int64_t i = 0; i < all.n; i++) {
		const struct teaching *t = (const struct teaching *)all.p + i;
		if (!t->form || t->teacher.v == in->teacher.v || t->until.v <= in->since.v || in->until.v <= t->since.v)
			continue;
		if (t->since.v > in->since.v)
			return FAILF(c, E_INVALID, offsetof(struct teaching, until), &MSG_later,
				title_of(c, &person, t->teacher.v), day_text(c->mem, t->since));
		*ret_before = t->teacher;
		TRY(duty_ends(c, t, in->since));
	}
	return OK;
}

/* Rights come with the role, where there is a module that gives roles: whether it is still to be given. */
static enum rc lacks_role(struct ctx *c, const struct teaching *t, bool *ret)
{
	const struct meta *m = registry_entity(c->app->registry, S("seat"));
	items all;

	*ret = false;
	if (!m)
		return OK;
	const struct field *f = m->e->fields, *role_ = field_named(f, S("role"));
	TRY(find_all(c, m->e, &all, SEATS_MAX, IS({ field_named(f, S("person"))->at, v_int(t->teacher.v) })));
	*ret = true;
	for (int64_t i = 0; i < all.n; i++) {
		const char *row = (const char *)all.p + i * (int64_t)m->e->size;
		day until = *(const day *)(const void *)(row + field_named(f, S("until"))->at);
		pick k = *(const pick *)(const void *)(row + role_->at);
		if (((const struct base *)(const void *)row)->org.v == t->base.org.v &&
			strcmp(role_->pick[k].code, form_teacher.name) == 0 && (until.v == NO_DAY.v || until.v >= c->today.v))
			*ret = false;
	}
	return OK;
}

/* Who has the class now, after whom, and what is still missing for it. */
static enum rc tell(struct ctx *c, const struct teaching *t, person_id before)
{
	str name = title_of(c, &person, t->teacher.v), taken = { 0 };
	bool no_role;

	if (t->until.v <= c->today.v)
		return OK;
	TRY(lacks_role(c, t, &no_role));
	if (before.v)
		c->said = taken = sayf(c, &MSG_taken, ARGS(name, day_text(c->mem, t->since),
			title_of(c, &person, before.v)));
	if (no_role)
		c->said = TEXT(c, "%.*s%s%.*s", FMT(taken), taken.n ? " " : "", FMT(sayf(c, &MSG_no_role, ARGS(name))));
	return OK;
}

enum rc teaching_after(struct ctx *c, void *row)
{
	const struct teaching *t = row;
	person_id before = { 0 };
	const struct actor *who = as_system(c, "one form teacher a day: who had the class hands it over");
	enum rc rc = t->form ? others_end(c, t, &before) : OK;

	if (rc == OK && t->form && (before.v || t->base.rev == 1))
		rc = tell(c, t, before);
	as_actor(c, who);
	TRY(rc);
	return show(c, t->class.v);
}

enum rc teaching_turned(struct ctx *c, void *row)
{
	return show(c, ((const struct teaching *)row)->class.v);
}

/* Nobody is named: the duty ends today. Otherwise a row of teaching begins today, and ends whoever had it. */
static enum rc hand_over(struct ctx *c, const struct school_class *k)
{
	struct teaching t;
	items all;

	TRY(find_all(c, &teaching, &all, TEACHING_MAX, IS({ offsetof(struct teaching, class), v_int(k->base.id) })));
	/* who would have begun later too: what was written on the class counts from now on */
	for (int64_t i = 0; i < all.n; i++) {
		const struct teaching *was = (const struct teaching *)all.p + i;
		if (was->form && was->until.v > c->today.v && (!k->form_teacher.v || was->since.v > c->today.v))
			TRY(duty_ends(c, was, c->today));
	}
	if (k->form_teacher.v == 0)
		return OK;
	row_zero(&teaching, &t);
	t.base.org = k->base.org;
	t.class.v = k->base.id;
	t.teacher = k->form_teacher;
	t.form = true;
	t.since = c->today;
	t.until = FOREVER;
	return create(c, &teaching, &t);
}

/* The form teacher named on the class is also its teaching row with form set. */
enum rc class_after(struct ctx *c, void *row)
{
	struct school_class *k = row;
	person_id now = { 0 };

	TRY(form_now(c, k->base.id, &now));
	if (now.v == k->form_teacher.v)
		return OK;
	const struct actor *who = as_system(c, "the form teacher named on the class");
	int known = c->n_problems;
	enum rc rc = hand_over(c, k);
	as_actor(c, who);
	/* what is wrong with that row was typed here */
	for (int i = known; i < c->n_problems; i++)
		c->problems[i].at = offsetof(struct school_class, form_teacher);
	return rc;
}

/* ---- who had it when ----------------------------------------------------------------------------------------- */

struct form_row { str name; day since, until; };
#define ROW struct form_row
static const struct shape form_row_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(since) }, { COL(until) },
	END } };
#undef ROW

enum rc form_teacher_on(struct ctx *c, const struct school_class *k, day on, str *ret)
{
	items all;

	*ret = title_of(c, &person, k->form_teacher.v);
	TRY(query(c, "school/forms_of", &form_in_shape, &(struct form_in){ .class = k->base.id }, &form_row_shape, &all,
		TEACHING_MAX));
	for (int64_t i = 0; i < all.n; i++) {
		const struct form_row *r = (const struct form_row *)all.p + i;
		if (r->since.v <= on.v && on.v < r->until.v)
			*ret = r->name;
	}
	return OK;
}

enum rc form_teachers(struct ctx *c, const struct school_class *k, str *ret)
{
	static const struct tr till = { " (đến {1})", " (until {1})" }, from = { " (từ {1})", " (from {1})" },
		both = { " (từ {1} đến {2})", " ({1} to {2})" };
	struct buf b;
	items all;
	int64_t n = 0;

	*ret = title_of(c, &person, k->form_teacher.v);
	TRY(query(c, "school/forms_of", &form_in_shape, &(struct form_in){ .class = k->base.id }, &form_row_shape, &all,
		TEACHING_MAX));
	struct form_row *v = NEWS(c->mem, struct form_row, all.n + 1);
	for (int64_t i = 0; i < all.n; i++) {
		const struct form_row *r = (const struct form_row *)all.p + i;
		if (n && str_eq(v[n - 1].name, r->name))
			v[n - 1].until = r->until;
		else
			v[n++] = *r;
	}
	buf_init(&b, c->mem, 4096);
	for (int64_t i = 0; i < n; i++) {
		str since = day_text(c->mem, v[i].since), last = day_text(c->mem, (day){ v[i].until.v - 1 });
		put_fmt(&b, "%s%.*s%.*s", i ? ", " : "", FMT(v[i].name), FMT(i == 0 ? sayf(c, &till, ARGS(last))
			: i == n - 1 ? sayf(c, &from, ARGS(since)) : sayf(c, &both, ARGS(since, last))));
	}
	if (n > 1)
		*ret = buf_str(&b);
	return OK;
}

/* ---- a day to come -------------------------------------------------------------------------------------------- */

/* Who was assigned from a day to come has the class on that day, and it shows so. */
static enum rc forms_job(struct ctx *c, void *in)
{
	const struct actor *who = as_system(c, "the form teachers that classes show");
	items got;
	struct form_in now = { .on_day = c->today };
	enum rc rc = query(c, "school/form_turns", &form_in_shape, &now, &turn_shape, &got, TURNS_MAX);

	(void)in;
	for (int64_t i = 0; rc == OK && i < got.n; i++)
		rc = show(c, ((const struct turn_row *)got.p)[i].class);
	as_actor(c, who);
	return rc;
}

const struct job school_jobs[] = { { .name = "forms", .label = { "Ghi giáo viên chủ nhiệm mới lên lớp",
	"Show new form teachers on their classes" }, .every_s = DAYS(1), .at_s = HM(0, 5), .limit_s = 600, .tries = 3,
	.run = forms_job }, END };
