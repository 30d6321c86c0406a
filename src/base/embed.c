/* embed.c -- finds the files carried inside the program. */
#include "base/embed.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path in a checkout of an embedded name; false for what is only carried inside (interface assets, migrations). */
static bool source_path(const char *root, str name, char ret[static PATH_MAX])
{
	str kind, rest, area, file;
	int n;

	if (!str_cut(name, '/', &kind, &rest))
		return false;
	str_cut(rest, '/', &area, &file);
	if (str_is(kind, "i18n"))
		n = snprintf(ret, PATH_MAX, "%s/i18n/%.*s", root, FMT(rest));
	else if (str_is(kind, "page") && str_is(area, "core"))
		n = snprintf(ret, PATH_MAX, "%s/src/core/page/%.*s", root, FMT(file));
	else if (str_is(kind, "page"))
		n = snprintf(ret, PATH_MAX, "%s/src/mod/%.*s/page/%.*s", root, FMT(area), FMT(file));
	else if (str_is(kind, "sql") && file.n)
		n = snprintf(ret, PATH_MAX, "%s/src/mod/%.*s/%.*s", root, FMT(area), FMT(file));
	else if (str_is(kind, "sql"))
		n = snprintf(ret, PATH_MAX, "%s/src/mod/%.*s/%.*s", root, FMT(str_sub(rest, 0, rest.n - 4)), FMT(rest));
	else
		return false;
	return n > 0 && n < PATH_MAX && str_find(name, S("..")) < 0;
}

/* Maps the file of a checkout and keeps it mapped: it must outlive everything. */
static bool from_source(const char *root, str name, str *ret)
{
	char path[PATH_MAX];
	struct stat st;
	void *p = MAP_FAILED;
	int fd;

	if (!source_path(root, name, path) || (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	if (fstat(fd, &st) == 0 && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return false;
	*ret = (str){ p, st.st_size };
	return true;
}

/* Index of the first name that is not below `name`. */
static size_t place_of(str name)
{
	size_t low = 0, high = embedded_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(str_of(embedded_files[mid].name), name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static str bytes_of(size_t i)
{
	const char *root = getenv("KHUE_ROOT");
	str bytes = { embedded_files[i].p, (ptrdiff_t)embedded_files[i].n };

	if (root && *root)
		from_source(root, str_of(embedded_files[i].name), &bytes);
	return bytes;
}

bool embedded_get(str name, str *ret)
{
	size_t i = place_of(name);
	const char *root = getenv("KHUE_ROOT");

	if (i < embedded_count && str_is(name, embedded_files[i].name)) {
		*ret = bytes_of(i);
		return true;
	}
	return root && *root && from_source(root, name, ret);
}

void embedded_each(str prefix, bool (*fn)(void *, str name, str bytes), void *arg)
{
	for (size_t i = place_of(prefix); i < embedded_count; i++) {
		str name = str_of(embedded_files[i].name);
		if (!str_starts(name, prefix) || !fn(arg, name, bytes_of(i)))
			return;
	}
}
