/* comment.h -- what people say about a row, for entities that keep COMMENTS. Who may read the row may read and add. */
#ifndef KHUE_COMMENT_H
#define KHUE_COMMENT_H
#include "core/ctx.h"
enum { COMMENT_MAX = 2000 /* characters */, COMMENTS_SHOWN = 200 };
/* ret: struct comment_view (views.h), oldest first. */
enum rc comment_read(struct ctx *c, const struct entity *e, int64_t id, items *ret);
/* Adds one; E_INVALID when it is empty or too long. */
enum rc comment_add(struct ctx *c, const struct entity *e, int64_t id, org_id org, str text);
#endif
