/* modules.h -- the modules of this program, each after the ones it needs; closed by NULL. */
#ifndef KHUE_MODULES_H
#define KHUE_MODULES_H
#include "core/app.h"
extern const struct module *const all_modules[];
extern actor_fn *const signs_in;                      /* finds who a session or token belongs to */
#endif
