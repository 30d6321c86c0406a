/* sheets_read.c -- the lines of a sheet held against pupils, and their cells against the book: what would change, and
 * what is wrong with the rest. Nothing is written here. */
#include "mod/records/sheets.h"

static const struct tr
	MSG_elsewhere = { "{1} dòng của lớp khác được bỏ qua. ", "{1} rows of another class are passed over. " },
	MSG_exempt = { "Học sinh được miễn môn này.", "The pupil is exempt from this subject." },
	MSG_locked = { "Cột điểm đã khóa.", "The column is locked." },
	MSG_remark_locked = { "Nhận xét đã khóa cùng sổ.", "The remark is locked with the book." },
	MSG_remark = { "Nhận xét dài quá 1000 ký tự.", "A remark has 1000 characters at most." },
	MSG_day = { "Excel đã đổi ô này thành ngày tháng: gõ lại điểm.", "Excel turned this cell into a date: "
		"type the mark again." },
	MSG_truth = { "Excel giữ ở ô này một giá trị đúng/sai, không phải điểm: gõ lại điểm.",
		"Excel keeps a truth value in this cell, not a mark: type the mark again." },
	MSG_left = { "{1} em của lớp không có trong trang này, điểm trong sổ giữ nguyên: {2}. ",
		"{1} pupils of the class are not on this sheet, their marks in the book stay: {2}. " },
	MSG_kept = { "{1} ô đã có trong sổ mà trang này để trống: giữ nguyên, không xóa. ",
		"{1} cells of the book are empty on this sheet: they stay, nothing is cleared. " },
	MSG_average = { "Điểm trung bình trong tệp khác điểm Khuê tính ở {1} dòng (dòng {2}: {3}, Khuê tính {4}): "
		"xem lại các cột điểm có bị lệch, hay công thức của tệp sai. ",
		"The averages of the file differ from what Khuê computes in {1} rows (row {2}: {3}, computed {4}): "
		"see whether columns are shifted or the file's formula is wrong. " },
	MSG_fault = { "Ô này là lỗi của công thức.", "This cell is a formula's error." },
	MSG_since = { "Có người vừa ghi giá trị khác vào ô này.", "Somebody has just written something else into "
		"this cell." };

struct matching { struct ctx *c; const struct sheets *of; struct sheet *s; const struct sheets_given *given;
	const struct cell_change *since; int64_t n_since; int elsewhere; };

/* ---- who a line is --------------------------------------------------------------------------------------------- */

struct given { struct roster_said said; bool coded, filled, numbered; };

static bool joins(struct ctx *c, str family, str given_)
{
	return !str_ends(viet_fold(c->mem, family), viet_fold(c->mem, TEXT(c, " %.*s", FMT(given_))));
}

/* A code that became a number in Excel has lost its leading zeros. */
static bool without_zeros(str code, str number)
{
	while (code.n > 0 && code.p[0] == '0')
		code = str_sub(code, 1, -1);
	return code.n && str_eq(code, number);
}

static int64_t coded(const struct roster *r, const struct wb_cell *cell, str code)
{
	int64_t at = roster_coded(r, code);

	for (int64_t i = 0; at < 0 && cell->kind == CELL_NUMBER && i < r->n; i++)
		at = without_zeros(r->rows[i].sector, code) || without_zeros(r->rows[i].school, code) ? i : -1;
	return at;
}

static struct given given_of(const struct matching *r, int row)
{
	const struct sheet *s = r->s;
	struct ctx *c = r->c;
	struct given g = { .said = { .born = NO_DAY, .coded = -1 } };
	struct roster_said *said = &g.said;
	int64_t n;

	for (int k = 0; k < s->t.n; k++) {
		const struct wb_cell *cell = wb_cell(r->of->w, s->sheet, row, k);
		str text = str_trim(cell->text);
		if (!text.n)
			continue;
		if (s->is[k] == SHEET_CODE || s->is[k] == SHEET_OWN) {
			g.coded = true;
			int64_t at = coded(&s->roster, cell, text);
			said->torn = said->torn || (at >= 0 && said->coded >= 0 && at != said->coded);
			said->coded = said->coded < 0 ? at : said->coded;
		} else if (s->is[k] == SHEET_NAME) {
			said->name = text;
		} else if (s->is[k] == SHEET_GIVEN) {
			said->name = said->name.n && joins(c, said->name, text) ? TEXT(c, "%.*s %.*s", FMT(said->name), FMT(text))
				: said->name.n ? said->name : text;
		} else if (s->is[k] == SHEET_BORN) {
			day_read(text, c->today, &said->born);
		} else if (s->is[k] == SHEET_NO) {
			g.numbered = str_to_int(text, &n);
		}
		g.filled = g.filled || s->is[k] >= 0 || s->is[k] == SHEET_REMARK;
	}
	return g;
}

