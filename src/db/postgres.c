/* postgres.c -- the engine of a province. Parameters and results travel in binary; a statement is prepared once a
 * connection, with the types of the values it was first given. */
#include <endian.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "db/postgres.h"

/* ANSWER_MS: longer than any statement may take (statement_timeout); who has not answered then is not there. */
enum { COMMIT_MS = 10000, CANCEL_MS = 2000, ANSWER_MS = 35000, STANDBY_MS = 6000, AGAIN_MS = 500 };

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum rc rc_of(const char *state)
{
	if (!state)
		return E_BUSY;
	if (strcmp(state, "23505") == 0 || strcmp(state, "23503") == 0 || strcmp(state, "23P01") == 0)
		return E_CONFLICT;
	if (strncmp(state, "40", 2) == 0 || strncmp(state, "08", 2) == 0 || strncmp(state, "57", 2) == 0
		|| strcmp(state, "55P03") == 0 || strcmp(state, "53300") == 0)
		return E_BUSY;
	if (strncmp(state, "53", 2) == 0 || strncmp(state, "54", 2) == 0)
		return E_LIMIT;
	return E_FAULT;
}

/* "Key (org, code)=(1, x) already exists." and table "copy" give "copy.org, copy.code", as SQLite says it. */
static void read_clash(struct db *d, const PGresult *res)
{
	const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL),
		*table = PQresultErrorField(res, PG_DIAG_TABLE_NAME);
	const char *name = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME), *open = detail ? strchr(detail, '(') : NULL;
	const char *close = open ? strstr(open, ")=(") : NULL;
	size_t n = 0;

	if (!close || !table || memchr(open + 1, '(', (size_t)(close - open - 1))) {
		snprintf(d->clash, sizeof d->clash, "%s", name ? name : "");
		return;
	}
	for (const char *p = open + 1; p < close && n < sizeof d->clash; ) {
		size_t len = strcspn(p, ",)");
		int w = snprintf(d->clash + n, sizeof d->clash - n, "%s%s.%.*s", n ? ", " : "", table, (int)len, p);
		n += (size_t)w;
		p += len + strspn(p + len, ", ");
	}
}

/* 53100 disk full; class 58 the system under PostgreSQL; XX001 and XX002 pages whose checksum does not fit. */
static enum db_trouble trouble_of(const struct db *d, const char *state)
{
	if (d->lost || !state || strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
		strcmp(state, "53300") == 0)
		return DB_AWAY;
	if (strcmp(state, "53100") == 0)
		return DB_FULL;
	if (strncmp(state, "58", 2) == 0)
		return DB_STORAGE;
	if (strcmp(state, "XX001") == 0 || strcmp(state, "XX002") == 0)
		return DB_CORRUPT;
	return strcmp(state, "53200") == 0 ? DB_MEMORY : DB_FINE;
}

/* Takes what went wrong out of a result; a dead connection is marked, to be opened again. */
static enum rc broke(struct db *d, const PGresult *res)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *message = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	/* a server that has become a standby is left, too */
	bool demoted = state && strcmp(state, "25006") == 0 && !(d->flags & DB_READ_ONLY);
	enum rc rc = rc_of(state);

	if (!res && PQstatus(d->conn) == CONNECTION_OK && !d->lost)
		return db_no_memory(d);
	if (PQstatus(d->conn) != CONNECTION_OK || demoted) {
		d->lost = true;
		rc = E_BUSY;
	}
	d->trouble = trouble_of(d, state);
	if (rc == E_CONFLICT && state && strcmp(state, "23505") == 0)
		read_clash(d, res);
	return db_says(d, rc, "postgres %s: %s", state ? state : "-----", message ? message : PQerrorMessage(d->conn));
}

static bool good(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK || s == PGRES_EMPTY_QUERY;
}

/* Whether the connection has something to say before the deadline (monotonic ms). */
static bool hear(struct db *d, int64_t deadline)
{
	while (PQisBusy(d->conn)) {
		struct pollfd at = { PQsocket(d->conn), POLLIN, 0 };
		int64_t left = deadline - now_ms();

		if (left <= 0 || (poll(&at, 1, (int)left) < 0 && errno != EINTR))
			return false;
		if (at.revents && !PQconsumeInput(d->conn))
			return true;                     /* lost: the result says so                             */
	}
	return true;
}

