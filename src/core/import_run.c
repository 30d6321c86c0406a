/* import_run.c -- see import.h: batches of lines tried or written. A batch is one transaction; when a line of it fails at the
 * database, the batch is written again line by line, so that one bad line costs only itself. */
#include "core/import_run.h"
#include "core/audit.h"
#include "core/crud.h"
#include "core/data.h"
#include "core/job.h"
#include "core/registry.h"
#include "core/row.h"

static const size_t BATCH_MEMORY = (size_t)512 << 20;
static const struct tr
	MSG_progress = { "Đã xử lý {1}/{2} dòng", "{1} of {2} rows" },
	MSG_whole = { "Có {1} dòng lỗi nên chưa ghi dòng nào.", "{1} rows have errors, so nothing was written." },
	MSG_touched = { "{1} dòng đã được sửa sau khi nhập nên không hoàn tác được.", "{1} rows were changed after the import, so it cannot be undone." },
	MSG_row = { "Không ghi được dòng này.", "This row could not be written." };

const char *const import_whats[4] = { "new", "changed", "same", "refused" };

struct running {
	struct ctx *c; const struct import_run *run;
	struct batch b;
	struct import_counts counts;
	enum rc rc;
};

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
	enum { PIECE = 100, PARTS = 4 };
	struct val args[PIECE * PARTS];
	int n = 0;
	for (int i = 0; i <= b->n; i++) {
		if (i < b->n && (b->at[i].what == IMPORT_NEW || b->at[i].what == IMPORT_CHANGED)) {
			const struct base *base = b->at[i].row;
			str old = old_json(b, &b->at[i]);
			args[n * PARTS] = v_int(b->run->record);
			args[n * PARTS + 1] = v_int(base->id);
			args[n * PARTS + 2] = v_int(base->rev);
			args[n++ * PARTS + 3] = old.n ? v_text(old) : v_null();
		}
		if (n < PIECE && (i < b->n || n == 0))
			continue;
		struct buf sql;
		buf_init(&sql, &b->mem, 1 << 14);
		put_z(&sql, "INSERT INTO import_row (import, row, rev, old) VALUES ");
		for (int k = 0; k < n; k++)
			put_fmt(&sql, "%s(?%d, ?%d, ?%d, ?%d)", k ? ", " : "", k * PARTS + 1, k * PARTS + 2, k * PARTS + 3, k * PARTS + 4);
		TRY(db_exec(b->c.db, str_z(&b->mem, buf_str(&sql)), args, n * PARTS, NULL));
		n = 0;
	}
	return OK;
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

static enum rc write_line(struct batch *b, int i)
{
	struct line *l = &b->at[i];
	if (b->run->dry)
		return row_try(&b->c, b->t->e, l->row);
	return l->old ? update(&b->c, b->t->e, l->row) : create(&b->c, b->t->e, l->row);
}

static bool to_write(const struct line *l)
{
	return l->what == IMPORT_NEW || l->what == IMPORT_CHANGED;
}

/* All lines in one go. False: one failed, and the transaction is worth nothing. */
static bool write_fast(struct batch *b)
{
	for (int i = 0; i < b->n; i++)
		if (to_write(&b->at[i]) && write_line(b, i) != OK) {
			b->c.n_problems = 0;
			b->c.rc = OK;
			return false;
		}
	return true;
}

/* Every line apart. E_BUSY or E_FAULT of the database ends it. */
static enum rc write_slow(struct batch *b)
{
	for (int i = 0; i < b->n; i++) {
		if (!to_write(&b->at[i]))
			continue;
		int64_t rev = ((struct base *)b->at[i].row)->rev;
		TRY(db_begin(b->c.db));
		enum rc rc = write_line(b, i);
		if (rc == OK && !b->run->dry) {
			TRY(db_commit(b->c.db));
			continue;
		}
		db_rollback(b->c.db);
		((struct base *)b->at[i].row)->rev = rev;
		if (rc == E_BUSY || rc == E_FAULT)
			return rc;
		if (rc != OK)
			take_problems(b, i);
	}
	return OK;
}

static void forget_ids(struct batch *b)
{
	for (int i = 0; i < b->n; i++)
		if (to_write(&b->at[i])) {
			struct base *base = b->at[i].row;
			if (!b->at[i].old)
				base->id = 0;
			else
				base->rev = ((const struct base *)b->at[i].old)->rev;
		}
}

