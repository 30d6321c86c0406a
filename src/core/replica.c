/* replica.c -- see replica.h. */
#include "core/replica.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/log.h"
#include "core/data.h"

enum { SAMPLES = 128, AGAIN_FIRST_MS = 1000, AGAIN_MOST_MS = 60000, COOKIE_S = 3600, MARKS_MS = 300000 };

/* at: monotonic ms at which the primary's log ended at lsn. */
struct sample { int64_t at, lsn; };
struct replica {
	char *where; struct db *db;
	int64_t most_lag_ms, again, wait;            /* again: not to be tried before                               */
	struct sample samples[SAMPLES]; int n;       /* oldest first                                                */
	int64_t applied, has;                        /* place in the log; the standby has what there was at `has`   */
	bool told;                                   /* the log says that it is away                                */
};

static const char SQL_primary[] = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint",
	SQL_applied[] = "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint WHERE pg_is_in_recovery()",
	SQL_system[] = "SELECT system_identifier FROM pg_control_system()",
	SQL_marks[] = "SELECT count(*)::bigint, coalesce(sum(id >> 12), 0)::bigint FROM rights_mark";

static int64_t mono_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct replica *replica_new(const char *where, int64_t most_lag_ms)
{
	struct replica *r = calloc(1, sizeof *r);

	if (!r || !(r->where = strdup(where))) {
		free(r);
		return NULL;
	}
	r->most_lag_ms = most_lag_ms;
	r->wait = AGAIN_FIRST_MS;
	atomic_store(&serve_counters()->replica_lag_ms, -1);
	return r;
}

void replica_free(struct replica *r)
{
	if (!r)
		return;
	db_close(r->db);
	free(r->where);
	free(r);
}

/* Given up until later: later each time. */
static void let_go(struct replica *r, const char *why)
{
	if (!r->told)
		log_line(LOG_WARN, "replica", "state", "away", "why", why, NULL);
	r->told = true;
	db_close(r->db);
	r->db = NULL;
	r->has = 0;
	r->again = mono_ms() + r->wait;
	r->wait = r->wait * 2 > AGAIN_MOST_MS ? AGAIN_MOST_MS : r->wait * 2;
	atomic_store(&serve_counters()->replica_lag_ms, -1);
}

enum rc replica_look(struct db *primary, struct db *standby, int64_t *ret_lag_bytes, char why[static 256])
{
	int64_t here = 0, there = 0, at = 0, applied = 0;

	if (db_kind(primary) != DB_POSTGRES || db_kind(standby) != DB_POSTGRES) {
		snprintf(why, 256, "only PostgreSQL has standbys");
		return E_STATE;
	}
	enum rc rc = db_int(primary, SQL_system, NULL, 0, &here);
	if (rc == OK)
		rc = db_int(primary, SQL_primary, NULL, 0, &at);
	if (rc != OK) {
		snprintf(why, 256, "%.200s", db_why(primary));
		return rc;
	}
	rc = db_int(standby, SQL_system, NULL, 0, &there);
	if (rc == OK)
		rc = db_int(standby, SQL_applied, NULL, 0, &applied);
	*ret_lag_bytes = at > applied ? at - applied : 0;
	if (rc == E_MISSING || (rc == OK && here != there)) {
		snprintf(why, 256, "%s", rc == OK ? "it is a copy of another database" : "it is no standby");
		return E_STATE;
	}
	if (rc != OK)
		snprintf(why, 256, "%.200s", db_why(standby));
	return rc;
}

/* ---- measuring -------------------------------------------------------------------------------------------- */

static bool connected(const struct app *a, struct replica *r)
{
	char why[256] = "";
	int64_t lag;

	if (r->db)
		return true;
	if (mono_ms() < r->again)
		return false;
	if (db_open(&r->db, r->where, DB_READ_ONLY | DB_SERVE | DB_STANDBY, why) != OK ||
		replica_look(a->db, r->db, &lag, why) != OK) {
		let_go(r, why);
		return false;
	}
	return true;
}

static void keep_sample(struct replica *r, int64_t at, int64_t lsn)
{
	if (r->n == SAMPLES)
		memmove(r->samples, r->samples + 1, sizeof r->samples[0] * (size_t)--r->n);
	r->samples[r->n++] = (struct sample){ at, lsn };
}

/* What the standby has applied is a place in the log; when the primary's log was there is known by the samples. */
static void measure(struct replica *r)
{
	for (int i = r->n - 1; i >= 0; i--) {
		if (r->samples[i].lsn <= r->applied) {
			r->has = r->samples[i].at;
			break;
		}
	}
	atomic_store(&serve_counters()->replica_lag_ms, r->has ? mono_ms() - r->has : -1);
}

void replica_tick(const struct app *a)
{
	struct replica *r = a->replica;
	int64_t at = mono_ms(), lsn;

	/* before the standby is asked: a primary that is away has nothing to compare with */
	if (!r || db_int(a->db, SQL_primary, NULL, 0, &lsn) != OK || !connected(a, r))
		return;
	if (r->n && lsn < r->samples[r->n - 1].lsn)
		r->n = 0;                                /* another primary's log */
	keep_sample(r, at, lsn);
	enum rc rc = db_int(r->db, SQL_applied, NULL, 0, &r->applied);
	if (rc != OK) {
		let_go(r, rc == E_MISSING ? "it is no standby any more" : db_why(r->db));
		return;
	}
	measure(r);
	r->wait = AGAIN_FIRST_MS;
	if (r->told)
		log_line(LOG_WARN, "replica", "state", "back", NULL);
	r->told = false;
}

/* ---- choosing --------------------------------------------------------------------------------------------- */

static str cookie_name(const struct exchange *x)
{
	return x->r->secure ? S("__Host-khue-at") : S("khue-at");
}

