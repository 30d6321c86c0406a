/* throttle.c -- against guessing: each account waits longer after each failure from the fifth on, each address has a
 * budget. Nobody is locked out for good: pupils would lock each other out. A name that does not exist is treated the
 * same. */
#include "base/hash.h"
#include "base/log.h"
#include "mod/auth/auth_in.h"

/* A school's pupils share one address: each success there in a day lets it fail ten times more, up to a bound. When
 * the whole installation sees many failures, from wherever, each address has little patience left. */
enum { FREE = 4, LONGEST_S = 900, ADDRESS_FREE = 300, ADDRESS_MORE = 10, ADDRESS_MOST = 3000, ADDRESS_WAIT_S = 20,
       ALL_FREE = 2000 /* in ten minutes */, ALL_ADDRESS_FREE = 20, ALL_WAIT_S = 60 };
#define HOUR_MS 3600000LL
#define FORGET_MS (24 * HOUR_MS)

struct key_in { str key; instant fresh, until; };
struct throttled { int64_t failures; instant since, until; };
#define ROW struct key_in
static const struct shape key_in = { sizeof(ROW), FIELDS{ { COL(key) }, { COL(fresh) }, { COL(until) }, END } };
#undef ROW
#define ROW struct throttled
static const struct shape throttled = { sizeof(ROW), FIELDS{ { COL(failures) }, { COL(since) }, { COL(until) }, END } };
#undef ROW

static str key_of(struct ctx *c, const char *kind, str what)
{
	digest key;

	memcpy(key.b, c->app->secret, sizeof key.b);
	key = hash_keyed(key, str_fmt(c->mem, "throttle %s %.*s", kind, FMT(what)));
	return str_fmt(c->mem, "%s:%.*s", kind, FMT(hex_of(c->mem, key.b, 16)));
}

struct guess guess_of(struct ctx *c, str login)
{
	str address = client_address(c);

	return (struct guess){ key_of(c, "a", login), key_of(c, "i", address), key_of(c, "s", address) };
}

static enum rc wait_of(struct ctx *c, str key, int64_t *ret_s)
{
	struct key_in in = { .key = key };
	struct throttled t = { 0 };
	enum rc rc = query_one(c, "auth/throttle_get", &key_in, &in, &throttled, &t);

	*ret_s = rc == OK && t.until.v > c->now.v ? (t.until.v - c->now.v + 999) / 1000 : 0;
	return rc == E_MISSING ? OK : rc;
}

enum rc guess_wait(struct ctx *c, const struct guess *g, int64_t *ret_s)
{
	int64_t of_account, of_address;

	TRY(wait_of(c, g->account, &of_account));
	TRY(wait_of(c, g->address, &of_address));
	*ret_s = of_account > of_address ? of_account : of_address;
	c->wait_s = *ret_s;
	return OK;
}

static enum rc count(struct ctx *c, str key, int64_t window_ms, int64_t *ret)
{
	struct key_in in = { key, { c->now.v - window_ms }, { 0 } };

	return query_int(c, "auth/throttle_put", &key_in, &in, ret);
}

static enum rc hold(struct ctx *c, str key, int64_t seconds)
{
	struct key_in in = { key, { 0 }, { c->now.v + seconds * 1000 } };

	return execute(c, "auth/throttle_wait", &key_in, &in, NULL);
}

/* Failures this address may have in an hour. */
static enum rc address_budget(struct ctx *c, const struct guess *g, int64_t *ret)
{
	struct key_in in = { .key = g->school };
	struct throttled t = { 0 };
	enum rc rc = query_one(c, "auth/throttle_get", &key_in, &in, &throttled, &t);

	*ret = ADDRESS_FREE + (t.since.v > c->now.v - FORGET_MS ? ADDRESS_MORE * t.failures : 0);
	*ret = *ret < ADDRESS_MOST ? *ret : ADDRESS_MOST;
	return rc == E_MISSING ? OK : rc;
}

enum rc guess_failed(struct ctx *c, const struct guess *g, int64_t *ret_failures)
{
	int64_t of_account, of_address, of_all, budget, wait = 1;

	TRY(count(c, g->account, FORGET_MS, &of_account));
	TRY(count(c, g->address, HOUR_MS, &of_address));
	TRY(count(c, S("all"), HOUR_MS / 6, &of_all));
	TRY(address_budget(c, g, &budget));
	if (of_all == ALL_FREE + 1)
		log_line(LOG_WARN, "many_failed_logins", "in", "10 minutes", NULL);
	for (int64_t i = FREE; i < of_account && wait < LONGEST_S; i++)
		wait *= 2;
	if (of_account > FREE)
		TRY(hold(c, g->account, wait < LONGEST_S ? wait : LONGEST_S));
	if (of_address > budget)
		TRY(hold(c, g->address, ADDRESS_WAIT_S));
	if (of_all > ALL_FREE && of_address > ALL_ADDRESS_FREE)
		TRY(hold(c, g->address, ALL_WAIT_S));
	*ret_failures = of_account;
	return OK;
}

enum rc guess_right(struct ctx *c, const struct guess *g)
{
	struct key_in in = { .key = g->account };
	int64_t successes;

	TRY(count(c, g->school, FORGET_MS, &successes));
	return execute(c, "auth/throttle_clear", &key_in, &in, NULL);
}
