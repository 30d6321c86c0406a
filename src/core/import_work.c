/* import_work.c -- see import_work.h. */
#include "core/import_work.h"
#include "core/audit.h"
#include "core/files.h"
#include "core/registry.h"
#include "core/row.h"
#include <unistd.h>

#define ROW struct import_in
const struct shape import_in_shape = { sizeof(ROW), FIELDS{ { COL(import), .label = { "Lượt nhập", "Import" } },
	END } };
#undef ROW

static const struct tr MSG_gone = { "Tệp đã nhập không còn nữa; hãy tải lên lại.",
	"The uploaded file is gone; upload it again." };

/* ---- the row ------------------------------------------------------------------------------------- */

enum rc imported_read(struct ctx *c, int64_t id, struct imported *ret)
{
	struct rows r;
	struct imported at = { .id = id };
	str mapping = { 0 };
	int64_t made_by = 0;
	TRY(db_query(c->db,
		"SELECT entity, org, file, name, sheet, heading, headings, encoding, mapping, state, whole, n_new, "
			"n_changed, n_same, "
	             "n_refused, job, made, applied, made_by FROM imported WHERE id = ?1", VALS(v_int(id)), &r));
	bool there = rows_next(&r);
	if (there) {
		const struct meta *m = registry_entity(c->app->registry, rows_text(&r, 0));
		at.e = at.plan.e = m ? m->e : NULL;
		at.plan.org.v = rows_int(&r, 1);
		at.file.v = rows_int(&r, 2);
		at.name = str_copy(c->mem, rows_text(&r, 3));
		at.plan.sheet = (int)rows_int(&r, 4);
		at.plan.heading = (int)rows_int(&r, 5);
		at.plan.headings = (int)rows_int(&r, 6);
		at.plan.encoding = (enum viet_encoding)rows_int(&r, 7);
		mapping = str_copy(c->mem, rows_text(&r, 8));
		at.state = str_copy(c->mem, rows_text(&r, 9));
		at.plan.whole = rows_int(&r, 10) != 0;
		for (int i = 0; i < 4; i++)
			at.counts.rows += at.counts.n[i] = rows_int(&r, 11 + i);
		at.job = rows_int(&r, 15);
		at.made = rows_int(&r, 16);
		at.applied = rows_int(&r, 17);
		made_by = rows_int(&r, 18);
	}
	TRY(rows_end(&r));
	if (!there || !at.e || !(c->who->system || (made_by && made_by == c->who->user.v)))
		return E_MISSING;
	import_mapping_read(c, mapping, &at.plan);
	*ret = at;
	return OK;
}

enum rc imported_save(struct ctx *c, const struct imported *at)
{
	const struct import_plan *p = &at->plan;
	return db_exec(c->db,
		"UPDATE imported SET sheet = ?1, heading = ?2, headings = ?3, encoding = ?4, mapping = ?5, state = ?6, "
			"whole = ?7, "
		"n_new = ?8, n_changed = ?9, n_same = ?10, n_refused = ?11, job = ?12, applied = ?13 WHERE id = ?14",
		VALS(v_int(p->sheet), v_int(p->heading), v_int(p->headings), v_int(p->encoding), v_text(import_mapping(c, p)),
			v_text(at->state),
		     v_int(p->whole), v_int(at->counts.n[0]), v_int(at->counts.n[1]), v_int(at->counts.n[2]),
		v_int(at->counts.n[3]), v_int(at->job),
		     v_int(at->applied), v_int(at->id)), NULL);
}

enum rc imported_add(struct ctx *c, const struct imported *at, int64_t *ret_id)
{
	struct imported row = *at;
	row.id = new_id(c);
	TRY(db_exec(c->db,
		"INSERT INTO imported (id, org, made_by, made, entity, file, name, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
			"?7, ?8)",
		VALS(v_int(row.id), v_int(at->plan.org.v), v_int(c->who->user.v), v_int(c->now.v),
			v_text(str_of(at->e->name)), v_int(at->file.v),
		     v_text(at->name), v_text(at->state)), NULL));
	*ret_id = row.id;
	return imported_save(c, &row);
}

/* ---- lines the page shows ---------------------------------------------------------------------------- */

static str flat(struct arena *mem, str s)
{
	char *z = str_z(mem, s);
	for (char *p = z; *p; p++)
		if (*p == '\t' || *p == '\n')
			*p = ' ';
	return str_of(z);
}

struct keeping { int64_t import; const struct table *t; int kept[4]; };

