/* xls.c -- see xls.h: records, texts, and the part of the workbook that comes before its sheets. */
#include "core/xls_in.h"
#include "core/cell.h"

enum { STYLES = 65536, FORMATS = 4096, BIFF8 = 0x0600, WIDE = 1, PHONETIC = 4, RICH = 8, WORKSHEET = 0,
       MACRO_SHEET = 1, VISUAL_BASIC = 6 };

enum rc xls_damaged(struct file_fault *why, const char *detail)
{
	*why = (struct file_fault){ "Tệp Excel (.xls) bị hỏng. Hãy mở bằng Excel rồi lưu lại dạng .xlsx.",
		"The Excel file (.xls) is damaged. Open it in Excel and save it again as .xlsx.", detail };
	return E_INVALID;
}

/* ---- bytes ---- */

uint32_t xls_u16(str s, ptrdiff_t at)
{
	return at + 2 <= s.n ? (uint32_t)((uint8_t)s.p[at] | (uint8_t)s.p[at + 1] << 8) : 0;
}

uint32_t xls_u32(str s, ptrdiff_t at)
{
	return at + 4 <= s.n ? xls_u16(s, at) | xls_u16(s, at + 2) << 16 : 0;
}

double xls_f64(str s, ptrdiff_t at)
{
	uint64_t bits = xls_u32(s, at) | (uint64_t)xls_u32(s, at + 4) << 32;
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

bool xls_next(str book, int64_t *at, struct record *ret)
{
	if (book.n - *at < 4)
		return false;
	int64_t n = xls_u16(book, (ptrdiff_t)*at + 2);
	if (book.n - *at - 4 < n)
		return false;
	*ret = (struct record){ (int)xls_u16(book, (ptrdiff_t)*at), { book.p + *at + 4, (ptrdiff_t)n }, *at + 4,
		*at + 4 + n };
	*at = ret->end;
	return true;
}

/* ---- texts ---- */

/* Bytes of a record and of the CONTINUE records behind it. */
struct flow { str book; int64_t at, end; };

/* Into the next CONTINUE record; false: there is none. */
static bool flow_on(struct flow *f)
{
	struct record r;
	int64_t at = f->end;

	if (!xls_next(f->book, &at, &r) || r.type != R_CONTINUE)
		return false;
	f->at = r.at;
	f->end = r.end;
	return true;
}

static bool flow_byte(struct flow *f, uint32_t *ret)
{
	while (f->at == f->end)
		if (!flow_on(f))
			return false;
	*ret = (uint8_t)f->book.p[f->at++];
	return true;
}

/* n bytes, 1 to 4, lowest first. */
static bool flow_number(struct flow *f, int n, uint32_t *ret)
{
	uint32_t byte;

	*ret = 0;
	for (int i = 0; i < n; i++) {
		if (!flow_byte(f, &byte))
			return false;
		*ret |= byte << (8 * i);
	}
	return true;
}

static bool flow_skip(struct flow *f, int64_t n)
{
	while (n > 0) {
		int64_t here = f->end - f->at < n ? f->end - f->at : n;
		f->at += here;
		n -= here;
		if (n > 0 && !flow_on(f))
			return false;
	}
	return true;
}

struct letters { struct buf *to; uint32_t high; bool cr; };

/* One unit of UTF-16. A half without its other half becomes U+FFFD; line ends become \n; control characters go. */
static void put_unit(struct letters *l, uint32_t unit)
{
	bool low = unit >= 0xDC00 && unit < 0xE000;

	if (l->high)
		put_char(l->to, low ? 0x10000 + ((l->high - 0xD800) << 10) + (unit - 0xDC00) : 0xFFFD);
	bool paired = l->high && low;
	l->high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
	if (paired || l->high)
		return;
	if (unit == '\r' || (unit == '\n' && !l->cr) || unit == '\t')
		put_char(l->to, unit == '\r' ? '\n' : unit);
	else if (unit >= 0x20)
		put_char(l->to, low || unit >= 0xFFFE ? 0xFFFD : unit);
	l->cr = unit == '\r';
}

/* Characters run on into the next record, which says anew how wide they are. */
static bool flow_letters(struct flow *f, uint32_t n, bool wide, struct buf *to)
{
	struct letters l = { to, 0, false };
	uint32_t unit, flags;

	for (uint32_t i = 0; i < n; i++) {
		if (f->at == f->end) {
			if (!flow_on(f) || !flow_byte(f, &flags))
				return false;
			wide = flags & WIDE;
		}
		if (!flow_number(f, wide ? 2 : 1, &unit))
			return false;
		put_unit(&l, unit);
	}
	if (l.high)
		put_char(to, 0xFFFD);
	return !to->over;
}

/* A text with how long it is before it; what formats its parts is skipped. */
static bool flow_text(struct flow *f, bool long_, struct buf *to)
{
	uint32_t n, flags, runs = 0, phonetic = 0;

	to->n = 0;
	if (!flow_number(f, long_ ? 2 : 1, &n) || n > XLSX_CELL_MAX || !flow_byte(f, &flags))
		return false;
	if (((flags & RICH) && !flow_number(f, 2, &runs)) || ((flags & PHONETIC) && !flow_number(f, 4, &phonetic)))
		return false;
	return flow_letters(f, n, flags & WIDE, to) && flow_skip(f, (int64_t)runs * 4 + phonetic);
}

bool xls_text(struct xls *x, const struct record *r, ptrdiff_t skip, bool wide, str *ret)
{
	struct flow f = { x->book, r->at + skip, r->end };

	if (skip > r->body.n || !flow_text(&f, wide, &x->text))
		return false;
	*ret = str_copy(x->mem, buf_str(&x->text));
	return true;
}

/* ---- the workbook's own part ---- */

struct opening {
	struct xls *x;
	struct { uint32_t id; enum cell_kind kind; } *formats; int n_formats;
	uint16_t *format_of;                             /* of each style                                       */
};

/* The table says how many texts it has; how many it really has is counted. */
static bool read_strings(struct xls *x, const struct record *r)
{
	struct flow f = { x->book, r->at + 8, r->end };
	int64_t n = xls_u32(r->body, 4), most = x->book.n / 3;
	struct buf *b = &x->text;
	char *chunk = NULL;
	size_t left = 0;
	enum { CHUNK = 256 << 10 };

	if (r->body.n < 8 || x->strings)
		return false;
	n = n < most ? n : most;
	x->strings = NEWS(x->mem, str, n + 1);
	while (x->n_strings < n) {
		if (!flow_text(&f, true, b))
			return false;
		if (b->n > left) {
			left = b->n > CHUNK ? b->n : CHUNK;
			chunk = arena_alloc(x->mem, left, 1);
		}
		str *to = &x->strings[x->n_strings++];
		*to = S("");
		if (b->n == 0)
			continue;
		memcpy(chunk, b->p, b->n);
		*to = (str){ chunk, (ptrdiff_t)b->n };
		chunk += b->n;
		left -= b->n;
	}
	return true;
}

static const char *add_sheet(struct xls *x, const struct record *r)
{
	int kind = r->body.n > 5 ? (uint8_t)r->body.p[5] : 0;
	struct xls_sheet *s = &x->sheets[x->n_sheets];

	x->programs = x->programs || kind == MACRO_SHEET || kind == VISUAL_BASIC;
	if (kind != WORKSHEET)
		return NULL;
	if (x->n_sheets == XLS_SHEETS)
		return "too many sheets";
	if (r->body.n < 8 || !xls_text(x, r, 6, false, &s->name))
		return "the name of a sheet cannot be read";
	s->at = xls_u32(r->body, 0);
	s->hidden = (r->body.p[4] & 3) != 0;
	x->n_sheets++;
	return NULL;
}

static const char *see_record(struct opening *o, const struct record *r)
{
	struct xls *x = o->x;
	str code;

	switch (r->type) {
	case R_DATEMODE:
		x->from_1904 = xls_u16(r->body, 0) == 1;
		break;
	case R_BOUNDSHEET:
		return add_sheet(x, r);
	case R_FORMAT:
		if (o->n_formats == FORMATS || !xls_text(x, r, 2, true, &code))
			break;
		o->formats[o->n_formats].id = xls_u16(r->body, 0);
		o->formats[o->n_formats++].kind = cell_format(code);
		break;
	case R_XF:
		if (x->n_styles < STYLES)
			o->format_of[x->n_styles++] = (uint16_t)xls_u16(r->body, 2);
		break;
	case R_SST:
		return read_strings(x, r) ? NULL : "the table of texts is cut off";
	}
	return NULL;
}

static void set_styles(struct opening *o)
{
	struct xls *x = o->x;

	x->styles = NEWS(x->mem, enum cell_kind, x->n_styles + 1);
	for (int i = 0; i < x->n_styles; i++) {
		x->styles[i] = cell_format_built_in(o->format_of[i]);
		for (int k = 0; k < o->n_formats; k++)
			if (o->formats[k].id == o->format_of[i])
				x->styles[i] = o->formats[k].kind;
	}
}

static enum rc old_version(struct file_fault *why)
{
	*why = (struct file_fault){
		"Tệp .xls này của Excel 95 hoặc cũ hơn. Hãy mở bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx.",
		"This .xls is of Excel 95 or older. Open it in Excel or LibreOffice and save it as .xlsx.", "" };
	return E_INVALID;
}

static enum rc locked(struct file_fault *why)
{
	*why = (struct file_fault){ "Tệp Excel có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại.",
		"The workbook has a password. Open it in Excel, take the password off and save it again.", "" };
	return E_INVALID;
}

static enum rc read_book(struct xls *x, struct file_fault *why)
{
	struct opening o = { .x = x, .formats = arena_alloc(x->mem, FORMATS * sizeof *o.formats, 8),
		.format_of = NEWS(x->mem, uint16_t, STYLES) };
	struct record r = { 0 };
	int64_t at = 0;

	if (!xls_next(x->book, &at, &r) || (r.type & 0xFF) != (R_BOF & 0xFF))
		return xls_damaged(why, "the workbook does not begin as one");
	if (r.type != R_BOF || xls_u16(r.body, 0) != BIFF8)
		return old_version(why);
	while (xls_next(x->book, &at, &r) && r.type != R_EOF) {
		if (r.type == R_FILEPASS)
			return locked(why);
		const char *fault = see_record(&o, &r);
		if (fault)
			return xls_damaged(why, fault);
	}
	if (r.type != R_EOF)
		return xls_damaged(why, "the workbook is cut off");
	set_styles(&o);
	return x->n_sheets ? OK : xls_damaged(why, "the workbook has no sheet");
}

enum rc xls_open(struct arena *mem, str bytes, struct xls **ret, struct file_fault *why)
{
	struct xls *x = NEW(mem, struct xls);
	struct xls_ole ole;

	if (bytes.n > XLS_MOST) {
		*why = (struct file_fault){ "Tệp .xls quá lớn: nhiều nhất 64 MB. Hãy lưu lại dạng .xlsx.",
			"The .xls is too large: 64 MB at most. Save it as .xlsx.", "" };
		return E_LIMIT;
	}
	TRY(xls_ole_open(mem, bytes, &ole, why));
	if (ole.locked)
		return locked(why);
	if (!ole.book.n && ole.old)
		return old_version(why);
	if (!ole.book.n) {
		*why = (struct file_fault){ "Tệp không phải sổ tính Excel (.xlsx, .xls).",
			"The file is not an Excel workbook (.xlsx, .xls).", "" };
		return E_INVALID;
	}
	*x = (struct xls){ .mem = mem, .book = ole.book, .programs = ole.programs,
		.sheets = NEWS(mem, struct xls_sheet, XLS_SHEETS) };
	buf_init(&x->text, mem, XLSX_CELL_MAX * 4);
	*ret = x;
	return read_book(x, why);
}

int xls_sheets(const struct xls *x)
{
	return x->n_sheets;
}

str xls_sheet_name(const struct xls *x, int i)
{
	return x->sheets[i].name;
}

bool xls_sheet_hidden(const struct xls *x, int i)
{
	return x->sheets[i].hidden;
}

bool xls_has_programs(const struct xls *x)
{
	return x->programs;
}
