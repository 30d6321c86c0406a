/* load -- asks a server on loopback at fixed times, whether or not it keeps up, and says how long each answer took from
 * the time it was due (an "open loop": a slow server does not get fewer questions). Prints one line of JSON.
 *   load PORT FILE [-c CONNECTIONS] [-r RATE | -p SECONDS:RATE,SECONDS:RATE..] [-s SECONDS] [-H HEADER] [-w] [-k]
 * FILE: a path a line, asked in turn ("POST path<TAB>body[<TAB>key]" posts a form, or JSON if it begins with {, with
 * that Idempotency-Key). -r: requests a second; without -r and -p each connection asks again as soon as it was answered
 * (a "closed loop"). -p: rates one after another. -w: the last word of the path must stand in the answer's body, else
 * it counts as wrong. -k: a new connection for every request. p50, p99 .. count from the due time, of answers that did
 * what was asked; own_p50, own_p99 from the sending, of all answers, in milliseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BODY_MAX = 4 << 20, PHASES = 16, CONNS = 20000, BUCKETS = 4096, PAUSE_US = 20 };
struct conn { int fd; bool busy, writing, post; int64_t due, sent_at; size_t sent, n_out, got; char *out; long body;
	size_t head; const char *word; int n_word; char *in; size_t cap; };
struct phase { double seconds, rate; };
struct load {
	char *text; char **lines; size_t n_lines, next;
	struct conn conns[CONNS]; int n_conns, ep; int port;
	int idle[CONNS], n_idle;
	struct phase phases[PHASES]; int n_phases;
	const char *header; bool closed, words, fresh;
	double seconds;
	uint64_t asked, good, busy, other, wrong, broken, bytes, late[BUCKETS], own[BUCKETS];
	int64_t most;
};

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *why)
{
	fprintf(stderr, "load: %s: %s\n", why, strerror(errno));
	exit(2);
}

/* Buckets of 1/32 of their size: 1 us to hours. */
static int bucket_of(int64_t us)
{
	uint64_t v = us < 1 ? 1 : (uint64_t)us;
	int e = 63 - __builtin_clzll(v);
	return e < 5 ? (int)v : (e - 4) * 32 + (int)(v >> (e - 5) & 31);
}

static double bucket_ms(int b)
{
	return (b < 32 ? b : (double)(32 + b % 32) * (double)(1ULL << (b / 32 - 1))) / 1000;
}

static double quantile(const uint64_t *times, double q)
{
	uint64_t all = 0, seen = 0;
	for (int i = 0; i < BUCKETS; i++)
		all += times[i];
	for (int i = 0; i < BUCKETS; i++) {
		seen += times[i];
		if (all && (double)seen >= q * (double)all)
			return bucket_ms(i);
	}
	return 0;
}

static void read_lines(struct load *l, const char *path)
{
	FILE *f = fopen(path, "r");
	size_t cap = 1 << 20, n = 0, r;
	l->text = malloc(cap);
	while (f && l->text && (r = fread(l->text + n, 1, cap - n - 1, f)) > 0) {
		n += r;
		if (n + 1 == cap)
			l->text = realloc(l->text, cap *= 2);
	}
	if (!f || !l->text)
		die(path);
	fclose(f);
	l->text[n] = 0;
	l->lines = malloc(sizeof *l->lines * (n / 2 + 2));
	if (!l->lines)
		die("memory");
	for (char *p = strtok(l->text, "\n"); p; p = strtok(NULL, "\n"))
		l->lines[l->n_lines++] = p;
	if (l->n_lines == 0)
		die("no paths");
}

static void watch(struct load *l, struct conn *c, int op, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };
	if (epoll_ctl(l->ep, op, c->fd, &e) != 0)
		die("epoll_ctl");
}

static void open_conn(struct load *l, struct conn *c)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)l->port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		die("socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (connect(c->fd, (struct sockaddr *)&at, sizeof at) != 0 && errno != EINPROGRESS)
		die("connect");
	watch(l, c, EPOLL_CTL_ADD, EPOLLIN);
	c->writing = false;
}

static void reopen(struct load *l, struct conn *c)
{
	close(c->fd);
	open_conn(l, c);
}

static void rest(struct load *l, struct conn *c)
{
	c->busy = false;
	l->idle[l->n_idle++] = (int)(c - l->conns);
}

static void failed(struct load *l, struct conn *c)
{
	l->broken += c->busy;
	reopen(l, c);
	if (c->busy)
		rest(l, c);
}

