/* import_page.c -- the wizard: E/import, E/import/template, E/import/ID and what is posted there. Every step is an
 * address of its own, so that it can be left and taken up again. Small files are tried at once, larger ones by a
 * job; writing is always a job. import_show.c draws the pages. */
#include "core/import_page.h"
#include "core/files.h"
#include "core/pages.h"
#include <unistd.h>

enum { AT_ONCE = 150 << 10 /* bytes of a file that is tried within the request */, KEEP_DAYS = 30 };

static const struct tr
	MSG_none = { "Hãy chọn một tệp .xlsx, .xls hoặc .csv.", "Choose an .xlsx, .xls or .csv file." },
	MSG_missing = { "Chưa ghép cột bắt buộc “{1}”.", "The needed column “{1}” is not matched." },
	MSG_state = { "Bước này không còn làm được; trang đã cho thấy tình trạng mới.",
		"This step is no longer possible; the page shows the new state." },
	MSG_late = { "Đã quá 24 giờ nên không hoàn tác được nữa.",
		"It is more than 24 hours ago, so it can no longer be undone." },
	MSG_undone = { "Đã hoàn tác {1} dòng.", "{1} rows were taken back." };

/* Where new rows belong: the unit in view, or the first seat that may import. */
static org_id owner(const struct ctx *c, const struct entity *e)
{
	if (c->here.org.v)
		return c->here.org;
	for (const struct grant *g = e->grants; g && g->to; g++)
		if (g->may & (IMPORT | CREATE) && seat_org(c, g->to).v)
			return seat_org(c, g->to);
	return c->who->n_seats ? c->who->seats[0].org : (org_id){ 0 };
}

static enum rc imported_of_page(struct exchange *x, const struct meta *m, struct imported *ret)
{
	int64_t id;
	if (x->names.n < 1 || !id_read(x->names.at[0].value, &id))
		return E_MISSING;
	TRY(imported_read(x->c, id, ret));
	return ret->e == m->e ? OK : E_MISSING;
}

static void close_fd(void *arg)
{
	close((int)(intptr_t)arg);
}

static enum rc open_of(struct exchange *x, const struct imported *at, int *ret, int64_t *ret_size)
{
	struct file_info info;
	TRY(file_open(x->c, at->file, &info, ret));
	arena_at_end(x->c->mem, close_fd, (void *)(intptr_t)*ret);
	*ret_size = info.size;
	return OK;
}

/* ---- a file comes ------------------------------------------------------------------------------- */

enum rc import_start_page(struct exchange *x, const struct meta *m)
{
	TRY(unit_takes(x->c, owner(x->c, m->e)));
	return import_show_start(x, m, 200);
}

static const struct part *part_of(struct exchange *x)
{
	for (int i = 0; i < x->r->n_parts; i++)
		if (str_is(x->r->parts[i].name, "file") && x->r->parts[i].filename.n)
			return &x->r->parts[i];
	return NULL;
}

static enum rc receive(struct exchange *x, const struct meta *m, struct imported *at)
{
	struct ctx *c = x->c;
	const struct part *part = part_of(x);
	struct import_look *look = NEW(c->mem, struct import_look);
	int64_t size;
	int fd;
	*at = (struct imported){ .e = m->e, .state = S("match"), .made = c->now.v };
	at->plan = (struct import_plan){ .e = m->e, .org = owner(c, m->e), .year = c->here.year, .sheet = -1 };
	if (!part)
		return FAIL(c, E_INVALID, 0, &MSG_none);
	TRY(part_file(x, part, at->plan.org, 0, &at->file));
	at->name = file_name_clean(c->mem, part->filename);
	TRY(db_exec(c->db, "UPDATE file SET until = ?1 WHERE id = ?2",
		VALS(v_int(c->now.v + (int64_t)KEEP_DAYS * 86400000), v_int(at->file.v)), NULL));
	TRY(open_of(x, at, &fd, &size));
	TRY(import_look(c, fd, &at->plan, look));
	import_presume(&at->plan);
	return imported_add(c, at, &at->id);
}

