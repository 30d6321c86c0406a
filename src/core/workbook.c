/* workbook.c -- see workbook.h: the grid, and how it comes out of the sandbox. Frames of the child begin with a letter:
 * O an .xls, S a sheet (u8 hidden, name), C its hidden columns (u32 each), M merged ranges, R rows: u32 number,
 * u8 hidden, u32 cells, then for each u8 kind and formula, u32 length, text. */
#include "core/workbook.h"
#include "core/sheet_in.h"
#include "core/workbook_in.h"
#include <unistd.h>

enum { BATCH = 64 << 10, NAME_MOST = 256, TEXTS_MOST = 32 << 20, FORMULA = 0x80, PIECE = 512 << 10 };

const struct file_fault wb_too_many = {
	"Sổ tính quá lớn: nhiều nhất 64 trang, 20.000 dòng một trang và 500.000 ô có dữ liệu.",
	"The workbook is too large: 64 sheets, 20,000 rows a sheet and 500,000 filled cells at most.", "" };
static const struct file_fault no_book = {
	"Tệp không phải sổ tính Excel (.xlsx, .xls). Tệp .csv: hãy mở bằng Excel rồi lưu lại dạng .xlsx.",
	"The file is not an Excel workbook (.xlsx, .xls). A .csv: open it in Excel and save it as .xlsx.", "" };
const struct file_fault wb_only_read = {
	"Khuê đọc được tệp .xls nhưng chỉ điền vào tệp .xlsx. Hãy mở tệp bằng Excel, lưu thành .xlsx rồi gửi lại.",
	"An .xls can be read, but only an .xlsx can be filled. Open it in Excel, save it as .xlsx and send it again.", "" };

/* ---- the child: reads and sends -------------------------------------------------------------------- */

struct sending { struct sandbox *out; const struct wb_about *about; int64_t cells, texts; bool too_many; };

