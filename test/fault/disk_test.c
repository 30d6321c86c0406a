/* disk_test.c -- a disk that fails at any one call, is full, reads short or flips a bit, under the whole program: an
 * answer is right or says that it is not; nothing is half done; what is there can be read while nothing can be
 * written. */
#include "disk.h"
#include "site.h"
#include "base/hash.h"
#include "base/log.h"
#include "core/audit.h"
#include "db/sums.h"
#include "../unit/test.h"
#include <time.h>

static const char *const where = "khue.db";
struct world { struct site site; struct disk_image image; };

static int begin(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	log_set(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));   /* thousands of faults, each said */
	disk_register();
	disk_clear();
	if (!w || !site_make(&w->site, where, "/nonexistent"))
		return -1;
	site_forms(&w->site);
	site_db_end(&w->site);
	disk_save(&w->image);
	*state = w;
	return 0;
}

static void again_from(struct world *w)
{
	if (w->site.app.db)
		site_db_end(&w->site);
	disk_load(&w->image);
	site_round(&w->site);
	assert_true(site_db(&w->site, where, "PRAGMA wal_autocheckpoint = 1"));
}

static bool says_why(struct said a)
{
	return str_find(a.body, S("fault-test")) >= 0 && (str_find(a.body, S("lưu")) >= 0 || str_find(a.body, S("bận"))
		>= 0);
}

/* After the fault: sound, chained, and the write there once when it is sent again. */
static void check_after(struct world *w, struct sent *x, int64_t before, bool acked)
{
	struct site *s = &w->site;
	struct audit_fault bad;
	struct arena mem;
	int64_t lines = 0;

	disk_fail(DISK_FINE, 0, 0, 1);
	site_db_end(s);
	assert_true(site_db(s, where, NULL));
	if (acked)
		assert_int_equal(site_rows(s, x->form->m->e->name), before + 1);
	struct said again = site_send(s, x);
	if (again.status != 201 || site_rows(s, x->form->m->e->name) != before + 1)
		fail_msg("%s: sent again: %d, %lld rows after %lld: %.*s", x->path, again.status,
			(long long)site_rows(s, x->form->m->e->name),
			(long long)before, FMT(again.body));
	arena_init(&mem, (size_t)64 << 20);
	if (audit_verify(s->app.db, &mem, &lines, &bad) != OK)
		fail_msg("%s: the history after the fault: %s", x->path, db_why(s->app.db));
	arena_free(&mem);
}

/* Fails at the k-th call for every k until one run never comes to it. */
static int every_call(struct world *w, const struct form *f, enum disk_fault what, int times, int status)
{
	struct site *s = &w->site;
	int fired = 0;

	for (uint64_t k = 1; k < 2000; k++) {
		again_from(w);
		struct sent *x = site_fill(s, f);
		int64_t before = site_rows(s, f->m->e->name);
		disk_fail(what, k, times, k);
		struct said said = site_send(s, x);
		bool hit = disk_fired();
		if (said.status >= 300 && (said.status < 500 || !says_why(said)))
			fail_msg("%s: call %llu fails: %d %.*s", x->path, (unsigned long long)k, said.status, FMT(said.body));
		if (hit && status && said.status != status && said.status != 201)
			fail_msg("%s: call %llu fails: %d, not %d", x->path, (unsigned long long)k, said.status, status);
		bool acked = said.status < 300;
		if (hit && what == DISK_FULL && times < 0) {
			const char *list = str_z(&s->round, str_fmt(&s->round, "/%s", f->m->e->name));
			assert_int_equal(site_get(s, f->who, list, "application/json").status, 200);
		}
		check_after(w, x, before, acked);
		fired += hit;
		if (!hit)
			return fired;
	}
	fail_msg("no end");
	return fired;
}

/* Persons, classes and accounts always, in the long run every kind. */
static bool tried(const struct form *f)
{
	static const char *const always[] = { "person", "school_class", "account", "exam" };
	for (ptrdiff_t i = 0; i < COUNT(always); i++)
		if (strcmp(always[i], f->m->e->name) == 0)
			return true;
	const char *deep = getenv("KHUE_DEEP");
	return deep && *deep && strcmp(f->m->e->name, "school_year") != 0;
}

static void every_form(void **state, enum disk_fault what, int times, int status, const char *name)
{
	struct world *w = *state;
	int fired = 0;
	for (int i = 0; i < w->site.n_forms; i++)
		if (tried(&w->site.forms[i]))
			fired += every_call(w, &w->site.forms[i], what, times, status);
	print_message("%s: %d runs with a fault\n", name, fired);
	assert_true(fired > 10);
}

static void a_call_fails_once(void **state)   { every_form(state, DISK_IOERR, 1, 0, "one I/O error"); }
static void the_disk_fails_on(void **state)   { every_form(state, DISK_IOERR, -1, 0, "I/O errors from one call on"); }
static void the_disk_is_full(void **state)    { every_form(state, DISK_FULL, -1, 507, "a full disk"); }

/* ---- reading ------------------------------------------------------------------------------------- */

static const char *const pages[] = { "/person", "/person/301", "/school_class", "/school_class/201", "/org/105",
	"/tim?q=Nguyen", "/enrolment" };

