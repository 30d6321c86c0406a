/* seal.c -- see seal.h. */
#include "core/seal.h"
#include "core/app.h"
#include <sodium.h>

digest seal_key(struct ctx *c, const char *purpose)
{
	digest key;

	memcpy(key.b, c->app->secret, sizeof key.b);
	return hash_keyed(key, str_fmt(c->mem, "khue seal %s", purpose));
}

str sealed(struct ctx *c, const char *purpose, str plain)
{
	digest key = seal_key(c, purpose);
	size_t size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + (size_t)plain.n;
	uint8_t *box = arena_alloc(c->mem, size, 1);

	fresh_bytes(c, box, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const uint8_t *)plain.p, (unsigned long long)plain.n,
		box, key.b);
	return base64url_of(c->mem, box, size);
}

bool unsealed(struct ctx *c, const char *purpose, str box, str *ret)
{
	digest key = seal_key(c, purpose);
	ptrdiff_t head = crypto_secretbox_NONCEBYTES, least = head + crypto_secretbox_MACBYTES;
	str bytes;
	uint8_t *plain;

	if (box.n > SEALED_MAX || !base64url_read(c->mem, box, &bytes) || bytes.n < least)
		return false;
	plain = arena_alloc(c->mem, (size_t)(bytes.n - least) + 1, 1);
	if (crypto_secretbox_open_easy(plain, (const uint8_t *)bytes.p + head, (unsigned long long)(bytes.n - head),
		(const uint8_t *)bytes.p, key.b) != 0)
		return false;
	*ret = (str){ (const char *)plain, bytes.n - least };
	return true;
}
