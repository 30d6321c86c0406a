/* docs.h -- what the declarations say, written down: the reference manual in Markdown and the permission matrix in
 * JSON.
 * Generators only read the tables; the same declarations always give the same bytes. */
#ifndef KHUE_DOCS_H
#define KHUE_DOCS_H
#include "core/registry.h"

/* The page of one module: entities, fields, states, rights, routes, reports, prints, jobs, settings. */
void docs_module(const struct registry *r, const struct module *m, struct arena *mem, struct buf *b);
/* Modules and entities, with links to their pages. */
void docs_index(const struct registry *r, struct buf *b);
/* By role: what it may do to which rows. */
void docs_roles(const struct registry *r, struct buf *b);
/* Every address the program answers by declaration, with its readers and its budget. */
void docs_routes(const struct registry *r, struct buf *b);
/* The findings of the self-check by number. */
void docs_checks(struct buf *b);

/* The registry as JSON: roles, scopes, entities with fields and cells (role, scope, verbs, readable and writable
 * fields), steps, routes. What tests and auditors hold against their own expectations. */
void docs_matrix_json(const struct registry *r, struct arena *mem, struct buf *b);
#endif
