/* promote.h -- views of promotion, within the module. */
#ifndef KHUE_PROMOTE_H
#define KHUE_PROMOTE_H
#include "mod/school/school_rules.h"
struct fate_in       { enrolment_id enrolment; pick fate; str why /* against the results */; };
struct promote_in    { school_class_id class, up_to, back_to; items fates; };
struct promotes_in   { int64_t school, year; };
struct promote_class { int64_t id; str name; pick grade; int64_t studying, decided; };
struct promotes_view { str title, year; bool none; items classes; };
/* chosen: before it was refused. */
struct class_option  { int64_t id; str name; pick grade; str year; int64_t size, most; bool chosen; };
struct option_in     { school_class_id class; pick grade, now; school_class_id chosen; };
struct promote_row   { int64_t enrolment, pupil; str name; int64_t absences; };
/* standing: what the year's results say, in words; repeat, leave: what is chosen before anybody chooses; against_up,
 * against_repeat: the results say otherwise, and a reason is asked for. */
struct promote_pupil { int64_t enrolment, pupil; str name; int64_t absences, i; bool last, repeat, leave;
	str standing, why; bool against_up, against_repeat; };
struct promote_view  { str title; int64_t class; str name, early; bool none, last, no_class, rated;
	items ups, backs, pupils; };
extern const struct shape promote_in_shape, promotes_in_shape, promotes_shape, promote_shape, option_in_shape;
handle_fn promote_classes, promote_class, promote_post;
#endif
