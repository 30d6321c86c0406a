/* home.h -- the first page, and the leader's figures. */
#ifndef KHUE_HOME_H
#define KHUE_HOME_H
#include "mod/school/school.h"

struct card_view { str name, label; html body; };
struct home_view { str title, greeting, date; bool none; items cards; };

struct number_view { str label, value, href, how, note; };
struct grade_row   { str grade; int64_t classes, pupils; str href; };
struct day_row     { day held; int64_t present, absent, late; str rate, href, absent_href; };
struct commune_row { int64_t unit; str name; int64_t schools, pupils; };
struct figures_view { str title, scope, year, when; items numbers, grades, days, communes;
	html chart_grades, chart_days, map; bool none, has_grades, has_days, has_map; };

extern const struct shape home_shape, figures_shape;
extern const struct module mod_home;
handle_fn home_page, home_figures, home_public;

/* ---- map.c ------------------------------------------------------------------------------------- */
struct map_area { str name, href, ring; int64_t value; };           /* ring: as unit_border.ring                   */
struct map_dot  { str name, href; int64_t x, y; int64_t kind; };    /* kind: 0..5, a colour                        */
/* Areas shaded by value in five steps, dots over them; north is up. Empty without areas and dots. */
html map_draw(struct ctx *c, str title, str desc, const struct map_area *areas, int64_t n_areas,
	const struct map_dot *dots, int64_t n_dots);
#endif
