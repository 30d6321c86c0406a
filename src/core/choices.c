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

static enum rc choices(struct ctx *c, struct list_ask ask, struct list_answer *ret)
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

static bool begins_word(str text, str word)
{
	for (ptrdiff_t i = 0; i + word.n <= text.n; i++)
		if ((i == 0 || text.p[i - 1] == ' ') && str_starts(str_sub(text, i, -1), word))
			return true;
	return false;
}

static bool says(str title, str words)
{
	for (str word, rest = words; rest.n; ) {
		str_cut(rest, ' ', &word, &rest);
		if (!begins_word(title, word))
			return false;
	}
	return true;
}

/* Rows without words of their own are called by what they refer to ("Toán – 6A"): as many as somebody has at hand are
 * looked through by their titles. */
static enum rc by_title(struct ctx *c, struct list_ask ask, struct list_answer *ret)
{
	enum { LOOKED_THROUGH = 500 };
	str words = viet_fold(c->mem, str_trim(ask.words));
	int64_t most = ask.limit ? ask.limit : 50, n = 0;

	ask.words = (str){ 0 };
	ask.limit = LOOKED_THROUGH;
	TRY(choices(c, ask, ret));
	char *rows = arena_alloc(c->mem, (size_t)(ret->rows.n + 1) * ask.e->size, 16);
	int64_t *ids = NEWS(c->mem, int64_t, ret->rows.n + 1);
	str *titles = NEWS(c->mem, str, ret->rows.n + 1);
	for (int64_t i = 0; i < ret->rows.n; i++)
		ids[i] = ((const struct base *)(const void *)((const char *)ret->rows.p + (size_t)i * ask.e->size))->id;
	TRY(titles_of(c, ask.e, ids, (int)ret->rows.n, titles));
	for (int64_t i = 0; i < ret->rows.n && n < most; i++)
		if (says(viet_fold(c->mem, titles[i]), words))
			memcpy(rows + (size_t)n++ * ask.e->size, (const char *)ret->rows.p + (size_t)i * ask.e->size, ask.e->size);
	ret->rows = (items){ rows, n };
	return OK;
}

enum rc list_choices(struct ctx *c, struct list_ask ask, struct list_answer *ret)
{
	return ask.words.n && !table_for(c, ask.e)->meta->fold ? by_title(c, ask, ret) : choices(c, ask, ret);
}
