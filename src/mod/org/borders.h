/* borders.h -- borders of administrative units out of GeoJSON or TopoJSON, for maps.
 *
 * Simplified by Douglas and Peucker's rule. TopoJSON is simplified arc by arc, and neighbours share an arc: they
 * still fit together afterwards. GeoJSON knows no shared arcs: rings are simplified one by one. What would vanish
 * (an islet) keeps its points. */
#ifndef KHUE_BORDERS_H
#define KHUE_BORDERS_H
#include "mod/org/org.h"

enum { BORDER_TOLERANCE = 400 /* millionths of a degree: about 40 m */, BORDERS_TOLD = 20 };
/* WGS84, properties.code is the unit's code today. province: only this code and its communes; empty: all. */
struct borders_ask { str bytes, province; int64_t tolerance; };
/* why, the first ones */
struct borders_report { int64_t added, changed, same, refused; str told[BORDERS_TOLD]; int n_told; };
/* In the caller's transaction. E_INVALID: the file as a whole is no map; a bad shape or an unknown code refuses that
 * unit only. */
enum rc borders_import(struct ctx *c, const struct borders_ask *ask, struct borders_report *ret);
#endif
