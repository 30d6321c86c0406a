/* registry.c -- see registry.h. Names are kept in sorted arrays, routes in the tree of web/route.h. */
#include "core/registry.h"
#include "web/route.h"
#include "core/data.h"
#include "core/roles.h"
#include <stdio.h>
#include <stdlib.h>

struct named { str name; const void *of; int index; };
struct names { struct named *at; int n; };
struct by_pointer { const struct entity *e; int index; };

struct registry_index {
	struct names modules, entities, roles, scopes, places;
	struct by_pointer *pointers;
	struct routes *routes;
};

const char *const may_names[7] = { "read", "create", "update", "retire", "import", "export", "print" };

size_t type_size(enum type t)
{
	switch (t) {
	case T_TEXT: case T_HTML:  return sizeof(str);
	case T_BOOL:               return sizeof(bool);
	case T_DAY: case T_SCORE:  return sizeof(int32_t);
	case T_PICK:               return sizeof(pick);
	case T_LIST:               return sizeof(items);
	case T_INT: case T_TIME: case T_MONEY: case T_FILE: case T_REF: break;
	}
	return sizeof(int64_t);
}

const char *type_name(enum type t)
{
	static const char *const names[] = { "text",  "integer", "yes/no", "day",       "time",   "money",
					     "score", "choice",  "file",   "reference", "markup", "list" };
	return (size_t)t < sizeof names / sizeof *names ? names[t] : "?";
}

const struct field *field_at(const struct field *fields, col at)
{
	for (const struct field *f = fields; f && f->name; f++)
		if (f->at == at)
			return f;
	return NULL;
}

const struct field *field_named(const struct field *fields, str name)
{
	for (const struct field *f = fields; f && f->name; f++)
		if (str_is(name, f->name))
			return f;
	return NULL;
}

int fields_count(const struct field *fields)
{
	int n = 0;
	while (fields && fields[n].name)
		n++;
	return n;
}

const char *column_name(const struct entity *e, col at)
{
	switch (at) {
	case offsetof(struct base, rev):     return "rev";
	case offsetof(struct base, org):     return "org";
	case offsetof(struct base, made_by): return "made_by";
	case offsetof(struct base, made):    return "made";
	case offsetof(struct base, changed): return "changed";
	case offsetof(struct base, gone):    return "gone";
	default: break;
	}
	const struct field *f = field_at(e->fields, at);
	return f ? f->name : NULL;
}

/* ---- names -------------------------------------------------------------------------------- */

static int named_order(const void *a, const void *b)
{
	return str_cmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static int pointer_order(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct by_pointer *)a)->e, y = (uintptr_t)((const struct by_pointer *)b)->e;
	return (x > y) - (x < y);
}

static const struct named *named_find(const struct names *in, str name)
{
	const struct named key = { .name = name };
	return in->n ? bsearch(&key, in->at, (size_t)in->n, sizeof *in->at, named_order) : NULL;
}

static bool names_sort(struct names *in, const char *what, char why[static 256])
{
	qsort(in->at, (size_t)in->n, sizeof *in->at, named_order);
	for (int i = 1; i < in->n; i++) {
		if (str_eq(in->at[i - 1].name, in->at[i].name)) {
			snprintf(why, 256, "two %s are named %.*s", what, FMT(in->at[i].name));
			return false;
		}
	}
	return true;
}

static void names_add(struct names *in, const char *name, const void *of, int index)
{
	in->at[in->n++] = (struct named){ str_of(name ? name : ""), of, index };
}

/* ---- routes ------------------------------------------------------------------------------- */

static bool routes_build(struct registry *r, char why[static 256])
{
	char text[160];
	r->by->routes = routes_new(&r->mem);
	for (int i = 0; i < r->n_routes; i++) {
		const struct route *x = r->routes[i].route;
		if (!x->path || !verb_of(str_of(x->verb), &r->routes[i].verb))
			snprintf(text, sizeof text, "unknown verb or no path");
		else if (routes_add(r->by->routes, r->routes[i].verb, x->path, &r->routes[i], text))
			continue;
		snprintf(why, 256, "route %s %s: %.160s", x->verb, x->path ? x->path : "?", text);
		return false;
	}
	return true;
}

