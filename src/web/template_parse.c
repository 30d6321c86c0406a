#include "web/template_ops.h"
#include <stdio.h>

struct parse {
	struct template *t;
	struct arena *mem;
	str src;
	ptrdiff_t at;                                /* first byte not yet read                                */
	ptrdiff_t text;                              /* first byte of text not yet written to an op            */
	ptrdiff_t counted; int line;                 /* lines counted up to here                               */
	str open, close;                             /* delimiters                                             */
	int stack[TEMPLATE_DEPTH]; int depth;        /* open sections                                          */
	char *why;
};
struct tag { char kind; str name; ptrdiff_t from, to; };     /* kind: & # ^ / ! > = or 0; from, to: whole tag   */

static bool bad(struct parse *p, const char *what, str name)
{
	snprintf(p->why, 256, "%.*s:%d: %s %.*s", (int)(p->t->name.n > 80 ? 80 : p->t->name.n), p->t->name.p, p->line, what,
	         (int)(name.n > 100 ? 100 : name.n), name.p ? name.p : "");
	return false;
}

static struct op *op_add(struct parse *p, enum op_kind kind)
{
	struct template *t = p->t;
	if (t->n_ops == t->cap) {
		int cap = t->cap ? t->cap * 2 : 16;
		struct op *ops = NEWS(p->mem, struct op, cap);
		if (t->n_ops)
			memcpy(ops, t->ops, sizeof *ops * (size_t)t->n_ops);
		t->ops = ops;
		t->cap = cap;
	}
	struct op *op = &t->ops[t->n_ops++];
	*op = (struct op){ .kind = kind, .line = p->line };
	return op;
}

static void text_add(struct parse *p, str text)
{
	if (text.n)
		op_add(p, OP_TEXT)->text = text;
}

static bool blank(char ch)
{
	return ch == ' ' || ch == '\t';
}

/* The bytes from .. to of a tag that stands alone on its line grow to the whole line, its newline included. */
static bool standalone(const struct parse *p, const struct tag *g, ptrdiff_t *from, ptrdiff_t *to)
{
	ptrdiff_t a = g->from, b = g->to;
	while (a > 0 && blank(p->src.p[a - 1]))
		a--;
	if (a > 0 && p->src.p[a - 1] != '\n')
		return false;
	while (b < p->src.n && blank(p->src.p[b]))
		b++;
	if (b < p->src.n) {
		if (p->src.p[b] == '\r' && b + 1 < p->src.n && p->src.p[b + 1] == '\n')
			b += 2;
		else if (p->src.p[b] == '\n')
			b++;
		else
			return false;
	}
	*from = a;
	*to = b;
	return true;
}

static void count_lines(struct parse *p, ptrdiff_t to)
{
	for (; p->counted < to; p->counted++)
		p->line += p->src.p[p->counted] == '\n';
}

static ptrdiff_t find_from(str s, ptrdiff_t from, str needle)
{
	ptrdiff_t i = str_find((str){ s.p + from, s.n - from }, needle);
	return i < 0 ? -1 : from + i;
}

