/* cmd_check.c -- khue check: declarations, and with --drift the database. */
#include "app/boot.h"
#include "app/modules.h"
#include "core/check.h"
#include "core/ddl.h"
#include <stdio.h>

static const struct tr
	MSG_clean = { "Không có lỗi nào.", "Nothing found." },
	MSG_count = { "{1} lỗi.", "{1} findings." },
	MSG_failed = { "Không kiểm tra được cơ sở dữ liệu: {1}", "Cannot check the database: {1}" };

struct telling { struct cli *c; int n; };

static void tell(void *arg, const struct finding *f)
{
	struct telling *t = arg;
	t->n++;
	printf("E%d %.*s: %.*s\n", f->code, FMT(f->where), FMT(t->c->lang == VI ? f->vi : f->en));
}

static void tell_drift(void *arg, str what, str mend)
{
	struct telling *t = arg;
	(void)mend;
	t->n++;
	printf("DB %.*s\n", FMT(what));
}

static enum rc check_database(struct cli *c, struct telling *t)
{
	struct app a;
	TRY(boot(c, &a, BOOT_SCHEMA));
	enum rc rc = ddl_compare(a.registry, NULL, a.db, c->mem, tell_drift, t);
	if (rc == OK)
		rc = ddl_orphans(a.registry, a.db, c->mem, tell_drift, t);
	if (rc != OK)
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	boot_end(&a);
	return rc;
}

int cmd_check(struct cli *c)
{
	struct telling t = { .c = c };
	bool database = cli_flag(c, "--drift");
	cli_end(c);
	check_all(all_modules, &check_embedded, c->mem, tell, &t);
	enum rc rc = database ? check_database(c, &t) : OK;
	if (rc != OK)
		return (int)rc;
	if (t.n)
		SAYF(c, &MSG_count, str_fmt(c->mem, "%d", t.n));
	else
		SAY(c, &MSG_clean);
	return t.n ? (int)E_STATE : 0;
}
