/* take.c -- people leave in a filled workbook as in any export: stamped, and many of them only when a second person
 * agreed to the same list within a week (core/stamp.h, mod/auth/takeout.c). */
#include "mod/excel/excel_in.h"
#include "core/export.h"

enum { GOOD_MS = 7 * 86400000, GROWN_PARTS = 10 /* of what was agreed to, at most: as takeout.c has it */ };

/* The list that would say as much as the workbook does. */
static const struct { const char *list, *ask; } lists[KINDS] = { [KIND_PUPILS] = { "person", "pupil=1" },
	[KIND_STAFF] = { "person", "staff=1" }, [KIND_YEAR] = { "person", "pupil=1" }, [KIND_TEACHING] = { "teaching",
		"" } };

struct agreed_in { int64_t school; str list, ask; instant since; };
#define ROW struct agreed_in
static const struct shape agreed_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(list), .max = 100 },
	{ COL(ask), .max = 100 }, { COL(since) }, END } };
#undef ROW

enum rc take_out(struct opened *o, int64_t people, bool *ret_may)
{
	struct ctx *c = o->c;
	const char *list = lists[o->kind].list, *ask = lists[o->kind].ask;
	struct agreed_in in = { c->here.org.v, str_of(list), str_of(ask), { c->now.v - GOOD_MS } };
	int64_t rows = 0;

	o->stamp = stamp_make(c, 0);
	*ret_may = people <= TAKE_ALONE;
	if (*ret_may)
		return OK;
	TRY(query_int(c, "excel/agreed", &agreed_shape, &in, &rows));
	*ret_may = people <= rows + rows / GROWN_PARTS;
	if (*ret_may)
		return OK;
	struct buf b;
	buf_init(&b, c->mem, 1000);
	put_url(&b, str_of(ask));
	o->must_ask = link_to(c, EXPORT_ASK "?list=%s&format=xlsx&every=1&ask=%.*s", list, FMT(buf_str(&b)));
	return OK;
}

/* "c1.xlsx" -> "c1-KX-….xlsx"; the code of an earlier fill gives way to the new one. */
str stamped_name(struct ctx *c, str name, const struct stamp *stamp)
{
	enum { CODE = 17 /* -KX-0000-0000-000 */ };
	str stem = str_ends(str_lower(c->mem, name), S(".xlsx")) ? str_sub(name, 0, name.n - 5) : name;

	if (stem.n > CODE && str_starts(str_sub(stem, stem.n - CODE, -1), S("-KX-")))
		stem = str_sub(stem, 0, stem.n - CODE);
	return TEXT(c, "%.*s-%.*s.xlsx", FMT(stem), FMT(stamp->code));
}
