/* paste.c -- a block from a spreadsheet held against a book of marks: which column is what, which row is whom, what
 * would change. Nothing is written: doc/why/gradebook.md says why the answer is looked at first. */
#include "mod/records/roster.h"
#include "base/csv.h"

static const struct tr
	MSG_not_yours = { "Bạn không được phân công dạy môn này ở lớp này.",
		"You do not teach this subject to this class." },
	MSG_broken = { "Không đọc được khối dán: {1}.", "The block cannot be read: {1}." },
	MSG_nothing = { "Không có ô nào để dán.", "There is nothing to paste." },
	MSG_large = { "Khối dán quá lớn: nhiều nhất {1} dòng, {2} cột.",
		"The block is too large: {1} rows, {2} columns at most." },
	MSG_map = { "Cột \"{1}\" không có trên sổ.", "The book has no column \"{1}\"." },
	MSG_locked = { "Cột điểm đã khóa.", "The column is locked." },
	MSG_exempt = { "Học sinh được miễn môn này.", "The pupil is exempt from this subject." },
	MSG_remark_locked = { "Nhận xét đã khóa cùng sổ.", "The remark is locked with the book." },
	MSG_remark = { "Nhận xét dài quá 1000 ký tự.", "A remark has 1000 characters at most." },
	MSG_number = { "Cột {1} giống số thứ tự nên được bỏ qua. ",
		"Column {1} looks like row numbers and is passed over. " },
	MSG_before = { "Cột {1} đứng trước tên hay mã, không phải điểm, nên được bỏ qua. ",
		"Column {1} stands before the names or codes, is no marks and is passed over. " },
	MSG_unlike = { "Cột {1} không giống điểm nên được bỏ qua. ",
		"Column {1} does not look like marks and is passed over. " },
	MSG_shifted = { "Dòng tiêu đề xếp các cột khác thứ tự trên sổ: đã dán theo tiêu đề. ",
		"The headings stand in another order than the book: pasted by the headings. " },
	MSG_by_place = { "Khối dán không có mã hay tên nên xếp theo vị trí, từ {1}. ",
		"The block has neither codes nor names and goes by place, from {1}. " },
	MSG_no_heading = { "Cột {1} có điểm mà không có tiêu đề nên bị bỏ: hãy xem các cột có lệch so với tiêu đề không. ",
		"Column {1} has marks and no heading and is left out: see whether the columns are shifted. " },
	MSG_strange = { "Cột {1} có điểm nhưng tiêu đề không phải cột nào của sổ nên bị bỏ. ",
		"Column {1} has marks, but its heading is no column of the book: it is left out. " },
	MSG_too_many = { "Có nhiều cột điểm hơn sổ: cột {1} bị bỏ. ",
		"There are more columns of marks than the book has: column {1} is left out. " };

/* A sheet of a whole school goes through: who is not of the class is named as unknown. */
enum { LINES = 1001, WIDE = 40 };
/* What a column of the block is: a slot of the book from 0, or one of these. */
enum { IS_NOTHING = -1, IS_CODE = -2, IS_NAME = -3, IS_BORN = -4, IS_REMARK = -5, IS_GIVEN = -6, IS_UNKNOWN = -7,
	IS_CLASS = -8 };

struct chosen { int64_t line, pupil; };
#define ROW struct chosen
static const struct shape chosen_shape = { sizeof(ROW), FIELDS{ { COL(line) }, { COL(pupil) }, END } };
#undef ROW
struct paste_ask { school_class_id class; subject_id subject; pick term; str text; int64_t pupil; str column, map;
	items chosen; };
#define ROW struct paste_ask
const struct shape paste_in = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(text), .is = NEEDED | LONG, .max = 200000, .label = { "Khối dán", "Block" } },
	{ COL(pupil), .label = { "Dán từ học sinh", "From the pupil" } },
	{ COL(column), .max = 10, .label = { "Dán từ cột", "From the column" } },
	{ COL(map), .max = 400, .label = { "Các cột", "Columns" } },
	{ MANY(chosen, chosen_shape), .max = LINES, .label = { "Đã chọn", "Chosen" } }, END } };
#undef ROW

struct heading { int64_t at; str heading, column; };
#define ROW struct heading
static const struct shape heading_shape = { sizeof(ROW), FIELDS{ { COL(at) }, { COL(heading) }, { COL(column) },
	END } };
