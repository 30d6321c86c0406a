/* setting.c -- what a module lets each organisation decide, and the page to decide it. Table setting(org, module, name,
 * value): a value holds for the organisation and all below it until one of them sets its own; org 0 is the
 * installation. */
#include "core/pages.h"
#include "core/roles.h"

str setting(struct ctx *c, const struct module *m, const char *name, org_id org)
{
	static const char tree[] =
		"SELECT s.value, (SELECT COUNT(*) FROM org_below d WHERE d.below = s.org AND d.since <= ?4 AND ?4 < d.until)"
		" AS depth FROM setting s WHERE s.module = ?1 AND s.name = ?2 AND (s.org = 0 OR s.org IN (SELECT top FROM "
			"org_below"
		" WHERE below = ?3 AND since <= ?4 AND ?4 < until)) ORDER BY depth DESC LIMIT 1";
	str value = { "", 0 };
	struct rows r;
	const struct val args[] = { v_text(str_of(m->name)), v_text(str_of(name)), v_int(org.v), v_int(c->today.v) };

	if (db_query(c->db, tree, args, 4, &r) != OK)
		return value;
	if (rows_next(&r))
		value = str_copy(c->mem, rows_text(&r, 0));
	rows_end(&r);
	return value;
}

int64_t setting_int(struct ctx *c, const struct module *m, const char *name, org_id org, int64_t otherwise)
{
	int64_t v;

	return str_to_int(setting(c, m, name, org), &v) ? v : otherwise;
}

static str setting_own(struct ctx *c, const struct module *m, const char *name, org_id org)
{
	str value = { "", 0 };
	struct rows r;

	if (db_query(c->db, "SELECT value FROM setting WHERE org = ?1 AND module = ?2 AND name = ?3",
		VALS(v_int(org.v), v_text(str_of(m->name)), v_text(str_of(name))), &r) != OK)
		return value;
	if (rows_next(&r))
		value = str_copy(c->mem, rows_text(&r, 0));
	rows_end(&r);
	return value;
}

enum rc setting_put(struct ctx *c, const struct module *m, const char *name, org_id org, str value)
{
	str old = setting_own(c, m, name, org);

	if (str_eq(old, value))
		return OK;
	if (value.n == 0)
		TRY(db_exec(c->db, "DELETE FROM setting WHERE org = ?1 AND module = ?2 AND name = ?3",
			VALS(v_int(org.v), v_text(str_of(m->name)), v_text(str_of(name))), NULL));
	else
		TRY(db_exec(c->db,
			"INSERT INTO setting (org, module, name, value, changed, changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
			" ON CONFLICT (org, module, name) DO UPDATE SET value = excluded.value, changed = excluded.changed, "
				"changed_by = excluded.changed_by",
			VALS(v_int(org.v), v_text(str_of(m->name)), v_text(str_of(name)), v_text(value), v_int(c->now.v),
				v_int(c->who->user.v)), NULL));
	return audit(c, org, "setting", 0, "set", TEXT(c, "%s.%s: %.*s → %.*s", m->name, name, FMT(old), FMT(value)));
}

/* ---- the page -------------------------------------------------------------------------------------- */

const struct grant setting_deciders[] = { { &operator_, &everywhere, READ }, { &dept_officer, &in_tree, READ },
	{ &principal, &at_org, READ },
	{ &it_officer, &at_org, READ }, { 0 } };

static org_id page_org(const struct ctx *c)
{
	return c->here.org.v || c->who->n_seats == 0 ? c->here.org : c->who->seats[0].org;
}

/* The field as the page names it: "module.field", never needed, never fixed. */
static struct field page_field(struct ctx *c, const struct module *m, const struct field *f)
{
	struct field one = *f;

	one.name = str_z(c->mem, str_fmt(c->mem, "%s.%s", m->name, f->name));
	one.is &= ~(uint32_t)(NEEDED | FIXED | DERIVED);
	return one;
}

/* A value that holds at an organisation, its own or from above. */
struct held { int64_t org; str module, name, value; };
struct holding { struct held *at; int n; };

enum { HELD_MAX = 500 };

/* Every value set at org or above, the nearest last, in one statement. */
static enum rc settings_held(struct ctx *c, org_id org, struct holding *ret)
{
	static const char all[] =
		"SELECT s.org, s.module, s.name, s.value, (SELECT COUNT(*) FROM org_below d WHERE d.below = s.org AND "
			"d.since <= ?2"
		" AND ?2 < d.until) AS depth FROM setting s WHERE s.org = 0 OR s.org IN (SELECT top FROM org_below WHERE "
			"below = ?1 AND since <= ?2"
		" AND ?2 < until) ORDER BY depth LIMIT 500";
	struct rows r;

	*ret = (struct holding){ NEWS(c->mem, struct held, HELD_MAX), 0 };
	TRY(db_query(c->db, all, VALS(v_int(org.v), v_int(c->today.v)), &r));
	while (ret->n < HELD_MAX && rows_next(&r))
		ret->at[ret->n++] = (struct held){ rows_int(&r, 0), str_copy(c->mem, rows_text(&r, 1)),
			str_copy(c->mem, rows_text(&r, 2)),
			str_copy(c->mem, rows_text(&r, 3)) };
	return rows_end(&r);
}

/* Only the organisation's own value, or the nearest (only NULL). */
static str held_value(const struct holding *h, const struct module *m, const struct field *f, const org_id *only)
{
	for (int i = h->n - 1; i >= 0; i--)
		if ((!only || h->at[i].org == only->v) && str_is(h->at[i].module, m->name) && str_is(h->at[i].name, f->name))
			return h->at[i].value;
	return S("");
}

