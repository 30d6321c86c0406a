/* oracle.h -- the hand-written expectation: who may do what to which rows. Format: README.md. */
#ifndef KHUE_ORACLE_H
#define KHUE_ORACLE_H
#include "core/decl.h"

enum where { IN_ALL, IN_TREE, IN_UNIT, IN_OWN, IN_CHILD, IN_CLASS, IN_FORM, IN_TAUGHT, IN_FORMED, IN_OTHER, IN_COURSE,
	WHERES };
extern const char *const where_names[WHERES];        /* as the oracle writes them          */
extern const char *const where_scopes[WHERES];       /* the scope of roles.c that means it */

struct expected { str what, role; enum where where; uint32_t may; str hidden[12]; int n_hidden; int line; };
struct anchor   { str entity, kind, column; int line; };
struct oracle {
	struct expected *rows, *steps, *routes, *cores, *gives, *tiers;
	int n_rows, n_steps, n_routes, n_cores, n_gives; /* gives: what gives role */
	int n_tiers;                                     /* tiers: at units of the kind `what` the role is newly given */
	struct anchor *anchors; int n_anchors;
};
/* False: why names the line. One struct expected for each role of a line; role empty: nobody. */
bool oracle_read(struct arena *mem, str text, struct oracle *ret, char why[static 256]);
/* The column that ties entity to a "person", "class", "other" or "course"; empty: none. */
str oracle_anchor(const struct oracle *o, str entity, const char *kind);
#endif
