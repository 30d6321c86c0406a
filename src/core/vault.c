/* vault.c -- see vault.h. */
#include "core/vault.h"
#include <errno.h>
#include <sodium.h>
#include <unistd.h>
#include <zlib.h>

enum { MAGIC = 8, KEY = 1 + 16 + 4 + 4 + 32, SEALED = 80, HEAD = MAGIC + KEY + SEALED,
       OVERHEAD = crypto_secretstream_xchacha20poly1305_ABYTES + 1, FRAME_MAX = VAULT_PIECE + OVERHEAD };
static const char magic[MAGIC + 1] = "KHUEVLT1";
_Static_assert(HEAD + crypto_secretstream_xchacha20poly1305_HEADERBYTES <= 169, "the head fits");
_Static_assert(sizeof(crypto_secretstream_xchacha20poly1305_state) <= 64, "the state fits");
_Static_assert(crypto_box_SEALBYTES + 32 == SEALED, "a sealed key");

static const struct tr
	MSG_no_vault = { "không phải tệp sao lưu của Khuê", "not a backup file of Khuê" },
	MSG_cut = { "tệp bị cắt cụt", "the file is cut short" },
	MSG_altered = { "tệp đã bị sửa hoặc hỏng", "the file was altered or is damaged" },
	MSG_key = { "khóa không phải của bản sao lưu này", "the key is not the one this backup was made for" };

static void put_u32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* ---- keys ---------------------------------------------------------------------------------------- */

static void public_of(const struct vault_secret *s, uint8_t ret[32])
{
	crypto_scalarmult_base(ret, s->b);
}

void vault_pair(struct vault_key *ret, struct vault_secret *ret_secret)
{
	*ret = (struct vault_key){ 0 };
	random_bytes(ret_secret->b, sizeof ret_secret->b);
	public_of(ret_secret, ret->public);
}

bool vault_pair_of(str passphrase, struct vault_key *key, struct vault_secret *ret_secret)
{
	if (key->kind == 0) {
		*key = (struct vault_key){ .kind = 1, .ops = crypto_pwhash_OPSLIMIT_MODERATE,
			.kib = crypto_pwhash_MEMLIMIT_MODERATE / 1024 };
		random_bytes(key->salt, sizeof key->salt);
	}
	if (crypto_pwhash(ret_secret->b, sizeof ret_secret->b, passphrase.p, (size_t)passphrase.n, key->salt, key->ops,
		(size_t)key->kib * 1024,
	                  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return false;
	uint8_t public[32];
	public_of(ret_secret, public);
	memcpy(key->public, public, sizeof public);
	return true;
}

bool vault_fits(const struct vault_key *key, const struct vault_secret *s)
{
	uint8_t public[32];
	public_of(s, public);
	return memcmp(public, key->public, sizeof public) == 0;
}

static void key_bytes(const struct vault_key *key, uint8_t ret[KEY])
{
	ret[0] = key->kind;
	memcpy(ret + 1, key->salt, 16);
	put_u32(ret + 17, key->ops);
	put_u32(ret + 21, key->kib);
	memcpy(ret + 25, key->public, 32);
}

/* Costs beyond what any version writes would let a forged file keep the reader busy for hours. */
static bool key_of(const uint8_t p[KEY], struct vault_key *ret)
{
	*ret = (struct vault_key){ .kind = p[0], .ops = get_u32(p + 17), .kib = get_u32(p + 21) };
	memcpy(ret->salt, p + 1, 16);
	memcpy(ret->public, p + 25, 32);
	return ret->kind == 0 || (ret->kind == 1 && ret->ops >= 1 && ret->ops <= 16 && ret->kib >= 8 &&
		ret->kib <= 1 << 20);
}

str vault_key_text(struct arena *mem, const struct vault_key *key)
{
	uint8_t p[KEY];
	key_bytes(key, p);
	return str_fmt(mem, "khue-backup-public-1 %.*s\n", FMT(hex_of(mem, p, sizeof p)));
}

str vault_secret_text(struct arena *mem, const struct vault_secret *s)
{
	return str_fmt(mem, "khue-backup-secret-1 %.*s\n", FMT(hex_of(mem, s->b, sizeof s->b)));
}

static bool line_of(str text, const char *word, void *ret, ptrdiff_t n)
{
	str head, hex;
	return str_cut(str_trim(text), ' ', &head, &hex) && str_is(head, word) && hex.n == 2 * n &&
		hex_read(hex, ret, (size_t)n);
}

bool vault_key_read(str text, struct vault_key *ret)
{
	uint8_t p[KEY];
	return line_of(text, "khue-backup-public-1", p, KEY) && key_of(p, ret);
}

bool vault_secret_read(str text, struct vault_secret *ret)
{
	return line_of(text, "khue-backup-secret-1", ret->b, sizeof ret->b);
}

/* ---- writing ------------------------------------------------------------------------------------- */

static crypto_secretstream_xchacha20poly1305_state *stream(uint8_t *state)
{
	return (crypto_secretstream_xchacha20poly1305_state *)(void *)state;
}

static enum rc write_all(struct vault_out *v, const void *bytes, size_t n)
{
	const char *p = bytes;
	hash_add(&v->sum, (str){ p, (ptrdiff_t)n });
	v->size += (int64_t)n;
	while (n) {
		ssize_t did = write(v->fd, p, n);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0) {
			v->error = errno;
			return errno == ENOSPC || errno == EDQUOT ? E_LIMIT : E_FAULT;
		}
		p += did;
		n -= (size_t)did;
	}
	return OK;
}

enum rc vault_begin(struct vault_out *v, struct arena *mem, int fd, const struct vault_key *to)
{
	uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES],
		header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
	*v = (struct vault_out){ .fd = fd };
	v->piece = arena_alloc(mem, VAULT_PIECE, 1);
	v->frame = arena_alloc(mem, 2 * FRAME_MAX + 64, 1);
	hash_begin(&v->sum);
	random_bytes(key, sizeof key);
	memcpy(v->head, magic, MAGIC);
	key_bytes(to, v->head + MAGIC);
	bool good = crypto_box_seal(v->head + MAGIC + KEY, key, sizeof key, to->public) == 0
		&& crypto_secretstream_xchacha20poly1305_init_push(stream(v->state), header, key) == 0;
	sodium_memzero(key, sizeof key);
	if (!good)
		return E_FAULT;
	TRY(write_all(v, v->head, HEAD));
	return write_all(v, header, sizeof header);
}

