/* import_file.c -- the whole way of an import for a command, and the workbooks around it: template, errors. */
#include "core/import_in.h"
#include "core/files.h"
#include "core/registry.h"
#include "core/row.h"
#include <stdio.h>
#include <xlsxwriter.h>

static const struct tr
	MSG_missing = { "Tệp thiếu cột “{1}”.", "The file lacks the column “{1}”." },
	MSG_write = { "Không ghi được tệp Excel.", "The Excel file could not be written." };

/* ---- the whole way ------------------------------------------------------------------------------ */

struct saying { void (*say)(void *, int64_t, str); void *arg; int64_t left; };

static enum rc say_line(struct ctx *c, const struct import_line *l, void *arg)
{
	struct saying *s = arg;
	struct buf b;
	bool refused = l->what == IMPORT_REFUSED;
	const struct import_flaw *at = refused ? l->flaws : l->notes;
	int n = refused ? l->n_flaws : l->n_notes;
	if (n == 0 || !s->say || s->left-- <= 0)
		return OK;
	buf_init(&b, c->mem, 8000);
	for (int i = 0; i < n; i++) {
		put_z(&b, i ? " " : "");
		if (at[i].f)
			put_fmt(&b, "%.*s: ", FMT(say(c, &at[i].f->label)));
		put(&b, at[i].text);
	}
	s->say(s->arg, l->number, buf_str(&b));
	return OK;
}

static enum rc record(struct ctx *c, const struct import_plan *p, str name, int64_t *ret)
{
	*ret = new_id(c);
	return db_exec(c->db,
		"INSERT INTO imported (id, org, made_by, made, entity, file, name, sheet, heading, headings, encoding, "
			"mapping, state) "
		"VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10, ?11, 'running')",
		VALS(v_int(*ret), v_int(p->org.v), v_int(c->who->user.v), v_int(c->now.v), v_text(str_of(p->e->name)),
			v_text(file_name_clean(c->mem, name)),
		     v_int(p->sheet), v_int(p->heading), v_int(p->headings), v_int(p->encoding),
		v_text(import_mapping(c, p))), NULL);
}

enum rc import_close(struct ctx *c, int64_t record, const char *state, const struct import_counts *n)
{
	return db_exec(c->db,
		"UPDATE imported SET state = ?1, n_new = ?2, n_changed = ?3, n_same = ?4, n_refused = ?5, applied = ?6 "
			"WHERE id = ?7",
		VALS(v_text(str_of(state)), v_int(n->n[IMPORT_NEW]), v_int(n->n[IMPORT_CHANGED]), v_int(n->n[IMPORT_SAME]),
			v_int(n->n[IMPORT_REFUSED]),
		     v_int(c->now.v), v_int(record)), NULL);
}

enum rc import_file(struct ctx *c, struct import_plan *plan, int fd, str name, bool dry,
                    void (*say_)(void *arg, int64_t line, str what), void *arg, int64_t most, struct import_report *ret)
{
	struct import_look *look = NEW(c->mem, struct import_look);
	struct saying saying = { say_, arg, most };
	*ret = (struct import_report){ 0 };
	TRY(import_look(c, fd, plan, look));
	import_presume(plan);
	memcpy(ret->headings, look->headings, sizeof ret->headings);
	ret->n = plan->n;
	const struct field *missing = import_missing(plan);
	if (missing)
		return FAILF(c, E_INVALID, 0, &MSG_missing, say(c, &missing->label));
	if (!dry)
		TRY(record(c, plan, name, &ret->record));
	struct import_run run = { .plan = plan, .fd = fd, .dry = dry, .record = ret->record, .tell = say_line,
		.arg = &saying };
	enum rc rc = import_run(c, &run, &ret->counts);
	if (dry)
		return rc;
	enum rc closed = import_close(c, ret->record, rc == OK ? "done" : "failed", &ret->counts);
	return rc != OK ? rc : closed;
}

/* ---- workbooks ------------------------------------------------------------------------------------- */

/* A workbook that goes to fd when it is closed: libxlsxwriter wants a path of its own. */
static lxw_workbook *new_book(int fd, char path[static 64])
{
	lxw_workbook_options o = { .constant_memory = LXW_TRUE };
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return workbook_new_opt(path, &o);
}

static const char *cut(struct arena *mem, str s)
{
	if (s.n > XLSX_CELL_MAX)
		s.n = XLSX_CELL_MAX;
	while (s.n > 0 && s.n == XLSX_CELL_MAX && ((unsigned char)s.p[s.n - 1] & 0x80))
		s.n--;
	return str_z(mem, s);
}

static str example_of(struct ctx *c, const struct field *f)
{
	switch ((enum type)f->type) {
	case T_DAY:  return S("05/09/2014");
	case T_TIME: return S("05/09/2014 07:30");
	case T_BOOL: return c->lang == EN ? S("yes") : S("có");
	case T_PICK: return f->pick ? say(c, &f->pick[f->pick[1].code ? 1 : 0].label) : S("");
	case T_SCORE: return S("7,5");
	case T_MONEY: return S("45.000");
	case T_INT:  return S("1");
	case T_TEXT: return f->is & NAME ? S("Nguyễn Thị Minh Hạnh") : S("");
	case T_REF: case T_FILE: case T_HTML: case T_LIST: break;
	}
	return S("");
}

