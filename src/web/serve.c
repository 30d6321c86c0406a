/* serve.c -- the supervisor: opens the sockets, keeps a worker in every place, and one process for the jobs. */
#include "web/manager.h"
#include "web/worker.h"
#include "base/log.h"
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS_MAX = 256, STUCK_MS = 120000, LAST_WORDS_MS = 2000, BACKOFF_FIRST_MS = 100, BACKOFF_MOST_MS = 5000,
	ANSWERS_MS = 3000 /* a worker that came round within this time answers */, PORT_MS = 3000 };

struct place {
	int listen, pass[2];
	pid_t pid, older;                            /* older: retiring, its successor is pid                  */
	int64_t started, again;                      /* again: not to be started before                        */
	int64_t backoff;
	int side, older_side;                        /* which of slot->busy_since each of them writes          */
	int64_t asked, older_asked;                  /* SIGABRT was sent to it, stuck; 0: it is not            */
	struct slot *slot;
};
struct supervisor {
	const struct serve_options *o;
	struct place places[WORKERS_MAX]; int n;
	struct slot *slots;
	bool unix_socket, ending, failed;
	bool ever_ready;
	int rolling;                                 /* place being replaced after SIGHUP; -1: none            */
	bool told;                                   /* ... its older worker has been told to retire           */
	pid_t jobs; int64_t jobs_again, jobs_backoff, jobs_started;
	int64_t deadline, last_words;                /* of the end; when who has not ended by then was asked to say why */
	struct manager manager; pid_t pid;
	sigset_t before;                             /* the signal mask that processes for jobs get back       */
};

/* The one variable of the whole program: every process must find the shared counters without an argument. */
struct counters *serve_counters(void)
{
	static struct counters *shared;
	if (!shared) {
		shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (shared == MAP_FAILED)
			abort();
	}
	return shared;
}

/* ---- sockets ----------------------------------------------------------------------------- */

static bool listen_unix(struct place *p, const char *pattern, int index)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *mark = strstr(pattern, "%d");
	int n = mark ? snprintf(at.sun_path, sizeof at.sun_path, "%.*s%d%s", (int)(mark - pattern), pattern, index,
		mark + 2)
	             : snprintf(at.sun_path, sizeof at.sun_path, "%s", pattern);
	if (n >= (int)sizeof at.sun_path) {
		log_line(LOG_ERROR, "listen", "address", pattern, "why", "path too long", NULL);
		return false;
	}
	unlink(at.sun_path);
	p->listen = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->listen < 0 || bind(p->listen, (struct sockaddr *)&at, sizeof at) != 0 || chmod(at.sun_path, 0660) != 0 ||
	    listen(p->listen, SOMAXCONN) != 0) {
		log_line(LOG_ERROR, "listen", "address", at.sun_path, "why", strerror(errno), NULL);
		return false;
	}
	return true;
}

static bool listen_tcp(struct place *p, const char *address, bool share, bool quiet)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	char host[256];
	const char *colon = strrchr(address, ':');
	size_t n = colon ? (size_t)(colon - address) : 0;
	if (!colon || n >= sizeof host) {
		log_line(LOG_ERROR, "listen", "address", address, "why", "expected ADDRESS:PORT or unix:PATH", NULL);
		return false;
	}
	bool brackets = n >= 2 && address[0] == '[' && address[n - 1] == ']';
	snprintf(host, sizeof host, "%.*s", (int)(brackets ? n - 2 : n), address + brackets);
	int rc = getaddrinfo(*host ? host : NULL, colon + 1, &hints, &found);
	if (rc != 0) {
		log_line(LOG_ERROR, "listen", "address", address, "why", gai_strerror(rc), NULL);
		return false;
	}
	p->listen = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	setsockopt(p->listen, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (share)
		setsockopt(p->listen, SOL_SOCKET, SO_REUSEPORT, &(int){ 1 }, sizeof(int));
	bool good = p->listen >= 0 && bind(p->listen, found->ai_addr, found->ai_addrlen) == 0 &&
		listen(p->listen, SOMAXCONN) == 0;
	if (!good && !quiet)
		log_line(LOG_ERROR, "listen", "address", address, "why", strerror(errno), NULL);
	freeaddrinfo(found);
	return good;
}

