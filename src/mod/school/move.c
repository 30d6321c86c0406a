/* move.c -- a pupil changes schools, with both schools' word: asked, accepted, released, received.
 * Papers and days: TT 51/2002/TT-BGDĐT Đ.4–7 as replaced by the charters (TT 32/2020, TT 15/2026); the school
 * receives within
 * 3 working days after the papers are complete. */
#include "mod/school/school_rules.h"

static const struct tr
MSG_same_school = { "Học sinh đang học ở chính trường này.", "The pupil already goes to this school." },
MSG_not_school = { "Đơn vị chuyển đến phải là trường học.", "The pupil moves to a school." },
MSG_no_grade = { "{1} không dạy {2}: chọn trường có khối của học sinh.",
	"{1} does not teach {2}: choose a school that has the pupil's grade." },
MSG_not_studying = { "Học sinh hiện không học ở lớp nào.", "The pupil is in no class at present." },
MSG_under_way = { "Học sinh đã có đơn chuyển trường đang giải quyết.", "A move of this pupil is already under way." },
MSG_wanted_past = { "Ngày muốn chuyển không thể trước hôm nay.", "The wanted day cannot be before today." },
MSG_class_needed = { "Chọn lớp sẽ tiếp nhận.", "Choose the class that will receive the pupil." },
MSG_class_elsewhere = { "Lớp này không thuộc trường chuyển đến.", "This class is not of the receiving school." },
MSG_class_grade = { "Lớp này không cùng khối với học sinh.", "This class is of another grade." },
MSG_class_full = { "Lớp {1} đã đủ {2} học sinh.", "Class {1} already has {2} pupils." },
MSG_answer_needed = { "Viết lý do để gia đình và trường kia biết.", "Write why, for the family and the other school." },
MSG_state = { "Đơn chuyển trường của {1}: {2}.", "Move of {1}: {2}." };

#define IN(m) offsetof(struct move, m)

enum rc move_today(struct ctx *c, void *row)
{
	((struct move *)row)->asked = c->today;
	return OK;
}

static enum rc find_as_system(struct ctx *c, const struct entity *e, int64_t id, void *ret)
{
	const struct actor *who = as_system(c, "a move joins two schools that do not see each other's rows");
	enum rc rc = find(c, e, id, ret);
	as_actor(c, who);
	return rc;
}

enum rc move_makes_sense(struct ctx *c, const void *row)
{
	const struct move *m = row;
	struct org to;

	if (m->base.rev > 0 || m->to_org.v == 0)
		return OK;
	if (m->wanted.v != NO_DAY.v && m->wanted.v < c->today.v)
		return FAIL(c, E_INVALID, IN(wanted), &MSG_wanted_past);
	TRY(find_as_system(c, &org, m->to_org.v, &to));
	if (to.kind != ORG_SCHOOL)                       /* that it is at work is said by the field: LIVING */
		return FAIL(c, E_INVALID, IN(to_org), &MSG_not_school);
	return OK;
}

/* A family that picks a school without the grade would wait for an answer that cannot come. */
static enum rc has_grade(struct ctx *c, org_id school, pick grade)
{
	struct org to;

	if (school.v == 0)
		return OK;
	TRY(find_as_system(c, &org, school.v, &to));
	return to.kind != ORG_SCHOOL || school_teaches(&to, grade) ? OK
		: FAILF(c, E_INVALID, IN(to_org), &MSG_no_grade, to.name, say(c, &grades[grade].label));
}

/* A new request belongs to the school the pupil leaves and remembers the class. */
enum rc move_before(struct ctx *c, void *row)
{
	struct move *m = row;
	struct studies_view at;
	struct move_key key = { m->pupil, c->today };
	int64_t open = 0;

	if (m->base.rev > 0)
		return OK;
	enum rc rc = query_one(c, "school/studies", &move_key_shape, &key, &studies_shape, &at);
	if (rc == E_MISSING)
		return FAIL(c, E_INVALID, IN(pupil), &MSG_not_studying);
	TRY(rc);
	if (at.school.v == m->to_org.v)
		return FAIL(c, E_INVALID, IN(to_org), &MSG_same_school);
	TRY(has_grade(c, m->to_org, at.grade));
	TRY(query_int(c, "school/moves_open", &move_key_shape, &key, &open));
	if (open)
		return FAIL(c, E_CONFLICT, IN(pupil), &MSG_under_way);
	m->base.org = at.school;
	m->from_class = at.class;
	m->grade = at.grade;
	m->asked = c->today;
	return OK;
}

struct kin_row { person_id guardian; };
#define ROW struct kin_row
static const struct shape kin_shape = { sizeof(ROW), FIELDS{ { REF(guardian, person) }, END } };
#undef ROW
enum { KIN_MOST = 12 };

/* The form teacher; once the pupil has gone, the old one may open the class, not the move. */
static enum rc tell_form(struct ctx *c, const struct move *m, school_class_id class, str who, str what, str link)
{
	struct school_class k;

	if (class.v == 0)
		return OK;
	TRY(find_as_system(c, &school_class, class.v, &k));
	if (m->state == MOVE_DONE && class.v == m->from_class.v)
		link = TEXT(c, "/school_class/%lld/pupils", (long long)class.v);
	return notify_person(c, k.form_teacher.v, &MSG_state, ARGS(who, what), link);
}

/* Both offices hear of it, with what happened, the family, and the form teachers of a class it changes. */
static enum rc tell_both(struct ctx *c, const struct move *m, const struct tr *state)
{
	str who = title_of(c, &person, m->pupil.v), what = say(c, state);
	str link = TEXT(c, "/move/%lld", (long long)m->base.id);
	items kin;

