/* view.h -- described structs as templates read them and as JSON: the same members, the same words, no copies. */
#ifndef KHUE_VIEW_H
#define KHUE_VIEW_H
#include "core/ctx.h"
#include "core/views.h"
#include "web/template.h"

/* How templates read (pointer, struct shape). Text is as people of c->lang write it: 05/09/2014, 7,5, a choice's label;
 * References answer with their id.
 * "c" is the shell; "title" without one in the view is the shell's. Lives as long as c. */
struct view_source { struct tsource source; struct ctx *c; const struct shell *shell; };
void view_source(struct view_source *v, struct ctx *c, const struct shell *shell);
static inline struct tobj view_of(const void *p, const struct shape *s) { return (struct tobj){ p, s }; }

/* The value of one field as people of this language write it; SECRET fields are empty. Lives in mem or in the row. */
str  value_text(struct arena *mem, enum lang lang, const struct field *f, const void *row);
/* Nothing is in it: empty text, no day, no mark, a reference to nothing. Numbers, money and choices are never empty. */
bool value_empty(const struct field *f, const void *row);

/* JSON. A list without .of is of int64_t; ids beyond 2^53 are strings; empty dates, marks and references are null;
 * a choice is its code; SECRET members are left out. */
void put_json_field(struct buf *b, struct arena *mem, const struct field *f, const void *row);
void put_json_shape(struct buf *b, struct arena *mem, const struct shape *s, const void *row);
void put_json_list(struct buf *b, struct arena *mem, const struct shape *s, items list);
void put_json_int(struct buf *b, int64_t v);
#endif
