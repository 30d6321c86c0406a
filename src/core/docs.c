/* docs.c -- the reference manual in Markdown. */
#include "core/docs.h"
#include "core/check.h"
#include "core/page.h"

static void put_cell(struct buf *b, const char *text)
{
	for (const char *p = text ? text : ""; *p; p++) {
		if (*p == '|')
			put_c(b, '\\');
		put_c(b, *p);
	}
}

static void put_grants(struct buf *b, const struct grant *g)
{
	const char *sep = "";
	if (!g || !g->to)
		put_z(b, "the program only");
	for (; g && g->to; g++, sep = ", ")
		put_fmt(b, "%s%s/%s", sep, g->to->name, g->in ? g->in->name : "?");
}

static void put_may(struct buf *b, uint32_t may)
{
	const char *sep = "";
	for (int i = 0; i < 7; i++) {
		if (may >> i & 1) {
			put_fmt(b, "%s%s", sep, may_names[i]);
			sep = " ";
		}
	}
}

static void put_columns(struct buf *b, const struct entity *e, const col *at, int n)
{
	for (int i = 0; i < n && at[i]; i++) {
		const char *name = column_name(e, at[i]);
		put_fmt(b, "%s`%s`", i ? ", " : "", name ? name : "?");
	}
}

/* ---- fields ------------------------------------------------------------------------------------ */

static void put_bounds(struct buf *b, const struct field *f)
{
	if ((f->type == T_TEXT || f->type == T_HTML) && f->max)
		put_fmt(b, "; %s%lld characters", f->min ? "at least some, up to " : "up to ", (long long)f->max);
	else if (f->min || f->max)
		put_fmt(b, "; from %lld to %lld", (long long)f->min, (long long)f->max);
}

static void put_rules(struct buf *b, const struct field *f)
{
	static const struct { uint32_t is; const char *text; } flags[] = { { NEEDED, "needed" },
		{ FIXED, "fixed once set" },
		{ DERIVED, "set by the program" }, { SEARCH, "searched" }, { FILTER, "filter" },
		{ LACKS, "filter: given or not" },
		{ NAME, "sorts by given name" },
		{ PRIVATE, "personal: reads are logged" }, { SECRET, "secret: never shown" },
		{ HOLDS, "keeps what it names in use" }, { TENTHS, "shown with a decimal place" } };
	put_z(b, f->type == T_REF && f->ref ? "" : type_name((enum type)f->type));
	if (f->type == T_REF && f->ref)
		put_fmt(b, "refers to `%s`", f->ref->name);
	put_bounds(b, f);
	for (ptrdiff_t i = 0; i < COUNT(flags); i++)
		if (f->is & flags[i].is)
			put_fmt(b, "; %s", flags[i].text);
	for (const struct choice *c = f->pick; c && c->code; c++)
		put_fmt(b, "%s`%s` %s", c == f->pick ? "; one of " : ", ", c->code, c->label.vi);
	if (f->help.en)
		put_fmt(b, ". %s", f->help.en);
}

static void put_fields(struct buf *b, const struct field *fields)
{
	put_z(b, "| field | Tiếng Việt | English | kind and rules |\n| --- | --- | --- | --- |\n");
	for (const struct field *f = fields; f && f->name; f++) {
		put_fmt(b, "| `%s` | ", f->name);
		put_cell(b, f->label.vi);
		put_z(b, " | ");
		put_cell(b, f->label.en);
		put_z(b, " | ");
		put_rules(b, f);
		put_z(b, " |\n");
	}
	put_c(b, '\n');
}

/* ---- one entity --------------------------------------------------------------------------------- */

static void put_states(struct buf *b, const struct entity *e)
{
	const struct field *state = field_at(e->fields, e->flow.state);
	if (!state || !state->pick)
		return;
	put_z(b, "Steps of the flow:\n\n| step | Tiếng Việt | from | to | who | asks for |\n| --- | --- | --- | --- | "
		"--- | --- |\n");
	for (const struct step *s = e->flow.steps; s && s->name; s++) {
		const char *sep = "";
		put_fmt(b, "| `%s` | %s | ", s->name, s->label.vi);
		for (int i = 0; state->pick[i].code; i++) {
			if (s->from >> i & 1) {
				put_fmt(b, "%s%s", sep, state->pick[i].code);
				sep = ", ";
			}
		}
		put_fmt(b, " | %s | ", state->pick[s->to].code);
		put_grants(b, s->by);
		put_z(b, " | ");
		put_columns(b, e, s->asks, COUNT(s->asks));
		put_z(b, " |\n");
	}
	put_c(b, '\n');
}

