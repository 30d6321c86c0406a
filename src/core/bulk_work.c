/* bulk_work.c -- see bulk_work.h. States: asked, queued, done, undone; of a row: waiting, done, refused, undone. */
#include "core/bulk_work.h"
#include "core/crud.h"
#include "core/export.h"
#include "core/files.h"
#include "core/job.h"
#include "core/perm.h"
#include "core/data.h"
#include "core/reads.h"
#include "core/registry.h"
#include "core/row.h"
#include <cjson/cJSON.h>

#define ROW struct bulk_in
const struct shape bulk_in_shape = { sizeof(ROW), FIELDS{ { COL(bulk), .label = { "Việc hàng loạt", "Bulk action" } },
	{ COL(undo), .label = { "Hoàn tác", "Undo" } }, END } };
#undef ROW

static const struct tr
	MSG_progress = { "Đã xử lý {1}/{2} dòng", "{1} of {2} rows" },
	MSG_result = { "{1} dòng đã làm, {2} dòng không", "{1} rows done, {2} refused" },
	MSG_undone = { "Đã hoàn tác {1} dòng.", "{1} rows were taken back." },
	MSG_state = { "đang ở trạng thái không cho phép", "its state does not allow it" },
	MSG_denied = { "bạn không được làm việc này với hồ sơ này", "you may not do this to this record" },
	MSG_gone = { "không còn hồ sơ này", "the record is no longer there" },
	MSG_late = { "Không hoàn tác được: đã quá 24 giờ, đã hoàn tác rồi, hoặc việc này không đảo lại được.",
		"It cannot be undone: more than 24 hours ago, already undone, or it is not reversible." },
	MSG_touched = { "{1} dòng đã được sửa sau đó nên không hoàn tác được.",
		"{1} rows were changed since, so it cannot be undone." };
static const size_t PIECE_MEMORY = (size_t)256 << 20;
enum { PIECE = 200, ASKS = 6 };

struct bulk { int64_t id; const struct entity *e; const struct step *step; str asks, state; org_id org;
	int64_t made_by, ended; };

/* ---- the row ---- */

enum rc bulk_keep(struct ctx *c, const struct entity *e, const struct step *step, const struct bulk_line *at,
	int64_t n, int64_t *ret_id)
{
	enum { PARTS = 5 };
	struct val *args = NEWS(c->mem, struct val, n * PARTS);
	int64_t id = new_id(c);
	TRY(db_exec(c->db,
		"INSERT INTO bulk (id, org, made_by, made, entity, verb, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'asked')",
		VALS(v_int(id), v_int(c->here.org.v), v_int(c->who->user.v), v_int(c->now.v), v_text(str_of(e->name)),
		     v_text(step ? str_of(step->name) : S("retire"))), NULL));
	for (int64_t i = 0; i < n; i++) {
		const struct val v[PARTS] = { v_int(id), v_int(at[i].row), v_text(at[i].why.n ? S("refused") : S("waiting")),
			v_text(at[i].title),
			at[i].why.n ? v_text(at[i].why) : v_null() };
		memcpy(args + i * PARTS, v, sizeof v);
	}
	*ret_id = id;
	return db_insert(c->db, "bulk_row", "bulk, row, what, title, why", args, PARTS, n);
}

static enum rc bulk_read(struct ctx *c, const char *sql, int64_t key, struct bulk *ret)
{
	struct rows r;
	struct bulk b = { 0 };
	str verb = { 0 };
	TRY(db_query(c->db, sql, VALS(v_int(key)), &r));
	if (rows_next(&r)) {
		const struct meta *m = registry_entity(c->app->registry, rows_text(&r, 1));
		b = (struct bulk){ .id = rows_int(&r, 0), .e = m ? m->e : NULL, .org = { rows_int(&r, 5) },
			.made_by = rows_int(&r, 6), .ended = rows_int(&r, 7) };
		verb = str_copy(c->mem, rows_text(&r, 2));
		b.asks = str_copy(c->mem, rows_text(&r, 3));
		b.state = str_copy(c->mem, rows_text(&r, 4));
	}
	TRY(rows_end(&r));
	if (!b.e || !(c->who->system || (b.made_by && b.made_by == c->who->user.v)))
		return E_MISSING;
	b.step = str_is(verb, "retire") ? NULL : step_named(b.e, verb);
	*ret = b;
	return b.step || str_is(verb, "retire") ? OK : E_MISSING;
}

