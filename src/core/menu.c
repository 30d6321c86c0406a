/* menu.c -- what a role may open: the rail of six, the page of everything, the functions that the search offers. */
#include "core/pages.h"
#include "core/roles.h"

static const struct tr home_label = { "Hôm nay", "Today" }, all_label = { "Tất cả", "All" };
static const struct tr other_group = { "Khác", "Other" };

static void link_labels(struct menu_link *l, const struct tr *label, const struct tr *group)
{
	l->label[VI] = str_of(label->vi);
	l->label[EN] = str_of(label->en ? label->en : label->vi);
	l->group[VI] = str_of(group->vi ? group->vi : other_group.vi);
	l->group[EN] = str_of(group->en ? group->en : group->vi ? group->vi : other_group.en);
}

/* Pages of the core itself. */
static const struct place core_places[] = {
	{ "settings", "/cai-dat", "settings", { "Cài đặt", "Settings" }, { "Hệ thống", "System" }, setting_deciders },
	{ "jobs", "/viec", "progress", { "Việc chạy nền", "Jobs" }, { "Hệ thống", "System" }, for_signed } };

static void place_add(struct pages *k, const struct place *p, const struct tr *group)
{
	struct menu_link *l = &k->links[k->n_links];

	for (int i = 0; i < k->n_links; i++)
		if (strcmp(k->links[i].path, p->path) == 0)
			return;
	*l = (struct menu_link){ .place = p, .path = p->path, .icon = p->icon ? p->icon : "circle", .name = p->name };
	link_labels(l, &p->label, p->group.vi ? &p->group : group);
	k->n_links++;
}

/* Every place, then every entity no place leads to. */
void menus_open(struct pages *k, const struct app *app)
{
	const struct registry *g = app->registry;

	k->links = NEWS(&k->mem, struct menu_link, g->n_places + g->n_entities + COUNT(core_places) + 1);
	for (int i = 0; i < g->n_places; i++)
		place_add(k, g->places[i].place, &g->places[i].module->label);
	for (ptrdiff_t i = 0; i < COUNT(core_places); i++)
		place_add(k, &core_places[i], &other_group);
	for (int i = 0; i < g->n_entities; i++) {
		struct menu_link *l = &k->links[k->n_links];
		const struct entity *e = g->metas[i].e;
		const char *path = str_z(&k->mem, str_fmt(&k->mem, "/%s", e->name));
		bool known = false;

		for (int j = 0; j < k->n_links && !known; j++)
			known = strcmp(k->links[j].path, path) == 0;
		if (known)
			continue;
		*l = (struct menu_link){ .entity = e, .path = path, .icon = e->icon ? e->icon : "table", .name = e->name };
		link_labels(l, &e->label, &g->metas[i].module->label);
		k->n_links++;
	}
}

/* ---- one set of roles ------------------------------------------------------------------------ */

static int role_index(const struct registry *g, const struct role *r)
{
	for (int i = 0; i < g->n_roles && i < 120; i++)
		if (g->roles[i] == r)
			return i;
	return -1;
}

static void roles_of(const struct exchange *x, uint64_t ret[2])
{
	const struct actor *who = x->c->who;

	ret[0] = 0;
	ret[1] = (uint64_t)(who->user.v != 0) << 63 | (uint64_t)who->mfa << 62 | (uint64_t)who->token << 61;
	for (int i = 0; i < who->n_seats; i++) {
		int at = role_index(x->app->registry, who->seats[i].role);

		if (at >= 0)
			ret[at / 64] |= (uint64_t)1 << (at % 64);
	}
}

static bool open_to(const struct exchange *x, const struct menu_link *l)
{
	return l->place ? perm_grants(x->c, l->place->allow) : perm_any(x->c, l->entity, READ);
}

static bool has_rail(const struct menu *m, const struct menu_link *l)
{
	for (int i = 0; i < m->n_rail; i++)
		if (m->rail[i] == l)
			return true;
	return false;
}

static void rail_add(struct menu *m, const char *name)
{
	for (int i = 0; i < m->n_all; i++)
		if (strcmp(m->all[i]->name, name) == 0 && !has_rail(m, m->all[i]) && m->n_rail < 4)
			m->rail[m->n_rail++] = m->all[i];
}

/* The rail between "home" and "all": the words of the roles, highest first; for the public whatever is open to it. */
static void rail_fill(const struct exchange *x, struct menu *m)
{
	const struct registry *g = x->app->registry;

	for (int i = 0; i < g->n_roles && i < 120; i++)
		if (m->roles[i / 64] >> (i % 64) & 1 && i < 120)
			for (int j = 0; j < 6 && g->roles[i]->rail[j]; j++)
				if (strcmp(g->roles[i]->rail[j], "home") != 0 && strcmp(g->roles[i]->rail[j], "all") != 0)
					rail_add(m, g->roles[i]->rail[j]);
	if (m->n_rail == 0)
		for (int i = 0; i < m->n_all && m->n_rail < 4; i++)
			if (m->all[i]->place && strcmp(m->all[i]->path, "/") != 0)
				m->rail[m->n_rail++] = m->all[i];
}

