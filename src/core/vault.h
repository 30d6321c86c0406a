/* vault.h -- bytes enciphered for a key that is not on this machine: what backups are made of.
 *
 * A vault is a file:
 *   "KHUEVLT1"; kind (0: key pair, 1: passphrase); salt 16; operations, KiB of memory (u32, little-endian: argon2id);
 *   public key 32; the file's own key, sealed to the public key (crypto_box_seal, 80); header of the secretstream 24;
 *   frames: u32 length, then that many bytes of crypto_secretstream_xchacha20poly1305, the last one with TAG_FINAL;
 *   BLAKE2b-256 of everything before it, so that damage is found without any key.
 * The part before the frames is authenticated with the first of them. A frame holds one byte, 0 stored or 1
 * deflated, and at most VAULT_PIECE bytes. A passphrase only makes a key pair: who holds the public key alone can
 * write and never read. */
#ifndef KHUE_VAULT_H
#define KHUE_VAULT_H
#include "core/ctx.h"
#include "base/hash.h"

enum { VAULT_PIECE = 1 << 18 };
struct vault_key    { uint8_t kind, salt[16]; uint32_t ops, kib; uint8_t public[32]; };
struct vault_secret { uint8_t b[32]; };

/* A fresh pair. */
void vault_pair(struct vault_key *ret, struct vault_secret *ret_secret);
/* The pair of a passphrase: fresh salt and this version's costs when ret->kind is 0, else those of *key. False: out
 * of memory. */
bool vault_pair_of(str passphrase, struct vault_key *key, struct vault_secret *ret_secret);
/* One line of text each, as they are kept in files; reading accepts surrounding white space. */
str  vault_key_text(struct arena *mem, const struct vault_key *key);
bool vault_key_read(str text, struct vault_key *ret);
str  vault_secret_text(struct arena *mem, const struct vault_secret *s);
bool vault_secret_read(str text, struct vault_secret *ret);
/* Whether the secret is the key's. */
bool vault_fits(const struct vault_key *key, const struct vault_secret *s);

/* Writing. fd stays the caller's. E_LIMIT the disk is full, E_FAULT other failures of it. */
struct vault_out { int fd; uint8_t state[64]; struct hasher sum; char *piece, *frame; size_t n; uint8_t head[168];
	bool begun; int64_t size;
                   int error /* errno of a write that failed */; };
enum rc vault_begin(struct vault_out *v, struct arena *mem, int fd, const struct vault_key *to);
enum rc vault_put(struct vault_out *v, str bytes);
enum rc vault_end(struct vault_out *v);

/* Reading. E_INVALID with *why: no vault, altered or cut short. E_DENIED: the secret is not the one it was made for. */
struct vault_in { int fd; uint8_t state[64]; struct hasher sum; char *piece, *frame; uint8_t head[168];
	bool begun, ended; const struct tr *why; };
enum rc vault_open(struct vault_in *v, struct arena *mem, int fd, const struct vault_secret *s);
/* The next piece, valid until the next call; .n 0 at the end, which is only said when the whole file fits its
 * checksum. */
enum rc vault_get(struct vault_in *v, str *ret);
/* For whom a vault was made, without reading further. */
enum rc vault_peek(int fd, struct vault_key *ret);
/* Reads the file through: E_INVALID when it is not whole. Needs no key. */
enum rc vault_whole(struct arena *mem, int fd);
#endif
