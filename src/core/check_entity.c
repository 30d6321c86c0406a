/* check_entity.c -- fields, bytes, names and columns of entities and shapes. */
#include "core/check_in.h"
#include <stdio.h>
#include <stdlib.h>

/* Words that PostgreSQL 15 reserves, with those SQLite reserves beyond. */
static const char *const sql_words[] = {
	"add", "all", "alter", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
		"autoincrement",
	"between", "binary", "both", "case", "cast", "check", "collate", "collation", "column", "commit", "concurrently",
	"constraint",
	"create", "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
	"current_timestamp",
	"current_user", "default", "deferrable", "delete", "desc", "distinct", "do", "drop", "else", "end", "escape",
	"except", "exists",
	"false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "index",
	"initially",
	"inner", "insert", "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like", "limit",
	"localtime",
	"localtimestamp", "natural", "not", "nothing", "notnull", "null", "offset", "on", "only", "or", "order", "outer",
	"overlaps",
	"placing", "primary", "references", "returning", "right", "select", "session_user", "set", "similar", "some",
	"symmetric", "table",
	"tablesample", "then", "to", "trailing", "transaction", "true", "union", "unique", "update", "user", "using",
	"values", "variadic",
	"verbose", "when", "where", "window", "with",
};
static const char *const base_names[] = { "id", "rev", "org", "made_by", "made", "changed", "gone" };

static bool listed(const char *const *list, ptrdiff_t n, const char *name)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

static const char *number(struct check *k, int64_t v)
{
	return str_z(k->mem, str_fmt(k->mem, "%lld", (long long)v));
}

/* ---- one field -------------------------------------------------------------------------------- */

static void check_choices(struct check *k, str where, const struct choice *c)
{
	if (!c || !c->code) {
		check_bad(k, 106, where, "", NULL);
		return;
	}
	for (int i = 0; c[i].code; i++) {
		bool bad = i >= 255 || !*c[i].code || strpbrk(c[i].code, " '\"\\|,");
		for (int j = 0; j < i; j++)
			bad = bad || strcmp(c[i].code, c[j].code) == 0;
		if (bad)
			check_bad(k, 106, where, c[i].code, NULL);
		check_label(k, WHERE(k, "%.*s.%s", FMT(where), c[i].code), &c[i].label);
	}
}

static void check_flags(struct check *k, str where, const struct field *f)
{
	bool text = f->type == T_TEXT;
	if ((f->is & SEARCH) && !text)
		check_bad(k, 111, where, "SEARCH", type_name((enum type)f->type));
	if ((f->is & NAME) && !text)
		check_bad(k, 111, where, "NAME", type_name((enum type)f->type));
	if ((f->is & LONG) && !text && f->type != T_HTML)
		check_bad(k, 111, where, "LONG", type_name((enum type)f->type));
	if ((f->is & SECRET) && (f->is & (SEARCH | FILTER | LACKS)))
		check_bad(k, 111, where, "SEARCH/FILTER/LACKS", "SECRET");
	if ((f->is & LACKS) && (!text || f->is & NEEDED))
		check_bad(k, 111, where, "LACKS", text ? "NEEDED" : type_name((enum type)f->type));
	if ((f->is & HOLDS) && f->type != T_REF)
		check_bad(k, 111, where, "HOLDS", type_name((enum type)f->type));
}

