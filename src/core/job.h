/* job.h -- work that takes longer than a request: a queue in the database, done by a process of its own.
 *
 * A job runs as the actor who queued it, with the seats he had then and in a transaction of its own; what it writes,
 * its notices and the end of the job become visible together. job_progress commits what was written so far, so call
 * it only where a half-done job may be taken up again from its input, or from what job_keep put in its place. A job
 * that fails by E_BUSY or E_FAULT is tried again after 30 s, 2 min, 8 min .. as often as its .tries says (0: 3). One
 * whose process dies is taken up again when its claim has run out: after the job's time limit, but JOB_LEASE_S after
 * it last told its progress. A process that lost its claim so, being slow and not dead, commits nothing more. */
#ifndef KHUE_JOB_H
#define KHUE_JOB_H
#include "core/app.h"

enum { JOB_LEASE_S = 30 };
extern const struct job core_jobs[];                     /* of the core itself, named "core/NAME"              */

struct job_run {
	int64_t id; const struct job *job;
	int64_t told_ms, asked_ms; bool cancelled;       /* when progress was last written, cancel last read   */
	int64_t lease;                                   /* of the row while it is ours                        */
	const void *kept;                                /* job_keep                                           */
	file_id file; str note, link;                    /* job_result, job_link                               */
};

/* As job_add, for core_jobs. */
enum rc job_add_core(struct ctx *c, const char *name, org_id org, const void *in, int64_t *ret_id);
/* Body of the job process (serve_options.jobs): arg is a struct app with an open database. Does what is due, waits, and
 * returns true when told to stop (SIGTERM), false after 500 jobs or above 512 MiB, to be started anew. */
bool jobs_work(void *app);
/* Does everything that is due now and returns how many jobs ran: for tests, commands and demo. */
int  jobs_run_due(struct app *app);

/* What happened with a job, for its maker; E_MISSING for others. */
struct job_state { int64_t id; str name, state, doing, note, problem, link; int64_t done, total, made, started, ended;
	file_id file; org_id org; };
enum rc job_read(struct ctx *c, int64_t id, struct job_state *ret);
enum rc job_cancel(struct ctx *c, int64_t id);
/* A failed or cancelled one, from its input or what job_keep put in its place. */
enum rc job_again(struct ctx *c, int64_t id);
#endif
