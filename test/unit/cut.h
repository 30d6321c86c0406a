/* cut.h -- a job whose process ends in the middle, again and again, until it is done. */
#ifndef KHUE_TEST_CUT_H
#define KHUE_TEST_CUT_H
#include "domain.h"
#include "core/job.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* Linked with --wrap=db_commit (test/meson.build): how many commits are left until the process ends. */
static int64_t cut_commits;
enum rc __real_db_commit(struct db *d);
enum rc __wrap_db_commit(struct db *d);
enum rc __wrap_db_commit(struct db *d)
{
	if (cut_commits && --cut_commits == 0)
		raise(SIGKILL);
	return __real_db_commit(d);
}

struct cut { int64_t done; bool ended; struct rusage used; };

static inline void cut_reconnect(void **state, struct world *w)
{
	((struct engine_state *)*state)->db = NULL;
	if (!engine_open(*state))
		fail_msg("cannot connect again\n");
	w->app.db = w->db = ((struct engine_state *)*state)->db;
}

/* Held by the child's session until PostgreSQL knows that nobody is there any more. */
static inline void cut_gate(struct world *w, int64_t job, const char *verb)
{
	char sql[80];
	int64_t n;

	if (db_kind(w->db) != DB_POSTGRES)
		return;
	snprintf(sql, sizeof sql, "SELECT count(pg_advisory_%s(?1))", verb);
	assert_int_equal(db_int(w->db, sql, VALS(v_int(job)), &n), OK);
}

/* Does what is due in a process of its own, which ends without a word before a commit, counted from 1 (0: never).
 * Afterwards the claim of a job that told its progress has run out. */
static inline struct cut cut_before(void **state, struct world *w, int64_t job, int64_t commit)
{
	struct cut ret = { 0 };
	int status = 0;
	pid_t pid;

	w->app.random = NULL;                            /* each process names its temporary files by chance      */
	db_close(w->db);                                 /* two processes do not share a connection              */
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		cut_reconnect(state, w);
		cut_gate(w, job, "lock");
		cut_commits = commit;
		jobs_run_due(&w->app);
		_exit(0);
	}
	wait4(pid, &status, 0, &ret.used);
	cut_reconnect(state, w);
	cut_gate(w, job, "lock");
	cut_gate(w, job, "unlock");
	ret.ended = WIFEXITED(status);
	assert_true(ret.ended || WTERMSIG(status) == SIGKILL);
	assert_int_equal(db_int(w->db, "SELECT done FROM job WHERE id = ?1", VALS(v_int(job)), &ret.done), OK);
	w->time = instant_now().v + (ret.done ? JOB_LEASE_S + 1 : 2 * 3600) * INT64_C(1000);
	return ret;
}

/* Until it is done. Returns how often it was cut after it had begun; each time it went on behind what was done. */
static inline int cut_again(void **state, struct world *w, int64_t job)
{
	struct cut was = { 0 }, now;
	int64_t commit = 1;
	int cuts = 0;

	while ((now = cut_before(state, w, job, commit)).ended == false) {
		assert_true(now.done >= was.done);
		cuts += now.done > was.done;
		was = now;
		commit *= 2;
	}
	struct job_state s;
	assert_int_equal(job_read(as_khue(w), job, &s), OK);
	if (!str_is(s.state, "done"))
		fail_msg("%.*s after %d cuts: %.*s\n", FMT(s.state), cuts, FMT(s.problem));
	assert_true(s.done >= was.done);
	return cuts;
}
#endif
