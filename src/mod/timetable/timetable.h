/* timetable.h -- which class has which lesson when: versions of a school's timetable, what differs on a day, the
 * lesson record. */
#ifndef KHUE_TIMETABLE_H
#define KHUE_TIMETABLE_H
#include "mod/school/school.h"

ID(bell); ID(timetable); ID(lesson); ID(cover); ID(lesson_record); ID(calendar_feed);

/* A lesson's place in a day: 1..7 in the morning, 8..14 in the afternoon. */
enum { SLOTS_HALF = 7, SLOTS_DAY = 14 };
/* When a slot begins and ends at a school: "07:00", "07:45". */
struct bell { struct base base; int64_t slot; str begins, ends; };

enum timetable_state { TIMETABLE_DRAFT, TIMETABLE_PUBLISHED };
/* A school's timetable from a day on, until the next published one begins. Only a draft is written. */
struct timetable { struct base base; school_year_id year; str name; day since; pick state; str note; };
/* One lesson a week. weekday: index into weekdays, 0 Monday. place: both in one number, lesson_place. */
struct lesson { struct base base; timetable_id timetable; school_class_id class; pick weekday; int64_t slot,
	place; subject_id subject; person_id teacher; facility_id room; };
static inline int64_t lesson_place(pick weekday, int64_t slot) { return weekday * 100 + slot; }

enum cover_kind { COVER_TAUGHT, COVER_CANCELLED, COVER_EXTRA };
/* What differs on one day: another teacher, no lesson, a lesson more. teacher: who takes it. */
struct cover { struct base base; school_class_id class; day held; int64_t slot; pick kind; subject_id subject;
	person_id teacher; facility_id room; str reason; };

/* A line of the class register, sổ đầu bài (Thông tư 32/2020/TT-BGDĐT, Điều 21): what was taught, who was absent, how
 * the class worked. number: the lesson's number in the subject's plan. */
struct lesson_record { struct base base; school_class_id class; day held; int64_t slot; subject_id subject;
	person_id teacher; int64_t number; str content, absentees, remark; pick grade; };

/* An address that a calendar program reads without signing in. class 0: the person's own lessons. */
struct calendar_feed { struct base base; person_id person; school_class_id class; str digest; };

/* A lesson as the pages draw it (timetable/lesson). cover: where the office has it taken by another; empty: it does
 * not. */
/* book, roll: where its teacher of today records it, and calls the roll of a class that is not their own. */
struct lesson_view { str slot, time, subject, who, room, note, cover, book, roll; bool off, changed; };
extern const struct shape lesson_view_shape;
/* A class's lessons of today and of the next day that has any, within a week, with covers and what is cancelled; the
 * caller has asked whether the class may be seen. next_day NO_DAY: there is none. */
struct lessons_ahead { items today, next; day next_day; };
enum rc class_ahead(struct ctx *c, org_id school, school_class_id class, struct lessons_ahead *ret);

extern const struct entity bell, timetable, lesson, cover, lesson_record, calendar_feed;
extern const struct choice weekdays[], slot_names[];
extern const struct module mod_timetable;
#endif
