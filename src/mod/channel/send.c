/* send.c -- deliveries that are due go out. Each is claimed first (SENDING, committed) and settled afterwards: what was
 * claimed by a process that died is failed, never sent again, for nobody knows whether it went. Who only does not
 * answer costs nothing: it waits, for two days. */
#include "mod/channel/channel_in.h"
#include "base/hash.h"
#include "base/log.h"
#include "web/html.h"
#include <stdlib.h>
#include <time.h>

enum { WORDS = 800, AT_ONCE = 200, BATCHES = 10, RECEIPTS_MS = 200, ROUND_S = 60 };
#define HOUR_MS INT64_C(3600000)
#define ROOM    ((size_t)128 << 20)                      /* what BATCHES * AT_ONCE messages leave behind, with ease  */
enum { LEASE_MIN = 30, RETRY_MIN = 2, GIVE_UP_H = 48, RECEIPT_H = 48, TOKEN_DAYS = 30 };

struct due { int64_t id; str kind; bool urgent; int64_t carrier; str address, body, link, lang; org_id org; };
#define ROW struct due
static const struct shape due_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(kind) }, { COL(urgent) },
	{ COL(carrier) }, { COL(address) }, { COL(body) }, { COL(link) }, { COL(lang) },
	{ REF(org, org) }, END } };
#undef ROW
struct settle { int64_t id; str channel, state, ref, problem; int64_t due, ended, tries, carrier; };
#define ROW struct settle
static const struct shape settle_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(channel) }, { COL(state) },
	{ COL(ref) }, { COL(problem) }, { COL(due) }, { COL(ended) }, { COL(tries) },
	{ COL(carrier) }, END } };
#undef ROW

/* One process does all jobs of a node: after ROUND_S a round leaves the rest to the next. */
static int64_t seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static enum rc due_of(struct ctx *c, const char *channel, items *ret)
{
	return query(c, "channel/due", &settle_shape, &(struct settle){ .channel = str_of(channel) }, &due_shape, ret,
		AT_ONCE);
}

/* False: another process has it. */
static bool claim(struct ctx *c, const struct due *d)
{
	int64_t n = 0;
	return execute(c, "channel/claim", &settle_shape, &(struct settle){ .id = d->id,
		.due = c->now.v + LEASE_MIN * 60000 }, &n) == OK && n == 1;
}

/* Why one did not go out: a code of delivery_problems, which each reads in the own language; what others said stays as
 * it is. */
static str why_kept(struct ctx *c, str why)
{
	static const struct { const char *is, *code; } codes[] = {
		{ "the answer does not say it was taken", "unconfirmed" }, { "no answer", "no_answer" },
		{ "the answer is not understood", "not_understood" }, { "the browser was removed", "removed" },
		{ "this push service is not allowed", "not_allowed" }, { "the browser's key is no key", "bad_key" } };

	for (ptrdiff_t i = 0; i < COUNT(codes); i++)
		if (str_is(why, codes[i].is))
			return str_of(codes[i].code);
	return !str_starts(why, S("SMPP status ")) ? why
		: TEXT(c, "SMPP %.*s: từ chối / refused", FMT(str_sub(why, 12, -1)));
}

/* What became of one that was claimed. */
static enum rc settled(struct ctx *c, const struct due *d, enum outcome what, str ref, str why)
{
	struct settle s = { .id = d->id, .ref = ref, .problem = why_kept(c, why), .ended = c->now.v };

	s.state = what == TAKEN ? S("sent") : what == AWAY ? S("waiting") : S("failed");
	if (what == AWAY)
		s.due = c->now.v + RETRY_MIN * 60000;
	return execute(c, what == AWAY ? "channel/wait" : "channel/end", &settle_shape, &s, NULL);
}

/* ---- e-mail: handed to the outbox, in one transaction ------------------------------------------------------------ */

static enum rc hand_over(struct ctx *c, const struct due *d)
{
	static const struct tr more = { "\n\nXem trong Khuê: {2}{1}\nĐổi cách nhận tin: {2}/tai-khoan/bao-tin\n",
		"\n\nSee it in Khuê: {2}{1}\nHow you are told: {2}/tai-khoan/bao-tin\n" };
	struct settle s = { .id = d->id, .ended = 0 };

