/* records.c -- books of marks, their ledger, conduct, exemptions, locks, results, declared. */
#include "mod/records/rating.h"
#include "mod/records/class_sheet.h"
#include "mod/records/results_page.h"

const struct scope at_course = { "at_course", { "Lớp và môn được phân công", "Class and subject they teach" },
	ON_COURSE,
	"{at} IN (SELECT k.id FROM course k JOIN teaching t ON t.class = k.class AND t.subject = k.subject"
	" WHERE t.teacher = :person AND t.since <= :today AND :today < t.until AND t.gone = 0)" };
static const struct scope *const scopes[] = { &at_course, NULL };

#define ABOVE(...) { &dept_officer, &in_tree, __VA_ARGS__ }, { &dept_leader, &in_tree, __VA_ARGS__ }, \
	{ &dept_inspector, &in_tree, __VA_ARGS__ }
#define TEACHERS { &teacher, &at_course, READ }, { &form_teacher, &at_course, READ }, { &form_teacher, &at_form, READ }
#define SCHOOL_READS { &principal, &at_org, READ | EXPORT }, { &deputy, &at_org, READ | EXPORT }, \
	{ &clerk, &at_org, READ | EXPORT }
#define FAMILY { &pupil, &own, READ }, { &parent, &own_child, READ }
#define TEXT_OF(m, vi, en, most) { COL(m), .label = { vi, en }, .is = DERIVED, .max = most }
#define CODED_OF(m, vi, en, most) { COL(m), .label = { vi, en }, .is = DERIVED | CODED, .max = most }

const struct choice mark_terms[] = { { "hk1", { "Học kì I", "Term I" } }, { "hk2", { "Học kì II", "Term II" } },
	{ "year", { "Cả năm", "Year" } }, END };
const struct choice conduct_levels[] = { { "none", { "Chưa xếp", "Not rated" } }, { "tot", { "Tốt", "Excellent" } },
	{ "kha", { "Khá", "Good" } },
	{ "dat", { "Đạt", "Pass" } }, { "chua_dat", { "Chưa đạt", "Not yet" } },
	{ "trung_binh", { "Trung bình", "Average" } }, { "yeu", { "Yếu", "Weak" } }, END };
/* Whom the class recognises for the title (TT 27/2020/TT-BGDĐT Điều 13.1a), and what the principal decides of whom had
 * not completed the grade, after more help (Điều 11). */
const struct choice verdicts[] = { [VERDICT_NONE] = { "none", { "Chưa xét", "None" } },
	[VERDICT_RECOGNISED] = { "recognised", { "Được lớp công nhận tiêu biểu", "Recognised by the class" } },
	[VERDICT_UP] = { "up", { "Được lên lớp", "Goes up" } },
	[VERDICT_REPEATS] = { "repeats", { "Ở lại lớp", "Repeats" } }, END };
static const struct choice parts[] = { { "all", { "Mọi cột", "All columns" } },
	{ "tx", { "Thường xuyên", "Regular" } }, { "gk", { "Giữa kì", "Mid-term" } },
	{ "ck", { "Cuối kì", "End of term" } }, END };
const struct choice reopen_parts[] = { { "all", { "Cả sổ", "The whole book" } },
	{ "tx", { "Thường xuyên", "Regular" } }, { "gk", { "Giữa kì", "Mid-term" } },
	{ "ck", { "Cuối kì", "End of term" } }, { "remark", { "Nhận xét", "Remarks" } }, END };