#undef ROW
struct candidate { int64_t pupil; str name; day born; };
#define ROW struct candidate
static const struct shape candidate_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(born) },
	END } };
#undef ROW
struct pasted { str column, typed, shown, why, was; bool change; };
#define ROW struct pasted
static const struct shape pasted_shape = { sizeof(ROW), FIELDS{ { COL(column) }, { COL(typed) }, { COL(shown) },
	{ COL(why) }, { COL(was) }, { COL(change) }, END } };
#undef ROW
struct line_view { int64_t line, pupil; str name, given, how; items choices, cells; };
#define ROW struct line_view
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(line) }, { COL(pupil) }, { COL(name) },
	{ COL(given) }, { COL(how) }, { MANY(choices, candidate_shape) }, { MANY(cells, pasted_shape) }, END } };
#undef ROW
struct preview { str by, note; int64_t good, wrong, unknown; items columns, rows; };
#define ROW struct preview
const struct shape paste_out = { sizeof(ROW), FIELDS{ { COL(by) }, { COL(note) }, { COL(good) }, { COL(wrong) },
	{ COL(unknown) }, { MANY(columns, heading_shape) }, { MANY(rows, line_shape) }, END } };
#undef ROW

struct block { str (*cells)[WIDE]; int64_t *lines; int64_t rows; int columns; };
struct paste { struct ctx *c; const struct paste_ask *in; struct grid g; struct roster roster;
	struct block b; int is[WIDE]; bool headed; str heads[WIDE]; int64_t first /* row of data */; struct buf note;
	int64_t from_row; };

/* ---- the block --------------------------------------------------------------------------------------------------- */

static enum rc read_block(struct paste *p)
{
	struct ctx *c = p->c;
	struct block *b = &p->b;
	const char *bad = NULL;
	struct csv csv;
	int n;

	b->cells = arena_alloc(c->mem, sizeof *b->cells * LINES, _Alignof(str));
	b->lines = NEWS(c->mem, int64_t, LINES);
	memset(b->cells, 0, sizeof *b->cells * LINES);
	csv_open(&csv, p->in->text);
	csv.sep = '\t';
	while (b->rows < LINES && csv_next(&csv, c->mem, b->cells[b->rows], WIDE, &n, &bad)) {
		b->columns = n > b->columns ? n : b->columns;
		for (int i = 0; i < n; i++)
			b->cells[b->rows][i] = str_trim(b->cells[b->rows][i]);
		b->lines[b->rows++] = csv.line;
	}
	if (bad)
		return FAILF(c, E_INVALID, offsetof(struct paste_ask, text), &MSG_broken, str_of(bad));
	if (b->rows == LINES)
		return FAILF(c, E_INVALID, offsetof(struct paste_ask, text), &MSG_large, TEXT(c, "%d", LINES - 1),
			TEXT(c, "%d", WIDE));
	return b->rows ? OK : FAIL(c, E_INVALID, offsetof(struct paste_ask, text), &MSG_nothing);
}

/* ---- what a heading says ---------------------------------------------------------------------------------- */

/* TX9 where the book ends at TX4: a column of marks that the book does not have, which is told. */
static int slot_or_unknown(int slot) { return slot >= 0 || slot == IS_REMARK ? slot : IS_UNKNOWN; }

static int heading_is(struct paste *p, str text)
{
	static const int is[] = { [MARKS_NO] = IS_NOTHING, [MARKS_CODE] = IS_CODE, [MARKS_NAME] = IS_NAME,
		[MARKS_GIVEN] = IS_GIVEN, [MARKS_BORN] = IS_BORN, [MARKS_REMARK] = IS_REMARK, [MARKS_OTHER] = IS_NOTHING,
		[MARKS_OWN] = IS_CODE };
	struct arena *mem = p->c->mem;
	int number, at = tm_named(mem, marks_map, text, &number);
	str key = tm_key(mem, text);

	if (str_is(key, "lop") || str_is(key, "tenlop"))
		return IS_CLASS;
	if (at >= 0)
		return at < MARKS_FIRST ? is[at] : slot_or_unknown(marks_slot(p->c, &p->g.layout, &marks_map[at], number));
	for (int i = 0; i < p->g.layout.n; i++) {
		const struct cell_slot *s = &p->g.layout.slots[i];
		if (str_is(key, s->key) || str_eq(key, tm_key(mem, s->vi)) || str_eq(key, tm_key(mem, s->en)))
			return i;
	}
	return IS_UNKNOWN;
}

