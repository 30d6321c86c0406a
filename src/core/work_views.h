/* work_views.h -- what the pages of imports, jobs, notices and reports show; see views.h. */
#ifndef KHUE_WORK_VIEWS_H
#define KHUE_WORK_VIEWS_H
#include "core/views.h"

/* other: the list whose import takes a column that is left out here; options: option_view */
struct match_view  { str name, heading, sample, sure, other, other_href; bool guessed; items options; };
struct part_view   { str label, name, old, now, problem;
	bool wrong, changed, noted, editable, asks, chosen; };
struct line_view   { str number, title; items parts; bool asks; };                         /* part_view            */
struct past_view   { str href, name, when, what; };
struct import_view {
	str title, label, name, action, template_href, back_href, again_href, errors_href, job_href, undo_action, list_href;
	bool upload, match, tried, running, done, failed, undone;        /* exactly one                            */
	str problem, doing;
	items problems; bool wrong;                                      /* problem_view                           */
	items columns, sheets, encodings, presets;                       /* match_view; option_view; option_view   */
	str heading; bool legacy, missing_some; str missing;
	items chips;                                                     /* link_view: note is the count           */
	items lines; bool none; str next_href;                           /* line_view                              */
	str good_text, whole_text, result, until; bool can_write, can_whole, refused_some, can_undo, editable;
	items past;                                                      /* past_view                              */
	items next; bool next_some;                                      /* link_view: note is the file's column   */
};
extern const struct shape import_shape, match_shape, part_shape, line_shape, past_shape;

struct job_view { str title, label, state, tag, doing, note, problem, percent, started, href, file_href, back_href,
	cancel_action, again_action, undo_action;
                  bool waiting, counted, ended; int64_t done, total; };
struct jobs_view { str title; bool none; items jobs; };              /* job_view                               */
extern const struct shape job_shape, jobs_shape;

struct notice_view { str id, text, href, when; bool seen; };
struct notices_view { str title, action; bool none, unread; items notices; };
extern const struct shape notice_shape, notices_shape;

struct report_cell { str text; bool number; };
struct report_row  { items cells; };
struct report_view { str title, action, xlsx_href; items asks, heads, rows, problems;
	bool none, wrong, asked, asks_some; str count_text; };
extern const struct shape report_shape, report_row_shape, report_cell_shape;
/* field_view */
struct print_view  { str title, action, pdf_href, back_href; items asks, problems; bool wrong, asks_some;
	html sheets; };
extern const struct shape print_shape;
struct print_cell  { str text; bool right; };
struct print_head  { str text; int64_t width; };
struct print_line  { int64_t n; items cells; };
struct print_list_view { str unit, title; items heads, rows; bool none; int64_t columns; };
extern const struct shape print_list_shape, print_head_shape, print_line_shape, print_cell_shape;
struct reports_view { str title; bool none; items reports; };        /* link_view                              */
extern const struct shape reports_shape;
#endif
