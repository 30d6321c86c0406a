/* workbook_put.c -- a workbook's file with other values in some cells. Sheets are edited as bytes: what is not named is
 * copied as it stands. Runs in the sandbox. */
#include "core/workbook_in.h"
#include <stdlib.h>

/* ---- the XML of a sheet ---------------------------------------------------------------------------- */

struct putting {
	struct arena *mem; str xml; struct xml *x; struct buf out;
	int64_t copied;                                  /* of xml, so far                                     */
	str prefix;                                      /* "x:" where the sheet writes <x:c>, else empty      */
	const struct wb_put *puts; int64_t n, next;
	bool recompute;
	str styles[WB_COLUMNS];                          /* of the columns, for cells that are new             */
	str row_style;
	int64_t row; int column;                         /* the last that were seen, from 0                    */
	const char *bad;
};

static bool wrong(struct putting *s, const char *why)
{
	if (!s->bad)
		s->bad = s->x->bad ? s->x->bad : why;
	return false;
}

static void copy_to(struct putting *s, int64_t to)
{
	put(&s->out, str_sub(s->xml, (ptrdiff_t)s->copied, (ptrdiff_t)to));
	s->copied = to;
}

static void put_tag(struct putting *s, const char *before, const char *name)
{
	put_z(&s->out, before);
	put(&s->out, s->prefix);
	put_z(&s->out, name);
}

/* Text as XML, with what Excel would take for an escape (_x000D_) escaped, control characters left out. */
static void put_text(struct buf *b, str t)
{
	for (ptrdiff_t i = 0; i < t.n;) {
		ptrdiff_t from = i;
		uint32_t ch = str_next(t, &i);
		if (ch == '&' || ch == '<' || ch == '>')
			put_z(b, ch == '&' ? "&amp;" : ch == '<' ? "&lt;" : "&gt;");
		else if (ch == '_' && from + 6 < t.n && t.p[from + 1] == 'x' && t.p[from + 6] == '_')
			put_z(b, "_x005F_");
		else if (ch >= 0x20 ? ch != 0xFFFE && ch != 0xFFFF : ch == '\t' || ch == '\n')
			put_char(b, ch);
	}
}

static void put_ref(struct buf *b, int64_t row, int column)
{
	char letters[4];
	int n = 0;

	for (int v = column + 1; v > 0 && n < COUNT(letters); v = (v - 1) / 26)
		letters[n++] = (char)('A' + (v - 1) % 26);
	while (n > 0)
		put_c(b, letters[--n]);
	put_int(b, row + 1);
}

/* The rest of a <c whose attributes were written: type and value. */
static void put_value(struct putting *s, const struct wb_put *p)
{
	if (p->text.n == 0) {
		put_z(&s->out, "/>");
		return;
	}
	put_z(&s->out, p->number ? ">" : " t=\"inlineStr\">");
	if (p->number) {
		put_tag(s, "<", "v>");
		put(&s->out, p->text);
		put_tag(s, "</", "v>");
	} else {
		put_tag(s, "<", "is>");
		put_tag(s, "<", "t xml:space=\"preserve\">");
		put_text(&s->out, p->text);
		put_tag(s, "</", "t>");
		put_tag(s, "</", "is>");
	}
	put_tag(s, "</", "c>");
}

static void put_new_cell(struct putting *s, const struct wb_put *p)
{
	str style = s->row_style.n ? s->row_style : s->styles[p->column];

	if (p->text.n == 0)
		return;
	put_tag(s, "<", "c r=\"");
	put_ref(&s->out, p->row, p->column);
	put_c(&s->out, '"');
	if (style.n)
		put_fmt(&s->out, " s=\"%.*s\"", FMT(style));
	put_value(s, p);
}

/* The cells of the row that stand before a column and are not there yet. */
static void put_cells_before(struct putting *s, int64_t row, int column)
{
	for (; s->next < s->n && s->puts[s->next].row == row && s->puts[s->next].column < column; s->next++)
		put_new_cell(s, &s->puts[s->next]);
}

/* Rows that are not there yet, before a row. */
static void put_rows_before(struct putting *s, int64_t row)
{
	s->row_style = (str){ 0 };
	while (s->next < s->n && s->puts[s->next].row < row) {
		int64_t at = s->puts[s->next].row;
		put_tag(s, "<", "row r=\"");
		put_int(&s->out, at + 1);
		put_z(&s->out, "\">");
		put_cells_before(s, at, WB_COLUMNS);
		put_tag(s, "</", "row>");
	}
}