static str ask_all(struct world *w, int page, int *ret_status)
{
	struct site *s = &w->site;
	s->time = INT64_C(1767300000000);
	struct said said = site_get(s, site_player(s, "principal"), pages[page], "application/json");
	*ret_status = said.status;
	return str_copy(&s->round, said.body);
}

static int reads_fail(void **state, enum disk_fault what, int times)
{
	struct world *w = *state;
	int status, fired = 0;
	for (int page = 0; page < (int)COUNT(pages); page++) {
		again_from(w);
		str good = ask_all(w, page, &status);
		char *kept = strdup(str_z(&w->site.round, good));
		assert_int_equal(status, 200);
		for (uint64_t k = 1; k < 3000; k++) {
			site_db_end(&w->site);
			disk_load(&w->image);
			site_round(&w->site);
			disk_fail(what, k, times, k);
			if (site_db(&w->site, where, NULL)) {
				str now = ask_all(w, page, &status);
				if (status == 200 ? !str_is(now, kept) : status < 500 && status != 404)
					fail_msg("%s: read %llu is wrong: %d %.*s", pages[page], (unsigned long long)k, status, FMT(now));
			}
			bool hit = disk_fired();
			disk_fail(DISK_FINE, 0, 0, 1);
			if (!w->site.app.db)
				assert_true(site_db(&w->site, where, NULL));
			assert_int_equal((ask_all(w, page, &status), status), 200);
			fired += hit;
			if (!hit)
				break;
		}
		free(kept);
	}
	print_message("%d runs with a fault\n", fired);
	return fired;
}

static void a_read_fails(void **state)     { assert_true(reads_fail(state, DISK_IOERR, 1) > 20); }
static void a_read_is_short(void **state)  { assert_true(reads_fail(state, DISK_SHORT_READ, 1) > 20); }
static void a_read_flips(void **state)     { assert_true(reads_fail(state, DISK_FLIP, 1) > 20); }

/* ---- bytes that change on the disk ----------------------------------------------------------------- */

struct damage { int wrong, refused; };

/* Changes one byte here and there and asks for everything. mend: the page's sum is made to fit, as if there were
 * none, until an answer is wrong: few of a file's bytes stand on these pages. */
static struct damage damaged(struct world *w, bool mend)
{
	struct damage d = { 0, 0 };
	char *good[COUNT(pages)];
	uint64_t seed = 5;
	int status;

	again_from(w);
	for (int page = 0; page < (int)COUNT(pages); page++)
		good[page] = strdup(str_z(&w->site.round, ask_all(w, page, &status)));
	for (int i = 0; mend ? i < 8000 && !d.wrong : i < 400; i++) {
		site_db_end(&w->site);
		disk_load(&w->image);
		site_round(&w->site);
		size_t at = 0;
		do
			at = 4096 + next_number(&seed) % (disk_size() - 4096);
		while (!disk_damage(at, mend));
		if (!site_db(&w->site, where, NULL)) {
			d.refused++;
			assert_true(site_db(&w->site, where, "PRAGMA wal_autocheckpoint = 1") || true);
		}
		for (int page = 0; page < (int)COUNT(pages) && w->site.app.db; page++) {
			str now = ask_all(w, page, &status);
			d.refused += status == 500;
			d.wrong += status != 500 && !str_is(now, good[page]);
		}
		if (!w->site.app.db) {
			disk_load(&w->image);
			assert_true(site_db(&w->site, where, NULL));
		}
	}
	for (int page = 0; page < (int)COUNT(pages); page++)
		free(good[page]);
	print_message("%s: %d answers refused, %d wrong\n", mend ? "without sums" : "with sums", d.refused, d.wrong);
	return d;
}

static void a_changed_byte_is_found(void **state)
{
	struct damage d = damaged(*state, false);
	assert_int_equal(d.wrong, 0);
	assert_true(d.refused > 0);
}

static void without_sums_it_is_not(void **state)
{
	assert_true(damaged(*state, true).wrong > 0);
}

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void a_sum_sees_every_bit(void **state)
{
	uint8_t page[4096];
	uint64_t seed = 9, good, sink = 0;
	(void)state;
	for (size_t i = 0; i < sizeof page; i++)
		page[i] = (uint8_t)next_number(&seed);
	good = sum_of(page, sizeof page - SUM_BYTES, 8192);
	for (size_t bit = 0; bit < 8 * (sizeof page - SUM_BYTES); bit++) {
		page[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(sum_of(page, sizeof page - SUM_BYTES, 8192) != good);
		page[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(sum_of(page, sizeof page - SUM_BYTES, 12288) != good);
	int64_t from = now_ns();
	for (int i = 0; i < 100000; i++)
		sink += sum_of(page, sizeof page - SUM_BYTES, (uint64_t)i);
	print_message("a page's sum takes %lld ns (%llx)\n", (long long)(now_ns() - from) / 100000,
		(unsigned long long)sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_call_fails_once), cmocka_unit_test(the_disk_fails_on),
		cmocka_unit_test(the_disk_is_full),
		cmocka_unit_test(a_read_fails), cmocka_unit_test(a_read_is_short), cmocka_unit_test(a_read_flips),
		cmocka_unit_test(a_changed_byte_is_found), cmocka_unit_test(without_sums_it_is_not),
		cmocka_unit_test(a_sum_sees_every_bit) };
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("fault_disk", tests, begin, NULL);
}
