/* spread.c -- from a notice to what goes out: a delivery per channel its reader chose, due now or when the quiet hours
 * end. The notice is marked in the same transaction, so that none is spread twice. */
#include "mod/channel/channel_in.h"
#include "base/log.h"
#include <stdlib.h>

enum { BATCH = 200, BATCHES = 100, BROWSERS = 10, UNITS = 32 };
#define MINUTE_MS INT64_C(60000)
#define DAY_MS    INT64_C(86400000)
#define ZONE_MS   (INT64_C(7) * 3600000)

struct waiting { int64_t id, account, org; str kind; bool urgent; int64_t about; str sms, zalo, vi, en, link;
	int64_t account_org, person; str email, phone; int64_t channels, since, until, details; str lang;
	int64_t browsers; };
#define ROW struct waiting
static const struct shape waiting_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(account) }, { COL(org) },
	{ COL(kind) }, { COL(urgent) }, { COL(about) }, { COL(sms) }, { COL(zalo) }, { COL(vi) }, { COL(en) },
	{ COL(link) },
	{ COL(account_org) }, { COL(person) }, { COL(email) }, { COL(phone) }, { COL(channels) }, { COL(since) },
	{ COL(until) }, { COL(details) }, { COL(lang) }, { COL(browsers) }, END } };
#undef ROW
struct of { int64_t id, account; };
#define ROW struct of
static const struct shape of_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(account) }, END } };
#undef ROW
struct browser { int64_t id; str endpoint; };
#define ROW struct browser
static const struct shape browser_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(endpoint) }, END } };
#undef ROW
/* What units say, looked up once a round. */
struct unit { int64_t org; int since, until; };
struct round { struct unit units[UNITS]; int n; bool sms, zalo; };

instant quiet_ends(instant now, int since, int until)
{
	int64_t today = (now.v + ZONE_MS) / DAY_MS * DAY_MS - ZONE_MS, minute = (now.v - today) / MINUTE_MS;
	bool quiet = since <= until ? minute >= since && minute < until : minute >= since || minute < until;

	if (!quiet || since == until)
		return now;
	return (instant){ today + until * MINUTE_MS + (minute >= until ? DAY_MS : 0) };
}

static const struct unit *unit_of(struct ctx *c, struct round *r, org_id org_)
{
	struct unit *u = r->units;

	while (u < r->units + r->n && u->org != org_.v)
		u++;
	if (u < r->units + r->n)
		return u;
	if (r->n == UNITS)
		r->n = 0;
	u = &r->units[r->n++];
	*u = (struct unit){ org_.v, QUIET_SINCE, QUIET_UNTIL };
	hour_read(setting(c, &mod_channel, "quiet_since", org_), &u->since);
	hour_read(setting(c, &mod_channel, "quiet_until", org_), &u->until);
	return u;
}

static enum rc put_one(struct ctx *c, const struct waiting *w, struct delivery d, enum channel channel, str address,
	str body)
{
	d.channel = (pick)channel;
	d.address = address;
	d.body = body;
	d.base.org.v = w->org ? w->org : w->account_org;
	d.person.v = w->person;
	d.urgent = w->urgent;
	d.notice = w->id;
	d.about = w->about;
	d.account = w->account;
	d.link = w->link;
	return create(c, &delivery, &d);
}

static enum rc put_browsers(struct ctx *c, const struct waiting *w, const struct delivery *d, str text)
{
	items got;

	TRY(query(c, "channel/browsers", &of_shape, &(struct of){ .account = w->account }, &browser_shape, &got, BROWSERS));
	for (int64_t i = 0; i < got.n; i++) {
		const struct browser *b = (const struct browser *)got.p + i;
		struct delivery one = *d;
		one.carrier = b->id;
		TRY(put_one(c, w, one, BY_PUSH, b->endpoint, text));
	}
	return OK;
}

static bool mail_on(void)
{
	const char *server = getenv("KHUE_SMTP");
	return server && *server;
}

