/* scheme_world.h -- the schemes that the program carries, for the tests of what they say. */
#ifndef KHUE_SCHEME_WORLD_H
#define KHUE_SCHEME_WORLD_H
#include "test.h"
#undef fail
#undef fail_msg
#define fail_msg(...) do { print_error(__VA_ARGS__); _fail(__FILE__, __LINE__); } while (0)
#include "mod/records/scheme_json.h"

static struct arena mem;
static struct scheme_set set;

static inline void told(void *arg, str file, const struct mistake *m)
{
	print_error("%.*s:%d: %.*s\n", FMT(file), m->line, FMT(m->en));
	++*(int *)arg;
}

static inline int open_all(void **state)
{
	int n = 0;
	(void)state;
	arena_init(&mem, (size_t)256 << 20);
	assert_true(schemes_load(&mem, NULL, &set, told, &n));
	schemes_check(&mem, &set, told, &n);
	return n;
}

static inline int close_all(void **state)
{
	(void)state;
	arena_free(&mem);
	return 0;
}

static inline struct scheme *scheme(const char *code)
{
	struct scheme *s = scheme_named(&set, str_of(code));
	assert_non_null(s);
	return s;
}

static inline void average_is(const char *code, const char *json, const char *want)
{
	struct bad_json bad = { 0 };
	struct buf out;

	buf_init(&out, &mem, 4096);
	if (!average_json(&mem, scheme(code), str_of(json), &out, &bad)) {
		if (want)
			print_error("%.*s: %s\n", FMT(bad.field), bad.text.en);
		assert_null(want);
		assert_non_null(bad.text.vi);
		return;
	}
	assert_non_null(want);
	assert_text(buf_str(&out), want ? want : "");
}

/* What is wrong is said so that it can be put right. */
static inline void refused_with(const char *json, const char *vi)
{
	struct bad_json bad = { 0 };
	struct buf out;

	buf_init(&out, &mem, 4096);
	assert_false(average_json(&mem, scheme("tt22"), str_of(json), &out, &bad));
	assert_string_equal(bad.text.vi, vi);
}

static inline void rate_is(const char *code, const char *json, const char *want)
{
	struct bad_json bad = { 0 };
	struct buf out;

	buf_init(&out, &mem, 1 << 16);
	bool good = rate_json(&mem, scheme(code), set.programme, str_of(json), &out, &bad);
	if (!good && want)
		print_error("%.*s: %s\n", FMT(bad.field), bad.text.en);
	assert_int_equal(good, want != NULL);
	if (want && str_find(buf_str(&out), str_of(want)) < 0)
		print_error("%.*s\n", FMT(buf_str(&out)));
	assert_true(!want || str_find(buf_str(&out), str_of(want)) >= 0);
}
#endif
