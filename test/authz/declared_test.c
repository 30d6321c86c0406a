/* declared_test.c -- the declared grants, steps and routes against the oracle, cell by cell, without a database:
 * every entity, step and route must be in it, and nothing in it may be unknown. */
#include "app/modules.h"
#include "core/ctx.h"
#include "core/page.h"
#include "core/registry.h"
#include "oracle.h"
#include "../unit/test.h"         /* last: cmocka has a fail of its own */

struct frame { struct arena mem; struct oracle o; struct registry *r; int wrong; };

static str whole_file(struct arena *mem, const char *path)
{
	struct buf b;
	char block[65536];
	buf_init(&b, mem, (size_t)8 << 20);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (ssize_t n; fd >= 0 && (n = read(fd, block, sizeof block)) > 0; )
		put(&b, (str){ block, n });
	if (fd >= 0)
		close(fd);
	return buf_str(&b);
}

static int begin(void **state)
{
	struct frame *f = calloc(1, sizeof *f);
	char why[256] = "";
	arena_init(&f->mem, (size_t)64 << 20);
	f->r = registry_new(all_modules, why);
	if (!f->r || !oracle_read(&f->mem, whole_file(&f->mem, KHUE_ORACLE), &f->o, why)) {
		print_error("%s\n", why);
		return -1;
	}
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct frame *f = *state;
	registry_free(f->r);
	arena_free(&f->mem);
	free(f);
	return 0;
}

#define WRONG(f, ...) (print_error(__VA_ARGS__), print_error("\n"), (f)->wrong++)

static bool is_hidden(const struct expected *x, const char *name)
{
	for (int i = 0; i < x->n_hidden; i++)
		if (str_is(x->hidden[i], name))
			return true;
	return false;
}

static uint32_t expected_may(struct frame *f, const struct entity *e, const struct role *r, int where)
{
	uint32_t may = 0;
	for (int i = 0; i < f->o.n_rows; i++) {
		const struct expected *x = &f->o.rows[i];
		if (str_is(x->what, e->name) && str_is(x->role, r->name) && (int)x->where == where)
			may |= x->may;
	}
	return may;
}

static uint32_t declared_may(const struct entity *e, const struct role *r, int where)
{
	uint32_t may = 0;
	for (const struct grant *g = e->grants; g && g->to; g++)
		if (g->to == r && strcmp(g->in->name, where_scopes[where]) == 0)
			may |= g->may;
	return may;
}

/* Columns of each declared grant against the lines of the same role and rows. */
static void compare_hidden(struct frame *f, const struct entity *e, const struct grant *g)
{
	for (int i = 0; i < f->o.n_rows; i++) {
		const struct expected *x = &f->o.rows[i];
		if (!str_is(x->what, e->name) || !str_is(x->role, g->to->name)
		    || strcmp(where_scopes[x->where], g->in->name) != 0 || !(x->may & g->may))
			continue;
		for (const struct field *c = e->fields; c->name; c++) {
			bool hidden = false;
			for (int k = 0; k < (int)COUNT(g->hide) && g->hide[k]; k++)
				hidden = hidden || g->hide[k] == c->at;
			if (hidden != is_hidden(x, c->name))
				WRONG(f, "%s: %s at %s: column %s is %s, the oracle (line %d) says otherwise", e->name,
				      g->to->name, g->in->name, c->name, hidden ? "hidden" : "shown", x->line);
		}
	}
}

static void grants_agree(void **state)
{
	struct frame *f = *state;
	f->wrong = 0;
	for (int i = 0; i < f->r->n_entities; i++) {
		const struct entity *e = f->r->metas[i].e;
		for (int k = 0; k < f->r->n_roles; k++) {
			for (int where = 0; where < WHERES; where++) {
				uint32_t want = expected_may(f, e, f->r->roles[k], where),
					 has = declared_may(e, f->r->roles[k], where);
				for (int v = 0; v < 7; v++)
					if ((want ^ has) >> v & 1)
						WRONG(f, "%s: %s may %s%s at %s, the oracle says otherwise", e->name,
						      f->r->roles[k]->name, has >> v & 1 ? "" : "not ", may_names[v],
						      where_names[where]);
			}
		}
		for (const struct grant *g = e->grants; g && g->to; g++)
			compare_hidden(f, e, g);
	}
	assert_int_equal(f->wrong, 0);
}