/* The opening tag at hand as it was written, without some attributes and without its end: "<c r="A1" s="3"". */
static str kept_tag(struct putting *s, const char *const *without, int n, const char *also)
{
	struct buf b;
	struct xml *x = s->x;
	int64_t from = x->from;

	buf_init(&b, s->mem, (size_t)8 << 20);
	for (int i = 0; i < x->n_attrs; i++) {
		const struct xml_attr *a = &x->attrs[i];
		bool out = false;
		for (int k = 0; k < n; k++)
			out = out || str_is(a->name, without[k]);
		if (!out)
			continue;
		put(&b, str_trim(str_sub(s->xml, (ptrdiff_t)from, (ptrdiff_t)xml_place(x, a->name.p))));
		put_c(&b, ' ');
		from = xml_place(x, a->value.p + a->value.n) + 1;
	}
	put(&b, str_trim(str_sub(s->xml, (ptrdiff_t)from, (ptrdiff_t)xml_behind(x) - (x->empty ? 2 : 1))));
	str kept = str_trim(buf_str(&b));
	return also ? str_fmt(s->mem, "%.*s %s", FMT(kept), also) : kept;
}

/* What stands within the cell just opened, to its end: is it computed, and where does the saved result stand? */
static bool look_inside(struct putting *s, bool *formula, int64_t *v_from, int64_t *v_to)
{
	struct xml *x = s->x;
	int top = x->depth;
	bool in_v = false;

	*formula = false;
	*v_from = *v_to = -1;
	for (;;) {
		enum xml_event ev = xml_next(x);
		if (ev == XML_BAD || ev == XML_DONE)
			return wrong(s, "a cell does not end");
		if (ev == XML_CLOSE && x->depth < top)
			return true;
		if (ev == XML_OPEN && x->depth == top + 1 && str_is(x->name, "f")) {
			*formula = true;
		} else if (ev == XML_OPEN && x->depth == top + 1 && str_is(x->name, "v") && *v_from < 0) {
			*v_from = x->from;
			in_v = true;
		} else if (ev == XML_CLOSE && x->depth == top && in_v) {
			*v_to = xml_behind(x);
			in_v = false;
		}
	}
}

/* The <c> just opened: written anew where a put names it, else kept; a formula is kept, its result may go. */
static bool put_cell(struct putting *s, bool row_has_puts)
{
	static const char *const value[] = { "t", "cm", "vm" };
	struct xml *x = s->x;
	str ref = xml_attr(x, "r");
	int column = ref.n ? xlsx_column_of(ref) : s->column + 1;
	bool formula;
	int64_t from = x->from, v_from, v_to;

	if (column <= s->column || column >= XLSX_COLUMNS)
		return wrong(s, "cells stand in a wrong order");
	s->column = column;
	copy_to(s, from);
	put_cells_before(s, s->row, column);
	const struct wb_put *p = s->next < s->n ? &s->puts[s->next] : NULL;
	p = p && p->row == s->row && p->column == column ? p : NULL;
	struct buf at;
	buf_init(&at, s->mem, 64);
	put_z(&at, "r=\"");
	put_ref(&at, s->row, column);
	put_c(&at, '"');
	const char *address = ref.n ? NULL : str_z(s->mem, buf_str(&at));
	str tag = p ? kept_tag(s, value, COUNT(value), address) : (str){ 0 };
	str moved = row_has_puts && address ? kept_tag(s, NULL, 0, address) : (str){ 0 };
	bool empty = x->empty;
	int64_t tag_end = xml_behind(x);
	if (!look_inside(s, &formula, &v_from, &v_to))
		return false;
	s->next += p != NULL;
	if (p && !formula) {
		put(&s->out, tag);
		put_value(s, p);
		s->copied = xml_behind(x);
		return true;
	}
	if (moved.n) {
		put(&s->out, moved);
		put_z(&s->out, empty ? "/>" : ">");
		s->copied = tag_end;
	}
	if (formula && s->recompute && v_to > 0) {
		copy_to(s, v_from);
		s->copied = v_to;
	}
	return true;
}