/* SO_REUSEPORT would let a second server share the port unnoticed: so the port is first tried alone. Workers whose
 * supervisor was killed are just going: so for a moment it is tried again. */
static bool port_is_free(const char *address)
{
	for (int64_t until = now_ms() + PORT_MS;;) {
		struct place probe = { .listen = -1 };
		bool last = now_ms() > until, good = listen_tcp(&probe, address, false, !last);
		if (probe.listen >= 0)
			close(probe.listen);
		if (good || last)
			return good;
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
}

static bool open_places(struct supervisor *s)
{
	const char *address = s->o->listen ? s->o->listen : "127.0.0.1:8080";
	s->unix_socket = strncmp(address, "unix:", 5) == 0;
	if (!s->unix_socket && !port_is_free(address))
		return false;
	for (int i = 0; i < s->n; i++) {
		struct place *p = &s->places[i];
		p->slot = &s->slots[i];
		if (!(s->unix_socket ? listen_unix(p, address + 5, i) : listen_tcp(p, address, true, false)))
			return false;
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, p->pass) != 0)
			return false;
	}
	return true;
}

/* ---- processes --------------------------------------------------------------------------- */

/* What a child does not need: the sockets of the other places. */
static void close_others(struct supervisor *s, const struct place *mine)
{
	for (int i = 0; i < s->n; i++) {
		struct place *p = &s->places[i];
		if (p == mine)
			continue;
		if (p->listen >= 0)
			close(p->listen);
		close(p->pass[0]);
		close(p->pass[1]);
	}
}

/* A child ends with its supervisor, however that ends: nobody would replace it, drain it or free its port. */
static void live_with(const struct supervisor *s)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != s->pid)                     /* it ended before that was asked for */
		_exit(1);
}

/* Beside an older worker that still serves it takes the other side. */
static pid_t start_worker(struct supervisor *s, struct place *p)
{
	p->side = p->older > 0 ? 1 - p->older_side : 0;
	p->asked = 0;
	atomic_store(&p->slot->busy_since[p->side], 0);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		live_with(s);
		close_others(s, p);
		_exit(worker_run(s->o, p->slot, p->side, (int)(p - s->places), p->listen, s->unix_socket, p->pass));
	}
	if (pid > 0)
		atomic_fetch_add(&serve_counters()->workers_started, 1);
	p->started = now_ms();
	return pid;
}

static void start_jobs(struct supervisor *s)
{
	fflush(NULL);
	s->jobs_started = now_ms();
	s->jobs = fork();
	if (s->jobs != 0)
		return;
	live_with(s);
	close_others(s, NULL);
	sigprocmask(SIG_SETMASK, &s->before, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	_exit(s->o->jobs(s->o->arg) ? 0 : 1);
}

/* The pause before the next start doubles with every process that dies at once: within a second, having done
 * nothing. */
static int64_t next_try(int64_t *backoff, int64_t started, bool worked)
{
	int64_t now = now_ms();
	if (worked || now - started > 1000)
		*backoff = 0;
	int64_t at = now + *backoff;
	*backoff = *backoff ? *backoff * 2 : BACKOFF_FIRST_MS;
	if (*backoff > BACKOFF_MOST_MS)
		*backoff = BACKOFF_MOST_MS;
	return at;
}

static void log_death(const char *what, pid_t pid, int status)
{
	char id[16], code[16];
	snprintf(id, sizeof id, "%d", (int)pid);
	snprintf(code, sizeof code, "%d", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	log_line(LOG_ERROR, what, "pid", id, WIFSIGNALED(status) ? "signal" : "exit", code, NULL);
}

static void worker_ended(struct supervisor *s, struct place *p, pid_t pid, int status)
{
	bool died = WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
	if (died) {
		log_death("worker_died", pid, status);
		atomic_fetch_add(&serve_counters()->workers_died, 1);
	}
	bool worked = atomic_load(&p->slot->ready) == pid;
	if (worked) {
		s->ever_ready = true;
		atomic_store(&p->slot->ready, 0);
	}
	if (p->older == pid) {
		p->older = 0;
		return;
	}
	p->pid = 0;
	p->again = died ? next_try(&p->backoff, p->started, worked) : 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 78 && !s->ever_ready) {
		s->failed = true;            /* it cannot start at all: say so, and do not try for ever */
		s->ending = true;
	}
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == s->jobs) {
			bool again = WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
			s->jobs = again ? 0 : -1;
			if (WIFSIGNALED(status))
				log_death("jobs_died", pid, status);
			s->jobs_again = next_try(&s->jobs_backoff, s->jobs_started, false);
			continue;
		}
		for (int i = 0; i < s->n; i++)
			if (s->places[i].pid == pid || s->places[i].older == pid)
				worker_ended(s, &s->places[i], pid, status);
	}
}

