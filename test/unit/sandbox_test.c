/* sandbox_test.c -- the child answers, and can do nothing else; however it ends, the parent goes on. */
#include "test.h"
#include "core/confine.h"
#include "core/sandbox.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <time.h>

struct heard { int64_t frames, bytes, stop_after; bool in_order; };

static bool hear(void *arg, str frame)
{
	struct heard *h = arg;
	int64_t k;
	memcpy(&k, frame.p, sizeof k);
	h->in_order &= k == h->frames;
	h->frames++;
	h->bytes += frame.n;
	return h->frames != h->stop_after;
}

static enum rc speak(void *arg, int fd, struct sandbox *out, str *say)
{
	static const char filler[3000];
	for (int64_t i = 0; i < *(int64_t *)arg; i++) {
		sandbox_put(out, &i, sizeof i);
		sandbox_put(out, filler, sizeof filler);
		sandbox_send(out);
	}
	*say = S("xong");
	return fd < 0 ? E_STATE : OK;
}

static enum sandbox_end run(sandbox_fn *fn, void *arg, struct heard *h, const struct sandbox_limits *l, enum rc *rc,
	str *say, struct arena *a, int fd)
{
	static const struct sandbox_limits usual = { 64 << 20, 5, 5 };
	h->in_order = true;
	return sandbox_run(a, l ? l : &usual, S(""), fd, fn, arg, hear, h, rc, say);
}

static void answers(void **state)
{
	struct arena a;
	struct heard h = { 0 };
	enum rc rc;
	str say;
	int64_t n = 20000;
	arena_init(&a, 64 << 20);
	assert_int_equal(run(speak, &n, &h, NULL, &rc, &say, &a, -1), SANDBOX_DONE);
	assert_int_equal(rc, E_STATE);
	assert_text(say, "xong");
	assert_int_equal(h.frames, n);
	assert_int_equal(h.bytes, n * 3008);
	assert_true(h.in_order);
	struct heard some = { .stop_after = 3 };
	assert_int_equal(run(speak, &n, &some, NULL, &rc, &say, &a, 0), SANDBOX_STOPPED);
	assert_int_equal(some.frames, 3);
	arena_free(&a);
	(void)state;
}

enum deed { OPEN, SOCKET, FORK, KILL, SPIN, SLEEP, EAT, CRASH, LIE, EXECUTE, QUIET };

static enum rc misdeed(void *arg, int fd, struct sandbox *out, str *say)
{
	volatile uint64_t spin = 0;
	volatile int zero = 0;
	(void)fd, (void)say;
	switch (*(enum deed *)arg) {
	case OPEN: return open("/etc/passwd", O_RDONLY) >= 0 ? OK : E_DENIED;
	case SOCKET: return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? OK : E_DENIED;
	case FORK: return fork() >= 0 ? OK : E_DENIED;
	case KILL: return kill(getppid(), 0) == 0 ? OK : E_DENIED;
	case SPIN: for (;;) spin++;
	case SLEEP: for (;;) if (read(fd, &(char){ 0 }, 1) < 0) return OK;
	case EAT: for (size_t i = 0; i < 4096; i++) {
			char *p = malloc(1 << 20);
			if (!p)
				return E_LIMIT;
			memset(p, 1, 1 << 20);
		}
		return OK;
	case CRASH: return *(volatile int *)(uintptr_t)zero ? OK : OK;
	case LIE: sandbox_put(out, "12345678", 8);
		sandbox_send(out);
		if (write(1, "\xF0\xFF\xFF\x7F", 4) != 4)
			return OK;
		return OK;
	case EXECUTE: return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		? E_DENIED : OK;
	case QUIET: _exit(0);
	}
	return OK;
}

static void misdeeds(void **state)
{
	static const struct { enum deed deed; enum sandbox_end want; } at[] = {
		{ OPEN, SANDBOX_DIED }, { SOCKET, SANDBOX_DIED }, { FORK, SANDBOX_DIED }, { KILL, SANDBOX_DIED },
		{ SPIN, SANDBOX_SLOW },
		{ SLEEP, SANDBOX_SLOW }, { EAT, SANDBOX_DONE }, { CRASH, SANDBOX_DIED }, { LIE, SANDBOX_DIED },
		{ EXECUTE, SANDBOX_DIED },
		{ QUIET, SANDBOX_DIED } };
	static const struct sandbox_limits short_ = { 64 << 20, 1, 2 };
	struct arena a;
	int ends[2];
	arena_init(&a, 64 << 20);
	assert_int_equal(pipe(ends), 0);
	for (ptrdiff_t i = 0; i < COUNT(at); i++) {
		struct heard h = { 0 };
		enum rc rc = OK;
		str say;
		enum deed s = at[i].deed;
		time_t from = time(NULL);
		enum sandbox_end got = run(misdeed, &s, &h, &short_, &rc, &say, &a, ends[0]);
		if (got != at[i].want)
			print_error("deed %d\n", (int)at[i].deed);
		assert_int_equal(got, at[i].want);
		assert_true(at[i].deed != EAT || rc == E_LIMIT);
		assert_true(time(NULL) - from <= 3);
	}
	close(ends[0]);
	close(ends[1]);
	arena_free(&a);
	(void)state;
}

static enum rc read_secret(void *arg, int fd, struct sandbox *out, str *say)
{
	*say = (str){ arg, 6 };
	(void)fd, (void)out;
	return OK;
}

static void secrets_are_wiped(void **state)
{
	struct arena a;
	struct heard h = { 0 };
	char secret[] = "secret";
	enum rc rc;
	str say;
	arena_init(&a, 64 << 20);
	assert_int_equal(sandbox_run(&a, &(struct sandbox_limits){ 0, 0, 0 }, (str){ secret, 6 }, -1, read_secret, secret,
		hear, &h, &rc, &say), SANDBOX_DONE);
	assert_memory_equal(say.p, "\0\0\0\0\0\0", 6);
	assert_string_equal(secret, "secret");
	arena_free(&a);
	(void)state;
}

/* ---- a serving process ------------------------------------------------------------------------------ */

static bool writes(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	close(fd);
	unlink(path);
	return true;
}

/* What a process could do: bit 0 start a program, 1 write outside, 2 write inside, 3 look into another process. */
static int powers(const char *inside, const char *outside, bool confined)
{
	pid_t pid = fork();
	int status = 0, can = 0;

	if (pid == 0) {
		char a[200], b[200];

		snprintf(a, sizeof a, "%s/x", inside);
		snprintf(b, sizeof b, "%s/x", outside);
		if (confined && !confine(&inside, 1))
			_exit(64);
		pid_t child = fork();
		if (child == 0) {
			execl("/bin/true", "true", (char *)NULL);
			_exit(1);
		}
		waitpid(child, &status, 0);
		can |= WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : 0;
		can |= writes(b) ? 2 : 0;
		can |= writes(a) ? 4 : 0;
		can |= ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 8 : 0;
		_exit(can);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_serving_process_is_confined(void **state)
{
	char in[] = "/tmp/khue-in.XXXXXX", out[] = "/tmp/khue-out.XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(in));
	assert_non_null(mkdtemp(out));
	assert_int_equal(powers(in, out, false), 15);
	assert_int_equal(powers(in, out, true), 4);
	rmdir(in);
	rmdir(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers), cmocka_unit_test(misdeeds),
		cmocka_unit_test(secrets_are_wiped), cmocka_unit_test(a_serving_process_is_confined) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
