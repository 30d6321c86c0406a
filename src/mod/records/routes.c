/* routes.c -- addresses of the books of marks: a page, its cells, their history, books opened, results computed. */
#include "mod/records/class_sheet.h"
#include "mod/records/rating.h"
#include "mod/records/results_page.h"
#include "mod/records/sheets.h"

/* ---- GET /gradebook/{class}/{subject}/history ------------------------------------------------------------------ */

struct past_in { school_class_id class; subject_id subject; pick term; int64_t pupil; str column; };
#define ROW struct past_in
static const struct shape past_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(pupil), .label = { "Học sinh", "Pupil" } }, { COL(column), .max = 10, .label = { "Cột", "Column" } }, END } };
#undef ROW
struct event_view { int64_t seq; instant at; int64_t author, impersonator; str column, from, to, reason, who, behalf,
	class_from; };
#define ROW struct event_view
static const struct shape event_shape = { sizeof(ROW), FIELDS{ { COL(seq) }, { COL(at) }, { COL(author) },
	{ COL(impersonator) }, { COL(column) }, { COL(from) }, { COL(to) }, { COL(reason) }, { COL(who) },
	{ COL(behalf) }, { COL(class_from) }, END } };
#undef ROW
struct history_view { str title; bool none; items events; };
#define ROW struct history_view
static const struct shape history_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) },
	{ MANY(events, event_shape) }, END } };
#undef ROW

/* As people write it: 8.5 is 8,5 to a Vietnamese; a word is its letters; a remark is in the ledger by its hash only. */
static str event_value(struct ctx *c, str column, str code)
{
	static const struct tr text = { "(nhận xét)", "(remark)" };
	score v;

	if (code.n == 0 || !score_read(code, &v))
		return str_is(column, "remark") && code.n ? say(c, &text) : str_is(code, "dat") ? S("Đ")
			: str_is(code, "chua_dat") ? S("CĐ") : code;
	return score_text(c->mem, v);
}

static enum rc history_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Lịch sử điểm: {1}", "History of marks: {1}" }, remark = { "Nhận xét", "Remark" };
	const struct past_in *in = in_;
	struct history_view *out = out_;
	items got;

	TRY(mark_history(c, in->class, in->subject, in->term, (person_id){ in->pupil }, in->column, &got));
	struct event_view *v = NEWS(c->mem, struct event_view, got.n + 1);
	int64_t *ids = NEWS(c->mem, int64_t, got.n * 2 + 1);
	str *names = NEWS(c->mem, str, got.n * 2 + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct cell_event *e = (const struct cell_event *)got.p + i;
		v[i] = (struct event_view){ e->seq, e->at, e->author, e->impersonator,
			str_is(e->column, "remark") ? say(c, &remark) : viet_upper(c->mem, e->column),
			event_value(c, e->column, e->from), event_value(c, e->column, e->to), e->reason, { 0 }, { 0 },
			e->class_from };
		ids[i] = e->author;
		ids[got.n + i] = e->impersonator;
	}
	TRY(names_of_accounts(c, ids, (int)got.n * 2, names));
	for (int64_t i = 0; i < got.n; i++) {
		v[i].who = names[i];
		v[i].behalf = names[got.n + i];
	}
	out->events = (items){ v, got.n };
	out->title = sayf(c, &title, ARGS(title_of(c, &person, in->pupil)));
	out->none = got.n == 0;
	return OK;
}

/* ---- POST /records/open, /records/results ------------------------------------------------------------------------ */

struct year_in { school_year_id year; };
#define ROW struct year_in
static const struct shape year_in_shape = { sizeof(ROW), FIELDS{ { REF(year, school_year), .is = NEEDED,
	.label = { "Năm học", "School year" } }, END } };
#undef ROW

static org_id office_of(const struct ctx *c)
{
	static const struct role *const office_[] = { &principal, &deputy, &clerk };
	org_id at = { 0 };

	for (int i = 0; i < COUNT(office_) && !at.v; i++)
		at = seat_org(c, office_[i]);
	return at;
}

static enum rc open_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã mở {1} sổ điểm.", "{1} books of marks opened." },
		all = { "Mọi lớp và môn đã phân công đều có sổ điểm.", "Whatever is taught has its book already." };
	const struct year_in *in = in_;
	int64_t n;

	(void)out;
	TRY(courses_open(c, office_of(c), in->year, &n));
	c->said = n ? sayf(c, &said, ARGS(TEXT(c, "%lld", (long long)n))) : say(c, &all);
	c->go = link_to(c, "/course");
	return OK;
}

static enum rc results_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đang tính kết quả; xem tiến độ ở đây.",
		"Results are being computed; see the progress here." };
	const struct year_in *in = in_;
	int64_t id;

	(void)out;
	TRY(job_add(c, &records_jobs[JOB_RESULTS], office_of(c), &(struct results_in){ office_of(c), in->year }, &id));
	return go_to(c, link_to(c, "/viec/%lld", (long long)id), &said);
}

