/* check_in.h -- what the parts of the self-check share. */
#ifndef KHUE_CHECK_IN_H
#define KHUE_CHECK_IN_H
#include "core/check.h"

struct check {
	const struct registry *r;
	const struct check_files *files;
	struct arena *mem;
	check_found *found;
	void *arg;
	int n;
	struct template_set *pages[2];   /* Vietnamese, English                                        */
};
/* One finding; a and b replace {1} and {2}, NULL: none. */
void check_bad(struct check *k, int code, str where, const char *a, const char *b);
#define WHERE(k, ...) str_fmt((k)->mem, __VA_ARGS__)

/* E101: a label in each language. E102: a name of small letters, digits and _. */
void check_label(struct check *k, str where, const struct tr *label);
void check_name(struct check *k, str where, const char *name);
/* Fields of an input, a view or a module's settings; where ends before ".field". */
enum { SHAPE_INPUT = 1, SHAPE_VIEW = 2, SHAPE_SETTINGS = 3 };
void check_shape(struct check *k, str where, const struct shape *s, int as);

void check_entity(struct check *k, const struct meta *m);        /* check_entity.c */
void check_flow(struct check *k, const struct meta *m);          /* check_flow.c   */
void check_rights(struct check *k, const struct meta *m);        /* check_right.c  */
void check_roles(struct check *k);
void check_places(struct check *k);
void check_grants(struct check *k, str where, const struct grant *g, const struct entity *e);
bool check_path(const char *path);                               /* E158 when false */
void check_module(struct check *k, const struct module *m);      /* check_module.c */
/* E185 in the migrations of a module, or of "core". */
void check_migrations(struct check *k, const char *module);      /* check_migrate.c */
void check_queries(struct check *k, const struct module *m);     /* check_query.c  */
bool check_has_query(struct check *k, str name, str *ret_text);  /* "module/word"  */
/* Every :name of a query's text that no builtin and no field of in has: E164. */
void check_parameters(struct check *k, str where, str text, const struct shape *in);
void check_page(struct check *k, str where, str page, const struct shape *s);    /* check_page.c */
void check_core_pages(struct check *k);
void check_sentences(struct check *k);
#endif
