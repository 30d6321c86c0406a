/* export.h -- rows of a list as a file: exactly the rows its filters show this actor, and only columns he may see. */
#ifndef KHUE_EXPORT_H
#define KHUE_EXPORT_H
#include "core/stamp.h"

enum export_format { EXPORT_XLSX, EXPORT_CSV, EXPORT_JSON };
enum { EXPORT_AT_ONCE = 5000 /* rows; more is a job */ };
bool export_format_read(str s, enum export_format *ret);
const char *export_type(enum export_format f);
/* Writes the rows of ask to fd (from its beginning), with the actor's EXPORT grants. all: every column, not only the
 * list's. Text that a spreadsheet could take for a formula is disarmed; dates and numbers stay such in xlsx. stamp,
 * with an id: the file carries it (a sheet and the properties of xlsx, the last line of csv), and so does the log
 * of reads. */
enum rc export_list(struct ctx *c, const struct list_ask *ask, enum export_format format, bool all, struct stamp stamp,
	int fd, int64_t *ret_rows);

/* The properties of a workbook made with libxlsxwriter say who took it; its sheets stay as they are. */
struct lxw_workbook;
void stamp_book(struct ctx *c, struct lxw_workbook *book, str title, const struct stamp *stamp);

/* A table of texts as a workbook, for reports: heads, then rows of n cells; number: cells that are numbers. title:
 * for its properties, where it is stamped. */
struct export_table { const str *heads; const bool *number; int n; const str *cells; int64_t rows;
	struct stamp stamp; str title; };
enum rc export_table(struct ctx *c, const struct export_table *t, int fd);

/* What was asked of a list, to be asked again by a job: format, or the name of a print, or EXPORT_PRINT for the list on
 * paper; pairs are lines of name TAB value. stamp: a second person agreed to it, and the file gets this stamp. */
#define EXPORT_PRINT "pdf"
#define EXPORT_ASK "/xin-xuat"                           /* where a second person is asked: mod/auth                */
#define TAKE_FORMAT "tep"                                /* ... for a file of a module's own: entity names its take */
enum { EXPORT_KEEP_MS = 7 * 86400000 };                      /* how long its file stays                               */
struct export_in { str entity, format, pairs; bool all; int64_t org, year, stamp; };
extern const struct shape export_in_shape;
struct exchange; struct meta;
enum rc export_later(struct exchange *x, const struct meta *m, const char *job, str format, bool all);
/* The pairs of a query as lines; empty for one that cannot be read. */
str  export_pairs(struct arena *mem, str query);
/* More rows of people than TAKE_ALONE: *ret_sent, and the answer leads to where a second person is asked. */
enum rc export_alone(struct exchange *x, const struct meta *m, bool personal, str format, bool all, int64_t rows,
	bool *ret_sent);
/* How many people the documents of a list are about, counted up to LIST_COUNT_MAX. E_MISSING: no such print. */
enum rc print_weigh(struct exchange *x, const struct meta *m, str name, const struct list_ask *ask, int64_t *ret_people,
	bool *ret_personal);
/* How many rows of the list the actor's grants of verb reach; more than TAKE_ALONE may stay uncounted. */
enum rc export_count(struct ctx *c, const struct list_ask *ask, uint32_t verb, int64_t *ret);
/* How many rows would leave for the actor, and are they about people? E_MISSING: nothing of the kind. */
enum rc export_weigh(struct ctx *c, const struct export_in *in, int64_t *ret_rows, bool *ret_personal);
/* Within the job: the same question, outside a request. False: no such entity. */
bool    export_asked(struct ctx *c, const struct export_in *in, struct exchange *ret);
enum rc export_job(struct ctx *c, void *in);
enum rc print_job(struct ctx *c, void *in);
#endif
