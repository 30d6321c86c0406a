/* zalo.c -- messages of an official account by a template that Zalo approved: its file, one request, what the answer
 * means, and the tokens. An access token serves for about a day; the refresh token that gets the next one serves once,
 * and the answer brings its successor. So both are kept, sealed, in table channel_token, where every node finds them;
 * the file only begins the chain. Whoever refreshes holds a lease, so that two processes never spend one token twice.
 * What public documentation says and what it leaves open: doc/why/channels.md. */
#include "mod/channel/channel_in.h"
#include "base/hash.h"
#include "core/seal.h"
#include "web/json.h"
#include <sodium.h>
#include <time.h>

enum { MOST = 100, MOST_MAX = 1000, WHY_MOST = 150, LEASE_MS = 120000, EARLY_MS = 300000 };
/* Errors of the account, not of the message: it waits for an operator, or for tomorrow. */
#define LATER_BY_DEFAULT "-100 -101 -102 -103 -104 -105 -115 -120 -125 -126 -133 -135 -136 -137 -144 -147 -1241"
#define EXPIRED_BY_DEFAULT "-124 -216 -220"

/* ---- the file ---------------------------------------------------------------------------------------------------- */

/* Tokens go there: only with TLS, or to this very machine. */
static bool address_ok(str url)
{
	return str_starts(url, S("https://")) || str_starts(url, S("http://127.0.0.1:"));
}

bool zalo_parse(struct arena *mem, str text, struct zalo *ret, const char **why)
{
	str proof = { 0 }, most = { 0 };
	const char *bad;
	ptrdiff_t at;

	*ret = (struct zalo){ .most = MOST };
	const struct file_line all[] = { { "url", &ret->url }, { "token-url", &ret->token_url }, { "app", &ret->app },
		{ "secret", &ret->secret }, { "refresh", &ret->refresh }, { "template", &ret->template },
		{ "data", &ret->data }, { "number", &ret->number }, { "webhook", &ret->webhook },
		{ "expired", &ret->expired }, { "later", &ret->later }, { "proof", &proof }, { "most", &most } };

	if (!file_lines(mem, text, all, (int)COUNT(all), why))
		return false;
	ret->number = ret->number.n ? ret->number : S("84");
	ret->expired = ret->expired.n ? ret->expired : S(EXPIRED_BY_DEFAULT);
	ret->later = ret->later.n ? ret->later : S(LATER_BY_DEFAULT);
	ret->proof = str_is(proof, "yes");
	*why = !address_ok(ret->url) || !address_ok(ret->token_url) ? "url and token-url must begin with https://"
		: !ret->app.n || !ret->secret.n || !ret->refresh.n ? "app, secret and refresh are needed"
		: !ret->template.n || !ret->data.n ? "template and data are needed"
		: most.n && (!str_to_int(most, &ret->most) || ret->most < 10 || ret->most > MOST_MAX) ? "most must be 10..1000"
		: ret->webhook.n && ret->webhook.n < RECEIPT_SECRET_MIN ? "webhook must have at least 16 letters"
		: !json_read(mem, zalo_body(mem, ret, 1, S("1"), S("a\nb\nc"), S("/")), &bad, &at)
			? "data must be a JSON object" : NULL;
	return !*why;
}

bool zalo_read(struct arena *mem, struct zalo *ret, const char **why)
{
	str text;

	return secret_file(mem, "KHUE_ZALO_FILE", "zalo", &text, why) && zalo_parse(mem, text, ret, why);
}

bool zalo_ready(struct ctx *c)
{
	struct arena mem;
	struct zalo z;
	const char *why;

	(void)c;
	arena_init(&mem, (size_t)8 << 20);
	bool good = zalo_read(&mem, &z, &why);
	arena_wipe(&mem);
	arena_free(&mem);
	return good;
}

money zalo_price(struct ctx *c, org_id at)
{
	return (money){ setting_int(c, &mod_channel, "zalo_price", at, 0) };
}

/* ---- one message ------------------------------------------------------------------------------------------------- */

static void put_flat(struct buf *b, str s)
{
	bool blank = false;

	s = str_trim(s);
	for (ptrdiff_t i = 0; i < s.n; i++) {
		bool now = (unsigned char)s.p[i] <= ' ';
		if (!now || !blank)
			put_c(b, now ? ' ' : s.p[i]);
		blank = now;
	}
}

str zalo_words(struct ctx *c, str from, str title, str text)
{
	struct buf b;

	buf_init(&b, c->mem, 1500);                      /* fits a delivery's body; what is longer is cut when it goes */
	put_flat(&b, from);
	put_c(&b, '\n');
	put_flat(&b, title);
	put_c(&b, '\n');
	put_flat(&b, text);
	str all = buf_str(&b);
	while (all.n && !str_is_utf8(all))
		all.n--;
	return all;
}

