/* things.h -- what hangs on rows or belongs to one account: files, notices, jobs, imports; and what any answer may
 * hold. */
#ifndef KHUE_THINGS_H
#define KHUE_THINGS_H
#include "ask.h"

/* Hangs a file on every row that may have files, and gives every player a notice, a job, an import and a file of
 * their own. */
bool things_make(struct world *w);
/* Each player against everybody's things, and against settings of units he has no seat at. */
void things_check(struct world *w);
/* No answer holds a column of a row its reader may not READ (or PRINT: of the text of a PDF). Titles are excepted: a
 * reference says what it leads to. */
void check_marks(struct world *w, const struct player *who, str body, const char *where, uint32_t verb);
/* The text of a PDF, by pdftotext; empty where that is not installed. */
str pdf_text(struct world *w, str pdf);
#endif
