/* import_bench.c -- imports a workbook of pupils into a new database, as `khue import pupils` does, and prints what
 * it took: "rows new refused wall_ms cpu_ms child_ms peak_kb". import_bench FOLDER FILE [dry | again |
 * ADDRESS]: ADDRESS of an empty PostgreSQL schema; again: every pupil of FOLDER is there, and one
 * column of each changes. */
#include "app/modules.h"
#include "core/import.h"
#include "core/migrate.h"
#include "core/registry.h"
#include "base/hash.h"
#include "mod/people/people.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>

static int stop(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	return 1;
}

static void say_line(void *arg, int64_t line, str what)
{
	(void)arg;
	fprintf(stderr, "%lld: %.*s\n", (long long)line, FMT(what));
}

static long ms(struct timeval t)
{
	return t.tv_sec * 1000 + t.tv_usec / 1000;
}

static int import(struct app *app, struct ctx *c, const char *file, const char *how)
{
	struct import_plan plan = { .e = &person, .org = { 1 }, .sheet = -1 };
	struct import_report report;
	struct rusage self, parser;
	plan.presets[plan.n_presets++] = (struct import_preset){ field_named(person.fields, S("pupil")), S("1") };
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return stop(file, "cannot be opened");
	int64_t from = instant_now().v;
	bool again = strcmp(how, "again") == 0;
	enum rc rc = import_file(c, &plan, fd, str_of(file), strcmp(how, "dry") == 0, say_line, NULL, 5, &report);
	int64_t wall = instant_now().v - from;
	if (rc != OK)
		return stop("import", c->n_problems ? str_z(c->mem, c->problems[0].text) : db_why(app->db));
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &parser);
	printf("%lld %lld %lld %lld %ld %ld %ld\n", (long long)report.counts.rows, (long long)report.counts.n[IMPORT_NEW],
		(long long)report.counts.n[IMPORT_REFUSED], (long long)wall, ms(self.ru_utime) + ms(self.ru_stime),
		ms(parser.ru_utime) + ms(parser.ru_stime),
		self.ru_maxrss > parser.ru_maxrss ? self.ru_maxrss : parser.ru_maxrss);
	return report.counts.n[again ? IMPORT_CHANGED : IMPORT_NEW] == report.counts.rows ? 0
		: stop("import", again ? "not every row was changed" : "not every row was new");
}

int main(int argc, char **argv)
{
	struct app app = { .modules = all_modules };
	struct arena mem;
	struct ctx c;
	const struct migration *at;
	char why[256] = "";
	void *kept[64];                                  /* one a module, as a process of the program has */
	if (argc < 3 || argc > 4 || !hash_init())
		return stop("import_bench", "FOLDER FILE");
	arena_init(&mem, (size_t)1 << 30);
	app.data = argv[1];
	for (int i = 0; i < COUNT(kept); i++)
		kept[i] = NULL;
	app.kept = kept;
	const char *how = argc == 4 ? argv[3] : "";
	app.where = strncmp(how, "postgres", 8) == 0 ? how : str_z(&mem, str_fmt(&mem, "%s/khue.db", argv[1]));
	app.registry = registry_new(all_modules, why);
	if (!app.registry || db_open(&app.db, app.where, 0, why) != OK)
		return stop("open", why);
	int n = migrations_embedded(&mem, app.registry, &at);
	if (migrate_run(app.db, &mem, at, n, instant_now(), NULL, NULL, why) != OK)
		return stop("migrate", why);
	ctx_start(&c, &app, &mem);
	c.who = &actor_system;
	return import(&app, &c, argv[2], how);
}
