/* xls_fuzz.c -- an .xls of any bytes. An input that is no compound file is the stream of a workbook: the sectors around
 * it are put there, so that the fuzzer need not find them. */
#include "../unit/xls_make.h"
#include "core/xls.h"
#include <setjmp.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct row_seen { int64_t last, bytes; };

static bool row(void *arg, int64_t number, const struct cell *cells, int count)
{
	struct row_seen *seen = arg;

	if (number <= seen->last || number > XLS_ROWS || count < 0 || count > XLS_COLUMNS)
		abort();
	seen->last = number;
	for (int i = 0; i < count; i++) {
		str t = cells[i].text;
		if (t.n < 0 || (t.n && !t.p) || !str_is_utf8(t) || (cells[i].kind == CELL_BLANK) != (t.n == 0))
			abort();
		seen->bytes += t.n;
	}
	return seen->bytes < 1 << 24;
}

static void place(void *arg, enum xls_place what, int r, int column)
{
	(void)arg;
	if (what > XLS_HIDDEN_COLUMN || r < 0 || r >= XLS_ROWS || column < 0 || column >= XLS_COLUMNS)
		abort();
}

static void book(struct arena *a, str bytes)
{
	struct xls *x;
	struct file_fault why = { 0 };
	struct xlsx_range ranges[16];
	int n;

	if (xls_open(a, bytes, &x, &why) != OK) {
		if (!why.vi || !why.en || !why.detail)
			abort();
		return;
	}
	for (int i = 0; i < xls_sheets(x) && i < 8; i++) {
		struct row_seen seen = { 0 };
		if (!str_is_utf8(xls_sheet_name(x, i)))
			abort();
		xls_rows(x, i, row, &seen, &why);
		if (xls_merged(x, i, ranges, 16, &n, &why) == OK)
			for (int k = 0; k < n; k++)
				if (ranges[k].row > ranges[k].row_end || ranges[k].col > ranges[k].col_end)
					abort();
		xls_places(x, i, place, NULL, &why);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	jmp_buf full;
	char *copy = malloc(n + 1);

	if (!copy || n > 1 << 20) {
		free(copy);
		return 0;
	}
	memcpy(copy, data, n);
	arena_init(&a, (size_t)256 << 20);
	a.full = &full;
	if (setjmp(full) == 0) {
		str bytes = { copy, (ptrdiff_t)n };
		book(&a, xls_is(bytes) ? bytes : made_ole(&a, "Workbook", bytes, NULL));
	}
	arena_free(&a);
	free(copy);
	return 0;
}
