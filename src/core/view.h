/* view.h -- described structs as templates read them. (As JSON: row.h.) */
#ifndef KHUE_VIEW_H
#define KHUE_VIEW_H
#include "core/ctx.h"
#include "core/views.h"
#include "web/template.h"

/* How templates read (pointer, struct shape). Text is as people of c->lang write it: 05/09/2014, 7,5, a choice's label;
 * References answer with their id.
 * "c" is the shell; "title", "wrong" and "problems" without one in the view are the shell's; "in" has what was typed as
 * members. Lives as long as c. */
struct view_source { struct tsource source; struct ctx *c; const struct shell *shell; const struct pair *typed;
	int n_typed; };
void view_source(struct view_source *v, struct ctx *c, const struct shell *shell);
static inline struct tobj view_of(const void *p, const struct shape *s) { return (struct tobj){ p, s }; }
#endif
