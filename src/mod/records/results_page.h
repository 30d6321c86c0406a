/* results_page.h -- pages of results, closing and summer, within the module. */
#ifndef KHUE_RECORDS_RESULTS_PAGE_H
#define KHUE_RECORDS_RESULTS_PAGE_H
#include "mod/records/records_rules.h"

/* year: 2026, 0: the year of the address, else the one today is in. */
struct results_ask { school_class_id class; pick term; int64_t year; };
struct year_row { int64_t id, year; str code; day since, until; };
enum rc year_find(struct ctx *c, int64_t year, struct year_row *ret);
/* The school of the address, else of the actor's seat. */
org_id office_here(struct ctx *c);
/* The term asked for (an asked_terms), else that of the address or of today. */
pick term_asked(const struct ctx *c, pick asked);
extern const struct choice asked_terms[];
extern const struct shape results_ask_shape, results_shape, summer_shape, retest_in_shape, close_ask_shape, close_shape,
	close_in_shape, child_ask_shape, result_ask_shape, child_shape, year_row_shape;
extern const struct choice note_kinds[];
extern const struct print records_prints[];
extern const struct report records_reports[];
/* locked.c: registers locked on time */
extern const struct shape locked_ask_shape, locked_shape, locked_school_shape, locked_in_shape, locked_row_shape,
	locked_class_shape;
handle_fn locked_get, locked_school_get;
/* schools.c: results by school */
struct schools_ask { int64_t year; pick term; org_id unit; };
extern const struct shape schools_ask_shape, schools_shape;
handle_fn schools_get;
handle_fn results_get, class_get, class_post, summer_get, retest_post, close_get, close_post, child_get,
	result_pupil_get;
struct result_ask { year_result_id result; };

struct retest_in { school_class_id class; subject_id subject; person_id pupil; str was, to, reason; };
struct close_in { school_year_id year; pick term; school_class_id class; bool anyway; str reason; };
/* close.c: what the job is given; class 0: every class of the school */
struct close_job { org_id at; school_year_id year; pick term; school_class_id class; };
extern const struct shape close_job_shape;
/* How many gaps the actor sees in a term; -1: it could not be told. */
int64_t close_gaps(struct ctx *c, org_id at, school_year_id year, pick term, school_class_id class);
apply_fn close_job;
/* The school year of today, into the first member of a report's questions. */
apply_fn year_now;
#endif
