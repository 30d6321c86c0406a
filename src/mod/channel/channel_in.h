/* channel_in.h -- between the files of this module. */
#ifndef KHUE_CHANNEL_IN_H
#define KHUE_CHANNEL_IN_H
#include "mod/channel/channel.h"

struct channel_settings { str quiet_since, quiet_until; pick sms_letters; int64_t sms_price; };
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
 * SMPP: user, from. {to} {text} {id} {from} {secret} are filled in, escaped for their place. number: 0, 84 or +84. */
enum { HEADERS_MAX = 8 };
struct gateway { str url, secret, user, from, type, body, good, ref, number, headers[HEADERS_MAX]; int n_headers; };
/* False: none is configured, or *why says what is wrong with the file. It holds a secret: wipe mem afterwards. */
bool gateway_read(struct arena *mem, struct gateway *ret, const char **why);
bool gateway_parse(struct arena *mem, str text, struct gateway *ret, const char **why);
str  gateway_number(struct arena *mem, const struct gateway *g, str phone);
/* AWAY: nothing was taken, try later. LOST: it may have been taken. */
enum outcome { TAKEN, REFUSED_BY, AWAY, LOST };
struct sms { int64_t id; str to, text; };
struct smpp;
enum outcome http_sms(struct arena *mem, const struct gateway *g, const struct sms *m, str *ret_ref, str *ret_why);

/* smpp.c: one bound connection for a round; NULL with *why. receipt is called for each delivery receipt that comes. */
typedef void receipt_fn(void *arg, str ref, bool arrived, str state);
struct smpp *smpp_open(struct arena *mem, const struct gateway *g, receipt_fn *receipt, void *arg, const char **why);
enum outcome smpp_sms(struct smpp *s, struct arena *mem, const struct sms *m, str *ret_ref, str *ret_why);
/* Takes what the gateway has to tell, for at most ms, then says goodbye. */
void smpp_close(struct smpp *s, int ms);
/* One PDU as it stands on the wire; for tests and fuzzing. False: not a receipt. */
bool smpp_receipt(str pdu, str *ret_ref, str *ret_state);

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
