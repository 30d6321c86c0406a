/* sheet.c -- see sheet.h. Frames from the child begin with a letter: N the sheets, M merged ranges, R rows. A row is
 * i64 number, u32 cells, then for each cell u8 kind, u32 length and the text. */
#include "core/sheet.h"
#include "base/csv.h"
#include "core/book.h"
#include "core/sheet_in.h"
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <zlib.h>

enum { BATCH = 64 << 10, ROW_MAX = 900 << 10, NAME_MAX_BYTES = 256 };
static const size_t MEMORY = (size_t)640 << 20;
const struct sandbox_limits sheet_limits = { 640 << 20, 60, 70 };

/* ---- the child: reads and sends -------------------------------------------------------------- */

struct sending { const struct sheet_ask *ask; struct sandbox *out; int64_t rows; bool too_long; };

void sheet_put_u32(struct sandbox *out, uint32_t v)
{
	sandbox_put(out, &v, sizeof v);
}

void sheet_put_letter(struct sandbox *out, char letter)
{
	sandbox_put(out, &letter, 1);
}

static bool send_row(void *arg, int64_t number, const struct cell *cells, int n)
{
	struct sending *s = arg;
	ptrdiff_t size = 16;
	while (n > 0 && cells[n - 1].text.n == 0)
		n--;
	if (n > SHEET_COLUMNS)
		n = SHEET_COLUMNS;
	for (int i = 0; i < n; i++)
		size += 5 + cells[i].text.n;
	if (size > ROW_MAX)
		return s->too_long = true, false;
	if (n == 0)
		return true;
	if (sandbox_size(s->out) > BATCH || sandbox_size(s->out) + (size_t)size > ROW_MAX)
		sandbox_send(s->out);
	if (sandbox_size(s->out) == 0)
		sheet_put_letter(s->out, 'R');
	sandbox_put(s->out, &number, sizeof number);
	sheet_put_u32(s->out, (uint32_t)n);
	for (int i = 0; i < n; i++) {
		uint8_t kind = (uint8_t)cells[i].kind;
		sandbox_put(s->out, &kind, 1);
		sheet_put_u32(s->out, (uint32_t)cells[i].text.n);
		sandbox_put(s->out, cells[i].text.p, (size_t)cells[i].text.n);
	}
	s->rows++;
	return !s->ask->rows || s->rows < s->ask->rows;
}

static void send_names(struct sending *s, const struct book *b, int chosen)
{
	int n = book_sheets(b) < SHEET_NAMES ? book_sheets(b) : SHEET_NAMES;
	sheet_put_letter(s->out, 'N');
	sheet_put_u32(s->out, (uint32_t)chosen);
	sheet_put_u32(s->out, (uint32_t)n);
	for (int i = 0; i < n; i++) {
		str name = str_sub(book_sheet_name(b, i), 0, NAME_MAX_BYTES);
		sheet_put_letter(s->out, book_sheet_hidden(b, i) ? 1 : 0);
		sheet_put_u32(s->out, (uint32_t)name.n);
		sandbox_put(s->out, name.p, (size_t)name.n);
	}
	sandbox_send(s->out);
}

static enum rc send_workbook(struct sending *s, struct arena *mem, str bytes, struct file_fault *why)
{
	struct book b;
	TRY(book_open(mem, bytes, &b, why));
	int chosen = s->ask->sheet;
	if (chosen < 0)
		for (chosen = 0; chosen + 1 < book_sheets(&b) && book_sheet_hidden(&b, chosen); chosen++)
			;
	if (chosen >= book_sheets(&b)) {
		*why = (struct file_fault){ "Tệp Excel không có trang này.", "The workbook has no such sheet.", "" };
		return E_INVALID;
	}
	send_names(s, &b, chosen);
	if (s->ask->merged) {
		struct xlsx_range *ranges = NEWS(mem, struct xlsx_range, SHEET_MERGED);
		int n;
		TRY(book_merged(&b, chosen, ranges, SHEET_MERGED, &n, why));
		sheet_put_letter(s->out, 'M');
		sandbox_put(s->out, ranges, (size_t)n * sizeof *ranges);
		sandbox_send(s->out);
	}
	return book_rows(&b, chosen, send_row, s, why);
}

