/* diff.c -- lines of a difference between a workbook and the school. */
#include "mod/excel/excel_in.h"

struct diff_line *diff_add(struct ctx *c, struct diff *d, int what, int64_t line)
{
	if (d->n == d->cap) {
		int64_t cap = d->cap ? d->cap * 2 : 256;
		struct diff_line *wider = NEWS(c->mem, struct diff_line, cap);
		if (d->n)
			memcpy(wider, d->at, (size_t)d->n * sizeof *wider);
		d->at = wider;
		d->cap = cap;
	}
	d->at[d->n] = (struct diff_line){ .line = line, .what = what };
	return &d->at[d->n++];
}

void diff_count(struct diff *d)
{
	memset(d->counts, 0, sizeof d->counts);
	for (int64_t i = 0; i < d->n; i++)
		d->counts[d->at[i].what]++;
}
