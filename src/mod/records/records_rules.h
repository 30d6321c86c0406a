/* records_rules.h -- what records.c's tables point to, and the shapes its queries read, within the module. */
#ifndef KHUE_RECORDS_RULES_H
#define KHUE_RECORDS_RULES_H
#include "mod/records/records.h"

/* rules.c */
check_fn conduct_makes_sense, exemption_makes_sense, reopen_guard, parameters_ok;
apply_fn conduct_org, exemption_org, reopen_org, reopen_tell;
struct number_row { int64_t n; };
extern const struct shape number_shape;

/* grid.c */
struct book_in { int64_t class, subject; pick term; int64_t course, school, year; };
extern const struct shape book_in_shape;
struct lock_row { str part; int64_t id; };
enum rc course_find(struct ctx *c, school_class_id class, subject_id subject, struct course_head *ret);

/* ledger.c */
enum rc ledger_append(struct ctx *c, const struct course_head *k, pick term, str lines, str reason, bool *ret_moved);

/* seal.c */
enum rc seals_verify(struct ctx *c, int64_t *ret, struct ledger_fault *fault);

/* routes.c */
extern const struct route records_routes[];
extern const struct place records_places[];
#endif
