/* modules.h -- the modules of this program, each after the ones it needs; closed by NULL. */
#ifndef KHUE_MODULES_H
#define KHUE_MODULES_H
#include "core/decl.h"
extern const struct module *const all_modules[];
#endif
