/* cmd_restore.c -- khue restore: a backup back into its place, or a drill beside it. */
#include "app/backup/restore.h"
#include "base/calendar.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const struct tr
	MSG_from = { "Thiếu --from THƯ_MỤC: nơi lưu các bản sao lưu.",
		"--from FOLDER is missing: where backups are kept." },
	MSG_open = { "Không mở được {1}: {2}", "Cannot open {1}: {2}" },
	MSG_damaged = { "Không khôi phục: {1} không phải một bản sao lưu nguyên vẹn. Dữ liệu hiện có còn nguyên.",
	                "Not restored: {1} is no whole backup. What was there is untouched." },
	MSG_done = { "Đã khôi phục {1}: {2} bảng, {3} dòng, {4} tệp; nhật ký nguyên vẹn ({5} dòng, {6} lần niêm phong).",
	             "Restored {1}: {2} tables, {3} rows, {4} files; the history is whole ({5} lines, {6} checkpoints)." },
	MSG_missing = { "{1} tệp có tên trong cơ sở dữ liệu nhưng không có trong bản sao lưu.",
		"{1} files are named in the database and not in the backup." },
	MSG_next = { "Tiếp theo: khue doctor --data {1}, rồi khởi động lại.",
		"Next: khue doctor --data {1}, then start the service." },
	MSG_drill =
	{ "Diễn tập đạt: mọi bảng, tệp và nhật ký khớp với bản sao lưu; đăng nhập được sau {1} ms. Cả cuộc mất {2} giây.",
	              "The drill passed: every table, file and the history fit the backup; sign-in answered after {1} "
		"ms. It took {2} s in all." },
	MSG_signed_out = { "Mọi phiên đăng nhập và thiết bị được nhớ đã kết thúc. Tài khoản, vai trò, mật khẩu, mã kết nối "
		"trở về như lúc sao lưu: ai bị khóa hay thu hồi sau lúc ấy thì làm lại.",
		"All sessions and remembered devices have ended. Accounts, seats, passwords and API tokens are as they were at "
		"the backup: lock or revoke again what was since." },
	MSG_schema = { "Không tạo được chỗ diễn tập trong {1}: {2}", "Cannot make room for the drill in {1}: {2}" };

static str number(struct cli *c, int64_t v)
{
	return str_fmt(c->mem, "%lld", (long long)v);
}

static void tell(struct restoring *r)
{
	struct cli *c = r->c;
	SAYF(c, &MSG_done, str_of(r->from.name), number(c, r->tables), number(c, r->rows), number(c, r->files),
		number(c, r->lines), number(c, r->seals));
	SAY(c, &MSG_signed_out);
	if (r->missing)
		BADF(c, E_STATE, &MSG_missing, number(c, r->missing));
}

/* ---- the drill --------------------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* On PostgreSQL the drill has a schema of its own in the database named, dropped afterwards. */
static enum rc schema(struct restoring *r, const char *where, const char *verb, const char *name, const char *more)
{
	struct db *d;
	char why[256];
	struct buf b;
	enum rc rc = db_open(&d, where, DB_BULK, why);
	if (rc != OK)
		return (enum rc)BADF(r->c, rc, &MSG_open, cli_address(r->c, where), str_of(why));
	buf_init(&b, r->c->mem, 256);
	put_fmt(&b, "%s SCHEMA %s%s", verb, name, more);
	rc = db_script(d, buf_str(&b));
	if (rc != OK)
		BADF(r->c, rc, &MSG_schema, cli_address(r->c, where), str_of(db_why(d)));
	db_close(d);
	return rc;
}

static enum rc drill_in(struct restoring *r, int64_t start)
{
	int64_t ms = 0;
	TRY(restore_run(r));
	tell(r);
	TRY(drill_login(r->c, r->data, r->where, &ms));
	SAYF(r->c, &MSG_drill, number(r->c, ms), number(r->c, (now_ms() - start + 999) / 1000));
	return put_file(r->c, r->depot->dir, "drill", str_fmt(r->c->mem, "%lld %s\n", (long long)instant_now().v,
		r->from.name), 0600);
}

enum rc restore_drill(struct restoring *r, const char *scratch)
{
	struct cli *c = r->c;
	const char *tmp = getenv("TMPDIR"), *where = r->where;
	char *dir = str_z(c->mem, str_fmt(c->mem, "%s/khue-drill.XXXXXX", scratch ? scratch : tmp && *tmp ? tmp
		: "/var/tmp"));
	const char *name;
	int64_t start = now_ms();
	bool postgres = strncmp(where, "postgres", 8) == 0;
	if (!mkdtemp(dir))
		return (enum rc)BADF(c, E_FAULT, &MSG_open, str_of(dir), str_of(strerror(errno)));
	r->data = path_of(c->mem, "%s/data", dir);
	name = path_of(c->mem, "khue_drill_%ld", (long)getpid());
	enum rc rc = postgres ? schema(r, where, "CREATE", name, "") : OK;
	r->where = postgres ? path_of(c->mem, "%s%coptions=-csearch_path%%3D%s", where, strchr(where, '?') ? '&' : '?',
		name)
	                    : path_of(c->mem, "%s/khue.db", r->data);
	if (rc == OK) {
		rc = drill_in(r, start);
		if (postgres)
			schema(r, where, "DROP", name, " CASCADE");
	}
	remove_tree(dir);
	return rc;
}

/* ---- the command ------------------------------------------------------------------------------------------- */

static enum rc secret_for(struct restoring *r, const char *key, const char *phrase)
{
	const char *path = path_of(r->c->mem, "%s/%s/data", r->depot->dir, r->from.name);
	struct vault_key of;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum rc rc = fd >= 0 ? vault_peek(fd, &of) : E_MISSING;
	if (fd >= 0)
		close(fd);
	if (rc != OK)
		return (enum rc)BADF(r->c, rc, &MSG_damaged, str_of(path));
	return backup_secret(r->c, key, phrase, &of, &r->secret);
}

int cmd_restore(struct cli *c)
{
	struct depot p = { NULL, -1 };
	struct restoring *r = NEW(c->mem, struct restoring);
	const char *from = NULL, *name = NULL, *key = NULL, *phrase = NULL, *scratch = NULL;
	bool drill = cli_flag(c, "--drill");
	r->over = cli_flag(c, "--over");
	cli_value(c, "--from", &from);
	cli_value(c, "--name", &name);
	cli_value(c, "--key", &key);
	cli_value(c, "--passphrase-file", &phrase);
	cli_value(c, "--scratch", &scratch);
	cli_end(c);
	if (!from)
		return BAD(c, E_INVALID, &MSG_from);
	char *data = str_z(c->mem, str_of(c->data));
	while (strlen(data) > 1 && data[strlen(data) - 1] == '/')
		data[strlen(data) - 1] = 0;
	r->c = c;
	r->depot = &p;
	r->data = data;
	r->where = c->where;
	enum rc rc = depot_open(c, from, false, &p);
	if (rc == OK)
		rc = depot_find(c, &p, name, &r->from);
	if (rc == OK)
		rc = secret_for(r, key, phrase);
	if (rc == OK)
		rc = drill ? restore_drill(r, scratch) : restore_run(r);
	sodium_memzero(&r->secret, sizeof r->secret);
	if (rc == OK && !drill) {
		tell(r);
		SAYF(c, &MSG_next, str_of(r->data));
	}
	return (int)rc;
}
