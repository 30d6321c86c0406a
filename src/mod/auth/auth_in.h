/* auth_in.h -- between the files of this module. */
#ifndef KHUE_AUTH_IN_H
#define KHUE_AUTH_IN_H
#include "core/dispatch.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/seal.h"
#include "core/views.h"
#include "mod/auth/auth.h"
#include "mod/auth/password.h"

struct auth_settings { int64_t staff_password_min, staff_idle_min, session_hours; bool staff_totp;
	int64_t staff_totp_days, reads_usual, reads_alarm, reads_stop, trust_days, reads_kept; pick trust_whom; };

/* ---- shapes of the pages --------------------------------------------------------------------------------------- */
/* key, client, data, sign, handle: what a passkey answered (passkey.c). trust: no second step on this
 * device for a while; offer: the page asked whether. */
struct login_in  { str login, password, code, ticket, ve, key, client, data, sign, handle;
	bool trust, offer; };
/* ask_code: the password was right, a code of the second step is missing. ticket says so for five minutes. keys: the
 * passkeys that may answer challenge; empty: any. */
struct login_out { str title, ve, ticket, challenge, keys; int64_t trust_days; bool ask_code, by_key, by_code; };
struct empty_out { str title; };
struct seat_view { str role, org, period; bool lent; };
struct session_view { str id, when, seen, device, address, actor; bool current; };
struct me_out    { str title, name, login, last, password_age; items seats, sessions, devices;
	bool totp_on, second, many; int64_t codes_left, passkeys, record /* the person, where they may see it; 0 */; };
struct device_view { str id, device, address, when, seen, until; };
struct passkey_view { str id, label, when, used; };
struct passkey_in { int64_t id; str label, password, client, object; };
struct passkeys_out { str title, challenge, keys, handle, login, name; items passkeys, codes; bool fresh; };
struct change_in { str old, fresh, again; };
struct change_out { str title, login, rule; bool must; };
struct session_in { int64_t id; };
struct totp_in   { str code, password; };
struct totp_out  { str title, key; html qr; bool on, fresh; items codes; };   /* codes: code_view, shown once */
struct code_view { str code; };
struct option    { str value, label; };
struct loan_view { str id, rev, lender, borrower, role, org, period, reason; bool mine; };
struct lend_in   { seat_id seat; str login; day since, until; str reason, agree; };
/* ask: empty when there is nothing to confirm */
struct lend_out  { str title; items seats, loans; str since; bool none; str ask, sees, agree, agree_label, seat; };
struct keep_in   { int64_t account; str reason; bool totp; };
struct keep_out  { str title, name, login, action, back, code, until; bool done, totp_on; };
struct issue_in  { str login, label; day until; };
struct issue_out { str title, until, token; bool done; };
enum { NEW_ACCOUNTS = 50 };                              /* on one sheet: each costs the hash of a password        */
struct new_out   { str title; bool none; items accounts; };
struct chosen    { int64_t account; bool on; };
struct chosen_in { items chosen; };
struct takeout_in  { str list, format, ask, reason; bool every; int64_t rows; };
struct takeout_out { str title, what, rows, list, format, ask, action, flaw, back; bool every; int64_t many; };
extern const struct take auth_takes[];
enum rc takeout_agreed(struct ctx *c, str what, int64_t people, int64_t stamp, bool *ret);
extern const struct shape takeout_in, takeout_ask_in, takeout_out;
extern const struct shape new_out_shape, chosen_in_shape, sheet_paper_shape;
extern const struct shape passkey_in, passkeys_out, login_in, login_out, empty_out, me_out, change_in,
	change_out, session_in, totp_in,
	totp_out, lend_in, lend_out,
	keep_in, keep_out, issue_in, issue_out;