static str explain(struct ctx *c, const struct field *f)
{
	struct buf b;
	buf_init(&b, c->mem, 8000);
	put(&b, f->is & NEEDED ? (c->lang == EN ? S("Needed. ") : S("Bắt buộc. ")) : S(""));
	if (f->help.vi)
		put_fmt(&b, "%.*s ", FMT(say(c, &f->help)));
	for (const struct choice *k = f->type == T_PICK ? f->pick : NULL; k && k->code; k++)
		put_fmt(&b, "%s%.*s", k == f->pick ? "" : ", ", FMT(say(c, &k->label)));
	if (f->type == T_REF)
		put(&b, c->lang == EN ? S("The name or code of what it refers to.") : S("Ghi tên hoặc mã."));
	return buf_str(&b);
}

enum rc import_template(struct ctx *c, const struct entity *e, int fd)
{
	char path[64];
	lxw_workbook *book = new_book(fd, path);
	if (!book)
		return FAIL(c, E_FAULT, 0, &MSG_write);
	lxw_worksheet *sheet = workbook_add_worksheet(book, c->lang == EN ? "Data" : "Dữ liệu");
	lxw_worksheet *help = workbook_add_worksheet(book, c->lang == EN ? "Columns" : "Giải thích");
	lxw_format *bold = workbook_add_format(book), *text = workbook_add_format(book),
		*slanted = workbook_add_format(book);
	format_set_bold(bold);
	format_set_num_format(text, "@");
	format_set_italic(slanted);
	format_set_num_format(slanted, "@");
	lxw_col_t k = 0;
	for (const struct field *f = e->fields; f->name; f++) {
		if (!import_takes(f))
			continue;
		worksheet_set_column(sheet, k, k, 18, text);     /* text, so that Excel keeps leading zeros      */
		worksheet_write_string(sheet, 0, k, cut(c->mem, TEXT(c, "%.*s%s", FMT(say(c, &f->label)), f->is & NEEDED
			? " (*)" : "")), bold);
		k++;
	}
	lxw_row_t r = 0;
	for (const struct field *f = e->fields; f->name; f++)
		if (import_takes(f)) {
			worksheet_write_string(help, r, 0, cut(c->mem, say(c, &f->label)), bold);
			worksheet_write_string(help, r, 1, cut(c->mem, example_of(c, f)), slanted);
			worksheet_write_string(help, r++, 2, cut(c->mem, explain(c, f)), NULL);
		}
	return workbook_close(book) == LXW_NO_ERROR ? OK : FAIL(c, E_FAULT, 0, &MSG_write);
}

/* ---- the file again, with its errors ------------------------------------------------------------------ */

struct erring { lxw_worksheet *sheet; lxw_format *red, *text; lxw_row_t next; int columns; bool all; int64_t rows; };

static enum rc err_line(struct ctx *c, const struct import_line *l, void *arg)
{
	struct erring *w = arg;
	struct buf b;
	if (l->what != IMPORT_REFUSED && !w->all)
		return OK;
	for (int i = 0; i < l->n_cells && i < w->columns; i++)
		if (l->cells[i].text.n)
			worksheet_write_string(w->sheet, w->next, (lxw_col_t)i, cut(c->mem, l->cells[i].text), w->text);
	buf_init(&b, c->mem, 8000);
	for (int i = 0; i < l->n_flaws; i++)
		put_fmt(&b, "%s%.*s%s%.*s", i ? "; " : "", FMT(l->flaws[i].f ? say(c, &l->flaws[i].f->label) : S("")),
			l->flaws[i].f ? ": " : "", FMT(l->flaws[i].text));
	if (b.n)
		worksheet_write_string(w->sheet, w->next, (lxw_col_t)w->columns, cut(c->mem, buf_str(&b)), w->red);
	w->next++;
	w->rows += l->what == IMPORT_REFUSED;
	return OK;
}

enum rc import_errors(struct ctx *c, const struct import_run *run, bool all, int fd, int64_t *ret_rows)
{
	char path[64];
	struct import_run again = *run;
	struct import_counts counts;
	struct import_look *look = NEW(c->mem, struct import_look);
	struct import_plan *plan = NEW(c->mem, struct import_plan);
	*plan = *run->plan;
	TRY(import_look(c, run->fd, plan, look));
	lxw_workbook *book = new_book(fd, path);
	if (!book)
		return FAIL(c, E_FAULT, 0, &MSG_write);
	struct erring w = { .sheet = workbook_add_worksheet(book, NULL), .red = workbook_add_format(book),
		.text = workbook_add_format(book),
		.next = 1, .columns = run->plan->n, .all = all };
	lxw_format *bold = workbook_add_format(book);
	format_set_bold(bold);
	format_set_font_color(w.red, 0xB3261E);
	format_set_num_format(w.text, "@");
	worksheet_set_column(w.sheet, 0, (lxw_col_t)w.columns, 18, NULL);
	for (int i = 0; i < w.columns; i++)
		worksheet_write_string(w.sheet, 0, (lxw_col_t)i, cut(c->mem, look->headings[i]), bold);
	worksheet_write_string(w.sheet, 0, (lxw_col_t)w.columns, c->lang == EN ? "Errors" : "Lỗi", bold);
	again.dry = true;
	again.tell = err_line;
	again.arg = &w;
	enum rc rc = import_run(c, &again, &counts);
	bool good = workbook_close(book) == LXW_NO_ERROR;
	*ret_rows = w.rows;
	return rc != OK ? rc : good ? OK : FAIL(c, E_FAULT, 0, &MSG_write);
}
