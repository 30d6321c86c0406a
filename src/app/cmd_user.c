/* cmd_user.c -- khue user: accounts from the command line, for the first operator and for the day the door is shut. */
#include "app/boot.h"
#include "core/audit.h"
#include "core/query.h"
#include "mod/auth/auth.h"
#include <stdio.h>
#include <stdlib.h>

static const struct tr
	MSG_what = { "Cần một trong: add, reset, list, revoke-all. Xem: khue user --help",
		"One of: add, reset, list, revoke-all. See: khue user --help" },
	MSG_login = { "Thiếu tên đăng nhập.", "The login is missing." },
	MSG_no_login = { "Không có tài khoản \"{1}\".", "There is no account \"{1}\"." },
	MSG_no_role = { "Không có vai trò \"{1}\". Các vai trò:", "There is no role \"{1}\". The roles:" },
	MSG_no_org = { "Không có đơn vị nào mang tên trong địa chỉ \"{1}\".",
		"There is no unit with the address name \"{1}\"." },
	MSG_taken = { "Tên đăng nhập \"{1}\" đã có người dùng.", "The login \"{1}\" is taken." },
	MSG_code = { "{1}: mã dùng một lần {2} (dùng thay mật khẩu trong 3 ngày, sau đó hệ thống hỏi mật khẩu mới)",
	             "{1}: one-time code {2} (stands for the password for 3 days; a new password is asked for then)" },
	MSG_revoked = { "Đã kết thúc {1} phiên và thu hồi mọi mã kết nối.",
		"Ended {1} sessions and revoked every API token." },
	MSG_revoked_one = { "Đã kết thúc {1} phiên và thu hồi các mã kết nối của {2}.",
		"Ended {1} sessions and revoked the API tokens of {2}." },
	MSG_head = { "tên đăng nhập\ttên\ttình trạng\tđăng nhập gần nhất\thai bước",
		"login\tname\tstate\tlast sign-in\ttwo-step" },
	MSG_failed = { "Không thực hiện được: {1}", "Failed: {1}" };

static enum rc org_named(struct cli *c, struct ctx *x, const char *slug, org_id *ret)
{
	struct org o;
	enum rc rc;

	*ret = (org_id){ 0 };
	if (!slug)
		return OK;
	rc = find_one(x, &org, &o, IS({ offsetof(struct org, slug), v_text(str_of(slug)) }));
	if (rc == OK)
		ret->v = o.base.id;
	return rc == E_MISSING ? (enum rc)BADF(c, E_MISSING, &MSG_no_org, str_of(slug)) : rc;
}

static enum rc role_named(struct cli *c, struct ctx *x, const char *name, const struct role **ret)
{
	*ret = name ? registry_role(x->app->registry, str_of(name)) : NULL;
	for (const struct choice *r = seat_roles; *ret && r->code; r++)
		if (strcmp(r->code, name) == 0)
			return OK;
	if (!name)
		return OK;
	BADF(c, E_MISSING, &MSG_no_role, str_of(name));
	for (const struct choice *r = seat_roles; r->code; r++)
		fprintf(stderr, "  %-16s %s\n", r->code, c->lang == VI ? r->label.vi : r->label.en);
	return E_MISSING;
}

struct wish { const char *what, *login, *name, *role, *org; bool totp; };

static enum rc add(struct cli *c, struct ctx *x, const struct wish *w)
{
	struct new_account n = { .login = str_of(w->login), .name = str_of(w->name ? w->name : w->login) };
	int64_t id;
	str code;
	enum rc rc;

	TRY(org_named(c, x, w->org, &n.org));
	TRY(role_named(c, x, w->role, &n.role));
	rc = auth_demo(x, &n, 1, true, &id);
	if (rc == E_CONFLICT)
		return (enum rc)BADF(c, rc, &MSG_taken, n.login);
	TRY(rc);
	TRY(auth_reset(x, id, false, &code));
	SAYF(c, &MSG_code, n.login, code);
	return OK;
}

static enum rc reset(struct cli *c, struct ctx *x, const struct wish *w)
{
	struct account a;
	str code;
	enum rc rc = auth_find(x, str_of(w->login), &a);

