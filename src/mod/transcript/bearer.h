/* bearer.h -- whose transcript it is, as the school that issues it knows them that day: the first page of the học bạ
 * (TT 22/2021/TT-BGDĐT, TT 27/2020/TT-BGDĐT). Sealed with the whole; a year's own signatures do not answer for it, so
 * that an address that changes leaves them standing. */
#ifndef KHUE_TRANSCRIPT_BEARER_H
#define KHUE_TRANSCRIPT_BEARER_H
#include "core/decl.h"

/* photo: the id of a file, on paper only. A guardian who is barred is not told. Texts are Vietnamese. */
struct bearer { str photo, address, policy, father, father_work, mother, mother_work, guardian, guardian_work; };
enum rc bearer_of(struct ctx *c, person_id pupil, struct bearer *ret);
/* lyLich, canonical as part_xml writes it; nothing when nothing is known. */
void put_bearer(struct buf *b, const struct bearer *v);
#endif