static bool holds(const struct wb_places *p, int64_t place)
{
	int64_t low = 0, high = p->n;

	while (low < high) {
		int64_t mid = (low + high) / 2;
		if (p->at[mid] < place)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->n && p->at[low] == place;
}

static bool is_formula(const struct wb_about *a, int64_t row, int column)
{
	return holds(&a->formulas, row * XLSX_COLUMNS + column);
}

static bool send_row(void *arg, int64_t number, const struct cell *cells, int n)
{
	struct sending *s = arg;
	int64_t row = number - 1, size = 16;

	n = n > WB_COLUMNS ? WB_COLUMNS : n;
	while (n > 0 && cells[n - 1].text.n == 0 && !is_formula(s->about, row, n - 1))
		n--;
	if (n == 0)
		return true;
	for (int i = 0; i < n; i++) {
		size += 8 + cells[i].text.n;
		s->cells += cells[i].text.n > 0;
		s->texts += cells[i].text.n;
	}
	if (row >= WB_ROWS || s->cells > WB_CELLS || s->texts > TEXTS_MOST || size > TEXTS_MOST / 64)
		return s->too_many = true, false;
	if (sandbox_size(s->out) > BATCH)
		sandbox_send(s->out);
	if (sandbox_size(s->out) == 0)
		sheet_put_letter(s->out, 'R');
	sheet_put_u32(s->out, (uint32_t)row);
	sheet_put_letter(s->out, holds(&s->about->hidden_rows, row) ? 1 : 0);
	sheet_put_u32(s->out, (uint32_t)n);
	for (int i = 0; i < n; i++) {
		uint8_t kind = (uint8_t)((unsigned)cells[i].kind | (is_formula(s->about, row, i) ? FORMULA : 0u));
		sandbox_put(s->out, &kind, 1);
		sheet_put_u32(s->out, (uint32_t)cells[i].text.n);
		sandbox_put(s->out, cells[i].text.p, (size_t)cells[i].text.n);
	}
	return true;
}

static void send_about(struct sending *s, const struct book *b, int sheet)
{
	str name = str_sub(book_sheet_name(b, sheet), 0, NAME_MOST);

	sheet_put_letter(s->out, 'S');
	sheet_put_letter(s->out, book_sheet_hidden(b, sheet) ? 1 : 0);
	sheet_put_u32(s->out, (uint32_t)name.n);
	sandbox_put(s->out, name.p, (size_t)name.n);
	sandbox_send(s->out);
	sheet_put_letter(s->out, 'C');
	for (int i = 0; i < WB_COLUMNS; i++)
		if (s->about->hidden_columns[i])
			sheet_put_u32(s->out, (uint32_t)i);
	sandbox_send(s->out);
	sheet_put_letter(s->out, 'M');
	sandbox_put(s->out, s->about->merged, (size_t)s->about->n_merged * sizeof *s->about->merged);
	sandbox_send(s->out);
}

static enum rc send_book(void *arg, struct arena *mem, str bytes, struct file_fault *why)
{
	struct sending *s = arg;
	struct book b;

	if (!book_is(bytes))
		return *why = no_book, E_INVALID;
	TRY(book_open(mem, bytes, &b, why));
	TRY(wb_no_programs(&b, why));
	if (book_sheets(&b) > WB_SHEETS)
		return *why = wb_too_many, E_LIMIT;
	if (b.xls)
		sheet_put_letter(s->out, 'O');
	sandbox_send(s->out);
	for (int i = 0; i < book_sheets(&b); i++) {
		struct wb_about about;
		TRY(wb_look(mem, &b, i, &about, why));
		s->about = &about;
		send_about(s, &b, i);
		TRY(book_rows(&b, i, send_row, s, why));
		sandbox_send(s->out);
		if (s->too_many)
			return *why = wb_too_many, E_LIMIT;
	}
	return OK;
}

static enum rc read_child(void *arg, int fd, struct sandbox *out, str *say)
{
	struct sending s = { .out = out };

	(void)arg;
	return sheet_child(fd, send_book, &s, say);
}

/* ---- the parent: receives, trusting nothing -------------------------------------------------------- */

struct receiving { struct workbook *w; int64_t cells, texts; bool lied; };

static bool receive_sheet(struct receiving *r, str s)
{
	struct workbook *w = r->w;
	char hidden;
	str name;

	if (w->n_sheets == WB_SHEETS || !sheet_take(&s, &hidden, 1) || !sheet_take_text(&s, NAME_MOST, &name) ||
		!str_is_utf8(name) || s.n)
		return false;
	w->sheets[w->n_sheets++] = (struct wb_sheet){ .name = str_copy(w->mem, name), .hidden = hidden != 0 };
	return true;
}

static bool receive_hidden(struct wb_sheet *at, str s)
{
	for (uint32_t i; s.n > 0; at->hidden_columns[i] = true)
		if (!sheet_take(&s, &i, sizeof i) || i >= WB_COLUMNS)
			return false;
	return true;
}

static bool receive_merged(struct receiving *r, struct wb_sheet *at, str s)
{
	int n = (int)(s.n / (ptrdiff_t)sizeof *at->merged);

	if (n > WB_MERGED || s.n % (ptrdiff_t)sizeof *at->merged || at->merged)
		return false;
	at->merged = NEWS(r->w->mem, struct xlsx_range, n + 1);
	memcpy(at->merged, s.p, (size_t)s.n);
	for (int i = 0; i < n; i++) {
		const struct xlsx_range *m = &at->merged[i];
		if (m->row < 0 || m->col < 0 || m->row_end < m->row || m->col_end < m->col)
			return false;
	}
	at->n_merged = n;
	return true;
}

static void reach(struct receiving *r, struct wb_sheet *at, int row)
{
	int cap = at->n_rows ? 64 : 0, want = 64;

	while (cap && cap < at->n_rows)
		cap *= 2;
	while (want <= row)
		want *= 2;
	if (want > cap) {
		struct wb_row *rows = NEWS(r->w->mem, struct wb_row, want);
		if (at->n_rows)
			memcpy(rows, at->rows, (size_t)at->n_rows * sizeof *rows);
		at->rows = rows;
	}
	if (row >= at->n_rows)
		at->n_rows = row + 1;
}

static bool receive_row(struct receiving *r, struct wb_sheet *at, str *s)
{
	uint32_t row, n;
	char hidden;

	if (!sheet_take(s, &row, 4) || !sheet_take(s, &hidden, 1) || !sheet_take(s, &n, 4) || row >= WB_ROWS ||
		n > WB_COLUMNS || (r->cells += n) > WB_CELLS * 4)
		return false;
	reach(r, at, (int)row);
	struct wb_row *to = &at->rows[row];
	*to = (struct wb_row){ NEWS(r->w->mem, struct wb_cell, n + 1), (int)n, hidden != 0 };
	for (uint32_t i = 0; i < n; i++) {
		uint8_t kind;
		str text;
		if (!sheet_take(s, &kind, 1) || !sheet_take_text(s, TEXTS_MOST, &text) || (kind & ~FORMULA) > CELL_ERROR ||
			(r->texts += text.n) > TEXTS_MOST)
			return false;
		bool good = str_is_utf8(text);
		to->cells[i] = (struct wb_cell){ good ? (enum cell_kind)(kind & ~FORMULA) : CELL_ERROR, (kind & FORMULA) != 0,
			good ? str_copy(r->w->mem, text) : S("\xEF\xBF\xBD") };
	}
	return true;
}

static bool receive(void *arg, str frame)
{
	struct receiving *r = arg;
	struct workbook *w = r->w;
	struct wb_sheet *at = w->n_sheets ? &w->sheets[w->n_sheets - 1] : NULL;
	str s = str_sub(frame, 1, -1);
	bool good = false;

	if (frame.p[0] == 'O')
		good = w->old = s.n == 0;
	else if (frame.p[0] == 'S')
		good = receive_sheet(r, s);
	else if (at && frame.p[0] == 'C')
		good = receive_hidden(at, s);
	else if (at && frame.p[0] == 'M')
		good = receive_merged(r, at, s);
	else if (at && frame.p[0] == 'R')
		for (good = true; good && s.n > 0;)
			good = receive_row(r, at, &s);
	r->lied = !good;
	return good;
}

enum rc wb_open(struct arena *mem, int fd, str wipe, struct workbook **ret, struct file_fault *why)
{
	struct workbook *w = NEW(mem, struct workbook);
	struct receiving r = { .w = w };
	enum rc rc = OK;
	str say = { "", 0 };

	w->mem = mem;
	w->sheets = NEWS(mem, struct wb_sheet, WB_SHEETS);
	enum sandbox_end end = sandbox_run(mem, &sheet_limits, wipe, fd, read_child, NULL, receive, &r, &rc, &say);
	*ret = w;
	return sheet_ended(mem, end, rc, say, why);
}

/* ---- cells ------------------------------------------------------------------------------------------ */

const struct wb_cell *wb_cell(const struct workbook *w, int sheet, int row, int column)
{
	static const struct wb_cell none = { CELL_BLANK, false, { "", 0 } };

	if (sheet < 0 || sheet >= w->n_sheets || row < 0 || column < 0)
		return &none;
	const struct wb_sheet *s = &w->sheets[sheet];
	return row < s->n_rows && column < s->rows[row].n ? &s->rows[row].cells[column] : &none;
}

static const struct xlsx_range *merged_at(const struct wb_sheet *s, int row, int column)
{
	for (int i = 0; i < s->n_merged; i++) {
		const struct xlsx_range *m = &s->merged[i];
		if (m->row <= row && row <= m->row_end && m->col <= column && column <= m->col_end)
			return m;
	}
	return NULL;
}

str wb_text(const struct workbook *w, int sheet, int row, int column)
{
	const struct xlsx_range *m = sheet >= 0 && sheet < w->n_sheets ? merged_at(&w->sheets[sheet], row, column) : NULL;

	return str_trim(m ? wb_cell(w, sheet, m->row, m->col)->text : wb_cell(w, sheet, row, column)->text);
}

/* What XML writes for a number, and nothing else: a sign, digits, a dot and digits. */
static bool is_decimal(str s)
{
	str whole, part;
	bool dot = str_cut(s.n && s.p[0] == '-' ? str_sub(s, 1, -1) : s, '.', &whole, &part);

	for (ptrdiff_t i = 0; i < whole.n; i++)
		if (whole.p[i] < '0' || whole.p[i] > '9')
			return false;
	for (ptrdiff_t i = 0; i < part.n; i++)
		if (part.p[i] < '0' || part.p[i] > '9')
			return false;
	return whole.n > 0 && s.n <= 20 && (!dot || part.n > 0);
}

enum rc wb_put(struct workbook *w, int sheet, int row, int column, bool number, str text)
{
	if (sheet < 0 || sheet >= w->n_sheets || row < 0 || row >= WB_ROWS || column < 0 || column >= WB_COLUMNS ||
		w->n_puts == WB_CELLS || text.n > XLSX_CELL_MAX)
		return E_LIMIT;
	if (number && text.n && !is_decimal(text))
		return E_INVALID;
	const struct xlsx_range *m = merged_at(&w->sheets[sheet], row, column);
	if (wb_cell(w, sheet, row, column)->formula || (m && (m->row != row || m->col != column)))
		return E_STATE;
	if (w->n_puts == w->cap) {
		struct wb_put *more = NEWS(w->mem, struct wb_put, w->cap ? w->cap * 2 : 256);
		if (w->n_puts)
			memcpy(more, w->puts, (size_t)w->n_puts * sizeof *more);
		w->cap = w->cap ? w->cap * 2 : 256;
		w->puts = more;
	}
	w->puts[w->n_puts++] = (struct wb_put){ sheet, row, column, number, str_copy(w->mem, text) };
	return OK;
}

/* ---- out again -------------------------------------------------------------------------------------- */

struct writing { const struct workbook *w; struct sandbox *out; };
struct taking { int fd; bool failed; };

static enum rc send_file(void *arg, struct arena *mem, str bytes, struct file_fault *why)
{
	struct writing *s = arg;
	str made;

	TRY(wb_file_put(mem, bytes, s->w->puts, s->w->n_puts, s->w->mark, &made, why));
	for (ptrdiff_t i = 0; i < made.n; i += PIECE) {
		str piece = str_sub(made, i, i + PIECE);
		sandbox_put(s->out, piece.p, (size_t)piece.n);
		sandbox_send(s->out);
	}
	return OK;
}

static enum rc write_child(void *arg, int fd, struct sandbox *out, str *say)
{
	struct writing *s = arg;

	s->out = out;
	return sheet_child(fd, send_file, s, say);
}

static bool take_piece(void *arg, str frame)
{
	struct taking *t = arg;

	while (frame.n > 0 && !t->failed) {
		ssize_t did = write(t->fd, frame.p, (size_t)frame.n);
		t->failed = did <= 0;
		frame = str_sub(frame, did > 0 ? did : 0, -1);
	}
	return !t->failed;
}

enum rc wb_write(const struct workbook *w, int fd, str wipe, int out, struct file_fault *why)
{
	struct writing s = { .w = w };
	struct taking t = { out, false };
	enum rc rc = OK;
	str say = { "", 0 };

	if (w->old)
		return *why = wb_only_read, E_INVALID;
	enum sandbox_end end = sandbox_run(w->mem, &sheet_limits, wipe, fd, write_child, &s, take_piece, &t, &rc, &say);

	if (!t.failed)
		return sheet_ended(w->mem, end, rc, say, why);
	*why = (struct file_fault){ "Không ghi được tệp.", "The file could not be written.", "" };
	return E_FAULT;
}
