#include "web/worker.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"

enum { TAG_LISTEN = 1, TAG_SIGNALS, TAG_PASS };      /* epoll data below any address                           */

int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- connections ------------------------------------------------------------------------- */

static void watch(struct worker *w, int fd, uint64_t tag)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = tag };
	epoll_ctl(w->ep, EPOLL_CTL_ADD, fd, &e);
}

struct conn *conn_new(struct worker *w, int fd, const char *remote)
{
	struct conn *c = w->n_conns < CONNS_MAX ? calloc(1, sizeof *c) : NULL;
	if (!c) {
		close(fd);
		return NULL;
	}
	c->fd = fd;
	c->out.fd = -1;
	c->fresh = true;
	c->since = c->moved = w->now;
	c->waits = EPOLLIN;
	snprintf(c->remote, sizeof c->remote, "%s", remote);
	c->index = w->n_conns;
	w->conns[w->n_conns++] = c;
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
	epoll_ctl(w->ep, EPOLL_CTL_ADD, fd, &e);
	return c;
}

static void unqueue(struct worker *w, struct conn *c)
{
	for (int i = 0; c->queued && i < w->n_queue; i++) {
		if (w->queue[i] == c) {
			w->queue[i] = w->queue[--w->n_queue];
			c->queued = false;
		}
	}
}

void conn_close(struct worker *w, struct conn *c)
{
	/* Another process may hold the same socket, so that closing it would not end our watching it. */
	epoll_ctl(w->ep, EPOLL_CTL_DEL, c->fd, NULL);
	close(c->fd);
	if (c->out.fd >= 0)
		close(c->out.fd);
	upload_end(w, c);
	unqueue(w, c);
	free(c->in);
	free(c->out.own);
	w->conns[c->index] = w->conns[--w->n_conns];
	w->conns[c->index]->index = c->index;
	free(c);
}

void conn_wait(struct worker *w, struct conn *c, uint32_t events)
{
	if (c->waits == events)
		return;
	struct epoll_event e = { .events = events, .data.ptr = c };
	epoll_ctl(w->ep, EPOLL_CTL_MOD, c->fd, &e);
	c->waits = events;
}

void conn_keep(struct conn *c, const char *bytes, size_t n)
{
	char *in = n ? malloc(n) : NULL;
	if (n && !in)
		abort();
	if (n)
		memcpy(in, bytes, n);
	free(c->in);
	c->in = in;
	c->n_in = n;
}

void conn_queue(struct worker *w, struct conn *c)
{
	if (c->queued)
		return;
	c->queued = true;
	w->queue[w->n_queue++] = c;
}

/* ---- reading ----------------------------------------------------------------------------- */

/* More came at once than can be served in time: a quick refusal of some keeps the others' answers quick. */
static bool late(const struct worker *w)
{
	return w->waiting >= LATE_MANY && now_ms() - w->now > LATE_MS;
}

/* A request's head is whole in the n bytes at p. Returns how many bytes it used; 0: the connection is gone, or waits
 * for the rest of the body, or for its answer to be sent, and nothing more may be read from it now. */
static size_t request_begin(struct worker *w, struct conn *c, char *p, size_t n, int head)
{
	size_t used = 0;
	int status = head_read(p, (size_t)head, &w->head);
	bool body = w->head.chunked || w->head.length > 0;
	if (!status && late(w))
		status = 503;
	if (!status && body)
		status = upload_begin(w, c, p, (size_t)head);
	if (status) {
		refuse(w, c, status);
		return 0;
	}
	if (!body) {
		exchange(w, c);
		return (size_t)head;
	}
	if (w->head.expect && n == (size_t)head && send(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL) != 25) {
		conn_close(w, c);
		return 0;
	}
	status = upload_feed(w, c, (str){ p + head, (ptrdiff_t)n - head }, &used);
	if (status == 1) {
		exchange(w, c);
		return (size_t)head + used;
	}
	if (status > 1) {
		refuse(w, c, status);
		return 0;
	}
	conn_keep(c, NULL, 0);
	c->state = READ_BODY;
	c->since = c->moved = w->now;
	return 0;
}

