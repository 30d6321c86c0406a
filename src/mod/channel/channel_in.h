/* channel_in.h -- between the files of this module. */
#ifndef KHUE_CHANNEL_IN_H
#define KHUE_CHANNEL_IN_H
#include "base/hash.h"
#include "mod/channel/channel.h"
#include "web/http.h"

struct channel_settings { str quiet_since, quiet_until; pick sms_letters; int64_t sms_price, zalo_price; };
enum { QUIET_SINCE = 21 * 60 + 30, QUIET_UNTIL = 6 * 60 };           /* minutes of the day                        */

/* ---- prefer.c ------------------------------------------------------------------------------------------------ */
check_fn quiet_hour_ok;
handle_fn prefer_page, prefer_save, browser_add, browser_end;
extern const struct shape prefer_in_shape, prefer_shape, browser_in_shape, browser_end_shape;
/* "21:30", "6:00", "6h30": minutes of the day. False: no time. */
bool hour_read(str s, int *ret);
int  channels_by_default(int kind);                      /* CAN_..                                                */

/* ---- spread.c, send.c: the job --------------------------------------------------------------------------------- */
/* When a message made at `now` may go out: now, or the next end of the quiet minutes since..until. Equal: none. */
instant quiet_ends(instant now, int since, int until);
apply_fn channel_spread, channel_sweep;   /* sweep: what ended over 13 months ago      */
enum rc spread_notices(struct ctx *c);
enum rc send_due(struct ctx *c);

/* ---- gateways ----------------------------------------------------------------------------------------------------
 * The file of the gateway, KHUE_SMS_FILE or the systemd credential "sms": lines `name: value`, # begins a comment.
 * url http(s):// or smpp://host:port; secret; HTTP: header (several), body, type (json form xml), good, ref;
 * SMPP: user, from. {to} {text} {id} {from} {secret} are filled in, escaped for their place. number: 0, 84 or +84.
 * receipt..: what HTTP gateways call back with (receipt.c). */
enum { HEADERS_MAX = 8, RECEIPT_SECRET_MIN = 16 };
/* secret: the last word of the address they call, or with hmac (a header's name) the key of what stands there. The
 * others: names of fields, and which states are good and bad, apart by commas. */
struct receipt_fields { str secret, hmac, ref, id, state, good, bad, why; };
struct gateway { str url, secret, user, from, type, body, good, ref, number, headers[HEADERS_MAX]; int n_headers;
	struct receipt_fields receipts; };
/* False: none is configured, or *why says what is wrong with the file. It holds a secret: wipe mem afterwards. */
bool gateway_read(struct arena *mem, struct gateway *ret, const char **why);
bool gateway_parse(struct arena *mem, str text, struct gateway *ret, const char **why);
/* As the other side writes it: prefix 0, 84 or +84. */
str  phone_number(struct arena *mem, str prefix, str phone);
/* AWAY: nothing was taken, try later. LOST: it may have been taken. */
enum outcome { TAKEN, REFUSED_BY, AWAY, LOST };
struct sms { int64_t id; str to, text; };
struct smpp;
/* A file that only its owner reads, at the path in the variable or the systemd credential of that name. */
bool secret_file(struct arena *mem, const char *variable, const char *credential, str *ret, const char **why);
/* `name: value` lines into the texts of that name; one name several times fills several entries, in order. */
struct file_line { const char *name; str *at; };
bool file_lines(struct arena *mem, str text, const struct file_line *all, int n, const char **why);
enum escape { IN_URL, IN_JSON, IN_FORM, IN_XML, IN_HEADER };
struct blank { const char *name; str value; };           /* name with its braces                                  */
str  blanks_filled(struct arena *mem, const struct blank *all, int n, str pattern, enum escape at);
/* One request, POST with a body. TAKEN: an answer of 2xx. No redirect is followed. */
struct http_ask { str url, body; const str *headers; int n_headers; };
enum outcome http_ask(struct arena *mem, const struct http_ask *ask, str *ret_answer, str *ret_why);
enum outcome http_sms(struct arena *mem, const struct gateway *g, const struct sms *m, str *ret_ref, str *ret_why);

