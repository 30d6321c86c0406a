/* routes.c -- every address of the module beyond the default pages, and its reports. */
#include "mod/school/attendance.h"
#include "mod/school/class.h"
#include "mod/school/promote.h"
#include "mod/school/split.h"

#define OFFICE { &clerk, &at_org, READ }, { &principal, &at_org, READ }
#define TEACHERS { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }
#define TIERS { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, \
	{ &dept_inspector, &in_tree, READ }, \
	{ &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ }
static const struct grant callers[] = { TEACHERS, OFFICE, { &deputy, &at_org, READ }, { 0 } },
                          office[] = { OFFICE, { 0 } },
                          readers[] = { OFFICE, { &deputy, &at_org, READ }, TEACHERS, TIERS,
	{ &librarian, &at_org, READ },
	{ &accountant, &at_org, READ }, { &it_officer, &at_org, READ }, { 0 } };

static const struct grant dividers[] = { { &dept_officer, &in_tree, READ }, { 0 } };

const struct route school_routes[] = {
	{ "GET",  "/school_class/{class}/pupils", readers, &class_in_shape, &class_shape, class_list, "school/class",
		{ .sql = 6, .ms = 30, .kb = 80 }, { "Danh sách lớp", "Class list" } },
	{ "GET",  "/enrolment/{enrolment}/class", office, &enrolment_in_shape, &change_page_shape, change_class_page,
		"school/change", { .sql = 8, .ms = 20, .kb = 30 }, { "Chuyển lớp", "Change class" } },
	{ "POST", "/enrolment/{enrolment}/class", office, &change_class_shape, NULL, change_class, NULL,
		{ .sql = 60, .ms = 80, .kb = 8 }, { "Chuyển lớp", "Change class" } },
	{ "GET",  "/attendance", callers, &rolls_in_shape, &rolls_shape, attendance_classes, "school/attendance",
		{ .sql = 8, .ms = 40, .kb = 60 }, { "Điểm danh", "Attendance" } },
	{ "GET",  "/attendance/{class}", callers, &roll_ask_shape, &roll_sheet_shape, attendance_sheet, "school/sheet",
		{ .sql = 12, .ms = 40, .kb = 60 }, { "Điểm danh lớp", "Roll of a class" } },
	{ "POST", "/attendance/{class}", callers, &call_in_shape, NULL, attendance_call, NULL,
		{ .sql = 600, .ms = 300, .kb = 4 }, { "Lưu điểm danh", "Save the roll" } },
	{ "GET",  "/roll/new", callers, NULL, NULL, attendance_go, NULL, { .sql = 4, .ms = 10, .kb = 4 },
		{ "Điểm danh", "Attendance" } },
	{ "GET",  "/school/promote", office, NULL, &promotes_shape, promote_classes, "school/promotes",
		{ .sql = 8, .ms = 40, .kb = 60 }, { "Lên lớp hàng loạt", "Promotion" } },
	{ "GET",  "/school/promote/{class}", office, &promote_in_shape, &promote_shape, promote_class, "school/promote",
		{ .sql = 12, .ms = 40, .kb = 60 }, { "Lên lớp một lớp", "Promotion of a class" } },
	{ "POST", "/school/promote/{class}", office, &promote_in_shape, NULL, promote_post, NULL,
		{ .sql = 2000, .ms = 1000, .kb = 8 }, { "Ghi kết quả lên lớp", "Save promotion" } },
	{ "GET",  "/org_change/{change}/classes", dividers, &split_in_shape, &split_shape, split_page, "school/split",
		{ .sql = 12, .ms = 40, .kb = 100 }, { "Chia lớp về trường mới", "Share classes out" },
		.stands = split_stands },
	{ "POST", "/org_change/{change}/classes", dividers, &split_save_shape, NULL, split_post, NULL,
		{ .sql = 900, .ms = 300, .kb = 8 }, { "Ghi chia lớp", "Save which class goes where" } }, END };

#define MOVERS OFFICE, { &parent, &own_child, READ }, { &dept_officer, &in_tree, READ }, \
	{ &commune_officer, &in_tree, READ }
const struct card school_cards[] = {
	{ "rolls", { "Điểm danh hôm nay", "Roll calls today" }, callers, &rolls_shape, card_rolls, "school/card_rolls" },
	{ "moves", { "Chuyển trường đang giải quyết", "Moves under way" }, GRANTS{ MOVERS, { 0 } }, &waiting_shape,
		card_moves, "school/card_moves" }, END };

const struct report school_reports[] = { END };
