/* rules.h -- between the declarations of results.c and the code behind them. */
#ifndef KHUE_RESULTS_RULES_H
#define KHUE_RESULTS_RULES_H
#include "mod/results/results.h"

extern const struct route results_routes[];              /* look.c                                             */
extern const struct grant importers[];                  /* who brings the marks in                            */
check_fn exam_code_check, exam_may_publish, exam_says_why;
apply_fn exam_this_year, exam_goes_public, exam_goes_back;
#endif
