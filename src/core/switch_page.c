/* switch_page.c -- /doi: another unit, school year or term. Every choice is a link: the context lives in the
 * address. */
#include "core/pages.h"
#include "web/html.h"

static str context_address(struct exchange *x, str slug, str year, str term)
{
	return str_fmt(x->c->mem, "/t/%.*s%s%.*s%s%.*s/", FMT(slug), year.n ? "/" : "", FMT(year), term.n ? "/" : "",
		FMT(term));
}

/* The units of the actor's seats, each with the role there. */
static enum rc fill_places(struct exchange *x, struct switch_view *v)
{
	static const struct tr over = { "đã kết thúc hoạt động", "has ended" };
	struct ctx *c = x->c;
	struct link_view *l = NEWS(c->mem, struct link_view, c->who->n_seats + 1);
	int n = 0;

	for (int i = 0; i < c->who->n_seats; i++) {
		const struct seat *s = &c->who->seats[i];
		struct org_crumb *above;
		int k;

		if (!s->org.v || orgs_above(c, s->org, &above, &k) != OK)
			continue;
		l[n++] = (struct link_view){ .label = above[k - 1].name, .note = s->ended
				? TEXT(c, "%.*s · %.*s", FMT(say(c, &s->role->label)), FMT(say(c, &over))) : say(c, &s->role->label),
			.href = context_address(x, above[k - 1].slug, c->here.year_code, c->here.term_code),
			.current = s->org.v == c->here.org.v };
	}
	v->places = ITEMS(l, n);
	return OK;
}

static str row_text(const struct exchange *x, const struct entity *e, const void *row, const char *name)
{
	const struct field *f = field_named(e->fields, str_of(name));

	return f ? field_text(f, row, x->c->lang, x->c->mem) : S("");
}

/* "Cơ sở giáo dục · Đã sáp nhập" */
static str with_end(struct exchange *x, const struct entity *e, const void *row, str note)
{
	const str end = end_text(x->c, e, row);

	return end.n ? TEXT(x->c, "%.*s · %.*s", FMT(note), FMT(end)) : note;
}

static enum rc fill_found(struct exchange *x, struct switch_view *v)
{
	const struct meta *m = registry_entity(x->app->registry, S("org"));
	struct list_ask ask = { .words = v->q, .limit = 20, .wide = true };
	struct list_answer a;
	struct link_view *l;

	if (!m || v->q.n == 0 || !perm_any(x->c, m->e, READ))
		return OK;
	ask.e = m->e;
	TRY(list_rows(x->c, &ask, &a));
	l = NEWS(x->c->mem, struct link_view, a.rows.n + 1);
	for (int64_t i = 0; i < a.rows.n; i++) {
		const void *row = (const char *)a.rows.p + (size_t)i * m->e->size;

		l[i] = (struct link_view){ .label = row_title(x->c, m->e, row),
			.note = with_end(x, m->e, row, row_text(x, m->e, row, "kind")),
			.href = context_address(x, row_text(x, m->e, row, "slug"), x->c->here.year_code, x->c->here.term_code) };
	}
	v->found = ITEMS(l, a.rows.n);
	return OK;
}

enum { YEARS = 8, TERMS = 4 };

static enum rc fill_years(struct exchange *x, struct switch_view *v)
{
	struct ctx *c = x->c;
	struct link_view *l = NEWS(c->mem, struct link_view, YEARS);
	struct rows r;
	int n = 0;

	if (!c->here.org_slug.n || !registry_entity(x->app->registry, S("school_year")))
		return OK;
	TRY(db_query(c->db, "SELECT code FROM school_year WHERE gone = 0 ORDER BY code DESC LIMIT 8", NULL, 0, &r));
	while (n < YEARS && rows_next(&r)) {
		l[n].label = str_copy(c->mem, rows_text(&r, 0));
		l[n].current = str_eq(l[n].label, c->here.year_code);
		l[n].href = context_address(x, c->here.org_slug, l[n].label, c->here.term_code);
		n++;
	}
	v->years = ITEMS(l, n);
	return rows_end(&r);
}

static enum rc fill_terms(struct exchange *x, struct switch_view *v)
{
	struct ctx *c = x->c;
	struct link_view *l = NEWS(c->mem, struct link_view, TERMS);
	struct rows r;
	int n = 0;

	if (!c->here.year || !registry_entity(x->app->registry, S("term")))
		return OK;
	TRY(db_query(c->db, "SELECT code, name FROM term WHERE year = ?1 AND gone = 0 ORDER BY code LIMIT 4",
		VALS(v_int(c->here.year)), &r));
	while (n < TERMS && rows_next(&r)) {
		str code = str_copy(c->mem, rows_text(&r, 0));

		l[n].label = str_copy(c->mem, rows_text(&r, 1));
		l[n].current = str_eq(code, c->here.term_code);
		l[n].href = context_address(x, c->here.org_slug, c->here.year_code, code);
		n++;
	}
	v->terms = ITEMS(l, n);
	return rows_end(&r);
}

enum rc switch_page(struct exchange *x)
{
	static const struct tr title = { "Chọn đơn vị và học kì", "Choose unit and term" };
	const struct pair *p = pair_last(x, "q");
	struct switch_view v = { .title = say(x->c, &title), .q = p ? str_trim(p->value) : S("") };

	if (!x->c->who->user.v && !x->c->here.org.v)
		return E_MISSING;
	if (v.q.n > 200)
		v.q = S("");
	v.back = return_address(x->c, req_param(x->r, "ve"));
	TRY(fill_places(x, &v));
	TRY(fill_found(x, &v));
	TRY(fill_years(x, &v));
	TRY(fill_terms(x, &v));
	v.asked = v.q.n > 0;
	v.none = v.asked && v.found.n == 0;
	if (x->json) {
		shape_json(answer_json(x, 200), switch_shape.fields, &v, NULL);
		return OK;
	}
	crumb(x, S(""), v.title);
	return answer_page(x, 200, "core/switch", &switch_shape, &v);
}
