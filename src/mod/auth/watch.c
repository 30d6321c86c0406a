/* watch.c -- against theft in bulk: every minute, who has read more personal records in an hour than he usually does.
 *
 * Usual is the mean of the hours of the last two weeks in which somebody read at all, and at least what the setting
 * reads_usual says. At reads_alarm times that, the office of his unit and of those above is told, once in six hours; at
 * reads_stop records read (not exported) his sessions end and the account is suspended until somebody has looked. */
#include "base/log.h"
#include "core/crud.h"
#include "core/page.h"
#include "mod/auth/auth_in.h"

#define HOUR_MS 3600000LL
#define QUIET_MS (6 * HOUR_MS)
#define FORTNIGHT_MS (14 * 24 * HOUR_MS)
enum { USUAL = 1000, UNIT_TIMES = 5 /* of one reader's, for a whole unit */, TIMES = 3, STOP = 20000, READERS = 200 };

static const struct tr
	MSG_reader = { "{1} đã xem {2} hồ sơ cá nhân trong một giờ, bình thường là {3}. Hãy hỏi lý do.",
	               "{1} has read {2} personal records in an hour; {3} is usual. Ask why." },
	MSG_unit = { "{1}: {2} hồ sơ cá nhân đã được xem trong một giờ, bình thường là {3}.",
		"{1}: {2} personal records were read in an hour; {3} is usual." },
	MSG_stopped = { "Tài khoản {1} bị tạm khóa vì đã xem {2} hồ sơ cá nhân trong một giờ.",
		"The account {1} is suspended: it read {2} personal records in an hour." };

struct window_in { instant since, until; int64_t account, org, least; };
struct reader { int64_t account, org, n, read; };
struct usual { int64_t n, hours; };
struct key_in { str key; instant fresh, until; };
#define ROW struct window_in
static const struct shape window_in = { sizeof(ROW), FIELDS{ { COL(since) }, { COL(until) }, { COL(account) },
	{ COL(org) }, { COL(least) }, END } };
#undef ROW
#define ROW struct reader
static const struct shape reader = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(org) }, { COL(n) }, { COL(read) },
	END } };
#undef ROW
#define ROW struct usual
static const struct shape usual = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(hours) }, END } };
#undef ROW
#define ROW struct key_in
static const struct shape key_in = { sizeof(ROW), FIELDS{ { COL(key) }, { COL(fresh) }, { COL(until) }, END } };
#undef ROW

static str number(struct ctx *c, int64_t n)
{
	return TEXT(c, "%lld", (long long)n);
}

/* False: an alarm of this kind has been raised within six hours. */
static bool first_alarm(struct ctx *c, char kind, int64_t id)
{
	struct key_in in = { TEXT(c, "w%c:%lld", kind, (long long)id), { c->now.v - QUIET_MS }, { 0 } };
	int64_t n = 0;

	return query_int(c, "auth/throttle_put", &key_in, &in, &n) == OK && n == 1;
}

/* The heads and keepers of the unit, the officers of those above it. Who keeps accounts is led to the one concerned (0:
 * to all), a leader, who reads none, to the unit. */
enum rc tell_keepers(struct ctx *c, org_id at, int64_t account_, const struct tr *text, const str *args, int n)
{
	static const struct role *const whom[] = { &principal, &it_officer, &dept_officer, &bureau_leader, &dept_leader };
	enum { KEEPERS = 3 };
	str one = account_ ? TEXT(c, "/account/%lld", (long long)account_) : S("/account"),
		unit = TEXT(c, "/org/%lld", (long long)at.v);
	struct org_crumb *above;
	int k;

	TRY(orgs_above(c, at, &above, &k));
	for (int i = 0; i < k; i++)
		for (ptrdiff_t r = 0; r < COUNT(whom); r++)
			TRY(notify_role(c, whom[r], (org_id){ above[i].id }, text, args, n, r < KEEPERS ? one : unit));
	return OK;
}

static enum rc usual_of(struct ctx *c, const char *query_name, int64_t account_, int64_t org_, int64_t least,
	int64_t *ret)
{
	struct window_in in = { { c->now.v - FORTNIGHT_MS }, { c->now.v - HOUR_MS }, account_, org_, 0 };
	struct usual u = { 0 };

	TRY(query_one(c, query_name, &window_in, &in, &usual, &u));
	*ret = u.hours && u.n / u.hours > least ? u.n / u.hours : least;
	return OK;
}

static enum rc stop(struct ctx *c, const struct reader *r)
{
	struct account a;

