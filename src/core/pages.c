/* pages.c -- what the page side keeps for the process (pages.h), and small words that several pages use. */
#include "core/pages.h"
#include "base/embed.h"

#include <stdio.h>
#include <stdlib.h>

static bool load(void *arg, str name, str *ret)
{
	char file[256];

	(void)arg;
	if (name.n > 200)
		return false;
	snprintf(file, sizeof file, "page/%.*s.html", FMT(name));
	return embedded_get(str_of(file), ret);
}

static str say_vi(void *arg, str key)
{
	return i18n_say(arg, VI, key);
}

static str say_en(void *arg, str key)
{
	return i18n_say(arg, EN, key);
}

/* Every default page is parsed now, so that a mistake in one stops the start and not a reader. */
static bool templates_try(struct app *app, char why[static 256])
{
	for (int l = 0; l < 2; l++)
		for (const struct core_page *p = core_pages; p->page; p++)
			if (!template_get(app->pages[l], str_of(p->page), why))
				return false;
	return true;
}

bool pages_open(struct app *app, char why[static 256])
{
	struct pages *k = calloc(1, sizeof *k);

	if (!k)
		abort();
	arena_init(&k->mem, SIZE_MAX);
	app->pages_kept = k;
	if (!i18n_open(k, why)) {
		pages_close(app);
		return false;
	}
	app->pages[VI] = template_set_new(load, say_vi, k);
	app->pages[EN] = template_set_new(load, say_en, k);
	assets_open(k);
	menus_open(k, app);
	if (!templates_try(app, why)) {
		pages_close(app);
		return false;
	}
	return true;
}

void pages_close(struct app *app)
{
	struct pages *k = app->pages_kept;

	for (int l = 0; l < 2; l++) {
		template_set_free(app->pages[l]);
		app->pages[l] = NULL;
	}
	if (!k)
		return;
	for (int i = 0; i < CONTEXTS; i++)
		arena_free(&k->contexts[i].mem);
	arena_free(&k->mem);
	free(k);
	app->pages_kept = NULL;
}

/* ---- words ------------------------------------------------------------------------------------- */

/* The colour of a state: where it begins, where it ends well, where it ends otherwise, on the way. */
str state_tag(const struct entity *e, const struct field *state, pick v)
{
	const struct choice *ch = &state->pick[v];
	bool ends = (ch->is & FINAL) != 0, first = true;

	if (ch->is & SETTLED)
		return S("luc");
	if (ch->is & (INITIAL | WAITS))
		return S("vang");
	if (!ends)
		return ch->is & LOCKED ? S("luc") : S("lam");
	for (const struct choice *c = state->pick; c->code && c != ch; c++)
		first = first && !(c->is & FINAL);
	(void)e;
	return first ? S("luc") : S("do");
}

/* The first letter small, unless the word is an abbreviation: "Lớp" -> "lớp", "ISBN" stays. */
str text_begin(str text)
{
	enum { LONG_TEXT = 600, BEGIN = 200 };
	ptrdiff_t i = 0;

	if (str_chars(text) <= LONG_TEXT)
		return S("");
	for (int k = 0; k < BEGIN; k++)
		str_next(text, &i);
	return str_sub(text, 0, i);
}

str label_lower(struct arena *mem, str label)
{
	static const struct { const char *big, *small; } letters[] = { { "Đ", "đ" }, { "Ă", "ă" }, { "Â", "â" },
		{ "Ê", "ê" },
		{ "Ô", "ô" }, { "Ơ", "ơ" }, { "Ư", "ư" }, { "Ấ", "ấ" }, { "Ý", "ý" }, { "Ứ", "ứ" }, { "Ủ", "ủ" },
		{ "Ả", "ả" }, { "Ố", "ố" }, { "Ổ", "ổ" } };

	if (label.n > 1 && label.p[0] >= 'A' && label.p[0] <= 'Z' && !(label.p[1] >= 'A' && label.p[1] <= 'Z'))
		return str_fmt(mem, "%c%.*s", label.p[0] + 32, FMT(str_sub(label, 1, -1)));
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (str_starts(label, str_of(letters[i].big)))
			return str_fmt(mem, "%s%.*s", letters[i].small, FMT(str_sub(label, (ptrdiff_t)strlen(letters[i].big), -1)));
	return label;
}

/* What the list is called: Vietnamese has one form; in English as the menu says it. */
str label_many(struct ctx *c, const struct entity *e)
{
	static const char *const inner[] = { " in ", " of ", " for ", " to ", " by ", " at ", " from " };
	const struct registry *g = c->app->registry;
	str label = say(c, &e->label), path = TEXT(c, "/%s", e->name);
	ptrdiff_t end = label.n;

	if (c->lang != EN)
		return label;
	for (int i = 0; i < g->n_modules; i++)
		for (const struct place *p = g->modules[i]->places; p && p->path; p++)
			if (str_eq(str_of(p->path), path))
				return say(c, &p->label);
	for (int i = 0; i < (int)COUNT(inner); i++) {
		ptrdiff_t at = str_find(label, str_of(inner[i]));
		end = at > 0 && at < end ? at : end;
	}
	const str head = str_sub(label, 0, end), tail = str_sub(label, end, -1);
	const char last = head.n > 1 ? head.p[head.n - 1] : 's', before = head.n > 1 ? head.p[head.n - 2] : 's';
	if (last == 'y' && !strchr("aeiou", before))
		return TEXT(c, "%.*sies%.*s", FMT(str_sub(head, 0, head.n - 1)), FMT(tail));
	if (last == 's' && before != 's')
		return label;
	return TEXT(c, "%.*s%s%.*s", FMT(head), last == 's' || last == 'x' || (last == 'h' && strchr("cs", before)) ?
		"es" : "s", FMT(tail));
}

/* "1.157 lớp học"; in English "Classes: 1,157". n -1: not counted, some are shown. */
str count_words(struct ctx *c, int64_t n, int64_t shown, const struct entity *e)
{
	static const struct tr some = { "{1} {2}", "{1} {2}" }, many = { "hơn {1} {2}", "more than {1} {2}" };
	bool over = n < 0 || n > LIST_COUNT_MAX;
	str args[2] = { int_text(c->mem, n < 0 ? shown : over ? LIST_COUNT_MAX : n),
		label_lower(c->mem, n == 1 ? say(c, &e->label) : label_many(c, e)) };

	return sayf(c, over ? &many : &some, args, 2);
}

const char *page_for(struct exchange *x, const struct meta *m, const char *kind)
{
	char name[200], why[256];

	snprintf(name, sizeof name, "%s/%s-%s", m->module->name, m->e->name, kind);
	if (embedded_get(str_fmt(x->c->mem, "page/%s.html", name), &(str){ 0 }) && template_get(x->app->pages[x->c->lang],
		str_of(name), why))
		return str_z(x->c->mem, str_of(name));
	snprintf(name, sizeof name, "core/%s", kind);
	return str_z(x->c->mem, str_of(name));
}
