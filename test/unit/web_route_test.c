#include "test.h"
#include "web/route.h"

static struct routes *made(struct arena *a)
{
	static const struct { enum verb verb; const char *pattern; } all[] = {
		{ GET, "/" }, { GET, "/class" }, { POST, "/class" }, { GET, "/class/new" }, { GET, "/class/{id}" },
		{ POST, "/class/{id}" },
		{ GET, "/class/{id}/edit" }, { POST, "/class/{id}/do/{step}" }, { GET, "/{page}/all" },
		{ GET, "/class/new/{kind}" },
		{ DELETE, "/class/{key}" },
	};
	struct routes *r = routes_new(a);
	char why[160];
	for (int i = 0; i < COUNT(all); i++)
		assert_true(routes_add(r, all[i].verb, all[i].pattern, all[i].pattern, why));
	return r;
}

static void finds_the_right_one(void **state)
{
	static const struct { enum verb verb; const char *path; enum routed want; const char *pattern, *first; } cases[] = {
		{ GET, "/", ROUTED, "/", NULL }, { HEAD, "/class", ROUTED, "/class", NULL },
		{ GET, "/class/new", ROUTED, "/class/new", NULL },
		{ GET, "/class/7", ROUTED, "/class/{id}", "7" }, { GET, "/class/new/edit", ROUTED, "/class/new/{kind}",
			"edit" },
		{ POST, "/class/9/do/close", ROUTED, "/class/{id}/do/{step}", "9" },
		{ GET, "/class/all", ROUTED, "/class/{id}", "all" },
		{ GET, "/book/all", ROUTED, "/{page}/all", "book" }, { DELETE, "/class/x", ROUTED, "/class/{key}", "x" },
		{ PUT, "/class/x", ROUTE_OTHER_VERB, NULL, NULL }, { GET, "/none", ROUTE_MISSING, NULL, NULL },
		{ GET, "/class/", ROUTE_MISSING, NULL, NULL }, { GET, "", ROUTE_MISSING, NULL, NULL },
		{ GET, "x", ROUTE_MISSING, NULL, NULL },
		{ GET, "/class//edit", ROUTE_MISSING, NULL, NULL }, { POST, "/class/new", ROUTED, "/class/{id}", "new" },
	};
	struct arena a;
	struct route_hit hit;
	arena_init(&a, 1 << 20);
	struct routes *r = made(&a);
	for (int i = 0; i < COUNT(cases); i++) {
		enum routed got = routes_find(r, cases[i].verb, str_of(cases[i].path), &hit);
		if (got != cases[i].want)
			print_error("%s\n", cases[i].path);
		assert_int_equal(got, cases[i].want);
		if (cases[i].pattern)
			assert_string_equal(hit.pattern, cases[i].pattern);
		if (cases[i].first)
			assert_text(hit.names[0].value, cases[i].first);
	}
	arena_free(&a);
}

static void names_and_verbs(void **state)
{
	struct arena a;
	struct route_hit hit;
	arena_init(&a, 1 << 20);
	struct routes *r = made(&a);
	routes_find(r, POST, S("/class/12/do/submit"), &hit);
	assert_int_equal(hit.n_names, 2);
	assert_text(hit.names[1].name, "step");
	assert_text(hit.names[1].value, "submit");
	assert_int_equal(routes_find(r, PATCH, S("/class"), &hit), ROUTE_OTHER_VERB);
	assert_int_equal(hit.verbs, 1u << GET | 1u << POST | 1u << HEAD);
	arena_free(&a);
}

static void malformed_patterns(void **state)
{
	static const char *const bad[] = { "", "x", "/a//b", "/a/", "/{}", "/{A}", "/a{b}", "/{a", "/{a b}",
		"/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}" };
	struct arena a;
	char why[160];
	arena_init(&a, 1 << 20);
	struct routes *r = made(&a);
	for (int i = 0; i < COUNT(bad); i++)
		assert_false(routes_add(r, GET, bad[i], "", why));
	assert_false(routes_add(r, GET, "/class/{other}", "", why));
	assert_non_null(strstr(why, "same as /class/{id}"));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_right_one), cmocka_unit_test(names_and_verbs), cmocka_unit_test(malformed_patterns),
	};
	return cmocka_run_group_tests_name("web route", tests, NULL, NULL);
}
