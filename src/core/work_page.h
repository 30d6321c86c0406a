/* work_page.h -- the pages of imports, exports, jobs, files, notices, reports and prints, for the dispatcher's tables. */
#ifndef KHUE_WORK_PAGE_H
#define KHUE_WORK_PAGE_H
#include "core/page.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
/* Sends a file we made (from its beginning) as a download; fd stays the caller's. */
enum rc answer_made(struct exchange *x, int fd, str name, str type);

/* of an entity */
enum rc export_page(struct exchange *x, const struct meta *m);
enum rc print_page(struct exchange *x, const struct meta *m);
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
enum rc file_download_page(struct exchange *x);
enum rc notices_page(struct exchange *x);
enum rc notices_seen_page(struct exchange *x);
enum rc reports_page(struct exchange *x);
enum rc report_page(struct exchange *x);
#endif