#define ROW struct course
const struct entity course = { .name = "course", .label = { "Sổ điểm môn học", "Book of marks" }, .size = sizeof(ROW),
	.rows = 600000, .keeps = HISTORY, .icon = "book",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FIXED | FILTER },
		{ REF(subject, subject),    .label = { "Môn", "Subject" }, .is = NEEDED | FIXED | FILTER },
		{ COL(lessons),             .label = { "Số tiết một năm", "Lessons a year" }, .is = DERIVED, .max = 1000 },
		{ COL(entries),             .label = { "Số lần ghi", "Entries" }, .is = DERIVED },
		{ COL(sealed),              .label = { "Đã niêm phong đến", "Sealed up to" }, .is = DERIVED },
		TEXT_OF(head, "Mã băm cuối", "Last hash", 64),
		{ COL(note),                .label = { "Ghi chú", "Note" }, .max = 500 }, END },
	.title = { AT(subject), AT(class) }, .list = { AT(class), AT(subject), AT(lessons), AT(entries) },
	.sort = { AT(class) },
	.unique = { { AT(base.org), AT(class), AT(subject) } }, .anchor = { [ON_CLASS] = AT(class), [ON_COURSE] = ITSELF },
	.grants = GRANTS{ { &teacher, &at_course, READ | UPDATE | PRINT },
		{ &form_teacher, &at_course, READ | UPDATE | PRINT },
		{ &form_teacher, &at_form, READ },
		{ &principal, &at_org, READ | EXPORT | PRINT }, { &clerk, &at_org, READ | EXPORT | PRINT },
		{ &deputy, &at_org, READ | EXPORT | PRINT }, ABOVE(READ),
		{ 0 } } };
#undef ROW

