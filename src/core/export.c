/* export.c -- see export.h. Rows are fetched 500 at a time and written as they come. */
#include "core/export.h"
#include "core/app.h"
#include "base/csv.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/workbook.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

static const struct tr
	MSG_write = { "Không ghi được tệp.", "The file could not be written." },
	MSG_many = { "Danh sách quá dài cho một tệp Excel; hãy lọc bớt hoặc chọn CSV.",
		"The list is too long for one Excel file; filter it or choose CSV." },
	MSG_progress = { "Đã ghi {1} dòng", "{1} rows written" };

bool export_format_read(str s, enum export_format *ret)
{
	static const char *const names[] = { "xlsx", "csv", "json" };
	for (int i = 0; i < COUNT(names); i++)
		if (str_is(s, names[i])) {
			*ret = (enum export_format)i;
			return true;
		}
	return false;
}

const char *export_type(enum export_format f)
{
	static const char *const types[] = { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"text/csv; charset=utf-8", "application/json" };
	return types[f];
}

/* ---- the three kinds of file ------------------------------------------------------------------- */

struct out {
	struct ctx *c; const struct entity *e; const struct table *t;
	enum export_format format; int fd;
	const struct field *fields[COLUMNS_MAX]; int n;
	struct cols hidden; const struct field *unit;    /* NULL: rows do not say whose they are               */
	lxw_workbook *book; lxw_worksheet *sheet; lxw_format *day, *moment, *mark, *bold;
	struct stamp stamp; str title;
	int64_t rows;
	bool failed;
};

static bool write_all(int fd, str s)
{
	while (s.n > 0) {
		ssize_t did = write(fd, s.p, (size_t)s.n);
		if (did <= 0)
			return false;
		s = str_sub(s, did, -1);
	}
	return true;
}

static char *cell_z(struct arena *mem, str s)
{
	enum { MOST = 32767 };
	if (s.n > MOST) {
		s.n = MOST;
		while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
			s.n--;
	}
	return str_z(mem, s);
}

static void begin_xlsx(struct out *o)
{
	char path[64];
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	snprintf(path, sizeof path, "/proc/self/fd/%d", o->fd);
	o->book = workbook_new_opt(path, &options);
	if (!o->book) {
		o->failed = true;
		return;
	}
	o->sheet = workbook_add_worksheet(o->book, NULL);
	o->day = workbook_add_format(o->book);
	o->moment = workbook_add_format(o->book);
	o->mark = workbook_add_format(o->book);
	o->bold = workbook_add_format(o->book);
	format_set_num_format(o->day, "dd/mm/yyyy");
	format_set_num_format(o->moment, "dd/mm/yyyy hh:mm");
	format_set_num_format(o->mark, "0.##");
	format_set_bold(o->bold);
	worksheet_freeze_panes(o->sheet, 1, 0);
	worksheet_set_paper(o->sheet, 9);                        /* A4 */
	worksheet_repeat_rows(o->sheet, 0, 0);
	worksheet_set_column(o->sheet, 0, (lxw_col_t)(o->n ? o->n - 1 : 0), 18, NULL);
	for (int i = 0; i < o->n; i++)
		worksheet_write_string(o->sheet, 0, (lxw_col_t)i, cell_z(o->c->mem, say(o->c, &o->fields[i]->label)), o->bold);
}

void stamp_book(struct ctx *c, lxw_workbook *book, str title, const struct stamp *stamp)
{
	lxw_doc_properties p = { .title = cell_z(c->mem, title), .author = cell_z(c->mem, c->who->name),
		.comments = cell_z(c->mem, stamp->line), .keywords = cell_z(c->mem, stamp->code) };
	if (!stamp->id)
		return;
	workbook_set_properties(book, &p);
	workbook_set_custom_property_string(book, WB_MARK, cell_z(c->mem, stamp->code));
}

/* Behind the data, so that the file can be read again as it is: who took it, in words, and for programs. */
static void stamp_xlsx(struct out *o)
{
	struct ctx *c = o->c;
	worksheet_set_footer(o->sheet, cell_z(c->mem, o->stamp.code));
	stamp_book(c, o->book, o->e ? say(c, &o->e->label) : o->title, &o->stamp);
	lxw_worksheet *sheet = workbook_add_worksheet(o->book, c->lang == EN ? "Origin" : "Nguồn tệp");
	if (sheet)
		worksheet_write_string(sheet, 0, 0, cell_z(c->mem, o->stamp.line), NULL);
}

static void begin_csv(struct out *o)
{
	struct buf b;
	buf_init(&b, o->c->mem, 1 << 20);
	put_z(&b, "\xEF\xBB\xBF");
	for (int i = 0; i < o->n; i++)
		csv_put(&b, say(o->c, &o->fields[i]->label), i == o->n - 1, ',');
	o->failed = !write_all(o->fd, buf_str(&b));
}

