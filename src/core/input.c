/* input.c -- see row.h: many fields at once, and every value held against its declaration. */
#include "core/row.h"
#include "core/row_check.h"
#include <stdlib.h>

/* The first member of a shape stands at offset 0, which fail() takes for the whole: its problems get its name here. */
static void name_problems(struct ctx *c, int from, const struct field *f)
{
	for (int i = from; i < c->n_problems && f->at == 0; i++)
		if (c->problems[i].at == 0 && c->problems[i].field.n == 0 && c->problems[i].item < 0)
			c->problems[i].field = str_of(f->name);
}

static enum rc fail_field(struct ctx *c, const struct field *f, const struct flaw *bad)
{
	int from = c->n_problems;
	enum rc rc = fail(c, E_INVALID, f->at, bad->text, bad->args, bad->n);

	name_problems(c, from, f);
	return rc;
}

static enum rc check_field(struct ctx *c, const struct field *f, const void *row)
{
	int from = c->n_problems;
	enum rc rc = f->check(c, row);

	name_problems(c, from, f);
	return rc;
}

static const struct tr
	MSG_needed = { "Chưa có giá trị; hãy nhập.", "A value is missing; enter one." },
	MSG_long   = { "Dài quá {1} ký tự; hãy rút gọn (đang có {2}).",
		"Longer than {1} characters; shorten it (there are {2})." },
	MSG_short  = { "Cần ít nhất {1} ký tự.", "At least {1} characters are needed." },
	MSG_low    = { "Phải từ {1} trở lên.", "Must be at least {1}." },
	MSG_high   = { "Phải từ {1} trở xuống.", "Must be at most {1}." },
	MSG_choice = { "Giá trị không có trong danh sách.", "The value is not in the list." },
	MSG_utf8   = { "Có ký tự không hợp lệ; hãy gõ lại.", "It holds characters that are not allowed; type it again." },
	MSG_int    = { "“{1}” không phải số nguyên.", "“{1}” is not a whole number." },
	MSG_index  = { "Danh sách có mục không hợp lệ “{1}”.", "The list has a malformed item “{1}”." };
enum { INDEX_MAX = 9999 };

bool input_sets(const struct input *in, const struct field *f)
{
	if (in->hidden && in->table && cols_has(in->hidden, column_at(in->table, f->at)))
		return false;
	if (in->only) {
		for (const col *at = in->only; *at; at++)
			if (*at == f->at)
				return true;
		return false;
	}
	if (in->flags & INPUT_SHAPE)
		return f->type != T_HTML;
	return !(f->is & DERIVED) && f->type != T_HTML && (!(f->is & FIXED) || in->flags & INPUT_NEW);
}

/* ---- lists: "marks.3.score" --------------------------------------------------------------- */

struct at_index { int index, order; str field, value; };

static int index_order(const void *a, const void *b)
{
	const struct at_index *x = a, *y = b;
	return x->index != y->index ? (x->index > y->index) - (x->index < y->index)
		: (x->order > y->order) - (x->order < y->order);
}

/* The pairs that belong to list f, sorted by item; -1 with the problem recorded when a name is malformed. */
static int list_pairs(struct ctx *c, const struct field *f, const struct pair *pairs, int n, struct at_index *ret)
{
	str list = str_of(f->name);
	int k = 0;
	for (int i = 0; i < n; i++) {
		str s = pairs[i].name, head, index, field;
		int64_t v;
		if (!str_starts(s, list) || s.n <= list.n + 1 || s.p[list.n] != '.')
			continue;
		str_cut(s, '.', &head, &s);
		if (!str_cut(s, '.', &index, &field) || !str_to_int(index, &v) || v < 0 || v > INDEX_MAX || !field.n) {
			FAILF(c, E_INVALID, f->at, &MSG_index, pairs[i].name);
			return -1;
		}
		ret[k++] = (struct at_index){ (int)v, i, field, pairs[i].value };
	}
	qsort(ret, (size_t)k, sizeof *ret, index_order);
	return k;
}

