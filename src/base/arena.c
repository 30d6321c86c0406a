/* arena.c -- memory with one end of life. */
#include "base/base.h"

#include <stdlib.h>

/* Under AddressSanitizer what was never handed out may not be touched, and a closed gap stands behind every piece: else
 * a piece that is overrun writes into its neighbour of the same block and nobody hears of it. What was given back stays
 * open until it is handed out anew. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define WATCHED
#endif
#endif
#if defined WATCHED || defined __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define CLOSE(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define OPEN(p, n)  ASAN_UNPOISON_MEMORY_REGION(p, n)
enum { GAP = 16 };
#else
#define CLOSE(p, n) ((void)0)
#define OPEN(p, n)  ((void)0)
enum { GAP = 0 };
#endif

enum { FIRST_BLOCK = 32 * 1024, LARGEST_STEP = 1024 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t size, used;
	_Alignas(max_align_t) char bytes[];
};

struct cleanup {
	struct cleanup *older;
	void (*fn)(void *);
	void *arg;
};

void arena_init(struct arena *a, size_t max)
{
	*a = (struct arena){ .max = max };
}

static void run_cleanups(struct arena *a)
{
	while (a->ends) {
		struct cleanup *c = a->ends;
		a->ends = c->older;
		c->fn(c->arg);
	}
}

static struct arena_block *pop(struct arena_block **list)
{
	struct arena_block *b = *list;

	*list = b->older;
	return b;
}

void arena_again(struct arena *a)
{
	run_cleanups(a);
	while (a->head && a->head->older) {
		struct arena_block *b = pop(&a->head);
		b->older = a->spare;
		a->spare = b;
	}
	if (a->head)
		a->head->used = 0;
	a->used = 0;
}

void arena_reset(struct arena *a)
{
	arena_again(a);
	while (a->spare)
		free(pop(&a->spare));
}

void arena_wipe(struct arena *a)
{
	run_cleanups(a);
	for (struct arena_block *b = a->head; b; b = b->older) {
		OPEN(b->bytes, b->used);
		explicit_bzero(b->bytes, b->used);
	}
	for (struct arena_block *b = a->spare; b; b = b->older) {
		OPEN(b->bytes, b->size);
		explicit_bzero(b->bytes, b->size);
	}
}

void arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->head);
	a->head = NULL;
}

void arena_out(struct arena *a)
{
	if (!a->full)
		abort();
	longjmp(*a->full, 1);
}

static bool add_block(struct arena *a, size_t need)
{
	size_t size = FIRST_BLOCK;
	struct arena_block *b;

	if (a->spare && a->spare->size >= need) {
		b = pop(&a->spare);
		b->older = a->head;
		b->used = 0;
		a->head = b;
		return true;
	}
	if (a->head)
		size = a->head->size < LARGEST_STEP / 2 ? a->head->size * 2 : LARGEST_STEP;
	if (size < need)
		size = need;
	b = malloc(sizeof *b + size);
	if (!b)
		return false;
	*b = (struct arena_block){ .older = a->head, .size = size };
	CLOSE(b->bytes, b->size);
	a->head = b;
	return true;
}

/* The offset of the first byte at or after `used` whose address is aligned. */
static size_t aligned(const struct arena_block *b, size_t align)
{
	uintptr_t at = (uintptr_t)(b->bytes + b->used);

	return b->used + (size_t)(-at & (align - 1));
}

void *arena_alloc(struct arena *a, size_t size, size_t align)
{
	size_t from;

	if (size > a->max || a->used > a->max - size || size > PTRDIFF_MAX / 2)
		arena_out(a);
	from = a->head ? aligned(a->head, align) : 0;
	if (!a->head || from > a->head->size || a->head->size - from < size + GAP) {
		if (!add_block(a, size + align + GAP))
			arena_out(a);
		from = aligned(a->head, align);
	}
	a->head->used = from + size + GAP;
	a->used += size;
	OPEN(a->head->bytes + from, size);
	CLOSE(a->head->bytes + from + size, GAP);
	return memset(a->head->bytes + from, 0, size);
}

void arena_at_end(struct arena *a, void (*fn)(void *), void *arg)
{
	struct cleanup *c = NEW(a, struct cleanup);

	*c = (struct cleanup){ a->ends, fn, arg };
	a->ends = c;
}
