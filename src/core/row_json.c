/* row_json.c -- see row.h: described structs to JSON and back. */
#include "core/row.h"
#include "core/row_check.h"
#include "web/json.h"

#define MAX_SAFE INT64_C(9007199254740992)

/* ---- out ------------------------------------------------------------------------------------ */

static void put_number(struct buf *b, int64_t v)
{
	bool quote = v > MAX_SAFE || v < -MAX_SAFE;
	if (quote)
		put_c(b, '"');
	put_int(b, v);
	if (quote)
		put_c(b, '"');
}

static void put_items(struct buf *b, const struct field *f, const items *list)
{
	put_c(b, '[');
	for (int64_t i = 0; i < list->n; i++) {
		if (i)
			put_c(b, ',');
		if (f->of)
			shape_json(b, f->of->fields, (const char *)list->p + (size_t)i * f->of->size, NULL);
		else
			put_number(b, ((const int64_t *)list->p)[i]);
	}
	put_c(b, ']');
}

static void put_code(struct buf *b, const struct field *f, const void *row, bool quote)
{
	if (quote)
		put_c(b, '"');
	put(b, field_code(f, row, b->mem));
	if (quote)
		put_c(b, '"');
}

void field_json(struct buf *b, const struct field *f, const void *row)
{
	const char *at = (const char *)row + f->at;
	if (f->type == T_LIST) {
		put_items(b, f, (const items *)(const void *)at);
		return;
	}
	if (f->is & SECRET || (field_empty(f, row) && f->type != T_TEXT && f->type != T_HTML)) {
		put_z(b, "null");
		return;
	}
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: put_json(b, *(const str *)(const void *)at); break;
	case T_BOOL:  put_z(b, *(const bool *)(const void *)at ? "true" : "false"); break;
	case T_INT: case T_MONEY: case T_REF: case T_FILE: put_number(b, *(const int64_t *)(const void *)at); break;
	case T_DAY: case T_TIME: put_code(b, f, row, true); break;
	case T_SCORE: put_code(b, f, row, false); break;
	case T_PICK:  put_json(b, field_code(f, row, b->mem)); break;
	case T_LIST: break;
	}
}

static void put_name(struct buf *b, const char *name, bool first)
{
	put_z(b, first ? "\"" : ",\"");
	put_z(b, name);
	put_z(b, "\":");
}

void shape_json(struct buf *b, const struct field *fields, const void *row, const struct cols *hidden)
{
	bool first = true;
	put_c(b, '{');
	for (int i = 0; fields && fields[i].name; i++) {
		if (fields[i].is & SECRET || (hidden && i < COLUMNS_MAX && cols_has(hidden, i)))
			continue;
		put_name(b, fields[i].name, first);
		field_json(b, &fields[i], row);
		first = false;
	}
	put_c(b, '}');
}

void row_json(struct buf *b, const struct table *t, const void *row, const struct cols *hidden)
{
	bool first = true;
	put_c(b, '{');
	for (int i = 0; i < t->n; i++) {
		const struct field *f = t->columns[i];
		if (f->is & SECRET || (hidden && cols_has(hidden, i)) || (i < BASE_COLUMNS && f->type == T_REF &&
			f->at != offsetof(struct base, org)))
			continue;
		put_name(b, f->name, first);
		field_json(b, f, row);
		first = false;
	}
	put_c(b, '}');
}

/* ---- in ------------------------------------------------------------------------------------- */

static const struct tr
	MSG_kind = { "Sai kiểu dữ liệu: cần {1}.", "Wrong kind of value: {1} is expected." },
	MSG_body = { "JSON không đúng ở byte {1}: {2}", "The JSON is wrong at byte {1}: {2}" },
	MSG_object = { "Cần một đối tượng JSON {…}.", "A JSON object {…} is expected." },
	MSG_unknown = { "Không có mục “{1}”; hãy kiểm tra tên.", "There is no member “{1}”; check its name." },
	MSG_items = { "Danh sách có quá 10.000 mục; hãy chia nhỏ.", "The list has more than 10,000 items; split it." };

static bool wrong_kind(const struct field *f, struct flaw *ret)
{
	*ret = (struct flaw){ &MSG_kind, { str_of(type_name(f->type)) }, 1 };
	return false;
}

