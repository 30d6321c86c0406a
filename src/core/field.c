/* field.c -- fields as inputs: what a page asks, what was typed into it, what is wrong with it. */
#include "core/pages.h"
#include "core/store.h"

#include <stdio.h>

const struct pair *pair_last(const struct exchange *x, const char *name)
{
	for (int i = x->n_pairs; i-- > 0;)
		if (str_is(x->pairs[i].name, name))
			return &x->pairs[i];
	return NULL;
}

static const struct pair *pair_with(const struct exchange *x, const char *name, const char *end)
{
	char full[160];

	snprintf(full, sizeof full, "%s%s", name, end);
	return pair_last(x, full);
}

static str text_with(const struct exchange *x, const char *name, const char *end)
{
	const struct pair *p = pair_with(x, name, end);

	return p ? str_trim(p->value) : S("");
}

void pair_set(struct exchange *x, const char *name, str value)
{
	struct pair *more = NEWS(x->c->mem, struct pair, x->n_pairs + 1);

	memcpy(more, x->pairs, (size_t)x->n_pairs * sizeof *more);
	more[x->n_pairs++] = (struct pair){ str_of(name), value };
	x->pairs = more;
}

bool id_read(str s, int64_t *ret)
{
	return s.n > 0 && s.n < 19 && str_to_int(s, ret) && *ret > 0;
}

/* ---- problems -------------------------------------------------------------------------------- */

/* fail() knows the offset; the name comes from the table that was being read. */
static str problem_name(const struct exchange *x, const struct problem *p)
{
	const struct field *f = p->at && x->fields ? field_at(x->fields, p->at) : NULL;

	return p->field.n ? p->field : f ? str_of(f->name) : S("");
}

static const struct problem *problem_of(const struct exchange *x, const char *name)
{
	for (int i = 0; i < x->c->n_problems; i++)
		if (x->c->problems[i].item < 0 && str_is(problem_name(x, &x->c->problems[i]), name))
			return &x->c->problems[i];
	return NULL;
}

items problem_views(struct exchange *x)
{
	const struct ctx *c = x->c;
	struct problem_view *v = NEWS(c->mem, struct problem_view, c->n_problems + 1);

	for (int i = 0; i < c->n_problems; i++) {
		str name = problem_name(x, &c->problems[i]);

		v[i].text = c->problems[i].text;
		v[i].href = name.n ? str_fmt(c->mem, "#f-%.*s", FMT(name)) : c->problems[i].href;
	}
	return ITEMS(v, c->n_problems);
}

