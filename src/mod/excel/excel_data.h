/* excel_data.h -- the school's side of the Excel bridge. Knows no workbook. */
#ifndef KHUE_EXCEL_DATA_H
#define KHUE_EXCEL_DATA_H
#include "mod/excel/excel.h"

struct placed { int64_t id; str class_name; pick grade; int64_t class; const struct person *p; str key; };
/* In class order (pupils) or by name (staff); of each person what tells them apart: name, birthday, sector id, code of
 * the school, post, and with ids the national id. Whoever may not be read is left out. */
struct roster { struct placed *at; int64_t n; };
enum rc pupils_of(struct ctx *c, bool ids, struct roster *ret);
enum rc staff_of(struct ctx *c, bool ids, struct roster *ret);
/* Everybody the school keeps as a pupil, in a class or not. */
enum rc all_pupils_of(struct ctx *c, bool ids, struct roster *ret);
/* The whole records of those that which marks (NULL: all), by grants of EXPORT, noted as an export under the stamp;
 * p is
 * NULL where there is none. */
enum rc load_whole(struct ctx *c, struct roster *r, const bool *which, int64_t stamp);
struct school_in { int64_t school, year; pick term; int64_t file; instant until; };
extern const struct shape school_in_shape;
struct school_in school_here(const struct ctx *c);
/* key: of the name, code: as a key, for comparing */
struct thing { int64_t id; str name, code, key; };
struct things { struct thing *at; int64_t n; };
enum rc classes_of(struct ctx *c, struct things *ret);
enum rc subjects_of(struct ctx *c, struct things *ret);
/* -1 none, -2 several. */
int64_t thing_by(const struct things *t, str key);

/* ---- results of primary pupils by TT 27/2020/TT-BGDĐT (year.c) ------------------------------------------------ */
struct year_results;
enum { AT_TERM_1, AT_YEAR };
enum rc year_load(struct ctx *c, pick at, struct year_results **ret);
/* What a column of the map ("w.toan", "t.toan", "q.yeu_nuoc", "level" ..) holds for a pupil; empty: nothing is
 * known. */
str  year_value(struct ctx *c, const struct year_results *y, const struct placed *p, str column, bool *ret_number);
/* Is this one of the columns year_value knows? */
bool year_column(const char *name);
#endif
