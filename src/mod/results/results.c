/* results.c -- exams and their public pages, declared. Publishing: publish.c, live.c. Pages: look.c, chart_page.c. */
#include "mod/results/results.h"
#include "mod/results/rules.h"
#include "mod/results/views.h"

static const struct choice kinds[] = {
	[EXAM_GRADUATION] = { "graduation", { "Tốt nghiệp THPT", "Upper-secondary graduation" } },
	[EXAM_GRADE10] = { "grade10", { "Tuyển sinh lớp 10", "Entrance to grade 10" } },
	[EXAM_GIFTED] = { "gifted", { "Học sinh giỏi", "For gifted pupils" } },
	[EXAM_OTHER] = { "other", { "Kỳ thi khác", "Other" } }, END };
static const struct choice states[] = { [EXAM_DRAFT] = { "draft", { "Chưa công bố", "Not published" }, INITIAL },
	[EXAM_PUBLISHED] = { "published", { "Đã công bố", "Published" } },
	[EXAM_WITHDRAWN] = { "withdrawn", { "Đã rút", "Withdrawn" } }, END };

static const struct grant who[] = { { &dept_officer, &in_tree, READ | CREATE | UPDATE | EXPORT },
	{ &dept_leader, &in_tree, READ | EXPORT },
	{ &dept_inspector, &in_tree, READ }, { &operator_, &everywhere, READ }, { 0 } };
const struct grant importers[] = { { &dept_officer, &in_tree, IMPORT }, { 0 } };
static const struct grant publishers[] = { { &dept_officer, &in_tree, UPDATE }, { &dept_leader, &in_tree, UPDATE },
	{ 0 } };

#define ROW struct exam
const struct entity exam = { .name = "exam", .label = { "Kỳ thi", "Exam" }, .size = sizeof(ROW), .rows = 100,
	.keeps = HISTORY | WIDE_KEYS, .icon = "certificate",
	.fields = FIELDS{
		{ COL(code),       .label = { "Mã trong địa chỉ trang", "Code in addresses" }, .is = NEEDED | FIXED | SEARCH,
			.max = 39, .check = exam_code_check,
		                   .help = { "Chữ thường, chữ số, gạch nối, ví dụ thpt-2026",
			"Lower-case letters, digits, hyphens, e.g. thpt-2026" } },
		{ COL(name),       .label = { "Tên kỳ thi", "Name" }, .is = NEEDED | SEARCH, .max = 200 },
		{ COL(year),       .label = { "Năm", "Year" }, .is = NEEDED | FILTER, .min = 1990, .max = 2200,
			.fill = exam_this_year },
		{ COL(kind),       .label = { "Loại kỳ thi", "Kind" }, .is = NEEDED | FILTER, .pick = kinds },
		{ REF(organiser, org), .label = { "Đơn vị tổ chức", "Organiser" }, .is = LIVING },
		{ COL(by),         .label = { "Tên ghi làm nơi công bố", "Name stated as publisher" }, .max = 200,
			.help = { "Ghi trên trang kết quả khi công bố; để trống: tên đơn vị tổ chức",
		                   "Stated on the result page when published; empty: the organiser's name" } },
		{ COL(state),      .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = states },
		{ COL(published),  .label = { "Công bố lúc", "Published at" }, .is = DERIVED },
		{ COL(candidates), .label = { "Số thí sinh", "Candidates" }, .is = DERIVED, .max = INT32_MAX },
		{ COL(publisher),  .label = { "Nơi công bố", "Published by" }, .is = DERIVED, .max = 1000 },
		{ COL(root),       .label = { "Dấu xác thực", "Seal" }, .is = DERIVED, .max = 64 },
		{ COL(withdrawn),  .label = { "Rút lúc", "Withdrawn at" }, .is = DERIVED },
		{ COL(reason),     .label = { "Lý do rút", "Why withdrawn" }, .is = DERIVED | LONG, .max = 500,
			.help = { "Rút thì không ai tra cứu, xem phổ điểm hay xác minh kết quả kỳ thi này được nữa. Trang tra cứu "
				"ghi là đã rút, kèm lý do này. Điểm vẫn được giữ: sửa xong thì Công bố lại.",
				"Once withdrawn, nobody can look up or check results of this exam. The public page says that they are "
				"withdrawn, and this reason. The marks are kept: correct them, then publish again." } }, END },
	.form = SECTIONS{ { "Kỳ thi", "Exam", { AT(name), AT(year), AT(kind), AT(code) } },
		{ "Công bố", "Publication", { AT(organiser), AT(by) } }, END },
	.title = { AT(name) }, .list = { AT(name), AT(year), AT(kind), AT(state), AT(candidates), AT(published) },
	.sort = { AT(year), AT(code) },
	.unique = { { AT(code) } },
	.flow = { AT(state), STEPS{
		{ "publish",  { "Công bố", "Publish" }, 1 << EXAM_DRAFT | 1 << EXAM_WITHDRAWN | 1 << EXAM_PUBLISHED,
			EXAM_PUBLISHED, publishers,
		  .guard = exam_may_publish, .effect = exam_goes_public },
		{ "withdraw", { "Rút kết quả", "Withdraw" }, 1 << EXAM_PUBLISHED, EXAM_WITHDRAWN, publishers,
			.asks = { AT(reason) }, .must = 1, .guard = exam_says_why, .effect = exam_goes_back }, END } },
	.grants = who };
#undef ROW

static const struct place places[] = {
	{ "results", "/tra-cuu", "certificate", { "Tra cứu kết quả thi", "Exam results" }, { "Công dân", "The public" },
		for_anyone },
	{ "exam", "/exam", "certificate", { "Kỳ thi", "Exams" }, { "Thi", "Exams" }, who },
	{ "marks", "/nhap-diem-thi", "table-import", { "Nhập điểm thi", "Import exam marks" }, { "Thi", "Exams" },
		importers }, END };

const struct module mod_results = { .name = "results", .label = { "Kết quả thi", "Exam results" }, .schema = 2,
	.needs = NEEDS(&mod_org),
	.entities = ENTITIES(&exam), .routes = results_routes, .jobs = results_jobs,
	.places = places };
