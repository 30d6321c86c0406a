/* sheets_fill.c -- marks into the cells of a workbook: of one that was sent, or of our own in the same layout. */
#include "core/export.h"
#include "mod/records/sheets.h"
#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

static const struct tr MSG_title = { "Sổ điểm", "Marks" };
static const struct tr MSG_write = { "Không ghi được tệp.", "The file could not be written." };

/* ---- a workbook that was sent --------------------------------------------------------------------------------- */

struct filling { struct sheets *of; struct sheet *s; int64_t n; };

static void fill_cell(struct filling *f, int row, int column, bool number, str text)
{
	/* a computed cell is left alone */
	f->n += wb_put(f->of->w, f->s->sheet, row, column, number, text) == OK;
}

static void fill_marks(struct filling *f, int row, const struct grid_row *pupil_)
{
	struct ctx *c = f->of->c;
	const struct cell_layout *l = &f->s->g.layout;
	int32_t cells[SLOTS];

	row_cells(l, pupil_, cells);
	for (int k = 0; k < f->s->t.n; k++) {
		int slot = f->s->is[k];
		if (slot == SHEET_REMARK && pupil_->remark.n)
			fill_cell(f, row, k, false, pupil_->remark);
		if (slot < 0)
			continue;
		bool number = cells[slot] >= 0 && cells[slot] < CELL_WORD;
		fill_cell(f, row, k, number, number ? cell_code(c->mem, l, cells[slot]) : cell_shown(c->mem, l, cells[slot]));
	}
}

/* A form without pupils: they are written in class order, a line each. */
static void fill_pupil(struct filling *f, int row, int64_t number, const struct roster_row *pupil_)
{
	struct ctx *c = f->of->c;
	bool halves = false;
	str family, middle, given;

	viet_name_parts(pupil_->name, &family, &middle, &given);
	for (int k = 0; k < f->s->t.n; k++)
		halves = halves || f->s->is[k] == SHEET_GIVEN;
	str first = str_trim(str_sub(pupil_->name, 0, pupil_->name.n - given.n));
	for (int k = 0; k < f->s->t.n; k++) {
		int is = f->s->is[k];
		if (is == SHEET_NO)
			fill_cell(f, row, k, true, TEXT(c, "%lld", (long long)number));
		else if (is == SHEET_CODE)
			fill_cell(f, row, k, false, pupil_->sector);
		else if (is == SHEET_OWN)
			fill_cell(f, row, k, false, pupil_->school);
		else if (is == SHEET_NAME)
			fill_cell(f, row, k, false, halves ? first : pupil_->name);
		else if (is == SHEET_GIVEN)
			fill_cell(f, row, k, false, given);
		else if (is == SHEET_BORN)
			fill_cell(f, row, k, false, day_text(c->mem, pupil_->born));
	}
}

static const struct grid_row *row_of(const struct sheet *s, int64_t at)
{
	for (int64_t i = 0; i < s->g.n; i++)
		if (s->g.rows[i].pupil.v == s->roster.rows[at].pupil)
			return &s->g.rows[i];
	return NULL;
}

enum rc sheets_fill(struct sheets *s, int64_t *ret)
{
	*ret = 0;
	for (int i = 0; i < s->n; i++) {
		struct filling f = { .of = s, .s = s->at[i] };
		struct sheet *x = s->at[i];
		for (int64_t k = 0; k < x->n_lines; k++) {
			const struct grid_row *row = x->lines[k].at >= 0 ? row_of(x, x->lines[k].at) : NULL;
			if (row)
				fill_marks(&f, x->lines[k].row, row);
		}
		for (int64_t k = 0; x->n_lines == 0 && k < x->roster.n; k++) {
			fill_pupil(&f, x->t.first + (int)k, k + 1, &x->roster.rows[k]);
			if (row_of(x, k))
				fill_marks(&f, x->t.first + (int)k, row_of(x, k));
		}
		*ret += f.n;
	}
	return OK;
}

