/* excel.c -- the Excel bridge, declared: no rows of its own. */
#include "mod/excel/excel.h"
#include "mod/auth/auth.h"
#include "mod/records/records.h"

const struct module mod_excel = { .name = "excel", .label = { "Cầu nối Excel", "Excel bridge" },
	.needs = NEEDS(&mod_org, &mod_people, &mod_auth, &mod_school, &mod_records), .routes = excel_routes, .places =
		excel_places };
