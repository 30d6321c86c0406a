/* school.c -- years, subjects, classes, enrolment, teaching, moves, attendance, declared. */
#include "mod/school/school.h"
#include "mod/school/school_rules.h"

const struct choice grades[] = { { "nt", { "Nhà trẻ", "Nursery" } },
	{ "mg3", { "Mẫu giáo 3–4 tuổi", "Kindergarten 3–4" } }, { "mg4", { "Mẫu giáo 4–5 tuổi", "Kindergarten 4–5" } },
	{ "mg5", { "Mẫu giáo 5–6 tuổi", "Kindergarten 5–6" } }, { "1", { "Lớp 1", "Grade 1" } },
	{ "2", { "Lớp 2", "Grade 2" } }, { "3", { "Lớp 3", "Grade 3" } },
	{ "4", { "Lớp 4", "Grade 4" } }, { "5", { "Lớp 5", "Grade 5" } }, { "6", { "Lớp 6", "Grade 6" } },
	{ "7", { "Lớp 7", "Grade 7" } }, { "8", { "Lớp 8", "Grade 8" } },
	{ "9", { "Lớp 9", "Grade 9" } }, { "10", { "Lớp 10", "Grade 10" } }, { "11", { "Lớp 11", "Grade 11" } },
	{ "12", { "Lớp 12", "Grade 12" } }, END };
const struct choice sessions[] = { { "morning", { "Buổi sáng", "Morning" } },
	{ "afternoon", { "Buổi chiều", "Afternoon" } }, { "both", { "Cả ngày", "Whole day" } }, END };

#define READ_REFERENCE { &signed_in, &everywhere, READ }, { &dept_officer, &everywhere, \
	READ | CREATE | UPDATE | EXPORT }, { &operator_, &everywhere, READ | CREATE | UPDATE | EXPORT }
#define ROW struct school_year
const struct entity school_year = { .name = "school_year", .label = { "Năm học", "School year" }, .size = sizeof(ROW),
	.rows = 10, .keeps = HISTORY | SHARED, .icon = "calendar",
	.fields = FIELDS{
		{ COL(code),  .label = { "Năm học", "School year" }, .is = NEEDED | FIXED | SEARCH, .max = 9,
			.check = school_year_code_ok },
		{ COL(year),  .label = { "Năm bắt đầu", "First year" }, .is = DERIVED, .min = 1990, .max = 2200 },
		{ COL(since), .label = { "Ngày bắt đầu", "Begins" }, .is = NEEDED },
		{ COL(until), .label = { "Ngày kết thúc", "Ends" }, .is = NEEDED }, END },
	.title = { AT(code) }, .list = { AT(code), AT(since), AT(until) }, .sort = { AT(year) }, .unique = { { AT(code) } },
	.check = school_year_makes_sense, .before = school_year_before, .grants = GRANTS{ READ_REFERENCE, { 0 } } };
#undef ROW
#define ROW struct term
const struct entity term = { .name = "term", .label = { "Học kì", "Term" }, .size = sizeof(ROW), .rows = 20,
	.keeps = HISTORY | SHARED, .icon = "calendar",
	.fields = FIELDS{
		{ REF(year, school_year), .label = { "Năm học", "School year" }, .is = NEEDED | FIXED | FILTER },
		{ COL(code),  .label = { "Mã", "Code" }, .is = NEEDED | FIXED, .max = 5 },
		{ COL(name), .label = { "Tên", "Name" }, .is = NEEDED, .max = 40 },
		{ COL(since), .label = { "Ngày bắt đầu", "Begins" }, .is = NEEDED },
		{ COL(until), .label = { "Ngày kết thúc", "Ends" }, .is = NEEDED },
		{ COL(mid_due), .label = { "Hạn khóa sổ giữa kì", "Mid-term marks locked by" },
			.help = { "Để trống: 7 ngày sau giữa học kì", "Empty: 7 days after the middle of the term" } },
		{ COL(due), .label = { "Hạn khóa sổ học kì", "Marks of the term locked by" },
			.help = { "Để trống: 7 ngày sau ngày kết thúc", "Empty: 7 days after it ends" } }, END },
	.title = { AT(name), AT(year) }, .list = { AT(name), AT(year), AT(since), AT(until), AT(due) },
	.sort = { AT(since) },
	.unique = { { AT(year), AT(code) } }, .of_year = AT(year),
	.check = term_makes_sense, .grants = GRANTS{ READ_REFERENCE, { 0 } } };