enum rc import_upload_page(struct exchange *x, const struct meta *m)
{
	struct imported at;
	TRY(unit_takes(x->c, owner(x->c, m->e)));
	enum rc rc = receive(x, m, &at);
	if (rc != OK && x->c->n_problems && !x->json && (rc == E_INVALID || rc == E_LIMIT)) {
		x->refused = rc;
		return import_show_start(x, m, 422);
	}
	TRY(rc);
	x->c->go = address_of(x, "/%s/import/%lld", m->e->name, (long long)at.id);
	if (x->json)
		put_fmt(answer_json(x, 201), "{\"id\":\"%lld\"}", (long long)at.id);
	return OK;
}

/* ---- the pages of one import ------------------------------------------------------------------------ */

enum rc import_step_page(struct exchange *x, const struct meta *m)
{
	struct imported at;
	TRY(imported_of_page(x, m, &at));
	const struct pair *step = pair_last(x, "buoc");
	if (step && str_is(step->value, "ghep") && (str_is(at.state, "tried") || str_is(at.state, "failed"))) {
		at.state = S("match");
		return import_show(x, &at, 200);
	}
	return import_show(x, &at, 200);
}

enum rc import_template_page(struct exchange *x, const struct meta *m)
{
	int fd;
	TRY(file_temp(x->c, &fd));
	TRY(import_template(x->c, m->e, fd));
	return answer_made(x, fd, TEXT(x->c, "mau-%s.xlsx", m->e->name), S(XLSX_TYPE),
		stamp_free("headings without rows"));
}

enum rc import_errors_page(struct exchange *x, const struct meta *m)
{
	struct imported at;
	struct import_edit *edits;
	int64_t size, rows;
	int fd;
	TRY(imported_of_page(x, m, &at));
	struct import_run run = { .plan = &at.plan };
	TRY(open_of(x, &at, &run.fd, &size));
	TRY(edits_read(x->c, at.id, at.e, &edits, &run.n_edits));
	run.edits = edits;
	TRY(file_temp(x->c, &fd));
	TRY(import_errors(x->c, &run, at.counts.rows <= 5000, fd, &rows));
	ptrdiff_t dot = at.name.n;
	while (dot > 0 && at.name.p[dot - 1] != '.')
		dot--;
	str bare = dot > 1 ? str_sub(at.name, 0, dot - 1) : at.name;
	return answer_made(x, fd, TEXT(x->c, "loi-%.*s.xlsx", FMT(bare)), S(XLSX_TYPE),
		stamp_free("the sender's own rows, back to the sender"));
}

/* ---- matching ------------------------------------------------------------------------------------------ */

static int number_sent(struct exchange *x, const char *name, int otherwise, int most)
{
	const struct pair *p = pair_last(x, name);
	int64_t v;
	return p && str_to_int(p->value, &v) && v >= 0 && v <= most ? (int)v : otherwise;
}

/* What the form says about columns: "c0" .. "c255" with a field's name, and "preset" with names of yes-no fields. */
static void read_columns(struct exchange *x, struct import_plan *p)
{
	p->n_presets = 0;
	for (int i = 0; i < x->n_pairs; i++) {
		str name = x->pairs[i].name;
		int64_t k;
		const struct field *f = import_field(x->c, p->e, x->pairs[i].value);
		if (str_is(name, "preset") && f && f->type == T_BOOL && p->n_presets < IMPORT_PRESETS)
			p->presets[p->n_presets++] = (struct import_preset){ f, S("1") };
		if (name.n < 2 || name.p[0] != 'c' || !str_to_int(str_sub(name, 1, -1), &k) || k < 0 || k >= IMPORT_COLUMNS)
			continue;
		p->at[k] = f;
		if (k >= p->n)
			p->n = (int)k + 1;
	}
}

static enum rc look_again(struct exchange *x, struct imported *at)
{
	struct import_look *look = NEW(x->c->mem, struct import_look);
	int64_t size;
	int fd;
	TRY(open_of(x, at, &fd, &size));
	at->plan.heading = number_sent(x, "heading", at->plan.heading, 1000);
	TRY(import_look(x->c, fd, &at->plan, look));
	at->plan.encoding = (enum viet_encoding)number_sent(x, "encoding", (int)at->plan.encoding, VIET_1258);
	return imported_save(x->c, at);
}

static enum rc try_now_or_later(struct exchange *x, struct imported *at)
{
	int64_t size;
	int fd;
	TRY(open_of(x, at, &fd, &size));
	if (size <= AT_ONCE)
		return import_try(x->c, at);
	at->state = S("trying");
	TRY(job_add_core(x->c, "import", at->plan.org, &(struct import_in){ at->id }, &at->job));
	return imported_save(x->c, at);
}

