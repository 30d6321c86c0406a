/* check_flow.c -- the graph of an entity's flow: reachable, without dead ends, final where it says so. */
#include "core/check_in.h"

static int states_count(const struct choice *c)
{
	int n = 0;
	while (c && c[n].code)
		n++;
	return n;
}

static void check_steps(struct check *k, str where, const struct entity *e, const struct choice *states, int n)
{
	for (const struct step *s = e->flow.steps; s && s->name; s++) {
		str at = WHERE(k, "%.*s.%s", FMT(where), s->name);
		check_name(k, at, s->name);
		check_label(k, at, &s->label);
		if (!s->from || s->to >= n || (n < 32 && s->from >> n))
			check_bad(k, 142, where, s->name, NULL);
		for (const struct step *t = e->flow.steps; t != s; t++)
			for (int i = 0; i < n; i++)
				if (strcmp(s->name, t->name) == 0 && (s->from & t->from) >> i & 1)
					check_bad(k, 143, where, s->name, states[i].code);
		for (int i = 0; i < n; i++)
			if ((s->from >> i & 1) && (states[i].is & FINAL))
				check_bad(k, 145, where, states[i].code, s->name);
		for (int i = 0; i < (int)COUNT(s->asks) && s->asks[i]; i++)
			if (!field_at(e->fields, s->asks[i]))
				check_bad(k, 113, at, "asks", str_z(k->mem, str_fmt(k->mem, "%d", s->asks[i])));
		if (s->tell && registry_role(k->r, str_of(s->tell->name)) != s->tell)
			check_bad(k, 148, where, s->name, s->tell->name);
		if (s->by)
			check_grants(k, at, s->by, e);
	}
}

static void check_graph(struct check *k, str where, const struct entity *e, const struct choice *states, int n)
{
	uint64_t reached = 0, left = 0, before;
	int first = 0;
	for (int i = 0; i < n; i++) {
		if (states[i].is & INITIAL) {
			reached |= (uint64_t)1 << i;
			first++;
		}
	}
	if (first != 1)
		check_bad(k, 141, where, str_z(k->mem, str_fmt(k->mem, "%d", first)), NULL);
	do {
		before = reached;
		for (const struct step *s = e->flow.steps; s && s->name; s++) {
			left |= s->from;
			if (s->from & reached)
				reached |= (uint64_t)1 << s->to;
		}
	} while (reached != before);
	for (int i = 0; i < n; i++) {
		if (!(reached >> i & 1))
			check_bad(k, 144, where, states[i].code, NULL);
		if (!(left >> i & 1) && !(states[i].is & FINAL))
			check_bad(k, 146, where, states[i].code, NULL);
	}
}

void check_flow(struct check *k, const struct meta *m)
{
	const struct entity *e = m->e;
	str where = WHERE(k, "%s.%s", m->module->name, e->name);
	if (!e->flow.state && !e->flow.steps)
		return;
	const struct field *f = field_at(e->fields, e->flow.state);
	if (!f || f->type != T_PICK || !(f->is & DERIVED)) {
		check_bad(k, 140, where, NULL, NULL);
		return;
	}
	int n = states_count(f->pick);
	check_steps(k, where, e, f->pick, n);
	check_graph(k, where, e, f->pick, n);
}
