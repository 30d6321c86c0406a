/* doctor_db.c -- see doctor.h: the database and what stands in it. */
#include "app/doctor.h"
#include "app/backup/depot.h"
#include "app/modules.h"
#include "base/calendar.h"
#include "core/migrate.h"
#include "core/replica.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct tr
	MSG_no_db = { "Không mở được cơ sở dữ liệu {1}: {2}", "Cannot open the database {1}: {2}" },
	MSG_none = { "Chưa có cơ sở dữ liệu {1}. Tạo: khue init", "There is no database {1} yet. Create it: khue init" },
	MSG_schema = { "Lược đồ đúng phiên bản này.", "The schema is this version's." },
	MSG_pending = { "Còn {1} bước di trú chưa chạy. Chạy: khue migrate",
		"{1} migrations have not run. Run: khue migrate" },
	MSG_misfit = { "Cơ sở dữ liệu không hợp với chương trình: {1}", "The database does not fit the program: {1}" },
	MSG_page = { "Tệp SQLite nguyên vẹn.", "The SQLite file is whole." },
	MSG_page_bad = { "Tệp SQLite hỏng: {1}. Dừng máy chủ và khôi phục từ bản sao lưu.",
		"The SQLite file is damaged: {1}. Stop the server and restore a backup." },
	MSG_wal = { "SQLite phải ở chế độ WAL, đang là {1}.", "SQLite must be in WAL mode, it is {1}." },
	MSG_pg = { "PostgreSQL ghi bền: {1} = {2}.", "PostgreSQL writes durably: {1} = {2}." },
	MSG_pg_bad = { "PostgreSQL: {1} = {2}; phải là {3}, nếu không thì mất điện là mất dữ liệu đã báo thành công.",
	               "PostgreSQL: {1} = {2}; it must be {3}, or a power cut loses what was acknowledged." },
	MSG_sums =
	{ "PostgreSQL không có tổng kiểm trang (data_checksums): đĩa hỏng sẽ không bị phát hiện. Bật: pg_checksums "
		"--enable khi máy chủ dừng.",
	             "PostgreSQL has no page checksums (data_checksums): a failing disk goes unnoticed. Turn on: "
		"pg_checksums --enable while it is stopped." },
	MSG_super = { "Khuê nối vào PostgreSQL với quyền siêu người dùng; hãy dùng một vai trò thường.",
		"Khuê connects to PostgreSQL as a superuser; use an ordinary role." },
	MSG_clock = { "Đồng hồ của PostgreSQL lệch {1} giây.", "PostgreSQL's clock differs by {1} s." },
	MSG_chain = { "Đầu chuỗi nhật ký của {1} đơn vị khớp.", "The ends of the history's chains fit, {1} of them." },
	MSG_chain_bad = { "Đầu chuỗi nhật ký của {1} đơn vị không khớp. Chạy: khue check --audit",
		"{1} ends of the history's chains do not fit. Run: khue check --audit" },
	MSG_future = { "Nhật ký có dòng ở tương lai: đồng hồ máy đã bị lùi.",
		"The history has a line in the future: the clock was set back." },
	MSG_failed = { "{1} việc nền thất bại trong 7 ngày. Xem trang Công việc.",
		"{1} jobs failed within 7 days. See the page of jobs." },
	MSG_late = { "Việc nền chậm {1} phút: máy chủ có đang chạy không?",
		"Jobs are {1} minutes late: is the server running?" },
	MSG_jobs = { "Việc nền chạy đúng hẹn.", "Jobs run on time." },
	MSG_stale = { "Chỉ mục tìm kiếm là của phiên bản cũ; máy chủ sẽ tự viết lại. Viết lại ngay: khue search rebuild",
		"The search lines are an older version's; the server renews them by itself. At once: khue search rebuild" },
	MSG_letters = { "{1} thư không gửi được.", "{1} letters could not be sent." },
	MSG_standby = { "Bản dự phòng để đọc đi theo, còn thiếu {1} kB.", "The standby for reads follows, {1} kB behind." },
	MSG_standby_far = { "Bản dự phòng để đọc chậm {1} kB: các trang đọc từ máy chính.",
		"The standby for reads is {1} kB behind: pages are read from the primary." },
	MSG_standby_away = { "Bản dự phòng để đọc {1} không dùng được: {2}. Các trang đọc từ máy chính.",
		"The standby for reads {1} cannot be used: {2}. Pages are read from the primary." },
	MSG_operator = { "Chưa có người quản trị. Tạo: khue user add TÊN --role operator",
		"There is no operator. Create one: khue user add LOGIN --role operator" };

