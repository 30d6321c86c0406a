/* away.c -- who was absent more often than a pupil may be who goes up: nothing else decides of them
 * (TT 22/2021 Điều 12, TT 58/2011 Điều 15). */
#include "mod/records/away.h"
#include "mod/records/scheme.h"

enum { AWAY_MAX = 20000 };
struct away_in { int64_t school, year, class, most; };
#define ROW struct away_in
static const struct shape away_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) }, { COL(class) },
	{ COL(most) }, END } };
#undef ROW
struct away_row { int64_t class; pick grade; int64_t pupil, n; };
#define ROW struct away_row
static const struct shape away_row_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(grade), .pick = grades },
	{ COL(pupil) }, { COL(n) }, END } };
#undef ROW

static int most_of(struct ctx *c, int grade, int64_t year)
{
	const struct scheme *s = scheme_for(schemes(c), grade, (int)year);

	return s ? scheme_absences(s) : 0;
}

enum rc away_find(struct ctx *c, const struct book_in *in, int64_t year, struct away *ret)
{
	struct away_in ask = { in->school, in->year, in->class, 0 };
	items got;

	*ret = (struct away){ 0 };
	for (int g = 0; g < GRADES; g++) {
		int most = most_of(c, g, year);
		ask.most = most && (!ask.most || most < ask.most) ? most : ask.most;
	}
	if (!ask.most)
		return OK;
	TRY(query(c, "records/away", &away_in_shape, &ask, &away_row_shape, &got, AWAY_MAX));
	struct away_one *v = NEWS(c->mem, struct away_one, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct away_row *r = (const struct away_row *)got.p + i;
		int most = most_of(c, r->grade, year);
		if (most && r->n > most)
			v[ret->n++] = (struct away_one){ r->class, r->pupil, most };
	}
	ret->who = v;
	return OK;
}

bool is_away(const struct away *a, int64_t class, int64_t pupil_)
{
	for (int64_t i = 0; i < a->n; i++)
		if (a->who[i].class == class && a->who[i].pupil == pupil_)
			return true;
	return false;
}
