/* row.h -- one value of a described struct, between its five forms: the member in C, the value in SQL, text as people
 * type and read it, text as machines write it, and JSON. Works on rows of entities and on any other shape alike. */
#ifndef KHUE_ROW_H
#define KHUE_ROW_H
#include "core/ctx.h"
#include "core/table.h"
#include "web/http.h"

struct cJSON;

/* What is wrong with a value: a sentence with {1} {2} {3} and what stands for them. text NULL: nothing. */
struct flaw { const struct tr *text; str args[3]; int n; };

/* ---- empty ---------------------------------------------------------------------------------- */
/* Sets every member to its empty value: "", 0, false, NO_DAY, NO_SCORE, the first choice; lists of no items. */
void fields_zero(const struct field *fields, uint32_t size, void *row);
/* Text of no characters, reference/file/time 0, NO_DAY, NO_SCORE, list of no items. Numbers and choices are never
 * empty. */
bool field_empty(const struct field *f, const void *row);
bool field_same(const struct field *f, const void *a, const void *b);        /* not for T_LIST                 */

/* ---- SQL ------------------------------------------------------------------------------------- */
/* As table.h stores it. Text points into the row. Not for T_LIST. */
struct val field_val(const struct field *f, const void *row);
/* Reads a cursor's column into the member; text is copied into mem. An unknown choice code becomes the first. */
void field_load(const struct field *f, const struct rows *r, int column, void *row, struct arena *mem);

/* ---- text ------------------------------------------------------------------------------------ */
/* Reads text as people type it: 5/9/14, 7,5, 594.000 đ, có/không, a choice's code or its label in either language
 * (marks and case do not matter), an id for a reference or file. Text is trimmed (unless LONG), NFC, bounded by max
 * characters.
 * Empty text is the empty value. today: the pivot of two-digit years. False: *ret says what is wrong, row untouched. */
bool field_read(const struct field *f, str text, day today, struct arena *mem, void *row, struct flaw *ret);
/* As people read it: "05/09/2014", "7,5", "Đang mượn", "Có". A reference or file gives an empty text: see title_of. */
str  field_text(const struct field *f, const void *row, enum lang lang, struct arena *mem);
/* As an input holds it: field_text for days (05/09/2014), marks and numbers; a choice's code, an id, "1"/"0". What
 * field_read reads back to the same value. */
str  field_input(const struct field *f, const void *row, struct arena *mem);
/* As machines write it in csv, history and settings: ISO dates, "7.5", codes, ids. field_read reads it back too. */
str  field_code(const struct field *f, const void *row, struct arena *mem);

/* ---- JSON ------------------------------------------------------------------------------------- */
/* The value alone: dates ISO, marks with a dot, choices as codes, empty as null, ids above 2^53 as text, markup as
 * text, lists as arrays of objects. SECRET fields are never written (null). */
void field_json(struct buf *b, const struct field *f, const void *row);
/* {"name": value, ...} of every field but SECRET ones and those whose place in the table of fields is in hidden (may
 * be NULL). */
void shape_json(struct buf *b, const struct field *fields, const void *row, const struct cols *hidden);
/* {"id":..,"rev":..,"org":..,"gone":..,"changed":.., fields}: of a row. hidden counts as in table.columns. */
void row_json(struct buf *b, const struct table *t, const void *row, const struct cols *hidden);
/* Reads a JSON value into the member: the type field_json writes, or text as in field_read. null: empty. */
bool field_from_json(const struct field *f, const struct cJSON *v, day today, struct arena *mem, void *row,
	struct flaw *ret);

/* ---- input: many fields at once ---------------------------------------------------------------- */
enum { INPUT_NEW = 1 /* a new row: FIXED fields may be set */,
	INPUT_SHAPE = 2 /* a route's input: no FIXED, no DERIVED */ };
struct input {
	const struct field *fields;
	unsigned flags;
	const col *only;                 /* just these columns, even DERIVED (what a step asks); 0 closes; NULL: all */
	const struct cols *hidden;       /* columns this actor may not see, hence not set: place in table.columns;
	                                    needs table                                                             */
	const struct table *table;       /* of an entity's row; NULL for a shape                                    */
};
/* Puts what was sent into row; what was not sent stays as it is. Of several pairs of one name the last counts (a hidden
 * "0" before a checkbox). Lists are "marks.3.score"; indexes may have gaps, are at most 9,999, and become items in
 * order.
 * DERIVED fields, base columns and unknown names are passed over. Every problem is recorded by fail() at its field
 * (fail_item for a list); returns E_INVALID if any, with the good fields set. */
enum rc input_read(struct ctx *c, const struct input *in, const struct pair *pairs, int n, void *row);
/* The same from a JSON object. An unknown member is a problem, said by name. */
enum rc input_json(struct ctx *c, const struct input *in, const struct cJSON *object, void *row);
/* Parses (web/json.h) and reads a whole body. */
enum rc input_body(struct ctx *c, const struct input *in, str body, void *row);

/* Holds every value of a struct against its declaration: NEEDED, min and max, choices, .check; lists item by item.
 * create and update call it; routes with an .in are checked by the dispatcher with it. Records every problem. */
enum rc fields_check(struct ctx *c, const struct field *fields, const void *row);
#endif
