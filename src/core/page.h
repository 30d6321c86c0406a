/* page.h -- what the dispatcher and the page engines share. For core/ only. */
#ifndef KHUE_PAGE_H
#define KHUE_PAGE_H
#include "core/crud.h"
#include "core/dispatch.h"
#include "core/ended.h"
#include "core/once.h"
#include "core/perm.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/table.h"
#include "core/view.h"
#include "core/views.h"
#include "web/json.h"

/* One request being answered; c->web points here. */
struct exchange {
	struct app *app; struct request *r; struct reply *p; struct ctx *c;
	enum verb verb;                  /* HEAD is GET here                                                       */
	struct actor actor;              /* of this request                                                        */
	str session;                     /* the cookie's value, empty without one                                  */
	bool expired;                    /* a cookie came that names no session                                    */
	bool json, htmx;                 /* what the client takes                                                  */
	bool wrote;                      /* a transaction is open                                                  */
	struct once_asked asked;         /* its idempotency key (guard.c)                                          */
	bool repeated;                   /* ... was here before                                                    */
	str path;                        /* without the context prefix                                             */
	str base;                        /* the context prefix                                                     */
	struct cols hidden;              /* what the row of the page does not show this actor (row_of_page)        */
	struct path_values names;        /* what the route's {names} stood for                                     */
	const struct route *route; const struct meta *meta;
	struct budget max;               /* of what was asked: tests hold the answer against it                    */
	const char *pattern;             /* for the log                                                            */
	struct pair *pairs; int n_pairs; /* input: path values, query and form, files as ids                       */
	cJSON *body;                     /* JSON body without rev, or NULL                                         */
	int64_t rev;                     /* of a JSON body                                                         */
	str confirm;                     /* "_confirm" as sent; in an answer: what is to be sent to go on          */
	bool answered;                   /* p->body (or memory, fd) is complete                                    */
	const struct field *fields;      /* the table the input belongs to: gives problems their names             */
	struct choices_kept *choices;    /* rows that fit what was typed into a reference                          */
	int status;                      /* what a route's run asked for by answer_with; 0: 200                    */
	enum rc refused;                 /* answered with a page, but the transaction is to be rolled back         */
	str must_ask;                    /* where a second person is asked first: the answer to a browser (take_out) */
	str undo;                        /* beside c->said: a POST that takes it back                              */
	bool sandbox;                    /* what is sent came from people: no browser may run it                   */
	str title;                       /* of the page, for the shell                                             */
	struct link_view crumbs[12]; int n_crumbs;   /* of the page, below the organisation's                      */
	struct org_crumb *orgs; int n_orgs;          /* c->here.org and those above it, from the root down         */
	bool past;                       /* the school year of c->here is over                                     */
	const struct ended *ended;       /* the unit of c->here, where it has ended; NULL: it has not              */
	const struct ended *closed;      /* the unit that has ended and took nothing new, for the error page       */
	const struct tr *heading;        /* of the error page (answer_titled); NULL: as the status says            */
	uint64_t sql0, troubles0;        /* of the connection when the request began                               */
	int64_t cpu0;                    /* of this process then, only where budgets are tested                    */
	str csrf, key;                                   /* form_secret: made at most once                 */
	struct attached { int fd; int64_t upload; } *attached; int n_attached;       /* came in pieces (resume.h)   */
};
struct choices_kept { const struct field *f; items options; struct choices_kept *next; };
struct org_crumb { int64_t id, parent; str slug, name; bool has_below, ended; };
static inline struct exchange *exchange_of(const struct ctx *c) { return c->web; }

/* What pages keep between requests: app->pages_kept. */

/* ---- entity pages: E's own address is first -------------------------------------------------------- */
struct entity_page { enum verb verb; const char *rest; uint32_t may;
	enum rc (*run)(struct exchange *x, const struct meta *m);
                     struct budget max; bool lags; /* as of a route */ };
