/* class.c -- the class list: who is in a class, in the order of given names, on screen and on paper. */
#include "mod/school/class.h"

#define ROW struct class_in
const struct shape class_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .label = { "Lớp", "Class" },
	.is = NEEDED }, { COL(all), .label = { "Cả học sinh đã rời lớp", "Also those who left" } }, END } };
#undef ROW
#define ROW struct class_pupil
const struct shape class_pupil_shape = { sizeof(ROW), FIELDS{ { COL(enrolment) }, { COL(pupil) },
	{ COL(name), .label = { "Họ và tên", "Name" } }, { COL(born), .label = { "Ngày sinh", "Born" } },
	{ COL(male) }, { COL(female) }, { COL(sector_id), .label = { "Mã định danh", "Sector id" } },
	{ COL(school_code), .label = { "Mã học sinh của trường", "School's pupil code" } },
	{ COL(since), .label = { "Từ ngày", "From" } }, { COL(left) },
	{ COL(absences), .label = { "Buổi vắng", "Absences" } },
	{ COL(n), .label = { "STT", "No." } }, END } };
#undef ROW
#define ROW struct class_view
const struct shape class_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(name) }, { COL(grade) },
	{ COL(teacher) }, { COL(teacher_id) }, { COL(room) }, { COL(session) }, { COL(year) }, { COL(school) },
	{ COL(n) }, { COL(girls) }, { COL(left) }, { COL(none) }, { COL(may_enrol) }, { COL(may_call) },
	{ COL(may_print) }, { COL(all) }, { COL(coded) }, { MANY(pupils, class_pupil_shape) }, END } };
#undef ROW

/* What the query gives, before counting. */
struct class_row { int64_t enrolment, pupil; str name; day born; str sex, sector_id, school_code; day since, until;
	int64_t absences; };
#define ROW struct class_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { COL(enrolment) }, { COL(pupil) }, { COL(name) },
	{ COL(born) }, { COL(sex) }, { COL(sector_id) }, { COL(school_code) }, { COL(since) },
	{ COL(until) }, { COL(absences) }, END } };
#undef ROW

/* Of a year that is over: who was in the class at its end. */
static enum rc pupils_of(struct ctx *c, const struct class_in *in, day year_until, struct class_view *out)
{
	items got;

	TRY(query(c, "school/class_pupils", &class_in_shape, in, &row_shape, &got, 120));
	struct class_pupil *list = NEWS(c->mem, struct class_pupil, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct class_row *r = (const struct class_row *)got.p + i;
		bool left = r->until.v <= c->today.v && r->until.v <= year_until.v;
		list[i] = (struct class_pupil){ .enrolment = r->enrolment, .pupil = r->pupil, .name = r->name,
			.born = r->born, .male = str_is(r->sex, "male"),
			.female = str_is(r->sex, "female"), .sector_id = r->sector_id, .school_code = r->school_code,
			.since = r->since, .left = left, .absences = r->absences };
		out->coded = out->coded || r->school_code.n > 0;
		if (left) {
			out->left++;
			continue;
		}
		list[i].n = ++out->n;
		out->girls += list[i].female;
	}
	out->pupils = (items){ list, got.n };
	return OK;
}

enum rc class_list(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Lớp {1}", "Class {1}" };
	const struct class_in *in = in_;
	struct class_view *out = out_;
	struct class_head h;

	TRY(query_one(c, "school/class_head", &class_in_shape, in, &class_head_shape, &h));
	TRY(pupils_of(c, in, h.year_until, out));
	out->title = sayf(c, &title, ARGS(h.name));
	out->id = h.id;
	out->name = h.name;
	out->grade = say(c, &grades[h.grade].label);
	out->session = say(c, &sessions[h.session].label);
	out->teacher = h.teacher;
	out->teacher_id = h.teacher_id;
	out->room = h.room;
	out->year = h.year;
	out->school = h.school;
	out->all = in->all;
	out->none = out->n == 0;
	out->may_enrol = has_role(c, &clerk, h.org);
	out->may_print = may(c, &school_class, PRINT, &(struct school_class){ .base = { .id = h.id, .org = h.org } });
	out->may_call = out->may_enrol || has_role(c, &teacher, h.org) || has_role(c, &form_teacher, h.org);
	return OK;
}

#define ROW struct class_head
const struct shape class_head_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(name) },
	{ COL(grade), .pick = grades }, { COL(session), .pick = sessions }, { COL(teacher_id) }, { COL(teacher) },
	{ COL(room) }, { COL(year) }, { COL(school) }, { COL(year_until) }, END } };
#undef ROW