#undef ROW
#define ROW struct subject
#define LESSONS(g, n) { COL(g), .label = { "Số tiết lớp " n, "Lessons, grade " n }, .max = 1000 }
const struct entity subject = { .name = "subject", .label = { "Môn học", "Subject" }, .size = sizeof(ROW),
	.rows = 100, .keeps = HISTORY | SHARED, .icon = "book",
	.fields = FIELDS{
		{ COL(code), .label = { "Mã môn", "Code" }, .is = NEEDED | FIXED | SEARCH, .max = 20 },
		{ COL(name), .label = { "Tên môn", "Name" }, .is = NEEDED | SEARCH, .max = 80 },
		{ COL(comment_only), .label = { "Chỉ đánh giá bằng nhận xét", "Comments only" }, .is = FILTER },
		LESSONS(g1, "1"), LESSONS(g2, "2"), LESSONS(g3, "3"), LESSONS(g4, "4"), LESSONS(g5, "5"), LESSONS(g6, "6"),
		LESSONS(g7, "7"), LESSONS(g8, "8"),
		LESSONS(g9, "9"), LESSONS(g10, "10"), LESSONS(g11, "11"), LESSONS(g12, "12"), END },
	.title = { AT(name) }, .list = { AT(name), AT(code), AT(comment_only) }, .sort = { AT(name) },
	.unique = { { AT(code) } },
	.grants = GRANTS{ READ_REFERENCE, { 0 } } };
#undef ROW

/* who reads what a school runs on: its own people and the tiers above */
#define ABOVE { &dept_officer, &in_tree, READ | EXPORT }, { &dept_leader, &in_tree, READ | EXPORT }, \
	{ &dept_inspector, &in_tree, READ | EXPORT }, \
	{ &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ }, { &api_client, &in_tree, READ }
#define ROW struct school_class
const struct entity school_class = { .name = "school_class", .label = { "Lớp", "Class" }, .size = sizeof(ROW),
	.rows = 60000, .keeps = HISTORY, .icon = "school",
	.fields = FIELDS{
		{ REF(year, school_year),    .label = { "Năm học", "School year" }, .is = NEEDED | FIXED | FILTER,
			.fill = class_year },
		{ COL(name),                 .label = { "Tên lớp", "Class" }, .is = NEEDED | SEARCH, .max = 20, .also = "Lớp" },
		{ COL(grade),                .label = { "Khối", "Grade" }, .is = NEEDED | FILTER, .pick = grades },
		{ COL(session),              .label = { "Buổi học", "Session" }, .is = FILTER, .pick = sessions },
		{ REF(form_teacher, person), .label = { "Giáo viên chủ nhiệm", "Form teacher" }, .is = FILTER },
		{ REF(room, facility),       .label = { "Phòng học", "Room" } },
		{ COL(most),                 .label = { "Sĩ số tối đa", "Most pupils" }, .max = 60,
			.help = { "Để trống: theo điều lệ trường của khối này.", "Empty: as the charter has it for the grade." } },
		{ COL(size),                 .label = { "Sĩ số", "Pupils" }, .is = DERIVED },
		{ COL(note),                 .label = { "Ghi chú", "Note" }, .max = 500 }, END },
	.title = { AT(name) }, .list = { AT(name), AT(grade), AT(form_teacher), AT(size), AT(session), AT(room),
		AT(base.org) }, .sort = { AT(grade), AT(name) },
	.unique = { { AT(base.org), AT(year), AT(name) } }, .of_year = AT(year),
	.check = class_makes_sense, .before = class_most, .after = class_after,
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | UPDATE | RETIRE | IMPORT | EXPORT | PRINT },
		{ &principal, &at_org, READ | CREATE | UPDATE | EXPORT | PRINT }, { &deputy, &at_org, READ | EXPORT | PRINT },
		{ &teacher, &at_org, READ | PRINT }, { &form_teacher, &at_org, READ | PRINT }, { &it_officer, &at_org, READ },
		{ &librarian, &at_org, READ },
		{ &accountant, &at_org, READ }, ABOVE, { 0 } } };
#undef ROW