static enum rc tell_lines(struct batch *b)
{
	for (int i = 0; i < b->n && b->run->tell; i++) {
		const struct line *l = &b->at[i];
		const struct import_line line = { l->number, l->what, l->cells, l->n_cells, l->row, l->old, &l->changed, l->flaws, l->n_flaws };
		TRY(b->run->tell(&b->c, &line, b->run->arg));
	}
	return OK;
}

static enum rc write_batch(struct batch *b)
{
	struct ctx *c = &b->c;
	bool fast = false;
	TRY(db_begin(c->db));
	if (!b->run->dry) {
		audit_hold(c);
		fast = write_fast(b);
		if (fast)
			TRY(audit_release(c));
	}
	if (!fast) {
		db_rollback(c->db);
		forget_ids(b);
		c->more = NULL;
		work_of(c)->also = IMPORT;
		TRY(db_begin(c->db));
		TRY(write_slow(b));
	}
	if (!b->run->dry && b->run->record)
		TRY(record_rows(b));
	if (b->run->dry) {
		db_rollback(c->db);
		TRY(db_begin(c->db));
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

static enum rc flush(struct running *r)
{
	struct batch *b = &r->b;
	if (b->n == 0)
		return OK;
	work_of(&b->c)->also = IMPORT;
	enum rc rc = batch_prepare(b);
	if (rc == OK)
		rc = write_batch(b);
	while (rc != OK && db_depth(b->c.db) > 0)
		db_rollback(b->c.db);
	for (int i = 0; i < b->n && rc == OK; i++)
		r->counts.n[b->at[i].what]++;
	r->counts.rows += b->n;
	if (rc != OK)
		take_over_problems(r, rc);
	b->n = 0;
	b->at = NULL;
	arena_reset(&b->mem);
	b->c.more = NULL;
	b->c.problems = NULL;
	b->c.n_problems = 0;
	b->c.rc = OK;
	job_progress(r->c, r->counts.rows, r->run->expect > r->counts.rows ? r->run->expect : r->counts.rows, &MSG_progress);
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
	if (!any)
		return true;
	if (!b->at)
		b->at = NEWS(&b->mem, struct line, BATCH);
	struct line *l = &b->at[b->n++];
	*l = (struct line){ .number = number, .n_cells = n };
	l->cells = NEWS(&b->mem, struct cell, n);
	l->refs = NEWS(&b->mem, str, b->t->n);
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
	if (b->n < BATCH)
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
	r->b.t = table_of(c->app->registry, run->plan->e);
	r->b.refs = refs_new(c, run->plan);
	r->b.keys = keys_new(c, run->plan);
	struct sheet_ask ask = { .fd = run->fd, .sheet = run->plan->sheet, .wipe = { (const char *)c->app->secret, sizeof c->app->secret } };
	enum rc rc = sheet_read(c->mem, &ask, take_row, r, told, &why);
	if (rc != OK)
		FAIL(c, rc, 0, (&(struct tr){ why.vi, why.en }));
	if (rc == OK)
		rc = r->rc;
	if (rc == OK && !(c->job && c->job->cancelled))
		rc = flush(r);
	*ret = r->counts;
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
	put_fmt(&sql, "SELECT count(*) FROM import_row i LEFT JOIN %s e ON e.id = i.row WHERE i.import = ?1 AND (e.id IS NULL OR e.rev <> i.rev OR e.gone = 1)",
		e->name);
	if (own)
		TRY(db_begin(c->db));
	enum rc rc = db_int(c->db, str_z(c->mem, buf_str(&sql)), VALS(v_int(record)), &touched);
	if (rc == OK && touched)
		rc = FAILF(c, E_STATE, 0, &MSG_touched, int_text(c->mem, touched));
	if (rc == OK)
		rc = undo_all(c, e, record, ret_rows);
	if (rc == OK)
		rc = db_exec(c->db, "UPDATE imported SET state = 'undone', undone = ?1 WHERE id = ?2", VALS(v_int(c->now.v), v_int(record)), NULL);
	if (rc == OK)
		rc = db_exec(c->db, "DELETE FROM import_row WHERE import = ?1", VALS(v_int(record)), NULL);
	if (!own)
		return rc;
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}
