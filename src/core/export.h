/* export.h -- rows of a list as a file: exactly the rows its filters show this actor, and only columns he may see. */
#ifndef KHUE_EXPORT_H
#define KHUE_EXPORT_H
#include "core/query.h"

enum export_format { EXPORT_XLSX, EXPORT_CSV, EXPORT_JSON };
enum { EXPORT_AT_ONCE = 5000 /* rows; more is a job */ };
bool export_format_read(str s, enum export_format *ret);
const char *export_type(enum export_format f);
/* Writes the rows of ask to fd (from its beginning), with the actor's EXPORT grants. all: every column, not only the
 * list's. Text that a spreadsheet could take for a formula is disarmed; dates and numbers stay such in xlsx. */
enum rc export_list(struct ctx *c, const struct list_ask *ask, enum export_format format, bool all, int fd,
	int64_t *ret_rows);

/* A table of texts as a workbook, for reports: heads, then rows of n cells; number: cells that are numbers. */
struct export_table { const str *heads; const bool *number; int n; const str *cells; int64_t rows; };
enum rc export_table(struct ctx *c, const struct export_table *t, int fd);

/* What was asked of a list, to be asked again by a job: format, or the name of a print; pairs are lines of name TAB
 * value. */
enum { EXPORT_KEEP_MS = 7 * 86400000 };                      /* how long its file stays                               */
struct export_in { str entity, format, pairs; bool all; int64_t org, year; };
extern const struct shape export_in_shape;
struct exchange; struct meta;
enum rc export_later(struct exchange *x, const struct meta *m, const char *job, str format, bool all);
/* Within the job: the same question, outside a request. False: no such entity. */
bool    export_asked(struct ctx *c, const struct export_in *in, struct exchange *ret);
enum rc export_job(struct ctx *c, void *in);
enum rc print_job(struct ctx *c, void *in);
#endif
