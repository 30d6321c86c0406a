/* cards.c -- what the school puts on the first page: classes to call, moves that wait for somebody's word. */
#include "mod/school/attendance.h"

#define ROW struct waiting_row
static const struct shape waiting_row_shape = { sizeof(ROW),
	FIELDS{ { COL(id) }, { COL(pupil), .label = { "Học sinh", "Pupil" } },
		{ COL(from), .label = { "Từ trường", "From" } }, { COL(to), .label = { "Đến trường", "To" } },
	{ COL(asked), .label = { "Ngày nộp", "Asked" } }, { COL(state) }, { COL(mine) }, END } };
#undef ROW
#define ROW struct waiting_view
const struct shape waiting_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { MANY(moves, waiting_row_shape) }, END } };
#undef ROW
#define ROW struct waiting_in
static const struct shape waiting_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, END } };
#undef ROW

/* Teachers: their own classes of today. An office: only those nobody has called yet. */
enum rc card_rolls(struct ctx *c, const void *in, void *out_)
{
	struct rolls_view *out = out_;
	struct rolls_in ask = { NO_DAY, 0, 0 };
	bool office = has_role(c, &clerk, c->here.org) || has_role(c, &principal, c->here.org)
		|| has_role(c, &deputy, c->here.org);

	(void)in;
	TRY(attendance_classes(c, &ask, out));
	if (out->n == 0 || day_off(c->today))
		return E_MISSING;
	if (!office)
		return OK;
	struct roll_view *left = NEWS(c->mem, struct roll_view, out->n);
	int64_t k = 0;
	for (int64_t i = 0; i < out->n; i++)
		if (!((const struct roll_view *)out->classes.p)[i].called)
			left[k++] = ((const struct roll_view *)out->classes.p)[i];
	out->classes = (items){ left, k };
	return OK;
}

/* Moves under way that concern the unit; mine: the next word is this office's. */
enum rc card_moves(struct ctx *c, const void *in, void *out_)
{
	struct waiting_view *out = out_;

	(void)in;
	TRY(query(c, "school/moves_waiting", &waiting_in_shape, &(struct waiting_in){ c->here.org.v }, &waiting_row_shape,
		&out->moves, 12));
	out->n = out->moves.n;
	return out->n ? OK : E_MISSING;
}
