/* contact.h -- the contact book: leave requests, threads of messages, notices of a school or class. */
#ifndef KHUE_CONTACT_H
#define KHUE_CONTACT_H
#include "core/ctx.h"
#include "core/roles.h"
#include "mod/school/school.h"

ID(leave_request); ID(thread); ID(thread_party); ID(message); ID(announcement); ID(announcement_copy);
	ID(activation); ID(message_template); ID(thread_look); ID(reach_day);

enum leave_state { LEAVE_ASKED, LEAVE_APPROVED, LEAVE_REFUSED, LEAVE_WITHDRAWN };
enum leave_part { PART_DAY, PART_MORNING, PART_AFTERNOON };
/* A family asks for days off, first and last both inclusive. Approved, the days become excused absences; where the
 * roll was already called with the pupil there, the roll stands, and `kept` names the day. */
struct leave_request { struct base base; person_id pupil; school_class_id class; person_id asker; day first_day,
	last_day;
	pick part; str reason; file_id paper; str answer, kept; pick state; };

/* A conversation about a pupil between the pupil's guardians and a teacher,
or without a pupil between a teacher and all
 * guardians of the class; base.org is the school. Only parties see it, by thread_party, and whoever has a look with a
 * reason. replies: whom an answer of a family reaches. */
enum replies { REPLY_ALL, REPLY_TEACHER };
struct thread { struct base base; school_class_id class; person_id pupil, starter; str about; instant latest;
	int64_t messages; pick replies; };
/* pupil: of a guardian, whose guardianship must hold; 0 for a teacher. seen: when the party last said it read; since:
 * of one who came to the class later, what was written before is not theirs. */
struct thread_party { struct base base; thread_id thread; person_id person, pupil; instant seen, since; };
/* aside: only the teacher and its author see it. */
struct message { struct base base; thread_id thread; person_id author; str body; file_id paper; bool aside; };
/* Words for messages that come again; {học sinh}, {lớp}, {giáo viên}, {ngày} are filled in when one is sent. */
struct message_template { struct base base; str name, about, body; person_id author; };
/* The head of the school reads a conversation of the school, until a moment, for a reason that its parties see. */
struct thread_look { struct base base; thread_id thread; person_id person; str reason; instant until; };
/* How far the contact book of a school reached, counted each night over the 30 days before. */
struct reach_day { struct base base; day held; int64_t guardians, accounts, readers, actors; };

enum announcement_state { ANN_DRAFT, ANN_WAITING, ANN_SENT, ANN_REFUSED, ANN_RECALLED };
enum notice_reply { REPLY_NONE, REPLY_YES, REPLY_NO };
/* To the guardians of a class, or with class 0 of the school. urgent: why it passes the quiet hours; empty: it does
 * not. sms_people: guardians with a telephone number; sms_parts: of one SMS; sms_cost, zalo_cost: of all of them.
 * reached, seen_by, failed: guardians who have it, who read it, whom neither SMS nor Zalo reached; counted anew every
 * few minutes. */
struct announcement { struct base base; str title, body; file_id paper; school_class_id class; bool by_sms, by_zalo;
	str urgent;
	day answer_by; str recalled; /* families are asked to answer until then; why it was taken back */
	person_id author; int64_t recipients, reached, seen_by, failed, sms_people,
		sms_parts; money sms_cost, zalo_cost; instant sent; str answer;
	pick state; };
/* One guardian about one pupil. delivered: reached an account; seen: read. */
struct announcement_copy { struct base base; announcement_id announcement; person_id person, pupil;
	instant delivered, seen; pick reply; str said; instant replied; };

/* A guardian's one-time code on a printed slip, good through `until`; code: its keyed digest. Gone: used, or voided by
 * a newer one. tries: wrong birthdays given with it. */
struct activation { struct base base; school_class_id class; person_id guardian, pupil; str code; day until;
	int64_t tries; };

extern const struct entity leave_request, thread, thread_party, message, announcement, announcement_copy, activation,
	message_template, thread_look, reach_day;
extern const struct module mod_contact;

/* What a message says; paper: a file its author sent, at most 10 MB; 0: none. */
struct writing { str body; file_id paper; };
/* ---- messages -------------------------------------------------------------------------------------- */
/* Begins a thread about a pupil between the actor and the other (teacher: every guardian that is not barred) and
 * writes the first message. E_DENIED: the actor neither guards nor teaches the pupil. */
enum rc thread_begin(struct ctx *c, person_id pupil_, person_id teacher_, str about, const struct writing *w,
	thread_id *ret);
/* The same between the actor, who teaches the class, and every guardian of it. E_LIMIT: they are too many for it. */
enum rc thread_begin_class(struct ctx *c, school_class_id class, str about, const struct writing *w, thread_id *ret);
/* E_MISSING: no such thread, or the actor is no party of it. Writing is also reading. */
enum rc thread_write(struct ctx *c, thread_id t, const struct writing *w);
/* last: the last message that was shown, 0: all; what came after it stays unread. Only in person: an administrator who
 * acts as somebody reads nothing in their name (E_DENIED). */
enum rc thread_read(struct ctx *c, thread_id t, message_id last);
/* Sends an approved notice to whoever has no copy yet; the job's work. *ret: copies written now. */
enum rc announcement_send(struct ctx *c, announcement_id a, int64_t *ret);
#endif
