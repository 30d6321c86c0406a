/* result.h -- one pupil's result of the year, computed; within the module. */
#ifndef KHUE_RECORDS_RESULT_H
#define KHUE_RECORDS_RESULT_H
#include "mod/records/gather.h"
/* The row as it would be written for people[i]. */
void result_of(struct ctx *c, const struct gathered *g, int64_t i, struct year_result *ret);
#endif
