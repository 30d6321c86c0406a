/* class_sheet.h -- a class's term or year as people read it: each subject, level, conduct, title, promotion and why.
 * For pages, papers and the page of one child; within the module. */
#ifndef KHUE_RECORDS_CLASS_SHEET_H
#define KHUE_RECORDS_CLASS_SHEET_H
#include "mod/records/gather.h"
#include "web/html.h"

struct said_view  { str text; };
struct sheet_head { str code, name, brief; int64_t subject; };
/* low: below 5, or not passed. again: tested again in summer. */
struct sheet_cell { str value; bool low, exempt, again; };
struct sheet_line { int64_t n, pupil; str name; items cells; str overall, level, conduct, title, standing;
	bool promoted, failed, stale, none; int64_t absences; items why; str remark; items qualities;
	str qualities_brief; };
/* qualities of a line: T, Đ, C of each of the sheet's (TT 27/2020 Điều 8); qualities_brief: how many of each; of a
 * five-year-old the indices met of each domain. */
/* how many pupils reach a level, of those who are rated */
struct share_view { str label, share; int64_t n; };
struct band_view  { str name, mean; int64_t b0, b1, b2, b3, b4, n; };
struct class_sheet {
	str title, class_name, term, year, scheme, term_code, teacher /* on paper: whose form it was */;
	int64_t class, n, rated, stale; bool is_year, is_hk1, is_hk2,
		none, has_overall, has_levels, primary, rates, has_conduct, has_qualities, domains, has_marks, may_set,
		may_compute, may_retest, retests; str unset /* why nobody is rated: what the school has to set */;
	items subjects, lines, levels, bands, qualities; html chart_levels, chart_bands;
	const struct scheme *by;                     /* the circular it is rated by; of no shape                      */
};
extern const struct shape class_sheet_shape, sheet_line_shape, sheet_head_shape, said_shape, share_shape;

/* only: a pupil, 0: all. The caller has asked for rights. */
enum rc class_sheet(struct ctx *c, school_class_id class, pick term_, int64_t only, struct class_sheet *ret);
/* Of five ranges of averages: < 3,5 up to >= 8,0. */
int band_of(int32_t v);
/* A word of a scheme as books have it: Đ, CĐ, T, H, C. */
str word_brief(struct arena *a, str code);
extern const struct choice standings[];                    /* what a pupil's year comes to                          */
str standing_text(struct ctx *c, str code);
/* Of a scheme's levels, conducts or titles: the name of a code; the code itself when there is none. */
str words_name(const struct ctx *c, const struct words *list, int n, str code);
/* READ of the class's results, by form, office or tier: not by teaching one subject there. */
bool may_see_class(struct ctx *c, org_id org_, int64_t class);
#endif