/* How long an answer is waited for. */
static int64_t patience(const struct db *d)
{
	return d->flags & DB_BULK ? INT32_MAX : d->flags & DB_STANDBY ? STANDBY_MS : ANSWER_MS;
}

/* The last result of what was sent. NULL: there is none, or nobody answered in time; then the connection is lost. */
static PGresult *answer(struct db *d, int sent)
{
	PGresult *res = NULL, *more;

	if (!sent)
		return NULL;
	for (int64_t deadline = now_ms() + patience(d);;) {
		if (!hear(d, deadline)) {
			PQclear(res);
			d->lost = d->silent = true;
			return NULL;
		}
		if (!(more = PQgetResult(d->conn)))
			return res;
		PQclear(res);
		res = more;
		ExecStatusType s = PQresultStatus(res);
		if (s == PGRES_COPY_IN || s == PGRES_COPY_OUT)
			return res;
	}
}

/* A COMMIT may wait for a standby that is away. After COMMIT_MS the waiting is ended: the server keeps the transaction,
 * warns, and is free again. False: not even that was answered. */
static bool end_waiting(struct db *d)
{
	PGcancel *cancel = PQgetCancel(d->conn);
	char why[256];
	bool told = cancel && PQcancel(cancel, why, sizeof why);

	PQfreeCancel(cancel);
	d->warned = true;
	return told && hear(d, now_ms() + CANCEL_MS);
}

/* Takes the answers to everything that was sent ahead, in order; the first that is bad is owed. Returns the last, to be
 * cleared. commits: the last is a COMMIT. */
static PGresult *take_answers(struct db *d, bool commits)
{
	int64_t deadline = now_ms() + (commits ? COMMIT_MS : patience(d));
	PGresult *last = NULL;
	int at = 0;

	for (bool end = !PQpipelineSync(d->conn); !end; ) {
		if (!hear(d, deadline)) {
			if (!commits || !end_waiting(d)) {
				d->lost = d->silent = true;
				break;
			}
			deadline = now_ms() + CANCEL_MS;
			commits = false;
		}
		PGresult *res = PQgetResult(d->conn);
		ExecStatusType status = PQresultStatus(res);
		/* NULL lies between two answers; behind the end of a lost connection there are only such */
		end = status == PGRES_PIPELINE_SYNC || (!res && PQstatus(d->conn) != CONNECTION_OK);
		if (!res || end) {
			PQclear(res);
			continue;
		}
		struct cursor *to = at < d->queued ? d->ahead[at++] : NULL;
		if (d->owed == OK && !good(res))
			d->owed = broke(d, res);
		if (to && good(res)) {
			to->result = res;
			continue;
		}
		PQclear(last);
		last = res;
	}
	d->queued = 0;
	if (!d->lost && PQstatus(d->conn) == CONNECTION_OK && PQexitPipelineMode(d->conn))
		return last;
	d->lost = true;
	d->owed = d->owed == OK ? broke(d, NULL) : d->owed;
	return last;
}

/* What went wrong with what was sent ahead is told once. */
static enum rc owed(struct db *d)
{
	enum rc rc = d->owed;

	d->owed = OK;
	return rc;
}

/* Waits for what was sent ahead. */
static enum rc pg_settle(struct db *d)
{
	if (d->queued)
		PQclear(take_answers(d, false));
	return owed(d);
}

/* Statements sent ahead are answered together with the next that is waited for: one turn between the processes. */
static enum rc queue(struct db *d)
{
	if (d->queued == DB_AHEAD)               /* so that neither side fills what the other does not read     */
		TRY(pg_settle(d));
	if (d->queued == 0 && PQenterPipelineMode(d->conn) != 1)
		return broke(d, NULL);
	d->ahead[d->queued++] = NULL;
	return OK;
}