static void put_part(struct ctx *c, struct buf *b, const char *field, str old, str now, str problem)
{
	put_fmt(b, "%s\t%.*s\t%.*s\t%.*s\n", field, FMT(flat(c->mem, old)), FMT(flat(c->mem, now)),
		FMT(flat(c->mem, problem)));
}

static str value_of(struct ctx *c, const struct field *f, const void *row)
{
	int64_t id;
	if (f->type != T_REF)
		return field_text(f, row, c->lang, c->mem);
	memcpy(&id, (const char *)row + f->at, sizeof id);
	return id && f->ref ? title_of(c, f->ref, id) : S("");
}

static void put_changes(struct ctx *c, const struct keeping *k, const struct import_line *l, struct buf *b)
{
	for (int i = BASE_COLUMNS; i < k->t->n; i++)
		if (cols_has(l->changed, i))
			put_part(c, b, k->t->columns[i]->name, value_of(c, k->t->columns[i], l->old),
				value_of(c, k->t->columns[i], l->row), S(""));
}

static void put_new(struct ctx *c, const struct keeping *k, const struct import_line *l, struct buf *b)
{
	const struct entity *e = k->t->e;
	for (int i = 0; i < COUNT(e->list) && e->list[i]; i++) {
		const struct field *f = field_at(e->fields, e->list[i]);
		if (f && !(f->is & (DERIVED | SECRET)) && !field_empty(f, l->row))
			put_part(c, b, f->name, S(""), value_of(c, f, l->row), S(""));
	}
}

static str cell_of(const struct import_plan *p, const struct import_line *l, const struct field *f)
{
	for (int i = 0; i < p->n && i < l->n_cells; i++)
		if (p->at[i] == f)
			return l->cells[i].text;
	return S("");
}

static enum rc keep_line(struct ctx *c, const struct import_line *l, void *arg)
{
	struct keeping *k = ((void **)arg)[0];
	const struct import_plan *p = ((void **)arg)[1];
	struct buf b;
	if (k->kept[l->what]++ >= (l->what == IMPORT_REFUSED ? 4 * KEPT_LINES : KEPT_LINES))
		return OK;
	buf_init(&b, c->mem, 1 << 18);
	if (l->what == IMPORT_CHANGED)
		put_changes(c, k, l, &b);
	else if (l->what == IMPORT_NEW)
		put_new(c, k, l, &b);
	for (int i = 0; i < l->n_notes && l->what != IMPORT_REFUSED; i++)
		put_part(c, &b, l->notes[i].asks ? IMPORT_ANOTHER : l->notes[i].f ? l->notes[i].f->name : "", S(""),
			l->notes[i].asks && l->what == IMPORT_NEW ? S("1") : S(""), l->notes[i].text);
	for (int i = 0; i < l->n_flaws; i++)
		put_part(c, &b, l->flaws[i].asks ? IMPORT_ANOTHER : l->flaws[i].f ? l->flaws[i].f->name : "",
			S(""), l->flaws[i].f ? cell_of(p, l, l->flaws[i].f)
			: S(""), l->flaws[i].text);
	str title = l->what == IMPORT_REFUSED ? S("") : row_title(c, k->t->e, l->row);
	for (int i = 0; i < l->n_cells && title.n == 0; i++)
		if (i < p->n && p->at[i] && p->at[i]->type == T_TEXT)
			title = l->cells[i].text;
	return db_exec(c->db, "INSERT INTO import_line (import, line, what, title, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
		VALS(v_int(k->import), v_int(l->number), v_text(str_of(import_whats[l->what])), v_text(title),
			v_text(buf_str(&b))), NULL);
}

enum rc kept_read(struct ctx *c, int64_t id, const char *what, int64_t after, int max, struct kept_line *ret, int *n)
{
	struct rows r;
	*n = 0;
	TRY(db_query(c->db,
		"SELECT line, what, title, detail FROM import_line WHERE import = ?1 AND what = ?2 AND line > ?3 ORDER BY "
			"line LIMIT ?4",
	             VALS(v_int(id), v_text(str_of(what)), v_int(after), v_int(max)), &r));
	while (*n < max && rows_next(&r))
		ret[(*n)++] = (struct kept_line){ rows_int(&r, 0), str_copy(c->mem, rows_text(&r, 1)),
			str_copy(c->mem, rows_text(&r, 2)),
			str_copy(c->mem, rows_text(&r, 3)) };
	return rows_end(&r);
}

