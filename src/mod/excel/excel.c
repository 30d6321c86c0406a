/* excel.c -- the Excel bridge, declared: no rows of its own. */
#include "mod/excel/excel_in.h"
#include "mod/auth/auth.h"
#include "mod/records/records.h"

const struct grant excel_office[] = { { &clerk, &at_org, READ }, { &principal, &at_org, READ }, { 0 } };
const struct take excel_takes[] = {
	{ "people", { "Biểu của Bộ, vnEdu: danh sách người", "Workbooks of the Ministry, vnEdu: people" }, &person,
		excel_office, "/excel" },
	{ "teaching", { "Biểu phân công giảng dạy", "Workbook of assignments" }, &teaching, excel_office, "/excel" }, END };

const struct module mod_excel = { .name = "excel", .label = { "Cầu nối Excel", "Excel bridge" },
	.needs = NEEDS(&mod_org, &mod_people, &mod_auth, &mod_school, &mod_records), .routes = excel_routes, .places =
		excel_places, .takes = excel_takes };
