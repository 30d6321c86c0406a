/* grid.c -- a page of marks: loaded for whoever may see the book, written by whoever teaches it. */
#include "mod/records/records_rules.h"
#include "core/put.h"

static const struct tr
	MSG_not_yours = { "Bạn không được phân công dạy môn này ở lớp này.",
		"You do not teach this subject to this class." },
	MSG_no_scheme = { "Khối lớp và năm học này chưa có quy chế đánh giá.",
		"No scheme of assessment is known for this grade and year." },
	MSG_stranger = { "Học sinh không thuộc lớp này.", "The pupil is not of this class." },
	MSG_no_column = { "Không có cột điểm này.", "There is no such column." },
	MSG_exempt = { "Học sinh được miễn môn này.", "The pupil is exempt from this subject." },
	MSG_changed = { "Có người vừa ghi giá trị khác vào ô này.",
		"Somebody has just written something else into this cell." },
	MSG_locked = { "Cột điểm đã khóa. Gửi đề nghị mở sổ kèm lý do.",
		"The column is locked. Ask to reopen it, with a reason." },
	MSG_reason = { "Sổ đã khóa và được mở lại: hãy ghi lý do sửa.",
		"The book was locked and reopened: say why it is changed." },
	MSG_long = { "Nhận xét dài quá 1000 ký tự.", "A remark has 1000 characters at most." },
	MSG_twice = { "Ô này có hai lần trong một lần ghi.", "This cell is there twice in one save." },
	MSG_refused = { "Có {1} ô chưa ghi được nên không ghi ô nào.", "{1} cells cannot be written, so none was." },
	MSG_busy = { "Nhiều người đang ghi sổ này cùng lúc; hãy thử lại.",
		"Many are writing this book at once; try again." };
const char *const cell_ends[] = { "saved", "same", "wrong", "conflict", "locked" };

/* ---- schemes ------------------------------------------------------------------------------------------------ */

struct shelf { bool loaded; struct arena mem; struct scheme_set set; };

const struct scheme_set *schemes(struct ctx *c)
{
	struct shelf *s = kept(c, &mod_records, sizeof *s);
	struct arena *mem = s ? &s->mem : c->mem;

	if (!s)
		s = NEW(c->mem, struct shelf);
	if (!s->loaded) {
		if (mem != c->mem)
			arena_init(mem, (size_t)64 << 20);
		schemes_load(mem, str_z(mem, str_fmt(mem, "%s/schemes", data_folder(c))), &s->set, NULL, NULL);
		s->loaded = true;
	}
	return &s->set;
}

/* Lines of scheme.parameter=value; those of other schemes are passed over. */
static const struct scheme *with_parameters(struct ctx *c, const struct scheme *s, str lines)
{
	struct scheme *own_ = NEW(c->mem, struct scheme);
	str line, name, value, code;

	*own_ = *s;
	while (lines.n) {
		str_cut(lines, '\n', &line, &lines);
		if (str_cut(line, '=', &name, &value) && str_cut(str_trim(name), '.', &code, &name) && str_eq(code, s->is.code))
			scheme_set(own_, str_trim(name), str_trim(value));
	}
	return own_;
}

const struct scheme *scheme_at(struct ctx *c, org_id at, pick grade, int64_t year)
{
	const struct scheme *s = scheme_for(schemes(c), grade, (int)year);
	str lines = s && s->n_parameters ? setting(c, &mod_records, "parameters", at) : (str){ 0 };

	return lines.n ? with_parameters(c, s, lines) : s;
}

/* ---- loading ---------------------------------------------------------------------------------------------------- */

#define ROW struct book_in
const struct shape book_in_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(subject) },
	{ COL(term), .pick = mark_terms }, { COL(course) }, { COL(school) }, { COL(year) }, END } };
#undef ROW
#define ROW struct course_head
static const struct shape head_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(class) },
	{ COL(subject) }, { COL(lessons) }, { COL(entries) }, { COL(head) }, { COL(code) },
	{ COL(subject_name) }, { COL(comment_only) }, { COL(grade), .pick = grades }, { COL(year) }, { COL(class_name) },
	END } };