/* rest: "" , "/new", "/{id}", "/{id}/edit" .. closed by rest NULL. In the order they are tried. */
extern const struct entity_page entity_pages[];
enum rc list_page(struct exchange *x, const struct meta *m);
enum rc pick_page(struct exchange *x, const struct meta *m);
enum rc new_page(struct exchange *x, const struct meta *m);
enum rc create_page(struct exchange *x, const struct meta *m);
enum rc edit_page(struct exchange *x, const struct meta *m);
enum rc update_page(struct exchange *x, const struct meta *m);
enum rc detail_page(struct exchange *x, const struct meta *m);
enum rc ended_of_row(struct exchange *x, const struct base *row);    /* the banner of the unit it belongs to */
enum rc history_page(struct exchange *x, const struct meta *m);
enum rc retire_page(struct exchange *x, const struct meta *m);
enum rc restore_page(struct exchange *x, const struct meta *m);
enum rc step_page(struct exchange *x, const struct meta *m);
enum rc comment_page(struct exchange *x, const struct meta *m);
enum rc file_page(struct exchange *x, const struct meta *m);
enum rc bulk_page(struct exchange *x, const struct meta *m);

/* ---- core pages ------------------------------------------------------------------------------------ */
struct core_route { enum verb verb; const char *path; /* may hold {names} */ enum rc (*run)(struct exchange *x);
	struct budget max; bool lags; };
extern const struct core_route core_routes[];        /* closed by path NULL                                   */
enum rc search_page(struct exchange *x);
enum rc all_page(struct exchange *x);
enum rc switch_page(struct exchange *x);
enum rc language_page(struct exchange *x);
enum rc openapi_page(struct exchange *x);
enum rc settings_page(struct exchange *x);
enum rc settings_save(struct exchange *x);
extern const struct grant setting_deciders[];        /* who may open and save them                             */
enum rc health_page(struct exchange *x);
#define POLICY_REPORTS "/csp"                            /* where browsers tell what the content policy stopped */
enum rc policy_report_page(struct exchange *x);
enum rc ready_page(struct exchange *x);
enum rc metrics_page(struct exchange *x);
enum rc offline_page(struct exchange *x);
enum rc style_page(struct exchange *x);

/* ---- answers (answer.c) ---------------------------------------------------------------------------- */
/* Renders a template over a view: 200 unless status says otherwise. */
enum rc answer_page(struct exchange *x, int status, const char *page, const struct shape *shape, const void *view);
/* JSON is written into x->p->body by the caller between these two. */
struct buf *answer_json(struct exchange *x, int status);
/* The error page or problem+json for what fail() recorded. */
void answer_error(struct exchange *x, enum rc rc);
void answer_trouble(struct exchange *x, enum rc rc, enum db_trouble trouble);   /* ... of the disk or the database */
void answer_status(struct exchange *x, int status);          /* the same for a bare status: 404, 405, 401 ..   */
void answer_go(struct exchange *x, str address);             /* 303                                            */
void answer_security(struct exchange *x);                    /* headers of every answer                        */
int  status_of(enum rc rc);
int  status_for(const struct exchange *x, enum rc rc);       /* 429 for who is to wait (ctx.wait_s)            */
int64_t cpu_us(void);                                        /* this process has used so far                   */

/* ---- context (context.c) --------------------------------------------------------------------------- */
enum rc context_read(struct exchange *x);                    /* strips /t/..; E_MISSING: no such unit or year  */
enum rc orgs_above(struct ctx *c, org_id org, struct org_crumb **ret, int *n);
enum rc context_own(struct exchange *x);                     /* without a prefix: the only unit the person works at */
enum lang language_of(const struct exchange *x);
str  address_of(struct exchange *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));   /* with the base  */

