/* listing.h -- one list being answered (query.h): what list_rows.c and list_from.c share. For these two only. */
#ifndef KHUE_LISTING_H
#define KHUE_LISTING_H
#include "core/query.h"
#include "core/plan.h"

enum { ORDER_MAX = 4, FILTERS_MAX = 24, WORDS_MAX = 6, ARGS_MAX = 640, LIMIT_MAX = 10000, IDS_MAX = 500,
       ORGS_MAX = 16 /* units of a tree read one by one */ };

/* Where the rows come from. Which rows they are is the same for all of them; a list of a whole province takes
 * seconds or milliseconds by this choice alone. Both engines follow it: CROSS JOIN keeps SQLite's order, and each
 * set is small. */
enum list_from {
	FROM_TABLE,      /* the table in the list's order, looking at each row: most rows fit                       */
	FROM_WALK,       /* the same where PostgreSQL must be told so                                               */
	FROM_IDS,        /* the rows asked for by id                                                                */
	FROM_RIGHTS,     /* what each right reaches, by its anchor's index: pupils of a teacher, children           */
	FROM_ORG,        /* one organisation, in the list's order                                                   */
	FROM_ORGS,       /* a few organisations, the first page of each, merged                                     */
	FROM_LINES       /* the lines of table search that begin with the rarest word                               */
};
/* f NULL: the column _sort; via: of the row this column refers to, in table `of` */
struct order { const struct field *f; bool nullable; const struct field *via; const struct table *of; };
struct sort_key { struct val v[ORDER_MAX]; int64_t id; };
struct listing {
	struct ctx *c; const struct list_ask *ask; const struct table *t; struct rights rights;
	struct rights by;                                /* to rows whose title the list is in the order of         */
	struct cols show, verify;                        /* columns fetched; SEARCH columns that some rows hide     */
	struct order order[ORDER_MAX]; int n_order; bool down, verifies, narrow;   /* narrow: to here and below */
	struct sort_key after; bool has_after;
	struct val args[ARGS_MAX]; int n_args, limit;
	str words[WORDS_MAX]; int n_words;
	struct plan_key key;
	enum list_from from; bool uncounted;             /* uncounted: counting would read far more than the page   */
	int64_t orgs[ORGS_MAX]; int n_orgs, room_orgs;   /* FROM_ORG, FROM_ORGS                                     */
	str line;                                        /* FROM_LINES: the word                                    */
	struct val further[WORDS_MAX + 1]; int n_further;    /* ... and what else its key must hold               */
	/* FROM_TABLE, FROM_WALK for words: after so many rows of the order the lines are read instead; 0: no such end */
	int walk; struct val walk_end; bool ends;
	/* FROM_LINES: of here and below, of the unit of right i, or -1: of all */
	bool lines_here; int lines_right;
};

/* The words of a folded text that say something: none begins another, which says more. At most `most`. */
int  words_of(str folded, str *ret, int most);
/* For draft_in_key: those of the words that a key beginning with `first` shows, and the mark. Returns how many
 * words. */
int  key_words(struct arena *mem, str first, const str *words, int n, struct val *args);
/* Here is the reader's own unit, and rows of other units concern it too (a pupil who comes from elsewhere): the rights
 * alone bound the list, or it would hide what waits here. */
bool listing_concerned(const struct listing *l);
/* Chooses .from after rights, order and words are known: at most nine statements, most often none or one. */
enum rc listing_choose(struct listing *l);
/* Rows are asked in the order the entity declares, which has its index. By a reference that is the order of ids. */
bool listing_usual(const struct listing *l);
/* A filter names a value of .few: its index is where to begin, not the units. */
bool listing_finds_few(const struct listing *l);
/* Where a page in the order asked for would read and sort a long table as a whole, the usual one is asked for. */
enum rc listing_keep_order(struct listing *l, bool *ret_as_usual);
/* A walk gave no full page: from the lines of its rarest word. */
void listing_turn_to_lines(struct listing *l);
/* The values draft_source asks for; they come first. */
int  listing_args(struct listing *l, struct val *args);
/* " FROM .. WHERE " before the conditions on a, and how many arguments that took. */
int  draft_source(struct listing *l, struct draft *d);
/* Whether the reader may see column k at all, and filter or sort by it; and what is said where not. */
bool listing_may_use(const struct listing *l, int k);
bool listing_may_filter(const struct listing *l, int k);
enum rc listing_no_column(struct listing *l, col at);
/* The order of what f refers to, as in its own list; false: f is no reference, or to what has no order of titles. */
bool order_by_title(const struct ctx *c, const struct field *f, struct order *ret);
/* The order asked for, or the entity's own, into .order and .down. */
enum rc listing_order(struct listing *l);
void draft_order_column(struct listing *l, struct draft *d, int i);
void draft_order(struct listing *l, struct draft *d);                   /* " ORDER BY .."                       */
/* " AND .." for what lies after .after; arg: its first argument. */
void draft_after(struct listing *l, struct draft *d, int arg);
/* A place in the list's order as an opaque text, and back; empty or false: too long, or not of this order. */
str  listing_key(struct listing *l, const struct sort_key *k);
bool listing_key_read(struct listing *l, str text, struct sort_key *ret);
/* A power of two, at least n: texts of statements are few when lengths are rounded. */
int  in_room(int n);
#endif