static void succeed(struct supervisor *s, struct place *p)
{
	if (p->older || !p->pid)
		return;
	p->older = p->pid;
	p->older_side = p->side;
	p->older_asked = p->asked;
	pid_t pid = start_worker(s, p);
	if (pid <= 0) {
		p->pid = p->older;
		p->side = p->older_side;
		p->asked = p->older_asked;
		p->older = 0;
		return;
	}
	p->pid = pid;
}

/* After SIGHUP: a place's new worker accepts before its old one is told to go, and the next place waits for both. */
static void roll(struct supervisor *s)
{
	if (s->rolling < 0)
		return;
	struct place *p = &s->places[s->rolling];
	if (!s->told && !p->older) {
		succeed(s, p);
		s->told = true;
		return;
	}
	if (p->older && atomic_load(&p->slot->ready) == p->pid) {
		kill(p->older, SIGUSR1);
		return;
	}
	if (s->told && !p->older) {
		s->told = false;
		s->rolling = s->rolling + 1 < s->n ? s->rolling + 1 : -1;
	}
}

/* One request has taken a worker for too long: asked to end, it says which and gives away all others (crash_guard);
 * what cannot even do that is ended. Whoever is judged by what it wrote itself is the one who is ended: never the
 * successor for who retires. */
static void end_stuck(const struct supervisor *s, pid_t pid, int64_t since, int64_t *asked, int64_t now)
{
	int64_t most = s->o->stuck_s > 0 ? s->o->stuck_s * 1000 : STUCK_MS;

	if (pid <= 0 || !since || now - since <= most) {
		*asked = 0;
	} else if (!*asked) {
		*asked = now;
		kill(pid, SIGABRT);
	} else if (now - *asked > LAST_WORDS_MS) {
		kill(pid, SIGKILL);
	}
}

static void keep_alive(struct supervisor *s)
{
	int64_t now = now_ms();
	for (int i = 0; i < s->n; i++) {
		struct place *p = &s->places[i];
		int32_t asks = atomic_load(&p->slot->retiring);
		if (asks && asks == p->pid) {
			atomic_store(&p->slot->retiring, 0);
			succeed(s, p);
		}
		if (!p->pid && now >= p->again)
			p->pid = start_worker(s, p);
		if (p->pid < 0)
			p->pid = 0;
		end_stuck(s, p->pid, atomic_load(&p->slot->busy_since[p->side]), &p->asked, now);
		end_stuck(s, p->older, atomic_load(&p->slot->busy_since[p->older_side]), &p->older_asked, now);
		if (atomic_load(&p->slot->ready))
			s->ever_ready = true;
	}
	if (s->o->jobs && s->jobs == 0 && now >= s->jobs_again)
		start_jobs(s);
	if (s->jobs < -1)
		s->jobs = 0;
}

/* Tells the service manager how it stands. */
static void pulse(struct supervisor *s)
{
	int64_t now = now_ms();
	bool all = true, any = false;
	for (int i = 0; i < s->n; i++) {
		const struct slot *slot = s->places[i].slot;
		bool serves = atomic_load(&slot->ready) != 0;
		all = all && serves;
		any = any || (serves && now - atomic_load(&slot->round) < ANSWERS_MS);
	}
	manager_pulse(&s->manager, now, all, any);
}

static void tell_all(struct supervisor *s, int sig)
{
	for (int i = 0; i < s->n; i++) {
		if (s->places[i].pid > 0)
			kill(s->places[i].pid, sig);
		if (s->places[i].older > 0)
			kill(s->places[i].older, sig);
	}
	if (s->jobs > 0)
		kill(s->jobs, sig);
}

