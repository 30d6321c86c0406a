/* cmd_job.c -- khue job: the queue from the command line. */
#include "app/boot.h"
#include "core/job.h"
#include <stdio.h>

static const struct tr
	MSG_what = { "Cần một trong: list, run, cancel MÃ, again MÃ. Xem: khue job --help",
		"One of: list, run, cancel ID, again ID. See: khue job --help" },
	MSG_id = { "\"{1}\" không phải mã công việc.", "\"{1}\" is not the id of a job." },
	MSG_none = { "Không có công việc mang mã {1}.", "There is no job {1}." },
	MSG_head = { "mã\tcông việc\ttình trạng\tlần thử\txong\ttổng\tđến hạn\tvì sao",
		"id\tjob\tstate\ttries\tdone\ttotal\tdue\twhy" },
	MSG_ran = { "Đã chạy {1} công việc.", "Ran {1} jobs." },
	MSG_cancelled = { "Đã yêu cầu dừng công việc {1}.", "Asked job {1} to stop." },
	MSG_again = { "Công việc {1} sẽ chạy lại.", "Job {1} will run again." },
	MSG_failed = { "Không thực hiện được: {1}", "Failed: {1}" };

/* The newest first; ended ones only when asked for. */
static enum rc list(struct cli *c, struct ctx *x, bool all)
{
	struct rows r;
	TRY(db_query(x->db,
		     "SELECT id, name, state, tries, done, total, due, problem FROM job "
		     "WHERE ?1 = 1 OR ended = 0 OR state = 'failed' ORDER BY id DESC LIMIT 1000",
		     VALS(v_int(all)), &r));
	SAY(c, &MSG_head);
	while (rows_next(&r))
		printf("%lld\t%.*s\t%.*s\t%lld\t%lld\t%lld\t%.*s\t%.*s\n", (long long)rows_int(&r, 0),
		       FMT(rows_text(&r, 1)), FMT(rows_text(&r, 2)), (long long)rows_int(&r, 3),
		       (long long)rows_int(&r, 4), (long long)rows_int(&r, 5),
		       FMT(instant_iso(c->mem, (instant){ rows_int(&r, 6) })), FMT(rows_text(&r, 7)));
	return rows_end(&r);
}

static enum rc change(struct cli *c, struct ctx *x, bool again)
{
	const char *text = cli_next(c);
	int64_t id;
	if (!text || !str_to_int(str_of(text), &id))
		return (enum rc)BADF(c, E_INVALID, &MSG_id, str_of(text ? text : ""));
	cli_end(c);
	enum rc rc = again ? job_again(x, id) : job_cancel(x, id);
	if (rc == E_MISSING)
		return (enum rc)BADF(c, rc, &MSG_none, str_of(text));
	if (rc == OK)
		SAYF(c, again ? &MSG_again : &MSG_cancelled, str_of(text));
	return rc;
}

static enum rc run(struct cli *c, struct app *a)
{
	cli_end(c);
	SAYF(c, &MSG_ran, str_fmt(c->mem, "%d", jobs_run_due(a)));
	return OK;
}

static enum rc act(struct cli *c, struct app *a, struct ctx *x, const char *what)
{
	bool all = cli_flag(c, "--all");
	if (strcmp(what, "run") == 0)
		return run(c, a);
	if (strcmp(what, "cancel") == 0 || strcmp(what, "again") == 0)
		return change(c, x, *what == 'a');
	if (strcmp(what, "list") != 0)
		return (enum rc)BAD(c, E_INVALID, &MSG_what);
	cli_end(c);
	return list(c, x, all);
}

int cmd_job(struct cli *c)
{
	struct app a;
	const char *what = cli_next(c);
	if (!what)
		return BAD(c, E_INVALID, &MSG_what);
	enum rc rc = boot(c, &a, BOOT_SCHEMA | BOOT_SECRET | BOOT_PAGES);
	if (rc != OK)
		return (int)rc;
	struct ctx *x = cli_ctx(c, &a);
	x->who = &actor_system;
	rc = act(c, &a, x, what);
	if (rc != OK && x->n_problems)
		cli_problems(c, x, rc);
	else if (rc >= E_LIMIT)
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	boot_end(&a);
	return (int)rc;
}
