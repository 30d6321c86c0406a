/* xlsx_sheet.c -- the rows of a sheet. Texts of one row are gathered in one buffer that the next row uses again. */
#include "core/xlsx_in.h"
#include "core/cell.h"
#include <math.h>
#include <stdlib.h>

struct at { uint32_t from, n; };                         /* a text in the row's buffer; from UINT32_MAX: shared */
struct sheet {
	struct xlsx *x;
	struct xml *xml;
	struct cell *cells; struct at *ats; int n, cap;
	struct buf row, raw;                             /* texts of the row; scratch                         */
	row_fn *fn; void *arg;
	int64_t number;
	bool stop;
};

static enum rc damaged(struct file_fault *why, const char *detail)
{
	return xlsx_fault(why, "Một trang trong tệp Excel bị hỏng. Hãy mở bằng Excel rồi lưu lại.",
		"A sheet of the Excel file is damaged. Open it in Excel and save it again.", detail);
}

int xlsx_column_of(str ref)
{
	int v = 0;
	ptrdiff_t i = 0;
	for (; i < ref.n && ref.p[i] >= 'A' && ref.p[i] <= 'Z' && v <= XLSX_COLUMNS; i++)
		v = v * 26 + (ref.p[i] - 'A' + 1);
	return i == 0 || v > XLSX_COLUMNS ? -1 : v - 1;
}

/* ---- numbers ---- */

static bool plain_number(str s)
{
	ptrdiff_t i = s.n > 0 && s.p[0] == '-', dots = 0;
	if (i == s.n || s.n > 16 || (s.p[i] == '0' && i + 1 < s.n && s.p[i + 1] != '.') || s.p[i] == '.' ||
		s.p[s.n - 1] == '.')
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] == '.')
			dots++;
		else if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return dots == 0 || (dots == 1 && s.p[s.n - 1] != '0');
}

static enum cell_kind put_value(struct sheet *s, str raw, str style)
{
	int64_t id;
	enum cell_kind shown = CELL_NUMBER;
	if (style.n && s->x->n_styles && str_to_int(style, &id) && id >= 0 && id < s->x->n_styles)
		shown = s->x->styles[id];
	if (shown == CELL_NUMBER && plain_number(raw)) {
		put(&s->row, raw);
		return CELL_NUMBER;
	}
	char z[64], *end;
	str t = str_trim(raw);
	if (t.n == 0 || t.n >= (ptrdiff_t)sizeof z)
		goto text;
	memcpy(z, t.p, (size_t)t.n);
	z[t.n] = 0;
	double v = strtod(z, &end);
	if (*end || !isfinite(v) || strpbrk(z, "xXnN"))
		goto text;
	if (shown != CELL_NUMBER)
		return cell_put_serial(&s->row, v, shown, s->x->from_1904);
	cell_put_number(&s->row, v);
	return CELL_NUMBER;
text:
	put(&s->row, raw);
	return CELL_TEXT;
}

/* ---- cells ---- */

/* The text of the element just opened, into s->raw. */
static bool text_of(struct sheet *s)
{
	int top = s->xml->depth;
	s->raw.n = 0;
	for (;;) {
		enum xml_event ev = xml_next(s->xml);
		if (ev == XML_BAD || ev == XML_DONE)
			return false;
		if (ev == XML_CLOSE && s->xml->depth < top)
			return !s->raw.over;
		if (ev == XML_TEXT && s->xml->depth == top && !xml_put_text(&s->raw, s->xml->text, s->xml->cdata))
			return false;
	}
}

static bool shared(struct sheet *s, struct cell *c)
{
	int64_t i;
	if (!str_to_int(str_trim(buf_str(&s->raw)), &i) || i < 0 || i >= s->x->n_strings) {
		s->xml->bad = "a cell names a shared string that does not exist";
		return false;
	}
	c->kind = CELL_TEXT;
	c->text = s->x->strings[i / STRING_PAGE][i % STRING_PAGE];
	return true;
}

static enum cell_kind iso_moment(struct sheet *s)
{
	str v = str_trim(buf_str(&s->raw));
	bool clock = v.n > 10 && v.p[10] == 'T';
	if (clock && str_is(str_sub(v, 10, 19), "T00:00:00"))
		clock = false;
	put(&s->row, str_sub(v, 0, clock ? 19 : 10));
	return v.n < 10 ? CELL_TEXT : clock ? CELL_MOMENT : CELL_DAY;
}

