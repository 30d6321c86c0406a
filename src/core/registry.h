/* registry.h -- every declaration of the modules in the program, found by name. Built once at start, then read only.
 *
 * For core/ and app/: row, query, perm, the pages and the generators all ask here. Nothing is copied: the answers
 * point at the modules' own constant tables. */
#ifndef KHUE_REGISTRY_H
#define KHUE_REGISTRY_H
#include "core/decl.h"
#include "web/http.h"
#include "web/route.h"

struct meta {                            /* an entity with what engines ask of it at each request         */
	const struct entity *e;
	const struct module *module;
	int index;                       /* 0 .. n_entities-1, in order of the modules: a cache's key      */
	int n_fields, n_columns;         /* n_columns: fields that are stored (all but T_LIST)             */
	bool fold, sort;                 /* has a _fold column (a SEARCH field), a _sort column (text in .sort) */
	bool private_data;               /* has a PRIVATE field: reads are logged                          */
};
struct place_of { const struct module *module; const struct place *place; };
struct route_of { const struct module *module; const struct route *route; enum verb verb; };
struct registry {
	struct arena mem;
	const struct module *const *modules; int n_modules;      /* each after the ones it needs           */
	struct meta *metas;        int n_entities;
	struct route_of *routes;   int n_routes;                 /* as declared, modules in order          */
	struct place_of *places;   int n_places;
	const struct role **roles; int n_roles;                  /* the core's and the modules'            */
	const struct scope **scopes; int n_scopes;
	struct registry_index *by;                               /* registry.c's own                       */
	/* table.h: what the data engines worked out; freed with it */
	struct data *data;
};

/* modules: closed by NULL. NULL (and why) when names clash so that nothing could be found: two modules, entities,
 * roles or scopes of one name, or two routes of one verb and pattern. khue check says more. */
struct registry *registry_new(const struct module *const *modules, char why[static 256]);
void registry_free(struct registry *r);

const struct module *registry_module(const struct registry *r, str name);
const struct meta   *registry_entity(const struct registry *r, str name);            /* NULL: none             */
const struct meta   *registry_meta(const struct registry *r, const struct entity *e);/* NULL: not of this program */
const struct role   *registry_role(const struct registry *r, str name);
const struct scope  *registry_scope(const struct registry *r, str name);
/* "module/name" */
const struct job    *registry_job(const struct registry *r, str name, const struct module **ret_module);
const struct report *registry_report(const struct registry *r, str name, const struct module **ret_module);
const struct print  *registry_print(const struct registry *r, str name, const struct module **ret_module);
const struct card   *registry_card(const struct registry *r, str name, const struct module **ret_module);
const struct place_of *registry_place(const struct registry *r, str name);           /* by place.name          */

/* The declared route that answers verb and path. Literal segments win over {names}. values: what the {names}
 * stood for, at most 8. NULL: none; *ret_other then says whether another verb has that path (405). */
struct path_values { struct pair at[ROUTE_NAMES]; int n; };
const struct route_of *registry_route(const struct registry *r, enum verb verb, str path,
                                      struct path_values *ret, bool *ret_other);

/* ---- what tables say, for any engine ------------------------------------------------------ */
/* A field by its offset (never a base column) or by its name; NULL without one. */
const struct field *field_at(const struct field *fields, col at);
const struct field *field_named(const struct field *fields, str name);
int fields_count(const struct field *fields);
/* The name of a column: a field's, or "org", "made_by", "made", "changed", "rev" for base.*; NULL for others. */
const char *column_name(const struct entity *e, col at);
static inline bool field_stored(const struct field *f) { return f->type != T_LIST; }
size_t type_size(enum type t);                               /* bytes in the row struct                        */
const char *type_name(enum type t);                          /* "text", "day", ...: in manuals and OpenAPI     */
/* The names of grant.may bits in order: read create update retire import export print. */
extern const char *const may_names[7];
#endif
