/* import_page.h -- between import_page.c (what the wizard does) and import_show.c (what it shows). */
#ifndef KHUE_IMPORT_PAGE_H
#define KHUE_IMPORT_PAGE_H
#include "core/import_work.h"
#include "core/page.h"
#include "core/work_page.h"
#include "core/work_views.h"

enum rc import_show_start(struct exchange *x, const struct meta *m, int status);
enum rc import_show(struct exchange *x, const struct imported *at, int status);
#endif
