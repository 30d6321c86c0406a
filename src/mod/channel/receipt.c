/* receipt.c -- what gateways tell of messages they took: at /bao-phat/SECRET an SMS gateway that speaks HTTP, in the
 * names of fields that its file gives; at /bao-phat-zalo Zalo. Who calls proves it: the secret is the last word of the
 * address, or the key of an HMAC over the body; without proof, and for a message nobody sent, the answer is 404. What
 * is told twice is written once. */
#include "mod/channel/channel_in.h"
#include "base/hash.h"
#include "core/work_page.h"
#include "web/json.h"
#include <sodium.h>

enum { MEMORY = 8 << 20, WHY_MOST = 150 };

/* ---- one call, read ---------------------------------------------------------------------------------------------- */

/* A value by its name: members of objects apart by dots, or a field of the query or form. */
static str called(struct arena *mem, const cJSON *body, const struct pair *params, int n, str name)
{
	str one;

	for (int i = 0; !body && i < n; i++)
		if (str_eq(params[i].name, name))
			return params[i].value;
	while (body && name.n) {
		str_cut(name, '.', &one, &name);
		body = json_get(body, str_z(mem, one));
	}
	return body ? json_scalar(mem, body) : (str){ 0 };
}

static bool among(str list, str word)
{
	str one;

	while (list.n) {
		str_cut(list, ',', &one, &list);
		if (str_eq(str_trim(one), word))
			return word.n > 0;
	}
	return false;
}

bool receipt_parse(struct arena *mem, const struct receipt_fields *r, str type, str body, const struct pair *params,
	int n, struct receipt *ret)
{
	bool json = str_is(type, "application/json");
	const char *bad;
	ptrdiff_t at;
	const cJSON *o = json ? json_read(mem, body, &bad, &at) : NULL;

	*ret = (struct receipt){ .what = TOLD_NOTHING };
	if (json && !o)
		return false;
	if (r->ref.n)
		ret->ref = called(mem, o, params, n, r->ref);
	if (r->id.n)
		str_to_int(called(mem, o, params, n, r->id), &ret->id);
	str state = called(mem, o, params, n, r->state);
	ret->what = among(r->good, state) ? TOLD_ARRIVED : among(r->bad, state) ? TOLD_FAILED : TOLD_NOTHING;
	ret->why = r->why.n ? called(mem, o, params, n, r->why) : state;
	return ret->ref.n > 0 || ret->id > 0;
}

bool receipt_signed(struct arena *mem, str key, str body, str sent)
{
	crypto_auth_hmacsha256_state state;
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	char *given = str_z(mem, sent);
	str as = { given, sent.n };

	crypto_auth_hmacsha256_init(&state, (const uint8_t *)key.p, (size_t)key.n);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)body.p, (unsigned long long)body.n);
	crypto_auth_hmacsha256_final(&state, mac);
	if (str_starts(as, S("sha256=")))
		as = str_sub(as, 7, -1);
	if (same_secret(as, hex_of(mem, mac, sizeof mac)))
		return true;
	for (char *p = given; *p; p++)                   /* base64 as base64url without its end */
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	while (as.n && as.p[as.n - 1] == '=')
		as.n--;
	return same_secret(as, base64url_of(mem, mac, sizeof mac));
}

/* ---- what it changes --------------------------------------------------------------------------------------------- */

struct of_receipt { int64_t id, org; str state; int64_t parts, cost; };
#define ROW struct of_receipt
static const struct shape of_receipt_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(org) }, { COL(state) },
	{ COL(parts) }, { COL(cost) }, END } };
#undef ROW
struct receipt_ask { int64_t id; str channel, ref, state, problem; int64_t cost; };
#define ROW struct receipt_ask
static const struct shape receipt_ask_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(channel) }, { COL(ref) },
	{ COL(state) }, { COL(problem) }, { COL(cost) }, END } };
#undef ROW

enum rc receipt_take(struct ctx *c, enum channel by, const struct receipt *r)
{
	struct receipt_ask ask = { .id = r->id, .channel = by == BY_ZALO ? S("zalo") : S("sms"), .ref = r->ref };
	struct of_receipt d;