/* At most so many letters, the last an ellipsis. */
static str cut(struct arena *mem, str s, int64_t most)
{
	ptrdiff_t i = 0;

	if (str_chars(s) <= most)
		return s;
	for (int64_t n = 1; n < most; n++)
		str_next(s, &i);
	return str_fmt(mem, "%.*s…", FMT(str_trim(str_sub(s, 0, i))));
}

str zalo_body(struct arena *mem, const struct zalo *z, int64_t id, str phone, str words, str link)
{
	str from, title, text;

	str_cut(words, '\n', &from, &words);
	str_cut(words, '\n', &title, &text);
	const struct blank all[] = { { "{school}", cut(mem, from, z->most) }, { "{title}", cut(mem, title, z->most) },
		{ "{text}", cut(mem, text, z->most) }, { "{link}", link }, { "{to}", phone },
		{ "{id}", str_fmt(mem, "%lld", (long long)id) }, { "{template}", z->template } };
	str pattern = str_fmt(mem,
		"{\"phone\":\"{to}\",\"template_id\":\"{template}\",\"template_data\":%.*s,\"tracking_id\":\"{id}\"}",
		FMT(z->data));

	return blanks_filled(mem, all, (int)COUNT(all), pattern, IN_JSON);
}

static bool listed(str list, int64_t number)
{
	str one;
	int64_t n;

	while (list.n) {
		str_cut(list, ' ', &one, &list);
		if (str_to_int(one, &n) && n == number)
			return true;
	}
	return false;
}

enum outcome zalo_judged(struct arena *mem, const struct zalo *z, str answer, bool *ret_expired, str *ret_ref,
	str *ret_why)
{
	const char *bad;
	ptrdiff_t at;
	int64_t number;
	const cJSON *o = json_read(mem, answer, &bad, &at);

	*ret_expired = false;
	*ret_ref = *ret_why = (str){ 0 };
	if (!o || !json_int(json_get(o, "error"), &number)) {
		*ret_why = S("the answer is not understood");
		return LOST;
	}
	if (number == 0) {
		const cJSON *data = json_get(o, "data");
		*ret_ref = data ? json_scalar(mem, json_get(data, "msg_id")) : (str){ 0 };
		return TAKEN;
	}
	*ret_why = str_fmt(mem, "Zalo %lld: %.*s", (long long)number,
		FMT(cut(mem, json_text(json_get(o, "message")), WHY_MOST)));
	*ret_expired = listed(z->expired, number);
	return *ret_expired || listed(z->later, number) ? AWAY : REFUSED_BY;
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

struct token_row { str origin, box; int64_t expires; };
#define ROW struct token_row
static const struct shape token_row_shape = { sizeof(ROW), FIELDS{ { COL(origin) }, { COL(box) }, { COL(expires) },
	END } };
#undef ROW
struct token_in { str name, origin, box; int64_t expires, until; };
#define ROW struct token_in
static const struct shape token_in_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(origin) }, { COL(box) },
	{ COL(expires) }, { COL(until) }, END } };
#undef ROW
/* What is kept: of this chain, and not yet over. */
struct pair_kept { str access, refresh; bool chain, good; };

static struct token_in token_named(const struct zalo *z, struct arena *mem)
{
	digest d = hash_of(z->refresh);

	return (struct token_in){ .name = S("zalo"), .origin = hex_of(mem, d.b, sizeof d.b) };
}

static void token_kept(struct ctx *c, struct arena *mem, const struct zalo *z, struct pair_kept *ret)
{
	struct token_in in = token_named(z, mem);
	struct token_row row = { { 0 }, { 0 }, 0 };
	struct arena *whole = c->mem;
	str plain;

	*ret = (struct pair_kept){ .chain = false };
	if (query_one(c, "channel/token", &token_in_shape, &in, &token_row_shape, &row) != OK)
		return;
	c->mem = mem;                                    /* which is wiped afterwards */
	ret->chain = str_eq(row.origin, in.origin) && unsealed(c, "zalo token", row.box, &plain) &&
		str_cut(plain, '\n', &ret->access, &ret->refresh);
	c->mem = whole;
	ret->good = ret->chain && row.expires > c->now.v + EARLY_MS;
}

