/* xlsx_fuzz.c -- a workbook of any bytes: the archive, its parts, every sheet and its merged ranges. When the input
 * is no archive it is read as the XML of a sheet, in pieces whose size the first byte says, and each piece must tell
 * the same. */
#include "core/xlsx.h"
#include "core/xml.h"
#include <setjmp.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct source { str left; ptrdiff_t step; };

static ptrdiff_t feed(void *arg, char *p, ptrdiff_t n)
{
	struct source *s = arg;
	n = n > s->step ? s->step : n;
	n = n > s->left.n ? s->left.n : n;
	if (n)
		memcpy(p, s->left.p, (size_t)n);
	s->left = str_sub(s->left, n, -1);
	return n;
}

static uint64_t events(struct arena *a, str xml, ptrdiff_t step)
{
	struct source s = { xml, step };
	struct xml *x = NEW(a, struct xml);
	uint64_t sum = 0;
	enum xml_event ev;
	struct buf b;
	xml_init(x, a, feed, &s);
	buf_init(&b, a, 1 << 22);
	while ((ev = xml_next(x)) != XML_DONE && ev != XML_BAD) {
		b.n = 0;
		if (ev == XML_TEXT && !xml_put_text(&b, x->text, x->cdata))
			abort();
		sum = sum * 31 + (uint64_t)ev + str_hash(ev == XML_TEXT ? buf_str(&b) : x->name) * (ev != XML_TEXT);
	}
	return sum * 2 + (ev == XML_DONE);
}

static bool row(void *arg, int64_t number, const struct cell *cells, int count)
{
	int64_t *bytes = arg;
	if (number < 1 || count < 0 || count > XLSX_COLUMNS)
		abort();
	for (int i = 0; i < count; i++) {
		if (cells[i].text.n < 0 || (cells[i].text.n && !cells[i].text.p))
			abort();
		*bytes += cells[i].text.n;
	}
	return *bytes < 1 << 26;
}

static void book(struct arena *a, str bytes)
{
	struct xlsx *x;
	struct file_fault why = { 0 };
	struct xlsx_range ranges[16];
	int n;
	int64_t sum = 0;
	if (xlsx_open(a, bytes, &x, &why) != OK) {
		if (!why.vi || !why.en || !why.detail)
			abort();
		return;
	}
	for (int i = 0; i < xlsx_sheets(x); i++) {
		xlsx_rows(x, i, row, &sum, &why);
		xlsx_merged(x, i, ranges, 16, &n, &why);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	jmp_buf full;
	char *copy = malloc(n + 1);
	if (!copy || n > 4 << 20) {
		free(copy);
		return 0;
	}
	memcpy(copy, data, n);
	arena_init(&a, (size_t)256 << 20);
	a.full = &full;
	if (setjmp(full) == 0) {
		if (n > 4 && memcmp(copy, "PK", 2) == 0)
			book(&a, (str){ copy, (ptrdiff_t)n });
		else if (n > 1 && events(&a, (str){ copy + 1, (ptrdiff_t)n - 1 }, 1 << 20) & 1 &&
		         events(&a, (str){ copy + 1, (ptrdiff_t)n - 1 }, 1 << 20) != events(&a,
			(str){ copy + 1, (ptrdiff_t)n - 1 }, (uint8_t)copy[0] + 1))
			abort();
	}
	arena_free(&a);
	free(copy);
	return 0;
}
