/* search.h -- finding any person, unit, class or function from a few letters.
 *
 * Table search(org, key, entity, item): one line for each place in a row's SEARCH fields where a reader may begin to
 * type:
 * the folded text from each word on ("nguyen van an", "van an", "an"), a name's initials ("nva"), a code. One index,
 * (org, key, ..), so that a school's search reads its own stretch and the province's one stretch a school. The table
 * only proposes: what the actor may see is decided by list_rows (query.h), as in every list.
 *
 * Where a row's other fields hold at most a short word or two that begin with a letter (a code), the keys of a field go
 * on, behind SEARCH_TURN, with the words before and those of the other fields ("van an|nguyen hs12"; initials with
 * nothing there, for they are no words): whether further typed words occur is then seen in the line alone, and the rows
 * of a common word need not be fetched to find out (draft_in_key, plan.h).
 * Keys without SEARCH_TURN, and those cut at SEARCH_KEY bytes, tell nothing about further words. */
#ifndef KHUE_SEARCH_H
#define KHUE_SEARCH_H
#include "core/ctx.h"

/* Keeps the table in step with one row, in the caller's transaction: before NULL: new (or come back), after NULL: gone.
 * Nothing is written when the SEARCH fields and org are the same, or the entity has no SEARCH field. */
enum rc search_change(struct ctx *c, const struct entity *e, const void *before, const void *after);
/* The lines of n new rows, in the order of the index. Within a transaction. */
enum rc search_add(struct ctx *c, const struct entity *e, const void *const *rows, int64_t n);
/* Rows of e that a statement of a module gave from one unit to another: their lines follow. */
enum rc search_follow(struct ctx *c, const struct entity *e, org_id from, org_id to);
/* Whether a migration said that lines are out of date, and the job that renews them beside everything else: a piece of
 * the rows at a time, of them those whose words have changed. Lines as they were stay beside. */
enum rc search_is_stale(struct ctx *c, bool *ret);
enum rc search_refresh(struct ctx *c, void *in);
/* Writes the lines of every living row again (after an import that passed by crud, or a new SEARCH field). Within a
 * transaction. */
enum rc search_rebuild(struct ctx *c, const struct entity *e);

enum { SEARCH_WORDS = 64 /* places per text */, SEARCH_KEY = 48 /* bytes kept of a key */ };
#define SEARCH_TURN "\x01"
bool search_letter(str word);                            /* begins with a letter                                    */

/* Rows of e belong to no unit's lines but to everybody's (org 0). */
bool search_for_everybody(const struct entity *e);
/* Every word of every row of e has a line: lists may look for words there. */
bool search_complete(const struct entity *e);
str  search_key_of(str word);                            /* as the keys are cut                                     */

/* mark: what tells persons of one name apart (a day, with its label), as far as the actor may see it. */
struct hit { const struct entity *e; int64_t id; org_id org; str title, mark; };
struct hits { struct hit *at; int n; const struct entity **more; int n_more /* entities with rows beyond these */; };
/* As search_rows, among the rows of one unit. */
enum rc search_unit(struct ctx *c, str typed, org_id of, int most, struct hits *ret);
/* The best rows for what was typed, at most `most` of each entity, best first within an entity. Too short a text
 * (under 2 letters) finds nothing. */
enum rc search_rows(struct ctx *c, str typed, int most, struct hits *ret);
#endif
