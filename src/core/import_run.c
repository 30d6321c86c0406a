/* import_run.c -- see import.h: batches of lines tried or written. A batch is one transaction: its lines are checked
 * one after another, new rows are written together. When one fails at the database, halves of the batch are written
 * apart. */
#include "core/import_run.h"
#include "core/audit.h"
#include "core/crud.h"
#include "core/data.h"
#include "core/job.h"
#include "core/many.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/stamp.h"
#include <time.h>

static const size_t BATCH_MEMORY = (size_t)512 << 20;
static const struct tr
	MSG_progress = { "Đã xử lý {1}/{2} dòng", "{1} of {2} rows" },
	MSG_whole = { "Có {1} dòng lỗi nên chưa ghi dòng nào.", "{1} rows have errors, so nothing was written." },
	MSG_touched = { "{1} dòng đã được sửa sau khi nhập nên không hoàn tác được.",
		"{1} rows were changed after the import, so it cannot be undone." },
	MSG_row = { "Không ghi được dòng này.", "This row could not be written." };

const char *const import_whats[4] = { "new", "changed", "same", "refused" };

struct running {
	struct ctx *c; const struct import_run *run;
	struct batch b;
	struct import_counts counts;
	enum rc rc;
};

static bool to_write(const struct line *l)
{
	return l->what == IMPORT_NEW || l->what == IMPORT_CHANGED;
}

/* ---- rows of undo --------------------------------------------------------------------------------- */

static str old_json(struct batch *b, const struct line *l)
{
	struct buf j;
	const char *comma = "";
	if (!l->old)
		return S("");
	buf_init(&j, &b->mem, 1 << 20);
	put_c(&j, '{');
	for (int k = BASE_COLUMNS; k < b->t->n; k++) {
		if (!cols_has(&l->changed, k))
			continue;
		put_fmt(&j, "%s\"%s\":", comma, b->t->columns[k]->name);
		field_json(&j, b->t->columns[k], l->old);
		comma = ",";
	}
	put_c(&j, '}');
	return buf_str(&j);
}

static enum rc record_rows(struct batch *b)
{
	enum { PARTS = 4 };
	struct val *args = NEWS(&b->mem, struct val, b->n * PARTS);
	int n = 0;
	for (int i = 0; i < b->n; i++) {
		if (!to_write(&b->at[i]))
			continue;
		const struct base *base = b->at[i].row;
		str old = old_json(b, &b->at[i]);
		const struct val v[PARTS] = { v_int(b->run->record), v_int(base->id), v_int(base->rev), old.n ? v_text(old)
			: v_null() };
		memcpy(args + n++ * PARTS, v, sizeof v);
	}
	return db_insert(b->c.db, "import_row", "import, row, rev, old", args, PARTS, n);
}

/* ---- trying and writing ------------------------------------------------------------------------------ */

static void take_problems(struct batch *b, int i)
{
	struct ctx *c = &b->c;
	for (int k = 0; k < c->n_problems; k++) {
		const struct field *f = c->problems[k].at ? field_at(b->t->e->fields, c->problems[k].at) : NULL;
		struct tr text = { str_z(&b->mem, c->problems[k].text), NULL };
		text.en = text.vi;
		line_flaw(b, i, f, &text, NULL, 0);
	}
	if (c->n_problems == 0)
		line_flaw(b, i, NULL, &MSG_row, NULL, 0);
	c->n_problems = 0;
	c->rc = OK;
}

/* The work's rights and its history begin anew: after a rollback nothing of them holds. */
static void work_again(struct batch *b)
{
	b->c.more = NULL;
	work_of(&b->c)->also = IMPORT;
}

/* Not the line's fault: nothing more can be done with this database now. */
static bool hopeless(const struct ctx *c, enum rc rc)
{
	return rc == E_BUSY || rc == E_FAULT || (rc == E_LIMIT && c->n_problems == 0);
}