void problem_names(struct exchange *x)
{
	for (int i = 0; i < x->c->n_problems; i++)
		x->c->problems[i].field = problem_name(x, &x->c->problems[i]);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void ask_kind(const struct field *f, unsigned flags, struct field_view *v)
{
	int choices = 0;

	while (f->pick && f->pick[choices].code)
		choices++;
	v->mode = S("text");
	switch ((enum type)f->type) {
	case T_TEXT:
		v->secret = (f->is & SECRET) != 0;
		v->longer = !v->secret && f->is & LONG && !(flags & ASK_FILTER);
		v->one_of = f->pick && flags & ASK_FILTER;
		v->text = !v->secret && !v->longer && !v->one_of;
		break;
	case T_INT: v->one_of = f->pick != NULL; v->number = !f->pick;
		v->mode = f->min < 0 ? S("text") : S("numeric"); break;
	case T_MONEY: v->money = !(flags & ASK_FILTER); v->number = !v->money; v->mode = S("numeric"); break;
	case T_SCORE: v->score = !(flags & ASK_FILTER); v->number = !v->score; v->mode = S("decimal"); break;
	case T_BOOL: v->one_of = (flags & ASK_FILTER) != 0; v->yes = !v->one_of; break;
	case T_DAY: v->date = true; v->mode = S("numeric"); break;
	case T_TIME: v->time = true; break;
	case T_PICK: v->few = choices <= 4 && !(flags & ASK_FILTER); v->one_of = !v->few; break;
	case T_REF: v->ref = true; break;
	case T_FILE: v->file = true; break;
	case T_HTML: case T_LIST: v->longer = true; break;
	}
}

static void option_add(struct exchange *x, struct field_view *v, str value, str label)
{
	struct option_view *o = (struct option_view *)(uintptr_t)v->options.p;

	o[v->options.n] = (struct option_view){ .value = value, .label = label, .selected = str_eq(value, v->value),
		.id = str_fmt(x->c->mem, "%.*s-%lld", FMT(v->id), (long long)v->options.n) };
	v->options.n++;
}

/* Several choices of a pick at once, as a link to a list asks for them: their labels in one line. */
static str labels_of(struct exchange *x, const struct field *f, str codes)
{
	struct buf b;
	str code;

	buf_init(&b, x->c->mem, 1000);
	while (codes.n) {
		str_cut(codes, ',', &code, &codes);
		for (int i = 0; f->pick && f->pick[i].code; i++)
			if (str_is(code, f->pick[i].code)) {
				put_z(&b, b.n ? ", " : "");
				put(&b, say(x->c, &f->pick[i].label));
			}
	}
	return buf_str(&b);
}

static void ask_options(struct exchange *x, const struct field *f, const void *row, unsigned flags,
	struct field_view *v)
{
	static const struct tr any = { "– Tất cả –", "– All –" }, unset = { "– Chưa đặt –", "– Not set –" },
		choose = { "– Chọn –", "– Choose –" },
		yes = { "Có", "Yes" }, no = { "Không", "No" };
	uint64_t among = f->among && row && flags & ASK_NEW ? f->among(x->c, row) : UINT64_MAX;
	int n = 0;
	bool there = !f->among;

	for (; f->pick && f->pick[n].code; n++)
		there = there || ((n > 63 || among >> n & 1) && str_is(v->value, f->pick[n].code));
	v->options.p = NEWS(x->c->mem, struct option_view, n + 4);
	if (flags & ASK_FILTER)
		option_add(x, v, S(""), say(x->c, flags & ASK_SETTING ? &unset : &any));
	else if (f->type == T_INT ? !v->value.n : !there)
		option_add(x, v, S(""), say(x->c, &choose));
	if (f->type == T_BOOL) {
		option_add(x, v, S("1"), say(x->c, &yes));
		option_add(x, v, S("0"), say(x->c, &no));
	}
	for (int i = 0; i < n; i++)
		if (i > 63 || among >> i & 1)
			option_add(x, v, str_of(f->pick[i].code), say(x->c, &f->pick[i].label));
	if (flags & ASK_FILTER && str_find(v->value, S(",")) > 0)
		option_add(x, v, v->value, labels_of(x, f, v->value));
}

/* Whether the row this address names holds the reference already, and its reader so knows whom it names. */
static bool stands_in_row(struct exchange *x, const struct field *f, int64_t id)
{
	const struct registry *g = x->app->registry;
	int64_t at = 0;

	if (x->names.n < 1 || !id_read(x->names.at[0].value, &at))
		return false;
	for (int i = 0; i < g->n_entities; i++) {
		const struct entity *e = g->metas[i].e;
		if (f < e->fields || f >= e->fields + fields_count(e->fields))
			continue;
		char *row = arena_alloc(x->c->mem, e->size, 16);
		return row_find(x->c, e, READ, at, row, NULL) == OK &&
			*(const int64_t *)(const void *)(row + f->at) == id;
	}
	return false;
}

/* The words for a reference: what was typed, else the title of what it points to. stored: the row as it stands holds
 * it. An id out of an address or a form says nobody's name to whoever may not read them. */
static str ref_words(struct exchange *x, const struct field *f, str value, bool stored)
{
	const struct pair *typed = pair_with(x, f->name, ".text");
	str title = { "", 0 };
	int64_t id;

	if (typed && problem_of(x, f->name))
		return typed->value;
	if (!id_read(value, &id) || id == 0)
		return title;
	if (!stored && !(f->ref->keeps & SHARED) && ref_known(x->c, table_of(x->app->registry, f->ref), id) != OK &&
		!stands_in_row(x, f, id))
		return title;
	return titles_of(x->c, f->ref, &id, 1, &title) == OK ? title : S("");
}

static void ask_ref(struct exchange *x, const struct field *f, bool stored, unsigned flags, struct field_view *v)
{
	v->value_text = ref_words(x, f, v->value, stored);
	if (perm_any(x->c, f->ref, READ))
		v->pick_href = address_of(x, "/%s/pick%s", f->ref->name,
			f->is & LIVING && !(flags & ASK_FILTER) ? "?living=1" : "");
	for (const struct choices_kept *k = x->choices; k; k = k->next)
		if (k->f == f)
			v->options = k->options;
}

struct offered { int64_t id; str name; };
#define ROW struct offered
static const struct shape offered_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
#undef ROW

/* Few rows to choose from stand as choices; more, or none, are searched for. */
static enum rc ask_offer(struct exchange *x, const struct field *f, struct field_view *v)
{
	enum { MOST = 6 };
	items got;

	TRY(query(x->c, f->offer, NULL, NULL, &offered_shape, &got, MOST + 1));
	if (got.n == 0 || got.n > MOST)
		return OK;
	const struct offered *o = got.p;
	v->options = ITEMS(NEWS(x->c->mem, struct option_view, got.n), 0);
	if (got.n == 1 && v->value.n == 0)
		v->value = put_n(x->c->mem, o->id);
	for (int64_t i = 0; i < got.n; i++)
		option_add(x, v, put_n(x->c->mem, o[i].id), o[i].name);
	v->ref = false;
	v->few = true;
	return OK;
}

static str described(struct exchange *x, const struct field_view *v)
{
	return str_fmt(x->c->mem, "%.*s%s%s%.*s%s", FMT(v->help.n ? v->id : (str){ 0 }), v->help.n ? "-g" : "",
		v->help.n && v->wrong ? " " : "", FMT(v->wrong ? v->id : (str){ 0 }), v->wrong ? "-l" : "");
}

void field_ask(struct exchange *x, const struct field *f, const void *row, unsigned flags, struct field_view *v)
{
	struct ctx *c = x->c;
	const struct pair *typed = pair_last(x, f->name);
	const struct problem *p = problem_of(x, f->name);

	*v = (struct field_view){ .name = str_of(f->name), .id = str_fmt(c->mem, "f-%s", f->name),
		.label = say(c, &f->label) };
	if (f->help.vi)
		v->help = say(c, &f->help);
	if (p)
		v->problem = p->text;
	v->wrong = p != NULL;
	v->needed = (f->is & NEEDED) != 0 && f->type != T_BOOL;
	v->fixed = f->is & FIXED && !(flags & (ASK_NEW | ASK_STEP | ASK_FILTER | ASK_SETTING));
	ask_kind(f, flags, v);
	if (typed && !v->secret)
		v->value = typed->value;
	else if (row && !v->secret)
		v->value = field_input(f, row, c->mem);
	/* no end is not a day to be read, or typed over */
	if (v->date && !typed && str_eq(v->value, day_text(c->mem, FOREVER)))
		v->value = S("");
	/* a number nobody has given yet */
	if ((v->yes || (f->type == T_INT && flags & ASK_NEW && !typed)) && str_eq(v->value, S("0")))
		v->value = S("");
	if (f->type == T_TEXT && f->max > 0)
		v->max = put_n(c->mem, f->max);
	if (f->type == T_PICK || v->one_of)
		ask_options(x, f, row, flags, v);
	if (v->ref && f->offer && flags & ASK_NEW)
		ask_offer(x, f, v);
	if (v->ref)
		ask_ref(x, f, !typed && row && !(flags & (ASK_NEW | ASK_FILTER | ASK_SETTING)), flags, v);
	if (v->file)
		v->value_text = v->value.n && !str_eq(v->value, S("0")) ? str_fmt(c->mem, "#%.*s", FMT(v->value)) : S("");
	v->describedby = described(x, v);
}

/* ---- reading --------------------------------------------------------------------------------- */

static const struct tr MSG_ref_none = { "Không có mục nào khớp “{1}”. Gõ ít chữ hơn hoặc chọn từ gợi ý.",
	"Nothing matches “{1}”. Type fewer letters or choose a suggestion." };
static const struct tr MSG_ref_many = { "Nhiều mục khớp “{1}”: hãy chọn một.", "Several match “{1}”: choose one." };

static void keep_choices(struct exchange *x, const struct field *f, const struct list_answer *a)
{
	const struct table *t = table_of(x->app->registry, f->ref);
	struct option_view *o = NEWS(x->c->mem, struct option_view, a->rows.n);
	struct choices_kept *k = NEW(x->c->mem, struct choices_kept);

	for (int64_t i = 0; i < a->rows.n; i++) {
		const void *row = (const char *)a->rows.p + (size_t)i * t->e->size;

		o[i].value = put_n(x->c->mem, ((const struct base *)row)->id);
		o[i].label = row_title(x->c, f->ref, row);
		const str end = end_text(x->c, f->ref, row);
		if (end.n)
			o[i].label = TEXT(x->c, "%.*s (%.*s)", FMT(o[i].label), FMT(end));
	}
	*k = (struct choices_kept){ f, ITEMS(o, a->rows.n), x->choices };
	x->choices = k;
}

/* The row that some words name: the only match, or the only one that is called exactly so. */
static enum rc ref_by_words(struct exchange *x, const struct field *f, str words, bool living, int64_t *ret)
{
	struct list_ask ask = { .e = f->ref, .words = words, .limit = 8, .wide = true, .living = living };
	struct list_answer a;
	str want = viet_fold(x->c->mem, words);
	int exact = 0;

	TRY(list_choices(x->c, ask, &a));
	if (living && a.rows.n == 0) {                   /* what has ended is named, and refused with what followed it */
		ask.living = false;
		TRY(list_choices(x->c, ask, &a));
	}
	for (int64_t i = 0; i < a.rows.n; i++) {
		const void *row = (const char *)a.rows.p + (size_t)i * f->ref->size;

		if (a.rows.n == 1 || str_eq(viet_fold(x->c->mem, row_title(x->c, f->ref, row)), want)) {
			*ret = ((const struct base *)row)->id;
			exact++;
		}
	}
	if (exact == 1)
		return OK;
	if (a.rows.n > 0)
		keep_choices(x, f, &a);
	fail(x->c, E_INVALID, f->at, a.rows.n ? &MSG_ref_many : &MSG_ref_none, &words, 1);
	return E_INVALID;
}

static enum rc resolve_ref(struct exchange *x, const struct field *f, unsigned flags)
{
	str words = text_with(x, f->name, ".text"), chosen = text_with(x, f->name, ".choice"),
		value = text_with(x, f->name, "");
	str title = { "", 0 };
	int64_t id;

	if (id_read(chosen, &id)) {
		pair_set(x, f->name, chosen);
		return OK;
	}
	if (!pair_with(x, f->name, ".text"))
		return OK;
	if (words.n == 0) {
		pair_set(x, f->name, S(""));
		return OK;
	}
	if (id_read(value, &id) && titles_of(x->c, f->ref, &id, 1, &title) == OK && str_eq(title, words))
		return OK;
	TRY(ref_by_words(x, f, words, f->is & LIVING && !(flags & ASK_FILTER), &id));
	pair_set(x, f->name, put_n(x->c->mem, id));
	return OK;
}

static org_id file_org(const struct ctx *c)
{
	return c->here.org.v || c->who->n_seats == 0 ? c->here.org : c->who->seats[0].org;
}

static enum rc resolve_file(struct exchange *x, const struct field *f)
{
	for (int i = 0; i < x->r->n_parts; i++) {
		const struct part *part = &x->r->parts[i];
		str end = str_sub(part->name, (ptrdiff_t)strlen(f->name), -1);
		file_id id;

		if (!str_starts(part->name, str_of(f->name)) || (end.n && !str_eq(end, S(".file"))) || part->filename.n == 0)
			continue;
		TRY(part_file(x, part, file_org(x->c), f->at, &id));
		pair_set(x, f->name, put_n(x->c->mem, id.v));
	}
	return OK;
}

enum rc input_resolve(struct exchange *x, const struct field *fields, unsigned flags)
{
	enum rc worst = OK;

	x->fields = fields;
	for (const struct field *f = fields; f && f->name; f++) {
		enum rc rc = f->type == T_REF ? resolve_ref(x, f, flags) : f->type == T_FILE ? resolve_file(x, f) : OK;

		if (rc != OK && rc != E_INVALID)
			return rc;
		if (rc == E_INVALID)
			worst = rc;
	}
	return worst;
}
