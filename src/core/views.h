/* views.h -- what the default pages show: one struct and one shape a page, filled by the page engines, read by the
 * templates of core/page (and by a module's own, where it overrides one: page/MODULE/ENTITY-list.html, -form, -detail).
 *
 * In a template a member is {{name}}, a list is {{#name}}..{{/name}}, a boolean opens {{#name}} or {{^name}}. The frame
 * around every page is reached as {{c.title}}, {{#c.rail}}: a struct shell. {{title}} is the page's own, or else the
 * shell's; so are {{wrong}} and {{problems}}. {{in.NAME}} is what was typed, after a refusal. Sentences are
 * {{t.key}}. All text here is already in the reader's language; nothing is escaped yet. */
#ifndef KHUE_VIEWS_H
#define KHUE_VIEWS_H
#include "core/decl.h"

struct link_view { str href, label, icon, note; bool current; };
extern const struct shape link_shape;

/* ---- shell: the frame ({{c.…}}) --------------------------------------------------------- */
struct shell {
	str title, lang, path, home;         /* path: this address with its query; home: the context's first page      */
	str css, js, icons;                  /* addresses of assets; icons ends before "#name"                         */
	str csrf, key;                       /* hidden inputs _csrf and _key of every POST form                        */
	str said, undo;                      /* a toast from the last page; undo: action of its POST form, or empty    */
	bool signed_in, demo, past;          /* past: looking at a year that is over                                   */
	bool saving;                         /* something was sent to be kept: what is wrong kept it from that         */
	str user, initials, role, login_href;
	str impersonator;                    /* not empty: somebody acts as the user; the banner says so               */
	str org, org_slug, year, term;       /* of the context: names for people                                       */
	str ended;                           /* not empty: that the unit, or the one a row belongs to, has ended       */
	items successors;                    /* link_view: what stands in its place today                              */
	str base;                            /* "/t/slug/2026-2027/hk1" or empty: put before context addresses         */
	str other_lang, other_lang_href;     /* "English" while in Vietnamese                                          */
	str switch_href;                     /* page of the org and term switcher                                      */
	int64_t notices;                     /* unread                                                                 */
	str request;                         /* id of this request                                                     */
	str version;
	items rail, crumbs;                  /* link_view; crumbs from the root down, the last one current             */
	items back;                          /* link_view: the crumb above, one or none, for a phone                   */
	bool wrong; items problems;          /* problem_view: why the last POST of a module's page was refused         */
	bool asking;                         /* nothing is wrong: all of it is doubts, which a button answers          */
};
extern const struct shape shell_shape;

/* ---- a field with an input (forms, filters, questions of a step, settings) -------------- */
/* note: of a row that has come to its end, what became of it */
struct option_view { str value, label; bool selected; str id, note; };
extern const struct shape option_shape;
struct field_view {
	str name, id, label, help, problem;  /* id: "f-name", the target of the error summary                          */
	str value;                           /* as typed, or as people write it (05/09/2014, 7,5)                      */
	str value_text;                      /* what the value means: a reference's title, a file's name               */
	str to;                              /* second value of a range filter (name + ".to")                          */
	str describedby;                     /* ids of help and problem text, for aria-describedby; may be empty       */
	bool needed, fixed, wrong;           /* fixed: shown, not changed; wrong: has a problem                        */
	bool text, longer, number, yes, date, time, money, score, one_of, few, ref, file, secret;   /* exactly one     */
	                                     /* few: up to four choices, radio buttons; one_of: more, a select         */
	str max;                             /* characters, empty: no limit                                            */
	str mode;                            /* inputmode: text, numeric, decimal                                      */
	str pick_href;                       /* of a reference: suggestions, ?q=                                       */
	str accept;                          /* of a file                                                              */
	items options;                       /* option_view; begins with an empty one unless needed                    */
};
extern const struct shape field_shape;
struct hidden_view { str name, value; };
extern const struct shape hidden_shape;
struct problem_view { str href, text; };
extern const struct shape problem_shape;

/* ---- list ------------------------------------------------------------------------------- */
/* aria: ascending, descending, none */
struct column_view { str name, label, sort_href, aria; bool sorted, down, number; };
struct cell_view   { str text, href, tag, label; bool first, number, empty; };
	/* tag: "" plain text; else a chip of that colour: luc (final), vang (initial), lam (between), do (refused) */
struct row_view    { str id, href, title; bool gone; items cells; str second; };   /* second: the phone's second line */
struct list_view {
	str title, entity, href;             /* href: the list without a query                                         */
	str q, count_text, page_text;        /* "1.157 lớp học", "51–100"                                              */
	bool searchable, filtered, empty, gone;
	items filters;                       /* field_view                                                             */
	/* hidden_view: the order, for the filter form; all of the question, for bulk */
	items kept, carried;
	items columns, rows;
	str clear_href, next_href, prev_href;
	str unsorted;                        /* why the order is not the one asked for                                 */
	bool paged;
	str new_href, import_href;           /* empty: not allowed                                                     */
	items exports; bool may_export;      /* link_view                                                              */
	str empty_text, empty_do, empty_href;/* why there is nothing, what to do, where                                */
	bool bulk; str bulk_href; int64_t total;
	items verbs;                         /* link_view: href is the verb's name in the bulk form                    */
};
extern const struct shape list_shape, column_shape, cell_shape, row_shape;