static void push(struct load *l, struct conn *c)
{
	ssize_t n = send(c->fd, c->out + c->sent, c->n_out - c->sent, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != ENOTCONN && errno != EINTR) {
		failed(l, c);
		return;
	}
	c->sent += n > 0 ? (size_t)n : 0;
	if ((c->sent < c->n_out) != c->writing) {
		c->writing = c->sent < c->n_out;
		watch(l, c, EPOLL_CTL_MOD, c->writing ? EPOLLIN | EPOLLOUT : EPOLLIN);
	}
}

static void put_post(const struct load *l, struct conn *c, const char *line, int path, const char *body)
{
	size_t n = strcspn(body, "\t");
	const char *key = body[n] ? body + n + 1 : "";
	c->n_out = (size_t)snprintf(c->out, 65536,
		"POST %.*s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%sOrigin: http://127.0.0.1:%d\r\nContent-Type: %s\r\n%s%s%s"
		"Content-Length: %zu\r\n\r\n%.*s", path, line, l->port, l->header, l->fresh ? "Connection: close\r\n" : "",
		l->port, *body == '{' ? "application/json\r\nAccept: application/json" : "application/x-www-form-urlencoded",
		*key ? "Idempotency-Key: " : "", key, *key ? "\r\n" : "", n, (int)n, body);
}

static void ask(struct load *l, struct conn *c, int64_t due)
{
	const char *line = l->lines[l->next], *body = "", *slash;
	bool post = strncmp(line, "POST ", 5) == 0;
	int path;
	l->next = (l->next + 1) % l->n_lines;
	line += post ? 5 : 0;
	path = (int)strcspn(line, "\t");
	body = line[path] ? line + path + 1 : "";
	if (post)
		put_post(l, c, line, path, body);
	else
		c->n_out = (size_t)snprintf(c->out, 65536, "GET %.*s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s\r\n", path, line,
			l->port, l->header,
			l->fresh ? "Connection: close\r\n" : "");
	for (slash = line + path; slash > line && slash[-1] != '/'; )
		slash--;
	c->word = slash;
	c->n_word = (int)(line + path - slash);
	c->post = post;
	c->sent = c->got = c->head = 0;
	c->body = -1;
	c->due = due;
	c->sent_at = now_us();
	c->busy = true;
	l->asked++;
	push(l, c);
}

/* The head is whole: where the body begins and how long it is. */
static void read_head(struct conn *c)
{
	char *end = memmem(c->in, c->got, "\r\n\r\n", 4), *length;
	if (!end)
		return;
	*end = 0;
	c->head = (size_t)(end - c->in) + 4;
	length = strcasestr(c->in, "\ncontent-length:");
	c->body = length ? atol(length + 16) : 0;
	*end = '\r';
}

static void answered(struct load *l, struct conn *c)
{
	int status = atoi(c->in + 9);
	int64_t now = now_us(), took = now - c->due;
	bool close_it;
	char *end = c->in + c->head - 2;
	*end = 0;
	close_it = l->fresh || strcasestr(c->in, "\nconnection: close") != NULL;
	*end = '\n';
	l->bytes += c->got;
	l->own[bucket_of(now - c->sent_at)]++;
	if (status / 100 == 2 || (c->post && status == 303)) {
		l->good++;
		l->late[bucket_of(took)]++;
		l->most = took > l->most ? took : l->most;
		l->wrong += l->words && !memmem(c->in + c->head, c->got - c->head, c->word, (size_t)c->n_word);
	} else if (status == 503) {
		l->busy++;
	} else {
		l->other++;
	}
	if (close_it)
		reopen(l, c);
	rest(l, c);
}

static void readable(struct load *l, struct conn *c)
{
	ssize_t n;
	if (c->cap - c->got < 32768 && c->cap < BODY_MAX)
		c->in = realloc(c->in, c->cap = c->cap ? c->cap * 2 : 65536);
	if (!c->in)
		die("memory");
	n = recv(c->fd, c->in + c->got, c->cap - c->got - 1, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || !c->busy) {
		failed(l, c);
		return;
	}
	c->got += (size_t)n;
	if (!c->head)
		read_head(c);
	if (c->head && c->got >= c->head + (size_t)c->body)
		answered(l, c);
}

/* When request number i is due, in microseconds from the beginning; -1: after the end. */
static double due_of(const struct load *l, uint64_t i)
{
	double before = 0, at = 0, n = (double)i;
	for (int k = 0; k < l->n_phases; k++) {
		double many = l->phases[k].seconds * l->phases[k].rate;
		if (n < before + many)
			return (at + (n - before) / l->phases[k].rate) * 1e6;
		before += many;
		at += l->phases[k].seconds;
	}
	return -1;
}

