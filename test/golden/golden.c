/* golden.c -- asks a small fictional department for pages as people of several roles, at a fixed time with fixed
 * chance, and writes the answers: OUT/ENGINE/NAME.html and NAME.pdf. test/golden/run compares both engines with each
 * other and with what is kept in test/golden/pages. */
#include "mod/auth/auth.h"
#include "mod/home/home.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_auth, &mod_home
#include "domain.h"
#include "core/dispatch.h"
#include "web/body.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct ask { const char *name, *who, *address, *form; int status; };
/* who: the role, and "en" for the other language. {A}: school A, {class}, {pupil}, {move}: their ids. */
static const struct ask asks[] = {
	{ "home-clerk", "clerk", "/t/truong-thcs-nguyen-trai/2026-2027/", NULL, 200 },
	{ "home-leader-en", "dept_leader en", "/t/so-gddt-an-binh/2026-2027/", NULL, 200 },
	{ "home-parent", "parent", "/t/truong-thcs-nguyen-trai/2026-2027/", NULL, 200 },
	{ "home-public", "", "/", NULL, 200 },
	{ "login", "", "/dang-nhap", NULL, 200 },
	{ "list", "clerk", "/school_class", NULL, 200 },
	{ "list-en", "clerk en", "/school_class?grade=7", NULL, 200 },
	{ "list-filtered-empty", "clerk", "/person?q=khongcoai", NULL, 200 },
	{ "list-empty", "clerk", "/facility", NULL, 200 },
	{ "list-bad-filter", "clerk", "/person?born.from=32/13/2020", NULL, 422 },
	{ "form", "clerk", "/school_class/new", NULL, 200 },
	{ "form-refused", "clerk", "/school_class", "name=&grade=7&most=99", 422 },
	{ "form-edit-en", "clerk en", "/person/{pupil}/edit", NULL, 200 },
	{ "detail", "clerk", "/person/{pupil}", NULL, 200 },
	{ "detail-flow", "clerk", "/move/{move}", NULL, 200 },
	{ "detail-en", "teacher en", "/school_class/{class}", NULL, 200 },
	{ "history", "clerk", "/person/{pupil}/history", NULL, 200 },
	{ "class", "clerk", "/school_class/{class}/pupils", NULL, 200 },
	{ "attendance", "clerk", "/attendance", NULL, 200 },
	{ "attendance-class", "clerk", "/attendance/{class}", NULL, 200 },
	{ "units", "", "/dia-danh", NULL, 200 },
	{ "import", "clerk", "/person/import", NULL, 200 },
	{ "missing", "clerk", "/school_class/999", NULL, 404 },
	{ "missing-en", "clerk en", "/nowhere", NULL, 404 },
	{ "forged", "clerk", "/school_class/{class}/retire", "rev=1&_csrf=x", 403 },
	{ "all", "clerk", "/all", NULL, 200 },
	{ "search", "clerk", "/tim?q=binh", NULL, 200 },
	{ "print-list", "clerk", "/school_class/{class}/print/list", NULL, 200 },
	{ "print-month-en", "clerk en", "/school_class/{class}/print/month?on_day=15/11/2026", NULL, 200 },
	{ "paper-list", "clerk", "/school_class/{class}/print/list?format=pdf", NULL, 200 },
	{ "paper-month", "clerk", "/school_class/{class}/print/month?on_day=15/11/2026&format=pdf", NULL, 200 },
	{ "paper-request", "clerk", "/move/{move}/print/request?format=pdf", NULL, 200 },
	{ "paper-persons", "clerk", "/person/print", NULL, 200 },
};

static enum rc actor_of(struct ctx *c, str session, str bearer, struct actor *ret)
{
	struct world *w = c->app->arg;
	const struct role *r = registry_role(c->app->registry, session);
	struct seat *s = NEW(c->mem, struct seat);
	(void)bearer;
	if (!r)
		return E_MISSING;
	*s = (struct seat){ r, str_starts(session, S("dept")) ? w->dept : w->a, { 0 }, { 99999 } };
	*ret = (struct actor){ .user = { 77 }, .person = r == &parent ? w->parent_a : w->teacher_a,
		.name = S("Lê Thị Hoa"), .seats = s, .n_seats = 1, .session = 1, .mfa = true };
	return OK;
}

static int64_t furnish(struct world *w)
{
	static const char *const names[] = { "Nguyễn Thị Ánh", "Lò Văn Ất", "H'Linh Niê Kđăm", "Đỗ Đức Anh" };
	static const char hostile[] = "Xin chuyển <script>alert(1)</script>";
	struct absence a;
	struct move m;
	enrol(w, w->pupil_a, w->class_a);
	for (int i = 0; i < COUNT(names); i++)
		enrol(w, add_person(w, w->a, names[i], true, false), w->class_a);
	teach(w, w->teacher_a, w->class_a, w->a);
	add_kin(w, w->pupil_a, w->parent_a);
	row_zero(&absence, &a);
	a.base.org = w->a;
	a.class = w->class_a;
	a.pupil = w->pupil_a;
	day_of(2026, 11, 2, &a.held);
	OKAY(create(as_khue(w), &absence, &a));
	row_zero(&move, &m);
	m.pupil = w->pupil_a;
	m.to_org = w->b;
	m.note = str_of(hostile);
	OKAY(create(as_khue(w), &move, &m));
	return m.base.id;
}

