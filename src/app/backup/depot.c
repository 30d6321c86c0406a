/* depot.c -- see depot.h. */
#include "app/backup/depot.h"
#include "base/calendar.h"
#include "mod/results/folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const struct tr
	MSG_no_place = { "Không mở được nơi lưu {1}: {2}", "Cannot open the backup folder {1}: {2}" },
	MSG_not_ours = { "{1} có tệp khác và không phải nơi lưu của Khuê. Hãy chọn một thư mục trống.",
		"{1} holds other files and is no backup folder of Khuê. Choose an empty one." },
	MSG_lock = { "Một lần sao lưu khác đang ghi vào {1}.", "Another backup is writing to {1}." },
	MSG_empty = { "{1} chưa có bản sao lưu nào.", "{1} holds no backup yet." },
	MSG_none = { "Không có bản sao lưu \"{1}\" trong {2}. Xem: khue backup --list",
		"There is no backup \"{1}\" in {2}. See: khue backup --list" },
	MSG_write = { "Không ghi được {1}/{2}: {3}", "Cannot write {1}/{2}: {3}" };

const char *path_of(struct arena *mem, const char *fmt, ...)
{
	char text[4096];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return str_z(mem, (str){ text, n < (int)sizeof text ? n : (int)sizeof text - 1 });
}

enum rc put_file(struct cli *c, const char *folder, const char *name, str text, unsigned mode)
{
	if (replace_file(c->mem, folder, name, text, mode))
		return OK;
	return (enum rc)BADF(c, errno == ENOSPC ? E_LIMIT : E_FAULT, &MSG_write, str_of(folder), str_of(name),
		str_of(strerror(errno)));
}

/* ---- the folder --------------------------------------------------------------------------------------- */

static bool is_empty(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	bool empty = d != NULL;
	while (d && empty && (e = readdir(d)) != NULL)
		empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || strcmp(e->d_name, "lost+found") == 0;
	if (d)
		closedir(d);
	return empty;
}

enum rc depot_open(struct cli *c, const char *dir, bool make, struct depot *ret)
{
	*ret = (struct depot){ dir, -1 };
	if (make && !make_folder(dir))
		return (enum rc)BADF(c, E_FAULT, &MSG_no_place, str_of(dir), str_of(strerror(errno)));
	/* closed is not empty, and not another's */
	if (access(dir, R_OK | X_OK) != 0)
		return (enum rc)BADF(c, errno == EACCES ? E_DENIED : E_MISSING, &MSG_no_place, str_of(dir),
			str_of(strerror(errno)));
	if (access(path_of(c->mem, "%s/khue-backup", dir), F_OK) == 0)
		return OK;
	if (!is_empty(dir))
		return (enum rc)BADF(c, E_STATE, &MSG_not_ours, str_of(dir));
	return make ? put_file(c, dir, "khue-backup", S("khue backup 1\n"), 0600)
		: (enum rc)BADF(c, E_MISSING, &MSG_empty, str_of(dir));
}

enum rc depot_lock(struct cli *c, struct depot *p)
{
	p->lock = open(path_of(c->mem, "%s/lock", p->dir), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; p->lock >= 0 && i < 600; i++) {
		if (flock(p->lock, LOCK_EX | LOCK_NB) == 0)
			return OK;
		if (errno != EWOULDBLOCK)
			break;
		sleep(1);
	}
	return (enum rc)BADF(c, E_BUSY, &MSG_lock, str_of(p->dir));
}

void depot_close(struct depot *p)
{
	if (p->lock >= 0)
		close(p->lock);
	p->lock = -1;
}

static bool about_line(struct snapshot *s, str key, str value)
{
	const struct { const char *key; int64_t *at; } numbers[] = { { "made", &s->made.v }, { "tables", &s->tables },
		{ "rows", &s->rows },
		{ "files", &s->files }, { "bytes", &s->bytes }, { "new-bytes", &s->fresh } };
	for (int i = 0; i < (int)COUNT(numbers); i++)
		if (str_is(key, numbers[i].key))
			return str_to_int(value, numbers[i].at);
	if (str_is(key, "version"))
		s->version = value;
	if (str_is(key, "engine"))
		s->engine = value;
	return true;
}

static bool read_about(struct cli *c, const struct depot *p, const char *name, struct snapshot *ret)
{
	str text, line, key, value;
	*ret = (struct snapshot){ .name = str_z(c->mem, str_of(name)) };
	if (!read_file(c->mem, path_of(c->mem, "%s/%s", p->dir, name), "about", 1 << 16, &text))
		return false;
	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (str_cut(line, ' ', &key, &value) && !about_line(ret, key, value))
			return false;
	}
	return ret->made.v > 0;
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(((const struct snapshot *)b)->name, ((const struct snapshot *)a)->name);
}

enum rc depot_list(struct cli *c, const struct depot *p, struct snapshot **ret, int *ret_n)
{
	enum { MOST = 10000 };
	DIR *d = opendir(p->dir);
	const struct dirent *e;
	*ret = NEWS(c->mem, struct snapshot, MOST);
	*ret_n = 0;
	if (!d)
		return (enum rc)BADF(c, E_MISSING, &MSG_no_place, str_of(p->dir), str_of(strerror(errno)));
	while (*ret_n < MOST && (e = readdir(d)) != NULL)
		if (e->d_name[0] >= '0' && e->d_name[0] <= '9' && read_about(c, p, e->d_name, &(*ret)[*ret_n]))
			++*ret_n;
	closedir(d);
	qsort(*ret, (size_t)*ret_n, sizeof **ret, newest_first);
	return OK;
}

enum rc depot_find(struct cli *c, const struct depot *p, const char *name, struct snapshot *ret)
{
	struct snapshot *list;
	int n;
	TRY(depot_list(c, p, &list, &n));
	for (int i = 0; i < n; i++) {
		if (!name || strcmp(list[i].name, name) == 0) {
			*ret = list[i];
			return OK;
		}
	}
	if (name)
		return (enum rc)BADF(c, E_MISSING, &MSG_none, str_of(name), str_of(p->dir));
	return (enum rc)BADF(c, E_MISSING, &MSG_empty, str_of(p->dir));
}

const char *object_path(struct arena *mem, const struct depot *p, const uint8_t name[static 32])
{
	str hex = hex_of(mem, name, 32);
	return path_of(mem, "%s/object/%.2s/%.*s", p->dir, hex.p, FMT(hex));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

bool remove_tree(const char *path)
{
	return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT;
}

bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

int64_t disk_free(const char *path)
{
	struct statvfs s;
	return statvfs(path, &s) == 0 ? (int64_t)s.f_bavail * (int64_t)s.f_frsize : -1;
}
