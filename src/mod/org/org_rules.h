/* org_rules.h -- what org.c's tables point to, within the module. */
#ifndef KHUE_ORG_RULES_H
#define KHUE_ORG_RULES_H
#include "mod/org/org.h"
/* rules.c */
apply_fn org_slug, org_before, org_after;
check_fn org_name_ok, org_short_name_ok, org_code_ok, org_phone_ok, org_email_ok, org_makes_sense;
/* tree.c */
#define TREE_FOREVER   ((day){ 2932896 })        /* 9999-12-31 */
#define TREE_BEGINNING ((day){ -80000 })         /* 1750 */
struct tree_edge { org_id child, parent; day since, until; };
extern const struct shape tree_edge_shape;
/* change.c, unit.c */
/* site.c */
enum rc org_is_installations(struct ctx *c, const struct org *o);
extern const struct shape org_settings_shape;
extern const struct report org_reports[];
extern const struct route org_routes[];
extern const struct job org_jobs[];
extern const struct card org_cards[];
#endif