const struct file_fault sheet_too_large = { "Tệp quá lớn: sau khi giải nén không được quá 200 MB.",
	"The file is too large: it may not unpack to more than 200 MB.", "" };
static const struct file_fault bad_pack = { "Tệp nén bị hỏng hoặc thiếu. Hãy tạo lại tệp rồi gửi lại.",
	"The packed file is damaged or cut off. Make it again and send it again.", "" };

static enum rc unpack_gz(str in, char *p, size_t max, size_t *n, struct file_fault *why)
{
	z_stream z = { 0 };
	*n = 0;
	z.next_in = (Bytef *)(uintptr_t)in.p;
	z.avail_in = (uInt)in.n;
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return *why = bad_pack, E_INVALID;
	int rc = Z_OK;
	while (rc == Z_OK && *n < max) {
		z.next_out = (Bytef *)p + *n;
		z.avail_out = (uInt)(max - *n);
		rc = inflate(&z, Z_NO_FLUSH);
		*n = max - z.avail_out;
		if (rc == Z_STREAM_END && z.avail_in > 2 && z.next_in[0] == 0x1F)
			rc = inflateReset(&z);           /* one more member */
	}
	inflateEnd(&z);
	if (rc != Z_STREAM_END)
		return *why = *n == max ? sheet_too_large : bad_pack, E_INVALID;
	return OK;
}

static enum rc unpack_xz(str in, char *p, size_t max, size_t *n, struct file_fault *why)
{
	lzma_stream z = LZMA_STREAM_INIT;
	if (lzma_stream_decoder(&z, 128 << 20, LZMA_CONCATENATED) != LZMA_OK)
		return *why = bad_pack, E_INVALID;
	z.next_in = (const uint8_t *)in.p;
	z.avail_in = (size_t)in.n;
	z.next_out = (uint8_t *)p;
	z.avail_out = max;
	lzma_ret rc = LZMA_OK;
	while (rc == LZMA_OK && z.avail_out > 0)
		rc = lzma_code(&z, LZMA_FINISH);
	*n = max - z.avail_out;
	lzma_end(&z);
	if (rc != LZMA_STREAM_END)
		return *why = *n == max ? sheet_too_large : bad_pack, E_INVALID;
	return OK;
}

