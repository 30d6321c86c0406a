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
/* Those that lead there, for somebody who has been there. */
enum rc notices_seen_at(struct ctx *c, str link);

/* What somebody is told besides: e-mail, browsers and SMS carry it as its reader chose (mod/channel). */
enum { NOTE_WORK, NOTE_MESSAGE, NOTE_NOTICE, NOTE_LEAVE };
extern const struct choice told_kinds[];
struct note {
	user_id to;                          /* 0: a person without an account, whom only a telephone reaches        */
	person_id person;                    /* then: who                                                            */
	org_id org;                          /* in whose name; 0: the unit that keeps the account                    */
	pick kind;
	bool urgent;                         /* quiet hours do not hold it; the caller keeps the reason              */
	str sms;                             /* the words of an SMS; empty: none                                     */
	str zalo;                            /* the words of a Zalo message (channel.h: zalo_words); empty: none     */
	int64_t about;                       /* a row of the caller's that waits to hear whether it arrived          */
};
/* As notify, with all that. Nothing happens for nobody: no account, and no person with an SMS or Zalo message. */
enum rc note(struct ctx *c, const struct note *at, const struct tr *text, const str *args, int n, str link);

/* Puts a letter into the outbox, in the caller's transaction. E_INVALID: no address. ret: its row; may be NULL. */
enum rc mail_add(struct ctx *c, str address, str subject, str body, int64_t *ret);
enum { MAIL_TRIES = 8 };                                 /* after so many it is given up                          */
/* A letter as it goes over the wire, and the Date of c's now. */
str mail_text(struct ctx *c, str from, str address, str subject, str body, int64_t id);
str mail_date(struct ctx *c);
#endif
