/* views.c -- the shapes of views.h, member by member. */
#include "core/work_views.h"

#define ROW struct link_view
const struct shape link_shape = { sizeof(ROW), FIELDS{
	{ COL(href) }, { COL(label) }, { COL(icon) }, { COL(note) }, { COL(current) }, END } };
#undef ROW
#define ROW struct shell
const struct shape shell_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(lang) }, { COL(path) }, { COL(home) }, { COL(css) }, { COL(js) },
	{ COL(icons) }, { COL(csrf) }, { COL(key) }, { COL(said) }, { COL(undo) }, { COL(signed_in) }, { COL(saving) },
	{ COL(demo) }, { COL(past) }, { COL(user) }, { COL(initials) }, { COL(role) }, { COL(login_href) },
	{ COL(impersonator) }, { COL(org) }, { COL(org_slug) }, { COL(year) }, { COL(term) }, { COL(base) },
	{ COL(ended) }, { MANY(successors, link_shape) },
	{ COL(other_lang) }, { COL(other_lang_href) }, { COL(switch_href) }, { COL(notices) },
	{ COL(request) }, { COL(version) }, { MANY(rail, link_shape) }, { MANY(crumbs, link_shape) },
	{ MANY(back, link_shape) }, { COL(wrong) }, { COL(asking) }, { MANY(problems, problem_shape) }, END } };
#undef ROW
#define ROW struct option_view
const struct shape option_shape = { sizeof(ROW), FIELDS{
	{ COL(value) }, { COL(label) }, { COL(selected) }, { COL(id) }, { COL(note) }, END } };
#undef ROW
#define ROW struct field_view
const struct shape field_shape = { sizeof(ROW), FIELDS{
	{ COL(name) }, { COL(id) }, { COL(label) }, { COL(help) }, { COL(problem) }, { COL(value) },
	{ COL(value_text) }, { COL(to) }, { COL(describedby) }, { COL(needed) }, { COL(fixed) },
	{ COL(wrong) }, { COL(text) }, { COL(longer) }, { COL(number) }, { COL(yes) }, { COL(date) },
	{ COL(time) }, { COL(money) }, { COL(score) }, { COL(one_of) }, { COL(few) }, { COL(ref) },
	{ COL(file) }, { COL(secret) }, { COL(max) }, { COL(mode) }, { COL(pick_href) }, { COL(accept) },
	{ MANY(options, option_shape) }, END } };
#undef ROW
#define ROW struct hidden_view
const struct shape hidden_shape = { sizeof(ROW), FIELDS{
	{ COL(name) }, { COL(value) }, END } };
#undef ROW
#define ROW struct problem_view
const struct shape problem_shape = { sizeof(ROW), FIELDS{
	{ COL(href) }, { COL(text) }, END } };
#undef ROW
#define ROW struct column_view
const struct shape column_shape = { sizeof(ROW), FIELDS{
	{ COL(name) }, { COL(label) }, { COL(sort_href) }, { COL(aria) }, { COL(sorted) }, { COL(down) },
	{ COL(number) }, END } };
#undef ROW
#define ROW struct cell_view
const struct shape cell_shape = { sizeof(ROW), FIELDS{
	{ COL(text) }, { COL(href) }, { COL(tag) }, { COL(label) }, { COL(first) }, { COL(number) },
	{ COL(empty) }, END } };
#undef ROW
#define ROW struct row_view
const struct shape row_shape = { sizeof(ROW), FIELDS{
	{ COL(id) }, { COL(href) }, { COL(title) }, { COL(gone) }, { MANY(cells, cell_shape) },
	{ COL(second) }, END } };