	TRY(db_begin(c->db));
	c->lang = str_is(d->lang, "en") ? EN : VI;
	enum rc rc = mail_add(c, d->address, d->body, TEXT(c, "%.*s%.*s", FMT(d->body),
		FMT(sayf(c, &more, ARGS(d->link, site_address(c, d->org))))), &s.carrier);
	s.state = rc == OK ? S("sending") : S("failed");
	s.problem = rc == OK ? S("") : S("no_address");
	s.due = c->now.v + MAIL_TRIES * GIVE_UP_H * HOUR_MS;
	if (rc == E_INVALID)
		rc = execute(c, "channel/end", &settle_shape, &s, NULL);
	else if (rc == OK)
		rc = execute(c, "channel/handed", &settle_shape, &s, NULL);
	if (rc != OK) {
		db_rollback(c->db);
		return rc;
	}
	return db_commit(c->db);
}

static enum rc send_mail(struct ctx *c)
{
	enum lang lang = c->lang;
	items got;

	TRY(due_of(c, "email", &got));
	for (int64_t i = 0; i < got.n; i++)
		TRY(hand_over(c, (const struct due *)got.p + i));
	c->lang = lang;
	TRY(execute(c, "channel/mail_sent", NULL, NULL, NULL));
	return execute(c, "channel/mail_failed", &settle_shape, &(struct settle){ .tries = MAIL_TRIES,
		.problem = S("refused") }, NULL);
}

/* ---- browsers ---------------------------------------------------------------------------------------------------- */

struct told_browser { str endpoint, key, auth; };
#define ROW struct told_browser
static const struct shape told_browser_shape = { sizeof(ROW), FIELDS{ { COL(endpoint) }, { COL(key) }, { COL(auth) },
	END } };
#undef ROW

/* Without details the message names only its kind: what a locked screen may show anybody. */
static str payload_of(struct ctx *c, const struct due *d)
{
	static const struct tr fresh = { "Có tin mới: {1}", "Something new: {1}" };
	const struct tr *kind = &told_kinds[0].label;
	ptrdiff_t n = d->body.n < WORDS ? d->body.n : WORDS;     /* cut between letters, below */
	struct buf b;

	for (int k = 0; told_kinds[k].code; k++)
		if (str_is(d->kind, told_kinds[k].code))
			kind = &told_kinds[k].label;
	c->lang = str_is(d->lang, "en") ? EN : VI;
	buf_init(&b, c->mem, 3000);
	put_z(&b, "{\"title\":\"Khuê\",\"body\":");
	while (n < d->body.n && n > 0 && ((unsigned char)d->body.p[n] & 0xC0) == 0x80)
		n--;
	put_json(&b, n ? str_sub(d->body, 0, n) : sayf(c, &fresh, ARGS(say(c, kind))));
	put_z(&b, ",\"url\":");
	put_json(&b, d->link.n ? d->link : S("/thong-bao"));
	put_c(&b, '}');
	return buf_str(&b);
}

static enum rc push_one(struct ctx *c, const struct due *d, bool *ret_away)
{
	struct told_browser at = { { 0 }, { 0 }, { 0 } };
	struct push_to to = { .id = d->carrier };
	bool gone = true;
	str why = S("the browser was removed");
	enum outcome what = REFUSED_BY;

	enum rc rc = query_one(c, "channel/browser", &settle_shape, &(struct settle){ .id = to.id }, &told_browser_shape,
		&at);
	if (rc != OK && rc != E_MISSING)
		return rc;
	if (rc == OK) {
		to = (struct push_to){ to.id, at.endpoint, at.key, at.auth };
		what = push_send(c, &to, payload_of(c, d), d->urgent, &gone, &why);
	}
	*ret_away = what == AWAY;
	if (gone)
		TRY(execute(c, "channel/browser_gone", &settle_shape, &(struct settle){ .id = to.id }, NULL));
	return settled(c, d, what, S(""), what == TAKEN ? S("") : why);
}

static enum rc send_push(struct ctx *c)
{
	enum lang lang = c->lang;
	items got;
	bool away = false;