static enum rc list_read(struct ctx *c, const struct field *f, const struct pair *pairs, int n, void *row)
{
	struct at_index *at = NEWS(c->mem, struct at_index, n + 1);
	int k = list_pairs(c, f, pairs, n, at), count = 0;
	enum rc rc = OK;
	if (k <= 0)
		return k < 0 ? E_INVALID : OK;
	for (int i = 0; i < k; i++)
		count += i == 0 || at[i].index != at[i - 1].index;
	char *p = arena_alloc(c->mem, f->of->size * (size_t)count, 16), *item = p - f->of->size;
	for (int i = 0; i < k; i++) {
		struct flaw bad;
		if (i == 0 || at[i].index != at[i - 1].index) {
			item += f->of->size;
			fields_zero(f->of->fields, f->of->size, item);
		}
		const struct field *g = field_named(f->of->fields, at[i].field);
		if (!g || g->is & DERIVED || g->type == T_LIST || g->type == T_HTML)
			continue;
		if (!field_read(g, at[i].value, c->today, c->mem, item, &bad))
			rc = fail_item(c, E_INVALID, f->name, (item - p) / (ptrdiff_t)f->of->size, g->name, bad.text, bad.args,
				bad.n);
	}
	*(items *)(void *)((char *)row + f->at) = (items){ p, count };
	return rc;
}

/* A list of numbers: the same name several times. */
static enum rc ints_read(struct ctx *c, const struct field *f, const struct pair *pairs, int n, void *row)
{
	int64_t *p = NEWS(c->mem, int64_t, n + 1);
	int64_t k = 0;
	enum rc rc = OK;
	bool sent = false;
	for (int i = 0; i < n; i++) {
		if (!str_is(pairs[i].name, f->name))
			continue;
		sent = true;
		if (pairs[i].value.n == 0)
			continue;
		if (str_to_int(pairs[i].value, &p[k]))
			k++;
		else
			rc = FAILF(c, E_INVALID, f->at, &MSG_int, str_sub(pairs[i].value, 0, 20));
	}
	if (sent)
		*(items *)(void *)((char *)row + f->at) = (items){ p, k };
	return rc;
}

enum rc input_read(struct ctx *c, const struct input *in, const struct pair *pairs, int n, void *row)
{
	enum rc rc = OK;
	for (const struct field *f = in->fields; f && f->name; f++) {
		const struct pair *last = NULL;
		struct flaw bad;
		enum rc one = OK;
		if (!input_sets(in, f))
			continue;
		if (f->type == T_LIST) {
			one = f->of ? list_read(c, f, pairs, n, row) : ints_read(c, f, pairs, n, row);
		} else {
			for (int i = n - 1; i >= 0 && !last; i--)
				if (str_is(pairs[i].name, f->name))
					last = &pairs[i];
			if (last && !field_read(f, last->value, c->today, c->mem, row, &bad))
				one = fail_field(c, f, &bad);
		}
		if (one != OK)
			rc = one;
	}
	return rc;
}

/* ---- checks ------------------------------------------------------------------------------- */

/* A bound of the declaration, written as the field's values are. */
static str bound(struct ctx *c, const struct field *f, int64_t v)
{
	switch ((enum type)f->type) {
	case T_MONEY: return money_text(c->mem, (money){ v });
	case T_SCORE: return score_text(c->mem, (score){ (int32_t)v });
	case T_DAY:   return day_text(c->mem, (day){ (int32_t)v });
	case T_TIME:  return instant_text(c->mem, (instant){ v });
	default:      return TEXT(c, "%lld", (long long)v);
	}
}

static bool flaw_is(struct flaw *ret, const struct tr *text, str a, str b)
{
	*ret = (struct flaw){ text, { a, b }, 2 };
	return false;
}

static bool number_fits(struct ctx *c, const struct field *f, int64_t v, struct flaw *ret)
{
	/* a number has no empty value of its own: 0 stands for it where none is needed */
	if ((!f->min && !f->max) || (v == 0 && !(f->is & NEEDED)))
		return true;
	if (v < f->min)
		return flaw_is(ret, &MSG_low, bound(c, f, f->min), S(""));
	if (v > f->max && (f->max || f->min < 0))
		return flaw_is(ret, &MSG_high, bound(c, f, f->max), S(""));
	return true;
}