/* Deflated when that is shorter. The plain frame stands in the second half of .frame, the ciphertext in the first. */
static enum rc flush(struct vault_out *v, bool last)
{
	uint8_t *plain = (uint8_t *)v->frame + FRAME_MAX + 32, *out = (uint8_t *)v->frame, size[4];
	uLongf packed = v->n ? (uLongf)v->n - 1 : 0;
	size_t n = v->n;
	unsigned long long made;
	plain[0] = v->n > 64 && compress2(plain + 1, &packed, (const Bytef *)v->piece, (uLong)v->n, 1) == Z_OK;
	if (plain[0])
		n = packed;
	else
		memcpy(plain + 1, v->piece, v->n);
	crypto_secretstream_xchacha20poly1305_push(stream(v->state), out, &made, plain, n + 1, v->begun ? NULL : v->head,
		v->begun ? 0 : HEAD,
		last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
	v->begun = true;
	v->n = 0;
	put_u32(size, (uint32_t)made);
	TRY(write_all(v, size, sizeof size));
	return write_all(v, out, (size_t)made);
}

enum rc vault_put(struct vault_out *v, str bytes)
{
	while (bytes.n) {
		size_t room = VAULT_PIECE - v->n, n = (size_t)bytes.n < room ? (size_t)bytes.n : room;
		memcpy(v->piece + v->n, bytes.p, n);
		v->n += n;
		bytes = str_sub(bytes, (ptrdiff_t)n, -1);
		if (v->n == VAULT_PIECE)
			TRY(flush(v, false));
	}
	return OK;
}

enum rc vault_end(struct vault_out *v)
{
	TRY(flush(v, true));
	sodium_memzero(v->state, sizeof v->state);
	digest sum = hash_end(&v->sum);
	hash_begin(&v->sum);
	return write_all(v, sum.b, sizeof sum.b);
}

/* ---- reading ------------------------------------------------------------------------------------- */

/* n bytes, or fewer at the end of the file. */
static size_t read_some(int fd, void *to, size_t n)
{
	size_t have = 0;
	while (have < n) {
		ssize_t did = read(fd, (char *)to + have, n - have);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			break;
		have += (size_t)did;
	}
	return have;
}

static enum rc bad(struct vault_in *v, const struct tr *why)
{
	v->why = why;
	return E_INVALID;
}

static enum rc read_head(struct vault_in *v, struct vault_key *ret)
{
	if (read_some(v->fd, v->head, HEAD) != HEAD || memcmp(v->head, magic, MAGIC) != 0 || !key_of(v->head + MAGIC, ret))
		return bad(v, &MSG_no_vault);
	return OK;
}

enum rc vault_peek(int fd, struct vault_key *ret)
{
	struct vault_in v = { .fd = fd };
	return read_head(&v, ret);
}

enum rc vault_open(struct vault_in *v, struct arena *mem, int fd, const struct vault_secret *s)
{
	uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES],
		header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
	struct vault_key of;
	*v = (struct vault_in){ .fd = fd };
	v->piece = arena_alloc(mem, VAULT_PIECE + 1, 1);
	v->frame = arena_alloc(mem, 2 * FRAME_MAX + 64, 1);
	hash_begin(&v->sum);
	TRY(read_head(v, &of));
	if (read_some(fd, header, sizeof header) != sizeof header)
		return bad(v, &MSG_cut);
	hash_add(&v->sum, (str){ (const char *)v->head, HEAD });
	hash_add(&v->sum, (str){ (const char *)header, sizeof header });
	if (!vault_fits(&of, s)) {
		v->why = &MSG_key;
		return E_DENIED;
	}
	if (crypto_box_seal_open(key, v->head + MAGIC + KEY, SEALED, of.public, s->b) != 0)
		return bad(v, &MSG_altered);
	int rc = crypto_secretstream_xchacha20poly1305_init_pull(stream(v->state), header, key);
	sodium_memzero(key, sizeof key);
	return rc == 0 ? OK : bad(v, &MSG_altered);
}

