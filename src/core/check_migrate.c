/* check_migrate.c -- migrations that the program of the release before could not bear: while nodes are upgraded one
 * after the other it works on the new schema. What takes away or renames says so in its name, NNN-word-breaks.sql:
 * then the older program refuses the database, and every node is stopped first. */
#include "core/check_in.h"

struct looking { struct check *k; };

/* The text in capitals, words parted by single spaces, without comments and what stands in quotes. */
static str plain(struct check *k, str sql)
{
	struct buf b;
	buf_init(&b, k->mem, (size_t)sql.n * 2 + 16);
	for (ptrdiff_t i = 0; i < sql.n; i++) {
		char c = sql.p[i];
		if (c == '-' && i + 1 < sql.n && sql.p[i + 1] == '-') {
			while (i + 1 < sql.n && sql.p[i + 1] != '\n')
				i++;
			c = ' ';
		} else if (c == '\'') {
			while (i + 1 < sql.n && sql.p[i + 1] != '\'')
				i++;
			i++;
			c = ' ';
		}
		if (c == '\n' || c == '\t' || c == '\r')
			c = ' ';
		if (c != ' ' || (b.n && b.p[b.n - 1] != ' '))
			put_c(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	return buf_str(&b);
}

static const char *breaks(str statement)
{
	static const char *const words[] = { "DROP TABLE", "DROP COLUMN", " RENAME ", "ALTER COLUMN" };
	for (int i = 0; i < (int)COUNT(words); i++)
		if (str_find(statement, str_of(words[i])) >= 0)
			return words[i];
	bool added = str_find(statement, S("ADD COLUMN")) >= 0 && str_find(statement, S("NOT NULL")) >= 0;
	return added && str_find(statement, S("DEFAULT")) < 0 ? "ADD COLUMN .. NOT NULL" : NULL;
}

static bool look(void *arg, str name, str bytes)
{
	struct looking *l = arg;
	str text = plain(l->k, bytes), statement;
	const char *word = NULL;
	if (str_ends(name, S("-breaks.sql")) || !str_ends(name, S(".sql")))
		return true;
	while (text.n && !word) {
		str_cut(text, ';', &statement, &text);
		word = breaks(statement);
	}
	if (word)
		check_bad(l->k, 185, name, word, NULL);
	return true;
}

void check_migrations(struct check *k, const char *module)
{
	struct looking l = { k };
	k->files->each(k->files->arg, WHERE(k, "migrate/%s/", module), look, &l);
}
