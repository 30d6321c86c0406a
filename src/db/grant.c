/* grant.c -- what a role of PostgreSQL that serves may do: see db_grant. */
#include "db/engine.h"

static bool plain_name(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n < 60 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == n && (s[0] == '_' || s[0] > '9');
}

/* One statement a table: which rights is decided by its name. */
static void put_grant(struct buf *b, str table, const char *role)
{
	const char *rights = str_is(table, "schema_version") ? "SELECT" : db_only_grows(table) ? "SELECT, INSERT"
		: "SELECT, INSERT, UPDATE, DELETE";

	put_fmt(b, "REVOKE ALL ON \"%.*s\" FROM %s; GRANT %s ON \"%.*s\" TO %s;", FMT(table), role, rights, FMT(table),
		role);
}

enum rc db_grant(struct db *d, struct arena *mem, const char *role)
{
	struct buf b;
	struct rows r;

	if (!plain_name(role))
		return E_INVALID;
	if (db_kind(d) == DB_SQLITE)
		return OK;
	buf_init(&b, mem, 1 << 20);
	put_fmt(&b, "DO $$ BEGIN EXECUTE 'GRANT USAGE ON SCHEMA ' || quote_ident(current_schema()) || ' TO %s'; "
		"EXECUTE 'REVOKE CREATE ON SCHEMA ' || quote_ident(current_schema()) || ' FROM PUBLIC, %s'; END $$;", role,
		role);
	TRY(db_query(d,
		"SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
		NULL, 0, &r));
	while (rows_next(&r))
		put_grant(&b, rows_text(&r, 0), role);
	TRY(rows_end(&r));
	return db_script(d, buf_str(&b));
}
