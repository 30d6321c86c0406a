/* db.c -- see db.h: the statement cache, cursors and nesting transactions common to both engines. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "db/engine.h"

static const struct engine *engine(const struct db *d)
{
	return d->kind == DB_POSTGRES ? &db_postgres : &db_sqlite;
}

enum rc db_says(struct db *d, enum rc rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->why, sizeof d->why, fmt, ap);
	va_end(ap);
	return rc;
}

enum rc db_no_memory(struct db *d)
{
	d->trouble = DB_MEMORY;
	return db_says(d, E_BUSY, "out of memory");
}

void *db_scratch(struct db *d, size_t size)
{
	if (d->scratch_size < size) {
		free(d->scratch);
		d->scratch = malloc(size * 2);
		d->scratch_size = d->scratch ? size * 2 : 0;
	}
	if (!d->scratch)
		db_no_memory(d);
	return d->scratch;
}

str db_number_text(struct db *d, int64_t v)
{
	char *p = d->numbers[d->number++ % DB_NUMBERS];
	int n = snprintf(p, sizeof d->numbers[0], "%lld", (long long)v);

	return (str){ p, n };
}

int64_t db_text_number(const char *p, size_t n)
{
	bool minus = n > 0 && *p == '-';
	uint64_t v = 0;

	for (size_t i = minus; i < n && p[i] >= '0' && p[i] <= '9'; i++)
		v = v * 10 + (uint64_t)(p[i] - '0');
	return (int64_t)(minus ? 0 - v : v);
}

/* ---- text of statements ------------------------------------------------------------------ */

/* The index after the quoted text or comment that begins at i; i itself when none begins there. */
static size_t skip_quiet(const char *s, size_t n, size_t i)
{
	if (s[i] == '\'' || s[i] == '"') {
		char q = s[i++];
		while (i < n && s[i] != q)
			i++;
		return i < n ? i + 1 : n;
	}
	if (s[i] == '-' && i + 1 < n && s[i + 1] == '-') {
		while (i < n && s[i] != '\n')
			i++;
		return i;
	}
	if (s[i] == '/' && i + 1 < n && s[i + 1] == '*') {
		i += 2;
		while (i + 1 < n && !(s[i] == '*' && s[i + 1] == '/'))
			i++;
		return i + 1 < n ? i + 2 : n;
	}
	return i;
}

char *db_translate(const char *sql, size_t n, char prefix, int *ret_params)
{
	char *out = malloc(n + 1);
	size_t i = 0;
	int most = 0;

	*ret_params = 0;
	if (!out)
		return NULL;
	memcpy(out, sql, n);
	out[n] = 0;
	while (i < n) {
		size_t after = skip_quiet(sql, n, i);
		if (after != i) {
			i = after;
			continue;
		}
		if (sql[i] == '?') {
			int64_t v = db_text_number(sql + i + 1, n - i - 1);
			if (v < 1 || v > 30000) {
				free(out);
				*ret_params = -1;
				return NULL;
			}
			out[i] = prefix;
			most = v > most ? (int)v : most;
		}
		i++;
	}
	*ret_params = most;
	return out;
}

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool word_at(str s, ptrdiff_t i, str word)
{
	return i + word.n <= s.n && memcmp(s.p + i, word.p, (size_t)word.n) == 0 && (i == 0 || !word_char(s.p[i - 1]))
		&& (i + word.n == s.n || !word_char(s.p[i + word.n]));
}

static ptrdiff_t blanks(str s, ptrdiff_t i)
{
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n'))
		i++;
	return i;
}

/* True when "BIGINT PRIMARY KEY" begins at i: the words may be apart by any white space. */
static bool key_at(str s, ptrdiff_t i)
{
	ptrdiff_t at;

	if (!word_at(s, i, S("BIGINT")) || !word_at(s, at = blanks(s, i + 6), S("PRIMARY")))
		return false;
	return word_at(s, blanks(s, at + 7), S("KEY"));
}