/* Serves the requests that stand whole in the bytes at p (in the scratch); what remains is kept for later. */
static void serve_bytes(struct worker *w, struct conn *c, char *p, size_t n)
{
	int index = c->index;
	for (int i = 0; n; i++) {
		int head = head_end((str){ p, (ptrdiff_t)n });
		if (head < 0) {
			refuse(w, c, -head);
			return;
		}
		if (head == 0) {
			if (!c->n_in)
				c->since = w->now;
			break;
		}
		if (i == AT_ONCE) {
			conn_queue(w, c);
			break;
		}
		size_t used = request_begin(w, c, p, n, head);
		if (!used)
			return;
		p += used;
		n -= used;
		if (index >= w->n_conns || w->conns[index] != c || c->state == LINGER)
			return;
		if (c->state == WRITE)
			break;
	}
	conn_keep(c, p, n);
}

static void serve_body(struct worker *w, struct conn *c, size_t n)
{
	size_t used;
	int status = upload_feed(w, c, (str){ w->scratch, (ptrdiff_t)n }, &used);
	c->moved = w->now;
	if (status == 0)
		return;
	if (status > 1) {
		refuse(w, c, status);
		return;
	}
	/* The head was read long ago: once more, from the copy. It was well then. */
	head_read(c->up->head, c->up->n_head, &w->head);
	int index = c->index;
	c->state = READ_HEAD;
	exchange(w, c);
	if (index < w->n_conns && w->conns[index] == c && c->state != LINGER) {
		conn_keep(c, w->scratch + used, n - used);
		if (c->state == READ_HEAD && c->n_in)
			conn_queue(w, c);
	}
}

static void readable(struct worker *w, struct conn *c)
{
	size_t kept = c->state == READ_HEAD ? c->n_in : 0;
	if (c->queued)
		return;                              /* what it sent before comes first */
	if (kept)
		memcpy(w->scratch, c->in, kept);
	ssize_t n = recv(c->fd, w->scratch + kept, SCRATCH - kept, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		conn_close(w, c);
		return;
	}
	if (c->state == READ_HEAD)
		serve_bytes(w, c, w->scratch, kept + (size_t)n);
	else if (c->state == READ_BODY)
		serve_body(w, c, (size_t)n);
	if (w->head.verb != GET && w->head.verb != HEAD)
		explicit_bzero(w->scratch, kept + (size_t)n);
}

static void served_again(struct worker *w, struct conn *c)
{
	size_t n = c->n_in;
	memcpy(w->scratch, c->in, n);
	serve_bytes(w, c, w->scratch, n);
}

static void on_conn(struct worker *w, struct conn *c, uint32_t events)
{
	if (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLIN)) {
		conn_close(w, c);
		return;
	}
	if (c->state == WRITE) {
		if (conn_flush(w, c) && c->state == READ_HEAD && c->n_in)
			conn_queue(w, c);
		return;
	}
	readable(w, c);
}

/* ---- accepting --------------------------------------------------------------------------- */

static void listen_on(struct worker *w, bool on)
{
	if (on == w->listening || w->listen < 0)
		return;
	struct epoll_event e = { .events = on ? EPOLLIN : 0, .data.u64 = TAG_LISTEN };
	epoll_ctl(w->ep, EPOLL_CTL_MOD, w->listen, &e);
	w->listening = on;
}

static void address_text(const struct sockaddr_storage *from, char ret[46])
{
	const void *at = NULL;
	ret[0] = 0;
	if (from->ss_family == AF_INET) {
		at = &((const struct sockaddr_in *)from)->sin_addr;
	} else if (from->ss_family == AF_INET6) {
		const struct in6_addr *six = &((const struct sockaddr_in6 *)from)->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED(six)) {
			inet_ntop(AF_INET, (const char *)six + 12, ret, 46);
			return;
		}
		at = six;
	}
	if (at)
		inet_ntop(from->ss_family, at, ret, 46);
}

