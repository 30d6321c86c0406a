/* carried.c -- see carried.h. */
#include "mod/records/carried.h"
#include "mod/records/rating.h"

#define ROW struct carried_row
static const struct shape carried_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(pupil) }, { COL(subject) },
	{ COL(term), .pick = mark_terms }, { COL(cells) }, { COL(remark) }, { COL(class_name) }, { COL(school) },
	{ COL(own) }, END } };
#undef ROW
#define ROW struct carried_conduct
const struct shape carried_conduct_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(term), .pick = rating_terms },
	{ COL(level) }, { COL(summer) }, { COL(qualities) }, END } };
#undef ROW
enum { CARRIED_MAX = 60000 };

enum rc carried_marks(struct ctx *c, const struct book_in *in, items *ret)
{
	return query(c, in->class ? "records/carried" : "records/carried_of_school", &book_in_shape, in, &carried_shape,
		ret, CARRIED_MAX);
}

const struct carried_row *carried_into(const items *rows, int64_t class, int64_t pupil_, int64_t subject_, pick term_,
	const struct cell_layout *l, int32_t *cells, bool *old)
{
	const struct carried_row *last = NULL;
	int32_t were[SLOTS];

	for (int64_t i = rows->n; i-- > 0; ) {
		const struct carried_row *r = (const struct carried_row *)rows->p + i;
		if (r->pupil != pupil_ || r->subject != subject_ || r->term != term_ || r->class != class)
			continue;
		cells_read(l, r->cells, were);
		for (int k = 0; k < l->n; k++) {
			if (cells[k] != CELL_EMPTY || were[k] == CELL_EMPTY)
				continue;
			cells[k] = were[k];
			last = last ? last : r;
			if (old)
				old[k] = true;
		}
	}
	return last;
}

str carried_from(struct ctx *c, const struct carried_row *r)
{
	static const struct tr from = { "từ lớp {1}", "from class {1}" },
		away = { "từ lớp {1}, {2}", "from class {1}, {2}" };

	return !r ? (str){ 0 } : r->school.n ? sayf(c, &away, ARGS(r->class_name, r->school))
		: sayf(c, &from, ARGS(r->class_name));
}