char *db_sqlite_types(str sql)
{
	char *out = malloc((size_t)sql.n * 2 + 1), *w = out;
	ptrdiff_t i = 0;

	if (!out)
		return NULL;
	while (i < sql.n) {
		ptrdiff_t after = (ptrdiff_t)skip_quiet(sql.p, (size_t)sql.n, (size_t)i);
		str quiet = str_sub(sql, i, after), mark = S("/* sqlite: ");
		if (quiet.n > mark.n + 3 && str_starts(quiet, mark) && str_ends(quiet, S(" */"))) {
			memcpy(w, quiet.p + mark.n, (size_t)(quiet.n - mark.n - 3));
			w += quiet.n - mark.n - 3;
			i = after;
		} else if (after != i) {
			memcpy(w, sql.p + i, (size_t)(after - i));
			w += after - i;
			i = after;
		} else if (key_at(sql, i)) {
			memcpy(w, "INTEGER", 7);
			w += 7;
			i += 6;
		} else if (word_at(sql, i, S("BYTEA"))) {
			memcpy(w, "BLOB", 4);
			w += 4;
			i += 5;
		} else {
			*w++ = sql.p[i++];
		}
	}
	*w = 0;
	return out;
}

/* ---- statement cache --------------------------------------------------------------------- */

static void unlink_stmt(struct db *d, struct stmt *s)
{
	if (s->newer >= 0)
		d->cache[s->newer].older = s->older;
	else
		d->newest = s->older;
	if (s->older >= 0)
		d->cache[s->older].newer = s->newer;
	else
		d->oldest = s->newer;
}

static void make_newest(struct db *d, struct stmt *s)
{
	int16_t at = (int16_t)(s - d->cache);

	s->newer = -1;
	s->older = d->newest;
	if (d->newest >= 0)
		d->cache[d->newest].newer = at;
	d->newest = at;
	if (d->oldest < 0)
		d->oldest = at;
}

static void unchain(struct db *d, struct stmt *s)
{
	int16_t *at = &d->bucket[s->hash % DB_BUCKETS];

	while (*at != (int16_t)(s - d->cache))
		at = &d->cache[*at].chain;
	*at = s->chain;
}

static void clear_stmt(struct db *d, struct stmt *s)
{
	engine(d)->drop(d, s);
	free(s->sql);
	free(s->types);
	*s = (struct stmt){ 0 };
}

/* A place for one more statement: a new one, or the longest unused. NULL: all are being read. */
static struct stmt *free_place(struct db *d)
{
	int16_t at;

	if (d->n_cached < DB_STATEMENTS)
		return &d->cache[d->n_cached++];
	for (at = d->oldest; at >= 0 && d->cache[at].busy; )
		at = d->cache[at].newer;
	if (at < 0)
		return NULL;
	unlink_stmt(d, &d->cache[at]);
	unchain(d, &d->cache[at]);
	clear_stmt(d, &d->cache[at]);
	return &d->cache[at];
}

static char *copy_z(str s)
{
	char *z = malloc((size_t)s.n + 1);

	if (!z)
		return NULL;
	memcpy(z, s.p, (size_t)s.n);
	z[s.n] = 0;
	return z;
}

static void set_text(struct stmt *s, char *sql, size_t n, uint64_t hash)
{
	s->sql = sql;
	s->n = n;
	s->hash = hash;
	s->marked = NULL;
}

static struct stmt *find_stmt(struct db *d, str sql, uint64_t hash)
{
	int16_t at = d->bucket[hash % DB_BUCKETS];

	while (at >= 0) {
		struct stmt *s = &d->cache[at];
		if (s->hash == hash && s->n == (size_t)sql.n && memcmp(s->sql, sql.p, s->n) == 0)
			return s;
		at = s->chain;
	}
	return NULL;
}

/* NULL: out of memory. */
static struct stmt *get_stmt(struct db *d, str sql)
{
	uint64_t hash = str_hash(sql);
	struct stmt *s = find_stmt(d, sql, hash);
	char *text;