/* BEGIN and COMMIT are prepared with the first BEGIN of a connection, when nothing before them can fail. */
static enum rc queue_prepared(struct db *d, bool begins)
{
	static const char *const words[] = { "COMMIT", "BEGIN" }, *const names[] = { "khue_commit", "khue_begin" };

	for (int i = 0; begins && !d->spoken && i < (int)COUNT(words); i++) {
		TRY(queue(d));
		if (PQsendPrepare(d->conn, names[i], words[i], 0, NULL) != 1)
			return broke(d, NULL);
	}
	d->spoken = d->spoken || begins;
	TRY(queue(d));
	return PQsendQueryPrepared(d->conn, names[begins], 0, NULL, NULL, NULL, 1) == 1 ? OK : broke(d, NULL);
}

static enum rc queue_text(struct db *d, const char *sql)
{
	if (strcmp(sql, "BEGIN") == 0 || (d->spoken && strcmp(sql, "COMMIT") == 0))
		return queue_prepared(d, sql[0] == 'B');
	TRY(queue(d));
	return PQsendQueryParams(d->conn, sql, 0, NULL, NULL, NULL, NULL, 1) == 1 ? OK : broke(d, NULL);
}

static enum rc simple(struct db *d, const char *sql)
{
	PGresult *res = answer(d, PQsendQuery(d->conn, sql));
	enum rc rc = good(res) ? OK : broke(d, res);

	PQclear(res);
	return rc;
}

/* A COMMIT that says more than COMMIT ("committed locally, but might not have been replicated") is not a durable
 * one. */
static void heard(void *arg, const PGresult *res)
{
	struct db *d = arg;
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	if (state && strncmp(state, "01", 2) == 0)
		d->warned = true;
}

static enum rc set_up(struct db *d)
{
	PQsetNoticeReceiver(d->conn, heard, d);
	d->spoken = false;
	TRY(simple(d, "SET standard_conforming_strings = on; SET lock_timeout = 5000"));
	/* long texts (an answer kept for a repetition, a line of the ledger) are packed at a fifth of the cost where the
	 * server was built with it */
	TRY(simple(d, "SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_catalog.pg_settings "
		"WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"));
	if (d->flags & DB_BULK)
		return simple(d, "SET statement_timeout = 0");
	if (d->flags & DB_STANDBY)
		return simple(d, "SET statement_timeout = 5000; SET idle_in_transaction_session_timeout = 5000");
	/* Who waits for a lock gives up before the stopped process that holds it is ended: else the next one of a machine
	 * that stands still would get it, and hold it as long again. */
	return simple(d, d->flags & DB_PROMPT
		? "SET lock_timeout = 3500; SET statement_timeout = 30000; SET idle_in_transaction_session_timeout = 4000"
		: "SET statement_timeout = 30000; SET idle_in_transaction_session_timeout = 30000");
}

static enum rc pg_open(struct db *d)
{
	bool standby = d->flags & DB_STANDBY;
	/* a network that swallows everything is noticed within seconds, not after the system's quarter of an hour */
	const char *const names[] = { "dbname", "connect_timeout", "client_encoding", "application_name",
		"tcp_user_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", NULL };
	const char *const values[] = { d->where, standby ? "2" : "5", "UTF8", "khue", standby ? "2000" : "10000",
		"5", "2", "3", NULL };
	enum rc rc;

	signal(SIGPIPE, SIG_IGN);
	d->conn = PQconnectdbParams(names, values, 1);
	d->trouble = PQstatus(d->conn) != CONNECTION_OK ? DB_AWAY : d->trouble;
	if (PQstatus(d->conn) != CONNECTION_OK)
		return db_says(d, E_BUSY, "postgres: %s", PQerrorMessage(d->conn));
	rc = set_up(d);
	if (rc == OK && d->flags & DB_READ_ONLY)
		rc = simple(d, "SET default_transaction_read_only = on");
	return rc;
}

static void pg_close(struct db *d)
{
	PQfinish(d->conn);
}