static const struct choice enrolment_states[] = { [ENR_STUDYING] = { "studying", { "Đang học", "Studying" },
	INITIAL | SETTLED }, [ENR_MOVED] = { "moved", { "Chuyển trường", "Moved" }, FINAL | LOCKED },
	[ENR_DROPPED] = { "dropped", { "Bỏ học", "Dropped out" } },
	[ENR_PROMOTED] = { "promoted", { "Lên lớp", "Promoted" }, FINAL | LOCKED },
	[ENR_REPEATED] = { "repeated", { "Ở lại lớp", "Repeats" }, FINAL | LOCKED },
	[ENR_FINISHED] = { "finished", { "Hoàn thành cấp học", "Finished" }, FINAL | LOCKED },
	[ENR_SUSPENDED] = { "suspended", { "Bảo lưu", "Suspended" } },
	[ENR_CHANGED] = { "changed", { "Chuyển lớp", "Changed class" }, FINAL | LOCKED }, END };
static const struct choice enrolment_kinds[] = { { "new", { "Tuyển mới", "New" } },
	{ "promoted", { "Lên lớp", "Promoted" } }, { "moved_in", { "Chuyển đến", "Moved in" } },
	{ "returned", { "Học lại", "Returned" } }, { "repeated", { "Lưu ban", "Repeating" } },
	{ "class_change", { "Chuyển lớp", "Changed class" } }, END };
static const struct grant school_office[] = { { &clerk, &at_org }, { &principal, &at_org }, { 0 } };
#define ROW struct enrolment
const struct entity enrolment = { .name = "enrolment", .label = { "Học sinh trong lớp", "Enrolment" },
	.size = sizeof(ROW), .keeps = HISTORY, .icon = "user-plus",
	.fields = FIELDS{
		{ REF(pupil, person),       .label = { "Học sinh", "Pupil" }, .is = NEEDED | FIXED | FILTER | HOLDS },
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FILTER | HOLDS },
		{ REF(year, school_year),   .label = { "Năm học", "School year" }, .is = NEEDED | DERIVED | FILTER,
			.fill = enrolment_year },
		{ COL(number),              .label = { "Số thứ tự", "Number" }, .max = 100 },
		{ COL(since),               .label = { "Từ ngày", "From" }, .is = NEEDED, .fill = enrolment_today },
		{ COL(until),               .label = { "Đến ngày", "Until" }, .is = DERIVED, .fill = enrolment_forever },
		{ COL(kind),                .label = { "Nguồn", "How" }, .is = FILTER, .pick = enrolment_kinds },
		{ COL(state),               .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER,
			.pick = enrolment_states },
		{ COL(note),                .label = { "Ghi chú", "Note" }, .max = 500 }, END },
	.title = { AT(pupil), AT(class) }, .list = { AT(pupil), AT(class), AT(state), AT(since), AT(kind) },
	.sort = { AT(since) }, .of_year = AT(year), .few = { AT(state) },
	.anchor = { [ON_PERSON] = AT(pupil), [ON_CLASS] = AT(class) },
	.check = enrolment_makes_sense, .before = enrolment_before, .after = enrolment_after,
	.turned = enrolment_after,
	.flow = { AT(state), STEPS{
		{ "drop", { "Bỏ học", "Drop out" }, 1 << ENR_STUDYING | 1 << ENR_SUSPENDED, ENR_DROPPED, school_office,
			.asks = { AT(note) }, .effect = enrolment_ends },
		{ "return", { "Học trở lại", "Return" }, 1 << ENR_DROPPED | 1 << ENR_SUSPENDED, ENR_STUDYING, school_office,
			.effect = enrolment_reopens },
		{ "suspend", { "Bảo lưu", "Suspend" }, 1 << ENR_STUDYING, ENR_SUSPENDED, school_office, .asks = { AT(note) },
			.effect = enrolment_ends },
		{ "move", { "Chuyển đi", "Move away" }, 1 << ENR_STUDYING, ENR_MOVED, .effect = enrolment_ends },
		{ "change", { "Chuyển lớp", "Change class" }, 1 << ENR_STUDYING, ENR_CHANGED, .effect = enrolment_ends },
		{ "promote", { "Lên lớp", "Promote" }, 1 << ENR_STUDYING, ENR_PROMOTED, .effect = enrolment_year_ends },
		{ "repeat", { "Ở lại lớp", "Repeat" }, 1 << ENR_STUDYING, ENR_REPEATED, .effect = enrolment_year_ends },
		{ "finish", { "Hoàn thành cấp học", "Finish" }, 1 << ENR_STUDYING, ENR_FINISHED,
			.effect = enrolment_year_ends },
		END } },
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | UPDATE | IMPORT | EXPORT | PRINT },
		{ &principal, &at_org, READ | CREATE | UPDATE | EXPORT | PRINT }, { &deputy, &at_org, READ | EXPORT | PRINT },
		{ &teacher, &at_class, READ | PRINT }, { &form_teacher, &at_form, READ | PRINT }, { &pupil, &own, READ },
		{ &parent, &own_child, READ }, ABOVE, { 0 } } };