	TRY(query_one(c, r->id ? "channel/receipt_by_id" : "channel/receipt_by_ref", &receipt_ask_shape, &ask,
		&of_receipt_shape, &d));
	bool open = str_is(d.state, "sending") || str_is(d.state, "sent"),
		arrived = r->what == TOLD_ARRIVED && (open || str_is(d.state, "failed"));
	if (!arrived && !(open && r->what == TOLD_FAILED))
		return OK;
	ask.id = d.id;
	ask.state = arrived ? S("arrived") : S("failed");
	ask.cost = d.cost;
	if (arrived && !d.cost)                          /* it was thought lost: now it is known to be paid for */
		ask.cost = by == BY_ZALO ? zalo_price(c, (org_id){ d.org }).v
			: d.parts * sms_price(c, (org_id){ d.org }).v;
	if (!arrived)
		ask.problem = r->why.n > WHY_MOST ? S("failed") : r->why;
	return execute(c, "channel/receipt", &receipt_ask_shape, &ask, NULL);
}

static enum rc taken(struct ctx *c, enum channel by, const struct receipt *r)
{
	const struct actor *who = as_system(c, "a gateway with the proof of its secret tells what became of a message");
	enum rc rc = receipt_take(c, by, r);

	as_actor(c, who);
	return rc;
}

/* ---- POST, GET /bao-phat/{key}, POST /bao-phat-zalo -------------------------------------------------------------- */

struct receipt_in { str key; };
#define ROW struct receipt_in
const struct shape receipt_in_shape = { sizeof(ROW), FIELDS{ { COL(key), .is = NEEDED, .max = 200,
	.label = { "Khóa của cổng", "Key of the gateway" } }, END } };
#undef ROW

static enum rc said(struct ctx *c, enum rc rc)
{
	if (rc != OK && rc != E_MISSING)
		return rc;
	return answer_as(c, rc == OK ? 200 : 404, S("text/plain; charset=utf-8"), rc == OK ? S("ok\n") : S("unknown\n"),
		stamp_free("a word to a gateway"));
}

static bool proven(struct arena *mem, const struct receipt_fields *r, const struct request *q, str key)
{
	char *header = str_z(mem, r->hmac);

	for (char *p = header; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	if (!r->secret.n)
		return false;
	if (!r->hmac.n)
		return same_secret(key, r->secret);
	/* a query is not signed: nobody shall add one to what was */
	return q->body.n > 0 && q->query.n == 0 && receipt_signed(mem, r->secret, q->body, req_header(q, header));
}

enum rc receipt_sms(struct ctx *c, const void *in_, void *out)
{
	const struct receipt_in *in = in_;
	const struct request *q = exchange_of(c)->r;
	struct arena mem;
	struct gateway g;
	struct receipt r;
	const char *why;
	enum rc rc = E_MISSING;

	(void)out;
	arena_init(&mem, MEMORY);
	if (gateway_read(&mem, &g, &why) && proven(&mem, &g.receipts, q, in->key))
		rc = receipt_parse(&mem, &g.receipts, q->type, q->body, q->params, q->n_params, &r) ? taken(c, BY_SMS, &r)
			: E_MISSING;
	arena_wipe(&mem);
	arena_free(&mem);
	return said(c, rc);
}

/* Zalo ends a webhook that answers anything but 200, so events that change nothing are taken too. */
enum rc receipt_zalo(struct ctx *c, const void *in, void *out)
{
	const struct request *q = exchange_of(c)->r;
	struct arena mem;
	struct zalo z;
	struct receipt r;
	const char *why;
	enum rc rc = E_MISSING;

	(void)in;
	(void)out;
	arena_init(&mem, MEMORY);
	if (zalo_read(&mem, &z, &why) && zalo_signed(&mem, &z, q->body, req_header(q, "x-zevent-signature"))) {
		rc = zalo_event(&mem, q->body, &r) ? taken(c, BY_ZALO, &r) : OK;
		rc = rc == E_MISSING ? OK : rc;
	}
	arena_wipe(&mem);
	arena_free(&mem);
	return said(c, rc);
}
