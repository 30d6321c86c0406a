/* xls_sheet.c -- the rows of a sheet. Cells are counted, gathered, put in order and handed on row by row: nothing in
 * the format keeps them in order, though every program writes them so. */
#include "core/xls_in.h"
#include "core/cell.h"
#include <math.h>
#include <stdlib.h>

/* text: index into texts; a later cell of one place holds. */
struct found { uint32_t place, order; uint16_t style; uint8_t kind; union { double number; int64_t text; } is; };
struct sheet {
	struct xls *x;
	struct found *at; int64_t n, cap;
	str *texts; int64_t n_texts, cap_texts;
	bool in_order, awaits;                           /* the saved text of a formula comes in its own record */
	const char *fault;
};

/* ---- the records of a sheet ---- */

/* What fn says false to ends the sheet. Charts within it are passed over. */
typedef bool see_fn(void *arg, const struct record *r);

static const char *each_record(struct xls *x, int sheet, see_fn *fn, void *arg)
{
	struct record r = { 0 };
	int64_t at = x->sheets[sheet].at;
	int depth = 1;

	if (at > x->book.n || !xls_next(x->book, &at, &r) || r.type != R_BOF)
		return "a sheet does not begin where it should";
	while (xls_next(x->book, &at, &r)) {
		if (r.type == R_BOF)
			depth++;
		else if (r.type == R_EOF && --depth == 0)
			return NULL;
		else if (depth == 1 && !fn(arg, &r))
			return NULL;
	}
	return "a sheet is cut off";
}

/* How many cells with a value a record may hold. */
static bool count_cells(void *arg, const struct record *r)
{
	int64_t *n = arg;

	switch (r->type) {
	case R_MULRK:
		*n += r->body.n > 6 ? (r->body.n - 6) / 6 : 0;
		break;
	case R_NUMBER: case R_RK: case R_LABELSST: case R_LABEL: case R_RSTRING: case R_BOOLERR: case R_FORMULA:
		++*n;
		break;
	}
	return *n <= XLS_CELLS;
}

/* ---- cells ---- */

static struct found *add(struct sheet *s, uint32_t row, uint32_t column, uint32_t style, enum cell_kind kind)
{
	if (column >= XLS_COLUMNS || s->n == s->cap) {
		s->fault = "a cell has a wrong address";
		return NULL;
	}
	struct found *c = &s->at[s->n];
	*c = (struct found){ row << 8 | column, (uint32_t)s->n, (uint16_t)style, (uint8_t)kind, { 0 } };
	s->in_order = s->in_order && (s->n == 0 || c[-1].place < c->place);
	s->n++;
	s->awaits = false;
	return c;
}

static struct found *add_record(struct sheet *s, str body, enum cell_kind kind)
{
	return add(s, xls_u16(body, 0), xls_u16(body, 2), xls_u16(body, 4), kind);
}

static void set_text(struct sheet *s, struct found *c, str text)
{
	if (!c)
		return;
	if (s->n_texts == s->cap_texts) {
		int64_t cap = s->cap_texts ? s->cap_texts * 2 : 256;
		str *more = NEWS(s->x->mem, str, cap);
		if (s->n_texts)
			memcpy(more, s->texts, (size_t)s->n_texts * sizeof *more);
		s->texts = more;
		s->cap_texts = cap;
	}
	s->texts[s->n_texts] = text;
	c->is.text = s->n_texts++;
}

static void set_number(struct found *c, double v)
{
	if (c)
		c->is.number = v;
}

/* A number in 30 bits: an integer or the upper half of a binary one, perhaps of hundredths. */
static double of_rk(uint32_t rk)
{
	double v;

	if (rk & 2) {
		int32_t i = (int32_t)(rk >> 2);
		v = i >= 1 << 29 ? i - (1 << 30) : i;
	} else {
		uint64_t bits = (uint64_t)(rk & ~3u) << 32;
		memcpy(&v, &bits, sizeof v);
	}
	return rk & 1 ? v / 100 : v;
}

static str error_word(uint32_t code)
{
	static const struct { uint32_t code; const char *word; } words[] = { { 0x00, "#NULL!" }, { 0x07, "#DIV/0!" },
		{ 0x0F, "#VALUE!" }, { 0x17, "#REF!" }, { 0x1D, "#NAME?" }, { 0x24, "#NUM!" } };

	for (ptrdiff_t i = 0; i < COUNT(words); i++)
		if (words[i].code == code)
			return str_of(words[i].word);
	return S("#N/A");
}