#define BULK_COLUMNS "SELECT id, entity, verb, asks, state, org, made_by, ended FROM bulk "

/* What the step asks for and the state, as JSON of the row. */
static str asked_json(struct ctx *c, const struct entity *e, const struct step *step, const void *row, bool with_state)
{
	struct buf b;
	const char *comma = "\"";
	buf_init(&b, c->mem, 1 << 20);
	put_c(&b, '{');
	for (int i = with_state ? -1 : 0; i < ASKS && (i < 0 || step->asks[i]); i++) {
		const struct field *f = field_at(e->fields, i < 0 ? e->flow.state : step->asks[i]);
		if (!f)
			continue;
		put_z(&b, comma);
		put_z(&b, f->name);
		put_z(&b, "\":");
		field_json(&b, f, row);
		comma = ",\"";
	}
	put_c(&b, '}');
	return buf_str(&b);
}

static enum rc json_into(struct ctx *c, const struct entity *e, str json, void *row)
{
	struct flaw bad = { 0 };
	cJSON *all = cJSON_ParseWithLength(json.p, (size_t)json.n);
	bool good = all != NULL;
	for (const cJSON *v = all ? all->child : NULL; v && good; v = v->next) {
		const struct field *f = field_named(e->fields, str_of(v->string));
		good = f && field_from_json(f, v, c->today, c->mem, row, &bad);
	}
	cJSON_Delete(all);
	return good ? OK : E_FAULT;
}

enum rc bulk_start(struct ctx *c, const struct entity *e, const struct step *step, int64_t id, const void *asks,
	int64_t *ret_job)
{
	struct bulk b;
	int64_t n = 0;
	TRY(bulk_read(c, BULK_COLUMNS "WHERE id = ?1", id, &b));
	if (b.e != e || b.step != step || !str_is(b.state, "asked"))
		return E_MISSING;
	TRY(job_add_core(c, "bulk", b.org, &(struct bulk_in){ id, false }, ret_job));
	str json = step && step->asks[0] ? asked_json(c, e, step, asks, false) : S("");
	TRY(db_exec(c->db, "UPDATE bulk SET state = 'queued', asks = ?1, job = ?2 WHERE id = ?3 AND state = 'asked'",
		VALS(v_text(json), v_int(*ret_job), v_int(id)), &n));
	return n == 1 ? OK : E_MISSING;
}

/* ---- the deed ---- */

struct piece { struct arena mem; struct ctx c; };

static void piece_begin(struct piece *p, const struct ctx *c)
{
	arena_init(&p->mem, PIECE_MEMORY);
	p->mem.full = c->mem->full;
	p->c = *c;
	p->c.mem = &p->mem;
	p->c.more = NULL;
	p->c.job = NULL;
	p->c.problems = NULL;
	p->c.n_problems = 0;
	p->c.rc = OK;
}

static void forget_problems(struct ctx *c)
{
	c->n_problems = 0;
	c->rc = OK;
}

static enum rc do_row(struct ctx *c, const struct bulk *b, int64_t id, str *ret_old)
{
	const struct table *t = table_of(c->app->registry, b->e);
	char *row = arena_alloc(c->mem, b->e->size, 16);
	struct base *base = (struct base *)(void *)row;
	enum rc rc = find(c, b->e, id, row);
	if (rc == E_MISSING || (rc == OK && base->gone))
		return FAIL(c, E_MISSING, 0, &MSG_gone);
	TRY(rc);
	if (!b->step)
		return retire(c, b->e, id, base->rev);
	pick state = *(const pick *)(const void *)(row + t->state->at);
	if (!(b->step->from >> state & 1))
		return FAIL(c, E_STATE, 0, &MSG_state);
	if (!(perm_steps(c, b->e, row) >> (b->step - b->e->flow.steps) & 1))
		return FAIL(c, E_DENIED, 0, &MSG_denied);
	*ret_old = asked_json(c, b->e, b->step, row, true);
	if (b->asks.n)
		TRY(json_into(c, b->e, b->asks, row));
	return step(c, b->e, row, b->step->name);
}

