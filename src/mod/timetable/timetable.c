/* timetable.c -- bells, timetables, lessons, covers, the lesson record, calendar addresses, declared. */
#include "mod/auth/auth.h"
#include "mod/timetable/timetable_rules.h"

const struct choice weekdays[] = { { "mon", { "Thứ Hai", "Monday" } }, { "tue", { "Thứ Ba", "Tuesday" } },
	{ "wed", { "Thứ Tư", "Wednesday" } }, { "thu", { "Thứ Năm", "Thursday" } }, { "fri", { "Thứ Sáu", "Friday" } },
	{ "sat", { "Thứ Bảy", "Saturday" } }, { "sun", { "Chủ nhật", "Sunday" } }, END };
static const struct choice timetable_states[] = { [TIMETABLE_DRAFT] = { "draft", { "Đang soạn", "Draft" }, INITIAL },
	[TIMETABLE_PUBLISHED] = { "published", { "Đã ban hành", "Published" }, LOCKED | SETTLED }, END };
static const struct choice cover_kinds[] = { [COVER_TAUGHT] = { "taught", { "Dạy thay", "Taught by another" } },
	[COVER_CANCELLED] = { "cancelled", { "Nghỉ tiết", "Cancelled" } },
	[COVER_EXTRA] = { "extra", { "Dạy bù, dạy thêm tiết", "Extra lesson" } }, END };
static const struct choice record_grades[] = { { "none", { "Chưa xếp loại", "Not rated" } }, { "a", { "Tốt", "Good" } },
	{ "b", { "Khá", "Fair" } }, { "c", { "Trung bình", "Average" } }, { "d", { "Yếu", "Weak" } }, END };

#define HALF(n, name, named) { #n, { name, named } }
const struct choice slot_names[] = {
	HALF(1, "Tiết 1 sáng", "Lesson 1, morning"), HALF(2, "Tiết 2 sáng", "Lesson 2, morning"),
	HALF(3, "Tiết 3 sáng", "Lesson 3, morning"), HALF(4, "Tiết 4 sáng", "Lesson 4, morning"),
	HALF(5, "Tiết 5 sáng", "Lesson 5, morning"), HALF(6, "Tiết 6 sáng", "Lesson 6, morning"),
	HALF(7, "Tiết 7 sáng", "Lesson 7, morning"), HALF(8, "Tiết 1 chiều", "Lesson 1, afternoon"),
	HALF(9, "Tiết 2 chiều", "Lesson 2, afternoon"), HALF(10, "Tiết 3 chiều", "Lesson 3, afternoon"),
	HALF(11, "Tiết 4 chiều", "Lesson 4, afternoon"), HALF(12, "Tiết 5 chiều", "Lesson 5, afternoon"),
	HALF(13, "Tiết 6 chiều", "Lesson 6, afternoon"), HALF(14, "Tiết 7 chiều", "Lesson 7, afternoon"), END };

#define ABOVE { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { &dept_inspector, &in_tree, READ }
#define OFFICE(v) { &clerk, &at_org, v }, { &principal, &at_org, v }, { &deputy, &at_org, v }
#define TEACHERS { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }
#define SLOT(m) { COL(m), .label = { "Tiết", "Lesson" }, .is = NEEDED, .min = 1, .max = SLOTS_DAY, .pick = slot_names }

#define ROW struct bell
const struct entity bell = { .name = "bell", .label = { "Giờ vào tiết", "Bell" }, .size = sizeof(ROW), .rows = 10000,
	.keeps = HISTORY, .icon = "clock",
	.fields = FIELDS{ SLOT(slot),
		{ COL(begins), .label = { "Vào lúc", "Begins" }, .is = NEEDED, .max = 5, .check = bell_makes_sense },
		{ COL(ends), .label = { "Hết lúc", "Ends" }, .is = NEEDED, .max = 5 }, END },
	.title = { AT(begins) }, .list = { AT(slot), AT(begins), AT(ends) }, .sort = { AT(slot) },
	.unique = { { AT(base.org), AT(slot) } },
	.grants = GRANTS{ OFFICE(READ | CREATE | UPDATE | RETIRE), TEACHERS, ABOVE, { 0 } } };
#undef ROW