	if (!push_on())
		return OK;
	TRY(due_of(c, "push", &got));
	/* services are several: one that is away says nothing of the others, but a round of silence is enough */
	int silent = 0;
	for (int64_t i = 0; i < got.n && silent < 3; i++) {
		const struct due *d = (const struct due *)got.p + i;
		if (!claim(c, d))
			continue;
		TRY(push_one(c, d, &away));
		silent = away ? silent + 1 : 0;
	}
	c->lang = lang;
	return OK;
}

/* ---- SMS --------------------------------------------------------------------------------------------------------- */

struct receipts { struct ctx *c; };

static void on_receipt(void *arg, str ref, bool arrived, str state)
{
	struct ctx *c = ((struct receipts *)arg)->c;
	bool pending = str_is(state, "ACCEPTD") || str_is(state, "ENROUTE");
	const struct receipt r = { .ref = str_copy(c->mem, ref), .why = str_copy(c->mem, state),
		.what = arrived ? TOLD_ARRIVED : TOLD_FAILED };

	if (!pending)
		receipt_take(c, BY_SMS, &r);
}

/* What a round needs: the gateway and everything its secret was written into lie in an arena that is wiped. */
struct line { struct arena mem; struct gateway g; struct smpp *smpp; };

static enum rc sms_one(struct ctx *c, struct line *l, const struct due *d, bool *ret_away)
{
	struct sms m = { d->id, phone_number(&l->mem, l->g.number, d->address), d->body };
	str ref, why;
	enum outcome what = l->smpp ? smpp_sms(l->smpp, &l->mem, &m, &ref, &why) : http_sms(&l->mem, &l->g, &m, &ref, &why);

	*ret_away = what == AWAY || what == LOST;
	return settled(c, d, what, ref, why);
}

/* Those at hand and, while there are more, the next: a whole school is told in one go. */
static enum rc sms_batches(struct ctx *c, struct line *l, items got)
{
	const int64_t end = seconds() + ROUND_S;
	enum rc rc = OK;
	bool away = false;

	for (int batch = 0; rc == OK && got.n && batch < BATCHES; batch++) {
		for (int64_t i = 0; rc == OK && i < got.n && !away && seconds() < end; i++) {
			const struct due *d = (const struct due *)got.p + i;
			if (claim(c, d))
				rc = sms_one(c, l, d, &away);
		}
		if (rc != OK || away || got.n < AT_ONCE || seconds() >= end || job_cancelled(c))
			return rc;
		rc = due_of(c, "sms", &got);
	}
	return rc;
}

static enum rc sms_round(struct ctx *c, struct line *l)
{
	struct receipts r = { c };
	const char *why;
	items got;
	int64_t open = 0;

	if (!gateway_read(&l->mem, &l->g, &why)) {
		if (getenv("KHUE_SMS_FILE"))
			log_line(LOG_WARN, "sms", "why", why, NULL);
		return OK;
	}
	TRY(due_of(c, "sms", &got));
	TRY(query_int(c, "channel/receipts_open", &settle_shape, &(struct settle){ .due = c->now.v - RECEIPT_H * HOUR_MS },
		&open));
	if (str_starts(l->g.url, S("smpp://")) && (got.n || open)) {
		l->smpp = smpp_open(&l->mem, &l->g, on_receipt, &r, &why);
		if (!l->smpp) {
			log_line(LOG_WARN, "sms", "why", why, NULL);
			return OK;
		}
	}
	enum rc rc = sms_batches(c, l, got);
	if (l->smpp)
		smpp_close(l->smpp, RECEIPTS_MS);
	return rc;
}

static enum rc send_sms(struct ctx *c)
{
	struct line l = { .smpp = NULL };

	arena_init(&l.mem, ROOM);
	enum rc rc = sms_round(c, &l);
	arena_wipe(&l.mem);
	arena_free(&l.mem);
	return rc;
}

/* ---- Zalo -------------------------------------------------------------------------------------------------------- */

struct zalo_line { struct arena mem; struct zalo z; str token; };

