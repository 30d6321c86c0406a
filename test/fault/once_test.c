/* once_test.c -- a write sent twice with one key has one effect and one answer: every form, every default page that
 * writes and every declared route, as everybody who may; without a key it is done twice. */
#include "site.h"
#include "base/hash.h"
#include "base/log.h"
#include "core/page.h"
#include "../unit/engines.h"

struct world { struct site site; char folder[40]; };

/* How many rows each table has; every change has its line in audit. */
static str counted(struct site *s)
{
	struct rows r;
	struct buf b;
	str tables[256];
	int n = 0;
	buf_init(&b, &s->round, 1 << 16);
	assert_int_equal(db_query(s->app.db, db_kind(s->app.db) == DB_SQLITE
		? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
		: "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
		NULL, 0, &r), OK);
	while (n < 256 && rows_next(&r))
		tables[n++] = str_copy(&s->round, rows_text(&r, 0));
	rows_end(&r);
	for (int i = 0; i < n; i++)
		if (!str_is(tables[i], "seen"))
			put_fmt(&b, "%.*s %lld\n", FMT(tables[i]), (long long)site_rows(s, str_z(&s->round, tables[i])));
	return buf_str(&b);
}

struct tally { int asked, done; };

static void twice(struct site *s, struct sent *x, struct tally *t)
{
	struct said said = site_send(s, x);
	int status = said.status;
	str body = str_copy(&s->round, said.body), after = counted(s);
	struct said again = site_send(s, x);
	str body2 = str_copy(&s->round, again.body), after2 = counted(s);
	t->asked++;
	t->done += status < 400;
	if (again.status != status && status < 400)
		fail_msg("%s as %s: %d, then %d: %.*s", x->path, x->form->who->role->name, status, again.status, FMT(body2));
	if (status < 300 && !str_eq(body, body2))
		fail_msg("%s as %s: another answer:\n%.*s\n%.*s", x->path, x->form->who->role->name, FMT(body), FMT(body2));
	if (!str_eq(after, after2))
		fail_msg("%s as %s (%d): done twice:\n%.*s\n%.*s", x->path, x->form->who->role->name, status, FMT(after),
			FMT(after2));
}

static struct sent *to(struct site *s, struct form *f, const char *path)
{
	struct sent *x = NEW(&s->round, struct sent);
	static int n;
	*x = (struct sent){ .form = f, .path = str_z(&s->round, str_of(path)), .key = str_fmt(&s->round, "route-%d-%d",
		n++, f->who->role->name[0]) };
	return x;
}

static void forms(struct site *s, struct tally *t)
{
	for (int i = 0; i < s->n_forms; i++) {
		site_round(s);
		struct sent *made = site_fill(s, &s->forms[i]);
		twice(s, made, t);
		made->said = site_send(s, made);
		if (made->said.id)
			twice(s, site_retire(s, made), t);
	}
}

/* The default pages that change a row: update, each step, retire and restore. */
static void rows_of(struct site *s, const struct meta *m, struct tally *t)
{
	for (int k = 0; k < s->p.n_players; k++) {
		const struct player *who = &s->p.players[k];
		for (int n = 0; n < s->p.facts[m->index].n && n < 2; n++) {
			struct province p = s->p;
			struct form *f = NEW(&s->mem, struct form);
			const struct fact *row = &s->p.facts[m->index].at[n];
			*f = (struct form){ m, who, row };
			site_round(s);
			p.mem = &s->round;
			if (!(province_may(&s->p, who, m->e, row) & (UPDATE | RETIRE)))
				continue;
			struct sent *x = to(s, f, str_z(&s->round, str_fmt(&s->round, "/%s/%lld", m->e->name, (long long)row->id)));
			x->n = input_update(&p, m, row, x->pairs, 63);
			twice(s, x, t);
			for (const struct step *st = m->e->flow.steps; st && st->name; st++) {
				x = to(s, f, str_z(&s->round, str_fmt(&s->round, "/%s/%lld/do/%s", m->e->name, (long long)row->id,
					st->name)));
				x->n = input_step(&p, m, st, row, x->pairs, 63);
				twice(s, x, t);
			}
		}
	}
}

/* Whose answers are not remembered, for they hold what must not be stored (once_drop): sent again, codes drawn before
 * are void. */
static bool forgotten(const struct route *r)
{
	return strstr(r->path, "dang-") || strcmp(r->path, "/contact/activation/{class}") == 0;
}

static void routes(struct site *s, struct tally *t)
{
	const struct registry *g = s->app.registry;
	for (int i = 0; i < g->n_modules; i++)
		for (const struct route *r = g->modules[i]->routes; r && r->path; r++)
			for (int k = 0; k < s->p.n_players && strcmp(r->verb, "POST") == 0; k++) {
				struct province p = s->p;
				site_round(s);
				p.mem = &s->round;
				if (!province_route(&p, &s->p.players[k], r) || forgotten(r))
					continue;
				struct form *f = NEW(&s->mem, struct form);
				*f = (struct form){ NULL, &s->p.players[k], NULL };
				twice(s, to(s, f, input_path(&p, &s->round, r)), t);
			}
}

static void one_effect(void **state)
{
	struct engine_state *e = *state;
	struct world *w = calloc(1, sizeof *w);
	struct site *s = &w->site;
	struct tally t = { 0, 0 };
	if (!e->where[0])
		skip();
	if (e->db)
		db_close(e->db);
	e->db = NULL;
	assert_true(site_make(s, e->where, "/nonexistent"));
	site_forms(s);
	forms(s, &t);
	for (int i = 0; i < s->app.registry->n_entities; i++)
		rows_of(s, &s->app.registry->metas[i], &t);
	routes(s, &t);
	print_message("%d writes sent twice, %d of them let in: one effect each\n", t.asked, t.done);
	assert_true(t.asked > 200 && t.done > 50);
	/* the control: the same without a key is done twice, where no unique column forbids it */
	int doubled = 0;
	for (int i = 0; i < s->n_forms; i++) {
		struct sent *x = site_fill(s, &s->forms[i]);
		int64_t before = site_rows(s, s->forms[i].m->e->name);
		x->key = S("");
		site_send(s, x);
		site_send(s, x);
		doubled += site_rows(s, s->forms[i].m->e->name) == before + 2;
	}
	assert_true(doubled > 0);
	site_db_end(s);
	char why[256];
	assert_int_equal(db_open(&e->db, e->where, 0, why), OK);
	free(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(one_effect) };
	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	log_set(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	return cmocka_run_group_tests_name("fault_once", tests, NULL, NULL);
}
