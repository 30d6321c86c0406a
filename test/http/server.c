/* server.c -- a small program on src/web for the HTTP tests: it says what it understood, and fails when told to.
 * usage: http_server LISTEN WORKERS [requests per worker] [gzip level] */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "web/html.h"
#include "web/http.h"
#include "web/json.h"
#include "web/route.h"

struct program { struct routes *routes; struct arena mem; char *big; };
typedef void page_fn(struct program *, struct request *, struct reply *);
struct page { page_fn *run; };

static void hello(struct program *p, struct request *r, struct reply *to)
{
	to->type = S("text/html; charset=utf-8");
	put(&to->body, S("<!doctype html><title>Xin chào</title><p>Xin chào!"));
}

/* The request as it was understood, as JSON. */
static void echo(struct program *p, struct request *r, struct reply *to)
{
	struct buf *b = &to->body;
	to->type = S("application/json");
	put_fmt(b, "{\"verb\":\"%s\",\"path\":", verb_name(r->verb));
	put_json(b, r->path);
	put_z(b, ",\"type\":");
	put_json(b, r->type);
	put_z(b, ",\"remote\":");
	put_json(b, r->remote);
	put_fmt(b, ",\"secure\":%s,\"body\":", r->secure ? "true" : "false");
	put_json(b, str_is_utf8(r->body) ? r->body : S("(bytes)"));
	put_fmt(b, ",\"body_bytes\":%td,\"sid\":", r->body.n);
	put_json(b, req_cookie(r, "sid"));
	put_z(b, ",\"params\":[");
	for (int i = 0; i < r->n_params; i++) {
		put_z(b, i ? ",[" : "[");
		put_json(b, r->params[i].name);
		put_c(b, ',');
		put_json(b, r->params[i].value);
		put_c(b, ']');
	}
	put_z(b, "],\"parts\":[");
	for (int i = 0; i < r->n_parts; i++) {
		struct stat st = { 0 };
		if (r->parts[i].fd >= 0)
			fstat(r->parts[i].fd, &st);
		put_z(b, i ? ",{\"name\":" : "{\"name\":");
		put_json(b, r->parts[i].name);
		put_z(b, ",\"filename\":");
		put_json(b, r->parts[i].filename);
		put_fmt(b, ",\"on_disk\":%s,\"bytes\":%lld}", r->parts[i].fd >= 0 ? "true" : "false",
		        (long long)(r->parts[i].fd >= 0 ? st.st_size : r->parts[i].data.n));
	}
	put_z(b, "]}");
}

static void json(struct program *p, struct request *r, struct reply *to)
{
	const char *bad;
	ptrdiff_t at;
	to->type = S("text/plain");
	to->status = json_read(r->mem, r->body, &bad, &at) ? 200 : 422;
	put_z(&to->body, bad ? bad : "well formed");
}

static void crash(struct program *p, struct request *r, struct reply *to)
{
	abort();
}

static void pid(struct program *p, struct request *r, struct reply *to)
{
	to->type = S("text/plain");
	put_int(&to->body, getpid());
}

static void greedy(struct program *p, struct request *r, struct reply *to)
{
	for (;;)
		arena_alloc(r->mem, 1 << 20, 1);
}

static void slow(struct program *p, struct request *r, struct reply *to)
{
	int64_t ms = 0;
	str_to_int(req_param(r, "ms"), &ms);
	usleep((useconds_t)(ms < 10000 ? ms : 10000) * 1000);
	hello(p, r, to);
}

/* n bytes whose i-th is 'a' + i % 23: from a file, from memory that stays, or from the reply's buffer. */
static void bytes(struct program *p, struct request *r, struct reply *to)
{
	int64_t n = 1000;
	str from = req_param(r, "from");
	str_to_int(req_param(r, "n"), &n);
	to->type = S("application/octet-stream");
	if (n < 0 || n > 8 << 20)
		n = 8 << 20;
	reply_header(to, S("ETag"), S("\"bytes\""));
	if (str_is(from, "memory")) {
		to->memory = (str){ p->big, (ptrdiff_t)n };
	} else if (str_is(from, "file")) {
		to->fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		to->size = write(to->fd, p->big, (size_t)n);
	} else {
		put(&to->body, (str){ p->big, (ptrdiff_t)n });
	}
}

