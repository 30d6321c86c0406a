/* rating.h -- the page where a class is rated, within the module. */
#ifndef KHUE_RECORDS_RATING_H
#define KHUE_RECORDS_RATING_H
#include "mod/records/records_rules.h"
struct rating_ask { school_class_id class; pick term; };
struct rating_one { person_id pupil; pick level, summer; str qualities, remark; pick verdict; };
/* rows of a page that is only read: what was typed and refused, shown again */
struct rating_in  { school_class_id class; pick term; items rows; };
extern const struct shape rating_shape, rating_in_shape;
/* When is rated: the terms and the year as in mark_terms, and the middle of each term (TT 27/2020 Điều 8). */
enum { RATED_MID_1 = TERM_YEAR + 1, RATED_MID_2 };
extern const struct choice rating_terms[];
/* The term that must be open. */
static inline pick term_of_rating(pick when)
{
	return when == RATED_MID_1 ? TERM_1 : when == RATED_MID_2 ? TERM_2 : when;
}
extern const struct choice verdicts[];                   /* of struct conduct */
extern const struct choice conduct_levels[];             /* of struct conduct: level, summer */
handle_fn rating_get, rating_post;
#endif
