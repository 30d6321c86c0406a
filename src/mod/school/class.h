/* class.h -- views of the class list, within the module. */
#ifndef KHUE_CLASS_H
#define KHUE_CLASS_H
#include "mod/school/school_rules.h"
struct class_in    { school_class_id class; bool all; };
struct class_head  { int64_t id; org_id org; str name; pick grade, session; int64_t teacher_id;
	str teacher, room, year, school; day year_until; };
struct class_pupil { int64_t enrolment, pupil; str name; day born; bool male, female; str sector_id, school_code;
	day since; bool left; int64_t absences, n; };
struct class_view  { str title; int64_t id; str name, grade, teacher; int64_t teacher_id;
	str room, session, year, school;
                     int64_t n, girls, left; bool none, may_enrol, may_call, may_print, all, coded; items pupils; };
/* enrol.c: the page that changes a pupil's class */
struct enrolment_in { enrolment_id enrolment; };
struct other_class  { int64_t id; str name; int64_t size, most; bool full; };
struct change_page  { str title, pupil, class; int64_t enrolment; bool none; items classes; };
extern const struct shape class_in_shape, class_pupil_shape, class_shape, class_head_shape, enrolment_in_shape,
	change_page_shape;
handle_fn class_list, change_class_page;
#endif