/* fd packed or not, as plain bytes. */
static enum rc plain(str in, str *ret, struct file_fault *why)
{
	bool gz = in.n > 2 && memcmp(in.p, "\x1F\x8B", 2) == 0, xz = in.n > 6 && memcmp(in.p, "\xFD" "7zXZ", 6) == 0;
	if (!gz && !xz) {
		*ret = in;
		return in.n <= XLSX_TOTAL ? OK : (*why = sheet_too_large, E_INVALID);
	}
	size_t n, max = (size_t)XLSX_TOTAL + 1;
	char *p = mmap(NULL, max, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return *why = sheet_too_large, E_LIMIT;
	enum rc rc = gz ? unpack_gz(in, p, max, &n, why) : unpack_xz(in, p, max, &n, why);
	*ret = (str){ p, (ptrdiff_t)n };
	return rc;
}

static enum rc send_text(struct sending *s, struct arena *mem, str bytes, struct file_fault *why)
{
	struct arena line;
	struct csv csv;
	str cells[SHEET_COLUMNS];
	struct cell out[SHEET_COLUMNS];
	const char *bad = NULL;
	int n;
	if (memchr(bytes.p, 0, (size_t)(bytes.n < 4096 ? bytes.n : 4096)) && memcmp(bytes.p, "\xFF\xFE", 2) &&
		memcmp(bytes.p, "\xFE\xFF", 2)) {
		*why = (struct file_fault){
			"Tệp không phải Excel (.xlsx, .xls) hay CSV. Hãy mở bằng Excel rồi lưu lại dạng .xlsx.",
			"The file is neither Excel (.xlsx, .xls) nor CSV. Open it in Excel and save it as .xlsx.", "" };
		return E_INVALID;
	}
	csv_open(&csv, csv_utf8(mem, bytes));
	arena_init(&line, 64 << 20);
	line.full = mem->full;
	bool more = true;
	while (more && csv_next(&csv, &line, cells, SHEET_COLUMNS, &n, &bad)) {
		if (bad)
			break;
		for (int i = 0; i < n; i++)
			out[i] = (struct cell){ cells[i].n ? CELL_TEXT : CELL_BLANK, cells[i] };
		more = send_row(s, csv.line, out, n);
		arena_reset(&line);
	}
	arena_free(&line);
	if (!bad)
		return OK;
	*why = (struct file_fault){ "Tệp CSV bị lỗi: dấu ngoặc kép không đóng, quá nhiều cột hoặc ô quá dài.",
		"The CSV file is malformed: an unclosed quote, too many columns or a cell that is too long.",
		str_z(mem, str_fmt(mem, "%s, line %lld", bad, (long long)csv.line)) };
	return E_INVALID;
}

static enum rc send_bytes(void *arg, struct arena *mem, str bytes, struct file_fault *why)
{
	struct sending *s = arg;
	str text;
	enum rc rc;
	if (book_is(bytes)) {
		rc = send_workbook(s, mem, bytes, why);
	} else {
		rc = plain(bytes, &text, why);
		if (rc == OK)
			rc = send_text(s, mem, text, why);
	}
	if (rc == OK && s->too_long) {
		*why = (struct file_fault){ "Một dòng trong tệp quá dài.", "A row of the file is too long.", "" };
		rc = E_INVALID;
	}
	return rc;
}

struct work { struct arena mem; struct file_fault why; sheet_work_fn *work; void *arg; str bytes; char words[1000]; };

/* Apart from sheet_child(), whose variables thus survive the longjmp of a full arena. */
static enum rc guarded(struct work *w)
{
	jmp_buf full;
	w->mem.full = &full;
	if (setjmp(full) != 0) {
		w->why = sheet_too_large;
		return E_LIMIT;
	}
	return w->work(w->arg, &w->mem, w->bytes, &w->why);
}

enum rc sheet_child(int fd, sheet_work_fn *work, void *arg, str *say)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || st.st_size == 0) {
		*say = S("Tệp rỗng.\nThe file is empty.\n");
		return E_INVALID;
	}
	char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	struct work *w = calloc(1, sizeof *w);
	if (p == MAP_FAILED || !w)
		return E_FAULT;
	w->work = work;
	w->arg = arg;
	w->bytes = (str){ p, st.st_size };
	arena_init(&w->mem, MEMORY - (size_t)XLSX_TOTAL);
	enum rc rc = guarded(w);
	if (rc == OK)
		return OK;
	int n = snprintf(w->words, sizeof w->words, "%s\n%s\n%.200s", w->why.vi, w->why.en, w->why.detail);
	*say = (str){ w->words, n < (int)sizeof w->words ? n : (int)sizeof w->words - 1 };
	return rc;
}

static enum rc child(void *arg, int fd, struct sandbox *out, str *say)
{
	struct sending s = { .ask = arg, .out = out };
	return sheet_child(fd, send_bytes, &s, say);
}

/* ---- the parent: receives, trusting nothing ---------------------------------------------------- */

struct receiving { struct arena *mem; struct sheet_told *told; row_fn *fn; void *arg; bool lied; };

bool sheet_take(str *s, void *p, ptrdiff_t n)
{
	if (s->n < n)
		return false;
	memcpy(p, s->p, (size_t)n);
	*s = (str){ s->p + n, s->n - n };
	return true;
}

bool sheet_take_text(str *s, ptrdiff_t max, str *ret)
{
	uint32_t n;
	if (!sheet_take(s, &n, 4) || (ptrdiff_t)n > max || (ptrdiff_t)n > s->n)
		return false;
	*ret = (str){ s->p, (ptrdiff_t)n };
	*s = (str){ s->p + n, s->n - (ptrdiff_t)n };
	return true;
}

static bool receive_names(struct receiving *r, str s)
{
	uint32_t chosen, n;
	struct sheet_told *t = r->told;
	if (!sheet_take(&s, &chosen, 4) || !sheet_take(&s, &n, 4) || n > SHEET_NAMES)
		return false;
	t->workbook = true;
	t->sheet = (int)(chosen & 0xFFFF);
	t->n_names = 0;
	for (uint32_t i = 0; i < n; i++) {
		char hidden;
		str name;
		if (!sheet_take(&s, &hidden, 1) || !sheet_take_text(&s, NAME_MAX_BYTES, &name) || !str_is_utf8(name))
			return false;
		t->hidden[i] = hidden != 0;
		t->names[i] = str_copy(r->mem, name);
		t->n_names++;
	}
	return s.n == 0;
}

