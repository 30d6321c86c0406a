/* people_rules.h -- what people.c's tables point to, within the module. */
#ifndef KHUE_PEOPLE_RULES_H
#define KHUE_PEOPLE_RULES_H
#include "mod/people/people.h"
check_fn person_name_ok, person_born_ok, person_national_id_ok, person_sector_id_ok, person_school_code_ok,
	person_phone_ok, person_email_ok,
	person_makes_sense, person_namesakes, pair_fits;
check_fn guardianship_makes_sense, consent_makes_sense;
/* The fuller record, or the older of two equally full. */
pick pair_suggests(const struct person *a, const struct person *b);
apply_fn guardianship_after, consent_today, pair_merge, pair_by_hand, pair_made, person_commune;
mean_fn person_commune_means;
extern const struct shape guardianship_key;
/* merge.c, duplicate.c, family.c */
struct merge_in { person_merge_id merge; };
extern const struct shape merge_with_in;
handle_fn person_merge_with;
struct child_view { int64_t id; str name; day born; str school; int64_t class_id; str class_name; int64_t absences;
	bool called, absent, free; };
struct children_view { str title; bool none; items children; };
extern const struct shape merge_in_shape, children_shape;
struct count_in { int64_t school; };
struct open_pairs { int64_t n, no_id; };
/* seen.c: GET /person/{person}/seen */
struct seen_in   { person_id person; };
struct seen_row  { instant at; str who, behalf, what; };
struct seen_view { str title; int64_t id; bool none, can_erase; items lines; };
extern const struct shape seen_in_shape, seen_shape;
handle_fn person_seen;
/* Who may ask who looked at a person and for a copy of everything, held against that person. Whoever has such a role
 * may read other people too, by another of their roles: a teacher who is a parent. */
extern const struct grant person_seers[];
stands_fn person_is_theirs;
/* compare.c: GET /person_pair/{pair}/compare; half: one of the records is gone or not the actor's to see */
struct compare_in   { person_pair_id pair; };
struct compare_line { str label, a, b; bool differs; };
struct compare_step { str name, label; bool main, second; };
/* undo: the address where the merge of this pair is undone. */
struct compare_view { str title; int64_t id, rev, a, b; str why, undo; bool half; items lines, steps; };
extern const struct shape compare_in_shape, compare_shape;
handle_fn pair_compare;
/* subject.c: POST /person/{person}/copy and /erase */
struct subject_in { person_id person; str reason; };
extern const struct shape subject_in_shape;
extern const struct job *const subject_job;
apply_fn subject_gather;
extern const struct grant person_heads[];
handle_fn person_copy, person_erase;
/* Everything the installation knows about a person, as JSON in c->mem, whoever asks. */
enum rc subject_copy(struct ctx *c, int64_t who, str *ret, int64_t *ret_rows);
extern const struct card people_cards[];
handle_fn card_children, card_me, card_records;
struct undo_view { str title; int64_t id, kept_id; str kept, dropped, merged; bool undone; };
extern const struct shape undo_shape;
handle_fn merge_undo, merge_undo_page, family_children, family_me;
extern const struct route people_routes[];
extern const struct take people_takes[];
extern const struct job people_jobs[];
#endif
