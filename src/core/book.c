/* book.c -- see book.h. */
#include "core/book.h"

static bool is_zip(str bytes)
{
	return str_starts(bytes, S("PK\3\4"));
}

bool book_is(str bytes)
{
	return is_zip(bytes) || xls_is(bytes);
}

enum rc book_open(struct arena *mem, str bytes, struct book *ret, struct file_fault *why)
{
	*ret = (struct book){ NULL, NULL };
	return xls_is(bytes) ? xls_open(mem, bytes, &ret->xls, why) : xlsx_open(mem, bytes, &ret->xlsx, why);
}

int book_sheets(const struct book *b)
{
	return b->xls ? xls_sheets(b->xls) : xlsx_sheets(b->xlsx);
}

str book_sheet_name(const struct book *b, int i)
{
	return b->xls ? xls_sheet_name(b->xls, i) : xlsx_sheet_name(b->xlsx, i);
}

bool book_sheet_hidden(const struct book *b, int i)
{
	return b->xls ? xls_sheet_hidden(b->xls, i) : xlsx_sheet_hidden(b->xlsx, i);
}

enum rc book_rows(const struct book *b, int sheet, row_fn *fn, void *arg, struct file_fault *why)
{
	return b->xls ? xls_rows(b->xls, sheet, fn, arg, why) : xlsx_rows(b->xlsx, sheet, fn, arg, why);
}

enum rc book_merged(const struct book *b, int sheet, struct xlsx_range *ret, int max, int *n, struct file_fault *why)
{
	return b->xls ? xls_merged(b->xls, sheet, ret, max, n, why) : xlsx_merged(b->xlsx, sheet, ret, max, n, why);
}