/* Lines [from, to) as if they had not been tried. */
static void forget(struct batch *b, int from, int to)
{
	for (int i = from; i < to; i++) {
		struct line *l = &b->at[i];
		struct base *base = l->row;
		if (l->tried && l->what == IMPORT_REFUSED) {
			l->what = l->old ? IMPORT_CHANGED : IMPORT_NEW;
			l->n_flaws = 0;
		}
		l->tried = false;
		if (!to_write(l))
			continue;
		base->id = l->old ? base->id : 0;
		base->rev = l->old ? ((const struct base *)l->old)->rev : 0;
	}
	work_again(b);
}

/* Tries every line. What a hook wrote is taken back before the next line. */
static enum rc try_lines(struct batch *b)
{
	struct ctx *c = &b->c;
	for (int i = 0; i < b->n; i++) {
		if (!to_write(&b->at[i]))
			continue;
		uint64_t asked = work_of(c)->asked;
		enum rc rc = row_try(c, b->t->e, b->at[i].row);
		if (hopeless(c, rc))
			return rc;
		if (rc != OK)
			take_problems(b, i);
		if (db_spoilt(c->db) || work_of(c)->asked != asked) {
			db_rollback(c->db);
			TRY(db_begin(c->db));
		}
	}
	return OK;
}

/* ---- new rows wait to be written together ---- */

/* seen: a hook that asked the database, or wrote, may know an id among them. */
struct waiting { void **rows; int n; bool seen; };

static enum rc write_waiting(struct batch *b, struct waiting *w)
{
	int n = w->n;
	bool seen = w->seen;
	w->n = 0;
	w->seen = false;
	return n ? write_many(&b->c, b->t->e, w->rows, n, !seen) : OK;
}

static enum rc write_new(struct batch *b, int i, struct waiting *w)
{
	const struct entity *e = b->t->e;
	struct base *base = b->at[i].row;
	bool asked;
	if (e->after || e->series.field)
		return create(&b->c, e, base);
	enum rc rc = row_new(&b->c, e, base, &asked);
	if (asked && w->n) {                             /* its hooks must see the rows before it */
		TRY(write_waiting(b, w));
		base->id = base->rev = 0;
		b->c.n_problems = 0;
		b->c.rc = OK;
		rc = row_new(&b->c, e, base, &asked);
	}
	if (rc == OK) {
		w->rows[w->n++] = base;
		w->seen = w->seen || asked;
	}
	return rc;
}

/* Lines [from, to) in one go. Not OK: a line failed at the database, and the transaction is worth nothing. */
static enum rc write_together(struct batch *b, int from, int to)
{
	struct waiting w = { .rows = NEWS(&b->mem, void *, to - from) };
	audit_hold(&b->c);
	for (int i = from; i < to; i++) {
		struct line *l = &b->at[i];
		if (!to_write(l))
			continue;
		l->tried = true;
		enum rc rc = OK;
		if (l->old) {
			TRY(write_waiting(b, &w));
			rc = update(&b->c, b->t->e, l->row);
		} else {
			rc = write_new(b, i, &w);
		}
		if (rc != OK && (b->c.n_problems == 0 || hopeless(&b->c, rc) || b->t->e->after || db_spoilt(b->c.db)))
			return rc;
		if (rc != OK)
			take_problems(b, i);
	}
	TRY(write_waiting(b, &w));
	return audit_release(&b->c);
}

/* Every line apart. */
static enum rc write_apart(struct batch *b, int from, int to)
{
	for (int i = from; i < to; i++) {
		struct line *l = &b->at[i];
		if (!to_write(l))
			continue;
		TRY(db_begin(b->c.db));
		enum rc rc = l->old ? update(&b->c, b->t->e, l->row) : create(&b->c, b->t->e, l->row);
		if (rc == OK) {
			TRY(db_commit(b->c.db));
			continue;
		}
		db_rollback(b->c.db);
		forget(b, i, i + 1);
		if (hopeless(&b->c, rc))
			return rc;
		take_problems(b, i);
	}
	return OK;
}

static void nothing_told(struct ctx *c)
{
	c->n_problems = 0;
	c->rc = OK;
}

