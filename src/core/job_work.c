/* job_work.c -- the process that does what is queued. A job is claimed by one conditional UPDATE, so that several
 * processes and several machines never do it twice at once; a claim that nobody ends runs out after the job's own
 * time limit. */
#include "core/job.h"
#include "core/files.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/work_in.h"
#include "base/log.h"
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 3, RETRY_MS = 30000, JOBS_A_LIFE = 500 };
static const size_t ARENA = (size_t)1 << 30;

static const struct tr
	MSG_done = { "Đã xong: {1}", "Done: {1}" },
	MSG_failed = { "Chưa làm được: {1}", "Not done: {1}" },
	MSG_fault = { "Hệ thống gặp lỗi khi làm việc này. Mã việc: {1}.", "The system failed at this job. Job code: {1}." },
	MSG_memory = { "Việc này cần nhiều bộ nhớ hơn mức cho phép.", "This job needs more memory than it may have." },
	MSG_died = { "Tiến trình làm việc này bị ngắt giữa chừng.", "The process doing this job was interrupted." };

struct claimed { int64_t id, tries, made_by, lease; org_id org; str name, actor, lang, input; };

static void context(struct app *app, struct arena *mem, struct ctx *c)
{
	ctx_start(c, app, mem);
	c->who = &actor_system;
}

/* Takes the job that waits longest. E_MISSING: nothing is due. */
static enum rc claim(struct ctx *c, struct claimed *ret)
{
	struct rows r;
	TRY(db_query(c->db, "SELECT id, name, org, made_by, actor, lang, input, tries, state, lease FROM job "
	             "WHERE (state = 'queued' AND due <= ?1) OR (state = 'running' AND lease < ?1) ORDER BY due, id "
		"LIMIT 1", VALS(v_int(c->now.v)), &r));
	if (!rows_next(&r)) {
		TRY(rows_end(&r));
		return E_MISSING;
	}
	*ret = (struct claimed){ rows_int(&r, 0), rows_int(&r, 7), rows_int(&r, 3), 0, { rows_int(&r, 2) },
		str_copy(c->mem, rows_text(&r, 1)),
		str_copy(c->mem, rows_text(&r, 4)), str_copy(c->mem, rows_text(&r, 5)), str_copy(c->mem, rows_text(&r, 6)) };
	str state = str_copy(c->mem, rows_text(&r, 8));
	int64_t lease = rows_int(&r, 9), n;
	TRY(rows_end(&r));
	const struct job *j = job_named(c, ret->name);
	ret->tries++;
	ret->lease = c->now.v + job_limit_s(j) * 1000;
	TRY(db_exec(c->db,
		"UPDATE job SET state = 'running', lease = ?1, started = ?2, tries = ?3 WHERE id = ?4 AND state = ?5 AND "
			"lease = ?6",
	            VALS(v_int(ret->lease), v_int(c->now.v), v_int(ret->tries), v_int(ret->id),
		v_text(state), v_int(lease)), &n));
	return n ? OK : E_BUSY;
}

static str problems_text(struct ctx *c)
{
	struct buf b;
	buf_init(&b, c->mem, 2000);
	for (int i = 0; i < c->n_problems && i < 5; i++) {
		if (i)
			put_c(&b, ' ');
		put(&b, c->problems[i].text);
	}
	return buf_str(&b);
}

static enum rc call(struct ctx *c, const struct job *j, const struct claimed *at)
{
	char *row = j->in ? arena_alloc(c->mem, j->in->size, 16) : NULL;
	if (row) {
		struct input in = { .fields = j->in->fields, .flags = INPUT_NEW };
		fields_zero(j->in->fields, j->in->size, row);
		if (at->input.n)
			TRY(input_body(c, &in, at->input, row));
	}
	if (j->bare)
		return j->run(c, row);
	TRY(db_begin(c->db));
	enum rc rc = j->run(c, row);
	if (rc != OK || c->job->cancelled) {
		db_rollback(c->db);
		return rc;
	}
	return db_commit(c->db);
}

/* Apart, so that a full arena comes back here with nothing lost. */
static enum rc guarded(struct ctx *c, const struct job *j, const struct claimed *at)
{
	jmp_buf full;
	c->mem->full = &full;
	if (setjmp(full) != 0) {
		while (db_depth(c->db) > 0)
			db_rollback(c->db);
		return E_LIMIT;
	}
	return call(c, j, at);
}

static void finish(struct ctx *c, const struct claimed *at, const struct job *j, const struct job_run *run,
	enum rc rc, str problem)
{
	int64_t tries = j && j->tries ? j->tries : TRIES;
	bool again = (rc == E_BUSY || rc == E_FAULT) && at->tries < tries && !run->cancelled;
	const char *state = again ? "queued" : run->cancelled ? "cancelled" : rc == OK ? "done" : "failed";
	int64_t wait = RETRY_MS;
	for (int64_t i = 1; i < at->tries && i < 6; i++)
		wait *= 4;
	int64_t ours = 0;
	if (db_begin(c->db) != OK)
		return;
	db_exec(c->db,
		"UPDATE job SET state = ?1, ended = ?2, due = ?3, file = ?4, note = ?5, problem = ?6, link = ?7, "
			"lease = 0 WHERE id = ?8 AND lease = ?9",
		VALS(v_text(str_of(state)), v_int(again ? 0 : instant_now().v), v_int(again ? c->now.v + wait : c->now.v),
			v_int(run->file.v),
		     v_text(run->note), rc == OK ? v_null() : v_text(problem), v_text(run->link), v_int(at->id),
			v_int(run->lease)), &ours);
	str label = j ? both_languages(c, &j->label, NULL, 0) : at->name;
	if (ours && !again && at->made_by && !run->cancelled)
		notify(c, (user_id){ at->made_by }, rc == OK ? &MSG_done : &MSG_failed, ARGS(in_language(c, label)),
			TEXT(c, "/viec/%lld", (long long)at->id));
	if (db_commit(c->db) != OK)
		db_rollback(c->db);
}

