/* check_page.c -- templates against the views they draw, and the sentences of both languages. */
#include "core/check_in.h"
#include "core/page.h"
#include "core/views.h"
#include <stdio.h>

struct page_check { struct check *k; str where; const char *page; const struct shape *view; int lang; };

static bool is_global(str name)
{
	return str_is(name, "title") || str_is(name, "wrong") || str_is(name, "c") || str_is(name, ".");
}

/* What a name means inside the sections open around it: *ret its shape when it opens one, else NULL. */
static bool resolve(const struct shape *top, const str *sections, int n, str name, const struct shape **ret)
{
	const struct shape *stack[32] = { top };
	int depth = 1;
	for (int i = 0; i <= n; i++) {
		str left = i < n ? sections[i] : name, head, tail;
		const struct shape *in = NULL;
		const struct field *f = NULL;
		bool shell = false;
		*ret = NULL;
		str_cut(left, '.', &head, &tail);
		if (str_is(head, "in") && tail.n)
			continue;
		if (str_is(left, ".")) {
			*ret = stack[depth - 1];
			continue;
		}
		for (int j = depth - 1; j >= 0 && !f; j--)
			if (stack[j])
				f = field_named(stack[j]->fields, head);
		if (!f && str_is(left, "problems")) {
			f = field_named(shell_shape.fields, left);
		} else if (!f && str_is(head, "c")) {
			shell = true;
			in = &shell_shape;
		} else if (!f && !is_global(head)) {
			return false;
		}
		while (tail.n) {
			str_cut(tail, '.', &head, &tail);
			f = in ? field_named(in->fields, head) : f && f->of ? field_named(f->of->fields, head) : NULL;
			in = NULL;
			if (!f)
				return false;
		}
		*ret = f && f->type == T_LIST ? f->of : shell && !f ? &shell_shape : NULL;
		if (i < n && depth < 32 && f && f->type == T_LIST)
			stack[depth++] = f->of;
	}
	return true;
}

static void check_one_name(void *arg, const str *sections, int n, str name, int line)
{
	struct page_check *p = arg;
	const struct shape *ignored;
	if (str_starts(name, S(">"))) {
		check_bad(p->k, 155, p->where, str_z(p->k->mem, str_sub(name, 1, -1)), NULL);
	} else if (str_starts(name, S("t."))) {
		check_bad(p->k, 171, WHERE(p->k, "%.*s (%s)", FMT(p->where), p->lang ? "en" : "vi"), p->page,
			  str_z(p->k->mem, str_sub(name, 2, -1)));
	} else if (p->lang == 0 && !resolve(p->view, sections, n, name, &ignored)) {
		check_bad(p->k, 156, p->where, p->page,
			  str_z(p->k->mem, WHERE(p->k, "%.*s (line %d)", FMT(name), line)));
	}
}

void check_page(struct check *k, str where, str page, const struct shape *s)
{
	char why[256] = "";
	str text;
	if (str_ends(page, S(".html")))
		page = str_sub(page, 0, page.n - 5);
	if (!k->files->get(k->files->arg, WHERE(k, "page/%.*s.html", FMT(page)), &text)) {
		check_bad(k, 155, where, str_z(k->mem, page), NULL);
		return;
	}
	for (int lang = 0; lang < 2; lang++) {
		struct page_check p = { k, where, str_z(k->mem, page), s, lang };
		const struct template *t = template_get(k->pages[lang], page, why);
		if (t)
			template_names(t, check_one_name, &p);
		else if (lang == 0)
			check_bad(k, 159, where, p.page, str_z(k->mem, str_of(why)));
	}
}

/* The default pages, and those a module lays over them: page/MODULE/ENTITY-list.html, -form, -detail. */
/* The core's own addresses: a probe of health asks the database nothing, every other budget is whole. */
static void check_core_budgets(struct check *k)
{
	for (const struct core_route *x = core_routes; x->path; x++)
		if (!x->max.ms || !x->max.kb)
			check_bad(k, 157, str_of(x->path), NULL, NULL);
	for (const struct entity_page *x = entity_pages; x->rest; x++)
		if (!x->max.sql || !x->max.ms || !x->max.kb)
			check_bad(k, 157, WHERE(k, "/E%s", x->rest), NULL, NULL);
}

void check_core_pages(struct check *k)
{
	static const struct core_page over[] = { { "list", &list_shape },
						 { "form", &form_shape },
						 { "detail", &detail_shape } };
	str text;
	check_core_budgets(k);
	for (const struct core_page *p = core_pages; p->page; p++)
		check_page(k, str_of(p->page), str_of(p->page), p->shape);
	for (int i = 0; i < k->r->n_entities; i++) {
		const struct meta *m = &k->r->metas[i];
		for (ptrdiff_t j = 0; j < COUNT(over); j++) {
			str page = WHERE(k, "%s/%s-%s", m->module->name, m->e->name, over[j].page);
			if (k->files->get(k->files->arg, WHERE(k, "page/%.*s.html", FMT(page)), &text))
				check_page(k, WHERE(k, "%s.%s", m->module->name, m->e->name), page, over[j].shape);
		}
	}
}

/* ---- sentences ---------------------------------------------------------------------------------- */

struct keys { str at[4096]; int n; };

static bool has_key(const struct keys *s, str key)
{
	for (int i = 0; i < s->n; i++)
		if (str_eq(s->at[i], key))
			return true;
	return false;
}

static void read_keys(struct check *k, const char *file, struct keys *ret)
{
	str text, line, key, value;
	if (!k->files->get(k->files->arg, str_of(file), &text)) {
		check_bad(k, 170, str_of(file), "*", NULL);
		return;
	}
	for (int number = 1; text.n; number++) {
		str_cut(text, '\n', &line, &text);
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		bool good = str_cut(line, '=', &key, &value) && str_trim(key).n && str_trim(value).n;
		if (!good || has_key(ret, str_trim(key)))
			check_bad(k, 172, str_of(file), str_z(k->mem, WHERE(k, "%d", number)), NULL);
		else if (ret->n < (int)COUNT(ret->at))
			ret->at[ret->n++] = str_trim(key);
	}
}

void check_sentences(struct check *k)
{
	struct keys *vi = NEW(k->mem, struct keys), *en = NEW(k->mem, struct keys);
	read_keys(k, "i18n/vi.txt", vi);
	read_keys(k, "i18n/en.txt", en);
	for (int i = 0; i < vi->n; i++)
		if (!has_key(en, vi->at[i]))
			check_bad(k, 170, S("i18n/en.txt"), str_z(k->mem, vi->at[i]), NULL);
	for (int i = 0; i < en->n; i++)
		if (!has_key(vi, en->at[i]))
			check_bad(k, 170, S("i18n/vi.txt"), str_z(k->mem, en->at[i]), NULL);
}
