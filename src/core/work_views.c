/* work_views.c -- the shapes of work_views.h. */
#include "core/work_views.h"

#define ROW struct match_view
const struct shape match_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(heading) }, { COL(sample) },
	{ COL(other) }, { COL(other_href) },
	{ COL(sure) }, { COL(guessed) },
	{ MANY(options, option_shape) }, END } };
#undef ROW
#define ROW struct part_view
const struct shape part_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(name) }, { COL(old) }, { COL(now) },
	{ COL(problem) }, { COL(wrong) },
	{ COL(changed) }, { COL(noted) }, { COL(editable) }, { COL(asks) }, { COL(chosen) }, END } };
#undef ROW
#define ROW struct line_view
const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(number) }, { COL(title) }, { MANY(parts, part_shape) },
	END } };
#undef ROW
#define ROW struct past_view
const struct shape past_shape = { sizeof(ROW), FIELDS{ { COL(href) }, { COL(name) }, { COL(when) }, { COL(what) },
	END } };
#undef ROW
#define ROW struct import_view
const struct shape import_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(label) }, { COL(name) }, { COL(action) }, { COL(template_href) }, { COL(back_href) },
	{ COL(again_href) },
	{ COL(errors_href) }, { COL(job_href) }, { COL(undo_action) }, { COL(list_href) }, { COL(upload) },
	{ COL(match) }, { COL(tried) },
	{ COL(running) }, { COL(done) }, { COL(failed) }, { COL(undone) }, { COL(problem) }, { COL(doing) },
	{ MANY(problems, problem_shape) },
	{ COL(wrong) }, { MANY(columns, match_shape) }, { MANY(sheets, option_shape) }, { MANY(encodings, option_shape) },
	{ MANY(presets, option_shape) },
	{ COL(heading) }, { COL(legacy) }, { COL(missing_some) }, { COL(missing) }, { MANY(chips, link_shape) },
	{ MANY(lines, line_shape) },
	{ COL(none) }, { COL(next_href) }, { COL(good_text) }, { COL(whole_text) }, { COL(result) }, { COL(until) },
	{ COL(can_write) },
	{ COL(can_whole) }, { COL(refused_some) }, { COL(can_undo) }, { COL(editable) }, { MANY(past, past_shape) },
	{ MANY(next, link_shape) }, { COL(next_some) }, END } };
#undef ROW
#define ROW struct job_view
const struct shape job_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(label) }, { COL(state) }, { COL(tag) },
	{ COL(doing) }, { COL(note) },
	{ COL(problem) }, { COL(percent) }, { COL(started) }, { COL(href) }, { COL(file_href) }, { COL(back_href) },
	{ COL(cancel_action) },
	{ COL(again_action) }, { COL(undo_action) }, { COL(waiting) }, { COL(counted) }, { COL(ended) }, { COL(done) },
	{ COL(total) }, END } };
#undef ROW
#define ROW struct jobs_view
const struct shape jobs_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) }, { MANY(jobs, job_shape) },
	END } };
#undef ROW
#define ROW struct notice_view
const struct shape notice_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(text) }, { COL(href) }, { COL(when) },
	{ COL(seen) }, END } };
#undef ROW
#define ROW struct notices_view
const struct shape notices_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(action) }, { COL(none) },
	{ COL(unread) }, { MANY(notices, notice_shape) }, END } };
#undef ROW
#define ROW struct print_view
const struct shape print_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(action) }, { COL(pdf_href) },
	{ COL(back_href) }, { MANY(asks, field_shape) },
	{ MANY(problems, problem_shape) }, { COL(wrong) }, { COL(asks_some) }, { COL(sheets) }, END } };
#undef ROW
#define ROW struct print_cell
const struct shape print_cell_shape = { sizeof(ROW), FIELDS{ { COL(text) }, { COL(right) }, END } };
#undef ROW
#define ROW struct print_head
const struct shape print_head_shape = { sizeof(ROW), FIELDS{ { COL(text) }, { COL(width) }, END } };
#undef ROW
#define ROW struct print_line
const struct shape print_line_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { MANY(cells, print_cell_shape) }, END } };
#undef ROW
#define ROW struct print_list_view
const struct shape print_list_shape = { sizeof(ROW), FIELDS{ { COL(unit) }, { COL(title) },
	{ MANY(heads, print_head_shape) },
	{ MANY(rows, print_line_shape) }, { COL(none) }, { COL(columns) }, END } };
#undef ROW
#define ROW struct report_cell
const struct shape report_cell_shape = { sizeof(ROW), FIELDS{ { COL(text) }, { COL(number) }, END } };
#undef ROW
#define ROW struct report_row
const struct shape report_row_shape = { sizeof(ROW), FIELDS{ { MANY(cells, report_cell_shape) }, END } };
#undef ROW
#define ROW struct report_view
const struct shape report_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(action) }, { COL(xlsx_href) },
	{ MANY(asks, field_shape) },
	{ MANY(heads, report_cell_shape) }, { MANY(rows, report_row_shape) }, { MANY(problems, problem_shape) },
	{ COL(none) }, { COL(wrong) }, { COL(asked) },
	{ COL(asks_some) }, { COL(count_text) }, END } };
#undef ROW
#define ROW struct reports_view
const struct shape reports_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) },
	{ MANY(reports, link_shape) }, END } };
#undef ROW
