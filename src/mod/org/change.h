/* change.h -- views of a reorganisation, within the module. */
#ifndef KHUE_CHANGE_H
#define KHUE_CHANGE_H
#include "mod/org/org_rules.h"
struct moves_in     { org_id old_org, new_org; };
struct count_view   { str what; int64_t n; str text; };
/* slug: of a unit that is there; empty: one to be founded */
struct part_view    { int64_t id; str what, slug, shares; };
struct share_in     { org_change_part_id part; org_id old_org; };
struct preview_in   { org_change_id change; };
struct preview_view { str title; int64_t id; str subject, target, kind; day effective; str decision;
	bool circle, founds, carries, closes, may_part, done, counted; int64_t n_parts; items parts, counts, below; };
extern const struct shape moves_shape, preview_shape, preview_in_shape;
extern const struct choice change_kinds[];
/* change_rules.c */
check_fn change_decided_ok, change_name_ok, change_part_name_ok;
check_fn change_makes_sense, change_part_makes_sense, change_may_be_approved, change_may_be_applied;
/* The units concerned beside subject and target. */
enum rc change_parts(struct ctx *c, const struct org_change *k, items *ret);
apply_fn change_apply;
handle_fn change_preview;
struct due_row  { int64_t id; pick kind; str subject, target; day effective; pick state; };
struct due_view { int64_t n; items changes; };
#endif
