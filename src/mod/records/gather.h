/* gather.h -- a class with all its results come from, and ratings over it; within the module. */
#ifndef KHUE_RECORDS_GATHER_H
#define KHUE_RECORDS_GATHER_H
#include "mod/records/records_rules.h"

enum { BOOKS_MAX = 40, PUPILS_MAX = 120 };

struct class_row { int64_t id; org_id org; pick grade; int64_t year_id, year; str name, year_code; };
struct book_row { int64_t id; org_id org; str code; bool comment_only; int64_t entries, subject; str name;
	int64_t lessons; };
struct person_row { int64_t pupil; str hk1, hk2, entered, summer, qualities; int64_t id, rev;
	str scheme, r1, r2, level, conduct, standing, title, averages, why, positions, retests; score overall;
	int64_t absences; bool came; str qualities1; pick verdict; };
/* given[pupil][term][book]; under TERM_YEAR what was tested again in summer. people in the order of their ids. */
struct gathered {
	struct class_row class; const struct scheme *scheme;
	const struct book_row *books; int64_t n_books;
	const struct person_row *people; int64_t n_people;
	struct subject_given (*given)[3][BOOKS_MAX];
	int32_t (*absent)[3];                   /* days of a term; under TERM_YEAR all of them */
	str positions;
};
/* Everything of a class, whoever asks: the caller has asked for rights. as: the scheme, NULL: the class's own.
 * E_MISSING: no scheme for the grade, nothing to rate. */
enum rc gather(struct ctx *c, school_class_id class, const struct scheme *as, struct gathered *g);
/* Where a pupil stands in people; -1: not of the class. */
int64_t gathered_pupil(const struct gathered *g, int64_t pupil_);
/* The subjects of a pupil's year; with what was tested again when retests. */
void year_of(const struct gathered *g, int64_t i, struct subject_given *year, bool retests);
void rate_term(const struct gathered *g, int64_t i, int term_, struct rating *ret);
/* The year; conduct -1: not known. ret->retest: what might be tested again (TT 22/2021 Điều 13, TT 58/2011 Điều 16),
 * also where it was. Until all of them are in, or enough to be promoted, the year stands as before the first. */
void rate_year(const struct gathered *g, int64_t i, const struct subject_given *year, int *ret_conduct,
	struct rating *ret);
/* Whether the year's conduct sends the pupil to train in summer (TT 22/2021 Điều 14); ret_year: that conduct in words,
 * NULL: not asked. */
bool trains_in_summer(struct ctx *c, const struct gathered *g, int64_t pupil, str *ret_year);
#endif
