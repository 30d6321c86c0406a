/* rules.c -- what must hold of years, classes, teaching. */
#include "mod/school/school_rules.h"

static const struct tr
MSG_year_code = { "Năm học viết dạng 2026-2027.", "A school year is written 2026-2027." },
MSG_order = { "Ngày kết thúc phải sau ngày bắt đầu.", "The end comes after the beginning." },
MSG_outside = { "Học kì phải nằm trong năm học.", "A term lies within its school year." },
MSG_grade_not_taught = { "Trường không dạy cấp học của khối này.", "The school does not teach this grade's level." },
MSG_most = { "Sĩ số tối đa của khối này là {1} (Điều lệ trường).",
	"A class of this grade has at most {1} pupils (school charter)." },
MSG_other_school = { "Lớp thuộc trường khác.", "The class belongs to another school." },
MSG_not_staff = { "Người này không phải nhân viên.", "This person is not staff." };

#define IN(T, m) offsetof(struct T, m)

enum rc school_year_code_ok(struct ctx *c, const void *row)
{
	str code = ((const struct school_year *)row)->code, from, to;
	int64_t a, b;

	if (code.n == 9 && str_cut(code, '-', &from, &to) && str_to_int(from, &a) && str_to_int(to, &b) && b == a + 1 &&
		a >= 1990 && a < 2200)
		return OK;
	return FAIL(c, E_INVALID, IN(school_year, code), &MSG_year_code);
}

enum rc school_year_makes_sense(struct ctx *c, const void *row)
{
	const struct school_year *y = row;
	return y->until.v > y->since.v ? OK : FAIL(c, E_INVALID, IN(school_year, until), &MSG_order);
}

enum rc school_year_before(struct ctx *c, void *row)
{
	struct school_year *y = row;

	(void)c;
	if (!str_to_int(str_sub(y->code, 0, 4), &y->year))
		y->year = 0;
	return OK;
}

enum rc term_makes_sense(struct ctx *c, const void *row)
{
	const struct term *t = row;
	struct school_year y;

	if (t->until.v <= t->since.v)
		return FAIL(c, E_INVALID, IN(term, until), &MSG_order);
	TRY(find(c, &school_year, t->year.v, &y));
	return t->since.v >= y.since.v && t->until.v <= y.until.v ? OK : FAIL(c, E_INVALID, IN(term, since), &MSG_outside);
}

/* ---- classes ---------------------------------------------------------------------------------- */

/* Pupils at most: preschool by age (TT 52/2020/TT-BGDĐT, Điều lệ mầm non: nursery 25, then 25, 30, 35), primary 35
 * (TT 28/2020 Đ.16), secondary 45 (TT 32/2020 Đ.16). A school may set less. */
static int64_t most_by_charter(pick grade)
{
	static const int64_t preschool[] = { 25, 25, 30, 35 };
	return grade < GRADE_1 ? preschool[grade] : grade < GRADE_6 ? 35 : 45;
}

enum rc class_year(struct ctx *c, void *row)
{
	struct school_class *k = row;
	int64_t id = 0;
	enum rc rc = query_int(c, c->here.year ? "school/year_chosen" : "school/year_now", &here_shape,
		&(struct here_in){ c->here.year, c->today }, &id);

	k->year.v = rc == OK ? id : 0;
	return rc == E_MISSING ? OK : rc;
}

/* Not a default of the form: there the grade is not known yet. */
enum rc class_most(struct ctx *c, void *row)
{
	struct school_class *k = row;

	(void)c;
	if (k->base.rev == 0 && k->most == 0)
		k->most = most_by_charter(k->grade);
	return OK;
}

bool school_teaches(const struct org *o, pick grade)
{
	return grade < GRADE_1 ? o->preschool : grade < GRADE_6 ? o->primary_ : grade < GRADE_10 ? o->lower : o->upper ||
		o->continuing;
}

enum rc class_makes_sense(struct ctx *c, const void *row)
{
	const struct school_class *k = row;
	struct org o;

	if (k->most > most_by_charter(k->grade) && k->most > 0)
		return FAILF(c, E_INVALID, IN(school_class, most), &MSG_most,
			TEXT(c, "%lld", (long long)most_by_charter(k->grade)));
	if (k->base.org.v == 0)
		return OK;
	const struct actor *who = as_system(c, "the levels of the class's school");
	enum rc rc = find(c, &org, k->base.org.v, &o);
	as_actor(c, who);
	TRY(rc);
	return school_teaches(&o, k->grade) ? OK : FAIL(c, E_INVALID, IN(school_class, grade), &MSG_grade_not_taught);
}

/* ---- teaching --------------------------------------------------------------------------------- */

enum rc teaching_since(struct ctx *c, void *row)
{
	((struct teaching *)row)->since = c->today;
	return OK;
}

enum rc teaching_until(struct ctx *c, void *row)
{
	(void)c;
	((struct teaching *)row)->until = FOREVER;
	return OK;
}

/* No last day is no end: somebody who clears it gives the class back, and does not take it away. */
enum rc teaching_before(struct ctx *c, void *row)
{
	return ((struct teaching *)row)->until.v == NO_DAY.v ? teaching_until(c, row) : OK;
}

enum rc teaching_makes_sense(struct ctx *c, const void *row)
{
	const struct teaching *t = row;
	struct school_class k;
	struct person p;

	if (t->until.v != NO_DAY.v && t->until.v <= t->since.v)
		return FAIL(c, E_INVALID, IN(teaching, until), &MSG_order);
	const struct actor *who = as_system(c, "a teaching row joins a class and a member of staff");
	enum rc rc = find(c, &school_class, t->class.v, &k);
	if (rc == OK)
		rc = find(c, &person, t->teacher.v, &p);
	as_actor(c, who);
	TRY(rc);
	if (t->base.org.v && k.base.org.v != t->base.org.v)
		return FAIL(c, E_INVALID, IN(teaching, class), &MSG_other_school);
	return p.staff ? OK : FAIL(c, E_INVALID, IN(teaching, teacher), &MSG_not_staff);
}

#define ROW struct here_in
const struct shape here_shape = { sizeof(ROW), FIELDS{ { COL(year) }, { COL(today) }, END } };
#undef ROW
