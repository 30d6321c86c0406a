/* route.h -- from a verb and a path to what serves it. All patterns are compiled to one tree when the program
 * starts. */
#ifndef KHUE_ROUTE_H
#define KHUE_ROUTE_H
#include "web/http.h"

enum { ROUTE_NAMES = 8 };                            /* most {names} in one pattern                            */
struct routes;
struct route_hit {
	const void *target;                          /* what route_add was given                               */
	const char *pattern;                         /* for the log and the metrics                            */
	struct pair names[ROUTE_NAMES]; int n_names; /* values are views of the path                           */
	uint32_t verbs;                              /* 1 << verb of each that the path knows: Allow           */
};
enum routed { ROUTED, ROUTE_MISSING, ROUTE_OTHER_VERB };    /* 200, 404, 405                               */

struct routes *routes_new(struct arena *a);
/* pattern: "/", "/book/{id}/edit": segments are literal or a whole {name}; it must outlive the tree. False, with the
 * reason in why: malformed, or the same verb and shape twice. */
bool routes_add(struct routes *r, enum verb verb, const char *pattern, const void *target, char why[static 160]);
/* A literal segment wins over a {name}; {name} takes any one non-empty segment. HEAD finds GET. */
enum routed routes_find(const struct routes *r, enum verb verb, str path, struct route_hit *ret);
const char *verb_name(enum verb v);
bool verb_of(str name, enum verb *ret);
#endif