static void text(struct program *p, struct request *r, struct reply *to)
{
	to->type = S("text/html; charset=utf-8");
	for (int i = 0; i < 500; i++)
		put_fmt(&to->body, "<tr><td>%d<td>Nguyễn Văn %c\n", i, 'A' + i % 26);
}

static void cookies(struct program *p, struct request *r, struct reply *to)
{
	hello(p, r, to);
	reply_cookie(to, r->mem, S("sid"), S("abc"), 60, true);
	reply_cookie(to, r->mem, S("bad"), S("x\r\nSet-Cookie: y=1"), -1, false);
	reply_header(to, S("X-Bad"), req_param(r, "v"));
}

static void counted(struct program *p, struct request *r, struct reply *to)
{
	struct counters *n = serve_counters();
	to->type = S("application/json");
	put_fmt(&to->body, "{\"requests\":%llu,\"started\":%llu,\"died\":%llu}", (unsigned long long)n->requests,
	        (unsigned long long)n->workers_started, (unsigned long long)n->workers_died);
}

static void serve_one(void *app, struct request *r, struct reply *to)
{
	struct program *p = app;
	struct route_hit hit;
	enum routed found = routes_find(p->routes, r->verb, r->path, &hit);
	to->status = found == ROUTED ? 200 : found == ROUTE_MISSING ? 404 : 405;
	to->route = hit.pattern;
	if (found == ROUTED)
		((const struct page *)hit.target)->run(p, r, to);
}

static enum rc start(void **app, void *arg, int worker)
{
	*app = arg;
	return getenv("FAIL_START") ? E_FAULT : OK;
}

int main(int argc, char **argv)
{
	static const struct { enum verb verb; const char *path; struct page page; } all[] = {
		{ GET, "/hello", { hello } }, { GET, "/echo", { echo } }, { POST, "/echo", { echo } },
		{ GET, "/echo/{x}", { echo } },
		{ POST, "/json", { json } }, { GET, "/crash", { crash } }, { GET, "/pid", { pid } },
		{ GET, "/greedy", { greedy } },
		{ GET, "/slow", { slow } }, { GET, "/bytes", { bytes } }, { GET, "/text", { text } },
		{ GET, "/cookies", { cookies } },
		{ GET, "/counted", { counted } },
	};
	static struct program p;
	char why[160];
	if (argc < 3)
		return 2;
	log_set(getenv("LOG_REQUESTS") ? LOG_INFO : LOG_WARN, 2);
	arena_init(&p.mem, 64 << 20);
	p.routes = routes_new(&p.mem);
	p.big = arena_alloc(&p.mem, 8 << 20, 1);
	for (int i = 0; i < 8 << 20; i++)
		p.big[i] = (char)('a' + i % 23);
	for (int i = 0; i < COUNT(all); i++)
		if (!routes_add(p.routes, all[i].verb, all[i].path, &all[i].page, why))
			return 1;
	struct serve_options o = { .listen = argv[1], .workers = atoi(argv[2]), .worker_requests = argc > 3
		? (unsigned)atoi(argv[3]) : 0,
	                           .gzip = argc > 4 ? atoi(argv[4]) : 0, .upload_max = 4 << 20, .arena_max = 16 << 20,
	.drain_s = getenv("DRAIN_S") ? atoi(getenv("DRAIN_S")) : 5,
	.stuck_s = getenv("STUCK_S") ? atoi(getenv("STUCK_S")) : 0,
	                           .trusted_proxy = getenv("TRUSTED"), .start = start, .handle = serve_one, .arg = &p };
	return serve(&o);
}
