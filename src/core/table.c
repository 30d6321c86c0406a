/* table.c -- see table.h and data.h. */
#include "core/data.h"
#include "core/plan.h"
#include "core/query.h"
#include <stdio.h>
#include <stdlib.h>

#define BASE(m, t, vi_, en_) { .name = #m, .at = offsetof(struct base, m), .type = t, .is = DERIVED, \
	.label = { vi_, en_ } }
const struct field base_fields[] = {
	BASE(id, T_INT, "Mã số", "Id"),
	BASE(rev, T_INT, "Lần sửa", "Revision"),
	BASE(org, T_REF, "Đơn vị", "Organisation"),
	BASE(made_by, T_REF, "Người lập", "Made by"),
	BASE(made, T_TIME, "Lập lúc", "Made"),
	BASE(changed, T_TIME, "Sửa lúc", "Changed"),
	BASE(gone, T_BOOL, "Đã thôi dùng", "Retired"), END };
_Static_assert(sizeof base_fields / sizeof *base_fields == BASE_COLUMNS + 1, "base_fields has every member of base");

static const struct field *unit_of(const struct registry *r, const struct entity *e, struct arena *mem)
{
	const struct entity *org = NULL;
	for (int i = 0; i < r->n_entities; i++)
		if (strcmp(r->metas[i].e->name, "org") == 0)
			org = r->metas[i].e;
	if (!org || org == e || e->keeps & SHARED)
		return NULL;
	struct field *f = NEWS(mem, struct field, 2);
	f[0] = (struct field){ .name = "org", .label = { "Đơn vị", "Unit" }, .at = offsetof(struct base, org),
		.type = T_REF, .is = FILTER, .ref = org };
	f[1] = (struct field)END;
	return f;
}

static void table_build(struct table *t, const struct meta *m, struct arena *mem)
{
	const struct entity *e = m->e;
	*t = (struct table){ .meta = m, .e = e };
	if (BASE_COLUMNS + m->n_columns > COLUMNS_MAX) {
		fprintf(stderr, "khue: %s has more than %d columns\n", e->name, COLUMNS_MAX);
		abort();
	}
	t->columns = NEWS(mem, const struct field *, BASE_COLUMNS + m->n_columns);
	t->by_at = NEWS(mem, int16_t, e->size);
	memset(t->by_at, 0xff, sizeof *t->by_at * e->size);
	for (int i = 0; i < BASE_COLUMNS; i++)
		t->columns[t->n++] = &base_fields[i];
	for (const struct field *f = e->fields; f && f->name; f++)
		if (field_stored(f) && f->type != T_HTML)
			t->columns[t->n++] = f;
	for (int i = 0; i < t->n; i++)
		if (t->columns[i]->at < e->size)             /* one outside is a wrong .size, which khue check names: E116 */
			t->by_at[t->columns[i]->at] = (int16_t)i;
	if (e->flow.steps) {
		t->state = field_at(e->fields, e->flow.state);
		for (int i = 0; t->state && t->state->pick && t->state->pick[i].code; i++)
			if (t->state->pick[i].is & INITIAL)
				t->initial = i;
	}
	for (int i = 0; i < (int)COUNT(e->sort) && e->sort[i]; i++) {
		int k = column_at(t, e->sort[i]);
		if (k >= 0)
			t->order[t->n_order++] = t->columns[k];
	}
}

struct data *data_new(const struct registry *r)
{
	struct data *d = calloc(1, sizeof *d);
	if (!d)
		abort();
	arena_init(&d->mem, (size_t)64 << 20);
	d->tables = NEWS(&d->mem, struct table, r->n_entities + 1);
	for (int i = 0; i < r->n_entities; i++)
		table_build(&d->tables[i], &r->metas[i], &d->mem);
	for (int i = 0; i < r->n_entities; i++)
		d->tables[i].unit = unit_of(r, r->metas[i].e, &d->mem);
	d->plans = plan_cache_new(&d->mem);
	return d;
}

void data_free(struct data *d)
{
	if (!d)
		return;
	read_log_free(d->reads);
	if (d->aside)
		db_close(d->aside);
	arena_free(&d->mem);
	free(d);
}

const struct table *table_of(const struct registry *g, const struct entity *e)
{
	const struct meta *m = registry_meta(g, e);
	if (!m) {
		fprintf(stderr, "khue: no module lists the entity %s\n", e ? e->name : "(null)");
		abort();
	}
	return &g->data->tables[m->index];
}
