/* row_fuzz.c -- what people and programs send into a described struct: one field (first byte 0..9 names it), a form
 * (f, then name=value lines), a JSON body (j), a file of named queries (q). What is read is written and read again,
 * the same. */
#include <assert.h>
#include "core/app.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct choice kinds[] = { { "text", { "Sách", "Book" } }, { "film", { "Phim", "Film" } }, END };
struct mark { int64_t pupil; score score; };
#define ROW struct mark
static const struct shape mark_shape = { sizeof(ROW), FIELDS{ { COL(pupil), .label = { "a", "a" }, .min = 1,
	.max = 99 },
	{ COL(score), .label = { "b", "b" }, .is = NEEDED, .max = 1000 }, END } };
#undef ROW
struct all { str line, text; int64_t number; bool yes; day since; instant at; money cost; score mark; pick kind;
	file_id file; items marks, ids; };
#define ROW struct all
static const struct shape all_shape = { sizeof(ROW), FIELDS{
	{ COL(line), .label = { "a", "a" }, .max = 30 }, { COL(text), .label = { "a", "a" }, .is = LONG, .max = 500 },
	{ COL(number), .label = { "a", "a" } }, { COL(yes), .label = { "a", "a" } },
	{ COL(since), .label = { "a", "a" } }, { COL(at), .label = { "a", "a" } },
	{ COL(cost), .label = { "a", "a" } }, { COL(mark), .label = { "a", "a" }, .max = 1000 },
	{ COL(kind), .label = { "a", "a" }, .pick = kinds },
	{ COL(file), .label = { "a", "a" } }, { MANY(marks, mark_shape), .label = { "a", "a" } },
	{ .name = "ids", .at = offsetof(ROW, ids), .type = T_LIST, .label = { "a", "a" } }, END } };
#undef ROW

static void again(struct ctx *c, const struct all *row)
{
	struct all back;
	struct flaw bad;
	fields_zero(all_shape.fields, all_shape.size, &back);
	for (const struct field *f = all_shape.fields; f->type != T_LIST; f++) {
		str code = field_code(f, row, c->mem);
		assert(str_is_utf8(code) && str_is_utf8(field_text(f, row, VI, c->mem)));
		assert(field_read(f, code, c->today, c->mem, &back, &bad) && field_same(f, row, &back));
	}
}

static void one_field(struct ctx *c, const struct field *f, str s)
{
	struct all row;
	struct flaw bad = { 0 };
	fields_zero(all_shape.fields, all_shape.size, &row);
	if (field_read(f, s, c->today, c->mem, &row, &bad))
		again(c, &row);
	else
		assert(bad.text);
}

static void form(struct ctx *c, str s)
{
	struct pair pairs[64];
	struct all row;
	int n = 0;
	str line;
	struct input in = { .fields = all_shape.fields, .flags = INPUT_SHAPE };
	while (s.n && n < 64) {
		str_cut(s, '\n', &line, &s);
		str_cut(line, '=', &pairs[n].name, &pairs[n].value);
		n++;
	}
	fields_zero(all_shape.fields, all_shape.size, &row);
	enum rc rc = input_read(c, &in, pairs, n, &row);
	assert(rc == OK || (rc == E_INVALID && c->n_problems > 0));
	fields_check(c, all_shape.fields, &row);
	again(c, &row);
}

static void body(struct ctx *c, str s)
{
	struct all row;
	struct buf b;
	struct input in = { .fields = all_shape.fields, .flags = INPUT_SHAPE };
	fields_zero(all_shape.fields, all_shape.size, &row);
	if (input_body(c, &in, s, &row) != OK) {
		assert(c->n_problems > 0);
		return;
	}
	fields_check(c, all_shape.fields, &row);
	again(c, &row);
	buf_init(&b, c->mem, (size_t)8 << 20);
	shape_json(&b, all_shape.fields, &row, NULL);
	assert(input_body(c, &in, buf_str(&b), &row) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct module none = { .name = "none", .label = { "a", "a" } };
	static const struct module *const modules[] = { &none, NULL };
	str s = { (const char *)data + 1, (ptrdiff_t)size - 1 };
	struct arena mem;
	struct ctx c = { .mem = &mem, .today = { 20000 } };
	char why[256] = "";
	if (size < 1 || size > 20000)
		return 0;
	arena_init(&mem, (size_t)64 << 20);
	if (data[0] >= '0' && data[0] <= '9') {
		one_field(&c, &all_shape.fields[data[0] - '0'], s);
	} else if (data[0] == 'f') {
		form(&c, s);
	} else if (data[0] == 'j') {
		body(&c, s);
	} else if (data[0] == 'q') {
		struct registry *g = registry_new(modules, why);
		assert(g && (queries_add(g, S("none"), s, why) || why[0]));
		registry_free(g);
	}
	arena_free(&mem);
	return 0;
}