static void add_answer(struct sheet *s, str body, ptrdiff_t at, bool error)
{
	uint32_t v = at < body.n ? (uint8_t)body.p[at] : 0;
	struct found *c = add_record(s, body, error ? CELL_ERROR : CELL_BOOL);

	set_text(s, c, error ? error_word(v) : v ? S("1") : S("0"));
}

/* The result that was saved: a number, or by its first byte a text, a truth, an error, nothing. */
static void add_formula(struct sheet *s, str body)
{
	if (xls_u16(body, 12) != 0xFFFF) {
		set_number(add_record(s, body, CELL_NUMBER), xls_f64(body, 6));
		return;
	}
	switch (body.p[6]) {
	case 0:
		s->awaits = add_record(s, body, CELL_BLANK) != NULL;
		break;
	case 1: case 2:
		add_answer(s, body, 8, body.p[6] == 2);
		break;
	default:
		add_record(s, body, CELL_BLANK);
	}
}

static void add_label(struct sheet *s, const struct record *r)
{
	str text;

	if (xls_text(s->x, r, 6, true, &text))
		set_text(s, add_record(s, r->body, CELL_TEXT), text);
	else
		s->fault = "a text is cut off";
}

static void add_saved_text(struct sheet *s, const struct record *r)
{
	str text;

	if (!s->awaits || s->n == 0)
		return;
	s->awaits = false;
	s->at[s->n - 1].kind = CELL_TEXT;
	if (xls_text(s->x, r, 0, true, &text))
		set_text(s, &s->at[s->n - 1], text);
	else
		s->fault = "a text is cut off";
}

static void add_shared(struct sheet *s, str body)
{
	uint32_t i = xls_u32(body, 6);

	if (i < s->x->n_strings)
		set_text(s, add_record(s, body, CELL_TEXT), s->x->strings[i]);
	else
		s->fault = "a cell names a text that does not exist";
}

/* The shortest body of each record that holds a value. */
static ptrdiff_t least_of(int type)
{
	switch (type) {
	case R_FORMULA: case R_NUMBER: return 14;
	case R_RK: case R_LABELSST: return 10;
	case R_LABEL: case R_RSTRING: return 9;
	case R_BOOLERR: return 8;
	default: return 0;
	}
}

static bool see_cell(void *arg, const struct record *r)
{
	struct sheet *s = arg;

	if (r->body.n < least_of(r->type)) {
		s->fault = "a record is too short";
		return false;
	}
	switch (r->type) {
	case R_NUMBER:
		set_number(add_record(s, r->body, CELL_NUMBER), xls_f64(r->body, 6));
		break;
	case R_RK:
		set_number(add_record(s, r->body, CELL_NUMBER), of_rk(xls_u32(r->body, 6)));
		break;
	case R_MULRK:
		for (ptrdiff_t i = 4, k = 0; i + 8 <= r->body.n && !s->fault; i += 6, k++)
			set_number(add(s, xls_u16(r->body, 0), xls_u16(r->body, 2) + (uint32_t)k, xls_u16(r->body, i), CELL_NUMBER),
				of_rk(xls_u32(r->body, i + 2)));
		break;
	case R_LABELSST:
		add_shared(s, r->body);
		break;
	case R_LABEL: case R_RSTRING:
		add_label(s, r);
		break;
	case R_BOOLERR:
		add_answer(s, r->body, 6, r->body.p[7] != 0);
		break;
	case R_FORMULA:
		add_formula(s, r->body);
		break;
	case R_STRING:
		add_saved_text(s, r);
		break;
	}
	return !s->fault;
}

/* ---- rows ---- */

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->place != y->place)
		return (x->place > y->place) - (x->place < y->place);
	return (x->order > y->order) - (x->order < y->order);
}

static void put_value(const struct sheet *s, const struct found *c, struct cell *ret, struct buf *b)
{
	enum cell_kind shown = c->style < s->x->n_styles ? s->x->styles[c->style] : CELL_NUMBER;
	size_t from = b->n;

	ret->kind = (enum cell_kind)c->kind;
	if (c->kind == CELL_BLANK) {
		ret->text = S("");
	} else if (c->kind != CELL_NUMBER) {
		ret->text = s->texts[c->is.text];
		if (c->kind == CELL_TEXT && ret->text.n == 0)
			ret->kind = CELL_BLANK;
	} else if (!isfinite(c->is.number)) {
		*ret = (struct cell){ CELL_ERROR, S("#NUM!") };
	} else {
		if (shown == CELL_NUMBER)
			cell_put_number(b, c->is.number);
		else
			ret->kind = cell_put_serial(b, c->is.number, shown, s->x->from_1904);
		ret->text = (str){ b->p + from, (ptrdiff_t)(b->n - from) };
	}
}

