/* list.h -- the question a list's address asks, for everything that works on the same rows: the list page, bulk
 * actions, export. For core/ only. */
#ifndef KHUE_LIST_H
#define KHUE_LIST_H
#include "core/page.h"

enum { LIST_FILTERS = 40 };
struct list_asked {
	struct list_ask ask;             /* filters points to the array below                                      */
	struct list_filter filters[LIST_FILTERS];
	bool filtered;                   /* something narrows the list                                             */
	str sort;
};
/* Reads q, sort, gone and the filters (NAME, NAME.from, NAME.to) out of x->pairs; limit and after are the caller's.
 * E_INVALID with a problem at the field. q must not move afterwards. */
enum rc list_read(struct exchange *x, const struct meta *m, uint32_t verb, struct list_asked *q);
/* Does what this reader reaches from here lie in more than one unit? Then rows say whose they are. */
bool list_spans_units(const struct exchange *x);
/* What may be done to several rows: link_view, href is the verb. */
items bulk_verbs(struct exchange *x, const struct meta *m);
#endif
