/* marks.c -- transactions that write certain tables leave a mark: see db_mark. */
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include "db/engine.h"

void db_mark(struct db *d, const char *const *tables)
{
	if (d->kind == DB_POSTGRES)
		d->marked = tables;
}

/* What stands behind INSERT INTO, UPDATE or DELETE FROM; empty in other statements. */
static str table_written(str sql)
{
	static const char *const verbs[] = { "INSERT INTO ", "UPDATE ", "DELETE FROM " };
	ptrdiff_t n = 0;

	sql = str_trim(sql);
	for (ptrdiff_t i = 0; i < COUNT(verbs); i++) {
		if (!str_starts(sql, str_of(verbs[i])))
			continue;
		str name = str_trim(str_sub(sql, (ptrdiff_t)strlen(verbs[i]), -1));
		while (n < name.n && ((name.p[n] >= 'a' && name.p[n] <= 'z') || name.p[n] == '_' ||
			(name.p[n] >= '0' && name.p[n] <= '9')))
			n++;
		return str_sub(name, 0, n);
	}
	return (str){ "", 0 };
}

bool db_marks(const struct db *d, str sql, const char *table)
{
	str name = d->marked && !table ? table_written(sql) : str_of(table ? table : "");

	for (int i = 0; d->marked && name.n && d->marked[i]; i++)
		if (str_eq(name, str_of(d->marked[i])))
			return true;
	return false;
}

enum rc db_leave_mark(struct db *d, const struct engine *e)
{
	struct timespec t;
	uint32_t chance = 0;
	char sql[100];

	clock_gettime(CLOCK_REALTIME, &t);
	if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
		return db_says(d, E_FAULT, "no random bytes");
	int64_t ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	snprintf(sql, sizeof sql, "INSERT INTO rights_mark (id) VALUES (%lld)",
		(long long)(ms << MARK_CHANCE | (chance & ((1u << MARK_CHANCE) - 1))));
	return e->control(d, sql);
}

bool db_only_grows(str table)
{
	static const char *const kept[] = { "audit", "ledger_entry", "ledger_seal" };

	for (ptrdiff_t i = 0; i < COUNT(kept); i++)
		if (str_is(table, kept[i]))
			return true;
	return false;
}