static int64_t by_choice(const struct matching *r, int row)
{
	for (int64_t i = 0; i < r->given->n_chosen; i++) {
		const struct sheet_chosen *x = &r->given->chosen[i];
		for (int64_t k = 0; x->sheet == r->s->sheet && x->row == row && k < r->s->roster.n; k++)
			if (r->s->roster.rows[k].pupil == x->pupil)
				return k;
	}
	return -1;
}

/* A sheet of a whole school says of each row which class it is of. */
static bool other_class(const struct matching *r, int row)
{
	const struct sheet *s = r->s;
	str here = tm_key(r->c->mem, s->g.head.class_name);

	for (int k = 0; k < s->t.n; k++) {
		str said = s->is[k] == SHEET_CLASS ? tm_key(r->c->mem, wb_cell(r->of->w, s->sheet, row, k)->text) : (str){ 0 };
		if (said.n && !str_eq(said, here) && !str_eq(said, TEXT(r->c, "lop%.*s", FMT(here))))
			return true;
	}
	return false;
}

/* False: no pupil's line: empty, a signature, a total; or one of another class. */
static bool find_pupil(struct matching *r, struct xl_line *line)
{
	struct given g = given_of(r, line->row);
	const struct roster *o = &r->s->roster;
	struct roster_found f;

	line->given = g.said.name;
	line->at = by_choice(r, line->row);
	line->how = S("chosen");
	if (line->at >= 0)
		return true;
	if ((!g.said.name.n && !g.coded) || (!g.filled && !g.numbered && g.said.coded < 0))
		return false;
	if (other_class(r, line->row)) {
		r->elsewhere++;
		return false;
	}
	roster_who(r->c, o, &g.said, &f);
	line->at = f.at;
	line->how = f.how;
	line->choices = NEWS(r->c->mem, struct xl_choice, f.n_choices + 1);
	for (int64_t i = 0; f.at < 0 && i < f.n_choices; i++, line->n_choices++) {
		const struct roster_row *x = &o->rows[f.choices[i]];
		line->choices[i] = (struct xl_choice){ x->pupil, x->name, x->born };
	}
	return line->at >= 0 || g.filled;
}

/* ---- what a cell would do ---------------------------------------------------------------------------------------- */

static bool moved_since(const struct matching *r, int64_t pupil_, str column)
{
	for (int64_t i = 0; i < r->n_since; i++)
		if (r->since[i].pupil == pupil_ && str_eq(r->since[i].column, column))
			return true;
	return false;
}

static void judge(struct matching *r, struct xl_cell *x, int64_t pupil_, str column, bool same, bool empty,
	const struct tr *why)
{
	if (!why && !same && moved_since(r, pupil_, column))
		why = &MSG_since;
	x->what = why ? SHEET_WRONG : same ? SHEET_SAME : empty ? SHEET_NEW : SHEET_CHANGED;
	x->why = why ? say(r->c, why) : (str){ 0 };
}

/* A number as it stands in Excel here: 8,33. */
static str with_comma(struct ctx *c, str number)
{
	char *p = str_z(c->mem, number);

	for (char *s = p; *s; s++)
		*s = *s == '.' ? ',' : *s;
	return str_of(p);
}

/* A cell as it stands in Excel here. */
static str as_in_excel(struct ctx *c, const struct wb_cell *cell, str typed)
{
	day d;

	if (cell->kind == CELL_BOOL)
		return str_is(typed, "1") ? S("TRUE") : S("FALSE");
	if (cell->kind == CELL_DAY && day_read(typed, c->today, &d))
		return day_text(c->mem, d);
	return cell->kind == CELL_NUMBER ? with_comma(c, typed) : typed;
}

static void judge_mark(struct matching *r, const struct grid_row *row, const struct wb_cell *cell, struct xl_cell *x)
{
	const struct cell_layout *l = &r->s->g.layout;
	int slot = r->s->is[x->column];
	const struct tr *why = NULL;
	int32_t cells[SLOTS], whole[SLOTS], v = CELL_EMPTY;

	cells_read(l, row->cells, cells);
	row_cells(l, row, whole);
	x->was = cell_shown(r->c->mem, l, cells[slot]);
	if (!x->typed.n)
		return;
	x->shown = as_in_excel(r->c, cell, x->typed);
	if (cell->kind == CELL_BOOL)
		why = &MSG_truth;
	else if (cell->kind == CELL_DAY || cell->kind == CELL_MOMENT || cell->kind == CELL_CLOCK)
		why = &MSG_day;
	else if (cell->kind == CELL_ERROR)
		why = &MSG_fault;
	else if (cell_typed(r->c->mem, l, slot, x->typed, &v, &why))
		why = NULL;
	x->value = why ? CELL_EMPTY : v;
	bool same = !why && (v == cells[slot] || v == whole[slot]);
	if (!why) {
		x->shown = cell_shown(r->c->mem, l, v);
		why = same ? NULL : row->exempt ? &MSG_exempt : !slot_open(&r->s->g, slot) ? &MSG_locked : NULL;
	}
	judge(r, x, row->pupil.v, str_of(l->slots[slot].key), same, cells[slot] == CELL_EMPTY, why);
}

