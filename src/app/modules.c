/* modules.c -- a new module is one line here and one in src/mod/meson.build. */
#include "app/modules.h"

const struct module *const all_modules[] = {
	NULL
};