#undef ROW
#define ROW struct lock_row
static const struct shape lock_shape = { sizeof(ROW), FIELDS{ { COL(part) }, { COL(id) }, END } };
#undef ROW
#define ROW struct grid_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { COL(name) }, { COL(mark) },
	{ COL(rev) }, { COL(cells) }, { COL(average) }, { COL(comment) }, { COL(remark) },
	{ COL(exempt) }, END } };
#undef ROW
enum { CLASS_MAX = 120 };

enum rc course_find(struct ctx *c, school_class_id class, subject_id subject_, struct course_head *ret)
{
	return query_one(c, "records/course_head", &book_in_shape, &(struct book_in){ .class = class.v,
		.subject = subject_.v }, &head_shape, ret);
}

static enum rc find_locks(struct ctx *c, struct grid *g)
{
	struct book_in in = { g->head.class, g->head.subject, g->term, g->head.id, g->head.org.v, 0 };
	static const char *const codes[] = { "all", "tx", "gk", "ck" };
	items got;

	TRY(query(c, "records/locks", &book_in_shape, &in, &lock_shape, &got, 40));
	for (int64_t i = 0; i < got.n; i++) {
		const struct lock_row *l = (const struct lock_row *)got.p + i;
		if (l->id)
			g->reopened = l->id;
		for (int s = 0; s < g->layout.n && !l->id; s++)
			g->locked[s] = g->locked[s] || str_is(l->part, "all") || str_is(l->part, codes[g->layout.slots[s].part]);
	}
	return OK;
}

static enum rc load_rows(struct ctx *c, struct grid *g)
{
	struct book_in in = { g->head.class, g->head.subject, g->term, g->head.id, g->head.org.v, 0 };
	items got;

	TRY(query(c, "records/sheet", &book_in_shape, &in, &row_shape, &got, CLASS_MAX));
	g->rows = NEWS(c->mem, struct grid_row, got.n + 1);
	memcpy(g->rows, got.p, sizeof *g->rows * (size_t)got.n);
	g->n = got.n;
	return OK;
}

static bool teaches(struct ctx *c, const struct course_head *k)
{
	struct course row = { .base = { .id = k->id, .org = k->org }, .class = { k->class }, .subject = { k->subject } };

	return may(c, &course, UPDATE, &row);
}

static enum rc load_book(struct ctx *c, school_class_id class, subject_id subject_, pick term_, struct grid *ret)
{
	memset(ret, 0, sizeof *ret);
	TRY(course_find(c, class, subject_, &ret->head));
	ret->term = term_;
	/* parameters change ratings, never cells and averages */
	const struct scheme *s = scheme_for(schemes(c), ret->head.grade, (int)ret->head.year);
	if (!s)
		return FAIL(c, E_STATE, 0, &MSG_no_scheme);
	layout_make(c->mem, s, ret->head.grade, ret->head.code, ret->head.comment_only, (int)ret->head.lessons,
		&ret->layout);
	TRY(find_locks(c, ret));
	return load_rows(c, ret);
}

enum rc grid_load(struct ctx *c, school_class_id class, subject_id subject_, pick term_, struct grid *ret)
{
	TRY(load_book(c, class, subject_, term_, ret));
	ret->may_write = teaches(c, &ret->head);
	return OK;
}

/* ---- saving
 * -------------------------------------------------------------------------------------------------------- */

struct saving { struct ctx *c; const struct save_ask *ask; struct grid g; struct cell_told *told;
	int32_t (*cells)[SLOTS]; bool *touched; struct buf lines; int64_t n_saved, n_refused; bool behind_lock; };

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
	s->n_saved += end == CELL_SAVED;
}

static str dash(str s) { return s.n ? s : S("-"); }

static void add_line(struct saving *s, int64_t pupil_, str column, str from, str to)
{
	put_fmt(&s->lines, "%s%lld %.*s %.*s %.*s", s->lines.n ? "\n" : "", (long long)pupil_, FMT(column),
		FMT(dash(from)), FMT(dash(to)));
}