static void check_field(struct check *k, str where, const struct field *f, int as)
{
	check_name(k, where, f->name);
	if (as != SHAPE_VIEW)
		check_label(k, where, &f->label);
	if (as != SHAPE_VIEW && (f->type == T_TEXT || f->type == T_HTML) && f->max <= 0)
		check_bad(k, 104, where, NULL, NULL);
	if (f->max && f->min > f->max)
		check_bad(k, 105, where, NULL, NULL);
	if (f->type == T_PICK || ((f->type == T_INT || f->type == T_TEXT) && f->pick))
		check_choices(k, where, f->pick);
	if (f->help.vi || f->help.en)
		check_label(k, WHERE(k, "%.*s.help", FMT(where)), &f->help);
	if (f->type == T_REF && (!f->ref || !registry_meta(k->r, f->ref)))
		check_bad(k, 110, where, f->ref && f->ref->name ? f->ref->name : "?", NULL);
	str text;
	if (f->offer && (f->type != T_REF || !check_has_query(k, str_of(f->offer), &text)))
		check_bad(k, 189, where, f->offer, NULL);
	if (f->is & LIVING && (f->type != T_REF || !f->ref || strcmp(f->ref->name, "org") != 0))
		check_bad(k, 111, where, "LIVING", type_name((enum type)f->type));
	if (f->is & CODED && f->type != T_TEXT)
		check_bad(k, 111, where, "CODED", type_name((enum type)f->type));
	if (f->among && f->type != T_PICK)
		check_bad(k, 111, where, "among", type_name((enum type)f->type));
	check_flags(k, where, f);
	if (f->type == T_LIST && f->of && as != SHAPE_VIEW)
		check_shape(k, where, f->of, as);
}

static void check_names_once(struct check *k, str where, const struct field *fields)
{
	for (const struct field *f = fields; f && f->name; f++)
		for (const struct field *g = fields; g != f; g++)
			if (strcmp(f->name, g->name) == 0)
				check_bad(k, 103, where, f->name, NULL);
}

void check_shape(struct check *k, str where, const struct shape *s, int as)
{
	if (!s)
		return;
	for (const struct field *f = s->fields; f && f->name; f++)
		check_field(k, WHERE(k, "%.*s.%s", FMT(where), f->name), f, as);
	check_names_once(k, where, s->fields);
}

/* ---- bytes no field describes ------------------------------------------------------------------ */

static int by_offset(const void *a, const void *b)
{
	const struct field *x = *(const struct field *const *)a, *y = *(const struct field *const *)b;
	return (x->at > y->at) - (x->at < y->at);
}

static size_t align_of(const struct field *f)
{
	size_t n = type_size((enum type)f->type);
	return n > 8 ? 8 : n;
}

/* Blind to a member smaller than the padding in its place: lint counts members too. */
static void check_bytes(struct check *k, str where, const struct meta *m)
{
	const struct field **f = NEWS(k->mem, const struct field *, m->n_fields + 1);
	size_t at = sizeof(struct base);
	for (int i = 0; i < m->n_fields; i++)
		f[i] = &m->e->fields[i];
	qsort(f, (size_t)m->n_fields, sizeof *f, by_offset);
	for (int i = 0; i < m->n_fields; i++) {
		size_t a = align_of(f[i]), next = (at + a - 1) / a * a;
		if (f[i]->at > next)
			check_bad(k, 107, where, number(k, (int64_t)at), number(k, f[i]->at));
		else if (f[i]->at < at)
			check_bad(k, 107, where, f[i]->name, number(k, f[i]->at));
		at = f[i]->at + type_size((enum type)f[i]->type);
	}
	if ((at + 7) / 8 * 8 != m->e->size)
		check_bad(k, 107, where, number(k, (int64_t)at), number(k, m->e->size));
}

/* ---- columns the entity names ------------------------------------------------------------------ */

static void check_columns(struct check *k, str where, const struct entity *e, const char *what, const col *at, int n)
{
	for (int i = 0; i < n && at[i]; i++) {
		const struct field *f = field_at(e->fields, at[i]);
		if (!column_name(e, at[i]))
			check_bad(k, 113, where, what, number(k, at[i]));
		else if (f && (f->is & SECRET))
			check_bad(k, 119, where, what, NULL);
	}
}

static bool on_form(const struct entity *e, col at)
{
	for (const struct section *s = e->form; s && s->vi; s++)
		for (int i = 0; i < (int)COUNT(s->at) && s->at[i]; i++)
			if (s->at[i] == at)
				return true;
	return false;
}