/* Whether the standby has what this browser wrote last. A program with a token keeps no cookies: it is never sent
 * there. */
static bool has_own_writes(const struct exchange *x, const struct replica *r)
{
	str at = req_cookie(x->r, x->r->secure ? "__Host-khue-at" : "khue-at");
	int64_t lsn;

	if (x->c->who->token)
		return false;
	return at.n == 0 || (str_to_int(at, &lsn) && lsn <= r->applied);
}

static enum rc marks_of(struct db *d, int64_t ret[static 2])
{
	struct rows r;

	TRY(db_query(d, SQL_marks, NULL, 0, &r));
	if (rows_next(&r)) {
		ret[0] = rows_int(&r, 0);
		ret[1] = rows_int(&r, 1);
	}
	return rows_end(&r);
}

/* Whether rights are the same on both. The primary is asked first: what it has now the standby must have. */
static bool same_rights(const struct exchange *x, const struct replica *r)
{
	int64_t here[2] = { -1, -1 }, there[2] = { -2, -2 };

	return marks_of(x->app->db, here) == OK && marks_of(r->db, there) == OK && here[0] == there[0] &&
		here[1] == there[1];
}

static void end_reading(void *arg)
{
	db_rollback(arg);                            /* ends the cursors that a jump left behind */
}

/* The page as it would have been begun: what the attempt put into the answer is taken out again. */
struct before { struct exchange x; struct ctx c; struct reply p; };

static void put_back(struct exchange *x, const struct before *b)
{
	struct buf body = x->p->body;

	*x->c = b->c;
	*x->p = b->p;
	*x = b->x;
	x->p->body = body;                           /* it may have grown elsewhere */
	x->p->body.n = b->p.body.n;
}

bool replica_run(struct exchange *x, enum rc (*run)(struct exchange *x, const void *arg), const void *arg,
	enum rc *ret)
{
	struct replica *r = x->app->replica;
	struct before b = { *x, *x->c, *x->p };
	enum db_trouble last;

	if (!r)
		return false;
	if (!r->db || !r->has || mono_ms() - r->has > r->most_lag_ms || !has_own_writes(x, r) || !same_rights(x, r)) {
		if (r->db && db_trouble(r->db) != DB_FINE)
			let_go(r, db_why(r->db));
		atomic_fetch_add(&serve_counters()->replica_refused, 1);
		return false;
	}
	uint64_t troubles = db_troubles(r->db, &last);
	x->c->db = r->db;
	arena_at_end(x->c->mem, end_reading, r->db);
	*ret = run(x, arg);
	x->c->db = x->app->db;
	bool trouble = db_troubles(r->db, &last) != troubles;
	if (trouble || *ret == E_BUSY || *ret == E_FAULT) {
		put_back(x, &b);
		db_rollback(r->db);
		if (trouble && last == DB_AWAY)
			r->again = 0, r->has = 0;            /* the next tick finds out */
		atomic_fetch_add(&serve_counters()->replica_refused, 1);
		return false;
	}
	atomic_fetch_add(&serve_counters()->replica_reads, 1);
	return true;
}

void replica_wrote(struct exchange *x)
{
	int64_t lsn = INT64_MAX;

	if (!x->app->replica)
		return;
	/* when that cannot be known: no standby has it */
	if (db_int(x->app->db, SQL_primary, NULL, 0, &lsn) != OK)
		lsn = INT64_MAX;
	reply_cookie(x->p, x->c->mem, cookie_name(x), put_n(x->c->mem, lsn), COOKIE_S, x->r->secure);
}

enum rc replica_sweep(struct ctx *c, void *in)
{
	(void)in;
	return db_exec(c->db, "DELETE FROM rights_mark WHERE id < ?1",
		VALS(v_int((c->now.v - MARKS_MS) * (INT64_C(1) << MARK_CHANCE))), NULL);
}

/* ---- tables of rights --------------------------------------------------------------------------------------- */

enum { NAMES_MAX = 256 };
static const char name_letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
struct names { const char **at; int n; };

static void name_add(struct arena *mem, struct names *names, str name)
{
	bool known = name.n == 0;

	for (int i = 0; i < names->n && !known; i++)
		known = str_is(name, names->at[i]);
	if (known)
		return;
	if (names->n == NAMES_MAX)
		abort();
	names->at[names->n++] = str_z(mem, name);
}

static void tables_of(struct arena *mem, const char *sql, struct names *names)
{
	static const char *const before[] = { "FROM ", "JOIN " };

	for (ptrdiff_t k = 0; k < COUNT(before); k++) {
		for (const char *p = sql; (p = strstr(p, before[k])) != NULL; ) {
			p += strlen(before[k]);
			name_add(mem, names, (str){ p, (ptrdiff_t)strspn(p, name_letters) });
		}
	}
}

static void words_of_scope(struct arena *mem, const char *sql, struct names *names)
{
	while (*sql) {
		size_t n = strspn(sql, name_letters);
		name_add(mem, names, (str){ sql, (ptrdiff_t)n });
		sql += n ? n : 1;
	}
}

static const char *const *of_scopes(struct arena *mem, const struct registry *g,
	void (*of)(struct arena *mem, const char *sql, struct names *names))
{
	struct names names = { NEWS(mem, const char *, NAMES_MAX + 1), 0 };

	for (int i = 0; i < g->n_scopes; i++)
		of(mem, g->scopes[i]->where, &names);
	return names.at;
}

const char *const *rights_tables(struct arena *mem, const struct registry *g)
{
	return of_scopes(mem, g, tables_of);
}

const char *const *rights_columns(struct arena *mem, const struct registry *g)
{
	return of_scopes(mem, g, words_of_scope);
}