#define ROW struct mark
const struct entity mark = { .name = "mark", .label = { "Điểm", "Marks" }, .size = sizeof(ROW),
	.rows = 20000000, .icon = "checklist",
	.fields = FIELDS{
		{ REF(course, course),      .label = { "Sổ điểm", "Book" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(pupil, person),       .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(term),                .label = { "Học kì", "Term" }, .is = DERIVED | FILTER, .pick = mark_terms },
		TEXT_OF(cells, "Các đầu điểm", "Marks", 400),
		{ COL(average),             .label = { "Trung bình", "Average" }, .is = DERIVED, .max = 1000 },
		TEXT_OF(comment, "Đánh giá", "Comment", 32), { COL(remark), .label = { "Nhận xét", "Remark" },
			.is = DERIVED | LONG, .max = 1000 }, END },
	.title = { AT(pupil), AT(course) }, .list = { AT(course), AT(pupil), AT(term), AT(cells), AT(average),
		AT(comment) }, .sort = { AT(course) },
	.unique = { { AT(base.org), AT(course), AT(pupil), AT(term) } }, .anchor = { [ON_PERSON] = AT(pupil),
		[ON_CLASS] = AT(class), [ON_COURSE] = AT(course) },
	.grants = GRANTS{ TEACHERS, SCHOOL_READS, FAMILY, ABOVE(READ), { 0 } } };
#undef ROW

#define ROW struct ledger_entry
const struct entity ledger_entry = { .name = "ledger_entry", .label = { "Lần ghi sổ điểm", "Entry of the ledger" },
	.size = sizeof(ROW), .rows = 20000000, .icon = "history",
	.fields = FIELDS{
		{ REF(course, course), .label = { "Sổ điểm", "Book" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(seq),            .label = { "Thứ tự", "Number" }, .is = DERIVED },
		{ COL(at), .label = { "Lúc", "When" }, .is = DERIVED },
		{ COL(author),         .label = { "Tài khoản", "Account" }, .is = DERIVED },
		{ COL(impersonator), .label = { "Do", "In fact" }, .is = DERIVED },
		{ COL(term),           .label = { "Học kì", "Term" }, .is = DERIVED | FILTER, .pick = mark_terms },
		{ COL(lines),          .label = { "Thay đổi", "Changes" }, .is = DERIVED | LONG, .max = 200000 },
		{ COL(reason),         .label = { "Lý do", "Reason" }, .is = DERIVED | LONG, .max = 1000 },
		TEXT_OF(hash, "Mã băm", "Hash", 64), END },
	.title = { AT(course), AT(seq) }, .list = { AT(course), AT(seq), AT(at), AT(term), AT(reason) },
	.sort = { AT(course), AT(seq) },
	.unique = { { AT(base.org), AT(course), AT(seq) } }, .anchor = { [ON_COURSE] = AT(course) },
	.grants = GRANTS{ { &teacher, &at_course, READ }, { &form_teacher, &at_course, READ },
		{ &principal, &at_org, READ | EXPORT }, { &deputy, &at_org, READ | EXPORT },
		{ &dept_inspector, &in_tree, READ | EXPORT }, { 0 } } };
#undef ROW

#define ROW struct ledger_seal
const struct entity ledger_seal = { .name = "ledger_seal", .label = { "Niêm phong sổ điểm", "Seal of the ledgers" },
	.size = sizeof(ROW), .rows = 100000, .icon = "lock",
	.fields = FIELDS{
		{ COL(seq), .label = { "Thứ tự", "Number" }, .is = DERIVED }, { COL(at), .label = { "Lúc", "When" },
			.is = DERIVED },
		{ COL(lines), .label = { "Các sổ", "Books" }, .is = DERIVED | LONG, .max = 2000000 },
		TEXT_OF(before, "Niêm phong trước", "Seal before", 64),
		TEXT_OF(bureau, "Chữ ký Phòng", "Signature of the bureau", 100),
		TEXT_OF(department, "Chữ ký Sở", "Signature of the department", 100), END },
	.title = { AT(at) }, .list = { AT(at), AT(seq), AT(base.org) }, .sort = { AT(at) },
	.unique = { { AT(base.org), AT(seq) } },
	.grants = GRANTS{ { &principal, &at_org, READ | EXPORT }, { &dept_inspector, &in_tree, READ | EXPORT },
		{ &dept_leader, &in_tree, READ }, { &auditor, &in_tree, READ }, { 0 } } };
#undef ROW

#define ROW struct conduct
const struct entity conduct = { .name = "conduct", .label = { "Rèn luyện", "Conduct" }, .size = sizeof(ROW),
	.keeps = HISTORY, .icon = "users",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FIXED | FILTER },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | FIXED | FILTER },
		{ COL(term), .label = { "Học kì", "Term" }, .is = FIXED | FILTER, .pick = rating_terms },
		{ COL(level), .label = { "Mức", "Level" }, .is = FILTER, .pick = conduct_levels, .check = conduct_makes_sense },
		{ COL(summer), .label = { "Sau rèn luyện hè", "After summer" }, .pick = conduct_levels },
		{ COL(qualities), .label = { "Phẩm chất, năng lực", "Qualities" }, .max = 100 },
		{ COL(remark), .label = { "Nhận xét", "Remark" }, .is = LONG, .max = 1000 },
		{ COL(verdict), .label = { "Xét cuối năm (tiểu học)", "Verdict of the year (primary)" }, .pick = verdicts },
		END },
	.title = { AT(pupil), AT(term) }, .list = { AT(pupil), AT(class), AT(term), AT(level), AT(summer) },
	.sort = { AT(class) },
	.unique = { { AT(base.org), AT(class), AT(pupil), AT(term) } }, .anchor = { [ON_PERSON] = AT(pupil),
		[ON_CLASS] = AT(class) }, .before = conduct_org, .after = conduct_counts, .turned = conduct_counts,
	.grants = GRANTS{ { &form_teacher, &at_form, READ | CREATE | UPDATE }, { &teacher, &at_class, READ },
		SCHOOL_READS, FAMILY, ABOVE(READ), { 0 } } };
#undef ROW

static const struct choice exempt_terms[] = { [EXEMPT_BOTH] = { "both", { "Cả năm", "The whole year" } },
	[EXEMPT_TERM_1] = { "hk1", { "Học kì I", "Term I" } }, [EXEMPT_NONE] = { "none", { "Đã thôi miễn", "No more" } },
	END };
/* Upper secondary pupils choose four of nine subjects (TT 32/2018, 13/2022/TT-BGDĐT): one class may hold several
 * choices. What a pupil did not choose is not counted, and no transcript calls it an exemption. */
static const struct choice exempt_kinds[] = { [EXEMPT_FREE] = { "exempt", { "Được miễn", "Exempt" } },
	[EXEMPT_NOT_CHOSEN] = { "not_chosen", { "Không chọn môn này (môn lựa chọn)", "Did not choose this elective" } },
	END };
