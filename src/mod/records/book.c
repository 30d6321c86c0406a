/* book.c -- the page of a book of marks: one input a cell, posted as a form or cell by cell as JSON. */
#include "mod/records/records_rules.h"

struct page_in { school_class_id class; subject_id subject; pick term; str column; };
#define ROW struct page_in
const struct choice terms_written[] = { { "hk1", { "Học kì I", "Term I" } },
	{ "hk2", { "Học kì II", "Term II" } }, END };
const struct shape book_page_in = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(column), .max = 10, .label = { "Cột", "Column" } }, END } };
#undef ROW

/* n: the place of the column on the page, from 1; brief: TX1; part: what locks it. */
struct column_view { int64_t n; str key, label, brief, part; bool word, locked, open, chosen; int64_t decimals, least,
	missing; };
#define ROW struct column_view
static const struct shape column_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(key) }, { COL(label) },
	{ COL(brief) }, { COL(part) }, { COL(word) }, { COL(locked) }, { COL(open) }, { COL(chosen) },
	{ COL(decimals) }, { COL(least) }, { COL(missing) }, END } };
#undef ROW
/* value: the code; shown: as people write it, or what was typed and refused; why: what is wrong with that. */
struct cell_view { int64_t k; str column, value, shown, why, stored; bool open, low, here, old, word; };
#define ROW struct cell_view
static const struct shape cell_shape = { sizeof(ROW), FIELDS{ { COL(k) }, { COL(column) }, { COL(value) },
	{ COL(shown) }, { COL(why) }, { COL(stored) }, { COL(open) }, { COL(low) }, { COL(here) },
	{ COL(old) }, { COL(word) }, END } };
#undef ROW
struct pupil_view { int64_t pupil, n, row; str name, from; bool exempt; items cells; score average;
	str average_shown, comment, comment_shown, remark, remark_why, remark_stored; };
#define ROW struct pupil_view
static const struct shape pupil_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(n) }, { COL(row) },
	{ COL(name) }, { COL(from) }, { COL(exempt) }, { MANY(cells, cell_shape) }, { COL(average) },
	{ COL(average_shown) }, { COL(comment) },
	{ COL(comment_shown) }, { COL(remark) }, { COL(remark_why) }, { COL(remark_stored) }, END } };
#undef ROW
struct lock_view { str text; bool now; };
#define ROW struct lock_view
static const struct shape lock_view_shape = { sizeof(ROW), FIELDS{ { COL(text) }, { COL(now) }, END } };
#undef ROW
struct part_view { str code, label; bool chosen; };
#define ROW struct part_view
static const struct shape part_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(label) }, { COL(chosen) }, END } };
#undef ROW
struct phrase_view { int64_t id; str text, keys; };
#define ROW struct phrase_view
static const struct shape phrase_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(text) }, { COL(keys) }, END } };
#undef ROW
struct page_view { str title, term, term_code, other_term, other_code, scheme, columns_open, column, words, trouble,
	reason, reopened_text; int64_t class, subject, course, entries, chosen, filled, wanted; bool may_write, reopened,
	none, asked, may_ask, ask_open, remark_open, any_open, worded; items columns, pupils, locks, parts, phrases; };
#define ROW struct page_view
const struct shape book_page_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(term) }, { COL(term_code) },
	{ COL(other_term) }, { COL(other_code) }, { COL(scheme) }, { COL(columns_open) }, { COL(column) }, { COL(words) },
		{ COL(trouble) },
	{ COL(reason) }, { COL(reopened_text) }, { COL(class) }, { COL(subject) }, { COL(course) }, { COL(entries) },
	{ COL(chosen) }, { COL(filled) }, { COL(wanted) }, { COL(may_write) }, { COL(reopened) }, { COL(none) },
	{ COL(asked) }, { COL(may_ask) }, { COL(ask_open) }, { COL(remark_open) }, { COL(any_open) }, { COL(worded) },
	{ MANY(columns, column_shape) }, { MANY(pupils, pupil_shape) },
	{ MANY(locks, lock_view_shape) }, { MANY(parts, part_shape) }, { MANY(phrases, phrase_shape) }, END } };
#undef ROW

/* What a form sent and was refused: shown again in its cell. */
struct refused { const struct cell_edit *edits; const struct cell_told *told; int64_t n; };

