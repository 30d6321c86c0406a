/* school_rules.h -- what school.c's tables point to, and the small shapes its queries read, within the module. */
#ifndef KHUE_SCHOOL_RULES_H
#define KHUE_SCHOOL_RULES_H
#include "mod/school/school.h"

/* rules.c */
check_fn school_year_code_ok, school_year_makes_sense, term_makes_sense, class_makes_sense, teaching_makes_sense;
apply_fn school_year_before, class_year, class_most, teaching_since, teaching_until, teaching_before;
struct here_in { int64_t year; day today; };
extern const struct shape here_shape;

/* form.c */
apply_fn class_after, teaching_after, teaching_turned;

/* enrol.c */
check_fn enrolment_makes_sense;
apply_fn enrolment_year, enrolment_today, enrolment_forever, enrolment_before, enrolment_after, enrolment_ends,
	enrolment_year_ends, enrolment_reopens;
/* The last day of the last term, NO_DAY when no term is set; the last day of the year. */
struct taught_in { school_year_id year; };
struct taught_view { day last, until; };
extern const struct shape taught_in_shape, taught_shape;
struct enrolled_in { person_id pupil; school_year_id year; int64_t but; };
struct enrolled_view { int64_t id; str name; };
struct recount_in { school_class_id class; int64_t but, plus; };
struct change_class_in { enrolment_id enrolment; school_class_id class; };
extern const struct shape enrolled_in_shape, enrolled_shape, recount_shape, change_class_shape;
handle_fn change_class;

/* move.c */
/* Whether one of the levels the school teaches has the grade. */
bool school_teaches(const struct org *o, pick grade);
/* split.c */
share_fn split_share;
check_fn move_makes_sense, move_class_fits, move_answer_given;
apply_fn move_today, move_before, move_after, move_tell, move_carry_over;
struct move_key { person_id pupil; day on_day; };
struct studies_view { int64_t enrolment; school_class_id class; org_id school; pick grade; };
struct carry_in { person_id pupil; org_id new_school; };
extern const struct shape move_key_shape, studies_shape, carry_shape;

/* routes.c */
extern const struct route school_routes[];
extern const struct report school_reports[];
extern const struct card school_cards[];
extern const struct print school_prints[];
extern const struct job school_jobs[];
#endif