/* ---- guard (guard.c) ------------------------------------------------------------------------------- */
str  csrf_token(struct exchange *x);
/* What only a page with a form needs is made when its template asks: "csrf" and "key", the same all over one page. */
str  form_secret(struct exchange *x, str name);
bool csrf_ok(struct exchange *x);
bool origin_ok(const struct exchange *x);
str came_from(const struct exchange *x);
/* A write with an idempotency key, inside its transaction: asks whether it was done before, and waits to be told.
 * x->repeated: it was, and its answer stands in x->p now. E_CONFLICT: the key was used for something else. */
enum rc once_begin(struct exchange *x);
enum rc once_known(struct exchange *x);
enum rc once_end(struct exchange *x);

/* ---- shell and menus (shell.c, menu.c) --------------------------------------------------------------- */
void shell_fill(struct exchange *x, struct shell *s);
void crumb(struct exchange *x, str href, str label);
items successor_links(struct exchange *x, const struct ended *e);    /* link_view, each to the unit's own pages */
void menu_rail(struct exchange *x, struct shell *s);
/* Places and entities whose label holds every word, for search: at most max. */
int  menu_find(struct exchange *x, str folded, struct link_view *ret, int max);

/* ---- fields as inputs (field.c) ----------------------------------------------------------------------- */
enum { ASK_NEW = 1, ASK_STEP = 2, ASK_FILTER = 4, ASK_SETTING = 8 };
/* row: where the values come from (NULL: none); what was typed wins when x->pairs holds the name. */
void field_ask(struct exchange *x, const struct field *f, const void *row, unsigned flags, struct field_view *ret);
/* Turns NAME.text, NAME.choice and uploads into plain pairs. Problems are recorded; E_INVALID then. ASK_FILTER: what is
 * looked for, not what is to be written. */
enum rc input_resolve(struct exchange *x, const struct field *fields, unsigned flags);
/* What became of a row that has come to its end (a FINAL state); empty: it has not. */
str end_text(struct ctx *c, const struct entity *e, const void *row);
const struct pair *pair_last(const struct exchange *x, const char *name);
void pair_set(struct exchange *x, const char *name, str value);   /* from now on the input holds this */
/* Problems of c as views, each leading to its field, and marked in these fields. */
items problem_views(struct exchange *x);
void  problem_names(struct exchange *x);                     /* fills problem.field from x->fields             */
/* Stores an uploaded part as a file. */
enum rc part_file(struct exchange *x, const struct part *part, org_id org, col at, file_id *ret);

/* ---- small things -------------------------------------------------------------------------------------- */
static inline str put_n(struct arena *mem, int64_t n) { return str_fmt(mem, "%lld", (long long)n); }
str  state_tag(const struct entity *e, const struct field *state, pick v);
str  label_many(struct ctx *c, const struct entity *e);    /* of a list of such rows: "Lớp", in English "Classes" */
str  text_begin(str text);                               /* of a text too long to show whole; else empty      */
str  label_lower(struct arena *mem, str label);              /* "Lớp" -> "lớp"                                 */
str  count_words(struct ctx *c, int64_t n, int64_t shown, const struct entity *e);
bool id_read(str s, int64_t *ret);
/* The {id} of the address as a row the actor may see; its title becomes the page's crumb below the list's. */
enum rc row_of_page(struct exchange *x, const struct meta *m, void **ret);
/* The revision the client read: form field or JSON member "rev"; 0 without one. */
int64_t rev_sent(const struct exchange *x);
/* Reads what was sent (form or JSON) into an entity's row. */
enum rc row_read(struct exchange *x, const struct meta *m, void *row, unsigned flags, const col *only);
/* {row, "_titles": {..}}: titles of the references. */
enum rc row_answer(struct exchange *x, const struct meta *m, const void *row, int status);
/* The detail page again, with what was refused. */
enum rc detail_show(struct exchange *x, const struct meta *m, const void *row, int status);
/* A page's own template when the module has one ("library/lib_book-list"), else core's. */
const char *page_for(struct exchange *x, const struct meta *m, const char *kind);
#define ITEMS(p, n) ((items){ (p), (n) })
#endif
