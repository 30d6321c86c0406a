/* stats.h -- figures of a distribution of marks, by integers: marks and means are hundredths, shares are
 * thousandths. */
#ifndef KHUE_RESULTS_STATS_H
#define KHUE_RESULTS_STATS_H
#include "mod/results/shard.h"

struct mark_stats {
	int64_t n, sum;
	int mean, median, deviation, least, most, mode;      /* hundredths; median: the lower of two          */
	int64_t zero, to_one, below_five, from_eight, ten;   /* candidates with 0; <= 1; < 5; >= 8; 10        */
	int step;                                            /* 20 or 25: of which more of the marks are multiples */
};
void stats_of(const struct dist *d, struct mark_stats *ret);
/* Thousandths of the candidates whose mark is lower. */
int  stats_below(const struct dist *d, int mark);
/* Counts by bins [k * width, (k + 1) * width); the last one holds 10 alone. Returns how many: 1000 / width + 1. */
enum { BINS_MAX = 101 };
int  stats_bins(const struct dist *d, int width, int64_t ret[static BINS_MAX]);
/* part of whole in thousandths, rounded half up; 0 of 0. */
int  share(int64_t part, int64_t whole);
#endif
