/* core_jobs.c -- the jobs of the core itself. */
#include "core/bulk_work.h"
#include "core/checkpoint.h"
#include "core/export.h"
#include "core/files.h"
#include "core/import_work.h"
#include "core/job.h"
#include "core/once.h"
#include "core/replica.h"
#include "core/search.h"
#include "core/work_in.h"

static enum rc sweep_files(struct ctx *c, void *in)
{
	int64_t removed;
	(void)in;
	return files_sweep(c, &removed);
}

static enum rc checkpoint(struct ctx *c, void *in)
{
	int64_t n;
	(void)in;
	return checkpoint_write(c, &n);
}

/* Ended jobs and read notices are kept for 90 days, letters that were sent for 30, idempotency keys for two. */
static enum rc sweep_work(struct ctx *c, void *in)
{
	const int64_t day_ms = 86400000;
	(void)in;
	TRY(db_exec(c->db, "DELETE FROM job WHERE ended > 0 AND ended < ?1", VALS(v_int(c->now.v - 90 * day_ms)), NULL));
	TRY(db_exec(c->db, "DELETE FROM notice WHERE seen > 0 AND seen < ?1", VALS(v_int(c->now.v - 90 * day_ms)), NULL));
	TRY(bulk_sweep(c));
	TRY(once_forget(c, (instant){ c->now.v - 2 * day_ms }, NULL));
	return db_exec(c->db, "DELETE FROM outbox WHERE sent > 0 AND sent < ?1", VALS(v_int(c->now.v - 30 * day_ms)), NULL);
}

const struct job core_jobs[] = {
	{ .name = "import", .label = { "Nhập từ tệp", "Import from a file" }, .limit_s = 3600, .tries = 2,
		.in = &import_in_shape, .run = import_job, .bare = true },
	{ .name = "export", .label = { "Xuất danh sách ra tệp", "Export a list" }, .limit_s = 3600, .tries = 2,
		.in = &export_in_shape, .run = export_job, .bare = true },
	{ .name = "print", .label = { "In hàng loạt", "Print many" }, .limit_s = 3600, .tries = 2,
		.in = &export_in_shape, .run = print_job, .bare = true },
	{ .name = "bulk", .label = { "Làm hàng loạt", "Bulk action" }, .limit_s = 3600, .tries = 3,
		.in = &bulk_in_shape, .run = bulk_job, .bare = true },
	{ .name = "mail", .label = { "Gửi thư điện tử", "Send e-mail" }, .every_s = 60, .limit_s = 1800,
		.run = outbox_send, .bare = true },
	{ .name = "sweep_files", .label = { "Dọn tệp tạm, quét lại tệp chờ", "Sweep files" }, .every_s = 600,
		.limit_s = 600, .run = sweep_files, .bare = true },
	{ .name = "sweep_work", .label = { "Dọn việc đã xong", "Sweep finished jobs" }, .every_s = DAYS(1),
		.at_s = HM(3, 10), .limit_s = 600, .run = sweep_work },
	{ .name = "checkpoint", .label = { "Niêm phong nhật ký", "Seal the history" }, .every_s = 60, .limit_s = 120,
		.run = checkpoint, .bare = true },
	{ .name = "sweep_marks", .label = { "Dọn dấu quyền đã cũ", "Sweep marks of rights" }, .every_s = 60,
		.limit_s = 60, .run = replica_sweep, .bare = true },
	{ .name = "search", .label = { "Viết lại chỉ mục tìm kiếm cũ", "Renew old search lines" }, .every_s = 600,
		.limit_s = 3600, .tries = 3, .run = search_refresh, .bare = true },
	END };