/* A first row of words of which one is known, and no mark among them. */
static void read_headings(struct paste *p)
{
	const struct tr *why;
	int known = 0, marks = 0;
	int32_t v;

	for (int i = 0; i < p->b.columns; i++) {
		str s = p->b.cells[0][i];
		p->is[i] = s.n ? heading_is(p, s) : IS_UNKNOWN;
		known += s.n && p->is[i] != IS_UNKNOWN;
		marks += s.n && !p->g.layout.slots[0].word && cell_typed(p->c->mem, &p->g.layout, 0, s, &v, &why) &&
			v < CELL_WORD;
	}
	p->headed = known > 0 && marks == 0;
	p->first = p->headed;
	for (int i = 0; i < p->b.columns; i++) {
		p->heads[i] = p->headed ? p->b.cells[0][i] : (str){ 0 };
		p->is[i] = p->headed ? p->is[i] : IS_UNKNOWN;
	}
}

/* The top of the block as a sheet: what finds headings in workbooks finds them here. */
static bool find_heading(struct paste *p, struct tm_sheet *ret)
{
	struct arena *mem = p->c->mem;
	int n = p->b.rows < TM_FIRST_ROWS + TM_HEADS ? (int)p->b.rows : TM_FIRST_ROWS + TM_HEADS;
	struct wb_row *rows = NEWS(mem, struct wb_row, n);
	struct wb_sheet *sheet = NEW(mem, struct wb_sheet);

	for (int r = 0; r < n; r++) {
		rows[r] = (struct wb_row){ .cells = NEWS(mem, struct wb_cell, p->b.columns), .n = p->b.columns };
		for (int i = 0; i < p->b.columns; i++)
			rows[r].cells[i].text = p->b.cells[r][i];
	}
	sheet->rows = rows;
	sheet->n_rows = n;
	return marks_find(mem, &(struct workbook){ .sheets = sheet, .n_sheets = 1 }, 0, ret);
}

static bool names_somebody(struct paste *p, int64_t rows)
{
	for (int64_t r = 0; r < rows; r++)
		for (int i = 0; i < p->b.columns; i++) {
			str s = p->b.cells[r][i];
			if (s.n > 2 && (roster_coded(&p->roster, s) >= 0 ||
				roster_named(&p->roster, viet_fold(p->c->mem, s), 0) >= 0))
				return true;
		}
	return false;
}

/* Titles above the heading, a heading of several rows ("Điểm thường xuyên" over TX1, TX2), as books of marks are
 * printed: where that says more than the first row alone. No pupil's row is taken for a title. */
static void read_deep_headings(struct paste *p)
{
	struct tm_sheet *t = NEW(p->c->mem, struct tm_sheet);
	int known = 0;

	for (int i = 0; i < p->b.columns; i++)
		known += p->headed && p->heads[i].n && p->is[i] != IS_UNKNOWN;
	if (!find_heading(p, t) || t->found <= known || names_somebody(p, t->first))
		return;
	p->headed = true;
	p->first = t->first;
	for (int i = 0; i < p->b.columns; i++) {
		const struct tm_at *at = &t->columns[i];
		p->heads[i] = at->n_heads ? at->head[at->n_heads - 1] : (str){ 0 };
		p->is[i] = p->heads[i].n ? heading_is(p, p->heads[i]) : IS_UNKNOWN;
		if (at->at >= MARKS_FIRST)
			p->is[i] = slot_or_unknown(marks_slot(p->c, &p->g.layout, &marks_map[at->at], at->number));
	}
}

/* ---- what the cells of a column look like ----------------------------------------------------------------- */

struct looks { int64_t filled, codes, names, full_names, days, marks, numbers; };      /* marks: or figures */

static struct looks look_at(struct paste *p, int column)
{
	struct looks l = { 0 };