static void judge_remark(struct matching *r, const struct grid_row *row, struct xl_cell *x)
{
	bool same = str_eq(x->typed, row->remark);

	x->was = row->remark;
	if (!x->typed.n)
		return;
	x->shown = x->typed;
	judge(r, x, row->pupil.v, S("remark"), same, row->remark.n == 0, str_chars(x->typed) > 1000 ? &MSG_remark
		: !same && !slot_open(&r->s->g, SLOT_REMARK) ? &MSG_remark_locked : NULL);
}

static void read_cells(struct matching *r, struct xl_line *line)
{
	struct sheet *s = r->s;
	const struct grid_row *row = NULL;

	for (int64_t i = 0; line->at >= 0 && i < s->g.n; i++)
		if (s->g.rows[i].pupil.v == s->roster.rows[line->at].pupil)
			row = &s->g.rows[i];
	line->cells = NEWS(r->c->mem, struct xl_cell, s->t.n + 1);
	for (int k = 0; row && k < s->t.n; k++) {
		const struct wb_cell *cell = wb_cell(r->of->w, s->sheet, line->row, k);
		struct xl_cell *x = &line->cells[line->n_cells];
		if (s->is[k] < 0 && s->is[k] != SHEET_REMARK)
			continue;
		line->n_cells++;
		*x = (struct xl_cell){ .column = k, .value = CELL_EMPTY, .typed = str_trim(cell->text) };
		if (s->is[k] == SHEET_REMARK)
			judge_remark(r, row, x);
		else
			judge_mark(r, row, cell, x);
		s->counts[x->what]++;
	}
}

/* ---- the sheets --------------------------------------------------------------------------------------- */

/* What was read of a line is not written: how says why. */
static void let_go(struct matching *r, struct xl_line *line, str how)
{
	for (int i = 0; i < line->n_cells; i++)
		r->s->counts[line->cells[i].what]--;
	r->s->unknown += line->n_cells > 0;
	line->n_cells = 0;
	line->how = how;
	line->at = -1;
}

static void ask_who(struct matching *r, struct xl_line *line, const struct roster_row *x)
{
	let_go(r, line, S("both"));
	line->choices = NEW(r->c->mem, struct xl_choice);
	*line->choices = (struct xl_choice){ x->pupil, x->name, x->born };
	line->n_choices = 1;
}

/* Two lines of one pupil: what a person chose stands, and a code stands before a name; else both are asked about, for
 * one may be of another class. */
static void set_apart(struct matching *r, struct xl_line *line)
{
	struct sheet *s = r->s;
	const struct roster_row *x = line->at >= 0 ? &s->roster.rows[line->at] : NULL;
	bool named = str_is(line->how, "name"), chose = str_is(line->how, "chosen");

	for (int64_t i = 0; i < s->n_lines && line->at >= 0; i++) {
		struct xl_line *k = &s->lines[i];
		bool asked = named && str_is(k->how, "both") && k->choices->pupil == x->pupil;
		if (k->at != line->at && !asked)
			continue;
		if (named && !asked && str_is(k->how, "name"))
			ask_who(r, k, x);
		if (named && str_is(k->how, "both"))
			ask_who(r, line, x);
		else
			let_go(r, (chose && !str_is(k->how, "chosen")) || (!named && str_is(k->how, "name")) ? k : line,
				S("twice"));
	}
}

static bool is_named(const struct sheet *s, int64_t pupil_)
{
	for (int64_t i = 0; i < s->n_lines; i++) {
		const struct xl_line *l = &s->lines[i];
		if (l->at >= 0 && s->roster.rows[l->at].pupil == pupil_)
			return true;
		for (int64_t k = 0; l->at < 0 && k < l->n_choices; k++)
			if (l->choices[k].pupil == pupil_)
				return true;
	}
	return false;
}

