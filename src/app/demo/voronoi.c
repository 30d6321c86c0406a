/* voronoi.c -- cells of communes: the outline of the province cut by the line halfway to every other site. */
#include "app/demo/demo.h"

enum { OUTLINE = 64, MOST = OUTLINE + 160 };

/* Keeps the part of a convex ring nearer to a than to b. Whole numbers throughout; coordinates stay below 2^21. */
static int cut(const struct point *in, int n, struct point a, struct point b, struct point *out)
{
	int64_t nx = b.x - a.x, ny = b.y - a.y, mx = a.x + b.x, my = a.y + b.y;
	int k = 0;

	for (int i = 0; i < n && k < MOST - 2; i++) {
		struct point p = in[i], q = in[(i + 1) % n];
		int64_t dp = (2 * p.x - mx) * nx + (2 * p.y - my) * ny, dq = (2 * q.x - mx) * nx + (2 * q.y - my) * ny;
		if (dp <= 0)
			out[k++] = p;
		if ((dp < 0 && dq > 0) || (dp > 0 && dq < 0)) {
			int64_t w = dp - dq, t = dp * 4096 / w;
			out[k++] = (struct point){ p.x + (q.x - p.x) * t / 4096, p.y + (q.y - p.y) * t / 4096 };
		}
	}
	return k;
}

/* sin of i/64 of a turn, in thousandths, from the identity table of one quarter. */
static int64_t sine(int i)
{
	static const int quarter[17] = { 0, 98, 195, 290, 383, 471, 556, 634, 707, 773, 831, 882, 924, 957, 981, 995,
		1000 };
	i &= 63;
	return i < 16 ? quarter[i] : i < 32 ? quarter[32 - i] : i < 48 ? -quarter[i - 32] : -quarter[64 - i];
}

/* A province is no circle: the radius swells and shrinks with the angle, but stays convex enough to cut. */
static int outline(struct point centre, int64_t radius, struct point *ring)
{
	for (int i = 0; i < OUTLINE; i++) {
		int64_t r = radius * (1000 + sine(2 * i + 9) * 60 / 1000 + sine(3 * i) * 25 / 1000) / 1000;
		ring[i] = (struct point){ centre.x + r * sine(i + 16) / 1000, centre.y + r * sine(i) * 78 / 100000 };
	}
	return OUTLINE;
}

void voronoi(struct arena *mem, const struct point *sites, int n, struct point centre, int64_t radius,
	struct point **rings, int *n_of)
{
	struct point a[MOST], b[MOST];

	for (int i = 0; i < n; i++) {
		int k = outline(centre, radius, a);
		for (int j = 0; j < n && k > 0; j++) {
			if (j == i)
				continue;
			k = cut(a, k, sites[i], sites[j], b);
			memcpy(a, b, sizeof *a * (size_t)k);
		}
		rings[i] = NEWS(mem, struct point, k + 1);
		memcpy(rings[i], a, sizeof *a * (size_t)k);
		n_of[i] = k;
	}
}
