#include "web/worker.h"
#include "web/route.h"
#include "base/log.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

/* One message a connection: who it is, the bytes already read, and the socket itself. */
struct passed { char remote[46]; char fresh; };

/* Only async-signal-safe calls: the crash handler comes here too. */
static bool pass_conn(int to, const struct conn *c)
{
	struct passed what = { .fresh = c->fresh };
	struct iovec v[2] = { { &what, sizeof what }, { c->in, c->n_in } };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = c->n_in ? 2 : 1, .msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	memcpy(what.remote, c->remote, sizeof what.remote);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(h), &c->fd, sizeof(int));
	return sendmsg(to, &m, MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
}

void hand_over(struct worker *w)
{
	for (int i = w->n_conns; i-- > 0;) {
		struct conn *c = w->conns[i];
		if (c->state != READ_HEAD || c->up || !pass_conn(w->pass_to, c))
			continue;
		conn_close(w, c);
	}
}

static bool take_one(struct worker *w)
{
	struct passed who;
	struct iovec v[2] = { { &who, sizeof who }, { w->scratch, SCRATCH } };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2, .msg_control = control, .msg_controllen = sizeof control };
	ssize_t n = recvmsg(w->pass_from, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *h = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	int fd;
	if (n < 0)
		return false;
	if (!h || h->cmsg_type != SCM_RIGHTS)
		return n > 0;
	memcpy(&fd, CMSG_DATA(h), sizeof fd);
	who.remote[sizeof who.remote - 1] = 0;
	struct conn *c = conn_new(w, fd, who.remote);
	if (!c)
		return true;
	c->fresh = who.fresh;
	if ((size_t)n > sizeof who) {
		conn_keep(c, w->scratch, (size_t)n - sizeof who);
		conn_queue(w, c);
	}
	return true;
}

void take_over(struct worker *w)
{
	while (w->n_conns < CONNS_MAX && take_one(w))
		;
}

/* The worker is found through the signal stack, whose first bytes point to it: no variable of the whole program is
 * needed. */
static void on_crash(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *u = context;
	const struct worker *w;
	memcpy(&w, u->uc_stack.ss_sp, sizeof w);
	log_flush();
	for (int i = 0; i < w->n_conns; i++) {
		const struct conn *c = w->conns[i];
		if (c != w->current && c->state == READ_HEAD && !c->up)
			pass_conn(w->pass_to, c);
	}
	if (w->request)
		log_line(LOG_ERROR, "request_lost", "id", w->request->id, "verb", verb_name(w->request->verb), "route",
			w->reply->route ? w->reply->route : "-", NULL);
	raise(sig);                                  /* SA_RESETHAND: now it ends the process */
}

void crash_guard(struct worker *w)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
	size_t size = 65536;
	void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED)
		return;
	memcpy(stack, &w, sizeof w);
	sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = size }, NULL);
	struct sigaction sa = { .sa_sigaction = on_crash, .sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND
		| SA_NODEFER) };
	for (int i = 0; i < COUNT(fatal); i++)
		sigaction(fatal[i], &sa, NULL);
}