static str squeeze(str s)
{
	while (s.n && (blank(*s.p) || *s.p == '\n' || *s.p == '\r'))
		s.p++, s.n--;
	while (s.n && (blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* Reads the tag whose opening delimiter stands at p->at. */
static bool tag_read(struct parse *p, struct tag *g)
{
	ptrdiff_t in = p->at + p->open.n, end;
	str close = p->close;
	*g = (struct tag){ .from = p->at };
	while (in < p->src.n && blank(p->src.p[in]))
		in++;
	char ch = in < p->src.n ? p->src.p[in] : 0;
	if (ch == '{' && str_is(p->open, "{{")) {
		g->kind = '&';
		close = S("}}}");
		in++;
	} else if (ch && strchr("&#^/!>=", ch)) {
		g->kind = ch;
		in++;
	}
	str equals = str_fmt(p->mem, "=%.*s", FMT(close));
	end = in <= p->src.n ? find_from(p->src, in, g->kind == '=' ? equals : close) : -1;
	if (end < 0)
		return bad(p, "unclosed tag", (str){ 0 });
	g->name = squeeze((str){ p->src.p + in, end - in });
	g->to = end + (g->kind == '=' ? equals.n : close.n);
	return true;
}

static bool path_cut(struct parse *p, struct op *op, str name)
{
	str rest = name, head;
	op->text = name;
	if (str_is(name, "."))
		return true;
	int n = 1;
	for (ptrdiff_t i = 0; i < name.n; i++) {
		if (name.p[i] == '.')
			n++;
		else if (blank(name.p[i]) || name.p[i] == '\n' || name.p[i] == '\r')
			return bad(p, "blank in name", name);
	}
	op->path = NEWS(p->mem, str, n);
	op->n_path = n;
	for (int i = 0; i < n; i++) {
		str_cut(rest, '.', &head, &rest);
		if (!head.n)
			return bad(p, "malformed name", name);
		op->path[i] = head;
	}
	return true;
}

static bool delimiters(struct parse *p, str inside)
{
	ptrdiff_t i = 0;
	while (i < inside.n && !blank(inside.p[i]) && inside.p[i] != '\n')
		i++;
	str open = str_sub(inside, 0, i), close = squeeze(str_sub(inside, i, inside.n));
	for (ptrdiff_t k = 0; k < inside.n; k++)
		if (inside.p[k] == '=')
			return bad(p, "malformed delimiters", inside);
	for (ptrdiff_t k = 0; k < close.n; k++)
		if (blank(close.p[k]) || close.p[k] == '\n')
			return bad(p, "malformed delimiters", inside);
	if (!open.n || !close.n)
		return bad(p, "malformed delimiters", inside);
	p->open = open;
	p->close = close;
	return true;
}

static bool section_close(struct parse *p, str name)
{
	if (!p->depth)
		return bad(p, "nothing to close:", name);
	int from = p->stack[--p->depth];
	if (!str_eq(p->t->ops[from].text, name))
		return bad(p, "closed before its inner section:", name);
	op_add(p, OP_END)->jump = from;
	p->t->ops[from].jump = p->t->n_ops - 1;
	return true;
}

/* {{t.key}}: the sentence itself, escaped now and for ever; unknown keys show as themselves and are reported. */
static bool sentence(struct parse *p, str name)
{
	str key = str_sub(name, 2, name.n), said = p->t->set->say(p->t->set->arg, key);
	if (said.n)
		text_add(p, html_of(p->mem, said).s);
	else
		op_add(p, OP_UNSAID)->text = name;
	return true;
}

static bool tag_apply(struct parse *p, const struct tag *g, str indent)
{
	struct op *op;
	bool t = str_starts(g->name, S("t.")) && p->t->set->say;
	if (g->kind != '!' && !g->name.n)
		return bad(p, "empty tag", (str){ 0 });
	switch (g->kind) {
	case '!': return true;
	case '=': return delimiters(p, g->name);
	case '/': return section_close(p, g->name);
	case '>':
		op = op_add(p, OP_PARTIAL);
		op->text = g->name;
		op->indent = indent;
		return true;
	case '#':
	case '^':
		if (p->depth == TEMPLATE_DEPTH)
			return bad(p, "nested too deeply:", g->name);
		p->stack[p->depth++] = p->t->n_ops;
		return path_cut(p, op_add(p, g->kind == '#' ? OP_SECTION : OP_INVERTED), g->name);
	case '&':
		if (t)
			return bad(p, "a sentence is always escaped:", g->name);
		return path_cut(p, op_add(p, OP_RAW), g->name);
	default:
		return t ? sentence(p, g->name) : path_cut(p, op_add(p, OP_VALUE), g->name);
	}
}

bool template_parse(struct template *t, str source, char why[static 256])
{
	struct parse p = { .t = t, .mem = &t->set->mem, .src = source, .line = 1, .open = S("{{"), .close = S("}}"),
		.why = why };
	while (p.at < source.n) {
		struct tag g;
		ptrdiff_t found = find_from(source, p.at, p.open), from, to;
		if (found < 0)
			break;
		p.at = found;
		count_lines(&p, found);
		if (!tag_read(&p, &g))
			return false;
		bool block = g.kind && g.kind != '&';
		str indent = { 0 };
		from = g.from;
		to = g.to;
		if (block && standalone(&p, &g, &from, &to) && g.kind == '>')
			indent = (str){ source.p + from, g.from - from };
		if (from < p.text)
			from = p.text;
		text_add(&p, (str){ source.p + p.text, from - p.text });
		if (!tag_apply(&p, &g, indent))
			return false;
		p.at = p.text = to;
	}
	text_add(&p, (str){ source.p + p.text, source.n - p.text });
	if (p.depth)
		return bad(&p, "never closed:", t->ops[p.stack[p.depth - 1]].text);
	return true;
}
