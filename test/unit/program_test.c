/* program_test.c -- the program as it is shipped, on both engines: its declarations have no findings, its migrations
 * make exactly the tables they ask for, every named query can be prepared. */
#include "app/modules.h"
#include "core/check.h"
#include "core/ctx.h"
#include "core/ddl.h"
#include "core/migrate.h"
#include "core/query.h"
#include "engines.h"              /* last: cmocka has a fail of its own */

struct fixture { struct arena mem; struct registry *r; struct db *db; int wrong; };

static struct fixture begin(void **state)
{
	struct fixture f = { .db = state ? engine_db(state) : NULL };
	char why[256] = "";
	arena_init(&f.mem, (size_t)256 << 20);
	f.r = registry_new(all_modules, why);
	if (!f.r)
		fail_msg("%s", why);
	return f;
}

static void end(struct fixture *f)
{
	registry_free(f->r);
	arena_free(&f->mem);
}

static void migrate_all(struct fixture *f)
{
	const struct migration *list;
	char why[256] = "";
	int n = migrations_embedded(&f->mem, f->r, &list);
	if (migrate_run(f->db, &f->mem, list, n, (instant){ 1767225600000 }, NULL, NULL, why) != OK)
		fail_msg("%s", why);
}

static void hear_finding(void *arg, const struct finding *x)
{
	struct fixture *f = arg;
	f->wrong++;
	print_error("E%d %.*s: %.*s\n", x->code, FMT(x->where), FMT(x->en));
}

static void hear_drift(void *arg, str what, str mend)
{
	struct fixture *f = arg;
	f->wrong++;
	print_error("%.*s\n%.*s\n", FMT(what), FMT(mend));
}

static void the_declarations_have_no_findings(void **state)
{
	struct fixture f = begin(NULL);
	(void)state;
	check_all(all_modules, &check_embedded, &f.mem, hear_finding, &f);
	end(&f);
	assert_int_equal(f.wrong, 0);
}

static void the_migrations_make_what_is_declared(void **state)
{
	struct fixture f = begin(state);
	migrate_all(&f);
	assert_int_equal(ddl_compare(f.r, NULL, f.db, &f.mem, hear_drift, &f), OK);
	assert_int_equal(ddl_orphans(f.r, f.db, &f.mem, hear_drift, &f), OK);
	end(&f);
	assert_int_equal(f.wrong, 0);
}

static void every_query_can_be_prepared(void **state)
{
	struct fixture f = begin(state);
	char why[256] = "";
	migrate_all(&f);
	if (!queries_prove(f.r, f.db, why))
		fail_msg("%s", why);
	end(&f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_declarations_have_no_findings),
		ON_BOTH(the_migrations_make_what_is_declared),
		ON_BOTH(every_query_can_be_prepared) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