static int64_t ask(struct doctor *d, const char *sql, const struct val *args, int n)
{
	int64_t v = -1;
	return db_int(d->app.db, sql, args, n, &v) == OK ? v : -1;
}

static str ask_text(struct doctor *d, const char *sql)
{
	struct rows r;
	str s = S("");
	if (db_query(d->app.db, sql, NULL, 0, &r) != OK)
		return s;
	if (rows_next(&r))
		s = str_copy(d->c->mem, rows_text(&r, 0));
	rows_end(&r);
	return s;
}

/* ---- the engines ------------------------------------------------------------------------------------------ */

static void sqlite(struct doctor *d)
{
	str mode = ask_text(d, "PRAGMA journal_mode"), whole = ask_text(d, "PRAGMA quick_check(1)");
	if (!str_is(mode, "wal"))
		TELLF(d, "wal", WRONG, &MSG_wal, mode);
	if (str_is(whole, "ok"))
		TELL(d, "pages", FINE, &MSG_page);
	else
		TELLF(d, "pages", WRONG, &MSG_page_bad, whole.n ? whole : str_of(db_why(d->app.db)));
}

static void must_be(struct doctor *d, const char *name, const char *sql, const char *const *good)
{
	str is = ask_text(d, sql);
	for (int i = 0; good[i]; i++) {
		if (str_is(is, good[i])) {
			TELLF(d, name, FINE, &MSG_pg, str_of(name), is);
			return;
		}
	}
	TELLF(d, name, WRONG, &MSG_pg_bad, str_of(name), is, str_of(good[0]));
}

static void postgres(struct doctor *d)
{
	static const char *const on[] = { "on", NULL }, *const commit[] = { "on", "remote_apply", "remote_write", NULL };
	must_be(d, "fsync", "SHOW fsync", on);
	must_be(d, "synchronous_commit", "SHOW synchronous_commit", commit);
	must_be(d, "full_page_writes", "SHOW full_page_writes", on);
	if (!str_is(ask_text(d, "SHOW data_checksums"), "on"))
		TELL(d, "data_checksums", WARN, &MSG_sums);
	if (str_is(ask_text(d, "SHOW is_superuser"), "on"))
		TELL(d, "role", WARN, &MSG_super);
	int64_t there = ask(d, "SELECT floor(extract(epoch FROM clock_timestamp()))::bigint", NULL, 0),
		here = instant_now().v / 1000;
	if (llabs(there - here) > 2)
		TELLF(d, "database_clock", WARN, &MSG_clock, doctor_number(d, llabs(there - here)));
}

static void standby(struct doctor *d)
{
	struct db *at = NULL;
	char why[256] = "";
	int64_t behind = 0;

	if (!d->c->read)
		return;
	if (db_open(&at, d->c->read, DB_READ_ONLY | DB_STANDBY, why) != OK ||
		replica_look(d->app.db, at, &behind, why) != OK)
		TELLF(d, "db_read", WARN, &MSG_standby_away, cli_address(d->c, d->c->read), str_of(why));
	else if (behind > 16 << 20)
		TELLF(d, "db_read", WARN, &MSG_standby_far, doctor_number(d, behind / 1024));
	else
		TELLF(d, "db_read", FINE, &MSG_standby, doctor_number(d, behind / 1024));
	db_close(at);
}

