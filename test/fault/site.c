/* site.c -- see site.h. */
#include "site.h"
#include "app/modules.h"
#include "base/hash.h"
#include "core/dispatch.h"
#include "core/migrate.h"
#include "core/query.h"
#include "web/json.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static instant site_clock(void *arg)
{
	return (instant){ ((struct site *)arg)->time += 7 };
}

static void site_random(void *arg, void *to, size_t n)
{
	struct site *s = arg;
	for (size_t i = 0; i < n; i++) {
		s->seed = s->seed * 6364136223846793005u + 1442695040888963407u;
		((uint8_t *)to)[i] = (uint8_t)(s->seed >> 56);
	}
}

/* A token names the role that acts. */
static enum rc actor_by_role(struct ctx *c, str session, str bearer, struct actor *ret)
{
	const struct site *s = c->app->arg;
	(void)session;
	for (int i = 0; i < s->p.n_players; i++) {
		const struct player *p = &s->p.players[i];
		if (!str_is(bearer, p->role->name))
			continue;
		struct seat *seat = NEW(c->mem, struct seat);
		*seat = (struct seat){ p->role, { p->org }, { 10000 }, { 60000 } };
		*ret = (struct actor){ .user = { p->user }, .person = { p->person }, .name = bearer, .login = bearer,
			.seats = seat,
			.n_seats = p->seat, .session = p->user, .mfa = true };
		return OK;
	}
	return E_MISSING;
}

static str whole_file(struct arena *mem, const char *path)
{
	struct buf b;
	char block[65536];
	buf_init(&b, mem, (size_t)8 << 20);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (ssize_t n; fd >= 0 && (n = read(fd, block, sizeof block)) > 0; )
		put(&b, (str){ block, n });
	if (fd >= 0)
		close(fd);
	return buf_str(&b);
}

bool site_db(struct site *s, const char *where, const char *settings)
{
	char why[256];
	if (db_open(&s->app.db, where, 0, why) != OK) {
		s->app.db = NULL;
		return false;
	}
	if (settings && db_script(s->app.db, str_of(settings)) != OK) {
		site_db_end(s);
		return false;
	}
	return true;
}

void site_db_end(struct site *s)
{
	arena_reset(&s->request);
	db_close(s->app.db);
	s->app.db = NULL;
}

bool site_make(struct site *s, const char *where, const char *folder)
{
	const struct migration *list;
	char why[512] = "";
	*s = (struct site){ .time = INT64_C(1767225600000), .seed = 11 };
	arena_init(&s->mem, (size_t)512 << 20);
	arena_init(&s->request, (size_t)64 << 20);
	arena_init(&s->round, (size_t)256 << 20);
	s->app = (struct app){ .modules = all_modules, .data = folder, .actor_of = actor_by_role, .clock = site_clock,
		.random = site_random, .arg = s };
	s->app.registry = registry_new(all_modules, why);
	bool good = s->app.registry && site_db(s, where, NULL) && oracle_read(&s->mem, whole_file(&s->mem, KHUE_ORACLE),
		&s->o, why);
	if (good) {
		int n = migrations_embedded(&s->mem, s->app.registry, &list);
		good = migrate_run(s->app.db, &s->mem, list, n, (instant){ s->time }, NULL, NULL, why) == OK &&
			queries_load(s->app.registry, why)
			&& pages_open(&s->app, why) && province_make(&s->p, &s->app, &s->o, &s->mem, why);
	}
	if (!good)
		fprintf(stderr, "site: %s\n", why);
	return good;
}

void site_round(struct site *s)
{
	arena_reset(&s->round);
}

const struct player *site_player(const struct site *s, const char *role)
{
	for (int i = 0; i < s->p.n_players; i++)
		if (strcmp(s->p.players[i].role->name, role) == 0)
			return &s->p.players[i];
	return NULL;
}

int64_t site_rows(struct site *s, const char *table)
{
	int64_t n = -1;
	char sql[128];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return db_int(s->app.db, sql, NULL, 0, &n) == OK ? n : -1;
}

/* ---- requests -------------------------------------------------------------------------------------- */

static struct request *request(struct site *s, const struct player *who, enum verb verb, const char *path,
	const char *accept)
{
	arena_reset(&s->request);
	struct arena *a = &s->request;
	struct request *r = NEW(a, struct request);
	*r = (struct request){ .mem = a, .verb = verb, .remote = S("127.0.0.1"), .id = "fault-test" };
	str_cut(str_copy(a, str_of(path)), '?', &r->path, &r->query);
	r->headers = NEWS(a, struct pair, 5);
	r->headers[r->n_headers++] = (struct pair){ S("accept"), str_of(accept) };
	r->headers[r->n_headers++] = (struct pair){ S("host"), S("localhost") };
	if (who->user)
		r->headers[r->n_headers++] = (struct pair){ S("authorization"), str_fmt(a, "Bearer %s", who->role->name) };
	r->params = NEWS(a, struct pair, 64);
	for (str one, query = r->query; query.n; ) {
		str_cut(query, '&', &one, &query);
		str_cut(one, '=', &r->params[r->n_params].name, &r->params[r->n_params].value);
		r->n_params++;
	}
	return r;
}

