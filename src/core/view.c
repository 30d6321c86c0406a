/* view.c -- see view.h. */
#include "core/view.h"
#include "web/html.h"

#define JSON_SAFE ((int64_t)1 << 53)

static int64_t int_at(const struct field *f, const void *row)
{
	int64_t v;

	memcpy(&v, (const char *)row + f->at, sizeof v);
	return v;
}

static int32_t int32_at(const struct field *f, const void *row)
{
	int32_t v;

	memcpy(&v, (const char *)row + f->at, sizeof v);
	return v;
}

static str str_at(const struct field *f, const void *row)
{
	str v;

	memcpy(&v, (const char *)row + f->at, sizeof v);
	return v;
}

static items items_at(const struct field *f, const void *row)
{
	items v;

	memcpy(&v, (const char *)row + f->at, sizeof v);
	return v;
}

static uint8_t byte_at(const struct field *f, const void *row)
{
	return *((const uint8_t *)row + f->at);
}

/* The choice of a pick, or NULL when the table is shorter than the value. */
static const struct choice *choice_at(const struct field *f, const void *row)
{
	pick v = byte_at(f, row);

	for (pick i = 0; f->pick && f->pick[i].code; i++)
		if (i == v)
			return &f->pick[i];
	return NULL;
}

static const char *in_lang(enum lang lang, const struct tr *t)
{
	return lang == EN && t->en ? t->en : t->vi;
}

bool value_empty(const struct field *f, const void *row)
{
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: return str_at(f, row).n == 0;
	case T_DAY: return int32_at(f, row) == NO_DAY.v;
	case T_SCORE: return int32_at(f, row) < 0;
	case T_TIME: case T_REF: case T_FILE: return int_at(f, row) == 0;
	case T_LIST: return items_at(f, row).n == 0;
	case T_INT: case T_BOOL: case T_MONEY: case T_PICK: break;
	}
	return false;
}

str value_text(struct arena *mem, enum lang lang, const struct field *f, const void *row)
{
	static const struct tr yes = { "Có", "Yes" }, no = { "Không", "No" };
	const struct choice *choice;

	if (f->is & SECRET || value_empty(f, row))
		return (str){ "", 0 };
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: return str_at(f, row);
	case T_INT: return str_fmt(mem, "%lld", (long long)int_at(f, row));
	case T_BOOL: return str_of(in_lang(lang, byte_at(f, row) ? &yes : &no));
	case T_DAY: return day_text(mem, (day){ int32_at(f, row) });
	case T_TIME: return instant_text(mem, (instant){ int_at(f, row) });
	case T_MONEY: return money_text(mem, (money){ int_at(f, row) });
	case T_SCORE: return score_text(mem, (score){ int32_at(f, row) });
	case T_PICK: choice = choice_at(f, row);
		return choice ? str_of(in_lang(lang, &choice->label)) : (str){ "", 0 };
	case T_REF: case T_FILE: return str_fmt(mem, "%lld", (long long)int_at(f, row));
	case T_LIST: break;
	}
	return (str){ "", 0 };
}

/* ---- templates ------------------------------------------------------------------------------ */

static const struct field *field_named(const struct shape *s, str name)
{
	if (name.n > 0)
		for (const struct field *f = s->fields; f->name; f++)
			if (f->name[0] == name.p[0] && strncmp(f->name, name.p, (size_t)name.n) == 0 && !f->name[name.n])
				return f;
	return NULL;
}

static struct tval tval_text(str s)
{
	return (struct tval){ .kind = TV_TEXT, .s = s };
}

static struct tval get(const struct tsource *source, struct tobj in, str name, struct arena *mem)
{
	const struct view_source *v = source->arg;
	const struct field *f = in.type ? field_named(in.type, name) : NULL;
	items list;

	if (!f || f->is & SECRET)
		return (struct tval){ .kind = TV_NONE };
	switch ((enum type)f->type) {
	case T_TEXT: return tval_text(str_at(f, in.p));
	case T_HTML: return (struct tval){ .kind = TV_HTML, .s = str_at(f, in.p) };
	case T_BOOL: return (struct tval){ .kind = TV_BOOL, .i = byte_at(f, in.p) };
	case T_INT: case T_REF: case T_FILE: return (struct tval){ .kind = TV_INT, .i = int_at(f, in.p) };
	case T_LIST:
		list = items_at(f, in.p);
		return (struct tval){ .kind = TV_LIST, .o = { list.p, f->of }, .n = list.n };
	case T_DAY: case T_TIME: case T_MONEY: case T_SCORE: case T_PICK: break;
	}
	return tval_text(value_text(mem, v->c->lang, f, in.p));
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

	(void)mem;
	if (str_eq(name, S("c")))
		return (struct tval){ .kind = TV_OBJECT, .o = { v->shell, &shell_shape } };
	if (str_eq(name, S("title")))
		return tval_text(v->shell->title);
	return (struct tval){ .kind = TV_NONE };
}

void view_source(struct view_source *v, struct ctx *c, const struct shell *shell)
{
	*v = (struct view_source){ .source = { get, item, global, v }, .c = c, .shell = shell };
}

/* ---- JSON ----------------------------------------------------------------------------------- */

void put_json_int(struct buf *b, int64_t v)
{
	bool big = v > JSON_SAFE || v < -JSON_SAFE;

	if (big)
		put_c(b, '"');
	put_int(b, v);
	if (big)
		put_c(b, '"');
}

void put_json_list(struct buf *b, struct arena *mem, const struct shape *s, items list)
{
	put_c(b, '[');
	for (int64_t i = 0; i < list.n; i++) {
		if (i > 0)
			put_c(b, ',');
		if (s)
			put_json_shape(b, mem, s, (const char *)list.p + (size_t)i * s->size);
		else
			put_json_int(b, ((const int64_t *)list.p)[i]);
	}
	put_c(b, ']');
}

void put_json_field(struct buf *b, struct arena *mem, const struct field *f, const void *row)
{
	const struct choice *choice;

	if (f->type != T_TEXT && f->type != T_HTML && f->type != T_LIST && value_empty(f, row)) {
		put_z(b, "null");
		return;
	}
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: put_json(b, str_at(f, row)); break;
	case T_INT: case T_MONEY: case T_REF: case T_FILE: put_json_int(b, int_at(f, row)); break;
	case T_BOOL: put_z(b, byte_at(f, row) ? "true" : "false"); break;
	case T_DAY: put_json(b, day_iso(mem, (day){ int32_at(f, row) })); break;
	case T_TIME: put_json(b, instant_iso(mem, (instant){ int_at(f, row) })); break;
	case T_SCORE: put(b, score_json(mem, (score){ int32_at(f, row) })); break;
	case T_PICK:
		choice = choice_at(f, row);
		if (choice)
			put_json(b, str_of(choice->code));
		else
			put_z(b, "null");
		break;
	case T_LIST: put_json_list(b, mem, f->of, items_at(f, row)); break;
	}
}

void put_json_shape(struct buf *b, struct arena *mem, const struct shape *s, const void *row)
{
	bool first = true;

	put_c(b, '{');
	for (const struct field *f = s->fields; f->name; f++) {
		if (f->is & SECRET)
			continue;
		if (!first)
			put_c(b, ',');
		first = false;
		put_json(b, str_of(f->name));
		put_c(b, ':');
		put_json_field(b, mem, f, row);
	}
	put_c(b, '}');
}