/* Connects again when the connection was lost and no transaction hangs on it. */
static enum rc alive(struct db *d)
{
	if (!d->lost)
		return OK;
	if (d->depth)
		return db_says(d, E_BUSY, "postgres: the connection was lost inside the transaction");
	/* a page whose first statement waited in vain for a connection does not wait again with each of the others */
	if (now_ms() < d->again_ms) {
		d->trouble = DB_AWAY;
		return db_says(d, E_BUSY, "postgres: it could not be reached a moment ago");
	}
	PQfinish(d->conn);
	d->conn = NULL;
	d->dead_names = d->names;
	enum rc rc = pg_open(d);
	if (rc != OK) {
		d->again_ms = now_ms() + AGAIN_MS;
		return rc;
	}
	d->lost = d->silent = false;
	d->failed = d->queued = 0;
	d->owed = OK;
	return OK;
}

static unsigned type_of(const struct val *v)
{
	static const unsigned types[] = { [V_NULL] = UNKNOWN, [V_INT] = INT8, [V_TEXT] = TEXT, [V_BLOB] = BYTEA };

	return types[v->type];
}

/* Whether the values fit what the statement was prepared for; a NULL fits everything. */
static bool fits(const struct stmt *s, const struct val *args, int n)
{
	if (s->n_types != n)
		return false;
	for (int i = 0; i < n; i++)
		if (args[i].type != V_NULL && s->types[i] != type_of(&args[i]))
			return false;
	return true;
}

/* Prepared on this connection, not on one that was lost. */
static bool known(const struct db *d, const struct stmt *s)
{
	return s->name > d->dead_names;
}

static void pg_drop(struct db *d, struct stmt *s)
{
	char sql[48];

	if (known(d, s) && !d->lost && d->conn) {
		d->owed = pg_settle(d);
		snprintf(sql, sizeof sql, "DEALLOCATE khue_%u", s->name);
		PQclear(PQexec(d->conn, sql));
	}
	s->name = 0;
}

static bool learn_types(struct stmt *s, const struct val *args, int n)
{
	unsigned *types = calloc((size_t)n + 1, sizeof *types);

	if (!types)
		return false;
	for (int i = 0; i < n; i++)
		types[i] = args[i].type != V_NULL || i >= s->n_types ? type_of(&args[i]) : s->types[i];
	free(s->types);
	s->types = types;
	s->n_types = n;
	return true;
}

static enum rc prepare_as(struct db *d, struct stmt *s, const char *sql, int n)
{
	char name[32];
	PGresult *res;
	enum rc rc = OK;

	snprintf(name, sizeof name, "khue_%u", ++d->names);
	res = answer(d, PQsendPrepare(d->conn, name, sql, n, s->types));
	if (good(res))
		s->name = d->names;
	else
		rc = broke(d, res);
	PQclear(res);
	return rc;
}

/* A first value that is NULL leaves its type to the server, which cannot tell it in "?1 IS NULL OR price = ?1".
 * Then it is tried as a number and as a text, behind a savepoint since a refusal spoils a transaction. */
static enum rc prepare_guessing(struct db *d, struct stmt *s, const struct val *args, const char *sql)
{
	static const unsigned guesses[] = { UNKNOWN, INT8, TEXT };
	enum rc rc = E_FAULT;

	for (int g = 0; g < (int)COUNT(guesses) && rc == E_FAULT; g++) {
		for (int i = 0; i < s->n_types; i++)
			if (args[i].type == V_NULL && s->types[i] == guesses[g ? g - 1 : 0])
				s->types[i] = guesses[g];
		if (d->depth)
			TRY(simple(d, "SAVEPOINT guess"));
		rc = prepare_as(d, s, sql, s->n_types);
		if (d->depth && rc != OK && !d->lost)
			TRY(simple(d, "ROLLBACK TO SAVEPOINT guess"));
		if (d->depth && !d->lost)
			TRY(simple(d, "RELEASE SAVEPOINT guess"));
	}
	return rc;
}

static bool any_unknown(const struct stmt *s)
{
	for (int i = 0; i < s->n_types; i++)
		if (s->types[i] == UNKNOWN)
			return true;
	return false;
}

static enum rc prepare_again(struct db *d, struct stmt *s, const struct val *args, int n)
{
	char *sql;
	enum rc rc;

