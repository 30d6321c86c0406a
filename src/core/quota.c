/* quota.c -- how much people may send: a person in a day, a unit in all. Files that Khuê makes do not count. */
#include "core/files.h"
#include "core/app.h"
#include "core/registry.h"

#define MB (INT64_C(1) << 20)
/* Below these nobody's setting is asked: an ordinary upload costs one statement. Settings are never lower. */
enum { LEAST_FILES = 20, LEAST_MB = 100, LEAST_UNIT_MB = 1000, DAY_FILES = 300, DAY_MB = 1000, UNIT_MB = 20000 };

static const struct tr
	MSG_files = { "Hôm nay bạn đã gửi {1} tệp, hết hạn mức trong ngày. Hãy gửi tiếp ngày mai, hoặc nhờ quản trị "
		"nâng hạn mức ở Cài đặt.",
		"You have sent {1} files today, as many as a day allows. Go on tomorrow, or ask the administrator for more in "
		"the settings." },
	MSG_day = { "Hôm nay bạn đã gửi {1} MB; tệp này vượt hạn mức {2} MB một ngày. Hãy gửi ngày mai, hoặc nhờ quản trị "
		"nâng hạn mức ở Cài đặt.",
		"You have sent {1} MB today; this file goes beyond the {2} MB of a day. Send it tomorrow, or ask the "
		"administrator for more in the settings." },
	MSG_unit = { "Đơn vị đã giữ {1} MB tệp; tệp này vượt hạn mức {2} MB. Hãy nhờ quản trị dọn bớt hoặc nâng hạn mức ở "
		"Cài đặt.",
		"The unit keeps {1} MB of files; this one goes beyond its {2} MB. Ask the administrator to clear some or to "
		"raise the limit in the settings." };

/* Of whichever module declares the setting. */
static int64_t limit_of(struct ctx *c, const char *name, org_id org, int64_t least, int64_t otherwise)
{
	const struct registry *g = c->app->registry;
	int64_t v = otherwise;

	for (int i = 0; i < g->n_modules; i++)
		if (g->modules[i]->settings && field_named(g->modules[i]->settings->fields, str_of(name)))
			v = setting_int(c, g->modules[i], name, org, otherwise);
	return v > least ? v : least;
}

static str mb(struct ctx *c, int64_t bytes)
{
	return TEXT(c, "%lld", (long long)((bytes + MB - 1) / MB));
}

struct sent { int64_t files, day, unit; };

static enum rc sent_so_far(struct ctx *c, org_id org, struct sent *ret)
{
	struct rows r;
	int64_t since = ((int64_t)c->today.v * 86400 - HM(7, 0)) * 1000;         /* midnight in Vietnam */

	TRY(db_query(c->db, "SELECT (SELECT COUNT(*) FROM file WHERE made_by = ?1 AND made >= ?2 AND scan <> 'own'), "
		"(SELECT COALESCE(SUM(size), 0) FROM file WHERE made_by = ?1 AND made >= ?2 AND scan <> 'own'), "
		"(SELECT COALESCE(SUM(size), 0) FROM file WHERE org = ?3 AND scan <> 'own')",
		VALS(v_int(c->who->user.v), v_int(since), v_int(org.v)), &r));
	if (rows_next(&r))
		*ret = (struct sent){ rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2) };
	return rows_end(&r);
}

enum rc upload_room(struct ctx *c, org_id org, int64_t size, col at)
{
	struct sent s = { 0 };
	int64_t most;

	if (c->who->system || !c->who->user.v)
		return OK;
	TRY(sent_so_far(c, org, &s));
	if (s.files >= LEAST_FILES && s.files >= (most = limit_of(c, "upload_files_day", org, LEAST_FILES, DAY_FILES)))
		return FAILF(c, E_INVALID, at, &MSG_files, TEXT(c, "%lld", (long long)s.files));
	if (s.day + size > LEAST_MB * MB && s.day + size > (most = limit_of(c, "upload_mb_day", org, LEAST_MB,
		DAY_MB)) * MB)
		return FAILF(c, E_INVALID, at, &MSG_day, mb(c, s.day), TEXT(c, "%lld", (long long)most));
	if (s.unit + size > LEAST_UNIT_MB * MB && s.unit + size > (most = limit_of(c, "upload_mb_unit", org, LEAST_UNIT_MB,
		UNIT_MB)) * MB)
		return FAILF(c, E_INVALID, at, &MSG_unit, mb(c, s.unit), TEXT(c, "%lld", (long long)most));
	return OK;
}