	if (s && !s->busy) {
		if (d->newest != (int16_t)(s - d->cache)) {
			unlink_stmt(d, s);
			make_newest(d, s);
		}
		return s;
	}
	if (!(text = copy_z(sql)))
		return NULL;
	if (!s && (s = free_place(d)) != NULL) {
		int16_t *bucket = &d->bucket[hash % DB_BUCKETS];
		set_text(s, text, (size_t)sql.n, hash);
		s->chain = *bucket;
		*bucket = (int16_t)(s - d->cache);
		make_newest(d, s);
		return s;
	}
	if (!(s = calloc(1, sizeof *s))) {
		free(text);
		return NULL;
	}
	set_text(s, text, (size_t)sql.n, hash);
	s->alone = true;
	return s;
}

static void give_back(struct db *d, struct stmt *s)
{
	s->busy = false;
	if (s->alone) {
		clear_stmt(d, s);
		free(s);
	}
}

static void empty_cache(struct db *d)
{
	for (int i = 0; i < d->n_cached; i++)
		clear_stmt(d, &d->cache[i]);
	for (int i = 0; i < DB_BUCKETS; i++)
		d->bucket[i] = -1;
	d->newest = d->oldest = -1;
	d->n_cached = 0;
}

/* ---- cursors ----------------------------------------------------------------------------- */

static void end_cursor(struct db *d, struct cursor *c)
{
	struct stmt *s = c->stmt;

	engine(d)->end(d, c);
	*c = (struct cursor){ 0 };
	if (s)
		give_back(d, s);
}

static struct cursor *free_cursor(struct db *d)
{
	for (int i = 0; i < DB_CURSORS; i++)
		if (!d->cursors[i].stmt)
			return &d->cursors[i];
	return NULL;
}

static void end_cursors(struct db *d)
{
	for (int i = 0; i < DB_CURSORS; i++)
		if (d->cursors[i].stmt)
			end_cursor(d, &d->cursors[i]);
	d->generation++;
}

static bool rows_live(const struct rows *r)
{
	return r->stmt && r->d && (uintptr_t)r->more[0] == (uintptr_t)r->d->generation;
}

/* ---- opening ----------------------------------------------------------------------------- */

enum rc db_open(struct db **ret, const char *where, unsigned flags, char why[static 256])
{
	struct db *d = calloc(1, sizeof *d);
	enum rc rc;

	*ret = NULL;
	if (!d || !(d->where = copy_z(str_of(where)))) {
		free(d);
		snprintf(why, 256, "out of memory");
		return E_BUSY;
	}
	d->flags = flags;
	d->pid = getpid();
	d->newest = d->oldest = -1;
	for (int i = 0; i < DB_BUCKETS; i++)
		d->bucket[i] = -1;
	if (str_starts(str_of(where), S("postgres://")) || str_starts(str_of(where), S("postgresql://")))
		d->kind = DB_POSTGRES;
	rc = engine(d)->open(d);
	if (rc != OK) {
		snprintf(why, 256, "%.255s", d->why);
		db_close(d);
		return rc;
	}
	why[0] = 0;
	*ret = d;
	return OK;
}

void db_close(struct db *d)
{
	if (!d)
		return;
	end_cursors(d);
	empty_cache(d);
	engine(d)->close(d);
	free(d->scratch);
	free(d->where);
	free(d);
}

enum db_kind db_kind(const struct db *d) { return d->kind; }
const char *db_why(const struct db *d) { return d->why; }
const char *db_clash(const struct db *d) { return d->clash; }
enum db_trouble db_trouble(const struct db *d) { return d->trouble; }
bool db_spent(const struct db *d) { return d->spent; }

uint64_t db_troubles(const struct db *d, enum db_trouble *ret_last)
{
	*ret_last = d->last_trouble;
	return d->troubles;
}
uint64_t db_count(const struct db *d) { return d->count; }
int db_depth(const struct db *d) { return d->depth; }
bool db_spoilt(const struct db *d) { return d->failed != 0; }

/* ---- running ----------------------------------------------------------------------------- */

