/* keys.c -- the key that signs what QR codes say: DATA/keys/transcript.key (seed of Ed25519, 0400), and the public
 * keys that are believed, a line each, in DATA/keys/transcript.pub: the newest first, so that a key may be changed
 * without making paper false. */
#include "mod/transcript/issue.h"
#include "mod/results/folder.h"
#include "mod/transcript/statement.h"

#include <sodium.h>
#include <unistd.h>

enum { SEED = crypto_sign_SEEDBYTES, PUB_MAX = 4096 };
static const struct tr MSG_key = { "Không đọc hoặc ghi được khóa ký mã QR của học bạ ở {1}/keys (32 byte, chmod 0400).",
	"The key that signs transcripts' QR codes cannot be read or written in {1}/keys (32 bytes, chmod 0400)." };

static const char *keys_folder(struct ctx *c)
{
	return str_z(c->mem, TEXT(c, "%s/keys", data_folder(c)));
}

static enum rc no_key(struct ctx *c)
{
	return FAILF(c, E_FAULT, 0, &MSG_key, str_of(data_folder(c)));
}

int statement_keys(struct ctx *c, uint8_t *ret, str *ret_first)
{
	str all, line, key;
	int n = 0;

	*ret_first = (str){ 0 };
	if (!read_file(c->mem, keys_folder(c), "transcript.pub", PUB_MAX, &all))
		return 0;
	while (all.n && n < STATEMENT_KEYS_MAX) {
		str_cut(all, '\n', &line, &all);
		line = str_trim(line);
		if (!base64url_read(c->mem, line, &key) || key.n != 32)
			continue;
		if (n == 0)
			*ret_first = line;
		memcpy(ret + (ptrdiff_t)32 * n++, key.p, 32);
	}
	return n;
}

/* The public key joins the believed ones. */
static bool publish(struct ctx *c, const uint8_t public_[static 32])
{
	uint8_t known[32 * STATEMENT_KEYS_MAX];
	str first, old = { 0 };
	int n = statement_keys(c, known, &first);

	for (int i = 0; i < n; i++)
		if (memcmp(known + (ptrdiff_t)32 * i, public_, 32) == 0)
			return true;
	read_file(c->mem, keys_folder(c), "transcript.pub", PUB_MAX, &old);
	return replace_file(c->mem, keys_folder(c), "transcript.pub", TEXT(c, "%.*s\n%.*s",
		FMT(base64url_of(c->mem, public_, 32)), FMT(old)), 0444);
}

enum rc statement_secret(struct ctx *c, uint8_t ret[static 64])
{
	uint8_t fresh[SEED], public_[32];
	str seed;

	if (access(str_z(c->mem, TEXT(c, "%s/transcript.key", keys_folder(c))), F_OK) != 0) {
		fresh_bytes(c, fresh, sizeof fresh);
		bool kept_it = replace_file(c->mem, keys_folder(c), "transcript.key", (str){ (const char *)fresh, SEED }, 0400);
		sodium_memzero(fresh, sizeof fresh);
		if (!kept_it)
			return no_key(c);
	}
	if (!private_file(keys_folder(c), "transcript.key") || !read_file(c->mem, keys_folder(c), "transcript.key", SEED,
		&seed) || seed.n != SEED)
		return no_key(c);
	crypto_sign_seed_keypair(public_, ret, (const unsigned char *)seed.p);
	sodium_memzero((void *)(uintptr_t)seed.p, SEED);
	return publish(c, public_) ? OK : no_key(c);
}

/* ---- trial keys ------------------------------------------------------------------------------------------------ */

struct signer_row { int64_t id; str name, unit; };
#define ROW struct signer_row
static const struct shape signer_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(unit) }, END } };
#undef ROW
enum { SIGNERS_MAX = 50000 };

static enum rc make_each(struct ctx *c, const char *named, bool person_, int64_t *ret)
{
	items got;

	TRY(query(c, named, NULL, NULL, &signer_shape, &got, SIGNERS_MAX));
	for (int64_t i = 0; i < got.n; i++) {
		const struct signer_row *r = (const struct signer_row *)got.p + i;
		str name = person_ ? sign_name_person(c, (person_id){ r->id }) : sign_name_org(c, (org_id){ r->id });

		TRY(sign_make(c, name, r->name, r->unit));
	}
	*ret = got.n;
	return OK;
}

enum rc sign_make_all(struct ctx *c, int64_t *ret_orgs, int64_t *ret_people)
{
	TRY(make_each(c, "transcript/schools", false, ret_orgs));
	return make_each(c, "transcript/signers", true, ret_people);
}
