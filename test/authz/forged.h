/* forged.h -- writes that another site makes a signed-in browser send: at every address that writes. */
#ifndef KHUE_FORGED_H
#define KHUE_FORGED_H
#include "ask.h"

/* Each address of the modules, the core and the entities that takes a write, as somebody who is let in there,
 * signed in by cookie: from another site, without a token, with somebody else's, in every kind of body. The same with
 * the right token must get further, or the refusals prove nothing. */
void forged_check(struct world *w);
#endif
