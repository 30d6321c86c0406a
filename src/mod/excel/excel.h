/* excel.h -- the Excel bridge: workbooks of the Ministry's database and of vnEdu, filled and read back. */
#ifndef KHUE_EXCEL_H
#define KHUE_EXCEL_H
#include "mod/school/school.h"
extern const struct module mod_excel;
extern const struct route excel_routes[];
extern const struct place excel_places[];
#endif
