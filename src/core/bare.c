/* bare.c -- see bare.h. */
#include "core/bare.h"

enum { MOST = 4096 };

static void begin(struct bare *b, struct db *d, struct arena *mem)
{
	*b = (struct bare){ .d = d, .back = NEWS(mem, str, MOST), .max = MOST };
}

/* Runs a query of two columns: a statement that takes something away, one that puts it back. */
static enum rc take(struct bare *b, struct arena *mem, const char *sql)
{
	struct rows r;
	str *away = NEWS(mem, str, MOST);
	int n = 0;

	TRY(db_query(b->d, sql, NULL, 0, &r));
	while (b->n < b->max && rows_next(&r)) {
		away[n++] = str_copy(mem, rows_text(&r, 0));
		b->back[b->n++] = str_copy(mem, rows_text(&r, 1));
	}
	TRY(rows_end(&r));
	for (int i = 0; i < n; i++)
		TRY(db_script(b->d, away[i]));
	return OK;
}

#define INDEXES "SELECT 'DROP INDEX \"' || c.relname::text || '\"', pg_get_indexdef(i.indexrelid) FROM pg_index i" \
	" JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace s ON s.oid = c.relnamespace" \
	" AND s.nspname = current_schema() WHERE NOT i.indisprimary" \
	" AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
#define FOREIGN_KEYS "SELECT 'ALTER TABLE \"' || t.relname::text || '\" DROP CONSTRAINT \"' || k.conname::text" \
	" || '\"'," \
	" 'ALTER TABLE \"' || t.relname::text || '\" ADD CONSTRAINT \"' || k.conname::text || '\" '" \
	" || pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid" \
	" JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = current_schema() WHERE k.contype = 'f'"

enum rc bare_all(struct bare *b, struct db *d, struct arena *mem)
{
	begin(b, d, mem);
	if (db_kind(d) == DB_SQLITE)
		return take(b, mem, "SELECT 'DROP INDEX \"' || name || '\"', sql FROM sqlite_master WHERE type = 'index'"
			" AND sql IS NOT NULL");
	TRY(take(b, mem, INDEXES));
	return take(b, mem, FOREIGN_KEYS);
}

enum rc bare_lists(struct bare *b, struct db *d, struct arena *mem)
{
	begin(b, d, mem);
	if (db_kind(d) == DB_SQLITE)
		return OK;
	TRY(take(b, mem, INDEXES " AND NOT i.indisunique AND i.indnkeyatts > 1"
		" AND pg_get_indexdef(i.indexrelid, i.indnkeyatts, false) = 'id'"));
	return take(b, mem, FOREIGN_KEYS);
}

enum rc bare_back(struct bare *b)
{
	while (b->n > 0)
		TRY(db_script(b->d, b->back[--b->n]));
	return OK;
}