/* A number or date as such: serial days for a spreadsheet, which counts from 30 December 1899. */
static void put_cell(struct out *o, int i, const struct field *f, const char *row, str title)
{
	lxw_row_t r = (lxw_row_t)(o->rows + 1);
	lxw_col_t k = (lxw_col_t)i;
	const char *at = row + f->at;
	if (field_empty(f, row))
		return;
	switch ((enum type)f->type) {
	case T_INT: case T_MONEY: worksheet_write_number(o->sheet, r, k, (double)*(const int64_t *)(const void *)at,
		NULL); return;
	case T_SCORE: worksheet_write_number(o->sheet, r, k, ((const score *)(const void *)at)->v / 100.0, o->mark); return;
	case T_DAY: worksheet_write_number(o->sheet, r, k, ((const day *)(const void *)at)->v + 25569, o->day); return;
	case T_TIME: worksheet_write_number(o->sheet, r, k, (double)(((const instant *)(const void *)at)->v / 1000 + 7
		* 3600) / 86400 + 25569, o->moment); return;
	case T_TEXT: case T_BOOL: case T_PICK: case T_FILE: case T_REF: case T_HTML: case T_LIST: break;
	}
	str s = f->type == T_REF ? title : field_text(f, row, o->c->lang, o->c->mem);
	if (s.n)
		worksheet_write_string(o->sheet, r, k, cell_z(o->c->mem, s), NULL);
}

static str title_in(const struct list_answer *a, const struct field *f, const char *row)
{
	int64_t id = 0;
	if (f->type == T_REF)
		memcpy(&id, row + f->at, sizeof id);
	return id ? list_title(a, f, id) : S("");
}

static void put_row(struct out *o, const struct list_answer *a, const char *row, struct buf *b)
{
	if (o->format == EXPORT_JSON) {
		put_z(b, o->rows ? ",\n" : "[");
		row_json(b, o->t, row, &o->hidden);
		if (o->unit) {
			b->n--;
			put_z(b, ",\"_titles\":{\"org\":");
			put_json(b, title_in(a, o->unit, row));
			put_z(b, "}}");
		}
	}
	for (int i = 0; i < o->n && o->format != EXPORT_JSON; i++) {
		const struct field *f = o->fields[i];
		if (o->format == EXPORT_XLSX)
			put_cell(o, i, f, row, title_in(a, f, row));
		else
			csv_put(b, f->type == T_REF ? title_in(a, f, row) : f->type == T_DAY ? field_input(f, row, o->c->mem) :
				field_text(f, row, o->c->lang, o->c->mem),
				i == o->n - 1, ',');
	}
	o->rows++;
}

/* ---- rows ------------------------------------------------------------------------------------------ */

static bool may_export(const struct out *o, const struct cols *hidden, const struct field *f)
{
	return f && field_stored(f) && !(f->is & SECRET) && f->type != T_FILE && !cols_has(hidden, column_at(o->t, f->at));
}

/* Where the list shows whose a row is. */
static void put_unit(struct out *o, bool all)
{
	int at = o->n > 0;
	for (int i = 0, k = 0; i < COUNT(o->e->list) && o->e->list[i] && !all; i++) {
		if (o->e->list[i] == o->unit->at)
			at = k;
		k += k < o->n && o->fields[k]->at == o->e->list[i];
	}
	memmove(&o->fields[at + 1], &o->fields[at], sizeof *o->fields * (size_t)(o->n - at));
	o->fields[at] = o->unit;
	o->n++;
}

/* The list's columns in the list's order, or all. */
static void choose_columns(struct out *o, const struct cols *hidden, bool all)
{
	const struct entity *e = o->e;
	if (all)
		for (const struct field *f = e->fields; f->name; f++)
			if (may_export(o, hidden, f))
				o->fields[o->n++] = f;
	for (int i = 0; i < COUNT(e->list) && e->list[i] && !all; i++)
		if (may_export(o, hidden, field_at(e->fields, e->list[i])))
			o->fields[o->n++] = field_at(e->fields, e->list[i]);
	for (int i = BASE_COLUMNS; i < o->t->n; i++) {
		bool chosen = false;
		for (int k = 0; k < o->n; k++)
			chosen = chosen || o->fields[k] == o->t->columns[i];
		if (!chosen)
			cols_add(&o->hidden, i);
	}
	if (o->unit && o->format != EXPORT_JSON && o->n < COLUMNS_MAX)
		put_unit(o, all);
}

static enum rc put_page(struct out *o, const struct list_answer *a)
{
	struct buf b;
	buf_init(&b, o->c->mem, (size_t)64 << 20);
	for (int64_t i = 0; i < a->rows.n; i++)
		put_row(o, a, (const char *)a->rows.p + i * o->e->size, &b);
	if (b.n && !write_all(o->fd, buf_str(&b)))
		o->failed = true;
	return o->failed ? E_FAULT : OK;
}

