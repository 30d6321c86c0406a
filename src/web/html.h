/* html.h -- text that is already safe markup. A str becomes html only by being escaped. */
#ifndef KHUE_HTML_H
#define KHUE_HTML_H
#include "base/base.h"
typedef struct { str s; } html;
void put_html(struct buf *b, str text);              /* escapes & < > " '                             */
html html_of(struct arena *a, str text);
/* Marks markup made by our own code as safe; `why` is read by lint, which counts the calls. */
static inline html html_made(str markup, const char *why) { (void)why; return (html){ markup }; }
/* JSON string with quotes, escaped also against </script> and U+2028. */
void put_json(struct buf *b, str text);
/* Percent-encoding of one path segment or query value. */
void put_url(struct buf *b, str text);
#endif