enum rc edits_read(struct ctx *c, int64_t id, const struct entity *e, struct import_edit **ret, int *n)
{
	enum { MOST = 5000 };
	struct rows r;
	*ret = NEWS(c->mem, struct import_edit, MOST);
	*n = 0;
	TRY(db_query(c->db, "SELECT line, field, value FROM import_edit WHERE import = ?1 ORDER BY line LIMIT 5000",
		VALS(v_int(id)), &r));
	while (*n < MOST && rows_next(&r)) {
		const struct field *f = import_field(c, e, rows_text(&r, 1));
		if (f || str_is(rows_text(&r, 1), IMPORT_ANOTHER))
			(*ret)[(*n)++] = (struct import_edit){ rows_int(&r, 0), f, str_copy(c->mem, rows_text(&r, 2)) };
	}
	return rows_end(&r);
}

enum rc edit_save(struct ctx *c, int64_t id, int64_t line, const char *field, str value)
{
	return db_exec(c->db, "INSERT INTO import_edit (import, line, field, value) VALUES (?1, ?2, ?3, ?4) "
		"ON CONFLICT (import, line, field) DO UPDATE SET value = excluded.value",
		VALS(v_int(id), v_int(line), v_text(str_of(field)), v_text(value)), NULL);
}

/* ---- trying and applying -------------------------------------------------------------------------------- */

static void close_fd(void *arg)
{
	close((int)(intptr_t)arg);
}

static enum rc open_file(struct ctx *c, const struct imported *at, int *ret)
{
	struct file_info info;
	enum rc rc = file_open_own(c, at->file, &info, ret);
	if (rc == OK)
		arena_at_end(c->mem, close_fd, (void *)(intptr_t)*ret);
	return rc == E_MISSING ? FAIL(c, E_INVALID, 0, &MSG_gone) : rc;
}

enum rc import_try(struct ctx *c, struct imported *at)
{
	struct keeping k = { at->id, table_of(c->app->registry, at->e), { 0 } };
	void *arg[2] = { &k, &at->plan };
	struct import_edit *edits;
	struct import_run run = { .plan = &at->plan, .dry = true, .tell = keep_line, .arg = arg };
	TRY(open_file(c, at, &run.fd));
	TRY(edits_read(c, at->id, at->e, &edits, &run.n_edits));
	run.edits = edits;
	TRY(db_exec(c->db, "DELETE FROM import_line WHERE import = ?1", VALS(v_int(at->id)), NULL));
	TRY(import_run(c, &run, &at->counts));
	at->state = S("tried");
	return imported_save(c, at);
}

enum rc import_apply(struct ctx *c, struct imported *at)
{
	struct import_edit *edits;
	struct import_look *look = NEW(c->mem, struct import_look);
	struct import_plan guessed = at->plan;
	struct import_run run = { .plan = &at->plan, .record = at->id, .expect = at->counts.rows };
	TRY(open_file(c, at, &run.fd));
	TRY(edits_read(c, at->id, at->e, &edits, &run.n_edits));
	run.edits = edits;
	at->state = S("running");
	TRY(imported_save(c, at));
	enum rc rc = import_run(c, &run, &at->counts);
	bool stopped = c->job && c->job->cancelled;
	at->state = rc == OK && !stopped ? S("done") : S("failed");
	at->applied = c->now.v;
	TRY(imported_save(c, at));
	if (rc == OK && import_look(c, run.fd, &guessed, look) == OK)
		rc = import_remember(c, &at->plan, look);
	if (rc == OK)
		rc = audit(c, at->plan.org, at->e->name, at->id, "import",
			TEXT(c, "new %lld, changed %lld, same %lld, refused %lld",
			(long long)at->counts.n[0], (long long)at->counts.n[1], (long long)at->counts.n[2],
			(long long)at->counts.n[3]));
	return rc;
}

enum rc import_job(struct ctx *c, void *in_)
{
	static const struct tr MSG_result = { "{1} mới, {2} thay đổi, {3} như cũ, {4} lỗi",
		"{1} new, {2} changed, {3} the same, {4} refused" };
	const struct import_in *in = in_;
	struct imported at;
	TRY(imported_read(c, in->import, &at));
	if (!str_is(at.state, "trying") && !str_is(at.state, "queued") && !str_is(at.state, "running"))
		return OK;                               /* done by an earlier try of this job                 */
	enum rc rc = str_is(at.state, "trying") ? import_try(c, &at) : import_apply(c, &at);
	if (rc != OK && str_is(at.state, "trying")) {
		at.state = S("match");
		TRY(imported_save(c, &at));
	}
	const str n[] = { int_text(c->mem, at.counts.n[0]), int_text(c->mem, at.counts.n[1]),
		int_text(c->mem, at.counts.n[2]), int_text(c->mem, at.counts.n[3]) };
	return rc == OK ? job_result(c, (file_id){ 0 }, sayf(c, &MSG_result, n, 4)) : rc;
}
