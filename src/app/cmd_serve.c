/* cmd_serve.c -- khue serve: workers that answer, one process for jobs. Each opens a database of its own. */
#include "app/backup/depot.h"
#include "core/confine.h"
#include "core/dispatch.h"
#include "core/job.h"
#include "core/reads.h"
#include "core/replica.h"
#include "app/modules.h"
#include "web/http.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct tr
	MSG_pages = { "Mẫu trang có lỗi: {1}", "A page template is wrong: {1}" },
	MSG_address = { "Khuê phục vụ ở http://{1}  (Ctrl+C để dừng)", "Khuê serves at http://{1}  (Ctrl+C stops it)" },
	MSG_two = { "Chỉ dùng một trong hai: --listen hoặc --port.", "Use either --listen or --port." };

struct serving { struct cli *cli; struct arena mem; int workers; int64_t lag_ms; };

/* From here on this process starts no program and writes nowhere but in the installation's folders. */
static void shut_in(struct cli *c)
{
	const char *temp = getenv("TMPDIR"), *slash = strrchr(c->where, '/');
	bool file = !strstr(c->where, "://");
	const char *folders[] = { c->data, temp && *temp ? temp : "/tmp",
		!file ? c->data : slash ? str_z(c->mem, (str){ c->where, slash - c->where + 1 }) : "." };

	confine(folders, (int)COUNT(folders));
}

/* In a worker, before its first request. */
static enum rc worker_start(void **ret, void *arg, int worker)
{
	struct serving *s = arg;
	struct app *a = NEW(&s->mem, struct app);
	char why[256] = "";

	TRY(boot(s->cli, a, BOOT_SCHEMA | BOOT_SECRET | BOOT_SERVE | (worker >= 0 ? BOOT_PROMPT : 0)));
	a->test = getenv("KHUE_TEST") != NULL;
	a->workers = s->workers;
	if (!pages_open(a, why)) {
		BADF(s->cli, E_FAULT, &MSG_pages, str_of(why));
		boot_end(a);
		return E_FAULT;
	}
	if (worker >= 0 && s->cli->read && !(a->replica = replica_new(s->cli->read, s->lag_ms))) {
		boot_end(a);
		return E_BUSY;
	}
	replica_tick(a);
	shut_in(s->cli);
	*ret = a;
	return OK;
}

static void worker_tick(void *app)
{
	reads_flush(app, false);
	replica_tick(app);
}

static void worker_stop(void *app)
{
	reads_flush(app, true);
	pages_close(app);
	boot_end(app);
}

static bool jobs_process(void *arg)
{
	void *app;

	if (worker_start(&app, arg, -1) != OK)
		return false;
	bool again = jobs_work(app);
	worker_stop(app);
	return again;
}

int cmd_serve(struct cli *c)
{
	const char *listen = NULL, *proxy = NULL;
	struct app trial;
	struct serving s = { .cli = c };
	int64_t port = cli_number(c, "--port", 0, 1, 65535);
	struct serve_options o = { .handle = dispatch, .start = worker_start, .stop = worker_stop, .tick = worker_tick,
		.jobs = jobs_process, .arg = &s };
	char address[64] = "127.0.0.1:8080";

	if (cli_value(c, "--listen", &listen) && port)
		return BAD(c, E_INVALID, &MSG_two);
	if (port)
		snprintf(address, sizeof address, "127.0.0.1:%d", (int)port);
	cli_value(c, "--proxy", &proxy);
	s.lag_ms = cli_number(c, "--db-lag", 3000, 0, 60000);
	o.workers = (int)cli_number(c, "--workers", 0, 0, 256);
	s.workers = o.workers > 0 ? o.workers : (int)sysconf(_SC_NPROCESSORS_ONLN) * 2;
	o.gzip = (int)cli_number(c, "--gzip", listen && strncmp(listen, "unix:", 5) == 0 ? 0 : 1, 0, 9);
	o.listen = listen ? listen : address;
	o.trusted_proxy = proxy;
	cli_end(c);
	arena_init(&s.mem, (size_t)64 << 20);
	enum rc rc = check_start(c);
	if (rc == OK)
		rc = boot(c, &trial, BOOT_SCHEMA | BOOT_SECRET);      /* what is wrong is said once, here */
	if (rc != OK)
		return (int)rc;
	boot_end(&trial);
	/* held by every process until the last has ended: restore and move wait for that */
	int serving;
	if ((rc = serving_begin(c, &serving)) != OK)
		return (int)rc;
	SAYF(c, &MSG_address, str_of(o.listen));
	fflush(stdout);
	return serve(&o);
}
