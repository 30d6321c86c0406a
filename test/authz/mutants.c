/* mutants.c -- the declarations of rights with one predicate, one hidden column or one verb changed. */
#include "mutants.h"
#include "app/modules.h"
#include "core/roles.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Declarations are constant; only this test, in a process of its own, writes into their page. */
static void overwrite(const void *at, const void *with, size_t n)
{
	uintptr_t page = (uintptr_t)at & ~(uintptr_t)4095, end = ((uintptr_t)at + n + 4095) & ~(uintptr_t)4095;
	if (mprotect((void *)page, end - page, PROT_READ | PROT_WRITE) != 0)
		abort();
	memcpy((void *)(uintptr_t)at, with, n);
}

static void drop_predicate(const struct scope *s)
{
	const char *all = "1 = 1";
	overwrite(&s->where, &all, sizeof all);
}

static const struct grant *grant_of(const char *entity, const char *role)
{
	for (int i = 0; all_modules[i]; i++)
		for (int k = 0; all_modules[i]->entities && all_modules[i]->entities[k]; k++)
			if (strcmp(all_modules[i]->entities[k]->name, entity) == 0)
				for (const struct grant *g = all_modules[i]->entities[k]->grants; g->to; g++)
					if (strcmp(g->to->name, role) == 0)
						return g;
	abort();
}

static void mutant_unit(void)   { drop_predicate(&at_org); }
static void mutant_tree(void)   { drop_predicate(&in_tree); }
static void mutant_child(void)  { drop_predicate(&own_child); }
static void mutant_taught(void) { drop_predicate(&taught); }
static void mutant_hidden(void)
{
	static const col none[8];
	overwrite(grant_of("person", "dept_leader")->hide, none, sizeof none);
}
static void mutant_verb(void)
{
	const struct grant *g = grant_of("person", "principal");
	uint32_t may = g->may | RETIRE;
	overwrite(&g->may, &may, sizeof may);
}

const struct mutant mutants[] = {
	{ "at_org without its predicate", mutant_unit },
	{ "in_tree without its predicate", mutant_tree },
	{ "own_child without its predicate", mutant_child },
	{ "taught without its predicate", mutant_taught },
	{ "a grant that hides nothing", mutant_hidden },
	{ "a verb too many", mutant_verb },
	{ NULL, NULL }
};
