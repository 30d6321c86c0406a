/* receipt_fuzz.c -- any bytes as what an SMS gateway or Zalo calls back with, as Zalo's answer, as its file, and as the
 * words of a message: nothing is read beyond them, no proof is accepted, and what goes to Zalo is JSON. */
#include <assert.h>
#include <stdlib.h>
#include "mod/channel/channel_in.h"
#include "web/body.h"
#include "web/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OA "url: https://z.example/x\ntoken-url: https://z.example/t\napp: 1\nsecret: 2\nrefresh: 3\ntemplate: 4\n" \
	"data: {\"a\":\"{school}\",\"b\":\"{title}\",\"c\":\"{text}\",\"d\":\"{link}\"}\nwebhook: 0123456789abcdef\n"

static void as_call(struct arena *mem, str text)
{
	const struct receipt_fields r = { .secret = S("0123456789abcdef"), .ref = S("data.id"), .id = S("our"),
		.state = S("state"), .good = S("ok,1"), .bad = S("no"), .why = S("data.why") };
	struct pairs all = { 0 };
	struct receipt got;

	if (receipt_parse(mem, &r, S("application/json"), text, NULL, 0, &got))
		assert(got.ref.n > 0 || got.id > 0);
	if (form_read(mem, text, &all) == 0 && receipt_parse(mem, &r, S(""), text, all.p, all.n, &got))
		assert(got.ref.n > 0 || got.id > 0);
	assert(!receipt_signed(mem, r.secret, S("x"), text));
}

static void as_zalo(struct arena *mem, str text)
{
	struct zalo z;
	struct receipt got;
	const char *why;
	bool expired;
	ptrdiff_t at;
	str ref, said;

	if (zalo_parse(mem, text, &z, &why))
		assert(z.app.n && z.most >= 10 && z.most <= 1000);
	if (!zalo_parse(mem, S(OA), &z, &why))
		abort();
	assert(zalo_judged(mem, &z, text, &expired, &ref, &said) != TAKEN || !expired);
	if (zalo_event(mem, text, &got))
		assert(got.ref.n || got.id);
	assert(!zalo_signed(mem, &z, text, S("mac=00")));
	if (str_is_utf8(text))
		assert(json_read(mem, zalo_body(mem, &z, 1, S("84912345678"), text, text), &why, &at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem;

	if (size > 4096)
		return 0;
	arena_init(&mem, (size_t)64 << 20);
	char *copy = arena_alloc(&mem, size + 1, 1);
	memcpy(copy, data, size);
	as_call(&mem, (str){ copy, (ptrdiff_t)size });
	as_zalo(&mem, (str){ copy, (ptrdiff_t)size });
	arena_free(&mem);
	return 0;
}