/* The <row> just opened. */
static bool put_row(struct putting *s)
{
	static const char *const spans[] = { "spans" };
	struct xml *x = s->x;
	str ref = xml_attr(x, "r"), style = xml_attr(x, "customFormat");
	int64_t row = s->row + 2;
	int top = x->depth;

	if ((ref.n && !str_to_int(ref, &row)) || row - 1 <= s->row || row > 1048576)
		return wrong(s, "rows stand in a wrong order");
	copy_to(s, x->from);
	put_rows_before(s, row - 1);
	s->row = row - 1;
	s->column = -1;
	s->row_style = str_is(style, "1") || str_is(style, "true") ? str_copy(s->mem, xml_attr(x, "s")) : (str){ 0 };
	bool has_puts = s->next < s->n && s->puts[s->next].row == s->row, empty = x->empty;
	if (has_puts || (!ref.n && s->n)) {
		const char *number = ref.n ? NULL : str_z(s->mem, str_fmt(s->mem, "r=\"%lld\"", (long long)row));
		put(&s->out, kept_tag(s, spans, COUNT(spans), number));
		put_z(&s->out, empty && !has_puts ? "/>" : ">");
		s->copied = xml_behind(x);
	}
	for (;;) {
		enum xml_event ev = xml_next(x);
		if (ev == XML_BAD || ev == XML_DONE)
			return wrong(s, "a row does not end");
		if (ev == XML_CLOSE && x->depth < top)
			break;
		if (ev == XML_OPEN && str_is(x->name, "c")) {
			if (!put_cell(s, has_puts))
				return false;
		} else if (ev == XML_OPEN) {
			copy_to(s, x->from);
			put_cells_before(s, s->row, WB_COLUMNS);
			if (has_puts)
				s->column = XLSX_COLUMNS;        /* new cells may stand before it: no other may follow */
			if (!xml_skip(x))
				return wrong(s, "a row does not end");
		}
	}
	if (!has_puts)
		return true;
	copy_to(s, empty ? s->copied : x->from);
	put_cells_before(s, s->row, WB_COLUMNS);
	if (empty)
		put_tag(s, "</", "row>");
	return true;
}

/* The <sheetData> just opened. */
static bool put_rows(struct putting *s)
{
	struct xml *x = s->x;
	int top = x->depth;
	bool empty = x->empty && s->n > 0;

	s->prefix = str_copy(s->mem, str_sub(s->xml, (ptrdiff_t)x->from + 1, (ptrdiff_t)xml_place(x, x->name.p)));
	if (empty) {
		copy_to(s, x->from);
		put(&s->out, kept_tag(s, NULL, 0, NULL));
		put_c(&s->out, '>');
		s->copied = xml_behind(x);
	}
	for (;;) {
		enum xml_event ev = xml_next(x);
		if (ev == XML_BAD || ev == XML_DONE)
			return wrong(s, "the rows do not end");
		if (ev == XML_CLOSE && x->depth < top)
			break;
		if (ev == XML_OPEN && !(str_is(x->name, "row") ? put_row(s) : xml_skip(x)))
			return wrong(s, "a row is malformed");
	}
	if (!empty)
		copy_to(s, x->from > s->copied ? x->from : s->copied);
	put_rows_before(s, INT64_MAX);
	if (empty)
		put_tag(s, "</", "sheetData>");
	return true;
}

static void note_style(struct putting *s)
{
	int64_t from, to;
	str style = xml_attr(s->x, "style");

	if (!style.n || !str_to_int(xml_attr(s->x, "min"), &from) || !str_to_int(xml_attr(s->x, "max"), &to))
		return;
	for (int64_t i = from > 0 ? from - 1 : 0; i < to && i < WB_COLUMNS; i++)
		s->styles[i] = str_copy(s->mem, style);
}

enum rc wb_sheet_put(struct arena *mem, str xml, const struct wb_put *puts, int64_t n, bool recompute, str *ret,
	struct file_fault *why)
{
	struct putting *s = NEW(mem, struct putting);
	str left = xml;
	bool found = false;
	enum xml_event ev;

	*s = (struct putting){ .mem = mem, .xml = xml, .x = NEW(mem, struct xml), .puts = puts, .n = n,
		.recompute = recompute, .row = -1 };
	buf_init(&s->out, mem, (size_t)XLSX_TOTAL);
	xml_init(s->x, mem, wb_feed, &left);
	while (!s->bad && (ev = xml_next(s->x)) != XML_DONE) {
		if (ev == XML_BAD) {
			wrong(s, "the sheet is malformed");
		} else if (ev == XML_OPEN && str_is(s->x->name, "col")) {
			note_style(s);
		} else if (ev == XML_OPEN && str_is(s->x->name, "sheetData") && s->x->depth == 2 && !found) {
			found = true;
			put_rows(s);
		}
	}
	if (s->bad || !found)
		return wb_damaged(why, s->bad ? s->bad : "the sheet has no rows");
	copy_to(s, xml.n);
	*ret = buf_str(&s->out);
	return s->out.over ? wb_damaged(why, "the sheet is too long") : OK;
}

/* ---- the workbook's own part ------------------------------------------------------------------------ */

/* The XML of the workbook, asking to be computed when it is opened (ECMA-376 part 1,
	18.2.2: calcPr follows these). */
static enum rc ask_to_compute(struct arena *mem, str xml, str *ret, struct file_fault *why)
{
	static const char *const before[] = { "sheets", "functionGroups", "externalReferences", "definedNames" };
	static const char *const set[] = { "fullCalcOnLoad" };
	struct putting *s = NEW(mem, struct putting);
	str left = xml;
	int64_t place = -1;
	enum xml_event ev;