static str first_words(struct ctx *c)
{
	return c->n_problems ? c->problems[0].text : say(c, &MSG_denied);
}

static const char *of_entity(struct ctx *c, const char *before, const struct entity *e, const char *after)
{
	struct buf b;
	buf_init(&b, c->mem, 4000);
	put_z(&b, before);
	put_z(&b, e->name);
	put_z(&b, after);
	put_c(&b, 0);
	return b.p;
}

/* Done or refused, with its words, in the row's own part of the transaction. E_BUSY, E_FAULT: of the database. */
static enum rc settle(struct ctx *c, const struct bulk *b, int64_t id)
{
	str old = { 0 };
	int64_t rev = 0;
	TRY(db_begin(c->db));
	enum rc rc = do_row(c, b, id, &old);
	if (rc == OK)
		rc = db_commit(c->db);
	else
		db_rollback(c->db);
	if (rc == E_BUSY || rc == E_FAULT || (rc == E_LIMIT && c->n_problems == 0))
		return rc;
	if (rc != OK) {
		str why = first_words(c);
		forget_problems(c);
		return db_exec(c->db, "UPDATE bulk_row SET what = 'refused', why = ?1 WHERE bulk = ?2 AND row = ?3",
			VALS(v_text(why), v_int(b->id), v_int(id)), NULL);
	}
	TRY(db_int(c->db, of_entity(c, "SELECT rev FROM ", b->e, " WHERE id = ?1"), VALS(v_int(id)), &rev));
	return db_exec(c->db, "UPDATE bulk_row SET what = 'done', rev = ?1, old = ?2 WHERE bulk = ?3 AND row = ?4",
		VALS(v_int(rev), old.n ? v_text(old) : v_null(), v_int(b->id), v_int(id)), NULL);
}

static enum rc ids_next(struct ctx *c, const struct bulk *b, const char *what, int64_t ids[static PIECE], int *n)
{
	struct rows r;
	*n = 0;
	TRY(db_query(c->db, "SELECT row FROM bulk_row WHERE bulk = ?1 AND what = ?2 ORDER BY row LIMIT 200",
		VALS(v_int(b->id), v_text(str_of(what))), &r));
	while (*n < PIECE && rows_next(&r))
		ids[(*n)++] = rows_int(&r, 0);
	return rows_end(&r);
}

static enum rc count(struct ctx *c, const struct bulk *b, const char *what, int64_t *ret)
{
	return db_int(c->db, "SELECT count(*) FROM bulk_row WHERE bulk = ?1 AND what = ?2",
		VALS(v_int(b->id), v_text(str_of(what))), ret);
}

/* A piece is a transaction: an interrupted job goes on with the rows that wait. */
static enum rc do_pieces(struct ctx *c, const struct bulk *b)
{
	int64_t ids[PIECE], left = 0, all = 0;
	enum rc rc = count(c, b, "waiting", &left);
	int n = 1;
	for (all = left; rc == OK && n > 0 && !job_cancelled(c); left -= n) {
		struct piece p;
		piece_begin(&p, c);
		rc = db_begin(c->db);
		if (rc == OK)
			rc = ids_next(&p.c, b, "waiting", ids, &n);
		for (int i = 0; i < n && rc == OK; i++)
			rc = settle(&p.c, b, ids[i]);
		if (rc == OK)
			rc = db_commit(c->db);
		while (rc != OK && db_depth(c->db) > 0)
			db_rollback(c->db);
		arena_free(&p.mem);
		job_progress(c, all - left + n, all, &MSG_progress);
	}
	return rc;
}