/* In halves, so that one bad line costs only its neighbours' second try. */
static enum rc write_halves(struct batch *b, int from, int to)
{
	enum { FEW = 16 };
	if (to - from <= FEW)
		return write_apart(b, from, to);
	for (int half = 0; half < 2; half++) {
		int middle = from + (to - from) / 2, lo = half ? middle : from, hi = half ? to : middle;
		TRY(db_begin(b->c.db));                  /* on SQLite this inner one keeps a copy of what it touches */
		enum rc rc = write_together(b, lo, hi);
		if (rc == OK)
			rc = db_commit(b->c.db);
		else
			db_rollback(b->c.db);
		if (rc == OK)
			continue;
		forget(b, lo, hi);
		nothing_told(&b->c);
		if (rc == E_BUSY || rc == E_LIMIT)
			return rc;
		TRY(write_halves(b, lo, hi));
	}
	return OK;
}

static enum rc write_lines(struct batch *b)
{
	enum rc rc = write_together(b, 0, b->n);
	if (rc == OK && !db_spoilt(b->c.db))
		return OK;
	db_rollback(b->c.db);
	forget(b, 0, b->n);
	nothing_told(&b->c);
	TRY(db_begin(b->c.db));
	return rc == E_BUSY || rc == E_LIMIT ? rc : write_halves(b, 0, b->n);
}

static enum rc tell_lines(struct batch *b)
{
	for (int i = 0; i < b->n && b->run->tell; i++) {
		const struct line *l = &b->at[i];
		const struct import_line line = { l->number, l->what, l->cells, l->n_cells, l->row, l->old, &l->changed,
			l->flaws, l->n_flaws, l->notes, l->n_notes };
		TRY(b->run->tell(&b->c, &line, b->run->arg));
	}
	return OK;
}

static enum rc write_batch(struct batch *b)
{
	struct ctx *c = &b->c;
	TRY(db_begin(c->db));
	if (b->run->dry) {
		TRY(try_lines(b));
		db_rollback(c->db);
		TRY(db_begin(c->db));
	} else {
		TRY(write_lines(b));
		if (b->run->record)
			TRY(record_rows(b));
	}
	TRY(tell_lines(b));
	return db_commit(c->db);
}

static void take_over_problems(struct running *r, enum rc rc)
{
	struct ctx *c = &r->b.c;
	for (int i = 0; i < c->n_problems; i++) {
		struct tr text = { str_z(r->c->mem, c->problems[i].text), NULL };
		text.en = text.vi;
		FAIL(r->c, rc, 0, &text);
	}
}

static int64_t steady_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* On SQLite nobody else writes while a batch is written: as many lines as take about half a second. Many in one
 * batch cost less each: a page of an index that they touch goes to the log once. */
static int next_size(int size, int64_t took_ms)
{
	if (took_ms < 300)
		return size < BATCH_MAX / 2 ? size * 2 : BATCH_MAX;
	return took_ms > 700 && size > BATCH_MIN ? size / 2 : size;
}

static enum rc flush(struct running *r)
{
	struct batch *b = &r->b;
	if (b->n == 0)
		return OK;
	work_of(&b->c)->also = IMPORT;
	enum rc rc = batch_prepare(b);
	int64_t from = steady_ms();
	if (rc == OK)
		rc = write_batch(b);
	b->size = next_size(b->size, steady_ms() - from);
	while (rc != OK && db_depth(b->c.db) > 0)
		db_rollback(b->c.db);
	for (int i = 0; i < b->n && rc == OK; i++)
		r->counts.n[b->at[i].what]++;
	r->counts.rows += b->n;
	if (rc != OK)
		take_over_problems(r, rc);
	b->n = 0;
	b->at = NULL;
	arena_again(&b->mem);
	b->c.more = NULL;
	b->c.problems = NULL;
	b->c.n_problems = 0;
	b->c.rc = OK;
	job_progress(r->c, r->counts.rows, r->run->expect > r->counts.rows ? r->run->expect : r->counts.rows,
		&MSG_progress);
	return rc;
}

/* ---- lines as they come ---------------------------------------------------------------------------------- */

