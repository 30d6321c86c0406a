/* sandbox.c -- see sandbox.h. Frames: u32 size, then that many bytes; the last one has size UINT32_MAX, then u32 rc,
 * u32 length of the words, the words. */
#include "core/sandbox.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 1 << 20, SAY_MAX = 1000, PIPE_SIZE = 1 << 20, LAST = -1 };

struct sandbox { int fd; char *p; size_t n; };

/* ---- the child ---- */

static void write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t did = write(fd, p, n);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			_exit(3);
		p += did;
		n -= (size_t)did;
	}
}

void sandbox_send(struct sandbox *out)
{
	if (out->n == 0)
		return;
	uint32_t size = (uint32_t)out->n;
	memcpy(out->p, &size, sizeof size);
	write_all(out->fd, out->p, out->n + sizeof size);
	out->n = 0;
}

size_t sandbox_size(const struct sandbox *out)
{
	return out->n;
}

void sandbox_put(struct sandbox *out, const void *p, size_t n)
{
	if (n > FRAME_MAX - out->n)
		_exit(4);
	if (n)
		memcpy(out->p + sizeof(uint32_t) + out->n, p, n);
	out->n += n;
}

/* Rights the running kernel's Landlock knows, by the version it tells. 0: no Landlock. */
static uint64_t landlock_rights(int abi)
{
	static const int rights[] = { 0, 13, 14, 15, 15, 16 };
	return abi <= 0 ? 0 : ((uint64_t)1 << rights[abi < COUNT(rights) ? abi : COUNT(rights) - 1]) - 1;
}

static void no_files(void)
{
	struct { uint64_t files, net, scoped; } rules = { 0, 0, 0 };
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	rules.files = landlock_rights(abi);
	if (!rules.files)
		return;
	rules.net = abi >= 4 ? 3 : 0;                    /* bind and connect of TCP */
	rules.scoped = abi >= 6 ? 3 : 0;                 /* abstract sockets, signals */
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (fd < 0 || syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		_exit(5);
	close(fd);
}

static void limit(__rlimit_resource_t what, rlim_t value)
{
	struct rlimit r = { value, value };
	if (setrlimit(what, &r) != 0)
		_exit(5);
}

/* Private writable memory of this process now: RLIMIT_DATA counts it, and a fork begins with its parent's. */
static size_t memory_now(void)
{
	char text[256];
	unsigned long data = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = 0;
	if (sscanf(text, "%*u %*u %*u %*u %*u %lu", &data) != 1)
		_exit(5);
	return data * (size_t)sysconf(_SC_PAGESIZE);
}

static void few_calls(void)
{
	static const int calls[] = {
		SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
		SCMP_SYS(close), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
		SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
		SCMP_SYS(sysinfo) /* qsort asks for the size of memory */, SCMP_SYS(restart_syscall), SCMP_SYS(exit),
		SCMP_SYS(exit_group) };
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!f)
		_exit(5);
	for (ptrdiff_t i = 0; i < COUNT(calls); i++)
		if (calls[i] != SCMP_SYS(mmap) && seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			_exit(5);
	/* never memory that can be executed */
	if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0))
		!= 0 ||
	    seccomp_load(f) != 0)
		_exit(5);
	seccomp_release(f);
}

/* Moves fd and out to 0 and 1 of the table and closes all others. */
static void close_others(int *fd, int *out)
{
	int a = *fd < 0 ? -1 : fcntl(*fd, F_DUPFD, 16), b = fcntl(*out, F_DUPFD, 16);
	if (b < 0 || dup2(b, 1) < 0 || (a >= 0 && dup2(a, 0) < 0))
		_exit(5);
	if (a < 0)
		close(0);
	if (syscall(SYS_close_range, 2u, ~0u, 0) != 0)
		_exit(5);
	*fd = a < 0 ? -1 : 0;
	*out = 1;
}