static void put_rights(struct buf *b, const struct entity *e)
{
	put_z(b, "Who may what:\n\n| role | rows | may | does not see |\n| --- | --- | --- | --- |\n");
	for (const struct grant *g = e->grants; g && g->to; g++) {
		put_fmt(b, "| %s | %s | ", g->to->name, g->in->label.en);
		put_may(b, g->may);
		put_z(b, " | ");
		put_columns(b, e, g->hide, COUNT(g->hide));
		put_z(b, " |\n");
	}
	put_c(b, '\n');
}

static void put_entity(struct buf *b, const struct entity *e)
{
	put_fmt(b, "## %s — %s (`%s`)\n\n", e->label.en, e->label.vi, e->name);
	put_fmt(b, "Address `/%s`.", e->name);
	put_z(b, e->keeps & HISTORY ? " Keeps its history." : "");
	put_z(b, e->keeps & FILES ? " Carries files." : "");
	put_z(b, e->keeps & COMMENTS ? " Carries comments." : "");
	put_z(b, e->keeps & SHARED ? " Rows belong to the whole province." : "");
	for (int i = 0; i < (int)COUNT(e->unique) && e->unique[i][0]; i++) {
		put_z(b, " One row for each ");
		put_columns(b, e, e->unique[i], 4);
		put_c(b, '.');
	}
	put_z(b, "\n\n");
	put_fields(b, e->fields);
	put_states(b, e);
	put_rights(b, e);
}

/* ---- the rest of a module ------------------------------------------------------------------------ */

static void put_routes(struct buf *b, const struct module *m)
{
	if (!m->routes || !m->routes[0].verb)
		return;
	put_z(b, "## Routes\n\n| address | what | who | SQL statements | ms | kB |\n| --- | --- | --- | --- | --- | --- "
		"|\n");
	for (const struct route *x = m->routes; x->verb; x++) {
		put_fmt(b, "| `%s %s` | %s | ", x->verb, x->path, x->label.en ? x->label.en : "");
		put_grants(b, x->allow);
		put_fmt(b, " | %d | %d | %d |\n", x->max.sql, x->max.ms, x->max.kb);
	}
	put_c(b, '\n');
}

static void put_others(struct buf *b, const struct module *m)
{
	for (const struct report *x = m->reports; x && x->name; x++) {
		put_fmt(b, "%s* `%s` %s — %s, for ", x == m->reports ? "## Reports\n\n" : "", x->name, x->label.en,
			x->label.vi);
		put_grants(b, x->allow);
		put_z(b, x[1].name ? "\n" : "\n\n");
	}
	for (const struct print *x = m->prints; x && x->name; x++)
		put_fmt(b, "%s* `%s` %s — %s, of `%s`, on %s\n%s", x == m->prints ? "## Prints\n\n" : "", x->name,
			x->label.en, x->label.vi,
		        x->of->name, x->paper, x[1].name ? "" : "\n");
	for (const struct job *x = m->jobs; x && x->name; x++) {
		put_fmt(b, "%s* `%s` %s — %s; ", x == m->jobs ? "## Jobs\n\n" : "", x->name, x->label.en, x->label.vi);
		if (x->every_s)
			put_fmt(b, "every %u s%s, ", x->every_s, x->at_s ? " at a fixed hour" : "");
		put_fmt(b, "at most %u s, %u tries\n%s", x->limit_s, x->tries, x[1].name ? "" : "\n");
	}
	if (m->settings) {
		put_z(b, "## Settings\n\n");
		put_fields(b, m->settings->fields);
	}
}

void docs_module(const struct registry *r, const struct module *m, struct arena *mem, struct buf *b)
{
	(void)r;
	(void)mem;
	put_fmt(b, "# %s — %s (`%s`)\n\n", m->label.en, m->label.vi, m->name);
	put_z(b, "Written by `khue docs` from the declarations. Do not edit.\n\n");
	if (m->needs && m->needs[0]) {
		put_z(b, "Stands on ");
		for (int i = 0; m->needs[i]; i++)
			put_fmt(b, "%s[%s](%s.md)", i ? ", " : "", m->needs[i]->name, m->needs[i]->name);
		put_z(b, ".\n\n");
	}
	for (int i = 0; m->entities && m->entities[i]; i++)
		put_entity(b, m->entities[i]);
	put_routes(b, m);
	put_others(b, m);
}