	for (int64_t r = p->first; r < p->b.rows; r++) {
		str s = p->b.cells[r][column], next = column + 1 < p->b.columns ? p->b.cells[r][column + 1] : (str){ 0 };
		const struct tr *why;
		int32_t v;
		int64_t n;
		day d;
		if (!s.n)
			continue;
		l.filled++;
		l.codes += s.n > 2 && roster_coded(&p->roster, s) >= 0;      /* shorter ones are more likely marks */
		l.names += roster_named(&p->roster, viet_fold(p->c->mem, s), 0) >= 0;
		l.full_names += next.n && roster_named(&p->roster,
			viet_fold(p->c->mem, TEXT(p->c, "%.*s %.*s", FMT(s), FMT(next))), 0) >= 0;
		l.days += s.n > 5 && day_read(s, p->c->today, &d);
		l.marks += cell_typed(p->c->mem, &p->g.layout, 0, s, &v, &why) || (s.p[0] >= '0' && s.p[0] <= '9') ||
			s.p[0] == '-';
		l.numbers += str_to_int(s, &n) && n == l.filled;
	}
	return l;
}

static void note(struct paste *p, const struct tr *text, str arg)
{
	put(&p->note, sayf(p->c, text, ARGS(arg)));
}

/* Marks stand behind names. What stands before them without a heading is the row's number in the register, a day. */
static void pass_what_stands_before(struct paste *p)
{
	int who = 0;

	while (who < p->b.columns && p->is[who] != IS_CODE && p->is[who] != IS_NAME)
		who++;
	for (int i = 0; i < who && who < p->b.columns; i++) {
		if (p->is[i] != IS_UNKNOWN)
			continue;
		if (look_at(p, i).filled)
			note(p, &MSG_before, TEXT(p->c, "%c", 'A' + i % 26));
		p->is[i] = IS_NOTHING;
	}
}

/* A column without a heading is what most of its cells look like. */
static int looks_like(struct paste *p, int column, bool more_columns)
{
	struct looks l = look_at(p, column);
	str letter = TEXT(p->c, "%c", 'A' + column % 26);

	if (l.filled == 0)
		return IS_UNKNOWN;
	if (l.codes * 2 > l.filled)
		return IS_CODE;
	if (l.names * 2 > l.filled || l.full_names * 2 > l.filled)
		return IS_NAME;
	if (l.days * 2 > l.filled)
		return IS_BORN;
	if (more_columns && l.numbers == l.filled && l.filled > 2 && column == 0) {
		note(p, &MSG_number, letter);
		return IS_NOTHING;
	}
	if (l.marks * 2 <= l.filled && !str_is(p->in->column, "remark") && more_columns && l.filled > 1) {
		note(p, &MSG_unlike, letter);
		return IS_NOTHING;
	}
	return IS_UNKNOWN;
}

static bool has(const struct paste *p, int is)
{
	for (int i = 0; i < p->b.columns; i++)
		if (p->is[i] == is)
			return true;
	return false;
}

static bool in_two_columns(struct paste *p, int column)
{
	struct looks l = look_at(p, column);

	return l.full_names > l.names && l.full_names * 2 > l.filled;
}

/* Family and middle names in one column, the given name in the next: one name. */
static void join_names(struct paste *p)
{
	for (int i = 0; i + 1 < p->b.columns; i++) {
		if (p->is[i] != IS_NAME || (p->is[i + 1] != IS_GIVEN && p->is[i + 1] != IS_UNKNOWN))
			continue;
		if (in_two_columns(p, i))
			p->is[i + 1] = IS_GIVEN;
	}
	for (int i = 0; i < p->b.columns; i++)
		if (p->is[i] == IS_GIVEN && (i == 0 || p->is[i - 1] != IS_NAME))
			p->is[i] = has(p, IS_NAME) ? IS_NOTHING : IS_NAME;
}

/* Columns nobody named take the book's in order, from the one the block was pasted at. */
static void place_marks(struct paste *p)
{
	int at = layout_slot(&p->g.layout, p->in->column);
	bool remark = str_is(p->in->column, "remark");

	at = at < 0 ? 0 : at;
	for (int i = 0; i < p->b.columns; i++) {
		if (p->is[i] != IS_UNKNOWN)
			continue;
		struct looks l = look_at(p, i);
		if (p->headed) {
			if (l.filled && l.marks * 2 > l.filled)
				note(p, p->heads[i].n ? &MSG_strange : &MSG_no_heading, TEXT(p->c, "%c", 'A' + i % 26));
			continue;
		}
		if (l.filled == 0 && !(i + 1 < p->b.columns)) {
			p->is[i] = IS_NOTHING;
		} else if (remark || at == p->g.layout.n) {
			if (has(p, IS_REMARK))
				note(p, &MSG_too_many, TEXT(p->c, "%c", 'A' + i % 26));
			p->is[i] = has(p, IS_REMARK) ? IS_NOTHING : IS_REMARK;
		} else {
			p->is[i] = at++;
		}
	}
	bool shifted = false;
	for (int i = 0, last = -1; i < p->b.columns; i++) {
		p->is[i] = p->is[i] == IS_UNKNOWN ? IS_NOTHING : p->is[i];
		shifted = shifted || (p->headed && p->is[i] >= 0 && p->is[i] < last);
		last = p->is[i] >= 0 && p->is[i] > last ? p->is[i] : last;
	}
	if (shifted)
		note(p, &MSG_shifted, S(""));
}