static bool take_row(void *arg, int64_t number, const struct cell *cells, int n)
{
	struct running *r = arg;
	struct batch *b = &r->b;
	const struct import_plan *p = r->run->plan;
	if (number < p->heading + p->headings)
		return true;
	bool any = false;
	for (int i = 0; i < n && !any; i++)
		any = str_trim(cells[i].text).n > 0;
	if (!any || stamp_is_line(str_trim(cells[0].text)))      /* of an exported file: no row */
		return true;
	if (!b->at)
		b->at = NEWS(&b->mem, struct line, b->size);
	struct line *l = &b->at[b->n++];
	*l = (struct line){ .number = number, .n_cells = n };
	l->cells = NEWS(&b->mem, struct cell, n);
	ptrdiff_t size = 0;
	for (int i = 0; i < n; i++)
		size += cells[i].text.n;
	char *text = arena_alloc(&b->mem, (size_t)size + 1, 1);
	for (int i = 0; i < n; i++) {
		if (cells[i].text.n)
			memcpy(text, cells[i].text.p, (size_t)cells[i].text.n);
		l->cells[i] = (struct cell){ cells[i].kind, { text, cells[i].text.n } };
		text += cells[i].text.n;
	}
	if (b->n < b->size)
		return true;
	r->rc = flush(r);
	return r->rc == OK && !job_cancelled(r->c);
}

static void free_batch(void *arg)
{
	arena_free(&((struct running *)arg)->b.mem);
}

static enum rc run_once(struct ctx *c, const struct import_run *run, struct import_counts *ret)
{
	struct running *r = NEW(c->mem, struct running);
	struct sheet_told *told = NEW(c->mem, struct sheet_told);
	struct file_fault why;
	bool alone = db_depth(c->db) == 0;       /* not within the transaction of a request or of a whole import */
	r->c = c;
	r->run = run;
	arena_init(&r->b.mem, BATCH_MEMORY);
	r->b.mem.full = c->mem->full;
	arena_at_end(c->mem, free_batch, r);
	r->b.c = *c;
	r->b.c.mem = &r->b.mem;
	r->b.c.more = NULL;
	r->b.c.job = NULL;
	r->b.c.problems = NULL;
	r->b.c.n_problems = 0;
	r->b.c.rc = OK;
	r->b.run = run;
	r->b.size = BATCH_MIN;
	r->b.t = table_of(c->app->registry, run->plan->e);
	r->b.refs = refs_new(c, run->plan);
	r->b.keys = keys_new(c, run->plan);
	if (alone)
		TRY(db_bulk(c->db, true));
	struct sheet_ask ask = { .fd = run->fd, .sheet = run->plan->sheet, .wipe = { (const char *)c->app->secret,
		sizeof c->app->secret } };
	enum rc rc = sheet_read(c->mem, &ask, take_row, r, told, &why);
	if (rc != OK)
		FAIL(c, rc, 0, (&(struct tr){ why.vi, why.en }));
	if (rc == OK)
		rc = r->rc;
	if (rc == OK && !(c->job && c->job->cancelled))
		rc = flush(r);
	*ret = r->counts;
	if (alone)
		db_bulk(c->db, false);
	arena_free(&r->b.mem);
	arena_init(&r->b.mem, BATCH_MEMORY);
	return rc;
}

enum rc import_run(struct ctx *c, const struct import_run *run, struct import_counts *ret)
{
	if (run->dry || !run->plan->whole)
		return run_once(c, run, ret);
	struct import_run first = *run;
	first.dry = true;
	first.tell = NULL;
	TRY(run_once(c, &first, ret));
	if (ret->n[IMPORT_REFUSED])
		return FAILF(c, E_INVALID, 0, &MSG_whole, int_text(c->mem, ret->n[IMPORT_REFUSED]));
	enum rc rc = run_once(c, run, ret);
	bool stopped = c->job && c->job->cancelled;
	if (rc == OK && !ret->n[IMPORT_REFUSED] && !stopped)
		return OK;
	int64_t rows;                                    /* something changed between the two passes           */
	TRY(import_undo(c, run->plan->e, run->record, &rows));
	return rc != OK || stopped ? rc : FAILF(c, E_STATE, 0, &MSG_whole, int_text(c->mem, ret->n[IMPORT_REFUSED]));
}

