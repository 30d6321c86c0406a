#include "web/route.h"
#include <stdio.h>

enum { N_VERBS = OPTIONS + 1, MAX_SEGMENTS = 24 };

struct leaf { const void *target; const char *pattern; };
struct node {
	str text;                                    /* the literal segment                                    */
	struct node **kids; int n_kids, cap;         /* literals, sorted by text                               */
	struct node *any;                            /* {name}                                                 */
	struct leaf leaf[N_VERBS];
	uint32_t verbs;
};
struct routes { struct arena *mem; struct node top; };

static const char *const VERBS[N_VERBS] = { "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS" };

const char *verb_name(enum verb v)
{
	return VERBS[v];
}

bool verb_of(str name, enum verb *ret)
{
	for (int i = 0; i < N_VERBS; i++) {
		if (str_is(name, VERBS[i])) {
			*ret = (enum verb)i;
			return true;
		}
	}
	return false;
}

struct routes *routes_new(struct arena *a)
{
	struct routes *r = NEW(a, struct routes);
	r->mem = a;
	return r;
}

/* Where text is, or would be inserted, among the literal children. */
static int kid_at(const struct node *n, str text, bool *found)
{
	int lo = 0, hi = n->n_kids;
	while (lo < hi) {
		int mid = (lo + hi) / 2, order = str_cmp(n->kids[mid]->text, text);
		if (order == 0) {
			*found = true;
			return mid;
		}
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*found = false;
	return lo;
}

static struct node *kid_make(struct routes *r, struct node *n, str text)
{
	bool found;
	int at = kid_at(n, text, &found);
	if (found)
		return n->kids[at];
	if (n->n_kids == n->cap) {
		int cap = n->cap ? n->cap * 2 : 4;
		struct node **kids = NEWS(r->mem, struct node *, cap);
		if (n->n_kids)
			memcpy(kids, n->kids, sizeof *kids * (size_t)n->n_kids);
		n->kids = kids;
		n->cap = cap;
	}
	memmove(n->kids + at + 1, n->kids + at, sizeof *n->kids * (size_t)(n->n_kids - at));
	n->kids[at] = NEW(r->mem, struct node);
	n->kids[at]->text = text;
	n->n_kids++;
	return n->kids[at];
}

static bool name_ok(str name)
{
	for (ptrdiff_t i = 0; i < name.n; i++) {
		char ch = name.p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_'))
			return false;
	}
	return name.n > 0;
}

/* The next segment of a path that begins with '/': *head without the slash, *rest from the next slash on. */
static void segment(str path, str *head, str *rest)
{
	ptrdiff_t i = 1;
	while (i < path.n && path.p[i] != '/')
		i++;
	*head = (str){ path.p + 1, i - 1 };
	*rest = (str){ path.p + i, path.n - i };
}

bool routes_add(struct routes *r, enum verb verb, const char *pattern, const void *target, char why[static 160])
{
	struct node *n = &r->top;
	str rest = str_of(pattern), head;
	int names = 0, segments = 0;
	if (rest.n == 0 || rest.p[0] != '/') {
		snprintf(why, 160, "%.120s: a pattern begins with /", pattern);
		return false;
	}
	while (rest.n) {
		segment(rest, &head, &rest);
		bool name = head.n > 1 && head.p[0] == '{' && head.p[head.n - 1] == '}';
		bool brace = !name && (str_find(head, S("{")) >= 0 || str_find(head, S("}")) >= 0);
		bool empty = head.n == 0 && (rest.n || n != &r->top);
		if (empty || brace || (name && (!name_ok(str_sub(head, 1, head.n - 1)) || ++names > ROUTE_NAMES)) ||
		    ++segments > MAX_SEGMENTS) {
			snprintf(why, 160, "%.120s: malformed pattern", pattern);
			return false;
		}
		if (!name)
			n = kid_make(r, n, head);
		else
			n = n->any ? n->any : (n->any = NEW(r->mem, struct node));
	}
	if (n->leaf[verb].pattern) {
		snprintf(why, 160, "%.60s: same as %.60s", pattern, n->leaf[verb].pattern);
		return false;
	}
	n->leaf[verb] = (struct leaf){ target, pattern };
	n->verbs |= 1u << verb;
	return true;
}

struct walk { enum verb verb; str values[MAX_SEGMENTS]; int n; struct route_hit *hit; const struct leaf *leaf; };

static bool leaf_take(struct walk *w, const struct node *n)
{
	enum verb v = w->verb == HEAD && !(n->verbs & 1u << HEAD) ? GET : w->verb;
	w->hit->verbs |= n->verbs;
	if (!(n->verbs & 1u << v))
		return false;
	w->leaf = &n->leaf[v];
	return true;
}

static bool descend(struct walk *w, const struct node *n, str rest, int depth)
{
	str head;
	bool found;
	if (!rest.n)
		return leaf_take(w, n);
	if (depth >= MAX_SEGMENTS)
		return false;
	segment(rest, &head, &rest);
	int at = kid_at(n, head, &found);
	if (found && descend(w, n->kids[at], rest, depth + 1))
		return true;
	if (!n->any || !head.n)
		return false;
	w->values[w->n++] = head;
	if (descend(w, n->any, rest, depth + 1))
		return true;
	w->n--;
	return false;
}

/* Pairs the values met on the way with the names of this pattern: two patterns may name one place differently. */
static void name_values(const struct walk *w, struct route_hit *hit)
{
	str rest = str_of(hit->pattern), head;
	while (rest.n && hit->n_names < w->n && hit->n_names < ROUTE_NAMES) {
		segment(rest, &head, &rest);
		if (head.n > 1 && head.p[0] == '{') {
			hit->names[hit->n_names] = (struct pair){ str_sub(head, 1, head.n - 1), w->values[hit->n_names] };
			hit->n_names++;
		}
	}
}

enum routed routes_find(const struct routes *r, enum verb verb, str path, struct route_hit *ret)
{
	struct walk w = { .verb = verb, .hit = ret };
	*ret = (struct route_hit){ 0 };
	if (path.n == 0 || path.p[0] != '/')
		return ROUTE_MISSING;
	if (!descend(&w, &r->top, path, 0)) {
		if (ret->verbs & 1u << GET)
			ret->verbs |= 1u << HEAD;
		return ret->verbs ? ROUTE_OTHER_VERB : ROUTE_MISSING;
	}
	ret->target = w.leaf->target;
	ret->pattern = w.leaf->pattern;
	name_values(&w, ret);
	return ROUTED;
}