static void wait_some(struct load *l, int64_t us)
{
	struct epoll_event e[512];
	struct timespec t = { 0, us > 0 ? us * 1000 : 0 };
	int n = epoll_pwait2(l->ep, e, 512, &t, NULL);
	for (int i = 0; i < n; i++) {
		struct conn *c = e[i].data.ptr;
		if (e[i].events & EPOLLOUT && c->busy)
			push(l, c);
		if (e[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP))
			readable(l, c);
	}
}

static void run(struct load *l)
{
	int64_t begin = now_us(), end = begin + (int64_t)(l->seconds * 1e6), grace;
	for (uint64_t i = 0;;) {
		int64_t now = now_us();
		double due = l->closed ? 0 : due_of(l, i);
		if (l->closed ? now >= end : due < 0)
			break;
		while (l->n_idle && (l->closed || (due >= 0 && begin + (int64_t)due <= now))) {
			ask(l, &l->conns[l->idle[--l->n_idle]], l->closed ? now_us() : begin + (int64_t)due);
			i++;
			due = l->closed ? 0 : due_of(l, i);
		}
		wait_some(l, l->n_idle == 0 ? 1000 : PAUSE_US);
	}
	grace = now_us() + 10000000;
	while (l->n_idle < l->n_conns && now_us() < grace)
		wait_some(l, 1000);
	l->broken += (uint64_t)(l->n_conns - l->n_idle);
	l->seconds = (double)(now_us() - begin) / 1e6;
}

static void read_phases(struct load *l, char *text)
{
	for (char *p = strtok(text, ","); p && l->n_phases < PHASES; p = strtok(NULL, ",")) {
		struct phase *x = &l->phases[l->n_phases++];
		if (sscanf(p, "%lf:%lf", &x->seconds, &x->rate) != 2)
			die("-p SECONDS:RATE,..");
	}
}

int main(int argc, char **argv)
{
	struct load *l = calloc(1, sizeof *l);
	struct rlimit files = { CONNS + 100, CONNS + 100 };
	int opt;
	double rate = 0;
	if (!l || argc < 3)
		return 2;
	setrlimit(RLIMIT_NOFILE, &files);
	*l = (struct load){ .n_conns = 16, .seconds = 5, .header = "" };
	for (optind = 3; (opt = getopt(argc, argv, "c:r:p:s:H:wk")) != -1;) {
		switch (opt) {
		case 'c': l->n_conns = atoi(optarg); break;
		case 'r': rate = atof(optarg); break;
		case 'p': read_phases(l, optarg); break;
		case 's': l->seconds = atof(optarg); break;
		case 'H': l->header = optarg; break;
		case 'w': l->words = true; break;
		case 'k': l->fresh = true; break;
		default: return 2;
		}
	}
	if (rate > 0)
		l->phases[l->n_phases++] = (struct phase){ l->seconds, rate };
	l->closed = l->n_phases == 0;
	l->port = atoi(argv[1]);
	l->n_conns = l->n_conns < CONNS ? l->n_conns : CONNS;
	read_lines(l, argv[2]);
	l->ep = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < l->n_conns; i++) {
		l->conns[i].out = malloc(65536);
		open_conn(l, &l->conns[i]);
		l->idle[l->n_idle++] = i;
		if (i % 100 == 99)
			usleep(2000);                    /* no faster than the other side accepts */
	}
	run(l);
	printf("{\"asked\":%llu,\"good\":%llu,\"busy\":%llu,\"other\":%llu,\"wrong\":%llu,"
		"\"broken\":%llu,\"seconds\":%.3f,\"rate\":%.1f,"
		"\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"most\":%.3f,"
		"\"own_p50\":%.3f,\"own_p99\":%.3f,\"bytes\":%llu}\n", (unsigned long long)l->asked,
		(unsigned long long)l->good, (unsigned long long)l->busy, (unsigned long long)l->other,
		(unsigned long long)l->wrong,
		(unsigned long long)l->broken, l->seconds, (double)l->good / l->seconds, quantile(l->late, 0.5),
		quantile(l->late, 0.9),
		quantile(l->late, 0.99), quantile(l->late, 0.999), (double)l->most / 1000, quantile(l->own, 0.5),
		quantile(l->own, 0.99),
		(unsigned long long)l->bytes);
	return 0;
}