#define ROW struct exemption
const struct entity exemption = { .name = "exemption", .label = { "Miễn học", "Exemption" }, .size = sizeof(ROW),
	.keeps = HISTORY | FILES, .icon = "circle-check",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FIXED | FILTER },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | FIXED | FILTER },
		{ REF(subject, subject), .label = { "Môn", "Subject" }, .is = NEEDED | FIXED | FILTER,
			.check = exemption_makes_sense }, { COL(reason), .label = { "Lý do", "Reason" }, .is = NEEDED | LONG,
			.max = 500 },
		{ COL(until), .label = { "Miễn đến hết ngày", "Exempt until the end of" },
			.help = { "Để trống: cả năm học. Em được miễn từ lớp hay trường cũ mà nay thôi miễn: lập một dòng ở lớp "
				"hiện nay với ngày ấy; học kì kết thúc sau đó phải có điểm.",
				"Empty: the whole year. To end what an earlier class or school granted, add a row in the class of "
				"now with that day; a term that ends later needs marks." } },
		{ COL(covers), .label = { "Không tính trong", "Left out in" }, .is = DERIVED, .pick = exempt_terms },
		{ COL(kind), .label = { "Vì", "Because" }, .is = FILTER, .pick = exempt_kinds, .check = elective_only }, END },
	.title = { AT(pupil), AT(subject) }, .list = { AT(pupil), AT(class), AT(subject), AT(kind), AT(reason),
		AT(until) },
	.sort = { AT(class) },
	.unique = { { AT(base.org), AT(class), AT(pupil), AT(subject) } }, .anchor = { [ON_PERSON] = AT(pupil),
		[ON_CLASS] = AT(class) }, .before = exemption_org,
	.after = exemption_counts, .turned = exemption_turned,
	.grants = GRANTS{ { &principal, &at_org, READ | CREATE | UPDATE | RETIRE | EXPORT },
		{ &deputy, &at_org, READ | EXPORT },
		{ &clerk, &at_org, READ | CREATE | UPDATE | EXPORT }, { &form_teacher, &at_form, READ },
		{ &teacher, &at_class, READ }, FAMILY, ABOVE(READ), { 0 } } };
#undef ROW

static const struct choice lock_states[] = { [LOCK_OPEN] = { "open", { "Theo ngày tự khóa", "By its day" },
		INITIAL },
	[LOCK_LOCKED] = { "locked", { "Đã khóa", "Locked" } }, END };
static const struct grant school_heads[] = { { &principal, &at_org }, { 0 } },
	mark_heads[] = { { &principal, &at_org }, { &deputy, &at_org }, { 0 } },
	school_office[] = { { &principal, &at_org }, { &deputy, &at_org }, { &clerk, &at_org }, { 0 } };
#define ROW struct mark_lock
const struct entity mark_lock = { .name = "mark_lock", .label = { "Khóa sổ điểm", "Lock of marks" },
	.size = sizeof(ROW), .rows = 50000, .keeps = HISTORY, .icon = "lock",
	.fields = FIELDS{
		{ REF(year, school_year), .label = { "Năm học", "School year" }, .is = NEEDED | FIXED | FILTER },
		{ COL(term), .label = { "Học kì", "Term" }, .is = NEEDED | FIXED | FILTER, .pick = mark_terms,
			.fill = lock_term },
		{ COL(part), .label = { "Cột điểm", "Columns" }, .is = NEEDED | FIXED, .pick = parts },
		{ COL(on_day), .label = { "Tự khóa từ ngày", "Locks by itself on" } },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = lock_states },
		{ COL(note), .label = { "Ghi chú", "Note" }, .max = 500 },
		{ COL(locked_on), .label = { "Khóa ngày", "Locked on" }, .is = DERIVED }, END },
	.title = { AT(term), AT(part) }, .list = { AT(year), AT(term), AT(part), AT(on_day), AT(state), AT(locked_on) },
	.sort = { AT(on_day) },
	.unique = { { AT(base.org), AT(year), AT(term), AT(part) } },
	.flow = { AT(state), STEPS{ { "lock", { "Khóa sổ", "Lock" }, 1 << LOCK_OPEN, LOCK_LOCKED, school_office,
			.effect = lock_day },
		{ "unlock", { "Mở khóa", "Unlock" }, 1 << LOCK_LOCKED, LOCK_OPEN, mark_heads,
			.asks = { AT(note), AT(on_day) }, .effect = unlock_day }, END } },
	.grants = GRANTS{ { &principal, &at_org, READ | CREATE | UPDATE | RETIRE }, { &clerk, &at_org, READ | CREATE },
		{ &deputy, &at_org, READ | CREATE | UPDATE | RETIRE },
		{ &teacher, &at_org, READ }, { &form_teacher, &at_org, READ },
		ABOVE(READ), { 0 } } };
