/* migrate.c -- see migrate.h. */
#include "core/migrate.h"
#include "core/ddl.h"
#include "base/embed.h"
#include "base/hash.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- the list ------------------------------------------------------------------------------- */

struct gather { struct arena *mem; struct migration *at; int n, max; str module; };

static bool gather_one(void *arg, str name, str bytes)
{
	struct gather *g = arg;
	str file = str_sub(name, S("migrate/").n + g->module.n + 1, -1), number, rest;
	int64_t v;
	if (!str_ends(file, S(".sql")) || !str_cut(file, '-', &number, &rest) || !str_to_int(number, &v))
		return true;
	if (g->n == g->max) {
		struct migration *more = NEWS(g->mem, struct migration, g->max * 2);
		memcpy(more, g->at, sizeof *more * (size_t)g->n);
		g->at = more;
		g->max *= 2;
	}
	g->at[g->n++] = (struct migration){ g->module, str_sub(rest, 0, rest.n - 4), v, bytes };
	return true;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = ((const struct migration *)a)->number, y = ((const struct migration *)b)->number;
	return (x > y) - (x < y);
}

static void gather_module(struct gather *g, str module)
{
	int from = g->n;
	g->module = module;
	embedded_each(str_fmt(g->mem, "migrate/%.*s/", FMT(module)), gather_one, g);
	qsort(g->at + from, (size_t)(g->n - from), sizeof *g->at, by_number);
}

int migrations_embedded(struct arena *mem, const struct registry *r, const struct migration **ret)
{
	struct gather g = { .mem = mem, .max = 64, .at = NEWS(mem, struct migration, 64) };
	gather_module(&g, S("core"));
	for (int i = 0; i < r->n_modules; i++)
		if (!str_is(S("core"), r->modules[i]->name))
			gather_module(&g, str_of(r->modules[i]->name));
	*ret = g.at;
	return g.n;
}

/* ---- what has run --------------------------------------------------------------------------- */

static str digest_text(struct arena *mem, str sql)
{
	digest d = hash_of(sql);
	return hex_of(mem, d.b, sizeof d.b);
}

/* Whether m is recorded; E_STATE when another text ran under its number. */
static enum rc recorded(struct db *d, struct arena *mem, const struct migration *m, bool *ret, char why[static 256])
{
	struct rows r;
	*ret = false;
	if (!db_has_table(d, "schema_version"))
		return OK;
	TRY(db_query(d, "SELECT digest FROM schema_version WHERE module = ?1 AND number = ?2",
		     VALS(v_text(m->module), v_int(m->number)), &r));
	bool same = true;
	if (rows_next(&r)) {
		*ret = true;
		same = str_eq(rows_text(&r, 0), digest_text(mem, m->sql));
	}
	TRY(rows_end(&r));
	if (same)
		return OK;
	snprintf(why, 256, "migration %.*s/%03lld was changed after it ran on this database", FMT(m->module),
		 (long long)m->number);
	return E_STATE;
}

/* E_STATE when the database records a migration that the program does not have and that breaks what it relies on. */
static enum rc not_newer(struct db *d, const struct migration *at, int n, char why[static 256])
{
	struct rows r;
	enum rc rc = OK;
	if (!db_has_table(d, "schema_version"))
		return OK;
	TRY(db_query(d, "SELECT module, number, name FROM schema_version WHERE name LIKE ?1", VALS(v_text(S("%-breaks"))),
		&r));
	while (rc == OK && rows_next(&r)) {
		int i = 0;
		while (i < n && !(str_eq(at[i].module, rows_text(&r, 0)) && at[i].number == rows_int(&r, 1)))
			i++;
		if (i < n)
			continue;
		snprintf(why, 256, "the database is newer than this program: it has %.*s/%03lld-%.*s", FMT(rows_text(&r, 0)),
			 (long long)rows_int(&r, 1), FMT(rows_text(&r, 2)));
		rc = E_STATE;
	}
	enum rc end = rows_end(&r);
	return rc != OK ? rc : end;
}

enum rc migrate_pending(struct db *d, struct arena *mem, const struct migration *at, int n, int *ret_pending,
			char why[static 256])
{
	int pending = 0;
	TRY(not_newer(d, at, n, why));
	for (int i = 0; i < n; i++) {
		bool done;
		TRY(recorded(d, mem, &at[i], &done, why));
		pending += !done;
	}
	*ret_pending = pending;
	return OK;
}