static enum rc match(struct exchange *x, struct imported *at)
{
	struct import_plan *p = &at->plan;
	int sheet = number_sent(x, "sheet", p->sheet, SHEET_NAMES), heading = number_sent(x, "heading", p->heading, 1000);
	if (pair_last(x, "again") || sheet != p->sheet || heading != p->heading) {
		if (sheet != p->sheet)
			p->heading = 0;
		p->sheet = sheet;
		return look_again(x, at);
	}
	p->encoding = (enum viet_encoding)number_sent(x, "encoding", (int)p->encoding, VIET_1258);
	read_columns(x, p);
	TRY(imported_save(x->c, at));
	const struct field *missing = import_missing(p);
	if (missing)
		return FAILF(x->c, E_INVALID, 0, &MSG_missing, say(x->c, &missing->label));
	return try_now_or_later(x, at);
}

/* Corrections are "e.LINE.FIELD". */
static enum rc save_edits(struct exchange *x, struct imported *at)
{
	for (int i = 0; i < x->n_pairs; i++) {
		str name = x->pairs[i].name, line, field, clean;
		int64_t k;
		if (!str_starts(name, S("e.")))
			continue;
		str_cut(str_sub(name, 2, -1), '.', &line, &field);
		const struct field *f = import_field(x->c, at->e, field);
		if (str_is(field, IMPORT_ANOTHER) && str_to_int(line, &k))
			TRY(edit_save(x->c, at->id, k, IMPORT_ANOTHER, str_is(x->pairs[i].value, "1") ? S("1") : S("0")));
		if (f && str_to_int(line, &k) && viet_clean(x->c->mem, str_trim(x->pairs[i].value),
			&clean) && clean.n < 4000)
			TRY(edit_save(x->c, at->id, k, f->name, clean));
	}
	return try_now_or_later(x, at);
}

static enum rc apply(struct exchange *x, struct imported *at, bool whole)
{
	at->plan.whole = whole;
	at->state = S("queued");
	TRY(job_add_core(x->c, "import", at->plan.org, &(struct import_in){ at->id }, &at->job));
	return imported_save(x->c, at);
}

static enum rc undo(struct exchange *x, struct imported *at)
{
	int64_t rows = 0;
	if (!str_is(at->state, "done") && !str_is(at->state, "failed"))
		return FAIL(x->c, E_STATE, 0, &MSG_state);
	if (x->c->now.v - at->applied > IMPORT_UNDO_MS)
		return FAIL(x->c, E_STATE, 0, &MSG_late);
	TRY(import_undo(x->c, at->e, at->id, &rows));
	x->c->said = sayf(x->c, &MSG_undone, ARGS(int_text(x->c->mem, rows)));
	return OK;
}

static enum rc act(struct exchange *x, struct imported *at)
{
	const struct pair *p = pair_last(x, "do");
	str what = p ? p->value : S("match");
	if (str_is(what, "undo"))
		return undo(x, at);
	if (str_is(what, "match") && (str_is(at->state, "match") || str_is(at->state, "tried") ||
		str_is(at->state, "failed"))) {
		at->state = S("match");
		return match(x, at);
	}
	if (!str_is(at->state, "tried"))
		return FAIL(x->c, E_STATE, 0, &MSG_state);
	if (str_is(what, "edit"))
		return save_edits(x, at);
	return apply(x, at, str_is(what, "whole"));
}

enum rc import_act_page(struct exchange *x, const struct meta *m)
{
	struct imported at;
	TRY(imported_of_page(x, m, &at));
	enum rc rc = act(x, &at);
	if (rc != OK && x->c->n_problems && !x->json && (rc == E_INVALID || rc == E_STATE || rc == E_LIMIT)) {
		x->refused = rc;
		return import_show(x, &at, 422);
	}
	TRY(rc);
	bool waits = str_is(at.state, "queued") || str_is(at.state, "trying");
	x->c->go = waits ? TEXT(x->c, "/viec/%lld", (long long)at.job) : address_of(x, "/%s/import/%lld", m->e->name,
		(long long)at.id);
	if (x->json)
		return import_show(x, &at, 200);
	return OK;
}
