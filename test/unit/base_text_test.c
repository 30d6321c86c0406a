/* base_text_test.c -- arena, str, buf, log. */
#include "test.h"
#include "base/log.h"
#include <fcntl.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena a;
	uint64_t seed = 1;

	arena_init(&a, 8 << 20);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 2000; i++) {
			size_t size = next_number(&seed) % 700, align = (size_t)1 << next_number(&seed) % 7;
			unsigned char *p = arena_alloc(&a, size, align);
			assert_int_equal((uintptr_t)p % align, 0);
			for (size_t k = 0; k < size; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xA5, size);
		}
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_free(&a);
}

/* Pieces of work of one size cost no memory after the first, and what is handed out is empty again. */
static void arena_keeps_its_blocks(void **state)
{
	enum { BLOCKS = 40, SIZE = 100000 };
	struct arena a;
	unsigned char *at[BLOCKS];

	(void)state;
	arena_init(&a, 8 << 20);
	for (int turn = 0; turn < 3; turn++) {
		int known = 0;
		for (int i = 0; i < BLOCKS; i++) {
			unsigned char *p = arena_alloc(&a, SIZE, 16);
			for (int k = 0; k < BLOCKS && turn; k++)
				known += at[k] == p;
			assert_int_equal(p[0] | p[SIZE / 2] | p[SIZE - 1], 0);
			memset(p, 7, SIZE);
			if (turn == 0)
				at[i] = p;
		}
		assert_true(turn == 0 || known > BLOCKS / 2);
		arena_again(&a);
		assert_int_equal(a.used, 0);
		assert_non_null(a.spare);
	}
	arena_reset(&a);
	assert_null(a.spare);
	arena_free(&a);
}

/* Under AddressSanitizer a piece ends where it ends, also in memory that is used again. */
static void arena_pieces_are_apart(void **state)
{
#ifdef __SANITIZE_ADDRESS__
	struct arena a;
	char *one, *two;

	(void)state;
	arena_init(&a, 1 << 20);
	one = arena_alloc(&a, 13, 1);
	two = arena_alloc(&a, 40, 8);
	assert_false(__asan_address_is_poisoned(one + 12) || __asan_address_is_poisoned(two + 39));
	assert_true(__asan_address_is_poisoned(one + 13) && __asan_address_is_poisoned(two - 1) &&
		__asan_address_is_poisoned(two + 40));
	arena_again(&a);
	one = arena_alloc(&a, 21, 1);
	assert_true(__asan_address_is_poisoned(one + 21));
	arena_wipe(&a);
	arena_free(&a);
#else
	(void)state;
	skip();
#endif
}

static void arena_ceiling_jumps(void **state)
{
	struct arena a;
	jmp_buf full;
	volatile int reached = 0;

	arena_init(&a, 1000);
	a.full = &full;
	if (setjmp(full) == 0) {
		arena_alloc(&a, 600, 8);
		reached = 1;
		arena_alloc(&a, 401, 1);
		reached = 2;
	}
	assert_int_equal(reached, 1);
	if (setjmp(full) == 0) {
		arena_alloc(&a, SIZE_MAX - 8, 8);
		reached = 3;
	}
	assert_int_equal(reached, 1);
	arena_free(&a);
}

struct seen { int at, order[3]; };
static struct seen *seen_by(void)
{
	static struct seen s;
	return &s;
}

static void note(void *arg)
{
	struct seen *s = seen_by();
	s->order[s->at++] = *(int *)arg;
}

static void arena_runs_cleanups_newest_first(void **state)
{
	struct arena a;
	int numbers[3] = { 1, 2, 3 };

	arena_init(&a, 1 << 20);
	for (int i = 0; i < 3; i++)
		arena_at_end(&a, note, &numbers[i]);
	arena_reset(&a);
	arena_free(&a);
	assert_int_equal(seen_by()->at, 3);
	assert_int_equal(seen_by()->order[0], 3);
	assert_int_equal(seen_by()->order[2], 1);
}

