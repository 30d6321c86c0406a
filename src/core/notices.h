/* notices.h -- the bell of an account, and letters. notify and notify_role are in ctx.h. */
#ifndef KHUE_NOTICES_H
#define KHUE_NOTICES_H
#include "core/ctx.h"

struct notice { int64_t id; str text, link; instant made; bool seen; };
/* Of c's own account; 0 when nobody is signed in. */
enum rc notices_unread(struct ctx *c, int64_t *ret);
/* Unread first, newest first, in c's language. */
enum rc notices_list(struct ctx *c, struct notice *ret, int max, int *n);
/* Marks one as read, or with id 0 all. */
enum rc notices_seen(struct ctx *c, int64_t id);

/* Puts a letter into the outbox, in the caller's transaction. E_INVALID: no address. */
enum rc mail_add(struct ctx *c, str address, str subject, str body);
/* A letter as it goes over the wire, and the Date of c's now. */
str mail_text(struct ctx *c, str from, str address, str subject, str body, int64_t id);
str mail_date(struct ctx *c);
#endif
