/* keep.c -- what modules keep beside the database: data_folder and kept of ctx.h. */
#include "core/app.h"

#include <stdlib.h>

const char *data_folder(const struct ctx *c)
{
	return c->app->data ? c->app->data : ".";
}

void *kept(const struct ctx *c, const struct module *m, size_t size)
{
	for (int i = 0; c->app->kept && c->app->modules[i]; i++) {
		if (c->app->modules[i] != m)
			continue;
		if (!c->app->kept[i])
			c->app->kept[i] = calloc(1, size);
		return c->app->kept[i];
	}
	return NULL;
}