static enum rc results(struct ctx *c, const struct bulk *b, file_id *ret)
{
	static const struct tr heads[] = { { "Hồ sơ", "Record" }, { "Kết quả", "Outcome" }, { "Lý do", "Reason" } };
	static const struct { const char *what; struct tr label;
		} outcomes[] = { { "done", { "Đã làm", "Done" } }, { "refused", { "Không làm được", "Refused" } },
		{ "waiting", { "Chưa làm", "Not done" } } };
	str *cells = NEWS(c->mem, str, BULK_MOST * 3), names[3];
	int64_t *ids = NEWS(c->mem, int64_t, BULK_MOST);
	bool personal = is_personal(c, b->e, READ, true);
	const bool number[3] = { false };
	struct rows r;
	int64_t n = 0;
	int fd;
	for (int i = 0; i < 3; i++)
		names[i] = say(c, &heads[i]);
	TRY(db_query(c->db, "SELECT title, what, why, row FROM bulk_row WHERE bulk = ?1 ORDER BY what DESC, row",
		VALS(v_int(b->id)), &r));
	while (n < BULK_MOST && rows_next(&r)) {
		ids[n] = rows_int(&r, 3);
		cells[n * 3] = str_copy(c->mem, rows_text(&r, 0));
		for (int i = 0; i < COUNT(outcomes); i++)
			if (str_is(rows_text(&r, 1), outcomes[i].what))
				cells[n * 3 + 1] = say(c, &outcomes[i].label);
		cells[n++ * 3 + 2] = str_copy(c->mem, rows_text(&r, 2));
	}
	TRY(rows_end(&r));
	/* names of many people are no business of an outcome: their addresses do */
	for (int64_t i = 0; personal && n > TAKE_ALONE && i < n; i++)
		cells[i * 3] = TEXT(c, "/%s/%lld", b->e->name, (long long)ids[i]);
	struct stamp stamp = personal ? stamp_make(c, 0) : NOT_PERSONAL;
	if (personal)
		reads_note(c, table_for(c, b->e), EXPORT, ids, (int)n, stamp.id);
	TRY(file_temp(c, &fd));
	TRY(export_table(c, &(struct export_table){ names, number, 3, cells, n, stamp, say(c, &b->e->label) }, fd));
	return file_make(c, b->org, stamp_name(c, S("ket-qua.xlsx"), &stamp), export_type(EXPORT_XLSX), fd,
		(instant){ c->now.v + EXPORT_KEEP_MS }, stamp, ret);
}

/* ---- taking back ---- */

static bool reversible(const struct bulk *b)
{
	return !b->step || !b->step->effect;
}

enum rc bulk_can_undo(struct ctx *c, int64_t job, bool *ret)
{
	struct bulk b;
	*ret = false;
	enum rc rc = bulk_read(c, BULK_COLUMNS "WHERE job = ?1", job, &b);
	if (rc == E_MISSING)
		return OK;
	*ret = rc == OK && str_is(b.state, "done") && reversible(&b) && c->now.v - b.ended < BULK_UNDO_MS;
	return rc;
}

enum rc bulk_undo(struct ctx *c, int64_t job, int64_t *ret_job)
{
	struct bulk b;
	bool can;
	TRY(bulk_can_undo(c, job, &can));
	if (!can)
		return FAIL(c, E_STATE, 0, &MSG_late);
	TRY(bulk_read(c, BULK_COLUMNS "WHERE job = ?1", job, &b));
	return job_add_core(c, "bulk", b.org, &(struct bulk_in){ b.id, true }, ret_job);
}

static enum rc undo_row(struct ctx *c, const struct bulk *b, int64_t id, str old)
{
	char *row = arena_alloc(c->mem, b->e->size, 16);
	if (!b->step)
		return unretire(c, b->e, id);
	TRY(find(c, b->e, id, row));
	if (!perm_row(c, b->e, b->step->by, 0, row))
		return FAIL(c, E_DENIED, 0, &MSG_denied);
	TRY(json_into(c, b->e, old, row));
	const struct actor *who = as_system(c, "a bulk action is taken back by whom it was done");
	enum rc rc = update(c, b->e, row);
	as_actor(c, who);
	return rc;
}

struct undone { int64_t row; str old; };