/* ---- handlers -------------------------------------------------------------------------------------------------- */
enum rc login_page(struct ctx *c, const void *in, void *out);
enum rc login_try(struct ctx *c, const void *in, void *out);
enum rc logout_page(struct ctx *c, const void *in, void *out);
enum rc logout(struct ctx *c, const void *in, void *out);
enum rc me_page(struct ctx *c, const void *in, void *out);
enum rc change_page(struct ctx *c, const void *in, void *out);
enum rc change_save(struct ctx *c, const void *in, void *out);
enum rc session_end(struct ctx *c, const void *in, void *out);
enum rc device_end(struct ctx *c, const void *in, void *out);
enum rc passkeys_page(struct ctx *c, const void *in, void *out);
enum rc passkey_make(struct ctx *c, const void *in, void *out);
enum rc passkey_drop(struct ctx *c, const void *in, void *out);
enum rc totp_page(struct ctx *c, const void *in, void *out);
enum rc totp_enrol(struct ctx *c, const void *in, void *out);
enum rc totp_stop(struct ctx *c, const void *in, void *out);
enum rc lend_page(struct ctx *c, const void *in, void *out);
enum rc lend_save(struct ctx *c, const void *in, void *out);
enum rc reset_page(struct ctx *c, const void *in, void *out);
enum rc reset_do(struct ctx *c, const void *in, void *out);
enum rc act_as_page(struct ctx *c, const void *in, void *out);
enum rc act_as(struct ctx *c, const void *in, void *out);
enum rc act_as_stop(struct ctx *c, const void *in, void *out);
enum rc new_accounts(struct ctx *c, const void *in, void *out);
enum rc new_accounts_print(struct ctx *c, const void *in, void *out);
enum rc issue_page(struct ctx *c, const void *in, void *out);
enum rc issue_do(struct ctx *c, const void *in, void *out);
enum rc takeout_page(struct ctx *c, const void *in, void *out);
enum rc takeout_ask(struct ctx *c, const void *in, void *out);

/* ---- rules of the rows ------------------------------------------------------------------------------------------ */
enum rc account_login_ok(struct ctx *c, const void *row);
enum rc account_name_ok(struct ctx *c, const void *row);
enum rc account_name(struct ctx *c, void *row);
enum rc account_is_kept(struct ctx *c, void *row);
enum rc account_is_below(struct ctx *c, const void *row);
enum rc account_end_sessions(struct ctx *c, void *row);
enum rc seat_since_today(struct ctx *c, void *row);
enum rc seat_makes_sense(struct ctx *c, const void *row);
enum rc seat_is_given(struct ctx *c, void *row);
among_fn seat_roles_here;
enum rc delegation_makes_sense(struct ctx *c, const void *row);
enum rc delegation_is_lent(struct ctx *c, void *row);
/* Whoever takes back what he lent stays on the page of his loans. */
enum rc delegation_turned(struct ctx *c, void *row);
enum rc takeout_by_another(struct ctx *c, const void *row);
enum rc takeout_decided(struct ctx *c, void *row);
enum rc takeout_may_be_made(struct ctx *c, const void *row);
enum rc takeout_make(struct ctx *c, void *row);
enum rc auth_tidy(struct ctx *c, void *row);
/* What each unit keeps of its log of readings no longer than it said (reads_kept); its history tells how much went. */
enum rc reads_forget(struct ctx *c);
enum rc auth_watch(struct ctx *c, void *row);

/* ---- proofs of identity ------------------------------------------------------------------------------------------ */
struct proof { int64_t account, org; str state, name, login; person_id person; str hash; bool must_change;
	instant code_until;
               str totp; int64_t totp_step; instant changed, last_login, made; int64_t passkeys; };
/* Has the account a second factor, of whatever kind? */
static inline bool has_second(const struct proof *p) { return p->totp.n > 0 || p->passkeys > 0; }
/* By id, or by login when id is 0. E_MISSING: no such account. */
enum rc proof_of(struct ctx *c, int64_t account, str login, struct proof *ret);
/* Sets a password as it is. must_change, code_until: of a one-time code; 0: no end. */
enum rc password_put(struct ctx *c, int64_t account, org_id org, str password, bool must_change, instant code_until);
/* What has been written in this transaction so far stays, whatever the rest of the request comes to: failures are
 * counted though the request is refused, and SQLite's write lock is not held while a password is hashed. */
enum rc settle(struct ctx *c);
/* Must this account have a second factor by now? Its roles ask for one and the days of grace since it was made are
 * over.
 * *ret_from: when they will be; NO_DAY: never (no such role, or a demo). */