#undef ROW
#define ROW struct list_view
const struct shape list_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(entity) }, { COL(href) }, { COL(q) }, { COL(count_text) }, { COL(page_text) },
	{ COL(searchable) }, { COL(filtered) }, { COL(empty) }, { COL(gone) }, { MANY(filters, field_shape) },
	{ MANY(kept, hidden_shape) }, { MANY(carried, hidden_shape) }, { MANY(columns, column_shape) },
	{ MANY(rows, row_shape) },
	{ COL(clear_href) }, { COL(unsorted) }, { COL(next_href) }, { COL(prev_href) }, { COL(paged) }, { COL(new_href) },
	{ COL(import_href) }, { MANY(exports, link_shape) }, { COL(may_export) }, { COL(empty_text) }, { COL(empty_do) },
	{ COL(empty_href) }, { COL(bulk) }, { COL(bulk_href) }, { COL(total) }, { MANY(verbs, link_shape) }, END } };
#undef ROW
#define ROW struct section_view
const struct shape section_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { MANY(fields, field_shape) }, END } };
#undef ROW
#define ROW struct clash_view
const struct shape clash_shape = { sizeof(ROW), FIELDS{
	{ COL(label) }, { COL(theirs) }, { COL(mine) }, END } };
#undef ROW
#define ROW struct form_view
const struct shape form_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(entity) }, { COL(action) }, { COL(cancel_href) }, { COL(submit) }, { COL(rev) },
	{ COL(draft) }, { COL(multipart) }, { COL(fresh) }, { COL(wrong) }, { COL(clash) },
	{ MANY(problems, problem_shape) }, { MANY(sections, section_shape) }, { MANY(hidden, hidden_shape) },
	{ MANY(clashes, clash_shape) }, { COL(clash_text) }, { COL(confirm) }, { COL(confirm_text) }, END } };
#undef ROW
#define ROW struct fact_view
const struct shape fact_shape = { sizeof(ROW), FIELDS{
	{ COL(name) }, { COL(label) }, { COL(text) }, { COL(begin) }, { COL(href) }, { COL(tag) }, { COL(longer) },
	{ COL(empty) }, END } };
#undef ROW
#define ROW struct facts_view
const struct shape facts_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { MANY(facts, fact_shape) }, END } };
#undef ROW
#define ROW struct step_view
const struct shape step_shape = { sizeof(ROW), FIELDS{
	{ COL(name) }, { COL(label) }, { COL(action) }, { COL(main) }, { COL(bad) }, { COL(asks_some) },
	{ MANY(asks, field_shape) }, END } };
#undef ROW
#define ROW struct change_view
const struct shape change_shape = { sizeof(ROW), FIELDS{
	{ COL(label) }, { COL(old) }, { COL(now) }, END } };
#undef ROW
#define ROW struct event_view
const struct shape event_shape = { sizeof(ROW), FIELDS{
	{ COL(when) }, { COL(who) }, { COL(what) }, { COL(note) }, { MANY(changes, change_shape) }, { COL(by) },
	END } };
#undef ROW
#define ROW struct file_view
const struct shape file_shape = { sizeof(ROW), FIELDS{
	{ COL(href) }, { COL(name) }, { COL(size) }, { COL(type) }, END } };
#undef ROW
#define ROW struct comment_view
const struct shape comment_shape = { sizeof(ROW), FIELDS{
	{ COL(who) }, { COL(when) }, { COL(text) }, { COL(begin) }, { COL(mine) }, END } };
#undef ROW
#define ROW struct detail_view
const struct shape detail_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(entity) }, { COL(id) }, { COL(rev) }, { COL(state) }, { COL(state_tag) },
	{ COL(list_href) }, { COL(list_label) }, { COL(gone) }, { MANY(sections, facts_shape) },
	{ MANY(steps, step_shape) }, { COL(edit_href) }, { COL(retire_action) }, { COL(restore_action) },
	{ MANY(related, link_shape) }, { MANY(doors, link_shape) }, { MANY(prints, link_shape) }, { COL(many_prints) },
	{ COL(keeps_history) },
	{ COL(keeps_files) }, { COL(keeps_comments) }, { MANY(history, event_shape) }, { COL(history_href) },
	{ MANY(files, file_shape) }, { COL(file_action) }, { MANY(comments, comment_shape) },
	{ COL(comment_action) }, { MANY(problems, problem_shape) }, { COL(wrong) }, END } };