/* ---- running -------------------------------------------------------------------------------- */

/* SQLite keeps a table by its id itself only for these exact words; BIGINT would cost a second tree. */
static str for_engine(struct db *d, struct arena *mem, str sql)
{
	static const str from = S_INIT("id BIGINT PRIMARY KEY");
	struct buf b;
	ptrdiff_t at;
	if (db_kind(d) != DB_SQLITE)
		return sql;
	buf_init(&b, mem, (size_t)sql.n * 2 + 64);
	while ((at = str_find(sql, from)) >= 0) {
		put(&b, str_sub(sql, 0, at));
		put_z(&b, "id INTEGER PRIMARY KEY");
		sql = str_sub(sql, at + from.n, -1);
	}
	put(&b, sql);
	return buf_str(&b);
}

/* One migration at a time in the whole database: SQLite's BEGIN IMMEDIATE does it, PostgreSQL needs to be asked. */
static enum rc lock(struct db *d)
{
	int64_t ignored;
	if (db_kind(d) == DB_SQLITE)
		return OK;
	return db_int(d, "SELECT 1 FROM (SELECT pg_advisory_xact_lock(4920116)) AS locked", NULL, 0, &ignored);
}

static enum rc record(struct db *d, struct arena *mem, const struct migration *m, instant now)
{
	if (!db_has_table(d, "schema_version"))
		TRY(db_script(d, S("CREATE TABLE schema_version (module TEXT NOT NULL, number BIGINT NOT NULL, name "
				   "TEXT NOT NULL, "
				   "digest TEXT NOT NULL, done BIGINT NOT NULL, PRIMARY KEY (module, number))")));
	return db_exec(d, "INSERT INTO schema_version (module, number, name, digest, done) VALUES (?1, ?2, ?3, ?4, ?5)",
		       VALS(v_text(m->module), v_int(m->number), v_text(m->name), v_text(digest_text(mem, m->sql)),
			    v_int(now.v)),
		       NULL);
}

static enum rc run_locked(struct db *d, struct arena *mem, const struct migration *m, instant now, bool *ret_ran,
                          char why[static 256])
{
	bool done;
	*ret_ran = false;
	enum rc rc = lock(d);
	if (rc == OK)
		rc = recorded(d, mem, m, &done, why);
	if (rc != OK || done)
		return rc;
	rc = db_script(d, for_engine(d, mem, m->sql));
	if (rc == OK)
		rc = record(d, mem, m, now);
	if (rc != OK)
		snprintf(why, 256, "migration %.*s/%03lld-%.*s failed and left nothing behind: %s", FMT(m->module),
			 (long long)m->number, FMT(m->name), db_why(d));
	*ret_ran = rc == OK;
	return rc;
}

static enum rc run_one(struct db *d, struct arena *mem, const struct migration *m, instant now, bool *ret_ran,
                          char why[static 256])
{
	enum rc rc = db_begin(d);
	if (rc == OK) {
		rc = run_locked(d, mem, m, now, ret_ran, why);
		if (rc == OK)
			rc = db_commit(d);
		else
			db_rollback(d);
	}
	if (rc != OK && !*why)
		snprintf(why, 256, "%s", db_why(d));
	return rc;
}

enum rc migrate_run(struct db *d, struct arena *mem, const struct migration *at, int n, instant now,
                    void (*tell)(void *arg, const struct migration *m), void *arg, char why[static 256])
{
	int pending;
	*why = 0;
	TRY(migrate_pending(d, mem, at, n, &pending, why));
	for (int i = 0; pending && i < n; i++) {
		bool ran = false;
		TRY(run_one(d, mem, &at[i], now, &ran, why));
		if (ran && tell)
			tell(arg, &at[i]);
	}
	return OK;
}

/* ---- drafting ------------------------------------------------------------------------------- */

static void draft_one(void *arg, str what, str mend)
{
	if (mend.n)
		put_fmt(arg, "%.*s;\n", FMT(mend));
	else
		put_fmt(arg, "-- decide: %.*s\n", FMT(what));
}

enum rc migrate_draft(const struct registry *r, const struct module *module, struct db *d, struct arena *mem,
		      struct buf *b)
{
	return ddl_compare(r, module, d, mem, draft_one, b);
}
