/* contact.h -- telephone numbers and e-mail addresses, as far as their form tells. */
#ifndef KHUE_CONTACT_H
#define KHUE_CONTACT_H
#include "base/base.h"
/* Vietnamese numbers: 10 digits from 0 (mobile 03 05 07 08 09, fixed 02 with 11 digits), +84 form, 1800/1900 services;
 * blanks, dots and hyphens may group them. */
bool phone_ok(str s);
/* local@domain: one @, no white space, 1..64 and 4..255 bytes, a dot inside the domain, no empty label. */
bool email_ok(str s);
#endif