static bool is_open(const struct grid *g, int slot)
{
	return g->may_write && slot_open(g, slot);
}

static const struct cell_told *refusal(const struct refused *x, int64_t pupil_, str column, str *ret_typed)
{
	for (int64_t i = 0; x && i < x->n; i++)
		if (x->edits[i].pupil == pupil_ && x->told[i].end >= CELL_WRONG && str_eq(x->edits[i].column, column)) {
			*ret_typed = x->edits[i].to;
			return &x->told[i];
		}
	return NULL;
}

/* "Somebody wrote 8 at 14:30 05/09/2014": both values stand at the cell. */
static str stored_text(struct ctx *c, const struct cell_told *t, str shown)
{
	static const struct tr
		by = { "{1} đã ghi “{2}” lúc {3}", "{1} wrote “{2}” at {3}" }, now = { "Trong sổ: “{1}”",
			"In the book: “{1}”" };

	if (t->end != CELL_CONFLICT)
		return (str){ 0 };
	return t->who.n ? sayf(c, &by, ARGS(t->who, shown, instant_text(c->mem, t->at))) : sayf(c, &now, ARGS(shown));
}

static void one_cell(struct ctx *c, const struct grid *g, int slot, int32_t v, const struct refused *x, int64_t pupil_,
	struct cell_view *ret)
{
	str typed, column = str_of(g->layout.slots[slot].key);
	const struct cell_told *t = refusal(x, pupil_, column, &typed);

	*ret = (struct cell_view){ .k = slot + 1, .column = column, .value = cell_code(c->mem, &g->layout, v),
		.shown = cell_shown(c->mem, &g->layout, v), .open = is_open(g, slot), .low = v >= 0 && v < 500,
		.word = g->layout.slots[slot].word };
	if (t) {
		ret->stored = stored_text(c, t, ret->shown);
		ret->shown = typed;
		ret->why = t->why;
	}
}

static items cells_of(struct ctx *c, const struct grid *g, const struct grid_row *r, const struct refused *x,
	struct column_view *columns, struct page_view *out)
{
	struct cell_view *v = NEWS(c->mem, struct cell_view, g->layout.n + 1);
	int32_t cells[SLOTS];

	row_cells(&g->layout, r, cells);
	for (int i = 0; i < g->layout.n; i++) {
		one_cell(c, g, i, cells[i], x, r->pupil.v, &v[i]);
		v[i].old = r->came && r->old[i];
		v[i].open = v[i].open && !v[i].old;
		if (r->exempt) {
			v[i].open = v[i].open && cells[i] != CELL_EMPTY;
			continue;
		}
		out->wanted++;
		out->filled += cells[i] != CELL_EMPTY;
		columns[i].missing += cells[i] == CELL_EMPTY;
	}
	return (items){ v, g->layout.n };
}

static struct column_view *columns_of(struct ctx *c, const struct grid *g)
{
	struct column_view *v = NEWS(c->mem, struct column_view, SLOTS);

	for (int i = 0; i < g->layout.n; i++) {
		const struct cell_slot *s = &g->layout.slots[i];
		str key = str_of(s->key);
		v[i] = (struct column_view){ .n = i + 1, .key = key, .label = c->lang == VI ? s->vi : s->en,
			.brief = viet_upper(c->mem, key), .word = s->word, .locked = !slot_open(g, i),
			.part = str_of(reopen_parts[slot_part(g, i)].code),
			.open = is_open(g, i),
			.decimals = s->word ? 0 : s->column >= 0 ? g->layout.scheme->columns[s->column].decimals
			: g->layout.scheme->test_decimals,
			.least = s->word ? 0 : s->column >= 0 ? g->layout.scheme->columns[s->column].least
			: g->layout.scheme->test_least };
	}
	return v;
}

static str open_columns(struct ctx *c, const struct grid *g)
{
	struct buf b;

	buf_init(&b, c->mem, 400);
	for (int i = 0; i < g->layout.n; i++)
		if (is_open(g, i))
			put_fmt(&b, "%s ", g->layout.slots[i].key);
	if (is_open(g, SLOT_REMARK))
		put_z(&b, "remark");
	return buf_str(&b);
}