static bool step_expected(struct frame *f, str what, const char *role, const char *scope)
{
	for (int i = 0; i < f->o.n_steps; i++) {
		const struct expected *x = &f->o.steps[i];
		if (str_eq(x->what, what) && str_is(x->role, role) && strcmp(where_scopes[x->where], scope) == 0)
			return true;
	}
	return false;
}

static bool granted(const struct grant *g, str role, const char *scope)
{
	for (; g && g->to; g++)
		if (str_is(role, g->to->name) && strcmp(g->in->name, scope) == 0)
			return true;
	return false;
}

static void compare_step(struct frame *f, const struct entity *e, const struct step *s)
{
	str what = str_fmt(&f->mem, "%s.%s", e->name, s->name);
	bool known = false;
	for (const struct grant *g = s->by; g && g->to; g++)
		if (!step_expected(f, what, g->to->name, g->in->name))
			WRONG(f, "step %.*s: %s at %s, not in the oracle", FMT(what), g->to->name, g->in->name);
	for (int i = 0; i < f->o.n_steps; i++) {
		const struct expected *x = &f->o.steps[i];
		if (!str_eq(x->what, what))
			continue;
		known = true;
		if (x->role.n && !granted(s->by, x->role, where_scopes[x->where]))
			WRONG(f, "step %.*s: the oracle (line %d) lets %.*s at %s, the declaration does not", FMT(what),
			      x->line, FMT(x->role), where_names[x->where]);
		if (!x->role.n && s->by)
			WRONG(f, "step %.*s: the oracle (line %d) leaves it to the program, the declaration to people",
			      FMT(what), x->line);
	}
	if (!known)
		WRONG(f, "step %.*s is not in the oracle", FMT(what));
}

static void steps_agree(void **state)
{
	struct frame *f = *state;
	f->wrong = 0;
	for (int i = 0; i < f->r->n_entities; i++)
		for (const struct step *s = f->r->metas[i].e->flow.steps; s && s->name; s++)
			compare_step(f, f->r->metas[i].e, s);
	assert_int_equal(f->wrong, 0);
}

static void compare_route(struct frame *f, const struct route *x)
{
	str what = str_fmt(&f->mem, "%s %s", x->verb, x->path);
	int known = 0;
	for (int i = 0; i < f->o.n_routes; i++) {
		const struct expected *want = &f->o.routes[i];
		bool has = false;
		if (!str_eq(want->what, what))
			continue;
		known++;
		for (const struct grant *g = x->allow; g && g->to; g++)
			has = has || str_is(want->role, g->to->name);
		if (!has)
			WRONG(f, "route %.*s: the oracle (line %d) lets %.*s in, the declaration does not", FMT(what),
			      want->line, FMT(want->role));
	}
	for (const struct grant *g = x->allow; known && g && g->to; g++) {
		bool wanted = false;
		for (int i = 0; i < f->o.n_routes; i++)
			wanted = wanted
				 || (str_eq(f->o.routes[i].what, what) && str_is(f->o.routes[i].role, g->to->name));
		if (!wanted)
			WRONG(f, "route %.*s lets %s in, the oracle does not", FMT(what), g->to->name);
	}
	if (!known)
		WRONG(f, "route %.*s is not in the oracle", FMT(what));
}

static void routes_agree(void **state)
{
	struct frame *f = *state;
	f->wrong = 0;
	for (int i = 0; i < f->r->n_routes; i++)
		compare_route(f, f->r->routes[i].route);
	assert_int_equal(f->wrong, 0);
}

/* Who may enter the core's own addresses is asked of the dispatcher (matrix_test.c); here only that each is in the
 * oracle. */