#define OFFICE { &principal, &at_org, READ }, { &deputy, &at_org, READ }, { &clerk, &at_org, READ }
#define TEACH { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }
#define TIERS { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { &dept_inspector, &in_tree, READ }
static const struct grant office[] = { OFFICE, { 0 } }, writers[] = { TEACH, { 0 } },
	readers[] = { OFFICE, TEACH, TIERS, { 0 } }, sheets_users[] = { OFFICE, TEACH, { 0 } },
	heads[] = { { &principal, &at_org, READ }, { 0 } },
	openers[] = { { &principal, &at_org, READ }, { &deputy, &at_org, READ }, { 0 } },
	forms[] = { { &form_teacher, &at_org, READ }, { 0 } },
	raters[] = { OFFICE, { &form_teacher, &at_org, READ }, { 0 } },
	results_readers[] = { OFFICE, { &form_teacher, &at_org, READ }, TIERS, { 0 } },
	tiers[] = { TIERS, { &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ }, { 0 } },
	supervisors[] = { OFFICE, TIERS, { &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ }, { 0 } },
	family[] = { OFFICE, { &form_teacher, &at_org, READ }, TIERS, { &pupil, &own, READ }, { &parent, &own_child, READ },
		{ 0 } };

const struct take records_takes[] = { { "marks", { "Sổ điểm Excel", "Marks as a workbook" }, &person, sheets_users,
	"/gradebook" }, END };

const struct route records_routes[] = {
	{ "GET",  "/gradebook", readers, &books_in_shape, &books_out, books_get, "records/books",
		{ .sql = 12, .ms = 60, .kb = 100 }, { "Sổ điểm của tôi", "My books of marks" } },
	{ "POST", "/gradebook/reopen/{id}", openers, &reopen_answer_in, NULL, reopen_answer_post, NULL,
		{ .sql = 40, .ms = 100, .kb = 20 }, { "Trả lời đề nghị mở sổ", "Answer a request to reopen" } },
	{ "POST", "/gradebook/{class}/{subject}/reopen", writers, &reopen_in, NULL, reopen_post, NULL,
		{ .sql = 40, .ms = 100, .kb = 20 }, { "Đề nghị mở sổ", "Ask to reopen" } },
	{ "GET",  "/gradebook/{class}/{subject}", readers, &book_page_in, &book_page_out, book_page_get,
		"records/gradebook", { .sql = 12, .ms = 30, .kb = 200 }, { "Sổ điểm", "Gradebook" } },
	{ "POST", "/gradebook/{class}/{subject}", writers, &save_in_shape, &save_out_shape, save_post, NULL,
		{ .sql = 16, .ms = 60, .kb = 400 }, { "Ghi điểm", "Write marks" }, .ahead = save_ahead },
	{ "GET",  "/gradebook/{class}/{subject}/sheet", readers, &book_page_in, &book_page_out, book_page_get,
		"records/gradebook", { .sql = 12, .ms = 30, .kb = 200 }, { "Sổ điểm", "Gradebook" } },
	{ "POST", "/gradebook/{class}/{subject}/sheet", writers, &sheet_in, &book_page_out, sheet_post,
		"records/gradebook", { .sql = 30, .ms = 90, .kb = 200 }, { "Ghi cả trang điểm", "Write a page of marks" } },
	{ "POST", "/gradebook/{class}/{subject}/paste", writers, &paste_in, &paste_out, paste_post, NULL,
		{ .sql = 12, .ms = 60, .kb = 400 }, { "Xem trước khối dán", "Preview of a paste" } },
	{ "GET",  "/gradebook/{class}/{subject}/excel", sheets_users, &excel_in, &excel_out, excel_get, "records/excel",
		{ .sql = 90, .ms = 60, .kb = 60 }, { "Nhập, xuất Excel", "Import, export Excel" } },
	{ "POST", "/gradebook/{class}/{subject}/excel", sheets_users, &excel_in, &excel_out, excel_post, "records/excel",
		{ .sql = 400, .ms = 900, .kb = 900 }, { "Nhập, xuất Excel", "Import, export Excel" } },
	{ "GET",  "/gradebook/{class}/{subject}/history", readers, &past_in_shape, &history_shape, history_get,
		"records/history", { .sql = 14, .ms = 60, .kb = 200 }, { "Lịch sử điểm", "History of marks" } },
	{ "POST", "/records/open", office, &year_in_shape, NULL, open_post, NULL, { .sql = 60, .ms = 800, .kb = 4 },
		{ "Mở sổ điểm", "Open the books" } },
	{ "POST", "/records/results", office, &year_in_shape, NULL, results_post, NULL, { .sql = 20, .ms = 60, .kb = 4 },
		{ "Tính kết quả", "Compute results" } },
	{ "GET",  "/records", results_readers, &results_ask_shape, &results_shape, results_get, "records/results",
		{ .sql = 12, .ms = 300, .kb = 120 }, { "Kết quả học tập và rèn luyện", "Results" } },
	{ "GET",  "/records/schools", tiers, &schools_ask_shape, &schools_shape, schools_get, "records/schools",
		{ .sql = 12, .ms = 600, .kb = 800 }, { "Kết quả theo trường", "Results by school" } },
	{ "GET",  "/records/class/{class}", results_readers, &results_ask_shape, &class_sheet_shape, class_get,
		"records/class", { .sql = 20, .ms = 80, .kb = 160 }, { "Kết quả lớp", "Results of a class" } },
	{ "POST", "/records/class/{class}", raters, &results_ask_shape, NULL, class_post, NULL,
		{ .sql = 30, .ms = 120, .kb = 4 }, { "Tính kết quả lớp", "Compute a class's results" } },
	{ "GET",  "/records/summer", readers, &results_ask_shape, &summer_shape, summer_get, "records/summer",
		{ .sql = 10, .ms = 100, .kb = 200 }, { "Kiểm tra lại, rèn luyện hè", "Retests and summer" } },
	{ "POST", "/records/retest", writers, &retest_in_shape, NULL, retest_post, NULL, { .sql = 40, .ms = 120, .kb = 8 },
		{ "Ghi kết quả kiểm tra lại", "Write a retest" } },
	{ "GET",  "/records/close", readers, &results_ask_shape, &close_shape, close_get, "records/close",
		{ .sql = 12, .ms = 300, .kb = 400 }, { "Chốt sổ và việc còn thiếu", "Closing and what is missing" } },
	{ "POST", "/records/close/run", heads, &close_in_shape, NULL, close_post, NULL, { .sql = 24, .ms = 300, .kb = 8 },
		{ "Chốt sổ", "Close" } },
	{ "GET",  "/records/locked", supervisors, &locked_ask_shape, &locked_shape, locked_get, "records/locked",
		{ .sql = 12, .ms = 600, .kb = 400 }, { "Khóa sổ đúng hạn", "Registers locked on time" } },
	{ "GET",  "/records/locked/{school}", supervisors, &locked_ask_shape, &locked_school_shape, locked_school_get,
		"records/locked-school", { .sql = 12, .ms = 300, .kb = 200 },
		{ "Khóa sổ đúng hạn của trường", "Registers of a school locked on time" } },
	{ "GET",  "/records/rating/{class}", results_readers, &rating_in_shape, &rating_shape, rating_get,
		"records/rating", { .sql = 28, .ms = 60, .kb = 160 }, { "Rèn luyện, nhận xét", "Conduct and remarks" } },
	{ "POST", "/records/rating/{class}/save", forms, &rating_in_shape, NULL, rating_post, NULL,
		{ .sql = 1200, .ms = 400, .kb = 8 }, { "Lưu rèn luyện, nhận xét", "Save conduct and remarks" } },
	{ "GET",  "/records/child", family, &child_ask_shape, &child_shape, child_get, "records/child",
		{ .sql = 22, .ms = 60, .kb = 60 }, { "Kết quả của con", "A pupil's results" } },
	{ "GET",  "/year_result/{result}/pupil", family, &result_ask_shape, NULL, result_pupil_get, NULL,
		{ .sql = 8, .ms = 20, .kb = 4 }, { "Điểm và lý do bằng lời", "Marks and reasons in words" } }, END };

