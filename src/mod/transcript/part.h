/* part.h -- the content of a year of a transcript and its XML form, doc/transcript.md. What is signed is what is
 * printed: papers are drawn from the XML that was signed. */
#ifndef KHUE_TRANSCRIPT_PART_H
#define KHUE_TRANSCRIPT_PART_H
#include "core/decl.h"

#define TRANSCRIPT_NS "urn:khue:hoc-ba:1"
#define PART_EXEMPT "mien_hoc"
/* hk1, hk2, year, retest: "8.2", or the code of a word of the scheme, primary also "t:9" (word and test); empty:
 * none. PART_EXEMPT in the first three: the pupil is exempt from the subject. */
struct part_subject { str code, name, hk1, hk2, year, retest, remark, teacher; };
struct part_quality { str code, name, mark; };           /* primary: phẩm chất, năng lực                           */
struct year_part {
	str id;                                          /* "n2025-1": first year of the school year, version      */
	str year; int64_t version;
	str pupil_code, name, born /* ISO */, sex, ethnicity, birthplace;
	str school_code, school, place, grade /* "8" */, class_name, scheme, form_teacher, principal;
	const struct part_subject *subjects; int64_t n_subjects;
	const struct part_quality *qualities; int64_t n_qualities;
	str learn_hk1, learn_hk2, learn, conduct_hk1, conduct_hk2, conduct, standing, award, absences, remark;
	str learn_after, conduct_after;                  /* of the year, after retests and training in summer      */
};
/* Exclusive canonical XML (apex namHoc, namespace on it), ready to be digested. */
str  part_xml(struct arena *a, const struct year_part *p);
/* Reads what part_xml wrote; false: it is something else. Texts live in a. */
bool part_read(struct arena *a, str xml, struct year_part *ret);
/* Text and attribute values as Canonical XML has them; characters XML does not know are left out. */
void put_xml(struct buf *b, str text, bool attribute);
#endif
