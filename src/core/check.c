/* check.c -- runs every check; names that clash are looked for first, because then nothing else can be found by
 * name. */
#include "core/check_in.h"
#include "base/embed.h"
#include <assert.h>
#include <stdio.h>

static bool embedded_one(void *arg, str name, str *ret)
{
	(void)arg;
	return embedded_get(name, ret);
}

static void embedded_all(void *arg, str prefix, bool (*fn)(void *, str name, str bytes), void *to)
{
	(void)arg;
	embedded_each(prefix, fn, to);
}

const struct check_files check_embedded = { embedded_one, embedded_all, NULL };

static str filled(struct check *k, const char *text, const char *a, const char *b)
{
	struct buf out;
	buf_init(&out, k->mem, 4096);
	for (const char *p = text; *p; p++) {
		const char *with = p[0] == '{' && p[2] == '}' ? p[1] == '1' ? a : p[1] == '2' ? b : NULL : NULL;
		if (with) {
			put_z(&out, with);
			p += 2;
		} else {
			put_c(&out, *p);
		}
	}
	return buf_str(&out);
}

void check_bad(struct check *k, int code, str where, const char *a, const char *b)
{
	const struct check_code *x = check_codes;
	while (x->code && x->code != code)
		x++;
	assert(x->code);
	struct finding f = { code, where, filled(k, x->text.vi, a, b), filled(k, x->text.en, a, b) };
	k->found(k->arg, &f);
	k->n++;
}

void check_label(struct check *k, str where, const struct tr *label)
{
	if (!label->vi || !*label->vi)
		check_bad(k, 101, where, "Việt", NULL);
	if (!label->en || !*label->en)
		check_bad(k, 101, where, "Anh", NULL);
}

void check_name(struct check *k, str where, const char *name)
{
	size_t n = name ? strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;
	if (n == 0 || name[n] || n > 48 || name[0] < 'a')
		check_bad(k, 102, where, name ? name : "", NULL);
}

/* ---- names that clash ------------------------------------------------------------------------ */

struct seen { const char **at; int n, max; };

static void see(struct check *k, struct seen *s, const char *what, const char *name)
{
	for (int i = 0; i < s->n; i++)
		if (name && strcmp(s->at[i], name) == 0)
			check_bad(k, 152, str_of(name), what, NULL);
	if (name && s->n < s->max)
		s->at[s->n++] = name;
}

static struct seen seen_new(struct check *k)
{
	return (struct seen){ NEWS(k->mem, const char *, 4096), 0, 4096 };
}

static void check_clashes(struct check *k, const struct module *const *modules)
{
	struct seen names = seen_new(k), entities = seen_new(k), places = seen_new(k), routes = seen_new(k);
	for (int i = 0; modules[i]; i++) {
		const struct module *m = modules[i];
		see(k, &names, "module", m->name);
		for (int j = 0; m->entities && m->entities[j]; j++)
			see(k, &entities, "entity", m->entities[j]->name);
		for (const struct place *p = m->places; p && p->name; p++)
			see(k, &places, "place", p->name);
		for (const struct route *x = m->routes; x && x->verb; x++) {
			if (!check_path(x->path))
				check_bad(k, 158, WHERE(k, "%s %s %s", m->name, x->verb, x->path ? x->path : ""), NULL,
					  NULL);
			const char *address = str_z(k->mem, WHERE(k, "%s %s", x->verb, x->path ? x->path : ""));
			for (int j = 0; j < routes.n; j++)
				if (strcmp(routes.at[j], address) == 0)
					check_bad(k, 151, str_of(address), NULL, NULL);
			routes.at[routes.n++] = address;
		}
	}
}

/* ---- all -------------------------------------------------------------------------------------- */

static bool load_page(void *arg, str name, str *ret)
{
	struct check *k = arg;
	return k->files->get(k->files->arg, WHERE(k, "page/%.*s.html", FMT(name)), ret);
}

/* "key = sentence" of one file; the sentence lives in the file's text. */
static str sentence(struct check *k, const char *file, str key)
{
	str text, line, name, value;
	if (!k->files->get(k->files->arg, str_of(file), &text))
		return (str){ 0 };
	for (; text.n; ) {
		str_cut(text, '\n', &line, &text);
		if (str_cut(line, '=', &name, &value) && str_eq(str_trim(name), key))
			return str_trim(value);
	}
	return (str){ 0 };
}

static str say_vi(void *arg, str key) { return sentence(arg, "i18n/vi.txt", key); }
static str say_en(void *arg, str key) { return sentence(arg, "i18n/en.txt", key); }

static void check_program(struct check *k)
{
	k->pages[0] = template_set_new(load_page, say_vi, k);
	k->pages[1] = template_set_new(load_page, say_en, k);
	check_roles(k);
	check_places(k);
	for (int i = 0; i < k->r->n_modules; i++)
		check_module(k, k->r->modules[i]);
	for (int i = 0; i < k->r->n_entities; i++) {
		check_entity(k, &k->r->metas[i]);
		check_flow(k, &k->r->metas[i]);
		check_rights(k, &k->r->metas[i]);
	}
	check_core_pages(k);
	check_migrations(k, "core");
	check_sentences(k);
	template_set_free(k->pages[0]);
	template_set_free(k->pages[1]);
}

int check_all(const struct module *const *modules, const struct check_files *files, struct arena *mem,
	      check_found *found, void *arg)
{
	struct check k = { .files = files, .mem = mem, .found = found, .arg = arg };
	char why[256] = "";
	check_clashes(&k, modules);
	if (k.n)
		return k.n;
	struct registry *r = registry_new(modules, why);
	if (!r) {
		check_bad(&k, strncmp(why, "route ", 6) == 0 ? 151 : 152, str_of(str_z(mem, str_of(why))), "name",
			  NULL);
		return k.n;
	}
	k.r = r;
	check_program(&k);
	registry_free(r);
	return k.n;
}