const struct route_of *registry_route(const struct registry *r, enum verb verb, str path, struct path_values *ret,
				      bool *ret_other)
{
	struct route_hit hit;
	enum routed found = routes_find(r->by->routes, verb, path, &hit);
	*ret_other = found == ROUTE_OTHER_VERB;
	ret->n = 0;
	if (found != ROUTED)
		return NULL;
	for (; ret->n < hit.n_names; ret->n++)
		ret->at[ret->n] = hit.names[ret->n];
	return hit.target;
}

/* ---- building ------------------------------------------------------------------------------ */

static void count_all(struct registry *r)
{
	for (; r->modules[r->n_modules]; r->n_modules++) {
		const struct module *m = r->modules[r->n_modules];
		for (int i = 0; m->entities && m->entities[i]; i++)
			r->n_entities++;
		for (int i = 0; m->routes && m->routes[i].verb; i++)
			r->n_routes++;
		for (int i = 0; m->places && m->places[i].name; i++)
			r->n_places++;
		for (int i = 0; m->roles && m->roles[i]; i++)
			r->n_roles++;
		for (int i = 0; m->scopes && m->scopes[i]; i++)
			r->n_scopes++;
	}
	for (int i = 0; all_roles[i]; i++)
		r->n_roles++;
	for (int i = 0; all_scopes[i]; i++)
		r->n_scopes++;
}

static struct meta meta_of(const struct module *m, const struct entity *e, int index)
{
	struct meta x = { .e = e, .module = m, .index = index };
	for (const struct field *f = e->fields; f && f->name; f++) {
		x.n_fields++;
		x.n_columns += field_stored(f);
		x.fold = x.fold || (f->is & SEARCH);
		x.private_data = x.private_data || (f->is & PRIVATE);
	}
	for (int i = 0; i < (int)COUNT(e->sort) && e->sort[i]; i++) {
		const struct field *f = field_at(e->fields, e->sort[i]);
		x.sort = x.sort || (f && f->type == T_TEXT);
	}
	return x;
}

/* A module may list the core's own roles and scopes again: each is kept once. */
static void add_role(struct registry *r, const struct role *x, int *n)
{
	for (int i = 0; i < *n; i++)
		if (r->roles[i] == x)
			return;
	names_add(&r->by->roles, x->name, x, *n);
	r->roles[(*n)++] = x;
}

static void add_scope(struct registry *r, const struct scope *x, int *n)
{
	for (int i = 0; i < *n; i++)
		if (r->scopes[i] == x)
			return;
	names_add(&r->by->scopes, x->name, x, *n);
	r->scopes[(*n)++] = x;
}

static void fill_all(struct registry *r)
{
	int e = 0, route = 0, place = 0, role = 0, scope = 0;
	for (int i = 0; all_roles[i]; i++)
		add_role(r, all_roles[i], &role);
	for (int i = 0; all_scopes[i]; i++)
		add_scope(r, all_scopes[i], &scope);
	for (int k = 0; k < r->n_modules; k++) {
		const struct module *m = r->modules[k];
		names_add(&r->by->modules, m->name, m, k);
		for (int i = 0; m->entities && m->entities[i]; i++, e++) {
			r->metas[e] = meta_of(m, m->entities[i], e);
			r->by->pointers[e] = (struct by_pointer){ m->entities[i], e };
			names_add(&r->by->entities, m->entities[i]->name, &r->metas[e], e);
		}
		for (int i = 0; m->routes && m->routes[i].verb; i++)
			r->routes[route++] = (struct route_of){ m, &m->routes[i], GET };
		for (int i = 0; m->places && m->places[i].name; i++, place++) {
			r->places[place] = (struct place_of){ m, &m->places[i] };
			names_add(&r->by->places, m->places[i].name, &r->places[place], place);
		}
		for (int i = 0; m->roles && m->roles[i]; i++)
			add_role(r, m->roles[i], &role);
		for (int i = 0; m->scopes && m->scopes[i]; i++)
			add_scope(r, m->scopes[i], &scope);
	}
	r->n_roles = role;
	r->n_scopes = scope;
}

