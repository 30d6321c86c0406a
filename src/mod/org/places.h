/* places.h -- addresses as people write them, of either era, and the commune they are in today. Pure: no database.
 *
 * "thôn X, xã Đông Phú, huyện Lục Nam, tỉnh Bắc Giang" names a commune by what stands right of it. Marks may be
 * missing, "TX.", "TP.", "P.", "Q." and the like are understood; everything right of the commune must fit. Nothing
 * is guessed: what fits several places gives all of them. */
#ifndef KHUE_PLACES_H
#define KHUE_PLACES_H
#include "base/base.h"

enum { PLACES_MAX = 20, PLACES_TEXT_MAX = 500 /* bytes of an address; a longer one has no answer */ };
/* A commune of today. was: what the address named, with what it stood in, when that is of the time before July 2025;
 * whole: all of it went here. */
struct locality { str code, name, province, was; bool whole; };
struct places;
/* Both texts as src/mod/org/data has them; what is made lives in mem and points into them. NULL: malformed. */
const struct places *places_make(struct arena *mem, str units, str maps);
/* At most PLACES_MAX places, best first; 0: none. *ret_more: there were more. *ret_rest: what stands left of the
 * commune. Results live in mem. */
int places_find(const struct places *p, struct arena *mem, str text, struct locality ret[static PLACES_MAX],
	bool *ret_more, str *ret_rest);
#endif