/* "dat=Đạt|chua_dat=Chưa đạt": what a column of words takes, for the script of the page. */
static str words_of(struct ctx *c, const struct grid *g)
{
	struct buf b;

	buf_init(&b, c->mem, 2000);
	for (int i = 0; i < g->layout.scheme->n_words; i++)
		put_fmt(&b, "%s%.*s=%.*s", i ? "|" : "", FMT(g->layout.scheme->words[i].code),
			FMT(g->layout.scheme->words[i].vi));
	return buf_str(&b);
}

static items locks_of(struct ctx *c, const struct grid *g)
{
	static const struct tr done = { "{1}: đã khóa", "{1}: locked" }, will = { "{1}: khóa từ {2}", "{1}: locks on {2}" };
	struct lock_view *v = NEWS(c->mem, struct lock_view, PARTS);
	int64_t n = 0;

	for (int p = 0; p < PARTS; p++) {
		bool again = g->reopened_until[p].v != NO_DAY.v || g->reopened_until[PART_ALL].v != NO_DAY.v;
		str is = say(c, &reopen_parts[p].label);
		if (g->lock_now[p] && !again)
			v[n++] = (struct lock_view){ sayf(c, &done, ARGS(is)), true };
		else if (!g->lock_now[p] && g->lock_day[p].v != NO_DAY.v)
			v[n++] = (struct lock_view){ sayf(c, &will, ARGS(is, day_text(c->mem, g->lock_day[p]))), false };
	}
	return (items){ v, n };
}

/* What a permission lets be written behind the lock, and until when. */
static str reopened_text(struct ctx *c, const struct grid *g)
{
	static const struct tr until = { "{1}: được mở lại đến hết ngày {2}", "{1}: open again until the end of {2}" };
	struct buf b;

	buf_init(&b, c->mem, 2000);
	for (int p = 0; p < PARTS; p++)
		if (g->reopened_until[p].v != NO_DAY.v)
			put_fmt(&b, "%s%.*s", b.n ? " · " : "", FMT(sayf(c, &until, ARGS(say(c, &reopen_parts[p].label),
				day_text(c->mem, g->reopened_until[p])))));
	return buf_str(&b);
}

/* The parts that may be asked for: locked, not waiting for an answer. The one of the column that was clicked is chosen;
 * the whole book can be asked for where more than one part is locked. */
static items parts_of(struct ctx *c, const struct grid *g, str column)
{
	struct part_view *v = NEWS(c->mem, struct part_view, PARTS);
	bool locked[PARTS] = { false };
	int slot = str_is(column, "remark") ? SLOT_REMARK : layout_slot(&g->layout, column);
	int64_t n = 0;

	for (int s = 0; g->may_write && !g->asked[PART_ALL] && s <= SLOT_REMARK; s++)
		if (!slot_open(g, s) && !g->asked[slot_part(g, s)])
			locked[slot_part(g, s)] = true;
	for (int p = PART_REGULAR; p < PARTS; p++)
		if (locked[p])
			v[n++] = (struct part_view){ str_of(reopen_parts[p].code), say(c, &reopen_parts[p].label),
				slot >= 0 && slot_part(g, slot) == p };
	if (n > 1)
		v[n++] = (struct part_view){ str_of(reopen_parts[PART_ALL].code), say(c, &reopen_parts[PART_ALL].label),
			false };
	return (items){ v, n };
}

/* On a phone one column stands beside the names: the one asked for, or the first that may be written and
 * is not full. */
static int64_t chosen_column(const struct grid *g, struct column_view *v, str asked)
{
	int64_t at = 0;

	for (int i = 0; i < g->layout.n; i++)
		if (str_eq(v[i].key, asked))
			return i;
	if (str_is(asked, "remark"))
		return g->layout.n;
	for (int i = g->layout.n; i-- > 0; )
		if (v[i].open && v[i].missing)
			at = i;
	return at;
}

