/* template_fuzz.c -- any text as a template, rendered over values that fit and do not fit; escaped output never
 * opens a tag that the template did not write. */
#include <assert.h>
#include "web/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* x: hostile text; n: a number; list: three items; o: an object like this one, to any depth; h: html. */
static bool get(const struct tsource *src, struct tobj in, str name, struct arena *a, struct tval *ret)
{
	static const struct { const char *name; struct tval is; } has[] = {
		{ "x", { .kind = TV_TEXT, .s = { "<script>&\"'", 11 } } }, { "n", { .kind = TV_INT, .i = -7 } },
		{ "list", { .kind = TV_LIST, .n = 3 } }, { "o", { .kind = TV_OBJECT } },
		{ "h", { .kind = TV_HTML, .s = { "ok", 2 } } }, { "yes", { .kind = TV_BOOL, .i = 1 } } };

	for (int i = 0; i < (int)COUNT(has); i++)
		if (str_is(name, has[i].name)) {
			*ret = has[i].is;
			return true;
		}
	return false;
}

static struct tval item(const struct tsource *src, struct tval list, int64_t i)
{
	return (struct tval){ .kind = i ? TV_OBJECT : TV_TEXT, .s = S("<i>") };
}

static bool load(void *arg, str name, str *ret)
{
	if (!str_is(name, "p") && !str_is(name, "top"))
		return false;
	*ret = *(const str *)arg;
	return true;
}

static str sentence(void *arg, str key)
{
	return str_is(key, "k") ? S("<câu>") : (str){ 0 };
}

static void name(void *arg, const str *sections, int n, str used, int line)
{
	assert(n >= 0 && n <= 64 && used.n > 0 && line > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str s = { (const char *)data, (ptrdiff_t)size };
	struct tsource src = { get, item, NULL, NULL };
	char why[256] = "";
	struct arena a;
	struct buf b;
	if (size > 4096)
		return 0;
	arena_init(&a, 64 << 20);
	struct template_set *set = template_set_new(load, sentence, &s);
	const struct template *t = template_get(set, S("top"), why);
	assert(t || why[0]);
	if (t) {
		buf_init(&b, &a, 1 << 16);
		template_names(t, name, NULL);
		template_render(t, &src, (struct tobj){ 0 }, &a, &b);
		if (str_find(s, S("<")) < 0)
			assert(!b.n || !memchr(b.p, '<', b.n));
	}
	template_set_free(set);
	arena_free(&a);
	return 0;
}
