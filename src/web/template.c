#include "web/template_ops.h"
#include <stdio.h>
#include <stdlib.h>

struct template_set *template_set_new(bool (*load)(void *arg, str name, str *ret), str (*say)(void *arg, str key),
	void *arg)
{
	struct template_set *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	arena_init(&s->mem, SIZE_MAX);
	s->load = load;
	s->say = say;
	s->arg = arg;
	return s;
}

void template_set_free(struct template_set *s)
{
	if (!s)
		return;
	arena_free(&s->mem);
	free(s);
}

/* Every line that holds something gets the indent in front: the specification's rule for standalone partials. */
static str indented(struct arena *a, str text, str indent)
{
	struct buf b;
	if (!indent.n)
		return text;
	buf_init(&b, a, SIZE_MAX);
	while (text.n) {
		ptrdiff_t i = str_find(text, S("\n"));
		str line = i < 0 ? text : str_sub(text, 0, i + 1);
		if (!str_is(line, "\n") && !str_is(line, "\r\n"))
			put(&b, indent);
		put(&b, line);
		text = (str){ text.p + line.n, text.n - line.n };
	}
	return buf_str(&b);
}

const struct template *template_find(struct template_set *s, str name, str indent, char why[static 256])
{
	struct template **bucket = &s->buckets[str_hash(name) % SET_BUCKETS];
	str source;
	for (struct template *t = *bucket; t; t = t->next)
		if (str_eq(t->name, name) && str_eq(t->indent, indent))
			return t;
	if (!s->load(s->arg, name, &source)) {
		snprintf(why, 256, "%.*s: no such template", (int)(name.n > 200 ? 200 : name.n), name.p);
		return NULL;
	}
	struct template *t = NEW(&s->mem, struct template);
	t->set = s;
	t->name = str_copy(&s->mem, name);
	t->indent = str_copy(&s->mem, indent);
	if (!template_parse(t, indented(&s->mem, str_copy(&s->mem, source), indent), why))
		return NULL;
	t->next = *bucket;
	*bucket = t;
	return t;
}

const struct template *template_get(struct template_set *s, str name, char why[static 256])
{
	return template_find(s, name, (str){ 0 }, why);
}

/* ---- rendering --------------------------------------------------------------------------- */

struct render {
	const struct tsource *src;
	struct arena *mem;
	struct buf *out;
	struct tval stack[TEMPLATE_DEPTH * 2 + 1]; int n;
	int depth, steps;                            /* steps: sections and partials entered so far            */
};

static bool truthy(const struct tval *v)
{
	switch (v->kind) {
	case TV_TEXT:
	case TV_HTML: return v->s.n > 0;
	case TV_INT:
	case TV_BOOL: return v->i != 0;
	case TV_LIST: return v->n > 0;
	case TV_OBJECT: return true;
	case TV_NONE: break;
	}
	return false;
}

static inline bool member(const struct render *r, const struct tval *in, str name, struct tval *ret)
{
	return in->kind == TV_OBJECT && r->src->get(r->src, in->o, name, r->mem, ret);
}

/* The rest of a dotted name, within what its first part gave. */
static void resolve_rest(const struct render *r, const struct op *op, struct tval *v)
{
	for (int i = 1; i < op->n_path; i++) {
		struct tval in = *v;
		if (!member(r, &in, op->path[i], v)) {
			v->kind = TV_NONE;
			return;
		}
	}
}

/* The first part of a name is looked for from the innermost context outwards. */
static void resolve(const struct render *r, const struct op *op, struct tval *v)
{
	if (!op->n_path) {
		if (!member(r, &r->stack[r->n - 1], S("."), v))
			*v = r->stack[r->n - 1];
		return;
	}
	for (int i = r->n; i-- > 0;) {
		if (member(r, &r->stack[i], op->path[0], v)) {
			if (op->n_path > 1)
				resolve_rest(r, op, v);
			return;
		}
	}
	v->kind = TV_NONE;
	if (r->src->global)
		*v = r->src->global(r->src, op->text, r->mem);
}

static enum rc put_value(struct render *r, const struct op *op)
{
	struct tval v;
	resolve(r, op, &v);
	switch (v.kind) {
	case TV_TEXT:
		if (op->kind == OP_RAW && v.s.n)
			return E_FAULT;
		put_html(r->out, v.s);
		break;
	case TV_HTML: put(r->out, v.s); break;
	case TV_INT: put_int(r->out, v.i); break;
	case TV_BOOL: put_z(r->out, v.i ? "true" : "false"); break;
	case TV_LIST:
	case TV_OBJECT:
	case TV_NONE: break;
	}
	return OK;
}

static enum rc run(struct render *r, const struct template *t, int from, int to);

