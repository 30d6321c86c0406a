/* oracle.c -- reads oracle.tsv. */
#include "oracle.h"
#include <stdio.h>

enum { MOST = 4000 };

const char *const where_names[WHERES] = { "all", "tree", "unit", "own", "child", "class", "form", "taught", "formed",
	"other", "course" };
const char *const where_scopes[WHERES] = { "everywhere", "in_tree", "at_org", "own", "own_child", "at_class",
	"at_form", "taught", "formed", "at_other", "at_course" };

static bool read_where(str s, enum where *ret)
{
	for (int i = 0; i < WHERES; i++) {
		if (str_is(s, where_names[i])) {
			*ret = (enum where)i;
			return true;
		}
	}
	return false;
}

static bool read_verbs(str s, uint32_t *ret)
{
	static const char letters[] = "rcutixp";
	*ret = 0;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		const char *at = strchr(letters, s.p[i]);
		if (!at)
			return false;
		*ret |= (uint32_t)1 << (at - letters);
	}
	return s.n > 0;
}

static int parts_of(str s, char sep, str *ret, int max)
{
	int n = 0;
	for (str head; s.n && n < max; ) {
		str_cut(s, sep, &head, &s);
		ret[n++] = head;
	}
	return n;
}

/* One struct expected for each role. */
static void add_roles(struct expected *to, int *n, str roles, struct expected x)
{
	str role[32];
	int many = str_is(roles, "-") ? 0 : parts_of(roles, ',', role, 32);
	for (int i = 0; i < many && *n < MOST; i++) {
		x.role = role[i];
		to[(*n)++] = x;
	}
	if (!many && *n < MOST)
		to[(*n)++] = x;
}

static bool read_line(struct oracle *o, const str *cell, int n, int line)
{
	struct expected x = { .line = line };
	if (n == 4 && str_is(cell[0], "anchor")) {
		o->anchors[o->n_anchors++] = (struct anchor){ cell[1], cell[2], cell[3], line };
		return true;
	}
	x.what = cell[1];
	if (n == 4 && str_is(cell[0], "give")) {
		if (!read_where(cell[2], &x.where))
			return false;
		add_roles(o->gives, &o->n_gives, cell[3], x);
		return true;
	}
	if (n == 3 && str_is(cell[0], "tier")) {
		add_roles(o->tiers, &o->n_tiers, cell[2], x);
		return true;
	}
	if (n == 6 && str_is(cell[0], "row")) {
		if (!read_where(cell[3], &x.where) || !read_verbs(cell[4], &x.may))
			return false;
		x.n_hidden = str_is(cell[5], "-") ? 0 : parts_of(cell[5], ',', x.hidden, 12);
		add_roles(o->rows, &o->n_rows, cell[2], x);
		return true;
	}
	if (n == 4 && str_is(cell[0], "step")) {
		if (!str_is(cell[2], "-") && !read_where(cell[3], &x.where))
			return false;
		add_roles(o->steps, &o->n_steps, cell[2], x);
		return true;
	}
	if (n == 3 && str_is(cell[0], "core")) {
		add_roles(o->cores, &o->n_cores, cell[2], x);
		return true;
	}
	if (n == 3 && str_is(cell[0], "route")) {
		add_roles(o->routes, &o->n_routes, cell[2], x);
		return true;
	}
	return false;
}

bool oracle_read(struct arena *mem, str text, struct oracle *ret, char why[static 256])
{
	*ret = (struct oracle){ .rows = NEWS(mem, struct expected, MOST), .steps = NEWS(mem, struct expected, MOST),
		.routes = NEWS(mem, struct expected, MOST), .gives = NEWS(mem, struct expected, MOST),
		.tiers = NEWS(mem, struct expected, MOST),
		.cores = NEWS(mem, struct expected, MOST), .anchors = NEWS(mem, struct anchor, MOST) };
	str line, cell[8];
	for (int number = 1; text.n; number++) {
		str_cut(text, '\n', &line, &text);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!read_line(ret, cell, parts_of(line, '\t', cell, 8), number)) {
			snprintf(why, 256, "oracle.tsv line %d cannot be read: %.*s", number, FMT(line));
			return false;
		}
	}
	return true;
}

str oracle_anchor(const struct oracle *o, str entity, const char *kind)
{
	for (int i = 0; i < o->n_anchors; i++)
		if (str_eq(o->anchors[i].entity, entity) && str_is(o->anchors[i].kind, kind))
			return o->anchors[i].column;
	return (str){ 0 };
}
