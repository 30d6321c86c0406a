/* timetable_rules.h -- what timetable.c's tables point to, and what its files share, within the module. */
#ifndef KHUE_TIMETABLE_RULES_H
#define KHUE_TIMETABLE_RULES_H
#include "mod/timetable/timetable.h"

/* rules.c */
check_fn bell_makes_sense, timetable_makes_sense, timetable_fits, lesson_makes_sense, cover_makes_sense;
apply_fn timetable_year, lesson_draft, lesson_org, cover_org, cover_tell, cover_turned;
user_id login_of(struct ctx *c, int64_t teacher_);
/* School and year of a class, whoever asks. */
struct lesson_class { int64_t id; org_id org; int64_t year; str name; };
enum rc lesson_class(struct ctx *c, school_class_id class, struct lesson_class *ret);

/* What the module's queries ask with. */
struct tt_in { int64_t timetable, class, teacher, room, school, year, subject, slot; pick weekday; day first, last; };
extern const struct shape tt_in_shape;
struct tt_n { int64_t n, org; };
extern const struct shape tt_n_shape;

/* week.c: the lessons of one class, teacher or room on the days from Monday on, what differs included. */
/* office: the reader arranges covers there. */
struct week_ask { int64_t school, class, teacher, room; day monday; int days; bool office; };
/* On a public holiday only what was put on it is taught; after the school year's end nothing is.
 * teacher: who stands in the timetable; taker: who takes the lesson that day, 0 nobody. */
struct week_lesson { day held; int64_t slot, class, subject, teacher, taker;
	str class_name, subject_name, teacher_name, taker_name, room,
	note; bool off, changed; };
enum rc week_lessons(struct ctx *c, const struct week_ask *ask, items *ret, bool *ret_none);
/* A teacher of the school who takes no lesson at that time; alike: teaches that subject somewhere. */
struct free_row { int64_t id; str name; bool alike; };
enum rc free_then(struct ctx *c, org_id school, const struct week_lesson *l, items *ret, int64_t max);
struct bell_row { int64_t slot; str begins, ends; };
enum rc school_bells(struct ctx *c, int64_t school, items *ret);
day monday_of(day d);
bool holiday(day d);
str slot_text(struct ctx *c, int64_t slot);
/* Whether the actor may look at that class's lessons: staff by the class, a family by the enrolment. */
enum rc class_seen(struct ctx *c, school_class_id class, struct lesson_class *ret);
enum rc teacher_seen(struct ctx *c, person_id who, org_id *ret);
handle_fn schedule_home, schedule_class, schedule_teacher, schedule_room, card_today;
extern const struct shape schedule_in_shape, week_shape, places_shape, today_shape;

/* enter.c */
/* seen: what the page showed there; empty: not said. */
struct cell_in { pick weekday; int64_t slot; str what, seen; };
/* Where a class has a subject: all its lessons go there. room: its id, 0 none, - as they are; seen: as for a cell. */
struct place_in { int64_t subject, teacher; str room, seen; };
struct enter_post { timetable_id timetable; school_class_id class; items cells, places; };
handle_fn enter_get, enter_post, board_get, copy_post;
/* Rows class, weekday, slot, subject, teacher, room (copy_row_shape) as lessons of a version of a school. */
struct lesson *lessons_of_rows(struct ctx *c, const items *rows, org_id school, timetable_id into);
extern const struct shape copy_row_shape;
extern const struct shape enter_in_shape, enter_post_shape, enter_shape, board_in_shape, board_shape, copy_in_shape;

struct board_class { int64_t id; str name, more; };
/* A half of the day, so many classes as a sheet of paper takes. */
struct board_sheet { str half; items classes, lines; };
struct board_paper { items head, sheets; str name, since, year; };
print_fn board_paper;
extern const struct shape board_paper_shape;

/* import.c, read.c: a timetable out of a file. Names as written there. row: the sheet's row, FET's number of the
 * activity. */
