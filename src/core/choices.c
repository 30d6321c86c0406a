/* choices.c -- rows that somebody chooses one of (list_choices), and those that have come to their end. */
#include "core/data.h"
#include "core/page.h"

str end_text(struct ctx *c, const struct entity *e, const void *row)
{
	const struct field *state = table_of(c->app->registry, e)->state;

	return state && state->pick[*((const pick *)row + state->at)].is & FINAL ? field_text(state, row, c->lang, c->mem)
		: (str){ 0 };
}

/* The states a row can still leave. */
static int64_t living_states(const struct field *state)
{
	int64_t bits = 0;

	for (int i = 0; i < 63 && state->pick[i].code; i++)
		if (!(state->pick[i].is & FINAL))
			bits |= INT64_C(1) << i;
	return bits;
}

enum rc list_choices(struct ctx *c, struct list_ask ask, struct list_answer *ret)
{
	const struct field *state = table_for(c, ask.e)->state;
	struct list_filter at[2];

	if (ask.n_filters)
		return list_rows(c, &ask, ret);
	ask.filters = at;
	if (ask.living && state)
		at[ask.n_filters++] = (struct list_filter){ state->at, LIST_AMONG, v_int(living_states(state)) };
	if (ask.e->of_year && c->here.year) {
		at[ask.n_filters++] = (struct list_filter){ ask.e->of_year, LIST_IS, v_int(c->here.year) };
		TRY(list_rows(c, &ask, ret));
		if (ret->rows.n)
			return OK;
		ask.n_filters--;
	}
	return list_rows(c, &ask, ret);
}
