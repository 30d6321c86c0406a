/* docs_matrix.c -- the registry as JSON. */
#include "core/docs.h"
#include "core/page.h"
#include "web/html.h"

static void put_word(struct buf *b, const char *name, const char *value, bool *first)
{
	put_fmt(b, "%s\"%s\":", *first ? "" : ",", name);
	put_json(b, str_of(value ? value : ""));
	*first = false;
}

static void put_words(struct buf *b, const char *name)
{
	put_fmt(b, ",\"%s\":[", name);
}

static void put_may_words(struct buf *b, uint32_t may)
{
	const char *sep = "";
	put_words(b, "may");
	for (int i = 0; i < 7; i++) {
		if (may >> i & 1) {
			put_fmt(b, "%s\"%s\"", sep, may_names[i]);
			sep = ",";
		}
	}
	put_c(b, ']');
}

static bool in_hide(const struct grant *g, col at)
{
	for (int i = 0; i < (int)COUNT(g->hide) && g->hide[i]; i++)
		if (g->hide[i] == at)
			return true;
	return false;
}

/* The fields a grant shows, or lets be written: never SECRET ones to read, never DERIVED ones to write. */
static void put_visible(struct buf *b, const char *name, const struct entity *e, const struct grant *g,
	uint32_t without)
{
	const char *sep = "";
	put_words(b, name);
	for (const struct field *f = e->fields; f && f->name; f++) {
		if ((f->is & without) || in_hide(g, f->at))
			continue;
		put_fmt(b, "%s\"%s\"", sep, f->name);
		sep = ",";
	}
	put_c(b, ']');
}

static void put_cells(struct buf *b, const struct entity *e)
{
	put_words(b, "cells");
	for (const struct grant *g = e->grants; g && g->to; g++) {
		bool first = true;
		put_z(b, g == e->grants ? "{" : ",{");
		put_word(b, "role", g->to->name, &first);
		put_word(b, "scope", g->in->name, &first);
		put_may_words(b, g->may);
		if (g->may & READ)
			put_visible(b, "reads", e, g, SECRET);
		if (g->may & (CREATE | UPDATE | IMPORT))
			put_visible(b, "writes", e, g, DERIVED);
		put_c(b, '}');
	}
	put_c(b, ']');
}

static void put_allow(struct buf *b, const struct grant *g)
{
	put_words(b, "allow");
	for (const struct grant *first = g; g && g->to; g++)
		put_fmt(b, "%s{\"role\":\"%s\",\"scope\":\"%s\"}", g == first ? "" : ",", g->to->name, g->in->name);
	put_c(b, ']');
}

static void put_steps(struct buf *b, const struct entity *e)
{
	put_words(b, "steps");
	for (const struct step *s = e->flow.steps; s && s->name; s++) {
		bool first = true;
		put_z(b, s == e->flow.steps ? "{" : ",{");
		put_word(b, "name", s->name, &first);
		put_allow(b, s->by);
		put_words(b, "asks");
		for (int i = 0; i < (int)COUNT(s->asks) && s->asks[i]; i++)
			put_fmt(b, "%s\"%s\"", i ? "," : "", column_name(e, s->asks[i]));
		put_z(b, "]}");
	}
	put_c(b, ']');
}

static void put_entity(struct buf *b, const struct meta *m)
{
	bool first = true;
	put_c(b, '{');
	put_word(b, "name", m->e->name, &first);
	put_word(b, "module", m->module->name, &first);
	put_words(b, "fields");
	for (const struct field *f = m->e->fields; f && f->name; f++)
		put_fmt(b, "%s{\"name\":\"%s\",\"type\":\"%s\",\"private\":%s,\"secret\":%s,\"derived\":%s}",
			f == m->e->fields ? "" : ",", f->name,
		        type_name((enum type)f->type), f->is & PRIVATE ? "true" : "false", f->is & SECRET ? "true" : "false",
		        f->is & DERIVED ? "true" : "false");
	put_c(b, ']');
	put_cells(b, m->e);
	put_steps(b, m->e);
	put_c(b, '}');
}

static void put_shape(struct buf *b, const char *name, const struct shape *s)
{
	put_words(b, name);
	for (const struct field *f = s ? s->fields : NULL; f && f->name; f++)
		put_fmt(b, "%s\"%s\"", f == s->fields ? "" : ",", f->name);
	put_c(b, ']');
}

static void put_route(struct buf *b, const struct route_of *x)
{
	bool first = true;
	put_c(b, '{');
	put_word(b, "verb", x->route->verb, &first);
	put_word(b, "path", x->route->path, &first);
	put_word(b, "module", x->module->name, &first);
	put_allow(b, x->route->allow);
	put_shape(b, "in", x->route->in);
	put_shape(b, "out", x->route->out);
	put_c(b, '}');
}

/* What every entity answers and with which verb, and what the core answers by itself. */
static void put_pages(struct buf *b)
{
	put_z(b, "],\n\"pages\":[");
	for (const struct entity_page *p = entity_pages; p->rest; p++) {
		bool first = true;
		put_z(b, p == entity_pages ? "\n{" : ",\n{");
		put_word(b, "verb", verb_name(p->verb), &first);
		put_word(b, "rest", p->rest, &first);
		put_may_words(b, p->may);
		put_c(b, '}');
	}
	put_z(b, "],\n\"core\":[");
	for (const struct core_route *c = core_routes; c->path; c++) {
		bool first = true;
		put_z(b, c == core_routes ? "\n{" : ",\n{");
		put_word(b, "verb", verb_name(c->verb), &first);
		put_word(b, "path", c->path, &first);
		put_c(b, '}');
	}
}

void docs_matrix_json(const struct registry *r, struct arena *mem, struct buf *b)
{
	(void)mem;
	put_z(b, "{\"roles\":[");
	for (int i = 0; i < r->n_roles; i++)
		put_fmt(b, "%s\"%s\"", i ? "," : "", r->roles[i]->name);
	put_z(b, "],\"scopes\":[");
	for (int i = 0; i < r->n_scopes; i++) {
		put_fmt(b, "%s{\"name\":\"%s\",\"where\":", i ? "," : "", r->scopes[i]->name);
		put_json(b, str_of(r->scopes[i]->where));
		put_c(b, '}');
	}
	put_z(b, "],\n\"entities\":[");
	for (int i = 0; i < r->n_entities; i++) {
		put_z(b, i ? ",\n" : "\n");
		put_entity(b, &r->metas[i]);
	}
	put_z(b, "],\n\"routes\":[");
	for (int i = 0; i < r->n_routes; i++) {
		put_z(b, i ? ",\n" : "\n");
		put_route(b, &r->routes[i]);
	}
	put_pages(b);
	put_z(b, "]}\n");
}
