/* auth_world.h -- a department with two schools and people who sign in, over the real modules and the real
 * dispatcher. */
#ifndef KHUE_TEST_AUTH_H
#define KHUE_TEST_AUTH_H
#include "engines.h"
/* cmocka's macro of that name gives way to fail() of core/ctx.h */
#undef fail
#undef fail_msg
#define fail_msg(...) do { print_error(__VA_ARGS__); _fail(__FILE__, __LINE__); } while (0)
#include "base/hash.h"
#include "core/dispatch.h"
#include "core/migrate.h"
#include "core/query.h"
#include "core/registry.h"
#include "mod/auth/auth.h"
#include "mod/auth/password.h"
#include "web/body.h"

#define PASSWORD "mười hai con cò trắng"
#define MINUTE INT64_C(60000)

static const struct module *const auth_modules[] = { &mod_org, &mod_people, &mod_auth, NULL };

struct world {
	struct app app; struct arena mem; struct ctx c; struct db *db; int64_t time; uint64_t seed;
	char data[64];
	int64_t dept, school_a, school_b;
	int64_t operator_, officer, principal, keeper, teacher, form, pupil, keeper_b, teacher_b, client;
	/* one browser at a time */
	char cookie[96], door[96], device[96], csrf[128];
	struct arena page_mem; struct pair headers[12]; struct request r; struct reply p;
	const char *site, *from;                         /* Sec-Fetch-Site and Referer; NULL: not sent                 */
	const char *address; bool secure;
};

static inline instant world_clock(void *arg) { return (instant){ ((struct world *)arg)->time }; }
static inline void world_random(void *arg, void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)p)[i] = (uint8_t)next_number(&((struct world *)arg)->seed);
}

static inline struct ctx *as_khue(struct world *w)
{
	arena_reset(&w->mem);
	ctx_start(&w->c, &w->app, &w->mem);
	w->c.who = &actor_system;
	w->c.lang = EN;
	return &w->c;
}

static inline int64_t add_org(struct world *w, pick kind, const char *name, int64_t above, const char *code)
{
	struct ctx *c = as_khue(w);
	struct org o;

	row_zero(&org, &o);
	o.name = str_of(name);
	o.short_name = o.name;
	o.code = str_of(code);
	o.kind = kind;
	o.parent.v = above;
	o.since = (day){ 10000 };
	o.lower = kind == ORG_SCHOOL;
	if (create(c, &org, &o) != OK)
		fail_msg("%s: %.*s", name, FMT(c->n_problems ? c->problems[0].text : str_of(db_why(w->db))));
	return o.base.id;
}

static inline int64_t add_account(struct world *w, const char *login, const char *name, int64_t at,
	const struct role *role)
{
	struct ctx *c = as_khue(w);
	struct person p;
	int64_t id;

	row_zero(&person, &p);
	p.base.org.v = at;
	p.name = str_of(name);
	p.born = (day){ 5000 };                  /* 10 September 1983 */
	p.sex = SEX_FEMALE;
	p.staff = true;
	if (create(c, &person, &p) != OK)
		fail_msg("%s: %.*s", name, FMT(c->n_problems ? c->problems[0].text : str_of(db_why(w->db))));
	struct new_account n = { .login = str_of(login), .name = str_of(name), .person = { p.base.id }, .org = { at },
		.role = role, .password = S(PASSWORD) };
	if (auth_demo(c, &n, 1, false, &id) != OK)
		fail_msg("%s: %.*s", login, FMT(c->n_problems ? c->problems[0].text : str_of(db_why(w->db))));
	return id;
}

static inline void add_people(struct world *w)
{
	w->dept = add_org(w, ORG_DEPARTMENT, "Sở Giáo dục và Đào tạo An Bình", 0, "99");
	w->school_a = add_org(w, ORG_SCHOOL, "Trường THCS Nguyễn Du", w->dept, "99001");
	w->school_b = add_org(w, ORG_SCHOOL, "Trường THCS Lê Lợi", w->dept, "99002");
	w->operator_ = add_account(w, "quantri", "Đỗ Quang Huy", w->dept, &operator_);
	w->officer = add_account(w, "chuyenvien", "Lê Thị Thu Hà", w->dept, &dept_officer);
	w->principal = add_account(w, "hieutruong", "Trần Thị Mai", w->school_a, &principal);
	w->keeper = add_account(w, "tin.hoc", "Phạm Văn Long", w->school_a, &it_officer);
	w->teacher = add_account(w, "an.nv", "Nguyễn Văn An", w->school_a, &teacher);
	w->form = add_account(w, "binh.tt", "Trần Thị Bình", w->school_a, &form_teacher);
	w->pupil = add_account(w, "hs001", "Lê Minh Châu", w->school_a, &pupil);
	w->keeper_b = add_account(w, "tin.b", "Vũ Thị Dung", w->school_b, &it_officer);
	w->teacher_b = add_account(w, "em.b", "Hồ Văn Em", w->school_b, &teacher);
	w->client = add_account(w, "vnedu", "Phần mềm ngoài", w->dept, &api_client);
}

