/* register.h -- the first half of a class's general register (sổ gọi tên): who its pupils are, and who was absent month
 * by month (TT 22/2021/TT-BGDĐT, TT 58/2011/TT-BGDĐT: the form of the register). Within the module. */
#ifndef KHUE_RECORDS_REGISTER_H
#define KHUE_RECORDS_REGISTER_H
#include "mod/records/records.h"

struct register_pupil { int64_t n; str name, born, sex, ethnicity, birthplace, address, father, father_work,
	father_phone, mother, mother_work, mother_phone, guardian, guardian_work, guardian_phone, group, note; };
extern const struct shape register_pupil_shape;
/* Items are struct register_pupil: those of the class by name, then those who have left it. For whoever sees the
 * class's results (may_see_class); the caller has asked. */
enum rc register_pupils(struct ctx *c, int64_t class, items *ret);
/* Items are struct month_paper: the months of the school year that have begun, from the first in which
 * the class had pupils. */
enum rc register_months(struct ctx *c, const struct school_class *k, items *ret);
/* What a field of an entity calls a code of its choices; the code itself when it has no such choice. */
str choice_label(struct ctx *c, const struct entity *e, const char *field, str code);
#endif