static void str_views(void **state)
{
	str head, tail;
	int64_t v = 7;

	assert_true(str_cut(S("a,b,c"), ',', &head, &tail));
	assert_text(head, "a");
	assert_text(tail, "b,c");
	assert_false(str_cut(S("abc"), ',', &head, &tail));
	assert_text(head, "abc");
	assert_int_equal(tail.n, 0);
	assert_text(str_trim(S(" \t\xC2\xA0Hoà Bình\xC2\xA0\r\n ")), "Hoà Bình");
	assert_text(str_trim(S(" \t ")), "");
	assert_text(str_sub(S("abcdef"), 2, 4), "cd");
	assert_text(str_sub(S("abcdef"), 4, -1), "ef");
	assert_text(str_sub(S("abc"), 5, 9), "");
	assert_int_equal(str_find(S("hello"), S("llo")), 2);
	assert_int_equal(str_find(S("hello"), S("lo!")), -1);
	assert_int_equal(str_find(S(""), S("x")), -1);
	assert_true(str_starts(S("abc"), S("ab")) && !str_starts(S("a"), S("ab")));
	assert_true(str_ends(S("abc"), S("bc")) && !str_ends(S("c"), S("bc")) && str_ends(S(""), S("")));
	assert_true(str_cmp(S("a"), S("ab")) < 0 && str_cmp(S("b"), S("ab")) > 0 && str_cmp(S("ab"), S("ab")) == 0);
	assert_int_equal(str_chars(S("Nguyễn Đức")), 10);
	assert_true(str_to_int(S("-9223372036854775808"), &v) && v == INT64_MIN);
	assert_true(str_to_int(S("9223372036854775807"), &v) && v == INT64_MAX);
	assert_false(str_to_int(S("9223372036854775808"), &v));
	assert_false(str_to_int(S(""), &v) || str_to_int(S("-"), &v) || str_to_int(S("1 "), &v) || str_to_int(S("+1"), &v));
	assert_int_equal(v, INT64_MAX);
}

static void utf8_is_strict(void **state)
{
	static const str good[] = { S_INIT(""), S_INIT("a"), S_INIT("ễ"), S_INIT("\xF0\x9F\x98\x80"),
		S_INIT("\xF4\x8F\xBF\xBF"),
		S_INIT("\xED\x9F\xBF"), S_INIT("\xEE\x80\x80") };
	static const str bad[] = { S_INIT("\0"), S_INIT("\x80"), S_INIT("\xC0\xAF"), S_INIT("\xC1\xBF"),
		S_INIT("\xE0\x9F\xBF"),
		S_INIT("\xED\xA0\x80"), S_INIT("\xF0\x8F\xBF\xBF"), S_INIT("\xF4\x90\x80\x80"), S_INIT("\xF5\x80\x80\x80"),
		S_INIT("a\xE1\xBB"),
		S_INIT("\xFF"), S_INIT("\xC3") };

	for (ptrdiff_t i = 0; i < COUNT(good); i++)
		assert_true(str_is_utf8(good[i]));
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		assert_false(str_is_utf8(bad[i]));
	/* eight plain bytes are looked at together: every place of one that is not */
	for (int at = 0; at < 24; at++)
		for (int byte = 0; byte < 256; byte++) {
			char text[25] = "0123456789abcdefghijklmn";
			text[at] = (char)byte;
			assert_int_equal(str_is_utf8((str){ text, 24 }), byte > 0 && byte < 0x80);
		}
	assert_true(str_is_utf8(S("Điểm của học sinh lớp 6A, môn Toán")));
	assert_false(str_is_utf8(S("Điểm của học sinh lớp 6A, m\xC3n Toán")));
}

static void buf_grows_to_its_ceiling(void **state)
{
	struct arena a;
	struct buf b;
	char fixed[8];

	arena_init(&a, 1 << 20);
	buf_init(&b, &a, 2000);
	put_int(&b, INT64_MIN);
	put_c(&b, ' ');
	put_int(&b, 0);
	put_fmt(&b, " %s", "x");
	assert_text(buf_str(&b), "-9223372036854775808 0 x");
	put_fmt(&b, "%0900d", 1);
	assert_int_equal(b.n, 924);
	assert_false(b.over);
	for (int i = 0; i < 500; i++)
		put_z(&b, "abc");
	assert_true(b.over);
	assert_int_equal(b.n, 2000);
	buf_init(&b, &a, 200);
	for (int i = 0; i < 100; i++)
		put_z(&b, "abc");
	assert_true(b.over);
	assert_int_equal(b.n, 200);
	b = (struct buf){ .p = fixed, .cap = sizeof fixed, .max = sizeof fixed };
	put_z(&b, "0123456789");
	assert_true(b.over);
	assert_text(buf_str(&b), "01234567");
	arena_free(&a);
}

static void str_made_in_an_arena(void **state)
{
	struct arena a;
	str s;

	arena_init(&a, 1 << 20);
	s = str_fmt(&a, "%0300d|%s", 7, "end");
	assert_int_equal(s.n, 304);
	assert_true(str_ends(s, S("7|end")));
	assert_string_equal(str_z(&a, S("abc")), "abc");
	assert_text(str_lower(&a, S("THCS Đ")), "thcs Đ");
	assert_int_not_equal(str_hash(S("a")), str_hash(S("b")));
	arena_free(&a);
}