bool field_from_json(const struct field *f, const struct cJSON *v, day today, struct arena *mem, void *row,
	struct flaw *ret)
{
	if (f->type == T_LIST || f->type == T_HTML)
		return wrong_kind(f, ret);
	if (cJSON_IsNull(v))
		return field_read(f, S(""), today, mem, row, ret);
	if (cJSON_IsString(v))
		return field_read(f, str_of(v->valuestring), today, mem, row, ret);
	if (cJSON_IsBool(v) && f->type == T_BOOL)
		return field_read(f, cJSON_IsTrue(v) ? S("1") : S("0"), today, mem, row, ret);
	if (cJSON_IsNumber(v) && (f->type == T_INT || f->type == T_MONEY || f->type == T_SCORE || f->type == T_REF ||
		f->type == T_FILE))
		return field_read(f, json_scalar(mem, v), today, mem, row, ret);
	return wrong_kind(f, ret);
}

/* One item of a list: its problems are told with the list's name and the item's number. */
static enum rc item_json(struct ctx *c, const struct field *list, int64_t i, const cJSON *object, void *item)
{
	enum rc rc = OK;
	if (!cJSON_IsObject(object))
		return fail_item(c, E_INVALID, list->name, i, "", &MSG_object, NULL, 0);
	for (const cJSON *v = object->child; v; v = v->next) {
		struct flaw bad = { 0 };
		const struct field *f = field_named(list->of->fields, str_of(v->string));
		if (!f)
			rc = fail_item(c, E_INVALID, list->name, i, v->string, &MSG_unknown, ARGS(str_of(v->string)));
		else if (!(f->is & DERIVED) && !field_from_json(f, v, c->today, c->mem, item, &bad))
			rc = fail_item(c, E_INVALID, list->name, i, f->name, bad.text, bad.args, bad.n);
	}
	return rc;
}

static enum rc list_json(struct ctx *c, const struct field *f, const cJSON *v, void *row)
{
	int n = cJSON_IsArray(v) ? cJSON_GetArraySize(v) : -1;
	if (n < 0)
		return FAILF(c, E_INVALID, f->at, &MSG_kind, str_of(type_name(f->type)));
	if (n > 10000)
		return FAIL(c, E_INVALID, f->at, &MSG_items);
	size_t size = f->of ? f->of->size : sizeof(int64_t);
	char *p = arena_alloc(c->mem, size * (size_t)(n + 1), 16);
	enum rc rc = OK;
	int64_t i = 0;
	for (const cJSON *x = v->child; x; x = x->next, i++) {
		void *item = p + (size_t)i * size;
		if (f->of) {
			fields_zero(f->of->fields, f->of->size, item);
			if (item_json(c, f, i, x, item) != OK)
				rc = E_INVALID;
		} else if (!json_int(x, item)) {
			rc = FAILF(c, E_INVALID, f->at, &MSG_kind, str_of(type_name(T_INT)));
		}
	}
	*(items *)(void *)((char *)row + f->at) = (items){ p, n };
	return rc;
}

enum rc input_json(struct ctx *c, const struct input *in, const struct cJSON *object, void *row)
{
	enum rc rc = OK;
	if (!cJSON_IsObject(object))
		return FAIL(c, E_INVALID, 0, &MSG_object);
	for (const cJSON *v = object->child; v; v = v->next) {
		struct flaw bad = { 0 };
		str name = str_of(v->string);
		const struct field *f = field_named(in->fields, name);
		if (!f) {
			if (!(in->table && field_named(base_fields, name)) && name.p[0] != '_')
				rc = FAILF(c, E_INVALID, 0, &MSG_unknown, name);
		} else if (!input_sets(in, f)) {
			continue;
		} else if (f->type == T_LIST) {
			if (list_json(c, f, v, row) != OK)
				rc = E_INVALID;
		} else if (!field_from_json(f, v, c->today, c->mem, row, &bad)) {
			rc = fail(c, E_INVALID, f->at, bad.text, bad.args, bad.n);
		}
	}
	return rc;
}

enum rc input_body(struct ctx *c, const struct input *in, str body, void *row)
{
	const char *bad;
	ptrdiff_t at;
	const cJSON *v = json_read(c->mem, body, &bad, &at);
	if (!v)
		return FAILF(c, E_INVALID, 0, &MSG_body, int_text(c->mem, at), str_of(c->lang == VI ? json_bad_vi(bad) : bad));
	return input_json(c, in, v, row);
}