static inline struct world *world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	const struct migration *list;
	char why[256] = "";
	int n;

	w->db = engine_db(state);
	w->time = INT64_C(1793500000000);        /* 1 November 2026 */
	w->seed = 7;
	w->address = "10.0.0.1";
	strcpy(w->data, "/tmp/khue-auth.XXXXXX");
	assert_non_null(mkdtemp(w->data));
	arena_init(&w->mem, (size_t)64 << 20);
	arena_init(&w->page_mem, (size_t)64 << 20);
	w->app = (struct app){ .modules = auth_modules, .db = w->db, .data = w->data, .clock = world_clock,
		.random = world_random, .arg = w,
	                       .actor_of = auth_actor, .kept = calloc(8, sizeof(void *)) };
	memset(w->app.secret, 42, sizeof w->app.secret);
	w->app.registry = registry_new(auth_modules, why);
	if (!w->app.registry)
		fail_msg("%s", why);
	n = migrations_embedded(&w->mem, w->app.registry, &list);
	if (migrate_run(w->db, &w->mem, list, n, (instant){ w->time }, NULL, NULL, why) != OK || !pages_open(&w->app, why))
		fail_msg("%s", why);
	add_people(w);
	return w;
}

static inline void world_close(struct world *w)
{
	pages_close(&w->app);
	registry_free(w->app.registry);
	arena_free(&w->page_mem);
	arena_free(&w->mem);
	nftw(w->data, engine_remove, 8, FTW_DEPTH | FTW_PHYS);
	free(w->app.kept);
	free(w);
}

/* ---- a browser --------------------------------------------------------------------------------- */

static inline void header(struct world *w, const char *name, const char *value)
{
	w->headers[w->r.n_headers++] = (struct pair){ str_of(name), str_copy(&w->page_mem, str_of(value)) };
}

static inline str page(const struct world *w) { return w->p.memory.p ? w->p.memory : buf_str(&w->p.body); }

static inline str sent_header(const struct world *w, const char *name)
{
	for (int i = 0; i < w->p.n_headers; i++)
		if (str_is(w->p.headers[i].name, name))
			return w->p.headers[i].value;
	return S("");
}

static inline str between(const struct world *w, const char *before, const char *after)
{
	str all = page(w);
	ptrdiff_t at = str_find(all, str_of(before)), end;

	if (at < 0)
		return S("");
	all = str_sub(all, at + (ptrdiff_t)strlen(before), -1);
	end = str_find(all, str_of(after));
	return end < 0 ? S("") : str_sub(all, 0, end);
}

static inline bool has(const struct world *w, const char *text) { return str_find(page(w), str_of(text)) >= 0; }
/* The page from its heading on: what stands before is the same everywhere. */
static inline str told(const struct world *w)
{
	ptrdiff_t at = str_find(page(w), S("<h1"));

	return at < 0 ? page(w) : str_sub(page(w), at, -1);
}
#define assert_has(w, text) do { if (!has((w), (text))) fail_msg("no \"%s\" in:\n%.*s", (text), FMT(told(w))); \
	} while (0)
#define assert_hasnt(w, text) do { if (has((w), (text))) fail_msg("\"%s\" in:\n%.*s", (text), FMT(told(w))); } while (0)
#define assert_status(w, got, want) do { int got_ = (got); if (got_ != (want)) fail_msg("%d, not %d:\n%.*s", got_, \
	(want), FMT(told(w))); } while (0)

static inline void keep_one(struct world *w, str set, const char *word, char kept[96])
{
	str name = str_fmt(&w->page_mem, "%s%s=", w->secure ? "__Host-khue" : "khue", word), value, rest;

	if (!str_starts(set, name))
		return;
	str_cut(str_sub(set, name.n, -1), ';', &value, &rest);
	snprintf(kept, 96, "%.*s", FMT(value));
}

static inline void keep_cookies(struct world *w)
{
	for (int i = 0; i < w->p.n_headers; i++)
		if (str_is(w->p.headers[i].name, "Set-Cookie")) {
			keep_one(w, w->p.headers[i].value, "", w->cookie);
			keep_one(w, w->p.headers[i].value, "-cua", w->door);
			keep_one(w, w->p.headers[i].value, "-may", w->device);
		}
}

