/* vault_fuzz.c -- any bytes as an enciphered file, and a good one with one byte changed or its end cut off: what
 * comes out is the beginning of what was put in, and the end is only told when all of it is there. */
#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "core/vault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int in_memory(const void *p, size_t n)
{
	int fd = memfd_create("vault", MFD_CLOEXEC);
	assert(fd >= 0 && write(fd, p, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

/* How many bytes came out; -1: the reader did not get to the end. */
static ptrdiff_t read_back(struct arena *mem, int fd, const struct vault_secret *s, str want)
{
	struct vault_in *v = NEW(mem, struct vault_in);
	ptrdiff_t n = 0;
	str piece;
	if (vault_open(v, mem, fd, s) != OK)
		return -1;
	while (vault_get(v, &piece) == OK) {
		if (piece.n == 0)
			return n;
		assert(n + piece.n <= want.n && memcmp(want.p + n, piece.p, (size_t)piece.n) == 0);
		n += piece.n;
	}
	return -1;
}

/* The bytes themselves, for a fixed secret: nothing may come out that was not enciphered for it. */
static void as_they_are(struct arena *mem, const uint8_t *data, size_t size)
{
	struct vault_secret s = { { 1, 2, 3 } };
	struct vault_key key;
	int fd = in_memory(data, size);
	read_back(mem, fd, &s, S(""));
	lseek(fd, 0, SEEK_SET);
	vault_peek(fd, &key);
	vault_whole(mem, fd);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem;
	struct vault_key key;
	struct vault_secret s;
	if (size < 4 || size > 1 << 15 || !hash_init())
		return 0;
	arena_init(&mem, (size_t)64 << 20);
	as_they_are(&mem, data, size);
	str text = { (const char *)data + 4, (ptrdiff_t)size - 4 };
	struct vault_out *out = NEW(&mem, struct vault_out);
	int fd = in_memory("", 0);
	vault_pair(&key, &s);
	assert(vault_begin(out, &mem, fd, &key) == OK && vault_put(out, text) == OK && vault_end(out) == OK);
	lseek(fd, 0, SEEK_SET);
	assert(read_back(&mem, fd, &s, text) == text.n && vault_whole(&mem, fd) == OK);
	off_t at = (off_t)((size_t)(data[0] << 16 | data[1] << 8 | data[2]) % (size_t)out->size);
	if (data[3] & 1) {
		assert(ftruncate(fd, at) == 0);
	} else {
		uint8_t byte;
		assert(pread(fd, &byte, 1, at) == 1);
		byte ^= (uint8_t)(data[3] | 1);
		assert(pwrite(fd, &byte, 1, at) == 1);
	}
	lseek(fd, 0, SEEK_SET);
	assert(read_back(&mem, fd, &s, text) == -1 && vault_whole(&mem, fd) != OK);
	close(fd);
	arena_free(&mem);
	return 0;
}