static void core_addresses_agree(void **state)
{
	struct frame *f = *state;
	f->wrong = 0;
	for (const struct core_route *c = core_routes; c->path; c++) {
		bool known = false;
		for (int i = 0; i < f->o.n_cores; i++)
			known = known
				|| str_eq(f->o.cores[i].what, str_fmt(&f->mem, "%s %s", verb_name(c->verb), c->path));
		if (!known)
			WRONG(f, "core %s %s is not in the oracle", verb_name(c->verb), c->path);
	}
	for (int i = 0; i < f->o.n_cores; i++) {
		bool known = false;
		for (const struct core_route *c = core_routes; c->path; c++)
			known = known
				|| str_eq(f->o.cores[i].what, str_fmt(&f->mem, "%s %s", verb_name(c->verb), c->path));
		if (!known)
			WRONG(f, "oracle line %d: there is no %.*s", f->o.cores[i].line, FMT(f->o.cores[i].what));
	}
	assert_int_equal(f->wrong, 0);
}

static const struct step *step_of(const struct entity *e, str name)
{
	for (const struct step *s = e->flow.steps; s && s->name; s++)
		if (str_is(name, s->name))
			return s;
	return NULL;
}

static void check_row_line(struct frame *f, const struct expected *x)
{
	const struct meta *m = registry_entity(f->r, x->what);
	if (!m)
		WRONG(f, "oracle line %d: there is no entity %.*s", x->line, FMT(x->what));
	if (x->role.n && !registry_role(f->r, x->role))
		WRONG(f, "oracle line %d: there is no role %.*s", x->line, FMT(x->role));
	for (int i = 0; m && i < x->n_hidden; i++)
		if (!field_named(m->e->fields, x->hidden[i]))
			WRONG(f, "oracle line %d: %.*s has no column %.*s", x->line, FMT(x->what), FMT(x->hidden[i]));
}

/* A word in the oracle that the program does not know is a right nobody checks. */
static void nothing_in_the_oracle_is_unknown(void **state)
{
	struct frame *f = *state;
	f->wrong = 0;
	for (int i = 0; i < f->o.n_rows; i++)
		check_row_line(f, &f->o.rows[i]);
	for (int i = 0; i < f->o.n_steps; i++) {
		str entity, step;
		str_cut(f->o.steps[i].what, '.', &entity, &step);
		const struct meta *m = registry_entity(f->r, entity);
		if (!m || !step_of(m->e, step))
			WRONG(f, "oracle line %d: there is no step %.*s", f->o.steps[i].line, FMT(f->o.steps[i].what));
	}
	for (int i = 0; i < f->o.n_routes; i++) {
		bool known = false;
		for (int k = 0; k < f->r->n_routes; k++)
			known = known
				|| str_eq(f->o.routes[i].what, str_fmt(&f->mem, "%s %s", f->r->routes[k].route->verb,
								       f->r->routes[k].route->path));
		if (!known)
			WRONG(f, "oracle line %d: there is no route %.*s", f->o.routes[i].line,
			      FMT(f->o.routes[i].what));
	}
	for (int i = 0; i < f->o.n_anchors; i++) {
		const struct meta *m = registry_entity(f->r, f->o.anchors[i].entity);
		if (!m || (!str_is(f->o.anchors[i].column, "id") && !field_named(m->e->fields, f->o.anchors[i].column)))
			WRONG(f, "oracle line %d: there is no column %.*s.%.*s", f->o.anchors[i].line,
			      FMT(f->o.anchors[i].entity), FMT(f->o.anchors[i].column));
	}
	assert_int_equal(f->wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(grants_agree), cmocka_unit_test(steps_agree),
					    cmocka_unit_test(routes_agree), cmocka_unit_test(core_addresses_agree),
					    cmocka_unit_test(nothing_in_the_oracle_is_unknown) };
	return cmocka_run_group_tests_name("authz_declared", tests, begin, end);
}
