/* pages.h -- what the page side keeps for the life of the process: sentences, assets, and short-lived caches. For
 * core/. */
#ifndef KHUE_PAGES_H
#define KHUE_PAGES_H
#include "core/page.h"

struct sentence { str key, text; };
struct sentences { struct sentence *at; int n; };            /* sorted by key                                  */
struct asset { str path, bytes, type; bool forever; };       /* path: "/a/app-1a2b3c.css"                      */

enum { CONTEXTS = 64, CONTEXT_KEEP_MS = 10000, MENUS = 64 };
struct context_kept {                                        /* of one slug, year and day                      */
	struct arena mem;
	str slug, year;
	instant until;                                       /* 0: free                                        */
	struct org_crumb *orgs; int n_orgs;
	struct ended ended;                                  /* the unit, where it has ended; unit 0: it has not       */
	int64_t year_id; bool past;
	str terms;                                           /* of that year: " hk1 hk2 "                     */
	str year_code, term_code;                            /* of today, where the address names none                 */
};
struct menu_link { str label[2], group[2]; const char *path, *icon, *name; const struct place *place;
	const struct entity *entity; };
struct menu {                                                /* of one set of roles                            */
	uint64_t roles[2]; bool used;
	const struct menu_link *rail[8]; int n_rail;
	const struct menu_link **all; int n_all;
};

/* Which member of a shape a name in a template is: looked for once a process. */
struct view_memo { const char *name; ptrdiff_t n; const struct shape *shape; const struct field *found; };
enum { VIEW_MEMOS = 4096 };

struct pages {
	struct view_memo memo[VIEW_MEMOS];
	struct arena mem;
	struct sentences said[2];
	struct asset *assets; int n_assets;
	str css, js, icons;                                  /* addresses of the main assets; empty without ui/dist */
	struct context_kept contexts[CONTEXTS]; int next_context;
	struct menu_link *links; int n_links;                /* every place and entity                         */
	struct menu menus[MENUS]; int next_menu;
};

bool i18n_open(struct pages *k, char why[static 256]);
str  i18n_say(const struct pages *k, enum lang lang, str key);   /* empty when there is none                   */
void assets_open(struct pages *k);
/* An asset, the manifest, the service worker or another file at the root. False: not one. */
bool asset_answer(struct exchange *x);
void menus_open(struct pages *k, const struct app *app);
#endif
