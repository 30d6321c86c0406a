#include "web/worker.h"
#include <stdlib.h>

enum { BUFFERED_MAX = 64 << 20 /* bodies in memory of one worker, together */, MEBI = 1 << 20 };

static str header_of(const struct head *h, const char *name)
{
	for (int i = 0; i < h->n_headers; i++)
		if (str_is(h->headers[i].name, name))
			return h->headers[i].value;
	return (str){ 0 };
}

static bool is_multipart(struct arena *a, str type)
{
	return str_starts(str_lower(a, str_sub(type, 0, 19)), S("multipart/form-data"));
}

int upload_begin(struct worker *w, struct conn *c, const char *head, size_t n)
{
	size_t body_max = w->o->body_max ? w->o->body_max : MEBI;
	size_t upload_max = w->o->upload_max ? w->o->upload_max : 50u * MEBI;
	struct upload *up = calloc(1, sizeof *up);
	if (!up)
		return 503;
	c->up = up;
	arena_init(&up->mem, SIZE_MAX / 4);
	up->head = arena_alloc(&up->mem, n, 1);
	up->n_head = n;
	memcpy(up->head, head, n);
	up->chunked = w->head.chunked;
	up->left = w->head.length;
	str type = header_of(&w->head, "content-type");
	bool multi = is_multipart(&up->mem, type);
	if (up->left > (int64_t)(multi ? upload_max : body_max))
		return 413;
	if (multi) {
		up->parts = multipart_new(&up->mem, str_copy(&up->mem, type), body_max);
		return up->parts ? 0 : 400;
	}
	buf_init(&up->raw, &up->mem, body_max);
	return 0;
}

static int collect(struct worker *w, struct upload *up, str data)
{
	size_t body_max = w->o->body_max ? w->o->body_max : MEBI;
	size_t upload_max = w->o->upload_max ? w->o->upload_max : 50u * MEBI;
	up->total += data.n;
	if (up->total > (int64_t)(up->parts ? upload_max : body_max))
		return 413;
	if (up->parts)
		return multipart_feed(up->parts, data);
	if (w->buffered + (size_t)data.n > BUFFERED_MAX)
		return 503;
	w->buffered += (size_t)data.n;
	up->counted += (size_t)data.n;
	put(&up->raw, data);
	return 0;
}

static int feed_chunks(struct worker *w, struct upload *up, str bytes, size_t *used)
{
	str in = bytes, data;
	int done = 0, status;
	while (in.n && !done) {
		done = chunks_read(&up->chunks, &in, &data);
		if (done < 0)
			return 400;
		if ((status = collect(w, up, data)) != 0)
			return status;
	}
	*used = (size_t)(bytes.n - in.n);
	return done;
}

int upload_feed(struct worker *w, struct conn *c, str bytes, size_t *used)
{
	struct upload *up = c->up;
	int status = 0;
	*used = 0;
	if (up->chunked) {
		status = feed_chunks(w, up, bytes, used);
	} else {
		ptrdiff_t n = bytes.n < up->left ? bytes.n : (ptrdiff_t)up->left;
		status = collect(w, up, (str){ bytes.p, n });
		*used = (size_t)n;
		up->left -= n;
		if (!status && !up->left)
			status = 1;
	}
	if (status == 1 && up->parts && multipart_end(up->parts) != 0)
		return 400;
	return status;
}

void upload_end(struct worker *w, struct conn *c)
{
	if (!c->up)
		return;
	w->buffered -= c->up->counted;
	arena_wipe(&c->up->mem);
	arena_free(&c->up->mem);
	free(c->up);
	c->up = NULL;
}
