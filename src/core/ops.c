/* ops.c -- what machines that watch the server ask: is it up, can it work, what did it do. Nothing personal. */
#include "base/log.h"
#include "core/migrate.h"
#include "core/pages.h"
#include "core/roles.h"
#include <fcntl.h>
#include <unistd.h>
#include "web/json.h"
#include <stdatomic.h>

static enum rc plain(struct exchange *x, int status, str text)
{
	if (!x->p->body.p)
		buf_init(&x->p->body, x->r->mem, 1 << 16);
	x->p->body.n = 0;
	put(&x->p->body, text);
	x->p->status = status;
	x->p->type = S("text/plain; charset=utf-8");
	x->answered = true;
	reply_header(x->p, S("Cache-Control"), S("no-store"));
	return OK;
}

enum rc health_page(struct exchange *x)
{
	return plain(x, 200, S("ok\n"));
}

/* Ready: the database answers and has the schema of this program. A balancer takes a node out that is not. */
enum rc ready_page(struct exchange *x)
{
	const struct migration *at;
	int64_t one = 0;
	int pending = 0;
	char why[256];

	if (db_int(x->c->db, "SELECT 1", NULL, 0, &one) != OK || one != 1)
		return plain(x, 503, S("database\n"));
	int n = migrations_embedded(x->c->mem, x->app->registry, &at);
	if (migrate_pending(x->c->db, x->c->mem, at, n, &pending, why) != OK || pending)
		return plain(x, 503, S("schema\n"));
	return plain(x, 200, S("ok\n"));
}

static bool near(str remote)
{
	return remote.n == 0 || str_starts(remote, S("127.")) || str_eq(remote, S("::1")) || str_starts(remote, S("10.")) ||
		str_starts(remote, S("unix"));
}

static void counter(struct buf *b, const char *name, const char *help, uint64_t v)
{
	put_fmt(b, "# HELP %s %s\n# TYPE %s counter\n%s %llu\n", name, help, name, name, (unsigned long long)v);
}