static enum rc run_section(struct render *r, const struct template *t, int at)
{
	const struct op *op = &t->ops[at];
	struct tval v;
	resolve(r, op, &v);
	enum rc rc = OK;
	if (truthy(&v) != (op->kind == OP_SECTION))
		return OK;
	if (r->depth == TEMPLATE_DEPTH || ++r->steps > TEMPLATE_STEPS)
		return E_LIMIT;
	r->depth++;
	if (op->kind == OP_INVERTED) {
		rc = run(r, t, at + 1, op->jump);
	} else {
		int64_t n = v.kind == TV_LIST ? v.n : 1;
		for (int64_t i = 0; i < n && rc == OK; i++) {
			r->stack[r->n++] = v.kind == TV_LIST ? r->src->item(r->src, v, i) : v;
			rc = run(r, t, at + 1, op->jump);
			r->n--;
		}
	}
	r->depth--;
	return rc;
}

/* The one place where a parsed template changes: the first use of a partial finds it, and keeps it. */
static const struct template *partial_of(const struct template *t, const struct op *op)
{
	struct op *keep = &t->ops[op - t->ops];
	char why[256];
	if (!op->looked) {
		keep->partial = template_find(t->set, op->text, op->indent, why);
		keep->looked = true;
	}
	return op->partial;
}

static enum rc run_partial(struct render *r, const struct template *t, const struct op *op)
{
	const struct template *inner = partial_of(t, op);
	if (!inner)
		return OK;
	if (r->depth == TEMPLATE_DEPTH || ++r->steps > TEMPLATE_STEPS)
		return E_LIMIT;
	r->depth++;
	enum rc rc = run(r, inner, 0, inner->n_ops);
	r->depth--;
	return rc;
}

static enum rc run(struct render *r, const struct template *t, int from, int to)
{
	for (int i = from; i < to; i++) {
		const struct op *op = &t->ops[i];
		switch (op->kind) {
		case OP_TEXT: put(r->out, op->text); break;
		case OP_UNSAID: put_html(r->out, op->text); break;
		case OP_VALUE:
		case OP_RAW: TRY(put_value(r, op)); break;
		case OP_SECTION:
		case OP_INVERTED:
			TRY(run_section(r, t, i));
			i = op->jump;
			break;
		case OP_PARTIAL: TRY(run_partial(r, t, op)); break;
		case OP_END: break;
		}
		if (r->out->over)
			return E_LIMIT;
	}
	return OK;
}

enum rc template_render(const struct template *t, const struct tsource *src, struct tobj top, struct arena *mem,
	struct buf *out)
{
	struct render r = { .src = src, .mem = mem, .out = out };
	r.stack[r.n++] = (struct tval){ .kind = TV_OBJECT, .o = top };
	return run(&r, t, 0, t->n_ops);
}

/* ---- names, for khue check --------------------------------------------------------------- */

struct names {
	void (*fn)(void *, const str *sections, int n, str name, int line);
	void *arg;
	str sections[TEMPLATE_DEPTH + 1]; int n;
	const struct template *open[TEMPLATE_DEPTH]; int depth;      /* partials being walked: a recursion is walked once */
};

static void names_of(struct names *w, const struct template *t);

static void names_partial(struct names *w, const struct template *t, const struct op *op)
{
	const struct template *inner = partial_of(t, op);
	if (!inner) {
		str name = str_fmt(&t->set->mem, ">%.*s", FMT(op->text));
		w->fn(w->arg, w->sections, w->n, name, op->line);
		return;
	}
	for (int i = 0; i < w->depth; i++)
		if (str_eq(w->open[i]->name, inner->name))
			return;
	if (w->depth == TEMPLATE_DEPTH)
		return;
	names_of(w, inner);
}

static void names_of(struct names *w, const struct template *t)
{
	int base = w->n;
	w->open[w->depth++] = t;
	for (int i = 0; i < t->n_ops; i++) {
		const struct op *op = &t->ops[i];
		switch (op->kind) {
		case OP_TEXT: break;
		case OP_UNSAID:
		case OP_VALUE:
		case OP_RAW: w->fn(w->arg, w->sections, w->n, op->text, op->line); break;
		case OP_SECTION:
		case OP_INVERTED:
			w->fn(w->arg, w->sections, w->n, op->text, op->line);
			if (op->kind == OP_SECTION && w->n < TEMPLATE_DEPTH)
				w->sections[w->n++] = op->text;
			break;
		case OP_PARTIAL: names_partial(w, t, op); break;
		case OP_END:
			if (w->n > base && t->ops[op->jump].kind == OP_SECTION)
				w->n--;
			break;
		}
	}
	w->n = base;
	w->depth--;
}

void template_names(const struct template *t, void (*fn)(void *, const str *sections, int n, str name, int line),
	void *arg)
{
	struct names w = { .fn = fn, .arg = arg };
	names_of(&w, t);
}