/* ---- a workbook of our own --------------------------------------------------------------------------------------- */

enum { HEAD_ROW = 5, FIRST_ROW = HEAD_ROW + 2, COL_NO = 0, COL_CODE, COL_NAME, COL_BORN, COL_MARKS };
struct making { struct ctx *c; lxw_workbook *book; lxw_worksheet *sheet; lxw_format *title, *head, *no, *cell,
	*mark, *text;
	struct grid g; struct roster roster; };

static const char *z(struct making *m, str s) { return str_z(m->c->mem, s); }

static void make_formats(struct making *m)
{
	lxw_format **all[] = { &m->title, &m->head, &m->cell, &m->mark, &m->text, &m->no };

	for (int i = 0; i < COUNT(all); i++) {
		*all[i] = workbook_add_format(m->book);
		if (i > 0)
			format_set_border(*all[i], LXW_BORDER_THIN);
	}
	format_set_bold(m->title);
	format_set_bold(m->head);
	format_set_align(m->head, LXW_ALIGN_CENTER);
	format_set_align(m->head, LXW_ALIGN_VERTICAL_CENTER);
	format_set_text_wrap(m->head);
	format_set_align(m->mark, LXW_ALIGN_CENTER);
	format_set_align(m->no, LXW_ALIGN_CENTER);
	format_set_num_format(m->mark, "0.0");
	format_set_num_format(m->text, "@");
}

static void make_title(struct making *m)
{
	struct ctx *c = m->c;
	const struct course_head *k = &m->g.head;

	worksheet_write_string(m->sheet, 0, COL_NAME, z(m, title_of(c, &org, k->org.v)), m->title);
	worksheet_write_string(m->sheet, 1, COL_NAME, z(m, TEXT(c, "Môn: %.*s", FMT(k->subject_name))), m->title);
	worksheet_write_string(m->sheet, 2, COL_NAME, z(m, TEXT(c, "Lớp: %.*s", FMT(k->class_name))), m->title);
	worksheet_write_string(m->sheet, 3, COL_NAME, z(m, TEXT(c, "%.*s, năm học %lld-%lld",
		FMT(str_of(mark_terms[m->g.term].label.vi)), (long long)k->year, (long long)k->year + 1)), m->title);
}

/* A heading of two rows, one cell high where there is nothing to part. */
static void make_head(struct making *m, int column, str text)
{
	worksheet_merge_range(m->sheet, HEAD_ROW, (lxw_col_t)column, HEAD_ROW + 1, (lxw_col_t)column, z(m, text),
		m->head);
}

static str head_of(const struct cell_slot *s)
{
	static const struct { const char *key, *head; } known[] = { { "gk", "ĐĐGgk" }, { "ck", "ĐĐGck" } };

	for (int i = 0; i < COUNT(known); i++)
		if (strcmp(s->key, known[i].key) == 0 && s->column >= 0)
			return str_of(known[i].head);
	return s->vi;
}

static int make_heads(struct making *m)
{
	static const char *const heads[] = { "STT", "Mã định danh Bộ GD&ĐT", "Họ và tên", "Ngày sinh" };
	const struct cell_layout *l = &m->g.layout;
	int column = COL_MARKS, i = 0;

	for (int k = 0; k < COUNT(heads); k++)
		make_head(m, k, str_of(heads[k]));
	for (int to = 0; i < l->n; i = to) {
		bool regular = strncmp(l->slots[i].key, "tx", 2) == 0;
		for (to = i + 1; regular && to < l->n && strncmp(l->slots[to].key, "tx", 2) == 0; to++)
			;
		for (int k = i; regular && k < to; k++)
			worksheet_write_number(m->sheet, HEAD_ROW + 1, (lxw_col_t)(column + k - i), l->slots[k].number, m->head);
		if (!regular)
			make_head(m, column, head_of(&l->slots[i]));
		else if (to - i > 1)
			worksheet_merge_range(m->sheet, HEAD_ROW, (lxw_col_t)column, HEAD_ROW,
				(lxw_col_t)(column + to - i - 1), "ĐĐGtx",
				m->head);
		else
			worksheet_write_string(m->sheet, HEAD_ROW, (lxw_col_t)column, "ĐĐGtx", m->head);
		column += to - i;
	}
	make_head(m, column, S("ĐTBmhk"));
	make_head(m, column + 1, S("Nhận xét"));
	return column;
}

