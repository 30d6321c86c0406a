/* workbook_look.c -- what a sheet says about its cells: formulas, what is hidden, what is merged; and
 * whether a workbook brings programs along. Runs in the sandbox. */
#include "core/workbook_in.h"
#include <stdlib.h>

enum rc wb_damaged(struct file_fault *why, const char *detail)
{
	return xlsx_fault(why, "Một trang trong tệp Excel bị hỏng. Hãy mở bằng Excel rồi lưu lại.",
		"A sheet of the Excel file is damaged. Open it in Excel and save it again.", detail);
}

ptrdiff_t wb_feed(void *left, char *p, ptrdiff_t n)
{
	str *s = left;

	n = n > s->n ? s->n : n;
	if (n)
		memcpy(p, s->p, (size_t)n);
	*s = str_sub(*s, n, -1);
	return n;
}

enum rc wb_part(struct xlsx *x, str path, str *ret, struct file_fault *why)
{
	struct xlsx_part part;
	ptrdiff_t n = 0;

	TRY(xlsx_part_open(x, path, &part, why));
	ptrdiff_t size = (ptrdiff_t)part.left;
	char *p = NEWS(x->mem, char, size + 1);
	for (ptrdiff_t got = 1; got > 0 && n < size; n += got)
		if ((got = xlsx_part_read(&part, p + n, size - n)) < 0)
			break;
	xlsx_part_close(&part);
	*ret = (str){ p, n };
	return n == size ? OK : wb_damaged(why, "a part is shorter than it says");
}

/* ---- programs -------------------------------------------------------------------------------------- */

/* A link to another workbook is harmless until it names a program to be asked (DDE, OLE). */
static bool starts_programs(struct xlsx *x, str path)
{
	struct file_fault why;
	struct xml *xml = NEW(x->mem, struct xml);
	enum xml_event ev;
	str part;

	if (wb_part(x, path, &part, &why) != OK)
		return true;
	xml_init(xml, x->mem, wb_feed, &part);
	while ((ev = xml_next(xml)) != XML_DONE)
		if (ev == XML_BAD || (ev == XML_OPEN && (str_is(xml->name, "ddeLink") || str_is(xml->name, "oleLink"))))
			return true;
	return false;
}

static enum rc programs(struct file_fault *why, const char *detail)
{
	return xlsx_fault(why,
		"Sổ tính có macro, chương trình nhúng hoặc kết nối dữ liệu nên bị từ chối. Hãy lưu lại dạng .xlsx "
		"không có chúng.",
		"The workbook has macros, embedded programs or data connections and was refused. Save it as .xlsx "
		"without them.", detail);
}

enum rc wb_no_programs(const struct book *b, struct file_fault *why)
{
	if (b->xlsx)
		return wb_harmless(b->xlsx, why);
	return xls_has_programs(b->xls) ? programs(why, "") : OK;
}

enum rc wb_harmless(struct xlsx *x, struct file_fault *why)
{
	static const char *const bringing[] = { "vbaproject", "/activex/", "/embeddings/", "xl/connections.xml",
		"/macrosheets/", "/customui" };
	zip_int64_t n = zip_get_num_entries(x->zip, 0);

	for (zip_int64_t i = 0; i < n; i++) {
		str path = str_of(zip_get_name(x->zip, (zip_uint64_t)i, 0)), name = str_lower(x->mem, path);
		bool bad = str_find(name, S("/externallinks/")) >= 0 && str_ends(name, S(".xml")) && starts_programs(x, path);
		for (ptrdiff_t k = 0; k < COUNT(bringing) && !bad; k++)
			bad = str_find(name, str_of(bringing[k])) >= 0;
		if (bad)
			return programs(why, str_z(x->mem, path));
	}
	return OK;
}

/* ---- a sheet --------------------------------------------------------------------------------------- */

struct looking {
	struct xlsx *x; struct xml *xml; struct wb_about *to;
	int64_t row; int column, next; bool too_many;
};

static void add_place(struct arena *mem, struct wb_places *p, int64_t place)
{
	if (p->n == p->cap) {
		int64_t cap = p->cap ? p->cap * 2 : 256;
		int64_t *at = NEWS(mem, int64_t, cap);
		if (p->n)
			memcpy(at, p->at, (size_t)p->n * sizeof *at);
		p->at = at;
		p->cap = cap;
	}
	p->at[p->n++] = place;
}