/* ---- undo ------------------------------------------------------------------------------------------------- */

struct undone { int64_t id, rev; str old; };

static enum rc undo_row(struct ctx *c, const struct entity *e, const struct undone *u)
{
	if (u->old.n == 0)
		return retire(c, e, u->id, u->rev);
	char *row = arena_alloc(c->mem, e->size, 16);
	struct input in = { .fields = e->fields, .flags = INPUT_NEW, .table = table_of(c->app->registry, e) };
	TRY(find(c, e, u->id, row));
	TRY(input_body(c, &in, u->old, row));
	return update(c, e, row);
}

static enum rc undo_piece(struct ctx *c, const struct entity *e, int64_t record, int64_t *after, int *ret_n)
{
	enum { PIECE = 500 };
	struct undone *at = NEWS(c->mem, struct undone, PIECE);
	struct rows r;
	int n = 0;
	TRY(db_query(c->db, "SELECT row, rev, old FROM import_row WHERE import = ?1 AND row > ?2 ORDER BY row LIMIT 500",
	             VALS(v_int(record), v_int(*after)), &r));
	while (n < PIECE && rows_next(&r))
		at[n++] = (struct undone){ rows_int(&r, 0), rows_int(&r, 1), str_copy(c->mem, rows_text(&r, 2)) };
	TRY(rows_end(&r));
	for (int i = 0; i < n; i++) {
		TRY(undo_row(c, e, &at[i]));
		*after = at[i].id;
	}
	*ret_n = n;
	return OK;
}

/* Every piece in its own arena: an import may be long. */
static enum rc undo_all(struct ctx *c, const struct entity *e, int64_t record, int64_t *ret_rows)
{
	int64_t after = 0;
	enum rc rc = OK;
	int n = 1;
	*ret_rows = 0;
	while (rc == OK && n > 0) {
		struct arena mem;
		struct ctx piece = *c;
		arena_init(&mem, BATCH_MEMORY);
		mem.full = c->mem->full;
		piece.mem = &mem;
		piece.more = NULL;
		piece.problems = NULL;
		piece.n_problems = 0;
		piece.rc = OK;
		work_of(&piece)->also = IMPORT;
		audit_hold(&piece);
		rc = undo_piece(&piece, e, record, &after, &n);
		if (rc == OK)
			rc = audit_release(&piece);
		for (int i = 0; i < piece.n_problems && rc != OK; i++) {
			struct tr text = { str_z(c->mem, piece.problems[i].text), NULL };
			text.en = text.vi;
			FAIL(c, rc, 0, &text);
		}
		*ret_rows += n;
		arena_free(&mem);
	}
	return rc;
}

enum rc import_undo(struct ctx *c, const struct entity *e, int64_t record, int64_t *ret_rows)
{
	struct buf sql;
	int64_t touched = 0;
	bool own = db_depth(c->db) == 0;
	buf_init(&sql, c->mem, 1000);
	put_fmt(&sql,
		"SELECT count(*) FROM import_row i LEFT JOIN %s e ON e.id = i.row WHERE i.import = ?1 AND (e.id IS NULL OR "
			"e.rev <> i.rev OR e.gone = 1)",
		e->name);
	if (own)
		TRY(db_begin(c->db));
	enum rc rc = db_int(c->db, str_z(c->mem, buf_str(&sql)), VALS(v_int(record)), &touched);
	if (rc == OK && touched)
		rc = FAILF(c, E_STATE, 0, &MSG_touched, int_text(c->mem, touched));
	if (rc == OK)
		rc = undo_all(c, e, record, ret_rows);
	if (rc == OK)
		rc = db_exec(c->db, "UPDATE imported SET state = 'undone', undone = ?1 WHERE id = ?2",
			VALS(v_int(c->now.v), v_int(record)), NULL);
	if (rc == OK)
		rc = db_exec(c->db, "DELETE FROM import_row WHERE import = ?1", VALS(v_int(record)), NULL);
	if (!own)
		return rc;
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}