#undef ROW
#define ROW struct history_view
const struct shape history_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(href) }, { MANY(history, event_shape) }, { COL(next_href) }, END } };
#undef ROW
#define ROW struct bulk_row
const struct shape bulk_row_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(href) }, { COL(why) }, END } };
#undef ROW
#define ROW struct bulk_view
const struct shape bulk_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(verb) }, { COL(count_text) }, { COL(action) }, { COL(cancel_href) },
	{ COL(submit) }, { MANY(can, bulk_row_shape) }, { MANY(cannot, bulk_row_shape) }, { COL(n_can) },
	{ COL(n_cannot) }, { COL(none) }, { MANY(hidden, hidden_shape) }, { MANY(asks, field_shape) },
	{ MANY(problems, problem_shape) }, { COL(wrong) }, { COL(asks_some) }, END } };
#undef ROW
#define ROW struct pick_view
const struct shape pick_shape = { sizeof(ROW), FIELDS{
	{ COL(q) }, { COL(name) }, { MANY(options, option_shape) }, { COL(none) }, END } };
#undef ROW
#define ROW struct hit_view
const struct shape hit_shape = { sizeof(ROW), FIELDS{
	{ COL(href) }, { COL(title) }, { COL(note) }, { COL(icon) }, { COL(first) }, END } };
#undef ROW
#define ROW struct hits_view
const struct shape hits_shape = { sizeof(ROW), FIELDS{
	{ COL(label) }, { COL(more_href) }, { MANY(hits, hit_shape) }, END } };
#undef ROW
#define ROW struct search_view
const struct shape search_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(q) }, { COL(count_text) }, { COL(asked) }, { COL(none) },
	{ MANY(groups, hits_shape) }, END } };
#undef ROW
#define ROW struct group_view
const struct shape group_shape = { sizeof(ROW), FIELDS{
	{ COL(label) }, { COL(id) }, { MANY(links, link_shape) }, END } };
#undef ROW
#define ROW struct all_view
const struct shape all_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(q) }, { COL(none) }, { MANY(groups, group_shape) }, END } };
#undef ROW
#define ROW struct switch_view
const struct shape switch_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(q) }, { COL(back) }, { MANY(places, link_shape) }, { MANY(found, link_shape) },
	{ MANY(years, link_shape) }, { MANY(terms, link_shape) }, { COL(asked) }, { COL(none) }, END } };
#undef ROW
#define ROW struct setting_view
const struct shape setting_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(org) }, { COL(action) }, { MANY(sections, section_shape) }, { COL(wrong) },
	{ MANY(problems, problem_shape) }, END } };
#undef ROW
#define ROW struct error_view
const struct shape error_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(what) }, { COL(todo) }, { COL(code) }, { COL(when) }, { COL(request) },
	{ COL(back_href) }, { COL(status) }, { COL(fault) }, { COL(sign_in) }, { COL(sent) },
	{ MANY(successors, link_shape) }, { MANY(problems, problem_shape) }, END } };
#undef ROW
#define ROW struct style_view
const struct shape style_shape = { sizeof(ROW), FIELDS{
	{ COL(title) }, { COL(wrong) }, { MANY(problems, problem_shape) }, { MANY(sections, section_shape) },
	{ MANY(history, event_shape) }, { COL(chart) }, END } };
#undef ROW

const struct core_page core_pages[] = {
	{ "core/list", &list_shape }, { "core/form", &form_shape }, { "core/detail", &detail_shape },
	{ "core/history", &history_shape }, { "core/bulk", &bulk_shape }, { "core/pick", &pick_shape },
	{ "core/search", &search_shape }, { "core/palette", &search_shape }, { "core/all", &all_shape },
	{ "core/switch", &switch_shape }, { "core/settings", &setting_shape }, { "core/error", &error_shape },
	{ "core/offline", &error_shape }, { "core/style", &style_shape },
	{ "core/import", &import_shape }, { "core/job", &job_shape }, { "core/jobs", &jobs_shape },
	{ "core/notices", &notices_shape },
	{ "core/print", &print_shape }, { "core/print-list", &print_list_shape }, { "core/report", &report_shape },
	{ "core/reports", &reports_shape }, { NULL, NULL } };
