/* accept.h -- what the client prefers, of what we offer (RFC 9110 section 12.5). */
#ifndef KHUE_ACCEPT_H
#define KHUE_ACCEPT_H
#include "base/base.h"
/* For Accept ("text/html"), Accept-Language ("vi") and Accept-Encoding ("gzip"): the index of the offer with the
 * highest quality, the first of equals; -1 when the header is empty or accepts none. A language range "vi-VN" fits
 * the offer "vi". */
int accept_pick(str header, const char *const *offers, int n);
#endif
