/* split.h -- which class goes to which school when one is divided, within the module. */
#ifndef KHUE_SPLIT_H
#define KHUE_SPLIT_H
#include "mod/school/school_rules.h"
struct split_in      { org_change_id change; };
struct split_option  { int64_t id; str name; bool current; };
struct split_class   { int64_t i, id; str name; int64_t size, part; items options; };
struct split_view    { str title; int64_t change; bool none, few; items classes; };
struct split_choice  { school_class_id class; org_change_part_id part; };
struct split_save    { org_change_id change; items rows; };
extern const struct shape split_in_shape, split_shape, split_save_shape;
handle_fn split_page, split_post;
bool split_stands(struct ctx *c, const void *row);       /* whether classes of this reorganisation are shared out */
#endif
