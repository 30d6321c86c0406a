/* results_proof_fuzz.c -- a candidate's JSON and a manifest of any bytes; nothing that was not signed may pass. */
#include "mod/results/proof.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t nobody[32] = { 1 };
	struct arena a;
	struct proof_told told;
	struct issue v;
	str text = { (const char *)data, (ptrdiff_t)size };

	if (!hash_init())
		abort();
	arena_init(&a, 64 << 20);
	if (proof_check(&a, text, nobody, &told) == PROOF_GOOD)
		abort();
	if (issue_read(&a, text, &v))
		issue_signed(&a, &v);
	arena_free(&a);
	return 0;
}