enum rc totp_is_due(struct ctx *c, const struct proof *p, bool staff, bool *ret, day *ret_from);
/* Any of the account's seats is of a role that must be well guarded (ROLE_MFA). */
enum rc is_staff(struct ctx *c, int64_t account, bool *ret);

/* ---- second factor (totp.c)
 * --------------------------------------------------------------------------------------- */
/* A code of the app (±1 step, each once) or one of the recovery codes, which is then used up. */
enum rc second_factor(struct ctx *c, const struct proof *p, str code, bool *ret);
/* Ten new recovery codes; the old ones end. ret: struct code_view. */
enum rc recovery_make(struct ctx *c, const struct proof *p, items *ret);
enum rc recovery_end(struct ctx *c, int64_t account);
/* Is this the account's password? Wrong ones count as they do at the door, and are refused at that field. */
enum rc password_again(struct ctx *c, const struct proof *p, str password, col at);

/* ---- passkeys (passkey.c) ---------------------------------------------------------------------------------------- */
/* Random bytes for an authenticator to sign, good once, for ten minutes, for this browser; account 0: whoever it is. */
enum rc passkey_ask(struct ctx *c, int64_t account, str *ret);
/* The names of the account's keys, apart by blanks. */
enum rc passkey_names(struct ctx *c, int64_t account, str *ret);
/* Does the answer in `in` prove the account (0: any, then the authenticator must have known its user)? ret: whose key
 * it is, 0 when nobody knows it. E_INVALID is not given: a wrong answer is *ret_flaw. */
enum rc passkey_proves(struct ctx *c, const struct login_in *in, int64_t account, int64_t *ret_account,
	const struct tr **ret_flaw);

/* ---- devices that were remembered (trust.c) ------------------------------------------------------------------- */
/* For how many days this account's device may be remembered; 0: not. */
enum rc trust_days(struct ctx *c, const struct proof *p, int64_t *ret);
enum rc trust_begin(struct ctx *c, const struct proof *p);
enum rc trust_known(struct ctx *c, const struct proof *p, bool *ret);
/* All devices of the account (0: of every account). */
enum rc trust_end(struct ctx *c, int64_t account);
enum rc trust_list(struct ctx *c, items *ret);               /* struct device_view */
extern const struct choice trust_choices[];

/* ---- sessions (session.c)
 * ------------------------------------------------------------------------------------------ */
enum { MUST_NOTHING, MUST_CHANGE = 1 /* the password */, MUST_TOTP = 2 };  /* before that, no seats                  */
struct new_session { int64_t account; org_id org; bool mfa, staff; int64_t must, impersonator, parent; str reason;
	instant ends; };
/* Begins a session and sets its cookie; the id is new, the one the request came with ends (unless it is the parent). */
enum rc session_start(struct ctx *c, const struct new_session *s, str *ret_token);
/* The request's own session has shown a second factor, and this is left to do. */
enum rc session_shown(struct ctx *c, int64_t must);
/* What the browser says of itself, cut and cleaned; and in words: "Chrome, Android". */
str agent_words(struct ctx *c);
str device_words(struct ctx *c, str agent);
/* Tells those who look after the unit and the units above it. */
enum rc tell_keepers(struct ctx *c, org_id at, int64_t account_, const struct tr *text, const str *args, int n);
/* Pages of one's own account are for people at a screen, not for tokens or for who acts as another. */
enum rc only_in_person(struct ctx *c);
/* Seats in force (or, all: also to come), newest last. */
struct seat_now { int64_t id; str role; org_id org; day since, until; bool lent; };
enum rc seats_of(struct ctx *c, int64_t account, bool all, items *ret);

/* ---- guessing (throttle.c)
 * ------------------------------------------------------------------------------------------ */
/* keys */
struct guess { str account, address, school; };
struct guess guess_of(struct ctx *c, str login);
/* Seconds to wait before the next try; 0: now. */
enum rc guess_wait(struct ctx *c, const struct guess *g, int64_t *ret_s);
enum rc guess_failed(struct ctx *c, const struct guess *g, int64_t *ret_failures);
enum rc guess_right(struct ctx *c, const struct guess *g);
#endif