	if (m->state == MOVE_REFUSED && m->answer.n)
		what = TEXT(c, "%.*s: %.*s", FMT(what), FMT(str_sub(m->answer, 0, 300)));
	TRY(notify_role(c, &clerk, m->base.org, &MSG_state, ARGS(who, what), link));
	TRY(notify_role(c, &clerk, m->to_org, &MSG_state, ARGS(who, what), link));
	TRY(query(c, "school/kin", &move_key_shape, &(struct move_key){ m->pupil, c->today }, &kin_shape, &kin, KIN_MOST));
	for (int64_t i = 0; i < kin.n; i++) {
		int64_t guardian = ((const struct kin_row *)kin.p)[i].guardian.v;
		if (guardian != c->who->person.v)                /* who does it knows */
			TRY(notify_person(c, guardian, &MSG_state, ARGS(who, what), link));
	}
	if (m->state == MOVE_RELEASED || m->state == MOVE_DONE)
		TRY(tell_form(c, m, m->from_class, who, what, link));
	return m->state == MOVE_DONE ? tell_form(c, m, m->to_class, who, what, link) : OK;
}

static const struct tr told[] = { [MOVE_ASKED] = { "có đơn mới", "a new request" },
	[MOVE_ACCEPTED] = { "trường đến đồng ý tiếp nhận", "accepted" },
	[MOVE_RELEASED] = { "trường đi đã cho chuyển", "released" }, [MOVE_DONE] = { "đã tiếp nhận vào lớp", "received" },
	[MOVE_REFUSED] = { "không được đồng ý", "refused" }, [MOVE_CANCELLED] = { "đã rút đơn", "withdrawn" } };

enum rc move_after(struct ctx *c, void *row)
{
	const struct move *m = row;
	return m->base.rev <= 1 && m->state == MOVE_ASKED ? tell_both(c, m, &told[MOVE_ASKED]) : OK;
}

enum rc move_tell(struct ctx *c, void *row)
{
	const struct move *m = row;
	return tell_both(c, m, &told[m->state]);
}

enum rc move_class_fits(struct ctx *c, const void *row)
{
	const struct move *m = row;
	struct school_class k;

	if (m->to_class.v == 0)
		return FAIL(c, E_INVALID, IN(to_class), &MSG_class_needed);
	TRY(find_as_system(c, &school_class, m->to_class.v, &k));
	if (k.base.org.v != m->to_org.v)
		return FAIL(c, E_INVALID, IN(to_class), &MSG_class_elsewhere);
	if (k.grade != m->grade)
		return FAIL(c, E_INVALID, IN(to_class), &MSG_class_grade);
	if (k.most > 0 && k.size >= k.most)
		return FAILF(c, E_INVALID, IN(to_class), &MSG_class_full, k.name, TEXT(c, "%lld", (long long)k.most));
	return OK;
}

enum rc move_answer_given(struct ctx *c, const void *row)
{
	const struct move *m = row;
	return str_trim(m->answer).n ? OK : FAIL(c, E_INVALID, IN(answer), &MSG_answer_needed);
}

/* The old enrolment ends, a new one begins, and the person's record goes to the new school with its guardians: the same
 * identifiers on the same record (TT 26/2019/TT-BGDĐT Đ.6). */
static enum rc carry_over(struct ctx *c, struct move *m)
{
	struct move_key key = { m->pupil, c->today };
	struct studies_view at;
	struct enrolment was, now;
	struct person p;
	struct carry_in carried = { m->pupil, m->to_org };

	TRY(query_one(c, "school/studies", &move_key_shape, &key, &studies_shape, &at));
	TRY(find(c, &enrolment, at.enrolment, &was));
	TRY(step(c, &enrolment, &was, "move"));
	TRY(find(c, &person, m->pupil.v, &p));
	p.base.org = m->to_org;
	p.school_code = (str){ 0 };                      /* the new school has codes of its own */
	TRY(amend(c, &person, &p));
	TRY(execute(c, "school/carry_family", &carry_shape, &carried, NULL));
	TRY(carry(c, m->pupil, m->base.org, m->to_org));
	row_zero(&enrolment, &now);
	now.pupil = m->pupil;
	now.class = m->to_class;
	now.since = c->today;
	now.until = FOREVER;
	now.kind = KIND_MOVED_IN;
	return create(c, &enrolment, &now);
}

enum rc move_carry_over(struct ctx *c, void *row)
{
	struct move *m = row;
	const struct actor *who = as_system(c, "a received pupil's record passes from one school to the other");
	enum rc rc = carry_over(c, m);

	as_actor(c, who);
	TRY(rc);
	m->done = c->today;
	TRY(audit(c, m->to_org, "person", m->pupil.v, "moved_in", title_of(c, &org, m->base.org.v)));
	TRY(audit(c, m->base.org, "person", m->pupil.v, "moved_out", title_of(c, &org, m->to_org.v)));
	return tell_both(c, m, &told[MOVE_DONE]);
}

#define ROW struct move_key
const struct shape move_key_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { COL(on_day) }, END } };
#undef ROW
#define ROW struct studies_view
const struct shape studies_shape = { sizeof(ROW), FIELDS{ { COL(enrolment) }, { REF(class, school_class) },
	{ REF(school, org) }, { COL(grade), .pick = grades }, END } };
#undef ROW
#define ROW struct carry_in
const struct shape carry_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { REF(new_school, org) },
	END } };
#undef ROW
