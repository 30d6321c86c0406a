/* ddl.h -- the tables and indexes that declarations ask for, and how a database differs from them.
 *
 * The text is the portable subset of db.h: BIGINT, TEXT, BYTEA, partial indexes (doc/why/storage.md).
 * How a field is stored: table.h. After struct base's columns and the fields come _fold and _sort as struct meta
 * says. */
#ifndef KHUE_DDL_H
#define KHUE_DDL_H
#include "core/registry.h"
#include "db/db.h"

/* "BIGINT", "TEXT" or "BYTEA": how a field is stored. */
const char *ddl_type(const struct field *f);
/* CREATE TABLE and CREATE INDEX statements of one entity, each closed by ";\n". */
void ddl_entity(const struct registry *r, struct buf *b, struct arena *mem, const struct meta *m);
/* The name of the index that keeps e->unique[i]; empty when there is no such key. */
str ddl_unique_name(struct arena *mem, const struct entity *e, int i);
/* Which unique key db_clash() speaks of: "person.org, person.code" (SQLite) or "person_u0"; -1: none of them. */
int ddl_unique_clash(struct arena *mem, const struct entity *e, str clash);

/* The columns a table has, in their order, in the arena: name and type, "BIGINT", "TEXT" or "BYTEA". */
struct ddl_has { str name, type; };
enum rc ddl_columns(struct db *d, struct arena *mem, const char *table, struct ddl_has *ret, int max, int *ret_n);

/* One difference: what is wrong, in English, and the statement that mends it (empty when people must decide). */
typedef void ddl_found(void *arg, str what, str mend);
/* Compares the tables of every entity of module (NULL: of all) with the database; d NULL: with an empty one.
 * Tables, columns, types and indexes; more columns or indexes than declared: only columns are reported. */
enum rc ddl_compare(const struct registry *r, const struct module *module, struct db *d, struct arena *mem,
                    ddl_found *found, void *arg);
/* Counts references that lead to no row; told through found with an empty mend. */
enum rc ddl_orphans(const struct registry *r, struct db *d, struct arena *mem, ddl_found *found, void *arg);
#endif