static enum outcome zalo_post(struct zalo_line *l, const struct due *d, bool *ret_expired, str *ret_ref, str *ret_why)
{
	struct arena *mem = &l->mem;
	str headers[3] = { S("Content-Type: application/json"), str_fmt(mem, "access_token: %.*s", FMT(l->token)) };
	struct http_ask ask = { .url = l->z.url, .headers = headers, .n_headers = 2,
		.body = zalo_body(mem, &l->z, d->id, phone_number(mem, l->z.number, d->address), d->body, d->link) };
	str answer;

	*ret_expired = false;
	*ret_ref = (str){ 0 };
	if (l->z.proof) {
		digest proof = zalo_proof(&l->z, l->token);
		headers[ask.n_headers++] = str_fmt(mem, "appsecret_proof: %.*s", FMT(hex_of(mem, proof.b, sizeof proof.b)));
	}
	enum outcome what = http_ask(mem, &ask, &answer, ret_why);
	return what == TAKEN ? zalo_judged(mem, &l->z, answer, ret_expired, ret_ref, ret_why) : what;
}

/* A token that is refused was good for nothing: with a new one the message is tried once more. */
static enum rc zalo_one(struct ctx *c, struct zalo_line *l, const struct due *d, bool *ret_away)
{
	bool expired;
	str ref, why, refused = l->token;
	enum outcome what = zalo_post(l, d, &expired, &ref, &why);

	if (expired && zalo_token(c, &l->mem, &l->z, refused, &l->token, &why))
		what = zalo_post(l, d, &expired, &ref, &why);
	*ret_away = what == AWAY || what == LOST;
	if (what == AWAY)
		log_line(LOG_WARN, "zalo", "why", str_z(&l->mem, why), NULL);
	return settled(c, d, what, ref, why);
}

static enum rc zalo_round(struct ctx *c, struct zalo_line *l)
{
	const char *flaw;
	items got;
	int64_t old = 0;
	bool away = false;
	str why;

	if (!zalo_read(&l->mem, &l->z, &flaw)) {
		if (getenv("KHUE_ZALO_FILE"))
			log_line(LOG_WARN, "zalo", "why", flaw, NULL);
		return OK;
	}
	TRY(due_of(c, "zalo", &got));
	TRY(query_int(c, "channel/token_old", &settle_shape, &(struct settle){ .channel = S("zalo"),
		.due = c->now.v - INT64_C(24) * TOKEN_DAYS * HOUR_MS }, &old));
	if (!got.n && !old)
		return OK;
	if (!zalo_token(c, &l->mem, &l->z, S(""), &l->token, &why)) {
		log_line(LOG_WARN, "zalo", "why", str_z(&l->mem, why), NULL);
		return OK;
	}
	const int64_t end = seconds() + ROUND_S;
	for (int batch = 0; got.n && batch < BATCHES; batch++) {
		for (int64_t i = 0; i < got.n && !away && seconds() < end; i++) {
			const struct due *d = (const struct due *)got.p + i;
			if (claim(c, d))
				TRY(zalo_one(c, l, d, &away));
		}
		if (away || got.n < AT_ONCE || seconds() >= end || job_cancelled(c))
			break;
		TRY(due_of(c, "zalo", &got));
	}
	return OK;
}

static enum rc send_zalo(struct ctx *c)
{
	struct zalo_line l = { .token = { 0 } };

	arena_init(&l.mem, ROOM);
	enum rc rc = zalo_round(c, &l);
	arena_wipe(&l.mem);
	arena_free(&l.mem);
	return rc;
}

enum rc send_due(struct ctx *c)
{
	TRY(execute(c, "channel/interrupted", NULL, NULL, NULL));
	TRY(execute(c, "channel/give_up", &settle_shape, &(struct settle){ .due = c->now.v - GIVE_UP_H * HOUR_MS }, NULL));
	TRY(send_mail(c));
	TRY(send_push(c));
	TRY(send_sms(c));
	return send_zalo(c);
}

enum rc channel_sweep(struct ctx *c, void *in)
{
	(void)in;
	return execute(c, "channel/sweep", &settle_shape, &(struct settle){ .due = c->now.v - INT64_C(400) * 24 * HOUR_MS },
		NULL);
}
