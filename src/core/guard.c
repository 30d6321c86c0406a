/* guard.c -- writes that somebody else makes a browser send, and writes that are sent twice. */
#include "base/hash.h"
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

/* ---- the same write twice ------------------------------------------------------------------------- */

static str once_key(struct exchange *x)
{
	const struct pair *p = pair_last(x, "_key");
	str header = req_header(x->r, "idempotency-key");

	return header.n ? header : p ? p->value : S("");
}

/* A key is the actor's own: nobody can take or read another's. */
static str once_name(struct exchange *x, str key)
{
	struct hasher h;
	digest d;

	hash_begin(&h);
	hash_add_sized(&h, put_n(x->c->mem, x->c->who->user.v));
	hash_add_sized(&h, x->c->who->user.v ? S("") : x->r->remote);
	hash_add_sized(&h, key);
	d = hash_end(&h);
	return hex_of(x->c->mem, d.b, sizeof d.b);
}

/* What was asked: everything sent but the tokens that differ from page to page. */
static digest once_input(struct exchange *x)
{
	struct hasher h;

	hash_begin(&h);
	hash_add_sized(&h, x->r->path);
	hash_add_sized(&h, x->r->body);
	for (int i = 0; i < x->r->n_params; i++) {
		const struct pair *p = &x->r->params[i];

		if (p->name.n && p->name.p[0] == '_')
			continue;
		hash_add_sized(&h, p->name);
		hash_add_sized(&h, p->value);
	}
	for (int i = 0; i < x->r->n_parts; i++) {
		hash_add_sized(&h, x->r->parts[i].name);
		hash_add_sized(&h, x->r->parts[i].data);
	}
	return hash_end(&h);
}

static void replay(struct exchange *x, int status, str go, str said, str body)
{
	x->c->said = said;
	if (go.n && !x->json) {
		answer_go(x, go);
		return;
	}
	put(answer_json(x, status), body);
	if (go.n)
		reply_header(x->p, S("Location"), go);
}

enum rc once_begin(struct exchange *x, bool *done)
{
	static const struct tr other = { "Mã chống gửi trùng này đã dùng cho một thao tác khác.", "This idempotency key was used for another write." };
	static const struct tr odd = { "Mã chống gửi trùng dài quá 200 ký tự.", "The idempotency key is longer than 200 bytes." };
	str key = once_key(x);
	digest input;
	struct rows r;
	bool same = true;

	*done = false;
	if (key.n == 0)
		return OK;
	if (key.n > 200)
		return FAIL(x->c, E_INVALID, 0, &odd);
	input = once_input(x);
	TRY(db_query(x->c->db, "SELECT input, status, go, said, body FROM once WHERE key = ?1", VALS(v_text(once_name(x, key))), &r));
	if (rows_next(&r)) {
		same = str_eq(rows_blob(&r, 0), (str){ (const char *)input.b, sizeof input.b });
		*done = same;
		if (same)
			replay(x, (int)rows_int(&r, 1), str_copy(x->c->mem, rows_text(&r, 2)), str_copy(x->c->mem, rows_text(&r, 3)),
				str_copy(x->c->mem, rows_text(&r, 4)));
	}
	TRY(rows_end(&r));
	return same ? OK : FAIL(x->c, E_STATE, 0, &other);
}

enum { ONCE_BODY = 100000 };

enum rc once_end(struct exchange *x)
{
	str key = once_key(x), body = x->json ? buf_str(&x->p->body) : S("");
	digest input;

	if (key.n == 0)
		return OK;
	input = once_input(x);
	return db_exec(x->c->db, "INSERT INTO once (key, user_id, at, input, status, go, said, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		VALS(v_text(once_name(x, key)), v_int(x->c->who->user.v), v_int(x->c->now.v), v_blob((str){ (const char *)input.b, sizeof input.b }),
		v_int(x->p->status ? x->p->status : 200), v_text(x->c->go), v_text(x->c->said), v_text(body.n <= ONCE_BODY ? body : S("{}"))), NULL);
}
