/* route_fuzz.c -- lines "VERB /pattern" build the tree, the last line is the path looked for; the answer must be
 * what trying every pattern one by one says. */
#include <assert.h>
#include "web/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATTERNS = 32 };
static bool fits(str pattern, str path)
{
	while (pattern.n && path.n) {
		ptrdiff_t i = 1, k = 1;
		while (i < pattern.n && pattern.p[i] != '/')
			i++;
		while (k < path.n && path.p[k] != '/')
			k++;
		bool name = i > 2 && pattern.p[1] == '{' && k > 1;
		if (!name && !str_eq(str_sub(pattern, 0, i), str_sub(path, 0, k)))
			return false;
		pattern = str_sub(pattern, i, pattern.n);
		path = str_sub(path, k, path.n);
	}
	return !pattern.n && !path.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str rest = { (const char *)data, (ptrdiff_t)size }, line, verb, pattern, made[PATTERNS];
	struct route_hit hit;
	char why[160];
	enum verb v, verbs[PATTERNS];
	struct arena a;
	int n = 0;
	if (size > 4096)
		return 0;
	arena_init(&a, 16 << 20);
	struct routes *r = routes_new(&a);
	while (str_cut(rest, '\n', &line, &rest)) {
		if (!str_cut(line, ' ', &verb, &pattern) || !verb_of(verb, &v) || memchr(pattern.p, 0, (size_t)pattern.n) ||
			n == PATTERNS)
			continue;
		made[n] = pattern;
		verbs[n] = v;
		n += routes_add(r, v, str_z(&a, pattern), &made[n], why);
	}
	bool any = false, exact = false;
	for (int i = 0; i < n && line.n && line.p[0] == '/'; i++) {
		any |= fits(made[i], line);
		exact |= fits(made[i], line) && verbs[i] == GET;
	}
	enum routed got = routes_find(r, GET, line, &hit);
	assert(got == (exact ? ROUTED : any ? ROUTE_OTHER_VERB : ROUTE_MISSING));
	if (got == ROUTED) {
		const str *target = hit.target;
		assert(fits(*target, line) && str_is(*target, hit.pattern) && hit.n_names <= ROUTE_NAMES);
	}
	arena_free(&a);
	return 0;
}