static void accept_all(struct worker *w, int most)
{
	for (int i = 0; i < most; i++) {
		struct sockaddr_storage from = { 0 };
		socklen_t size = sizeof from;
		char remote[46];
		if (w->n_conns >= CONNS_MAX - 1) {
			listen_on(w, false);
			return;
		}
		int fd = accept4(w->listen, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			/* Out of descriptors: leave the others waiting for a second rather than spin. */
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
				listen_on(w, false);
				w->pause = w->now + 1000;
			}
			return;
		}
		if (!w->unix_socket)
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
		address_text(&from, remote);
		struct conn *c = conn_new(w, fd, remote);
		if (c && w->n_conns > CONNS_MAX - CONNS_SPARE && !w->draining) {
			if (recv(fd, w->scratch, SCRATCH, 0) != 0)   /* unread bytes would break the answer */
				refuse(w, c, 503);
			else
				conn_close(w, c);
			continue;
		}
		if (c && !w->draining)               /* while draining nobody may come because somebody was served */
			readable(w, c);
	}
}

/* ---- time -------------------------------------------------------------------------------- */

static bool too_slow(const struct worker *w, const struct conn *c)
{
	int64_t for_ms = w->now - c->since;
	switch (c->state) {
	case READ_HEAD:
		if (w->draining && !c->n_in && w->now - w->ended > DRAIN_IDLE_MS && for_ms > DRAIN_IDLE_MS)
			return true;
		return for_ms > (c->n_in || c->fresh ? HEAD_MS : IDLE_MS);
	case READ_BODY: return for_ms > HEAD_MS && (w->now - c->moved > HEAD_MS || c->up->total < (for_ms - HEAD_MS)
		/ 1000 * 1024);
	case WRITE: return w->now - c->moved > STALL_MS;
	case LINGER: return for_ms > LINGER_MS;
	}
	return false;
}

static void sweep(struct worker *w)
{
	for (int i = w->n_conns; i-- > 0;) {
		struct conn *c = w->conns[i];
		if (!too_slow(w, c))
			continue;
		if ((c->state == READ_HEAD && c->n_in) || c->state == READ_BODY)
			refuse(w, c, 408);
		else
			conn_close(w, c);
	}
}

/* Room again for a good many: each turn of the loop, so that nobody waits for the next second. */
static void listen_again(struct worker *w)
{
	if (!w->listening && !w->draining && !w->retiring && w->n_conns < CONNS_MAX - CONNS_SPARE / 4 && w->now >= w->pause)
		listen_on(w, true);
}

/* Memory of this process alone. Mapped files (the database, results) lie in the system's cache and go when it needs
 * room. */
static size_t resident(void)
{
	char text[128];
	unsigned long all = 0, pages = 0, shared = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (f && fgets(text, sizeof text, f) && (sscanf(text, "%lu %lu %lu", &all, &pages, &shared) != 3 || shared > pages))
		pages = shared = 0;
	if (f)
		fclose(f);
	return (pages - shared) * (size_t)sysconf(_SC_PAGESIZE);
}

static void retire(struct worker *w)
{
	if (w->retiring || w->draining)
		return;
	w->retiring = true;
	w->ended = w->now;
	listen_on(w, false);
	epoll_ctl(w->ep, EPOLL_CTL_DEL, w->pass_from, NULL);
	if (atomic_load(&w->slot->ready) == getpid()) {
		atomic_store(&w->slot->retiring, getpid());
		kill(getppid(), SIGUSR1);
	}
}

static void drain(struct worker *w)
{
	if (w->draining)
		return;
	w->draining = true;
	w->ended = w->now;
	if (!w->retiring) {
		accept_all(w, CONNS_MAX);
		epoll_ctl(w->ep, EPOLL_CTL_DEL, w->listen, NULL);
	}
	close(w->listen);
	w->listen = -1;
}

static void each_second(struct worker *w)
{
	size_t most = w->o->worker_rss ? w->o->worker_rss : 512u << 20;
	w->second = w->now;
	sweep(w);
	if (resident() > most)
		retire(w);
	if (w->o->tick)
		w->o->tick(w->app);
}