	TRY(pg_settle(d));
	pg_drop(d, s);
	sql = db_translate(s->sql, s->n, '$', &s->params);
	if (!sql)
		return s->params < 0 ? db_says(d, E_FAULT, "a ? without a number: %.200s", s->sql) : db_no_memory(d);
	if (s->params != n) {
		free(sql);
		return OK;                               /* db.c says so */
	}
	if (!learn_types(s, args, n)) {
		free(sql);
		return db_no_memory(d);
	}
	rc = any_unknown(s) ? prepare_guessing(d, s, args, sql) : prepare_as(d, s, sql, n);
	free(sql);
	return rc;
}

static enum rc pg_prepare(struct db *d, struct stmt *s, const struct val *args, int n)
{
	enum rc rc = alive(d);

	if (rc != OK || (known(d, s) && fits(s, args, n)))
		return rc;
	rc = prepare_again(d, s, args, n);
	if (rc != OK && d->lost && d->depth == 0) {
		TRY(alive(d));
		rc = prepare_again(d, s, args, n);
	}
	return rc;
}

struct bound { const char **values; int *lengths, *formats; };

/* Lays the parameters out in scratch memory: big-endian integers, texts and blobs in place. */
static struct bound bind(struct db *d, const struct val *args, int n)
{
	size_t each = sizeof(char *) + sizeof(int64_t) + 2 * sizeof(int);
	char *p = db_scratch(d, (size_t)(n + 1) * each);
	struct bound b = { (const char **)(void *)p, NULL, NULL };
	int64_t *ints = p ? (int64_t *)(void *)(p + (size_t)n * sizeof(char *)) : NULL;

	if (!p)
		return b;
	b.lengths = (int *)(void *)(ints + n);
	b.formats = b.lengths + n;
	for (int i = 0; i < n; i++) {
		b.formats[i] = 1;
		b.lengths[i] = (int)args[i].s.n;
		b.values[i] = args[i].s.n ? args[i].s.p : "";
		if (args[i].type == V_INT) {
			ints[i] = (int64_t)htobe64((uint64_t)args[i].i);
			b.values[i] = (const char *)&ints[i];
			b.lengths[i] = 8;
		} else if (args[i].type == V_NULL) {
			b.values[i] = NULL;
			b.lengths[i] = 0;
		}
	}
	return b;
}

static int send_off(struct db *d, struct stmt *s, const struct val *args, int n)
{
	struct bound b = bind(d, args, n);
	char name[32];

	if (!b.values)
		return 0;
	snprintf(name, sizeof name, "khue_%u", s->name);
	return PQsendQueryPrepared(d->conn, name, n, b.values, b.lengths, b.formats, 1);
}

/* It leaves at once: the server works on it while the next is put together, and answers when asked to. */
static enum rc pg_later(struct db *d, struct stmt *s, const struct val *args, int n)
{
	TRY(queue(d));
	if (send_off(d, s, args, n) != 1 || PQflush(d->conn) < 0)
		d->owed = d->owed == OK ? broke(d, NULL) : d->owed;
	return OK;
}

static enum rc pg_ahead(struct db *d, struct stmt *s, const struct val *args, int n, struct rows *r)
{
	TRY(pg_later(d, s, args, n));
	d->ahead[d->queued - 1] = rows_cursor(r);
	return OK;
}

bool pg_arrive(struct rows *r)
{
	struct cursor *c = rows_cursor(r);

	r->rc = c->result ? OK : pg_settle(r->d);
	if (r->rc == OK && !c->result)
		r->rc = db_says(r->d, r->d->lost ? E_BUSY : E_FAULT, "the transaction failed before these rows");
	if (r->rc != OK)
		return false;
	r->more[1] = c->result;
	r->count = PQntuples(c->result);
	return true;
}

void pg_forget(struct db *d, const struct cursor *c)
{
	for (int i = 0; i < d->queued; i++)
		if (d->ahead[i] == c)
			d->ahead[i] = NULL;
}

/* Runs a statement behind what was sent ahead, whose failure is its own. *ret is to be cleared when OK. */
static enum rc run(struct db *d, struct stmt *s, const struct val *args, int n, PGresult **ret)
{
	enum rc rc;