	*s = (struct putting){ .mem = mem, .xml = xml, .x = NEW(mem, struct xml) };
	buf_init(&s->out, mem, (size_t)XLSX_TOTAL);
	xml_init(s->x, mem, wb_feed, &left);
	while ((ev = xml_next(s->x)) != XML_DONE) {
		struct xml *x = s->x;
		if (ev == XML_BAD)
			return wb_damaged(why, x->bad);
		if (ev == XML_OPEN && x->depth == 2 && str_is(x->name, "calcPr")) {
			copy_to(s, x->from);
			put(&s->out, kept_tag(s, set, COUNT(set), "fullCalcOnLoad=\"1\""));
			put_z(&s->out, x->empty ? "/>" : ">");
			s->copied = xml_behind(x);
			place = -2;
		} else if (ev == XML_OPEN && x->depth == 2 && str_is(x->name, "sheets")) {
			s->prefix = str_copy(mem, str_sub(xml, (ptrdiff_t)x->from + 1, (ptrdiff_t)xml_place(x, x->name.p)));
		} else if (ev == XML_CLOSE && x->depth == 1 && place > -2) {
			for (ptrdiff_t i = 0; i < COUNT(before); i++)
				place = str_is(x->name, before[i]) ? xml_behind(x) : place;
		}
	}
	if (place >= 0) {
		copy_to(s, place);
		put_tag(s, "<", "calcPr fullCalcOnLoad=\"1\"/>");
	}
	copy_to(s, xml.n);
	*ret = buf_str(&s->out);
	return OK;
}

/* ---- the file -------------------------------------------------------------------------------------------- */

static bool any_formula(struct xlsx *x, struct file_fault *why)
{
	struct wb_about about;
	bool any = false;

	for (int i = 0; i < xlsx_sheets(x) && !any; i++)
		any = wb_look(x->mem, &(struct book){ .xlsx = x }, i, &about, why) == OK && about.formulas.n > 0;
	return any;
}

static int by_address(const void *a, const void *b)
{
	const struct wb_put *const *x = a, *const *y = b;
	const struct wb_put *p = *x, *q = *y;
	int d = p->sheet != q->sheet ? p->sheet - q->sheet : p->row != q->row ? p->row - q->row : p->column - q->column;
	return d ? d : (p > q) - (p < q);
}

/* Sorted by sheet, row and column; of several puts of a cell the last. */
static struct wb_put *sorted(struct arena *mem, const struct wb_put *puts, int64_t n, int64_t *ret_n)
{
	const struct wb_put **at = NEWS(mem, const struct wb_put *, n + 1);
	struct wb_put *to = NEWS(mem, struct wb_put, n + 1);
	int64_t k = 0;

	for (int64_t i = 0; i < n; i++)
		at[i] = &puts[i];
	if (n)
		qsort(at, (size_t)n, sizeof *at, by_address);
	for (int64_t i = 0; i < n; i++) {
		bool again = k > 0 && to[k - 1].sheet == at[i]->sheet && to[k - 1].row == at[i]->row &&
			to[k - 1].column == at[i]->column;
		to[again ? k - 1 : k++] = *at[i];
	}
	*ret_n = k;
	return to;
}

enum rc wb_file_put(struct arena *mem, str bytes, const struct wb_put *puts, int64_t n, str mark, str *ret,
	struct file_fault *why)
{
	struct wb_new parts[WB_SHEETS + 1 + WB_MARK_PARTS];
	struct xlsx *x;
	int n_parts = 0;
	str xml;

	TRY(xlsx_open(mem, bytes, &x, why));
	TRY(wb_harmless(x, why));
	struct wb_put *all = sorted(mem, puts, n, &n);
	bool recompute = n > 0 && any_formula(x, why);
	for (int64_t i = 0, to; i < n; i = to) {
		int sheet = all[i].sheet;
		for (to = i; to < n && all[to].sheet == sheet; to++)
			;
		if (sheet < 0 || sheet >= xlsx_sheets(x) || sheet >= WB_SHEETS)
			continue;
		struct wb_new *part = &parts[n_parts++];
		part->path = x->sheets[sheet].path;
		if (wb_part(x, part->path, &xml, why) != OK)
			return wb_damaged(why, "the sheet is not in the archive");
		TRY(wb_sheet_put(mem, xml, all + i, to - i, recompute, &part->bytes, why));
	}
	if (recompute) {
		struct wb_new *part = &parts[n_parts++];
		part->path = x->path;
		if (wb_part(x, part->path, &xml, why) != OK)
			return wb_damaged(why, "there is no workbook in the archive");
		TRY(ask_to_compute(mem, xml, &part->bytes, why));
	}
	if (mark.n)
		TRY(wb_mark(x, mark, parts, &n_parts, why));
	return wb_repack(x, parts, n_parts, ret, why);
}
