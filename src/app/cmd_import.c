/* cmd_import.c -- khue import KIND FILE: which command reads which kind of file. */
#include "app/cli.h"

static const struct tr
	MSG_kind = { "Không nhập được loại \"{1}\". Có: {2}", "There is no import of \"{1}\". There are: {2}" };

static const struct { const char *name; int (*run)(struct cli *c); } kinds[] = {
	{ "pupils", import_pupils }, { "staff", import_staff }, { "schools", import_schools }, { "units", import_units },
	{ "boundaries", import_boundaries },
	{ "results", import_results },
};

int cmd_import(struct cli *c)
{
	const char *kind = cli_next(c);
	struct buf b;

	for (ptrdiff_t i = 0; kind && i < COUNT(kinds); i++)
		if (strcmp(kind, kinds[i].name) == 0)
			return kinds[i].run(c);
	buf_init(&b, c->mem, 1000);
	for (ptrdiff_t i = 0; i < COUNT(kinds); i++)
		put_fmt(&b, "%s%s", i ? ", " : "", kinds[i].name);
	return BADF(c, E_INVALID, &MSG_kind, str_of(kind ? kind : ""), buf_str(&b));
}