const struct place records_places[] = {
	{ "gradebook", "/gradebook", "edit", { "Sổ điểm của tôi", "My books" }, { "Đánh giá", "Assessment" }, readers },
	{ "course", "/course", "book", { "Sổ điểm", "Books of marks" }, { "Đánh giá", "Assessment" }, readers },
	{ "conduct", "/conduct", "users", { "Rèn luyện", "Conduct" }, { "Đánh giá", "Assessment" }, readers },
	{ "records", "/records", "chart-bar", { "Kết quả các lớp", "Results" }, { "Đánh giá", "Assessment" },
		results_readers },
	{ "records_schools", "/records/schools", "chart-bar", { "Kết quả theo trường", "Results by school" },
		{ "Đánh giá", "Assessment" }, tiers },
	{ "records_close", "/records/close", "clipboard-list", { "Chốt sổ, việc còn thiếu", "Closing, what is missing" },
		{ "Đánh giá", "Assessment" }, readers },
	{ "records_locked", "/records/locked", "lock", { "Khóa sổ đúng hạn", "Locked on time" },
		{ "Đánh giá", "Assessment" }, supervisors },
	{ "records_child", "/records/child", "certificate", { "Kết quả học tập", "Results" }, { "Đánh giá", "Assessment" },
		GRANTS{ { &pupil, &own, READ }, { &parent, &own_child, READ }, { 0 } } },
	{ "records_summer", "/records/summer", "checklist", { "Kiểm tra lại, rèn luyện hè", "Retests and summer" },
		{ "Đánh giá", "Assessment" }, readers },
	{ "year_result", "/year_result", "certificate", { "Kết quả năm học", "Results of the year" },
		{ "Đánh giá", "Assessment" }, results_readers },
	{ "mark_lock", "/mark_lock", "lock", { "Khóa sổ điểm", "Locks of marks" }, { "Đánh giá", "Assessment" }, readers },
	{ "exemption", "/exemption", "circle-check", { "Miễn học", "Exemptions" }, { "Đánh giá", "Assessment" },
		readers }, END };
