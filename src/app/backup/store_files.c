/* store_files.c -- see store.h: the files below DATA, each content once. */
#include "app/backup/store.h"
#include "mod/results/folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 18, DEPTH_MAX = 16 };

static const struct tr
	MSG_read = { "Không đọc được {1}: {2}", "Cannot read {1}: {2}" },
	MSG_damaged = { "{1} không còn đúng nội dung của nó (tệp hỏng trên đĩa); bản sao lưu không có tệp này.",
	                "{1} no longer holds its content (damaged on disk); it is not in the backup." },
	MSG_write = { "Không ghi được vào {1}: {2}", "Cannot write to {1}: {2}" };

static void object_name(const struct backing *b, const uint8_t sha[static 32], uint8_t ret[static 32])
{
	digest key;
	uint8_t both[64];
	memcpy(key.b, b->object_key, sizeof key.b);
	memcpy(both, sha, 32);
	memcpy(both + 32, b->key.public, 32);
	digest d = hash_keyed(key, (str){ (const char *)both, sizeof both });
	memcpy(ret, d.b, 32);
}

static enum rc no_write(struct backing *b, const char *path)
{
	return (enum rc)BADF(b->c, errno == ENOSPC ? E_LIMIT : E_FAULT, &MSG_write, str_of(path), str_of(strerror(errno)));
}