static void log_writes_one_json_line(void **state)
{
	char text[8192];
	int ends[2];
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	log_set(LOG_INFO, ends[1]);
	log_line(LOG_DEBUG, "unseen", NULL);
	log_line(LOG_INFO, "ready", "listen", "127.0.0.1:8080", "note", "a\"b\n\xFF", NULL);
	log_request(S("r1"), "GET", "/lop/{id}", 200, 1234, 99, 3);
	log_set(LOG_INFO, STDERR_FILENO);
	close(ends[1]);
	n = read(ends[0], text, sizeof text - 1);
	close(ends[0]);
	assert_true(n > 0);
	text[n] = '\0';
	assert_null(strstr(text, "unseen"));
	assert_non_null(strstr(text, "\"event\":\"ready\",\"listen\":\"127.0.0.1:8080\",\"note\":\"a\\\"b\\u000a?\"}\n"));
	assert_non_null(strstr(text, "\"route\":\"/lop/{id}\",\"status\":200,\"ms\":1.234,\"bytes\":99,\"sql\":3}\n"));
}

static void log_line_too_long_stays_whole(void **state)
{
	char text[16384], long_value[9000];
	int ends[2];
	ssize_t n;

	memset(long_value, 'x', sizeof long_value - 1);
	long_value[sizeof long_value - 1] = '\0';
	assert_int_equal(pipe(ends), 0);
	log_set(LOG_INFO, ends[1]);
	log_line(LOG_INFO, "long", "a", "1", "b", long_value, NULL);
	log_set(LOG_INFO, STDERR_FILENO);
	close(ends[1]);
	n = read(ends[0], text, sizeof text - 1);
	close(ends[0]);
	assert_true(n > 10);
	text[n] = '\0';
	assert_non_null(strstr(text, "\"event\":\"long\",\"a\":\"1\"}\n"));
}

/* What has come out of the pipe so far. */
static ptrdiff_t come_out(int from, char *text, size_t size)
{
	ssize_t n = read(from, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? n : 0;
}

/* Last of all: what holds lines holds them from then on. */
static void log_holds_lines_of_requests(void **state)
{
	char text[16384], late[64];
	int ends[2], status;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	log_set(LOG_INFO, ends[1]);
	log_hold();
	log_request(S("r1"), "GET", "/lop", 200, 1234, 99, 3);
	log_request(S("r2"), "GET", "/lop", 200, 1234, 99, 3);
	assert_int_equal(come_out(ends[0], text, sizeof text), 0);
	log_flush();
	assert_true(come_out(ends[0], text, sizeof text) > 0 && strstr(text, "\"r1\"") < strstr(text, "\"r2\""));
	/* another line, and one that took long, come out at once and after those before them */
	log_request(S("r3"), "GET", "/lop", 200, 1234, 99, 3);
	log_line(LOG_WARN, "other", NULL);
	assert_true(come_out(ends[0], text, sizeof text) > 0 && strstr(text, "\"r3\"") < strstr(text, "\"other\""));
	log_request(S("r4"), "GET", "/lop", 200, 1234, 99, 3);
	log_request(S("r5"), "GET", "/lop", 200, 10000, 99, 3);
	assert_true(come_out(ends[0], text, sizeof text) > 0 && strstr(text, "\"r4\"") < strstr(text, "\"r5\""));
	/* more than is held: whole lines, none lost */
	for (int i = 0; i < 60; i++) {
		snprintf(late, sizeof late, "many%02d", i);
		log_request(str_of(late), "GET", "/lop", 200, 1234, 99, 3);
	}
	assert_true(come_out(ends[0], text, sizeof text) > 4096 && text[strlen(text) - 1] == '\n');
	assert_non_null(strstr(text, "\"many00\""));
	/* a child of this process writes none of them again */
	pid_t pid = fork();
	if (pid == 0) {
		log_line(LOG_WARN, "child", NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(come_out(ends[0], text, sizeof text) > 0 && strstr(text, "\"child\"") && !strstr(text, "many"));
	log_flush();
	assert_true(come_out(ends[0], text, sizeof text) > 0 && strstr(text, "\"many59\""));
	log_set(LOG_INFO, STDERR_FILENO);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_aligned_memory), cmocka_unit_test(arena_keeps_its_blocks),
		cmocka_unit_test(arena_pieces_are_apart), cmocka_unit_test(arena_ceiling_jumps),
		cmocka_unit_test(arena_runs_cleanups_newest_first), cmocka_unit_test(str_views),
		cmocka_unit_test(utf8_is_strict), cmocka_unit_test(buf_grows_to_its_ceiling),
		cmocka_unit_test(str_made_in_an_arena), cmocka_unit_test(log_writes_one_json_line),
		cmocka_unit_test(log_line_too_long_stays_whole), cmocka_unit_test(log_holds_lines_of_requests) };

	return cmocka_run_group_tests_name("base_text", tests, NULL, NULL);
}
