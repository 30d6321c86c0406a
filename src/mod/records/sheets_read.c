/* sheets_read.c -- the lines of a sheet held against pupils, and their cells against the book: what would change, and
 * what is wrong with the rest. Nothing is written here. */
#include "mod/records/sheets.h"

static const struct tr
	MSG_exempt = { "Học sinh được miễn môn này.", "The pupil is exempt from this subject." },
	MSG_locked = { "Cột điểm đã khóa.", "The column is locked." },
	MSG_remark = { "Nhận xét dài quá 1000 ký tự.", "A remark has 1000 characters at most." },
	MSG_day = { "Excel đã đổi ô này thành ngày tháng: gõ lại điểm.", "Excel turned this cell into a date: "
		"type the mark again." },
	MSG_fault = { "Ô này là lỗi của công thức.", "This cell is a formula's error." },
	MSG_since = { "Có người vừa ghi giá trị khác vào ô này.", "Somebody has just written something else into "
		"this cell." };

struct matching { struct ctx *c; const struct sheets *of; struct sheet *s; const struct sheets_given *given;
	const struct cell_change *since; int64_t n_since; };

/* ---- who a line is --------------------------------------------------------------------------------------------- */

struct given { str name; day born; bool coded; int64_t at; bool filled, numbered; };

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
	struct given g = { .born = NO_DAY, .at = -1 };
	int64_t n;

	for (int k = 0; k < s->t.n; k++) {
		const struct wb_cell *cell = wb_cell(r->of->w, s->sheet, row, k);
		str text = str_trim(cell->text);
		if (!text.n)
			continue;
		if (s->is[k] == SHEET_CODE || s->is[k] == SHEET_OWN) {
			g.coded = true;
			g.at = g.at < 0 ? coded(&s->roster, cell, text) : g.at;
		} else if (s->is[k] == SHEET_NAME) {
			g.name = text;
		} else if (s->is[k] == SHEET_GIVEN) {
			g.name = g.name.n && joins(c, g.name, text) ? TEXT(c, "%.*s %.*s", FMT(g.name), FMT(text))
				: g.name.n ? g.name : text;
		} else if (s->is[k] == SHEET_BORN) {
			day_read(text, c->today, &g.born);
		} else if (s->is[k] == SHEET_NO) {
			g.numbered = str_to_int(text, &n);
		}
		g.filled = g.filled || s->is[k] >= 0 || s->is[k] == SHEET_REMARK;
	}
	return g;
}

/* Whoever bears the name: one of them when the day of birth says which and nothing speaks against it, else none, and
 * all of them to choose from. */
static int64_t by_name(struct matching *r, const struct given *g, struct xl_line *line)
{
	const struct roster *o = &r->s->roster;
	str folded = viet_fold(r->c->mem, g->name);
	bool known = g->born.v != NO_DAY.v;
	int64_t n = 0, found = -1, born = -1, n_born = 0;

	line->choices = NEWS(r->c->mem, struct xl_choice, o->n + 1);
	for (int64_t i = 0; (i = roster_named(o, folded, i)) >= 0; i++) {
		const struct roster_row *x = &o->rows[i];
		line->choices[n++] = (struct xl_choice){ x->pupil, x->name, x->born };
		found = i;
		if (known && x->born.v == g->born.v) {
			born = i;
			n_born++;
		}
	}
	if (n_born == 1)
		return born;
	if (n == 1 && (!known || o->rows[found].born.v == NO_DAY.v))
		return found;
	line->n_choices = n;
	line->how = n ? S("several") : S("unknown");
	return -1;
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

/* False: no pupil's line: empty, a signature, a total. */
static bool find_pupil(struct matching *r, struct xl_line *line)
{
	struct given g = given_of(r, line->row);

	line->given = g.name;
	line->at = by_choice(r, line->row);
	line->how = S("chosen");
	if (line->at >= 0)
		return true;
	if ((!g.name.n && !g.coded) || (!g.filled && !g.numbered && g.at < 0))
		return false;
	line->how = S("code");
	line->at = g.at;
	if (g.at < 0 && g.name.n) {
		line->how = S("name");
		line->at = by_name(r, &g, line);
	} else if (g.at < 0) {
		line->how = S("unknown");
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

static void judge_mark(struct matching *r, const struct grid_row *row, const struct wb_cell *cell, struct xl_cell *x)
{
	const struct cell_layout *l = &r->s->g.layout;
	int slot = r->s->is[x->column];
	const struct tr *why = NULL;
	int32_t cells[SLOTS], whole[SLOTS], v = CELL_EMPTY;

	cells_read(l, row->cells, cells);
	row_cells(l, row, whole);
	x->was = cell_shown(r->c->mem, l, cells[slot]);
	x->shown = cell->kind == CELL_NUMBER ? with_comma(r->c, x->typed) : x->typed;
	if (cell->kind == CELL_DAY || cell->kind == CELL_MOMENT || cell->kind == CELL_CLOCK)
		why = &MSG_day;
	else if (cell->kind == CELL_ERROR)
		why = &MSG_fault;
	else if (cell_typed(r->c->mem, l, slot, x->typed, &v, &why))
		why = NULL;
	bool same = !why && (v == cells[slot] || v == whole[slot]);
	if (!why) {
		x->shown = cell_shown(r->c->mem, l, v);
		why = same ? NULL : row->exempt ? &MSG_exempt : r->s->g.locked[slot] && !r->s->g.reopened ? &MSG_locked : NULL;
	}
	judge(r, x, row->pupil.v, str_of(l->slots[slot].key), same, cells[slot] == CELL_EMPTY, why);
}

static void judge_remark(struct matching *r, const struct grid_row *row, struct xl_cell *x)
{
	x->was = row->remark;
	x->shown = x->typed;
	judge(r, x, row->pupil.v, S("remark"), str_eq(x->typed, row->remark), row->remark.n == 0,
		str_chars(x->typed) > 1000 ? &MSG_remark : NULL);
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
		*x = (struct xl_cell){ .column = k, .typed = str_trim(cell->text) };
		if (x->typed.n && s->is[k] == SHEET_REMARK)
			judge_remark(r, row, x);
		else if (x->typed.n)
			judge_mark(r, row, cell, x);
		s->counts[x->what]++;
	}
}

/* ---- the sheets --------------------------------------------------------------------------------------- */

static bool is_twice(const struct sheet *s, const struct xl_line *line)
{
	for (int64_t i = 0; i < s->n_lines; i++)
		if (s->lines[i].at == line->at)
			return true;
	return false;
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
		if (line->at >= 0 && is_twice(s, line)) {
			line->how = S("twice");
			line->at = -1;
		}
		s->unknown += line->at < 0;
		read_cells(r, line);
		s->n_lines++;
	}
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