static void run_one(struct app *app, const struct claimed *at)
{
	struct arena mem;
	struct ctx c;
	struct job_run run = { .id = at->id, .lease = at->lease };
	char code[24];
	arena_init(&mem, ARENA);
	context(app, &mem, &c);
	c.lang = str_is(at->lang, "en") ? EN : VI;
	const struct job *j = run.job = job_named(&c, at->name);
	c.who = actor_read(&c, at->actor);
	c.job = &run;
	snprintf(code, sizeof code, "%lld", (long long)at->id);
	log_line(LOG_INFO, "job", "name", str_z(&mem, at->name), "id", code, NULL);
	alarm((unsigned)job_limit_s(j) + 5);
	enum rc rc = j ? guarded(&c, j, at) : E_MISSING;
	alarm(0);
	mem.full = NULL;
	str problem = problems_text(&c);
	if (rc != OK && problem.n == 0)
		problem = say(&c, rc == E_LIMIT ? &MSG_memory : &MSG_fault);
	if (rc != OK)
		problem = sayf(&c, &(struct tr){ str_z(&mem, problem), str_z(&mem, problem) }, ARGS(str_of(code)));
	if (rc != OK)
		log_line(LOG_WARN, "job failed", "name", str_z(&mem, at->name), "id", code, "why", db_why(app->db), NULL);
	struct ctx after;
	context(app, &mem, &after);
	after.lang = c.lang;
	finish(&after, at, j, &run, rc, problem);
	arena_free(&mem);
}

/* ---- what is done by the clock ------------------------------------------------------------------- */

/* The next time: every `every_s` seconds counted from at_s of the day in Viet Nam. */
static int64_t next_due(const struct job *j, int64_t now_ms)
{
	int64_t zone = INT64_C(7) * 3600, now = now_ms / 1000 + zone, every = j->every_s;
	int64_t first = (int64_t)j->at_s % every;
	return ((now - first) / every * every + first + every - zone) * 1000;
}

static void tick(struct ctx *c, const struct job *j, str name)
{
	int64_t due, n;
	if (!j->every_s)
		return;
	enum rc rc = db_int(c->db, "SELECT due FROM job_clock WHERE name = ?1", VALS(v_text(name)), &due);
	if (rc == E_MISSING)
		db_exec(c->db, "INSERT INTO job_clock (name, due) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
			VALS(v_text(name), v_int(next_due(j, c->now.v))), NULL);
	if (rc != OK || due > c->now.v || db_begin(c->db) != OK)
		return;
	bool good = db_exec(c->db, "UPDATE job_clock SET due = ?1 WHERE name = ?2 AND due = ?3",
		VALS(v_int(next_due(j, c->now.v)), v_text(name), v_int(due)), &n) == OK;
	good = good && (n == 0 || job_add(c, j, (org_id){ 0 }, NULL, NULL) == OK);
	if (!good || db_commit(c->db) != OK)
		db_rollback(c->db);
}

static void tick_all(struct ctx *c)
{
	const struct registry *g = c->app->registry;
	for (const struct job *k = core_jobs; k->name; k++)
		tick(c, k, TEXT(c, "core/%s", k->name));
	for (int i = 0; i < g->n_modules; i++)
		for (const struct job *k = g->modules[i]->jobs; k && k->name; k++)
			tick(c, k, TEXT(c, "%s/%s", g->modules[i]->name, k->name));
}

/* One round: true when a job ran. */
static bool round_(struct app *app, bool clock)
{
	struct arena mem;
	struct ctx c;
	struct claimed at;
	arena_init(&mem, (size_t)16 << 20);
	context(app, &mem, &c);
	if (clock)
		tick_all(&c);
	enum rc rc = claim(&c, &at);
	if (rc == OK && at.tries > 9) {
		struct job_run run = { .id = at.id, .lease = at.lease };
		finish(&c, &at, NULL, &run, E_STATE, say(&c, &MSG_died));
	} else if (rc == OK) {
		run_one(app, &at);
	}
	arena_free(&mem);
	return rc == OK;
}

int jobs_run_due(struct app *app)
{
	int n = 0;
	while (n < 1000 && round_(app, n == 0))
		n++;
	return n;
}

static size_t resident(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (f && fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

bool jobs_work(void *arg)
{
	struct app *app = arg;
	sigset_t stop;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);             /* taken between jobs, below                           */
	for (int n = 0; n < JOBS_A_LIFE && resident() < (size_t)512 << 20;) {
		struct timespec wait = { 0, 500000000 };
		if (round_(app, true)) {
			n++;
			wait.tv_nsec = 0;
		}
		if (db_spent(app->db)) {
			log_line(LOG_ERROR, "trouble", "kind", "doubt", "db", db_why(app->db), NULL);
			return false;
		}
		if (sigtimedwait(&stop, NULL, &wait) > 0)
			return true;
	}
	return false;
}
