/* power_test.c -- the power goes at any moment, the whole program above SQLite: what was acknowledged is there, what
 * was not is wholly there or not at all, and sent again it is done once. The weaker settings of SQLite must fail
 * this. */
#include "disk.h"
#include "site.h"
#include "base/hash.h"
#include "base/log.h"
#include "core/audit.h"
#include "../unit/test.h"
#include <sys/wait.h>

enum { SEEDS = 2000, SEEDS_CONTROL = 120, REQUESTS = 10 };
static const char *const where = "khue.db";

struct tally { int64_t acked, lost, doubled, halves, corrupt, chains, silent, refused; };

static int64_t one(struct site *s, const char *sql, const struct val *args, int n)
{
	int64_t v = -1;
	return db_int(s->app.db, sql, args, n, &v) == OK ? v : -1;
}

static bool once_there(struct site *s, const struct sent *x)
{
	str key = str_fmt(&s->round, "%lld/%.*s", (long long)x->form->who->user, FMT(x->key));
	return one(s, "SELECT count(*) FROM once WHERE key = ?1", VALS(v_text(key))) == 1;
}

/* The row, its key and its line of history: one of them alone is half a transaction. */
static bool whole(struct site *s, const struct sent *x)
{
	char sql[160];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE id = ?1%s", x->form->m->e->name, x->retires
		? " AND gone = 1" : "");
	return once_there(s, x) && one(s, sql, VALS(v_int(x->said.id))) == 1
		&& one(s, "SELECT count(*) FROM audit WHERE entity = ?1 AND item = ?2",
			VALS(v_text(str_of(x->form->m->e->name)), v_int(x->said.id))) >= 1 + x->retires;
}

static bool sound(struct site *s)
{
	struct rows r;
	if (db_query(s->app.db, "PRAGMA integrity_check", NULL, 0, &r) != OK)
		return false;
	bool good = rows_next(&r) && str_is(rows_text(&r, 0), "ok");
	return rows_end(&r) == OK && good;
}

static void after_cut(struct site *s, struct sent **sent, int n, struct tally *t)
{
	struct arena mem;
	struct audit_fault bad;
	int64_t lines;
	struct sent *last = n && sent[n - 1]->said.status >= 300 ? sent[n - 1] : NULL;

	if (!sound(s)) {
		t->corrupt++;
		return;
	}
	for (int i = 0; i < n; i++)
		if (sent[i]->said.status < 300) {
			t->acked++;
			t->lost += !whole(s, sent[i]);
		}
	arena_init(&mem, (size_t)64 << 20);
	t->chains += audit_verify(s->app.db, &mem, &lines, &bad) != OK;
	arena_free(&mem);
	if (last && !last->retires) {
		const char *table = last->form->m->e->name;
		int64_t want = last->rows, now = site_rows(s, table);
		t->halves += now - want != once_there(s, last);
		struct said again = site_send(s, last);
		bool ruled_out = again.status == 422 && now == want;
		t->halves += again.status >= 300 && !ruled_out;
		t->doubled += site_rows(s, table) != want + !ruled_out;
	}
	for (int i = 0; i < n; i++)
		if (sent[i]->said.status < 300 && i % 4 == 0) {
			int64_t before = site_rows(s, sent[i]->form->m->e->name);
			struct said again = site_send(s, sent[i]);
			bool same = again.status == sent[i]->said.status && str_eq(again.body, sent[i]->first);
			t->doubled += !same || site_rows(s, sent[i]->form->m->e->name) != before;
		}
}