/* ---- the loop ---------------------------------------------------------------------------- */

static void on_signal(struct worker *w)
{
	struct signalfd_siginfo s;
	while (read(w->signals, &s, sizeof s) == sizeof s) {
		if (s.ssi_signo == SIGTERM)
			drain(w);
		else
			retire(w);
	}
}

static void on_event(struct worker *w, const struct epoll_event *e)
{
	switch (e->data.u64) {
	case TAG_LISTEN:
		if (w->listening)
			accept_all(w, 16);
		break;
	case TAG_SIGNALS: on_signal(w); break;
	case TAG_PASS: take_over(w); break;
	default: on_conn(w, e->data.ptr, e->events);
	}
}

static bool finished(struct worker *w)
{
	int64_t most = (w->o->drain_s > 0 ? w->o->drain_s : 20) * 1000;
	if (!w->draining && !w->retiring)
		return false;
	if (w->retiring && !w->draining)
		hand_over(w);
	if (w->draining)
		sweep(w);
	return w->n_conns == 0 || w->now - w->ended > most;
}

static void loop(struct worker *w)
{
	struct epoll_event events[EVENTS];
	while (!w->spent && !finished(w)) {
		int wait = w->n_queue ? 0 : w->draining || w->retiring ? 50 : 1000;
		int n = epoll_wait(w->ep, events, EVENTS, wait);
		w->now = now_ms();
		atomic_store(&w->slot->round, w->now);
		/* Safe for a whole batch: an event closes no connection but its own. */
		for (int i = 0; i < n && !w->spent; i++) {
			w->waiting = n - 1 - i;
			on_event(w, &events[i]);
		}
		w->waiting = 0;
		if (w->n_queue && !w->spent) {
			struct conn *c = w->queue[0];
			unqueue(w, c);
			if (c->state == READ_HEAD && c->n_in)
				served_again(w, c);
		}
		listen_again(w);
		log_flush();
		if (w->served >= (w->o->worker_requests ? w->o->worker_requests : 100000))
			retire(w);
		if (w->now - w->second >= 1000)
			each_second(w);
	}
}

static bool set_up(struct worker *w)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	w->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	w->ep = epoll_create1(EPOLL_CLOEXEC);
	w->page = malloc(PAGE_FIRST);
	if (w->signals < 0 || w->ep < 0 || !w->page)
		return false;
	arena_init(&w->mem, w->o->arena_max ? w->o->arena_max : 64u << 20);
	arena_alloc(&w->mem, w->mem.max < 262144 ? w->mem.max / 2 : 262144, 1);      /* the block that stays */
	arena_reset(&w->mem);
	if (getrandom(&w->ids, sizeof w->ids, 0) != sizeof w->ids)
		return false;
	w->now = w->second = now_ms();
	return true;
}

int worker_run(const struct serve_options *o, struct slot *slot, int side, int index, int listen_fd,
	bool unix_socket, const int pass[2])
{
	struct worker *w = calloc(1, sizeof *w);
	if (!w)
		return 1;
	*w = (struct worker){ .o = o, .slot = slot, .busy = &slot->busy_since[side],
	                      .index = index, .listen = listen_fd, .unix_socket = unix_socket,
	                      .pass_to = pass[0], .pass_from = pass[1], .listening = true };
	if (!set_up(w))
		return 1;
	if (o->start && o->start(&w->app, o->arg, index) != OK)
		return 78;
	if (!o->start)
		w->app = o->arg;
	crash_guard(w);
	log_hold();
	watch(w, w->listen, TAG_LISTEN);
	watch(w, w->signals, TAG_SIGNALS);
	watch(w, w->pass_from, TAG_PASS);
	atomic_store(&slot->round, now_ms());
	atomic_store(&slot->ready, getpid());
	loop(w);
	if (w->spent)
		hand_over(w);
	while (w->n_conns)
		conn_close(w, w->conns[0]);
	log_flush();
	if (w->spent)
		return 75;
	arena_free(&w->mem);
	if (o->stop)
		o->stop(w->app);
	return 0;
}