/* {A} and the like in an address become what they stand for. */
static str address_of(struct world *w, struct arena *mem, const char *form, int64_t of_move)
{
	const struct { const char *name; int64_t id; } known[] = { { "{class}", w->class_a.v },
		{ "{pupil}", w->pupil_a.v }, { "{move}", of_move } };
	str s = str_of(form);
	for (ptrdiff_t at, i = 0; i < COUNT(known); i++)
		if ((at = str_find(s, str_of(known[i].name))) >= 0)
			return str_fmt(mem, "%.*s%lld%.*s", FMT(str_sub(s, 0, at)), (long long)known[i].id,
				FMT(str_sub(s, at + (ptrdiff_t)strlen(known[i].name), -1)));
	return s;
}

static str csrf_of(struct world *w, struct arena *mem, struct pair *headers, int n);

static void send(struct world *w, struct arena *mem, const struct ask *a, str address, struct reply *p)
{
	struct request r = { .mem = mem, .verb = a->form ? POST : GET, .headers = NEWS(mem, struct pair, 6),
		.remote = S("127.0.0.1"), .id = "0123456789abcdef" };
	struct pairs all = { 0 };
	str role, lang;
	str_cut(str_of(a->who), ' ', &role, &lang);
	r.headers[r.n_headers++] = (struct pair){ S("accept"), S("text/html") };
	r.headers[r.n_headers++] = (struct pair){ S("host"), S("khue.test") };
	r.headers[r.n_headers++] = (struct pair){ S("sec-fetch-site"), S("same-origin") };
	r.headers[r.n_headers++] = (struct pair){ S("cookie"), str_fmt(mem, "khue=%.*s; lang=%s", FMT(role), lang.n ? "en"
		: "vi") };
	str_cut(address, '?', &r.path, &r.query);
	assert_int_equal(form_read(mem, r.query, &all), 0);
	if (a->form) {
		str form = str_of(a->form);
		if (str_find(form, S("_csrf")) < 0)
			form = str_fmt(mem, "%s&_csrf=%.*s&_key=golden", a->form, FMT(csrf_of(w, mem, r.headers, r.n_headers)));
		r.type = S("application/x-www-form-urlencoded");
		assert_int_equal(form_read(mem, form, &all), 0);
	}
	r.params = all.p;
	r.n_params = all.n;
	*p = (struct reply){ .fd = -1 };
	dispatch(&w->app, &r, p);
}

/* The token of a page with a form, as the same person gets it. */
static str csrf_of(struct world *w, struct arena *mem, struct pair *headers, int n)
{
	struct request r = { .mem = mem, .verb = GET, .headers = headers, .n_headers = n, .remote = S("127.0.0.1"),
		.id = "0123456789abcdef", .path = S("/school_class/new") };
	struct reply p = { .fd = -1 };
	dispatch(&w->app, &r, &p);
	str body = buf_str(&p.body), mark = S("name=\"_csrf\" value=\"");
	ptrdiff_t at = str_find(body, mark);
	assert_true(at > 0);
	body = str_sub(body, at + mark.n, -1);
	return str_copy(mem, str_sub(body, 0, str_find(body, S("\""))));
}

static void keep(const char *out, const char *engine, const struct ask *a, const struct reply *p)
{
	char path[600], bytes[8192];
	str body = p->memory.p ? p->memory : buf_str(&p->body);
	snprintf(path, sizeof path, "%s/%s/%s.%s", out, engine, a->name, p->fd >= 0 ? "pdf" : "html");
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
	assert_true(fd >= 0);
	if (p->fd < 0) {
		assert_int_equal(write(fd, body.p, (size_t)body.n), body.n);
	} else {
		ssize_t n;
		for (off_t at = 0; (n = pread(p->fd, bytes, sizeof bytes, at)) > 0; at += n)
			assert_int_equal(write(fd, bytes, (size_t)n), n);
		close(p->fd);
	}
	close(fd);
}

static void pages_are_written(void **state)
{
	const char *out = getenv("KHUE_GOLDEN_OUT"), *engine = str_starts(str_of(((struct engine_state *)*state)->where),
		S("post")) ? "postgres" : "sqlite";
	struct world *w = world_open(state);
	char why[256] = "", path[600];
	struct arena mem;
	arena_init(&mem, (size_t)256 << 20);
	if (!out)
		out = "/tmp";
	snprintf(path, sizeof path, "%s/%s", out, engine);
	mkdir(path, 0755);
	snprintf(path, sizeof path, "%s/%s/data", out, engine);
	mkdir(path, 0755);
	w->app.data = path;
	w->app.actor_of = actor_of;
	w->app.kept = calloc(8, sizeof(void *));
	memset(w->app.secret, 42, sizeof w->app.secret);
	if (!pages_open(&w->app, why))
		fail_msg("%s", why);
	int64_t of_move = furnish(w);
	for (int i = 0; i < COUNT(asks); i++) {
		struct reply p;
		arena_reset(&mem);
		w->seed = (uint64_t)i;
		send(w, &mem, &asks[i], address_of(w, &mem, asks[i].address, of_move), &p);
		if (p.status != asks[i].status)
			fail_msg("%s: %s answered %d, not %d:\n%.*s", asks[i].name, asks[i].address, p.status, asks[i].status,
				FMT(buf_str(&p.body)));
		keep(out, engine, &asks[i], &p);
	}
	pages_close(&w->app);
	arena_free(&mem);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(pages_are_written) };
	(void)argc;
	need_postgres(argv);
	hash_init();
	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
