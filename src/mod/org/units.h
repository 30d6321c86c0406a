/* units.h -- loading administrative units, and founding a real province's organisations from them. */
#ifndef KHUE_UNITS_H
#define KHUE_UNITS_H
#include "mod/org/org.h"

struct unit_key   { str level, code; bool now; };
struct unit_named { int64_t id; str code, full_name, level, province_code; };
struct unit_today { int64_t id; str code, full_name, province; bool whole; };
struct convert_in { str code, address; };

/* Loads the shipped facts into an installation that has none. Called by init, in one transaction. */
enum rc org_load_facts(struct ctx *c);

struct units_ask    { str bytes; str province; bool organisations; };   /* province: only this code; empty: all  */
struct units_report { int64_t added, changed, same, refused, organisations; };
/* Brings the units to an official table in csv (columns code, full_name; name, province_code, district_code when
 * there), and with `organisations` founds a department for each province and a commune office for each commune that
 * has none. */
enum rc units_import(struct ctx *c, const struct units_ask *ask, struct units_report *ret);
enum rc units_found(struct ctx *c, str province, struct units_report *report);
struct locality;
/* See places.h; found has room for PLACES_MAX. */
enum rc address_find(struct ctx *c, str text, struct locality *ret, int *ret_n, bool *ret_more, str *ret_rest);
extern const struct shape convert_shape, convert_view;
handle_fn unit_convert;                       /* GET /dia-danh: an old commune code, and where it belongs today */
#endif