static inline void send_cookies(struct world *w)
{
	const char *name = w->secure ? "__Host-khue" : "khue";
	struct buf b;

	buf_init(&b, &w->page_mem, 600);
	if (w->cookie[0])
		put_fmt(&b, "%s=%s; ", name, w->cookie);
	if (w->door[0])
		put_fmt(&b, "%s-cua=%s; ", name, w->door);
	if (w->device[0])
		put_fmt(&b, "%s-may=%s; ", name, w->device);
	if (b.n)
		header(w, "cookie", str_z(&w->page_mem, (str){ b.p, (ptrdiff_t)b.n - 2 }));
}

/* Asks as the browser of w would; form NULL: GET. bearer: a token instead of the cookie. */
static inline int ask(struct world *w, const char *address, const char *form, const char *bearer)
{
	struct pairs all = { 0 };
	str path, query;

	arena_reset(&w->page_mem);
	w->r = (struct request){ .mem = &w->page_mem, .verb = form ? POST : GET, .headers = w->headers,
		.remote = str_of(w->address), .id = "0123456789abcdef", .secure = w->secure };
	w->p = (struct reply){ .fd = -1 };
	str_cut(str_copy(&w->page_mem, str_of(address)), '?', &path, &query);
	w->r.path = path;
	w->r.query = query;
	assert_int_equal(form_read(&w->page_mem, query, &all), 0);
	header(w, "accept", bearer ? "application/json" : "text/html");
	header(w, "accept-language", "en");
	header(w, "host", "khue.test");
	header(w, "user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0");
	if (bearer)
		header(w, "authorization", str_z(&w->page_mem, str_fmt(&w->page_mem, "Bearer %s", bearer)));
	if (w->site)
		header(w, "sec-fetch-site", w->site);
	if (w->from)
		header(w, "referer", w->from);
	if (!bearer)
		send_cookies(w);
	if (form) {
		w->r.type = S("application/x-www-form-urlencoded");
		header(w, "origin", "http://khue.test");
		assert_int_equal(form_read(&w->page_mem, str_copy(&w->page_mem, str_of(form)), &all), 0);
		if (w->csrf[0])
			pairs_add(&w->page_mem, &all, S("_csrf"), str_of(w->csrf));
	}
	w->r.params = all.p;
	w->r.n_params = all.n;
	w->time += 20;
	dispatch(&w->app, &w->r, &w->p);
	if (db_depth(w->db) != 0)
		fail_msg("%s left a transaction open", address);
	keep_cookies(w);
	return w->p.status;
}

static inline int get(struct world *w, const char *address) { return ask(w, address, NULL, NULL); }

/* Opens the page of a form for its token, then sends the form. */
static inline int post_from(struct world *w, const char *from, const char *address, const char *form)
{
	str token;

	get(w, from);
	token = between(w, "name=\"_csrf\" value=\"", "\"");
	snprintf(w->csrf, sizeof w->csrf, "%.*s", FMT(token));
	int status = ask(w, address, form, NULL);
	w->csrf[0] = 0;
	return status;
}
static inline int post(struct world *w, const char *address, const char *form) { return post_from(w, address, address,
	form); }

static inline void leave(struct world *w) { w->cookie[0] = 0; }

static inline int login_with(struct world *w, const char *login, const char *password)
{
	struct buf b;
	char form[600];

	leave(w);
	buf_init(&b, &w->mem, 500);
	put_url(&b, str_of(password));
	snprintf(form, sizeof form, "login=%s&password=%.*s", login, FMT(buf_str(&b)));
	return post(w, "/dang-nhap", form);
}

static inline void login(struct world *w, const char *name)
{
	assert_status(w, login_with(w, name, PASSWORD), 303);
	assert_true(w->cookie[0]);
}

static inline int64_t number(struct world *w, const char *sql, int64_t a)
{
	int64_t n = -1;

	if (db_int(w->db, sql, VALS(v_int(a)), &n) != OK)
		fail_msg("%s: %s", sql, db_why(w->db));
	return n;
}

static inline void must(struct world *w, const char *sql)
{
	if (db_script(w->db, str_of(sql)) != OK)
		fail_msg("%s: %s", sql, db_why(w->db));
}

/* As an account with one seat. */
static inline struct ctx *as_account(struct world *w, int64_t id, const struct role *role, int64_t at)
{
	struct ctx *c = as_khue(w);
	struct actor *who = NEW(c->mem, struct actor);
	struct seat *s = NEW(c->mem, struct seat);

	*s = (struct seat){ role, { at }, { 0 }, NO_DAY };
	*who = (struct actor){ .user = { id }, .seats = s, .n_seats = 1, .session = 1 };
	c->who = who;
	return c;
}

static inline enum rc give(struct ctx *c, int64_t to, const char *role_name, int64_t at)
{
	struct seat_row s;

	row_zero(&seat, &s);
	s.base.org.v = at;
	s.account.v = to;
	for (s.role = 0; strcmp(seat_roles[s.role].code, role_name) != 0; s.role++)
		continue;
	s.since = c->today;
	return create(c, &seat, &s);
}
#endif
