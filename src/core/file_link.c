/* file_link.c -- files of people from a host of their own (KHUE_FILES_HOST): no cookie of ours is sent there, so that
 * whatever a browser made of such a file could do nothing in anybody's name. The system's host decides who may, and
 * leads to an address that is good for two minutes. */
#include "base/hash.h"
#include "core/files.h"
#include "core/pages.h"
#include "core/work_page.h"
#include <unistd.h>

enum { GOOD_MS = 120000, SIGNS = 16 };

static str sign_of(struct exchange *x, int64_t id, int64_t until)
{
	digest key;
	struct hasher h;

	memcpy(key.b, x->app->secret, sizeof key.b);
	hash_begin(&h);
	hash_add_sized(&h, S("file link"));
	hash_add_sized(&h, put_n(x->c->mem, id));
	hash_add_sized(&h, put_n(x->c->mem, until));
	key = hash_keyed(key, (str){ (const char *)hash_end(&h).b, sizeof key.b });
	return base64url_of(x->c->mem, key.b, SIGNS);
}

bool file_host_asked(const struct exchange *x)
{
	return x->app->files_host && str_is(req_header(x->r, "host"), x->app->files_host);
}

void file_link_go(struct exchange *x, const struct file_info *f)
{
	int64_t until = x->c->now.v + GOOD_MS;
	struct buf b;

	buf_init(&b, x->c->mem, 4096);
	put_fmt(&b, "%s://%s/tep/%lld/", x->r->secure ? "https" : "http", x->app->files_host, (long long)f->id.v);
	put_url(&b, f->name);
	put_fmt(&b, "?until=%lld&sign=%.*s", (long long)until, FMT(sign_of(x, f->id.v, until)));
	answer_go(x, buf_str(&b));
}

/* "/tep/{id}/name" with its two words; anything else is not there. */
static bool link_read(struct exchange *x, int64_t *ret_id)
{
	const struct pair *until = NULL, *sign = NULL;
	str left, id;
	int64_t ms;

	for (int i = 0; i < x->r->n_params; i++) {
		until = str_is(x->r->params[i].name, "until") ? &x->r->params[i] : until;
		sign = str_is(x->r->params[i].name, "sign") ? &x->r->params[i] : sign;
	}
	if (x->verb != GET || !until || !sign || !str_starts(x->r->path, S("/tep/")))
		return false;
	str_cut(str_sub(x->r->path, 5, -1), '/', &id, &left);
	return id_read(id, ret_id) && id_read(until->value, &ms) && ms >= x->c->now.v && ms <= x->c->now.v + GOOD_MS &&
		same_secret(sign->value, sign_of(x, *ret_id, ms));
}

enum rc file_link_page(struct exchange *x)
{
	struct file_info f;
	int64_t id;
	int fd;

	x->json = true;                                  /* no page of ours is shown there                         */
	x->sandbox = true;
	if (!link_read(x, &id))
		return E_MISSING;
	TRY(file_open_own(x->c, (file_id){ id }, &f, &fd));
	enum rc rc = answer_made(x, fd, f.name, f.type, KEPT_FILE);
	close(fd);
	return rc;
}
