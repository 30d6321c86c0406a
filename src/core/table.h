/* table.h -- an entity as a table: its columns in one order, worked out once per process. For the data engines.
 *
 * How a row is stored (ddl.c drafts it, row.c reads and writes it). Empty is NULL: an empty text, a reference, file or
 * time of 0, NO_DAY, NO_SCORE. Numbers, money and booleans (0, 1) are never NULL. A choice is its code, as TEXT. So a
 * unique key (index ENTITY_u0, ENTITY_u1 .. over .unique[i], WHERE gone = 0) passes over rows where a part is empty.
 * REF columns reference their entity's table; org, made_by and files carry no foreign key. */
#ifndef KHUE_TABLE_H
#define KHUE_TABLE_H
#include "core/registry.h"

/* A set of an entity's columns, by their place in table.columns. */
enum { COLUMNS_MAX = 128, BASE_COLUMNS = 7 };
struct cols { uint64_t bits[COLUMNS_MAX / 64]; };
static inline bool cols_has(const struct cols *s, int i) { return i >= 0 && (s->bits[i / 64] >> (i % 64) & 1) != 0; }
static inline void cols_add(struct cols *s, int i)       { s->bits[i / 64] |= (uint64_t)1 << (i % 64); }
static inline void cols_drop(struct cols *s, int i)      { s->bits[i / 64] &= ~((uint64_t)1 << (i % 64)); }
static inline bool cols_none(const struct cols *s)       { return s->bits[0] == 0 && s->bits[1] == 0; }

/* The members of struct base as fields: id, rev, org, made_by, made, changed, gone; closed by END. */
extern const struct field base_fields[];

struct table {
	const struct meta *meta;
	const struct entity *e;
	const struct field **columns;            /* base_fields, then the entity's stored fields in order           */
	int n;                                   /* BASE_COLUMNS of them come first                                 */
	int16_t *by_at;                          /* [offset in the row] -> place in columns; -1: none               */
	const struct field *state;               /* of the flow; NULL without one                                   */
	int initial;                             /* the INITIAL state's index                                       */
	const struct field *order[3]; int n_order;   /* .sort as fields                                             */
	const struct field *unit;                /* base.org as a reference that is shown, filtered and imported; one is
	                                            behind it, closed by END. NULL: rows have no unit of their own  */
};
/* Of a declared entity. One that no module lists, or with more than COLUMNS_MAX columns, is a mistake of the program
 * (khue check says so first) and ends it. */
const struct table *table_of(const struct registry *g, const struct entity *e);
static inline int column_at(const struct table *t, col at) { return at < t->e->size ? t->by_at[at] : -1; }
#endif
