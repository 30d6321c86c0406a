/* records_rules.h -- what records.c's tables point to, and the shapes its queries read, within the module. */
#ifndef KHUE_RECORDS_RULES_H
#define KHUE_RECORDS_RULES_H
#include "mod/records/records.h"

/* rules.c */
check_fn conduct_makes_sense, exemption_makes_sense, elective_only, reopen_guard, parameters_ok,
	reopen_makes_sense, reopen_answered, reopen_says_why, note_of_class, note_is_ones_own;
/* locked.c: the day of a lock */
apply_fn lock_day, unlock_day, close_day, reopen_day, reopen_approve, reopen_refuse, lock_term, reopen_term;
among_fn reopen_among;
/* Results that stand follow every change of what they come from. */
apply_fn conduct_counts, exemption_counts, exemption_turned;
/* Who writes several rows of conduct of a class has its results computed once, after the last: class 0 ends it. */
void ratings_together(struct ctx *c, school_class_id class);
bool rated_together(struct ctx *c, school_class_id class);
enum rc results_follow(struct ctx *c, school_class_id class, bool *ret_computed);
apply_fn conduct_org, exemption_org, reopen_org, reopen_tell, note_org, note_today, note_turned;
struct number_row { int64_t n; };
extern const struct shape number_shape;

/* grid.c */
struct book_in { int64_t class, subject; pick term; int64_t course, school, year; };
extern const struct shape book_in_shape;
struct lock_row { str part; int64_t id; day on; bool now; };
/* held: for whoever may write the book, which nobody else writes before the transaction ends; without names, in no
 * order. */
enum rc book_load(struct ctx *c, school_class_id class, subject_id subject, pick term, bool held, struct grid *ret);
/* Of a route's ahead(): sends what the next book_load of this book, held, will wait for. */
void book_ahead(struct ctx *c, school_class_id class, subject_id subject, pick term);
bool book_teaches(struct ctx *c, const struct course_head *k);
enum rc course_find(struct ctx *c, school_class_id class, subject_id subject, struct course_head *ret);

extern const struct choice reopen_parts[];                /* by enum mark_part                                   */

/* retest.c: of a page of the year, whom the results do not let be tested again */
enum rc retests_bar(struct ctx *c, struct grid *g);

/* ledger.c */
/* The book is held: see book_load. */
enum rc ledger_append(struct ctx *c, struct course_head *k /* its end moves on */, pick term, str lines, str reason);

/* What the entries after one did to the cells of a term, oldest first: items of struct cell_change. Values as the
 * ledger
 * writes them, empty where it writes "-"; a remark by its hash. */
struct cell_change { int64_t seq, pupil; instant at; int64_t author, impersonator; str column, from, to, reason; };
enum rc ledger_changes(struct ctx *c, int64_t course, int64_t after, pick term, items *ret);

/* sheets.c */
check_fn template_readable;

/* seal.c */
enum rc seals_verify(struct ctx *c, int64_t *ret, struct ledger_fault *fault);
/* What writers were told stands in the books: the answers of the last two days (core/once.h) name the chain's
 * end. */
enum rc answers_verify(struct ctx *c, struct ledger_fault *fault);

/* prove.c: conduct against its history, results against what they are computed from */
enum rc ratings_verify(struct ctx *c, struct ledger_fault *fault);

/* missing.c: what the history says was made is there */
enum rc books_verify(struct ctx *c, struct ledger_fault *fault);
/* What audit() was given, from a line's detail. */
str history_text(struct ctx *c, str detail);
/* The line of history that books_verify reads: which books were opened. */
enum rc books_told(struct ctx *c, org_id at, const struct course *books, int64_t n);

/* book.c */
apply_fn phrase_owner;
extern const struct choice terms_written[];
extern const struct shape book_page_in, book_page_out, sheet_in, save_in_shape, save_out_shape;
handle_fn book_page_get, sheet_post, save_post;
ahead_fn save_ahead;
/* books.c */
extern const struct choice reopen_states[];
extern const struct shape books_in_shape, books_out, reopen_in, reopen_answer_in;
handle_fn books_get, reopen_post, reopen_answer_post;

/* paste.c */
extern const struct shape paste_in, paste_out;
handle_fn paste_post;

/* save.c */
/* Names of accounts, in one query; where there are none (or no accounts): empty. */
enum rc names_of_accounts(struct ctx *c, const int64_t *ids, int n, str *ret);

/* routes.c */
extern const struct route records_routes[];
extern const struct take records_takes[];
extern const struct place records_places[];
/* cards.c */
extern const struct card records_cards[];
#endif