static const struct grant heads[] = { { &principal, &at_org }, { &deputy, &at_org }, { 0 } };
#define ROW struct timetable
const struct entity timetable = { .name = "timetable", .label = { "Thời khóa biểu", "Timetable" },
	.size = sizeof(ROW), .rows = 5000, .keeps = HISTORY, .icon = "calendar",
	.fields = FIELDS{
		{ REF(year, school_year), .label = { "Năm học", "School year" }, .is = NEEDED | FIXED | FILTER,
			.fill = timetable_year },
		{ COL(name), .label = { "Tên", "Name" }, .is = NEEDED | SEARCH, .max = 100 },
		{ COL(since), .label = { "Áp dụng từ ngày", "In force from" }, .is = NEEDED | FILTER },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = timetable_states },
		{ COL(note), .label = { "Ghi chú", "Note" }, .max = 500 }, END },
	.title = { AT(name) }, .list = { AT(name), AT(since), AT(state), AT(year) }, .sort = { AT(since) },
	.of_year = AT(year),
	.unique = { { AT(base.org), AT(since), AT(name) } }, .check = timetable_makes_sense,
	.flow = { AT(state), STEPS{
		{ "publish", { "Ban hành", "Publish" }, 1 << TIMETABLE_DRAFT, TIMETABLE_PUBLISHED, heads,
			.guard = timetable_fits, .tell = &teacher },
		{ "reopen", { "Mở lại để sửa", "Reopen" }, 1 << TIMETABLE_PUBLISHED, TIMETABLE_DRAFT, heads }, END } },
	.grants = GRANTS{ OFFICE(READ | CREATE | UPDATE | RETIRE | EXPORT | PRINT), { &teacher, &at_org, READ | PRINT },
		{ &form_teacher, &at_org, READ | PRINT }, ABOVE, { 0 } } };
#undef ROW

#define ROW struct lesson
const struct entity lesson = { .name = "lesson", .label = { "Tiết học", "Lesson" }, .size = sizeof(ROW),
	.keeps = HISTORY, .icon = "calendar",
	.fields = FIELDS{
		{ REF(timetable, timetable), .label = { "Thời khóa biểu", "Timetable" }, .is = NEEDED | FIXED | FILTER,
			.fill = lesson_draft },
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FILTER },
		{ COL(weekday), .label = { "Thứ", "Weekday" }, .is = FILTER, .pick = weekdays }, SLOT(slot),
		{ COL(place), .label = { "Vị trí trong tuần", "Place in the week" }, .is = DERIVED },
		{ REF(subject, subject), .label = { "Môn", "Subject" }, .is = NEEDED | FILTER },
		{ REF(teacher, person), .label = { "Giáo viên", "Teacher" }, .is = FILTER },
		{ REF(room, facility), .label = { "Phòng", "Room" } }, END },
	.title = { AT(subject), AT(class) }, .list = { AT(class), AT(weekday), AT(slot), AT(subject), AT(teacher),
		AT(room), AT(timetable) }, .sort = { AT(slot) },
	.unique = { { AT(base.org), AT(timetable), AT(class), AT(place) } },
	.anchor = { [ON_PERSON] = AT(teacher), [ON_CLASS] = AT(class) }, .check = lesson_makes_sense,
	.before = lesson_org,
	.grants = GRANTS{ OFFICE(READ | CREATE | UPDATE | RETIRE | IMPORT | EXPORT), TEACHERS, ABOVE, { 0 } } };
#undef ROW

