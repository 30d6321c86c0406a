/* save.c -- cells of a book of marks written by whoever teaches it: each held against scheme, locks and what others
 * wrote
 * meanwhile, and told of. doc/why/gradebook.md says why the rest is saved when one cell is refused. */
#include "mod/records/records_rules.h"
#include "core/app.h"
#include "core/put.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/store.h"

static const struct tr
	MSG_not_yours = { "Bạn không được phân công dạy môn này ở lớp này.",
		"You do not teach this subject to this class." },
	MSG_stranger = { "Học sinh không thuộc lớp này.", "The pupil is not of this class." },
	MSG_no_column = { "Không có cột điểm này.", "There is no such column." },
	MSG_exempt = { "Học sinh được miễn môn này.", "The pupil is exempt from this subject." },
	MSG_no_retest = { "Học sinh không thuộc diện kiểm tra lại môn này.",
		"The pupil is not to be tested again in this subject." },
	MSG_changed = { "Có người vừa ghi giá trị khác vào ô này.",
		"Somebody has just written something else into this cell." },
	MSG_locked = { "Cột điểm đã khóa. Gửi đề nghị mở sổ kèm lý do.",
		"The column is locked. Ask to reopen it, with a reason." },
	MSG_remark_locked = { "Nhận xét đã khóa cùng sổ. Gửi đề nghị mở sổ kèm lý do.",
		"The remark is locked with the book. Ask to reopen it, with a reason." },
	MSG_reason = { "Sổ đã khóa và được mở lại: hãy ghi lý do sửa.",
		"The book was locked and reopened: say why it is changed." },
	MSG_long = { "Nhận xét dài quá 1000 ký tự.", "A remark has 1000 characters at most." },
	MSG_twice = { "Ô này có hai lần trong một lần ghi.", "This cell is there twice in one save." },
	MSG_refused = { "Có {1} ô chưa ghi được nên không ghi ô nào.", "{1} cells cannot be written, so none was." };
const char *const cell_ends[] = { "saved", "same", "wrong", "conflict", "locked" };

/* ---- one cell -------------------------------------------------------------------------------------------------- */

struct saving { struct ctx *c; const struct save_ask *ask; struct grid g; struct cell_told *told;
	int32_t (*cells)[SLOTS]; bool *touched; struct buf lines; int64_t n_saved, n_refused, n_conflicts;
	bool behind_lock, remarked;
	const struct cell_change *since; int64_t n_since; bool knows_since; };

static int64_t row_of(const struct grid *g, int64_t pupil_)
{
	for (int64_t i = 0; i < g->n; i++)
		if (g->rows[i].pupil.v == pupil_)
			return i;
	return -1;
}

static void end_cell(struct saving *s, struct cell_told *t, enum cell_end end, const struct tr *why)
{
	t->end = (pick)end;
	t->why = why ? say(s->c, why) : (str){ 0 };
	s->n_refused += end >= CELL_WRONG;
	s->n_conflicts += end == CELL_CONFLICT;
	s->n_saved += end == CELL_SAVED;
}

static str dash(str s) { return s.n ? s : S("-"); }

static void add_line(struct saving *s, int64_t pupil_, str column, str from, str to)
{
	put_fmt(&s->lines, "%s%lld %.*s %.*s %.*s", s->lines.n ? "\n" : "", (long long)pupil_, FMT(column),
		FMT(dash(from)), FMT(dash(to)));
}

/* The first thing others did to a cell since the writer's page was made; NULL: nothing. */
static const struct cell_change *first_since(const struct saving *s, int64_t pupil_, str column)
{
	for (int64_t i = 0; i < s->n_since; i++)
		if (s->since[i].pupil == pupil_ && str_eq(s->since[i].column, column))
			return &s->since[i];
	return NULL;
}

static void edit_remark(struct saving *s, const struct cell_edit *e, int64_t row, struct cell_told *t)
{
	struct grid_row *r = &s->g.rows[row];
	str to = str_trim(e->to), hash = ledger_remark(s->c->mem, to);
	const struct cell_change *x = s->ask->form ? first_since(s, e->pupil, e->column) : NULL;

	t->stored = r->remark;
	if (str_eq(to, r->remark) || (x && str_eq(hash, x->from))) {
		end_cell(s, t, CELL_SAME, NULL);
	} else if (str_chars(to) > 1000) {
		end_cell(s, t, CELL_WRONG, &MSG_long);
	} else if (!slot_open(&s->g, SLOT_REMARK)) {
		end_cell(s, t, CELL_LOCKED, &MSG_remark_locked);
	} else if (s->ask->form ? x != NULL : !str_eq(str_trim(e->was), r->remark)) {
		end_cell(s, t, CELL_CONFLICT, &MSG_changed);
	} else {
		add_line(s, e->pupil, e->column, ledger_remark(s->c->mem, r->remark), hash);
		r->remark = t->stored = to;
		s->remarked = true;
		s->behind_lock = s->behind_lock || s->g.locked[SLOT_REMARK];
		s->touched[row] = true;
		end_cell(s, t, CELL_SAVED, NULL);
	}
}

