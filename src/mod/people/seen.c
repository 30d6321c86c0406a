/* seen.c -- who has looked at a person's private data: for the person, the guardian, and the office that keeps the
 * record.
 * Law 91/2025/QH15: whoever the data is about may know who handled it. */
#include "mod/people/people_rules.h"
#include "core/app.h"
#include "core/perm.h"
#include "core/query.h"
#include "core/reads.h"

#define ROW struct seen_in
const struct shape seen_in_shape = { sizeof(ROW), FIELDS{ { REF(person, person), .is = NEEDED,
	.label = { "Hồ sơ", "Record" } }, END } };
#undef ROW
#define ROW struct seen_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { COL(at), .label = { "Lúc", "When" } },
	{ COL(who), .label = { "Người xem", "Who" } },
	{ COL(behalf), .label = { "Do", "In fact" } }, { COL(what), .label = { "Việc", "What" } }, END } };
#undef ROW
#define ROW struct seen_view
const struct shape seen_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(none) }, { COL(can_erase) },
	{ MANY(lines, row_shape) }, END } };
#undef ROW

enum { LINES = 200 };

const struct grant person_seers[] = { { &signed_in, &own, READ }, { &parent, &own_child, READ },
	{ &clerk, &at_org, READ }, { &principal, &at_org, READ }, { 0 } };

bool person_is_theirs(struct ctx *c, const void *row)
{
	return perm_row(c, &person, person_seers, READ, row);
}

static str what_text(struct ctx *c, const struct read_line *l)
{
	static const struct tr opened = { "Mở hồ sơ", "Opened the record" }, listed = { "Xem trong một danh sách",
		"Saw it in a list" },
	                       exported = { "Tải về", "Exported" }, printed = { "In", "Printed" };

	if (str_is(l->verb, "export"))
		return say(c, &exported);
	if (str_is(l->verb, "print"))
		return say(c, &printed);
	return say(c, l->n > 1 ? &listed : &opened);
}

/* Names of the accounts, in one query for the readers and one for those who acted as them. */
static enum rc name_readers(struct ctx *c, const struct read_line *l, int n, struct seen_row *rows)
{
	const struct meta *account = registry_entity(c->app->registry, S("account"));
	int64_t *ids = NEWS(c->mem, int64_t, n + 1);
	str *names = NEWS(c->mem, str, n + 1);

	if (!account)
		return OK;
	for (int i = 0; i < n; i++)
		ids[i] = l[i].user.v;
	TRY(titles_of(c, account->e, ids, n, names));
	for (int i = 0; i < n; i++)
		rows[i].who = names[i];
	for (int i = 0; i < n; i++)
		ids[i] = l[i].impersonator.v;
	TRY(titles_of(c, account->e, ids, n, names));
	for (int i = 0; i < n; i++)
		rows[i].behalf = names[i];
	return OK;
}

enum rc person_seen(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Ai đã xem hồ sơ: {1}", "Who looked at the record: {1}" };
	const struct seen_in *in = in_;
	struct seen_view *out = out_;
	struct person p;
	items got;

	TRY(find(c, &person, in->person.v, &p));
	if (!person_is_theirs(c, &p))
		return E_MISSING;
	TRY(reads_of(c, &person, in->person.v, LINES, &got));
	const struct read_line *l = got.p;
	struct seen_row *rows = NEWS(c->mem, struct seen_row, got.n + 1);
	for (int64_t i = 0; i < got.n; i++)
		rows[i] = (struct seen_row){ .at = l[i].at, .what = what_text(c, &l[i]) };
	TRY(name_readers(c, l, (int)got.n, rows));
	out->title = sayf(c, &title, ARGS(p.name));
	out->id = p.base.id;
	out->can_erase = has_role(c, &principal, p.base.org) && may(c, &person, UPDATE, &p);
	out->lines = (items){ rows, got.n };
	out->none = got.n == 0;
	return OK;
}
