/* alike.h -- which of many records may be one person, worked out in memory. */
#ifndef KHUE_ALIKE_H
#define KHUE_ALIKE_H
#include "mod/people/people.h"

/* What speaks for it, by weight. */
enum alike_rule { ALIKE_NUMBER, ALIKE_NAME, ALIKE_MARKS, ALIKE_SWAP, ALIKE_LETTER, ALIKE_YEAR };
enum { NEAR_FAMILY = 1 /* a guardian or a telephone */, NEAR_SCHOOL = 2, NEAR_PLACE = 4, NEAR_SEX = 8 };

/* A record as it is compared. Texts may go after alike_add. */
struct alike_person { int64_t id; org_id org; str name; day born; int64_t sex; admin_unit_id commune;
	str phone, national_id, sector_id; };
/* a < b; score 0..100 */
struct alike_pair { int64_t a, b, org; enum alike_rule rule; unsigned near; int64_t score; };

struct alike;
/* About so many records and guardians: room for them is taken at once. */
struct alike *alike_new(struct arena *mem, int64_t people, int64_t guardians);
/* In the order of ids. scratch: may be emptied after. */
void alike_add(struct alike *all, const struct alike_person *p, struct arena *scratch);
/* A guardian of a person that was added, with the guardian's telephone; others are passed over. */
void alike_family(struct alike *all, int64_t who, int64_t guardian, str phone);
/* The likeliest first, each once; at most ALIKE_MOST. known: of a pair somebody knows of already. */
enum { ALIKE_MOST = 50000 };
items alike_find(struct alike *all, bool (*known)(void *arg, int64_t a, int64_t b), void *arg);

/* One letter more, less or another, or two that stand beside each other changed places. */
bool one_letter_apart(str a, str b);
#endif
