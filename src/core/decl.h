/* decl.h -- everything a module can declare. Tables only: nothing here runs.
 *
 * A row is a C struct that begins with `struct base`; a table of fields annotates its members by offset. The compiler
 * checks names and types; check.c checks the rest (E101...). Read doc/new-module.md for a walk through. */
#ifndef KHUE_DECL_H
#define KHUE_DECL_H
#include "base/base.h"
#include "web/html.h"

typedef uint8_t  pick;                                   /* index into a table of choices; 0 is the first          */
typedef uint16_t col;                                    /* a field, named by its offset in the row; 0 ends a list */
typedef struct { const void *p; int64_t n; } items;      /* an array of a described struct, or of int64_t          */
#define ID(e) typedef struct e##_id { int64_t v; } e##_id    /* one id type per entity: no mixed-up keys; 0: none  */
ID(org); ID(user); ID(file); ID(person);                 /* the four that the core itself names                    */
struct tr   { const char *vi, *en; };                    /* Vietnamese first, English beside it                    */
struct base { int64_t id, rev; org_id org; user_id made_by; instant made, changed; bool gone; };

enum type { T_TEXT, T_INT, T_BOOL, T_DAY, T_TIME, T_MONEY, T_SCORE, T_PICK, T_FILE, T_REF, T_HTML, T_LIST };
enum { NEEDED = 1, SEARCH = 2 /* global search and list box */, FILTER = 4, FIXED = 8 /* once set */,
       PRIVATE = 16 /* personal: reads are logged */, DERIVED = 32 /* by code or step, never from input */,
       NAME = 64 /* a person's name: sorts by given name */, LONG = 128 /* several lines */,
       SECRET = 256 /* never shown, listed, exported or logged */,
       LACKS = 512 /* lists can be asked for the rows without it: NAME.none=1, or with it: NAME.none=0 */,
       HOLDS = 1024 /* of a REF: while this row lives, in no FINAL state and not past its day `until`, the row it names
       is in use and not retired */,
       TENTHS = 2048 /* of a score: people read it with a decimal place, 7,0 (an average) */,
       LIVING = 4096 /* of a REF to a unit: one that has ended is neither offered nor newly written; a row that names it
       already keeps it, and lists are still asked for it */,
       CODED = 8192 /* of a text: codes that programs read, in JSON and exports; the page of a row leaves it out */ };
enum { INITIAL = 1, FINAL = 2, LOCKED = 4, SETTLED = 8 /* where a row rests, nobody need act */,
       WAITS = 16 /* for somebody's answer, as in the colour of where rows begin */ };   /* choice.is    */
enum { READ = 1, CREATE = 2, UPDATE = 4, RETIRE = 8, IMPORT = 16, EXPORT = 32, PRINT = 64 };       /* grant.may    */
enum { HISTORY = 1, FILES = 2, COMMENTS = 4, SHARED = 8 /* rows of the whole province, org = its root */,
       WIDE_KEYS = 16 /* unique over the whole province, though rows have owners: a person, a unit */ }; /* keeps */
enum { ON_ORG, ON_PERSON, ON_UNIT, ON_CLASS, ON_COURSE };                                          /* anchors      */

#define TYPE(m)   _Generic(((ROW *)0)->m, str: T_TEXT, int64_t: T_INT, bool: T_BOOL, day: T_DAY, instant: T_TIME, \
                           money: T_MONEY, score: T_SCORE, pick: T_PICK, file_id: T_FILE, html: T_HTML)
#define COL(m)    .name = #m, .at = offsetof(ROW, m), .type = TYPE(m)
#define REF(m, e) .name = #m, .at = offsetof(ROW, m), .type = _Generic(((ROW *)0)->m, e##_id: T_REF), .ref = &e
#define MANY(m, s) .name = #m, .at = offsetof(ROW, m), .type = _Generic(((ROW *)0)->m, items: T_LIST), .of = &s
#define AT(m)     offsetof(ROW, m)                       /* 0 is base.id, never listed: so 0 ends a list           */
#define ITSELF    ((col)UINT16_MAX)                      /* as an anchor: the row's own id (a person ON_PERSON)    */
#define END       {0}
#define FIELDS    (const struct field[])
#define GRANTS    (const struct grant[])
#define STEPS     (const struct step[])
#define SECTIONS  (const struct section[])
#define NEEDS(...)    (const struct module *const[]){ __VA_ARGS__, NULL }
#define ENTITIES(...) (const struct entity *const[]){ __VA_ARGS__, NULL }
#define DAYS(n)   ((n) * 86400)
#define HM(h, m)  ((h) * 3600 + (m) * 60)

