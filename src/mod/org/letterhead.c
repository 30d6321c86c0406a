/* letterhead.c -- see org.h. */
#include "mod/org/org.h"

struct letterhead_in { org_id unit; };
struct letterhead_row { str above, name, place, head; };
#define ROW struct letterhead_in
static const struct shape in_shape = { sizeof(ROW), FIELDS{ { REF(unit, org) }, END } };
#undef ROW
#define ROW struct letterhead_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { COL(above) }, { COL(name) }, { COL(place) },
	{ COL(head) }, END } };
#undef ROW
#define ROW struct letterhead
const struct shape letterhead_shape = { sizeof(ROW), FIELDS{ { COL(above) }, { COL(issuer) }, { COL(number) },
	{ COL(dated) }, { COL(head) }, END } };
#undef ROW

enum rc org_letterhead(struct ctx *c, org_id of, items *ret_one)
{
	struct letterhead *h = NEW(c->mem, struct letterhead);
	struct letterhead_in in = { of };
	struct letterhead_row r;
	struct ymd d = day_ymd(c->today);
	enum rc rc = query_one(c, "org/letterhead", &in_shape, &in, &row_shape, &r);

	*ret_one = (items){ h, 1 };
	if (rc == E_MISSING)
		return OK;                               /* the installation itself has no unit                        */
	TRY(rc);
	h->above = r.above;
	h->issuer = r.name;
	h->head = r.head;
	/* a nought before days under ten and before January and February (NĐ 30/2020/NĐ-CP, Phụ lục I, II.4) */
	h->dated = TEXT(c, "%.*s%sngày %02d tháng %s%d năm %d", FMT(r.place), r.place.n ? ", " : "", d.d,
		d.m < 3 ? "0" : "", d.m, d.y);
	return OK;
}