static int kind_of(str code)
{
	int k = 0;

	while (told_kinds[k].code && !str_is(code, told_kinds[k].code))
		k++;
	return told_kinds[k].code ? k : NOTE_WORK;
}

static enum rc spread_one(struct ctx *c, struct round *r, const struct waiting *w)
{
	int kind = kind_of(w->kind);
	int64_t by = w->channels < 0 ? channels_by_default(kind) : w->channels;
	const struct unit *u = unit_of(c, r, (org_id){ w->account_org ? w->account_org : w->org });
	struct delivery d;
	str text = str_is(w->lang, "en") ? w->en : w->vi;

	row_zero(&delivery, &d);
	d.kind = (pick)kind;
	d.due = w->urgent ? c->now : quiet_ends(c->now, w->since < 0 ? u->since : (int)w->since,
		w->until < 0 ? u->until : (int)w->until);
	if (by & CAN_EMAIL && w->account && w->email.n && mail_on())
		TRY(put_one(c, w, d, BY_EMAIL, w->email, text));
	if (by & CAN_PUSH && w->browsers && push_on())
		TRY(put_browsers(c, w, &d, w->details ? text : S("")));
	if (by & CAN_SMS && w->sms.n && w->phone.n && r->sms) {
		int parts = sms_parts(w->sms);
		d.parts = parts;
		d.cost.v = parts * sms_price(c, (org_id){ w->org ? w->org : w->account_org }).v;
		TRY(put_one(c, w, d, BY_SMS, w->phone, w->sms));
	}
	if (by & CAN_ZALO && w->zalo.n && w->phone.n && r->zalo) {
		d.parts = 1;
		d.cost = zalo_price(c, (org_id){ w->org ? w->org : w->account_org });
		TRY(put_one(c, w, d, BY_ZALO, w->phone, w->zalo));
	}
	return execute(c, "channel/spread_done", &of_shape, &(struct of){ .id = w->id }, NULL);
}

/* One that cannot be spread stands under the bell only, and holds up no other. */
static enum rc spread_or_leave(struct ctx *c, struct round *r, const struct waiting *w)
{
	TRY(db_begin(c->db));
	enum rc rc = spread_one(c, r, w);
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	if (rc == E_BUSY || rc == E_FAULT)
		return rc;
	log_line(LOG_WARN, "notice not spread", "id", str_z(c->mem, TEXT(c, "%lld", (long long)w->id)), "why",
		c->n_problems ? str_z(c->mem, c->problems[c->n_problems - 1].text) : "", NULL);
	c->n_problems = 0;
	c->rc = OK;
	return execute(c, "channel/spread_done", &of_shape, &(struct of){ .id = w->id }, NULL);
}

static enum rc spread_batch(struct ctx *c, struct round *r, int64_t *ret_n)
{
	items got;

	TRY(query(c, "channel/waiting", NULL, NULL, &waiting_shape, &got, BATCH));
	*ret_n = got.n;
	for (int64_t i = 0; i < got.n; i++)
		TRY(spread_or_leave(c, r, (const struct waiting *)got.p + i));
	return OK;
}

enum rc spread_notices(struct ctx *c)
{
	struct round r = { .sms = sms_ready(c), .zalo = zalo_ready(c) };
	int64_t n = BATCH;

	for (int i = 0; i < BATCHES && n == BATCH && !job_cancelled(c); i++) {
		TRY(db_begin(c->db));
		enum rc rc = spread_batch(c, &r, &n);
		if (rc != OK) {
			db_rollback(c->db);
			return rc;
		}
		TRY(db_commit(c->db));
	}
	return OK;
}

enum rc channel_spread(struct ctx *c, void *in)
{
	const struct actor *who = as_system(c, "notices go out by the channels their readers chose");
	enum rc rc = spread_notices(c);

	(void)in;
	if (rc == OK)
		rc = send_due(c);
	as_actor(c, who);
	return rc;
}
