/* template.h -- Mustache: variables, sections, inverted sections, partials, comments, set delimiters, as the official
 * specification has them; no lambdas. {{x}} escapes; {{{x}}} and {{&x}} are refused unless the value is html, which
 * is never escaped twice (numbers hold nothing to escape and pass). {{t.key}} is a sentence of i18n/, resolved and
 * escaped when the template is parsed for a language. Empty text, 0, false and an empty list are false for a section.
 * {{%slot}}..: not supported; layout is by partials {{> core/head}} and {{> core/foot}}. */
#ifndef KHUE_TEMPLATE_H
#define KHUE_TEMPLATE_H
#include "base/base.h"
#include "web/html.h"

enum tv { TV_NONE, TV_TEXT, TV_HTML, TV_INT, TV_BOOL, TV_LIST, TV_OBJECT };
struct tobj { const void *p; const void *type; };    /* a value and what describes it (a struct shape)  */
struct tval { enum tv kind; str s; int64_t i; struct tobj o; int64_t n; };   /* LIST: o.p first item, n items */
/* How a template reads values. Names point into the parsed template and live as long as its set. get: a named
 * member, false when there is none (the name "." asks for the object's own value); it writes where the caller wants the
 * answer, because a page of marks asks some thousands of times and copies cost more than finding. item: the i-th of a
 * list. */
struct tsource {
	bool (*get)(const struct tsource *, struct tobj in, str name, struct arena *, struct tval *ret);
	struct tval (*item)(const struct tsource *, struct tval list, int64_t i);
	/* A name nobody on the stack has; may be NULL. For c.* values such as the CSRF token. */
	struct tval (*global)(const struct tsource *, str name, struct arena *);
	void *arg;
};
struct template;
struct template_set;
/* A set holds the parsed templates of one language. load: finds a template's text by name ("core/list"); say: the
 * sentence for a key or an empty str. Both must outlive the set. */
struct template_set *template_set_new(bool (*load)(void *arg, str name, str *ret), str (*say)(void *arg, str key),
	void *arg);
/* Parsed on first use and kept. NULL: not found or malformed; why (>= 256 bytes) says what and on which line. */
const struct template *template_get(struct template_set *, str name, char why[static 256]);
/* Renders into b. Partials resolve in the same set; nesting is limited to 64, sections and partials
 * entered to a million: E_LIMIT beyond. E_FAULT: an unescaped tag over text. */
enum rc template_render(const struct template *, const struct tsource *, struct tobj top, struct arena *,
	struct buf *b);
/* Calls fn for every name used at a place in the section nesting, partials included, for khue check: values, ">name"
 * for a partial that cannot be loaded, "t.key" for a sentence that does not exist. */
void template_names(const struct template *, void (*fn)(void *, const str *sections, int n, str name, int line),
	void *arg);
void template_set_free(struct template_set *);
#endif
