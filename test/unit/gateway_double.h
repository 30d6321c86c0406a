/* gateway_double.h -- doubles, of services outside: an HTTP server (SMS gateway, push service), Zalo with its tokens
 * that serve once, and an SMPP message centre, each in a process of its own on a free port of this machine. What
 * they heard lies in shared memory. */
#ifndef KHUE_TEST_GATEWAY_DOUBLE_H
#define KHUE_TEST_GATEWAY_DOUBLE_H
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HEARD_MAX = 65536 };
struct heard { int n, status; size_t bytes; char answer[256], last[HEARD_MAX];
	int tokens, refused, error; };                   /* Zalo: tokens given, messages refused for theirs, what it says */
struct gateway_double { pid_t pid; int port, fd; struct heard *heard; };

static inline size_t read_some(int fd, char *p, size_t n)
{
	size_t got = 0;
	ssize_t k = 1;
	while (got < n && (k = recv(fd, p + got, n - got, 0)) > 0)
		got += (size_t)k;
	return got;
}

/* One request with its body, into last. */
static inline void http_read(int fd, struct heard *h)
{
	size_t n = 0, want = HEARD_MAX - 1;
	char *end;
	ssize_t k;

	while (n < want && (k = recv(fd, h->last + n, want - n, 0)) > 0) {
		n += (size_t)k;
		h->last[n] = 0;
		end = memmem(h->last, n, "\r\n\r\n", 4);
		const char *length = end ? strcasestr(h->last, "content-length:") : NULL;
		if (end && want == HEARD_MAX - 1)
			want = (size_t)(end + 4 - h->last) + (length && length < end ? (size_t)atol(length + 15) : 0);
	}
	h->bytes = n;
}

static inline void http_say(int fd, struct heard *h, const char *answer)
{
	char head[1024];
	int m = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
		h->status, strlen(answer), answer);

	if (send(fd, head, (size_t)m, MSG_NOSIGNAL) != m)
		h->n = -1000;
}

/* Answered with what heard says. */
static inline void http_once(int fd, struct heard *h)
{
	http_read(fd, h);
	h->n++;
	http_say(fd, h, h->answer);
}

/* The n-th token is A<n>, and R<n> gets the next; R0 is in the file. A message with another token is refused. */
static inline void zalo_once(int fd, struct heard *h)
{
	char want[64], answer[300];

	http_read(fd, h);
	if (strncmp(h->last, "POST /token ", 12) == 0) {
		snprintf(want, sizeof want, "refresh_token=R%d&", h->tokens);
		bool good = strstr(h->last, want) && strstr(h->last, "secret_key: app-secret\r\n");
		h->tokens += good;
		snprintf(answer, sizeof answer, good
			? "{\"access_token\":\"A%d\",\"refresh_token\":\"R%d\",\"expires_in\":\"90000\"}"
			: "{\"error\":-14014,\"error_name\":\"Invalid refresh token %d %d\"}", h->tokens, h->tokens);
		http_say(fd, h, answer);
		return;
	}
	snprintf(want, sizeof want, "access_token: A%d\r\n", h->tokens);
	bool known = h->tokens > 0 && strstr(h->last, want);
	h->refused += !known;
	h->n += known;
	if (!known)
		snprintf(answer, sizeof answer, "{\"error\":-124,\"message\":\"Access token invalid\"}");
	else if (h->error)
		snprintf(answer, sizeof answer, "{\"error\":%d,\"message\":\"double says so\"}", h->error);
	else
		snprintf(answer, sizeof answer, "{\"error\":0,\"message\":\"Success\",\"data\":{\"msg_id\":\"z-%d\"}}", h->n);
	http_say(fd, h, answer);
}

static inline unsigned be32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return (unsigned)u[0] << 24 | (unsigned)u[1] << 16 | (unsigned)u[2] << 8 | u[3];
}

static inline void smpp_answer(int fd, unsigned command, unsigned status, unsigned number, const char *body, size_t n)
{
	char out[512];
	unsigned head[4] = { htonl((unsigned)(16 + n)), htonl(command), htonl(status), htonl(number) };
	memcpy(out, head, 16);
	memcpy(out + 16, body, n);
	if (send(fd, out, 16 + n, MSG_NOSIGNAL) < 0)
		_exit(2);
}

/* A receipt for K<n>, as SMPP 3.4 appendix B writes it. */
static inline void smpp_tell(int fd, int n)
{
	char text[200], body[300];
	int k = snprintf(text, sizeof text, "id:K%d sub:001 dlvrd:001 submit date:2611010926 done date:2611010927 "
		"stat:DELIVRD err:000 text:", n);
	size_t at = 0;
	memset(body, 0, sizeof body);
	at += 1 + 2;                                     /* service_type, ton, npi */
	memcpy(body + at, "84912345678", 12);
	at += 12 + 2;
	memcpy(body + at, "KHUE", 5);
	at += 5;
	body[at] = 4;                                    /* esm_class: a receipt */
	at += 3 + 1 + 1 + 4;                             /* protocol, priority; two times; registered.. default id */
	body[at++] = (char)k;
	memcpy(body + at, text, (size_t)k);
	smpp_answer(fd, 5, 0, 9000 + (unsigned)n, body, at + (size_t)k);
}

/* Every submit_sm is kept whole in `last`, one after the other; receipts come when it is asked whether it lives. */
static inline void smpp_once(int fd, struct heard *h)
{
	char pdu[4096], id[16];
	int told = h->n;

	while (read_some(fd, pdu, 16) == 16) {
		unsigned n = be32(pdu), command = be32(pdu + 4), number = be32(pdu + 12);
		if (n < 16 || n > sizeof pdu || read_some(fd, pdu + 16, n - 16) != n - 16)
			return;
		if (command == 4 && h->status == 0 && h->bytes + n < HEARD_MAX) {
			memcpy(h->last + h->bytes, pdu, n);
			h->bytes += n;
			h->n++;
		}
		if (command == 0x15)
			for (; told < h->n; told++)
				smpp_tell(fd, told + 1);
		snprintf(id, sizeof id, "K%d", h->n);
		if (command == 4)
			smpp_answer(fd, 0x80000004u, (unsigned)h->status, number, id, h->status ? 0 : strlen(id) + 1);
		else if (command == 9)
			smpp_answer(fd, 0x80000009u, strcmp(pdu + 16, "khue") ? 0xF : 0, number, "centre", 7);
		else if (!(command & 0x80000000u))
			smpp_answer(fd, command | 0x80000000u, 0, number, "", 0);
	}
}

static inline struct gateway_double double_open(void (*once)(int, struct heard *), int status)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	struct gateway_double d = { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };

	d.heard = mmap(NULL, sizeof *d.heard, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	d.heard->status = status;
	if (bind(d.fd, (struct sockaddr *)&at, n) != 0 || listen(d.fd, 16) != 0 ||
		getsockname(d.fd, (struct sockaddr *)&at, &n) != 0)
		abort();
	d.port = ntohs(at.sin_port);
	d.pid = fork();
	if (d.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;) {
			int fd = accept(d.fd, NULL, NULL);
			if (fd < 0)
				_exit(0);
			once(fd, d.heard);
			shutdown(fd, SHUT_WR);
			close(fd);
		}
	}
	return d;
}

static inline void double_close(struct gateway_double *d)
{
	kill(d->pid, SIGKILL);
	waitpid(d->pid, NULL, 0);
	close(d->fd);
	munmap(d->heard, sizeof *d->heard);
}
#endif
