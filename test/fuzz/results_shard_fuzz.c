/* results_shard_fuzz.c -- a shard of any bytes: everything a page asks of it must stay inside. */
#include "mod/results/shard.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t walk(const struct shard *s)
{
	int64_t sum = 0;

	for (int64_t i = 0; i < s->n && i < 64; i++) {
		struct marks m;
		digest path[SHARD_LEVELS];
		shard_at(s, i, &m);
		sum += m.at[0] + shard_find(s, (str){ m.number, (ptrdiff_t)strlen(m.number) }) + shard_group(s, m.group).n;
		sum += shard_path(s, i, path);
	}
	for (int k = -1; k <= s->n_subjects; k++) {
		for (int g = -2; g <= s->n_groups; g++) {
			struct dist d = shard_dist(s, k, g);
			for (uint32_t i = 0; i < d.n && i < 2000; i++) {
				int mark;
				int64_t count;
				dist_at(&d, i, &mark, &count);
				sum += mark + count;
			}
		}
	}
	return sum + shard_find(s, S("01000001"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	volatile int64_t seen = 0;
	/* exactly as many bytes as there are, so that a read beyond them is found */
	char *bytes = malloc(size ? size : 1);
	const struct tr *why;
	struct shard s;

	if (!bytes)
		return 0;
	memcpy(bytes, data, size);
	if (shard_open((str){ bytes, (ptrdiff_t)size }, &s, &why))
		seen = walk(&s) + shard_whole(&s);
	(void)seen;
	free(bytes);
	return 0;
}
