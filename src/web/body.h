/* body.h -- request bodies: forms, and multipart uploads read as they arrive. */
#ifndef KHUE_BODY_H
#define KHUE_BODY_H
#include "web/http.h"

enum { PARAMS_MAX = 5000, PARTS_MAX = 200, PART_MEMORY = 65536 /* a larger file goes to disk */ };
struct pairs { struct pair *p; int n, cap; };
/* Decodes a=b&c=d (+ is a blank, %XX a byte); values in NFC with \n line ends. 0, 400 for malformed escapes, invalid
 * UTF-8 or control characters, 413 beyond PARAMS_MAX. */
int form_read(struct arena *a, str text, struct pairs *to);
/* The same of what a form sent: its values as form_value cleans them. */
int form_body_read(struct arena *a, str text, struct pairs *to);
/* form_clean of a value somebody typed or pasted: control characters that came along are dropped, the line breaks of
 * Word and of pages (VT, FF) become blanks. False: not UTF-8. */
bool form_value(struct arena *a, str s, str *ret);
/* One decoded value cleaned as form_read does; false when it must be refused. */
bool form_clean(struct arena *a, str s, str *ret);
bool pairs_add(struct arena *a, struct pairs *to, str name, str value);

struct multipart;
/* type: the whole Content-Type header. NULL: no usable boundary. memory_max: bytes of all fields that are not files. */
struct multipart *multipart_new(struct arena *a, str type, size_t memory_max);
/* The next bytes of the body. 0; 400 malformed; 413 over a limit; 507 no room on the disk. */
int multipart_feed(struct multipart *m, str bytes);
/* After the last byte: 0, or 400 when the closing boundary has not come. */
int multipart_end(const struct multipart *m);
/* The files and fields met. Files larger than PART_MEMORY have .fd; it is closed with the arena. Views end with it
 * too. */
struct part *multipart_parts(const struct multipart *m, int *n);
#endif
