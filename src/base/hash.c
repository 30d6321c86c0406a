/* hash.c -- digests and their text forms, by libsodium. */
#include "base/hash.h"

#include <sodium.h>

_Static_assert(sizeof(struct hasher) >= sizeof(crypto_generichash_state), "struct hasher holds libsodium's state");

bool hash_init(void)
{
	return sodium_init() >= 0;
}

static const unsigned char *bytes_of(str s)
{
	return (const unsigned char *)(s.n ? s.p : "");
}

digest hash_of(str data)
{
	digest d;

	crypto_generichash(d.b, sizeof d.b, bytes_of(data), (size_t)data.n, NULL, 0);
	return d;
}

digest hash_keyed(digest key, str data)
{
	digest d;

	crypto_generichash(d.b, sizeof d.b, bytes_of(data), (size_t)data.n, key.b, sizeof key.b);
	return d;
}

digest hash_sha256(str data)
{
	digest d;

	crypto_hash_sha256(d.b, bytes_of(data), (size_t)data.n);
	return d;
}

void hash_begin(struct hasher *h)
{
	crypto_generichash_init((crypto_generichash_state *)(void *)h->state, NULL, 0, sizeof((digest *)0)->b);
}

void hash_add(struct hasher *h, str data)
{
	crypto_generichash_update((crypto_generichash_state *)(void *)h->state, bytes_of(data), (size_t)data.n);
}

void hash_add_sized(struct hasher *h, str data)
{
	uint64_t n = (uint64_t)data.n;
	char size[8];

	for (int i = 0; i < 8; i++)
		size[i] = (char)(unsigned char)(n >> (8 * i));
	hash_add(h, (str){ size, sizeof size });
	hash_add(h, data);
}

digest hash_end(struct hasher *h)
{
	digest d;

	crypto_generichash_final((crypto_generichash_state *)(void *)h->state, d.b, sizeof d.b);
	return d;
}

str hex_of(struct arena *a, const void *p, size_t n)
{
	char *z = arena_alloc(a, n * 2 + 1, 1);

	sodium_bin2hex(z, n * 2 + 1, p, n);
	return (str){ z, (ptrdiff_t)(n * 2) };
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(str s, void *ret, size_t n)
{
	unsigned char *to = ret;

	if (s.n < 0 || (size_t)s.n != n * 2)
		return false;
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (hex_digit(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)(hex_digit(s.p[2 * i]) * 16 + hex_digit(s.p[2 * i + 1]));
	return true;
}

str base64url_of(struct arena *a, const void *p, size_t n)
{
	size_t size = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *z = arena_alloc(a, size, 1);

	sodium_bin2base64(z, size, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return (str){ z, (ptrdiff_t)strlen(z) };
}

bool base64url_read(struct arena *a, str s, str *ret)
{
	size_t max = (size_t)s.n / 4 * 3 + 3, n = 0;
	unsigned char *p = arena_alloc(a, max, 1);
	const char *end = NULL;

	if (sodium_base642bin(p, max, s.n ? s.p : "", (size_t)s.n, NULL, &n, &end,
			sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	if (s.n && end != s.p + s.n)
		return false;
	*ret = (str){ (const char *)p, (ptrdiff_t)n };
	return true;
}

void random_bytes(void *p, size_t n)
{
	randombytes_buf(p, n);
}

bool same_secret(str a, str b)
{
	if (a.n != b.n)
		return false;
	return a.n == 0 || sodium_memcmp(a.p, b.p, (size_t)a.n) == 0;
}
