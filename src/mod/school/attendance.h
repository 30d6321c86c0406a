/* attendance.h -- views of the roll, within the module. */
#ifndef KHUE_ATTENDANCE_H
#define KHUE_ATTENDANCE_H
#include "mod/school/school_rules.h"
/* session is 0 for the class's own (a class of the whole day: its morning), else 1 + that of sessions */
struct rolls_in   { day on_day; pick session; int64_t school; };
struct roll_view  { int64_t id; str name; int64_t size; str session;
	bool afternoon, called; int64_t absent, late; instant called_at; };
struct rolls_view { str title, day_text, day_iso, day_input; int64_t session; bool morning, afternoon; items classes;
	bool none;
	int64_t n, n_called; };
struct mark_row   { int64_t pupil; str name; bool male; str kind, note; };
struct mark_view  { int64_t pupil; str name; bool sex_male; str kind, note; int64_t i;
	bool present, excused, unexcused, late; };
struct mark_in    { person_id pupil; pick kind; str note; };
extern const struct shape rolls_in_shape, rolls_shape;
handle_fn attendance_classes, attendance_go;
/* cards.c */
struct waiting_in  { int64_t school; };
struct waiting_row { int64_t id; str pupil, from, to; day asked; str state; bool mine; };
struct waiting_view { int64_t n; items moves; };
extern const struct shape waiting_shape;
handle_fn card_rolls, card_moves;
#endif