#undef ROW

const struct choice reopen_states[] = { [REOPEN_ASKED] = { "asked", { "Chờ duyệt", "Asked" }, INITIAL },
	[REOPEN_APPROVED] = { "approved", { "Được mở", "Approved" }, FINAL | LOCKED },
	[REOPEN_REFUSED] = { "refused", { "Không duyệt", "Refused" }, FINAL | LOCKED }, END };
#define ROW struct mark_reopen
const struct entity mark_reopen = { .name = "mark_reopen", .label = { "Đề nghị mở sổ điểm", "Request to reopen" },
	.size = sizeof(ROW), .rows = 50000, .keeps = HISTORY | COMMENTS, .icon = "edit",
	.fields = FIELDS{
		{ REF(course, course), .label = { "Sổ điểm", "Book" }, .is = NEEDED | FIXED | FILTER },
		{ COL(term), .label = { "Học kì", "Term" }, .is = NEEDED | FIXED | FILTER, .pick = mark_terms,
			.fill = reopen_term },
		{ COL(part), .label = { "Phần xin mở", "Part to reopen" }, .is = NEEDED | FIXED, .pick = reopen_parts,
			.among = reopen_among },
		{ COL(reason), .label = { "Lý do", "Reason" }, .is = NEEDED | FIXED | LONG, .max = 1000 },
		{ COL(until), .label = { "Được ghi đến hết ngày", "May write until" }, .is = DERIVED,
			.help = { "Để trống: hết hôm nay.", "Empty: until the end of today." } },
		{ COL(answer), .label = { "Lý do không duyệt", "Why it is refused" }, .is = DERIVED | LONG, .max = 1000 },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = reopen_states }, END },
	.title = { AT(course), AT(term) }, .list = { AT(course), AT(term), AT(part), AT(reason), AT(until), AT(state) },
	.sort = { AT(course) },
	.anchor = { [ON_COURSE] = AT(course) }, .check = reopen_makes_sense, .before = reopen_org, .after = reopen_tell,
	.flow = { AT(state), STEPS{ { "approve", { "Cho mở", "Approve" }, 1 << REOPEN_ASKED, REOPEN_APPROVED,
		mark_heads, .asks = { AT(until) }, .guard = reopen_guard, .effect = reopen_approve },
		{ "refuse", { "Không duyệt", "Refuse" }, 1 << REOPEN_ASKED, REOPEN_REFUSED, mark_heads,
			.asks = { AT(answer) }, .must = 1, .guard = reopen_answered, .effect = reopen_refuse }, END } },
	.grants = GRANTS{ { &teacher, &at_course, READ | CREATE }, { &form_teacher, &at_course, READ | CREATE },
		{ &principal, &at_org, READ }, { &deputy, &at_org, READ }, { &clerk, &at_org, READ },
		{ &dept_inspector, &in_tree, READ }, { 0 } } };
#undef ROW

