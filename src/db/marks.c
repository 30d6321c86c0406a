/* marks.c -- transactions that write certain tables leave a mark: see db_mark. */
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include "db/engine.h"

void db_mark(struct db *d, const char *const *tables, const char *const *columns)
{
	if (d->kind != DB_POSTGRES)
		return;
	d->marked = tables;
	d->marked_columns = columns;
	for (int i = 0; i < d->n_cached; i++)
		d->cache[i].marked = NULL;               /* another list may stand at the same address               */
}

static bool name_part(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

static bool among(const char *const *names, str name)
{
	for (int i = 0; names[i]; i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

/* The name at the start of *s, which is moved behind it and the blanks that follow. */
static str take_name(str *s)
{
	ptrdiff_t n = 0;

	while (n < s->n && name_part(s->p[n]))
		n++;
	str name = str_sub(*s, 0, n);
	*s = str_trim(str_sub(*s, n, -1));
	return name;
}

/* Where what stands outside of parentheses and quotes begins next with one of the words; -1: nowhere. */
static ptrdiff_t find_outside(str s, const char *const *words)
{
	int depth = 0;

	for (ptrdiff_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\'' || c == '"')
			for (i++; i < s.n && s.p[i] != c; i++)
				continue;
		depth += (c == '(') - (c == ')');
		for (int k = 0; depth == 0 && words[k]; k++)
			if (str_starts(str_sub(s, i, -1), str_of(words[k])))
				return i;
	}
	return -1;
}

/* Whether the list of an UPDATE ("SET a = .., b = .. WHERE ..") writes one of the columns; also where it is not
 * understood. */
static bool sets_any(str s, const char *const *columns)
{
	static const char *const ends[] = { " WHERE ", " FROM ", NULL }, *const next[] = { ",", NULL };

	if (!str_starts(s, S("SET ")))
		return true;
	s = str_trim(str_sub(s, 4, -1));
	ptrdiff_t end = find_outside(s, ends);
	if (end >= 0)
		s = str_sub(s, 0, end);
	while (s.n) {
		str name = take_name(&s);
		if (!name.n || s.n == 0 || s.p[0] != '=' || among(columns, name))
			return true;
		ptrdiff_t comma = find_outside(s, next);
		s = comma < 0 ? (str){ "", 0 } : str_trim(str_sub(s, comma + 1, -1));
	}
	return false;
}

/* A statement may begin with WITH: what counts is the write it ends in. */
static str without_with(str sql)
{
	static const char *const writes[] = { " INSERT INTO ", " UPDATE ", " DELETE FROM ", NULL };

	sql = str_trim(sql);
	if (!str_starts(sql, S("WITH ")))
		return sql;
	ptrdiff_t at = find_outside(sql, writes);
	return at < 0 ? (str){ "", 0 } : str_sub(sql, at + 1, -1);
}

bool db_marks(const struct db *d, str sql, const char *table)
{
	static const char *const verbs[] = { "UPDATE ", "INSERT INTO ", "DELETE FROM " };

	if (!d->marked)
		return false;
	if (table)
		return among(d->marked, str_of(table));
	sql = without_with(sql);
	for (ptrdiff_t i = 0; i < COUNT(verbs); i++) {
		if (!str_starts(sql, str_of(verbs[i])))
			continue;
		str rest = str_trim(str_sub(sql, (ptrdiff_t)strlen(verbs[i]), -1));
		return among(d->marked, take_name(&rest)) && (i > 0 || sets_any(rest, d->marked_columns));
	}
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
