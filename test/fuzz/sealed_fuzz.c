/* sealed_fuzz.c -- what leaves the program sealed and comes back (the ticket between password and second step, a
 * challenge, a kept seed), from any bytes and as a good one that was bent: it opens as what was sealed, for what it was
 * sealed for and with this installation's secret, or not at all. */
#include <assert.h>
#include "core/app.h"
#include "core/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same box each time. */
static void fixed(void *arg, void *p, size_t n)
{
	(void)arg;
	memset(p, 9, n);
}

/* The text with the bytes laid over it; *ret_same: nothing changed. */
static str bent(struct arena *mem, str good, str over, bool *ret_same)
{
	char *p = (char *)arena_alloc(mem, (size_t)(good.n + 1), 1);

	memcpy(p, good.p, (size_t)good.n);
	for (ptrdiff_t i = 1; i < over.n && good.n; i++)
		p[((uint8_t)over.p[0] + i - 1) % good.n] ^= over.p[i];
	*ret_same = memcmp(p, good.p, (size_t)good.n) == 0;
	return (str){ p, good.n };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct app here = { .secret = { 1, 2, 3 }, .random = fixed }, elsewhere = { .secret = { 1, 2, 4 } };
	struct arena mem;
	str in = { (const char *)data, (ptrdiff_t)size }, plain = S("4711 1790000000000 0"), box, got, was, now;
	bool same;

	if (size > SEALED_MAX + 64)
		return 0;
	arena_init(&mem, (size_t)1 << 20);
	struct ctx c = { .mem = &mem, .app = &here }, other = { .mem = &mem, .app = &elsewhere };
	assert(!unsealed(&c, "ticket", in, &got));
	/* some of the bytes are no base64 at all: as bytes of a box they get further */
	assert(!unsealed(&c, "ticket", base64url_of(&mem, data, size), &got));
	box = sealed(&c, "ticket", plain);
	assert(unsealed(&c, "ticket", box, &got) && str_eq(got, plain));
	assert(!unsealed(&c, "challenge", box, &got) && !unsealed(&other, "ticket", box, &got));
	str text = bent(&mem, box, in, &same);
	/* base64 may say the same bytes in two ways: only the bytes count */
	if (unsealed(&c, "ticket", text, &got))
		assert(str_eq(got, plain) && base64url_read(&mem, text, &now) && base64url_read(&mem, box, &was) &&
			str_eq(now, was));
	else
		assert(!same);
	arena_free(&mem);
	return 0;
}
