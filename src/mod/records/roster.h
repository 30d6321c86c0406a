/* roster.h -- the pupils of a class and the columns of a mark book, as lists made elsewhere name them: blocks that
 * are pasted and workbooks. Within the module. */
#ifndef KHUE_RECORDS_ROSTER_H
#define KHUE_RECORDS_ROSTER_H
#include "core/template_map.h"
#include "mod/records/records_rules.h"

/* sector: the pupil's code in the sector's data base, school: the school's own; empty: none yet. */
struct roster_row { int64_t pupil; str sector, school, name; day born; };
/* In class order; folded: the names for comparing. */
struct roster { const struct roster_row *rows; str *folded; int64_t n; };
enum rc roster_load(struct ctx *c, school_class_id class, struct roster *ret);
/* By the sector id, else by the code of the school; -1: nobody. */
int64_t roster_coded(const struct roster *r, str code);
int64_t roster_named(const struct roster *r, str folded, int64_t from);      /* the next from there on; -1: nobody */

/* What a line says of its pupil. coded: of the roster, by the line's code; -1: none of them has it. torn: the line has
 * two codes, of two pupils. */
struct roster_said { str name; day born; int64_t coded; bool torn; };
/* how: code, name; with at -1: several, unlike (the code is one pupil's, the name or birthday is not), unknown. From
 * `choices`, places in the roster, a person may choose. */
struct roster_found { int64_t at; str how; int64_t *choices, n_choices; };
/* By the code, when the name and the birthday do not speak against it: marks, case, blanks and y for i do not, and a
 * single word may be the given name. Else by the name, when the birthday does not speak against it. */
void roster_who(struct ctx *c, const struct roster *r, const struct roster_said *said, struct roster_found *ret);

/* Headings of mark books as vnEdu, SMAS and schools write them: first what is no mark, then the scheme's columns. */
enum { MARKS_NO, MARKS_CODE, MARKS_NAME, MARKS_GIVEN, MARKS_BORN, MARKS_REMARK, MARKS_OTHER, MARKS_OWN,
	MARKS_FIRST };
extern const struct tm_column marks_map[];
/* As tm_find, with the school's own code apart from that of the sector. */
bool marks_find(struct arena *mem, const struct workbook *w, int sheet, struct tm_sheet *ret);
/* The slot of a column of marks; -1: the book has none. */
int marks_slot(struct ctx *c, const struct cell_layout *l, const struct tm_column *column, int number);
#endif
