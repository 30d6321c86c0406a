/* reach.c -- how far the contact book reaches, school by school, measured over the last 30 days.
 *
 * Two targets of the sector's plans: schools that use an electronic contact book, and parents who interact. A parent
 * reads who marked a notice or a conversation as read or answered in it; a parent interacts who wrote a message or
 * asked for leave; both count among guardians on record that are not barred, each once a school. A school uses the
 * book when half of its guardians read. */
#include "mod/contact/contact_in.h"

enum { DAYS = 30, SCHOOLS = 1000, USES_PERCENT = 50 };

struct reach_row { int64_t id; str name; int64_t guardians, accounts, readers, actors; };
#define ROW struct reach_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(guardians) },
	{ COL(accounts) }, { COL(readers) }, { COL(actors) }, END } };
#undef ROW
struct reach_line { int64_t id; str name, guardians, accounts, readers, actors; bool uses; };
#define ROW struct reach_line
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name), .label = { "Trường",
	"School" } },
	{ COL(guardians) }, { COL(accounts) }, { COL(readers) }, { COL(actors) }, { COL(uses) }, END } };
#undef ROW
struct reach_view { str title, schools_using, schools, readers, actors, guardians, accounts; bool none; items lines; };
#define ROW struct reach_view
const struct shape reach_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(schools_using) }, { COL(schools) },
	{ COL(readers) }, { COL(actors) }, { COL(guardians) }, { COL(accounts) }, { COL(none) },
	{ MANY(lines, line_shape) }, END } };
#undef ROW

static str part(struct ctx *c, int64_t n, int64_t of)
{
	int64_t tenths = of ? (n * 1000 + of / 2) / of : 0;

	return TEXT(c, "%.*s (%lld,%lld%%)", FMT(int_text(c->mem, n)), (long long)(tenths / 10), (long long)(tenths % 10));
}

enum rc reach_page(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Mức dùng sổ liên lạc", "Use of the contact book" };
	struct reach_view *out = out_;
	struct reach_row all = { 0 };
	int64_t using = 0;
	items got;

	(void)in;
	TRY(query(c, "contact/reach", &key_shape, &(struct key_in){ .school = c->here.org,
		.after = c->now.v - (int64_t)DAYS * 86400000 }, &row_shape, &got, SCHOOLS));
	struct reach_line *lines = NEWS(c->mem, struct reach_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct reach_row *r = (const struct reach_row *)got.p + i;
		bool uses = r->guardians && r->readers * 100 >= r->guardians * USES_PERCENT;
		lines[i] = (struct reach_line){ r->id, r->name, int_text(c->mem, r->guardians),
			part(c, r->accounts, r->guardians), part(c, r->readers, r->guardians), part(c, r->actors, r->guardians),
			uses };
		using += uses;
		all.guardians += r->guardians;
		all.accounts += r->accounts;
		all.readers += r->readers;
		all.actors += r->actors;
	}
	out->title = say(c, &title);
	out->schools_using = part(c, using, got.n);
	out->schools = int_text(c->mem, got.n);
	out->guardians = int_text(c->mem, all.guardians);
	out->accounts = part(c, all.accounts, all.guardians);
	out->readers = part(c, all.readers, all.guardians);
	out->actors = part(c, all.actors, all.guardians);
	out->lines = (items){ lines, got.n };
	out->none = got.n == 0;
	return OK;
}