struct read_lesson { str class, subject, teacher, room; int weekday; int64_t slot, row; };
/* FET's years, groups and subgroups: a set of pupils and the one it is part of. */
struct read_set { str name, within; };
/* odd: rows of a sheet, activities of FET, with lessons whose day or period cannot be read. unplaced: activities
 * that FET has not given a place. result: the file is one of FET's results, which does not say all. */
struct read_told { struct read_lesson *lessons; int64_t n; struct read_set *sets; int64_t n_sets, unplaced;
	str why, odd, unread /* sheets of a workbook that were not read */; bool fet, result; };
enum { READ_MOST = 20000, READ_SETS = 2000 };
/* Several teachers of one lesson stand in its text with this between them. */
#define READ_AND " + "
/* FET's file with a timetable, or a sheet with a column for each class; bytes are the file's. E_INVALID: why says.
 * afternoon: where the file does not tell, its lessons are those of the afternoon. */
enum rc read_timetable(struct ctx *c, int fd, str bytes, bool afternoon, struct read_told *ret);
enum rc fet_read(struct arena *mem, str bytes, bool afternoon, struct read_told *ret);
struct import_post { timetable_id timetable; file_id file; bool afternoon, write; };
/* The file names a teacher whom the assignment of that class and subject does not: lessons alike are one line. rows:
 * where they stand; assigned: who is; none_taken: several are, so nobody is written. */
struct other_view { str rows, class, subject, named, assigned; bool none_taken; int64_t class_id, subject_id, n; };
/* A lesson of the file at a time when the class has one already: of halves of a class Khuê keeps one. */
struct left_view { str class, subject, teacher, when; };
struct import_view { str title, odd, unread; int64_t timetable, file, good, had, no_teacher, twice, n_others, unplaced,
	parts, shared, joint; bool asked, afternoon, draft, no_class, no_subject, no_room, none, fet;
	items classes, subjects, rooms, others, lefts; };
handle_fn import_page, import_post;
extern const struct shape upload_in_shape, upload_post_shape, upload_shape;

/* follow.c */
came_fn timetable_came;

/* feed.c */
struct feed_in { str secret; };
struct feed_post { int64_t class; };
struct feed_view { str title, path, address; };
handle_fn feed_get, feed_post;
extern const struct shape feed_in_shape, feed_post_shape, feed_shape;

/* book.c: the lesson record */
struct book_post { school_class_id class; day held; int64_t slot; subject_id subject; int64_t number; str content,
	absentees, remark; pick grade; };
/* A lesson of the week, with what was recorded of it. note: a cover. */
struct line_view { str day_text, day_iso, slot_name, subject, teacher, note, content, absentees, remark, grade, id_text;
	int64_t slot, subject_id, id, number, span; bool first, written, may_write, off, typed, is_a, is_b, is_c, is_d; };
struct book_view { str title, week, before, after, monday, name, form_teacher; int64_t class, n, n_written; bool none;
	items lines; };
struct paper_in { day on_day; };
print_fn week_paper;
extern const struct shape week_paper_shape;
check_fn record_in_time;
enum rc book_fill(struct ctx *c, const struct lesson_class *k, day on_day, struct book_view *out);
struct books_view { str title; bool none; int64_t n_due; items due, classes; };
handle_fn book_home, book_get, book_post, lent_sheet, lent_call;
extern const struct shape books_shape, register_in_shape, book_post_shape, book_shape;
extern const struct print timetable_prints[];

/* away.c: a teacher is away for some days */
/* taker: empty left open, "off" cancelled, else who takes it. */
struct away_cell { school_class_id class; day held; int64_t slot; str taker; };
struct away_option { str value, label; bool chosen; };
struct away_line { int64_t i, class, slot; str held, when, slot_name, class_name, subject, note; bool off;
	items options; };
struct away_in { person_id teacher; day first, last; person_id by; str reason; items cells; };
struct away_view { str title, first, last, reason, wrong; int64_t teacher, by; bool asked, none; int64_t n;
	items teachers, takers, lines; };
handle_fn away_get, away_post;
extern const struct shape away_in_shape, away_shape;

/* routes.c */
extern const struct route timetable_routes[];
extern const struct place timetable_places[];
extern const struct card timetable_cards[];
#endif