/* Who has not drained by the deadline is asked to end, so that what it has to log is written, and then ended. */
static void end_late(struct supervisor *s)
{
	int64_t now = now_ms();

	if (!s->last_words) {
		s->last_words = now;
		for (int i = 0; i < s->n; i++) {
			if (s->places[i].pid > 0)
				kill(s->places[i].pid, SIGABRT);
			if (s->places[i].older > 0)
				kill(s->places[i].older, SIGABRT);
		}
		if (s->jobs > 0)
			kill(s->jobs, SIGKILL);
	} else if (now - s->last_words > LAST_WORDS_MS) {
		tell_all(s, SIGKILL);
	}
}

static bool any_left(const struct supervisor *s)
{
	for (int i = 0; i < s->n; i++)
		if (s->places[i].pid > 0 || s->places[i].older > 0)
			return true;
	return s->jobs > 0;
}

static void begin_end(struct supervisor *s)
{
	s->ending = true;
	manager_tell("STOPPING=1");
	s->deadline = now_ms() + (s->o->drain_s > 0 ? s->o->drain_s : 20) * 1000 + 1000;
	/* Only the workers' own copies are left: what they do not accept while draining is refused at once. */
	for (int i = 0; i < s->n; i++) {
		close(s->places[i].listen);
		s->places[i].listen = -1;
	}
	tell_all(s, SIGTERM);
}

static void on_signal(struct supervisor *s, int sig)
{
	switch (sig) {
	case SIGTERM:
	case SIGINT:
		if (!s->deadline)
			begin_end(s);
		break;
	case SIGHUP:
		if (s->rolling < 0)
			s->rolling = 0;
		break;
	default: break;
	}
}

static int supervise(struct supervisor *s, const sigset_t *set)
{
	while (!s->ending || any_left(s)) {
		bool soon = s->ending || s->rolling >= 0 || !s->manager.ready;
		if (!s->ending) {
			keep_alive(s);
			roll(s);
			pulse(s);
		} else if (!s->deadline) {
			begin_end(s);
		} else if (now_ms() > s->deadline) {
			end_late(s);
		}
		for (int i = 0; i < s->n && !soon; i++)
			soon = !s->places[i].pid || s->places[i].older;
		int sig = sigtimedwait(set, NULL, &(struct timespec){ soon ? 0 : 1, soon ? 20000000 : 0 });
		if (sig > 0)
			on_signal(s, sig);
		reap(s);
	}
	return s->failed ? 1 : 0;
}

static void remove_sockets(const struct supervisor *s)
{
	const char *pattern = s->o->listen + 5, *mark = strstr(pattern, "%d");
	char path[256];
	for (int i = 0; i < s->n; i++) {
		if (mark)
			snprintf(path, sizeof path, "%.*s%d%s", (int)(mark - pattern), pattern, i, mark + 2);
		else
			snprintf(path, sizeof path, "%s", pattern);
		unlink(path);
	}
}

int serve(const struct serve_options *o)
{
	struct supervisor *s = calloc(1, sizeof *s);
	sigset_t set;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	if (!s)
		return 1;
	s->o = o;
	s->rolling = -1;
	s->pid = getpid();
	s->manager = manager_of();
	s->n = o->workers > 0 ? o->workers : (int)(cores > 0 ? cores * 2 : 2);
	if (s->n > WORKERS_MAX)
		s->n = WORKERS_MAX;
	if (o->listen && strncmp(o->listen, "unix:", 5) == 0 && !strstr(o->listen, "%d"))
		s->n = 1;
	serve_counters();
	s->slots = mmap(NULL, sizeof *s->slots * WORKERS_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sigemptyset(&set);
	for (int i = 0; i < 5; i++)
		sigaddset(&set, (const int[]){ SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD }[i]);
	sigprocmask(SIG_BLOCK, &set, &s->before);
	int code = s->slots == MAP_FAILED || !open_places(s) ? 1 : supervise(s, &set);
	if (s->unix_socket)
		remove_sockets(s);
	free(s);
	return code;
}