static enum rc map_given(struct paste *p)
{
	int i = 0;

	for (str one, rest = p->in->map; rest.n && i < p->b.columns; i++) {
		str_cut(rest, ' ', &one, &rest);
		p->is[i] = str_is(one, "-") ? IS_NOTHING : str_is(one, "code") ? IS_CODE : str_is(one, "name") ? IS_NAME
			: str_is(one, "given") ? IS_GIVEN : str_is(one, "born") ? IS_BORN : str_is(one, "class") ? IS_CLASS
			: str_is(one, "remark") ? IS_REMARK : layout_slot(&p->g.layout, one);
		if (p->is[i] == IS_NOTHING && !str_is(one, "-"))
			return FAILF(p->c, E_INVALID, offsetof(struct paste_ask, map), &MSG_map, one);
	}
	for (; i < p->b.columns; i++)
		p->is[i] = IS_NOTHING;
	return OK;
}

static enum rc find_columns(struct paste *p)
{
	read_headings(p);
	read_deep_headings(p);
	if (p->in->map.n)
		return map_given(p);
	for (int i = 0; i < p->b.columns && !p->headed; i++) {
		p->is[i] = looks_like(p, i, p->b.columns > 1);
		if (p->is[i] == IS_NAME && i + 1 < p->b.columns && in_two_columns(p, i))
			p->is[++i] = IS_GIVEN;
	}
	if (!p->headed)
		pass_what_stands_before(p);
	join_names(p);
	place_marks(p);
	return OK;
}

/* ---- who a row is ----------------------------------------------------------------------------------------- */

struct given { struct roster_said said; str code; bool elsewhere; };

/* A sheet of several classes says of each row which it is of. */
static bool other_class(struct paste *p, str text)
{
	str key = tm_key(p->c->mem, text), here = tm_key(p->c->mem, p->g.head.class_name);

	return key.n && !str_eq(key, here) && !str_eq(key, TEXT(p->c, "lop%.*s", FMT(here)));
}

static struct given given_of(struct paste *p, int64_t r)
{
	struct given g = { .said = { .born = NO_DAY, .coded = -1 } };
	struct roster_said *said = &g.said;

	for (int i = 0; i < p->b.columns; i++) {
		str s = p->b.cells[r][i];
		if (p->is[i] == IS_CODE && s.n) {
			int64_t at = roster_coded(&p->roster, s);
			said->torn = said->torn || (at >= 0 && said->coded >= 0 && at != said->coded);
			said->coded = at >= 0 ? at : said->coded;
			g.code = s;
		} else if (p->is[i] == IS_NAME) {
			said->name = s;
		} else if (p->is[i] == IS_GIVEN) {
			said->name = TEXT(p->c, "%.*s %.*s", FMT(said->name), FMT(s));
		} else if (p->is[i] == IS_BORN) {
			day_read(s, p->c->today, &said->born);
		} else if (p->is[i] == IS_CLASS) {
			g.elsewhere = other_class(p, s);
		}
	}
	return g;
}

static const struct roster_row *by_what_it_says(struct paste *p, const struct given *g, struct line_view *line)
{
	struct roster_found f;

	roster_who(p->c, &p->roster, &g->said, &f);
	line->how = f.how;
	if (f.at >= 0)
		return &p->roster.rows[f.at];
	struct candidate *choices = NEWS(p->c->mem, struct candidate, f.n_choices + 1);
	for (int64_t i = 0; i < f.n_choices; i++) {
		const struct roster_row *x = &p->roster.rows[f.choices[i]];
		choices[i] = (struct candidate){ x->pupil, x->name, x->born };
	}
	line->choices = (items){ choices, f.n_choices };
	return NULL;
}

