/* folder.c -- see folder.h. */
#include "mod/results/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *results_folder(struct ctx *c, str code)
{
	return str_z(c->mem, str_fmt(c->mem, "%s/results%s%.*s", data_folder(c), code.n ? "/" : "", FMT(code)));
}

const char *shard_name(struct arena *a, const digest *root)
{
	return str_z(a, str_fmt(a, "%.*s.khs", FMT(hex_of(a, root->b, 8))));
}

static int open_in(const char *folder, const char *name, int flags, unsigned mode)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

	if (at < 0)
		return -1;
	fd = openat(at, name, flags | O_CLOEXEC | O_NOFOLLOW, mode);
	close(at);
	return fd;
}

static bool read_all(int fd, char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = read(fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

bool read_file(struct arena *a, const char *folder, const char *name, int64_t max, str *ret)
{
	int fd = open_in(folder, name, O_RDONLY, 0);
	struct stat st;
	bool good;
	char *p;

	if (fd < 0)
		return false;
	good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= max;
	if (good) {
		p = arena_alloc(a, (size_t)st.st_size + 1, 1);
		good = read_all(fd, p, (size_t)st.st_size);
		*ret = (str){ p, st.st_size };
	}
	close(fd);
	return good;
}

bool private_file(const char *folder, const char *name)
{
	int fd = open_in(folder, name, O_RDONLY, 0);
	struct stat st;
	bool good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

bool map_file(const char *folder, const char *name, struct mapped *ret)
{
	int fd = open_in(folder, name, O_RDONLY, 0);
	struct stat st;
	void *p = MAP_FAILED;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return false;
	*ret = (struct mapped){ { p, st.st_size } };
	return true;
}

void unmap_file(struct mapped *m)
{
	if (m->bytes.n)
		munmap((void *)(uintptr_t)m->bytes.p, (size_t)m->bytes.n);
	*m = (struct mapped){ 0 };
}

bool make_folder(const char *path)
{
	char part[4096];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof part)
		return false;
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return false;
	}
	return true;
}

static bool write_all(int fd, str bytes)
{
	while (bytes.n > 0) {
		ssize_t k = write(fd, bytes.p, (size_t)bytes.n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return false;
		bytes = (str){ bytes.p + k, bytes.n - k };
	}
	return true;
}

/* Closes fd, after a sync; keeps the first error. */
static bool finish(int fd, bool good)
{
	int error;

	good = good && fsync(fd) == 0;
	error = errno;
	if (close(fd) != 0 && good)
		return false;
	errno = error;
	return good;
}

bool replace_file(struct arena *a, const char *folder, const char *name, str bytes, unsigned mode)
{
	const char *beside = str_z(a, str_fmt(a, ".%s.%ld", name, (long)getpid()));
	int at, fd, error;
	bool good;

	if (!make_folder(folder) || (at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return false;
	fd = openat(at, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	good = fd >= 0 && finish(fd, write_all(fd, bytes)) && renameat(at, beside, at, name) == 0;
	error = errno;
	if (!good && fd >= 0)
		unlinkat(at, beside, 0);
	if (good)
		return finish(at, true);
	close(at);
	errno = error;
	return false;
}

bool remove_file(const char *folder, const char *name)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	if (at < 0)
		return errno == ENOENT;
	good = unlinkat(at, name, 0) == 0 || errno == ENOENT;
	return finish(at, good);
}