#define ROW struct phrase
const struct entity phrase = { .name = "phrase", .label = { "Mẫu câu nhận xét", "Phrase" }, .size = sizeof(ROW),
	.rows = 100000, .icon = "edit",
	.fields = FIELDS{
		{ REF(teacher, person), .label = { "Giáo viên", "Teacher" }, .is = DERIVED },
		{ COL(text), .label = { "Câu", "Sentence" }, .is = NEEDED | LONG, .max = 1000 },
		{ COL(keys), .label = { "Gõ tắt", "Keys" }, .max = 12,
			.help = { "Gõ mấy chữ này vào ô nhận xét rồi Enter.", "Type these in a remark, then Enter." } },
		{ REF(subject, subject), .label = { "Riêng cho môn", "Only for the subject" }, .is = FILTER }, END },
	.title = { AT(text) }, .list = { AT(text), AT(keys), AT(subject) }, .sort = { AT(keys) },
	.anchor = { [ON_PERSON] = AT(teacher) }, .before = phrase_owner,
	.grants = GRANTS{ { &teacher, &own, READ | CREATE | UPDATE | RETIRE },
		{ &form_teacher, &own, READ | CREATE | UPDATE | RETIRE }, { 0 } } };
#undef ROW

#define ROW struct mark_template
const struct entity mark_template = { .name = "mark_template", .label = { "Mẫu Excel sổ điểm", "Excel form of marks" },
	.size = sizeof(ROW), .rows = 2000, .keeps = HISTORY, .icon = "table",
	.fields = FIELDS{
		{ COL(name), .label = { "Tên mẫu", "Name" }, .is = NEEDED | SEARCH, .max = 200 },
		{ COL(file), .label = { "Tệp .xlsx chưa có điểm", "File .xlsx without marks" }, .check = template_readable,
			.help = { "Mẫu của vnEdu, SMAS hay của trường; giáo viên chọn khi xuất sổ điểm.",
				"A form of vnEdu, SMAS or the school; teachers choose it when they export." } }, END },
	.title = { AT(name) }, .list = { AT(name) }, .sort = { AT(name) }, .unique = { { AT(base.org), AT(name) } },
	.grants = GRANTS{ { &principal, &at_org, READ | CREATE | UPDATE | RETIRE },
		{ &deputy, &at_org, READ | CREATE | UPDATE | RETIRE },
		{ &clerk, &at_org, READ | CREATE | UPDATE | RETIRE }, { &teacher, &at_org, READ },
		{ &form_teacher, &at_org, READ }, { 0 } } };
#undef ROW

/* What the circulars' files call their levels and titles, for lists over years of several circulars; pages of a class
 * have them from the scheme itself. */
static const struct choice levels[] = { { "tot", { "Tốt", "Excellent" } }, { "gioi", { "Giỏi", "Excellent" } },
	{ "kha", { "Khá", "Good" } }, { "dat", { "Đạt", "Pass" } }, { "trung_binh", { "Trung bình", "Average" } },
	{ "chua_dat", { "Chưa đạt", "Not yet" } }, { "yeu", { "Yếu", "Weak" } }, { "kem", { "Kém", "Poor" } },
	{ "hoan_thanh_xuat_sac", { "Hoàn thành xuất sắc", "Outstandingly completed" } },
	{ "hoan_thanh_tot", { "Hoàn thành tốt", "Well completed" } }, { "hoan_thanh", { "Hoàn thành", "Completed" } },
	{ "chua_hoan_thanh", { "Chưa hoàn thành", "Not completed" } }, END },
	titles[] = { { "xuat_sac", { "Học sinh Xuất sắc", "Outstanding pupil" } },
	{ "gioi", { "Học sinh Giỏi", "Excellent pupil" } }, { "tien_tien", { "Học sinh tiên tiến", "Advanced pupil" } },
	{ "tieu_bieu", { "Học sinh Tiêu biểu", "Exemplary pupil" } },
	{ "vuot_troi", { "Có thành tích vượt trội hay tiến bộ vượt bậc", "Outstanding progress" } }, END },
	circulars[] = { { "tt22", { "Thông tư 22/2021/TT-BGDĐT", "Circular 22/2021/TT-BGDĐT" } },
	{ "tt27", { "Thông tư 27/2020/TT-BGDĐT", "Circular 27/2020/TT-BGDĐT" } },
	{ "tt58", { "Thông tư 58/2011/TT-BGDĐT", "Circular 58/2011/TT-BGDĐT" } },
	{ "tt58-26", { "Thông tư 58/2011 và 26/2020/TT-BGDĐT", "Circulars 58/2011 and 26/2020/TT-BGDĐT" } },
	{ "tt30-22", { "Thông tư 30/2014 và 22/2016/TT-BGDĐT", "Circulars 30/2014 and 22/2016/TT-BGDĐT" } },
	{ "tt23-2010", { "Thông tư 23/2010/TT-BGDĐT", "Circular 23/2010/TT-BGDĐT" } }, END };