/* Numbers of a row are written into one buffer, which is as large as a row of them can be. */
static void hand_on(struct sheet *s, row_fn *fn, void *arg)
{
	struct cell *cells = NEWS(s->x->mem, struct cell, XLS_COLUMNS);
	char *p = NEWS(s->x->mem, char, XLS_COLUMNS * 512);
	struct buf b = { p, 0, XLS_COLUMNS * 512, XLS_COLUMNS * 512, s->x->mem, false };

	if (!s->in_order && s->n)
		qsort(s->at, (size_t)s->n, sizeof *s->at, by_place);
	for (int64_t i = 0; i < s->n;) {
		uint32_t row = s->at[i].place >> 8;
		int n = 0;
		b.n = 0;
		for (; i < s->n && s->at[i].place >> 8 == row; i++) {
			int column = (int)(s->at[i].place & 0xFF);
			for (; n < column; n++)
				cells[n] = (struct cell){ 0 };
			n = column + 1;
			if (i + 1 == s->n || s->at[i + 1].place != s->at[i].place)
				put_value(s, &s->at[i], &cells[column], &b);
		}
		if (!fn(arg, (int64_t)row + 1, cells, n))
			return;
	}
}

enum rc xls_rows(struct xls *x, int sheet, row_fn *fn, void *arg, struct file_fault *why)
{
	struct sheet s = { .x = x, .in_order = true };
	const char *fault = each_record(x, sheet, count_cells, &s.cap);

	if (fault)
		return xls_damaged(why, fault);
	if (s.cap > XLS_CELLS) {
		*why = (struct file_fault){ "Một trang của tệp .xls có hơn 4 triệu ô nên bị từ chối.",
			"A sheet of the .xls has more than 4 million cells and was refused.", "" };
		return E_LIMIT;
	}
	s.at = NEWS(x->mem, struct found, s.cap + 1);
	fault = each_record(x, sheet, see_cell, &s);
	if (fault || s.fault)
		return xls_damaged(why, s.fault ? s.fault : fault);
	hand_on(&s, fn, arg);
	return OK;
}

/* ---- around the cells ---- */

struct merging { struct xlsx_range *to; int max, n; };

static bool see_merged(void *arg, const struct record *r)
{
	struct merging *m = arg;

	if (r->type != R_MERGED)
		return true;
	for (ptrdiff_t i = 2; i + 8 <= r->body.n && m->n < m->max; i += 8) {
		struct xlsx_range v = { (int)xls_u16(r->body, i), (int)xls_u16(r->body, i + 4), (int)xls_u16(r->body, i + 2),
			(int)xls_u16(r->body, i + 6) };
		if (v.row <= v.row_end && v.col <= v.col_end && v.col_end < XLS_COLUMNS)
			m->to[m->n++] = v;
	}
	return true;
}

enum rc xls_merged(struct xls *x, int sheet, struct xlsx_range *ret, int max, int *n, struct file_fault *why)
{
	struct merging m = { ret, max, 0 };
	const char *fault = each_record(x, sheet, see_merged, &m);

	*n = m.n;
	return fault ? xls_damaged(why, fault) : OK;
}

struct placing { xls_place_fn *fn; void *arg; };

static bool see_place(void *arg, const struct record *r)
{
	enum { COLUMN_HIDDEN = 1, ROW_HIDDEN = 0x20 };
	const struct placing *p = arg;

	if (r->type == R_FORMULA && xls_u16(r->body, 2) < XLS_COLUMNS) {
		p->fn(p->arg, XLS_FORMULA, (int)xls_u16(r->body, 0), (int)xls_u16(r->body, 2));
	} else if (r->type == R_ROW && (xls_u16(r->body, 12) & ROW_HIDDEN)) {
		p->fn(p->arg, XLS_HIDDEN_ROW, (int)xls_u16(r->body, 0), 0);
	} else if (r->type == R_COLINFO && (xls_u16(r->body, 8) & COLUMN_HIDDEN)) {
		for (uint32_t i = xls_u16(r->body, 0); i <= xls_u16(r->body, 2) && i < XLS_COLUMNS; i++)
			p->fn(p->arg, XLS_HIDDEN_COLUMN, 0, (int)i);
	}
	return true;
}

enum rc xls_places(struct xls *x, int sheet, xls_place_fn *fn, void *arg, struct file_fault *why)
{
	struct placing p = { fn, arg };
	const char *fault = each_record(x, sheet, see_place, &p);

	return fault ? xls_damaged(why, fault) : OK;
}