static void play(struct site *s, const struct disk_image *image, const char *settings, uint64_t seed, struct tally *t)
{
	struct sent *sent[REQUESTS];
	uint64_t chance = seed;
	char all[160];
	int n = 0;

	disk_load(image);
	site_round(s);
	snprintf(all, sizeof all, "%s; PRAGMA wal_autocheckpoint = %d", settings, next_number(&chance) % 3 ? 12 : 2000);
	disk_cut_after(1 + next_number(&chance) % 260, seed);
	if (site_db(s, where, all)) {
		for (int tries = 0; tries < REQUESTS && !disk_dark(); tries++, n++) {
			const struct sent *before = n ? sent[n - 1] : NULL;
			bool retire = before && !before->retires && before->said.id && next_number(&chance) % 4 == 0;
			sent[n] = retire ? site_retire(s, before) : site_fill(s,
				&s->forms[next_number(&chance) % (uint64_t)s->n_forms]);
			sent[n]->rows = site_rows(s, sent[n]->form->m->e->name);
			struct said said = site_send(s, sent[n]);
			sent[n]->first = str_copy(&s->round, said.body);
			if (said.id == 0)
				said.id = sent[n]->said.id;
			sent[n]->said = said;
			if (said.status >= 500 && str_find(sent[n]->first, S("fault-test")) < 0)
				t->silent++;
			if (said.status >= 400 && said.status < 500) {
				t->refused += !retire;           /* by a rule of the module, e.g. a year that is there */
				n--;
			}
		}
		site_db_end(s);
	}
	disk_power();
	if (!site_db(s, where, NULL)) {
		t->corrupt++;
		return;
	}
	after_cut(s, sent, n, t);
	site_db_end(s);
}

struct world { struct site site; struct disk_image image; };

static int begin(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	char folder[] = "/tmp/khue-fault.XXXXXX";
	if (!w || !mkdtemp(folder) || rmdir(folder) != 0)
		return -1;
	log_set(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));   /* thousands of faults, each said */
	disk_register();
	disk_clear();
	if (!site_make(&w->site, where, "/nonexistent"))
		return -1;
	site_forms(&w->site);
	print_message("%d kinds of rows made by form:", w->site.n_forms);
	for (int i = 0; i < w->site.n_forms; i++)
		print_message(" %s", w->site.forms[i].m->e->name);
	print_message("\n");
	site_db_end(&w->site);
	disk_save(&w->image);
	*state = w;
	return 0;
}

static struct tally cuts(struct world *w, const char *settings, int seeds)
{
	struct tally t = { 0 };
	const char *from = getenv("KHUE_SEED");
	for (int i = 0; i < seeds; i++)
		play(&w->site, &w->image, settings, (uint64_t)(from ? atoi(from) : 1) + (uint64_t)i, &t);
	print_message(
		"%s: %d cuts, %lld acknowledged, %lld lost, %lld done twice, %lld by halves, %lld databases corrupt, %lld "
			"chains broken\n",
		settings, seeds, (long long)t.acked, (long long)t.lost, (long long)t.doubled, (long long)t.halves,
		(long long)t.corrupt, (long long)t.chains);
	return t;
}

static void full_sync_loses_nothing(void **state)
{
	const char *deep = getenv("KHUE_DEEP"), *told = getenv("KHUE_SEEDS");
	struct tally t = cuts(*state, "PRAGMA synchronous = FULL", told ? atoi(told) : deep && *deep ? 50000 : SEEDS);
	assert_true(t.acked > 0);
	assert_int_equal(t.lost + t.doubled + t.halves + t.corrupt + t.chains, 0);
	assert_int_equal(t.silent, 0);
	assert_true(t.refused < t.acked / 20);
}

static void normal_sync_is_caught(void **state)
{
	struct tally t = cuts(*state, "PRAGMA synchronous = NORMAL", SEEDS_CONTROL);
	assert_true(t.lost > 0);
}

static void no_sync_is_caught(void **state)
{
	struct tally t = cuts(*state, "PRAGMA synchronous = OFF", SEEDS_CONTROL);
	assert_true(t.lost > 0 && t.corrupt > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(full_sync_loses_nothing),
		cmocka_unit_test(normal_sync_is_caught),
		cmocka_unit_test(no_sync_is_caught) };
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("fault_power", tests, begin, NULL);
}
