/* take.c -- files about people that modules make: take_out of stamp.h. */
#include "core/data.h"
#include "core/export.h"
#include "core/page.h"
#include "core/reads.h"

const struct take *take_named(struct ctx *c, str name)
{
	const struct registry *g = c->app->registry;
	str module, word;

	if (!str_cut(name, '/', &module, &word))
		return NULL;
	const struct module *m = registry_module(g, module);
	for (const struct take *t = m ? m->takes : NULL; t && t->name; t++)
		if (str_is(word, t->name))
			return t;
	return NULL;
}

static str name_of(struct ctx *c, const struct take *t)
{
	const struct registry *g = c->app->registry;

	for (int i = 0; i < g->n_modules; i++)
		for (const struct take *x = g->modules[i]->takes; x && x->name; x++)
			if (x == t)
				return TEXT(c, "%s/%s", g->modules[i]->name, t->name);
	return S("");
}

/* A browser goes where a second person is asked; others are told. */
static enum rc ask_first(struct ctx *c, str name, int64_t n)
{
	static const struct tr MSG_second = { "{1} hồ sơ có dữ liệu cá nhân: cần người thứ hai duyệt trước khi xuất. Hãy "
		"đăng nhập và xin ở {2}.",
		"{1} records of people: a second person has to agree before they leave. Sign in and ask at {2}." };
	struct exchange *x = c->web ? exchange_of(c) : NULL;

	if (x && !x->json && !x->actor.token)
		x->must_ask = address_of(x, EXPORT_ASK "?list=%.*s&format=" TAKE_FORMAT "&rows=%lld", FMT(name), (long long)n);
	return FAILF(c, E_STATE, 0, &MSG_second, int_text(c->mem, n), S(EXPORT_ASK));
}

enum rc take_out(struct ctx *c, const struct take *t, const int64_t *ids, int64_t n, struct stamp *ret)
{
	const struct registry *g = c->app->registry;
	struct stamp stamp = stamp_make(c, 0);
	str name = name_of(c, t);
	bool may = n <= TAKE_ALONE;

	if (!name.n)
		return E_FAULT;
	for (int i = 0; i < g->n_modules && !may; i++)
		if (g->modules[i]->agreed)
			TRY(g->modules[i]->agreed(c, name, n, stamp.id, &may));
	if (!may)
		return ask_first(c, name, n);
	if (ids)
		reads_note(c, table_for(c, t->of), EXPORT, ids, (int)n, stamp.id);
	*ret = stamp;
	return OK;
}

str stamp_name(struct ctx *c, str name, const struct stamp *s)
{
	enum { CODE = 17 /* -KX-0000-0000-000 */ };
	ptrdiff_t dot = name.n;

	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	str stem = dot > 1 ? str_sub(name, 0, dot - 1) : name, end = dot > 1 ? str_sub(name, dot - 1, -1) : S("");
	if (!s->id)
		return name;
	if (stem.n > CODE && str_starts(str_sub(stem, stem.n - CODE, -1), S("-KX-")))
		stem = str_sub(stem, 0, stem.n - CODE);
	return TEXT(c, "%.*s-%.*s%.*s", FMT(stem), FMT(s->code), FMT(end));
}
