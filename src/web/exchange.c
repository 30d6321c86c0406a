/* exchange.c -- one request becomes one answer. */
#include "web/worker.h"
#include "web/accept.h"
#include "web/route.h"
#include "base/log.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <strings.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { GZIP_FROM = 1024 };

struct reason { int status; const char *name, *vi, *en; };
static const struct reason REASONS[] = {
	{ 200, "OK", NULL, NULL }, { 201, "Created", NULL, NULL }, { 202, "Accepted", NULL, NULL },
	{ 204, "No Content", NULL, NULL },
	{ 206, "Partial Content", NULL, NULL }, { 301, "Moved Permanently", NULL, NULL }, { 302, "Found", NULL, NULL },
	{ 303, "See Other", NULL, NULL }, { 304, "Not Modified", NULL, NULL }, { 307, "Temporary Redirect", NULL, NULL },
	{ 308, "Permanent Redirect", NULL, NULL },
	{ 400, "Bad Request", "Yêu cầu không đúng định dạng.", "The request is malformed." },
	{ 401, "Unauthorized", NULL, NULL }, { 403, "Forbidden", NULL, NULL }, { 404, "Not Found", NULL, NULL },
	{ 405, "Method Not Allowed", NULL, NULL },
	{ 408, "Request Timeout", "Yêu cầu gửi đến quá chậm.", "The request arrived too slowly." },
	{ 409, "Conflict", NULL, NULL },
	{ 413, "Content Too Large", "Nội dung gửi lên quá lớn.", "The content is too large." },
	{ 414, "URI Too Long", "Địa chỉ quá dài.", "The address is too long." }, { 415, "Unsupported Media Type", NULL,
		NULL },
	{ 416, "Range Not Satisfiable", "Khoảng dữ liệu nằm ngoài tệp.", "The range lies outside the file." },
	{ 417, "Expectation Failed", "Không đáp ứng được Expect.", "The expectation cannot be met." },
	{ 422, "Unprocessable Content", NULL, NULL }, { 429, "Too Many Requests", NULL, NULL },
	{ 431, "Request Header Fields Too Large", "Phần đầu yêu cầu quá lớn.", "The header is too large." },
	{ 500, "Internal Server Error", "Máy chủ gặp lỗi; không có gì được thay đổi.",
		"The server failed; nothing was changed." },
	{ 501, "Not Implemented", "Phương thức không được hỗ trợ.", "The method is not supported." },
	{ 503, "Service Unavailable", "Máy chủ đang quá tải, xin thử lại sau.",
		"The server is overloaded, please try again." },
	{ 505, "HTTP Version Not Supported", "Chỉ hỗ trợ HTTP/1.1.", "Only HTTP/1.1 is supported." },
	{ 507, "Insufficient Storage", "Máy chủ hết chỗ lưu tệp tạm.", "No room is left for temporary files." },
};

static const struct reason OTHER = { 0, "Status", NULL, NULL };

static const struct reason *reason_of(int status)
{
	for (int i = 0; i < COUNT(REASONS); i++)
		if (REASONS[i].status == status)
			return &REASONS[i];
	return &OTHER;
}

/* ---- the request ------------------------------------------------------------------------- */

static void request_id(struct worker *w, char id[24])
{
	static const char hex[] = "0123456789abcdef";
	uint64_t v = ++w->ids;
	for (int i = 15; i >= 0; i--, v >>= 4)
		id[i] = hex[v & 15];
	id[16] = 0;
}

static bool trusted(const struct worker *w, const struct conn *c)
{
	return w->unix_socket || (w->o->trusted_proxy && strcmp(w->o->trusted_proxy, c->remote) == 0);
}

/* A proxy appends the address it saw: only the last one is its word. */
static void believe_proxy(struct request *r)
{
	str from = req_header(r, "x-forwarded-for"), proto = req_header(r, "x-forwarded-proto");
	for (ptrdiff_t i = from.n; i > 0; i--) {
		if (from.p[i - 1] == ',') {
			from = str_sub(from, i, from.n);
			break;
		}
	}
	from = str_trim(from);
	if (from.n && from.n < 46)
		r->remote = from;
	r->secure = str_is(proto, "https");
}