#define ROW struct year_result
const struct entity year_result = { .name = "year_result", .label = { "Kết quả năm học", "Result of the year" },
	.size = sizeof(ROW), .icon = "certificate",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(year, school_year), .label = { "Năm học", "School year" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(scheme), .label = { "Quy chế", "Scheme" }, .is = DERIVED, .max = 32, .pick = circulars },
		{ COL(hk1), .label = { "Học kì I", "Term I" }, .is = DERIVED, .max = 32, .pick = levels },
		{ COL(hk2), .label = { "Học kì II", "Term II" }, .is = DERIVED, .max = 32, .pick = levels },
		{ COL(level), .label = { "Cả năm", "Year" }, .is = DERIVED | FILTER, .max = 32, .pick = levels },
		{ COL(conduct), .label = { "Rèn luyện", "Conduct" }, .is = DERIVED, .max = 32, .pick = conduct_levels },
		{ COL(standing), .label = { "Lên lớp", "Standing" }, .is = DERIVED | FILTER, .max = 32, .pick = standings },
		{ COL(title), .label = { "Danh hiệu", "Title" }, .is = DERIVED | FILTER, .max = 32, .pick = titles },
		/* in words: the pupil's own page, one click away (routes.c) */
		CODED_OF(averages, "Điểm các môn", "Averages", 1000), CODED_OF(why, "Lý do", "Why", 1000),
		CODED_OF(retests, "Môn kiểm tra lại", "Subjects to retest", 400),
		CODED_OF(positions, "Vị trí sổ", "Positions", 400), { COL(overall),
			.label = { "Trung bình các môn", "Overall" }, .is = DERIVED | TENTHS, .max = 1000 },
		{ COL(absences), .label = { "Số buổi vắng", "Absences" }, .is = DERIVED }, END },
	.title = { AT(pupil), AT(year) }, .list = { AT(pupil), AT(class), AT(hk1), AT(hk2), AT(level), AT(conduct),
		AT(standing), AT(title) }, .sort = { AT(class) }, .of_year = AT(year),
	.unique = { { AT(base.org), AT(class), AT(pupil) } }, .anchor = { [ON_PERSON] = AT(pupil), [ON_CLASS] = AT(class) },
	.grants = GRANTS{ { &form_teacher, &at_form, READ | PRINT },
		{ &principal, &at_org, READ | EXPORT | PRINT }, { &clerk, &at_org, READ | EXPORT | PRINT },
		{ &deputy, &at_org, READ | EXPORT | PRINT }, FAMILY,
		ABOVE(READ | EXPORT), { 0 } } };
#undef ROW

struct records_settings { str parameters; };
static const struct choice close_states[] = { [CLOSE_CLOSED] = { "closed", { "Đã chốt", "Closed" }, SETTLED },
	[CLOSE_OPEN] = { "open", { "Đang mở", "Open" }, INITIAL }, END };
