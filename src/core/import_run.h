/* import_run.h -- between import_line.c and import_run.c: a batch of lines on its way. */
#ifndef KHUE_IMPORT_RUN_H
#define KHUE_IMPORT_RUN_H
#include "core/import_in.h"
#include "core/table.h"

enum { BATCH_MIN = 1000, BATCH_MAX = 8000, FLAWS = 12, NOTES = 4 };     /* lines of one transaction */
struct line {
	int64_t number;
	struct cell *cells; int n_cells;
	void *row; const void *old;
	str *refs;                           /* [column of the table] what a REF column says; NULL: none does  */
	struct cols set, changed;            /* given by the file; different from old                          */
	enum import_what what;
	bool tried;                          /* written, or refused by its checks in the attempt to                  */
	struct import_flaw *flaws; int n_flaws;          /* room for FLAWS and NOTES once there is one         */
	struct import_flaw *notes; int n_notes;
};
struct batch {
	struct arena mem;                    /* of this batch; c.mem points here                               */
	struct ctx c;
	const struct import_run *run; const struct table *t;
	struct refs *refs; struct keys *keys;
	struct cols hidden;                  /* columns the actor may not see: the file does not set them      */
	struct line *at; int n, size;
};
/* Reads, resolves and matches every line of the batch. */
enum rc batch_prepare(struct batch *b);
void line_flaw(struct batch *b, int i, const struct field *f, const struct tr *text, const str *args, int n);
#endif