/* What must hold before any statement. */
static enum rc ready(struct db *d)
{
	assert(d->pid == getpid());
	d->clash[0] = 0;
	if (d->depth == 0)
		d->trouble = DB_FINE;
	if (d->failed)
		return db_says(d, d->lost ? E_BUSY : E_FAULT, "the transaction failed before this statement: roll back first");
	return OK;
}

/* Every failure that the caller is told goes through here. */
static enum rc failed(struct db *d, enum rc rc)
{
	if (rc != OK && d->trouble != DB_FINE) {
		d->troubles++;
		d->last_trouble = d->trouble;
	}
	return rc;
}

/* A statement that failed inside a transaction spoils it up to the innermost begin, on both engines. */
static enum rc spoilt(struct db *d, enum rc rc)
{
	failed(d, rc);
	if (rc != OK && d->depth && !d->failed)
		d->failed = d->lost ? 1 : d->depth;
	return rc;
}

static enum rc prepared(struct db *d, const char *sql, const struct val *args, int n, struct stmt **ret)
{
	struct stmt *s;
	enum rc rc = ready(d);

	if (rc != OK)
		return rc;
	d->count++;
	if (!(s = get_stmt(d, str_of(sql))))
		return spoilt(d, db_no_memory(d));
	rc = engine(d)->prepare(d, s, args, n);
	if (rc == OK && s->params != n)
		rc = db_says(d, E_FAULT, "the statement takes %d values, not %d: %.200s", s->params, n, sql);
	if (rc != OK) {
		give_back(d, s);
		return spoilt(d, rc);
	}
	*ret = s;
	return OK;
}

/* db_marks, which reads the whole statement, once of each. */
static bool leaves_mark(const struct db *d, struct stmt *s)
{
	if (d->marked && s->marked != d->marked) {
		s->marked = d->marked;
		s->marks = db_marks(d, (str){ s->sql, (ptrdiff_t)s->n }, NULL);
	}
	return d->marked && s->marks;
}

enum rc db_exec(struct db *d, const char *sql, const struct val *args, int n, int64_t *ret_changed)
{
	struct stmt *s;
	int64_t changed = 0;
	bool marks = db_marks(d, str_of(sql), NULL);
	enum rc rc;

	if (marks && d->depth == 0) {
		TRY(db_begin(d));
		rc = db_exec(d, sql, args, n, ret_changed);
		if (rc == OK)
			return db_commit(d);
		db_rollback(d);
		return rc;
	}
	TRY(prepared(d, sql, args, n, &s));
	d->mark_due = d->mark_due || marks;
	rc = engine(d)->exec(d, s, args, n, &changed);
	give_back(d, s);
	if (rc == OK && ret_changed)
		*ret_changed = changed;
	return spoilt(d, rc);
}

enum rc db_later(struct db *d, const char *sql, const struct val *args, int n)
{
	struct stmt *s;
	enum rc rc;

	if (!engine(d)->later || d->depth == 0)
		return db_exec(d, sql, args, n, NULL);
	TRY(prepared(d, sql, args, n, &s));
	d->mark_due = d->mark_due || leaves_mark(d, s);
	rc = engine(d)->later(d, s, args, n);
	give_back(d, s);
	return spoilt(d, rc);
}

/* OR FAIL: no copy of every page it touches, for the caller rolls back. */
static void feed_sql(char *sql, size_t size, const char *table, const char *columns, int n)
{
	size_t at = (size_t)snprintf(sql, size, "INSERT OR FAIL INTO %s (%s) SELECT ", table, columns);

	for (int i = 0; i < n && at < size; i++)
		at += (size_t)snprintf(sql + at, size - at, "%sc%d", i ? ", " : "", i);
	if (at < size)
		snprintf(sql + at, size - at, " FROM khue_rows");
}

enum rc db_insert(struct db *d, const char *table, const char *columns, const struct val *args, int n, int64_t rows)
{
	struct stmt *s = NULL;
	char sql[8192];
	enum rc rc;