/* What the sheet is silent about stays as it is in the book, and is told. */
static void tell_silent(struct matching *r)
{
	enum { NAMES = 6 };
	struct sheet *s = r->s;
	int64_t left = 0, kept = 0;
	struct buf names;

	buf_init(&names, r->c->mem, 4000);
	for (int64_t i = 0; i < s->g.n; i++)
		if (!is_named(s, s->g.rows[i].pupil.v) && ++left <= NAMES)
			put_fmt(&names, "%s%.*s", left > 1 ? ", " : "", FMT(s->g.rows[i].name));
	for (int64_t i = 0; i < s->n_lines; i++)
		for (int k = 0; k < s->lines[i].n_cells; k++)
			kept += s->lines[i].cells[k].what == SHEET_BLANK && s->lines[i].cells[k].was.n > 0;
	if (left > NAMES)
		put_z(&names, "…");
	if (left && left < s->g.n)
		put(&s->notes, sayf(r->c, &MSG_left, ARGS(TEXT(r->c, "%lld", (long long)left), buf_str(&names))));
	if (kept)
		put(&s->notes, sayf(r->c, &MSG_kept, ARGS(TEXT(r->c, "%lld", (long long)kept))));
}

/* The average that a line has beside the one of its marks, where it has them all. */
static bool differs(struct matching *r, const struct xl_line *line, int column, score *ret_there, score *ret_here)
{
	const struct sheet *s = r->s;
	const struct wb_cell *cell = wb_cell(r->of->w, s->sheet, line->row, column);
	int32_t cells[SLOTS];
	str word, digits = str_trim(cell->text);

	for (int i = 0; i < SLOTS; i++)
		cells[i] = CELL_EMPTY;
	for (int i = 0; i < line->n_cells; i++)
		if (s->is[line->cells[i].column] >= 0)
			cells[s->is[line->cells[i].column]] = line->cells[i].value;
	cells_result(&s->g.layout, cells, ret_here, &word);
	return score_read(digits, ret_there) && ret_here->v != NO_SCORE.v && ret_here->v >= 0 &&
		ret_here->v != ret_there->v;
}

/* Columns of marks that stand one off look right everywhere but in the average. */
static void tell_averages(struct matching *r)
{
	struct sheet *s = r->s;
	score there, here, first_there = { 0 }, first_here = { 0 };
	int64_t n = 0, row = 0;
	int column = 0;

	while (column < s->t.n && s->is[column] != SHEET_AVERAGE)
		column++;
	for (int64_t i = 0; column < s->t.n && i < s->n_lines; i++)
		if (s->lines[i].at >= 0 && differs(r, &s->lines[i], column, &there, &here) && n++ == 0) {
			row = s->lines[i].row + 1;
			first_there = there;
			first_here = here;
		}
	if (n)
		put(&s->notes, sayf(r->c, &MSG_average, ARGS(TEXT(r->c, "%lld", (long long)n), TEXT(r->c, "%lld",
			(long long)row), score_text(r->c->mem, first_there), score_text(r->c->mem, first_here))));
}

static void read_lines(struct matching *r)
{
	struct sheet *s = r->s;
	int rows = s->t.end - s->t.first;

	s->lines = NEWS(r->c->mem, struct xl_line, rows > 0 ? rows + 1 : 1);
	for (int row = s->t.first; row < s->t.end; row++) {
		struct xl_line *line = &s->lines[s->n_lines];
		*line = (struct xl_line){ .row = row, .at = -1 };
		if (!find_pupil(r, line))
			continue;
		set_apart(r, line);
		s->unknown += line->at < 0;
		read_cells(r, line);
		s->n_lines++;
	}
	if (r->elsewhere)
		put(&s->notes, sayf(r->c, &MSG_elsewhere, ARGS(TEXT(r->c, "%d", r->elsewhere))));
	tell_silent(r);
	tell_averages(r);
}

static enum rc learn_since(struct matching *r)
{
	const struct course_head *k = &r->s->g.head;
	items got;

	r->n_since = 0;
	for (int64_t i = 0; i < r->given->n_seen; i++) {
		const struct sheet_seen *x = &r->given->seen[i];
		if (x->course != k->id || x->term != r->s->g.term || x->entries >= k->entries)
			continue;
		TRY(ledger_changes(r->c, k->id, x->entries, r->s->g.term, &got));
		r->since = got.p;
		r->n_since = got.n;
	}
	return OK;
}

enum rc sheets_read(struct sheets *s, const struct sheets_given *given)
{
	for (int i = 0; i < s->n; i++) {
		struct matching r = { .c = s->c, .of = s, .s = s->at[i], .given = given };
		TRY(learn_since(&r));
		read_lines(&r);
	}
	return OK;
}