/* ---- form ------------------------------------------------------------------------------- */
struct section_view { str title; items fields; };
struct clash_view   { str label, theirs, mine; };
struct form_view {
	str title, entity, action, cancel_href, submit, rev, draft;   /* draft: key of the draft kept in the browser     */
	bool multipart, fresh, wrong, clash;
	items problems;                      /* problem_view                                                           */
	items sections, hidden;              /* section_view; hidden_view                                              */
	items clashes;                       /* clash_view: somebody saved first                                       */
	str clash_text;
	str confirm, confirm_text;           /* what is sent to go on in spite of the doubts above; empty: nothing     */
};
extern const struct shape form_shape, section_shape, clash_shape;

/* ---- detail ----------------------------------------------------------------------------- */
/* begin: of a long text, which is folded behind it */
struct fact_view    { str name, label, text, begin, href, tag; bool longer, empty; };
struct facts_view   { str title; items facts; };
/* asks: field_view */
struct step_view    { str name, label, action; bool main, bad, asks_some; items asks; };
struct change_view  { str label, old, now; };
struct event_view   { str when, who, what, note; items changes; str by; };     /* by: for whom, as whom */
struct file_view    { str href, name, size, type; };
struct comment_view { str who, when, text, begin; bool mine; };
struct detail_view {
	str title, entity, id, rev, state, state_tag, list_href, list_label;
	bool gone;
	items sections;                      /* facts_view                                                             */
	items steps;                         /* step_view: what this actor may do now                                  */
	str edit_href, retire_action, restore_action;      /* empty: not allowed                                       */
	items related;                       /* link_view: note is the count                                           */
	items doors;                         /* link_view: pages that modules add to such a row                        */
	items prints; bool many_prints;      /* link_view; too many to stand side by side                              */
	bool keeps_history, keeps_files, keeps_comments;
	items history; str history_href;     /* event_view: the newest ten                                             */
	items files; str file_action;
	items comments; str comment_action;
	items problems; bool wrong;          /* of a step that was refused                                             */
};
extern const struct shape detail_shape, facts_shape, fact_shape, step_shape, event_shape, change_shape, file_shape,
	comment_shape;

/* ---- history of one row, alone on a page ------------------------------------------------- */
struct history_view { str title, href; items history; str next_href; };
extern const struct shape history_shape;

/* ---- bulk: what will happen, before it happens -------------------------------------------- */
struct bulk_row  { str title, href, why; };
struct bulk_view {
	str title, verb, count_text, action, cancel_href, submit;
	items can, cannot;                   /* bulk_row                                                               */
	int64_t n_can, n_cannot; bool none;
	items hidden, asks, problems; bool wrong, asks_some;
};
extern const struct shape bulk_shape, bulk_row_shape;

/* ---- suggestions of a reference (fragment) ------------------------------------------------ */
struct pick_view { str q, name; items options; bool none; };     /* option_view                                    */
extern const struct shape pick_shape;

/* ---- search ------------------------------------------------------------------------------ */
struct hit_view   { str href, title, note, icon; bool first; };
struct hits_view  { str label, more_href /* to the whole list, where there is more of it */; items hits; };
struct search_view { str title, q, count_text; bool asked, none; items groups; };
extern const struct shape search_shape, hits_shape, hit_shape;

/* ---- /all, switcher, settings -------------------------------------------------------------- */
struct group_view { str label, id; items links; };                   /* link_view                                  */
struct all_view   { str title, q; bool none; items groups; };
struct switch_view { str title, q, back; items places, found, years, terms; bool asked, none; };   /* link_view    */
struct setting_view { str title, org, action; items sections; bool wrong; items problems; };       /* section_view */
extern const struct shape group_shape, all_shape, switch_shape, setting_shape;

/* ---- errors and plain messages -------------------------------------------------------------- */
struct error_view {
	str title, what, todo, code, when, request, back_href; int64_t status;
	bool fault, sign_in, sent;           /* sent: a form: what was typed may be lost                               */
	items problems, successors;          /* successors: link_view, of the unit that has ended and takes nothing new */
};
extern const struct shape error_shape;

/* ---- /kieu-mau: every component ------------------------------------------------------------------ */
/* problem_view, section_view, event_view */
struct style_view { str title; bool wrong; items problems, sections, history; html chart; };
extern const struct shape style_shape;

/* A default template and the struct it reads; closed by page NULL. */
struct core_page { const char *page; const struct shape *shape; };
extern const struct core_page core_pages[];
#endif
