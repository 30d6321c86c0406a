/* open.c -- a file that was sent: which map fits which of its sheets, and reading and filling by the map's names. */
#include "mod/excel/excel_in.h"

static const struct tr
	MSG_unknown = { "Không nhận ra tệp này: không trang nào có đủ các cột của một mẫu đã biết.",
		"This workbook is not known: no sheet has the columns of a known template." },
	MSG_other_kind = { "Tệp này là {1}.", "This workbook is: {1}." };

/* The sheet and map with most columns found; a hidden sheet is never meant. */
static void recognise(struct opened *o)
{
	struct tm_sheet *t = NEW(o->c->mem, struct tm_sheet);

	o->kind = -1;
	for (int k = 0; k < KINDS; k++)
		for (int s = 0; s < o->w->n_sheets; s++)
			if (!o->w->sheets[s].hidden && tm_find(o->c->mem, o->w, s, templates[k].map, t) &&
				(o->kind < 0 || t->found > o->t.found)) {
				o->t = *t;
				o->kind = k;
			}
	if (o->kind >= 0)
		tm_apart(o->c->mem, &o->t, "sector_id", "mahocsinh|mahs", "school_code");
}

enum rc open_sent(struct ctx *c, file_id file, col at, struct opened *ret)
{
	struct file_info info;
	str bytes;

	memset(ret, 0, sizeof *ret);
	ret->c = c;
	ret->file = file;
	TRY(file_get(c, file, &info, &bytes));
	ret->name = info.name;
	TRY(wb_of_file(c, file, at, &ret->w));
	recognise(ret);
	return OK;
}

enum rc open_kind(struct ctx *c, file_id file, col at, int kind, struct opened *ret)
{
	TRY(open_sent(c, file, at, ret));
	if (ret->kind < 0)
		return FAIL(c, E_INVALID, at, &MSG_unknown);
	return kind < 0 || ret->kind == kind ? OK
		: FAILF(c, E_INVALID, at, &MSG_other_kind, say(c, &templates[ret->kind].label));
}

/* ---- cells by the map's names --------------------------------------------------------------------------- */

str said_at(const struct opened *o, int row, const char *column)
{
	int k = tm_column(&o->t, column, 0);
	return k < 0 ? S("") : wb_text(o->w, o->t.sheet, row, k);
}

day day_said(const struct opened *o, int row, const char *column)
{
	int k = tm_column(&o->t, column, 0);
	int64_t serial;
	day d = NO_DAY;

	if (k < 0)
		return NO_DAY;
	const struct wb_cell *cell = wb_cell(o->w, o->t.sheet, row, k);
	str s = str_trim(cell->text);
	if (cell->kind == CELL_NUMBER && str_to_int(s, &serial) && serial > 1000 && serial < 80000)
		return (day){ (int32_t)(serial - 25569) };
	if (cell->kind == CELL_DAY || cell->kind == CELL_MOMENT)
		s = str_sub(s, 0, 10);
	return s.n && day_read(s, o->c->today, &d) ? d : NO_DAY;
}

static enum rc put_at(struct opened *o, int row, const char *column, bool number, str text)
{
	int k = tm_column(&o->t, column, 0);

	if (k < 0 || text.n == 0)
		return OK;
	if (str_eq(wb_text(o->w, o->t.sheet, row, k), text))
		return OK;
	enum rc rc = wb_put(o->w, o->t.sheet, row, k, number, text);
	o->filled += rc == OK;
	o->passed += rc == E_STATE;
	return rc == E_STATE ? OK : rc;          /* a formula, or the inner part of a merged range, stays */
}

enum rc put_text(struct opened *o, int row, const char *column, str text)
{
	return put_at(o, row, column, false, text);
}

enum rc put_number(struct opened *o, int row, const char *column, str decimal)
{
	return put_at(o, row, column, true, decimal);
}

/* As a day where the cell holds one, so that its format keeps showing it; as text elsewhere, as the Ministry's do. */
enum rc put_day(struct opened *o, int row, const char *column, day d)
{
	int k = tm_column(&o->t, column, 0);

	if (d.v == NO_DAY.v || k < 0 || day_said(o, row, column).v == d.v)
		return OK;
	const struct wb_cell *cell = wb_cell(o->w, o->t.sheet, row, k);
	if (cell->kind == CELL_DAY || cell->kind == CELL_NUMBER)
		return put_at(o, row, column, true, TEXT(o->c, "%d", d.v + 25569));
	return put_at(o, row, column, false, day_text(o->c->mem, d));
}

bool row_holds(const struct opened *o, int row)
{
	return said_at(o, row, o->kind == KIND_TEACHING ? "teacher" : "name").n > 0;
}

int64_t rows_held(const struct opened *o)
{
	int64_t n = 0;

	for (int row = o->t.first; row < o->t.end; row++)
		n += row_holds(o, row);
	return n;
}

/* ---- names ---------------------------------------------------------------------------------------------------- */

str name_key(struct arena *mem, str s)
{
	return viet_fold(mem, str_trim(s));
}

/* "Lớp 1 A", "1A" and "1a" are one class. */
str class_key(struct arena *mem, str s)
{
	str key = tm_key(mem, s);

	return str_starts(key, S("lop")) && key.n > 3 ? str_sub(key, 3, -1) : key;
}
