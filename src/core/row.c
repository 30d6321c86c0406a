/* row.c -- see row.h: a member's empty value, its value in SQL, and as text. */
#include "core/row.h"
#include "core/data.h"
#include <stdlib.h>

static int64_t int_at(const struct field *f, const void *row)
{
	const char *p = (const char *)row + f->at;
	switch ((enum type)f->type) {
	case T_BOOL:  return *(const bool *)(const void *)p;
	case T_DAY:   return ((const day *)(const void *)p)->v;
	case T_SCORE: return ((const score *)(const void *)p)->v;
	case T_PICK:  return *(const pick *)(const void *)p;
	case T_INT: case T_TIME: case T_MONEY: case T_FILE: case T_REF: return *(const int64_t *)(const void *)p;
	case T_TEXT: case T_HTML: case T_LIST: break;
	}
	return 0;
}

static void int_put(const struct field *f, void *row, int64_t v)
{
	char *p = (char *)row + f->at;
	switch ((enum type)f->type) {
	case T_BOOL:  *(bool *)(void *)p = v != 0; break;
	case T_DAY:   ((day *)(void *)p)->v = (int32_t)v; break;
	case T_SCORE: ((score *)(void *)p)->v = (int32_t)v; break;
	case T_PICK:  *(pick *)(void *)p = (pick)v; break;
	case T_INT: case T_TIME: case T_MONEY: case T_FILE: case T_REF: *(int64_t *)(void *)p = v; break;
	case T_TEXT: case T_HTML: case T_LIST: break;
	}
}

static const str *text_at(const struct field *f, const void *row)
{
	return (const str *)(const void *)((const char *)row + f->at);
}

/* ---- empty --------------------------------------------------------------------------------- */

void fields_zero(const struct field *fields, uint32_t size, void *row)
{
	memset(row, 0, size);
	for (const struct field *f = fields; f && f->name; f++) {
		if (f->type == T_DAY)
			int_put(f, row, NO_DAY.v);
		else if (f->type == T_SCORE)
			int_put(f, row, NO_SCORE.v);
	}
}

void row_zero(const struct entity *e, void *row)
{
	fields_zero(e->fields, e->size, row);
}

bool field_empty(const struct field *f, const void *row)
{
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: return text_at(f, row)->n == 0;
	case T_LIST:  return ((const items *)(const void *)((const char *)row + f->at))->n == 0;
	case T_DAY:   return int_at(f, row) == NO_DAY.v;
	case T_SCORE: return int_at(f, row) < 0;
	case T_TIME: case T_FILE: case T_REF: return int_at(f, row) == 0;
	case T_INT: case T_BOOL: case T_MONEY: case T_PICK: break;
	}
	return false;
}

bool field_same(const struct field *f, const void *a, const void *b)
{
	if (f->type == T_TEXT || f->type == T_HTML)
		return str_eq(*text_at(f, a), *text_at(f, b));
	return int_at(f, a) == int_at(f, b) || (f->type == T_SCORE && field_empty(f, a) && field_empty(f, b));
}

/* ---- SQL ----------------------------------------------------------------------------------- */

static int choices(const struct field *f)
{
	int n = 0;
	while (f->pick && f->pick[n].code)
		n++;
	return n;
}

struct val field_val(const struct field *f, const void *row)
{
	if (field_empty(f, row))
		return v_null();
	if (f->type == T_TEXT || f->type == T_HTML)
		return v_text(*text_at(f, row));
	int64_t v = int_at(f, row);
	if (f->type == T_PICK)
		return v < choices(f) ? v_text(str_of(f->pick[v].code)) : v_null();
	return v_int(v);
}

void field_load(const struct field *f, const struct rows *r, int column, void *row, struct arena *mem)
{
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML:
		*(str *)(void *)((char *)row + f->at) = str_copy(mem, rows_text(r, column));
		return;
	case T_PICK: {
		str code = rows_text(r, column);
		int_put(f, row, 0);
		for (int i = 0; f->pick && f->pick[i].code; i++) {
			if (str_is(code, f->pick[i].code)) {
				int_put(f, row, i);
				return;
			}
		}
		return;
	}
	case T_DAY:   int_put(f, row, rows_null(r, column) ? NO_DAY.v : rows_int(r, column)); return;
	case T_SCORE: int_put(f, row, rows_null(r, column) ? NO_SCORE.v : rows_int(r, column)); return;
	case T_INT: case T_BOOL: case T_TIME: case T_MONEY: case T_FILE: case T_REF:
		int_put(f, row, rows_int(r, column));
		return;
	case T_LIST: return;
	}
}

/* ---- text ---------------------------------------------------------------------------------- */

static str plain_int(struct arena *mem, int64_t v)
{
	char at[24];
	char *end = at + sizeof at, *p = end;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	return str_copy(mem, (str){ p, end - p });
}

str field_text(const struct field *f, const void *row, enum lang lang, struct arena *mem)
{
	static const struct tr yes = { "Có", "Yes" }, no = { "Không", "No" }, now = { "nay", "now" };
	if (field_empty(f, row))
		return (str){ 0 };
	int64_t v = int_at(f, row);
	const struct tr *t = NULL;
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML:
		for (int i = 0; f->pick && f->pick[i].code && !t; i++)
			t = str_is(*text_at(f, row), f->pick[i].code) ? &f->pick[i].label : NULL;
		if (!t)
			return *text_at(f, row);
		break;
	case T_INT:
		for (int i = 0; f->pick && f->pick[i].code && !t; i++)
			if (str_eq(plain_int(mem, v), str_of(f->pick[i].code)))
				t = &f->pick[i].label;
		if (!t)
			return plain_int(mem, v);
		break;
	case T_BOOL:  t = v ? &yes : &no; break;
	case T_DAY:
		if (v != FOREVER.v)
			return day_text(mem, (day){ (int32_t)v });
		t = &now;
		break;
	case T_TIME:  return instant_text(mem, (instant){ v });
	case T_MONEY: return money_text(mem, (money){ v });
	case T_SCORE: return f->is & TENTHS ? score_tenths(mem, (score){ (int32_t)v }, lang == EN ? '.' : ',')
		: score_text(mem, (score){ (int32_t)v });
	case T_PICK:  t = v < choices(f) ? &f->pick[v].label : NULL; break;
	case T_FILE: case T_REF: case T_LIST: break;
	}
	return t ? str_of(lang == EN ? t->en : t->vi) : (str){ 0 };
}

str field_code(const struct field *f, const void *row, struct arena *mem)
{
	if (field_empty(f, row))
		return (str){ 0 };
	int64_t v = int_at(f, row);
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: return *text_at(f, row);
	case T_DAY:   return day_iso(mem, (day){ (int32_t)v });
	case T_TIME:  return instant_iso(mem, (instant){ v });
	case T_SCORE: return score_json(mem, (score){ (int32_t)v });
	case T_PICK:  return v < choices(f) ? str_of(f->pick[v].code) : (str){ 0 };
	case T_INT: case T_BOOL: case T_MONEY: case T_FILE: case T_REF: return plain_int(mem, v);
	case T_LIST: break;
	}
	return (str){ 0 };
}

str field_input(const struct field *f, const void *row, struct arena *mem)
{
	if (f->type == T_DAY)
		return day_text(mem, *(const day *)(const void *)((const char *)row + f->at));
	if (f->type == T_SCORE || f->type == T_TIME)
		return field_text(f, row, VI, mem);
	return field_code(f, row, mem);
}
