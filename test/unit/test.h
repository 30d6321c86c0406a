/* test.h -- what every unit test includes: cmocka, and helpers to compare text. */
#ifndef KHUE_TEST_H
#define KHUE_TEST_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

/* Fails with both texts printed. */
#define assert_text(got, want) assert_text_at((got), (want), __FILE__, __LINE__)
static inline void assert_text_at(str got, const char *want, const char *file, int line)
{
	if (!str_is(got, want)) {
		print_error("got  \"%.*s\"\nwant \"%s\"\n", FMT(got), want);
		_fail(file, line);
	}
}

/* A repeatable sequence of numbers for property tests. */
static inline uint64_t next_number(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* The whole of ../shared/data/NAME (folder named by KHUE_SHARED); false, and "skipped" printed, when it is absent. */
static inline bool shared_file(struct arena *a, const char *name, str *ret)
{
	const char *folder = getenv("KHUE_SHARED");
	str path = str_fmt(a, "%s/data/%s", folder && *folder ? folder : KHUE_SHARED_DEFAULT, name);
	int fd = open(str_z(a, path), O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *p;

	if (fd < 0 || fstat(fd, &st) != 0) {
		print_message("skipped: %.*s is not there\n", FMT(path));
		if (fd >= 0)
			close(fd);
		return false;
	}
	p = arena_alloc(a, (size_t)st.st_size + 1, 1);
	ret->p = p;
	ret->n = read(fd, p, (size_t)st.st_size);
	close(fd);
	return ret->n == st.st_size;
}
#endif