/* ---- what stands in it -------------------------------------------------------------------------------------- */

static bool schema(struct doctor *d)
{
	const struct migration *list;
	char why[256] = "";
	int pending = 0, n = migrations_embedded(d->c->mem, d->app.registry, &list);
	if (migrate_pending(d->app.db, d->c->mem, list, n, &pending, why) != OK)
		TELLF(d, "schema", WRONG, &MSG_misfit, str_of(*why ? why : db_why(d->app.db)));
	else if (pending)
		TELLF(d, "schema", WRONG, &MSG_pending, doctor_number(d, pending));
	else
		TELL(d, "schema", FINE, &MSG_schema);
	return pending == 0 && !*why;
}

static void history(struct doctor *d)
{
	int64_t bad = ask(d, "SELECT count(*) FROM audit_head h LEFT JOIN audit a ON a.org = h.org AND a.seq = h.seq "
		"WHERE a.seq IS NULL OR a.hash <> h.hash OR EXISTS (SELECT 1 FROM audit b WHERE b.org = h.org AND b.seq = "
			"h.seq + 1)", NULL, 0);
	int64_t all = ask(d, "SELECT count(*) FROM audit_head", NULL, 0);
	int64_t future = ask(d, "SELECT count(*) FROM audit WHERE at > ?1", VALS(v_int(instant_now().v + 60000)));
	if (bad)
		TELLF(d, "history", WRONG, &MSG_chain_bad, doctor_number(d, bad));
	else
		TELLF(d, "history", FINE, &MSG_chain, doctor_number(d, all));
	if (future > 0)
		TELL(d, "history_clock", WARN, &MSG_future);
}

static void queues(struct doctor *d)
{
	int64_t now = instant_now().v;
	int64_t failed = ask(d, "SELECT count(*) FROM job WHERE state = 'failed' AND made > ?1",
		VALS(v_int(now - INT64_C(7) * 86400000)));
	int64_t due = ask(d, "SELECT coalesce(min(due), 0) FROM job WHERE state = 'queued'", NULL, 0), late = due > 0
		? (now - due) / 60000 : 0;
	int64_t letters = ask(d, "SELECT count(*) FROM outbox WHERE sent = 0 AND tries >= 5", NULL, 0);
	if (failed > 0)
		TELLF(d, "jobs_failed", WARN, &MSG_failed, doctor_number(d, failed));
	if (late > 10)
		TELLF(d, "jobs", WRONG, &MSG_late, doctor_number(d, late));
	else
		TELL(d, "jobs", FINE, &MSG_jobs);
	if (ask(d, "SELECT count(*) FROM search_stale", NULL, 0) > 0)
		TELL(d, "search", WARN, &MSG_stale);
	if (letters > 0)
		TELLF(d, "letters", WARN, &MSG_letters, doctor_number(d, letters));
	if (ask(d, "SELECT count(*) FROM seat WHERE role = 'operator' AND gone = 0", NULL, 0) == 0)
		TELL(d, "operator", WARN, &MSG_operator);
}

static bool open_it(struct doctor *d)
{
	char why[256] = "";
	if (strncmp(d->c->where, "postgres", 8) != 0 && access(d->c->where, F_OK) != 0) {
		TELLF(d, "database", WRONG, &MSG_none, str_of(d->c->where));
		return false;
	}
	d->app.registry = registry_new(all_modules, why);
	if (d->app.registry && db_open(&d->app.db, d->c->where, DB_READ_ONLY | DB_BULK, why) == OK)
		return true;
	TELLF(d, "database", WRONG, &MSG_no_db, cli_address(d->c, d->c->where), str_of(why));
	return false;
}

void doctor_db(struct doctor *d)
{
	if (open_it(d)) {
		if (db_kind(d->app.db) == DB_SQLITE)
			sqlite(d);
		else
			postgres(d), standby(d);
		if (schema(d)) {
			history(d);
			queues(d);
			doctor_channels(d);
		}
	}
	boot_end(&d->app);
}