static void gauge_begin(struct buf *b, const char *name, const char *help)
{
	put_fmt(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* The queue: what waits, runs or has failed, and for how long the first has been due. */
static bool job_gauges(struct exchange *x, struct buf *b)
{
	struct db *d = x->c->db;
	struct rows rows;
	int64_t due = 0, late;

	gauge_begin(b, "khue_jobs", "Jobs by state.");
	if (db_query(d, "SELECT state, COUNT(*) FROM job WHERE state IN ('queued', 'running', 'failed') GROUP BY state",
		NULL, 0, &rows) != OK)
		return false;
	while (rows_next(&rows))
		put_fmt(b, "khue_jobs{state=\"%.*s\"} %lld\n", FMT(rows_text(&rows, 0)), (long long)rows_int(&rows, 1));
	if (rows_end(&rows) != OK || db_int(d, "SELECT MIN(due) FROM job WHERE state = 'queued'", NULL, 0, &due) != OK)
		return false;
	late = due && due < x->c->now.v ? (x->c->now.v - due) / 1000 : 0;
	gauge_begin(b, "khue_jobs_late_seconds", "How long the first waiting job has been due.");
	put_fmt(b, "khue_jobs_late_seconds %lld\n", (long long)late);
	return true;
}

/* DATA/backup.last begins with when the last backup was made, in milliseconds; -1: there was none. */
static int64_t backup_age_s(struct exchange *x)
{
	char text[64] = "";
	int64_t made;
	str at, rest;
	int fd = open(str_z(x->c->mem, TEXT(x->c, "%s/backup.last", x->app->data)), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	str_cut((str){ text, n > 0 ? n : 0 }, ' ', &at, &rest);
	return str_to_int(at, &made) ? (x->c->now.v - made) / 1000 : -1;
}

static void state_gauges(struct exchange *x, struct buf *b)
{
	bool up = job_gauges(x, b);

	gauge_begin(b, "khue_database_up", "1 when the database answers this worker.");
	put_fmt(b, "khue_database_up{kind=\"%s\"} %d\n", db_kind(x->c->db) == DB_SQLITE ? "sqlite" : "postgres", up);
	if (x->app->replica) {
		const struct counters *n = serve_counters();
		int64_t lag = n->replica_lag_ms;

		counter(b, "khue_replica_reads_total", "Pages read from the standby.", n->replica_reads);
		counter(b, "khue_replica_refused_total",
			"Pages that might have been, but were read from the primary: the standby was away, behind, or lacked "
			"a change of rights or the reader's own write.", n->replica_refused);
		gauge_begin(b, "khue_replica_lag_seconds", "What the standby lags behind at most; -1: it is away.");
		put_fmt(b, "khue_replica_lag_seconds %lld.%03d\n", (long long)(lag < 0 ? -1 : lag / 1000),
			(int)(lag < 0 ? 0 : lag % 1000));
	}
	gauge_begin(b, "khue_backup_age_seconds", "Since the last backup; -1: none was made.");
	put_fmt(b, "khue_backup_age_seconds %lld\n", (long long)backup_age_s(x));
	gauge_begin(b, "khue_build_info", "The version that runs.");
	put_fmt(b, "khue_build_info{version=\"%s\"} 1\n", KHUE_VERSION);
}

/* Prometheus text. Only to the machine itself, its own network, or whoever runs the installation. */
enum rc metrics_page(struct exchange *x)
{
	static const struct grant who[] = { { &operator_, &everywhere, READ }, { 0 } };
	const struct counters *n = serve_counters();
	uint64_t below = 0;
	struct buf *b;

	if (!near(x->r->remote) && !perm_grants(x->c, who))
		return E_MISSING;
	plain(x, 200, S(""));
	b = &x->p->body;
	counter(b, "khue_requests_total", "Requests answered.", n->requests);
	counter(b, "khue_errors_total", "Requests answered with 5xx.", n->errors);
	counter(b, "khue_bytes_total", "Bytes sent.", n->bytes);
	counter(b, "khue_sql_total", "SQL statements run for requests.", n->sql);
	counter(b, "khue_trouble_total",
		"Requests that the disk or the database could not serve: full, unwritable, damaged, away, in doubt.",
		n->trouble);
	counter(b, "khue_workers_started_total", "Workers started.", n->workers_started);
	counter(b, "khue_workers_died_total", "Workers that ended by a fault.", n->workers_died);
	counter(b, "khue_policy_reports_total", "Pages in which a browser met something our content policy forbids.",
		n->reports);
	put_z(b, "# HELP khue_status_total Answers by class of status.\n# TYPE khue_status_total counter\n");
	for (int i = 1; i < 6; i++)
		put_fmt(b, "khue_status_total{class=\"%dxx\"} %llu\n", i, (unsigned long long)n->by_status[i]);
	put_z(b, "# HELP khue_request_seconds Time to answer.\n# TYPE khue_request_seconds histogram\n");
	for (int i = 0; i < 12; i++) {
		unsigned us = counters_bound_us(i);

		below += n->bucket[i];
		if (us)
			put_fmt(b, "khue_request_seconds_bucket{le=\"%u.%06u\"} %llu\n", us / 1000000, us % 1000000,
				(unsigned long long)below);
		else
			put_fmt(b, "khue_request_seconds_bucket{le=\"+Inf\"} %llu\n", (unsigned long long)below);
	}
	put_fmt(b, "khue_request_seconds_sum %llu.%06llu\nkhue_request_seconds_count %llu\n",
		(unsigned long long)(n->busy_us / 1000000),
		(unsigned long long)(n->busy_us % 1000000), (unsigned long long)below);
	state_gauges(x, b);
	return OK;
}

/* An address without its query, which may name somebody. */
static const char *log_word(struct exchange *x, const cJSON *v)
{
	str s = v ? json_text(v) : S("");
	ptrdiff_t n = 0;

	while (n < s.n && n < 120 && s.p[n] != '?' && s.p[n] != '#')
		n++;
	return str_z(x->c->mem, str_sub(s, 0, n));
}

/* A browser tells what the content policy stopped: a mistake of ours, a browser's extension, or an attack. Only
 * counted and logged, and of sixty only ten are logged. */
enum rc policy_report_page(struct exchange *x)
{
	const char *bad;
	ptrdiff_t at;
	const cJSON *o = x->r->body.n < 16384 ? json_read(x->c->mem, x->r->body, &bad, &at) : NULL, *in = o
		? json_get(o, "csp-report") : NULL;
	uint64_t n = atomic_fetch_add(&serve_counters()->reports, 1);

	if (in && n % 60 < 10)
		log_line(LOG_WARN, "policy_report", "page", log_word(x, json_get(in, "document-uri")), "directive",
			log_word(x, json_get(in, "effective-directive")), "blocked", log_word(x, json_get(in, "blocked-uri")),
			NULL);
	plain(x, 204, S(""));
	return OK;
}

/* ---- a record changes hands ------------------------------------------------------------------------ */

enum rc carry(struct ctx *c, person_id who, org_id from, org_id to)
{
	for (const struct module *const *m = c->app->modules; *m; m++)
		if ((*m)->carry)
			TRY((*m)->carry(c, who, from, to));
	return OK;
}