static void about(struct ctx *c, const struct grid *g, str column, struct page_view *out)
{
	static const struct tr title = { "Sổ điểm {1} – {2}", "Marks of {1} – {2}" };
	pick other = g->term == TERM_1 ? TERM_2 : TERM_1;

	out->title = sayf(c, &title, ARGS(g->head.class_name, g->head.subject_name));
	out->term = say(c, &mark_terms[g->term].label);
	out->term_code = str_of(mark_terms[g->term].code);
	out->other_term = say(c, &mark_terms[other].label);
	out->other_code = str_of(mark_terms[other].code);
	out->scheme = c->lang == VI ? g->layout.scheme->is.vi : g->layout.scheme->is.en;
	out->class = g->head.class;
	out->subject = g->head.subject;
	out->course = g->head.id;
	out->entries = g->head.entries;
	out->may_write = g->may_write;
	out->reopened = grid_reopened(g);
	out->reopened_text = reopened_text(c, g);
	out->remark_open = is_open(g, SLOT_REMARK);
	out->parts = parts_of(c, g, column);
	out->may_ask = out->parts.n > 0;
	for (int64_t i = 0; i < out->parts.n; i++)
		out->ask_open = out->ask_open || ((const struct part_view *)out->parts.p)[i].chosen;
	for (int p = 0; p < PARTS; p++)
		out->asked = out->asked || g->asked[p];
	out->none = g->n == 0;
	out->worded = !g->layout.scheme->n_columns;      /* TT 27/2020 Điều 7: a word and tests, no average */
	out->columns_open = open_columns(c, g);
	out->any_open = out->columns_open.n > 0;
	out->words = words_of(c, g);
	out->locks = locks_of(c, g);
}

static void page_of(struct ctx *c, const struct grid *g, str column, const struct refused *x, struct page_view *out)
{
	struct pupil_view *v = NEWS(c->mem, struct pupil_view, g->n + 1);
	struct column_view *columns = columns_of(c, g);

	about(c, g, column, out);
	for (int64_t i = 0; i < g->n; i++) {
		const struct grid_row *r = &g->rows[i];
		int32_t word = CELL_EMPTY;
		for (int w = 0; r->comment.n && w < g->layout.scheme->n_words; w++)
			if (str_eq(r->comment, g->layout.scheme->words[w].code))
				word = CELL_WORD + w;
		v[i] = (struct pupil_view){ .pupil = r->pupil.v, .n = i + 1, .row = i, .name = r->name, .from = r->from,
			.exempt = r->exempt,
			.cells = cells_of(c, g, r, x, columns, out), .average = r->average,
			.average_shown = average_text(c->mem, g->layout.scheme, r->average.v, false), .comment = r->comment,
			.comment_shown = cell_shown(c->mem, &g->layout, word), .remark = r->remark };
		str typed;
		const struct cell_told *t = refusal(x, r->pupil.v, S("remark"), &typed);
		if (t) {
			v[i].remark_why = t->why;
			v[i].remark_stored = stored_text(c, t, r->remark);
			v[i].remark = typed;
		}
	}
	int64_t at = chosen_column(g, columns, column);
	if (at < g->layout.n)
		columns[at].chosen = true;
	for (int64_t i = 0; i < g->n && at < g->layout.n; i++)
		((struct cell_view *)(uintptr_t)v[i].cells.p)[at].here = true;
	out->chosen = at + 1;
	out->column = at < g->layout.n ? columns[at].key : S("remark");
	out->columns = (items){ columns, g->layout.n };
	out->pupils = (items){ v, g->n };
}

static enum rc phrases_of(struct ctx *c, struct page_view *out)
{
	struct book_in in = { .subject = out->subject };

	if (!out->may_write)
		return OK;
	return query(c, "records/phrases", &book_in_shape, &in, &phrase_shape, &out->phrases, 200);
}

/* A phrase is its writer's, for good; whoever has no person behind the account has none. */
enum rc phrase_owner(struct ctx *c, void *row)
{
	struct phrase *x = row;

	if (x->base.rev)
		return OK;
	x->teacher = c->who->person;
	x->base.org = seat_org(c, &teacher).v ? seat_org(c, &teacher) : seat_org(c, &form_teacher);
	return OK;
}

enum rc book_page_get(struct ctx *c, const void *in_, void *out_)
{
	const struct page_in *in = in_;
	struct grid *g = NEW(c->mem, struct grid);       /* the view points into its layout */

	TRY(grid_load(c, in->class, in->subject, in->term, g));
	page_of(c, g, in->column, NULL, out_);
	return phrases_of(c, out_);
}

/* ---- POST /gradebook/{class}/{subject}/sheet: the page as a form ------------------------------------------------ */

