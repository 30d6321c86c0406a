/* reorganisation.c -- reorganisations declared, and every address of the module beyond the default pages. Rules:
 * change.c. */
#include "mod/org/change.h"
#include "mod/org/units.h"

const struct choice change_kinds[] = { [CHANGE_MERGE] = { "merge", { "Sáp nhập", "Merge" } },
	[CHANGE_SPLIT] = { "split", { "Chia tách", "Split" } },
	[CHANGE_RENAME] = { "rename", { "Đổi tên", "Rename" } },
	[CHANGE_MOVE] = { "move", { "Chuyển đơn vị quản lý", "Move under another unit" } },
	[CHANGE_CLOSE] = { "close", { "Giải thể", "Close" } }, [CHANGE_DROP_TIER] = { "drop_tier",
		{ "Bỏ một cấp trung gian", "Drop a tier" } }, END };
static const struct choice change_states[] = { [CHANGE_DRAFT] = { "draft", { "Dự thảo", "Draft" }, INITIAL },
	[CHANGE_APPROVED] = { "approved", { "Đã duyệt", "Approved" }, LOCKED },
	[CHANGE_APPLIED] = { "applied", { "Đã thực hiện", "Applied" }, FINAL | LOCKED },
	[CHANGE_CANCELLED] = { "cancelled", { "Đã hủy", "Cancelled" }, FINAL | LOCKED }, END };
static const struct grant officers[] = { { &dept_officer, &in_tree }, { 0 } },
	leaders[] = { { &dept_leader, &in_tree }, { 0 } };

#define ROW struct org_change
const struct entity org_change = { .name = "org_change", .label = { "Sáp nhập, chia tách", "Reorganisation" },
	.size = sizeof(ROW), .rows = 100, .keeps = HISTORY | FILES | COMMENTS, .icon = "git-merge",
	.fields = FIELDS{
		{ COL(kind),          .label = { "Hình thức", "Kind" }, .is = NEEDED | FIXED | FILTER, .pick = change_kinds },
		{ REF(subject, org),  .label = { "Đơn vị thay đổi", "Unit that changes" },
			.is = NEEDED | FIXED | FILTER | LIVING },
		{ REF(target, org),   .label = { "Đơn vị tiếp nhận, quản lý mới", "Receiving unit" },
			.is = FILTER | LIVING },
		{ COL(new_name),      .label = { "Tên mới", "New name" }, .max = 200, .check = change_name_ok },
		{ COL(decision),      .label = { "Số quyết định", "Decision no." }, .is = SEARCH, .max = 60 },
		{ COL(decided),       .label = { "Ngày quyết định", "Decided on" }, .check = change_decided_ok },
		{ COL(effective),     .label = { "Ngày hiệu lực", "Effective from" }, .is = NEEDED | FILTER },
		{ COL(note),          .label = { "Ghi chú", "Note" }, .is = LONG, .max = 2000 },
		{ COL(applied),       .label = { "Thực hiện lúc", "Applied at" }, .is = DERIVED },
		{ COL(state),         .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = change_states },
		END },
	.title = { AT(kind), AT(subject) }, .list = { AT(subject), AT(kind), AT(target), AT(effective), AT(state) },
	.sort = { AT(effective) },
	.check = change_makes_sense,
	.flow = { AT(state), STEPS{
		{ "approve", { "Duyệt", "Approve" }, 1 << CHANGE_DRAFT, CHANGE_APPROVED, leaders,
			.guard = change_may_be_approved, .tell = &dept_officer },
		{ "reopen", { "Sửa lại", "Reopen" }, 1 << CHANGE_APPROVED, CHANGE_DRAFT, leaders },
		{ "apply", { "Thực hiện", "Apply" }, 1 << CHANGE_APPROVED, CHANGE_APPLIED, officers,
			.guard = change_may_be_applied,
			.effect = change_apply },
		{ "cancel", { "Hủy", "Cancel" }, 1 << CHANGE_DRAFT | 1 << CHANGE_APPROVED, CHANGE_CANCELLED, officers },
		END } },
	.grants = GRANTS{ { &dept_officer, &in_tree, READ | CREATE | UPDATE | EXPORT },
		{ &dept_leader, &in_tree, READ | EXPORT }, { &dept_inspector, &in_tree, READ }, { 0 } } };
#undef ROW
#define ROW struct org_change_part
const struct entity org_change_part = { .name = "org_change_part", .label = { "Đơn vị tham gia", "Unit concerned" },
	.size = sizeof(ROW), .rows = 1000, .keeps = HISTORY, .icon = "building",
	.fields = FIELDS{
		{ REF(change, org_change), .label = { "Quyết định", "Reorganisation" }, .is = NEEDED | FIXED | FILTER },
		{ REF(part, org),          .label = { "Đơn vị đã có", "Existing unit" }, .is = LIVING },
		{ COL(new_name),           .label = { "hoặc tên đơn vị mới", "or name of a new unit" }, .max = 200,
			.check = change_part_name_ok }, END },
	.title = { AT(part), AT(new_name) }, .list = { AT(change), AT(part), AT(new_name) }, .sort = { AT(new_name) },
	.check = change_part_makes_sense,
	.grants = GRANTS{ { &dept_officer, &in_tree, READ | CREATE | UPDATE | RETIRE }, { &dept_leader, &in_tree, READ },
		{ &dept_inspector, &in_tree, READ }, { 0 } } };
#undef ROW

#define ROW struct due_row
static const struct shape due_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(kind), .pick = change_kinds },
	{ COL(subject) }, { COL(target) }, { COL(effective) }, { COL(state), .pick = change_states }, END } };
#undef ROW
#define ROW struct due_view
static const struct shape due_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { MANY(changes, due_row_shape) }, END } };
#undef ROW

static enum rc card_changes(struct ctx *c, const void *in, void *out_)
{
	struct due_view *out = out_;

	(void)in;
	TRY(query(c, "org/changes_due", NULL, NULL, &due_row_shape, &out->changes, 10));
	out->n = out->changes.n;
	return out->n ? OK : E_MISSING;
}

static const struct grant previewers[] = { { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { 0 } };
const struct route org_routes[] = {
	{ "GET", "/dia-danh", for_anyone, &convert_shape, &convert_view, unit_convert, "org/convert",
		{ .sql = 6, .ms = 30, .kb = 40 }, { "Đổi địa danh cũ sang mới", "Old place names to new" }, .lags = true },
	{ "GET", "/org_change/{change}/preview", previewers, &preview_in_shape, &preview_shape, change_preview,
		"org/preview", { .sql = 30, .ms = 60, .kb = 60 },
		{ "Xem trước", "Preview" } }, END };
const struct card org_cards[] = { { "changes", { "Sáp nhập, chia tách sắp tới", "Coming reorganisations" },
	previewers, &due_shape, card_changes, "org/card_changes" }, END };
