/* workbook_fuzz.c -- a sheet of any bytes with cells put into it,
	or a whole file. The first bytes say which cells. What
 * was put is read back, and every other cell is what it was before: held by reading both,
	not by the code that wrote. */
#include "core/workbook_in.h"
#include <setjmp.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { PUTS = 6, FACTS = 1 << 12 };

/* What stands in the cells of a sheet: place, whether it is computed, and its text as a sum. */
struct fact { int64_t place; bool formula; uint64_t text; };
struct facts { struct arena *a; struct fact at[FACTS]; int n; bool over, bad; int64_t row; int column; };

static int by_place(const void *p, const void *q)
{
	const struct fact *x = p, *y = q;
	return (x->place > y->place) - (x->place < y->place);
}

/* One cell of the XML, with what it holds: <v> or the text within <is>, as written. */
static bool read_cell(struct facts *f, struct xml *x, int64_t place)
{
	struct fact *c = &f->at[f->n];
	int top = x->depth;
	struct buf text, formula;
	bool in_formula = false;
	enum xml_event ev;

	buf_init(&text, f->a, 1 << 20);
	buf_init(&formula, f->a, 1 << 20);
	*c = (struct fact){ .place = place };
	while ((ev = xml_next(x)) != XML_BAD && !(ev == XML_CLOSE && x->depth < top)) {
		if (ev == XML_OPEN && x->depth == top + 1)
			in_formula = str_is(x->name, "f");
		else if (ev == XML_CLOSE && x->depth == top)
			in_formula = false;
		c->formula = c->formula || in_formula;
		if (ev == XML_TEXT && !xml_put_text(in_formula ? &formula : &text, x->text, x->cdata))
			abort();
	}
	c->text = str_hash(buf_str(c->formula ? &formula : &text));
	if ((text.n || c->formula) && ++f->n == FACTS)
		f->over = true;
	return ev != XML_BAD && !f->over;
}

static struct facts *facts_of(struct arena *a, str xml)
{
	struct facts *f = NEW(a, struct facts);
	struct xml *x = NEW(a, struct xml);
	bool within = false, found = false;
	enum xml_event ev = XML_DONE;

	f->a = a;
	f->row = -1;
	xml_init(x, a, wb_feed, &xml);
	while (!f->bad && !f->over && (ev = xml_next(x)) != XML_DONE && ev != XML_BAD) {
		str ref = ev == XML_OPEN ? xml_attr(x, "r") : (str){ 0 };
		if (ev == XML_OPEN && x->depth == 2 && str_is(x->name, "sheetData")) {
			f->bad = found;
			found = within = true;
		} else if (ev == XML_CLOSE && x->depth == 1) {
			within = false;
		} else if (ev == XML_OPEN && within && x->depth == 3 && str_is(x->name, "row")) {
			int64_t number = f->row + 2;
			f->bad = ref.n && !str_to_int(ref, &number);
			f->row = number - 1;
			f->column = -1;
		} else if (ev == XML_OPEN && within && x->depth == 4 && str_is(x->name, "c")) {
			f->column = ref.n ? xlsx_column_of(ref) : f->column + 1;
			f->bad = !read_cell(f, x, f->row * XLSX_COLUMNS + f->column);
		}
	}
	f->bad = f->bad || ev == XML_BAD;
	qsort(f->at, (size_t)f->n, sizeof *f->at, by_place);
	return f;
}

static const struct fact *fact_at(const struct facts *f, int64_t place)
{
	for (int i = 0; i < f->n; i++)
		if (f->at[i].place == place)
			return &f->at[i];
	return NULL;
}

static const struct wb_put *put_at(const struct wb_put *puts, int n, int64_t place)
{
	for (int i = 0; i < n; i++)
		if (puts[i].row * (int64_t)XLSX_COLUMNS + puts[i].column == place)
			return &puts[i];
	return NULL;
}

static void check(const struct facts *was, const struct facts *now, const struct wb_put *puts, int n)
{
	if (was->bad || was->over || now->over)
		return;
	if (now->bad)
		abort();
	for (int i = 0; i < was->n; i++) {
		const struct fact *w = &was->at[i], *x = fact_at(now, w->place);
		if (put_at(puts, n, w->place) && !w->formula)
			continue;
		if (!x || x->formula != w->formula || x->text != w->text)
			abort();
	}
	for (int i = 0; i < n; i++) {
		int64_t place = puts[i].row * (int64_t)XLSX_COLUMNS + puts[i].column;
		const struct fact *w = fact_at(was, place), *x = fact_at(now, place);
		bool kept = w && w->formula;
		if (!kept && (puts[i].text.n ? !x || x->text != str_hash(puts[i].text) : x != NULL))
			abort();
	}
	for (int i = 0; i < now->n; i++)
		if (!fact_at(was, now->at[i].place) && !put_at(puts, n, now->at[i].place))
			abort();
}

/* Sorted, each cell once: rows 0..7, columns 0..7. */
static int puts_of(const uint8_t *data, size_t n, struct wb_put *puts)
{
	static const str texts[] = { S_INIT("7.5"), S_INIT(""), S_INIT("Đ <&> x"), S_INIT("v") };
	int count = 0, last = -1;

	for (size_t i = 0; i < n && i < PUTS; i++) {
		int place = last + 1 + (data[i] & 15), kind = data[i] >> 4 & 3;
		if (place >= 64)
			break;
		puts[count++] = (struct wb_put){ 0, place / 8, place % 8, kind == 0, texts[kind] };
		last = place;
	}
	return count;
}

static void sheet(struct arena *a, str xml, const struct wb_put *puts, int n, bool recompute)
{
	struct file_fault why = { 0 };
	str made;

	if (wb_sheet_put(a, xml, puts, n, recompute, &made, &why) != OK) {
		if (!why.vi || !why.en || !why.detail)
			abort();
		return;
	}
	if (n == 0 && !recompute && !str_eq(made, xml))
		abort();
	check(facts_of(a, xml), facts_of(a, made), puts, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	jmp_buf full;
	struct wb_put puts[PUTS];
	char *copy = malloc(n + 1);

	if (!copy || n < 2 || n > 1 << 20) {
		free(copy);
		return 0;
	}
	memcpy(copy, data, n);
	arena_init(&a, (size_t)256 << 20);
	a.full = &full;
	if (setjmp(full) == 0) {
		size_t head = data[0] & 7;
		bool recompute = (data[0] & 8) != 0;
		head = head > PUTS ? PUTS : head;
		head = head > n - 1 ? n - 1 : head;
		int count = puts_of(data + 1, head, puts);
		str rest = { copy + 1 + head, (ptrdiff_t)(n - 1 - head) };
		struct file_fault why;
		str made;
		if (str_starts(rest, S("PK")) && wb_file_put(&a, rest, puts, count, count % 2 ?
			S("KX-0000-0000-001") : S(""), &made, &why) == OK) {
			struct xlsx *x;
			struct wb_about about;
			if (xlsx_open(&a, made, &x, &why) == OK)
				for (int i = 0; i < xlsx_sheets(x) && i < 4; i++)
					wb_look(&a, &(struct book){ .xlsx = x }, i, &about, &why);
		} else if (!str_starts(rest, S("PK"))) {
			sheet(&a, rest, puts, count, recompute);
		}
	}
	arena_free(&a);
	free(copy);
	return 0;
}
