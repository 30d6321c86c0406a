/* ops.c -- what machines that watch the server ask: is it up, can it work, what did it do. Nothing personal. */
#include "core/pages.h"
#include "core/roles.h"

static enum rc plain(struct exchange *x, int status, str text)
{
	buf_init(&x->p->body, x->r->mem, 1 << 16);
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

/* Ready: the database answers. A balancer takes a node out that is not. */
enum rc ready_page(struct exchange *x)
{
	int64_t one = 0;

	if (db_int(x->c->db, "SELECT 1", NULL, 0, &one) != OK || one != 1)
		return plain(x, 503, S("database\n"));
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
	if (!n)
		return OK;
	counter(b, "khue_requests_total", "Requests answered.", n->requests);
	counter(b, "khue_errors_total", "Requests answered with 5xx.", n->errors);
	counter(b, "khue_bytes_total", "Bytes sent.", n->bytes);
	counter(b, "khue_sql_total", "SQL statements run for requests.", n->sql);
	counter(b, "khue_workers_started_total", "Workers started.", n->workers_started);
	counter(b, "khue_workers_died_total", "Workers that ended by a fault.", n->workers_died);
	put_z(b, "# HELP khue_status_total Answers by class of status.\n# TYPE khue_status_total counter\n");
	for (int i = 1; i < 6; i++)
		put_fmt(b, "khue_status_total{class=\"%dxx\"} %llu\n", i, (unsigned long long)n->by_status[i]);
	put_z(b, "# HELP khue_request_seconds Time to answer.\n# TYPE khue_request_seconds histogram\n");
	for (int i = 0; i < 12; i++) {
		unsigned us = counters_bound_us(i);

		below += n->bucket[i];
		if (us)
			put_fmt(b, "khue_request_seconds_bucket{le=\"%u.%06u\"} %llu\n", us / 1000000, us % 1000000, (unsigned long long)below);
		else
			put_fmt(b, "khue_request_seconds_bucket{le=\"+Inf\"} %llu\n", (unsigned long long)below);
	}
	put_fmt(b, "khue_request_seconds_sum %llu.%06llu\nkhue_request_seconds_count %llu\n", (unsigned long long)(n->busy_us / 1000000),
		(unsigned long long)(n->busy_us % 1000000), (unsigned long long)below);
	return OK;
}