	assert(d->depth > 0 && n > 0 && n <= FEED_COLUMNS);
	if (rows == 0)
		return OK;
	d->mark_due = d->mark_due || db_marks(d, S(""), table);
	d->feed = (struct feed){ args, n, rows };
	if (d->kind == DB_SQLITE) {
		feed_sql(sql, sizeof sql, table, columns, n);
		rc = prepared(d, sql, NULL, 0, &s);
	} else {
		rc = ready(d);
		d->count++;
	}
	if (rc == OK)
		rc = engine(d)->insert(d, s, table, columns);
	d->feed = (struct feed){ 0 };
	if (s)
		give_back(d, s);
	return spoilt(d, rc);
}

enum rc db_script(struct db *d, str sql)
{
	enum rc rc = ready(d);
	char *z;

	if (rc != OK)
		return rc;
	d->count++;
	z = d->kind == DB_SQLITE ? db_sqlite_types(sql) : copy_z(sql);
	if (!z)
		return spoilt(d, db_no_memory(d));
	rc = engine(d)->script(d, z);
	free(z);
	return spoilt(d, rc);
}

enum rc db_bulk(struct db *d, bool on)
{
	enum rc rc = ready(d);

	assert(d->depth == 0);
	return rc == OK ? engine(d)->bulk(d, on) : rc;
}

static enum rc ask(struct db *d, const char *sql, const struct val *args, int n, bool ahead, struct rows *ret)
{
	struct cursor *c;
	struct stmt *s;
	enum rc rc;

	*ret = (struct rows){ .d = d, .at = -1 };
	if (!(c = free_cursor(d)))
		return ret->rc = db_says(d, E_LIMIT, "more than %d cursors are open", DB_CURSORS);
	if ((rc = prepared(d, sql, args, n, &s)) != OK)
		return ret->rc = rc;
	d->mark_due = d->mark_due || (d->depth && leaves_mark(d, s));
	s->busy = true;
	c->stmt = s;
	ret->stmt = c;
	ret->more[0] = (void *)(uintptr_t)d->generation;
	rc = (ahead ? engine(d)->ahead : engine(d)->query)(d, s, args, n, ret);
	if (rc != OK) {
		end_cursor(d, c);
		ret->stmt = NULL;
		ret->rc = spoilt(d, rc);
	}
	return ret->rc;
}

enum rc db_query(struct db *d, const char *sql, const struct val *args, int n, struct rows *ret)
{
	return ask(d, sql, args, n, false, ret);
}

enum rc db_ahead(struct db *d, const char *sql, const struct val *args, int n, struct rows *ret)
{
	return ask(d, sql, args, n, engine(d)->ahead != NULL, ret);
}

bool rows_next(struct rows *r)
{
	if (r->stmt && !rows_live(r)) {
		r->stmt = NULL;
		r->rc = db_says(r->d, E_STATE, "the cursor ended with its transaction");
	}
	if (!r->stmt || r->rc != OK)
		return false;
	return engine(r->d)->next(r);
}

int rows_cols(const struct rows *r)
{
	return rows_live(r) ? engine(r->d)->cols(r) : 0;
}

bool rows_null(const struct rows *r, int col)
{
	assert(rows_live(r));
	return engine(r->d)->null(r, col);
}

int64_t rows_int(const struct rows *r, int col)
{
	assert(rows_live(r));
	return engine(r->d)->number(r, col);
}

str rows_text(const struct rows *r, int col)
{
	assert(rows_live(r));
	return engine(r->d)->text(r, col);
}

str rows_blob(const struct rows *r, int col)
{
	return rows_text(r, col);
}

enum rc rows_end(struct rows *r)
{
	if (rows_live(r))
		end_cursor(r->d, rows_cursor(r));
	r->stmt = NULL;
	if (r->d)
		spoilt(r->d, r->rc);
	return r->rc;
}

enum rc db_int(struct db *d, const char *sql, const struct val *args, int n, int64_t *ret)
{
	struct rows r;
	int64_t v = 0;
	bool found;

	TRY(db_query(d, sql, args, n, &r));
	found = rows_next(&r);
	if (found)
		v = rows_int(&r, 0);
	TRY(rows_end(&r));
	if (!found)
		return E_MISSING;
	*ret = v;
	return OK;
}

