/* checkpoint.h -- the ends of the history's chains, written outside the database.
 *
 * Whoever can write to the database can alter a line of the history and chain everything after it anew. So once a
 * minute the ends that moved go to DATA/audit/YYYY-MM-DD.log (the day in Viet Nam), sealed with the installation's
 * secret, and the seal to the log of the service. Copied to another machine (doc/why/crypto.md), these files prove
 * what stood at that minute. A block:
 *
 *   at MILLISECONDS LINES
 *   ORG SEQ HASH            as audit(org, seq, hash), HASH in hex; LINES of them
 * seal MAC BLAKE2b-256 keyed with the secret, over the seal before it (the day, for the first) and the block
 *
 * A block that a crash cut short is followed by a line "torn"; it counts for nothing. */
#ifndef KHUE_CHECKPOINT_H
#define KHUE_CHECKPOINT_H
#include "core/audit.h"

/* Writes a block of what moved since the last one; *ret_n: how many chains, 0: nothing was written. Outside a
 * transaction. E_FAULT when the folder cannot be written; the next call writes the same ends again. */
enum rc checkpoint_write(struct ctx *c, int64_t *ret_n);
/* Holds every block of the folder data/audit against its seal and the database. OK: *ret_blocks of them, all fit.
 * E_STATE:
 * *ret names the chain and line that differ, or (org 0, seq: number of the block) a block whose seal is wrong. */
enum rc checkpoint_verify(struct db *d, struct arena *mem, const char *data, const uint8_t secret[static 32],
                          int64_t *ret_blocks, struct audit_fault *ret);
#endif
