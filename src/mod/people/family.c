/* family.c -- what a family sees: the children of a guardian, a pupil's own record; and who looked at a record. */
#include "mod/people/people_rules.h"

#define ROW struct child_view
static const struct shape child_shape = { sizeof(ROW), FIELDS{ { COL(id) },
	{ COL(name), .label = { "Họ và tên", "Name" } }, { COL(born), .label = { "Ngày sinh", "Born" } }, { COL(school) },
	{ COL(class_id) }, { COL(class_name) },
	{ COL(absences) }, { COL(called) }, { COL(absent) }, { COL(free) }, END } };
#undef ROW
#define ROW struct children_view
const struct shape children_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) },
	{ MANY(children, child_shape) }, END } };
#undef ROW

/* No roll is called on a day off. */
static void nobody_called(const struct ctx *c, const items *children)
{
	for (int64_t i = 0; i < children->n; i++) {
		struct child_view *v = (struct child_view *)(uintptr_t)children->p + i;
		v->free = day_off(c->today) && !v->called && !v->absent;
	}
}

enum rc family_children(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Con của tôi", "My children" };
	struct children_view *out = out_;

	(void)in;
	out->title = say(c, &title);
	TRY(query(c, "people/children", NULL, NULL, &child_shape, &out->children, 20));
	out->none = out->children.n == 0;
	nobody_called(c, &out->children);
	return OK;
}

enum rc family_me(struct ctx *c, const void *in, void *out)
{
	(void)in, (void)out;
	if (c->who->person.v == 0)
		return E_MISSING;
	c->go = link_to(c, "/person/%lld", (long long)c->who->person.v);
	return OK;
}

/* ---- cards of the first page --------------------------------------------------------------------------- */

enum rc card_children(struct ctx *c, const void *in, void *out) { return family_children(c, in, out); }

/* A pupil's own class and attendance: the children query over oneself. */
enum rc card_me(struct ctx *c, const void *in, void *out_)
{
	struct children_view *out = out_;

	(void)in;
	TRY(query(c, "people/myself", NULL, NULL, &child_shape, &out->children, 1));
	nobody_called(c, &out->children);
	return out->children.n ? OK : E_MISSING;
}

#define ROW struct count_in
static const struct shape count_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, END } };
#undef ROW
#define ROW struct open_pairs
static const struct shape open_pairs_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(no_id) }, END } };
#undef ROW

enum rc card_records(struct ctx *c, const void *in, void *out_)
{
	struct open_pairs *out = out_;

	(void)in;
	TRY(query_one(c, "people/records_open", &count_in_shape, &(struct count_in){ c->here.org.v }, &open_pairs_shape,
		out));
	return out->n || out->no_id ? OK : E_MISSING;
}

static const struct grant pupils[] = { { &pupil, &own, READ }, { 0 } }, parents[] = { { &parent, &own_child, READ },
	{ 0 } },
                          pairs[] = { { &clerk, &at_org, READ }, { &dept_officer, &in_tree, READ }, { 0 } },
                          offices[] = { { &clerk, &at_org, UPDATE }, { &dept_officer, &in_tree, UPDATE }, { 0 } };
static bool may_be_undone(struct ctx *c, const void *row)
{
	(void)c;
	return !((const struct person_merge *)row)->undone;
}

const struct card people_cards[] = {
	{ "children", { "Con của tôi", "My children" }, parents, &children_shape, card_children, "people/card_children" },
	{ "me", { "Lớp của em", "My class" }, pupils, &children_shape, card_me, "people/card_children" },
	{ "records", { "Hồ sơ cần xem", "Records to look at" }, GRANTS{ { &clerk, &at_org, READ }, { 0 } },
		&open_pairs_shape, card_records, "people/card_records" }, END };
const struct route people_routes[] = {
	{ "GET",  "/children", parents, NULL, &children_shape, family_children, "people/children",
		{ .sql = 6, .ms = 30, .kb = 40 }, { "Con của tôi", "My children" } },
	{ "GET",  "/me", pupils, NULL, NULL, family_me, NULL, { .sql = 4, .ms = 10, .kb = 4 },
		{ "Hồ sơ của tôi", "My record" } },
	{ "GET",  "/person/{person}/seen", person_seers, &seen_in_shape, &seen_shape, person_seen, "people/seen",
		{ .sql = 8, .ms = 60, .kb = 80 }, { "Ai đã xem hồ sơ", "Who looked" }, .stands = person_is_theirs },
	{ "GET",  "/person/{person}/merge", pairs, &merge_with_in, NULL, person_merge_with, NULL,
		{ .sql = 6, .ms = 20, .kb = 4 }, { "Gộp với hồ sơ khác…", "Merge with another record…" } },
	{ "GET",  "/person_pair/{pair}/compare", pairs, &compare_in_shape, &compare_shape, pair_compare, "people/compare",
		{ .sql = 12, .ms = 40, .kb = 40 }, { "So hai hồ sơ", "Compare" } },
	{ "GET",  "/person_merge/{merge}/undo", offices, &merge_in_shape, &undo_shape, merge_undo_page, "people/undo",
		{ .sql = 8, .ms = 30, .kb = 40 }, { "Hoàn tác hợp nhất", "Undo a merge" },
		.stands = may_be_undone },
	{ "POST", "/person/{person}/copy", person_seers, &subject_in_shape, NULL, person_copy, NULL,
		{ .sql = 12, .ms = 60, .kb = 8 }, { "Gom mọi dữ liệu", "Gather everything" } },
	{ "POST", "/person/{person}/erase", person_heads, &subject_in_shape, NULL, person_erase, NULL,
		{ .sql = 200, .ms = 400, .kb = 8 }, { "Xóa dữ liệu không buộc giữ", "Erase" } },
	{ "POST", "/person_merge/{merge}/undo", offices, &merge_in_shape, NULL, merge_undo, NULL,
		{ .sql = 800, .ms = 800, .kb = 8 }, { "Hoàn tác hợp nhất", "Undo a merge" } }, END };