/* The value in s->raw becomes the cell's, by the type the cell declares. */
static bool set_value(struct sheet *s, char type, str style, struct cell *c, struct at *at)
{
	if (type == 's' && s->raw.n)
		return shared(s, c);
	at->from = (uint32_t)s->row.n;
	if (s->raw.n == 0)
		c->kind = CELL_BLANK;
	else if (type == 'n')
		c->kind = put_value(s, buf_str(&s->raw), style);
	else if (type == 'd')
		c->kind = iso_moment(s);
	else
		put(&s->row, buf_str(&s->raw));
	if (s->raw.n && type == 'b')
		c->kind = CELL_BOOL;
	else if (s->raw.n && type == 'e')
		c->kind = CELL_ERROR;
	else if (s->raw.n && type == 't')
		c->kind = CELL_TEXT;
	at->n = (uint32_t)(s->row.n - at->from);
	return true;
}

/* n number, s shared, t text (str), i inline, b boolean, e error, d ISO date */
static char type_of(str t)
{
	return t.n == 0 || str_is(t, "n") ? 'n' : str_is(t, "s") ? 's' : str_is(t, "str") ? 't' :
	       str_is(t, "inlineStr") ? 'i' : str_is(t, "b") ? 'b' : str_is(t, "e") ? 'e' : str_is(t, "d") ? 'd' : 't';
}

static void widen(struct sheet *s, int n)
{
	if (n <= s->cap)
		return;
	int cap = s->cap ? s->cap : 64;
	while (cap < n)
		cap *= 2;
	struct cell *cells = NEWS(s->x->mem, struct cell, cap);
	struct at *ats = NEWS(s->x->mem, struct at, cap);
	if (s->n) {
		memcpy(cells, s->cells, (size_t)s->n * sizeof *cells);
		memcpy(ats, s->ats, (size_t)s->n * sizeof *ats);
	}
	s->cells = cells;
	s->ats = ats;
	s->cap = cap;
}

/* The <c> just opened. */
static bool read_cell(struct sheet *s)
{
	struct xml *x = s->xml;
	str ref = xml_attr(x, "r");
	int i = ref.n ? xlsx_column_of(ref) : s->n;
	char style_text[16];
	str style = xml_attr(x, "s");
	char type = type_of(xml_attr(x, "t"));
	int top = x->depth;
	if (i < 0 || i >= XLSX_COLUMNS)
		return x->bad = "a cell has a wrong address", false;
	style.n = style.n < (ptrdiff_t)sizeof style_text ? style.n : 0;
	memcpy(style_text, style.p, (size_t)style.n);
	style.p = style_text;
	widen(s, i + 1);
	for (; s->n <= i; s->n++) {
		s->cells[s->n] = (struct cell){ 0 };
		s->ats[s->n] = (struct at){ UINT32_MAX, 0 };
	}
	for (;;) {
		enum xml_event ev = xml_next(x);
		if (ev == XML_BAD || ev == XML_DONE)
			return false;
		if (ev == XML_CLOSE && x->depth < top)
			return true;
		if (ev != XML_OPEN)
			continue;
		if (str_is(x->name, "v") && type != 'i') {
			if (!text_of(s) || !set_value(s, type, style, &s->cells[i], &s->ats[i]))
				return false;
		} else if (str_is(x->name, "is") && type == 'i') {
			s->ats[i].from = (uint32_t)s->row.n;
			if (!xlsx_put_rich(x, &s->row, &s->raw))
				return false;
			s->ats[i].n = (uint32_t)s->row.n - s->ats[i].from;
			s->cells[i].kind = s->ats[i].n ? CELL_TEXT : CELL_BLANK;
		} else if (!xml_skip(x)) {
			return false;
		}
	}
}

