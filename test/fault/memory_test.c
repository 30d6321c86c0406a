/* memory_test.c -- the k-th allocation fails, for every k, in the program and in every library under it: that
 * request is answered with 503 (or is well), nothing is half done, and the next one is served. */
#include "site.h"
#include "base/hash.h"
#include "base/log.h"
#include "../unit/test.h"
#include <errno.h>

/* The system's own, by the names glibc gives them beside malloc. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);

static struct { uint64_t calls, fail_at; bool on, fired; } memory;

static bool refused(void)
{
	if (!memory.on || ++memory.calls != memory.fail_at)
		return false;
	memory.fired = true;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n) { return refused() ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return refused() ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return refused() ? NULL : __libc_realloc(p, n); }

static const char *const where = "/dev/shm/khue-memory-test.db";

static void remove_files(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[80];
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s%s", where, ends[i]);
		unlink(path);
	}
}

static int begin(void **state)
{
	struct site *s = calloc(1, sizeof *s);
	remove_files();
	if (!s || !site_make(s, where, "/nonexistent"))
		return -1;
	site_forms(s);
	*state = s;
	return 0;
}

static int end(void **state)
{
	site_db_end(*state);
	remove_files();
	return 0;
}

static struct said failing(struct site *s, const struct player *who, const char *path, const char *accept,
	const struct sent *x, uint64_t k)
{
	memory.calls = 0;
	memory.fail_at = k;
	memory.fired = false;
	s->within = &memory.on;
	struct said said = x ? site_send(s, x) : site_get(s, who, path, accept);
	s->within = NULL;
	return said;
}

static int pages(struct site *s, const char *role, const char *path, const char *accept)
{
	const struct player *who = site_player(s, role);
	int fired = 0, good = site_get(s, who, path, accept).status;

	assert_true(good == 200 || good == 303);
	for (uint64_t k = 1; k < 5000; k++) {
		struct said said = failing(s, who, path, accept, NULL, k);
		if (said.status != good && said.status != 503)
			fail_msg("%s: allocation %llu fails: %d %.*s", path, (unsigned long long)k, said.status, FMT(said.body));
		if (!memory.fired)
			return fired;
		fired++;
		assert_int_equal(site_get(s, who, path, accept).status, good);
	}
	fail_msg("%s: no end", path);
	return fired;
}

static void a_page_without_memory(void **state)
{
	static const struct { const char *role, *path, *accept; } all[] = {
		{ "principal", "/person", "application/json" }, { "principal", "/person", "text/html" },
		{ "principal", "/person/301", "text/html" },
		{ "principal", "/school_class/201/edit", "text/html" }, { "principal", "/facility/new", "text/html" },
		{ "principal", "/", "text/html" },
		{ "principal", "/tim?q=Nguyen", "text/html" }, { "principal", "/person/301/history", "text/html" },
		{ "principal", "/all", "text/html" },
		{ "anyone", "/dang-nhap", "text/html" } };
	int fired = 0;
	for (ptrdiff_t i = 0; i < COUNT(all); i++)
		fired += pages(*state, all[i].role, all[i].path, all[i].accept);
	print_message("%d allocations failed in %d pages\n", fired, (int)COUNT(all));
	assert_true(fired > 20);
}

/* A namesake by chance: asked about, nothing is written. */
static bool asked(struct said said)
{
	return said.status == 422 && str_find(said.body, S("\"code\":\"confirm\"")) > 0;
}

static void a_write_without_memory(void **state)
{
	struct site *s = *state;
	int fired = 0;
	for (int i = 0; i < s->n_forms; i++) {
		const struct form *f = &s->forms[i];
		if (strcmp(f->m->e->name, "school_year") == 0)
			continue;                            /* there are only a hundred years */
		for (uint64_t k = 1; k < 5000; k++) {
			site_round(s);
			struct sent *x = site_fill(s, f);
			int64_t before = site_rows(s, f->m->e->name);
			struct said said = failing(s, NULL, NULL, NULL, x, k);
			bool hit = memory.fired, made = said.status < 300;
			if (said.status >= 300 && said.status != 503 && !asked(said))
				fail_msg("%s: allocation %llu fails: %d %.*s", x->path, (unsigned long long)k, said.status,
					FMT(said.body));
			arena_reset(&s->request);
			assert_int_equal(site_rows(s, f->m->e->name), before + made);
			said = site_send(s, x);
			if (!made && asked(said))
				continue;
			if (said.status >= 300)
				fail_msg("%s: sent again after allocation %llu: %d %.*s", x->path, (unsigned long long)k, said.status,
					FMT(said.body));
			assert_int_equal(site_rows(s, f->m->e->name), before + 1);
			fired += hit;
			if (!hit)
				break;
			assert_true(k < 4999);               /* an end was seen */
		}
	}
	print_message("%d allocations failed in %d kinds of writes\n", fired, s->n_forms);
	assert_true(fired > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_page_without_memory),
		cmocka_unit_test(a_write_without_memory) };
	if (!hash_init())
		return 1;
	log_set(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	return cmocka_run_group_tests_name("fault_memory", tests, begin, end);
}