static _Noreturn void be_child(const struct sandbox_limits *limits, str wipe, int fd, int out, sandbox_fn *run,
	void *arg)
{
	static const int usual[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM,
		SIGXCPU, SIGUSR1,
		SIGUSR2 };
	for (ptrdiff_t i = 0; i < COUNT(usual); i++)
		signal(usual[i], SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("TZ", "UTC0", 1);                         /* or libzip's mktime would open /etc/localtime        */
	tzset();
	if (wipe.n > 0)
		explicit_bzero((void *)(uintptr_t)wipe.p, (size_t)wipe.n);
	close_others(&fd, &out);
	limit(RLIMIT_DATA, memory_now() + (limits->memory ? limits->memory : (size_t)512 << 20));
	struct sandbox box = { out, malloc(FRAME_MAX + sizeof(uint32_t)), 0 };
	if (!box.p || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
		_exit(5);
	limit(RLIMIT_CPU, limits->cpu_s ? limits->cpu_s : 60);
	limit(RLIMIT_CORE, 0);
	no_files();
	few_calls();
	str say = { "", 0 };
	enum rc rc = run(arg, fd, &box, &say);
	sandbox_send(&box);
	say.n = say.n > SAY_MAX ? SAY_MAX : say.n;
	uint32_t head[3] = { (uint32_t)LAST, (uint32_t)rc, (uint32_t)say.n };
	write_all(out, (const char *)head, sizeof head);
	write_all(out, say.p, (size_t)say.n);
	_exit(0);
}

/* ---- the parent ---- */

struct reader { int fd; char *p; size_t at, end, cap; int64_t wait_ms; enum sandbox_end failed; };

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Makes n bytes available at r->at. False: r->failed says why. */
static bool have(struct reader *r, size_t n)
{
	int64_t until = now_ms() + r->wait_ms;
	while (r->end - r->at < n) {
		if (r->cap - r->at < n) {
			memmove(r->p, r->p + r->at, r->end - r->at);
			r->end -= r->at;
			r->at = 0;
		}
		struct pollfd p = { r->fd, POLLIN, 0 };
		int64_t left = until - now_ms();
		int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready == 0)
			return r->failed = SANDBOX_SLOW, false;
		ssize_t got = read(r->fd, r->p + r->end, r->cap - r->end);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return r->failed = SANDBOX_DIED, false;
		r->end += (size_t)got;
	}
	return true;
}

static uint32_t take_u32(struct reader *r)
{
	uint32_t v;
	memcpy(&v, r->p + r->at, sizeof v);
	r->at += sizeof v;
	return v;
}

static enum sandbox_end receive(struct arena *mem, struct reader *r, frame_fn *frame, void *arg, enum rc *ret_rc,
	str *ret_say)
{
	while (have(r, 4)) {
		uint32_t size = take_u32(r);
		if (size == (uint32_t)LAST) {
			if (!have(r, 8))
				break;
			uint32_t rc = take_u32(r), n = take_u32(r);
			if (rc > E_FAULT || n > SAY_MAX || !have(r, n))
				return SANDBOX_DIED;
			*ret_rc = (enum rc)rc;
			*ret_say = str_copy(mem, (str){ r->p + r->at, n });
			return SANDBOX_DONE;
		}
		if (size == 0 || size > FRAME_MAX)
			return SANDBOX_DIED;
		if (!have(r, size))
			break;
		r->at += size;
		if (!frame(arg, (str){ r->p + r->at - size, size }))
			return SANDBOX_STOPPED;
	}
	return r->failed;
}

struct held { pid_t pid; int fd; char *p; };

/* Also when a longjmp leaves frame(): the arena of the caller runs it. */
static void release(void *arg)
{
	struct held *h = arg;
	if (h->pid > 0) {
		kill(h->pid, SIGKILL);
		while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (h->fd >= 0)
		close(h->fd);
	free(h->p);
	*h = (struct held){ 0, -1, NULL };
}

static enum sandbox_end reap(struct held *h, enum sandbox_end end)
{
	int status = 0;
	if (end != SANDBOX_DIED)
		kill(h->pid, SIGKILL);
	while (waitpid(h->pid, &status, 0) < 0 && errno == EINTR)
		;
	h->pid = 0;
	if (end != SANDBOX_DIED)
		return end;
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	char code[32];
	snprintf(code, sizeof code, "%s %d", sig ? "signal" : "exit", sig ? sig : WEXITSTATUS(status));
	log_line(LOG_WARN, "sandbox died", "how", code, NULL);
	return sig == SIGXCPU || sig == SIGKILL ? SANDBOX_SLOW : !sig && WEXITSTATUS(status) == 5 ? SANDBOX_FAILED
		: SANDBOX_DIED;
}

enum sandbox_end sandbox_run(struct arena *mem, const struct sandbox_limits *limits, str wipe, int fd,
                             sandbox_fn *run, void *run_arg, frame_fn *frame, void *frame_arg, enum rc *ret_rc,
str *ret_say)
{
	int ends[2];
	struct held *h = NEW(mem, struct held);
	*h = (struct held){ 0, -1, malloc(FRAME_MAX + 4096) };
	arena_at_end(mem, release, h);
	if (!h->p || pipe2(ends, O_CLOEXEC) != 0) {
		release(h);
		return SANDBOX_FAILED;
	}
	h->fd = ends[0];
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);
	h->pid = fork();
	if (h->pid == 0) {
		close(ends[0]);
		be_child(limits, wipe, fd, ends[1], run, run_arg);
	}
	close(ends[1]);
	if (h->pid < 0) {
		h->pid = 0;
		release(h);
		return SANDBOX_FAILED;
	}
	struct reader r = { h->fd, h->p, 0, 0, FRAME_MAX + 4096, (int64_t)(limits->wait_s ? limits->wait_s : 70) * 1000,
		SANDBOX_DIED };
	enum sandbox_end end = reap(h, receive(mem, &r, frame, frame_arg, ret_rc, ret_say));
	release(h);
	return end;
}
