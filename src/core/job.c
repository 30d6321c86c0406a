/* job.c -- see job.h: the queue. job_work.c runs it. */
#include "core/job.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/work_in.h"
#include "base/log.h"
#include <time.h>

static const struct tr
	MSG_gone = { "Việc này không còn chạy nên không hủy được.", "This job no longer runs and cannot be cancelled." },
	MSG_runs = { "Việc này đang chờ hoặc đang chạy.", "This job is waiting or running." };

/* "module/name" of a declared job. */
static str full_name(struct ctx *c, const struct job *j)
{
	for (const struct job *k = core_jobs; k->name; k++)
		if (k == j)
			return TEXT(c, "core/%s", j->name);
	const struct registry *g = c->app->registry;
	for (int i = 0; i < g->n_modules; i++)
		for (const struct job *k = g->modules[i]->jobs; k && k->name; k++)
			if (k == j)
				return TEXT(c, "%s/%s", g->modules[i]->name, j->name);
	return S("");
}

const struct job *job_named(const struct ctx *c, str name)
{
	if (str_starts(name, S("core/"))) {
		for (const struct job *k = core_jobs; k->name; k++)
			if (str_is(str_sub(name, 5, -1), k->name))
				return k;
		return NULL;
	}
	const struct module *m;
	return registry_job(c->app->registry, name, &m);
}

/* ---- the actor, kept with the job: a line of the account, then a line a seat --------------------- */

static str without_breaks(struct ctx *c, str s)
{
	char *z = str_z(c->mem, s);
	for (char *p = z; *p; p++)
		if (*p == '\t' || *p == '\n')
			*p = ' ';
	return str_of(z);
}

str actor_text(struct ctx *c)
{
	struct buf b;
	const struct actor *a = c->who;
	buf_init(&b, c->mem, 1 << 16);
	put_fmt(&b, "%d\t%lld\t%lld\t%.*s\t%.*s\n", a->system, (long long)a->user.v, (long long)a->person.v,
		FMT(without_breaks(c, a->name)), FMT(without_breaks(c, a->login)));
	for (int i = 0; i < a->n_seats; i++)
		put_fmt(&b, "%s\t%lld\t%d\t%d\n", a->seats[i].role->name, (long long)a->seats[i].org.v, a->seats[i].from.v,
			a->seats[i].to.v);
	return buf_str(&b);
}

static int64_t next_int(str *line)
{
	str head;
	int64_t v = 0;
	str_cut(*line, '\t', &head, line);
	return str_to_int(head, &v) ? v : 0;
}

struct actor *actor_read(struct ctx *c, str text)
{
	struct actor *a = NEW(c->mem, struct actor);
	str line, name;
	str_cut(text, '\n', &line, &text);
	a->system = next_int(&line) != 0;
	a->user.v = next_int(&line);
	a->person.v = next_int(&line);
	str_cut(line, '\t', &name, &a->login);
	a->name = name;
	a->mfa = true;                                   /* who queued it had shown what his rights ask for     */
	int most = 0;
	for (ptrdiff_t i = 0; i < text.n; i++)
		most += text.p[i] == '\n';
	struct seat *seats = NEWS(c->mem, struct seat, most + 1);
	while (text.n > 0) {
		str_cut(text, '\n', &line, &text);
		str_cut(line, '\t', &name, &line);
		struct seat s = { .role = registry_role(c->app->registry, name), .org = { next_int(&line) } };
		s.from.v = (int32_t)next_int(&line);
		s.to.v = (int32_t)next_int(&line);
		bool over = (s.from.v != NO_DAY.v && c->today.v < s.from.v) || (s.to.v != NO_DAY.v && s.to.v != 0 &&
			c->today.v > s.to.v);
		if (s.role && !over)
			seats[a->n_seats++] = s;
	}
	a->seats = seats;
	return a;
}

/* ---- queueing -------------------------------------------------------------------------------------- */

static enum rc add(struct ctx *c, const struct job *j, str name, org_id org, const void *in, int64_t *ret_id)
{
	struct buf input;
	int64_t id = new_id(c);
	buf_init(&input, c->mem, 1 << 20);
	if (j->in && in)
		shape_json(&input, j->in->fields, in, NULL);
	TRY(db_exec(c->db, "INSERT INTO job (id, name, org, made_by, made, actor, lang, input, state, due) "
	            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', ?9)",
	            VALS(v_int(id), v_text(name), v_int(org.v), v_int(c->who->user.v), v_int(c->now.v),
		v_text(actor_text(c)),
	                 v_text(c->lang == EN ? S("en") : S("vi")), v_text(buf_str(&input)), v_int(c->now.v)), NULL));
	if (ret_id)
		*ret_id = id;
	return OK;
}

enum rc job_add(struct ctx *c, const struct job *j, org_id org, const void *in, int64_t *ret_id)
{
	str name = full_name(c, j);
	return name.n ? add(c, j, name, org, in, ret_id) : E_FAULT;
}

enum rc job_add_core(struct ctx *c, const char *name, org_id org, const void *in, int64_t *ret_id)
{
	str full = TEXT(c, "core/%s", name);
	const struct job *j = job_named(c, full);
	return j ? add(c, j, full, org, in, ret_id) : E_FAULT;
}

/* ---- what a job tells ------------------------------------------------------------------------------- */

str both_languages(struct ctx *c, const struct tr *text, const str *args, int n)
{
	enum lang lang = c->lang;
	c->lang = VI;
	str vi = str_copy(c->mem, sayf(c, text, args, n));
	c->lang = EN;
	str en = sayf(c, text, args, n);
	c->lang = lang;
	return TEXT(c, "%.*s\n%.*s", FMT(vi), FMT(en));
}