/* The next frame's ciphertext into v->frame. */
static enum rc read_frame(struct vault_in *v, size_t *ret_n)
{
	uint8_t size[4];
	if (read_some(v->fd, size, sizeof size) != sizeof size)
		return bad(v, &MSG_cut);
	uint32_t n = get_u32(size);
	if (n < OVERHEAD || n > FRAME_MAX)
		return bad(v, &MSG_altered);
	if (read_some(v->fd, v->frame, n) != n)
		return bad(v, &MSG_cut);
	hash_add(&v->sum, (str){ (const char *)size, sizeof size });
	hash_add(&v->sum, (str){ v->frame, (ptrdiff_t)n });
	*ret_n = n;
	return OK;
}

static enum rc read_sum(struct vault_in *v)
{
	digest want = hash_end(&v->sum);
	uint8_t have[sizeof want.b + 1];
	size_t n = read_some(v->fd, have, sizeof have);
	if (n < sizeof want.b)
		return bad(v, &MSG_cut);
	return n == sizeof want.b && memcmp(have, want.b, sizeof want.b) == 0 ? OK : bad(v, &MSG_altered);
}

enum rc vault_get(struct vault_in *v, str *ret)
{
	uint8_t *plain = (uint8_t *)v->frame + FRAME_MAX + 32, tag = 0;
	unsigned long long made = 0;
	uLongf unpacked = VAULT_PIECE + 1;
	size_t n;
	*ret = (str){ v->piece, 0 };
	do {
		if (v->ended)
			return OK;
		TRY(read_frame(v, &n));
		if (crypto_secretstream_xchacha20poly1305_pull(stream(v->state), plain, &made, &tag,
			(const uint8_t *)v->frame, n,
		                                               v->begun ? NULL : v->head, v->begun ? 0 : HEAD) != 0 ||
		plain[0] > 1)
			return bad(v, &MSG_altered);
		v->begun = true;
		if (plain[0] == 0)
			*ret = (str){ (const char *)plain + 1, (ptrdiff_t)made - 1 };
		else if (uncompress((Bytef *)v->piece, &unpacked, plain + 1, (uLong)made - 1) == Z_OK &&
			unpacked <= VAULT_PIECE)
			*ret = (str){ v->piece, (ptrdiff_t)unpacked };
		else
			return bad(v, &MSG_altered);
		if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
			v->ended = true;
			sodium_memzero(v->state, sizeof v->state);
			TRY(read_sum(v));
		}
	} while (ret->n == 0);
	return OK;
}

enum rc vault_whole(struct arena *mem, int fd)
{
	char *p = arena_alloc(mem, VAULT_PIECE, 1);
	struct vault_in v = { .fd = fd };
	struct vault_key of;
	off_t end = lseek(fd, 0, SEEK_END), at = 0;
	hash_begin(&v.sum);
	if (end < HEAD + 32 || lseek(fd, 0, SEEK_SET) != 0)
		return E_INVALID;
	TRY(read_head(&v, &of));
	lseek(fd, 0, SEEK_SET);
	while (at < end - 32) {
		off_t left = end - 32 - at;
		size_t n = read_some(fd, p, left < VAULT_PIECE ? (size_t)left : VAULT_PIECE);
		if (n == 0)
			return E_INVALID;
		hash_add(&v.sum, (str){ p, (ptrdiff_t)n });
		at += (off_t)n;
	}
	return read_sum(&v);
}