static enum rc undo_piece(struct ctx *c, const struct bulk *b, int *ret_n)
{
	struct undone *at = NEWS(c->mem, struct undone, PIECE);
	struct rows r;
	int n = 0;
	TRY(db_query(c->db, "SELECT row, old FROM bulk_row WHERE bulk = ?1 AND what = 'done' ORDER BY row LIMIT 200",
		VALS(v_int(b->id)), &r));
	while (n < PIECE && rows_next(&r))
		at[n++] = (struct undone){ rows_int(&r, 0), str_copy(c->mem, rows_text(&r, 1)) };
	TRY(rows_end(&r));
	for (int i = 0; i < n; i++) {
		TRY(undo_row(c, b, at[i].row, at[i].old));
		TRY(db_exec(c->db, "UPDATE bulk_row SET what = 'undone' WHERE bulk = ?1 AND row = ?2",
			VALS(v_int(b->id), v_int(at[i].row)), NULL));
	}
	*ret_n = n;
	return OK;
}

static enum rc undo_all(struct ctx *c, const struct bulk *b, int64_t *ret_n)
{
	int64_t touched = 0;
	int n = 1;
	const char *sql = of_entity(c, "SELECT count(*) FROM bulk_row b LEFT JOIN ", b->e,
		" e ON e.id = b.row WHERE b.bulk = ?1 AND b.what = 'done' AND (e.id IS NULL OR e.rev <> b.rev)");
	TRY(db_int(c->db, sql, VALS(v_int(b->id)), &touched));
	if (touched)
		return FAILF(c, E_STATE, 0, &MSG_touched, int_text(c->mem, touched));
	while (n > 0) {
		struct piece p;
		piece_begin(&p, c);
		enum rc rc = undo_piece(&p.c, b, &n);
		if (rc != OK && p.c.n_problems) {
			struct tr words = { str_z(c->mem, p.c.problems[0].text), NULL };
			words.en = words.vi;
			FAIL(c, rc, 0, &words);
		}
		arena_free(&p.mem);
		TRY(rc);
		*ret_n += n;
	}
	return db_exec(c->db, "UPDATE bulk SET state = 'undone' WHERE id = ?1", VALS(v_int(b->id)), NULL);
}

/* ---- the job ---- */

enum rc bulk_job(struct ctx *c, void *in_)
{
	const struct bulk_in *in = in_;
	struct bulk b;
	file_id file;
	int64_t done = 0, refused = 0;
	TRY(bulk_read(c, BULK_COLUMNS "WHERE id = ?1", in->bulk, &b));
	if (in->undo) {
		if (!str_is(b.state, "done"))
			return FAIL(c, E_STATE, 0, &MSG_late);
		TRY(db_begin(c->db));
		enum rc rc = undo_all(c, &b, &done);
		if (rc != OK) {
			db_rollback(c->db);
			return rc;
		}
		TRY(db_commit(c->db));
		return job_result(c, (file_id){ 0 }, sayf(c, &MSG_undone, ARGS(int_text(c->mem, done))));
	}
	if (str_is(b.state, "undone"))
		return FAIL(c, E_STATE, 0, &MSG_late);
	TRY(do_pieces(c, &b));                           /* after a cancellation too: what waits still            */
	TRY(results(c, &b, &file));
	TRY(count(c, &b, "done", &done));
	TRY(count(c, &b, "refused", &refused));
	TRY(db_exec(c->db, "UPDATE bulk SET state = 'done', ended = ?1 WHERE id = ?2 AND state = 'queued'",
		VALS(v_int(c->now.v), v_int(b.id)), NULL));
	return job_result(c, file, sayf(c, &MSG_result, ARGS(int_text(c->mem, done), int_text(c->mem, refused))));
}

enum rc bulk_sweep(struct ctx *c)
{
	const int64_t day_ms = 86400000;
	struct val args[2] = { v_int(c->now.v - 90 * day_ms), v_int(c->now.v - 2 * day_ms) };
	TRY(db_exec(c->db,
		"DELETE FROM bulk_row WHERE bulk IN (SELECT id FROM bulk WHERE made < ?1 OR (made < ?2 AND state = 'asked'))",
		args, 2, NULL));
	return db_exec(c->db, "DELETE FROM bulk WHERE made < ?1 OR (made < ?2 AND state = 'asked')", args, 2, NULL);
}
