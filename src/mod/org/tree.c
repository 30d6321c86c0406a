/* tree.c -- who stands under whom, on every day: the links, and their closure that scopes read. */
#include "mod/org/org_rules.h"

static const struct tr
MSG_circle = { "Thay đổi này làm đơn vị trực thuộc chính đơn vị dưới quyền mình.",
	"This change would put a unit under one of its own." };

#define ROW struct tree_edge
const struct shape tree_edge_shape = { sizeof(ROW), FIELDS{ { REF(child, org) }, { REF(parent, org) }, { COL(since) },
	{ COL(until) }, END } };
#undef ROW

enum rc org_join_tree(struct ctx *c, org_id child, org_id under, day since)
{
	struct tree_edge in = { child, under, since, TREE_FOREVER };

	TRY(execute(c, "org/join_self", &tree_edge_shape, &in, NULL));
	return under.v ? execute(c, "org/join_under", &tree_edge_shape, &in, NULL) : OK;
}

enum rc org_rebuild_tree(struct ctx *c)
{
	struct tree_edge in = { .since = TREE_BEGINNING, .until = TREE_FOREVER };
	int64_t circles = 0;

	TRY(query_int(c, "org/circles", &tree_edge_shape, &in, &circles));
	if (circles)
		return FAIL(c, E_STATE, 0, &MSG_circle);
	TRY(execute(c, "org/clear_tree", NULL, NULL, NULL));
	return execute(c, "org/build_tree", &tree_edge_shape, &in, NULL);
}
