/* import.h -- rows of an entity out of a table people have: matched by headings, held against what is there, tried
 * without writing, written, taken back. One engine behind the wizard (import_page.c), the job and `khue import`.
 *
 * A row is found again by the first of the entity's .unique keys whose parts the file has; columns that the file has
 * and that are not empty are set, others stay. Rules and rights are those of create and update; a grant of IMPORT
 * counts as CREATE and UPDATE here. */
#ifndef KHUE_IMPORT_H
#define KHUE_IMPORT_H
#include "core/app.h"
#include "core/sheet.h"
#include "core/table.h"

enum { IMPORT_COLUMNS = SHEET_COLUMNS, IMPORT_PRESETS = 8, IMPORT_PREVIEW = 25, IMPORT_UNDO_MS = 86400000 };

struct import_preset { const struct field *f; str value; };      /* what every row gets: pupil = 1              */
struct import_plan {
	const struct entity *e;
	org_id org;                      /* owner of new rows                                                  */
	int64_t year;                    /* school year in view: references to its rows; 0: none               */
	int sheet, heading, headings;    /* the row of the heading, from 1, and how many rows it takes         */
	enum viet_encoding encoding;     /* what the texts are written in                                      */
	const struct field *at[IMPORT_COLUMNS];          /* of each column of the sheet; NULL: passed over     */
	int n;                           /* columns                                                            */
	struct import_preset presets[IMPORT_PRESETS]; int n_presets;
	bool whole;                      /* all rows or none                                                   */
};

/* ---- looking at a file ------------------------------------------------------------------------- */
struct import_look {
	struct sheet_told told;
	str rows[IMPORT_PREVIEW][IMPORT_COLUMNS]; int64_t numbers[IMPORT_PREVIEW]; int n_cells[IMPORT_PREVIEW], n_rows;
	enum viet_encoding guess;
	str headings[IMPORT_COLUMNS];    /* of the plan's heading rows, as written                             */
	int sure[IMPORT_COLUMNS];        /* 0..110: how sure each guessed column is                            */
};
/* Reads the first rows, finds the heading, guesses encoding and columns (plan->e, org, sheet (-1: first) and presets
 * are given; heading 0: to be found). E_INVALID with words: not a table, no heading that fits. */
enum rc import_look(struct ctx *c, int fd, struct import_plan *plan, struct import_look *ret);
/* What a cell that Excel keeps as a number said before its leading zeros were taken: a telephone, an identity number, a
 * code as long as its field. */
str zeros_back(struct arena *mem, const struct field *f, str s);
/* Fields a column may be matched to: not DERIVED, SECRET, files or lists. */
bool import_takes(const struct field *f);
/* The field of this name that a column may be matched to, "org" for the unit; NULL: none. */
const struct field *import_field(const struct ctx *c, const struct entity *e, str name);
/* A yes-no field that may be set for every line. */
bool import_presets(const struct field *f);
/* Sets what the entity says is usual (decl.h) where neither a column nor a preset says otherwise. */
void import_presume(struct import_plan *plan);
/* How well a heading names a field: 0 not at all, 100 exactly. */
int  import_likeness(struct arena *mem, str heading, const struct field *f);
/* A needed field without column, preset or .fill; NULL: none is missing. */
const struct field *import_missing(const struct import_plan *plan);
/* Which columns go where, as text, and back (unknown names are passed over). */
str  import_mapping(struct ctx *c, const struct import_plan *plan);
void import_mapping_read(struct ctx *c, str text, struct import_plan *plan);
/* What the organisation matched last time; kept when an import is applied. */
enum rc import_remember(struct ctx *c, const struct import_plan *plan, const struct import_look *look);

/* ---- running -------------------------------------------------------------------------------------- */
enum import_what { IMPORT_NEW, IMPORT_CHANGED, IMPORT_SAME, IMPORT_REFUSED };
extern const char *const import_whats[4];                /* "new", "changed", "same", "refused"                */
struct import_counts { int64_t n[4], rows; };
/* f NULL: of the whole row. asks: it may be another row than the one alike (.same), an edit IMPORT_ANOTHER says so */
struct import_flaw { const struct field *f; str text; bool asks; };
#define IMPORT_ANOTHER "_new"
struct import_line {
	int64_t number;                  /* row of the sheet                                                   */
	enum import_what what;
	const struct cell *cells; int n_cells;
	const void *row, *old;           /* as written or as it would be; old NULL: new                        */
	const struct cols *changed;      /* places in table.columns                                            */
	const struct import_flaw *flaws; int n_flaws;
	const struct import_flaw *notes; int n_notes;    /* what should be looked at, though nothing is refused */
};
/* Hears of every line in order, inside the batch's transaction when something is written. */
typedef enum rc import_tell_fn(struct ctx *c, const struct import_line *line, void *arg);
/* A cell corrected in the wizard takes the place of the file's; f NULL, value "1": IMPORT_ANOTHER. */
struct import_edit { int64_t line; const struct field *f; str value; };
struct import_run {
	const struct import_plan *plan;
	int fd;
	bool dry;                        /* write nothing                                                      */
	const struct import_edit *edits; int n_edits;    /* sorted by line                                     */
	int64_t record;                  /* id of the row of `imported` that undo needs; 0: none               */
	import_tell_fn *tell; void *arg; /* tell may be NULL                                                   */
	int64_t expect;                  /* rows, for the progress of a job; 0: unknown                        */
};
/* With dry false every batch is a transaction of its own; c must have none open. What one batch wrote stays when a
 * later one fails; import_undo takes it back (plan.whole does so by itself). E_INVALID: the file. Lines that are
 * refused are no error. */
enum rc import_run(struct ctx *c, const struct import_run *run, struct import_counts *ret);
/* Takes back what a recorded import wrote, unless somebody changed one of its rows since (E_STATE, none is touched). */
enum rc import_undo(struct ctx *c, const struct entity *e, int64_t record, int64_t *ret_rows);

/* The whole way for a command: looks, guesses, runs and records it so that it can be taken back in the browser. say is
 * called for each refused line and each that should be looked at (at most `most`). The org is plan->org. */
struct import_report { struct import_counts counts; int64_t record; str headings[IMPORT_COLUMNS]; int n; };
enum rc import_file(struct ctx *c, struct import_plan *plan, int fd, str name, bool dry,
                    void (*say)(void *arg, int64_t line, str what), void *arg, int64_t most, struct import_report *ret);

/* ---- workbooks ---------------------------------------------------------------------------------------- */
/* A template of the entity: headings, and a sheet with an example and an explanation of each column. */
enum rc import_template(struct ctx *c, const struct entity *e, int fd);
/* The file again with a last column "Lỗi". all: also the good rows. */
enum rc import_errors(struct ctx *c, const struct import_run *run, bool all, int fd, int64_t *ret_rows);
#endif