/* smpp.c: one bound connection for a round; NULL with *why. receipt is called for each delivery receipt that comes. */
typedef void receipt_fn(void *arg, str ref, bool arrived, str state);
struct smpp *smpp_open(struct arena *mem, const struct gateway *g, receipt_fn *receipt, void *arg, const char **why);
enum outcome smpp_sms(struct smpp *s, struct arena *mem, const struct sms *m, str *ret_ref, str *ret_why);
/* Takes what the gateway has to tell, for at most ms, then says goodbye. */
void smpp_close(struct smpp *s, int ms);
/* One PDU as it stands on the wire; for tests and fuzzing. False: not a receipt. */
bool smpp_receipt(str pdu, str *ret_ref, str *ret_state);

/* ---- Zalo (zalo.c) ----------------------------------------------------------------------------------------------- */
/* The file of the official account, KHUE_ZALO_FILE or the systemd credential "zalo"; doc/guide/admin.md tells its
 * lines. most: letters of a value; webhook: the key of what it calls back with; expired, later: numbers of errors. */
struct zalo { str url, token_url, app, secret, refresh, template, data, number, webhook, expired, later; bool proof;
	int64_t most; };
bool zalo_parse(struct arena *mem, str text, struct zalo *ret, const char **why);
bool zalo_read(struct arena *mem, struct zalo *ret, const char **why);
/* The body of the request for one message. */
str  zalo_body(struct arena *mem, const struct zalo *z, int64_t id, str phone, str words, str link);
/* What an answer of 2xx means. *ret_expired: the access token is refused, nothing was taken. */
enum outcome zalo_judged(struct arena *mem, const struct zalo *z, str answer, bool *ret_expired, str *ret_ref,
	str *ret_why);
/* What proves, beside an access token, that the application itself calls: HMAC-SHA256 of the token by its secret. */
digest zalo_proof(const struct zalo *z, str token);
/* The access token: what is kept, or a fresh one. refused: the one that no longer serves; empty: none. False with
 * *ret_why: none to be had now. Both live in mem. */
bool zalo_token(struct ctx *c, struct arena *mem, const struct zalo *z, str refused, str *ret, str *ret_why);

/* ---- what gateways report (receipt.c) ---------------------------------------------------------------------------- */
handle_fn receipt_sms, receipt_zalo;
extern const struct shape receipt_in_shape;
enum told { TOLD_NOTHING, TOLD_ARRIVED, TOLD_FAILED };
/* One call: its query or form, or its JSON body. False: it does not name a message. */
struct receipt { str ref; int64_t id; enum told what; str why; };
bool receipt_parse(struct arena *mem, const struct receipt_fields *r, str type, str body, const struct pair *params,
	int n, struct receipt *ret);
/* hex or base64 of HMAC-SHA256, also behind "sha256=". */
bool receipt_signed(struct arena *mem, str key, str body, str sent);
/* Zalo's X-ZEvent-Signature of an event, and the event itself; false: it speaks of no message that came. */
bool zalo_signed(struct arena *mem, const struct zalo *z, str body, str sent);
bool zalo_event(struct arena *mem, str body, struct receipt *ret);
/* Writes down what was told, once. E_MISSING: no such message was sent. */
enum rc receipt_take(struct ctx *c, enum channel by, const struct receipt *r);

/* sms.c */
struct sms_part { str text; bool wide; };                /* wide: UCS-2                                           */
int  sms_cut(str text, struct sms_part ret[static SMS_PARTS_MAX]);
bool sms_is_plain(str text);
/* One part as the wire has it: an octet a letter of the GSM alphabet, or UTF-16BE. */
str  sms_octets(struct arena *mem, const struct sms_part *p);

/* ---- browsers (push.c) ------------------------------------------------------------------------------------------- */
/* Whether the endpoint's origin is one of KHUE_PUSH: origins apart by blanks, with a star for all names below. */
bool push_allowed(str endpoint);
bool push_on(void);
/* The key of this installation in base64url, drawn when it is first asked for. E_FAULT: it cannot be read. */
enum rc push_public(struct ctx *c, str *ret);
struct push_to { int64_t id; str endpoint, key, auth; };
/* GONE: the browser has ended it. */
enum outcome push_send(struct ctx *c, const struct push_to *to, str payload, bool urgent, bool *ret_gone, str *ret_why);
#endif
