/* cmd_demo.c -- khue demo: a fictional province in an installation of its own. */
#include "app/boot.h"
#include "app/demo/demo.h"
#include "app/backup/depot.h"
#include "base/hash.h"
#include "core/bare.h"
#include "mod/org/units.h"
#include "mod/results/results.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct tr
MSG_size = { "--size: school, district, province hoặc metropolis.",
	"--size: school, district, province or metropolis." },
MSG_used = { "Ở {1} đã có dữ liệu. Chọn thư mục khác, hoặc xóa thư mục ấy trước.",
	"{1} already holds data. Choose another folder, or remove it first." },
MSG_school = { "  {1}/{2} trường", "  {1}/{2} schools" },
MSG_made = { "Tỉnh An Bình (mẫu): {1} xã, {2} trường, {3} lớp, {4} học sinh, {5} phụ huynh, {6} nhân viên.",
	"An Bình province (fictional): {1} communes, {2} schools, {3} classes, {4} pupils, {5} guardians, {6} staff." },
MSG_password = { "\nTài khoản mẫu, cùng mật khẩu: {1}", "\nDemo accounts, all with the password: {1}" },
MSG_number = { "Tra cứu kết quả thi (/tra-cuu), không cần tài khoản: số báo danh ví dụ {1}.",
	"Look up exam results (/tra-cuu) without an account: candidate number {1}, for example." },
MSG_once = { "Mật khẩu chỉ in ra một lần này.", "The password is printed this once." },
MSG_place = { "Không đặt được {1} vào chỗ: {2}", "Cannot put {1} in its place: {2}" },
MSG_failed = { "Không tạo được dữ liệu mẫu. {1}", "The demo could not be made. {1}" };

static const struct { const char *login; struct tr who; } shown[] = {
	{ "giamdoc", { "lãnh đạo Sở", "department leader" } }, { "chuyenvien",
		{ "chuyên viên Sở (dữ liệu)", "department data officer" } },
		{ "vanthu.so", { "văn thư Sở", "department clerk" } },
	{ "thanhtra", { "thanh tra Sở", "department inspector" } },
	{ "canboxa", { "công chức văn hóa – xã hội xã", "commune officer" } },
	{ "hieutruong", { "hiệu trưởng THCS", "principal" } },
	{ "phohieutruong", { "phó hiệu trưởng", "deputy principal" } },
	{ "giaovu", { "giáo vụ – văn thư trường", "school clerk" } },
	{ "tinhoc", { "quản trị tài khoản trường", "school IT officer" } },
	{ "giaovien", { "giáo viên bộ môn", "subject teacher" } },
	{ "chunhiem", { "giáo viên chủ nhiệm", "form teacher" } }, 
	{ "giaovien.th", { "giáo viên tiểu học", "primary teacher" } },
	{ "giaovien.mn", { "giáo viên mầm non", "preschool teacher" } }, { "phuhuynh", { "phụ huynh", "parent" } },
	{ "hocsinh", { "học sinh", "pupil" } }, { "thuvien", { "thư viện", "librarian" } },
	{ "ketoan", { "kế toán", "accountant" } }, { "quantri", { "quản trị hệ thống", "system operator" } },
	{ "kiemtoan", { "kiểm toán nhật ký", "auditor" } }, { "bogddt", { "Bộ GD&ĐT", "Ministry" } },
	{ "truongphong", { "lãnh đạo Phòng GD&ĐT cũ", "former bureau" } } };

static void tell(void *arg, int64_t done, int64_t of)
{
	struct cli *c = arg;
	if (done % 50 == 0 || (of < 50 && done == of))
		SAYF(c, &MSG_school, str_fmt(c->mem, "%lld", (long long)done), str_fmt(c->mem, "%lld", (long long)of));
}

/* Two syllables and four digits: easy to copy from a terminal, drawn by the system unless a test fixes it. */
static str password_for(struct cli *c, const char *given)
{
	static const char *const a[] = { "hoa", "sao", "song", "nui", "mua", "nang", "gio", "may" },
		*const b[] = { "sen", "mai", "xanh", "cao", "he", "vang", "nhe", "bay" };
	uint8_t r[4];

	if (given)
		return str_of(given);
	random_bytes(r, sizeof r);
	return str_fmt(c->mem, "%s-%s-%04d", a[r[0] & 7], b[r[1] & 7], (r[2] << 8 | r[3]) % 10000);
}

static enum rc fill(struct ctx *x, const struct demo_ask *ask, struct demo_count *n, struct cli *c)
{
	struct bare bare;

	TRY(bare_lists(&bare, x->db, c->mem));
	TRY(org_load_facts(x));
	TRY(demo_make(x, ask, n, tell, c));
	TRY(results_demo(x, ask->seed));
	return bare_back(&bare);
}

static enum rc make(struct cli *c, struct app *a, const struct demo_ask *ask, struct demo_count *n)
{
	struct ctx *x = cli_ctx(c, a);
	int64_t known = 0;

