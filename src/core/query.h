/* query.h -- reading many rows: lists of an entity, and the named queries of modules. Nothing here is unpermitted:
 * the actor's predicate is part of every statement. */
#ifndef KHUE_QUERY_H
#define KHUE_QUERY_H
#include "core/ctx.h"
#include "core/table.h"

/* ---- lists ----------------------------------------------------------------------------------- */
enum list_op { LIST_IS, LIST_FROM /* >= */, LIST_TO /* <= */, LIST_NONE /* empty */, LIST_SOME /* not empty */,
               LIST_AMONG /* of a pick: v is an int with the bits of the choices */,
               LIST_LIKE /* the words begin words of this column, as .words do of the row; needs SEARCH */ };
struct list_filter { col at; uint8_t op; struct val v; };    /* v as field_val gives it; at may be of base           */
/* Where a page ends, as an opaque text for addresses (?after=). Empty: the beginning. */
struct list_ask {
	const struct entity *e;
	uint32_t verb;                       /* READ, EXPORT or PRINT: which grants count. 0: READ                   */
	const col *show;                     /* columns to fetch, 0 closes; NULL: all. base comes always             */
	const struct list_filter *filters; int n_filters;
	str words;                           /* each must begin a word of the row's SEARCH fields, without marks      */
	const int64_t *ids; int n_ids;       /* only these rows (bulk actions, titles); n_ids 0: no such condition   */
	col sort; bool down;                 /* 0: the entity's own .sort. Text that has no sort key sorts by bytes  */
	str after;                           /* the page after (or, with back, before) this key                      */
	bool back;
	int limit;                           /* rows; 0: 50; at most 10,000                                          */
	bool gone;                           /* the retired rows instead of the living                               */
	bool living;                         /* of list_choices: no rows in a FINAL state, units that have ended     */
	bool wide;                           /* do not narrow to the organisation of c->here and those below         */
	bool count;                          /* also count, up to LIST_COUNT_MAX                                     */
	bool titles;                         /* fetch titles of the REF columns shown, one query a column            */
	bool units;                          /* ... and of the units the rows belong to, one query more              */
	int64_t stamp;                        /* of the file the rows leave in (stamp.h): noted whatever its columns    */
};
enum { LIST_COUNT_MAX = 10000 };
struct list_title  { int64_t id; str title; };
struct list_titles { const struct field *f; const struct list_title *at; int n; };       /* sorted by id             */
struct list_answer {
	items rows;                          /* of e's struct; columns not fetched are empty                         */
	struct cols hidden;                  /* of those asked for, what the actor may not see in any row            */
	str first, last;                     /* keys of the first and the last row, for .after                       */
	bool more, before;                   /* rows follow; rows come before                                        */
	bool as_usual;                       /* too long for the order asked for: in its own                         */
	int64_t count;                       /* -1: not asked; LIST_COUNT_MAX + 1: more than that                    */
	struct list_titles *titles; int n_titles;
};
/* E_INVALID with a message: a filter or sort on a column that is hidden from the actor (as if it did not exist), not
 * declared FILTER/SEARCH/.list, or a malformed key. The rows live in c->mem. No query at all when no grant reaches
 * the actor: no rows. */
enum rc list_rows(struct ctx *c, const struct list_ask *ask, struct list_answer *ret);
/* list_rows for somebody who chooses one: of an entity with .of_year the rows of c->here's year, if any matches. */
enum rc list_choices(struct ctx *c, struct list_ask ask, struct list_answer *ret);
/* The title of a referenced row out of an answer; empty when there is none. */
str list_title(const struct list_answer *a, const struct field *f, int64_t id);
/* Calls fn for every row, in pages of 500, without holding them all: export, bulk. fn may fail; that ends it. */
enum rc list_each(struct ctx *c, const struct list_ask *ask, enum rc (*fn)(struct ctx *, const void *row, void *arg),
	void *arg);

/* Titles of many rows of one entity in one query per 500: titles[i] for ids[i], empty for unknown or 0. Like
 * title_of not permission-checked: a row's readers may know what it refers to. */
enum rc titles_of(struct ctx *c, const struct entity *e, const int64_t *ids, int n, str *titles);

/* ---- named queries ----------------------------------------------------------------------------- */
/* query() for rows that are taken later: PostgreSQL works on it while the next is asked, so that several reads are
 * waited for once. Each is taken or left before the transaction ends, or else the request. */
struct ahead { struct rows r; const char *name; const struct shape *out; items got; int64_t max; enum rc rc;
	bool sent; };
void query_ahead(struct ctx *c, const char *name, const struct shape *in_shape, const void *in,
	const struct shape *out_shape, struct ahead *ret, int64_t max);
enum rc query_take(struct ctx *c, struct ahead *a, items *ret);
void query_leave(struct ahead *a, int n);
/* execute() for a write whose failure nobody mends: see db_later. */
enum rc execute_later(struct ctx *c, const char *name, const struct shape *in_shape, const void *in);
/* A module's text of queries with its "-- part: word" blocks, which several queries share, put where {part:word}
 * stands; a part may hold parts from above it. */
str queries_whole(struct arena *mem, str text);
/* Adds "-- name: word" queries of a module's text; their names become "module/word". False and why: a malformed one,
 * a name twice, an unknown {can:}, neither {can:} nor "-- open: why". mem of the registry holds a copy. */
bool queries_add(struct registry *g, str module, str text, char why[static 256]);
/* Adds every embedded sql/MODULE.sql. main and tests call it once after registry_new. */
bool queries_load(struct registry *g, char why[static 256]);
/* Prepares every query on this database, as check and the tests do. The first that fails: false, why names it. */
bool queries_prove(struct registry *g, struct db *d, char why[static 256]);
/* Query i as c's actor would run it, for whoever looks at how it is planned: its name, its SQL in c->mem, and the
 * number of its values. False: there is no such query. */
bool queries_draft(struct ctx *c, int i, str *ret_name, const char **ret_sql, int *ret_n);
/* Calls fn for every query: its name, its text, the reason of "-- open:" or an empty text. */
void queries_each(const struct registry *g, void (*fn)(void *arg, str name, str text, str open), void *arg);
#endif
