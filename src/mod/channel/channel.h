/* channel.h -- notices by e-mail, browser push, SMS and Zalo: choices, quiet hours, the queue, parts and prices. */
#ifndef KHUE_CHANNEL_H
#define KHUE_CHANNEL_H
#include "core/ctx.h"
#include "core/notices.h"
#include "core/roles.h"
#include "mod/auth/auth.h"

ID(delivery);
enum channel { BY_EMAIL, BY_PUSH, BY_SMS, BY_ZALO };
enum { CAN_EMAIL = 1 << BY_EMAIL, CAN_PUSH = 1 << BY_PUSH, CAN_SMS = 1 << BY_SMS, CAN_ZALO = 1 << BY_ZALO };
/* SENT: taken by the mail server, the push service or the gateway; ARRIVED: the receipt of the gateway
 * or of Zalo says so. */
enum delivery_state { DELIVERY_WAITING, DELIVERY_SENDING, DELIVERY_SENT, DELIVERY_ARRIVED, DELIVERY_FAILED };
/* One notice by one channel; base.org pays. about: note.about; notice: row of table notice; account 0: none.
 * address, body: until it has ended. carrier: the letter in the outbox, or the browser; ref: the gateway's number. */
struct delivery { struct base base; person_id person; pick kind, channel, state; bool urgent; instant due, ended;
	int64_t tries, parts; money cost; str problem; int64_t notice, about, account, carrier; str address, body, link,
		ref; };
extern const struct entity delivery;
extern const struct module mod_channel;

/* ---- SMS ------------------------------------------------------------------------------------------------------- */
enum { SMS_PARTS_MAX = 6 };
/* Text as it goes out from this unit: with its marks, or by the setting sms_letters without. */
str sms_text(struct ctx *c, org_id at, str text);
/* How many parts a text takes (GSM 03.38: 160, or 153 each of several; UCS-2: 70 and 67). 0: empty;
 * SMS_PARTS_MAX + 1: too long. */
int sms_parts(str text);
money sms_price(struct ctx *c, org_id at);               /* of one part; 0: not set                               */
/* Is a gateway configured? */
bool sms_ready(struct ctx *c);

/* ---- Zalo, by an official account ------------------------------------------------------------------------------ */
/* The words of a message as struct note has them: who writes, the title, the text, each without line breaks. */
str zalo_words(struct ctx *c, str from, str title, str text);
money zalo_price(struct ctx *c, org_id at);              /* of one message; 0: not set                            */
/* Is an official account configured? */
bool zalo_ready(struct ctx *c);
/* Why a delivery failed, in the reader's language: a code of the program's own, or what others said. */
extern const struct choice delivery_problems[];
str delivery_why(struct ctx *c, str problem);
#endif