struct ctx; struct entity;
typedef enum rc check_fn(struct ctx *, const void *row);             /* may look, may not touch                    */
typedef enum rc apply_fn(struct ctx *, void *row);                   /* inside the caller's transaction            */
typedef enum rc mean_fn(struct ctx *, void *row, str text);          /* sets the field, or leaves it empty         */
typedef enum rc more_fn(struct ctx *, const void *in, items *rows);
typedef enum rc handle_fn(struct ctx *, const void *in, void *out);  /* knows no HTTP, HTML or JSON                */
typedef void ahead_fn(struct ctx *, const void *in);
typedef bool stands_fn(struct ctx *, const void *row);
typedef uint64_t among_fn(struct ctx *, const void *row);            /* 1 << i: the choice i is one of them        */
typedef enum rc print_fn(struct ctx *, const void *row, const void *in, void *out);

struct choice { const char *code; struct tr label; uint32_t is; };   /* also: a state of a workflow; code NULL ends */
struct field  {
	const char *name;                    /* column, form key, JSON key, CSV header: one name everywhere        */
	col at; uint8_t type; uint32_t is; struct tr label, help;
	int64_t min, max;                    /* bounds of the value, or of a text's length in characters           */
	const struct choice *pick;           /* of a number: its values by name, the code is the number in digits; of a
	text: what its codes are called, others are shown as they are */
	const struct entity *ref; const struct shape *of;
	check_fn *check;                     /* gets the whole row; fails at this field                            */
	apply_fn *fill;                      /* sets the default of an empty field of a new row                    */
	mean_fn *means;                      /* of a REF: a text in an import that is no row's name, as an address  */
	struct tr none;                      /* what the page of a row says where this is empty; NULL: nothing     */
	const char *also;                    /* other headings in spreadsheets, separated by | ("Họ tên|Họ và tên") */
	const char *offer;                   /* of a REF: a named query without parameters (id, name); where it finds up
	to six rows the form of a new row has them as choices, a single one chosen, instead of a search */
	among_fn *among;                     /* of a PICK: which choices the form of a new row offers; NULL: all. What is
	saved is held against the entity's own rules, as ever */
};
struct shape  { uint32_t size; const struct field *fields; };        /* any described struct: form, view, settings */
/* where: SQL over {at} (the anchor's column; org for ON_ORG) with :seat :person :user :today. holds: its twin in C. */
struct scope  { const char *name; struct tr label; uint8_t on; const char *where; };
struct role   { const char *name; struct tr label; const struct scope *seat; uint32_t is; const char *rail[6]; };
enum { ROLE_ANYONE = 1 /* everybody, signed in or not */, ROLE_SIGNED = 2 /* every signed-in person */, ROLE_MFA = 4 };
struct grant  { const struct role *to; const struct scope *in; uint32_t may; col hide[8]; };   /* to NULL ends     */
struct step   { const char *name; struct tr label; uint32_t from; pick to; const struct grant *by; /* NULL: by code */
                col asks[6]; check_fn *guard; apply_fn *effect; const struct role *tell;
                uint8_t must; /* 1 << i: asks[i] is always answered (guard refuses without): not shown as optional */
                stands_fn *stands; }; /* its button is there only on rows of which this is true; guard decides */
struct flow   { col state; const struct step *steps; };
struct series { col field, per[3]; const char *format; bool gapless; };
struct section{ const char *vi, *en; col at[16]; };
struct entity {
	const char *name; struct tr label; uint32_t size, keeps;
	const struct field *fields; const struct section *form;
	col title[3], list[12], sort[3], unique[4][4], anchor[5];
	const struct grant *grants; struct flow flow; struct series series;
	check_fn *check; apply_fn *before, *after;       /* around the write of create and update; base.rev is 0 in
	   check and before of a new row, 1 in its after; steps run neither */
	apply_fn *turned;                                /* after the row was retired or restored, by whatever way:
	base.gone says which */
	const char *icon;                                /* a Tabler icon's name                                   */
	col few[4];                                      /* few rows of a province have one value of these: the schema
	   has an index of each, with gone and .sort behind it */
	col of_year;                                     /* the school year of rows that come anew every year: choices, and
	   lists nobody asked anything else of, are of the year at hand */
	col usual[4];                                    /* a yes-no field that lines of an import have set, unless that
	   or another such field, or one of the fields named behind it, has a column of its own */
	col same[4];                                     /* which row a line of an import is when it gives no value of a
	   unique key: the one alike in all of these; several such rows refuse the line */
	check_fn *doubt;                                 /* what whoever types in a new row is asked to look at first: tells
	it by doubt() (ctx.h). Of the form and the API only; runs before anything is filled or checked */
	int64_t rows;                                    /* about how many a province comes to have, for planner.h; 0: a
	   million, of SHARED ones a thousand */
};
struct budget { uint16_t sql, ms, kb; };  /* statements, ms of CPU, kB of the body before compression: all asserted */
/* in: from the path's {names}, the query and the body, by field name. out: the view; page: its template. A POST that
 * sets c->go answers a browser with 303 to that address. */
