/* school.h -- years, classes, enrolment, teaching, moves, daily attendance. */
#ifndef KHUE_SCHOOL_H
#define KHUE_SCHOOL_H
#include "core/ctx.h"
#include "core/roles.h"
#include "mod/people/people.h"

ID(school_year); ID(term); ID(subject); ID(school_class); ID(enrolment); ID(teaching); ID(move); ID(roll); ID(absence);

/* A school year of the province: 2026-2027. Reference data. */
struct school_year { struct base base; str code; int64_t year; day since, until; };
/* hk1 18 weeks, hk2 17 weeks (yearly decision of the Ministry; dates by the province). */
struct term { struct base base; school_year_id year; str code, name; day since, until;
	day mid_due, due; };                     /* by when marks of its middle, of the term are locked; NO_DAY: not said */
/* A subject of the 2018 programme (TT 32/2018/TT-BGDĐT) and its lessons a year per grade; grades 1..12, 0: not
 * taught. */
struct subject { struct base base; str code, name; bool comment_only;
	int64_t g1, g2, g3, g4, g5, g6, g7, g8, g9, g10, g11, g12; };

/* grade: index into grades: 0 nursery (nhà trẻ), 1..3 kindergarten 3-4, 4-5, 5-6 years, 4.. grade 1..12 => index 3 +
 * grade */
enum { GRADE_NURSERY, GRADE_K3, GRADE_K4, GRADE_K5, GRADE_1, GRADE_6 = GRADE_1 + 5, GRADE_10 = GRADE_1 + 9,
	GRADE_12 = GRADE_1 + 11 };
struct school_class {
	struct base base;
	school_year_id year;
	str  name;                              /* 8A2                                                        */
	pick grade, session;
	person_id form_teacher;
	facility_id room;
	int64_t most;                           /* pupils at most, by the school's charter                    */
	int64_t size;                           /* pupils studying now                                        */
	str  note;
};
enum enrolment_state { ENR_STUDYING, ENR_MOVED, ENR_DROPPED, ENR_PROMOTED, ENR_REPEATED, ENR_FINISHED, ENR_SUSPENDED,
	ENR_CHANGED };
enum enrolment_kind { KIND_NEW, KIND_PROMOTED, KIND_MOVED_IN, KIND_RETURNED, KIND_REPEATED, KIND_CLASS };
/* One pupil in one class of one year; the history of a pupil is their enrolments. since inclusive, until exclusive. */
struct enrolment {
	struct base base;
	person_id pupil;
	school_class_id class;
	school_year_id year;
	int64_t number;                         /* place in the register; 0: by name                          */
	day  since, until;                      /* until: 31/12/9999 while open, so that scopes compare plainly */
	pick state, kind;
	str  note;
};

/* Who teaches what to which class. form: the form teacher. */
struct teaching { struct base base; school_class_id class; person_id teacher; subject_id subject; bool form;
	int64_t lessons; day since, until; };

enum move_state { MOVE_ASKED, MOVE_ACCEPTED, MOVE_RELEASED, MOVE_DONE, MOVE_REFUSED, MOVE_CANCELLED };
/* A pupil changes schools: asked, accepted by the school they go to, released by the school they leave, received.
 * base.org is the school left; `to_org` the school entered. Điều lệ trường học; TT 51/2002 and its successors set
 * papers and days. */
struct move {
	struct base base;
	person_id pupil;
	org_id to_org;
	pick grade, state, reason;
	school_class_id from_class, to_class;
	day  asked, wanted, done;
	str  note, answer;
	file_id paper;
};
/* A class was called over: day, session, who. Absences are rows of their own; the others were present. */
struct roll { struct base base; school_class_id class; day held; pick session; person_id caller;
	int64_t present, absent, late; };
enum absence_kind { ABS_EXCUSED, ABS_UNEXCUSED, ABS_LATE };
struct absence { struct base base; school_class_id class; person_id pupil; day held; pick session, kind; str note; };

/* The roll of a class, /attendance/{class}. session: 0 the class's own, else 1 + that of sessions; lent: called by who
 * has no assignment to the class, whose right to it the caller has held (as_system); action: where it is sent. */
struct roll_ask { school_class_id class; day on_day; pick session; };
struct roll_sheet { str title; int64_t class; str class_name, day_text, day_input, session, session_code, called_at,
	action, back; bool called, open, none, lent; int64_t n; items pupils; };
struct call_in { school_class_id class; day on_day; pick session; items marks; };
extern const struct shape roll_ask_shape, roll_sheet_shape, call_in_shape;
handle_fn attendance_sheet, attendance_call;

extern const struct entity school_year, term, subject, school_class, enrolment, teaching, move, roll, absence;
extern const struct choice grades[], sessions[];
extern const struct module mod_school;
/* The code of the subject that a word of schools' own means, folded: "tieng anh", "nv"; NULL: none known. */
const char *subject_code_said(str word);
/* By name, whose form the class was on that day; where nothing is said of it, who has it now. */
enum rc form_teacher_on(struct ctx *c, const struct school_class *k, day on, str *ret);
/* Everybody who has or had the class, with the days where it was more than one. */
enum rc form_teachers(struct ctx *c, const struct school_class *k, str *ret);
/* A subject as a narrow column of a register names it. */
str subject_brief(str code, str name);
/* Its name in a grade's papers: in primary school no activity is about careers (TT 32/2018/TT-BGDĐT, mục II). */
str subject_in_grade(str code, str name, pick grade);
/* The subjects of the 2018 programme (TT 32/2018/TT-BGDĐT), into an installation that has none. In the caller's
 * transaction. */
enum rc school_load_facts(struct ctx *c);
#endif