bool db_has_table(struct db *d, const char *table)
{
	int64_t n = 0;

	return db_int(d, engine(d)->table_sql, VALS(v_text(str_of(table))), &n) == OK && n > 0;
}

/* ---- proving --------------------------------------------------------------------------------- */

enum rc db_verify(struct db *d, char why[static 256])
{
	bool lite = d->kind == DB_SQLITE;
	str want = lite ? S("ok") : S("on"), got;
	struct rows r;
	bool good;

	why[0] = 0;
	TRY(db_query(d, lite ? "PRAGMA integrity_check(1)" : "SELECT current_setting('data_checksums')", NULL, 0, &r));
	good = rows_next(&r);
	got = good ? rows_text(&r, 0) : S("no answer");
	good = good && str_eq(got, want);
	if (str_starts(got, S("*** in database main ***\n")))
		got = str_sub(got, 25, -1);
	if (!good && r.rc == OK)
		snprintf(why, 256, "%s%.*s", lite ? "" : "data_checksums = ", FMT(got));
	TRY(rows_end(&r));
	return good ? OK : E_STATE;
}

/* ---- transactions ------------------------------------------------------------------------ */

static enum rc savepoint(struct db *d, const char *verb, int depth)
{
	char sql[64];

	snprintf(sql, sizeof sql, "%s s%d", verb, depth);
	return engine(d)->control(d, sql);
}

enum rc db_begin(struct db *d)
{
	enum rc rc = ready(d);

	if (rc != OK)
		return rc;
	if (d->depth)
		rc = savepoint(d, "SAVEPOINT", d->depth);
	else
		rc = engine(d)->control(d, d->flags & DB_READ_ONLY ? engine(d)->begin_read : engine(d)->begin);
	if (rc == OK)
		d->depth++;
	return d->depth ? spoilt(d, rc) : failed(d, rc);
}

enum rc db_commit(struct db *d)
{
	enum rc rc;

	assert(d->depth > 0 && d->pid == getpid());
	if (d->failed) {
		rc = ready(d);
		db_rollback(d);
		return rc;
	}
	d->clash[0] = 0;
	rc = d->depth == 1 && d->mark_due ? db_leave_mark(d, engine(d)) : OK;
	if (rc != OK) {
		db_rollback(d);
		return failed(d, rc);
	}
	rc = d->depth > 1 ? savepoint(d, "RELEASE SAVEPOINT", d->depth - 1) : engine(d)->control(d, "COMMIT");
	if (rc != OK) {
		char why[sizeof d->why], clash[sizeof d->clash];
		enum db_trouble trouble = d->depth > 1 ? d->trouble : engine(d)->doubt(d);
		memcpy(why, d->why, sizeof why);
		memcpy(clash, d->clash, sizeof clash);
		db_rollback(d);
		d->trouble = trouble;
		d->spent = d->spent || (trouble == DB_DOUBT && d->kind == DB_SQLITE);
		memcpy(d->why, why, sizeof why);
		memcpy(d->clash, clash, sizeof clash);
		return failed(d, rc);
	}
	d->depth--;
	d->mark_due = d->mark_due && d->depth;
	return OK;
}

void db_rollback(struct db *d)
{
	assert(d->pid == getpid());
	if (d->depth <= 1)
		end_cursors(d);
	if (d->depth == 0)
		return;
	d->depth--;
	d->mark_due = d->mark_due && d->depth;
	if (d->lost) {
		d->failed = d->depth ? 1 : 0;
		return;
	}
	if (d->depth == 0) {
		d->failed = 0;
		if (engine(d)->control(d, "ROLLBACK") != OK && d->kind == DB_POSTGRES)
			d->lost = true;
	} else if (d->failed == 0 || d->failed > d->depth) {
		d->failed = 0;
		if (savepoint(d, "ROLLBACK TO SAVEPOINT", d->depth) != OK || savepoint(d, "RELEASE SAVEPOINT", d->depth) != OK)
			d->failed = d->depth;
	}
}
