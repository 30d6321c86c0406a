/* replica.h -- reads from a standby (KHUE_DB_READ). Only pages declared .lags are read there; who asks, what he may and
 * where he stands was found on the primary before, and stays so: a page goes to the standby only while
 *   - what it lags behind is measured, and no more than the bound;
 *   - it has every change to the tables that rights are worked out from (rights_mark) which the primary has now;
 *   - it has whatever this browser wrote last (a cookie carries that place in the log);
 *   - it answers. Else the page is read from the primary, as if there were no standby. */
#ifndef KHUE_REPLICA_H
#define KHUE_REPLICA_H
#include "core/page.h"

struct replica;
/* most_lag_ms: a standby further behind is not read. NULL: out of memory. */
struct replica *replica_new(const char *where, int64_t most_lag_ms);
void replica_free(struct replica *r);
/* About once a second, between requests: connects, measures. */
void replica_tick(const struct app *a);
/* Runs a page with c->db being the standby. False: it has to be run on the primary; nothing of the attempt is left. */
bool replica_run(struct exchange *x, enum rc (*run)(struct exchange *x, const void *arg), const void *arg,
	enum rc *ret);
/* After a write that stands: this browser's reads wait for the standby to have it. */
void replica_wrote(struct exchange *x);
/* Forgets the marks of rights_mark older than some minutes: a job of the core. */
enum rc replica_sweep(struct ctx *c, void *in);

/* Tables that scopes of rights look into, and every word of these scopes, the columns they ask about among them; closed
 * by NULL: db_mark. So a save of marks, which moves the end of a book's ledger, is no change of rights, and one that
 * gives the book to another class is. */
const char *const *rights_tables(struct arena *mem, const struct registry *g);
const char *const *rights_columns(struct arena *mem, const struct registry *g);
/* For the doctor. lag_bytes: of the primary's log not yet applied. E_STATE and why: it is no standby, or of another
 * database. */
enum rc replica_look(struct db *primary, struct db *standby, int64_t *ret_lag_bytes, char why[static 256]);
#endif
