/* pages.h -- asks the dispatcher for a page as a browser or a program would, over the small library of library.h. */
#ifndef KHUE_TEST_PAGES_H
#define KHUE_TEST_PAGES_H
#include "library.h"
#include "core/dispatch.h"
#include "core/search.h"
#include "web/body.h"
#include "web/json.h"

struct site { struct world *w; struct arena mem; struct request r; struct reply p; str csrf; struct pair headers[12];
	char data[40]; };

/* Sessions of the tests: "librarian", "teacher", "pupil", "officer"; each at school A, the officer over all. */
static inline enum rc test_actor(struct ctx *c, str session, str bearer, struct actor *ret)
{
	static const struct { const char *name; const struct role *role; int64_t org, user, person; } all[] = {
		{ "librarian", &librarian, SCHOOL_A, 110, 910 }, { "librarian-b", &librarian, SCHOOL_B, 120, 920 },
		{ "teacher", &teacher, SCHOOL_A, 130, 930 },
		{ "pupil", &pupil, SCHOOL_A, 140, PUPIL_A }, { "officer", &dept_officer, DEPT, 150, 950 } };
	str name = session.n ? session : bearer;
	for (int i = 0; i < COUNT(all); i++)
		if (str_is(name, all[i].name)) {
			struct seat *s = NEW(c->mem, struct seat);
			*s = (struct seat){ all[i].role, { all[i].org }, { 0 }, { 99999 } };
			*ret = (struct actor){ .user = { all[i].user }, .person = { all[i].person }, .name = S("Nguyễn Thị Thử"),
				.seats = s, .n_seats = 1,
				.session = all[i].user, .mfa = true, .token = session.n == 0 };
			return OK;
		}
	return E_MISSING;
}

static inline struct site *site_open(void **state)
{
	struct site *s = calloc(1, sizeof *s);
	char why[256] = "";
	str sql;
	s->w = world_open(state);
	strcpy(s->data, "/tmp/khue_pages_XXXXXX");
	assert_non_null(mkdtemp(s->data));
	s->w->app.data = s->data;
	s->w->app.actor_of = test_actor;
	s->w->app.test = true;
	for (int i = 0; i < 2; i++) {
		const char *names[] = { "migrate/core/002-work.sql", "migrate/core/003-search.sql" };
		if (!db_has_table(s->w->db, i ? "search" : "file") && (!embedded_get(str_of(names[i]), &sql) ||
			db_script(s->w->db, sql) != OK))
			fail_msg("%s: %s", names[i], db_why(s->w->db));
	}
	if (!pages_open(&s->w->app, why))
		fail_msg("%s", why);
	arena_init(&s->mem, (size_t)64 << 20);
	return s;
}

static inline void site_close(struct site *s)
{
	arena_free(&s->mem);
	pages_close(&s->w->app);
	world_close(s->w);
	char cmd[80];
	snprintf(cmd, sizeof cmd, "rm -rf %s", s->data);
	if (rmdir(s->data) != 0)
		assert_int_equal(system(cmd), 0);                /* a test that kept files                                  */
	free(s);
}

static inline void header(struct site *s, const char *name, const char *value)
{
	s->headers[s->r.n_headers++] = (struct pair){ str_of(name), str_copy(&s->mem, str_of(value)) };
}

/* Asks; accept NULL: a browser. body: a form, or JSON when it begins with {. */
static inline int ask(struct site *s, const char *who, enum verb verb, const char *address, const char *accept,
	const char *body)
{
	struct pairs all = { 0 };
	str path, query, raw = str_of(address);
	char cookie[100];
	arena_reset(&s->mem);
	s->r = (struct request){ .mem = &s->mem, .verb = verb, .headers = s->headers, .remote = S("127.0.0.1"),
		.id = "0123456789abcdef" };
	s->p = (struct reply){ .fd = -1 };
	str_cut(str_copy(&s->mem, raw), '?', &path, &query);
	s->r.path = path;
	s->r.query = query;
	if (form_read(&s->mem, query, &all) != 0)
		return 400;
	header(s, "accept", accept ? accept : "text/html,application/xhtml+xml,*/*;q=0.8");
	header(s, "accept-language", "en");
	header(s, "host", "khue.test");
	if (who && *who == ':')
		header(s, "authorization", str_z(&s->mem, str_fmt(&s->mem, "Bearer %s", who + 1)));
	else if (who)
		snprintf(cookie, sizeof cookie, "khue=%s", who), header(s, "cookie", cookie);
	if (body && *body == '{') {
		s->r.type = S("application/json");
		s->r.body = str_copy(&s->mem, str_of(body));
	} else if (body) {
		s->r.type = S("application/x-www-form-urlencoded");
		header(s, "origin", "http://khue.test");
		if (form_read(&s->mem, str_copy(&s->mem, str_of(body)), &all) != 0)
			return 400;
		if (s->csrf.n)
			pairs_add(&s->mem, &all, S("_csrf"), s->csrf);
	}
	s->r.params = all.p;
	s->r.n_params = all.n;
	s->w->time += 20;
	dispatch(&s->w->app, &s->r, &s->p);
	if (db_depth(s->w->db) != 0)
		fail_msg("%s left a transaction open", address);
	return s->p.status;
}

static inline str page(const struct site *s)
{
	return s->p.memory.p ? s->p.memory : buf_str(&s->p.body);
}

static inline str sent_header(const struct site *s, const char *name)
{
	for (int i = 0; i < s->p.n_headers; i++)
		if (str_is(s->p.headers[i].name, name))
			return s->p.headers[i].value;
	return S("");
}

static inline bool has(const struct site *s, const char *text)
{
	return str_find(page(s), str_of(text)) >= 0;
}

#define assert_has(s, text) do { if (!has((s), (text))) fail_msg("no \"%s\" in:\n%.*s", (text), FMT(page(s))); \
	} while (0)
#define assert_hasnt(s, text) do { if (has((s), (text))) fail_msg("\"%s\" in:\n%.*s", (text), FMT(page(s))); } while (0)
#define assert_status(s, got, want) do { int got_ = (got); if (got_ != (want)) fail_msg("%d, not %d:\n%.*s", got_, \
	(want), FMT(page(s))); } while (0)

/* What stands between two marks of the page. */
static inline str between(const struct site *s, const char *before, const char *after)
{
	str all = page(s);
	ptrdiff_t at = str_find(all, str_of(before)), end;
	if (at < 0)
		return S("");
	all = str_sub(all, at + (ptrdiff_t)strlen(before), -1);
	end = str_find(all, str_of(after));
	return end < 0 ? S("") : str_sub(all, 0, end);
}

static const char JSON[] = "application/json";

/* Takes the token of a form for the posts that follow. It belongs to the session. */
static inline void take_token(struct site *s, const char *who)
{
	static char kept[128];
	str token;
	ask(s, who, GET, "/all", NULL, NULL);
	ask(s, who, GET, "/lib_book/new", NULL, NULL);
	token = between(s, "name=\"_csrf\" value=\"", "\"");
	if (token.n == 0 || token.n >= COUNT(kept))
		fail_msg("no token for %s:\n%.*s", who, FMT(page(s)));
	memcpy(kept, token.p, (size_t)token.n);
	s->csrf = (str){ kept, token.n };
}
#endif