#undef ROW

#define ROW struct teaching
const struct entity teaching = { .name = "teaching", .label = { "Phân công giảng dạy", "Teaching assignment" },
	.size = sizeof(ROW), .rows = 500000, .keeps = HISTORY, .icon = "presentation",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FIXED | FILTER },
		{ REF(teacher, person), .label = { "Giáo viên", "Teacher" }, .is = NEEDED | FILTER | HOLDS },
		{ REF(subject, subject),    .label = { "Môn", "Subject" }, .is = FILTER },
		{ COL(form), .label = { "Chủ nhiệm", "Form teacher" }, .is = FILTER },
		{ COL(lessons),             .label = { "Số tiết/tuần", "Lessons a week" }, .max = 40 },
		{ COL(since),               .label = { "Từ ngày", "From" }, .is = NEEDED, .fill = teaching_since },
		{ COL(until), .label = { "Đến ngày", "Until" }, .fill = teaching_until,
			.help = { "Bỏ trống: đến khi có thay đổi.", "Empty: until it is changed." } }, END },
	.title = { AT(teacher), AT(subject), AT(class) }, .list = { AT(class), AT(subject), AT(teacher), AT(form),
		AT(lessons) }, .sort = { AT(since) },
	.anchor = { [ON_PERSON] = AT(teacher), [ON_CLASS] = AT(class) }, .check = teaching_makes_sense,
	.before = teaching_before, .after = teaching_after, .turned = teaching_turned,
	.grants = GRANTS{ { &principal, &at_org, READ | CREATE | UPDATE | RETIRE | IMPORT | EXPORT | PRINT },
		{ &deputy, &at_org, READ | CREATE | UPDATE | RETIRE | IMPORT | EXPORT | PRINT },
		{ &clerk, &at_org, READ | CREATE | UPDATE | IMPORT | EXPORT | PRINT },
		{ &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }, ABOVE, { 0 } } };
#undef ROW

static const struct choice move_states[] = { [MOVE_ASKED] = { "asked", { "Đã gửi đơn", "Asked" }, INITIAL },
	[MOVE_ACCEPTED] = { "accepted", { "Trường đến đồng ý", "Accepted" } },
	[MOVE_RELEASED] = { "released", { "Trường đi đã giải quyết", "Released" } },
	[MOVE_DONE] = { "done", { "Đã tiếp nhận", "Received" }, FINAL | LOCKED },
	[MOVE_REFUSED] = { "refused", { "Không đồng ý", "Refused" }, FINAL | LOCKED },
	[MOVE_CANCELLED] = { "cancelled", { "Đã rút đơn", "Withdrawn" }, FINAL | LOCKED }, END };
static const struct choice move_reasons[] = { { "home", { "Theo gia đình chuyển chỗ ở", "The family moves" } },
	{ "health", { "Sức khỏe", "Health" } },
	{ "wish", { "Nguyện vọng", "Wish" } }, { "other", { "Lý do khác", "Other" } }, END };
static const struct grant receiving[] = { { &clerk, &at_other }, { &principal, &at_other }, { 0 } },
	leaving[] = { { &clerk, &at_org }, { &principal, &at_org }, { 0 } },
                          asking[] = { { &parent, &own_child }, { &clerk, &at_org }, { 0 } };
