/* print_fuzz.c -- any text as the markup of a document: what is taken becomes a page of the vocabulary's tags only,
 * whatever its texts say. */
#include "core/print_in.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const TAGS_OUT[] = { "div", "article", "h2", "h3", "p", "table", "colgroup", "col", "thead", "tbody",
	"tr", "th", "td", "b", "i", "u", "br", "hr", "figure", "svg", "path", "img", "text" };

/* From a tag's name to its '>': no attribute is one that runs. What stands in quotes is a value. */
static bool runs_nothing(str tag)
{
	bool quoted = false;

	for (ptrdiff_t i = 0; i < tag.n && (quoted || tag.p[i] != '>'); i++) {
		if (tag.p[i] == '"')
			quoted = !quoted;
		else if (!quoted && str_starts(str_sub(tag, i, -1), S(" on")))
			return false;
	}
	return !quoted;
}

/* Every '<' begins one of these, none with an attribute that runs. */
static bool only_ours(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++) {
		if (s.p[i] != '<')
			continue;
		ptrdiff_t at = i + 1 + (i + 1 < s.n && s.p[i + 1] == '/');
		bool known = false;
		for (int k = 0; k < COUNT(TAGS_OUT) && !known; k++) {
			str name = str_of(TAGS_OUT[k]);
			str rest = str_sub(s, at, -1);
			known = str_starts(rest, name) && rest.n > name.n && strchr(" >/", rest.p[name.n]);
		}
		if (!known || !runs_nothing(str_sub(s, at, -1)))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem;
	struct ctx c = { .mem = &mem };
	char why[256] = "";
	html made;

	if (size > 8192)
		return 0;
	arena_init(&mem, (size_t)256 << 20);
	str text = { (const char *)data, (ptrdiff_t)size };
	const struct print_node *top = print_tree(&mem, text, why);
	if (!top && !why[0])
		abort();
	if (top) {
		for (const struct print_node *a = top->first; a; a = a->next)
			if (a->tag != TAG_ARTICLE || print_text(&mem, a, NULL).n < 0)
				abort();
		if (print_screen_markup(&c, S("A4"), text, &made) == OK && !only_ours(made.s))
			abort();
	}
	arena_free(&mem);
	return 0;
}