static void edit_remark(struct saving *s, const struct cell_edit *e, int64_t row, struct cell_told *t)
{
	struct grid_row *r = &s->g.rows[row];
	str to = str_trim(e->to);

	t->stored = r->remark;
	if (str_eq(to, r->remark)) {
		end_cell(s, t, CELL_SAME, NULL);
	} else if (str_chars(to) > 1000) {
		end_cell(s, t, CELL_WRONG, &MSG_long);
	} else if (!str_eq(str_trim(e->was), r->remark)) {
		end_cell(s, t, CELL_CONFLICT, &MSG_changed);
	} else {
		add_line(s, e->pupil, e->column, ledger_remark(s->c->mem, r->remark), ledger_remark(s->c->mem, to));
		r->remark = t->stored = to;
		s->touched[row] = true;
		end_cell(s, t, CELL_SAVED, NULL);
	}
}

/* Does the writer's view of the cell fit what is stored? Compared as values: 8 and 8,0 are the same mark. */
static bool was_seen(struct saving *s, int slot, str was, int32_t stored)
{
	const struct tr *why;
	int32_t v;

	return cell_typed(s->c->mem, &s->g.layout, slot, was, &v, &why) && v == stored;
}

static void edit_mark(struct saving *s, const struct cell_edit *e, int64_t row, int slot, struct cell_told *t)
{
	const struct cell_layout *l = &s->g.layout;
	int32_t *cell = &s->cells[row][slot], v;
	const struct tr *why = NULL;

	t->stored = cell_code(s->c->mem, l, *cell);
	if (!cell_typed(s->c->mem, l, slot, e->to, &v, &why)) {
		end_cell(s, t, CELL_WRONG, why);
	} else if (v == *cell) {
		end_cell(s, t, CELL_SAME, NULL);
	} else if (s->g.rows[row].exempt && v != CELL_EMPTY) {
		end_cell(s, t, CELL_WRONG, &MSG_exempt);
	} else if (s->g.locked[slot] && !s->g.reopened) {
		end_cell(s, t, CELL_LOCKED, &MSG_locked);
	} else if (!was_seen(s, slot, e->was, *cell)) {
		end_cell(s, t, CELL_CONFLICT, &MSG_changed);
	} else {
		str to = cell_code(s->c->mem, l, v);
		add_line(s, e->pupil, e->column, t->stored, to);
		*cell = v;
		t->stored = to;
		s->behind_lock = s->behind_lock || s->g.locked[slot];
		s->touched[row] = true;
		end_cell(s, t, CELL_SAVED, NULL);
	}
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
	s->n_saved = s->n_refused = 0;
	s->behind_lock = false;
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
		n++;
	}
	return put_rows(s->c, &mark, rows, n, (const col[]){ offsetof(struct mark, cells), offsetof(struct mark, average),
		offsetof(struct mark, comment), offsetof(struct mark, remark), 0 });
}

enum { TRIES = 4 };

enum rc marks_save(struct ctx *c, const struct save_ask *ask, struct save_told *ret)
{
	struct saving s = { .c = c, .ask = ask };
	bool moved = false;

	for (int i = 0; i < TRIES && !moved; i++) {
		TRY(load_book(c, ask->class, ask->subject, ask->term, &s.g));
		if (i == 0 && !teaches(c, &s.g.head))
			return FAIL(c, E_DENIED, 0, &MSG_not_yours);
		begin(&s);
		*ret = (struct save_told){ { s.told, ask->n }, s.n_saved, s.g.head.entries };
		if (ask->whole && s.n_refused)
			return FAILF(c, E_INVALID, 0, &MSG_refused, TEXT(c, "%lld", (long long)s.n_refused));
		if (s.n_saved == 0)
			return OK;
		if (s.behind_lock && str_trim(ask->reason).n == 0)
			return FAIL(c, E_INVALID, 0, &MSG_reason);
		TRY(ledger_append(c, &s.g.head, ask->term, buf_str(&s.lines), str_trim(ask->reason), &moved));
	}
	if (!moved)
		return FAIL(c, E_BUSY, 0, &MSG_busy);
	ret->seq = s.g.head.entries + 1;
	return write_rows(&s);
}
