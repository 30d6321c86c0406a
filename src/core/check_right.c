/* check_right.c -- grants, scopes, roles and places. */
#include "core/check_in.h"

static bool anchored(const struct entity *e, const struct scope *s)
{
	return s->on == ON_ORG || (s->on < COUNT(e->anchor) && e->anchor[s->on]);
}

void check_grants(struct check *k, str where, const struct grant *g, const struct entity *e)
{
	for (; g && g->to; g++) {
		if (registry_role(k->r, str_of(g->to->name)) != g->to)
			check_bad(k, 122, where, g->to->name, NULL);
		if (!g->in || registry_scope(k->r, str_of(g->in->name)) != g->in)
			check_bad(k, 123, where, g->in ? g->in->name : "?", NULL);
		else if (e && !anchored(e, g->in))
			check_bad(k, 121, where, g->in->name, NULL);
	}
}

static bool reads(const struct entity *e, const struct role *r)
{
	for (const struct grant *g = e->grants; g && g->to; g++)
		if ((g->to == r || (g->to->is & (ROLE_ANYONE | ROLE_SIGNED))) && (g->may & READ))
			return true;
	return false;
}

static void check_grant(struct check *k, str where, const struct entity *e, const struct grant *g)
{
	if (!g->may)
		check_bad(k, 124, where, g->to->name, NULL);
	for (int i = 1; i < 7; i++)
		if ((g->may >> i & 1) && !reads(e, g->to))
			check_bad(k, 126, where, g->to->name, may_names[i]);
	for (int i = 0; i < (int)COUNT(g->hide) && g->hide[i]; i++) {
		const struct field *f = field_at(e->fields, g->hide[i]);
		if (!f)
			check_bad(k, 113, where, "hide", str_z(k->mem, str_fmt(k->mem, "%d", g->hide[i])));
		else if ((g->may & CREATE) && (f->is & NEEDED) && !(f->is & DERIVED) && !f->fill)
			check_bad(k, 125, where, g->to->name, f->name);
	}
}

void check_rights(struct check *k, const struct meta *m)
{
	static const char *const names[] = { "ON_ORG", "ON_PERSON", "ON_UNIT", "ON_CLASS", "ON_COURSE" };
	const struct entity *e = m->e;
	str where = WHERE(k, "%s.%s", m->module->name, e->name);
	if (!e->grants || !e->grants[0].to)
		check_bad(k, 120, where, NULL, NULL);
	check_grants(k, where, e->grants, e);
	for (const struct grant *g = e->grants; g && g->to; g++)
		check_grant(k, where, e, g);
	for (int i = 0; i < (int)COUNT(e->anchor); i++) {
		const struct field *f = field_at(e->fields, e->anchor[i]);
		if (e->anchor[i] && e->anchor[i] != ITSELF && e->anchor[i] != offsetof(struct base, org)
		    && !(f && f->type == T_REF))
			check_bad(k, 127, where, names[i], NULL);
	}
}

/* The first and the last of every rail are the core's own. */
static bool is_core_place(const char *name)
{
	return strcmp(name, "home") == 0 || strcmp(name, "all") == 0;
}

void check_roles(struct check *k)
{
	for (int i = 0; i < k->r->n_scopes; i++) {
		str where = WHERE(k, "scope %s", k->r->scopes[i]->name);
		check_name(k, where, k->r->scopes[i]->name);
		check_label(k, where, &k->r->scopes[i]->label);
	}
	for (int i = 0; i < k->r->n_roles; i++) {
		const struct role *x = k->r->roles[i];
		str where = WHERE(k, "role %s", x->name);
		check_name(k, where, x->name);
		check_label(k, where, &x->label);
		if (!x->seat)
			check_bad(k, 131, where, NULL, NULL);
		for (int j = 0; j < (int)COUNT(x->rail) && x->rail[j]; j++)
			if (!is_core_place(x->rail[j]) && !registry_place(k->r, str_of(x->rail[j])))
				check_bad(k, 130, where, x->rail[j], NULL);
	}
}

/* A declared GET route, or the list of an entity. */
static bool answered(struct check *k, str path)
{
	struct path_values values;
	bool other;
	str without, query;
	str_cut(path, '?', &without, &query);
	return registry_route(k->r, GET, without, &values, &other)
	       || (without.n > 1 && without.p[0] == '/' && registry_entity(k->r, str_sub(without, 1, -1)));
}

void check_places(struct check *k)
{
	for (int i = 0; i < k->r->n_places; i++) {
		const struct place *p = k->r->places[i].place;
		str where = WHERE(k, "%s place %s", k->r->places[i].module->name, p->name);
		check_label(k, where, &p->label);
		check_label(k, WHERE(k, "%.*s group", FMT(where)), &p->group);
		if (!p->path || !answered(k, str_of(p->path)))
			check_bad(k, 132, where, p->path ? p->path : "", NULL);
		if (!p->allow || !p->allow[0].to)
			check_bad(k, 133, where, NULL, NULL);
		check_grants(k, where, p->allow, NULL);
		for (int j = 0; j < i; j++)
			if (p->path && k->r->places[j].place->path && strcmp(p->path, k->r->places[j].place->path) == 0)
				check_bad(k, 134, where, p->path, NULL);
	}
}