	if (d->queued) {
		TRY(pg_later(d, s, args, n));
		*ret = take_answers(d, false);
		rc = owed(d);
	} else {
		TRY(owed(d));
		*ret = answer(d, send_off(d, s, args, n));
		rc = good(*ret) ? OK : broke(d, *ret);
	}
	if (rc != OK)
		PQclear(*ret);
	return rc;
}

static enum rc pg_exec(struct db *d, struct stmt *s, const struct val *args, int n, int64_t *ret_changed)
{
	PGresult *res;

	TRY(run(d, s, args, n, &res));
	if (strncmp(PQcmdStatus(res), "SELECT", 6) != 0) {
		const char *rows = PQcmdTuples(res);
		*ret_changed = db_text_number(rows, strlen(rows));
	}
	PQclear(res);
	return OK;
}

/* COPY in its binary form: a row is i16 columns, then i32 length (-1: NULL) and the bytes of each. */
struct copy { char *p; size_t n, size; bool failed; };

static void copy_put(struct db *d, struct copy *c, const void *p, size_t n)
{
	if (c->n + n > c->size) {
		c->failed = c->failed || PQputCopyData(d->conn, c->p, (int)c->n) != 1;
		c->n = 0;
	}
	if (n > c->size)
		c->failed = c->failed || n > INT32_MAX || PQputCopyData(d->conn, p, (int)n) != 1;
	else if (n)
		memcpy(c->p + c->n, p, n);
	c->n += n > c->size ? 0 : n;
}

static void copy_val(struct db *d, struct copy *c, const struct val *v)
{
	uint32_t size = htobe32(v->type == V_NULL ? UINT32_MAX : v->type == V_INT ? 8 : (uint32_t)v->s.n);
	uint64_t i = htobe64((uint64_t)v->i);

	copy_put(d, c, &size, sizeof size);
	if (v->type == V_INT)
		copy_put(d, c, &i, sizeof i);
	else if (v->type != V_NULL)
		copy_put(d, c, v->s.p, (size_t)v->s.n);
}

/* Ends the COPY and takes every result; the first that is bad counts. */
static enum rc copy_end(struct db *d, bool failed)
{
	PGresult *res;
	enum rc rc = OK;

	if (PQputCopyEnd(d->conn, failed ? "not sent whole" : NULL) != 1)
		rc = broke(d, NULL);
	while ((res = PQgetResult(d->conn)) != NULL) {
		if (rc == OK && !good(res))
			rc = broke(d, res);
		PQclear(res);
	}
	return rc;
}

static enum rc pg_insert(struct db *d, struct stmt *s, const char *table, const char *columns)
{
	static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0", tail[] = "\377\377";
	enum { PIECE = 256 << 10 };
	const struct feed *f = &d->feed;
	struct copy c = { NULL, 0, PIECE, false };
	uint16_t n = htobe16((uint16_t)f->n);
	char sql[8192];
	PGresult *res;
	enum rc rc;

	(void)s;
	TRY(alive(d));
	TRY(pg_settle(d));
	c.p = db_scratch(d, PIECE);
	if (!c.p)
		return E_BUSY;
	/* the look at what each key points to is a statement too, for every row: see pg_bulk */
	snprintf(sql, sizeof sql, "%sCOPY %s (%s) FROM STDIN (FORMAT binary)%s", d->replans ? "SET LOCAL plan_cache_mode "
		"= auto; " : "", table, columns, d->replans ? "; SET LOCAL plan_cache_mode = force_custom_plan" : "");
	res = PQexec(d->conn, sql);
	rc = PQresultStatus(res) == PGRES_COPY_IN ? OK : broke(d, res);
	PQclear(res);
	TRY(rc);
	copy_put(d, &c, head, sizeof head);              /* 19 bytes; its last is the NUL that ends the literal */
	for (int64_t i = 0; i < f->rows; i++) {
		copy_put(d, &c, &n, sizeof n);
		for (int k = 0; k < f->n; k++)
			copy_val(d, &c, &f->args[i * f->n + k]);
	}
	copy_put(d, &c, tail, 2);
	c.failed = c.failed || (c.n && PQputCopyData(d->conn, c.p, (int)c.n) != 1);
	return copy_end(d, c.failed);
}

