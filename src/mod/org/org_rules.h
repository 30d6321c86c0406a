/* org_rules.h -- what org.c's tables point to, within the module. */
#ifndef KHUE_ORG_RULES_H
#define KHUE_ORG_RULES_H
#include "mod/org/org.h"
/* rules.c */
apply_fn org_slug, org_before;
check_fn org_code_ok, org_phone_ok, org_email_ok, org_makes_sense;
/* change.c, unit.c */
extern const struct route org_routes[];
extern const struct job org_jobs[];
#endif