/* The <row> just opened, handed on when it has a cell. */
static bool read_row(struct sheet *s)
{
	struct xml *x = s->xml;
	int64_t number;
	int top = x->depth;
	str r = xml_attr(x, "r");
	if (!r.n)
		number = s->number + 1;
	else if (!str_to_int(r, &number) || number < 1 || number > 1048576)
		return x->bad = "a row has a wrong number", false;
	s->number = number;
	s->n = 0;
	s->row.n = 0;
	for (;;) {
		enum xml_event ev = xml_next(x);
		if (ev == XML_BAD || ev == XML_DONE)
			return false;
		if (ev == XML_CLOSE && x->depth < top)
			break;
		if (ev == XML_OPEN && !(str_is(x->name, "c") ? read_cell(s) : xml_skip(x)))
			return false;
	}
	if (s->row.over)
		return x->bad = "a row is too long", false;
	for (int i = 0; i < s->n; i++)
		if (s->ats[i].from != UINT32_MAX)
			s->cells[i].text = (str){ s->row.p + s->ats[i].from, (ptrdiff_t)s->ats[i].n };
	if (s->n > 0 && !s->fn(s->arg, number, s->cells, s->n))
		s->stop = true;
	return true;
}

static bool read_sheet(struct sheet *s)
{
	for (;;) {
		enum xml_event ev = xml_next(s->xml);
		if (ev == XML_BAD || ev == XML_DONE)
			return ev == XML_DONE;
		if (ev == XML_CLOSE && str_is(s->xml->name, "sheetData"))
			return true;
		if (ev == XML_OPEN && str_is(s->xml->name, "row") && !read_row(s))
			return false;
		if (s->stop)
			return true;
	}
}

enum rc xlsx_rows(struct xlsx *x, int sheet, row_fn *fn, void *arg, struct file_fault *why)
{
	struct xlsx_part part;
	enum rc rc = xlsx_part_open(x, x->sheets[sheet].path, &part, why);
	if (rc == E_MISSING)
		return damaged(why, "the sheet is not in the archive");
	TRY(rc);
	struct sheet *s = NEW(x->mem, struct sheet);
	*s = (struct sheet){ .x = x, .xml = NEW(x->mem, struct xml), .fn = fn, .arg = arg };
	buf_init(&s->row, x->mem, 16 << 20);
	buf_init(&s->raw, x->mem, XLSX_CELL_MAX * 4);
	xml_init(s->xml, x->mem, xlsx_part_read, &part);
	bool good = read_sheet(s);
	xlsx_part_close(&part);
	return good ? OK : damaged(why, s->xml->bad ? s->xml->bad : "a text is too long");
}

bool xlsx_range_of(str ref, struct xlsx_range *ret)
{
	str a, b;
	if (!str_cut(ref, ':', &a, &b))
		b = a;
	int64_t row, row_end;
	int col = xlsx_column_of(a), col_end = xlsx_column_of(b);
	ptrdiff_t i = 0, k = 0;
	while (i < a.n && a.p[i] >= 'A')
		i++;
	while (k < b.n && b.p[k] >= 'A')
		k++;
	if (col < 0 || col_end < col || !str_to_int(str_sub(a, i, -1), &row) || !str_to_int(str_sub(b, k, -1), &row_end) ||
	    row < 1 || row_end < row || row_end > 1048576)
		return false;
	*ret = (struct xlsx_range){ (int)row - 1, col, (int)row_end - 1, col_end };
	return true;
}

enum rc xlsx_merged(struct xlsx *x, int sheet, struct xlsx_range *ret, int max, int *n, struct file_fault *why)
{
	struct xlsx_part part;
	enum rc rc = xlsx_part_open(x, x->sheets[sheet].path, &part, why);
	if (rc == E_MISSING)
		return damaged(why, "the sheet is not in the archive");
	TRY(rc);
	struct xml *xml = NEW(x->mem, struct xml);
	xml_init(xml, x->mem, xlsx_part_read, &part);
	int count = 0;
	enum xml_event ev;
	while ((ev = xml_next(xml)) != XML_DONE && ev != XML_BAD)
		if (ev == XML_OPEN && str_is(xml->name, "mergeCell") && count < max &&
			xlsx_range_of(xml_attr(xml, "ref"), &ret[count]))
			count++;
	xlsx_part_close(&part);
	if (ev == XML_BAD)
		return damaged(why, xml->bad);
	*n = count;
	return OK;
}