struct route  { const char *verb, *path; const struct grant *allow; const struct shape *in, *out;
                handle_fn *run; const char *page; struct budget max; struct tr label;
                bool lags;               /* a GET that decides nothing: may be read from a standby (replica.h) */
                bool callback;           /* another program asks: no cookie counts, no token of a form is wanted, the
	body is run's own to read, and run itself asks for the proof of who calls */
                ahead_fn *ahead;         /* POST: sends the reads that run begins with (query_ahead) together with the
	idempotency key, into c->ahead; it writes nothing, for what was done before is not run again */
                stands_fn *stands; };    /* GET /E/{e}/word: a link to it stands only at rows of which this is true */
/* people, of a report and of a print: how many people a row, or the document of a row, is about. A named query with
 * the row's :id counts them. Many leave only with a second person's word (stamp.h); nothing of it is left unsaid:
 * E187. */
#define ABOUT_NOBODY "0"
#define ABOUT_ONE    "1"
struct report { const char *name; struct tr label; const char *query; const struct shape *in, *out;
	const struct grant *allow; const char *people;
	more_fn *more; };                    /* adds what a query cannot say to its rows; NULL: nothing            */
/* A document about one row, on paper: /E/{id}/print/NAME shows it, ?format=pdf sends it; /E/print?print=NAME makes
 * one of every row of a list. paper and the template's vocabulary: print.h. in: what is asked first; run fills out,
 * the view (without run:
 * the row itself). Official documents are Vietnamese whatever the reader's language. Who may: PRINT of the entity,
 * and allow. */
struct print  { const char *name; struct tr label; const struct entity *of; const char *page, *paper;
                const struct shape *in, *out; print_fn *run; const struct grant *allow; const char *people; };
/* A file about people that a module's code makes itself, beside lists and prints: take_out (stamp.h) gives its stamp
 * and asks for a second person's word. of: whose ids are noted as read. page: where it is asked for. */
struct take   { const char *name; struct tr label; const struct entity *of; const struct grant *allow;
                const char *page; };
/* What the module keeps about a person beside rows that name one (a session's device, the words of a conversation): a
 * named query with :subject; its rows are in the copy of everything that person may ask for. */
struct about  { const char *name; const char *query; const struct shape *out; };
/* bare: run opens its own transactions, because it works long before it writes. */
struct job    { const char *name; struct tr label; uint32_t every_s, at_s, limit_s, tries; const struct shape *in;
	apply_fn *run; bool bare; };
/* A person's record passes to another unit: the module's rows about them go along. As the installation. */
typedef enum rc carry_fn(struct ctx *, person_id who, org_id from, org_id to);
/* A unit is divided: what was chosen for this part of the reorganisation goes on to `to` from `from`, which has
 * received everything of `old`. As the installation. */
typedef enum rc share_fn(struct ctx *, int64_t part, org_id old, org_id from, org_id to);
/* Classes and their rows have gone from one unit to another, in a merger or a division: what is of no single class goes
 * along now. As the installation. */
typedef enum rc came_fn(struct ctx *, org_id from, org_id to);
/* Has a second person agreed that this actor takes so many people out in the file "module/name" of a take? Uses the
 * word up for the file of that stamp. */
typedef enum rc agreed_fn(struct ctx *, str what, int64_t people, int64_t stamp, bool *ret);
/* A place in the menus: /all lists every place the actor may enter, by group; a role's rail names six of them. */
struct place  { const char *name, *path, *icon; struct tr label, group; const struct grant *allow; };
/* A card on the home page of whoever is allowed: run fills out, page draws it. */
struct card   { const char *name; struct tr label; const struct grant *allow; const struct shape *out; handle_fn *run;
	const char *page; };
struct module { const char *name; struct tr label; uint16_t schema;  /* schema: number of its last migration       */
                const struct module *const *needs; const struct entity *const *entities; const struct route *routes;
                const struct report *reports; const struct print *prints; const struct job *jobs;
                const struct place *places; const struct card *cards;
                const struct role *const *roles; const struct scope *const *scopes;
                const struct shape *settings; carry_fn *carry; const struct take *takes; agreed_fn *agreed;
                share_fn *share; came_fn *came; const struct about *about;
                const char *const *forget; /* statements with :subject: out goes what no law has the module keep */ };
#endif
