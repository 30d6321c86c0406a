/* views.h -- what the public pages show. All text is ready for people of the page's language. */
#ifndef KHUE_RESULTS_VIEWS_H
#define KHUE_RESULTS_VIEWS_H
#include "core/views.h"
#include "mod/results/live.h"

struct exam_line { str code, name, href, published, by, count; int64_t year; };
struct gone_line { str name, by, withdrawn, reason; };
struct index_view { str title; items exams, gone; bool none; str sbd, problem; };
struct subject_line { str code, label, href, count, mean, below, good, tens; html spark; };
struct exam_view { str title, code, name, published, by, count, sbd, problem, href, dist_href, verify_href, key, root;
	int64_t year; items subjects; };
struct mark_line { str code, label, value, note, better, href; bool low; };
struct result_view { str title, name, href, number, place, published, by, count, index, verify_href;
	bool missing, few; items marks; };
struct step_line { str name, value; };
struct verify_view { str title, name, href, proof, words, leaf, key; bool asked, good; items steps; };
struct figure { str label, value; };
struct bin_line { str label, count, share; bool low; };
struct place_line { str label, href, count, mean, below, good; bool current; };
struct year_line { str year, name, href, count, mean, below, good; };
struct dist_view { str title, name, href, subject, place, place_label, all_href;
	items subjects, figures, bins, places, years;
	html chart, places_chart, years_chart; bool one_place, many_places, many_years; };
struct dists_view { str title, name, href; items subjects; html chart; };
struct marks_view { str title, exam; int64_t job; items exams; };      /* job: what was queued                 */
struct dist_in { str exam, subject, tinh; };
extern const struct shape index_shape, exam_shape, result_shape, verify_shape, dist_shape, dists_shape, marks_shape,
	marks_form_shape;

str percent(struct arena *a, int thousandths);           /* 12,3%                                              */
str mark_text(struct arena *a, int mark);
str place_name(const struct live *l, int group);     /* a province's name, or the cluster's own */
int column_of(const struct shard *s, int subject);       /* -1: the exam had no such paper                     */
/* An address: /tra-cuu, then these parts. */
str look_href(struct ctx *c, str exam, const char *next, str last);
enum rc marks_form(struct ctx *c, const void *in, void *out);
enum rc marks_import(struct ctx *c, const void *in, void *out);
extern const struct job results_jobs[];
enum rc dists_page(struct ctx *c, const void *in, void *out);
enum rc dist_page(struct ctx *c, const void *in, void *out);
enum rc exam_wanted(struct ctx *c, str code, const struct live **ret);       /* fails with a kind sentence     */
void subject_lines(struct ctx *c, const struct live *l, items *ret);
#endif