/* Each page of rows in an arena of its own, whatever the length of the list. */
static enum rc put_pages(struct out *o, struct list_ask page)
{
	struct ctx *outer = o->c;
	enum rc rc = OK;
	bool more = true;
	char after[512];
	while (rc == OK && more) {
		struct arena mem;
		struct ctx c = *outer;
		struct list_answer a;
		arena_init(&mem, (size_t)256 << 20);
		mem.full = outer->mem->full;
		c.mem = &mem;
		c.more = NULL;
		o->c = &c;
		rc = list_rows(&c, &page, &a);
		if (rc == OK)
			rc = put_page(o, &a);
		more = rc == OK && a.more && a.last.n < (ptrdiff_t)sizeof after;
		if (more) {
			memcpy(after, a.last.p, (size_t)a.last.n);
			page.after = (str){ after, a.last.n };
		}
		o->c = outer;
		arena_free(&mem);
		if (o->format == EXPORT_XLSX && o->rows > 1000000)
			return FAIL(outer, E_LIMIT, 0, &MSG_many);
		job_progress(outer, o->rows, o->rows, &MSG_progress);
		if (job_cancelled(outer))
			break;
	}
	return rc;
}

static bool end_csv(struct out *o)
{
	struct buf b;
	buf_init(&b, o->c->mem, 4096);
	csv_put(&b, o->stamp.line, true, ',');
	return write_all(o->fd, buf_str(&b));
}

static enum rc finish(struct out *o, enum rc rc)
{
	if (o->stamp.id && o->book && !o->failed)
		stamp_xlsx(o);
	if (rc == OK && o->stamp.id && o->format == EXPORT_CSV && !end_csv(o))
		o->failed = true;
	if (o->book && workbook_close(o->book) != LXW_NO_ERROR)
		o->failed = true;
	if (rc == OK && o->format == EXPORT_JSON && !write_all(o->fd, o->rows ? S("]\n") : S("[]\n")))
		o->failed = true;
	if (rc == OK && o->failed)
		return FAIL(o->c, E_FAULT, 0, &MSG_write);
	return rc;
}

enum rc export_list(struct ctx *c, const struct list_ask *ask, enum export_format format, bool all, struct stamp stamp,
	int fd, int64_t *ret_rows)
{
	struct out *o = NEW(c->mem, struct out);
	struct list_ask page = *ask;
	struct list_answer first;
	if (!stamp_said(c, &stamp))
		return E_FAULT;
	*o = (struct out){ .c = c, .e = ask->e, .t = table_of(c->app->registry, ask->e), .format = format, .fd = fd,
		.stamp = stamp };
	o->unit = ask->units ? o->t->unit : NULL;
	page.verb = EXPORT;
	page.show = all ? NULL : ask->e->list;
	page.limit = 1;
	page.count = false;
	TRY(list_rows(c, &page, &first));
	if (first.as_usual)
		page.sort = 0;
	choose_columns(o, &first.hidden, all);
	if (format == EXPORT_XLSX)
		begin_xlsx(o);
	else if (format == EXPORT_CSV)
		begin_csv(o);
	page.limit = 500;
	page.stamp = stamp.id;
	page.titles = format != EXPORT_JSON || o->unit;
	enum rc rc = finish(o, o->failed ? E_FAULT : put_pages(o, page));
	*ret_rows = o->rows;
	return rc;
}

enum rc export_table(struct ctx *c, const struct export_table *t, int fd)
{
	struct out o = { .c = c, .format = EXPORT_XLSX, .fd = fd, .stamp = t->stamp, .title = t->title };
	if (!stamp_said(c, &t->stamp))
		return E_FAULT;
	begin_xlsx(&o);
	for (int i = 0; i < t->n && !o.failed; i++)
		worksheet_write_string(o.sheet, 0, (lxw_col_t)i, cell_z(c->mem, t->heads[i]), o.bold);
	for (int64_t r = 0; r < t->rows && !o.failed; r++)
		for (int i = 0; i < t->n; i++) {
			str s = t->cells[r * t->n + i];
			char z[64];
			if (t->number[i] && s.n > 0 && s.n < (ptrdiff_t)sizeof z) {
				memcpy(z, s.p, (size_t)s.n);
				z[s.n] = 0;
				worksheet_write_number(o.sheet, (lxw_row_t)(r + 1), (lxw_col_t)i, strtod(z, NULL), NULL);
			} else if (s.n) {
				worksheet_write_string(o.sheet, (lxw_row_t)(r + 1), (lxw_col_t)i, cell_z(c->mem, s), NULL);
			}
		}
	return finish(&o, OK);
}