void docs_index(const struct registry *r, struct buf *b)
{
	put_z(b, "# Reference\n\nWritten by `khue docs` from the declarations. Do not edit.\n\n");
	put_z(b, "By [role](roles.md) · by [address](routes.md) · findings of [`khue check`](../checks.md)\n\n");
	put_z(b, "| module | entities |\n| --- | --- |\n");
	for (int i = 0; i < r->n_modules; i++) {
		const struct module *m = r->modules[i];
		put_fmt(b, "| [%s](%s.md) — %s | ", m->label.en, m->name, m->label.vi);
		for (int j = 0; m->entities && m->entities[j]; j++)
			put_fmt(b, "%s%s (`%s`)", j ? ", " : "", m->entities[j]->label.en, m->entities[j]->name);
		put_z(b, " |\n");
	}
}

void docs_roles(const struct registry *r, struct buf *b)
{
	put_z(b, "# Roles\n\nWritten by `khue docs` from the declarations. Do not edit. What no line allows is "
		"refused.\n\n");
	for (int i = 0; i < r->n_roles; i++) {
		const struct role *x = r->roles[i];
		put_fmt(b, "## %s — %s (`%s`)\n\n", x->label.en, x->label.vi, x->name);
		put_fmt(b, "%s\n\n| entity | rows | may | does not see |\n| --- | --- | --- | --- |\n", x->is & ROLE_MFA
			? "Signs in with a second factor." : "");
		for (int k = 0; k < r->n_entities; k++) {
			const struct entity *e = r->metas[k].e;
			for (const struct grant *g = e->grants; g && g->to; g++) {
				if (g->to != x)
					continue;
				put_fmt(b, "| `%s` | %s | ", e->name, g->in->label.en);
				put_may(b, g->may);
				put_z(b, " | ");
				put_columns(b, e, g->hide, COUNT(g->hide));
				put_z(b, " |\n");
			}
		}
		put_c(b, '\n');
	}
}

static void put_budget(struct buf *b, struct budget max)
{
	put_fmt(b, "%d | %d | %d |\n", max.sql, max.ms, max.kb);
}

void docs_routes(const struct registry *r, struct buf *b)
{
	put_z(b, "# Addresses\n\nWritten by `khue docs` from the declarations. Do not edit. `/t/UNIT/YEAR/TERM` may "
		"stand before any of them.\n\n");
	put_z(b, "## Of every entity\n\nAs far as its grants reach.\n\n| address | needs the verb | SQL statements | ms "
		"| kB |\n| --- | --- | --- | --- | --- |\n");
	for (const struct entity_page *p = entity_pages; p->rest; p++) {
		put_fmt(b, "| `%s /ENTITY%s` | ", verb_name(p->verb), p->rest);
		put_may(b, p->may);
		put_z(b, " | ");
		put_budget(b, p->max);
	}
	put_z(b, "\n## Of the core\n\nWhat they show is what the reader may see.\n\n| address | SQL statements | ms | "
		"kB |\n| --- | --- | --- | --- |\n");
	for (const struct core_route *c = core_routes; c->path; c++) {
		put_fmt(b, "| `%s %s` | ", verb_name(c->verb), c->path);
		put_budget(b, c->max);
	}
	put_z(b, "\n## Of the modules\n\n| address | module | who |\n| --- | --- | --- |\n");
	for (int i = 0; i < r->n_routes; i++) {
		put_fmt(b, "| `%s %s` | [%s](%s.md) | ", r->routes[i].route->verb, r->routes[i].route->path,
			r->routes[i].module->name, r->routes[i].module->name);
		put_grants(b, r->routes[i].route->allow);
		put_z(b, " |\n");
	}
}

void docs_checks(struct buf *b)
{
	put_z(b, "# Findings of khue check\n\nWritten by `khue docs`. A number keeps its meaning for ever. `khue check` "
		"prints the place, then the sentence;\n"
	         "it runs at every start and in the tests. {1} and {2} stand for names and values.\n\n"
	         "| code | English | Tiếng Việt |\n| --- | --- | --- |\n");
	for (const struct check_code *c = check_codes; c->code; c++) {
		put_fmt(b, "| E%d | ", c->code);
		put_cell(b, c->text.en);
		put_z(b, " | ");
		put_cell(b, c->text.vi);
		put_z(b, " |\n");
	}
}
