/* excel_in.h -- between the files of the Excel bridge. */
#ifndef KHUE_EXCEL_IN_H
#define KHUE_EXCEL_IN_H
#include "core/stamp.h"
#include "core/template_map.h"
#include "core/workbook_file.h"
#include "mod/excel/excel_data.h"

enum kind { KIND_PUPILS, KIND_STAFF, KIND_YEAR, KIND_TEACHING, KINDS };
/* What a map rests on. documented: the heading stands in public material; inferred: a spelling or a value we expect. */
struct template_of { const char *code; struct tr label, fills, reads; const struct tm_column *map; };
extern const struct template_of templates[KINDS];
/* How many things a map names; a column named "-" is known, but nothing is kept for it here. */
int64_t columns_kept(const struct tm_column *map);

/* ---- a file that was sent (open.c) ---------------------------------------------------------------------- */
struct opened { struct ctx *c; file_id file; str name; struct workbook *w; struct tm_sheet t;
	int kind;                        /* -1: unknown                                                        */
	int64_t filled, passed; struct stamp stamp; };
enum rc open_sent(struct ctx *c, file_id file, col at, struct opened *ret);
/* E_INVALID, told at `at`, unless the file is of this kind. */
enum rc open_kind(struct ctx *c, file_id file, col at, int kind, struct opened *ret);
/* The text under a column of the map in a row; empty when the sheet has no such column. */
str  said_at(const struct opened *o, int row, const char *column);
/* A day under a column, however the cell holds it; NO_DAY. */
day  day_said(const struct opened *o, int row, const char *column);
/* Puts a text where the sheet has the column, the text is not empty and the cell may be written; counts it. */
enum rc put_text(struct opened *o, int row, const char *column, str text);
enum rc put_number(struct opened *o, int row, const char *column, str decimal);
enum rc put_day(struct opened *o, int row, const char *column, day d);
/* Does the row hold a name (or, of assignments, a teacher)? */
bool row_holds(const struct opened *o, int row);
int64_t rows_held(const struct opened *o);
/* Comparing names of people, classes, subjects: folded, blanks apart. */
str  name_key(struct arena *mem, str s);
str  class_key(struct arena *mem, str s);

/* ---- rows and people (data.c) ------------------------------------------------------------------------------ */
/* Has a row a national id and no sector id? */
bool ids_needed(const struct opened *o);
bool is_sector_id(str code);
/* What stands under the school's own code; a code that can be no sector id is the school's, whatever its heading. */
str  own_code_said(const struct opened *o, int row);
/* Who a row is: by sector id, national id, the code of the school, then name with birthday. -1 nobody, -2 several. */
int64_t whose_row(const struct opened *o, const struct roster *r, int row);

/* ---- leaving: of people, of assignments (excel.c) --------------------------------------------------------- */
extern const struct grant excel_office[];
extern const struct take excel_takes[];

/* ---- filling --------------------------------------------------------------------------------------------------- */
struct fill_ask { pick at; /* AT_TERM_1, AT_YEAR */ bool add; };
/* Rows that stand are filled by whose they are; a sheet without rows (or add) gets everybody the map is about. */
/* p: whole */
typedef enum rc put_row_fn(struct opened *o, int row, const struct placed *p, void *arg);
struct filled { int64_t people, added, cells, passed, unmatched; };
enum rc fill_rows(struct opened *o, struct roster *r, bool add, put_row_fn *put, void *arg, struct filled *ret);
enum rc fill_pupils(struct opened *o, const struct fill_ask *ask, struct filled *ret);
enum rc fill_staff(struct opened *o, const struct fill_ask *ask, struct filled *ret);
enum rc fill_year(struct opened *o, const struct fill_ask *ask, struct filled *ret);
enum rc fill_teaching(struct opened *o, const struct fill_ask *ask, struct filled *ret);

/* ---- reading back ---------------------------------------------------------------------- */
enum outcome { OUT_NEW, OUT_CHANGED, OUT_SAME, OUT_WRONG };
/* One line of a difference; what apply writes: of assignments (class, subject, teacher, lessons, row), of places in
 * classes (pupil, class). */
struct diff_line { int64_t line; int what; str who, field, old, now, why;
	int64_t row, rev, class, subject, teacher, lessons, pupil; };
struct diff { struct diff_line *at; int64_t n, cap; int64_t counts[4]; };
struct diff_line *diff_add(struct ctx *c, struct diff *d, int what, int64_t line);
/* Fills counts. */
void diff_count(struct diff *d);
enum rc diff_teaching(struct opened *o, struct diff *ret);
enum rc apply_teaching(struct ctx *c, const struct diff *d, int64_t *ret_rows);
enum rc diff_classes(struct opened *o, struct diff *ret);
enum rc apply_classes(struct ctx *c, const struct diff *d, int64_t *ret_rows);
enum rc diff_year(struct opened *o, pick at, struct diff *ret);
/* The code of a post out of "Nhóm chức vụ" and "Vị trí việc làm"; empty: not told. */
str post_said(struct ctx *c, str group, str position);
/* The Ministry's words for a choice of person here, as its code; other words stay as they are. */
str choice_said(struct ctx *c, const char *field, str s);
/* Starts the import of person with a translated table; *ret: its address. */
enum rc import_people(struct opened *o, str *ret_address, str *ret_passed);
#endif
