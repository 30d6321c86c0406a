/* data.h -- what the data engines keep: for the process (struct data) and for one piece of work (struct work). Only the
 * data engines of core/ include this. */
#ifndef KHUE_DATA_H
#define KHUE_DATA_H
#include "core/app.h"
#include "core/registry.h"
#include "core/table.h"
#include "base/hash.h"

/* A part of a name and its sort key (store.c); n 0: none yet. */
struct part_key { uint8_t n, n_key; char part[60], key[130]; };

struct data {
	struct arena mem;
	struct table *tables;                    /* by meta.index                                               */
	struct plan_cache *plans;                /* plan.h                                                      */
	struct query_set *queries;               /* query.c                                                     */
	struct read_log *reads;                  /* reads.c: lines not yet written                              */
	struct db *aside;                        /* series.c: a second connection, PostgreSQL only              */
	struct part_key *part_keys;              /* store.c                                                     */
	int64_t worker;                          /* a number no other live process of this database has; 0: not yet asked */
	int64_t last_id;
	int64_t scanner_down;                    /* files.c: clamd did not answer; not asked again before this (ms) */
};
/* Called by registry_new and registry_free. */
struct data *data_new(const struct registry *r);
void         data_free(struct data *d);
void         read_log_free(struct read_log *log);

/* held: moved in memory only, after `written` (audit_hold). */
struct audit_head { int64_t org, seq; digest hash; bool held; int64_t written; };
struct work {
	struct audit_head heads[4]; int n_heads; /* as last read or written in this work                        */
	/* references found readable */
	struct { const struct entity *e; int64_t id; int64_t user; } seen[64]; unsigned n_seen;
	bool hold;                               /* audit_hold                                                  */
	uint32_t also;                           /* IMPORT: a grant of it counts as CREATE, UPDATE and RETIRE   */
	uint64_t asked;                          /* statements run by hooks of entities within create and update */
	int cap_problems;
	int system;                              /* depth of as_system                                          */
	bool writing;                            /* a request that may write                                    */
	org_id takes;                            /* found to be at work: new rows may be written there          */
};
struct work *work_of(struct ctx *c);
static inline struct data *data_of(const struct ctx *c) { return c->app->registry->data; }
/* Whether a seat gives no right to these verbs (0: whatever a route or a step is): one at a unit that has ended only
 * reads, and in a request that may write it is no seat where no verb is named. */
static inline bool seat_shut(const struct ctx *c, const struct seat *s, uint32_t verb)
{
	return s->ended && (verb ? (verb & (CREATE | UPDATE | RETIRE | IMPORT)) != 0 : work_of((struct ctx *)c)->writing);
}
/* When an id was made. */
instant id_time(int64_t id);
static inline const struct table *table_for(const struct ctx *c, const struct entity *e)
{
	return table_of(c->app->registry, e);
}
#endif