static const struct roster_row *by_choice(const struct paste *p, int64_t line)
{
	for (int64_t i = 0; i < p->in->chosen.n; i++) {
		const struct chosen *x = (const struct chosen *)p->in->chosen.p + i;
		for (int64_t k = 0; x->line == line && k < p->roster.n; k++)
			if (p->roster.rows[k].pupil == x->pupil)
				return &p->roster.rows[k];
	}
	return NULL;
}

static bool holds_marks(const struct paste *p, int64_t r)
{
	for (int i = 0; i < p->b.columns; i++)
		if (p->is[i] >= 0 && p->b.cells[r][i].n)
			return true;
	return false;
}

static const struct roster_row *whose(struct paste *p, int64_t r, struct line_view *line)
{
	struct given g = given_of(p, r);
	const struct roster_row *x = by_choice(p, line->line);

	line->given = g.said.name.n ? g.said.name : g.code;
	line->how = S("unknown");
	if (x) {
		line->how = S("chosen");
	} else if (g.elsewhere) {
		line->how = S("elsewhere");
	} else if (g.said.coded >= 0 || g.said.name.n) {
		x = by_what_it_says(p, &g, line);
	} else if (!has(p, IS_CODE) && !has(p, IS_NAME)) {
		int64_t at = p->from_row + p->b.lines[r] - p->b.lines[p->first];
		x = at < p->roster.n ? &p->roster.rows[at] : NULL;
		line->how = x ? S("place") : line->how;
	} else if (!g.code.n) {
		line->how = holds_marks(p, r) ? S("nameless") : S("empty");
	}
	return x;
}

/* ---- what would be written -------------------------------------------------------------------------------- */

static void paste_mark(struct paste *p, const struct grid_row *row, int slot, str typed, struct pasted *ret)
{
	const struct cell_layout *l = &p->g.layout;
	const struct tr *why = NULL;
	int32_t cells[SLOTS], whole[SLOTS], v;

	cells_read(l, row->cells, cells);
	row_cells(l, row, whole);
	*ret = (struct pasted){ .column = str_of(l->slots[slot].key), .typed = typed, .shown = typed,
		.was = cell_shown(p->c->mem, l, cells[slot]) };
	if (!typed.n) {
		ret->shown = ret->was;
		return;
	}
	if (!cell_typed(p->c->mem, l, slot, typed, &v, &why)) {
		ret->why = say(p->c, why);
		return;
	}
	ret->shown = cell_shown(p->c->mem, l, v);
	ret->change = v != cells[slot] && v != whole[slot];
	why = !ret->change ? NULL : row->exempt ? &MSG_exempt : !slot_open(&p->g, slot) ? &MSG_locked : NULL;
	ret->why = why ? say(p->c, why) : (str){ 0 };
}

static void paste_remark(struct paste *p, const struct grid_row *row, str typed, struct pasted *ret)
{
	*ret = (struct pasted){ .column = S("remark"), .typed = typed, .shown = typed.n ? typed : row->remark,
		.was = row->remark, .change = typed.n && !str_eq(typed, row->remark) };
	if (str_chars(typed) > 1000)
		ret->why = say(p->c, &MSG_remark);
	else if (ret->change && !slot_open(&p->g, SLOT_REMARK))
		ret->why = say(p->c, &MSG_remark_locked);
}

static void paste_row(struct paste *p, int64_t r, struct line_view *line, struct preview *out)
{
	struct pasted *cells = NEWS(p->c->mem, struct pasted, p->b.columns + 1);
	const struct grid_row *row = NULL;
	int64_t n = 0;

	for (int64_t i = 0; i < p->g.n; i++)
		if (p->g.rows[i].pupil.v == line->pupil)
			row = &p->g.rows[i];
	for (int i = 0; row && i < p->b.columns; i++) {
		if (p->is[i] < 0 && p->is[i] != IS_REMARK)
			continue;
		if (p->is[i] == IS_REMARK)
			paste_remark(p, row, p->b.cells[r][i], &cells[n]);
		else
			paste_mark(p, row, p->is[i], p->b.cells[r][i], &cells[n]);
		out->good += cells[n].change && !cells[n].why.n;
		out->wrong += cells[n].why.n > 0;
		n++;
	}
	line->cells = (items){ cells, n };
}