static bool token_ask(struct arena *mem, const struct zalo *z, str refresh, str *ret_pair, int64_t *ret_ms,
	str *ret_why)
{
	const struct blank all[] = { { "{refresh}", refresh }, { "{app}", z->app } };
	const str headers[] = { S("Content-Type: application/x-www-form-urlencoded"),
		str_fmt(mem, "secret_key: %.*s", FMT(z->secret)) };
	struct http_ask ask = { .url = z->token_url, .headers = headers, .n_headers = (int)COUNT(headers),
		.body = blanks_filled(mem, all, (int)COUNT(all),
			S("refresh_token={refresh}&app_id={app}&grant_type=refresh_token"), IN_FORM) };
	const char *bad;
	ptrdiff_t at;
	int64_t seconds;
	str answer;

	if (http_ask(mem, &ask, &answer, ret_why) != TAKEN)
		return false;
	const cJSON *o = json_read(mem, answer, &bad, &at);
	str access = o ? json_text(json_get(o, "access_token")) : (str){ 0 },
		next = o ? json_text(json_get(o, "refresh_token")) : (str){ 0 };
	if (!access.n || !next.n || !json_int(json_get(o, "expires_in"), &seconds)) {
		*ret_why = str_fmt(mem, "no new token: %.*s; write a fresh one into the file",
			FMT(cut(mem, o ? json_text(json_get(o, "error_name")) : S("?"), WHY_MOST)));
		return false;
	}
	*ret_pair = str_fmt(mem, "%.*s\n%.*s", FMT(access), FMT(next));
	*ret_ms = seconds * 1000;
	return true;
}

/* The lease is held. A token that another process got meanwhile serves as well. */
static bool token_fresh(struct ctx *c, struct arena *mem, const struct zalo *z, str refused, str *ret, str *ret_why)
{
	struct token_in in = token_named(z, mem);
	struct pair_kept kept;
	struct arena *whole = c->mem;
	str pair, rest;
	int64_t ms;

	token_kept(c, mem, z, &kept);
	if (kept.good && !str_eq(kept.access, refused)) {
		*ret = kept.access;
		execute(c, "channel/token_free", &token_in_shape, &in, NULL);
		return true;
	}
	if (!token_ask(mem, z, kept.chain ? kept.refresh : z->refresh, &pair, &ms, ret_why)) {
		execute(c, "channel/token_free", &token_in_shape, &in, NULL);
		return false;
	}
	c->mem = mem;
	in.box = sealed(c, "zalo token", pair);
	c->mem = whole;
	in.expires = c->now.v + ms;
	str_cut(pair, '\n', ret, &rest);
	enum rc rc = execute(c, "channel/token_keep", &token_in_shape, &in, NULL);
	for (int i = 0; rc != OK && i < 10; i++) {       /* the old one is spent: this one must not be lost */
		nanosleep(&(struct timespec){ 1, 0 }, NULL);
		rc = execute(c, "channel/token_keep", &token_in_shape, &in, NULL);
	}
	return rc == OK;
}

bool zalo_token(struct ctx *c, struct arena *mem, const struct zalo *z, str refused, str *ret, str *ret_why)
{
	struct token_in in = token_named(z, mem);
	struct pair_kept kept;
	int64_t n = 0;

	token_kept(c, mem, z, &kept);
	*ret = kept.access;
	if (kept.good && !str_eq(kept.access, refused))
		return true;
	in.until = c->now.v + LEASE_MS;
	*ret_why = S("another process is getting a token");
	return execute(c, "channel/token_lease", &token_in_shape, &in, &n) == OK && n == 1 &&
		token_fresh(c, mem, z, refused, ret, ret_why);
}

digest zalo_proof(const struct zalo *z, str token)
{
	crypto_auth_hmacsha256_state state;
	digest d;

	crypto_auth_hmacsha256_init(&state, (const uint8_t *)z->secret.p, (size_t)z->secret.n);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)token.p, (unsigned long long)token.n);
	crypto_auth_hmacsha256_final(&state, d.b);
	return d;
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

bool zalo_signed(struct arena *mem, const struct zalo *z, str body, str sent)
{
	const char *bad;
	ptrdiff_t at;

	if (!z->webhook.n || sent.n < 64)        /* strangers' letters are not even read */
		return false;
	const cJSON *o = json_read(mem, body, &bad, &at);
	str when = o ? json_scalar(mem, json_get(o, "timestamp")) : (str){ 0 };
	if (!o || !when.n)
		return false;
	digest d = hash_sha256(str_fmt(mem, "%.*s%.*s%.*s%.*s", FMT(z->app), FMT(body), FMT(when), FMT(z->webhook)));
	if (str_starts(sent, S("mac=")))
		sent = str_sub(sent, 4, -1);
	return same_secret(sent, hex_of(mem, d.b, sizeof d.b));
}

bool zalo_event(struct arena *mem, str body, struct receipt *ret)
{
	const char *bad;
	ptrdiff_t at;
	const cJSON *o = json_read(mem, body, &bad, &at), *m = o ? json_get(o, "message") : NULL;

	*ret = (struct receipt){ .what = TOLD_ARRIVED };
	if (!m || !str_is(json_text(json_get(o, "event_name")), "user_received_message"))
		return false;
	ret->ref = json_scalar(mem, json_get(m, "msg_id"));
	json_int(json_get(m, "tracking_id"), &ret->id);
	return ret->ref.n || ret->id;
}
