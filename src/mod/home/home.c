/* home.c -- the page at "/": the portal for the public; for whoever is signed in, today's work as cards of the
 * modules. */
#include "mod/home/home.h"
#include "core/app.h"
#include "core/dispatch.h"
#include "core/registry.h"

enum { CARDS_MAX = 16 };

#define ROW struct card_view
static const struct shape card_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(label) }, { COL(body) }, END } };
#undef ROW
#define ROW struct home_view
const struct shape home_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(greeting) }, { COL(date) },
	{ COL(none) }, { MANY(cards, card_shape) }, END } };
#undef ROW

/* A card that has nothing to say leaves its body empty by answering E_MISSING. One that fails is left out and logged by
 * its own queries: the rest of the day must not wait for it. */
static enum rc add_card(struct ctx *c, const struct card *k, struct card_view *list, int64_t *n)
{
	void *out = arena_alloc(c->mem, k->out->size, _Alignof(struct base));
	enum rc rc = k->run(c, NULL, out);

	if (rc == E_MISSING || rc == E_DENIED) {
		c->n_problems = 0;
		c->rc = OK;
		return OK;
	}
	TRY(rc);
	list[*n] = (struct card_view){ .name = str_of(k->name), .label = say(c, &k->label) };
	TRY(page_part(c, k->page, k->out, out, &list[*n].body));
	*n += 1;
	return OK;
}

/* The public sees the cards for anyone; whoever is signed in, those of their own roles. */
static bool reaches(const struct ctx *c, const struct grant *g)
{
	for (; g && g->to; g++) {
		if (c->who->user.v == 0 ? (g->to->is & ROLE_ANYONE) != 0 : (g->to->is & ROLE_SIGNED) != 0)
			return true;
		for (int i = 0; i < c->who->n_seats; i++)
			if (c->who->seats[i].role == g->to)
				return true;
	}
	return false;
}

static str date_text(struct ctx *c)
{
	static const struct tr names[] = { { "Thứ Hai", "Monday" }, { "Thứ Ba", "Tuesday" }, { "Thứ Tư", "Wednesday" },
		{ "Thứ Năm", "Thursday" },
		{ "Thứ Sáu", "Friday" }, { "Thứ Bảy", "Saturday" }, { "Chủ nhật", "Sunday" } };
	return TEXT(c, "%.*s, %.*s", FMT(say(c, &names[day_week(c->today) - 1])), FMT(day_text(c->mem, c->today)));
}

struct standing_in { int64_t school; };
struct standing { str slug, year, term; };
#define ROW struct standing_in
static const struct shape standing_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, END } };
#undef ROW
#define ROW struct standing
static const struct shape standing_shape = { sizeof(ROW), FIELDS{ { COL(slug) }, { COL(year) }, { COL(term) }, END } };
#undef ROW

/* Whoever is signed in stands in the unit of the first seat, one that has not ended if there is, and in the year of
 * today: addresses say so from here on. */
static enum rc own_place(struct ctx *c, str *ret)
{
	struct standing_in in = { c->who->n_seats ? c->who->seats[0].org.v : 0 };
	struct standing at = { 0 };

	for (int i = c->who->n_seats; i-- > 0; )
		if (!c->who->seats[i].ended)
			in.school = c->who->seats[i].org.v;
	if (in.school == 0)
		return E_MISSING;
	TRY(query_one(c, "home/standing", &standing_in_shape, &in, &standing_shape, &at));
	*ret = at.year.n ? TEXT(c, "/t/%.*s/%.*s%s%.*s/", FMT(at.slug), FMT(at.year), at.term.n ? "/" : "", FMT(at.term))
		: TEXT(c, "/t/%.*s/", FMT(at.slug));
	return OK;
}

enum rc home_page(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Hôm nay", "Today" }, hello = { "Chào {1}", "Hello {1}" };
	struct home_view *out = out_;
	str where;

	(void)in;
	if (c->who->must_go) {          /* an empty page would say that there is no work */
		c->go = str_of(c->who->must_go);
		return OK;
	}
	if (c->who->user.v && c->here.org.v == 0 && own_place(c, &where) == OK) {
		c->go = where;
		return OK;
	}
	struct card_view *list = NEWS(c->mem, struct card_view, CARDS_MAX);
	int64_t n = 0;
	for (const struct module *const *m = c->app->modules; *m; m++)
		for (const struct card *k = (*m)->cards; k && k->name && n < CARDS_MAX; k++)
			if (reaches(c, k->allow))
				TRY(add_card(c, k, list, &n));
	out->title = say(c, &title);
	out->greeting = sayf(c, &hello, ARGS(c->who->name));
	out->date = date_text(c);
	out->cards = (items){ list, n };
	out->none = n == 0;
	return OK;
}

/* ---- what the public sees of the province ------------------------------------------------------------- */

static const struct grant leaders[] = { { &dept_leader, &in_tree, READ }, { &dept_officer, &in_tree, READ },
	{ &dept_inspector, &in_tree, READ }, { &dept_clerk, &in_tree, READ },
	{ &ministry, &in_tree, READ }, { &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ },
	{ &principal, &at_org, READ }, { &deputy, &at_org, READ }, { 0 } };
static const struct grant public_[] = { { &anyone, &everywhere, READ }, { 0 } };

const struct module mod_home = { .name = "home", .label = { "Trang đầu", "Home" },
	.needs = NEEDS(&mod_org, &mod_people, &mod_school),
	.routes = (const struct route[]){
		{ "GET", "/", for_anyone, NULL, &home_shape, home_page, "home/home", { .sql = 40, .ms = 120, .kb = 250 },
			{ "Hôm nay", "Today" }, .lags = true }, END },
	.places = (const struct place[]){ { "home", "/", "home", { "Hôm nay", "Today" }, { "Hệ thống", "System" },
		public_ }, END },
	.cards = (const struct card[]){
		{ "figures", { "Toàn cảnh", "Overview" }, leaders, &figures_shape, home_figures, "home/figures" },
		{ "public", { "Giáo dục của tỉnh", "Education in the province" }, public_, &figures_shape, home_public,
			"home/public" }, END } };
