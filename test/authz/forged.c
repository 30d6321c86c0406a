/* forged.c -- see forged.h. */
#include "forged.h"
#include "core/page.h"
#include "inputs.h"
#include <stdlib.h>
#include <string.h>

/* Writes that ask for no token, each with what stands in its place. Another one fails the test. */
static const char *const open_to_others[] = {
	"POST /csp",                     /* a browser's report of a broken policy: writes nothing          */
	"GET /bao-phat/{key}", "POST /bao-phat/{key}",            /* an SMS gateway: a key in the address        */
	"POST /bao-phat-zalo",                                   /* Zalo: signs what it sends                   */
	NULL };

enum body { FORM, JSON, PLAIN, BODIES };
static const char *const types[BODIES] = { "application/x-www-form-urlencoded", "application/json", "text/plain" };

enum token { RIGHT, NONE, ANOTHERS, NOBODYS, CUT };
static const struct forgery { const char *name; enum token token; const char *header, *value; } forgeries[] = {
	{ "without a token", NONE, NULL, NULL },
	{ "without a token, from here", NONE, "sec-fetch-site", "same-origin" },
	{ "with another session's token", ANOTHERS, NULL, NULL },
	{ "with the token of nobody's session", NOBODYS, NULL, NULL },
	{ "with half a token", CUT, NULL, NULL },
	{ "from another site", RIGHT, "sec-fetch-site", "cross-site" },
	{ "from a sibling of this site", RIGHT, "sec-fetch-site", "same-site" },
	{ "from another origin", RIGHT, "origin", "https://evil.example" },
	{ "from an origin that begins like ours", RIGHT, "origin", "http://localhost.evil.example" },
	{ "from an origin that ends like ours", RIGHT, "origin", "http://evil-localhost" },
	{ "from a frame without an origin", RIGHT, "origin", "null" },
	{ "with a word for a bearer token", NONE, "authorization", "Bearer of good news" },
};

struct target { const char *verb_path, *path; enum verb verb; };

/* ---- a request of a browser ------------------------------------------------------------------------------ */

static str session_name(const struct player *who)
{
	return who->user ? str_of(who->role->name) : S("");
}

static str token_for(struct world *w, str session)
{
	struct ctx c;
	ctx_start(&c, &w->app, &w->request);
	struct exchange x = { .app = &w->app, .c = &c, .session = session };
	return csrf_token(&x);
}

static void header(struct request *r, const char *name, const char *value)
{
	r->headers[r->n_headers++] = (struct pair){ str_of(name), str_of(value) };
}

static str token_of(struct world *w, const struct player *who, enum token token)
{
	str own = session_name(who), got = token_for(w, token == ANOTHERS ? S("somebody") : token == NOBODYS ? S("") : own);
	return token == NONE ? S("") : token == CUT ? str_sub(got, 0, got.n / 2) : got;
}

/* By cookie alone, as a browser sends it: with the token where a page of that kind would put it. */
static struct request *browser(struct world *w, const struct player *who, const struct target *t, enum body body,
			       enum token token)
{
	static const struct player nobody;
	struct request *r = ask_draft(w, &nobody, t->verb, t->path, "application/json");
	str sent = token_of(w, who, token);
	if (who->user)
		header(r, "cookie", str_z(&w->request, str_fmt(&w->request, "khue=%s", who->role->name)));
	r->type = str_of(types[body]);
	if (body == FORM && sent.n)
		r->params[r->n_params++] = (struct pair){ S("_csrf"), sent };
	else if (sent.n)
		header(r, "x-csrf-token", str_z(&w->request, sent));
	if (body != FORM)
		r->body = S("{}");
	return r;
}

static bool told_forged(struct answer a)
{
	return a.status == 403 && str_find(a.body, S("không đến từ trang của hệ thống")) >= 0;
}

/* ---- one address ----------------------------------------------------------------------------------------- */

static bool is_open(const struct target *t)
{
	for (int i = 0; open_to_others[i]; i++)
		if (strcmp(open_to_others[i], t->verb_path) == 0)
			return true;
	return false;
}

static void check_forgery(struct world *w, const struct player *who, const struct target *t, const struct forgery *f,
			  enum body body)
{
	/* nobody's token is the right one of who has not signed in, and without a cookie there is nothing to abuse */
	bool bearer = f->header && strcmp(f->header, "authorization") == 0;
	if (!who->user && (f->token == NOBODYS || bearer))
		return;
	struct request *r = browser(w, who, t, body, f->token);
	if (f->header)
		header(r, f->header, f->value);
	struct answer a = ask_send(w, r);
	w->cells++;
	if (bearer ? !refused(a) : !told_forged(a))
		wrong(w, "%s: %s %s as %s: answered %d: %.*s", who->role->name, t->verb_path, f->name, types[body], a.status,
		      FMT(str_sub(a.body, 0, 200)));
}