static struct said run(struct site *s, struct request *r)
{
	static _Alignas(16) struct reply reply;
	const char *bad;
	ptrdiff_t at;
	jmp_buf full;
	reply = (struct reply){ .fd = -1 };
	if (setjmp(full) != 0) {
		if (s->within)
			*s->within = false;
		s->request.full = NULL;
		arena_reset(&s->request);
		return (struct said){ 503, S("Máy chủ đang quá tải"), 0 };
	}
	s->request.full = &full;
	if (s->within)
		*s->within = true;
	dispatch(&s->app, r, &reply);
	if (s->within)
		*s->within = false;
	s->request.full = NULL;
	struct said said = { reply.status, reply.memory.p ? reply.memory : buf_str(&reply.body), 0 };
	if (reply.fd >= 0)
		close(reply.fd);
	const cJSON *o = r->verb == POST && said.status < 300 ? json_read(r->mem, said.body, &bad, &at) : NULL;
	if (o)
		json_int(json_get(o, "id"), &said.id);
	return said;
}

struct said site_get(struct site *s, const struct player *who, const char *path, const char *accept)
{
	return run(s, request(s, who, GET, path, accept));
}

struct said site_send(struct site *s, const struct sent *what)
{
	struct request *r = request(s, what->form->who, POST, what->path, "application/json");
	r->type = S("application/x-www-form-urlencoded");
	r->headers[r->n_headers++] = (struct pair){ S("idempotency-key"), what->key };
	for (int i = 0; i < what->n && r->n_params < 64; i++)
		r->params[r->n_params++] = what->pairs[i];
	return run(s, r);
}

/* ---- forms ------------------------------------------------------------------------------------------ */

static str new_key(struct site *s)
{
	uint8_t any[12];
	site_random(s, any, sizeof any);
	return hex_of(&s->round, any, sizeof any);
}

struct sent *site_fill(struct site *s, const struct form *f)
{
	struct province p = s->p;
	struct sent *x = NEW(&s->round, struct sent);
	p.mem = &s->round;
	*x = (struct sent){ .form = f, .key = new_key(s), .path = str_z(&s->round,
		str_fmt(&s->round, "/%s", f->m->e->name)) };
	x->n = input_create(&p, f->m, f->like, x->pairs, 63);
	if (x->n >= 0 && f->who->seat)
		x->path = str_z(&s->round, str_fmt(&s->round, "/t/%.*s/%s", FMT(input_slug(&p, &s->round, f->like->org)),
			f->m->e->name));
	return x;
}

struct sent *site_retire(struct site *s, const struct sent *made)
{
	struct sent *x = NEW(&s->round, struct sent);
	*x = (struct sent){ .form = made->form, .key = new_key(s), .n = 1, .retires = true,
		.path = str_z(&s->round, str_fmt(&s->round, "/%s/%lld/retire", made->form->m->e->name,
			(long long)made->said.id)) };
	x->pairs[0] = (struct pair){ S("rev"), S("1") };
	x->said.id = made->said.id;
	return x;
}

/* Two rows one after the other are made of it, each adding one. */
static bool fills(struct site *s, struct form *f)
{
	for (int i = 0; i < 2; i++) {
		int64_t before = site_rows(s, f->m->e->name);
		struct sent *x = site_fill(s, f);
		if (x->n < 0)
			return false;
		struct said said = site_send(s, x);
		if (said.status >= 300 || said.id == 0 || site_rows(s, f->m->e->name) != before + 1)
			return false;
	}
	return true;
}

void site_forms(struct site *s)
{
	const struct registry *g = s->app.registry;
	s->forms = NEWS(&s->mem, struct form, g->n_entities);
	for (int i = 0; i < g->n_entities; i++) {
		bool found = false;
		for (int k = 0; k < s->p.n_players && !found; k++) {
			const struct player *who = &s->p.players[k];
			for (int n = 0; n < s->p.facts[i].n && n < 3 && !found; n++) {
				const struct fact *like = &s->p.facts[i].at[n];
				struct form f = { &g->metas[i], who, like };
				if (!(province_may(&s->p, who, g->metas[i].e, like) & CREATE) || !fills(s, &f))
					continue;
				s->forms[s->n_forms++] = f;
				found = true;
			}
		}
		site_round(s);
	}
}
