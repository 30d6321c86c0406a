/* contact_in.h -- between the files of this module. */
#ifndef KHUE_CONTACT_IN_H
#define KHUE_CONTACT_IN_H
#include "mod/channel/channel.h"
#include "mod/contact/contact.h"

struct contact_settings { int64_t approve_above, daily_notices, daily_messages, sms_sender, sms_unit, zalo_sender,
	zalo_unit;
	bool class_replies; };
/* APPROVE_ABOVE: more guardians than one class has. */
enum { APPROVE_ABOVE = 100, DAILY_NOTICES = 5, DAILY_MESSAGES = 100, SMS_SENDER = 300, SMS_UNIT = 5000,
	ZALO_SENDER = 300, ZALO_UNIT = 5000 };

/* leave.c */
check_fn leave_makes_sense, leave_answered;
apply_fn leave_today, leave_one_day, leave_before, leave_after, leave_approve, leave_refuse, leave_withdraw;
carry_fn leave_carry;
/* words.c */
check_fn template_ok;
apply_fn template_before;
/* The names that stand in braces, filled in. */
str words_filled(struct ctx *c, str text, person_id about, school_class_id class);
/* look.c */
struct look_view { str name, when, reason; };
extern const struct shape looked_shape;
/* Who of the school's heads has looked, newest first: for the parties. */
enum rc looks_of(struct ctx *c, thread_id t, items *ret);
/* announce.c */
check_fn announcement_sms_ok, announcement_zalo_ok, announcement_phone_left, announcement_fits,
	announcement_paper_ok,
	announcement_needs_nobody,
	announcement_needs_approval, announcement_answered;
apply_fn announcement_own_class, announcement_before, announcement_queue, announcement_wait, announcement_refused;
extern const struct job contact_jobs[];
extern const struct card contact_cards[];                /* card.c                                                */
extern const struct take contact_takes[];
/* A notice as its reader sees it. until: of the answer that is asked for; recalled: why it was taken back. */
struct notice_view { int64_t id; str title, body; instant sent, seen; str pupil; file_id paper; str file; day answer_by;
	str recalled, reply, said; instant replied; str reply_text, until; bool asks, late, is_yes, is_no; };
/* reached.c: a guardian with a notice. when: of reading or arriving; why: where it is not there. */
struct copy_line { str name, pupil, when, why, reply, said; bool read, has, late; };
struct reached_view { str title; int64_t id; str about, read, has, missing, yes, no, silent; bool none, asks;
	items lines; };
/* answer.c: a family's answer to a notice; a notice taken back */
enum { REPLY_TEXT = 300 };
struct reply_in { announcement_id announcement; pick reply; str said; };
extern const struct choice notice_replies[];
check_fn announcement_recall_why;
apply_fn announcement_recall;
enum rc recall_told(struct ctx *c, announcement_id id);
enum { JOB_ANNOUNCE, JOB_ARRIVED, JOB_REACH };
apply_fn reach_job;
struct announce_in { announcement_id announcement; };

/* An attachment is the author's own upload (or one they may read anyway), and not too heavy. */
enum rc paper_ok(struct ctx *c, file_id paper, col at);
/* The file as an answer, for whom the caller has let in. */
enum rc paper_answer(struct ctx *c, file_id paper);

/* what several queries ask by */
struct key_in { int64_t id; person_id pupil; school_class_id class; day since, until; str words; int64_t after;
	org_id school; };
extern const struct shape key_shape;
/* The account of a person, 0: none. */
user_id account_of(struct ctx *c, person_id p);

/* The class a pupil studies in today, and its school. E_MISSING: in none. */
enum rc class_of(struct ctx *c, person_id child, school_class_id *ret, org_id *ret_school);

/* pages; the table of routes is in contact.c */
handle_fn family_page, talk_list, talk_new, talk_begin, talk_page, talk_write, talk_seen, told_page, told_file,
	told_seen, told_answer,
	talk_file, look_list, reached_page, look_open, reach_page, sheets_page, sheets_print, without_page,
	activate_page, activate_do;
stands_fn announcement_went, announcement_may_go, announcement_must_wait;
extern const struct shape family_mark_shape, reached_shape, talk_file_shape, talk_seen_shape, look_why_shape,
	look_list_shape, look_list_in_shape, family_in_shape, family_shape, talks_in_shape, talks_shape,
	talk_in_shape, talk_shape, talk_new_in_shape, talk_new_shape, begin_in_shape, write_in_shape,
	told_in_shape, told_shape, reply_in_shape, reach_shape, sheets_shape, without_shape, activation_in_shape,
	activate_in_shape, activate_shape, activation_good_shape;
#endif
