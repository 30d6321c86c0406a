/* str_fmt and put_fmt give what printf gives, whether or not the quick way knows the conversions. */
#include "test.h"
#include <limits.h>

#define SAME(...) do { \
	char want_[2048]; \
	struct buf b_; \
	snprintf(want_, sizeof want_, __VA_ARGS__); \
	assert_text(str_fmt(&a, __VA_ARGS__), want_); \
	buf_init(&b_, &a, 4096); \
	put_fmt(&b_, __VA_ARGS__); \
	assert_text(buf_str(&b_), want_); \
} while (0)

static void as_printf(void **state)
{
	struct arena a;
	char longer[700];
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = 0;
	arena_init(&a, 1 << 20);
	SAME("plain, Hà Nội");
	SAME("%s", "");
	SAME("%s/%s", "a", "ế");
	SAME("%.*s|%.*s|%.*s", 2, "abc", 0, "abc", 9, "abc");
	SAME("%.*s", -1, "abc");
	SAME("%d %d %d", 0, INT_MIN, INT_MAX);
	SAME("%u", UINT_MAX);
	SAME("%lld %lld %ld", LLONG_MIN, LLONG_MAX, -5L);
	SAME("%llu %zu %td %zd", ULLONG_MAX, (size_t)7, (ptrdiff_t)-8, (ssize_t)-9);
	SAME("100%% %c.", 'k');
	SAME("%03d|%-5s|%5.1f|%x|%02lld", 7, "a", 2.25, 255u, 3LL);
	SAME("%s%s", longer, longer);
	SAME("%s", longer + 444);
	SAME("%s", longer + 445);
	assert_text(str_fmt(&a, "%.*s!", 3, "a\0b"), "a!");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(as_printf) };
	return cmocka_run_group_tests_name("base fmt", tests, NULL, NULL);
}
