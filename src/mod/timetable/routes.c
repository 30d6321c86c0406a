/* routes.c -- every address of the module beyond the default pages, its places and its card. */
#include "mod/timetable/timetable_rules.h"

#define OFFICE { &clerk, &at_org, READ }, { &principal, &at_org, READ }, { &deputy, &at_org, READ }
#define TEACHERS { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }
#define TIERS { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { &dept_inspector, &in_tree, READ }
#define FAMILY { &pupil, &own, READ }, { &parent, &own_child, READ }
static const struct grant office[] = { OFFICE, { 0 } }, staff[] = { OFFICE, TEACHERS, TIERS, { 0 } },
	everybody[] = { OFFICE, TEACHERS, TIERS, FAMILY, { 0 } }, school[] = { OFFICE, TEACHERS, { 0 } },
	subscribers[] = { OFFICE, TEACHERS, FAMILY, { 0 } }, teachers[] = { TEACHERS, { 0 } };

const struct route timetable_routes[] = {
	{ "GET",  "/schedule", everybody, NULL, &places_shape, schedule_home, "timetable/home",
		{ .sql = 12, .ms = 40, .kb = 80 },
		{ "Thời khóa biểu", "Timetable" } },
	{ "GET",  "/schedule/class/{class}", everybody, &schedule_in_shape, &week_shape, schedule_class, "timetable/week",
		{ .sql = 12, .ms = 40, .kb = 100 }, { "Thời khóa biểu lớp", "Timetable of a class" } },
	{ "GET",  "/schedule/teacher/{teacher}", staff, &schedule_in_shape, &week_shape, schedule_teacher, "timetable/week",
		{ .sql = 12, .ms = 40, .kb = 100 }, { "Lịch dạy", "Lessons of a teacher" } },
	{ "GET",  "/schedule/room/{room}", staff, &schedule_in_shape, &week_shape, schedule_room, "timetable/week",
		{ .sql = 12, .ms = 40, .kb = 100 }, { "Lịch phòng", "Lessons in a room" } },
	{ "GET",  "/schedule/away", office, &away_in_shape, &away_shape, away_get, "timetable/away",
		{ .sql = 100, .ms = 120, .kb = 800 }, { "Xếp dạy thay nhiều tiết", "Substitutes for several lessons" } },
	{ "POST", "/schedule/away", office, &away_in_shape, NULL, away_post, NULL,
		{ .sql = 3000, .ms = 800, .kb = 800 }, { "Ghi dạy thay nhiều tiết", "Save substitutes" } },
	{ "POST", "/schedule/feed", subscribers, &feed_post_shape, &feed_shape, feed_post, "timetable/feed",
		{ .sql = 24, .ms = 40, .kb = 40 }, { "Địa chỉ lịch", "Calendar address" } },
	{ "GET",  "/lich/{secret}", for_anyone, &feed_in_shape, NULL, feed_get, NULL, { .sql = 50, .ms = 80, .kb = 400 },
		{ "Lịch", "Calendar" } },
	{ "GET",  "/timetable/{timetable}/board", staff, &board_in_shape, &board_shape, board_get, "timetable/board",
		{ .sql = 12, .ms = 60, .kb = 400 }, { "Thời khóa biểu toàn trường", "Timetable of the school" } },
	{ "GET",  "/timetable/{timetable}/class/{class}", office, &enter_in_shape, &enter_shape, enter_get,
		"timetable/enter", { .sql = 12, .ms = 60, .kb = 200 }, { "Xếp lịch một lớp", "A class's lessons" } },
	{ "POST", "/timetable/{timetable}/class/{class}", office, &enter_post_shape, NULL, enter_post, NULL,
		{ .sql = 1200, .ms = 400, .kb = 200 }, { "Lưu lịch một lớp", "Save a class's lessons" } },
	{ "POST", "/timetable/{timetable}/copy", office, &copy_in_shape, NULL, copy_post, NULL,
		{ .sql = 200, .ms = 800, .kb = 400 }, { "Sao thời khóa biểu", "Copy a timetable" } },
	{ "GET",  "/timetable/{timetable}/import", office, &upload_in_shape, &upload_shape, import_page, "timetable/import",
		{ .sql = 12, .ms = 40, .kb = 60 }, { "Nhập từ tệp", "Import from a file" } },
	{ "POST", "/timetable/{timetable}/import", office, &upload_post_shape, &upload_shape, import_post,
		"timetable/import", { .sql = 200, .ms = 2000, .kb = 100 }, { "Nhập từ tệp", "Import from a file" } },
	{ "GET",  "/lessonbook", school, NULL, &books_shape, book_home, "timetable/books",
		{ .sql = 16, .ms = 40, .kb = 80 },
		{ "Sổ đầu bài", "Lesson records" } },
	{ "GET",  "/lessonbook/{class}", staff, &register_in_shape, &book_shape, book_get, "timetable/book",
		{ .sql = 20, .ms = 40, .kb = 160 }, { "Sổ đầu bài lớp", "Lesson record of a class" } },
	{ "POST", "/lessonbook/{class}", teachers, &book_post_shape, NULL, book_post, NULL,
		{ .sql = 60, .ms = 80, .kb = 160 },
		{ "Ghi sổ đầu bài", "Record a lesson" } },
	{ "GET",  "/lessonbook/{class}/roll", teachers, &roll_ask_shape, &roll_sheet_shape, lent_sheet, "school/sheet",
		{ .sql = 24, .ms = 40, .kb = 60 }, { "Điểm danh lớp dạy thay", "Roll of a class taken for another" } },
	{ "POST", "/lessonbook/{class}/roll", teachers, &call_in_shape, NULL, lent_call, NULL,
		{ .sql = 620, .ms = 300, .kb = 4 }, { "Lưu điểm danh lớp dạy thay", "Save the roll" } }, END };

const struct place timetable_places[] = {
	{ "schedule", "/schedule", "calendar", { "Thời khóa biểu", "Timetable" }, { "Dạy học", "Teaching" }, everybody },
	{ "timetable", "/timetable", "edit", { "Xếp thời khóa biểu", "Timetables" }, { "Dạy học", "Teaching" }, office },
	{ "cover", "/cover", "replace", { "Dạy thay, nghỉ, bù", "Covers" }, { "Dạy học", "Teaching" }, school },
	{ "away", "/schedule/away", "user-x", { "Xếp dạy thay nhiều tiết", "Substitutes for several lessons" },
		{ "Dạy học", "Teaching" }, office },
	{ "lessonbook", "/lessonbook", "book", { "Sổ đầu bài", "Lesson records" }, { "Dạy học", "Teaching" }, school },
	{ "bell", "/bell", "clock", { "Giờ vào tiết", "Bells" }, { "Dạy học", "Teaching" }, office }, END };

const struct card timetable_cards[] = {
	{ "lessons", { "Tiết dạy hôm nay", "My lessons today" }, teachers, &today_shape, card_today,
		"timetable/card_today" },
	END };