#define ROW struct move
const struct entity move = { .name = "move", .label = { "Chuyển trường", "Move between schools" },
	.size = sizeof(ROW), .rows = 20000, .keeps = HISTORY | FILES | COMMENTS, .icon = "door-exit",
	.fields = FIELDS{
		{ REF(pupil, person),            .label = { "Học sinh", "Pupil" }, .is = NEEDED | FIXED | FILTER },
		{ REF(to_org, org), .label = { "Trường chuyển đến", "To school" }, .is = NEEDED | FIXED | FILTER | LIVING },
		{ COL(grade),                    .label = { "Khối lớp", "Grade" }, .is = DERIVED | FILTER, .pick = grades },
		{ COL(reason), .label = { "Lý do", "Reason" }, .is = NEEDED, .pick = move_reasons },
		{ REF(from_class, school_class), .label = { "Lớp đang học", "Class left" }, .is = DERIVED },
		{ REF(to_class, school_class), .label = { "Lớp mới", "New class" }, .is = DERIVED },
		{ COL(asked),  .label = { "Ngày nộp đơn", "Asked on" }, .is = DERIVED | FILTER, .fill = move_today },
		{ COL(wanted), .label = { "Muốn chuyển từ ngày", "Wanted from" } },
		{ COL(done),   .label = { "Ngày tiếp nhận", "Received on" }, .is = DERIVED },
		{ COL(note), .label = { "Nội dung đơn", "Request" }, .is = LONG, .max = 2000 },
		{ COL(answer), .label = { "Ý kiến trả lời", "Answer" }, .is = DERIVED | LONG, .max = 2000 },
		{ COL(paper), .label = { "Giấy tờ kèm theo", "Paper" } },
		{ COL(state),  .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = move_states }, END },
	.title = { AT(pupil), AT(to_org) }, .list = { AT(pupil), AT(base.org), AT(to_org), AT(grade), AT(asked),
		AT(state) }, .sort = { AT(asked) },
	.anchor = { [ON_PERSON] = AT(pupil), [ON_UNIT] = AT(to_org) }, .check = move_makes_sense, .before = move_before,
	.after = move_after,
	.flow = { AT(state), STEPS{
		{ "accept", { "Đồng ý tiếp nhận", "Accept" }, 1 << MOVE_ASKED, MOVE_ACCEPTED, receiving,
			.asks = { AT(to_class), AT(answer) }, .guard = move_class_fits, .effect = move_tell },
		{ "refuse", { "Không tiếp nhận", "Refuse" }, 1 << MOVE_ASKED, MOVE_REFUSED, receiving, .asks = { AT(answer) },
			.must = 1, .guard = move_answer_given, .effect = move_tell },
		{ "release", { "Cho chuyển đi", "Release" }, 1 << MOVE_ACCEPTED, MOVE_RELEASED, leaving, .effect = move_tell },
		{ "hold", { "Chưa cho chuyển", "Do not release" }, 1 << MOVE_ACCEPTED, MOVE_REFUSED, leaving,
			.asks = { AT(answer) }, .must = 1, .guard = move_answer_given, .effect = move_tell },
		{ "receive", { "Tiếp nhận vào lớp", "Receive" }, 1 << MOVE_RELEASED, MOVE_DONE, receiving,
			.guard = move_class_fits, .effect = move_carry_over },
		{ "withdraw", { "Rút đơn", "Withdraw" }, 1 << MOVE_ASKED | 1 << MOVE_ACCEPTED, MOVE_CANCELLED, asking,
			.effect = move_tell }, END } },
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | EXPORT | PRINT },
		{ &clerk, &at_other, READ | EXPORT | PRINT }, { &principal, &at_org, READ | PRINT },
		{ &principal, &at_other, READ | PRINT },
		{ &parent, &own_child, READ | CREATE }, { &pupil, &own, READ }, { &form_teacher, &formed, READ }, ABOVE,
		{ 0 } } };
#undef ROW

#define ROW struct roll
const struct entity roll = { .name = "roll", .label = { "Lần điểm danh", "Roll call" }, .size = sizeof(ROW),
	.rows = 5000000, .keeps = HISTORY, .icon = "checklist",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(held), .label = { "Ngày", "Day" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(session),             .label = { "Buổi", "Session" }, .is = DERIVED | FILTER, .pick = sessions },
		{ REF(caller, person), .label = { "Người điểm danh", "Called by" }, .is = DERIVED },
		{ COL(present),             .label = { "Có mặt", "Present" }, .is = DERIVED },
		{ COL(absent), .label = { "Vắng", "Absent" }, .is = DERIVED }, { COL(late), .label = { "Muộn", "Late" },
			.is = DERIVED }, END },
	.title = { AT(class), AT(held) }, .list = { AT(held), AT(class), AT(session), AT(present), AT(absent), AT(late),
		AT(caller) }, .sort = { AT(held) },
	.unique = { { AT(base.org), AT(class), AT(held), AT(session) } }, .anchor = { [ON_CLASS] = AT(class) },
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | UPDATE | EXPORT }, { &principal, &at_org, READ | EXPORT },
		{ &deputy, &at_org, READ | EXPORT },
		{ &teacher, &at_class, READ | CREATE | UPDATE },
		{ &form_teacher, &at_form, READ | CREATE | UPDATE }, ABOVE, { 0 } } };
