/* embed.h -- the files carried inside the program: templates, queries, migrations, sentences, interface assets.
 * tool/embed.py makes the table. Names: "page/core/list.html", "sql/people.sql", "migrate/people/001-name.sql",
 * "i18n/vi.txt", "ui/app-1a2b3c.css". KHUE_ROOT=folder reads page, sql and i18n from a checkout instead
 * (development). */
#ifndef KHUE_EMBED_H
#define KHUE_EMBED_H
#include "base/base.h"
struct embedded { const char *name; const char *p; size_t n; };
extern const struct embedded embedded_files[];       /* sorted by name, closed by name NULL */
extern const size_t embedded_count;
bool embedded_get(str name, str *ret);               /* bytes that outlive everything       */
/* The files whose names begin with prefix, in order: fn returns false to stop. */
void embedded_each(str prefix, bool (*fn)(void *, str name, str bytes), void *arg);
#endif
