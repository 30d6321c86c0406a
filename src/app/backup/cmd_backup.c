/* cmd_backup.c -- khue backup: one backup, or what is to be done with those that are there. */
#include "app/backup/prune.h"
#include "app/backup/store.h"
#include "base/calendar.h"
#include "mod/results/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct tr
	MSG_to = { "Thiếu --to THƯ_MỤC: nơi lưu các bản sao lưu.", "--to FOLDER is missing: where backups are kept." },
	MSG_inside = { "Nơi lưu phải nằm ngoài thư mục dữ liệu {1}.",
		"The backup folder must lie outside the data folder {1}." },
	MSG_write = { "Không ghi được vào {1}: {2}", "Cannot write to {1}: {2}" },
	MSG_done = { "Đã sao lưu {1}: {2} bảng, {3} dòng, {4} tệp ({5} tệp mới), {6} kB ghi thêm.",
		"Backed up {1}: {2} tables, {3} rows, {4} files ({5} new), {6} kB written." },
	MSG_bad = { "{1} tệp hỏng không có trong bản sao lưu.", "{1} damaged files are not in the backup." },
	MSG_key =
	{ "Khóa công khai ở {1}/backup.pub. Mang {2} khỏi máy này và cất hai bản: không có nó thì không khôi phục được.",
	            "The public key is in {1}/backup.pub. Take {2} off this machine and keep two copies: nothing can be "
		"restored without it." },
	MSG_phrase = { "Khóa công khai ở {1}/backup.pub. Không có cụm mật khẩu thì không khôi phục được.",
	               "The public key is in {1}/backup.pub. Nothing can be restored without the passphrase." },
	MSG_no_data = { "Không có thư mục dữ liệu {1}: {2}. Nói đúng nơi bằng --data.",
		"There is no data folder {1}: {2}. Say where it is by --data." },
	MSG_has_key = { "{1}/backup.pub đã có. Xóa nó trước nếu thật muốn đổi khóa; bản sao lưu cũ vẫn cần khóa cũ.",
	                "{1}/backup.pub is there. Remove it first to change the key; "
	                	"older backups still need the old one." },
	MSG_new_phrase = { "Cụm mật khẩu mới (ít nhất 12 kí tự): ", "New passphrase (12 characters or more): " },
	MSG_memory = { "Không đủ bộ nhớ để tính khóa (cần 256 MB).", "Not enough memory to work the key out (256 MB)." };

/* ---- keys ------------------------------------------------------------------------------------------------ */

static enum rc write_secret(struct cli *c, const char *file, const struct vault_secret *s)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	str text = vault_secret_text(c->mem, s);
	bool good = fd >= 0 && write(fd, text.p, (size_t)text.n) == text.n && fsync(fd) == 0;
	int error = errno;
	if (fd >= 0)
		close(fd);
	sodium_memzero((void *)(uintptr_t)text.p, (size_t)text.n);
	return good ? OK : (enum rc)BADF(c, E_FAULT, &MSG_write, str_of(file), str_of(strerror(error)));
}

static enum rc new_key(struct cli *c, const char *file, const char *passphrase_file)
{
	struct vault_key key = { 0 };
	struct vault_secret s;
	str phrase;
	if (access(c->data, F_OK) != 0)                  /* a folder misspelt would have a key, the real one none */
		return (enum rc)BADF(c, E_MISSING, &MSG_no_data, str_of(c->data), str_of(strerror(errno)));
	if (access(path_of(c->mem, "%s/backup.pub", c->data), F_OK) == 0)
		return (enum rc)BADF(c, E_CONFLICT, &MSG_has_key, str_of(c->data));
	if (file) {
		vault_pair(&key, &s);
		TRY(write_secret(c, file, &s));
	} else {
		TRY(read_passphrase(c, passphrase_file, &MSG_new_phrase, &phrase));
		if (!vault_pair_of(phrase, &key, &s))
			return (enum rc)BAD(c, E_FAULT, &MSG_memory);
		sodium_memzero((void *)(uintptr_t)phrase.p, (size_t)phrase.n);
	}
	sodium_memzero(&s, sizeof s);
	TRY(put_file(c, c->data, "backup.pub", vault_key_text(c->mem, &key), 0600));
	if (file)
		SAYF(c, &MSG_key, str_of(c->data), str_of(file));
	else
		SAYF(c, &MSG_phrase, str_of(c->data));
	return OK;
}

/* ---- a backup ---------------------------------------------------------------------------------------------- */

static str number(struct cli *c, int64_t v)
{
	return str_fmt(c->mem, "%lld", (long long)v);
}

/* The end of it: what is there counts from the moment the name without a dot appears. */
static enum rc finish(struct backing *b, const char *name, instant made, int64_t size)
{
	struct cli *c = b->c;
	str about = str_fmt(c->mem,
		"khue-backup 1\nmade %lld\nversion " KHUE_VERSION "\nengine %s\ntables %lld\nrows %lld\nfiles %lld\nbytes "
			"%lld\nnew-bytes %lld\n",
		(long long)made.v, db_kind(b->app->db) == DB_SQLITE ? "sqlite" : "postgres", (long long)b->out.tables,
		(long long)b->out.rows,
		(long long)b->files, (long long)size, (long long)(size + b->fresh_bytes));
	unlink(path_of(c->mem, "%s/object", b->part));
	TRY(put_file(c, b->part, "objects", buf_str(&b->objects), 0600));
	TRY(put_file(c, b->part, "about", about, 0600));
	if (rename(b->part, path_of(c->mem, "%s/%s", b->depot->dir, name)) != 0)
		return (enum rc)BADF(c, E_FAULT, &MSG_write, str_of(b->depot->dir), str_of(strerror(errno)));
	sync_folder(b->depot->dir);
	return put_file(c, c->data, "backup.last", str_fmt(c->mem, "%lld %s %s\n", (long long)made.v, name,
		b->depot->dir), 0600);
}

