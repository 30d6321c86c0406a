/* ctx.h -- what a module's code may do. With decl.h the only core header a module needs.
 *
 * `c` is one piece of work: a request, a job, a command. Everything it allocates ends with it. Reads answer only what
 * its actor may see; a row that exists but may not be seen is E_MISSING, exactly as one that does not exist. */
#ifndef KHUE_CTX_H
#define KHUE_CTX_H
#include "core/decl.h"
#include "base/calendar.h"
#include "base/viet.h"
#include "db/db.h"

enum lang { VI, EN };
struct app;                                              /* the running program: modules, settings, templates      */

/* a role at an organisation for a period; ended: the organisation has ended, and the seat only reads */
/* lender: whose seat it is that was lent for a time; 0: one's own */
struct seat  { const struct role *role; org_id org; day from, to; bool ended; user_id lender; };
struct actor {
	user_id user; person_id person; str name, login;
	const struct seat *seats; int n_seats;           /* the seats in force today                               */
	int64_t session; user_id impersonator;           /* impersonator.v != 0: an administrator acts as this user */
	str lang;                                        /* "vi", "en": chosen for every device; empty: never      */
	bool mfa;                                        /* a second factor was shown in this session              */
	bool token;                                      /* came by bearer token, not by session                   */
	const char *must_go;                             /* the page of what must be done first; NULL: nothing     */
	bool system;                                     /* commands and jobs that act for the installation        */
};
/* from /t/ORG/YEAR/TERM */
struct here { org_id org; str org_slug, org_name; int64_t year; str year_code, term_code; };

/* at 0: of the whole; item: index in a MANY or -1; doubt: may be right all the same; href: what it is about */
struct problem { col at; str field; str text; int64_t item; bool doubt; str href; };

struct ctx {
	struct arena *mem; struct db *db; const struct app *app;
	const struct actor *who;                         /* never NULL; the anonymous actor has no user            */
	enum lang lang; instant now; day today;
	struct here here;
	enum rc rc; struct problem *problems; int n_problems;    /* made by fail() only                            */
	str go;                                          /* where a browser goes after a POST                      */
	str said;                                        /* a toast for the next page                              */
	str reason;                                      /* why, for the history (corrections, impersonation)      */
	int64_t wait_s;                                  /* with E_BUSY: so long this person is to wait: 429, not 503 */
	str key;                                         /* idempotency key of this write                          */
	void *ahead;                                     /* what the route's ahead() asked for, run()'s to take     */
	void *web;                                       /* the exchange, for core/ only                           */
	struct job_run *job;                             /* set in a job                                           */
	void *more;                                      /* core-private                                           */
};

/* ---- errors ------------------------------------------------------------------------------ */
#define ARGS(...) (const str[]){ __VA_ARGS__ }, (int)(sizeof((const str[]){ __VA_ARGS__ }) / sizeof(str))
/* Records what is wrong, in both languages, with {1} {2}.. replaced by args, and returns rc.
 * at: offset of the field in the row or input shape; 0: the whole. Several calls collect several problems. */
enum rc fail(struct ctx *c, enum rc rc, col at, const struct tr *text, const str *args, int n);
#define FAIL(c, rc, at, tr)       fail((c), (rc), (at), (tr), NULL, 0)
#define FAILF(c, rc, at, tr, ...) fail((c), (rc), (at), (tr), ARGS(__VA_ARGS__))
/* A name people can see (viet_is_name); an empty one is for NEEDED to refuse. Of every field that names a person or a
 * unit. */
enum rc visible_name(struct ctx *c, col at, str name);
enum rc fail_item(struct ctx *c, enum rc rc, const char *list, int64_t item, const char *field, const struct tr *text,
	const str *args, int n);
/* From an entity's .doubt: the form comes again with this above it and a button that goes on all the same. The API
 * answers 422, code "confirm", and takes it when the same is sent with "_confirm". href: a page to look at, or empty */
void doubt(struct ctx *c, str href, const struct tr *text, const str *args, int n);
str     say(const struct ctx *c, const struct tr *text);                     /* in the language of c              */
str     sayf(struct ctx *c, const struct tr *text, const str *args, int n);  /* with {1} {2} replaced             */

