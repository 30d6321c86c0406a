/* json.h -- reading JSON strictly: RFC 8259 exactly, valid UTF-8, no NUL, nesting to 32, no key twice in an object. */
#ifndef KHUE_JSON_H
#define KHUE_JSON_H
#include "base/base.h"
#include <cjson/cJSON.h>

enum { JSON_DEPTH = 32, JSON_KEYS = 1000 /* most in one object */ };
/* The parsed text; it ends with the arena. NULL: *bad says why in English and *at is the byte where. */
const cJSON *json_read(struct arena *a, str text, const char **bad, ptrdiff_t *at);
/* The same reason in Vietnamese. */
const char *json_bad_vi(const char *bad);
/* The member of that exact name, or NULL. */
const cJSON *json_get(const cJSON *object, const char *name);
/* A string's text; empty for anything else. */
str json_text(const cJSON *item);
/* A whole number within +-2^53, or a string of decimal digits within int64. */
bool json_int(const cJSON *item, int64_t *ret);
/* Any scalar as the text a form would have sent: strings as they are, 8.75, true, false; null and others are empty. */
str json_scalar(struct arena *a, const cJSON *item);
#endif
