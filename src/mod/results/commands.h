/* commands.h -- what the command line does with results: khue import results, publish results, results. */
#ifndef KHUE_RESULTS_COMMANDS_H
#define KHUE_RESULTS_COMMANDS_H
#include "mod/results/live.h"
#include "mod/results/results.h"

struct results_ask {
	str file;                        /* the file's name: gives the exam's code when none is told           */
	str exam, name;                  /* may be empty                                                       */
	org_id organiser;
	bool dry_run;                    /* read, check and compare, write nothing                             */
	bool replace;                    /* candidates that are not in the file are dropped                    */
};
struct results_told { str exam; int64_t rows, fresh, changed, same, refused; struct mark_faults faults; str unread; };
/* The exam's code, and whether there is such an exam already. E_INVALID, E_DENIED: said. */
enum rc results_allowed(struct ctx *c, const struct results_ask *ask, str *ret_code, bool *ret_there);
/* Reads fd into the draft of the exam, whose row is created when there is none. Refused rows are in ret->faults.
 * A job tells how far it is and may be cancelled while the file is read: then nothing is written and OK. */
enum rc results_import(struct ctx *c, int fd, const struct results_ask *ask, struct results_told *ret);
/* Walks the step "publish" (or "withdraw") of the exam of that code. by: a department's name in addresses, whose exam
 * it then is, or any other text, which is stated as it stands; empty: as the exam says. An exam of nobody becomes the
 * installation's department's; where that is not known: E_INVALID, and the departments are named. */
enum rc results_publish(struct ctx *c, str code, str by, struct exam *ret);
enum rc results_withdraw(struct ctx *c, str code, str reason);

/* One mark of one subject whose count is not the published one. here, published: -1 when that side does not have it. */
struct difference { int subject, mark; int64_t here, published; };
typedef void difference_fn(void *arg, const struct difference *d);
struct compared { int64_t counts, differing, at_zero; };
/* Holds the distributions of an exam against a table of year, subject, score, count. year 0: the exam's. */
enum rc results_compare(struct ctx *c, str code, str csv, int64_t year, difference_fn *fn, void *arg,
	struct compared *ret);
/* Writes FOLDER/EXAM/NUMBER.json for every candidate, for a web server to serve straight from disk. */
enum rc results_static(struct ctx *c, str code, const char *folder, int64_t *ret_files);
/* The installation's department: whose officers see an exam that nobody was named for, and may withdraw. 0: not
 * known. */
org_id exam_home(struct ctx *c);
#endif