/* fd through a new vault at `to`; what was read is in *f. */
static enum rc seal(struct backing *b, int fd, int to, struct file_image *f, int64_t *ret_size)
{
	crypto_hash_sha256_state h;
	struct vault_out *v = NEW(&b->mem, struct vault_out);
	char *piece = arena_alloc(&b->mem, PIECE, 1);
	enum rc rc = vault_begin(v, &b->mem, to, &b->key);
	crypto_hash_sha256_init(&h);
	f->size = 0;
	while (rc == OK) {
		ssize_t n = read(fd, piece, PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return (enum rc)BADF(b->c, E_FAULT, &MSG_read, f->path, str_of(strerror(errno)));
		if (n == 0)
			break;
		crypto_hash_sha256_update(&h, (const uint8_t *)piece, (size_t)n);
		f->size += n;
		rc = vault_put(v, (str){ piece, n });
	}
	crypto_hash_sha256_final(&h, f->sha256);
	if (rc == OK)
		rc = vault_end(v);
	if (rc == OK && fsync(to) != 0)
		rc = E_FAULT;
	*ret_size = v->size;
	if (v->error)
		errno = v->error;
	return rc == OK ? OK : no_write(b, b->depot->dir);
}

/* DATA/files/aa/bb/SHA256 says in its name what it holds. */
static bool told_by_name(str path, uint8_t ret[static 32])
{
	return str_starts(path, S("files/")) && path.n == 6 + 3 + 3 + 64 && hex_read(str_sub(path, 12, -1), ret, 32);
}

static enum rc note(struct backing *b, const struct file_image *f)
{
	put_fmt(&b->objects, "%.*s\n", FMT(hex_of(&b->mem, f->object, 32)));
	b->files++;
	return archive_file(&b->out, f);
}

static bool known(struct backing *b, const struct file_image *f)
{
	return access(object_path(&b->mem, b->depot, f->object), F_OK) == 0;
}

/* Into a name of its own first, since what it is called follows from what is read. */
static enum rc keep_object(struct backing *b, int fd, struct file_image *f, const uint8_t *named)
{
	const char *temp = path_of(&b->mem, "%s/object", b->part), *path;
	int64_t size = 0;
	int to = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (to < 0)
		return no_write(b, temp);
	enum rc rc = seal(b, fd, to, f, &size);
	close(to);
	TRY(rc);
	if (named && memcmp(named, f->sha256, 32) != 0) {
		b->bad++;
		unlink(temp);
		BADF(b->c, E_STATE, &MSG_damaged, f->path);
		return OK;
	}
	object_name(b, f->sha256, f->object);
	path = object_path(&b->mem, b->depot, f->object);
	if (known(b, f)) {
		unlink(temp);
	} else {
		const char *folder = path_of(&b->mem, "%s/object/%.2s", b->depot->dir, hex_of(&b->mem, f->object, 32).p);
		if (!make_folder(folder) || rename(temp, path) != 0 || !sync_folder(folder))
			return no_write(b, path);
		b->fresh++;
		b->fresh_bytes += size;
	}
	return note(b, f);
}

static enum rc one_file(struct backing *b, int at, const char *name, str path, const struct stat *st)
{
	struct file_image f = { .path = path, .size = st->st_size };
	uint8_t sha[32];
	bool named = told_by_name(path, sha);
	if (named) {
		memcpy(f.sha256, sha, 32);
		object_name(b, sha, f.object);
		if (known(b, &f))
			return note(b, &f);
	}
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return OK;                               /* thrown away meanwhile */
	if (fd < 0)
		return (enum rc)BADF(b->c, E_FAULT, &MSG_read, path, str_of(strerror(errno)));
	enum rc rc = keep_object(b, fd, &f, named ? sha : NULL);
	close(fd);
	return rc;
}

/* The database is dumped, not copied; what begins with a dot is being written or is nobody's. */
static bool passed_over(str path)
{
	return str_starts(path, S("khue.db")) || str_is(path, "serving") || str_is(path, "files/tmp") ||
		str_is(path, "backup.last")
		|| str_ends(path, S(".lock"));
}

static enum rc folder(struct backing *b, int at, str prefix, int depth);

static enum rc entry(struct backing *b, int at, const char *name, str prefix, int depth)
{
	struct stat st;
	str path = str_fmt(b->c->mem, "%.*s%s%s", FMT(prefix), prefix.n ? "/" : "", name);
	if (name[0] == '.' || passed_over(path) || fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return OK;
	if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
		int below = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		return below < 0 ? (enum rc)BADF(b->c, E_FAULT, &MSG_read, path, str_of(strerror(errno)))
			: folder(b, below, path, depth + 1);
	}
	if (!S_ISREG(st.st_mode) || path.n > PATH_MAX_BYTES)
		return OK;
	arena_reset(&b->mem);
	b->doing = path;
	store_progress(b);
	return one_file(b, at, name, path, &st);
}

/* Takes the descriptor over. */
static enum rc folder(struct backing *b, int at, str prefix, int depth)
{
	DIR *d = fdopendir(at);
	const struct dirent *e;
	enum rc rc = OK;
	if (!d) {
		close(at);
		return (enum rc)BADF(b->c, E_FAULT, &MSG_read, prefix, str_of(strerror(errno)));
	}
	while (rc == OK && (e = readdir(d)) != NULL)
		rc = entry(b, dirfd(d), e->d_name, prefix, depth);
	closedir(d);
	return rc;
}

/* The installation's secret where it is a credential of the service and no file of DATA: a backup without it opens
 * no account. */
static enum rc secret_of_service(struct backing *b)
{
	struct file_image f = { .path = S("secret") };
	if (access(path_of(b->c->mem, "%s/secret", b->c->data), F_OK) == 0)
		return OK;
	int fd = memfd_create("secret", MFD_CLOEXEC);
	bool good = fd >= 0 && write(fd, b->app->secret, sizeof b->app->secret) == (ssize_t)sizeof b->app->secret &&
		lseek(fd, 0, SEEK_SET) == 0;
	enum rc rc = good ? keep_object(b, fd, &f, NULL) : no_write(b, "secret");
	if (fd >= 0)
		close(fd);
	return rc;
}

enum rc store_files(struct backing *b)
{
	int at = open(b->c->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return (enum rc)BADF(b->c, E_FAULT, &MSG_read, str_of(b->c->data), str_of(strerror(errno)));
	digest secret;
	memcpy(secret.b, b->app->secret, sizeof secret.b);
	digest key = hash_keyed(secret, S("names of objects in backups"));
	memcpy(b->object_key, key.b, sizeof key.b);
	TRY(folder(b, at, S(""), 0));
	return secret_of_service(b);
}
