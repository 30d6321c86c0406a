/* guard.c -- writes that somebody else makes a browser send, and writes that are sent twice. */
#include "base/hash.h"
#include "core/once.h"
#include "core/pages.h"

/* ---- forged requests ------------------------------------------------------------------------ */

enum { MASK = 16 };

/* What the token of this session is made from: keyed by the installation, so that nobody can compute another's. */
static digest csrf_of(const struct exchange *x)
{
	digest key;
	struct hasher h;

	memcpy(key.b, x->app->secret, sizeof key.b);
	hash_begin(&h);
	hash_add_sized(&h, S("csrf"));
	hash_add_sized(&h, x->session);
	return hash_keyed(key, (str){ (const char *)hash_end(&h).b, sizeof key.b });
}

/* The token is masked afresh on each page, so that its length and bytes tell nothing through compression. */
str csrf_token(struct exchange *x)
{
	digest d = csrf_of(x);
	uint8_t token[2 * MASK];

	fresh_bytes(x->c, token, MASK);
	for (int i = 0; i < MASK; i++)
		token[MASK + i] = token[i] ^ d.b[i];
	return base64url_of(x->c->mem, token, sizeof token);
}

bool csrf_ok(struct exchange *x)
{
	const struct pair *sent = pair_last(x, "_csrf");
	str header = req_header(x->r, "x-csrf-token"), bytes;
	digest d = csrf_of(x);
	char plain[MASK];

	if (!base64url_read(x->c->mem, sent ? sent->value : header, &bytes) || bytes.n != 2 * MASK)
		return false;
	for (int i = 0; i < MASK; i++)
		plain[i] = (char)(bytes.p[i] ^ bytes.p[MASK + i]);
	return same_secret((str){ plain, MASK }, (str){ (const char *)d.b, MASK });
}

/* Browsers say where a request comes from; a page of another site cannot hide it. */
bool origin_ok(const struct exchange *x)
{
	str site = req_header(x->r, "sec-fetch-site"), origin = req_header(x->r, "origin"), host = req_header(x->r, "host");
	ptrdiff_t at;

	if (site.n)
		return str_eq(site, S("same-origin")) || str_eq(site, S("none"));
	if (origin.n == 0)
		return true;
	at = str_find(origin, S("://"));
	return at >= 0 && str_eq(str_sub(origin, at + 3, -1), host);
}

/* Path and query of the page of ours that the browser says this came from; empty: none. */
str came_from(const struct exchange *x)
{
	str from = req_header(x->r, "referer"), host = req_header(x->r, "host");
	ptrdiff_t at = str_find(from, S("://"));

	if (at < 0 || host.n == 0 || !str_starts(str_sub(from, at + 3, -1), host))
		return S("");
	from = str_sub(from, at + 3 + host.n, -1);
	return from.n && from.p[0] == '/' ? from : S("");
}

/* ---- the same write twice ------------------------------------------------------------------------- */

static str once_key(struct exchange *x)
{
	const struct pair *p = pair_last(x, "_key");
	str header = req_header(x->r, "idempotency-key");

	return header.n ? header : p ? p->value : S("");
}

/* What was asked: everything sent but the tokens that differ from page to page. Keyed by the installation, for a
 * form may hold a password, which nobody shall guess from a stolen table. */
static digest once_input(struct exchange *x)
{
	bool form = str_is(x->r->type, "application/x-www-form-urlencoded");
	struct hasher h;
	digest key, sent;

	hash_begin(&h);
	hash_add_sized(&h, x->r->path);
	hash_add_sized(&h, form ? S("") : x->r->body);      /* a form's is in params, its tokens apart */
	for (int i = 0; i < x->r->n_params; i++) {
		const struct pair *p = &x->r->params[i];

		if (p->name.n && p->name.p[0] == '_')
			continue;
		hash_add_sized(&h, p->name);
		hash_add_sized(&h, p->value);
	}
	for (int i = 0; i < x->r->n_parts; i++) {
		if (x->r->parts[i].name.n && x->r->parts[i].name.p[0] == '_')
			continue;
		hash_add_sized(&h, x->r->parts[i].name);
		hash_add_sized(&h, x->r->parts[i].data);
	}
	sent = hash_end(&h);
	memcpy(key.b, x->app->secret, sizeof key.b);
	return hash_keyed(key, (str){ (const char *)sent.b, sizeof sent.b });
}

enum rc once_begin(struct exchange *x)
{
	x->c->key = once_key(x);
	return once_ask(x->c, once_input(x), &x->asked);
}

enum rc once_known(struct exchange *x)
{
	struct once answer;

	TRY(once_take(x->c, &x->asked, &x->repeated, &answer));
	if (!x->repeated)
		return OK;
	x->c->said = answer.said;
	if (answer.go.n && !x->json) {
		answer_go(x, answer.go);
		return OK;
	}
	put(answer_json(x, answer.status), answer.body);
	if (answer.go.n)
		reply_header(x->p, S("Location"), answer.go);
	return OK;
}

enum rc once_end(struct exchange *x)
{
	struct once answer = { .status = x->p->status ? x->p->status : 200, .go = x->c->go, .said = x->c->said };

	if (x->json)
		answer.body = buf_str(&x->p->body);
	return once_keep(x->c, &answer);
}
