/* transcript_rules.h -- what transcript.c's tables point to, and what its files share. */
#ifndef KHUE_TRANSCRIPT_RULES_H
#define KHUE_TRANSCRIPT_RULES_H
#include "mod/transcript/part.h"
#include "mod/transcript/transcript.h"

struct id_in { int64_t id; };
extern const struct shape id_in_shape;
struct id_row { int64_t id; };
extern const struct shape id_row_shape;
struct class_key { school_class_id class; };
extern const struct shape class_key_shape;
enum { PARTS_MAX = 16 /* versions and repeated years included */ };

extern const struct choice part_states[];
/* draft.c: the level of a grade, -1 below primary */
int level_of(pick grade);
/* draft.c: a pupil's newest part and what it rests on. changed: the draft, or what was signed and is not yet issued, is
 * no longer what would be drawn up now; waits: for a retest or for training in summer. only: one pupil, 0: all. A part
 * of whom the class has no more rests on nothing that can change. */
struct part_source { int64_t part; str name; bool changed, waits; };
enum rc class_sources(struct ctx *c, school_class_id class, person_id only, items *ret);
enum rc part_source(struct ctx *c, int64_t part, school_class_id class, person_id pupil, struct part_source *ret);
/* mark.c */
check_fn part_own;
apply_fn part_sign, part_confirm, part_release;
/* look.c */
extern const struct shape look_form, look_shape;
handle_fn look_page, look_keys;
/* pages.c */
extern const struct route transcript_routes[];
extern const struct place transcript_places[];
/* issue.c */
extern const struct job transcript_jobs[];
#endif