str in_language(const struct ctx *c, str both)
{
	str vi, en;
	if (!str_cut(both, '\n', &vi, &en))
		return both;
	return c->lang == EN ? en : vi;
}

/* Told alone, each time is a flush of the disk of its own. */
enum { COMMIT_MS = 100, TELL_MS = 500, REST_MS = 3 };

/* SQLite has one writer at a time, and whoever waits for his turn asks every millisecond or two: he is let in. */
static void let_others_write(const struct db *d)
{
	if (db_kind(d) == DB_SQLITE)
		nanosleep(&(struct timespec){ 0, REST_MS * 1000000 }, NULL);
}

void job_progress(struct ctx *c, int64_t done, int64_t total, const struct tr *text)
{
	struct job_run *r = c->job;
	int64_t now = instant_now().v, ours = 0;
	bool open = r && !r->job->bare && db_depth(c->db) == 1;
	bool soon = r && now - r->told_ms < (open ? COMMIT_MS : TELL_MS) && (done < total || total == 0);
	if (!r || r->cancelled || soon || c->rc != OK)
		return;
	r->told_ms = now;
	int64_t lease = now + (open ? JOB_LEASE_S : job_limit_s(r->job)) * 1000;
	str doing = text ? both_languages(c, text, ARGS(int_text(c->mem, done), int_text(c->mem, total))) : S("");
	struct buf input;
	buf_init(&input, c->mem, 1 << 20);
	if (r->kept)
		shape_json(&input, r->job->in->fields, r->kept, NULL);
	if (db_exec(c->db, "UPDATE job SET done = ?1, total = ?2, doing = ?3, lease = ?4, input = COALESCE(?5, input) "
		"WHERE id = ?6 AND lease = ?7", VALS(v_int(done), v_int(total), v_text(doing), v_int(lease),
		r->kept ? v_text(buf_str(&input)) : v_null(), v_int(r->id), v_int(r->lease)), &ours) != OK)
		return;
	if (ours == 0) {
		log_line(LOG_WARN, "job_lost", "name", r->job->name, NULL);
		r->cancelled = true;                         /* what was written since is rolled back                  */
		return;
	}
	r->lease = lease;
	if (open && db_commit(c->db) == OK)
		let_others_write(c->db);
	if (open)
		db_begin(c->db);
}

void job_keep(struct ctx *c, const void *in)
{
	if (c->job)
		c->job->kept = in;
}

bool job_cancelled(struct ctx *c)
{
	struct job_run *r = c->job;
	int64_t now = instant_now().v, cancel = 0;
	if (!r || r->cancelled)
		return r && r->cancelled;
	if (now - r->asked_ms < 500)
		return false;
	r->asked_ms = now;
	r->cancelled = db_int(c->db, "SELECT cancel FROM job WHERE id = ?1", VALS(v_int(r->id)), &cancel) == OK && cancel;
	return r->cancelled;
}

enum rc job_result(struct ctx *c, file_id file, str note)
{
	if (!c->job)
		return E_FAULT;
	c->job->file = file;
	c->job->note = str_copy(c->mem, note);
	return OK;
}

void job_link(struct ctx *c, str address)
{
	if (c->job)
		c->job->link = str_copy(c->mem, address);
}

/* ---- for its maker ------------------------------------------------------------------------------------ */

enum rc job_read(struct ctx *c, int64_t id, struct job_state *ret)
{
	struct rows r;
	struct job_state s = { .id = id };
	int64_t made_by = 0;
	TRY(db_query(c->db,
		"SELECT name, state, doing, note, problem, done, total, made, started, ended, file, org, made_by, link "
			"FROM job "
			"WHERE id = ?1",
	             VALS(v_int(id)), &r));
	bool there = rows_next(&r);
	if (there) {
		str *texts[] = { &s.name, &s.state, &s.doing, &s.note, &s.problem };
		int64_t *numbers[] = { &s.done, &s.total, &s.made, &s.started, &s.ended, &s.file.v, &s.org.v, &made_by };
		for (int i = 0; i < COUNT(texts); i++)
			*texts[i] = str_copy(c->mem, rows_text(&r, i));
		for (int i = 0; i < COUNT(numbers); i++)
			*numbers[i] = rows_int(&r, COUNT(texts) + i);
		s.link = str_copy(c->mem, rows_text(&r, COUNT(texts) + COUNT(numbers)));
	}
	TRY(rows_end(&r));
	if (!there || !(c->who->system || (made_by && made_by == c->who->user.v)))
		return E_MISSING;
	*ret = s;
	return OK;
}

enum rc job_cancel(struct ctx *c, int64_t id)
{
	struct job_state s;
	int64_t n;
	TRY(job_read(c, id, &s));
	TRY(db_exec(c->db, "UPDATE job SET state = 'cancelled', ended = ?1 WHERE id = ?2 AND state = 'queued'",
		VALS(v_int(c->now.v), v_int(id)), &n));
	if (n == 0)
		TRY(db_exec(c->db, "UPDATE job SET cancel = 1 WHERE id = ?1 AND state = 'running'", VALS(v_int(id)), &n));
	return n ? OK : FAIL(c, E_STATE, 0, &MSG_gone);
}

enum rc job_again(struct ctx *c, int64_t id)
{
	struct job_state s;
	int64_t n;
	TRY(job_read(c, id, &s));
	TRY(db_exec(c->db,
		"UPDATE job SET state = 'queued', due = ?1, tries = 0, cancel = 0, done = 0, ended = 0, problem = NULL "
	            "WHERE id = ?2 AND state IN ('failed', 'cancelled')", VALS(v_int(c->now.v), v_int(id)), &n));
	return n ? OK : FAIL(c, E_STATE, 0, &MSG_runs);
}