static void make_text(struct making *m, int64_t row, int column, str text, lxw_format *as)
{
	if (text.n)
		worksheet_write_string(m->sheet, (lxw_row_t)row, (lxw_col_t)column, z(m, text), as);
	else
		worksheet_write_blank(m->sheet, (lxw_row_t)row, (lxw_col_t)column, as);
}

static void make_row(struct making *m, int64_t i, int average)
{
	struct ctx *c = m->c;
	const struct cell_layout *l = &m->g.layout;
	const struct grid_row *r = &m->g.rows[i];
	int64_t row = FIRST_ROW + i;
	int32_t cells[SLOTS];
	const struct roster_row *who = NULL;

	for (int64_t k = 0; k < m->roster.n; k++)
		who = m->roster.rows[k].pupil == r->pupil.v ? &m->roster.rows[k] : who;
	worksheet_write_number(m->sheet, (lxw_row_t)row, COL_NO, (double)(i + 1), m->no);
	make_text(m, row, COL_CODE, who ? who->sector.n ? who->sector : who->school : (str){ 0 }, m->text);
	make_text(m, row, COL_NAME, r->name, m->cell);
	make_text(m, row, COL_BORN, who && who->born.v != NO_DAY.v ? day_text(c->mem, who->born) : (str){ 0 }, m->text);
	row_cells(l, r, cells);
	for (int s = 0; s < l->n; s++)
		if (cells[s] >= 0 && cells[s] < CELL_WORD)
			worksheet_write_number(m->sheet, (lxw_row_t)row, (lxw_col_t)(COL_MARKS + s), cells[s] / 100.0, m->mark);
		else
			make_text(m, row, COL_MARKS + s, cell_shown(c->mem, l, cells[s]), m->mark);
	if (r->average.v >= 0)
		worksheet_write_number(m->sheet, (lxw_row_t)row, (lxw_col_t)average, r->average.v / 100.0, m->mark);
	else
		make_text(m, row, average, str_is(r->comment, "dat") ? S("Đ") : str_is(r->comment, "chua_dat") ? S("CĐ")
			: viet_upper(c->mem, r->comment), m->mark);
	make_text(m, row, average + 1, r->remark, m->cell);
}

/* Excel itself refuses what is no mark in the columns of numbers. */
static void make_validation(struct making *m, int slot)
{
	lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_DECIMAL, .criteria = LXW_VALIDATION_CRITERIA_BETWEEN,
		.minimum_number = 0, .maximum_number = 10, .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
		.ignore_blank = LXW_VALIDATION_ON, .error_title = "Điểm", .error_message = "Điểm là số từ 0 đến 10, "
			"hoặc v: vắng." };

	if (!m->g.layout.slots[slot].word && m->g.n)
		worksheet_data_validation_range(m->sheet, FIRST_ROW, (lxw_col_t)(COL_MARKS + slot),
			(lxw_row_t)(FIRST_ROW + m->g.n - 1), (lxw_col_t)(COL_MARKS + slot), &v);
}

/* At most 31 characters, none that Excel refuses, no name twice. */
static const char *sheet_name(struct making *m, int64_t number)
{
	str name = TEXT(m->c, "%.*s %.*s", FMT(m->g.head.class_name), FMT(m->g.head.subject_name));
	struct buf b;
	int64_t chars = 0;

	buf_init(&b, m->c->mem, 200);
	for (ptrdiff_t i = 0; i < name.n && chars < 31; chars++) {
		uint32_t ch = str_next(name, &i);
		put_char(&b, ch < 0x20 || (ch < 0x80 && strchr("[]:*?/\\'", (int)ch)) ? '-' : ch);
	}
	const char *ret = z(m, str_trim(buf_str(&b)));
	return workbook_get_worksheet_by_name(m->book, ret) ? z(m, TEXT(m->c, "So %lld", (long long)number)) : ret;
}

