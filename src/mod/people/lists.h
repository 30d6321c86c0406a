/* lists.h -- code lists of persons. */
#ifndef KHUE_LISTS_H
#define KHUE_LISTS_H
#include "core/decl.h"
extern const struct choice ethnic_groups[], religions[];
#endif