/* What holds while the field is empty, as people read it. */
static str inherited(struct exchange *x, const struct module *m, const struct field *f, str code)
{
	static const struct tr from_above = { "Đang dùng của cấp trên: {1}", "In force from above: {1}" };
	void *row = arena_alloc(x->c->mem, m->settings->size, 16);
	struct flaw flaw;
	str shown;

	if (code.n == 0)
		return S("");
	fields_zero(m->settings->fields, m->settings->size, row);
	if (!field_read(f, code, x->c->today, x->c->mem, row, &flaw))
		return S("");
	shown = field_text(f, row, x->c->lang, x->c->mem);
	return sayf(x->c, &from_above, &shown, 1);
}

static void setting_ask(struct exchange *x, const struct module *m, const struct field *f, org_id org,
	const struct holding *held, struct field_view *v)
{
	struct field *one = NEW(x->c->mem, struct field);
	str mine = held_value(held, m, f, &org), above;
	void *row = arena_alloc(x->c->mem, m->settings->size, 16);
	struct flaw flaw;

	*one = page_field(x->c, m, f);
	fields_zero(m->settings->fields, m->settings->size, row);
	field_ask(x, one, mine.n && field_read(f, mine, x->c->today, x->c->mem, row, &flaw) ? row : NULL,
		ASK_SETTING | (f->type == T_BOOL || f->type == T_PICK ? ASK_FILTER : 0), v);
	above = mine.n ? S("") : inherited(x, m, f, held_value(held, m, f, NULL));
	if (above.n)
		v->help = v->help.n ? str_fmt(x->c->mem, "%.*s %.*s", FMT(v->help), FMT(above)) : above;
	v->needed = false;
}

static enum rc settings_show(struct exchange *x, org_id org, int status)
{
	static const struct tr title = { "Cài đặt", "Settings" };
	const struct registry *g = x->app->registry;
	struct section_view *s = NEWS(x->c->mem, struct section_view, g->n_modules + 1);
	struct setting_view v = { .title = say(x->c, &title), .action = address_of(x, "/cai-dat") };
	struct org_crumb *above;
	struct holding held;
	int n = 0, k;

	TRY(settings_held(x->c, org, &held));
	if (orgs_above(x->c, org, &above, &k) == OK)
		v.org = above[k - 1].name;
	for (int i = 0; i < g->n_modules; i++) {
		const struct module *m = g->modules[i];
		int n_fields = m->settings ? fields_count(m->settings->fields) : 0;
		struct field_view *f = NEWS(x->c->mem, struct field_view, n_fields + 1);

		for (int j = 0; j < n_fields; j++)
			setting_ask(x, m, &m->settings->fields[j], org, &held, &f[j]);
		if (n_fields)
			s[n++] = (struct section_view){ say(x->c, &m->label), ITEMS(f, n_fields) };
	}
	v.sections = ITEMS(s, n);
	v.problems = problem_views(x);
	v.wrong = v.problems.n > 0;
	if (x->json) {
		shape_json(answer_json(x, status), setting_shape.fields, &v, NULL);
		return OK;
	}
	crumb(x, S(""), v.title);
	return answer_page(x, status, "core/settings", &setting_shape, &v);
}

enum rc settings_page(struct exchange *x)
{
	org_id org = page_org(x->c);

	if (!allowed(x->c, setting_deciders, org))
		return E_MISSING;
	x->n_pairs = 0;
	return settings_show(x, org, 200);
}

/* One typed value: read as its declaration says, bounds included, kept in the form machines write. */
static enum rc setting_save(struct exchange *x, const struct module *m, const struct field *f, org_id org, str typed)
{
	struct field one[2] = { page_field(x->c, m, f), END };
	void *row = arena_alloc(x->c->mem, m->settings->size, 16);
	struct flaw flaw;

	if (str_trim(typed).n == 0)
		return setting_put(x->c, m, f->name, org, S(""));
	fields_zero(m->settings->fields, m->settings->size, row);
	x->fields = one;
	if (!field_read(f, typed, x->c->today, x->c->mem, row, &flaw))
		fail(x->c, E_INVALID, f->at, flaw.text, flaw.args, flaw.n);
	else
		fields_check(x->c, one, row);
	problem_names(x);
	x->fields = NULL;
	if (x->c->n_problems)
		return E_INVALID;
	return setting_put(x->c, m, f->name, org, field_code(f, row, x->c->mem));
}

enum rc settings_save(struct exchange *x)
{
	static const struct tr saved = { "Đã lưu cài đặt.", "Settings saved." };
	const struct registry *g = x->app->registry;
	org_id org = page_org(x->c);
	enum rc worst = OK;

	if (!allowed(x->c, setting_deciders, org))
		return E_MISSING;
	for (int i = 0; i < g->n_modules; i++)
		for (const struct field *f = g->modules[i]->settings ? g->modules[i]->settings->fields : NULL; f && f->name;
			f++) {
			const struct pair *p = pair_last(x, page_field(x->c, g->modules[i], f).name);
			enum rc rc = p ? setting_save(x, g->modules[i], f, org, p->value) : OK;

			if (rc != OK && rc != E_INVALID)
				return rc;
			worst = rc != OK ? rc : worst;
		}
	if (worst == OK)
		return go_to(x->c, address_of(x, "/cai-dat"), &saved);
	x->refused = worst;
	return settings_show(x, org, 422);
}
