/* work_page.h -- the pages of imports, exports, jobs, files, notices, reports and prints, for the dispatcher's
 * tables. */
#ifndef KHUE_WORK_PAGE_H
#define KHUE_WORK_PAGE_H
#include "core/page.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
/* Sends a file (from its beginning) as a download, the stamp's code in its name; fd stays the caller's. */
enum rc answer_made(struct exchange *x, int fd, str name, str type, struct stamp stamp);
/* One that is kept: what it carries was said when it was made, and who may open it is asked each time. */
#define KEPT_FILE stamp_free("kept: its maker said whom it is about")

/* Files from a host of their own (file_link.c): did the request come to it; an address there for a file that the actor
 * may open; what that host answers. */
struct file_info;
bool    file_host_asked(const struct exchange *x);
void    file_link_go(struct exchange *x, const struct file_info *f);
enum rc file_link_page(struct exchange *x);

/* A question of a shape (may be NULL) from the address, with defaults of .fill. *ret_asked: every needed value is
 * there. */
enum rc asked_read(struct exchange *x, const struct shape *shape, void **ret, bool *ret_asked);
items   asked_fields(struct exchange *x, const struct shape *shape, const void *in);      /* its inputs: field_view */
/* This address with its query, "format" left out, and one more pair in front. */
str     same_address(struct exchange *x, const char *more);

/* of an entity */
enum rc export_page(struct exchange *x, const struct meta *m);
enum rc print_page(struct exchange *x, const struct meta *m);
/* The declared prints of an entity that the actor may make, at most PRINTS_MAX. */
enum { PRINTS_MAX = 10 };
int     prints_of(struct exchange *x, const struct meta *m, const struct print *ret[static PRINTS_MAX]);
enum rc print_row_page(struct exchange *x, const struct meta *m);
enum rc import_start_page(struct exchange *x, const struct meta *m);
enum rc import_upload_page(struct exchange *x, const struct meta *m);
enum rc import_template_page(struct exchange *x, const struct meta *m);
enum rc import_step_page(struct exchange *x, const struct meta *m);
enum rc import_act_page(struct exchange *x, const struct meta *m);
enum rc import_errors_page(struct exchange *x, const struct meta *m);
/* of the core */
enum rc jobs_page(struct exchange *x);
enum rc job_page(struct exchange *x);
enum rc job_cancel_page(struct exchange *x);
enum rc job_again_page(struct exchange *x);
enum rc job_undo_page(struct exchange *x);
enum rc file_download_page(struct exchange *x);
enum rc notices_page(struct exchange *x);
enum rc notices_seen_page(struct exchange *x);
enum rc reports_page(struct exchange *x);
enum rc report_page(struct exchange *x);
#endif