static int add_fields(struct request *r, struct pairs *params)
{
	for (int i = 0; i < r->n_parts; i++) {
		str value;
		if (r->parts[i].filename.n)
			continue;
		if (!form_value(r->mem, r->parts[i].data, &value))
			return 400;
		if (!pairs_add(r->mem, params, r->parts[i].name, value))
			return 413;
	}
	return 0;
}

static int read_body(struct request *r, struct upload *up, struct pairs *params)
{
	int status = 0;
	str kind, rest;
	str_cut(req_header(r, "content-type"), ';', &kind, &rest);
	r->type = str_lower(r->mem, str_trim(kind));
	if (!up)
		return 0;
	if (up->parts) {
		r->parts = multipart_parts(up->parts, &r->n_parts);
		return add_fields(r, params);
	}
	r->body = buf_str(&up->raw);
	if (str_is(r->type, "application/x-www-form-urlencoded"))
		status = form_body_read(r->mem, r->body, params);
	return status;
}

static int request_make(struct worker *w, struct conn *c, struct request *r)
{
	struct pairs params = { 0 };
	str path;
	int status;
	*r = (struct request){ .mem = &w->mem, .verb = w->head.verb, .headers = w->head.headers,
		.n_headers = w->head.n_headers,
	                       .remote = str_of(c->remote) };
	request_id(w, r->id);
	str_cut(w->head.target, '?', &path, &r->query);
	if (str_is(path, "*"))
		r->path = path;
	else if (!path_read(r->mem, path, &r->path))
		return 400;
	if (trusted(w, c))
		believe_proxy(r);
	if ((status = form_read(r->mem, r->query, &params)) != 0)
		return status;
	if ((status = read_body(r, c->up, &params)) != 0)
		return status;
	r->params = params.p;
	r->n_params = params.n;
	return 0;
}

/* ---- the answer -------------------------------------------------------------------------- */

static void own_words(struct reply *p, int status, const char *id)
{
	const struct reason *why = reason_of(status);
	p->status = status;
	p->type = S("text/plain; charset=utf-8");
	p->n_headers = 0;
	p->fd = -1;
	p->memory = (str){ 0 };
	p->body.n = 0;
	put_fmt(&p->body, "%s\n%s\n%s\n", why->vi ? why->vi : why->name, why->en ? why->en : why->name, id);
	reply_header(p, S("X-Content-Type-Options"), S("nosniff"));
	reply_header(p, S("Cache-Control"), S("no-store"));
	if (status == 503 || status == 507)
		reply_header(p, S("Retry-After"), S("2"));
}

static void reply_new(struct worker *w, struct reply *p)
{
	*p = (struct reply){ .fd = -1 };
	p->body = (struct buf){ .p = w->page, .cap = PAGE_FIRST, .max = w->mem.max / 2, .mem = &w->mem };
}

static str reply_get(const struct reply *p, const char *name)
{
	for (int i = 0; i < p->n_headers; i++)
		if (strlen(name) == (size_t)p->headers[i].name.n && strncasecmp(p->headers[i].name.p, name, strlen(name)) == 0)
			return p->headers[i].value;
	return (str){ 0 };
}

static bool packs_well(str type)
{
	return str_starts(type, S("text/")) || str_starts(type, S("application/json")) ||
		str_starts(type, S("application/problem+json")) ||
	       str_starts(type, S("application/javascript")) || str_starts(type, S("image/svg+xml"));
}