#undef ROW
static const struct choice absence_kinds[] = { [ABS_EXCUSED] = { "excused", { "Vắng có phép", "Excused" } },
	[ABS_UNEXCUSED] = { "unexcused", { "Vắng không phép", "Unexcused" } },
	[ABS_LATE] = { "late", { "Đi muộn", "Late" } }, END };
#define ROW struct absence
const struct entity absence = { .name = "absence", .label = { "Lượt vắng", "Absence" }, .size = sizeof(ROW),
	.rows = 5000000, .keeps = HISTORY, .icon = "user-x",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(held),   .label = { "Ngày", "Day" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(session), .label = { "Buổi", "Session" }, .is = DERIVED, .pick = sessions },
		{ COL(kind), .label = { "Loại", "Kind" }, .is = FILTER, .pick = absence_kinds },
		{ COL(note), .label = { "Lý do", "Reason" }, .max = 300 }, END },
	.title = { AT(pupil), AT(held) }, .list = { AT(held), AT(pupil), AT(class), AT(session), AT(kind), AT(note) },
	.sort = { AT(held) },
	.unique = { { AT(base.org), AT(pupil), AT(held), AT(session) } }, .anchor = { [ON_PERSON] = AT(pupil),
		[ON_CLASS] = AT(class) },
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | UPDATE | RETIRE | EXPORT },
		{ &principal, &at_org, READ | EXPORT }, { &deputy, &at_org, READ | EXPORT },
		{ &teacher, &at_class, READ | CREATE | UPDATE | RETIRE },
		{ &form_teacher, &at_form, READ | CREATE | UPDATE | RETIRE }, { &parent, &own_child, READ },
		{ &pupil, &own, READ }, ABOVE, { 0 } } };
#undef ROW

#define SCHOOL_PEOPLE { &clerk, &at_org, READ }, { &principal, &at_org, READ }
#define DEPUTY { &deputy, &at_org, READ }
#define TEACHERS { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }
#define TIERS { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ }
static const struct place places[] = {
	{ "attendance", "/attendance", "checklist", { "Điểm danh", "Attendance" }, { "Người học", "Learners" },
		GRANTS{ SCHOOL_PEOPLE, DEPUTY, TEACHERS, { 0 } } },
	{ "school_class", "/school_class", "school", { "Lớp học", "Classes" }, { "Dạy học", "Teaching" },
		GRANTS{ SCHOOL_PEOPLE, DEPUTY, TEACHERS, TIERS, { &librarian, &at_org, READ }, { &accountant, &at_org, READ },
			{ 0 } } },
	{ "teaching", "/teaching", "presentation", { "Phân công giảng dạy", "Teaching" }, { "Dạy học", "Teaching" },
		GRANTS{ SCHOOL_PEOPLE, DEPUTY, TEACHERS, { 0 } } },
	{ "move", "/move", "door-exit", { "Chuyển trường", "Moves" }, { "Người học", "Learners" },
		GRANTS{ SCHOOL_PEOPLE, TIERS, { &parent, &own_child, READ }, { 0 } } },
	{ "promote", "/school/promote", "arrow-up", { "Lên lớp hàng loạt", "Promotion" }, { "Người học", "Learners" },
		GRANTS{ SCHOOL_PEOPLE, { 0 } } },
	{ "absence", "/absence", "user-x", { "Theo dõi chuyên cần", "Absences" }, { "Người học", "Learners" },
		GRANTS{ SCHOOL_PEOPLE, DEPUTY, { &form_teacher, &at_form, READ }, TIERS, { 0 } } },
	{ "school_year", "/school_year", "calendar", { "Năm học", "School years" }, { "Hệ thống", "System" }, for_signed },
	{ "subject", "/subject", "book", { "Môn học", "Subjects" }, { "Dạy học", "Teaching" }, for_signed }, END };

const struct module mod_school = { .name = "school", .label = { "Nhà trường", "School" }, .schema = 6,
	.needs = NEEDS(&mod_org, &mod_people),
	.entities = ENTITIES(&school_year, &term, &subject, &school_class, &enrolment, &teaching, &move, &roll, &absence),
	.routes = school_routes, .reports = school_reports, .prints = school_prints, .jobs = school_jobs,
	.places = places, .cards = school_cards, .share = split_share };
