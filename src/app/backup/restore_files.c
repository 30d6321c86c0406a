/* restore_files.c -- see restore.h: files into the stage, the stage into its place. */
#include "app/backup/restore.h"
#include "mod/results/folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr
	MSG_object = { "Không khôi phục: tệp {1} của bản sao lưu hỏng hoặc thiếu: {2}. Dữ liệu hiện có còn nguyên.",
	               "Not restored: file {1} of the backup is damaged or missing: {2}. What was there is untouched." },
	MSG_write = { "Không ghi được {1}: {2}", "Cannot write {1}: {2}" },
	MSG_differs = { "nội dung không đúng tổng kiểm", "the content does not fit its checksum" },
	MSG_swap =
	{ "Đã dựng xong bản khôi phục ở {1} nhưng không đổi được chỗ với {2}: {3}. Sửa quyền rồi chạy lại lệnh này.",
	             "The restored copy stands ready in {1} but cannot take the place of {2}: {3}. Mend the rights and "
		"run this command again." },
	MSG_old = { "Dữ liệu trước khi khôi phục nằm ở {1}.", "What was there before is in {1}." };

static enum rc broken(struct restoring *r, enum rc rc, const struct file_image *f, const struct tr *why)
{
	return (enum rc)BADF(r->c, rc, &MSG_object, f->path, str_of(!why ? strerror(errno) : r->c->lang == VI ? why->vi
		: why->en));
}

static bool write_all(int fd, str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, (size_t)s.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s = str_sub(s, n, -1);
	}
	return true;
}

/* The content of a vault into an open file, held against what the record says. */
static enum rc unseal(struct restoring *r, int from, int to, const struct file_image *f)
{
	struct vault_in *v = NEW(&r->file_mem, struct vault_in);
	crypto_hash_sha256_state h;
	uint8_t sum[32];
	int64_t size = 0;
	str piece;
	enum rc rc = vault_open(v, &r->file_mem, from, &r->secret);
	crypto_hash_sha256_init(&h);
	while (rc == OK && (rc = vault_get(v, &piece)) == OK && piece.n) {
		crypto_hash_sha256_update(&h, (const uint8_t *)piece.p, (unsigned long long)piece.n);
		size += piece.n;
		if (!write_all(to, piece))
			return (enum rc)BADF(r->c, errno == ENOSPC ? E_LIMIT : E_FAULT, &MSG_write, f->path,
				str_of(strerror(errno)));
	}
	if (rc != OK)
		return broken(r, rc, f, v->why);
	crypto_hash_sha256_final(&h, sum);
	return size == f->size && memcmp(sum, f->sha256, sizeof sum) == 0 ? OK : broken(r, E_INVALID, f, &MSG_differs);
}

enum rc restore_file(struct restoring *r, const struct file_image *f)
{
	arena_reset(&r->file_mem);
	const char *path = path_of(&r->file_mem, "%s/%.*s", r->stage, FMT(f->path));
	char *folder = str_z(&r->file_mem, str_of(path));
	*strrchr(folder, '/') = 0;
	int from = open(object_path(&r->file_mem, r->depot, f->object), O_RDONLY | O_CLOEXEC);
	if (from < 0)
		return broken(r, E_MISSING, f, NULL);
	int to = make_folder(folder) ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	enum rc rc = to >= 0 ? unseal(r, from, to, f) : (enum rc)BADF(r->c, errno == ENOSPC ? E_LIMIT : E_FAULT,
		&MSG_write, str_of(path), str_of(strerror(errno)));
	if (rc == OK && fsync(to) != 0)
		rc = (enum rc)BADF(r->c, E_FAULT, &MSG_write, str_of(path), str_of(strerror(errno)));
	close(from);
	if (to >= 0)
		close(to);
	return rc;
}

bool folder_is_bare(const char *path)
{
	static const char *const nothing[] = { ".", "..", "lost+found", "serving", ".restore" };
	DIR *d = opendir(path);
	const struct dirent *e;
	bool bare = d || errno == ENOENT;
	while (d && bare && (e = readdir(d)) != NULL) {
		bare = false;
		for (int i = 0; i < (int)COUNT(nothing); i++)
			bare |= strcmp(e->d_name, nothing[i]) == 0;
	}
	if (d)
		closedir(d);
	return bare;
}

