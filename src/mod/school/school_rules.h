/* school_rules.h -- what school.c's tables point to, within the module. */
#ifndef KHUE_SCHOOL_RULES_H
#define KHUE_SCHOOL_RULES_H
#include "mod/school/school.h"
check_fn school_year_code_ok, school_year_makes_sense, term_makes_sense, class_makes_sense, enrolment_makes_sense, teaching_makes_sense;
check_fn move_makes_sense, move_class_fits, move_answer_given;
apply_fn school_year_before, class_year, class_most, class_after, enrolment_year, enrolment_today, enrolment_forever, enrolment_before, enrolment_after;
apply_fn enrolment_ends, enrolment_reopens, teaching_since, teaching_until, teaching_after;
apply_fn move_today, move_before, move_after, move_tell, move_carry_over;
extern const struct route school_routes[];
extern const struct report school_reports[];
extern const struct print school_prints[];
extern const struct job school_jobs[];
#endif
