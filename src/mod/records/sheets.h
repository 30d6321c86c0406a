/* sheets.h -- workbooks of marks as vnEdu, SMAS and schools make them, held against the school's books. Within the
 * module: sheets.c finds which sheet is which book, sheets_read.c what its cells would change,
	sheets_fill.c fills it,
 * sheets_page.c is the page. */
#ifndef KHUE_RECORDS_SHEETS_H
#define KHUE_RECORDS_SHEETS_H
#include "core/workbook_file.h"
#include "mod/records/roster.h"

enum { SHEET_BOOKS = 24 /* books a workbook may hold */ };
/* What a column of a sheet is: a slot of the book from 0, or one of these. */
enum { SHEET_NOTHING = -1, SHEET_REMARK = -2, SHEET_CODE = -3, SHEET_NAME = -4, SHEET_GIVEN = -5, SHEET_BORN = -6,
	SHEET_NO = -7, SHEET_OWN = -8, SHEET_CLASS = -9, SHEET_AVERAGE = -10 };

/* What a cell of marks would do. SHEET_BLANK: nothing stands there. */
enum xl_what { SHEET_BLANK, SHEET_SAME, SHEET_NEW, SHEET_CHANGED, SHEET_WRONG };
/* value: of the mark the sheet has there; CELL_EMPTY: none that can be read. */
struct xl_cell { enum xl_what what; int column; int32_t value; str typed, shown, was, why; };
/* how: code, name, chosen; several, unlike and both (choices), unknown, twice; empty: no pupil's row. at: of the
 * roster, -1. given: the name the workbook has. */
struct xl_choice { int64_t pupil; str name; day born; };
struct xl_line { int row; int64_t at; str given, how; struct xl_choice *choices; int64_t n_choices;
	struct xl_cell *cells; int n_cells; };
/* A sheet that is a book of marks. is: of each column. */
struct sheet {
	int sheet; struct tm_sheet t; struct grid g; struct roster roster;
	int is[WB_COLUMNS];
	struct xl_line *lines; int64_t n_lines;
	int64_t counts[SHEET_WRONG + 1], unknown;        /* cells by what they would do; lines of nobody         */
	str trouble;                                     /* why nothing of it may be written; empty: it may      */
	struct buf notes;
};
struct sheets { struct ctx *c; struct workbook *w; struct sheet *at[SHEET_BOOKS]; int n; struct buf notes; };

/* The page the workbook was sent to: its book, for a sheet that does not say which it is. */
struct sheets_ask { school_class_id class; subject_id subject; pick term; file_id file; };
/* Opens the workbook and finds its books. Sheets that are none, or of books the actor may not see, are told in notes.
 * E_INVALID at `at`: no workbook, or none of its sheets is a book of marks. */
enum rc sheets_open(struct ctx *c, const struct sheets_ask *ask, col at, struct sheets *ret);

/* A pupil that was chosen for a line which names several. */
struct sheet_chosen { int64_t sheet, row, pupil; };
/* How far a book's ledger had come when the changes were looked at; what moved since is told, not overwritten. */
struct sheet_seen { int64_t course, term, entries; };
struct sheets_given { const struct sheet_chosen *chosen; int64_t n_chosen; const struct sheet_seen *seen;
	int64_t n_seen; };
/* Holds every line against pupils and marks. */
enum rc sheets_read(struct sheets *s, const struct sheets_given *given);

/* Puts the marks of the books into the cells of their columns; a sheet without pupils gets them too. *ret: cells. */
enum rc sheets_fill(struct sheets *s, int64_t *ret);
/* A workbook of our own with a sheet for each of these books, to fd. */
struct sheet_book { int64_t course, class, subject; str class_name, subject_name, code; };
enum rc sheets_make(struct ctx *c, const struct sheet_book *books, int64_t n, pick term, const struct stamp *stamp,
	int fd);
/* The pupils of these classes, each once. */
enum rc sheets_pupils(struct ctx *c, const struct sheet_book *books, int64_t n, int64_t **ret, int64_t *ret_n);
/* The books of the class's school and year that the actor may see: items of struct sheet_book. */
enum rc sheets_books(struct ctx *c, const struct course_head *k, items *ret);
/* sheets_undo.c: imports taken back. The reason an import's entries stand in the ledger with: the file's name, and what
 * the writer said behind a lock. */
str sheets_reason(struct ctx *c, str file, str reason);
/* An import of the actor's. cells: what undoing it puts back, in `books` books; lost: cells of it that stay. */
struct sheet_import { instant at; int64_t key; str file; int64_t cells, lost, books; bool several; };
/* The latest ones that wrote this book and term and have something to put back. */
enum rc sheets_imports(struct ctx *c, const struct course_head *k, pick term, items *ret);
/* E_STATE: not there, or nothing of it can be put back. */
enum rc sheets_undo(struct ctx *c, int64_t key, int64_t *ret, int64_t *ret_lost);
/* sheets_page.c */
extern const struct shape excel_in, excel_out;
handle_fn excel_get, excel_post;
#endif
