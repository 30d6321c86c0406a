/* check.h -- the self-check of declarations: what the C compiler cannot see. Every finding has a stable number,
 * listed in doc/checks.md: tests, commits and people refer to "E121". Run by `khue check`, by the tests and when the
 * program starts. */
#ifndef KHUE_CHECK_H
#define KHUE_CHECK_H
#include "core/registry.h"
#include "web/template.h"

struct check_code { int code; struct tr text; };         /* {1} {2}: names, values                            */
extern const struct check_code check_codes[];            /* by number, closed by code 0                       */

/* where: "module.entity.field", "module GET /path", "i18n/en.txt key". */
struct finding { int code; str where, vi, en; };
typedef void check_found(void *arg, const struct finding *f);

/* Where the files carried with the program are read; tests give their own. As base/embed.h. */
struct check_files {
	bool (*get)(void *arg, str name, str *ret);
	void (*each)(void *arg, str prefix, bool (*fn)(void *, str name, str bytes), void *to);
	void *arg;
};
extern const struct check_files check_embedded;

/* Checks all modules (closed by NULL), calls found for each finding, returns how many. Needs no database. */
int check_all(const struct module *const *modules, const struct check_files *files, struct arena *mem,
	check_found *found, void *arg);
#endif
