/* transcript.h -- học bạ: a pupil's complete record of a level of schooling, over years and schools.
 *
 * Each closed year is a part: drawn up from the results of the year, signed by the form teacher, then by the
 * principal, and frozen by the first signature. An issue is the whole of the signed parts, sealed by the school, as
 * XML and PDF. Nothing signed is changed: a correction is a part of the next version with its reason, and the one
 * before is marked replaced. All rows belong to the school that keeps the pupil's record; they go along when the
 * pupil changes schools. Law: TT 22/2021/TT-BGDĐT, TT 27/2020/TT-BGDĐT (form of the học bạ, who signs);
 * Điều lệ (TT 15/2026/TT-BGDĐT Đ.21: electronic records). */
#ifndef KHUE_TRANSCRIPT_H
#define KHUE_TRANSCRIPT_H
#include "core/ctx.h"
#include "core/roles.h"
#include "mod/records/records.h"
#include "mod/school/school.h"

ID(transcript); ID(transcript_part); ID(transcript_issue);

enum transcript_level { LEVEL_PRIMARY, LEVEL_LOWER, LEVEL_UPPER };
/* One for each pupil and level. version: of the newest issue, 0: none yet. */
struct transcript { struct base base; person_id pupil; pick level; int64_t version; };

enum part_state { PART_DRAFT, PART_SIGNED, PART_CONFIRMED, PART_ISSUED, PART_REPLACED };
/* A year in it. class, school: where that year was spent. digest: SHA-256 in hex of content; content: the part's XML,
 * canonical; form_mark, head_mark: its signatures (XAdES), empty until signed. */
struct transcript_part {
	struct base base; transcript_id transcript; person_id pupil; school_class_id class; school_year_id year;
		org_id school;
	pick grade, state; int64_t version; str class_name, result, reason, digest, form_by, head_by, head_as;
	instant form_at, head_at; str content, form_mark, head_mark;
};
enum issue_state { ISSUE_VALID, ISSUE_REPLACED };
/* A sealed whole. statement: what its QR code carries (statement.h). */
struct transcript_issue { struct base base; transcript_id transcript; person_id pupil; pick level, state;
	int64_t version; str years, reason, digest, statement; instant issued; file_id pdf, xml; };

extern const struct entity transcript, transcript_part, transcript_issue;
extern const struct choice transcript_levels[];
extern const struct module mod_transcript;

/* Draws up the parts of a class's year from its results: new ones, and drafts anew. Signed ones stay. *ret: written. */
enum rc transcript_draft(struct ctx *c, school_class_id class, int64_t *ret);
/* Opens a correction of a signed year: the next version, drawn up anew, with its reason. The version in force stays so
 * until the new one is issued. The actor must be principal of the school that both wrote the year and keeps the record
 * (E_STATE, E_MISSING). *ret_class: where it is now to be signed. */
enum rc transcript_correct(struct ctx *c, transcript_part_id part, str reason, int64_t *ret_class);
/* Keys of the trial authority (core/sign.h) for every school that is open, and everybody who signs there today:
 * principals and form teachers. As the installation. */
enum rc sign_make_all(struct ctx *c, int64_t *ret_orgs, int64_t *ret_people);
#endif