static bool is_there(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

/* ---- within a folder that cannot be renamed itself ----------------------------------------------------------- */

bool folder_is_fixed(const char *path)
{
	char parent[4200];
	struct statx at;

	if (!is_there(path))
		return false;
	if (statx(AT_FDCWD, path, 0, STATX_BASIC_STATS, &at) == 0 && at.stx_attributes & STATX_ATTR_MOUNT_ROOT)
		return true;
	snprintf(parent, sizeof parent, "%s/..", path);
	return access(parent, W_OK) != 0;
}

static bool stays(const char *name)
{
	static const char *const names[] = { ".", "..", "lost+found", "serving", ".restore", "ready", "inward" };

	for (int i = 0; i < (int)COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strncmp(name, ".before-", 8) == 0;
}

/* Moves what is in one folder into another: without the secret nobody serves, so that it goes first or comes last. */
static bool move_children(struct arena *mem, const char *from, const char *to, bool secret_first)
{
	DIR *d = opendir(from);
	const struct dirent *e;
	bool good = d != NULL;
	const char *a = path_of(mem, "%s/secret", from), *b = path_of(mem, "%s/secret", to);

	if (good && secret_first && is_there(a))
		good = rename(a, b) == 0;
	while (good && (e = readdir(d)) != NULL)
		if (!stays(e->d_name) && (secret_first || strcmp(e->d_name, "secret") != 0))
			good = rename(path_of(mem, "%s/%s", from, e->d_name), path_of(mem, "%s/%s", to, e->d_name)) == 0;
	good = good && sync_folder(to) && sync_folder(from);
	if (good && !secret_first && is_there(a))
		good = rename(a, b) == 0 && sync_folder(to);
	if (d)
		closedir(d);
	return good;
}

/* DATA is a mount point, or its parent is not ours: the stage is DATA/.restore, and what is in both changes places.
 * .restore/ready says that the stage is whole, .restore/inward that the old is out: killed anywhere, the next run goes
 * on from there. */
static enum rc swap_within(struct restoring *r)
{
	struct arena *mem = r->c->mem;
	const char *inward = path_of(mem, "%s/inward", r->stage), *done = path_of(mem, "%s/.before-done", r->data);
	str ready, token, name;

	if (!read_file(mem, r->stage, "ready", 4096, &ready) || !str_cut(str_trim(ready), ' ', &token, &name))
		return (enum rc)BADF(r->c, E_FAULT, &MSG_write, str_of(r->stage), str_of(strerror(errno)));
	const char *before = path_of(mem, "%s/.before-%.*s", r->data, 8, token.p);
	bool good = true;
	unlink(path_of(mem, "%s/serving", r->stage));
	if (!is_there(inward)) {
		good = make_folder(before) && move_children(mem, r->data, before, true) &&
			put_file(r->c, r->stage, "inward", S("\n"), 0600) == OK;
	}
	good = good && move_children(mem, r->stage, r->data, false);
	if (!good)
		return (enum rc)BADF(r->c, E_FAULT, &MSG_swap, str_of(r->stage), str_of(r->data), str_of(strerror(errno)));
	remove_tree(done);
	if (rename(r->stage, done) == 0)             /* in one step: neither note without the other */
		remove_tree(done);
	sync_folder(r->data);
	if (folder_is_bare(before))
		remove_tree(before);
	else
		SAYF(r->c, &MSG_old, str_of(before));
	return OK;
}

enum rc restore_swap(struct restoring *r)
{
	struct arena *mem = r->c->mem;
	if (r->within)
		return swap_within(r);
	const char *before = path_of(mem, "%s.before-%.8s", r->data, r->token);
	char *parent = str_z(mem, str_of(r->data));
	char *slash = strrchr(parent, '/');
	bool good;
	if (slash)
		*slash = 0;
	unlink(path_of(mem, "%s/serving", r->stage));
	if (access(path_of(mem, "%s/ready", r->data), F_OK) == 0) {
		good = !is_there(r->stage) || rename(r->stage, before) == 0;         /* killed between the two steps below */
	} else if (!is_there(r->data)) {
		before = NULL;
		good = rename(r->stage, r->data) == 0;
	} else {
		good = renameat2(AT_FDCWD, r->stage, AT_FDCWD, r->data, RENAME_EXCHANGE) == 0;
		good = good && rename(r->stage, before) == 0;
	}
	if (!good)
		return (enum rc)BADF(r->c, E_FAULT, &MSG_swap, str_of(r->stage), str_of(r->data), str_of(strerror(errno)));
	sync_folder(slash ? parent : ".");
	unlink(path_of(mem, "%s/ready", r->data));
	if (before && folder_is_bare(before))
		remove_tree(before);
	else if (before && is_there(before))
		SAYF(r->c, &MSG_old, str_of(before));
	return OK;
}