/* What the writer saw in the cell. A page names its base: the ledger says what the cell held then. */
static bool seen_before(struct saving *s, const struct cell_edit *e, int slot, int32_t stored, int32_t *ret)
{
	const struct tr *why;
	const struct cell_change *x;

	*ret = stored;
	if (!s->ask->form)
		return cell_typed(s->c->mem, &s->g.layout, slot, e->was, ret, &why);
	x = first_since(s, e->pupil, e->column);
	return !x || cell_typed(s->c->mem, &s->g.layout, slot, x->from, ret, &why);
}

static void write_mark(struct saving *s, const struct cell_edit *e, int64_t row, int slot, int32_t v,
	struct cell_told *t)
{
	str to = cell_code(s->c->mem, &s->g.layout, v);

	add_line(s, e->pupil, e->column, t->stored, to);
	s->cells[row][slot] = v;
	t->stored = to;
	s->behind_lock = s->behind_lock || s->g.locked[slot];
	s->touched[row] = true;
	end_cell(s, t, CELL_SAVED, NULL);
}

/* Compared as values: 8 and 8,0 are the same mark. */
static void edit_mark(struct saving *s, const struct cell_edit *e, int64_t row, int slot, struct cell_told *t)
{
	const struct cell_layout *l = &s->g.layout;
	const struct grid_row *r = &s->g.rows[row];
	int32_t stored = s->cells[row][slot], was, v;
	const struct tr *why = NULL;
	bool known = seen_before(s, e, slot, stored, &was);
	str typed = s->ask->form ? cell_keyed(s->c->mem, l, slot, e->to) : e->to;

	t->stored = cell_code(s->c->mem, l, stored);
	if (!cell_typed(s->c->mem, l, slot, typed, &v, &why))
		end_cell(s, t, CELL_WRONG, why);
	else if (v == stored || (s->ask->form && v == was) || (r->came && r->old[slot] && v == r->cells_all[slot]))
		end_cell(s, t, CELL_SAME, NULL);
	else if (s->g.rows[row].exempt && v != CELL_EMPTY)
		end_cell(s, t, CELL_WRONG, &MSG_exempt);
	else if (s->g.rows[row].barred && v != CELL_EMPTY)
		end_cell(s, t, CELL_WRONG, &MSG_no_retest);
	else if (!slot_open(&s->g, slot))
		end_cell(s, t, CELL_LOCKED, &MSG_locked);
	else if (!known || was != stored)
		end_cell(s, t, CELL_CONFLICT, &MSG_changed);
	else
		write_mark(s, e, row, slot, v, t);
}

static bool is_twice(const struct save_ask *ask, int64_t at)
{
	for (int64_t i = 0; i < at; i++)
		if (ask->edits[i].pupil == ask->edits[at].pupil && str_eq(ask->edits[i].column, ask->edits[at].column))
			return true;
	return false;
}

static void edit_one(struct saving *s, int64_t at)
{
	const struct cell_edit *e = &s->ask->edits[at];
	struct cell_told *t = &s->told[at];
	int64_t row = row_of(&s->g, e->pupil);
	int slot = layout_slot(&s->g.layout, e->column);

	*t = (struct cell_told){ .pupil = e->pupil, .column = e->column };
	if (row < 0)
		end_cell(s, t, CELL_WRONG, &MSG_stranger);
	else if (is_twice(s->ask, at))
		end_cell(s, t, CELL_WRONG, &MSG_twice);
	else if (str_is(e->column, "remark"))
		edit_remark(s, e, row, t);
	else if (slot < 0)
		end_cell(s, t, CELL_WRONG, &MSG_no_column);
	else
		edit_mark(s, e, row, slot, t);
}