struct row_in { int64_t pupil; str c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, remark; };
#define ROW struct row_in
#define CELL(m) { COL(m), .max = 20 }
static const struct shape row_in_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, CELL(c1), CELL(c2), CELL(c3), CELL(c4),
	CELL(c5), CELL(c6), CELL(c7), CELL(c8), CELL(c9), CELL(c10), CELL(c11), CELL(c12), CELL(c13), CELL(c14), CELL(c15),
	CELL(c16), { COL(remark), .max = 1000 }, END } };
#undef ROW
_Static_assert(offsetof(struct row_in, c16) == offsetof(struct row_in, c1) + (SLOTS - 1) * sizeof(str),
	"a cell a slot");
struct sheet { school_class_id class; subject_id subject; pick term; int64_t base; str columns, column, reason;
	items rows; };
#define ROW struct sheet
const struct shape sheet_in = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(base), .label = { "Lần ghi đã thấy", "Entry seen" } },
	{ COL(columns), .is = NEEDED, .max = 400, .label = { "Các cột gửi lên", "Columns sent" } },
	{ COL(column), .max = 10, .label = { "Cột", "Column" } },
	{ COL(reason), .max = 1000, .label = { "Lý do", "Reason" } },
	{ MANY(rows, row_in_shape), .max = 120, .label = { "Các dòng", "Rows" } }, END } };
#undef ROW

/* The cells of the columns that were sent: a column that was not there is not cleared. */
static int64_t edits_of(const struct grid *g, const struct sheet *in, struct cell_edit *ret)
{
	int64_t n = 0;

	for (str column, rest = in->columns; rest.n; ) {
		str_cut(rest, ' ', &column, &rest);
		int slot = layout_slot(&g->layout, column);
		bool remark = str_is(column, "remark");
		for (int64_t i = 0; i < in->rows.n && (slot >= 0 || remark); i++) {
			const struct row_in *r = (const struct row_in *)in->rows.p + i;
			const char *first = (const char *)r + offsetof(struct row_in, c1);
			str to = remark ? r->remark : *(const str *)(const void *)(first + (size_t)slot * sizeof(str));
			ret[n++] = (struct cell_edit){ .pupil = r->pupil, .column = column, .to = to };
		}
	}
	return n;
}

/* The whole was refused before anything was written: everything typed comes back, with what was missing. */
static void typed_again(const struct save_ask *ask, const struct grid *g, struct ctx *c, str column,
	struct page_view *out)
{
	struct cell_told *told = NEWS(c->mem, struct cell_told, ask->n + 1);
	struct refused x = { ask->edits, told, ask->n };

	for (int64_t i = 0; i < ask->n; i++)
		told[i] = (struct cell_told){ .end = CELL_WRONG };
	page_of(c, g, column, &x, out);
	out->trouble = c->n_problems ? c->problems[0].text : (str){ 0 };
	out->reason = ask->reason;
}

enum rc sheet_post(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr said = { "Đã lưu {1} ô.", "{1} cells saved." },
		some = { "Đã lưu {1} ô; {2} ô viền đỏ chưa lưu.", "{1} cells saved; {2} cells with a red border were not." };
	const struct sheet *in = in_;
	struct page_view *out = out_;
	struct save_told told;
	struct grid *g = NEW(c->mem, struct grid);       /* the view points into its layout */
	int64_t refused_ = 0;

	TRY(grid_load(c, in->class, in->subject, in->term, g));
	struct cell_edit *edits = NEWS(c->mem, struct cell_edit, in->rows.n * (SLOTS + 1) + 1);
	struct save_ask ask = { .class = in->class, .subject = in->subject, .term = in->term, .edits = edits,
		.n = edits_of(g, in, edits), .reason = in->reason, .base = in->base, .form = true };
	enum rc rc = marks_save(c, &ask, &told);
	if (rc == E_INVALID) {
		typed_again(&ask, g, c, in->column, out);
		answer_with(c, 422);
		return phrases_of(c, out);
	}
	TRY(rc);
	for (int64_t i = 0; i < told.cells.n; i++)
		refused_ += ((const struct cell_told *)told.cells.p)[i].end >= CELL_WRONG;
	str saved = TEXT(c, "%lld", (long long)told.saved);
	if (refused_ == 0) {
		c->said = sayf(c, &said, ARGS(saved));
		c->go = link_to(c, "/gradebook/%lld/%lld?term=%s&column=%.*s", (long long)in->class.v,
			(long long)in->subject.v, mark_terms[in->term].code, FMT(in->column));
		return OK;
	}
	TRY(grid_load(c, in->class, in->subject, in->term, g));
	page_of(c, g, in->column, &(struct refused){ edits, told.cells.p, told.cells.n }, out);
	out->trouble = sayf(c, &some, ARGS(saved, TEXT(c, "%lld", (long long)refused_)));
	out->reason = in->reason;
	answer_with(c, 422);
	return phrases_of(c, out);
}