	if (rc == E_MISSING)
		return (enum rc)BADF(c, rc, &MSG_no_login, str_of(w->login));
	TRY(rc);
	TRY(auth_reset(x, a.base.id, w->totp, &code));
	SAYF(c, &MSG_code, a.login, code);
	return OK;
}

static enum rc revoke(struct cli *c, struct ctx *x, const struct wish *w)
{
	struct account a = { 0 };
	int64_t n = 0;
	str count;
	enum rc rc = w->login ? auth_find(x, str_of(w->login), &a) : OK;

	if (rc == E_MISSING)
		return (enum rc)BADF(c, rc, &MSG_no_login, str_of(w->login));
	TRY(rc);
	TRY(auth_revoke(x, a.base.id, true, &n));
	TRY(audit(x, a.base.org, "account", a.base.id, "revoke_all", S("")));
	count = str_fmt(c->mem, "%lld", (long long)n);
	if (w->login)
		SAYF(c, &MSG_revoked_one, count, a.login);
	else
		SAYF(c, &MSG_revoked, count);
	return OK;
}

struct listed { int64_t id; str login, name, state; instant last; str totp; };
struct of_org { org_id org; };
#define ROW struct listed
static const struct shape listed = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(login) }, { COL(name) }, { COL(state) },
	{ COL(last) }, { COL(totp) }, END } };
#undef ROW
#define ROW struct of_org
static const struct shape of_org = { sizeof(ROW), FIELDS{ { .name = "org", .at = offsetof(ROW, org), .type = T_INT },
	END } };
#undef ROW

static enum rc list(struct cli *c, struct ctx *x, const struct wish *w)
{
	struct of_org in;
	items found;

	TRY(org_named(c, x, w->org, &in.org));
	TRY(query(x, "auth/accounts_list", &of_org, &in, &listed, &found, 1000000));
	SAY(c, &MSG_head);
	for (int64_t i = 0; i < found.n; i++) {
		const struct listed *a = (const struct listed *)found.p + i;

		printf("%.*s\t%.*s\t%.*s\t%.*s\t%s\n", FMT(a->login), FMT(a->name), FMT(a->state),
			FMT(a->last.v ? instant_iso(c->mem, a->last) : S("")),
		       a->totp.n ? "1" : "0");
	}
	return OK;
}

static const struct { const char *name; enum rc (*run)(struct cli *, struct ctx *, const struct wish *); bool login;
	} verbs[] = {
	{ "add", add, true }, { "reset", reset, true }, { "list", list, false }, { "revoke-all", revoke, false } };

static enum rc in_transaction(struct cli *c, struct app *a, int verb, const struct wish *w)
{
	struct ctx x;
	enum rc rc;

	ctx_start(&x, a, c->mem);
	x.who = &actor_system;
	x.lang = c->lang;
	x.reason = str_fmt(c->mem, "khue user %s", w->what);
	rc = db_begin(x.db);
	if (rc == OK)
		rc = verbs[verb].run(c, &x, w);
	if (rc == OK)
		rc = db_commit(x.db);
	if (rc != OK && db_depth(x.db))
		db_rollback(x.db);
	if (rc != OK && x.n_problems)
		cli_problems(c, &x, rc);
	else if (rc == E_FAULT || rc == E_BUSY)
		BADF(c, rc, &MSG_failed, str_of(db_why(x.db)));
	return rc;
}

int cmd_user(struct cli *c)
{
	struct wish w = { 0 };
	struct app a;
	enum rc rc;
	int verb = -1;

	cli_value(c, "--name", &w.name);
	cli_value(c, "--role", &w.role);
	cli_value(c, "--org", &w.org);
	w.totp = cli_flag(c, "--totp");
	w.what = cli_next(c);
	w.login = cli_next(c);
	cli_end(c);
	for (int i = 0; w.what && i < (int)COUNT(verbs); i++)
		if (strcmp(verbs[i].name, w.what) == 0)
			verb = i;
	if (verb < 0)
		return BAD(c, E_INVALID, &MSG_what);
	if (verbs[verb].login && !w.login)
		return BAD(c, E_INVALID, &MSG_login);
	rc = boot(c, &a, BOOT_SCHEMA | BOOT_SECRET);
	if (rc != OK)
		return (int)rc;
	rc = in_transaction(c, &a, verb, &w);
	boot_end(&a);
	return (int)rc;
}
