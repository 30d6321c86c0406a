/* cmd_migrate.c -- khue init and khue migrate. */
#include "app/boot.h"
#include "app/modules.h"
#include "base/calendar.h"
#include "core/migrate.h"
#include "core/planner.h"
#include "core/query.h"
#include "mod/org/units.h"
#include "mod/school/school.h"
#include <stdio.h>

static const struct tr
	MSG_ran = { "đã chạy {1}/{2}-{3}", "ran {1}/{2}-{3}" },
	MSG_none = { "Cơ sở dữ liệu đã ở phiên bản này.", "The database is at this version." },
	MSG_done = { "Đã chạy {1} bước di trú.", "Ran {1} migrations." },
	MSG_pending = { "Còn {1} bước di trú chưa chạy.", "{1} migrations have not run." },
	MSG_failed = { "Không nâng được cơ sở dữ liệu: {1}", "Cannot bring the database to this version: {1}" },
	MSG_no_module = { "Không có phân hệ \"{1}\".", "There is no module \"{1}\"." },
	MSG_registry = { "Khai báo của chương trình mâu thuẫn: {1}", "The program's declarations clash: {1}" },
	MSG_role = { "Không cấp quyền được cho vai trò {1}: {2}", "Cannot grant to the role {1}: {2}" },
	MSG_empty_alone = { "--empty chỉ đi với --draft.", "--empty goes with --draft only." },
	MSG_key = { "Đã tạo khóa bí mật {1}/secret. Hãy cất một bản sao ở nơi an toàn, tách khỏi bản sao lưu dữ liệu.",
	            "Created the secret key {1}/secret. Keep a copy in a safe place, apart from the data's backups." },
	MSG_ready = { "Hệ thống ở {1} đã sẵn sàng. Tiếp theo: khue user --help, rồi khue serve --data {1}",
	              "The installation in {1} is ready. Next: khue user --help, then khue serve --data {1}" };

struct telling { struct cli *c; int n; };

static void tell(void *arg, const struct migration *m)
{
	struct telling *t = arg;
	t->n++;
	SAYF(t->c, &MSG_ran, m->module, str_fmt(t->c->mem, "%03lld", (long long)m->number), m->name);
}

static enum rc run(struct cli *c, struct app *a, int *ret_ran)
{
	const struct migration *list;
	struct telling t = { .c = c };
	char why[256] = "";
	int n = migrations_embedded(c->mem, a->registry, &list);
	enum rc rc = migrate_run(a->db, c->mem, list, n, instant_now(), tell, &t, why);
	*ret_ran = t.n;
	if (rc == OK && (rc = planner_tell(a->registry, a->db, c->mem)) != OK)
		snprintf(why, sizeof why, "%s", db_why(a->db));
	if (rc != OK)
		BADF(c, rc, &MSG_failed, str_of(why));
	return rc;
}

static int pending(struct cli *c, struct app *a)
{
	const struct migration *list;
	char why[256] = "";
	int left = 0, n = migrations_embedded(c->mem, a->registry, &list);
	enum rc rc = migrate_pending(a->db, c->mem, list, n, &left, why);
	if (rc != OK)
		return BADF(c, rc, &MSG_failed, str_of(why));
	SAYF(c, &MSG_pending, str_fmt(c->mem, "%d", left));
	return left ? (int)E_STATE : 0;
}

/* --empty needs no database at all. */
static int draft(struct cli *c, const char *module, bool empty)
{
	struct app a = { 0 };
	struct buf b;
	char why[256] = "";
	enum rc rc = OK;
	buf_init(&b, c->mem, (size_t)16 << 20);
	if (empty)
		a.registry = registry_new(all_modules, why);
	else if ((rc = boot(c, &a, 0)) != OK)
		return (int)rc;
	if (!a.registry)
		return BADF(c, E_FAULT, &MSG_registry, str_of(why));
	const struct module *m = registry_module(a.registry, str_of(module));
	if (!m)
		rc = (enum rc)BADF(c, E_MISSING, &MSG_no_module, str_of(module));
	else if ((rc = migrate_draft(a.registry, m, a.db, c->mem, &b)) != OK)
		BADF(c, rc, &MSG_failed, str_of(a.db ? db_why(a.db) : ""));
	else
		printf("%.*s", FMT(buf_str(&b)));
	boot_end(&a);
	return (int)rc;
}

int cmd_migrate(struct cli *c)
{
	struct app a;
	const char *module = NULL, *role = NULL;
	bool count = cli_flag(c, "--pending"), empty = cli_flag(c, "--empty");
	cli_value(c, "--draft", &module);
	cli_value(c, "--role", &role);
	cli_end(c);
	if (module)
		return draft(c, module, empty);
	if (empty)
		return BAD(c, E_INVALID, &MSG_empty_alone);
	enum rc rc = boot(c, &a, 0);
	if (rc != OK)
		return (int)rc;
	int ran = 0, code = 0;
	if (count) {
		code = pending(c, &a);
	} else {
		code = (int)run(c, &a, &ran);
		if (code == 0 && ran)
			SAYF(c, &MSG_done, str_fmt(c->mem, "%d", ran));
		else if (code == 0)
			SAY(c, &MSG_none);
		if (code == 0 && role && (rc = db_grant(a.db, c->mem, role)) != OK)
			code = BADF(c, rc, &MSG_role, str_of(role), str_of(rc == E_INVALID ? "a-z 0-9 _" : db_why(a.db)));
	}
	boot_end(&a);
	return code;
}

enum rc boot_migrated(struct cli *c)
{
	struct app a;
	int ran;

	TRY(boot(c, &a, BOOT_SECRET));
	enum rc rc = run(c, &a, &ran);
	boot_end(&a);
	return rc;
}

/* What every installation needs to begin: administrative units of both eras, the subjects of the programme. */
static enum rc load_facts(struct cli *c, struct app *a)
{
	struct ctx *x = cli_ctx(c, a);
	const struct actor *who = as_system(x, "khue init loads the facts every installation needs");
	enum rc rc = db_begin(a->db);

	if (rc == OK)
		rc = org_load_facts(x);
	if (rc == OK)
		rc = school_load_facts(x);
	if (rc == OK)
		rc = db_commit(a->db);
	else
		db_rollback(a->db);
	as_actor(x, who);
	if (rc != OK)
		cli_problems(c, x, rc);
	return rc;
}

int cmd_init(struct cli *c)
{
	struct app a;
	bool fresh;
	int ran;
	cli_end(c);
	enum rc rc = boot_folder(c, &fresh);
	if (rc == OK)
		rc = boot(c, &a, BOOT_SECRET);
	if (rc != OK)
		return (int)rc;
	rc = run(c, &a, &ran);
	if (rc == OK)
		rc = load_facts(c, &a);
	boot_end(&a);
	if (rc != OK)
		return (int)rc;
	if (fresh)
		SAYF(c, &MSG_key, str_of(c->data));
	SAYF(c, &MSG_ready, str_of(c->data));
	return 0;
}
