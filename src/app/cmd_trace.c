/* cmd_trace.c -- khue trace: whose download a file was, by the code it carries (core/stamp.h). */
#include "app/boot.h"
#include "core/stamp.h"
#include "core/registry.h"
#include "mod/auth/auth.h"

static const struct tr
	MSG_code = { "Cần mã tệp, ví dụ: khue trace KX-0123-4567-89A",
		"A file code is needed, such as: khue trace KX-0123-4567-89A" },
	MSG_none = { "Không có lần xuất nào mang mã {1}.", "No download carries the code {1}." },
	MSG_failed = { "Không đọc được nhật ký xem: {1}", "Cannot read the log of reads: {1}" },
	MSG_found = { "{1}: {2} dòng của “{3}”, lấy lúc {4} bởi {5}, đơn vị: {6}",
		"{1}: {2} rows of “{3}”, taken at {4} by {5}, unit: {6}" },
	MSG_acted = { "  đóng vai bởi {1}", "  acted as by {1}" },
	MSG_agreed = { "  đề nghị số {1}, duyệt bởi {2}", "  request {1}, agreed to by {2}" };

enum { HOUR_MS = 3600000, DAY_MS = 86400000 };
struct download { int64_t rows, at, user, impersonator, org; str entity; };

/* A stamp is made when its file is asked for, and its rows are read at most a day later. */
static enum rc look(struct ctx *c, int64_t stamp, struct download *ret)
{
	struct rows r;
	bool found;

	TRY(db_query(c->db, "SELECT SUM(n), MIN(at), MIN(user_id), MIN(impersonator), MIN(org), MIN(entity) FROM seen "
		"WHERE at >= ?1 AND at <= ?2 AND stamp = ?3",
		VALS(v_int(stamp_time(stamp).v - HOUR_MS), v_int(stamp_time(stamp).v + DAY_MS), v_int(stamp)), &r));
	found = rows_next(&r) && !rows_null(&r, 0);
	if (found)
		*ret = (struct download){ rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3), rows_int(&r, 4),
			str_copy(c->mem, rows_text(&r, 5)) };
	TRY(rows_end(&r));
	return found ? OK : E_MISSING;
}

static str login_of(struct ctx *c, int64_t id)
{
	struct account a;

	return find(c, &account, id, &a) == OK ? a.login : S("-");
}

static enum rc tell(struct cli *cli, struct ctx *c, int64_t stamp)
{
	struct download d;
	struct takeout t;
	str code = stamp_code(c->mem, stamp);
	const struct meta *m;

	TRY(look(c, stamp, &d));
	m = registry_entity(c->app->registry, d.entity);
	SAYF(cli, &MSG_found, code, str_fmt(c->mem, "%lld", (long long)d.rows), m ? say(c, &m->e->label) : d.entity,
		instant_text(c->mem, (instant){ d.at }), title_of(c, &account, d.user),
		d.org ? title_of(c, &org, d.org) : S("-"));
	if (d.impersonator)
		SAYF(cli, &MSG_acted, login_of(c, d.impersonator));
	if (find_one(c, &takeout, &t, IS({ offsetof(struct takeout, code), v_text(code) })) == OK)
		SAYF(cli, &MSG_agreed, str_fmt(c->mem, "%lld", (long long)t.base.id), login_of(c, t.decider.v));
	return OK;
}

int cmd_trace(struct cli *c)
{
	const char *code = cli_next(c);
	struct app a;
	struct ctx *x;
	int64_t stamp;

	cli_end(c);
	if (!code || !stamp_read(str_of(code), &stamp))
		return BAD(c, E_INVALID, &MSG_code);
	enum rc rc = boot(c, &a, BOOT_SCHEMA | BOOT_SECRET);
	if (rc != OK)
		return (int)rc;
	x = cli_ctx(c, &a);
	x->who = &actor_system;
	rc = tell(c, x, stamp);
	if (rc == E_MISSING)
		BADF(c, rc, &MSG_none, stamp_code(x->mem, stamp));
	else if (rc != OK)
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	boot_end(&a);
	return (int)rc;
}
