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
struct stamp { int64_t id; str code, line; };             /* id 0: the rows are not about people, no stamp       */
/* A new stamp, or with id != 0 one that was given before. line: who, when and the code in words. */
struct stamp stamp_make(struct ctx *c, int64_t id);
/* Is it such a line, as the last of a csv has it? An import passes over it. */
bool stamp_is_line(str text);
str  stamp_code(struct arena *mem, int64_t id);           /* "KX-" and eleven signs that cannot be mistaken     */
instant stamp_time(int64_t id);                           /* when it was made; its rows were read within a day after */
bool stamp_read(str code, int64_t *ret_id);
#endif