/* A word in the request does not make a write of a read, nor are there other verbs. */
static void check_verbs(struct world *w, const struct player *who, const struct target *t)
{
	static const enum verb verbs[] = { GET, HEAD, PUT, DELETE, OPTIONS };
	for (ptrdiff_t i = 0; i < COUNT(verbs); i++) {
		struct target as = { t->verb_path, t->path, verbs[i] };
		struct request *r = browser(w, who, &as, FORM, RIGHT);
		header(r, "x-http-method-override", "POST");
		r->params[r->n_params++] = (struct pair){ S("_method"), S("POST") };
		struct answer a = ask_send(w, r);
		w->cells++;
		if (i > 1 ? !refused(a) : a.status >= 500)
			wrong(w, "%s: %s %s: answered %d", who->role->name, verb_name(verbs[i]), t->path, a.status);
	}
}

static void check_target(struct world *w, const struct player *who, const struct target *t)
{
	for (enum body body = 0; body < BODIES; body++) {
		for (ptrdiff_t i = 0; i < COUNT(forgeries); i++)
			check_forgery(w, who, t, &forgeries[i], body);
		ask_undo(w);
		struct request *r = browser(w, who, t, body, RIGHT);
		header(r, "origin", "http://localhost");
		if (db_begin(w->app.db) != OK)
			abort();
		struct answer a = ask_send(w, r);
		w->cells++;
		if (told_forged(a))
			wrong(w, "%s: %s with its token: refused as forged", who->role->name, t->verb_path);
	}
	check_verbs(w, who, t);
}

/* ---- all addresses --------------------------------------------------------------------------------------- */

static struct target target_of(struct world *w, enum verb verb, const struct route *r)
{
	return (struct target){ str_z(&w->mem, str_fmt(&w->mem, "%s %s", verb_name(verb), r->path)),
		input_path(&w->p, &w->mem, r), verb };
}

static void check_route(struct world *w, const struct route_of *x)
{
	struct target t = target_of(w, x->verb, x->route);
	if (x->route->callback != is_open(&t))
		wrong(w, "%s asks for %s token, this test has it otherwise", t.verb_path, x->route->callback ? "no" : "a");
	if (x->verb == GET || is_open(&t))
		return;
	for (int i = 0; i < w->p.n_players; i++)
		if (province_route(&w->p, &w->p.players[i], x->route)) {
			check_target(w, &w->p.players[i], &t);
			return;
		}
	wrong(w, "%s: nobody is let in", t.verb_path);
}

static void check_core(struct world *w, const struct core_route *c)
{
	struct route like = { .verb = verb_name(c->verb), .path = c->path };
	struct target t = target_of(w, c->verb, &like);
	for (int i = 0; c->verb != GET && !is_open(&t) && i < w->p.n_players; i++)
		if (w->p.players[i].user && province_core(&w->p, &w->p.players[i], like.verb, c->path)) {
			check_target(w, &w->p.players[i], &t);
			return;
		}
}

static void check_page(struct world *w, const struct meta *m, const struct entity_page *page)
{
	struct route like = { .verb = verb_name(page->verb),
		.path = str_z(&w->mem, str_fmt(&w->mem, "/%s%s", m->e->name, page->rest)) };
	struct target t = target_of(w, page->verb, &like);
	for (int i = 0; i < w->p.n_players; i++)
		if (w->p.players[i].user && province_any(&w->p, &w->p.players[i], m->e, page->may)) {
			check_target(w, &w->p.players[i], &t);
			return;
		}
}

void forged_check(struct world *w)
{
	digest before = database_digest(w);
	for (int k = 0; k < w->app.registry->n_routes; k++)
		check_route(w, &w->app.registry->routes[k]);
	for (const struct core_route *c = core_routes; c->path; c++)
		check_core(w, c);
	for (int k = 0; k < w->app.registry->n_entities; k++)
		for (const struct entity_page *page = entity_pages; page->rest; page++)
			if (page->verb != GET)
				check_page(w, &w->app.registry->metas[k], page);
	digest after = database_digest(w);
	if (memcmp(&before, &after, sizeof after) != 0)
		wrong(w, "a forged request changed the database");
}