static void check_form(struct check *k, str where, const struct entity *e)
{
	for (const struct section *s = e->form; s && s->vi; s++) {
		struct tr label = { s->vi, s->en };
		check_label(k, WHERE(k, "%.*s.form", FMT(where)), &label);
		for (int i = 0; i < (int)COUNT(s->at) && s->at[i]; i++) {
			const struct field *f = field_at(e->fields, s->at[i]);
			int times = 0;
			if (!f) {
				check_bad(k, 113, where, "form", number(k, s->at[i]));
				continue;
			}
			for (const struct section *t = e->form; t->vi; t++)
				for (int j = 0; j < (int)COUNT(t->at) && t->at[j]; j++)
					times += t->at[j] == f->at;
			if (times > 1)
				check_bad(k, 117, WHERE(k, "%.*s.%s", FMT(where), f->name), NULL, NULL);
		}
	}
	/* without .form every field is on the default form */
	for (const struct field *f = e->fields; e->form && f && f->name; f++)
		if ((f->is & NEEDED) && !(f->is & DERIVED) && !f->fill && !on_form(e, f->at))
			check_bad(k, 112, WHERE(k, "%.*s.%s", FMT(where), f->name), NULL, NULL);
}

static void check_unique(struct check *k, str where, const struct entity *e)
{
	for (int i = 0; i < (int)COUNT(e->unique) && e->unique[i][0]; i++) {
		check_columns(k, where, e, "unique", e->unique[i], 4);
		if (!(e->keeps & (SHARED | WIDE_KEYS)) && e->unique[i][0] != offsetof(struct base, org))
			check_bad(k, 118, where, number(k, i), NULL);
	}
}

static void check_series(struct check *k, str where, const struct entity *e)
{
	const struct series *s = &e->series;
	if (!s->field && !s->format)
		return;
	const struct field *f = field_at(e->fields, s->field);
	const char *d = s->format ? strstr(s->format, "%d") : NULL;
	bool good = f && (f->type == T_TEXT || f->type == T_INT) && (f->is & DERIVED) && d && !strchr(d + 1, '%')
	            && strchr(s->format, '%') == d;
	for (int i = 0; i < (int)COUNT(s->per) && s->per[i]; i++)
		good = good && column_name(e, s->per[i]);
	if (!good)
		check_bad(k, 186, where, NULL, NULL);
}

static bool needs(const struct module *m, const struct module *other)
{
	for (int i = 0; m->needs && m->needs[i]; i++)
		if (m->needs[i] == other || needs(m->needs[i], other))
			return true;
	return m == other;
}

static void check_columns_named(struct check *k, str where, const struct meta *m)
{
	const struct entity *e = m->e;
	if (listed(sql_words, COUNT(sql_words), e->name))
		check_bad(k, 108, where, e->name, NULL);
	for (const struct field *f = e->fields; f && f->name; f++) {
		str at = WHERE(k, "%.*s.%s", FMT(where), f->name);
		if (listed(sql_words, COUNT(sql_words), f->name))
			check_bad(k, 108, at, f->name, NULL);
		if (listed(base_names, COUNT(base_names), f->name) || f->name[0] == '_')
			check_bad(k, 109, at, f->name, NULL);
		const struct meta *to = f->type == T_REF && f->ref ? registry_meta(k->r, f->ref) : NULL;
		if (to && !needs(m->module, to->module))
			check_bad(k, 110, at, to->e->name, NULL);
	}
}

void check_entity(struct check *k, const struct meta *m)
{
	const struct entity *e = m->e;
	str where = WHERE(k, "%s.%s", m->module->name, e->name ? e->name : "?");
	check_name(k, where, e->name);
	check_label(k, where, &e->label);
	if (e->size < sizeof(struct base) || !e->fields || !e->fields[0].name || e->fields[0].at < sizeof(struct base))
		check_bad(k, 116, where, NULL, NULL);
	struct shape s = { e->size, e->fields };
	check_shape(k, where, &s, SHAPE_INPUT);
	check_columns_named(k, where, m);
	check_bytes(k, where, m);
	if (!e->title[0])
		check_bad(k, 114, where, NULL, NULL);
	if (!e->list[0])
		check_bad(k, 115, where, NULL, NULL);
	check_columns(k, where, e, "title", e->title, COUNT(e->title));
	check_columns(k, where, e, "list", e->list, COUNT(e->list));
	check_columns(k, where, e, "sort", e->sort, COUNT(e->sort));
	check_unique(k, where, e);
	check_form(k, where, e);
	check_series(k, where, e);
}