/* ---- rows: checked, logged, permitted ---------------------------------------------------- */
enum rc find(struct ctx *c, const struct entity *e, int64_t id, void *ret_row);      /* E_MISSING                  */
/* The one row whose columns equal the values; E_MISSING none, E_STATE several. */
struct is { col at; struct val v; };
enum rc find_one(struct ctx *c, const struct entity *e, void *ret_row, const struct is *is, int n);
#define IS(...) (const struct is[]){ __VA_ARGS__ }, (int)(sizeof((const struct is[]){ __VA_ARGS__ }) \
	/ sizeof(struct is))
/* All rows (at most max) that equal the values, in the entity's order. ret: items of e's struct. */
enum rc find_all(struct ctx *c, const struct entity *e, items *ret, int64_t max, const struct is *is, int n);
/* Fills defaults, validates, runs .before, checks the grant on the finished row, writes row, history, search,
 * outbox. */
enum rc create(struct ctx *c, const struct entity *e, void *row);
/* row.base.rev must be the revision that was read: else E_CONFLICT. FIXED and DERIVED fields: code may set them
 * here. */
enum rc update(struct ctx *c, const struct entity *e, void *row);
/* update, by the installation (as_system) in a row that people wrote: only what differs from the stored row must be
 * right, an old flaw elsewhere does not matter. Neither .check nor .before of the entity is asked. */
enum rc amend(struct ctx *c, const struct entity *e, void *row);
/* Sets gone; the row stays for the history. unretire undoes it. E_STATE while living rows hold it (HOLDS). */
enum rc retire(struct ctx *c, const struct entity *e, int64_t id, int64_t rev);
enum rc unretire(struct ctx *c, const struct entity *e, int64_t id);
/* Walks one step of the flow: checks state, grant, guard; applies effect, history, notice. row is as read. */
enum rc step(struct ctx *c, const struct entity *e, void *row, const char *name);
/* May the actor do this to this row? For code that must decide, e.g. to show a button. RETIRE of a retired row:
 * restore it. */
bool    may(struct ctx *c, const struct entity *e, uint32_t verb, const void *row);
bool    allowed(struct ctx *c, const struct grant *grants, org_id at);       /* for routes: any seat that covers `at` */
bool    has_role(const struct ctx *c, const struct role *r, org_id at);      /* at 0: anywhere                    */
/* whose lent seat alone gives the actor that role there; 0: one's own does, or none */
user_id lender_of(const struct ctx *c, const struct role *r, org_id at);
/* of the first seat of that role, one at a unit that has ended only where there is no other; 0 none */
org_id  seat_org(const struct ctx *c, const struct role *r);
/* the title columns; not permission-checked */
str     title_of(struct ctx *c, const struct entity *e, int64_t id);
str     row_title(struct ctx *c, const struct entity *e, const void *row);
void    row_zero(const struct entity *e, void *row);                         /* empty: NO_DAY, NO_SCORE           */

/* ---- named queries: src/mod/X/X.sql, "-- name: word" ---------------------------------------
 * Parameters :name are read from `in` by its shape; also :user :person :today :now :here. {can:ENTITY alias} becomes
 * the READ predicate of that entity for the actor, {can:ENTITY alias update} that of UPDATE (by the grants: what a
 * state locks is the query's). {hold:alias} at the end keeps the rows of that table for this transaction.
 * Rows are read into out's struct in column order. A query without {can:..} must be marked "-- open: why". */
enum rc query(struct ctx *c, const char *name, const struct shape *in_shape, const void *in,
              const struct shape *out_shape, items *ret, int64_t max);
enum rc query_one(struct ctx *c, const char *name, const struct shape *in_shape, const void *in,
	const struct shape *out_shape, void *ret);
enum rc query_int(struct ctx *c, const char *name, const struct shape *in_shape, const void *in, int64_t *ret);
enum rc execute(struct ctx *c, const char *name, const struct shape *in_shape, const void *in, int64_t *ret_changed);

/* Everything up to as_actor runs with the installation's rights: no predicate. History still names the user, if
 * there is one.
 * Logged with the reason; lint counts calls. */
const struct actor *as_system(struct ctx *c, const char *reason);            /* returns the actor to give back    */
void as_actor(struct ctx *c, const struct actor *who);