	TRY(find(c, &account, r->account, &a));
	if (a.state != ACCOUNT_ACTIVE)
		return OK;
	c->reason = sayf(c, &MSG_stopped, ARGS(a.name, number(c, r->read)));
	TRY(step(c, &account, &a, "suspend"));
	return tell_keepers(c, a.base.org, a.base.id, &MSG_stopped, ARGS(a.name, number(c, r->read)));
}

static enum rc weigh_reader(struct ctx *c, const struct reader *r, int64_t times)
{
	int64_t least = setting_int(c, &mod_auth, "reads_usual", (org_id){ r->org }, USUAL),
		most = setting_int(c, &mod_auth, "reads_stop", (org_id){ r->org }, STOP), is;
	str name;

	if (most && r->read > most)
		TRY(stop(c, r));
	TRY(usual_of(c, "auth/usual_reader", r->account, 0, least, &is));
	if (r->n <= times * is || !first_alarm(c, 'a', r->account))
		return OK;
	name = title_of(c, &account, r->account);
	log_line(LOG_WARN, "reads_alarm", "account", str_z(c->mem, number(c, r->account)), "records",
		str_z(c->mem, number(c, r->n)), NULL);
	TRY(audit(c, (org_id){ r->org }, "account", r->account, "reads_alarm", TEXT(c, "%lld/%lld", (long long)r->n,
		(long long)is)));
	return tell_keepers(c, (org_id){ r->org }, r->account, &MSG_reader, ARGS(name, number(c, r->n), number(c, is)));
}

static enum rc weigh_unit(struct ctx *c, const struct reader *r, int64_t times)
{
	int64_t least = UNIT_TIMES * setting_int(c, &mod_auth, "reads_usual", (org_id){ r->org }, USUAL), is;

	TRY(usual_of(c, "auth/usual_unit", 0, r->org, least, &is));
	if (r->n <= times * is || !first_alarm(c, 'o', r->org))
		return OK;
	TRY(audit(c, (org_id){ r->org }, "org", r->org, "reads_alarm", TEXT(c, "%lld/%lld", (long long)r->n,
		(long long)is)));
	return tell_keepers(c, (org_id){ r->org }, 0, &MSG_unit,
		ARGS(title_of(c, &org, r->org), number(c, r->n), number(c, is)));
}

enum rc auth_watch(struct ctx *c, void *row)
{
	struct window_in in = { .since = { c->now.v - HOUR_MS }, .until = c->now, .least = 100 };
	items found;

	(void)row;
	TRY(query(c, "auth/readers", &window_in, &in, &reader, &found, READERS));
	for (int64_t i = 0; i < found.n; i++) {
		const struct reader *r = (const struct reader *)found.p + i;
		int64_t times = setting_int(c, &mod_auth, "reads_alarm", (org_id){ r->org }, TIMES);

		if (times)
			TRY(weigh_reader(c, r, times));
	}
	TRY(query(c, "auth/reading_units", &window_in, &in, &reader, &found, READERS));
	for (int64_t i = 0; i < found.n; i++) {
		const struct reader *r = (const struct reader *)found.p + i;
		int64_t times = setting_int(c, &mod_auth, "reads_alarm", (org_id){ r->org }, TIMES);

		if (times)
			TRY(weigh_unit(c, r, times));
	}
	return OK;
}

/* ---- how long it is kept -------------------------------------------------------------------------- */

#define YEAR_MS (INT64_C(36525) * 864000)
enum { UNITS_MOST = 20000 };

struct unit { int64_t org; };
#define ROW struct unit
static const struct shape unit_shape = { sizeof(ROW), FIELDS{ { COL(org) }, END } };
#undef ROW

enum rc reads_forget(struct ctx *c)
{
	struct window_in in = { .until = { c->now.v - YEAR_MS } };
	items found;

	TRY(query(c, "auth/reading_orgs", &window_in, &in, &unit_shape, &found, UNITS_MOST));
	for (int64_t i = 0; i < found.n; i++) {
		org_id at = { ((const struct unit *)found.p + i)->org };
		int64_t years = setting_int(c, &mod_auth, "reads_kept", at, 0), n = 0;

		in.org = at.v;
		in.until.v = c->now.v - years * YEAR_MS;
		if (years > 0)
			TRY(execute(c, "auth/tidy_reads", &window_in, &in, &n));
		if (n)
			TRY(audit(c, at, "org", at.v, "reads_forgotten", number(c, n)));
	}
	return OK;
}