static int by_place(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void sort_places(struct wb_places *p)
{
	if (p->n)
		qsort(p->at, (size_t)p->n, sizeof *p->at, by_place);
}

static bool is_on(str s)
{
	return str_is(s, "1") || str_is(s, "true");
}

static void look_columns(struct looking *l)
{
	int64_t from, to;

	if (!is_on(xml_attr(l->xml, "hidden")) || !str_to_int(xml_attr(l->xml, "min"), &from) ||
		!str_to_int(xml_attr(l->xml, "max"), &to))
		return;
	for (int64_t i = from > 0 ? from - 1 : 0; i < to && i < WB_COLUMNS; i++)
		l->to->hidden_columns[i] = true;
}

static void look_merged(struct looking *l)
{
	struct xlsx_range range;

	if (!xlsx_range_of(xml_attr(l->xml, "ref"), &range))
		return;
	l->too_many = l->too_many || l->to->n_merged == WB_MERGED;
	if (!l->too_many)
		l->to->merged[l->to->n_merged++] = range;
}

/* Counts as xlsx_rows does: what bears no address follows what stands before it. */
static bool look_cell(struct looking *l)
{
	struct xml *x = l->xml;
	str ref = xml_attr(x, "r");

	if (str_is(x->name, "row")) {
		int64_t number = l->row + 2;
		if ((ref.n && !str_to_int(ref, &number)) || number < 1 || number > 1048576)
			return false;
		l->row = number - 1;
		l->next = 0;
		if (is_on(xml_attr(x, "hidden")))
			add_place(l->x->mem, &l->to->hidden_rows, l->row);
	} else if (str_is(x->name, "c")) {
		l->column = ref.n ? xlsx_column_of(ref) : l->next;
		l->next = l->column >= l->next ? l->column + 1 : l->next;
	} else if (str_is(x->name, "f")) {
		add_place(l->x->mem, &l->to->formulas, l->row * XLSX_COLUMNS + l->column);
	}
	return true;
}

static enum rc look_xlsx(struct xlsx *x, int sheet, struct wb_about *ret, struct file_fault *why)
{
	struct xlsx_part part;
	struct looking l = { .x = x, .xml = NEW(x->mem, struct xml), .to = ret, .row = -1 };
	enum xml_event ev;

	enum rc rc = xlsx_part_open(x, x->sheets[sheet].path, &part, why);
	if (rc != OK)
		return rc == E_MISSING ? wb_damaged(why, "the sheet is not in the archive") : rc;
	xml_init(l.xml, x->mem, xlsx_part_read, &part);
	while ((ev = xml_next(l.xml)) != XML_DONE && ev != XML_BAD && !l.too_many) {
		if (ev != XML_OPEN)
			continue;
		if (str_is(l.xml->name, "col"))
			look_columns(&l);
		else if (str_is(l.xml->name, "mergeCell"))
			look_merged(&l);
		else if (!look_cell(&l))
			break;
	}
	xlsx_part_close(&part);
	if (l.too_many)
		return *why = wb_too_many, E_LIMIT;
	return ev == XML_DONE ? OK : wb_damaged(why, ev == XML_BAD ? l.xml->bad : "a row has a wrong number");
}

/* ---- a sheet of an .xls ------------------------------------------------------------------------------- */

struct looking_xls { struct arena *mem; struct wb_about *to; };

static void look_place(void *arg, enum xls_place what, int row, int column)
{
	struct looking_xls *l = arg;

	if (what == XLS_FORMULA)
		add_place(l->mem, &l->to->formulas, (int64_t)row * XLSX_COLUMNS + column);
	else if (what == XLS_HIDDEN_ROW)
		add_place(l->mem, &l->to->hidden_rows, row);
	else if (column < WB_COLUMNS)
		l->to->hidden_columns[column] = true;
}

static enum rc look_xls(struct arena *mem, struct xls *x, int sheet, struct wb_about *ret, struct file_fault *why)
{
	struct looking_xls l = { mem, ret };

	TRY(xls_merged(x, sheet, ret->merged, WB_MERGED + 1, &ret->n_merged, why));
	if (ret->n_merged > WB_MERGED)
		return *why = wb_too_many, E_LIMIT;
	return xls_places(x, sheet, look_place, &l, why);
}

enum rc wb_look(struct arena *mem, const struct book *b, int sheet, struct wb_about *ret, struct file_fault *why)
{
	memset(ret, 0, sizeof *ret);
	ret->merged = NEWS(mem, struct xlsx_range, WB_MERGED + 1);
	TRY(b->xls ? look_xls(mem, b->xls, sheet, ret, why) : look_xlsx(b->xlsx, sheet, ret, why));
	sort_places(&ret->hidden_rows);
	sort_places(&ret->formulas);
	return OK;
}
