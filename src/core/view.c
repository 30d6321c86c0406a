/* view.c -- see view.h. */
#include "core/view.h"
#include "core/pages.h"
#include "core/row.h"

static int64_t int_at(const struct field *f, const void *row)
{
	int64_t v;

	memcpy(&v, (const char *)row + f->at, sizeof v);
	return v;
}

static str str_at(const struct field *f, const void *row)
{
	str v;

	memcpy(&v, (const char *)row + f->at, sizeof v);
	return v;
}

static const struct field *member(const struct shape *s, str name)
{
	if (name.n > 0)
		for (const struct field *f = s->fields; f->name; f++)
			if (f->name[0] == name.p[0] && strncmp(f->name, name.p, (size_t)name.n) == 0 && !f->name[name.n])
				return f;
	return NULL;
}

/* The same, remembered by the address of the name: it stands in a parsed template, which lives as long as the pages. */
static const struct field *member_kept(const struct view_source *v, const struct shape *s, str name)
{
	struct pages *k = v->c->app->pages_kept;
	struct view_memo *m;

	if (!k)
		return member(s, name);
	m = &k->memo[((uintptr_t)name.p * 31 + ((uintptr_t)s >> 3)) % VIEW_MEMOS];
	if (m->name != name.p || m->n != name.n || m->shape != s)
		*m = (struct view_memo){ name.p, name.n, s, member(s, name) };
	return m->found;
}

static struct tval tval_text(str s)
{
	return (struct tval){ .kind = TV_TEXT, .s = s };
}

static struct tval typed(const struct view_source *v, str name)
{
	for (int i = v->n_typed; i-- > 0;)
		if (str_eq(v->typed[i].name, name))
			return tval_text(v->typed[i].value);
	return tval_text(S(""));
}

static bool get(const struct tsource *source, struct tobj in, str name, struct arena *mem, struct tval *ret)
{
	const struct view_source *v = source->arg;
	const struct field *f = in.type ? member_kept(v, in.type, name) : NULL;
	items list;

	if (!f || f->is & SECRET)
		return false;
	switch ((enum type)f->type) {
	case T_TEXT: *ret = tval_text(str_at(f, in.p)); break;
	case T_HTML: *ret = (struct tval){ .kind = TV_HTML, .s = str_at(f, in.p) }; break;
	case T_BOOL: *ret = (struct tval){ .kind = TV_BOOL, .i = *((const uint8_t *)in.p + f->at) }; break;
	case T_INT: case T_REF: case T_FILE: *ret = (struct tval){ .kind = TV_INT, .i = int_at(f, in.p) }; break;
	case T_LIST:
		memcpy(&list, (const char *)in.p + f->at, sizeof list);
		*ret = (struct tval){ .kind = TV_LIST, .o = { list.p, f->of }, .n = list.n };
		break;
	case T_DAY: case T_TIME: case T_MONEY: case T_SCORE: case T_PICK:
		*ret = tval_text(field_text(f, in.p, v->c->lang, mem));
	}
	return true;
}

static struct tval of_shell(const struct view_source *v, str name, struct arena *mem)
{
	struct tval ret;

	return get(&v->source, (struct tobj){ v->shell, &shell_shape }, name, mem, &ret) ? ret
		: (struct tval){ .kind = TV_NONE };
}

static struct tval item(const struct tsource *source, struct tval list, int64_t i)
{
	const struct shape *s = list.o.type;

	(void)source;
	if (!s) {
		int64_t v;

		memcpy(&v, (const char *)list.o.p + (size_t)i * sizeof v, sizeof v);
		return (struct tval){ .kind = TV_INT, .i = v };
	}
	return (struct tval){ .kind = TV_OBJECT, .o = { (const char *)list.o.p + (size_t)i * s->size, s } };
}

static struct tval global(const struct tsource *source, str name, struct arena *mem)
{
	const struct view_source *v = source->arg;

	if (name.n > 2 && name.p[0] == 'c' && name.p[1] == '.') {
		if (v->c->web && (str_eq(name, S("c.csrf")) || str_eq(name, S("c.key"))))
			return tval_text(form_secret(v->c->web, str_sub(name, 2, -1)));
		return of_shell(v, (str){ name.p + 2, name.n - 2 }, mem);
	}
	if (str_starts(name, S("in.")))
		return typed(v, str_sub(name, 3, -1));
	if (str_eq(name, S("title")) || str_eq(name, S("wrong")) || str_eq(name, S("problems")))
		return of_shell(v, name, mem);
	return (struct tval){ .kind = TV_NONE };
}

void view_source(struct view_source *v, struct ctx *c, const struct shell *shell)
{
	*v = (struct view_source){ .source = { get, item, global, v }, .c = c, .shell = shell };
}
