/* people.h -- persons, once in the province: a pupil, a guardian and a member of staff may be one and the same. */
#ifndef KHUE_PEOPLE_H
#define KHUE_PEOPLE_H
#include "core/ctx.h"
#include "core/roles.h"
#include "mod/org/org.h"

ID(guardianship); ID(consent); ID(person_pair); ID(person_merge);

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };
/* base.org keeps the record: the school of a pupil, the employer of staff, the child's school for a guardian. */
struct person {
	struct base base;
	/* as on the birth certificate, NFC */
	str  name;
	day  born;
	pick sex;
	/* số định danh cá nhân, 12 digits (NĐ 88/2026/NĐ-CP: also the lifelong record's number) */
	str  national_id;
	/* mã định danh ngành, at most 20 characters, immutable (TT 26/2019 Đ.6) */
	str  sector_id;
	/* mã học sinh của trường: what the school that keeps the record calls its pupil; another school gives another */
	str  school_code;
	pick ethnicity, religion, nationality;
	str  birthplace, native_place;
	/* where they live today */
	admin_unit_id commune;
	str  address, old_address, phone, email;
	/* what a parent or guardian does for a living: the general register asks for it (TT 22/2021/TT-BGDĐT, annexes) */
	str  occupation;
	/* what the person is somewhere in the province today */
	bool pupil, staff, guardian;
	/* chính sách ưu tiên */
	pick disability, policy;
	/* staff: chức danh */
	pick post;
	/* staff: môn dạy chính */
	str  subject;
	/* staff: ngày vào ngành */
	day  joined;
	str  note;
	file_id photo;
};
enum relation { REL_FATHER, REL_MOTHER, REL_GRANDPARENT, REL_SIBLING, REL_RELATIVE, REL_GUARDIAN };
/* A guardian may see the pupil's record and act for them unless barred (a court may say so). */
struct guardianship { struct base base; person_id pupil, guardian; pick relation;
	bool barred, lives_with, contact_first; str note; };

enum consent_purpose { CONSENT_PHOTO, CONSENT_PUBLISH, CONSENT_HEALTH, CONSENT_THIRD_PARTY, CONSENT_MESSAGES };
/* Law 91/2025/QH15: consent of the representative, and of the child too from 7 years on when private life is
 * disclosed. */
struct consent { struct base base; person_id subject, given_by; pick purpose; bool child_agrees; day given, withdrawn;
	str how; };

enum pair_state { PAIR_OPEN, PAIR_SAME, PAIR_DIFFERENT };
enum pair_keep { KEEP_A, KEEP_B };       /* which stays when they are merged */
/* Two records that look like one person; score 0..100 and why. */
struct person_pair { struct base base; person_id a, b; int64_t score; str why; pick state, keep; };
/* A merge of `dropped` into `kept`, with everything needed to undo it. */
struct person_merge { struct base base; person_id kept, dropped; str moved; bool undone; };

extern const struct entity person, guardianship, consent, person_pair, person_merge;
extern const struct module mod_people;

/* 12 digits: province code of the birth registration (001..096), century and sex digit, two digits of the year of
 * birth, six digits (NĐ 137/2015/NĐ-CP Đ.13). False with *why set when it cannot be or contradicts sex or birth. */
bool national_id_ok(str id, enum sex sex, day born, const struct tr **why);
/* A name as it is compared: without marks, case, blanks and signs, and with y written i. */
str name_bare(struct arena *mem, str name);
#endif