static bool receive_merged(struct receiving *r, str s)
{
	struct xlsx_range v;
	while (s.n > 0) {
		if (r->told->n_merged == SHEET_MERGED || !sheet_take(&s, &v, sizeof v))
			return false;
		if (v.row < 0 || v.col < 0 || v.row_end < v.row || v.col_end < v.col)
			return false;
		r->told->merged[r->told->n_merged++] = v;
	}
	return true;
}

/* One row at the front of *s. A text that is not UTF-8 becomes an error cell. */
static bool receive_row(struct receiving *r, str *s, bool *ret_go)
{
	struct cell cells[SHEET_COLUMNS];
	int64_t number;
	uint32_t n;
	if (!sheet_take(s, &number, 8) || !sheet_take(s, &n, 4) || n > SHEET_COLUMNS || number < 1)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint8_t kind;
		str text;
		if (!sheet_take(s, &kind, 1) || kind > CELL_ERROR || !sheet_take_text(s, ROW_MAX, &text))
			return false;
		cells[i] = str_is_utf8(text) ? (struct cell){ (enum cell_kind)kind, text }
			: (struct cell){ CELL_ERROR, S("\xEF\xBF\xBD") };
	}
	r->told->rows++;
	*ret_go = r->fn(r->arg, number, cells, (int)n);
	return true;
}

static bool receive(void *arg, str frame)
{
	struct receiving *r = arg;
	char letter = frame.p[0];
	str s = str_sub(frame, 1, -1);
	bool good = false, go = true;
	if (letter == 'N')
		good = receive_names(r, s);
	else if (letter == 'M')
		good = receive_merged(r, s);
	else if (letter == 'R')
		for (good = true; good && go && s.n > 0;)
			good = receive_row(r, &s, &go);
	r->lied = !good;
	return good && go;
}

static void put_why(struct arena *mem, str say, struct file_fault *why)
{
	str vi, en, detail;
	str_cut(say, '\n', &vi, &say);
	str_cut(say, '\n', &en, &detail);
	if (!str_is_utf8(vi) || !str_is_utf8(en) || !str_is_utf8(detail))
		vi = en = detail = S("");
	*why = (struct file_fault){ str_z(mem, vi), str_z(mem, en), str_z(mem, detail) };
}

enum rc sheet_ended(struct arena *mem, enum sandbox_end end, enum rc rc, str say, struct file_fault *why)
{
	if (end == SANDBOX_DONE && rc == OK)
		return OK;
	if (end == SANDBOX_DONE && say.n > 0) {
		put_why(mem, say, why);
		return rc;
	}
	if (end == SANDBOX_SLOW) {
		*why = (struct file_fault){ "Tệp mất quá nhiều thời gian để đọc nên bị từ chối.",
			"The file takes too long to read and was refused.", "" };
		return E_LIMIT;
	}
	if (end == SANDBOX_FAILED || end == SANDBOX_DONE) {
		*why = (struct file_fault){ "Máy chủ không mở được vùng đọc tệp an toàn. Hãy báo quản trị hệ thống.",
			"The server could not start its safe reader. Tell the administrator.", "" };
		return E_FAULT;
	}
	*why = (struct file_fault){ "Tệp bị hỏng đến mức không đọc được. Hãy mở bằng Excel rồi lưu lại.",
		"The file is too damaged to be read. Open it in Excel and save it again.", "the reader ended early" };
	return E_INVALID;
}

enum rc sheet_read(struct arena *mem, const struct sheet_ask *ask, row_fn *fn, void *arg, struct sheet_told *ret,
	struct file_fault *why)
{
	struct receiving r = { mem, ret, fn, arg, false };
	enum rc rc = OK;
	str say = { "", 0 };
	*ret = (struct sheet_told){ 0 };
	enum sandbox_end end = sandbox_run(mem, &sheet_limits, ask->wipe, ask->fd, child, (void *)(uintptr_t)ask, receive,
		&r, &rc, &say);
	return end == SANDBOX_STOPPED && !r.lied ? OK : sheet_ended(mem, end, rc, say, why);
}
