/* row_check.h -- fields_check of row.h in two parts, for the engines that write rows. */
#ifndef KHUE_ROW_CHECK_H
#define KHUE_ROW_CHECK_H
#include "core/ctx.h"
/* Only fields that have all of `with` and none of `without`. */
enum rc fields_check_some(struct ctx *c, const struct field *fields, const void *row, uint32_t with, uint32_t without);
struct input;
/* Whether this input may set the field: see struct input of row.h. */
bool input_sets(const struct input *in, const struct field *f);
#endif