static void gzip(struct worker *w, const struct request *r, struct reply *p)
{
	static const char *const offers[] = { "gzip" };
	str from = p->memory.p ? p->memory : buf_str(&p->body);
	if (w->o->gzip <= 0 || p->fd >= 0 || from.n < GZIP_FROM || p->status != 200 || !packs_well(p->type) ||
	    reply_get(p, "Content-Encoding").n)
		return;
	reply_header(p, S("Vary"), S("Accept-Encoding"));
	if (accept_pick(req_header(r, "accept-encoding"), offers, 1) < 0)
		return;
	if (!w->zip_made && deflateInit2(&w->zip, w->o->gzip, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	w->zip_made = true;
	size_t room = deflateBound(&w->zip, (uLong)from.n);
	char *to = arena_alloc(&w->mem, room, 1);
	w->zip.next_in = (unsigned char *)(uintptr_t)from.p;
	w->zip.avail_in = (uInt)from.n;
	w->zip.next_out = (unsigned char *)to;
	w->zip.avail_out = (uInt)room;
	bool done = deflate(&w->zip, Z_FINISH) == Z_STREAM_END;
	size_t n = room - w->zip.avail_out;
	deflateReset(&w->zip);
	if (!done || n >= (size_t)from.n)
		return;
	p->memory = (str){ 0 };
	p->body.p = to;
	p->body.n = p->body.cap = n;
	reply_header(p, S("Content-Encoding"), S("gzip"));
}

static int64_t length_of(const struct reply *p)
{
	return p->fd >= 0 ? p->size : p->memory.p ? p->memory.n : (int64_t)p->body.n;
}

/* 304 for what the client already has; 206 or 416 when it wants a part of a file or of bytes in memory. */
static void conditions(struct worker *w, const struct request *r, struct reply *p)
{
	str tag = reply_get(p, "ETag"), match = req_header(r, "if-none-match"), only = req_header(r, "if-range");
	str range = req_header(r, "range");
	int64_t size = length_of(p), from, n;
	if (p->status != 200 || (r->verb != GET && r->verb != HEAD))
		return;
	if (tag.n && match.n && (str_find(match, tag) >= 0 || str_is(match, "*"))) {
		p->status = 304;
		return;
	}
	if (p->fd < 0 && !p->memory.p)
		return;
	reply_header(p, S("Accept-Ranges"), S("bytes"));
	if (!range.n || r->verb != GET || (only.n && !str_eq(only, tag)))
		return;
	switch (range_read(range, size, &from, &n)) {
	case RANGE_NONE: return;
	case RANGE_BEYOND:
		if (p->fd >= 0)
			close(p->fd);
		own_words(p, 416, r->id);
		reply_header(p, S("Content-Range"), str_fmt(&w->mem, "bytes */%lld", (long long)size));
		return;
	case RANGE_PART: break;
	}
	p->status = 206;
	p->size = n;
	p->from += p->fd >= 0 ? from : 0;
	if (p->memory.p)
		p->memory = (str){ p->memory.p + from, (ptrdiff_t)n };
	reply_header(p, S("Content-Range"), str_fmt(&w->mem, "bytes %lld-%lld/%lld", (long long)from,
		(long long)(from + n - 1), (long long)size));
}

static const char *date_now(struct worker *w)
{
	time_t now = time(NULL);
	struct tm t;
	if (now != w->date_second) {
		gmtime_r(&now, &t);
		strftime(w->date, sizeof w->date, "%a, %d %b %Y %H:%M:%S GMT", &t);
		w->date_second = now;
	}
	return w->date;
}

static void put_header(struct buf *b, str name, str value)
{
	put(b, name);
	put(b, S(": "));
	put(b, value);
	put(b, S("\r\n"));
}

static str head_make(struct worker *w, const struct conn *c, const struct reply *p)
{
	struct buf b;
	buf_init(&b, &w->mem, HEAD_MAX);
	put(&b, S("HTTP/1.1 "));
	put_int(&b, p->status);
	put_c(&b, ' ');
	put_z(&b, reason_of(p->status)->name);
	put(&b, S("\r\n"));
	put_header(&b, S("Date"), str_of(date_now(w)));
	if (p->type.n && p->status != 304 && p->status != 204)
		put_header(&b, S("Content-Type"), p->type);
	if (p->status != 304 && p->status != 204) {
		put(&b, S("Content-Length: "));
		put_int(&b, length_of(p));
		put(&b, S("\r\n"));
	}
	for (int i = 0; i < p->n_headers; i++)
		put_header(&b, p->headers[i].name, p->headers[i].value);
	if (!c->keep)
		put(&b, S("Connection: close\r\n"));
	put(&b, S("\r\n"));
	return buf_str(&b);
}

/* ---- sending ----------------------------------------------------------------------------- */

static void conn_done(struct worker *w, struct conn *c)
{
	c->state = c->keep ? READ_HEAD : LINGER;
	c->fresh = false;
	c->since = c->moved = w->now;
	conn_wait(w, c, EPOLLIN);
	if (!c->keep)
		shutdown(c->fd, SHUT_WR);
}

static bool send_file(struct worker *w, struct conn *c)
{
	struct out *o = &c->out;
	while (o->left > 0) {
		off_t at = o->from;
		ssize_t n = sendfile(c->fd, o->fd, &at, (size_t)(o->left < 1 << 20 ? o->left : 1 << 20));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n <= 0) {
			conn_close(w, c);    /* the file is shorter than promised, or the client has gone */
			return false;
		}
		o->from += n;
		o->left -= n;
		c->moved = w->now;
	}
	close(o->fd);
	o->fd = -1;
	return true;
}

bool conn_flush(struct worker *w, struct conn *c)
{
	struct out *o = &c->out;
	while (o->at < o->n + (size_t)o->memory.n) {
		struct iovec v[2];
		int k = 0;
		if (o->at < o->n)
			v[k++] = (struct iovec){ o->own + o->at, o->n - o->at };
		size_t skip = o->at > o->n ? o->at - o->n : 0;
		if (o->memory.n)
			v[k++] = (struct iovec){ (char *)(uintptr_t)o->memory.p + skip, (size_t)o->memory.n - skip };
		ssize_t n = sendmsg(c->fd, &(struct msghdr){ .msg_iov = v, .msg_iovlen = (size_t)k }, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			goto wait;
		if (n < 0) {
			conn_close(w, c);
			return false;
		}
		o->at += (size_t)n;
		c->moved = w->now;
	}
	if (o->fd >= 0 && !send_file(w, c))
		return false;
	if (o->fd >= 0)
		goto wait;
	free(o->own);
	*o = (struct out){ .fd = -1 };
	conn_done(w, c);
	return true;
wait:
	c->state = WRITE;
	conn_wait(w, c, EPOLLOUT);
	return true;
}

/* Most answers leave with one call. What does not is copied, because the arena is needed for the next request.
 * False: the connection is closed. */
static bool send_reply(struct worker *w, struct conn *c, str head, struct reply *p, bool bodiless)
{
	str body = p->memory.p ? p->memory : buf_str(&p->body);
	if (bodiless || p->fd >= 0)
		body.n = 0;
	struct iovec v[2] = { { (char *)(uintptr_t)head.p, (size_t)head.n },
		{ (char *)(uintptr_t)body.p, (size_t)body.n } };
	bool file = p->fd >= 0 && !bodiless;
	int flags = MSG_NOSIGNAL | (file ? MSG_MORE : 0);
	ssize_t n = sendmsg(c->fd, &(struct msghdr){ .msg_iov = v, .msg_iovlen = body.n ? 2 : 1 }, flags);
	size_t sent = n > 0 ? (size_t)n : 0, all = (size_t)head.n + (size_t)body.n;
	if (p->fd >= 0 && !file)
		close(p->fd);
	c->out = (struct out){ .fd = file ? p->fd : -1, .from = p->from, .left = p->size };
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		conn_close(w, c);
		return false;
	}
	if (sent == all && !file) {
		conn_done(w, c);
		return true;
	}
	bool borrowed = p->memory.p && !file && !bodiless;
	size_t keep = borrowed ? (size_t)head.n : all;
	if (!(c->out.own = malloc(keep))) {
		conn_close(w, c);
		return false;
	}
	memcpy(c->out.own, head.p, (size_t)head.n);
	if (!borrowed && body.n)
		memcpy(c->out.own + head.n, body.p, (size_t)body.n);
	c->out.n = keep;
	c->out.memory = borrowed ? body : (str){ 0 };
	c->out.at = sent;
	c->moved = w->now;
	return conn_flush(w, c);
}

/* ---- one exchange ------------------------------------------------------------------------ */

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

unsigned counters_bound_us(int bucket)
{
	static const unsigned bounds[] = { 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 1000000 };
	return bucket >= 0 && bucket < COUNT(bounds) ? bounds[bucket] : 0;
}

static void count(const struct request *r, const struct reply *p, int64_t us, size_t bytes)
{
	struct counters *n = serve_counters();
	int bucket = 0;
	while (bucket < 11 && us > (int64_t)counters_bound_us(bucket))
		bucket++;
	atomic_fetch_add_explicit(&n->requests, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&n->bytes, bytes, memory_order_relaxed);
	atomic_fetch_add_explicit(&n->busy_us, (uint64_t)us, memory_order_relaxed);
	atomic_fetch_add_explicit(&n->sql, p->sql, memory_order_relaxed);
	atomic_fetch_add_explicit(&n->by_status[p->status / 100 % 6], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&n->bucket[bucket], 1, memory_order_relaxed);
	if (p->status >= 500)
		atomic_fetch_add_explicit(&n->errors, 1, memory_order_relaxed);
	log_request(str_of(r->id), verb_name(r->verb), p->route ? p->route : "-", p->status, us, bytes, p->sql);
}

/* Makes the request and the answer. Everything that may outgrow the arena happens in here. */
static str answer(struct worker *w, struct conn *c, struct request *r, struct reply *p)
{
	int status = request_make(w, c, r);
	if (status)
		c->keep = false;
	if (status) {
		own_words(p, status, r->id);
	} else if (str_is(r->path, "*")) {
		p->status = 204;
		reply_header(p, S("Allow"), S("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
	} else {
		w->o->handle(w->app, r, p);
		if (p->status < 200 || p->status > 599 || p->body.over) {
			if (p->fd >= 0)
				close(p->fd);
			own_words(p, 500, r->id);
		}
	}
	conditions(w, r, p);
	gzip(w, r, p);
	return head_make(w, c, p);
}

/* answer(), and 503 when the arena's ceiling was met on the way. */
static str guarded(struct worker *w, struct conn *c, struct request *r, struct reply *p)
{
	jmp_buf full;
	if (setjmp(full) == 0) {
		w->mem.full = &full;
		str head = answer(w, c, r, p);
		w->mem.full = NULL;
		return head;
	}
	w->mem.full = NULL;
	const char *route = p->route;
	if (p->fd >= 0)
		close(p->fd);
	arena_reset(&w->mem);
	reply_new(w, p);
	own_words(p, 503, r->id);
	p->route = route;
	return head_make(w, c, p);
}

void exchange(struct worker *w, struct conn *c)
{
	struct request r = { .verb = w->head.verb };
	struct reply p;
	int64_t from = now_us();
	reply_new(w, &p);
	w->current = c;
	w->request = &r;
	w->reply = &p;
	atomic_store_explicit(w->busy, from / 1000, memory_order_relaxed);
	c->keep = w->head.keep && !w->draining;
	str head = guarded(w, c, &r, &p);
	bool bodiless = w->head.verb == HEAD || p.status == 304 || p.status == 204;
	size_t bytes = (size_t)head.n + (bodiless ? 0 : (size_t)length_of(&p));
	if (send_reply(w, c, head, &p, bodiless))
		upload_end(w, c);
	count(&r, &p, now_us() - from, bytes);
	w->current = NULL;
	w->request = NULL;
	w->reply = NULL;
	w->spent = w->spent || p.last;
	w->served++;
	atomic_store_explicit(w->busy, 0, memory_order_relaxed);
	if (w->head.verb != GET && w->head.verb != HEAD)
		arena_wipe(&w->mem);                 /* what was sent may have been a password */
	arena_reset(&w->mem);
}

void refuse(struct worker *w, struct conn *c, int status)
{
	struct reply p;
	struct request r = { .verb = GET };
	c->keep = false;
	upload_end(w, c);
	conn_keep(c, NULL, 0);
	reply_new(w, &p);
	request_id(w, r.id);
	own_words(&p, status, r.id);
	p.route = "refused";
	str head = head_make(w, c, &p);
	size_t bytes = (size_t)head.n + p.body.n;
	send_reply(w, c, head, &p, false);
	count(&r, &p, 0, bytes);
	arena_reset(&w->mem);
}
