/* check_module.c -- a module's routes, reports, prints, jobs, cards, migrations and the modules it needs. */
#include "core/check_in.h"
#include "core/print.h"

bool check_path(const char *path)
{
	if (!path || path[0] != '/')
		return false;
	bool name = false;
	for (const char *p = path; *p; p++) {
		if (*p == '{' && !name)
			name = true;
		else if (*p == '}' && name)
			name = false;
		else if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_/.", *p) || (name && (*p == '/' || *p == '-')))
			return false;
	}
	return !name;
}

static void check_path_names(struct check *k, str where, const struct route *x)
{
	for (const char *p = strchr(x->path, '{'); p; p = strchr(p + 1, '{')) {
		const char *end = strchr(p, '}');
		str name = { p + 1, end - p - 1 };
		if (!x->in || !field_named(x->in->fields, name))
			check_bad(k, 153, where, str_z(k->mem, name), NULL);
	}
}

static void check_route(struct check *k, const struct module *m, const struct route *x)
{
	str where = WHERE(k, "%s %s %s", m->name, x->verb, x->path ? x->path : "");
	check_path_names(k, where, x);
	if (!x->allow || !x->allow[0].to)
		check_bad(k, 150, where, NULL, NULL);
	check_grants(k, where, x->allow, NULL);
	if (!x->run || (x->page && !x->out))
		check_bad(k, 154, where, NULL, NULL);
	if (!x->max.sql || !x->max.ms || !x->max.kb)
		check_bad(k, 157, where, NULL, NULL);
	check_shape(k, WHERE(k, "%.*s in", FMT(where)), x->in, SHAPE_VIEW);
	check_shape(k, WHERE(k, "%.*s out", FMT(where)), x->out, SHAPE_VIEW);
	if (x->page && x->out)
		check_page(k, where, str_of(x->page), x->out);
}

/* Whom files are about is said, not forgotten. counted: may be a query with the row's :id. */
static void check_people(struct check *k, str where, const char *people, bool counted)
{
	str text;

	if (people && (strcmp(people, ABOUT_NOBODY) == 0 || strcmp(people, ABOUT_ONE) == 0))
		return;
	if (!people || !counted || !check_has_query(k, str_of(people), &text))
		check_bad(k, 187, where, NULL, NULL);
}

static void check_takes(struct check *k, const struct module *m)
{
	for (const struct take *x = m->takes; x && x->name; x++) {
		str where = WHERE(k, "%s take %s", m->name, x->name);
		check_name(k, where, x->name);
		check_label(k, where, &x->label);
		if (!x->of || !registry_meta(k->r, x->of) || !x->page || !x->allow || !x->allow[0].to)
			check_bad(k, 188, where, NULL, NULL);
		else
			check_grants(k, where, x->allow, NULL);
	}
}

static void check_report(struct check *k, const struct module *m, const struct report *x)
{
	str where = WHERE(k, "%s report %s", m->name, x->name), text;
	check_name(k, where, x->name);
	check_label(k, where, &x->label);
	if (!x->allow || !x->allow[0].to)
		check_bad(k, 165, where, NULL, NULL);
	check_grants(k, where, x->allow, NULL);
	if (!x->query || !check_has_query(k, str_of(x->query), &text))
		check_bad(k, 163, where, x->query ? x->query : "?", NULL);
	else
		check_parameters(k, where, text, x->in);
	check_shape(k, WHERE(k, "%.*s in", FMT(where)), x->in, SHAPE_INPUT);
	check_people(k, where, x->people, false);
}

static void check_prints_jobs_cards(struct check *k, const struct module *m)
{
	for (const struct print *x = m->prints; x && x->name; x++) {
		str where = WHERE(k, "%s print %s", m->name, x->name);
		check_label(k, where, &x->label);
		struct print_paper paper;
		check_name(k, where, x->name);
		if (!x->of || !registry_meta(k->r, x->of) || !x->page || !x->paper ||
			!print_paper(str_of(x->paper), &paper) || !x->run != !x->out) {
			check_bad(k, 181, where, NULL, NULL);
			continue;
		}
		if (x->allow)
			check_grants(k, where, x->allow, NULL);
		check_people(k, where, x->people, true);
		check_shape(k, WHERE(k, "%.*s in", FMT(where)), x->in, SHAPE_INPUT);
		check_shape(k, WHERE(k, "%.*s out", FMT(where)), x->out, SHAPE_VIEW);
		check_page(k, where, str_of(x->page), x->out ? x->out : &(struct shape){ x->of->size, x->of->fields });
	}
	for (const struct job *x = m->jobs; x && x->name; x++) {
		str where = WHERE(k, "%s job %s", m->name, x->name);
		check_label(k, where, &x->label);
		if (!x->run || !x->limit_s || !x->tries)
			check_bad(k, 180, where, NULL, NULL);
	}
	for (const struct card *x = m->cards; x && x->name; x++) {
		str where = WHERE(k, "%s card %s", m->name, x->name);
		check_label(k, where, &x->label);
		check_grants(k, where, x->allow, NULL);
		if (!x->run || !x->out || !x->page || !x->allow || !x->allow[0].to)
			check_bad(k, 182, where, NULL, NULL);
		else
			check_page(k, where, str_of(x->page), x->out);
	}
}

static bool last_migration(void *arg, str name, str bytes)
{
	int64_t *last = arg, v;
	str number, rest;
	(void)bytes;
	for (str head; str_cut(name, '/', &head, &rest); )
		name = rest;
	if (str_cut(name, '-', &number, &rest) && str_to_int(number, &v) && v > *last)
		*last = v;
	return true;
}

static void check_needs(struct check *k, const struct module *m)
{
	int own = 0;
	while (k->r->modules[own] != m)
		own++;
	for (int i = 0; m->needs && m->needs[i]; i++) {
		int at = 0;
		while (at < own && k->r->modules[at] != m->needs[i])
			at++;
		if (at == own)
			check_bad(k, 184, str_of(m->name), m->needs[i]->name, NULL);
	}
}

void check_module(struct check *k, const struct module *m)
{
	int64_t last = 0;
	check_name(k, str_of(m->name), m->name);
	check_label(k, str_of(m->name), &m->label);
	check_needs(k, m);
	for (const struct route *x = m->routes; x && x->verb; x++)
		check_route(k, m, x);
	for (const struct report *x = m->reports; x && x->name; x++)
		check_report(k, m, x);
	check_prints_jobs_cards(k, m);
	check_takes(k, m);
	check_shape(k, WHERE(k, "%s settings", m->name), m->settings, SHAPE_SETTINGS);
	check_queries(k, m);
	k->files->each(k->files->arg, WHERE(k, "migrate/%s/", m->name), last_migration, &last);
	check_migrations(k, m->name);
	if (last != m->schema)
		check_bad(k, 183, str_of(m->name), str_z(k->mem, WHERE(k, "%d", m->schema)),
			  str_z(k->mem, WHERE(k, "%lld", (long long)last)));
}
