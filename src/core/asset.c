/* asset.c -- files that are the same for everybody: the built interface under /a/, and what browsers look for at the
 * root. */
#include "base/embed.h"
#include "core/pages.h"
#include "web/accept.h"

static str type_of(str path)
{
	static const struct { const char *end, *type; } types[] = { { ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" }, { ".svg", "image/svg+xml" }, { ".woff2", "font/woff2" },
		{ ".png", "image/png" }, { ".webp", "image/webp" }, { ".ico", "image/x-icon" }, { ".json", "application/json" },
		{ ".wasm", "application/wasm" }, { ".map", "application/json" }, { ".txt", "text/plain; charset=utf-8" },
		{ ".webmanifest", "application/manifest+json" } };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_ends(path, str_of(types[i].end)))
			return str_of(types[i].type);
	return S("application/octet-stream");
}

/* "ui/app-1a2b.css" and "ui/a/app-1a2b.css" are both /a/app-1a2b.css; a name at the top without a hash is /name. */
static bool asset_add(void *arg, str name, str bytes)
{
	struct pages *k = arg;
	struct asset *a = &k->assets[k->n_assets];
	str path = str_sub(name, 3, -1), base;
	ptrdiff_t slash = path.n;

	if (str_starts(path, S("a/")) || str_starts(path, S("assets/")))
		path = str_sub(path, str_find(path, S("/")) + 1, -1);
	else if (str_find(path, S("-")) < 0 || str_starts(path, S("icon-")) || str_starts(path, S("apple-")))
		slash = 0;
	*a = (struct asset){ .path = str_fmt(&k->mem, slash ? "/a/%.*s" : "/%.*s", FMT(path)), .bytes = bytes,
		.type = type_of(path),
		.forever = slash > 0 };
	for (slash = path.n; slash > 0 && path.p[slash - 1] != '/';)
		slash--;
	base = str_sub(path, slash, -1);
	if (str_starts(base, S("app-")) && str_ends(base, S(".css")))
		k->css = a->path;
	if (str_starts(base, S("app-")) && str_ends(base, S(".js")))
		k->js = a->path;
	if (str_starts(base, S("icons-")) && str_ends(base, S(".svg")))
		k->icons = a->path;
	k->n_assets++;
	return true;
}

static bool asset_count(void *arg, str name, str bytes)
{
	(void)name;
	(void)bytes;
	++*(int *)arg;
	return true;
}

void assets_open(struct pages *k)
{
	int n = 0;

	embedded_each(S("ui/"), asset_count, &n);
	k->assets = NEWS(&k->mem, struct asset, n + 1);
	embedded_each(S("ui/"), asset_add, k);
}

static const struct asset *asset_find(const struct pages *k, str path)
{
	for (int i = 0; i < k->n_assets; i++)
		if (str_eq(k->assets[i].path, path))
			return &k->assets[i];
	return NULL;
}

static void send(struct exchange *x, str bytes, str type, str cache)
{
	x->p->status = 200;
	x->p->type = type;
	x->p->memory = bytes;
	x->answered = true;
	reply_header(x->p, S("Cache-Control"), cache);
}

static bool takes_gzip(const struct exchange *x)
{
	static const char *const offers[] = { "gzip" };

	return accept_pick(req_header(x->r, "accept-encoding"), offers, 1) == 0;
}

bool asset_answer(struct exchange *x)
{
	const struct pages *k = x->app->pages_kept;
	const struct asset *a, *gz = NULL;
	str path = x->r->path;

	if (x->verb != GET)
		return false;
	a = asset_find(k, path);
	if (a) {
		if (takes_gzip(x))
			gz = asset_find(k, str_fmt(x->r->mem, "%.*s.gz", FMT(path)));
		send(x, gz ? gz->bytes : a->bytes, a->type, a->forever ? S("public, max-age=31536000, immutable")
			: S("no-cache"));
		if (gz)
			reply_header(x->p, S("Content-Encoding"), S("gzip"));
		reply_header(x->p, S("Vary"), S("Accept-Encoding"));
		return true;
	}
	if (!str_eq(path, S("/robots.txt")))
		return false;
	send(x, S("User-agent: *\nAllow: /$\nAllow: /tra-cuu\nDisallow: /\n"), S("text/plain; charset=utf-8"),
		S("public, max-age=3600"));
	return true;
}

enum rc offline_page(struct exchange *x)
{
	struct ctx *c = x->c;
	struct error_view v = { .title = say(c, &(struct tr){ "Đang mất mạng", "You are offline" }),
		.what = say(c, &(struct tr){ "Máy này chưa kết nối được với máy chủ.",
			"This device cannot reach the server." }),
		.todo = say(c, &(struct tr){ "Kiểm tra mạng rồi thử lại. Biểu mẫu và sổ điểm đang nhập dở được giữ "
			"làm bản nháp trên máy này, nhiều nhất 7 ngày (không giữ mật khẩu, tệp).",
			"Check the network and try again. Unfinished forms and marks are kept as drafts on this device, for 7 days "
			"at most (never passwords or files)." }) };

	return answer_page(x, 200, "core/offline", &error_shape, &v);
}