static void begin(struct saving *s)
{
	struct arena *mem = s->c->mem;

	s->told = NEWS(mem, struct cell_told, s->ask->n + 1);
	s->cells = (void *)NEWS(mem, int32_t, (s->g.n + 1) * SLOTS);
	s->touched = NEWS(mem, bool, s->g.n + 1);
	s->n_saved = s->n_refused = s->n_conflicts = 0;
	s->behind_lock = s->remarked = false;
	buf_init(&s->lines, mem, (size_t)1 << 20);
	for (int64_t i = 0; i < s->g.n; i++)
		cells_read(&s->g.layout, s->g.rows[i].cells, s->cells[i]);
	for (int64_t i = 0; i < s->ask->n; i++)
		edit_one(s, i);
}

static enum rc write_rows(struct saving *s)
{
	struct mark *rows = NEWS(s->c->mem, struct mark, s->g.n + 1);
	int64_t n = 0;
	bool words = false;

	for (int64_t i = 0; i < s->g.n; i++) {
		const struct grid_row *r = &s->g.rows[i];
		struct mark *m = &rows[n];
		if (!s->touched[i])
			continue;
		row_zero(&mark, m);
		m->base.id = r->mark;
		m->base.org = s->g.head.org;
		m->course.v = s->g.head.id;
		m->class.v = s->g.head.class;
		m->pupil = r->pupil;
		m->term = s->g.term;
		m->cells = cells_text(s->c->mem, &s->g.layout, s->cells[i]);
		cells_result(&s->g.layout, s->cells[i], &m->average, &m->comment);
		m->remark = r->remark;
		words = words || !str_eq(m->comment, r->written);
		n++;
	}
	/* a column of marks touches no words: of 45 rows that is a fifth of the statement */
	col columns[5] = { offsetof(struct mark, cells), offsetof(struct mark, average) };
	int k = 2;
	if (words)
		columns[k++] = offsetof(struct mark, comment);
	if (s->remarked)
		columns[k++] = offsetof(struct mark, remark);
	return put_rows(s->c, &mark, rows, n, columns);
}

/* ---- what others wrote ------------------------------------------------------------------------------------------ */

static enum rc learn_since(struct saving *s, int64_t base)
{
	items got;

	TRY(ledger_changes(s->c, s->g.head.id, base, s->g.term, &got));
	s->since = got.p;
	s->n_since = got.n;
	s->knows_since = true;
	return OK;
}

enum rc names_of_accounts(struct ctx *c, const int64_t *ids, int n, str *ret)
{
	const struct meta *account = registry_entity(c->app->registry, S("account"));

	return account && n ? titles_of(c, account->e, ids, n, ret) : OK;
}

static str value_now(const struct saving *s, int64_t row, str column, str *ret_shown)
{
	int slot = layout_slot(&s->g.layout, column);

	if (slot < 0)
		return *ret_shown = s->g.rows[row].remark;
	*ret_shown = cell_shown(s->c->mem, &s->g.layout, s->cells[row][slot]);
	return cell_code(s->c->mem, &s->g.layout, s->cells[row][slot]);
}

static bool told_of(const struct saving *s, const struct cell_change *x)
{
	for (int64_t i = 0; i < s->ask->n; i++)
		if (s->told[i].pupil == x->pupil && s->told[i].end != CELL_SAME && str_eq(s->told[i].column, x->column))
			return true;
	return false;
}

/* Cells of others that this save does not speak of: each once, as it is now. */
static int64_t gather_news(struct saving *s, struct cell_news *news, int64_t *authors)
{
	int64_t n = 0;

	for (int64_t i = s->n_since; i-- > 0; ) {
		const struct cell_change *x = &s->since[i];
		int64_t row = row_of(&s->g, x->pupil);
		bool known = row < 0 || told_of(s, x);
		for (int64_t k = 0; k < n && !known; k++)
			known = news[k].pupil == x->pupil && str_eq(news[k].column, x->column);
		if (known)
			continue;
		news[n] = (struct cell_news){ .pupil = x->pupil, .column = x->column, .at = x->at };
		news[n].value = value_now(s, row, x->column, &news[n].shown);
		authors[n++] = x->author;
	}
	return n;
}

/* Who wrote what stands in the way of a conflicting cell, and when: the last to touch it. */
static enum rc name_conflicts(struct saving *s)
{
	int64_t *ids = NEWS(s->c->mem, int64_t, s->ask->n + 1);
	str *names = NEWS(s->c->mem, str, s->ask->n + 1);
	items all = { s->since, s->n_since };
	const struct cell_change *x;

