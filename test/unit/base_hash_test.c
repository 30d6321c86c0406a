/* base_hash_test.c -- digests against published values, text forms back and forth. */
#include "test.h"
#include "base/hash.h"

static void known_digests(void **state)
{
	struct arena a;
	digest d;

	arena_init(&a, 1 << 20);
	d = hash_of(S("abc"));
	assert_text(hex_of(&a, d.b, 32), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	d = hash_sha256(S("abc"));
	assert_text(hex_of(&a, d.b, 32), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	arena_free(&a);
}

static void pieces_equal_the_whole(void **state)
{
	struct hasher h;
	digest whole = hash_of(S("Nguyễn Văn An")), d;

	hash_begin(&h);
	hash_add(&h, S("Nguyễn "));
	hash_add(&h, S(""));
	hash_add(&h, S("Văn An"));
	d = hash_end(&h);
	assert_memory_equal(d.b, whole.b, 32);
}

static void sized_fields_do_not_collide(void **state)
{
	static const str lists[][2] = { { S_INIT("ab"), S_INIT("c") }, { S_INIT("a"), S_INIT("bc") },
		{ S_INIT("abc"), S_INIT("") } };
	digest d[3];

	for (int i = 0; i < 3; i++) {
		struct hasher h;
		hash_begin(&h);
		hash_add_sized(&h, lists[i][0]);
		hash_add_sized(&h, lists[i][1]);
		d[i] = hash_end(&h);
	}
	assert_memory_not_equal(d[0].b, d[1].b, 32);
	assert_memory_not_equal(d[1].b, d[2].b, 32);
}

static void keys_matter(void **state)
{
	digest k1 = { { 1 } }, k2 = { { 2 } }, a = hash_keyed(k1, S("x")), b = hash_keyed(k2, S("x")), c = hash_of(S("x"));

	assert_memory_not_equal(a.b, b.b, 32);
	assert_memory_not_equal(a.b, c.b, 32);
}

static void text_forms_come_back(void **state)
{
	struct arena a;
	uint64_t seed = 3;
	unsigned char bytes[100], back[100];
	str text, got;

	arena_init(&a, 1 << 20);
	for (size_t n = 0; n < sizeof bytes; n++) {
		for (size_t i = 0; i < n; i++)
			bytes[i] = (unsigned char)next_number(&seed);
		text = hex_of(&a, bytes, n);
		assert_true(hex_read(text, back, n));
		assert_memory_equal(bytes, back, n);
		assert_false(hex_read(text, back, n + 1));
		text = base64url_of(&a, bytes, n);
		assert_true(base64url_read(&a, text, &got) && got.n == (ptrdiff_t)n);
		assert_memory_equal(bytes, got.p, n);
	}
	assert_false(hex_read(S("0g"), back, 1));
	assert_false(base64url_read(&a, S("a+b/"), &got));
	assert_false(base64url_read(&a, S("ab=="), &got));
	assert_false(base64url_read(&a, S("a"), &got));
	arena_free(&a);
}

static void chance_and_secrets(void **state)
{
	unsigned char x[32] = { 0 }, y[32] = { 0 };

	random_bytes(x, sizeof x);
	random_bytes(y, sizeof y);
	assert_memory_not_equal(x, y, 32);
	assert_true(same_secret(S("abc"), S("abc")) && same_secret(S(""), S("")));
	assert_false(same_secret(S("abc"), S("abd")) || same_secret(S("abc"), S("ab")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(known_digests), cmocka_unit_test(pieces_equal_the_whole),
		cmocka_unit_test(sized_fields_do_not_collide), cmocka_unit_test(keys_matter),
		cmocka_unit_test(text_forms_come_back),
		cmocka_unit_test(chance_and_secrets) };

	return hash_init() ? cmocka_run_group_tests_name("base_hash", tests, NULL, NULL) : 1;
}