static const struct menu *menu_of(const struct exchange *x)
{
	struct pages *k = x->app->pages_kept;
	uint64_t roles[2];
	struct menu *m;

	roles_of(x, roles);
	for (int i = 0; i < MENUS; i++)
		if (k->menus[i].used && k->menus[i].roles[0] == roles[0] && k->menus[i].roles[1] == roles[1])
			return &k->menus[i];
	m = &k->menus[k->next_menu];
	k->next_menu = (k->next_menu + 1) % MENUS;
	if (!m->all)
		m->all = NEWS(&k->mem, const struct menu_link *, k->n_links + 1);
	*m = (struct menu){ .roles = { roles[0], roles[1] }, .used = true, .all = m->all };
	for (int i = 0; i < k->n_links; i++)
		if (open_to(x, &k->links[i]))
			m->all[m->n_all++] = &k->links[i];
	rail_fill(x, m);
	return m;
}

static bool is_at(const struct exchange *x, str path)
{
	if (path.n == 1)
		return str_eq(x->path, path);
	return str_starts(x->path, path) && (x->path.n == path.n || x->path.p[path.n] == '/');
}

static struct link_view link_view(struct exchange *x, const char *path, str label, const char *icon)
{
	return (struct link_view){ .href = address_of(x, "%s", path), .label = label, .icon = str_of(icon),
		.current = is_at(x, str_of(path)) };
}

/* Of places one under the other only the nearest is where the reader stands. */
static void one_current(struct link_view *v, int n)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			if (v[i].current && v[j].current && v[j].href.n > v[i].href.n)
				v[i].current = false;
}

void menu_rail(struct exchange *x, struct shell *s)
{
	const struct menu *m = menu_of(x);
	enum lang lang = x->c->lang;
	struct link_view *v = NEWS(x->c->mem, struct link_view, m->n_rail + 2);
	const struct menu_link *home = NULL;
	int n = 0;

	for (int i = 0; i < m->n_all && !home; i++)
		if (strcmp(m->all[i]->name, "home") == 0)
			home = m->all[i];
	v[n++] = link_view(x, home ? home->path : "/", home ? home->label[lang] : say(x->c, &home_label), home
		? home->icon : "home");
	for (int i = 0; i < m->n_rail; i++)
		v[n++] = link_view(x, m->rail[i]->path, m->rail[i]->label[lang], m->rail[i]->icon);
	v[n++] = link_view(x, "/all", say(x->c, &all_label), "layout-grid");
	one_current(v, n);
	s->rail = ITEMS(v, n);
}

/* ---- everything, and by words ---------------------------------------------------------------- */

static bool has_words(struct arena *mem, str label, str folded)
{
	str text = viet_fold(mem, label), word;

	while (folded.n > 0) {
		str_cut(folded, ' ', &word, &folded);
		if (word.n && str_find(text, word) < 0)
			return false;
	}
	return true;
}

int menu_find(struct exchange *x, str folded, struct link_view *ret, int max)
{
	const struct menu *m = menu_of(x);
	int n = 0;

	for (int i = 0; i < m->n_all && n < max; i++)
		if (has_words(x->c->mem, m->all[i]->label[x->c->lang], folded)) {
			ret[n] = link_view(x, m->all[i]->path, m->all[i]->label[x->c->lang], m->all[i]->icon);
			ret[n++].note = m->all[i]->group[x->c->lang];
		}
	return n;
}

static struct group_view *group_of(struct group_view *groups, int *n, str label, struct arena *mem, int most)
{
	for (int i = 0; i < *n; i++)
		if (str_eq(groups[i].label, label))
			return &groups[i];
	groups[*n] = (struct group_view){ .label = label, .id = put_n(mem, *n),
		.links = { NEWS(mem, struct link_view, most), 0 } };
	return &groups[(*n)++];
}

enum rc all_page(struct exchange *x)
{
	struct arena *mem = x->c->mem;
	int most = x->app->pages_kept->n_links + 1, n, n_groups = 0;
	struct link_view *found = NEWS(mem, struct link_view, most);
	struct group_view *groups = NEWS(mem, struct group_view, most);
	struct all_view v = { .title = say(x->c, &(struct tr){ "Tất cả chức năng", "All functions" }),
		.q = req_param(x->r, "q") };

	n = menu_find(x, viet_fold(mem, v.q), found, most);
	for (int i = 0; i < n; i++) {
		struct group_view *g = group_of(groups, &n_groups, found[i].note, mem, most);
		struct link_view *links = (struct link_view *)(uintptr_t)g->links.p;

		links[g->links.n++] = found[i];
	}
	v.groups = ITEMS(groups, n_groups);
	v.none = n == 0;
	crumb(x, address_of(x, "/all"), v.title);
	if (x->json) {
		shape_json(answer_json(x, 200), all_shape.fields, &v, NULL);
		return OK;
	}
	return answer_page(x, 200, "core/all", &all_shape, &v);
}