/* ---- within the same transaction ---------------------------------------------------------- */
/* an extra line of history */
enum rc audit(struct ctx *c, org_id org, const char *entity, int64_t id, const char *verb, str detail);
enum rc notify(struct ctx *c, user_id to, const struct tr *text, const str *args, int n, str link);
enum rc notify_role(struct ctx *c, const struct role *r, org_id at, const struct tr *text, const str *args, int n,
	str link);
/* To every account of that person in which somebody may sign in; none: nobody hears. */
enum rc notify_person(struct ctx *c, int64_t person, const struct tr *text, const str *args, int n, str link);
/* Queues a job; its row appears with the commit. in: of the job's shape. */
enum rc job_add(struct ctx *c, const struct job *j, org_id org, const void *in, int64_t *ret_id);
/* Commits what was written so far and tells how far it is; at most ten times a second. total 0: not yet known. */
void    job_progress(struct ctx *c, int64_t done, int64_t total, const struct tr *text);
/* in (of the job's shape, alive as long as the job) is the input from the next progress on: a job that is cut goes on
 * from there. */
void    job_keep(struct ctx *c, const void *in);
bool    job_cancelled(struct ctx *c);
enum rc job_result(struct ctx *c, file_id file, str note);
void    job_link(struct ctx *c, str address);            /* where what was done is seen                        */

/* Tells every module that a person's record passes from one unit to another (module.carry). Within as_system. */
enum rc carry(struct ctx *c, person_id who, org_id from, org_id to);

/* ---- files, content-addressed -------------------------------------------------------------- */
struct file_info { file_id id; str name, type, sha256; int64_t size; };
/* What a file that we make carries when it is about people (id, code, line: core/stamp.h), or free: why it is not.
 * Nothing is kept or sent that says neither: E_FAULT. */
struct stamp { int64_t id; str code, line; const char *free; };
struct stamp stamp_free(const char *why);
/* A file that was sent: looked at and scanned. */
enum rc file_put(struct ctx *c, org_id org, str name, str bytes, file_id *ret);
/* One that we made. until: when it may be thrown away; 0: never. */
enum rc file_own(struct ctx *c, org_id org, str name, str type, str bytes, instant until, struct stamp stamp,
	file_id *ret);
enum rc file_get(struct ctx *c, file_id id, struct file_info *ret, str *ret_bytes);  /* mapped; unmapped with c    */
/* Who may open a file: whoever may read the row it hangs on, or its maker before it hangs anywhere. */

/* ---- what a module keeps beside the database --------------------------------------------------- */
/* The installation's folder (DATA): files/, results/, keys/. */
const char *data_folder(const struct ctx *c);
/* Memory of the module's that lives as long as this process, zeroed at first: what it maps or works out once. Always
 * the same size. NULL where nothing is kept (tests, out of memory): then work without it. */
void   *kept(const struct ctx *c, const struct module *m, size_t size);

/* ---- answers of a module's own making, from within a route's run -------------------------------- */
bool    wants_json(const struct ctx *c);                 /* false outside a request                                */
/* These bytes instead of the route's page or JSON; they live as long as c. */
enum rc answer_as(struct ctx *c, int status, str type, str bytes, struct stamp stamp);
/* The route's own page or JSON, but with this status: a kind page for what is not there (404). */
void    answer_with(struct ctx *c, int status);
/* The heading of the error page, should this request end in one: where "Not found" would say the wrong thing. */
void    answer_titled(struct ctx *c, const struct tr *title);

/* ---- clock, chance, settings, addresses ---------------------------------------------------- */
int64_t new_id(struct ctx *c);                           /* 53-bit, time-ordered                                   */
void    fresh_bytes(struct ctx *c, void *p, size_t n);
/* A setting of a module for an organisation, falling back up the tree: text form. */
str     setting(struct ctx *c, const struct module *m, const char *name, org_id org);
int64_t setting_int(struct ctx *c, const struct module *m, const char *name, org_id org, int64_t otherwise);
enum rc setting_put(struct ctx *c, const struct module *m, const char *name, org_id org, str value);
/* an address within /t/.. of here */
str     link_to(struct ctx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum rc go_to(struct ctx *c, str address, const struct tr *said);            /* sets c->go and the toast; returns OK */
#define TEXT(c, ...) str_fmt((c)->mem, __VA_ARGS__)
#endif