#define ROW struct class_close
const struct entity class_close = { .name = "class_close", .label = { "Chốt sổ lớp", "Closed class" },
	.size = sizeof(ROW), .rows = 100000, .keeps = HISTORY, .icon = "lock",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(year, school_year), .label = { "Năm học", "School year" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(term), .label = { "Học kì", "Term" }, .is = DERIVED | FILTER, .pick = mark_terms },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = close_states },
		{ COL(missing), .label = { "Chỗ còn thiếu khi chốt", "Gaps when closed" }, .is = DERIVED },
		{ COL(reason), .label = { "Lý do", "Reason" }, .is = LONG, .max = 500 },
		{ COL(locked_on), .label = { "Khóa ngày", "Locked on" }, .is = DERIVED },
		{ COL(opened_on), .label = { "Mở lại ngày", "Opened again on" }, .is = DERIVED }, END },
	.title = { AT(class), AT(term) },
	.list = { AT(class), AT(year), AT(term), AT(state), AT(missing), AT(locked_on) },
	.sort = { AT(class) }, .of_year = AT(year),
	.unique = { { AT(base.org), AT(class), AT(term) } }, .anchor = { [ON_CLASS] = AT(class) },
	.flow = { AT(state), STEPS{ { "reopen", { "Mở lại", "Reopen" }, 1 << CLOSE_CLOSED, CLOSE_OPEN, school_heads,
			.asks = { AT(reason) }, .guard = reopen_says_why, .effect = reopen_day },
		{ "close", { "Chốt", "Close" }, 1 << CLOSE_OPEN, CLOSE_CLOSED, .effect = close_day }, END } },
	.grants = GRANTS{ { &principal, &at_org, READ }, { &clerk, &at_org, READ }, { &teacher, &at_class, READ },
		{ &deputy, &at_org, READ },
		{ &form_teacher, &at_form, READ }, ABOVE(READ), { &bureau_leader, &in_tree, READ },
		{ &commune_officer, &in_tree, READ }, { 0 } } };
#undef ROW

const struct choice note_kinds[] = { { "plan", { "Kế hoạch", "Plan" } }, { "note", { "Ghi chép", "Note" } },
	{ "meeting", { "Họp phụ huynh, sinh hoạt lớp", "Meeting" } },
	{ "family", { "Trao đổi với gia đình", "Word with a family" } }, END };
#define ROW struct form_note
const struct entity form_note = { .name = "form_note", .label = { "Sổ chủ nhiệm", "Form teacher's book" },
	.size = sizeof(ROW), .keeps = HISTORY | FILES, .icon = "notebook",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FIXED | FILTER },
		{ COL(on_day), .label = { "Ngày", "Day" }, .is = NEEDED, .fill = note_today },
		{ COL(kind), .label = { "Loại", "Kind" }, .is = FILTER, .pick = note_kinds },
		{ REF(pupil, person), .label = { "Về học sinh", "About" }, .is = FILTER, .check = note_of_class },
		{ COL(text), .label = { "Nội dung", "Text" }, .is = NEEDED | LONG, .max = 2000 }, END },
	.title = { AT(class), AT(on_day) }, .list = { AT(on_day), AT(class), AT(kind), AT(pupil), AT(text) },
	.sort = { AT(on_day) }, .anchor = { [ON_CLASS] = AT(class) }, .check = note_is_ones_own, .before = note_org,
	.turned = note_turned,
	.grants = GRANTS{ { &form_teacher, &at_form, READ | CREATE | UPDATE | RETIRE }, { &principal, &at_org, READ },
		{ &deputy, &at_org, READ }, { 0 } } };
#undef ROW

#define ROW struct records_settings
static const struct shape settings_shape = { sizeof(ROW), FIELDS{ { COL(parameters),
	.label = { "Tham số quy chế (mỗi dòng: quy_chế.tham_số=giá_trị)",
		"Parameters of schemes (a line each: scheme.parameter=value)" },
	.help = { "Điều văn bản để trống mà đơn vị định: tt23-2010.share=70 là trẻ 5 tuổi đạt khi đủ 70 % chỉ số ở "
		"mỗi lĩnh vực.",
		"What circulars leave open: tt23-2010.share=70 says that five-year-olds meet 70 % of the indices of each "
		"domain." },
	.is = LONG, .max = 2000, .check = parameters_ok }, END } };
#undef ROW

const struct module mod_records = { .name = "records", .label = { "Sổ điểm", "Marks" }, .schema = 12,
	.needs = NEEDS(&mod_org, &mod_people, &mod_school),
	.entities = ENTITIES(&course, &mark, &ledger_entry, &ledger_seal, &conduct, &exemption, &mark_lock, &mark_reopen,
		&year_result, &class_close, &form_note, &phrase, &mark_template),
	.routes = records_routes, .prints = records_prints, .reports = records_reports, .jobs = records_jobs,
	.places = records_places, .cards = records_cards, .scopes = scopes,
	.settings = &settings_shape, .takes = records_takes };
