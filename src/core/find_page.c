/* find_page.c -- /tim: people, units, classes, functions from a few letters; a page, or a fragment for the palette. */
#include "core/pages.h"
#include "core/listing.h"
#include "core/perm.h"
#include "core/search.h"

enum { EACH = 8 };

/* Names of the units the rows belong to: what tells two people of one name apart. */
static enum rc unit_names(struct ctx *c, const struct hits *h, str *ret)
{
	const struct meta *org = registry_entity(c->app->registry, S("org"));
	int64_t *ids = NEWS(c->mem, int64_t, h->n + 1);

	for (int i = 0; i < h->n; i++) {
		ids[i] = h->at[i].org.v;
		ret[i] = S("");
	}
	return org && h->n ? titles_of(c, org->e, ids, h->n, ret) : OK;
}

static struct hits_view *group_for(struct exchange *x, struct hits_view *groups, int *n, str label)
{
	for (int i = 0; i < *n; i++)
		if (str_eq(groups[i].label, label))
			return &groups[i];
	groups[*n] = (struct hits_view){ .label = label, .hits = { NEWS(x->c->mem, struct hit_view, EACH), 0 } };
	return &groups[(*n)++];
}

static void hit_add(struct hits_view *g, struct hit_view v)
{
	struct hit_view *at = (struct hit_view *)(uintptr_t)g->hits.p;

	if (g->hits.n < EACH)
		at[g->hits.n++] = v;
}

static void fill_functions(struct exchange *x, str folded, struct hits_view *groups, int *n)
{
	static const struct tr label = { "Chức năng", "Functions" };
	struct link_view found[EACH];
	int k = folded.n ? menu_find(x, folded, found, EACH) : 0;
	struct hits_view *g = k ? group_for(x, groups, n, say(x->c, &label)) : NULL;

	for (int i = 0; i < k; i++)
		hit_add(g, (struct hit_view){ .href = found[i].href, .title = found[i].label, .note = found[i].note,
			.icon = found[i].icon });
}

/* "lớp 6A", "trường Nguyễn Du": the word for the kind is no part of the name. */
static str without_kind(struct exchange *x, str q)
{
	str word, rest;

	if (!str_cut(q, ' ', &word, &rest))
		return S("");
	word = viet_fold(x->c->mem, word);
	return str_eq(word, S("lop")) || str_eq(word, S("truong")) ? str_trim(rest) : S("");
}

/* The list of e with the same words; of every year. */
static str list_href(struct exchange *x, const struct entity *e, str q)
{
	const struct field *year = e->of_year ? field_at(e->fields, e->of_year) : NULL;
	struct buf b;

	buf_init(&b, x->c->mem, 2000);
	put(&b, address_of(x, "/%s?q=", e->name));
	put_url(&b, q);
	if (year)
		put_fmt(&b, "&%s=", year->name);
	return buf_str(&b);
}

/* Unit and mark in one line; a unit is not told its own name. */
static str note_of(struct exchange *x, const struct hit *h, str unit)
{
	if (str_eq(unit, h->title))
		unit = S("");
	return str_fmt(x->c->mem, "%.*s%s%.*s", FMT(unit), unit.n && h->mark.n ? " · " : "", FMT(h->mark));
}

/* "6A thcs nguyen trai": what is looked for, and behind or before it the unit it is in; found in the first unit that
 * has it. */
static enum rc rows_of_unit(struct exchange *x, str q, str in, struct hits *ret)
{
	enum { UNITS = 4 };
	const struct meta *org = registry_entity(x->app->registry, S("org"));
	struct list_ask ask = { .e = org ? org->e : NULL, .words = in, .limit = UNITS, .wide = true };
	struct list_answer a;

	if (!org || in.n == 0 || q.n == 0 || !perm_any(x->c, org->e, READ))
		return OK;
	TRY(list_rows(x->c, &ask, &a));
	for (int64_t i = 0; i < a.rows.n && ret->n == 0; i++) {
		const struct base *unit = (const void *)((const char *)a.rows.p + (size_t)i * org->e->size);
		TRY(search_unit(x->c, q, (org_id){ unit->id }, EACH, ret));
	}
	return OK;
}

static enum rc rows_by_unit(struct exchange *x, str q, struct hits *ret)
{
	str first, rest;
	ptrdiff_t last = q.n;

	if (!str_cut(q, ' ', &first, &rest))
		return OK;
	TRY(rows_of_unit(x, first, str_trim(rest), ret));
	while (last > 0 && q.p[last - 1] != ' ')
		last--;
	return ret->n ? OK : rows_of_unit(x, str_sub(q, last, -1), str_trim(str_sub(q, 0, last)), ret);
}

static enum rc fill_rows(struct exchange *x, str q, struct hits_view *groups, int *n)
{
	struct hits h;
	str *units, rest = without_kind(x, q);

	TRY(search_rows(x->c, q, EACH, &h));
	if (h.n == 0 && rest.n) {
		q = rest;
		TRY(search_rows(x->c, q, EACH, &h));
	}
	if (h.n == 0)
		TRY(rows_by_unit(x, rest.n ? rest : q, &h));
	units = NEWS(x->c->mem, str, h.n + 1);
	TRY(unit_names(x->c, &h, units));
	for (int i = 0; i < h.n; i++) {
		const struct entity *e = h.at[i].e;

		hit_add(group_for(x, groups, n, say(x->c, &e->label)), (struct hit_view){ .title = h.at[i].title,
			.note = note_of(x, &h.at[i], units[i]), .icon = str_of(e->icon ? e->icon : "table"),
			.href = address_of(x, "/%s/%lld", e->name, (long long)h.at[i].id) });
	}
	for (int i = 0; i < h.n_more; i++)
		group_for(x, groups, n, say(x->c, &h.more[i]->label))->more_href = list_href(x, h.more[i], q);
	return OK;
}

enum rc search_page(struct exchange *x)
{
	static const struct tr title = { "Tìm kiếm", "Search" },
		count = { "{1} kết quả cho “{2}”", "{1} results for “{2}”" },
		first = { "{1} kết quả đầu cho “{2}”, còn nữa", "The first {1} results for “{2}”; there are more" };
	const struct pair *p = pair_last(x, "q");
	struct hits_view *groups = NEWS(x->c->mem, struct hits_view, 40);
	struct search_view v = { .title = say(x->c, &title), .q = p ? str_trim(p->value) : S("") };
	bool fragment = x->htmx || req_param(x->r, "manh").n > 0;
	int n = 0;
	int64_t total = 0;
	bool more = false;

	if (v.q.n > 200)
		v.q = S("");
	v.asked = v.q.n > 0;
	TRY(fill_rows(x, v.q, groups, &n));
	fill_functions(x, viet_fold(x->c->mem, v.q), groups, &n);
	for (int i = 0; i < n; i++) {
		total += groups[i].hits.n;
		more = more || groups[i].more_href.n > 0;
	}
	if (n)
		((struct hit_view *)(uintptr_t)groups[0].hits.p)[0].first = true;
	v.groups = ITEMS(groups, n);
	v.none = v.asked && total == 0;
	v.count_text = sayf(x->c, more ? &first : &count, ARGS(int_text(x->c->mem, total), v.q));
	if (x->json) {
		shape_json(answer_json(x, 200), search_shape.fields, &v, NULL);
		return OK;
	}
	crumb(x, S(""), v.title);
	return answer_page(x, 200, fragment ? "core/palette" : "core/search", &search_shape, &v);
}
