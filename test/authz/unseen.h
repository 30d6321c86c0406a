/* unseen.h -- what a reader may not see makes no difference to anything they are answered. */
#ifndef KHUE_UNSEEN_H
#define KHUE_UNSEEN_H
#include "ask.h"

/* Every column of the row that the oracle hides from the player is changed behind the program's back: lists, filtered,
 * cut by ranges, by what is missing, put in its order, the file of the list, the row's page and a stale save must be
 * answered as before, byte by byte. */
void unseen_check(struct world *w, const struct player *who, const struct meta *m, const struct fact *row);
#endif