	TRY(db_int(a->db, "SELECT count(*) FROM org", NULL, 0, &known));
	if (known) {
		BADF(c, E_STATE, &MSG_used, str_of(c->where));
		return E_STATE;
	}
	const struct actor *who = as_system(x, "khue demo makes a whole province");
	enum rc rc = db_bulk(a->db, true);
	if (rc == OK)
		rc = db_begin(a->db);
	if (rc == OK)
		rc = fill(x, ask, n, c);
	if (rc == OK)
		rc = db_commit(a->db);
	str why = str_copy(c->mem, str_of(rc == OK ? "" : db_why(a->db)));
	if (rc != OK)
		db_rollback(a->db);
	as_actor(x, who);
	if (rc != OK) {
		cli_problems(c, x, rc);
		BADF(c, rc, &MSG_failed, why);
	}
	return rc;
}

/* ---- whole, or not at all ------------------------------------------------------------------------------ */

/* A new SQLite file is made beside its place and takes it when it is whole: whoever finds one finds a demo. What else
 * a demo that failed has made goes too; what was there before stays. */
static const char *const made[] = { "results", "files", "keys", "audit", "hash-0.lock", "demo", "secret" };
struct making { const char *place, *part; bool had[COUNT(made)]; };

static const char *in_data(struct cli *c, const char *name)
{
	return str_z(c->mem, str_fmt(c->mem, "%s/%s", c->data, name));
}

static void remove_part(struct cli *c, const struct making *m)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };

	for (int i = 0; m->part && i < COUNT(ends); i++)
		unlink(str_z(c->mem, str_fmt(c->mem, "%s%s", m->part, ends[i])));
}

static void making_begin(struct cli *c, struct making *m)
{
	*m = (struct making){ .place = c->where };
	for (int i = 0; i < COUNT(made); i++)
		m->had[i] = access(in_data(c, made[i]), F_OK) == 0;
	if (strstr(c->where, "://") || access(c->where, F_OK) == 0)
		return;
	m->part = str_z(c->mem, str_fmt(c->mem, "%s.part", c->where));
	remove_part(c, m);
	c->where = m->part;
}

static void making_undone(struct cli *c, const struct making *m)
{
	remove_part(c, m);
	for (int i = 0; m->part && i < COUNT(made); i++)
		if (!m->had[i])
			remove_tree(in_data(c, made[i]));
}

/* Closed by its last connection, the file holds all: its log is gone. */
static enum rc making_done(struct cli *c, const struct making *m)
{
	const char *log = m->part ? str_z(c->mem, str_fmt(c->mem, "%s-wal", m->part)) : "";
	int folder;

	TRY(boot_mark_demo(c));
	if (!m->part)
		return OK;
	errno = EBUSY;
	if (access(log, F_OK) == 0 || rename(m->part, m->place) != 0)
		return (enum rc)BADF(c, E_FAULT, &MSG_place, str_of(m->place), str_of(strerror(errno)));
	folder = open(c->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder >= 0) {
		fsync(folder);
		close(folder);
	}
	return OK;
}

static void say_made(struct cli *c, const struct demo_count *n, str password)
{
	const int64_t counts[] = { n->communes, n->schools, n->classes, n->pupils, n->guardians, n->staff };
	str texts[COUNT(counts)];

	for (int i = 0; i < COUNT(counts); i++)
		texts[i] = str_fmt(c->mem, "%lld", (long long)counts[i]);
	SAYF(c, &MSG_made, texts[0], texts[1], texts[2], texts[3], texts[4], texts[5]);
	SAYF(c, &MSG_password, password);
	for (int i = 0; i < COUNT(shown); i++)
		printf("  %-14s %s\n", shown[i].login, c->lang == VI ? shown[i].who.vi : shown[i].who.en);
	SAYF(c, &MSG_number, S(RESULTS_DEMO_NUMBER));
	SAY(c, &MSG_once);
}

int cmd_demo(struct cli *c)
{
	static const char *const sizes[] = { "school", "district", "province", "metropolis" };
	const char *size = "district", *password = NULL, *site = "http://127.0.0.1:8080";
	struct demo_ask ask = { 0 };
	bool known = false;
	struct demo_count n;
	struct app a = { 0 };
	struct making making;
	bool fresh;

	cli_value(c, "--size", &size);
	cli_value(c, "--password", &password);
	cli_value(c, "--site", &site);
	ask.seed = (uint64_t)cli_number(c, "--seed", 2026, 0, INT64_MAX);
	cli_end(c);
	for (int i = 0; i < COUNT(sizes); i++)
		if (strcmp(size, sizes[i]) == 0)
			ask.size = (enum demo_size)i, known = true;
	if (!known)
		return BAD(c, E_INVALID, &MSG_size);
	ask.data = c->data;
	ask.site = str_of(site);
	ask.password = password_for(c, password);
	making_begin(c, &making);
	enum rc rc = boot_folder(c, &fresh);
	if (rc == OK)
		rc = boot_migrated(c);
	if (rc == OK && (rc = boot(c, &a, BOOT_SCHEMA | BOOT_SECRET | BOOT_PAGES)) == OK) {
		rc = make(c, &a, &ask, &n);
		boot_end(&a);
	}
	if (rc == OK)
		rc = making_done(c, &making);
	if (rc != OK) {
		making_undone(c, &making);
		return (int)rc;
	}
	say_made(c, &n, ask.password);
	return 0;
}
