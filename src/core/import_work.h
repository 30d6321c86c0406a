/* import_work.h -- an import on its way through the wizard: its row in table imported, tried and applied. For the
 * wizard's pages and the job. */
#ifndef KHUE_IMPORT_WORK_H
#define KHUE_IMPORT_WORK_H
#include "core/import_in.h"
#include "core/job.h"

/* states: match (columns to be matched), trying, tried, queued, running, done, failed, undone */
struct imported { int64_t id; const struct entity *e; struct import_plan plan; file_id file; str name, state;
	struct import_counts counts;
                  int64_t job, made, applied; };
/* E_MISSING: none, or of somebody else. */
enum rc imported_read(struct ctx *c, int64_t id, struct imported *ret);
enum rc imported_save(struct ctx *c, const struct imported *at);         /* plan and state                            */
enum rc imported_add(struct ctx *c, const struct imported *at, int64_t *ret_id);

/* What the trial keeps for the page: at most so many lines of each outcome. detail: lines of field, old, now, problem,
 * separated by tabs. */
struct kept_line { int64_t line; str what, title, detail; };
enum { KEPT_LINES = 500 };
enum rc kept_read(struct ctx *c, int64_t id, const char *what, int64_t after, int max, struct kept_line *ret, int *n);
enum rc edits_read(struct ctx *c, int64_t id, const struct entity *e, struct import_edit **ret, int *n);
enum rc edit_save(struct ctx *c, int64_t id, int64_t line, const char *field, str value);

/* Tries every row; the outcome is in the row of imported and in import_line. */
enum rc import_try(struct ctx *c, struct imported *at);
enum rc import_apply(struct ctx *c, struct imported *at);
struct import_in { int64_t import; };
extern const struct shape import_in_shape;
enum rc import_job(struct ctx *c, void *in);             /* tries or applies, by state                                */
#endif