struct registry *registry_new(const struct module *const *modules, char why[static 256])
{
	struct registry *r = calloc(1, sizeof *r);
	if (!r) {
		snprintf(why, 256, "out of memory");
		return NULL;
	}
	arena_init(&r->mem, (size_t)16 << 20);
	r->modules = modules;
	count_all(r);
	r->metas = NEWS(&r->mem, struct meta, r->n_entities + 1);
	r->routes = NEWS(&r->mem, struct route_of, r->n_routes + 1);
	r->places = NEWS(&r->mem, struct place_of, r->n_places + 1);
	r->roles = NEWS(&r->mem, const struct role *, r->n_roles + 1);
	r->scopes = NEWS(&r->mem, const struct scope *, r->n_scopes + 1);
	r->by = NEW(&r->mem, struct registry_index);
	r->by->pointers = NEWS(&r->mem, struct by_pointer, r->n_entities + 1);
	r->by->modules.at = NEWS(&r->mem, struct named, r->n_modules + 1);
	r->by->entities.at = NEWS(&r->mem, struct named, r->n_entities + 1);
	r->by->roles.at = NEWS(&r->mem, struct named, r->n_roles + 1);
	r->by->scopes.at = NEWS(&r->mem, struct named, r->n_scopes + 1);
	r->by->places.at = NEWS(&r->mem, struct named, r->n_places + 1);
	fill_all(r);
	qsort(r->by->pointers, (size_t)r->n_entities, sizeof *r->by->pointers, pointer_order);
	if (names_sort(&r->by->modules, "modules", why) && names_sort(&r->by->entities, "entities", why)
	    && names_sort(&r->by->roles, "roles", why) && names_sort(&r->by->scopes, "scopes", why)
	    && names_sort(&r->by->places, "places", why) && routes_build(r, why)) {
		r->data = data_new(r);
		return r;
	}
	registry_free(r);
	return NULL;
}

void registry_free(struct registry *r)
{
	if (!r)
		return;
	data_free(r->data);
	arena_free(&r->mem);
	free(r);
}

/* ---- finding ------------------------------------------------------------------------------ */

const struct module *registry_module(const struct registry *r, str name)
{
	const struct named *x = named_find(&r->by->modules, name);
	return x ? x->of : NULL;
}

const struct meta *registry_entity(const struct registry *r, str name)
{
	const struct named *x = named_find(&r->by->entities, name);
	return x ? x->of : NULL;
}

const struct meta *registry_meta(const struct registry *r, const struct entity *e)
{
	const struct by_pointer key = { .e = e };
	const struct by_pointer *x = r->n_entities
		? bsearch(&key, r->by->pointers, (size_t)r->n_entities, sizeof key, pointer_order) : NULL;
	return x ? &r->metas[x->index] : NULL;
}

const struct role *registry_role(const struct registry *r, str name)
{
	const struct named *x = named_find(&r->by->roles, name);
	return x ? x->of : NULL;
}

const struct scope *registry_scope(const struct registry *r, str name)
{
	const struct named *x = named_find(&r->by->scopes, name);
	return x ? x->of : NULL;
}

const struct place_of *registry_place(const struct registry *r, str name)
{
	const struct named *x = named_find(&r->by->places, name);
	return x ? x->of : NULL;
}

/* "module/name": the module, and *ret_rest the name within it. */
static const struct module *module_part(const struct registry *r, str name, str *ret_rest)
{
	str head;
	return str_cut(name, '/', &head, ret_rest) ? registry_module(r, head) : NULL;
}

#define FIND_IN(kind, list) \
	str rest; \
	const struct module *m = module_part(r, name, &rest); \
	for (const struct kind *x = m ? m->list : NULL; x && x->name; x++) { \
		if (str_is(rest, x->name)) { \
			if (ret_module) \
				*ret_module = m; \
			return x; \
		} \
	} \
	return NULL

const struct job *registry_job(const struct registry *r, str name, const struct module **ret_module)
{
	FIND_IN(job, jobs);
}

const struct report *registry_report(const struct registry *r, str name, const struct module **ret_module)
{
	FIND_IN(report, reports);
}

const struct print *registry_print(const struct registry *r, str name, const struct module **ret_module)
{
	FIND_IN(print, prints);
}

const struct card *registry_card(const struct registry *r, str name, const struct module **ret_module)
{
	FIND_IN(card, cards);
}