static bool only_reads(const struct stmt *s)
{
	return strncmp(s->sql, "SELECT", 6) == 0;
}

static enum rc pg_query(struct db *d, struct stmt *s, const struct val *args, int n, struct rows *r)
{
	PGresult *res;
	enum rc rc = run(d, s, args, n, &res);

	/* An idle connection that the server closed is found out here; a read may be asked twice. */
	if (rc != OK && d->lost && !d->silent && !d->depth && only_reads(s)) {
		TRY(alive(d));
		TRY(prepare_again(d, s, args, n));
		rc = run(d, s, args, n, &res);
	}
	TRY(rc);
	rows_cursor(r)->result = res;
	r->more[1] = res;
	r->count = PQntuples(res);
	return OK;
}

static enum rc pg_script(struct db *d, const char *sql)
{
	TRY(alive(d));
	TRY(pg_settle(d));
	return simple(d, sql);
}

static enum rc pg_commit(struct db *d)
{
	d->warned = false;
	TRY(owed(d));
	d->sent = true;
	TRY(queue_text(d, "COMMIT"));

	PGresult *res = take_answers(d, true);
	enum rc rc = owed(d);
	bool undone = rc == OK && strcmp(PQcmdStatus(res), "COMMIT") != 0;

	PQclear(res);
	if (rc != OK && d->lost)
		return db_says(d, E_BUSY, "postgres: COMMIT was sent and not answered");
	if (undone)
		return db_says(d, E_FAULT, "postgres: the transaction had failed and was rolled back");
	return rc == OK && d->warned ? db_says(d, E_BUSY, "postgres: committed here, perhaps not at the standby") : rc;
}

static enum db_trouble pg_doubt(const struct db *d)
{
	return d->sent && (d->lost || d->warned) ? DB_DOUBT : d->trouble;
}

/* The server has its own cache and checkpoints. A plan made while a table was empty reads an arbitrary index whole, and
 * would be kept while the table fills: statements are planned anew for as long. */
static enum rc pg_bulk(struct db *d, bool on)
{
	TRY(alive(d));
	d->replans = on;
	return simple(d, on ? "SET plan_cache_mode = force_custom_plan" : "RESET plan_cache_mode");
}

/* A server that closed the connection while nothing was asked of it has said so: neither BEGIN nor COMMIT is sent into
 * the void. */
static void look(struct db *d)
{
	struct pollfd at = { PQsocket(d->conn), POLLIN, 0 };

	/* its last words arrive a moment before the end */
	for (int wait_ms = 0; !d->lost && poll(&at, 1, wait_ms) > 0; wait_ms = 50)
		if (!PQconsumeInput(d->conn) || PQstatus(d->conn) != CONNECTION_OK) {
			d->lost = true;
			d->trouble = DB_AWAY;
		}
}

static enum rc pg_control(struct db *d, const char *sql)
{
	bool begins = strncmp(sql, "BEGIN", 5) == 0, commits = strcmp(sql, "COMMIT") == 0;
	enum rc rc;

	if (begins || commits)
		look(d);
	d->sent = false;
	TRY(alive(d));
	if (commits)
		return pg_commit(d);
	/* these answer nothing that anybody waits for; a savepoint comes behind what was sent ahead of it */
	if (begins || strncmp(sql, "INSERT", 6) == 0)
		return queue_text(d, sql);
	rc = pg_settle(d);
	return rc != OK && strncmp(sql, "ROLLBACK", 8) != 0 ? rc : simple(d, sql);
}

const struct engine db_postgres = {
	pg_open, pg_close, pg_prepare, pg_drop, pg_exec, pg_later, pg_ahead, pg_insert, pg_query, pg_next, pg_end, pg_cols,
		pg_null, pg_number, pg_text,
	pg_script, pg_bulk, pg_control, pg_doubt, "BEGIN", "BEGIN READ ONLY",
	"SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p') AND c.relname = ?1"
	" AND pg_catalog.pg_table_is_visible(c.oid)",
};