static enum rc write_archive(struct backing *b, int fd, instant made)
{
	struct cli *c = b->c;
	enum rc rc = vault_begin(&b->out.vault, c->mem, fd, &b->key);
	archive_begin(&b->out, c->mem);
	if (rc == OK)
		rc = archive_about(&b->out, str_fmt(c->mem, "made %lld\nversion " KHUE_VERSION "\nengine %s\n",
			(long long)made.v,
			db_kind(b->app->db) == DB_SQLITE ? "sqlite" : "postgres"));
	TRY(rc);
	TRY(store_tables(b));
	TRY(store_files(b));
	rc = archive_end(&b->out);
	if (rc == OK && fsync(fd) != 0) {
		b->out.vault.error = errno;
		rc = E_FAULT;
	}
	return rc;
}

static enum rc make(struct backing *b, const char *name, instant made)
{
	struct cli *c = b->c;
	b->part = path_of(c->mem, "%s/.%s", b->depot->dir, name);
	int fd = -1;
	if (mkdir(b->part, 0700) == 0)
		fd = open(path_of(c->mem, "%s/data", b->part), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return (enum rc)BADF(c, errno == ENOSPC ? E_LIMIT : E_FAULT, &MSG_write, str_of(b->part),
			str_of(strerror(errno)));
	enum rc rc = write_archive(b, fd, made);
	close(fd);
	if (b->out.vault.error)
		BADF(c, rc, &MSG_write, str_of(b->part), str_of(strerror(b->out.vault.error)));
	if (rc == OK)
		rc = finish(b, name, made, b->out.vault.size);
	if (rc != OK)
		remove_tree(b->part);
	return rc;
}

static const char *name_of(struct cli *c, instant made)
{
	char text[32];
	time_t t = (time_t)(made.v / 1000);
	struct tm tm;
	gmtime_r(&t, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H%M%S", &tm);
	return path_of(c->mem, "%s.%03dZ", text, (int)(made.v % 1000));
}

static bool inside(struct cli *c, const char *to)
{
	char *data = realpath(c->data, NULL), *dir = realpath(to, NULL);
	size_t n = data ? strlen(data) : 0;
	bool yes = data && dir && strncmp(dir, data, n) == 0 && (dir[n] == '/' || !dir[n]);
	free(data);
	free(dir);
	return yes;
}

static enum rc back_up(struct cli *c, struct depot *p, const char *recipient)
{
	struct app a;
	struct backing b = { .c = c, .depot = p };
	instant made = instant_now();
	const char *name = name_of(c, made);
	TRY(backup_key(c, recipient, &b.key));
	TRY(boot(c, &a, BOOT_SCHEMA | BOOT_SECRET));
	b.app = &a;
	buf_init(&b.objects, c->mem, (size_t)512 << 20);
	arena_init(&b.mem, (size_t)64 << 20);
	enum rc rc = depot_lock(c, p);
	if (rc == OK)
		rc = make(&b, name, made);
	boot_end(&a);
	arena_free(&b.mem);
	TRY(rc);
	SAYF(c, &MSG_done, str_of(name), number(c, b.out.tables), number(c, b.out.rows), number(c, b.files),
		number(c, b.fresh),
	     number(c, (b.out.vault.size + b.fresh_bytes) / 1024));
	return b.bad ? (enum rc)BADF(c, E_STATE, &MSG_bad, number(c, b.bad)) : OK;
}

/* ---- the command ------------------------------------------------------------------------------------------- */

int cmd_backup(struct cli *c)
{
	struct depot p = { NULL, -1 };
	struct keep keep;
	const char *to = NULL, *recipient = NULL, *key = NULL, *phrase_file = NULL;
	bool phrase = cli_flag(c, "--new-passphrase"), list = cli_flag(c, "--list"), verify = cli_flag(c, "--verify"),
		prune = cli_flag(c, "--prune");
	cli_value(c, "--new-key", &key);
	cli_value(c, "--passphrase-file", &phrase_file);
	cli_value(c, "--to", &to);
	cli_value(c, "--recipient", &recipient);
	keep.daily = (int)cli_number(c, "--daily", 7, 1, 10000);
	keep.weekly = (int)cli_number(c, "--weekly", 5, 0, 10000);
	keep.monthly = (int)cli_number(c, "--monthly", 12, 0, 10000);
	cli_end(c);
	if (key || phrase)
		return (int)new_key(c, key, phrase_file);
	if (!to)
		return BAD(c, E_INVALID, &MSG_to);
	enum rc rc = depot_open(c, to, !list && !verify && !prune, &p);
	if (rc == OK && inside(c, to))
		rc = (enum rc)BADF(c, E_INVALID, &MSG_inside, str_of(c->data));
	if (rc == OK)
		rc = list ? backups_list(c, &p) : verify ? backups_verify(c, &p) : OK;
	if (rc == OK && !list && !verify && !prune)
		rc = back_up(c, &p, recipient);
	if (rc == OK && prune)
		rc = backups_prune(c, &p, &keep);
	depot_close(&p);
	return (int)rc;
}