static bool is_named(const struct line_view *v) { return str_is(v->how, "name") || str_is(v->how, "both"); }

/* Two rows of one pupil: what a person chose stands, and a code stands before a name; else both are asked about, for
 * another class may have somebody of that name. */
static void set_apart(struct paste *p, struct line_view *v, const struct roster_row **x, int64_t k, int64_t n)
{
	const struct roster_row *who = x[n];
	bool later = str_is(v[k].how, "chosen") || (str_is(v[k].how, "code") && !str_is(v[n].how, "chosen"));

	if (is_named(&v[k]) && is_named(&v[n])) {
		struct candidate *one = NEW(p->c->mem, struct candidate);
		*one = (struct candidate){ who->pupil, who->name, who->born };
		v[k].how = v[n].how = S("both");
		v[k].choices = v[n].choices = (items){ one, 1 };
		x[k] = x[n] = NULL;
		return;
	}
	struct line_view *out = &v[later ? n : k];
	out->how = S("twice");
	out->given = who->name;
	x[later ? n : k] = NULL;
}

/* Also where two rows before were asked about already. */
static bool same_pupil(const struct line_view *k, const struct roster_row *at_k, const struct line_view *n,
	const struct roster_row *at_n)
{
	if (str_is(k->how, "both") && str_is(n->how, "name"))
		return ((const struct candidate *)k->choices.p)->pupil == at_n->pupil;
	return at_k && at_k->pupil == at_n->pupil;
}

static void paste_rows(struct paste *p, struct preview *out)
{
	struct line_view *v = NEWS(p->c->mem, struct line_view, p->b.rows + 1);
	const struct roster_row **x = NEWS(p->c->mem, const struct roster_row *, p->b.rows + 1);
	int64_t n = 0;

	for (int64_t r = p->first; r < p->b.rows; r++, n++) {
		v[n].line = p->b.lines[r];
		x[n] = whose(p, r, &v[n]);
		for (int64_t k = 0; k < n && x[n]; k++)
			if (same_pupil(&v[k], x[k], &v[n], x[n]))
				set_apart(p, v, x, k, n);
	}
	for (int64_t i = 0; i < n; i++) {
		v[i].pupil = x[i] ? x[i]->pupil : 0;
		v[i].name = x[i] ? x[i]->name : (str){ 0 };
		out->unknown += !x[i] && !str_is(v[i].how, "empty");
		paste_row(p, p->first + i, &v[i], out);
	}
	out->rows = (items){ v, n };
}

static str column_word(const struct paste *p, int is)
{
	switch (is) {
	case IS_CODE: return S("code");
	case IS_NAME: return S("name");
	case IS_GIVEN: return S("given");
	case IS_BORN: return S("born");
	case IS_REMARK: return S("remark");
	case IS_CLASS: return S("class");
	case IS_NOTHING: case IS_UNKNOWN: return (str){ 0 };
	}
	return str_of(p->g.layout.slots[is].key);
}

enum rc paste_post(struct ctx *c, const void *in_, void *out_)
{
	struct paste *p = NEW(c->mem, struct paste);     /* the view points into its layout */
	struct preview *out = out_;

	p->c = c;
	p->in = in_;
	TRY(grid_load(c, p->in->class, p->in->subject, p->in->term, &p->g));
	if (!p->g.may_write || p->g.layout.n == 0)
		return FAIL(c, E_DENIED, 0, &MSG_not_yours);
	buf_init(&p->note, c->mem, 4000);
	TRY(read_block(p));
	TRY(roster_load(c, p->in->class, &p->roster));
	for (int64_t i = 0; i < p->roster.n; i++)
		if (p->roster.rows[i].pupil == p->in->pupil)
			p->from_row = i;
	TRY(find_columns(p));
	struct heading *h = NEWS(c->mem, struct heading, p->b.columns + 1);
	for (int i = 0; i < p->b.columns; i++)
		h[i] = (struct heading){ i, p->heads[i], column_word(p, p->is[i]) };
	out->columns = (items){ h, p->b.columns };
	out->by = has(p, IS_CODE) ? S("code") : has(p, IS_NAME) ? S("name") : S("place");
	if (str_is(out->by, "place") && p->roster.n)
		note(p, &MSG_by_place, p->roster.rows[p->from_row].name);
	paste_rows(p, out);
	out->note = str_trim(buf_str(&p->note));
	return OK;
}