/* ---- POST /gradebook/{class}/{subject}: cells as JSON ------------------------------------------------------------ */

#define ROW struct cell_edit
static const struct shape edit_shape = { sizeof(ROW), FIELDS{ { COL(pupil), .label = { "Học sinh", "Pupil" } },
	{ COL(column), .is = NEEDED, .max = 10, .label = { "Cột", "Column" } },
	{ COL(was), .max = 1000, .label = { "Trước", "Before" } }, { COL(to), .max = 1000, .label = { "Mới", "New" } },
	END } };
#undef ROW
struct save_in { school_class_id class; subject_id subject; pick term; bool whole, live; int64_t base; str reason;
	items cells; };
#define ROW struct save_in
const struct shape save_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(whole), .label = { "Ghi tất cả hoặc không", "All or none" } },
	{ COL(live), .label = { "Cho biết người khác đã ghi gì", "Tell what others wrote" } },
	{ COL(base), .label = { "Lần ghi đã thấy", "Entry seen" } },
	{ COL(reason), .max = 1000, .label = { "Lý do", "Reason" } },
	{ MANY(cells, edit_shape), .max = 2000, .label = { "Các ô", "Cells" } }, END } };
#undef ROW
#define ROW struct cell_told
static const struct choice ends[] = { { "saved", { "Đã lưu", "Saved" } }, { "same", { "Như cũ", "Same" } },
	{ "wrong", { "Sai", "Wrong" } }, { "conflict", { "Người khác đã ghi", "Conflict" } },
	{ "locked", { "Đã khóa", "Locked" } }, END };
static const struct shape told_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(column) },
	{ COL(end), .pick = ends }, { COL(stored) }, { COL(why) }, { COL(who) }, { COL(at) }, END } };
#undef ROW
#define ROW struct cell_news
static const struct shape news_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(column) }, { COL(value) },
	{ COL(shown) }, { COL(who) }, { COL(at) }, END } };
#undef ROW
#define ROW struct row_told
static const struct shape row_told_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(average) },
	{ COL(average_shown) }, { COL(comment) }, END } };
#undef ROW
/* The first four in this order: khue check --ledger reads them from the beginning of the answers that are kept. */
struct save_out { int64_t saved, course, seq; str head; items cells, news, rows; };
#define ROW struct save_out
const struct shape save_out_shape = { sizeof(ROW), FIELDS{ { COL(saved) }, { COL(course) }, { COL(seq) }, { COL(head) },
	{ MANY(cells, told_shape) },
	{ MANY(news, news_shape) }, { MANY(rows, row_told_shape) }, END } };
#undef ROW

void save_ahead(struct ctx *c, const void *in_)
{
	const struct save_in *in = in_;

	book_ahead(c, in->class, in->subject, in->term);
}

enum rc save_post(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr said = { "Đã lưu {1} ô.", "{1} cells saved." };
	const struct save_in *in = in_;
	struct save_out *out = out_;
	struct save_ask ask = { in->class, in->subject, in->term, in->cells.p, in->cells.n, in->whole, in->reason, in->base,
		in->live, false };
	struct save_told told;

	TRY(marks_save(c, &ask, &told));
	*out = (struct save_out){ told.saved, told.course, told.seq, told.head, told.cells, told.news, told.rows };
	if (wants_json(c))
		return OK;
	c->said = sayf(c, &said, ARGS(TEXT(c, "%lld", (long long)told.saved)));
	c->go = link_to(c, "/gradebook/%lld/%lld?term=%s", (long long)in->class.v, (long long)in->subject.v,
		mark_terms[in->term].code);
	return OK;
}
