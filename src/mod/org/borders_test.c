/* borders_test.c -- borders out of maps: simplified alike on both sides, bad shapes refused with a reason; on both
 * engines. */
#include "domain.h"
#include "mod/org/borders.h"
#include "mod/org/units.h"

#define FEATURE(code, geometry) \
	"{\"type\":\"Feature\",\"properties\":{\"code\":\"" code "\"},\"geometry\":" geometry "}"
#define POLYGON(rings) "{\"type\":\"Polygon\",\"coordinates\":" rings "}"

static enum rc take(struct world *w, const char *text, int64_t tolerance, struct borders_report *r)
{
	return borders_import(as_khue(w), &(struct borders_ask){ .bytes = str_of(text), .tolerance = tolerance }, r);
}

static str ring_of(struct world *w, const char *code)
{
	struct rows r;
	str s;
	assert_int_equal(db_query(w->db,
		"SELECT ring FROM unit_border b JOIN admin_unit u ON u.id = b.unit WHERE u.code = ?1",
		VALS(v_text(str_of(code))), &r), OK);
	assert_true(rows_next(&r));
	s = str_copy(&w->mem, rows_text(&r, 0));
	assert_int_equal(rows_end(&r), OK);
	return s;
}

/* Two communes beside each other share arc 0, a zigzag: what is left of it is the same in both. */
static void neighbours_still_meet(void **state)
{
	static const char topology[] =
		"{\"type\":\"Topology\",\"transform\":{\"scale\":[0.0001,0.0001],\"translate\":[105,21]},"
		"\"arcs\":[[[1000,0],[1,100],[-1,100],[1,100],[400,300],[-401,400]],[[1000,1000],[-1000,0],[0,-1000],[1000,0]],[[1000,1000],[1000,0],[0,-1000],[-1000,0]]],"
		"\"objects\":{\"layer\":{\"type\":\"GeometryCollection\",\"geometries\":["
		"{\"type\":\"Polygon\",\"arcs\":[[0,1]],\"properties\":{\"code\":\"07450\"}},{\"type\":\"MultiPolygon\",\"arcs\":[[[-1,-3]]],\"properties\":{\"code\":\"07444\"}},"
		"{\"type\":\"Polygon\",\"arcs\":[[0,9]],\"properties\":{\"code\":\"07210\"}},{\"type\":\"Polygon\",\"arcs\":[[0]],\"properties\":{\"code\":\"00004\"}}]}}}";
	struct world *w = world_open(state);
	struct borders_report r;
	OKAY(org_load_facts(as_khue(w)));
	assert_int_equal(take(w, topology, 500, &r), OK);
	/* the second has arc 0 backwards */
	assert_int_equal(r.added, 2);
	assert_int_equal(r.refused, 2);
	assert_int_equal(r.n_told, 2);
	str a = ring_of(w, "07450"), b = ring_of(w, "07444");
	assert_true(str_find(b, S("105140100,21060000")) >= 0 && str_find(b, S("105100100,21010000")) < 0);
	/* a wriggle of 11 m is gone */
	assert_true(str_find(a, S("105100000,21000000")) >= 0 && str_find(a, S("105100100,21010000")) < 0);
	/* a corner of 4 km is not */
	assert_true(str_find(a, S("105140100,21060000")) >= 0);
	assert_int_equal(take(w, topology, 500, &r), OK);
	assert_int_equal(r.same, 2);
	assert_int_equal(take(w, topology, 1, &r), OK);
	assert_int_equal(r.changed, 2);
	world_close(w);
}

static void rings_and_islets(void **state)
{
	static const char map[] = "{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("24",
		POLYGON("[[[105,21],[106,21],[106,22],[105,22],[105,21]],[[105.5,21.5],[105.50001,21.5],[105.5,21.50001],[105.5,21.5]]]")) "]}";
	struct world *w = world_open(state);
	struct borders_report r;
	OKAY(org_load_facts(as_khue(w)));
	assert_int_equal(take(w, map, 400, &r), OK);
	assert_int_equal(r.added, 1);
	str ring = ring_of(w, "24");
	assert_text(ring,
		"105000000,21000000 106000000,21000000 106000000,22000000 105000000,22000000;105500000,21500000 "
			"105500010,21500000 105500000,21500010");
	world_close(w);
}

static void bad_shapes_are_refused(void **state)
{
	static const char *const whole[] = { "", "x", "[]", "{}", "{\"type\":\"FeatureCollection\"}",
		"{\"type\":\"Topology\",\"arcs\":[],\"objects\":1}",
		"{\"type\":\"Topology\",\"arcs\":[[[\"a\",1]]],\"objects\":{}}",
		"{\"type\":\"FeatureCollection\",\"features\":[" };
	static const char *const shapes[] = { POLYGON("[[[105,21],[106,21],[105.5,22]]]"),
		POLYGON("[[[105,21],[106,21],[105.5,22],[105,21.1]]]"), POLYGON("[[[105,21],[106,21],[107,21],[105,21]]]"),
		POLYGON("[[[500,21],[106,21],[105.5,22],[500,21]]]"),
		POLYGON("[[[\"105\",21],[106,21],[105.5,22],[105,21]]]"), POLYGON("[]"), POLYGON("7"),
		"{\"type\":\"Point\",\"coordinates\":[105,21]}", "null",
		POLYGON("[[[105],[106,21],[105.5,22],[105]]]") };
	struct world *w = world_open(state);
	struct borders_report r;
	OKAY(org_load_facts(as_khue(w)));
	for (int i = 0; i < COUNT(whole); i++)
		assert_int_equal(take(w, whole[i], 400, &r), E_INVALID);
	for (int i = 0; i < COUNT(shapes); i++) {
		char text[500];
		snprintf(text, sizeof text, "{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("24",
			"%s") "," FEATURE("99", "null") "]}", shapes[i]);
		assert_int_equal(take(w, text, 400, &r), OK);
		if (r.refused != 2 || r.n_told != 2)
			fail_msg("taken: %s", shapes[i]);
	}
	assert_int_equal(count(w, "SELECT count(*) FROM unit_border"), 0);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(neighbours_still_meet), ON_BOTH(rings_and_islets),
		ON_BOTH(bad_shapes_are_refused) };
	(void)argc;
	need_postgres(argv);
	hash_init();
	return cmocka_run_group_tests_name("borders", tests, NULL, NULL);
}
