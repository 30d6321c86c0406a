/* stamp.h -- what a file with people's data carries when it leaves: who took it, when, and a code of its own.
 *
 * Every line of the log of reads (reads.h) that the file's rows made holds the stamp's id: `khue trace CODE` finds
 * them, whoever sends the file on. */
#ifndef KHUE_STAMP_H
#define KHUE_STAMP_H
#include "core/query.h"

enum { TAKE_ALONE = 500 /* rows of people that may leave without a second person's word */ };
/* Are these rows about people? Each stands for one (ON_PERSON), or a column that leaves is PRIVATE, a NAME, or names a
 * person. all: every column the actor's grants of this verb show, not only the list's. */
bool is_personal(struct ctx *c, const struct entity *e, uint32_t verb, bool all);
/* Does it say whose the file is, or why nobody's? */
bool stamp_said(struct ctx *c, const struct stamp *s);
#define NOT_PERSONAL stamp_free("no column of it is about a person")
/* A new stamp, or with id != 0 one that was given before. line: who, when and the code in words. */
struct stamp stamp_make(struct ctx *c, int64_t id);
/* Is it such a line, as the last of a csv has it? An import passes over it. */
bool stamp_is_line(str text);
str  stamp_code(struct arena *mem, int64_t id);           /* "KX-" and eleven signs that cannot be mistaken     */
instant stamp_time(int64_t id);                           /* when it was made; its rows were read within a day after */
bool stamp_read(str code, int64_t *ret_id);

/* The stamp of a file about n people that a module makes itself; the rows of t->of with these ids are noted as
 * exported under it (ids NULL: whoever reads them notes them under ret->id). More than TAKE_ALONE: E_STATE, and a
 * browser is led to where a second person is asked, unless one has agreed. Within a POST. */
enum rc take_out(struct ctx *c, const struct take *t, const int64_t *ids, int64_t n, struct stamp *ret);
/* "module/name"; NULL: none. */
const struct take *take_named(struct ctx *c, str name);
/* name.xlsx -> name-KX-….xlsx; an older code in the name gives way. */
str  stamp_name(struct ctx *c, str name, const struct stamp *s);
#endif