#define ROW struct cover
const struct entity cover = { .name = "cover", .label = { "Dạy thay, nghỉ, bù", "Cover" }, .size = sizeof(ROW),
	.rows = 200000, .keeps = HISTORY, .icon = "replace",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | FIXED | FILTER },
		{ COL(held), .label = { "Ngày", "Day" }, .is = NEEDED | FILTER }, SLOT(slot),
		{ COL(kind), .label = { "Thay đổi", "Change" }, .is = FILTER, .pick = cover_kinds },
		{ REF(subject, subject), .label = { "Môn", "Subject" } },
		{ REF(teacher, person), .label = { "Giáo viên dạy", "Teacher" }, .is = FILTER },
		{ REF(room, facility), .label = { "Phòng", "Room" } },
		{ COL(reason), .label = { "Lý do", "Reason" }, .max = 300 }, END },
	.title = { AT(class), AT(held) }, .list = { AT(held), AT(slot), AT(class), AT(kind), AT(subject), AT(teacher),
		AT(reason) }, .sort = { AT(held) },
	.unique = { { AT(base.org), AT(class), AT(held), AT(slot) } },
	.anchor = { [ON_PERSON] = AT(teacher), [ON_CLASS] = AT(class) }, .check = cover_makes_sense,
	.before = cover_org, .after = cover_tell, .turned = cover_turned,
	.grants = GRANTS{ OFFICE(READ | CREATE | UPDATE | RETIRE | EXPORT), TEACHERS, ABOVE, { 0 } } };
#undef ROW

#define ROW struct lesson_record
const struct entity lesson_record = { .name = "lesson_record", .label = { "Dòng sổ đầu bài", "Lesson record" },
	.size = sizeof(ROW), .rows = 10000000, .keeps = HISTORY, .icon = "book",
	.fields = FIELDS{
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(held), .label = { "Ngày", "Day" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(slot), .label = { "Tiết", "Lesson" }, .is = NEEDED | DERIVED, .min = 1, .max = SLOTS_DAY },
		{ REF(subject, subject), .label = { "Môn", "Subject" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(teacher, person), .label = { "Giáo viên", "Teacher" }, .is = DERIVED | FILTER },
		{ COL(number), .label = { "Tiết theo kế hoạch", "Number in the plan" }, .max = 1000 },
		{ COL(content), .label = { "Nội dung, tên bài", "Content" }, .is = NEEDED | SEARCH, .max = 500 },
		{ COL(absentees), .label = { "Học sinh vắng", "Absent" }, .max = 500 },
		{ COL(remark), .label = { "Nhận xét", "Remark" }, .max = 500 },
		{ COL(grade), .label = { "Xếp loại", "Rating" }, .is = FILTER, .pick = record_grades }, END },
	.title = { AT(content) }, .list = { AT(held), AT(slot), AT(class), AT(subject), AT(number), AT(content),
		AT(grade), AT(teacher) }, .sort = { AT(held) },
	.unique = { { AT(base.org), AT(class), AT(held), AT(slot) } },
	.anchor = { [ON_PERSON] = AT(teacher), [ON_CLASS] = AT(class) }, .check = record_in_time,
	.grants = GRANTS{ { &teacher, &at_class, READ }, { &form_teacher, &at_class, READ },
		{ &teacher, &own, READ | UPDATE }, { &form_teacher, &own, READ | UPDATE },
		{ &principal, &at_org, READ | EXPORT }, { &deputy, &at_org, READ | EXPORT },
		{ &clerk, &at_org, READ | EXPORT }, ABOVE, { 0 } } };
#undef ROW

#define ROW struct calendar_feed
const struct entity calendar_feed = { .name = "calendar_feed", .label = { "Địa chỉ lịch", "Calendar address" },
	.size = sizeof(ROW), .keeps = HISTORY, .icon = "calendar",
	.fields = FIELDS{
		{ REF(person, person), .label = { "Của", "Of" }, .is = NEEDED | DERIVED },
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = DERIVED },
		{ COL(digest), .label = { "Mã", "Digest" }, .is = DERIVED | SECRET, .max = 64 }, END },
	.title = { AT(person), AT(class) }, .list = { AT(person), AT(class) }, .sort = { AT(person) },
	.anchor = { [ON_PERSON] = AT(person) },
	.grants = GRANTS{ { &signed_in, &own, READ | RETIRE }, { 0 } } };
#undef ROW

static const char *const forget[] = { "timetable/forget_feeds", NULL };
const struct module mod_timetable = { .name = "timetable", .label = { "Thời khóa biểu", "Timetable" }, .schema = 1,
	.needs = NEEDS(&mod_org, &mod_people, &mod_school, &mod_auth),
	.entities = ENTITIES(&bell, &timetable, &lesson, &cover, &lesson_record, &calendar_feed),
	.routes = timetable_routes, .places = timetable_places, .cards = timetable_cards, .prints = timetable_prints,
	.came = timetable_came, .forget = forget };