static bool text_fits(struct ctx *c, const struct field *f, str s, struct flaw *ret)
{
	if (!str_is_utf8(s))
		return flaw_is(ret, &MSG_utf8, S(""), S(""));
	if ((f->max && s.n > f->max) || f->min) {
		ptrdiff_t chars = str_chars(s);
		if (f->max && chars > f->max)
			return flaw_is(ret, &MSG_long, int_text(c->mem, f->max), int_text(c->mem, chars));
		if (chars < f->min)
			return flaw_is(ret, &MSG_short, int_text(c->mem, f->min), S(""));
	}
	return true;
}

static bool value_fits(struct ctx *c, const struct field *f, const void *row, struct flaw *ret)
{
	const char *at = (const char *)row + f->at;
	if (field_empty(f, row))
		return !(f->is & NEEDED) || flaw_is(ret, &MSG_needed, S(""), S(""));
	switch ((enum type)f->type) {
	case T_TEXT:  return text_fits(c, f, *(const str *)(const void *)at, ret);
	case T_INT: case T_MONEY: case T_TIME: return number_fits(c, f, *(const int64_t *)(const void *)at, ret);
	case T_DAY:   return number_fits(c, f, ((const day *)(const void *)at)->v, ret);
	case T_SCORE: return number_fits(c, f, ((const score *)(const void *)at)->v, ret);
	case T_PICK: {
		int v = *(const pick *)(const void *)at;
		for (int i = 0; f->pick && f->pick[i].code; i++)
			if (i == v)
				return true;
		return flaw_is(ret, &MSG_choice, S(""), S(""));
	}
	case T_BOOL: case T_FILE: case T_REF: case T_HTML: case T_LIST: break;
	}
	return true;
}

/* Problems a .check recorded while it looked at an item belong to that item. */
static void problems_to_item(struct ctx *c, int from, const struct field *list, int64_t i)
{
	for (int k = from; k < c->n_problems; k++) {
		struct problem *p = &c->problems[k];
		const struct field *f = field_at(list->of->fields, p->at);
		p->item = i;
		p->field = TEXT(c, "%s.%lld.%s", list->name, (long long)i, f ? f->name : "");
		p->at = list->at;
	}
}

static enum rc items_check(struct ctx *c, const struct field *list, const void *row)
{
	const items *at = (const items *)(const void *)((const char *)row + list->at);
	enum rc rc = OK;
	for (int64_t i = 0; list->of && i < at->n; i++) {
		const char *item = (const char *)at->p + (size_t)i * list->of->size;
		for (const struct field *f = list->of->fields; f->name; f++) {
			struct flaw bad;
			int from = c->n_problems;
			if (!value_fits(c, f, item, &bad)) {
				rc = fail_item(c, E_INVALID, list->name, i, f->name, bad.text, bad.args, bad.n);
			} else if (f->check && !field_empty(f, item) && f->check(c, item) != OK) {
				problems_to_item(c, from, list, i);
				rc = E_INVALID;
			}
		}
	}
	return rc;
}

enum rc fields_check_some(struct ctx *c, const struct field *fields, const void *row, uint32_t with, uint32_t without)
{
	enum rc rc = OK;
	for (const struct field *f = fields; f && f->name; f++) {
		struct flaw bad;
		enum rc one = OK;
		if ((f->is & with) != with || f->is & without)
			continue;
		if (!value_fits(c, f, row, &bad))
			one = fail_field(c, f, &bad);
		else if (f->type == T_LIST)
			one = items_check(c, f, row);
		else if (f->check && !field_empty(f, row))
			one = check_field(c, f, row);
		if (one != OK)
			rc = rc == OK ? one : rc;
	}
	return rc;
}

enum rc fields_check(struct ctx *c, const struct field *fields, const void *row)
{
	return fields_check_some(c, fields, row, 0, 0);
}
