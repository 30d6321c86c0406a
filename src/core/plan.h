/* plan.h -- SQL text built once per entity and shape of the actor's rights, kept for the process, bound anew each time.
 * For the data engines. */
#ifndef KHUE_PLAN_H
#define KHUE_PLAN_H
#include "core/ctx.h"
#include "core/table.h"

/* ---- rights: what of an actor's seats counts here -------------------------------------------- */
enum { RIGHTS_MAX = 48 };
/* seat: its organisation; 0 where the scope asks for none. all: every row asked about lies in its scope */
struct right  { const struct grant *g; int64_t seat; bool all; };
struct rights {
	const struct table *t; const struct grant *grants;
	struct right at[RIGHTS_MAX]; int n;              /* ordered by grant; no two of the same grant and seat      */
	bool system;                                     /* everything: at is empty                                  */
};
/* verb 0: any grant of the table counts whatever its .may. */
void rights_of(const struct ctx *c, const struct table *t, const struct grant *grants, uint32_t verb,
	struct rights *ret);
static inline bool rights_none(const struct rights *r) { return !r->system && r->n == 0; }
bool scope_is_all(const struct scope *s);                /* "1 = 1"                                                  */
/* Does every right that reaches hide this column? SECRET columns count as hidden, except from the system. */
bool rights_hide(const struct rights *r, const struct field *f);

/* ---- drafts: SQL with what to bind ------------------------------------------------------------- */
enum slot_kind { SLOT_ARG, SLOT_SEAT, SLOT_USER, SLOT_PERSON, SLOT_TODAY, SLOT_NOW, SLOT_HERE };
/* index of SLOT_SEAT: in the rights, counted over all of them */
struct slot { uint8_t kind; int16_t index; };
enum { SLOTS_MAX = 600 };
struct draft {
	struct buf sql; struct slot slots[SLOTS_MAX]; int n;
	int seats;                                       /* rights already drafted                                   */
	bool few;                                        /* the statement looks at few rows, found by a key: scopes are
	                                                    asked of each row, not worked out as a set                */
};
struct plan  { const char *sql; const struct slot *slots; int n; };
void draft_begin(struct draft *d, struct arena *mem);
void draft_slot(struct draft *d, enum slot_kind kind, int index);       /* writes ?N; the same slot has the same N    */
/* " AND (...)" pieces are the caller's; this writes one boolean expression. alias "": columns stand alone. */
void draft_rights(struct draft *d, const struct rights *r, const char *alias);
/* The ids of table's rows (alias d) that the rights reach: one SELECT for each, joined by UNION. None of them
 * reaches all. */
void draft_reached(struct draft *d, const struct rights *r, const char *table);
/* " AND .." for each of n words, arguments from first on: it begins a word of a._fold. */
void draft_words(struct draft *d, int n, int first);
str  like_word(struct arena *mem, str word);             /* ... and the value of such an argument                   */
/* " AND .." over the key of a line of search (alias s) whose first word is known: it holds n further words, or cannot
 * tell. Arguments from first on: the n words, then the mark (key_words gives them). */
void draft_in_key(struct draft *d, enum db_kind kind, int n, int first);
/* The column, or CASE WHEN <who may see it> THEN column END, or NULL. */
void draft_column(struct draft *d, const struct rights *r, const struct field *f, const char *alias);
/* Whether a row shows this column, as 1 or 0. */
void draft_shows(struct draft *d, const struct rights *r, const struct field *f, const char *alias);
/* One scope over an expression. at: SQL for {at}, or NULL: the argument slot arg. */
void draft_scope(struct draft *d, const struct scope *s, const char *alias, const char *at, int arg, int seat);
struct plan draft_end(struct draft *d, struct arena *mem);

/* ---- cache ------------------------------------------------------------------------------------- */
struct plan_cache;
struct plan_cache *plan_cache_new(struct arena *mem);
struct plan_key { uint8_t b[400]; int n; };
static inline void key_byte(struct plan_key *k, int v) { if (k->n < (int)sizeof k->b) k->b[k->n++] = (uint8_t)v; }
static inline void key_two(struct plan_key *k, int v)  { key_byte(k, v & 255); key_byte(k, v >> 8 & 255); }
void key_pointer(struct plan_key *k, const void *p);
void key_rights(struct plan_key *k, const struct rights *r);
/* NULL: not there. A key that filled its space is never kept. */
const struct plan *plan_get(const struct ctx *c, const struct plan_key *k);
/* Keeps a copy while there is room (4,096 plans); gives the kept or, else, a plan in c->mem. */
const struct plan *plan_put(struct ctx *c, const struct plan_key *k, struct draft *d);
/* Calls fn for every statement that is kept and the number of its values: for whoever looks at how they are planned. */
void plans_each(const struct ctx *c, void (*fn)(void *arg, const char *sql, int n), void *arg);
/* Fills the values in order. args: what SLOT_ARG counts in; rights: the sets in the order they were drafted. */
const struct val *plan_bind(struct ctx *c, const struct plan *p, const struct rights *const *rights, int n_rights,
                            const struct val *args, int n_args);
#endif
