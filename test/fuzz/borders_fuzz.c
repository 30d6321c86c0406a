/* borders_fuzz.c -- any text as a map, without the database: what is taken are rings of at least three points on the
 * earth. */
#include "mod/org/borders.c"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "x,y x,y;x,y .." */
static bool on_earth(str rings)
{
	str ring, point, x, y;
	int64_t at[2];

	while (rings.n) {
		int n = 0;
		str_cut(rings, ';', &ring, &rings);
		for (; ring.n; n++) {
			str_cut(ring, ' ', &point, &ring);
			if (!str_cut(point, ',', &x, &y) || !str_to_int(x, &at[0]) || !str_to_int(y, &at[1]) ||
				llabs(at[0]) > 180000000 || llabs(at[1]) > 90000000)
				return false;
		}
		if (n < 3)
			return false;
	}
	return true;
}

static void shape_of(struct atlas *a, const cJSON *geometry, bool of_arcs)
{
	struct arena mem;
	struct buf b;

	arena_init(&mem, (size_t)64 << 20);
	buf_init(&b, &mem, RING_MAX);
	if (!shape_put(a, &mem, geometry, of_arcs, &b) && !on_earth(buf_str(&b)))
		abort();
	arena_free(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem;
	struct ctx c = { .mem = &mem };
	const struct borders_ask ask = { .tolerance = BORDER_TOLERANCE };
	struct borders_report report = { 0 };
	struct atlas a = { .c = &c, .ask = &ask, .report = &report };
	const char *bad;
	ptrdiff_t at;

	if (size > 16384)
		return 0;
	arena_init(&mem, (size_t)64 << 20);
	const cJSON *top = json_read(&mem, (str){ (const char *)data, (ptrdiff_t)size }, &bad, &at), *shape, *group;
	cJSON_ArrayForEach(shape, json_get(top, "features"))
		shape_of(&a, json_get(shape, "geometry"), false);
	if (cJSON_IsArray(json_get(top, "arcs")) && arcs_read(&a, top) == OK)
		cJSON_ArrayForEach(group, json_get(top, "objects"))
			cJSON_ArrayForEach(shape, json_get(group, "geometries"))
				shape_of(&a, shape, true);
	arena_free(&mem);
	return 0;
}
