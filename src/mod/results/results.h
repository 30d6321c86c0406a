/* results.h -- exams whose results are looked up by the public. The rows here are about the exam; the candidates' marks
 * live in immutable files (shard.h), never in the database. */
#ifndef KHUE_RESULTS_H
#define KHUE_RESULTS_H
#include "core/ctx.h"
#include "mod/org/org.h"

ID(exam);
enum { EXAM_DRAFT, EXAM_PUBLISHED, EXAM_WITHDRAWN };
enum { EXAM_GRADUATION, EXAM_GRADE10, EXAM_GIFTED, EXAM_OTHER };
struct exam {
	struct base base;
	str code, name;                      /* code: in the address, e.g. "thptqg-2017"                        */
	int64_t year;
	org_id organiser;
	pick kind, state;
	str by;                              /* to be stated as publisher in place of the organiser             */
	instant published;
	int64_t candidates;
	str root;                            /* hex of the Merkle root that was signed                          */
	str publisher;                       /* as the page states it while it is published                     */
	instant withdrawn; str reason;       /* since when and why the results are off the public pages         */
};
extern const struct entity exam;
extern const struct module mod_results;

/* Two published exams, 2025 and 2026, 1,500 candidates each, with marks shaped like real ones; written to
 * data_folder(c). */
enum rc results_demo(struct ctx *c, uint64_t seed);
#define RESULTS_DEMO_NUMBER "99000010"   /* one of their candidates, to try the look-up with */
#endif