	if (s->n_conflicts && !s->knows_since)
		TRY(ledger_changes(s->c, s->g.head.id, 0, s->g.term, &all));
	x = all.p;
	for (int64_t i = 0; i < s->ask->n; i++)
		for (int64_t k = all.n; s->told[i].end == CELL_CONFLICT && k-- > 0; )
			if (x[k].pupil == s->told[i].pupil && str_eq(x[k].column, s->told[i].column)) {
				s->told[i].at = x[k].at;
				ids[i] = x[k].author;
				break;
			}
	if (s->n_conflicts)
		TRY(names_of_accounts(s->c, ids, (int)s->ask->n, names));
	for (int64_t i = 0; i < s->ask->n; i++)
		s->told[i].who = names[i];
	return OK;
}

/* The row with what an earlier class holds. */
static const int32_t *whole_of(const struct saving *s, int64_t row)
{
	const struct grid_row *r = &s->g.rows[row];
	int32_t *cells = NEWS(s->c->mem, int32_t, SLOTS);

	for (int i = 0; i < SLOTS; i++)
		cells[i] = s->cells[row][i] == CELL_EMPTY && r->old[i] ? r->cells_all[i] : s->cells[row][i];
	return cells;
}

static enum rc tell_rest(struct saving *s, struct save_told *ret)
{
	struct cell_news *news = NEWS(s->c->mem, struct cell_news, s->n_since + 1);
	int64_t *authors = NEWS(s->c->mem, int64_t, s->n_since + 1), n = 0;
	str *names = NEWS(s->c->mem, str, s->n_since + 1);
	struct row_told *rows = NEWS(s->c->mem, struct row_told, s->g.n + 1);

	TRY(name_conflicts(s));
	int64_t n_news = s->ask->live ? gather_news(s, news, authors) : 0;
	TRY(names_of_accounts(s->c, authors, (int)n_news, names));
	for (int64_t i = 0; i < n_news; i++)
		news[i].who = names[i];
	for (int64_t i = 0; i < s->g.n; i++) {
		bool say_it = s->touched[i];
		for (int64_t k = 0; k < n_news && !say_it; k++)
			say_it = news[k].pupil == s->g.rows[i].pupil.v;
		if (!say_it)
			continue;
		rows[n].pupil = s->g.rows[i].pupil.v;
		const int32_t *cells = s->cells[i];
		if (s->g.rows[i].came)
			cells = whole_of(s, i);
		cells_result(&s->g.layout, cells, &rows[n].average, &rows[n].comment);
		rows[n].average_shown = average_text(s->c->mem, s->g.layout.scheme, rows[n].average.v, false);
		n++;
	}
	ret->news = (items){ news, n_news };
	ret->rows = (items){ rows, n };
	return OK;
}

/* ---- the save ---------------------------------------------------------------------------------------------------- */

static enum rc refuse_whole(struct saving *s, const struct save_ask *ask)
{
	if (ask->whole && s->n_refused)
		return FAILF(s->c, E_INVALID, 0, &MSG_refused, TEXT(s->c, "%lld", (long long)s->n_refused));
	if (s->behind_lock && str_trim(ask->reason).n == 0)
		return FAIL(s->c, E_INVALID, 0, &MSG_reason);
	return OK;
}

/* A book that may be seen but not written is somebody else's. */
static enum rc no_book(struct ctx *c, const struct save_ask *ask)
{
	struct course_head k;

	TRY(course_find(c, ask->class, ask->subject, &k));
	return FAIL(c, E_DENIED, 0, &MSG_not_yours);
}

static enum rc save(struct ctx *c, const struct save_ask *ask, struct save_told *ret)
{
	struct saving s = { .c = c, .ask = ask };

	enum rc rc = book_load(c, ask->class, ask->subject, ask->term, true, &s.g);
	if (rc != OK)
		return rc == E_MISSING ? no_book(c, ask) : rc;
	if ((ask->live || ask->form) && ask->base >= 0 && ask->base < s.g.head.entries)
		TRY(learn_since(&s, ask->base));
	begin(&s);
	*ret = (struct save_told){ .cells = { s.told, ask->n }, .saved = s.n_saved, .course = s.g.head.id,
		.seq = s.g.head.entries, .head = s.g.head.head };
	TRY(refuse_whole(&s, ask));
	if (s.n_saved == 0)
		return tell_rest(&s, ret);
	TRY(ledger_append(c, &s.g.head, ask->term, buf_str(&s.lines), str_trim(ask->reason)));
	ret->seq = s.g.head.entries;
	ret->head = s.g.head.head;
	TRY(tell_rest(&s, ret));
	return write_rows(&s);
}

enum rc marks_save(struct ctx *c, const struct save_ask *ask, struct save_told *ret)
{
	bool own_;

	TRY(store_begin(c, &own_));
	return store_end(c, own_, save(c, ask, ret));
}
