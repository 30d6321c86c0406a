/* stats.c -- see stats.h. */
#include "mod/results/stats.h"

static int64_t root_of(int64_t v)
{
	int64_t low = 0, high = 3037000499;

	while (low < high) {
		int64_t mid = low + (high - low + 1) / 2;
		if (mid * mid <= v)
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

static int median_of(const struct dist *d, int64_t n)
{
	int64_t seen = 0;

	for (uint32_t i = 0; i < d->n; i++) {
		int mark;
		int64_t count;
		dist_at(d, i, &mark, &count);
		seen += count;
		if (seen * 2 >= n)
			return mark;
	}
	return 0;
}

void stats_of(const struct dist *d, struct mark_stats *ret)
{
	struct mark_stats s = { .least = MARK_MAX };
	int64_t squares = 0, largest = 0, variance;
	int64_t by_20 = 0, by_25 = 0;

	for (uint32_t i = 0; i < d->n; i++) {
		int mark;
		int64_t count;
		dist_at(d, i, &mark, &count);
		s.n += count;
		s.sum += count * mark;
		squares += count * mark * mark;
		s.zero += mark == 0 ? count : 0;
		s.to_one += mark <= 100 ? count : 0;
		s.below_five += mark < 500 ? count : 0;
		s.from_eight += mark >= 800 ? count : 0;
		s.ten += mark == MARK_MAX ? count : 0;
		s.least = mark < s.least ? mark : s.least;
		s.most = mark > s.most ? mark : s.most;
		if (count > largest) {
			largest = count;
			s.mode = mark;
		}
		by_20 += mark % 20 == 0 ? count : 0;
		by_25 += mark % 25 == 0 ? count : 0;
	}
	s.step = by_20 > by_25 ? 20 : 25;
	if (s.n) {
		int64_t mean = s.sum / s.n;
		/* around the whole mean, so that the products stay small: E(x - m)^2 - (E x - m)^2 */
		variance = (squares - 2 * mean * s.sum + s.n * mean * mean) * 100 / s.n;
		variance -= ((s.sum - mean * s.n) * 10 / s.n) * ((s.sum - mean * s.n) * 10 / s.n);
		s.mean = (int)((2 * s.sum + s.n) / (2 * s.n));
		s.deviation = (int)((root_of(variance < 0 ? 0 : variance) + 5) / 10);
		s.median = median_of(d, s.n);
	} else {
		s.least = 0;
	}
	*ret = s;
}

int share(int64_t part, int64_t whole)
{
	return whole > 0 ? (int)((part * 2000 + whole) / (2 * whole)) : 0;
}

int stats_below(const struct dist *d, int mark)
{
	int64_t below = 0, all = 0;

	for (uint32_t i = 0; i < d->n; i++) {
		int m;
		int64_t count;
		dist_at(d, i, &m, &count);
		all += count;
		below += m < mark ? count : 0;
	}
	return share(below, all);
}

int stats_bins(const struct dist *d, int width, int64_t ret[static BINS_MAX])
{
	int n = MARK_MAX / width + 1;

	memset(ret, 0, sizeof *ret * (size_t)n);
	for (uint32_t i = 0; i < d->n; i++) {
		int mark;
		int64_t count;
		dist_at(d, i, &mark, &count);
		ret[mark / width] += count;
	}
	return n;
}