static enum rc make_sheet(struct making *m, const struct sheet_book *b, pick term_, int64_t number)
{
	TRY(grid_load(m->c, (school_class_id){ b->class }, (subject_id){ b->subject }, term_, &m->g));
	TRY(roster_load(m->c, (school_class_id){ b->class }, &m->roster));
	m->sheet = workbook_add_worksheet(m->book, sheet_name(m, number));
	if (!m->sheet)
		return FAIL(m->c, E_FAULT, 0, &MSG_write);
	lxw_row_col_options hidden = { .hidden = 1 };
	worksheet_set_column(m->sheet, COL_NO, COL_NO, 5, NULL);
	worksheet_set_column_opt(m->sheet, COL_CODE, COL_CODE, 14, NULL, &hidden);
	worksheet_set_column(m->sheet, COL_NAME, COL_NAME, 28, NULL);
	worksheet_set_column(m->sheet, COL_BORN, COL_BORN, 12, NULL);
	make_title(m);
	int average = make_heads(m);
	worksheet_set_column(m->sheet, COL_MARKS, (lxw_col_t)average, 8, NULL);
	worksheet_set_column(m->sheet, (lxw_col_t)(average + 1), (lxw_col_t)(average + 1), 50, NULL);
	for (int64_t i = 0; i < m->g.n; i++)
		make_row(m, i, average);
	for (int s = 0; s < m->g.layout.n; s++)
		make_validation(m, s);
	worksheet_freeze_panes(m->sheet, FIRST_ROW, COL_BORN);
	worksheet_set_paper(m->sheet, 9);                /* A4 */
	worksheet_set_landscape(m->sheet);
	worksheet_repeat_rows(m->sheet, HEAD_ROW, HEAD_ROW + 1);
	worksheet_fit_to_pages(m->sheet, 1, 0);
	return OK;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

enum rc sheets_pupils(struct ctx *c, const struct sheet_book *books, int64_t n, int64_t **ret, int64_t *ret_n)
{
	struct roster *all = NEWS(c->mem, struct roster, n + 1);
	int64_t most = 0, k = 0;

	for (int64_t i = 0; i < n; i++) {
		TRY(roster_load(c, (school_class_id){ books[i].class }, &all[i]));
		most += all[i].n;
	}
	int64_t *ids = NEWS(c->mem, int64_t, most + 1);
	for (int64_t i = 0; i < n; i++)
		for (int64_t j = 0; j < all[i].n; j++)
			ids[k++] = all[i].rows[j].pupil;
	qsort(ids, (size_t)k, sizeof *ids, by_id);
	*ret_n = 0;
	for (int64_t i = 0; i < k; i++)
		if (*ret_n == 0 || ids[*ret_n - 1] != ids[i])
			ids[(*ret_n)++] = ids[i];
	*ret = ids;
	return OK;
}

enum rc sheets_make(struct ctx *c, const struct sheet_book *books, int64_t n, pick term_, const struct stamp *stamp,
	int fd)
{
	char path[64];
	struct making m = { .c = c };
	enum rc rc = OK;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	m.book = workbook_new(path);
	if (!m.book)
		return FAIL(c, E_FAULT, 0, &MSG_write);
	make_formats(&m);
	for (int64_t i = 0; i < n && rc == OK; i++)
		rc = make_sheet(&m, &books[i], term_, i + 1);
	stamp_book(c, m.book, say(c, &MSG_title), stamp);
	bool good = workbook_close(m.book) == LXW_NO_ERROR;
	return rc != OK ? rc : good ? OK : FAIL(c, E_FAULT, 0, &MSG_write);
}
