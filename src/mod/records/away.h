/* away.h -- pupils who were absent too often to go up; within the module. */
#ifndef KHUE_RECORDS_AWAY_H
#define KHUE_RECORDS_AWAY_H
#include "mod/records/records_rules.h"

/* most: the days their circular allows */
struct away_one { int64_t class, pupil; int most; };
struct away { const struct away_one *who; int64_t n; };
/* Of a school's year, or of one class of it, up to today; year: 2026. The caller has asked for rights. */
enum rc away_find(struct ctx *c, const struct book_in *in, int64_t year, struct away *ret);
bool is_away(const struct away *a, int64_t class, int64_t pupil);
#endif
