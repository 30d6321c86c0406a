/* auth.h -- accounts, seats, delegations, tokens; who somebody is and how he proves it. */
#ifndef KHUE_AUTH_H
#define KHUE_AUTH_H
#include "core/app.h"
#include "core/roles.h"
#include "mod/people/people.h"

ID(account); ID(seat); ID(delegation); ID(api_token); ID(takeout);

enum account_state { ACCOUNT_ACTIVE, ACCOUNT_SUSPENDED };
/* An account; its id is what the core calls user. base.org administers it: the school of a pupil or teacher. What
 * proves identity (password, one-time codes) is in the table credential, which no list, form, export or history can
 * reach. */
struct account { struct base base; str login, name; person_id person; pick state; str note; };

/* A role at an organisation for a period; base.org is that organisation, until is its last day. */
struct seat_row { struct base base; account_id account; person_id person; pick role; day since, until; str note; };

/* A seat lent to another account: both have it. base.org as the seat's. */
struct delegation { struct base base; seat_id seat; account_id lender, borrower; person_id person; day since, until;
	str reason; };

/* Lets another system in as the account, with its seats of the role api_client and no others. */
struct api_token { struct base base; account_id account; str label, prefix, digest; day until; };

/* Many records of people that somebody wants to take out (stamp.h: TAKE_ALONE): list, format, ask, every, place and
 * year are the question as export.h has it. code: of the stamp the file got. */
enum takeout_state { TAKEOUT_ASKED, TAKEOUT_AGREED, TAKEOUT_REFUSED, TAKEOUT_MADE };
struct takeout { struct base base; account_id account; person_id person; str what, reason; int64_t rows; pick state;
	account_id decider; instant decided; str why, code, list, format, ask; int64_t place, year; bool every; };

extern const struct entity account, seat, delegation, api_token, takeout;
extern const struct module mod_auth;
/* The roles a seat can have, in the order of seat_row.role; closed by END. */
extern const struct choice seat_roles[];

/* For struct app: two statements a request, one more every five minutes. */
enum rc auth_actor(struct ctx *c, str session, str bearer, struct actor *ret);

/* For struct app: the language the account chose. */
enum rc auth_keep_lang(struct ctx *c, enum lang lang);

/* May the actor give (or take) this role at that organisation? Nobody gives what is not below him: the table is in
 * seat.c. The installation itself (commands) may give anything. */
bool seat_may_give(struct ctx *c, const struct role *r, org_id at);
/* May the actor reset, suspend or act as this account: not his own, and every seat it has is one he may give. */
bool account_below(struct ctx *c, int64_t account_id_);
/* Whether the actor may suspend it or open it again. */
bool account_turns(struct ctx *c, const void *row);

/* ---- for commands and the demo; c acts as the system, inside a transaction ------------------------------------- */
struct new_account { str login, name; person_id person; org_id org; const struct role *role; /* NULL: no seat */
                     org_id at; /* of the seat; 0: org */ str password; /* empty: no password yet */ };
/* Creates accounts with a seat each, hashed with the given passwords as they are (no rules: the caller's choice).
 * must_change: each is asked for a password of their own at the first sign-in. *ret_ids: one an account; may be NULL.
 * Equal passwords are hashed once. E_CONFLICT: a login is taken. */
enum rc auth_demo(struct ctx *c, const struct new_account *at, int n, bool must_change, int64_t *ret_ids);
/* A fresh one-time code as the account's password, good for three days; ends its sessions. totp_too: forget its
 * second factor. */
enum rc auth_reset(struct ctx *c, int64_t account, bool totp_too, str *ret_code);
enum rc auth_find(struct ctx *c, str login, struct account *ret);
/* Ends every session of the account (0: of all) and, with tokens, every API token. */
enum rc auth_revoke(struct ctx *c, int64_t account, bool tokens, int64_t *ret_n);
#endif
